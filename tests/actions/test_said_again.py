"""The same yes again, when only the conversation itself still knows what came of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from actions import runtime
from ges_connector.callbacks import CallbackService
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.testing.contact_centre import client_of
from tests.actions.dialogue import AGREED_IN_TURN, SUBMIT

if TYPE_CHECKING:
    from ges_connector.callbacks import CallbackConfig
    from ges_connector.sandbox.sandbox import Sandbox

CONFIRMED = AGREED_IN_TURN | {"callback_read_back_at": "2026-01-12T08:00:00Z"}

LOST = Fault(kind="reset-after", operation=Operation.CREATE, count=1)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (None, "utter_callback_already_booked_asap"),
        (LOST, "utter_callback_unconfirmed"),
    ],
)
async def test_a_server_that_has_forgotten_everything_sends_nothing_again(
    conversation: Any,
    config: CallbackConfig,
    ges_sandbox: Sandbox,
    fault: Fault | None,
    said: str,
) -> None:
    """Two workers answered at once, so the draft stands in its slots beside what came of it."""
    if fault is not None:
        ges_sandbox.world.order(fault)
    conversation.slots = dict(CONFIRMED)
    await conversation.run(SUBMIT, "yes", "affirm")
    centre = ges_sandbox.world.rooms(None).centre
    assert len(centre.floor.callbacks()) == 1
    anew = CallbackService(
        lambda: client_of(ges_sandbox), config, clock=ges_sandbox.world.clock.now
    )
    opened = runtime.Runtime(config, runtime.wording(), anew, ges_sandbox.world.clock.now)
    conversation.slots |= CONFIRMED
    with runtime.using(opened):
        outcome = await conversation.run(SUBMIT, "yes", "affirm")
    await anew.aclose()
    assert outcome.said[0].startswith(said)
    assert len(centre.floor.callbacks()) == 1
