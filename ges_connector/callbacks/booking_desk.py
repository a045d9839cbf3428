"""Sees to it that one agreement is sent to GES once, however often it is confirmed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ges_connector.callbacks.booking import BookingResult

_MOST_REMEMBERED = 4096


class BookingDesk:
    """The bookings of this process, by token.

    A booking under way is shared by all who ask for it. One that is in effect, or may be, is
    remembered; one that certainly is not may be tried again. Belongs to one event loop.

    Args:
        most_remembered: How many are remembered; the oldest that are over are forgotten first.
    """

    def __init__(self, most_remembered: int = _MOST_REMEMBERED) -> None:
        self._most_remembered = most_remembered
        self._bookings: OrderedDict[str, asyncio.Future[BookingResult]] = OrderedDict()

    async def book_once(
        self,
        token: str,
        send: Callable[[], Awaitable[BookingResult]],
        *,
        earlier: BookingResult | None = None,
    ) -> BookingResult:
        """Send a booking, unless it was sent before.

        A caller that is cancelled meanwhile does not cancel the booking: cut off, nobody would know
        whether it came about.

        Args:
            token: Token of the draft.
            send: Sends it.
            earlier: The last result that the conversation kept, from before a restart perhaps.

        Returns:
            The result; told as a repetition to everyone but the first who asked.
        """
        if earlier is not None and earlier.token == token and earlier.may_be_in_effect:
            return earlier.repeated
        known = self._bookings.get(token)
        if known is not None:
            return (await asyncio.shield(known)).repeated
        booking = asyncio.ensure_future(_run(send))
        self._remember(token, booking)
        return await asyncio.shield(booking)

    async def aclose(self) -> None:
        """Wait for the bookings under way; each has its own deadline."""
        await asyncio.gather(*self._bookings.values(), return_exceptions=True)

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


async def _run(send: Callable[[], Awaitable[BookingResult]]) -> BookingResult:
    return await send()
