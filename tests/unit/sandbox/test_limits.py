from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.limits import BookingLimits
from ges_connector.sandbox.seed import Service

NOON = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)  # in Berlin
ADA, BEN = "+12025550101", "+12025550102"


def limits(**settings_of_service: Any) -> BookingLimits:
    service = Service.model_validate({"name": "Billing", **settings_of_service})
    return BookingLimits(service, ZoneInfo("Europe/Berlin"))


def refusal(
    desk: BookingLimits, number: str = ADA, at: datetime = NOON, **circumstances: Any
) -> str:
    quiet = {"is_scheduled": False, "open_callbacks": 0, "queued": 0}
    return desk.refusal(number, at, **{**quiet, **circumstances}) or ""


def test_rule_18_the_daily_limit_refuses_one_more_of_the_same_number_only() -> None:
    desk = limits(per_number_daily_limit=3)
    for _ in range(3):
        assert not refusal(desk)
        desk.count(ADA, NOON, is_scheduled=False)
    assert "3 immediate callbacks" in refusal(desk)
    assert not refusal(desk, BEN)


def test_rule_18_the_default_limit_is_6_a_day() -> None:
    desk = limits()
    for _ in range(6):
        assert not refusal(desk)
        desk.count(ADA, NOON, is_scheduled=False)
    assert refusal(desk)


def test_rule_18_scheduled_callbacks_neither_count_nor_are_limited() -> None:
    desk = limits(per_number_daily_limit=1)
    desk.count(ADA, NOON, is_scheduled=True)
    assert not refusal(desk)
    desk.count(ADA, NOON, is_scheduled=False)
    assert refusal(desk)
    assert not refusal(desk, is_scheduled=True)


def test_rule_18_the_count_begins_anew_at_the_offices_midnight() -> None:
    desk = limits(per_number_daily_limit=1)
    desk.count(ADA, NOON, is_scheduled=False)
    midnight = datetime(2026, 1, 5, 23, 0, tzinfo=UTC)  # 00:00 in Berlin
    assert refusal(desk, at=midnight - timedelta(seconds=1))
    assert not refusal(desk, at=midnight)


@pytest.mark.parametrize(("check", "refused_from"), [("two", 2), ("strict", 1), ("off", 99)])
@pytest.mark.parametrize("is_scheduled", [True, False])
def test_rule_19_the_in_queue_check_counts_open_callbacks_of_both_kinds(
    check: str, refused_from: int, *, is_scheduled: bool
) -> None:
    desk = limits(in_queue_check=check)
    for open_callbacks in range(5):
        refused = refusal(desk, is_scheduled=is_scheduled, open_callbacks=open_callbacks)
        assert bool(refused) == (open_callbacks >= refused_from)


@pytest.mark.parametrize("is_scheduled", [True, False])
def test_rule_20_a_service_takes_so_many_in_a_window_of_both_kinds(*, is_scheduled: bool) -> None:
    desk = limits(windows=[{"limit": 2, "seconds": 60}])
    desk.count(ADA, NOON, is_scheduled=True)
    desk.count(ADA, NOON + timedelta(seconds=30), is_scheduled=False)
    late = NOON + timedelta(seconds=59)
    assert "2 callbacks in 60 seconds" in refusal(desk, BEN, late, is_scheduled=is_scheduled)
    assert not refusal(desk, BEN, NOON + timedelta(seconds=60), is_scheduled=is_scheduled)


def test_rule_20_the_longer_window_holds_when_the_shorter_has_passed() -> None:
    desk = limits(windows=[{"limit": 2, "seconds": 60}, {"limit": 3, "seconds": 3600}])
    for minute in range(3):
        desk.count(ADA, NOON + timedelta(minutes=minute), is_scheduled=True)
    assert "3 callbacks in 3600 seconds" in refusal(desk, at=NOON + timedelta(minutes=30))


def test_rule_21_a_deep_queue_takes_scheduled_callbacks_only() -> None:
    desk = limits(max_queued=4)
    assert not refusal(desk, queued=3)
    assert "4 callbacks in its queue" in refusal(desk, queued=4)
    assert not refusal(desk, queued=4, is_scheduled=True)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60), st.integers(1, 4))
def test_rule_20_no_window_ever_holds_more_than_its_limit(
    arrivals: list[tuple[int, bool]], limit: int
) -> None:
    desk = limits(windows=[{"limit": limit, "seconds": 60}], per_number_daily_limit=1000)
    accepted: list[datetime] = []
    at = NOON
    for gap, is_scheduled in arrivals:
        at += timedelta(seconds=gap)
        in_window = sum(at - earlier < timedelta(seconds=60) for earlier in accepted)
        refused = refusal(desk, at=at, is_scheduled=is_scheduled)
        assert bool(refused) == (in_window >= limit)
        if not refused:
            desk.count(ADA, at, is_scheduled=is_scheduled)
            accepted.append(at)
