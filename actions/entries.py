"""Which entry of the list that was just shown a number picks, where it offers no times.

"2" or "the second" is never an hour or a day there. A yes that books, moves or cancels is not taken
from a number either: then the question is asked again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from actions.booked import Booked
from actions.message import Choice
from actions.slots import Process, Question
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import time_of_id
from ges_connector.language.dictation import with_digits

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.slots import Conversation

_BARE: Final = re.compile(r"[\W_]*([1-9])[\W_]*")
_SECOND: Final = (None, Choice.NO, Choice.CALL_IN)
_SPOKEN: Final[dict[Question, tuple[Choice | None, ...]]] = {
    Question.OPEN_CALLBACK: (Choice.KEEP, Choice.MOVE, Choice.CANCEL),
    Question.KIND: (Choice.ASAP, Choice.SCHEDULED),
    Question.KIND_SHORT: (Choice.CONNECT, Choice.ASAP),
    Question.CHANGE: (Choice.OTHER_TIME, Choice.OTHER_NUMBER, Choice.STOP),
}
"""What is named in the question itself, in the order of its words."""
_SHOWN: Final[dict[Question, tuple[Choice | None, ...]]] = _SPOKEN | {
    Question.KIND_ASAP: (Choice.YES, Choice.NO),
    Question.KIND_SHORT: (Choice.CONNECT, Choice.ASAP, Choice.SCHEDULED),
    Question.UNCONFIRMED: _SECOND,
    Question.SECOND: _SECOND,
    Question.SECOND_SAME: _SECOND,
    Question.SECOND_LINE: _SECOND,
    Question.SECOND_DOUBT: _SECOND,
    Question.CANCEL: (None, Choice.KEEP),
}
"""What is on the buttons, in their order; None is a yes that has to be said."""
_WITHOUT_TIMES: Final = frozenset({*_SHOWN, Question.READ_BACK})


def number_said(turn: Turn) -> int | None:
    """The one digit that is the whole message, typed, spoken or pressed on a telephone's keys.

    Args:
        turn: The turn.

    Returns:
        The digit; None for anything else, and where it may be an hour or part of a number.
    """
    said = _BARE.fullmatch(with_digits(turn.message.text, turn.customer.locale))
    is_list = turn.conversation.question in _WITHOUT_TIMES
    if said is None or not (is_list or is_entry(turn, int(said[1]))):
        return None
    return int(said[1])


def choice_of(turn: Turn, entry: int) -> Choice | None:
    """What an entry of the list that was just shown stands for; None if nothing may come of it.

    Args:
        turn: The turn.
        entry: The number of the entry, counted from one.
    """
    entries = _entries(turn)
    return entries[entry - 1] if 0 < entry <= len(entries) else None


def is_entry(turn: Turn, entry: int) -> bool:
    """Whether the list that was just shown has such an entry, and holds no times to choose.

    Args:
        turn: The turn.
        entry: The number of the entry, counted from one.
    """
    return 0 < entry <= len(_entries(turn))


def _entries(turn: Turn) -> tuple[Choice | None, ...]:
    question, conversation = turn.conversation.question, turn.conversation
    if question is Question.WHICH_ONE:
        return (None,) * (len(Booked.of(conversation).others) + 1)
    if question is Question.PHONE_SEVERAL:
        return (None,) * len(conversation.phone_readings)
    if question is None or (question is Question.CANCEL and Booked.of(conversation).others):
        return ()
    if turn.customer.speaks:
        return _SPOKEN.get(question, ())
    return _read_back(conversation) if question is Question.READ_BACK else _SHOWN.get(question, ())


def _read_back(conversation: Conversation) -> tuple[Choice | None, ...]:
    """The buttons under what is read back."""
    is_move, at = conversation.process is Process.MOVE, time_of_id(conversation.slot)
    if conversation.kind is CallbackKind.ASAP or at is None:
        is_renumbered = (None, Choice.OTHER_NUMBER, Choice.KEEP)
        return is_renumbered if is_move else (None, Choice.SCHEDULED, Choice.OTHER_NUMBER)
    is_moved = is_move and Booked.of(conversation).at != at
    return (None, Choice.OTHER_TIME, Choice.KEEP if is_moved else Choice.OTHER_NUMBER)
