"""Which cancels are on their way: as long as one may be carried out, nobody says that it was not.

GES takes the cancel of a callback as often as it is asked, so nobody waits to send one, and several
may be on their way. Each is noted before it goes out, in the store that workers and replicas share,
and struck out once it is known what came of it (decision 009).
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ges_connector.callbacks.free_times import time_id, time_of_id
from ges_connector.callbacks.manage import Cancellation, CancelOutcome
from ges_connector.callbacks.pauses import growing_pauses
from ges_connector.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ges_connector.api import Deadline
    from ges_connector.store import Record, Store

_SENT_AT: Final = "sent_at"
_IS_AWAITED: Final = "is_awaited"


@dataclass(frozen=True, slots=True)
class Sent:
    """A cancel that is sent.

    Attributes:
        callback_id: Id of the callback.
        at: When, UTC.
        entry: Which of those of this callback it is.
    """

    callback_id: str
    at: datetime
    entry: str


class Cancels:
    """The cancels of callbacks.

    Args:
        store: What is shared.
        pseudonym: Names a value, given its kind and itself; the same for all who share the store.
        clock: The present instant, aware.
        longest_seconds: How long a cancel may be on its way; what came of one that was sent longer
            ago, GES tells.
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
        self._longest = timedelta(seconds=longest_seconds)

    async def sending(self, callback_id: str) -> Sent:
        """Note a cancel that is about to be sent."""
        sent = Sent(callback_id, self._clock(), uuid.uuid4().hex)
        await self._note(sent, is_awaited=True)
        return sent

    async def beside_others(
        self, sent: Sent, done: Cancellation, earlier_at: datetime | None, deadline: Deadline
    ) -> Cancellation:
        """Tell the others what a cancel came to, and judge it by theirs.

        Args:
            sent: The cancel.
            done: What it came to by itself.
            earlier_at: When one was sent that the conversation knows of, aware.
            deadline: Until when to wait for those that are being sent.

        Returns:
            What is known of the callback. It is in doubt as well where the store does not tell of
            others: it may be because it is out of reach that one of them is not known.
        """
        await self._settle(sent, done)
        if done.is_off or done.outcome is CancelOutcome.UNCONFIRMED:
            return done
        if earlier_at is not None and self.is_recent(earlier_at):
            return done.beside(earlier_at)
        try:
            others = await self._others(sent.callback_id, deadline)
            if await self._is_just_cancelled(sent.callback_id):
                return Cancellation(CancelOutcome.CANCELLED, sent.callback_id)
        except StoreUnavailableError:
            return done.beside(sent.at)
        return done.beside(sent.at) if others else done

    async def is_any_of(self, callback_id: str) -> bool:
        """Whether one is on its way, as far as the store tells."""
        with suppress(StoreUnavailableError):
            return bool(await self._noted(callback_id))
        return False

    def is_recent(self, sent_at: datetime | None) -> bool:
        """Whether a cancel that was sent then may be on its way yet."""
        # By another clock it may have been sent a little later than now, but not much.
        return sent_at is not None and abs(self._clock() - sent_at) < self._longest

    async def _others(self, callback_id: str, deadline: Deadline) -> list[Record]:
        """Find those that are on their way, when nobody waits for an answer any more."""
        found: list[Record] = []
        for pause_seconds in growing_pauses():
            found = await self._noted(callback_id)
            if deadline.is_spent or not any(each.get(_IS_AWAITED) for each in found):
                break
            await asyncio.sleep(min(pause_seconds, deadline.remaining_seconds))
        return found

    async def _noted(self, callback_id: str) -> list[Record]:
        notes = (await self._store.notes(self._name(callback_id))).values()
        return [each for each in notes if self.is_recent(time_of_id(each.get(_SENT_AT)))]

    async def _is_just_cancelled(self, callback_id: str) -> bool:
        carried_out = await self._store.result(self._name(callback_id)) or {}
        return self.is_recent(time_of_id(carried_out.get(_SENT_AT)))

    async def _settle(self, sent: Sent, done: Cancellation) -> None:
        if done.sent_at is not None:
            await self._note(sent, is_awaited=False)
            return
        name = self._name(sent.callback_id)
        with suppress(StoreUnavailableError):
            if done.outcome is CancelOutcome.CANCELLED:
                # Before the note is gone: whoever has just seen the callback stand looks for both.
                await self._store.settle(name, {_SENT_AT: time_id(sent.at)})
            await self._store.strike(name, sent.entry)

    async def _note(self, sent: Sent, *, is_awaited: bool) -> None:
        note = {_SENT_AT: time_id(sent.at), _IS_AWAITED: is_awaited}
        with suppress(StoreUnavailableError):
            await self._store.note(self._name(sent.callback_id), sent.entry, note)

    def _name(self, callback_id: str) -> str:
        return self._pseudonym("cancels", callback_id)
