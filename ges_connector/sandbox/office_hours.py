"""When an office is open (rules 14 to 16), right across clock changes.

An office is open whenever the clock on its own wall shows an open time. So hours inside an hour
that a clock change skips never happen, and hours inside one that it repeats happen twice.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ges_connector.sandbox.seed import (
    MINUTES_A_DAY,
    Day,
    Minutes,
    OfficeHours,
    SpecialDay,
    WeeklyHours,
)

_DAY = timedelta(days=1)
_OFFSET_PROBE = timedelta(hours=12)
# An office that shows no change within this time is taken to show none at all.
_HORIZON = timedelta(days=400)

Span = tuple[datetime, datetime]


def day_of(day: Day, started_on: date) -> date:
    """Returns the date a seed's day stands for, counted from the day the sandbox started.

    Raises:
        ValueError: The day is beyond the calendar.
    """
    if day.on is not None:
        return day.on
    try:
        return started_on + timedelta(days=day.in_days or 0)
    except OverflowError as error:
        raise ValueError("in_days leads beyond the calendar") from error


def offset_at(zone: ZoneInfo, at: datetime) -> timedelta:
    """Returns how far the zone's wall clock is ahead of UTC at an instant."""
    return at.astimezone(zone).utcoffset() or timedelta()


def offset_runs(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cuts a period at the zone's clock changes.

    Inside a run wall time is UTC plus one offset, so that all the rest is plain arithmetic.

    Yields:
        Start and end of each run in UTC, in order and without gaps, and its offset.
    """
    run_start, offset = start, offset_at(zone, start)
    at = start
    while at < end:
        probe = min(at + _OFFSET_PROBE, end)
        if offset_at(zone, probe) != offset:
            probe = _change_between(zone, at, probe)
            yield run_start, probe, offset
            run_start, offset = probe, offset_at(zone, probe)
        at = probe
    if run_start < end:
        yield run_start, end, offset


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Finds the first whole second with another offset than `before`."""
    offset = offset_at(zone, before)
    low = before.replace(microsecond=0)
    seconds = range(1, int((after - low).total_seconds()) + 1)
    steps = bisect_right(
        seconds, 0, key=lambda passed: offset_at(zone, low + timedelta(seconds=passed)) != offset
    )
    return low + timedelta(seconds=steps + 1)


class OfficeCalendar:
    """The office hours of one business-hours object.

    Args:
        hours: Regular hours and special days, as seeded. Of two entries for one special day the
            later counts.
        start: When the sandbox starts; days given as `in_days` count from its date in the
            office's zone.

    Attributes:
        zone: The office's zone, which also places its services' slots (rule 7).
    """

    def __init__(self, hours: OfficeHours, start: datetime) -> None:
        self.zone = ZoneInfo(hours.timezone)
        self._weekdays = tuple(_merge(_of_weekday(hours.regular, day)) for day in range(7))
        self._special = _special_days(hours.special, start.astimezone(self.zone).date())
        whole_day = ((0, MINUTES_A_DAY),)
        self._never_closes = all(
            day == whole_day for day in (*self._weekdays, *self._special.values())
        )

    def is_open(self, at: datetime) -> bool:
        """Says whether the office is open at an instant; closing times are closed."""
        if self._never_closes:
            return True
        wall = at.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        return any(start <= minute < end for start, end in self._hours_on(wall.date()))

    def open_spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Walks through the open times of a period, lazily.

        Yields:
            Start and end in UTC, cut to the period, in order; what touches is one span, so that
            a night from 22:00 to 24:00 and on from 00:00 to 06:00 is one.
        """
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if self._never_closes:
            pieces: Iterable[Span] = ((start, end),)
        else:
            pieces = self._pieces(start, end)
        current: Span | None = None
        for piece_start, piece_end in pieces:
            first, last = max(piece_start, start), min(piece_end, end)
            if first >= last:
                continue
            if current is not None and current[1] == first:
                current = (current[0], last)
                continue
            if current is not None:
                yield current
            current = (first, last)
        if current is not None:
            yield current

    def closes_at(self, at: datetime) -> datetime | None:
        """Returns when the office, open at `at`, closes next.

        Returns:
            The closing instant in UTC, or None for an office that is not seen to close within
            400 days.

        Raises:
            ValueError: The office is closed at `at`.
        """
        if not self.is_open(at):
            raise ValueError("a closed office does not close; ask opens_at")
        if self._never_closes:
            return None
        horizon = at.astimezone(UTC) + _HORIZON
        _, closing_at = next(self.open_spans(at, horizon))
        return closing_at if closing_at < horizon else None

    def opens_at(self, at: datetime) -> datetime | None:
        """Returns the first open instant at or after `at`.

        Returns:
            `at` itself in UTC if the office is open then; None if it stays closed for 400 days.
        """
        start = at.astimezone(UTC)
        if self.is_open(start):
            return start
        pieces = self._pieces(start, start + _HORIZON)
        return next((piece_start for piece_start, _ in pieces), None)

    def _hours_on(self, day: date) -> tuple[tuple[int, int], ...]:
        return self._special.get(day, self._weekdays[day.weekday()])

    def _pieces(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Yields the hours of each civil day inside each run of one offset, cut to the run."""
        for run_start, run_end, offset in offset_runs(self.zone, start, end):
            day = (run_start + offset).date()
            last = (run_end + offset).date()
            while day <= last:
                midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset
                for opens, closes in self._hours_on(day):
                    first = max(midnight + timedelta(minutes=opens), run_start)
                    final = min(midnight + timedelta(minutes=closes), run_end)
                    if first < final:
                        yield first, final
                day += _DAY


def _of_weekday(regular: tuple[WeeklyHours, ...], weekday: int) -> Iterator[Minutes]:
    return (entry.hours for entry in regular if weekday in entry.weekdays)


def _special_days(
    special: tuple[SpecialDay, ...], started_on: date
) -> dict[date, tuple[tuple[int, int], ...]]:
    return {day_of(day, started_on): _merge(day.hours) for day in special}


def _merge(hours: Iterable[Minutes]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((entry.start, entry.end) for entry in hours):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


ALWAYS_OPEN = OfficeCalendar(
    OfficeHours(
        name="always open",
        timezone="UTC",
        regular=(WeeklyHours(weekdays=tuple(range(7)), hours=Minutes(start=0, end=MINUTES_A_DAY)),),
    ),
    datetime(2000, 1, 1, tzinfo=UTC),
)
"""The calendar of services without office hours (rule 16)."""
