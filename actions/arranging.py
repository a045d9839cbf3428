"""How a callback is arranged, question by question: what an answer means, and what comes next.

One step takes a message and the state of the conversation and gives the next state. It may ask GES
what is free, and changes nothing there. Content counts more than form: a number or a time is taken
wherever it is said, so the customer can change their mind at every question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from actions import numbers, times
from actions.booked import Booked
from actions.meaning import QUESTIONS, Meaning, meaning_of
from actions.message import Choice, Intent
from actions.outlook import Outlook, kept_of, look
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
from actions.standings import response_for
from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.manage import Standing, StandingCode
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.callbacks.phone import NumberFault, NumberRefused
from ges_connector.language import ChoiceKind, UnclearReason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from actions.base import Turn
    from ges_connector.language import Wish

CANCEL_FORM: Final = "callback_cancel_form"
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
_TO_BE_MENDED: Final = frozenset(
    {
        BookingOutcome.SLOT_TAKEN,
        BookingOutcome.OFFICE_CLOSED,
        BookingOutcome.NUMBER_INVALID,
        BookingOutcome.NUMBER_NOT_ALLOWED,
        BookingOutcome.LIMIT_REACHED,
    }
)
"""Refusals after which the customer gives another time or number."""
ASK_AGAIN: Final = frozenset({Intent.REQUEST_CALLBACK, Intent.GREET, Intent.THANKS, Intent.REPEAT})
"""Intents that are no answer and need none: the open question is simply asked again."""
_BROWSING: Final = frozenset(
    {ChoiceKind.EARLIER, ChoiceKind.LATER, ChoiceKind.MORE, ChoiceKind.NONE}
)
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


async def step(turn: Turn) -> Step | None:
    """Take one message of the customer.

    Returns:
        What it leads to; None if it is no answer to what was asked, and others should serve it.
    """
    if turn.message.is_too_long:
        return _asked_to_be_brief(turn)
    meaning = meaning_of(turn)
    if turn.requested_slot not in _ANSWERS:
        return await _begin(turn, meaning)
    if meaning.intent is None or meaning.intent in QUESTIONS:
        return None
    taken = _way_out(turn, meaning) or await _ANSWERS[turn.requested_slot](turn, meaning)
    if taken is None and meaning.intent in ASK_AGAIN:
        taken = Step(turn.conversation, turn.requested_slot)
    if taken is None:
        return None
    return replace(taken, conversation=taken.conversation.but(misunderstood=0))


def _asked_to_be_brief(turn: Turn) -> Step:
    noted = turn.conversation.noting("utter_callback_shorter_please")
    if turn.requested_slot in _ANSWERS:
        return Step(noted, turn.requested_slot)
    return _ended(noted, Ending.NOTHING_TO_DO)


def _way_out(turn: Turn, meaning: Meaning) -> Step | None:
    """Take what can be said at every question and answers none."""
    if meaning.choice is Choice.HELP:
        return Step(turn.conversation.noting("utter_callback_help"), turn.requested_slot)
    if meaning.stops:
        return _left(turn.conversation)
    if meaning.choice in {Choice.CALL_IN, Choice.CONNECT}:
        return _ended(turn.conversation, Ending.CALL_IN)
    if meaning.intent is Intent.CANCEL_CALLBACK:
        # Only a callback that is there can be cancelled; anything else is an arrangement to leave.
        return _cancelling(turn.conversation) or _left(turn.conversation)
    return None


def _cancelling(conversation: Conversation) -> Step | None:
    """Go on to cancel the callback that is spoken of; None if there is none."""
    is_there = (
        conversation.process is Process.MOVE or conversation.question is Question.OPEN_CALLBACK
    )
    if not is_there:
        return None
    return replace(_ended(conversation, Ending.NOTHING_TO_DO), followup=CANCEL_FORM)


def _ended(conversation: Conversation, ending: Ending) -> Step:
    over = conversation.but(outcome=ending, question=None, confirmed=None)
    return Step(over, None)


def _left(conversation: Conversation) -> Step:
    has_old = conversation.process is Process.MOVE or (
        conversation.question is Question.OPEN_CALLBACK
    )
    return _ended(conversation, Ending.KEPT if has_old else Ending.STOPPED)


# --- the beginning --------------------------------------------------------------------------------


async def _begin(turn: Turn, meaning: Meaning) -> Step:
    before = turn.conversation
    if before.kind is not None and before.outcome in _TO_BE_MENDED:
        return await _resume(turn)
    is_move = (
        meaning.intent is Intent.MOVE_CALLBACK
        or meaning.choice is Choice.MOVE
        or before.process is Process.MOVE
    )
    blank = before.without_draft().but(
        process=Process.MOVE if is_move else Process.BOOK, misunderstood=0, reason=before.reason
    )
    outlook = await look(turn.knowing(blank))
    conversation = _with_kept(blank, outlook).but(offer=kept_of(outlook.offer))
    here = turn.knowing(conversation)
    if is_move:
        return _begin_move(here, outlook, _recalling(turn, meaning))
    if outlook.kept is not None and outlook.kept.is_open:
        asking = times.remembering(here, meaning.timed_wish)
        return Step(asking.but(question=Question.OPEN_CALLBACK), KIND)
    return _proceed(here, outlook, meaning)


def _recalling(turn: Turn, meaning: Meaning) -> Meaning:
    """Bring in the time that was named when the question about the open callback came between."""
    asked = turn.conversation.question is Question.OPEN_CALLBACK
    if not asked or meaning.timed_wish is not None:
        return meaning
    return replace(meaning, wish=times.remembered_wish(turn))


async def _resume(turn: Turn) -> Step:
    """Go on with a draft that GES refused, at the question that its refusal opens anew."""
    conversation = turn.conversation
    if conversation.kind is CallbackKind.SCHEDULED and conversation.slot is None:
        if times.ids_of(conversation):
            return Step(conversation, SLOT)
        return _next(turn.knowing(times.menu_for(turn, await look(turn), None)))
    return Step(conversation.but(question=Question.PHONE), PHONE)


def _with_kept(conversation: Conversation, outlook: Outlook) -> Conversation:
    """Bring what is known of the callback that is there up to date."""
    kept = outlook.kept
    if kept is None or kept.code is StandingCode.UNKNOWN:
        return conversation
    if kept.is_over:
        return conversation.but(id=None)
    return conversation.but(booking=Booked.of(conversation).standing_as(kept).as_record())


def _begin_move(turn: Turn, outlook: Outlook, meaning: Meaning) -> Step:
    conversation, kept = turn.conversation, outlook.kept
    if kept is None:
        offered = conversation.noting("utter_callback_show_none")
        done = _ended(offered, Ending.NOTHING_TO_DO)
        return replace(done, conversation=done.conversation.but(question=Question.OFFER))
    if not kept.can_change:
        return _ended(_with_standing(turn, kept), Ending.NOTHING_TO_DO)
    moving = conversation.but(
        kind=CallbackKind.SCHEDULED, phone=Booked.of(conversation).phone or conversation.phone
    )
    return _proceed(turn.knowing(moving), outlook, meaning)


def _with_standing(turn: Turn, standing: Standing) -> Conversation:
    response, values = response_for(turn, standing)
    return turn.conversation.noting(response, **values)


# --- what is said anywhere ------------------------------------------------------------------------


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
        or _is_about_time(meaning)
    )
    return conversation.but(kind=CallbackKind.SCHEDULED) if wants_time else conversation


def _is_about_time(meaning: Meaning) -> bool:
    return meaning.unclear is not None and meaning.unclear.reason in _ABOUT_TIME


def _proceed(turn: Turn, outlook: Outlook, meaning: Meaning) -> Step:
    """Go on with what a message holds and what is possible now."""
    wanted = _absorbed(turn, meaning)
    settled = _settled(turn.knowing(wanted), outlook)
    if isinstance(settled, Step):
        return settled
    if settled.kind is CallbackKind.SCHEDULED and settled.slot is None:
        here = turn.knowing(settled)
        settled = _menu(here, outlook, meaning.timed_wish)
        if meaning.unclear is not None and _is_about_time(meaning):
            settled = times.noted_unclear(turn.knowing(settled), meaning.unclear)
    return _next(turn.knowing(settled))


def _menu(turn: Turn, outlook: Outlook, wish: Wish | None) -> Conversation:
    """Offer times; why there are none before the office opens is said too."""
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
        is_silent = offer.situation is Situation.UNAVAILABLE
        return _ended(conversation, Ending.UNREACHABLE if is_silent else Ending.NOTHING_FREE)
    if not can_asap:
        return _with_reason(turn, outlook).but(kind=CallbackKind.SCHEDULED)
    if not can_schedule:
        if wanted is CallbackKind.SCHEDULED:
            conversation = conversation.noting("utter_callback_scheduled_refused")
        return conversation.but(kind=None, question=Question.KIND_ASAP)
    is_short = offer.situation is Situation.WAIT_SHORT
    return conversation.but(question=Question.KIND_SHORT if is_short else Question.KIND)


def _with_reason(turn: Turn, outlook: Outlook) -> Conversation:
    """Note why only times are offered."""
    conversation, offer = turn.conversation, outlook.offer
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


def _next(turn: Turn) -> Step:
    """Find the next question."""
    conversation = turn.conversation
    if conversation.kind is None:
        return Step(conversation, KIND)
    if conversation.kind is CallbackKind.SCHEDULED and conversation.slot is None:
        return Step(conversation, SLOT)
    if conversation.phone is None:
        is_offered = not conversation.phone_refused and numbers.known_number(turn) is not None
        question = Question.PHONE_KNOWN if is_offered else Question.PHONE
        return Step(conversation.but(question=question), PHONE)
    asking = conversation.but(question=Question.READ_BACK, confirmed=None)
    return Step(asking, CONFIRMED)


# --- which kind -----------------------------------------------------------------------------------


async def _answer_kind(turn: Turn, meaning: Meaning) -> Step | None:
    if turn.conversation.question is Question.OPEN_CALLBACK:
        return await _answer_open_callback(turn, meaning)
    if meaning.says_no and meaning.timed_wish is None:
        return _left(turn.conversation)
    kind = _kind_in(turn, meaning)
    if kind is None and meaning.phone is None:
        return None
    if kind is Ending.CALL_IN:
        return _ended(turn.conversation, Ending.CALL_IN)
    chosen = turn.conversation if kind is None else turn.conversation.but(kind=kind)
    if meaning.entry is not None:
        # "The second" was one of two kinds here, and no day of the month.
        meaning = replace(meaning, wish=None)
    return _proceed(turn.knowing(chosen), await look(turn), meaning)


def _kind_in(turn: Turn, meaning: Meaning) -> CallbackKind | Ending | None:
    """Tell which kind an answer picks."""
    question = turn.conversation.question
    picked = None if meaning.wish is None else meaning.wish.choice
    if meaning.wants_asap or (picked and picked.kind is ChoiceKind.FIRST_AVAILABLE):
        return CallbackKind.ASAP
    if meaning.entry is not None:
        return _KIND_ENTRIES.get((question, meaning.entry))
    if meaning.timed_wish is not None or meaning.choice is Choice.SCHEDULED:
        return CallbackKind.SCHEDULED
    says_call_me = meaning.intent is Intent.REQUEST_CALLBACK
    if question is Question.KIND_ASAP and (meaning.says_yes or says_call_me):
        return CallbackKind.ASAP
    if question is Question.KIND_SHORT and says_call_me:
        return CallbackKind.ASAP
    # "At a time I choose" speaks of time without naming one.
    is_about_time = meaning.wants_other_time or meaning.intent is Intent.INFORM
    return CallbackKind.SCHEDULED if is_about_time and meaning.phone is None else None


_KIND_ENTRIES: Final[dict[tuple[Question | None, int], CallbackKind | Ending]] = {
    (Question.KIND, 1): CallbackKind.ASAP,
    (Question.KIND, 2): CallbackKind.SCHEDULED,
    (Question.KIND_SHORT, 1): Ending.CALL_IN,
    (Question.KIND_SHORT, 2): CallbackKind.ASAP,
}


async def _answer_open_callback(turn: Turn, meaning: Meaning) -> Step | None:
    conversation = turn.conversation
    if meaning.choice is Choice.CANCEL:
        return _cancelling(conversation)
    wants_move = (
        meaning.choice is Choice.MOVE or meaning.wants_other_time or meaning.timed_wish is not None
    )
    if wants_move:
        return await _begin(turn.knowing(conversation.but(process=Process.MOVE)), meaning)
    if meaning.says_no or meaning.choice is Choice.KEEP:
        return _left(conversation)
    if meaning.intent is Intent.REQUEST_CALLBACK:
        return _proceed(turn.knowing(conversation.but(question=None)), await look(turn), meaning)
    return None


# --- which time -----------------------------------------------------------------------------------


async def _answer_time(turn: Turn, meaning: Meaning) -> Step | None:
    conversation = turn.conversation
    if meaning.says_no and conversation.question is Question.SLOT_OPEN:
        return _left(conversation)
    conversation = numbers.taken(conversation, meaning)
    here, outlook = turn.knowing(conversation), await look(turn)
    if meaning.choice is Choice.ASAP and outlook.has(Rung.ASAP):
        return _next(turn.knowing(conversation.but(kind=CallbackKind.ASAP, slot=None)))
    answered = times.answered(here, outlook, meaning)
    if answered is None and meaning.wants_other_time:
        answered = times.menu_for(here, outlook, None)
    if answered is not None:
        return _next(turn.knowing(answered))
    return _without_time(conversation, meaning)


def _without_time(conversation: Conversation, meaning: Meaning) -> Step | None:
    """Ask on where an answer about time said none."""
    if meaning.phone is not None:
        return Step(conversation, SLOT)
    if meaning.intent is Intent.INFORM:
        return Step(conversation.noting("utter_callback_time_unclear"), SLOT)
    return None


# --- which number ---------------------------------------------------------------------------------


async def _answer_phone(turn: Turn, meaning: Meaning) -> Step | None:
    if meaning.phone is not None:
        here = turn.knowing(numbers.taken(turn.conversation, meaning))
        return _next(here) if meaning.timed_wish is None else await _other_time(here, meaning)
    of_country = numbers.of_country_named(turn)
    if of_country is not None:
        return _next(turn.knowing(of_country))
    if meaning.refused is not None:
        return await _missed(turn, meaning, meaning.refused)
    if meaning.timed_wish is not None or meaning.wants_other_time or meaning.wants_asap:
        return await _other_time(turn, meaning)
    return _about_known_number(turn, meaning) or await _without_number(turn, meaning)


async def _missed(turn: Turn, meaning: Meaning, refused: NumberRefused) -> Step:
    """Ask for the number again; a time that was named beside it is not lost."""
    conversation = numbers.missed(turn, refused)
    if conversation is None:
        return _ended(turn.conversation, Ending.CALL_IN)
    if meaning.timed_wish is None:
        return Step(conversation, PHONE)
    return await _other_time(turn.knowing(conversation), meaning)


def _about_known_number(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a yes or no to the number that the channel knows."""
    conversation, known = turn.conversation, numbers.known_number(turn)
    if conversation.question is not Question.PHONE_KNOWN:
        return None
    if meaning.says_yes and known is not None:
        return _next(turn.knowing(numbers.with_number(conversation, known.e164)))
    if meaning.says_no or meaning.wants_other_number:
        return _next(turn.knowing(numbers.without_number(conversation)))
    return None


async def _without_number(turn: Turn, meaning: Meaning) -> Step | None:
    """Ask on where an answer about the number held none."""
    if meaning.wants_other_number:
        return Step(numbers.without_number(turn.conversation), PHONE)
    if meaning.intent is Intent.INFORM:
        return await _missed(turn, meaning, NumberRefused(NumberFault.NONE_FOUND))
    return None


async def _other_time(turn: Turn, meaning: Meaning) -> Step:
    """Change the time, or the kind, that was settled already."""
    outlook = await look(turn)
    if meaning.wants_asap:
        return _proceed(turn, outlook, meaning)
    scheduled = turn.conversation.but(kind=CallbackKind.SCHEDULED)
    answered = times.answered(turn.knowing(scheduled), outlook, meaning)
    if answered is None:
        return _proceed(turn.knowing(scheduled.but(slot=None)), outlook, meaning)
    return _next(turn.knowing(answered))


# --- is it right ----------------------------------------------------------------------------------


async def _answer_read_back(turn: Turn, meaning: Meaning) -> Step | None:
    if meaning.choice is Choice.KEEP:
        return _left(turn.conversation)
    changed = await _changed(turn, meaning)
    if changed is not None:
        return changed
    if turn.conversation.question is Question.CHANGE:
        return _answer_change(turn.conversation, meaning)
    if meaning.says_yes or times.is_repeated(turn.conversation, meaning):
        return Step(turn.conversation.but(confirmed=True, question=None), None)
    if meaning.says_no:
        return Step(turn.conversation.but(question=Question.CHANGE), CONFIRMED)
    return None


def _answer_change(conversation: Conversation, meaning: Meaning) -> Step | None:
    """Take a bare yes or no to "what should be different?"."""
    if meaning.says_yes:
        return Step(conversation.but(question=Question.READ_BACK), CONFIRMED)
    return _left(conversation) if meaning.says_no else None


async def _changed(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a change of number or time; None if the answer asks for none."""
    conversation = turn.conversation
    if meaning.phone is not None and meaning.phone.e164 != conversation.phone:
        other = turn.knowing(numbers.taken(conversation, meaning))
        return await _other_time(other, meaning) if meaning.timed_wish else _next(other)
    if meaning.refused is not None:
        return await _missed(turn, meaning, meaning.refused)
    if meaning.wants_other_number:
        return _next(turn.knowing(numbers.without_number(conversation)))
    if times.is_repeated(conversation, meaning):
        return None
    if not _wants_other_time(meaning):
        # Digits or time words that nobody can place are asked about: no yes may cover them.
        unclear = meaning.unclear
        return None if unclear is None else Step(times.noted_unclear(turn, unclear), CONFIRMED)
    moved = await _other_time(turn, meaning)
    is_asap_again = conversation.kind is CallbackKind.ASAP is moved.conversation.kind
    return None if is_asap_again and meaning.says_yes else moved


def _wants_other_time(meaning: Meaning) -> bool:
    """Whether an answer to the read-back asks for another time or kind."""
    picked = None if meaning.wish is None else meaning.wish.choice
    return (
        meaning.timed_wish is not None
        or meaning.wants_asap
        or meaning.wants_other_time
        or meaning.choice in {Choice.SCHEDULED, Choice.MORE, Choice.NONE}
        or meaning.message.time_id is not None
        or (picked is not None and picked.kind in _BROWSING)
    )


_ANSWERS: Final[dict[str, Callable[[Turn, Meaning], Awaitable[Step | None]]]] = {
    KIND: _answer_kind,
    SLOT: _answer_time,
    PHONE: _answer_phone,
    CONFIRMED: _answer_read_back,
}
