"""Who hesitates before a yes says yes; who says "also" to a move does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id

FORM = "validate_callback_form"
CONFIRMED = "callback_confirmed"
LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}
# The sandbox opens on Monday, 12 January 2026, in Berlin.
THURSDAY_AT_15 = datetime(2026, 1, 15, 14, tzinfo=UTC)
WEDNESDAY_AT_9 = datetime(2026, 1, 14, 8, tzinfo=UTC)
BOOKED = {
    "callback_id": "c1",
    "callback_booking": {"time": time_id(WEDNESDAY_AT_9), "phone": "+493023125011"},
}
HESITATING = [
    ("en", "um yes please"),
    ("en", "uh, yes"),
    ("en", "er yes"),
    ("de", "ähm ja"),
    ("de", "äh ja genau"),
    ("fr", "euh oui"),
    ("es", "eh sí"),
]
ALSO = [
    ("en", "yes also thursday"),
    ("en", "yes thursday too"),
    ("de", "ja auch donnerstag"),
    ("de", "ja am donnerstag auch"),
    ("fr", "oui aussi jeudi"),
    ("es", "sí también el jueves"),
]


def at_read_back(conversation: Any, language: str, process: str) -> None:
    conversation.metadata = {"locale": LOCALES[language], "timezone": "Europe/Berlin"}
    conversation.slots = {
        "callback_process": process,
        "callback_kind": "scheduled",
        "callback_slot": time_id(THURSDAY_AT_15),
        "callback_phone": "+493023125011",
        "callback_question": "read_back",
        "callback_read_back_at": "2026-01-12T15:00:00Z",
        **(BOOKED if process == "move" else {}),
    }


@pytest.mark.parametrize(("language", "text"), HESITATING)
@pytest.mark.parametrize("process", ["book", "move"])
async def test_a_hesitation_before_a_yes_leaves_it_one(
    conversation: Any, language: str, text: str, process: str
) -> None:
    at_read_back(conversation, language, process)
    await conversation.run(FORM, text, "affirm", requested=CONFIRMED)
    assert conversation.slots["callback_confirmed"] is True


@pytest.mark.parametrize(("language", "text"), ALSO)
async def test_also_beside_the_day_of_a_move_may_want_both_and_is_no_yes(
    conversation: Any, language: str, text: str
) -> None:
    at_read_back(conversation, language, "move")
    await conversation.run(FORM, text, "affirm", requested=CONFIRMED)
    assert conversation.slots.get("callback_confirmed") is None
