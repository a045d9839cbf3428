"""What becomes of a booking that nobody could confirm: looked into, told, and not repeated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from typing_extensions import override

from actions import runtime
from actions.slots import Conversation
from actions.unconfirmed import Unconfirmed, is_risked, without
from ges_connector.callbacks import BookingOutcome, BookingResult, CallbackService
from ges_connector.callbacks.free_times import time_id
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.records import State
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.store import Claim, InProcessStore, StoreUnavailableError
from tests.actions.dialogue import (
    AGREED_IN_TURN,
    ASK_CANCEL,
    ASK_KIND,
    CANCEL,
    CANCEL_FORM,
    FORM,
    FRIDAY_AT_10,
    FRIDAY_NOON,
    OTHER,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    THURSDAY_AT_15,
    drafted,
    open_in,
    open_times,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from ges_connector.api import GesClient
    from ges_connector.sandbox.sandbox import Sandbox

# GES lends a number twice or so; then it is the one that is always there.
NUMBERS = {"utter_callback_call_in_without_code", "utter_callback_static_number"}
DAY_SECONDS = 24 * 3600


@dataclass
class Doubtful:
    """A conversation whose booking got no answer, although GES carried it out."""

    conversation: Any
    sandbox: Sandbox
    store: InProcessStore

    async def run(self, *args: Any, **more: Any) -> Any:
        return await self.conversation.run(*args, **more)

    async def hears(self, outcome: BookingOutcome) -> None:
        """The answer arrives after all."""
        token = self.conversation.slots["callback_unconfirmed"]["token"]
        (held,) = self.sandbox.world.rooms(None).centre.floor.callbacks()
        callback_id = str(held.id) if outcome is BookingOutcome.BOOKED else None
        result = BookingResult(outcome, token, callback_id=callback_id)
        await self.store.settle(token, result.as_record())


@pytest_asyncio.fixture
async def doubtful(
    conversation: Any, make_client: Callable[[], GesClient], ges_sandbox: Sandbox
) -> AsyncIterator[Doubtful]:
    store, before = InProcessStore(), runtime.runtime()
    service = CallbackService(make_client, before.config, clock=before.now, store=store)
    with runtime.using(replace(before, service=service)):
        ges_sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
        conversation.slots = dict(AGREED_IN_TURN)
        outcome = await conversation.run(SUBMIT, "yes", "affirm")
        assert outcome.slots["callback_outcome"] == "unconfirmed"
        yield Doubtful(conversation, ges_sandbox, store)
    await service.aclose()


class Away(InProcessStore):
    """A store that cannot be reached when a booking is to be claimed."""

    is_away = False

    @override
    async def claim(self, token: str, claimant: str) -> Claim:
        if self.is_away:
            raise StoreUnavailableError
        return await super().claim(token, claimant)


@pytest_asyncio.fixture
async def shared(
    conversation: Any, make_client: Callable[[], GesClient]
) -> AsyncIterator[tuple[Any, Away, runtime.Runtime]]:
    """A conversation about to move its callback, the store, and another worker beside."""
    store, before = Away(), runtime.runtime()
    service, beside = (
        CallbackService(make_client, before.config, clock=before.now, store=store) for _ in range(2)
    )
    with runtime.using(replace(before, service=service)):
        free = (await service.free_times("billing")).times
        conversation.slots = AGREED_IN_TURN | {
            "callback_kind": "scheduled",
            "callback_slot": free[0].id,
        }
        await conversation.run(SUBMIT, "yes", "affirm")
        moving = {"callback_process": "move", "callback_slot": free[3].id}
        conversation.slots |= AGREED_IN_TURN | {"callback_kind": "scheduled"} | moving
        yield conversation, store, replace(before, service=beside)
    await service.aclose()
    await beside.aclose()


async def test_a_move_whose_answer_was_lost_is_not_told_as_undone_without_the_store(
    shared: tuple[Any, Away, runtime.Runtime],
) -> None:
    conversation, store, beside = shared
    before = dict(conversation.slots)
    moved = await conversation.run(SUBMIT, "yes", "affirm")
    assert moved.said[0] == "utter_callback_moved"
    conversation.slots, store.is_away = before, True
    with runtime.using(beside):
        again = await conversation.run(SUBMIT, "yes", "affirm")
    # The old time stands no more, and nothing says it does.
    assert again.said[0] == "utter_callback_unconfirmed"
    store.is_away = False
    shown = await conversation.run(SHOW, "when is it", "show_callback")
    assert shown.said[0] == "utter_callback_moved"


async def test_a_move_told_by_another_worker_does_not_tell_that_the_old_one_being_cancelled_stands(
    shared: tuple[Any, Away, runtime.Runtime], ges_sandbox: Sandbox
) -> None:
    conversation, store, beside = shared
    before = dict(conversation.slots)
    ges_sandbox.order(Fault(kind="reset-before", operation=Operation.CANCEL, count=1))
    moved = await conversation.run(SUBMIT, "yes", "affirm")
    assert moved.said[0] == "utter_callback_moved_old_remains"
    conversation.slots, store.is_away = before, True
    with runtime.using(beside):
        again = await conversation.run(SUBMIT, "yes", "affirm")
    assert again.said[0] == "utter_callback_unconfirmed"


async def test_a_move_that_may_not_have_been_sent_tells_of_the_old_one_what_ges_says(
    shared: tuple[Any, Away, runtime.Runtime],
) -> None:
    conversation, store, _ = shared
    store.is_away = True
    outcome = await conversation.run(SUBMIT, "yes", "affirm")
    assert outcome.said[0] == "utter_callback_move_unconfirmed"


async def test_a_second_one_in_doubt_leaves_the_first_in_doubt_too(doubtful: Doubtful) -> None:
    first = doubtful.conversation.slots["callback_unconfirmed"]
    doubtful.sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    later = {"callback_read_back_at": "2026-01-12T15:05:00Z", "callback_risk_accepted": True}
    doubtful.conversation.slots |= AGREED_IN_TURN | later
    await doubtful.run(SUBMIT, "yes", "affirm")
    still = await doubtful.run(SHOW, "did it work", "show_callback")
    assert still.said.count("utter_callback_unconfirmed_still_asap") == 2
    second = doubtful.conversation.slots["callback_unconfirmed"]["token"]
    held = doubtful.sandbox.world.rooms(None).centre.floor.callbacks()
    ids = [str(each.id) for each in held]
    assert len(ids) == 2
    booked = BookingResult(BookingOutcome.BOOKED, first["token"], callback_id=ids[0])
    await doubtful.store.settle(first["token"], booked.as_record())
    outcome = await doubtful.run(SHOW, "did it work", "show_callback")
    assert outcome.slots["callback_id"] == ids[0]
    assert outcome.slots["callback_unconfirmed"]["token"] == second
    assert "before" not in outcome.slots["callback_unconfirmed"]


async def test_a_wish_begun_anew_after_a_yes_whose_answer_was_lost_is_in_doubt(
    doubtful: Doubtful,
) -> None:
    # The engine heard nothing of what the yes came to, and the last it knows is a refusal.
    doubtful.conversation.slots = AGREED_IN_TURN | {"callback_outcome": "slot_taken"}
    await doubtful.run(FORM, "call me", "request_callback")
    assert doubtful.conversation.slots["callback_question"] == "unconfirmed"
    assert doubtful.conversation.slots["callback_unconfirmed"]["phone"] == "+493023125011"


@pytest.mark.parametrize(
    ("action", "text", "intent"),
    [(SHOW, "did it work", "show_callback"), ("action_answer_callback", "yes", "affirm")],
)
async def test_as_long_as_nobody_knows_that_is_said_with_a_number_to_ring(
    doubtful: Doubtful, action: str, text: str, intent: str
) -> None:
    outcome = await doubtful.run(action, text, intent)
    assert outcome.said[0] == "utter_callback_unconfirmed_still_asap"
    (number,) = outcome.said[1:]
    assert number in NUMBERS


@pytest.mark.parametrize(
    ("action", "text", "intent"),
    [(SHOW, "did it work", "show_callback"), ("action_answer_callback", "yes", "affirm")],
)
async def test_a_late_answer_makes_it_the_callback_of_the_conversation(
    doubtful: Doubtful, action: str, text: str, intent: str
) -> None:
    await doubtful.hears(BookingOutcome.BOOKED)
    outcome = await doubtful.run(action, text, intent)
    assert outcome.said == ["utter_callback_show_queued_position"]
    assert outcome.slots["callback_id"] is not None
    assert outcome.slots["callback_unconfirmed"] is None


async def test_what_is_known_to_be_booked_is_said_even_if_ges_is_silent_by_now(
    doubtful: Doubtful,
) -> None:
    await doubtful.hears(BookingOutcome.BOOKED)
    doubtful.sandbox.order(Fault(kind="status", status=503, operation=Operation.RETRIEVE))
    outcome = await doubtful.run(SHOW, "did it work", "show_callback")
    assert outcome.said == ["utter_callback_already_booked_asap"]
    assert outcome.slots["callback_id"] is not None


async def test_a_late_refusal_is_told_and_a_new_callback_is_offered(doubtful: Doubtful) -> None:
    await doubtful.hears(BookingOutcome.UNAVAILABLE)
    outcome = await doubtful.run(SHOW, "did it work", "show_callback")
    assert outcome.said == ["utter_callback_unconfirmed_not_booked", "utter_callback_show_none"]
    assert outcome.slots["callback_unconfirmed"] is None
    again = await doubtful.run(FORM, "yes", "affirm")
    assert again.slots["callback_question"] != "unconfirmed"


async def test_another_wish_waits_for_a_yes_to_the_risk_and_is_then_as_it_was_said(
    doubtful: Doubtful,
) -> None:
    wish = "call me on thursday at 3pm on 030 23125011"
    first = await doubtful.run(FORM, wish, "request_callback")
    assert first.slots["callback_question"] == "unconfirmed"
    asked = await doubtful.run(ASK_KIND, requested="callback_kind")
    assert asked.said == ["utter_ask_callback_unconfirmed_asap"]
    insisted = await doubtful.run(FORM, "call me", "request_callback", requested="callback_kind")
    assert insisted.slots["requested_slot"] == "callback_kind"
    yes = await doubtful.run(FORM, "yes", "affirm", requested="callback_kind")
    assert yes.slots["requested_slot"] == "callback_confirmed"
    assert yes.slots["callback_slot"] == time_id(THURSDAY_AT_15)


async def test_both_of_them_are_no_hour_of_the_day(doubtful: Doubtful) -> None:
    doubtful.conversation.metadata = {"locale": "es-ES", "timezone": "Europe/Madrid"}
    wish = "llámeme el jueves a las 15:00 al +49 30 23125011"
    await doubtful.run(FORM, wish, "request_callback")
    yes = await doubtful.run(FORM, "sí, las dos", "affirm", requested="callback_kind")
    assert yes.slots["requested_slot"] == "callback_confirmed"
    assert yes.slots["callback_slot"] == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(
    "phone",
    [None, "+493023125011", "+493023125099"],
    ids=["no number yet", "the same number", "another number"],
)
def test_the_risk_is_there_whatever_the_number(phone: str | None) -> None:
    doubt = Unconfirmed("token", THURSDAY_AT_15, phone="+493023125011")
    conversation = Conversation().but(unconfirmed=doubt.as_record(), phone=phone)
    assert is_risked(conversation, THURSDAY_AT_15)
    assert not is_risked(conversation.but(risk_accepted=True), THURSDAY_AT_15)


async def test_a_no_to_the_risk_leaves_it_and_the_next_wish_is_asked_again(
    doubtful: Doubtful,
) -> None:
    await doubtful.run(FORM, "call me", "request_callback")
    no = await doubtful.run(FORM, "no", "deny", requested="callback_kind")
    assert no.slots["requested_slot"] is None
    assert (await doubtful.run(SUBMIT, "no", "deny")).said == ["utter_callback_stopped"]
    again = await doubtful.run(FORM, "call me", "request_callback")
    assert again.slots["callback_question"] == "unconfirmed"


async def test_news_while_the_risk_is_asked_about_replaces_that_question(
    doubtful: Doubtful,
) -> None:
    await doubtful.run(FORM, "call me", "request_callback")
    await doubtful.hears(BookingOutcome.BOOKED)
    shown = await doubtful.run(SHOW, "did it work", "show_callback", requested="callback_kind")
    asked = await doubtful.run(ASK_KIND, requested="callback_kind")
    assert shown.said == ["utter_callback_show_queued_position_aside"]
    assert asked.said == ["utter_callback_open_exists_asap"]


async def test_it_cannot_be_cancelled_as_long_as_nobody_knows(doubtful: Doubtful) -> None:
    await doubtful.run("validate_callback_cancel_form", "cancel it", "cancel_callback")
    over = await doubtful.run("action_submit_callback_cancel_form", "cancel it", "cancel_callback")
    assert over.said[0] == "utter_callback_unconfirmed_cancel"
    (number,) = over.said[1:]
    assert number in NUMBERS


async def test_a_move_that_came_about_late_takes_the_old_callback_away(
    doubtful: Doubtful,
) -> None:
    (old,) = doubtful.sandbox.world.rooms(None).centre.floor.callbacks()
    await doubtful.hears(BookingOutcome.BOOKED)
    await doubtful.run(SHOW, "did it work", "show_callback")
    doubtful.conversation.slots |= {
        "callback_process": "move",
        "callback_kind": "scheduled",
        "callback_slot": time_id(THURSDAY_AT_15),
        "callback_phone": "+493023125011",
        "callback_confirmed": True,
        "callback_question": "read_back",
        "callback_read_back_at": "2026-01-12T15:01:00Z",
    }
    doubtful.sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    moved = await doubtful.run(SUBMIT, "yes", "affirm")
    assert moved.said[0] == "utter_callback_move_unconfirmed_asap"
    assert old.state is not State.COMPLETED
    (new,) = [
        each
        for each in doubtful.sandbox.world.rooms(None).centre.floor.callbacks()
        if each.id != old.id
    ]
    token = doubtful.conversation.slots["callback_unconfirmed"]["token"]
    result = BookingResult(BookingOutcome.BOOKED, token, callback_id=str(new.id))
    await doubtful.store.settle(token, result.as_record())
    shown = await doubtful.run(SHOW, "did it work", "show_callback")
    assert shown.said[0] == "utter_callback_moved"
    assert shown.slots["callback_id"] == str(new.id)
    callbacks = doubtful.sandbox.world.rooms(None).centre.floor.callbacks()
    assert [each.id for each in callbacks if each.state is not State.COMPLETED] == [new.id]


@pytest.mark.parametrize(
    ("at", "fault", "said"),
    [
        (None, None, "utter_callback_number_changed_asap"),
        (None, "reset-before", "utter_callback_number_changed_old_remains"),
        (THURSDAY_AT_15, None, "utter_callback_number_changed"),
        (THURSDAY_AT_15, "reset-before", "utter_callback_number_changed_old_remains"),
    ],
)
async def test_a_change_of_number_that_came_about_late_takes_the_old_callback_away(
    doubtful: Doubtful, at: datetime | None, fault: Any, said: str
) -> None:
    (first,) = open_in(doubtful.sandbox)
    await doubtful.hears(BookingOutcome.BOOKED)
    await doubtful.run(SHOW, "did it work", "show_callback")
    changed = {"callback_process": "move", "callback_phone": OTHER, "callback_confirmed": True}
    doubtful.conversation.slots |= drafted(at, **changed)
    doubtful.sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    doubted = await doubtful.run(SUBMIT, "yes", "affirm")
    assert doubted.said[0] == "utter_callback_move_unconfirmed_asap"
    (new,) = [each for each in open_in(doubtful.sandbox) if each.id != first.id]
    token = doubtful.conversation.slots["callback_unconfirmed"]["token"]
    result = BookingResult(BookingOutcome.BOOKED, token, callback_id=str(new.id))
    await doubtful.store.settle(token, result.as_record())
    if fault is not None:
        doubtful.sandbox.order(Fault(kind=fault, operation=Operation.CANCEL, count=1))
    shown = await doubtful.run(SHOW, "did it work", "show_callback")
    assert shown.said == [said]
    assert shown.responses[0]["number"].replace(" ", "") == OTHER
    assert doubtful.conversation.slots["callback_id"] == str(new.id)
    left = {str(each.id) for each in open_in(doubtful.sandbox)}
    assert left == {str(new.id)} | (set() if fault is None else {str(first.id)})
    others = doubtful.conversation.slots["callback_booking"]["others"]
    assert [each["id"] for each in others] == ([] if fault is None else [str(first.id)])


# --- more than one callback -----------------------------------------------------------------------


async def found_beside_another(doubtful: Doubtful) -> None:
    """One in turn in doubt, one that is booked beside it, and then the answer to the first."""
    token = doubtful.conversation.slots["callback_unconfirmed"]["token"]
    (in_turn,) = open_in(doubtful.sandbox)
    await doubtful.conversation.book(THURSDAY_AT_15, callback_risk_accepted=True)
    result = BookingResult(BookingOutcome.BOOKED, token, callback_id=str(in_turn.id))
    await doubtful.store.settle(token, result.as_record())


async def test_one_found_booked_beside_another_is_told_and_shown_from_then_on(
    doubtful: Doubtful,
) -> None:
    await found_beside_another(doubtful)
    both = ["utter_callback_one_of_asap", "utter_callback_one_of"]
    found = await doubtful.run(SHOW, "did it work", "show_callback")
    again = await doubtful.run(SHOW, "when is it", "show_callback")
    assert found.said == ["utter_callback_already_booked_asap", *both]
    assert again.said == both


async def test_one_found_booked_beside_another_can_be_cancelled(doubtful: Doubtful) -> None:
    await found_beside_another(doubtful)
    await doubtful.run(CANCEL_FORM, "cancel my callback", "cancel_callback")
    which = await doubtful.run(ASK_CANCEL, requested=CANCEL)
    assert doubtful.conversation.slots["callback_question"] == "which_one"
    assert "utter_callback_one_of_asap" in which.said
    await doubtful.run(CANCEL_FORM, "as soon as possible", "inform", requested=CANCEL)
    await doubtful.run(CANCEL_FORM, "yes", "affirm", requested=CANCEL)
    over = await doubtful.run(SUBMIT_CANCEL, "yes", "affirm")
    assert over.said[0].startswith("utter_callback_cancelled")
    assert open_times(doubtful.sandbox) == [THURSDAY_AT_15]


async def test_which_one_is_moved_is_asked_once_one_is_found_booked_beside_another(
    doubtful: Doubtful,
) -> None:
    await found_beside_another(doubtful)
    await doubtful.run(FORM, "move my callback to friday at 12", "move_callback")
    assert doubtful.conversation.slots["callback_question"] == "which_one"


async def test_a_move_that_came_about_late_ends_the_old_one_though_another_is_spoken_of(
    shared: tuple[Any, Away, runtime.Runtime], ges_sandbox: Sandbox
) -> None:
    conversation, store, _ = shared
    old = conversation.slots["callback_id"]
    conversation.slots |= drafted(FRIDAY_NOON, callback_process="move", callback_confirmed=True)
    ges_sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    await conversation.run(SUBMIT, "yes", "affirm")
    token = conversation.slots["callback_unconfirmed"]["token"]
    (new,) = [each for each in open_in(ges_sandbox) if each.desired_at == FRIDAY_NOON]
    other = {"callback_phone": "+493023125014", "callback_risk_accepted": True}
    await conversation.book(FRIDAY_AT_10, **other)
    assert conversation.slots["callback_id"] not in {old, str(new.id)}
    result = BookingResult(BookingOutcome.BOOKED, token, callback_id=str(new.id))
    await store.settle(token, result.as_record())
    shown = await conversation.run(SHOW, "did it work", "show_callback")
    assert shown.said == ["utter_callback_moved", "utter_callback_other_stays"]
    assert "Friday 16 January at 10:00" in shown.responses[1]["moment"]
    assert open_times(ges_sandbox) == [FRIDAY_AT_10, FRIDAY_NOON]


async def test_a_move_that_is_known_and_told_as_in_doubt_beside_ends_nothing_and_is_there_once(
    shared: tuple[Any, Away, runtime.Runtime], ges_sandbox: Sandbox
) -> None:
    conversation, store, _ = shared
    conversation.slots |= drafted(FRIDAY_NOON, callback_process="move", callback_confirmed=True)
    ges_sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    await conversation.run(SUBMIT, "yes", "affirm")
    doubt = conversation.slots["callback_unconfirmed"]
    (new,) = [each for each in open_in(ges_sandbox) if each.desired_at == FRIDAY_NOON]
    result = BookingResult(BookingOutcome.BOOKED, doubt["token"], callback_id=str(new.id))
    await store.settle(doubt["token"], result.as_record())
    ges_sandbox.order(Fault(kind="reset-before", operation=Operation.CANCEL, count=1))
    told = await conversation.run(SHOW, "did it work", "show_callback")
    assert told.said[0] == "utter_callback_moved_old_remains"
    # A second worker, which served the same yes, wrote down that it is in doubt.
    conversation.slots["callback_unconfirmed"] = doubt
    again = await conversation.run(SHOW, "did it work", "show_callback")
    assert again.said[0] == "utter_callback_already_booked"
    assert again.said[1:] == ["utter_callback_one_of", "utter_callback_one_of"]
    assert len(open_in(ges_sandbox)) == 2
    assert conversation.slots["callback_id"] == str(new.id)


def test_what_is_known_of_one_booking_says_nothing_of_another() -> None:
    doubt = Unconfirmed("token", THURSDAY_AT_15).as_record()
    conversation = Conversation().but(unconfirmed=doubt)
    assert without(conversation, "another").unconfirmed == doubt
    assert without(conversation, "token").unconfirmed is None


async def test_what_came_of_nothing_for_more_than_a_day_is_in_nobodys_way(
    doubtful: Doubtful,
) -> None:
    doubtful.sandbox.advance(DAY_SECONDS + 1)
    shown = await doubtful.run(SHOW, "did it work", "show_callback")
    wish = await doubtful.run(FORM, "call me on 030 23125011", "request_callback")
    assert shown.said == ["utter_callback_show_none"]
    assert wish.slots["callback_question"] != "unconfirmed"


async def test_it_is_logged_as_a_warning_with_the_hash_of_the_conversation_and_the_corr_id(
    doubtful: Doubtful, ges_sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    doubtful.conversation.slots = {**AGREED_IN_TURN, "callback_phone": "+493023125012"}
    ges_sandbox.order(Fault(kind="status", status=500, operation=Operation.CREATE, count=1))
    outcome = await doubtful.run(SUBMIT, "yes", "affirm")
    assert outcome.slots["callback_outcome"] == "unconfirmed"
    (line,) = [each for each in caplog.records if each.name == "actions.base"]
    assert line.levelname == "WARNING"
    assert "conversation " in line.getMessage()
    assert f", corr_id {vars(line)['ges_corr_id']}" in line.getMessage()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("the number was wrong, it is 030 23125014", "inform"),
        ("call me thursday at 15:00 on 030 23125014", "request_callback"),
    ],
)
async def test_a_booking_to_another_number_is_asked_about_and_booked_after_a_yes(
    doubtful: Doubtful, text: str, intent: str
) -> None:
    asked = await doubtful.run(FORM, text, intent)
    assert asked.slots["requested_slot"] == "callback_kind"
    question = await doubtful.run(ASK_KIND, requested="callback_kind")
    assert question.said[-1] == "utter_ask_callback_unconfirmed_asap"
    await doubtful.run(FORM, "yes, book another one", "affirm", requested="callback_kind")
    assert doubtful.conversation.slots["callback_question"] != "unconfirmed"
    assert doubtful.conversation.slots["callback_phone"] == "+493023125014"


# --- another number -------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["inform", "request_callback", "other_number", "affirm"])
async def test_another_number_is_no_yes_to_a_second_call(doubtful: Doubtful, intent: str) -> None:
    await doubtful.run(FORM, "wrong number", "other_number")
    assert doubtful.conversation.slots["callback_question"] == "unconfirmed"
    await doubtful.run(ASK_KIND, requested="callback_kind")
    text = "call me on 030 23125014"
    given = await doubtful.run(FORM, text, intent, requested="callback_kind")
    assert given.slots["requested_slot"] == "callback_kind"
    asked = await doubtful.run(ASK_KIND, requested="callback_kind")
    assert asked.said[-2:] == ["utter_callback_not_done_yet", "utter_ask_callback_unconfirmed_asap"]
    await doubtful.run(FORM, "yes", "affirm", requested="callback_kind")
    assert doubtful.conversation.slots["callback_risk_accepted"]
    assert doubtful.conversation.slots["callback_phone"] == "+493023125014"


async def test_the_first_number_comes_back_while_it_is_asked_whether_to_call_twice(
    doubtful: Doubtful,
) -> None:
    await doubtful.run(FORM, "wrong number", "other_number")
    await doubtful.run(FORM, "030 23125014", "inform", requested="callback_kind")
    text = "no wait, the first one was right"
    form = await doubtful.run(FORM, text, "deny", requested="callback_kind")
    assert form.slots["requested_slot"] == "callback_kind"
    assert doubtful.conversation.slots["callback_phone"] == "+493023125011"
    assert doubtful.conversation.slots["callback_question"] == "unconfirmed"
