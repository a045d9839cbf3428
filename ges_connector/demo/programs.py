"""Starts programs, waits until they are ready, and stops them without leaving any behind.

Each program leads a process group of its own: what it starts in turn, such as the workers of the
action server, is stopped with it, and a Ctrl-C in the terminal reaches the demo alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TypeVar

import aiohttp

from ges_connector.demo.errors import StepFailedError, UnusableInputError
from ges_connector.demo.plan import Answers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from types import TracebackType

    from ges_connector.demo.plan import Announcement, Announces, Job, Program, Service

_T = TypeVar("_T")

_POLL_SECONDS = 0.05
_PROBE_SECONDS = 2.0
_REMARK_SECONDS = 15.0
_TAIL_LINES = 15


class Programs:
    """The programs of one run, made in a running event loop; leaving the context stops all.

    Args:
        logs: Directory of the log files, one for each program, `NAME.log`.
        temporary: Directory that programs are told to keep temporary files in.
        say: Takes a line about progress.
        grace_seconds: How long a program may take to stop by itself before it is killed. The action
            server needs that: asked to stop in its first second, it never does.
    """

    def __init__(
        self,
        logs: Path,
        temporary: Path,
        say: Callable[[str], None],
        grace_seconds: float = 5.0,
    ) -> None:
        self._logs = logs
        self._temporary = temporary
        self._say = say
        self._grace_seconds = grace_seconds
        self._running: list[asyncio.subprocess.Process] = []
        self._watchers: set[asyncio.Task[None]] = set()
        self._clock = asyncio.get_running_loop().time
        self._death: asyncio.Future[StepFailedError]
        self._death = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*map(self._stop, self._running))

    async def first_death(self) -> StepFailedError:
        """Wait until a service has ended by itself, and tell which."""
        return await asyncio.shield(self._death)

    async def start(self, service: Service) -> Announcement:
        """Start a service and wait until it is ready.

        Should it end before, `first_death` tells.

        Returns:
            What it announced; empty if it answers instead.

        Raises:
            UnusableInputError: There is no such program.
            StepFailedError: It was not ready in time, or announced something unusable.
        """
        began = self._clock()
        process = await self._spawn(service)
        watcher = asyncio.create_task(self._watch(service, process))
        self._watchers.add(watcher)
        announcement: Announcement = {}
        if isinstance(service.ready, Answers):
            await self._patiently(service, _until_answer(service.ready.url))
        else:
            announcement = await self._patiently(
                service, self._until_announcement(service, service.ready)
            )
        self._say(f"{service.name} ready after {self._clock() - began:.1f} s")
        return announcement

    async def finish(self, job: Job) -> None:
        """Run a job to its end and move the file it leaves to its place.

        Raises:
            UnusableInputError: There is no such program.
            StepFailedError: It failed, left no file, or took too long.
        """
        began = self._clock()
        process = await self._spawn(job)
        code = await self._patiently(job, process.wait())
        await self._stop(process)
        self._running.remove(process)
        if code != 0 or not job.leaves.is_file():
            raise self._failure(job, f"failed (exit code {code})")
        job.target.parent.mkdir(parents=True, exist_ok=True)
        # Under a passing name first: whoever sees the target sees all of it.
        passing = job.target.with_name(f"{job.target.name}.{os.getpid()}")
        shutil.move(job.leaves, passing)
        passing.replace(job.target)
        self._say(f"{job.name} done after {self._clock() - began:.1f} s")

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        environment = {**os.environ, "TMPDIR": str(self._temporary)}
        for name, value in program.environment.items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = value
        try:
            with self._log(program).open("wb") as log:
                process = await asyncio.create_subprocess_exec(
                    *program.argv,
                    cwd=program.directory,
                    env=environment,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=asyncio.subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise UnusableInputError(
                f"{program.name} cannot be started: {program.argv[0]}: {error.strerror}"
            ) from error
        self._running.append(process)
        return process

    async def _watch(self, service: Service, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if not self._death.done():
            self._death.set_result(self._failure(service, f"ended with exit code {code}"))

    async def _patiently(self, program: Program, readiness: Awaitable[_T]) -> _T:
        remarks = asyncio.create_task(self._remark(program))
        try:
            async with asyncio.timeout(program.patience_seconds):
                return await readiness
        except TimeoutError:
            late = f"was not ready after {program.patience_seconds:g} s"
            raise self._failure(program, late) from None
        finally:
            remarks.cancel()

    async def _remark(self, program: Program) -> None:
        began = self._clock()
        while True:
            await asyncio.sleep(_REMARK_SECONDS)
            self._say(f"still waiting for {program.name} ({self._clock() - began:.0f} s)")

    async def _until_announcement(self, service: Service, ready: Announces) -> Announcement:
        while True:
            for line in self._log(service).read_bytes().splitlines(keepends=True):
                said = _announced(line, ready.keys) if line.endswith(b"\n") else None
                if said is not None:
                    return said
            await asyncio.sleep(_POLL_SECONDS)

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self._grace_seconds)
        # Also when the leader has ended: what it started may not have.
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()

    def _failure(self, program: Program, what: str) -> StepFailedError:
        lines = self._log(program).read_text(encoding="utf-8", errors="replace").splitlines()
        tail = [f"  {line}" for line in lines if line.strip()][-_TAIL_LINES:]
        heading = "; the last it wrote:" if tail else " and wrote nothing."
        return StepFailedError("\n".join([f"{program.name} {what}{heading}", *tail]))

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"


async def _until_answer(url: str) -> None:
    probe = aiohttp.ClientTimeout(total=_PROBE_SECONDS)
    async with aiohttp.ClientSession(timeout=probe) as session:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(url) as answer:
                    if answer.status == 200:  # noqa: PLR2004 - the one status that means ready
                        return
            await asyncio.sleep(_POLL_SECONDS)


def _announced(line: bytes, keys: frozenset[str]) -> Announcement | None:
    """Take the announced texts out of a line, if it is the line."""
    try:
        content = json.loads(line)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    said = {key: content[key] for key in keys if isinstance(content.get(key), str)}
    return said if said.keys() == keys else None


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
