"""What the phrases of any language do: one small function per rule name of the grammar files.

A grammar file says *how* a language puts a thing ("half past {hour}"); here is *what* that thing
means, once for all languages. Every function answers None where its values do not fit together, and
the parser drops that reading.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ges_connector.language.clocks import hour_options, refine, shift_clock
from ges_connector.language.joining import either, merge, merge_points
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    FULL_DAY,
    HALF_DAY,
    MINUTES_PER_HOUR,
    AllOf,
    Amount,
    AnyTime,
    Asap,
    CalendarDay,
    CalendarSpan,
    CalendarWeek,
    Clock,
    DashedDate,
    DayEdge,
    DayRange,
    Duration,
    Edge,
    Either,
    Excluding,
    Marker,
    Meaning,
    Month,
    MonthSpan,
    Number,
    Offset,
    OneOf,
    Ordinal,
    Part,
    Point,
    RelativeDay,
    Reply,
    ShiftedDay,
    Unit,
    UnitName,
    Vague,
    Weekday,
    Which,
    Window,
    Zone,
    edge_part,
)
from ges_connector.language.wish import ChoiceKind

_QUARTER = 15
_HALF = 30
_THIS_CENTURY = 2000
_NUMBER_OF_WEEKS_AHEAD = 8
_TWO_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule of the grammar files.

    Attributes:
        holes: the values its templates must have, in the order `build` takes them.
        build: makes the meaning; None if the values do not fit.
        cost: how much less likely this reading is than others of the same words.
    """

    holes: tuple[str, ...]
    build: Callable[..., object]
    cost: int = 0


# --- clock times ---------------------------------------------------------------------------------


def _clock(hour: Number | Ordinal | Point, minute: int, shift: int = 0) -> Point | None:
    """The clock time at an hour (a number, or a word such as "noon") and a minute."""
    if isinstance(hour, Ordinal):
        hour = Number(hour.value)
    if isinstance(hour, Point):
        if not isinstance(hour.time, Clock):
            return None
        return replace(hour, time=shift_clock(hour.time, minute + shift))
    clock = hour_options(hour.value, minute, said_openly=not hour.leading_zero)
    if clock is None:
        return None
    return Point(time=shift_clock(clock, shift) if shift else clock)


def _at_hour(hour: Number | Point) -> Point | None:
    return hour if isinstance(hour, Point) else _clock(hour, 0)


def _hour_minute(hour: Number | Point, minute: Number) -> Point | None:
    # A single digit after an hour is no minute: "3 h 5" is, "15h3" is a slip.
    return _clock(hour, minute.value) if _may_follow_hour(minute) else None


def _may_follow_hour(minute: Number) -> bool:
    return minute.digits in {0, _TWO_DIGITS}


def _hour_minute_bare(hour: Number | Point, minute: Number) -> Point | None:
    """An hour and a minute with nothing between: "three thirty", "three oh five", "3 30"."""
    if minute.value < 10 and not minute.leading_zero:  # noqa: PLR2004 - "three five" is no time
        return None
    if isinstance(hour, Point):
        return _hour_minute(hour, minute) if not minute.digits else None
    if (hour.digits == 0) != (minute.digits == 0):
        # "9 and fifteen" is no pair of hours.
        mixed = hour.digits and hour.alone and minute.value > HALF_DAY // MINUTES_PER_HOUR
        return _hour_minute(hour, minute) if mixed else None
    if hour.digits and (not hour.alone or not minute.alone):
        return None
    return _hour_minute(hour, minute)


def _hour_minute_second(hour: Number, minute: Number, second: Number) -> Point | None:
    point = _hour_minute(hour, minute)
    if point is None or not isinstance(point.time, Clock) or second.value >= MINUTES_PER_HOUR:
        return None
    return replace(point, time=replace(point.time, second=second.value))


def _shifted(minutes: int) -> Callable[[Number | Point], Point | None]:
    def build(hour: Number | Point) -> Point | None:
        return _clock(hour, 0, minutes)

    return build


def _minutes(base: int, sign: int) -> Callable[[Number, Number | Point], Point | None]:
    def build(minute: Number, hour: Number | Point) -> Point | None:
        return _clock(hour, 0, base + sign * minute.value)

    return build


def _minutes_to_or_range(minute: Number, hour: Number | Point) -> Meaning | None:
    """Ten minutes before four for "ten to four", which may be a range as well."""
    before = _clock(hour, 0, -minute.value)
    if before is None or minute.value > HALF_DAY // MINUTES_PER_HOUR:
        return before
    between = _range(minute, hour)
    return before if between is None else OneOf((before, between))


def _mark(clock: Number | Point, marker: Marker) -> Point | None:
    point = _at_hour(clock)
    if point is None or not isinstance(point.time, Clock):
        return None
    time = refine(point.time, marker.half)
    return None if time is None else replace(point, time=time)


def _mark_day(day: Point, marker: Marker) -> Point | None:
    noon = FULL_DAY // 2
    part = Part(0, noon, "am") if marker.half == "am" else Part(noon, FULL_DAY, "pm")
    return replace(day, time=part) if day.time is None else None


# --- days ----------------------------------------------------------------------------------------


def _weekday(which: Which) -> Callable[[Point], Point | None]:
    def build(weekday: Point) -> Point | None:
        if not isinstance(weekday.day, Weekday) or weekday.day.which != "nearest":
            return None
        return Point(replace(weekday.day, which=which))

    return build


def _weekday_in_weeks(weekday: Point, n: Number) -> Point | None:
    if not isinstance(weekday.day, Weekday) or not 1 <= n.value <= _NUMBER_OF_WEEKS_AHEAD:
        return None
    return Point(Weekday(weekday.day.number, "coming", n.value))


def _weekday_week(weekday: Point) -> Point | None:
    """A week on top of the coming one: "Friday week", "vendredi en huit"."""
    if not isinstance(weekday.day, Weekday):
        return None
    return Point(Weekday(weekday.day.number, "coming", 1))


def _days_of_month(dom: Number | Ordinal) -> int | None:
    return dom.value if 1 <= dom.value <= 31 else None  # noqa: PLR2004 - the longest month


def _day_month(dom: Number | Ordinal, month: Month) -> Point | None:
    day = _days_of_month(dom)
    return None if day is None else Point(CalendarDay(day, month.number))


def _day_month_year(dom: Number | Ordinal, month: Month, year: Number) -> Point | None:
    day = _days_of_month(dom)
    return None if day is None else Point(CalendarDay(day, month.number, full_year(year)))


def _numeric_day(dom: Number, month_number: Number) -> Point | None:
    return _day_month(dom, Month(month_number.value))


def _numeric_date(dom: Number, month_number: Number, year: Number) -> Point | None:
    return _day_month_year(dom, Month(month_number.value), year)


def full_year(year: Number) -> int:
    """The year a number of two or four digits stands for."""
    return year.value + _THIS_CENTURY if year.digits == _TWO_DIGITS else year.value


def _day_of_month(dom: Number | Ordinal) -> Point | None:
    day = _days_of_month(dom)
    return None if day is None else Point(CalendarDay(day))


def _day_range(dom: Number | Ordinal, dom2: Number | Ordinal) -> Point | None:
    """Days of a month as a range: "dal 24 al 26"."""
    first, last = _days_of_month(dom), _days_of_month(dom2)
    if first is None or last is None or last <= first:
        return None
    return Point(DayRange(CalendarDay(first), CalendarDay(last)))


def _day_range_month(dom: Number | Ordinal, dom2: Number | Ordinal, month: Month) -> Point | None:
    """Days of a month that is named once: "from 24 to 26 November"."""
    first, last = _day_month(dom, month), _day_month(dom2, month)
    if first is None or last is None or _day_range(dom, dom2) is None:
        return None
    return Point(DayRange(first.day, last.day)) if first.day and last.day else None


def _from_day_of_month(dom: Number | Ordinal) -> Meaning | None:
    day = _day_of_month(dom)
    return None if day is None else _from(day)


def _weekday_dom(weekday: Point, dom: Number | Ordinal) -> Point | None:
    day = _days_of_month(dom)
    if day is None or not isinstance(weekday.day, Weekday):
        return None
    return Point(AllOf((weekday.day, CalendarDay(day))))


def _weekday_date(weekday: Point, dashed_date: DashedDate) -> Point | None:
    return merge_points(weekday, Point(dashed_date.day))


def _dated_clock(dashed_date: DashedDate, clock: Point) -> Point | None:
    return merge_points(Point(dashed_date.day), clock)


def _in_duration(duration: Duration) -> Meaning | None:
    if duration.unit == "year":
        return Vague()
    if not duration.is_calendar:
        return Offset(duration)
    return Point(ShiftedDay(None, int(duration.count), duration.unit))


def _in_eight_days(n: Number, unit: UnitName) -> Meaning | None:
    if n.value != DAYS_PER_WEEK + 1 or unit.unit != "day":
        return None
    both = (Point(ShiftedDay(None, count, "day")) for count in (DAYS_PER_WEEK, n.value))
    return OneOf(tuple(both))


def _in_about(duration: Duration) -> Meaning | None:
    meaning = _in_duration(duration)
    return replace(meaning, approximate=True) if isinstance(meaning, Offset | Point) else meaning


def _in_units(unit: Unit) -> Callable[[Number | Amount], Meaning | None]:
    def build(amount: Number | Amount) -> Meaning | None:
        return _in_duration(Duration(amount.value, unit))

    return build


def _in_duration_or(duration: Duration, amount: Number | Amount) -> Meaning | None:
    """Between two lengths of time: "in an hour or two"."""
    hours, rest = divmod(duration.count, MINUTES_PER_HOUR)
    if duration.unit == "minute" and not rest:
        return _in_amounts(Amount(hours), amount, UnitName("hour"))
    return _in_amounts(Amount(duration.count), amount, UnitName(duration.unit))


def _in_amounts(
    amount: Number | Amount, amount2: Number | Amount, unit: UnitName
) -> Meaning | None:
    """Between two lengths of time: "in two to three hours"."""
    if unit.unit not in {"minute", "hour"} or amount.value >= amount2.value:
        return None
    until = Duration(amount2.value, unit.unit)
    return Offset(Duration(amount.value, unit.unit), until=until)


def _in_amount(unit: UnitName, amount: Number | Amount) -> Meaning | None:
    """The unit before its number, as Russian says "some two hours"."""
    duration = _amount(amount, unit)
    return None if duration is None else _in_duration(duration)


def _within(duration: Duration) -> Meaning | None:
    return Vague() if duration.unit == "year" else Offset(duration, within=True)


def _within_unit(unit: UnitName) -> Meaning | None:
    return None if unit.unit == "weekend" else _within(Duration(1, unit.unit))


def _duration_after(duration: Duration, x: Meaning | Number) -> Meaning | None:
    if isinstance(x, Asap) and x.base is None and x.at_once:
        return _in_duration(duration)
    if not isinstance(x, Point):
        return None
    if x.day is None and not isinstance(x.time, Clock):
        return None
    if isinstance(x.day, Weekday) and duration == Duration(DAYS_PER_WEEK + 1, "day"):
        # "Wednesday in eight days" is a Wednesday: languages that say so have it as a phrase.
        return None
    if duration.is_calendar and x.day is not None:
        return replace(x, day=ShiftedDay(x.day, int(duration.count), duration.unit))
    return None if x.time is None else Offset(duration, base=x)


def _duration_on(duration: Duration, day: Point) -> Meaning | None:
    """So much later than a day: "a week on Friday", "a week tomorrow"."""
    return _duration_after(duration, day) if duration.unit == "week" else None


def _duration_before(duration: Duration, x: Meaning | Number) -> Meaning | None:
    return (
        None
        if isinstance(x, Asap)
        else _duration_after(replace(duration, count=-duration.count), x)
    )


def _day_after(day: Point) -> Point | None:
    return None if day.day is None else Point(ShiftedDay(day.day, 1, "day"))


def _day_before(day: Point) -> Point | None:
    return None if day.day is None else Point(ShiftedDay(day.day, -1, "day"))


def _span(offset: int) -> Callable[[UnitName], Meaning | None]:
    def build(unit: UnitName) -> Meaning | None:
        if unit.unit == "year":
            return Vague()
        if unit.unit in {"hour", "minute"}:
            return Offset(Duration(offset, unit.unit), within=True) if offset > 0 else None
        if unit.unit == "day":
            # "The next day" is a set phrase; "the next days" are several.
            return None if offset else Point(RelativeDay(0))
        if unit.unit == "weekend" and offset == 1:
            # "Next weekend" on a Monday: of this week, or of the next.
            both = (Point(CalendarSpan(unit.unit, weeks)) for weeks in (1, 0))
            return OneOf(tuple(both))
        return Point(CalendarSpan(unit.unit, offset))

    return build


def _edge(edge: Edge) -> Callable[[Point], Point | None]:
    def build(day: Point) -> Point | None:
        if isinstance(day.day, CalendarSpan | MonthSpan) and day.day.edge is None:
            return replace(day, day=replace(day.day, edge=edge))
        return None if day.day is None else Point(DayEdge(day.day, edge))

    return build


def _unit_edge(edge: Edge) -> Callable[[UnitName], Meaning | None]:
    def build(unit: UnitName) -> Meaning | None:
        if unit.unit == "day":
            return Point(time=edge_part(edge))
        if unit.unit in {"week", "weekend", "month"}:
            return Point(CalendarSpan(unit.unit, 0, edge))
        return None

    return build


def _month_edge(edge: Edge | None) -> Callable[[Month], Point]:
    def build(month: Month) -> Point:
        return Point(MonthSpan(month.number, edge))

    return build


def _rest_of(day: Point) -> Point:
    return day


# --- parts of the day ----------------------------------------------------------------------------


def _next_part(part: Point) -> Meaning | None:
    """For "next evening" this one, if it is still to come, or tomorrow's."""
    if part.day is not None:
        return None
    return OneOf(tuple(replace(part, day=RelativeDay(days)) for days in (0, 1)))


def _early(part: Point) -> Point | None:
    if not isinstance(part.time, Part):
        return None
    middle = (part.time.start_minute + part.time.end_minute) // 2
    return replace(part, time=replace(part.time, end_minute=middle))


def _part_clock(part: Point, clock: Point) -> Point | None:
    return merge_points(part, clock)


def _late(part: Point) -> Point | None:
    if not isinstance(part.time, Part):
        return None
    middle = (part.time.start_minute + part.time.end_minute) // 2
    return replace(part, time=replace(part.time, start_minute=middle))


def _this_part(part: Point) -> Point | None:
    return replace(part, day=RelativeDay(0)) if part.day is None else None


def _day_then_part(day: Point, part: Part) -> Point | None:
    return replace(day, time=part) if day.time is None else None


# --- durations -----------------------------------------------------------------------------------


def _amount(amount: Number | Amount, unit: UnitName) -> Duration | None:
    return None if unit.unit == "weekend" else Duration(amount.value, unit.unit)


def _fraction(share: float) -> Callable[[UnitName], Duration | None]:
    def build(unit: UnitName) -> Duration | None:
        if unit.unit == "hour":
            return Duration(share * MINUTES_PER_HOUR, "minute")
        return Duration(share, unit.unit) if share == int(share) else None

    return build


def _amount_and_half(amount: Number | Amount, unit: UnitName) -> Duration | None:
    if unit.unit != "hour":
        return None
    return Duration(amount.value * MINUTES_PER_HOUR + _HALF, "minute")


def _hours_minutes(amount: Number | Amount, minute: Number) -> Duration | None:
    """Hours and minutes written as a clock time is: "in 1h30"."""
    if not isinstance(amount, Number) or not _may_follow_hour(minute):
        return None
    return Duration(amount.value * MINUTES_PER_HOUR + minute.value, "minute")


def _sum(duration: Duration, duration2: Duration) -> Duration | None:
    hours, minutes = _in_minutes(duration), _in_minutes(duration2)
    if hours is None or minutes is None or not minutes < MINUTES_PER_HOUR <= hours:
        return None
    return Duration(hours + minutes, "minute")


def _in_minutes(duration: Duration) -> float | None:
    sizes = {"minute": 1, "hour": MINUTES_PER_HOUR}
    return duration.count * sizes[duration.unit] if duration.unit in sizes else None


# --- bounds --------------------------------------------------------------------------------------


def as_point(x: Meaning | Number) -> Point | None:
    """Take a bare number for an hour; None for what is no point."""
    if isinstance(x, Number):
        return None if x.digits > _TWO_DIGITS else _clock(x, 0)
    return x if isinstance(x, Point) else None


def _edge_of_part(point: Point, *, end: bool) -> Point:
    """A part of the day as a bound: "after lunch" begins where lunch ends."""
    if not isinstance(point.time, Part):
        return point
    minute = point.time.end_minute if end else point.time.start_minute
    return replace(point, time=Clock((minute,)))


def _next_day(point: Point) -> Point:
    """A whole day as an inclusive bound: "until Friday" ends where Saturday begins."""
    if point.time is None and point.day is not None:
        return replace(point, day=ShiftedDay(point.day, 1, "day"))
    return point


def as_meaning(number: Number) -> Meaning | None:
    """What a number alone may be: an hour, and from thirteen on a day of the month as well."""
    point = as_point(number)
    if number.value <= HALF_DAY // MINUTES_PER_HOUR:
        return point
    day = _day_of_month(number)
    return OneOf((point, day)) if point is not None and day is not None else day


def _after(x: Meaning | Number) -> Meaning | None:
    point = as_point(x)
    if point is None:
        return None
    start = _next_day(_edge_of_part(point, end=True))
    return Window(start, None, approximate=point.approximate, zone=point.zone)


def _from(x: Meaning | Number) -> Meaning | None:
    if isinstance(x, Asap) and x.base is None:
        return x
    point = as_point(x)
    # "From 24 to 26 November" ends; it is not "from" the range "24 to 26 November" on.
    if point is None or isinstance(point.day, DayRange):
        return None
    start = _edge_of_part(point, end=False)
    return Window(start, None, approximate=point.approximate, zone=point.zone)


def _before(x: Meaning | Number) -> Meaning | None:
    point = as_point(x)
    if point is None:
        return None
    end = _edge_of_part(point, end=False)
    return Window(None, end, approximate=point.approximate, zone=point.zone)


def _by(x: Meaning | Number) -> Meaning | None:
    point = as_point(x)
    if point is None:
        return Offset(x.duration, within=True) if isinstance(x, Offset) and not x.base else None
    end = _next_day(_edge_of_part(point, end=True))
    return Window(None, end, deadline=True, approximate=point.approximate, zone=point.zone)


def _by_day(day: Point) -> Meaning | None:
    return _by(day)


def _between(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    if isinstance(x, Asap) and x.base is None:
        until = _by(x2)
        return replace(until, from_now=True) if isinstance(until, Window) else until
    start, end = as_point(x), as_point(x2)
    if start is None or end is None:
        return None
    if start.time is None and end.time is None and start.day and end.day:
        return Point(DayRange(start.day, end.day))
    if start.time is None or end.time is None:
        return None
    if start.zone and end.zone and start.zone != end.zone:
        return None
    return Window(
        _edge_of_part(start, end=False),
        _edge_of_part(end, end=True),
        approximate=start.approximate or end.approximate,
        zone=start.zone or end.zone,
    )


def _range(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """From one to the other, with no more than a dash or a small word between them."""
    numbers = [each for each in (x, x2) if isinstance(each, Number)]
    if any(each.digits and not each.alone for each in numbers):
        return None
    return _between(x, x2)


def _range_or_at(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """A range for "9 a las 11", but none for "viernes 23 a las 4"."""
    start, end = as_point(x), as_point(x2)
    if start is None or end is None:
        return None
    if isinstance(start.time, Part) and isinstance(end.time, Clock):
        return None
    if isinstance(start.time, Clock) and isinstance(end.time, Clock):
        is_late = min(start.time.options) > HALF_DAY + MINUTES_PER_HOUR
        if is_late and len(end.time.options) > 1:
            return None
    return _range(x, x2)


def _around(x: Meaning | Number) -> Meaning | None:
    if isinstance(x, Offset | Window):
        return replace(x, approximate=True)
    point = as_point(x)
    return None if point is None else replace(point, approximate=True)


def _not(x: Meaning | Number) -> Meaning | None:
    if isinstance(x, Window):
        if x.start is None and x.end is not None:
            return Window(x.end, None, x.day, zone=x.zone)
        if x.end is None and x.start is not None:
            return Window(None, x.start, x.day, zone=x.zone)
        return Excluding(None, (x,))
    if isinstance(x, Either):
        return _neither_bound(x) or Excluding(None, x.options)
    point = as_point(x)
    return None if point is None else Excluding(None, (point,))


def _neither_bound(either_of: Either) -> Meaning | None:
    """What is left between two bounds: "not before nine or after five" is from nine to five."""
    if len(either_of.options) != 2 or not all(isinstance(x, Window) for x in either_of.options):  # noqa: PLR2004 - two bounds
        return None
    first, second = (_not(each) for each in either_of.options)
    if not isinstance(first, Window) or not isinstance(second, Window):
        return None
    return merge(first, second)


def _neither(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """Not the one and not the other: "weder Montag noch Dienstag"."""
    first, second = _not(x), _not(x2)
    if not isinstance(first, Excluding) or not isinstance(second, Excluding):
        return None
    return Excluding(None, first.excluded + second.excluded)


def _or(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    first = as_point(x) if isinstance(x, Number) else x
    second = as_point(x2) if isinstance(x2, Number) else x2
    # From the left, one at a time: there is only one way to read a list.
    if first is None or second is None or isinstance(second, Either | Excluding):
        return None
    if isinstance(x, Number) and not _has_clock(second):
        return None
    if isinstance(x2, Number) and not _has_clock(first):
        return None
    return either(first, second)


def _listed(x: Meaning | Number, either_of: Either) -> Meaning | None:
    """One more before a choice: "Monday, Tuesday or Friday"."""
    first = as_point(x) if isinstance(x, Number) else x
    if first is None or isinstance(first, Either) or _is_day_of(first, either_of):
        return None
    return either(first, either_of)


def _weekdays_listed(weekday: Point, x: Meaning | Number) -> Meaning | None:
    """Weekdays with nothing but a comma between: any of them will do."""
    if not isinstance(x, Point) or not isinstance(x.day, Weekday) or x.day == weekday.day:
        return None
    return either(weekday, x)


def _is_day_of(first: Meaning, either_of: Either) -> bool:
    """Whether a day is part of the choice behind it and no further one.

    It may be the very day that hours are offered on ("today, Monday, at 10 or 11"), or belong to
    the first of them alone: "Tuesday, in the evening or Wednesday morning".
    """
    if not isinstance(first, Point) or first.time is not None:
        return False
    points = [each for each in either_of.options if isinstance(each, Point) and each.day]
    if len(points) < len(either_of.options) or len({each.day for each in points}) > 1:
        return False
    return first.day is not None


def _or_slash(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """Either for "Tue/Wed"; between numbers the sign makes a date."""
    if isinstance(x, Number) or isinstance(x2, Number):
        return None
    return _or(x, x2)


def _has_clock(meaning: Meaning) -> bool:
    if isinstance(meaning, Either):
        return _has_clock(meaning.options[-1])
    return isinstance(meaning, Point) and isinstance(meaning.time, Clock)


# --- replies and the rest ------------------------------------------------------------------------


def _reply(kind: ChoiceKind) -> Callable[[], Reply]:
    def build() -> Reply:
        return Reply(kind)

    return build


def _index(choice: Number | Ordinal) -> Meaning | None:
    return Reply(ChoiceKind.INDEX, choice.value) if 1 <= choice.value <= 12 else None  # noqa: PLR2004


def _index_or_day(choice: Number | Ordinal) -> Meaning | None:
    """The third of the month, or of the menu; only a small number may be of a menu."""
    day = _day_of_month(choice)
    if choice.value > 9 or day is None:  # noqa: PLR2004 - no menu is that long
        return day
    return OneOf((Reply(ChoiceKind.INDEX, choice.value), day))


def _index_or_hour(hour: Number | Point) -> Meaning | None:
    """A word that names an entry of the menu and an hour alike: Polish "druga", second or two."""
    if not isinstance(hour, Number) or hour.digits or not hour.alone:
        return None
    point, index = as_point(hour), _index(hour)
    return OneOf((index, point)) if index is not None and point is not None else None


def _week_number(n: Number) -> Meaning | None:
    """The week of a number as calendars print it (ISO 8601): "KW 49"."""
    return Point(CalendarWeek(n.value)) if 1 <= n.value <= 53 else None  # noqa: PLR2004 - weeks


def _past_duration(duration: Duration) -> Point:
    del duration
    return Point(RelativeDay(-1))


def _past_units(amount: Number | Amount) -> Point:
    del amount
    return Point(RelativeDay(-1))


def _past_unit(unit: UnitName) -> Point:
    del unit
    return Point(RelativeDay(-1))


def _past_weekday(weekday: Point) -> Point:
    del weekday
    return Point(RelativeDay(-1))


def _since(x: Meaning | Number) -> Point:
    """A time that is over: "broken since Monday"."""
    del x
    return Point(RelativeDay(-1))


def _vague_units(unit: UnitName) -> Vague:
    del unit
    return Vague()


def _constant(value: Meaning) -> Callable[[], Meaning]:
    def build() -> Meaning:
        return value

    return build


def _join(m: Meaning | Number, atom: Meaning | Number) -> Meaning | None:
    # Said twice, it is more likely two different things: "mañana por la mañana".
    if m == atom or (is_part(atom) and _holds_window(m)):
        return None
    # "Tuesday doesn't suit" is about Tuesday; "none, Tuesday" is about the menu.
    if atom == Reply(ChoiceKind.NONE):
        return None
    return merge(m, atom)


def _holds_window(meaning: Meaning | Number | None) -> bool:
    """Whether a window is within, which a part of the day behind it says the hour of.

    "On weekdays after four in the afternoon" begins at four and does not end with the afternoon.
    """
    if isinstance(meaning, Either):
        return any(_holds_window(each) for each in meaning.options)
    if isinstance(meaning, OneOf):
        return all(_holds_window(each) for each in meaning.readings)
    if isinstance(meaning, Excluding | Asap | Reply):
        return _holds_window(meaning.base)
    return isinstance(meaning, Window)


def _join_part(window: Window, part: Point) -> Meaning | None:
    return merge(window, part)


PHRASES: dict[str, Phrase] = {
    # clock times
    "at_hour": Phrase(("hour",), _at_hour),
    # A time that names the menu entry it stands in: "the 10:30 one".
    "the_clock": Phrase(("clock",), _at_hour),
    "hour_minute": Phrase(("hour", "minute"), _hour_minute),
    "hour_minute_bare": Phrase(("hour", "minute"), _hour_minute_bare, cost=1),
    "hour_minute_second": Phrase(("hour", "minute", "second"), _hour_minute_second),
    "half_past": Phrase(("hour",), _shifted(_HALF)),
    "half_to": Phrase(("hour",), _shifted(-_HALF)),
    "quarter_past": Phrase(("hour",), _shifted(_QUARTER)),
    "quarter_to": Phrase(("hour",), _shifted(-_QUARTER)),
    "quarter_of_next": Phrase(("hour",), _shifted(-3 * _QUARTER)),
    "three_quarters_of_next": Phrase(("hour",), _shifted(-_QUARTER)),
    "minutes_past": Phrase(("minute", "hour"), _minutes(0, 1)),
    "minutes_to": Phrase(("minute", "hour"), _minutes(0, -1)),
    "minutes_of_next": Phrase(("minute", "hour"), _minutes(-MINUTES_PER_HOUR, 1)),
    "minutes_to_or_range": Phrase(("minute", "hour"), _minutes_to_or_range),
    "minutes_past_half_to": Phrase(("minute", "hour"), _minutes(-_HALF, 1)),
    "minutes_to_half_to": Phrase(("minute", "hour"), _minutes(-_HALF, -1)),
    # days
    "this_weekday": Phrase(("weekday",), _weekday("this")),
    "coming_weekday": Phrase(("weekday",), _weekday("coming")),
    "next_weekday": Phrase(("weekday",), _weekday("next")),
    "after_next_weekday": Phrase(("weekday",), _weekday("after_next")),
    "weekday_week": Phrase(("weekday",), _weekday_week),
    "weekday_in_weeks": Phrase(("weekday", "n"), _weekday_in_weeks),
    "since": Phrase(("x",), _since),
    "last_weekday": Phrase(("weekday",), _past_weekday),
    "day_month": Phrase(("dom", "month"), _day_month),
    "day_month_year": Phrase(("dom", "month", "year"), _day_month_year),
    "numeric_day": Phrase(("dom", "month_number"), _numeric_day),
    "numeric_date": Phrase(("dom", "month_number", "year"), _numeric_date),
    "day_of_month": Phrase(("dom",), _day_of_month),
    "day_range": Phrase(("dom", "dom2"), _day_range),
    "day_range_month": Phrase(("dom", "dom2", "month"), _day_range_month),
    "from_day_of_month": Phrase(("dom",), _from_day_of_month),
    "weekday_dom": Phrase(("weekday", "dom"), _weekday_dom),
    "day_after": Phrase(("day",), _day_after),
    "day_before": Phrase(("day",), _day_before),
    "rest_of": Phrase(("day",), _rest_of),
    "week_number": Phrase(("n",), _week_number),
    "this_span": Phrase(("unit",), _span(0)),
    "next_span": Phrase(("unit",), _span(1)),
    "after_next_span": Phrase(("unit",), _span(2)),
    "last_span": Phrase(("unit",), _past_unit),
    "start_of": Phrase(("day",), _edge("start")),
    "middle_of": Phrase(("day",), _edge("middle")),
    "end_of": Phrase(("day",), _edge("end")),
    "start_of_unit": Phrase(("unit",), _unit_edge("start")),
    "middle_of_unit": Phrase(("unit",), _unit_edge("middle")),
    "end_of_unit": Phrase(("unit",), _unit_edge("end")),
    "in_month": Phrase(("month",), _month_edge(None)),
    "start_of_month": Phrase(("month",), _month_edge("start")),
    "middle_of_month": Phrase(("month",), _month_edge("middle")),
    "end_of_month": Phrase(("month",), _month_edge("end")),
    # parts of the day
    "early_part": Phrase(("part",), _early),
    "late_part": Phrase(("part",), _late),
    "next_part": Phrase(("part",), _next_part),
    "this_part": Phrase(("part",), _this_part),
    # Where the part always stands before its hour and belongs to nothing else: "(5 pm) or later".
    "part_clock": Phrase(("part", "clock"), _part_clock),
    # durations
    "amount": Phrase(("amount", "unit"), _amount),
    "one_unit": Phrase(("unit",), _fraction(1)),
    "two_units": Phrase(("unit",), _fraction(2)),
    "half_unit": Phrase(("unit",), _fraction(0.5)),
    "quarter_unit": Phrase(("unit",), _fraction(0.25)),
    "three_quarter_unit": Phrase(("unit",), _fraction(0.75)),
    "one_and_half_unit": Phrase(("unit",), _fraction(1.5)),
    "amount_and_half": Phrase(("amount", "unit"), _amount_and_half),
    "hours_minutes": Phrase(("amount", "minute"), _hours_minutes),
    "sum": Phrase(("duration", "duration2"), _sum),
    "in_duration": Phrase(("duration",), _in_duration),
    # "In eight days" is a week to most people who say it, and eight days to the others.
    "in_eight_days": Phrase(("n", "unit"), _in_eight_days),
    "in_about": Phrase(("duration",), _in_about),
    "in_duration_or": Phrase(("duration", "amount"), _in_duration_or),
    "in_amounts": Phrase(("amount", "amount2", "unit"), _in_amounts),
    "in_amount": Phrase(("unit", "amount"), _in_amount),
    "within_unit": Phrase(("unit",), _within_unit),
    "within": Phrase(("duration",), _within),
    "duration_after": Phrase(("duration", "x"), _duration_after),
    "duration_on": Phrase(("duration", "day"), _duration_on),
    "duration_before": Phrase(("duration", "x"), _duration_before),
    "vague_units": Phrase(("unit",), _vague_units),
    "ago": Phrase(("duration",), _past_duration),
    # bounds
    "after": Phrase(("x",), _after),
    "from": Phrase(("x",), _from),
    "from_day": Phrase(("day",), _from),
    "before": Phrase(("x",), _before),
    "by": Phrase(("x",), _by),
    "by_day": Phrase(("day",), _by_day),
    "between": Phrase(("x", "x2"), _between),
    "range": Phrase(("x", "x2"), _range, cost=1),
    # Where one word means "to" and "at": "viernes 23 a las 4".
    "range_or_at": Phrase(("x", "x2"), _range_or_at, cost=3),
    "around": Phrase(("x",), _around),
    "not": Phrase(("x",), _not, cost=1),
    "neither": Phrase(("x", "x2"), _neither),
    "or": Phrase(("x", "x2"), _or),
    # "And" may join much else: "three and twenty" is a clock time in many languages.
    "and": Phrase(("x", "x2"), _or, cost=2),
    "or_slash": Phrase(("x", "x2"), _or_slash),
    # replies
    "index": Phrase(("choice",), _index),
    "index_ordinal": Phrase(("ordinal",), _index_or_day, cost=3),
    "index_or_day": Phrase(("choice",), _index_or_day, cost=1),
    # In languages that count hours as they do the entries of a list.
    "index_or_hour": Phrase(("hour",), _index_or_hour, cost=3),
    "last": Phrase((), _reply(ChoiceKind.LAST)),
    "earlier_one": Phrase((), _reply(ChoiceKind.EARLIER_ONE)),
    "later_one": Phrase((), _reply(ChoiceKind.LATER_ONE)),
    "earlier": Phrase((), _reply(ChoiceKind.EARLIER)),
    "later": Phrase((), _reply(ChoiceKind.LATER)),
    "more": Phrase((), _reply(ChoiceKind.MORE)),
    "none": Phrase((), _reply(ChoiceKind.NONE)),
    "first_available": Phrase((), _constant(Asap(at_once=False))),
    "asap": Phrase((), _constant(Asap())),
    "any_time": Phrase((), _constant(AnyTime())),
    "workdays": Phrase((), _constant(Excluding(None, (Point(CalendarSpan("weekend", 0)),)))),
    "vague": Phrase((), _constant(Vague())),
    "past": Phrase((), _constant(Point(RelativeDay(-1)))),
}
"""Every rule a grammar file may use, by its name."""

BUILT_IN: tuple[tuple[str, Phrase], ...] = (
    ("{clock} {marker}", Phrase(("clock", "marker"), _mark)),
    ("{hour} {marker}", Phrase(("hour", "marker"), _mark)),
    ("{marker} {clock}", Phrase(("clock", "marker"), _mark)),
    ("{marker} {hour}", Phrase(("hour", "marker"), _mark)),
    ("{day} {marker}", Phrase(("day", "marker"), _mark_day, cost=1)),
    ("{day} {part_after_day}", Phrase(("day", "part_after_day"), _day_then_part)),
    ("{dom} {month}", Phrase(("dom", "month"), _day_month)),
    ("{month} {dom}", Phrase(("dom", "month"), _day_month)),
    ("{ordinal} {month}", Phrase(("ordinal", "month"), _day_month)),
    ("{ordinal} {month} {year}", Phrase(("ordinal", "month", "year"), _day_month_year)),
    ("{dom} {month} {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{month} {dom} {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{month} {ordinal}", Phrase(("ordinal", "month"), _day_month)),
    ("{dom}-{month}", Phrase(("dom", "month"), _day_month)),
    ("{dom}-{month}-{year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{month}/{dom}", Phrase(("dom", "month"), _day_month)),
    ("{weekday} {dashed_date}", Phrase(("weekday", "dashed_date"), _weekday_date, cost=2)),
    ("{dashed_date} {weekday}", Phrase(("weekday", "dashed_date"), _weekday_date, cost=2)),
    ("{dashed_date} {clock}", Phrase(("dashed_date", "clock"), _dated_clock, cost=4)),
    ("{month} {dom}, {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{dom}. {month}", Phrase(("dom", "month"), _day_month)),
    ("{dom}. {month} {year}", Phrase(("dom", "month", "year"), _day_month_year)),
    ("{weekday} {ordinal}", Phrase(("weekday", "ordinal"), _weekday_dom)),
    ("{ordinal} {weekday}", Phrase(("weekday", "ordinal"), _weekday_dom, cost=1)),
    ("{amount}h{minute}", PHRASES["hours_minutes"]),
    ("{x}, {either}", Phrase(("x", "either"), _listed)),
    # Spoken without a comma: "Monday Tuesday or Friday".
    ("{weekday} {either}", Phrase(("weekday", "either"), _listed, cost=1)),
    # Dearer than "ten in the morning" within "before ten in the morning".
    ("{window} {part}", Phrase(("window", "part"), _join_part, cost=4)),
    ("{weekday}, {x}", Phrase(("weekday", "x"), _weekdays_listed, cost=4)),
    ("{m} {atom}", Phrase(("m", "atom"), _join, cost=1)),
)
"""Phrases put the same way everywhere."""

BARE_NUMBERS: tuple[tuple[str, Phrase], ...] = (
    ("{m} {bare}", Phrase(("m", "bare"), _join, cost=3)),
    ("{bare} {atom}", Phrase(("bare", "atom"), _join, cost=3)),
    ("{weekday} {bare}", Phrase(("weekday", "bare"), _weekday_dom, cost=3)),
    ("{bare} {weekday}", Phrase(("weekday", "bare"), _weekday_dom, cost=3)),
)
"""A number without any word that says what it counts, beside a day or a part of the day."""

IN_UNITS = _in_units
"""Makes the rule for one unit's "in {amount} ..." phrases of CLDR."""

PAST_UNITS = Phrase(("amount",), _past_units)
"""CLDR's "{amount} ... ago" phrases."""

KEYS = {
    Number: (), Amount: ("amount",), Ordinal: ("ordinal", "choice"), UnitName: ("unit",),
    Month: ("month",), Marker: ("marker",), Duration: ("duration",), Part: ("part_after_day",),
    Window: ("window", "x", "m"), Either: ("either", "x", "m"), Excluding: ("m",), Zone: ("m",),
    Offset: ("offset", "x"), Asap: ("x", "m"), Reply: ("m",), OneOf: ("m",), AnyTime: ("m",),
    Vague: ("vague",), DashedDate: ("dashed_date",),
}  # fmt: skip


def keys_of(value: object) -> tuple[str, ...]:
    """All types of hole that a value fits into."""
    if isinstance(value, Number):
        return _number_keys(value)
    if isinstance(value, Point):
        return _point_keys(value)
    return KEYS.get(type(value), ())


def _number_keys(number: Number) -> tuple[str, ...]:
    keys = ["n", "amount", "x"]
    short = number.digits <= _TWO_DIGITS
    if short and number.value <= 24:  # noqa: PLR2004 - hours of a day
        keys.append("hour")
    if short and number.alone and 1 <= number.value <= 31:  # noqa: PLR2004 - days of a month
        keys.append("bare")
    if short and number.value < MINUTES_PER_HOUR:
        keys += ["minute", "second"]
    if short and 1 <= number.value <= 31:  # noqa: PLR2004 - days of a month
        keys += ["dom", "choice"]
    if short and 1 <= number.value <= 12:  # noqa: PLR2004 - months of a year
        keys.append("month_number")
    if number.digits == 4:  # noqa: PLR2004 - a full year
        keys.append("year")
    return tuple(keys)


def _point_keys(point: Point) -> tuple[str, ...]:
    keys = ["x", "m"]
    if point.time is None:
        keys.append("day")
        if isinstance(point.day, Weekday):
            keys.append("weekday")
    elif point.day is None:
        keys.append("clock" if isinstance(point.time, Clock) else "part")
    return tuple(keys)


def is_part(value: object) -> bool:
    """Tell whether a value is a part of a day and nothing else."""
    return isinstance(value, Point) and value.day is None and isinstance(value.time, Part)
