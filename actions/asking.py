"""The questions of the forms: what was noted is said first, then the question that is open.

Nothing is asked of GES here, so that a question can be repeated after a digression as it was.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final

from rasa_sdk.events import SlotSet
from typing_extensions import override

from actions import several
from actions.base import CallbackAction, Reply, Said, Turn
from actions.booked import Booked
from actions.numbers import countries_asked, known_number
from actions.outlook import OfferTold
from actions.slots import PREFIX, Process, Question
from actions.standings import told_when
from actions.times import on_offer, telling
from actions.unconfirmed import Unconfirmed
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import time_of_id

if TYPE_CHECKING:
    from rasa_sdk.interfaces import Tracker

    from actions.slots import Event
    from ges_connector.callbacks.wait import WaitTold

_ASK_THEMSELVES: Final = frozenset(
    {
        "utter_callback_several_match",
        "utter_callback_pick_one",
        "utter_callback_time_unclear",
        "utter_callback_time_two_readings",
        "utter_callback_time_past",
        "utter_callback_time_does_not_exist",
        "utter_callback_time_twice",
        "utter_callback_time_too_far",
        "utter_callback_phone_not_found",
        "utter_callback_phone_several",
        "utter_callback_phone_invalid",
        "utter_callback_phone_too_short",
        "utter_callback_phone_emergency",
        "utter_callback_phone_premium",
        "utter_callback_phone_country",
        "utter_callback_phone_keypad",
        "utter_callback_number_invalid",
        "utter_callback_number_not_allowed",
        "utter_callback_limit_reached",
        "utter_callback_not_moved_number_limit",
        "utter_callback_not_moved_number_limit_asap",
        "utter_callback_shorter_please",
        "utter_callback_no_hurry",
    }
)
"""Notes that end in a question of their own; asking again behind them would ask twice."""


_TELL_TIMES: Final = frozenset(
    {
        "utter_callback_several_match",
        "utter_callback_pick_one",
        "utter_callback_time_two_readings",
    }
)
"""Those of them that name the times on offer."""


_SECOND: Final = {
    Question.SECOND: "utter_ask_callback_second",
    Question.SECOND_SAME: "utter_ask_callback_second_same",
    Question.SECOND_LINE: "utter_ask_callback_second_line",
    Question.SECOND_DOUBT: "utter_ask_callback_second_doubt",
}


class _Asking(CallbackAction, ABC):
    """Says what was noted, then asks unless a note has asked already."""

    always_asks: ClassVar[bool] = False
    """Whether the question is asked even behind a note that asks something itself."""

    @override
    async def act(self, turn: Turn) -> Reply:
        noted = [note.response for note in turn.conversation.notes]
        reply = Reply(turn.conversation).saying_notes()
        # A yes agrees to a read-back only as long as nothing else was asked behind it.
        reply = reply.but(read_back_at=None)
        if not self.always_asks and _ASK_THEMSELVES.intersection(noted):
            is_told = not _TELL_TIMES.isdisjoint(noted)
            return reply.but(menu=telling(turn.conversation).menu) if is_told else reply
        return self.ask(turn, reply)

    @abstractmethod
    def ask(self, turn: Turn, reply: Reply) -> Reply:
        """Ask the question."""

    @override
    def events_of_failure(self, tracker: Tracker) -> list[Event]:
        return [SlotSet(f"{PREFIX}read_back_at", None)]


def which_of_three(turn: Turn) -> Said:
    """Ask in short whether the callback that is there shall be kept, moved or cancelled."""
    response = "utter_callback_open_which"
    return Said(response if Booked.of(turn.conversation).at else f"{response}_asap")


class AskKind(_Asking):
    """As soon as possible, or at a time?"""

    action_name = "action_ask_callback_kind"

    @override
    def ask(self, turn: Turn, reply: Reply) -> Reply:
        question = turn.conversation.question
        if question is Question.OPEN_CALLBACK:
            return _ask_about_open(turn, reply)
        if question is Question.WHICH_ONE:
            return reply.saying("utter_callback_which_one")
        earlier = Unconfirmed.of(turn.conversation, turn.now)
        if question is Question.UNCONFIRMED and earlier is not None:
            return reply.adding(told_when(turn, "utter_ask_callback_unconfirmed", earlier.at))
        if question in _SECOND:
            return reply.saying(_SECOND[question])
        wait = OfferTold.of(turn.conversation).wait
        if question is Question.KIND_SHORT:
            return _with_wait(
                turn,
                reply,
                wait,
                "utter_ask_callback_kind_short",
                number=turn.teller.number(turn.profile.static_number),
            )
        is_asap_only = question is Question.KIND_ASAP
        response = "utter_ask_callback_kind_asap" if is_asap_only else "utter_ask_callback_kind"
        return _with_wait(turn, reply, wait, response)


def _ask_about_open(turn: Turn, reply: Reply) -> Reply:
    at = Booked.of(turn.conversation).at
    if turn.conversation.misunderstood % 2:
        return reply.adding(which_of_three(turn))
    if at is None:
        return reply.saying("utter_callback_open_exists_asap")
    return reply.saying("utter_callback_open_exists", moment=turn.teller.moment(at))


class AskTime(_Asking):
    """Which of these times?"""

    action_name = "action_ask_callback_slot"

    @override
    def ask(self, turn: Turn, reply: Reply) -> Reply:
        if turn.conversation.question is Question.SLOT_WHEN:
            return reply.saying("utter_ask_callback_slot_when")
        offered = on_offer(turn.conversation)
        if not offered:
            return reply.saying("utter_callback_no_slots")
        reply = reply.but(menu=telling(turn.conversation).menu)
        first = offered[0].start_at
        if turn.conversation.question is Question.SLOT_ONE:
            return reply.saying("utter_ask_callback_slot_one", moment=turn.teller.moment(first))
        values = {f"slot_{place}": turn.teller.label(time) for place, time in enumerate(offered, 1)}
        values["moment"] = turn.teller.moment(first)
        values["zone"] = turn.teller.zone_of_times(first)
        ids = {f"slot_{place}_id": time.id for place, time in enumerate(offered, 1)}
        return reply.saying(f"utter_ask_callback_slot_{len(offered)}", **values, **ids)


class AskPhone(_Asking):
    """Which number?"""

    action_name = "action_ask_callback_phone"

    @override
    def ask(self, turn: Turn, reply: Reply) -> Reply:
        countries = countries_asked(turn)
        if countries:
            told = turn.teller.either([*countries])
            if turn.conversation.phone_misses:
                return reply.saying("utter_ask_callback_phone_country_name", countries=told)
            return reply.saying("utter_ask_callback_phone_country", countries=told)
        known = known_number(turn)
        if turn.conversation.question is Question.PHONE_KNOWN and known is not None:
            return reply.saying(
                "utter_ask_callback_phone_known", ending=turn.teller.ending(known.e164)
            )
        return reply.saying("utter_ask_callback_phone")


class AskConfirmed(_Asking):
    """Is all of this right?"""

    action_name = "action_ask_callback_confirmed"

    @override
    def ask(self, turn: Turn, reply: Reply) -> Reply:
        if turn.conversation.question is Question.CHANGE:
            return reply.saying("utter_ask_callback_change")
        return _read_back(turn, reply).but(read_back_at=turn.now)


class AskCancelConfirmed(_Asking):
    """Really cancel?"""

    action_name = "action_ask_callback_cancel_confirmed"
    always_asks = True

    @override
    def ask(self, turn: Turn, reply: Reply) -> Reply:
        booked = Booked.of(turn.conversation)
        if turn.conversation.question is Question.WHICH_ONE:
            return reply.saying("utter_ask_callback_cancel_confirmed_which")
        number = several.number_apart(turn, turn.conversation)
        if number is not None:
            reply = reply.saying("utter_callback_about_number", number=number)
        if booked.at is None:
            return reply.saying("utter_ask_callback_cancel_confirmed_asap")
        return reply.saying(
            "utter_ask_callback_cancel_confirmed", moment=turn.teller.moment(booked.at)
        )


def _read_back(turn: Turn, reply: Reply) -> Reply:
    conversation, teller = turn.conversation, turn.teller
    # After a "no" to a number, digit by digit is what tells the new one from the old one.
    number = teller.number(conversation.phone or "", slowly=conversation.phone_refused)
    at = time_of_id(conversation.slot)
    if conversation.kind is CallbackKind.ASAP or at is None:
        # A callback in turn is never moved to be one in turn again, but for another number.
        is_renumbered = conversation.process is Process.MOVE
        response = (
            "utter_ask_callback_confirmed_number_asap"
            if is_renumbered
            else "utter_ask_callback_confirmed_asap"
        )
        return _with_wait(turn, reply, OfferTold.of(conversation).wait, response, number=number)
    moment = teller.moment(at)
    if conversation.process is not Process.MOVE:
        return reply.saying("utter_ask_callback_confirmed_scheduled", moment=moment, number=number)
    old = Booked.of(conversation)
    if old.at == at:
        return reply.saying("utter_ask_callback_confirmed_number", moment=moment, number=number)
    if old.at is None:
        return reply.saying("utter_ask_callback_confirmed_move_asap", moment=moment, number=number)
    return reply.saying(
        "utter_ask_callback_confirmed_move",
        moment=moment,
        old_moment=teller.moment(old.at),
        number=number,
    )


def _with_wait(turn: Turn, reply: Reply, wait: WaitTold, response: str, **values: str) -> Reply:
    """Say a response with its wait, or the variant without one if there is none to tell."""
    told = turn.teller.wait(wait)
    if told is None:
        return reply.saying(f"{response}_wait_unknown", **values)
    return reply.saying(response, wait=told, **values)
