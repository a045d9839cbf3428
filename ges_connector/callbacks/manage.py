"""A callback that is booked: how it stands, and what cancelling or moving it comes to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from ges_connector.api import (
    CallbackState,
    CompletionReason,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesRequestError,
)
from ges_connector.callbacks.facts import Trouble, trouble_of
from ges_connector.callbacks.wait import WaitTold, tell_as_range

if TYPE_CHECKING:
    from datetime import datetime

    from ges_connector.api import Callback
    from ges_connector.callbacks.booking import BookingResult
    from ges_connector.callbacks.profile import WaitPolicy


class StandingCode(StrEnum):
    """How a callback stands; each has its words."""

    SCHEDULED = "scheduled"
    """It waits for its time."""
    WAITING = "waiting"
    """It is in the queue; the call comes in turn."""
    CONNECTING = "connecting"
    """The customer was reached and waits for an agent."""
    TALKING = "talking"
    """The customer is talking to an agent."""
    DONE = "done"
    """Customer and agent have talked."""
    CANCELLED = "cancelled"
    """It was cancelled, by the customer or by the contact centre."""
    NOT_REACHED = "not_reached"
    """The customer could not be reached in all attempts."""
    EXPIRED = "expired"
    """Its time ran out before a call was made."""
    FAILED = "failed"
    """It ended for a technical reason."""
    GONE = "gone"
    """GES knows it no more; that says nothing about whether it took place (Q19)."""
    UNDER_WAY = "under_way"
    """It is in some state that was not known when this was written."""
    UNKNOWN = "unknown"
    """GES did not say."""


_STATES = {
    CallbackState.SCHEDULED: StandingCode.SCHEDULED,
    CallbackState.QUEUED: StandingCode.WAITING,
    CallbackState.ROUTING: StandingCode.CONNECTING,
    CallbackState.PROCESSING: StandingCode.TALKING,
}
_ENDS = {
    CompletionReason.AGENT_CONNECTED: StandingCode.DONE,
    CompletionReason.CANCELLED: StandingCode.CANCELLED,
    CompletionReason.CANCELLED_BY_ADMIN: StandingCode.CANCELLED,
    CompletionReason.FAIL_CALL_TO_CUSTOMER: StandingCode.NOT_REACHED,
    CompletionReason.FAIL_USER_NO_CONFIRM: StandingCode.NOT_REACHED,
    CompletionReason.FAIL_TIMEOUT_TTL: StandingCode.EXPIRED,
}
_OPEN = frozenset(
    {
        StandingCode.SCHEDULED,
        StandingCode.WAITING,
        StandingCode.CONNECTING,
        StandingCode.TALKING,
        StandingCode.UNDER_WAY,
    }
)
_OVER = frozenset(
    {
        StandingCode.DONE,
        StandingCode.CANCELLED,
        StandingCode.NOT_REACHED,
        StandingCode.EXPIRED,
        StandingCode.FAILED,
        StandingCode.GONE,
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a callback stands.

    Attributes:
        callback_id: Its id.
        code: How it stands.
        desired_at: When it is wanted, UTC; None if GES did not say.
        position: Place in the queue, if GES told one.
        wait: What is told about its wait; None if GES told none.
        trouble: Why GES did not say, for `StandingCode.UNKNOWN`.
        is_id: False if GES does not take it for an id.
        corr_id: GES's correlation id of the call that failed.
    """

    callback_id: str
    code: StandingCode
    desired_at: datetime | None = None
    position: int | None = None
    wait: WaitTold | None = None
    trouble: Trouble | None = None
    is_id: bool = True
    corr_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to come; worth mentioning before a second is booked."""
        return self.code in _OPEN

    @property
    def is_over(self) -> bool:
        """Whether nothing will come of it any more; a conversation can forget it."""
        return self.code in _OVER

    @property
    def can_change(self) -> bool:
        """Whether it can be cancelled or moved (GES rule 40)."""
        return self.code in {StandingCode.SCHEDULED, StandingCode.WAITING}


def standing_of(callback: Callback, policy: WaitPolicy) -> Standing:
    """Tell how a callback stands.

    Args:
        callback: GES's answer.
        policy: How waits are told.
    """
    return Standing(
        callback.id,
        _code_of(callback),
        desired_at=callback.desired_time,
        position=callback.position_in_queue,
        wait=None
        if callback.wait_seconds is None
        else tell_as_range(callback.wait_seconds, policy),
    )


def _code_of(callback: Callback) -> StandingCode:
    if not callback.state.is_final:
        return _STATES.get(callback.state, StandingCode.UNDER_WAY)
    if callback.reason is None:
        return StandingCode.FAILED
    return _ENDS.get(callback.reason, StandingCode.FAILED)


def standing_without(callback_id: str, error: GesError) -> Standing:
    """Tell how a callback stands when GES did not answer with it.

    Args:
        callback_id: Its id.
        error: What came instead.
    """
    if isinstance(error, GesNotFoundError):
        return Standing(callback_id, StandingCode.GONE, corr_id=error.corr_id)
    return Standing(
        callback_id,
        StandingCode.UNKNOWN,
        trouble=trouble_of(error),
        # That a gateway refuses to tell says nothing of the id.
        is_id=not isinstance(error, GesInvalidRequestError),
        corr_id=error.corr_id,
    )


class CancelOutcome(StrEnum):
    """What cancelling came to."""

    CANCELLED = "cancelled"
    """GES confirmed that it is cancelled, now or earlier."""
    TOO_LATE = "too_late"
    """The call is being made, or talked on; it cannot be taken back."""
    ALREADY_OVER = "already_over"
    """There is nothing left to cancel."""
    GONE = "gone"
    """GES knows it no more."""
    UNCONFIRMED = "unconfirmed"
    """It was sent, and nobody knows whether it was carried out."""
    UNAVAILABLE = "unavailable"
    """It was certainly not cancelled."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What cancelling a callback came to.

    Attributes:
        outcome: In one word.
        callback_id: Its id.
        standing: How it stands, where that had to be looked up.
        corr_id: GES's correlation id of the cancel that failed.
        sent_at: When a cancel was sent that may yet be carried out, by whomever, UTC; None if none
            is known of.
    """

    outcome: CancelOutcome
    callback_id: str
    standing: Standing | None = None
    corr_id: str | None = None
    sent_at: datetime | None = None

    @property
    def is_off(self) -> bool:
        """Whether certainly no call will come of it any more."""
        return self.outcome in {
            CancelOutcome.CANCELLED,
            CancelOutcome.ALREADY_OVER,
            CancelOutcome.GONE,
        }

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody knows if a call will come of it.

        Where GES does not say how the callback stands, a cancel before this one, whose answer was
        lost on the way to the engine, may have been carried out.
        """
        is_silent = self.standing is not None and _is_silent_on(self.standing)
        is_not_taken = self.outcome is CancelOutcome.UNAVAILABLE
        return self.outcome is CancelOutcome.UNCONFIRMED or (is_not_taken and is_silent)

    def beside(self, sent_at: datetime) -> Self:
        """Make the result of a cancel that failed beside another one that is on its way.

        Args:
            sent_at: When that one was sent, UTC.
        """
        return replace(self, outcome=CancelOutcome.UNCONFIRMED, sent_at=sent_at)


def has_to_be_looked_up(error: GesError) -> bool:
    """Whether only the callback itself can tell what a failed cancel came to (Q8).

    That GES refuses this cancel does not mean that none before it was carried out: its answer may
    have been lost on the way to the engine. Of an id that is none nothing was ever sent.
    """
    return not isinstance(error, GesNotFoundError | GesRequestError)


def not_cancelled(
    callback_id: str, error: GesError, standing: Standing | None, sent_at: datetime
) -> Cancellation:
    """Make the result of a cancel that failed.

    Args:
        callback_id: Its id.
        error: What GES or the way to it answered.
        standing: How the callback stands after it; None if it was not looked up.
        sent_at: When it was sent, UTC.
    """
    done = Cancellation(
        _cancel_outcome(error, standing), callback_id, standing=standing, corr_id=error.corr_id
    )
    is_on_its_way = error.may_have_taken_effect and not done.is_off
    return done.beside(sent_at) if is_on_its_way else done


def _cancel_outcome(error: GesError, standing: Standing | None) -> CancelOutcome:
    if isinstance(error, GesNotFoundError):
        return CancelOutcome.GONE
    if standing is not None and standing.is_over:
        ends = {
            StandingCode.CANCELLED: CancelOutcome.CANCELLED,
            StandingCode.GONE: CancelOutcome.GONE,
        }
        return ends.get(standing.code, CancelOutcome.ALREADY_OVER)
    if error.may_have_taken_effect:
        # Still open a moment later proves nothing: the cancel may be on its way.
        return CancelOutcome.UNCONFIRMED
    if isinstance(error, GesInvalidRequestError) and standing is not None:
        return _refused_outcome(standing)
    return CancelOutcome.UNAVAILABLE


def _refused_outcome(standing: Standing) -> CancelOutcome:
    if _is_silent_on(standing):
        # GES also refuses where the callback is over already; nobody can say.
        return CancelOutcome.UNCONFIRMED
    if standing.is_open and standing.code is not StandingCode.SCHEDULED:
        return CancelOutcome.TOO_LATE
    return CancelOutcome.UNAVAILABLE


def _is_silent_on(standing: Standing) -> bool:
    """Whether GES does not say how a callback stands; what is no id stands nowhere."""
    return standing.code is StandingCode.UNKNOWN and standing.is_id


class MoveOutcome(StrEnum):
    """What moving a callback came to; there is always at least one booking, unless it says so."""

    MOVED = "moved"
    """The new booking counts; the old one is off."""
    MOVED_OLD_REMAINS = "moved_old_remains"
    """The new booking counts, but the old call may come all the same."""
    NOT_MOVED = "not_moved"
    """The old booking counts; the new one did not come about."""
    UNCONFIRMED = "unconfirmed"
    """The old booking counts, and the new one may have come about too."""


@dataclass(frozen=True, slots=True)
class Move:
    """What moving a callback came to.

    Attributes:
        outcome: In one word.
        booking: What booking the new one came to.
        cancellation: What cancelling the old one came to; None if that was not tried.
    """

    outcome: MoveOutcome
    booking: BookingResult
    cancellation: Cancellation | None = None


def moved(booking: BookingResult, cancellation: Cancellation | None) -> Move:
    """Judge a move by its two steps.

    Args:
        booking: The first step.
        cancellation: The second; None if it was not tried, as there was nothing to cancel for.
    """
    if cancellation is not None:
        outcome = MoveOutcome.MOVED if cancellation.is_off else MoveOutcome.MOVED_OLD_REMAINS
    else:
        outcome = MoveOutcome.UNCONFIRMED if booking.may_be_in_effect else MoveOutcome.NOT_MOVED
    return Move(outcome, booking, cancellation)
