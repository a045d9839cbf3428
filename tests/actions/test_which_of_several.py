"""Which of several callbacks is meant, when one is to be cancelled, moved or given a new number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from ges_connector.sandbox.records import State

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

FORM = "validate_callback_form"
CANCEL_FORM = "validate_callback_cancel_form"
SUBMIT = "action_submit_callback_form"
SUBMIT_CANCEL = "action_submit_callback_cancel_form"
ANSWER = "action_answer_callback"
ASK_KIND = "action_ask_callback_kind"
ASK_CANCEL = "action_ask_callback_cancel_confirmed"
KIND, CANCEL = "callback_kind", "callback_cancel_confirmed"
# The sandbox opens on Monday, 12 January 2026.
THURSDAY_AT_15 = datetime(2026, 1, 15, 14, tzinfo=UTC)
FRIDAY_AT_10 = datetime(2026, 1, 16, 9, tzinfo=UTC)
FRIDAY_NOON = datetime(2026, 1, 16, 11, tzinfo=UTC)
MONDAY_AT_10 = datetime(2026, 1, 19, 9, tzinfo=UTC)
PHONE = "+493023125011"
CUSTOMERS = {
    "en": {"locale": "en-GB", "timezone": "Europe/Berlin"},
    "de": {"locale": "de-DE", "timezone": "Europe/Berlin"},
    "fr": {"locale": "fr-FR", "timezone": "Europe/Paris"},
    "es": {"locale": "es-ES", "timezone": "Europe/Madrid"},
}


async def book(conversation: Any, language: str, *times: datetime) -> None:
    """Book callbacks in this conversation, the last of which is spoken of."""
    conversation.metadata = CUSTOMERS[language]
    for at in times:
        conversation.slots |= {
            "callback_process": "book",
            "callback_kind": "scheduled",
            "callback_slot": time_id(at),
            "callback_phone": PHONE,
            "callback_question": "read_back",
            "callback_read_back_at": "2026-01-12T15:00:00Z",
            "callback_confirmed": True,
        }
        await conversation.run(SUBMIT, "yes", "affirm")


async def book_two(conversation: Any, language: str = "en") -> None:
    await book(conversation, language, THURSDAY_AT_15, FRIDAY_AT_10)


def open_in(sandbox: Sandbox) -> list[datetime]:
    callbacks = sandbox.world.rooms(None).centre.floor.callbacks()
    return sorted(each.desired_at for each in callbacks if each.state is not State.COMPLETED)


def spoken_of(conversation: Any) -> Any:
    return conversation.slots["callback_booking"]["time"]


# --- cancelling -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't need the thursday one any more"),
        ("en", "thursday doesn't work, cancel"),
        ("en", "cancel the thursday one, not the friday one"),
        ("en", "cancel the one at 3"),
        ("de", "ich brauche den am Donnerstag nicht mehr"),
        ("de", "donnerstag geht nicht, absagen"),
        ("de", "sag den um 15 Uhr ab"),
        ("fr", "je n'ai plus besoin de celui de jeudi"),
        ("fr", "jeudi ce n'est pas possible, annulez"),
        ("es", "ya no necesito la del jueves"),
        ("es", "el jueves no puedo, cancélela"),
    ],
)
async def test_the_time_named_in_a_cancellation_is_that_of_the_callback(
    conversation: Any, language: str, text: str
) -> None:
    await book_two(conversation, language)
    form = await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert form.slots["requested_slot"] == CANCEL
    assert conversation.slots["callback_question"] == "cancel"
    assert spoken_of(conversation) == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't need the thursday one any more"),
        ("de", "ich brauche den am Donnerstag nicht mehr"),
        ("fr", "je n'ai plus besoin de celui de jeudi"),
        ("es", "ya no necesito la del jueves"),
    ],
)
async def test_who_cancels_at_a_time_with_no_callback_is_told_so_and_asked_about_what_is_there(
    conversation: Any, language: str, text: str
) -> None:
    await book(conversation, language, FRIDAY_AT_10)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said == ["utter_callback_none_then", "utter_ask_callback_cancel_confirmed"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the thursday one doesn't work"),
        ("de", "den am Donnerstag brauche ich nicht"),
        ("fr", "celui de jeudi"),
        ("es", "la del jueves ya no la necesito"),
    ],
)
async def test_the_answer_which_to_cancel_may_say_why(
    conversation: Any, language: str, text: str
) -> None:
    await book_two(conversation, language)
    await conversation.run(CANCEL_FORM, "?", "cancel_callback")
    assert conversation.slots["callback_question"] == "which_one"
    await conversation.run(CANCEL_FORM, text, "inform", requested=CANCEL)
    assert conversation.slots["callback_question"] == "cancel"
    assert spoken_of(conversation) == time_id(THURSDAY_AT_15)
