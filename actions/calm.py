"""What the engine of flows (CALM) tells of a turn, and what it is told: the same in its terms.

Its stack says which question is open, its commands whether a message is an answer at all. What the
answer means is read from the customer's own words. Of the model's value only the id of a choice
counts, where the words tell nothing more exact; and never as a yes, nor as a cancellation: those
are the customer's alone, said in words or by pressing a button.

The forms of the other engine ask for the same slots; `callback_next` stands for the one that a form
would ask for next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from rasa_sdk.events import SlotSet

from actions.message import Choice, Intent, Message
from actions.slots import (
    CANCEL_CONFIRMED,
    CONFIRMED,
    KIND,
    PHONE,
    REQUESTED_SLOT,
    SLOT,
    Ending,
)
from ges_connector.wording.calm import NONE_OF_THESE, VOICE_CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rasa_sdk.interfaces import Tracker

    from actions.slots import Event

NEXT: Final = "callback_next"
ASIDE: Final = "callback_aside"
HEARD: Final = "callback_heard"
OUTCOME: Final = "callback_outcome"
LANGUAGE: Final = "language"
"""The engine's own slot, which chooses translations."""
SPEAKING: Final = frozenset({"voice", *VOICE_CHANNELS})
"""Channels that speak, of both engines."""

WITHOUT_FILES: Final = frozenset(
    {
        "botframework",
        "cmdline",
        "facebook",
        "hangouts",
        "mattermost",
        "rocketchat",
        "slack",
        "telegram",
        "twilio",
        "vier_cvg",
        "webexteams",
    }
)
"""Channels of both engines that write out the address of a file, or cannot send it at all."""

_COLLECTING: Final = "pattern_collect_information"
_CLARIFYING: Final = "pattern_clarification"
_PRESSED: Final = re.compile(r"/SetSlots\(")
_PAIR: Final = re.compile(r"[(,]\s*(\w+)\s*=\s*([^,()]*[^,()\s])")
_SETTING: Final = ("set slot", "correct slot")
_UNPLACED: Final = frozenset({"cannot handle", "chitchat", "clarify", "knowledge", "skip question"})
"""Commands of a model that could make nothing of a message, or nothing that is ours to answer."""


class Next(StrEnum):
    """Where the flows go on; the values of the slot `callback_next`."""

    KIND = "kind"
    """They ask in which way."""
    TIME = "time"
    """They ask when."""
    NUMBER = "number"
    """They ask for the number."""
    AGREEMENT = "agreement"
    """They ask whether all of it is right."""
    CANCELLATION = "cancellation"
    """They ask whether really to cancel."""
    SUBMIT = "submit"
    """All was answered, or nothing more is to be asked."""
    ARRANGE = "arrange"
    """A callback is to be arranged, with what is known by now."""
    CANCEL = "cancel"
    """The callback that is there is to be cancelled."""
    OVER = "over"
    """Everything was said."""


REQUESTED: Final = {
    Next.KIND: KIND,
    Next.TIME: SLOT,
    Next.NUMBER: PHONE,
    Next.AGREEMENT: CONFIRMED,
    Next.CANCELLATION: CANCEL_CONFIRMED,
}
"""The slot of the forms that each question is about."""

WORDS: Final = {
    Next.KIND: "callback_way",
    Next.TIME: "callback_time",
    Next.NUMBER: "callback_number",
    Next.AGREEMENT: "callback_agreement",
    Next.CANCELLATION: "callback_cancel_agreement",
}
"""The slot that takes the answer to each question."""

_ASKED: Final = {
    "action_tell_wait": Intent.ASK_WAIT,
    "action_give_call_in": Intent.ASK_CALL_IN,
    "action_show_callback": Intent.SHOW_CALLBACK,
}
"""What a message is that the model took to a flow of its own."""
_ASKED_BY: Final = {
    "check_wait": Intent.ASK_WAIT,
    "give_call_in_number": Intent.ASK_CALL_IN,
    "show_callback": Intent.SHOW_CALLBACK,
}
"""The same by the name of the flow."""
_SUBMITTING: Final = frozenset(
    {"action_submit_callback_form", "action_submit_callback_cancel_form"}
)
_ENDING: Final = _SUBMITTING | {"action_leave_callback"}
_FORMS: Final = {"callback_form": Next.ARRANGE, "callback_cancel_form": Next.CANCEL}


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the engine tells besides the conversation.

    Attributes:
        next: What the flows ask, or asked last; None before anything was asked.
        is_asking: Whether a question of ours is open, be it below a flow that came between.
        message_id: Tells one message from the next.
        is_answer: Whether the model took the message for an answer to a question of ours, or began
            a flow again that is open, or could not place it while nothing but our question is
            open, and nobody has taken it as one yet; never while no question of ours is open.
        begun_again: That flow.
        hint: What the model took it for, if that was a choice.
        is_for_others: Whether the model took the message for an answer to a question of a flow that
            is not ours.
        is_beside_others: Whether a question of such a flow is the one that is open.
        meant: Names of the flows that the model cannot tell apart, in the customer's language;
            empty if that is not what is asked.
        asked_beside: What the customer asks beside our open question, if that is all the model took
            the message for and nobody has read it for an answer yet.
        is_late: Whether the model took the message for an answer to a question of ours, and none
            is open.
        is_taken: Whether the message was taken already, be it as an answer or as a wish.
        opening: The message that began a flow which is open, the last one of them if they are
            several; empty if it is not known.
    """

    next: Next | None
    is_asking: bool
    message_id: str
    is_answer: bool
    hint: Choice | None = None
    begun_again: str | None = None
    is_for_others: bool = False
    is_beside_others: bool = False
    meant: tuple[str, ...] = ()
    asked_beside: Intent | None = None
    is_late: bool = False
    is_taken: bool = False
    opening: str = field(default="", repr=False)

    @property
    def requested(self) -> str | None:
        """The slot that a form would be asking for."""
        return REQUESTED.get(self.next) if self.is_asking and self.next is not None else None


def hearing_of(tracker: Tracker) -> Hearing | None:
    """Read what the engine of flows tells; None if it is the other engine that calls.

    Args:
        tracker: The conversation as the engine sent it; nothing in it is trusted.
    """
    if NEXT not in tracker.slots:
        return None
    message_id, values = _message_id(tracker), _values(tracker)
    begun_again = None if values else _begun_again(tracker)
    is_new = tracker.slots.get(HEARD) != message_id
    is_told = bool(values) or begun_again is not None
    is_asked_last, is_asking = _is_asked_last(tracker), _is_open(tracker)
    is_unplaced = is_asked_last is True and not _pairs(tracker) and _is_unplaced(tracker)
    return Hearing(
        next=_known(tracker.slots.get(NEXT)),
        is_asking=is_asking,
        message_id=message_id,
        is_answer=is_asking and is_new and (is_told or is_unplaced),
        hint=None if not values or _is_pressed(tracker) else _choice(values[-1]),
        begun_again=begun_again,
        is_for_others=not values and bool(_pairs(tracker)),
        is_beside_others=is_asked_last is False,
        meant=_may_be_meant(tracker),
        asked_beside=_asked_beside(tracker) if is_new and is_asked_last else None,
        is_late=bool(values) and not is_asking,
        is_taken=not is_new,
        opening=_opening(tracker),
    )


def message_in_flows(tracker: Tracker, action: str) -> Message:
    """Read the customer's message.

    Args:
        tracker: The conversation.
        action: Name of the action that is run for it.
    """
    text = tracker.latest_message.get("text")
    if _is_pressed(tracker):
        values = _values(tracker) or _written(str(text))
        pressed = [value for value in values if value is not None]
        if not pressed:
            return Message()
        choice = _choice(pressed[-1])
        time_id = pressed[-1] if choice is None else None
        return Message(intent=Intent.CHOOSE, choice=choice, time_id=time_id)
    said = text if isinstance(text, str) and not text.startswith("/") else ""
    return Message(text=said.strip(), intent=_ASKED.get(action))


def in_flows(action: str, events: list[Event], *, has_failed: bool = False) -> list[Event]:
    """Turn what the forms are told into what the flows branch on.

    Args:
        action: Name of the action.
        events: What it comes to for the other engine.
        has_failed: Whether the action failed.
    """
    kept = [each for each in events if not _is_for_forms(each)]
    goes_on = _going_on(events)
    is_said = any(each["event"] == "slot" and each["name"] == NEXT for each in events)
    if goes_on is None and action in _ENDING and not is_said:
        goes_on = Next.OVER
    if goes_on is not None:
        kept.append(SlotSet(NEXT, goes_on.value))
    if has_failed and action in _SUBMITTING:
        kept.append(SlotSet(OUTCOME, Ending.FAILED.value))
    return kept


def next_of(requested: str | None, followup: str | None) -> Next:
    """Tell where the flows go on after a step of the forms.

    Args:
        requested: The slot that the form would ask for next.
        followup: The form that would open next.
    """
    if followup is not None:
        return _FORMS[followup]
    return next((each for each, slot in REQUESTED.items() if slot == requested), Next.SUBMIT)


def _going_on(events: list[Event]) -> Next | None:
    followups = [each["name"] for each in events if each["event"] == "followup"]
    if followups:
        return _FORMS[followups[-1]]
    requested = [each["value"] for each in events if _sets_request(each)]
    return next_of(requested[-1], None) if requested else None


def _is_for_forms(event: Event) -> bool:
    return event["event"] == "followup" or _sets_request(event)


def _sets_request(event: Event) -> bool:
    is_slot: bool = event["event"] == "slot" and event["name"] == REQUESTED_SLOT
    return is_slot


def _is_open(tracker: Tracker) -> bool:
    """Whether a question of ours is open, and does not belong to a flow that is being left."""
    frames = [frame for frame in _listed(tracker.stack) if isinstance(frame, dict)]
    left = [each for frame in frames for each in _listed(frame.get("canceled_frames"))]
    return any(_is_asking(frame) and frame.get("frame_id", "") not in left for frame in frames)


def _is_asking(frame: Any) -> bool:
    """Whether a frame of the engine's stack waits for the answer to a question of ours."""
    if not isinstance(frame, dict) or frame.get("type") != _COLLECTING:
        return False
    return frame.get("collect") in WORDS.values()


def _is_asked_last(tracker: Tracker) -> bool | None:
    """Whether the question on top of all others is one of ours; None if none is open."""
    asking = [
        frame
        for frame in _listed(tracker.stack)
        if isinstance(frame, dict) and frame.get("type") == _COLLECTING
    ]
    return _is_asking(asking[-1]) if asking else None


def _is_unplaced(tracker: Tracker) -> bool:
    """Whether all that the model made of a message is that it is none of its flows' business."""
    commands = _listed(tracker.latest_message.get("commands"))
    kinds = {str(each.get("command")) for each in commands if isinstance(each, dict)}
    return bool(kinds) and kinds <= _UNPLACED


def _may_be_meant(tracker: Tracker) -> tuple[str, ...]:
    """The names of the flows that the engine would have the customer choose from."""
    top = next(reversed(_listed(tracker.stack)), None)
    if not isinstance(top, dict) or top.get("type") != _CLARIFYING:
        return ()
    return tuple(each for each in _listed(top.get("names")) if isinstance(each, str) and each)


def _is_pressed(tracker: Tracker) -> bool:
    text = tracker.latest_message.get("text")
    return isinstance(text, str) and _PRESSED.match(text) is not None


def _values(tracker: Tracker) -> list[str | None]:
    """What the commands of a message set the slots of our questions to, in their order."""
    found = [pair for pair in _pairs(tracker) if pair.get("name") in WORDS.values()]
    values = [pair.get("value") for pair in found]
    return [value if isinstance(value, str) else None for value in values]


def _written(payload: str) -> list[str | None]:
    """What a button sets the slots of our questions to, where the engine has passed over that."""
    return [value for slot, value in _PAIR.findall(payload) if slot in WORDS.values()]


def _pairs(tracker: Tracker) -> list[dict[str, Any]]:
    """The slots that the commands of a message set, with their values, in their order."""
    return [
        pair
        for command in _listed(tracker.latest_message.get("commands"))
        if isinstance(command, dict) and command.get("command") in _SETTING
        for pair in _listed(command.get("corrected_slots", [command]))
        if isinstance(pair, dict)
    ]


def _asked_beside(tracker: Tracker) -> Intent | None:
    """The question that a message is for the model, if it is nothing else for it."""
    commands = _listed(tracker.latest_message.get("commands"))
    flows = [each.get("flow") if isinstance(each, dict) else None for each in commands]
    asked = [_ASKED_BY.get(str(each)) for each in flows]
    return None if None in asked else next(iter(asked), None)


def _begun_again(tracker: Tracker) -> str | None:
    """The flow that the model would start though it is open, which the engine passes over."""
    return next(_begun(tracker, tracker.latest_message), None)


def _opening(tracker: Tracker) -> str:
    """The words of the last message that began a flow which is open."""
    for event in reversed(_listed(tracker.events)):
        parsed = event.get("parse_data") if isinstance(event, dict) else None
        if isinstance(parsed, dict) and any(_begun(tracker, parsed)):
            text = parsed.get("text")
            return text.strip() if isinstance(text, str) and not text.startswith("/") else ""
    return ""


def _begun(tracker: Tracker, message: Mapping[str, Any]) -> Iterator[str]:
    """Yield the flows that are open by now and that a message is to begin."""
    frames = [frame for frame in _listed(tracker.stack) if isinstance(frame, dict)]
    are_open = {str(frame.get("flow_id")) for frame in frames if frame.get("type") == "flow"}
    for command in _listed(message.get("commands")):
        is_start = isinstance(command, dict) and command.get("command") == "start flow"
        if is_start and str(command.get("flow")) in are_open:
            yield str(command.get("flow"))


def _choice(value: str | None) -> Choice | None:
    if value == NONE_OF_THESE:
        return Choice.NONE
    try:
        return Choice(value) if value is not None else None
    except ValueError:
        return None


def _known(value: Any) -> Next | None:
    try:
        return Next(value)
    except ValueError:
        return None


def _message_id(tracker: Tracker) -> str:
    """The id of the message; where the engine gives it none, its place in the conversation."""
    known = tracker.latest_message.get("message_id")
    if isinstance(known, str) and known:
        return known
    events = [each for each in _listed(tracker.events) if isinstance(each, dict)]
    return f"message {sum(each.get('event') == 'user' for each in events)}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
