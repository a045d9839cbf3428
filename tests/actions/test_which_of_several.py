"""Which of several callbacks is meant, when one is to be cancelled, moved or given a new number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import (
    ASK_CANCEL,
    ASK_CONFIRMED,
    ASK_KIND,
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    FRIDAY_NOON,
    KIND,
    THURSDAY_AT_15,
    YES,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox


async def book_two(conversation: Any, language: str = "en") -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)


# --- cancelling -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't need the thursday one any more"),
        ("en", "thursday doesn't work, cancel"),
        ("en", "cancel the thursday one, not the friday one"),
        ("en", "cancel the one at 3"),
        ("de", "ich brauche den am Donnerstag nicht mehr"),
        ("de", "donnerstag geht nicht, absagen"),
        ("de", "sag den um 15 Uhr ab"),
        ("fr", "je n'ai plus besoin de celui de jeudi"),
        ("fr", "jeudi ce n'est pas possible, annulez"),
        ("es", "ya no necesito la del jueves"),
        ("es", "el jueves no puedo, cancélela"),
    ],
)
async def test_the_time_named_in_a_cancellation_is_that_of_the_callback(
    conversation: Any, language: str, text: str
) -> None:
    await book_two(conversation, language)
    form = await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert form.slots["requested_slot"] == CANCEL
    assert conversation.slots["callback_question"] == "cancel"
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't need the thursday one any more"),
        ("de", "ich brauche den am Donnerstag nicht mehr"),
        ("fr", "je n'ai plus besoin de celui de jeudi"),
        ("es", "ya no necesito la del jueves"),
    ],
)
async def test_who_cancels_at_a_time_with_no_callback_is_told_so_and_asked_about_what_is_there(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said == ["utter_callback_none_then", "utter_ask_callback_cancel_confirmed"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the thursday one doesn't work"),
        ("de", "den am Donnerstag brauche ich nicht"),
        ("fr", "celui de jeudi"),
        ("es", "la del jueves ya no la necesito"),
    ],
)
async def test_the_answer_which_to_cancel_may_say_why(
    conversation: Any, language: str, text: str
) -> None:
    await book_two(conversation, language)
    await conversation.run(CANCEL_FORM, "?", "cancel_callback")
    assert conversation.slots["callback_question"] == "which_one"
    await conversation.run(CANCEL_FORM, text, "inform", requested=CANCEL)
    assert conversation.slots["callback_question"] == "cancel"
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)


# --- moving ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "move the thursday one to friday at 12"),
        ("en", "from thursday to friday at 12"),
        ("de", "verschieb den am Donnerstag auf Freitag um 12 Uhr"),
        ("de", "den Donnerstag auf Freitag um 12 Uhr"),
        ("fr", "déplacez celui de jeudi à vendredi à 12h"),
        ("fr", "de jeudi à vendredi à 12h"),
        ("es", "cambia la del jueves al viernes a las 12"),
        ("es", "la del jueves para el viernes a las 12"),
    ],
)
@pytest.mark.parametrize("is_asked", [False, True])
async def test_one_message_may_name_the_callback_and_where_to_move_it(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, *, is_asked: bool
) -> None:
    await book_two(conversation, language)
    if is_asked:
        await conversation.run(FORM, "?", "move_callback")
        assert conversation.slots["callback_question"] == "which_one"
    requested = KIND if is_asked else None
    form = await conversation.run(FORM, text, "move_callback", requested=requested)
    assert form.slots["requested_slot"] == "callback_confirmed"
    read_back = await conversation.run(ASK_CONFIRMED, requested=CONFIRMED)
    assert read_back.said == ["utter_ask_callback_confirmed_move"]
    await conversation.answer_read_back("yes", "affirm")
    assert open_times(ges_sandbox) == [FRIDAY_AT_10, FRIDAY_NOON]


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "move it to friday at 12", "the thursday one"),
        ("en", "move it to friday at 12", "1"),
        ("de", "auf Freitag um 12 Uhr verschieben", "den am Donnerstag"),
        ("fr", "déplacez-le à vendredi à 12h", "celui de jeudi"),
        ("es", "cámbiela al viernes a las 12", "la del jueves"),
    ],
)
async def test_which_one_to_move_is_asked_and_the_new_time_is_kept(
    conversation: Any, language: str, text: str, answer: str
) -> None:
    await book_two(conversation, language)
    await conversation.run(FORM, text, "move_callback")
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert asked.said == [*["utter_callback_one_of_number"] * 2, "utter_callback_which_one"]
    form = await conversation.run(FORM, answer, "inform", requested=KIND)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)
    assert conversation.slots["callback_wish"]["text"] == text


@pytest.mark.parametrize(
    ("language", "text", "again", "answer"),
    [
        ("en", "move it to next monday at 9", "move it to friday at 12", "the thursday one"),
        ("de", "auf nächsten Montag um 9 Uhr", "auf Freitag um 12 Uhr", "den am Donnerstag"),
        ("fr", "à lundi prochain à 9h", "à vendredi à 12h", "celui de jeudi"),
        ("es", "al lunes que viene a las 9", "al viernes a las 12", "la del jueves"),
    ],
)
async def test_where_to_move_it_may_be_said_anew_before_which_one(
    conversation: Any, language: str, text: str, again: str, answer: str
) -> None:
    await book_two(conversation, language)
    await conversation.run(FORM, text, "move_callback")
    await conversation.run(FORM, again, "move_callback", requested=KIND)
    assert conversation.slots["callback_question"] == "which_one"
    await conversation.run(FORM, answer, "inform", requested=KIND)
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "I want to change my number", "the thursday one"),
        ("de", "andere Nummer bitte", "den am Donnerstag"),
        ("fr", "un autre numéro", "celui de jeudi"),
        ("es", "otro número", "la del jueves"),
    ],
)
async def test_which_one_gets_another_number_is_asked_and_the_time_stays(
    conversation: Any, language: str, text: str, answer: str
) -> None:
    await book_two(conversation, language)
    await conversation.run(FORM, text, "other_number")
    assert conversation.slots["callback_question"] == "which_one"
    form = await conversation.run(FORM, answer, "inform", requested=KIND)
    assert form.slots["requested_slot"] == "callback_phone"
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "another number for thursday at 3"),
        ("de", "andere Nummer für Donnerstag um 15 Uhr"),
        ("fr", "un autre numéro pour jeudi à 15h"),
        ("es", "otro número para la del jueves"),
    ],
)
async def test_another_number_may_be_asked_for_with_the_time_of_the_callback(
    conversation: Any, language: str, text: str
) -> None:
    await book_two(conversation, language)
    form = await conversation.run(FORM, text, "other_number")
    assert form.slots["requested_slot"] == "callback_phone"
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)


async def test_either_of_two_days_is_no_callback_and_its_new_time(conversation: Any) -> None:
    await book_two(conversation)
    await conversation.run(FORM, "move it to thursday or friday at 12", "move_callback")
    assert conversation.slots["callback_question"] == "which_one"


@pytest.mark.parametrize(("text", "intent"), [("no", "deny"), ("never mind", "never_mind")])
async def test_who_names_none_to_move_keeps_all(
    conversation: Any, ges_sandbox: Sandbox, text: str, intent: str
) -> None:
    await book_two(conversation)
    await conversation.run(FORM, "move it", "move_callback")
    form = await conversation.run(FORM, text, intent, requested=KIND)
    assert form.slots["requested_slot"] is None
    assert open_times(ges_sandbox) == [THURSDAY_AT_15, FRIDAY_AT_10]


# --- neither of them named ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes"),
        ("en", "ok please"),
        ("de", "ja"),
        ("de", "ja bitte"),
        ("fr", "oui"),
        ("es", "sí"),
    ],
)
@pytest.mark.parametrize("intent", ["affirm", "cancel_callback", "inform"])
async def test_a_yes_to_which_one_to_cancel_names_none_and_is_asked_about_again(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await book_two(conversation, language)
    await conversation.run(CANCEL_FORM, "?", "cancel_callback")
    await conversation.run(ASK_CANCEL, requested=CANCEL)
    for _ in range(2):
        await conversation.run(CANCEL_FORM, text, intent, requested=CANCEL)
        assert conversation.slots["callback_question"] == "which_one"
        assert conversation.slots["requested_slot"] == CANCEL
        asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
        assert asked.said.count("utter_callback_one_of_number") == 2


@pytest.mark.parametrize(("language", "text"), YES.items())
@pytest.mark.parametrize("intent", ["affirm", "move_callback", "inform"])
async def test_a_yes_to_which_one_to_change_names_none_and_is_asked_about_again(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await book_two(conversation, language)
    await conversation.run(FORM, "?", "move_callback")
    await conversation.run(ASK_KIND, requested=KIND)
    assert conversation.slots["callback_question"] == "which_one"
    for _ in range(2):
        await conversation.run(FORM, text, intent, requested=KIND)
        assert conversation.slots["callback_question"] == "which_one"
        asked = await conversation.run(ASK_KIND, requested=KIND)
        assert asked.said.count("utter_callback_one_of_number") == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "both"), ("de", "beide"), ("fr", "les deux"), ("es", "las dos"), ("es", "los dos")],
)
@pytest.mark.parametrize("intent", ["inform", "affirm", "move_callback"])
async def test_both_is_no_two_o_clock_at_keep_move_or_cancel(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await book_two(conversation, language)
    conversation.ask_about_open()
    await conversation.run(FORM, text, intent, requested=KIND)
    assert conversation.slots["callback_slot"] is None
    is_asked_again = conversation.slots["callback_question"] == "open_callback"
    assert is_asked_again is (intent != "move_callback")
