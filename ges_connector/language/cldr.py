"""What CLDR knows about how a language speaks of time, taken through Babel.

Weekday and month names in every width and grammatical context, the parts of the day and their
bounds, "am" and "pm", names of units, "in 3 hours", "or", the order of day and month, the look of
written dates and times, the first day of the week and the weekend. Whatever a language's own file
says besides stands over this.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from babel import Locale, UnknownLocaleError, localedata

from ges_connector.language.meaning import FULL_DAY, Half, Part, Unit
from ges_connector.language.normalize import level

DateOrder = Literal["dmy", "mdy", "ymd"]

_UNITS: tuple[Unit, ...] = ("minute", "hour", "day", "week", "month")
_WIDTHS = ("wide", "abbreviated")
_SHORT_WIDTHS = ("abbreviated", "short")
_CONTEXTS = ("format", "stand-alone")
_FIELD = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|([^A-Za-z']+)")
_DATE_SKELETONS = (
    "MMMd",
    "MMMMd",
    "MMMEd",
    "MMMMEd",
    "yMMMd",
    "yMMMEd",
    "yMMMMd",
    "yMMMMEEEEd",
    "Md",
)
_TIME_SKELETONS = ("H", "Hm", "Hms", "h", "hm")
_NOON = 12 * 60
_LUNCH_END = 14 * 60
_SECONDS_PER_MINUTE = 60
# Names this language family shares one grammar file under.
_SAME_FILE = {"nb": "no", "nn": "no", "iw": "he"}


@dataclass(frozen=True, slots=True)
class DayPeriod:
    """A part of the day by CLDR: its name there, its bounds and the words for it."""

    name: str
    part: Part
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything taken from CLDR for one locale.

    Attributes:
        language: name of the grammar file to look for.
        territory: as given; None if the locale names none.
        weekdays: name, number (Monday = 0).
        short_weekdays: every way to shorten a weekday's name.
        months: name, number (January = 1).
        periods: parts of the day.
        markers: word, half of the day.
        clock_words: word, minute of the day ("noon").
        units: word, unit.
        date_templates: rule name and template.
        clock_templates: the same for times of day.
        in_templates: unit and template of "in {amount} hours".
        ago_templates: templates of "{amount} hours ago".
        or_templates: templates of "one or the other".
        date_order: order of day, month and year in numbers.
        short_date_order: the same where no year is given.
        dotted_clock: whether times of day are written with a dot.
        first_weekday: with which weekday the week begins, Monday = 0.
        weekend: the weekdays of the weekend.
    """

    language: str
    territory: str | None
    weekdays: tuple[tuple[str, int], ...]
    short_weekdays: frozenset[str]
    months: tuple[tuple[str, int], ...]
    periods: tuple[DayPeriod, ...]
    markers: tuple[tuple[str, Half], ...]
    clock_words: tuple[tuple[str, int], ...]
    units: tuple[tuple[str, Unit], ...]
    date_templates: tuple[tuple[str, str], ...]
    clock_templates: tuple[tuple[str, str], ...]
    in_templates: tuple[tuple[Unit, str], ...]
    ago_templates: tuple[str, ...]
    or_templates: tuple[str, ...]
    date_order: DateOrder
    short_date_order: DateOrder
    dotted_clock: bool
    first_weekday: int
    weekend: tuple[int, ...]


def parse_locale(tag: str) -> Locale | None:
    """The CLDR locale for a tag such as `de-AT` or `pt_BR`; None if CLDR has none.

    A territory that CLDR does not list with that language is left out rather than refused.
    """
    pieces = tag.strip().replace("-", "_").split(".")[0].split("_")
    for size in range(len(pieces), 0, -1):
        try:
            return Locale.parse("_".join(pieces[:size]))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return None


def facts(locale: Locale) -> Facts:
    """Take from CLDR what the grammar needs for a locale."""
    data = cast("Mapping[str, Mapping[str, object]]", localedata.load(str(locale)))
    return Facts(
        language=_SAME_FILE.get(locale.language, locale.language),
        territory=locale.territory,
        weekdays=tuple(_names(locale.days)),
        short_weekdays=_short_names(locale.days),
        months=tuple(_names(locale.months)),
        periods=tuple(_periods(locale)),
        markers=tuple(_markers(locale)),
        clock_words=tuple(_clock_words(locale)),
        units=tuple(_units(locale)),
        date_templates=tuple(dict.fromkeys(_date_templates(locale))),
        clock_templates=tuple(dict.fromkeys(_clock_templates(locale))),
        in_templates=tuple(_relative(data["date_fields"], "future")),
        ago_templates=tuple(each for _, each in _relative(data["date_fields"], "past")),
        or_templates=tuple(_or_templates(locale)),
        date_order=_date_order(locale.date_formats["short"].pattern),
        short_date_order=_date_order(str(locale.datetime_skeletons["Md"].pattern) + "y"),
        dotted_clock="." in str(locale.time_formats["short"].pattern).split("m")[0],
        first_weekday=locale.first_week_day,
        weekend=_weekend(locale),
    )


def _names(table: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[str, int]]:
    """Names in every width but the narrowest, whose letters are shared."""
    seen: set[tuple[str, int]] = set()
    for context in _CONTEXTS:
        for width in _WIDTHS:
            for number, name in table[context][width].items():
                levelled = level(name).rstrip(".")
                # "11月" is read as a number and a word; one character alone is too little.
                if levelled[:1].isdigit() or len(levelled) < 2 or (levelled, number) in seen:  # noqa: PLR2004 - as said above
                    continue
                seen.add((levelled, number))
                yield levelled, number


def _short_names(table: Mapping[str, Mapping[str, Mapping[int, str]]]) -> frozenset[str]:
    names = {
        level(name).rstrip(".")
        for context in _CONTEXTS
        for width in _SHORT_WIDTHS
        for name in table[context].get(width, {}).values()
    }
    return frozenset(each for each in names if len(each) > 1)


def _period_words(locale: Locale, name: str) -> tuple[str, ...]:
    words = (
        locale.day_periods.get(context, {}).get(width, {}).get(name)
        for context in _CONTEXTS
        for width in _WIDTHS
    )
    return tuple(dict.fromkeys(level(each).rstrip(".") for each in words if each))


def _periods(locale: Locale) -> Iterator[DayPeriod]:
    for name, rules in locale.day_period_rules.get(None, {}).items():
        for rule in rules:
            if "from" not in rule or "before" not in rule:
                continue
            start = int(rule["from"]) // _SECONDS_PER_MINUTE
            end = int(rule["before"]) // _SECONDS_PER_MINUTE
            end += FULL_DAY if end <= start else 0
            words = _period_words(locale, name)
            if words:
                yield DayPeriod(name, Part(start, end, half_of(name, start, end)), words)


def half_of(name: str, start: int, end: int) -> Half:
    """What a part of the day says about an hour, told by its name and its bounds in minutes."""
    if name.startswith("night"):
        return "night"
    if end <= _NOON:
        return "am"
    if start == _NOON and end <= _LUNCH_END:
        return "noon"
    return "pm" if start >= _NOON else "any"


def _markers(locale: Locale) -> Iterator[tuple[str, Half]]:
    halves: tuple[tuple[str, Half], ...] = (("am", "am"), ("pm", "pm"))
    for name, half in halves:
        for word in _period_words(locale, name):
            if len(word) > 1:
                yield word, half


def _clock_words(locale: Locale) -> Iterator[tuple[str, int]]:
    for name, minute in (("noon", _NOON), ("midnight", FULL_DAY)):
        for word in _period_words(locale, name):
            yield word, minute


def _units(locale: Locale) -> Iterator[tuple[str, Unit]]:
    for unit in _UNITS:
        patterns = locale.unit_display_names.get(f"duration-{unit}", {})
        yield from ((level(each).rstrip("."), unit) for each in patterns.values() if len(each) > 1)
        widths = localedata.load(str(locale))["unit_patterns"].get(f"duration-{unit}", {})
        for width in ("long", "short"):
            for plural, pattern in widths.get(width, {}).items():
                word = level(pattern.replace("{0}", "")).rstrip(".")
                if plural != "per" and pattern.count("{0}") == 1 and word:
                    yield word, unit


def _relative(fields: Mapping[str, object], side: str) -> Iterator[tuple[Unit, str]]:
    for unit in _UNITS:
        for width in ("", "-short"):
            patterns = cast("Mapping[str, Mapping[str, str]]", fields.get(unit + width, {}))
            for pattern in patterns.get(side, {}).values():
                if "{0}" in pattern:
                    template = re.sub(r"\.(?= |$)", "", pattern.replace("{0}", "{amount}"))
                    yield unit, _plain(template)


def _plain(template: str) -> str:
    """Keep a CLDR text from being read as a template with optional words."""
    return re.sub(r"[()\[\]|]", " ", template)


def _or_templates(locale: Locale) -> Iterator[str]:
    pattern = locale.list_patterns.get("or", {}).get("2")
    if pattern:
        yield _plain(pattern.replace("{0}", "{x}").replace("{1}", "{x2}"))


def _date_templates(locale: Locale) -> Iterator[tuple[str, str]]:
    patterns = [str(each.pattern) for each in locale.date_formats.values()]
    skeletons = locale.datetime_skeletons
    patterns += [str(skeletons[name].pattern) for name in _DATE_SKELETONS if name in skeletons]
    suffix = _number_suffix(locale)
    for pattern in patterns:
        for name, template in _date_template(pattern):
            if suffix and "{month}" in template:
                numeric = template.replace("{month}", "{month_number}" + suffix)
                yield ("numeric_date" if "{year}" in template else "numeric_day"), numeric
            else:
                yield name, template


def _number_suffix(locale: Locale) -> str | None:
    """What follows the number where months are named by number ("7월"); else None."""
    names = [each.lstrip("0123456789") for each in locale.months["format"]["wide"].values()]
    numbered = locale.months["format"]["wide"][1][:1].isdigit()
    return names[0] if numbered and len(set(names)) == 1 else None


def _date_template(pattern: str) -> Iterator[tuple[str, str]]:
    holes = {"d": "{dom}", "L": "{month}", "M": "{month}", "y": "{year}", "E": "", "c": "", "G": ""}
    text, fields = _template(pattern, holes)
    numeric = "M" in fields and fields["M"] < 3  # noqa: PLR2004 - three letters or more are a name
    if text is None or "d" not in fields:
        return
    text = re.sub(r"^\W*(?=\{)|(?<=\})[\s,.]*$", "", text.replace("{dom}.", "{dom}. "))
    if numeric:
        text = text.replace("{month}", "{month_number}")
        if not re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", text)):
            return  # Digits and signs only: the tokenizer reads those.
    names = {(True, True): "numeric_date", (True, False): "numeric_day"}
    names |= {(False, True): "day_month_year", (False, False): "day_month"}
    yield names[numeric, "{year}" in text], text


def _clock_templates(locale: Locale) -> Iterator[tuple[str, str]]:
    patterns = [str(each.pattern) for each in locale.time_formats.values()]
    skeletons = locale.datetime_skeletons
    patterns += [str(skeletons[name].pattern) for name in _TIME_SKELETONS if name in skeletons]
    names = {"{hour}": "at_hour", "{hour}{minute}": "hour_minute"}
    names["{hour}{minute}{second}"] = "hour_minute_second"
    holes = {"H": "{hour}", "h": "{hour}", "K": "{hour}", "k": "{hour}", "m": "{minute}"}
    holes |= {"s": "{second}", "a": "", "B": "", "b": "", "z": "", "v": ""}
    for pattern in patterns:
        text, _ = _template(pattern, holes)
        if text is None or not re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", text)):
            continue
        name = names.get("".join(re.findall(r"\{\w+\}", text)))
        if name is not None:
            yield name, text


def _template(pattern: str, holes: Mapping[str, str]) -> tuple[str | None, dict[str, int]]:
    """Turn a CLDR pattern into a template, with the width of each field; None if it has others."""
    pieces: list[str] = []
    widths: dict[str, int] = {}
    for match in _FIELD.finditer(pattern):
        quoted, letter, other = match.groups()
        if letter is None:
            pieces.append(_plain(quoted.replace("''", "'") if quoted is not None else other))
            continue
        if letter not in holes:
            return None, widths
        widths["M" if letter == "L" else letter] = len(match.group())
        pieces.append(holes[letter])
    return " ".join("".join(pieces).split()).strip(" ,"), widths


def _date_order(pattern: str) -> DateOrder:
    order = "".join(sorted("dMy", key=pattern.find)).lower()
    orders: dict[str, DateOrder] = {"mdy": "mdy", "ymd": "ymd", "ydm": "ymd"}
    return orders.get(order, "dmy")


def _weekend(locale: Locale) -> tuple[int, ...]:
    days: list[int] = []
    day = locale.weekend_start
    while day not in days:
        days.append(day)
        if day == locale.weekend_end:
            break
        day = (day + 1) % 7
    return tuple(days)
