"""A number that cannot be called is said why, each time, and the time that was chosen stays."""

from __future__ import annotations

from typing import Any

import pytest

FORM = "validate_callback_form"
ASK = "action_ask_callback_phone"
PHONE = "callback_phone"
LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}
AT = "2026-01-15T14:00:00Z"
WHY = {"+49 900 1 234567": "utter_callback_phone_premium", "48": "utter_callback_phone_too_short"}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("text", WHY)
async def test_the_third_number_in_vain_is_said_why_beside_one_to_ring(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = {"locale": LOCALES[language], "timezone": "Europe/Berlin"}
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_slot": AT,
        "callback_question": "phone",
        "callback_phone_misses": 2,
    }
    await conversation.run(FORM, text, "inform", requested=PHONE)
    assert conversation.slots["requested_slot"] == PHONE
    assert conversation.slots["callback_slot"] == AT
    asked = await conversation.run(ASK, text, "inform", requested=PHONE)
    assert asked.said[0].startswith(("utter_callback_call_in", "utter_callback_static_number"))
    assert asked.said[-1] == WHY[text]
