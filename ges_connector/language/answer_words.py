"""The words of a language that answers are made of, each with what it does to an answer.

One file per language holds them. Accents may be left out of what a customer writes, and the letters
of a yes may be drawn out: "siii" is "si". "{a|b} {c|}" in a file stands for "a c", "b c", "a" and
"b".
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from sys import intern
from typing import Any, Self

from ges_connector.language.answer_vetoes import Vetoes
from ges_connector.language.net import Node, SharedPlaces, Ways
from ges_connector.language.normalize import fold, normalize
from ges_connector.language.word_lists import language_of, variants, word_lists

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


class Part(StrEnum):
    """A part of what is read back; the keys of the files."""

    NUMBER = "number_parts"
    TIME = "time_parts"
    DAY = "day_parts"


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

# Letters and signs that are levelled by writing them small, and need no closer look.
_LOWER = "a-z0-9äöüàâçèéêëîïôùûñáíóú"
_UPPER = "A-ZÄÖÜÀÂÇÈÉÊËÎÏÔÙÛÑÁÍÓÚ"
_SIMPLE = re.compile(rf"[{_LOWER}{_UPPER} ,;:!?'¿¡]*")
_REPEATED = re.compile(r"(.)\1")

_DRAWN_OUT = frozenset({Kind.YES, Kind.YES_OR_IF})

Phrase = tuple[str, ...]


def split(words: str) -> Phrase:
    """Part a text into words, as they are written but for their case."""
    level = words.lower() if _SIMPLE.fullmatch(words) else normalize(words).chars
    return tuple(WORD.findall(level))


def _folded(words: str) -> Phrase:
    return tuple(map(fold, split(words)))


def _listed(entries: Iterable[str], spell: Callable[[str], Phrase]) -> Iterator[Phrase]:
    """The phrases of a list, of whose words, which are few, one each is kept."""
    return (tuple(map(intern, spell(each))) for entry in entries for each in variants(entry))


def _unstretched(word: str) -> str:
    """Leave out what repeats a letter, with or without its accent."""
    return "".join(next(same) for _, same in itertools.groupby(word, fold))


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that are looked for anywhere among words, by the first word of each."""

    by_first: Mapping[str, tuple[Phrase, ...]]

    @classmethod
    def of(cls, entries: Iterable[str]) -> Self:
        """Take the entries of a list."""
        by_first: dict[str, tuple[Phrase, ...]] = {}
        for phrase in dict.fromkeys(_listed(entries, _folded)):
            by_first[phrase[0]] = (*by_first.get(phrase[0], ()), phrase)
        return cls(by_first)

    def places(self, folded: Phrase) -> Iterator[tuple[int, int]]:
        """Where they stand among words without accents: each one's place and the one behind it."""
        for place, word in enumerate(folded):
            for phrase in self.by_first.get(word, ()):
                end = place + len(phrase)
                if folded[place:end] == phrase:
                    yield place, end

    def are_among(self, words: Sequence[str]) -> bool:
        """Whether one of them is there."""
        return next(self.places(tuple(map(fold, words))), None) is not None


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

    kinds: Node[Kind]
    assents: frozenset[Phrase]
    courtesies: frozenset[Phrase]
    interjections: frozenset[Phrase]
    uncancelled: frozenset[Phrase]
    before_time: frozenset[Phrase]
    behind_if: frozenset[Phrase]
    behind_no: frozenset[Phrase]
    firm: frozenset[Phrase]
    openings: frozenset[Phrase]
    cut_off: frozenset[Phrase]
    vetoes: Vetoes
    number_ends: Phrases
    right_after_all: Phrases
    objections: Phrases
    our_clock: frozenset[Phrase]
    alone: frozenset[Phrase]
    until: frozenset[Phrase]
    and_also: Phrases
    as_well: Phrases
    joins: frozenset[Phrase]
    bare_and: frozenset[Phrase]
    both: frozenset[Phrase]
    content: frozenset[Phrase]
    wishes: Mapping[Other, Phrases]
    some_time: Phrases
    longest: int
    parts: Mapping[str, Part]
    beyond_parts: Phrases
    wholes: frozenset[str]

    @classmethod
    def of_lists(cls, data: Mapping[str, Any]) -> Self:
        """Take the lists of a language."""
        # Accents may be left out, but not put in: "si" may be "sí", "sí" is never "si".
        kinds = {
            phrase: (kind,)
            for spell in (_folded, split)
            for kind in _ORDER
            for phrase in _listed(data.get(kind, ()), spell)
        }

        def listed(key: str) -> frozenset[Phrase]:
            return frozenset(_listed(data.get(key, ()), _folded))

        return cls(
            kinds=Ways(kinds).net(SharedPlaces()),
            assents=listed("assents"),
            courtesies=listed("courtesies"),
            interjections=listed("interjections"),
            uncancelled=listed("uncancelled"),
            before_time=listed("before_time"),
            behind_if=listed("behind_if"),
            behind_no=listed("behind_no"),
            firm=listed("firm"),
            openings=listed("firm") | listed("assents"),
            cut_off=listed("cut_off"),
            vetoes=Vetoes.of(data),
            number_ends=Phrases.of(data.get("number_ends", ())),
            right_after_all=Phrases.of(data.get("right_after_all", ())),
            objections=Phrases.of(data.get("objections", ())),
            our_clock=listed("our_clock"),
            alone=listed("alone"),
            until=listed("until"),
            and_also=Phrases.of(data.get("and_also", ())),
            as_well=Phrases.of(data.get("as_well", ())),
            joins=listed("joins"),
            bare_and=listed("bare_and"),
            both=listed("both"),
            content=listed("content"),
            wishes={other: Phrases.of(data.get(other, ())) for other in Other},
            some_time=Phrases.of(data.get("some_time", ())),
            longest=max(map(len, kinds)),
            parts={fold(word): part for part in Part for word in data.get(part, ())},
            beyond_parts=Phrases.of(data.get("beyond_parts", ())),
            wholes=frozenset(map(fold, data.get("wholes", ()))),
        )

    def parse(self, words: Sequence[str]) -> list[Piece]:
        """All phrases in their order, the longest there are."""
        found: list[Piece] = []
        raw, folded, place = tuple(words), tuple(map(fold, words)), 0
        while place < len(raw):
            kind, length = self._at(raw, folded, place)
            found.append(Piece(kind, raw[place : place + length], place))
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
        return self.wishes[other].are_among(words)

    def wants_some_time(self, words: Sequence[str]) -> bool:
        """Whether a phrase for a time that is not named yet is in it."""
        return self.some_time.are_among(words)

    def is_alone(self, words: Phrase) -> bool:
        """Whether a phrase is a yes where nothing else is said, also drawn out: "pleease"."""
        folded = tuple(map(fold, words))
        return folded in self.alone or tuple(map(_unstretched, words)) in self.alone

    def turns(self, piece: Piece) -> bool:
        """Whether a phrase holds a word that is a "no" or a question on its own."""
        alone = {self._kinds_at((fold(word),), 0).get(1) for word in piece.words}
        return len(piece.words) > 1 and not alone.isdisjoint({Kind.NO, Kind.DOUBT})

    def forbids(self, words: Sequence[str], deed: str) -> bool:
        """Whether words that are harmless one by one are no yes together."""
        return self.vetoes.forbid(words, deed, self.openings)

    def denies_by(self, words: Phrase) -> bool:
        """Whether a "no" or "not" is within a phrase."""
        folded = tuple(map(fold, words))
        starts = range(len(folded))
        return any(Kind.NO in self._kinds_at(folded, start).values() for start in starts)

    def _at(self, words: Phrase, folded: Phrase, place: int) -> tuple[Kind, int]:
        if not words[place][0].isalnum():
            return Kind.SIGN, 1
        # "Sí, no puedo" never begins with the "si no" that is a condition.
        kinds = self._kinds_at(words, place)
        is_accented = folded[place] != words[place] and 1 in kinds
        if not is_accented and folded != words:
            kinds = self._kinds_at(folded, place) | kinds
        if kinds:
            longest = max(kinds)
            return kinds[longest], longest
        if _REPEATED.search(folded[place]) is None:
            return Kind.UNKNOWN, 1
        # Only a yes, and what may be one, may be drawn out: "off" is no "of".
        short = (_unstretched(words[place]),)
        kind = self._kinds_at(short, 0).get(1, Kind.UNKNOWN)
        is_drawn_out = kind in _DRAWN_OUT or short in self.alone
        return kind if is_drawn_out else Kind.UNKNOWN, 1

    def _kinds_at(self, words: Phrase, place: int) -> dict[int, Kind]:
        """What the phrases that begin at a place do to an answer, by how long they are."""
        kinds: dict[int, Kind] = {}
        node = self.kinds
        for length, word in enumerate(words[place:], start=1):
            onward = node.strict.get(word)
            if onward is None:
                break
            if onward.ends:
                kinds[length] = onward.ends[0]
            node = onward
        return kinds


@lru_cache
def all_words() -> Mapping[str, Words]:
    """Give the words of all languages, by language."""
    return {language: Words.of_lists(data) for language, data in word_lists("answers").items()}


def words_of(locale: str) -> Words | None:
    """Give the words of a language; None if it has no file.

    Args:
        locale: BCP 47 tag.
    """
    return all_words().get(language_of(locale))
