"""What happens is announced: each thing once, in order, and nothing personal with it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from actions import runtime
from ges_connector.callbacks import BookingOutcome, BookingResult, CallbackService
from ges_connector.callbacks.events import (
    Accepted,
    Announcer,
    Booked,
    Cancelled,
    Clarified,
    Declined,
    Moved,
    NotOffered,
    NumberGiven,
    Offered,
    Refused,
    Scene,
    Unconfirmed,
    WaitAnswered,
)
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.store import InProcessStore
from ges_connector.testing.contact_centre import client_of
from tests.actions.dialogue import FORM, SUBMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from ges_connector.callbacks.events import CallbackEvent
    from ges_connector.sandbox.sandbox import Sandbox

DRAFT = {
    "callback_process": "book",
    "callback_kind": "asap",
    "callback_phone": "+493023125011",
    "callback_read_back_at": "2026-01-12T15:00:00Z",
    "callback_confirmed": True,
    "callback_offer": {"wait": "5-10", "announced": ["offered"]},
}


@pytest_asyncio.fixture
async def announced(conversation: Any) -> list[CallbackEvent]:
    """What was announced, in order; the conversation is open by then."""
    assert conversation.executor
    told: list[CallbackEvent] = []
    runtime.runtime().announcer.subscribe(told.append)
    return told


def kinds(announced: Sequence[CallbackEvent]) -> list[type[CallbackEvent]]:
    return [type(event) for event in announced]


async def test_an_offer_is_announced_once_however_often_its_questions_are_answered(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    await conversation.run(FORM, "call me", "request_callback")
    await conversation.run(FORM, "at a time", "inform", requested="callback_kind")
    await conversation.run(FORM, "as soon as possible", "inform", requested="callback_slot")
    assert kinds(announced) == [Offered]
    (offered,) = announced
    assert isinstance(offered, Offered)
    assert (offered.scene.profile, offered.scene.language) == ("billing", "en")
    assert offered.rungs[0] == "asap"
    assert offered.wait_seconds is not None


async def test_the_offer_after_the_question_for_the_wait_is_the_one_that_is_taken(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    await conversation.run("action_tell_wait", "how long", "ask_wait")
    await conversation.run(FORM, "yes please", "affirm")
    assert kinds(announced) == [WaitAnswered, Offered]


async def test_a_closed_office_without_any_time_offers_nothing(
    conversation: Any, announced: list[CallbackEvent], ges_sandbox: Sandbox
) -> None:
    ges_sandbox.order(Fault(kind="gateway-html"))
    await conversation.run(FORM, "call me", "request_callback")
    (missed,) = announced
    assert isinstance(missed, NotOffered)
    assert (missed.situation, missed.wait_seconds) == ("unavailable", None)


async def test_a_booking_is_announced_once_though_its_yes_comes_twice(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    conversation.slots = dict(DRAFT)
    await conversation.run(SUBMIT, "yes", "affirm")
    conversation.slots = dict(DRAFT)  # what the engine knows if it never heard back
    await conversation.run("action_answer_callback", "yes", "affirm")
    assert kinds(announced) == [Accepted, Booked]
    assert isinstance(announced[1], Booked)
    assert announced[1].kind == "asap"


async def test_an_acceptance_is_announced_once_though_the_number_was_refused_first(
    conversation: Any, announced: list[CallbackEvent], ges_sandbox: Sandbox
) -> None:
    refusal = Fault(kind="status", operation=Operation.CREATE, status=400, code=7030, count=1)
    ges_sandbox.order(refusal)
    conversation.slots = dict(DRAFT)
    await conversation.run(SUBMIT, "yes", "affirm")
    conversation.slots |= {**DRAFT, "callback_offer": conversation.slots["callback_offer"]}
    await conversation.run(SUBMIT, "yes", "affirm")
    assert kinds(announced) == [Accepted, Refused, Booked]
    assert isinstance(announced[1], Refused)
    assert announced[1].outcome == "number_invalid"


async def test_leaving_an_offer_is_a_refusal_and_leaving_nothing_is_none(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    left = {**DRAFT, "callback_confirmed": None, "callback_outcome": "stopped"}
    conversation.slots = dict(left)
    await conversation.run(SUBMIT, "no", "deny")
    conversation.slots = {**left, "callback_offer": {"wait": "5-10"}}
    await conversation.run(SUBMIT, "no", "deny")
    conversation.slots = {**left, "callback_offer": {"announced": ["offered", "accepted"]}}
    await conversation.run(SUBMIT, "no", "deny")
    assert kinds(announced) == [Declined]


async def test_leaving_a_flow_is_a_refusal_of_what_was_offered_in_it(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    await conversation.run("action_begin_callback", "call me", "request_callback")
    await conversation.run("action_leave_callback", "forget it", "stop")
    await conversation.run("action_leave_callback", "forget it", "stop")
    assert kinds(announced) == [Offered, Declined]


async def test_no_to_the_offer_behind_the_wait_is_a_refusal(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    await conversation.run("action_tell_wait", "how long", "ask_wait")
    await conversation.run("action_answer_callback", "no", "deny")
    await conversation.run("action_answer_callback", "no", "deny")
    assert kinds(announced) == [WaitAnswered, Offered, Declined]


async def test_ringing_instead_is_a_refusal_for_a_number(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    await conversation.run(FORM, "call me", "request_callback")
    await conversation.run("action_give_call_in", "just the number", "ask_call_in")
    assert kinds(announced) == [Offered, NumberGiven, Declined]
    assert isinstance(announced[2], Declined)
    assert announced[2].for_number


async def test_doubt_is_announced_once_and_so_is_what_clears_it(
    conversation: Any, announced: list[CallbackEvent], ges_sandbox: Sandbox
) -> None:
    store, before = InProcessStore(), runtime.runtime()
    service = CallbackService(
        lambda: client_of(ges_sandbox), before.config, clock=before.now, store=store
    )
    with runtime.using(replace(before, service=service)):
        ges_sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
        conversation.slots = dict(DRAFT)
        await conversation.run(SUBMIT, "yes", "affirm")
        await conversation.run("action_show_callback", "did it work", "show_callback")
        token = conversation.slots["callback_unconfirmed"]["token"]
        late = BookingResult(BookingOutcome.BOOKED, token, callback_id="1")
        await store.settle(token, late.as_record())
        await conversation.run("action_show_callback", "did it work", "show_callback")
        await conversation.run("action_show_callback", "did it work", "show_callback")
    await service.aclose()
    told = [event for event in announced if not isinstance(event, NumberGiven)]
    assert kinds(told) == [Accepted, Unconfirmed, Clarified]
    assert isinstance(told[2], Clarified)
    assert told[2].outcome == "booked"


async def test_a_move_and_a_cancellation_are_announced_with_what_they_came_to(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    conversation.slots = dict(DRAFT)
    await conversation.run(SUBMIT, "yes", "affirm")
    moving = {"callback_process": "move", "callback_read_back_at": "2026-01-12T15:05:00Z"}
    number = {"callback_phone": "+493023125014"}
    conversation.slots |= {**DRAFT, **moving, **number, "callback_offer": None}
    await conversation.run(SUBMIT, "yes", "affirm")
    conversation.slots["callback_cancel_confirmed"] = True
    await conversation.run("action_submit_callback_cancel_form", "yes", "affirm")
    assert kinds(announced) == [Accepted, Booked, Moved, Cancelled]
    _, _, moved, cancelled = announced
    assert isinstance(moved, Moved)
    assert isinstance(cancelled, Cancelled)
    assert (moved.outcome, moved.booking, cancelled.outcome) == ("moved", "booked", "cancelled")


async def test_no_event_tells_who_it_was(conversation: Any, announced: list[CallbackEvent]) -> None:
    conversation.sender = conversation.slots["callback_profile"] = "+493023125014"
    conversation.metadata["locale"] = "493023125014"
    await conversation.run(FORM, "call me on 030 23125014", "request_callback")
    conversation.slots |= DRAFT
    await conversation.run(SUBMIT, "yes", "affirm")
    told = json.dumps([asdict(event) for event in announced], default=str)
    assert kinds(announced) == [Offered, Accepted, Booked]
    assert "2312501" not in told
    assert {event.scene.profile for event in announced} == {"billing"}


async def test_a_conversation_has_one_pseudonym_and_no_other_has_it(
    conversation: Any, announced: list[CallbackEvent]
) -> None:
    await conversation.run("action_tell_wait", "how long", "ask_wait")
    conversation.sender = "another"
    await conversation.run("action_tell_wait", "how long", "ask_wait")
    mine, offered, others = (event.scene.conversation for event in announced)
    assert mine == offered != others


def test_a_subscriber_that_breaks_disturbs_nobody_and_complains_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[CallbackEvent] = []

    def broken(_: CallbackEvent) -> None:
        raise OSError("no space left for +493023125011")

    announcer = Announcer(broken, told.append)
    event = Declined(Scene(datetime(2026, 1, 12, tzinfo=UTC), "billing", "en", "chat", "c"))
    announcer.announce(event)
    announcer.announce(event)
    assert told == [event, event]
    assert [record.getMessage() for record in caplog.records] == [
        "Events are not taken note of: OSError"
    ]
