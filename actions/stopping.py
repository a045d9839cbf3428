"""Stopping as promised: at once while starting, and not before a running booking has ended.

Sanic's manager of processes does neither for certain. Told to stop before all its workers are up,
it waits for them for ever (Sanic issue 2997). It tells them from within the signal's handler, over
a connection that the interrupted code may be using, and then an error ends it with all they do.
And it gives them ten seconds, whatever its setting says, though the answer to a booking may take
longer. Here the handler only takes note; the manager's own loop, which turns ten times a second,
does the rest. Nor does it wait for workers that come up slowly; here it does.

Where it gives up, it kills the group that its workers are in, and that is the one of whoever
started the server too; here it kills the workers.

A terminal, and some supervisors, tell all processes at once. Then a worker hears it twice, and the
second time would break off what it is finishing; and the process that keeps what the others know of
each other would be gone before them. So a worker heeds the first telling only, and that process
none: it ends when the manager lets it go.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import time
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, Final, NoReturn

from sanic.exceptions import ServerKilled
from sanic.worker.constants import ProcessState
from sanic.worker.manager import MonitorCycle

from actions.under_way import tell_stopped, tell_stopping

if TYPE_CHECKING:
    from sanic import Sanic

_MORE_SECONDS: Final = 5.0
"""What a worker may take beyond the grace for requests, to close what it has open."""

_LOOKS_FOR_WORKERS: Final = 1200
"""Ten a second. Sanic gives workers half a minute to come up, which reading the languages may take
on a machine that is busy; to end then would leave nobody to answer."""

_TELLINGS: Final = frozenset({signal.SIGINT, signal.SIGTERM})


def make_stoppable(app: Sanic[Any, Any]) -> None:
    """Mend how a server that is being made stops, and its workers with it."""
    if multiprocessing.parent_process() is None:
        _hold_back_signals()
    app.register_listener(_take_over, "main_process_ready")
    app.register_listener(_heed_the_first, "after_server_start")
    # Of what is done at this event the first that was registered comes last.
    app.register_listener(_tell_the_end, "after_server_stop")


def _hold_back_signals() -> None:
    """Let a signal wait until there is somebody to hear it.

    What is started meanwhile never hears one: that is the process that keeps the workers' states.
    """
    # It lets signals through when it starts, so it has to run before.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, _TELLINGS)


def _take_over(app: Sanic[Any, Any]) -> None:
    Stopping(app.manager, float(app.config.GRACEFUL_SHUTDOWN_TIMEOUT)).take_over()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _TELLINGS)


async def _heed_the_first(app: Sanic[Any, Any]) -> None:
    """In a worker: stop when told, and let no second telling break that off.

    Sanic takes its own handlers away as soon as it stops, so they are not relied on.
    """
    loop = asyncio.get_running_loop()
    is_told = False

    def begin() -> None:
        app.ctx.under_way = tell_stopping(float(app.config.GRACEFUL_SHUTDOWN_TIMEOUT))
        app.stop(terminate=False)

    def stop(*_: object) -> None:
        nonlocal is_told
        if not is_told:
            is_told = True
            loop.call_soon_threadsafe(begin)

    for each in _TELLINGS:
        loop.remove_signal_handler(each)
        signal.signal(each, stop)


async def _tell_the_end(app: Sanic[Any, Any]) -> None:
    if (there_were := getattr(app.ctx, "under_way", None)) is not None:
        tell_stopped(there_were)


class Stopping:
    """What happens to the workers of one server after the signal to stop.

    Args:
        manager: Sanic's manager of the processes; it has no other way in than its own methods.
        grace_seconds: How long requests that are under way may take to end.
    """

    def __init__(self, manager: Any, grace_seconds: float) -> None:
        self._manager = manager
        self._grace_seconds = grace_seconds
        self._is_told = False
        self._all_are_up = manager._all_workers_ack  # noqa: SLF001 - see the class
        self._look = manager._poll_monitor  # noqa: SLF001 - see the class
        self._clean_up = manager.cleanup

    def take_over(self) -> None:
        """Let the signals and the manager's loop come here."""
        self._manager.THRESHOLD = _LOOKS_FOR_WORKERS
        self._manager._all_workers_ack = self._waits_no_longer  # noqa: SLF001 - see the class
        self._manager._poll_monitor = self._look_or_stop  # noqa: SLF001 - see the class
        self._manager.cleanup = self._end_with_the_workers
        self._manager.kill = self._give_up
        for each in _TELLINGS:
            signal.signal(each, self._take_note)

    def _take_note(self, *_: object) -> None:
        if self._is_told:
            self._give_up()
        self._is_told = True

    def _give_up(self) -> NoReturn:
        for each in self._manager.processes:
            each._current_process.kill()  # noqa: SLF001 - see the class
        raise ServerKilled

    def _waits_no_longer(self) -> bool:
        return self._is_told or bool(self._all_are_up())

    def _look_or_stop(self) -> MonitorCycle | None:
        if not self._is_told:
            return self._look()
        states = self._manager.worker_state
        for each in self._manager.processes:
            if states.get(each.name, {}).get("state") != ProcessState.ACKED.name:
                # It serves nobody yet, and may not hear a signal.
                each._current_process.kill()  # noqa: SLF001 - see the class
        self._manager.shutdown()
        return MonitorCycle.BREAK

    def _end_with_the_workers(self) -> None:
        until = time.monotonic() + self._grace_seconds + _MORE_SECONDS
        for each in self._manager.processes:
            # A process' own `join` leaves out those that were told to end.
            each._current_process.join(max(0.0, until - time.monotonic()))  # noqa: SLF001 - see the class
            each._current_process.kill()  # noqa: SLF001 - see the class
        self._clean_up()
