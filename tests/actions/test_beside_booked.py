"""A booked callback that is to come a bit later or earlier: the times next to it are offered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import FORM, KIND, LOCALES, customer

if TYPE_CHECKING:
    from collections.abc import Sequence

# The sandbox opens on Monday, 12 January 2026.
THURSDAY_AT_12 = datetime(2026, 1, 15, 11, tzinfo=UTC)
LATER = [
    ("en", "can you make it a bit later"),
    ("en", "could it be a little later please?"),
    ("de", "geht es etwas später?"),
    ("fr", "un peu plus tard svp"),
    ("es", "un poco más tarde"),
]
EARLIER = [
    ("en", "a bit earlier please"),
    ("de", "geht es etwas früher?"),
    ("fr", "un peu plus tôt svp"),
    ("es", "un poco más temprano"),
]
HALF_AN_HOUR = {
    "en": "half an hour later",
    "de": "eine halbe Stunde später",
    "fr": "une demi-heure plus tard",
    "es": "media hora más tarde",
}


async def booked(conversation: Any, language: str) -> None:
    conversation.metadata = customer(language)
    await conversation.book(THURSDAY_AT_12)


def offered_in(conversation: Any) -> Sequence[datetime]:
    starts = [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]
    return [start for start in starts if start is not None]


@pytest.mark.parametrize(("language", "text"), LATER)
@pytest.mark.parametrize("intent", ["move_callback", "other_time", "inform"])
async def test_a_bit_later_offers_the_times_right_after_the_booked_one(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await booked(conversation, language)
    await conversation.run(FORM, text, intent)
    half = timedelta(minutes=30)
    assert offered_in(conversation) == [THURSDAY_AT_12 + half * each for each in range(1, 6)]
    assert conversation.slots["callback_process"] == "move"


@pytest.mark.parametrize(("language", "text"), EARLIER)
async def test_a_bit_earlier_offers_the_times_right_before_the_booked_one(
    conversation: Any, language: str, text: str
) -> None:
    await booked(conversation, language)
    await conversation.run(FORM, text, "move_callback")
    half = timedelta(minutes=30)
    assert offered_in(conversation) == [THURSDAY_AT_12 - half * each for each in range(5, 0, -1)]


@pytest.mark.parametrize(("language", "text"), LATER)
@pytest.mark.parametrize("intent", ["inform", "other_time"])
async def test_a_bit_later_said_to_what_is_booked_moves_it(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await booked(conversation, language)
    await conversation.run(FORM, "call me back", "request_callback")
    assert conversation.slots["callback_question"] == "open_callback"
    await conversation.run(FORM, text, intent, requested=KIND)
    assert min(offered_in(conversation)) == THURSDAY_AT_12 + timedelta(minutes=30)


@pytest.mark.parametrize("language", LOCALES)
async def test_half_an_hour_later_counts_from_the_booked_time_until_a_menu_was_heard(
    conversation: Any, language: str
) -> None:
    await booked(conversation, language)
    await conversation.run(FORM, dict(LATER)[language], "move_callback")
    await conversation.run(FORM, HALF_AN_HOUR[language], "inform", requested="callback_slot")
    assert conversation.slots["callback_slot"] == time_id(THURSDAY_AT_12 + timedelta(minutes=30))


@pytest.mark.parametrize(("language", "text"), [LATER[0], LATER[2]])
async def test_a_later_one_wanted_in_a_farewell_moves_nothing(
    conversation: Any, language: str, text: str
) -> None:
    await booked(conversation, language)
    await conversation.run(FORM, text, "thanks")
    assert conversation.slots.get("callback_process") != "move"
