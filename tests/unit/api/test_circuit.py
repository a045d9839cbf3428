"""While GES is down nobody waits for it, nothing is sent, and it is found out when it is back."""

from __future__ import annotations

import pickle
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.api import (
    CallbackRequest,
    Circuit,
    CircuitPolicy,
    CircuitState,
    GesCircuitOpenError,
    GesClient,
    GesConnectionLostError,
    GesError,
    GesInvalidRequestError,
    GesServerError,
    GesSettings,
    GesThrottledError,
    Operation,
    RetryPolicy,
)

READ, WRITE = Operation.QUEUE_STATUS, Operation.CREATE_CALLBACK
TIMES = Operation.AVAILABILITY
POLICY = CircuitPolicy(failures=3, first_pause_seconds=1.0, max_pause_seconds=4.0)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(POLICY, clock)


def down(circuit: Circuit, operation: Operation = READ) -> None:
    with suppress(GesConnectionLostError), circuit.attempt(operation):
        raise GesConnectionLostError(operation=operation)


def cannot(circuit: Circuit, operation: Operation) -> None:
    with suppress(GesServerError), circuit.attempt(operation):
        raise GesServerError(operation=operation, http_status=503)


def answers(circuit: Circuit, operation: Operation = READ) -> None:
    with circuit.attempt(operation):
        pass


def opened(circuit: Circuit) -> None:
    for _ in range(POLICY.failures):
        down(circuit)


def test_it_opens_after_failures_in_a_row_and_refuses_everything(circuit: Circuit) -> None:
    opened(circuit)
    assert circuit.state is CircuitState.OPEN
    for operation in Operation:
        with pytest.raises(GesCircuitOpenError) as refused, circuit.attempt(operation):
            pytest.fail("was let through")
        assert not refused.value.may_have_taken_effect


@pytest.mark.parametrize(
    "answer",
    [None, GesThrottledError(), GesInvalidRequestError()],
    ids=["success", "too many requests", "refusal"],
)
def test_whatever_answers_is_not_down(circuit: Circuit, answer: GesError | None) -> None:
    for _ in range(3 * POLICY.failures):
        down(circuit)
        with suppress(GesError), circuit.attempt(READ):
            if answer is not None:
                raise answer
    assert circuit.is_closed


def test_servers_that_cannot_count_as_down(circuit: Circuit) -> None:
    for operation in (READ, TIMES, READ):
        cannot(circuit, operation)
    assert circuit.state is CircuitState.OPEN


def test_an_operation_that_fails_alone_is_left_alone_and_nothing_else_is(circuit: Circuit) -> None:
    for _ in range(POLICY.failures):
        cannot(circuit, TIMES)
    assert circuit.is_closed
    assert circuit.state_of(TIMES) is CircuitState.OPEN
    with pytest.raises(GesCircuitOpenError), circuit.attempt(TIMES):
        pytest.fail("was let through")
    for operation in set(Operation) - {TIMES}:
        answers(circuit, operation)


def test_what_others_are_answered_does_not_open_an_operation_that_fails(circuit: Circuit) -> None:
    for _ in range(POLICY.failures):
        cannot(circuit, TIMES)
        answers(circuit, READ)
    assert circuit.state_of(TIMES) is CircuitState.OPEN


def test_an_operation_left_alone_is_tried_again_after_pauses_that_double(
    circuit: Circuit, clock: Clock
) -> None:
    for _ in range(POLICY.failures):
        cannot(circuit, TIMES)
    for pause_seconds in (1.0, 2.0, 4.0, 4.0):
        clock.seconds += pause_seconds - 0.5
        assert circuit.state_of(TIMES) is CircuitState.OPEN
        clock.seconds += 0.5
        assert circuit.state_of(TIMES) is CircuitState.HALF_OPEN
        cannot(circuit, TIMES)
    clock.seconds += 4.0
    answers(circuit, TIMES)
    assert circuit.state_of(TIMES) is CircuitState.CLOSED


def test_an_operation_left_alone_and_one_slip_of_another_are_no_outage(
    circuit: Circuit, clock: Clock
) -> None:
    for _ in range(POLICY.failures):
        cannot(circuit, TIMES)
    clock.seconds += 1.0
    cannot(circuit, TIMES)
    cannot(circuit, READ)
    assert circuit.is_closed


def test_one_operation_after_the_other_is_an_outage(circuit: Circuit) -> None:
    for operation in (TIMES, READ):
        for _ in range(POLICY.failures):
            cannot(circuit, operation)
    assert circuit.state is CircuitState.OPEN


def test_an_operation_left_alone_does_not_speak_for_ges(circuit: Circuit, clock: Clock) -> None:
    for operation in (TIMES, READ):
        for _ in range(POLICY.failures):
            cannot(circuit, operation)
    clock.seconds += 1.0
    cannot(circuit, TIMES)
    assert circuit.state is CircuitState.HALF_OPEN
    answers(circuit, READ)
    assert circuit.is_closed


def test_a_write_that_fails_alone_is_never_left_alone(circuit: Circuit) -> None:
    for _ in range(3 * POLICY.failures):
        cannot(circuit, WRITE)
    answers(circuit, WRITE)


def test_after_the_pause_one_read_finds_out_and_no_write(circuit: Circuit, clock: Clock) -> None:
    opened(circuit)
    clock.seconds += 1.0
    assert circuit.state is CircuitState.HALF_OPEN
    with pytest.raises(GesCircuitOpenError), circuit.attempt(WRITE):
        pytest.fail("a write was let through")
    with circuit.attempt(READ), pytest.raises(GesCircuitOpenError), circuit.attempt(READ):
        pytest.fail("a second read was let through")
    assert circuit.is_closed
    answers(circuit, WRITE)


def test_each_failed_probe_doubles_the_pause_up_to_the_longest(
    circuit: Circuit, clock: Clock
) -> None:
    opened(circuit)
    pauses = []
    for _ in range(5):
        began = clock.seconds
        while circuit.state is CircuitState.OPEN:
            clock.seconds += 0.5
        pauses.append(clock.seconds - began)
        down(circuit)
    assert pauses == [1.0, 2.0, 4.0, 4.0, 4.0]


def test_once_it_was_back_the_pauses_begin_anew(circuit: Circuit, clock: Clock) -> None:
    opened(circuit)
    clock.seconds += 1.0
    down(circuit)
    clock.seconds += 2.0
    answers(circuit)
    opened(circuit)
    clock.seconds += 1.0
    assert circuit.state is CircuitState.HALF_OPEN


def test_a_probe_that_is_cancelled_leaves_the_place_to_another(
    circuit: Circuit, clock: Clock
) -> None:
    opened(circuit)
    clock.seconds += 1.0
    with suppress(KeyboardInterrupt), circuit.attempt(READ):
        raise KeyboardInterrupt
    assert circuit.state is CircuitState.HALF_OPEN


def test_a_straggler_does_not_speak_for_the_probe(circuit: Circuit, clock: Clock) -> None:
    straggler = circuit.attempt(READ)
    straggler.__enter__()
    opened(circuit)
    clock.seconds += 1.0
    with circuit.attempt(READ):
        straggler.__exit__(GesConnectionLostError, GesConnectionLostError(), None)
        assert circuit.state is CircuitState.OPEN
    assert circuit.is_closed


def test_no_number_of_failures_opens_one_that_is_switched_off(clock: Clock) -> None:
    circuit = Circuit(CircuitPolicy(failures=0), clock)
    for _ in range(100):
        down(circuit)
    assert circuit.is_closed


def test_another_process_finds_out_for_itself() -> None:
    circuit = Circuit(POLICY)
    opened(circuit)
    assert pickle.loads(pickle.dumps(circuit)).is_closed  # noqa: S301 - our own bytes


@given(
    st.lists(
        st.sampled_from(["down", "up", "wait", "write down", "cannot", "no times"]), max_size=60
    )
)
def test_it_never_refuses_for_longer_than_the_longest_pause(steps: list[str]) -> None:
    clock = Clock()
    circuit = Circuit(POLICY, clock)
    refused_since: float | None = None
    for step in steps:
        clock.seconds += 0.7 if step == "wait" else 0.1
        try:
            if step == "up":
                answers(circuit)
            elif step in {"cannot", "no times"}:
                cannot(circuit, READ if step == "cannot" else TIMES)
            else:
                down(circuit, WRITE if step == "write down" else READ)
        except GesCircuitOpenError:
            refused_since = clock.seconds if refused_since is None else refused_since
        else:
            refused_since = None
        if step != "write down" and refused_since is not None:
            assert clock.seconds - refused_since <= POLICY.max_pause_seconds
    clock.seconds += POLICY.max_pause_seconds
    answers(circuit)
    assert circuit.is_closed


async def test_a_client_stops_asking_a_far_side_that_is_down(settings: GesSettings) -> None:
    received = []

    def handle(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(503)

    transport = httpx.MockTransport(handle)
    client = GesClient(settings, http=transport, retry=RetryPolicy(max_attempts=1))
    for _ in range(20):
        with pytest.raises(GesError):
            await client.queue_status("Sales")
    assert len(received) == settings.circuit_failures
    assert client.circuit.state_of(READ) is CircuitState.OPEN


async def test_a_booking_is_refused_unsent_while_the_far_side_is_down(
    settings: GesSettings,
) -> None:
    received = []

    def handle(request: httpx.Request) -> httpx.Response:
        received.append(request.url.path)
        raise httpx.ConnectError("refused")

    transport = httpx.MockTransport(handle)
    client = GesClient(settings, http=transport, retry=RetryPolicy(max_attempts=1))
    for _ in range(settings.circuit_failures):
        with pytest.raises(GesError):
            await client.queue_status("Sales")
    request = CallbackRequest(service_name="Sales", phone_number="+4915112345678")
    with pytest.raises(GesCircuitOpenError):
        await client.create_callback(request)
    assert not any(path.endswith("/create") for path in received)


async def test_a_client_does_not_repeat_what_the_circuit_refused(settings: GesSettings) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    circuit = Circuit(CircuitPolicy(failures=1, first_pause_seconds=60.0))
    transport = httpx.MockTransport(lambda _: httpx.Response(503))
    client = GesClient(settings, http=transport, circuit=circuit, pause=pause)
    with pytest.raises(GesCircuitOpenError):
        await client.queue_status("Sales")
    assert len(pauses) == 1
