"""Who wants back what was cancelled gets it read back, with whatever is said besides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id

FORM = "validate_callback_form"
SUBMIT = "action_submit_callback_form"
CANCEL_FORM = "validate_callback_cancel_form"
SUBMIT_CANCEL = "action_submit_callback_cancel_form"
LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}
# The sandbox opens on Monday, 12 January 2026.
FRIDAY_NOON = datetime(2026, 1, 16, 11, tzinfo=UTC)
THURSDAY_AT_15 = datetime(2026, 1, 15, 14, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NUMBER, OTHER_NUMBER = "+493023125011", "+493023125012"


async def book(conversation: Any, at: datetime) -> None:
    known = {name: conversation.slots.get(name) for name in ("callback_id", "callback_booking")}
    conversation.slots = known | {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_slot": time_id(at),
        "callback_phone": NUMBER,
        "callback_question": "read_back",
        "callback_read_back_at": "2026-01-12T15:00:00Z",
        "callback_risk_accepted": True,
        "callback_confirmed": True,
    }
    await conversation.run(SUBMIT, "yes", "affirm")


async def book_and_cancel(conversation: Any, language: str, **slots: Any) -> None:
    conversation.metadata = {"locale": LOCALES[language], "timezone": "Europe/Berlin"}
    await book(conversation, FRIDAY_NOON)
    await cancel(conversation, **slots)


async def cancel(conversation: Any, **slots: Any) -> None:
    await conversation.run(CANCEL_FORM, "cancel", "cancel_callback")
    conversation.slots["callback_cancel_confirmed"] = True
    await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    conversation.slots.update(slots)


@pytest.mark.parametrize(
    ("language", "text", "when"),
    [
        ("en", "book it again but at 11", {(day, 11) for day in range(12, 31)}),
        ("en", "I want it after all, but on thursday", {(15, hour) for hour in range(8, 18)}),
        ("de", "ich will ihn doch, aber am Donnerstag", {(15, hour) for hour in range(8, 18)}),
        ("fr", "je le veux finalement mais jeudi", {(15, hour) for hour in range(8, 18)}),
        ("es", "vuelva a reservarla pero el jueves", {(15, hour) for hour in range(8, 18)}),
    ],
)
async def test_another_time_said_with_it_counts(
    conversation: Any, language: str, text: str, when: set[tuple[int, int]]
) -> None:
    await book_and_cancel(conversation, language)
    await conversation.run(FORM, text, "request_callback")
    chosen = conversation.slots.get("callback_slot")
    menu = conversation.slots.get("callback_menu") or {}
    starts = [time_of_id(each) for each in ([chosen] if chosen else menu["ids"])]
    local = [each.astimezone(BERLIN) for each in starts if each is not None]
    assert local
    assert {(each.day, each.hour) for each in local} <= when
    assert time_id(FRIDAY_NOON) != chosen
    assert conversation.slots["callback_phone"] == NUMBER


async def test_another_number_said_with_it_counts(conversation: Any) -> None:
    await book_and_cancel(conversation, "en")
    await conversation.run(FORM, "book it again but on +49 30 23125012", "request_callback")
    assert conversation.slots["callback_phone"] == OTHER_NUMBER
    assert conversation.slots["callback_slot"] == time_id(FRIDAY_NOON)


async def test_it_is_not_booked_again_in_the_queue_of_another_topic(conversation: Any) -> None:
    await book_and_cancel(conversation, "en", callback_profile="support")
    await conversation.run(FORM, "I want it back", "request_callback")
    assert conversation.slots.get("callback_slot") is None


async def test_of_two_the_one_cancelled_last_is_read_back_as_a_new_one(conversation: Any) -> None:
    conversation.metadata = {"locale": "en-GB", "timezone": "Europe/Berlin"}
    await book(conversation, FRIDAY_NOON)
    await book(conversation, THURSDAY_AT_15)
    await conversation.run(CANCEL_FORM, "cancel the thursday one", "cancel_callback")
    conversation.slots["callback_cancel_confirmed"] = True
    await conversation.run(SUBMIT_CANCEL, "yes", "affirm")
    await conversation.run(FORM, "no wait, I want it after all", "request_callback")
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_15)
    assert conversation.slots["callback_process"] == "book"
