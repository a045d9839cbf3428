"""The flows as they are, and conversations that walk them with the real actions and the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from rasa_sdk.executor import ActionExecutor

from actions import flow_facts, runtime
from ges_connector.callbacks import CallbackConfig, CallbackService
from ges_connector.flows import Facts, Walker, read_domain, read_flows
from ges_connector.testing.contact_centre import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from ges_connector.flows import Flows
    from ges_connector.sandbox.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "ges_connector" / "demo" / "callback.yml"
BERLINER = {"locale": "en-GB", "timezone": "Europe/Berlin"}


@pytest.fixture(scope="session")
def flows() -> Flows:
    return read_flows(ROOT / "data" / "calm")


@pytest.fixture(scope="session")
def domain() -> dict[str, dict[str, Any]]:
    return read_domain(ROOT / "domain" / "calm")


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    made = ActionExecutor()
    made.register_package("actions")
    return made


@pytest.fixture(scope="session")
def facts(executor: ActionExecutor) -> Facts:
    return Facts(
        frozenset(executor.actions),
        flow_facts.SILENT,
        flow_facts.OUTCOMES,
        flow_facts.ELSEWHERE,
    )


@pytest.fixture
def config() -> CallbackConfig:
    return CallbackConfig.from_yaml(DEMO.read_text(encoding="utf-8"))


@pytest_asyncio.fixture
async def centre(ges_sandbox: Sandbox, config: CallbackConfig) -> AsyncIterator[Sandbox]:
    """The contact centre that the actions of this test talk to, on a Monday afternoon."""
    clock = ges_sandbox.world.clock.now
    service = CallbackService(lambda: client_of(ges_sandbox), config, clock=clock)
    opened = runtime.Runtime(config, runtime.wording(), service, clock)
    with runtime.using(opened):
        yield ges_sandbox
    await service.aclose()


@pytest.fixture
def walk(
    flows: Flows, domain: dict[str, Any], executor: ActionExecutor, centre: Sandbox
) -> Callable[..., Walker]:
    """Opens a conversation."""
    assert centre is not None

    async def run(name: str, call: dict[str, Any]) -> Mapping[str, Any]:
        result = await executor.run(call)
        assert result is not None, name
        return {"events": result.events, "responses": result.responses}

    def opened(**options: Any) -> Walker:
        metadata = {**BERLINER, **options.pop("metadata", {})}
        return Walker(flows, domain, run, metadata=metadata, **options)

    return opened
