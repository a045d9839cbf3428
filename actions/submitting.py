"""What comes of a form: the one place where something is booked, moved or cancelled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rasa_sdk.events import FollowupAction
from typing_extensions import override

from actions import announcing, several
from actions.base import CallbackAction, Reply, Said, Turn, hashed
from actions.booked import (
    Booked,
    OtherBooked,
    maybe_off,
    topic_of_booked,
    with_left_over,
    without_spoken_of,
)
from actions.calendar import Entry, calendar_link, removal_link
from actions.ladder import noting_refusal, number_to_ring
from actions.moved import is_renumbered, moved_told
from actions.outlook import OfferTold
from actions.permission import may_change
from actions.slots import Channel, Conversation, Ending, Process, Question
from actions.standings import is_being_cancelled, others_told, told_when
from actions.staying import is_as_booked
from actions.times import view_of
from actions.unconfirmed import Unconfirmed, doubting, saying_still, without
from ges_connector.callbacks.booking import BookingOutcome, BookingResult, CallbackKind, Draft
from ges_connector.callbacks.events import Cancelled
from ges_connector.callbacks.free_times import time_of_id
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
from ges_connector.callbacks.verification import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ges_connector.callbacks.free_times import FreeTime
    from ges_connector.callbacks.manage import Move

FORM: Final = "callback_form"
CANCEL_FORM: Final = "callback_cancel_form"
_NEEDS_OTHER_NUMBER: Final = {
    BookingOutcome.NUMBER_INVALID: "utter_callback_number_invalid",
    BookingOutcome.NUMBER_NOT_ALLOWED: "utter_callback_number_not_allowed",
    BookingOutcome.LIMIT_REACHED: "utter_callback_limit_reached",
}
_NEEDS_OTHER_TIME: Final = {
    BookingOutcome.SLOT_TAKEN: "utter_callback_slot_taken",
    BookingOutcome.OFFICE_CLOSED: "utter_callback_office_closed",
}
_CALENDAR_MOVED: Final = "utter_callback_calendar_moved"
_NOT_NOW: Final = "utter_callback_unavailable"
_NO_BOOKING: Final = {
    BookingOutcome.UNCONFIRMED: "utter_callback_unconfirmed",
    BookingOutcome.UNAVAILABLE: _NOT_NOW,
    BookingOutcome.CONVERSATION_LIMIT: "utter_callback_conversation_limit",
}


class SubmitCallbackForm(CallbackAction):
    """Books or moves what was confirmed; says how things stand where nothing was."""

    action_name = "action_submit_callback_form"
    books = True

    @override
    async def act(self, turn: Turn) -> Reply:
        draft = draft_of(turn) if turn.conversation.confirmed else None
        if draft is None:
            return await _not_confirmed(turn)
        if turn.conversation.process is Process.MOVE and turn.conversation.id is not None:
            return await _move(turn, draft, turn.conversation.id)
        return await _book(turn, draft)


class SubmitCallbackCancelForm(CallbackAction):
    """Cancels what was confirmed; keeps it otherwise."""

    action_name = "action_submit_callback_cancel_form"
    books = True

    @override
    async def act(self, turn: Turn) -> Reply:
        conversation = turn.conversation
        over = Reply(conversation).saying_notes()
        if conversation.cancel_confirmed is None:
            return over
        if not conversation.cancel_confirmed or conversation.id is None:
            return kept(turn).but(cancel_confirmed=None)
        return (await _cancel(turn, conversation.id)).but(cancel_confirmed=None)


def draft_of(turn: Turn) -> Draft | None:
    """Put together what was read back; None if something of it is missing."""
    conversation = turn.conversation
    at = time_of_id(conversation.slot)
    is_timed = conversation.kind is CallbackKind.SCHEDULED
    if conversation.phone is None or conversation.kind is None or (is_timed and at is None):
        return None
    if conversation.read_back_at is None:
        # It tells one agreement from the next: with another instant for each time that the same
        # yes arrives, each of them would be booked.
        return None
    told = OfferTold.of(conversation)
    return Draft(
        conversation_id=turn.sender,
        topic=turn.topic or turn.service.config.default_topic,
        phone=conversation.phone,
        desired_at=at if is_timed else None,
        read_back_at=conversation.read_back_at,
        locale=turn.customer.locale,
        zone=turn.customer.zone.key,
        channel=turn.customer.channel.value,
        wait_told=told.wait,
        offer_type=told.offer_type,
        offer_timing=told.offer_timing,
        told_queue=told.told_queue,
        reason=conversation.reason,
        captcha_token=turn.customer.captcha_token,
        # A callback of this conversation was spoken of before another one was asked for.
        is_only=turn.profile.limits.ask_before_second
        and not conversation.risk_accepted
        and conversation.id is None,
        instead_of=_instead_of(conversation),
    )


def _instead_of(conversation: Conversation) -> str | None:
    """Id of the callback in the place of which another one is booked."""
    if conversation.process is Process.MOVE:
        return conversation.id
    cancelled = Booked.of(conversation).cancelled
    return None if cancelled is None else cancelled.id


def after_lost_answer(turn: Turn) -> Conversation:
    """What is known when a turn ended between a yes and what came of it.

    The answer of the action never reached the engine. It may have been carried out: so it is in
    doubt, and is looked into like everything that is.
    """
    conversation, draft = turn.conversation, draft_of(turn)
    if conversation.cancel_confirmed:
        doubtful = maybe_off(conversation)
        return doubtful.but(cancel_confirmed=None, outcome=CancelOutcome.UNCONFIRMED)
    if not conversation.confirmed or draft is None:
        return conversation
    replaced = conversation.id if conversation.process is Process.MOVE else None
    doubtful = doubting(conversation.without_draft(), Unconfirmed.of_draft(draft, replaced))
    return doubtful.but(outcome=BookingOutcome.UNCONFIRMED)


# --- booking --------------------------------------------------------------------------------------


async def _book(turn: Turn, draft: Draft) -> Reply:
    earlier = _earlier(turn, draft)
    result = await turn.service.book(draft, earlier=earlier, deadline=turn.deadline)
    turn = announcing.booking_tried(turn, draft, earlier, result)
    if result.outcome is BookingOutcome.BOOKED:
        return _say_booked(turn, draft, result)
    if result.outcome is BookingOutcome.ALREADY_BOOKED:
        return say_already_booked(turn.knowing(_holding(turn, draft, result)))
    return await _not_booked(turn, draft, result)


def _earlier(turn: Turn, draft: Draft) -> BookingResult | None:
    """What the conversation knows of this very booking, or of the last one."""
    for unconfirmed in Unconfirmed.all_of(turn.conversation, turn.now):
        if unconfirmed.token == draft.token:
            return unconfirmed.result
    return Booked.of(turn.conversation).result


def _holding(turn: Turn, draft: Draft, result: BookingResult) -> Conversation:
    """Keep a booking, and close the draft it came from."""
    made_in, is_move = hashed(turn.sender), turn.conversation.process is Process.MOVE
    old = Booked.of(turn.conversation) if is_move else Booked()
    is_new = old.entry_id is None
    known = Booked.of(turn.conversation)
    others = known.others
    if turn.conversation.id not in {None, result.callback_id} and not is_move:
        beside = replace(known, others=()).as_record()
        others = (OtherBooked(turn.conversation.id or "", beside), *others)
    first_id = result.callback_id if draft.desired_at is not None else None
    booked = Booked(
        draft.kind,
        draft.desired_at,
        draft.phone,
        result,
        made_in,
        wait=draft.wait_told,
        entry_id=first_id if is_new else old.entry_id,
        entry_changes=0 if is_new else old.entry_changes + 1,
        former_at=old.at if old.at != draft.desired_at else None,
        former_phone=old.phone if old.phone != draft.phone else None,
        others=others,
        topic=draft.topic,
    )
    return without(turn.conversation.without_draft(), draft.token).but(
        id=result.callback_id, booking=booked.as_record(), outcome=result.outcome
    )


def _say_booked(turn: Turn, draft: Draft, result: BookingResult) -> Reply:
    teller, callback_id = turn.teller, result.callback_id or ""
    number = teller.number(draft.phone)
    values = {
        "number": number,
        "reference": teller.reference(callback_id),
        "caller": teller.caller(),
        "attempts": teller.attempts(),
    }
    reply = Reply(_holding(turn, draft, result), outcome=result.outcome)
    if draft.desired_at is None:
        said = _with_wait(reply, teller.wait(draft.wait_told), values)
    else:
        moment = teller.moment(draft.desired_at)
        said = reply.saying("utter_callback_booked_scheduled", moment=moment, **values)
        said = _with_calendar(turn, said, "utter_callback_calendar")
    return said.saying("utter_callback_change_hint")


def _with_wait(reply: Reply, wait: str | None, values: Mapping[str, str]) -> Reply:
    if wait is None:
        return reply.saying("utter_callback_booked_asap_wait_unknown", **values)
    return reply.saying("utter_callback_booked_asap", wait=wait, **values)


def _with_calendar(turn: Turn, reply: Reply, response: str) -> Reply:
    """Give out the calendar entry of the callback that the reply keeps."""
    entry = _entry(turn, Booked.of(reply.conversation), reply.conversation.id)
    if entry is None:
        return reply
    return reply.saying(response, attachment=calendar_link(turn.teller, entry))


def _entry(turn: Turn, booked: Booked, callback_id: str | None) -> Entry | None:
    is_taken = turn.customer.channel is Channel.CHAT and turn.customer.takes_files
    if not is_taken or callback_id is None:
        return None
    if booked.at is None or booked.entry_id is None:
        return None
    return Entry(
        booked.entry_id,
        booked.entry_changes,
        booked.at,
        reference=turn.teller.reference(callback_id),
        number=turn.teller.number(booked.phone or ""),
    )


def say_already_booked(turn: Turn) -> Reply:
    """Answer a second yes with what the first one came to."""
    reply = Reply(turn.conversation, outcome=BookingOutcome.ALREADY_BOOKED)
    at = Booked.of(turn.conversation).at
    return reply.adding(told_when(turn, "utter_callback_already_booked", at))


async def _not_booked(turn: Turn, draft: Draft, result: BookingResult) -> Reply:
    if result.outcome is not BookingOutcome.UNCONFIRMED:
        turn = turn.knowing(without(turn.conversation, draft.token))
    open_draft = turn.conversation.but(
        confirmed=None, question=None, outcome=result.outcome, read_back_at=None
    )
    if result.outcome is BookingOutcome.OPEN_ALREADY:
        # It was booked, or is being booked, since the read-back.
        return _back_to_form(open_draft.but(question=Question.SECOND_DOUBT), result.outcome)
    if result.outcome in _NEEDS_OTHER_TIME:
        noted = _needing_time(turn, draft, open_draft, result.outcome)
        again = _offering(noted, result.alternatives, turn)
        return _back_to_form(again, result.outcome)
    if result.outcome in _NEEDS_OTHER_NUMBER:
        asking = open_draft.but(phone=None, phone_refused=True, question=Question.PHONE)
        is_move = turn.conversation.process is Process.MOVE
        if is_move and result.outcome is BookingOutcome.LIMIT_REACHED:
            limited = _about_old(
                turn, "utter_callback_not_moved_number_limit", _NEEDS_OTHER_NUMBER[result.outcome]
            )
            return _back_to_form(asking.noting(limited.response, **limited.values), result.outcome)
        return _back_to_form(asking.noting(_NEEDS_OTHER_NUMBER[result.outcome]), result.outcome)
    if turn.conversation.process is Process.MOVE:
        return await _say_not_moved(turn, draft, result)
    number = await number_to_ring(turn)
    # What could not be sent can be tried again as it was.
    is_kept = result.outcome is BookingOutcome.UNAVAILABLE
    over = open_draft if is_kept else turn.conversation.without_draft().but(outcome=result.outcome)
    if result.outcome is BookingOutcome.UNCONFIRMED:
        over = doubting(over, Unconfirmed.of_draft(draft, None))
    ended = Reply(over, outcome=result.outcome, corr_id=result.corr_id)
    reply = ended.saying(_NO_BOOKING[result.outcome])
    return reply.adding(number)


def _needing_time(
    turn: Turn, draft: Draft, conversation: Conversation, outcome: BookingOutcome
) -> Conversation:
    """Note why the time cannot be had."""
    timed = conversation.but(kind=CallbackKind.SCHEDULED, slot=None)
    is_renumbered = conversation.process is Process.MOVE and draft.desired_at is not None
    if is_renumbered and Booked.of(conversation).at == draft.desired_at:
        # The new one is booked before the old one is cancelled, which may hold the last place.
        kept = _about_old(turn, "utter_callback_number_needs_place", _NEEDS_OTHER_TIME[outcome])
        return timed.noting(kept.response, **kept.values)
    if outcome is BookingOutcome.OFFICE_CLOSED and conversation.kind is CallbackKind.ASAP:
        return timed.noting("utter_callback_closed_meanwhile")
    return timed.noting(_NEEDS_OTHER_TIME[outcome])


def _offering(
    conversation: Conversation, alternatives: tuple[FreeTime, ...], turn: Turn
) -> Conversation:
    """Put the alternatives on offer, the nearest to the wish first in choice, in order of time."""
    count = turn.profile.slots.count(speaks=turn.speaks)
    ids = [time.id for time in sorted(view_of(turn).awake(alternatives)[:count])]
    return conversation.but(
        menu={"ids": ids, "seen": ids}, question=Question.SLOT_MENU if ids else None
    )


def _back_to_form(conversation: Conversation, outcome: BookingOutcome) -> Reply:
    return Reply(conversation, events=(FollowupAction(FORM),), outcome=outcome)


# --- moving ---------------------------------------------------------------------------------------


async def _move(turn: Turn, draft: Draft, callback_id: str) -> Reply:
    if is_as_booked(turn, draft):
        return kept(turn)
    if not await may_change(turn, Change.MOVE):
        refused = turn.knowing(turn.conversation.without_draft().but(outcome=Ending.REFUSED))
        return Reply(await noting_refusal(refused), outcome="refused").saying_notes()
    earlier = _earlier(turn, draft)
    move = await turn.service.move(callback_id, draft, earlier=earlier, deadline=turn.deadline)
    announcing.move_tried(turn, draft, earlier, move)
    if move.outcome in {MoveOutcome.MOVED, MoveOutcome.MOVED_OLD_REMAINS}:
        return _say_moved(turn, draft, move)
    return await _not_booked(turn, draft, move.booking)


def _say_moved(turn: Turn, draft: Draft, move: Move) -> Reply:
    old, is_old_off = Booked.of(turn.conversation), move.outcome is MoveOutcome.MOVED
    holding = _holding(turn, draft, move.booking).but(outcome=move.outcome)
    new, callback_id = Booked.of(holding), move.booking.callback_id or ""
    if not is_old_off:
        holding = with_left_over(holding, turn.conversation, move.cancellation)
    told = moved_told(turn, old, new, callback_id, is_old_off=is_old_off)
    reply = Reply(holding, outcome=move.outcome).adding(told)
    if not is_old_off:
        return reply
    if is_renumbered(old, new):
        is_same_time = old.at == new.at
        news = "utter_callback_calendar_updated" if is_same_time else _CALENDAR_MOVED
    else:
        news = "utter_callback_calendar" if new.entry_changes == 0 else _CALENDAR_MOVED
    return _with_calendar(turn, reply, news)


async def _say_not_moved(turn: Turn, draft: Draft, result: BookingResult) -> Reply:
    over = turn.conversation.without_draft()
    if result.outcome is not BookingOutcome.UNCONFIRMED:
        outcome = MoveOutcome.NOT_MOVED
        reply = Reply(over.but(outcome=outcome), outcome=outcome)
        if result.outcome is BookingOutcome.CONVERSATION_LIMIT:
            limited = _about_old(
                turn, "utter_callback_not_moved_conversation_limit", _NO_BOOKING[result.outcome]
            )
            return reply.adding(limited).adding(await number_to_ring(turn))
        return reply.adding(_about_old(turn, "utter_callback_not_moved", _NOT_NOW))
    outcome = MoveOutcome.UNCONFIRMED
    doubtful = doubting(over, Unconfirmed.of_draft(draft, over.id)).but(outcome=outcome)
    reply = Reply(doubtful, outcome=outcome, corr_id=result.corr_id)
    stands = not result.is_of_others or await _stands(turn)
    doubted = _NO_BOOKING[BookingOutcome.UNCONFIRMED]
    told = _about_old(turn, "utter_callback_move_unconfirmed", doubted)
    said = reply.adding(told if stands else Said(doubted))
    return said.adding(await number_to_ring(turn))


async def _stands(turn: Turn) -> bool:
    """Whether GES says that the callback which was to be replaced is still to come."""
    conversation = turn.conversation
    topic = topic_of_booked(conversation)
    standing = await turn.service.show(topic, conversation.id or "", turn.deadline)
    return standing.is_open and not await is_being_cancelled(turn)


def _about_old(turn: Turn, response: str, otherwise: str) -> Said:
    """Put a response together that says that the old callback stands, in the variant for it.

    Args:
        turn: The turn.
        response: Its name, as it is for a callback at a time.
        otherwise: What says nothing of the old one, where nobody knows whether it is cancelled.
    """
    old = Booked.of(turn.conversation)
    if old.may_be_off:
        return Said(otherwise)
    if old.at is None:
        return Said(f"{response}_asap")
    return Said(response, {"old_moment": turn.teller.moment(old.at)})


# --- neither --------------------------------------------------------------------------------------


async def _not_confirmed(turn: Turn) -> Reply:
    conversation = turn.conversation
    question = conversation.question
    over = conversation.without_draft().but(
        notes=conversation.notes,
        outcome=conversation.outcome,
        question=question,
        # A time that was named is used if the offer is taken.
        wish=conversation.wish if question is Question.OFFER else None,
    )
    reply = Reply(over, outcome=conversation.outcome or "nothing").saying_notes()
    match conversation.outcome:
        case Ending.NOTHING_TO_DO:
            return reply
        case Ending.KEPT:
            return kept(turn)
        case Ending.CALL_IN:
            announcing.offer_left(turn, for_number=True)
        case Ending.NOTHING_FREE | Ending.UNREACHABLE if conversation.process is Process.MOVE:
            return reply.adding(_about_old(turn, "utter_callback_not_moved", _NOT_NOW))
        case Ending.NOTHING_FREE:
            reply = reply.saying("utter_callback_no_slots")
        case Ending.UNREACHABLE:
            reply = reply.saying("utter_callback_unavailable")
        case _:
            announcing.offer_left(turn)
            return reply.saying("utter_callback_stopped")
    number = await number_to_ring(turn)
    return reply.adding(number)


def kept(turn: Turn) -> Reply:
    """Say that the callback stays as it is."""
    booked = Booked.of(turn.conversation)
    over = turn.conversation.without_draft().but(outcome=Ending.KEPT)
    reply = Reply(over, outcome=Ending.KEPT)
    others = [each for each in several.each_of(over) if each.id != over.id]
    sure = next((each for each in others if not Booked.of(each).may_be_off), None)
    if booked.may_be_off and sure is None:
        return saying_others(turn, reply.saying("utter_callback_cancel_unconfirmed"), others)
    if booked.may_be_off and sure is not None:
        # Nobody knows whether it stays; the other one does.
        booked, others = Booked.of(sure), [over, *(each for each in others if each is not sure)]
    return saying_others(
        turn, reply.adding(told_when(turn, "utter_callback_kept", booked.at)), others
    )


def saying_others(turn: Turn, reply: Reply, others: Sequence[Conversation]) -> Reply:
    """Say that other callbacks of the conversation stay.

    Args:
        turn: The turn.
        reply: What was said before.
        others: The conversation as it is when it speaks of each of them.
    """
    for said in others_told(turn, [Booked.of(each) for each in others]):
        reply = reply.adding(said)
    return reply


# --- cancelling -----------------------------------------------------------------------------------

_CANCELS: Final = {
    CancelOutcome.TOO_LATE: "utter_callback_cancel_too_late",
    CancelOutcome.ALREADY_OVER: "utter_callback_cancel_gone",
    CancelOutcome.GONE: "utter_callback_cancel_gone",
}


async def _cancel(turn: Turn, callback_id: str) -> Reply:
    conversation, booked = turn.conversation, Booked.of(turn.conversation)
    if not await may_change(turn, Change.CANCEL):
        refused = turn.knowing(conversation.without_draft().but(outcome=Ending.REFUSED))
        return Reply(await noting_refusal(refused), outcome="refused").saying_notes()
    done = await turn.service.cancel(
        topic_of_booked(conversation),
        callback_id,
        turn.deadline,
        earlier_at=booked.cancel_sent_at,
    )
    outcome = CancelOutcome.UNCONFIRMED if done.is_in_doubt else done.outcome
    turn.announce(Cancelled(turn.scene, outcome))
    tried = replace(booked, cancel_sent_at=done.sent_at)
    over = conversation.without_draft().but(outcome=outcome, booking=tried.as_record())
    gone = without_spoken_of(over, callback_id)
    reply = Reply(gone if done.is_off else over, outcome=outcome, corr_id=done.corr_id)
    if outcome is CancelOutcome.CANCELLED:
        told = told_when(turn, "utter_callback_cancelled", booked.at)
        # The one that may have been booked besides is not cancelled with it.
        said = _without_entry(turn, reply.adding(told), booked)
        is_each = conversation.question is Question.CANCEL_EACH and turn.hearing is None
        if is_each and gone.id is not None:
            then = (*said.events, FollowupAction(CANCEL_FORM))
            return replace(said, events=then).but(question=Question.CANCEL_EACH)
        stay = several.each_of(gone) if gone.id is not None else []
        return saying_still(turn, saying_others(turn, said, stay))
    if outcome in _CANCELS:
        return reply.saying(_CANCELS[outcome])
    number = await number_to_ring(turn)
    if outcome is CancelOutcome.UNAVAILABLE:
        told = told_when(turn, "utter_callback_cancel_unavailable", booked.at)
        return reply.adding(told).adding(number)
    doubtful = replace(reply, conversation=maybe_off(reply.conversation))
    said = doubtful.saying("utter_callback_cancel_unconfirmed").adding(number)
    # Others that were to be cancelled after this one have not been asked about.
    is_each = conversation.question is Question.CANCEL_EACH and gone.id is not None
    return saying_others(turn, said, several.each_of(gone) if is_each else [])


def _without_entry(turn: Turn, reply: Reply, booked: Booked) -> Reply:
    """Give out the file that takes the callback out of the calendar it may be in."""
    entry = _entry(turn, booked, turn.conversation.id)
    if entry is None:
        return reply
    link = removal_link(turn.teller, replace(entry, changes=entry.changes + 1))
    return reply.saying("utter_callback_calendar_removed", attachment=link)
