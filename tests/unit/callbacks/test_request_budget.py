"""The budget of requests: kept without the store too, counted by all, and never waited for long."""

from __future__ import annotations

import asyncio

import pytest
from typing_extensions import override

from ges_connector.api import Deadline, Operation
from ges_connector.callbacks.profile import Budget
from ges_connector.callbacks.request_budget import BudgetSpentError, RequestBudget
from ges_connector.store import InProcessStore, StoreUnavailableError


class Counting(InProcessStore):
    """A store that admits so many requests, however long they take to come."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    @override
    async def admit(self, requests_per_second: int) -> bool:
        self.room -= 1
        return self.room >= 0


class Away(InProcessStore):
    """A store that cannot be reached."""

    @override
    async def admit(self, requests_per_second: int) -> bool:
        raise StoreUnavailableError


def budget(store: InProcessStore, *, wait_seconds: float = 0.0) -> RequestBudget:
    return RequestBudget(store, Budget(requests_per_second=3, wait_seconds=wait_seconds))


async def admitted(requests: RequestBudget, most: int) -> int:
    """How many of so many reads find room, none of which waits."""
    for number in range(most):
        try:
            await requests.wait(Operation.QUEUE_STATUS, Deadline.after(60))
        except BudgetSpentError:
            return number
    return most


async def test_a_read_without_room_in_time_is_not_sent() -> None:
    assert await admitted(budget(Counting(2), wait_seconds=0.05), 9) == 2


async def test_without_the_store_this_process_keeps_to_the_same_figure_by_itself() -> None:
    # Twice as many where a second ends meanwhile.
    assert 3 <= await admitted(budget(Away(), wait_seconds=0.001), 100) <= 6


async def test_what_is_sent_anyhow_takes_room_from_the_reads() -> None:
    store = Counting(3)
    requests = budget(store, wait_seconds=0.05)
    for _ in range(2):
        await requests.count()
    assert await admitted(requests, 9) == 1


async def test_a_write_is_counted_where_there_is_no_room_either() -> None:
    store = Counting(0)
    await budget(store).count()
    assert store.room == -1


async def test_nobody_waits_for_room_longer_than_for_the_answer() -> None:
    async with asyncio.timeout(60):
        with pytest.raises(BudgetSpentError):
            await budget(Counting(0), wait_seconds=1e9).wait(
                Operation.QUEUE_STATUS, Deadline.after(0.01)
            )
