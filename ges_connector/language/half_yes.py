"""Yeses to a part only of what was read back: "the number is right".

Whoever says so of the number may still want another time. A yes before it, of its own, is one to
the whole: "yes, the number is right"; but not where only the day is called right, since that is
said by those who want another hour.
"""

from collections.abc import Collection, Iterator, Sequence

from ges_connector.language.answer_words import Kind, Part, Piece, Words
from ges_connector.language.normalize import fold

_CLAUSE_ENDS = frozenset(",.;:!?")
_AGREEING = frozenset({Kind.YES, Kind.YES_OR_IF, Kind.BOOK, Kind.UNCHANGED})
# What may be called right while an hour may still be wrong, or a number.
_TOO_LITTLE = (*({part} for part in Part), {Part.DAY, Part.NUMBER})


def is_half(language: Words, pieces: Sequence[Piece], named: Collection[str]) -> bool:
    """Tell whether an answer agrees to a part only.

    Args:
        language: The words of the answer's language.
        pieces: The answer.
        named: The words about a time that agrees; a part beside it is not all that is agreed to.
    """
    words = {fold(word) for piece in pieces for word in piece.words}
    spoken_of = {part for word, part in language.parts.items() if word in words}
    is_time = any(piece.kind is Kind.UNKNOWN and piece.words[0] in named for piece in pieces)
    if spoken_of not in _TOO_LITTLE or is_time or not words.isdisjoint(language.wholes):
        return False
    clauses = [*_clauses(pieces)]
    halves = [clause for clause in clauses if _is_about_part(language, clause)]
    if not halves or Part.DAY in spoken_of:
        return bool(halves)
    is_called_right = all(any(each.kind in _AGREEING for each in clause) for clause in halves)
    others = (clause for clause in clauses if clause not in halves)
    is_agreed = any(each.kind in _AGREEING for clause in others for each in clause)
    return not (is_called_right and is_agreed)


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
    """Whether a clause begins with a part, but for a yes, and says something of it."""
    words = [fold(word) for piece in clause for word in piece.words]
    place = 0
    for piece in clause:
        if piece.kind not in {Kind.YES, Kind.YES_OR_IF} or _holds_part(language, piece):
            break
        place += len(piece.words)
    while place < len(words) and words[place] in language.before_part:
        place += 1
    behind = place
    while behind < len(words) and words[behind] in language.parts:
        behind += 1
    is_told = place < behind < len(words)
    # "Yes, my number is" stands before the number itself.
    return is_told and (words[-1],) not in language.cut_off


def _holds_part(language: Words, piece: Piece) -> bool:
    return any(fold(word) in language.parts for word in piece.words)
