"""A number that is not to be called is never the one that is read back."""

from __future__ import annotations

from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import (
    CONFIRMED,
    FORM,
    KNOWN,
    PHONE,
    THURSDAY_AT_15,
    customer,
    read_back,
)

RULED_OUT = [
    ("en", "don't call {0}"),
    ("en", "yes but not on {0}"),
    ("en", "never call {0}"),
    ("en", "not {0} but the one you said"),
    ("en", "my wife's number is {0} but call me on mine"),
    ("en", "it used to be {0}"),
    ("en", "if I don't answer try {0}"),
    ("de", "ja aber nicht unter {0}"),
    ("de", "nicht die {0}"),
    ("de", "wenn ich nicht rangehe, dann {0}"),
    ("fr", "oui mais pas au {0}"),
    ("fr", "si je ne réponds pas, essayez le {0}"),
    ("es", "sí pero no al {0}"),
    ("es", "si no contesto, al {0}"),
    ("en", "{0} is wrong"),
    ("en", "{0} isn't my number"),
    ("en", "my old number is {0}"),
    ("en", "customer no {0}"),
    ("en", "my contract number is {0}"),
    ("de", "{0} ist falsch"),
    ("de", "die {0} nicht"),
    ("de", "meine alte Nummer ist die {0}"),
    ("de", "Kundennummer: {0}"),
    ("fr", "le {0} est faux"),
    ("fr", "le {0} n'est plus le mien"),
    ("fr", "mon ancien numéro est le {0}"),
    ("fr", "numéro client {0}"),
    ("es", "el {0} está mal"),
    ("es", "el {0} no"),
    ("es", "mi número antiguo es el {0}"),
    ("es", "número de cliente {0}"),
]
CALLED_RIGHT = [
    ("en", "my new number, not the old one, is {0}"),
    ("en", "the number is wrong, it is {0}"),
    ("en", "{0}, not the old one"),
    ("de", "die Nummer stimmt nicht, {0} wäre richtig"),
    ("de", "Kundennummer 4711, Telefon {0}"),
    ("fr", "non, le {0}"),
    ("es", "no, es el {0}"),
]


@pytest.mark.parametrize(("language", "said"), RULED_OUT)
@pytest.mark.parametrize("intent", ["inform", "affirm", "deny"])
async def test_a_number_that_is_not_to_be_called_is_not_taken_and_its_words_are_no_yes(
    conversation: Any, language: str, said: str, intent: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_slot": time_id(THURSDAY_AT_15),
        "callback_phone": KNOWN,
        "callback_question": "read_back",
        "callback_read_back_at": "2026-01-12T15:00:00Z",
    }
    text = said.format("+49 30 23125099")
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.slots.get("callback_phone") in {KNOWN, None}
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15
    assert conversation.slots.get("callback_confirmed") is None


@pytest.mark.parametrize(("language", "said"), CALLED_RIGHT)
async def test_a_number_beside_another_that_is_called_wrong_is_taken(
    conversation: Any, language: str, said: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = {**read_back("book"), "callback_phone": None}
    await conversation.run(FORM, said.format("+49 30 23125099"), "inform", requested=PHONE)
    assert conversation.slots.get("callback_phone") == "+493023125099"


@pytest.mark.parametrize("said", ["{0} is wrong", "customer number {0}", "not {0}"])
async def test_where_a_number_is_asked_for_it_is_asked_for_again(
    conversation: Any, said: str
) -> None:
    conversation.metadata = customer("en")
    conversation.slots = {**read_back("book"), "callback_phone": None}
    await conversation.run(FORM, said.format("+49 30 23125099"), "inform", requested=PHONE)
    assert conversation.slots.get("callback_phone") is None
    assert conversation.slots["requested_slot"] == PHONE


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "call me thursday at 15:00 but not on +49 30 23125099"),
        ("de", "ruft mich donnerstag um 15:00 an, aber nicht unter +49 30 23125099"),
    ],
)
async def test_the_time_beside_a_number_that_is_not_to_be_called_is_kept(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = customer(language)
    await conversation.run(FORM, text, "request_callback")
    assert conversation.slots.get("callback_phone") is None
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15
