"""What is said while a callback is arranged, and is no answer to the question that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

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
