"""A callback is cancelled or moved where it was booked, or where the named check says yes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from actions import runtime
from ges_connector.callbacks.free_times import time_id
from ges_connector.testing import MONDAY
from tests.actions.dialogue import AGREED_IN_TURN, SUBMIT, SUBMIT_CANCEL, open_in

if TYPE_CHECKING:
    from ges_connector.callbacks.verification import ChangeWanted
    from ges_connector.sandbox.sandbox import Sandbox


async def booked(conversation: Any) -> None:
    conversation.slots = dict(AGREED_IN_TURN)
    await conversation.run(SUBMIT, "yes", "affirm")


async def cancelled_where(verify: Any, conversation: Any) -> Any:
    """Book, and say yes to cancelling it where a check of the deployment's own decides."""
    await booked(conversation)
    conversation.slots["callback_cancel_confirmed"] = True
    with runtime.using(replace(runtime.runtime(), verify=verify)):
        return await conversation.run(SUBMIT_CANCEL, "yes", "affirm")


async def test_the_conversation_that_booked_may_cancel(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await booked(conversation)
    conversation.slots["callback_cancel_confirmed"] = True
    outcome = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert outcome.said == ["utter_callback_cancelled_asap"]
    assert open_in(ges_sandbox) == []


@pytest.mark.parametrize("what", ["sender", "id"])
async def test_no_other_conversation_may_cancel_or_even_be_asked(
    conversation: Any, ges_sandbox: Sandbox, what: str
) -> None:
    await booked(conversation)
    if what == "sender":
        conversation.sender = "conversation-2"
    else:
        conversation.slots["callback_booking"] = None
    form = await conversation.run("validate_callback_cancel_form", "cancel", "cancel_callback")
    notes = [each["response"] for each in form.slots["callback_notes"]]
    conversation.slots |= {"callback_cancel_confirmed": True, "callback_notes": None}
    outcome = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    refusal = ["utter_callback_not_yours", "utter_callback_call_in_without_code"]
    assert (notes, outcome.said) == (refusal, refusal)
    assert len(open_in(ges_sandbox)) == 1


async def test_no_other_conversation_may_move(conversation: Any, ges_sandbox: Sandbox) -> None:
    await booked(conversation)
    conversation.sender = "conversation-2"
    later = {"callback_kind": "scheduled", "callback_slot": time_id(MONDAY.replace(hour=13))}
    conversation.slots |= AGREED_IN_TURN | later | {"callback_process": "move"}
    outcome = await conversation.run(SUBMIT, "yes", "affirm")
    assert outcome.said == ["utter_callback_not_yours", "utter_callback_call_in_without_code"]
    assert len(open_in(ges_sandbox)) == 1


async def test_a_check_of_the_deployment_is_told_what_is_wanted_and_decides(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    asked: list[ChangeWanted] = []

    async def verify(wanted: ChangeWanted) -> bool:
        asked.append(wanted)
        return True

    await booked(conversation)
    conversation.sender = "conversation-2"
    conversation.slots["callback_cancel_confirmed"] = True
    with runtime.using(replace(runtime.runtime(), verify=verify)):
        outcome = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    (wanted,) = asked
    assert (wanted.change, wanted.is_where_booked, wanted.channel) == ("cancel", False, "chat")
    assert wanted.conversation_id == "conversation-2"
    assert outcome.said == ["utter_callback_cancelled_asap"]
    assert open_in(ges_sandbox) == []


async def test_a_check_that_fails_says_no(conversation: Any, ges_sandbox: Sandbox) -> None:
    async def verify(wanted: ChangeWanted) -> bool:
        raise LookupError(wanted.callback_id)

    outcome = await cancelled_where(verify, conversation)
    assert outcome.said[0] == "utter_callback_not_yours"
    assert len(open_in(ges_sandbox)) == 1


async def test_the_id_of_a_callback_booked_elsewhere_is_not_enough(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await booked(conversation)
    theirs = conversation.slots["callback_id"]
    conversation.sender = "conversation-2"
    conversation.slots = AGREED_IN_TURN | {"callback_phone": "+493023125099"}
    await conversation.run(SUBMIT, "yes", "affirm")
    assert conversation.slots["callback_id"] != theirs
    conversation.slots |= {"callback_id": theirs, "callback_cancel_confirmed": True}
    outcome = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert outcome.said[0] == "utter_callback_not_yours"
    assert len(open_in(ges_sandbox)) == 2


async def test_a_check_that_answers_anything_but_yes_says_no(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    async def verify(wanted: ChangeWanted) -> Any:
        return f"not {wanted.change}"

    outcome = await cancelled_where(verify, conversation)
    assert outcome.said[0] == "utter_callback_not_yours"
    assert len(open_in(ges_sandbox)) == 1


async def test_a_check_that_does_not_answer_says_no_when_the_turn_has_no_time_left(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    async def verify(wanted: ChangeWanted) -> bool:
        await asyncio.Event().wait()
        return wanted.is_where_booked

    await booked(conversation)
    conversation.slots["callback_cancel_confirmed"] = True
    before = runtime.runtime()
    patience = before.config.patience.model_copy(update={"booking_seconds": 0.2})
    config = before.config.model_copy(update={"patience": patience})
    with runtime.using(replace(before, verify=verify, config=config)):
        async with asyncio.timeout(60):
            outcome = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert outcome.said[0] == "utter_callback_not_yours"
    assert len(open_in(ges_sandbox)) == 1
