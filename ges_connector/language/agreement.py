"""Whether an answer is a plain yes to the question whether to do something.

A yes that is limited, doubted or turned round by any other word must not book, move or cancel
anything, and nobody can list all such words. So it is the other way round: a plain yes is one of
which every word is known to change nothing. The words are in one file per language.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from ges_connector.language.normalize import fold, normalize

_FILES = resources.files("ges_connector.language") / "answers"
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s']")
_STRETCHED = re.compile(r"(.)\1+")
_CLAUSE_ENDS = frozenset(",.;:!?")
_QUESTION = "?"
# Pictures that are a no or a doubt, whatever is written beside them.
_DOUBTFUL_SIGNS = frozenset("👎❌🚫🙅🛑✋🤔😕🙄❓")
_NEAR = 2


class Deed(StrEnum):
    """What is done after a yes."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"


class Assent(StrEnum):
    """How far an answer agrees."""

    PLAIN = "plain"
    """A yes, and nothing else."""
    REFUSED = "refused"
    """It says no to something, under no condition; to what is not told."""
    OPEN = "open"
    """Anything else: a condition, a doubt, a correction, a question, unknown words."""


class _Kind(StrEnum):
    YES = "yes"
    YES_OR_IF = "yes_or_if"
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    BESIDE = "beside"
    NO = "no"
    CONDITION = "conditions"
    DOUBT = "doubts"
    CORRECTION = "corrections"
    UNKNOWN = "unknown"
    SIGN = "sign"


_OTHER_NUMBER = "other_number"
_YES_TO: Mapping[Deed, frozenset[_Kind]] = {
    Deed.BOOK: frozenset({_Kind.YES, _Kind.BOOK}),
    Deed.MOVE: frozenset({_Kind.YES, _Kind.BOOK, _Kind.MOVE}),
    Deed.CANCEL: frozenset({_Kind.YES, _Kind.CANCEL}),
}
_DEEDS = frozenset({_Kind.BOOK, _Kind.MOVE, _Kind.CANCEL})
# A phrase that stands in two lists is what makes an answer less plain.
_ORDER = (
    _Kind.BESIDE,
    _Kind.YES,
    _Kind.YES_OR_IF,
    _Kind.BOOK,
    _Kind.MOVE,
    _Kind.CANCEL,
    _Kind.CORRECTION,
    _Kind.DOUBT,
    _Kind.CONDITION,
    _Kind.NO,
)

Phrase = tuple[str, ...]


def _split(words: str) -> Phrase:
    return tuple(_WORD.findall(normalize(words).chars))


def _folded(words: str) -> Phrase:
    return tuple(map(fold, _split(words)))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A phrase of an answer: its kind, its words, and the place of the first of them."""

    kind: _Kind
    words: Phrase
    place: int

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.place + len(self.words)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language that answers are made of."""

    kinds: Mapping[Phrase, _Kind]
    assents: frozenset[Phrase]
    courtesies: frozenset[Phrase]
    other_number: frozenset[Phrase]
    longest: int

    @classmethod
    def of_file(cls, language: str) -> "_Words":
        data = tomllib.loads((_FILES / f"{language}.toml").read_text("utf-8"))
        kinds: dict[Phrase, _Kind] = {}
        # Accents may be left out, but not put in: "si" may be "sí", "sí" is never "si".
        for spell in (_folded, _split):
            kinds |= {spell(entry): kind for kind in _ORDER for entry in data.get(kind, ())}
        return cls(
            kinds=kinds,
            assents=frozenset(map(_folded, data.get("assents", ()))),
            courtesies=frozenset(map(_folded, data.get("courtesies", ()))),
            other_number=frozenset(map(_folded, data.get(_OTHER_NUMBER, ()))),
            longest=max(map(len, kinds)),
        )

    def parse(self, words: Sequence[str]) -> list["_Piece"]:
        """All phrases in their order, the longest there are."""
        found: list[_Piece] = []
        place = 0
        while place < len(words):
            kind, length = self._at(words, place)
            found.append(_Piece(kind, tuple(words[place : place + length]), place))
            place += length
        return found

    def turns(self, piece: "_Piece") -> bool:
        """Whether a phrase holds a word that is a "no" or a question on its own."""
        alone = {self.kinds.get((fold(word),)) for word in piece.words}
        return len(piece.words) > 1 and not alone.isdisjoint({_Kind.NO, _Kind.DOUBT})

    def _at(self, words: Sequence[str], place: int) -> tuple[_Kind, int]:
        if not words[place][0].isalnum():
            return _Kind.SIGN, 1
        for length in range(min(self.longest, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            kind = self.kinds.get(phrase) or self.kinds.get(tuple(map(fold, phrase)))
            if kind is not None:
                return kind, length
        unstretched = _STRETCHED.sub(r"\1", words[place])
        return self.kinds.get((unstretched,), _Kind.UNKNOWN), 1


@lru_cache
def _known() -> Mapping[str, _Words]:
    names = sorted(file.name for file in _FILES.iterdir() if file.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): _Words.of_file(name.removesuffix(".toml")) for name in names
    }


def assent_of(text: str, locale: str, deed: Deed, explained: Collection[str] = ()) -> Assent:
    """Tell whether an answer is a plain yes.

    The words of all languages that are known are tried, since people mix them; but one language has
    to explain them all.

    Args:
        text: What the customer said, without telephone numbers that agree.
        locale: BCP 47 tag of the language that tells a refusal.
        deed: What would be done: "cancel it" is a yes to cancelling only.
        explained: The customer's words about a time that agrees.
    """
    words = _split(text)
    named = {word for phrase in explained for word in _split(phrase)}
    known = _known()
    if any(_is_plain(language, language.parse(words), deed, named) for language in known.values()):
        return Assent.PLAIN
    own = _words_of(locale)
    if own is None:
        return Assent.OPEN
    return Assent.REFUSED if _is_refused(own.parse(words), deed) else Assent.OPEN


def corrects(text: str, locale: str) -> bool:
    """Tell whether something is to be other than it is: "rather", "instead", "move it".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {_Kind.CORRECTION, _Kind.MOVE})


def denies(text: str, locale: str) -> bool:
    """Tell whether a "no" or "not" to something is in a text.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {_Kind.NO})


def disowns_number(text: str, locale: str) -> bool:
    """Tell whether the number that is known is wrong, or another one is wanted.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = _words_of(locale), _folded(text)
    return own is not None and any(
        words[place : place + len(phrase)] == phrase
        for phrase in own.other_number
        for place in range(len(words))
    )


def _words_of(locale: str) -> _Words | None:
    return _known().get(locale.replace("_", "-").partition("-")[0])


def _holds(text: str, locale: str, kinds: Collection[_Kind]) -> bool:
    own = _words_of(locale)
    return own is not None and any(piece.kind in kinds for piece in own.parse(_split(text)))


def _is_plain(
    language: _Words, pieces: Sequence[_Piece], deed: Deed, named: Collection[str]
) -> bool:
    """Whether every phrase is a yes or changes nothing, and one is a yes."""
    if deed is Deed.CANCEL and not _may_cancel(language, pieces):
        return False
    yes = _YES_TO[deed]
    has_yes = False
    for place, piece in enumerate(pieces):
        if piece.kind is _Kind.YES_OR_IF:
            if not _is_yes(pieces, place):
                return False
            has_yes = True
        elif piece.kind in yes:
            has_yes = True
        elif piece.kind is _Kind.SIGN:
            before = pieces[place - 1] if place else None
            is_set = before is not None and before.kind is _Kind.YES and language.turns(before)
            if piece.words[0] in _DOUBTFUL_SIGNS or (piece.words[0] == _QUESTION and not is_set):
                return False
        elif piece.kind is not _Kind.BESIDE and (
            piece.kind is not _Kind.UNKNOWN or piece.words[0] not in named
        ):
            return False
    return has_yes


def _may_cancel(language: _Words, pieces: Sequence[_Piece]) -> bool:
    """Whether no phrase speaks for what is booked: "perfect", "yes, the appointment"."""
    names_it = any(piece.kind is _Kind.CANCEL for piece in pieces)
    return all(
        tuple(map(fold, piece.words)) in allowed
        for piece in pieces
        for kind, allowed in ((_Kind.YES, language.assents), (_Kind.BESIDE, language.courtesies))
        if piece.kind is kind and not (names_it and kind is _Kind.BESIDE)
    )


def _is_yes(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether a word that may be an "if" is a yes here."""
    behind = pieces[place + 1] if place + 1 < len(pieces) else None
    if behind is None or behind.kind in {_Kind.YES, _Kind.YES_OR_IF, *_DEEDS}:
        return True
    return behind.words[0] in _CLAUSE_ENDS


def _is_refused(pieces: Sequence[_Piece], deed: Deed) -> bool:
    kinds = {piece.kind for piece in pieces}
    if _Kind.NO not in kinds or not kinds.isdisjoint({_Kind.CONDITION, _Kind.DOUBT}):
        return False
    if deed is not Deed.CANCEL:
        return True
    if _Kind.CANCEL not in kinds:
        # "Yes, I don't need it any more" wants no callback, though it holds a "no".
        refusals = [piece for piece in pieces if piece.kind is _Kind.NO]
        is_sure = _Kind.UNKNOWN not in kinds or refusals == [pieces[0]]
        return is_sure and _Kind.YES not in kinds
    # "I can't come, cancel it" refuses something else.
    return any(
        _is_near(no, other, pieces)
        for no in pieces
        if no.kind is _Kind.NO
        for other in pieces
        if other.kind is _Kind.CANCEL
    )


def _is_near(piece: _Piece, other: _Piece, pieces: Sequence[_Piece]) -> bool:
    first, second = sorted((piece, other), key=lambda each: each.place)
    is_parted = any(
        each.words[0] in _CLAUSE_ENDS for each in pieces if first.end <= each.place < second.place
    )
    return not is_parted and second.place - first.end <= _NEAR
