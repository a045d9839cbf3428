"""What phrases about bounds and choices mean: "after", "between", "not", "or"."""

from dataclasses import replace

from ges_connector.language.clock_rules import as_point, clock_at
from ges_connector.language.day_rules import day_of_month
from ges_connector.language.holes import is_part
from ges_connector.language.joining import either, merge, merge_points, names_date
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    HALF_DAY,
    MINUTES_PER_HOUR,
    AllOf,
    Asap,
    Aside,
    Busy,
    CalendarDay,
    CalendarSpan,
    Clock,
    Day,
    DayRange,
    Either,
    Excluding,
    Meaning,
    Month,
    Number,
    Offset,
    OneOf,
    Ordinal,
    Part,
    Point,
    RelativeDay,
    Reply,
    ShiftedDay,
    Vague,
    Weekday,
    Whereabouts,
    Window,
)
from ges_connector.language.template import Phrase
from ges_connector.language.windows import names_day
from ges_connector.language.wish import ChoiceKind

# Minutes before the hour are said in fives.
_MINUTES_SAID = 5
_WEDNESDAY = 2
_NOON = 12 * MINUTES_PER_HOUR
_LONGEST_MIDDAY = 3 * MINUTES_PER_HOUR


def _minutes_to_or_range(minute: Number, hour: Number | Point) -> Meaning | None:
    """Ten minutes before four for "ten to four", which may be a range as well."""
    before = clock_at(hour, 0, -minute.value)
    if minute.value % _MINUTES_SAID:
        # "Eight to nine" is no eight minutes to nine.
        return _range(minute, hour) or before
    if before is None or minute.value > HALF_DAY // MINUTES_PER_HOUR:
        return before
    between = _range(minute, hour)
    return before if between is None else OneOf((before, between))


def _from_day_of_month(dom: Number | Ordinal) -> Meaning | None:
    day = day_of_month(dom)
    return None if day is None else _from(day)


def _by_day_of_month(dom: Number | Ordinal) -> Meaning | None:
    day = day_of_month(dom)
    return None if day is None else _by(day)


def _after_day_of_month(dom: Number | Ordinal) -> Meaning | None:
    day = day_of_month(dom)
    return None if day is None else _after(day)


def _before_day_of_month(dom: Number | Ordinal) -> Meaning | None:
    day = day_of_month(dom)
    return None if day is None else _before(day)


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


def _after(x: Meaning | Number) -> Meaning | None:
    point = as_point(x)
    if point is None:
        return None
    start = _next_day(_edge_of_part(point, end=True))
    bound = Window(start, None, approximate=point.approximate, zone=point.zone)
    part = point.told_in
    is_then = part is not None and _first_minute(point) >= part.end_minute
    return _at_or_bound(point, bound, is_then=is_then)


def _at_or_bound(point: Point, bound: Window, *, is_then: bool) -> Meaning:
    """The hour itself for "after lunch, at two"; undecided for "after lunch at one".

    Args:
        point: what the bound is told of.
        bound: what it means otherwise.
        is_then: whether the hour is on the right side of the part of the day before it.
    """
    part = point.told_in
    if part is None or not part.is_event:
        return bound
    at = replace(point, told_in=None)
    return at if is_then else OneOf((at, bound))


def _first_minute(point: Point) -> int:
    return min(point.time.options) if isinstance(point.time, Clock) else 0


def _from(x: Meaning | Number) -> Meaning | None:
    if isinstance(x, Asap) and x.base is None:
        return x
    if isinstance(x, Window) and x.end is None and x.start is not None:
        # "I leave at six, from then on".
        return x
    point = as_point(x)
    # "From 24 to 26 November" ends; it is not "from" the range "24 to 26 November" on.
    if point is None or isinstance(point.day, DayRange):
        return None
    start = _edge_of_part(_middle(_noon_itself(point)), end=False)
    return Window(start, None, approximate=point.approximate, zone=point.zone)


def _just_before(x: Meaning | Number) -> Meaning | None:
    """Near an hour: "just before five" is about five, and not any time from now until then."""
    point = as_point(x)
    if point is None:
        return None
    point = _noon(point)
    return replace(point, approximate=True) if isinstance(point.time, Clock) else _before(x)


def _middle(point: Point) -> Point:
    """The middle of a week as a bound: "from mid week" is from Wednesday, not from Tuesday."""
    day = point.day
    if not isinstance(day, CalendarSpan) or day.unit != "week" or day.edge != "middle":
        return point
    return replace(point, day=AllOf((replace(day, edge=None), Weekday(_WEDNESDAY))))


def _before(x: Meaning | Number) -> Meaning | None:
    point = as_point(x)
    if point is None:
        return None
    if isinstance(point.day, CalendarSpan) and point.day.edge == "end":
        # "Before the end of the week" is not before its last days.
        return _by(x)
    end = _edge_of_part(_noon_itself(point), end=False)
    bound = Window(None, end, approximate=point.approximate, zone=point.zone)
    part = point.told_in
    is_then = part is not None and _first_minute(point) < part.start_minute
    return _at_or_bound(point, bound, is_then=is_then)


def _before_start(x: Meaning | Number) -> Meaning | None:
    """Before work begins, in words that begin a week as well: Italian "inizio alle nove"."""
    is_span = isinstance(x, Point) and isinstance(x.day, CalendarSpan)
    return None if is_span else _before(x)


def _by(x: Meaning | Number) -> Meaning | None:
    point = as_point(x)
    if point is None:
        return Offset(x.duration, within=True) if isinstance(x, Offset) and not x.base else None
    end = _next_day(_edge_of_part(_noon(point), end=True))
    return Window(None, end, deadline=True, approximate=point.approximate, zone=point.zone)


def _until_noon() -> Window:
    """Until noon, where the word is the afternoon's as well: Dutch "tot de middag"."""
    return Window(None, Point(time=Clock((_NOON,))))


def _after_new_year() -> Meaning | None:
    """After the turn of the year, in words that are the eve's as well: Danish "efter nytår"."""
    return _after(Point(CalendarDay(1, 1)))


def _before_new_year() -> Meaning | None:
    """Before the turn of the year."""
    return _before(Point(CalendarDay(1, 1)))


def _hour_long(hour: Number) -> Meaning | None:
    """An hour as a stretch of time: Japanese "11時台" is from eleven to twelve."""
    return _between(hour, replace(hour, value=hour.value + 1))


def _noon(point: Point) -> Point:
    """The hours around noon as a bound are noon: "bis Mittag", "by lunchtime"."""
    part = point.time
    if not isinstance(part, Part) or not part.start_minute <= _NOON < part.end_minute:
        return point
    is_midday = part.end_minute - part.start_minute <= _LONGEST_MIDDAY
    return replace(point, time=Clock((_NOON,))) if is_midday else point


def _noon_itself(point: Point) -> Point:
    """Noon as the start of something; lunch begins when it begins: "before lunch"."""
    return _noon(point) if isinstance(point.time, Part) and point.time.is_noon else point


def _by_hour_minute(hour: Number | Point, minute: Number) -> Meaning | None:
    """By an hour as it is written: "d'ici 17h30", where "d'ici {x}" would be a length as well."""
    clock = clock_at(hour, minute.value)
    return None if clock is None else _by(clock)


def _by_day(day: Point) -> Meaning | None:
    return _by(day)


def _by_on_day(day: Point, x: Meaning | Number) -> Meaning | None:
    """From now up to an hour of a day: "d'ici jeudi 15h"."""
    until = _by(x)
    if not isinstance(until, Window) or until.end is None or until.end.day is not None:
        return None
    return merge(until, day)


def _until_on_day(day: Point, x: Meaning | Number) -> Meaning | None:
    """Within a day up to an hour: "Freitag bis vier"; "until four on Friday" begins now."""
    until = _by(x)
    if not isinstance(until, Window) or until.end is None or until.end.day is not None:
        return None
    return merge(replace(until, deadline=False), day)


def _from_on_day(x: Meaning | Number, day: Point) -> Meaning | None:
    """From an hour of a day on: "at three or later tomorrow"."""
    start = _from(x)
    if not isinstance(start, Window) or start.start is None or start.start.day is not None:
        return None
    point, window = as_point(x), merge(start, day)
    if point is None or window is None or not isinstance(start.start.time, Clock):
        return None
    if isinstance(day.day, CalendarSpan):
        # "At three or later this week" may be today at three.
        return OneOf((window, Either((point, day))))
    return window


def _or_later_tomorrow(x: Meaning | Number) -> Meaning | None:
    """An hour or later tomorrow, or an hour or the day after: French "15h ou après demain"."""
    later = _from_on_day(x, Point(RelativeDay(1)))
    either_of = _or(x, Point(RelativeDay(2)))
    return None if later is None or either_of is None else OneOf((later, either_of))


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
        _edge_of_part(_noon_itself(start), end=False),
        _edge_of_part(_noon(end), end=True),
        approximate=start.approximate or end.approximate,
        zone=start.zone or end.zone,
    )


def _range(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """From one to the other, with no more than a dash or a small word between them."""
    numbers = [each for each in (x, x2) if isinstance(each, Number)]
    if any(each.digits and not each.alone for each in numbers):
        return None
    if len(numbers) == 2 and _is_dated(*numbers):  # noqa: PLR2004 - from and until
        return None
    return _between(x, x2)


def _is_dated(first: Number, second: Number) -> bool:
    """Whether "24-11" or "14-12" is a day of a month rather than hours."""
    noon = _NOON // MINUTES_PER_HOUR
    return first.value >= 2 * noon or (first.value > noon >= second.value)


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
    if point is not None and point.day == RelativeDay(-1):
        # "Yesterday you did not answer" rules nothing out.
        return point
    return None if point is None else Excluding(None, (point,))


def _not_time(x: Meaning | Number) -> Meaning | None:
    """A day or a time ruled out, and no bound: "anytime but not before ten" is from ten on."""
    return None if isinstance(x, Window) else _not(x)


def _any_but(m: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """All of some days without one: "any morning but Thursday"."""
    # "Any time tomorrow but after three" is then, "but from twelve to one" is not.
    ruled_out = None if isinstance(x2, Window) and None in {x2.start, x2.end} else _not(x2)
    if not isinstance(ruled_out, Excluding) or ruled_out.base is not None:
        return None
    if isinstance(m, Excluding):
        # "Any weekday but Friday".
        return merge(m, ruled_out)
    if not isinstance(m, Point) or isinstance(m.time, Clock) or m == x2:
        return None
    all_but = Excluding(m, ruled_out.excluded)
    # "Any time tomorrow but in the morning" may be then as well.
    then = merge(m, x2) if is_part(x2) else None
    return all_but if then is None else OneOf((all_but, then))


def _all_but(x: Meaning | Number) -> Meaning | None:
    """The same of all days, "everything but Thursday"; "whenever, but after three" is then."""
    return None if isinstance(x, Window) and None in {x.start, x.end} else _not(x)


def _any_but_best(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """One of them that is best: "any morning but preferably Thursday"."""
    if not isinstance(x, Point) or isinstance(x.time, Clock):
        return None
    return merge(x, x2)


def _any_day_but_part(part: Point) -> Meaning:
    """Then, or never then: "any day but in the afternoon"."""
    return OneOf((part, Excluding(None, (part,))))


def _not_busy(x: Meaning | Number, busy: Busy) -> Meaning | None:
    """When somebody is busy: "um zehn bin ich beim Zahnarzt"."""
    del busy
    return _not(x)


def _beside_busy(x: Meaning | Number, busy: Busy) -> Meaning | None:
    """The same without a verb: in "nach sechs, beim Zahnarzt" the call may be wanted there."""
    return Vague() if isinstance(x, Window) else _not_busy(x, busy)


def _where(x: Meaning | Number) -> Meaning | None:
    """An hour of a day beside the place to call at: "tomorrow at three at work".

    An hour alone may be one at which somebody is there.
    """
    if not isinstance(x, Point) or x.day is None or not isinstance(x.time, Clock):
        return None
    return x


def _off_at(x: Meaning | Number) -> Meaning | None:
    """From the hour at which something ends: "off work at five"; a day alone is no end of it."""
    window = _from(x)
    start = window.start if isinstance(window, Window) else None
    return window if start is not None and isinstance(start.time, Clock) else None


def _busy_until(busy: Busy, x: Meaning | Number) -> Meaning | None:
    """From when on somebody is free: "bis drei in einer Besprechung"."""
    del busy
    return _from(x)


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
    if isinstance(x2, Number) and _has_hour(x) and x2.value % _MINUTES_SAID == 0:
        # "Two and fifteen" is a quarter past two in some languages.
        return None
    return _neither_of(x, x2)


def _neither_of(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """The same where nobody says minutes so: "at nine and ten I can't"."""
    if _is_of_day(x) and not _is_of_day(x2):
        # Of "tomorrow at nine and ten" both are tomorrow, which is joined to the two.
        return None
    first, second = _not(x), _not(x2)
    if not isinstance(first, Excluding) or not isinstance(second, Excluding):
        return None
    return Excluding(None, first.excluded + second.excluded)


def _is_of_day(x: Meaning | Number) -> bool:
    return isinstance(x, Point) and x.day is not None


def _neither_alike(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """Two times of one kind, ruled out in one breath: "周一周二不行", but "周二下午" is one."""
    first, second = as_point(x), as_point(x2)
    if first is None or second is None or first == second:
        return None
    is_alike = type(first.time) is type(second.time)
    if second.day is not None or second.time is None:
        is_alike = is_alike and type(first.day) is type(second.day)
    return _neither(first, second) if is_alike else None


def _has_hour(x: Meaning | Number) -> bool:
    return isinstance(x, Number) or (isinstance(x, Point) and isinstance(x.time, Clock))


def _or(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    first = as_point(x) if isinstance(x, Number) else x
    second = as_point(x2) if isinstance(x2, Number) else x2
    # From the left, one at a time: there is only one way to read a list.
    if first is None or second is None or isinstance(second, Either | Excluding):
        return None
    if isinstance(x, Number) and (
        not _has_clock(second) or names_date(second) or _is_hour_of_day(second)
    ):
        # Of "Thursday 18 or Friday 19 at eight" the 18 is no hour; nor is it one of "Thursday 18
        # or Friday 19", or else it is as much one as the 19.
        return None
    if isinstance(x2, Number) and not _has_clock(first):
        return None
    if isinstance(first, OneOf) or isinstance(second, OneOf):
        return _or_entries(first, second)
    if _is_earlier_in_week(first, second):
        # "Tuesday or Wednesday next week" are both of that week: read as a choice, and then a week.
        return None
    return either(first, _in_same_week(first, second))


def _or_if_not(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """The second where the first is not possible: "if Wednesday isn't possible, Thursday at 11".

    A day that is named for itself has not the hour of the other.
    """
    first = as_point(x) if isinstance(x, Number) else x
    is_day = isinstance(first, Point) and first.day is not None and first.time is None
    if first is not None and is_day and isinstance(x2, Point):
        return None if x2.day is None else Either((first, x2))
    return _or(x, x2)


def _is_earlier_in_week(first: Meaning, second: Meaning) -> bool:
    """Whether a bare weekday is followed by a later one of a week that is named behind it."""
    day = first.day if isinstance(first, Point) else None
    days = second.day.days if isinstance(second, Point) and isinstance(second.day, AllOf) else ()
    if len(days) != 2 or not isinstance(day, Weekday) or day.which != "nearest":  # noqa: PLR2004 - a weekday and a week
        return False
    other, week = days
    return _is_week(week) and isinstance(other, Weekday) and day.number < other.number


def _in_same_week(first: Meaning, second: Meaning) -> Meaning:
    """A weekday of the week that opens the choice: "next week Tuesday or Wednesday"."""
    days = first.day.days if isinstance(first, Point) and isinstance(first.day, AllOf) else ()
    day = second.day if isinstance(second, Point) else None
    if len(days) != 2 or not isinstance(second, Point) or not isinstance(day, Weekday):  # noqa: PLR2004 - a week and a weekday
        return second
    week, other = days
    is_later = isinstance(other, Weekday) and other.number < day.number
    return merge_points(Point(week), second) or second if _is_week(week) and is_later else second


def _is_week(day: Day | None) -> bool:
    if isinstance(day, ShiftedDay):
        # "In two weeks, Monday or Tuesday".
        is_fortnight = day.unit == "day" and day.count % DAYS_PER_WEEK == 0
        return day.base is None and (is_fortnight or day.unit in {"week", "month"})
    return isinstance(day, CalendarSpan) and day.unit == "week" and day.edge is None


def _and_days(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """Two days, or two parts of one, in one breath: "Wednesday and Friday don't work"."""
    if not isinstance(x, Point) or not isinstance(x2, Point):
        return None
    are_days = x.day is not None and x2.day is not None
    return _or(x, x2) if are_days or (is_part(x) and is_part(x2)) else None


def _dates(dom: Number | Ordinal, day: Point) -> Meaning | None:
    """Two dates of a month that is named once: "4 and 5 December"."""
    first = day_of_month(dom)
    dates = [each for each in _days_of(day) if isinstance(each, CalendarDay) and each.month]
    return either(first, day) if first is not None and dates else None


def _dates_behind(day: Point, dom: Number | Ordinal) -> Meaning | None:
    """The same with the month, or what makes it a date, before: "December 4 and 5"."""
    second = day_of_month(dom)
    days = _days_of(day)
    dates = [each for each in days if isinstance(each, CalendarDay)]
    # The 4 of "Friday 3 or 4" may be an hour.
    is_date = bool(dates) and (len(days) == 1 or dates[0].month is not None)
    return either(day, second) if second is not None and is_date else None


def _dates_listed(dom: Number | Ordinal, day: Point) -> Meaning | None:
    """The same with nothing but a comma between: "4, 5 December".

    Of dates that are no neighbours the first may be an hour: "4, 25 December".
    """
    date = day.day
    if not isinstance(date, CalendarDay) or date.month is None or dom.value >= date.day:
        return None
    both = Either((Point(replace(date, day=dom.value)), day))
    if isinstance(dom, Ordinal) or dom.value + 1 == date.day:
        return both
    return _or_hour(both, dom, day)


def _at_hour_on_date(hour: Number | Point, month: Month, dom: Number) -> Meaning | None:
    """An hour before a date that begins with its month: "4, December 5" is as much that."""
    clock = as_point(hour)
    return clock and merge_points(clock, Point(CalendarDay(dom.value, month.number)))


def _dates_listed_behind(month: Month, dom: Number | Ordinal, dom2: Number) -> Meaning | None:
    """The same behind a month: "December 4, 5"; the second number may always be an hour."""
    first = CalendarDay(dom.value, month.number)
    both = _dates_behind(Point(first), dom2) if dom.value < dom2.value else None
    return None if both is None else _or_hour(both, dom2, Point(first))


def _or_hour(dates: Meaning, number: Number, day: Point) -> Meaning:
    """Dates, or an hour of the one day that is sure."""
    hour = as_point(number)
    at_hour = None if hour is None else merge_points(day, hour)
    return dates if at_hour is None else OneOf((dates, at_hour))


def _and_days_of_month(dom: Number | Ordinal, dom2: Number | Ordinal) -> Meaning | None:
    """Two days of a month, where a word says that they are none but days: "los días 4 y 5"."""
    first = day_of_month(dom)
    return None if first is None else _dates_behind(first, dom2)


def _days_of(point: Point) -> tuple[Day | None, ...]:
    return point.day.days if isinstance(point.day, AllOf) else (point.day,)


def _or_entries(first: Meaning, second: Meaning) -> Meaning | None:
    """Two entries of a menu or two dates: "the second or the third"."""
    entries, dates = ([_of_kind(each, kind) for each in (first, second)] for kind in (Reply, Point))
    if dates[0] is None or dates[1] is None:
        return None
    either_date = either(dates[0], dates[1])
    if either_date is None or entries[0] is None or entries[1] is None:
        return either_date
    return OneOf((Either((entries[0], entries[1])), either_date))


def _of_kind(meaning: Meaning, kind: type[Reply] | type[Point]) -> Meaning | None:
    readings = meaning.readings if isinstance(meaning, OneOf) else (meaning,)
    found = [each for each in readings if isinstance(each, kind)]
    return found[0] if len(found) == 1 else None


def _listed(x: Meaning | Number, either_of: Either) -> Meaning | None:
    """One more before a choice: "Monday, Tuesday or Friday"."""
    if all(map(_is_date, either_of.options)) and isinstance(x, Number | OneOf):
        # "4, 5 or 6 December".
        date = day_of_month(x) if isinstance(x, Number) else _of_kind(x, Point)
        return None if date is None else either(date, either_of)
    first = as_point(x) if isinstance(x, Number) else x
    if isinstance(first, Point) and first.time is None and _is_week(first.day):
        # "Next week, Tuesday or Wednesday" names no third day, but the week of both.
        return merge(either_of, first)
    if first is None or isinstance(first, Either) or _is_day_of(first, either_of):
        return None
    if _is_hour_of_day(x) and is_part(either_of.options[0]):
        # "Monday 7, in the morning or around four": the 7 is the date.
        return None
    return either(first, either_of)


def _is_date(meaning: Meaning) -> bool:
    if not isinstance(meaning, Point) or meaning.time is not None:
        return False
    return isinstance(meaning.day, CalendarDay) and meaning.day.month is not None


def _is_hour_of_day(x: Meaning | Number) -> bool:
    """Whether it is a bare number, or an hour that a day was named before."""
    if isinstance(x, Number):
        return True
    return isinstance(x, Point) and isinstance(x.time, Clock) and x.day_first


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
    opening = either_of.options[0]
    if isinstance(opening, Point) and isinstance(opening.time, Clock) and _is_week(opening.day):
        # "Monday at ten or Tuesday at eleven next week".
        return True
    others = [each for each in either_of.options[1:] if isinstance(each, Point) and each.day]
    if _is_hour_alone(opening) and others:
        # "Wednesday at ten or Thursday at eleven".
        return True
    if isinstance(opening, Window) and not names_day(opening):
        # "Friday, before eleven or after three", or "Friday 2-4pm or Monday 9-11am".
        return True
    points = [each for each in either_of.options if isinstance(each, Point) and each.day]
    if len(points) < len(either_of.options) or len({each.day for each in points}) > 1:
        return False
    return first.day is not None


def _is_hour_alone(meaning: Meaning) -> bool:
    return isinstance(meaning, Point) and isinstance(meaning.time, Clock) and meaning.day is None


def _or_slash(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """Either for "Tue/Wed"; between numbers the sign makes a date."""
    if isinstance(x, Number) or isinstance(x2, Number):
        return None
    return _or(x, x2)


def _has_clock(meaning: Meaning) -> bool:
    if isinstance(meaning, Either):
        return _has_clock(meaning.options[-1])
    return isinstance(meaning, Point) and isinstance(meaning.time, Clock)


def _rather(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """The one instead of the other: "lieber Montag als Dienstag"."""
    wished, refused = as_point(x), as_point(x2)
    if wished is None or refused is None or wished == refused:
        return None
    return Excluding(wished, (refused,))


def _corrected(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """The second hour, or part of it, on the day of the first: "Friday at ten, sorry, eleven".

    No bound and no "not" is of both: "not Friday at ten, rather eleven" does not rule out eleven.
    """
    meant = as_point(x2)
    if not isinstance(x, Point) or meant is None or x.day is None:
        return None
    if isinstance(x.time, Part) and is_part(meant):
        # "Tomorrow morning, no, afternoon".
        return None if meant.time == x.time else Excluding(replace(x, time=meant.time), ())
    if not isinstance(x.time, Clock) or not isinstance(meant.time, Clock):
        return None
    if x.zone is not None:
        # "At three Tokyo time, that is seven on Sunday here" may be one time by two clocks.
        return None
    if meant.day is None:
        meant = replace(x, time=meant.time, approximate=meant.approximate, zone=meant.zone)
    return Excluding(meant, ())


def _corrected_hour(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """The same of hours alone, where "no" rules parts out: "tomorrow afternoon, no mornings"."""
    return None if is_part(x2) else _corrected(x, x2)


def _corrected_part(x: Meaning | Number, part: Point) -> Meaning | None:
    """The same of parts alone, in words that take back what a clause told of hours."""
    return _corrected(x, part)


def _changed(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """The second in place of the first: "change three to four"."""
    old, new = as_point(x), as_point(x2)
    if old is None or new is None or old == new:
        return None
    if new.day is None and (old.time is None) != (new.time is None):
        # "Move Thursday to four" is four on Thursday.
        return None
    return merge(Excluding(None, (old,)), new)


def _rather_or_range(day: Point, day2: Point) -> Meaning | None:
    """The one rather than the other, or all between the two: "I prefer Monday to Friday"."""
    rather, both = _rather(day, day2), _between(day, day2)
    return None if rather is None or both is None else OneOf((rather, both))


def _from_noon(x: Meaning | Number) -> Meaning | None:
    """From noon on, in words that are the hours around it as well: "del mediodía a las tres"."""
    return _between(Point(time=Clock((_NOON,))), x)


def _before_after(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """Two bounds in one breath, and no minutes: "before ten after four"."""
    end, start = _before(x), _after(x2)
    if end is None or start is None:
        return None
    return merge(end, start) or either(end, start) or Vague()


def _after_before(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    start, end = _after(x), _before(x2)
    if start is None or end is None:
        return None
    return merge(end, start) or _between(x, x2) or Vague()


def _not_but(day: Point, day2: Point) -> Meaning | None:
    """Not the one day but the other: "Monday I can't Tuesday" said without a comma."""
    return None if day == day2 else Excluding(day2, (day,))


def _not_other(x: Meaning | Number, x2: Meaning | Number) -> Meaning | None:
    """The one hour and not the other, in one breath: "um drei nicht um vier".

    Days are another matter: without its comma "heute nicht morgen" may mean tomorrow.
    """
    wished, refused = as_point(x), as_point(x2)
    if wished is None or refused is None or wished.time is None:
        return None
    return None if refused.day and not wished.day else _rather(wished, refused)


def _not_other_day(day: Point, day2: Point) -> Meaning | None:
    """The same of days, where a "not" behind a day rules none out: "jeudi pas vendredi"."""
    return _rather(day, day2)


def _until_or_from(x: Meaning | Number) -> Meaning | None:
    """Until or from then on, where what was said of it is not known: "until five I'm in Rome"."""
    until, onwards = _by(x), _after(x)
    return OneOf((onwards, until)) if until is not None and onwards is not None else None


def _until_or_from_there(whereabouts: Whereabouts, x: Meaning | Number) -> Meaning | None:
    """The same of a place or an affair that nobody knows: "I'm in Leeds until five"."""
    del whereabouts
    return _until_or_from(x)


def _until_or_from_there_on_day(
    whereabouts: Whereabouts, day: Point, x: Meaning | Number
) -> Meaning | None:
    del whereabouts
    both = _until_or_from(x)
    return None if both is None else merge(both, day)


def _since(x: Meaning | Number) -> Point:
    """A time that is over: "broken since Monday"."""
    del x
    return Point(RelativeDay(-1))


def _aside_since(x: Meaning | Number) -> Aside | None:
    """A time from which on something has lasted, beside whatever is wished."""
    return Aside() if isinstance(x, Point | Number) else None


def _join(m: Meaning | Number, atom: Meaning | Number) -> Meaning | None:
    # Said twice, it is more likely two different things: "mañana por la mañana".
    if m == atom or (is_part(atom) and _holds_window(m)) or _is_date_again(m, atom):
        return None
    # "Tuesday doesn't suit" is about Tuesday; "none, Tuesday" is about the menu.
    if atom == Reply(ChoiceKind.NONE) or _rules_out_days_before(m, atom):
        return None
    return merge(m, atom)


def _is_date_again(m: Meaning | Number, atom: Meaning | Number) -> bool:
    """Whether a date would be named twice in one breath: "the 7th of December seven at night"."""
    day = atom.day if isinstance(atom, Point) else None
    readings = m.readings if isinstance(m, OneOf) else (m,)
    dates = [each.day for each in readings if isinstance(each, Point) and each.time is None]
    return isinstance(day, CalendarDay) and replace(day, month=None) in dates


def _rules_out_days_before(m: Meaning | Number, atom: Meaning | Number) -> bool:
    """Whether an hour follows a day that is ruled out, in one breath: "Montag nicht um vier".

    It is the hour of that day then, and not one on all the others.
    """
    if not isinstance(m, Excluding) or m.base is not None or not isinstance(atom, Point):
        return False
    is_hour = atom.day is None and isinstance(atom.time, Clock)
    return is_hour and all(isinstance(x, Point) and x.time is None for x in m.excluded)


def _put_off(x: Meaning | Number) -> Meaning | None:
    if isinstance(x, Window) or (isinstance(x, Point) and x.day is not None):
        return x
    return _from(x)


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
    time = part.time
    start = window.start.time if window.start is not None else None
    if isinstance(time, Part) and start == Clock((time.start_minute,)):
        # "Not before lunch, after lunch": from then on is no part of the lunch.
        return None
    return merge(window, part)


BOUND_PHRASES: dict[str, Phrase] = {
    "minutes_to_or_range": Phrase(("minute", "hour"), _minutes_to_or_range),
    "since": Phrase(("x",), _since),
    "from_day_of_month": Phrase(("dom",), _from_day_of_month),
    "by_day_of_month": Phrase(("dom",), _by_day_of_month),
    # "Since" where it says how long nobody has answered: "on the line all morning".
    "aside_since": Phrase(("x",), _aside_since),
    "after_day_of_month": Phrase(("dom",), _after_day_of_month),
    "before_day_of_month": Phrase(("dom",), _before_day_of_month),
    "after": Phrase(("x",), _after),
    "from": Phrase(("x",), _from),
    "from_day": Phrase(("day",), _from),
    # "Leave it till Tuesday at eleven" is Tuesday at eleven.
    "put_off": Phrase(("x",), _put_off),
    "before": Phrase(("x",), _before),
    "before_start": Phrase(("x",), _before_start),
    "just_before": Phrase(("x",), _just_before),
    "by": Phrase(("x",), _by),
    "until_noon": Phrase((), _until_noon),
    "after_new_year": Phrase((), _after_new_year),
    "before_new_year": Phrase((), _before_new_year),
    "hour_long": Phrase(("hour",), _hour_long),
    "by_hour_minute": Phrase(("hour", "minute"), _by_hour_minute),
    "by_day": Phrase(("day",), _by_day),
    "by_on_day": Phrase(("day", "x"), _by_on_day),
    "until_or_from": Phrase(("x",), _until_or_from),
    "until_or_from_there": Phrase(("whereabouts", "x"), _until_or_from_there),
    "until_or_from_there_on_day": Phrase(("whereabouts", "day", "x"), _until_or_from_there_on_day),
    "from_on_day": Phrase(("x", "day"), _from_on_day),
    "or_later_tomorrow": Phrase(("x",), _or_later_tomorrow),
    # Where the bound stands before its clock, as in German and Dutch.
    "until_on_day": Phrase(("day", "x"), _until_on_day),
    "between": Phrase(("x", "x2"), _between),
    "range": Phrase(("x", "x2"), _range, cost=1),
    # Where one word means "to" and "at": "viernes 23 a las 4".
    "range_or_at": Phrase(("x", "x2"), _range_or_at, cost=5),
    "around": Phrase(("x",), _around),
    "not": Phrase(("x",), _not, cost=1),
    "not_time": Phrase(("x",), _not_time, cost=1),
    "any_but": Phrase(("m", "x2"), _any_but),
    "all_but": Phrase(("x",), _all_but),
    "any_but_best": Phrase(("x", "x2"), _any_but_best),
    "any_day_but_part": Phrase(("part",), _any_day_but_part),
    "where": Phrase(("x",), _where),
    "off_at": Phrase(("x",), _off_at),
    "busy_until": Phrase(("busy", "x"), _busy_until),
    "not_busy": Phrase(("x", "busy"), _not_busy, cost=1),
    "beside_busy": Phrase(("x", "busy"), _beside_busy, cost=1),
    # "After six I'm at work" may tell why or when not; "on Tuesday I'm at work" is no Tuesday.
    "not_day": Phrase(("day",), _not, cost=1),
    "rather": Phrase(("x", "x2"), _rather),
    "not_other": Phrase(("x", "x2"), _not_other),
    "changed": Phrase(("x", "x2"), _changed),
    "rather_or_range": Phrase(("day", "day2"), _rather_or_range),
    "from_noon": Phrase(("x",), _from_noon),
    "before_after": Phrase(("x", "x2"), _before_after),
    "after_before": Phrase(("x", "x2"), _after_before),
    "corrected": Phrase(("x", "x2"), _corrected),
    "corrected_hour": Phrase(("x", "x2"), _corrected_hour),
    "corrected_part": Phrase(("x", "part"), _corrected_part),
    "not_other_day": Phrase(("day", "day2"), _not_other_day),
    "not_but": Phrase(("day", "day2"), _not_but),
    "neither": Phrase(("x", "x2"), _neither),
    "neither_of": Phrase(("x", "x2"), _neither_of),
    "neither_alike": Phrase(("x", "x2"), _neither_alike),
    "or": Phrase(("x", "x2"), _or),
    "or_if_not": Phrase(("x", "x2"), _or_if_not),
    # "And" may join much else: "three and twenty" is a clock time in many languages.
    "and": Phrase(("x", "x2"), _or, cost=4),
    "and_days": Phrase(("x", "x2"), _and_days),
    "and_days_of_month": Phrase(("dom", "dom2"), _and_days_of_month),
    "or_slash": Phrase(("x", "x2"), _or_slash),
}

BOUND_BUILT_IN: tuple[tuple[str, Phrase], ...] = (
    ("{x}, {either}", Phrase(("x", "either"), _listed)),
    # Spoken without a comma: "Monday Tuesday or Friday".
    ("{weekday} {either}", Phrase(("weekday", "either"), _listed, cost=1)),
    # Dearer than "ten in the morning" within "before ten in the morning".
    ("{window} {part}", Phrase(("window", "part"), _join_part, cost=4)),
    ("{weekday}, {x}", Phrase(("weekday", "x"), _weekdays_listed, cost=4)),
    ("{dom}, {day}", Phrase(("dom", "day"), _dates_listed)),
    ("{ordinal}, {day}", Phrase(("dom", "day"), _dates_listed)),
    ("{hour}, {month} {dom}", Phrase(("hour", "month", "dom"), _at_hour_on_date)),
    ("{month} {dom}, {dom2}", Phrase(("month", "dom", "dom2"), _dates_listed_behind)),
    ("{m} {atom}", Phrase(("m", "atom"), _join, cost=1)),
)

# What two times with an "and" or an "or" between them are as dates, by their holes.
BOUND_DATES: tuple[tuple[tuple[str, str], Phrase], ...] = (
    (("{dom}", "{day}"), Phrase(("dom", "day"), _dates)),
    (("{ordinal}", "{day}"), Phrase(("dom", "day"), _dates)),
    (("{day}", "{dom}"), Phrase(("day", "dom"), _dates_behind)),
    (("{day}", "{ordinal}"), Phrase(("day", "dom"), _dates_behind)),
)

BOUND_BARE: tuple[tuple[str, Phrase], ...] = (
    ("{m} {bare}", Phrase(("m", "bare"), _join, cost=3)),
    ("{bare} {atom}", Phrase(("bare", "atom"), _join, cost=3)),
    ("{bare_dom} {day}", Phrase(("bare_dom", "day"), _dates_listed, cost=3)),
)
