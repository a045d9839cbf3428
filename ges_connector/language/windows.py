"""Windows between two points, open or closed, on a day or on each of several."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ges_connector.language.dates import days
from ges_connector.language.instants import (
    LATE_HOUR,
    LONGEST_RANGE_DAYS,
    Dates,
    Here,
    UnresolvableError,
    grouped,
    is_ahead,
    next_days,
    told_abroad,
    undecided,
    wall_time,
    window_wish,
)
from ges_connector.language.meaning import (
    FULL_DAY,
    HALF_DAY,
    CalendarDay,
    Clock,
    Part,
    Point,
    RelativeDay,
    Window,
)
from ges_connector.language.wish import Grain, UnclearReason, Wish, WishKind


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends of a window as wall times; None = open."""

    start: datetime | None
    end: datetime | None

    @property
    def are_one(self) -> bool:
        """Whether nothing is between them: "before 0:00 on Friday" is no time on Friday."""
        return self.start is not None and self.start == self.end


def window_wishes(window: Window, here: Here) -> Iterator[Wish]:
    """The wishes a window may be; several if it is undecided.

    Raises:
        UnresolvableError: if it is over, or nothing is between its ends.
    """
    window = _counted_abroad(window, here)
    several = _several_days(window, here)
    if several:
        yield from _window_on_each(window, several, here)
        return
    named = names_day(window)
    made = [ends for ends in _windows(window, here) if not ends.are_one]
    if not made:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    kind = _window_kind(window)
    if window.from_now:
        made = [replace(ends, start=here.now.replace(tzinfo=None)) for ends in made]
    wishes = [
        replace(
            window_wish(kind, ends.start, ends.end, Grain.HOUR, zone=window.zone, here=here),
            day_named=named,
            approximate=window.approximate,
        )
        for ends in made
    ]
    wishes = [wish for wish in wishes if is_ahead(wish, here)]
    if not named:
        wishes = _soonest_windows(wishes, here)
    if not wishes:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    yield from wishes


def _counted_abroad(window: Window, here: Here) -> Window:
    """A window with the mornings of another clock settled: "between ten and eleven, Tokyo time"."""
    start, end = (
        None if each is None else _settled(each, window.zone, here)
        for each in (window.start, window.end)
    )
    return replace(window, start=start, end=end)


def _settled(point: Point, zone: str | None, here: Here) -> Point:
    if not isinstance(point.time, Clock):
        return point
    options = told_abroad(point.time, point.zone or zone, here)
    return replace(point, time=replace(point.time, options=options)) if options else point


def _several_days(window: Window, here: Here) -> list[Dates]:
    """The days of a window that is wished for on each of several: "this week after five"."""
    points = [each for each in (window.start, window.end) if each is not None]
    if window.day is None or any(each.day is not None for each in points):
        return []
    return [dates for dates in days(window.day, here) if dates.count > 1]


def _window_on_each(window: Window, several: list[Dates], here: Here) -> Iterator[Wish]:
    for dates in several:
        if dates.count > LONGEST_RANGE_DAYS:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        wishes: list[Wish] = []
        for offset in range(dates.count):
            day = dates.first + timedelta(days=offset)
            on_day = replace(window, day=CalendarDay(day.day, day.month, day.year))
            if day >= here.today:
                wishes.extend(_ahead_on_day(on_day, here))
        if wishes:
            yield wishes[0] if len(wishes) == 1 else grouped(tuple(wishes), decided=True)


def _ahead_on_day(window: Window, here: Here) -> Iterator[Wish]:
    try:
        yield undecided(window_wishes(window, here))
    except UnresolvableError as error:
        if error.reason is not UnclearReason.IN_THE_PAST:
            raise


def names_day(window: Window) -> bool:
    """Whether a window says on which day it is."""
    points = [each for each in (window.start, window.end) if each is not None]
    return window.day is not None or any(each.day is not None for each in points)


def _window_kind(window: Window) -> WishKind:
    if window.end is None:
        return WishKind.AFTER
    if window.from_now:
        return WishKind.WINDOW
    return WishKind.BEFORE if window.start is None else WishKind.WINDOW


def _soonest_windows(wishes: list[Wish], here: Here) -> list[Wish]:
    """Of windows without a day, the next of each reading; "after five" has its five ahead."""
    found: dict[object, Wish] = {}
    for wish in wishes:
        has_begun = wish.earliest_at is not None and wish.earliest_at < here.now
        if has_begun and (wish.kind is WishKind.AFTER or _is_over_by_bedtime(wish, here)):
            continue
        anchor = wish.earliest_at or wish.latest_at
        if anchor is not None:
            local = anchor.astimezone(ZoneInfo(wish.zone))
            found.setdefault((local.hour, local.minute), wish)
    return list(found.values())


def _is_over_by_bedtime(wish: Wish, here: Here) -> bool:
    """Whether nobody means the rest of a stretch: "after work, from half past five", at ten."""
    start = wish.earliest_at
    if start is None or here.now.hour < LATE_HOUR:
        return False
    return start.astimezone(here.zone).hour < LATE_HOUR


def _windows(window: Window, here: Here) -> Iterator[_Ends]:
    if window.start is None or window.end is None:
        yield from _half_open(window, here)
        return
    if window.start.day is not None and window.end.day is not None:
        yield from _between_points(window.start, window.end, here)
        return
    if window.day is not None and window.end.day is not None:
        # "On Thursday from ten until Friday at six" goes on over the night.
        yield from _between_points(replace(window.start, day=window.day), window.end, here)
        return
    day = window.day or window.start.day or window.end.day
    if window.end.day is not None and window.end.day_first and window.day is None:
        today = Point(RelativeDay(0), window.start.time)
        yield from _between_points(today, window.end, here)
        return
    candidates = days(day, here) if day is not None else next_days(here)[1:]
    for dates in candidates:
        if dates.count > 1:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        for start, end in _pairs(window.start.time, window.end.time):
            yield _Ends(wall_time(dates.first, start), wall_time(dates.first, end))


def _pairs(start: Clock | Part | None, end: Clock | Part | None) -> list[tuple[int, int]]:
    """The windows two clock times make within a day: "9 to 5" is 9:00 to 17:00, and nothing else.

    Where one end is known, the other is the nearest that fits; a window never lasts half a day if a
    shorter one fits.
    """
    if not isinstance(start, Clock) or not isinstance(end, Clock):
        return []
    starts, ends = start.options, end.options
    pairs = {(first, min((last for last in ends if last > first), default=0)) for first in starts}
    pairs = {pair for pair in pairs if pair[1]}
    if not pairs:
        # "10 pm to 2 am" ends on the next day.
        pairs = {(first, last + FULL_DAY) for first in starts for last in ends}
        pairs = {pair for pair in pairs if pair[1] - pair[0] <= HALF_DAY}
    if len(ends) == 1 and len(starts) > 1:
        pairs = {max(pairs)} if pairs else pairs
    return sorted(pairs)


def end_of(window: Window) -> Point | None:
    """When a window between two clock times ends; None where it names none."""
    start, end = window.start, window.end
    if start is None or end is None:
        return None
    ends = sorted({last % FULL_DAY for _, last in _pairs(start.time, end.time)})
    day = window.day or start.day or end.day
    return Point(day, Clock(tuple(ends)), zone=window.zone) if ends else None


def _between_points(start: Point, end: Point, here: Here) -> Iterator[_Ends]:
    begun = False
    for first in _walls(start, here):
        later = [last for last in _walls(end, here) if last > first]
        if later:
            begun = True
            yield _Ends(first, min(later))
    if not begun:
        raise UnresolvableError(UnclearReason.CONTRADICTION)


def _walls(point: Point, here: Here) -> list[datetime]:
    """The wall times a point of a window may be; of a day, its start."""
    found: list[datetime] = []
    candidates = days(point.day, here) if point.day is not None else next_days(here)[1:]
    for dates in candidates:
        if point.time is None:
            found.append(wall_time(dates.first, 0))
        elif isinstance(point.time, Clock):
            found.extend(wall_time(dates.first, option) for option in point.time.options)
    return found


def _half_open(window: Window, here: Here) -> Iterator[_Ends]:
    point = window.start or window.end
    if point is None:
        return
    if window.day is not None:
        point = replace(point, day=window.day)
    is_start = window.start is not None
    candidates = days(point.day, here) if point.day is not None else next_days(here)[1:]
    for dates in candidates:
        if dates.count > 1 and point.time is not None:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        if point.time is None:
            bound = wall_time(dates.first, 0)
            yield _Ends(bound, None) if is_start else _Ends(None, bound)
        elif isinstance(point.time, Clock):
            named = point.day is not None
            for option in point.time.options:
                if not (is_start or option) and named and len(point.time.options) > 1:
                    # "Until twelve tomorrow" is no end before tomorrow begins.
                    continue
                bound = wall_time(dates.first, option)
                yield _bounded(bound, dates.first, window, is_start=is_start, named=named)


def _bounded(bound: datetime, day: date, window: Window, *, is_start: bool, named: bool) -> _Ends:
    """A bound on a named day stays within that day; a deadline begins now."""
    if is_start:
        midnight = wall_time(day, FULL_DAY)
        # "After 24:00 on Friday" lasts as long as the day that begins then.
        end = midnight if bound < midnight else wall_time(day, 2 * FULL_DAY)
        return _Ends(bound, end if named else None)
    if named and not window.deadline:
        return _Ends(wall_time(day, 0), bound)
    return _Ends(None, bound)
