"""A yes that names another time: one more callback, which waits, or another time for this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_of_id
from tests.actions.dialogue import (
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    MONDAY_AT_10,
    SLOT,
    YES,
    caller,
    drafted,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

ONE_MORE = [
    ("en", "yes and again on monday at 10"),
    ("en", "yes and call me again on monday at 10"),
    ("en", "yes, monday at 10 again"),
    ("en", "yes and monday at 10"),
    ("en", "yes, once more on monday at 10 please"),
    ("de", "ja und am montag nochmal"),
    ("de", "ja und noch einmal am Montag um 10"),
    ("de", "ja, und Montag um 10 Uhr"),
    ("fr", "oui encore lundi à 10h"),
    ("fr", "oui et à nouveau lundi à 10h"),
    ("fr", "oui et lundi à 10h"),
    ("es", "sí y otra vez el lunes a las 10"),
    ("es", "sí, y de nuevo el lunes a las 10"),
    ("es", "sí y el lunes a las 10"),
]
ANOTHER = [
    ("en", "yes and make it monday at 10"),
    ("de", "ja und zwar am Montag um 10 Uhr"),
    ("fr", "oui mais plutôt lundi à 10h"),
    ("es", "sí pero mejor el lunes a las 10"),
]
BEFORE_OR_AFTER = [
    ("en", "yes earlier", True),
    ("de", "ja früher", True),
    ("fr", "oui plus tôt", True),
    ("fr", "oui, un peu plus tôt", True),
    ("fr", "oui plus tard", False),
    ("es", "sí antes", True),
    ("es", "sí más temprano", True),
    ("es", "sí más tarde", False),
    ("es", "sí, un poco más tarde", False),
]


def at_read_back(conversation: Any, language: str) -> None:
    conversation.metadata = caller(language)
    conversation.slots = drafted(FRIDAY_AT_10)


@pytest.mark.parametrize(("language", "text"), ONE_MORE)
@pytest.mark.parametrize("intent", ["affirm", "inform", "request_callback"])
async def test_the_first_one_is_booked_before_one_more_is_spoken_of(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    at_read_back(conversation, language)
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.noted == ["utter_callback_one_at_a_time"]
    await conversation.answer_read_back(YES[language], "affirm")
    assert open_times(ges_sandbox) == [FRIDAY_AT_10]


@pytest.mark.parametrize(("language", "text"), ANOTHER)
async def test_another_time_for_this_one_is_read_back(
    conversation: Any, language: str, text: str
) -> None:
    at_read_back(conversation, language)
    await conversation.run(FORM, text, "affirm", requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) == MONDAY_AT_10
    assert conversation.slots.get(CONFIRMED) is None


@pytest.mark.parametrize(("language", "text", "is_earlier"), BEFORE_OR_AFTER)
async def test_earlier_or_later_times_are_offered_to_who_says_yes_to_them(
    conversation: Any, language: str, text: str, *, is_earlier: bool
) -> None:
    at_read_back(conversation, language)
    await conversation.run(FORM, text, "affirm", requested=CONFIRMED)
    assert conversation.slots["requested_slot"] == SLOT
    offered = [time_of_id(each) for each in conversation.slots["callback_menu"]["ids"]]
    assert all(at is not None and (at < FRIDAY_AT_10) is is_earlier for at in offered)
