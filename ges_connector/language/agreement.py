"""Whether an answer is a plain yes to the question whether to do something.

A yes that is limited, doubted or turned round by any other word must not book, move or cancel
anything, and nobody can list all such words. So it is the other way round: a plain yes is one of
which every word is known to change nothing. `answer_words` knows them.
"""

import itertools
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from ges_connector.language.answer_words import (
    WORD,
    Kind,
    Other,
    Part,
    Phrase,
    Piece,
    Words,
    all_words,
    split,
    words_of,
)
from ges_connector.language.dictation import with_digits
from ges_connector.language.half_yes import is_half
from ges_connector.language.normalize import fold, normalize

_CLAUSE_ENDS = frozenset(",.;:!?")
_QUESTION = "?"
# Pictures that are a yes by themselves, and those that change nothing; any other may be a doubt.
_AGREEING_SIGNS = frozenset("👍👌✅✔☑🆗")
_FRIENDLY_SIGNS = _AGREEING_SIGNS | frozenset("🙂😊☺😀😃😄🙏💯👏🎉❤")
# What the standard calls them: pictures, and what it does not know yet.
_PICTURES = frozenset({"So", "Cn"})
# Who trails off, or makes a face, may mean the contrary.
_TRAILS_OFF = re.compile(r"\.\.|…|:['-]?[(/\\|]|(?:^|\s)/s\b")
# Who strikes something out, or writes "not" or "about" as a sign, limits what stands beside it.
_TURNING_SIGNS = re.compile(r"</?\w|~\w|[!=]=|[≠≈‽⁈⁉\u0335-\u0338]|\s!\w")
# Words that are at home in every language, and tell nothing about the one that is spoken.
_AT_HOME_ANYWHERE = frozenset(
    {("ok",), ("okay",), ("okey",), ("oki",), ("k",), ("super",), ("top",)}
)
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


# "No changes" may mean the time that is booked as well as the one that was read back.
_YES_TO: Mapping[Deed, frozenset[Kind]] = {
    Deed.BOOK: frozenset({Kind.YES, Kind.BOOK, Kind.UNCHANGED}),
    Deed.MOVE: frozenset({Kind.YES, Kind.BOOK, Kind.MOVE}),
    Deed.CANCEL: frozenset({Kind.YES, Kind.CANCEL}),
}
_DEEDS = frozenset({Kind.BOOK, Kind.MOVE, Kind.CANCEL})
_HARMLESS = frozenset({Kind.BESIDE, Kind.FAREWELL})
_DENIALS = frozenset({Kind.NO, Kind.REASON})
# Words about a time that agrees are harmless, unless they are one of these: "late", "Thursdays".
_TURNING = frozenset({*_DENIALS, Kind.CONDITION, Kind.DOUBT, Kind.CORRECTION})


def assent_of(
    text: str,
    locale: str,
    deed: Deed,
    explained: Collection[str] = (),
    *,
    is_whole: bool = True,
) -> Assent:
    """Tell whether an answer is a plain yes.

    Where the customer's own language does not know all words, those of all languages are tried,
    since people mix them; but one language has to explain them all.

    Args:
        text: What the customer said, without telephone numbers that agree.
        locale: BCP 47 tag of the language that tells a refusal.
        deed: What would be done: "cancel it" is a yes to cancelling only.
        explained: The customer's words about a time that agrees.
        is_whole: Whether nothing was left out, so that the last word tells whether it was cut off.
    """
    words, own = split(text), words_of(locale)
    pieces = () if own is None else own.parse(words)
    turning = {word for piece in pieces if piece.kind in _TURNING for word in piece.words}
    named = {word for phrase in explained for word in split(phrase)} - turning
    is_known = all(piece.kind is not Kind.UNKNOWN or piece.words[0] in named for piece in pieces)
    languages = [own] if own is not None and is_known else all_words().values()
    is_plain = any(
        _agrees(each, words, deed, named)
        if each is not own
        else _agrees_by(each, words, pieces, deed, named)
        for each in languages
    )
    is_cut = is_whole and own is not None and _is_cut(own, pieces)
    is_signed = any(each.search(text) is not None for each in (_TRAILS_OFF, _TURNING_SIGNS))
    is_steady = is_plain and not is_cut and not is_signed
    if is_steady and (own is None or not _rules_out(own, words, pieces, deed)):
        return Assent.PLAIN
    if own is None:
        return Assent.OPEN
    if _is_mixed(own, pieces, deed):
        return Assent.MIXED
    return Assent.REFUSED if _is_refused(pieces, deed) else Assent.OPEN


def agrees_in_part(text: str, locale: str) -> bool:
    """Tell whether an answer is a yes to a part of what was read back: "yes, that number".

    It books nothing, but it answers a question that is about that part.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = words_of(locale), split(text)
    if own is None:
        return False
    pieces = own.parse(words)
    is_yes = is_half(own, pieces, ()) and _is_plain(own, pieces, Deed.BOOK, ())
    wants_other = any(own.wants(other, words) for other in Other)
    return is_yes and not wants_other and not own.forbids(words, Deed.BOOK)


def is_ruled_out(text: str, locale: str, deed: Deed) -> bool:
    """Tell whether a text is no plain yes, for its words taken together or for its farewell.

    Args:
        text: What the customer said, with the farewells.
        locale: BCP 47 tag.
        deed: What would be done.
    """
    own, words = words_of(locale), split(text)
    return own is not None and _rules_out(own, words, own.parse(words), deed)


def is_cut_off(text: str, locale: str) -> bool:
    """Tell whether a text ends where something has to follow: "yes, my number is".

    Args:
        text: What the customer said, with the number and the farewells.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    return own is not None and _is_cut(own, own.parse(split(text)))


def corrects(text: str, locale: str) -> bool:
    """Tell whether something is to be other than it is: "rather", "instead", "move it".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {Kind.CORRECTION, Kind.MOVE})


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
    return _holds(text, locale, {Kind.YES, Kind.YES_OR_IF})


def asks_to_book(text: str, locale: str) -> bool:
    """Tell whether words for booking are in a text, whatever else may be in it.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {Kind.BOOK})


def objects_to_time(text: str, locale: str) -> bool:
    """Tell whether something is called a problem that is not the number: "ten is difficult".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = words_of(locale), split(text)
    if own is None or _QUESTION in words or not own.objections.are_among(words):
        return False
    return Part.NUMBER not in {own.parts.get(fold(word)) for word in words}


def speaks_of_cancelling(text: str, locale: str) -> bool:
    """Tell whether words for cancelling are in a text, whatever else may be in it.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {Kind.CANCEL})


def gives_reason(text: str, locale: str) -> bool:
    """Tell whether a reason to cancel is in a text: "I don't need it any more".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    return _holds(text, locale, {Kind.REASON})


def only_gives_reason(text: str, locale: str) -> bool:
    """Tell whether a reason to cancel is all that a text holds.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = words_of(locale), split(text)
    if own is None or own.forbids(words, Deed.CANCEL):
        return False
    pieces = own.parse(words)
    kinds = {piece.kind for piece in pieces}
    is_less = any(piece.words[0] == _QUESTION for piece in pieces) or any(
        _is_taken_back(own, clause) for clause in _clauses(own, pieces)
    )
    is_all = kinds <= {Kind.REASON, Kind.CANCEL, Kind.YES, Kind.SIGN, *_HARMLESS}
    return is_all and not is_less and not kinds.isdisjoint({Kind.REASON, Kind.CANCEL})


def begins_with_yes(text: str, locale: str) -> bool:
    """Tell whether the first word is a yes, so that it is no question.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = words_of(locale), split(text)
    pieces = own.parse(words) if own is not None else []
    return bool(pieces) and pieces[0].kind in {Kind.YES, Kind.YES_OR_IF}


def leaves_surely(text: str, locale: str) -> bool:
    """Tell whether words that seem to leave all behind hold nothing that speaks for the contrary.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    kinds = {piece.kind for piece in own.parse(split(text))} if own is not None else set()
    if not kinds.isdisjoint({Kind.CANCEL, *_DENIALS}):
        return True
    return kinds.isdisjoint({Kind.FAREWELL, Kind.YES, Kind.DOUBT, Kind.BOOK})


def is_plain_no(text: str, locale: str) -> bool:
    """Tell whether a text is a "no" and nothing else that matters.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    pieces = () if own is None else own.parse(split(text))
    kinds = {piece.kind for piece in pieces}
    is_asking = any(piece.words[0] == _QUESTION for piece in pieces)
    return Kind.NO in kinds and kinds <= {Kind.NO, Kind.SIGN, *_HARMLESS} and not is_asking


def wants_other(text: str, locale: str) -> frozenset[Other]:
    """Tell what else is wanted than what was asked about.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = words_of(locale), split(text)
    return frozenset(other for other in Other if own is not None and own.wants(other, words))


def wants_some_time(text: str, locale: str) -> bool:
    """Tell whether a time is wanted that is not named yet: "at a certain time", "let me choose".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    return own is not None and own.wants_some_time(split(text))


def takes_back(text: str, locale: str) -> bool:
    """Tell whether something that was called wrong is said to be right after all.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own, words = words_of(locale), split(text)
    if own is None or own.forbids(words, "right_after_all"):
        return False
    folded = tuple(map(fold, words))
    refusals = [piece for piece in own.parse(words) if piece.kind is Kind.NO]
    # "No, it was right" denies nothing of what follows.
    before = {
        each.end for each in refusals if folded[each.place : each.end] not in own.interjections
    }
    behind = {place for each in refusals for place in (each.place, each.place - 1)}
    return any(
        place not in before and end not in behind
        for place, end in own.right_after_all.places(folded)
    )


def names_our_clock(text: str, locale: str, times: Collection[str]) -> bool:
    """Tell whether a time is said to be by the clock of whoever is spoken to: "ten your time".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        times: The words of it that are a time.
    """
    own, folded = words_of(locale), tuple(map(fold, split(text)))
    if own is None:
        return False
    for time in (tuple(map(fold, split(each))) for each in times if each):
        for place in range(len(folded) - len(time) + 1):
            behind = folded[place + len(time) :]
            is_here = folded[place : place + len(time)] == time
            if is_here and any(behind[: len(each)] == each for each in own.our_clock):
                return True
    return False


def without_number_end(text: str, locale: str, number: str) -> str:
    """Leave the last digits of a number out of a text: "yes, it ends in 12" names no time.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        number: The number that is spoken of, E.164.

    Returns:
        The other words. Unless the digits are those of the number, the words before them stay.
    """
    own, words = words_of(locale), split(text)
    if own is None or not own.number_ends.are_among(words):
        return text
    if not any(word.isdigit() for word in words):
        # In words: "it ends in eight six".
        words = split(with_digits(text, locale, least=2))
    for place, behind in own.number_ends.places(tuple(map(fold, words))):
        digits = "".join(itertools.takewhile(str.isdigit, words[behind:]))
        if digits:
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
    own = words_of(locale)
    return text if own is None else _without(text, own, {Kind.FAREWELL}) or text


def without_deed(text: str, locale: str) -> str:
    """Leave out what an answer agrees to, so that a time beside it can be read by itself.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    return text if own is None else _without(text, own, {Kind.YES, Kind.YES_OR_IF, *_DEEDS})


def without_one_more(text: str, locale: str) -> str:
    """Leave out that one more is wanted: the "second" of "a second call" is no place in a list.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    if own is None:
        return text
    folded = tuple(map(fold, split(text)))
    phrases = own.wishes[Other.CALLBACK]
    said = {place for begin, end in phrases.places(folded) for place in range(begin, end)}
    level = normalize(text)
    spans = [match.span() for match in WORD.finditer(level.chars)]
    kept, last = "", 0
    for place in sorted(said):
        kept += level.source[last : level.origin[spans[place][0]]]
        last = level.origin[spans[place][1]]
    return kept + level.source[last:]


def is_within_yes(text: str, locale: str, said: Collection[str]) -> bool:
    """Tell whether words stand only within a yes of several: the "two" of "the two are right".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
        said: The words.
    """
    own = words_of(locale)
    sought = {fold(word) for phrase in said for word in split(phrase)}
    holding = [
        piece
        for piece in (own.parse(split(text)) if own is not None else ())
        if not sought.isdisjoint(map(fold, piece.words))
    ]
    return bool(holding) and all(
        piece.kind is Kind.YES and len(piece.words) > 1 for piece in holding
    )


def until_as_farewell(text: str, locale: str) -> str | None:
    """Leave the "until" out of "yes, until Thursday", with which some take leave.

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        The other words; None if there is no such word.
    """
    own, words = words_of(locale), split(text)
    for phrase in sorted(own.until if own else (), key=len, reverse=True):
        for place in range(1, len(words)):
            behind = place + len(phrase)
            if tuple(map(fold, words[place:behind])) == phrase:
                return " ".join((*words[:place], *words[behind:]))
    return None


def yes_and_one_more(text: str, locale: str) -> str | None:
    """Tell what stands behind a yes to the whole that asks for one more: "yes and also friday".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        The words behind the yes, without those for "also"; whether they name a time, the reader of
        times tells. None if there is no such yes, or if something is denied, doubted or corrected.
    """
    own, words = words_of(locale), split(text)
    if own is None:
        return None
    begin, end = _one_more(own, words)
    rest = words[begin:end]
    kinds = {piece.kind for piece in own.parse(rest)}
    is_other = any(own.wants(other, words) for other in (Other.NUMBER, Other.TIME))
    # No word that is known names a time.
    if Kind.UNKNOWN not in kinds or is_other or _QUESTION in words or kinds & _TURNING:
        return None
    return _from(text, begin, end)


def _from(text: str, begin: int, end: int) -> str:
    """The customer's own words from one place to another."""
    level = normalize(text)
    spans = [match.span() for match in WORD.finditer(level.chars)]
    return level.source[level.origin[spans[begin][0]] : level.origin[spans[end - 1][1]]]


def yes_and(text: str, locale: str) -> str | None:
    """Tell what stands behind a yes and an "and": "yes and monday at ten".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.

    Returns:
        The words behind them; whether they are a time and nothing else, others tell. None if there
        is no such yes.
    """
    own, words = words_of(locale), split(text)
    if own is None:
        return None
    begins = (
        place + 1
        for place in range(1, len(words) - 1)
        if (fold(words[place]),) in own.bare_and and _is_yes_alone(own, words[:place])
    )
    begin = next(begins, None)
    return None if begin is None else _from(text, begin, len(words))


def wants_both(text: str, locale: str) -> bool:
    """Tell whether "shall I book another one?" is answered with a yes to both: "yes, the two".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    return own is not None and _all_said(own, text, own.assents) in own.both


def is_content(text: str, locale: str) -> bool:
    """Tell whether an answer to the same may leave it at the one that is there: "fine as it is".

    Args:
        text: What the customer said.
        locale: BCP 47 tag.
    """
    own = words_of(locale)
    return own is not None and _all_said(own, text) in own.content


def _all_said(language: Words, text: str, openings: Collection[Phrase] = ()) -> Phrase:
    """All words of an answer but for its signs, courtesies, and the words that it opens with."""
    said = tuple(fold(word) for word in split(text) if word[0].isalnum())
    while len(said) > 1 and said[:1] in openings:
        said = said[1:]
    while len(said) > 1 and said[-1:] in language.courtesies:
        said = said[:-1]
    return said


def _one_more(language: Words, words: Phrase) -> tuple[int, int]:
    """Where one more is spoken of behind a yes: "and also …", "and … too"; nowhere if it is not."""
    folded = tuple(map(fold, words))
    ends = [
        place
        for place, behind in language.as_well.places(folded)
        if place and _is_courtesy(language, words[behind:])
    ]
    end = min(ends, default=len(words))
    # "Oui, plus tôt" holds no "plus" that adds anything.
    turning = [each for each in language.parse(words) if each.kind in _TURNING]
    within = {place for each in turning for place in range(each.place + 1, each.end)}
    joined = sorted(language.and_also.places(folded), key=lambda span: (span[0], -span[1]))
    for place, behind in joined:
        if behind < end and behind not in within and _is_yes_alone(language, words[:place]):
            return behind, end
    if not ends:
        return 0, 0
    return next(
        (
            (begin, end)
            for begin in range(end - 1, 0, -1)
            if (words[begin - 1] in _CLAUSE_ENDS or folded[begin - 1 : begin] in language.joins)
            and _is_yes_alone(language, words[:begin])
        ),
        (0, 0),
    )


def _is_yes_alone(language: Words, words: Phrase) -> bool:
    """Whether words are a yes to the whole, behind which something may follow."""
    if len(words) > 1 and (fold(words[-1]),) in language.joins:
        words = words[:-1]
    return _agrees_by(language, words, language.parse(words), Deed.BOOK, ())


def _is_courtesy(language: Words, words: Phrase) -> bool:
    pieces = language.parse(words)
    return all(
        piece.kind is Kind.SIGN or tuple(map(fold, piece.words)) in language.courtesies
        for piece in pieces
    )


def _without(text: str, language: Words, kinds: Collection[Kind]) -> str:
    """Cut phrases out of the customer's own words."""
    level = normalize(text)
    spans = [match.span() for match in WORD.finditer(level.chars)]
    pieces = [each for each in language.parse(split(text)) if each.kind in kinds]
    kept, last = "", 0
    for piece in pieces:
        kept += level.source[last : level.origin[spans[piece.place][0]]]
        last = level.origin[spans[piece.end - 1][1]]
    return (kept + level.source[last:]).strip(" ,;")


def _holds(text: str, locale: str, kinds: Collection[Kind]) -> bool:
    own = words_of(locale)
    return own is not None and any(piece.kind in kinds for piece in own.parse(split(text)))


def _rules_out(language: Words, words: Sequence[str], pieces: Sequence[Piece], deed: Deed) -> bool:
    is_half_hearted = deed is Deed.CANCEL and _is_half_hearted(language, pieces)
    return is_half_hearted or language.forbids(words, deed)


def _is_cut(language: Words, pieces: Sequence[Piece]) -> bool:
    said = [piece for piece in pieces if piece.kind is not Kind.SIGN]
    if not said or said[-1].kind not in {Kind.BESIDE, Kind.UNKNOWN}:
        return False
    return (fold(said[-1].words[-1]),) in language.cut_off


def _agrees(language: Words, words: Sequence[str], deed: Deed, named: Collection[str]) -> bool:
    """Whether a language that is not the customer's own makes a plain yes of an answer."""
    pieces = language.parse(words)
    return _is_spoken(pieces) and _agrees_by(language, words, pieces, deed, named)


def _agrees_by(
    language: Words,
    words: Sequence[str],
    pieces: Sequence[Piece],
    deed: Deed,
    named: Collection[str],
) -> bool:
    if not _is_plain(language, pieces, deed, named) or is_half(language, pieces, named):
        return False
    return not any(language.wants(other, words) for other in Other) and not language.forbids(
        words, deed
    )


def _is_spoken(pieces: Sequence[Piece]) -> bool:
    """Whether a language that is not the customer's own explains more than an "ok"."""
    said = [piece for piece in pieces if piece.kind is not Kind.SIGN]
    home = [piece for piece in said if tuple(map(fold, piece.words)) not in _AT_HOME_ANYWHERE]
    return not home or any(piece.kind not in {*_HARMLESS, Kind.UNKNOWN} for piece in home)


def _is_half_hearted(language: Words, pieces: Sequence[Piece]) -> bool:
    """Whether an answer to cancelling takes leave, or gives reasons, without a word for it."""
    said = [piece for piece in pieces if piece.kind is not Kind.SIGN]
    kinds = {piece.kind for piece in said}
    if kinds.isdisjoint({Kind.FAREWELL, Kind.REASON}):
        return False
    is_firm = bool(said) and (fold(said[0].words[0]),) in language.firm
    return Kind.CANCEL not in kinds and not is_firm


def _is_plain(language: Words, pieces: Sequence[Piece], deed: Deed, named: Collection[str]) -> bool:
    """Whether every phrase is a yes or changes nothing, and one is a yes."""
    if deed is Deed.CANCEL and not _may_cancel(language, pieces):
        return False
    yes, has_yes = _YES_TO[deed], False
    for place, piece in enumerate(pieces):
        is_if = piece.kind is Kind.YES_OR_IF
        if language.turns(piece) and not _is_whole(language, pieces, place):
            return False
        if piece.kind in yes or (is_if and _is_yes(language, pieces, place, named)):
            has_yes = True
        elif piece.kind is Kind.SIGN:
            if _is_doubtful(language, pieces, place):
                return False
            has_yes = has_yes or piece.words[0] in _AGREEING_SIGNS
        elif not _is_harmless(piece, deed, named):
            return False
    return has_yes or _is_courtesy_alone(language, pieces)


def _is_whole(language: Words, pieces: Sequence[Piece], place: int) -> bool:
    """Whether nothing else is in its clause: "why not", but no "why not that day"."""
    if pieces[place].kind is not Kind.YES:
        return True
    clause = itertools.takewhile(
        lambda piece: piece.words[0] not in _CLAUSE_ENDS, pieces[place + 1 :]
    )
    behind = (piece for piece in clause if piece.kind not in {Kind.SIGN, Kind.FAREWELL})
    return language.adds_nothing(tuple(fold(word) for piece in behind for word in piece.words))


def _is_courtesy_alone(language: Words, pieces: Sequence[Piece]) -> bool:
    """Whether nothing is said but a word that is a yes by itself: "please"."""
    said = [piece for piece in pieces if piece.kind is not Kind.SIGN]
    return len(said) == 1 and language.is_alone(said[0].words)


def _is_doubtful(language: Words, pieces: Sequence[Piece], place: int) -> bool:
    """Whether a sign makes a doubt of what it stands beside."""
    sign, before = pieces[place].words[0], pieces[place - 1] if place else None
    if unicodedata.category(sign) in _PICTURES and sign not in _FRIENDLY_SIGNS:
        return True
    is_set = before is not None and before.kind is Kind.YES and language.turns(before)
    return sign == _QUESTION and not is_set


def _is_harmless(piece: Piece, deed: Deed, named: Collection[str]) -> bool:
    """Whether a phrase changes nothing beside a yes."""
    if piece.kind is Kind.UNKNOWN:
        return piece.words[0] in named
    return piece.kind in _HARMLESS or (piece.kind is Kind.REASON and deed is Deed.CANCEL)


def _may_cancel(language: Words, pieces: Sequence[Piece]) -> bool:
    """Whether no phrase speaks for what is booked: "perfect", "yes, the appointment"."""
    names_it = any(piece.kind is Kind.CANCEL for piece in pieces)
    if not names_it and _is_hesitant(language, pieces):
        return False
    if _is_half_hearted(language, pieces) or any(
        _is_taken_back(language, clause) for clause in _clauses(language, pieces)
    ):
        return False
    if not names_it and any(piece.kind is Kind.UNKNOWN for piece in pieces):
        # Who names the time of the call may well look forward to it.
        return False
    for piece in pieces:
        words = tuple(map(fold, piece.words))
        is_spoken_for = piece.kind is Kind.YES and not language.assents_by(words)
        is_beside = piece.kind is Kind.BESIDE and words not in language.courtesies
        is_other = not language.uncancelled.isdisjoint({(word,) for word in words})
        if is_spoken_for or (is_beside and (not names_it or is_other)):
            return False
    return True


def _is_hesitant(language: Words, pieces: Sequence[Piece]) -> bool:
    """Whether the only yes is one with which many begin whatever they say: "bueno"."""
    said = [piece for piece in pieces if piece.kind in {Kind.YES, Kind.YES_OR_IF}]
    return bool(said) and all(tuple(map(fold, each.words)) in language.courtesies for each in said)


def _clauses(language: Words, pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces between the signs that end a clause, or a "please" behind "cancel it"."""
    clauses: list[list[Piece]] = [[]]
    for piece in pieces:
        is_asked = bool(clauses[-1]) and clauses[-1][-1].kind is Kind.CANCEL
        if piece.words[0] in _CLAUSE_ENDS or (is_asked and language.is_alone(piece.words)):
            clauses.append([])
        else:
            clauses[-1].append(piece)
    return clauses


def _is_taken_back(language: Words, clause: Sequence[Piece]) -> bool:
    """Whether a clause says not to cancel, or to cancel the cancelling."""
    named = [piece for piece in clause if piece.kind is Kind.CANCEL]
    is_denied = any(
        piece.kind is Kind.NO or (piece.kind is Kind.REASON and language.denies_by(piece.words))
        for piece in clause
    )
    return len(named) > 1 or (bool(named) and is_denied)


def _is_yes(language: Words, pieces: Sequence[Piece], place: int, named: Collection[str]) -> bool:
    """Whether a word that may be an "if" is a yes here."""
    behind = pieces[place + 1] if place + 1 < len(pieces) else None
    if behind is None or behind.kind in {Kind.YES_OR_IF, *_DEEDS}:
        return True
    if tuple(map(fold, behind.words)) in language.assents | language.behind_if:
        return True
    return behind.words[0] in _CLAUSE_ENDS or _is_time(language, pieces[place + 1 :], named)


def _is_time(language: Words, pieces: Sequence[Piece], named: Collection[str]) -> bool:
    """Whether nothing is said but a time that agrees: "si, a las tres", without the comma."""
    rest = [
        piece
        for piece in pieces
        if piece.kind is not Kind.SIGN
        and tuple(map(fold, piece.words)) not in language.before_time | language.courtesies
    ]
    return bool(rest) and all(
        piece.kind in {Kind.UNKNOWN, Kind.BESIDE} and set(piece.words) <= {*named} for piece in rest
    )


def _is_mixed(language: Words, pieces: Sequence[Piece], deed: Deed) -> bool:
    """Whether a no and a yes stand side by side, so that nobody can tell which is meant."""
    kinds = {piece.kind for piece in pieces}
    if deed is Deed.CANCEL:
        named = {(fold(word),) for piece in pieces for word in piece.words}
        is_other = Kind.CANCEL in kinds and not language.uncancelled.isdisjoint(named)
        return Kind.NOT_KEPT in kinds or is_other
    if Kind.NO in kinds and _ends_in_yes(pieces):
        return True
    said = [piece for piece in pieces if piece.kind not in {Kind.SIGN, *_HARMLESS}]
    if not said or tuple(map(fold, said[0].words)) not in language.interjections:
        return False
    behind = {piece.kind for piece in said[1:]}
    return bool(behind) and behind <= _YES_TO[Deed.BOOK]


def _ends_in_yes(pieces: Sequence[Piece]) -> bool:
    """Whether the last clause is a yes alone: "I want no robot, yes"."""
    ends = [place for place, piece in enumerate(pieces) if piece.words[0] in _CLAUSE_ENDS]
    behind = {piece.kind for piece in pieces[ends[-1] + 1 :]} if ends else set()
    return bool(behind) and behind <= {Kind.YES, *_HARMLESS} and Kind.YES in behind


def _is_refused(pieces: Sequence[Piece], deed: Deed) -> bool:
    kinds = {piece.kind for piece in pieces}
    if kinds.isdisjoint(_DENIALS) or not kinds.isdisjoint({Kind.CONDITION, Kind.DOUBT}):
        return False
    if deed is not Deed.CANCEL:
        return True
    if Kind.NO not in kinds:
        return False
    if Kind.CANCEL not in kinds:
        # "Yes, I don't need it any more" wants no callback, though it holds a "no".
        refusals = [piece for piece in pieces if piece.kind is Kind.NO]
        is_sure = Kind.UNKNOWN not in kinds or refusals == [pieces[0]]
        return is_sure and Kind.YES not in kinds
    # "I can't come, cancel it" refuses something else.
    return any(
        _is_near(no, other, pieces)
        for no in pieces
        if no.kind is Kind.NO
        for other in pieces
        if other.kind is Kind.CANCEL
    )


def _is_near(piece: Piece, other: Piece, pieces: Sequence[Piece]) -> bool:
    first, second = sorted((piece, other), key=lambda each: each.place)
    is_parted = any(
        each.words[0] in _CLAUSE_ENDS for each in pieces if first.end <= each.place < second.place
    )
    return not is_parted and second.place - first.end <= _NEAR
