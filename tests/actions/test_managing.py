"""What a customer says about a callback that is there, or may be there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from tests.actions.dialogue import (
    ANSWER,
    ASK_CANCEL,
    ASK_KIND,
    CANCEL,
    CANCEL_FORM,
    CUSTOMERS,
    FORM,
    FRIDAY_NOON,
    KIND,
    LOST,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    THURSDAY_AT_10,
    TO_ARRANGE,
    YES,
    drafted,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

# The sandbox opens on Monday, 12 January 2026.
FRIDAY_HALF_PAST_TEN = datetime(2026, 1, 16, 9, 30, tzinfo=UTC)
DRAFT = drafted(FRIDAY_NOON)
NOT_NEEDED = [
    ("en", "I don't need it anymore"),
    ("en", "actually it's sorted now"),
    ("en", "it's been sorted, thanks"),
    ("de", "brauch ich nicht mehr"),
    ("de", "hat sich erledigt"),
    ("de", "das hat sich schon geklärt"),
    ("fr", "je n'en ai plus besoin"),
    ("fr", "ce n'est plus la peine, merci"),
    ("es", "ya no la necesito"),
    ("es", "ya no hace falta"),
]


async def open_menu(
    conversation: Any, language: str = "en", at: datetime | None = FRIDAY_NOON
) -> Any:
    """Book a callback and ask for one again: keep it, move it or cancel it?"""
    await conversation.book(at, language=language)
    await conversation.run(FORM, "?", "request_callback")
    assert conversation.slots["callback_question"] == "open_callback"
    return await conversation.run(ASK_KIND, requested=KIND)


# --- it is needed no more -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ANSWER, "never_mind"),
        (ANSWER, "deny"),
        (ANSWER, "goodbye"),
        (ANSWER, "thanks"),
        (ANSWER, "inform"),
        (LOST, "nlu_fallback"),
        (SHOW, "show_callback"),
        ("action_tell_wait", "ask_wait"),
        ("action_repeat_callback", "repeat"),
    ],
)
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_is_asked_whether_to_cancel_it(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(action, text, intent)
    assert told.said == []
    assert told.followup == "callback_cancel_form"
    asked = await conversation.run(CANCEL_FORM, text, intent)
    assert asked.slots["requested_slot"] == CANCEL


@pytest.mark.parametrize("intent", ["never_mind", "request_callback", "nlu_fallback", "affirm"])
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_is_asked_whether_to_cancel_it_at_the_menu(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await open_menu(conversation, language)
    form = await conversation.run(FORM, text, intent, requested=KIND)
    assert form.slots["requested_slot"] is None
    assert form.followup == "callback_cancel_form"


@pytest.mark.parametrize("intent", ["never_mind", "deny", "cancel_callback", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_says_yes_to_cancelling(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    over = await conversation.answer_cancelling(text, intent)
    assert over.said[0] == "utter_callback_cancelled"
    assert open_times(ges_sandbox) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no, I don't need it anymore"),
        ("en", "is it sorted now?"),
        ("en", "I don't need it anymore, or do I"),
        ("de", "nein, brauch ich nicht mehr"),
        ("de", "absagen brauche ich nicht mehr"),
        ("fr", "non, je n'en ai plus besoin"),
        ("es", "no, ya no la necesito"),
    ],
)
@pytest.mark.parametrize("intent", ["never_mind", "deny", "nlu_fallback", "affirm"])
async def test_what_may_mean_either_cancels_nothing(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    form = await conversation.run(CANCEL_FORM, text, intent, requested=CANCEL)
    assert form.slots.get(CANCEL) is not True
    assert open_times(ges_sandbox) == [FRIDAY_NOON]


@pytest.mark.parametrize(
    "requested", ["callback_kind", "callback_slot", "callback_phone", "callback_confirmed"]
)
@pytest.mark.parametrize(("language", "text"), NOT_NEEDED)
async def test_who_needs_it_no_more_before_the_booking_ends_the_arrangement(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, requested: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = dict(DRAFT)
    form = await conversation.run(FORM, text, "never_mind", requested=requested)
    over = await conversation.run(SUBMIT, text, "never_mind")
    assert form.slots["requested_slot"] is None
    assert over.said == ["utter_callback_stopped"]
    assert open_times(ges_sandbox) == []


async def test_who_needs_it_no_more_and_has_none_is_left_in_peace(conversation: Any) -> None:
    told = await conversation.run(ANSWER, "it's sorted now, thanks", "thanks")
    assert told.said == ["utter_callback_stopped"]


async def test_who_needs_it_no_more_is_told_that_nobody_knows_of_one_in_doubt(
    conversation: Any,
) -> None:
    conversation.slots = {
        "callback_unconfirmed": {"token": "token", "asked_at": time_id(FRIDAY_NOON)},
    }
    told = await conversation.run(ANSWER, "I don't need it anymore", "never_mind")
    assert told.followup == "callback_cancel_form"
    await conversation.run(CANCEL_FORM, "I don't need it anymore", "never_mind")
    over = await conversation.run(SUBMIT_CANCEL, "I don't need it anymore", "never_mind")
    assert over.said[0] == "utter_callback_unconfirmed_cancel"


# --- keep it, move it or cancel it? ---------------------------------------------------------------

AT_TIME = [
    ("en", "can we do friday at half past ten?"),
    ("de", "geht auch freitag um halb elf?"),
    ("fr", "c'est possible vendredi à dix heures et demie ?"),
    ("es", "¿puede ser el viernes a las diez y media?"),
]
NUMBERS = [
    ("en", "my new number is 030 23125014"),
    ("de", "meine neue Nummer ist 030 23125014"),
    ("fr", "mon nouveau numéro est le +49 30 23125014"),
    ("es", "mi nuevo número es el +49 30 23125014"),
]


@pytest.mark.parametrize("intent", ["inform", "other_time", "request_callback", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), AT_TIME)
async def test_a_time_at_the_menu_is_where_to_move_it(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await open_menu(conversation, language)
    form = await conversation.run(FORM, text, intent, requested=KIND)
    assert form.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots["callback_process"] == "move"
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_HALF_PAST_TEN)


@pytest.mark.parametrize(("language", "text"), AT_TIME)
async def test_a_time_after_the_callback_was_shown_is_where_to_move_it(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    await conversation.run(SHOW, "?", "show_callback")
    told = await conversation.run(ANSWER, text, "inform")
    assert told.followup == "callback_form"
    form = await conversation.run(FORM, text, "inform")
    assert form.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots["callback_process"] == "move"


@pytest.mark.parametrize("intent", ["inform", "other_number", "affirm", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), NUMBERS)
async def test_a_number_at_the_menu_is_the_one_to_call(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await open_menu(conversation, language)
    form = await conversation.run(FORM, text, intent, requested=KIND)
    assert form.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots["callback_phone"] == "+493023125014"
    asked = await conversation.run("action_ask_callback_confirmed", requested="callback_confirmed")
    assert asked.said == ["utter_ask_callback_confirmed_number"]


async def test_the_number_that_is_called_already_is_said_to_be_that(conversation: Any) -> None:
    await open_menu(conversation)
    form = await conversation.run(FORM, "030 23125011", "inform", requested=KIND)
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert form.slots["requested_slot"] == "callback_kind"
    assert asked.said == ["utter_callback_your_number", "utter_callback_open_which"]


async def test_a_number_that_cannot_be_called_is_asked_for_again_at_the_menu(
    conversation: Any,
) -> None:
    await open_menu(conversation)
    form = await conversation.run(FORM, "call 0900 1234567", "inform", requested=KIND)
    assert form.slots["requested_slot"] == "callback_phone"


@pytest.mark.parametrize("variant", ["", "_asap"])
@pytest.mark.parametrize(("language", "yes"), YES.items())
async def test_a_bare_yes_to_the_menu_is_asked_about_in_other_words_each_time(
    conversation: Any, ges_sandbox: Sandbox, language: str, yes: str, variant: str
) -> None:
    at = None if variant else FRIDAY_NOON
    said = [(await open_menu(conversation, language, at)).said]
    for _ in range(2):
        await conversation.run(FORM, yes, "affirm", requested=KIND)
        said.append((await conversation.run(ASK_KIND, requested=KIND)).said)
    over = await conversation.run(FORM, yes, "affirm", requested=KIND)
    kept = await conversation.run(SUBMIT, yes, "affirm")
    assert said == [
        [f"utter_callback_open_exists{variant}"],
        [f"utter_callback_open_which{variant}"],
        [f"utter_callback_open_exists{variant}"],
    ]
    assert over.slots["requested_slot"] is None
    assert kept.said == [f"utter_callback_kept{variant}"]
    assert len(open_times(ges_sandbox)) == 1


async def test_a_bare_yes_after_the_callback_was_shown_is_asked_about_once(
    conversation: Any,
) -> None:
    await conversation.book(FRIDAY_NOON, language="en")
    await conversation.run(SHOW, "?", "show_callback")
    first = await conversation.run(ANSWER, "yes", "affirm")
    second = await conversation.run(ANSWER, "yes", "affirm")
    assert first.said == ["utter_callback_open_which"]
    assert second.said == ["utter_callback_kept"]


# --- one more -------------------------------------------------------------------------------------

ONE_MORE = [
    ("en", "another one for my wife, thursday at 10"),
    ("en", "a second one on thursday at 10"),
    ("de", "noch einen für meine Frau, Donnerstag um 10"),
    ("de", "auch einen für meinen Mann, Donnerstag um 10"),
    ("fr", "encore un pour ma femme, jeudi à 10 h"),
    ("fr", "un autre pour mon mari, jeudi à 10 h"),
    ("es", "otra para mi mujer, el jueves a las 10"),
    ("es", "una más para mi marido, el jueves a las 10"),
]


@pytest.mark.parametrize("intent", ["inform", "request_callback", "other_time"])
@pytest.mark.parametrize(("language", "text"), ONE_MORE)
async def test_another_callback_is_arranged_beside_the_one_that_is_there(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(ANSWER, text, intent)
    assert told.followup == "callback_form"
    await conversation.run(FORM, text, intent)
    assert conversation.noted == ["utter_callback_one_more"]
    assert conversation.slots["callback_process"] == "book"
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_10)


@pytest.mark.parametrize("intent", ["inform", "request_callback", "other_time", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), ONE_MORE)
async def test_another_callback_is_arranged_from_the_menu_at_the_time_that_was_named(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await open_menu(conversation, language)
    await conversation.run(FORM, text, intent, requested=KIND)
    assert conversation.noted == ["utter_callback_one_more"]
    assert conversation.slots["callback_process"] == "book"
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_10)


@pytest.mark.parametrize("intent", ["affirm", "request_callback", "inform"])
@pytest.mark.parametrize(
    ("language", "text", "one_more"),
    [
        ("en", "yes, and thursday at 10 too", "another one"),
        ("de", "ja, und Donnerstag um 10 auch", "noch einen"),
        ("fr", "oui, et jeudi à 10h aussi", "encore un"),
        ("es", "sí, y el jueves a las 10 también", "una más"),
    ],
)
async def test_the_time_beside_yes_and_is_not_asked_for_again_once_another_one_is_wanted(
    conversation: Any, language: str, text: str, one_more: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    heard = await conversation.run(ANSWER, text, intent)
    assert heard.followup == TO_ARRANGE
    await conversation.run(FORM, text, intent)
    assert conversation.slots["callback_question"] == "open_callback"
    await conversation.run(FORM, one_more, "inform", requested=KIND)
    assert conversation.noted == ["utter_callback_one_more"]
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_10)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "one more"), ("de", "noch einen"), ("fr", "encore un"), ("es", "una más")],
)
async def test_who_only_wants_one_more_at_the_menu_hears_that_the_first_one_stays(
    conversation: Any, language: str, text: str
) -> None:
    await open_menu(conversation, language)
    await conversation.run(FORM, text, "inform", requested=KIND)
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert asked.said == ["utter_callback_one_more", "utter_ask_callback_kind"]


# --- none of these --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "none of these"),
        ("de", "keiner davon"),
        ("fr", "aucun des deux"),
        ("es", "ninguno de estos"),
    ],
)
async def test_who_wants_none_of_the_times_is_told_that_others_follow(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    await conversation.run(FORM, choice="scheduled", requested=KIND)
    shown = conversation.slots["callback_menu"]["ids"]
    form = await conversation.run(FORM, text, "inform", requested="callback_slot")
    assert form.noted == ["utter_callback_other_times"]
    assert set(shown).isdisjoint(conversation.slots["callback_menu"]["ids"])


# --- what nobody knows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "move it to friday at half past ten"),
        ("de", "verschieben Sie ihn auf Freitag um halb elf"),
        ("fr", "déplacez-le à vendredi à dix heures et demie"),
        ("es", "cámbiela al viernes a las diez y media"),
    ],
)
async def test_a_callback_in_doubt_cannot_be_moved_and_another_one_is_asked_about(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str
) -> None:
    ges_sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    await conversation.book(FRIDAY_NOON, language=language)
    form = await conversation.run(FORM, text, "move_callback")
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert form.slots["requested_slot"] == "callback_kind"
    assert asked.said == ["utter_callback_unconfirmed_move", "utter_ask_callback_unconfirmed"]
    await conversation.run(FORM, "ok", "affirm", requested=KIND)
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_HALF_PAST_TEN)


# --- anew -----------------------------------------------------------------------------------------


async def test_the_same_time_can_be_booked_anew_in_the_moment_it_was_cancelled(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(FRIDAY_NOON, language="en")
    for _ in range(2):
        await conversation.run(CANCEL_FORM, "cancel it", "cancel_callback")
        conversation.slots[CANCEL] = True
        await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
        assert open_times(ges_sandbox) == []
        conversation.slots |= DRAFT | {"callback_confirmed": True}
        again = await conversation.run(SUBMIT, "yes", "affirm")
        assert again.said[0] == "utter_callback_booked_scheduled"
        assert open_times(ges_sandbox) == [FRIDAY_NOON]


@pytest.mark.parametrize("language", CUSTOMERS)
async def test_who_wanted_a_call_in_turn_hears_once_that_it_has_closed_and_gets_times(
    conversation: Any, ges_sandbox: Sandbox, language: str
) -> None:
    ges_sandbox.advance(10 * 3600)
    refused = await conversation.book(None, language=language)
    assert refused.followup == "callback_form"
    form = await conversation.run(FORM, "yes", "affirm")
    asked = await conversation.run("action_ask_callback_slot", requested="callback_slot")
    assert form.slots["requested_slot"] == "callback_slot"
    assert asked.said[0] == "utter_callback_closed_meanwhile"
    assert asked.said[1].startswith("utter_ask_callback_slot_")
    assert conversation.slots["callback_phone"] == "+493023125011"


# --- who cannot come ------------------------------------------------------------------------------

CANNOT = [
    ("en", "I can't make it"),
    ("de", "da kann ich doch nicht"),
    ("fr", "en fait j'ai un empêchement"),
    ("es", "me ha surgido un imprevisto"),
]


@pytest.mark.parametrize(
    ("action", "intent"), [(ANSWER, "never_mind"), (ANSWER, "deny"), (LOST, "nlu_fallback")]
)
@pytest.mark.parametrize(("language", "text"), CANNOT)
async def test_who_cannot_come_is_asked_what_shall_become_of_it(
    conversation: Any, language: str, text: str, action: str, intent: str
) -> None:
    await conversation.book(FRIDAY_NOON, language=language)
    told = await conversation.run(action, text, intent)
    assert told.said == ["utter_callback_show_scheduled"]


@pytest.mark.parametrize("intent", ["never_mind", "deny", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), CANNOT)
async def test_who_cannot_come_is_asked_at_the_menu_which_it_shall_be(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await open_menu(conversation, language)
    await conversation.run(FORM, text, intent, requested=KIND)
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert asked.said == ["utter_callback_open_which"]


async def test_who_asks_to_be_called_at_the_menu_is_asked_which_it_shall_be(
    conversation: Any,
) -> None:
    await open_menu(conversation)
    await conversation.run(FORM, "call me back please", "request_callback", requested=KIND)
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert asked.said == ["utter_callback_open_which"]


# --- two callbacks of one conversation ------------------------------------------------------------


async def test_both_callbacks_are_told_and_the_one_that_is_named_is_shown(
    conversation: Any,
) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    shown = await conversation.run(SHOW, "?", "show_callback")
    named = await conversation.run(ANSWER, "the one on friday", "inform")
    assert shown.said == ["utter_callback_one_of_number"] * 2
    assert ["Friday" in each["moment"] for each in shown.responses[:2]] == [False, True]
    assert named.said == ["utter_callback_show_scheduled"]
    assert "Friday" in named.responses[0]["moment"]


async def test_both_callbacks_are_told_while_another_one_is_arranged(conversation: Any) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    conversation.slots |= DRAFT
    shown = await conversation.run(SHOW, "?", "show_callback", requested="callback_confirmed")
    assert shown.said == ["utter_callback_one_of_number"] * 2
    assert conversation.slots["callback_question"] == "read_back"


@pytest.mark.parametrize("answer", ["the one on friday", "friday", "the second one"])
async def test_who_cancels_one_of_two_is_asked_which_and_the_other_one_stays(
    conversation: Any, ges_sandbox: Sandbox, answer: str
) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    await conversation.run(CANCEL_FORM, "cancel it", "cancel_callback")
    which = await conversation.run(ASK_CANCEL, requested=CANCEL)
    await conversation.run(CANCEL_FORM, answer, "inform", requested=CANCEL)
    sure = await conversation.run(ASK_CANCEL, requested=CANCEL)
    over = await conversation.answer_cancelling("yes", "affirm")
    after = await conversation.run(SHOW, "?", "show_callback")
    assert which.said[-1] == "utter_ask_callback_cancel_confirmed_which"
    assert "Friday" in sure.responses[0]["moment"]
    assert "utter_callback_other_stays" in over.said
    assert after.said == ["utter_callback_show_scheduled"]
    assert "Thursday" in after.responses[0]["moment"]
    assert open_times(ges_sandbox) == [THURSDAY_AT_10]


async def test_the_one_that_is_named_at_once_is_cancelled_without_the_question_which(
    conversation: Any,
) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    form = await conversation.run(CANCEL_FORM, "cancel the one on friday", "cancel_callback")
    assert form.slots["callback_question"] == "cancel"
    asked = await conversation.run(ASK_CANCEL, requested="x_cancel")
    assert "Friday" in asked.responses[0]["moment"]


async def test_the_one_that_is_over_is_not_told_any_more(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    ges_sandbox.advance(24 * 3600 * 10)
    shown = await conversation.run(SHOW, "?", "show_callback")
    assert not any(said.startswith("utter_callback_one_of") for said in shown.said)
    assert open_times(ges_sandbox) == []


@pytest.mark.parametrize("others", [17, "x", [{}], [{"id": 1}], [{"id": "a", "booking": 3}]])
async def test_odd_notes_of_other_callbacks_count_as_none(conversation: Any, others: Any) -> None:
    await conversation.book(FRIDAY_NOON, language="en")
    conversation.slots["callback_booking"]["others"] = others
    shown = await conversation.run(SHOW, "?", "show_callback")
    assert shown.said == ["utter_callback_show_scheduled"]


async def test_who_wants_both_cancelled_is_asked_about_one_after_the_other(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    await conversation.run(CANCEL_FORM, "cancel it", "cancel_callback")
    form = await conversation.run(CANCEL_FORM, "both", "nlu_fallback", requested=CANCEL)
    assert form.slots["callback_question"] == "cancel_each"
    assert len(open_times(ges_sandbox)) == 2


async def test_the_menu_is_about_the_one_that_is_named(conversation: Any) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    await conversation.run(FORM, "the one on friday at 12", "inform")
    asked = await conversation.run(ASK_KIND, requested=KIND)
    assert asked.said == ["utter_callback_open_exists"]
    assert "Friday" in asked.responses[0]["moment"]


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("yes", "affirm", ["utter_callback_which_one"]),
        ("no", "deny", ["utter_callback_kept", "utter_callback_other_stays"]),
    ],
)
async def test_a_bare_answer_to_which_one_changes_nothing(
    conversation: Any, ges_sandbox: Sandbox, text: str, intent: str, said: list[str]
) -> None:
    await conversation.book(FRIDAY_NOON, THURSDAY_AT_10, language="en")
    await conversation.run(SHOW, "?", "show_callback")
    told = await conversation.run(ANSWER, text, intent)
    assert told.said == said
    assert len(open_times(ges_sandbox)) == 2
