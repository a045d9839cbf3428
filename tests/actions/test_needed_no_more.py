"""What follows a booking: it is needed no more, or is wanted back, in the customers' own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import (
    ANSWER,
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    CUSTOMERS,
    FORM,
    FRIDAY_AT_15,
    FRIDAY_NOON,
    KNOWN,
    LOST,
    OTHER,
    PHONE,
    SHOW,
    SLOT,
    SUBMIT,
    SUBMIT_CANCEL,
    THURSDAY_AT_10,
    TO_ARRANGE,
    TO_CANCEL,
    drafted,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

NEEDED_NO_MORE = [
    ("en", "sorry no longer needed"),
    ("en", "no longer needed, thanks"),
    ("en", "it's no longer needed"),
    ("en", "it isn't needed any longer, sorry"),
    ("en", "please don't ring, all good now"),
    ("en", "I've taken care of it myself"),
    ("de", "ach ne, brauch ich doch nich mehr"),
    ("de", "nich mehr nötig"),
    ("de", "brauch ich nimmer"),
    ("de", "brauch i ned mehr"),
    ("de", "lasst es gut sein"),
    ("de", "brauch ich nich"),
    ("de", "ich will doch keinen Rückruf"),
    ("de", "bitte nicht mehr anrufen"),
    ("de", "hab mich schon selber drum gekümmert"),
    ("fr", "pas la peine finalement"),
    ("fr", "finalement pas besoin"),
    ("fr", "je n'en veux plus"),
    ("fr", "ne m'appelez plus, c'est bon"),
    ("fr", "je m'en suis occupé moi-même"),
    ("es", "ya no lo quiero"),
    ("es", "al final no hace falta, gracias"),
    ("es", "no me llamen, ya está todo bien"),
    ("es", "ya me he encargado yo"),
]
OTHER_WORDS = [
    ("en", "I've gone off the idea"),
    ("en", "nah, leave off"),
    ("de", "nee du, hat keinen Sinn mehr"),
    ("fr", "non, ça ne m'intéresse plus"),
    ("es", "no, ya no tiene sentido"),
]
NO_MORE_TO_SAY = [
    ("en", "no"),
    ("en", "no thanks"),
    ("en", "no, that's all"),
    ("en", "no, that's fine"),
    ("en", "nothing else, thanks"),
    ("en", "no, keep it"),
    ("en", "no, leave it"),
    ("en", "nope, all good"),
    ("de", "nein"),
    ("de", "nein danke"),
    ("de", "nein, das wars"),
    ("de", "nein, sonst nichts"),
    ("de", "nein, passt so"),
    ("de", "nein, lassen Sie ihn"),
    ("fr", "non merci"),
    ("fr", "non, c'est tout"),
    ("fr", "non, rien d'autre"),
    ("fr", "non, laissez-le"),
    ("es", "no gracias"),
    ("es", "no, eso es todo"),
    ("es", "no, nada más"),
    ("es", "no, déjela"),
]


@pytest.mark.parametrize(
    ("action", "intent"),
    [(ANSWER, "deny"), (ANSWER, "never_mind"), (LOST, "nlu_fallback"), (SHOW, "show_callback")],
)
@pytest.mark.parametrize(("language", "text"), NEEDED_NO_MORE)
async def test_who_needs_it_no_more_is_asked_whether_to_cancel(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(action, text, intent)
    assert told.said == []
    assert told.followup == TO_CANCEL


@pytest.mark.parametrize("intent", ["deny", "never_mind"])
@pytest.mark.parametrize(("language", "text"), OTHER_WORDS)
async def test_a_refusal_in_unknown_words_is_asked_about_and_keeps_nothing(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(ANSWER, text, intent)
    assert told.said == []
    assert told.followup == TO_CANCEL


@pytest.mark.parametrize("intent", ["deny", "never_mind"])
@pytest.mark.parametrize(("language", "text"), NO_MORE_TO_SAY)
async def test_a_plain_no_after_booking_leaves_the_callback(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(ANSWER, text, intent)
    assert told.said == ["utter_callback_kept"]
    assert told.followup is None


@pytest.mark.parametrize("intent", ["deny", "never_mind", "nlu_fallback", "inform", "other_time"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "it's no longer needed"),
        ("de", "is nich mehr nötig"),
        ("fr", "pas la peine finalement"),
        ("es", "ya no lo quiero"),
    ],
)
async def test_who_needs_it_no_more_at_the_read_back_is_asked_no_further(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = drafted(FRIDAY_NOON)
    form = await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert form.slots["requested_slot"] is None
    over = await conversation.run(SUBMIT, text, intent)
    assert over.said == ["utter_callback_stopped"]
    assert open_times(ges_sandbox) == []


@pytest.mark.parametrize("intent", ["deny", "nlu_fallback", "inform", "ask_call_in"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I've already taken care of it myself"),
        ("de", "hab mich schon selber drum gekümmert"),
        ("fr", "je m'en suis déjà occupé moi-même"),
        ("es", "ya me he encargado yo"),
    ],
)
async def test_who_has_seen_to_it_while_times_are_on_offer_is_asked_no_further(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = {
        **drafted(FRIDAY_NOON),
        "callback_slot": None,
        "callback_question": "slot_menu",
    }
    await conversation.run(FORM, text, intent, requested=SLOT)
    over = await conversation.run(SUBMIT, text, intent)
    assert over.said == ["utter_callback_stopped"]


# --- change it back -------------------------------------------------------------------------------

CHANGE_BACK = [
    ("en", "change it back"),
    ("en", "no, change it back please"),
    ("en", "undo that"),
    ("de", "ändern Sie es zurück"),
    ("de", "machen Sie das wieder rückgängig"),
    ("fr", "remettez comme avant"),
    ("es", "vuelva a ponerlo como antes"),
    ("es", "deshaga el cambio"),
]


@pytest.mark.parametrize(
    ("action", "intent"),
    [(ANSWER, "deny"), (ANSWER, "never_mind"), (LOST, "nlu_fallback"), (FORM, "move_callback")],
)
@pytest.mark.parametrize(("language", "text"), CHANGE_BACK)
async def test_a_number_that_was_changed_is_read_back_as_it_was_before(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_AT_15, language=language)
    conversation.slots |= drafted(
        FRIDAY_AT_15, callback_process="move", callback_phone=OTHER, callback_confirmed=True
    )
    changed = await conversation.run(SUBMIT, "yes", "affirm")
    assert changed.said[0] == "utter_callback_number_changed"
    if action != FORM:
        told = await conversation.run(action, text, intent)
        assert told.said == []
        assert told.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_process"] == "move"
    assert conversation.slots["callback_phone"] == KNOWN
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_15)


@pytest.mark.parametrize(("language", "text"), CHANGE_BACK)
async def test_a_time_that_was_changed_is_read_back_as_it_was_before(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_AT_15, language=language)
    conversation.slots |= drafted(THURSDAY_AT_10, callback_process="move", callback_confirmed=True)
    await conversation.run(SUBMIT, "yes", "affirm")
    told = await conversation.run(ANSWER, text, "deny")
    assert told.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, "deny")
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_15)
    assert conversation.slots["callback_phone"] == KNOWN


@pytest.mark.parametrize(("language", "text"), CHANGE_BACK)
async def test_to_change_back_what_was_never_changed_asks_what_shall_become_of_it(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(ANSWER, text, "deny")
    assert told.said == ["utter_callback_show_scheduled"]
    assert conversation.slots["callback_question"] == "open_callback"


# --- wanted back ----------------------------------------------------------------------------------

WANTED_BACK = [
    ("en", "oh no, I want it again"),
    ("en", "I changed my mind, I'd like it back"),
    ("en", "I'd like it back"),
    ("en", "actually I do need it"),
    ("de", "ach doch, bitte wieder buchen"),
    ("de", "ich hätte ihn doch gern wieder"),
    ("de", "ich will ihn wieder"),
    ("fr", "en fait si, je le veux"),
    ("fr", "j'ai changé d'avis, je le veux bien"),
    ("fr", "je voudrais le ravoir"),
    ("es", "al final sí que la necesito"),
    ("es", "la quiero otra vez"),
    ("es", "he cambiado de opinión, la quiero"),
]
WANTED_AT_ANOTHER_TIME = [
    ("en", "I do need a call after all, friday 3pm"),
    ("de", "ich brauche doch einen Rückruf, Freitag um 15 Uhr"),
    ("fr", "finalement j'en ai besoin, vendredi à 15 h"),
    ("es", "bueno, al final sí que la necesito, el viernes a las 15"),
]


async def cancel(conversation: Any, language: str) -> None:
    await conversation.book(THURSDAY_AT_10, language=language)
    conversation.slots |= {"callback_cancel_confirmed": True}
    done = await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    assert done.said[0] == "utter_callback_cancelled"


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ANSWER, "deny"),
        (ANSWER, "never_mind"),
        (ANSWER, "affirm"),
        (LOST, "nlu_fallback"),
        (SHOW, "show_callback"),
        (CANCEL_FORM, "cancel_callback"),
    ],
)
@pytest.mark.parametrize(("language", "text"), WANTED_BACK)
async def test_a_cancelled_callback_that_is_wanted_back_is_read_back(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await cancel(conversation, language)
    told = await conversation.run(action, text, intent)
    assert told.said == []
    assert conversation.noted == []
    assert told.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_10)
    assert conversation.slots["callback_phone"] == KNOWN


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ANSWER, "inform"),
        (ANSWER, "deny"),
        (LOST, "nlu_fallback"),
        (FORM, "request_callback"),
        (CANCEL_FORM, "cancel_callback"),
    ],
)
@pytest.mark.parametrize(("language", "text"), WANTED_AT_ANOTHER_TIME)
async def test_a_cancelled_callback_that_is_wanted_at_another_time_keeps_its_number(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await cancel(conversation, language)
    if action != FORM:
        told = await conversation.run(action, text, intent)
        assert told.said == []
        assert told.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_15)
    assert conversation.slots["callback_phone"] == KNOWN


# --- are you a robot? -----------------------------------------------------------------------------

ARE_YOU = [
    ("en", "Are you a robot?"),
    ("en", "am I talking to a person?"),
    ("en", "is this a bot"),
    ("en", "are you human"),
    ("de", "bist du ein Mensch?"),
    ("de", "sind Sie ein Roboter"),
    ("de", "spreche ich mit einem Menschen?"),
    ("fr", "vous êtes un robot ?"),
    ("fr", "est-ce que je parle à une personne ?"),
    ("fr", "c'est un robot ?"),
    ("es", "¿eres una persona?"),
    ("es", "¿es usted un robot?"),
    ("es", "¿estoy hablando con una persona?"),
]


@pytest.mark.parametrize(
    ("requested", "question"),
    [(SLOT, "slot_menu"), (PHONE, "phone"), (CONFIRMED, "read_back"), (CANCEL, "cancel")],
)
@pytest.mark.parametrize(("language", "text"), ARE_YOU)
async def test_who_asks_for_a_robot_is_told_the_truth_and_asked_the_open_question_again(
    conversation: Any, language: str, text: str, requested: str, question: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    conversation.slots |= {**drafted(THURSDAY_AT_10), "callback_confirmed": None}
    conversation.slots |= {"callback_process": "move", "callback_question": question}
    form = CANCEL_FORM if requested == CANCEL else FORM
    for intent in ("nlu_fallback", "inform", "affirm", "deny"):
        told = await conversation.run(form, text, intent, requested=requested)
        assert conversation.noted == ["utter_callback_automated"]
        assert told.slots["requested_slot"] == requested
        conversation.slots["callback_notes"] = None


@pytest.mark.parametrize(
    ("action", "intent"),
    [(LOST, "nlu_fallback"), (ANSWER, "affirm"), (ANSWER, "deny"), (SHOW, "show_callback")],
)
@pytest.mark.parametrize(("language", "text"), ARE_YOU)
async def test_who_asks_for_a_robot_beside_any_question_is_told_the_truth(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    told = await conversation.run(action, text, intent)
    assert told.said == ["utter_callback_automated_only"]
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(action, text, intent)
    assert told.said == ["utter_callback_automated"]
