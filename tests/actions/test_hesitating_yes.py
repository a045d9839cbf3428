"""Who hesitates before a yes says yes; who says "also" to a move does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.dialogue import CONFIRMED, FORM, customer, read_back

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
    conversation.metadata = customer(language)
    conversation.slots = read_back(process)


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
