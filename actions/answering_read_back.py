"""What an answer means to "is that right?": a yes, a change, or a reason to ask once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from actions import numbers, times
from actions.agreeing import agrees, deed_of, is_mixed, refuses
from actions.answering_number import number_missed
from actions.answering_time import BROWSING, browsing, other_time
from actions.beginning import begin
from actions.meaning import Meaning
from actions.message import Choice, Message
from actions.outlook import OfferTold, kept_of, look, wait_of
from actions.proceeding import Step, left, next_question, proceed
from actions.several import at_the_hour_chosen, each_of, fits, times_in
from actions.slots import CONFIRMED, KIND, Process, Question
from actions.told_by_another import shifted
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import time_of_id
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.language import Grain, UnclearReason, Wish, WishKind
from ges_connector.language.agreement import (
    asks_to_book,
    begins_with_yes,
    holds_yes,
    objects_to_time,
)
from ges_connector.language.answer_words import Other
from ges_connector.language.remarks import means_in_its_place, means_only_this_one

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.slots import Conversation

_FRESH: Final = timedelta(minutes=10)
"""How long a wait that was read back is not looked up again."""
_UNEXPLAINED: Final = frozenset({UnclearReason.UNEXPLAINED_DIGITS, UnclearReason.UNEXPLAINED_WORDS})


async def plain_yes(turn: Turn, meaning: Meaning) -> Step | None:
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


async def in_place_of_booked(turn: Turn, meaning: Meaning) -> Step | None:
    """Move the callback that is there to the time that was read back: "instead of Thursday"."""
    conversation, at = turn.conversation, time_of_id(turn.conversation.slot)
    is_new = turn.requested_slot == CONFIRMED and conversation.process is Process.BOOK
    if not is_new or conversation.id is None or at is None or not meaning.message.is_typed:
        return None
    replaced = _replaced(turn)
    if replaced is None:
        return None
    wish = Wish(WishKind.EXACT, at, None, Grain.MINUTE, turn.customer.zone.key)
    to_move = Meaning(Message(choice=Choice.MOVE), wish=wish)
    return await begin(turn.knowing(replaced.but(question=None)), to_move)


def _replaced(turn: Turn) -> Conversation | None:
    """The callback that gives way to what was read back; which of several is asked about."""
    text, language = turn.message.text, turn.customer.language
    all_of_them = each_of(turn.conversation)
    if means_only_this_one(text, language):
        is_one = len(all_of_them) == 1
        return turn.conversation.but(process=Process.MOVE) if is_one else turn.conversation
    times_named = times_in(turn, text) if means_in_its_place(text, language) else []
    named = [each for each in all_of_them if any(fits(each, time) for time in times_named)]
    is_told = len(times_named) == 1 and len(named) == 1
    return named[0].but(process=Process.MOVE) if is_told else None


async def answer_read_back(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "is that right?" that is no plain yes."""
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
        return ask_once_more(turn)
    changed = await with_change(turn, browsing(meaning))
    if changed is not None:
        return changed
    if turn.conversation.question is Question.CHANGE:
        return _answer_change(turn, meaning)
    return _without_agreement(turn, meaning)


def ask_once_more(turn: Turn) -> Step:
    """Ask for a yes again; the second time in a row it is said what makes one."""
    conversation = turn.conversation
    misses = conversation.misunderstood + 1
    note = "utter_callback_not_done_yet" if misses == 1 else "utter_callback_plain_yes_needed"
    asking = conversation.but(question=Question.READ_BACK, misunderstood=misses)
    return Step(asking.noting(note), CONFIRMED)


async def with_change(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a change of number or time; None if the answer asks for none."""
    conversation = turn.conversation
    if meaning.phone is not None and meaning.phone.e164 != conversation.phone:
        taken = numbers.taken(conversation, meaning).but(phone_before=conversation.phone)
        other = turn.knowing(taken)
        return await other_time(other, meaning) if meaning.timed_wish else next_question(other)
    if meaning.refused is not None:
        return await number_missed(turn, meaning, meaning.refused)
    if meaning.wants_other_number:
        return next_question(turn.knowing(numbers.without_number(conversation)))
    if _objects(turn, meaning):
        others = meaning.others | {Other.TIME}
        meaning = replace(meaning, wish=None, unclear=None, others=others)
    if times.is_repeated(conversation, meaning):
        return None
    meaning = _with_hour_agreed_to(turn, meaning)
    if not _wants_other_time(meaning):
        # Digits or time words that nobody can place are asked about: no yes may cover them.
        unclear = None if _is_beside_yes(turn, meaning) else meaning.unclear
        return None if unclear is None else Step(times.noted_unclear(turn, unclear), CONFIRMED)
    moved = await other_time(turn, meaning)
    is_asap_again = conversation.kind is CallbackKind.ASAP is moved.conversation.kind
    return None if is_asap_again and meaning.says_yes else moved


def _with_hour_agreed_to(turn: Turn, meaning: Meaning) -> Meaning:
    """Keep the hour that was read back where a yes names another day alone: "yes, the 22nd"."""
    wish, locale = meaning.timed_wish, turn.customer.locale
    if wish is None or not begins_with_yes(meaning.text, locale) or meaning.corrects:
        return meaning
    same = at_the_hour_chosen(turn, wish)
    return meaning if same is None else replace(meaning, wish=same)


def _objects(turn: Turn, meaning: Meaning) -> bool:
    """Whether the time that was read back is called a problem: "yes, but ten is difficult"."""
    is_stray = meaning.unclear is not None and meaning.unclear.reason in _UNEXPLAINED
    is_named = is_stray or times.is_repeated(turn.conversation, meaning)
    if meaning.message.is_button or not is_named or shifted(meaning.text, turn) is not None:
        # "An hour later is impossible" leaves the time as it is.
        return False
    return objects_to_time(meaning.text, turn.customer.locale)


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
    return ask_once_more(turn) if is_told else None


def _answer_change(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a bare yes or no to "what should be different?", or the same time again."""
    conversation = turn.conversation
    is_fine = meaning.says_yes or is_mixed(turn, meaning, deed_of(turn))
    if is_fine or times.is_repeated(conversation, meaning):
        return Step(conversation.but(question=Question.READ_BACK), CONFIRMED)
    return left(conversation) if meaning.says_no else None


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


def _wants_other_time(meaning: Meaning) -> bool:
    """Whether an answer to the read-back asks for another time or kind."""
    picked = None if meaning.wish is None else meaning.wish.choice
    return (
        meaning.timed_wish is not None
        or meaning.wants_asap
        or meaning.wants_other_time
        or meaning.choice in {Choice.SCHEDULED, Choice.MORE, Choice.NONE}
        or meaning.message.time_id is not None
        or (picked is not None and picked.kind in BROWSING)
    )
