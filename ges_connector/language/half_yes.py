"""Yeses to a part only of what was read back: "the number is right".

Whoever says so of the number may still want another time. A yes before it, of its own, is one to
the whole: "yes, the number is right"; but not where only the day is called right, since that is
said by those who want another hour. Whatever stands before the part, it is no more than a part:
"that day", "exactly the right day".
"""

from collections.abc import Collection, Iterator, Sequence

from ges_connector.language.answer_words import Kind, Part, Piece, Words
from ges_connector.language.normalize import fold

_CLAUSE_ENDS = frozenset(",.;:!?")
_AGREEING = frozenset({Kind.YES, Kind.YES_OR_IF, Kind.BOOK, Kind.UNCHANGED})
_DEEDS = frozenset({Kind.BOOK, Kind.MOVE, Kind.CANCEL})
# What may be called right while an hour may still be wrong, or a number.
_TOO_LITTLE = (*({part} for part in Part), {Part.DAY, Part.NUMBER})


def is_half(language: Words, pieces: Sequence[Piece], named: Collection[str]) -> bool:
    """Tell whether an answer agrees to a part only.

    Args:
        language: The words of the answer's language.
        pieces: The answer.
        named: The words about a time that agrees; a part beside it is not all that is agreed to.
    """
    said = [*_without_wholes(language, pieces)]
    words = _words(said)
    spoken_of = {part for word, part in language.parts.items() if word in words}
    is_time = any(piece.kind is Kind.UNKNOWN and piece.words[0] in named for piece in pieces)
    if spoken_of not in _TOO_LITTLE or is_time or not language.wholes.isdisjoint(words):
        return False
    clauses = [*_clauses(said)]
    halves = [clause for clause in clauses if _is_about_part(language, clause)]
    if not halves or Part.DAY in spoken_of:
        return bool(halves)
    is_called_right = all(_calls_right(language, clause) for clause in halves)
    others = (clause for clause in clauses if clause not in halves)
    is_agreed = any(each.kind in _AGREEING for clause in others for each in clause)
    return not (is_called_right and is_agreed)


def _without_wholes(language: Words, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Leave out what names a part and speaks of none: "have a nice day", "I can do that time"."""
    words = tuple(_words(pieces))
    spans = [*language.beyond_parts.places(words)]
    place = 0
    for piece in pieces:
        end = place + len(piece.words)
        is_within = any(begin < end and place < behind for begin, behind in spans)
        if piece.kind is not Kind.FAREWELL and not is_within:
            yield piece
        place = end


def _words(pieces: Sequence[Piece]) -> list[str]:
    return [fold(word) for piece in pieces for word in piece.words]


def _clauses(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    clause: list[Piece] = []
    for piece in pieces:
        if piece.words[0] in _CLAUSE_ENDS:
            yield clause
            clause = []
        elif piece.kind is not Kind.SIGN:
            clause.append(piece)
    yield clause


def _is_about_part(language: Words, clause: Sequence[Piece]) -> bool:
    """Whether a clause names a part, and nothing that is done: "call me on that number"."""
    words = _words(clause)
    if language.parts.keys().isdisjoint(words) or any(each.kind in _DEEDS for each in clause):
        return False
    # "Yes, my number is" stands before the number itself.
    return (words[-1],) not in language.cut_off


def _calls_right(language: Words, clause: Sequence[Piece]) -> bool:
    """Whether a clause says that a part is right: "the number is right", "that's my number"."""
    is_agreed = any(each.kind in _AGREEING for each in clause)
    return is_agreed or language.right_after_all.are_among(_words(clause))
