"""Answers to our open question that the model of the flows took for the beginning of another flow.

Where the words answer it plainly and say nothing more, they count, and not the flow that the model
would begin: "on Friday at noon" cancels nothing, asks for no wait and chooses no other topic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions.agreeing import deed_of
from actions.answering_beside import WORD
from actions.calm import WORDS
from actions.meaning import meaning_of
from actions.message import Choice, Intent
from actions.remarks import remark_of
from actions.slots import CANCEL_CONFIRMED, CONFIRMED, PHONE
from ges_connector.language.agreement import (
    Assent,
    Deed,
    assent_of,
    denies,
    gives_reason,
    is_plain_no,
    speaks_of_cancelling,
)
from ges_connector.language.answer_words import Kind, split, words_of
from ges_connector.wording.calm import choice_titled

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning

_HARMLESS: Final = frozenset(
    {Kind.YES, Kind.NO, Kind.CORRECTION, Kind.BOOK, Kind.BESIDE, Kind.FAREWELL, Kind.SIGN}
)
"""What may stand beside a time or a number that is all of an answer: "no, Friday at noon"."""
_LONGEST: Final = 4
"""Words of "another number please"."""
_LEAVING: Final = frozenset({Choice.CALL_IN, Choice.CANCEL, Choice.CONNECT, Choice.STOP})
"""Options that leave what is being arranged; the flows that the model chooses do so as well."""
_FOR_ALL: Final = frozenset({CONFIRMED, CANCEL_CONFIRMED})


def answers_plainly(turn: Turn) -> bool:
    """Whether a message answers our open question and says nothing else.

    Args:
        turn: The turn.
    """
    if not _is_told(turn):
        return False
    said, locale = turn.message.text, turn.customer.locale
    is_cancelling = turn.requested_slot == CANCEL_CONFIRMED
    assent = assent_of(said, locale, Deed.CANCEL if is_cancelling else deed_of(turn))
    is_refused = turn.requested_slot in _FOR_ALL and is_plain_no(said, locale)
    if assent is Assent.PLAIN or is_refused or _is_option(turn):
        return True
    return not is_cancelling and _tells_all(turn, _meaning(turn))


def holds_answer(turn: Turn) -> bool:
    """Whether a message names a time or a number for our open question, and cancels nothing.

    Args:
        turn: The turn.
    """
    said, locale = turn.message.text, turn.customer.locale
    if not _is_told(turn) or turn.requested_slot == CANCEL_CONFIRMED:
        return False
    is_against = speaks_of_cancelling(said, locale) or denies(said, locale)
    if is_against or gives_reason(said, locale):
        return False
    meaning = _meaning(turn)
    is_time = meaning.timed_wish is not None or meaning.wants_asap
    return is_time or meaning.phone is not None


def _is_told(turn: Turn) -> bool:
    """Whether something is asked, and this is no question, no remark and no button."""
    message = turn.message
    is_read = bool(message.text) and message.is_typed
    if turn.requested_slot is None or not is_read or message.text.endswith("?"):
        return False
    return remark_of(turn, _meaning(turn)) is None


def _meaning(turn: Turn) -> Meaning:
    return meaning_of(replace(turn, message=replace(turn.message, intent=Intent.INFORM)))


def _is_option(turn: Turn) -> bool:
    """Whether an option of the open question is said word for word, and it goes on with it."""
    asked = None if turn.hearing is None else turn.hearing.next
    slot = None if asked is None else WORDS.get(asked)
    titled = None if slot is None else _titled(turn, slot)
    return titled is not None and titled not in _LEAVING


def _titled(turn: Turn, slot: str) -> str | None:
    return choice_titled(turn.teller.catalogue, slot, turn.message.text)


def _tells_all(turn: Turn, meaning: Meaning) -> bool:
    """Whether a time, an entry or a number is all that is told, but for a yes or no before it."""
    wish = meaning.wish
    beside = meaning.text
    for each in () if wish is None else wish.words:
        beside = beside.replace(each, " ", 1)
    if turn.requested_slot in {PHONE, CONFIRMED} and meaning.others:
        return len(WORD.findall(beside)) <= _LONGEST
    is_time = meaning.timed_wish is not None or meaning.wants_asap
    is_entry = wish is not None and wish.choice is not None
    is_number = meaning.phone is not None and turn.requested_slot in {PHONE, CONFIRMED}
    if not (is_time or is_entry or is_number):
        return False
    own = words_of(turn.customer.locale)
    pieces = () if own is None else own.parse(split(beside))
    return own is not None and all(each.kind in _HARMLESS for each in pieces)
