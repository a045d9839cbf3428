"""What is said while a callback is arranged, and is no answer to the question that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ges_connector.callbacks.free_times import time_of_id
from ges_connector.flows import Command
from ges_connector.sandbox.records import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.flows import Walker
    from ges_connector.sandbox.sandbox import Sandbox

    Open = Callable[..., Walker]

WANTED: Final = Command("start", "request_callback")


async def booked(walk: Open, **options: str) -> Walker:
    """A callback on Friday at noon is booked."""
    walker = walk(**options)
    await walker.say("call me on friday at noon on 030 23125011", WANTED)
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert walker.slots["callback_outcome"] == "booked"
    return walker


# --- a second one ---------------------------------------------------------------------------------


@pytest.mark.parametrize("is_answer", [True, False])
@pytest.mark.parametrize("words", ["cancel my callback on Friday", "cancel both"])
@pytest.mark.parametrize(
    "before", [(), ("thursday at 3",), ("thursday at 3", "030 23125014")], ids=len
)
async def test_the_first_one_is_asked_about_while_a_second_one_is_arranged(
    walk: Open,
    centre: Sandbox,
    *,
    before: tuple[str, ...],
    words: str,
    is_answer: bool,
) -> None:
    walker = await booked(walk)
    await walker.say("book one more", WANTED)
    for each in before:
        await walker.say(each, Command("set", str(walker.asks_for), each))
    placed = Command("set", str(walker.asks_for), words)
    said = await walker.say(words, placed if is_answer else Command("start", "cancel_callback"))
    assert said == ["utter_callback_second_left", "utter_ask_callback_cancel_confirmed"]
    await walker.say("yes, cancel it", Command("set", "callback_cancel_agreement", "yes"))
    assert walker.is_over
    (first,) = centre.world.rooms(None).centre.floor.callbacks()
    assert first.state is State.COMPLETED


@pytest.mark.parametrize("flow", ["request_callback", "move_callback", "cancel_callback"])
async def test_only_what_is_refused_is_cancelled_whatever_the_model_begins_with_it(
    walk: Open, centre: Sandbox, flow: str
) -> None:
    walker = await booked(walk)
    await walker.say("another one on thursday at 3 on 030 23125014", WANTED)
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    words = "don't call me on thursday, call me on friday"
    said = await walker.say(words, Command("start", flow))
    assert said == ["utter_ask_callback_cancel_confirmed"]
    said = await walker.say("yes", Command("set", "callback_cancel_agreement", "yes"))
    assert said[-1] == "utter_callback_other_stays"
    first, second = centre.world.rooms(None).centre.floor.callbacks()
    assert (first.state, second.state) == (State.SCHEDULED, State.COMPLETED)


# --- no answer yet --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["set", "skip", "cannot_handle"])
@pytest.mark.parametrize("before", [(), ("at a time I choose",)], ids=["kind", "time"])
@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "I don't know"),
        ("de-DE", "weiß ich noch nicht"),
        ("fr-FR", "je ne sais pas"),
        ("es-ES", "no lo sé"),
    ],
)
async def test_who_does_not_know_yet_is_given_time_and_nothing_is_left(
    walk: Open, locale: str, words: str, before: tuple[str, ...], kind: str
) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", WANTED)
    for each in before:
        await walker.say(each, Command("set", "callback_way", "scheduled"))
    asked, menu = walker.asks_for, walker.slots["callback_menu"]
    name, value = (str(asked), words) if kind == "set" else ("", None)
    said = await walker.say(words, Command(kind, name, value))
    assert said[0] == "utter_callback_no_hurry"
    assert (walker.asks_for, walker.slots["callback_menu"]) == (asked, menu)


# --- who would rather ring us ---------------------------------------------------------------------


@pytest.mark.parametrize("is_answer", [True, False])
@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "I'd rather call myself"),
        ("en-GB", "I'll ring you"),
        ("de-DE", "ich rufe lieber selbst an"),
        ("fr-FR", "je préfère appeler moi-même"),
        ("es-ES", "prefiero llamar yo"),
    ],
)
async def test_who_rings_us_gets_the_number_and_is_asked_no_more(
    walk: Open, centre: Sandbox, locale: str, words: str, *, is_answer: bool
) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", WANTED)
    answer = Command("set", "callback_way", words)
    said = await walker.say(words, answer if is_answer else Command("start", "give_call_in_number"))
    assert said == ["utter_callback_call_in_without_code"]
    assert walker.is_over
    assert walker.slots["callback_outcome"] == "call_in"
    assert not centre.world.rooms(None).centre.floor.callbacks()


@pytest.mark.parametrize("flow", ["move_callback", "cancel_callback"])
async def test_who_rings_us_when_asked_which_callback_is_meant_gets_the_number(
    walk: Open, centre: Sandbox, flow: str
) -> None:
    walker = await booked(walk)
    await walker.say("another one on thursday at 3 on 030 23125014", WANTED)
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    await walker.say("?", Command("start", flow))
    assert walker.slots["callback_question"] == "which_one"
    said = await walker.say("I'll ring you", Command("set", str(walker.asks_for), "I'll ring you"))
    assert said[0] == "utter_callback_call_in_without_code"
    assert walker.is_over
    floor = centre.world.rooms(None).centre.floor
    assert {each.state for each in floor.callbacks()} == {State.SCHEDULED}


# --- the wait, beside the wish --------------------------------------------------------------------


WITH_WAIT: Final = [
    ("en-GB", "how long is the wait, and can you call me on friday?", "slot_5"),
    ("en-GB", "how long is the wait and can you call me friday at 10?", "phone"),
    ("en-GB", "can you call me friday at 10, and how long is the wait?", "phone"),
    ("de-DE", "Wie lange ist die Wartezeit, und rufen Sie mich am Freitag um 10 an?", "phone"),
    ("fr-FR", "quel est le temps d'attente, et rappelez-moi vendredi à 10h", "phone"),
]


@pytest.mark.parametrize(
    ("flow", "locale", "words", "asked"),
    [
        *(("request_callback", *each) for each in WITH_WAIT),
        *(("check_wait", *each) for each in WITH_WAIT),
        (
            "request_callback",
            "es-ES",
            "¿cuánto hay que esperar? y llámenme el viernes a las 10",
            "phone",
        ),
    ],
)
async def test_the_wait_that_is_asked_beside_a_wish_is_told_and_the_wish_taken(
    walk: Open, flow: str, locale: str, words: str, asked: str
) -> None:
    walker = walk(metadata={"locale": locale})
    said = await walker.say(words, Command("start", flow))
    assert said[0] == "utter_callback_wait_aside"
    assert said[1].endswith(asked)
    assert len(said) == 2


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("how long is the wait? call me asap on 030 23125011", "utter_ask_callback_confirmed_asap"),
        ("the wait is too long, call me on friday at 10", "utter_ask_callback_phone"),
    ],
)
async def test_the_wait_is_not_told_twice_and_not_to_who_complains_of_it(
    walk: Open, words: str, asked: str
) -> None:
    assert await walk().say(words, WANTED) == [asked]


# --- any time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "wish", "words", "day"),
    [
        ("en-GB", "call me on friday", "any time", 16),
        ("en-GB", "call me on friday morning", "whenever suits you", 16),
        ("de-DE", "rufen Sie mich am Freitag an", "egal wann", 16),
        ("fr-FR", "appelez-moi vendredi", "n'importe quand", 16),
        ("es-ES", "llámenme el viernes", "a cualquier hora", 16),
        ("en-GB", "call me on friday", "any day", 12),
        ("de-DE", "rufen Sie mich am Freitag an", "jeder Tag", 12),
        ("fr-FR", "appelez-moi vendredi", "n'importe quel jour", 12),
        ("es-ES", "llámenme el viernes", "cualquier día", 12),
    ],
)
async def test_any_time_is_any_of_the_day_that_was_named_unless_any_day_will_do(
    walk: Open, locale: str, wish: str, words: str, day: int
) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say(wish, WANTED)
    await walker.say(words, Command("set", "callback_time", words))
    # It is asked about, or taken from who has no preference.
    chosen = walker.slots["callback_slot"] or walker.slots["callback_menu"]["ids"][0]
    at = time_of_id(chosen)
    assert at is not None
    assert at.day == day


@pytest.mark.parametrize("is_wait_first", [True, False])
async def test_of_two_flows_begun_at_once_the_lower_one_says_nothing_when_all_is_done(
    walk: Open, centre: Sandbox, *, is_wait_first: bool
) -> None:
    both = [Command("start", "check_wait"), WANTED]
    walker = walk()
    words = "how long is the wait, and can you call me on friday at 10 on 030 23125011?"
    said = await walker.say(words, *(both if is_wait_first else reversed(both)))
    assert said == ["utter_callback_wait_aside", "utter_ask_callback_confirmed_scheduled"]
    said = await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert said[0] == "utter_callback_booked_scheduled"
    assert said[-1] == "utter_callback_change_hint"
    assert walker.is_over
    assert len(centre.world.rooms(None).centre.floor.callbacks()) == 1
    said = await walker.say("how long is the wait?", Command("start", "check_wait"))
    assert said[0] == "utter_callback_wait_aside"
