"""One day for another, one more, and one of two: nothing that is named beside it gets lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_of_id
from tests.actions.dialogue import (
    ANSWER,
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    FRIDAY_AT_15,
    LOST,
    SLOT,
    THURSDAY_AT_15,
    TO_ARRANGE,
    YES,
    caller,
    drafted,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 1, 16).date()  # noqa: DTZ001 - a day of the calendar
INSTEAD = [
    ("en", "don't call me thursday, call friday"),
    ("en", "not thursday, friday"),
    ("en", "not on thursday but on friday"),
    ("en", "don't ring me on thursday, ring me on friday please"),
    ("de", "nicht Donnerstag, Freitag"),
    ("de", "rufen Sie mich nicht am Donnerstag an, sondern am Freitag"),
    ("de", "nicht am Donnerstag, am Freitag bitte"),
    ("fr", "pas jeudi, vendredi"),
    ("fr", "ne m'appelez pas jeudi, appelez-moi vendredi"),
    ("es", "el jueves no, el viernes"),
    ("es", "no me llame el jueves, llámeme el viernes"),
]
ORDERED_INSTEAD = [
    ("en", "call me friday instead"),
    ("de", "rufen Sie mich stattdessen am Freitag an"),
    ("fr", "appelez-moi plutôt vendredi"),
    ("es", "mejor llámeme el viernes"),
]
NOT_INSTEAD = [
    ("en", "don't cancel thursday, cancel friday"),
    ("en", "cancel thursday, not friday"),
    ("en", "not thursday and not friday"),
    ("de", "nicht Donnerstag und nicht Freitag"),
    ("fr", "ni jeudi ni vendredi"),
    ("es", "ni el jueves ni el viernes"),
]
BOTH_DEEDS = [
    ("en", "cancel the thursday one and move friday to 11"),
    ("de", "den Donnerstag absagen und den Freitag auf 11 Uhr verschieben"),
    ("fr", "annulez celui de jeudi et déplacez celui de vendredi à 11h"),
    ("es", "cancele la del jueves y mueva la del viernes a las 11"),
]
UNBOOKED_INSTEAD = [
    ("en", "cancel it and call me friday at 10am"),
    ("en", "forget that, cancel it and book me in for friday at 10am"),
    ("de", "sagen Sie ihn ab und rufen Sie mich Freitag um 10 Uhr an"),
    ("fr", "annulez-le et appelez-moi vendredi à 10h"),
    ("es", "cancélela y llámeme el viernes a las 10"),
]
ONE_MORE = [
    ("en", "I need another call friday at 10am"),
    ("en", "another call on friday at 10am please"),
    ("en", "one more callback friday at 10am"),
    ("en", "I need a further call on friday at 10am"),
    ("en", "a second callback on friday at 10am"),
    ("en", "a second call friday at 10am"),
    ("de", "ich brauche noch einen Anruf am Freitag um 10 Uhr"),
    ("de", "einen zweiten Rückruf am Freitag um 10 Uhr"),
    ("de", "einen zweiten Anruf am Freitag um 10 Uhr"),
    ("fr", "il me faut un autre appel vendredi à 10h"),
    ("fr", "un deuxième rappel vendredi à 10h"),
    ("fr", "un deuxième appel vendredi à 10h"),
    ("es", "necesito otra llamada el viernes a las 10"),
    ("es", "una segunda llamada el viernes a las 10"),
]
DAY_FOR_DAY = [
    ("en", "change thursday to friday", FRIDAY_AT_15),
    ("en", "switch thursday to friday please", FRIDAY_AT_15),
    ("en", "change it from thursday to friday", FRIDAY_AT_15),
    ("en", "change it from 3 to 4", THURSDAY_AT_15 + HOUR),
    ("de", "Donnerstag auf Freitag ändern", FRIDAY_AT_15),
    ("de", "ändern Sie Donnerstag in Freitag", FRIDAY_AT_15),
    ("de", "von Donnerstag auf Freitag verschieben", FRIDAY_AT_15),
    ("de", "von 15 Uhr auf 16 Uhr ändern", THURSDAY_AT_15 + HOUR),
    ("fr", "changez jeudi en vendredi", FRIDAY_AT_15),
    ("fr", "déplacez de jeudi à vendredi", FRIDAY_AT_15),
    ("fr", "changez 15h en 16h", THURSDAY_AT_15 + HOUR),
    ("en", "change the day to friday", FRIDAY_AT_15),
    ("en", "swap thursday for friday", FRIDAY_AT_15),
    ("es", "cambie el jueves por el viernes", FRIDAY_AT_15),
    ("es", "cámbiela del jueves al viernes", FRIDAY_AT_15),
]
ONE_OF_TWO = [
    ("en", "move the first one an hour later", THURSDAY_AT_15 + HOUR),
    ("en", "move the thursday one an hour later", THURSDAY_AT_15 + HOUR),
    ("en", "the second one an hour earlier", FRIDAY_AT_10 - HOUR),
    ("de", "den ersten eine Stunde später", THURSDAY_AT_15 + HOUR),
    ("de", "den am Donnerstag eine Stunde später", THURSDAY_AT_15 + HOUR),
    ("fr", "le premier une heure plus tard", THURSDAY_AT_15 + HOUR),
    ("es", "la primera una hora más tarde", THURSDAY_AT_15 + HOUR),
]
SAME_TIME = [
    ("en", "same time friday"),
    ("de", "gleiche Zeit am Freitag"),
    ("fr", "vendredi à la même heure"),
    ("es", "el viernes a la misma hora"),
]
YES_AT_ANOTHER = [
    ("en", "yes friday at 10am"),
    ("de", "ja Freitag um 10 Uhr"),
    ("fr", "oui vendredi à 10h"),
    ("es", "sí el viernes a las 10"),
]
YES_ANOTHER_DAY = [
    ("en", "yes the 16th"),
    ("en", "yes friday"),
    ("de", "ja am 16."),
    ("de", "ja am Freitag"),
    ("fr", "oui le 16"),
    ("fr", "oui vendredi"),
    ("es", "sí el 16"),
    ("es", "sí el viernes"),
]
FAREWELLS = [
    ("en", "have a nice weekend"),
    ("de", "schönes Wochenende"),
    ("fr", "bon week-end"),
    ("es", "buen fin de semana"),
]
SHIFTED = [
    ("en", "move it by a week", timedelta(days=7)),
    ("en", "push it by an hour", HOUR),
    ("en", "an hour before", -HOUR),
    ("en", "an hour after", HOUR),
    ("de", "um eine Woche verschieben", timedelta(days=7)),
    ("de", "eine Stunde davor", -HOUR),
    ("fr", "décalez d'une semaine", timedelta(days=7)),
    ("fr", "une heure avant", -HOUR),
    ("es", "muévala una semana", timedelta(days=7)),
    ("es", "una hora antes", -HOUR),
]


def slot_of(conversation: Any) -> datetime | None:
    return time_of_id(conversation.slots.get("callback_slot"))


@pytest.mark.parametrize(("language", "text"), [*INSTEAD, *ORDERED_INSTEAD])
async def test_a_day_named_in_the_place_of_the_booked_one_is_a_move_and_no_cancelling(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    taken = await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert taken.followup == TO_ARRANGE
    await conversation.run(FORM, text, "cancel_callback")
    assert conversation.slots["callback_process"] == "move"
    assert conversation.slots["requested_slot"] == SLOT
    starts = [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]
    assert {start.date() for start in starts if start is not None} == {FRIDAY}


@pytest.mark.parametrize(("language", "text"), INSTEAD)
@pytest.mark.parametrize("taken", [(LOST, "nlu_fallback"), (ANSWER, "inform")])
async def test_it_is_a_move_whatever_it_is_taken_for(
    conversation: Any, language: str, text: str, taken: tuple[str, str]
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    action, intent = taken
    assert (await conversation.run(action, text, intent)).followup == TO_ARRANGE
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_process"] == "move"


@pytest.mark.parametrize(("language", "text"), NOT_INSTEAD)
async def test_two_days_that_are_both_refused_or_cancelled_move_nothing(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    taken = await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert taken.followup is None
    assert conversation.slots["callback_process"] != "move"


@pytest.mark.parametrize(("language", "text"), BOTH_DEEDS)
async def test_who_cancels_one_and_moves_the_other_hears_that_one_comes_after_the_other(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert conversation.slots["requested_slot"] == CANCEL
    assert conversation.noted == ["utter_callback_one_at_a_time"]
    await conversation.answer_cancelling(YES[language], "affirm")
    assert open_times(ges_sandbox) == [FRIDAY_AT_10]


@pytest.mark.parametrize(("language", "text"), UNBOOKED_INSTEAD)
@pytest.mark.parametrize("intent", ["cancel_callback", "request_callback", "never_mind"])
async def test_another_time_in_the_place_of_what_was_read_back_is_read_back(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = drafted(THURSDAY_AT_15)
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert slot_of(conversation) == FRIDAY_AT_10


@pytest.mark.parametrize(("language", "text"), ONE_MORE)
@pytest.mark.parametrize("intent", ["request_callback", "inform"])
async def test_another_call_is_one_more_at_the_time_that_was_named(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    await conversation.run(FORM, text, intent)
    assert conversation.noted == ["utter_callback_one_more"]
    assert conversation.slots["callback_process"] == "book"
    assert slot_of(conversation) == FRIDAY_AT_10


@pytest.mark.parametrize(("language", "text"), ONE_MORE)
@pytest.mark.parametrize("intent", ["request_callback", "inform", "affirm"])
async def test_another_call_comes_after_the_one_that_is_read_back(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = drafted(THURSDAY_AT_15)
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.noted == ["utter_callback_one_at_a_time"]
    assert slot_of(conversation) == THURSDAY_AT_15


async def test_not_that_one_but_another_one_is_another_time(conversation: Any) -> None:
    conversation.metadata = caller("en")
    conversation.slots = drafted(THURSDAY_AT_15)
    text = "no, another one, friday at 10am"
    await conversation.run(FORM, text, "inform", requested=CONFIRMED)
    assert slot_of(conversation) == FRIDAY_AT_10


@pytest.mark.parametrize(("language", "text", "at"), DAY_FOR_DAY)
@pytest.mark.parametrize("intent", ["inform", "move_callback", "affirm"])
async def test_one_day_or_hour_changed_to_another_keeps_the_rest_of_the_time(
    conversation: Any, language: str, text: str, at: datetime, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = drafted(THURSDAY_AT_15)
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert slot_of(conversation) == at


@pytest.mark.parametrize(("language", "text", "at"), ONE_OF_TWO)
@pytest.mark.parametrize(
    "taken", [(FORM, "move_callback"), (LOST, "nlu_fallback"), (ANSWER, "inform")]
)
async def test_a_distance_counts_from_the_one_of_two_that_is_named(
    conversation: Any, language: str, text: str, at: datetime, taken: tuple[str, str]
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    action, intent = taken
    first = await conversation.run(action, text, intent)
    if action != FORM:
        assert first.followup == TO_ARRANGE
        await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_process"] == "move"
    assert slot_of(conversation) == at


@pytest.mark.parametrize(("language", "text"), SAME_TIME)
async def test_the_same_time_on_another_day_is_asked_about_where_two_are_booked(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    await conversation.run(FORM, text, "move_callback")
    assert conversation.slots["callback_question"] == "which_one"


@pytest.mark.parametrize(("language", "text"), YES_AT_ANOTHER)
async def test_a_yes_with_another_time_than_the_booked_one_asks_what_is_meant(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    assert (await conversation.run(ANSWER, text, "affirm")).followup == TO_ARRANGE
    await conversation.run(FORM, text, "affirm")
    assert conversation.slots["callback_question"] == "open_callback"
    assert conversation.slots["callback_wish"]["text"] == text


@pytest.mark.parametrize("text", ["yes", "yes thursday", "yes thursday at 3pm"])
async def test_a_yes_with_the_booked_time_says_that_it_is_booked(
    conversation: Any, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language="en")
    said = (await conversation.run(ANSWER, text, "affirm")).said
    assert said == ["utter_callback_already_booked"]


@pytest.mark.parametrize(("language", "text"), YES_ANOTHER_DAY)
async def test_a_yes_with_another_day_keeps_the_hour_that_was_read_back(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = drafted(THURSDAY_AT_15)
    await conversation.run(FORM, text, "affirm", requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert slot_of(conversation) == FRIDAY_AT_15


async def test_as_soon_as_possible_instead_of_what_was_read_back_is_not_lost(
    conversation: Any,
) -> None:
    conversation.metadata = caller("en")
    conversation.slots = drafted(THURSDAY_AT_15)
    text = "cancel that, call me as soon as possible"
    await conversation.run(FORM, text, "cancel_callback", requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_kind"] == "asap"


@pytest.mark.parametrize(("language", "text"), FAREWELLS)
async def test_a_farewell_that_sounds_like_a_time_opens_no_question(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    assert (await conversation.run(ANSWER, text, "inform")).said == ["utter_callback_goodbye"]
    await conversation.run(FORM, text, "request_callback")
    assert conversation.slots["requested_slot"] is None
    assert conversation.noted == ["utter_callback_goodbye"]


@pytest.mark.parametrize(("language", "text"), FAREWELLS)
async def test_a_farewell_in_unusual_words_is_answered_by_one(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    said = (await conversation.run(LOST, text, "nlu_fallback")).said
    assert said == ["utter_callback_goodbye"]


@pytest.mark.parametrize(("language", "text", "distance"), SHIFTED)
async def test_what_is_moved_by_so_much_without_a_direction_is_moved_on(
    conversation: Any, language: str, text: str, distance: timedelta
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    assert (await conversation.run(LOST, text, "nlu_fallback")).followup == TO_ARRANGE
    await conversation.run(FORM, text, "nlu_fallback")
    assert conversation.slots["callback_process"] == "move"
    assert slot_of(conversation) == THURSDAY_AT_15 + distance


@pytest.mark.parametrize(("language", "text"), SAME_TIME)
async def test_the_time_of_what_was_cancelled_is_the_same_time_of_a_new_one(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    await conversation.answer_cancelling(YES[language], "affirm")
    assert (await conversation.run(LOST, text, "nlu_fallback")).followup == TO_ARRANGE
    await conversation.run(FORM, text, "nlu_fallback")
    assert conversation.slots["callback_process"] == "book"
    assert slot_of(conversation) == FRIDAY_AT_15


@pytest.mark.parametrize("text", ["sí hombre sí", "sí, hombre, sí", "sí mujer sí"])
async def test_a_yes_said_twice_with_an_address_between_is_a_yes(
    conversation: Any, ges_sandbox: Sandbox, text: str
) -> None:
    conversation.metadata = caller("es")
    conversation.slots = drafted(THURSDAY_AT_15)
    await conversation.answer_read_back(text, "affirm")
    assert open_times(ges_sandbox) == [THURSDAY_AT_15]
