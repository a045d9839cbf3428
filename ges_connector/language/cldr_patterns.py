"""CLDR's date and time patterns: which one a locale uses, and how one is adapted.

A pattern is a string of fields such as `EEEE, d. MMMM`, in which text between apostrophes is
literal (Unicode Technical Standard 35, part 4).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache

from babel import Locale, dates

# "a.m.", "p. m."
_INITIALS = re.compile(r"(?:\w\.\s?)+")


def formatted(value: date | datetime, pattern: str, locale: Locale) -> str:
    """Fill a pattern with the fields of a date or local time as they are, whatever the zone."""
    clock = value.time() if isinstance(value, datetime) else time()
    wall = datetime(value.year, value.month, value.day, clock.hour, clock.minute, tzinfo=UTC)
    return dates.format_datetime(wall, pattern, tzinfo=UTC, locale=locale)


def clock_time(local: datetime, pattern: str, locale: Locale) -> str:
    """Fill a clock pattern; morning and afternoon go without full stops: "3:00 pm" for "3:00 p.m.".

    A clock time often ends a sentence, and its last full stop would meet that of the sentence.
    """
    told = formatted(local, pattern, locale)
    for names in locale.day_periods["format"].values():
        for name in (names.get("am", ""), names.get("pm", "")):
            if _INITIALS.fullmatch(name):
                told = told.replace(name, re.sub(r"[.\s]", "", name))
    return told


def short_date(locale: Locale, *, with_year: bool) -> str:
    """Give the locale's pattern of an abbreviated weekday and date."""
    pattern: str = locale.datetime_skeletons["yMMMEd" if with_year else "MMMEd"].pattern
    return pattern


def short_time(locale: Locale) -> str:
    """Give the locale's pattern of hour and minute, of 12 or 24 hours as is usual there."""
    pattern: str = locale.time_formats["short"].pattern
    return pattern


@lru_cache(maxsize=256)
def in_full(pattern: str) -> str:
    """Write weekday and month out, as CLDR allows for the patterns of its skeletons."""
    return _replaced(pattern, r"[Ec]{1,3}|MMM(?!M)|LLL(?!L)", lambda field: field[0][0] * 4)


def with_day_word(pattern: str, word: str) -> str:
    """Put a word in place of the day of the month."""
    return _replaced(pattern, "d+", lambda _: f"'{word}'")


@lru_cache(maxsize=256)
def has_halves(pattern: str) -> bool:
    """Tell whether a clock pattern counts the hours of half a day."""
    return re.search(r"[hK]", re.sub(r"'[^']*'", "", pattern)) is not None


@lru_cache(maxsize=256)
def without_half(pattern: str) -> str:
    """Take morning or afternoon off the end of a clock pattern; elsewhere it has to stay."""
    return re.sub(r"\s*[abB]+$", "", pattern)


def _replaced(pattern: str, fields: str, becomes: Callable[[re.Match[str]], str]) -> str:
    """Replace fields, leaving what is quoted alone."""

    def replace(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith("'") else becomes(found)

    return re.sub(rf"'[^']*'|{fields}", replace, pattern)
