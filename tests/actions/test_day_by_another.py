"""A day told by the one that is spoken of: "the next day", "a week later", "the same day"."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import (
    ASK_TIME,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    FRIDAY_AT_15,
    KIND,
    MONDAY_AT_10,
    PHONE,
    SLOT,
    THURSDAY_AT_10,
    THURSDAY_AT_15,
    YES,
    caller,
    drafted,
    read_back,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

# The sandbox opens on Monday, 12 January 2026, in Berlin.
THURSDAY_AT_14 = datetime(2026, 1, 15, 13, tzinfo=UTC)
A_WEEK_LATER = datetime(2026, 1, 22, 14, tzinfo=UTC)
FRIDAY_AT_11 = datetime(2026, 1, 16, 10, tzinfo=UTC)

WANTED = [
    ("en", "could you do the next day instead", FRIDAY_AT_15),
    ("en", "the next day please", FRIDAY_AT_15),
    ("en", "the day after instead", FRIDAY_AT_15),
    ("en", "a day later", FRIDAY_AT_15),
    ("en", "the next day at 11am please", FRIDAY_AT_11),
    ("en", "thursday 22nd same time", A_WEEK_LATER),
    ("en", "same time next week", A_WEEK_LATER),
    ("en", "a week later", A_WEEK_LATER),
    ("de", "einen Tag später bitte", FRIDAY_AT_15),
    ("de", "am nächsten Tag", FRIDAY_AT_15),
    ("de", "am nächsten Tag um 11 Uhr", FRIDAY_AT_11),
    ("de", "eine Woche später", A_WEEK_LATER),
    ("de", "nächste Woche zur gleichen Zeit", A_WEEK_LATER),
    ("fr", "même heure le lendemain", FRIDAY_AT_15),
    ("fr", "déplacez-le au lendemain", FRIDAY_AT_15),
    ("fr", "un jour plus tard", FRIDAY_AT_15),
    ("fr", "une semaine plus tard", A_WEEK_LATER),
    ("fr", "la semaine prochaine à la même heure", A_WEEK_LATER),
    ("es", "al día siguiente", FRIDAY_AT_15),
    ("es", "al día siguiente a la misma hora", FRIDAY_AT_15),
    ("es", "una semana después", A_WEEK_LATER),
    ("es", "la semana que viene a la misma hora", A_WEEK_LATER),
]
BEFORE = [
    ("en", "the day before would be better"),
    ("en", "a day earlier please"),
    ("de", "lieber am Tag davor, gleiche Zeit"),
    ("de", "einen Tag früher"),
    ("fr", "plutôt la veille"),
    ("fr", "un jour plus tôt"),
    ("es", "un día antes"),
    ("es", "mejor el día anterior"),
]
TURNED = [
    ("en", "not the next day"),
    ("en", "the next day is impossible"),
    ("en", "unless the next day works"),
    ("en", "a day later I'm away"),
    ("en", "a day earlier or later"),
    ("de", "nicht am nächsten Tag"),
    ("de", "am nächsten Tag geht es bei mir nicht"),
    ("de", "einen Tag später bin ich weg"),
    ("fr", "pas le lendemain"),
    ("fr", "le lendemain je ne suis pas là"),
    ("es", "no al día siguiente"),
    ("es", "un día antes no puedo"),
]
SAME_DAY = [
    ("en", "and could you also call my wife? her number is +49 30 23125014, same day at 2pm"),
    ("de", "und rufen Sie bitte auch meine Frau an, +49 30 23125014, am selben Tag um 14 Uhr"),
    ("fr", "et appelez aussi ma femme au +49 30 23125014, le même jour à 14h"),
    ("es", "y llamen también a mi mujer al +49 30 23125014, el mismo día a las 14"),
]


@pytest.mark.parametrize(("language", "text", "at"), WANTED)
@pytest.mark.parametrize("process", ["book", "move"])
async def test_it_counts_from_the_time_that_was_read_back(
    conversation: Any, language: str, text: str, at: datetime, process: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = read_back(process)
    await conversation.run(FORM, text, requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) == at
    assert conversation.slots.get("callback_confirmed") is None


@pytest.mark.parametrize(("language", "text", "at"), WANTED)
async def test_it_counts_from_the_callback_that_is_booked(
    conversation: Any, language: str, text: str, at: datetime
) -> None:
    conversation.metadata = caller(language)
    await conversation.book(THURSDAY_AT_15)
    await conversation.run(FORM, text, "move_callback")
    assert conversation.slots["callback_process"] == "move"
    assert time_of_id(conversation.slots["callback_slot"]) == at


@pytest.mark.parametrize(("language", "text"), BEFORE)
@pytest.mark.parametrize("is_booked", [False, True])
async def test_the_day_before_is_that_before_the_one_that_is_spoken_of(
    conversation: Any, language: str, text: str, *, is_booked: bool
) -> None:
    conversation.metadata = caller(language)
    if is_booked:
        await conversation.book(FRIDAY_AT_15)
        await conversation.run(FORM, text, "move_callback")
    else:
        conversation.slots = drafted(FRIDAY_AT_15)
        await conversation.run(FORM, text, requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15


@pytest.mark.parametrize(("language", "text"), TURNED)
@pytest.mark.parametrize("intent", ["inform", "affirm", "deny"])
async def test_a_day_that_may_be_denied_or_doubted_changes_nothing_and_is_no_yes(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = read_back("book")
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) in {THURSDAY_AT_15, None}
    assert conversation.slots.get("callback_confirmed") is None


async def test_tomorrow_is_still_that_of_the_customer(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.advance(2 * 24 * 3600)
    for text, at in (
        ("tomorrow same time", THURSDAY_AT_15),
        ("the day after tomorrow, same time", FRIDAY_AT_15),
    ):
        conversation.metadata = caller("en")
        conversation.slots = drafted(A_WEEK_LATER)
        await conversation.run(FORM, text, requested=CONFIRMED)
        assert time_of_id(conversation.slots["callback_slot"]) == at


async def test_over_a_change_of_the_clocks_it_is_the_same_time_of_day(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.advance(73 * 24 * 3600)
    conversation.metadata = caller("en")
    conversation.slots = read_back("book") | {
        "callback_slot": time_id(datetime(2026, 3, 27, 14, tzinfo=UTC))
    }
    await conversation.run(FORM, "three days later please", requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) == datetime(2026, 3, 30, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the day after please"),
        ("de", "lieber am Tag danach"),
        ("fr", "le lendemain"),
        ("es", "al día siguiente"),
    ],
)
async def test_at_a_menu_of_one_day_it_is_the_day_after_that_one(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = caller(language)
    ids = [time_id(THURSDAY_AT_10), time_id(THURSDAY_AT_15)]
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_question": "slot_menu",
        "callback_menu": {"ids": ids, "seen": ids, "told": ids},
    }
    await conversation.run(FORM, text, requested=SLOT)
    offered = [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]
    assert {at.date() for at in offered if at is not None} == {FRIDAY_AT_10.date()}


async def test_where_that_time_is_not_free_what_is_next_to_it_is_offered(
    conversation: Any,
) -> None:
    conversation.metadata = caller("en")
    await conversation.book(MONDAY_AT_10)
    await conversation.run(FORM, "the day before", "move_callback")
    assert conversation.slots["requested_slot"] == SLOT
    assert conversation.noted[0] in {"utter_callback_day_full", "utter_callback_nothing_fits"}


@pytest.mark.parametrize(("language", "text"), SAME_DAY)
@pytest.mark.parametrize("intent", ["request_callback", "inform"])
async def test_one_more_callback_the_same_day_is_on_the_day_of_the_one_that_is_booked(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    await conversation.book(THURSDAY_AT_15)
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_process"] == "book"
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_14
    assert conversation.slots["callback_phone"] == "+493023125014"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the same day at 2pm"),
        ("de", "am gleichen Tag um 14 Uhr"),
        ("fr", "le même jour à 14h"),
        ("es", "el mismo día a las 14"),
    ],
)
async def test_the_same_day_may_be_the_answer_to_when_one_more_should_come(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = caller(language)
    await conversation.book(THURSDAY_AT_15)
    conversation.slots |= {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_slot": None,
        "callback_phone": "+493023125014",
        "callback_confirmed": None,
        "callback_question": "slot_when",
    }
    await conversation.run(FORM, text, requested=SLOT)
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_14
    assert conversation.slots["requested_slot"] in {PHONE, CONFIRMED}


@pytest.mark.parametrize("begun_by", ["at a time", "which times"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "same time on friday"),
        ("de", "am Freitag zur gleichen Zeit"),
        ("fr", "vendredi à la même heure"),
        ("es", "el viernes a la misma hora"),
    ],
)
async def test_the_same_time_is_that_of_what_was_cancelled_though_others_are_on_offer(
    conversation: Any, language: str, text: str, begun_by: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    await conversation.run(CANCEL_FORM, "?", "cancel_callback")
    await conversation.answer_cancelling(YES[language], "affirm")
    conversation.slots["requested_slot"] = None
    await conversation.run(FORM, "?", "request_callback")
    asked = KIND
    if begun_by == "which times":
        await conversation.run(FORM, choice="scheduled", requested=KIND)
        await conversation.run(ASK_TIME, requested=SLOT)
        asked = SLOT
    await conversation.run(FORM, text, requested=asked)
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_15)
