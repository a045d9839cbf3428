"""What phrases about times and parts of the day mean: "half past", "quarter to", "early in"."""

from collections.abc import Callable
from dataclasses import replace

from ges_connector.language.clocks import hour_options, late_part, other_half, refine, shift_clock
from ges_connector.language.holes import TWO_DIGITS
from ges_connector.language.joining import merge_points
from ges_connector.language.meaning import (
    HALF_DAY,
    MINUTES_PER_HOUR,
    Clock,
    Marker,
    Meaning,
    Number,
    OneOf,
    Ordinal,
    Part,
    Point,
    RelativeDay,
)
from ges_connector.language.template import Phrase

_QUARTER = 15
_THIRD = 20
HALF_HOUR = 30
# Nobody calls at 3:20.
_EARLIEST_CALL = 7


def clock_at(hour: Number | Ordinal | Point, minute: int, shift: int = 0) -> Point | None:
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
    return hour if isinstance(hour, Point) else clock_at(hour, 0)


def _hour_minute(hour: Number | Point, minute: Number) -> Point | None:
    # A single digit after an hour is no minute: "3 h 5" is, "15h3" is a slip.
    return clock_at(hour, minute.value) if may_follow_hour(minute) else None


def _hour_minutes(hour: Number | Point, minute: Number) -> Point | None:
    """Hour and minutes, each with its own word: the five of "5時5分" can be nothing else."""
    return clock_at(hour, minute.value)


def _hour_minute_written(hour: Number | Point, minute: Number) -> Point | None:
    """Hour and minute in digits, "10h30": from seven on the clock of 24 hours, as "10:30" is."""
    point = _hour_minute(hour, minute)
    if point is None or isinstance(hour, Point) or not (hour.digits and minute.digits):
        return point
    if hour.value < _EARLIEST_CALL:
        return point
    clock = hour_options(hour.value, minute.value, said_openly=False)
    if clock is None:
        return None
    return Point(time=replace(clock, spare=other_half(clock)))


def may_follow_hour(minute: Number) -> bool:
    """Whether a number is minutes behind an hour; a "one" in words is an article there."""
    return minute.digits == TWO_DIGITS or (minute.digits == 0 and minute.value != 1)


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
        return clock_at(hour, 0, minutes)

    return build


def _minutes(base: int, sign: int) -> Callable[[Number, Number | Point], Point | None]:
    def build(minute: Number, hour: Number | Point) -> Point | None:
        return clock_at(hour, 0, base + sign * minute.value)

    return build


def _mark(clock: Number | Point, marker: Marker) -> Point | None:
    point = _at_hour(clock)
    if point is None or not isinstance(point.time, Clock):
        return None
    time = refine(point.time, marker.half)
    return None if time is None else replace(point, time=time)


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
    return replace(part, time=late_part(part.time))


def _this_part(part: Point) -> Point | None:
    return replace(part, day=RelativeDay(0)) if part.day is None else None


def _day_then_part(day: Point, part: Part) -> Point | None:
    return replace(day, time=part) if day.time is None else None


def as_point(x: Meaning | Number) -> Point | None:
    """Take a bare number for an hour; None for what is no point."""
    if isinstance(x, Number):
        return None if x.digits > TWO_DIGITS else clock_at(x, 0)
    return x if isinstance(x, Point) else None


CLOCK_PHRASES: dict[str, Phrase] = {
    "at_hour": Phrase(("hour",), _at_hour),
    # A time that names the menu entry it stands in: "the 10:30 one".
    "the_clock": Phrase(("clock",), _at_hour),
    "hour_minute": Phrase(("hour", "minute"), _hour_minute),
    "hour_minutes": Phrase(("hour", "minute"), _hour_minutes),
    # "10h30" is written as "10:30" is; what is spoken is put into `hour_minute`.
    "hour_minute_written": Phrase(("hour", "minute"), _hour_minute_written),
    "hour_minute_bare": Phrase(("hour", "minute"), _hour_minute_bare, cost=1),
    "hour_minute_second": Phrase(("hour", "minute", "second"), _hour_minute_second),
    "half_past": Phrase(("hour",), _shifted(HALF_HOUR)),
    "half_to": Phrase(("hour",), _shifted(-HALF_HOUR)),
    "quarter_past": Phrase(("hour",), _shifted(_QUARTER)),
    "quarter_to": Phrase(("hour",), _shifted(-_QUARTER)),
    # A third of an hour is no minute of its own: Arabic "والثلث".
    "third_past": Phrase(("hour",), _shifted(_THIRD)),
    "third_to": Phrase(("hour",), _shifted(-_THIRD)),
    "quarter_of_next": Phrase(("hour",), _shifted(-3 * _QUARTER)),
    "three_quarters_of_next": Phrase(("hour",), _shifted(-_QUARTER)),
    "minutes_past": Phrase(("minute", "hour"), _minutes(0, 1)),
    "minutes_to": Phrase(("minute", "hour"), _minutes(0, -1)),
    "minutes_of_next": Phrase(("minute", "hour"), _minutes(-MINUTES_PER_HOUR, 1)),
    "minutes_past_half_to": Phrase(("minute", "hour"), _minutes(-HALF_HOUR, 1)),
    "minutes_to_half_to": Phrase(("minute", "hour"), _minutes(-HALF_HOUR, -1)),
    # Counted from the half behind an hour: Arabic "ونصف وخمسة".
    "minutes_past_half": Phrase(("minute", "hour"), _minutes(HALF_HOUR, 1)),
    "minutes_to_half": Phrase(("minute", "hour"), _minutes(HALF_HOUR, -1)),
    "early_part": Phrase(("part",), _early),
    "late_part": Phrase(("part",), _late),
    "next_part": Phrase(("part",), _next_part),
    "this_part": Phrase(("part",), _this_part),
    # Where the part always stands before its hour and belongs to nothing else: "(5 pm) or later".
    "part_clock": Phrase(("part", "clock"), _part_clock),
}

CLOCK_BUILT_IN: tuple[tuple[str, Phrase], ...] = (
    ("{clock} {marker}", Phrase(("clock", "marker"), _mark)),
    ("{hour} {marker}", Phrase(("hour", "marker"), _mark)),
    ("{marker} {clock}", Phrase(("clock", "marker"), _mark)),
    ("{marker} {hour}", Phrase(("hour", "marker"), _mark)),
    ("{day} {part_after_day}", Phrase(("day", "part_after_day"), _day_then_part)),
)
