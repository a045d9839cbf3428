"""What the tests of the documents share: the documents, their commands, and a sandbox for them."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import Clock, read_seed
from ges_connector.testing.contact_centre import RunningServer, running_server

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://127.0.0.1:8080"
MARKED = re.compile(
    r"<!-- (?P<mark>[^\n]*?) -->\n+```(?P<language>\w*)\n(?P<code>.*?)```", re.DOTALL
)


@dataclass(frozen=True)
class Document:
    """A page of the documentation."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def blocks(self, mark: str, language: str) -> list[str]:
        """The code under a comment, in the order of the page."""
        return [
            found["code"]
            for found in MARKED.finditer(self.text)
            if (found["mark"], found["language"]) == (mark, language)
        ]

    def commands(self, language: str, server: RunningServer) -> str:
        """What readers are told to run, sent to this sandbox."""
        code = "\n".join(self.blocks("run", language))
        return code.replace(ADDRESS, server.admin_url.removesuffix("/sandbox"))


def _documents() -> dict[str, Document]:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {page.relative_to(ROOT).as_posix(): Document(page) for page in sorted(pages)}


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """All pages by their path."""
    return _documents()


def _running(at: str) -> AbstractContextManager[RunningServer]:
    seed = read_seed().model_copy(update={"clock": Clock(at=datetime.fromisoformat(at))})
    return running_server(Sandbox.from_seed(seed))


@pytest.fixture
def server() -> Iterator[RunningServer]:
    """The sandbox on the Monday morning that the pages tell how to start."""
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    at = re.search(r"sandbox --at ([\d:T+-]+)", page)
    assert at is not None
    with _running(at[1]) as running:
        yield running


@pytest.fixture(
    params=["2026-01-05T10:00+01:00", "2026-01-04T23:30+01:00", "2026-11-20T17:45+01:00"],
    ids=["monday-morning", "sunday-night", "friday-evening"],
)
def server_at_any_time(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    """The sandbox as `make sandbox` starts it, whenever that is."""
    with _running(request.param) as running:
        yield running


async def _run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


@pytest.fixture(scope="session")
def run() -> Callable[..., Awaitable[str]]:
    """Runs a program, which has to succeed, and gives what it wrote."""
    return _run
