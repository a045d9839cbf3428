"""One in the place of the callback that is booked, or besides it; a time that is a problem."""

from __future__ import annotations

from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_of_id
from tests.actions.dialogue import (
    ANSWER,
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    LOST,
    MONDAY_AT_10,
    SLOT,
    THURSDAY_AT_15,
    TO_ARRANGE,
    caller,
    drafted,
)

INSTEAD = [
    ("en", "cancel it and call me thursday at 3pm"),
    ("en", "cancel friday and book thursday at 3pm instead"),
    ("en", "please cancel my callback and book me in for thursday at 3pm"),
    ("de", "sagen Sie ihn ab und rufen Sie mich Donnerstag um 15 Uhr an"),
    ("de", "Freitag absagen und dafür Donnerstag um 15 Uhr buchen"),
    ("fr", "annulez-le et appelez-moi jeudi à 15h"),
    ("fr", "annulez vendredi et réservez plutôt jeudi à 15h"),
    ("es", "cancélela y llámeme el jueves a las 15"),
    ("es", "anule el viernes y reserve el jueves a las 15"),
]
CANCELLED = [
    ("en", "cancel my call on thursday at 3pm"),
    ("en", "cancel the callback you booked for thursday at 3pm"),
    ("en", "cancel it and don't call me thursday at 3pm"),
    ("de", "bitte den Anruf am Donnerstag um 15 Uhr absagen"),
    ("fr", "annulez mon rappel de jeudi à 15h"),
    ("es", "cancele la llamada del jueves a las 15"),
]
BESIDES = [
    ("en", "i also want a call on thursday at 3pm"),
    ("en", "I'd also like a callback on thursday at 3pm"),
    ("de", "ich möchte auch einen Anruf am Donnerstag um 15 Uhr"),
    ("fr", "je veux aussi un appel jeudi à 15h"),
    ("es", "también quiero una llamada el jueves a las 15"),
]
TO_MONDAY = [
    ("en", "move it to monday", "10"),
    ("de", "auf Montag verschieben", "um 10"),
    ("fr", "déplacez-le à lundi", "à 10h"),
    ("es", "muévala al lunes", "a las 10"),
]
A_PROBLEM = [
    ("en", "yes but 10 is a problem"),
    ("en", "yes but 10 is a bit tricky"),
    ("de", "ja aber 10 Uhr ist ein Problem"),
    ("de", "ja aber 10 Uhr ist schwierig"),
    ("fr", "oui mais 10h c'est compliqué"),
    ("es", "sí pero las 10 es complicado"),
]


@pytest.mark.parametrize(("language", "text"), INSTEAD)
@pytest.mark.parametrize(
    "taken", [(CANCEL_FORM, "cancel_callback"), (LOST, "nlu_fallback"), (ANSWER, "inform")]
)
async def test_one_in_its_place_moves_the_callback_that_is_booked(
    conversation: Any, language: str, text: str, taken: tuple[str, str]
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    action, intent = taken
    assert (await conversation.run(action, text, intent)).followup == TO_ARRANGE
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_process"] == "move"
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15


@pytest.mark.parametrize(("language", "text"), CANCELLED)
async def test_who_cancels_what_is_not_there_is_told_so(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert conversation.noted == ["utter_callback_none_then"]
    assert conversation.slots["requested_slot"] == CANCEL


@pytest.mark.parametrize(("language", "text"), BESIDES)
async def test_one_besides_is_arranged_at_the_time_that_was_named(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    await conversation.run(FORM, text, "request_callback")
    assert conversation.noted == ["utter_callback_one_more"]
    assert conversation.slots["callback_process"] == "book"
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15


@pytest.mark.parametrize(("language", "day", "clock"), TO_MONDAY)
async def test_the_day_it_is_moved_to_holds_when_the_time_of_day_is_told(
    conversation: Any, language: str, day: str, clock: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    await conversation.run(FORM, day, "move_callback")
    await conversation.run(FORM, clock, requested=SLOT)
    assert time_of_id(conversation.slots["callback_slot"]) == MONDAY_AT_10


@pytest.mark.parametrize(("language", "text"), A_PROBLEM)
@pytest.mark.parametrize("intent", ["affirm", "inform"])
async def test_other_times_are_offered_to_who_calls_the_time_a_problem(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = drafted(FRIDAY_AT_10)
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == SLOT
    assert conversation.slots.get("callback_slot") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "instead of thursday"),
        ("en", "yes, instead of thursday"),
        ("en", "only this one"),
        ("de", "statt Donnerstag"),
        ("de", "nur diesen"),
        ("fr", "au lieu de jeudi"),
        ("fr", "à la place de jeudi"),
        ("es", "en vez del jueves"),
        ("es", "solo esta"),
    ],
)
@pytest.mark.parametrize("intent", ["inform", "affirm", "nlu_fallback"])
async def test_what_is_read_back_takes_the_place_of_what_is_booked_and_not_a_place_beside_it(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    conversation.slots |= drafted(FRIDAY_AT_10)
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_process"] == "move"
    assert time_of_id(conversation.spoken_of) == THURSDAY_AT_15
    assert time_of_id(conversation.slots["callback_slot"]) == FRIDAY_AT_10
    assert conversation.slots["callback_confirmed"] is None


async def test_which_of_two_gives_way_is_asked(conversation: Any) -> None:
    await conversation.book(THURSDAY_AT_15, MONDAY_AT_10, language="en")
    conversation.slots |= drafted(FRIDAY_AT_10)
    await conversation.run(FORM, "only this one", requested=CONFIRMED)
    assert conversation.slots["callback_question"] == "which_one"
