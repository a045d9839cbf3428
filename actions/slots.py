"""Every slot of the assistant by name, and what a conversation knows, read from them with types.

Slots come back from the conversation store as JSON, and a tracker may be old, foreign or damaged:
whatever is not of the right type counts as not said. No other module names a slot.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic_core import PydanticUseDefault
from rasa_sdk.events import SlotSet

from ges_connector.callbacks.booking import CallbackKind

if TYPE_CHECKING:
    from collections.abc import Mapping

Event: TypeAlias = "dict[str, Any]"

PREFIX: Final = "callback_"
REQUESTED_SLOT: Final = "requested_slot"
SESSION_METADATA: Final = "session_started_metadata"

KIND: Final = "callback_kind"
SLOT: Final = "callback_slot"
PHONE: Final = "callback_phone"
CONFIRMED: Final = "callback_confirmed"
CANCEL_CONFIRMED: Final = "callback_cancel_confirmed"


class Channel(StrEnum):
    """How the customer takes part; decides between written and spoken wording."""

    CHAT = "chat"
    VOICE = "voice"


class Process(StrEnum):
    """What is being worked on."""

    BOOK = "book"
    MOVE = "move"
    NONE = "none"


class Question(StrEnum):
    """Which question is open, where the requested slot alone does not tell."""

    OFFER = "offer"
    """Outside any form: should we call you?"""
    OFFER_TIMES = "offer_times"
    """The same, after the customer was told why only a set time is possible."""
    OPEN_CALLBACK = "open_callback"
    """There is a callback already: keep, move or cancel it?"""
    WHICH_ONE = "which_one"
    """There are several callbacks: which one is meant?"""
    UNCONFIRMED = "unconfirmed"
    """Nobody knows whether there is a callback already: book another one all the same?"""
    SECOND = "second"
    """The number has a callback already: book another one all the same?"""
    SECOND_SAME = "second_same"
    """The same, when it has one at this very time."""
    SECOND_LINE = "second_line"
    """The same, when one is wanted in turn, and it has one in the queue."""
    SECOND_DOUBT = "second_doubt"
    """The same, when nobody knows whether it has one."""
    KIND = "kind"
    """As soon as possible, or at a time?"""
    KIND_ASAP = "kind_asap"
    """As soon as possible: yes or no?"""
    KIND_SHORT = "kind_short"
    """The wait is short: call us, or a callback all the same?"""
    SLOT_MENU = "slot_menu"
    """Which of these times?"""
    SLOT_ONE = "slot_one"
    """This time: yes or no?"""
    SLOT_OPEN = "slot_open"
    """Which time at all?"""
    SLOT_WHEN = "slot_when"
    """None of several menus suited: which day and time, or our number?"""
    PHONE = "phone"
    """Which number?"""
    PHONE_SEVERAL = "phone_several"
    """Which of the several numbers that were given?"""
    PHONE_KNOWN = "phone_known"
    """The number ending so: yes or no?"""
    READ_BACK = "read_back"
    """Is all of this right?"""
    CHANGE = "change"
    """What should be different: number, time, or nothing at all?"""
    CANCEL = "cancel"
    """Really cancel?"""
    CANCEL_EACH = "cancel_each"
    """The same, of one callback after the other."""


ABOUT_BOOKED: Final = frozenset({Question.OPEN_CALLBACK, Question.WHICH_ONE})
"""Questions about callbacks that are there: what shall become of it, or which one is meant."""


class Ending(StrEnum):
    """How an arrangement ended without anything being sent to GES."""

    STOPPED = "stopped"
    """The customer left it."""
    KEPT = "kept"
    """The callback that was there stays as it is."""
    CALL_IN = "call_in"
    """The customer rings, or has to."""
    NOTHING_FREE = "nothing_free"
    """The contact centre takes no callback now."""
    UNREACHABLE = "unreachable"
    """GES did not answer."""
    NOTHING_TO_DO = "nothing_to_do"
    """There is no callback to move or cancel, or it is too late; the notes say so."""
    REFUSED = "refused"
    """The check of who may change a callback said no."""
    FAILED = "failed"
    """Something went wrong here; only flows are told."""


class _Stored(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Note(_Stored):
    """A response that is due before the next question.

    Attributes:
        response: Its name.
        values: What its placeholders hold, told already.
    """

    response: str
    values: dict[str, str] = {}


class SaidWish(_Stored):
    """The customer's words about a time; kept as words, because their meaning can be had again.

    Attributes:
        text: The words.
        said_at: When they were said: "tomorrow" counts from then.
    """

    text: str
    said_at: AwareDatetime


class Conversation(_Stored):
    """What a conversation knows. Each field is the slot of the same name behind `callback_`.

    Attributes:
        language: Language of the wording.
        language_asked: Language that the customer asked for by its name.
        locale: BCP 47 tag to format by.
        timezone: IANA name of the customer's zone.
        channel: Chat or voice.
        profile: Topic of the configuration; None for the default one.
        caller_number: The number the channel knows, unchecked.
        process: What is being worked on.
        kind: Which callback is wanted.
        slot: Id of the chosen time.
        phone: The number to ring, E.164.
        phone_misses: How often in a row no number could be read.
        phone_refused: The customer does not want the number that the channel knows.
        phone_readings: What the number that was said may be, E.164, where its country is not known;
            or the numbers that were said, in their order, where there were several.
        phone_before: The number that was taken until the customer called it wrong, E.164.
        read_back_at: When the booking was read back; tells one agreement from the next.
        risk_accepted: The customer wants to book although an earlier booking is in doubt, or the
            number has a callback already.
        confirmed: The customer's answer to the read-back.
        cancel_confirmed: The customer's answer to "really cancel?".
        question: Which question is open.
        notes: What is to be said before the next question.
        offer: What was offered and told, as the booking needs it.
        menu: The times on offer, as the slot menu keeps them.
        wish: What the customer said about the time.
        reason: What the call is about, for the agent. Nothing here asks for it: a dialogue of the
            deploying team sets the slot once the customer has agreed to have it passed on.
        outcome: How the last attempt to do something ended.
        id: Id of the open callback.
        booking: What was booked, as it was told.
        unconfirmed: What was sent to be booked, and got no answer.
        call_in: The number that was lent last, as it was lent.
        misunderstood: How many turns in a row were not understood.
    """

    language: str | None = None
    language_asked: str | None = None
    locale: str | None = None
    timezone: str | None = None
    channel: Channel | None = None
    profile: str | None = None
    caller_number: str | None = None
    process: Process = Process.NONE
    kind: CallbackKind | None = None
    slot: str | None = None
    phone: str | None = None
    phone_misses: int = 0
    phone_refused: bool = False
    phone_readings: tuple[str, ...] = ()
    phone_before: str | None = None
    read_back_at: AwareDatetime | None = None
    risk_accepted: bool = False
    confirmed: bool | None = None
    cancel_confirmed: bool | None = None
    question: Question | None = None
    notes: tuple[Note, ...] = ()
    offer: dict[str, Any] | None = None
    menu: dict[str, Any] | None = None
    wish: SaidWish | None = None
    reason: str | None = None
    outcome: str | None = None
    id: str | None = None
    booking: dict[str, Any] | None = None
    unconfirmed: dict[str, Any] | None = None
    call_in: dict[str, Any] | None = None
    misunderstood: int = 0

    @field_validator("*", mode="wrap")
    @classmethod
    def _odd_counts_as_unsaid(cls, value: Any, check: ValidatorFunctionWrapHandler) -> Any:
        try:
            return check(value)
        except ValidationError:
            raise PydanticUseDefault from None

    @classmethod
    def of_slots(cls, slots: Mapping[str, Any]) -> Conversation:
        """Read it from a tracker's slots; missing and odd ones have their defaults."""
        known = {
            name.removeprefix(PREFIX): value
            for name, value in slots.items()
            if name.startswith(PREFIX)
        }
        return cls.model_validate(known)

    def but(self, **changes: Any) -> Conversation:
        """Return the same conversation with some of it changed.

        Raises:
            TypeError: There is no such field.
        """
        unknown = changes.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"a conversation has no {', '.join(sorted(unknown))}")
        return self.model_copy(update=changes)

    def noting(self, response: str, **values: str) -> Conversation:
        """Return the same conversation with one more note to be said."""
        return self.but(notes=(*self.notes, Note(response=response, values=values)))

    def without_draft(self) -> Conversation:
        """Return what outlives a booking that is over, whichever way it ended."""
        blank = Conversation()
        return self.but(**{name: getattr(blank, name) for name in _DRAFT})

    def changes_since(self, before: Conversation) -> list[Event]:
        """List the slots that have to be set to get from another state to this one."""
        was, now = before.model_dump(mode="json"), self.model_dump(mode="json")
        return [
            SlotSet(f"{PREFIX}{name}", _stored(value))
            for name, value in now.items()
            if value != was[name]
        ]


_DRAFT: Final = (
    "process",
    "kind",
    "slot",
    "phone",
    "phone_misses",
    "phone_refused",
    "phone_readings",
    "phone_before",
    "read_back_at",
    "risk_accepted",
    "confirmed",
    "cancel_confirmed",
    "question",
    "notes",
    "offer",
    "menu",
    "wish",
    "reason",
)


def text_in(record: Mapping[str, Any], name: str) -> str | None:
    """Read a text out of a record that a slot keeps; None if there is none.

    Args:
        record: What the slot keeps.
        name: Name of the text.
    """
    value = record.get(name)
    return value if isinstance(value, str) else None


def _stored(value: Any) -> Any:
    """Empty collections are kept as an unset slot."""
    return None if value == [] else value
