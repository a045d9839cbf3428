"""What a conversation keeps of the callback it has: enough to speak of it without asking GES."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

from actions.slots import Process, text_in
from ges_connector.callbacks.booking import BookingResult, CallbackKind
from ges_connector.callbacks.free_times import time_id, time_of_id
from ges_connector.callbacks.manage import Standing, StandingCode
from ges_connector.callbacks.wait import WaitTold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from actions.slots import Conversation
    from ges_connector.callbacks.manage import Cancellation


_MOST_OTHERS: Final = 9


@dataclass(frozen=True, slots=True)
class OtherBooked:
    """A callback of the conversation that is not spoken of now.

    Attributes:
        id: Its id.
        booking: What is kept of it, as `Booked` writes it down.
    """

    id: str
    booking: dict[str, Any] = field(repr=False)

    def booked_in(self, conversation: Conversation) -> Booked:
        """Read what is kept of it.

        Args:
            conversation: The conversation.
        """
        return Booked.of(conversation.but(id=self.id, booking=self.booking))


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The callback that was cancelled last.

    Attributes:
        id: Its id.
        at: When it was to come, UTC; None for one in turn.
        phone: Its number, E.164.
        topic: Topic that it was booked under; None if unknown.
    """

    id: str
    at: datetime | None = None
    phone: str | None = field(default=None, repr=False)
    topic: str | None = None

    @classmethod
    def in_record(cls, record: Mapping[str, Any]) -> Self | None:
        """Read it from what is kept; None if nothing was cancelled.

        Args:
            record: What `as_record` made, perhaps among other things.
        """
        callback_id = text_in(record, "cancelled_id")
        if callback_id is None:
            return None
        return cls(
            callback_id,
            time_of_id(record.get("cancelled_time")),
            text_in(record, "cancelled_phone"),
            text_in(record, "cancelled_topic"),
        )

    def as_record(self) -> dict[str, Any]:
        """Write it down as plain JSON."""
        return {
            "cancelled_id": self.id,
            "cancelled_time": None if self.at is None else time_id(self.at),
            "cancelled_phone": self.phone,
            "cancelled_topic": self.topic,
        }


@dataclass(frozen=True, slots=True)
class Booked:
    """The callback of a conversation.

    Attributes:
        kind: In turn or at a time.
        at: When, UTC; None for one in turn.
        phone: The number that was agreed, E.164.
        result: What booking it came to; None if it was not booked here.
        made_in: Hash of the conversation it was booked in; None if unknown.
        wait: What was told last about its wait; None if nothing was.
        entry_id: Id of the callback whose calendar entry was given out first; None if none was. A
            callback that is moved keeps its entry.
        entry_changes: How often that entry was changed since then.
        cancelled: The callback that was cancelled last; None if none was.
        former_at: When it was to come before it was moved last, UTC; None if it was not moved.
        former_phone: The number it had before that was changed, E.164; None if it was not.
        is_left_over: Whether another one was booked in its place, and it could not be cancelled.
        may_be_off: Whether it was to be cancelled, nobody knows whether it was, and GES has not
            been seen to hold it since.
        others: What else is booked in this conversation, the latest first.
        topic: Topic that it was booked under; None if unknown.
        cancel_sent_at: When a cancel of it was sent last that may have been carried out, UTC; None
            if none was.
    """

    kind: CallbackKind = CallbackKind.ASAP
    at: datetime | None = None
    phone: str | None = field(default=None, repr=False)
    result: BookingResult | None = None
    made_in: str | None = None
    wait: WaitTold | None = None
    entry_id: str | None = None
    entry_changes: int = 0
    cancelled: Cancelled | None = None
    former_at: datetime | None = None
    former_phone: str | None = field(default=None, repr=False)
    is_left_over: bool = False
    may_be_off: bool = False
    others: tuple[OtherBooked, ...] = ()
    topic: str | None = None
    cancel_sent_at: datetime | None = None

    @classmethod
    def of(cls, conversation: Conversation) -> Booked:
        """Read it from a conversation; what is odd in it counts as unknown."""
        record = conversation.booking or {}
        at, wait = time_of_id(record.get("time")), record.get("wait")
        changes = record.get("entry_changes")
        return cls(
            kind=CallbackKind.ASAP if at is None else CallbackKind.SCHEDULED,
            at=at,
            phone=text_in(record, "phone"),
            result=BookingResult.from_record(record.get("result")),
            made_in=text_in(record, "made_in"),
            wait=None if wait is None else WaitTold.from_code(wait),
            entry_id=text_in(record, "entry_id"),
            entry_changes=changes if isinstance(changes, int) else 0,
            cancelled=Cancelled.in_record(record),
            former_at=time_of_id(record.get("former_time")),
            former_phone=text_in(record, "former_phone"),
            is_left_over=record.get("left_over") is True,
            may_be_off=record.get("may_be_off") is True,
            others=_others_in(record.get("others")),
            topic=text_in(record, "topic"),
            cancel_sent_at=time_of_id(record.get("cancel_sent")),
        )

    def standing_as(self, standing: Standing) -> Booked:
        """Return it as GES says it stands: one at a time that is due waits its turn."""
        known = replace(self, may_be_off=self.may_be_off and not standing.is_open)
        if standing.code is StandingCode.SCHEDULED:
            return replace(known, kind=CallbackKind.SCHEDULED, at=standing.desired_at)
        wait = self.wait if standing.wait is None else standing.wait.steadied(self.wait)
        return replace(known, kind=CallbackKind.ASAP, at=None, wait=wait)

    def as_record(self) -> dict[str, Any]:
        """Write it down as plain JSON."""
        return {
            "time": None if self.at is None else time_id(self.at),
            "phone": self.phone,
            "result": None if self.result is None else self.result.as_record(),
            "made_in": self.made_in,
            "wait": None if self.wait is None else self.wait.code,
            "entry_id": self.entry_id,
            "entry_changes": self.entry_changes,
            **({} if self.cancelled is None else self.cancelled.as_record()),
            "former_time": None if self.former_at is None else time_id(self.former_at),
            "former_phone": self.former_phone,
            "left_over": self.is_left_over,
            "may_be_off": self.may_be_off,
            "others": [{"id": each.id, "booking": each.booking} for each in self.others],
            "topic": self.topic,
            "cancel_sent": None if self.cancel_sent_at is None else time_id(self.cancel_sent_at),
        }


def maybe_off(conversation: Conversation) -> Conversation:
    """Keep of the callback that is spoken of that nobody knows whether it was cancelled.

    Args:
        conversation: What is known.
    """
    doubtful = replace(Booked.of(conversation), may_be_off=True)
    return conversation.but(booking=doubtful.as_record())


def topic_of_booked(conversation: Conversation) -> str | None:
    """Name the topic that the callback which is spoken of was booked under.

    The slot may name another one by now, which is that of the next callback.

    Args:
        conversation: What is known.

    Returns:
        The topic; None for the default one.
    """
    booked_under = None if conversation.id is None else Booked.of(conversation).topic
    return booked_under or conversation.profile


def topic_of(conversation: Conversation) -> str | None:
    """Name the topic of what is being arranged: a callback is moved in the queue it is in.

    Args:
        conversation: What is known.

    Returns:
        The topic; None for the default one.
    """
    is_move = conversation.process is Process.MOVE
    return topic_of_booked(conversation) if is_move else conversation.profile


def with_left_over(
    conversation: Conversation, old: Conversation, cancelling: Cancellation | None
) -> Conversation:
    """Keep the callback that could not be cancelled when another one took its place.

    Args:
        conversation: What is known, speaking of the one that took its place.
        old: What was known before that, speaking of the old one.
        cancelling: What cancelling the old one came to; None if that was not tried.
    """
    if old.id is None:
        return conversation
    # The calendar entry went on to the new one.
    left = replace(
        Booked.of(old),
        entry_id=None,
        entry_changes=0,
        cancelled=None,
        is_left_over=True,
        may_be_off=True,
        others=(),
        cancel_sent_at=None if cancelling is None else cancelling.sent_at,
    )
    return with_other(conversation, old.id, left)


def knows(conversation: Conversation, callback_id: str | None) -> bool:
    """Whether a conversation speaks of a callback, or keeps it beside."""
    return callback_id in {conversation.id, *(each.id for each in Booked.of(conversation).others)}


def with_other(conversation: Conversation, callback_id: str, other: Booked) -> Conversation:
    """Keep one more callback beside the one that is spoken of.

    Args:
        conversation: What is known.
        callback_id: Id of the other callback; one that is known already stays as it is.
        other: What is to be kept of it.
    """
    if knows(conversation, callback_id):
        return conversation
    now = Booked.of(conversation)
    others = (OtherBooked(callback_id, other.as_record()), *now.others)
    return conversation.but(booking=replace(now, others=others).as_record())


def spoken_of(conversation: Conversation, callback_id: str) -> Conversation:
    """Make another callback of the conversation the one that is spoken of.

    Args:
        conversation: What is known.
        callback_id: Id of the other callback; without it nothing changes.
    """
    now = Booked.of(conversation)
    chosen = next((each for each in now.others if each.id == callback_id), None)
    if chosen is None or conversation.id is None:
        return conversation
    rest = tuple(each for each in now.others if each.id != callback_id)
    own = OtherBooked(conversation.id, replace(now, others=()).as_record())
    booked = replace(chosen.booked_in(conversation), others=(own, *rest))
    return conversation.but(id=callback_id, booking=booked.as_record())


def without_spoken_of(conversation: Conversation, cancelled_id: str | None = None) -> Conversation:
    """Forget the callback that is over, and speak of the latest other one from now on.

    Args:
        conversation: What is known.
        cancelled_id: Its id, if it was cancelled just now.
    """
    now = Booked.of(conversation)
    cancelled = now.cancelled
    if cancelled_id is not None:
        topic = topic_of_booked(conversation)
        cancelled = Cancelled(cancelled_id, now.at, now.phone, topic)
    if not now.others:
        booking = None if cancelled is None else Booked(cancelled=cancelled).as_record()
        return conversation.but(id=None, booking=booking)
    latest, *rest = now.others
    booked = replace(latest.booked_in(conversation), others=tuple(rest), cancelled=cancelled)
    return conversation.but(id=latest.id, booking=booked.as_record())


def _others_in(record: Any) -> tuple[OtherBooked, ...]:
    listed = record if isinstance(record, list) else []
    return tuple(
        OtherBooked(each["id"], each["booking"])
        for each in listed
        if isinstance(each, dict)
        and isinstance(each.get("id"), str)
        and isinstance(each.get("booking"), dict)
    )[:_MOST_OTHERS]
