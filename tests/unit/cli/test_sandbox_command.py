import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner

from ges_connector.cli.app import app
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import read_seed
from ges_connector.sandbox.store import Store


@contextmanager
def started(*options: str) -> Iterator[dict[str, str]]:
    """The command in a process of its own, stopped the way Ctrl+C stops it."""
    command = [sys.executable, "-m", "ges_connector.cli", "sandbox", "--port", "0", "--json"]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        if process.stdout is not None:
            process.stdout.close()


async def test_the_clock_starts_where_it_is_told_and_stands_still_when_told() -> None:
    with started("--at", "2026-01-05T10:00+01:00", "--frozen") as ready:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{ready['admin']}/clock") as answer,
        ):
            assert await answer.json() == {"mode": "frozen", "now": "2026-01-05T09:00:00.000Z"}


@pytest.mark.parametrize("at", ["yesterday", "2026-01-05T10:00", "2026-13-05T10:00Z", ""])
def test_a_start_that_is_no_instant_is_told_with_an_example(at: str) -> None:
    # An address of another machine: should the time be taken, nothing starts to run for ever.
    result = CliRunner().invoke(app, ["sandbox", "--host", "192.0.2.1", "--port", "0", "--at", at])
    assert result.exit_code == 2
    assert "2026-01-05T10:00+01:00" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("options", [["--frozen"], ["--at", "2026-01-05T10:00+01:00"]])
def test_a_clock_that_was_kept_is_not_silently_preferred(
    tmp_path: Path, options: list[str]
) -> None:
    state = tmp_path / "state.db"
    earlier = Sandbox.from_seed(read_seed(), store=Store(state))
    earlier.tick()
    earlier.close()
    elsewhere = ["--host", "192.0.2.1", "--port", "0"]
    result = CliRunner().invoke(app, ["sandbox", *elsewhere, "--state", str(state), *options])
    assert result.exit_code == 2
    assert "has a clock of its own" in result.stderr
    assert "PUT /sandbox/clock" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "1960-01-05T10:00Z"])
def test_a_start_out_of_reach_is_told_with_the_bounds(at: str) -> None:
    result = CliRunner().invoke(app, ["sandbox", "--host", "192.0.2.1", "--port", "0", "--at", at])
    assert result.exit_code == 2
    assert "between the years 1971 and 9000" in result.stderr
