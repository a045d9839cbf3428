"""What is known of a contact centre at one instant: each answer with its age, or what went wrong.

Facts are all that the offer and the menus rest on. A call that failed is a fact too: the decision
then goes by the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from ges_connector.api import (
    Availability,
    GesAuthenticationError,
    GesConfigurationError,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesRequestError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    OpenFor,
    QueueStatus,
    VirtualQueueWait,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_T_co = TypeVar("_T_co", covariant=True)
# An office that stays open for longer than this never closes (Q9).
_NEVER_CLOSES_SECONDS = 366 * 24 * 3600


_ALL_LENT: Final = 7904
"""GES code: no call-in number is left to lend (GES-7904)."""


class Trouble(StrEnum):
    """Why GES did not tell something."""

    UNREACHABLE = "unreachable"
    """No connection, no answer in time, or the far side failed."""
    MISCONFIGURED = "misconfigured"
    """The key, a name or the request is not accepted: an administrator has to look."""
    ALL_LENT = "all_lent"
    """All call-in numbers are lent at present; some minutes later one is free."""
    BUSY = "busy"
    """Too many requests."""
    UNREADABLE = "unreadable"
    """An answer came that makes no sense."""


def trouble_of(error: GesError) -> Trouble:
    """Name the kind of trouble an error is."""
    if isinstance(error, GesThrottledError):
        return Trouble.BUSY
    if isinstance(error, GesUnexpectedAnswerError):
        return Trouble.UNREADABLE
    if error.code == _ALL_LENT:
        return Trouble.ALL_LENT
    misconfigured = (
        GesAuthenticationError,
        GesConfigurationError,
        GesInvalidRequestError,
        GesNotFoundError,
        GesRequestError,
    )
    return Trouble.MISCONFIGURED if isinstance(error, misconfigured) else Trouble.UNREACHABLE


@dataclass(frozen=True, slots=True)
class Fact(Generic[_T_co]):
    """One answer of GES, or what replaced it.

    Attributes:
        value: The answer; None if there is none.
        learned_at: When it came, UTC.
        trouble: Why there is no answer; None if there is one.
        corr_id: GES's correlation id of a failed call, for the administrator.
    """

    value: _T_co | None
    learned_at: datetime
    trouble: Trouble | None = None
    corr_id: str | None = None

    def age_seconds(self, now: datetime) -> float:
        """How far from now the answer came; a clock that was put back makes none fresh."""
        return abs((now - self.learned_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at one instant about one topic.

    Attributes:
        queue: What the callback queue offers.
        waits: The waits of the virtual queues; None if the profile names none.
        open_for: How long the office stays open.
        availability: The times that can be booked, full ones among them; None if not asked for.
    """

    queue: Fact[QueueStatus]
    open_for: Fact[OpenFor]
    waits: Fact[tuple[VirtualQueueWait, ...]] | None = None
    availability: Fact[Availability] | None = None

    @property
    def _all(self) -> Sequence[Fact[object]]:
        asked: list[Fact[object] | None] = [
            self.queue,
            self.open_for,
            self.waits,
            self.availability,
        ]
        return [fact for fact in asked if fact is not None]

    @property
    def is_nothing_known(self) -> bool:
        """Whether GES answered nothing at all."""
        return all(fact.value is None for fact in self._all)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What went wrong, each kind once."""
        return tuple(dict.fromkeys(fact.trouble for fact in self._all if fact.trouble is not None))

    @property
    def is_closed(self) -> bool | None:
        """Whether the office is closed; None if GES did not say."""
        return None if self.open_for.value is None else self.open_for.value.is_closed

    @property
    def closes_at(self) -> datetime | None:
        """When the office, open now, closes, UTC; None if it is closed, never closes or is unknown.

        Counted from when GES said so, not from now.
        """
        answer = self.open_for.value
        if answer is None or answer.is_closed or answer.open_for_seconds is None:
            return None
        if answer.open_for_seconds >= _NEVER_CLOSES_SECONDS:
            return None
        return self.open_for.learned_at + timedelta(seconds=answer.open_for_seconds)

    def opens_at(self, now: datetime) -> datetime | None:
        """When the office, closed now, opens, UTC; None if it is open or nobody knows.

        It is the first time GES lists, full or not, so it is right unless the service's own lead
        time reaches beyond the opening.
        """
        if not self.is_closed or self.availability is None or self.availability.value is None:
            return None
        listed = (slot.utc_time for slot in self.availability.value.slots)
        return next((at for at in listed if at > now), None)

    @property
    def told_queue(self) -> VirtualQueueWait | None:
        """The virtual queue whose wait is told: the first named whose wait is known."""
        known = () if self.waits is None else self.waits.value or ()
        return next((wait for wait in known if wait.wait_seconds is not None), None)

    @property
    def wait_seconds(self) -> float | None:
        """The estimated wait; None if unknown."""
        if self.told_queue is not None:
            return self.told_queue.wait_seconds
        return None if self.queue.value is None else self.queue.value.wait_seconds
