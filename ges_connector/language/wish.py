"""What a customer's words about time may mean: the types that `understand` answers with.

A `Wish` never holds a guess. Where the words leave two readings ("at 3", "next Friday"), both are
in `alternatives` and `undecided` is true; the caller lets the office hours or the offered times
decide, and asks if more than one reading is left. Where the customer left the choice to us
("Tuesday or Wednesday"), the `alternatives` are there too, but `undecided` is false: any of them
will do.

All instants are aware datetimes in UTC. An end is exclusive.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class WishKind(StrEnum):
    """The shape of a wish."""

    EXACT = "exact"
    """One instant: "tomorrow at 15:30"."""
    WINDOW = "window"
    """An interval with both ends named or meant: "between 2 and 4", "tomorrow afternoon"."""
    DAY = "day"
    """One whole day: "on Friday"."""
    AFTER = "after"
    """From a time on: "after five". The end is open, or the end of the day that was named."""
    BEFORE = "before"
    """Until a time: "before noon". The start is open, or the start of the day that was named."""
    ASAP = "asap"
    """As soon as possible."""
    CHOICE = "choice"
    """A reply to an offered menu: see `Choice`."""


class Grain(StrEnum):
    """How finely the customer spoke."""

    MINUTE = "minute"
    HOUR = "hour"
    PART = "part"
    """A part of the day, such as the morning."""
    DAY = "day"
    WEEK = "week"
    """Several days: a weekend, a week."""
    MONTH = "month"
    ANY = "any"
    """No time was named at all ("any time")."""


class ChoiceKind(StrEnum):
    """What a reply picks from a menu, or wants instead of it."""

    INDEX = "index"
    """The n-th entry, counted from one: "the second one"."""
    LAST = "last"
    EARLIER_ONE = "earlier_one"
    """The earliest of the offered entries: "the earlier one"."""
    LATER_ONE = "later_one"
    """The latest of the offered entries: "the later one"."""
    EARLIER = "earlier"
    """Other times, earlier than those on offer."""
    LATER = "later"
    """Other times, later than those on offer."""
    MORE = "more"
    """More times, in no particular direction."""
    NONE = "none"
    """None of the offered times."""
    FIRST_AVAILABLE = "first_available"
    """The first time that is free, within whatever else was wished."""


class UnclearReason(StrEnum):
    """Why words were not turned into a wish; each can become one short question."""

    NO_TIME_FOUND = "no_time_found"
    """Nothing in the text speaks of time."""
    TWO_READINGS = "two_readings"
    """The text can be read in several ways; they are in `alternatives`."""
    UNEXPLAINED_DIGITS = "unexplained_digits"
    """A number is no part of the time that was found: a phone number, an order number."""
    UNEXPLAINED_WORDS = "unexplained_words"
    """A word about time (or a "not") does not fit what was found."""
    CONTRADICTION = "contradiction"
    """Two parts of the text exclude each other: "Tuesday the 3rd" when the 3rd is a Friday."""
    IN_THE_PAST = "in_the_past"
    """The time named is over."""
    DOES_NOT_EXIST = "does_not_exist"
    """No calendar has such a date, or no clock such a time: "31 February"."""
    TIME_DOES_NOT_EXIST = "time_does_not_exist"
    """The clocks skip that time on that day (they go forward)."""
    TIME_EXISTS_TWICE = "time_exists_twice"
    """The clocks pass that time twice on that day; both instants are in `alternatives`."""
    TOO_VAGUE = "too_vague"
    """A time is spoken of, but not which: "in a few months", "later this year"."""
    TOO_LONG = "too_long"
    """More words about time than one wish can hold."""
    LANGUAGE_UNKNOWN = "language_unknown"
    """The locale is none that CLDR knows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A reply to a menu.

    Attributes:
        kind: what is picked or wanted.
        index: the entry's number, counted from one, for `ChoiceKind.INDEX`; else None.
    """

    kind: ChoiceKind
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time.

    Attributes:
        earliest_at: first instant that belongs to it; None if it has no beginning.
        latest_at: first instant that does not belong to it any more; None if it has no end.
    """

    earliest_at: datetime | None
    latest_at: datetime | None

    def contains(self, at: datetime) -> bool:
        """Tell whether an instant lies within."""
        if self.earliest_at is not None and at < self.earliest_at:
            return False
        return self.latest_at is None or at < self.latest_at


@dataclass(frozen=True, slots=True)
class Wish:
    """When a customer wants to be called.

    `exact` with `alternatives` and `undecided` ("at 3" may be 03:00 or 15:00) has no `earliest_at`
    of its own. A caller keeps the readings within the office hours or among the offered times; if
    one is left, that is it; if several are left, the customer is asked.

    Attributes:
        kind: the shape; with alternatives, the shape they share (else that of the first).
        earliest_at: aware UTC start; None = open, or only in the alternatives. Of a day or part of
            a
            day that has begun it is the nominal start, which may lie before now.
        latest_at: aware UTC end, exclusive; None = open, none (exact) or only in the alternatives.
        grain: how finely the customer spoke.
        words: the customer's own words that this rests on, in their order.
        alternatives: the readings, or the times of which any will do.
        undecided: true if the customer means one of the alternatives and did not say which.
        excluded: times ruled out ("not on Monday").
        approximate: true for "around three".
        zone: IANA name of the zone the clock time counts in.
        zone_named: true if the customer named that zone.
        day_named: false if the words hold a time of day only; then other days may suit as well.
        choice: the reply to a menu that the words hold, alone or beside a time.
    """

    kind: WishKind
    earliest_at: datetime | None
    latest_at: datetime | None
    grain: Grain
    zone: str
    words: tuple[str, ...] = ()
    alternatives: tuple["Wish", ...] = ()
    undecided: bool = False
    excluded: tuple[Interval, ...] = ()
    approximate: bool = False
    zone_named: bool = False
    day_named: bool = True
    choice: Choice | None = None

    def readings(self) -> tuple["Wish", ...]:
        """The wishes without alternatives that this one stands for; itself if it has none."""
        if not self.alternatives:
            return (self,)
        return tuple(leaf for each in self.alternatives for leaf in each.readings())

    def with_words(self, words: tuple[str, ...]) -> "Wish":
        """The same wish, resting on these words, its alternatives too."""
        alternatives = tuple(each.with_words(words) for each in self.alternatives)
        return replace(self, words=words, alternatives=alternatives)


@dataclass(frozen=True, slots=True)
class Unclear:
    """No wish could be told from the words without guessing.

    Attributes:
        reason: why; what to ask about.
        words: the customer's words that it is about, in their order; may be empty.
        alternatives: what it might have been, to be offered in the question; may be empty.
    """

    reason: UnclearReason
    words: tuple[str, ...] = ()
    alternatives: tuple[Wish, ...] = ()
