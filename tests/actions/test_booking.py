"""What is booked, how often, and what comes with it."""

import asyncio
import base64
from typing import Any

from icalendar import Calendar

from ges_connector.callbacks.free_times import time_id
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import FRIDAY_NOON

DRAFT = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": time_id(FRIDAY_NOON),
    "callback_phone": "+493023125011",
    "callback_read_back_at": "2026-01-12T15:00:00Z",
    "callback_confirmed": True,
    "callback_offer": {"wait": "5-10", "type": "SCHEDULED", "timing": "ON-HOURS"},
}


def creates(sandbox: Sandbox) -> int:
    return sum(1 for entry in sandbox.world.journal.entries if entry.operation == "create")


async def test_what_was_read_back_is_what_is_booked(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = dict(DRAFT)
    outcome = await conversation.run("action_submit_callback_form", "yes", "affirm")
    assert outcome.said == [
        "utter_callback_booked_scheduled",
        "utter_callback_calendar",
        "utter_callback_change_hint",
    ]
    (held,) = ges_sandbox.world.rooms(None).centre.floor.callbacks()
    assert (held.phone_number, held.desired_at) == ("+493023125011", FRIDAY_NOON)
    assert held.user_data["wait_told"] == "5-10"
    assert outcome.slots["callback_id"] == str(held.id)
    assert outcome.slots["callback_phone"] is None


async def test_the_same_yes_twice_at_once_books_once(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = dict(DRAFT)
    first, second = await asyncio.gather(
        conversation.run("action_submit_callback_form", "yes", "affirm"),
        conversation.run("action_submit_callback_form", "yes", "affirm"),
    )
    assert creates(ges_sandbox) == 1
    assert {first.said[0], second.said[0]} == {
        "utter_callback_booked_scheduled",
        "utter_callback_already_booked",
    }
    assert first.slots["callback_id"] == second.slots["callback_id"]


async def test_a_yes_whose_answer_was_lost_on_the_way_back_books_nothing_more(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = dict(DRAFT)
    await conversation.run("action_submit_callback_form", "yes", "affirm")
    conversation.slots = dict(DRAFT)  # what the engine knows if it never heard back
    outcome = await conversation.run("action_answer_callback", "yes", "affirm")
    assert outcome.said == ["utter_callback_already_booked"]
    assert creates(ges_sandbox) == 1


async def test_a_yes_to_a_cancellation_whose_answer_was_lost_is_not_told_as_booked(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    conversation.slots = dict(DRAFT)
    await conversation.run("action_submit_callback_form", "yes", "affirm")
    conversation.slots["callback_cancel_confirmed"] = True
    before = dict(conversation.slots)
    await conversation.run("action_submit_callback_cancel_form", "yes", "affirm")
    conversation.slots = before  # what the engine knows if it never heard back
    outcome = await conversation.run("action_answer_callback", "yes", "affirm")
    assert outcome.said == ["utter_callback_cancelled", "utter_callback_calendar_removed"]
    assert conversation.slots["callback_id"] is None
    (held,) = ges_sandbox.world.rooms(None).centre.floor.callbacks()
    assert held.reason == "CANCELLED"


async def test_nothing_is_booked_without_a_yes(conversation: Any, ges_sandbox: Sandbox) -> None:
    for confirmed in (None, False):
        conversation.slots = {**DRAFT, "callback_confirmed": confirmed}
        outcome = await conversation.run("action_submit_callback_form", "hm", "inform")
        assert outcome.said == ["utter_callback_stopped"]
    assert creates(ges_sandbox) == 0


async def test_nothing_is_booked_from_half_a_draft(conversation: Any, ges_sandbox: Sandbox) -> None:
    for missing in ("callback_phone", "callback_slot", "callback_kind"):
        conversation.slots = {**DRAFT, missing: None}
        await conversation.run("action_submit_callback_form", "yes", "affirm")
    assert creates(ges_sandbox) == 0


async def test_the_calendar_file_holds_the_instant_and_keeps_its_id(conversation: Any) -> None:
    conversation.slots = dict(DRAFT)
    outcome = await conversation.run("action_submit_callback_form", "yes", "affirm")
    link = outcome.responses[1]["attachment"]
    kind, _, content = link.partition(";base64,")
    (entry,) = Calendar.from_ical(base64.b64decode(content)).events
    assert kind == "data:text/calendar;charset=utf-8"
    assert entry.start == FRIDAY_NOON
    assert entry["UID"] == f"{outcome.slots['callback_id']}@ges-callback"
    assert "23125011" in str(entry["DESCRIPTION"])


async def test_voice_gets_no_calendar_file_and_no_link(conversation: Any) -> None:
    conversation.channel = "voice"
    conversation.slots = dict(DRAFT)
    booked = await conversation.run("action_submit_callback_form", "yes", "affirm")
    number = await conversation.run("action_give_call_in", "your number", "ask_call_in")
    attached = [each["attachment"] for each in (*booked.responses, *number.responses)]
    assert attached == [None, None, None]


async def test_a_lost_answer_is_told_and_the_ladder_follows(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.world.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    conversation.slots = dict(DRAFT)
    outcome = await conversation.run("action_submit_callback_form", "yes", "affirm")
    assert outcome.said == ["utter_callback_unconfirmed", "utter_callback_call_in_without_code"]
    assert outcome.slots["callback_outcome"] == "unconfirmed"


async def test_a_refused_time_goes_back_to_the_form_with_the_times_that_ges_proposed(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    centre = ges_sandbox.world.rooms(None).centre
    asked_before = len(ges_sandbox.world.journal.entries)
    conversation.slots = dict(DRAFT)
    first = await conversation.run("action_submit_callback_form", "yes", "affirm")
    conversation.slots = {**DRAFT, "callback_phone": "+493023125014"}
    second = await conversation.run("action_submit_callback_form", "yes", "affirm")
    assert first.slots["callback_outcome"] == "booked"
    assert second.followup == "callback_form"
    assert second.slots["callback_outcome"] == "slot_taken"
    assert second.slots["callback_menu"]["ids"]
    assert len(centre.floor.callbacks()) == 1
    # Two creates, and not one request more for the alternatives.
    assert len(ges_sandbox.world.journal.entries) - asked_before == 2
