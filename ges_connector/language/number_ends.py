"""The last digits of a number, as somebody says them who corrects it: "should be 09 at the end".

Only what is said of the number's end is told here; whose number it is, the conversation knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ges_connector.language.dictation import with_digits
from ges_connector.language.normalize import normalize
from ges_connector.language.word_lists import language_of, word_lists

_LONGEST_TEXT: Final = 300
_MOST_DIGITS: Final = 6
_DIGITS: Final = r"(?<![\d:])\d(?:[\s.-]{0,2}\d)*(?![:\d])"
_UP_TO_THREE_WORDS: Final = r"(?:[^\w:]{1,3}[^\W\d][\w']*){0,3}?[^\w:]{1,3}"
_UP_TO_TWO_WORDS: Final = r"(?:[^\w]{1,3}[^\W\d][\w']*){0,2}[^\w]{1,3}"
_DIGITS_BEHIND: Final = re.compile(f"{_UP_TO_THREE_WORDS}({_DIGITS})")
_DIGITS_BEFORE: Final = re.compile(f"({_DIGITS}){_UP_TO_TWO_WORDS}\\Z")


@dataclass(frozen=True, slots=True)
class NumberEnd:
    """What a text says of the end of a number.

    Attributes:
        digits: The digits it is to end in; None if that cannot be told.
        rest: The text without them; a time may stand there.
    """

    digits: str | None
    rest: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns of a language."""

    named: re.Pattern[str]
    ends: re.Pattern[str]
    place: re.Pattern[str]
    behind_time: re.Pattern[str]
    before_time: re.Pattern[str]
    ruled_out: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits beside a phrase: where they stand, and whether they are ruled out."""

    start: int
    end: int
    digits: str
    is_ruled_out: bool


def number_end_in(text: str, locale: str) -> NumberEnd | None:
    """Find what a text says of the end of a number.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        The digits and the other words; None if it speaks of no number's end.
    """
    found = _end_in(text, locale)
    if found is not None and found.digits is not None:
        return found
    # In words: "it ends in eight six". One digit alone may be any "one"; but not as the last digit.
    said = _end_in(with_digits(text, locale, least=2), locale)
    if said is None or said.digits is not None or found is None:
        return said or found
    one = _end_in(with_digits(text, locale, least=1), locale)
    return one if one is not None and one.digits is not None else found


def _end_in(text: str, locale: str) -> NumberEnd | None:
    patterns = _patterns().get(language_of(locale))
    levelled = normalize(text).folded.strip()
    if patterns is None or len(text) > _LONGEST_TEXT or len(levelled) != len(text):
        return None
    for pattern, can_stand_alone in (
        (patterns.named, True),
        (patterns.ends, False),
        (patterns.place, False),
    ):
        for phrase in pattern.finditer(levelled):
            groups = [*_behind(levelled, phrase.end(), patterns)]
            # What something ends in stands behind that: "I am 20 and the street ends in a square".
            if pattern is not patterns.ends:
                groups += _before(levelled, phrase.start(), patterns)
            if groups or can_stand_alone:
                return _told(text, phrase, groups)
    return None


def _told(text: str, phrase: re.Match[str], groups: list[_Group]) -> NumberEnd:
    start = min([phrase.start(), *(each.start for each in groups)])
    end = max([phrase.end(), *(each.end for each in groups)])
    meant = {each.digits for each in groups if not each.is_ruled_out}
    is_one = len(meant) == 1 and len(min(meant)) <= _MOST_DIGITS
    return NumberEnd(meant.pop() if is_one else None, f"{text[:start]} {text[end:]}".strip())


def _behind(text: str, place: int, patterns: _Patterns) -> list[_Group]:
    """The digits behind a phrase, up to the second ones that count: "12 or 13"."""
    found: list[_Group] = []
    while (match := _DIGITS_BEHIND.match(text, place)) is not None:
        words = text[place : match.start(1)].strip()
        is_out = patterns.ruled_out.search(words) is not None
        is_second = any(not each.is_ruled_out for each in found)
        is_time = _is_time(text, words, match.end(1), patterns)
        if is_time:
            break
        found.append(_group(match, is_out=is_out))
        if is_second and not is_out:
            break
        place = match.end(1)
    return found


def _before(text: str, place: int, patterns: _Patterns) -> list[_Group]:
    """The digits before a phrase: "74 at the end"."""
    match = _DIGITS_BEFORE.search(text[:place])
    if match is None or _is_time(text, text[: match.start(1)].strip(), match.end(1), patterns):
        return []
    is_out = patterns.ruled_out.search(text[: match.start(1)].rstrip(" ")) is not None
    return [_group(match, is_out=is_out)]


def _is_time(text: str, words: str, end: int, patterns: _Patterns) -> bool:
    is_before = patterns.before_time.search(words) is not None
    return is_before or patterns.behind_time.match(text, end) is not None


def _group(match: re.Match[str], *, is_out: bool) -> _Group:
    digits = "".join(filter(str.isdigit, match[1]))
    return _Group(match.start(1), match.end(1), digits, is_out)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, _Patterns]:
    return {
        language: _Patterns(
            named=_any_of(own["named"], r"\b{}\b"),
            ends=_any_of(own["ends"], r"\b{}\b"),
            place=_any_of(own["place"], r"\b{}\b"),
            behind_time=_any_of(own["behind_time"], r"\s?{}\b"),
            before_time=_any_of(own["before_time"], r"\b{}\Z"),
            ruled_out=_any_of(own["not"], r"\b{}(?: (?:in|with|on|auf|mit|par|en|con))?\Z"),
        )
        for language, own in word_lists("number_end").items()
    }


def _any_of(patterns: list[str], frame: str) -> re.Pattern[str]:
    return re.compile(frame.format(f"(?:{'|'.join(patterns)})"))
