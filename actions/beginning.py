"""How an arrangement begins: as a new callback, as the move of one, or anew after a refusal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions import numbers, several, staying, times
from actions.booked import Booked, without_spoken_of
from actions.ladder import noting_number, noting_refusal
from actions.meaning import Meaning
from actions.message import Choice, Intent
from actions.outlook import OfferTold, kept_of, look
from actions.permission import may_change
from actions.proceeding import Step, after_time, ended, next_question, proceed
from actions.slots import KIND, PHONE, SLOT, Conversation, Ending, Process, Question
from actions.standings import as_it_stands, response_for
from actions.submitting import after_lost_answer
from actions.told_by_another import shifted
from actions.unconfirmed import Unconfirmed, looked_into
from actions.understanding import understood_at
from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.free_times import FreeTime, time_id
from ges_connector.callbacks.manage import CancelOutcome, StandingCode
from ges_connector.callbacks.verification import Change
from ges_connector.callbacks.wish_fit import fitting, names_time
from ges_connector.language import Wish
from ges_connector.language.answer_words import Other
from ges_connector.language.remarks import rebooks

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.outlook import Outlook
    from ges_connector.callbacks.manage import Standing

_TO_BE_MENDED: Final = frozenset(
    {
        BookingOutcome.SLOT_TAKEN,
        BookingOutcome.OFFICE_CLOSED,
        BookingOutcome.NUMBER_INVALID,
        BookingOutcome.NUMBER_NOT_ALLOWED,
        BookingOutcome.LIMIT_REACHED,
        BookingOutcome.OPEN_ALREADY,
    }
)
"""Refusals after which the customer gives another time or number."""
_BEFORE_OFFERS: Final = frozenset(
    {
        Question.OPEN_CALLBACK,
        Question.WHICH_ONE,
        Question.UNCONFIRMED,
        Question.SECOND,
        Question.SECOND_SAME,
        Question.SECOND_LINE,
        Question.SECOND_DOUBT,
    }
)
"""Questions about callbacks that are there, or may be, whatever the new one is about."""


async def begin(turn: Turn, meaning: Meaning) -> Step:
    """Find out what is possible, and go on with what the first message holds."""
    if turn.conversation.confirmed or turn.conversation.cancel_confirmed:
        # What came of the yes never reached the conversation.
        turn = turn.knowing(after_lost_answer(turn))
    before = turn.conversation
    if before.kind is not None and before.outcome in _TO_BE_MENDED:
        return await _resume(turn)
    turn = await looked_into(turn.knowing(before.but(notes=())))
    before = turn.conversation
    if before.outcome == BookingOutcome.UNAVAILABLE and _is_tried_again(before, meaning):
        return await _try_again(turn, meaning)
    is_move = _is_move(turn.conversation, meaning)
    if is_move and before.id is not None:
        turn = await several.checked(turn)
        picked = _picked(turn, meaning)
        if picked is None:
            return _asked_which(turn, meaning)
        chosen, meaning = picked
        turn = turn.knowing(chosen)
    return await _begun(turn, meaning, is_move=is_move)


def wants_again(turn: Turn) -> bool:
    """Whether the callback that was cancelled last is wanted after all: "book it again"."""
    conversation, cancelled = turn.conversation, Booked.of(turn.conversation).cancelled
    if cancelled is None or cancelled.at is None:
        return False
    # It goes where it was, and is what was spoken of last.
    topic = conversation.profile or turn.service.config.default_topic
    is_gone = cancelled.at > turn.now and cancelled.topic == topic
    is_gone &= conversation.id is None or conversation.outcome == CancelOutcome.CANCELLED
    is_typed = not turn.message.is_button
    return is_gone and is_typed and rebooks(turn.message.text, turn.customer.language)


async def begin_again(turn: Turn, meaning: Meaning) -> Step | None:
    """Arrange what was cancelled once more, but for what is said besides.

    Returns:
        What it leads to; None where nothing at all is free.
    """
    before, cancelled = turn.conversation, Booked.of(turn.conversation).cancelled
    meaning = _with_time_behind(turn, meaning)
    blank = before.without_draft().but(process=Process.BOOK, misunderstood=0)
    outlook = await look(turn.knowing(blank))
    if not outlook.times or cancelled is None or cancelled.at is None:
        return None
    same = blank.but(phone=cancelled.phone, offer=kept_of(outlook.offer, before))
    is_other = meaning.timed_wish or meaning.way or meaning.unclear or meaning.wants_other_time
    if is_other or meaning.wants_asap:
        return proceed(turn.knowing(same), outlook, meaning)
    meant = replace(turn.message, time_id=time_id(cancelled.at))
    here = turn.knowing(numbers.taken(same.but(kind=CallbackKind.SCHEDULED), meaning))
    if meaning.wants_other_number or meaning.refused is not None:
        here = turn.knowing(numbers.without_number(here.conversation))
    chosen = times.answered(here, outlook, Meaning(meant))
    return None if chosen is None else next_question(turn.knowing(chosen))


def _with_time_behind(turn: Turn, meaning: Meaning) -> Meaning:
    """Read the time behind the last comma by itself, where the whole is not clear."""
    before, _, last = meaning.text.rpartition(",")
    if meaning.wish is not None or meaning.unclear is None or not before:
        return meaning
    found = understood_at(last, turn, turn.now)
    if not isinstance(found, Wish) or not names_time(found):
        return meaning
    return replace(meaning, wish=found, unclear=None)


async def _begun(turn: Turn, meaning: Meaning, *, is_move: bool) -> Step:
    """Begin anew, whatever was being arranged before."""
    before, meaning = turn.conversation, _with_wish_before_offer(turn, meaning)
    is_told_why = before.question is Question.OFFER_TIMES
    blank = before.without_draft().but(
        process=Process.MOVE if is_move else Process.BOOK,
        question=Question.OFFER_TIMES if is_told_why else None,
        misunderstood=0,
        notes=before.notes,
        reason=before.reason,
    )
    outlook = await look(turn.knowing(blank))
    conversation = await _with_kept(turn.knowing(blank), outlook)
    conversation = conversation.but(
        offer=kept_of(outlook.offer, conversation.but(offer=before.offer))
    )
    here = turn.knowing(conversation)
    if is_move:
        return await _begin_move(here, outlook, _recalling(turn, meaning))
    is_open = outlook.kept is not None and outlook.kept.is_open
    if is_open and Other.CALLBACK in meaning.others:
        return besides_kept(here, outlook, meaning)
    if is_open:
        named = several.one_meant(here, meaning)
        asking = named or times.remembering(here, meaning.timed_wish)
        noted = numbers.taken(asking, meaning) if named is None else asking
        return Step(noted.but(question=Question.OPEN_CALLBACK), KIND)
    return proceed(here, outlook, meaning)


def _picked(turn: Turn, meaning: Meaning) -> tuple[Conversation, Meaning] | None:
    """Tell which callback is to be changed; None where that has to be asked."""
    before = turn.conversation
    is_known = before.question is Question.OPEN_CALLBACK or before.process is Process.MOVE
    if is_known or not Booked.of(before).others:
        found = several.shifted_one(turn, meaning) or several.parted(turn, meaning)
        return found or several.named_for_number(turn, meaning) or (before, meaning)
    return several.one_to_move(turn, meaning)


def _asked_which(turn: Turn, meaning: Meaning) -> Step:
    """Ask which callback is to be changed, and keep what it is to be changed to."""
    before = turn.conversation
    blank = before.without_draft().but(
        process=Process.MOVE, notes=before.notes, reason=before.reason, misunderstood=0
    )
    asking = numbers.taken(times.remembering(turn.knowing(blank), meaning.timed_wish), meaning)
    if meaning.wants_other_number:
        asking = asking.but(phone_refused=True)
    return Step(several.asked_which(turn.knowing(asking)), KIND)


async def answer_which(turn: Turn, meaning: Meaning) -> Step | None:
    """Take the answer to "which one would you like to change?", and go on with the change.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        What it leads to; None if the message names no callback.
    """
    picked = several.one_to_move(turn, meaning)
    if picked is None:
        return None
    chosen, said = picked
    before = turn.conversation
    named = said.timed_wish or _shifted_before(turn, chosen)
    wish, at = named or times.remembered_wish(turn), Booked.of(chosen).at
    if wish is not None and at is not None and fitting(wish, [FreeTime(at)]):
        wish = None
    phone = said.phone or numbers.of_e164(turn, before.phone)
    others = said.others | {Other.NUMBER} if before.phone_refused else said.others
    recalled = replace(said, wish=wish, phone=phone, others=others)
    step = await begin(turn.knowing(chosen.but(question=None)), recalled)
    if named is not None or step.conversation.wish is None:
        return step
    # It was said before in its own words, and "the first one" tells no time.
    return replace(step, conversation=step.conversation.but(wish=before.wish))


def _shifted_before(turn: Turn, chosen: Conversation) -> Wish | None:
    """The time of "an hour later", now that it is known later than which callback."""
    said = turn.conversation.wish
    of_it = chosen.but(process=Process.MOVE, slot=None, question=None)
    found = None if said is None else shifted(said.text, turn.knowing(of_it))
    return found if isinstance(found, Wish) else None


def is_of_another_topic(turn: Turn) -> bool:
    """Whether a new callback is being arranged, and a flow has changed its topic meanwhile."""
    conversation = turn.conversation
    is_new = conversation.process is Process.BOOK and conversation.question not in _BEFORE_OFFERS
    return is_new and not OfferTold.of(conversation).is_for_topic_of(conversation)


async def begin_in_topic(turn: Turn, meaning: Meaning) -> Step:
    """Go on in another topic: with its wait and times, and with what the customer has said.

    Args:
        turn: The turn.
        meaning: What is said now.
    """
    blank = turn.conversation.but(
        question=None, slot=None, menu=None, confirmed=None, read_back_at=None, notes=()
    )
    outlook = await look(turn.knowing(blank))
    fresh = blank.but(offer=kept_of(outlook.offer, blank))
    wish = meaning.timed_wish or times.remembered_wish(turn)
    return proceed(turn.knowing(fresh), outlook, replace(meaning, wish=wish))


def besides_kept(turn: Turn, outlook: Outlook, meaning: Meaning) -> Step:
    """Arrange one more callback, and say that the one that is there stays."""
    return begin_another(turn.knowing(_with_one_kept(turn)), outlook, meaning)


def begin_another(turn: Turn, outlook: Outlook, meaning: Meaning) -> Step:
    """Arrange one more callback beside the one that is there, at the time that was named."""
    # "A second one" is no entry here, and no day of the month.
    named = times.beside_entry(turn, meaning)
    recalled = replace(meaning, wish=named or times.remembered_wish(turn))
    return proceed(turn.knowing(turn.conversation.but(question=None)), outlook, recalled)


def _with_one_kept(turn: Turn) -> Conversation:
    """Say that the callback that is there stays."""
    at = Booked.of(turn.conversation).at
    if at is None:
        return turn.conversation.noting("utter_callback_one_more_asap")
    return turn.conversation.noting("utter_callback_one_more", moment=turn.teller.moment(at))


def _is_move(before: Conversation, meaning: Meaning) -> bool:
    """Whether the callback that is there is spoken of, and not another one."""
    if before.process is Process.MOVE or meaning.choice is Choice.MOVE:
        return True
    is_besides = Other.CALLBACK in meaning.others and not meaning.is_shift
    if meaning.intent is Intent.MOVE_CALLBACK:
        return not is_besides
    is_asked = before.question is Question.OPEN_CALLBACK
    return (
        before.id is not None
        and not is_besides
        and (
            meaning.wants_other_time
            or (is_asked and _changes(meaning))
            or (meaning.corrects and meaning.timed_wish is not None)
            or meaning.wants_other_number
            or _gives_other_number(before, meaning)
        )
    )


def _changes(meaning: Meaning) -> bool:
    """Whether a time, clear or not, or a number is named."""
    is_time = meaning.timed_wish is not None or meaning.unclear is not None
    return is_time or meaning.phone is not None


def _gives_other_number(before: Conversation, meaning: Meaning) -> bool:
    """Whether the callback that is there is to ring another number."""
    if before.id is None or meaning.wants_asap or meaning.timed_wish is not None:
        return False
    names_other = meaning.phone is not None and meaning.phone.e164 != Booked.of(before).phone
    is_answer = meaning.intent is not Intent.REQUEST_CALLBACK
    return meaning.wants_other_number or (names_other and (is_answer or meaning.corrects))


def _recalling(turn: Turn, meaning: Meaning) -> Meaning:
    """Bring in what was named when the question about the open callback came between."""
    if turn.conversation.question is not Question.OPEN_CALLBACK:
        return meaning
    phone = meaning.phone or numbers.of_e164(turn, turn.conversation.phone)
    is_said = meaning.timed_wish is not None or meaning.way is not None
    wish = meaning.wish if is_said else times.remembered_wish(turn)
    return replace(meaning, wish=wish, phone=phone)


def _with_wish_before_offer(turn: Turn, meaning: Meaning) -> Meaning:
    """Bring in the time that was named before a callback was offered, and now is agreed to."""
    before = turn.conversation
    is_other = meaning.wants_asap or meaning.wants_other_time or meaning.unclear is not None
    if not meaning.says_yes or is_other or meaning.wish is not None or before.kind is not None:
        return meaning
    return replace(meaning, wish=times.remembered_wish(turn))


async def _resume(turn: Turn) -> Step:
    """Go on with a draft that GES refused, at the question that its refusal opens anew."""
    conversation = turn.conversation
    if conversation.outcome == BookingOutcome.OPEN_ALREADY:
        return Step(conversation, KIND)
    if conversation.kind is CallbackKind.SCHEDULED and conversation.slot is None:
        if times.ids_of(conversation):
            return Step(conversation, SLOT)
        outlook = await look(turn)
        return after_time(turn, outlook, times.menu_for(turn, outlook, None))
    return Step(conversation.but(question=Question.PHONE), PHONE)


def _is_tried_again(before: Conversation, meaning: Meaning) -> bool:
    """Whether the draft that could not be sent is wanted as it was, or with another time."""
    is_draft = before.kind is not None and before.phone is not None and before.id is None
    is_other = meaning.phone is not None or meaning.refused is not None
    return is_draft and not is_other and not meaning.wants_other_number


async def _try_again(turn: Turn, meaning: Meaning) -> Step:
    """Read the draft back again, as far as it still can be booked."""
    outlook, before = await look(turn), turn.conversation
    draft = before.but(
        process=Process.BOOK, question=None, misunderstood=0, confirmed=None, outcome=None
    )
    wants_other = meaning.timed_wish is not None or meaning.wants_other_time or meaning.wants_asap
    if wants_other or meaning.choice in {Choice.ASAP, Choice.SCHEDULED}:
        draft = draft.but(kind=None, slot=None, menu=None, wish=None)
    fresh = draft.but(offer=kept_of(outlook.offer, draft))
    return proceed(turn.knowing(fresh), outlook, meaning)


async def _with_kept(turn: Turn, outlook: Outlook) -> Conversation:
    """Bring what is known of the callback that is there up to date."""
    conversation, kept = turn.conversation, outlook.kept
    if kept is None or kept.code is StandingCode.UNKNOWN:
        return conversation
    if kept.is_over:
        return without_spoken_of(conversation)
    return conversation.but(booking=(await as_it_stands(turn, kept)).as_record())


async def _begin_move(turn: Turn, outlook: Outlook, meaning: Meaning) -> Step:
    kept = outlook.kept
    if kept is None:
        return _without_one_to_move(turn, meaning)
    if kept.code is StandingCode.UNKNOWN:
        unknown = await noting_number(turn, "utter_callback_show_unknown")
        return ended(unknown, Ending.NOTHING_TO_DO)
    if not kept.can_change:
        return ended(_with_standing(turn, kept), Ending.NOTHING_TO_DO)
    if not await may_change(turn, Change.MOVE):
        return ended(await noting_refusal(turn), Ending.NOTHING_TO_DO)
    return _moving(turn, outlook, staying.without_own_time(turn, meaning))


def _moving(turn: Turn, outlook: Outlook, meaning: Meaning) -> Step:
    """Change the time or the number of what can be changed, if they are to be other ones."""
    conversation = turn.conversation
    if staying.says_what_is_booked(turn, meaning):
        return ended(conversation, Ending.KEPT)
    if staying.only_renumbers(turn, meaning):
        return _begin_renumbering(turn, replace(meaning, wish=None))
    is_refused = meaning.refused is not None and meaning.timed_wish is None
    if is_refused or _gives_other_number(conversation, meaning):
        return _begin_renumbering(turn, meaning)
    moving = conversation.but(
        kind=CallbackKind.SCHEDULED, phone=Booked.of(conversation).phone or conversation.phone
    )
    if meaning.wants_other_number and meaning.phone is None:
        moving = numbers.without_number(moving)
    return proceed(turn.knowing(moving), outlook, meaning)


def _without_one_to_move(turn: Turn, meaning: Meaning) -> Step:
    """Offer a callback; where one is in doubt, ask whether to book another one all the same.

    Who has one from elsewhere has to hear that it is not moved, or we would call twice.
    """
    conversation = turn.conversation
    doubtful = Unconfirmed.of(conversation, turn.now)
    if doubtful is not None:
        asking = times.remembering(turn, meaning.timed_wish).but(
            process=Process.BOOK, phone=doubtful.phone
        )
        noted = asking.noting("utter_callback_unconfirmed_move")
        return Step(noted.but(question=Question.UNCONFIRMED), KIND)
    wished = times.remembering(turn, meaning.timed_wish)
    done = ended(wished.noting("utter_callback_show_none"), Ending.NOTHING_TO_DO)
    offering = done.conversation.but(question=Question.OFFER, wish=wished.wish)
    return replace(done, conversation=offering)


def _begin_renumbering(turn: Turn, meaning: Meaning) -> Step:
    """Keep the time, and take or ask for the other number."""
    booked = Booked.of(turn.conversation)
    same = numbers.without_number(turn.conversation).but(
        kind=booked.kind, slot=None if booked.at is None else time_id(booked.at)
    )
    if meaning.refused is not None:
        missed = numbers.missed(turn.knowing(same), meaning.refused)
        return Step(same if missed is None else missed, PHONE)
    return next_question(turn.knowing(numbers.taken(same, meaning)))


def _with_standing(turn: Turn, standing: Standing) -> Conversation:
    response, values = response_for(turn, standing)
    return turn.conversation.noting(response, **values)
