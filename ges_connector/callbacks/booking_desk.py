"""Sees to it that one agreement is sent to GES once, however often it is confirmed.

Three guards stand one behind the other: what the conversation itself kept, what this process knows,
and a claim in the store that all workers and replicas share (decision 009).
"""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ges_connector.api import Deadline
from ges_connector.callbacks.booking import BookingOutcome, BookingResult
from ges_connector.callbacks.facts import Trouble
from ges_connector.callbacks.pauses import growing_pauses
from ges_connector.store import Claim, ClaimState, InProcessStore, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ges_connector.store import Store

_MOST_REMEMBERED = 4096
_GRACE_SECONDS: Final = 0.25
"""What ends at the deadline itself is still heard, and not taken for silence."""
_LONGEST_SECONDS: Final = 15.0
_LATE_NOTE_PAUSES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)


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
        self._given_up: set[str] = set()
        self._late_notes: set[asyncio.Task[None]] = set()

    async def book_once(
        self,
        token: str,
        send: Callable[[], Awaitable[BookingResult]],
        *,
        earlier: BookingResult | None = None,
        deadline: Deadline | None = None,
    ) -> BookingResult:
        """Send a booking, unless it was sent before.

        A caller that is cancelled meanwhile, or waits no longer, does not cancel the booking: cut
        off, nobody would know whether it came about. What it comes to then is there for `by_now`.

        Args:
            token: Token of the draft.
            send: Sends it.
            earlier: The last result that the conversation kept, from before a restart perhaps.
            deadline: Until when to wait for the result, be it of another process that is sending
                the same booking.

        Returns:
            The result; told as a repetition to everyone but the first who asked. Unconfirmed if
            there is none yet, or another process claimed the booking and left none; unavailable if
            it could not be claimed, and so was not sent.
        """
        if earlier is not None and earlier.token == token and earlier.may_be_in_effect:
            told = None if earlier.is_booked else await self.by_now(token)
            return (told or earlier).repeated
        patience = deadline or Deadline.after(self._longest_seconds)
        known = self._bookings.get(token)
        if known is not None:
            return (await self._awaited(token, known, patience)).repeated
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

    async def _book(
        self, token: str, send: Callable[[], Awaitable[BookingResult]], deadline: Deadline
    ) -> BookingResult:
        claimant = uuid.uuid4().hex
        try:
            claim = await self._claim(token, claimant, deadline)
        except StoreUnavailableError:
            # Unclaimed it might be sent twice; and it may be claimed, though nobody said so.
            self._later(lambda: self._store.release(token, claimant))
            return BookingResult(BookingOutcome.UNAVAILABLE, token, trouble=Trouble.UNREACHABLE)
        if claim.state is ClaimState.OURS:
            result = await send()
            await self._note(token, claimant, result)
            return result
        told = BookingResult.from_record(claim.result)
        if told is not None:
            return told.repeated
        # What nobody knows now may be known when the customer asks again.
        self._bookings.pop(token, None)
        return BookingResult(BookingOutcome.UNCONFIRMED, token, trouble=Trouble.UNREACHABLE)

    async def _claim(self, token: str, claimant: str, deadline: Deadline) -> Claim:
        """Claim a booking, or wait for the result of whoever did."""
        claim = await self._store.claim(token, claimant)
        for pause_seconds in growing_pauses():
            is_gone = claim.age_seconds > self._longest_seconds
            if claim.state is not ClaimState.PENDING or is_gone or deadline.is_spent:
                break
            await asyncio.sleep(min(pause_seconds, deadline.remaining_seconds))
            # That somebody claimed it stays true while the store cannot be reached.
            with suppress(StoreUnavailableError):
                claim = await self._store.claim(token, claimant)
        return claim

    async def _awaited(
        self, token: str, booking: asyncio.Future[BookingResult], deadline: Deadline
    ) -> BookingResult:
        """Wait for a booking, without holding it up or cutting it off."""
        patience_seconds = deadline.remaining_seconds + _GRACE_SECONDS
        done, _ = await asyncio.wait({booking}, timeout=patience_seconds)
        if done:
            return booking.result()
        self._given_up.add(token)
        return BookingResult(BookingOutcome.UNCONFIRMED, token, trouble=Trouble.UNREACHABLE)

    async def _note(self, token: str, claimant: str, result: BookingResult) -> None:
        """Tell the others what came of a booking, later if it cannot be now."""
        was_given_up = token in self._given_up
        self._given_up.discard(token)

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

    def _later(self, write: Callable[[], Awaitable[None]]) -> None:
        note = asyncio.ensure_future(_keep_trying(write))
        self._late_notes.add(note)
        note.add_done_callback(self._late_notes.discard)

    def _remember(self, token: str, booking: asyncio.Task[BookingResult]) -> None:
        self._bookings[token] = booking
        booking.add_done_callback(lambda done: self._settle(token, done))
        over = [token for token, each in self._bookings.items() if each.done()]
        for old in over[: max(0, len(self._bookings) - self._most_remembered)]:
            del self._bookings[old]

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


async def _keep_trying(write: Callable[[], Awaitable[None]]) -> None:
    for pause_seconds in _LATE_NOTE_PAUSES:
        await asyncio.sleep(pause_seconds)
        with suppress(StoreUnavailableError):
            return await write()
    return None
