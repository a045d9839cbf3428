"""The words of a language that answers are made of, each with what it does to an answer.

One file per language holds them. Accents may be left out of what a customer writes, and the letters
of a yes may be drawn out: "siii" is "si".
"""

import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Self

from ges_connector.language.answer_vetoes import Vetoes
from ges_connector.language.normalize import fold, normalize

_FILES = resources.files("ges_connector.language") / "answers"
WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s']")
"""What counts as one word of an answer: letters, digits, or a single sign."""


class Other(StrEnum):
    """Something else that is wanted, whatever stands beside it; the keys of the files."""

    NUMBER = "other_number"
    """The number that is known is wrong, or not to be called."""
    TIME = "other_time"
    """Another time, not said which."""
    CALLBACK = "one_more"
    """One more callback, besides the one that is there."""


class Kind(StrEnum):
    """What a phrase does to an answer; the keys of the files, and two for what is in none."""

    YES = "yes"
    YES_OR_IF = "yes_or_if"
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    UNCHANGED = "unchanged"
    BESIDE = "beside"
    FAREWELL = "farewells"
    NO = "no"
    REASON = "reasons"
    NOT_KEPT = "not_kept"
    CONDITION = "conditions"
    DOUBT = "doubts"
    CORRECTION = "corrections"
    UNKNOWN = "unknown"
    SIGN = "sign"


# A phrase that stands in two lists is what makes an answer less plain.
_ORDER = (
    Kind.BESIDE,
    Kind.YES,
    Kind.YES_OR_IF,
    Kind.BOOK,
    Kind.MOVE,
    Kind.CANCEL,
    Kind.UNCHANGED,
    Kind.FAREWELL,
    Kind.CORRECTION,
    Kind.DOUBT,
    Kind.CONDITION,
    Kind.NO,
    Kind.REASON,
    Kind.NOT_KEPT,
)

_DRAWN_OUT = frozenset({Kind.YES, Kind.YES_OR_IF})

Phrase = tuple[str, ...]


def split(words: str) -> Phrase:
    """Part a text into words, as they are written but for their case."""
    return tuple(WORD.findall(normalize(words).chars))


def _folded(words: str) -> Phrase:
    return tuple(map(fold, split(words)))


def _unstretched(word: str) -> str:
    """Leave out what repeats a letter, with or without its accent."""
    return "".join(next(same) for _, same in itertools.groupby(word, fold))


def _is_among(phrases: frozenset[Phrase], words: Sequence[str]) -> bool:
    """Whether one of some phrases stands anywhere among words."""
    folded = tuple(map(fold, words))
    return any(
        folded[place : place + len(phrase)] == phrase
        for phrase in phrases
        for place in range(len(folded))
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A phrase of an answer: its kind, its words, and the place of the first of them."""

    kind: Kind
    words: Phrase
    place: int

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.place + len(self.words)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language that answers are made of."""

    kinds: Mapping[Phrase, Kind]
    assents: frozenset[Phrase]
    courtesies: frozenset[Phrase]
    interjections: frozenset[Phrase]
    uncancelled: frozenset[Phrase]
    before_time: frozenset[Phrase]
    behind_if: frozenset[Phrase]
    behind_no: frozenset[Phrase]
    firm: frozenset[Phrase]
    cut_off: frozenset[Phrase]
    vetoes: Vetoes
    number_ends: frozenset[Phrase]
    right_after_all: frozenset[Phrase]
    our_clock: frozenset[Phrase]
    alone: frozenset[Phrase]
    until: frozenset[Phrase]
    wishes: Mapping[Other, frozenset[Phrase]]
    some_time: frozenset[Phrase]
    longest: int

    @classmethod
    def of_file(cls, language: str) -> Self:
        """Read those of a language: the name of its file."""
        data = tomllib.loads((_FILES / f"{language}.toml").read_text("utf-8"))
        kinds: dict[Phrase, Kind] = {}
        # Accents may be left out, but not put in: "si" may be "sí", "sí" is never "si".
        for spell in (_folded, split):
            kinds |= {spell(entry): kind for kind in _ORDER for entry in data.get(kind, ())}

        def listed(key: str) -> frozenset[Phrase]:
            return frozenset(map(_folded, data.get(key, ())))

        return cls(
            kinds=kinds,
            assents=listed("assents"),
            courtesies=listed("courtesies"),
            interjections=listed("interjections"),
            uncancelled=listed("uncancelled"),
            before_time=listed("before_time"),
            behind_if=listed("behind_if"),
            behind_no=listed("behind_no"),
            firm=listed("firm"),
            cut_off=listed("cut_off"),
            vetoes=Vetoes.of(data),
            number_ends=listed("number_ends"),
            right_after_all=listed("right_after_all"),
            our_clock=listed("our_clock"),
            alone=listed("alone"),
            until=listed("until"),
            wishes={other: listed(other) for other in Other},
            some_time=listed("some_time"),
            longest=max(map(len, kinds)),
        )

    def parse(self, words: Sequence[str]) -> list[Piece]:
        """All phrases in their order, the longest there are."""
        found: list[Piece] = []
        place = 0
        while place < len(words):
            kind, length = self._at(words, place)
            found.append(Piece(kind, tuple(words[place : place + length]), place))
            place += length
        return found

    def assents_by(self, words: Phrase) -> bool:
        """Whether a yes praises nothing: "ja bitte" is made of such words."""
        alone = self.assents | self.courtesies
        return words in self.assents or all((word,) in alone for word in words)

    def adds_nothing(self, words: Phrase) -> bool:
        """Whether what stands behind a yes that holds a "no" leaves it one: "no doubt, thanks"."""
        known = self.assents | self.courtesies | self.behind_no
        reached = {0}
        for place in range(len(words)):
            if place in reached:
                ends = range(place + 1, min(place + self.longest, len(words)) + 1)
                reached |= {end for end in ends if words[place:end] in known}
        return len(words) in reached

    def wants(self, other: Other, words: Sequence[str]) -> bool:
        """Whether a phrase for something else than was asked about is in it."""
        return _is_among(self.wishes[other], words)

    def wants_some_time(self, words: Sequence[str]) -> bool:
        """Whether a phrase for a time that is not named yet is in it."""
        return _is_among(self.some_time, words)

    def is_alone(self, words: Phrase) -> bool:
        """Whether a phrase is a yes where nothing else is said, also drawn out: "pleease"."""
        folded = tuple(map(fold, words))
        return folded in self.alone or tuple(map(_unstretched, words)) in self.alone

    def turns(self, piece: Piece) -> bool:
        """Whether a phrase holds a word that is a "no" or a question on its own."""
        alone = {self.kinds.get((fold(word),)) for word in piece.words}
        return len(piece.words) > 1 and not alone.isdisjoint({Kind.NO, Kind.DOUBT})

    def forbids(self, words: Sequence[str], deed: str) -> bool:
        """Whether words that are harmless one by one are no yes together."""
        return self.vetoes.forbid(words, deed, self.firm | self.assents)

    def denies_by(self, words: Phrase) -> bool:
        """Whether a "no" or "not" is within a phrase."""
        folded = tuple(map(fold, words))
        runs = itertools.combinations(range(len(folded) + 1), 2)
        return any(self.kinds.get(folded[start:end]) is Kind.NO for start, end in runs)

    def _at(self, words: Sequence[str], place: int) -> tuple[Kind, int]:
        if not words[place][0].isalnum():
            return Kind.SIGN, 1
        # "Sí, no puedo" never begins with the "si no" that is a condition.
        is_accented = fold(words[place]) != words[place] and (words[place],) in self.kinds
        for length in range(min(self.longest, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            kind = self.kinds.get(phrase)
            if kind is None and not is_accented:
                kind = self.kinds.get(tuple(map(fold, phrase)))
            if kind is not None:
                return kind, length
        # Only a yes, and what may be one, may be drawn out: "off" is no "of".
        short = (_unstretched(words[place]),)
        kind = self.kinds.get(short, Kind.UNKNOWN)
        is_drawn_out = kind in _DRAWN_OUT or short in self.alone
        return kind if is_drawn_out else Kind.UNKNOWN, 1


@lru_cache
def all_words() -> Mapping[str, Words]:
    """Give the words of all languages, by language."""
    names = sorted(file.name for file in _FILES.iterdir() if file.name.endswith(".toml"))
    return {name.removesuffix(".toml"): Words.of_file(name.removesuffix(".toml")) for name in names}


def words_of(locale: str) -> Words | None:
    """Give the words of a language; None if it has no file.

    Args:
        locale: BCP 47 tag.
    """
    return all_words().get(locale.replace("_", "-").partition("-")[0])
