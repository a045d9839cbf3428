"""Runs a plan: starts everything, says when it is ready, and stops everything whatever happens.

A run ends when the person at the terminal is done, when it is asked to stop (SIGINT, SIGTERM,
SIGHUP), when a program ends that should not, or when a step fails. No program and no temporary
file is left.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ges_connector.demo.errors import StepFailedError, UnusableInputError
from ges_connector.demo.programs import Programs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ges_connector.demo.plan import Plan

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What a shell reports for a command that a signal ended, less the signal's number.
_ENDED_BY_SIGNAL = 128


@dataclass(frozen=True, slots=True)
class Workspace:
    """The directories of one run.

    Attributes:
        logs: A log file for each program.
        scratch: Temporary files of all programs.
    """

    logs: Path
    scratch: Path


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything answers, as base URLs."""

    rasa: str
    actions: str
    ges: str


@contextmanager
def workspace(log_directory: Path | None) -> Iterator[Workspace]:
    """Make the directories of a run, and remove them after it.

    Args:
        log_directory: Where logs are wanted, and kept. None for a temporary directory, which is
            kept, and named in the error, only when a step fails.

    Raises:
        UnusableInputError: The directory cannot be made.
        StepFailedError: A step failed within; passed on with the place of the logs.
    """
    scratch = Path(tempfile.mkdtemp(prefix="ges-callback-demo-"))
    try:
        logs = scratch / "logs" if log_directory is None else log_directory.absolute()
        _make(logs)
        try:
            yield Workspace(logs, scratch)
        except StepFailedError as failure:
            if log_directory is None:
                logs = Path(tempfile.mkdtemp(prefix="ges-callback-demo-logs-"))
                shutil.copytree(scratch / "logs", logs, dirs_exist_ok=True)
            raise StepFailedError(f"{failure}\nThe logs are in {logs}.") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


async def supervise(
    plan: Plan,
    space: Workspace,
    say: Callable[[str], None],
    when_ready: Callable[[Addresses], Awaitable[None]],
) -> int:
    """Carry the plan out.

    Args:
        plan: What to start.
        space: Where logs and temporary files go.
        say: Takes a line about progress.
        when_ready: What the demo is for; when it returns, the demo is over.

    Returns:
        The exit code: 0, or 128 and the signal's number if it was asked to stop before
        everything was ready.

    Raises:
        DemoError: A program cannot be started, failed, or ended by itself.
    """
    with _asked_to_stop() as asked:
        async with Programs(space.logs, space.scratch, say) as programs:
            ready = asyncio.Event()
            work = asyncio.create_task(_work(plan, programs, ready, when_ready))
            death = asyncio.create_task(programs.first_death())
            watched: set[asyncio.Future[Any]] = {work, death, asked}
            await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            work.cancel()
            death.cancel()
            await asyncio.gather(work, death, return_exceptions=True)
            say("stopping")
    if asked.done():
        return 0 if ready.is_set() else _ENDED_BY_SIGNAL + asked.result()
    if work.cancelled():
        raise death.result()
    work.result()
    return 0


async def _work(
    plan: Plan,
    programs: Programs,
    ready: asyncio.Event,
    when_ready: Callable[[Addresses], Awaitable[None]],
) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            contact_centre = group.create_task(_contact_centre(plan, programs))
            group.create_task(_assistant(plan, programs))
    except ExceptionGroup as failures:
        # Whatever else went wrong, went wrong because the first did.
        raise failures.exceptions[0] from None
    ready.set()
    addresses = Addresses(rasa=plan.rasa_url, actions=plan.actions_url, ges=contact_centre.result())
    await when_ready(addresses)


async def _contact_centre(plan: Plan, programs: Programs) -> str:
    announcement = await programs.start(plan.sandbox)
    await programs.start(plan.actions(announcement))
    return announcement["ges"]


async def _assistant(plan: Plan, programs: Programs) -> None:
    if plan.training is not None:
        await programs.finish(plan.training)
    await programs.start(plan.engine)


@contextmanager
def _asked_to_stop() -> Iterator[asyncio.Future[int]]:
    loop = asyncio.get_running_loop()
    asked: asyncio.Future[int] = loop.create_future()

    def ask(number: int) -> None:
        if not asked.done():
            asked.set_result(number)

    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, ask, number)
    try:
        yield asked
    finally:
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInputError(f"{directory} cannot be made: {error.strerror}") from error
