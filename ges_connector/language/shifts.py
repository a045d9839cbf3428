"""Times told by one that is spoken of: "an hour later", "push it back by ten", "Monday, same time".

Only the distance or the day is told here; from where it counts, the conversation knows.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from ges_connector.language.normalize import fold, normalize
from ges_connector.language.understand import understand
from ges_connector.language.wish import Unclear, Wish, WishKind

_FILES = resources.files("ges_connector.language") / "answers"
_WORD = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_DURATION = 6
_LONGEST_TEXT = 200

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to shift a time: its words, on which side the duration stands, and the direction."""

    words: Words
    is_behind: bool
    sign: int


@dataclass(frozen=True, slots=True)
class _Shifting:
    """How a language says it.

    Attributes:
        template: What makes a time from now of a duration.
        ways: The longest first.
        one: Short forms of "a", by what they stand for.
        same: Words for the clock time that is spoken of, the longest first.
        later_that_day: Words for the rest of the day that is spoken of.
    """

    template: str
    ways: tuple[_Way, ...]
    one: Mapping[str, str]
    same: tuple[Words, ...]
    later_that_day: frozenset[Words]


def shift_of(text: str, locale: str, now: datetime, timezone: str) -> timedelta | None:
    """Tell by how much a time is to be shifted.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.

    Returns:
        The distance, negative for earlier; None if the text names none, or any other time besides.
    """
    known = _shifting(locale.replace("_", "-").partition("-")[0])
    if known is None or len(text) > _LONGEST_TEXT:
        return None
    words, now = _split(text), now.replace(second=0, microsecond=0)
    for way, start, end in _places(known, words):
        for first, last in _beside(way, start, end, len(words)):
            distance = _distance(known, words[first:last], locale, now, timezone)
            if distance is None:
                continue
            rest = (*words[: min(first, start)], *words[max(last, end) :])
            named = understand(" ".join(rest), locale, now, timezone)
            return None if isinstance(named, Wish) else way.sign * distance
    return None


def day_at_the_same_time(text: str, locale: str, now: datetime, timezone: str) -> date | None:
    """Tell the day on which the call should come at the clock time that is spoken of.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.

    Returns:
        The day there; None if the text does not name just one, or says nothing of the same time.
    """
    known = _shifting(locale.replace("_", "-").partition("-")[0])
    if known is None or len(text) > _LONGEST_TEXT:
        return None
    words = _split(text)
    folded = tuple(map(fold, words))
    for same in known.same:
        for start in range(len(words) - len(same) + 1):
            end = start + len(same)
            if folded[start:end] == same:
                rest = " ".join((*words[:start], *words[end:]))
                return _one_day(understand(rest, locale, now, timezone), timezone)
    return None


def is_later_that_day(text: str, locale: str) -> bool:
    """Tell whether the rest of the day that is spoken of is meant: "later in the day".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    known = _shifting(locale.replace("_", "-").partition("-")[0])
    folded = tuple(map(fold, _split(text)))
    return known is not None and any(
        folded[start : start + len(phrase)] == phrase
        for phrase in known.later_that_day
        for start in range(len(folded) - len(phrase) + 1)
    )


def _one_day(found: Wish | Unclear, timezone: str) -> date | None:
    if not isinstance(found, Wish) or found.kind is not WishKind.DAY or found.earliest_at is None:
        return None
    if found.alternatives or found.excluded or found.approximate:
        return None
    return found.earliest_at.astimezone(ZoneInfo(timezone)).date()


def _places(known: _Shifting, words: Words) -> Iterator[tuple[_Way, int, int]]:
    folded = tuple(map(fold, words))
    for way in known.ways:
        length = len(way.words)
        for start in range(len(words) - length + 1):
            if folded[start : start + length] == way.words:
                yield way, start, start + length


def _beside(way: _Way, start: int, end: int, count: int) -> Iterator[tuple[int, int]]:
    """Where the duration may stand, the longest first."""
    for length in range(_LONGEST_DURATION, 0, -1):
        if way.is_behind and start - length >= 0:
            yield start - length, start
        if not way.is_behind and end + length <= count:
            yield end, end + length


def _distance(
    known: _Shifting, words: Sequence[str], locale: str, now: datetime, timezone: str
) -> timedelta | None:
    """How long a duration is; None if it is none, or more than that."""
    said = " ".join(known.one.get(word, word) for word in words)
    phrase = known.template.format(duration=said)
    found = understand(phrase, locale, now, timezone)
    if not isinstance(found, Wish) or found.kind is not WishKind.EXACT or found.alternatives:
        return None
    if found.earliest_at is None or _split(" ".join(found.words)) != _split(phrase):
        return None
    return found.earliest_at - now


@lru_cache
def _shifting(language: str) -> _Shifting | None:
    file = _FILES / f"{language}.toml"
    if not file.is_file():
        return None
    data: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))["shift"]
    ways = [
        _Way(_folded(words), is_behind=side == "behind", sign=sign)
        for direction, sign in (("later", 1), ("earlier", -1))
        for side in ("behind", "before")
        for words in data[f"{direction}_{side}"]
    ]
    ways.sort(key=lambda way: len(way.words), reverse=True)
    one = data.get("one", {})
    return _Shifting(
        template=data["after_now"],
        ways=tuple(ways),
        one=dict.fromkeys(one.get("said", ()), one.get("word", "")),
        same=tuple(sorted((_folded(each) for each in data["same"]), key=len, reverse=True)),
        later_that_day=frozenset(map(_folded, data["later_that_day"])),
    )


def _folded(phrase: str) -> Words:
    return tuple(map(fold, _split(phrase)))


def _split(text: str) -> Words:
    return tuple(_WORD.findall(normalize(text).chars))
