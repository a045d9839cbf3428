"""Every way a call can fail, made by the sandbox and told by the client."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ges_connector.api import (
    AvailabilityWindow,
    CallbackRequest,
    CallInRequest,
    Deadline,
    GesAuthenticationError,
    GesClient,
    GesConnectionError,
    GesConnectionLostError,
    GesDeadlineExceededError,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesServerError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    GesUnknownServiceError,
)
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.profile import Profile, RateLimit
from ges_connector.sandbox.surface.routes import Operation

Line = Any
"""`Line` of conftest.py, which no test can import."""

SUNDAY = datetime(2026, 1, 18, 12, 0, tzinfo=UTC)
FULL_DAY = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
THIS_MORNING = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
NO_ID = "369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61"
IMMEDIATE = CallbackRequest(service_name="Billing_DE", phone_number="+493023125011")


def booking(**changes: Any) -> CallbackRequest:
    fields = {"service_name": "Billing_DE", "phone_number": "+493023125011", **changes}
    return CallbackRequest(**fields)


def booked(line: Line) -> int:
    return len(line.sandbox.centre().floor.callbacks())


async def failure(call: Awaitable[Any], kind: type[GesError]) -> Any:
    with pytest.raises(kind) as caught:
        await call
    assert type(caught.value) is kind
    return caught.value


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "kind", "status", "code"),
    [
        (booking(service_name="Nobody"), GesUnknownServiceError, 400, 7040),
        (booking(phone_number="12"), GesNumberInvalidError, 400, 7030),
        (booking(phone_number="+81312345678"), GesNumberNotAllowedError, 400, 7037),
        (booking(desired_time=SUNDAY), GesOfficeClosedError, 400, 7042),
        (booking(desired_time=NEXT_YEAR), GesInvalidRequestError, 400, 501),
        (booking(desired_time=THIS_MORNING), GesInvalidRequestError, 400, 501),
        (booking(desired_time=FULL_DAY), GesSlotUnavailableError, 429, 7041),
    ],
)
async def test_a_refused_booking_is_told_and_has_not_happened(  # noqa: PLR0913, PLR0917 - a table
    ges: GesClient,
    line: Line,
    request_: CallbackRequest,
    kind: type[GesError],
    status: int,
    code: int,
) -> None:
    error = await failure(ges.create_callback(request_), kind)
    assert (error.http_status, error.code) == (status, code)
    assert error.corr_id
    assert error.message
    assert not error.may_have_taken_effect
    assert booked(line) == 0


async def test_a_full_slot_proposes_others_in_order(ges: GesClient) -> None:
    error = await failure(
        ges.create_callback(booking(desired_time=FULL_DAY)), GesSlotUnavailableError
    )
    times = [slot.utc_time for slot in error.proposed_slots]
    assert times
    assert times == sorted(times)
    assert all(slot.capacity > 0 for slot in error.proposed_slots)
    assert (await ges.create_callback(booking(desired_time=times[0]))).id


async def test_a_third_callback_of_a_number_is_throttled(ges: GesClient, line: Line) -> None:
    await ges.create_callback(IMMEDIATE)
    await ges.create_callback(IMMEDIATE)
    error = await failure(ges.create_callback(IMMEDIATE), GesThrottledError)
    assert (error.http_status, error.code) == (429, 7041)
    assert booked(line) == 2


async def test_what_is_over_cannot_be_cancelled(ges: GesClient) -> None:
    created = await ges.create_callback(IMMEDIATE)
    await ges.cancel_callback(created.id)
    error = await failure(ges.cancel_callback(created.id), GesInvalidRequestError)
    assert error.code == 7902


async def test_an_unknown_callback_is_not_found(ges: GesClient) -> None:
    await failure(ges.retrieve_callback(NO_ID), GesNotFoundError)
    await failure(ges.cancel_callback(NO_ID), GesNotFoundError)


async def test_a_purged_callback_is_not_found(ges: GesClient, line: Line) -> None:
    created = await ges.create_callback(IMMEDIATE)
    line.sandbox.advance(4 * 86_400)
    await failure(ges.retrieve_callback(created.id), GesNotFoundError)


async def test_an_unknown_call_in_group_is_refused(ges: GesClient) -> None:
    error = await failure(
        ges.request_call_in(CallInRequest(group_name="nobody")), GesInvalidRequestError
    )
    assert error.code == 7903


async def test_a_tenant_without_credentials_has_no_statistics(line: Line) -> None:
    async with line.client("hillside-key") as ges:
        error = await failure(ges.statistics(None), GesAuthenticationError)
        assert (error.http_status, error.code) == (401, 7905)


async def test_a_missing_captcha_is_refused(line: Line) -> None:
    async with line.client("hillside-key") as ges:
        reception = booking(service_name="Reception", phone_number="+442079460011")
        await failure(ges.create_callback(reception), GesInvalidRequestError)


@pytest.mark.parametrize("key", ["nobodys-key", "retired-key"])
async def test_a_key_nobody_may_use_is_told(line: Line, key: str) -> None:
    async with line.client(key) as ges:
        error = await failure(ges.queue_status("Billing_DE"), GesAuthenticationError)
        assert (error.http_status, error.code) == (403, 1103)
        assert key not in repr(error)


async def test_a_spent_deadline_sends_nothing(line: Line, ges: GesClient) -> None:
    call = ges.create_callback(IMMEDIATE, deadline=Deadline.after(0))
    error = await failure(call, GesDeadlineExceededError)
    assert not error.may_have_taken_effect
    assert calls(line) == []


async def test_a_wrong_base_url_is_not_found(line: Line) -> None:
    other = type(line)(line.sandbox, line.base_url.replace("/v3", "/v4"), line.over_http)
    async with other.client() as lost:
        error = await failure(lost.queue_status("Billing_DE"), GesNotFoundError)
        assert error.code is None


async def test_a_gateway_that_limits_the_rate_is_told(line: Line, ges: GesClient) -> None:
    limit = RateLimit(calls_per_second=0.001, burst=1)
    line.sandbox.profile = Profile(rate_limit=limit)
    await ges.queue_status("Billing_DE")
    error = await failure(ges.create_callback(IMMEDIATE), GesThrottledError)
    assert error.http_status == 429
    assert error.retry_after_seconds > 900
    assert booked(line) == 0


# --- faults ---------------------------------------------------------------------------------------


async def _cancel_new(ges: GesClient) -> Any:
    return await ges.cancel_callback((await ges.create_callback(IMMEDIATE)).id)


WRITES: tuple[tuple[str, Callable[[GesClient], Awaitable[Any]]], ...] = (
    ("create", lambda ges: ges.create_callback(IMMEDIATE)),
    ("cancel", _cancel_new),
    ("call-in", lambda ges: ges.request_call_in(CallInRequest(group_name="technical_help"))),
)
READS: tuple[tuple[str, Callable[[GesClient], Awaitable[Any]]], ...] = (
    ("retrieve", lambda ges: ges.retrieve_callback(NO_ID)),
    (
        "availability",
        lambda ges: ges.availability("Billing_DE", AvailabilityWindow(number_of_days=1)),
    ),
    ("open-for", lambda ges: ges.open_for("Billing_DE")),
    ("queue-status", lambda ges: ges.queue_status("Billing_DE")),
    ("estimated-wait-time", lambda ges: ges.estimated_wait_time(["Billing_DE"])),
    ("statistics", lambda ges: ges.statistics(None)),
)


def calls(line: Line) -> list[str]:
    return [str(entry.operation) for entry in line.sandbox.world.journal.entries]


@pytest.mark.parametrize(("operation", "call"), WRITES)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(kind="reset-before"), GesUnknownResultError),
        (Fault(kind="reset-after"), GesUnknownResultError),
        (Fault(kind="cut-off", effect=True), GesUnknownResultError),
        (Fault(kind="malformed", effect=True), GesUnexpectedAnswerError),
        (Fault(kind="empty", effect=True), GesUnexpectedAnswerError),
        (Fault(kind="status", status=500, effect=True), GesServerError),
        (Fault(kind="gateway-html", status=504, effect=True), GesServerError),
        (Fault(kind="gateway-html", status=502), GesServerError),
    ],
)
async def test_a_write_whose_answer_is_lost_may_have_happened_and_is_sent_once(  # noqa: PLR0913, PLR0917 - a table
    ges: GesClient,
    line: Line,
    operation: str,
    call: Callable[[GesClient], Awaitable[Any]],
    fault: Fault,
    kind: type[GesError],
) -> None:
    line.sandbox.order(fault.model_copy(update={"operation": Operation(operation)}))
    error = await failure(call(ges), kind)
    assert error.may_have_taken_effect
    assert calls(line).count(operation) == 1


@pytest.mark.parametrize(("operation", "call"), WRITES)
async def test_a_throttled_write_has_not_happened_and_is_sent_once(
    ges: GesClient,
    line: Line,
    operation: str,
    call: Callable[[GesClient], Awaitable[Any]],
) -> None:
    line.sandbox.order(
        Fault(kind="throttle", operation=Operation(operation), retry_after_seconds=3)
    )
    error = await failure(call(ges), GesThrottledError)
    assert error.retry_after_seconds == 3
    assert not error.may_have_taken_effect
    assert calls(line).count(operation) == 1


@pytest.mark.parametrize(("operation", "call"), READS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(kind="reset-before"), GesConnectionLostError),
        (Fault(kind="cut-off"), GesConnectionLostError),
        (Fault(kind="status", status=500), GesServerError),
        (Fault(kind="gateway-html", status=502), GesServerError),
        (Fault(kind="throttle"), GesThrottledError),
    ],
)
async def test_a_read_is_repeated_and_then_told(  # noqa: PLR0913, PLR0917 - a table
    ges: GesClient,
    line: Line,
    operation: str,
    call: Callable[[GesClient], Awaitable[Any]],
    fault: Fault,
    kind: type[GesError],
) -> None:
    line.sandbox.order(fault)
    error = await failure(call(ges), kind)
    assert not error.may_have_taken_effect
    # Over HTTP the connection's own layer may repeat a read once more for each attempt.
    assert set(calls(line)) == {operation}
    assert len(calls(line)) >= 3


@pytest.mark.parametrize("kind", ["malformed", "empty"])
@pytest.mark.parametrize(("operation", "call"), READS)
async def test_an_answer_that_cannot_be_read_is_told_and_not_repeated(
    ges: GesClient,
    line: Line,
    operation: str,
    call: Callable[[GesClient], Awaitable[Any]],
    kind: Any,
) -> None:
    line.sandbox.order(Fault(kind=kind))
    await failure(call(ges), GesUnexpectedAnswerError)
    assert calls(line) == [operation]


@pytest.mark.parametrize("kind", ["reset-before", "cut-off", "status", "gateway-html", "throttle"])
async def test_a_read_survives_a_passing_fault(ges: GesClient, line: Line, kind: Any) -> None:
    line.sandbox.order(Fault(kind=kind, count=1))
    assert (await ges.queue_status("Billing_DE")).offer_scheduled_callback


async def test_a_refused_connection_never_reached_anybody(ges: GesClient, line: Line) -> None:
    line.sandbox.order(Fault(kind="refuse", seconds=60))
    # The server closes its port as soon as it is given the turn.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    error = await failure(ges.create_callback(IMMEDIATE), GesConnectionError)
    assert not error.may_have_taken_effect
    assert booked(line) == 0


@pytest.mark.parametrize("effect", [False, True])
async def test_a_write_without_an_answer_in_time_has_an_unknown_result(
    ges: GesClient, line: Line, *, effect: bool
) -> None:
    line.sandbox.order(Fault(kind="latency", seconds=60, effect=effect))
    error = await failure(
        ges.create_callback(IMMEDIATE, deadline=Deadline.after(0.2)), GesUnknownResultError
    )
    assert error.may_have_taken_effect
    assert booked(line) == int(effect)


async def test_a_slow_drip_within_the_deadline_is_an_answer(ges: GesClient, line: Line) -> None:
    line.sandbox.order(Fault(kind="slow-drip", seconds=0.05))
    assert (await ges.create_callback(IMMEDIATE)).id
