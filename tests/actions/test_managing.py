"""What a customer says about a callback that is there, or may be there."""

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
SHOW = "action_show_callback"
LOST = "action_not_understood"
ASK_KIND = "action_ask_callback_kind"
# The sandbox opens on Monday, 12 January 2026.
FRIDAY_NOON = datetime(2026, 1, 16, 11, tzinfo=UTC)
FRIDAY_HALF_PAST_TEN = datetime(2026, 1, 16, 9, 30, tzinfo=UTC)
THURSDAY_AT_TEN = datetime(2026, 1, 15, 9, tzinfo=UTC)
DRAFT = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": time_id(FRIDAY_NOON),
    "callback_phone": "+493023125011",
    "callback_question": "read_back",
    "callback_read_back_at": "2026-01-12T15:00:00Z",
}
CUSTOMERS = {
    "en": {"locale": "en-GB", "timezone": "Europe/Berlin"},
    "de": {"locale": "de-DE", "timezone": "Europe/Berlin"},
    "fr": {"locale": "fr-FR", "timezone": "Europe/Paris"},
    "es": {"locale": "es-ES", "timezone": "Europe/Madrid"},
}
NOT_NEEDED = [
    ("en", "I don't need it anymore"),
    ("en", "actually it's sorted now"),
    ("en", "it's been sorted, thanks"),
    ("de", "brauch ich nicht mehr"),
    ("de", "hat sich erledigt"),
    ("de", "das hat sich schon geklärt"),
    ("fr", "je n'en ai plus besoin"),
    ("fr", "plus la peine"),
    ("es", "ya no la necesito"),
    ("es", "ya no hace falta"),
]


async def book(conversation: Any, language: str = "en", **different: Any) -> Any:
    """Book a callback in this conversation."""
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = {**DRAFT, "callback_confirmed": True, **different}
    return await conversation.run(SUBMIT, "yes", "affirm")


async def open_menu(conversation: Any) -> Any:
    """Ask for a callback while there is one: keep it, move it or cancel it?"""
    await conversation.run(FORM, "ASAP?", "request_callback")
    assert conversation.slots["callback_question"] == "open_callback"
    return await conversation.run(ASK_KIND, requested="callback_kind")


def open_in(sandbox: Sandbox) -> list[datetime]:
    callbacks = sandbox.world.rooms(None).centre.floor.callbacks()
    return [each.desired_at for each in callbacks if each.state is not State.COMPLETED]


def noted(outcome: Any) -> list[str]:
    return [note["response"] for note in outcome.slots.get("callback_notes") or []]


# --- it is needed no more -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ANSWER, "never_mind"),
        (ANSWER, "deny"),
        (ANSWER, "goodbye"),
        (ANSWER, "thanks"),
        (ANSWER, "inform"),
        (LOST, "nlu_fallback"),
        (SHOW, "show_callback"),
        ("action_tell_wait", "ask_wait"),
        ("action_repeat_callback", "repeat"),
    ],
)
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_is_asked_whether_to_cancel_it(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await book(conversation, language)
    told = await conversation.run(action, text, intent)
    assert told.said == []
    assert told.followup == "callback_cancel_form"
    asked = await conversation.run(CANCEL_FORM, text, intent)
    assert asked.slots["requested_slot"] == "callback_cancel_confirmed"


@pytest.mark.parametrize("intent", ["never_mind", "request_callback", "nlu_fallback", "affirm"])
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_is_asked_whether_to_cancel_it_at_the_menu(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await book(conversation, language)
    await open_menu(conversation)
    form = await conversation.run(FORM, text, intent, requested="callback_kind")
    assert form.slots["requested_slot"] is None
    assert form.followup == "callback_cancel_form"


@pytest.mark.parametrize("intent", ["never_mind", "deny", "cancel_callback", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_says_yes_to_cancelling(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await book(conversation, language)
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    requested = "callback_cancel_confirmed"
    await conversation.run(CANCEL_FORM, text, intent, requested=requested)
    over = await conversation.run(SUBMIT_CANCEL, text, intent)
    assert over.said[0] == "utter_callback_cancelled"
    assert open_in(ges_sandbox) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no, I don't need it anymore"),
        ("en", "is it sorted now?"),
        ("en", "I don't need it anymore, or do I"),
        ("de", "nein, brauch ich nicht mehr"),
        ("de", "absagen brauche ich nicht mehr"),
        ("fr", "non, je n'en ai plus besoin"),
        ("es", "no, ya no la necesito"),
    ],
)
@pytest.mark.parametrize("intent", ["never_mind", "deny", "nlu_fallback", "affirm"])
async def test_what_may_mean_either_cancels_nothing(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await book(conversation, language)
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    requested = "callback_cancel_confirmed"
    form = await conversation.run(CANCEL_FORM, text, intent, requested=requested)
    assert form.slots.get("callback_cancel_confirmed") is not True
    assert open_in(ges_sandbox) == [FRIDAY_NOON]


@pytest.mark.parametrize(
    "requested", ["callback_kind", "callback_slot", "callback_phone", "callback_confirmed"]
)
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_before_the_booking_ends_the_arrangement(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, requested: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = dict(DRAFT)
    form = await conversation.run(FORM, text, "never_mind", requested=requested)
    over = await conversation.run(SUBMIT, text, "never_mind")
    assert form.slots["requested_slot"] is None
    assert over.said == ["utter_callback_stopped"]
    assert open_in(ges_sandbox) == []


async def test_who_needs_it_no_more_and_has_none_is_left_in_peace(conversation: Any) -> None:
    told = await conversation.run(ANSWER, "it's sorted now, thanks", "thanks")
    assert told.said == ["utter_callback_stopped"]


async def test_who_needs_it_no_more_is_told_that_nobody_knows_of_one_in_doubt(
    conversation: Any,
) -> None:
    conversation.slots = {
        "callback_unconfirmed": {"token": "token", "asked_at": time_id(FRIDAY_NOON)},
    }
    told = await conversation.run(ANSWER, "I don't need it anymore", "never_mind")
    assert told.followup == "callback_cancel_form"
    await conversation.run(CANCEL_FORM, "I don't need it anymore", "never_mind")
    over = await conversation.run(SUBMIT_CANCEL, "I don't need it anymore", "never_mind")
    assert over.said[0] == "utter_callback_unconfirmed_cancel"
