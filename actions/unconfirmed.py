"""A booking that nobody could confirm: remembered, looked into again, and not repeated unasked.

GES has no way to ask for it: no search by number, no key of ours (wire rule 1.9). What there is is
an answer that came late; else the customer is told what is known, and that another booking may mean
two calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from actions.base import hashed
from actions.booked import Booked, knows, spoken_of, topic_of_booked, with_left_over, with_other
from actions.moved import MOVED, RENUMBERED, moved_told
from actions.slots import Question, text_in
from actions.standings import others_told, told_when
from ges_connector.callbacks.booking import BookingOutcome, BookingResult, CallbackKind
from ges_connector.callbacks.events import Clarified
from ges_connector.callbacks.free_times import time_id, time_of_id
from ges_connector.callbacks.manage import MoveOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from actions.base import Reply, Turn
    from actions.slots import Conversation
    from ges_connector.callbacks.booking import Draft

_AT_RISK: Final = timedelta(days=1)
"""So long after its time, or after it was asked for, a call may still come of it."""
_BEFORE: Final = "before"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A booking that may have been sent, and of which nobody knows what came.

    Attributes:
        token: Token of the draft.
        asked_at: When it was read back.
        at: The time that was agreed on, UTC; None for one in turn.
        phone: The number that was agreed on, E.164.
        replaces: Id of the callback that it was to replace; None if it was no move.
        topic: Topic that it was sent under; None if unknown.
    """

    token: str
    asked_at: datetime
    at: datetime | None = None
    phone: str | None = field(default=None, repr=False)
    replaces: str | None = field(default=None, repr=False)
    topic: str | None = None

    @classmethod
    def of(cls, conversation: Conversation, now: datetime) -> Self | None:
        """Read the last one from a conversation.

        Args:
            conversation: What is known.
            now: The instant, aware.

        Returns:
            The booking; None if there is none, or nothing will come of it any more.
        """
        return next(iter(cls.all_of(conversation, now)), None)

    @classmethod
    def all_of(cls, conversation: Conversation, now: datetime) -> Sequence[Self]:
        """Read all of which something may come yet, the last one first.

        Args:
            conversation: What is known.
            now: The instant, aware.
        """
        read = (cls._read(record, now) for record in _records(conversation))
        return [each for each in read if each is not None]

    @classmethod
    def _read(cls, record: Mapping[str, Any], now: datetime) -> Self | None:
        token, asked_at = text_in(record, "token"), time_of_id(record.get("asked_at"))
        if token is None or asked_at is None:
            return None
        found = cls(
            token,
            asked_at,
            at=time_of_id(record.get("time")),
            phone=text_in(record, "phone"),
            replaces=text_in(record, "replaces"),
            topic=text_in(record, "topic"),
        )
        return None if now > (found.at or asked_at) + _AT_RISK else found

    @classmethod
    def of_draft(cls, draft: Draft, replaces: str | None) -> Self:
        """Make it from what was sent.

        Args:
            draft: The booking.
            replaces: Id of the callback that it was to replace.
        """
        at = None if draft.desired_at is None else draft.desired_at.astimezone(UTC)
        asked_at = draft.read_back_at.astimezone(UTC).replace(second=0, microsecond=0)
        return cls(draft.token, asked_at, at, draft.phone, replaces, draft.topic)

    @property
    def result(self) -> BookingResult:
        """What booking it came to, as far as the conversation knows."""
        return BookingResult(BookingOutcome.UNCONFIRMED, self.token, desired_at=self.at)

    def as_record(self) -> dict[str, Any]:
        """Write it down as plain JSON."""
        return {
            "token": self.token,
            "asked_at": time_id(self.asked_at),
            "time": None if self.at is None else time_id(self.at),
            "phone": self.phone,
            "replaces": self.replaces,
            "topic": self.topic,
        }


def _records(conversation: Conversation) -> Sequence[Mapping[str, Any]]:
    """The records of a conversation; each but the first lies in the one after it in time."""
    found, record = [], conversation.unconfirmed
    while isinstance(record, dict):
        found.append({name: each for name, each in record.items() if name != _BEFORE})
        record = record.get(_BEFORE)
    return found


def _written(records: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    written: dict[str, Any] | None = None
    for record in reversed(records):
        written = {**record, **({} if written is None else {_BEFORE: written})}
    return written


def doubting(conversation: Conversation, unconfirmed: Unconfirmed) -> Conversation:
    """Remember one more that nobody could confirm, beside those before it.

    Args:
        conversation: What is known.
        unconfirmed: The one that comes to it.
    """
    others = [each for each in _records(conversation) if each.get("token") != unconfirmed.token]
    return conversation.but(unconfirmed=_written([unconfirmed.as_record(), *others]))


def is_risked(conversation: Conversation, now: datetime) -> bool:
    """Whether another booking may mean two calls, and the customer has not said yes to that.

    Args:
        conversation: What is known. Another number makes no difference: the first one, called
            wrong or not, may be rung all the same.
        now: The instant, aware.
    """
    return not conversation.risk_accepted and bool(Unconfirmed.all_of(conversation, now))


def without(conversation: Conversation, token: str) -> Conversation:
    """Forget it if it is this one: what became of it is known."""
    left = [each for each in _records(conversation) if each.get("token") != token]
    return conversation.but(unconfirmed=_written(left))


def tells_move(conversation: Conversation) -> bool:
    """Whether it was found that a move came about after all, which is yet to be said."""
    return any(note.response.startswith((MOVED, RENUMBERED)) for note in conversation.notes)


async def looked_into(turn: Turn) -> Turn:
    """Look again whether it was booked.

    A callback that is booked after all becomes that of the conversation; if it was to replace
    another one, that one is cancelled now, as was agreed. What has to be said of it is noted.
    """
    for earlier in Unconfirmed.all_of(turn.conversation, turn.now):
        turn = await _looked_into_one(turn, earlier)
    return turn


async def _looked_into_one(turn: Turn, earlier: Unconfirmed) -> Turn:
    result = await turn.service.booked_by_now(earlier.token)
    if result is None or result.outcome is BookingOutcome.UNCONFIRMED:
        return turn
    kind = CallbackKind.ASAP if earlier.at is None else CallbackKind.SCHEDULED
    turn.announce(Clarified(turn.scene, kind, result.outcome))
    known = turn.knowing(without(turn.conversation, earlier.token).but(outcome=result.outcome))
    if not result.is_booked:
        noted = known.conversation.noting("utter_callback_unconfirmed_not_booked")
        return turn.knowing(_asking_anew(noted))
    return turn.knowing(_asking_anew(await _taken_over(known, earlier, result)))


def _asking_anew(conversation: Conversation) -> Conversation:
    """Ask something else where the question whether to book all the same is open."""
    if conversation.question is not Question.UNCONFIRMED:
        return conversation
    is_there = conversation.id is not None
    return conversation.but(question=Question.OPEN_CALLBACK if is_there else Question.KIND)


async def _taken_over(turn: Turn, earlier: Unconfirmed, result: BookingResult) -> Conversation:
    conversation = turn.conversation
    if conversation.id is None:
        return _holding(turn, earlier, result)
    replaced = spoken_of(conversation, earlier.replaces or "")
    is_new = not knows(conversation, result.callback_id)
    if is_new and replaced.id == earlier.replaces:
        moved = await _moved(turn.knowing(replaced), earlier, result)
        # Who was spoken to of another one would take that one for moved.
        return moved if replaced.id == conversation.id else _noting_others(turn, moved)
    # It goes on speaking of the one it spoke of, and keeps the other beside it.
    beside = with_other(conversation, result.callback_id or "", _booked(turn, earlier, result))
    said = told_when(turn, "utter_callback_already_booked", earlier.at)
    return beside.noting(said.response, **said.values)


def _booked(turn: Turn, earlier: Unconfirmed, result: BookingResult) -> Booked:
    kind = CallbackKind.ASAP if earlier.at is None else CallbackKind.SCHEDULED
    made_in = hashed(turn.sender)
    return Booked(kind, earlier.at, earlier.phone, result, made_in=made_in, topic=earlier.topic)


def _holding(turn: Turn, earlier: Unconfirmed, result: BookingResult) -> Conversation:
    old = Booked.of(turn.conversation)
    booked = replace(
        _booked(turn, earlier, result),
        entry_id=old.entry_id,
        entry_changes=old.entry_changes,
        others=old.others,
    )
    return turn.conversation.but(id=result.callback_id, booking=booked.as_record())


async def _moved(turn: Turn, earlier: Unconfirmed, result: BookingResult) -> Conversation:
    conversation, old_id = turn.conversation, earlier.replaces or ""
    done = await turn.service.cancel(topic_of_booked(conversation), old_id, turn.deadline)
    holding = _holding(turn, earlier, result)
    old, new, callback_id = Booked.of(conversation), Booked.of(holding), result.callback_id or ""
    said = moved_told(turn, old, new, callback_id, is_old_off=done.is_off)
    if done.is_off:
        moved = holding.but(outcome=MoveOutcome.MOVED)
    else:
        remaining = with_left_over(holding, conversation, done)
        moved = remaining.but(outcome=MoveOutcome.MOVED_OLD_REMAINS)
    return moved.noting(said.response, **said.values)


def _noting_others(turn: Turn, conversation: Conversation) -> Conversation:
    others = [each.booked_in(conversation) for each in Booked.of(conversation).others]
    for said in others_told(turn, [each for each in others if not each.is_left_over]):
        conversation = conversation.noting(said.response, **said.values)
    return conversation


def saying_still(turn: Turn, reply: Reply) -> Reply:
    """Say what is known of it, if nobody knows more by now."""
    for earlier in Unconfirmed.all_of(turn.conversation, turn.now):
        reply = reply.adding(told_when(turn, "utter_callback_unconfirmed_still", earlier.at))
    return reply
