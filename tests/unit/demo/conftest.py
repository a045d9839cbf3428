"""Small programs that stand in for sandbox, action server, training and engine."""

from __future__ import annotations

import os
import select
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ges_connector.demo.plan import Announces, Answers, Job, Plan, Service

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Every stand-in leaves its process id, so that a test can look for it afterwards.
_PROLOGUE = "import os, pathlib, sys\npathlib.Path('{pids}', str(os.getpid())).touch()\n"

_SERVE = """
import http.server
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", {port}), Ready).serve_forever()
"""

_ANNOUNCE = """
import json, signal
print("warming up", flush=True)
print(json.dumps({"ges": "http://127.0.0.1:1/v3", "admin": "x", "key": "planted-key"}), flush=True)
signal.pause()
"""

_TRAIN = """
pathlib.Path('{leaves}').parent.mkdir(parents=True, exist_ok=True)
pathlib.Path('{leaves}').write_text("a model")
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_gone(pid: int) -> bool:
    """Wait for the end of any process, ours or not; False if it goes on."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        return bool(poller.poll(5_000))
    finally:
        os.close(handle)


@dataclass(frozen=True)
class StandIns:
    directory: Path

    @property
    def pids(self) -> Path:
        return self.directory / "pids"

    def started(self) -> list[int]:
        return sorted(int(entry.name) for entry in self.pids.iterdir())

    def survivors(self) -> list[int]:
        return [pid for pid in self.started() if not wait_until_gone(pid)]

    def argv(self, script: str) -> tuple[str, ...]:
        prologue = _PROLOGUE.replace("{pids}", str(self.pids))
        return (sys.executable, "-c", prologue + script)

    def announcer(self, script: str = _ANNOUNCE) -> Service:
        return Service(
            name="sandbox",
            argv=self.argv(script),
            directory=self.directory,
            patience_seconds=30,
            ready=Announces(frozenset({"ges", "key"})),
        )

    def server(
        self, name: str, port: int, before: str = "", patience_seconds: float = 30
    ) -> Service:
        return Service(
            name=name,
            argv=self.argv(before + _SERVE.replace("{port}", str(port))),
            directory=self.directory,
            patience_seconds=patience_seconds,
            ready=Answers(f"http://127.0.0.1:{port}/health"),
        )

    def job(self, script: str = _TRAIN) -> Job:
        leaves = self.directory / "out" / "m.tar.gz"
        return Job(
            name="training",
            argv=self.argv(script.replace("{leaves}", str(leaves))),
            directory=self.directory,
            patience_seconds=30,
            leaves=leaves,
            target=self.directory / "models" / "m.tar.gz",
        )

    def plan(
        self,
        *,
        sandbox: Service | None = None,
        actions: Service | None = None,
        training: Job | None = None,
        engine: Service | None = None,
    ) -> Plan:
        made = actions or self.server("actions", free_port())
        return Plan(
            sandbox=sandbox or self.announcer(),
            actions=lambda _announcement: made,
            training=training,
            engine=engine or self.server("engine", free_port()),
            actions_url="http://127.0.0.1:2",
            rasa_url="http://127.0.0.1:3",
        )


@pytest.fixture
def stand_ins(tmp_path: Path) -> StandIns:
    made = StandIns(tmp_path / "stand-ins")
    made.pids.mkdir(parents=True)
    return made


@pytest.fixture(autouse=True)
def _temporary_files_of_a_test_stay_in_its_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def say(said: list[str]) -> Callable[[str], None]:
    return said.append
