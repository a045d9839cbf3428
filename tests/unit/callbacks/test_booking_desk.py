"""One agreement is sent once, however often it is confirmed."""

import asyncio

import pytest
from typing_extensions import override

from ges_connector.api import Deadline
from ges_connector.callbacks import BookingOutcome, BookingResult, booking_desk
from ges_connector.callbacks.booking_desk import Begin, BookingDesk
from ges_connector.store import Claim, InProcessStore, StoreUnavailableError


class Counter:
    """Stands for GES: counts what is sent, and answers when told to."""

    def __init__(self, outcome: BookingOutcome = BookingOutcome.BOOKED) -> None:
        self.outcome = outcome
        self.sent = 0
        self.is_sent = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def send(self, begin: Begin) -> BookingResult:
        if not begin():
            return BookingResult(BookingOutcome.UNAVAILABLE, "token")
        self.sent += 1
        self.is_sent.set()
        await self.may_answer.wait()
        callback_id = "cb-1" if self.outcome is BookingOutcome.BOOKED else None
        return BookingResult(self.outcome, "token", callback_id=callback_id)


async def test_the_second_yes_gets_the_first_result() -> None:
    desk, ges = BookingDesk(), Counter()
    first = await desk.book_once("token", ges.send)
    second = await desk.book_once("token", ges.send)
    assert ges.sent == 1
    assert (first.outcome, second.outcome) == ("booked", "already_booked")
    assert first.callback_id == second.callback_id


async def test_a_yes_while_the_first_is_under_way_waits_for_it() -> None:
    desk, ges = BookingDesk(), Counter()
    ges.may_answer.clear()
    both = [asyncio.create_task(desk.book_once("token", ges.send)) for _ in range(2)]
    await asyncio.sleep(0)
    ges.may_answer.set()
    results = await asyncio.gather(*both)
    assert ges.sent == 1
    assert [result.callback_id for result in results] == ["cb-1", "cb-1"]


async def test_what_is_remembered_is_no_task_whose_context_holds_the_whole_request() -> None:
    desk, ges = BookingDesk(), Counter()
    await desk.book_once("token", ges.send)
    remembered = [*desk._bookings.values()]
    assert [each.result().callback_id for each in remembered] == ["cb-1"]
    assert not any(isinstance(each, asyncio.Task) for each in remembered)


async def test_what_is_in_doubt_is_not_sent_again() -> None:
    desk, ges = BookingDesk(), Counter(BookingOutcome.UNCONFIRMED)
    results = [await desk.book_once("token", ges.send) for _ in range(3)]
    assert ges.sent == 1
    assert {result.outcome for result in results} == {BookingOutcome.UNCONFIRMED}


@pytest.mark.parametrize(
    "outcome",
    [outcome for outcome in BookingOutcome if not BookingResult(outcome, "t").may_be_in_effect],
)
async def test_what_certainly_did_not_happen_may_be_tried_again(outcome: BookingOutcome) -> None:
    desk, ges = BookingDesk(), Counter(outcome)
    for _ in range(2):
        assert (await desk.book_once("token", ges.send)).outcome is outcome
    assert ges.sent == 2


async def test_a_result_from_before_a_restart_counts() -> None:
    desk, ges = BookingDesk(), Counter()
    kept = BookingResult(BookingOutcome.BOOKED, "token", callback_id="cb-0")
    result = await desk.book_once("token", ges.send, earlier=kept)
    assert (result.outcome, result.callback_id) == ("already_booked", "cb-0")
    assert ges.sent == 0


@pytest.mark.parametrize(
    "kept",
    [
        BookingResult(BookingOutcome.BOOKED, "another", callback_id="cb-0"),
        BookingResult(BookingOutcome.SLOT_TAKEN, "token"),
    ],
    ids=["another booking", "did not happen"],
)
async def test_a_result_that_is_not_of_this_booking_or_not_in_effect_does_not_count(
    kept: BookingResult,
) -> None:
    desk, ges = BookingDesk(), Counter()
    assert (await desk.book_once("token", ges.send, earlier=kept)).outcome == "booked"


async def test_a_caller_that_gives_up_does_not_cut_the_booking_off() -> None:
    desk, ges = BookingDesk(), Counter()
    ges.may_answer.clear()
    caller = asyncio.create_task(desk.book_once("token", ges.send))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    ges.may_answer.set()
    await desk.aclose()
    assert (await desk.book_once("token", ges.send)).outcome is BookingOutcome.ALREADY_BOOKED
    assert ges.sent == 1


async def test_a_booking_that_broke_is_not_sent_again() -> None:
    sent = []

    async def break_down(begin: Begin) -> BookingResult:
        assert begin()
        sent.append(1)
        raise RuntimeError("after it was sent")

    desk = BookingDesk()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="after it was sent"):
            await desk.book_once("token", break_down)
    assert len(sent) == 1


async def test_the_oldest_that_are_over_are_forgotten_and_none_that_is_under_way() -> None:
    desk = BookingDesk(InProcessStore(most_claims=2), most_remembered=2)
    waiting, ges = Counter(), Counter()
    waiting.may_answer.clear()
    under_way = asyncio.create_task(desk.book_once("under way", waiting.send))
    for token in ("a", "b", "c"):
        await desk.book_once(token, ges.send)
    assert (await desk.book_once("c", ges.send)).outcome is BookingOutcome.ALREADY_BOOKED
    assert (await desk.book_once("a", ges.send)).outcome is BookingOutcome.BOOKED
    again = asyncio.create_task(desk.book_once("under way", waiting.send))
    waiting.may_answer.set()
    await asyncio.gather(under_way, again)
    assert waiting.sent == 1


@pytest.mark.parametrize("outcome", [BookingOutcome.BOOKED, BookingOutcome.SLOT_TAKEN])
async def test_an_answer_that_comes_after_the_deadline_is_there_for_whoever_asks_again(
    outcome: BookingOutcome,
) -> None:
    desk, ges = BookingDesk(), Counter(outcome)
    ges.may_answer.clear()
    told = await desk.book_once("token", ges.send, deadline=Deadline.after(0))
    before = await desk.by_now("token")
    ges.may_answer.set()
    await desk.aclose()
    late = await desk.by_now("token")
    assert (told.outcome, before) == ("unconfirmed", None)
    assert late is not None
    assert late.outcome is outcome
    again = await desk.book_once("token", ges.send, earlier=told)
    assert again.outcome == late.repeated.outcome
    assert ges.sent == 1


async def test_a_refusal_in_time_leaves_the_booking_to_be_tried_again() -> None:
    desk, ges = BookingDesk(), Counter(BookingOutcome.SLOT_TAKEN)
    await desk.book_once("token", ges.send)
    assert await desk.by_now("token") is None


async def test_nobody_waits_for_a_claimant_that_must_be_gone() -> None:
    seconds = [0.0]
    store, ges = InProcessStore(clock=lambda: seconds[0]), Counter()
    await store.claim("token", "a worker that was killed")
    seconds[0] = 15.5
    async with asyncio.timeout(60):
        desk = BookingDesk(store, longest_seconds=15)
        result = await desk.book_once("token", ges.send, deadline=Deadline.after(1e6))
    assert (result.outcome, ges.sent) == (BookingOutcome.UNCONFIRMED, 0)


async def test_what_could_not_begin_in_time_is_told_as_not_done_and_never_sent() -> None:
    desk, ges, may_begin = BookingDesk(), Counter(), asyncio.Event()

    async def send_late(begin: Begin) -> BookingResult:
        await may_begin.wait()
        return await ges.send(begin)

    told = await desk.book_once("token", send_late, deadline=Deadline.after(0))
    may_begin.set()
    await desk.aclose()
    assert (told.outcome, ges.sent) == (BookingOutcome.UNAVAILABLE, 0)


async def test_a_yes_that_waits_for_one_that_is_refused_is_told_so_and_not_sent() -> None:
    store, ges = InProcessStore(), Counter(BookingOutcome.SLOT_TAKEN)
    ges.may_answer.clear()
    desks = [BookingDesk(store), BookingDesk(store)]
    first, second = (asyncio.create_task(desk.book_once("token", ges.send)) for desk in desks)
    await ges.is_sent.wait()
    ges.may_answer.set()
    outcomes = {(await first).outcome, (await second).outcome}
    assert outcomes == {BookingOutcome.SLOT_TAKEN, BookingOutcome.UNAVAILABLE}
    assert ges.sent == 1


class Away(InProcessStore):
    """A store that cannot be reached for a while; its answers may be lost behind the claim."""

    claims_to_lose = 0
    claims_to_miss = 0

    @override
    async def claim(self, token: str, claimant: str) -> Claim:
        if self.claims_to_miss:
            self.claims_to_miss -= 1
            raise StoreUnavailableError
        claim = await super().claim(token, claimant)
        if self.claims_to_lose:
            self.claims_to_lose -= 1
            raise StoreUnavailableError
        return claim


async def test_a_claim_whose_answer_is_lost_is_asked_for_again() -> None:
    store, ges = Away(), Counter()
    store.claims_to_lose = 1
    result = await BookingDesk(store).book_once("token", ges.send)
    assert (result.outcome, ges.sent) == (BookingOutcome.BOOKED, 1)


@pytest.mark.parametrize("way", ["claims_to_lose", "claims_to_miss"])
async def test_without_the_store_a_yes_is_in_doubt_until_it_is_seen_that_nobody_sent_it(
    monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(booking_desk, "_LATE_NOTE_PAUSES", (0.0,))
    store, ges = Away(), Counter()
    setattr(store, way, 3)
    desk = BookingDesk(store)
    told = await desk.book_once("token", ges.send)
    assert (told.outcome, told.is_of_others) == (BookingOutcome.UNCONFIRMED, True)
    await asyncio.gather(*desk._late_notes)
    for each in (desk, BookingDesk(store)):
        known = await each.by_now("token")
        assert known is not None
        assert known.outcome is BookingOutcome.UNAVAILABLE
        again = await each.book_once("token", ges.send)
        assert again.outcome is BookingOutcome.UNAVAILABLE
    assert ges.sent == 0


async def test_without_the_store_a_yes_that_was_carried_out_before_is_not_told_as_undone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(booking_desk, "_LATE_NOTE_PAUSES", (0.0,))
    store, ges = Away(), Counter()
    booked = await BookingDesk(store).book_once("token", ges.send)
    store.claims_to_miss = 3
    desk = BookingDesk(store)
    again = await desk.book_once("token", ges.send)
    assert (again.outcome, again.is_of_others) == (BookingOutcome.UNCONFIRMED, True)
    await asyncio.gather(*desk._late_notes)
    assert await desk.by_now("token") == booked
    assert ges.sent == 1


class Slow(InProcessStore):
    """A store that answers a claim when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    @override
    async def claim(self, token: str, claimant: str) -> Claim:
        await self.may_answer.wait()
        return await super().claim(token, claimant)


async def test_a_doubt_while_a_claim_is_unanswered_is_about_what_others_may_have_done() -> None:
    store, ges = Slow(), Counter()
    desk = BookingDesk(store)
    told = await desk.book_once("token", ges.send, deadline=Deadline.after(0))
    assert (told.outcome, told.is_of_others) == (BookingOutcome.UNCONFIRMED, True)
    store.may_answer.set()
    await desk.aclose()
    assert ges.sent == 0
