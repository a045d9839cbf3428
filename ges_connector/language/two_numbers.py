"""Which of two numbers is meant: "on A, no, on B" is on B, "on A, not on B" is on A.

Only the words before the first and between the two are looked at. Where they do not decide it,
nobody guesses: who takes the wrong one of two numbers lets somebody else's telephone ring. Nor is
the only one meant that is called wrong, or that is a customer's number and no telephone's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ges_connector.language.normalize import fold, normalize
from ges_connector.language.word_lists import language_of, variants, word_lists

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_WORD_OR_SIGN: Final = re.compile(rf"{_WORD.pattern}|[,.;:!]")
_FEW: Final = 6
"""Words between two numbers that are still one correction."""
_NEAR: Final = 3
"""Words between a "not" and the number that it rules out, as in "not on my mobile"."""


class Meant(StrEnum):
    """Which of two numbers is meant."""

    FIRST = "first"
    SECOND = "second"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is said of two numbers.

    Attributes:
        meant: Which one is meant.
        begin: Where the words before the first one begin that rule it out, as an index into them;
            their length if there are none.
    """

    meant: Meant
    begin: int


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns of a language."""

    taken_back: re.Pattern[str]
    ruled_out: re.Pattern[str]
    ruled_out_before: re.Pattern[str]
    between_both: re.Pattern[str]
    of_another: re.Pattern[str]
    not_this: re.Pattern[str]
    called_wrong: re.Pattern[str]


def ruling_between(before: str, between: str, locale: str) -> Ruling:
    """Tell which of two numbers is meant.

    Args:
        before: What is said before the first.
        between: What is said between the two.
        locale: BCP 47 tag.
    """
    patterns = _patterns().get(language_of(locale))
    words = _words(between)
    if patterns is None or len(words) > _FEW:
        return Ruling(Meant.UNTOLD, len(before))
    said = " ".join(_WORD_OR_SIGN.findall(normalize(between).folded.strip()))
    denial = patterns.ruled_out_before.search(_levelled(before.rstrip()))
    is_both = patterns.between_both.search(said) is not None
    is_out = patterns.ruled_out.search(said) is not None
    is_back = patterns.taken_back.search(patterns.ruled_out.sub(" ", said)) is not None
    if denial is not None and len(_words(before[denial.end() :])) < _NEAR:
        meant = Meant.UNTOLD if is_both or is_out else Meant.SECOND
        return Ruling(meant, denial.start())
    if is_out and is_back:
        return Ruling(Meant.UNTOLD, len(before))
    if is_out:
        return Ruling(Meant.FIRST, len(before))
    return Ruling(Meant.SECOND if is_back else Meant.UNTOLD, len(before))


def ruled_out_within(before: str, behind: str, locale: str) -> tuple[int, int] | None:
    """Tell where the words stand by which the only number of a text is not the one to call.

    Args:
        before: What is said before it.
        behind: What is said behind it.
        locale: BCP 47 tag.

    Returns:
        Where they begin before it, and where they end behind it; None if there are none.
    """
    patterns = _patterns().get(language_of(locale))
    if patterns is None:
        return None
    said = _levelled(before.rstrip())
    ways = (patterns.of_another, patterns.ruled_out_before, patterns.not_this)
    found = next((match for way in ways if (match := way.search(said)) is not None), None)
    if found is not None:
        return found.start(), 0
    wrong = patterns.called_wrong.match(_levelled(behind.strip()))
    skipped = len(behind) - len(behind.lstrip())
    return None if wrong is None else (len(before), skipped + wrong.end())


def _levelled(text: str) -> str:
    """The text without case and accents, of the same length; empty where it cannot be had."""
    levelled = normalize(text).folded.strip()
    return levelled if len(levelled) == len(text) else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(normalize(text).folded)


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, _Patterns]:
    return {
        language: _Patterns(
            taken_back=_any_of(own["taken_back"], r"(?<!\w){}(?!\w)"),
            ruled_out=_any_of(own["ruled_out"], r"(?<!\w){}(?: \w+){{0,3}}\Z"),
            ruled_out_before=_any_of(
                own["not"], r"\b{}\b(?=[^\w.,;:!?]*(?:\w+[^\w.,;:!?]*){{0,2}}\Z)"
            ),
            between_both=_any_of(own["or"], r"\b{}\b"),
            of_another=_any_of(own["of_another"], r"\b{}\b[^.;:!?]*\Z"),
            not_this=_any_of(
                [each for entry in own["not_this"] for each in variants(entry)],
                rf"\b{{}}(?:[^\w,;!?]+(?:{'|'.join(own['leads_on'])}))*[^\w,;!?]*\Z",
            ),
            called_wrong=_any_of(
                [each for entry in own["called_wrong"] for each in variants(entry)],
                r"\W*(?:{}\b(?! \?)|\b"
                rf"(?:{'|'.join(own['not_behind'])})(?=\s*(?:[.,;!]|\Z)))",
            ),
        )
        for language, own in word_lists("two_numbers").items()
    }


def _any_of(phrases: list[str], frame: str) -> re.Pattern[str]:
    longest_first = sorted(map(fold, phrases), key=len, reverse=True)
    return re.compile(frame.format(f"(?:{'|'.join(map(re.escape, longest_first))})"))
