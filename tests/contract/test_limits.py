"""Our own limits come before GES's, and a CAPTCHA token goes through to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from ges_connector.callbacks import BookingOutcome, CallbackConfig, CallbackService, Draft
from ges_connector.callbacks.booking import request_for
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ges_connector.sandbox.sandbox import Sandbox

CONFIG = CallbackConfig.from_mapping(
    {
        "topics": {
            "billing": {
                "service_name": "Billing_DE",
                "static_number": "+493023125001",
                "office_zone": "Europe/Berlin",
                "countries": ["DE"],
                "limits": {"per_conversation": 3, "open_per_number": 2},
            }
        }
    }
)
DRAFT = Draft(
    conversation_id="c",
    topic="billing",
    phone="+493023125011",
    desired_at=None,
    read_back_at=MONDAY,
    locale="en",
    zone="Europe/Berlin",
    channel="chat",
)


@pytest_asyncio.fixture
async def service(ges_sandbox: Sandbox) -> AsyncIterator[CallbackService]:
    clock = ges_sandbox.world.clock.now
    made = CallbackService(lambda: client_of(ges_sandbox), CONFIG, clock=clock)
    yield made
    await made.aclose()


def another(minute: int, **changes: Any) -> Draft:
    return replace(DRAFT, read_back_at=datetime(2026, 1, 5, 9, minute, tzinfo=UTC), **changes)


def sent(sandbox: Sandbox) -> int:
    entries = sandbox.world.journal.entries
    return sum(entry.operation == Operation.CREATE for entry in entries)


async def test_what_is_beyond_our_limits_is_not_even_sent(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    outcomes = [(await service.book(another(minute))).outcome for minute in range(4)]
    assert outcomes[0] is BookingOutcome.BOOKED
    assert outcomes[2:] == [BookingOutcome.LIMIT_REACHED] * 2
    assert sent(ges_sandbox) == 2


async def test_a_number_is_free_again_once_its_callback_is_cancelled(
    service: CallbackService,
) -> None:
    booked = [await service.book(another(minute)) for minute in range(2)]
    ids = [result.callback_id for result in booked if result.callback_id is not None]
    assert (await service.book(another(5))).outcome is BookingOutcome.LIMIT_REACHED
    assert (await service.cancel("billing", ids[0])).is_off
    assert (await service.book(another(6))).is_booked


async def test_a_conversation_cannot_have_one_number_after_the_other_rung(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    numbers = [f"+49302312502{last}" for last in range(6)]
    results = [await service.book(another(9, phone=number)) for number in numbers]
    assert [result.is_booked for result in results] == [True] * 3 + [False] * 3
    assert sent(ges_sandbox) == 3


def test_the_proof_that_a_person_asks_reaches_ges_and_no_repr() -> None:
    draft = replace(DRAFT, captcha_token="planted-captcha-token")
    request = request_for(draft, CONFIG.profile())
    assert request.captcha_token == "planted-captcha-token"
    assert "planted-captcha-token" not in f"{draft!r} {request!r} {draft.token}"
    assert request_for(DRAFT, CONFIG.profile()).captcha_token is None
