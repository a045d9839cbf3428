"""Starts the SDK's action server as a deployment does, and talks to it as the engine does."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from string import Template
from typing import Final

import aiohttp

from bench.conversation import Answer, Post
from bench.facts import SERVICE
from bench.served import timing

ROOT: Final = Path(__file__).resolve().parents[1]
_PATIENCE_SECONDS: Final = 60.0
_LOOK_EVERY_SECONDS: Final = 0.01
_SECRET: Final = secrets.token_urlsafe(32)
SHOWN: Final = {"authorization": f"Bearer {_SECRET}"}
"""Header of every request but those of `/health` and `/ready`."""
LANGUAGES: Final = ("en", "de", "fr", "es")
_NO_RATE: Final = "1000000/second"
_CONFIG: Final = f"""
budget: {{requests_per_second: null}}
defaults:
  default_locale: en
topics:
  bench:
    service_name: {SERVICE}
    virtual_queues: [{SERVICE}]
    static_number: "+493023125000"
    office_zone: Europe/Berlin
    countries: [DE]
    languages: [$languages]
    offer: {{quiet_hours: null, min_wait_seconds: 0}}
    # The same customers come again and again.
    limits: {{per_conversation: null, open_per_number: null, ask_before_second: false}}
"""
_NOTHING_KEPT: Final = "freshness: {queue_seconds: 0, slots_seconds: 0}\n"


class ServerNotUpError(Exception):
    """An action server ended, or did not answer in time; the text is its log."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """An action server that answers.

    Attributes:
        url: Where it listens.
        pid: Its first process; workers are its children.
        start_seconds: From the start of the process to the first answer of `/health`.
    """

    url: str
    pid: int
    start_seconds: float


@dataclass(frozen=True, slots=True)
class Configured:
    """What an action server is configured for.

    Attributes:
        languages: Those of its customers.
        keeps: Whether answers of GES are kept for some seconds, as they are by default.
    """

    languages: tuple[str, ...] = LANGUAGES
    keeps: bool = True

    def text(self) -> str:
        """The configuration file."""
        topics = Template(_CONFIG).substitute(languages=", ".join(self.languages))
        return topics + ("" if self.keeps else _NOTHING_KEPT)


_AS_USUAL: Final = Configured()


@contextlib.contextmanager
def action_server(
    package: str,
    ges: Mapping[str, str],
    *,
    workers: int = 1,
    configured: Configured = _AS_USUAL,
    timed: bool = False,
) -> Iterator[RunningServer]:
    """Start an action server, and end it with all its workers.

    Args:
        package: Package of actions.
        ges: What the contact centre said when it was started.
        workers: How many workers.
        configured: What for.
        timed: Whether it tells in response headers how long it waited for GES.
    """
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "callback.yml")
        config.write_text(configured.text(), encoding="utf-8")
        port = _free_port()
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "SANIC_HOST": "127.0.0.1",
            "ACTION_SERVER_SANIC_WORKERS": str(workers),
            "CALLBACK_CONFIG": str(config),
            "CALLBACK_ACTIONS_SECRET": _SECRET,
            # One peer asks for all, as fast as it can.
            "CALLBACK_ACTIONS_CALLS_PER_PEER": _NO_RATE,
            "CALLBACK_ACTIONS_CALLS_IN_ALL": _NO_RATE,
            "GES_BASE_URL": ges["ges"],
            "GES_API_KEY": ges["key"],
            **({timing.VARIABLE: "1"} if timed else {}),
        }
        log = Path(folder, "log")
        began = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own server, no shell
                [sys.executable, "-m", "rasa_sdk", "--actions", package, "-p", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_up(url, process, log)
            start_seconds = time.perf_counter() - began
            _check_ready(url, log)
            yield RunningServer(url, process.pid, start_seconds)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_up(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health"):  # noqa: S310 - http, our own server
                return
        except OSError:
            time.sleep(_LOOK_EVERY_SECONDS)
    raise ServerNotUpError(log.read_text(errors="replace"))


def _check_ready(url: str, log: Path) -> None:
    """See that the assistant can serve; a server without it knows no such route."""
    try:
        with urllib.request.urlopen(f"{url}/ready"):  # noqa: S310 - http, our own server
            return
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
            raise ServerNotUpError(log.read_text(errors="replace")) from error


@contextlib.asynccontextmanager
async def posting(server: RunningServer) -> AsyncIterator[Post]:
    """Post calls to a server over a pool of any size; an answer other than 200 is an error."""
    patience = aiohttp.ClientTimeout(total=None, sock_read=120)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=patience) as session:

        async def post(body: bytes) -> Answer:
            headers = {"content-type": "application/json", **SHOWN}
            url = f"{server.url}/webhook"
            async with session.post(url, data=body, headers=headers, raise_for_status=True) as got:
                return Answer(
                    json.loads(await got.read()),
                    float(got.headers.get(timing.OWN_MS, 0)),
                    float(got.headers.get(timing.GES_MS, 0)),
                )

        yield post
