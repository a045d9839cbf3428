"""Whichever engine asks, the same is booked, moved and cancelled, and by the same actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ges_connector.flows import Command
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import standing_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from ges_connector.flows import Walker
    from ges_connector.sandbox.sandbox import Sandbox

CANCELLING: Final = "callback_cancel_form"
# What is said, what the classifier of the one engine takes it for, with the form that is open, and
# what the model of the other makes of it.
SCHEDULED: Final = (
    ("call me back", "request_callback", "callback_form", Command("start", "request_callback")),
    ("friday at noon", "inform", "callback_form", Command("set", "callback_way", "friday at noon")),
    ("030 23125011", "inform", "callback_form", Command("set", "callback_number", "030 23125011")),
    ("yes please", "affirm", "callback_form", Command("set", "callback_agreement", "yes please")),
)
IN_TURN: Final = (
    (
        "call me as soon as possible on 030 23125011",
        "request_callback",
        "callback_form",
        Command("start", "request_callback"),
    ),
    SCHEDULED[-1],
)
MOVED: Final = (
    *SCHEDULED,
    (
        "move it to saturday at ten",
        "move_callback",
        "callback_form",
        Command("start", "move_callback"),
    ),
    SCHEDULED[-1],
)
CANCELLED: Final = (
    *SCHEDULED,
    ("cancel it", "cancel_callback", CANCELLING, Command("start", "cancel_callback")),
    ("yes, cancel it", "affirm", CANCELLING, Command("set", "callback_cancel_agreement", "yes")),
)
NOT_AGREED: Final = (
    *SCHEDULED[:-1],
    ("yes, maybe", "affirm", "callback_form", Command("set", "callback_agreement", "yes")),
)


def held(sandbox: Sandbox) -> list[dict[str, Any]]:
    """All callbacks, without what tells one conversation or one booking from the next."""
    return [
        {
            "number": each.phone_number,
            "at": each.desired_at,
            "state": str(each.state.value),
            "told": {key: told for key, told in each.user_data.items() if "id" not in key.lower()},
        }
        for each in sandbox.world.rooms(None).centre.floor.callbacks()
    ]


def changes(sandbox: Sandbox) -> list[tuple[str | None, int | None]]:
    """What GES was asked to change, and what it answered."""
    entries = sandbox.world.journal.entries
    return [
        (each.operation, each.status)
        for each in entries
        if each.operation in {"create", "cancel", "update"}
    ]


@pytest.mark.parametrize(
    ("turns", "count"),
    [(SCHEDULED, 1), (IN_TURN, 1), (MOVED, 2), (CANCELLED, 1), (NOT_AGREED, 0)],
    ids=["at a time", "in turn", "moved", "cancelled", "not agreed to"],
)
async def test_both_engines_leave_the_same_callbacks_by_the_same_actions(
    walk: Callable[..., Walker],
    forms: Any,
    elsewhere: Callable[[Sandbox], AbstractAsyncContextManager[None]],
    turns: tuple[tuple[str, str, str, Command], ...],
    count: int,
) -> None:
    of_flows, of_forms = standing_sandbox(MONDAY), standing_sandbox(MONDAY)
    walker = walk()
    async with elsewhere(of_flows):
        for text, _, _, command in turns:
            await walker.say(text, command)
    async with elsewhere(of_forms):
        for text, intent, form, _ in turns:
            await forms.say(text, intent, form)
    assert len(held(of_flows)) == count
    assert held(of_flows) == held(of_forms)
    assert changes(of_flows) == changes(of_forms)
    assert bool(changes(of_flows)) is bool(count)
    submitting = [action for action in walker.ran if action.startswith("action_submit_")]
    assert submitting == [action for action in forms.ran if action.startswith("action_submit_")]
    assert walker.slots["callback_outcome"] == forms.slots.get("callback_outcome")
