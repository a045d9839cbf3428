"""What every action is made of: a turn comes in, a reply goes out, and nothing is ever raised.

The SDK answers an exception with the whole request, numbers included, and the engine then says
nothing at all. So whatever goes wrong here ends in a sentence with a way on, and in one log line
that holds no word of the customer's.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from rasa_sdk.interfaces import Action
from typing_extensions import override

from actions import calm, runtime, under_way
from actions.booked import topic_of
from actions.customer import Customer, customer_of
from actions.log_lines import place_of
from actions.message import Message
from actions.slots import REQUESTED_SLOT, Conversation, Note
from ges_connector.api import Deadline
from ges_connector.callbacks.events import NumberGiven, Scene
from ges_connector.callbacks.offer import Rung
from ges_connector.telemetry import instruments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rasa_sdk.executor import CollectingDispatcher
    from rasa_sdk.interfaces import Tracker
    from rasa_sdk.types import DomainDict

    from actions.slots import Event
    from actions.telling import Teller
    from ges_connector.callbacks.events import Announcer, CallbackEvent
    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.callbacks.service import CallbackService
    from ges_connector.callbacks.verification import Verify
    from ges_connector.language import Unclear, Wish

logger = logging.getLogger(__name__)

TECHNICAL_PROBLEM = "technical_problem"
# Whoever is called by an alert looks for these lines.
_UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything an action knows.

    Attributes:
        conversation: What the conversation knows so far, with what the channel says by now.
        message: What the customer has just said.
        customer: Locale, zone and channel, resolved.
        profile: The profile of the topic of what is being arranged.
        service: The callback service.
        teller: Tells this customer times, waits and numbers.
        verify: Tells whether a callback may be changed.
        deadline: How long all of this may take.
        now: The instant, UTC.
        announcer: Tells what happens to whoever counts it or writes it down.
        sender: The conversation's id.
        requested_slot: Which slot the active form asks for; None outside forms and at their start.
            What a flow asks for goes by the name of the slot that a form would ask for.
        hearing: What the engine of flows tells besides; None from the other engine.
        understood: What words about time were understood as in this turn already, by the words,
            locale, instant and zone: a long message is looked at from several sides, and read once.
    """

    conversation: Conversation
    message: Message
    customer: Customer
    profile: TopicProfile
    service: CallbackService
    teller: Teller
    verify: Verify
    deadline: Deadline
    now: datetime
    announcer: Announcer
    sender: str = field(repr=False)
    requested_slot: str | None = None
    hearing: calm.Hearing | None = None
    understood: dict[tuple[str, str, datetime, str], Wish | Unclear] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def speaks(self) -> bool:
        """Whether the customer hears instead of reading."""
        return self.customer.speaks

    @property
    def topic(self) -> str | None:
        """The topic of what is being arranged; None for the default one."""
        return topic_of(self.conversation)

    @property
    def scene(self) -> Scene:
        """Where and when this turn is, without personal data."""
        return Scene(
            at=self.now,
            profile=self.service.config.topic(self.topic),
            language=self.customer.language,
            channel=self.customer.channel.value,
            conversation=self.service.pseudonym("conversation", self.sender),
        )

    def dial_link(self, e164: str) -> str | None:
        """A link that dials a number; None where none can be sent, or nobody would see it."""
        return self.teller.dial_link(e164) if self.customer.takes_files else None

    def announce(self, event: CallbackEvent) -> None:
        """Tell that something has happened in this turn."""
        self.announcer.announce(event)

    def knowing(self, conversation: Conversation) -> Turn:
        """Return the same turn with the conversation as it is by now, and with its topic."""
        known = replace(self, conversation=conversation)
        if known.topic == self.topic:
            return known
        profile = self.service.profile(known.topic)
        return replace(known, profile=profile, teller=replace(self.teller, profile=profile))


@dataclass(frozen=True, slots=True)
class Said:
    """One response with what its placeholders hold.

    Attributes:
        response: Its name in the domain.
        values: Told already.
        attachment: A file that goes with it, as a URL; None for none.
        lent: The number that was lent for it, to be told again as long as it is good; None for
            none.
    """

    response: str
    values: Mapping[str, str] = field(default_factory=dict)
    attachment: str | None = None
    lent: Mapping[str, str] | None = field(default=None, repr=False)

    def as_note(self) -> Note:
        """Keep it to be said before the next question; a file does not wait."""
        return Note(response=self.response, values={**self.values})

    def kept_in(self, conversation: Conversation) -> Conversation:
        """Return the conversation with the number that was lent, if one was."""
        return conversation if self.lent is None else conversation.but(call_in={**self.lent})


@dataclass(frozen=True, slots=True)
class Reply:
    """What an action comes to.

    Attributes:
        conversation: What the conversation knows now; the difference is written to slots.
        said: What is said, in order.
        events: What else is to happen in the engine.
        outcome: A word for the log.
        corr_id: GES's correlation id of what failed, for the log.
    """

    conversation: Conversation
    said: tuple[Said, ...] = ()
    events: tuple[Event, ...] = ()
    outcome: str = "done"
    corr_id: str | None = None

    def saying(self, response: str, attachment: str | None = None, **values: str) -> Reply:
        """Return the same reply with one more thing said."""
        return self.adding(Said(response, values, attachment))

    def adding(self, said: Said) -> Reply:
        """Return the same reply with one more thing said, put together elsewhere."""
        kept = said.kept_in(self.conversation)
        return replace(self, said=(*self.said, said), conversation=kept)

    def saying_notes(self) -> Reply:
        """Return the same reply with what was noted said, and noted no longer."""
        notes = tuple(Said(note.response, note.values) for note in self.conversation.notes)
        return replace(
            self, said=(*self.said, *notes), conversation=self.conversation.but(notes=())
        )

    def but(self, **changes: Any) -> Reply:
        """Return the same reply with the conversation changed."""
        return replace(self, conversation=self.conversation.but(**changes))


class CallbackAction(Action, ABC):
    """An action of the assistant; subclasses give `action_name` and `act`."""

    action_name: ClassVar[str]
    books: ClassVar[bool] = False
    """Whether it changes something at GES, and so gets the longer deadline."""
    speaks: ClassVar[bool] = True
    """Whether a failure is said: one that only takes note has others after it that will say it."""

    @override
    def name(self) -> str:
        """Return the name in the domain."""
        return self.action_name

    @abstractmethod
    async def act(self, turn: Turn) -> Reply:
        """Do the work of one turn."""

    @override
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Open the turn, act, and put the reply into the engine's terms; never raises."""
        began = time.perf_counter()
        instruments.TURNS_IN_PROGRESS.add(1)
        try:
            with under_way.noted(books=self.books):
                outcome, corr_id, events = await self._outcome(dispatcher, tracker)
        finally:
            instruments.TURNS_IN_PROGRESS.add(-1)
        seconds = time.perf_counter() - began
        result = "failed" if outcome.startswith(TECHNICAL_PROBLEM) else "done"
        instruments.TURN_SECONDS.record(seconds, {"result": result})
        conversation, took_ms = runtime.pseudonym_of(tracker.sender_id), round(seconds * 1000)
        known = {} if corr_id is None else {"ges_corr_id": corr_id}
        logger.log(
            logging.WARNING if outcome == _UNCONFIRMED else logging.INFO,
            "%s: %s, %d ms, %s%s",
            self.action_name,
            outcome,
            took_ms,
            conversation.replace("-", " ", 1),
            "" if corr_id is None else f", corr_id {corr_id}",
            extra={
                "action": self.action_name,
                "outcome": outcome,
                "duration_ms": took_ms,
                "conversation": conversation,
                **known,
            },
        )
        return events

    async def _outcome(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> tuple[str, str | None, list[Event]]:
        """Act, say the reply, and give its word and corr_id for the log with the events."""
        try:
            before = Conversation.of_slots(tracker.slots)
            turn = open_turn(tracker, before, books=self.books, action=self.action_name)
            reply = await self.act(turn)
            events = self.events(before, reply)
            if turn.hearing is not None:
                events = calm.in_flows(self.action_name, events)
            _say(dispatcher, reply.said)
        except asyncio.CancelledError:
            if _is_asked_to_stop():
                raise
            outcome, events = self._failed(dispatcher, tracker, "CancelledError")
            return outcome, None, events
        except Exception as error:  # noqa: BLE001 - see the module's first lines
            outcome, events = self._failed(dispatcher, tracker, place_of(error))
            return outcome, None, events
        return reply.outcome, reply.corr_id, events

    def events(self, before: Conversation, reply: Reply) -> list[Event]:
        """Turn a reply into events."""
        return [*reply.conversation.changes_since(before), *reply.events]

    def events_of_failure(self, _tracker: Tracker) -> list[Event]:
        """What the engine is told when the action failed; forms have to go on."""
        return []

    def _failed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, what: str
    ) -> tuple[str, list[Event]]:
        if self.speaks:
            _say(dispatcher, (Said("utter_callback_technical_problem"), *_number_to_ring(tracker)))
        events = self.events_of_failure(tracker)
        if calm.hearing_of(tracker) is not None:
            events = calm.in_flows(self.action_name, events, has_failed=True)
        return f"{TECHNICAL_PROBLEM} ({what})", events


def open_turn(
    tracker: Tracker, stored: Conversation, *, books: bool = False, action: str = ""
) -> Turn:
    """Gather what an action works with.

    Args:
        tracker: The conversation as the engine sent it; nothing in it is trusted.
        stored: What its slots hold.
        books: Whether the turn changes something at GES.
        action: Name of the action that is run.
    """
    hearing = calm.hearing_of(tracker)
    open_runtime = runtime.runtime()
    now = open_runtime.now()
    profile = runtime.profile_of(open_runtime.config, topic_of(stored))
    customer = customer_of(tracker, stored, profile, open_runtime.wording)
    patience = open_runtime.config.patience
    seconds = patience.asking_seconds(speaks=customer.speaks)
    return Turn(
        conversation=customer.noted_in(stored),
        message=_message(tracker, action, hearing),
        customer=customer,
        profile=profile,
        service=open_runtime.service,
        teller=customer.teller(now, profile, open_runtime.wording),
        verify=open_runtime.verify,
        deadline=Deadline.after(patience.booking_seconds if books else seconds),
        now=now,
        announcer=open_runtime.announcer,
        sender=tracker.sender_id,
        requested_slot=_requested_slot(tracker) if hearing is None else hearing.requested,
        hearing=hearing,
    )


def _message(tracker: Tracker, action: str, hearing: calm.Hearing | None) -> Message:
    if hearing is None:
        return Message.of_tracker(tracker.latest_message)
    return calm.message_in_flows(tracker, action)


def hashed(sender: str) -> str:
    """Give a conversation's id a short form, by which a booking knows the one it was made in."""
    return hashlib.blake2b(sender.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _requested_slot(tracker: Tracker) -> str | None:
    requested = tracker.slots.get(REQUESTED_SLOT)
    return requested if isinstance(requested, str) and tracker.active_loop.get("name") else None


def _say(dispatcher: CollectingDispatcher, said: tuple[Said, ...]) -> None:
    for each in said:
        values: dict[str, Any] = {**each.values}
        dispatcher.utter_message(response=each.response, attachment=each.attachment, **values)


def _number_to_ring(tracker: Tracker) -> tuple[Said, ...]:
    """The last rung, as far as it can be told in the state things are in."""
    try:
        turn = open_turn(tracker, Conversation.of_slots(tracker.slots))
    except Exception:  # noqa: BLE001 - then the configuration itself is what failed
        return ()
    turn.announce(NumberGiven(turn.scene, Rung.STATIC_NUMBER))
    return (number_that_is_always_there(turn),)


def number_that_is_always_there(turn: Turn) -> Said:
    """The profile's own number, with its hours where they are worded."""
    number, hours = turn.teller.number(turn.profile.static_number), turn.teller.hours()
    link = turn.dial_link(turn.profile.static_number)
    if hours is None:
        return Said("utter_callback_static_number_only", {"number": number}, link)
    return Said("utter_callback_static_number", {"number": number, "hours": hours}, link)


def _is_asked_to_stop() -> bool:
    """Whether this very task is being cancelled, not only something it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
