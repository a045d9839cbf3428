"""A real server of Redis, or of Valkey, on a free port of loopback; never one that runs already."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from ges_connector.store import InProcessStore, Store
from ges_connector.store.redis_store import RedisStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path


class Server:
    """A server that can be killed and started again, on the same port.

    Args:
        directory: Where it keeps what it keeps.
        options: More options of the server.
    """

    def __init__(self, directory: Path, *options: str) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        assert program is not None, "no redis-server and no valkey-server; run `make redis`"
        self._directory = directory
        self._port = _free_port()
        self._argv = [program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        self._argv += ["--dir", str(directory), *options]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self._directory
        )
        assert self._process.stdout is not None
        said = b""
        for line in self._process.stdout:
            said += line
            if b"Ready to accept connections" in line:
                return
        pytest.fail(said.decode(errors="replace"))

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate()
            self._process = None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Finds a port of loopback that nobody listens on."""
    return _free_port


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server; all are gone after the test."""
    started: list[Server] = []

    def start(*options: str) -> Server:
        server = Server(tmp_path, *options)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """A server that keeps nothing when it ends."""
    return make_server()


@pytest.fixture(params=["in-process", "redis"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Store, Store]]:
    """One store, as two who share it hold it."""
    if request.param == "in-process":
        shared = InProcessStore()
        yield shared, shared
        return
    running: Server = request.getfixturevalue("server")
    # However busy the machine is.
    one, other = (RedisStore(running.url, prefix="test", timeout_seconds=10) for _ in range(2))
    yield one, other
    for store in (one, other):
        await store.aclose()
