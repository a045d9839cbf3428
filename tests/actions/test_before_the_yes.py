"""From the number to the read-back: what is said on the way is heard, and nothing is lost by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id

FORM = "validate_callback_form"
SUBMIT = "action_submit_callback_form"
ANSWER = "action_answer_callback"
ASK_TIME = "action_ask_callback_slot"
CONFIRMED = "callback_confirmed"
KNOWN = "+493023125011"
LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}
# The sandbox opens on Monday, 12 January 2026.
THURSDAY_AT_15 = datetime(2026, 1, 15, 14, tzinfo=UTC)
DRAFT = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": time_id(THURSDAY_AT_15),
    "callback_phone": KNOWN,
    "callback_question": "read_back",
    "callback_read_back_at": "2026-01-12T15:00:00Z",
}


def customer(language: str, **different: str) -> dict[str, str]:
    return {
        "locale": LOCALES[language],
        "timezone": "Europe/Berlin",
        "caller_number": KNOWN,
        **different,
    }


def noted(outcome: Any) -> list[str]:
    return [note["response"] for note in outcome.slots.get("callback_notes") or []]


# --- a number that was called wrong, and was right ------------------------------------------------

WRONG = {
    "en": "wrong number",
    "de": "falsche Nummer",
    "fr": "mauvais numéro",
    "es": "número equivocado",
}
RIGHT_AFTER_ALL = {
    "en": ["oh no, actually it was right", "sorry, it's correct", "no, keep that number", "no"],
    "de": ["doch, die stimmt", "ach nein, die war doch richtig", "die alte Nummer bitte", "nein"],
    "fr": ["en fait si, c'était le bon", "ah non c'est bien mon numéro", "gardez ce numéro", "non"],
    "es": ["ah no, sí era correcto", "perdón, sí era mi número", "no, el anterior", "no"],
}


@pytest.mark.parametrize("intent", ["inform", "deny", "affirm", "never_mind", "nlu_fallback"])
@pytest.mark.parametrize("language", LOCALES)
async def test_a_number_that_was_right_after_all_is_read_back_again(
    conversation: Any, language: str, intent: str
) -> None:
    conversation.metadata = customer(language)
    for text in RIGHT_AFTER_ALL[language][: 3 if intent != "deny" else None]:
        other = "+493023125012"
        conversation.slots = DRAFT | {"callback_phone": other}
        asked = await conversation.run(FORM, WRONG[language], "deny", requested=CONFIRMED)
        assert asked.slots["requested_slot"] == "callback_phone"
        again = await conversation.run(FORM, text, intent, requested="callback_phone")
        assert again.slots["requested_slot"] == CONFIRMED, text
        assert conversation.slots["callback_phone"] == other
        assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]
        assert conversation.slots.get("callback_confirmed") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "it was not right"),
        ("de", "die stimmt nicht"),
        ("fr", "c'était pas le bon"),
        ("es", "no era correcto"),
    ],
)
async def test_a_number_that_is_still_wrong_is_not_taken_again(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = DRAFT | {
        "callback_phone": None,
        "callback_phone_before": KNOWN,
        "callback_question": "phone",
    }
    await conversation.run(FORM, text, "inform", requested="callback_phone")
    assert conversation.slots["callback_phone"] is None
    assert conversation.slots["requested_slot"] == "callback_phone"


# --- a menu that nobody has seen ------------------------------------------------------------------

UNCLEAR = {
    "en": "call me monday the 17th of january at noon",
    "de": "ruft mich am Montag den 17. Januar um 12 Uhr an",
    "fr": "rappelez-moi lundi 17 janvier à midi",
    "es": "llámeme el lunes 17 de enero a las 12",
}
SECOND = {"en": "the second", "de": "der zweite", "fr": "le deuxième", "es": "el segundo"}


async def unclear(conversation: Any, language: str) -> Any:
    """Ask about a time that cannot be; the menu beside it is not told."""
    conversation.metadata = customer(language)
    begun = await conversation.run(FORM, UNCLEAR[language], "request_callback")
    asked = await conversation.run(ASK_TIME, requested="callback_slot")
    assert begun.slots["requested_slot"] == "callback_slot"
    assert asked.said == ["utter_callback_time_unclear"]


@pytest.mark.parametrize("language", LOCALES)
async def test_nothing_is_picked_by_its_place_in_a_menu_that_was_not_told(
    conversation: Any, language: str
) -> None:
    await unclear(conversation, language)
    again = await conversation.run(FORM, SECOND[language], requested="callback_slot")
    asked = await conversation.run(ASK_TIME, requested="callback_slot")
    assert again.slots["requested_slot"] == "callback_slot"
    assert asked.said == ["utter_ask_callback_slot_5"]
    picked = await conversation.run(FORM, SECOND[language], requested="callback_slot")
    assert picked.slots["requested_slot"] == "callback_phone"
    assert conversation.slots["callback_slot"] == conversation.slots["callback_menu"]["ids"][1]


@pytest.mark.parametrize("language", LOCALES)
async def test_a_bare_number_is_a_clock_time_where_no_menu_was_told(
    conversation: Any, language: str
) -> None:
    await unclear(conversation, language)
    await conversation.run(FORM, "2", requested="callback_slot")
    offered = [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]
    assert conversation.slots.get("callback_slot") is None
    assert {at.hour for at in offered if at is not None} == {13}
