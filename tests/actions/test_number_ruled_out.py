"""A number that is not to be called is never the one that is read back."""

from __future__ import annotations

from typing import Any

import pytest

from ges_connector.callbacks.free_times import time_id, time_of_id
from tests.actions.dialogue import CONFIRMED, FORM, KNOWN, THURSDAY_AT_15, customer

RULED_OUT = [
    ("en", "don't call {0}"),
    ("en", "yes but not on {0}"),
    ("en", "never call {0}"),
    ("en", "not {0} but the one you said"),
    ("en", "my wife's number is {0} but call me on mine"),
    ("en", "it used to be {0}"),
    ("en", "if I don't answer try {0}"),
    ("de", "ja aber nicht unter {0}"),
    ("de", "nicht die {0}"),
    ("de", "wenn ich nicht rangehe, dann {0}"),
    ("fr", "oui mais pas au {0}"),
    ("fr", "si je ne réponds pas, essayez le {0}"),
    ("es", "sí pero no al {0}"),
    ("es", "si no contesto, al {0}"),
]


@pytest.mark.parametrize(("language", "said"), RULED_OUT)
@pytest.mark.parametrize("intent", ["inform", "affirm", "deny"])
async def test_a_number_that_is_not_to_be_called_is_not_taken_and_its_words_are_no_yes(
    conversation: Any, language: str, said: str, intent: str
) -> None:
    conversation.metadata = customer(language)
    conversation.slots = {
        "callback_process": "book",
        "callback_kind": "scheduled",
        "callback_slot": time_id(THURSDAY_AT_15),
        "callback_phone": KNOWN,
        "callback_question": "read_back",
        "callback_read_back_at": "2026-01-12T15:00:00Z",
    }
    text = said.format("+49 30 23125099")
    await conversation.run(FORM, text, intent, requested=CONFIRMED)
    assert conversation.slots.get("callback_phone") in {KNOWN, None}
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15
    assert conversation.slots.get("callback_confirmed") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "call me thursday at 15:00 but not on +49 30 23125099"),
        ("de", "ruft mich donnerstag um 15:00 an, aber nicht unter +49 30 23125099"),
    ],
)
async def test_the_time_beside_a_number_that_is_not_to_be_called_is_kept(
    conversation: Any, language: str, text: str
) -> None:
    conversation.metadata = customer(language)
    await conversation.run(FORM, text, "request_callback")
    assert conversation.slots.get("callback_phone") is None
    assert time_of_id(conversation.slots["callback_slot"]) == THURSDAY_AT_15
