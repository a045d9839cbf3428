"""What is said beside the open question has an answer of its own, and the question stays open.

The engine's intents know none of this: it is told by its words (`ges_connector.language.remarks`),
whatever the engine took the message for. A remark that comes with a time or a number is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rasa_sdk.events import FollowupAction

from actions import announcing, several, sparing
from actions.base import Reply, number_that_is_always_there
from actions.booked import Booked, topic_of_booked
from actions.changing_back import changes_back
from actions.ladder import noting_number, number_to_ring
from actions.meaning import QUESTIONS
from actions.message import Intent
from actions.numbers import known_number
from actions.outlook import kept_of, look, wait_of
from actions.slots import CONFIRMED, KIND, PHONE, Question
from actions.standings import aside_for, is_being_cancelled
from actions.submitting import CANCEL_FORM, kept
from actions.unconfirmed import Unconfirmed
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.manage import CancelOutcome, StandingCode
from ges_connector.callbacks.offer import Situation
from ges_connector.language.agreement import Assent, Deed, assent_of
from ges_connector.language.language_asked import asks_language
from ges_connector.language.remarks import (
    Remark,
    cancels_if,
    leaves_as_is,
    orders_to_cancel,
    remark_in,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from actions.base import Turn
    from actions.meaning import Meaning
    from actions.outlook import Outlook
    from actions.slots import Conversation

_OF_CALL: Final = frozenset({Remark.WHO_CALLS, Remark.MISSED})
"""What is asked of a call that is to come."""
TO_RING: Final = frozenset({Remark.HUMAN, Remark.RINGS_US})
"""What a number to ring is the answer to."""
_KIND_QUESTIONS: Final = frozenset({Question.KIND, Question.KIND_ASAP, Question.KIND_SHORT})


def remark_of(turn: Turn, meaning: Meaning) -> Remark | None:
    """Tell which remark a message is, if it is one and nothing more."""
    if not turn.message.is_typed or meaning.phone or meaning.refused:
        return None
    if sparing.only_spares(turn):
        return Remark.KEEP
    found = remark_in(turn.message.text, turn.customer.language)
    # "The one I am calling from" sounds as if it were a first of something.
    is_unsure = meaning.wish is not None and meaning.wish.undecided
    if meaning.timed_wish and not (found is Remark.THIS_NUMBER and is_unsure):
        return None
    # "When can I talk to somebody" asks for the wait.
    is_other = found is Remark.HUMAN and turn.message.intent is Intent.ASK_WAIT
    if found is Remark.KEEP and changes_back(turn, meaning):
        return None
    if found is Remark.WHY:
        return Remark.WHY_NUMBER if turn.requested_slot == PHONE else None
    # Who asks something after "hang on" wants an answer.
    is_asking = found is Remark.THINKING and turn.message.intent in QUESTIONS
    return None if is_other or is_asking else found


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
    if remark is None and cancels(turn, meaning):
        return _cancelling(turn)
    if remark is Remark.KEEP and turn.conversation.id is not None:
        return kept(turn)
    # At "keep it, move it or cancel it?" it is the question that is to be forgotten.
    is_asked = turn.conversation.question is Question.OPEN_CALLBACK
    is_off = remark is Remark.FORGET and may_be_cancelled(turn) and not is_asked
    if remark is Remark.NOT_NEEDED or is_off:
        return _not_needed(turn)
    # The action that gives the number does more than that.
    is_asked_for = remark is Remark.RINGS_US and turn.message.intent is Intent.ASK_CALL_IN
    if remark in TO_RING and not is_asked_for:
        return Reply(turn.conversation, outcome=remark).adding(await number_to_ring(turn))
    is_of_none = remark in _OF_CALL and not may_be_cancelled(turn)
    if remark in {None, Remark.WHEN, Remark.WAIT} or is_of_none:
        return None
    conversation = await noted(turn, remark)
    return None if conversation is None else Reply(conversation, outcome=remark).saying_notes()


def cancels(turn: Turn, meaning: Meaning) -> bool:
    """Whether the words order to cancel what is booked, whatever the engine took them for."""
    return turn.conversation.id is not None and orders_to_end(turn, meaning)


def orders_to_end(turn: Turn, meaning: Meaning) -> bool:
    """Whether the words order to cancel what is spoken of, booked or not: "no, cancel that"."""
    said = turn.message
    is_typed = said.is_typed
    is_moved = meaning.corrects and meaning.timed_wish is not None
    is_other = is_moved or meaning.phone is not None
    is_order = is_typed and not is_other and orders_to_cancel(said.text, turn.customer.language)
    is_order &= not cancels_only_if(turn)
    # "Cancel that, and call me as soon as possible."
    return is_order and several.time_instead(turn, meaning) is None


def cancels_only_if(turn: Turn) -> bool:
    """Whether a callback is to be cancelled only if it cannot come at a time that is named."""
    text = turn.message.text
    is_said = turn.message.is_typed and cancels_if(text, turn.customer.language)
    return is_said and turn.conversation.id is not None and bool(several.times_in(turn, text))


def refuses_more(turn: Turn, meaning: Meaning) -> bool:
    """Whether a "no" while nothing is asked may be one to the callback, and not to more help.

    Args:
        turn: The turn.
        meaning: The message.
    """
    is_open = turn.conversation.question is not None or meaning.message.is_button
    if is_open or not any(map(str.isalpha, meaning.text)):
        return False
    said, customer = turn.message.text, turn.customer
    assent = assent_of(said, customer.locale, Deed.BOOK)
    is_content = assent in {Assent.PLAIN, Assent.MIXED} or leaves_as_is(said, customer.language)
    return not is_content


def only_asks_language(turn: Turn, meaning: Meaning) -> bool:
    """Whether a message asks for the language that is spoken from now on, and wants nothing else.

    Args:
        turn: The turn, in that language already.
        meaning: The message.
    """
    asked = turn.customer.language_asked
    is_asked = asked is not None and not turn.message.is_button
    is_more = meaning.timed_wish is not None or meaning.phone is not None
    return is_asked and not is_more and asks_language(turn.message.text) == asked


def may_be_cancelled(turn: Turn) -> bool:
    """Whether there is a callback, or may be one, that the conversation knows of."""
    return (
        turn.conversation.id is not None or Unconfirmed.of(turn.conversation, turn.now) is not None
    )


def _cancelling(turn: Turn) -> Reply:
    then = FollowupAction(CANCEL_FORM)
    return Reply(turn.conversation, events=(then,), outcome=f"then {CANCEL_FORM}")


def _not_needed(turn: Turn) -> Reply:
    """Ask whether to cancel what is booked; leave what was only offered."""
    if may_be_cancelled(turn):
        return _cancelling(turn)
    if turn.conversation.outcome == CancelOutcome.CANCELLED:
        return Reply(turn.conversation).saying("utter_callback_show_cancelled")
    left = announcing.offer_left(turn.knowing(turn.conversation.but(question=None)))
    return Reply(left, outcome=Remark.NOT_NEEDED).saying("utter_callback_stopped")


async def _who_calls(turn: Turn) -> Conversation:
    return turn.conversation.noting("utter_callback_who_calls", caller=turn.teller.caller())


async def _automated(turn: Turn) -> Conversation:
    is_to_come = turn.requested_slot is not None or may_be_cancelled(turn)
    told = "utter_callback_automated" if is_to_come else "utter_callback_automated_only"
    return turn.conversation.noting(told)


async def _my_number(turn: Turn) -> Conversation | None:
    conversation = turn.conversation
    booked = Booked.of(conversation).phone if conversation.id is not None else None
    is_known = (conversation.phone or booked) is not None
    if not is_known and turn.message.intent is Intent.ASK_CALL_IN and turn.requested_slot != PHONE:
        # With none of theirs in sight, it may be ours that is asked for.
        return None
    return await _called_number(turn)


async def _called_number(turn: Turn) -> Conversation:
    conversation, known = turn.conversation, known_number(turn)
    booked = Booked.of(conversation).phone if conversation.id is not None else None
    phone = conversation.phone or booked
    if phone is not None:
        number = turn.teller.number(phone)
        return conversation.noting("utter_callback_your_number", number=number)
    if known is not None and not conversation.phone_refused:
        ending = turn.teller.ending(known.e164)
        return conversation.noting("utter_callback_your_number_ending", ending=ending)
    return conversation.noting("utter_callback_your_number_none")


async def _reference(turn: Turn) -> Conversation:
    conversation = turn.conversation
    if conversation.id is None:
        return conversation.noting("utter_callback_your_reference_none")
    reference = turn.teller.reference(conversation.id)
    return conversation.noting("utter_callback_your_reference", reference=reference)


async def _missed(turn: Turn) -> Conversation:
    return turn.conversation.noting("utter_callback_not_answered", attempts=turn.teller.attempts())


async def _cost(turn: Turn) -> Conversation:
    return await noting_number(turn, "utter_callback_cost_unknown")


async def _not_known(turn: Turn) -> Conversation:
    return await noting_number(turn, "utter_callback_not_known")


async def _opening(turn: Turn) -> Conversation:
    """Note when the office opens next, or the number that is always there, with its hours."""
    offer = (await look(turn)).offer
    is_closed = offer.situation is Situation.CLOSED
    said = await number_to_ring(turn) if is_closed else number_that_is_always_there(turn)
    return turn.conversation.noting(said.response, **said.values)


async def _thinking(turn: Turn) -> Conversation:
    return turn.conversation.noting("utter_callback_no_hurry")


async def _why_number(turn: Turn) -> Conversation:
    return turn.conversation.noting("utter_callback_why_number")


async def _wait(turn: Turn) -> Conversation:
    return told_aside(turn, await look(turn))


def told_aside(turn: Turn, outlook: Outlook, *, is_asked_again: bool = True) -> Conversation:
    """Note the wait while something is being arranged, without offering anything anew.

    Args:
        turn: The turn.
        outlook: What is possible now.
        is_asked_again: Whether the question that is open now comes next.
    """
    offer, conversation = outlook.offer, turn.conversation
    told = wait_of(offer, conversation)
    announcing.wait_answered(turn, outlook, told)
    wait = turn.teller.wait(told)
    if offer.situation is Situation.CLOSED and offer.opens_at is not None:
        opening = turn.teller.brief(offer.opens_at)
        return conversation.noting("utter_callback_wait_closed_aside", opening=opening)
    if wait is None:
        return conversation.noting("utter_callback_wait_unknown_aside")
    if is_asked_again and _is_told_by_question(turn):
        return conversation.but(offer=kept_of(offer, conversation))
    return conversation.noting("utter_callback_wait_aside", wait=wait)


def _is_told_by_question(turn: Turn) -> bool:
    """Whether the open question tells the wait itself, afresh, when the form asks it again."""
    conversation = turn.conversation
    if conversation.question is Question.READ_BACK:
        return conversation.kind is CallbackKind.ASAP and turn.requested_slot == CONFIRMED
    return conversation.question in _KIND_QUESTIONS and turn.requested_slot == KIND


async def _when(turn: Turn) -> Conversation | None:
    conversation = turn.conversation
    if conversation.id is None:
        if turn.requested_slot == CONFIRMED:
            # What is read back again tells it.
            return conversation
        is_asked = turn.requested_slot is not None
        return conversation.noting("utter_callback_not_yet") if is_asked else None
    standing = await turn.service.show(
        topic_of_booked(conversation), conversation.id, turn.deadline
    )
    if standing.code is StandingCode.UNKNOWN or standing.is_over or await is_being_cancelled(turn):
        return None
    response, values = aside_for(turn, standing)
    return conversation.noting(response, **values)


_ANSWERS: Final[dict[Remark, Callable[[Turn], Awaitable[Conversation | None]]]] = {
    Remark.CALLED_NUMBER: _called_number,
    Remark.WHY_NUMBER: _why_number,
    Remark.WAIT: _wait,
    Remark.WHO_CALLS: _who_calls,
    Remark.AUTOMATED: _automated,
    Remark.MY_NUMBER: _my_number,
    Remark.REFERENCE: _reference,
    Remark.COST: _cost,
    Remark.MISSED: _missed,
    Remark.NOT_KNOWN: _not_known,
    Remark.OPENING: _opening,
    Remark.THINKING: _thinking,
}
