"""That a callback stands is not said while a cancel of it may be on its way, whoever sent that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from ges_connector.api import Deadline
from ges_connector.callbacks import Cancellation, CancelOutcome
from ges_connector.callbacks.cancels import Cancels
from ges_connector.store import InProcessStore, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ges_connector.store import Record

BEGAN: datetime = datetime(2026, 1, 12, 15, tzinfo=UTC)
LONGEST_SECONDS = 26
STANDS = Cancellation(CancelOutcome.UNAVAILABLE, "cb-1")
TOO_LATE = Cancellation(CancelOutcome.TOO_LATE, "cb-1")
CANCELLED = Cancellation(CancelOutcome.CANCELLED, "cb-1")
GONE = Cancellation(CancelOutcome.GONE, "cb-1")
IN_DOUBT = STANDS.beside(BEGAN)
SOON, LATE = Deadline.after(0), Deadline.after(3600)


class Watched(InProcessStore):
    """A store that tells when somebody looks, and can be out of reach."""

    def __init__(self) -> None:
        super().__init__()
        self.is_looked_at = asyncio.Event()
        self.is_away = False
        self._is_noting = False

    @override
    async def note(self, name: str, entry: str, record: Record) -> None:
        self._is_noting = True
        await super().note(name, entry, record)
        self._is_noting = False

    @override
    async def notes(self, name: str) -> Mapping[str, Record]:
        if self.is_away:
            raise StoreUnavailableError
        if not self._is_noting:
            self.is_looked_at.set()
        return await super().notes(name)


class Time:
    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store() -> Watched:
    return Watched()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def cancels(store: Watched, time: Time) -> Cancels:
    return Cancels(store, lambda *name: "-".join(name), time, longest_seconds=LONGEST_SECONDS)


async def told(
    cancels: Cancels,
    done: Cancellation,
    *,
    earlier_at: datetime | None = None,
    deadline: Deadline = LATE,
) -> Cancellation:
    """Send one that comes to this by itself."""
    sent = await cancels.sending("cb-1")
    return await cancels.beside_others(sent, done, earlier_at, deadline)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (CANCELLED, CancelOutcome.CANCELLED),
        (GONE, CancelOutcome.UNAVAILABLE),
        (STANDS, CancelOutcome.UNAVAILABLE),
        (IN_DOUBT, CancelOutcome.UNCONFIRMED),
    ],
)
async def test_who_sees_it_stand_waits_for_the_one_that_is_being_sent_and_learns_what_came_of_it(
    cancels: Cancels, store: Watched, first: Cancellation, second: CancelOutcome
) -> None:
    sent = await cancels.sending("cb-1")
    waiting = asyncio.create_task(told(cancels, STANDS))
    await store.is_looked_at.wait()
    assert not waiting.done()
    await cancels.beside_others(sent, first, None, LATE)
    assert (await waiting).outcome is second


@pytest.mark.parametrize("done", [STANDS, TOO_LATE])
async def test_one_whose_sender_is_gone_is_in_doubt_until_it_cannot_be_on_its_way_any_more(
    cancels: Cancels, time: Time, done: Cancellation
) -> None:
    await cancels.sending("cb-1")
    time.now += timedelta(seconds=LONGEST_SECONDS - 1)
    beside = await told(cancels, done, deadline=SOON)
    assert (beside.outcome, beside.sent_at) == (CancelOutcome.UNCONFIRMED, time.now)
    assert await cancels.is_any_of("cb-1")
    assert not await cancels.is_any_of("cb-2")
    time.now += timedelta(seconds=1)
    assert await told(cancels, done) == done
    assert not await cancels.is_any_of("cb-1")


async def test_one_that_nobody_waits_for_any_more_holds_up_nobody_and_is_in_doubt(
    cancels: Cancels, time: Time
) -> None:
    assert await told(cancels, IN_DOUBT) == IN_DOUBT
    time.now += timedelta(seconds=20)
    # With an hour of patience.
    assert (await told(cancels, STANDS)).outcome is CancelOutcome.UNCONFIRMED


async def test_of_several_in_doubt_the_last_one_counts(cancels: Cancels, time: Time) -> None:
    await told(cancels, IN_DOUBT)
    time.now += timedelta(seconds=20)
    await told(cancels, STANDS.beside(time.now))
    time.now += timedelta(seconds=20)
    assert (await told(cancels, STANDS)).outcome is CancelOutcome.UNCONFIRMED


async def test_two_that_were_both_refused_wait_for_each_other_and_both_tell_that_it_stands(
    cancels: Cancels,
) -> None:
    both = await asyncio.gather(told(cancels, STANDS), told(cancels, STANDS))
    assert [*both] == [STANDS, STANDS]
    assert not await cancels.is_any_of("cb-1")


async def test_what_is_over_is_told_as_that_whatever_is_on_its_way(cancels: Cancels) -> None:
    await cancels.sending("cb-1")
    assert await told(cancels, CANCELLED) == CANCELLED
    assert await told(cancels, GONE) == GONE


async def test_what_the_conversation_knows_comes_first_and_grows_old(
    cancels: Cancels, store: Watched, time: Time
) -> None:
    beside = await told(cancels, STANDS, earlier_at=BEGAN)
    assert beside == STANDS.beside(BEGAN)
    assert not store.is_looked_at.is_set()
    time.now += timedelta(seconds=LONGEST_SECONDS)
    assert await told(cancels, STANDS, earlier_at=BEGAN) == STANDS


async def test_where_the_store_does_not_answer_it_is_in_doubt_whether_it_stands(
    cancels: Cancels, store: Watched
) -> None:
    store.is_away = True
    assert (await told(cancels, STANDS)).outcome is CancelOutcome.UNCONFIRMED
    assert await told(cancels, CANCELLED) == CANCELLED
    # A question that changes nothing goes on without the store.
    assert not await cancels.is_any_of("cb-1")


@pytest.mark.parametrize(("ahead_seconds", "is_recent"), [(1, True), (LONGEST_SECONDS, False)])
def test_one_sent_by_a_clock_that_is_far_ahead_is_not_waited_for(
    cancels: Cancels, ahead_seconds: int, *, is_recent: bool
) -> None:
    assert cancels.is_recent(BEGAN + timedelta(seconds=ahead_seconds)) is is_recent
