"""Plays a round: opens the contact centre, holds the conversations, and judges them."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from campaign.centre import Centre, next_monday
from campaign.customer import Surroundings, hold
from campaign.inside import Inside
from campaign.judge import Judge
from campaign.ledger import Ledger
from campaign.plans import PORT_CLOSED, Asked
from campaign.told import told_in
from ges_connector.sandbox.server import SandboxServer
from ges_connector.sandbox.surface.routes import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from campaign.centre import Held
    from campaign.engine import Assistant
    from campaign.ledger import Attempt
    from campaign.plans import Round, Visit
    from campaign.story import Story
    from ges_connector.callbacks.service import CallbackService

ROOT: Final = Path(__file__).resolve().parents[1]
_RESPONSE: Final = re.compile(r"^  (utter_\w+):", re.MULTILINE)
CLOSED_SECONDS: Final = 0.2
_LATE_SECONDS: Final = 0.2
"""How long after the last conversation something of it may still be under way."""


@cache
def responses() -> frozenset[str]:
    """The names of all responses of the domain."""
    text = (ROOT / "domain" / "classic" / "responses.yml").read_text(encoding="utf-8")
    return frozenset(_RESPONSE.findall(text))


@dataclass
class Outcome:
    """What a round came to.

    Attributes:
        conversations: How many were held.
        turns: How many turns they had.
        writes: Bookings and cancellations that arrived at the contact centre.
        told: What was told after which fault, how often.
        slow_turns: Turns on which the machine was too slow to tell anything by.
        failures: The conversations in which something was not so, and what.
    """

    conversations: int = 0
    turns: int = 0
    writes: int = 0
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    slow_turns: int = 0
    failures: list[tuple[Story, list[str]]] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Take in another round."""
        self.conversations += other.conversations
        self.turns += other.turns
        self.writes += other.writes
        self.told += other.told
        self.slow_turns += other.slow_turns
        self.failures += other.failures


class Venue(Protocol):
    """A contact centre that is open.

    Attributes:
        base_url: Where GES is.
    """

    base_url: str

    def is_disturbed_since(self, moment: float) -> bool:
        """Whether it could not be reached at some moment since a monotonic one."""
        ...

    def now(self) -> datetime:
        """Its time."""
        ...

    def attempts(self, conversation: str) -> list[Attempt]:
        """The writes of a conversation."""
        ...

    async def is_back(self) -> None:
        """Wait until it is up."""
        ...

    async def jump(self) -> None:
        """Move its clock to the Monday after."""
        ...

    async def close_port(self) -> None:
        """Let it refuse connections for a moment."""
        ...

    async def held(self) -> list[Held]:
        """What it holds."""
        ...


class _Here:
    """The contact centre in this process, over HTTP all the same."""

    def __init__(self, centre: Centre, ledger: Ledger, server: SandboxServer) -> None:
        self.centre = centre
        self.base_url = f"{server.url}{BASE_PATH.rstrip('/')}"
        self._ledger = ledger
        self._closings: set[asyncio.Task[None]] = set()
        self._away_at = 0.0

    def is_disturbed_since(self, moment: float) -> bool:
        return bool(self._closings) or self._away_at >= moment

    def _note_back(self, closing: asyncio.Task[None]) -> None:
        self._closings.discard(closing)
        self._away_at = time.monotonic()

    def now(self) -> datetime:
        return self.centre.world.clock.now()

    def attempts(self, conversation: str) -> list[Attempt]:
        return [*self._ledger.of(conversation)]

    async def is_back(self) -> None:
        """It is never away for long."""

    async def jump(self) -> None:
        self.centre.advance(next_monday(self.now()).total_seconds())

    async def close_port(self) -> None:
        if self.centre.world.close_port is not None:
            # A slow machine opens it later than it was told to, and whoever was being answered
            # then loses the connection later still.
            closing = self.centre.world.close_port(CLOSED_SECONDS)
            self._closings.add(closing)
            closing.add_done_callback(self._note_back)
        await asyncio.sleep(0)

    async def held(self) -> list[Held]:
        return self.centre.held()


@asynccontextmanager
async def here(played: Round) -> AsyncIterator[_Here]:
    """Open the contact centre of a round in this process."""
    ledger = Ledger()
    centre = Centre(played, ledger.note)
    async with SandboxServer(centre, port=0) as server:
        yield _Here(centre, ledger, server)


class Troupe(Protocol):
    """The assistant of a round: runs actions, and can be started anew."""

    async def run(self, call: dict[str, Any], worker: int) -> dict[str, Any]:
        """Run one action."""
        ...

    async def restart(self) -> None:
        """Start it anew."""
        ...


async def play(
    played: Round, *, make_service: Callable[..., CallbackService] | None = None
) -> Outcome:
    """Play a round in which the contact centre is in this process, and so is the assistant.

    Args:
        played: The round.
        make_service: Makes the callback service; tests make one that is broken.
    """
    broken = {} if make_service is None else {"make_service": make_service}
    async with here(played) as venue:
        inside = Inside(
            lambda: venue.base_url,
            venue.now,
            is_circuit_quick=played.is_circuit_quick,
            **broken,
        )
        async with inside:
            return await stage(played, venue, inside)


async def stage(played: Round, venue: Venue, troupe: Troupe) -> Outcome:
    """Hold the conversations of a round, so many at once as it says, and judge them."""
    doors = asyncio.Semaphore(played.at_once)
    around = _surroundings(played, venue, troupe)

    async def visit(plan: Visit) -> Story:
        async with doors:
            return await hold(plan, around)

    stories = await asyncio.gather(*(visit(plan) for plan in played.visits))
    await asyncio.sleep(_LATE_SECONDS)
    for story in stories:
        story.add_late(venue.attempts(story.conversation))
    return _judged(stories, await venue.held())


def _surroundings(played: Round, venue: Venue, troupe: Troupe) -> Surroundings:
    assistant: Assistant = troupe

    async def before_turn(visit: Visit, writes: int) -> None:
        closing = [
            order
            for order in visit.orders
            if order.fault == PORT_CLOSED and order.operation is Asked.CREATE
        ]
        if any(order.nth == writes for order in closing):
            await venue.close_port()

    return Surroundings(
        assistant=assistant,
        seed=played.seed,
        now=venue.now,
        attempts=venue.attempts,
        is_disturbed_since=venue.is_disturbed_since,
        is_back=venue.is_back,
        restart=troupe.restart,
        jump=venue.jump,
        before_turn=before_turn,
    )


def _judged(stories: list[Story], held: list[Held]) -> Outcome:
    outcome = Outcome(conversations=len(stories))
    for story in stories:
        mine = [each for each in held if each.conversation == story.conversation]
        judge = Judge(story, mine, responses())
        faults = judge.faults()
        outcome.slow_turns += judge.slow_turns
        if faults:
            outcome.failures.append((story, faults))
        _count(outcome, story)
    return outcome


def _count(outcome: Outcome, story: Story) -> None:
    outcome.turns += len(story.turns)
    for turn in story.turns:
        outcome.writes += len(turn.attempts)
        if turn.attempts:
            told = ", ".join(sorted(told_in(turn))) or ("(silenced)" if turn.is_silenced else "-")
            outcome.told[turn.attempts[0].fault or "none", told] += 1
