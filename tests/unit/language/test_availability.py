"""A wish against the times that are free."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ges_connector.language import Wish, understand
from ges_connector.language.availability import Explanation, SlotMatch, match

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)


def wish(text: str, now: datetime = NOW) -> Wish:
    outcome = understand(text, "en-GB", now, "Europe/Berlin")
    assert isinstance(outcome, Wish)
    return outcome


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


OFFICE = [at(day, hour, minute) for day in (24, 25) for hour in range(9, 17) for minute in (0, 30)]


def walls(starts: tuple[datetime, ...]) -> list[str]:
    return [start.astimezone(BERLIN).strftime("%d %H:%M") for start in starts]


def matched(text: str, slots: list[datetime] = OFFICE) -> SlotMatch:
    return match(wish(text), slots, duration_minutes=30)


def test_an_exact_wish_is_met_by_the_slot_that_holds_it() -> None:
    found = matched("tomorrow at 2:40pm")
    assert found.explanation is Explanation.FITS
    assert walls(found.fitting) == ["24 14:30"]


def test_the_offer_decides_which_half_of_the_day_was_meant() -> None:
    found = matched("tomorrow at 3")
    assert found.explanation is Explanation.FITS
    assert walls(found.fitting) == ["24 15:00"]
    assert len(found.readings) == 1


def test_two_readings_on_offer_have_to_be_asked_about() -> None:
    night_and_day = [at(24, 3), at(24, 15)]
    found = matched("tomorrow at 3", night_and_day)
    assert found.explanation is Explanation.UNDECIDED
    assert len(found.readings) == 2


def test_any_of_two_days_will_do_without_asking() -> None:
    found = matched("Tuesday or Wednesday at 10am")
    assert found.explanation is Explanation.FITS
    assert walls(found.fitting) == ["24 10:00", "25 10:00"]


def test_a_window_is_met_from_its_start_to_before_its_end() -> None:
    assert walls(matched("tomorrow between 2 and 3pm").fitting) == ["24 14:00", "24 14:30"]


def test_an_early_hour_of_an_open_end_is_left_out() -> None:
    assert walls(matched("tomorrow after 3pm").fitting) == [
        "24 15:00",
        "24 15:30",
        "24 16:00",
        "24 16:30",
    ]


def test_around_a_time_takes_its_neighbours_the_nearest_first() -> None:
    assert walls(matched("tomorrow around 3pm").fitting) == ["24 15:00", "24 14:30", "24 15:30"]


def test_a_time_without_a_day_moves_on_to_a_day_that_has_it() -> None:
    found = match(wish("at 2pm"), OFFICE, duration_minutes=30)
    assert found.explanation is Explanation.FITS_ANOTHER_DAY
    assert walls(found.fitting) == ["24 14:00", "25 14:00"]


def test_nothing_then_tells_the_nearest_of_that_day_first() -> None:
    found = matched("Tuesday after 5pm")
    assert found.explanation is Explanation.NOTHING_THEN
    assert found.fitting == ()
    assert walls(found.nearest[:2]) == ["24 16:30", "24 16:00"]


def test_a_day_without_any_slot_is_told() -> None:
    slots = [at(24, 10), at(27, 10)]
    assert matched("Wednesday", slots).explanation is Explanation.NOTHING_THAT_DAY


def test_a_wish_beyond_the_offer_is_told() -> None:
    assert matched("Friday at 10am").explanation is Explanation.AFTER_THE_LAST
    assert walls(matched("Friday at 10am").nearest[:1]) == ["25 16:30"]


def test_a_wish_before_the_offer_is_told() -> None:
    assert matched("today at 10am").explanation is Explanation.BEFORE_THE_FIRST


def test_ruled_out_slots_are_left_out() -> None:
    found = matched("Tuesday, but not in the morning")
    assert walls(found.fitting)[0] == "24 12:00"


def test_an_offer_that_was_ruled_out_entirely_is_told() -> None:
    found = matched("any day but Tuesday", [at(24, 10), at(24, 11)])
    assert found.explanation is Explanation.ALL_EXCLUDED


def test_no_slots_are_told() -> None:
    assert matched("tomorrow", []).explanation is Explanation.NO_SLOTS


def test_as_soon_as_possible_takes_the_slots_in_order() -> None:
    assert walls(matched("asap").fitting)[:2] == ["24 09:00", "24 09:30"]


def test_a_wish_over_a_clock_change_keeps_its_wall_time_on_another_day() -> None:
    saturday = datetime(2026, 10, 24, 15, 0, tzinfo=BERLIN)
    sunday_at_two = datetime(2026, 10, 25, 14, 0, tzinfo=BERLIN)
    found = match(wish("at 2pm", saturday), [sunday_at_two], duration_minutes=30)
    assert found.fitting == (sunday_at_two.astimezone(UTC),)
    monday_at_two = sunday_at_two + timedelta(days=1)
    found = match(wish("at 2pm", saturday), [monday_at_two], duration_minutes=30)
    assert found.explanation is Explanation.FITS_ANOTHER_DAY


def test_slots_must_have_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        match(wish("tomorrow"), [datetime(2026, 11, 24, 10)], 30)  # noqa: DTZ001
