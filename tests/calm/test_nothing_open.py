"""What is said while no question of ours is open is answered, whatever the model makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ges_connector.flows import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.flows import Walker
    from ges_connector.sandbox.sandbox import Sandbox

    Open = Callable[..., Walker]

UNPLACED: Final = ("cannot_handle", "chitchat", "search", "skip", "clarify")
REQUEST: Final = Command("start", "request_callback")


def held(sandbox: Sandbox) -> list[Any]:
    """The callbacks that are there and not over."""
    floor = sandbox.world.rooms(None).centre.floor
    return [each for each in floor.callbacks() if str(each.state.value) in {"SCHEDULED", "QUEUED"}]


async def booked(walk: Open, locale: str = "en-GB") -> Walker:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", REQUEST)
    await walker.say("2026-01-16 12:00", Command("set", "callback_way", "2026-01-16 12:00"))
    await walker.say("030 23125011", Command("set", "callback_number", "030 23125011"))
    await walker.say("/SetSlots(callback_agreement=yes)")
    assert walker.slots["callback_outcome"] == "booked"
    assert walker.is_over
    return walker


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "Cancel it"),
        ("en-GB", "please cancel my callback"),
        ("en-GB", "I don't need the call any more"),
        ("de-DE", "bitte absagen"),
    ],
)
@pytest.mark.parametrize("kind", UNPLACED)
async def test_a_wish_to_cancel_that_the_model_could_not_place_is_asked_about(
    walk: Open, centre: Sandbox, locale: str, words: str, kind: str
) -> None:
    walker = await booked(walk, locale)
    assert await walker.say(words, Command(kind)) == ["utter_ask_callback_cancel_confirmed"]
    assert walker.asks_for == "callback_cancel_agreement"
    assert len(held(centre)) == 1
    await walker.say("/SetSlots(callback_cancel_agreement=yes)")
    assert held(centre) == []
    assert walker.slots["callback_next"] == "over"


@pytest.mark.parametrize("flow", ["show_callback", "check_wait", "give_call_in_number"])
async def test_a_wish_to_cancel_that_the_model_took_for_a_question_is_asked_about(
    walk: Open, flow: str
) -> None:
    walker = await booked(walk)
    said = await walker.say("please cancel my callback", Command("start", flow))
    assert said == ["utter_ask_callback_cancel_confirmed"]
    assert walker.asks_for == "callback_cancel_agreement"


@pytest.mark.parametrize("flow", ["show_callback", "check_wait", "give_call_in_number"])
async def test_a_wish_for_a_call_that_the_model_took_for_a_question_is_arranged(
    walk: Open, flow: str
) -> None:
    walker = walk()
    said = await walker.say("call me on friday at noon on 030 23125011", Command("start", flow))
    assert said == ["utter_ask_callback_confirmed_scheduled"]


async def test_a_wish_to_cancel_that_a_flow_of_others_left_is_gone_with_the_next_message(
    walk: Open,
) -> None:
    walker = await booked(walk)
    walker.slots["callback_next"] = "cancel"
    await walker.say("blue", Command("cannot_handle"))
    assert walker.is_over
    assert walker.slots["callback_next"] == "over"


COURTESIES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "utter_callback_welcome": {
        "en-GB": ("thanks", "thank you very much!", "Thanks a lot"),
        "de-DE": ("danke", "Vielen Dank"),
        "es-ES": ("gracias", "muchas gracias"),
        "fr-FR": ("merci", "Merci beaucoup"),
    },
    "utter_callback_goodbye": {
        "en-GB": ("bye", "thanks, bye", "have a nice day"),
        "de-DE": ("tschüss", "Auf Wiedersehen"),
        "es-ES": ("adiós", "hasta luego"),
        "fr-FR": ("au revoir", "bonne journée"),
    },
    "utter_callback_greet": {
        "en-GB": ("hello", "good morning"),
        "de-DE": ("hallo", "Guten Tag"),
        "es-ES": ("hola", "buenos días"),
        "fr-FR": ("bonjour", "bonsoir"),
    },
}
POLITE: Final = [
    (response, locale, words)
    for response, said in COURTESIES.items()
    for locale, each in said.items()
    for words in each
]


@pytest.mark.parametrize(("response", "locale", "words"), POLITE)
async def test_a_courtesy_is_answered_with_one(
    walk: Open, response: str, locale: str, words: str
) -> None:
    for kind in ("cannot_handle", "chitchat"):
        walker = walk(metadata={"locale": locale}, sender=kind)
        assert await walker.say(words, Command(kind)) == [response]
    walker = await booked(walk, locale)
    assert await walker.say(words, Command("chitchat")) == [response]
    assert walker.is_over


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-GB", "thanks"), ("en-GB", "hello"), ("de-DE", "danke"), ("fr-FR", "merci")],
)
@pytest.mark.parametrize("command", [Command("chitchat"), Command("set", "callback_number", "x")])
async def test_a_courtesy_at_a_question_has_it_asked_again_and_counts_as_no_miss(
    walk: Open, locale: str, words: str, command: Command
) -> None:
    walker = walk(metadata={"locale": locale})
    await walker.say("?", REQUEST)
    await walker.say("2026-01-16 12:00", Command("set", "callback_way", "2026-01-16 12:00"))
    for _ in range(3):
        assert await walker.say(words, command) == ["utter_ask_callback_phone"]


@pytest.mark.parametrize("words", ["ok", "yes please"])
async def test_a_yes_behind_a_booking_is_told_that_it_is_booked(walk: Open, words: str) -> None:
    walker = await booked(walk)
    assert await walker.say(words, Command("cannot_handle")) == ["utter_callback_already_booked"]


@pytest.mark.parametrize(
    "slot", ["callback_agreement", "callback_cancel_agreement", "callback_number"]
)
async def test_a_yes_that_is_pressed_late_changes_nothing_and_is_told_so(
    walk: Open, centre: Sandbox, slot: str
) -> None:
    walker = await booked(walk)
    said = await walker.say(f"/SetSlots({slot}=yes)")
    assert said == ["utter_callback_already_booked"]
    assert len(held(centre)) == 1


async def test_an_old_time_that_is_pressed_late_moves_nothing(walk: Open, centre: Sandbox) -> None:
    walker = walk()
    await walker.say("which times are free?", Command("start", "choose_callback_time"))
    first, second = (walker.said[0][f"slot_{each}_id"] for each in (1, 2))
    await walker.say(f"/SetSlots(callback_time={second})")
    await walker.say("030 23125011", Command("set", "callback_number", "030 23125011"))
    await walker.say("/SetSlots(callback_agreement=yes)")
    said = await walker.say(f"/SetSlots(callback_time={first})")
    assert said == ["utter_callback_already_booked"]
    assert len(held(centre)) == 1


async def test_an_old_time_that_is_pressed_with_nothing_booked_begins_a_callback(
    walk: Open,
) -> None:
    walker = walk()
    await walker.say("which times are free?", Command("start", "choose_callback_time"))
    first = walker.said[0]["slot_1_id"]
    await walker.say("forget it", Command("cancel"))
    assert await walker.say(f"/SetSlots(callback_time={first})")
    assert walker.asks_for is not None


@pytest.mark.parametrize("choice", ["no", "stop", "keep"])
async def test_a_no_that_is_pressed_late_keeps_what_is_booked(
    walk: Open, centre: Sandbox, choice: str
) -> None:
    walker = await booked(walk)
    said = await walker.say(f"/SetSlots(callback_agreement={choice})")
    assert said == ["utter_callback_kept"]
    assert len(held(centre)) == 1


async def test_a_yes_to_cancelling_that_is_pressed_again_says_that_it_is_cancelled(
    walk: Open,
) -> None:
    walker = await booked(walk)
    await walker.say("cancel it", Command("start", "cancel_callback"))
    await walker.say("/SetSlots(callback_cancel_agreement=yes)")
    said = await walker.say("/SetSlots(callback_cancel_agreement=yes)")
    assert said == ["utter_callback_show_cancelled"]


@pytest.mark.parametrize(
    "command",
    [
        Command("set", "callback_time", "saturday at 10"),
        Command("set", "callback_way", "saturday at 10"),
        Command("cannot_handle"),
    ],
)
async def test_a_time_with_no_flow_open_begins_a_callback(walk: Open, command: Command) -> None:
    walker = walk()
    assert await walker.say("saturday at 10", command) == ["utter_ask_callback_phone"]
    assert walker.slots["callback_slot"] is not None


async def test_a_time_that_was_filed_as_an_answer_is_used_in_whatever_story_it_stands(
    walk: Open,
) -> None:
    walker = walk()
    words = "I think that for me and my brother saturday at 10 would suit"
    said = await walker.say(words, Command("set", "callback_time", words))
    assert walker.asks_for is not None, said


async def test_a_time_in_a_story_that_the_model_could_not_place_begins_nothing(walk: Open) -> None:
    walker = walk()
    words = "we had such a lovely day at the zoo with the children on saturday at 10"
    await walker.say(words, Command("chitchat"))
    assert walker.is_over


@pytest.mark.parametrize(
    ("locale", "words", "told"),
    [
        ("en-GB", "Move it", "utter_ask_callback_slot_5"),
        ("de-DE", "verschieben Sie ihn", "utter_ask_callback_slot_5"),
        ("fr-FR", "déplacez-le", "utter_ask_callback_slot_5"),
        ("es-ES", "muévalo", "utter_ask_callback_slot_5"),
        ("en-GB", "move it to saturday at ten", "utter_ask_callback_confirmed_move"),
        ("en-GB", "saturday at 10", "utter_callback_open_exists"),
        ("en-GB", "no, that's all, thanks", "utter_callback_kept"),
        ("de-DE", "nein, das ist alles, danke", "utter_callback_kept"),
    ],
)
@pytest.mark.parametrize("kind", UNPLACED)
async def test_what_is_said_of_what_is_booked_is_read_by_its_words(  # noqa: PLR0913 - a row of a table
    walk: Open, centre: Sandbox, *, kind: str, locale: str, words: str, told: str
) -> None:
    walker = await booked(walk, locale)
    assert await walker.say(words, Command(kind)) == [told]
    assert len(held(centre)) == 1


@pytest.mark.parametrize("words", ["never mind", "no thanks"])
async def test_a_refusal_behind_a_booking_changes_nothing_unasked(
    walk: Open, centre: Sandbox, words: str
) -> None:
    walker = await booked(walk)
    said = await walker.say(words, Command("cannot_handle"))
    assert said in (["utter_callback_kept"], ["utter_ask_callback_cancel_confirmed"])
    assert len(held(centre)) == 1


@pytest.mark.parametrize(
    ("words", "none", "one"),
    [
        ("are you a robot?", "utter_callback_automated_only", "utter_callback_automated"),
        ("who will call me?", "utter_callback_show_none", "utter_callback_who_calls"),
        ("what if I miss your call?", "utter_callback_show_none", "utter_callback_not_answered"),
    ],
)
async def test_a_call_is_spoken_of_only_where_one_is_booked(
    walk: Open, words: str, none: str, one: str
) -> None:
    assert await walk(sender="first").say(words, Command("chitchat")) == [none]
    walker = await booked(walk)
    assert await walker.say(words, Command("chitchat")) == [one]


async def test_to_leave_with_nothing_open_is_read_by_its_words(walk: Open) -> None:
    walker = walk()
    said = await walker.say("blue", Command("cancel"))
    assert said == ["utter_callback_not_understood_offer"]
    assert walker.ran[-1] == "action_not_understood"
