"""What the customer has just said, as the engine understood it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CHOICE_ENTITY: Final = "callback_choice"
LONGEST_READ: Final = 1_000
"""Characters; whoever writes more is asked to be brief."""


class Intent(StrEnum):
    """The intents of this assistant, and the engine's own one for what fits none."""

    REQUEST_CALLBACK = "request_callback"
    ASK_WAIT = "ask_wait"
    ASK_CALL_IN = "ask_call_in"
    SHOW_CALLBACK = "show_callback"
    MOVE_CALLBACK = "move_callback"
    CANCEL_CALLBACK = "cancel_callback"
    AFFIRM = "affirm"
    DENY = "deny"
    INFORM = "inform"
    OTHER_NUMBER = "other_number"
    OTHER_TIME = "other_time"
    NEVER_MIND = "never_mind"
    REPEAT = "repeat"
    HELP = "help"
    GREET = "greet"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    CHOOSE = "choose"
    FALLBACK = "nlu_fallback"


class Choice(StrEnum):
    """What a button can stand for; every other id is that of a free time."""

    ASAP = "asap"
    SCHEDULED = "scheduled"
    CALL_IN = "call_in"
    CONNECT = "connect"
    YES = "yes"
    NO = "no"
    MORE = "more"
    EARLIER = "earlier"
    LATER = "later"
    NONE = "none"
    OTHER_NUMBER = "other_number"
    OTHER_TIME = "other_time"
    KEEP = "keep"
    MOVE = "move"
    CANCEL = "cancel"
    STOP = "stop"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the customer.

    Attributes:
        text: What was said or typed; empty for a button.
        intent: What the engine took it for; None for an intent that is not this assistant's.
        choice: What a button stands for; None if no button was pressed.
        time_id: Id of a free time on a button; None for everything else.
        guess: What came nearest where the engine was not sure of any intent.
    """

    text: str = ""
    intent: Intent | None = None
    choice: Choice | None = None
    time_id: str | None = None
    guess: Intent | None = None

    @property
    def is_button(self) -> bool:
        """Whether a button was pressed."""
        return self.choice is not None or self.time_id is not None

    @property
    def is_typed(self) -> bool:
        """Whether it is words to be read: no button, and no story."""
        return not self.is_button and not self.is_too_long

    @property
    def is_too_long(self) -> bool:
        """Whether there is too much of it to be read."""
        return len(self.text) > LONGEST_READ

    @classmethod
    def of_tracker(cls, latest: Mapping[str, Any]) -> Message:
        """Read a tracker's latest message, whatever is in it."""
        intent = latest.get("intent")
        name = intent.get("name") if isinstance(intent, dict) else None
        text = latest.get("text")
        if name == Intent.CHOOSE:
            return cls._pressed(latest.get("entities"))
        said = text if isinstance(text, str) and not text.startswith("/") else ""
        guess = _guess(latest.get("intent_ranking")) if name == Intent.FALLBACK else None
        return cls(text=said.strip(), intent=_intent(name), guess=guess)

    @classmethod
    def _pressed(cls, entities: Any) -> Message:
        values = [
            entity.get("value")
            for entity in (entities if isinstance(entities, list) else [])
            if isinstance(entity, dict) and entity.get("entity") == CHOICE_ENTITY
        ]
        chosen = values[0] if values and isinstance(values[0], str) else ""
        try:
            return cls(intent=Intent.CHOOSE, choice=Choice(chosen))
        except ValueError:
            return cls(intent=Intent.CHOOSE, time_id=chosen)


def _guess(ranking: Any) -> Intent | None:
    """The first intent of the ranking, which is best first, that is not the fallback itself."""
    names = [
        each.get("name")
        for each in (ranking if isinstance(ranking, list) else [])
        if isinstance(each, dict)
    ]
    return _intent(next((name for name in names if name != Intent.FALLBACK), None))


def _intent(name: Any) -> Intent | None:
    try:
        return Intent(name)
    except ValueError:
        return None
