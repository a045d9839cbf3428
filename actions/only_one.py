"""One wish makes one call: who asks for a callback is told if the number has one already.

The other one may have been booked in another chat, on another channel, or by somebody else. Whoever
asks here has not shown that the number is theirs, so they hear no more than that there is one, and
that it is at this time only if they named that time themselves; a deployment whose check lets them
change it has them told all (decisions 011 and 013).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions import arranging, numbers, remarks
from actions.agreeing import wants_one_more
from actions.booked import Booked
from actions.ladder import noting_refusal
from actions.meaning import QUESTIONS, meaning_of
from actions.message import Choice, Intent
from actions.outlook import look
from actions.permission import may_change
from actions.proceeding import Step, ended, next_question, proceed
from actions.slots import CONFIRMED, KIND, Conversation, Ending, Process, Question
from actions.unconfirmed import Unconfirmed
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import time_of_id
from ges_connector.callbacks.verification import Change
from ges_connector.language.remarks import Remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actions.base import Turn
    from actions.meaning import Meaning
    from ges_connector.callbacks.open_calls import OpenCall

SECOND: Final = frozenset(
    {Question.SECOND, Question.SECOND_SAME, Question.SECOND_LINE, Question.SECOND_DOUBT}
)
"""The ways to ask whether another callback shall be booked beside the one that is there."""
_CHANGES: Final = frozenset({Intent.CANCEL_CALLBACK, Intent.MOVE_CALLBACK})
_CHANGE_BUTTONS: Final = frozenset({Choice.CANCEL, Choice.MOVE})


async def step(turn: Turn) -> Step | None:
    """Take one message while a callback is arranged, as `arranging.step` does.

    What the number has already is looked up at the same time as everything else, where the number
    can be told beforehand.

    Returns:
        What it leads to; None if it is no answer to what was asked, and others should serve it.
    """
    phone = _number_in_sight(turn)
    looking = asyncio.ensure_future(_others(turn, phone))
    try:
        taken = await _taken(turn)
        if taken is None or not _is_for_one(turn, taken):
            return taken
        agreed = taken.conversation.phone
        others = await looking if agreed == phone else await _others(turn, agreed)
        return await _asked(turn, taken, others) if others else taken
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _taken(turn: Turn) -> Step | None:
    is_asked = turn.requested_slot == KIND and turn.conversation.question in SECOND
    if is_asked and not turn.message.is_too_long:
        answered = await _answered(turn, meaning_of(turn))
        if answered is not None:
            return answered
    return _with_what_was_read_back(await arranging.step(turn))


def _with_what_was_read_back(taken: Step | None) -> Step | None:
    """Read back what somebody agreed to unheard: that was never said, or it was lost on the way."""
    if taken is None or not taken.conversation.confirmed or taken.conversation.read_back_at:
        return taken
    asking = taken.conversation.but(confirmed=None, question=Question.READ_BACK)
    return Step(asking, CONFIRMED)


# --- what the number has --------------------------------------------------------------------------


def _number_in_sight(turn: Turn) -> str | None:
    """The number that this turn may come to: the one that is settled, else the one known."""
    conversation, is_asked = turn.conversation, turn.profile.limits.ask_before_second
    if not is_asked or conversation.risk_accepted or conversation.process is Process.MOVE:
        return None
    if conversation.phone is not None:
        return conversation.phone
    known = numbers.known_number(turn)
    return None if known is None else known.e164


def _is_for_one(turn: Turn, taken: Step) -> bool:
    """Whether a booking is about to be read back that nobody agreed to have beside another one."""
    conversation = taken.conversation
    is_read_back = taken.requested == CONFIRMED and conversation.question is Question.READ_BACK
    is_settled = conversation.risk_accepted or conversation.process is Process.MOVE
    is_settled |= not turn.profile.limits.ask_before_second
    # A callback of this conversation was spoken of before another one was asked for.
    return is_read_back and not is_settled and turn.conversation.id is None


async def _others(turn: Turn, phone: str | None) -> tuple[OpenCall, ...]:
    conversation = turn.conversation
    doubted = [each.token for each in Unconfirmed.all_of(conversation, turn.now)]
    known = [conversation.id, *doubted]
    if phone is None:
        return ()
    return await turn.service.open_calls(phone, besides=known, deadline=turn.deadline)


async def _asked(turn: Turn, taken: Step, others: Sequence[OpenCall]) -> Step:
    """Ask whether it shall be another one; of one that may be changed here all is told instead."""
    conversation = taken.conversation
    for call in others:
        holding = _holding(conversation, call)
        if call.is_sure and await may_change(turn.knowing(holding), Change.MOVE):
            return Step(holding.but(question=Question.OPEN_CALLBACK), KIND)
    return Step(conversation.but(question=_question(turn, conversation, others)), KIND)


def _holding(conversation: Conversation, call: OpenCall) -> Conversation:
    kind = CallbackKind.ASAP if call.at is None else CallbackKind.SCHEDULED
    booked = Booked(kind, call.at, conversation.phone)
    if call.standing is not None:
        booked = booked.standing_as(call.standing) if call.standing.is_open else booked
    return conversation.but(id=call.callback_id, booking=booked.as_record(), profile=call.topic)


def _question(turn: Turn, conversation: Conversation, others: Sequence[OpenCall]) -> Question:
    sure = [call for call in others if call.is_sure]
    if not sure:
        return Question.SECOND_DOUBT
    if turn.conversation.question in SECOND:
        # Whoever tries one time after the other is not told which one it is.
        return Question.SECOND
    if conversation.kind is CallbackKind.ASAP:
        is_in_line = any(each.waits_its_turn for each in sure)
        return Question.SECOND_LINE if is_in_line else Question.SECOND
    at = time_of_id(conversation.slot)
    is_same = at is not None and any(each.is_at(at) for each in sure)
    return Question.SECOND_SAME if is_same else Question.SECOND


# --- shall there be another one? ------------------------------------------------------------------


async def _answered(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer; None where it is none, and something else is to be said to it."""
    conversation = turn.conversation
    if meaning.choice in _CHANGE_BUTTONS or meaning.intent in _CHANGES:
        # Not from here: nobody has shown whose callback it is.
        return ended(await noting_refusal(turn), Ending.NOTHING_TO_DO)
    is_left = remarks.remark_of(turn, meaning) is Remark.NOT_NEEDED
    if is_left or meaning.says_no or meaning.stops or meaning.choice is Choice.KEEP:
        return ended(conversation.noting("utter_callback_second_left"), Ending.NOTHING_TO_DO)
    if wants_one_more(turn, meaning):
        accepted = turn.knowing(conversation.but(risk_accepted=True, question=None))
        return proceed(accepted, await look(turn), replace(meaning, wish=None))
    if remarks.remark_of(turn, meaning) is not None or meaning.intent in QUESTIONS:
        return None
    return await _other(turn, meaning) or _asked_again(turn, meaning)


async def _other(turn: Turn, meaning: Meaning) -> Step | None:
    """Take another time or number, which is asked about in turn if need be."""
    conversation = turn.conversation
    if meaning.wants_other_number:
        return next_question(turn.knowing(numbers.without_number(conversation)))
    if meaning.timed_wish is not None or meaning.wants_other_time:
        conversation = conversation.but(kind=CallbackKind.SCHEDULED, slot=None)
    elif meaning.phone is None and not meaning.wants_asap:
        return None
    return proceed(turn.knowing(conversation), await look(turn), meaning)


def _asked_again(turn: Turn, meaning: Meaning) -> Step | None:
    if not (meaning.says_yes or meaning.intent in {Intent.INFORM, *arranging.ASK_AGAIN}):
        return None
    return Step(turn.conversation.noting("utter_callback_not_done_yet"), KIND)
