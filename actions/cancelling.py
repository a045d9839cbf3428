"""How a callback is cancelled: look it up, ask once more, and only then cancel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions import remarks, several, sparing
from actions.agreeing import agrees, is_mixed, refuses, refuses_in_words
from actions.arranging import ASK_AGAIN
from actions.beginning import wants_again
from actions.booked import Booked, topic_of_booked, without_spoken_of
from actions.changing_back import as_before
from actions.ladder import noting_number, noting_refusal, number_to_ring
from actions.meaning import QUESTIONS, Meaning, meaning_of
from actions.message import Choice, Intent
from actions.permission import may_change
from actions.proceeding import Step
from actions.slots import CANCEL_CONFIRMED, Conversation, Ending, Process, Question
from actions.standings import as_it_stands
from actions.unconfirmed import Unconfirmed, looked_into
from ges_connector.callbacks.manage import CancelOutcome, StandingCode
from ges_connector.callbacks.verification import Change
from ges_connector.language.agreement import (
    Deed,
    denies,
    gives_reason,
    holds_yes,
    only_gives_reason,
    speaks_of_cancelling,
)
from ges_connector.language.answer_words import Other
from ges_connector.language.remarks import Remark, calls_unneeded, orders_to_cancel

if TYPE_CHECKING:
    from actions.base import Turn
    from ges_connector.callbacks.manage import Standing

FORM: Final = "callback_form"
_TOO_LATE: Final = frozenset({StandingCode.CONNECTING, StandingCode.TALKING})


async def step(turn: Turn) -> Step | None:
    """Take one message of the customer.

    Returns:
        What it leads to; None if it is no answer to what was asked, and others should serve it.
    """
    if turn.message.is_too_long:
        noted = turn.conversation.noting("utter_callback_shorter_please")
        is_asked = turn.requested_slot == CANCEL_CONFIRMED
        return Step(noted, CANCEL_CONFIRMED) if is_asked else _over(noted)
    turn = sparing.without_spared(turn)
    meaning = several.put_right(turn, meaning_of(turn))
    if turn.requested_slot != CANCEL_CONFIRMED:
        is_move = _only_moves(turn, meaning)
        return _moving(turn.conversation) if is_move else await _begin(turn, meaning)
    if remarks.only_asks_language(turn, meaning):
        again = turn.conversation.noting("utter_callback_language_changed")
        return Step(again, CANCEL_CONFIRMED)
    return await _taken(turn, meaning)


async def _taken(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "which one?" or "really?"."""
    if remarks.cancels_only_if(turn):
        return Step(turn.conversation.but(question=None), None, followup=FORM)
    if turn.conversation.question is Question.WHICH_ONE:
        is_to_ring = remarks.remark_of(turn, meaning) in remarks.TO_RING
        return await (_remarked(turn, meaning) if is_to_ring else _answer_which(turn, meaning))
    if turn.conversation.id is None:
        # It was shown meanwhile, and found to be over.
        return _over(turn.conversation)
    if not sparing.spared(turn) and agrees(turn, meaning, Deed.CANCEL):
        return _decided(turn.conversation, cancels=True)
    return (
        await _about_other(turn, meaning)
        or _unneeded(turn, meaning)
        or await _remarked(turn, meaning)
        or _answered(turn, meaning)
    )


async def _about_other(turn: Turn, meaning: Meaning) -> Step | None:
    """Ask about another callback of the conversation than the one asked about, if it is named."""
    if remarks.remark_of(turn, meaning) is Remark.KEEP:
        return _decided(turn.conversation, cancels=False)
    left = sparing.one_left(turn)
    other = left or several.one_to_cancel(turn, meaning)
    is_move = left is None and (meaning.wants_other_time or meaning.corrects)
    if other is None or other.id == turn.conversation.id or is_move:
        return None
    return await _asking(turn.knowing(other), None)


def _unneeded(turn: Turn, meaning: Meaning) -> Step | None:
    """Ask again after "not necessary": is it the callback, or that it is cancelled?"""
    is_typed = not meaning.message.is_button
    is_open = is_typed and calls_unneeded(meaning.text, turn.customer.language)
    return _asked_again(turn.conversation) if is_open else None


def _answered(turn: Turn, meaning: Meaning) -> Step | None:
    if meaning.intent is None or meaning.intent in QUESTIONS:
        return None
    answered = _answer(turn, meaning)
    if answered is None and meaning.intent in ASK_AGAIN:
        return Step(turn.conversation, CANCEL_CONFIRMED)
    return answered


async def _remarked(turn: Turn, meaning: Meaning) -> Step | None:
    """Take a remark that does not answer whether to cancel, or says to keep the callback."""
    remark = remarks.remark_of(turn, meaning)
    match remark:
        case Remark.HUMAN | Remark.RINGS_US:
            number = await number_to_ring(turn)
            over = turn.conversation.but(notes=(number.as_note(),), question=None)
            return _over(number.kept_in(over))
        case Remark.KEEP:
            return _decided(turn.conversation, cancels=False)
        case Remark.NOT_NEEDED if only_gives_reason(meaning.text, turn.customer.locale):
            return _decided(turn.conversation, cancels=True)
        case Remark.NOT_NEEDED:
            return _asked_again(turn.conversation)
        case Remark.NO_PREFERENCE:
            return Step(turn.conversation, CANCEL_CONFIRMED)
    noted = await remarks.noted(turn, remark)
    return None if noted is None else Step(noted, CANCEL_CONFIRMED)


async def _answer_which(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "which one shall I cancel?"."""
    is_kept_one = meaning.says_no or meaning.choice is Choice.KEEP
    find = several.one_meant if is_kept_one else several.one_to_cancel
    is_all = several.all_to_cancel(turn, meaning)
    meant = None if is_all else (sparing.one_left(turn) or find(turn, meaning))
    if meant is not None:
        return await _asking(turn.knowing(meant), None)
    if meaning.says_no or meaning.stops or meaning.choice is Choice.KEEP:
        return _decided(turn.conversation, cancels=False)
    if meaning.intent is None or meaning.intent in QUESTIONS:
        return None
    if is_all:
        return await _asking_each(turn, None)
    return await _asked_which_again(turn, meaning)


async def _asked_which_again(turn: Turn, meaning: Meaning) -> Step:
    """Ask which one again after what names none of them; the third time all of them stay."""
    conversation = turn.conversation
    if not Booked.of(conversation).others:
        return await _asking(turn, None)
    if conversation.misunderstood >= several.MOST_ASKED_WHICH:
        return _decided(conversation, cancels=False)
    if several.names_none(turn, meaning):
        conversation = conversation.noting("utter_callback_none_then")
    asking = several.asked_which(turn.knowing(conversation))
    return Step(asking.but(misunderstood=conversation.misunderstood + 1), CANCEL_CONFIRMED)


async def _begin(turn: Turn, meaning: Meaning) -> Step:
    before = turn.conversation
    is_order = not (wants_again(turn) or remarks.cancels_only_if(turn))
    if not is_order or as_before(turn, meaning) is not None:
        # It was only taken for an order to cancel.
        return Step(before, None, followup=FORM)
    over = before.without_draft().but(misunderstood=0, notes=before.notes)
    turn = await looked_into(turn.knowing(over))
    conversation = turn.conversation
    if conversation.id is None and Unconfirmed.of(conversation, turn.now) is not None:
        return _over(await noting_number(turn, "utter_callback_unconfirmed_cancel"))
    if conversation.id is None and before.outcome == CancelOutcome.CANCELLED:
        told = conversation.noting("utter_callback_show_cancelled")
        return Step(told.but(outcome=before.outcome, cancel_confirmed=None), None)
    if conversation.id is None and turn.hearing is not None and turn.hearing.is_beside_others:
        # The question of the other flow comes next; there is room for none of ours.
        return _over(conversation.noting("utter_callback_show_none_aside"))
    if conversation.id is None:
        offered = conversation.noting("utter_callback_show_none").but(question=Question.OFFER)
        return _over(offered)
    turn = await several.checked(turn)
    begin = _begin_beside_spared if sparing.spared(turn) else _begin_with_one
    return await begin(turn, meaning, before)


def _only_moves(turn: Turn, meaning: Meaning) -> bool:
    """Whether what was taken for an order to cancel only tells another time: "an hour back"."""
    text, locale = turn.message.text, turn.customer.locale
    is_order = orders_to_cancel(text, turn.customer.language) or speaks_of_cancelling(text, locale)
    is_refused = denies(text, locale) or gives_reason(text, locale)
    is_moved = meaning.is_shift or Other.TIME in meaning.others
    # "Call me on Friday instead."
    is_moved |= meaning.corrects and several.names_none(turn, meaning)
    is_moved |= several.parted(turn, meaning) is not None
    is_moved &= turn.conversation.id is not None
    return is_moved and not is_order and not is_refused


async def _begin_with_one(turn: Turn, meaning: Meaning, before: Conversation) -> Step:
    """Ask about the callback that is named, or about all, or which one it is."""
    if before.question is Question.CANCEL_EACH:
        return await _asking_each(turn, before.outcome, goes_on=True)
    if remarks.remark_of(turn, meaning) is Remark.KEEP:
        return _decided(turn.conversation, cancels=False)
    if several.time_instead(turn, meaning) is not None:
        return _moving(turn.conversation)
    if several.all_to_cancel(turn, meaning):
        return await _asking_each(turn, before.outcome)
    if several.one_beside_move(turn, meaning) is not None:
        turn = turn.knowing(turn.conversation.noting("utter_callback_one_at_a_time"))
    meant = several.refused_one(turn, meaning) or several.one_beside_move(turn, meaning)
    meant = meant or several.one_to_cancel(turn, meaning)
    is_none = meant is None and several.names_none(turn, meaning)
    if is_none:
        turn = turn.knowing(turn.conversation.noting("utter_callback_none_then"))
    was_shown = before.question is Question.OPEN_CALLBACK
    if meant is None and Booked.of(turn.conversation).others and (is_none or not was_shown):
        return Step(several.asked_which(turn), CANCEL_CONFIRMED)
    return await _asking(turn if meant is None else turn.knowing(meant), before.outcome)


async def _begin_beside_spared(turn: Turn, meaning: Meaning, before: Conversation) -> Step:
    """Ask about the only one that is not said to stay, or which of them it is."""
    if remarks.remark_of(turn, meaning) is Remark.KEEP:
        return _decided(turn.conversation, cancels=False)
    left = sparing.one_left(turn)
    if left is None:
        return Step(several.asked_which(turn), CANCEL_CONFIRMED)
    return await _asking(turn.knowing(left), before.outcome)


async def _asking_each(turn: Turn, before: str | None, *, goes_on: bool = False) -> Step:
    """Ask about the first of all callbacks; the others follow it one after the other."""
    first = next(iter(several.each_of(turn.conversation)))
    asked = first if goes_on else first.noting("utter_callback_one_by_one")
    step = await _asking(turn.knowing(asked), before)
    is_last = not Booked.of(asked).others
    if step.requested is None or is_last:
        return step
    return replace(step, conversation=step.conversation.but(question=Question.CANCEL_EACH))


async def _asking(turn: Turn, before: str | None) -> Step:
    """Ask whether to cancel the callback that is spoken of, if that can be done."""
    conversation = turn.conversation
    if conversation.id is None:
        return _over(conversation.noting("utter_callback_cancel_gone"))
    standing = await turn.service.show(
        topic_of_booked(conversation), conversation.id, turn.deadline
    )
    if standing.can_change and not await may_change(turn, Change.CANCEL):
        return _over(await noting_refusal(turn))
    if standing.can_change:
        booked = await as_it_stands(turn, standing)
        asking = conversation.but(booking=booked.as_record(), question=Question.CANCEL)
        return Step(asking, CANCEL_CONFIRMED)
    return await _without_question(turn, standing, before)


async def _without_question(turn: Turn, standing: Standing, before: str | None) -> Step:
    """Say why nothing can be cancelled."""
    conversation = turn.conversation
    if standing.is_over:
        is_done = standing.code is StandingCode.CANCELLED and before == CancelOutcome.UNCONFIRMED
        note = "utter_callback_show_cancelled" if is_done else "utter_callback_cancel_gone"
        return _over(without_spoken_of(conversation).noting(note))
    is_too_late = standing.code in _TOO_LATE
    if is_too_late:
        return _over(conversation.noting("utter_callback_cancel_too_late"))
    return _over(await noting_number(turn, "utter_callback_show_unknown"))


def _over(conversation: Conversation) -> Step:
    return Step(conversation.but(outcome=Ending.NOTHING_TO_DO, cancel_confirmed=None), None)


def _answer(turn: Turn, meaning: Meaning) -> Step | None:
    conversation = turn.conversation
    if meaning.choice is Choice.HELP:
        return Step(conversation.noting("utter_callback_help"), CANCEL_CONFIRMED)
    if meaning.choice is Choice.CANCEL:
        return _decided(conversation, cancels=True)
    is_half = _is_half(turn, meaning)
    wants_move = (
        meaning.choice is Choice.MOVE or meaning.wants_other_time or meaning.timed_wish is not None
    )
    if wants_move and not is_half:
        return _moving(conversation)
    is_kept = meaning.stops or meaning.choice is Choice.KEEP
    if not is_half and (is_kept or refuses(turn, meaning, Deed.CANCEL)):
        return _decided(conversation, cancels=False)
    if is_half or meaning.says_yes or meaning.intent is Intent.CANCEL_CALLBACK:
        return _asked_again(conversation)
    return None


def _moving(conversation: Conversation) -> Step:
    """Go on to move the callback instead."""
    moving = conversation.but(process=Process.MOVE, question=None, cancel_confirmed=None)
    return Step(moving, None, followup=FORM)


def _asked_again(conversation: Conversation) -> Step:
    return Step(conversation.noting("utter_callback_not_done_yet"), CANCEL_CONFIRMED)


def _is_half(turn: Turn, meaning: Meaning) -> bool:
    """Whether a yes is in it, and no refusal and no other time: "yes, I am away"."""
    is_clear = refuses_in_words(turn, meaning, Deed.CANCEL) or Other.TIME in meaning.others
    if meaning.message.is_button or meaning.timed_wish or meaning.corrects or is_clear:
        return False
    text, locale = meaning.text, turn.customer.locale
    is_told = holds_yes(text, locale) or gives_reason(text, locale)
    return is_told or is_mixed(turn, meaning, Deed.CANCEL)


def _decided(conversation: Conversation, *, cancels: bool) -> Step:
    is_each = cancels and conversation.question is Question.CANCEL_EACH
    decided = conversation.but(
        cancel_confirmed=cancels,
        question=Question.CANCEL_EACH if is_each else None,
        misunderstood=0,
    )
    return Step(decided, None)
