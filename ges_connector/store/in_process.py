"""The store of an assistant that runs as one process, or whose processes share nothing."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from typing_extensions import override

from ges_connector.store.terms import (
    KEPT_SECONDS,
    NOTED_SECONDS,
    Claim,
    ClaimState,
    Found,
    Record,
    Store,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MOST_CLAIMS = 4096


@dataclass(frozen=True, slots=True)
class _Booking:
    claimant: str
    at_seconds: float
    result: Record | None = None


class InProcessStore(Store):
    """A store in the memory of this process, for all its event loops.

    Args:
        most_claims: How many claims are remembered; the oldest that are settled are forgotten
            first.
        clock: Seconds that only ever grow.
    """

    def __init__(
        self, most_claims: int = _MOST_CLAIMS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most_claims = most_claims
        self._clock = clock
        self._bookings: OrderedDict[str, _Booking] = OrderedDict()
        self._notes: OrderedDict[str, tuple[float, dict[str, Record]]] = OrderedDict()
        self._marks: dict[str, str] = {}
        self._answers: dict[tuple[str, str], tuple[str, Record, float]] = {}
        self._leases: dict[tuple[str, str, str], float] = {}
        # Each loop has a thread of its own: no two of them may find the same booking unclaimed.
        self._claiming = Lock()
        self._limiters: WeakKeyDictionary[
            asyncio.AbstractEventLoop, SlidingWindowCounterRateLimiter
        ] = WeakKeyDictionary()

    @override
    async def claim(self, token: str, claimant: str) -> Claim:
        now = self._clock()
        with self._claiming:
            held = self._bookings.get(token)
            if held is None or now - held.at_seconds >= KEPT_SECONDS:
                held = _Booking(claimant, now)
                self._remember(token, held)
        age_seconds = now - held.at_seconds
        if held.result is not None:
            return Claim(ClaimState.SETTLED, held.result, age_seconds)
        state = ClaimState.OURS if held.claimant == claimant else ClaimState.PENDING
        return Claim(state, None, age_seconds, held.claimant)

    @override
    async def settle(self, token: str, result: Record) -> None:
        with self._claiming:
            held = self._bookings.get(token) or _Booking("", 0)
            self._remember(token, replace(held, at_seconds=self._clock(), result=result))

    @override
    async def release(self, token: str, claimant: str) -> None:
        with self._claiming:
            held = self._bookings.get(token)
            if held is not None and held.result is None and held.claimant == claimant:
                del self._bookings[token]

    @override
    async def result(self, token: str) -> Record | None:
        held = self._bookings.get(token)
        return None if held is None else held.result

    @override
    async def note(self, name: str, entry: str, record: Record) -> None:
        kept = dict(await self.notes(name))
        self._notes.pop(name, None)
        self._notes[name] = (self._clock(), kept | {entry: record})
        while len(self._notes) > self._most_claims:
            self._notes.popitem(last=False)

    @override
    async def notes(self, name: str) -> Mapping[str, Record]:
        noted_at, kept = self._notes.get(name, (0.0, {}))
        return dict(kept) if self._clock() - noted_at < NOTED_SECONDS else {}

    @override
    async def strike(self, name: str, entry: str) -> None:
        _, kept = self._notes.get(name, (0.0, {}))
        kept.pop(entry, None)
        if not kept:
            self._notes.pop(name, None)

    @override
    async def find(self, service: str, question: str) -> Found:
        mark = self._marks.get(service, "")
        answered_for, answer, until = self._answers.get((service, question), ("", None, 0.0))
        is_good = answered_for == mark and self._clock() < until
        return Found(mark, answer if is_good else None)

    @override
    async def lease(self, service: str, question: str, mark: str, seconds: float) -> bool:
        key, now = (service, question, mark), self._clock()
        if self._leases.get(key, now) > now:
            return False
        self._leases[key] = now + seconds
        return True

    @override
    async def keep(
        self, service: str, question: str, mark: str, answer: Record, seconds: float
    ) -> None:
        if mark == self._marks.get(service, ""):
            self._answers[service, question] = (mark, answer, self._clock() + seconds)
        await self.give_back(service, question, mark)

    @override
    async def give_back(self, service: str, question: str, mark: str) -> None:
        self._leases.pop((service, question, mark), None)

    @override
    async def forget(self, service: str) -> None:
        self._marks[service] = secrets.token_hex(8)

    @override
    async def admit(self, requests_per_second: int) -> bool:
        # The limiter's own locks belong to one loop.
        loop = asyncio.get_running_loop()
        if loop not in self._limiters:
            self._limiters[loop] = SlidingWindowCounterRateLimiter(MemoryStorage())
        return await self._limiters[loop].hit(RateLimitItemPerSecond(requests_per_second))

    @override
    async def aclose(self) -> None:
        """Nothing was opened; what is remembered stays, for whoever shares it."""

    def _remember(self, token: str, booking: _Booking) -> None:
        self._bookings[token] = booking
        # The oldest come first, but for those settled since: claims that nobody settles go too.
        while booking.at_seconds - next(iter(self._bookings.values())).at_seconds >= KEPT_SECONDS:
            self._bookings.popitem(last=False)
        over = [token for token, each in self._bookings.items() if each.result is not None]
        for old in over[: max(0, len(self._bookings) - self._most_claims)]:
            del self._bookings[old]
