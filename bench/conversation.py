"""Customers who talk to the action server through as much of an engine as it takes.

`Conversation` keeps slots and events between calls, opens and closes the two forms as the rules of
`data/classic/rules.yml` do, and posts what the engine posts: the whole tracker with all its events,
with every single call. Understanding is not part of it: the scripts say the intent. They are
checked while they run, so that no figure comes from conversations that failed.
"""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

_DOMAIN: Final = Path(__file__).resolve().parents[1] / "domain" / "classic"
_RANKED: Final = ("ask_wait", "inform", "affirm", "greet", "deny", "choose", "help", "thanks")
_ENGINE_VERSION: Final = "3.6.21"
_FORMS: Final = {
    "request_callback": "callback_form",
    "move_callback": "callback_form",
    "cancel_callback": "callback_cancel_form",
}
_DIGRESSIONS: Final = {
    "ask_wait": "action_tell_wait",
    "show_callback": "action_show_callback",
    "ask_call_in": "action_give_call_in",
}
_ANSWERED: Final = "action_answer_callback"
_ENOUGH_FOLLOWUPS: Final = 5

Slots = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the action server answered to one call.

    Attributes:
        body: Events and responses.
        own_ms: Milliseconds of its own that it took, if it tells; 0 if not.
        ges_ms: Milliseconds that it waited for GES, if it tells; 0 if not.
    """

    body: Mapping[str, Any]
    own_ms: float = 0.0
    ges_ms: float = 0.0


Post = Callable[[bytes], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Says:
    """One message of the customer, and what comes of it.

    Attributes:
        text: What is said.
        intent: What the engine takes it for.
        said: A response that has to be among the answers.
    """

    text: str
    intent: str
    said: str


@dataclass(frozen=True, slots=True)
class Script:
    """What a customer says, in order.

    Attributes:
        locale: The channel's locale.
        channel: `chat` or `voice`.
        messages: The messages.
    """

    locale: str
    channel: str
    messages: tuple[Says, ...]


SCRIPTS: Final = (
    Script(
        "en-GB",
        "chat",
        (
            Says("how long is the wait", "ask_wait", "utter_callback_wait"),
            Says("call me tomorrow at 10 am", "request_callback", "utter_ask_callback_phone_known"),
            Says("yes", "affirm", "utter_ask_callback_confirmed_scheduled"),
            Says("yes please", "affirm", "utter_callback_booked_scheduled"),
            Says("when do you call me", "show_callback", "utter_callback_show_scheduled"),
            Says("cancel it", "cancel_callback", "utter_ask_callback_cancel_confirmed"),
            Says("yes", "affirm", "utter_callback_cancelled"),
        ),
    ),
    Script(
        "de-DE",
        "chat",
        (
            Says("bitte rufen Sie mich an", "request_callback", "utter_ask_callback_kind"),
            Says("morgen nachmittag", "inform", "utter_ask_callback_slot"),
            Says("das zweite", "inform", "utter_ask_callback_phone_known"),
            Says("nein, 030 23125077", "inform", "utter_ask_callback_confirmed_scheduled"),
            Says("nicht nötig", "never_mind", "utter_callback_"),
        ),
    ),
    Script(
        "fr-FR",
        "voice",
        (
            Says("combien de temps", "ask_wait", "utter_callback_wait"),
            Says("rappelez-moi", "request_callback", "utter_ask_callback_kind"),
            Says("le plus vite possible", "inform", "utter_ask_callback_phone_known"),
            Says("oui", "affirm", "utter_ask_callback_confirmed_asap"),
            Says("non", "deny", "utter_ask_callback_change"),
            Says("non", "deny", "utter_callback_"),
        ),
    ),
)


class UnexpectedAnswerError(Exception):
    """A conversation did not go as its script says."""


@dataclass(frozen=True, slots=True)
class TurnTaken:
    """What one message of the customer cost.

    Attributes:
        whole_ms: From the message to the last answer, as the caller sees it.
        own_ms: Sum of the action server's own time over the calls of this turn.
        ges_ms: Sum of its waits for GES.
        calls: How many calls the engine made.
    """

    whole_ms: float
    own_ms: float
    ges_ms: float
    calls: int


@cache
def domain_json() -> bytes:
    """The domain as the engine adds it to every call unless told not to; about 210 kB."""
    domain: dict[str, Any] = {}
    for path in sorted(_DOMAIN.glob("*.yml")):
        domain |= YAML(typ="safe", pure=True).load(path)
    return json.dumps(domain).encode()


@dataclass
class Conversation:
    """One customer's conversation."""

    post: Post
    script: Script
    sender: str
    number: str = "+493023125011"
    slots: Slots = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    form: str | None = None
    said: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def play(self, turns: list[TurnTaken], until: Callable[[], bool] = lambda: False) -> None:
        """Say everything, unless it is enough before.

        Args:
            turns: Gets every turn.
            until: Whether it is enough.

        Raises:
            UnexpectedAnswerError: It did not go as the script says.
        """
        self.slots["session_started_metadata"] = self._metadata()
        self.events += [_event("action", name="action_session_start"), _event("session_started")]
        for message in self.script.messages:
            if until():
                return
            turns.append(await self.turn(message))

    async def turn(self, message: Says) -> TurnTaken:
        """Say one thing, and have the engine do what its rules say."""
        self.said, self.answers = [], []
        self.events += [_event("action", name="action_listen"), self._user(message)]
        began = time.perf_counter()
        await self._call("action_note_customer", message)
        await self._serve(message)
        whole_ms = 1000 * (time.perf_counter() - began)
        if not any(response.startswith(message.said) for response in self.said):
            raise UnexpectedAnswerError(f"{message.text!r}: {self.said}, not {message.said}")
        return TurnTaken(
            whole_ms,
            sum(answer.own_ms for answer in self.answers),
            sum(answer.ges_ms for answer in self.answers),
            len(self.answers),
        )

    async def _serve(self, message: Says) -> None:
        if self.form is None:
            self.form = _FORMS.get(message.intent)
        if self.form is None:
            await self._call(_DIGRESSIONS.get(message.intent, _ANSWERED), message)
            return
        for _ in range(_ENOUGH_FOLLOWUPS):
            await self._call(f"validate_{self.form}", message)
            requested = self.slots.get("requested_slot")
            if requested is not None:
                await self._call(f"action_ask_{requested}", message)
                return
            submitted, self.form = self.form, None
            followup = await self._call(f"action_submit_{submitted}", message)
            if followup is None:
                return
            self.form = followup

    async def _call(self, action: str, message: Says) -> str | None:
        """Run an action and take in what it answers; gives the form that is to follow."""
        answer = await self.post(self.body(action, message))
        self.answers.append(answer)
        followup = None
        for event in answer.body["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "followup":
                followup = event["name"]
            self.events.append({"timestamp": time.time(), **event})
        for response in answer.body["responses"]:
            self.said.append(response["response"])
            self.events.append(_event("bot", text=json.dumps(response), data={}, metadata={}))
        self.events.append(_event("action", name=action, policy="RulePolicy", confidence=1.0))
        return followup

    def body(self, action: str, message: Says, domain: bytes | None = None) -> bytes:
        """What the engine posts.

        Args:
            action: Which action is to run.
            message: What the customer said.
            domain: The domain to send along, as JSON; left out by default, as
                `engine/endpoints.yml` has the engine do.
        """
        user = self._user(message)
        tracker = {
            "sender_id": self.sender,
            "slots": self.slots,
            "latest_message": {**user["parse_data"], "metadata": self._metadata()},
            "latest_event_time": time.time(),
            "followup_action": None,
            "paused": False,
            "events": self.events,
            "latest_input_channel": self.script.channel,
            "active_loop": {} if self.form is None else {"name": self.form, "rejected": False},
            "latest_action": {"action_name": "action_listen"},
            "latest_action_name": "action_listen",
        }
        call = {
            "next_action": action,
            "sender_id": self.sender,
            "tracker": tracker,
            "version": _ENGINE_VERSION,
        }
        body = json.dumps(call).encode()
        return body if domain is None else body[:-1] + b', "domain": ' + domain + b"}"

    def _metadata(self) -> dict[str, str]:
        return {
            "locale": self.script.locale,
            "timezone": "Europe/Berlin",
            "caller_number": self.number,
        }

    def _user(self, message: Says) -> dict[str, Any]:
        ranking = [{"name": message.intent, "confidence": 0.93}]
        ranking += [{"name": name, "confidence": 0.01} for name in _RANKED]
        parsed = {
            "intent": ranking[0],
            "entities": [],
            "text": message.text,
            "message_id": "6b1f0f7f5c6f4f6f8f0c3a2b1d0e9f8a",
            "metadata": {},
            "text_tokens": [[0, len(message.text)]],
            "intent_ranking": ranking,
        }
        return _event(
            "user",
            text=message.text,
            parse_data=parsed,
            input_channel=self.script.channel,
            message_id=parsed["message_id"],
            metadata=self._metadata(),
        )


def _event(kind: str, **what: Any) -> dict[str, Any]:
    return {"event": kind, "timestamp": time.time(), **what}


_numbers: Final = itertools.count()


def customers(post: Post) -> Iterator[Conversation]:
    """Give one new conversation after the other, of all kinds in turn."""
    for number, script in zip(_numbers, itertools.cycle(SCRIPTS), strict=False):
        # Everybody rings from elsewhere: GES takes so many callbacks of a number and no more.
        yield Conversation(post, script, f"customer-{number}", f"+4930{23_100_000 + number}")


@dataclass
class Held:
    """What came of many conversations.

    Attributes:
        turns: All turns that went as the scripts say.
        odd: How often which responses came instead; such a conversation is given up.
    """

    turns: list[TurnTaken] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)


async def many(post: Post, *, at_once: int, until: Callable[[], bool]) -> Held:
    """Hold conversations side by side, each customer going on at once with a next conversation.

    Args:
        post: Reaches the action server.
        at_once: How many.
        until: Whether it is enough; asked before each message, so that conversations are left in
            the middle, as they are in life.
    """
    held = Held()
    waiting = customers(post)

    async def customer() -> None:
        while not until():
            conversation = next(waiting)
            try:
                await conversation.play(held.turns, until)
            except UnexpectedAnswerError:
                held.odd[" ".join(conversation.said)] += 1

    await asyncio.gather(*(customer() for _ in range(at_once)))
    return held
