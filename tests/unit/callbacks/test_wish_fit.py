"""Which free times a wish can mean, over clock changes too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ges_connector.callbacks.free_times import FreeTime
from ges_connector.callbacks.wish_fit import fitting, measured
from ges_connector.language import Wish, understand

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
BEFORE_WINTER = datetime(2026, 10, 24, 15, 0, tzinfo=BERLIN)
BEFORE_SUMMER = datetime(2026, 3, 28, 15, 0, tzinfo=BERLIN)


def wish(text: str, now: datetime = MONDAY) -> Wish:
    outcome = understand(text, "en-GB", now, BERLIN.key)
    assert isinstance(outcome, Wish)
    return outcome


def free(*walls: datetime) -> tuple[FreeTime, ...]:
    return tuple(FreeTime(wall.astimezone(UTC)) for wall in walls)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


OFFICE = free(
    *(at(day, hour, minute) for day in (24, 25) for hour in range(9, 17) for minute in (0, 30))
)


def fit(text: str, times: tuple[FreeTime, ...] = OFFICE) -> list[str]:
    return [f"{each.start_at.astimezone(BERLIN):%d %H:%M}" for each in fitting(wish(text), times)]


@pytest.mark.parametrize("saturday", [BEFORE_WINTER, BEFORE_SUMMER])
@pytest.mark.parametrize("days", [1, 2])
def test_a_time_without_a_day_keeps_its_wall_time_over_a_clock_change(
    saturday: datetime, days: int
) -> None:
    at_two = saturday.replace(hour=14) + timedelta(days=days)
    times = free(at_two - timedelta(hours=1), at_two, at_two + timedelta(hours=1))
    assert fitting(wish("at 2pm", saturday), times) == (times[1],)


@pytest.mark.parametrize("saturday", [BEFORE_WINTER, BEFORE_SUMMER])
def test_a_window_of_the_day_after_the_clock_change_holds_its_wall_times(
    saturday: datetime,
) -> None:
    sunday = saturday.replace(hour=13) + timedelta(days=1)
    times = free(*(sunday + timedelta(hours=hours) for hours in range(4)))
    assert fitting(wish("tomorrow between 2 and 4pm", saturday), times) == times[1:3]


def test_distances_are_of_instants_on_a_named_day_and_of_clocks_else() -> None:
    monday_at_two = BEFORE_WINTER.replace(hour=14) + timedelta(days=2)
    assert not measured(wish("at 2pm", BEFORE_WINTER))(monday_at_two)
    by_day = measured(wish("today at 4pm", BEFORE_WINTER))
    assert by_day(monday_at_two.astimezone(UTC)) == timedelta(hours=47)


def test_the_free_times_decide_which_half_of_the_day_was_meant() -> None:
    assert fit("tomorrow at 3") == ["24 15:00"]


def test_a_window_holds_its_start_and_not_its_end() -> None:
    assert fit("tomorrow between 2 and 3pm") == ["24 14:00", "24 14:30"]


def test_any_of_two_days_will_do() -> None:
    assert fit("Tuesday or Wednesday at 10am") == ["24 10:00", "25 10:00"]


def test_around_a_time_takes_the_time_itself_or_its_neighbours() -> None:
    assert fit("tomorrow around 3pm") == ["24 15:00"]
    assert fit("tomorrow around 3:15pm") == ["24 15:00", "24 15:30"]


@pytest.mark.parametrize("now", [at(24, 10, 32), at(24, 10, 30) + timedelta(seconds=20)])
def test_what_is_counted_from_now_takes_the_neighbours_of_the_instant(now: datetime) -> None:
    counted = fitting(wish("in two hours", now), OFFICE)
    assert at(24, 12, 30) in {each.start_at.astimezone(BERLIN) for each in counted}
    assert len(counted) <= 2


def test_a_time_that_was_named_takes_no_neighbours() -> None:
    assert fit("tomorrow at 3:20pm") == []


def test_what_was_ruled_out_is_left_out() -> None:
    assert fit("Tuesday, but not in the morning")[0] == "24 12:00"
    assert fit("any day but Tuesday", free(at(24, 10), at(24, 11))) == []


def test_as_soon_as_possible_fits_every_time() -> None:
    assert len(fit("asap")) == len(OFFICE)
