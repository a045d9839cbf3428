"""Plays rounds in processes of their own, and brings back what they came to in plain words."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from campaign.plans import Setting, draw_round
from campaign.rounds import play_round, shortest
from campaign.seeds import as_entry

if TYPE_CHECKING:
    from collections import Counter

    from campaign.play import Outcome

_MOST_SHRUNK: Final = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """A conversation in which something told was not so.

    Attributes:
        seed: Of its round.
        setting: Of its round.
        told: The shortest history that was found, in lines.
        entry: That history as an entry of the kept seeds; None if it goes right alone.
    """

    seed: int
    setting: Setting
    told: tuple[str, ...]
    entry: str | None


@dataclass(frozen=True, slots=True)
class Played:
    """What a round came to; see `campaign.play.Outcome`."""

    setting: Setting
    conversations: int
    turns: int
    writes: int
    told: Counter[tuple[str, str]]
    slow_turns: int
    failures: tuple[Failure, ...]


def be_quiet() -> None:
    """Say nothing of all that goes wrong on purpose."""
    logging.disable(logging.CRITICAL)


def play_alone(seed: int, setting: Setting, conversations: int) -> Played:
    """Play one round."""
    return asyncio.run(_played(seed, setting, conversations))


async def _played(seed: int, setting: Setting, conversations: int) -> Played:
    played = draw_round(seed, setting, conversations)
    outcome = await play_round(played)
    failures = [
        await _failure(seed, setting, number, outcome) for number in range(len(outcome.failures))
    ]
    return Played(
        setting,
        outcome.conversations,
        outcome.turns,
        outcome.writes,
        outcome.told,
        outcome.slow_turns,
        tuple(failures),
    )


async def _failure(seed: int, setting: Setting, number: int, outcome: Outcome) -> Failure:
    story, faults = outcome.failures[number]
    entry = None
    if number < _MOST_SHRUNK:
        found = await shortest(draw_round(seed, setting, outcome.conversations), story.visit)
        if found is not None:
            alone, short = found
            story, faults = short.failures[0]
            entry = as_entry(faults[0], alone)
    return Failure(seed, setting, (*story.told(), *(f"  ! {each}" for each in faults)), entry)
