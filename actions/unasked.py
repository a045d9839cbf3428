"""What is said while nothing is asked, told by its words where the engine of flows knows no intent.

The other engine's classifier takes a message for thanks, a time, a no. Of what its model could not
place the engine of flows tells nothing, so those that matter are known by their words here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions.meaning import meaning_of
from actions.message import Choice, Intent
from ges_connector.language.agreement import Assent, Deed, assent_of, is_plain_no
from ges_connector.language.courtesy import Courtesy, courtesy_in
from ges_connector.language.remarks import leaves_as_is

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actions.base import Turn
    from actions.meaning import Meaning

_COURTESIES: Final = {
    Courtesy.THANKS: Intent.THANKS,
    Courtesy.GOODBYE: Intent.GOODBYE,
    Courtesy.GREET: Intent.GREET,
}
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_BESIDE: Final = 4
"""Words beside a time or a number; more of them tell a story in which it stands."""
_MOST_OF_A_NO: Final = 2
KEEPING: Final = frozenset({Choice.NO, Choice.STOP, Choice.KEEP})
"""Buttons that leave what is booked as it is."""


def with_intent(turn: Turn) -> Turn:
    """Tell what a message is by its words, while no question is open; the same if it is nothing.

    Args:
        turn: The turn; one of the other engine stays as it is.
    """
    hearing, message = turn.hearing, turn.message
    if hearing is None or turn.requested_slot is not None or hearing.is_beside_others:
        return turn
    if not message.is_typed or message.intent is not None or not message.text:
        return turn
    intent = polite_intent(turn) or _intent(turn, meaning_of(turn), is_late=hearing.is_late)
    return turn if intent is None else replace(turn, message=replace(message, intent=intent))


def polite_intent(turn: Turn) -> Intent | None:
    """Tell thanks, a farewell or a greeting; None for a message that is anything else."""
    found = courtesy_in(turn.message.text, turn.customer.locale)
    return None if found is None else _COURTESIES[found]


def moves_booked(turn: Turn) -> bool:
    """Whether the words ask to move what is booked, and to nothing else: "move it"."""
    said, locale = turn.message.text, turn.customer.locale
    is_there = turn.conversation.id is not None and not turn.message.is_button
    return (
        is_there
        and assent_of(said, locale, Deed.MOVE) is Assent.PLAIN
        and assent_of(said, locale, Deed.BOOK) is not Assent.PLAIN
    )


def _intent(turn: Turn, meaning: Meaning, *, is_late: bool) -> Intent | None:
    said, customer = turn.message.text, turn.customer
    if moves_booked(turn):
        return Intent.MOVE_CALLBACK
    assent = assent_of(said, customer.locale, Deed.BOOK)
    if assent is Assent.PLAIN:
        return Intent.AFFIRM
    if is_plain_no(said, customer.locale) or leaves_as_is(said, customer.language):
        return Intent.DENY
    if assent is Assent.REFUSED and len(_WORD.findall(said)) <= _MOST_OF_A_NO:
        return Intent.NEVER_MIND
    is_told = meaning.timed_wish is not None or meaning.phone is not None
    if is_told and (is_late or _is_short(meaning) or _changes_booked(turn, meaning)):
        return Intent.INFORM
    return Intent.OTHER_TIME if is_late and meaning.unclear is not None else None


def _changes_booked(turn: Turn, meaning: Meaning) -> bool:
    return turn.conversation.id is not None and meaning.corrects


def _is_short(meaning: Meaning) -> bool:
    """Whether little is said beside a time or a number."""
    words: Iterable[str] = () if meaning.wish is None else meaning.wish.words
    rest = meaning.text
    for each in words:
        rest = rest.replace(each, " ", 1)
    return len(_WORD.findall(rest)) <= _MOST_BESIDE
