"""The campaign itself: a service that is broken on purpose does not get by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from typing_extensions import override

from campaign.plans import Asked, Order, Round, TaskKind, Twice
from campaign.play import Outcome, play
from campaign.rounds import shortest
from ges_connector.callbacks import booking
from ges_connector.callbacks.booking import BookingOutcome, BookingResult, Draft
from ges_connector.callbacks.cancels import Cancels
from ges_connector.callbacks.manage import Cancellation, CancelOutcome
from ges_connector.callbacks.service import CallbackService
from ges_connector.store import InProcessStore, Store

if TYPE_CHECKING:
    from ges_connector.api import CallbackRequest, GesClient
    from ges_connector.callbacks.profile import CallbackConfig

Made = Callable[..., Round]


class Broken(CallbackService):
    """A service as it should be; those below break one thing each."""

    def __init__(
        self,
        client: Callable[[], GesClient],
        offered: CallbackConfig,
        clock: Callable[[], datetime],
        store: Store,
    ) -> None:
        super().__init__(client, offered, clock=clock, store=store)


class BooksTwice(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        request = booking.request_for(draft, self.profile(draft.topic))
        await self._ges.create_callback(request)
        return await super().book(draft, **given)


class SaysBookedWhateverComes(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        result = await super().book(draft, **given)
        if result.outcome is not BookingOutcome.UNCONFIRMED:
            return result
        return replace(result, outcome=BookingOutcome.BOOKED, callback_id=str(uuid4()))


class SaysNotBookedWhenNobodyKnows(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        result = await super().book(draft, **given)
        if result.outcome is not BookingOutcome.UNCONFIRMED:
            return result
        return replace(result, outcome=BookingOutcome.UNAVAILABLE)


class DoubtsEveryRefusal(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        result = await super().book(draft, **given)
        if result.is_booked:
            return result
        return replace(result, outcome=BookingOutcome.UNCONFIRMED)


class SwallowsWhatIsBooked(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        result = await super().book(draft, **given)
        return replace(result, outcome=BookingOutcome.UNAVAILABLE, callback_id=None)


class BooksAnotherTime(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        assert draft.desired_at is not None
        later = replace(draft, desired_at=draft.desired_at + timedelta(minutes=30))
        return await super().book(later, **given)


class BooksAnotherNumber(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        return await super().book(replace(draft, phone="+493023125011"), **given)


class SaysBookedAndSendsNothing(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        return BookingResult(BookingOutcome.BOOKED, draft.token, str(uuid4()), draft.desired_at)


class SharesNothing(Broken):
    def __init__(
        self,
        client: Callable[[], GesClient],
        offered: CallbackConfig,
        clock: Callable[[], datetime],
        store: Store,
    ) -> None:
        del store
        super().__init__(client, offered, clock, InProcessStore())


class SaysCancelledAndSendsNothing(Broken):
    @override
    async def cancel(
        self, topic: str | None, callback_id: str, *_: Any, **given: Any
    ) -> Cancellation:
        return Cancellation(CancelOutcome.CANCELLED, callback_id)


class DoubtsEveryCancellation(Broken):
    @override
    async def cancel(
        self, topic: str | None, callback_id: str, *given: Any, **more: Any
    ) -> Cancellation:
        done = await super().cancel(topic, callback_id, *given, **more)
        return replace(done, outcome=CancelOutcome.UNCONFIRMED)


class TellsNobodyOfItsCancels(Broken):
    def __init__(
        self,
        client: Callable[[], GesClient],
        offered: CallbackConfig,
        clock: Callable[[], datetime],
        store: Store,
    ) -> None:
        super().__init__(client, offered, clock, store)
        self._cancels = Cancels(InProcessStore(), self.pseudonym, clock, longest_seconds=60)


class FailsInTheMiddle(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        raise RuntimeError("a mistake in the program")


class SendsAgainWhatMayHaveBeenSent(Broken):
    @override
    async def book(self, draft: Draft, **given: Any) -> BookingResult:
        result = await super().book(draft, **given)
        if result.outcome is not BookingOutcome.UNCONFIRMED:
            return result
        request: CallbackRequest = booking.request_for(draft, self.profile(draft.topic))
        return booking.booked(draft, await self._ges.create_callback(request))


def said_of(outcome: Outcome) -> str:
    return "\n".join(fault for _, faults in outcome.failures for fault in faults)


async def outcome_of(planned: Round, broken: type[Broken], writes: int) -> Outcome:
    """Play a round; once more where a slow machine had it end before all that was to be sent."""
    outcome = Outcome()
    for _ in range(5):
        outcome = await play(planned, make_service=broken)
        if outcome.failures or outcome.writes >= writes:
            break
    return outcome


BOOK_MOVE_CANCEL = (TaskKind.BOOK, TaskKind.MOVE, TaskKind.CANCEL)


async def test_the_service_as_it_is_passes(round_with: Made) -> None:
    planned = round_with(None, "reset-after", "throttled", "full", kinds=BOOK_MOVE_CANCEL)
    outcome = await outcome_of(planned, Broken, 9)
    assert said_of(outcome) == ""
    assert outcome.conversations == 4
    assert outcome.writes >= 9


@pytest.mark.parametrize(
    ("broken", "fault", "seen"),
    [
        (BooksTwice, None, "one yes was sent twice"),
        (SendsAgainWhatMayHaveBeenSent, "reset-after", "one yes was sent twice"),
        (SaysBookedWhateverComes, "error-500", "nobody can know (error-500)"),
        (SaysBookedWhateverComes, "html-502", "nobody can know (html-502)"),
        (SaysNotBookedWhenNobodyKnows, "reset-after", "nobody can know (reset-after)"),
        (SaysNotBookedWhenNobodyKnows, "cut-off-done", "nobody can know (cut-off-done)"),
        (DoubtsEveryRefusal, "throttled", "GES refused (throttled)"),
        (DoubtsEveryRefusal, "full", "GES refused (full)"),
        (SwallowsWhatIsBooked, None, "GES confirmed, and was told: not booked"),
        (BooksAnotherTime, None, "was sent, agreed was"),
        (BooksAnotherNumber, None, "another number was sent"),
        (SaysBookedAndSendsNothing, None, "booked was said, and nothing was sent"),
        (FailsInTheMiddle, None, "an action failed"),
    ],
)
async def test_a_broken_booking_is_found(
    round_with: Made, broken: type[Broken], fault: str | None, seen: str
) -> None:
    outcome = await outcome_of(round_with(fault), broken, 1)
    assert seen in said_of(outcome), outcome


@pytest.mark.parametrize(
    ("broken", "kinds", "seen"),
    [
        (SaysCancelledAndSendsNothing, (TaskKind.BOOK, TaskKind.CANCEL), "still to come"),
        (SaysCancelledAndSendsNothing, (TaskKind.BOOK, TaskKind.MOVE), "still to come"),
        (DoubtsEveryCancellation, (TaskKind.BOOK, TaskKind.CANCEL), "told as in doubt"),
        (DoubtsEveryCancellation, (TaskKind.BOOK, TaskKind.MOVE), "told as in doubt"),
    ],
)
async def test_a_broken_cancellation_is_found(
    round_with: Made, broken: type[Broken], kinds: tuple[TaskKind, ...], seen: str
) -> None:
    outcome = await outcome_of(round_with(None, kinds=kinds), broken, len(kinds))
    assert seen in said_of(outcome), outcome


@pytest.mark.parametrize("twice", [Twice.LOST, Twice.AT_ONCE])
async def test_a_cancellation_that_another_worker_does_not_know_of_is_found(
    round_with: Made, twice: Twice
) -> None:
    kinds = (TaskKind.BOOK, TaskKind.CANCEL)
    played = round_with("too-late", operation=Asked.CANCEL, kinds=kinds, twice=twice)
    (visit,) = played.visits
    refused = Order(operation=Asked.CANCEL, nth=1, fault="throttled")
    doubted = visit.model_copy(update={"orders": (*visit.orders, refused)})
    played = played.model_copy(update={"visits": (doubted,)})
    outcome = await play(played, make_service=TellsNobodyOfItsCancels)
    assert "told as not done" in said_of(outcome)
    assert said_of(await play(played, make_service=Broken)) == ""


async def test_two_workers_that_share_nothing_are_found_out(round_with: Made) -> None:
    planned = round_with(None, twice=Twice.AT_ONCE)
    assert "one yes was sent twice" in said_of(await outcome_of(planned, SharesNothing, 2))
    assert said_of(await outcome_of(planned, Broken, 1)) == ""


async def test_a_failure_is_cut_down_to_what_it_needs(round_with: Made) -> None:
    planned = round_with("late", "reset-after", kinds=BOOK_MOVE_CANCEL)
    outcome = await outcome_of(planned, SaysNotBookedWhenNobodyKnows, 4)
    ((story, _),) = outcome.failures
    found = await shortest(planned, story.visit, make_service=SaysNotBookedWhenNobodyKnows)
    assert found is not None
    alone, again = found
    (visit,) = alone.visits
    assert [task.kind for task in visit.tasks] == [TaskKind.BOOK]
    assert [order.fault for order in visit.orders] == ["reset-after"]
    assert visit.orders[0].operation is Asked.CREATE
    assert len(again.failures) == 1


async def test_what_fails_only_among_others_is_not_cut_down(round_with: Made) -> None:
    played = round_with("late")
    assert await shortest(played, played.visits[0]) is None
