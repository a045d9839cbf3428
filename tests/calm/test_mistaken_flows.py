"""A plain answer to our question counts, whatever flow the model would begin with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ges_connector.flows import Command
from ges_connector.flows.model import flow_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.flows import Walker
    from ges_connector.sandbox.sandbox import Sandbox

    Open = Callable[..., Walker]

TIMED: Final = ("2026-01-16 12:00", Command("start", "request_callback"))
ASKED: Final[dict[str, tuple[tuple[str, Command], ...]]] = {
    "callback_way": (("?", Command("start", "request_callback")),),
    "callback_time": (("?", Command("start", "choose_callback_time")),),
    "callback_number": (TIMED,),
    "callback_agreement": (TIMED, ("030 23125011", Command("set", "callback_number", "x"))),
}
"""What leads to each question, in any language."""
PLAIN: Final = [
    ("callback_way", "en-GB", "as soon as possible please", "callback_number"),
    ("callback_way", "en-GB", "on friday at noon", "callback_number"),
    ("callback_way", "de-DE", "am Freitag um zwölf Uhr bitte", "callback_number"),
    ("callback_time", "en-GB", "friday at noon", "callback_number"),
    ("callback_time", "en-GB", "the second one", "callback_number"),
    ("callback_time", "de-DE", "den zweiten bitte", "callback_number"),
    ("callback_time", "es-ES", "el viernes a las 12 por favor", "callback_number"),
    ("callback_time", "fr-FR", "vendredi à midi s'il vous plaît", "callback_number"),
    ("callback_time", "en-GB", "none of these", "callback_time"),
    ("callback_number", "en-GB", "030 23125011", "callback_agreement"),
    ("callback_number", "fr-FR", "c'est le 030 23125011", "callback_agreement"),
    ("callback_agreement", "en-GB", "yes please", None),
    ("callback_agreement", "de-DE", "ja, bitte", None),
    ("callback_agreement", "fr-FR", "oui, c'est ça", None),
    ("callback_agreement", "en-GB", "no, saturday at ten", "callback_agreement"),
    ("callback_agreement", "en-GB", "another number please", "callback_number"),
]
MISTAKEN: Final = ("cancel_callback", "check_wait", "give_call_in_number", "show_callback")


async def at(walk: Open, question: str, locale: str = "en-GB", **options: Any) -> Walker:
    walker = walk(metadata={"locale": locale}, **options)
    for words, command in ASKED[question]:
        await walker.say(words, command)
    assert walker.asks_for == question
    return walker


@pytest.mark.parametrize(("question", "locale", "words", "asked_next"), PLAIN)
@pytest.mark.parametrize("name", ["", *MISTAKEN])
async def test_a_plain_answer_counts_whatever_the_model_would_begin_with_it(  # noqa: PLR0913 - a row of a table
    walk: Open, *, name: str, question: str, locale: str, words: str, asked_next: str | None
) -> None:
    walker = await at(walk, question, locale)
    placed = Command("set", question, words) if not name else Command("start", name)
    said = await walker.say(words, placed)
    assert walker.asks_for == asked_next
    assert asked_next or walker.slots["callback_outcome"] == "booked"
    assert not {*said} & {"utter_callback_wait_aside", "utter_callback_static_number_only"}


@pytest.mark.parametrize(
    ("question", "words", "name", "told"),
    [
        ("callback_time", "how long is the wait on friday at noon", "check_wait", "_wait_aside"),
        ("callback_time", "cancel the one on friday at noon", "cancel_callback", "_stopped"),
        ("callback_time", "I cannot on friday at noon", "cancel_callback", "_slot_5"),
        ("callback_way", "no call, thanks", "cancel_callback", "_stopped"),
        ("callback_agreement", "is it friday at noon?", "show_callback", "confirmed_scheduled"),
    ],
)
async def test_what_asks_or_leaves_is_no_answer_though_a_time_is_in_it(
    walk: Open, question: str, words: str, name: str, told: str
) -> None:
    walker = await at(walk, question)
    said = await walker.say(words, Command("start", name))
    assert said[0].endswith(told)
    assert walker.slots["callback_id"] is None


@pytest.mark.parametrize("words", ["I'd like friday at noon", "friday at noon would suit me"])
async def test_a_time_that_was_taken_for_a_cancellation_is_kept(walk: Open, words: str) -> None:
    walker = await at(walk, "callback_time")
    said = await walker.say(words, Command("start", "cancel_callback"))
    assert said != ["utter_callback_stopped"]
    walker = await at(walk, "callback_time", sender="who is understood")
    assert await walker.say(words, Command("set", "callback_time", words)) == said


def of_repairs(walker: Walker) -> Walker:
    """Add a flow that chooses another topic before it begins a callback."""
    body: dict[str, Any] = {
        "persisted_slots": ["callback_profile"],
        "steps": [
            {"set_slots": [{"callback_profile": "support"}]},
            {
                "action": "action_begin_callback",
                "next": [{"if": "slots.callback_aside", "then": "END"}, {"else": "arrange"}],
            },
            {"id": "arrange", "call": "arrange_callback", "next": "END"},
        ],
    }
    walker.flows = {**walker.flows, "have_support_call": flow_of("have_support_call", body)}
    return walker


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("on friday at noon", None),
        ("the second one please", None),
        ("support should call me on friday at noon", "support"),
    ],
)
async def test_a_plain_answer_chooses_no_other_topic(
    walk: Open, centre: Sandbox, words: str, topic: str | None
) -> None:
    walker = of_repairs(await at(walk, "callback_time"))
    before = walker.slots["callback_offer"].get("topic")
    await walker.say(words, Command("start", "have_support_call"))
    assert walker.slots["callback_profile"] == topic
    assert walker.slots["callback_offer"].get("topic") == (topic or before)
    assert not centre.world.rooms(None).centre.floor.callbacks()
