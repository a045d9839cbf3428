"""The programs of a round that are processes: a contact centre, an action server, a Redis.

Each listens on a port of loopback that stays its own when it is killed and started again.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from campaign.centre import KEY, held_in, next_monday
from campaign.engine import AssistantDownError
from campaign.inside import config, settings
from campaign.ledger import Ledger
from campaign.play import CLOSED_SECONDS, ROOT
from ges_connector.sandbox.surface.routes import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from campaign.centre import Held
    from campaign.ledger import Attempt
    from campaign.plans import Round

_PATIENCE_SECONDS: Final = 60.0
_LOOK_EVERY_SECONDS: Final = 0.02
_TURN_SECONDS: Final = 30.0
_STALE_SECONDS: Final = 1.0
"""So long after a process was away its connections of before may be found broken."""
_OK: Final = 200


class NotUpError(Exception):
    """A program did not start, or not in time; the text is its log."""


class Program:
    """A process in a group of its own.

    Args:
        argv: The command.
        log: Where its output goes.
        environment: What it gets beside the usual.
    """

    def __init__(self, argv: list[str], log: Path, environment: dict[str, str]) -> None:
        self._argv = argv
        self._log = log
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """What it has written so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it."""
        usual = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                self._argv,
                cwd=ROOT,
                env={**usual, **self._environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill it with all that it started, and see it gone."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    async def until(self, is_up: Callable[[], Any]) -> None:
        """Wait until it is up.

        Raises:
            NotUpError: It took too long.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not await is_up():  # noqa: ASYNC110 - no other process tells when it is up
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except TimeoutError:
            raise NotUpError(self.log) from None


_held_ports: list[socket.socket] = []


def free_port() -> int:
    """A port that nobody listens on, and that nobody else is given as long as this process lives.

    What listens there is killed and started again; meanwhile the port must not be taken by others,
    who would answer in its place.
    """
    holder = socket.socket()
    # A server may listen on a port that is bound already, if neither minds and only one listens.
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    _held_ports.append(holder)
    return int(holder.getsockname()[1])


# --- the contact centre ---------------------------------------------------------------------------


class CentreElsewhere:
    """The contact centre as a process that keeps its state, and is started again when it dies.

    Args:
        played: The round.
        folder: For its files.
    """

    def __init__(self, played: Round, folder: Path) -> None:
        port = free_port()
        self._url = f"http://127.0.0.1:{port}"
        self.base_url = f"{self._url}{BASE_PATH.rstrip('/')}"
        self._away_at = 0.0
        self._ledger, self._lines = Ledger(), folder / "ledger.jsonl"
        self._lines.touch()
        plan = folder / "round.json"
        plan.write_text(played.model_dump_json(), encoding="utf-8")
        files = [str(plan), str(self._lines), str(folder / "state.db"), str(port)]
        argv = [sys.executable, "-m", "campaign.centre", *files]
        self._program = Program(argv, folder / "centre.log", {})
        self._ahead_at = datetime.fromisoformat(played.season.value)
        self._began_at = datetime.now(UTC)
        self._tasks: set[asyncio.Task[None]] = set()

    def is_disturbed_since(self, moment: float) -> bool:
        """Whether it was away at some moment since a monotonic one, or just before."""
        if not self._program.is_alive:
            return True
        return self._away_at + _STALE_SECONDS >= moment

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[CentreElsewhere]:
        """Run it, and start it again whenever it dies."""
        self._program.start()
        await self._program.until(self._is_up)
        watch = asyncio.create_task(self._watch())
        try:
            yield self
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            self._program.kill()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            if not self._program.is_alive:
                self._away_at = time.monotonic()
                self._program.start()
                await self._program.until(self._is_up)
                self._away_at = time.monotonic()

    async def _is_up(self) -> bool:
        return (await self._admin("GET", "clock")) is not None

    async def _admin(self, method: str, path: str, body: Any = None) -> Any:
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.request(method, f"{self._url}/sandbox/{path}", json=body) as answer,
            ):
                return await answer.json() if answer.status == _OK else None
        except (aiohttp.ClientError, OSError):
            return None

    def now(self) -> datetime:
        """Its time, as near as can be told without asking."""
        return self._ahead_at + (datetime.now(UTC) - self._began_at)

    def attempts(self, conversation: str) -> list[Attempt]:
        """The writes of a conversation."""
        self._ledger.read(self._lines)
        return [*self._ledger.of(conversation)]

    async def is_back(self) -> None:
        """Wait until it is up."""
        if not self._program.is_alive or self.is_disturbed_since(time.monotonic()):
            await self._program.until(self._is_up)

    async def jump(self) -> None:
        """Move its clock to the Monday after."""
        ahead = next_monday(self.now())
        step = {"seconds": ahead.total_seconds()}

        async def is_done() -> bool:
            return await self._admin("POST", "clock/advance", step) is not None

        await self._program.until(is_done)
        self._ahead_at += ahead

    async def close_port(self) -> None:
        """Let it refuse connections for a moment."""
        self._away_at = math.inf
        await self._admin("POST", "faults", {"kind": "refuse", "seconds": CLOSED_SECONDS})
        self._away_at = time.monotonic() + CLOSED_SECONDS

    async def held(self) -> list[Held]:
        """What it holds."""
        await self._program.until(self._is_up)
        return held_in(await self._admin("GET", "state"))


# --- the action server ----------------------------------------------------------------------------


class Served:
    """The real action server, started again whenever it is killed.

    Args:
        base_url: Where the contact centre is.
        now: Tells its time.
        folder: For its files.
        workers: How many.
        store_url: The Redis that they share, if they do.
        is_circuit_quick: Whether the circuit's pauses are short.
    """

    def __init__(  # noqa: PLR0913 - what a deployment has to say as well
        self,
        base_url: str,
        now: Callable[[], datetime],
        folder: Path,
        *,
        workers: int,
        store_url: str | None,
        is_circuit_quick: bool,
    ) -> None:
        self._now = now
        self._clock = folder / "clock"
        port = free_port()
        self._url = f"http://127.0.0.1:{port}"
        offered, chosen = (
            folder / "callback.json",
            settings(base_url, is_circuit_quick=is_circuit_quick),
        )
        offered.write_text(
            config(is_circuit_quick=is_circuit_quick).model_dump_json(), encoding="utf-8"
        )
        environment = {
            "SANIC_HOST": "127.0.0.1",
            "ACTION_SERVER_SANIC_WORKERS": str(workers),
            "CALLBACK_CONFIG": str(offered),
            "CALLBACK_CLOCK_FILE": str(self._clock),
            "CALLBACK_LOG_LEVEL": "WARNING",
            "CALLBACK_DEMO": "1",
            "GES_BASE_URL": base_url,
            "GES_API_KEY": KEY,
            "GES_CIRCUIT_FIRST_PAUSE_SECONDS": str(chosen.circuit_first_pause_seconds),
            "GES_CIRCUIT_MAX_PAUSE_SECONDS": str(chosen.circuit_max_pause_seconds),
        }
        if store_url is not None:
            environment["CALLBACK_STORE_URL"] = store_url
        argv = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)]
        self._program = Program(argv, folder / "assistant.log", environment)
        self._session: aiohttp.ClientSession | None = None
        self._starting = asyncio.Lock()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Served]:
        """Run it."""
        self._tell_time()
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            timeout=aiohttp.ClientTimeout(total=_TURN_SECONDS),
        ) as session:
            self._session = session
            try:
                await self._start()
                yield self
            finally:
                self._program.kill()

    async def _start(self) -> None:
        self._program.start()
        await self._program.until(self._is_up)

    async def _is_up(self) -> bool:
        if self._session is None:
            return False
        try:
            async with self._session.get(f"{self._url}/ready") as answer:
                return answer.status == _OK
        except (aiohttp.ClientError, OSError):
            return False

    def kill(self) -> None:
        """Kill it at once; it is started again when it is needed next."""
        self._program.kill()

    async def restart(self) -> None:
        """Kill it, whatever it is doing for others, and start it anew."""
        self.kill()
        await self._revive()

    async def _revive(self) -> None:
        async with self._starting:
            if not self._program.is_alive:
                await self._start()

    async def run(self, call: dict[str, Any], worker: int) -> dict[str, Any]:
        """Run one action; see `campaign.engine.Assistant`. The kernel chooses the worker."""
        del worker
        if self._session is None or not self._program.is_alive:
            await self._revive()
        self._tell_time()
        try:
            return await self._post(call)
        except (aiohttp.ClientError, OSError, TimeoutError, json.JSONDecodeError) as error:
            if self._program.is_alive and not isinstance(error, aiohttp.ClientError | OSError):
                raise
            await self._revive()
            raise AssistantDownError(call["next_action"]) from error

    async def _post(self, call: dict[str, Any]) -> dict[str, Any]:
        if self._session is None:
            raise AssistantDownError(call["next_action"])
        async with self._session.post(f"{self._url}/webhook", json=call) as answer:
            if answer.status != _OK:
                raise NotUpError(f"{answer.status}: {await answer.text()}\n{self._program.log}")
            found: dict[str, Any] = await answer.json()
            return found

    def _tell_time(self) -> None:
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(self._now().isoformat(), encoding="ascii")
        fresh.replace(self._clock)


# --- the store ------------------------------------------------------------------------------------


@asynccontextmanager
async def redis(folder: Path) -> AsyncIterator[str]:
    """Run a Redis, or a Valkey, that keeps nothing; gives its address.

    Raises:
        NotUpError: Neither is installed.
    """
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise NotUpError("neither redis-server nor valkey-server is installed; run `make redis`")
    port = free_port()
    argv = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    running = Program(argv, folder / "redis.log", {})
    running.start()

    async def is_up() -> bool:
        return "Ready to accept connections" in running.log

    try:
        await running.until(is_up)
        yield f"redis://127.0.0.1:{port}"
    finally:
        running.kill()
