"""Menus: the first, its pages, and what is shown when nothing fits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.callbacks import (
    Explanation,
    FreeTime,
    MenuView,
    Page,
    Shown,
    SlotMenu,
    open_menu,
    turn_page,
)
from ges_connector.callbacks.profile import QuietHours, SlotPolicy
from ges_connector.language import Grain, Interval, Wish, WishKind

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 12, 9, 10, tzinfo=UTC)  # Monday 10:10
NIGHT = QuietHours.model_validate({"starts": "21:00", "ends": "08:00"})


def at(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 1, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def office_times(*days: int, first: str = "08:00", last: str = "17:30") -> list[FreeTime]:
    times = []
    for day in days:
        moment = at(day, first)
        while moment <= at(day, last):
            times.append(FreeTime(moment, 30))
            moment += timedelta(minutes=30)
    return [time for time in times if time.start_at >= NOW + timedelta(minutes=30)]


WEEK = office_times(12, 13, 14, 15, 16, 19)


def view(count: int = 5, *, quiet: QuietHours | None = NIGHT) -> MenuView:
    return MenuView(zone=ZONE, now=NOW, count=count, policy=SlotPolicy(), quiet_hours=quiet)


def told(menu: SlotMenu) -> list[str]:
    return [time.start_at.astimezone(ZONE).strftime("%d %H:%M") for time in menu.times]


def window(start: datetime | None, end: datetime | None, *, day_named: bool = True) -> Wish:
    return Wish(WishKind.WINDOW, start, end, Grain.PART, zone="Europe/Berlin", day_named=day_named)


def day(number: int) -> Wish:
    return Wish(
        WishKind.DAY, at(number, "00:00"), at(number + 1, "00:00"), Grain.DAY, zone="Europe/Berlin"
    )


def exact(moment: datetime, *, day_named: bool = True, approximate: bool = False) -> Wish:
    return Wish(
        WishKind.EXACT,
        moment,
        None,
        Grain.HOUR,
        zone="Europe/Berlin",
        day_named=day_named,
        approximate=approximate,
    )


def undecided(*readings: Wish) -> Wish:
    return Wish(
        readings[0].kind,
        None,
        None,
        readings[0].grain,
        zone="Europe/Berlin",
        alternatives=readings,
        undecided=True,
        day_named=readings[0].day_named,
    )


def test_the_first_menu_holds_the_earliest_and_spreads_over_days_and_their_parts() -> None:
    menu = open_menu(WEEK, view())
    assert told(menu) == ["12 11:00", "12 12:00", "13 08:00", "13 12:00", "14 08:00"]
    assert (menu.explanation, menu.has_more) == (Explanation.AS_WISHED, True)


def test_a_spoken_menu_is_shorter() -> None:
    assert told(open_menu(WEEK, view(3))) == ["12 11:00", "12 12:00", "13 08:00"]


def test_a_single_part_of_a_day_is_filled_from_end_to_end() -> None:
    menu = open_menu(WEEK, view(), window(at(13, "12:00"), at(13, "17:00")))
    assert told(menu) == ["13 12:00", "13 13:00", "13 14:00", "13 15:00", "13 16:30"]


AROUND_THE_CLOCK = office_times(13, 14, first="00:00", last="23:30")


@pytest.mark.parametrize(
    "wish",
    [
        day(13),
        window(at(13, "06:00"), at(13, "12:00")),
        window(None, at(13, "12:00")),
        window(at(13, "18:00"), at(14, "00:00")),
        exact(at(13, "08:10")),
    ],
    ids=["a day", "a morning", "before noon", "an evening", "just awake"],
)
def test_no_quiet_hour_is_proposed_unasked(wish: Wish) -> None:
    clocks = [clock[3:] for clock in told(open_menu(AROUND_THE_CLOCK, view(), wish))]
    assert clocks
    assert all("08:00" <= clock < "21:00" for clock in clocks)


@pytest.mark.parametrize(
    ("wish", "offered"),
    [
        (exact(at(13, "22:30")), "13 22:30"),
        (exact(at(13, "22:40")), "13 22:30"),
        (window(at(13, "22:00"), at(14, "06:00")), "13 22:00"),
    ],
    ids=["on the hour", "between two times", "the night"],
)
def test_who_asks_for_a_quiet_hour_gets_it(wish: Wish, offered: str) -> None:
    assert offered in told(open_menu(AROUND_THE_CLOCK, view(), wish))


def test_further_pages_leave_the_quiet_hours_out_as_long_as_others_are_free() -> None:
    shown = Shown((at(13, "10:00"),))
    earlier = turn_page(AROUND_THE_CLOCK, view(), Page.EARLIER, shown)
    assert all(clock[3:] >= "08:00" for clock in told(earlier))
    still_earlier = turn_page(AROUND_THE_CLOCK, view(), Page.EARLIER, Shown((at(13, "08:00"),)))
    assert "13 07:30" in told(still_earlier)


def test_quiet_hours_are_proposed_only_if_nothing_else_is_free() -> None:
    night = [FreeTime(at(12, "22:00"), 30), FreeTime(at(13, "07:30"), 30)]
    awake = FreeTime(at(13, "09:00"), 30)
    assert told(open_menu([*night, awake], view())) == ["13 09:00"]
    assert told(open_menu(night, view())) == ["12 22:00", "13 07:30"]
    assert told(open_menu([*night, awake], view(quiet=None)))[0] == "12 22:00"
    assert told(open_menu([*night, awake], view(), day(12))) == ["12 22:00"]


def test_nothing_free_is_an_empty_menu() -> None:
    assert open_menu([], view()) == SlotMenu((), Explanation.NOTHING_FREE)
    assert turn_page([], view(), Page.MORE, Shown(())).explanation is Explanation.NOTHING_FREE


def test_fewer_times_than_entries_are_all_shown() -> None:
    menu = open_menu(WEEK[:3], view())
    assert (len(menu.times), menu.has_more) == (3, False)


@pytest.mark.parametrize(
    ("wish", "explanation", "times"),
    [
        (
            exact(at(13, "19:00")),
            Explanation.NOT_THAT_TIME,
            ["13 15:30", "13 16:00", "13 16:30", "13 17:00", "13 17:30"],
        ),
        (
            exact(at(13, "10:10")),
            Explanation.BETWEEN_TIMES,
            ["13 09:00", "13 09:30", "13 10:00", "13 10:30", "13 11:00"],
        ),
        (
            day(17),
            Explanation.NOT_THAT_DAY,
            ["16 08:00", "16 12:00", "16 17:30", "19 08:00", "19 12:00"],
        ),
        (
            exact(at(17, "15:00")),
            Explanation.NOT_THAT_DAY,
            ["13 15:00", "14 15:00", "15 15:00", "16 15:00", "19 15:00"],
        ),
        (
            exact(NOW + timedelta(minutes=5)),
            Explanation.TOO_SOON,
            ["12 11:00", "12 11:30", "12 12:00", "12 12:30", "12 13:00"],
        ),
        (
            exact(NOW + timedelta(days=30)),
            Explanation.TOO_FAR,
            ["19 15:30", "19 16:00", "19 16:30", "19 17:00", "19 17:30"],
        ),
        (
            exact(at(12, "06:00"), day_named=False),
            Explanation.NOT_THAT_TIME,
            ["13 08:00", "14 08:00", "15 08:00", "16 08:00", "19 08:00"],
        ),
    ],
    ids=["after hours", "between", "Saturday", "Saturday at three", "too soon", "too far", "six"],
)
def test_when_nothing_fits_the_nearest_are_shown_and_the_reason(
    wish: Wish, explanation: Explanation, times: list[str]
) -> None:
    menu = open_menu(WEEK, view(), wish)
    assert (menu.explanation, told(menu)) == (explanation, times)


def test_what_the_customer_ruled_out_is_not_shown_even_as_nearest() -> None:
    no_friday = replace(day(17), excluded=(Interval(at(16, "00:00"), at(17, "00:00")),))
    assert not [entry for entry in told(open_menu(WEEK, view(), no_friday)) if entry[:2] == "16"]


def test_not_on_a_day_leaves_all_the_others() -> None:
    wish = Wish(
        WishKind.WINDOW,
        None,
        None,
        Grain.ANY,
        zone="Europe/Berlin",
        excluded=(Interval(at(12, "00:00"), at(13, "00:00")),),
        day_named=False,
    )
    assert told(open_menu(WEEK, view(3), wish)) == ["13 08:00", "13 12:00", "14 08:00"]


def test_a_time_of_day_without_a_day_means_every_day() -> None:
    menu = open_menu(WEEK, view(), window(at(12, "16:00"), at(12, "17:00"), day_named=False))
    assert told(menu) == ["12 16:00", "13 16:00", "14 16:00", "15 16:00", "16 16:00"]


def test_the_office_hours_decide_between_two_readings() -> None:
    after_five = undecided(
        Wish(
            WishKind.AFTER, at(12, "05:00"), None, Grain.HOUR, zone="Europe/Berlin", day_named=False
        ),
        Wish(
            WishKind.AFTER, at(12, "17:00"), None, Grain.HOUR, zone="Europe/Berlin", day_named=False
        ),
    )
    assert {entry[3:5] for entry in told(open_menu(WEEK, view(9), after_five))} == {"17"}
    three = undecided(exact(at(13, "03:00")), exact(at(13, "15:00")))
    assert told(open_menu(WEEK, view(), three)) == ["13 15:00"]


def test_both_readings_are_shown_where_both_are_free() -> None:
    around_the_clock = office_times(13, first="00:00", last="23:30")
    three = undecided(exact(at(13, "03:00")), exact(at(13, "15:00")))
    assert told(open_menu(around_the_clock, view(), three)) == ["13 03:00", "13 15:00"]


def test_about_three_is_three_if_that_is_free_and_near_it_if_not() -> None:
    about = exact(at(13, "15:00"), approximate=True)
    assert told(open_menu(WEEK, view(), about)) == ["13 15:00"]
    others = [time for time in WEEK if time.start_at != at(13, "15:00")]
    assert told(open_menu(others, view(), about)) == ["13 14:30", "13 15:30"]


# --- pages ---


def shown(menu: SlotMenu, *before: SlotMenu) -> Shown:
    return Shown.of_ids(menu.ids, [each for other in before for each in other.ids])


def test_more_shows_what_was_not_shown_yet() -> None:
    first = open_menu(WEEK, view())
    second = turn_page(WEEK, view(), Page.MORE, shown(first))
    third = turn_page(WEEK, view(), Page.MORE, shown(second, first))
    assert len({*first.ids, *second.ids, *third.ids}) == 15


def test_more_stays_within_the_wish_then_goes_beyond_it_and_says_so() -> None:
    friday = day(16)
    menu, seen = open_menu(WEEK, view(), friday), list[SlotMenu]()
    while menu.explanation is Explanation.AS_WISHED:
        assert {entry[:2] for entry in told(menu)} == {"16"}
        seen.append(menu)
        menu = turn_page(WEEK, view(), Page.MORE, shown(menu, *seen), friday)
    assert menu.explanation is Explanation.WIDENED
    assert "16" not in {entry[:2] for entry in told(menu)}
    assert sum(len(each.times) for each in seen) == 20


def test_later_begins_after_the_last_on_offer() -> None:
    menu = turn_page(WEEK, view(), Page.LATER, shown(open_menu(WEEK, view())))
    assert told(menu) == ["14 08:30", "14 12:00", "15 08:00", "15 12:00", "16 08:00"]


def test_earlier_comes_nearest_to_what_is_on_offer() -> None:
    friday = open_menu(WEEK, view(3), day(16))
    menu = turn_page(WEEK, view(3), Page.EARLIER, shown(friday))
    assert told(menu) == ["14 17:30", "15 16:30", "15 17:30"]


def test_another_day_is_one_that_was_not_shown() -> None:
    menu = turn_page(WEEK, view(3), Page.OTHER_DAY, shown(open_menu(WEEK, view(3))))
    assert told(menu) == ["14 08:00", "14 12:00", "15 08:00"]


@pytest.mark.parametrize(
    ("page", "explanation"),
    [
        (Page.EARLIER, Explanation.NOTHING_EARLIER),
        (Page.LATER, Explanation.NOTHING_LATER),
        (Page.MORE, Explanation.NOTHING_MORE),
        (Page.OTHER_DAY, Explanation.NOTHING_MORE),
    ],
)
def test_where_a_page_is_empty_what_is_still_free_stays_on_offer(
    page: Page, explanation: Explanation
) -> None:
    first = open_menu(WEEK[:3], view())
    menu = turn_page(WEEK[:2], view(), page, shown(first))
    assert (menu.explanation, menu.times) == (explanation, first.times[:2])


def test_where_nothing_of_the_menu_is_free_any_more_the_earliest_are_shown() -> None:
    menu = turn_page(WEEK[:2], view(), Page.EARLIER, Shown((NOW,)))
    assert menu.times == tuple(WEEK[:2])


def test_kept_ids_that_are_none_are_passed_over() -> None:
    assert Shown.of_ids(["nonsense", None, WEEK[0].id]) == Shown((WEEK[0].start_at,))


# --- over all zones and days ---

ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "America/St_Johns"]
)
STARTS = st.sampled_from(
    [
        datetime(2026, 3, 27, tzinfo=UTC),
        datetime(2026, 10, 23, tzinfo=UTC),
        datetime(2026, 10, 30, tzinfo=UTC),
        datetime(2026, 12, 30, tzinfo=UTC),
    ]
)


@st.composite
def free_times(draw: st.DrawFn) -> list[FreeTime]:
    start = draw(STARTS)
    steps = draw(st.sets(st.integers(0, 14 * 48), min_size=1, max_size=120))
    return [FreeTime(start + timedelta(minutes=30 * step), 30) for step in sorted(steps)]


@given(times=free_times(), zone=ZONES, count=st.integers(1, 6))
def test_a_menu_is_sorted_free_of_repetition_and_begins_with_the_earliest(
    times: list[FreeTime], zone: str, count: int
) -> None:
    seen = MenuView(ZoneInfo(zone), times[0].start_at, count, SlotPolicy())
    menu = open_menu(times, seen)
    assert menu.times[0] == times[0]
    assert all(one < other for one, other in pairwise(menu.times))
    assert set(menu.times) <= set(times)
    assert len(menu.times) == min(count, len(times))


@given(times=free_times(), zone=ZONES, day_ahead=st.integers(0, 13))
def test_a_wish_for_a_day_shows_that_day_of_the_customers_or_says_that_it_cannot(
    times: list[FreeTime], zone: str, day_ahead: int
) -> None:
    home = ZoneInfo(zone)
    wanted = times[0].start_at.astimezone(home).date() + timedelta(days=day_ahead)
    wish = Wish(
        WishKind.DAY,
        midnight(wanted, home),
        midnight(wanted + timedelta(days=1), home),
        Grain.DAY,
        zone=zone,
    )
    seen = MenuView(home, times[0].start_at, 5, SlotPolicy(min_lead_minutes=5))
    menu = open_menu(times, seen, wish)
    is_free = wanted in dates(times, home)
    assert (menu.explanation is Explanation.AS_WISHED) == is_free
    assert menu.times
    assert not is_free or set(dates(menu.times, home)) == {wanted}


def midnight(day_of: date, zone: ZoneInfo) -> datetime:
    return datetime(day_of.year, day_of.month, day_of.day, tzinfo=zone).astimezone(UTC)


def dates(times: Sequence[FreeTime], zone: ZoneInfo) -> list[date]:
    return [time.start_at.astimezone(zone).date() for time in times]


@given(times=free_times(), zone=ZONES, pages=st.lists(st.sampled_from(Page), max_size=8))
def test_whatever_is_turned_to_something_free_is_on_offer(
    times: list[FreeTime], zone: str, pages: list[Page]
) -> None:
    seen = MenuView(ZoneInfo(zone), times[0].start_at, 4, SlotPolicy())
    menu, before = open_menu(times, seen), list[str]()
    for page in pages:
        menu = turn_page(times, seen, page, Shown.of_ids(menu.ids, before))
        before.extend(menu.ids)
        assert menu.times
        assert set(menu.times) <= set(times)
