"""The words of one locale: CLDR's and those of the language's grammar file, compiled for look-up.

A language is compiled when it is first used, and kept. Region sections of a grammar file ("AT",
"CA") add to what the language has in common, or replace it.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from ges_connector.language.cldr import DateOrder, Facts, facts, half_of, parse_locale
from ges_connector.language.holes import keys_of
from ges_connector.language.meaning import (
    FULL_DAY,
    HALF_DAY,
    MINUTES_PER_HOUR,
    CalendarDay,
    CalendarSpan,
    Clock,
    Duration,
    Half,
    Marker,
    Month,
    Number,
    Ordinal,
    Part,
    Point,
    RelativeDay,
    UnitName,
    Weekday,
    Zone,
)
from ges_connector.language.normalize import fold, is_unspaced, level
from ges_connector.language.reasons import Reasons, compiled
from ges_connector.language.rules import BARE_NUMBERS, BUILT_IN, IN_UNITS, PAST_UNITS, PHRASES
from ges_connector.language.template import (
    Net,
    Phrase,
    Rule,
    TemplateError,
    places,
    symbols,
    variants,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
TEMPLATE_SECTIONS = ("clock", "date", "duration", "bound", "reply")
_GRAMMAR = resources.files("ges_connector.language") / "grammar"
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_SHORTEST_SLIP = 5
LONG_NAME = 6
"""From how many letters on a time word is recognised as such with two slips."""
_SHORT_NAME = 3

Weight = Literal["sure", "weak", "doubtful", "free"]
"""Whether a word must be explained: "sure" must; "weak" should, if it can; "doubtful" is as likely
something else; "free" needs no explanation."""

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase.

    Attributes:
        spelling: its exact levelled form.
        keys: the steps of templates it can take.
        value: what it stands for; None for a mere word.
        weight: whether it must be explained.
        joined: whether it must follow a digit or letter without a space.
    """

    spelling: str
    keys: tuple[str, ...]
    value: object
    weight: Weight
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How a locale writes and counts, beside its words.

    Attributes:
        writing: "spaced"; "glued" if words and particles may be joined; "free" if there are no
            spaces.
        twelve_hour_digits: whether "3:20" may be in the afternoon.
        date_orders: orders of day and month in numbers with a year, the usual one first.
        short_date_orders: the same without a year.
        dotted_clock: whether "15.30" is a usual way to write a time.
        next_weekday: what "next Friday" means: the coming one, that of next week, or either.
        first_weekdays: with which weekdays a week may begin, Monday = 0, the usual one first.
        weekend: the weekdays of the weekend.
    """

    writing: str
    twelve_hour_digits: bool
    date_orders: tuple[DateOrder, ...]
    short_date_orders: tuple[DateOrder, ...]
    dotted_clock: bool
    next_weekday: str
    first_weekdays: tuple[int, ...]
    weekend: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """What must stand beside a word for it to be a time: "so" is a Sunday in "am so" only.

    Attributes:
        after: words of which one must stand before it.
        before: words of which one must follow too; empty if any may.
        starts: what it may begin without company ("une heure et" a quarter).
        is_day: whether it is a day, for which a time behind it is company enough.
        links: words that may stand between such a day and its time ("sat at 5").
        unless: words behind it that make it none after another day ("Fr so gegen drei").
        alone: whether it may be the whole message.
    """

    after: frozenset[str]
    before: frozenset[str]
    starts: tuple[str, ...]
    links: frozenset[str]
    unless: frozenset[str]
    is_day: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A compiled locale.

    Attributes:
        locale: the tag CLDR knows it by.
        has_file: whether there is a grammar file, or only CLDR.
        settings: see there.
        net: all templates.
        entries: by folded spelling.
        lengths: for a first letter, the lengths of entries that begin with it, longest first.
        slips: by a word with one letter left out, the time words it may have been.
        long_names: for a first letter, the long time words that begin with it.
        after_hour: words that may follow the number of an hour ("Uhr", "pm").
        refusals: words that are a "no" to an offer when a comma or the like follows.
        contrasts: words between two days that are not one day: "Friday, sorry, the 27th".
        ambiguous: words that are a time only in some company.
        awaiting: words behind which an unknown word may be a time: the German "um".
        reasons: what tells reasons from wishes; None where the file does not say.
    """

    locale: str
    has_file: bool
    settings: Settings
    net: Net
    entries: Mapping[str, tuple[Entry, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    slips: Mapping[str, tuple[str, ...]]
    long_names: Mapping[str, tuple[str, ...]]
    after_hour: frozenset[str]
    refusals: frozenset[str]
    contrasts: frozenset[str]
    ambiguous: Mapping[str, Company]
    awaiting: frozenset[str]
    reasons: Reasons | None


@lru_cache(maxsize=64)
def lexicon(locale: str) -> Lexicon | None:
    """The compiled lexicon of a locale; None if CLDR has no such language."""
    parsed = parse_locale(locale)
    if parsed is None:
        return None
    known = facts(parsed)
    return _Compiler(str(parsed), known, grammar(known.language, known.territory)).compile()


def grammar_languages() -> tuple[str, ...]:
    """The languages that have a grammar file."""
    names = (each.name for each in _GRAMMAR.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def grammar(language: str, territory: str | None) -> Data:
    """A language's grammar file with the section of a territory laid over it; empty if none."""
    file = _GRAMMAR / f"{language}.toml"
    if not file.is_file():
        return {}
    data = tomllib.loads(file.read_text("utf-8"))
    regions = data.pop("regions", {})
    return _overlay(data, regions.get(territory, {}))


def _overlay(base: Data, region: Data) -> dict[str, Any]:
    """Tables are joined, lists grow, everything else is replaced."""
    result = dict(base)
    for key, value in region.items():
        held = result.get(key)
        if isinstance(value, Mapping) and isinstance(held, Mapping):
            result[key] = _overlay(held, value)
        elif isinstance(value, list) and isinstance(held, list):
            result[key] = [*held, *value]
        else:
            result[key] = value
    return result


class _Compiler:
    """Builds one lexicon."""

    def __init__(self, locale: str, known: Facts, data: Data) -> None:
        self._locale = locale
        self._facts = known
        self._data = data
        language = data.get("language", {})
        words = data.get("words", {})
        self._writing = str(language.get("writing", "spaced"))
        self._net = Net()
        self._entries: dict[str, dict[tuple[str, object, bool], Entry]] = {}
        self._slips: dict[str, set[str]] = {}
        self._long_names: dict[str, set[str]] = {}
        self._weights: dict[str, Weight] = {}
        self._free = self._levelled(("glue", "filler"))
        self._not_names = self._levelled(("not_names",))
        self._not_slips = self._levelled(("not_slips",))
        for weight in ("weak", "doubtful", "sure"):
            self._weights.update({level(each): weight for each in words.get(weight, ())})

    def _levelled(self, names: Iterable[str]) -> set[str]:
        words = self._data.get("words", {})
        return {level(each) for name in names for each in words.get(name, ())}

    def compile(self) -> Lexicon:
        self._add_templates()
        self._add_names()
        self._add_numbers()
        self._add_parts()
        self._add_small_words()
        self._add_template_words()
        self._add_look_alikes()
        entries = {key: tuple(each.values()) for key, each in self._entries.items()}
        return Lexicon(
            locale=self._locale,
            has_file=bool(self._data),
            settings=self._settings(),
            net=self._net,
            entries=entries,
            lengths=_lengths(entries),
            slips={key: tuple(sorted(each)) for key, each in self._slips.items()},
            long_names={key: tuple(sorted(each)) for key, each in self._long_names.items()},
            after_hour=self._after_hour(),
            refusals=frozenset(map(fold, self._levelled(("refusals",)))),
            contrasts=frozenset(map(fold, self._levelled(("contrasts",)))),
            ambiguous=self._ambiguous(),
            awaiting=frozenset(map(fold, self._levelled(("awaiting",)))),
            reasons=compiled(self._data.get("reasons", {})),
        )

    def _after_hour(self) -> frozenset[str]:
        hour = self._net.root.strict.get("hour")
        steps = (key[2:].removeprefix("+") for key in hour.strict) if hour else ()
        markers = (
            entry.spelling
            for entries in self._entries.values()
            for entry in entries.values()
            if "marker" in entry.keys
        )
        return frozenset(word for word in (*steps, *markers) if word.isalpha())

    def _ambiguous(self) -> dict[str, Company]:
        """By folded spelling."""
        made: dict[str, Company] = {}
        for name, spec in self._data.get("ambiguous", {}).items():
            after, before, starts, links, unless = (
                [fold(level(each)) for each in spec.get(key, ())]
                for key in ("after", "before", "starts", "links", "unless")
            )
            is_day = name != "one"
            for word in (fold(level(each)) for each in spec["words"]):
                made[word] = Company(
                    after=frozenset(after),
                    before=frozenset(before),
                    starts=tuple(starts),
                    links=frozenset(links),
                    unless=frozenset(unless),
                    is_day=is_day,
                    alone=is_day and word not in self._free,
                )
        return made

    def _settings(self) -> Settings:
        language = self._data.get("language", {})
        known = self._facts
        both = language.get("date_order") == "both"
        if known.territory is None:
            both = both or language.get("date_order_without_territory") == "both"
        orders: tuple[DateOrder, ...] = ("mdy", "dmy")
        # Without a territory the week begins on Monday, as calendars of business do.
        first = known.first_weekday if known.territory else 0
        firsts = (first, 0) if language.get("week_from_monday") == "also" and first else (first,)
        return Settings(
            writing=self._writing,
            twelve_hour_digits=bool(language.get("twelve_hour_digits", False)),
            date_orders=orders if both else (known.date_order,),
            short_date_orders=orders if both else (known.short_date_order,),
            dotted_clock=bool(language.get("dotted_clock", known.dotted_clock)),
            next_weekday=str(language.get("next_weekday", "either")),
            first_weekdays=firsts,
            weekend=known.weekend,
        )

    # --- templates -------------------------------------------------------------------------------

    def _add_templates(self) -> None:
        for template, phrase in BUILT_IN:
            self._add_template(template, phrase, is_atom="{m}" not in template)
        for template, phrase in BARE_NUMBERS:
            self._add_template(template, phrase, is_atom=False)
        for section in TEMPLATE_SECTIONS:
            for name, templates in self._data.get(section, {}).items():
                for template in templates:
                    self._add_template(template, PHRASES[name], name=name)
        known = self._facts
        for name, template in (*known.date_templates, *known.clock_templates):
            self._add_template(template, PHRASES[name])
        for unit, template in known.in_templates:
            # What the file says of the same words stands: Arabic "within".
            phrase = Phrase(("amount",), IN_UNITS(unit), cost=1)
            self._add_template(template, phrase, name=f"in {unit}")
        for template in known.ago_templates:
            self._add_template(template, PAST_UNITS)
        for template in known.or_templates:
            self._add_template(template, PHRASES["or"])
        self._add_template("{amount} {unit}", PHRASES["amount"])

    def _add_template(
        self, template: str, phrase: Phrase, *, name: str = "", is_atom: bool = True
    ) -> None:
        for variant in variants(template):
            if not phrase.holes:
                # A set phrase is a word like any other; a net is for what has holes.
                self._add(variant, phrase.build(), "sure")
                continue
            steps = symbols(variant, self._writing)
            try:
                order = places(steps, phrase.holes)
            except TemplateError as error:
                raise TemplateError(f"{name}: {template!r}: {error}") from error
            rule = Rule(name, phrase.build, order, phrase.cost, is_atom)
            self._net.add(steps, rule)

    # --- names -----------------------------------------------------------------------------------

    def _add_names(self) -> None:
        data = self._data
        for number, key in enumerate(WEEKDAYS):
            self._add_all(data.get("weekdays", {}).get(key, ()), Point(Weekday(number)), slips=True)
        for number, key in enumerate(MONTHS, start=1):
            self._add_all(data.get("months", {}).get(key, ()), Month(number), slips=True)
        for key, words in data.get("days", {}).items():
            self._add_all(words, Point(RelativeDay(int(key))), slips=True)
        for key, words in data.get("holidays", {}).items():
            self._add_holidays(key, words)
        for key, words in data.get("units", {}).items():
            self._add_all(words, UnitName(key))
        for half_key, words in data.get("markers", {}).items():
            self._add_all(words, Marker(half_key))
        for zone, words in data.get("zones", {}).items():
            self._add_all(words, Zone(zone))
        self._add_lengths()
        self._add_cldr_names()

    def _add_holidays(self, key: str, words: Sequence[str]) -> None:
        """Feasts of a date ("12-24"), and those that move, whose date nobody here knows."""
        if key == "movable":
            for word in words:
                self._add_keyed(word, ("never_skip",), None, "sure")
                self._add_slip(level(word))
            return
        month, day = map(int, key.split("-"))
        self._add_all(words, Point(CalendarDay(day, month)), slips=True)

    def _add_lengths(self) -> None:
        for key, words in self._data.get("spans", {}).items():
            unit, offset = key.split()
            self._add_all(words, Point(CalendarSpan(unit, int(offset))), slips=True)
        for key, words in self._data.get("durations", {}).items():
            count, unit = key.split()
            self._add_all(words, Duration(float(count), unit))

    def _add_cldr_names(self) -> None:
        """After the file's own, which are surer."""
        known = self._facts
        for name, weekday in known.weekdays:
            self._add_name(name, Point(Weekday(weekday)))
        for name, month in known.months:
            self._add_name(name, Month(month))
        # Where the file takes "afternoon" for a part of the day, it is not a marker as well.
        specs = self._data.get("parts", {}).values()
        parts = {level(word) for spec in specs for word in spec.get("words", ())}
        for name, half in known.markers:
            # "Am" before a day is no "a.m." in German.
            if level(name) not in parts | self._free:
                self._add(name, Marker(half), "sure")
        for word, unit in known.units:
            self._add(word, UnitName(unit), "weak")

    def _add_name(self, name: str, value: object) -> None:
        """A name from CLDR; abbreviations may be other words as well."""
        if name in self._not_names:
            return
        weight: Weight = "sure"
        if not is_unspaced(name[0], hangul=True) and len(name) < _SHORT_NAME:
            weight = "doubtful"
        self._add(name, value, weight)
        self._add_slip(name)

    def _add_all(self, words: Iterable[str], value: object, *, slips: bool = False) -> None:
        for word in words:
            self._add(word, value, "sure")
            if slips:
                self._add_slip(level(word))

    # --- numbers ---------------------------------------------------------------------------------

    def _add_numbers(self) -> None:
        for value, words in number_words(self._data.get("numbers", {})):
            for word in words:
                self._add(word, Number(value), "sure")
        ordinals = self._data.get("ordinals", {})
        for key, words in ordinals.get("words", {}).items():
            self._add_all(words, Ordinal(int(key)))

    # --- parts of the day ------------------------------------------------------------------------

    def _add_parts(self) -> None:
        own: set[str] = set()
        parts: dict[str, Part] = {}
        for name, spec in self._data.get("parts", {}).items():
            parts[name] = part = _part(name, spec)
            own.update(level(word) for word in spec.get("words", ()))
            self._add_all(spec.get("words", ()), Point(time=part), slips=True)
            for word in spec.get("after_day", ()):
                own.add(level(word))
                self._add_keyed(word, ("part_after_day",), part, "sure")
        for days, section in enumerate(("today_parts", "tomorrow_parts")):
            for name, words in self._data.get(section, {}).items():
                own.update(level(word) for word in words)
                self._add_all(words, Point(RelativeDay(days), parts[name]), slips=True)
        for time, words in self._data.get("clock_words", {}).items():
            own.update(level(word) for word in words)
            for word in words:
                self._add_clock_word(word, _clock(time))
        self._add_cldr_parts(own)

    def _add_cldr_parts(self, own: set[str]) -> None:
        for word, minute in self._facts.clock_words:
            if word not in own:
                self._add_clock_word(word, Clock((minute,)))
        for period in self._facts.periods:
            for word in period.words:
                # The file's own words stand over these: "mañana" is tomorrow first of all.
                if word not in own | self._not_names and not self._has_value(word):
                    self._add(word, Point(time=period.part), "sure")

    def _has_value(self, word: str) -> bool:
        entries = self._entries.get(fold(word), {}).values()
        return any(entry.value is not None and entry.spelling == word for entry in entries)

    def _add_clock_word(self, word: str, clock: Clock) -> None:
        value = Point(time=clock)
        self._add_keyed(word, (*keys_of(value), "atom", "hour"), value, "sure")

    # --- words without a meaning of their own ----------------------------------------------------

    def _add_small_words(self) -> None:
        words = self._data.get("words", {})
        for word in words.get("glue", ()):
            self._add_keyed(word, ("glue",), None, "free")
        for word in words.get("filler", ()):
            self._add_keyed(word, ("filler",), None, "free")
        for word in words.get("number_nouns", ()):
            self._add_keyed(word, ("number_noun",), None, "free")
        for word in words.get("never_skip", ()):
            self._add_keyed(word, ("never_skip",), None, "sure")
        for word in words.get("suffixes", ()):
            self._add_keyed(word, ("suffix",), None, "free")
        for word in words.get("prefixes", ()):
            self._add_keyed(word, ("prefix",), None, "free")
        for word in self._data.get("ordinals", {}).get("suffixes", ()):
            self._add_keyed(word, ("ordinal_suffix",), None, "free", joined=True)

    def _add_template_words(self) -> None:
        steps = [step for node in _nodes(self._net) for step in (*node.strict, *node.loose)]
        # In a fixed order: the same text must be read the same way in every process.
        for key in sorted({step for step in steps if step.startswith("w:")}):
            word = key[2:].removeprefix("+")
            default: Weight = "free" if self._is_small(word) else "sure"
            self._add_keyed(word, (key,), None, default, joined=key[2:3] == "+")

    def _add_look_alikes(self) -> None:
        """Let words be known that are one letter from a time word, where they are none."""
        for word in sorted(self._not_slips):
            if fold(word) not in self._entries:
                self._add_keyed(word, ("filler",), None, "free")

    def _is_small(self, phrase: str) -> bool:
        """Whether a phrase is made of nothing but small words and signs."""
        if phrase in self._free:
            return True
        return all(word in self._free or not word.isalpha() for word in phrase.split())

    # --- entries ---------------------------------------------------------------------------------

    def _add(self, word: str, value: object, default: Weight) -> None:
        keys = keys_of(value)
        if "m" in keys:
            keys = (*keys, "atom")
        self._add_keyed(word, keys, value, default)

    def _add_keyed(
        self,
        word: str,
        keys: tuple[str, ...],
        value: object,
        default: Weight,
        *,
        joined: bool = False,
    ) -> None:
        joined = joined or word.startswith("+")
        spelling = level(word.removeprefix("+"))
        if not spelling:
            return
        weight = self._weights.get(spelling, default)
        entry = Entry(spelling, keys, value, weight, joined)
        spelled_out = spelling.translate(_SPELLED_OUT)
        for folded in dict.fromkeys((fold(spelling), fold(spelled_out))):
            known = self._entries.setdefault(folded, {})
            known.setdefault((spelling, keys if value is None else value, joined), entry)

    def _add_slip(self, word: str) -> None:
        if len(word) < _SHORTEST_SLIP or not word.isalpha() or word in self._not_slips:
            return
        folded = fold(word)
        if is_unspaced(folded[0], hangul=True):
            return
        if len(folded) >= LONG_NAME:
            self._long_names.setdefault(folded[0], set()).add(folded)
        for each in deletions(folded):
            self._slips.setdefault(each, set()).add(folded)


def deletions(word: str) -> set[str]:
    """A word, and the word with any one letter but the first left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


def number_words(numbers: Data) -> Iterator[tuple[int, Sequence[str]]]:
    """The numbers that a `[numbers]` section of a grammar file puts into words.

    Args:
        numbers: The section.

    Yields:
        A number below a hundred, and the ways it is said.
    """
    words = {int(key): value for key, value in numbers.get("words", {}).items()}
    tens = {int(key): value for key, value in numbers.get("tens", {}).items()}
    # In a compound some numbers have another form ("einundzwanzig").
    ones = words | {int(key): value for key, value in numbers.get("ones", {}).items()}
    yield from words.items()
    for ten, ten_words in tens.items():
        yield ten, ten_words
        for one in range(1, 10):
            if ten + one not in words:
                yield ten + one, tuple(_joined(numbers, ten_words, ones.get(one, ())))


def _joined(numbers: Data, tens: Iterable[str], ones: Iterable[str]) -> Iterator[str]:
    for pattern in numbers.get("joined", ()):
        for ten in tens:
            for one in ones:
                yield pattern.replace("{tens}", ten).replace("{one}", one)


def _part(name: str, spec: Data) -> Part:
    start, end = (_minute(each) for each in str(spec["bounds"]).split("-"))
    half: Half = spec.get("half") or half_of(name, start, end)
    return Part(start, end, half)


def _clock(time: str) -> Clock:
    """A time of day; "2:30?" may be in either half of the day."""
    minute = _minute(time.removesuffix("?"))
    other = (minute + HALF_DAY) % FULL_DAY
    return Clock((minute, other) if time.endswith("?") else (minute,))


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * MINUTES_PER_HOUR + int(minute)


def _nodes(net: Net) -> Iterator[Any]:
    stack = [net.root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.strict.values())
        stack.extend(node.loose.values())


def _lengths(entries: Mapping[str, object]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for word in entries:
        lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(each, reverse=True)) for first, each in lengths.items()}
