"""Two numbers in one message: the one that is meant is read back, or it is asked which."""

from __future__ import annotations

from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_of_id
from tests.actions.dialogue import ASK_PHONE, CONFIRMED, FORM, FRIDAY_AT_10, customer

FIRST, SECOND = "+493023125012", "+493023125099"
WHEN = {
    "en": "call me friday at 10",
    "de": "ruft mich freitag um 10 an",
    "fr": "vendredi à 10h",
    "es": "el viernes a las 10",
}
SECOND_MEANT = [
    ("en", "on {0} no sorry on {1}"),
    ("en", "on {0} no on {1}"),
    ("en", "on {0}, no wait, {1}"),
    ("en", "on {0} sorry I mean {1}"),
    ("en", "not on {0} but on {1}"),
    ("en", "don't use {0}, use {1}"),
    ("de", "unter {0} nein unter {1}"),
    ("de", "unter {0}, ach nein, {1}"),
    ("de", "unter {0}, Quatsch, ich meine {1}"),
    ("de", "nicht unter {0} sondern unter {1}"),
    ("fr", "au {0} non au {1}"),
    ("fr", "au {0}, pardon, plutôt au {1}"),
    ("fr", "pas au {0} mais au {1}"),
    ("es", "al {0} no perdón al {1}"),
    ("es", "al {0}, no, mejor al {1}"),
    ("es", "no al {0} sino al {1}"),
]
FIRST_MEANT = [
    ("en", "on {0}, not on {1}"),
    ("en", "on {0} and not on my mobile {1}"),
    ("de", "unter {0} und nicht unter {1}"),
    ("fr", "au {0} et pas au {1}"),
    ("es", "al {0} y no al {1}"),
]
UNTOLD = [
    ("en", "on {0} or {1}"),
    ("en", "on {0} or on {1}"),
    ("en", "on {0}, no, not on {1}"),
    ("de", "unter {0} oder {1}"),
    ("de", "unter {0} oder unter {1}"),
    ("fr", "au {0} ou au {1}"),
    ("es", "al {0} o al {1}"),
    ("es", "al {0} no al {1}"),
]
UNTOLD_IN = {language: said for language, said in UNTOLD if "no" not in said}


async def heard(conversation: Any, language: str, said: str) -> None:
    conversation.metadata = customer(language)
    numbers = said.format("+49 30 23125012", "+49 30 23125099")
    await conversation.run(FORM, f"{WHEN[language]} {numbers}", "request_callback")


@pytest.mark.parametrize(
    ("language", "said", "phone"),
    [
        *((language, said, SECOND) for language, said in SECOND_MEANT),
        *((language, said, FIRST) for language, said in FIRST_MEANT),
    ],
)
async def test_of_two_numbers_the_one_that_is_meant_is_read_back_with_the_time(
    conversation: Any, language: str, said: str, phone: str
) -> None:
    await heard(conversation, language, said)
    assert conversation.slots["callback_phone"] == phone
    assert time_of_id(conversation.slots["callback_slot"]) == FRIDAY_AT_10
    assert conversation.slots["requested_slot"] == CONFIRMED


@pytest.mark.parametrize(("language", "said"), UNTOLD)
async def test_where_either_number_may_be_meant_it_is_asked_which_and_the_time_stays(
    conversation: Any, language: str, said: str
) -> None:
    await heard(conversation, language, said)
    assert conversation.slots.get("callback_phone") is None
    assert time_of_id(conversation.slots["callback_slot"]) == FRIDAY_AT_10
    asked = await conversation.run(ASK_PHONE, said, requested="callback_phone")
    assert asked.said == ["utter_callback_phone_several"]


PICKED = [
    ("en", "the first", 0),
    ("en", "the second one please", 1),
    ("en", "the last one", 1),
    ("en", "1", 0),
    ("de", "die erste", 0),
    ("de", "die zweite bitte", 1),
    ("fr", "le premier", 0),
    ("fr", "le deuxième", 1),
    ("es", "el primero", 0),
    ("es", "el segundo por favor", 1),
]
ENDING = [
    ("en", "the one ending in 99", SECOND),
    ("de", "die mit 12 am Ende", FIRST),
    ("fr", "celui qui finit par 99", SECOND),
    ("es", "el que acaba en 12", FIRST),
]
ORDERS = [(FIRST, SECOND), (SECOND, FIRST)]


async def picked(conversation: Any, language: str, order: tuple[str, str], answer: str) -> str:
    said = UNTOLD_IN[language].format(*order)
    conversation.metadata = customer(language)
    await conversation.run(FORM, f"{WHEN[language]} {said}", "request_callback")
    await conversation.run(FORM, answer, "inform", requested="callback_phone")
    assert conversation.slots["requested_slot"] == CONFIRMED
    number = conversation.slots["callback_phone"]
    assert isinstance(number, str)
    return number


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("language", "answer", "place"), PICKED)
async def test_of_two_numbers_one_is_picked_by_its_place(
    conversation: Any, language: str, answer: str, place: int, order: tuple[str, str]
) -> None:
    assert await picked(conversation, language, order, answer) == order[place]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("language", "answer", "number"), ENDING)
async def test_of_two_numbers_one_is_picked_by_its_end(
    conversation: Any, language: str, answer: str, number: str, order: tuple[str, str]
) -> None:
    assert await picked(conversation, language, order, answer) == number
