"""A callback at a time that becomes one in turn: no time is told that nobody agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

AGREED = {
    "callback_phone": "+493023125011",
    "callback_confirmed": True,
    "callback_read_back_at": "2026-01-12T08:00:00Z",
}
IN_TURN = {"callback_process": "move", "callback_kind": "asap", "callback_slot": None, **AGREED}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (None, "utter_callback_number_changed_asap"),
        (
            Fault(kind="status", status=500, operation=Operation.CANCEL),
            "utter_callback_number_changed_old_remains",
        ),
    ],
)
async def test_a_move_into_the_line_tells_no_time(
    conversation: Any, ges_sandbox: Sandbox, fault: Fault | None, said: str
) -> None:
    menu = await conversation.run("validate_callback_form", "call me tomorrow", "request_callback")
    ids = (conversation.slots.get("callback_menu") or menu.slots["callback_menu"])["ids"]
    at_a_time = {"callback_kind": "scheduled", "callback_slot": ids[0], **AGREED}
    conversation.slots |= {"callback_process": "book", **at_a_time}
    booked = await conversation.run("action_submit_callback_form", "yes", "affirm")
    assert booked.said[0] == "utter_callback_booked_scheduled"
    if fault is not None:
        ges_sandbox.world.order(fault)
    conversation.slots |= IN_TURN
    moved = await conversation.run("action_submit_callback_form", "yes", "affirm")
    assert moved.said[0] == said
    assert not [each for each in moved.responses if each.get("moment")]
