"""Compile what CLDR and a grammar file know of a locale into one word index and one net.

A language is compiled when it is first used, and kept.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ges_connector.language.cldr import DateOrder, Facts, facts, half_of, parse_locale
from ges_connector.language.doubts import Doubts, compiled_doubts
from ges_connector.language.entries import Entry, Phrasebook, Weight, looked_up_as
from ges_connector.language.grammar_files import (
    MONTHS,
    TEMPLATE_SECTIONS,
    WEEKDAYS,
    Data,
    grammar,
    number_words,
)
from ges_connector.language.holes import keys_of
from ges_connector.language.judging import compiled_judging
from ges_connector.language.lexicon import Company, Lexicon, Settings
from ges_connector.language.meaning import (
    FULL_DAY,
    HALF_DAY,
    MINUTES_PER_HOUR,
    Busy,
    CalendarDay,
    CalendarSpan,
    Clock,
    Duration,
    Edge,
    Half,
    Marker,
    Month,
    Number,
    Ordinal,
    Part,
    Point,
    RelativeDay,
    Unit,
    UnitName,
    Weekday,
    Zone,
)
from ges_connector.language.net import Node, Rule, SharedPlaces, Templates
from ges_connector.language.normalize import fold, is_unspaced, level
from ges_connector.language.places import compiled_places
from ges_connector.language.reasons import OPENINGS, Reasons, compiled
from ges_connector.language.relative import compiled_relative
from ges_connector.language.rules import (
    BARE_NUMBERS,
    BUILT_IN,
    DATES_OF_MONTH,
    IN_UNITS,
    PAST_UNITS,
    PHRASES,
)
from ges_connector.language.spellings import compiled_spellings
from ges_connector.language.template import (
    JOINED,
    WORD,
    Phrase,
    TemplateError,
    places,
    symbols,
    variants,
)

_SHORTEST_SLIP = 5
_SHORT_NAME = 3
# "Thur" and "vier", Friday in Spanish, are cut; shorter ones are small words of some language.
_SHORTEST_CUT = 4
_SHORTEST_CUT_MONTH = 5
# The rules of what bounds the time behind it or rules it out, and how many words stand before it.
_BOUNDING_RULES = {
    "after": 3, "from": 3, "from_day": 3, "before": 3, "by": 3, "by_day": 3, "until_on_day": 3,
    "between": 2, "not": 1, "in_duration": 1, "within": 1,
}  # fmt: skip
# The rules between the words of which and a value nothing stands: "move 3", "in 1:30".
_CLOSE_RULES = frozenset({"changed", "in_clock", "in_clock_unnamed", "where"})
_OPTIONAL = re.compile(r"\[[^\[\]]*\]")
_CHOICES = re.compile(r"\(([^()]*)\)|[^\s()]+")
_SHORTEST_BOUND = 3
# The lists of `[words]` that become entries: key of the entry, value, weight.
_SMALL_WORDS: tuple[tuple[str, str, object, Weight], ...] = (
    ("glue", "glue", None, "free"),
    ("filler", "filler", None, "free"),
    ("busy", "busy", Busy(), "weak"),
    ("number_nouns", "number_noun", None, "free"),
    ("never_skip", "never_skip", None, "sure"),
    ("suffixes", "suffix", None, "free"),
    ("prefixes", "prefix", None, "free"),
)


@lru_cache(maxsize=64)
def lexicon(locale: str) -> Lexicon | None:
    """The compiled lexicon of a locale; None if CLDR has no such language."""
    parsed = parse_locale(locale)
    if parsed is None:
        return None
    known = facts(parsed)
    return _Compiler(str(parsed), known, grammar(known.language, known.territory)).compile()


class _Shared:
    """What is kept once for all regions of a language, which differ in little."""

    def __init__(self) -> None:
        self.templates = SharedPlaces[Rule]()
        self.phrases = SharedPlaces[Entry]()


@lru_cache(maxsize=64)
def _shared_by(_language: str) -> _Shared:
    return _Shared()


# One of each: thousands of templates have a few hundred.
_rule = lru_cache(maxsize=2048)(Rule)


class _Compiler:
    """Builds one lexicon."""

    def __init__(self, locale: str, known: Facts, data: Data) -> None:
        self._locale = locale
        self._facts = known
        self._data = data
        language = data.get("language", {})
        words = data.get("words", {})
        self._writing = str(language.get("writing", "spaced"))
        self._shared = _shared_by(known.language)
        self._templates = Templates()
        self._words: Mapping[str, str] = {}
        self._behind_hour: frozenset[str] = frozenset()
        self._entries = Phrasebook()
        self._names: dict[str, set[str]] = {}
        self._cut_names: dict[str, dict[object, str]] = {}
        self._weights: dict[str, Weight] = {}
        self._free = self._levelled(("glue", "filler"))
        self._refusing = self._levelled(("never_skip",))
        self._not_names = self._levelled(("not_names",))
        self._not_slips = self._levelled(("not_slips",))
        for weight in ("weak", "doubtful", "sure"):
            self._weights.update({level(each): weight for each in words.get(weight, ())})

    def _levelled(self, names: Iterable[str]) -> set[str]:
        words = self._data.get("words", {})
        return {level(each) for name in names for each in words.get(name, ())}

    def compile(self) -> Lexicon:
        # Patterns take much memory while they are made, and templates while they are gathered:
        # one after the other they do not add up.
        reasons = self._reasons()
        doubts = self._doubts(reasons)
        judging = compiled_judging(self._data.get("judging", {}))
        places = compiled_places(self._data.get("places", {}))
        relative = compiled_relative(self._data.get("relative", {}))
        spellings = compiled_spellings(self._data.get("spellings", {}))
        net = self._net()
        self._add_names()
        self._add_numbers()
        self._add_parts()
        self._add_small_words()
        self._add_template_words()
        self._add_look_alikes()
        return Lexicon(
            locale=self._locale,
            has_file=bool(self._data),
            settings=self._settings(),
            net=net,
            entries=self._entries.index(self._shared.phrases),
            cut_names={
                key: name
                for key, named in self._cut_names.items()
                for name in named.values()
                if len(named) == 1
            },
            names={key: tuple(sorted(each)) for key, each in self._names.items()},
            after_hour=self._after_hour(),
            refusals=frozenset(map(fold, self._levelled(("refusals",)))),
            contrasts=frozenset(map(fold, self._levelled(("contrasts",)))),
            ambiguous=self._ambiguous(),
            awaiting=frozenset(map(fold, self._levelled(("awaiting",)))),
            whereabouts=frozenset(map(fold, self._levelled(("whereabouts",)))),
            bounding=self._bounding(),
            not_slips=frozenset(map(fold, self._not_slips)),
            takes_day=self._takes_day(),
            short_weekdays=frozenset(
                fold(each) for each in self._facts.short_weekdays if each not in self._free
            ),
            before_dates=frozenset(map(fold, self._levelled(("before_dates",)))),
            before_hours=frozenset(map(fold, self._levelled(("before_hours",)))),
            behind_bounds=frozenset(map(fold, self._levelled(("behind_bounds",)))),
            places=places,
            relative=relative,
            doubts=doubts,
            spellings=spellings,
            judging=judging,
            reasons=reasons,
        )

    def _reasons(self) -> Reasons | None:
        ordinals = self._data.get("ordinals", {}).get("suffixes", ())
        return compiled(self._data.get("reasons", {}), dotted_ordinals="." in ordinals)

    def _doubts(self, reasons: Reasons | None) -> Doubts | None:
        doubts = compiled_doubts(self._data.get("doubts", {}))
        if doubts is not None and reasons is None:
            # Without clauses there is nothing to look for them in, and nobody would notice.
            opening = ", ".join(sorted(OPENINGS))
            message = f"[doubts] needs [reasons] with affairs and one of {opening}"
            raise TemplateError(message)
        return doubts

    def _after_hour(self) -> frozenset[str]:
        markers = (
            word
            for word in self._entries
            if any("marker" in each.keys for each in self._entries.of(word))
        )
        return frozenset(word for word in (*self._behind_hour, *markers) if word.isalpha())

    def _takes_day(self) -> frozenset[str]:
        """The words before the day in the rule for what only days take."""
        templates = self._data.get("date", {}).get("on_day", ())
        before = (each.partition("{")[0].strip() for line in templates for each in variants(line))
        return frozenset(fold(level(each)) for each in before)

    def _bounding(self) -> frozenset[str]:
        """The words before the time in the short templates of what bounds it or rules it out."""
        words: set[str] = set()
        known = self._free | self._refusing
        for rule, most in _BOUNDING_RULES.items():
            is_length = rule in self._data.get("date", {})
            for template in self._data.get("date" if is_length else "bound", {}).get(rule, ()):
                before = _OPTIONAL.sub(" ", template.partition("{")[0])
                steps = [match[1] or match[0] for match in _CHOICES.finditer(before)]
                said = {level(word) for step in steps for word in step.split("|")}
                if len(steps) <= most:
                    # "Dans" is a small word too.
                    words |= said if is_length else said - known
        return frozenset(
            fold(each)
            for each in words
            if each.isalpha() and (len(each) >= _SHORTEST_BOUND or each not in known)
        )

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

    def _net(self) -> Node[Rule]:
        """The net of all templates, for which words that lead on alike are the same."""
        self._add_templates()
        starts = (way[:2] for way in self._templates)
        self._behind_hour = frozenset(
            _word_of(way[-1]) for way in starts if way[0] == "hour" and way[-1].startswith(WORD)
        )
        net, self._words = self._templates.tied(self._shared.templates)
        del self._templates
        return net

    def _add_templates(self) -> None:
        for template, phrase in BUILT_IN:
            self._add_template(template, phrase, is_atom="{m}" not in template)
        for template, phrase in BARE_NUMBERS:
            # A date is one whatever stands before it: "next week, Thursday 10 at 16:15".
            self._add_template(template, phrase, is_atom="{weekday}" in template)
        for section in TEMPLATE_SECTIONS:
            for name, templates in self._data.get(section, {}).items():
                self._add_rule(name, templates)
        self._add_rule("and_days", self._data.get("bound", {}).get("and", ()))
        self._add_dates()
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
        # "Five, a week from Friday" is no five weeks: nothing stands between.
        self._add_template("{amount} {unit}", PHRASES["amount"], is_loose=False)

    def _add_dates(self) -> None:
        """Add "4 and 5 December", for every plain "and" and "or" of the language."""
        bound = self._data.get("bound", {})
        joining = (*bound.get("and", ()), *bound.get("or", ()), *self._facts.or_templates)
        for template in joining:
            if template.startswith("{x}") and template.endswith("{x2}") and "(" not in template:
                for (first, second), phrase in DATES_OF_MONTH:
                    dated = template.replace("{x}", first).replace("{x2}", second)
                    self._add_template(dated, phrase)

    def _add_rule(self, name: str, templates: Iterable[str]) -> None:
        if name not in PHRASES:
            message = f"there is no rule {name!r}"
            raise TemplateError(message)
        is_loose = name not in _CLOSE_RULES
        for template in templates:
            self._add_template(template, PHRASES[name], name=name, is_loose=is_loose)

    def _add_template(
        self,
        template: str,
        phrase: Phrase,
        *,
        name: str = "",
        is_atom: bool = True,
        is_loose: bool = True,
    ) -> None:
        for variant in variants(template):
            if not phrase.holes:
                # A set phrase is a word like any other; a net is for what has holes.
                self._add(variant, phrase.build(), "sure")
                continue
            steps = symbols(variant, self._writing)
            if not is_loose:
                steps = tuple(replace(each, loose=False) for each in steps)
            try:
                order = places(steps, phrase.holes)
            except TemplateError as error:
                raise TemplateError(f"{name}: {template!r}: {error}") from error
            rule = _rule(name, phrase.build, order, phrase.cost, is_atom)
            self._templates.add_template(steps, rule)

    # --- names -----------------------------------------------------------------------------------

    def _add_names(self) -> None:
        data = self._data
        for number, key in enumerate(WEEKDAYS):
            words = data.get("weekdays", {}).get(key, ())
            self._add_all(words, Point(Weekday(number)), slips=True)
            for word in words:
                self._add_cut(level(word), Point(Weekday(number)))
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
            unit, place = key.split()
            span = CalendarSpan(unit, int(place)) if place.isdigit() else _edge_of(unit, place)
            self._add_all(words, Point(span), slips=True)
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
        self._add_cut(name, value)

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
            self._add_all(words, Ordinal(int(key), spelled=True))

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
        return any(entry.value is not None for entry in self._entries.of(word))

    def _add_clock_word(self, word: str, clock: Clock) -> None:
        value = Point(time=clock)
        self._add_keyed(word, (*keys_of(value), "atom", "hour"), value, "sure")

    # --- words without a meaning of their own ----------------------------------------------------

    def _add_small_words(self) -> None:
        words = self._data.get("words", {})
        for section, key, value, weight in _SMALL_WORDS:
            for template in words.get(section, ()):
                for word in variants(template):
                    self._add_keyed(word, (key,), value, weight)
        for word in self._data.get("ordinals", {}).get("suffixes", ()):
            self._add_keyed(word, ("ordinal_suffix",), None, "free", joined=True)

    def _add_template_words(self) -> None:
        # In a fixed order: the same text must be read the same way in every process.
        for step, alike in self._words.items():
            word = _word_of(step)
            # A "don't" is never small, whatever else is one: "don't call during dinner".
            refuses = any(each in self._refusing for each in (word, *word.split()))
            default: Weight = "free" if self._is_small(word) and not refuses else "sure"
            self._add_keyed(word, (alike,), None, default, joined=step.startswith(JOINED))

    def _add_look_alikes(self) -> None:
        """Let words be known that are one letter from a time word, where they are none."""
        known = {typed for each in self._entries for typed in looked_up_as(each)}
        for word in sorted(self._not_slips):
            if fold(word) not in known:
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
        if not any(_stand_for_the_same(entry, each) for each in self._entries.of(spelling)):
            self._entries.add(entry)

    def _add_cut(self, name: str, value: object) -> None:
        """Let the beginning of a name stand for it, where it is of no other: "Donnerst."."""
        folded = fold(name)
        if folded.isalpha() and not is_unspaced(folded[0], hangul=True):
            shortest = _SHORTEST_CUT_MONTH if isinstance(value, Month) else _SHORTEST_CUT
            for size in range(shortest, len(folded)):
                self._cut_names.setdefault(folded[:size], {})[value] = folded

    def _add_slip(self, word: str) -> None:
        if len(word) < _SHORTEST_SLIP or not word.isalpha() or word in self._not_slips:
            return
        folded = fold(word)
        if not is_unspaced(folded[0], hangul=True):
            self._names.setdefault(folded[0], set()).add(folded)


def _word_of(step: str) -> str:
    return step.removeprefix(JOINED).removeprefix(WORD)


def _edge_of(unit: Unit, edge: str) -> CalendarSpan:
    edges: dict[str, Edge] = {"start": "start", "middle": "middle", "end": "end"}
    return CalendarSpan(unit, 0, edges[edge], rolls=edge != "end")


def _part(name: str, spec: Data) -> Part:
    start, end = (_minute(each) for each in str(spec["bounds"]).split("-"))
    half: Half = spec.get("half") or half_of(name, start, end)
    return Part(
        start,
        end,
        half,
        takes_late_hours=spec.get("takes_late_hours", False),
        is_noon=spec.get("is_noon", False),
        is_event=spec.get("is_event", False),
    )


def _clock(time: str) -> Clock:
    """A time of day; "2:30?" may be in either half of the day."""
    minute = _minute(time.removesuffix("?"))
    other = (minute + HALF_DAY) % FULL_DAY
    return Clock((minute, other) if time.endswith("?") else (minute,))


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * MINUTES_PER_HOUR + int(minute)


def _stand_for_the_same(entry: Entry, other: Entry) -> bool:
    if entry.joined != other.joined:
        return False
    # A mere word is told by what it can do, any other by what it says.
    if entry.value is None and other.value is None:
        return entry.keys == other.keys
    return entry.value == other.value
