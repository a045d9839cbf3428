"""Rounds made by hand: a few visits, in each of which something certain goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from campaign.plans import Asked, Order, Round, Season, Setting, Task, TaskKind, Twice, Visit

Made = Callable[..., Round]


def _tasks(*kinds: TaskKind, twice: Twice) -> tuple[Task, ...]:
    return tuple(Task(kind=kind, says_time=True, pick=3, twice=twice) for kind in kinds)


@pytest.fixture
def round_with() -> Made:
    """Makes a round of one visit for each fault of its first booking, or of its cancellation."""

    def made(
        *faults: str | None,
        operation: Asked = Asked.CREATE,
        kinds: tuple[TaskKind, ...] = (TaskKind.BOOK,),
        twice: Twice = Twice.NO,
    ) -> Round:
        return Round(
            seed=1,
            setting=Setting.INSIDE,
            season=Season.SPRING,
            is_circuit_quick=True,
            read_faults=0.0,
            at_once=4,
            visits=tuple(
                Visit(
                    number=number,
                    tasks=_tasks(*kinds, twice=twice),
                    orders=()
                    if fault is None
                    else (Order(operation=operation, nth=0, fault=fault),),
                )
                for number, fault in enumerate(faults)
            ),
        )

    return made
