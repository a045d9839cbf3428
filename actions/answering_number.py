"""What an answer means to "which number?", and a former number that is taken again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions import numbers, remarks
from actions.answering_time import other_time
from actions.booked import Booked
from actions.ladder import number_to_ring
from actions.message import Choice, Intent
from actions.proceeding import Step, ended, left, next_question
from actions.slots import CONFIRMED, PHONE, Ending, Process, Question
from actions.unconfirmed import Unconfirmed
from ges_connector.callbacks.phone import NumberFault, NumberRefused
from ges_connector.language.remarks import Remark, means_first_number

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning


async def answer_number(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "which number?"."""
    if meaning.choice is Choice.KEEP:
        return left(turn.conversation)
    if meaning.phone is not None:
        before = turn.conversation.phone_before
        taken = numbers.taken(turn.conversation, meaning).but(phone_before=before)
        here = turn.knowing(taken)
        return (
            next_question(here) if meaning.timed_wish is None else await other_time(here, meaning)
        )
    chosen = numbers.picked(turn, meaning) or numbers.of_country_named(turn)
    if chosen is not None:
        return next_question(turn.knowing(chosen))
    if meaning.refused is not None:
        return await number_missed(turn, meaning, meaning.refused)
    if meaning.timed_wish is not None or meaning.wants_other_time or meaning.wants_asap:
        return await other_time(turn, meaning)
    return _about_known_number(turn, meaning) or await _without_number(turn, meaning)


def first_again(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the first number again, after another one was given in its place."""
    conversation, before = turn.conversation, _first_number(turn)
    is_other = before is None or before == conversation.phone or conversation.phone is None
    if is_other or meaning.message.is_button or meaning.timed_wish is not None:
        return None
    names_any = meaning.phone is not None or meaning.refused is not None
    if names_any or not means_first_number(meaning.text, turn.customer.language):
        return None
    return next_question(turn.knowing(conversation.but(phone=before, phone_before=None)))


def _first_number(turn: Turn) -> str | None:
    """The number before the one that is about to be called."""
    conversation = turn.conversation
    if conversation.question is Question.UNCONFIRMED:
        doubtful = Unconfirmed.of(conversation, turn.now)
        return None if doubtful is None else doubtful.phone
    if turn.requested_slot != CONFIRMED:
        return None
    is_move = conversation.process is Process.MOVE
    return conversation.phone_before or (Booked.of(conversation).phone if is_move else None)


def right_after_all(turn: Turn, meaning: Meaning) -> Step | None:
    """Read back again with the number that was called wrong, and is not to be another one."""
    names_other = meaning.refused is not None or meaning.timed_wish is not None
    if names_other or meaning.wants_other_number or turn.conversation.phone_readings:
        return None
    is_kept = meaning.takes_back or remarks.remark_of(turn, meaning) is Remark.KEEP
    if turn.requested_slot != PHONE or not (is_kept or meaning.says_no):
        return None
    taken = numbers.taken_back(turn, is_known_meant=is_kept)
    return None if taken is None else next_question(turn.knowing(taken))


async def number_missed(turn: Turn, meaning: Meaning, refused: NumberRefused) -> Step:
    """Ask for the number again; a time that was named beside it is not lost."""
    conversation = numbers.missed(turn, refused)
    if conversation is None:
        number, asking = await number_to_ring(turn), numbers.missed_once_more(turn, refused)
        conversation = number.kept_in(asking).but(notes=(number.as_note(), *asking.notes))
    if meaning.timed_wish is None:
        return Step(conversation, PHONE)
    return await other_time(turn.knowing(conversation), meaning)


def _about_known_number(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a yes or no to the number that the channel knows."""
    conversation, known = turn.conversation, numbers.known_number(turn)
    if conversation.question is not Question.PHONE_KNOWN:
        return None
    if meaning.says_yes and known is not None:
        return next_question(turn.knowing(numbers.with_number(conversation, known.e164)))
    if meaning.says_no or meaning.wants_other_number:
        return next_question(turn.knowing(numbers.without_number(conversation)))
    return None


async def _without_number(turn: Turn, meaning: Meaning) -> Step | None:
    """Ask on where an answer about the number held none."""
    if meaning.wants_other_number:
        return Step(numbers.without_number(turn.conversation), PHONE)
    asked_again = numbers.country_asked_again(turn.conversation)
    if meaning.says_yes:
        return Step(asked_again or turn.conversation, PHONE)
    if meaning.says_no:
        return ended(turn.conversation, Ending.CALL_IN)
    if meaning.intent is Intent.INFORM:
        if asked_again is not None:
            return Step(asked_again, PHONE)
        return await number_missed(turn, meaning, NumberRefused(NumberFault.NONE_FOUND))
    return None
