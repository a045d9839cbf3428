"""A list of free times that GES did not give is not told as an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actions import runtime
from ges_connector.callbacks.events import NotOffered
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    ASK_TIME,
    FORM,
    FRIDAY_NOON,
    SLOT,
    SUBMIT,
    TELL_WAIT,
    WEDNESDAY_AT_9,
    drafted,
)

if TYPE_CHECKING:
    import pytest

    from ges_connector.callbacks.events import CallbackEvent
    from ges_connector.sandbox.sandbox import Sandbox

LENT = "utter_callback_call_in_without_code"
ALWAYS_THERE = "utter_callback_static_number"
# More than are kept for any question.
LATER_SECONDS = 600.0


def fail(sandbox: Sandbox, operation: Operation) -> None:
    sandbox.order(Fault(kind="status", operation=operation, status=500))


def close(sandbox: Sandbox) -> None:
    sandbox.advance((20 - sandbox.world.clock.now().hour) % 24 * 3600)


async def test_by_night_times_that_cannot_be_read_are_an_outage_for_customer_and_operator(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    announced: list[CallbackEvent] = []
    runtime.runtime().announcer.subscribe(announced.append)
    close(ges_sandbox)
    fail(ges_sandbox, Operation.AVAILABILITY)
    asked = await conversation.run(FORM, "call me tomorrow at ten", "request_callback")
    told = await conversation.run(SUBMIT, "call me tomorrow at ten", "request_callback")
    assert asked.slots["callback_outcome"] == "unreachable"
    assert told.said == ["utter_callback_unavailable", ALWAYS_THERE]
    missed = [each for each in announced if isinstance(each, NotOffered)]
    assert [each.situation for each in missed] == ["unavailable"]


async def test_a_key_that_is_refused_after_the_hours_were_read_is_an_outage(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    close(ges_sandbox)
    await conversation.run(TELL_WAIT, "are you open", "ask_wait")
    ges_sandbox.advance(40)
    ges_sandbox.order(Fault(kind="status", status=403, code=1103))
    conversation.slots = {}
    asked = await conversation.run(FORM, "call me", "request_callback")
    assert asked.slots["callback_outcome"] == "unreachable"


async def test_at_the_menu_times_that_cannot_be_read_any_more_are_an_outage(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    close(ges_sandbox)
    await conversation.run(FORM, "call me", "request_callback")
    await conversation.run(ASK_TIME)
    ges_sandbox.advance(LATER_SECONDS)
    fail(ges_sandbox, Operation.AVAILABILITY)
    answered = await conversation.run(FORM, "on Friday at noon", "inform", requested=SLOT)
    assert answered.slots["callback_outcome"] == "unreachable"
    told = await conversation.run(SUBMIT, "on Friday at noon", "inform")
    assert told.said == ["utter_callback_unavailable", ALWAYS_THERE]


async def test_while_somebody_can_call_in_turn_that_is_what_is_left_of_the_menu(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.run(FORM, "call me on Friday", "request_callback")
    ges_sandbox.advance(LATER_SECONDS)
    fail(ges_sandbox, Operation.AVAILABILITY)
    answered = await conversation.run(FORM, "rather in the evening", "inform", requested=SLOT)
    assert answered.slots["callback_question"] == "kind_asap"
    assert answered.noted == ["utter_callback_scheduled_refused"]


async def test_a_time_that_is_over_while_no_other_can_be_read_leads_to_no_empty_menu(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = drafted(WEDNESDAY_AT_9, callback_confirmed=True)
    ges_sandbox.advance((WEDNESDAY_AT_9 - ges_sandbox.world.clock.now()).total_seconds())
    close(ges_sandbox)
    fail(ges_sandbox, Operation.AVAILABILITY)
    refused = await conversation.run(SUBMIT, "yes", "affirm")
    assert refused.followup == "callback_form"
    resumed = await conversation.run(FORM, "yes", "affirm")
    assert resumed.slots["callback_outcome"] == "unreachable"


async def test_a_move_without_times_to_read_leaves_the_callback_and_is_no_full_calendar(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(FRIDAY_NOON)
    ges_sandbox.advance(LATER_SECONDS)
    fail(ges_sandbox, Operation.AVAILABILITY)
    conversation.slots |= {"callback_process": "move"}
    asked = await conversation.run(FORM, "move it to Thursday", "inform")
    assert asked.slots["callback_outcome"] == "unreachable"
    told = await conversation.run(SUBMIT, "move it to Thursday", "inform")
    assert told.said == ["utter_callback_not_moved"]


async def test_times_that_were_read_and_are_none_stay_a_full_calendar(
    conversation: Any, ges_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ges_connector.callbacks.offer.first_bookable", lambda *_: None)
    close(ges_sandbox)
    asked = await conversation.run(FORM, "call me", "request_callback")
    told = await conversation.run(SUBMIT, "call me", "request_callback")
    assert asked.slots["callback_outcome"] == "nothing_free"
    assert told.said[0] == "utter_callback_no_slots"
