"""From meanings to instants: what "tomorrow at three" is, said now and here.

Pure: the same meaning, moment and zone always give the same wish. The rules:

- Only the future. A clock time without a day is its next occurrence; a day or a part of the day
  that
  has begun still counts, with its nominal start.
- Days are the customer's own; just after midnight "tomorrow" is still the next date.
- A weekday is the next such day. Said on that very weekday it is both today and the day a week
  later,
  undecided.
- "Next Friday" is undecided between the coming one and that of the next week where they differ,
  unless
  the language settles it.
- A date without a year that is long over this year is taken for a slip, not for next year.
- Clock times that the clocks skip or pass twice are told, never moved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ges_connector.language.lexicon import Settings
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    FULL_DAY,
    HALF_DAY,
    MINUTES_PER_HOUR,
    AllOf,
    AnyTime,
    Asap,
    CalendarDay,
    CalendarSpan,
    CalendarWeek,
    Clock,
    Day,
    DayEdge,
    DayRange,
    Edge,
    Either,
    Excluding,
    Meaning,
    MonthSpan,
    Offset,
    OneOf,
    Part,
    Point,
    RelativeDay,
    Reply,
    ShiftedDay,
    Vague,
    Weekday,
    Window,
    Zone,
    edge_part,
)
from ges_connector.language.wish import (
    Choice,
    ChoiceKind,
    Grain,
    Interval,
    UnclearReason,
    Wish,
    WishKind,
)

_MONTHS_PER_YEAR = 12
# A date further ahead than this, named without a year, has just gone by.
_FURTHEST_DAY = 300
# How far "not on Mondays" and "in the afternoon, any day" are spelled out.
_HORIZON_DAYS = 21
_LONGEST_RANGE_DAYS = 31
_FURTHEST_DURATION_DAYS = 366
# "Not at three" rules out the hour that begins then.
_EXCLUDED_MINUTES = MINUTES_PER_HOUR


class UnresolvableError(Exception):
    """A meaning has no place in the future or in the calendar.

    Attributes:
        reason: why.
        alternatives: what may have been meant.
    """

    def __init__(self, reason: UnclearReason, alternatives: tuple[Wish, ...] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.alternatives = alternatives


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when something is said.

    Attributes:
        now: aware, in the customer's zone.
        zone: the customer's zone.
        settings: of the customer's locale.
    """

    now: datetime
    zone: ZoneInfo
    settings: Settings

    @property
    def today(self) -> date:
        """The customer's date."""
        return self.now.date()

    @property
    def week_start(self) -> date:
        """The first day of the customer's week."""
        return self.week_starts[0]

    @property
    def week_starts(self) -> tuple[date, ...]:
        """The days the customer's week may have begun with, the likeliest first."""
        back = (
            (self.today.weekday() - first) % DAYS_PER_WEEK for first in self.settings.first_weekdays
        )
        return tuple(self.today - timedelta(days=each) for each in back)


@dataclass(frozen=True, slots=True)
class Dates:
    """Some days in a row: the first, and the one after the last."""

    first: date
    end: date
    grain: Grain = Grain.DAY
    part: Part | None = None

    @property
    def count(self) -> int:
        """How many days."""
        return (self.end - self.first).days

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end


def resolve(meaning: Meaning, here: Here) -> Wish:
    """The wish a meaning is, here and now.

    Raises:
        UnresolvableError: if it is over, nowhere in the calendar, or too vague to say.
    """
    try:
        readings = list(_readings(meaning, here))
    except (OverflowError, ValueError) as out_of_calendar:
        raise UnresolvableError(UnclearReason.DOES_NOT_EXIST) from out_of_calendar
    return undecided(readings)


def undecided(readings: Iterable[Wish]) -> Wish:
    """One wish of several readings, of which the customer means one."""
    distinct = tuple(dict.fromkeys(readings))
    if not distinct:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    if len(distinct) == 1:
        return distinct[0]
    return _group(distinct, decided=False)


def _group(wishes: tuple[Wish, ...], *, decided: bool) -> Wish:
    """One wish that stands for several, with what they have in common."""
    first = wishes[0]
    kinds = {each.kind for each in wishes}
    kind = WishKind.CHOICE if WishKind.CHOICE in kinds else first.kind
    return Wish(
        kind=kind,
        earliest_at=None,
        latest_at=None,
        grain=first.grain,
        zone=first.zone,
        alternatives=wishes,
        undecided=not decided,
        approximate=first.approximate,
        zone_named=first.zone_named,
        day_named=first.day_named,
    )


def _readings(meaning: Meaning, here: Here) -> Iterator[Wish]:  # noqa: C901 - one branch a kind
    if isinstance(meaning, Point):
        yield from _point(meaning, here)
    elif isinstance(meaning, Window):
        yield from _window(meaning, here)
    elif isinstance(meaning, Offset):
        yield from _offset(meaning, here)
    elif isinstance(meaning, Either):
        yield _either(meaning, here)
    elif isinstance(meaning, OneOf):
        yield from _one_of(meaning, here)
    elif isinstance(meaning, Excluding):
        yield _excluding(meaning, here)
    elif isinstance(meaning, Asap):
        yield from _asap(meaning, here)
    elif isinstance(meaning, Reply):
        yield from _reply(meaning, here)
    elif isinstance(meaning, AnyTime):
        yield _open(here, WishKind.WINDOW)
    elif isinstance(meaning, Vague):
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    elif isinstance(meaning, Zone):
        raise UnresolvableError(UnclearReason.NO_TIME_FOUND)


# --- instants ------------------------------------------------------------------------------------


def _local(day: date, minute: int, second: int = 0) -> datetime:
    """The wall time so many minutes after a day's midnight, without a zone."""
    return datetime.combine(day, time()) + timedelta(minutes=minute, seconds=second)


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    back = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return back.replace(tzinfo=None) == wall


def _instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants at which clocks of a zone show a wall time: none, one or two."""
    if not _exists(wall, zone):
        return ()
    both = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(dict.fromkeys(both))


def _boundary(wall: datetime, zone: ZoneInfo, *, end: bool = False) -> datetime:
    """The instant a window begins or ends at; a skipped wall time moves to when clocks resume."""
    fold = 1 if end else 0
    return wall.replace(tzinfo=zone, fold=fold if _exists(wall, zone) else 0).astimezone(UTC)


def _zone(name: str | None, here: Here) -> ZoneInfo:
    return here.zone if name is None else ZoneInfo(name)


# --- days ----------------------------------------------------------------------------------------


def days(day: Day, here: Here) -> list[Dates]:
    """The dates a day may be, the likeliest first; several if it is undecided.

    Raises:
        UnresolvableError: if there is no such day, or it is over.
    """
    if isinstance(day, RelativeDay):
        if day.days < 0:
            raise UnresolvableError(UnclearReason.IN_THE_PAST)
        return [_single(here.today + timedelta(days=day.days))]
    if isinstance(day, Weekday):
        return [_single(each) for each in _weekday(day, here)]
    if isinstance(day, CalendarDay):
        return [_single(_calendar_day(day, here))]
    if isinstance(day, CalendarSpan | CalendarWeek | MonthSpan):
        return [_span(day, here)]
    return _composed_days(day, here)


def _composed_days(day: ShiftedDay | DayRange | DayEdge | AllOf, here: Here) -> list[Dates]:
    if isinstance(day, ShiftedDay):
        return _shifted(day, here)
    if isinstance(day, DayRange):
        return _day_range(day, here)
    if isinstance(day, DayEdge):
        part = edge_part(day.edge)
        return [replace(each, grain=Grain.PART, part=part) for each in days(day.day, here)]
    return _all_of(day, here)


def _span(span: CalendarSpan | CalendarWeek | MonthSpan, here: Here) -> Dates:
    if isinstance(span, CalendarSpan):
        return _calendar_span(span, here)
    return _calendar_week(span, here) if isinstance(span, CalendarWeek) else _month_span(span, here)


def _single(day: date) -> Dates:
    return Dates(day, day + timedelta(days=1))


def _weekday(day: Weekday, here: Here) -> list[date]:
    ahead = (day.number - here.today.weekday()) % DAYS_PER_WEEK
    week = timedelta(days=DAYS_PER_WEEK)
    extra = day.weeks * week
    if day.which == "this":
        return [here.today + timedelta(days=ahead) + extra]
    coming = here.today + timedelta(days=ahead or DAYS_PER_WEEK)
    if day.which == "nearest":
        return [coming + extra] if ahead else [coming + extra, here.today + extra]
    if day.which == "coming":
        return [coming + extra]
    starts = [start + week for start in here.week_starts]
    ahead_of = [(day.number - start.weekday()) % DAYS_PER_WEEK for start in starts]
    of_next_week = [
        start + timedelta(days=count) for start, count in zip(starts, ahead_of, strict=True)
    ]
    choices = {"coming": [coming], "week": of_next_week}
    both = choices.get(here.settings.next_weekday, [*of_next_week, coming])
    found = list(dict.fromkeys(both))
    further = week if day.which == "after_next" else timedelta()
    return [each + extra + further for each in found]


def _calendar_day(day: CalendarDay, here: Here) -> date:
    if day.month is None:
        return _day_of_month(day.day, here)
    if day.year is not None:
        found = _date(day.year, day.month, day.day)
        if found < here.today:
            raise UnresolvableError(UnclearReason.IN_THE_PAST)
        return found
    for year in range(here.today.year, here.today.year + 9):
        try:
            found = date(year, day.month, day.day)
        except ValueError:
            continue
        if found >= here.today:
            break
    else:
        raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)
    if (found - here.today).days > _FURTHEST_DAY:
        raise UnresolvableError(UnclearReason.IN_THE_PAST, (_whole_day(found, here),))
    return found


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as impossible:
        raise UnresolvableError(UnclearReason.DOES_NOT_EXIST) from impossible


def _day_of_month(day: int, here: Here) -> date:
    first = here.today.replace(day=1)
    for months in range(_MONTHS_PER_YEAR):
        start = add_months(first, months)
        try:
            found = start.replace(day=day)
        except ValueError:
            continue
        if found >= here.today:
            return found
    raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month if it is shorter."""
    year, month = divmod(day.year * _MONTHS_PER_YEAR + day.month - 1 + months, _MONTHS_PER_YEAR)
    first_after = date(
        year + (month + 1) // _MONTHS_PER_YEAR, (month + 1) % _MONTHS_PER_YEAR + 1, 1
    )
    last = (first_after - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _calendar_span(span: CalendarSpan, here: Here) -> Dates:
    if span.unit == "month":
        first = add_months(here.today.replace(day=1), span.offset)
        return _month_part(first, span.edge)
    week = here.week_start + timedelta(days=span.offset * DAYS_PER_WEEK)
    if span.unit == "weekend":
        return _weekend(span, here)
    if span.edge is None:
        return Dates(week, week + timedelta(days=DAYS_PER_WEEK), Grain.WEEK)
    working = [week + timedelta(days=each) for each in range(DAYS_PER_WEEK)]
    working = [each for each in working if each.weekday() not in here.settings.weekend]
    chosen = {"start": working[:2], "middle": working[1:-1], "end": working[-2:]}[span.edge]
    return Dates(chosen[0], chosen[-1] + timedelta(days=1), Grain.WEEK)


def _calendar_week(week: CalendarWeek, here: Here) -> Dates:
    """The next week of that number that is not over; one just gone by is a slip, as with dates."""
    this_year = here.today.isocalendar().year
    for year in range(this_year, this_year + 2):
        try:
            first = date.fromisocalendar(year, week.number, 1)
        except ValueError:
            continue
        found = Dates(first, first + timedelta(days=DAYS_PER_WEEK), Grain.WEEK)
        if found.end <= here.today:
            continue
        if (first - here.today).days > _FURTHEST_DAY:
            raise UnresolvableError(UnclearReason.IN_THE_PAST, (_dates_wish(found, None, here),))
        return found
    raise UnresolvableError(UnclearReason.DOES_NOT_EXIST)


def _weekend(span: CalendarSpan, here: Here) -> Dates:
    weekend = here.settings.weekend
    ahead = (weekend[0] - here.today.weekday()) % DAYS_PER_WEEK
    if here.today.weekday() in weekend:
        ahead = -weekend.index(here.today.weekday())
    first = here.today + timedelta(days=ahead + span.offset * DAYS_PER_WEEK)
    if span.edge is not None:
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    return Dates(first, first + timedelta(days=len(weekend)), Grain.WEEK)


def _month_span(span: MonthSpan, here: Here) -> Dates:
    months = (span.month - here.today.month) % _MONTHS_PER_YEAR
    return _month_part(add_months(here.today.replace(day=1), months), span.edge)


def _month_part(first: date, edge: Edge | None) -> Dates:
    end = add_months(first, 1)
    if edge is None:
        return Dates(first, end, Grain.MONTH)
    tenth, twentieth = first + timedelta(days=10), first + timedelta(days=20)
    bounds = {"start": (first, tenth), "middle": (tenth, twentieth), "end": (twentieth, end)}
    return Dates(*bounds[edge], Grain.WEEK)


def _shifted(day: ShiftedDay, here: Here) -> list[Dates]:
    bases = [_single(here.today)] if day.base is None else days(day.base, here)
    return [_single(_shift(base, day)) for base in bases]


def _shift(base: Dates, day: ShiftedDay) -> date:
    if day.count > _FURTHEST_DURATION_DAYS:
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    last = base.end - timedelta(days=1) if day.count > 0 else base.first
    if day.unit == "month":
        return add_months(last, day.count)
    size = DAYS_PER_WEEK if day.unit in {"week", "weekend"} else 1
    return last + timedelta(days=day.count * size)


def _day_range(day: DayRange, here: Here) -> list[Dates]:
    firsts, lasts = days(day.first, here), days(day.last, here)
    found = []
    for first in firsts:
        for last in lasts:
            end = last.end
            if end <= first.first and isinstance(day.last, Weekday):
                end += timedelta(days=DAYS_PER_WEEK)
            if first.first < end <= first.first + timedelta(days=_LONGEST_RANGE_DAYS):
                found.append(Dates(first.first, end, Grain.WEEK))
                break
    if not found:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    return found


def _all_of(day: AllOf, here: Here) -> list[Dates]:
    weekdays = [each for each in day.days if isinstance(each, Weekday)]
    others = [each for each in day.days if not isinstance(each, Weekday)]
    if not others:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    candidates = _candidates(others[0], here)
    for other in others[1:]:
        candidates = list(_common(candidates, _candidates(other, here)))
    for weekday in weekdays:
        loose = any(isinstance(each, ShiftedDay) and each.unit == "week" for each in others)
        candidates = list(_on_weekday(candidates, weekday, loose=loose))
    if not candidates:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    return candidates


def _candidates(day: Day, here: Here) -> list[Dates]:
    """The dates a day may be beside another description of it; a date long over is none of them."""
    if isinstance(day, CalendarSpan) and day.unit == "week" and day.edge is None:
        return list(_weeks(day, here))
    try:
        return days(day, here)
    except UnresolvableError as error:
        if isinstance(day, CalendarDay) and day.year is None:
            raise UnresolvableError(UnclearReason.CONTRADICTION) from error
        raise


def _weeks(span: CalendarSpan, here: Here) -> Iterator[Dates]:
    """A week, twice where people differ about the Sunday that it begins or ends with."""
    for start in here.week_starts:
        first = start + timedelta(days=span.offset * DAYS_PER_WEEK)
        yield Dates(first, first + timedelta(days=DAYS_PER_WEEK), Grain.WEEK)


def _common(ours: list[Dates], theirs: list[Dates]) -> Iterator[Dates]:
    for one in ours:
        for other in theirs:
            first, end = max(one.first, other.first), min(one.end, other.end)
            if first < end:
                yield Dates(first, end, Grain.DAY, one.part or other.part)


def _on_weekday(candidates: list[Dates], weekday: Weekday, *, loose: bool) -> Iterator[Dates]:
    """The days of that weekday; loose: "Monday, two weeks from now" is the Monday of that week."""
    for each in candidates:
        if loose and each.count == 1:
            yield from _weekdays_beside(each.first, weekday)
            continue
        for offset in range(each.count):
            found = each.first + timedelta(days=offset)
            if found.weekday() == weekday.number:
                yield replace(_single(found), part=each.part)


def _weekdays_beside(day: date, weekday: Weekday) -> Iterator[Dates]:
    """That weekday before and after a day; the day itself if it is one."""
    ahead = (weekday.number - day.weekday()) % DAYS_PER_WEEK
    for found in dict.fromkeys((ahead, (ahead - DAYS_PER_WEEK) if ahead else 0)):
        yield _single(day + timedelta(days=found))


# --- points --------------------------------------------------------------------------------------


def _point(point: Point, here: Here) -> Iterator[Wish]:
    named = point.day is not None
    candidates = days(point.day, here) if point.day is not None else _next_days(here)
    made = [wish for dates in candidates for wish in _point_on(point, dates, here)]
    future = [wish for wish in made if _is_ahead(wish, here)]
    if not named:
        future = _soonest(future)
    if not future:
        is_skipped = isinstance(point.time, Clock) and not made
        raise UnresolvableError(
            UnclearReason.TIME_DOES_NOT_EXIST if is_skipped else UnclearReason.IN_THE_PAST
        )
    for wish in future:
        yield replace(wish, day_named=named, approximate=point.approximate)


def _next_days(here: Here) -> list[Dates]:
    return [_single(here.today + timedelta(days=each)) for each in (-1, 0, 1)]


def _soonest(wishes: list[Wish]) -> list[Wish]:
    """Of times without a day, the next of each reading: 15:00 today, 03:00 tomorrow."""
    found: dict[object, Wish] = {}
    for wish in sorted(
        wishes, key=lambda each: each.earliest_at or datetime.min.replace(tzinfo=UTC)
    ):
        start = wish.earliest_at
        if start is None:
            continue
        local = start.astimezone(ZoneInfo(wish.zone))
        found.setdefault((local.hour, local.minute, local.second), wish)
    return list(found.values())


def _is_ahead(wish: Wish, here: Here) -> bool:
    if wish.alternatives:
        return any(_is_ahead(each, here) for each in wish.alternatives)
    if wish.kind is WishKind.EXACT:
        return wish.earliest_at is not None and wish.earliest_at >= here.now
    return wish.latest_at is None or wish.latest_at > here.now


def _point_on(point: Point, dates: Dates, here: Here) -> Iterator[Wish]:
    if point.time is None:
        yield _dates_wish(dates, point.zone, here)
        return
    if dates.count > 1:
        yield _each_day(point, dates, here)
        return
    if isinstance(point.time, Part):
        part = point.time if dates.part is None else _narrowed(point.time, dates.part)
        yield _part_wish(part, dates.first, point.zone, here)
        return
    for option in point.time.options:
        yield from _exact(dates.first, option, point.time.second, point.zone, here)


def _narrowed(part: Part, edge: Part) -> Part:
    """What "early tomorrow evening" says twice, or the half of the part nearer to the edge."""
    start = max(part.start_minute, edge.start_minute)
    end = min(part.end_minute, edge.end_minute)
    if start < end:
        return Part(start, end, part.half)
    middle = (part.start_minute + part.end_minute) // 2
    if edge.end_minute <= part.start_minute:
        return Part(part.start_minute, middle, part.half)
    return Part(middle, part.end_minute, part.half)


def _each_day(point: Point, dates: Dates, here: Here) -> Wish:
    """A time on any of several days: "this week at three"."""
    if dates.count > _LONGEST_RANGE_DAYS:
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    wishes: list[Wish] = []
    for offset in range(dates.count):
        day = _single(dates.first + timedelta(days=offset))
        readings = [wish for wish in _point_on(point, day, here) if _is_ahead(wish, here)]
        if readings:
            wishes.append(undecided(readings))
    if not wishes:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    return wishes[0] if len(wishes) == 1 else _group(tuple(wishes), decided=True)


def _dates_wish(dates: Dates, zone: str | None, here: Here) -> Wish:
    if dates.part is not None:
        return _part_wish(dates.part, dates.first, zone, here)
    kind = WishKind.DAY if dates.count == 1 else WishKind.WINDOW
    return _window_wish(
        kind, _local(dates.first, 0), _local(dates.end, 0), dates.grain, zone=zone, here=here
    )


def _whole_day(day: date, here: Here) -> Wish:
    return _dates_wish(_single(day), None, here)


def _part_wish(part: Part, day: date, zone: str | None, here: Here) -> Wish:
    start, end = _local(day, part.start_minute), _local(day, part.end_minute)
    return _window_wish(WishKind.WINDOW, start, end, Grain.PART, zone=zone, here=here)


def _window_wish(  # noqa: PLR0913 - a window is that many things
    kind: WishKind,
    start: datetime | None,
    end: datetime | None,
    grain: Grain,
    *,
    zone: str | None,
    here: Here,
) -> Wish:
    there = _zone(zone, here)
    return Wish(
        kind=kind,
        earliest_at=None if start is None else _boundary(start, there),
        latest_at=None if end is None else _boundary(end, there, end=True),
        grain=grain,
        zone=there.key,
        zone_named=zone is not None,
    )


def _exact(day: date, minute: int, second: int, zone: str | None, here: Here) -> Iterator[Wish]:
    there = _zone(zone, here)
    wall = _local(day, minute, second)
    grain = Grain.MINUTE if minute % MINUTES_PER_HOUR or second else Grain.HOUR
    for at in _instants(wall, there):
        yield Wish(WishKind.EXACT, at, None, grain, there.key, zone_named=zone is not None)


# --- windows -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends of a window as wall times; None = open."""

    start: datetime | None
    end: datetime | None

    @property
    def are_one(self) -> bool:
        """Whether nothing is between them: "before 0:00 on Friday" is no time on Friday."""
        return self.start is not None and self.start == self.end


def _window(window: Window, here: Here) -> Iterator[Wish]:
    several = _several_days(window, here)
    if several:
        yield from _window_on_each(window, several, here)
        return
    named = _named_day(window)
    made = [ends for ends in _windows(window, here) if not ends.are_one]
    if not made:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    kind = _window_kind(window)
    if window.from_now:
        made = [replace(ends, start=here.now.replace(tzinfo=None)) for ends in made]
    wishes = [
        replace(
            _window_wish(kind, ends.start, ends.end, Grain.HOUR, zone=window.zone, here=here),
            day_named=named,
            approximate=window.approximate,
        )
        for ends in made
    ]
    wishes = [wish for wish in wishes if _is_ahead(wish, here)]
    if not named:
        wishes = _soonest_windows(wishes, here)
    if not wishes:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    yield from wishes


def _several_days(window: Window, here: Here) -> list[Dates]:
    """The days of a window that is wished for on each of several: "this week after five"."""
    points = [each for each in (window.start, window.end) if each is not None]
    if window.day is None or any(each.day is not None for each in points):
        return []
    return [dates for dates in days(window.day, here) if dates.count > 1]


def _window_on_each(window: Window, several: list[Dates], here: Here) -> Iterator[Wish]:
    for dates in several:
        if dates.count > _LONGEST_RANGE_DAYS:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        wishes: list[Wish] = []
        for offset in range(dates.count):
            day = dates.first + timedelta(days=offset)
            on_day = replace(window, day=CalendarDay(day.day, day.month, day.year))
            if day >= here.today:
                wishes.extend(_ahead_on_day(on_day, here))
        if wishes:
            yield wishes[0] if len(wishes) == 1 else _group(tuple(wishes), decided=True)


def _ahead_on_day(window: Window, here: Here) -> Iterator[Wish]:
    try:
        yield undecided(_window(window, here))
    except UnresolvableError as error:
        if error.reason is not UnclearReason.IN_THE_PAST:
            raise


def _named_day(window: Window) -> bool:
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
        is_open = wish.kind is WishKind.AFTER and wish.earliest_at is not None
        if is_open and wish.earliest_at is not None and wish.earliest_at < here.now:
            continue
        anchor = wish.earliest_at or wish.latest_at
        if anchor is not None:
            local = anchor.astimezone(ZoneInfo(wish.zone))
            found.setdefault((local.hour, local.minute), wish)
    return list(found.values())


def _windows(window: Window, here: Here) -> Iterator[_Ends]:
    if window.start is None or window.end is None:
        yield from _half_open(window, here)
        return
    if window.start.day is not None and window.end.day is not None:
        yield from _between_points(window.start, window.end, here)
        return
    day = window.day or window.start.day or window.end.day
    if window.end.day is not None and window.end.day_first and window.day is None:
        today = Point(RelativeDay(0), window.start.time)
        yield from _between_points(today, window.end, here)
        return
    candidates = days(day, here) if day is not None else _next_days(here)[1:]
    for dates in candidates:
        if dates.count > 1:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        for start, end in _pairs(window.start.time, window.end.time):
            yield _Ends(_local(dates.first, start), _local(dates.first, end))


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
    candidates = days(point.day, here) if point.day is not None else _next_days(here)[1:]
    for dates in candidates:
        if point.time is None:
            found.append(_local(dates.first, 0))
        elif isinstance(point.time, Clock):
            found.extend(_local(dates.first, option) for option in point.time.options)
    return found


def _half_open(window: Window, here: Here) -> Iterator[_Ends]:
    point = window.start or window.end
    if point is None:
        return
    if window.day is not None:
        point = replace(point, day=window.day)
    is_start = window.start is not None
    candidates = days(point.day, here) if point.day is not None else _next_days(here)[1:]
    for dates in candidates:
        if dates.count > 1 and point.time is not None:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        if point.time is None:
            bound = _local(dates.first, 0)
            yield _Ends(bound, None) if is_start else _Ends(None, bound)
        elif isinstance(point.time, Clock):
            for option in point.time.options:
                bound = _local(dates.first, option)
                named = point.day is not None
                yield _bounded(bound, dates.first, window, is_start=is_start, named=named)


def _bounded(bound: datetime, day: date, window: Window, *, is_start: bool, named: bool) -> _Ends:
    """A bound on a named day stays within that day; a deadline begins now."""
    if is_start:
        midnight = _local(day, FULL_DAY)
        # "After 24:00 on Friday" lasts as long as the day that begins then.
        end = midnight if bound < midnight else _local(day, 2 * FULL_DAY)
        return _Ends(bound, end if named else None)
    if named and not window.deadline:
        return _Ends(_local(day, 0), bound)
    return _Ends(None, bound)


# --- lengths of time -----------------------------------------------------------------------------


def _offset(offset: Offset, here: Here) -> Iterator[Wish]:
    if offset.base is not None:
        yield from _offset_from(offset, offset.base, here)
        return
    now = here.now.astimezone(UTC)
    at = _later(now, offset, here)
    if offset.within or offset.until is not None:
        last = at if offset.until is None else _later(now, Offset(offset.until), here)
        yield Wish(
            WishKind.WINDOW, now if offset.within else at, last, Grain.HOUR, here.zone.key,
            approximate=offset.approximate,
        )  # fmt: skip
        return
    yield Wish(
        WishKind.EXACT, at, None, Grain.MINUTE, here.zone.key, approximate=offset.approximate
    )


def _later(start: datetime, offset: Offset, here: Here) -> datetime:
    duration = offset.duration
    if duration.unit in {"minute", "hour"}:
        size = MINUTES_PER_HOUR if duration.unit == "hour" else 1
        minutes = duration.count * size
        if abs(minutes) > _FURTHEST_DURATION_DAYS * FULL_DAY:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        return start + timedelta(minutes=minutes)
    local = start.astimezone(here.zone)
    shifted = _shift(_single(local.date()), ShiftedDay(None, int(duration.count), duration.unit))
    return _boundary(datetime.combine(shifted, local.time().replace(fold=0)), here.zone)


def _offset_from(offset: Offset, base: Point, here: Here) -> Iterator[Wish]:
    for wish in _point(base, here):
        start = wish.earliest_at
        if wish.kind is not WishKind.EXACT or start is None:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        yield replace(wish, earliest_at=_later(start, offset, here), grain=Grain.MINUTE)


# --- several, none, any --------------------------------------------------------------------------


def _either(meaning: Either, here: Here) -> Wish:
    wishes: list[Wish] = []
    for option in meaning.options:
        wish = resolve(option, here)
        if wish not in wishes:
            wishes.append(wish)
    return wishes[0] if len(wishes) == 1 else _group(tuple(wishes), decided=True)


def _one_of(meaning: OneOf, here: Here) -> Iterator[Wish]:
    failure: UnresolvableError | None = None
    found = False
    for reading in meaning.readings:
        try:
            yield resolve(reading, here)
            found = True
        except UnresolvableError as error:
            failure = error
    if not found and failure is not None:
        raise failure


def _open(here: Here, kind: WishKind, *, start: bool = False) -> Wish:
    return Wish(
        kind=kind,
        earliest_at=here.now.astimezone(UTC) if start else None,
        latest_at=None,
        grain=Grain.ANY,
        zone=here.zone.key,
        day_named=False,
    )


def _excluding(meaning: Excluding, here: Here) -> Wish:
    base = _open(here, WishKind.WINDOW) if meaning.base is None else resolve(meaning.base, here)
    intervals = tuple(interval for each in meaning.excluded for interval in _excluded(each, here))
    kept = _without(base, intervals)
    if kept is None:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    return kept


def _without(wish: Wish, intervals: tuple[Interval, ...]) -> Wish | None:
    """The wish without the readings that are ruled out; None if nothing is left."""
    if wish.alternatives:
        kept = tuple(
            each for each in (_without(one, intervals) for one in wish.alternatives) if each
        )
        if not kept:
            return None
        return kept[0] if len(kept) == 1 else replace(wish, alternatives=kept, excluded=intervals)
    start, end = wish.earliest_at, wish.latest_at
    for each in intervals:
        if wish.kind is WishKind.EXACT and start is not None and each.contains(start):
            return None
        if start and end and each.contains(start) and each.latest_at and end <= each.latest_at:
            return None
    relevant = tuple(each for each in intervals if _touches(each, wish))
    return replace(wish, excluded=wish.excluded + relevant)


def _touches(interval: Interval, wish: Wish) -> bool:
    start, end = wish.earliest_at, wish.latest_at
    if start is not None and interval.latest_at is not None and interval.latest_at <= start:
        return False
    return end is None or interval.earliest_at is None or interval.earliest_at < end


def _excluded(meaning: Meaning, here: Here) -> Iterator[Interval]:
    """The stretches a "not ..." rules out, for some weeks where it comes again."""
    if isinstance(meaning, Point) and isinstance(meaning.time, Part | None):
        yield from _excluded_days(meaning, here)
        return
    for each in _on_every_day(meaning, here):
        yield from _excluded_times(each, here)


def _on_every_day(meaning: Meaning, here: Here) -> Iterator[Meaning]:
    """A time of day that is ruled out without a day is so on each: "not at four"."""
    if not isinstance(meaning, Point | Window) or _has_day(meaning):
        yield meaning
        return
    for day in _repeated(None, here):
        yield replace(meaning, day=CalendarDay(day.day, day.month, day.year))


def _has_day(meaning: Point | Window) -> bool:
    return _named_day(meaning) if isinstance(meaning, Window) else meaning.day is not None


def _excluded_times(meaning: Meaning, here: Here) -> Iterator[Interval]:
    try:
        wish = resolve(meaning, here)
    except UnresolvableError as error:
        if error.reason in {UnclearReason.IN_THE_PAST, UnclearReason.TIME_DOES_NOT_EXIST}:
            return
        raise
    for reading in wish.readings():
        if reading.kind is WishKind.EXACT and reading.earliest_at is not None:
            hour = timedelta(minutes=_EXCLUDED_MINUTES)
            yield Interval(reading.earliest_at, reading.earliest_at + hour)
        else:
            yield Interval(reading.earliest_at, reading.latest_at)


def _excluded_days(point: Point, here: Here) -> Iterator[Interval]:
    part = point.time if isinstance(point.time, Part) else Part(0, FULL_DAY)
    for day in _repeated(point.day, here):
        start, end = _local(day, part.start_minute), _local(day, part.end_minute)
        yield Interval(_boundary(start, here.zone), _boundary(end, here.zone, end=True))


def _repeated(day: Day | None, here: Here) -> Iterator[date]:
    ahead = [here.today + timedelta(days=each) for each in range(_HORIZON_DAYS)]
    if day is None:
        yield from ahead
    elif isinstance(day, Weekday) and day.which == "nearest" and not day.weeks:
        yield from (each for each in ahead if each.weekday() == day.number)
    elif isinstance(day, CalendarSpan) and day.unit == "weekend" and not day.offset:
        yield from (each for each in ahead if each.weekday() in here.settings.weekend)
    else:
        for dates in days(day, here):
            yield from (dates.first + timedelta(days=each) for each in range(dates.count))


def _asap(meaning: Asap, here: Here) -> Iterator[Wish]:
    first = Choice(ChoiceKind.FIRST_AVAILABLE)
    if meaning.base is not None:
        yield from (replace(each, choice=first) for each in _readings(meaning.base, here))
    elif meaning.at_once:
        yield replace(_open(here, WishKind.ASAP, start=True), grain=Grain.MINUTE, day_named=True)
    else:
        yield replace(_open(here, WishKind.CHOICE), choice=first)


def _reply(meaning: Reply, here: Here) -> Iterator[Wish]:
    choice = Choice(meaning.kind, meaning.index)
    if meaning.base is None:
        yield replace(_open(here, WishKind.CHOICE), choice=choice)
        return
    for wish in _readings(meaning.base, here):
        yield replace(wish, choice=choice)
