"""What the fixtures give out: sandboxes, clients for them, and servers in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from pydantic import SecretStr

from ges_connector.api import GesClient, GesSettings, in_process
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import Clock, SandboxSeed, read_seed
from ges_connector.sandbox.server import SandboxServer
from ges_connector.sandbox.surface.routes import BASE_PATH

_IN_PROCESS_URL = "http://sandbox.invalid"


@cache
def built_in_seed() -> SandboxSeed:
    """The contact centre that ships; read once, as it is frozen and every test wants it."""
    return read_seed()


def standing_sandbox(at: datetime, seed: SandboxSeed | None = None) -> Sandbox:
    """Opens a contact centre whose clock stands still.

    Args:
        at: Where the clock stands; aware.
        seed: The contact centre; the one that ships when absent.
    """
    chosen = seed or built_in_seed()
    return Sandbox.from_seed(chosen.model_copy(update={"clock": Clock(mode="frozen", at=at)}))


def first_key(sandbox: Sandbox) -> str:
    """A key of the first tenant."""
    return sandbox.world.seed.tenants[0].keys[0].key


def settings_for(base_url: str, key: str) -> GesSettings:
    """Settings of a client that look at nothing in the environment but its patience."""
    return GesSettings(
        base_url=base_url, api_key=SecretStr(key), region=None, api_key_file=None, proxy_url=None
    )


def client_of(sandbox: Sandbox, key: str | None = None) -> GesClient:
    """A client that talks to a sandbox in-process; it opens nothing and needs no closing."""
    settings = settings_for(f"{_IN_PROCESS_URL}{BASE_PATH.rstrip('/')}", key or first_key(sandbox))
    return GesClient(settings, http=in_process(sandbox))


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A sandbox on a port of loopback.

    Attributes:
        base_url: Where GES is, as the client's settings want it.
        admin_url: Where the sandbox's own API is.
        key: A key of the first tenant.
    """

    base_url: str
    admin_url: str
    key: str = field(repr=False)

    def client(self) -> GesClient:
        """A client of this server; close it, or use it as an async context manager."""
        return GesClient(settings_for(self.base_url, self.key))


@contextmanager
def running_server(sandbox: Sandbox) -> Iterator[RunningServer]:
    """Serves a sandbox on a free port from a thread of its own.

    The sandbox belongs to that thread meanwhile: drive it over its admin API.
    """
    ready: Future[str] = Future()
    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()
    thread = threading.Thread(
        target=_run, args=(loop, sandbox, ready, stopped), name="ges-sandbox", daemon=True
    )
    thread.start()
    try:
        url = ready.result()
        yield RunningServer(f"{url}{BASE_PATH.rstrip('/')}", f"{url}/sandbox", first_key(sandbox))
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stopped.set)
        thread.join()


def _run(
    loop: asyncio.AbstractEventLoop,
    sandbox: Sandbox,
    ready: "Future[str]",
    stopped: asyncio.Event,
) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(_serve(sandbox, ready, stopped))


async def _serve(sandbox: Sandbox, ready: "Future[str]", stopped: asyncio.Event) -> None:
    try:
        async with SandboxServer(sandbox, port=0) as server:
            ready.set_result(server.url)
            await stopped.wait()
    except Exception as error:
        if ready.done():
            raise
        ready.set_exception(error)
