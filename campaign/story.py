"""What was said in a conversation, turn by turn, with what the contact centre saw of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from campaign.plans import ABOUT_PATIENCE_SECONDS, Asked

if TYPE_CHECKING:
    from datetime import datetime

    from campaign.engine import Message, Said
    from campaign.ledger import Attempt
    from campaign.plans import Task, Visit

_ON_ITS_WAY: Final = timedelta(seconds=30)
"""So long, at most, the assistant counts with a cancel of which it has not heard."""


@dataclass
class Turn:
    """One turn.

    Attributes:
        message: What the customer said.
        task: What they wanted, counted from 0.
        twice: How often it arrived, in words.
        wanted_at: The time that was read back to a customer who now says yes; None for in turn.
        is_yes: Whether it is the customer's yes to a read-back.
        said: What the assistant said.
        attempts: The writes that arrived at the contact centre meanwhile.
        outcome: What the conversation's slot says of the last attempt.
        callback_id: The callback that the conversation knows of, when the turn began.
        is_arranging: Whether a form was open then.
        at: When that was, by the contact centre's clock.
        holds: The callback that the conversation knows of, when the turn is over.
        is_silenced: Whether the action server died in the turn.
        is_disturbed: Whether the contact centre could not be reached for a moment in the turn.
        seconds: How long it took; real seconds.
        oddities: What was wrong in what was asked or said, beyond what the books can tell.
    """

    message: Message
    task: int
    twice: str = "no"
    wanted_at: datetime | None = None
    is_yes: bool = False
    said: list[Said] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    outcome: Any = None
    callback_id: Any = None
    is_arranging: bool = False
    at: datetime | None = None
    holds: Any = None
    is_silenced: bool = False
    is_disturbed: bool = False
    seconds: float = 0.0
    oddities: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """What was said, by name."""
        return [each.name for each in self.said]


@dataclass
class Story:
    """One conversation.

    Attributes:
        visit: Its plan.
        conversation: Its id.
        phone: The customer's number, E.164.
        turns: What happened.
    """

    visit: Visit
    conversation: str
    phone: str = field(repr=False)
    turns: list[Turn] = field(default_factory=list)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What the customer wanted."""
        return self.visit.tasks

    def before(self, turn: Turn) -> list[Turn]:
        """The turns before one."""
        return self.turns[: self.turns.index(turn)]

    def moved_in(self, turn: Turn) -> set[str]:
        """Ids of the callbacks in the place of which a turn tells that other ones are booked.

        A move that came about late is told of in a later turn, when another one may be spoken of;
        of two yeses the second may hear of it, when the first one has moved that other one.
        """
        creates = [each for each in turn.attempts if each.operation is Asked.CREATE]
        late = {
            str(each.callback_id)
            for each in self.before(turn)
            for attempt in each.attempts
            if attempt.operation is Asked.CREATE
            and attempt.callback_id == turn.holds != turn.callback_id
            and each.callback_id is not None
        }
        is_moved = not late or any(each.is_known_done for each in creates)
        return late | ({str(turn.callback_id)} if is_moved else set())

    def is_cancel_on_its_way(self, turn: Turn) -> bool:
        """Whether of an earlier cancel of the same callback nobody knows yet what came of it."""
        return any(
            attempt.operation is Asked.CANCEL and attempt.is_unknown
            for each in self.before(turn)
            if each.callback_id == turn.callback_id and _is_just_before(each, turn)
            for attempt in each.attempts
        )

    def cancelled_by(self, turn: Turn) -> set[str | None]:
        """Ids of what was cancelled in earlier turns, and in this one."""
        return {
            attempt.callback_id
            for each in (*self.before(turn), turn)
            for attempt in each.attempts
            if attempt.operation is Asked.CANCEL
        }

    def add_late(self, attempts: list[Attempt]) -> None:
        """Add what arrived at the contact centre after its turn was over.

        A slow machine does so: the assistant gives up before the contact centre begins.
        """
        known = sum(len(turn.attempts) for turn in self.turns)
        doubtful = [turn for turn in self.turns if turn.is_yes] or self.turns
        if attempts[known:]:
            doubtful[-1].attempts += attempts[known:]

    def give_back_late(self) -> None:
        """Give a booking that arrived in the last turn to the yes before, if that one sent it.

        So it is where a slow machine had it sent, and answered before it arrived.
        """
        last, asked = self.turns[-1], [turn for turn in self.turns[:-1] if turn.is_yes]
        if last.is_yes or not asked or not last.attempts:
            return
        sender, first = asked[-1], last.attempts[0]
        is_slow = sender.seconds >= ABOUT_PATIENCE_SECONDS and not sender.attempts
        is_its = first.operation is Asked.CREATE and first.desired_at == sender.wanted_at
        if is_slow and is_its and any("unconfirmed" in name for name in sender.names):
            sender.attempts.append(last.attempts.pop(0))

    def told(self) -> list[str]:
        """Tell it in lines, for whoever has to find out what went wrong."""
        lines = []
        for number, turn in enumerate(self.turns):
            said = turn.message.choice or turn.message.text or turn.message.intent
            twice = "" if turn.twice == "no" else f" [twice: {turn.twice}]"
            lines.append(f"{number}. customer: {turn.message.intent} {said!r}{twice}")
            lines.extend(
                f"     GES: {each.operation} for {each.desired_at}, fault {each.fault}: "
                f"status {each.status}, {'done' if each.callback_id else 'not done'}"
                for each in turn.attempts
            )
            silence = " (the action server died)" if turn.is_silenced else ""
            lines.append(f"     said: {', '.join(turn.names) or 'nothing'}{silence}")
        return lines


def _is_just_before(earlier: Turn, turn: Turn) -> bool:
    if earlier.at is None or turn.at is None:
        return False
    return turn.at - earlier.at < _ON_ITS_WAY
