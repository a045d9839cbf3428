"""Put together what is said together: a day and a time, bounds, choices, what is ruled out.

Meanings that cannot stand together make `merge` answer None, so that a wrong way to read a sentence
is dropped as soon as it shows.
"""

from dataclasses import replace

from ges_connector.language.clocks import hour_options, within_part
from ges_connector.language.meaning import (
    FULL_DAY,
    HALF_DAY,
    MINUTES_PER_HOUR,
    AllOf,
    AnyTime,
    Asap,
    CalendarDay,
    CalendarSpan,
    Clock,
    Day,
    Either,
    Excluding,
    Joined,
    Meaning,
    Number,
    OneOf,
    Part,
    Point,
    RelativeDay,
    Reply,
    ShiftedDay,
    Weekday,
    Window,
    Zone,
)
from ges_connector.language.wish import ChoiceKind

# "Before six and after seven": nobody names both bounds of a whole day so.
_LONGEST_GAP = 2 * MINUTES_PER_HOUR
# Dates that are further apart are of two months.
_NEAR_DAYS = 15
_MONTHS = 12
# Who names more days than a week has does not choose.
_MOST_OPTIONS = 7
# An hour so long before a morning begins is none of it.
_EARLY_MORNING = 2 * MINUTES_PER_HOUR
# Between two bounds nobody wants a call before or after these.
_EARLY = 6 * MINUTES_PER_HOUR
_LATE = 22 * MINUTES_PER_HOUR
# From when on a morning may be meant, and what is left of a day at most where none is.
_MORNING = 8 * MINUTES_PER_HOUR
_LONGEST_END = 3 * MINUTES_PER_HOUR
# What begins and ends so late is the last part of the day.
_EVENING = 16 * MINUTES_PER_HOUR
_LATE_EVENING = 21 * MINUTES_PER_HOUR

_OTHER_WAY = {ChoiceKind.LATER: ChoiceKind.EARLIER, ChoiceKind.EARLIER: ChoiceKind.LATER}
_THIS = {"this", "coming"}
_Outer = OneOf | Asap | Reply | Excluding | Either | AnyTime


def merge(first: Joined, second: Joined) -> Meaning | None:
    """Join two meanings said together; None if they cannot stand together.

    Args:
        first: what was said before.
        second: what was said after it.
    """
    if isinstance(first, Number) or isinstance(second, Number):
        return _merge_number(first, second)
    if isinstance(second, Zone) or isinstance(first, Zone):
        return _merge_zone(first, second)
    for outer, inner in ((first, second), (second, first)):
        if isinstance(outer, _Outer):
            return _merge_outer(outer, inner)
    if isinstance(first, Point) and isinstance(second, Point):
        return merge_points(first, second)
    if isinstance(first, Window) and isinstance(second, Window):
        return _merge_windows(first, second)
    return _merge_mixed(first, second)


def merge_phrases(first: Joined, second: Joined) -> Meaning | None:
    """Join two meanings that stand apart: "Wednesday I can until twelve" begins on Wednesday.

    "Until twelve on Wednesday" begins now.
    """
    is_day = isinstance(first, Point) and first.day not in {None, RelativeDay(0)}
    if is_day and isinstance(second, Window) and second.deadline and not second.from_now:
        second = replace(second, deadline=False)
    return merge(first, second)


def _merge_outer(outer: _Outer, inner: Meaning) -> Meaning | None:
    """Join a meaning that holds others with one more."""
    if isinstance(outer, OneOf):
        return _merge_one_of(outer, inner)
    if isinstance(outer, Reply) and outer == inner:
        # "Too early, something later".
        return outer
    if isinstance(outer, Asap | Reply):
        return _merge_reply(outer, inner)
    if isinstance(outer, Excluding):
        # "This Thursday, not next Thursday" is this one, though "next" may be the same.
        is_this = outer.base is None and _is_the_other_of_two(outer, inner)
        return inner if is_this else _merge_excluding(outer, inner)
    if isinstance(outer, Either):
        return _merge_either(outer, inner)
    return inner


def _merge_mixed(first: Meaning, second: Meaning) -> Meaning | None:
    if isinstance(first, Window) and isinstance(second, Point):
        if _are_dates_of_a_month(first, second):
            # "From the 24th to the 27th", said on the 25th, is no 27th of next month.
            return None
        if second.day is not None and second.within is None and _is_bound_by_days(first):
            return replace(second, within=first)
        return _merge_window_point(first, second)
    if isinstance(first, Point) and isinstance(second, Window):
        return _merge_window_point(second, first)
    return None


def _merge_number(first: Joined, second: Joined) -> Meaning | None:
    """A number beside a day or a part of the day is an hour: "tomorrow 3"."""
    number, other = (first, second) if isinstance(first, Number) else (second, first)
    if isinstance(other, Excluding) and other.base is None and isinstance(number, Number):
        # "Four, not three".
        hour = _merge_number(number, Point())
        return None if hour is None else _merge_excluding(other, hour)
    if isinstance(other, Zone):
        # "Nine, my time".
        other = Point(zone=other.name)
    if not isinstance(number, Number) or not isinstance(other, Point):
        return None
    if isinstance(other.time, Clock) or not number.alone or number.digits > 2:  # noqa: PLR2004 - hours
        return None
    if other.time is None and _may_be_hour(other.day):
        # Of "Friday, 4, 5" the one may be the date as well as the other.
        return None
    clock = hour_options(number.value, 0, said_openly=not number.leading_zero)
    if clock is None or number.value == FULL_DAY // MINUTES_PER_HOUR:
        return None
    hour = Point(time=clock)
    return merge_points(hour, other) if number is first else merge_points(other, hour)


def _may_be_hour(day: Day | None) -> bool:
    """Whether the date beside a weekday may be an hour of it instead: "Friday 4"."""
    if not isinstance(day, AllOf) or not any(isinstance(each, Weekday) for each in day.days):
        return False
    dates = [each for each in day.days if isinstance(each, CalendarDay)]
    noon = HALF_DAY // MINUTES_PER_HOUR
    return any(each.month is None and each.day <= noon for each in dates)


def _merge_zone(first: Meaning, second: Meaning) -> Meaning | None:
    zone, other = (first, second) if isinstance(first, Zone) else (second, first)
    if not isinstance(zone, Zone):
        return None
    if isinstance(other, Either):
        merged = tuple(_merge_zone(each, zone) for each in other.options)
        kept = tuple(each for each in merged if each is not None)
        return Either(kept) if len(kept) == len(merged) else None
    if isinstance(other, OneOf):
        return _merge_one_of(other, zone)
    # A zone counts clock times; a day alone has none ("the eastern entrance, tomorrow").
    timed = isinstance(other, Window) or (isinstance(other, Point) and other.time is not None)
    if timed and isinstance(other, Point | Window) and other.zone in {None, zone.name}:
        return replace(other, zone=zone.name)
    return None


def _merge_one_of(outer: OneOf, inner: Meaning) -> Meaning | None:
    readings = outer.readings
    if isinstance(inner, Window) or (isinstance(inner, Point) and inner.time is not None):
        # "The 3rd at four" is a date; "the third at four" may be a menu entry with its time.
        is_hour = isinstance(inner, Point) and inner.day is None and isinstance(inner.time, Clock)
        kept_readings = (each for each in readings if not _is_entry(each, or_day=is_hour))
        readings = tuple(map(_entry_alone, kept_readings))
    merged = tuple(merge(each, inner) for each in readings)
    kept = tuple(dict.fromkeys(each for each in merged if each is not None))
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else OneOf(kept)


def _entry_alone(meaning: Meaning) -> Meaning:
    """An entry whose number is read as a day elsewhere."""
    return replace(meaning, may_be_day=False) if isinstance(meaning, Reply) else meaning


def _is_entry(meaning: Meaning, *, or_day: bool) -> bool:
    """Whether a meaning is an entry of a menu, and not `or_day` as much."""
    if isinstance(meaning, Either):
        return all(_is_entry(each, or_day=or_day) for each in meaning.options)
    return isinstance(meaning, Reply) and not (or_day and meaning.may_be_day)


def _merge_reply(outer: Asap | Reply, inner: Meaning) -> Meaning | None:
    if isinstance(inner, Reply) and isinstance(outer, Asap):
        outer, inner = inner, outer
    if isinstance(outer, Asap) and outer.is_now and not isinstance(inner, Excluding | AnyTime):
        return inner
    if isinstance(outer, Asap) and isinstance(inner, Point) and inner.day == RelativeDay(-1):
        # "No heating since yesterday, as soon as possible": only the one is to come.
        return outer
    is_first = isinstance(outer, Asap) and not outer.at_once
    if is_first and isinstance(inner, Point) and isinstance(inner.time, Clock):
        # "The earliest, half past twelve": from then on, the first that is free.
        inner = Window(inner, None)
    if isinstance(outer, Reply) and _is_at_odds(outer, inner):
        return None
    if isinstance(outer, Reply) and outer.base is None and _says_again(outer.kind, inner):
        return inner
    base = inner if outer.base is None else merge(outer.base, inner)
    if base is not None and isinstance(outer, Reply) and not _may_name_entry(outer, base):
        base = None
    if base is None:
        return None
    day = _day_of_number(outer, inner)
    entry = replace(outer, base=base)
    return entry if day is None else OneOf((entry, day))


def _day_of_number(reply: Asap | Reply, hour: Meaning) -> Point | None:
    """The day of the month that an entry's number may be beside an hour."""
    if not isinstance(reply, Reply) or not reply.may_be_day or reply.index is None:
        return None
    if not isinstance(hour, Point) or hour.day or not isinstance(hour.time, Clock):
        return None
    return replace(hour, day=CalendarDay(reply.index))


def _is_at_odds(reply: Reply, inner: Meaning) -> bool:
    """Whether a reply and a time cannot be meant together."""
    if reply.base is None and _says_again(_OTHER_WAY.get(reply.kind), inner):
        # "Until six, later is no good": which of the two is meant is asked.
        return True
    return not _may_name_entry(reply, inner)


def _names_hour(meaning: Meaning) -> bool:
    """Whether it is an hour, or all between two of them."""
    if isinstance(meaning, Window):
        ends = (meaning.start, meaning.end)
        return all(end is not None and isinstance(end.time, Clock) for end in ends)
    return isinstance(meaning, Point) and isinstance(meaning.time, Clock)


def _says_again(kind: ChoiceKind | None, window: Meaning) -> bool:
    """Whether "later" adds nothing to an open window: "busy until eleven, after that"."""
    if not isinstance(window, Window):
        return False
    if kind is ChoiceKind.LATER:
        return window.start is not None and window.end is None
    return kind is ChoiceKind.EARLIER and window.start is None


def _may_name_entry(reply: Reply, meaning: Meaning) -> bool:
    """Whether a time may be said beside a menu reply: "the second one, at 10:30"."""
    if reply.kind in _OTHER_WAY and _names_hour(meaning):
        # "Two o'clock, earlier": before two, or two after all.
        return False
    if isinstance(meaning, Point):
        # "Something else, Friday": other times are asked for on any day.
        return meaning.time is not None or reply.kind is ChoiceKind.MORE
    if isinstance(meaning, Either):
        # "Fourth, Thursday or Friday" is no menu entry of two days, but Wednesday in Portuguese.
        return all(_may_name_entry(reply, each) for each in meaning.options)
    return isinstance(meaning, Window | Asap)


def _merge_excluding(outer: Excluding, inner: Meaning) -> Meaning | None:
    if isinstance(inner, Excluding):
        if outer.base is not None and inner.base is not None:
            return None
        base = outer.base or inner.base
        return Excluding(base, outer.excluded + inner.excluded)
    if outer.base is None:
        if _rules_out_a_date(outer, inner):
            return None
        inner = _in_month_ruled_out(inner, outer.excluded)
        moved = _with_swallowed_clock(outer, inner)
        if moved is not None:
            return moved
        return Excluding(_on_excluded_day(inner, outer.excluded), outer.excluded)
    # "Monday's a holiday, so not Monday, Tuesday at eleven": Monday was named to be ruled out.
    base = outer.base if inner in outer.excluded else merge(outer.base, inner)
    return None if base is None else Excluding(base, outer.excluded)


def _in_month_ruled_out(inner: Meaning, excluded: tuple[Meaning, ...]) -> Meaning:
    """A date near the day ruled out, or the next of its number: "not on January 4th, the 5th"."""
    dated = {date for each in excluded for date in _dates(each) if date.month}
    near = _near_date(inner, *dated) if len(dated) == 1 else inner
    if near == inner or not isinstance(near, Point):
        return near
    return OneOf((near, replace(near, day=_without_month(near.day))))


def _without_month(day: Day | None) -> Day | None:
    if isinstance(day, AllOf):
        return AllOf(tuple(each for each in map(_without_month, day.days) if each is not None))
    return replace(day, month=None) if isinstance(day, CalendarDay) else day


def _is_the_other_of_two(outer: Excluding, inner: Meaning) -> bool:
    """Whether "this" weekday is named, and what is ruled out are others of its name."""
    day = inner.day if isinstance(inner, Point) else None
    if not isinstance(day, Weekday) or day.which != "this":
        return False
    others = [each.day if isinstance(each, Point) else None for each in outer.excluded]
    return all(
        isinstance(each, Weekday) and each.number == day.number and each.which != "this"
        for each in others
    )


def _rules_out_a_date(outer: Excluding, inner: Meaning) -> bool:
    """Whether an hour behind a day ruled out was read as its date: "not next Friday, eleven"."""
    day = inner.day if isinstance(inner, Point) else None
    if not isinstance(day, Weekday):
        return False
    others = [each.day for each in outer.excluded if isinstance(each, Point)]
    parts = [part for each in others if isinstance(each, AllOf) for part in each.days]
    return any(isinstance(each, Weekday) and each.number == day.number for each in parts)


def _with_swallowed_clock(outer: Excluding, inner: Meaning) -> Excluding | None:
    """Give back the hour said behind a day ruled out: "this Friday, not next, at eleven"."""
    if not isinstance(inner, Point) or inner.time is not None or len(outer.excluded) != 1:
        return None
    other = outer.excluded[0]
    if not isinstance(other, Point) or not isinstance(other.time, Clock):
        return None
    days = (inner.day, other.day)
    if not all(isinstance(day, Weekday) for day in days) or inner.day == other.day:
        return None
    numbers = {day.number for day in days if isinstance(day, Weekday)}
    if len(numbers) > 1:
        return None
    return Excluding(replace(inner, time=other.time), (replace(other, time=None),))


def _on_excluded_day(inner: Meaning, excluded: tuple[Meaning, ...]) -> Meaning:
    """An hour on the day on which another one is ruled out: "not tomorrow at three, at four"."""
    if not isinstance(inner, Point) or inner.time is None or inner.day:
        return inner
    hours = [each for each in excluded if isinstance(each, Point) and each.time is not None]
    days = {each.day for each in hours}
    return replace(inner, day=days.pop()) if len(days) == 1 else inner


def _merge_either(outer: Either, inner: Meaning) -> Meaning | None:
    if isinstance(inner, Either):
        return None
    merged = tuple(merge(each, inner) for each in outer.options)
    kept = tuple(each for each in merged if each is not None)
    return Either(kept) if len(kept) == len(merged) else None


def merge_points(first: Point, second: Point) -> Point | None:
    """Join a day and a time, or two descriptions of one day or of one time."""
    day = _merge_days(first.day, second.day)
    time = _merge_times(first.time, second.time)
    if (day is None and (first.day or second.day)) or (
        time is None and (first.time or second.time)
    ):
        return None
    if first.zone and second.zone and first.zone != second.zone:
        return None
    return Point(
        day,
        time,
        approximate=first.approximate or second.approximate,
        zone=first.zone or second.zone,
        day_first=first.day is not None and first.time is None,
        within=first.within or second.within,
        told_in=_told_in(first, second),
    )


def _told_in(first: Point, second: Point) -> Part | None:
    """The part of the day behind which a clock time stands."""
    if isinstance(first.time, Part) and isinstance(second.time, Clock):
        return first.time
    return first.told_in or second.told_in


def _merge_days(first: Day | None, second: Day | None) -> Day | None:
    if first is None or second is None or first == second:
        return first if second is None else second
    edge = _edge_of_span(first, second) or _edge_of_span(second, first)
    if edge is not None:
        return edge
    parts: list[Day] = []
    for each in (first, second):
        inner = each.days if isinstance(each, AllOf) else (each,)
        parts.extend(day for day in inner if day not in parts)
    weekdays = {each.number for each in parts if isinstance(each, Weekday)}
    if len(weekdays) > 1 or sum(isinstance(each, RelativeDay) for each in parts) > 1:
        return None
    dates = [each for each in parts if isinstance(each, CalendarDay)]
    if len(dates) == 2 and dates[0].day == dates[1].day and None in {x.month for x in dates}:  # noqa: PLR2004 - a pair
        # "The first, November first".
        parts.remove(next(each for each in dates if each.month is None))
        dates.pop()
    if len(dates) > 1 or _are_apart(parts):
        return None
    if len(parts) == 1:
        return parts[0]
    return AllOf(tuple(parts))


def _edge_of_span(edge: Day, span: Day) -> Day | None:
    """What "the middle of the week" and "next week" are together; None for anything else."""
    if not isinstance(edge, CalendarSpan) or not isinstance(span, CalendarSpan):
        return None
    is_of_span = edge.rolls and span.edge is None and edge.unit == span.unit
    return replace(span, edge=edge.edge) if is_of_span else None


def _are_apart(parts: list[Day]) -> bool:
    """Whether a weekday is another day than the one beside it: "this Thursday", "next week".

    A bare "Thursday" is the one of that week, and "Thursday in two weeks" lies near that day; in
    "a week from Friday" the day has been counted from already.
    """
    chosen = any(
        isinstance(each, Weekday) and (each.which in {*_THIS, "next"} or each.weeks)
        for each in parts
    )
    for each in parts:
        if isinstance(each, ShiftedDay) and (chosen or each.base is not None):
            return any(isinstance(other, Weekday) for other in parts)
        if isinstance(each, CalendarSpan) and each.offset:
            return any(isinstance(day, Weekday) and day.which in _THIS for day in parts)
    return False


def _merge_times(first: Clock | Part | None, second: Clock | Part | None) -> Clock | Part | None:
    if first is None or second is None or first == second:
        return first if second is None else second
    if isinstance(first, Clock) and isinstance(second, Clock):
        common = tuple(at for at in first.options if at in second.options)
        return Clock(common, max(first.second, second.second)) if common else None
    if isinstance(first, Clock):
        return within_part(first, second) if isinstance(second, Part) else None
    if isinstance(second, Clock):
        return within_part(second, first)
    return _common_part(first, second)


def _common_part(first: Part, second: Part) -> Part | None:
    start = max(first.start_minute, second.start_minute)
    end = min(first.end_minute, second.end_minute)
    half = second.half if first.half == "any" else first.half
    return Part(start, end, half) if start < end else None


def _merge_window_point(window: Window, point: Point) -> Meaning | None:
    if isinstance(point.time, Clock) or point.within is not None:
        return None
    merged: Window | None = window
    if isinstance(point.time, Part):
        merged = _window_in_part(window, point.time)
    if merged is not None and point.day is not None:
        merged = _window_on_day(merged, point.day)
    if merged is None or (merged.zone and point.zone):
        return None
    approximate = merged.approximate or point.approximate
    return replace(merged, zone=merged.zone or point.zone, approximate=approximate)


def _are_dates_of_a_month(window: Window, point: Point) -> bool:
    """Whether a window begins on a day of a month that is not named, and another one follows."""
    start = window.start.day if window.start is not None else None
    dates = [each for each in (start, point.day) if isinstance(each, CalendarDay)]
    return len(dates) > 1 and all(each.month is None for each in dates)


def _is_bound_by_days(window: Window) -> bool:
    """Whether a window is open on one side and bounded by a day on the other: "after the first"."""
    ends = [end for end in (window.start, window.end) if end is not None]
    bound = ends[0] if len(ends) == 1 and window.day is None else Point()
    return bound.day is not None and bound.time is None


def _is_night_before(clock: Clock, part: Part) -> bool:
    """Whether "I sleep in the morning, call after two" would become two at night."""
    return part.half == "am" and max(clock.options) < part.start_minute - _EARLY_MORNING


def _is_last(part: Part) -> bool:
    """Whether a day ends with a part of it: "Friday evening after seven" is until midnight."""
    return part.start_minute >= _EVENING and _LATE_EVENING <= part.end_minute <= FULL_DAY


def _window_in_part(window: Window, part: Part) -> Window | None:
    ends: list[Point | None] = []
    for end in (window.start, window.end):
        if end is None or not isinstance(end.time, Clock):
            ends.append(end)
            continue
        time = within_part(end.time, part)
        if end is window.end and part.half == "am" and HALF_DAY in end.time.options:
            # "In the morning between ten and twelve" ends at noon.
            time = Clock((HALF_DAY,))
        if time is None or _is_night_before(time, part):
            return None
        ends.append(replace(end, time=time))
    if window.start is None and ends[1] is not None and ends[1].day is None:
        # "In the morning, before eleven" begins with the morning.
        ends[0] = Point(time=Clock((part.start_minute,)))
    if window.end is None and ends[0] is not None and ends[0].day is None:
        ends[1] = Point(time=Clock((FULL_DAY if _is_last(part) else part.end_minute,)))
    if all(end is None or end.time is None for end in ends):
        return None
    return replace(window, start=ends[0], end=ends[1])


def _window_on_day(window: Window, day: Day) -> Window | None:
    points = [end for end in (window.start, window.end) if end is not None]
    if all(end.day is not None for end in points):
        return None
    if len(points) > 1 and any(end.day is not None for end in points):
        return _window_on_named_day(window, day)
    if any(end.day is not None for end in points) and len(points) == 1:
        return None
    merged = _merge_days(window.day, day)
    return None if merged is None else replace(window, day=merged)


def _window_on_named_day(window: Window, day: Day) -> Window | None:
    """Join a day to a window one end of which names it too: "Wednesday from two to four next week".

    "Today from two until tomorrow at four" goes from one day to another.
    """
    start, end = window.start, window.end
    if start is not None and start.day is not None:
        first = _merge_days(start.day, day)
        return None if first is None else replace(window, start=replace(start, day=first))
    if end is None or end.day is None:
        return None
    last = _merge_days(end.day, day)
    if last is not None:
        return replace(window, end=replace(end, day=last))
    return replace(window, day=day) if window.day is None else None


def _merge_windows(first: Window, second: Window) -> Window | None:
    if first.end and second.start and not first.start and _leaves_a_gap(first.end, second.start):
        return None
    if _is_narrower(first, second):
        # "Before lunch I can't, after lunch I can".
        return second
    for one, other in ((first, second), (second, first)):
        if one.end is None and other.start is None and one.start and other.end:
            day = _merge_days(one.day, other.day)
            if (day is None and (one.day or other.day)) or _goes_overnight(one.start, other.end):
                return None
            return replace(one, end=other.end, day=day, zone=one.zone or other.zone)
    return None


def _is_narrower(first: Window, second: Window) -> bool:
    """Whether the second of two bounds on one side leaves less, of the same days."""
    if first.day != second.day or (first.zone or second.zone):
        return False
    if first.end is None and second.end is None:
        low, high = _sure_minute(first.start), _sure_minute(second.start)
    elif first.start is None and second.start is None:
        low, high = _sure_minute(second.end), _sure_minute(first.end)
    else:
        return False
    return low is not None and high is not None and low < high


def _sure_minute(point: Point | None) -> int | None:
    """The minute of a bound without a day, if there is but one that it can be."""
    if point is None or point.day is not None or not isinstance(point.time, Clock):
        return None
    return point.time.options[0] if len(point.time.options) == 1 else None


def _leaves_a_gap(end: Point, start: Point) -> bool:
    """Whether what is meant lies around two bounds: "until six and after seven"."""
    if not isinstance(start.time, Clock) or not isinstance(end.time, Clock):
        return False
    if not any(
        _EARLY <= first < last <= _LATE for first in start.time.options for last in end.time.options
    ):
        # "Before eleven and after three" is neither from three at night nor until eleven.
        return True
    if len(start.time.options) == 1 and len(end.time.options) > 1:
        # "Until ten and again from 4pm" leaves out what lies between.
        first, last = start.time.options[0], max(end.time.options)
        return min(end.time.options) >= _MORNING and last - first > _LONGEST_END
    are_open = len(start.time.options) > 1 and len(end.time.options) > 1
    if are_open and start.time.options[0] < _EARLY and end.time.options[0] > _MORNING:
        # "Before ten, after four" is hardly from four until ten in the evening.
        return True
    gap = start.time.options[0] % HALF_DAY - end.time.options[0] % HALF_DAY
    return are_open and 0 <= gap <= _LONGEST_GAP


def _goes_overnight(start: Point, end: Point) -> bool:
    """Whether two bounds would leave a night: "busy till six, after seven tonight"."""
    if not isinstance(start.time, Clock) or not isinstance(end.time, Clock) or end.day:
        return False
    return min(start.time.options) >= max(end.time.options)


def names_date(meaning: Meaning) -> bool:
    """Tell whether a weekday and its date are said together: "Friday the 19th"."""
    day = meaning.day if isinstance(meaning, Point) else None
    return isinstance(day, AllOf) and any(isinstance(each, CalendarDay) for each in day.days)


def either(first: Meaning, second: Meaning) -> Meaning | None:
    """Two meanings of which any will do; what only one says is shared where people share it.

    "Tuesday or Wednesday morning": both mornings. "Tomorrow at three or four": both tomorrow.
    """
    options = _in_one_month([*_options(first), *_options(second)])
    if len(options) > _MOST_OPTIONS or _bound_alike(options):
        return None
    if not all(isinstance(each, Point | Window) for each in options):
        return Either(tuple(options))
    shared = [_share(options, place) for place in range(len(options))]
    return Either(tuple(dict.fromkeys(shared)))


def _in_one_month(options: list[Meaning]) -> list[Meaning]:
    """Dates of the month that one of them names: "the third or the fourth of January"."""
    dated = {date for each in options for date in _dates(each) if date.month}
    return [_near_date(each, *dated) for each in options] if len(dated) == 1 else options


def _dates(meaning: Meaning) -> list[CalendarDay]:
    """The date of a point, if it has one."""
    day = meaning.day if isinstance(meaning, Point) else None
    parts = day.days if isinstance(day, AllOf) else (day,)
    return [each for each in parts if isinstance(each, CalendarDay)]


def _near_date(meaning: Meaning, dated: CalendarDay) -> Meaning:
    """A date without a month, or what may be one, near another that has one; else as it is."""
    if isinstance(meaning, OneOf):
        near = [each for each in meaning.readings if _near_date(each, dated) != each]
        return _near_date(near[0], dated) if len(near) == 1 else meaning
    if not isinstance(meaning, Point):
        return meaning
    days = meaning.day.days if isinstance(meaning.day, AllOf) else (meaning.day,)
    parts = tuple(
        _in_month_near(each, dated) if isinstance(each, CalendarDay) else each
        for each in days
        if each is not None
    )
    return replace(meaning, day=AllOf(parts) if len(parts) > 1 else next(iter(parts), None))


def _in_month_near(day: CalendarDay, dated: CalendarDay) -> CalendarDay:
    """A day of the month of another; "30 November or the 1st" is of the next one."""
    if day.month or not dated.month or day.day - dated.day > _NEAR_DAYS:
        # "The 30th or the 1st of December": of the month before, which comes first anyway.
        return day
    is_next = dated.day - day.day > _NEAR_DAYS
    return replace(day, month=dated.month % _MONTHS + 1 if is_next else dated.month)


def _bound_alike(options: list[Meaning]) -> bool:
    """Whether all are bounds on the same side: "from nine or from five" says nothing twice."""
    windows = [each for each in options if isinstance(each, Window)]
    if len(windows) < len(options) or all(_names_any_day(each) for each in windows):
        return False
    points = [each.start or each.end for each in windows]
    if any(each is None or (each.day is not None and each.time is None) for each in points):
        return False
    return all(each.end is None for each in windows) or all(each.start is None for each in windows)


def _names_any_day(window: Window) -> bool:
    bounds = (window.start, window.end)
    return window.day is not None or any(each is not None and each.day for each in bounds)


def _options(meaning: Meaning) -> tuple[Meaning, ...]:
    return meaning.options if isinstance(meaning, Either) else (meaning,)


def _share(options: list[Meaning], place: int) -> Meaning:
    option = options[place]
    if isinstance(option, Window):
        return _with_day_before(_share_day(option, options), options[:place])
    if not isinstance(option, Point):
        return option
    windows = [each for each in options[place + 1 :] if isinstance(each, Window) and each.day]
    if windows and option.time is None and option.day is not None:
        # "Tuesday and Thursday between two and four": on both days.
        return replace(windows[0], day=option.day)
    before = [each for each in reversed(options[:place]) if isinstance(each, Point)]
    after = [each for each in options[place + 1 :] if isinstance(each, Point)]
    if option.day is None:
        day = next((each.day for each in (*before, *after) if each.day), None)
        if not any(each.day for each in before) and _is_another_day(option, after):
            day = None
        option = replace(option, day=day)
    if option.time is None:
        option = replace(option, time=next((each.time for each in after if each.time), None))
    elif isinstance(option.time, Clock) and len(option.time.options) > 1:
        option = _share_half(option, option.time, [*after, *before])
    return option


def _share_day(window: Window, options: list[Meaning]) -> Window:
    """Of "tomorrow until twelve and from two" both halves are tomorrow."""
    open_ones = [each for each in options if isinstance(each, Window) and _has_no_day(each)]
    days = {each.day for each in open_ones if each.day is not None}
    if len(days) > 1 or len(open_ones) < len(options) or _are_alike(open_ones):
        return window
    starts = [each.start.time for each in open_ones if each.start]
    ends = [each.end.time for each in open_ones if each.end]
    shared = replace(window, day=next(iter(days), None), deadline=False)
    # "Until eleven or from three" leaves the hours between.
    if shared.end is not None:
        return replace(shared, end=_in_half(shared.end, starts, is_earlier=True))
    return replace(shared, start=_in_half(shared.start, ends, is_earlier=False))


def _in_half(
    bound: Point | None, others: list[Clock | Part | None], *, is_earlier: bool
) -> Point | None:
    """A bound in the half of the day in which it is earlier or later than another one."""
    clocks = [each for each in others if isinstance(each, Clock)]
    if bound is None or not isinstance(bound.time, Clock) or len(clocks) != 1:
        return bound
    low, high = min(clocks[0].options), max(clocks[0].options)
    kept = tuple(at for at in bound.time.options if (at < high if is_earlier else at > low))
    return replace(bound, time=replace(bound.time, options=kept)) if kept else bound


def _with_day_before(window: Window, before: list[Meaning]) -> Window:
    """Of "Friday 2-4pm or 9-11am" both are on Friday."""
    dated = [each for each in before if isinstance(each, Window) and each.day]
    return replace(window, day=dated[-1].day) if dated and not _names_any_day(window) else window


def _has_no_day(window: Window) -> bool:
    """Whether a window is open on one side, and the other is no day of its own."""
    ends = [end for end in (window.start, window.end) if end is not None]
    return len(ends) == 1 and ends[0].day is None


def _are_alike(windows: list[Window]) -> bool:
    """Whether all are open on the same side."""
    return len({each.start is None for each in windows}) == 1


def _is_another_day(option: Point, after: list[Point]) -> bool:
    """Whether a day said further on is not that of a clock time: "at five or tomorrow"."""
    dated = next((each for each in after if each.day), None)
    if dated is None or not isinstance(option.time, Clock):
        return False
    return not isinstance(dated.time, Clock) or dated.day_first


def _share_half(option: Point, time: Clock, others: list[Point]) -> Point:
    """Of "three or four pm" three is in the afternoon too; of "eleven or one pm" eleven is not."""
    for other in others:
        if isinstance(other.time, Clock) and len(other.time.options) == 1:
            known = other.time.options[0]
            nearest = min(time.options, key=lambda at: abs(at - known))
            return replace(option, time=replace(time, options=(nearest,)))
    return option
