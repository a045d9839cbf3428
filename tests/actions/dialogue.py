"""What a dialogue with the actions is told in: their names, their questions, customers, and days.

The sandbox opens on Monday, 12 January 2026, in Berlin, so noon on Friday is 11:00 UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from actions.booked import Booked
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import time_id
from ges_connector.sandbox.records import State

if TYPE_CHECKING:
    from ges_connector.sandbox.records import Callback
    from ges_connector.sandbox.sandbox import Sandbox

# The actions, by what they do.
FORM = "validate_callback_form"
CANCEL_FORM = "validate_callback_cancel_form"
SUBMIT = "action_submit_callback_form"
SUBMIT_CANCEL = "action_submit_callback_cancel_form"
ANSWER = "action_answer_callback"
SHOW = "action_show_callback"
TELL_WAIT = "action_tell_wait"
LOST = "action_not_understood"
ASK_KIND = "action_ask_callback_kind"
ASK_TIME = "action_ask_callback_slot"
ASK_PHONE = "action_ask_callback_phone"
ASK_CONFIRMED = "action_ask_callback_confirmed"
ASK_CANCEL = "action_ask_callback_cancel_confirmed"

# The slots that the forms ask for, and the forms that an answer leads to.
KIND, SLOT, PHONE = "callback_kind", "callback_slot", "callback_phone"
CONFIRMED, CANCEL = "callback_confirmed", "callback_cancel_confirmed"
TO_ARRANGE, TO_CANCEL = "callback_form", "callback_cancel_form"

WEDNESDAY_AT_9 = datetime(2026, 1, 14, 8, tzinfo=UTC)
THURSDAY_AT_10 = datetime(2026, 1, 15, 9, tzinfo=UTC)
THURSDAY_AT_15 = datetime(2026, 1, 15, 14, tzinfo=UTC)
FRIDAY_AT_10 = datetime(2026, 1, 16, 9, tzinfo=UTC)
# For this time there is but one place.
FRIDAY_NOON = datetime(2026, 1, 16, 11, tzinfo=UTC)
FRIDAY_AT_15 = datetime(2026, 1, 16, 14, tzinfo=UTC)
MONDAY_AT_10 = datetime(2026, 1, 19, 9, tzinfo=UTC)

# The number that a customer is called at, and those of others who want a callback too.
KNOWN, OTHER = "+493023125011", "+493023125014"
PHONES = [KNOWN, OTHER, "+493023125012", "+493023125013"]

YES = {"en": "yes", "de": "ja", "fr": "oui", "es": "sí"}
LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}
# Each where their language is spoken.
CUSTOMERS = {
    "en": {"locale": "en-GB", "timezone": "Europe/Berlin"},
    "de": {"locale": "de-DE", "timezone": "Europe/Berlin"},
    "fr": {"locale": "fr-FR", "timezone": "Europe/Paris"},
    "es": {"locale": "es-ES", "timezone": "Europe/Madrid"},
}


def customer(language: str) -> dict[str, str]:
    """Somebody in Berlin whose number is not known."""
    return {"locale": LOCALES[language], "timezone": "Europe/Berlin"}


def caller(language: str, **different: str) -> dict[str, str]:
    """Somebody in Berlin who calls, so that the number is known."""
    return {**customer(language), "caller_number": KNOWN, **different}


def drafted(at: datetime | None, **different: Any) -> dict[str, Any]:
    """A callback as it was read back: at a time, or in turn where there is none."""
    return {
        "callback_process": "book",
        "callback_kind": "asap" if at is None else "scheduled",
        "callback_slot": None if at is None else time_id(at),
        "callback_phone": KNOWN,
        "callback_question": "read_back",
        "callback_read_back_at": "2026-01-12T15:00:00Z",
        **different,
    }


# A callback that is there, as little of it as will do, and one with all that is known of it.
BOOKED = {
    "callback_id": "c1",
    "callback_booking": {"time": time_id(WEDNESDAY_AT_9), "phone": KNOWN},
}
BOOKED_ON_FRIDAY = {
    "callback_id": "1",
    "callback_booking": Booked(CallbackKind.SCHEDULED, FRIDAY_AT_10, KNOWN).as_record(),
}


# A callback in turn that was agreed to, and nothing beside it.
AGREED_IN_TURN = {
    "callback_process": "book",
    "callback_kind": "asap",
    "callback_phone": KNOWN,
    "callback_confirmed": True,
    "callback_read_back_at": "2026-01-12T15:00:00Z",
}


def read_back(process: str) -> dict[str, Any]:
    """A callback for Thursday at three, to be booked, or to be moved there."""
    moved = BOOKED if process == "move" else {}
    return drafted(THURSDAY_AT_15, callback_process=process, **moved)


def open_in(sandbox: Sandbox) -> list[Callback]:
    """The callbacks that are still to come, in the order of booking."""
    callbacks = sandbox.world.rooms(None).centre.floor.callbacks()
    return [each for each in callbacks if each.state is not State.COMPLETED]


def open_times(sandbox: Sandbox) -> list[datetime]:
    """When the callbacks come that are still to come, the next one first."""
    return sorted(each.desired_at for each in open_in(sandbox))
