"""Numbers said while a time is offered or a yes is awaited, and times that are not free."""

from __future__ import annotations

from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import (
    ASK_TIME,
    FORM,
    FRIDAY_AT_15,
    PHONE,
    SLOT,
    caller,
)


def one_offered() -> dict[str, Any]:
    ids = [time_id(FRIDAY_AT_15)]
    return {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_question": "slot_one",
        "callback_menu": {"ids": ids, "seen": ids, "told": ids},
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No sorry thats wrong, its 030 23125022"),
        ("de", "Nein, das ist falsch, es ist die 030 23125022"),
        ("fr", "Non pardon c'est faux, c'est le +49 30 23125022"),
        ("es", "No perdón, está mal, es el +49 30 23125022"),
    ],
)
@pytest.mark.parametrize("intent", ["deny", "inform", "other_number"])
async def test_a_number_put_right_refuses_no_time(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = one_offered()
    await conversation.run(FORM, text, intent, requested=SLOT)
    assert conversation.slots["callback_phone"] == "+493023125022"
    assert conversation.slots["callback_menu"]["ids"] == [time_id(FRIDAY_AT_15)]
    assert not conversation.slots["callback_menu"].get("refused")
    assert conversation.slots["requested_slot"] == SLOT
    asked = await conversation.run(ASK_TIME, requested=SLOT)
    assert asked.said[-1] == "utter_ask_callback_slot_one"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No, that number's wrong"),
        ("de", "nein die Nummer stimmt nicht"),
        ("fr", "non, le numéro n'est pas bon"),
        ("es", "no, el número está mal"),
    ],
)
@pytest.mark.parametrize("intent", ["deny", "other_number", "inform"])
async def test_who_says_that_the_number_is_wrong_is_asked_which(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = one_offered() | {"callback_phone": "+493023125022"}
    await conversation.run(FORM, text, intent, requested=SLOT)
    assert conversation.slots["requested_slot"] == PHONE
    assert conversation.slots["callback_phone"] is None
    assert not conversation.slots["callback_menu"].get("refused")


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "now I'd prefer if you ring me Friday at quarter to three", "quarter to three"),
        ("en", "Friday around quarter to three", "quarter to three"),
        ("de", "Freitag um Viertel vor drei", "Viertel vor drei"),
        ("fr", "vendredi vers trois heures moins le quart", "trois heures moins le quart"),
        ("es", "el viernes sobre las tres menos cuarto", "tres menos cuarto"),
    ],
)
async def test_of_a_time_between_two_it_is_said_that_it_is_not_free(
    conversation: Any, language: str, text: str, told: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_question": "slot_when",
    }
    await conversation.run(FORM, text, requested=SLOT)
    (note,) = conversation.slots["callback_notes"]
    assert note["response"] == "utter_callback_nothing_fits"
    assert told in note["values"]["wish"]
    assert "prefer" not in note["values"]["wish"]
