"""Which times may be shown, and the ids they travel under."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.api import Availability, AvailabilitySlot, ProposedSlot
from ges_connector.callbacks import FreeTime, time_id, time_of_id
from ges_connector.callbacks.free_times import bookable, day_part, first_bookable, proposed
from ges_connector.callbacks.profile import SlotPolicy

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
POLICY = SlotPolicy(min_lead_minutes=30, horizon_days=14)
INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the zone is added beside it
    max_value=datetime(2999, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))


@given(INSTANTS)
def test_an_id_is_plain_and_means_its_instant(at: datetime) -> None:
    assert re.fullmatch(r"s[0-9a-z]+", time_id(at))
    assert time_of_id(time_id(at)) == at


@given(INSTANTS, INSTANTS)
def test_different_instants_have_different_ids(one: datetime, other: datetime) -> None:
    assert (time_id(one) == time_id(other)) == (one == other)


def test_one_instant_has_one_id_in_every_zone() -> None:
    assert time_id(NOW) == time_id(NOW.astimezone(ZoneInfo("Asia/Kolkata")))


@pytest.mark.parametrize(
    "text", [None, 5, "", "s", "S1", "s 1", "t1", "s-1", "szzzzzzzzzz", "s12345678901", "s1)"]
)
def test_what_is_no_id_has_no_instant(text: object) -> None:
    assert time_of_id(text) is None


def listed(*minutes_ahead: float, capacity: int = 1) -> tuple[AvailabilitySlot, ...]:
    return tuple(
        AvailabilitySlot(utc_time=NOW + timedelta(minutes=minutes), capacity=capacity)
        for minutes in minutes_ahead
    )


def test_full_near_and_far_times_are_left_out() -> None:
    fortnight = 14 * 24 * 60
    slots = (
        *listed(29, 30, fortnight, fortnight + 1),
        *listed(60, capacity=0),
    )
    times = bookable(Availability(slots=slots, duration_minutes=15), POLICY, NOW)
    assert [time.start_at - NOW for time in times] == [timedelta(minutes=30), timedelta(days=14)]
    assert {time.duration_minutes for time in times} == {15}


@given(st.lists(st.tuples(st.integers(0, 15 * 24 * 60), st.integers(0, 2)), max_size=6))
def test_the_first_time_is_the_first_of_all_times(slots: list[tuple[int, int]]) -> None:
    made = tuple(slot for minutes, capacity in slots for slot in listed(minutes, capacity=capacity))
    availability = Availability(slots=made, duration_minutes=15)
    times = bookable(availability, POLICY, NOW)
    first = first_bookable(availability, POLICY, NOW)
    assert first == (times[0] if times else None)


def test_proposals_are_judged_by_the_same_rules_and_sorted() -> None:
    slots = [
        ProposedSlot(utc_time=NOW + timedelta(minutes=minutes), capacity=capacity)
        for minutes, capacity in [(90, 1), (60, 2), (75, 0), (5, 1)]
    ]
    times = proposed(slots, POLICY, NOW)
    assert [time.start_at - NOW for time in times] == [timedelta(hours=1), timedelta(minutes=90)]
    assert times[0].ends_at is None


def test_a_slot_ends_after_its_length() -> None:
    assert FreeTime(NOW, 30).ends_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("utc", "day", "part"),
    [
        (datetime(2026, 3, 28, 10, 59, tzinfo=UTC), 28, 0),
        (datetime(2026, 3, 28, 11, 0, tzinfo=UTC), 28, 1),
        (datetime(2026, 3, 28, 16, 0, tzinfo=UTC), 28, 2),
        # The clocks go forward in the night: an hour less until noon.
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 29, 0),
        (datetime(2026, 3, 29, 10, 0, tzinfo=UTC), 29, 1),
    ],
)
def test_days_and_their_parts_are_those_of_the_customers_clock(
    utc: datetime, day: int, part: int
) -> None:
    date, found = day_part(utc, ZoneInfo("Europe/Berlin"))
    assert (date.day, found) == (day, part)
