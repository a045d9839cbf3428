"""How many callbacks one conversation or one number may have, by our own rules, before GES's.

GES limits a number itself, but only once it is asked (code 7041), and no conversation at all. A bot
that books over and over, or has many assistants ring one victim, is stopped here, at no cost to the
contact centre. What is counted are permits: claims in the store that workers and replicas share.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ges_connector.store import ClaimState, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.callbacks.booking import Draft
    from ges_connector.callbacks.profile import Limits
    from ges_connector.store import Store

_PERMITS: Final = "permits"
_HOLDER: Final = "holder"


class Exhausted(StrEnum):
    """Which allowance has nothing left."""

    CONVERSATION = "conversation"
    """Another number would not help."""
    NUMBER = "number"
    """Another number has an allowance of its own."""


@dataclass(frozen=True, slots=True)
class Permits:
    """What one booking holds of the allowances.

    Attributes:
        held: Tokens of its permits; none where nothing is limited.
        holder: Token of the draft, who holds them.
    """

    held: tuple[str, ...]
    holder: str


class Allowance:
    """The allowances of conversations and numbers.

    A permit of a number comes back when its callback is cancelled here, and by itself after as long
    as a store keeps claims (`KEPT_SECONDS`): what else becomes of a callback, only GES knows. A
    permit of a conversation is spent for its day, UTC.

    Where the store cannot be reached, nothing is limited here: nothing is booked then either.

    Args:
        store: What is shared.
        pseudonym: Names a personal value, given its kind and itself, so that the store does not
            tell it; the same for all who share the store.
    """

    def __init__(self, store: Store, pseudonym: Callable[[str, str], str]) -> None:
        self._store = store
        self._pseudonym = pseudonym

    async def take(
        self, draft: Draft, limits: Limits, now: datetime, *, is_move: bool = False
    ) -> Permits | Exhausted:
        """Take the permits that a booking needs.

        Args:
            draft: The booking.
            limits: The allowances.
            now: The instant, aware; says which day it is.
            is_move: Whether another callback of the number is cancelled for it right after, so that
                one more may be there in between.

        Returns:
            The permits; or which allowance has none left, that of the conversation first, and then
            nothing was taken.
        """
        more = 1 if is_move else 0
        day = now.astimezone(UTC).toordinal()
        wanted = [
            (
                Exhausted.CONVERSATION,
                f"{self._pseudonym('conversation', draft.conversation_id)}-{day}",
                limits.per_conversation,
            ),
            (
                Exhausted.NUMBER,
                self._pseudonym("number", draft.phone),
                limits.open_per_number and limits.open_per_number + more,
            ),
        ]
        try:
            taken = await asyncio.gather(
                *(self._one_of(name, most or 0, draft.token) for _, name, most in wanted)
            )
        except StoreUnavailableError:
            return Permits((), draft.token)
        permits = Permits(tuple(each for each in taken if each is not None), draft.token)
        missing = [
            which
            for (which, _, most), token in zip(wanted, taken, strict=True)
            if most and token is None
        ]
        if not missing:
            return permits
        await self.give_back(permits)
        return missing[0]

    async def give_back(self, permits: Permits) -> None:
        """Give back the permits of a booking that certainly did not come about."""
        with suppress(StoreUnavailableError):
            for token in permits.held:
                await self._store.release(token, permits.holder)

    async def note(self, callback_id: str, permits: Permits) -> None:
        """Remember which permits a callback holds."""
        record = {_PERMITS: list(permits.held), _HOLDER: permits.holder}
        with suppress(StoreUnavailableError):
            await self._store.settle(self._held_by(callback_id), record)

    async def cancelled(self, callback_id: str) -> None:
        """Give back the number's permit of a callback that was cancelled."""
        with suppress(StoreUnavailableError):
            record = await self._store.result(self._held_by(callback_id)) or {}
            for token in record.get(_PERMITS, ()):
                if token.startswith("number-"):
                    await self._store.release(token, record[_HOLDER])

    async def _one_of(self, name: str, most: int, holder: str) -> str | None:
        for number in range(most):
            token = f"{name}-{number}"
            claim = await self._store.claim(token, holder)
            if claim.state is ClaimState.OURS:
                return token
        return None

    def _held_by(self, callback_id: str) -> str:
        return self._pseudonym("permits", callback_id)
