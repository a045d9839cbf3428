"""How a callback stands, and what cancelling and moving come to."""

from datetime import UTC, datetime

import pytest

from ges_connector.api import (
    Callback,
    CallbackState,
    CompletionReason,
    GesConnectionError,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesRequestError,
    GesServerError,
    GesUnknownResultError,
    Operation,
)
from ges_connector.callbacks import (
    BookingOutcome,
    BookingResult,
    Cancellation,
    CancelOutcome,
    MoveOutcome,
    Standing,
    StandingCode,
    Trouble,
)
from ges_connector.callbacks.manage import (
    has_to_be_looked_up,
    moved,
    not_cancelled,
    standing_of,
    standing_without,
)
from ges_connector.callbacks.profile import WaitPolicy

AT = datetime(2026, 1, 13, 9, tzinfo=UTC)


def callback(state: str, reason: str | None = None, wait: float | None = None) -> Callback:
    return Callback(
        id="cb-1",
        desired_time=AT,
        state=CallbackState(state),
        reason=None if reason is None else CompletionReason(reason),
        phone_number="+493023125011",
        position_in_queue=3,
        wait_seconds=wait,
    )


STANDINGS = [
    ("SCHEDULED", None, "scheduled", "can change"),
    ("QUEUED", None, "waiting", "can change"),
    ("ROUTING", None, "connecting", "open"),
    ("PROCESSING", None, "talking", "open"),
    ("PAUSED", None, "under_way", "open"),
    ("COMPLETED", "AGENT_CONNECTED", "done", "over"),
    ("COMPLETED", "CANCELLED", "cancelled", "over"),
    ("COMPLETED", "CANCELLED_BY_ADMIN", "cancelled", "over"),
    ("COMPLETED", "FAIL_CALL_TO_CUSTOMER", "not_reached", "over"),
    ("COMPLETED", "FAIL_USER_NO_CONFIRM", "not_reached", "over"),
    ("COMPLETED", "FAIL_TIMEOUT_TTL", "expired", "over"),
    ("COMPLETED", "AGENT_PREVIEW_CANCEL_AFTER_3REJECTS", "failed", "over"),
    ("COMPLETED", None, "failed", "over"),
]


@pytest.mark.parametrize(
    ("state", "reason", "code", "phase"),
    STANDINGS,
    ids=[f"{row[0]}-{row[1]}" for row in STANDINGS],
)
def test_every_state_and_reason_has_its_words(
    state: str, reason: str | None, code: str, phase: str
) -> None:
    standing = standing_of(callback(state, reason), WaitPolicy())
    assert standing.code == code
    assert standing.is_open == (phase != "over")
    assert standing.is_over == (phase == "over")
    assert standing.can_change == (phase == "can change")


def test_position_and_wait_are_told_if_ges_gives_them() -> None:
    standing = standing_of(callback("QUEUED", wait=420), WaitPolicy())
    assert (standing.position, standing.desired_at) == (3, AT)
    assert standing.wait is not None
    assert standing.wait.code == "5-10"
    assert standing_of(callback("SCHEDULED"), WaitPolicy()).wait is None


def test_a_callback_ges_does_not_know_is_gone() -> None:
    standing = standing_without("cb-1", GesNotFoundError(corr_id="corr"))
    assert (standing.code, standing.is_over, standing.corr_id) == ("gone", True, "corr")


def test_a_callback_ges_does_not_speak_of_is_neither_open_nor_over() -> None:
    standing = standing_without("cb-1", GesConnectionError())
    assert (standing.code, standing.trouble) == ("unknown", Trouble.UNREACHABLE)
    assert not standing.is_open
    assert not standing.is_over


def of_cancel(error: type[GesError]) -> GesError:
    return error(operation=Operation.CANCEL_CALLBACK)


@pytest.mark.parametrize(
    ("error", "code", "outcome"),
    [
        (GesNotFoundError, None, CancelOutcome.GONE),
        (GesConnectionError, "scheduled", CancelOutcome.UNAVAILABLE),
        (GesConnectionError, "waiting", CancelOutcome.UNAVAILABLE),
        (GesConnectionError, "unknown", CancelOutcome.UNAVAILABLE),
        # An earlier cancel was carried out, and its answer was lost.
        (GesConnectionError, "cancelled", CancelOutcome.CANCELLED),
        (GesInvalidRequestError, "waiting", CancelOutcome.TOO_LATE),
        (GesInvalidRequestError, "connecting", CancelOutcome.TOO_LATE),
        (GesInvalidRequestError, "talking", CancelOutcome.TOO_LATE),
        (GesInvalidRequestError, "scheduled", CancelOutcome.UNAVAILABLE),
        (GesInvalidRequestError, "unknown", CancelOutcome.UNCONFIRMED),
        (GesInvalidRequestError, "cancelled", CancelOutcome.CANCELLED),
        (GesInvalidRequestError, "done", CancelOutcome.ALREADY_OVER),
        (GesInvalidRequestError, "not_reached", CancelOutcome.ALREADY_OVER),
        (GesInvalidRequestError, "gone", CancelOutcome.GONE),
        (GesUnknownResultError, "cancelled", CancelOutcome.CANCELLED),
        (GesUnknownResultError, "scheduled", CancelOutcome.UNCONFIRMED),
        (GesUnknownResultError, "unknown", CancelOutcome.UNCONFIRMED),
        (GesServerError, "waiting", CancelOutcome.UNCONFIRMED),
    ],
    ids=str,
)
def test_what_a_failed_cancel_comes_to(
    error: type[GesError], code: str | None, outcome: CancelOutcome
) -> None:
    failure = of_cancel(error)
    assert has_to_be_looked_up(failure) == (code is not None)
    standing = None if code is None else Standing("cb-1", StandingCode(code))
    done = not_cancelled("cb-1", failure, standing, AT)
    is_on_its_way = failure.may_have_taken_effect and outcome is CancelOutcome.UNCONFIRMED
    assert (done.outcome, done.sent_at) == (outcome, AT if is_on_its_way else None)


def a_refused_cancel_of(standing: Standing) -> Cancellation:
    return not_cancelled("cb-1", of_cancel(GesConnectionError), standing, AT)


def test_a_cancel_that_was_not_taken_is_in_doubt_where_ges_does_not_say_how_it_stands() -> None:
    assert a_refused_cancel_of(Standing("cb-1", StandingCode.UNKNOWN)).is_in_doubt
    assert not a_refused_cancel_of(Standing("cb-1", StandingCode.SCHEDULED)).is_in_doubt
    assert not a_refused_cancel_of(Standing("cb-1", StandingCode.CANCELLED)).is_in_doubt


def test_a_cancel_is_in_doubt_where_a_gateway_hides_how_the_callback_stands() -> None:
    hidden = Standing("cb-1", StandingCode.UNKNOWN, trouble=Trouble.MISCONFIGURED)
    assert a_refused_cancel_of(hidden).is_in_doubt
    refused = not_cancelled("cb-1", of_cancel(GesInvalidRequestError), hidden, AT)
    assert refused.is_in_doubt


def test_an_id_that_is_none_is_in_no_doubt() -> None:
    never_sent = GesRequestError("callback_id", "is no id", operation=Operation.CANCEL_CALLBACK)
    assert not has_to_be_looked_up(never_sent)
    assert not not_cancelled("?", never_sent, None, AT).is_in_doubt


BOOKED = BookingResult(BookingOutcome.BOOKED, "t", callback_id="cb-2")


@pytest.mark.parametrize(
    ("outcome", "move"),
    [
        (CancelOutcome.CANCELLED, MoveOutcome.MOVED),
        (CancelOutcome.GONE, MoveOutcome.MOVED),
        (CancelOutcome.ALREADY_OVER, MoveOutcome.MOVED),
        (CancelOutcome.TOO_LATE, MoveOutcome.MOVED_OLD_REMAINS),
        (CancelOutcome.UNCONFIRMED, MoveOutcome.MOVED_OLD_REMAINS),
        (CancelOutcome.UNAVAILABLE, MoveOutcome.MOVED_OLD_REMAINS),
    ],
)
def test_after_the_first_step_the_new_booking_counts(
    outcome: CancelOutcome, move: MoveOutcome
) -> None:
    assert moved(BOOKED, Cancellation(outcome, "cb-1")).outcome is move


@pytest.mark.parametrize(
    ("outcome", "move"),
    [
        (BookingOutcome.SLOT_TAKEN, MoveOutcome.NOT_MOVED),
        (BookingOutcome.LIMIT_REACHED, MoveOutcome.NOT_MOVED),
        (BookingOutcome.UNAVAILABLE, MoveOutcome.NOT_MOVED),
        (BookingOutcome.UNCONFIRMED, MoveOutcome.UNCONFIRMED),
    ],
)
def test_without_the_first_step_the_old_booking_counts(
    outcome: BookingOutcome, move: MoveOutcome
) -> None:
    assert moved(BookingResult(outcome, "t"), None).outcome is move
