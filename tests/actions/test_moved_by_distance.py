"""A callback that is booked and moved by so much, or to another day: never cancelled by that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_of_id
from tests.actions.dialogue import (
    ANSWER,
    CANCEL_FORM,
    FORM,
    FRIDAY_AT_10,
    LOST,
    MONDAY_AT_10,
    SLOT,
    THURSDAY_AT_10,
    TO_ARRANGE,
)

if TYPE_CHECKING:
    from datetime import datetime

HOUR = timedelta(hours=1)
EITHER = [
    ("en", "an hour back", HOUR),
    ("en", "half an hour back please", HOUR / 2),
    ("de", "eine halbe Stunde zurück", HOUR / 2),
    ("de", "eine Stunde zurück bitte", HOUR),
    ("fr", "une demi-heure en arrière", HOUR / 2),
    ("fr", "une heure en arrière", HOUR),
    ("es", "media hora atrás", HOUR / 2),
    ("es", "una hora para atrás", HOUR),
]
MOVED = [
    ("en", "same time monday", MONDAY_AT_10),
    ("en", "on monday at the same time", MONDAY_AT_10),
    ("en", "same time thursday", THURSDAY_AT_10),
    ("en", "push it back to monday at 10am", MONDAY_AT_10),
    ("en", "bring it forward to thursday at 10am", THURSDAY_AT_10),
    ("de", "gleiche Zeit Montag", MONDAY_AT_10),
    ("de", "eine Stunde vorverlegen", FRIDAY_AT_10 - HOUR),
    ("de", "um eine Stunde vorziehen", FRIDAY_AT_10 - HOUR),
    ("de", "eine Stunde verschieben", FRIDAY_AT_10 + HOUR),
    ("de", "auf Donnerstag um 10 Uhr vorziehen", THURSDAY_AT_10),
    ("fr", "lundi à la même heure", MONDAY_AT_10),
    ("fr", "décalez-la d'une heure", FRIDAY_AT_10 + HOUR),
    ("fr", "avancez-le à jeudi 10h", THURSDAY_AT_10),
    ("es", "el lunes a la misma hora", MONDAY_AT_10),
    ("es", "retrásela una hora", FRIDAY_AT_10 + HOUR),
    ("es", "pospóngala una hora", FRIDAY_AT_10 + HOUR),
    ("es", "adelántela una hora", FRIDAY_AT_10 - HOUR),
]
MOVE_IT = {"en": "move it", "de": "verschieben", "fr": "déplacez-le", "es": "cámbiela"}
AN_HOUR = [
    ("en", "an hour later", HOUR),
    ("de", "eine Stunde früher", -HOUR),
    ("fr", "une heure plus tard", HOUR),
    ("es", "una hora antes", -HOUR),
]


def menu_of(conversation: Any) -> list[Any]:
    return [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]


@pytest.mark.parametrize(("language", "text", "distance"), EITHER)
async def test_a_distance_that_may_be_either_way_is_asked_about_and_cancels_nothing(
    conversation: Any, language: str, text: str, distance: timedelta
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    taken = await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert taken.followup == TO_ARRANGE
    await conversation.run(FORM, text, "cancel_callback")
    assert conversation.slots["requested_slot"] == SLOT
    assert conversation.noted == ["utter_callback_time_two_readings"]
    assert menu_of(conversation) == [FRIDAY_AT_10 - distance, FRIDAY_AT_10 + distance]


@pytest.mark.parametrize(("language", "text"), [(each, text) for each, text, _ in EITHER])
@pytest.mark.parametrize(("action", "intent"), [(LOST, "nlu_fallback"), (ANSWER, "inform")])
async def test_it_is_asked_about_whatever_it_is_taken_for(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    assert (await conversation.run(action, text, intent)).followup == TO_ARRANGE


async def test_who_is_asked_which_way_may_answer_with_the_distance(conversation: Any) -> None:
    await conversation.book(FRIDAY_AT_10, language="de")
    await conversation.run(FORM, "eine halbe Stunde zurück", "move_callback")
    await conversation.run(FORM, "eine halbe Stunde später", requested=SLOT)
    assert time_of_id(conversation.slots["callback_slot"]) == FRIDAY_AT_10 + HOUR / 2


async def test_a_call_back_in_an_hour_is_no_move(conversation: Any) -> None:
    await conversation.book(FRIDAY_AT_10, language="de")
    text = "rufen Sie mich in einer Stunde zurück"
    await conversation.run(FORM, text, "request_callback")
    assert conversation.slots["callback_question"] == "open_callback"


@pytest.mark.parametrize(("language", "text", "at"), MOVED)
@pytest.mark.parametrize("taken", [(LOST, "nlu_fallback"), (ANSWER, "inform")])
async def test_what_only_tells_another_time_moves_what_is_booked(
    conversation: Any, language: str, text: str, at: datetime, taken: tuple[str, str]
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    action, intent = taken
    assert (await conversation.run(action, text, intent)).followup == TO_ARRANGE
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_process"] == "move"
    assert time_of_id(conversation.slots["callback_slot"]) == at


LATER_THAT_DAY = [
    ("en", "move it to later that day"),
    ("de", "bitte später am selben Tag"),
    ("fr", "plus tard le même jour"),
    ("es", "más tarde ese mismo día"),
]


@pytest.mark.parametrize("is_begun", [True, False])
@pytest.mark.parametrize(("language", "text"), LATER_THAT_DAY)
async def test_later_that_day_is_later_than_what_is_booked_and_on_its_day(
    conversation: Any, language: str, text: str, *, is_begun: bool
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    if is_begun:
        await conversation.run(FORM, MOVE_IT[language], "move_callback")
    await conversation.run(FORM, text, "move_callback", requested=SLOT if is_begun else None)
    assert conversation.slots["callback_process"] == "move"
    offered = menu_of(conversation)
    assert len(offered) > 1
    assert min(offered) > FRIDAY_AT_10
    assert {at.date() for at in offered} == {FRIDAY_AT_10.date()}


@pytest.mark.parametrize(
    "text", ["will you try again later that day?", "I'm not at home later that day"]
)
async def test_later_that_day_moves_nothing_where_it_only_is_told(
    conversation: Any, text: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language="en")
    heard = await conversation.run(LOST, text, "nlu_fallback")
    assert heard.followup is None


@pytest.mark.parametrize(("language", "text", "distance"), AN_HOUR)
async def test_a_distance_counts_from_what_is_booked_though_times_are_on_offer(
    conversation: Any, language: str, text: str, distance: timedelta
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    await conversation.run(FORM, MOVE_IT[language], "move_callback")
    assert len(menu_of(conversation)) > 1
    await conversation.run(FORM, text, requested=SLOT)
    assert time_of_id(conversation.slots["callback_slot"]) == FRIDAY_AT_10 + distance
