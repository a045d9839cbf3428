"""How waits, durations, lists and counts are told.

A wait comes here as a range that is rounded already; how it is rounded is the caller's policy.
Unit names, plural forms and list patterns are CLDR's, by way of Babel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from babel import lists, numbers, units

from ges_connector.language import locales
from ges_connector.language.phrases import Style, euphonic, phrases_for
from ges_connector.language.typography import tidied

_LONGEST_RANGE_IN_MINUTES = 120
_MINUTES_AN_HOUR = 60
_MINUTES_A_DAY = 24 * _MINUTES_AN_HOUR
_HALF_AN_HOUR = 30

_Parts: TypeAlias = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class WaitRange:
    """How long a wait may be, rounded already.

    Attributes:
        at_least_minutes: Lower end; None or 0 if only the upper end is known ("less than").
        at_most_minutes: Upper end; None if only the lower end is known ("more than").

    Raises:
        ValueError: Neither end is known (an unknown wait is not told as a range), an end is
            negative, or the ends are the wrong way round.
    """

    at_least_minutes: int | None
    at_most_minutes: int | None

    def __post_init__(self) -> None:
        """Refuse what is no range."""
        low, high = self.at_least_minutes or 0, self.at_most_minutes
        if low < 0 or (high is not None and high < max(low, 1)) or (high is None and low == 0):
            raise ValueError(f"no range of minutes: {self.at_least_minutes} to {high}")


class ListKind(StrEnum):
    """What joins the last item of a list."""

    OR = "or"
    AND = "standard"


def tell_list(
    items: Sequence[str], locale: str, *, kind: ListKind = ListKind.OR, style: Style = Style.CHAT
) -> str:
    """Join items as the language does: "Monday, Tuesday, or Friday".

    Args:
        items: What to list, formatted already; nothing gives an empty text.
        locale: BCP 47 tag.
        kind: Whether one is to be chosen or all are meant.
        style: Written or spoken.
    """
    joined = lists.format_list(list(items), style=kind.value, locale=locales.babel_locale(locale))
    return tidied(euphonic(joined, phrases_for(locale, style)), style)


def tell_wait(wait: WaitRange, locale: str, *, style: Style = Style.CHAT) -> str:
    """Tell a wait: "less than 2 minutes", "5 to 10 minutes", "more than 2 hours".

    Args:
        wait: The range, rounded already; equal ends are told as "about".
        locale: BCP 47 tag.
        style: Written or spoken.
    """
    phrases = phrases_for(locale, style)
    low, high = wait.at_least_minutes or 0, wait.at_most_minutes
    if high is None:
        text = phrases.more_than.format(duration=tell_duration(low, locale, style=style))
    elif low == 0:
        text = phrases.less_than.format(duration=tell_duration(high, locale, style=style))
    elif low == high:
        text = phrases.about.format(duration=tell_duration(high, locale, style=style))
    else:
        text = _range(low, high, locale, style)
    return tidied(euphonic(text, phrases), style)


def tell_duration(minutes: int, locale: str, *, style: Style = Style.CHAT) -> str:
    """Tell how long something lasts: "45 minutes", "1½ hours", "2 days and 2 hours".

    Args:
        minutes: Whole minutes, not negative.
        locale: BCP 47 tag.
        style: Written or spoken.

    Returns:
        The duration in its two largest units at most; minutes beside days are not told.

    Raises:
        ValueError: `minutes` is negative.
    """
    return _told(_split(minutes), locale, style)


def tell_count(count: int, locale: str, *, style: Style = Style.CHAT) -> str:
    """Tell a whole number, written with the locale's digit groups or said in a word.

    Args:
        count: The number.
        locale: BCP 47 tag.
        style: Written ("1,234") or spoken ("three"). Beyond the words of the phrase files digits
            are left to the voice.
    """
    written = numbers.format_decimal(count, locale=locales.babel_locale(locale))
    return phrases_for(locale, style).numbers.get(count, written)


def plural_form(count: int, locale: str) -> str:
    """Name the CLDR plural category of a count (`one`, `few`, `other`, …), to choose a wording."""
    return str(locales.babel_locale(locale).plural_form(count))


def _range(low: int, high: int, locale: str, style: Style) -> str:
    """A range, its unit told once if both ends have the same single one.

    Up to two hours, uneven ends stay minutes: nobody says "1 hour to 1 hour and 30 minutes".
    """
    phrases = phrases_for(locale, style)
    low_parts, high_parts = _split(low), _split(high)
    are_uneven = [unit for unit, _ in low_parts] != [unit for unit, _ in high_parts]
    if high <= _LONGEST_RANGE_IN_MINUTES and (are_uneven or len(low_parts) > 1):
        low_parts, high_parts = [("minute", low)], [("minute", high)]
    bare = _bare(low_parts, high_parts, locale, style)
    if bare is not None and phrases.range_of_one_unit is not None:
        upper = _told(high_parts, locale, style)
        return phrases.range_of_one_unit.format(low=bare, high=upper)
    in_short = len(low_parts) > 1 or len(high_parts) > 1
    return phrases.range.format(
        low=_told(low_parts, locale, style, in_short=in_short),
        high=_told(high_parts, locale, style, in_short=in_short),
    )


def _bare(low: _Parts, high: _Parts, locale: str, style: Style) -> str | None:
    """The lower end without its unit, where the upper end names the same one."""
    if low[0][0] != high[0][0]:
        return None
    unit, value = low[0]
    number = _number(value, unit, locale, style)
    if len(low) == len(high) == 1:
        return number
    half = phrases_for(locale, style).half
    if not half or not all(len(end) == 1 or _has_half_hour(end) for end in (low, high)):
        return None
    return number if len(low) == 1 else _by_plural(half, value, locale).format(number=number)


def _split(minutes: int) -> list[tuple[str, int]]:
    """Minutes as days and hours, or hours and minutes, leaving out what is zero."""
    if minutes < 0:
        raise ValueError(f"a duration cannot be negative: {minutes}")
    days, rest = divmod(minutes, _MINUTES_A_DAY)
    hours, left = divmod(rest, _MINUTES_AN_HOUR)
    parts = [("day", days), ("hour", hours), ("minute", 0 if days else left)]
    return [part for part in parts if part[1]] or [("minute", 0)]


def _told(parts: _Parts, locale: str, style: Style, *, in_short: bool = False) -> str:
    phrases = phrases_for(locale, style)
    if _has_half_hour(parts) and phrases.half_hours:
        hours = parts[0][1]
        template = _by_plural(phrases.half_hours, hours, locale)
        return template.format(number=_number(hours, "hour", locale, style))
    units = [unit for unit, _ in parts]
    if units == ["hour", "minute"] and phrases.hours_and_minutes is not None:
        hours, minutes = (value for _, value in parts)
        return phrases.hours_and_minutes.format(hours=hours, minutes=f"{minutes:02}")
    if in_short and units == ["hour"] and phrases.whole_hours is not None:
        return phrases.whole_hours.format(hours=parts[0][1])
    told = [_unit(value, unit, locale, style) for unit, value in parts]
    return tell_list(told, locale, kind=ListKind.AND, style=style)


def _has_half_hour(parts: _Parts) -> bool:
    return parts[0][0] == "hour" and parts[1:] == [("minute", _HALF_AN_HOUR)]


def _by_plural(templates: Mapping[str, str], count: int, locale: str) -> str:
    return templates.get(plural_form(count, locale), templates["other"])


def _number(value: int, unit: str, locale: str, style: Style) -> str:
    """A number as it stands before a unit."""
    number = tell_count(value, locale, style=style)
    for rule in phrases_for(locale, style).before_unit.get(unit, ()):
        number = rule.pattern.sub(rule.becomes, number)
    return number


def _unit(value: int, unit: str, locale: str, style: Style) -> str:
    single = phrases_for(locale, style).single_units.get(unit)
    if value == 1 and single is not None:
        return single
    name = f"duration-{unit}"
    babel_locale = locales.babel_locale(locale)
    told = units.format_unit(value, name, "long", locale=babel_locale)
    if name in told:
        # Babel has no long form of some units in some locales and then answers with the key.
        told = units.format_unit(value, name, "short", locale=babel_locale)
    return told.replace(tell_count(value, locale), _number(value, unit, locale, style))
