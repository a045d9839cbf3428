"""A number that cannot be called is said why, each time, and the time that was chosen stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import ASK_PHONE, FORM, LOCALES, PHONE, YES, customer

AT = time_id(datetime(2026, 1, 15, 14, tzinfo=UTC))
ASKED = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": AT,
    "callback_question": "phone",
}
WHY = {"+49 900 1 234567": "utter_callback_phone_premium", "48": "utter_callback_phone_too_short"}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("text", WHY)
async def test_the_third_number_in_vain_is_said_why_beside_one_to_ring(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = ASKED | {"callback_phone_misses": 2}
    await conversation.run(FORM, text, "inform", requested=PHONE)
    assert conversation.slots["requested_slot"] == PHONE
    assert conversation.slots["callback_slot"] == AT
    asked = await conversation.run(ASK_PHONE, text, "inform", requested=PHONE)
    assert asked.said[0].startswith(("utter_callback_call_in", "utter_callback_static_number"))
    assert asked.said[-1] == WHY[text]


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("48", "utter_callback_phone_too_short_again"),
        ("030 23125012 / 030 23125013", "utter_callback_phone_several_again"),
        ("+49 30 23125011999999", "utter_callback_phone_invalid_again"),
    ],
)
async def test_the_second_number_in_vain_is_said_why_as_well(
    conversation: Any, language: str, text: str, why: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = ASKED | {"callback_phone_misses": 1}
    await conversation.run(FORM, text, "inform", requested=PHONE)
    asked = await conversation.run(ASK_PHONE, text, "inform", requested=PHONE)
    assert asked.said == [why, "utter_callback_phone_keypad"]


# --- of which country -----------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "yes"), YES.items())
async def test_a_yes_to_which_country_hears_in_other_words_what_is_asked(
    conversation: Any, language: str, yes: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = ASKED | {"callback_phone_readings": ["+49612345678", "+33612345678"]}
    first = await conversation.run(ASK_PHONE, "06 12 34 56 78", requested=PHONE)
    await conversation.run(FORM, yes, "affirm", requested=PHONE)
    again = await conversation.run(ASK_PHONE, yes, "affirm", requested=PHONE)
    assert first.said == ["utter_ask_callback_phone_country"]
    assert again.said == ["utter_ask_callback_phone_country_name"]


@pytest.mark.parametrize(
    ("country", "phone"), [("Allemagne", "+49639980004"), ("la France", None), ("33", None)]
)
async def test_what_looks_like_a_french_mobile_number_is_taken_for_german_only_when_said_so(
    conversation: Any, country: str, phone: str | None
) -> None:
    conversation.metadata = {"locale": "fr-FR", "timezone": "Europe/Berlin"}
    conversation.slots = dict(ASKED)
    await conversation.run(FORM, "0639980004", "inform", requested=PHONE)
    asked = await conversation.run(ASK_PHONE, "0639980004", requested=PHONE)
    assert asked.said == ["utter_ask_callback_phone_country"]
    await conversation.run(FORM, country, "inform", requested=PHONE)
    assert conversation.slots.get("callback_phone") == phone
    if phone is None:
        asked = await conversation.run(ASK_PHONE, country, requested=PHONE)
        assert asked.said == ["utter_callback_phone_invalid"]


# --- ahead of time --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("requested", ["callback_kind", "callback_slot"])
async def test_a_number_that_is_given_early_is_heard_before_the_next_question(
    conversation: Any, language: str, requested: str
) -> None:
    conversation.metadata = customer(language)
    is_kind = requested == "callback_kind"
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": None if is_kind else "scheduled",
        "callback_question": "kind" if is_kind else "slot_menu",
        "callback_menu": None if is_kind else {"ids": [AT], "seen": [AT], "told": [AT]},
    }
    await conversation.run(FORM, "+49 30 23125012", "inform", requested=requested)
    assert conversation.slots["callback_phone"] == "+493023125012"
    asked = await conversation.run(f"action_ask_{requested}", "", requested=requested)
    assert asked.said[0] == "utter_callback_number_noted"
    assert asked.said[1].startswith(f"utter_ask_{requested}")
