"""How a callback is arranged, question by question: what an answer means, and what comes next.

One step takes a message and the state of the conversation and gives the next state. It may ask GES
what is free, and changes nothing there. Content counts more than form: a number or a time is taken
wherever it is said, so the customer can change their mind at every question.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from actions import numbers, remarks, several, staying, times
from actions.agreeing import agrees, deed_of, is_mixed, refuses, wants_one_more
from actions.beginning import answer_which, begin, begin_again, begin_another, wants_again
from actions.booked import Booked
from actions.ladder import number_to_ring
from actions.meaning import QUESTIONS, Meaning, meaning_of, understood_at
from actions.message import Choice, Intent, Message
from actions.outlook import OfferTold, kept_of, look, wait_of
from actions.proceeding import Step, ended, left, next_question, proceed
from actions.slots import (
    ABOUT_BOOKED,
    CONFIRMED,
    KIND,
    PHONE,
    SLOT,
    Conversation,
    Ending,
    Process,
    Question,
)
from actions.submitting import CANCEL_FORM
from actions.unconfirmed import Unconfirmed
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.callbacks.phone import NumberFault, NumberRefused
from ges_connector.callbacks.wish_fit import names_time
from ges_connector.language import ChoiceKind, UnclearReason, Wish
from ges_connector.language.agreement import (
    asks_to_book,
    begins_with_yes,
    denies,
    gives_reason,
    holds_yes,
    leaves_surely,
    yes_and_one_more,
)
from ges_connector.language.answer_words import Other
from ges_connector.language.remarks import (
    Remark,
    is_for_somebody_else,
    means_first_number,
    tells_matter,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from actions.base import Turn

_CLOSED: Final = "utter_callback_closed"
_FRESH: Final = timedelta(minutes=10)
"""How long a wait that was read back is not looked up again."""
_MOST_ASKED_WHICH: Final = 2
_WITHOUT_MENU: Final = frozenset({Question.SLOT_OPEN, Question.SLOT_WHEN})
_BEFORE_THE_NUMBER: Final = frozenset({KIND, SLOT})
"""Questions that may be answered with a number, ahead of time."""
ASK_AGAIN: Final = frozenset({Intent.REQUEST_CALLBACK, Intent.GREET, Intent.THANKS, Intent.REPEAT})
"""Intents that are no answer and need none: the open question is simply asked again."""
_BROWSING: Final = frozenset(
    {ChoiceKind.EARLIER, ChoiceKind.LATER, ChoiceKind.MORE, ChoiceKind.NONE}
)


async def step(turn: Turn) -> Step | None:
    """Take one message of the customer.

    Returns:
        What it leads to; None if it is no answer to what was asked, and others should serve it.
    """
    if turn.message.is_too_long:
        return _asked_to_be_brief(turn)
    turn = _without_matter(turn)
    meaning = several.put_right(turn, meaning_of(turn))
    if turn.requested_slot not in _ANSWERS:
        return await _begin(turn, meaning)
    if remarks.only_asks_language(turn, meaning):
        again = turn.conversation.noting("utter_callback_language_changed")
        return Step(again, turn.requested_slot)
    taken = _first_again(turn, meaning) or await _agreed(turn, meaning)
    taken = taken or _right_after_all(turn, meaning)
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


async def _agreed(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a plain yes to the read-back, whatever else the engine takes it for."""
    is_read_back = turn.requested_slot == CONFIRMED
    if not is_read_back or turn.conversation.question is Question.CHANGE:
        return None
    if not agrees(turn, meaning, deed_of(turn)):
        return None
    agreed = Step(turn.conversation.but(confirmed=True, question=None), None)
    return await _anew(turn) or agreed


async def _anew(turn: Turn) -> Step | None:
    """Read back anew what has changed since it was: who waits in turn agrees to a wait.

    Returns:
        What to ask instead; None where the read-back still holds.
    """
    conversation, told_at = turn.conversation, turn.conversation.read_back_at
    is_in_turn = conversation.kind is CallbackKind.ASAP and conversation.process is Process.BOOK
    if not is_in_turn or told_at is None or turn.now - told_at <= _FRESH:
        return None
    outlook, zone = await look(turn), turn.customer.zone
    if outlook.offer.situation is Situation.UNAVAILABLE:
        return None
    if not outlook.has(Rung.ASAP):
        return proceed(turn, outlook, Meaning(Message()))
    is_same_day = turn.now.astimezone(zone).date() == told_at.astimezone(zone).date()
    told = OfferTold.of(conversation).wait
    if is_same_day and wait_of(outlook.offer, conversation).code == told.code:
        return None
    asking = conversation.but(question=Question.READ_BACK, confirmed=None)
    fresh = asking.but(offer=kept_of(outlook.offer, conversation))
    return Step(fresh.noting("utter_callback_not_done_yet"), CONFIRMED)


async def _answered(turn: Turn, meaning: Meaning, requested: str) -> Step | None:
    if meaning.names_end:
        return await _end_corrected(turn, meaning, requested)
    taken = _way_out(turn, meaning) or await _ANSWERS[requested](turn, meaning)
    is_asked_again = taken is None and meaning.intent in ASK_AGAIN
    return Step(turn.conversation, requested) if is_asked_again else taken


async def _end_corrected(turn: Turn, meaning: Meaning, requested: str) -> Step:
    """Take what the number ends in; where nothing can be made of it, ask for the whole number."""
    if requested == CONFIRMED:
        changed = await _changed(turn, meaning)
        return changed or Step(turn.conversation, requested)
    if requested == PHONE and meaning.refused is not None:
        return await _missed(turn, meaning, meaning.refused)
    if requested == PHONE or meaning.phone is not None:
        wrong = numbers.without_number(turn.conversation)
        here = turn.knowing(numbers.taken(wrong, meaning))
        return await _other_time(here, meaning) if meaning.timed_wish else next_question(here)
    asked = turn.conversation.phone is not None
    unknown = numbers.without_number(turn.conversation) if asked else turn.conversation
    return Step(unknown, requested)


async def _begin(turn: Turn, meaning: Meaning) -> Step:
    """Begin to arrange a callback, unless the message only was taken for a request of one."""
    again = await begin_again(turn) if wants_again(turn) else None
    if again is not None:
        return again
    remark = remarks.remark_of(turn, meaning)
    if remark is Remark.HUMAN:
        return await _begin_for_human(turn, meaning)
    if remark is None and remarks.cancels(turn, meaning):
        return replace(ended(turn.conversation, Ending.NOTHING_TO_DO), followup=CANCEL_FORM)
    if remark is Remark.NOT_NEEDED:
        is_there = remarks.may_be_cancelled(turn)
        over = ended(turn.conversation, Ending.NOTHING_TO_DO if is_there else Ending.STOPPED)
        return replace(over, followup=CANCEL_FORM) if is_there else over
    # What is asked first tells the wait as well.
    noted = None if remark is Remark.WAIT else await remarks.noted(turn, remark)
    return await begin(turn, meaning) if noted is None else ended(noted, Ending.NOTHING_TO_DO)


async def _begin_for_human(turn: Turn, meaning: Meaning) -> Step:
    """Who wants a person gets a number to ring; a callback is offered as well."""
    if turn.conversation.id is not None:
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
    match remark:
        case Remark.HUMAN:
            return ended(conversation, Ending.CALL_IN)
        case Remark.KEEP:
            return _kept(turn)
        case Remark.NOT_NEEDED:
            return _cancelling(conversation) or left(conversation)
        case Remark.NO_PREFERENCE:
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
    return await _answer_time(turn, Meaning(first))


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
    return is_other or _agrees_and_wants_more(turn)


def _agrees_and_wants_more(turn: Turn) -> bool:
    """Whether a yes asks for one more callback at a time: "yes, and also Friday at ten"."""
    said, locale = turn.message.text, turn.customer.locale
    besides = yes_and_one_more(said, locale) if begins_with_yes(said, locale) else None
    found = None if besides is None else understood_at(besides, turn, turn.now)
    return isinstance(found, Wish) and names_time(found)


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
    is_told = turn.conversation.question in ABOUT_BOOKED
    cancels = is_told and remarks.cancels(turn, meaning)
    # Where nothing is booked there is nothing but what is being arranged; "can I cancel later?"
    # asks about one that will be.
    is_asking = meaning.way is not None or "?" in meaning.text
    is_none = turn.conversation.id is None and not is_asking
    cancels |= is_none and remarks.orders_to_end(turn, meaning)
    if cancels or meaning.intent is Intent.CANCEL_CALLBACK:
        # Only a callback that is there can be cancelled; anything else is an arrangement to leave.
        to_cancel = _cancelling(turn.conversation)
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
        return _asked_again(turn)
    is_sure = leaves_surely(meaning.text, turn.customer.locale)
    is_first = turn.conversation.misunderstood == 0
    return None if is_sure or not is_first else _asked_again(turn)


def _asked_again(turn: Turn) -> Step:
    """Ask for a yes again; the second time in a row it is said what makes one."""
    conversation = turn.conversation
    misses = conversation.misunderstood + 1
    note = "utter_callback_not_done_yet" if misses == 1 else "utter_callback_plain_yes_needed"
    asking = conversation.but(question=Question.READ_BACK, misunderstood=misses)
    return Step(asking.noting(note), CONFIRMED)


def _cancelling(conversation: Conversation) -> Step | None:
    """Go on to cancel the callback that is spoken of; None if there is none."""
    is_there = (
        conversation.process is Process.MOVE or conversation.question is Question.OPEN_CALLBACK
    )
    if not is_there:
        return None
    return replace(ended(conversation, Ending.NOTHING_TO_DO), followup=CANCEL_FORM)


# --- which kind -----------------------------------------------------------------------------------


async def _answer_kind(turn: Turn, meaning: Meaning) -> Step | None:
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
    conversation, changed = turn.conversation, await _open_changed(turn, meaning)
    if changed is not None:
        return changed
    # "No, I can't make it" keeps nothing.
    is_open = gives_reason(meaning.text, turn.customer.locale)
    if not is_open and (meaning.says_no or meaning.stops or meaning.choice is Choice.KEEP):
        return left(conversation)
    if meaning.intent is Intent.REQUEST_CALLBACK and meaning.wants_asap:
        return begin_another(turn, await look(turn), meaning)
    is_none = meaning.says_yes or meaning.intent is Intent.REQUEST_CALLBACK
    return _which(conversation) if is_none or is_open else None


async def _answer_which(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "which one would you like to change?"."""
    chosen = await answer_which(turn, meaning)
    if chosen is not None:
        return chosen
    if meaning.says_no or meaning.stops or meaning.choice is Choice.KEEP:
        return left(turn.conversation)
    is_told = meaning.says_yes or meaning.wish is not None or meaning.unclear is not None
    is_told |= meaning.intent in {Intent.MOVE_CALLBACK, Intent.INFORM, Intent.REQUEST_CALLBACK}
    is_first = turn.conversation.misunderstood < _MOST_ASKED_WHICH
    if not is_told:
        return None
    asking = several.asked_which(turn).but(misunderstood=turn.conversation.misunderstood + 1)
    return Step(asking, KIND) if is_first else left(turn.conversation)


async def _open_changed(turn: Turn, meaning: Meaning) -> Step | None:
    """Cancel or change what is there, or arrange another one beside it, if that is wanted."""
    conversation = turn.conversation
    if meaning.choice is Choice.CANCEL:
        return _cancelling(conversation)
    if Other.CALLBACK in meaning.others:
        return begin_another(turn, await look(turn), meaning)
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
    if misses > _MOST_ASKED_WHICH:
        return left(conversation)
    return Step(conversation.but(misunderstood=misses), KIND)


async def _answer_unconfirmed(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "may we call you twice?"; only a yes is one."""
    conversation = turn.conversation
    if meaning.says_no or meaning.choice is Choice.KEEP:
        return left(conversation)
    if wants_one_more(turn, meaning):
        conversation = conversation.but(risk_accepted=True, question=None)
        remembered = meaning.timed_wish or times.remembered_wish(turn)
        meaning = replace(meaning, wish=remembered)
    elif meaning.says_yes or meaning.phone is not None:
        # Another number for it is no yes: GES may call the first one all the same.
        wanted = numbers.taken(conversation, meaning)
        if meaning.timed_wish is not None:
            wanted = times.remembering(turn.knowing(wanted), meaning.timed_wish)
        return Step(wanted.noting("utter_callback_not_done_yet"), KIND)
    elif meaning.timed_wish is None and not meaning.wants_asap:
        return None
    return proceed(turn.knowing(conversation), await look(turn), meaning)


# --- which time -----------------------------------------------------------------------------------


async def _answer_time(turn: Turn, meaning: Meaning) -> Step | None:
    conversation = turn.conversation
    if meaning.says_no and conversation.question in _WITHOUT_MENU and meaning.wish is None:
        return left(conversation)
    if conversation.question is Question.SLOT_WHEN and _wants_number_to_ring(meaning):
        return ended(conversation, Ending.CALL_IN)
    if _keeps_time(turn, meaning):
        return left(conversation)
    conversation = numbers.taken(conversation, meaning)
    here, outlook = turn.knowing(conversation), await look(turn)
    if meaning.choice is Choice.ASAP and outlook.has(Rung.ASAP):
        return next_question(turn.knowing(conversation.but(kind=CallbackKind.ASAP, slot=None)))
    answered = times.answered(here, outlook, _browsing(meaning))
    if answered is None and meaning.wants_other_time:
        answered = times.menu_for(here, outlook, None)
    if answered is not None:
        return next_question(turn.knowing(answered))
    return _without_time(conversation, meaning)


def _keeps_time(turn: Turn, meaning: Meaning) -> bool:
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


# --- which number ---------------------------------------------------------------------------------


async def _answer_phone(turn: Turn, meaning: Meaning) -> Step | None:
    if meaning.choice is Choice.KEEP:
        return left(turn.conversation)
    if meaning.phone is not None:
        before = turn.conversation.phone_before
        taken = numbers.taken(turn.conversation, meaning).but(phone_before=before)
        here = turn.knowing(taken)
        return (
            next_question(here) if meaning.timed_wish is None else await _other_time(here, meaning)
        )
    chosen = numbers.picked(turn, meaning) or numbers.of_country_named(turn)
    if chosen is not None:
        return next_question(turn.knowing(chosen))
    if meaning.refused is not None:
        return await _missed(turn, meaning, meaning.refused)
    if meaning.timed_wish is not None or meaning.wants_other_time or meaning.wants_asap:
        return await _other_time(turn, meaning)
    return _about_known_number(turn, meaning) or await _without_number(turn, meaning)


def _first_again(turn: Turn, meaning: Meaning) -> Step | None:
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


def _right_after_all(turn: Turn, meaning: Meaning) -> Step | None:
    """Read back again with the number that was called wrong, and is not to be another one."""
    names_other = meaning.refused is not None or meaning.timed_wish is not None
    if names_other or meaning.wants_other_number or turn.conversation.phone_readings:
        return None
    is_kept = meaning.takes_back or remarks.remark_of(turn, meaning) is Remark.KEEP
    if turn.requested_slot != PHONE or not (is_kept or meaning.says_no):
        return None
    taken = numbers.taken_back(turn, is_known_meant=is_kept)
    return None if taken is None else next_question(turn.knowing(taken))


async def _missed(turn: Turn, meaning: Meaning, refused: NumberRefused) -> Step:
    """Ask for the number again; a time that was named beside it is not lost."""
    conversation = numbers.missed(turn, refused)
    if conversation is None:
        number, asking = await number_to_ring(turn), numbers.missed_once_more(turn, refused)
        conversation = number.kept_in(asking).but(notes=(number.as_note(), *asking.notes))
    if meaning.timed_wish is None:
        return Step(conversation, PHONE)
    return await _other_time(turn.knowing(conversation), meaning)


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
        return await _missed(turn, meaning, NumberRefused(NumberFault.NONE_FOUND))
    return None


async def _other_time(turn: Turn, meaning: Meaning) -> Step:
    """Change the time, or the kind, that was settled already."""
    if _keeps_time(turn, meaning):
        return left(turn.conversation)
    outlook = await look(turn)
    if meaning.wants_asap:
        return proceed(turn, outlook, meaning)
    scheduled = turn.conversation.but(kind=CallbackKind.SCHEDULED)
    answered = times.answered(turn.knowing(scheduled), outlook, meaning)
    if answered is None:
        return proceed(turn.knowing(scheduled.but(slot=None)), outlook, meaning)
    return next_question(turn.knowing(answered))


# --- is it right ----------------------------------------------------------------------------------


async def _answer_read_back(turn: Turn, meaning: Meaning) -> Step | None:
    if meaning.choice is Choice.KEEP:
        return left(turn.conversation)
    is_about_other = Other.CALLBACK in meaning.others
    if is_about_other and turn.conversation.process is Process.MOVE:
        return _with_one_already(turn, meaning)
    # There is none yet that "book another one" could be beside.
    is_early = is_about_other and _is_about_booking(turn, meaning)
    is_bare_yes = meaning.is_yes and meaning.phone is None
    if is_early or (is_bare_yes and turn.conversation.question is not Question.CHANGE):
        # "No changes" where something is moved: from what is booked, or from what was read back?
        return _asked_again(turn)
    changed = await _changed(turn, _browsing(meaning))
    if changed is not None:
        return changed
    if turn.conversation.question is Question.CHANGE:
        return _answer_change(turn, meaning)
    return _without_agreement(turn, meaning)


def _is_about_booking(turn: Turn, meaning: Meaning) -> bool:
    """Whether an answer speaks of booking, and names neither a time nor a number."""
    names_any = meaning.timed_wish is not None or meaning.phone is not None
    return not names_any and asks_to_book(meaning.text, turn.customer.locale)


def _without_agreement(turn: Turn, meaning: Meaning) -> Step | None:
    """Ask on where an answer to the read-back neither agrees nor says what to change."""
    deed = deed_of(turn)
    if refuses(turn, meaning, deed):
        return Step(turn.conversation.but(question=Question.CHANGE), CONFIRMED)
    is_half = is_mixed(turn, meaning, deed) or holds_yes(meaning.text, turn.customer.locale)
    is_told = meaning.says_yes or meaning.wish is not None or is_half
    return _asked_again(turn) if is_told else None


def _answer_change(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a bare yes or no to "what should be different?", or the same time again."""
    conversation = turn.conversation
    is_fine = meaning.says_yes or is_mixed(turn, meaning, deed_of(turn))
    if is_fine or times.is_repeated(conversation, meaning):
        return Step(conversation.but(question=Question.READ_BACK), CONFIRMED)
    return left(conversation) if meaning.says_no else None


async def _changed(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a change of number or time; None if the answer asks for none."""
    conversation = turn.conversation
    if meaning.phone is not None and meaning.phone.e164 != conversation.phone:
        taken = numbers.taken(conversation, meaning).but(phone_before=conversation.phone)
        other = turn.knowing(taken)
        return await _other_time(other, meaning) if meaning.timed_wish else next_question(other)
    if meaning.refused is not None:
        return await _missed(turn, meaning, meaning.refused)
    if meaning.wants_other_number:
        return next_question(turn.knowing(numbers.without_number(conversation)))
    if times.is_repeated(conversation, meaning):
        return None
    if not _wants_other_time(meaning):
        # Digits or time words that nobody can place are asked about: no yes may cover them.
        unclear = None if _is_beside_yes(turn, meaning) else meaning.unclear
        return None if unclear is None else Step(times.noted_unclear(turn, unclear), CONFIRMED)
    moved = await _other_time(turn, meaning)
    is_asap_again = conversation.kind is CallbackKind.ASAP is moved.conversation.kind
    return None if is_asap_again and meaning.says_yes else moved


def _with_one_already(turn: Turn, meaning: Meaning) -> Step:
    """Say what is booked to who wants one more while that one is being moved."""
    said = times.remembering(turn, meaning.timed_wish)
    asking = said.without_draft().but(process=Process.BOOK, wish=said.wish, offer=said.offer)
    return Step(asking.but(question=Question.OPEN_CALLBACK), KIND)


def _is_beside_yes(turn: Turn, meaning: Meaning) -> bool:
    """Whether digits that nobody can place stand beside a yes, which is asked for again."""
    is_stray = meaning.unclear is not None and (
        meaning.unclear.reason is UnclearReason.UNEXPLAINED_DIGITS
    )
    return is_stray and holds_yes(meaning.text, turn.customer.locale)


def _browsing(meaning: Meaning) -> Meaning:
    """Take "yes, but another day" for the wish for other times that its last words are."""
    beside = () if meaning.unclear is None else meaning.unclear.alternatives
    for wish in beside:
        if wish.choice is not None and wish.choice.kind in _BROWSING:
            return replace(meaning, wish=wish, unclear=None)
    return meaning


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
