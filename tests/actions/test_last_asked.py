"""A yes books, moves or cancels only what the customer was asked about last."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import asking
from tests.actions.dialogue import (
    ASK_CANCEL,
    ASK_CONFIRMED,
    BOOKED_ON_FRIDAY,
    CONFIRMED,
    FORM,
    LOCALES,
    THURSDAY_AT_15,
    YES,
    customer,
    drafted,
)

DRAFT = drafted(THURSDAY_AT_15)
MOVING = DRAFT | {"callback_process": "move"} | BOOKED_ON_FRIDAY
READ_BACK = "utter_ask_callback_confirmed"


def is_read_back(outcome: Any) -> bool:
    return any(said.startswith(READ_BACK) for said in outcome.said)


# --- a question behind the read-back --------------------------------------------------------------

UNPLACED = {
    "en": "at 25 o'clock 73",
    "de": "um 25 Uhr 73",
    "fr": "à 25 h 73",
    "es": "a las 25:73",
}


@pytest.mark.parametrize("draft", [DRAFT, MOVING], ids=["booking", "moving"])
@pytest.mark.parametrize("language", LOCALES)
async def test_a_yes_behind_another_question_is_read_back_to(
    conversation: Any, language: str, draft: dict[str, Any]
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = dict(draft)
    await conversation.run(FORM, UNPLACED[language], "inform", requested=CONFIRMED)
    conversation.slots["callback_notes"] = [{"response": "utter_callback_time_unclear"}]
    asked = await conversation.run(ASK_CONFIRMED, UNPLACED[language], "inform", requested=CONFIRMED)
    assert not is_read_back(asked)
    await conversation.run(FORM, YES[language], "affirm", requested=CONFIRMED)
    assert not conversation.slots.get(CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    again = await conversation.run(ASK_CONFIRMED, YES[language], "affirm", requested=CONFIRMED)
    assert is_read_back(again)
    await conversation.run(FORM, YES[language], "affirm", requested=CONFIRMED)
    assert conversation.slots[CONFIRMED] is True


_NOTES = sorted(
    asking._ASK_THEMSELVES
    | {"utter_callback_help", "utter_callback_not_done_yet", "utter_callback_not_understood"}
)


@given(
    noted=st.lists(st.sampled_from(_NOTES), max_size=3),
    question=st.sampled_from(["read_back", "change"]),
    draft=st.sampled_from([DRAFT, MOVING]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_yes_books_unless_the_last_turn_held_the_read_back(
    conversation: Any, noted: list[str], question: str, draft: dict[str, Any]
) -> None:
    conversation.metadata = customer("en")
    notes = [{"response": each, "values": {}} for each in noted]
    conversation.slots = draft | {"callback_notes": notes, "callback_question": question}
    asked = await conversation.run(ASK_CONFIRMED, "", "inform", requested=CONFIRMED)
    await conversation.run(FORM, "yes", "affirm", requested=CONFIRMED)
    assert bool(conversation.slots.get(CONFIRMED)) is is_read_back(asked)


async def test_a_read_back_that_failed_is_agreed_to_by_nobody(
    conversation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise LookupError

    conversation.metadata = customer("en")
    conversation.slots = dict(DRAFT)
    with monkeypatch.context() as broken:
        broken.setattr(asking, "_read_back", fail)
        await conversation.run(ASK_CONFIRMED, "hm", "inform", requested=CONFIRMED)
    await conversation.run(FORM, "yes", "affirm", requested=CONFIRMED)
    assert not conversation.slots.get(CONFIRMED)


@pytest.mark.parametrize("note", _NOTES)
async def test_cancelling_is_asked_about_behind_every_note(conversation: Any, note: str) -> None:
    conversation.metadata = customer("en")
    conversation.slots = {
        **BOOKED_ON_FRIDAY,
        "callback_question": "cancel",
        "callback_notes": [{"response": note, "values": {}}],
    }
    asked = await conversation.run(
        ASK_CANCEL, "hm", "inform", requested="callback_cancel_confirmed"
    )
    assert asked.said[-1] == "utter_ask_callback_cancel_confirmed"
