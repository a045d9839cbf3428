"""Keeps the reads of all conversations within the requests per second that GES is given.

The budget is that of the store, so replicas that share one share it too. While the store cannot be
reached each process keeps to the same figure by itself.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ges_connector.api import GesThrottledError
from ges_connector.callbacks.pauses import growing_pauses
from ges_connector.store import InProcessStore, StoreUnavailableError

if TYPE_CHECKING:
    from ges_connector.api import Deadline, Operation
    from ges_connector.callbacks.profile import Budget
    from ges_connector.store import Store


class BudgetSpentError(GesThrottledError):
    """A read found no room in the budget in time; nothing was sent."""

    summary = "too many requests of our own; nothing was sent"


class RequestBudget:
    """The way to GES, so many requests per second wide. Belongs to one event loop.

    Args:
        store: Where the requests are counted.
        policy: How many there may be, and how long a read waits.
    """

    def __init__(self, store: Store, policy: Budget) -> None:
        self._store = store
        self._alone = InProcessStore()
        self._policy = policy
        # In turn: only the first in the queue looks whether there is room.
        self._queue = asyncio.Lock()

    async def wait(self, operation: Operation, deadline: Deadline) -> None:
        """Wait until there is room for a read.

        Args:
            operation: The read.
            deadline: Budget of time of the read.

        Raises:
            BudgetSpentError: There was none in time.
        """
        patience = min(self._policy.wait_seconds, deadline.remaining_seconds)
        try:
            async with asyncio.timeout(patience), self._queue:
                for pause_seconds in growing_pauses():
                    if await self._has_room():
                        return
                    await asyncio.sleep(pause_seconds)
        except TimeoutError:
            raise BudgetSpentError(operation=operation) from None

    async def count(self) -> None:
        """Count what is sent whether there is room or not."""
        await self._has_room()

    async def _has_room(self) -> bool:
        limit = self._policy.requests_per_second
        if limit is None:
            return True
        try:
            return await self._store.admit(limit)
        except StoreUnavailableError:
            return await self._alone.admit(limit)
