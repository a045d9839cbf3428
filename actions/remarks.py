"""What is said beside the open question has an answer of its own, and the question stays open.

The engine's intents know none of this: it is told by its words (`ges_connector.language.remarks`),
whatever the engine took the message for. A remark that comes with a time or a number is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rasa_sdk.events import FollowupAction

from actions import announcing
from actions.base import Reply
from actions.booked import Booked
from actions.ladder import noting_number, number_to_ring
from actions.message import Intent
from actions.numbers import known_number
from actions.slots import PHONE
from actions.standings import aside_for
from actions.submitting import CANCEL_FORM, kept
from actions.unconfirmed import Unconfirmed
from ges_connector.callbacks.manage import CancelOutcome, StandingCode
from ges_connector.language.remarks import Remark, remark_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from actions.base import Turn
    from actions.meaning import Meaning
    from actions.slots import Conversation


def remark_of(turn: Turn, meaning: Meaning) -> Remark | None:
    """Tell which remark a message is, if it is one and nothing more."""
    if turn.message.is_button or turn.message.is_too_long or meaning.phone or meaning.refused:
        return None
    found = remark_in(turn.message.text, turn.customer.language)
    # "The one I am calling from" sounds as if it were a first of something.
    is_unsure = meaning.wish is not None and meaning.wish.undecided
    if meaning.timed_wish and not (found is Remark.THIS_NUMBER and is_unsure):
        return None
    # "When can I talk to somebody" asks for the wait.
    is_other = found is Remark.HUMAN and turn.message.intent is Intent.ASK_WAIT
    return None if is_other else found


async def noted(turn: Turn, remark: Remark | None) -> Conversation | None:
    """Note the answer to a remark; None if it has none that could be said here."""
    if remark is None:
        return None
    if remark is Remark.WHEN:
        return await _when(turn)
    answer = _ANSWERS.get(remark)
    return None if answer is None else await answer(turn)


async def replied(turn: Turn, meaning: Meaning) -> Reply | None:
    """Answer a remark that is made while no form asks; None if there is nothing to say to it."""
    remark = remark_of(turn, meaning)
    if remark is Remark.KEEP and turn.conversation.id is not None:
        return kept(turn)
    if remark is Remark.NOT_NEEDED:
        return _not_needed(turn)
    if remark is Remark.HUMAN:
        return Reply(turn.conversation, outcome=remark).adding(await number_to_ring(turn))
    if remark is None or remark is Remark.WHEN:
        return None
    conversation = await noted(turn, remark)
    return None if conversation is None else Reply(conversation, outcome=remark).saying_notes()


def may_be_cancelled(turn: Turn) -> bool:
    """Whether there is a callback, or may be one, that the conversation knows of."""
    return (
        turn.conversation.id is not None or Unconfirmed.of(turn.conversation, turn.now) is not None
    )


def _not_needed(turn: Turn) -> Reply:
    """Ask whether to cancel what is booked; leave what was only offered."""
    if may_be_cancelled(turn):
        then = FollowupAction(CANCEL_FORM)
        return Reply(turn.conversation, events=(then,), outcome=f"then {CANCEL_FORM}")
    if turn.conversation.outcome == CancelOutcome.CANCELLED:
        return Reply(turn.conversation).saying("utter_callback_show_cancelled")
    left = announcing.offer_left(turn.knowing(turn.conversation.but(question=None)))
    return Reply(left, outcome=Remark.NOT_NEEDED).saying("utter_callback_stopped")


async def _who_calls(turn: Turn) -> Conversation:
    return turn.conversation.noting("utter_callback_who_calls", caller=turn.teller.caller())


async def _my_number(turn: Turn) -> Conversation | None:
    conversation = turn.conversation
    booked = Booked.of(conversation).phone if conversation.id is not None else None
    phone, known = conversation.phone or booked, known_number(turn)
    if phone is not None:
        number = turn.teller.number(phone)
        return conversation.noting("utter_callback_your_number", number=number)
    if turn.message.intent is Intent.ASK_CALL_IN and turn.requested_slot != PHONE:
        # With none of theirs in sight, it may be ours that is asked for.
        return None
    if known is not None:
        ending = turn.teller.ending(known.e164)
        return conversation.noting("utter_callback_your_number_ending", ending=ending)
    return conversation.noting("utter_callback_your_number_none")


async def _reference(turn: Turn) -> Conversation:
    conversation = turn.conversation
    if conversation.id is None:
        return conversation.noting("utter_callback_your_reference_none")
    reference = turn.teller.reference(conversation.id)
    return conversation.noting("utter_callback_your_reference", reference=reference)


async def _cost(turn: Turn) -> Conversation:
    return await noting_number(turn, "utter_callback_cost_unknown")


async def _not_known(turn: Turn) -> Conversation:
    return await noting_number(turn, "utter_callback_not_known")


async def _thinking(turn: Turn) -> Conversation:
    return turn.conversation.noting("utter_callback_no_hurry")


async def _when(turn: Turn) -> Conversation | None:
    conversation = turn.conversation
    if conversation.id is None:
        return None
    standing = await turn.service.show(conversation.profile, conversation.id, turn.deadline)
    if standing.code is StandingCode.UNKNOWN or standing.is_over:
        return None
    response, values = aside_for(turn, standing)
    return conversation.noting(response, **values)


_ANSWERS: Final[dict[Remark, Callable[[Turn], Awaitable[Conversation | None]]]] = {
    Remark.WHO_CALLS: _who_calls,
    Remark.MY_NUMBER: _my_number,
    Remark.REFERENCE: _reference,
    Remark.COST: _cost,
    Remark.NOT_KNOWN: _not_known,
    Remark.THINKING: _thinking,
}
