from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.office_hours import (
    ALWAYS_OPEN,
    OfficeCalendar,
    day_of,
    offset_at,
    offset_runs,
)
from ges_connector.sandbox.seed import Day, OfficeHours

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
# Whole hours, half hours, a half-hour change, midnight changes, odd offsets, both hemispheres.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Africa/Casablanca",
    "America/Havana",
    "America/Nuuk",
    "Asia/Beirut",
    "Africa/Cairo",
    "America/Santiago",
    "Atlantic/Azores",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Antarctica/Troll",
    "Pacific/Kiritimati",
    "UTC",
)


def calendar(zone: str, *regular: str, special: tuple[object, ...] = ()) -> OfficeCalendar:
    hours = OfficeHours.model_validate(
        {"name": "Office", "timezone": zone, "regular": regular, "special": special}
    )
    return OfficeCalendar(hours, START)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year to minute


BERLIN = calendar("Europe/Berlin", "Mon-Fri 09:00-17:00", "Sat 10:00-12:00")


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (utc(2026, 1, 5, 7, 59), False),
        (utc(2026, 1, 5, 8, 0), True),
        (utc(2026, 1, 5, 15, 59), True),
        (utc(2026, 1, 5, 16, 0), False),
        (utc(2026, 1, 10, 9, 30), True),
        (utc(2026, 1, 11, 10, 0), False),
        (utc(2026, 7, 6, 7, 0), True),
    ],
)
def test_rule_14_regular_hours_are_times_of_the_office_wall(at: datetime, *, is_open: bool) -> None:
    assert BERLIN.is_open(at) is is_open


def test_rule_14_a_special_day_replaces_the_regular_hours_and_no_hours_mean_closed() -> None:
    office = calendar(
        "Europe/Berlin",
        "Mon-Fri 09:00-17:00",
        special=({"on": "2026-01-06", "hours": ["12:00-14:30"]}, {"on": "2026-01-07"}),
    )
    assert list(office.open_spans(utc(2026, 1, 6), utc(2026, 1, 9))) == [
        (utc(2026, 1, 6, 11, 0), utc(2026, 1, 6, 13, 30)),
        (utc(2026, 1, 8, 8, 0), utc(2026, 1, 8, 16, 0)),
    ]


def test_a_special_day_in_days_counts_from_the_start_in_the_office_zone() -> None:
    late = utc(2026, 1, 5, 23, 30)  # already Tuesday in Berlin
    hours = OfficeHours.model_validate(
        {
            "name": "Office",
            "timezone": "Europe/Berlin",
            "regular": ["Mon-Sun 00:00-24:00"],
            "special": [{"in_days": 1}],
        }
    )
    office = OfficeCalendar(hours, late)
    assert not office.is_open(utc(2026, 1, 7, 12, 0))
    assert office.is_open(utc(2026, 1, 6, 12, 0))


def test_of_two_entries_for_one_special_day_the_later_counts() -> None:
    office = calendar(
        "UTC",
        "Mon-Sun 09:00-17:00",
        special=({"on": "2026-01-06"}, {"in_days": 1, "hours": ["10:00-11:00"]}),
    )
    assert office.is_open(utc(2026, 1, 6, 10, 30))


def test_a_day_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="calendar"):
        day_of(Day(in_days=3000), date(9998, 1, 1))


def test_rule_14_a_night_over_midnight_and_24_00_is_one_span() -> None:
    office = calendar("Europe/Berlin", "Mon-Sun 18:00-24:00", "Mon-Sun 00:00-08:00")
    spans = list(office.open_spans(utc(2026, 1, 5, 12, 0), utc(2026, 1, 7, 12, 0)))
    assert spans == [
        (utc(2026, 1, 5, 17, 0), utc(2026, 1, 6, 7, 0)),
        (utc(2026, 1, 6, 17, 0), utc(2026, 1, 7, 7, 0)),
    ]
    assert office.closes_at(utc(2026, 1, 5, 22, 59)) == utc(2026, 1, 6, 7, 0)


@pytest.mark.parametrize(
    ("night", "hours"), [(utc(2026, 3, 28, 12), 13), (utc(2026, 10, 24, 12), 15), (START, 14)]
)
def test_a_night_is_an_hour_shorter_or_longer_when_the_clock_changes(
    night: datetime, hours: int
) -> None:
    office = calendar("Europe/Berlin", "Mon-Sun 18:00-24:00", "Mon-Sun 00:00-08:00")
    opens = office.opens_at(night.replace(hour=12))
    assert opens is not None
    closes = office.closes_at(opens)
    assert closes is not None
    assert closes - opens == timedelta(hours=hours)


def test_hours_inside_a_skipped_hour_never_happen() -> None:
    office = calendar("Europe/Berlin", "Sun 02:15-02:45")
    assert list(office.open_spans(utc(2026, 3, 29), utc(2026, 3, 30))) == []


def test_hours_inside_a_repeated_hour_happen_twice() -> None:
    office = calendar("Europe/Berlin", "Sun 02:15-02:45")
    assert list(office.open_spans(utc(2026, 10, 25), utc(2026, 10, 26))) == [
        (utc(2026, 10, 25, 0, 15), utc(2026, 10, 25, 0, 45)),
        (utc(2026, 10, 25, 1, 15), utc(2026, 10, 25, 1, 45)),
    ]


def test_rule_16_without_office_hours_it_is_always_open() -> None:
    assert ALWAYS_OPEN.is_open(START)
    assert ALWAYS_OPEN.closes_at(START) is None
    assert ALWAYS_OPEN.opens_at(START) == START
    assert list(ALWAYS_OPEN.open_spans(START, START + timedelta(days=9))) == [
        (START, START + timedelta(days=9))
    ]
    assert ALWAYS_OPEN.zone == ZoneInfo("UTC")


def test_an_office_open_day_and_night_closes_for_its_holiday() -> None:
    office = calendar("UTC", "Mon-Sun 00:00-24:00", special=({"on": "2026-02-01"},))
    assert office.closes_at(START) == utc(2026, 2, 1)
    assert office.opens_at(utc(2026, 2, 1, 5)) == utc(2026, 2, 2)
    assert office.closes_at(utc(2026, 2, 2)) is None


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    office = calendar("UTC")
    assert office.opens_at(START) is None
    assert list(office.open_spans(START, START + timedelta(days=30))) == []


def test_a_closed_office_has_no_closing_time() -> None:
    with pytest.raises(ValueError, match="opens_at"):
        BERLIN.closes_at(utc(2026, 1, 11, 12))


def test_overlapping_regular_hours_are_one_opening() -> None:
    office = calendar("UTC", "Mon 09:00-12:00", "Mon 11:00-15:00", "Mon 15:00-16:00")
    assert office.closes_at(utc(2026, 1, 5, 9)) == utc(2026, 1, 5, 16)


def test_answers_are_in_utc_whatever_zone_the_question_is_in() -> None:
    at = utc(2026, 1, 5, 9).astimezone(ZoneInfo("Asia/Tokyo"))
    assert BERLIN.closes_at(at) == utc(2026, 1, 5, 16)
    opens = BERLIN.opens_at(at)
    assert opens is not None
    assert opens.tzinfo is UTC
    (span,) = BERLIN.open_spans(at, at + timedelta(hours=1))
    assert (span[0].tzinfo, span[1].tzinfo) == (UTC, UTC)


INSTANTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - bounds have no zone
    datetime(2031, 1, 1),  # noqa: DTZ001 - bounds have no zone
    timezones=st.just(UTC),
)
HOURS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])


@st.composite
def calendars(draw: st.DrawFn) -> OfficeCalendar:
    hours = [
        {"weekdays": (draw(st.integers(0, 6)),), "hours": {"start": start, "end": end}}
        for start, end in draw(st.lists(HOURS, max_size=9))
    ]
    if draw(st.booleans()):
        hours.append({"weekdays": range(7), "hours": {"start": 0, "end": 1440}})
    special = [
        {"on": draw(st.dates(date(2024, 1, 1), date(2031, 1, 1))), "hours": ["06:00-24:00"]}
        for _ in range(draw(st.integers(0, 2)))
    ]
    return OfficeCalendar(
        OfficeHours.model_validate(
            {
                "name": "Office",
                "timezone": draw(st.sampled_from(ZONES)),
                "regular": hours,
                "special": special,
            }
        ),
        START,
    )


@st.composite
def around_clock_changes(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """Draws an instant, more often than not within hours of a clock change of the zone."""
    at = draw(INSTANTS)
    runs = list(offset_runs(zone, at, at + timedelta(days=240)))
    if len(runs) == 1:
        return at
    return runs[1][0] + timedelta(minutes=draw(st.integers(-1500, 1500)))


@given(calendars(), st.data())
@settings(deadline=None)
def test_is_open_and_the_spans_tell_the_same(office: OfficeCalendar, data: st.DataObject) -> None:
    start = data.draw(around_clock_changes(office.zone))
    end = start + timedelta(minutes=data.draw(st.integers(0, 4000)))
    spans = list(office.open_spans(start, end))
    for (_, first_end), (second_start, _) in pairwise(spans):
        assert first_end < second_start
    assert all(start <= opens < closes <= end for opens, closes in spans)
    at = start
    while at < end:
        inside = any(opens <= at < closes for opens, closes in spans)
        assert inside == office.is_open(at)
        at += timedelta(minutes=17)
    for opens, closes in spans:
        assert office.is_open(opens)
        assert office.is_open(closes - timedelta(microseconds=1))
        assert closes == end or not office.is_open(closes)


@given(calendars(), st.data())
@settings(deadline=None)
def test_next_opening_and_closing_agree_with_the_spans(
    office: OfficeCalendar, data: st.DataObject
) -> None:
    at = data.draw(around_clock_changes(office.zone))
    opens = office.opens_at(at)
    week = list(office.open_spans(at, at + timedelta(days=8)))
    if opens is None:
        assert week == []
        return
    assert opens >= at
    assert office.is_open(opens)
    assert (opens == at) == office.is_open(at)
    if week:
        assert week[0][0] == opens
    closes = office.closes_at(opens)
    if closes is not None:
        assert closes > opens
        assert not office.is_open(closes)
        assert list(office.open_spans(opens, closes)) == [(opens, closes)]


@settings(deadline=None)
@given(st.sampled_from(ZONES), INSTANTS, st.integers(0, 500))
def test_runs_of_one_offset_cover_a_period_without_gaps(
    zone: str, start: datetime, days: int
) -> None:
    info, end = ZoneInfo(zone), start + timedelta(days=days)
    runs = list(offset_runs(info, start, end))
    assert [run[0] for run in runs] == [start, *(run[1] for run in runs[:-1])][: len(runs)]
    if runs:
        assert runs[-1][1] == end
    for run_start, run_end, offset in runs:
        assert offset_at(info, run_start) == offset
        assert offset_at(info, run_end - timedelta(microseconds=1)) == offset
    for before, after in pairwise(runs):
        assert before[2] != after[2]
