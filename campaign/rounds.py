"""Plays a round in its setting, and finds the shortest conversation that still goes wrong."""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.inside import Inside
from campaign.plans import Setting, Twice
from campaign.play import here, play, stage
from campaign.processes import CentreElsewhere, Served, redis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from campaign.plans import Round, Visit
    from campaign.play import Outcome
    from ges_connector.callbacks.service import CallbackService


async def play_round(played: Round) -> Outcome:
    """Play a round in its setting."""
    if played.setting is Setting.INSIDE:
        return await play(played)
    with tempfile.TemporaryDirectory(prefix="ges-callback-campaign-") as name:
        folder = Path(name)
        if played.setting is Setting.KILLED:
            return await _with_centre_killed(played, folder)
        return await _served(played, folder)


async def _with_centre_killed(played: Round, folder: Path) -> Outcome:
    async with CentreElsewhere(played, folder).opened() as venue:
        inside = Inside(lambda: venue.base_url, venue.now, is_circuit_quick=played.is_circuit_quick)
        async with inside:
            return await stage(played, venue, inside)


async def _served(played: Round, folder: Path) -> Outcome:
    is_twice = played.setting is Setting.SERVED_TWICE
    async with AsyncExitStack() as stack:
        venue = await stack.enter_async_context(here(played))
        store_url = await stack.enter_async_context(redis(folder)) if is_twice else None
        served = Served(
            venue.base_url,
            venue.now,
            folder,
            workers=2 if is_twice else 1,
            store_url=store_url,
            is_circuit_quick=played.is_circuit_quick,
        )
        venue.centre.kill_assistant = served.kill
        await stack.enter_async_context(served.opened())
        return await stage(played, venue, served)


async def shortest(
    played: Round, visit: Visit, *, make_service: Callable[..., CallbackService] | None = None
) -> tuple[Round, Outcome] | None:
    """Find a shorter plan with which a conversation, held alone, still goes wrong.

    Args:
        played: The round in which it went wrong.
        visit: Its plan.
        make_service: Makes the callback service; tests make one that is broken.

    Returns:
        The shortest plan that was found and what came of it; None if it goes right alone.
    """

    async def failing(plan: Visit) -> tuple[Round, Outcome] | None:
        alone = played.model_copy(
            update={"visits": (plan,), "setting": Setting.INSIDE, "at_once": 1}
        )
        outcome = await play(alone, make_service=make_service)
        return (alone, outcome) if outcome.failures else None

    best = await failing(visit)
    while best is not None:
        for plan in _shorter(best[0].visits[0]):
            found = await failing(plan)
            if found is not None:
                best = found
                break
        else:
            return best
    return None


def _shorter(visit: Visit) -> Iterator[Visit]:
    """Plans with one thing less in them."""
    for place in reversed(range(len(visit.tasks))):
        if len(visit.tasks) > 1:
            kept = visit.tasks[:place] + visit.tasks[place + 1 :]
            yield visit.model_copy(update={"tasks": kept})
    for place in range(len(visit.orders)):
        kept_orders = visit.orders[:place] + visit.orders[place + 1 :]
        yield visit.model_copy(update={"orders": kept_orders})
    for name in ("restarts", "jumps"):
        if getattr(visit, name):
            yield visit.model_copy(update={name: ()})
    for place, task in enumerate(visit.tasks):
        plain = {"twice": Twice.NO, "insists": False, "is_asap": False}
        for name, value in plain.items():
            if getattr(task, name) != value:
                simpler = task.model_copy(update={name: value})
                tasks = (*visit.tasks[:place], simpler, *visit.tasks[place + 1 :])
                yield visit.model_copy(update={"tasks": tasks})
