"""What a conversation knows: read with types, written as differences."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.slots import Conversation, Process, Question, SaidWish
from ges_connector.callbacks.booking import CallbackKind

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
NAMES = sorted(f"callback_{name}" for name in Conversation.model_fields)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_whatever_the_store_holds_a_conversation_can_be_read(slots: dict[str, Any]) -> None:
    read = Conversation.of_slots(slots)
    again = {f"callback_{name}": value for name, value in read.model_dump(mode="json").items()}
    assert Conversation.of_slots(again) == read


def test_what_is_written_is_read_back_the_same() -> None:
    known = Conversation(
        process=Process.MOVE,
        kind=CallbackKind.SCHEDULED,
        question=Question.READ_BACK,
        read_back_at=datetime(2026, 1, 12, 15, tzinfo=UTC),
        wish=SaidWish(text="tomorrow", said_at=datetime(2026, 1, 12, 15, tzinfo=UTC)),
        phone_misses=2,
        confirmed=False,
    ).noting("utter_callback_no_more", wish="x")
    events = json.loads(json.dumps(known.changes_since(Conversation())))
    assert Conversation.of_slots({each["name"]: each["value"] for each in events}) == known


def test_only_what_changed_is_written() -> None:
    before = Conversation(phone="+493023125011", kind=CallbackKind.ASAP)
    events = before.but(phone=None).changes_since(before)
    assert [(each["name"], each["value"]) for each in events] == [("callback_phone", None)]


def test_notes_that_were_said_leave_an_empty_slot() -> None:
    before = Conversation().noting("utter_callback_no_more")
    events = before.but(notes=()).changes_since(before)
    assert [(each["name"], each["value"]) for each in events] == [("callback_notes", None)]


def test_a_draft_that_is_over_leaves_the_customer_and_the_booking() -> None:
    known = Conversation(
        locale="de-DE", id="c1", booking={"time": None}, kind=CallbackKind.ASAP, phone="+49301"
    )
    left = known.without_draft()
    assert (left.locale, left.id, left.booking) == ("de-DE", "c1", {"time": None})
    assert (left.kind, left.phone, left.process) == (None, None, Process.NONE)


def test_a_field_that_does_not_exist_cannot_be_set() -> None:
    with pytest.raises(TypeError, match="telephone"):
        Conversation().but(telephone="+49301")
