"""How many callbacks a conversation or a number may have."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ges_connector.api.redaction import pseudonym
from ges_connector.callbacks import Draft
from ges_connector.callbacks.allowance import Allowance, Exhausted, Permits
from ges_connector.callbacks.profile import Limits
from ges_connector.store import KEPT_SECONDS, InProcessStore, StoreUnavailableError

if TYPE_CHECKING:
    import pytest

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DRAFT = Draft(
    conversation_id="+493023125011",
    topic="billing",
    phone="+4915112345678",
    desired_at=None,
    read_back_at=NOW,
    locale="en",
    zone="Europe/Berlin",
    channel="chat",
)
LIMITS = Limits(per_conversation=3, open_per_number=2)


def named(kind: str, value: str) -> str:
    return pseudonym(kind, value, "the-key-of-all-replicas")


def draft(number: int) -> Draft:
    """Another booking, so many minutes later."""
    return replace(DRAFT, read_back_at=NOW + timedelta(minutes=number))


def elsewhere(number: int) -> Draft:
    """The same number in another conversation."""
    return replace(draft(number), conversation_id=f"conversation-{number}")


def to_another(number: int) -> Draft:
    """Another number in the same conversation."""
    return replace(draft(number), phone=f"+49151123456{number:02}")


async def test_a_number_has_so_many_callbacks_in_whatever_conversations() -> None:
    allowance = Allowance(InProcessStore(), named)
    allowed = [await allowance.take(elsewhere(number), LIMITS, NOW) for number in range(3)]
    assert [isinstance(each, Permits) for each in allowed] == [True, True, False]
    assert isinstance(await allowance.take(to_another(7), LIMITS, NOW), Permits)


async def test_a_conversation_books_so_often_a_day_for_whatever_numbers() -> None:
    allowance = Allowance(InProcessStore(), named)
    allowed = [await allowance.take(to_another(number), LIMITS, NOW) for number in range(4)]
    assert [isinstance(each, Permits) for each in allowed] == [True, True, True, False]
    assert isinstance(await allowance.take(to_another(9), LIMITS, NOW + timedelta(days=1)), Permits)


async def test_it_is_told_whether_another_number_would_help() -> None:
    allowance = Allowance(InProcessStore(), named)
    of_number = [await allowance.take(elsewhere(number), LIMITS, NOW) for number in range(3)]
    assert of_number[-1] is Exhausted.NUMBER
    of_both = [await allowance.take(draft(number), LIMITS, NOW) for number in range(20, 24)]
    assert of_both[-1] is Exhausted.NUMBER
    limits = Limits(per_conversation=1, open_per_number=1)
    first = await Allowance(store := InProcessStore(), named).take(draft(1), limits, NOW)
    assert isinstance(first, Permits)
    assert await Allowance(store, named).take(draft(2), limits, NOW) is Exhausted.CONVERSATION


async def test_who_is_refused_takes_nothing() -> None:
    allowance = Allowance(InProcessStore(), named)
    for number in range(3):
        await allowance.take(to_another(number), LIMITS, NOW)
    for number in range(10, 15):
        assert isinstance(await allowance.take(to_another(number), LIMITS, NOW), Exhausted)
    fresh = replace(to_another(10), conversation_id="another")
    assert isinstance(await allowance.take(fresh, LIMITS, NOW), Permits)


async def test_what_was_not_booked_and_what_was_cancelled_does_not_count() -> None:
    allowance = Allowance(InProcessStore(), named)
    for number in range(2):
        permits = await allowance.take(elsewhere(number), LIMITS, NOW)
        assert isinstance(permits, Permits)
        await allowance.note(f"callback-{number}", permits)
    assert isinstance(await allowance.take(elsewhere(2), LIMITS, NOW), Exhausted)
    await allowance.cancelled("callback-0")
    await allowance.cancelled("never-heard-of")
    permits = await allowance.take(elsewhere(3), LIMITS, NOW)
    assert isinstance(permits, Permits)
    await allowance.give_back(permits)
    assert isinstance(await allowance.take(elsewhere(4), LIMITS, NOW), Permits)


async def test_a_move_may_have_one_more_until_the_old_one_is_cancelled() -> None:
    allowance = Allowance(InProcessStore(), named)
    for number in range(2):
        assert isinstance(await allowance.take(elsewhere(number), LIMITS, NOW), Permits)
    assert isinstance(await allowance.take(elsewhere(2), LIMITS, NOW), Exhausted)
    assert isinstance(await allowance.take(elsewhere(3), LIMITS, NOW, is_move=True), Permits)
    assert isinstance(await allowance.take(elsewhere(4), LIMITS, NOW, is_move=True), Exhausted)


async def test_the_same_booking_again_takes_nothing_more() -> None:
    allowance = Allowance(InProcessStore(), named)
    first = [await allowance.take(DRAFT, LIMITS, NOW) for _ in range(5)]
    held = {each.held for each in first if isinstance(each, Permits)}
    assert (len(first), len(held)) == (5, 1)


async def test_many_at_once_get_no_more_than_there_are() -> None:
    store = InProcessStore()
    allowances = [Allowance(store, named) for _ in range(8)]
    taken = await asyncio.gather(
        *(each.take(elsewhere(number), LIMITS, NOW) for number, each in enumerate(allowances))
    )
    assert sum(isinstance(each, Permits) for each in taken) == 2


async def test_without_limits_nothing_is_limited() -> None:
    allowance = Allowance(InProcessStore(), named)
    unlimited = Limits(per_conversation=None, open_per_number=None)
    for number in range(50):
        assert isinstance(await allowance.take(draft(number), unlimited, NOW), Permits)


async def test_the_store_gets_no_number_and_no_conversation() -> None:
    store = InProcessStore()
    permits = await Allowance(store, named).take(DRAFT, LIMITS, NOW)
    assert isinstance(permits, Permits)
    await Allowance(store, named).note("callback-1", permits)
    held = f"{store._bookings!r} {permits!r}"
    assert "number-" in held
    assert "5112345678" not in held
    assert "3023125011" not in held


async def test_nothing_is_limited_while_the_store_is_out_of_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def unreachable(*_: object) -> None:
        raise StoreUnavailableError

    store = InProcessStore()
    for name in ("claim", "release", "settle", "result"):
        monkeypatch.setattr(store, name, unreachable)
    allowance = Allowance(store, named)
    permits = await allowance.take(DRAFT, LIMITS, NOW)
    assert isinstance(permits, Permits)
    await allowance.give_back(permits)
    await allowance.note("callback-1", permits)
    await allowance.cancelled("callback-1")


async def test_permits_that_nobody_gives_back_are_forgotten_in_time() -> None:
    now = [0.0]
    store = InProcessStore(clock=lambda: now[0])
    allowance = Allowance(store, named)
    for number in range(200):
        now[0] += KEPT_SECONDS / 10
        await allowance.take(elsewhere(number), LIMITS, NOW)
    assert len(store._bookings) < 40
    assert isinstance(await allowance.take(elsewhere(500), LIMITS, NOW), Exhausted)
    now[0] += KEPT_SECONDS
    assert isinstance(await allowance.take(elsewhere(501), LIMITS, NOW), Permits)


def test_whoever_reads_the_store_cannot_find_a_number_by_trying_all() -> None:
    ours = pseudonym("number", DRAFT.phone, "our key")
    assert ours == pseudonym("number", DRAFT.phone, "our key")
    assert ours != pseudonym("number", DRAFT.phone, "a guessed key")
    assert ours != pseudonym("conversation", DRAFT.phone, "our key")


async def test_a_cancelled_callback_gives_nothing_back_to_its_conversation() -> None:
    allowance = Allowance(InProcessStore(), named)
    for number in range(3):
        permits = await allowance.take(to_another(number), LIMITS, NOW)
        assert isinstance(permits, Permits)
        await allowance.note(f"callback-{number}", permits)
        await allowance.cancelled(f"callback-{number}")
    # Booking and cancelling over and over costs agents their time all the same.
    assert await allowance.take(to_another(7), LIMITS, NOW) is Exhausted.CONVERSATION
