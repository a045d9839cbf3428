"""Somebody asks by its name for another language than the channel says, and is served in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import ASK_TIME, CANCEL_FORM, FORM, LOST

NOTE = "action_note_customer"
IDS = [time_id(datetime(2026, 1, 15, hour, tzinfo=UTC)) for hour in (9, 11, 14)]
AT_MENU = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_question": "slot_menu",
    "callback_menu": {"ids": IDS, "seen": IDS, "told": IDS},
}
ASKED = [
    ("en-GB", "können wir Deutsch sprechen?", "de"),
    ("de-DE", "English please", "en"),
    ("en-GB", "en français s'il vous plaît", "fr"),
    ("fr-FR", "¿habla español?", "es"),
]


@pytest.mark.parametrize("intent", ["nlu_fallback", "help", "affirm"])
@pytest.mark.parametrize(("locale", "text", "language"), ASKED)
async def test_the_open_question_is_asked_again_in_the_language_asked_for(
    conversation: Any, locale: str, text: str, language: str, intent: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    conversation.slots = dict(AT_MENU)
    await conversation.run(NOTE, text, intent)
    await conversation.run(FORM, text, intent, requested="callback_slot")
    assert conversation.slots["requested_slot"] == "callback_slot"
    assert conversation.slots["callback_language"] == language
    asked = await conversation.run(ASK_TIME, text, intent, requested="callback_slot")
    assert asked.said[0] == "utter_callback_language_changed"
    assert len(asked.said) == 2


@pytest.mark.parametrize(("locale", "text", "language"), ASKED)
async def test_it_stays_the_language_of_what_follows(
    conversation: Any, locale: str, text: str, language: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    heard = await conversation.run(LOST, text, "nlu_fallback")
    assert heard.said == ["utter_callback_language_changed"]
    await conversation.run(NOTE, "Friday", "inform")
    assert conversation.slots["callback_language"] == language


async def test_a_time_beside_it_is_not_lost(conversation: Any) -> None:
    conversation.metadata = {"locale": "en-GB", "timezone": "Europe/Berlin"}
    conversation.slots = dict(AT_MENU)
    text = "auf Deutsch bitte, am Freitag um 12 Uhr"
    await conversation.run(FORM, text, "inform", requested="callback_slot")
    assert conversation.slots["callback_slot"] == time_id(datetime(2026, 1, 16, 11, tzinfo=UTC))
    assert conversation.slots["callback_language"] == "de"


async def test_a_question_whether_to_cancel_stays_open(conversation: Any) -> None:
    conversation.metadata = {"locale": "en-GB", "timezone": "Europe/Berlin"}
    booked = {"time": IDS[0], "phone": "+493023125011"}
    conversation.slots = {
        "callback_id": "c1",
        "callback_booking": booked,
        "callback_question": "cancel",
    }
    await conversation.run(
        CANCEL_FORM, "Deutsch bitte", "affirm", requested="callback_cancel_confirmed"
    )
    assert conversation.slots["requested_slot"] == "callback_cancel_confirmed"
    assert conversation.slots.get("callback_cancel_confirmed") is None


async def test_on_the_telephone_the_language_is_that_of_the_channel(conversation: Any) -> None:
    conversation.metadata = {"locale": "en-GB", "timezone": "Europe/Berlin"}
    conversation.channel = "voice"
    await conversation.run(NOTE, "Deutsch bitte", "inform")
    assert conversation.slots["callback_language"] == "en"
