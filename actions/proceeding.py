"""What comes next while a callback is arranged: what is wanted meets what is possible now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from actions import announcing, numbers, times
from actions.message import Choice
from actions.slots import (
    CONFIRMED,
    KIND,
    PHONE,
    SLOT,
    Conversation,
    Ending,
    Process,
    Question,
)
from actions.unconfirmed import is_risked
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.offer import Rung, Situation, WhyNot
from ges_connector.language import UnclearReason, WishKind
from ges_connector.language.agreement import denies

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning
    from actions.outlook import Outlook

_ABOUT_TIME: Final = frozenset(
    {
        UnclearReason.TWO_READINGS,
        UnclearReason.CONTRADICTION,
        UnclearReason.IN_THE_PAST,
        UnclearReason.DOES_NOT_EXIST,
        UnclearReason.TIME_DOES_NOT_EXIST,
        UnclearReason.TIME_EXISTS_TWICE,
        UnclearReason.TOO_VAGUE,
    }
)
"""Reasons that leave no doubt that a time was spoken of; stray digits may be anything."""
_TOLD_WITH_THE_WAIT: Final = frozenset({Situation.CLOSED, Situation.WAIT_LONG})
_WHY_NO_ASAP: Final = {
    Situation.CLOSING_SOON: "utter_callback_closing_soon",
    Situation.NIGHT: "utter_callback_night",
    Situation.NO_AGENT: "utter_callback_asap_refused",
    Situation.REFUSED: "utter_callback_asap_refused",
    Situation.UNAVAILABLE: "utter_callback_asap_refused",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What a message leads to.

    Attributes:
        conversation: What is known now.
        requested: The slot to ask for next; None ends the form.
        followup: Another form to go on with.
    """

    conversation: Conversation
    requested: str | None
    followup: str | None = None


def ended(conversation: Conversation, ending: Ending) -> Step:
    """End the form, in this way."""
    over = conversation.but(outcome=ending, question=None, confirmed=None)
    return Step(over, None)


def left(conversation: Conversation) -> Step:
    """End the form because the customer leaves it; a callback that is there stays."""
    has_old = conversation.process is Process.MOVE or (
        conversation.question is Question.OPEN_CALLBACK
    )
    return ended(conversation, Ending.KEPT if has_old else Ending.STOPPED)


def _absorbed(turn: Turn, meaning: Meaning) -> Conversation:
    """Take the kind of callback and the number out of a message."""
    conversation = numbers.taken(turn.conversation, meaning)
    if conversation.process is Process.MOVE:
        return conversation
    if meaning.wants_asap:
        return conversation.but(kind=CallbackKind.ASAP, slot=None)
    wants_time = (
        meaning.timed_wish is not None
        or meaning.choice is Choice.SCHEDULED
        or meaning.wants_other_time
        or _is_about_time(turn, meaning)
    )
    return conversation.but(kind=CallbackKind.SCHEDULED) if wants_time else conversation


def _is_about_time(turn: Turn, meaning: Meaning) -> bool:
    """Whether a time is spoken of that is not clear; a "not" alone may belong to a story."""
    unclear = meaning.unclear
    if unclear is not None and unclear.reason is UnclearReason.UNEXPLAINED_WORDS:
        # "Move it to another time" names none.
        is_reply = {each.kind for each in unclear.alternatives} == {WishKind.CHOICE}
        locale = turn.customer.locale
        return not is_reply and any(not denies(words, locale) for words in unclear.words)
    return unclear is not None and unclear.reason in _ABOUT_TIME


def proceed(turn: Turn, outlook: Outlook, meaning: Meaning) -> Step:
    """Go on with what a message holds and what is possible now."""
    wanted = _absorbed(turn, meaning)
    if is_risked(wanted, turn.now):
        asking = times.remembering(turn.knowing(wanted), meaning.timed_wish)
        return Step(asking.but(question=Question.UNCONFIRMED), KIND)
    if wanted.process is not Process.MOVE:
        wanted = announcing.offer_made(turn.knowing(wanted), outlook)
    settled = _settled(turn.knowing(wanted), outlook)
    if isinstance(settled, Step):
        return settled
    if settled.kind is CallbackKind.SCHEDULED and settled.slot is None:
        here = turn.knowing(settled)
        settled = _menu(here, outlook, meaning)
        if meaning.unclear is not None and _is_about_time(turn, meaning):
            settled = times.noted_unclear(turn.knowing(settled), meaning.unclear)
    return _about_refused(turn, meaning, next_question(turn.knowing(settled)))


def _about_refused(turn: Turn, meaning: Meaning, step: Step) -> Step:
    """Say what is wrong with a number that was given before it was asked for."""
    is_asked = step.requested == PHONE and not step.conversation.phone_readings
    if meaning.refused is None or not is_asked:
        return step
    missed = numbers.missed(turn.knowing(step.conversation), meaning.refused)
    return step if missed is None else replace(step, conversation=missed)


def _menu(turn: Turn, outlook: Outlook, meaning: Meaning) -> Conversation:
    """Offer times; why there are none before the office opens is said too."""
    wish, way = meaning.timed_wish, meaning.way
    if way is not None and turn.conversation.process is Process.MOVE:
        return times.beside_booked(turn, outlook, way)
    offered = times.menu_for(turn, outlook, wish)
    opens_at = outlook.offer.opens_at
    if wish is None or opens_at is None or not times.is_over_by(wish, opens_at):
        return offered
    explained = _with_reason(turn, outlook)
    return offered.but(notes=explained.notes)


def _settled(turn: Turn, outlook: Outlook) -> Conversation | Step:
    """Bring the kind that is wanted together with the kinds that are possible."""
    conversation, offer = turn.conversation, outlook.offer
    can_asap = outlook.has(Rung.ASAP) and conversation.process is not Process.MOVE
    can_schedule = outlook.has(Rung.SCHEDULED)
    wanted = conversation.kind
    if wanted is CallbackKind.ASAP and can_asap:
        return conversation
    if wanted is CallbackKind.SCHEDULED and can_schedule:
        return conversation
    if not can_asap and not can_schedule:
        is_silent = offer.situation is Situation.UNAVAILABLE or (
            offer.why_not(Rung.SCHEDULED) is WhyNot.UNAVAILABLE
        )
        return ended(conversation, Ending.UNREACHABLE if is_silent else Ending.NOTHING_FREE)
    if not can_asap:
        return _with_reason(turn, outlook).but(kind=CallbackKind.SCHEDULED)
    if not can_schedule:
        if wanted is CallbackKind.SCHEDULED:
            conversation = conversation.noting("utter_callback_scheduled_refused")
        return conversation.but(kind=None, question=Question.KIND_ASAP)
    is_short = offer.situation is Situation.WAIT_SHORT
    return conversation.but(question=Question.KIND_SHORT if is_short else Question.KIND)


def _with_reason(turn: Turn, outlook: Outlook) -> Conversation:
    """Note why only times are offered, unless that is what the customer was told just before."""
    conversation, offer = turn.conversation, outlook.offer
    if conversation.question is Question.OFFER_TIMES and offer.situation in _TOLD_WITH_THE_WAIT:
        return conversation
    match offer.situation:
        case Situation.CLOSED if offer.opens_at is not None:
            opening = turn.teller.brief(offer.opens_at)
            return conversation.noting("utter_callback_closed", opening=opening)
        case Situation.CLOSED:
            return conversation.noting("utter_callback_closed_unknown")
        case Situation.WAIT_LONG:
            wait = turn.teller.wait(offer.wait)
            if wait is not None:
                return conversation.noting("utter_callback_wait_too_long", wait=wait)
    return conversation.noting(_WHY_NO_ASAP.get(offer.situation, "utter_callback_asap_refused"))


def after_time(turn: Turn, outlook: Outlook, answered: Conversation) -> Step:
    """Go on with what an answer about time came to.

    Args:
        turn: The turn, as it was before the answer.
        outlook: What is possible now.
        answered: What the answer came to; nothing, where the times could not be read.
    """
    if not outlook.are_times_unread or answered.kind is not CallbackKind.SCHEDULED:
        return next_question(turn.knowing(answered))
    timed = turn.conversation.but(kind=CallbackKind.SCHEDULED, slot=None)
    settled = _settled(turn.knowing(timed), outlook)
    return settled if isinstance(settled, Step) else next_question(turn.knowing(settled))


def next_question(turn: Turn) -> Step:
    """Find the next question."""
    conversation = turn.conversation
    if conversation.kind is None:
        return Step(conversation, KIND)
    if conversation.kind is CallbackKind.SCHEDULED and conversation.slot is None:
        return Step(times.asking_again(conversation), SLOT)
    if conversation.phone is None:
        is_offered = not conversation.phone_refused and numbers.known_number(turn) is not None
        question = Question.PHONE_KNOWN if is_offered else Question.PHONE
        return Step(conversation.but(question=question), PHONE)
    if is_risked(conversation, turn.now):
        return Step(conversation.but(question=Question.UNCONFIRMED), KIND)
    asking = conversation.but(question=Question.READ_BACK, confirmed=None)
    return Step(asking, CONFIRMED)
