"""The flows as they are, and conversations that walk them with the real actions and the sandbox."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from rasa_sdk.executor import ActionExecutor

from actions import flow_facts, runtime
from actions.calm import ASIDE, NEXT
from ges_connector.callbacks import CallbackConfig, CallbackService
from ges_connector.flows import Facts, Project, Walker, read_project
from ges_connector.language import warm_up
from ges_connector.testing.contact_centre import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from ges_connector.flows import Flows
    from ges_connector.sandbox.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "ges_connector" / "demo" / "callback.yml"
BERLINER = {"locale": "en-GB", "timezone": "Europe/Berlin"}


@pytest.fixture(scope="session")
def project() -> Project:
    return read_project(ROOT / "data" / "calm", ROOT / "domain" / "calm")


@pytest.fixture(scope="session")
def flows(project: Project) -> Flows:
    return project.flows


@pytest.fixture(scope="session")
def domain(project: Project) -> dict[str, dict[str, Any]]:
    return project.domain


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    # As a server does when it starts: a first message in German is to wait for nothing.
    warm_up(["en-GB", "de-DE", "es-ES", "fr-FR"])
    made = ActionExecutor()
    made.register_package("actions")
    return made


@pytest.fixture(scope="session")
def facts(executor: ActionExecutor) -> Facts:
    return flow_facts.facts(executor.actions)


@pytest.fixture(scope="session")
def config() -> CallbackConfig:
    return CallbackConfig.from_yaml(DEMO.read_text(encoding="utf-8"))


@pytest_asyncio.fixture
async def centre(ges_sandbox: Sandbox, config: CallbackConfig) -> AsyncIterator[Sandbox]:
    """The contact centre that the actions of this test talk to, on a Monday afternoon."""
    async with talking_to(ges_sandbox, config):
        yield ges_sandbox


@asynccontextmanager
async def talking_to(sandbox: Sandbox, config: CallbackConfig) -> AsyncIterator[None]:
    """Have the actions talk to this contact centre."""
    clock = sandbox.world.clock.now
    service = CallbackService(lambda: client_of(sandbox), config, clock=clock)
    with runtime.using(runtime.Runtime(config, runtime.wording(), service, clock)):
        yield
    await service.aclose()


@pytest.fixture
def elsewhere(config: CallbackConfig) -> Callable[[Sandbox], AbstractAsyncContextManager[None]]:
    """Has the actions talk to another contact centre for a while."""
    return lambda sandbox: talking_to(sandbox, config)


@pytest.fixture
def walk(
    flows: Flows, domain: dict[str, Any], executor: ActionExecutor, facts: Facts, centre: Sandbox
) -> Callable[..., Walker]:
    """Opens a conversation, in which no action sets what `flow_facts` does not tell of it."""
    assert centre is not None

    async def run(name: str, call: dict[str, Any]) -> Mapping[str, Any]:
        result = await executor.run(call)
        assert result is not None, name
        told = {each["name"]: each["value"] for each in result.events if each["event"] == "slot"}
        for slot, possible in facts.outcomes.get(name, {}).items():
            is_for_another = slot == NEXT and told.get(ASIDE) is True
            assert is_for_another or told.get(slot) in {None, *possible}, (name, slot)
        return {"events": result.events, "responses": result.responses}

    def opened(**options: Any) -> Walker:
        metadata = {**BERLINER, **options.pop("metadata", {})}
        return Walker(flows, domain, run, metadata=metadata, **options)

    return opened


@pytest.fixture
def forms(executor: ActionExecutor, centre: Sandbox) -> Forms:
    """A conversation of the other engine, as far as a form decides in it."""
    assert centre is not None
    return Forms(executor)


class Forms:
    """Runs the form's validator, and what it leads to."""

    def __init__(self, executor: ActionExecutor) -> None:
        self._executor = executor
        self.slots: dict[str, Any] = {}
        self.ran: list[str] = []
        self._messages = 0

    async def say(self, text: str, intent: str, form: str = "callback_form") -> None:
        """Take one message while a form is open."""
        await self._run(f"validate_{form}", text, intent, form)
        requested = self.slots.get("requested_slot")
        asking = f"action_submit_{form}" if requested is None else f"action_ask_{requested}"
        await self._run(asking, text, intent, form)

    async def _run(self, action: str, text: str, intent: str, form: str) -> None:
        self._messages += 1
        message = {"text": text, "intent": {"name": intent}, "entities": [], "metadata": BERLINER}
        is_open = self.slots.get("requested_slot") is not None
        call = {
            "next_action": action,
            "sender_id": "conversation-of-forms",
            "tracker": {
                "sender_id": "conversation-of-forms",
                "slots": dict(self.slots),
                "latest_message": message,
                "events": [{"event": "user", "input_channel": "rest", **message}],
                "active_loop": {"name": form} if is_open else {},
                "latest_action_name": "action_listen",
                "paused": False,
                "followup_action": None,
            },
            "domain": {"slots": {}},
        }
        result = await self._executor.run(call)
        assert result is not None
        self.ran.append(action)
        self.slots |= {
            each["name"]: each["value"] for each in result.events if each["event"] == "slot"
        }
