"""Who corrects the last digits of the number changes the number, and never the time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.dialogue import (
    ASK_CONFIRMED,
    BOOKED_ON_FRIDAY,
    CONFIRMED,
    FORM,
    KNOWN,
    LOCALES,
    PHONE,
    THURSDAY_AT_15,
    caller,
    customer,
    drafted,
)

DRAFT = drafted(THURSDAY_AT_15)
MOVING = DRAFT | {"callback_process": "move"} | BOOKED_ON_FRIDAY
CORRECTED = {
    "en": [
        ("no, 74 at the end", "74"),
        ("nah not quite, last digit is 6", "16"),
        ("should be 09 at the end not 08", "09"),
        ("last two digits are 57", "57"),
    ],
    "de": [
        ("ne, hinten 42", "42"),
        ("nein, die letzten zwei Ziffern sind 60", "60"),
        ("am Ende 58", "58"),
    ],
    "fr": [
        ("non, le dernier chiffre c'est 3", "13"),
        ("finit par 02", "02"),
        ("non, ça finit par 02", "02"),
    ],
    "es": [("no, al final es 79", "79"), ("acaba en 79", "79"), ("al final 79", "79")],
}
INTENTS = ["inform", "deny", "other_number", "cancel_callback", "never_mind", "ask_call_in"]


@pytest.mark.parametrize("draft", [DRAFT, MOVING], ids=["booking", "moving"])
@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("language", LOCALES)
async def test_the_number_is_read_back_with_the_digits_it_is_to_end_in(
    conversation: Any, language: str, intent: str, draft: dict[str, Any]
) -> None:
    conversation.metadata = customer(language)
    for text, end in CORRECTED[language]:
        conversation.slots = dict(draft)
        await conversation.run(FORM, text, intent, requested=CONFIRMED)
        assert conversation.slots["requested_slot"] == CONFIRMED, text
        assert not conversation.slots.get(CONFIRMED)
        assert conversation.slots["callback_phone"] == KNOWN[: -len(end)] + end, text
        assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]
        told = await conversation.run(ASK_CONFIRMED, text, intent, requested=CONFIRMED)
        assert told.said[-1].startswith("utter_ask_callback_confirmed")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "030 23125011, no 14 at the end"),
        ("en", "030 23125014, it ends in 14"),
        ("de", "030 23125011, nein, 14 am Ende"),
        ("fr", "030 23125011, non, 14 à la fin"),
        ("es", "030 23125011, no, 14 al final"),
    ],
)
async def test_the_end_of_a_number_is_put_right_in_the_message_that_gives_it(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = {**DRAFT, "callback_phone": None}
    await conversation.run(FORM, text, "inform", requested=PHONE)
    assert conversation.slots["callback_phone"] == "+493023125014"
    assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]


UNTOLD = {
    "en": ["the last two digits are wrong", "yes, the last digits are 12 or 13"],
    "de": ["die letzte Ziffer ist falsch", "ja, hinten 12 oder 13"],
    "fr": ["le dernier chiffre est faux", "oui, à la fin 12 ou 13"],
    "es": ["la última cifra está mal", "sí, al final 12 o 13"],
}


@pytest.mark.parametrize("intent", [*INTENTS, "affirm"])
@pytest.mark.parametrize("language", LOCALES)
async def test_the_number_is_asked_for_where_its_end_cannot_be_told(
    conversation: Any, language: str, intent: str
) -> None:
    conversation.metadata = customer(language)
    for text in UNTOLD[language]:
        conversation.slots = dict(DRAFT)
        await conversation.run(FORM, text, intent, requested=CONFIRMED)
        assert conversation.slots["requested_slot"] == "callback_phone", text
        assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]
        assert not conversation.slots.get(CONFIRMED)


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("question", ["phone", "phone_known"])
async def test_an_end_before_there_is_a_number_ends_nothing(
    conversation: Any, language: str, intent: str, question: str
) -> None:
    conversation.metadata = caller(language)
    for text, _ in CORRECTED[language]:
        conversation.slots = DRAFT | {"callback_phone": None, "callback_question": question}
        await conversation.run(FORM, text, intent, requested="callback_phone")
        assert conversation.slots["requested_slot"] == "callback_phone", text
        assert conversation.slots["callback_question"] == "phone", text


@pytest.mark.parametrize("requested", ["callback_kind", "callback_slot"])
async def test_an_end_said_at_another_question_leaves_it_open(
    conversation: Any, requested: str
) -> None:
    conversation.metadata = {"locale": "fr-FR", "timezone": "Europe/Berlin"}
    conversation.slots = {"callback_process": "book", "callback_question": "slot_open"}
    await conversation.run(FORM, "non, ça finit par 02", "deny", requested=requested)
    assert conversation.slots["requested_slot"] == requested


@pytest.mark.parametrize("language", LOCALES)
async def test_the_digits_the_number_does_end_in_change_nothing(
    conversation: Any, language: str
) -> None:
    said = {"en": "yes, it ends in 11", "de": "ja, endet auf 11", "fr": "oui, finit par 11"}
    text = said.get(language, "sí, termina en 11")
    conversation.metadata = customer(language)
    conversation.slots = dict(DRAFT)
    await conversation.run(FORM, text, "affirm", requested=CONFIRMED)
    assert conversation.slots["callback_phone"] == KNOWN
