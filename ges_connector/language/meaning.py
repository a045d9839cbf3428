"""What phrases mean before anyone looks at a clock: the values the grammar builds.

These are relative and possibly ambiguous ("tomorrow", "three o'clock"); `resolve` turns them into
instants, `joining` puts together those that are said together.
"""

from dataclasses import dataclass, field
from typing import Literal

from ges_connector.language.wish import ChoiceKind

MINUTES_PER_HOUR = 60
DAYS_PER_WEEK = 7
HALF_DAY = 12 * MINUTES_PER_HOUR
FULL_DAY = 24 * MINUTES_PER_HOUR

Half = Literal["am", "pm", "noon", "night", "any"]
"""What a part of the day says about an hour: before noon, after noon, around noon, by night."""
Unit = Literal["minute", "hour", "day", "weekend", "week", "month", "year"]
Which = Literal["nearest", "this", "coming", "next", "after_next"]
Edge = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was said: its value, and how many digits it was typed with (0 = in words)."""

    value: int
    digits: int = 0
    leading_zero: bool = False
    alone: bool = True
    """Whether its neighbours are words we know, so that it may be an hour by itself."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How many of a unit: may be a fraction.

    Attributes:
        value: how many.
        minutes: what its decimals are if it is hours and minutes: "1.30 hours"; None if they are a
            fraction.
    """

    value: float
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in a row: "third", "3rd".

    Attributes:
        value: the place.
        spelled: whether it is a word.
    """

    value: int
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit of time."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the year, from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A word that says which half of the day an hour is in and nothing else: "am", "pm"."""

    half: Half


@dataclass(frozen=True, slots=True)
class Busy:
    """What keeps people from the telephone: "at the dentist's"."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody is or what somebody does, in words that are in no list: "in Leeds"."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What says nothing about the call: "I am 83 years old"; it is passed over."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its IANA name."""

    name: str


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time. Whole days and longer are counted on the calendar."""

    count: float
    unit: Unit

    @property
    def is_calendar(self) -> bool:
        """Whether it is counted in days, so that the time of day is left open."""
        return self.unit not in {"minute", "hour"} and self.count == int(self.count)


# --- days ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """So many days after today; negative = over."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday, Monday = 0, and which of them; `weeks` more after that."""

    number: int
    which: Which = "nearest"
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a month; month and year None = the next that fits."""

    day: int
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class DashedDate:
    """Two numbers with a dash: a date only beside a weekday ("Friday 7-6"), else a range."""

    day: CalendarDay


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """This (0), the next (1) week, weekend, month ..., or an edge of it.

    What `rolls` is of whichever has it ahead: "early in the week", said on a Thursday.
    """

    unit: Unit
    offset: int
    edge: Edge | None = None
    rolls: bool = False


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """A week by its number in the year, counted as in ISO 8601."""

    number: int


@dataclass(frozen=True, slots=True)
class WeekOf:
    """The week that a day is in: "the week of the 26th"."""

    day: "Day"


@dataclass(frozen=True, slots=True)
class WeekIn:
    """A week of a month by its number, -1 = the last; it is of the month that has most of it."""

    month: "Day"
    number: int


@dataclass(frozen=True, slots=True)
class WeekdayIn:
    """A month's weekday by its number, -1 = the last: "the first Monday in December".

    Without a weekday, any day: "the last day of November".
    """

    month: "Day"
    weekday: int | None
    number: int


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """A whole month by name, or an edge of it."""

    month: int
    edge: Edge | None = None


@dataclass(frozen=True, slots=True)
class DayEdge:
    """The start, middle or end of a day."""

    day: "Day"
    edge: Edge


@dataclass(frozen=True, slots=True)
class ShiftedDay:
    """So many days, weeks or months after a day; base None = after today."""

    base: "Day | None"
    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class DayRange:
    """From one day to another, both included."""

    first: "Day"
    last: "Day"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Several descriptions of the same day: "Tuesday the 24th", "Wednesday next week"."""

    days: tuple["Day", ...]


Day = (
    RelativeDay
    | Weekday
    | CalendarDay
    | CalendarSpan
    | CalendarWeek
    | WeekOf
    | WeekIn
    | WeekdayIn
    | MonthSpan
    | DayEdge
    | ShiftedDay
    | DayRange
    | AllOf
)

# --- times of day --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: several `options` (minutes since midnight) if its half is not known.

    An option of 24 hours or more belongs to the following day.
    """

    options: tuple[int, ...]
    second: int = 0
    spare: tuple[int, ...] = ()
    """What it may be if the options do not fit: "20:00" for the "8:00" of "8:00 in the evening"."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, in minutes since midnight; it may reach into the next day.

    Attributes:
        start_minute: when it begins.
        end_minute: when it ends.
        half: what it says about an hour.
        takes_late_hours: whether an hour long after its end is meant all the same: "午後9時".
        is_noon: whether it is noon itself where it bounds something: "中午之前".
        is_event: whether an hour behind its bound is that hour: "after lunch, at two".
    """

    start_minute: int
    end_minute: int
    half: Half = "any"
    takes_late_hours: bool = False
    is_noon: bool = False
    is_event: bool = False


_EDGE_HOURS: dict[Edge, tuple[int, int]] = {"start": (6, 10), "middle": (11, 14), "end": (16, 24)}


def edge_part(edge: Edge) -> Part:
    """The start, middle or end of a day as a part of it."""
    first, last = _EDGE_HOURS[edge]
    return Part(first * MINUTES_PER_HOUR, last * MINUTES_PER_HOUR)


# --- whole expressions ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a time of day, or both."""

    day: Day | None = None
    time: Clock | Part | None = None
    approximate: bool = False
    zone: str | None = None
    day_first: bool = False
    """Whether the day was said before the time: decides what "2pm till tomorrow 4pm" means."""
    within: "Window | None" = None
    """What bounds a day that is named too: "after New Year, on the fifth"."""
    told_in: Part | None = field(default=None, compare=False)
    """The part of the day right behind which a clock time was said: "lunch at two"."""


@dataclass(frozen=True, slots=True)
class Window:
    """Between two points; a missing one leaves that side open.

    `deadline` marks "by Friday noon", which begins now; "before noon on Friday" begins on Friday.
    """

    start: Point | None
    end: Point | None
    day: Day | None = None
    deadline: bool = False
    from_now: bool = False
    """For "between now and eight": begins now, and that was said."""
    approximate: bool = False
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """A length of time after now, or after a point. `within`: any time until then.

    `until` is the longer of two lengths: "in an hour or two". `onwards`: any time from then on.
    """

    duration: Duration
    base: Point | None = None
    within: bool = False
    approximate: bool = False
    until: Duration | None = None
    onwards: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """Any of several will do."""

    options: tuple["Meaning", ...]


@dataclass(frozen=True, slots=True)
class Excluding:
    """A meaning (None = any time) without some others."""

    base: "Meaning | None"
    excluded: tuple["Meaning", ...]


@dataclass(frozen=True, slots=True)
class AnyTime:
    """Any time will do."""


@dataclass(frozen=True, slots=True)
class Asap:
    """As soon as possible, within `base` if there is one."""

    base: "Meaning | None" = None
    at_once: bool = True
    """False for "the first available time", which is a reply to a menu as well."""
    is_now: bool = False
    """True for "now", which beside a time tells how things are: "I'm at work right now"."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to a menu, beside a time if there is one.

    Attributes:
        kind: what is picked or wanted.
        index: the entry's number.
        base: the time beside it.
        may_be_day: whether the number may be a day's beside an hour: "take the 4th at 9:30".
    """

    kind: ChoiceKind
    index: int | None = None
    base: "Meaning | None" = None
    may_be_day: bool = False


@dataclass(frozen=True, slots=True)
class Vague:
    """A time is spoken of, but not which: "in a few months"."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Several readings of the same words, of which the customer means one."""

    readings: tuple["Meaning", ...]


Meaning = (
    Point | Window | Offset | Either | Excluding | AnyTime | Asap | Reply | OneOf | Vague | Zone
)
Joined = Meaning | Number
