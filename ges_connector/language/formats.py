"""How a moment, a wait, a list or a count is told to a customer.

Every instant is told by the customer's own clock and calendar, with the weekday and the date
beside "tomorrow", so that nobody has to work out which day is meant. Where the office's clock shows
something else at that instant, both clocks are told. What the formats look like is CLDR's, by way
of Babel; the words between are those of `ges_connector.language.phrases`.

In chat the typography of CLDR is kept (a narrow no-break space before PM); in voice everything is
words that can be read aloud, as in `ges_connector.language.speech`.

Instants must be aware; a naive one is a mistake in the program and raises ValueError. Bad locale
tags never raise: `locales.babel_locale` finds the nearest that exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from ges_connector.language import cldr_patterns, locales, speech
from ges_connector.language.phrases import (
    DayPhrases,
    MomentPhrases,
    Phrases,
    Style,
    euphonic,
    phrases_for,
)
from ges_connector.language.quantities import (
    ListKind,
    WaitRange,
    plural_form,
    tell_count,
    tell_duration,
    tell_list,
    tell_wait,
)
from ges_connector.language.typography import tidied
from ges_connector.language.zone_names import city_of, clock_change_name, offset_name, zone_name

__all__ = [
    "ListKind",
    "Listener",
    "Moment",
    "Style",
    "WaitRange",
    "clocks_differ",
    "plural_form",
    "tell",
    "tell_count",
    "tell_duration",
    "tell_list",
    "tell_times",
    "tell_wait",
    "zone_name",
]

_DAYS_TOLD_BY_NAME = 6
# A date without a year is taken for the nearest one: up to a year ahead, half a year back.
_DAYS_AHEAD_WITHOUT_YEAR = 365
_DAYS_BACK_WITHOUT_YEAR = 183

_Nearness = Literal["today", "tomorrow", "weekday", "other"]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is being told.

    Attributes:
        locale: BCP 47 tag to format by, such as `CustomerLocale.tag`.
        zone: The customer's time zone.
        office_zone: The zone the office keeps; None if it does not matter.
        style: Written or spoken.
    """

    locale: str
    zone: ZoneInfo
    office_zone: ZoneInfo | None = None
    style: Style = Style.CHAT


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant, or the window it opens, in the forms a conversation needs.

    Attributes:
        at: The instant itself, UTC.
        day: "tomorrow, Tuesday, November 24", in the customer's zone.
        time: "3:00 PM" or "between 3:00 and 3:30 PM", by the customer's clock. On the day
            the clocks go back, an hour that comes twice carries the name of the one meant.
        text: Day and time as part of a sentence ("We will call you …"). The zone is named if the
            office's clock shows another time, and only then: "…, at 3:00 PM Eastern Time (9:00 PM
            in Berlin)".
        brief: "tomorrow at 3:00 PM", "on Friday at 3:00 PM": for what is near, such as an opening
            time. Without zone.
        until: `at` as the end of something: "until 3:20 PM". Without zone.
        label: "Tue, Nov 24, 3:00 PM", short enough for a button, and different for every minute
            of a year. Says the date also of tomorrow, since a button may be looked at later. In
            voice the same as `brief`.
        zone: The name of the customer's zone.
    """

    at: datetime
    day: str
    time: str
    text: str
    brief: str
    until: str
    label: str
    zone: str


def tell(
    at: datetime, *, now: datetime, listener: Listener, until: datetime | None = None
) -> Moment:
    """Put an instant into words.

    Args:
        at: When it is.
        now: When it is told, which decides on "today", "tomorrow" and the year.
        listener: Who is told.
        until: End of a window that begins at `at` and lasts less than a day; None for one instant.

    Returns:
        All forms of it. "Today" and "tomorrow" are the customer's.

    Raises:
        ValueError: `at`, `now` or `until` is naive, or `until` is not within a day after `at`.
    """
    _check(at, now, until)
    if until is not None and not timedelta(0) < until - at < timedelta(days=1):
        raise ValueError("a window ends after it begins, and within a day")
    teller = _Teller(listener)
    here = _Span.of(at, until, listener.zone)
    day, today = here.start.date(), now.astimezone(listener.zone).date()
    nearness = _nearness(day, today)
    phrases = teller.phrases
    time_told = teller.at(here)
    if listener.office_zone is not None and clocks_differ(at, listener.zone, listener.office_zone):
        time_told = teller.with_both_clocks(here, listener.office_zone)
    words = {
        "date": teller.date_of(day, today),
        "weekday": teller.weekday(day),
        "time": teller.the_time(here.start),
    }
    full = _full(phrases.moment, nearness)
    brief = getattr(phrases.brief, nearness).format(at=teller.at(here), **words)
    deadline = getattr(phrases.until, nearness).format(at=teller.at(here.opening), **words)
    return Moment(
        at=at.astimezone(UTC),
        day=teller.tidy(_full(phrases.day, nearness).format(**words)),
        time=teller.tidy(teller.span(here)),
        text=teller.tidy(full.format(at=time_told, **words)),
        brief=teller.tidy(brief),
        until=teller.tidy(deadline),
        label=teller.tidy(brief if teller.speaks else teller.label(here, today)),
        zone=teller.tidy(teller.zone_named(here)),
    )


def clocks_differ(at: datetime, zone: ZoneInfo, other: ZoneInfo) -> bool:
    """Tell whether two zones show different clocks at an instant (Berlin and Vienna never do).

    Raises:
        ValueError: `at` is naive.
    """
    _check(at)
    return at.astimezone(zone).utcoffset() != at.astimezone(other).utcoffset()


def tell_times(instants: Sequence[datetime], *, listener: Listener) -> str:
    """List the times of one day to choose from: "9:00 AM, 10:30 AM, or 2:00 PM".

    Args:
        instants: Aware instants, told in the order given by the customer's clock.
        listener: Who is told.

    Raises:
        ValueError: An instant is naive.
    """
    if not instants:
        return ""
    _check(*instants)
    teller = _Teller(listener)
    here = [instant.astimezone(listener.zone) for instant in instants]
    clocks = [teller.told_apart(teller.clock(local), local) for local in here]
    joined = tell_list(clocks, listener.locale, style=listener.style)
    return teller.tidy(teller.phrases.times.format(clocks=joined))


@dataclass(frozen=True, slots=True)
class _Span:
    """An instant or window on the clock of one zone."""

    start: datetime
    end: datetime | None

    @classmethod
    def of(cls, at: datetime, until: datetime | None, zone: ZoneInfo) -> "_Span":
        return cls(at.astimezone(zone), until.astimezone(zone) if until else None)

    @property
    def opening(self) -> "_Span":
        return _Span(self.start, None)


def _nearness(day: date, today: date) -> _Nearness:
    days_ahead = (day - today).days
    if days_ahead == 0:
        return "today"
    if days_ahead == 1:
        return "tomorrow"
    return "weekday" if 0 < days_ahead <= _DAYS_TOLD_BY_NAME else "other"


def _full(phrases: DayPhrases | MomentPhrases, nearness: _Nearness) -> str:
    """The phrase that names the date, which only today and tomorrow add to."""
    if nearness == "today":
        return phrases.today
    return phrases.tomorrow if nearness == "tomorrow" else phrases.other


class _Teller:
    """The parts of a moment in one locale and style."""

    def __init__(self, listener: Listener) -> None:
        self.tag = listener.locale
        self.zone = listener.zone
        self.style = listener.style
        self.speaks = listener.style is Style.VOICE
        self.locale = locales.babel_locale(listener.locale)
        self.phrases: Phrases = phrases_for(listener.locale, listener.style)
        own_pattern = self.phrases.clock_pattern
        self.clock_pattern = own_pattern or cldr_patterns.short_time(self.locale)

    def tidy(self, text: str) -> str:
        return tidied(text, self.style)

    # The clock.

    def clock(self, local: datetime, pattern: str | None = None) -> str:
        """A bare clock time."""
        if self.speaks:
            return speech.spoken_clock(local.time(), self.tag)
        pattern = pattern or self.clock_pattern
        if local.minute == 0:
            pattern = self.phrases.full_hour_pattern or pattern
        return cldr_patterns.clock_time(local, pattern, self.locale)

    def told_apart(self, told: str, local: datetime) -> str:
        """A clock time, with which one is meant if it comes twice that day."""
        if not _comes_twice(local):
            return told
        return self.phrases.variant.format(clock=told, variant=clock_change_name(local, self.tag))

    def time_of(self, local: datetime, pattern: str | None = None) -> str:
        """A clock time as it stands alone."""
        told = self.phrases.time.format(clock=self.clock(local, pattern))
        return self.told_apart(told, local)

    def the_time(self, local: datetime, pattern: str | None = None) -> str:
        """A clock time as part of a phrase."""
        has_halves = cldr_patterns.has_halves(self.clock_pattern)
        hour = (local.hour % 12 or 12) if has_halves else local.hour
        templates = self.phrases.the_time
        template = templates.get(plural_form(hour, self.tag), templates["other"])
        return template.format(time=self.time_of(local, pattern))

    def span(self, span: _Span) -> str:
        """The time or window by itself."""
        return self.time_of(span.start) if span.end is None else self._window(span.start, span.end)

    def at(self, span: _Span) -> str:
        """The time with its preposition; a window has its own."""
        if span.end is None:
            return self.phrases.at.format(time=self.the_time(span.start))
        return self._window(span.start, span.end)

    def _window(self, start: datetime, end: datetime) -> str:
        pattern = self.clock_pattern
        if (start.date(), start.hour // 12) == (end.date(), end.hour // 12):
            pattern = cldr_patterns.without_half(pattern)
        return self.phrases.between.format(
            start=self.the_time(start, pattern),
            end=self.the_time(end),
            start_clock=self.told_apart(self.clock(start, pattern), start),
            end_clock=self.told_apart(self.clock(end), end),
        )

    # The day.

    def date_of(self, day: date, today: date) -> str:
        """Weekday and date, with the year only where it could be another one."""
        phrases = self.phrases
        with_year = _needs_year(day, today)
        template = phrases.spoken_date_with_year if with_year else phrases.spoken_date
        if template is not None and phrases.spoken_days:
            return template.format(
                weekday=self.weekday(day),
                day=phrases.spoken_days[day.day - 1],
                month=cldr_patterns.formatted(day, "MMMM", self.locale),
                year=day.year,
            )
        usual = cldr_patterns.in_full(cldr_patterns.short_date(self.locale, with_year=with_year))
        own = phrases.date_pattern_with_year if with_year else phrases.date_pattern
        return self._date(day, own or usual)

    def _date(self, day: date, pattern: str) -> str:
        if day.day == 1 and self.phrases.first_day is not None:
            pattern = cldr_patterns.with_day_word(pattern, self.phrases.first_day)
        return cldr_patterns.formatted(day, pattern, self.locale)

    def weekday(self, day: date) -> str:
        return cldr_patterns.formatted(day, "EEEE", self.locale)

    def label(self, span: _Span, today: date) -> str:
        """The short form for buttons; a clock time that comes twice gets its offset, not a name."""
        day, phrases = span.start.date(), self.phrases
        with_year = _needs_year(day, today)
        own = phrases.label_date_pattern_with_year if with_year else phrases.label_date_pattern
        pattern = own or cldr_patterns.short_date(self.locale, with_year=with_year)
        clock = phrases.time.format(clock=self.clock(span.start))
        if _comes_twice(span.start):
            offset = offset_name(span.start, self.tag)
            clock = phrases.variant.format(clock=clock, variant=offset)
        if phrases.label is not None:
            return phrases.label.format(date=self._date(day, pattern), time=clock)
        glue: str = self.locale.datetime_formats["medium"]
        return glue.format(clock, self._date(day, pattern))

    # The zone.

    def zone_named(self, span: _Span) -> str:
        return zone_name(self.zone, span.start, self.tag)

    def with_zone(self, span: _Span) -> str:
        """The time with the name of its zone, unless the time itself says which it is."""
        told = self.at(span)
        if _comes_twice(span.start):
            return told
        return self.phrases.zone_at.format(at=told, zone=self.zone_named(span))

    def with_both_clocks(self, here: _Span, office_zone: ZoneInfo) -> str:
        """The customer's time and, by its clock, the office's."""
        return self.phrases.both_clocks.format(
            at=self.at(here),
            zoned=self.with_zone(here),
            place=self._place(self.zone, here.start),
            there=self._there(here, office_zone),
        )

    def _there(self, here: _Span, office_zone: ZoneInfo) -> str:
        """The office's time, with the weekday if that is another one."""
        office = _Span.of(here.start, here.end, office_zone)
        day = office.start.date()
        phrases = self.phrases
        template = phrases.there if day == here.start.date() else phrases.there_other_day
        return template.format(
            time=self.the_time(office.start) if office.end is None else self.span(office),
            at=self.at(office),
            place=self._place(office_zone, office.start),
            weekday=self.weekday(day),
        )

    def _place(self, zone: ZoneInfo, local: datetime) -> str:
        city = city_of(zone, self.tag)
        if city is None:
            return self.phrases.no_place.format(zone=zone_name(zone, local, self.tag))
        return euphonic(self.phrases.place.format(city=city), self.phrases)


def _check(*instants: datetime | None) -> None:
    if any(instant is not None and instant.utcoffset() is None for instant in instants):
        raise ValueError("an instant without time zone cannot be told to anybody")


def _comes_twice(local: datetime) -> bool:
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _needs_year(day: date, today: date) -> bool:
    days_ahead = (day - today).days
    return not -_DAYS_BACK_WITHOUT_YEAR < days_ahead < _DAYS_AHEAD_WITHOUT_YEAR
