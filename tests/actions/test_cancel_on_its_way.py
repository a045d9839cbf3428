"""While a cancel may be on its way nobody says that it stays; later what GES says counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from actions import runtime
from actions.booked import Booked
from actions.moved import is_renumbered
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    CANCEL,
    CANCEL_FORM,
    FRIDAY_AT_10,
    FRIDAY_NOON,
    KNOWN,
    OTHER,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    THURSDAY_AT_15,
    drafted,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

LOST = Fault(kind="reset-before", operation=Operation.CANCEL, count=1)
WAIT = "action_tell_wait"
IN_DOUBT = "utter_callback_cancel_unconfirmed"
LONGEST_SECONDS = 26


async def lose_cancel(conversation: Any, sandbox: Sandbox) -> None:
    sandbox.order(LOST)
    conversation.slots[CANCEL] = True
    told = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert told.said[0] == IN_DOUBT


async def keep(conversation: Any) -> list[str]:
    conversation.slots[CANCEL] = False
    return [*(await conversation.run(SUBMIT_CANCEL, "no", "deny")).said]


@pytest.mark.parametrize(
    ("action", "text", "intent"),
    [(CANCEL_FORM, "cancel it", "cancel_callback"), (SHOW, "when is it", "show_callback")],
)
async def test_one_that_another_conversation_cancels_is_not_told_to_stay(
    conversation: Any, ges_sandbox: Sandbox, action: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15)
    ges_sandbox.order(LOST)
    await runtime.runtime().service.cancel(None, conversation.slots["callback_id"])
    await conversation.run(action, text, intent)
    assert await keep(conversation) == [IN_DOUBT]


@pytest.mark.parametrize("at", [THURSDAY_AT_15, None])
async def test_who_asks_for_the_wait_is_not_told_that_it_stands(
    conversation: Any, ges_sandbox: Sandbox, at: Any
) -> None:
    await conversation.book(at)
    await lose_cancel(conversation, ges_sandbox)
    told = await conversation.run(WAIT, "how long do I have to wait", "ask_wait")
    assert told.said[0] == IN_DOUBT
    assert await keep(conversation) == [IN_DOUBT]


@pytest.mark.parametrize(
    ("fault", "phone", "said"),
    [
        (Fault(kind="gateway-html", status=403), KNOWN, "utter_callback_unavailable"),
        (Fault(kind="reset-after"), KNOWN, "utter_callback_unconfirmed"),
        (Fault(kind="throttle"), OTHER, "utter_callback_limit_reached"),
    ],
    ids=lambda each: getattr(each, "kind", None),
)
async def test_a_move_that_fails_does_not_tell_that_the_old_one_stands(
    conversation: Any, ges_sandbox: Sandbox, fault: Fault, phone: str, said: str
) -> None:
    await conversation.book(THURSDAY_AT_15)
    await lose_cancel(conversation, ges_sandbox)
    ges_sandbox.order(fault.model_copy(update={"operation": Operation.CREATE, "count": 1}))
    conversation.slots |= drafted(
        FRIDAY_NOON, callback_process="move", callback_confirmed=True, callback_phone=phone
    )
    told = await conversation.run(SUBMIT, "yes", "affirm")
    noted = [each["response"] for each in conversation.slots.get("callback_notes") or []]
    assert [*told.said, *noted][0] == said


async def test_an_old_one_that_remained_is_kept_once_ges_holds_it_still(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(THURSDAY_AT_15)
    ges_sandbox.order(LOST)
    conversation.slots |= drafted(
        FRIDAY_AT_10,
        callback_process="move",
        callback_confirmed=True,
        callback_read_back_at="2026-01-12T15:02:00Z",
    )
    moved = await conversation.run(SUBMIT, "yes", "affirm")
    assert moved.said[0] == "utter_callback_moved_old_remains"
    conversation.slots[CANCEL] = True
    await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    ges_sandbox.advance(LONGEST_SECONDS)
    shown = await conversation.run(SHOW, "when is it", "show_callback")
    assert shown.said == ["utter_callback_show_scheduled"]
    assert await keep(conversation) == ["utter_callback_kept"]


async def test_what_was_to_be_cancelled_after_one_in_doubt_is_told_to_stay(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(THURSDAY_AT_15)
    await conversation.book(FRIDAY_AT_10, callback_risk_accepted=True)
    await conversation.run(CANCEL_FORM, "cancel both", "cancel_callback")
    ges_sandbox.order(LOST)
    conversation.slots[CANCEL] = True
    told = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert told.said[0] == IN_DOUBT
    assert told.said[-1] == "utter_callback_other_stays"
    assert "Friday" in told.responses[-1]["moment"]


def test_of_a_callback_whose_number_is_not_known_no_other_number_is_told() -> None:
    old = Booked(CallbackKind.SCHEDULED, THURSDAY_AT_15, KNOWN)
    assert is_renumbered(old, Booked(CallbackKind.SCHEDULED, FRIDAY_NOON, OTHER))
    assert not is_renumbered(old, Booked(CallbackKind.SCHEDULED, FRIDAY_NOON))
