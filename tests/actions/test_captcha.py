"""Where GES wants a proof that a person asks, the page's own one reaches it with the yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.sandbox.seed import Captcha
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import built_in_seed, standing_sandbox
from tests.actions.dialogue import AGREED_IN_TURN, SUBMIT

if TYPE_CHECKING:
    from ges_connector.sandbox.sandbox import Sandbox

CONFIRMED = AGREED_IN_TURN | {"callback_read_back_at": "2026-01-12T08:00:00Z"}


@pytest.fixture
def ges_sandbox() -> Sandbox:
    """A contact centre that books for persons only."""
    seed = built_in_seed()
    asking = Captcha(site_key="site", accepted_tokens=("a-person",))
    tenants = tuple(each.model_copy(update={"captcha": asking}) for each in seed.tenants)
    return standing_sandbox(MONDAY, seed.model_copy(update={"tenants": tenants}))


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"captcha_token": "a-person"}, "utter_callback_booked_asap"),
        ({"captcha_token": "a-robot"}, "utter_callback_unavailable"),
        ({}, "utter_callback_unavailable"),
    ],
)
async def test_the_token_of_the_message_that_says_yes_decides(
    conversation: Any, ges_sandbox: Sandbox, shown: dict[str, str], said: str
) -> None:
    conversation.slots = dict(CONFIRMED)
    conversation.metadata = {**conversation.metadata, **shown}
    outcome = await conversation.run(SUBMIT, "yes", "affirm")
    assert outcome.said[0].startswith(said)
    held = ges_sandbox.world.rooms(None).centre.floor.callbacks()
    assert len(held) == (said == "utter_callback_booked_asap")
    assert not [each for each in shown.values() if each in str(outcome.events)]
