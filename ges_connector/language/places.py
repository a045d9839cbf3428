"""Clocks of other places: "3pm Dubai time", "heure de la Réunion", "I'm in Perth, at nine my time".

Which clock a place goes by is looked up in CLDR, by the cities that zones are named after and by
the countries that have one zone only. A place that is not found there is left for the reading of
times to ask about: a clock time without its zone is a call at the wrong hour.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from babel.core import get_global

from ges_connector.language import locales
from ges_connector.language.normalize import Text, fold, level

MARK = "\ue000"
"""What takes the place of the words for a zone; nobody types it."""
# Nobody's name of a city has more words.
_MOST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+(?:[.'-][^\W\d_]+)*")
# The last words behind a clock time or a comma.
_LAST_WORDS = re.compile(r"[\d,] ?(?:[ap]m)? ?([^\W\d_][^\d,]{1,39}?)[ .!?]*$")
# Names of zones that are other words too, and those that are places with a capital only.
_OTHER_WORDS = {"easter", "christmas", "center", "central", "eastern", "pacific", "midway", "male"}
_CAPITALISED = {"reunion", "la reunion", "riunione", "la riunione", "reuniao"}
# Countries with several zones that have one nearly everybody means.
_MAIN_ZONES = {
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "PT": "Europe/Lisbon",
    "CN": "Asia/Shanghai",
    "NZ": "Pacific/Auckland",
    "CL": "America/Santiago",
    "AR": "America/Argentina/Buenos_Aires",
    "MY": "Asia/Kuala_Lumpur",
    "EC": "America/Guayaquil",
    "UA": "Europe/Kyiv",
    "CY": "Asia/Nicosia",
}


@dataclass(frozen=True, slots=True)
class Places:
    """The words of a language that tell whose clock is meant; each a pattern over folded text.

    Attributes:
        before: stands before a place ("hora de").
        behind: stands behind it ("time").
        at: tells where the customer is ("I'm in").
        within: stands before a place that a time may be of ("in"): "Friday at ten in Tokyo".
        mine: the clock of where the customer is ("my time").
        endings: what makes an adjective of a place ("Londoner").
        articles: may stand between.
    """

    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    at: re.Pattern[str] | None
    within: re.Pattern[str] | None
    mine: re.Pattern[str] | None
    endings: tuple[str, ...]
    articles: re.Pattern[str]

    def awaits(self, text: Text, start: int) -> bool:
        """Tell whether an unknown word is where a place whose clock is meant would be."""
        for match in self.before.finditer(text.folded, 0, start) if self.before else ():
            article = self.articles.match(text.folded, text.after_spaces(match.end()))
            if article is not None and article.end() == start:
                return True
        word = _WORD.match(text.folded, start)
        behind = text.after_spaces(word.end()) if word else start
        return self.behind is not None and self.behind.match(text.folded, behind) is not None


@dataclass(frozen=True, slots=True)
class Placed:
    """A text in which the words for zones are marks.

    Attributes:
        text: read this.
        there: the same, with the clock of the place where the customer says to be, or of one that
            is named beside; None if none is, or it was told whose clock counts.
    """

    text: Text
    there: Text | None = None


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a place is named, and what zone it has; None if it is not known."""

    start: int
    end: int
    zone: str | None


def compiled_places(section: Mapping[str, Any]) -> Places | None:
    """The places of a grammar file; None if it has none.

    Args:
        section: its `[places]`: lists `before`, `behind`, `at`, `in`, `mine`, `endings` and
            `articles`.
    """
    if not section:
        return None
    before, behind, at, within, mine = (
        _pattern(section.get(key, ())) for key in ("before", "behind", "at", "in", "mine")
    )
    articles = "|".join(re.escape(fold(level(each))) for each in section.get("articles", ()))
    # "L'" is joined to what follows.
    pattern = re.compile(rf"(?:(?:{articles})(?:(?<=')|\s+))?") if articles else re.compile("")
    return Places(before, behind, at, within, mine, tuple(section.get("endings", ())), pattern)


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    folded = sorted((fold(level(each)) for each in words), key=len, reverse=True)
    alternatives = "|".join(re.escape(each) for each in folded)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?:(?<=')|(?!\w))")


def placed(text: Text, places: Places | None, locale: str) -> Placed:
    """Put marks for the words that say by which clock a time is meant.

    Args:
        text: levelled.
        places: of its language.
        locale: by whose names places are looked up.
    """
    if places is None:
        return Placed(text)
    names = _names(locale)
    if not any(
        each is not None and each.search(text.folded)
        for each in (places.before, places.behind, places.at, places.mine)
    ):
        return _beside(text, text, list(_named(text, places, names)))
    mine = places.mine and places.mine.search(text.folded)
    at = list(_at(text, places, names))
    clocks = [*_before(text, places, names), *_behind(text, places, names)]
    # "My time in Tokyo" names its place.
    is_placed = mine is not None and any(_overlaps(each, [_span(mine)]) for each in clocks)
    if mine is not None and not is_placed:
        return Placed(_at_home(text, at, _span(mine)))
    marked = _marked(text, clocks)
    known = [each for each in at if each.zone is not None and not _overlaps(each, clocks)]
    if clocks:
        return Placed(marked)
    return _beside(marked, text, known or list(_named(text, places, names)))


def _beside(marked: Text, text: Text, named: Sequence[_Spot]) -> Placed:
    """A text, and the same by the clock of a place that is named in it, if one is."""
    return Placed(marked, _marked(text, named[:1]) if named else None)


def _named(text: Text, places: Places, names: Mapping[str, str]) -> Iterator[_Spot]:
    """Known places behind words such as "in", or last of all behind a time: "10am Tokyo"."""
    for match in places.within.finditer(text.folded) if places.within else ():
        found = _name_at(text, match.end(), places, names)
        if found is not None:
            yield found
    last = _LAST_WORDS.search(text.folded) if places.within else None
    zone = _zone(text, *last.span(1), names) if last else None
    if last is not None and zone is not None:
        yield _Spot(*last.span(1), zone)


def _at_home(text: Text, at: Sequence[_Spot], mine: _Spot) -> Text:
    """A text in which the clock is that of the place where the customer says to be."""
    zones = {each.zone for each in at}
    if not zones:
        return _blanked(text, [mine])
    zone = zones.pop() if len(zones) == 1 else None
    return _blanked(_marked(text, [replace(mine, zone=zone)]), [each for each in at if each.zone])


def _span(match: re.Match[str]) -> _Spot:
    return _Spot(match.start(), match.end(), None)


def _overlaps(spot: _Spot, others: Sequence[_Spot]) -> bool:
    return any(spot.start < each.end and each.start < spot.end for each in others)


def _before(text: Text, places: Places, names: Mapping[str, str]) -> Iterator[_Spot]:
    """Places behind words such as "hora de"; those not known are left where they are."""
    for match in places.before.finditer(text.folded) if places.before else ():
        found = _name_at(text, match.end(), places, names)
        if found is not None:
            yield _Spot(match.start(), found.end, found.zone)


def _at(text: Text, places: Places, names: Mapping[str, str]) -> Iterator[_Spot]:
    """Where the customer says to be, with the words that say so."""
    for match in places.at.finditer(text.folded) if places.at else ():
        found = _name_at(text, match.end(), places, names)
        if found is not None:
            yield _Spot(match.start(), found.end, found.zone)
            continue
        word = _WORD.search(text.folded, match.end())
        if word is not None:
            yield _Spot(match.start(), word.end(), None)


def _name_at(text: Text, start: int, places: Places, names: Mapping[str, str]) -> _Spot | None:
    """The longest name of a place that begins behind a word, with its article or without."""
    place = text.after_spaces(start)
    article = places.articles.match(text.folded, place)
    starts = dict.fromkeys((place, article.end() if article else place))
    for begin in starts:
        words: list[re.Match[str]] = []
        for word in _WORD.finditer(text.folded, begin):
            if word.start() != (words[-1].end() + 1 if words else begin):
                break
            words.append(word)
            if len(words) == _MOST_WORDS:
                break
        for word in reversed(words):
            zone = _zone(text, begin, word.end(), names)
            if zone is not None:
                return _Spot(begin, word.end(), zone)
    return None


def _behind(text: Text, places: Places, names: Mapping[str, str]) -> Iterator[_Spot]:
    """Places before words such as "time"."""
    for match in places.behind.finditer(text.folded) if places.behind else ():
        before = [
            word
            for word in _WORD.finditer(text.folded, 0, match.start())
            if word.end() < match.end()
        ][-_MOST_WORDS:]
        for word in before:
            end = before[-1].end()
            if end + 1 != match.start() or not text.folded[end].isspace():
                break
            zone = _zone(text, word.start(), end, names) or _zone_of_adjective(
                text.folded[word.start() : end], places, names
            )
            if zone is not None:
                yield _Spot(word.start(), match.end(), zone)
                break


def _zone_of_adjective(word: str, places: Places, names: Mapping[str, str]) -> str | None:
    for ending in places.endings:
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return names.get(stem) or names.get(stem + "n")
    return None


def _zone(text: Text, start: int, end: int, names: Mapping[str, str]) -> str | None:
    name = text.folded[start:end]
    if name in _CAPITALISED and not text.words(start, end).split(" ")[-1][:1].isupper():
        # "A la hora de la reunión" is the hour of a meeting.
        return None
    return names.get(name)


def _marked(text: Text, spots: Sequence[_Spot]) -> Text:
    """A text with marks in place of what names zones."""
    made = _written(text, spots, MARK)
    zones = {**text.zones, **{each.start: each.zone for each in spots}}
    return replace(made, zones=zones)


def _blanked(text: Text, spots: Sequence[_Spot]) -> Text:
    return _written(text, spots, " ")


def _written(text: Text, spots: Sequence[_Spot], char: str) -> Text:
    chars, folded = text.chars, text.folded
    for each in spots:
        sign = char * (each.end - each.start)
        chars = chars[: each.start] + sign + chars[each.end :]
        folded = folded[: each.start] + sign + folded[each.end :]
    return replace(text, chars=chars, folded=folded)


@lru_cache(maxsize=32)
def _names(locale: str) -> Mapping[str, str]:
    """The zones of places by their folded names."""
    babel_locale = locales.babel_locale(locale)
    aliases = get_global("zone_aliases")
    names: dict[str, str] = {}
    for code, zones in get_global("territory_zones").items():
        main = _MAIN_ZONES.get(code) or (zones[0] if len(zones) == 1 else None)
        name = babel_locale.territories.get(code)
        if main is not None and name:
            names[fold(level(name))] = aliases.get(main, main)
    for key in (*get_global("zone_territories"), *aliases):
        if "/" not in key or key.startswith(("Etc/", "SystemV/", "US/", "Canada/", "Mexico/")):
            continue
        known = babel_locale.time_zones.get(key, {}).get("city")
        for city in filter(None, (known, key.rpartition("/")[2].replace("_", " "))):
            names[fold(level(city))] = aliases.get(key, key)
    return {name: zone for name, zone in names.items() if name not in _OTHER_WORDS}
