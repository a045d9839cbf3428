"""The words and phrases of a locale, and how they are looked up where they begin in a text.

Tens of thousands of phrases are tied into one net, word by word: what they go on with alike is
kept once, also between the regions of a language.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from ges_connector.language.net import Node, SharedPlaces, Ways
from ges_connector.language.normalize import fold

Weight = Literal["sure", "weak", "doubtful", "free"]
"""Whether a word must be explained: "sure" must; "weak" should, if it can; "doubtful" is as likely
something else; "free" needs no explanation."""


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


_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_AS_IT_STANDS: Final = ""


def looked_up_as(spelling: str) -> Sequence[str]:
    """How a word may be typed: each accent left out, or letters put in its place."""
    written = [dict.fromkeys((each, each.translate(_SPELLED_OUT))) for each in spelling]
    return tuple(dict.fromkeys(fold("".join(letters)) for letters in itertools.product(*written)))


class Phrasebook:
    """The entries of a locale while they are gathered."""

    def __init__(self) -> None:
        self._ways = Ways[Entry]()

    def add(self, entry: Entry) -> None:
        """Add an entry behind those of its spelling."""
        self._ways.add(_steps(entry.spelling), _one_of(_spelt(entry, _AS_IT_STANDS)))

    def of(self, spelling: str) -> Iterator[Entry]:
        """Give the entries of a spelling."""
        return (_spelt(each, spelling) for each in self._ways.ends(_steps(spelling)))

    def __iter__(self) -> Iterator[str]:
        return map(" ".join, self._ways)

    def index(self, shared: SharedPlaces[Entry]) -> "WordIndex":
        """Tie them into a net."""
        spellings: dict[str, tuple[str, ...]] = {}
        for word in sorted({word for steps in self._ways for word in steps}):
            for typed in looked_up_as(word):
                spellings[typed] = (*spellings.get(typed, ()), word)
        lengths: dict[str, set[int]] = {}
        for typed in spellings:
            lengths.setdefault(typed[0], set()).add(len(typed))
        return WordIndex(
            self._ways.net(shared),
            {typed: words for typed, words in spellings.items() if words != (typed,)},
            {first: tuple(sorted(each)) for first, each in lengths.items()},
        )


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The entries of a locale.

    Attributes:
        net: where every phrase begins; its steps are words as they are spelt.
        spellings: by a folded word, the words that it may stand for, unless it is for itself alone.
        lengths: for a first letter, the lengths of folded words that begin with it.
    """

    net: Node[Entry]
    spellings: Mapping[str, Sequence[str]]
    lengths: Mapping[str, Sequence[int]]

    def beginning(self, folded: str, start: int) -> Sequence[tuple[int, Sequence[Entry]]]:
        """Give the entries that begin at a place of a text, by their lengths, the longest first.

        Args:
            folded: the text without accents.
            start: the place.
        """
        found: dict[int, list[Entry]] = {}
        reached = [(self.net, start, "")]
        for node, place, before in reached:
            for end, word, onward in self._steps(node, folded, place):
                spelling = before + word
                if onward.ends:
                    entries = [_spelt(each, spelling) for each in onward.ends]
                    found.setdefault(end - start, []).extend(entries)
                if onward.strict and folded[end : end + 1] == " ":
                    reached.append((onward, end + 1, f"{spelling} "))
        return sorted(found.items(), reverse=True)

    def of(self, folded: str) -> Sequence[Entry]:
        """Give the entries that a word or phrase without accents may stand for."""
        return dict(self.beginning(folded, 0)).get(len(folded), ())

    def _steps(
        self, node: Node[Entry], folded: str, place: int
    ) -> Iterator[tuple[int, str, Node[Entry]]]:
        """The words that begin at a place and lead on: where each ends, itself, and where to."""
        for length in self.lengths.get(folded[place : place + 1], ()):
            typed = folded[place : place + length]
            if len(typed) < length or typed[-1] == " ":
                break
            for word in self.spellings.get(typed, (typed,)):
                onward = node.strict.get(word)
                if onward is not None:
                    yield place + length, word, onward


@lru_cache(maxsize=4096)
def _one_of(kind: Entry) -> Entry:
    """Keep one of each: tens of thousands of phrases are of some hundred kinds."""
    return kind


def _spelt(kind: Entry, spelling: str) -> Entry:
    return Entry(spelling, kind.keys, kind.value, kind.weight, kind.joined)


def _steps(spelling: str) -> tuple[str, ...]:
    return tuple(spelling.split(" "))
