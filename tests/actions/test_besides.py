"""One more callback, another number, a doubtful one and a last place, beside what is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import (
    CONFIRMED,
    CUSTOMERS,
    FORM,
    FRIDAY_AT_10,
    FRIDAY_NOON,
    KIND,
    KNOWN,
    OTHER,
    PHONE,
    SUBMIT,
    THURSDAY_AT_15,
    TO_ARRANGE,
    open_times,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ges_connector.sandbox.sandbox import Sandbox

FOR_A_COLLEAGUE = [
    ("en", "also call my colleague friday at 10 on +49 30 23125014"),
    ("de", "rufen Sie auch meinen Kollegen am Freitag um 10 Uhr unter +49 30 23125014 an"),
    ("fr", "appelez aussi mon collègue vendredi à 10h au +49 30 23125014"),
    ("es", "llamen también a mi colega el viernes a las 10 al +49 30 23125014"),
]


# --- for somebody else ----------------------------------------------------------------------------


@pytest.mark.parametrize("said", FOR_A_COLLEAGUE)
@pytest.mark.parametrize("intent", ["request_callback", "inform", "move_callback", "other_number"])
@pytest.mark.parametrize("is_asked", [True, False])
async def test_a_colleague_is_called_besides(
    conversation: Any, ges_sandbox: Sandbox, said: tuple[str, str], intent: str, *, is_asked: bool
) -> None:
    language, text = said
    await conversation.book(THURSDAY_AT_15, language=language)
    if is_asked:
        conversation.ask_about_open()
    form = await conversation.run(FORM, text, intent, requested=KIND if is_asked else None)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_process"] == "book"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_10)
    assert conversation.slots["callback_phone"] == OTHER
    assert open_times(ges_sandbox) == [THURSDAY_AT_15]


# --- another number, and another time -------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        ("en", "another number for friday at 10"),
        ("de", "eine andere Nummer für Freitag um 10 Uhr"),
        ("fr", "un autre numéro pour vendredi à 10h"),
        ("es", "otro número para el viernes a las 10"),
    ],
)
@pytest.mark.parametrize("intent", ["other_number", "inform", "request_callback"])
@pytest.mark.parametrize("at", [THURSDAY_AT_15, FRIDAY_AT_10])
@pytest.mark.parametrize("is_asked", [True, False])
async def test_another_number_for_a_time_is_asked_for(
    conversation: Any, said: tuple[str, str], intent: str, at: datetime, *, is_asked: bool
) -> None:
    language, text = said
    await conversation.book(at, language=language)
    if is_asked:
        conversation.ask_about_open()
    form = await conversation.run(FORM, text, intent, requested=KIND if is_asked else None)
    assert form.slots["requested_slot"] == PHONE
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_10)
    assert conversation.slots["callback_phone"] is None


# --- the first number again -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no wait, the first one was right"),
        ("en", "go back to the old number"),
        ("de", "nein warte, die erste war richtig"),
        ("fr", "non attendez, le premier était le bon"),
        ("es", "no espere, el primero era el correcto"),
    ],
)
@pytest.mark.parametrize("intent", ["deny", "inform", "affirm", "other_number"])
@pytest.mark.parametrize("given_at", [PHONE, CONFIRMED])
async def test_the_first_number_comes_back_after_another_one(
    conversation: Any, language: str, text: str, intent: str, given_at: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_slot": time_id(FRIDAY_AT_10),
        "callback_phone": KNOWN,
        "callback_question": "read_back",
    }
    if given_at == PHONE:
        await conversation.run(FORM, "?", "other_number", requested=CONFIRMED)
    await conversation.run(FORM, "030 23125014", "inform", requested=given_at)
    assert conversation.slots["callback_phone"] == OTHER
    form = await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_phone"] == KNOWN
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_10)


# --- what is the matter ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "my bill is wrong"),
        ("de", "meine Rechnung stimmt nicht"),
        ("fr", "ma facture est fausse"),
        ("es", "mi factura está mal"),
    ],
)
@pytest.mark.parametrize("intent", ["request_callback", "deny", "other_number", "nlu_fallback"])
async def test_what_the_matter_is_changes_nothing_at_the_menu(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    conversation.ask_about_open()
    form = await conversation.run(FORM, text, intent, requested=KIND)
    assert conversation.slots["callback_question"] == "open_callback"
    assert form.slots.get("requested_slot", KIND) == KIND
    assert open_times(ges_sandbox) == [THURSDAY_AT_15]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "wanna callback"),
        ("de", "will Rückruf"),
        ("fr", "je veux un rappel"),
        ("es", "quiero llamada"),
    ],
)
@pytest.mark.parametrize("intent", ["request_callback", "show_callback", "move_callback"])
async def test_who_wants_a_callback_and_has_one_hears_of_it(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    if intent == "show_callback":
        shown = await conversation.run("action_show_callback", text, intent)
        assert shown.followup == TO_ARRANGE or shown.said == ["utter_callback_show_scheduled"]
        return
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] in {KIND, "callback_slot"}
    assert open_times(ges_sandbox) == [THURSDAY_AT_15]


# --- the last place -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "when", "keep"),
    [
        ("en", "friday at 12", "keep it"),
        ("de", "Freitag um 12 Uhr", "behalten Sie ihn"),
        ("fr", "vendredi à 12h", "gardez-le"),
        ("es", "el viernes a las 12", "manténgala"),
    ],
)
async def test_a_new_number_that_needs_a_second_place_is_not_told_that_the_time_has_gone(
    conversation: Any, ges_sandbox: Sandbox, language: str, when: str, keep: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    conversation.ask_about_open()
    form = await conversation.run(FORM, f"{when}, 030 23125014", "inform", requested=KIND)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)
    read_back = {"callback_confirmed": True, "callback_read_back_at": "2026-01-12T15:05:00Z"}
    conversation.slots |= read_back
    done = await conversation.run(SUBMIT, "yes", "affirm")
    notes = [each["response"] for each in done.slots["callback_notes"]]
    assert done.followup == TO_ARRANGE
    assert notes == ["utter_callback_number_needs_place"]
    assert open_times(ges_sandbox) == [FRIDAY_NOON]
    kept = await conversation.run(FORM, keep, "deny", requested="callback_slot")
    assert kept.slots["callback_outcome"] == "kept"
