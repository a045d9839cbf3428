"""An answer that comes with a question of the customer's, which the model took the message for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.flows import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.flows import Walker

    Open = Callable[..., Walker]

REQUEST = Command("start", "request_callback")
CHOOSE = Command("start", "choose_callback_time")
WAIT = Command("start", "check_wait")
OUR_NUMBER = Command("start", "give_call_in_number")
SHOW = Command("start", "show_callback")
READ_BACK = "utter_ask_callback_confirmed_scheduled"
WITH_THE_WAIT = {
    "en-GB": (
        "how about friday at 3, or is the wait short now?",
        "how about friday at 3 or is the wait short now?",
        "is the wait short now? friday at 3 would do",
        "Friday at 3 pm please. How long is the wait?",
        "friday at 3 and how long is the wait",
        "friday at 3 and will it take long then",
    ),
    "de-DE": (
        "Freitag um 15 Uhr und wie lange wartet man",
        "wie wäre es am Freitag um 15 Uhr, oder ist die Wartezeit gerade kurz?",
        "Freitag um 15 Uhr bitte. Wie lange wartet man denn?",
    ),
    "es-ES": (
        "el viernes a las 15 por favor, ¿o la espera es corta ahora?",
        "el viernes a las 15 y cuánto tiempo se espera",
    ),
    "fr-FR": (
        "vendredi à 15 h, ou l'attente est-elle courte en ce moment ?",
        "vendredi à 15 h et combien de temps dure l'attente",
    ),
}
ONLY_ASKED = {
    "en-GB": (
        "how long is the wait on friday at 3?",
        "hello there, how long is the wait on friday at 3?",
        "excuse me please, is it busy on friday at 3?",
        "friday at 3 does not work, is the wait short now?",
        "is it long, right now?",
        "how long is the wait between monday and friday at 3",
        "is it busy on friday at 3 and how long is the wait",
    ),
    "de-DE": ("wie lange wartet man am Freitag um 15 Uhr?",),
}


def rows(said: dict[str, tuple[str, ...]]) -> list[Any]:
    return [(locale, each) for locale, messages in said.items() for each in messages]


async def at_the_time(walk: Open, locale: str) -> Walker:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", CHOOSE)
    assert walker.asks_for == "callback_time"
    return walker


@pytest.mark.parametrize(("locale", "words"), rows(WITH_THE_WAIT))
async def test_a_time_beside_a_question_about_the_wait_is_kept(
    walk: Open, locale: str, words: str
) -> None:
    walker = await at_the_time(walk, locale)
    said = await walker.say(words, WAIT)
    assert said == ["utter_callback_wait_aside", "utter_ask_callback_phone"]
    await walker.say("030 23125011", Command("set", "callback_number", "030 23125011"))
    assert walker.said[-1]["response"] == READ_BACK
    assert "15" in walker.said[-1]["moment"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "friday at 3 and how long is the wait"),
        ("fr-FR", "vendredi à 15 h et combien de temps dure l'attente"),
    ],
)
async def test_a_question_about_the_wait_in_what_the_model_took_for_an_answer_is_answered_too(
    walk: Open, locale: str, words: str
) -> None:
    walker = await at_the_time(walk, locale)
    said = await walker.say(words, Command("set", "callback_time", words))
    assert said == ["utter_callback_wait_aside", "utter_ask_callback_phone"]
    assert walker.slots["callback_slot"] is not None


@pytest.mark.parametrize(("locale", "words"), rows(ONLY_ASKED))
async def test_a_time_that_is_only_asked_about_is_no_answer(
    walk: Open, locale: str, words: str
) -> None:
    walker = await at_the_time(walk, locale)
    said = await walker.say(words, WAIT)
    assert said[0] == "utter_callback_wait_aside"
    assert walker.asks_for == "callback_time"
    assert walker.slots["callback_slot"] is None


async def test_the_wait_is_told_though_the_question_that_tells_it_is_answered(walk: Open) -> None:
    walker = walk()
    await walker.say("call me back", REQUEST)
    said = await walker.say("as soon as possible please. how long will that be?", WAIT)
    assert said == ["utter_callback_wait_aside", "utter_ask_callback_phone"]
    assert walker.slots["callback_kind"] == "asap"


@pytest.mark.parametrize("command", [WAIT, SHOW, OUR_NUMBER])
async def test_a_number_beside_a_question_is_kept(walk: Open, command: Command) -> None:
    walker = walk()
    await walker.say("call me on friday at noon", REQUEST)
    said = await walker.say("030 23125011, and one more thing, what is it now?", command)
    assert said[-1] == READ_BACK
    assert walker.slots["callback_phone"] == "+493023125011"


@pytest.mark.parametrize("command", [SHOW, OUR_NUMBER])
async def test_a_time_that_is_asked_about_besides_is_no_answer(
    walk: Open, command: Command
) -> None:
    walker = await at_the_time(walk, "en-GB")
    await walker.say("what did you tell me, is it on friday at 3?", command)
    assert walker.asks_for == "callback_time"


async def test_another_time_beside_a_question_is_read_back_and_booked_only_after_a_yes(
    walk: Open,
) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    before = walker.slots["callback_slot"]
    said = await walker.say("how about friday at 3, or is the wait short now?", WAIT)
    assert said == ["utter_callback_wait_aside", READ_BACK]
    assert walker.slots["callback_slot"] not in {None, before}


async def test_a_yes_beside_a_question_books_nothing(walk: Open) -> None:
    walker = walk()
    await walker.say("call me on friday at noon on 030 23125011", REQUEST)
    said = await walker.say("yes please, and how long is the wait?", WAIT)
    assert said == ["utter_callback_wait_aside", READ_BACK]
    assert walker.slots["callback_id"] is None


async def test_an_answer_beside_a_question_is_taken_once(walk: Open) -> None:
    walker = await at_the_time(walk, "en-GB")
    await walker.say("how about friday at 3, or is the wait short now?", WAIT)
    before = walker.slots["callback_slot"]
    await walker.say("how long is the wait?", WAIT)
    assert walker.asks_for == "callback_number"
    assert walker.slots["callback_slot"] == before


async def test_beside_the_question_of_another_flow_nothing_is_answered(walk: Open) -> None:
    walker = walk()
    said = await walker.say("how about friday at 3, or is the wait short now?", WAIT)
    assert said == ["utter_callback_wait"]
    assert walker.is_over
