"""How a callback is arranged, question by question: what an answer means, and what comes next.

One step takes a message and the state of the conversation and gives the next state. It may ask GES
what is free, and changes nothing there. Content counts more than form: a number or a time is taken
wherever it is said, so the customer can change their mind at every question.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions import numbers, remarks, several, sparing, times
from actions.agreeing import deed_of, is_mixed
from actions.answering_beside import asks_wait
from actions.answering_kind import answer_kind, to_cancelling
from actions.answering_number import answer_number, first_again, number_missed, right_after_all
from actions.answering_read_back import (
    answer_read_back,
    ask_once_more,
    in_place_of_booked,
    plain_yes,
    with_change,
)
from actions.answering_time import answer_time, other_time
from actions.beginning import begin, begin_again, wants_again
from actions.changing_back import as_before
from actions.ladder import number_to_ring
from actions.meaning import QUESTIONS, Meaning, meaning_of
from actions.message import Choice, Intent
from actions.outlook import look
from actions.proceeding import Step, ended, left, next_question
from actions.slots import ABOUT_BOOKED, CONFIRMED, KIND, PHONE, SLOT, Ending, Process, Question
from actions.submitting import CANCEL_FORM
from actions.understanding import understood_at
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.wish_fit import names_day, names_time
from ges_connector.language import Wish
from ges_connector.language.agreement import (
    Assent,
    Deed,
    assent_of,
    begins_with_yes,
    denies,
    leaves_surely,
    wants_other,
    without_one_more,
    yes_and,
    yes_and_one_more,
)
from ges_connector.language.answer_words import Other
from ges_connector.language.courtesy import Courtesy, courtesy_in
from ges_connector.language.remarks import Remark, is_for_somebody_else, takes_any_day, tells_matter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from actions.base import Turn

_CLOSED: Final = "utter_callback_closed"
_TELLING_THE_WAIT: Final = frozenset({_CLOSED, "utter_callback_wait_too_long"})
_BEFORE_THE_NUMBER: Final = frozenset({KIND, SLOT})
"""Questions that may be answered with a number, ahead of time."""
ASK_AGAIN: Final = frozenset({Intent.REQUEST_CALLBACK, Intent.GREET, Intent.THANKS, Intent.REPEAT})
"""Intents that are no answer and need none: the open question is simply asked again."""


async def step(turn: Turn) -> Step | None:
    """Take one message of the customer.

    Returns:
        What it leads to; None if it is no answer to what was asked, and others should serve it.
    """
    if turn.message.is_too_long:
        return _asked_to_be_brief(turn)
    turn = sparing.without_spared(_without_matter(turn))
    meaning = several.put_right(turn, meaning_of(turn))
    if turn.requested_slot not in _ANSWERS:
        return await _begin(turn, meaning)
    if remarks.only_asks_language(turn, meaning):
        again = turn.conversation.noting("utter_callback_language_changed")
        return Step(again, turn.requested_slot)
    taken = first_again(turn, meaning) or await plain_yes(turn, meaning)
    taken = taken or right_after_all(turn, meaning) or await in_place_of_booked(turn, meaning)
    if taken is None and not meaning.names_end:
        taken = await _remarked(turn, meaning)
    is_question = meaning.intent in QUESTIONS and Other.NUMBER not in meaning.others
    if taken is None and meaning.intent is not None and not is_question:
        taken = await _answered(turn, meaning, turn.requested_slot)
    if taken is None:
        return None
    if turn.requested_slot in _BEFORE_THE_NUMBER and taken.requested in _BEFORE_THE_NUMBER:
        heard = numbers.acknowledged(taken.conversation, turn.conversation)
        taken = replace(taken, conversation=heard)
    if taken.conversation.misunderstood > turn.conversation.misunderstood:
        return taken
    return replace(taken, conversation=taken.conversation.but(misunderstood=0))


def _without_matter(turn: Turn) -> Turn:
    """Take what is wrong with a bill for no answer, no refusal and no wish for another number."""
    is_heard = turn.conversation.id is not None or turn.requested_slot == CONFIRMED
    is_typed = not turn.message.is_button and turn.message.intent is not None
    if is_heard and is_typed and tells_matter(turn.message.text, turn.customer.language):
        return replace(turn, message=replace(turn.message, intent=Intent.REQUEST_CALLBACK))
    return turn


async def _answered(turn: Turn, meaning: Meaning, requested: str) -> Step | None:
    if meaning.names_end:
        return await _end_corrected(turn, meaning, requested)
    taken = _way_out(turn, meaning) or await _ANSWERS[requested](turn, meaning)
    is_asked_again = taken is None and meaning.intent in ASK_AGAIN
    return Step(turn.conversation, requested) if is_asked_again else taken


async def _end_corrected(turn: Turn, meaning: Meaning, requested: str) -> Step:
    """Take what the number ends in; where nothing can be made of it, ask for the whole number."""
    if requested == CONFIRMED:
        changed = await with_change(turn, meaning)
        return changed or Step(turn.conversation, requested)
    if requested == PHONE and meaning.refused is not None:
        return await number_missed(turn, meaning, meaning.refused)
    if requested == PHONE or meaning.phone is not None:
        wrong = numbers.without_number(turn.conversation)
        here = turn.knowing(numbers.taken(wrong, meaning))
        return await other_time(here, meaning) if meaning.timed_wish else next_question(here)
    asked = turn.conversation.phone is not None
    unknown = numbers.without_number(turn.conversation) if asked else turn.conversation
    return Step(unknown, requested)


async def _begin(turn: Turn, meaning: Meaning) -> Step:
    """Begin to arrange a callback, unless the message only was taken for a request of one."""
    again = await begin_again(turn, meaning) if wants_again(turn) else None
    if again is not None:
        return again
    before = as_before(turn, meaning)
    if before is not None:
        return await begin(turn, before)
    if _takes_leave(turn):
        left_at = turn.conversation.noting("utter_callback_goodbye")
        return ended(left_at, Ending.NOTHING_TO_DO)
    remark = remarks.remark_of(turn, meaning)
    if remark in remarks.TO_RING:
        return await _begin_with_number(turn, meaning, remark)
    is_cancelled = remarks.cancels(turn, meaning) or several.refused_one(turn, meaning) is not None
    if remark is Remark.NOT_NEEDED or (remark is None and is_cancelled):
        is_there = remarks.may_be_cancelled(turn)
        over = ended(turn.conversation, Ending.NOTHING_TO_DO if is_there else Ending.STOPPED)
        return replace(over, followup=CANCEL_FORM) if is_there else over
    return await _begin_and_tell(turn, meaning, remark)


async def _begin_and_tell(turn: Turn, meaning: Meaning, remark: Remark | None) -> Step:
    """Answer a remark, or begin; the wait that is asked for beside a wish is told then.

    What is asked first may tell it as well.
    """
    noted = None if remark is Remark.WAIT else await remarks.noted(turn, remark)
    if noted is not None:
        return ended(noted, Ending.NOTHING_TO_DO)
    begun = await begin(turn, meaning)
    conversation = begun.conversation
    if begun.requested is None or not asks_wait(turn):
        return begun
    if any(note.response in _TELLING_THE_WAIT for note in conversation.notes):
        return begun
    here = replace(turn, conversation=conversation, requested_slot=begun.requested)
    return replace(begun, conversation=remarks.told_aside(here, await look(here)))


def _takes_leave(turn: Turn) -> bool:
    """Whether nothing is said but a farewell, be there a time in it: "have a nice weekend"."""
    said, locale = turn.message, turn.customer.locale
    is_free = turn.requested_slot is None and turn.conversation.id is not None
    return is_free and not said.is_button and courtesy_in(said.text, locale) is Courtesy.GOODBYE


async def _begin_with_number(turn: Turn, meaning: Meaning, remark: Remark | None) -> Step:
    """Give a number to ring; who wants a person is offered a callback as well."""
    if turn.conversation.id is not None or remark is Remark.RINGS_US:
        return ended(turn.conversation, Ending.CALL_IN)
    begun = await begin(turn, meaning)
    if begun.requested is None or begun.conversation.question is Question.KIND_SHORT:
        return begun
    number, conversation = await number_to_ring(turn), begun.conversation
    others = conversation.notes
    if number.response.endswith("_closed"):
        # That it is closed, and until when, is in it.
        others = tuple(each for each in others if each.response != _CLOSED)
    notes = (number.as_note(), *others)
    return replace(begun, conversation=number.kept_in(conversation).but(notes=notes))


async def _remarked(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a remark that is no answer, or one that leaves the answer to us."""
    remark, conversation = remarks.remark_of(turn, meaning), turn.conversation
    is_any_day = takes_any_day(turn.message.text, turn.customer.language)
    match remark:
        case Remark.HUMAN | Remark.RINGS_US:
            return ended(conversation, Ending.CALL_IN)
        case Remark.KEEP:
            return _kept(turn)
        case Remark.NOT_NEEDED:
            return to_cancelling(conversation) or left(conversation)
        case Remark.NO_PREFERENCE if not is_any_day:
            return await _without_preference(turn, meaning)
        case Remark.THIS_NUMBER:
            return _with_known_number(turn)
    noted = await remarks.noted(turn, remark)
    return None if noted is None else Step(noted, turn.requested_slot)


def _kept(turn: Turn) -> Step:
    """Keep what is there; what is only being arranged is asked about on."""
    step = left(turn.conversation)
    is_there = step.conversation.outcome == Ending.KEPT
    return step if is_there else Step(turn.conversation, turn.requested_slot)


async def _without_preference(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the first time on offer for who has no wish, to be read back; ask all else again."""
    offered = times.ids_of(turn.conversation)
    if turn.requested_slot != SLOT or not offered:
        return Step(turn.conversation, turn.requested_slot)
    first = replace(meaning.message, time_id=offered[0])
    return await answer_time(turn, Meaning(first))


def _with_known_number(turn: Turn) -> Step | None:
    """Take the number that the customer calls from."""
    known = numbers.known_number(turn)
    if turn.requested_slot != PHONE or known is None:
        return None
    return next_question(turn.knowing(numbers.with_number(turn.conversation, known.e164)))


def _asked_to_be_brief(turn: Turn) -> Step:
    noted = turn.conversation.noting("utter_callback_shorter_please")
    if turn.requested_slot in _ANSWERS:
        return Step(noted, turn.requested_slot)
    return ended(noted, Ending.NOTHING_TO_DO)


def _is_one_more_too_soon(turn: Turn) -> bool:
    """Whether another callback is wanted as well, before the first one is settled."""
    conversation, said = turn.conversation, turn.message
    is_begun = conversation.slot is not None or conversation.kind is CallbackKind.ASAP
    is_asked = turn.requested_slot in {PHONE, CONFIRMED}
    if not is_begun or not is_asked or said.is_button:
        return False
    is_new = conversation.process is Process.BOOK
    is_other = is_new and is_for_somebody_else(said.text, turn.customer.language)
    return is_other or (is_new and _wants_more_at(turn)) or _agrees_and_wants_more(turn)


def _wants_more_at(turn: Turn) -> bool:
    """Whether one more is wanted at a time that is named: "another call on Friday at ten"."""
    said, locale = turn.message.text, turn.customer.locale
    if Other.CALLBACK not in wants_other(said, locale) or denies(said, locale):
        # "No, another one, Friday at ten" is another time.
        return False
    found = understood_at(without_one_more(said, locale), turn, turn.now)
    return isinstance(found, Wish) and names_time(found)


def _agrees_and_wants_more(turn: Turn) -> bool:
    """Whether a yes asks for one more callback at a time: "yes, and also Friday at ten"."""
    said, locale = turn.message.text, turn.customer.locale
    if not begins_with_yes(said, locale):
        return False
    besides = yes_and_one_more(said, locale)
    found = None if besides is None else understood_at(besides, turn, turn.now)
    if isinstance(found, Wish) and names_time(found):
        return True
    behind = yes_and(said, locale)
    found = None if behind is None else understood_at(behind, turn, turn.now)
    if behind is None or not isinstance(found, Wish) or not names_day(found):
        return False
    # "Yes, and make it Monday" changes the time that was read back.
    return assent_of(f"ok {behind}", locale, Deed.BOOK, found.words) is Assent.PLAIN


def _way_out(turn: Turn, meaning: Meaning) -> Step | None:
    """Take what can be said at every question and answers none."""
    if _is_one_more_too_soon(turn):
        return Step(turn.conversation.noting("utter_callback_one_at_a_time"), turn.requested_slot)
    if meaning.choice is Choice.HELP:
        return Step(turn.conversation.noting("utter_callback_help"), turn.requested_slot)
    is_about_open = turn.conversation.question is Question.OPEN_CALLBACK
    if meaning.stops and not is_about_open:
        return _before_leaving(turn, meaning) or left(turn.conversation)
    if meaning.choice in {Choice.CALL_IN, Choice.CONNECT}:
        return ended(turn.conversation, Ending.CALL_IN)
    is_booked = several.names_booked(turn, meaning)
    is_told = is_booked or turn.conversation.question in ABOUT_BOOKED
    cancels = is_told and remarks.cancels(turn, meaning)
    cancels |= is_about_open and several.refused_one(turn, meaning) is not None
    # Where nothing is booked there is nothing but what is being arranged; "can I cancel later?"
    # asks about one that will be.
    is_asking = meaning.way is not None or "?" in meaning.text
    is_none = turn.conversation.id is None and not is_asking
    cancels |= is_none and remarks.orders_to_end(turn, meaning)
    if cancels or meaning.intent is Intent.CANCEL_CALLBACK:
        # Only a callback that is there can be cancelled; anything else is an arrangement to leave.
        to_cancel = to_cancelling(turn.conversation, is_named=is_booked)
        return to_cancel or _before_leaving(turn, meaning) or left(turn.conversation)
    return None


def _before_leaving(turn: Turn, meaning: Meaning) -> Step | None:
    """Ask once more who takes leave, or only was taken for it, while a yes is awaited."""
    is_mixed_up = is_mixed(turn, meaning, deed_of(turn))
    if turn.requested_slot in {SLOT, PHONE} and is_mixed_up:
        return Step(turn.conversation, turn.requested_slot)
    if turn.requested_slot != CONFIRMED or meaning.message.is_button:
        return None
    if is_mixed_up:
        return ask_once_more(turn)
    is_sure = leaves_surely(meaning.text, turn.customer.locale)
    is_first = turn.conversation.misunderstood == 0
    return None if is_sure or not is_first else ask_once_more(turn)


_ANSWERS: Final[dict[str, Callable[[Turn, Meaning], Awaitable[Step | None]]]] = {
    KIND: answer_kind,
    SLOT: answer_time,
    PHONE: answer_number,
    CONFIRMED: answer_read_back,
}
