"""The classic engine as far as the assistant's rules and forms need one: which action runs when.

What an action answers is taken in action by action, so a server that dies in the middle of a turn
leaves the conversation as it would leave it in life.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORM: Final = "callback_form"
_CANCEL_FORM: Final = "callback_cancel_form"
_FORMS: Final = {
    "request_callback": _FORM,
    "move_callback": _FORM,
    "cancel_callback": _CANCEL_FORM,
}
_DIGRESSIONS: Final = {
    "ask_wait": "action_tell_wait",
    "show_callback": "action_show_callback",
    "ask_call_in": "action_give_call_in",
    "nlu_fallback": "action_not_understood",
}
_ANSWERED: Final = "action_answer_callback"
_FALLBACK: Final = "action_default_fallback"
_MOST_STEPS: Final = 8


class AssistantDownError(Exception):
    """The action server did not answer; what the action came to is lost."""


class EndlessTurnError(Exception):
    """The assistant sends a turn in circles."""


class Assistant(Protocol):
    """Runs actions."""

    async def run(self, call: dict[str, Any], worker: int) -> dict[str, Any]:
        """Run one action.

        Args:
            call: What the engine posts.
            worker: Which of the workers serves it, if that can be chosen.

        Returns:
            Its events and responses.

        Raises:
            AssistantDownError: There was no answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """What the customer says, as the engine understands it."""

    intent: str
    text: str = ""
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A response and what its placeholders hold."""

    name: str
    values: Mapping[str, Any]


@dataclass
class Engine:
    """One conversation, as the engine keeps it."""

    assistant: Assistant
    sender: str
    metadata: dict[str, str]
    channel: str
    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    before_submit: tuple[dict[str, Any], str | None] | None = None

    def twin(self) -> Engine:
        """The same conversation in another engine that knows nothing of this one."""
        return copy.deepcopy(self, {id(self.assistant): self.assistant})

    def forget_submit(self) -> None:
        """Go back to before the last form was submitted, as if its answer had been lost."""
        if self.before_submit is not None:
            self.slots, self.form = self.before_submit

    async def hear(self, message: Message, said: list[Said], worker: int = 0) -> None:
        """Serve one message.

        Args:
            message: The message.
            said: Takes what is said, as it is said.
            worker: Which worker serves it.

        Raises:
            AssistantDownError: The action server died on the way.
            EndlessTurnError: The turn does not end.
        """
        self.before_submit = None
        turn = _Turn(self, message, said, worker)
        await turn.run("action_note_customer")
        if self.form is None and message.intent not in _FORMS:
            followup = await turn.run(_DIGRESSIONS.get(message.intent, _ANSWERED))
            if followup is None:
                return
            self.form = followup
        elif self.form is None:
            self.form = _FORMS[message.intent]
        await turn.fill_form()


@dataclass(frozen=True)
class _Turn:
    engine: Engine
    message: Message
    said: list[Said]
    worker: int

    async def fill_form(self) -> None:
        engine = self.engine
        for _ in range(_MOST_STEPS):
            if engine.form is None:
                return
            before = dict(engine.slots)
            asked = before.get("requested_slot")
            followup, is_answered = await self._validate(engine.form)
            requested = engine.slots.get("requested_slot")
            if asked is not None and not is_answered:
                await self._digress()
                return
            if requested is not None:
                await self._ask(requested, before)
                return
            submitted, engine.form = engine.form, None
            if followup is None:
                engine.before_submit = (dict(engine.slots), engine.form)
                followup = await self.run(f"action_submit_{submitted}")
            engine.form = followup
        raise EndlessTurnError(self.message.intent)

    async def _ask(self, requested: str, before: dict[str, Any]) -> None:
        """Ask the next question; a form whose question fails has not run at all."""
        try:
            await self.run(f"action_ask_{requested}")
        except AssistantDownError:
            self.engine.slots = before
            raise

    async def _digress(self) -> None:
        """Serve a message that the open form rejected, then have the form ask again."""
        followup = await self.run(_DIGRESSIONS.get(self.message.intent, _FALLBACK))
        requested = self.engine.slots.get("requested_slot")
        if self.message.intent == "ask_call_in":
            self.engine.form = None
            self.engine.slots["requested_slot"] = None
        elif requested is not None and (followup is None or followup == self.engine.form):
            await self.run(f"action_ask_{requested}")

    async def _validate(self, form: str) -> tuple[str | None, bool]:
        answer = await self._call(f"validate_{form}")
        names = {event["name"] for event in answer["events"] if event["event"] == "slot"}
        return self._take(answer), bool(names - {"requested_slot"})

    async def run(self, action: str) -> str | None:
        """Run an action and take in what it answers; gives what it wants to follow."""
        return self._take(await self._call(action))

    def _take(self, answer: dict[str, Any]) -> str | None:
        followup = None
        for event in answer["events"]:
            if event["event"] == "slot":
                self.engine.slots[event["name"]] = event["value"]
            elif event["event"] == "followup":
                followup = event["name"]
        self.said.extend(Said(each["response"], each) for each in answer["responses"])
        return followup

    async def _call(self, action: str) -> dict[str, Any]:
        engine, message = self.engine, self.message
        entities = (
            []
            if message.choice is None
            else [{"entity": "callback_choice", "value": message.choice}]
        )
        latest = {
            "intent": {"name": message.intent, "confidence": 0.95},
            "entities": entities,
            "text": "/choose" if message.choice is not None else message.text,
            "metadata": engine.metadata,
            "message_id": "campaign",
        }
        tracker = {
            "sender_id": engine.sender,
            "slots": dict(engine.slots),
            "latest_message": latest,
            "events": [{"event": "user", "input_channel": engine.channel, **latest}],
            "paused": False,
            "followup_action": None,
            "active_loop": {} if engine.form is None else {"name": engine.form},
            "latest_action_name": "action_listen",
            "latest_input_channel": engine.channel,
        }
        call = {
            "next_action": action,
            "sender_id": engine.sender,
            "tracker": tracker,
            "domain": {},
            "version": "3.21.1",
        }
        return await engine.assistant.run(call, self.worker)
