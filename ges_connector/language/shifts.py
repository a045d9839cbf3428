"""Times told by one that is spoken of: "an hour later", "push it back by ten", "Monday, same time".

Only the distance or the day is told here; from where it counts, the conversation knows. As nobody
can list what denies or doubts it ("an hour later would be bad"), it counts only where every other
word is known to change nothing.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ges_connector.language.agreement import denies
from ges_connector.language.answer_words import Kind, Piece, split, words_of
from ges_connector.language.normalize import fold, normalize
from ges_connector.language.understand import understand
from ges_connector.language.wish import Grain, Unclear, UnclearReason, Wish, WishKind
from ges_connector.language.word_lists import language_of, variants, word_list, word_lists

_WORD = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_DURATION = 6
_LONGEST_TEXT = 200
_HARMLESS = frozenset(
    {Kind.YES, Kind.BOOK, Kind.MOVE, Kind.BESIDE, Kind.FAREWELL, Kind.SIGN, Kind.YES_OR_IF}
)
_CLAUSE_ENDS = frozenset(",.;:!")
_DAYS = {"day_after": 1, "day_before": -1, "week_after": 7, "that_day": 0}
_GAP = "…"
"""Stands for the words of the time itself, where the others are looked at."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to shift a time: its words, on which side the duration stands, and the direction.

    The direction is zero where people mean either by it: "an hour back".
    """

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
        moving: Words that only say that it is moved, beside the time it is moved to.
        changing: Single words for changing one thing to another.
        changed_to: Single words between the one and the other.
    """

    template: str
    ways: tuple[_Way, ...]
    one: Mapping[str, str]
    same: tuple[Words, ...]
    later_that_day: frozenset[Words]
    moving: tuple[Words, ...]
    changing: frozenset[str]
    changed_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What may stand beside a time that is told by another one, and days that are told so.

    Attributes:
        harmless: Words that change nothing.
        opening: Refusals of what was said before.
        longest: How many words the longest of the harmless have.
        days: Words for a day, and how many days later it is; the longest first.
        weeks: Those that mean that only beside "the same time".
    """

    harmless: frozenset[Words]
    opening: frozenset[Words]
    longest: int
    days: tuple[tuple[Words, int], ...]
    weeks: frozenset[Words]


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """What is spoken of, so that a day can be told by it.

    Attributes:
        day: Its day, by the clock of the customer.
        clock: Its time of day there; None if only the day is known.
    """

    day: date
    clock: time | None = None


@dataclass(frozen=True, slots=True)
class DayTold:
    """A day that is told by another one.

    Attributes:
        wish: What is wished; why none can be told, where other words may turn it.
        days: How many days later it is than the one that is spoken of, negative for earlier.
    """

    wish: Wish | Unclear
    days: int


def day_told(
    text: str, locale: str, now: datetime, timezone: str, spoken_of: SpokenOf
) -> DayTold | None:
    """Tell the day that is told by another one: "the next day", "a week later", "the same day".

    The time of day stays as it is, unless another one is named. The days are those of a calendar,
    so that the time of day stays over a change of the clocks.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.
        spoken_of: From where it counts.

    Returns:
        The day; None if the text tells none by another one.
    """
    place = _day_place(text, locale, now, timezone)
    if place is None:
        return None
    if not place.days and (is_later_that_day(text, locale) or denies(text, locale)):
        # "Not on that day" tells no day.
        return None
    without = " ".join(_put(text, place.said, "").split())
    untimed = _put(text, place.same, "")
    beside, whole = (understand(each, locale, now, timezone) for each in (without, untimed))
    if isinstance(beside, Wish) and any(each.day_named for each in beside.readings()):
        # "The day after tomorrow", and "not Thursday, the next day".
        is_part = place.days and not _begins_longer(place, whole)
        return DayTold(_turned(text), place.days) if is_part else None
    day = spoken_of.day + timedelta(days=place.days)
    found = understand(_put(text, place.said, day.isoformat()), locale, now, timezone)
    if isinstance(found, Unclear):
        words = tuple(each.replace(day.isoformat(), place.words) for each in found.words)
        return DayTold(replace(found, words=words), place.days)
    found = found.with_words(
        tuple(each.replace(day.isoformat(), place.words) for each in found.words)
    )
    wish = _at_its_time(found, text, locale, spoken_of, place)
    return None if wish is None else DayTold(wish, place.days)


def names_day_by_another(text: str, locale: str, now: datetime, timezone: str) -> bool:
    """Tell whether a day is told by another one, whichever that is.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.
    """
    return _day_place(text, locale, now, timezone) is not None


def says_same_time(text: str, locale: str) -> bool:
    """Tell whether the time of day that is spoken of is named: "the same time".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    known, folded = _shifting(language_of(locale)), tuple(map(fold, _split(text)))
    return known is not None and _same_at(known, folded) is not None


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
    return _shift_in(text, locale, now, timezone, is_open=False)


def shift_either_way(
    text: str, locale: str, now: datetime, timezone: str
) -> timedelta | Unclear | None:
    """Tell by how much a time is to be shifted where it is not told which way: "an hour back".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.

    Returns:
        The distance; why it does not count, where other words may turn it; None if the text names
        none, or a time from now: "call me back in an hour".
    """
    distance = _shift_in(text, locale, now, timezone, is_open=True)
    if not isinstance(distance, timedelta):
        return distance
    now = now.replace(second=0, microsecond=0)
    found = understand(text, locale, now, timezone)
    return None if isinstance(found, Wish) and found.earliest_at == now + distance else distance


def _shift_in(
    text: str, locale: str, now: datetime, timezone: str, *, is_open: bool
) -> timedelta | Unclear | None:
    known = _shifting(language_of(locale))
    if known is None or len(text) > _LONGEST_TEXT:
        return None
    words, now = _split(text), now.replace(second=0, microsecond=0)
    for way, start, end in _places(known, words):
        if is_open is not (way.sign == 0):
            continue
        for first, last in _beside(way, start, end, len(words)):
            distance = _distance(known, words[first:last], locale, now, timezone)
            if distance is None and is_open:
                days = _days_long(known, words[first:last], locale, now, timezone)
                distance = None if days is None else timedelta(days=days)
            if distance is None:
                continue
            rest = (*words[: min(first, start)], *words[max(last, end) :])
            named = understand(" ".join(rest), locale, now, timezone)
            if isinstance(named, Wish):
                return None
            said = range(min(first, start), max(last, end))
            is_alone = _stands_alone(text, locale, said)
            return (way.sign or 1) * distance if is_alone else _turned(text)
    return None


def without_moving(text: str, locale: str) -> str | None:
    """Leave out that something is moved: "bring it forward to Thursday" names Thursday.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        The other words; None if nothing is said to be moved.
    """
    known = _shifting(language_of(locale))
    folded = tuple(map(fold, _split(text)))
    moving = () if known is None else known.moving
    here = next((each for phrase in moving for each in _ranges(phrase, folded)), None)
    return None if here is None else _put(text, here, "").strip()


def changed_to_another(text: str, locale: str) -> Sequence[tuple[str, str]]:
    """Part "change Thursday to Friday" into what is changed and what it is changed to.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        Each way to part it, the last one first; none where nothing is said to be changed.
    """
    known = _shifting(language_of(locale))
    if known is None or len(text) > _LONGEST_TEXT or not names_change(text, locale):
        return ()
    count, folded = len(_split(text)), tuple(map(fold, _split(text)))
    places = [place for place in range(1, count - 1) if folded[place] in known.changed_to]
    return [
        (_put(text, range(place, count), "").strip(), _put(text, range(place + 1), "").strip())
        for place in reversed(places)
    ]


def names_change(text: str, locale: str) -> bool:
    """Tell whether something is said to be moved, or changed to something else.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    known = _shifting(language_of(locale))
    return known is not None and not known.changing.isdisjoint(map(fold, _split(text)))


def names_distance(text: str, locale: str) -> bool:
    """Tell whether words like "later" or "earlier" are in a text, be it with a distance or not.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    known = _shifting(language_of(locale))
    return known is not None and any(_places(known, _split(text)))


def day_at_the_same_time(
    text: str, locale: str, now: datetime, timezone: str, clock: time | None = None
) -> date | Unclear | None:
    """Tell the day on which the call should come at the clock time that is spoken of.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        now: The moment at which it was said, aware.
        timezone: IANA name of the customer's zone.
        clock: That time; of "Monday", said on a Monday, it tells which one is still to come.

    Returns:
        The day there; why it does not count, where other words may turn it; None if the text does
        not name just one, or says nothing of the same time.
    """
    known = _shifting(language_of(locale))
    if known is None or len(text) > _LONGEST_TEXT:
        return None
    folded = tuple(map(fold, _split(text)))
    same = _same_at(known, folded)
    if same is None:
        return None
    found = understand(_put(text, same, ""), locale, now, timezone)
    day = _one_day(found, timezone) or _day_to_come(found, now, timezone, clock)
    said = {*same, *_within(folded, found)}
    return day if day is None or _stands_alone(text, locale, said) else _turned(text)


def is_later_that_day(text: str, locale: str) -> bool:
    """Tell whether the rest of the day that is spoken of is meant: "later in the day".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    known = _shifting(language_of(locale))
    folded = tuple(map(fold, _split(text)))
    return known is not None and any(
        any(_ranges(phrase, folded)) for phrase in known.later_that_day
    )


@dataclass(frozen=True, slots=True)
class _DayPlace:
    """Where in a text a day is told by another one.

    Attributes:
        days: How many days later it is.
        said: The places of its words.
        words: These words.
        same: The places, among `said` as well, of the words for the time of day that is kept.
    """

    days: int
    said: frozenset[int]
    words: str
    same: frozenset[int]


def _day_place(text: str, locale: str, now: datetime, timezone: str) -> _DayPlace | None:
    known, beside = _shifting(language_of(locale)), _beside_it().get(language_of(locale))
    if known is None or beside is None or len(text) > _LONGEST_TEXT:
        return None
    words = _split(text)
    folded = tuple(map(fold, words))
    same = _same_at(known, folded)
    for phrase, days in beside.days:
        is_told = phrase not in beside.weeks or same is not None
        here = next(_ranges(phrase, folded), None) if is_told else None
        if here is not None:
            return _place_of(days, words, here, same)
    for way, start, end in _places(known, words):
        for first, last in _beside(way, start, end, len(words)):
            length = _days_long(known, words[first:last], locale, now, timezone)
            if length is not None and way.sign:
                here = range(min(first, start), max(last, end))
                return _place_of(way.sign * length, words, here, same)
    return None


def _place_of(days: int, words: Words, here: range, same: range | None) -> _DayPlace:
    told = " ".join(words[here.start : here.stop])
    beside = frozenset(() if same is None else same).difference(here)
    return _DayPlace(days, beside.union(here), told, beside)


def _same_at(known: _Shifting, folded: Words) -> range | None:
    """Where the time of day that is spoken of is named."""
    return next((here for same in known.same for here in _ranges(same, folded)), None)


def _days_long(
    known: _Shifting, words: Sequence[str], locale: str, now: datetime, timezone: str
) -> int | None:
    """How many days a duration has; None if it is none of days."""
    said = " ".join(known.one.get(word, word) for word in words)
    phrase = known.template.format(duration=said)
    found = understand(phrase, locale, now, timezone)
    day = _one_day(found, timezone)
    if day is None or _split(" ".join(found.words)) != _split(phrase):
        return None
    return (day - now.astimezone(ZoneInfo(timezone)).date()).days or None


def _put(text: str, said: Collection[int], instead: str) -> str:
    """The text with other words in the place of some, the signs between the others as they are."""
    level, kept, end = normalize(text).chars, [], 0
    for place, word in enumerate(_WORD.finditer(level)):
        kept.append(level[end : word.start()])
        if place not in said:
            kept.append(word[0])
        elif place - 1 not in said:
            kept.append(instead)
            instead = ""
        end = word.end()
    return "".join((*kept, level[end:]))


def _begins_longer(place: _DayPlace, whole: Wish | Unclear) -> bool:
    """Whether words are only the beginning of a day: "the day after" of that after tomorrow."""
    told = _folded(place.words)
    parts = map(_folded, whole.words)
    return any(len(part) > len(told) and part[: len(told)] == told for part in parts)


def _at_its_time(
    found: Wish, text: str, locale: str, spoken_of: SpokenOf, place: _DayPlace
) -> Wish | Unclear | None:
    """Give a day the time of day that is spoken of, unless another one is named."""
    if not place.days and any(each.choice is not None for each in found.readings()):
        return None
    day, is_whole = _one_day(found, found.zone), found.grain is Grain.DAY
    if day is None or not is_whole:
        is_two = place.same or any(not each.day_named for each in found.readings())
        return _turned(text) if is_two else found
    if place.days and not _stands_alone(text, locale, place.said):
        return _turned(text)
    if spoken_of.clock is None or not (place.days or place.same):
        return found
    at = datetime.combine(day, spoken_of.clock, ZoneInfo(found.zone)).astimezone(UTC)
    return Wish(WishKind.EXACT, at, None, Grain.MINUTE, found.zone, words=found.words)


def _turned(text: str) -> Unclear:
    return Unclear(UnclearReason.UNEXPLAINED_WORDS, (text.strip(),))


def _within(folded: Words, found: Wish | Unclear) -> Iterator[int]:
    """The places of the words that a time was read from."""
    for phrase in map(_folded, found.words):
        for here in _ranges(phrase, folded):
            yield from here


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


def _day_to_come(
    found: Wish | Unclear, now: datetime, timezone: str, clock: time | None
) -> date | None:
    """The day of several readings at which it is not that late yet; None if not just one is."""
    if not isinstance(found, Wish) or not found.undecided or found.excluded or clock is None:
        return None
    zone = ZoneInfo(timezone)
    days = [_one_day(each, timezone) for each in found.readings()]
    left = {day for day in days if day and datetime.combine(day, clock, zone) > now}
    return left.pop() if None not in days and len(left) == 1 else None


def _places(known: _Shifting, words: Words) -> Iterator[tuple[_Way, int, int]]:
    folded = tuple(map(fold, words))
    for way in known.ways:
        for here in _ranges(way.words, folded):
            yield way, here.start, here.stop


def _ranges(phrase: Words, folded: Words) -> Iterator[range]:
    """Where a phrase stands among words, from the left."""
    for start in range(len(folded) - len(phrase) + 1):
        if folded[start : start + len(phrase)] == phrase:
            yield range(start, start + len(phrase))


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
        days = [(_folded(each), count) for key, count in _DAYS.items() for each in own[key]]
        days.sort(key=lambda told: len(told[0]), reverse=True)
        made[language] = _Beside(
            harmless,
            opening,
            longest=max(map(len, harmless)),
            days=tuple(days),
            weeks=frozenset(map(_folded, own["week_after"])),
        )
    return made


@lru_cache
def _shifting(language: str) -> _Shifting | None:
    lists = word_list("answers", language)
    if not lists:
        return None
    data = lists["shift"]
    ways = [
        _Way(_folded(words), is_behind=side == "behind", sign=sign)
        for direction, sign in (("later", 1), ("earlier", -1), ("either", 0))
        for side in ("behind", "before")
        for entry in data[f"{direction}_{side}"]
        for words in variants(entry)
    ]
    ways.sort(key=lambda way: len(way.words), reverse=True)
    one = data.get("one", {})
    return _Shifting(
        template=data["after_now"],
        ways=tuple(ways),
        one=dict.fromkeys(one.get("said", ()), one.get("word", "")),
        same=tuple(sorted((_folded(each) for each in data["same"]), key=len, reverse=True)),
        later_that_day=frozenset(map(_folded, data["later_that_day"])),
        changing=frozenset(map(fold, data["changing"])),
        changed_to=frozenset(map(fold, data["changed_to"])),
        moving=tuple(
            sorted(
                (_folded(words) for entry in data["moving"] for words in variants(entry)),
                key=len,
                reverse=True,
            )
        ),
    )


def _folded(phrase: str) -> Words:
    return tuple(map(fold, _split(phrase)))


def _split(text: str) -> Words:
    return tuple(_WORD.findall(normalize(text).chars))
