"""Several callbacks of one conversation are told, and who asked only for that is left in peace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.actions.dialogue import (
    ANSWER,
    ASK_KIND,
    FORM,
    FRIDAY_AT_10,
    KIND,
    LOST,
    SHOW,
    THURSDAY_AT_15,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

LISTED = ["utter_callback_one_of_number"] * 2


async def test_who_asks_when_the_calls_come_is_told_and_asked_nothing(conversation: Any) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language="en")
    shown = await conversation.run(SHOW, "when are you calling?", "show_callback")
    assert shown.said == LISTED
    numbers = [each["number"] for each in shown.responses]
    assert [number[-2:] for number in numbers] == ["11", "14"]


async def test_the_number_is_not_told_where_all_go_to_the_same(conversation: Any) -> None:
    for at in (THURSDAY_AT_15, FRIDAY_AT_10):
        await conversation.book(at, language="en")
    shown = await conversation.run(SHOW, "?", "show_callback")
    assert shown.said == ["utter_callback_one_of"] * 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "which callbacks do I have?"),
        ("de", "welche Rückrufe habe ich?"),
        ("fr", "quels rappels ai-je ?"),
        ("es", "¿qué llamadas tengo?"),
    ],
)
async def test_it_is_told_which_callbacks_there_are_whatever_it_was_taken_for(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    shown = await conversation.run(LOST, text, "nlu_fallback")
    assert shown.said == LISTED


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "neither"),
        ("en", "both are fine, thanks"),
        ("en", "none"),
        ("de", "keinen von beiden"),
        ("de", "beide passen"),
        ("fr", "aucun des deux"),
        ("fr", "non merci, les deux vont bien"),
        ("es", "ninguna"),
        ("es", "las dos están bien"),
    ],
)
@pytest.mark.parametrize(
    ("action", "intent"), [(ANSWER, "inform"), (ANSWER, "affirm"), (LOST, "nlu_fallback")]
)
async def test_who_wants_none_changed_keeps_all(  # noqa: PLR0913 - the cases of two lists
    conversation: Any,
    ges_sandbox: Sandbox,
    *,
    language: str,
    text: str,
    action: str,
    intent: str,
) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)
    await conversation.run(SHOW, "?", "show_callback")
    left = await conversation.run(action, text, intent)
    assert left.said == ["utter_callback_kept", "utter_callback_other_stays"]
    await conversation.run(FORM, "?", "move_callback")
    form = await conversation.run(FORM, text, "inform", requested=KIND)
    assert form.slots["requested_slot"] is None
    assert open_times(ges_sandbox) == [THURSDAY_AT_15, FRIDAY_AT_10]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the one on ...14"),
        ("en", "the one ending in 14"),
        ("de", "der mit der Endung 14"),
        ("fr", "celui qui finit par 14"),
        ("es", "la que termina en 14"),
    ],
)
@pytest.mark.parametrize("is_moving", [False, True])
async def test_one_may_be_chosen_by_the_end_of_its_number(
    conversation: Any, language: str, text: str, *, is_moving: bool
) -> None:
    await conversation.book(FRIDAY_AT_10, THURSDAY_AT_15, language=language)
    conversation.slots["callback_question"] = None
    if is_moving:
        await conversation.run(FORM, "?", "move_callback")
        await conversation.run(ASK_KIND, requested=KIND)
        await conversation.run(FORM, text, "inform", requested=KIND)
    else:
        await conversation.run(SHOW, "?", "show_callback")
        await conversation.run(ANSWER, text, "inform")
    assert conversation.slots["callback_booking"]["phone"] == "+493023125014"
