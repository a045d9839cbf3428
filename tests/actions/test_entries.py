"""A bare number at a list that holds no times picks its entry, and is never taken for an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import (
    BOOKED_ON_FRIDAY,
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    KIND,
    KNOWN,
    LOCALES,
    THURSDAY_AT_15,
    customer,
    drafted,
)

if TYPE_CHECKING:
    from datetime import datetime

SECOND = {
    "en": ["2", "2.", "two", "the second", "the second one please"],
    "de": ["2", "2.", "zwei", "das zweite", "die zweite bitte"],
    "fr": ["2", "deux", "la deuxième", "le deuxième"],
    "es": ["2", "dos", "el segundo", "la segunda"],
}
DRAFT = drafted(THURSDAY_AT_15)
SAID = [(language, text) for language in LOCALES for text in SECOND[language]]
CHANNELS = ["chat", "voice"]


def begin(conversation: Any, language: str, slots: dict[str, Any], channel: str = "chat") -> None:
    conversation.metadata = customer(language)
    conversation.slots = dict(slots)
    conversation.channel = channel


@pytest.mark.parametrize(("language", "text"), SAID)
async def test_the_second_button_under_a_read_back_wants_another_time(
    conversation: Any, language: str, text: str
) -> None:
    begin(conversation, language, DRAFT)
    await conversation.run(FORM, text, "inform", requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == "callback_slot"
    assert len(conversation.slots["callback_menu"]["ids"]) > 1


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("text", ["1", "5", "9"])
async def test_no_number_books_and_none_that_is_no_entry_is_an_hour(
    conversation: Any, language: str, channel: str, text: str
) -> None:
    begin(conversation, language, DRAFT, channel)
    outcome = await conversation.run(FORM, text, "inform", requested=CONFIRMED)
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)
    assert conversation.slots.get("callback_confirmed") is None
    assert [each["response"] for each in outcome.slots["callback_notes"]] == [
        "utter_callback_not_done_yet"
    ]


@pytest.mark.parametrize("language", LOCALES)
async def test_a_key_pressed_at_a_read_back_that_was_heard_is_asked_about(
    conversation: Any, language: str
) -> None:
    begin(conversation, language, DRAFT, "voice")
    await conversation.run(FORM, "2", "inform", requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == CONFIRMED
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize(("language", "text"), SAID)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_second_of_two_kinds_is_a_time_to_choose(
    conversation: Any, language: str, text: str, channel: str
) -> None:
    asked = {"callback_process": "book", "callback_question": "kind"}
    begin(conversation, language, asked, channel)
    await conversation.run(FORM, text, "inform", requested=KIND)
    assert conversation.slots["callback_kind"] == "scheduled"
    assert conversation.slots.get("callback_wish") is None


@pytest.mark.parametrize(
    ("text", "came_to"),
    [("1", ("kept", None)), ("3", ("nothing_to_do", "callback_cancel_form"))],
)
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_keep_move_or_cancel_is_picked_by_its_place(
    conversation: Any, language: str, channel: str, text: str, came_to: tuple[str, str | None]
) -> None:
    begin(
        conversation, language, BOOKED_ON_FRIDAY | {"callback_question": "open_callback"}, channel
    )
    answered = await conversation.run(FORM, text, "inform", requested=KIND)
    assert (conversation.slots["callback_outcome"], answered.followup) == came_to


@pytest.mark.parametrize("language", LOCALES)
async def test_the_third_of_what_is_to_change_leaves_it(conversation: Any, language: str) -> None:
    begin(conversation, language, DRAFT | {"callback_question": "change"})
    await conversation.run(FORM, "3", "inform", requested=CONFIRMED)
    assert conversation.slots["callback_outcome"] == "stopped"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "on the third"), ("de", "den dritten"), ("fr", "le trois")]
)
async def test_a_place_that_may_be_a_day_of_the_month_gives_nothing_up(
    conversation: Any, language: str, text: str
) -> None:
    begin(conversation, language, DRAFT | {"callback_question": "change"})
    await conversation.run(FORM, text, "inform", requested=CONFIRMED)
    assert conversation.slots.get("callback_outcome") is None
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("text", ["1", "3", "10 "])
async def test_no_number_cancels_and_books_anew(
    conversation: Any, language: str, channel: str, text: str
) -> None:
    begin(conversation, language, BOOKED_ON_FRIDAY | {"callback_question": "cancel"}, channel)
    answered = await conversation.run(CANCEL_FORM, text, "inform", requested=CANCEL)
    assert answered.followup is None or text == "10 "
    assert conversation.slots.get("callback_cancel_confirmed") is None


@pytest.mark.parametrize(("language", "text"), SAID)
async def test_the_second_button_under_really_cancel_keeps_it(
    conversation: Any, language: str, text: str
) -> None:
    begin(conversation, language, BOOKED_ON_FRIDAY | {"callback_question": "cancel"})
    answered = await conversation.run(CANCEL_FORM, text, "inform", requested=CANCEL)
    assert conversation.slots["callback_cancel_confirmed"] is False
    assert answered.followup is None


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        *((language, "1", THURSDAY_AT_15) for language in LOCALES),
        *((language, text, FRIDAY_AT_10) for language, text in SAID),
    ],
)
async def test_a_number_picks_the_one_of_several_callbacks_to_cancel(
    conversation: Any, language: str, text: str, at: datetime
) -> None:
    for phone, booked_at in ((KNOWN, THURSDAY_AT_15), ("+493023125014", FRIDAY_AT_10)):
        agreed = {"callback_phone": phone, "callback_slot": time_id(booked_at)}
        begin(conversation, language, conversation.slots | DRAFT | agreed)
        conversation.slots["callback_confirmed"] = True
        await conversation.run("action_submit_callback_form", "yes", "affirm")
    conversation.slots["callback_question"] = "which_one"
    await conversation.run(CANCEL_FORM, text, "inform", requested=CANCEL)
    assert conversation.slots["callback_question"] == "cancel"
    assert conversation.slots["callback_booking"]["time"] == time_id(at)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize(("text", "form"), [("2", "callback_form"), ("3", "callback_cancel_form")])
async def test_the_buttons_under_what_is_booked_are_picked_by_their_place(
    conversation: Any, language: str, text: str, form: str
) -> None:
    begin(conversation, language, BOOKED_ON_FRIDAY | {"callback_question": "open_callback"})
    answered = await conversation.run("action_answer_callback", text, "inform")
    assert answered.followup == form


# --- a short wait: "you can call us, or shall we call you?" ---------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "intent", "channel"),
    [
        ("en", "yes please", "affirm", "voice"),
        ("de", "ja bitte", "affirm", "voice"),
        ("fr", "oui", "affirm", "voice"),
        ("es", "sí, por favor", "affirm", "voice"),
        ("en", "please call me", "inform", "chat"),
        ("de", "rufen Sie mich bitte an", "inform", "voice"),
        ("fr", "rappelez-moi", "inform", "chat"),
        ("es", "llámenme", "inform", "voice"),
    ],
)
async def test_who_wants_to_be_called_though_the_wait_is_short_is_asked_for_the_number(
    conversation: Any, language: str, text: str, intent: str, channel: str
) -> None:
    short = {"callback_process": "book", "callback_question": "kind_short"}
    begin(conversation, language, short, channel)
    await conversation.run(FORM, text, intent, requested=KIND)
    assert conversation.slots["callback_kind"] == "asap"
    assert conversation.slots["requested_slot"] == "callback_phone"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "don't call me"), ("de", "rufen Sie mich nicht an")]
)
async def test_who_wants_no_call_at_a_short_wait_gets_none(
    conversation: Any, language: str, text: str
) -> None:
    short = {"callback_process": "book", "callback_question": "kind_short"}
    begin(conversation, language, short)
    await conversation.run(FORM, text, "inform", requested=KIND)
    assert conversation.slots.get("callback_kind") != "asap"


async def test_a_yes_to_which_would_you_prefer_is_asked_again(conversation: Any) -> None:
    begin(conversation, "en", {"callback_process": "book", "callback_question": "kind_short"})
    await conversation.run(FORM, "yes", "affirm", requested=KIND)
    assert conversation.slots.get("callback_kind") is None
