"""The time and number that are booked already, said once more: nothing is changed, nothing sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.actions.dialogue import (
    ANSWER,
    FORM,
    KIND,
    SHOW,
    SLOT,
    SUBMIT,
    THURSDAY_AT_15,
    drafted,
    open_times,
)

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

SAME = [
    ("en", "thursday at 3 is fine", "inform"),
    ("en", "thursday at 3pm", "inform"),
    ("en", "thursday at 3 is fine", "affirm"),
    ("en", "thursday is fine", "inform"),
    ("en", "thursday at 3 on +49 30 23125011", "inform"),
    ("en", "please call me on thursday at 3", "request_callback"),
    ("en", "move it to thursday at 3", "move_callback"),
    ("de", "donnerstag um 15 uhr passt", "inform"),
    ("de", "donnerstag um 15 uhr passt", "other_time"),
    ("de", "Donnerstag passt", "inform"),
    ("fr", "jeudi à 15h ça me va", "inform"),
    ("fr", "jeudi me va", "inform"),
    ("es", "el jueves a las 15 está bien", "inform"),
    ("es", "el jueves está bien", "inform"),
]


def written_to(sandbox: Sandbox) -> int:
    """How many callbacks were ever made; a move makes a new one."""
    return len(sandbox.world.rooms(None).centre.floor.callbacks())


@pytest.mark.parametrize(("language", "text", "intent"), SAME)
async def test_the_booked_time_said_at_the_menu_keeps_it(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    conversation.ask_about_open()
    form = await conversation.run(FORM, text, intent, requested=KIND)
    assert form.slots["requested_slot"] is None
    done = await conversation.run(SUBMIT, text, intent)
    assert done.said == ["utter_callback_kept"]
    assert written_to(ges_sandbox) == 1


@pytest.mark.parametrize(("language", "text", "intent"), SAME)
async def test_the_booked_time_said_after_it_was_told_keeps_it(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str, intent: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    await conversation.run(SHOW, "when is it", "show_callback")
    answered = await conversation.run(ANSWER, text, intent)
    if answered.followup is None:
        assert answered.said == ["utter_callback_kept"]
        return
    form = await conversation.run(FORM, text, intent)
    assert form.slots["requested_slot"] is None
    done = await conversation.run(SUBMIT, text, intent)
    assert done.said == ["utter_callback_kept"]
    assert written_to(ges_sandbox) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "move the thursday at 3 one"),
        ("de", "verschieben Sie den am Donnerstag um 15 Uhr"),
        ("fr", "déplacez celui de jeudi"),
        ("es", "cambie la del jueves"),
    ],
)
async def test_who_names_the_callback_that_is_to_be_moved_is_asked_for_the_new_time(
    conversation: Any, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    form = await conversation.run(FORM, text, "move_callback")
    assert form.slots["requested_slot"] == SLOT
    assert conversation.slots["callback_process"] == "move"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no, thursday at 3 after all"),
        ("de", "doch Donnerstag um 15 Uhr"),
        ("fr", "finalement jeudi à 15h"),
        ("es", "mejor el jueves a las 15"),
    ],
)
async def test_the_booked_time_said_while_it_is_moved_keeps_it(
    conversation: Any, ges_sandbox: Sandbox, language: str, text: str
) -> None:
    await conversation.book(THURSDAY_AT_15, language=language)
    await conversation.run(FORM, "move it to friday", "move_callback")
    form = await conversation.run(FORM, text, "inform", requested=SLOT)
    assert form.slots["requested_slot"] is None
    done = await conversation.run(SUBMIT, text, "inform")
    assert done.said == ["utter_callback_kept"]
    assert open_times(ges_sandbox) == [THURSDAY_AT_15]


async def test_a_move_to_the_same_time_and_number_is_not_sent(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(THURSDAY_AT_15, language="en")
    conversation.slots |= drafted(THURSDAY_AT_15, callback_process="move", callback_confirmed=True)
    done = await conversation.run(SUBMIT, "yes", "affirm")
    assert done.said == ["utter_callback_kept"]
    assert written_to(ges_sandbox) == 1


async def test_another_number_for_the_same_time_is_still_a_change(
    conversation: Any, ges_sandbox: Sandbox
) -> None:
    await conversation.book(THURSDAY_AT_15, language="en")
    conversation.ask_about_open()
    text = "thursday at 3 is fine but on +49 30 23125014"
    form = await conversation.run(FORM, text, "inform", requested=KIND)
    assert form.slots["requested_slot"] == "callback_confirmed"
    assert conversation.slots["callback_phone"] == "+493023125014"
    assert written_to(ges_sandbox) == 1
