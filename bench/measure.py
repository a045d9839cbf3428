"""How things are measured: rounds that take turns, wall time and CPU time per call."""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Call = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One contender's cost.

    Attributes:
        calls_per_second: Finished calls per second of wall time.
        cpu_ms_per_call: Milliseconds of this process's CPU per call.
    """

    calls_per_second: float
    cpu_ms_per_call: float


async def _run(call: Call, *, calls: int, at_once: int) -> Figure:
    left = calls

    async def worker() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call()

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Figure(calls / wall, 1000 * cpu / calls)


async def race(
    contenders: Mapping[str, Call], *, calls: int, at_once: int, rounds: int = 5
) -> dict[str, Figure]:
    """Let the contenders take turns, so that a slow moment of the machine hits all alike.

    Args:
        contenders: What to call, by name.
        calls: Calls per contender and round.
        at_once: How many calls are under way together.
        rounds: How often everybody has a turn, after one round that does not count.

    Returns:
        The median figures by name.
    """
    seen: dict[str, list[Figure]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, call in contenders.items():
            figure = await _run(call, calls=calls, at_once=at_once)
            if turn:
                seen[name].append(figure)
    return {
        name: Figure(
            statistics.median(figure.calls_per_second for figure in figures),
            statistics.median(figure.cpu_ms_per_call for figure in figures),
        )
        for name, figures in seen.items()
    }


@contextlib.contextmanager
def server(*command: str) -> Iterator[tuple[dict[str, str], int]]:
    """Start a server that prints one line of JSON when it is ready, and stop it by its pid.

    Args:
        command: Arguments for this Python, for example `-m bench.plain_server`.

    Yields:
        What it printed, and its process id.
    """
    process = subprocess.Popen(  # noqa: S603 - our own servers, no shell
        [sys.executable, *command], stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            msg = "the server's output was not caught"
            raise RuntimeError(msg)
        yield json.loads(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait(timeout=10)


def cpu_seconds(pid: int) -> float:
    """CPU time another process has used so far, user and system, in seconds (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
