"""The command as a process: what it says, how it stops, and what survives when it is killed."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

COMMAND = (sys.executable, "-c", "from ges_connector.cli import main; main()", "sandbox")
HEADERS = {"x-api-key": "sandbox-key"}
PATIENCE_SECONDS = 60
"""A process that hangs fails its test instead of hanging the run."""


@dataclass(frozen=True)
class Running:
    process: asyncio.subprocess.Process
    ready: dict[str, str]


async def spawn(*options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def running(*options: str) -> AsyncIterator[Running]:
    process = await spawn("--port", "0", "--json", *options)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            ready = json.loads(await process.stdout.readline())
        yield Running(process, ready)
    finally:
        if process.returncode is None:
            signal_to(process, signal.SIGKILL)
        await outcome(process)


async def outcome(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    """What a process has written when it has ended."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await process.communicate()


def signal_to(process: asyncio.subprocess.Process, which: signal.Signals) -> None:
    """Sends a signal without asking for the exit status first, which asyncio itself waits for."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, which)


async def refused(*options: str) -> str:
    process = await spawn(*options)
    out, err = await outcome(process)
    assert process.returncode == 2
    assert out == b""
    assert b"Traceback" not in err
    return err.decode()


async def book(http: aiohttp.ClientSession, base_url: str, number: int) -> str | None:
    booking = {
        "serviceName": "Night_Line",
        "phoneNumber": f"+4930231250{number % 100:02}{number // 100:02}",
        "desiredTime": f"2026-01-13T{1 + number % 5:02}:{number // 5 % 12 * 5:02}:00.000Z",
    }
    try:
        async with http.post(f"{base_url}/callbacks/create", json=booking) as answer:
            content: Any = await answer.json()
    except aiohttp.ClientError:
        return None
    return str(content["data"]["id"]) if answer.status == 200 else None


async def test_nothing_acknowledged_is_lost_when_killed_under_load(tmp_path: Path) -> None:
    seed, state = tmp_path / "seed.yml", tmp_path / "state.db"
    seed.write_text(STANDING_SEED)
    options = ("--seed", str(seed), "--state", str(state))
    acknowledged: list[str] = []
    async with running(*options) as first, aiohttp.ClientSession(headers=HEADERS) as http:

        async def keep_booking(start: int) -> None:
            for number in range(start, 100_000, 8):
                callback_id = await book(http, first.ready["ges"], number)
                if callback_id is None:
                    return
                acknowledged.append(callback_id)
                if len(acknowledged) == 100:
                    signal_to(first.process, signal.SIGKILL)

        await asyncio.gather(*(keep_booking(start) for start in range(8)))
    assert first.process.returncode == -signal.SIGKILL
    assert len(acknowledged) >= 100
    async with running(*options) as second, aiohttp.ClientSession(headers=HEADERS) as http:
        for callback_id in acknowledged:
            url = f"{second.ready['ges']}/callbacks/retrieve"
            async with http.post(url, json={"id": callback_id}) as answer:
                assert answer.status == 200
                assert (await answer.json())["data"]["id"] == callback_id
        async with http.get(f"{second.ready['admin']}/state") as answer:
            kept = [callback["id"] for callback in (await answer.json())["callbacks"]]
    assert len(kept) == len(set(kept))
    # Beyond what was acknowledged, at most what was on its way to each of the eight callers.
    assert len(acknowledged) <= len(kept) <= len(acknowledged) + 8


STANDING_SEED = """
clock: {mode: frozen, at: 2026-01-12T15:00:00Z}
tenants:
  - name: Lakeside
    keys: [{key: sandbox-key}]
    services:
      - name: Night_Line
        default_country: DE
        in_queue_check: "off"
        bucket_places: 100000
        windows: [{limit: 1000000, seconds: 300}]
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_in_good_order_when_told(sent: signal.Signals) -> None:
    async with running() as started:
        signal_to(started.process, sent)
        out, err = await outcome(started.process)
        assert (started.process.returncode, out, err) == (0, b"", b"")


async def test_the_line_when_ready_says_where_and_with_which_key() -> None:
    async with running() as started, aiohttp.ClientSession() as http:
        assert started.ready["ges"].endswith("/engagement/v3")
        assert started.ready["key"] == "sandbox-key"
        async with http.get(f"{started.ready['admin']}/clock") as answer:
            assert (await answer.json())["mode"] == "real"


async def test_the_welcome_shows_a_call_that_works() -> None:
    process = await spawn("--port", "0")
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "Ctrl+C" not in lines[-1]:
        lines.append((await process.stdout.readline()).decode())
        assert lines[-1], "it ended before it was ready"
    signal_to(process, signal.SIGTERM)
    await outcome(process)
    (example,) = [line for line in lines if "curl" in line]
    assert "x-api-key: sandbox-key" in example
    assert "/engagement/v3/callbacks/queue-status/Billing_DE" in example


async def test_a_port_in_use_is_one_clear_line() -> None:
    async with running() as first:
        port = first.ready["ges"].split(":")[2].split("/")[0]
        assert await refused("--port", port) == (
            f"127.0.0.1 port {port} is in use; choose another with --port, or --port 0 for any "
            "free one\n"
        )


async def test_every_fault_of_a_seed_is_a_line(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yml"
    seed.write_text("tenants: [{name: x, services: [{name: a, bucket_minutes: 7}]}]\ncolour: red\n")
    lines = (await refused("--seed", str(seed))).splitlines()
    assert all(line.startswith(f"{seed}: ") for line in lines)
    for place in ("tenants.0.keys", "tenants.0.services.0.bucket_minutes", "colour"):
        assert any(line.startswith(f"{seed}: {place}: ") for line in lines)


async def test_a_seed_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in await refused("--seed", str(tmp_path / "none.yml"))


async def test_a_state_file_of_something_else_is_told(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("dear editor\n" * 100)
    assert await refused("--state", str(letter)) == (
        f"the state file {letter} is no state file of a sandbox\n"
    )


async def test_a_wrong_option_is_told() -> None:
    assert "--prot" in await refused("--prot", "1")
