"""Real action servers, as a deployment starts them, and raw connections to them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ges_connector.testing.contact_centre import built_in_seed, running_server, standing_sandbox

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    from ges_connector.testing.contact_centre import RunningServer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
OLD, NEW = "old-t7Vq2Zx9Lm4Rb8Wd3Kc6", "new-p5Hn1Yj8Gf4Sx7Qa2Ve9"
CUSTOMER = "+493023125011"
WORDS = "planted words of a customer"


@dataclass(frozen=True)
class ActionServer:
    """One that answers.

    Attributes:
        url: Where it listens.
        log: What it has written so far.
    """

    url: str
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    @property
    def written(self) -> str:
        return self.log.read_text(errors="replace")

    def ask(
        self, method: str, path: str, *, secret: str | None = NEW, **more: Any
    ) -> httpx.Response:
        """Send a request that shows a secret."""
        shown = {} if secret is None else {"authorization": f"Bearer {secret}"}
        headers = {**shown, **more.pop("headers", {})}
        return httpx.request(
            method, f"{self.url}{path}", headers=headers, trust_env=False, timeout=30, **more
        )

    def call(self, action: str = "action_tell_wait", **more: Any) -> httpx.Response:
        """Have an action carried out."""
        return self.ask("POST", "/webhook", content=call(action), **more)


def call(action: str = "action_tell_wait", slots: Mapping[str, Any] | None = None) -> bytes:
    """What the engine sends for an action."""
    message = {"intent": {"name": "ask_wait"}, "entities": [], "text": WORDS, "metadata": {}}
    content = {
        "next_action": action,
        "sender_id": CUSTOMER,
        "tracker": {
            "sender_id": CUSTOMER,
            "slots": dict(slots or {}),
            "latest_message": message,
            "events": [],
            "active_loop": {},
        },
        "version": "3.21.1",
    }
    return json.dumps(content).encode()


@contextmanager
def action_server(
    folder: Path,
    ges: RunningServer,
    *options: str,
    tls: ssl.SSLContext | None = None,
    environment: Mapping[str, str],
) -> Iterator[ActionServer]:
    """Start an action server, and leave no process of it behind."""
    process, port, log = started(folder, ges, *options, **environment)
    try:
        url = f"{'http' if tls is None else 'https'}://127.0.0.1:{port}"
        _wait_until_up(url, process, log, tls)
        yield ActionServer(url, log)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def started(
    folder: Path, ges: RunningServer, *options: str, **environment: str
) -> tuple[subprocess.Popen[bytes], int, Path]:
    """Start an action server; whether it will listen is another matter."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    log = folder / f"actions-{port}.log"
    command = ["-m", "rasa_sdk", "--actions", "actions", "-p", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={
                **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
                "SANIC_HOST": "127.0.0.1",
                "GES_BASE_URL": ges.base_url,
                "GES_API_KEY": ges.key,
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return process, port, log


def _wait_until_up(
    url: str, process: subprocess.Popen[bytes], log: Path, tls: ssl.SSLContext | None
) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    with httpx.Client(trust_env=False, verify=tls or False) as http:
        while time.monotonic() < until:
            assert process.poll() is None, log.read_text(errors="replace")
            try:
                if http.get(f"{url}/health").is_success:
                    return
            except httpx.TransportError:
                continue
    pytest.fail(log.read_text(errors="replace"))


@pytest.fixture(scope="module")
def ges() -> Iterator[RunningServer]:
    """One contact centre for the servers of a module, its clock standing at its first Monday."""
    from ges_connector.testing import MONDAY  # noqa: PLC0415 - a name of the package's plugin

    with running_server(standing_sandbox(MONDAY, built_in_seed())) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ges: RunningServer) -> Iterator[ActionServer]:
    """An action server that takes either of two secrets and writes down all it can."""
    everything = {
        "CALLBACK_ACTIONS_SECRET": f"{OLD} {NEW}",
        "CALLBACK_LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
    }
    with action_server(
        tmp_path_factory.mktemp("actions"), ges, "--debug", environment=everything
    ) as started:
        yield started


@pytest.fixture
def start(tmp_path: Path, ges: RunningServer) -> Iterator[Any]:
    """Start more servers with another environment."""
    with ExitStack() as stack:

        def begin(*options: str, tls: Any = None, **environment: str) -> ActionServer:
            given = {"CALLBACK_ACTIONS_SECRET": NEW, **environment}
            return stack.enter_context(
                action_server(tmp_path, ges, *options, tls=tls, environment=given)
            )

        yield begin


@pytest.fixture
def refuse(tmp_path: Path, ges: RunningServer) -> Any:
    """Start a server that will not open; returns what it wrote."""

    def end(**environment: str) -> str:
        process, _, log = started(tmp_path, ges, **environment)
        try:
            code = process.wait(PATIENCE_SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        assert code == 1, log.read_text(errors="replace")
        return log.read_text(errors="replace")

    return end
