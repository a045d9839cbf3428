"""What is counted and logged of calls: enough to tell causes apart, and not too often."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ges_connector.api import CallbackRequest, CallInRequest, GesError, errors, telemetry
from ges_connector.api.circuit import Circuit, CircuitPolicy
from ges_connector.api.errors import GesConnectionLostError, Operation
from ges_connector.telemetry.instruments import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

    from ges_connector.api import GesClient

    Answering = Callable[..., tuple[GesClient, list[httpx.Request]]]

QUEUE_STATUS = {"ewt": 1, "offerImmediateCallback": True, "offerScheduledCallback": True}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Nothing was complained of yet."""
    standing = Clock()
    monkeypatch.setattr(telemetry, "_complaints", telemetry.Complaints(standing))
    return standing


def envelope(status: int, code: int, corr_id: str) -> httpx.Response:
    body = {"status": {"code": code, "message": "planted words", "corrId": corr_id}}
    return httpx.Response(status, json=body)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "ges_connector.api" and record.levelno == logging.WARNING
    ]


async def fails(client: GesClient) -> None:
    with suppress(GesError):
        await client.queue_status("Sales")


async def test_a_refused_key_and_a_server_that_is_down_look_different(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    refused, _ = answering(envelope(401, 1103, "corr-1"))
    failing, _ = answering(envelope(503, 7999, "corr-2"))
    silent, _ = answering(httpx.ConnectError("planted words"))
    for client in (refused, failing, silent):
        await fails(client)
    assert told(caplog) == [
        "GES, queue_status: not authenticated (HTTP status 401, GES code 1103, corr_id corr-1)",
        "GES, queue_status: the far side failed (HTTP status 503, GES code 7999, corr_id corr-2)",
        "GES, queue_status: no connection could be made; nothing was sent",
    ]


async def test_a_trouble_that_goes_on_is_told_once_a_minute_and_how_often(
    answering: Answering, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    client, _ = answering(envelope(401, 1103, "corr-1"))
    for _ in range(4):
        await fails(client)
    clock.seconds += 60
    await fails(client)
    clock.seconds += 60
    await fails(client)
    assert len(told(caplog)) == 3
    assert told(caplog)[1].endswith("; 3 more like it since")
    assert told(caplog)[2].endswith("corr_id corr-1)")


async def test_what_the_customer_can_mend_is_no_news_for_operators(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    client, _ = answering(envelope(400, 7030, "corr-1"))
    with suppress(GesError):
        await client.create_callback(CallbackRequest(service_name="s", phone_number="+4930231250"))
    gone, _ = answering(envelope(404, 7999, "corr-2"))
    with suppress(GesError):
        await gone.retrieve_callback("0c6f1d3e-0000-4000-8000-000000000000")
    assert told(caplog) == []


async def test_the_name_of_a_queue_that_is_wrong_is_told(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    client, _ = answering(envelope(404, 7040, "corr-1"))
    await fails(client)
    assert len(told(caplog)) == 1


def test_the_circuit_tells_when_it_opens_and_when_it_closes(
    caplog: pytest.LogCaptureFixture, counted: Any
) -> None:
    clock = Clock()
    circuit = Circuit(CircuitPolicy(failures=2, first_pause_seconds=1.0), clock)
    for _ in range(2):
        with suppress(GesConnectionLostError), circuit.attempt(Operation.QUEUE_STATUS):
            raise GesConnectionLostError(operation=Operation.QUEUE_STATUS)
    assert counted("ges_callback_circuits_open") == 1
    clock.seconds += 2
    with circuit.attempt(Operation.QUEUE_STATUS):
        pass
    with circuit.attempt(Operation.QUEUE_STATUS):
        pass
    assert counted("ges_callback_circuits_open") == 0
    assert told(caplog) == [
        "GES is down: it is left alone, and asked again after a pause",
        "GES answers again",
    ]


async def test_every_attempt_is_measured_and_a_failed_one_counted_by_its_kind(
    answering: Answering, counted: Any
) -> None:
    fine = httpx.Response(200, json={"status": {"code": 0}, "data": QUEUE_STATUS})
    client, _ = answering(envelope(503, 7999, "corr-1"), fine)
    await client.queue_status("Sales")
    of_queue = {"operation": "queue_status"}
    seconds = "ges_callback_ges_call_duration_seconds_count"
    assert counted(seconds, **of_queue, result="failed") == 1
    assert counted(seconds, **of_queue, result="ok") == 1
    errors = "ges_callback_ges_call_errors_total"
    assert counted(errors, **of_queue, error="GesServerError") == 1


@pytest.mark.parametrize(
    ("status", "code", "failed"), [(400, 7904, 0), (404, 7904, 0), (500, 7904, 0), (400, 7900, 1)]
)
async def test_that_all_numbers_are_lent_is_an_answer_and_no_failure(
    answering: Answering, counted: Any, status: int, code: int, failed: int
) -> None:
    client, _ = answering(envelope(status, code, "corr-1"))
    with pytest.raises(GesError):
        await client.request_call_in(CallInRequest(group_name="Line"))
    of_line = {"operation": "request_call_in"}
    seconds = "ges_callback_ges_call_duration_seconds_count"
    assert counted(seconds, **of_line, result="failed") == failed
    assert counted(seconds, **of_line, result="refused") == 1 - failed


@pytest.mark.parametrize("code", [7030, 7036, 7037, 7042])
async def test_a_booking_that_is_refused_is_no_failed_call(
    answering: Answering, counted: Any, code: int
) -> None:
    client, _ = answering(envelope(400, code, "corr-1"))
    with pytest.raises(GesError) as raised:
        await client.create_callback(
            CallbackRequest(service_name="Sales", phone_number="+493023125000")
        )
    of_create = {"operation": "create_callback"}
    seconds = "ges_callback_ges_call_duration_seconds_count"
    assert counted(seconds, **of_create, result="refused") == 1
    errors = "ges_callback_ges_call_errors_total"
    assert counted(errors, **of_create, error=type(raised.value).__name__) == 0


async def test_what_an_open_circuit_refuses_is_an_error_but_no_call(
    answering: Answering, counted: Any
) -> None:
    client, received = answering(httpx.ConnectError("down"))
    for _ in range(20):
        await fails(client)
    of_queue = {"operation": "queue_status"}
    measured = counted("ges_callback_ges_call_duration_seconds_count", **of_queue, result="failed")
    refused = counted("ges_callback_ges_call_errors_total", **of_queue, error="GesCircuitOpenError")
    assert measured == len(received)
    assert refused > 0


def test_every_way_to_fail_is_counted_from_the_start(counting: CollectorRegistry) -> None:
    telemetry.count_no_errors()
    shown = {
        (sample.labels["operation"], sample.labels["error"])
        for metric in counting.collect()
        for sample in metric.samples
        if sample.name == "ges_callback_ges_call_errors_total"
    }
    raised = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.GesError) and name.startswith("Ges")
    }
    never = {"GesError", "GesConfigurationError", "GesRequestError"}
    in_order = {
        "GesNumberInvalidError",
        "GesNumberNotAllowedError",
        "GesOfficeClosedError",
        "GesSlotUnavailableError",
    }
    wanted = raised - never - in_order | {"interrupted"}
    assert {(operation.value, each) for operation in errors.Operation for each in wanted} <= shown


def test_how_long_calls_take_is_shown_of_every_operation_from_the_start() -> None:
    shown = {operation for operation, _ in MEASURES["ges_callback.ges.call.duration"].from_start}
    assert shown == {each.value for each in errors.Operation}
