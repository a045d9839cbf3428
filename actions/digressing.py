"""What can be asked at any time, and answers that come when no question of a form is open."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from rasa_sdk.events import FollowupAction, SlotSet
from typing_extensions import override

from actions import announcing, remarks, several, times, unasked
from actions.agreeing import agrees, deed_of
from actions.answering_beside import with_answer_beside
from actions.asking import which_of_three
from actions.base import CallbackAction, Reply, Turn
from actions.beginning import wants_again
from actions.booked import Booked, maybe_off, topic_of_booked, without_spoken_of
from actions.calm import NEXT, WORDS, Next
from actions.changing_back import as_before, changes_back
from actions.ladder import number_to_ring
from actions.meaning import meaning_of, time_named
from actions.message import Choice, Intent, Message
from actions.outlook import kept_of, look, wait_of
from actions.plain_answers import answers_plainly
from actions.slots import (
    ABOUT_BOOKED,
    CANCEL_CONFIRMED,
    CONFIRMED,
    KIND,
    PHONE,
    SLOT,
    Conversation,
    Ending,
    Process,
    Question,
)
from actions.standings import aside_for, is_being_cancelled, response_for
from actions.staying import says_what_is_booked
from actions.submitting import (
    CANCEL_FORM,
    FORM,
    SubmitCallbackCancelForm,
    SubmitCallbackForm,
    draft_of,
    kept,
    say_already_booked,
    saying_others,
)
from actions.unconfirmed import Unconfirmed, looked_into, saying_still, tells_move
from actions.understanding import understood
from ges_connector.callbacks.booking import BookingOutcome
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome, StandingCode
from ges_connector.callbacks.offer import Situation
from ges_connector.callbacks.wish_fit import names_time
from ges_connector.language import Wish
from ges_connector.language.agreement import (
    Assent,
    Deed,
    assent_of,
    gives_reason,
    yes_and_one_more,
)
from ges_connector.language.answer_words import Other
from ges_connector.language.remarks import (
    Remark,
    asks_for_call,
    leaves_as_is,
    remark_in,
    tells_matter,
)
from ges_connector.wording.calm import choice_titled

if TYPE_CHECKING:
    from rasa_sdk.executor import CollectingDispatcher
    from rasa_sdk.interfaces import Tracker
    from rasa_sdk.types import DomainDict

    from actions.meaning import Meaning
    from actions.outlook import Outlook
    from actions.slots import Event
    from ges_connector.callbacks.manage import Standing

_MISSES_BEFORE_LADDER: Final = 2
_MOST_NAMED: Final = 3
"""Of what may be meant; nobody keeps more in mind who hears them."""
_OFFERS: Final = frozenset({Question.OFFER, Question.OFFER_TIMES})
_NOT_CHANGED: Final = frozenset(
    {
        MoveOutcome.NOT_MOVED,
        CancelOutcome.UNAVAILABLE,
        CancelOutcome.TOO_LATE,
        Ending.NOTHING_TO_DO,
    }
)
_TO_BE_TRIED_AGAIN: Final = frozenset(
    {BookingOutcome.UNAVAILABLE, Ending.UNREACHABLE, Ending.NOTHING_FREE}
)
"""Ways to end with nothing booked, which a later attempt may mend."""
_ABOUT_CALLBACK: Final = frozenset({Remark.WHEN, Remark.WHO_CALLS, Remark.MISSED})
"""Remarks about the callback that is there, or is taken to be."""
_COURTESIES: Final = {
    Intent.GOODBYE: "utter_callback_goodbye",
    Intent.THANKS: "utter_callback_welcome",
}


class _Digression(CallbackAction, ABC):
    """Something that can be asked at any time, in a message that can be taken in."""

    @override
    async def act(self, turn: Turn) -> Reply:
        if turn.message.is_too_long:
            return Reply(turn.conversation).saying("utter_callback_shorter_please")
        if self._is_elsewhere(turn):
            return Reply(turn.conversation, outcome="an answer")
        if turn.requested_slot is None:
            meaning = meaning_of(turn)
            is_move = several.put_right(turn, meaning) is not meaning
            if is_move or meaning.intent is not turn.message.intent:
                # A callback is ordered, or moved, in words that were taken for a question.
                return _then(Reply(turn.conversation), FORM)
            if wants_again(turn) or as_before(turn, meaning) is not None:
                return _then(Reply(turn.conversation), FORM)
            remarked = await remarks.replied(turn, meaning)
            if remarked is not None:
                return remarked
        return await self.serve(turn)

    @staticmethod
    def _is_elsewhere(turn: Turn) -> bool:
        """Whether the open question takes it, by its words, or another flow has answered.

        The model may begin two flows at once; the lower one then goes on with a later message.
        """
        hearing = turn.hearing
        if hearing is None:
            return False
        is_answer = hearing.asked_beside is not None and answers_plainly(turn)
        return is_answer or (hearing.is_taken and turn.requested_slot is None)

    @abstractmethod
    async def serve(self, turn: Turn) -> Reply:
        """Answer it."""


class TellWait(_Digression):
    """How long is the wait?"""

    action_name = "action_tell_wait"

    @override
    async def serve(self, turn: Turn) -> Reply:
        # "Wait, when was it?"
        is_when = remarks.remark_of(turn, meaning_of(turn)) is Remark.WHEN
        return await (_told_when(turn) if is_when else self._told_wait(turn))

    @staticmethod
    async def _told_wait(turn: Turn) -> Reply:
        outlook = await look(turn)
        offer, kept = outlook.offer, outlook.kept
        told = wait_of(offer, turn.conversation)
        reply = Reply(turn.conversation, outcome=offer.situation)
        wait = turn.teller.wait(told)
        if turn.requested_slot is None and kept is not None and kept.is_open:
            return await _told_of_callback(turn, reply, outlook, kept)
        if _is_aside(turn):
            is_asked_again = with_answer_beside(turn) is None
            aside = remarks.told_aside(turn, outlook, is_asked_again=is_asked_again)
            return replace(reply, conversation=aside).saying_notes()
        announcing.wait_answered(turn, outlook, told)
        offered = turn.conversation.but(offer=kept_of(offer, turn.conversation))
        offered = announcing.offer_made(turn.knowing(offered), outlook)
        reply = replace(reply, conversation=offered.but(question=Question.OFFER))
        if offer.situation is Situation.CLOSED and offer.opens_at is not None:
            opening = turn.teller.brief(offer.opens_at)
            told_why = reply.but(question=Question.OFFER_TIMES)
            return told_why.saying("utter_callback_wait_closed", opening=opening)
        if wait is None:
            return reply.saying("utter_callback_wait_unknown")
        if offer.situation is Situation.WAIT_LONG:
            told_why = reply.but(question=Question.OFFER_TIMES)
            return told_why.saying("utter_callback_wait_long", wait=wait)
        return reply.saying("utter_callback_wait", wait=wait)


async def _told_when(turn: Turn) -> Reply:
    """Tell the time of the callback, and leave the open question as it is."""
    noted = await remarks.noted(turn, Remark.WHEN) if turn.requested_slot is not None else None
    if noted is None:
        return await ShowCallback().serve(turn)
    return Reply(noted, outcome=Remark.WHEN).saying_notes()


async def _told_of_callback(
    turn: Turn, reply: Reply, outlook: Outlook, standing: Standing
) -> Reply:
    """Who waits in turn does so instead of on the line; who is called at a time may yet ring."""
    if await is_being_cancelled(turn):
        return await _told_of_cancel(turn, reply)
    if standing.code is StandingCode.SCHEDULED:
        told_now = replace(reply, conversation=remarks.told_aside(turn, outlook)).saying_notes()
        response, values = aside_for(turn, standing)
        return told_now.but(question=None).saying(response, **values)
    response, values = response_for(turn, standing)
    booked = Booked.of(turn.conversation).standing_as(standing)
    told = reply.but(booking=booked.as_record()).saying(response, **values)
    asks = standing.can_change
    return told.but(question=Question.OPEN_CALLBACK, misunderstood=0) if asks else told


class GiveCallIn(_Digression):
    """Just give me the number."""

    action_name = "action_give_call_in"

    @override
    async def serve(self, turn: Turn) -> Reply:
        number = await number_to_ring(turn)
        if turn.hearing is not None and turn.requested_slot is not None:
            # A flow of its own; behind it the open question is asked again, unless this answers it.
            asked = None if turn.hearing.next is None else WORDS.get(turn.hearing.next)
            said = asked and choice_titled(turn.teller.catalogue, asked, turn.message.text)
            rings_us = remarks.remark_of(turn, meaning_of(turn)) is Remark.RINGS_US
            if rings_us or said == Choice.CALL_IN:
                rings = turn.conversation.without_draft().but(outcome=Ending.CALL_IN)
                announcing.offer_left(turn, for_number=True)
                goes_on = SlotSet(NEXT, Next.OVER.value)
                return Reply(rings, events=(goes_on,), outcome=Ending.CALL_IN).adding(number)
            return Reply(turn.conversation, outcome=number.response).adding(number)
        left = announcing.offer_left(turn, for_number=True)
        over = Reply(left.without_draft(), outcome=number.response)
        return over.adding(number)


class ShowCallback(_Digression):
    """When is my callback?"""

    action_name = "action_show_callback"

    @override
    async def serve(self, turn: Turn) -> Reply:
        before, turn = turn.conversation, await looked_into(turn)
        turn = await several.checked(turn)
        conversation = turn.conversation
        news = Reply(conversation, outcome="none").saying_notes()
        if tells_move(conversation):
            return news
        if conversation.id is None:
            return await _without_callback(turn, news)
        standing = await turn.service.show(
            topic_of_booked(conversation), conversation.id, turn.deadline
        )
        if standing.code is StandingCode.UNKNOWN and conversation.id != before.id:
            # GES does not say how it stands; that it is booked is known since just now.
            return say_already_booked(turn)
        if Booked.of(conversation).others and standing.can_change and not _is_doubtful(turn):
            return _several_told(turn, news)
        return await _told(turn, news, standing)


def _is_aside(turn: Turn) -> bool:
    """Whether a question is open that is asked again behind this, be it one of another flow."""
    is_beside_others = turn.hearing is not None and turn.hearing.is_beside_others
    return turn.requested_slot is not None or is_beside_others


def _several_told(turn: Turn, reply: Reply) -> Reply:
    """Tell all callbacks; who then names one is told of that one, and who names none is left."""
    before, asking = turn.conversation, several.asked_which(turn.knowing(reply.conversation))
    told = replace(reply, conversation=asking, outcome=Question.WHICH_ONE).saying_notes()
    if turn.requested_slot is not None:
        return told.but(question=before.question)
    return told.but(misunderstood=0)


async def _told(turn: Turn, news: Reply, standing: Standing) -> Reply:
    """Tell how the callback that is spoken of stands."""
    conversation = turn.conversation
    if standing.can_change and await is_being_cancelled(turn):
        return await _told_of_cancel(turn, news)
    is_aside = _is_aside(turn) or _is_doubtful(turn)
    response, values = (aside_for if is_aside else response_for)(turn, standing)
    reply = replace(news, outcome=standing.code).saying(response, **values)
    if standing.can_change:
        booked = Booked.of(conversation).standing_as(standing)
        reply = reply.but(booking=booked.as_record())
    if standing.can_change and not is_aside:
        reply = reply.but(question=Question.OPEN_CALLBACK, misunderstood=0)
    if not standing.is_over:
        return await _in_doubt(turn, reply, standing)
    # What is over can be moved no more; what is being arranged becomes a new booking.
    is_move = conversation.process is Process.MOVE
    left = without_spoken_of(reply.conversation)
    return reply.but(
        id=left.id,
        booking=left.booking,
        process=Process.BOOK if is_move else conversation.process,
    )


async def _told_of_cancel(turn: Turn, news: Reply) -> Reply:
    """Tell that nobody knows yet whether the callback that is spoken of is cancelled."""
    doubted = maybe_off(news.conversation)
    in_doubt = replace(news, conversation=doubted, outcome=CancelOutcome.UNCONFIRMED)
    told = in_doubt.saying("utter_callback_cancel_unconfirmed")
    return saying_still(turn, told).adding(await number_to_ring(turn))


async def _without_callback(turn: Turn, reply: Reply) -> Reply:
    is_arranging = turn.requested_slot is not None
    if Unconfirmed.of(turn.conversation, turn.now) is not None:
        number = await number_to_ring(turn)
        said = saying_still(turn, reply).adding(number)
        return said if is_arranging else said.but(question=None)
    # One is being arranged: its open question, asked again, says so best.
    if is_arranging:
        return reply
    if turn.conversation.outcome == CancelOutcome.CANCELLED:
        return reply.but(question=None).saying("utter_callback_show_cancelled")
    if _is_aside(turn):
        return reply.saying("utter_callback_show_none_aside")
    # A time that was named is used if the offer is taken.
    wished = times.remembering(turn.knowing(reply.conversation), time_named(turn))
    offered = replace(reply, conversation=wished.but(question=Question.OFFER))
    return offered.saying("utter_callback_show_none")


async def _in_doubt(turn: Turn, reply: Reply, standing: Standing) -> Reply:
    """Add what nobody knows: of a booking besides, or of a cancellation that got no answer."""
    if Unconfirmed.of(turn.conversation, turn.now) is not None:
        number = await number_to_ring(turn)
        return saying_still(turn, reply).adding(number)
    if _is_cancelling(turn) and standing.can_change:
        return reply.saying("utter_callback_cancel_not_done")
    return reply


def _is_doubtful(turn: Turn) -> bool:
    """Whether there is more to say, so that it is no time to ask what shall become of it."""
    return Unconfirmed.of(turn.conversation, turn.now) is not None or _is_cancelling(turn)


def _is_cancelling(turn: Turn) -> bool:
    conversation = turn.conversation
    return conversation.outcome == CancelOutcome.UNCONFIRMED and conversation.unconfirmed is None


class NotUnderstood(CallbackAction):
    """Asks to put it in other words; the second time in a row it gives a number to ring as well."""

    action_name = "action_not_understood"

    @override
    async def act(self, turn: Turn) -> Reply:
        if turn.hearing is not None and turn.hearing.is_answer:
            # The open question takes it, by its words.
            return Reply(turn.conversation, outcome="an answer")
        turn = _with_words_read(turn)
        served = await _served_by_words(turn) if turn.requested_slot is None else None
        served = served or await _unasked(turn) or await _beside_others(turn)
        return served or await self._missed(turn)

    @staticmethod
    async def _missed(turn: Turn) -> Reply:
        """Ask for other words, or which of what may be meant; the second time give a number."""
        misses = turn.conversation.misunderstood + 1
        reply = Reply(turn.conversation.but(misunderstood=misses), outcome=f"miss {misses}")
        if turn.message.is_too_long:
            return reply.saying("utter_callback_shorter_please")
        meant = () if turn.hearing is None else turn.hearing.meant[:_MOST_NAMED]
        if len(meant) > 1 and misses < _MISSES_BEFORE_LADDER:
            return reply.saying("utter_callback_which_of_these", flows=turn.teller.either(meant))
        if _is_at_the_start(turn) and not _is_aside(turn):
            wished = times.remembering(turn.knowing(reply.conversation), time_named(turn))
            offered = replace(reply, conversation=wished.but(question=Question.OFFER))
            return offered.saying("utter_callback_not_understood_offer")
        reply = reply.saying("utter_callback_not_understood")
        if misses < _MISSES_BEFORE_LADDER:
            return reply
        number = await number_to_ring(turn)
        return reply.but(misunderstood=0).adding(number)


async def _served_by_words(turn: Turn) -> Reply | None:
    """Answer what the words tell, where no question is open."""
    if turn.hearing is None and unasked.polite_intent(turn) is Intent.GOODBYE:
        return await AnswerCallback().act(turn)
    meaning = meaning_of(turn)
    if remarks.only_asks_language(turn, meaning):
        changed = Reply(turn.conversation.but(misunderstood=0), outcome="language")
        return changed.saying("utter_callback_language_changed")
    if _is_half_understood(turn, meaning):
        return _then(Reply(turn.conversation.but(misunderstood=0)), FORM)
    served = await _served_otherwise(turn)
    if served is None and _answers_offer(turn):
        return await AnswerCallback().act(turn)
    return served


async def _unasked(turn: Turn) -> Reply | None:
    """Answer in flows what the other engine tells by its intent, where no question is open."""
    if turn.hearing is None or turn.requested_slot is not None:
        return None
    if turn.message.is_button:
        return await _pressed_late(turn)
    heard = unasked.with_intent(turn)
    if heard is turn:
        return None
    if heard.message.intent is Intent.GREET:
        return Reply(turn.conversation, outcome="courtesy").saying("utter_callback_greet")
    return await _answered_late(heard)


async def _beside_others(turn: Turn) -> Reply | None:
    """Answer what needs no question of ours, at one of another flow, which is then asked again."""
    hearing = turn.hearing
    if hearing is None or not hearing.is_beside_others or turn.message.is_button:
        return None
    if unasked.polite_intent(turn) is not None:
        return Reply(turn.conversation, outcome="courtesy")
    remark = remarks.remark_of(turn, meaning_of(turn))
    if remark is Remark.WAIT:
        return await TellWait().serve(turn)
    noted = await remarks.noted(turn, remark)
    return None if noted is None else Reply(noted, outcome=str(remark)).saying_notes()


async def _pressed_late(turn: Turn) -> Reply:
    """Answer a button whose question is open no more: what is there stays as it is."""
    conversation, message = turn.conversation, turn.message
    if conversation.id is not None and message.time_id is not None:
        return say_already_booked(turn)
    if conversation.id is not None and message.choice in unasked.KEEPING:
        return kept(turn)
    is_cancelled = conversation.id is None and conversation.outcome == CancelOutcome.CANCELLED
    if is_cancelled and message.choice is Choice.YES and conversation.question is None:
        return Reply(conversation).saying("utter_callback_show_cancelled")
    if message.time_id is not None:
        return _then(Reply(conversation), FORM)
    return await _answered_late(turn)


async def _answered_late(turn: Turn) -> Reply:
    """Answer as the other engine does; what a lost yes came to is looked into, and not repeated."""
    conversation = turn.conversation
    is_lost = conversation.confirmed or conversation.cancel_confirmed
    if is_lost and meaning_of(turn).says_yes:
        return await ShowCallback().serve(turn)
    return await AnswerCallback().act(turn)


def _is_at_the_start(turn: Turn) -> bool:
    """Whether somebody begins to tell something, with nothing asked, booked or in doubt."""
    conversation, message = turn.conversation, turn.message
    is_told = not message.is_button and any(map(str.isalpha, message.text))
    is_free = turn.requested_slot is None and conversation.question is None
    is_none = conversation.id is None and conversation.unconfirmed is None
    return is_told and is_free and is_none and conversation.misunderstood == 0


def _with_words_read(turn: Turn) -> Turn:
    """Tell a yes or a no to an offer by its words, where the engine of flows knows no intent."""
    is_offered = turn.conversation.question in _OFFERS and not turn.message.is_button
    if turn.hearing is None or turn.requested_slot is not None or not is_offered:
        return turn
    assent = assent_of(turn.message.text, turn.customer.locale, Deed.BOOK)
    intent = {Assent.PLAIN: Intent.AFFIRM, Assent.REFUSED: Intent.DENY}.get(assent)
    known = turn.message if intent is None else replace(turn.message, intent=intent)
    return replace(turn, message=known)


async def _served_otherwise(turn: Turn) -> Reply | None:
    """Answer what its words tell though it fits no intent."""
    meaning, conversation = meaning_of(turn), turn.conversation
    is_told = conversation.id is not None and conversation.question is Question.OPEN_CALLBACK
    if several.all_stay(turn, meaning) or (is_told and says_what_is_booked(turn, meaning)):
        return kept(turn)
    is_matter = tells_matter(turn.message.text, turn.customer.language)
    is_there = conversation.id is not None
    is_arranged = (is_there and is_matter) or wants_again(turn)
    is_arranged |= as_before(turn, meaning) is not None
    if is_arranged or several.put_right(turn, meaning) is not meaning:
        return _then(Reply(conversation), FORM)
    remarked = await remarks.replied(turn, meaning)
    if remarks.remark_of(turn, meaning) is Remark.WAIT:
        return await TellWait().serve(turn)
    if remarked is not None:
        return remarked
    is_asked = conversation.question is Question.WHICH_ONE
    chosen = several.one_meant(turn, meaning) if is_asked else None
    if chosen is not None and chosen.id is not None:
        here = turn.knowing(chosen.but(question=None))
        standing = await turn.service.show(topic_of_booked(chosen), chosen.id, turn.deadline)
        return await _told(here, Reply(here.conversation), standing)
    is_about_callback = remarks.remark_of(turn, meaning) in _ABOUT_CALLBACK
    is_about_callback |= _cannot_come(turn, meaning) or changes_back(turn, meaning)
    return await ShowCallback().serve(turn) if is_about_callback else None


def _cannot_come(turn: Turn, meaning: Meaning) -> bool:
    """Whether a reason to cancel or move what is booked is given, and not which of the two."""
    is_there = turn.conversation.id is not None and not turn.message.is_button
    is_all = meaning.timed_wish is None and meaning.phone is None and not meaning.says_yes
    return is_there and is_all and gives_reason(meaning.text, turn.customer.locale)


def _wants_no_more(turn: Turn) -> bool:
    """Whether it is said of what is booked that it is well as it is: "nothing else, thanks"."""
    is_free = turn.conversation.id is not None and turn.conversation.question is None
    is_refusal = turn.message.intent in {Intent.DENY, Intent.NEVER_MIND}
    is_typed = not turn.message.is_button
    said, language = turn.message.text, turn.customer.language
    return is_free and is_refusal and is_typed and leaves_as_is(said, language)


def _answers_offer(turn: Turn) -> bool:
    """Whether a message that fits no intent says yes or no to a callback that was offered."""
    meaning = meaning_of(turn)
    is_offered = turn.conversation.question in _OFFERS
    return is_offered and (meaning.says_yes or meaning.says_no)


def _is_half_understood(turn: Turn, meaning: Meaning) -> bool:
    """Whether a message that fits no intent for sure holds what a callback is arranged from."""
    if remarks.remark_of(turn, meaning) in {Remark.WAIT, Remark.NOT_NEEDED}:
        # "How long is the wait if I call now?"
        return False
    if meaning.wants_asap or meaning.is_shift or Other.CALLBACK in meaning.others:
        return True
    if meaning.intent is not turn.message.intent:
        # It asks for a call at a time.
        return True
    if meaning.phone is not None and Other.NUMBER in meaning.others:
        return True
    said, language = turn.message.text, turn.customer.language
    is_there = turn.conversation.id is not None
    # What is booked is put elsewhere, or something is to be arranged.
    is_ordered = meaning.corrects if is_there else asks_for_call(said, language)
    if is_ordered and (meaning.timed_wish is not None or not is_there):
        return True
    is_near = meaning.message.guess in {Intent.REQUEST_CALLBACK, Intent.INFORM, Intent.OTHER_TIME}
    return is_near and (meaning.timed_wish is not None or meaning.phone is not None)


class DefaultFallback(NotUnderstood):
    """The same where no rule knows what to do; the open form then asks again."""

    action_name = "action_default_fallback"

    @override
    async def act(self, turn: Turn) -> Reply:
        reply = await super().act(turn)
        form = _FORM_OF.get(turn.requested_slot or "")
        return reply if form is None else _then(reply, form)


class RepeatCallback(CallbackAction):
    """Says the last thing again, where no form does it by asking its question again."""

    action_name = "action_repeat_callback"

    @override
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Repeat the messages of the last turn; never raises.

        "When was that again?" is a question, though: it has a shorter answer.
        """
        message = Message.of_tracker(tracker.latest_message or {})
        language = Conversation.of_slots(tracker.slots).language or ""
        remark = remark_in(message.text, language)
        if remark is Remark.WHEN:
            return await ShowCallback().run(dispatcher, tracker, domain)
        if remark is Remark.NOT_NEEDED:
            return await AnswerCallback().run(dispatcher, tracker, domain)
        for said in _said_last(tracker.events):
            dispatcher.utter_message(
                text=said.get("text"),
                buttons=(said.get("data") or {}).get("buttons"),
                attachment=(said.get("data") or {}).get("attachment"),
            )
        if not dispatcher.messages:
            return await super().run(dispatcher, tracker, domain)
        return []

    @override
    async def act(self, turn: Turn) -> Reply:
        return Reply(turn.conversation).saying("utter_callback_greet")


class AnswerCallback(CallbackAction):
    """A yes, a no, a time, a button, thanks and a farewell, when no form asks."""

    action_name = "action_answer_callback"
    books = True

    @override
    async def act(self, turn: Turn) -> Reply:
        if turn.message.is_too_long:
            return Reply(turn.conversation).saying("utter_callback_shorter_please")
        # "Thanks, when was it again?" asks something.
        remarked = remarks.remark_of(turn, meaning_of(turn)) is not None
        served = await _served_otherwise(turn) if remarked or wants_again(turn) else None
        if served is not None:
            return served
        polite = turn.message.intent
        if unasked.polite_intent(turn) is Intent.GOODBYE:
            # "Have a nice weekend" names no time.
            polite = Intent.GOODBYE
        courtesy = _COURTESIES.get(polite) if polite else None
        if courtesy is not None and not _answers_offer(turn):
            return Reply(turn.conversation, outcome="courtesy").saying(courtesy)
        served = await _served_otherwise(turn)
        if served is None and _wants_no_more(turn):
            return kept(turn)
        return served or await self._answered(turn)

    async def _answered(self, turn: Turn) -> Reply:
        meaning, conversation = meaning_of(turn), turn.conversation
        is_offered = conversation.question in _OFFERS
        if meaning.says_yes and not is_offered and not _names_other_time(turn, meaning):
            return await self._yes_to_nothing(turn, meaning)
        closed = Reply(conversation.but(question=None, misunderstood=0))
        form = _form_for(meaning)
        if conversation.question is Question.OPEN_CALLBACK and meaning.unclear is not None:
            form = form or FORM
        if form is not None:
            # The form must not say again why it has times only, nor what is booked.
            is_known = conversation.question in {Question.OFFER_TIMES, Question.OPEN_CALLBACK}
            return _then(closed.but(question=conversation.question) if is_known else closed, form)
        if meaning.choice is not None:
            return await self._button(turn, meaning.choice)
        if meaning.says_no or meaning.stops:
            return self._refused(turn, meaning)
        return await NotUnderstood().act(turn)

    @staticmethod
    def _refused(turn: Turn, meaning: Meaning) -> Reply:
        """A no: to changing what is there, to the callback itself, or to what was offered."""
        closed = turn.conversation.but(question=None, misunderstood=0)
        if closed.id is not None and remarks.refuses_more(turn, meaning):
            return _then(Reply(closed), CANCEL_FORM)
        if closed.id is not None:
            return kept(turn)
        left = announcing.offer_left(turn.knowing(closed))
        return Reply(left.without_draft()).saying("utter_callback_stopped")

    @staticmethod
    async def _button(turn: Turn, choice: Choice) -> Reply:
        reply = Reply(turn.conversation.but(question=None, misunderstood=0))
        if choice in {Choice.CALL_IN, Choice.CONNECT}:
            number = await number_to_ring(turn)
            left = announcing.offer_left(turn.knowing(reply.conversation), for_number=True)
            return replace(reply, conversation=left).adding(number)
        if choice is Choice.KEEP and turn.conversation.id is not None:
            return kept(turn)
        if choice in {Choice.NO, Choice.STOP}:
            left = announcing.offer_left(turn.knowing(reply.conversation))
            return replace(reply, conversation=left).saying("utter_callback_stopped")
        return reply.saying("utter_callback_help")

    @staticmethod
    async def _yes_to_nothing(turn: Turn, meaning: Meaning) -> Reply:
        """A yes said twice, or said again because the answer to the first got lost."""
        conversation = turn.conversation
        is_read_back = conversation.confirmed and draft_of(turn) is not None
        if is_read_back and agrees(turn, meaning, deed_of(turn)):
            return await SubmitCallbackForm().act(turn)
        is_asked = conversation.cancel_confirmed and conversation.id is not None
        if is_asked and agrees(turn, meaning, Deed.CANCEL):
            return await SubmitCallbackCancelForm().act(turn)
        if conversation.id is not None and conversation.question in ABOUT_BOOKED:
            return _which(turn)
        if conversation.id is not None and conversation.outcome in _NOT_CHANGED:
            # It stays as it was; what shall become of it is theirs to say.
            return await ShowCallback().serve(turn)
        is_in_doubt = conversation.outcome == BookingOutcome.UNCONFIRMED
        if is_in_doubt or Unconfirmed.of(conversation, turn.now) is not None:
            return await ShowCallback().serve(turn)
        return await _yes_after_the_end(turn)


def _names_other_time(turn: Turn, meaning: Meaning) -> bool:
    """Whether a time is named beside a yes at which nothing is booked, where something is."""
    conversation = turn.conversation
    is_lost = conversation.confirmed or conversation.cancel_confirmed
    is_there = conversation.id is not None and not meaning.message.is_button and not is_lost
    if not is_there:
        return False
    if meaning.timed_wish is not None:
        return several.names_none(turn, meaning)
    besides = yes_and_one_more(meaning.text, turn.customer.locale)
    found = None if besides is None else understood(besides, turn)
    return isinstance(found, Wish) and names_time(found)


def _which(turn: Turn) -> Reply:
    """Ask which of "keep it, move it or cancel it" is meant; a second yes changes nothing."""
    if turn.conversation.question is Question.WHICH_ONE:
        return Reply(turn.conversation).saying("utter_callback_which_one")
    misses = turn.conversation.misunderstood + 1
    if misses > 1:
        return kept(turn).but(misunderstood=0)
    return Reply(turn.conversation.but(misunderstood=misses)).adding(which_of_three(turn))


async def _yes_after_the_end(turn: Turn) -> Reply:
    """A yes to nothing, once it is known what came of the last attempt to book."""
    conversation = turn.conversation
    if conversation.outcome in _TO_BE_TRIED_AGAIN:
        return _then(Reply(conversation.but(question=None, misunderstood=0)), FORM)
    if conversation.outcome == BookingOutcome.CONVERSATION_LIMIT:
        limited = Reply(conversation, outcome=conversation.outcome)
        number = await number_to_ring(turn)
        return limited.saying("utter_callback_conversation_limit").adding(number)
    if conversation.id is not None and conversation.outcome == CancelOutcome.CANCELLED:
        told = Reply(conversation).saying("utter_callback_show_cancelled")
        return saying_others(turn, told, several.each_of(conversation))
    result = Booked.of(conversation).result
    if conversation.id is not None and result is not None and result.is_booked:
        return say_already_booked(turn)
    return Reply(conversation).saying("utter_callback_help")


_FORM_OF: Final = {
    KIND: FORM,
    SLOT: FORM,
    PHONE: FORM,
    CONFIRMED: FORM,
    CANCEL_CONFIRMED: CANCEL_FORM,
}


def _then(reply: Reply, action: str) -> Reply:
    return Reply(
        reply.conversation,
        said=reply.said,
        events=(*reply.events, FollowupAction(action)),
        outcome=f"then {action}",
    )


def _form_for(meaning: Meaning) -> str | None:
    """Tell which form opens for an answer without a question: it may wish for a callback."""
    if meaning.choice is Choice.CANCEL:
        return CANCEL_FORM
    is_wish = (
        meaning.says_yes
        or meaning.choice in {Choice.ASAP, Choice.SCHEDULED, Choice.MOVE, Choice.OTHER_TIME}
        or meaning.wants_asap
        or meaning.timed_wish is not None
        or meaning.phone is not None
        or meaning.wants_other_time
        or meaning.wants_other_number
        or Other.CALLBACK in meaning.others
    )
    return FORM if is_wish else None


def _said_last(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages of the turn before this one."""
    said: list[dict[str, Any]] = []
    turns = 0
    for event in reversed(events):
        if event.get("event") == "user":
            turns += 1
            if said or turns > 1:
                break
        elif event.get("event") == "bot" and turns == 1:
            said.append(event)
    return list(reversed(said))
