"""How properties are tried, what was counted, and calls of the sandbox as bytes."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings
from opentelemetry import metrics
from prometheus_client import CollectorRegistry

from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.telemetry.exposition import PrometheusMeterProvider

BASE = "/engagement/v3/"

# No example is timed: machines are noisy, and speed is measured in bench/. A gate says the same of
# the same commit however often it is asked; whoever sits at a desk tries other examples each time.
settings.register_profile("desk", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "desk")


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


@pytest.fixture(scope="session")
def counting() -> CollectorRegistry:
    """Where all that this process measures is counted; there is only one such place a process."""
    registry = CollectorRegistry()
    metrics.set_meter_provider(PrometheusMeterProvider(registry))
    return registry


@pytest.fixture
def counted(counting: CollectorRegistry) -> Callable[..., float]:
    """Tells by how much a series has grown since the test began."""

    def read() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for metric in counting.collect()
            for sample in metric.samples
        }

    before = read()

    def grown(name: str, **labels: str) -> float:
        series = (name, frozenset(labels.items()))
        return read().get(series, 0.0) - before.get(series, 0.0)

    return grown
