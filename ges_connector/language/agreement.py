"""Whether an answer is a plain yes to the question whether to do something.

A yes that is limited, doubted or turned round by any other word must not book, move or cancel
anything, and nobody can list all such words. So it is the other way round: a plain yes is one of
which every word is known to change nothing. The words are in one file per language.
"""

import itertools
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
# Pictures that are a yes by themselves, and those that are a no or a doubt beside anything.
_AGREEING_SIGNS = frozenset("👍👌✅✔☑🆗")
_DOUBTFUL_SIGNS = frozenset("👎❌🚫🙅🛑✋🤔😕🙄❓🙃😒😏🤨😬🤷🙈😑😐😡😠🤡💩🖕🤮")
# Who trails off, or looks sad, may mean the contrary.
_TRAILS_OFF = re.compile(r"\.\.|…|:['-]?\(")
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
    MIXED = "mixed"
    """A "no" and a yes, or a "no" to the contrary: "no, that's fine", "don't keep it"."""
    OPEN = "open"
    """Anything else: a condition, a doubt, a correction, a question, unknown words."""


class Other(StrEnum):
    """Something else that is wanted, whatever stands beside it; the keys of the files."""

    NUMBER = "other_number"
    """The number that is known is wrong, or not to be called."""
    TIME = "other_time"
    """Another time, not said which."""
    CALLBACK = "one_more"
    """One more callback, besides the one that is there."""


class _Kind(StrEnum):
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


# "No changes" may mean the time that is booked as well as the one that was read back.
_YES_TO: Mapping[Deed, frozenset[_Kind]] = {
    Deed.BOOK: frozenset({_Kind.YES, _Kind.BOOK, _Kind.UNCHANGED}),
    Deed.MOVE: frozenset({_Kind.YES, _Kind.BOOK, _Kind.MOVE}),
    Deed.CANCEL: frozenset({_Kind.YES, _Kind.CANCEL}),
}
_DEEDS = frozenset({_Kind.BOOK, _Kind.MOVE, _Kind.CANCEL})
_HARMLESS = frozenset({_Kind.BESIDE, _Kind.FAREWELL})
_DENIALS = frozenset({_Kind.NO, _Kind.REASON})
# Words about a time that agrees are harmless, unless they are one of these: "late", "Thursdays".
_TURNING = frozenset({*_DENIALS, _Kind.CONDITION, _Kind.DOUBT, _Kind.CORRECTION})
# A phrase that stands in two lists is what makes an answer less plain.
_ORDER = (
    _Kind.BESIDE,
    _Kind.YES,
    _Kind.YES_OR_IF,
    _Kind.BOOK,
    _Kind.MOVE,
    _Kind.CANCEL,
    _Kind.UNCHANGED,
    _Kind.FAREWELL,
    _Kind.CORRECTION,
    _Kind.DOUBT,
    _Kind.CONDITION,
    _Kind.NO,
    _Kind.REASON,
    _Kind.NOT_KEPT,
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
    interjections: frozenset[Phrase]
    uncancelled: frozenset[Phrase]
    before_time: frozenset[Phrase]
    number_ends: frozenset[Phrase]
    until: frozenset[Phrase]
    wishes: Mapping["Other", frozenset[Phrase]]
    longest: int

    @classmethod
    def of_file(cls, language: str) -> "_Words":
        data = tomllib.loads((_FILES / f"{language}.toml").read_text("utf-8"))
        kinds: dict[Phrase, _Kind] = {}
        # Accents may be left out, but not put in: "si" may be "sí", "sí" is never "si".
        for spell in (_folded, _split):
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
            number_ends=listed("number_ends"),
            until=listed("until"),
            wishes={other: listed(other) for other in Other},
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

    def assents_by(self, words: Phrase) -> bool:
        """Whether a yes praises nothing: "ja bitte" is made of such words."""
        alone = self.assents | self.courtesies
        return words in self.assents or all((word,) in alone for word in words)

    def wants(self, other: "Other", words: Sequence[str]) -> bool:
        """Whether a phrase for something else than was asked about is in it."""
        folded = tuple(map(fold, words))
        return any(
            folded[place : place + len(phrase)] == phrase
            for phrase in self.wishes[other]
            for place in range(len(folded))
        )

    def turns(self, piece: "_Piece") -> bool:
        """Whether a phrase holds a word that is a "no" or a question on its own."""
        alone = {self.kinds.get((fold(word),)) for word in piece.words}
        return len(piece.words) > 1 and not alone.isdisjoint({_Kind.NO, _Kind.DOUBT})

    def _at(self, words: Sequence[str], place: int) -> tuple[_Kind, int]:
        if not words[place][0].isalnum():
            return _Kind.SIGN, 1
        # "Sí, no puedo" never begins with the "si no" that is a condition.
        is_accented = fold(words[place]) != words[place] and (words[place],) in self.kinds
        for length in range(min(self.longest, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            kind = self.kinds.get(phrase)
            if kind is None and not is_accented:
                kind = self.kinds.get(tuple(map(fold, phrase)))
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

    Where the customer's own language does not know all words, those of all languages are tried,
    since people mix them; but one language has to explain them all.

    Args:
        text: What the customer said, without telephone numbers that agree.
        locale: BCP 47 tag of the language that tells a refusal.
        deed: What would be done: "cancel it" is a yes to cancelling only.
        explained: The customer's words about a time that agrees.
    """
    words, own = _split(text), _words_of(locale)
    pieces = () if own is None else own.parse(words)
    turning = {word for piece in pieces if piece.kind in _TURNING for word in piece.words}
    named = {word for phrase in explained for word in _split(phrase)} - turning
    is_steady = _TRAILS_OFF.search(text) is None
    is_known = all(piece.kind is not _Kind.UNKNOWN or piece.words[0] in named for piece in pieces)
    languages = [own] if own is not None and is_known else _known().values()
    if is_steady and any(_agrees(each, words, deed, named) for each in languages):
        return Assent.PLAIN
    if own is None:
        return Assent.OPEN
    if _is_mixed(own, pieces, deed):
        return Assent.MIXED
    return Assent.REFUSED if _is_refused(pieces, deed) else Assent.OPEN


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
    return _holds(text, locale, _DENIALS)


def holds_yes(text: str, locale: str) -> bool:
    """Tell whether a yes is in a text, whatever else may be in it.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {_Kind.YES, _Kind.YES_OR_IF})


def gives_reason(text: str, locale: str) -> bool:
    """Tell whether a reason to cancel is in a text: "I don't need it any more".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {_Kind.REASON})


def begins_with_yes(text: str, locale: str) -> bool:
    """Tell whether the first word is a yes, so that it is no question.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = _words_of(locale), _split(text)
    pieces = own.parse(words) if own is not None else []
    return bool(pieces) and pieces[0].kind in {_Kind.YES, _Kind.YES_OR_IF}


def leaves_surely(text: str, locale: str) -> bool:
    """Tell whether words that seem to leave all behind hold nothing that speaks for the contrary.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = _words_of(locale)
    kinds = {piece.kind for piece in own.parse(_split(text))} if own is not None else set()
    if not kinds.isdisjoint({_Kind.CANCEL, *_DENIALS}):
        return True
    return kinds.isdisjoint({_Kind.FAREWELL, _Kind.YES, _Kind.DOUBT, _Kind.BOOK})


def is_plain_no(text: str, locale: str) -> bool:
    """Tell whether a text is a "no" and nothing else that matters.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = _words_of(locale)
    pieces = () if own is None else own.parse(_split(text))
    kinds = {piece.kind for piece in pieces}
    is_asking = any(piece.words[0] == _QUESTION for piece in pieces)
    return _Kind.NO in kinds and kinds <= {_Kind.NO, _Kind.SIGN, *_HARMLESS} and not is_asking


def wants_other(text: str, locale: str) -> frozenset[Other]:
    """Tell what else is wanted than what was asked about.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = _words_of(locale), _split(text)
    return frozenset(other for other in Other if own is not None and own.wants(other, words))


def without_number_end(text: str, locale: str, number: str) -> str:
    """Leave the last digits of a number out of a text: "yes, it ends in 12" names no time.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        number: The number that is spoken of, E.164.

    Returns:
        The other words. Unless the digits are those of the number, the words before them stay.
    """
    own, words = _words_of(locale), _split(text)
    folded = tuple(map(fold, words))
    for place, phrase in itertools.product(range(len(words)), own.number_ends if own else ()):
        behind = place + len(phrase)
        digits = "".join(itertools.takewhile(str.isdigit, words[behind:]))
        if digits and folded[place:behind] == phrase:
            rest = itertools.dropwhile(str.isdigit, words[behind:])
            kept = words[: place if number.endswith(digits) else behind]
            return " ".join((*kept, *rest))
    return text


def without_farewell(text: str, locale: str) -> str:
    """Leave farewells out of a text: "yes, see you later" wants nothing later.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = _words_of(locale)
    return text if own is None else _without(text, own, {_Kind.FAREWELL}) or text


def until_as_farewell(text: str, locale: str) -> str | None:
    """Leave the "until" out of "yes, until Thursday", with which some take leave.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        The other words; None if there is no such word.
    """
    own, words = _words_of(locale), _split(text)
    for phrase in sorted(own.until if own else (), key=len, reverse=True):
        for place in range(1, len(words)):
            behind = place + len(phrase)
            if tuple(map(fold, words[place:behind])) == phrase:
                return " ".join((*words[:place], *words[behind:]))
    return None


def _without(text: str, language: _Words, kinds: Collection[_Kind]) -> str:
    """Cut phrases out of the customer's own words."""
    level = normalize(text)
    spans = [match.span() for match in _WORD.finditer(level.chars)]
    pieces = [each for each in language.parse(_split(text)) if each.kind in kinds]
    kept, last = "", 0
    for piece in pieces:
        kept += level.source[last : level.origin[spans[piece.place][0]]]
        last = level.origin[spans[piece.end - 1][1]]
    return (kept + level.source[last:]).strip(" ,;")


def _words_of(locale: str) -> _Words | None:
    return _known().get(locale.replace("_", "-").partition("-")[0])


def _holds(text: str, locale: str, kinds: Collection[_Kind]) -> bool:
    own = _words_of(locale)
    return own is not None and any(piece.kind in kinds for piece in own.parse(_split(text)))


def _agrees(language: _Words, words: Sequence[str], deed: Deed, named: Collection[str]) -> bool:
    if any(language.wants(other, words) for other in Other):
        return False
    return _is_plain(language, language.parse(words), deed, named)


def _is_plain(
    language: _Words, pieces: Sequence[_Piece], deed: Deed, named: Collection[str]
) -> bool:
    """Whether every phrase is a yes or changes nothing, and one is a yes."""
    if deed is Deed.CANCEL and not _may_cancel(language, pieces):
        return False
    yes, has_yes = _YES_TO[deed], False
    for place, piece in enumerate(pieces):
        is_if = piece.kind is _Kind.YES_OR_IF
        if piece.kind in yes or (is_if and _is_yes(language, pieces, place, named)):
            has_yes = True
        elif piece.kind is _Kind.SIGN:
            if _is_doubtful(language, pieces, place):
                return False
            has_yes = has_yes or piece.words[0] in _AGREEING_SIGNS
        elif not _is_harmless(piece, deed, named):
            return False
    return has_yes


def _is_doubtful(language: _Words, pieces: Sequence[_Piece], place: int) -> bool:
    """Whether a sign makes a doubt of what it stands beside."""
    sign, before = pieces[place].words[0], pieces[place - 1] if place else None
    is_set = before is not None and before.kind is _Kind.YES and language.turns(before)
    return sign in _DOUBTFUL_SIGNS or (sign == _QUESTION and not is_set)


def _is_harmless(piece: _Piece, deed: Deed, named: Collection[str]) -> bool:
    """Whether a phrase changes nothing beside a yes."""
    if piece.kind is _Kind.UNKNOWN:
        return piece.words[0] in named
    return piece.kind in _HARMLESS or (piece.kind is _Kind.REASON and deed is Deed.CANCEL)


def _may_cancel(language: _Words, pieces: Sequence[_Piece]) -> bool:
    """Whether no phrase speaks for what is booked: "perfect", "yes, the appointment"."""
    names_it = any(piece.kind is _Kind.CANCEL for piece in pieces)
    for piece in pieces:
        words = tuple(map(fold, piece.words))
        is_spoken_for = piece.kind is _Kind.YES and not language.assents_by(words)
        is_beside = piece.kind is _Kind.BESIDE and words not in language.courtesies
        is_other = not language.uncancelled.isdisjoint({(word,) for word in words})
        if is_spoken_for or (is_beside and (not names_it or is_other)):
            return False
    return True


def _is_yes(language: _Words, pieces: Sequence[_Piece], place: int, named: Collection[str]) -> bool:
    """Whether a word that may be an "if" is a yes here."""
    behind = pieces[place + 1] if place + 1 < len(pieces) else None
    if behind is None or behind.kind in {_Kind.YES, _Kind.YES_OR_IF, *_DEEDS}:
        return True
    return behind.words[0] in _CLAUSE_ENDS or _is_time(language, pieces[place + 1 :], named)


def _is_time(language: _Words, pieces: Sequence[_Piece], named: Collection[str]) -> bool:
    """Whether nothing is said but a time that agrees: "si, a las tres", without the comma."""
    rest = [
        piece
        for piece in pieces
        if piece.kind is not _Kind.SIGN
        and tuple(map(fold, piece.words)) not in language.before_time | language.courtesies
    ]
    return bool(rest) and all(
        piece.kind in {_Kind.UNKNOWN, _Kind.BESIDE} and set(piece.words) <= {*named}
        for piece in rest
    )


def _is_mixed(language: _Words, pieces: Sequence[_Piece], deed: Deed) -> bool:
    """Whether a no and a yes stand side by side, so that nobody can tell which is meant."""
    kinds = {piece.kind for piece in pieces}
    if deed is Deed.CANCEL:
        named = {(fold(word),) for piece in pieces for word in piece.words}
        is_other = _Kind.CANCEL in kinds and not language.uncancelled.isdisjoint(named)
        return _Kind.NOT_KEPT in kinds or is_other
    if _Kind.NO in kinds and _ends_in_yes(pieces):
        return True
    said = [piece for piece in pieces if piece.kind not in {_Kind.SIGN, *_HARMLESS}]
    if not said or tuple(map(fold, said[0].words)) not in language.interjections:
        return False
    behind = {piece.kind for piece in said[1:]}
    return bool(behind) and behind <= _YES_TO[Deed.BOOK]


def _ends_in_yes(pieces: Sequence[_Piece]) -> bool:
    """Whether the last clause is a yes alone: "I want no robot, yes"."""
    ends = [place for place, piece in enumerate(pieces) if piece.words[0] in _CLAUSE_ENDS]
    behind = {piece.kind for piece in pieces[ends[-1] + 1 :]} if ends else set()
    return bool(behind) and behind <= {_Kind.YES, *_HARMLESS} and _Kind.YES in behind


def _is_refused(pieces: Sequence[_Piece], deed: Deed) -> bool:
    kinds = {piece.kind for piece in pieces}
    if kinds.isdisjoint(_DENIALS) or not kinds.isdisjoint({_Kind.CONDITION, _Kind.DOUBT}):
        return False
    if deed is not Deed.CANCEL:
        return True
    if _Kind.NO not in kinds:
        return False
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
