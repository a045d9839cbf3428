"""A time told by the one that is spoken of counts only where nothing turns it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_of_id
from tests.actions.dialogue import (
    CONFIRMED,
    FORM,
    FRIDAY_AT_15,
    THURSDAY_AT_15,
    caller,
    read_back,
)

# The sandbox opens on Monday, 12 January 2026, in Berlin.
AN_HOUR_LATER = datetime(2026, 1, 15, 15, tzinfo=UTC)
TURNED = [
    ("en", "not an hour later"),
    ("en", "I hope you don't call an hour later like last time"),
    ("en", "an hour later is impossible"),
    ("en", "an hour later would be bad"),
    ("en", "unless an hour later works"),
    ("en", "yes unless an hour later works"),
    ("en", "an hour earlier or later"),
    ("en", "an hour later I'm away"),
    ("en", "unless Friday at the same time works"),
    ("en", "I hope you don't call at the same time on Friday"),
    ("de", "nicht eine Stunde später"),
    ("de", "bloß nicht eine Stunde später"),
    ("de", "eine Stunde später geht bei mir nicht"),
    ("de", "eine Stunde später bin ich weg"),
    ("de", "eine Stunde später wäre schlecht"),
    ("de", "eine Stunde früher oder später"),
    ("fr", "pas une heure plus tard"),
    ("fr", "surtout pas une heure plus tard"),
    ("fr", "une heure plus tard impossible"),
    ("fr", "une heure plus tard je ne suis pas là"),
    ("es", "no una hora más tarde"),
    ("es", "una hora más tarde no puedo"),
    ("es", "una hora más tarde es imposible"),
    ("es", "si una hora más tarde"),
]
WANTED = [
    ("en", "could we make it an hour later instead please", AN_HOUR_LATER),
    ("en", "no, an hour later", AN_HOUR_LATER),
    ("en", "yes but an hour later", AN_HOUR_LATER),
    ("en", "that does not suit me, an hour later would be better", AN_HOUR_LATER),
    ("en", "can we do Friday instead, same time", FRIDAY_AT_15),
    ("en", "Friday at the same time please", FRIDAY_AT_15),
    ("de", "geht auch eine Stunde später?", AN_HOUR_LATER),
    ("de", "nein, lieber eine Stunde später", AN_HOUR_LATER),
    ("de", "lieber Freitag, selbe Uhrzeit", FRIDAY_AT_15),
    ("fr", "non, plutôt une heure plus tard", AN_HOUR_LATER),
    ("fr", "plutôt vendredi à la même heure", FRIDAY_AT_15),
    ("es", "no, mejor una hora más tarde", AN_HOUR_LATER),
    ("es", "mejor el viernes a la misma hora", FRIDAY_AT_15),
]


def at_read_back(conversation: Any, language: str, process: str) -> None:
    conversation.metadata = caller(language)
    conversation.slots = read_back(process)


@pytest.mark.parametrize(("language", "text"), TURNED)
@pytest.mark.parametrize("intent", ["inform", "affirm", "deny"])
@pytest.mark.parametrize("process", ["book", "move"])
async def test_a_time_that_may_be_denied_or_doubted_changes_nothing_and_is_no_yes(
    conversation: Any, language: str, text: str, intent: str, process: str
) -> None:
    at_read_back(conversation, language, process)
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15
    assert conversation.slots.get("callback_confirmed") is None
    assert conversation.slots["requested_slot"] == CONFIRMED


@pytest.mark.parametrize(("language", "text", "at"), WANTED)
@pytest.mark.parametrize("intent", ["inform", "other_time", "affirm", "deny"])
async def test_a_time_that_nothing_turns_counts_from_the_one_that_was_read_back(
    conversation: Any, language: str, text: str, at: datetime, intent: str
) -> None:
    at_read_back(conversation, language, "book")
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert time_of_id(conversation.slots["callback_slot"]) == at
    assert conversation.slots.get("callback_confirmed") is None
