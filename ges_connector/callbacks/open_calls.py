"""Which callbacks a number has, as far as they were booked here: one wish makes one call.

GES finds no callback by its number, and books the same one again for whoever asks. So what is
booked is noted under a pseudonym of its number in the store that workers and replicas share, and
looked up before another one is booked for that number, from whichever conversation (decision 013).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ges_connector.callbacks.free_times import time_id, time_of_id
from ges_connector.callbacks.manage import Standing, StandingCode
from ges_connector.callbacks.pauses import growing_pauses
from ges_connector.store import ClaimState, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from ges_connector.api import Deadline
    from ges_connector.callbacks.booking import Draft
    from ges_connector.store import Record, Store

_OPEN_FOR: Final = timedelta(days=1)
"""So long after its time, or after it was booked in turn, a call may still come of it."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A callback that a number has, or may have.

    Attributes:
        token: Token of the draft it was booked from.
        topic: Name of its profile.
        at: When it was agreed on, UTC; None for one in turn.
        callback_id: Its id; None as long as nobody knows whether it came about.
        standing: How it stands; None if that was not looked up.
    """

    token: str
    topic: str
    at: datetime | None
    callback_id: str | None = field(default=None, repr=False)
    standing: Standing | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it certainly is still to come."""
        if self.callback_id is None or self.standing is None:
            return False
        # One at a time that GES confirmed stands even while GES does not answer.
        is_silent = self.standing.code is StandingCode.UNKNOWN
        return self.standing.is_open or (is_silent and self.at is not None)

    @property
    def waits_its_turn(self) -> bool:
        """Whether it is in the queue."""
        return self.standing is not None and self.standing.code is StandingCode.WAITING

    def is_at(self, at: datetime) -> bool:
        """Whether it waits for this very time."""
        return self.is_sure and not self.waits_its_turn and self.at == at


class OpenCalls:
    """The callbacks of numbers.

    Where the store cannot be reached, none are known, and nothing is booked either.

    Args:
        store: What is shared.
        pseudonym: Names a personal value, given its kind and itself, so that the store does not
            tell it; the same for all who share the store.
        clock: The present instant, aware.
        longest_seconds: How long booking may take; whoever began longer ago is gone.
    """

    def __init__(
        self,
        store: Store,
        pseudonym: Callable[[str, str], str],
        clock: Callable[[], datetime],
        *,
        longest_seconds: float,
    ) -> None:
        self._store = store
        self._pseudonym = pseudonym
        self._clock = clock
        self._longest_seconds = longest_seconds

    async def of(self, phone: str) -> tuple[OpenCall, ...]:
        """Look up what a number has; what must be over by its time is left out."""
        try:
            notes = await self._store.notes(self._number(phone))
        except StoreUnavailableError:
            return ()
        found = (self._read(token, note) for token, note in notes.items())
        return tuple(call for call in found if call is not None)

    async def note(self, draft: Draft, callback_id: str | None) -> None:
        """Note a booking.

        Args:
            draft: The booking.
            callback_id: Its id; None where it is only being sent.
        """
        number, at = self._number(draft.phone), draft.desired_at
        until = (at or self._clock()) + _OPEN_FOR
        note: dict[str, Any] = {
            "topic": draft.topic,
            "time": None if at is None else time_id(at),
            "until": time_id(until.replace(microsecond=0)),
            "callback_id": callback_id,
        }
        with suppress(StoreUnavailableError):
            await self._store.note(number, draft.token, note)
            if callback_id is not None:
                await self._store.settle(
                    self._of_callback(callback_id), {"token": draft.token, "number": number}
                )

    async def over(self, phone: str, token: str) -> None:
        """Strike out what came to nothing, or is over."""
        with suppress(StoreUnavailableError):
            await self._store.strike(self._number(phone), token)

    async def cancelled(self, callback_id: str) -> None:
        """Strike out a callback that was cancelled."""
        with suppress(StoreUnavailableError):
            noted = await self._store.result(self._of_callback(callback_id))
            if noted is not None:
                await self._store.strike(str(noted.get("number")), str(noted.get("token")))

    @asynccontextmanager
    async def booking(self, draft: Draft, deadline: Deadline) -> AsyncIterator[bool]:
        """Book for a number while nobody else does.

        Args:
            draft: The booking. One that may stand beside others waits for nobody.
            deadline: Until when to wait for whoever is booking for the same number.

        Yields:
            Whether nobody else is; if not, another callback is just being booked for it.
        """
        claimed = f"{self._number(draft.phone)}-booking"
        is_ours = await self._claim(claimed, draft, deadline)
        try:
            yield is_ours
        finally:
            with suppress(StoreUnavailableError):
                await self._store.release(claimed, draft.token)

    async def _claim(self, claimed: str, draft: Draft, deadline: Deadline) -> bool:
        for pause_seconds in growing_pauses():
            try:
                claim = await self._store.claim(claimed, draft.token)
                if claim.state is ClaimState.OURS:
                    return True
                if claim.age_seconds > self._longest_seconds:
                    # Left behind by somebody who is gone: one of those who wait gets it.
                    await self._store.release(claimed, claim.claimant)
            except StoreUnavailableError:
                # The booking itself is claimed; this only keeps a second one from going beside it.
                return True
            if deadline.is_spent or not draft.is_only:
                break
            await asyncio.sleep(min(pause_seconds, deadline.remaining_seconds))
        return False

    def _read(self, token: str, note: Record) -> OpenCall | None:
        topic, callback_id = note.get("topic"), note.get("callback_id")
        until, at = time_of_id(note.get("until")), time_of_id(note.get("time"))
        if until is None or until < self._clock() or not isinstance(topic, str):
            return None
        return OpenCall(token, topic, at, callback_id if isinstance(callback_id, str) else None)

    def _number(self, phone: str) -> str:
        return self._pseudonym("open calls", phone)

    def _of_callback(self, callback_id: str) -> str:
        return self._pseudonym("open call", callback_id)
