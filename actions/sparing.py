"""Callbacks that a message says stay, beside what it says of others.

"Cancel all but Friday" and "don't cancel Thursday, cancel Friday" name one that is to be kept.
Taken for the one that is spoken of, it would be the one that is lost.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions.several import cancels, each_of, fits, times_in
from actions.slots import CANCEL_CONFIRMED, KIND
from ges_connector.language.agreement import asks_to_book, denies
from ges_connector.language.remarks import (
    SmallWord,
    behind_except,
    means_all_but,
    small_words,
    spares,
)
from ges_connector.language.shifts import names_change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actions.base import Turn
    from actions.slots import Conversation

_CLAUSE: Final = re.compile(r"[,;.!](?!\d)")
_WORD: Final = re.compile(r"[\w'\u2019]+")
_LONGEST: Final = 200
_ABOUT_BOOKED: Final = frozenset({None, KIND, CANCEL_CONFIRMED})
"""Questions, or none, at which a callback that is to stay is one that is booked."""


def without_spared(turn: Turn) -> Turn:
    """Leave out what a message says of callbacks that stay, where it names another one besides.

    Args:
        turn: The turn.

    Returns:
        The turn; "don't move Thursday, move Friday to Monday" says no more than its second half.
    """
    if not _may_spare(turn):
        return turn
    between = _without_one_between(turn)
    if between is not None:
        return replace(turn, message=replace(turn.message, text=between))
    kept, rest = _parted(turn)
    spared = [each.id for clause in kept for each in _named_in(turn, clause)]
    said = ", ".join(rest)
    others = [each for each in _named_in(turn, said) if each.id not in spared]
    if not spared or not others or _is_whereto(turn, said):
        return turn
    return replace(turn, message=replace(turn.message, text=said))


def _without_one_between(turn: Turn) -> str | None:
    """Leave "not Friday" out of "move Thursday, not Friday, to Monday"; None for anything else."""
    text, locale = turn.message.text, turn.customer.locale
    if cancels(turn, text) or not names_change(text, locale):
        return None
    words, whereto = [*_WORD.finditer(text)], small_words(SmallWord.WHERETO, turn.customer.language)
    for place, word in enumerate(words):
        if not denies(word[0], locale) or not _named_in(turn, text[: word.start()]):
            continue
        for behind in words[place + 2 : place + 6]:
            run = text[word.end() : behind.start()]
            is_whole = behind[0].casefold() in whereto and not names_change(run, locale)
            if is_whole and len(_named_in(turn, run)) == 1:
                return f"{text[: word.start()].rstrip(' ,')} {text[behind.start() :]}"
    return None


def spared(turn: Turn) -> Sequence[Conversation]:
    """Find the callbacks that a message says stay.

    Args:
        turn: The turn.

    Returns:
        The conversation as it is when it speaks of each of them.
    """
    if not _may_spare(turn):
        return ()
    if means_all_but(turn.message.text, turn.customer.language):
        return _named_in(turn, behind_except(turn.message.text, turn.customer.language))
    return _kept_by(turn, _parted(turn)[0])


def _kept_by(turn: Turn, clauses: Sequence[str]) -> Sequence[Conversation]:
    """Find the callbacks named in clauses that say what stays."""
    named = [each.id for clause in clauses for each in _named_in(turn, clause)]
    return [each for each in each_of(turn.conversation) if each.id in named]


def one_left(turn: Turn) -> Conversation | None:
    """Find the only one of several that is not said to stay; None where none is said to.

    Args:
        turn: The turn.
    """
    kept = [each.id for each in spared(turn)]
    left = [each for each in each_of(turn.conversation) if each.id not in kept]
    return left[0] if kept and len(left) == 1 else None


def only_spares(turn: Turn) -> bool:
    """Whether a message says no more than that what is booked stays: "don't cancel Friday".

    Args:
        turn: The turn.
    """
    if not _may_spare(turn):
        return False
    text, locale = turn.message.text, turn.customer.locale
    if means_all_but(text, turn.customer.language):
        return len(spared(turn)) == len(each_of(turn.conversation))
    kept, rest = _parted(turn)
    said = ", ".join(rest)
    is_more = bool(times_in(turn, said)) or _acts(turn, said) or asks_to_book(said, locale)
    # "Keep Monday free for me" is none of them.
    is_booked = bool(_kept_by(turn, kept)) or any(cancels(turn, each) for each in kept)
    return bool(kept) and not is_more and is_booked


def _may_spare(turn: Turn) -> bool:
    is_there = turn.conversation.id is not None and turn.message.is_typed
    is_short = len(turn.message.text) <= _LONGEST
    return is_there and is_short and turn.requested_slot in _ABOUT_BOOKED


def _parted(turn: Turn) -> tuple[list[str], list[str]]:
    """Tell the clauses that say what stays from the others."""
    kept: list[str] = []
    rest: list[str] = []
    for clause in _clauses(turn):
        (kept if spares(clause, turn.customer.language) else rest).append(clause)
    return kept, rest


def _clauses(turn: Turn) -> list[str]:
    """Part a message at its commas, at "but", and at an "and" behind which something is done."""
    language, clauses = turn.customer.language, list[str]()
    contrasts, joins = (
        small_words(SmallWord.CONTRAST, language),
        small_words(SmallWord.AND, language),
    )
    for part in _CLAUSE.split(turn.message.text):
        begin = 0
        for word in _WORD.finditer(part):
            behind = part[word.end() :]
            said = word[0].casefold()
            is_join = said in joins and (_acts(turn, behind) or spares(behind, language))
            if said in contrasts or is_join:
                clauses.append(part[begin : word.start()])
                begin = word.end()
        clauses.append(part[begin:])
    return [clause.strip() for clause in clauses if clause.strip()]


def _acts(turn: Turn, text: str) -> bool:
    """Whether something is to be cancelled or moved."""
    return cancels(turn, text) or names_change(text, turn.customer.locale)


def _named_in(turn: Turn, text: str) -> list[Conversation]:
    wishes = times_in(turn, text)
    return [each for each in each_of(turn.conversation) if any(fits(each, wish) for wish in wishes)]


def _is_whereto(turn: Turn, text: str) -> bool:
    """Whether the first time in a text is one to move something to: "move it to Friday"."""
    said = next((wish.words[0] for wish in times_in(turn, text) if wish.words), "")
    before = [word[0].casefold() for word in _WORD.finditer(text.partition(said)[0])]
    return bool(before) and before[-1] in small_words(SmallWord.WHERETO, turn.customer.language)
