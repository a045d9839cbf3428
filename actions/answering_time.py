"""What an answer means to "which time?", and another time said at a later question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions import numbers, staying, times
from actions.message import Choice, Intent
from actions.outlook import look
from actions.proceeding import Step, after_time, ended, left, next_question, proceed
from actions.slots import PHONE, SLOT, Conversation, Ending, Process, Question
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.offer import Rung
from ges_connector.language import ChoiceKind
from ges_connector.language.agreement import is_plain_no
from ges_connector.language.remarks import wants_nothing

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning

_WITHOUT_MENU: Final = frozenset({Question.SLOT_OPEN, Question.SLOT_WHEN})
BROWSING: Final = frozenset(
    {ChoiceKind.EARLIER, ChoiceKind.LATER, ChoiceKind.MORE, ChoiceKind.NONE}
)


async def answer_time(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "which time?"."""
    conversation = turn.conversation
    about_number = _about_number_only(conversation, meaning)
    if about_number is not None:
        return about_number
    is_no = meaning.says_no and conversation.question in _WITHOUT_MENU and meaning.wish is None
    if is_no or keeps_time(turn, meaning) or _declines_all(turn, meaning):
        return left(conversation)
    if conversation.question is Question.SLOT_WHEN and _wants_number_to_ring(meaning):
        return ended(conversation, Ending.CALL_IN)
    conversation = numbers.taken(conversation, meaning)
    here, outlook = turn.knowing(conversation), await look(turn)
    if meaning.choice is Choice.ASAP and outlook.has(Rung.ASAP):
        return next_question(turn.knowing(conversation.but(kind=CallbackKind.ASAP, slot=None)))
    answered = times.answered(here, outlook, browsing(meaning))
    if answered is None and meaning.wants_other_time:
        answered = times.menu_for(here, outlook, None)
    if answered is not None:
        return after_time(here, outlook, answered)
    return _without_time(conversation, meaning)


def _declines_all(turn: Turn, meaning: Meaning) -> bool:
    """Whether nothing is wanted at all; "no, thanks" to one time is none to the others."""
    said, customer = turn.message.text, turn.customer
    if meaning.message.is_button or not wants_nothing(said, customer.language):
        return False
    is_of_one = turn.conversation.question is Question.SLOT_ONE
    return not (is_of_one and is_plain_no(said, customer.locale))


def _about_number_only(conversation: Conversation, meaning: Meaning) -> Step | None:
    """Take a "no" to the number, which refuses no time: "no, it's 030 …", "that number's wrong"."""
    is_time = meaning.wish is not None or meaning.unclear is not None or meaning.wants_other_time
    if is_time or not conversation.menu or conversation.question is Question.SLOT_WHEN:
        return None
    if meaning.phone is not None and meaning.says_no:
        return Step(numbers.taken(conversation, meaning), SLOT)
    if meaning.phone is not None or meaning.refused is not None or not meaning.wants_other_number:
        return None
    wrong = numbers.without_number(conversation)
    return Step(wrong.but(question=Question.PHONE), PHONE)


async def other_time(turn: Turn, meaning: Meaning) -> Step:
    """Change the time, or the kind, that was settled already."""
    if keeps_time(turn, meaning):
        return left(turn.conversation)
    outlook = await look(turn)
    if meaning.wants_asap:
        return proceed(turn, outlook, meaning)
    scheduled = turn.conversation.but(kind=CallbackKind.SCHEDULED)
    answered = times.answered(turn.knowing(scheduled), outlook, meaning)
    if answered is None:
        return proceed(turn.knowing(scheduled.but(slot=None)), outlook, meaning)
    return after_time(turn.knowing(scheduled), outlook, answered)


def keeps_time(turn: Turn, meaning: Meaning) -> bool:
    """Whether the time that is being moved is to stay after all."""
    is_move = turn.conversation.process is Process.MOVE
    return is_move and staying.says_day_and_time_booked(turn, meaning)


def _wants_number_to_ring(meaning: Meaning) -> bool:
    """Whether "a day and time, or our number?" is answered with a yes, or with the number."""
    is_bare = meaning.wish is None and meaning.unclear is None and meaning.phone is None
    return is_bare and (meaning.says_yes or meaning.is_yes or meaning.wants_other_number)


def _without_time(conversation: Conversation, meaning: Meaning) -> Step | None:
    """Ask on where an answer about time said none."""
    if meaning.phone is not None or meaning.says_yes:
        return Step(conversation, SLOT)
    if meaning.intent is Intent.INFORM:
        return Step(conversation.noting("utter_callback_time_unclear"), SLOT)
    return None


def browsing(meaning: Meaning) -> Meaning:
    """Take "yes, but another day" for the wish for other times that its last words are."""
    beside = () if meaning.unclear is None else meaning.unclear.alternatives
    for wish in beside:
        if wish.choice is not None and wish.choice.kind in BROWSING:
            return replace(meaning, wish=wish, unclear=None)
    return meaning
