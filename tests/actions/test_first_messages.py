"""A wish for a time that stands in a complaint, in a story, or in what sounds like a question."""

from __future__ import annotations

from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from ges_connector.language import warm_up
from tests.actions.dialogue import (
    ANSWER,
    ASK_CONFIRMED,
    CONFIRMED,
    CUSTOMERS,
    FORM,
    FRIDAY_AT_10,
    FRIDAY_AT_15,
    KNOWN,
    LOCALES,
    LOST,
    PHONE,
    SHOW,
    SLOT,
    SUBMIT,
    TELL_WAIT,
    THURSDAY_AT_15,
    YES,
    drafted,
)

QUESTIONS_ASKED = {"show_callback": SHOW, "ask_wait": TELL_WAIT, "nlu_fallback": LOST}
GUESSES = [
    "ask_wait",
    "show_callback",
    "help",
    "inform",
    "nlu_fallback",
    "request_callback",
    "move_callback",
    "other_time",
]
IN_TURN = {
    "callback_process": "book",
    "callback_kind": "asap",
    "callback_question": "read_back",
    "callback_phone": KNOWN,
    "callback_read_back_at": "2026-01-12T15:00:00Z",
}


@pytest.fixture(scope="module", autouse=True)
def _languages_known() -> None:
    """Read the languages, as a server does when it starts, and not within an answer's deadline."""
    warm_up([*LOCALES.values()])


def times_of(conversation: Any) -> set[str]:
    """The time that is chosen, or all that are on offer, as they are written in UTC."""
    slots = conversation.slots
    menu = (slots.get("callback_menu") or {}).get("ids") or []
    ids = [slots["callback_slot"]] if slots.get("callback_slot") else menu
    return {f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in map(time_of_id, ids) if at is not None}


def day_of(conversation: Any) -> str | None:
    """The days of the month of these times."""
    return ",".join(sorted({each[8:10] for each in times_of(conversation)})) or None


def at_question(requested: str) -> dict[str, Any]:
    """A callback in turn that is read back or lacks its number, or a list of times."""
    if requested == CONFIRMED:
        return dict(IN_TURN)
    if requested == PHONE:
        return IN_TURN | {"callback_phone": None, "callback_question": "phone"}
    ids = [time_id(FRIDAY_AT_10), time_id(FRIDAY_AT_15)]
    return {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_question": "slot_menu",
        "callback_menu": {"ids": ids, "seen": ids},
    }


# --- complaints about the wait --------------------------------------------------------------------

# Nothing is free tomorrow: the days next to it are offered.
NEXT_TO_TUESDAY = "12,15"
TOO_LONG = [
    ("en", "oh thats too long, make it tomorrow then", NEXT_TO_TUESDAY),
    ("en", "too long. tomorrow?", NEXT_TO_TUESDAY),
    ("en", "that's too long, make it thursday", "15"),
    ("en", "oh that's a long wait, friday then please", "16"),
    ("de", "das ist mir zu lang, lieber morgen", NEXT_TO_TUESDAY),
    ("fr", "c'est trop long, plutôt demain", NEXT_TO_TUESDAY),
    ("fr", "je ne peux pas attendre aussi longtemps, jeudi matin ?", "15"),
    ("es", "es mucho tiempo, el jueves mejor", "15"),
]


@pytest.mark.parametrize("intent", GUESSES)
@pytest.mark.parametrize("requested", [CONFIRMED, PHONE, SLOT])
@pytest.mark.parametrize("told", TOO_LONG)
async def test_the_day_that_is_named_beside_a_complaint_about_the_wait_wins(
    conversation: Any, told: tuple[str, str, str], requested: str, intent: str
) -> None:
    language, said, day = told
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = at_question(requested)
    await conversation.run(FORM, said, intent, requested=requested)
    assert conversation.slots["callback_kind"] == "scheduled"
    assert day_of(conversation) == day


@pytest.mark.parametrize("intent", [*GUESSES, "deny"])
@pytest.mark.parametrize("requested", [CONFIRMED, PHONE])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "that's too long"),
        ("de", "das dauert mir zu lange"),
        ("fr", "c'est trop long"),
        ("es", "es demasiado tiempo"),
    ],
)
async def test_who_only_complains_about_the_wait_is_asked_for_another_time(
    conversation: Any, language: str, said: str, requested: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = at_question(requested)
    await conversation.run(FORM, said, intent, requested=requested)
    assert conversation.slots["requested_slot"] == SLOT
    assert day_of(conversation) is not None


@pytest.mark.parametrize("requested", [CONFIRMED, PHONE])
async def test_how_long_the_wait_is_on_a_day_stays_a_question(
    conversation: Any, requested: str
) -> None:
    conversation.slots = at_question(requested)
    said = "How long is the wait on thursday?"
    await conversation.run(FORM, said, "ask_wait", requested=requested)
    assert conversation.slots["callback_kind"] == "asap"


# --- first messages -------------------------------------------------------------------------------

FIRST = [
    (
        "en",
        "My internet went down last night, ring me Thursday at half past four as I work until 4.",
        "2026-01-15T15:30:00Z",
    ),
    ("en", "please call me back on Friday at 2 in the afternoon?", "2026-01-16T13:00:00Z"),
    ("de", "Bitte um Rückruf am Freitag um 9", "2026-01-16T08:00:00Z"),
    ("de", "Bitte um Rückruf am Freitag um 9 Uhr", "2026-01-16T08:00:00Z"),
    (
        "de",
        "Mein Router ist seit gestern kaputt, gern dass mich jemand Freitag gegen zehn Uhr anruft",
        "2026-01-16T09:00:00Z",
    ),
    ("de", "Hi, I need a callback, geht das am Donnerstag um 9 Uhr?", "2026-01-15T08:00:00Z"),
    ("fr", "Ma box ne marche plus, merci de me rappeler jeudi vers 16h30", "2026-01-15T15:30:00Z"),
    (
        "es",
        "Mi internet no funciona, llámenme el jueves a las cuatro y media",
        "2026-01-15T15:30:00Z",
    ),
]


@pytest.mark.parametrize("intent", QUESTIONS_ASKED)
@pytest.mark.parametrize(("language", "said", "time"), FIRST)
async def test_a_first_message_keeps_its_wish_whatever_it_is_taken_for(
    conversation: Any, language: str, said: str, time: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    told = await conversation.run(QUESTIONS_ASKED[intent], said, intent)
    assert told.followup == "callback_form"
    await conversation.run(FORM, said, intent)
    assert time in times_of(conversation)


@pytest.mark.parametrize("intent", ["help", "inform", "request_callback", "move_callback"])
@pytest.mark.parametrize(("language", "said", "time"), FIRST)
async def test_the_form_finds_the_wish_of_a_first_message(
    conversation: Any, language: str, said: str, time: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    await conversation.run(FORM, said, intent)
    assert time in times_of(conversation)


@pytest.mark.parametrize("intent", QUESTIONS_ASKED)
async def test_who_asks_for_a_call_in_two_languages_is_asked_for_the_time(
    conversation: Any, intent: str
) -> None:
    said = "Hi, I need a callback, geht das am Donnerstag um 9 Uhr?"
    told = await conversation.run(QUESTIONS_ASKED[intent], said, intent)
    assert told.followup == "callback_form"
    await conversation.run(FORM, said, intent)
    assert conversation.slots["requested_slot"] == SLOT


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "move my callback to thursday at 3pm"),
        ("de", "Moment, lieber auf Donnerstag 15 Uhr verschieben"),
        ("fr", "déplacez mon rappel à jeudi 15h"),
        ("es", "cambie mi llamada al jueves a las 15:00"),
    ],
)
async def test_who_moves_what_is_not_there_hears_so_and_may_have_one_at_that_time(
    conversation: Any, language: str, said: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    told = await conversation.run(FORM, said, "move_callback")
    assert told.noted == ["utter_callback_show_none"]
    over = await conversation.run(SUBMIT, said, "move_callback")
    assert over.said == ["utter_callback_show_none"]
    assert conversation.slots["callback_question"] == "offer"
    yes = await conversation.run(ANSWER, YES[language], "affirm")
    assert yes.followup == "callback_form"
    await conversation.run(FORM, YES[language], "affirm")
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(("action", "intent"), [(SHOW, "show_callback"), (LOST, "nlu_fallback")])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "is my callback on thursday at 3 in the afternoon still on?"),
        ("de", "steht mein Rückruf am Donnerstag um 15 Uhr noch?"),
        ("fr", "mon rappel de jeudi à 15h est toujours prévu ?"),
        ("es", "¿sigue en pie mi llamada del jueves a las 15:00?"),
    ],
)
async def test_who_asks_about_a_callback_that_is_not_there_may_have_it_at_that_time(
    conversation: Any, language: str, said: str, action: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    told = await conversation.run(action, said, intent)
    assert told.followup is None
    assert conversation.slots["callback_question"] == "offer"
    yes = await conversation.run(ANSWER, YES[language], "affirm")
    assert yes.followup == "callback_form"
    await conversation.run(FORM, YES[language], "affirm")
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)


# --- an hour in words before the number -----------------------------------------------------------


@pytest.mark.parametrize("intent", ["request_callback", "inform", "nlu_fallback"])
@pytest.mark.parametrize(
    "told",
    [
        (
            "es",
            "llámame el viernes a las once, 910 60 12 35",
            "2026-01-16T10:00:00Z",
            "+34910601235",
        ),
        ("fr", "jeudi à 10h please, 01 99 00 12 34", "2026-01-15T09:00:00Z", "+33199001234"),
    ],
)
async def test_an_hour_right_before_the_number_is_kept(
    conversation: Any, told: tuple[str, str, str, str], intent: str
) -> None:
    language, said, time, phone = told
    conversation.metadata = CUSTOMERS[language]
    await conversation.run(FORM, said, intent)
    assert conversation.slots["callback_phone"] == phone
    assert time in times_of(conversation)


# --- "when is that?" at the read-back -------------------------------------------------------------


@pytest.mark.parametrize("intent", ["show_callback", "inform", "nlu_fallback", "ask_wait", "help"])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "when is it?"),
        ("de", "wann ist das?"),
        ("fr", "c'est quand ?"),
        ("es", "¿cuándo es?"),
    ],
)
async def test_who_asks_when_it_is_at_the_read_back_hears_it_again(
    conversation: Any, language: str, said: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = drafted(THURSDAY_AT_15)
    await conversation.run(FORM, said, intent, requested=CONFIRMED)
    asked = await conversation.run(ASK_CONFIRMED, said, intent, requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)
    assert not asked.noted
