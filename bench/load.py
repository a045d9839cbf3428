"""Many conversations at once: throughput, own time, memory, and what they cost GES.

```
python -m bench.load [--long]
```

The short form takes about three minutes. Customers do not think: each says the next thing as soon
as the last answer is there, so a machine is as busy as it can be with that many conversations, and
a turn of many conversations mostly waits for its processor. A turn is one message of a customer;
the engine makes two or three calls of it. Own time is what the action server took for these calls
from the parsed request to the answer, without the waits for GES; `bench.served.timing`
says how that is told apart. All contestants are timed alike.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp

from bench.action_server import Configured, RunningServer, action_server, posting
from bench.assistant import wait_question
from bench.conversation import Post, TurnTaken, many
from bench.figures import note, of_load
from bench.measure import server
from bench.processes import family_cpu_seconds, family_mib, load_average

_MS: Final = 1000
_PER: Final = 1000
_WARMING_CALLS: Final = 50
_WARMING_SECONDS: Final = 2.0
# A blocking action serves one call after the other: more at once only wait longer.
_NAIVE_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is run.

    Attributes:
        workers: Numbers of workers.
        latencies_ms: Latencies of GES.
        at_once: Numbers of conversations with all of these.
        crowds: Numbers of conversations with the middle latency only.
        seconds: How long each runs.
    """

    workers: tuple[int, ...] = (1, 2)
    latencies_ms: tuple[int, ...] = (20, 50, 200)
    at_once: tuple[int, ...] = (1, 32)
    crowds: tuple[int, ...] = (500,)
    seconds: float = 2.0


LONG: Final = Extent(at_once=(1, 8, 32, 128), crowds=(250, 500), seconds=20.0)


@dataclass(frozen=True, slots=True)
class Side:
    """A running action server and the way to it."""

    running: RunningServer
    post: Post


class Bench:
    """Everything that is up for one number of workers."""

    def __init__(self, extent: Extent, ges: Mapping[str, str], http: aiohttp.ClientSession) -> None:
        self._extent = extent
        self._ges = ges
        self._http = http

    async def measure(self, workers: int) -> dict[str, object]:
        """Run everything with a number of workers."""
        async with contextlib.AsyncExitStack() as stack:

            async def up(package: str, *, keeps: bool = True) -> Side:
                configured = Configured(keeps=keeps)
                running = stack.enter_context(
                    action_server(
                        package, self._ges, workers=workers, configured=configured, timed=True
                    )
                )
                return Side(running, await stack.enter_async_context(posting(running)))

            bare, keeping = await up("bench.bare"), await up("bench.served")
            forgetting = await up("bench.served", keeps=False)
            await self._set_latency(0)
            for _ in range(_WARMING_CALLS):
                await bare.post(wait_question("bench_echo", domain=b"{}"))
            for side in (keeping, forgetting):
                await many(side.post, at_once=8, until=_after(_WARMING_SECONDS))
            figures: dict[str, object] = {}
            for latency_ms in self._extent.latencies_ms:
                await self._set_latency(latency_ms / _MS)
                figures[f"GES latency {latency_ms} ms"] = {
                    "one question for facts": await self._race(keeping, forgetting),
                    "whole conversations": await self._levels(keeping, forgetting, latency_ms),
                }
            await _crowd(bare, max(self._extent.crowds), _after(self._extent.seconds))
            figures["resident MiB of all processes at the end"] = {
                "bare server": round(family_mib(bare.running.pid), 1),
                "assistant": round(family_mib(keeping.running.pid), 1),
                "assistant, no answer kept": round(family_mib(forgetting.running.pid), 1),
            }
            return figures

    async def _levels(self, keeping: Side, forgetting: Side, latency_ms: int) -> dict[str, object]:
        middle = self._extent.latencies_ms[len(self._extent.latencies_ms) // 2]
        crowds = self._extent.crowds if latency_ms == middle else ()
        return {
            f"{at_once} at once": {
                "assistant": await self._conversations(keeping, at_once),
                "assistant, no answer kept": await self._conversations(forgetting, at_once),
            }
            for at_once in (*self._extent.at_once, *crowds)
        }

    async def _conversations(self, side: Side, at_once: int) -> dict[str, object]:
        before, cpu = await self._requests(), family_cpu_seconds(side.running.pid)
        began = time.perf_counter()
        held = await many(side.post, at_once=at_once, until=_after(self._extent.seconds))
        wall, turns = time.perf_counter() - began, held.turns
        cpu = family_cpu_seconds(side.running.pid) - cpu
        asked = await self._requests() - before
        return {
            "turns per second": round(len(turns) / wall, 1),
            "own ms per turn": _spread([turn.own_ms for turn in turns]),
            "whole ms per turn": _spread([turn.whole_ms for turn in turns]),
            "server CPU, ms per turn": round(_MS * cpu / len(turns), 2),
            "GES requests per 1000 turns": round(_PER * asked / len(turns)),
            "resident MiB": round(family_mib(side.running.pid), 1),
            "answers that no script expects": dict(held.odd),
        }

    async def _race(self, keeping: Side, forgetting: Side) -> dict[str, object]:
        """One and the same question, asked of all contestants, who take turns."""
        at_once = max(self._extent.at_once)
        field = {
            "empty action": (keeping, "bench_echo", at_once),
            "ideal action": (keeping, "bench_ideal", at_once),
            "assistant": (keeping, "action_tell_wait", at_once),
            "assistant, no answer kept": (forgetting, "action_tell_wait", at_once),
            "naive action": (keeping, "bench_naive", _NAIVE_AT_ONCE),
        }
        turns: dict[str, list[TurnTaken]] = {name: [] for name in field}
        seconds = dict.fromkeys(field, 0.0)
        for _, (name, (side, action, crowd)) in itertools.product(range(2), field.items()):
            began = time.perf_counter()
            turns[name] += await self._facts(
                side, action, at_once=crowd, seconds=self._extent.seconds / 2
            )
            seconds[name] += time.perf_counter() - began
        pace = {name: len(turns[name]) / seconds[name] for name in field}
        return {
            "at once": {name: crowd for name, (_, _, crowd) in field.items()},
            "turns per second": {name: round(each, 1) for name, each in pace.items()},
            "own ms per turn": {
                name: _spread([turn.own_ms for turn in each]) for name, each in turns.items()
            },
            "turns per second over the ideal action's": {
                name: round(each / pace["ideal action"], 2) for name, each in pace.items()
            },
        }

    async def _facts(
        self, side: Side, action: str, *, at_once: int, seconds: float
    ) -> list[TurnTaken]:
        turns: list[TurnTaken] = []
        until = _after(seconds)

        async def customer(number: int) -> None:
            body = wait_question(action, number)
            while not until():
                began = time.perf_counter()
                answer = await side.post(body)
                whole_ms = _MS * (time.perf_counter() - began)
                turns.append(TurnTaken(whole_ms, answer.own_ms, answer.ges_ms, 1))

        await asyncio.gather(*(customer(number) for number in range(at_once)))
        return turns

    async def _set_latency(self, seconds: float) -> None:
        await self._http.put(f"{self._ges['url']}/bench/latency", data=str(seconds))

    async def _requests(self) -> int:
        async with self._http.get(f"{self._ges['url']}/bench/asked") as answer:
            asked: dict[str, int] = await answer.json()
        return sum(asked.values())


async def _crowd(side: Side, at_once: int, is_enough: Callable[[], bool]) -> None:
    """Let a bare server hold as many calls at once as the assistant did: that takes memory too."""

    async def caller() -> None:
        while not is_enough():
            await side.post(wait_question("bench_echo", domain=b"{}"))

    await asyncio.gather(*(caller() for _ in range(at_once)))


def _after(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= end


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        f"p{share}": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 2)
        for share in (50, 95, 99)
    }


async def measure(extent: Extent) -> dict[str, object]:
    """Run everything; gives what `python -m bench.load` prints."""
    before = load_average()
    with server("-m", "bench.centre", "--canned") as (ges, _):
        async with aiohttp.ClientSession() as http:
            bench = Bench(extent, ges, http)
            figures = {f"{each} workers": await bench.measure(each) for each in extent.workers}
    return {"load average before and after": [before, load_average()], **figures}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Many conversations at once.")
    parser.add_argument("--long", action="store_true", help="more of everything, for longer")
    chosen = LONG if parser.parse_args().long else Extent()
    measured = asyncio.run(measure(chosen))
    note("load", of_load(measured))
    print(json.dumps(measured, indent=2))
