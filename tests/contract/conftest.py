"""The real client against the sandbox, in-process and over HTTP on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from ges_connector.api import GesClient, in_process
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.server import SandboxServer
from ges_connector.testing.contact_centre import settings_for


async def no_pause(_: float) -> None:
    """Repeats at once."""


@dataclass(frozen=True)
class Line:
    """A client and the sandbox at the other end of it."""

    sandbox: Sandbox
    base_url: str
    over_http: bool

    def client(self, key: str = "sandbox-key") -> GesClient:
        return GesClient(
            settings_for(self.base_url, key),
            http=None if self.over_http else in_process(self.sandbox),
            pause=no_pause,
        )


@pytest.fixture(params=["in-process", "http"])
async def line(request: pytest.FixtureRequest, ges_sandbox: Sandbox) -> AsyncIterator[Line]:
    if request.param == "in-process":
        yield Line(ges_sandbox, "http://sandbox.invalid/engagement/v3", over_http=False)
        return
    async with SandboxServer(ges_sandbox, port=0) as server:
        yield Line(ges_sandbox, f"{server.url}/engagement/v3", over_http=True)


@pytest.fixture
async def ges(line: Line) -> AsyncIterator[GesClient]:
    async with line.client() as client:
        yield client
