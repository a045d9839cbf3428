"""What the README tells its readers to type works."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from ges_connector.api import CallbackRequest, GesUnknownResultError
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import Clock, read_seed
from ges_connector.testing.contact_centre import RunningServer, running_server

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
RUN = re.compile(r"<!-- run -->\n```(?P<language>\w+)\n(?P<code>.*?)```", re.DOTALL)
ADDRESS = "http://127.0.0.1:8080"


@pytest.fixture
def server() -> Iterator[RunningServer]:
    """The sandbox as `make sandbox` starts it."""
    assert "make sandbox" in README
    at = re.search(r"sandbox --at (\S+)", MAKEFILE)
    assert at is not None
    clock = Clock(at=datetime.fromisoformat(at[1]))
    seed = read_seed().model_copy(update={"clock": clock})
    with running_server(Sandbox.from_seed(seed)) as running:
        yield running


def code(language: str, server: RunningServer) -> str:
    parts = [found["code"] for found in RUN.finditer(README) if found["language"] == language]
    return "\n".join(parts).replace(ADDRESS, server.admin_url.removesuffix("/sandbox"))


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


def session(server: RunningServer) -> str:
    """The commands without the last: that one spoils the next booking, and is tried by itself."""
    return code("sh", server).rpartition("\ncurl")[0]


async def test_the_curl_session_books_looks_up_and_cancels(server: RunningServer) -> None:
    said = await run("bash", "-euo", "pipefail", "-c", session(server))
    assert said.count('"code":0') == 5, said
    assert '"callbackState":"SCHEDULED"' in said
    assert '"phoneNumber":"+493023125011"' in said
    assert '"state":"COMPLETED","reason":"CANCELLED"' in said.replace(" ", "")


async def test_the_fault_it_shows_loses_the_answer_of_a_booking_that_took_effect(
    server: RunningServer,
) -> None:
    await run(
        "bash",
        "-euo",
        "pipefail",
        "-c",
        code("sh", server).rpartition("\ncurl")[2].join(("curl", "")),
    )
    async with server.client() as ges:
        with pytest.raises(GesUnknownResultError):
            await ges.create_callback(
                CallbackRequest(service_name="Billing_DE", phone_number="+493023125011")
            )
    said = await run("curl", "-sS", f"{server.admin_url}/state")
    assert '"phone_number":"+493023125011"' in said.replace(" ", "")


async def test_the_client_example_books_and_cancels(server: RunningServer) -> None:
    said = await run(sys.executable, "-c", code("python", server))
    assert "callbacks now: True" in said
    assert "SCHEDULED" in said


def test_the_documents_it_links_to_are_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
