"""`ges-callback sandbox`: a contact centre on a port of this machine."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from ges_connector.sandbox.loopback import is_loopback_address
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import Clock, SandboxSeed, SeedError, read_seed
from ges_connector.sandbox.server import PortError, SandboxServer
from ges_connector.sandbox.store import Store, StoreError
from ges_connector.sandbox.surface.routes import BASE_PATH


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("sandbox")(sandbox)


def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")
    ] = 8080,
    seed: Annotated[
        Path | None, typer.Option(help="Contact centre as YAML; a small one is built in.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="File that keeps callbacks over a restart.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Where the clock starts, with an offset: 2026-01-05T10:00+01:00.",
        ),
    ] = None,
    *,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="The clock stands still until it is advanced.")
    ] = False,
    json_line: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON when ready, for scripts.")
    ] = False,
) -> None:
    """Run a contact centre to develop and test against.

    Example: ges-callback sandbox --at 2026-01-05T10:00+01:00 --port 8080
    """
    try:
        read = _with_clock(read_seed(seed), at, frozen=frozen)
        store = _opened(state, sets_clock=at is not None or frozen) if state else None
        asyncio.run(_serve(read, store, host, port, json_line=json_line))
    except SeedError as error:
        for fault in error.faults:
            sys.stderr.write(f"{error.source}: {fault.removeprefix('it ')}\n")
        raise typer.Exit(2) from None
    except (StoreError, PortError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from None


def _with_clock(seed: SandboxSeed, at: str | None, *, frozen: bool) -> SandboxSeed:
    if at is None and not frozen:
        return seed
    clock = {"mode": "frozen" if frozen else "real", "at": seed.clock.at if at is None else at}
    try:
        return seed.model_copy(update={"clock": Clock.model_validate(clock)})
    except ValidationError as error:
        why = "is no point in time; write date, time and offset, such as 2026-01-05T10:00+01:00"
        if error.errors()[0]["type"] == "value_error":
            why = f"lies out of reach; {error.errors()[0]['msg'].removeprefix('Value error, ')}"
        raise SeedError("--at", (f"{at!r} {why}",)) from None


def _opened(path: Path, *, sets_clock: bool) -> Store:
    store = Store(path)
    if sets_clock and store.has_clock:
        store.close()
        raise StoreError(
            f"the state file {path} has a clock of its own, which --at and --frozen cannot set; "
            "leave them out and move it with PUT /sandbox/clock, or name another file"
        )
    return store


async def _serve(
    seed: SandboxSeed, store: Store | None, host: str, port: int, *, json_line: bool
) -> None:
    told_to_stop = _when_told_to_stop()
    try:
        sandbox = Sandbox.from_seed(seed, store=store)
        async with SandboxServer(sandbox, host=host, port=port) as server:
            print_ready = _print_json if json_line else _print_welcome
            print_ready(server.url, seed)
            if not is_loopback_address(host):
                sys.stderr.write(
                    "careful: everyone who reaches this address can read and change everything\n"
                )
            await told_to_stop.wait()
    finally:
        if store is not None:
            store.close()


def _when_told_to_stop() -> asyncio.Event:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, told.set)
    return told


def _first_key(seed: SandboxSeed) -> str | None:
    keys = [key.key for tenant in seed.tenants for key in tenant.keys if key.enabled]
    return keys[0] if keys else None


def _print_json(url: str, seed: SandboxSeed) -> None:
    ready = {
        "ges": f"{url}{BASE_PATH.rstrip('/')}",
        "admin": f"{url}/sandbox",
        "key": _first_key(seed),
    }
    typer.echo(json.dumps(ready))
    sys.stdout.flush()


def _print_welcome(url: str, seed: SandboxSeed) -> None:
    key = _first_key(seed) or "(no key is enabled)"
    queue = seed.tenants[0].services[0].name
    typer.echo(
        f"The sandbox listens on {url}\n"
        f"  GES    {url}{BASE_PATH.rstrip('/')}  with the header x-api-key: {key}\n"
        f"  Admin  {url}/sandbox  described in {url}/sandbox/openapi.json\n"
        "\n"
        "Try it:\n"
        f"  curl -H 'x-api-key: {key}' {url}{BASE_PATH}callbacks/queue-status/{queue}\n"
        "\n"
        "Ctrl+C stops it."
    )
    sys.stdout.flush()
