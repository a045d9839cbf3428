import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import pytest
from typer.testing import CliRunner

from ges_connector.cli.app import app


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
