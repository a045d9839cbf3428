"""Sees to it that one agreement is sent to GES once, however often it is confirmed.

Three guards stand one behind the other: what the conversation itself kept, what this process knows,
and a claim in the store that all workers and replicas share (decision 009).
"""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from ges_connector.api import Deadline
from ges_connector.callbacks.booking import BookingOutcome, BookingResult
from ges_connector.callbacks.facts import Trouble
from ges_connector.callbacks.pauses import growing_pauses
from ges_connector.store import Claim, ClaimState, InProcessStore, StoreUnavailableError

if TYPE_CHECKING:
    from ges_connector.store import Store

_MOST_REMEMBERED = 4096
_GRACE_SECONDS: Final = 0.25
"""What ends at the deadline itself is still heard, and not taken for silence."""
_LONGEST_SECONDS: Final = 15.0
_LATE_NOTE_PAUSES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
_MOST_CLAIM_TRIES: Final = 3

Begin: TypeAlias = Callable[[], bool]
"""Asked right before the request: whether it may go out still. From a yes on it counts as sent."""
Send: TypeAlias = Callable[[Begin], Awaitable[BookingResult]]


@dataclass(slots=True)
class _UnderWay:
    """How far a booking has come.

    Attributes:
        is_claimed: Whether it is ours to send.
        is_sent: Whether its request may have gone out.
        is_given_up: Whether somebody was told of it who waits no longer.
    """

    is_claimed: bool = False
    is_sent: bool = False
    is_given_up: bool = False

    def begin(self) -> bool:
        """Tell whether it may be sent: not once somebody who waited was answered without it."""
        self.is_sent = self.is_sent or not self.is_given_up
        return self.is_sent


class BookingDesk:
    """The bookings of this process, by token.

    A booking under way is shared by all who ask for it. One that is in effect, or may be, is
    remembered; one that certainly is not may be tried again. Belongs to one event loop.

    Args:
        store: Where bookings are claimed before they are sent; this process's own if absent.
        longest_seconds: How long sending a booking may take; whoever claimed one longer ago and
            left no result is gone.
        most_remembered: How many are remembered; the oldest that are over are forgotten first.
    """

    def __init__(
        self,
        store: Store | None = None,
        *,
        longest_seconds: float = _LONGEST_SECONDS,
        most_remembered: int = _MOST_REMEMBERED,
    ) -> None:
        self._store = store or InProcessStore()
        self._longest_seconds = longest_seconds
        self._most_remembered = most_remembered
        self._bookings: OrderedDict[str, asyncio.Future[BookingResult]] = OrderedDict()
        self._under_way: dict[str, _UnderWay] = {}
        self._late_notes: set[asyncio.Task[None]] = set()

    async def book_once(
        self,
        token: str,
        send: Send,
        *,
        earlier: BookingResult | None = None,
        deadline: Deadline | None = None,
    ) -> BookingResult:
        """Send a booking, unless it was sent before.

        A caller that is cancelled meanwhile, or waits no longer, does not cancel the booking: cut
        off, nobody would know whether it came about. What it comes to then is there for `by_now`.

        Args:
            token: Token of the draft.
            send: Sends it, if what it is given says yes right before.
            earlier: The last result that the conversation kept, from before a restart perhaps.
            deadline: Until when to wait for the result, be it of another process that is sending
                the same booking.

        Returns:
            The result; told as a repetition to everyone but the first who asked. Unconfirmed if
            there is none yet, if another process claimed the booking and left none, or if nobody
            can tell whether one did, as the store is out of reach; unavailable if it certainly was
            not sent, and will not be.
        """
        if earlier is not None and earlier.token == token and earlier.may_be_in_effect:
            told = None if earlier.is_booked else await self.by_now(token)
            return (told or _of_others(earlier)).repeated
        patience = deadline or Deadline.after(self._longest_seconds)
        known = self._bookings.get(token)
        if known is not None:
            return _of_others(await self._awaited(token, known, patience)).repeated
        booking = asyncio.ensure_future(self._book(token, send, patience))
        self._remember(token, booking)
        return await self._awaited(token, booking, patience)

    async def by_now(self, token: str) -> BookingResult | None:
        """Look what has become of a booking that was told as unconfirmed.

        Args:
            token: Token of the booking.

        Returns:
            What is known by now, a refusal that came late included; None if nothing is, which is
            also so when the store is out of reach.
        """
        with suppress(StoreUnavailableError):
            return BookingResult.from_record(await self._store.result(token))
        return None

    async def aclose(self) -> None:
        """Wait for the bookings under way; each has its own deadline."""
        await asyncio.gather(*self._bookings.values(), return_exceptions=True)
        for note in self._late_notes:
            note.cancel()
        await asyncio.gather(*self._late_notes, return_exceptions=True)

    async def _book(self, token: str, send: Send, deadline: Deadline) -> BookingResult:
        claimant = uuid.uuid4().hex
        try:
            claim = await self._claim(token, claimant, deadline)
        except StoreUnavailableError:
            # Unclaimed it might be sent twice; and whether somebody has sent it the store would
            # have told: an answer to the same yes may have been lost on the way to the engine.
            self._bookings.pop(token, None)
            self._later(lambda: self._clear_up(token, claimant))
            return _of_others(_unconfirmed(token))
        if claim.state is ClaimState.OURS:
            under_way = self._under_way[token]
            under_way.is_claimed = True
            result = await send(under_way.begin)
            await self._note(token, claimant, result)
            return result
        told = BookingResult.from_record(claim.result)
        if told is not None:
            return told.repeated
        # What nobody knows now may be known when the customer asks again.
        self._bookings.pop(token, None)
        return _of_others(_unconfirmed(token))

    async def _clear_up(self, token: str, claimant: str) -> None:
        """Write down of a booking in doubt that it was not sent, once it is seen that nobody did.

        Whoever claims it has it to themselves, so it is not sent after that either.
        """
        claim = await self._store.claim(token, claimant)
        if claim.state is ClaimState.OURS:
            await self._store.settle(token, _unavailable(token).as_record())

    async def _claim(self, token: str, claimant: str, deadline: Deadline) -> Claim:
        """Claim a booking, or wait for the result of whoever did."""
        claim = await self._first_claim(token, claimant, deadline)
        is_pending = claim.state is ClaimState.PENDING
        return await self._settled(token, claimant, claim, deadline) if is_pending else claim

    async def _settled(self, token: str, claimant: str, claim: Claim, deadline: Deadline) -> Claim:
        """Wait for the result of whoever claimed a booking."""
        for pause_seconds in growing_pauses():
            is_gone = claim.age_seconds > self._longest_seconds
            if claim.state is not ClaimState.PENDING or is_gone or deadline.is_spent:
                break
            await asyncio.sleep(min(pause_seconds, deadline.remaining_seconds))
            # That somebody claimed it stays true while the store cannot be reached.
            with suppress(StoreUnavailableError):
                claim = await self._store.claim(token, claimant)
        if claim.state is not ClaimState.OURS:
            return claim
        # It was given up as refused, and the customer is told so: so it stays undone.
        self._later(lambda: self._store.release(token, claimant), at_once=True)
        return Claim(ClaimState.SETTLED, _unavailable(token).as_record())

    async def _first_claim(self, token: str, claimant: str, deadline: Deadline) -> Claim:
        """Claim a booking, and try again where the store only stumbled."""
        for _, pause_seconds in zip(range(_MOST_CLAIM_TRIES - 1), growing_pauses(), strict=False):
            if deadline.is_spent:
                break
            with suppress(StoreUnavailableError):
                return await self._store.claim(token, claimant)
            await asyncio.sleep(min(pause_seconds, deadline.remaining_seconds))
        return await self._store.claim(token, claimant)

    async def _awaited(
        self, token: str, booking: asyncio.Future[BookingResult], deadline: Deadline
    ) -> BookingResult:
        """Wait for a booking, without holding it up or cutting it off."""
        patience_seconds = deadline.remaining_seconds + _GRACE_SECONDS
        done, _ = await asyncio.wait({booking}, timeout=patience_seconds)
        if done:
            return booking.result()
        under_way = self._under_way[token]
        under_way.is_given_up = True
        if not under_way.is_claimed:
            # It is not sent from here any more; whether others have sent it the claim would tell.
            return _of_others(_unconfirmed(token))
        return _unconfirmed(token) if under_way.is_sent else _unavailable(token)

    async def _note(self, token: str, claimant: str, result: BookingResult) -> None:
        """Tell the others what came of a booking, later if it cannot be now."""
        was_given_up = self._under_way[token].is_given_up

        async def write() -> None:
            # A refusal is news to a customer who was told that nobody knows.
            if result.may_be_in_effect or was_given_up:
                await self._store.settle(token, result.as_record())
            else:
                await self._store.release(token, claimant)

        try:
            await write()
        except StoreUnavailableError:
            self._later(write)

    def _later(self, write: Callable[[], Awaitable[None]], *, at_once: bool = False) -> None:
        pauses = (0.0, *_LATE_NOTE_PAUSES) if at_once else _LATE_NOTE_PAUSES
        note = asyncio.ensure_future(_keep_trying(write, pauses))
        self._late_notes.add(note)
        note.add_done_callback(self._late_notes.discard)

    def _remember(self, token: str, booking: asyncio.Task[BookingResult]) -> None:
        self._bookings[token] = booking
        under_way = self._under_way[token] = _UnderWay()
        booking.add_done_callback(lambda done: self._settle(token, done))
        booking.add_done_callback(lambda _: self._leave(token, under_way))
        over = [token for token, each in self._bookings.items() if each.done()]
        for old in over[: max(0, len(self._bookings) - self._most_remembered)]:
            del self._bookings[old]

    def _leave(self, token: str, under_way: _UnderWay) -> None:
        if self._under_way.get(token) is under_way:
            del self._under_way[token]

    def _settle(self, token: str, booking: asyncio.Task[BookingResult]) -> None:
        # A booking that ended in an exception is kept: it may have been sent before it broke.
        if booking.cancelled() or booking.exception() is not None:
            return
        if self._bookings.get(token) is not booking:
            return
        if not booking.result().may_be_in_effect:
            del self._bookings[token]
            return
        # The task would keep its context alive, and in it the whole request it was started by.
        settled: asyncio.Future[BookingResult] = booking.get_loop().create_future()
        settled.set_result(booking.result())
        self._bookings[token] = settled


def _unconfirmed(token: str) -> BookingResult:
    return BookingResult(BookingOutcome.UNCONFIRMED, token, trouble=Trouble.UNREACHABLE)


def _unavailable(token: str) -> BookingResult:
    return BookingResult(BookingOutcome.UNAVAILABLE, token, trouble=Trouble.UNREACHABLE)


def _of_others(result: BookingResult) -> BookingResult:
    """Mark a doubt as one about what somebody else may have carried out."""
    is_in_doubt = result.outcome is BookingOutcome.UNCONFIRMED
    return replace(result, is_of_others=True) if is_in_doubt else result


async def _keep_trying(write: Callable[[], Awaitable[None]], pauses: Iterable[float]) -> None:
    for pause_seconds in pauses:
        await asyncio.sleep(pause_seconds)
        with suppress(StoreUnavailableError):
            return await write()
    return None
