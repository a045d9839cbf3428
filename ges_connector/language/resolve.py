"""From meanings to instants: what "tomorrow at three" is, said now and here.

Pure: the same meaning, moment and zone always give the same wish. The rules:

- Only the future. A clock time without a day is its next occurrence; a day or a part of the day
  that has begun still counts, with its nominal start.
- Days are the customer's own; just after midnight "tomorrow" is still the next date.
- A weekday is the next such day. Said on that very weekday it is both today and the day a week
  later, undecided.
- "Next Friday" is undecided between the coming one and that of the next week where they differ,
  unless the language settles it.
- A date without a year that is long over this year is taken for a slip, not for next year.
- Clock times that the clocks skip or pass twice are told, never moved.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ges_connector.language.clocks import late_part
from ges_connector.language.dates import FURTHEST_DURATION_DAYS, days, shifted_day
from ges_connector.language.instants import (
    LATE_HOUR,
    LONGEST_RANGE_DAYS,
    Dates,
    Here,
    UnresolvableError,
    boundary,
    dates_wish,
    exact_wishes,
    grouped,
    is_ahead,
    next_days,
    part_wish,
    single_day,
    told_abroad,
    undecided,
    wall_time,
)
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    FULL_DAY,
    MINUTES_PER_HOUR,
    AnyTime,
    Asap,
    CalendarDay,
    CalendarSpan,
    Clock,
    Day,
    Either,
    Excluding,
    Meaning,
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
)
from ges_connector.language.windows import names_day, window_wishes
from ges_connector.language.wish import (
    Choice,
    ChoiceKind,
    Grain,
    Interval,
    UnclearReason,
    Wish,
    WishKind,
)

# How far "not on Mondays" and "in the afternoon, any day" are spelled out.
_HORIZON_DAYS = 21
# "Not at three" rules out the hour that begins then.
_EXCLUDED_MINUTES = MINUTES_PER_HOUR

# By the clock of another place nobody asks for a call before seven.

# The day on which clocks go forward.
_SHORTEST_DAY = timedelta(hours=23)
_LONGEST_DAY = timedelta(hours=25)
_SHORTEST_PART = timedelta(hours=2)
_JUST_OVER = timedelta(hours=1)
# The morning begins within these hours of its day, and the evening ends within those of its end.
_EARLY = timedelta(hours=9)
_LATE = timedelta(hours=4)


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


def _readings(meaning: Meaning, here: Here) -> Iterator[Wish]:  # noqa: C901 - one branch a kind
    if isinstance(meaning, Point):
        yield from _point(meaning, here)
    elif isinstance(meaning, Window):
        yield from window_wishes(meaning, here)
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


# --- points --------------------------------------------------------------------------------------


def _point(point: Point, here: Here) -> Iterator[Wish]:
    named = point.day is not None
    candidates = days(point.day, _from_bound(point, here)) if point.day else next_days(here)
    made = [wish for dates in candidates for wish in _point_on(point, dates, here)]
    future = [wish for wish in made if is_ahead(wish, here)]
    if not named:
        future = _soonest(future)
    if future and point.within is not None:
        future = _within(future, point.within, here)
    if not future:
        is_skipped = isinstance(point.time, Clock) and not made
        raise UnresolvableError(
            UnclearReason.TIME_DOES_NOT_EXIST if is_skipped else UnclearReason.IN_THE_PAST
        )
    if named and all(_is_late(wish, here) for wish in future) and _is_just_over(made, here):
        # "Today at nine", said at ten past nine, hardly means the evening.
        raise UnresolvableError(UnclearReason.IN_THE_PAST, tuple(future))
    for wish in future:
        yield replace(wish, day_named=named, approximate=point.approximate)


def _is_just_over(wishes: Iterable[Wish], here: Here) -> bool:
    starts = [each.earliest_at for each in wishes if each.earliest_at is not None]
    return any(timedelta() < here.now - start < _JUST_OVER for start in starts)


def _from_bound(point: Point, here: Here) -> Here:
    """From when a day is counted: "after New Year, on the fifth" is a fifth after that."""
    day = point.day
    is_next = (isinstance(day, Weekday) and day == Weekday(day.number)) or (
        isinstance(day, CalendarDay) and day.month is None
    )
    if point.within is None or not is_next:
        return here
    starts = [each.earliest_at for each in window_wishes(point.within, here) if each.earliest_at]
    return replace(here, now=max(here.now, starts[0].astimezone(here.zone))) if starts else here


def _within(wishes: list[Wish], window: Window, here: Here) -> list[Wish]:
    """The wishes that keep a bound: "after New Year, on the fifth".

    Raises:
        UnresolvableError: if none of them does.
    """
    bounds = [(each.earliest_at, each.latest_at) for each in window_wishes(window, here)]
    kept = [
        wish
        for wish in wishes
        if all(
            any(_keeps(each, earliest, latest) for earliest, latest in bounds)
            for each in wish.readings()
        )
    ]
    if not kept:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    return kept


def _keeps(wish: Wish, earliest: datetime | None, latest: datetime | None) -> bool:
    first, last = wish.earliest_at, wish.latest_at or wish.earliest_at
    is_after = earliest is None or (first is not None and first >= earliest)
    return is_after and (latest is None or (last is not None and last <= latest))


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


def _point_on(point: Point, dates: Dates, here: Here) -> Iterator[Wish]:
    if point.time is None:
        yield dates_wish(dates, point.zone, here)
        return
    if dates.count > 1:
        yield _each_day(point, dates, here)
        return
    if isinstance(point.time, Part):
        part = point.time if dates.part is None else _narrowed(point.time, dates.part)
        yield part_wish(part, dates.first, point.zone, here)
        return
    for option in told_abroad(point.time, point.zone, here) or point.time.options:
        yield from exact_wishes(dates.first, option, point.time.second, point.zone, here)


def _narrowed(part: Part, edge: Part) -> Part:
    """What "early tomorrow evening" says twice, or the half of the part nearer to the edge."""
    start = max(part.start_minute, edge.start_minute)
    end = min(part.end_minute, edge.end_minute)
    if start < end:
        return Part(start, end, part.half)
    if edge.end_minute <= part.start_minute:
        middle = (part.start_minute + part.end_minute) // 2
        return Part(part.start_minute, middle, part.half)
    return late_part(part)


def _each_day(point: Point, dates: Dates, here: Here) -> Wish:
    """A time on any of several days: "this week at three"."""
    if dates.count > LONGEST_RANGE_DAYS:
        raise UnresolvableError(UnclearReason.TOO_VAGUE)
    wishes: list[Wish] = []
    for offset in range(dates.count):
        day = single_day(dates.first + timedelta(days=offset))
        readings = [wish for wish in _point_on(point, day, here) if is_ahead(wish, here)]
        if readings:
            wishes.append(undecided(readings))
    if not wishes:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    return wishes[0] if len(wishes) == 1 else grouped(tuple(wishes), decided=True)


# --- lengths of time -----------------------------------------------------------------------------


def _offset(offset: Offset, here: Here) -> Iterator[Wish]:
    if offset.base is not None:
        yield from _offset_from(offset, offset.base, here)
        return
    now = here.now.astimezone(UTC)
    at = _later(now, offset, here)
    if offset.onwards:
        yield Wish(WishKind.AFTER, at, None, Grain.MINUTE, here.zone.key)
        return
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
        if abs(minutes) > FURTHEST_DURATION_DAYS * FULL_DAY:
            raise UnresolvableError(UnclearReason.TOO_VAGUE)
        return start + timedelta(minutes=minutes)
    local = start.astimezone(here.zone)
    shifted = shifted_day(
        single_day(local.date()), ShiftedDay(None, int(duration.count), duration.unit)
    )
    return boundary(datetime.combine(shifted, local.time().replace(fold=0)), here.zone)


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
    return wishes[0] if len(wishes) == 1 else grouped(tuple(wishes), decided=True)


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
    ahead = _days_ahead(base, here)
    intervals = tuple(
        interval for each in meaning.excluded for interval in _excluded(each, ahead, here)
    )
    kept = _without(base, intervals)
    if isinstance(meaning.base, Point) and _is_cut(base, kept):
        kept = _on_another_day(meaning.base, intervals, here) or kept
    if kept is None:
        raise UnresolvableError(UnclearReason.CONTRADICTION)
    if base.undecided and _is_late(kept, here):
        raise UnresolvableError(UnclearReason.TWO_READINGS, base.alternatives)
    return kept


def _days_ahead(wish: Wish, here: Here) -> Sequence[date]:
    """The days on which it matters what is ruled out: three weeks, and all those of the wish."""
    readings = wish.readings()
    starts = [each.earliest_at for each in readings if each.earliest_at is not None]
    ends = [each.latest_at for each in readings if each.latest_at is not None]
    first = max(here.today, min(starts).astimezone(here.zone).date()) if starts else here.today
    if first < here.today + timedelta(days=_HORIZON_DAYS):
        first = here.today
    last = first + timedelta(days=_HORIZON_DAYS)
    if ends:
        last = max(last, max(ends).astimezone(here.zone).date())
    count = min((last - first).days, FURTHEST_DURATION_DAYS)
    return [first + timedelta(days=each) for each in range(count)]


def _is_late(wish: Wish, here: Here) -> bool:
    """Whether it is an hour that "a meeting in the morning, call me at ten" hardly means."""
    start = wish.earliest_at if wish.kind is WishKind.EXACT else None
    return start is not None and start.astimezone(here.zone).hour >= LATE_HOUR


def _is_cut(base: Wish, kept: Wish | None) -> bool:
    """Whether a reading of an hour on any day is ruled out: "Monday is no good, at four"."""
    is_any_day = not any(each.day_named for each in base.readings())
    return is_any_day and (kept is None or len(kept.readings()) < len(base.readings()))


def _on_another_day(base: Point, intervals: tuple[Interval, ...], here: Here) -> Wish | None:
    """An hour on the next day on which no reading of it is ruled out."""
    for ahead in range(1, DAYS_PER_WEEK + 1):
        there = resolve(replace(base, day=RelativeDay(ahead)), here)
        kept = _without(there, intervals)
        if kept is not None and len(kept.readings()) == len(there.readings()):
            return _on_any_day(kept)
    return None


def _on_any_day(wish: Wish) -> Wish:
    alternatives = tuple(_on_any_day(each) for each in wish.alternatives)
    return replace(wish, alternatives=alternatives, day_named=False)


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
            if not _is_other_time(start, each):
                return None
            continue
        if start and end and each.contains(start) and each.latest_at and end <= each.latest_at:
            return None
    relevant = tuple(each for each in intervals if _touches(each, wish))
    return _trimmed(replace(wish, excluded=wish.excluded + relevant))


def _trimmed(wish: Wish) -> Wish:
    """A day of which the morning or the evening alone is ruled out, as what is left of it.

    "Tuesday, but not in the morning" is Tuesday from noon on; nobody is called in the small hours.
    """
    start, end = wish.earliest_at, wish.latest_at
    if wish.kind is not WishKind.DAY or len(wish.excluded) != 1 or start is None or end is None:
        return wish
    first, last = wish.excluded[0].earliest_at, wish.excluded[0].latest_at
    if first is None or last is None or last - first < _SHORTEST_PART or end - start > _LONGEST_DAY:
        return wish
    left = replace(wish, excluded=(), grain=Grain.PART)
    if start <= first <= start + _EARLY and last < end:
        return replace(left, kind=WishKind.AFTER, earliest_at=last)
    if start < first and end - _LATE <= last:
        return replace(left, kind=WishKind.BEFORE, latest_at=first)
    return wish


def _is_other_time(at: datetime, interval: Interval) -> bool:
    """Whether a time was named beside the one that is ruled out: "half past three, not at three".

    "Not at three" alone rules out the hour from three on, of which 15:30 is a part.
    """
    first, last = interval.earliest_at, interval.latest_at
    is_hour = first and last and last - first == timedelta(minutes=_EXCLUDED_MINUTES)
    return bool(is_hour) and at != first


def _touches(interval: Interval, wish: Wish) -> bool:
    if not wish.day_named and _lasts_days(interval):
        # Other days may suit as well: "any morning except Friday".
        return True
    start, end = wish.earliest_at, wish.latest_at
    if wish.kind is WishKind.EXACT and start is not None and interval.contains(start):
        return False
    if start is not None and interval.latest_at is not None and interval.latest_at <= start:
        return False
    return end is None or interval.earliest_at is None or interval.earliest_at < end


def _lasts_days(interval: Interval) -> bool:
    first, last = interval.earliest_at, interval.latest_at
    return first is not None and last is not None and last - first >= _SHORTEST_DAY


def _excluded(meaning: Meaning, ahead: Sequence[date], here: Here) -> Iterator[Interval]:
    """The stretches a "not ..." rules out, for some weeks where it comes again."""
    if isinstance(meaning, Point) and isinstance(meaning.time, Part | None):
        yield from _excluded_days(meaning, ahead, here)
        return
    for each in _on_every_day(meaning, ahead):
        yield from _excluded_times(each, here)


def _on_every_day(meaning: Meaning, ahead: Sequence[date]) -> Iterator[Meaning]:
    """A time of day that is ruled out without a day is so on each: "not at four"."""
    if not isinstance(meaning, Point | Window) or _has_day(meaning):
        yield meaning
        return
    for day in ahead:
        yield replace(meaning, day=CalendarDay(day.day, day.month, day.year))


def _has_day(meaning: Point | Window) -> bool:
    return names_day(meaning) if isinstance(meaning, Window) else meaning.day is not None


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


def _excluded_days(point: Point, ahead: Sequence[date], here: Here) -> Iterator[Interval]:
    part = point.time if isinstance(point.time, Part) else Part(0, FULL_DAY)
    for day in _repeated(point.day, ahead, here):
        start, end = wall_time(day, part.start_minute), wall_time(day, part.end_minute)
        yield Interval(boundary(start, here.zone), boundary(end, here.zone, end=True))


def _repeated(day: Day | None, ahead: Sequence[date], here: Here) -> Iterator[date]:
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
