"""What somebody who has never seen the assistant says to it, beside and instead of answers."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import (
    ANSWER,
    ASK_PHONE,
    ASK_TIME,
    CONFIRMED,
    CUSTOMERS,
    FORM,
    FRIDAY_AT_15,
    FRIDAY_NOON,
    LOST,
    SHOW,
    SUBMIT,
    SUBMIT_CANCEL,
    TELL_WAIT,
    drafted,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

PARIS = {"locale": "fr-FR", "timezone": "Europe/Paris", "caller_number": "+33612345678"}
DRAFT = drafted(
    FRIDAY_NOON, callback_offer={"wait": "5-10", "type": "SCHEDULED", "timing": "ON-HOURS"}
)


async def book(conversation: Any, **different: Any) -> Any:
    """Book a callback in this conversation."""
    conversation.slots = {**DRAFT, "callback_confirmed": True, **different}
    return await conversation.run(SUBMIT, "yes", "affirm")


def calendar_of(outcome: Any) -> Any:
    (link,) = [each["attachment"] for each in outcome.responses if each.get("attachment")]
    return Calendar.from_ical(base64.b64decode(link.partition(",")[2]))


# --- the wait of a callback that is there ---------------------------------------------------------


async def test_who_waits_for_a_call_in_turn_hears_about_that_call(conversation: Any) -> None:
    await book(conversation, callback_kind="asap", callback_slot=None)
    told = await conversation.run(TELL_WAIT, "how long is the wait", "ask_wait")
    assert told.said[0].startswith("utter_callback_show_queued")
    assert conversation.slots["callback_question"] == "open_callback"


async def test_who_has_a_set_time_hears_the_wait_and_that_time_when_they_ask_how_long(
    conversation: Any,
) -> None:
    await book(conversation)
    told = await conversation.run(TELL_WAIT, "wie lange noch", "ask_wait")
    assert told.said == ["utter_callback_wait_aside", "utter_callback_show_scheduled_aside"]


async def test_nothing_is_asked_about_the_callback_in_the_middle_of_a_move(
    conversation: Any,
) -> None:
    await book(conversation)
    conversation.slots |= {**DRAFT, "callback_process": "move"}
    shown = await conversation.run(
        SHOW, "what's my callback", "show_callback", requested="callback_confirmed"
    )
    assert shown.said == ["utter_callback_show_scheduled_aside"]


# --- a person -------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["inform", "request_callback", "nlu_fallback", "affirm"])
@pytest.mark.parametrize(
    "requested", ["callback_kind", "callback_slot", "callback_phone", "callback_confirmed"]
)
async def test_who_wants_a_person_gets_a_number_at_every_question(
    conversation: Any, intent: str, requested: str
) -> None:
    conversation.slots = dict(DRAFT)
    text = "can i speak to a human now"
    await conversation.run(FORM, text, intent, requested=requested)
    over = await conversation.run(SUBMIT, text, intent)
    assert over.said == ["utter_callback_call_in_without_code"]


@pytest.mark.parametrize("action", [LOST, ANSWER, SHOW])
async def test_who_wants_a_person_gets_a_number_outside_of_forms(
    conversation: Any, action: str
) -> None:
    conversation.metadata = {"locale": "de-DE", "timezone": "Europe/Berlin"}
    told = await conversation.run(action, "ich will mit einem Menschen sprechen", "inform")
    assert told.said == ["utter_callback_call_in_without_code"]


async def test_who_begins_with_a_person_gets_the_number_and_the_offer(conversation: Any) -> None:
    begun = await conversation.run(FORM, "I want to talk to a real person", "request_callback")
    assert begun.noted == ["utter_callback_call_in_without_code"]
    assert begun.slots["requested_slot"] == "callback_kind"


async def test_who_has_no_number_elsewhere_gets_ours(conversation: Any) -> None:
    conversation.slots = DRAFT | {"callback_phone": None, "callback_question": "phone"}
    await conversation.run(FORM, "no", "deny", requested="callback_phone")
    over = await conversation.run(SUBMIT, "no", "deny")
    assert over.said == ["utter_callback_call_in_without_code"]


async def test_who_has_another_number_is_asked_for_it(conversation: Any) -> None:
    conversation.slots = DRAFT | {"callback_phone": None, "callback_question": "phone"}
    outcome = await conversation.run(FORM, "sure", "affirm", requested="callback_phone")
    asked = await conversation.run(ASK_PHONE, requested="callback_phone")
    assert outcome.slots["requested_slot"] == "callback_phone"
    assert asked.said == ["utter_ask_callback_phone"]


async def test_while_nobody_answers_no_number_is_lent_and_the_opening_is_told(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.advance((20 - ges_sandbox.world.clock.now().hour) % 24 * 3600)
    told = await conversation.run("action_give_call_in", "the number", "ask_call_in")
    assert told.said == ["utter_callback_static_number_closed"]
    assert told.responses[0]["opening"] == "tomorrow at 08:00"
    assert "08:00 to 18:00" in told.responses[0]["hours"]


@pytest.mark.parametrize(
    ("locale", "hours"),
    [
        ("en-US", "Monday to Friday from 8:00\u202fAM to 6:00\u202fPM and"),
        ("de-DE", "Montag bis Freitag von 08:00 bis 18:00 Uhr und"),
        ("fr-FR", "du lundi au vendredi de 8\u00a0h à 18\u00a0h et"),
        ("es-ES", "de lunes a viernes de 8:00 a 18:00 y"),
    ],
)
async def test_hours_are_told_by_the_clock_of_the_customer(
    conversation: Any, ges_sandbox: Sandbox, locale: str, hours: str
) -> None:
    ges_sandbox.advance((20 - ges_sandbox.world.clock.now().hour) % 24 * 3600)
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    told = await conversation.run("action_give_call_in", "the number", "ask_call_in")
    assert told.responses[0]["hours"].startswith(hours)


# --- what is known of the callback ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "text", "response"),
    [
        ("en-GB", "which number do you have of mine?", "utter_callback_your_number"),
        ("de-DE", "welche nummer habt ihr von mir", "utter_callback_your_number"),
        ("fr-FR", "c'est quel numéro que vous avez", "utter_callback_your_number"),
        ("es-ES", "¿qué número tienen?", "utter_callback_your_number"),
        ("en-GB", "what's my reference number", "utter_callback_your_reference"),
        ("en-GB", "who will call me?", "utter_callback_who_calls"),
    ],
)
async def test_what_is_asked_about_the_callback_is_told_in_and_out_of_a_form(
    conversation: Any, locale: str, text: str, response: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    await book(conversation)
    outside = await conversation.run(SHOW, text, "show_callback")
    conversation.slots |= {"callback_question": "read_back", "callback_process": "move"}
    inside = await conversation.run(FORM, text, "inform", requested="callback_confirmed")
    assert outside.said == [response]
    assert inside.noted == [response]
    assert inside.slots["requested_slot"] == "callback_confirmed"


async def test_the_number_of_the_draft_is_told_before_anything_is_booked(conversation: Any) -> None:
    conversation.slots = dict(DRAFT)
    text = "what number will you call"
    told = await conversation.run(FORM, text, "inform", requested="callback_confirmed")
    assert told.slots["callback_notes"][0]["values"]["number"] == "+49 30 23125011"


async def test_of_a_number_that_is_not_agreed_on_only_the_end_is_told(conversation: Any) -> None:
    told = await conversation.run(SHOW, "what number will you call", "show_callback")
    assert told.said == ["utter_callback_your_number_ending"]


async def test_costs_are_not_known_here_and_a_number_to_ask_is(conversation: Any) -> None:
    told = await conversation.run(LOST, "will it cost anything?", "nlu_fallback")
    assert told.said == ["utter_callback_cost_unknown", "utter_callback_call_in_without_code"]


async def test_after_a_cancellation_it_is_told_as_cancelled(conversation: Any) -> None:
    await book(conversation)
    conversation.slots["callback_cancel_confirmed"] = True
    await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    told = await conversation.run(SHOW, "when is my callback", "show_callback")
    assert told.said == ["utter_callback_show_cancelled"]


# --- no answer at all -----------------------------------------------------------------------------


async def menu(conversation: Any) -> list[str]:
    begun = await conversation.run(FORM, "call me at another time", "other_time")
    assert begun.slots["requested_slot"] == "callback_slot"
    ids: list[str] = conversation.slots["callback_menu"]["ids"]
    return ids


@pytest.mark.parametrize("intent", ["inform", "never_mind", "nlu_fallback", "affirm"])
@pytest.mark.parametrize("text", ["you pick", "doesn't matter", "whatever"])
async def test_who_has_no_preference_gets_the_first_time_read_back(
    conversation: Any, text: str, intent: str
) -> None:
    first = (await menu(conversation))[0]
    outcome = await conversation.run(FORM, text, intent, requested="callback_slot")
    assert outcome.slots["callback_slot"] == first
    assert outcome.slots["requested_slot"] == "callback_phone"


@pytest.mark.parametrize("requested", ["callback_kind", "callback_phone", "callback_confirmed"])
async def test_other_questions_are_not_decided_for_the_customer(
    conversation: Any, requested: str
) -> None:
    conversation.slots = dict(DRAFT)
    outcome = await conversation.run(FORM, "whatever", "never_mind", requested=requested)
    assert outcome.slots["requested_slot"] == requested
    assert conversation.slots.get("callback_confirmed") is None


async def test_who_has_to_think_is_left_in_peace(conversation: Any) -> None:
    await menu(conversation)
    outcome = await conversation.run(FORM, "let me think", "deny", requested="callback_slot")
    asked = await conversation.run(ASK_TIME, requested="callback_slot")
    assert outcome.slots["requested_slot"] == "callback_slot"
    assert asked.said == ["utter_callback_no_hurry"]


async def test_a_yes_to_a_list_gets_the_list_again(conversation: Any) -> None:
    before = await menu(conversation)
    outcome = await conversation.run(FORM, "ok", "affirm", requested="callback_slot")
    assert outcome.slots["requested_slot"] == "callback_slot"
    assert conversation.slots["callback_menu"]["ids"] == before


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "keep it as it was"),
        ("de-DE", "lass es wie es ist"),
        ("fr-FR", "touchez à rien"),
        ("es-ES", "déjala como estaba"),
    ],
)
@pytest.mark.parametrize("requested", ["callback_slot", "callback_confirmed"])
async def test_a_move_ends_where_everything_is_to_stay(
    conversation: Any, locale: str, text: str, requested: str
) -> None:
    conversation.metadata = {"locale": locale, "timezone": "Europe/Berlin"}
    await book(conversation)
    conversation.slots |= {**DRAFT, "callback_process": "move"}
    await conversation.run(FORM, text, "inform", requested=requested)
    over = await conversation.run(SUBMIT, text, "inform")
    assert over.said == ["utter_callback_kept"]


async def test_times_that_were_refused_are_not_offered_first_again(conversation: Any) -> None:
    refused = await menu(conversation)
    await conversation.run(FORM, requested="callback_slot", choice="none")
    conversation.slots["callback_slot"] = conversation.slots["callback_menu"]["ids"][0]
    await conversation.run(FORM, "another time", "other_time", requested="callback_confirmed")
    again = conversation.slots["callback_menu"]["ids"]
    assert not {*again} & {*refused}


async def test_a_day_without_a_free_time_is_named(conversation: Any) -> None:
    await conversation.run(FORM, "call me on sunday", "request_callback")
    asked = await conversation.run(ASK_TIME, requested="callback_slot")
    offered = [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]
    assert asked.responses[0]["response"] == "utter_callback_day_full"
    assert asked.responses[0]["day"] == "Sunday 18 January"
    assert offered == sorted(offered, key=lambda at: at or FRIDAY_NOON)


# --- numbers --------------------------------------------------------------------------------------


async def test_the_number_they_call_from_is_a_yes_to_it(conversation: Any) -> None:
    conversation.channel = "voice"
    conversation.slots = DRAFT | {"callback_phone": None, "callback_question": "phone_known"}
    text = "it's my number, the one I'm calling from"
    outcome = await conversation.run(FORM, text, "other_number", requested="callback_phone")
    assert outcome.slots["callback_phone"] == "+493023125011"


@pytest.mark.parametrize("text", ["12345", "my number is 12345", "it's 12345"])
async def test_a_few_digits_are_a_number_that_is_too_short(conversation: Any, text: str) -> None:
    conversation.slots = DRAFT | {"callback_phone": None, "callback_question": "phone"}
    outcome = await conversation.run(FORM, text, "inform", requested="callback_phone")
    assert outcome.noted == ["utter_callback_phone_too_short"]


async def test_a_french_number_with_a_digit_too_many_is_no_german_one(conversation: Any) -> None:
    conversation.metadata = PARIS | {"timezone": "Europe/Berlin"}
    conversation.slots = DRAFT | {"callback_phone": None, "callback_question": "phone"}
    text = "06 12 34 56 78 9"
    outcome = await conversation.run(FORM, text, "inform", requested="callback_phone")
    assert outcome.noted == ["utter_callback_phone_invalid"]


# --- the calendar ---------------------------------------------------------------------------------


async def test_a_move_changes_the_entry_and_a_cancellation_takes_it_out(conversation: Any) -> None:
    booked = calendar_of(await book(conversation))
    moving = {
        **DRAFT,
        "callback_process": "move",
        "callback_slot": time_id(FRIDAY_AT_15),
        "callback_read_back_at": "2026-01-12T15:05:00Z",
        "callback_confirmed": True,
    }
    conversation.slots |= moving
    outcome = await conversation.run(SUBMIT, "yes", "affirm")
    moved = calendar_of(outcome)
    conversation.slots["callback_cancel_confirmed"] = True
    removed = calendar_of(await conversation.run(SUBMIT_CANCEL, "yes", "affirm"))
    entries = [file.walk("VEVENT")[0] for file in (booked, moved, removed)]
    assert "utter_callback_calendar_moved" in outcome.said
    assert len({str(entry["UID"]) for entry in entries}) == 1
    assert [int(entry["SEQUENCE"]) for entry in entries] == [0, 1, 2]
    assert [str(file["METHOD"]) for file in (booked, moved, removed)] == [
        "PUBLISH",
        "PUBLISH",
        "CANCEL",
    ]
    assert [entry.start for entry in entries] == [FRIDAY_NOON, FRIDAY_AT_15, FRIDAY_AT_15]
    assert [str(entry["STATUS"]) for entry in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


async def test_a_limit_of_the_conversation_is_not_blamed_on_the_number(
    conversation: Any, config: Any
) -> None:
    most = config.profile().limits.per_conversation
    said: list[str] = []
    for number in range(most + 1):
        outcome = await book(
            conversation,
            callback_phone=f"+4930231250{number:02}",
            callback_read_back_at=f"2026-01-12T15:{number:02}:00Z",
            callback_slot=None,
            callback_kind="asap",
        )
        said = outcome.said
    assert said == ["utter_callback_conversation_limit", "utter_callback_call_in_without_code"]


# --- what is wrong, before anything is asked ------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "yes"),
    [
        ("en", "my internet has been down since yesterday", "yes please"),
        ("de", "mein Router ist kaputt", "ja bitte"),
        ("fr", "je n'arrive plus à me connecter", "oui"),
        ("es", "no me funciona el teléfono fijo", "sí"),
    ],
)
async def test_who_begins_with_what_is_wrong_is_offered_a_call(
    conversation: Any, language: str, text: str, yes: str
) -> None:
    conversation.metadata = {"locale": language, "timezone": "Europe/Berlin"}
    heard = await conversation.run(LOST, text, "nlu_fallback")
    assert heard.said == ["utter_callback_not_understood_offer"]
    agreed = await conversation.run(ANSWER, yes, "affirm")
    assert agreed.followup == "callback_form"


@pytest.mark.parametrize("text", ["", "🙂🙂", "???"])
async def test_where_nothing_is_told_nothing_is_offered(conversation: Any, text: str) -> None:
    conversation.metadata = {"locale": "en-GB", "timezone": "Europe/Berlin"}
    heard = await conversation.run(LOST, text, "nlu_fallback")
    assert heard.said == ["utter_callback_not_understood"]


# --- words that hide what is said beside them -----------------------------------------------------


@pytest.mark.parametrize(
    "text", ["can i have a call on friday", "i need a call on friday", "could i get a call friday"]
)
async def test_who_asks_for_a_call_on_a_day_is_offered_that_day(
    conversation: Any, text: str
) -> None:
    heard = await conversation.run(SHOW, text, "show_callback")
    assert heard.followup == "callback_form"
    await conversation.run(FORM, text, "show_callback")
    offered = [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]
    assert {at.day for at in offered if at is not None} == {16}


@pytest.mark.parametrize("intent", ["nlu_fallback", "deny", "inform"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "hang on that's not the right number"),
        ("de", "moment, das ist die falsche nummer"),
        ("fr", "attendez, c'est pas le bon numéro"),
        ("es", "un momento, ese número está mal"),
    ],
)
async def test_who_needs_a_moment_because_the_number_is_wrong_is_asked_for_another(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    conversation.metadata = CUSTOMERS[language]
    conversation.slots = {**DRAFT, "callback_question": "confirmed"}
    heard = await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert heard.slots["requested_slot"] == "callback_phone"
    assert conversation.slots["callback_phone"] is None


@pytest.mark.parametrize("text", ["cámbialo al viernes a las 11", "cámbiela al viernes a las 11"])
async def test_what_is_changed_to_another_day_is_moved_though_nobody_knew_the_sentence(
    conversation: Any, text: str
) -> None:
    await conversation.book(FRIDAY_NOON, language="es")
    heard = await conversation.run(LOST, text, "nlu_fallback")
    assert heard.followup == "callback_form"
    await conversation.run(FORM, text, "nlu_fallback")
    assert conversation.slots["callback_process"] == "move"
