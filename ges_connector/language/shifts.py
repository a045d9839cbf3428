"""Times told by one that is spoken of: "an hour later", "push it back by ten", "Monday, same time".

Only the distance or the day is told here; from where it counts, the conversation knows. As nobody
can list what denies or doubts it ("an hour later would be bad"), it counts only where every other
word is known to change nothing.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ges_connector.language.answer_words import Kind, Piece, split, words_of
from ges_connector.language.normalize import fold, normalize
from ges_connector.language.understand import understand
from ges_connector.language.wish import Unclear, UnclearReason, Wish, WishKind
from ges_connector.language.word_lists import language_of, word_lists

_WORD = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_DURATION = 6
_LONGEST_TEXT = 200
_HARMLESS = frozenset(
    {Kind.YES, Kind.BOOK, Kind.MOVE, Kind.BESIDE, Kind.FAREWELL, Kind.SIGN, Kind.YES_OR_IF}
)
_CLAUSE_ENDS = frozenset(",.;:!")
_GAP = "…"
"""Stands for the words of the time itself, where the others are looked at."""

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


@dataclass(frozen=True, slots=True)
class _Beside:
    """What may stand beside a time that is told by another one."""

    harmless: frozenset[Words]
    opening: frozenset[Words]
    longest: int


def shift_of(text: str, locale: str, now: datetime, timezone: str) -> timedelta | Unclear | None:
    """Tell by how much a time is to be shifted.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.

    Returns:
        The distance, negative for earlier; why it does not count, where other words may turn it;
        None if the text names none, or any other time besides.
    """
    known = _shifting(language_of(locale))
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
            if isinstance(named, Wish):
                return None
            said = range(min(first, start), max(last, end))
            return way.sign * distance if _stands_alone(text, locale, said) else _turned(text)
    return None


def day_at_the_same_time(
    text: str, locale: str, now: datetime, timezone: str
) -> date | Unclear | None:
    """Tell the day on which the call should come at the clock time that is spoken of.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.

    Returns:
        The day there; why it does not count, where other words may turn it; None if the text does
        not name just one, or says nothing of the same time.
    """
    known = _shifting(language_of(locale))
    if known is None or len(text) > _LONGEST_TEXT:
        return None
    words = _split(text)
    folded = tuple(map(fold, words))
    for same in known.same:
        for start in range(len(words) - len(same) + 1):
            end = start + len(same)
            if folded[start:end] == same:
                rest = " ".join((*words[:start], *words[end:]))
                found = understand(rest, locale, now, timezone)
                day = _one_day(found, timezone)
                said = {*range(start, end), *_within(folded, found)}
                return day if day is None or _stands_alone(text, locale, said) else _turned(text)
    return None


def is_later_that_day(text: str, locale: str) -> bool:
    """Tell whether the rest of the day that is spoken of is meant: "later in the day".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    known = _shifting(language_of(locale))
    folded = tuple(map(fold, _split(text)))
    return known is not None and any(
        folded[start : start + len(phrase)] == phrase
        for phrase in known.later_that_day
        for start in range(len(folded) - len(phrase) + 1)
    )


def _turned(text: str) -> Unclear:
    return Unclear(UnclearReason.UNEXPLAINED_WORDS, (text.strip(),))


def _within(folded: Words, found: Wish | Unclear) -> Iterator[int]:
    """The places of the words that a time was read from."""
    for phrase in map(_folded, found.words):
        for start in range(len(folded) - len(phrase) + 1):
            if folded[start : start + len(phrase)] == phrase:
                yield from range(start, start + len(phrase))


def _stands_alone(text: str, locale: str, said: Collection[int]) -> bool:
    """Whether all words but those at some places, counted without signs, change nothing."""
    own, beside = words_of(locale), _beside_it().get(language_of(locale))
    if own is None or beside is None:
        return False
    counted = itertools.count()
    words = [_GAP if word[0].isalnum() and next(counted) in said else word for word in split(text)]
    place = 0
    while place < len(words):
        piece = own.parse(words[place:])[0]
        length = _harmless_length(beside, words[place:], piece, is_first=place == 0)
        if not length:
            return False
        place += length
    return True


def _harmless_length(beside: _Beside, words: Sequence[str], piece: Piece, *, is_first: bool) -> int:
    """How many of the first words change nothing; zero if the first one may."""
    folded = tuple(map(fold, words[: beside.longest]))
    lengths = (length for length in range(len(folded), 0, -1) if folded[:length] in beside.harmless)
    listed, own = next(lengths, 0), len(piece.words)
    if listed >= own:
        return listed
    if is_first and folded[:own] in beside.opening:
        return own
    # "Si, una hora más tarde" is a yes, "si una hora más tarde" may be an "if".
    is_if = piece.kind is Kind.YES_OR_IF and words[own : own + 1] != []
    is_if = is_if and words[own] not in _CLAUSE_ENDS
    return own if piece.kind in _HARMLESS and not is_if else 0


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


@lru_cache(maxsize=1)
def _beside_it() -> Mapping[str, _Beside]:
    made = {}
    for language, own in word_lists("shifts").items():
        harmless = frozenset(map(_folded, own["harmless"]))
        opening = frozenset(map(_folded, own["opening"]))
        made[language] = _Beside(harmless, opening, longest=max(map(len, harmless)))
    return made


@lru_cache
def _shifting(language: str) -> _Shifting | None:
    lists = word_lists("answers").get(language)
    if lists is None:
        return None
    data = lists["shift"]
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
