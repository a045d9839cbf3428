"""How properties are tried, and fixtures that speak to the sandbox as bytes, below any client."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings

from ges_connector.sandbox.sandbox import Sandbox

BASE = "/engagement/v3/"

# No example is timed: machines are noisy, and speed is measured in bench/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@dataclass(frozen=True)
class RawAnswer:
    """An answer of the sandbox, read as JSON where it is JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> Any:
        return self.json["status"]["code"]

    @property
    def message(self) -> str:
        return str(self.json["status"]["message"])

    @property
    def data(self) -> Any:
        return self.json["data"]


class RawCalls:
    """Calls a sandbox with exactly the bytes given."""

    def __init__(self, sandbox: Sandbox, key: str | None = "sandbox-key") -> None:
        self.sandbox = sandbox
        self.headers = {"content-type": "application/json", "accept": "application/json"}
        if key is not None:
            self.headers["x-api-key"] = key

    async def send(
        self,
        method: str,
        path: str,
        query: str = "",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> RawAnswer:
        merged = {**self.headers, **(headers or {})}
        answer = await self.sandbox.answer(method, path, query, merged, body)
        return RawAnswer(answer.status, answer.headers, answer.body)

    async def get(
        self, path: str, query: str = "", headers: Mapping[str, str] | None = None
    ) -> RawAnswer:
        """GET below the base path of GES."""
        return await self.send("GET", f"{BASE}{path}", query, headers=headers)

    async def post(
        self, path: str, content: Any, headers: Mapping[str, str] | None = None
    ) -> RawAnswer:
        """POST JSON below the base path of GES."""
        return await self.send(
            "POST", f"{BASE}{path}", body=json.dumps(content).encode(), headers=headers
        )

    async def admin(
        self, method: str, path: str, content: Any = None, query: str = ""
    ) -> RawAnswer:
        """A call of the sandbox's own API."""
        body = b"" if content is None else json.dumps(content).encode()
        return await self.send(method, f"/sandbox{path}", query, body)


@pytest.fixture
def raw(ges_sandbox: Sandbox) -> RawCalls:
    """Raw calls of `ges_sandbox` with the key of its first tenant."""
    return RawCalls(ges_sandbox)
