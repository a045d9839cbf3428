"""What phrases about lengths of time mean: "half an hour", "in three days", "a week on Friday"."""

from collections.abc import Callable
from dataclasses import replace

from ges_connector.language.clock_rules import HALF_HOUR, as_point, may_follow_hour
from ges_connector.language.holes import TWO_DIGITS
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    MINUTES_PER_HOUR,
    Amount,
    Asap,
    Aside,
    Busy,
    Clock,
    Duration,
    Meaning,
    Number,
    Offset,
    OneOf,
    Part,
    Point,
    RelativeDay,
    ShiftedDay,
    Unit,
    UnitName,
    Vague,
    Weekday,
    Window,
)
from ges_connector.language.template import Phrase

# Longer lengths of time are not written as clock times.
_MOST_HOURS = 6


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


def _in_unnamed_minutes(n: Number) -> Meaning | None:
    """Minutes that are not named: "in five"; "in two" may be hours."""
    return None if n.value % 5 or not n.value else Offset(Duration(n.value, "minute"))


def _in_unnamed(n: Number) -> Meaning | None:
    """Minutes or an hour: "in fünf" is asked about."""
    # The "un" of "en un restaurante" is an article.
    is_article = not n.digits and n.value == 1
    return None if is_article or n.digits > TWO_DIGITS else Vague()


def _in_either_unnamed(n: Number, n2: Number) -> Meaning | None:
    return _in_unnamed(n) and _in_unnamed(n2)


def _in_clock(clock: Point) -> Meaning | None:
    """Hours and minutes written as a clock time: "in 1:30 h"."""
    minutes = min(clock.time.options) if isinstance(clock.time, Clock) else 0
    is_length = 0 < minutes <= _MOST_HOURS * MINUTES_PER_HOUR
    return Offset(Duration(minutes, "minute")) if is_length else Vague()


def _in_clock_unnamed(clock: Point) -> Meaning:
    """The same where no word tells that it is no clock time."""
    del clock
    return Vague()


def _in_about(duration: Duration) -> Meaning | None:
    meaning = _in_duration(duration)
    return replace(meaning, approximate=True) if isinstance(meaning, Offset | Point) else meaning


def in_units(unit: Unit) -> Callable[[Number | Amount], Meaning | None]:
    """Make the rule for so many of a unit from now on."""

    def build(amount: Number | Amount) -> Meaning | None:
        return _in_duration(_length(amount, unit))

    return build


def _length(amount: Number | Amount, unit: Unit) -> Duration:
    """So many of a unit; "1.30 hours" are hours and minutes, as "1:30" is."""
    if unit == "hour" and isinstance(amount, Amount) and amount.minutes is not None:
        return Duration(int(amount.value) * MINUTES_PER_HOUR + amount.minutes, "minute")
    return Duration(amount.value, unit)


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


def _in_some(unit: UnitName, amount: Number | Amount) -> Meaning | None:
    """The same behind an "in", where "an hour fifteen" may be an hour and fifteen minutes."""
    may_be_minutes = unit.unit == "hour" and not amount.value % 5
    return None if may_be_minutes else _in_amount(unit, amount)


def _from_in(duration: Duration) -> Meaning | None:
    """From a length of time on, and no sooner: "not for another two hours"."""
    start = _in_duration(duration)
    if isinstance(start, Offset):
        return replace(start, onwards=True)
    return Window(start, None) if isinstance(start, Point) else None


def _within(duration: Duration) -> Meaning | None:
    return Vague() if duration.unit == "year" else Offset(duration, within=True)


def _within_unit(unit: UnitName) -> Meaning | None:
    return None if unit.unit == "weekend" else _within(Duration(1, unit.unit))


def _duration_after(duration: Duration, x: Meaning | Number) -> Meaning | None:
    if isinstance(x, Asap) and x.base is None and x.is_now:
        return _in_duration(duration)
    if not isinstance(x, Point):
        return None
    if x.day is None and not isinstance(x.time, Clock):
        return None
    if isinstance(x.day, Weekday) and duration == Duration(DAYS_PER_WEEK + 1, "day"):
        # "Wednesday in eight days" is a Wednesday: languages that say so have it as a phrase.
        return None
    if duration.is_calendar:
        # "In two weeks after three" is on that day; nobody counts weeks from an hour.
        days = ShiftedDay(x.day, int(duration.count), duration.unit)
        return None if x.day is None else replace(x, day=days)
    return None if x.time is None else Offset(duration, base=x)


def _duration_on(duration: Duration, day: Point) -> Meaning | None:
    """So much later than a day: "a week on Friday", "a week tomorrow"."""
    return _duration_after(duration, day) if duration.unit == "week" else None


def _duration_before(duration: Duration, x: Meaning | Number) -> Meaning | None:
    point = as_point(x)
    if point is None:
        return None
    if isinstance(point.time, Part):
        # "Half an hour before lunch" counts from where lunch begins.
        point = replace(point, time=Clock((point.time.start_minute,)))
    return _duration_after(replace(duration, count=-duration.count), point)


def _amount(amount: Number | Amount, unit: UnitName) -> Duration | None:
    return None if unit.unit == "weekend" else _length(amount, unit.unit)


def _fraction(share: float) -> Callable[[UnitName], Duration | None]:
    def build(unit: UnitName) -> Duration | None:
        if unit.unit == "hour":
            return Duration(share * MINUTES_PER_HOUR, "minute")
        return Duration(share, unit.unit) if share == int(share) else None

    return build


def _amount_and_half(amount: Number | Amount, unit: UnitName) -> Duration | None:
    if unit.unit != "hour":
        return None
    return Duration(amount.value * MINUTES_PER_HOUR + HALF_HOUR, "minute")


def _amount_and_quarter(amount: Number | Amount, unit: UnitName) -> Duration | None:
    """An hour and a quarter: "dans une heure et quart"."""
    if unit.unit != "hour":
        return None
    return Duration(amount.value * MINUTES_PER_HOUR + HALF_HOUR // 2, "minute")


def _hours_minutes(amount: Number | Amount, minute: Number) -> Duration | None:
    """Hours and minutes written as a clock time is: "in 1h30"."""
    if not isinstance(amount, Number) or not may_follow_hour(minute):
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


def _past_duration(duration: Duration) -> Point:
    del duration
    return Point(RelativeDay(-1))


def past_units(amount: Number | Amount) -> Point:
    """A time that is over: "two hours ago"."""
    del amount
    return Point(RelativeDay(-1))


def _shifted(duration: Duration) -> Vague:
    del duration
    return Vague()


def _working_days(amount: Number | Amount) -> Vague:
    """So many days but those of the weekend: which day that is depends on feasts, too."""
    del amount
    return Vague()


def _every_weekday(weekday: Point) -> Vague:
    """More than one day: a call is arranged for one of them, and which is not said."""
    del weekday
    return Vague()


def _vague_units(unit: UnitName) -> Vague:
    del unit
    return Vague()


def _aside(value: Number | Amount | Duration | Busy) -> Aside:
    """What is passed over: an age, how many there are, how long another thing takes."""
    del value
    return Aside()


DURATION_PHRASES: dict[str, Phrase] = {
    "aside_amount": Phrase(("amount",), _aside),
    "aside_duration": Phrase(("duration",), _aside),
    "aside_busy": Phrase(("busy",), _aside),
    "amount": Phrase(("amount", "unit"), _amount),
    "one_unit": Phrase(("unit",), _fraction(1)),
    "two_units": Phrase(("unit",), _fraction(2)),
    "half_unit": Phrase(("unit",), _fraction(0.5)),
    "quarter_unit": Phrase(("unit",), _fraction(0.25)),
    "three_quarter_unit": Phrase(("unit",), _fraction(0.75)),
    "one_and_half_unit": Phrase(("unit",), _fraction(1.5)),
    "amount_and_half": Phrase(("amount", "unit"), _amount_and_half),
    "amount_and_quarter": Phrase(("amount", "unit"), _amount_and_quarter),
    "hours_minutes": Phrase(("amount", "minute"), _hours_minutes),
    "sum": Phrase(("duration", "duration2"), _sum),
    "in_duration": Phrase(("duration",), _in_duration),
    # "In eight days" is a week to most people who say it, and eight days to the others.
    "in_eight_days": Phrase(("n", "unit"), _in_eight_days),
    "from_in": Phrase(("duration",), _from_in),
    "in_about": Phrase(("duration",), _in_about),
    "in_duration_or": Phrase(("duration", "amount"), _in_duration_or),
    "in_amounts": Phrase(("amount", "amount2", "unit"), _in_amounts),
    "in_amount": Phrase(("unit", "amount"), _in_amount),
    "in_some": Phrase(("unit", "amount"), _in_some),
    "within_unit": Phrase(("unit",), _within_unit),
    "within": Phrase(("duration",), _within),
    "duration_after": Phrase(("duration", "x"), _duration_after),
    "duration_on": Phrase(("duration", "day"), _duration_on),
    "duration_before": Phrase(("duration", "x"), _duration_before),
    "vague_units": Phrase(("unit",), _vague_units),
    # Later than what was offered, which is not known here: "can it be an hour later".
    "every_weekday": Phrase(("weekday",), _every_weekday),
    "working_days": Phrase(("amount",), _working_days),
    "in_unnamed_minutes": Phrase(("n",), _in_unnamed_minutes),
    "in_unnamed": Phrase(("n",), _in_unnamed),
    "in_either_unnamed": Phrase(("n", "n2"), _in_either_unnamed),
    "in_clock": Phrase(("clock",), _in_clock),
    "in_clock_unnamed": Phrase(("clock",), _in_clock_unnamed),
    "shifted": Phrase(("duration",), _shifted),
    "ago": Phrase(("duration",), _past_duration),
}

DURATION_BUILT_IN: tuple[tuple[str, Phrase], ...] = (
    ("{amount}h{minute}", DURATION_PHRASES["hours_minutes"]),
    ("1/2 {unit}", DURATION_PHRASES["half_unit"]),
    ("1/4 {unit}", DURATION_PHRASES["quarter_unit"]),
    ("3/4 {unit}", DURATION_PHRASES["three_quarter_unit"]),
    ("{amount} 1/2 {unit}", DURATION_PHRASES["amount_and_half"]),
)
