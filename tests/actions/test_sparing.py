"""Callbacks that a message says stay: none of them is cancelled, moved or asked about instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.callbacks.free_times import time_id
from tests.actions.dialogue import (
    CANCEL,
    CANCEL_FORM,
    CONFIRMED,
    FORM,
    FRIDAY_AT_10,
    KIND,
    MONDAY_AT_10,
    SUBMIT_CANCEL,
    THURSDAY_AT_15,
    TO_ARRANGE,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

ALL_BUT = [
    ("en", "cancel all except friday", THURSDAY_AT_15),
    ("en", "cancel everything but thursday", FRIDAY_AT_10),
    ("en", "cancel both apart from friday", THURSDAY_AT_15),
    ("de", "alle absagen außer Freitag", THURSDAY_AT_15),
    ("de", "alles stornieren bis auf Donnerstag", FRIDAY_AT_10),
    ("fr", "annulez tout sauf vendredi", THURSDAY_AT_15),
    ("fr", "annulez tous à part jeudi", FRIDAY_AT_10),
    ("es", "cancele todo menos el viernes", THURSDAY_AT_15),
    ("es", "cancele todas excepto la del jueves", FRIDAY_AT_10),
]
ONE_STAYS_ONE_GOES = [
    ("en", "don't cancel thursday, cancel friday", FRIDAY_AT_10),
    ("en", "keep friday and cancel thursday", THURSDAY_AT_15),
    ("en", "don't cancel friday but cancel thursday", THURSDAY_AT_15),
    ("en", "keep thursday, cancel the other one", FRIDAY_AT_10),
    ("de", "Donnerstag nicht absagen, Freitag absagen", FRIDAY_AT_10),
    ("de", "nicht den Donnerstag absagen, sondern den Freitag", FRIDAY_AT_10),
    ("de", "den Freitag behalten und den Donnerstag absagen", THURSDAY_AT_15),
    ("fr", "n'annulez pas jeudi, annulez vendredi", FRIDAY_AT_10),
    ("fr", "gardez vendredi et annulez jeudi", THURSDAY_AT_15),
    ("es", "no cancele el jueves, cancele el viernes", FRIDAY_AT_10),
    ("es", "mantenga la del viernes y cancele la del jueves", THURSDAY_AT_15),
]
STAYS = [
    ("en", "don't cancel thursday"),
    ("en", "don't cancel friday"),
    ("en", "no, keep thursday"),
    ("de", "den Donnerstag nicht absagen"),
    ("de", "den Freitag nicht absagen"),
    ("de", "sagen Sie den Freitag nicht ab"),
    ("fr", "ne pas annuler vendredi"),
    ("fr", "n'annulez pas jeudi"),
    ("es", "no cancele el viernes"),
    ("es", "no cancele la del jueves"),
]
ONE_STAYS_ONE_MOVES = [
    ("en", "move friday not thursday to monday at 10"),
    ("en", "move friday, not thursday, to monday at 10"),
    ("de", "verschieben Sie den Freitag, nicht den Donnerstag, auf Montag um 10"),
    ("en", "don't move thursday, move friday to monday at 10"),
    ("en", "keep thursday and move friday to monday at 10"),
    ("de", "den Donnerstag nicht verschieben, den Freitag auf Montag um 10 verschieben"),
    ("fr", "ne déplacez pas jeudi, déplacez vendredi à lundi à 10h"),
    ("es", "cambie la del viernes al lunes a las 10, mantenga la del jueves"),
]


async def book_two(conversation: Any, language: str) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, language=language)


@pytest.mark.parametrize(("language", "text", "left"), [*ALL_BUT, *ONE_STAYS_ONE_GOES])
@pytest.mark.parametrize("is_asked", [False, True])
async def test_it_is_asked_about_the_one_that_is_not_to_stay(
    conversation: Any, language: str, text: str, left: Any, *, is_asked: bool
) -> None:
    await book_two(conversation, language)
    if is_asked:
        await conversation.run(CANCEL_FORM, "?", "cancel_callback")
        assert conversation.slots["callback_question"] == "which_one"
    requested = CANCEL if is_asked else None
    form = await conversation.run(CANCEL_FORM, text, "cancel_callback", requested=requested)
    assert form.slots["requested_slot"] == CANCEL
    assert conversation.slots["callback_question"] == "cancel"
    assert conversation.spoken_of == time_id(left)


@pytest.mark.parametrize(("language", "text", "left"), [*ALL_BUT, *ONE_STAYS_ONE_GOES])
async def test_who_is_asked_about_the_one_that_is_to_stay_is_asked_about_the_other_one(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, left: Any
) -> None:
    await book_two(conversation, language)
    other = {"en": "thursday", "de": "Donnerstag", "fr": "jeudi", "es": "jueves"}
    await conversation.run(CANCEL_FORM, other[language], "cancel_callback")
    assert conversation.spoken_of == time_id(THURSDAY_AT_15)
    form = await conversation.run(CANCEL_FORM, text, "cancel_callback", requested=CANCEL)
    is_agreed = form.slots.get("callback_cancel_confirmed") is True
    assert conversation.spoken_of == time_id(left)
    assert not is_agreed or left == THURSDAY_AT_15
    assert open_times(ges_sandbox) == [THURSDAY_AT_15, FRIDAY_AT_10]


@pytest.mark.parametrize(("language", "text"), STAYS)
@pytest.mark.parametrize("booked", [(THURSDAY_AT_15,), (THURSDAY_AT_15, FRIDAY_AT_10)])
async def test_what_is_not_to_be_cancelled_stays(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, booked: tuple[Any, ...]
) -> None:
    await conversation.book(*booked, language=language)
    await conversation.run(CANCEL_FORM, text, "cancel_callback")
    assert conversation.slots["callback_cancel_confirmed"] is False
    told = await conversation.run(SUBMIT_CANCEL, text, "cancel_callback")
    assert told.said[0] == "utter_callback_kept"
    assert open_times(ges_sandbox) == [*booked]


@pytest.mark.parametrize(("language", "text"), ONE_STAYS_ONE_MOVES)
@pytest.mark.parametrize("intent", ["move_callback", "cancel_callback"])
async def test_the_one_that_is_not_to_stay_is_moved(
    conversation: Any, language: str, text: str, intent: str
) -> None:
    await book_two(conversation, language)
    if intent == "cancel_callback":
        form = await conversation.run(CANCEL_FORM, text, intent)
        assert form.followup == TO_ARRANGE
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] == CONFIRMED
    assert conversation.spoken_of == time_id(FRIDAY_AT_10)
    assert conversation.slots["callback_slot"] == time_id(MONDAY_AT_10)


async def test_all_but_all_of_them_stay(conversation: Any) -> None:
    await conversation.book(FRIDAY_AT_10, language="en")
    await conversation.run(CANCEL_FORM, "cancel everything except friday", "cancel_callback")
    assert conversation.slots["callback_cancel_confirmed"] is False


async def test_all_but_one_of_three_asks_which(conversation: Any) -> None:
    await conversation.book(THURSDAY_AT_15, FRIDAY_AT_10, MONDAY_AT_10, language="en")
    await conversation.run(CANCEL_FORM, "cancel all except friday", "cancel_callback")
    assert conversation.slots["callback_question"] == "which_one"


async def test_a_day_to_be_kept_free_is_none_that_is_booked(conversation: Any) -> None:
    await conversation.book(THURSDAY_AT_15, language="en")
    await conversation.run(FORM, "keep friday at 10 for my callback", "inform", requested=KIND)
    assert conversation.slots["callback_outcome"] != "kept"
