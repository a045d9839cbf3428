"""Conversations for a long time: does anything grow?

```
python -m bench.soak [--minutes 30] [--at-once 8]
```

The time is cut into stretches. After each one all customers hang up, and what the action server
holds at rest is read: resident memory and open files of all its processes, tasks of its event loop.
The first stretch fills what is filled once (grammars, number ranges, caches) and is not compared.
Growth from the second reading to the last one beyond the bounds below fails the run.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import aiohttp

from bench.action_server import SHOWN, RunningServer, action_server, posting
from bench.conversation import UnexpectedAnswerError, many
from bench.figures import note, of_soak
from bench.measure import server
from bench.processes import family, family_mib, load_average

MOST_MORE_MIB: Final = 10.0
"""A leak of one kilobyte a turn shows after ten thousand turns, which take some minutes."""
MOST_MORE_FILES: Final = 32
"""The pool to GES keeps some connections for some seconds, now more, now fewer."""
MOST_MORE_TASKS: Final = 8
_STRETCHES: Final = 12
_LATENCY_SECONDS: Final = 0.02
_REST_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the action server holds at rest.

    Attributes:
        minutes: Since the beginning.
        turns: Answered so far.
        mib: Resident memory of all its processes.
        files: Their open files.
        tasks: Tasks of its event loop.
    """

    minutes: float
    turns: int
    mib: float
    files: int
    tasks: int


def _grown(readings: Sequence[Reading]) -> list[str]:
    """Say what grew beyond its bound."""
    first, last = readings[1], readings[-1]
    growth = {
        "resident MiB": (last.mib - first.mib, MOST_MORE_MIB),
        "open files": (last.files - first.files, MOST_MORE_FILES),
        "tasks": (last.tasks - first.tasks, MOST_MORE_TASKS),
    }
    return [
        f"{what} grew by {more:.1f}, more than {bound}"
        for what, (more, bound) in growth.items()
        if more > bound
    ]


async def _read(running: RunningServer, minutes: float, turns: int) -> Reading:
    await asyncio.sleep(_REST_SECONDS)
    async with (
        aiohttp.ClientSession(headers=SHOWN) as http,
        http.get(f"{running.url}/bench/process", raise_for_status=True) as answer,
    ):
        tasks = (await answer.json())["tasks"]
    return Reading(
        round(minutes, 2), turns, round(family_mib(running.pid), 1), _files(running.pid), tasks
    )


def _files(pid: int) -> int:
    return sum(len(list(Path(f"/proc/{each}/fd").iterdir())) for each in family(pid))


async def _soak(minutes: float, at_once: int) -> list[Reading]:
    began, turns = time.monotonic(), 0
    readings: list[Reading] = []
    with (
        server("-m", "bench.centre") as (ges, _),
        action_server("bench.served", ges, timed=True) as running,
    ):
        async with aiohttp.ClientSession() as http:
            await http.put(f"{ges['url']}/bench/latency", data=str(_LATENCY_SECONDS))
        for stretch in range(1, _STRETCHES + 1):
            end = began + 60 * minutes * stretch / _STRETCHES
            async with posting(running) as post:
                held = await many(post, at_once=at_once, until=_after(end))
            if held.odd:
                raise UnexpectedAnswerError(str(held.odd))
            turns += len(held.turns)
            readings.append(await _read(running, (time.monotonic() - began) / 60, turns))
    return readings


def _after(end: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= end


def main() -> int:
    parser = argparse.ArgumentParser(description="Does anything grow?")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long, 30 by default")
    parser.add_argument("--at-once", type=int, default=8, help="how many conversations")
    wanted = parser.parse_args()
    before = load_average()
    readings = asyncio.run(_soak(wanted.minutes, wanted.at_once))
    grown = _grown(readings)
    shown = {
        "load average before and after": [before, load_average()],
        "start": asdict(readings[1]),
        "middle": asdict(readings[len(readings) // 2]),
        "end": asdict(readings[-1]),
        "grown too much": grown,
    }
    if not grown:
        note("soak", of_soak(shown, wanted.minutes))
    print(json.dumps(shown, indent=2))
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
