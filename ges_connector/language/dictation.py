"""Telephone numbers as they are said: digit by digit, in pairs, with "double" and with "plus".

"Null dreißig dreiundzwanzig zwölf" is 0302312. The words come from the `[numbers]` of a language's
grammar file, which holds what clock times and dates need, and from its `[dictation]`, which holds
what only a dictated number needs: the rest of the tens, hundreds, other names of digits, "double"
and "plus".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ges_connector.language.grammar_files import grammar, number_words
from ges_connector.language.locales import babel_locale
from ges_connector.language.normalize import fold, level, normalize

_LEAST_DIGITS = 7
_HUNDRED = 100
_HIGHEST_DIGIT = 9
_WORD = re.compile(r"\d+|\+|[^\W\d_]+")
# What may stand between two groups that are said one after the other.
_PAUSE = re.compile(r"[\s.,;:/()\-\u2013\u2026]*")


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said when a number is dictated; phrases are tuples of folded words.

    Attributes:
        digits: What a phrase stands for: `99`, or `+`.
        hundreds: The same for hundreds, which take a smaller number behind them.
        repeats: How often a phrase says the digit after it.
        longest: Words of the longest phrase.
    """

    digits: Mapping[tuple[str, ...], str]
    hundreds: Mapping[tuple[str, ...], int]
    repeats: Mapping[tuple[str, ...], int]
    longest: int


@dataclass(frozen=True, slots=True)
class _Said:
    """A piece of a dictation: where it ends, by words, and its digits."""

    end: int
    digits: str


def with_digits(text: str, locale: str, least: int = _LEAST_DIGITS) -> str:
    """Put digits where a telephone number is said in words.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        least: How many digits a dictation has.

    Returns:
        The text with every dictation written as one group; other number words stay, since they are
        hours and days.
    """
    words = _words_of(babel_locale(locale).language, babel_locale(locale).territory)
    if not words.digits:
        return text
    spans = [match.span() for match in _WORD.finditer(text)]
    said = [_levelled(text[start:end]) for start, end in spans]
    written, place, at = [], 0, 0
    while at < len(said):
        end, digits = _run(said, spans, text, at, words)
        is_in_words = any(word.isalpha() for word in said[at:end])
        if is_in_words and _is_hour_before(text, spans, said, at, end):
            end = at + 1
        elif is_in_words and sum(map(str.isdigit, digits)) >= least:
            written += [text[place : spans[at][0]], digits]
            place = spans[end - 1][1]
        at = max(end, at + 1)
    return "".join([*written, text[place:]])


def _is_hour_before(
    text: str, spans: list[tuple[int, int]], said: list[str], at: int, end: int
) -> bool:
    """Whether a comma parts one word from a whole number in digits: "at eleven, 910 60 12 35"."""
    rest, pause = said[at + 1 : end], text[spans[at][1] : spans[min(at + 1, end - 1)][0]]
    is_written = sum(map(len, rest)) >= _LEAST_DIGITS and all(map(str.isdecimal, rest))
    return is_written and "," in pause


def digit_said(text: str, locale: str) -> int | None:
    """Tell the one digit that is the whole text, in a word.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        One to nine; None for anything else.
    """
    words = _words_of(babel_locale(locale).language, babel_locale(locale).territory)
    said = [_levelled(word) for word in _WORD.findall(text)]
    digits = words.digits.get(tuple(said), "") if len(said) == 1 else ""
    return int(digits) if digits.isdecimal() and 0 < int(digits) <= _HIGHEST_DIGIT else None


def _levelled(word: str) -> str:
    """One form of a customer's word; unlike that of a grammar's word, it is not kept."""
    return word.lower() if word.isascii() else normalize(word).folded.strip()


def _run(
    said: list[str], spans: list[tuple[int, int]], text: str, at: int, words: _Words
) -> tuple[int, str]:
    """The dictation that begins at a word: where it ends, and its digits."""
    digits = ""
    while piece := _piece(said, at, words):
        if digits and piece.digits == "+":
            break
        digits, at = digits + piece.digits, piece.end
        if at == len(said) or not _PAUSE.fullmatch(text, spans[at - 1][1], spans[at][0]):
            break
    return at, digits


def _piece(said: list[str], at: int, words: _Words) -> _Said | None:
    for length in range(min(words.longest, len(said) - at), 0, -1):
        end, phrase = at + length, tuple(said[at : at + length])
        if phrase in words.repeats:
            digit = _number(said, end, words)
            if digit is not None and len(digit.digits) == 1:
                return _Said(digit.end, digit.digits * words.repeats[phrase])
        if phrase in words.hundreds:
            rest = _number(said, end, words)
            is_part = rest is not None and len(rest.digits) <= 2 and rest.digits.isdigit()  # noqa: PLR2004 - less than a hundred
            if rest is None or not is_part or rest.digits.startswith("0"):
                return _Said(end, str(words.hundreds[phrase]))
            return _Said(rest.end, str(words.hundreds[phrase] + int(rest.digits)))
    return _number(said, at, words)


def _number(said: list[str], at: int, words: _Words) -> _Said | None:
    """The longest number below a hundred, group of digits or plus sign at a word."""
    for length in range(min(words.longest, len(said) - at), 0, -1):
        digits = words.digits.get(tuple(said[at : at + length]))
        if digits is not None:
            return _Said(at + length, digits)
    is_written = at < len(said) and (said[at].isdecimal() or said[at] == "+")
    return _Said(at + 1, said[at]) if is_written else None


@lru_cache(maxsize=64)
def _words_of(language: str, territory: str | None) -> _Words:
    data = grammar(language, territory)
    numbers, own = data.get("numbers", {}), data.get("dictation", {})
    digits = {
        _phrase(word): str(value)
        for value, phrases in number_words(_with_tens(numbers, own))
        if value < _HUNDRED
        for word in phrases
    }
    digits |= dict(_twenties(numbers, own))
    digits |= {_phrase(word): "+" for word in own.get("plus", ())}
    digits |= {_phrase(word): key for key, each in own.get("words", {}).items() for word in each}
    hundreds = _keyed(own.get("hundreds", {}))
    repeats = _keyed(own.get("repeat", {}))
    longest = max((len(each) for each in [*digits, *hundreds, *repeats]), default=0)
    return _Words(digits, hundreds, repeats, longest)


def _with_tens(numbers: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a language with the tens that no clock and no calendar needs."""
    return {**numbers, "tens": {**numbers.get("tens", {}), **own.get("tens", {})}}


def _twenties(
    numbers: Mapping[str, Any], own: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Numbers that are counted on from a multiple of twenty ("soixante-douze")."""
    for ten, ten_words in own.get("twenties", {}).items():
        yield from ((_phrase(word), ten) for word in ten_words)
        for one, one_words in numbers.get("words", {}).items():
            if 0 < int(one) < 20:  # noqa: PLR2004 - then the next twenty begins
                for ten_word in ten_words:
                    for one_word in one_words:
                        total = str(int(ten) + int(one))
                        yield _phrase(f"{ten_word} {one_word}"), total
                        yield _phrase(f"{ten_word} {own.get('and', '')} {one_word}"), total


def _keyed(section: Mapping[str, Any]) -> dict[tuple[str, ...], int]:
    return {_phrase(word): int(key) for key, words in section.items() for word in words}


def _phrase(words: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(level(words))))
