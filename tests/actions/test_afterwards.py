"""What is said once a callback is booked, in the words that customers use for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import (
    ANSWER,
    CANCEL_FORM,
    CUSTOMERS,
    FORM,
    FRIDAY_NOON,
    LOST,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    TELL_WAIT,
    THURSDAY_AT_10,
    THURSDAY_AT_15,
    drafted,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

DRAFT = drafted(FRIDAY_NOON)


async def ask_to_cancel(conversation: Any) -> None:
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    assert conversation.slots["requested_slot"] == "callback_cancel_confirmed"


# --- one more, for somebody else ------------------------------------------------------------------

FOR_SOMEBODY = [
    ("en", "another callback for my wife, thursday at 10, 030 23125014"),
    ("en", "could someone else ring too, at 030 23125014 thursday 10 am"),
    ("en", "could you also ring my mother? thursday at 10, 030 23125014"),
    ("en", "my mum needs a call too, thursday at 10, 030 23125014"),
    ("de", "meine Mutter braucht auch einen Anruf, Donnerstag um 10, 030 23125014"),
    ("de", "könnten Sie auch meinen Kollegen anrufen? Donnerstag um 10, 030 23125014"),
    ("fr", "un autre rappel pour ma femme, jeudi à 10 h, +49 30 23125014"),
    ("fr", "ma mère a aussi besoin d'un appel, jeudi à 10 h, +49 30 23125014"),
    ("fr", "pourriez-vous appeler ma mère également ? jeudi à 10 h au +49 30 23125014"),
    ("es", "quiero otra llamada para mi madre, el jueves a las 10, al +49 30 23125014"),
    ("es", "¿podrían llamar también a mi madre? el jueves a las 10, al +49 30 23125014"),
    ("es", "mi madre también necesita una llamada, el jueves a las 10, +49 30 23125014"),
]
ONE_MORE = [
    ("en", "please book another callback"),
    ("en", "can you book a second one for my colleague as well"),
    ("en", "my mum needs a call too"),
    ("de", "bitte buchen Sie noch einen Rückruf"),
    ("de", "meine Mutter braucht auch einen Anruf"),
    ("fr", "réservez un autre rappel s'il vous plaît"),
    ("fr", "j'en voudrais un deuxième pour mon collègue aussi"),
    ("es", "reserve otra llamada por favor"),
    ("es", "mi colega también necesita una llamada"),
]


@pytest.mark.parametrize("intent", ["move_callback", "inform", "request_callback", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), FOR_SOMEBODY)
async def test_a_callback_for_somebody_else_leaves_the_customers_own_one_alone(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    action = {"move_callback": FORM, "request_callback": FORM, "nlu_fallback": LOST}
    if intent in {"inform", "nlu_fallback"}:
        told = await conversation.run(action.get(intent, ANSWER), text, intent)
        assert told.followup == "callback_form"
    await conversation.run(FORM, text, intent)
    assert conversation.noted == ["utter_callback_one_more"]
    assert conversation.slots["callback_process"] == "book"
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_10)
    assert conversation.slots["callback_phone"] == "+493023125014"


@pytest.mark.parametrize("intent", ["move_callback", "other_time", "request_callback"])
@pytest.mark.parametrize(("language", "text"), ONE_MORE)
async def test_one_more_is_arranged_whatever_it_is_taken_for(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_process"] == "book"
    assert "utter_callback_one_more" in conversation.noted
    assert conversation.slots["callback_question"] != "open_callback"


@pytest.mark.parametrize(("action", "intent"), [(SHOW, "show_callback"), (TELL_WAIT, "ask_wait")])
@pytest.mark.parametrize(("language", "text"), ONE_MORE)
async def test_one_more_is_arranged_though_it_is_taken_for_a_question(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(action, text, intent)
    assert told.followup == "callback_form"
    assert told.said == []
    await conversation.run(FORM, text, intent)
    assert "utter_callback_one_more" in conversation.noted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "do I have another callback?"),
        ("de", "habe ich noch einen Rückruf?"),
        ("fr", "est-ce que j'ai un autre rappel ?"),
        ("es", "¿tengo otra llamada?"),
    ],
)
async def test_who_asks_whether_there_is_another_one_books_none(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(SHOW, text, "show_callback")
    assert told.said == ["utter_callback_show_scheduled"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "call my wife instead, 030 23125014"),
        ("en", "also, please ring me on my wife's number, 030 23125014"),
        ("de", "rufen Sie lieber meine Frau an, 030 23125014"),
        ("fr", "appelez plutôt ma femme, +49 30 23125014"),
        ("es", "mejor llamen a mi mujer, +49 30 23125014"),
    ],
)
async def test_somebody_else_instead_is_another_number_for_the_callback_that_is_there(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await conversation.run(ANSWER, text, "inform")
    await conversation.run(FORM, text, "inform")
    assert conversation.slots["callback_process"] == "move"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)
    assert conversation.slots["callback_phone"] == "+493023125014"


# --- forget it ------------------------------------------------------------------------------------

FORGET = [
    ("en", "actually forget it"),
    ("en", "actually forget it, cancel"),
    ("en", "forget about it please"),
    ("de", "vergessen Sie's"),
    ("de", "ach vergiss es"),
    ("de", "ich brauchs doch nicht mehr"),
    ("fr", "oubliez"),
    ("fr", "laissez tomber"),
    ("es", "olvídelo"),
    ("es", "mejor olvídalo"),
]


@pytest.mark.parametrize(
    ("action", "intent"),
    [(ANSWER, "never_mind"), (ANSWER, "deny"), (LOST, "nlu_fallback"), (SHOW, "show_callback")],
)
@pytest.mark.parametrize(("language", "text"), FORGET)
async def test_who_says_to_forget_it_right_after_booking_is_asked_whether_to_cancel(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(action, text, intent)
    assert told.said == []
    assert told.followup == "callback_cancel_form"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "don't forget it"),
        ("de", "vergessen Sie es nicht"),
        ("fr", "n'oubliez pas"),
        ("es", "no lo olviden"),
    ],
)
async def test_who_says_not_to_forget_it_is_not_asked_whether_to_cancel(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(ANSWER, text, "never_mind")
    assert told.followup is None
    assert told.said == ["utter_callback_kept"]


@pytest.mark.parametrize(("language", "text"), FORGET[:2] + FORGET[3:5] + FORGET[6:])
async def test_to_forget_what_is_not_booked_yet_leaves_it(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = {**DRAFT, "callback_slot": None, "callback_question": "slot_menu"}
    await conversation.run(FORM, text, "never_mind", requested="callback_slot")
    over = await conversation.run(SUBMIT, text, "never_mind")
    assert over.said == ["utter_callback_stopped"]


# --- keep it, at the question whether to cancel ---------------------------------------------------


@pytest.mark.parametrize("intent", ["deny", "nlu_fallback", "inform", "never_mind"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no wait, keep it"),
        ("en", "hold on, leave it in"),
        ("de", "nein Moment, behalten Sie ihn"),
        ("de", "warten Sie, lassen Sie ihn stehen"),
        ("fr", "non attendez, gardez-le"),
        ("fr", "attendez, je le garde"),
        ("es", "no espere, manténgala"),
        ("es", "un momento, déjela como está"),
    ],
)
async def test_who_says_to_keep_it_beside_wait_keeps_it(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await ask_to_cancel(conversation)
    over = await conversation.answer_cancelling(text, intent)
    assert over.said == ["utter_callback_kept"]
    assert open_times(ges_sandbox) == [FRIDAY_NOON]


# --- put it on Thursday ---------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["inform", "move_callback", "request_callback"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "push it to thursday"),
        ("en", "put it on thursday"),
        ("de", "legen Sie ihn auf Donnerstag"),
        ("de", "schieb ihn auf Donnerstag"),
        ("fr", "mettez-le à jeudi"),
        ("fr", "passez-le à jeudi"),
        ("es", "pásalo al jueves"),
        ("es", "pásala al jueves"),
        ("es", "pásenla al jueves por la mañana"),
        ("es", "póngalo el jueves"),
        ("es", "cámbiala al jueves"),
    ],
)
async def test_to_put_it_on_a_day_moves_it_to_that_day_alone(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_process"] == "move"
    offered = (conversation.slots["callback_menu"] or {}).get("ids") or []
    assert offered
    times = [time_of_id(each) for each in offered]
    assert [each.day for each in times if each is not None] == [15] * len(offered)


# --- the wait, while there is a callback ----------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "how long is the wait at the moment?"),
        ("en", "what's the wait time if I call now"),
        ("de", "wie lange wartet man gerade, wenn ich anrufe?"),
        ("fr", "quel est le temps d'attente si j'appelle maintenant ?"),
        ("es", "¿cuánto es la espera si llamo ahora?"),
    ],
)
@pytest.mark.parametrize(
    ("action", "intent"), [(TELL_WAIT, "ask_wait"), (LOST, "nlu_fallback"), (ANSWER, "inform")]
)
async def test_who_has_a_callback_at_a_time_hears_the_wait_and_is_reminded(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(action, text, intent)
    assert told.said[0].startswith("utter_callback_wait_")
    assert told.said[0].endswith("_aside")
    assert told.said[1:] == ["utter_callback_show_scheduled_aside"]
    assert conversation.slots.get("callback_question") is None


# --- short questions ------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["other_number", "ask_call_in", "nlu_fallback", "inform"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "whats my number"),
        ("en", "what's my number?"),
        ("de", "was ist meine Nummer"),
        ("de", "wie ist meine Nummer?"),
        ("fr", "quel est mon numéro"),
        ("es", "cuál es mi número"),
    ],
)
async def test_who_asks_for_their_own_number_hears_it(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    action = {"ask_call_in": "action_give_call_in", "nlu_fallback": LOST}.get(intent, ANSWER)
    told = await conversation.run(action, text, intent)
    assert told.said == ["utter_callback_your_number"]


OPENING = [
    ("en", "what is your opening hours"),
    ("en", "when do you open"),
    ("de", "wann haben Sie geöffnet?"),
    ("de", "Öffnungszeiten?"),
    ("fr", "quels sont vos horaires ?"),
    ("fr", "vous ouvrez à quelle heure ?"),
    ("es", "¿qué horario tienen?"),
    ("es", "¿a qué hora abren?"),
]


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (LOST, "nlu_fallback"),
        (SHOW, "show_callback"),
        (ANSWER, "inform"),
        (ANSWER, "other_time"),
        (TELL_WAIT, "ask_wait"),
    ],
)
@pytest.mark.parametrize(("language", "text"), OPENING)
async def test_who_asks_for_our_hours_hears_when_we_are_open_or_the_number_to_ask(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    told = await conversation.run(action, text, intent)
    assert told.said[0].startswith("utter_callback_static_number")


# --- what is said of what was done ----------------------------------------------------------------


async def test_another_number_alone_has_no_new_time_for_the_calendar(conversation: Any) -> None:
    # Friday at noon has but one place, which the callback itself has taken.
    await conversation.book(THURSDAY_AT_15, language="en")
    await conversation.run(FORM, "change the number to 030 23125014", "other_number")
    await conversation.run("action_ask_callback_confirmed", requested="callback_confirmed")
    said = await conversation.answer_read_back("yes", "affirm")
    assert said.said == ["utter_callback_number_changed", "utter_callback_calendar_updated"]


async def test_to_cancel_again_what_was_just_cancelled_hears_that_it_is(conversation: Any) -> None:
    await conversation.book(FRIDAY_NOON, language="en")
    await ask_to_cancel(conversation)
    await conversation.answer_cancelling("yes", "affirm")
    conversation.slots["requested_slot"] = None
    await conversation.run(CANCEL_FORM, "cancel it", "cancel_callback")
    again = await conversation.run(SUBMIT_CANCEL, "cancel it", "cancel_callback")
    assert again.said == ["utter_callback_show_cancelled"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I need to change the call to another time"),
        ("fr", "je dois déplacer l'appel à un autre moment"),
        ("es", "tengo que cambiar la llamada a otro momento"),
    ],
)
async def test_another_time_is_no_time_that_is_not_understood(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    form = await conversation.run(FORM, text, "move_callback")
    assert form.slots["requested_slot"] == "callback_slot"
    assert not form.slots.get("callback_notes")


# --- what is taken for a question, or for nothing, and asks for a call ----------------------------


@pytest.mark.parametrize("intent", ["show_callback", "move_callback", "nlu_fallback"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "can i have a callback on friday at 12?"),
        ("en", "any chance of a call on friday at noon?"),
        ("en", "no sorry, i do need a call, friday at 12 would be good"),
        ("de", "Besteht die Chance auf einen Anruf am Freitag um 12 Uhr?"),
        ("fr", "puis-je avoir un rappel vendredi à midi"),
        ("es", "¿puede ser una llamada el viernes a las 12?"),
    ],
)
async def test_who_asks_for_a_call_at_a_time_gets_that_time(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    action = LOST if intent == "nlu_fallback" else SHOW
    outcome = await conversation.run(action, text, intent)
    assert outcome.followup == "callback_form"
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] == "callback_phone"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)


@pytest.mark.parametrize("text", ["do i have a callback on friday?", "is my call on friday at 12?"])
async def test_who_asks_whether_there_is_a_callback_orders_none(
    conversation: Any, text: str
) -> None:
    outcome = await conversation.run(SHOW, text, "show_callback")
    assert outcome.followup is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "oh go on then, bin it"),
        ("de", "hm, dann doch weg damit"),
        ("fr", "bon finalement si, supprimez-le"),
        ("es", "bueno, al final sí, bórrala"),
    ],
)
async def test_who_kept_it_and_wants_it_away_after_all_is_asked(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await ask_to_cancel(conversation)
    await conversation.run(CANCEL_FORM, "no", "deny", requested="callback_cancel_confirmed")
    await conversation.run("action_submit_callback_cancel_form", "no", "deny")
    outcome = await conversation.run(ANSWER, text, "affirm")
    assert outcome.followup == "callback_cancel_form"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "can my dad have a call as well on thursday 5pm"),
        ("de", "meine Mutter braucht auch einen Anruf, am Donnerstag um 17 Uhr"),
        ("fr", "ma mère a aussi besoin d'un appel jeudi à 17h"),
        ("es", "mi madre también necesita una llamada el jueves a las 17"),
    ],
)
async def test_a_wish_for_somebody_else_before_the_yes_leaves_what_is_read_back(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = dict(DRAFT)
    form = await conversation.run(FORM, text, "inform", requested="callback_confirmed")
    assert form.slots["requested_slot"] == "callback_confirmed"
    assert conversation.noted == ["utter_callback_one_at_a_time"]
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)


async def test_when_is_told_to_who_says_wait(conversation: Any) -> None:
    await conversation.book(FRIDAY_NOON, language="en")
    outcome = await conversation.run(TELL_WAIT, "wait, what time was it?", "ask_wait")
    assert outcome.said == ["utter_callback_show_scheduled"]


@pytest.mark.parametrize("process", ["book", "move"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes and also friday at 10"),
        ("en", "yes, and one on friday at 10 too please"),
        ("de", "ja und außerdem am Freitag um 10"),
        ("fr", "oui et aussi vendredi à 10h"),
        ("es", "sí y también el viernes a las 10"),
    ],
)
@pytest.mark.parametrize("intent", ["affirm", "inform", "request_callback"])
async def test_a_yes_with_one_more_time_takes_nothing_for_it_and_asks_again(
    conversation: Any, language: str, text: str, process: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    before = {"callback_id": "c1"} if process == "move" else {}
    conversation.slots = {**DRAFT, **before, "callback_process": process}
    await conversation.run(FORM, text, intent, requested="callback_confirmed")
    assert conversation.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots.get("callback_confirmed") is None
    assert conversation.slots["callback_slot"] == DRAFT["callback_slot"]
    assert conversation.noted == ["utter_callback_one_at_a_time"]


# --- wanted again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("is_known_intent", [True, False])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "oh no, book it again please"),
        ("en", "i want it back"),
        ("de", "buchen Sie ihn doch wieder"),
        ("fr", "remettez-le finalement"),
        ("es", "vuelva a reservarla"),
    ],
)
async def test_what_was_cancelled_is_read_back_again_to_who_wants_it_after_all(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, *, is_known_intent: bool
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await ask_to_cancel(conversation)
    conversation.slots["callback_cancel_confirmed"] = True
    await conversation.run("action_submit_callback_cancel_form", "yes", "affirm")
    assert open_times(ges_sandbox) == []
    if not is_known_intent:
        assert (await conversation.run(LOST, text, "nlu_fallback")).followup == "callback_form"
    intent = "request_callback" if is_known_intent else "nlu_fallback"
    await conversation.run(FORM, text, intent)
    assert conversation.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)
    assert conversation.slots["callback_phone"] == DRAFT["callback_phone"]
    assert conversation.slots["callback_process"] == "book"


async def test_without_a_cancelled_callback_nothing_is_booked_again(conversation: Any) -> None:
    conversation.metadata = CUSTOMERS["en"]
    await conversation.run(FORM, "book it again please", "request_callback")
    assert conversation.slots["requested_slot"] == "callback_kind"
