"""Times and dates written in digits and signs: "15:30", "24.11.", "11/24/2026", "1.5" hours."""

import re
from collections.abc import Iterator

from ges_connector.language.cldr import DateOrder
from ges_connector.language.clocks import hour_options, other_half
from ges_connector.language.day_rules import full_year
from ges_connector.language.holes import TWO_DIGITS
from ges_connector.language.lexicon import Settings
from ges_connector.language.meaning import (
    MINUTES_PER_HOUR,
    Amount,
    CalendarDay,
    Clock,
    DashedDate,
    Number,
    Point,
)

Written = tuple[int, object, int]
"""Where a time or date ends, what it is, and how doubtful that is."""

# "3.12" may be twelve minutes past three or the third of December, and neither is likelier.
_DOTTED_DATE_COST = 2
_QUARTER_IN_HUNDREDTHS = 25
_CLOCK = re.compile(r"(\d{1,2})(\.|: ?)(\d{2})(?:[:.](\d{2}))?(?![\d:]|\.\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([./-]) ?(\d{1,2})\2 ?(\d{1,2})(?!\d|[./-]\d)\.?")
_DATE = re.compile(r"(\d{1,2})([./-]) ?(\d{1,2})\2 ?'?(\d{4}|\d{2})(?!\d|[./-]\d)")
_SHORT_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?!\d|[./:-]\d)(\.?)")
_SPACED_DATE = re.compile(r"(\d{1,2})\. (\d{1,2})\.(?: ?(\d{4}|\d{2}))?(?!\d)")
_AMOUNT = re.compile(r"(\d{0,3})[.,](\d{1,2})(?![\d.,:]\d|\d)")
# Hours that only a clock of 24 hours shows: "09:30", "14:00".
_WHOLE_DAY_CLOCK = re.compile(r"(?<![\d:])(?:0\d|1[3-9]|2[0-3]):[0-5]\d(?! ?[ap]\.?m)")
# "3.30pm" is no day of March.
_MARKED_CLOCK = re.compile(r"\d{1,2}\.\d\d ?[ap]\.?m(?![^\W\d_])")
_ISO_DATE_BEFORE = re.compile(r"\d{4}-\d{2}-\d{2}[ t]$")


def written(chars: str, start: int, settings: Settings) -> Iterator[Written]:
    """What the digits at a place begin, in every reading.

    Args:
        chars: the levelled text.
        start: where the digits begin.
        settings: of the customer's locale.
    """
    before = chars[start - 1] if start else " "
    if before in ":/" or (before in ".-," and start > 1 and chars[start - 2].isdigit()):
        if before == "-":
            yield from _clock(chars, start, settings)
        return
    yield from _clock(chars, start, settings)
    yield from _full_date(chars, start, settings)
    yield from _short_date(chars, start, settings)
    match = _AMOUNT.match(chars, start)
    if match:
        amount = float(f"{match[1] or 0}.{match[2]}")
        yield match.end(), Amount(amount, _minutes_of_hours(match[2])), 0


def _minutes_of_hours(decimals: str) -> int | None:
    """The minutes that decimals are behind hours: "1.30", and neither "1.5" nor "1.25"."""
    minutes = int(decimals)
    is_fraction = len(decimals) != TWO_DIGITS or minutes % _QUARTER_IN_HUNDREDTHS == 0
    return None if is_fraction or minutes % 5 or minutes >= MINUTES_PER_HOUR else minutes


def _clock(chars: str, start: int, settings: Settings) -> Iterator[Written]:
    match = _CLOCK.match(chars, start)
    if match is None:
        return
    hour, sign, minute, second = match.groups()
    # Seconds are written by machines, which write the hours of the whole day.
    # "12:00" is noon wherever clocks are read so: midnight would be written with zeros, or an "am".
    is_whole_day = hour.startswith("0") or hour == "12" or second or _counts_whole_day(chars, start)
    openly = not is_whole_day and (
        settings.twelve_hour_digits or int(hour) < 7  # noqa: PLR2004 - nobody calls at 3:20
    )
    clock = hour_options(int(hour), int(minute), said_openly=openly)
    if clock is None or int(second or 0) >= MINUTES_PER_HOUR:
        return
    if (
        sign == "."
        and chars[match.end() : match.end() + 1] == "."
        and _reads_as_date(int(hour), int(minute))
    ):
        return
    clock = Clock(clock.options, int(second or 0), other_half(clock))
    cost = 1 if sign == "." and not settings.dotted_clock else 0
    if sign == "." and _reads_as_date(int(hour), int(minute)):
        cost = _DOTTED_DATE_COST
    yield match.end(), Point(time=clock), cost


def _counts_whole_day(chars: str, start: int) -> bool:
    """Whether a clock time is written as of 24 hours, by the date or the times beside it."""
    if _ISO_DATE_BEFORE.search(chars, max(0, start - len("2026-11-25 ")), start):
        return True
    return _WHOLE_DAY_CLOCK.search(chars) is not None


def _full_date(chars: str, start: int, settings: Settings) -> Iterator[Written]:
    match = _YEAR_FIRST.match(chars, start)
    if match is not None:
        yield from _date(match.end(), (match[4], match[3], match[1]), 0)
        return
    match = _DATE.match(chars, start)
    if match is None:
        return
    first, _, second, third = match.groups()
    for cost, order in _by_likelihood(settings.date_orders):
        parts = {"dmy": (first, second, third), "mdy": (second, first, third)}
        yield from _date(match.end(), parts.get(order, (third, second, first)), cost)


def _date(end: int, parts: tuple[str, str, str | None], cost: int) -> Iterator[Written]:
    day, month, year = parts
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:  # noqa: PLR2004 - calendar
        return
    full = None if year is None else full_year(Number(int(year), len(year)))
    yield end, Point(CalendarDay(int(day), int(month), full)), cost


def _short_date(chars: str, start: int, settings: Settings) -> Iterator[Written]:
    spaced = _SPACED_DATE.match(chars, start)
    if spaced:
        cost = 0 if "dmy" in settings.short_date_orders else 4
        yield from _date(spaced.end(), (spaced[1], spaced[2], spaced[3]), cost)
    match = _SHORT_DATE.match(chars, start)
    if match is None or (settings.twelve_hour_digits and _MARKED_CLOCK.match(chars, start)):
        return
    first, sign, second, dot = match.groups()
    doubt = 0 if sign == "/" or (sign == "." and dot) else _DOTTED_DATE_COST
    # "2.15" is a clock time sooner than a date in the order of another country.
    is_clock = sign == "." and hour_options(int(first), int(second), said_openly=True) is not None
    for cost, order in _by_likelihood(settings.short_date_orders):
        if cost and is_clock:
            continue
        day, month = (first, second) if order == "dmy" else (second, first)
        if sign == "." and dot and order != "dmy":
            day, month = first, second
        if sign == "-":
            yield from _dashed(match.end(), (int(day), int(month)), cost)
        else:
            yield from _date(match.end(), (day, month, None), cost + doubt)
        if sign == "." and _reads_as_date(int(first), int(second)):
            # Beside a weekday "2.12" is a date rather than twelve minutes past two.
            yield from _dashed(match.end(), (int(day), int(month)), cost)


def _dashed(end: int, parts: tuple[int, int], cost: int) -> Iterator[Written]:
    day, month = parts
    if 1 <= month <= 12 and 1 <= day <= 31:  # noqa: PLR2004 - calendar
        yield end, DashedDate(CalendarDay(day, month)), cost


def _reads_as_date(first: int, second: int) -> bool:
    """Whether "1.12" is as likely a day; nobody wants a call at so odd a minute."""
    return 1 <= first <= 31 and 1 <= second <= 12 and second % 5 != 0  # noqa: PLR2004 - calendar


def _by_likelihood(orders: tuple[DateOrder, ...]) -> Iterator[tuple[int, DateOrder]]:
    """The orders of a locale, and at a cost the others, for dates that fit no other way."""
    for order in orders:
        yield 0, order
    others: tuple[DateOrder, ...] = ("dmy", "mdy")
    for order in others:
        if order not in orders:
            yield 4, order
