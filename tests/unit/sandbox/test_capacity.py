from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.capacity import Capacity, Slot
from ges_connector.sandbox.office_hours import ALWAYS_OPEN, OfficeCalendar, offset_at, offset_runs
from ges_connector.sandbox.seed import CapacityRule, OfficeHours, Service

START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)  # a Monday
STARTED_ON = date(2026, 1, 5)
CHANGING_ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Nuuk",
    "America/Santiago",
    "Atlantic/Azores",
    "Pacific/Chatham",
    "America/St_Johns",
    "Antarctica/Troll",
)


def office(zone: str, *regular: str) -> OfficeCalendar:
    hours = {"name": "Office", "timezone": zone, "regular": regular or ("Mon-Sun 00:00-24:00",)}
    return OfficeCalendar(OfficeHours.model_validate(hours), START)


def capacity(
    calendar: OfficeCalendar = ALWAYS_OPEN,
    rule: dict[str, Any] | None = None,
    *,
    rule_sets_length: bool = True,
    **service: Any,
) -> Capacity:
    return Capacity(
        Service.model_validate({"name": "Billing", **service}),
        None if rule is None else CapacityRule.model_validate({"name": "Rule", **rule}),
        calendar,
        STARTED_ON,
        rule_sets_length=rule_sets_length,
    )


def at(hour: int, minute: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def test_rule_7_a_rule_gives_each_slot_of_each_weekday_its_places() -> None:
    places = capacity(
        office("UTC", "Mon-Fri 09:00-11:00"),
        {"slot_minutes": 30, "places": 3, "cells": {"Mon 10:00-10:30": 7, "Tue 09:00-11:00": 0}},
    )
    assert list(places.slots(START, START + timedelta(days=2))) == [
        Slot(at(9), 3, 3),
        Slot(at(9, 30), 3, 3),
        Slot(at(10), 7, 7),
        Slot(at(10, 30), 3, 3),
    ]


def test_rule_7_a_later_cell_overrides_an_earlier_one() -> None:
    places = capacity(rule={"cells": {"Mon-Fri 09:00-12:00": 4, "Mon 10:00-11:00": 1}})
    assert places.slot_at(at(10, 29)).total == 1
    assert places.slot_at(at(11)).total == 4
    assert places.slot_at(at(12)).total == 0


def test_rule_7_a_rule_has_no_zone_of_its_own_but_the_offices() -> None:
    places = capacity(
        office("America/New_York"), {"slot_minutes": 60, "cells": {"Mon 09:00-10:00": 2}}
    )
    assert places.slot_at(at(14)) == Slot(at(14), 2, 2)
    assert places.slot_at(at(9)).total == 0


def test_rule_8_without_a_rule_each_bucket_has_the_same_places() -> None:
    places = capacity(bucket_minutes=20, bucket_places=9)
    assert list(places.slots(at(8), at(9))) == [
        Slot(at(8), 9, 9),
        Slot(at(8, 20), 9, 9),
        Slot(at(8, 40), 9, 9),
    ]
    assert places.slot_minutes == 20


def test_rule_8_the_defaults_are_100_places_in_5_minutes() -> None:
    places = capacity()
    assert (places.slot_minutes, places.slot_at(at(8)).total) == (5, 100)


def test_q14_the_bucket_can_win_over_the_rules_slot_length() -> None:
    rule = {"slot_minutes": 60, "places": 4}
    assert capacity(rule=rule, bucket_minutes=15).slot_minutes == 60
    by_bucket = capacity(rule=rule, bucket_minutes=15, rule_sets_length=False)
    assert by_bucket.slot_minutes == 15
    assert by_bucket.slot_at(at(8)).total == 4


def test_rule_9_a_place_goes_with_a_booking_and_returns_on_cancel() -> None:
    places = capacity(rule={"places": 2})
    assert places.take(at(8, 10)) == at(8)
    assert places.slot_at(at(8, 29)) == Slot(at(8), 1, 2)
    assert places.slot_at(at(8, 30)) == Slot(at(8, 30), 2, 2)
    places.release(at(8, 5))
    assert places.slot_at(at(8)) == Slot(at(8), 2, 2)


def test_rule_9_a_full_slot_gives_no_place_and_an_empty_one_takes_none_back() -> None:
    places = capacity(rule={"places": 1})
    places.take(at(8))
    with pytest.raises(ValueError, match="no place left"):
        places.take(at(8, 20))
    places.release(at(8))
    with pytest.raises(ValueError, match="nobody holds"):
        places.release(at(8))


def test_full_slots_are_listed_only_on_request_and_slots_without_places_never() -> None:
    places = capacity(rule={"places": 0, "cells": {"Mon 08:00-09:00": 1}})
    places.take(at(8))
    assert list(places.slots(at(7), at(10))) == [Slot(at(8, 30), 1, 1)]
    assert list(places.slots(at(7), at(10), with_full=True)) == [
        Slot(at(8), 0, 1),
        Slot(at(8, 30), 1, 1),
    ]


def test_a_filled_day_leaves_the_share_that_others_have_not_taken() -> None:
    places = capacity(
        rule={"places": 10},
        filled_days=[{"in_days": 1}, {"on": "2026-01-07", "share": 0.25}],
    )
    assert places.slot_at(at(8)).capacity == 10
    assert places.slot_at(at(8, day=6)) == Slot(at(8, day=6), 0, 10)
    assert places.slot_at(at(8, day=7)).capacity == 7
    assert list(places.slots(at(0, day=6), at(0, day=7))) == []
    assert {slot.capacity for slot in places.slots(at(0, day=7), at(0, day=8))} == {7}


def test_places_restored_beyond_a_smaller_rule_leave_none_and_never_less() -> None:
    places = capacity(rule={"places": 1})
    places.retake(at(8))
    places.retake(at(8))
    assert places.slot_at(at(8)) == Slot(at(8), 0, 1)
    assert list(places.slots(at(8), at(8, 30), with_full=True)) == [Slot(at(8), 0, 1)]


def test_only_slots_that_start_in_the_period_and_in_office_hours_are_listed() -> None:
    places = capacity(office("UTC", "Mon 08:15-10:15"), {"places": 1})
    assert [slot.start_at for slot in places.slots(at(8, 31), at(12))] == [at(9), at(9, 30), at(10)]
    assert [slot.start_at for slot in places.slots(START, at(9))] == [at(8, 30)]


def test_rule_12_slots_follow_the_wall_of_a_zone_with_a_quarter_hour() -> None:
    places = capacity(office("Asia/Kathmandu", "Mon-Sun 09:00-10:00"), {"places": 1})
    assert [slot.start_at for slot in places.slots(at(0), at(12))] == [at(3, 15), at(3, 45)]


def test_rule_12_the_skipped_hour_has_no_slots_and_the_repeated_one_has_them_twice() -> None:
    places = capacity(office("Europe/Berlin"), {"slot_minutes": 60, "places": 1})
    spring = datetime(2026, 3, 29, tzinfo=UTC)
    autumn = datetime(2026, 10, 25, tzinfo=UTC)
    assert [
        _wall_hour(places, slot) for slot in places.slots(spring, spring + timedelta(hours=3))
    ] == [1, 3, 4]
    assert [
        _wall_hour(places, slot) for slot in places.slots(autumn, autumn + timedelta(hours=3))
    ] == [2, 2, 3]
    places.take(autumn)
    assert places.slot_at(autumn).capacity == 0
    assert places.slot_at(autumn + timedelta(hours=1)).capacity == 1


def _wall_hour(places: Capacity, slot: Slot) -> int:
    return slot.start_at.astimezone(places._calendar.zone).hour


def test_rule_12_a_clock_change_inside_a_slot_ends_it_and_begins_another() -> None:
    places = capacity(office("Australia/Lord_Howe"), {"slot_minutes": 60, "places": 1})
    change = datetime(2026, 4, 4, 15, 0, tzinfo=UTC)  # 02:00 becomes 01:30 again
    assert places.slot_of(change + timedelta(minutes=5)) == (change, change + timedelta(minutes=30))
    starts = [slot.start_at for slot in places.slots(change, change + timedelta(hours=1))]
    assert starts == [change, change + timedelta(minutes=30)]
    just_after = change + timedelta(milliseconds=1)
    starts = [slot.start_at for slot in places.slots(just_after, change + timedelta(hours=1))]
    assert starts == [change + timedelta(minutes=30)]


def test_rule_10_proposals_are_around_the_wish_and_in_order_of_time() -> None:
    places = capacity(office("UTC", "Mon-Fri 06:00-12:00"), {"slot_minutes": 60, "places": 2})
    for _ in range(2):
        places.take(at(10))
    proposed = places.proposals(at(10), earliest=at(6), latest=at(0, day=20), count=5)
    assert list(proposed.items()) == [
        (at(8), 2),
        (at(9), 2),
        (at(11), 2),
        (at(6, day=6), 2),
        (at(7, day=6), 2),
    ]


def test_rule_10_no_slot_of_the_past_or_beyond_the_horizon_is_proposed() -> None:
    places = capacity(office("UTC", "Mon-Fri 08:00-12:00"), {"slot_minutes": 60, "places": 2})
    proposed = places.proposals(at(10), earliest=at(8, 30), latest=at(12), count=8)
    assert list(proposed) == [at(9), at(10), at(11)]


def test_rule_10_an_earlier_day_is_never_proposed_and_none_at_all_if_none_is_wanted() -> None:
    places = capacity(office("UTC", "Mon-Fri 08:00-09:00"), {"slot_minutes": 60, "places": 2})
    assert list(places.proposals(at(20, day=6), earliest=START, latest=at(0, day=8), count=4)) == [
        at(8, day=6),
        at(8, day=7),
    ]
    assert places.proposals(at(8), earliest=START, latest=at(0, day=9), count=0) == {}


LENGTHS = st.sampled_from([5, 10, 15, 20, 30, 60, 120])


@given(st.sampled_from(CHANGING_ZONES), LENGTHS, st.integers(0, 2000), st.integers(-900, 900))
@settings(deadline=None)
def test_rule_12_slots_tile_the_time_around_every_clock_change(
    zone: str, minutes: int, days: int, shift: int
) -> None:
    calendar = office(zone)
    places = capacity(calendar, bucket_minutes=minutes)
    first = START + timedelta(days=days)
    changes = [run[0] for run in offset_runs(calendar.zone, first, first + timedelta(days=370))][1:]
    start = changes[0] + timedelta(minutes=shift)
    slots = list(places.slots(start, start + timedelta(hours=26)))
    starts = [slot.start_at for slot in slots]
    assert starts == sorted(set(starts))
    for slot_start, following in pairwise(starts):
        assert places.slot_of(slot_start) == (slot_start, following)
        assert places.slot_of(following - timedelta(microseconds=1)) == (slot_start, following)
        assert following - slot_start <= timedelta(minutes=minutes)
        wall = slot_start + offset_at(calendar.zone, slot_start)
        aligned = (wall.hour * 60 + wall.minute) % minutes == 0 and wall.second == 0
        assert aligned or slot_start in changes
    assert starts[0] - start < timedelta(minutes=minutes)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 119)), max_size=60),
    st.integers(0, 4),
)
def test_rule_9_no_sequence_of_bookings_and_cancels_loses_or_invents_a_place(
    moves: list[tuple[bool, int]], places_of_slot: int
) -> None:
    places = capacity(rule={"places": places_of_slot})
    held: Counter[datetime] = Counter()
    for books, minute in moves:
        instant = at(8) + timedelta(minutes=minute)
        slot_start = places.slot_of(instant)[0]
        if books and held[slot_start] < places_of_slot:
            assert places.take(instant) == slot_start
            held[slot_start] += 1
        elif books:
            with pytest.raises(ValueError, match="no place"):
                places.take(instant)
        elif held[slot_start]:
            places.release(instant)
            held[slot_start] -= 1
        else:
            with pytest.raises(ValueError, match="nobody"):
                places.release(instant)
        listed = list(places.slots(at(8), at(10), with_full=True))
        assert all(0 <= slot.capacity <= slot.total for slot in listed)
        assert sum(slot.total - slot.capacity for slot in listed) == held.total()
        assert all(places.slot_at(slot.start_at) == slot for slot in listed)
