"""The few words around a time that CLDR does not know, one small file per language.

Dates, clock times, units and lists come from CLDR through Babel. What is missing there ("tomorrow",
"at", "between … and …", "less than", digits and hours as they are spoken) is in `<language>.yml`
beside this module, written for that language rather than translated. Reading order, the later one
wins, field by field:

1. `root.yml`: signs only, so that every language of CLDR can be told something;
2. the language's file;
3. its `regions`, from the widest to the narrowest by CLDR's inheritance (`es-419`, then `es-MX`);
4. for speech, the `voice` part of each of the three, in the same order.

A region may also respell all it inherits: its `letters` say which letter becomes what.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from ges_connector.language import locales
from ges_connector.language.own_files import own_files

_FOLDER = "phrases"
_NO_PHRASES = frozenset({"voice", "regions", "letters"})


class Style(StrEnum):
    """How the customer receives what is told."""

    CHAT = "chat"
    VOICE = "voice"


def _template(*placeholders: str) -> AfterValidator:
    """Accept a text that uses no other placeholders than these."""

    def check(text: str) -> str:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        unknown = used - set(placeholders)
        if unknown:
            allowed = ", ".join(f"{{{name}}}" for name in placeholders) or "no placeholder"
            raise ValueError(f"{text!r} uses {sorted(unknown)}; it may use {allowed}")
        return text

    return AfterValidator(check)


_Day = Annotated[str, _template("date")]
_Moment = Annotated[str, _template("date", "at")]
_Brief = Annotated[str, _template("date", "weekday", "at")]
_Until = Annotated[str, _template("date", "weekday", "at", "time")]
_Duration = Annotated[str, _template("duration")]
_Number = Annotated[str, _template("number")]
_Range = Annotated[str, _template("low", "high")]


class _Part(BaseModel):
    """A part of a phrase file: unknown keys are mistakes, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DayPhrases(_Part):
    """A day by itself. `{date}` is weekday and date."""

    today: _Day
    tomorrow: _Day
    other: _Day


class MomentPhrases(_Part):
    """Day and time in full. `{at}` is the time with its preposition, and its zone if need be."""

    today: _Moment
    tomorrow: _Moment
    other: _Moment


class BriefPhrases(_Part):
    """Day and time with no more than is needed: a day of the next six by its name alone."""

    today: _Brief
    tomorrow: _Brief
    weekday: _Brief
    other: _Brief


class UntilPhrases(_Part):
    """The end of something. `{time}` is the time without preposition."""

    today: _Until
    tomorrow: _Until
    weekday: _Until
    other: _Until


class Euphony(_Part):
    """A small word that changes before certain sounds (Spanish "8 o 9", but "7 u 8").

    Applied to lists, waits and what names a place: there any word may follow.
    """

    pattern: re.Pattern[str]
    becomes: str


class Phrases(_Part):
    """All phrases of one language, region and style, checked.

    Attributes:
        date_pattern: CLDR date pattern of weekday and date; None takes the locale's own.
        date_pattern_with_year: The same with the year.
        label: Date and time on a button; None joins them as the locale does.
        label_date_pattern: CLDR pattern of the date on a button; None takes the locale's own.
        label_date_pattern_with_year: The same with the year.
        clock_pattern: CLDR pattern of a clock time; None takes the locale's own.
        full_hour_pattern: The same for a full hour, where its minutes are not written.
        first_day: What is written for the first day of a month, where it is not "1".
        spoken_date: Weekday and date in words; None leaves them to the pattern.
        spoken_date_with_year: The same with the year.
        spoken_days: The days of a month from 1 to 31, as `spoken_date` wants them.
        time: A clock time as it stands alone.
        the_time: A clock time inside a phrase, by the plural category of its hour.
        at: "at" a time; `{time}` is `the_time`.
        between: A window. `{start}` and `{end}` are `the_time`, `{start_clock}` and `{end_clock}`
            plain clock times; where the clock has halves, the start of a window within one is told
            without its half.
        times: Around a list of clock times.
        variant: A clock time that exists twice that day, with which of the two is meant.
        zone_at: A time with its zone. `{zone}` is the zone's name.
        city_time: The name of a zone that CLDR only knows the city of.
        zone_names: What people call a zone, by its key, where CLDR has a name nobody uses.
        there: A clock time somewhere else; `there_other_day` if it is another day there.
        both_clocks: The customer's time and the office's. `{zoned}` is `zone_at`, `{there}` one of
            the two above.
        place: Where a clock is, by its city; `no_place` where a zone belongs to no city.
        range_of_one_unit: A range whose ends share their unit, `{low}` being a bare number.
        single_units: "one hour" and its like in words, where a digit would be misread.
        numbers: Whole numbers in words; those without one stay digits.
        before_unit: How a number changes before a unit, by the unit ("veintiún minutos").
        half_hours: Hours and a half, by the plural category of the hours.
        half: The same without the unit, for the lower end of a range; empty where a unit cannot
            be left out there.
        hours_and_minutes: A duration of both in short; minutes have two digits.
        whole_hours: Hours beside such a duration.
        euphony: Small words that change before certain sounds.
        spoken_hours: The hours from 0 to 23, `{minutes}` being one of `spoken_minutes`; empty
            lists leave clock times in digits.
        spoken_exact: Full hours that have a word of their own.
        digits: The digits from 0 to 9 as they are dictated.
        dictates_pairs: Numbers are dictated in pairs, each said as one number.
        code_as_number: A country code of two digits is said as one number.
        plus: The sign before a country code as it is dictated.
        ending: How a number is pointed at by its last digits.
    """

    day: DayPhrases
    moment: MomentPhrases
    brief: BriefPhrases
    until: UntilPhrases
    date_pattern: str | None = None
    date_pattern_with_year: str | None = None
    label: Annotated[str, _template("date", "time")] | None = None
    label_date_pattern: str | None = None
    label_date_pattern_with_year: str | None = None
    clock_pattern: str | None = None
    full_hour_pattern: str | None = None
    first_day: str | None = None
    spoken_date: Annotated[str, _template("weekday", "day", "month")] | None = None
    spoken_date_with_year: Annotated[str, _template("weekday", "day", "month", "year")] | None = (
        None
    )
    spoken_days: tuple[str, ...] = ()
    time: Annotated[str, _template("clock")]
    the_time: Mapping[str, Annotated[str, _template("time")]]
    at: Annotated[str, _template("time")]
    between: Annotated[str, _template("start", "end", "start_clock", "end_clock")]
    times: Annotated[str, _template("clocks")]
    variant: Annotated[str, _template("clock", "variant")]
    zone_at: Annotated[str, _template("at", "zone")]
    city_time: Annotated[str, _template("city")]
    zone_names: Mapping[str, str] = Field(default_factory=dict)
    place: Annotated[str, _template("city")]
    no_place: Annotated[str, _template("zone")]
    there: Annotated[str, _template("time", "place")]
    there_other_day: Annotated[str, _template("time", "at", "place", "weekday")]
    both_clocks: Annotated[str, _template("at", "zoned", "place", "there")]
    less_than: _Duration
    more_than: _Duration
    about: _Duration
    range: _Range
    range_of_one_unit: _Range | None = None
    single_units: Mapping[str, str] = Field(default_factory=dict)
    numbers: Mapping[int, str] = Field(default_factory=dict)
    before_unit: Mapping[str, tuple[Euphony, ...]] = Field(default_factory=dict)
    half_hours: Mapping[str, _Number] = Field(default_factory=dict)
    half: Mapping[str, _Number] = Field(default_factory=dict)
    hours_and_minutes: Annotated[str, _template("hours", "minutes")] | None = None
    whole_hours: Annotated[str, _template("hours")] | None = None
    euphony: tuple[Euphony, ...] = ()
    spoken_hours: tuple[Annotated[str, _template("minutes")], ...] = ()
    spoken_minutes: tuple[str, ...] = ()
    spoken_exact: Mapping[int, str] = Field(default_factory=dict)
    digits: tuple[str, ...]
    dictates_pairs: bool = False
    code_as_number: bool = False
    plus: str
    ending: Annotated[str, _template("digits")]

    @model_validator(mode="after")
    def _tables_are_complete(self) -> "Phrases":
        """Refuse tables that would leave an hour, a day or a digit without its word."""
        if len(self.digits) != 10:  # noqa: PLR2004 - ten digits
            raise ValueError("digits needs the words for 0 to 9")
        for name, size in (("spoken_days", 31), ("spoken_hours", 24), ("spoken_minutes", 60)):
            if len(getattr(self, name)) not in (0, size):
                raise ValueError(f"{name} needs {size} entries, or none")
        if len({bool(self.spoken_hours), bool(self.spoken_minutes)}) > 1:
            raise ValueError("spoken_hours and spoken_minutes only work together")
        for name in ("the_time", "half_hours", "half"):
            templates: Mapping[str, str] = getattr(self, name)
            if "other" not in templates and (templates or name == "the_time"):
                raise ValueError(f"{name} needs 'other', the category every language has")
        is_paired = self.dictates_pairs or self.code_as_number
        if is_paired and not self.numbers.keys() >= set(range(10, 100)):
            raise ValueError("dictates_pairs needs the numbers from 10 to 99")
        return self


@lru_cache(maxsize=256)
def phrases_for(tag: str, style: Style) -> Phrases:
    """Give the phrases of a locale; of a language without a file, signs and CLDR alone.

    Args:
        tag: A BCP 47 tag; a bad one is taken as `locales.babel_locale` takes it.
        style: Written or spoken.

    Raises:
        pydantic.ValidationError: A phrase file is wrong, which its tests prevent.
    """
    merged: dict[str, Any] = {}
    letters: dict[str, str] = {}
    layers = list(_layers(tag))
    for layer in layers:
        merged = _merge(merged, {k: v for k, v in layer.items() if k not in _NO_PHRASES})
        letters |= layer.get("letters", {})
    if style is Style.VOICE:
        for layer in layers:
            merged = _merge(merged, layer.get("voice", {}))
    return Phrases.model_validate(_respelt(merged, str.maketrans(letters)))


def languages() -> frozenset[str]:
    """Name the languages that have a phrase file."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    found = (name.removesuffix(".yml") for name in names if name.endswith(".yml"))
    return frozenset({*found, *own_files(_FOLDER, ".yml")}) - {"root"}


def euphonic(text: str, phrases: Phrases) -> str:
    """Change the small words of a composed text that sound wrong before what follows them."""
    for rule in phrases.euphony:
        text = rule.pattern.sub(rule.becomes, text)
    return text


def _layers(tag: str) -> Iterator[dict[str, Any]]:
    """Yield what applies to a tag, the most general first."""
    yield _file("root")
    *varieties, language = locales.lineage(tag)
    content = _file(language)
    yield content
    regions = content.get("regions", {})
    for variety in reversed(varieties):
        yield regions.get(variety, {})


def _respelt(part: Any, letters: Mapping[int, str]) -> Any:
    """Change letters in every text of a part."""
    if isinstance(part, str):
        return part.translate(letters)
    if isinstance(part, Mapping):
        return {key: _respelt(value, letters) for key, value in part.items()}
    return [_respelt(item, letters) for item in part] if isinstance(part, list) else part


@lru_cache(maxsize=64)
def _file(language: str) -> dict[str, Any]:
    along = resources.files(__name__) / f"{language}.yml"
    source = along if along.is_file() else own_files(_FOLDER, ".yml").get(language)
    if source is None:
        return {}
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(source.read_text("utf-8"))
    return content


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one part over another; only mappings are merged, everything else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            merged[key] = _merge(under, value)
        else:
            merged[key] = value
    return merged
