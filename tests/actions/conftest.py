"""Actions run in process: a tracker in, events and responses out, the sandbox on the far side."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from rasa_sdk.executor import ActionExecutor

from actions import runtime
from ges_connector.callbacks import CallbackConfig, CallbackService
from ges_connector.language import warm_up
from ges_connector.testing.contact_centre import client_of
from tests.actions.dialogue import (
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    CUSTOMERS,
    FORM,
    PHONES,
    SUBMIT,
    SUBMIT_CANCEL,
    drafted,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from ges_connector.api import GesClient
    from ges_connector.sandbox.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "ges_connector" / "demo" / "callback.yml"
CUSTOMER = {
    "locale": "en-GB",
    "timezone": "Europe/Berlin",
    "caller_number": "+493023125011",
}


@dataclass(frozen=True)
class Outcome:
    """What an action answered."""

    events: list[dict[str, Any]]
    responses: list[dict[str, Any]]

    @property
    def said(self) -> list[str]:
        return [each["response"] for each in self.responses]

    @property
    def slots(self) -> dict[str, Any]:
        return {each["name"]: each["value"] for each in self.events if each["event"] == "slot"}

    @property
    def followup(self) -> str | None:
        names = [each["name"] for each in self.events if each["event"] == "followup"]
        return names[0] if names else None

    @property
    def noted(self) -> list[str]:
        """What the next question is to say first."""
        return _responses(self.slots)


@dataclass
class Conversation:
    """One conversation, as the engine would keep it between the actions."""

    executor: ActionExecutor
    slots: dict[str, Any] = field(default_factory=dict)
    metadata: Any = field(default_factory=lambda: dict(CUSTOMER))
    channel: str = "chat"
    sender: str = "conversation-1"

    async def run(
        self,
        action: str,
        text: str = "",
        intent: str | None = "inform",
        *,
        requested: str | None = None,
        choice: Any = None,
    ) -> Outcome:
        """Run an action for a message; what it sets is kept for the next one."""
        entities = [] if choice is None else [{"entity": "callback_choice", "value": choice}]
        message = {
            "intent": {"name": "choose" if choice is not None else intent, "confidence": 0.9},
            "entities": entities,
            "text": "/choose" if choice is not None else text,
            "metadata": self.metadata,
            "message_id": "m1",
        }
        if requested is not None:
            self.slots["requested_slot"] = requested
        form = "callback_cancel_form" if requested and "cancel" in requested else "callback_form"
        call = {
            "next_action": action,
            "sender_id": self.sender,
            "tracker": {
                "sender_id": self.sender,
                "slots": dict(self.slots),
                "latest_message": message,
                "events": [{"event": "user", "input_channel": self.channel, **message}],
                "paused": False,
                "followup_action": None,
                "active_loop": {"name": form} if requested else {},
                "latest_action_name": "action_listen",
            },
            "domain": {"slots": {}},
        }
        result = await self.executor.run(call)
        assert result is not None
        outcome = Outcome(result.events, result.responses)
        self.slots |= outcome.slots
        return outcome

    async def book(
        self, *times: datetime | None, language: str | None = None, **different: Any
    ) -> Outcome:
        """Say yes to a callback at each of these times, `None` is one in turn.

        Args:
            times: When; the last one is spoken of afterwards. Each has a number of its own.
            language: The customer who books; the one of the conversation where it is left out.
            different: What is otherwise in the slots than `drafted` has it.
        """
        if language is not None:
            self.metadata = CUSTOMERS[language]
        outcomes = []
        for phone, at in zip(PHONES, times, strict=False):
            agreed = {"callback_phone": phone, "callback_confirmed": True, **different}
            self.slots |= drafted(at, **agreed)
            outcomes.append(await self.run(SUBMIT, "yes", "affirm"))
        return outcomes[-1]

    async def answer_read_back(self, text: str, intent: str) -> Outcome:
        """Answer what was read back, and hear what becomes of it."""
        await self.run(FORM, text, intent, requested=CONFIRMED)
        return await self.run(SUBMIT, text, intent)

    async def answer_cancelling(self, text: str, intent: str) -> Outcome:
        """Answer whether to cancel, and hear what becomes of it."""
        await self.run(CANCEL_FORM, text, intent, requested=CANCEL)
        return await self.run(SUBMIT_CANCEL, text, intent)

    def ask_about_open(self) -> None:
        """Ask "keep it, move it or cancel it?" in the form."""
        self.slots |= {"callback_question": "open_callback", "callback_process": "book"}

    @property
    def noted(self) -> list[str]:
        """What the next question is to say first, whichever action noted it."""
        return _responses(self.slots)

    @property
    def spoken_of(self) -> Any:
        """The time of the booked callback that is spoken of, as its id."""
        return self.slots["callback_booking"]["time"]


def _responses(slots: dict[str, Any]) -> list[str]:
    return [note["response"] for note in slots.get("callback_notes") or []]


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    """All actions, as the server registers them; the languages are ready, as they are there."""
    warm_up([customer["locale"] for customer in CUSTOMERS.values()])
    made = ActionExecutor()
    made.register_package("actions")
    return made


@pytest.fixture(scope="session")
def config() -> CallbackConfig:
    """What the sandbox's contact centre offers."""
    return CallbackConfig.from_yaml(DEMO.read_text(encoding="utf-8"))


@pytest.fixture
def make_client(ges_sandbox: Sandbox) -> Callable[[], GesClient]:
    """Where the service gets its client from; tests replace it to break it."""
    return lambda: client_of(ges_sandbox)


@pytest_asyncio.fixture
async def conversation(
    executor: ActionExecutor,
    config: CallbackConfig,
    make_client: Callable[[], GesClient],
    ges_sandbox: Sandbox,
) -> AsyncIterator[Conversation]:
    """A conversation whose actions talk to the sandbox in process."""
    service = CallbackService(make_client, config, clock=ges_sandbox.world.clock.now)
    opened = runtime.Runtime(
        config=config,
        wording=runtime.wording(),
        service=service,
        now=ges_sandbox.world.clock.now,
    )
    with runtime.using(opened):
        yield Conversation(executor)
    await service.aclose()
