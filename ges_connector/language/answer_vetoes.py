"""Runs of harmless words that are no yes together: "I will be on the phone then".

They stand in the files of the answers, in those lists whose names begin with "never": for
whatever is asked, and for what would be done. In them, "^" is the beginning of a clause and "$" its
end, "^^" and "$$" those of the whole answer, and "…" a few words more.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Self

from ges_connector.language.normalize import fold
from ges_connector.language.word_lists import variants

_END = "|"
_SIGN = ","
_CLAUSE_ENDS = frozenset(",.;:!?")
_MARKS: Final[Mapping[str, str]] = {
    "^": r" \|",
    "^^": r"\A \|",
    "$": r"(?= \|)",
    "$$": r"(?=(?: \|)+ \Z)",
    "…": r"(?: [^\s|]+){0,4}",
}
_LETTERS = re.compile(r"[^\W_]+")


class Vetoes:
    """Which runs of words make an answer less than a plain yes."""

    __slots__ = ("_patterns",)

    def __init__(self, patterns: Mapping[str, Mapping[str, re.Pattern[str]]]) -> None:
        """Take the patterns, by the key of their list and by a word that each of them holds."""
        self._patterns = patterns

    @classmethod
    def of(cls, data: Mapping[str, Sequence[str]]) -> Self:
        """Read those of a file of answers."""
        lists = {
            key: [each for entry in entries for each in variants(entry)]
            for key, entries in data.items()
            if key.startswith("never")
        }
        return cls({key: _by_word(each) for key, each in lists.items()})

    def forbid(self, words: Sequence[str], deed: str, yes: Collection[tuple[str, ...]]) -> bool:
        """Whether one of them is in an answer.

        Args:
            words: Its words and signs.
            yes: The words that are a clause of their own where an answer begins with them.
            deed: What would be done: the end of the key of its own list.
        """
        folded = tuple(map(fold, words))
        lists = (self._patterns.get(key, {}) for key in ("never", f"never_{deed}"))
        known = [each[word] for each in lists for word in {*folded} & each.keys()]
        if not known:
            return False
        ways = [_joined(folded)]
        if folded[:1] in yes:
            ways.append(_joined((folded[0], _SIGN, *folded[1:])))
        return any(each.search(said) is not None for each in known for said in ways)


def _by_word(entries: Sequence[str]) -> Mapping[str, re.Pattern[str]]:
    """One pattern for all entries that hold a word, each under its longest: it has to be there."""
    held: dict[str, list[str]] = {}
    for entry in entries:
        words = [fold(word.lower()) for word in _LETTERS.findall(entry)]
        held.setdefault(max(words, key=len), []).append(_pattern(entry))
    return {word: re.compile("|".join(each)) for word, each in held.items()}


def _pattern(entry: str) -> str:
    return "".join(_MARKS.get(each) or _words(each) for each in entry.split())


def _words(each: str) -> str:
    return "".join(rf" {fold(word.lower())}(?= )" for word in _LETTERS.findall(each))


def _joined(words: Sequence[str]) -> str:
    kept = (_END if word in _CLAUSE_ENDS else word for word in words)
    said = [each for each in kept if each == _END or each[0].isalnum()]
    return "".join(f" {each}" for each in (_END, *said, _END)) + " "
