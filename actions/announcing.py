"""Announces what happens in a conversation, each thing once, however often it is asked or answered.

What was announced of an offer is kept with it, so that an acceptance belongs to an offer and is
counted once, though the time may have to be chosen anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.outlook import ANNOUNCED, OfferTold
from ges_connector.callbacks.booking import BookingOutcome
from ges_connector.callbacks.events import (
    Accepted,
    Booked,
    Clarified,
    Declined,
    Moved,
    NotOffered,
    Offered,
    Refused,
    Unconfirmed,
    WaitAnswered,
)
from ges_connector.callbacks.offer import Rung, Situation

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.outlook import Outlook
    from actions.slots import Conversation
    from ges_connector.callbacks.booking import BookingResult, CallbackKind, Draft
    from ges_connector.callbacks.events import CallbackEvent
    from ges_connector.callbacks.manage import Move
    from ges_connector.callbacks.wait import WaitTold


def offer_made(turn: Turn, outlook: Outlook) -> Conversation:
    """Announce what is offered, if that was not done before in this arrangement.

    Args:
        turn: The turn; its conversation keeps the offer already.
        outlook: What is possible now.

    Returns:
        The conversation, which knows that it was announced.
    """
    conversation, situation = turn.conversation, outlook.offer.situation
    can_be_called = outlook.has(Rung.ASAP) or outlook.has(Rung.SCHEDULED)
    name = Offered.name if can_be_called else NotOffered.name
    if name in _announced(conversation):
        return conversation
    is_told = outlook.has(Rung.ASAP) or situation is Situation.WAIT_LONG
    told_seconds = OfferTold.of(conversation).wait.seconds if is_told else None
    waits = (outlook.wait_seconds, told_seconds)
    if can_be_called:
        turn.announce(Offered(turn.scene, situation, outlook.offer.rungs, *waits))
    else:
        turn.announce(NotOffered(turn.scene, situation, *waits))
    return _having_announced(conversation, name)


def wait_answered(turn: Turn, outlook: Outlook, told: WaitTold) -> None:
    """Announce that the wait was asked for and told."""
    situation = outlook.offer.situation
    turn.announce(WaitAnswered(turn.scene, situation, outlook.wait_seconds, told.seconds))


def offer_left(turn: Turn, *, for_number: bool = False) -> Conversation:
    """Announce that the customer leaves the offer, if one was made and they had not taken it.

    Args:
        turn: The turn.
        for_number: Whether they rather ring themselves.

    Returns:
        The conversation, in which the next offer is another one.
    """
    announced = _announced(turn.conversation)
    if Offered.name in announced and Accepted.name not in announced:
        turn.announce(Declined(turn.scene, for_number=for_number))
    return _having_announced(turn.conversation) if announced else turn.conversation


def booking_tried(
    turn: Turn, draft: Draft, earlier: BookingResult | None, result: BookingResult
) -> Turn:
    """Announce what a booking came to, and that the offer was accepted with it.

    Args:
        turn: The turn.
        draft: What was agreed to.
        earlier: The last result that the conversation kept.
        result: What it came to now.

    Returns:
        The turn, whose conversation knows that the acceptance was announced.
    """
    if _is_repeated(turn, draft, earlier, result):
        return turn
    conversation = turn.conversation
    if Accepted.name not in _announced(conversation):
        turn.announce(Accepted(turn.scene, draft.kind))
        conversation = _having_announced(conversation, Accepted.name)
    turn.announce(_event_of(turn, draft.kind, result))
    return turn.knowing(conversation)


def move_tried(turn: Turn, draft: Draft, earlier: BookingResult | None, move: Move) -> None:
    """Announce what a move came to.

    Args:
        turn: The turn.
        draft: What was agreed to.
        earlier: The last result that the conversation kept.
        move: What it came to now.
    """
    if not _is_repeated(turn, draft, earlier, move.booking):
        turn.announce(Moved(turn.scene, draft.kind, move.outcome, move.booking.outcome))


def _is_repeated(
    turn: Turn, draft: Draft, earlier: BookingResult | None, result: BookingResult
) -> bool:
    """Whether this was announced before; what was in doubt then, and is no more, is told here."""
    if earlier is None or earlier.token != draft.token:
        return result.outcome is BookingOutcome.ALREADY_BOOKED
    was_in_doubt = earlier.outcome is BookingOutcome.UNCONFIRMED
    if was_in_doubt and result.outcome is not BookingOutcome.UNCONFIRMED:
        outcome = BookingOutcome.BOOKED if result.is_booked else result.outcome
        turn.announce(Clarified(turn.scene, draft.kind, outcome))
    return True


def _event_of(turn: Turn, kind: CallbackKind, result: BookingResult) -> CallbackEvent:
    if result.outcome is BookingOutcome.BOOKED:
        return Booked(turn.scene, kind)
    if result.outcome is BookingOutcome.UNCONFIRMED:
        return Unconfirmed(turn.scene, kind)
    return Refused(turn.scene, kind, result.outcome)


def _announced(conversation: Conversation) -> tuple[str, ...]:
    return OfferTold.of(conversation).announced


def _having_announced(conversation: Conversation, *names: str) -> Conversation:
    kept = (*_announced(conversation), *names) if names else ()
    return conversation.but(offer={**(conversation.offer or {}), ANNOUNCED: [*kept]})
