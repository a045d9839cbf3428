"""From the number to the read-back: what is said on the way is heard, and nothing is lost by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_of_id
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    ANSWER,
    ASK_CONFIRMED,
    ASK_TIME,
    CONFIRMED,
    FORM,
    KNOWN,
    LOCALES,
    SUBMIT,
    THURSDAY_AT_15,
    YES,
    caller,
    drafted,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

DRAFT = drafted(THURSDAY_AT_15)


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
    conversation.metadata = caller(language)
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
    conversation.metadata = caller(language)
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
    conversation.metadata = caller(language)
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


# --- questions in the middle ----------------------------------------------------------------------

ASKED = {
    "en": {
        "utter_callback_wait_aside": ["hang on, how long is the wait?", "wait, what's the wait"],
        "utter_callback_your_number_ending": ["which number are you calling?"],
        "utter_callback_not_yet": ["when is it"],
        "utter_callback_why_number": ["why do you need my number?"],
        "utter_callback_no_hurry": ["hang on", "I don't know"],
    },
    "de": {
        "utter_callback_wait_aside": [
            "Moment, wie lange muss ich warten?",
            "wie ist die Wartezeit",
        ],
        "utter_callback_your_number_ending": ["welche Nummer rufen Sie an?"],
        "utter_callback_not_yet": ["wann ist er"],
        "utter_callback_why_number": ["wozu braucht ihr meine Nummer?"],
        "utter_callback_no_hurry": ["Moment", "weiß nicht"],
    },
    "fr": {
        "utter_callback_wait_aside": [
            "attendez, combien de temps faut-il attendre ?",
            "un instant, quelle est l'attente ?",
        ],
        "utter_callback_your_number_ending": ["vous m'appelez sur quel numéro ?"],
        "utter_callback_not_yet": ["c'est quand"],
        "utter_callback_why_number": ["pourquoi vous voulez mon numéro ?"],
        "utter_callback_no_hurry": ["attendez", "je ne sais pas"],
    },
    "es": {
        "utter_callback_wait_aside": ["espere, ¿cuánto hay que esperar?"],
        "utter_callback_your_number_ending": ["¿a qué número me llaman?"],
        "utter_callback_not_yet": ["cuándo es"],
        "utter_callback_why_number": ["¿para qué quieren mi número?"],
        "utter_callback_no_hurry": ["espere", "no sé"],
    },
}


@pytest.mark.parametrize("intent", ["request_callback", "inform", "nlu_fallback"])
@pytest.mark.parametrize("language", LOCALES)
async def test_a_question_in_the_middle_has_its_own_answer_and_keeps_the_menu(
    conversation: Any, language: str, intent: str
) -> None:
    conversation.metadata = caller(language)
    await conversation.run(FORM, choice="scheduled")
    menu = conversation.slots["callback_menu"]["ids"]
    for response, texts in ASKED[language].items():
        for text in texts:
            asked = await conversation.run(FORM, text, intent, requested="callback_slot")
            assert asked.noted == [response], text
            assert asked.slots["requested_slot"] == "callback_slot"
            conversation.slots["callback_notes"] = None
    assert conversation.slots["callback_menu"]["ids"] == menu


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "why do you need it"), ("de", "wozu"), ("fr", "pourquoi ?"), ("es", "¿para qué?")],
)
async def test_a_bare_why_is_about_the_number_where_the_number_is_asked_for(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = DRAFT | {"callback_phone": None, "callback_question": "phone"}
    asked = await conversation.run(FORM, text, "nlu_fallback", requested="callback_phone")
    assert asked.noted == ["utter_callback_why_number"]
    conversation.slots = dict(DRAFT)
    elsewhere = await conversation.run(FORM, text, "nlu_fallback", requested="callback_slot")
    assert elsewhere.noted == []


# --- several facts in one sentence ----------------------------------------------------------------

NOT_THAT_ONE = {
    "en": "call me friday at 10 on 030 23125012 not on 0171 2345678",
    "de": "ruft mich Freitag um 10 unter 030 23125012 an, nicht unter 0171 2345678",
    "fr": "appelez-moi vendredi à 10h au 030 23125012, pas au 0171 2345678",
    "es": "llámeme el viernes a las 10 al 030 23125012, no al 0171 2345678",
}


@pytest.mark.parametrize("language", LOCALES)
async def test_a_number_that_is_ruled_out_beside_another_takes_no_time_with_it(
    conversation: Any, language: str
) -> None:
    conversation.metadata = caller(language)
    await conversation.run(FORM, NOT_THAT_ONE[language], "request_callback")
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_phone"] == "+493023125012"
    at = time_of_id(conversation.slots["callback_slot"])
    assert at == datetime(2026, 1, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "hour"),
    [
        ("en", "call me friday at 3 pm your time", 14),
        ("de", "ruft mich Freitag um 15 Uhr Ihrer Zeit an", 14),
        ("fr", "rappelez-moi vendredi à 15h chez vous", 14),
        ("es", "llámeme el viernes a las 15 hora de ustedes", 14),
        ("en", "call me friday at 3 pm my time", 15),
        ("de", "ruft mich Freitag um 15 Uhr meiner Zeit an", 15),
        ("fr", "rappelez-moi vendredi à 15h chez moi", 15),
        ("es", "llámeme el viernes a las 15 hora mía", 15),
    ],
)
async def test_your_time_is_by_our_clock_and_my_time_by_theirs(
    conversation: Any, language: str, text: str, hour: int
) -> None:
    conversation.metadata = caller(language, timezone="Europe/London")
    await conversation.run(FORM, text, "request_callback")
    at = time_of_id(conversation.slots.get("callback_slot"))
    assert at == datetime(2026, 1, 16, hour, tzinfo=UTC)


# --- a read-back that is old ----------------------------------------------------------------------

IN_TURN = DRAFT | {
    "callback_kind": "asap",
    "callback_slot": None,
    "callback_offer": {"wait": "5-10", "type": "ASAP", "timing": "ON-HOURS"},
}


async def read_back(conversation: Any, language: str, wait: str | None = None) -> None:
    conversation.metadata = caller(language)
    conversation.slots = dict(IN_TURN)
    begun = await conversation.run(FORM, choice="asap")
    assert begun.slots["requested_slot"] == "callback_phone"
    await conversation.run(FORM, YES[language], "affirm", requested="callback_phone")
    await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    if wait is not None:
        conversation.slots["callback_offer"] |= {"wait": wait}


@pytest.mark.parametrize("language", LOCALES)
async def test_a_wait_that_has_changed_since_it_was_read_back_is_read_back_anew(
    conversation: Any, ges_sandbox: Sandbox, language: str
) -> None:
    await read_back(conversation, language, wait="40-50")
    ges_sandbox.advance(20 * 60)
    again = await conversation.run(FORM, YES[language], "affirm", requested=CONFIRMED)
    assert again.noted == ["utter_callback_not_done_yet"]
    assert again.slots["requested_slot"] == CONFIRMED
    assert conversation.slots.get("callback_confirmed") is None
    await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    agreed = await conversation.run(FORM, YES[language], "affirm", requested=CONFIRMED)
    assert agreed.slots["callback_confirmed"] is True


async def test_a_read_back_of_just_now_or_of_the_same_wait_is_agreed_to(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    for seconds, wait in ((60, "40-50"), (20 * 60, None)):
        await read_back(conversation, "en", wait)
        ges_sandbox.advance(seconds)
        agreed = await conversation.run(FORM, "yes", "affirm", requested=CONFIRMED)
        assert agreed.slots["callback_confirmed"] is True


@pytest.mark.parametrize("language", LOCALES)
async def test_who_agrees_to_a_call_in_turn_after_closing_time_is_offered_times(
    conversation: Any, ges_sandbox: Sandbox, language: str
) -> None:
    await read_back(conversation, language)
    ges_sandbox.advance(12 * 3600)
    again = await conversation.run(FORM, YES[language], "affirm", requested=CONFIRMED)
    assert again.slots["requested_slot"] == "callback_slot"
    assert again.noted == ["utter_callback_closed"]
    assert conversation.slots["callback_phone"] == KNOWN


# --- once more after a failure --------------------------------------------------------------------


async def fail(conversation: Any, ges_sandbox: Sandbox, language: str) -> None:
    conversation.metadata = caller(language)
    conversation.slots = DRAFT | {"callback_confirmed": True}
    ges_sandbox.world.order(
        Fault(kind="gateway-html", status=403, operation=Operation.CREATE, count=1)
    )
    failed = await conversation.run(SUBMIT, YES[language], "affirm")
    assert failed.said[0] == "utter_callback_unavailable"
    conversation.slots["requested_slot"] = None


@pytest.mark.parametrize("language", LOCALES)
async def test_what_could_not_be_booked_is_only_read_back_when_it_is_tried_again(
    conversation: Any, ges_sandbox: Sandbox, language: str
) -> None:
    await fail(conversation, ges_sandbox, language)
    again = await conversation.run(ANSWER, YES[language], "affirm")
    assert again.followup == "callback_form"
    begun = await conversation.run(FORM, YES[language], "affirm")
    assert begun.slots["requested_slot"] == CONFIRMED
    asked = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert asked.said == ["utter_ask_callback_confirmed_scheduled"]
    booked = await conversation.answer_read_back(YES[language], "affirm")
    assert booked.said[0] == "utter_callback_booked_scheduled"


async def test_another_time_after_a_failure_keeps_the_number(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await fail(conversation, ges_sandbox, "en")
    begun = await conversation.run(FORM, "call me friday at noon", "request_callback")
    assert begun.slots["requested_slot"] == CONFIRMED
    at = time_of_id(conversation.slots["callback_slot"])
    assert at == datetime(2026, 1, 16, 11, tzinfo=UTC)


async def test_who_does_not_try_again_leaves_nothing_behind(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await fail(conversation, ges_sandbox, "en")
    await conversation.run(ANSWER, "no", "deny")
    assert conversation.slots["callback_phone"] is None
    assert conversation.slots["callback_slot"] is None


# --- where there is one time only -----------------------------------------------------------------


async def answer_to_one_time(
    conversation: Any, language: str, text: str, *, phone: str | None = KNOWN
) -> Any:
    """Answer where Thursday at three is the one time on offer."""
    conversation.metadata = caller(language)
    one = DRAFT["callback_slot"]
    conversation.slots = DRAFT | {
        "callback_slot": None,
        "callback_phone": phone,
        "callback_question": "slot_one",
        "callback_menu": {"ids": [one], "seen": [one], "told": [one]},
    }
    return await conversation.run(FORM, text, requested="callback_slot")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "1"),
        ("en", "the first"),
        ("en", "that's the one"),
        ("de", "1"),
        ("de", "der erste"),
        ("fr", "le premier"),
        ("es", "la primera"),
    ],
)
async def test_the_first_of_one_time_is_that_time(
    conversation: Any, language: str, text: str
) -> None:
    taken = await answer_to_one_time(conversation, language, text)
    assert taken.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]


# --- another day at the same time, and a time beside "no time" ------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "can we do friday instead, same time"),
        ("de", "lieber am Freitag zur gleichen Zeit"),
        ("fr", "plutôt vendredi à la même heure"),
        ("es", "mejor el viernes a la misma hora"),
    ],
)
async def test_another_day_at_the_same_time_is_read_back(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = caller(language)
    conversation.slots = dict(DRAFT)
    outcome = await conversation.run(FORM, text, "inform", requested=CONFIRMED)
    assert outcome.slots["requested_slot"] == CONFIRMED
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15 + timedelta(days=1)


@pytest.mark.parametrize("requested", ["callback_phone", CONFIRMED])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "sorry i can't make that, let's do friday at 3pm"),
        ("de", "da hab ich doch keine Zeit, verschieben wir auf Freitag um 15 Uhr"),
    ],
)
async def test_who_has_no_time_then_and_names_another_is_not_left(
    conversation: Any, language: str, text: str, requested: str
) -> None:
    conversation.metadata = caller(language)
    phone = None if requested == "callback_phone" else KNOWN
    conversation.slots = DRAFT | {"callback_phone": phone}
    outcome = await conversation.run(FORM, text, "never_mind", requested=requested)
    assert outcome.slots["requested_slot"] == requested
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15 + timedelta(days=1)


# --- a yes and a number in one message ------------------------------------------------------------

YES_AND_NUMBER = [
    ("en", "that works, use 0171 2345678"),
    ("en", "yes please, my number is 0171 2345678"),
    ("de", "passt, nehmen Sie die 0171 2345678"),
    ("de", "ja, meine Nummer ist 0171 2345678"),
    ("fr", "oui, mon numéro est le +49 171 2345678"),
    ("es", "sí, mi número es el +49 171 2345678"),
]


@pytest.mark.parametrize(("language", "text"), YES_AND_NUMBER)
async def test_a_yes_to_the_one_time_is_heard_beside_a_number(
    conversation: Any, language: str, text: str
) -> None:
    taken = await answer_to_one_time(conversation, language, text, phone=None)
    assert taken.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]
    assert conversation.slots["callback_phone"] == "+491712345678"
    assert conversation.slots.get("callback_confirmed") is None


@pytest.mark.parametrize(("language", "text"), YES_AND_NUMBER)
@pytest.mark.parametrize("asked", ["phone_known", "read_back"])
async def test_a_yes_beside_another_number_is_read_back_with_that_number(
    conversation: Any, language: str, text: str, asked: str
) -> None:
    conversation.metadata = caller(language)
    is_known = asked == "phone_known"
    conversation.slots = DRAFT | {
        "callback_phone": None if is_known else KNOWN,
        "callback_question": asked,
    }
    requested = "callback_phone" if is_known else CONFIRMED
    taken = await conversation.run(FORM, text, "affirm", requested=requested)
    assert taken.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_phone"] == "+491712345678"
    assert conversation.slots.get("callback_confirmed") is None
