"""What an answer means to "as soon as possible, or at a time?" and to questions of callbacks there.

Those are: keep, move or cancel it; which one; and: book one more all the same?
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions import numbers, several, times
from actions.agreeing import wants_one_more
from actions.beginning import answer_which, begin, besides_kept
from actions.booked import Booked
from actions.message import Choice, Intent
from actions.outlook import look
from actions.proceeding import Step, ended, left, proceed
from actions.slots import ABOUT_BOOKED, KIND, Conversation, Ending, Process, Question
from actions.submitting import CANCEL_FORM
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.language import ChoiceKind
from ges_connector.language.agreement import asks_to_book, denies, gives_reason, wants_both
from ges_connector.language.answer_words import Other
from ges_connector.language.leaving_all import leaves_all

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning


async def answer_kind(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "as soon as possible, or at a time?", or to one about what is booked."""
    if turn.conversation.question in ABOUT_BOOKED:
        return await _answer_about_booked(turn, meaning)
    if turn.conversation.question is Question.UNCONFIRMED:
        return await _answer_unconfirmed(turn, meaning)
    if meaning.says_no and meaning.timed_wish is None:
        return left(turn.conversation)
    kind = _kind_in(turn, meaning)
    if kind is None and meaning.phone is None:
        return None
    if kind is Ending.CALL_IN:
        return ended(turn.conversation, Ending.CALL_IN)
    chosen = turn.conversation if kind is None else turn.conversation.but(kind=kind)
    if meaning.entry is not None:
        # "The second" was one of two kinds here, and no day of the month.
        meaning = replace(meaning, wish=None)
    return proceed(turn.knowing(chosen), await look(turn), meaning)


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
    # Aloud it is "or shall we call you?"; "which would you prefer?" is not answered by a yes.
    is_agreed = turn.customer.speaks and meaning.says_yes
    locale = turn.customer.locale
    is_order = asks_to_book(meaning.text, locale) and not denies(meaning.text, locale)
    orders_call = says_call_me or is_order
    if question is Question.KIND_SHORT and (is_agreed or orders_call):
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


async def _answer_about_booked(turn: Turn, meaning: Meaning) -> Step | None:
    if turn.conversation.question is Question.WHICH_ONE:
        return await _answer_which(turn, meaning)
    return await _answer_open_callback(turn, meaning)


async def _answer_open_callback(turn: Turn, meaning: Meaning) -> Step | None:
    # "Las dos" is both of them, and not two o'clock.
    is_both = several.all_to_cancel(turn, meaning) and leaves_all(
        meaning.text, turn.customer.language
    )
    if is_both:
        meaning = replace(meaning, wish=None, unclear=None)
    conversation, changed = turn.conversation, await _open_changed(turn, meaning)
    if changed is not None:
        return changed
    # "No, I can't make it" keeps nothing.
    is_open = gives_reason(meaning.text, turn.customer.locale)
    if not is_open and (meaning.says_no or meaning.stops or meaning.choice is Choice.KEEP):
        return left(conversation)
    if meaning.intent is Intent.REQUEST_CALLBACK and meaning.wants_asap:
        return besides_kept(turn, await look(turn), meaning)
    is_none = is_both or meaning.says_yes or meaning.intent is Intent.REQUEST_CALLBACK
    return _which(conversation) if is_none or is_open else None


async def _answer_which(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "which one would you like to change?"."""
    chosen = await answer_which(turn, meaning)
    if chosen is not None:
        return chosen
    is_left = meaning.says_no or meaning.stops or several.all_stay(turn, meaning)
    if is_left or meaning.choice is Choice.KEEP:
        return left(turn.conversation)
    is_told = meaning.says_yes or meaning.wish is not None or meaning.unclear is not None
    is_told |= meaning.intent in {Intent.MOVE_CALLBACK, Intent.INFORM, Intent.REQUEST_CALLBACK}
    is_first = turn.conversation.misunderstood < several.MOST_ASKED_WHICH
    if not is_told:
        return None
    if meaning.intent is Intent.MOVE_CALLBACK and several.names_none(turn, meaning):
        # Where to move it was said anew, and not which one.
        turn = turn.knowing(times.remembering(turn, meaning.timed_wish))
    asking = several.asked_which(turn).but(misunderstood=turn.conversation.misunderstood + 1)
    return Step(asking, KIND) if is_first else left(turn.conversation)


async def _open_changed(turn: Turn, meaning: Meaning) -> Step | None:
    """Cancel or change what is there, or arrange another one beside it, if that is wanted."""
    conversation = turn.conversation
    if meaning.choice is Choice.CANCEL:
        return to_cancelling(conversation)
    if Other.CALLBACK in meaning.others:
        return besides_kept(turn, await look(turn), meaning)
    if numbers.is_about_number(meaning):
        return await _about_number(turn, meaning)
    is_asked = meaning.choice is Choice.MOVE or meaning.wants_other_time
    other = several.one_meant(turn, meaning)
    is_about_other = other is not None and other.id != conversation.id
    is_change = is_asked or meaning.corrects or several.says_whereto(turn, meaning)
    if other is not None and is_about_other and not is_change:
        return Step(other, KIND)
    if is_asked or meaning.timed_wish is not None or several.parted(turn, meaning) is not None:
        return await begin(turn.knowing(conversation.but(process=Process.MOVE)), meaning)
    return None


async def _about_number(turn: Turn, meaning: Meaning) -> Step:
    """Take the number for the callback that is there, perhaps with another time."""
    conversation, phone = turn.conversation, meaning.phone
    is_same = phone is not None and phone.e164 == Booked.of(conversation).phone
    if phone is not None and is_same and meaning.timed_wish is None:
        number = turn.teller.number(phone.e164)
        return _which(conversation.noting("utter_callback_your_number", number=number))
    return await begin(turn.knowing(conversation.but(process=Process.MOVE)), meaning)


def _which(conversation: Conversation) -> Step:
    """Ask which of "keep it, move it or cancel it" is meant; the third time nothing changes."""
    misses = conversation.misunderstood + 1
    if misses > several.MOST_ASKED_WHICH:
        return left(conversation)
    return Step(conversation.but(misunderstood=misses), KIND)


async def _answer_unconfirmed(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "may we call you twice?"; only a yes is one."""
    conversation = turn.conversation
    if meaning.says_no or meaning.choice is Choice.KEEP:
        return left(conversation)
    if wants_one_more(turn, meaning):
        conversation = conversation.but(risk_accepted=True, question=None)
        # "Las dos" is both of them, and not two o'clock.
        is_both = wants_both(meaning.text, turn.customer.locale)
        named = None if is_both else meaning.timed_wish
        meaning = replace(meaning, wish=named or times.remembered_wish(turn))
    elif meaning.says_yes or meaning.phone is not None:
        # Another number for it is no yes: GES may call the first one all the same.
        wanted = numbers.taken(conversation, meaning)
        if meaning.timed_wish is not None:
            wanted = times.remembering(turn.knowing(wanted), meaning.timed_wish)
        return Step(wanted.noting("utter_callback_not_done_yet"), KIND)
    elif meaning.timed_wish is None and not meaning.wants_asap:
        return None
    return proceed(turn.knowing(conversation), await look(turn), meaning)


def to_cancelling(conversation: Conversation, *, is_named: bool = False) -> Step | None:
    """Go on to cancel the callback that is spoken of; None if there is none.

    Args:
        conversation: The conversation.
        is_named: Whether one that is booked was named, while another one is arranged.
    """
    is_there = (
        conversation.process is Process.MOVE or conversation.question is Question.OPEN_CALLBACK
    )
    if not is_there and not is_named:
        return None
    if not is_there:
        conversation = conversation.noting("utter_callback_second_left")
    return replace(ended(conversation, Ending.NOTHING_TO_DO), followup=CANCEL_FORM)
