"""An old callback that a move could not cancel is not forgotten: told, and cancelled if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    ASK_CANCEL,
    CANCEL,
    CANCEL_FORM,
    FORM,
    FRIDAY_AT_10,
    KNOWN,
    OTHER,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    THURSDAY_AT_15,
    customer,
    drafted,
    open_in,
    open_times,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ges_connector.sandbox.sandbox import Sandbox

FAULTS = [
    Fault(kind="reset-before", operation=Operation.CANCEL),
    Fault(kind="status", status=503, operation=Operation.CANCEL),
]


async def agree(conversation: Any, process: str, at: datetime | None, phone: str) -> Any:
    """Say yes to what was read back."""
    conversation.slots |= drafted(
        at,
        callback_process=process,
        callback_phone=phone,
        callback_read_back_at=f"2026-01-12T15:0{int(process == 'move')}:00Z",
        callback_confirmed=True,
    )
    return await conversation.run(SUBMIT, "yes", "affirm")


async def change(
    conversation: Any,
    sandbox: Sandbox,
    *,
    at: datetime | None = FRIDAY_AT_10,
    phone: str = KNOWN,
    fault: Fault = FAULTS[0],
) -> None:
    """Book Thursday and change it, while nothing can be cancelled for now."""
    old_at = None if at is None else THURSDAY_AT_15
    await agree(conversation, "book", old_at, KNOWN)
    sandbox.order(fault)
    changed = await agree(conversation, "move", at, phone)
    assert changed.slots["callback_outcome"] == "moved_old_remains"
    sandbox.world.faults.clear()


def others_in(conversation: Any) -> list[str]:
    return [each["id"] for each in conversation.slots["callback_booking"]["others"]]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
async def test_the_old_callback_that_could_not_be_cancelled_is_told(
    conversation: Any, ges_sandbox: Sandbox, fault: Fault
) -> None:
    await change(conversation, ges_sandbox, fault=fault)
    assert len(open_in(ges_sandbox)) == 2
    shown = await conversation.run(SHOW, "is anything still booked", "show_callback")
    assert shown.said == ["utter_callback_one_of"] * 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "cancel the thursday one"),
        ("en", "cancel the old one"),
        ("en", "I don't need the old callback any more"),
        ("de", "sag den am Donnerstag ab"),
        ("de", "sag den alten ab"),
        ("fr", "annulez celui de jeudi"),
        ("fr", "annulez l'ancien"),
        ("es", "cancele la del jueves"),
        ("es", "cancele la antigua"),
    ],
)
async def test_the_old_callback_can_be_cancelled_and_the_new_one_stays(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str
) -> None:
    conversation.metadata = customer(language)
    await change(conversation, ges_sandbox)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert conversation.slots["callback_question"] == "cancel"
    await conversation.run(CANCEL_FORM, "yes", "affirm", requested=CANCEL)
    conversation.slots[CANCEL] = True
    over = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert over.said[0] == "utter_callback_cancelled"
    assert open_times(ges_sandbox) == [FRIDAY_AT_10]
    assert others_in(conversation) == []


async def test_cancelling_the_new_one_tells_that_the_old_one_may_stay(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await change(conversation, ges_sandbox)
    await conversation.run(CANCEL_FORM, "cancel the friday one", "cancel_callback")
    conversation.slots[CANCEL] = True
    over = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert over.said[0] == "utter_callback_cancelled"
    assert "utter_callback_other_may_stay" in over.said
    assert "utter_callback_other_stays" not in over.said
    assert open_times(ges_sandbox) == [THURSDAY_AT_15]


async def test_an_old_one_that_is_not_cancelled_after_all_may_stay_and_the_new_one_does(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await change(conversation, ges_sandbox)
    await conversation.run(CANCEL_FORM, "cancel the old one", "cancel_callback")
    conversation.slots[CANCEL] = False
    over = await conversation.run(SUBMIT_CANCEL, "no", "deny")
    assert over.said == ["utter_callback_kept", "utter_callback_other_may_stay"]
    assert "Friday" in over.responses[0]["moment"]


async def doubt_cancelling(conversation: Any, sandbox: Sandbox) -> None:
    """Cancel what is booked so that nobody knows whether it was."""
    conversation.slots[CANCEL] = True
    sandbox.order(Fault(kind="reset-after", operation=Operation.CANCEL, count=1))
    sandbox.order(Fault(kind="malformed", operation=Operation.RETRIEVE))
    doubted = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert doubted.said[0] == "utter_callback_cancel_unconfirmed"
    sandbox.world.faults.clear()


async def test_one_whose_cancellation_is_in_doubt_may_stay_beside_another_that_is_kept(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await agree(conversation, "book", THURSDAY_AT_15, KNOWN)
    await doubt_cancelling(conversation, ges_sandbox)
    await conversation.book(FRIDAY_AT_10, callback_risk_accepted=True)
    conversation.slots[CANCEL] = False
    over = await conversation.run(SUBMIT_CANCEL, "no", "deny")
    assert over.said == ["utter_callback_kept", "utter_callback_other_may_stay"]
    assert "Friday" in over.responses[0]["moment"]


async def test_it_is_not_said_to_stay_where_its_cancellation_is_in_doubt(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await agree(conversation, "book", THURSDAY_AT_15, KNOWN)
    await doubt_cancelling(conversation, ges_sandbox)
    conversation.slots[CANCEL] = False
    kept = await conversation.run(SUBMIT_CANCEL, "no", "deny")
    assert kept.said == ["utter_callback_cancel_unconfirmed"]


async def test_it_is_not_said_to_stay_where_the_answer_to_its_cancellation_was_lost(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await agree(conversation, "book", THURSDAY_AT_15, KNOWN)
    conversation.slots[CANCEL] = True
    ges_sandbox.order(Fault(kind="malformed", operation=Operation.RETRIEVE))
    unseen = await conversation.run(FORM, "another time", "move_callback")
    assert unseen.slots["callback_outcome"] == "nothing_to_do"
    conversation.slots[CANCEL] = False
    kept = await conversation.run(SUBMIT_CANCEL, "no", "deny")
    assert kept.said == ["utter_callback_cancel_unconfirmed"]


@pytest.mark.parametrize(
    ("passed_seconds", "text", "said"),
    [
        # It may be on its way still.
        (25, "cancel my callback", "utter_callback_cancel_unconfirmed"),
        (25, "call me", "utter_callback_cancel_unconfirmed"),
        (26, "cancel my callback", "utter_callback_kept"),
        (26, "call me", "utter_callback_kept"),
    ],
)
async def test_one_that_ges_still_holds_some_time_after_a_cancellation_in_doubt_is_kept(
    conversation: Any, ges_sandbox: Sandbox, passed_seconds: float, text: str, said: str
) -> None:
    await agree(conversation, "book", THURSDAY_AT_15, KNOWN)
    conversation.slots[CANCEL] = True
    ges_sandbox.order(Fault(kind="reset-before", operation=Operation.CANCEL, count=1))
    doubted = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert doubted.said[0] == "utter_callback_cancel_unconfirmed"
    ges_sandbox.advance(passed_seconds)
    is_to_cancel = text.startswith("cancel")
    form, intent = (CANCEL_FORM, "cancel_callback") if is_to_cancel else (FORM, "request_callback")
    await conversation.run(form, text, intent)
    conversation.slots[CANCEL] = False
    kept = await conversation.run(SUBMIT_CANCEL, "no", "deny")
    assert kept.said == [said]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "cancel the new one"),
        ("de", "sag den neuen ab"),
        ("fr", "annulez le nouveau"),
        ("es", "cancele la nueva"),
    ],
)
async def test_the_new_one_is_the_one_that_took_the_place(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str
) -> None:
    conversation.metadata = customer(language)
    await change(conversation, ges_sandbox)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert conversation.slots["callback_question"] == "cancel"
    assert conversation.slots["callback_booking"]["time"] == time_id(FRIDAY_AT_10)


@pytest.mark.parametrize("text", ["don't cancel the old one", "cancel it but keep the old one"])
async def test_the_old_one_is_not_picked_where_it_is_to_stay(
    conversation: Any, ges_sandbox: Sandbox, text: str
) -> None:
    await change(conversation, ges_sandbox)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert conversation.slots["callback_booking"]["time"] == time_id(FRIDAY_AT_10)


async def test_the_calendar_entry_goes_with_the_new_callback(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await change(conversation, ges_sandbox)
    await conversation.run(CANCEL_FORM, "cancel the thursday one", "cancel_callback")
    conversation.slots[CANCEL] = True
    over = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert "utter_callback_calendar_removed" not in over.said


async def test_an_old_callback_that_was_cancelled_all_the_same_is_not_told(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await agree(conversation, "book", THURSDAY_AT_15, KNOWN)
    ges_sandbox.order(Fault(kind="reset-after", operation=Operation.CANCEL))
    ges_sandbox.order(Fault(kind="malformed", operation=Operation.RETRIEVE))
    await agree(conversation, "move", FRIDAY_AT_10, KNOWN)
    assert conversation.slots["callback_outcome"] == "moved_old_remains"
    ges_sandbox.world.faults.clear()
    shown = await conversation.run(SHOW, "is anything still booked", "show_callback")
    assert shown.said == ["utter_callback_show_scheduled"]


@pytest.mark.parametrize("at", [THURSDAY_AT_15, None])
async def test_after_a_change_of_number_the_old_one_is_told_apart_by_its_number(
    conversation: Any, ges_sandbox: Sandbox, at: datetime | None
) -> None:
    await change(conversation, ges_sandbox, at=at, phone=OTHER)
    asked = await conversation.run(CANCEL_FORM, "cancel my callback", "cancel_callback")
    assert conversation.slots["callback_question"] == "which_one"
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    numbers = [each["number"] for each in asked.responses if "number" in each]
    assert len(set(numbers)) == 2


@pytest.mark.parametrize("text", ["cancel the old one", "cancel the one on 030 23125011"])
@pytest.mark.parametrize("at", [THURSDAY_AT_15, None])
async def test_after_a_change_of_number_the_old_one_can_be_cancelled(
    conversation: Any, ges_sandbox: Sandbox, at: datetime | None, text: str
) -> None:
    await change(conversation, ges_sandbox, at=at, phone=OTHER)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said[0] == "utter_callback_about_number"
    assert asked.responses[0]["number"].endswith("30 23125011")
    conversation.slots[CANCEL] = True
    await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    (left,) = open_in(ges_sandbox)
    assert str(left.id) == conversation.slots["callback_id"]
