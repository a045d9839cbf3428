"""What is said of cancelling: of one of two, of all, of none, and of a move in words of refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import (
    ANSWER,
    ASK_CANCEL,
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    FRIDAY_NOON,
    KIND,
    LOST,
    MONDAY_AT_10,
    OTHER,
    PHONE,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    THURSDAY_AT_15,
    TO_ARRANGE,
    TO_CANCEL,
    YES,
    drafted,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox


# --- not then, but then ---------------------------------------------------------------------------

NOT_THEN_BUT_THEN = [
    ("en", "I don't need it on thursday but on friday at 10"),
    ("de", "ich brauche ihn nicht am Donnerstag, sondern am Freitag um 10 Uhr"),
    ("fr", "je n'en ai pas besoin jeudi mais vendredi à 10h"),
    ("es", "no la necesito el jueves sino el viernes a las 10"),
]


@pytest.mark.parametrize(("language", "text"), NOT_THEN_BUT_THEN)
async def test_not_on_that_day_but_on_another_is_a_move_though_it_sounds_like_a_cancellation(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    first = await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert first.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, "cancel_callback")
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_process"] == "move"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_10)


@pytest.mark.parametrize(("language", "text"), NOT_THEN_BUT_THEN)
@pytest.mark.parametrize("intent", ["inform", "cancel_callback", "move_callback", "deny"])
async def test_not_on_that_day_but_on_another_is_a_move_at_the_menu(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    conversation.ask_about_open()
    form = await conversation.run(FORM, text, intent, requested=KIND)
    if form.followup == TO_CANCEL:
        form = await conversation.run(CANCEL_FORM, text, intent)
        assert form.followup == TO_ARRANGE
        form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_process"] == "move"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_10)


@pytest.mark.parametrize(("language", "text"), NOT_THEN_BUT_THEN)
@pytest.mark.parametrize(
    ("action", "intent"), [(LOST, "nlu_fallback"), (SHOW, "show_callback"), (ANSWER, "deny")]
)
async def test_not_on_that_day_but_on_another_is_a_move_where_nothing_was_asked(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    heard = await conversation.run(action, text, intent)
    assert heard.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_process"] == "move"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_AT_10)


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "cancel both"),
        ("en", "cancel all of them"),
        ("de", "beide absagen"),
        ("de", "sagen Sie alle ab"),
        ("fr", "annulez les deux"),
        ("fr", "annulez tout"),
        ("es", "cancele las dos"),
        ("es", "cancele todas"),
    ],
)
async def test_all_are_cancelled_one_after_the_other(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said == ["utter_callback_one_by_one", "utter_ask_callback_cancel_confirmed"]
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)
    done = await conversation.answer_cancelling("yes", "affirm")
    assert done.said[0] == "utter_callback_cancelled"
    assert "utter_callback_other_stays" not in done.said
    assert done.followup == TO_CANCEL
    assert open_times(ges_sandbox) == [FRIDAY_AT_10]
    again = await conversation.run(CANCEL_FORM, "yes", "affirm")
    assert again.slots["requested_slot"] == CANCEL
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said == ["utter_ask_callback_cancel_confirmed"]
    done = await conversation.answer_cancelling("yes", "affirm")
    assert done.followup is None
    assert open_times(ges_sandbox) == []


async def test_who_keeps_one_of_all_is_not_asked_about_the_others(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language="en")
    await conversation.run(CANCEL_FORM, "cancel both", "cancel_callback")
    done = await conversation.answer_cancelling("no", "deny")
    assert done.said == ["utter_callback_kept", "utter_callback_other_stays"]
    assert done.followup is None
    assert open_times(ges_sandbox) == [THURSDAY_AT_15, FRIDAY_AT_10]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "both"), ("de", "beide"), ("fr", "les deux"), ("es", "las dos")]
)
async def test_both_answers_which_one_to_cancel(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    await conversation.run(CANCEL_FORM, "?", "cancel_callback")
    await conversation.run(ASK_CANCEL, requested=CANCEL)
    await conversation.run(CANCEL_FORM, text, "inform", requested=CANCEL)
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said == ["utter_callback_one_by_one", "utter_ask_callback_cancel_confirmed"]


# --- one of two is refused, and the other kept ----------------------------------------------------


@pytest.mark.parametrize("is_at_menu", [False, True])
@pytest.mark.parametrize("intent", ["request_callback", "move_callback", "inform"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "don't call me on thursday, call me on friday"),
        ("de", "rufen Sie mich nicht am Donnerstag an, sondern am Freitag"),
        ("fr", "ne m'appelez pas jeudi, appelez-moi vendredi"),
        ("es", "no me llamen el jueves, llámenme el viernes"),
    ],
)
async def test_only_what_is_refused_is_cancelled_where_both_days_are_booked(  # noqa: PLR0913 - a row of a table
    conversation: Any,
    ges_sandbox: Sandbox,
    language: str,
    text: str,
    intent: str,
    *,
    is_at_menu: bool,
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    if is_at_menu:
        conversation.ask_about_open()
    form = await conversation.run(FORM, text, intent, requested=KIND if is_at_menu else None)
    assert form.followup == TO_CANCEL
    await conversation.run(CANCEL_FORM, text, intent)
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)
    done = await conversation.answer_cancelling(YES[language], "affirm")
    assert done.said[0] == "utter_callback_cancelled"
    assert done.said[-1] == "utter_callback_other_stays"
    assert open_times(ges_sandbox) == [FRIDAY_AT_10]


async def test_a_day_that_answers_which_one_is_not_taken_for_the_one_that_stays(
    conversation: Any,
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language="en")
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    await conversation.run(CANCEL_FORM, "not thursday, friday", "inform", requested=CANCEL)
    assert conversation.spoken_of == time_id(FRIDAY_AT_10)


# --- what is booked, while another one is arranged ------------------------------------------------


@pytest.mark.parametrize("intent", ["cancel_callback", "inform"])
@pytest.mark.parametrize("requested", [KIND, PHONE, CONFIRMED])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "cancel my callback on friday"),
        ("en", "cancel both"),
        ("de", "sagen Sie meinen Rückruf am Freitag ab"),
        ("de", "beide absagen"),
        ("fr", "annulez mon rappel de vendredi"),
        ("fr", "annulez les deux"),
        ("es", "cancele mi llamada del viernes"),
        ("es", "cancele las dos"),
    ],
)
async def test_what_is_booked_is_asked_about_though_another_one_is_arranged(
    conversation: Any, language: str, text: str, requested: str, intent: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language=language)
    conversation.slots |= drafted(THURSDAY_AT_15, callback_phone=OTHER)
    form = await conversation.run(FORM, text, intent, requested=requested)
    assert form.followup == TO_CANCEL
    await conversation.run(CANCEL_FORM, text, intent)
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said == ["utter_callback_second_left", "utter_ask_callback_cancel_confirmed"]
    assert conversation.spoken_of == time_id(FRIDAY_AT_10)
    assert conversation.slots["callback_process"] == "none"


async def test_both_of_two_are_cancelled_one_by_one_though_a_third_is_arranged(
    conversation: Any,
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language="en")
    conversation.slots |= drafted(MONDAY_AT_10)
    form = await conversation.run(FORM, "cancel both", "cancel_callback", requested=CONFIRMED)
    assert form.followup == TO_CANCEL
    await conversation.run(CANCEL_FORM, "cancel both", "cancel_callback")
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said[1:] == ["utter_callback_one_by_one", "utter_ask_callback_cancel_confirmed"]


@pytest.mark.parametrize("text", ["cancel it", "cancel the thursday one", "forget thursday"])
async def test_only_what_is_arranged_is_left_where_nothing_booked_is_named(
    conversation: Any, ges_sandbox: Sandbox, text: str
) -> None:
    await conversation.book(FRIDAY_AT_10, language="en")
    conversation.slots |= drafted(THURSDAY_AT_15, callback_phone=OTHER)
    form = await conversation.run(FORM, text, "cancel_callback", requested=PHONE)
    assert form.followup is None
    assert form.slots["callback_outcome"] == "stopped"
    assert open_times(ges_sandbox) == [FRIDAY_AT_10]


# --- what is left ---------------------------------------------------------------------------------


async def test_all_that_stay_are_told_where_several_do(conversation: Any) -> None:
    times = [THURSDAY_AT_15, FRIDAY_AT_10, FRIDAY_NOON, MONDAY_AT_10]
    await conversation.book(*times, language="en")
    await conversation.run(CANCEL_FORM, "cancel the thursday one", "cancel_callback")
    done = await conversation.answer_cancelling("yes", "affirm")
    assert done.said == [
        "utter_callback_cancelled",
        "utter_callback_calendar_removed",
        "utter_callback_others_stay",
        *["utter_callback_one_of"] * 3,
    ]


async def test_all_that_stay_are_told_when_one_of_several_is_kept(conversation: Any) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, MONDAY_AT_10, language="en")
    await conversation.run(CANCEL_FORM, "cancel the thursday one", "cancel_callback")
    done = await conversation.answer_cancelling("no", "deny")
    assert done.said == [
        "utter_callback_kept",
        "utter_callback_others_stay",
        *["utter_callback_one_of"] * 2,
    ]


@pytest.mark.parametrize(("language", "text"), YES.items())
async def test_a_second_yes_after_one_of_two_was_cancelled_hears_what_stays(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    await conversation.run(CANCEL_FORM, "cancel the thursday one", "cancel_callback")
    if conversation.slots["callback_question"] == "which_one":
        day = {"de": "Donnerstag", "fr": "jeudi", "es": "jueves"}[language]
        await conversation.run(CANCEL_FORM, day, "inform", requested=CANCEL)
    await conversation.answer_cancelling(text, "affirm")
    conversation.slots["requested_slot"] = None
    again = await conversation.run(ANSWER, text, "affirm")
    assert again.said == ["utter_callback_show_cancelled", "utter_callback_other_stays"]
    assert open_times(ges_sandbox) == [FRIDAY_AT_10]


# --- do not cancel --------------------------------------------------------------------------------

KEEPS = [
    ("en", "don't cancel it"),
    ("en", "please do not cancel"),
    ("de", "nicht absagen"),
    ("de", "sagen Sie ihn nicht ab"),
    ("fr", "ne l'annulez pas"),
    ("es", "no la cancele"),
]


@pytest.mark.parametrize(("language", "text"), KEEPS)
@pytest.mark.parametrize("intent", ["cancel_callback", "deny", "nlu_fallback"])
async def test_do_not_cancel_keeps_at_the_menu(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    conversation.ask_about_open()
    form = await conversation.run(FORM, text, intent, requested=KIND)
    assert form.slots["requested_slot"] is None
    assert form.followup is None
    done = await conversation.run(SUBMIT, text, intent)
    assert done.said == ["utter_callback_kept"]


@pytest.mark.parametrize(("language", "text"), KEEPS)
async def test_do_not_cancel_keeps_where_nothing_was_asked(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    done = await conversation.run(SUBMIT_CANCEL, text, "cancel_callback")
    assert done.said == ["utter_callback_kept"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "not needed"),
        ("en", "that's not necessary"),
        ("de", "nicht nötig"),
        ("de", "ist nicht nötig"),
        ("fr", "pas nécessaire"),
        ("fr", "ce n'est pas nécessaire"),
        ("es", "no es necesario"),
        ("es", "no hace falta"),
    ],
)
@pytest.mark.parametrize("intent", ["deny", "cancel_callback", "nlu_fallback"])
async def test_not_needed_may_mean_the_callback_or_the_cancelling(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    await conversation.run(CANCEL_FORM, "?", "cancel_callback")
    form = await conversation.run(CANCEL_FORM, text, intent, requested=CANCEL)
    assert form.slots["requested_slot"] == CANCEL
    asked = await conversation.run(ASK_CANCEL, requested=CANCEL)
    assert asked.said == ["utter_callback_not_done_yet", "utter_ask_callback_cancel_confirmed"]
    assert open_times(ges_sandbox) == [THURSDAY_AT_15]


# --- one and not the other ------------------------------------------------------------------------

ONE = [
    ("en", "cancel the thursday one, not the friday one"),
    ("en", "cancel the one at 3"),
    ("de", "den am Donnerstag absagen, nicht den am Freitag"),
    ("de", "sag den um 15 Uhr ab"),
    ("fr", "annulez celui de jeudi, pas celui de vendredi"),
    ("fr", "annulez celui de 15h"),
    ("es", "cancele la del jueves, no la del viernes"),
    ("es", "cancele la de las 15"),
]


@pytest.mark.parametrize(("language", "text"), ONE)
@pytest.mark.parametrize("intent", ["inform", "other_time", "move_callback", "deny"])
async def test_the_one_to_cancel_is_cancelled_whatever_the_engine_takes_it_for(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    await conversation.run(SHOW, "?", "show_callback")
    answered = await conversation.run(ANSWER, text, intent)
    if answered.followup == TO_ARRANGE:
        answered = await conversation.run(FORM, text, intent)
    assert answered.followup == TO_CANCEL
    await conversation.run(CANCEL_FORM, text, intent)
    assert conversation.slots["callback_question"] == "cancel"
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(("language", "text"), ONE)
@pytest.mark.parametrize("intent", ["inform", "move_callback"])
async def test_the_one_to_cancel_is_cancelled_at_the_menu(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    conversation.ask_about_open()
    answered = await conversation.run(FORM, text, intent, requested=KIND)
    assert answered.followup == TO_CANCEL
    await conversation.run(CANCEL_FORM, text, intent)
    assert conversation.slots["callback_question"] == "cancel"
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "cancel it if you can't do friday at 10"),
        ("en", "cancel unless you can do friday at 10"),
        ("de", "absagen, falls Freitag um 10 nicht geht"),
        ("de", "sagen Sie ihn ab, wenn Freitag um 10 nicht möglich ist"),
        ("fr", "annulez si vendredi à 10h n'est pas possible"),
        ("fr", "annulez à moins que vendredi à 10h soit possible"),
        ("es", "cancele si el viernes a las 10 no puede ser"),
        ("es", "cancélela a menos que pueda ser el viernes a las 10"),
    ],
)
@pytest.mark.parametrize("requested", [None, CANCEL])
async def test_who_cancels_only_if_another_time_cannot_be_is_asked_what_to_do(
    conversation: Any, language: str, text: str, requested: str | None
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    if requested is not None:
        await conversation.run(CANCEL_FORM, "?", "cancel_callback")
    form = await conversation.run(CANCEL_FORM, text, "cancel_callback", requested=requested)
    assert form.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, "cancel_callback")
    assert form.slots["requested_slot"] == KIND
    assert conversation.slots["callback_question"] == "open_callback"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "cancel the one on thursday if possible"),
        ("de", "bitte Donnerstag absagen, falls möglich"),
        ("fr", "annulez jeudi si possible"),
        ("es", "cancele la del jueves si es posible"),
    ],
)
async def test_if_possible_is_no_condition(conversation: Any, language: str, text: str) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    form = await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert form.slots["requested_slot"] == CANCEL
