"""The questions of the engine of flows (CALM), put to the same steps that the forms take.

A flow collects a slot: the engine first runs `validate_<slot>`, for every message that leads back
to the question and once before it is asked, then `action_ask_<slot>` while the slot is empty. So an
answer is taken here, whichever question it answers, and the slot is filled if another question is
open by then: the flow goes on by `callback_next`. No message is taken twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from rasa_sdk.events import SlotSet
from typing_extensions import override

from actions import announcing, cancelling, only_one
from actions.agreeing import deed_of
from actions.answering_beside import with_answer_beside
from actions.asking import AskCancelConfirmed, AskConfirmed, AskKind, AskPhone, AskTime
from actions.base import CallbackAction, Reply, Turn
from actions.beginning import begin_in_topic, is_of_another_topic
from actions.calm import ASIDE, HEARD, NEXT, WORDS, Hearing, Next, hearing_of, next_of
from actions.ladder import number_to_ring
from actions.meaning import meaning_of
from actions.message import Choice, Intent, Message
from actions.outlook import OfferTold, look
from actions.plain_answers import answers_plainly, holds_answer
from actions.proceeding import Step, left
from actions.remarks import told_aside
from actions.slots import CANCEL_CONFIRMED, CONFIRMED, KIND, Ending, Question
from actions.submitting import kept
from actions.unasked import moves_booked, polite_intent
from ges_connector.language.agreement import (
    Assent,
    Deed,
    agrees_in_part,
    assent_of,
    wants_some_time,
)
from ges_connector.language.requesting import asks_to_be_called
from ges_connector.wording.calm import choice_titled

if TYPE_CHECKING:
    from rasa_sdk.interfaces import Tracker

    from actions.slots import Conversation, Event

_MISSES_BEFORE_LADDER: Final = 2
_INTENTS: Final = {
    Choice.YES: Intent.AFFIRM,
    Choice.NO: Intent.DENY,
    Choice.OTHER_NUMBER: Intent.OTHER_NUMBER,
    Choice.OTHER_TIME: Intent.OTHER_TIME,
    Choice.SCHEDULED: Intent.OTHER_TIME,
    Choice.MOVE: Intent.MOVE_CALLBACK,
    Choice.CANCEL: Intent.CANCEL_CALLBACK,
    Choice.STOP: Intent.NEVER_MIND,
}
"""What a choice of the model's makes of the words, which are read all the same."""
_HARMLESS: Final = frozenset(
    {
        Choice.ASAP,
        Choice.MORE,
        Choice.EARLIER,
        Choice.LATER,
        Choice.NONE,
        Choice.CALL_IN,
        Choice.CONNECT,
        Choice.HELP,
    }
)
"""Choices of the model's that count as pressed where the words hold no time and no number."""

_BEGINNING: Final = {
    "request_callback": Intent.REQUEST_CALLBACK,
    "choose_callback_time": Intent.OTHER_TIME,
    "move_callback": Intent.MOVE_CALLBACK,
    "cancel_callback": Intent.CANCEL_CALLBACK,
}
"""What a message is that would start a flow again."""


# --- how an arrangement begins --------------------------------------------------------------------


class _Beginning(CallbackAction, ABC):
    """Begins something; while a question is open, the message is an answer to that instead.

    What answers a question of a flow that is not ours is neither: a wish may be in the message that
    began that flow.
    """

    intent: ClassVar[Intent]
    goes_on: ClassVar[bool] = True
    """Whether it goes on with a message that was taken before, in the same turn."""

    @override
    async def act(self, turn: Turn) -> Reply:
        if turn.hearing is not None and turn.hearing.is_taken and not self.goes_on:
            # The model began two flows at once, and what was wanted is done: this one ends.
            over = (SlotSet(NEXT, Next.OVER.value), SlotSet(ASIDE, value=True))
            return Reply(turn.conversation, events=over, outcome="an answer")
        is_aside = turn.requested_slot is not None
        is_for_others = turn.hearing is not None and turn.hearing.is_for_others
        is_answer = is_aside and not is_for_others and answers_plainly(turn)
        step = None
        if is_answer and is_of_another_topic(turn):
            # The flow that the model began by mistake has chosen its topic before it came here.
            topic = OfferTold.of(turn.conversation).topic
            turn = turn.knowing(turn.conversation.but(profile=topic))
        if is_aside and is_of_another_topic(turn):
            said = Message() if is_for_others else turn.message
            here = replace(turn, message=said, requested_slot=None)
            step = await begin_in_topic(here, meaning_of(here))
        elif not (is_aside and is_for_others):
            meant = self._opened(turn) if is_for_others else turn
            if turn.hearing is not None and (is_answer or (is_aside and self._is_mistaken(meant))):
                meant = _as_answer(meant, turn.hearing)
            elif not meant.message.is_button:
                intent = self._intent(meant, is_aside=is_aside)
                meant = replace(meant, message=replace(meant.message, intent=intent))
            step = await (_taken(meant) if is_aside else self.begin(meant))
        taken = step or Step(turn.conversation, turn.requested_slot)
        return _on_with(turn, taken, is_aside=is_aside)

    def _intent(self, turn: Turn, *, is_aside: bool) -> Intent:
        """What the message is that began the flow; "move it" is no wish for another callback."""
        is_wish = self.intent is Intent.REQUEST_CALLBACK and not is_aside
        return Intent.MOVE_CALLBACK if is_wish and moves_booked(turn) else self.intent

    def _is_mistaken(self, turn: Turn) -> bool:
        """Whether the flow was begun by a message that holds an answer to the open question."""
        return self.intent is Intent.CANCEL_CALLBACK and holds_answer(turn)

    def _opened(self, turn: Turn) -> Turn:
        """Hear the message that began the flow; what is broken since when is no wish for a call."""
        said = "" if turn.hearing is None else turn.hearing.opening
        is_wish = self.intent is not Intent.REQUEST_CALLBACK or asks_to_be_called(
            said, turn.customer.locale
        )
        return replace(turn, message=Message(text=said if is_wish else ""))

    @abstractmethod
    async def begin(self, turn: Turn) -> Step | None:
        """Take the first message."""

    @override
    def events_of_failure(self, tracker: Tracker) -> list[Event]:
        return [SlotSet(NEXT, Next.OVER.value), SlotSet(ASIDE, value=False)]


class BeginCallback(_Beginning):
    """A callback is wanted."""

    action_name = "action_begin_callback"
    intent = Intent.REQUEST_CALLBACK
    goes_on = False

    @override
    async def begin(self, turn: Turn) -> Step | None:
        return await only_one.step(turn)


class BeginChoosingTime(BeginCallback):
    """A callback is wanted at a time, which is to be chosen."""

    action_name = "action_begin_choosing_time"
    intent = Intent.OTHER_TIME


class BeginMoving(BeginCallback):
    """The callback that is there is to come at another time, or to another number."""

    action_name = "action_begin_moving"
    intent = Intent.MOVE_CALLBACK


class BeginCancelling(_Beginning):
    """The callback that is there is to be cancelled."""

    action_name = "action_begin_cancelling"
    intent = Intent.CANCEL_CALLBACK

    @override
    async def begin(self, turn: Turn) -> Step | None:
        return await cancelling.step(turn)


class ResumeCallback(BeginCallback):
    """Goes on with an arrangement that GES refused, or that takes the place of a cancellation."""

    action_name = "action_resume_callback"
    goes_on = True


def _on_with(turn: Turn, step: Step, *, is_aside: bool) -> Reply:
    goes_on = next_of(step.requested, step.followup)
    heard = "" if turn.hearing is None else turn.hearing.message_id
    events = (
        SlotSet(NEXT, goes_on.value),
        SlotSet(ASIDE, is_aside),
        SlotSet(HEARD, heard),
    )
    return Reply(step.conversation, events=events, outcome=f"next {goes_on}")


# --- what an answer means -------------------------------------------------------------------------


class _Answer(CallbackAction, ABC):
    """Takes the answer to a question."""

    @property
    @abstractmethod
    def question(self) -> Next:
        """The question that the slot is collected for."""

    @override
    async def act(self, turn: Turn) -> Reply:
        hearing = turn.hearing
        if hearing is None:
            return Reply(turn.conversation, outcome="no flow")
        meant = await _with_wait_told(turn, hearing) or _meant(turn, hearing)
        if meant is None:
            return await self._asking_on(turn, hearing)
        step = await _taken(meant)
        heard = SlotSet(HEARD, hearing.message_id)
        if step is None:
            is_miss = hearing.is_answer and hearing.begun_again is None
            conversation = await _not_understood(turn) if is_miss else turn.conversation
            return self._going_on(conversation, hearing.next, (heard,))
        goes_on = next_of(step.requested, step.followup)
        return self._going_on(step.conversation, goes_on, (heard, SlotSet(NEXT, goes_on.value)))

    async def _asking_on(self, turn: Turn, hearing: Hearing) -> Reply:
        """Ask the same, unless a flow that came between has changed what it is about."""
        if turn.requested_slot is None or not is_of_another_topic(turn):
            return self._going_on(turn.conversation, hearing.next, ())
        here = replace(turn, message=Message(), requested_slot=None)
        step = await begin_in_topic(here, meaning_of(here))
        goes_on = next_of(step.requested, step.followup)
        return self._going_on(step.conversation, goes_on, (SlotSet(NEXT, goes_on.value),))

    def _going_on(
        self, conversation: Conversation, goes_on: Next | None, events: tuple[Event, ...]
    ) -> Reply:
        """Fill the slot if another question is open, or none; empty it to ask this one."""
        is_open = goes_on is self.question
        collected = SlotSet(WORDS[self.question], None if is_open else "heard")
        return Reply(conversation, events=(*events, collected), outcome=f"next {goes_on}")

    @override
    def events_of_failure(self, tracker: Tracker) -> list[Event]:
        hearing = hearing_of(tracker)
        heard = [] if hearing is None else [SlotSet(HEARD, hearing.message_id)]
        return [*heard, SlotSet(WORDS[self.question], None)]


class ValidateWay(_Answer):
    """In which way?"""

    action_name = "validate_callback_way"

    @property
    @override
    def question(self) -> Next:
        return Next.KIND


class ValidateTime(_Answer):
    """When?"""

    action_name = "validate_callback_time"

    @property
    @override
    def question(self) -> Next:
        return Next.TIME


class ValidateNumber(_Answer):
    """Which number?"""

    action_name = "validate_callback_number"

    @property
    @override
    def question(self) -> Next:
        return Next.NUMBER


class ValidateAgreement(_Answer):
    """Is all of it right?"""

    action_name = "validate_callback_agreement"

    @property
    @override
    def question(self) -> Next:
        return Next.AGREEMENT


class ValidateCancelAgreement(_Answer):
    """Really cancel?"""

    action_name = "validate_callback_cancel_agreement"

    @property
    @override
    def question(self) -> Next:
        return Next.CANCELLATION


async def _taken(turn: Turn) -> Step | None:
    """Take a message as the forms do."""
    if turn.requested_slot == CANCEL_CONFIRMED:
        return await cancelling.step(turn)
    return await only_one.step(turn)


async def _with_wait_told(turn: Turn, hearing: Hearing) -> Turn | None:
    """Take an answer that was given together with a question about the wait, and note both."""
    is_answer = hearing.is_answer and hearing.begun_again is None
    beside = with_answer_beside(turn) if is_answer else None
    if beside is None:
        return None
    told = told_aside(turn, await look(turn), is_asked_again=False)
    return _as_answer(replace(beside, conversation=told), hearing)


def _meant(turn: Turn, hearing: Hearing) -> Turn | None:
    """Tell what a message is for the open question; None if it is nothing for it."""
    if turn.requested_slot is None:
        return None
    if not hearing.is_answer:
        is_all = hearing.asked_beside is not None and answers_plainly(turn)
        beside = turn if is_all else with_answer_beside(turn)
        return None if beside is None else _as_answer(beside, hearing)
    begun = hearing.begun_again
    is_mistaken = begun == "cancel_callback" and holds_answer(turn)
    if begun is None or is_mistaken or answers_plainly(turn):
        return _as_answer(turn, hearing)
    return _as_wish(turn, begun)


def _as_answer(turn: Turn, hearing: Hearing) -> Turn:
    """Tell what an answer is from its words; the model's choice counts where they leave it open."""
    message, hint = turn.message, hearing.hint
    if message.is_button:
        return turn
    plain = _plain_intent(turn)
    if plain is not None:
        return replace(turn, message=replace(message, intent=plain))
    option = _option_said(turn, hearing)
    if option is not None:
        return replace(turn, message=replace(message, intent=Intent.CHOOSE, choice=option))
    if hint in _HARMLESS and _tells_nothing(turn):
        return replace(turn, message=replace(message, intent=Intent.CHOOSE, choice=hint))
    if hint is Choice.KEEP:
        is_read_back = turn.requested_slot == CONFIRMED
        intent = Intent.NEVER_MIND if is_read_back else Intent.DENY
    else:
        unnamed = Intent.INFORM if _is_to_the_point(turn) else Intent.FALLBACK
        intent = unnamed if hint is None else _INTENTS.get(hint, unnamed)
    return replace(turn, message=replace(message, intent=intent))


def _plain_intent(turn: Turn) -> Intent | None:
    """Tell a plain yes, a plain no, and what is nothing but polite."""
    said, locale = turn.message.text, turn.customer.locale
    is_cancelling = turn.requested_slot == CANCEL_CONFIRMED
    assent = assent_of(said, locale, Deed.CANCEL if is_cancelling else deed_of(turn))
    # Nothing is booked or cancelled by a yes to a part: "yes, that number" tells which to call.
    is_asked_for_all = turn.requested_slot in {CONFIRMED, CANCEL_CONFIRMED}
    is_part = not is_asked_for_all and agrees_in_part(said, locale)
    if assent is Assent.PLAIN or is_part:
        return Intent.AFFIRM
    return Intent.DENY if assent is Assent.REFUSED else polite_intent(turn)


def _as_wish(turn: Turn, begun_again: str) -> Turn:
    """Take a message for what the flow is for that the model would begin again."""
    intent = _BEGINNING.get(begun_again, Intent.INFORM)
    return replace(turn, message=replace(turn.message, intent=intent))


def _is_to_the_point(turn: Turn) -> bool:
    """Whether words may answer the open question: "in which way?" is answered by no others."""
    if turn.requested_slot != KIND or not _tells_nothing(turn):
        return True
    return wants_some_time(turn.message.text, turn.customer.locale)


def _option_said(turn: Turn, hearing: Hearing) -> Choice | None:
    """The option of the open question that was said word for word; a yes is read from its words."""
    slot = None if hearing.next is None else WORDS.get(hearing.next)
    if slot is None:
        return None
    titled = choice_titled(turn.teller.catalogue, slot, turn.message.text)
    return None if titled in {None, Choice.YES} else Choice(titled)


def _tells_nothing(turn: Turn) -> bool:
    """Whether a message holds neither a time nor a number."""
    meaning = meaning_of(turn)
    read = (meaning.wish, meaning.unclear, meaning.phone, meaning.refused)
    return all(each is None for each in read)


async def _not_understood(turn: Turn) -> Conversation:
    """Note that an answer was none; the second time in a row with a number to ring."""
    misses = turn.conversation.misunderstood + 1
    noted = turn.conversation.noting("utter_callback_not_understood").but(misunderstood=misses)
    if misses < _MISSES_BEFORE_LADDER:
        return noted
    number = await number_to_ring(turn)
    return noted.noting(number.response, **number.values).but(misunderstood=0)


# --- the questions --------------------------------------------------------------------------------


class AskWay(AskKind):
    """In which way?"""

    action_name = "action_ask_callback_way"


class AskWhen(AskTime):
    """When?"""

    action_name = "action_ask_callback_time"


class AskNumber(AskPhone):
    """Which number?"""

    action_name = "action_ask_callback_number"


class AskAgreement(AskConfirmed):
    """Is all of it right?"""

    action_name = "action_ask_callback_agreement"


class AskCancelAgreement(AskCancelConfirmed):
    """Really cancel?"""

    action_name = "action_ask_callback_cancel_agreement"


# --- in between -----------------------------------------------------------------------------------


class GiveNumberToRing(CallbackAction):
    """Gives a number to ring and nothing else, whatever the message was: something went wrong."""

    action_name = "action_give_number_to_ring"

    @override
    async def act(self, turn: Turn) -> Reply:
        number = await number_to_ring(turn)
        return Reply(turn.conversation, outcome=number.response).adding(number)


# --- leaving --------------------------------------------------------------------------------------


class LeaveCallback(CallbackAction):
    """The flow was left by the customer: what was being arranged is not, what is there stays."""

    action_name = "action_leave_callback"

    @override
    async def act(self, turn: Turn) -> Reply:
        conversation, hearing = turn.conversation, turn.hearing
        if hearing is not None and hearing.requested is not None and hearing.next is not None:
            # It was another flow; the open question is asked again.
            stays = Reply(conversation, events=(SlotSet(NEXT, hearing.next.value),))
            return stays.saying("utter_flow_cancelled_rasa")
        is_about_booked = (
            left(conversation).conversation.outcome == Ending.KEPT
            or conversation.question is Question.CANCEL
        )
        if is_about_booked and conversation.id is not None:
            return kept(turn)
        left_over = announcing.offer_left(turn)
        over = left_over.without_draft().but(outcome=Ending.STOPPED)
        return Reply(over, outcome=Ending.STOPPED).saying("utter_callback_stopped")
