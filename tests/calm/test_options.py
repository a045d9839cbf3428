"""Options that are typed or said instead of pressed, word for word and in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.flows import Command
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import standing_sandbox
from ges_connector.wording.calm import collected_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from ges_connector.flows import Walker
    from ges_connector.sandbox.sandbox import Sandbox

    Open = Callable[..., Walker]
    Elsewhere = Callable[[Sandbox], AbstractAsyncContextManager[None]]

LOCALES = {"en": "en-GB", "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}
WISHES = {
    "en": "call me on friday at noon on 030 23125011",
    "de": "ruft mich am Freitag um 12 Uhr unter 030 23125011 an",
    "es": "llámeme el viernes a las 12 al 030 23125011",
    "fr": "appelez-moi vendredi à midi au 030 23125011",
}
WISH, YES = Command("start", "request_callback"), "/SetSlots(callback_agreement=yes)"
WAYS: dict[str, list[tuple[str, tuple[Command, ...]]]] = {
    "utter_ask_callback_kind": [("?", (WISH,))],
    "utter_ask_callback_kind_short": [("?", (WISH,))],
    "utter_callback_open_exists": [("", (WISH,)), (YES, ()), ("?", (WISH,))],
    "utter_ask_callback_slot_5": [("?", (Command("start", "choose_callback_time"),))],
    "utter_ask_callback_confirmed_scheduled": [("", (WISH,))],
    "utter_ask_callback_change": [("", (WISH,)), ("/SetSlots(callback_agreement=no)", ())],
    "utter_ask_callback_cancel_confirmed": [
        ("", (WISH,)),
        (YES, ()),
        ("?", (Command("start", "cancel_callback"),)),
    ],
}
"""What is said until a question is asked; nothing stands for the wish."""


def titles(domain: dict[str, Any], response: str, language: str) -> dict[str, str]:
    """The options of a question: what each sends, and what stands on it."""
    buttons = [each for said in domain["responses"][response] for each in said.get("buttons", ())]
    worded = [{**each, **each.get("translation", {}).get(language, {})} for each in buttons]
    return {each["payload"]: each["title"] for each in worded if "{" not in each["title"]}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("question", WAYS)
async def test_an_option_said_word_for_word_does_what_its_button_does(
    walk: Open, elsewhere: Elsewhere, domain: dict[str, Any], question: str, language: str
) -> None:
    async def after(message: str, *commands: Command) -> tuple[Any, ...]:
        sandbox = standing_sandbox(MONDAY)
        if question == "utter_ask_callback_kind_short":
            sandbox.world.rooms(None).centre.floor.set_agents("Billing_DE", 90)
        async with elsewhere(sandbox):
            walker = walk(metadata={"locale": LOCALES[language]})
            for words, meant in WAYS[question]:
                await walker.say(words or WISHES[language], *meant)
            assert walker.said[-1]["response"] == question
            said = await walker.say(message, *commands)
            return said, walker.asks_for, walker.slots["callback_outcome"]

    slot = collected_by(question)
    assert slot is not None
    options = titles(domain, question, language)
    assert options
    for payload, title in options.items():
        pressed = await after(payload)
        for words in (title, title.lower().rstrip(".!")):
            assert await after(words, Command("set", slot, words)) == pressed, words
