"""A story whose time is not clear is asked for the time, not whether there is one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.dialogue import FORM, customer


async def asked_for(conversation: Any, language: str, text: str) -> tuple[str, list[str]]:
    """The slot that is asked for after a first message, and what is said before."""
    conversation.metadata = customer(language)
    outcome = await conversation.run(FORM, text, "request_callback")
    notes = [note["response"] for note in outcome.slots.get("callback_notes") or []]
    return conversation.slots["requested_slot"], notes


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I'm at work until five most days but wednesdays I finish at noon"),
        ("en", "ring me after my shift which ends at 4 on the days I am not on late duty"),
        ("en", "this week I'm on earlies, so ring me when I'm up, between that and the school run"),
        ("de", "ich bin meistens bis fünf arbeiten, an manchen Tagen aber nur bis zwölf"),
        ("de", "rufen Sie nach der Arbeit an, die meistens um fünf aus ist, außer mittwochs"),
        ("fr", "je travaille jusqu'à cinq heures la plupart des jours, sauf quand je finis à midi"),
        ("es", "trabajo hasta las cinco casi todos los días menos cuando salgo a las doce"),
        ("es", "llámeme cuando los niños estén en el colegio, excepto los días que trabajo tarde"),
    ],
)
async def test_an_unclear_time_within_a_story_is_asked_for(
    conversation: Any, language: str, text: str
) -> None:
    requested, notes = await asked_for(conversation, language, text)
    assert requested == "callback_slot"
    assert notes == ["utter_callback_time_unclear"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "my contract from last year was not renewed, please call me"),
        ("en", "I called and nobody answered, call me please"),
        ("de", "ich will nicht warten, rufen Sie mich bitte zurück"),
        ("fr", "je ne veux pas attendre, rappelez-moi"),
        ("es", "no quiero esperar, llámeme por favor"),
    ],
)
async def test_a_story_without_a_time_is_asked_which_kind_is_wanted(
    conversation: Any, language: str, text: str
) -> None:
    assert await asked_for(conversation, language, text) == ("callback_kind", [])
