"""What is asked again, how often, and after how long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.api import (
    CallbackRequest,
    CallInRequest,
    Deadline,
    GesClient,
    GesConnectionError,
    GesConnectionLostError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesNotFoundError,
    GesReadTimeoutError,
    GesServerError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    Operation,
    RetryPolicy,
)
from ges_connector.api.retry import delay_seconds, may_be_repeated

Answering = Callable[..., tuple[GesClient, list[httpx.Request]]]

STATUS = httpx.Response(
    200, json={"data": {"ewt": 1, "offerImmediateCallback": True, "offerScheduledCallback": True}}
)
WRITES: dict[str, Callable[[GesClient], Awaitable[object]]] = {
    "create": lambda ges: ges.create_callback(
        CallbackRequest(service_name="s", phone_number="+4915112345678")
    ),
    "cancel": lambda ges: ges.cancel_callback("c"),
    "call-in": lambda ges: ges.request_call_in(CallInRequest(group_name="g")),
}
# httpx needs no request to make its errors; a far side raises them while it handles one.
REFUSED = httpx.ConnectError("refused")
SLOW_CONNECT = httpx.ConnectTimeout("slow")
NO_FREE_CONNECTION = httpx.PoolTimeout("busy")
SLOW_ANSWER = httpx.ReadTimeout("slow")
SLOW_UPLOAD = httpx.WriteTimeout("slow")
DROPPED = httpx.RemoteProtocolError("server disconnected")
RESET = httpx.ReadError("reset")
AFTER_SENDING = [SLOW_ANSWER, SLOW_UPLOAD, DROPPED, RESET]


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
        httpx.Response(408),
        httpx.Response(429),
        REFUSED,
        SLOW_CONNECT,
        NO_FREE_CONNECTION,
        *AFTER_SENDING,
    ],
    ids=repr,
)
async def test_a_read_gets_over_a_passing_trouble(
    answering: Answering, trouble: httpx.Response | Exception
) -> None:
    pauses: list[float] = []
    client, sent = answering(trouble, STATUS, pauses=pauses)
    assert (await client.queue_status("q")).wait_seconds == 1
    assert (len(sent), pauses) == (2, [0.2])


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 501])
async def test_a_read_is_not_repeated_when_that_changes_nothing(
    answering: Answering, status: int
) -> None:
    client, sent = answering(httpx.Response(status))
    with pytest.raises(GesError):
        await client.queue_status("q")
    assert len(sent) == 1


async def test_a_read_gives_up_after_three_attempts_with_the_last_error(
    answering: Answering,
) -> None:
    pauses: list[float] = []
    client, sent = answering(REFUSED, httpx.Response(502), httpx.Response(503), pauses=pauses)
    with pytest.raises(GesServerError) as caught:
        await client.queue_status("q")
    assert caught.value.http_status == 503
    assert (len(sent), pauses) == (3, [0.2, 0.4])


async def test_retrieve_is_a_read_although_it_is_a_post(answering: Answering) -> None:
    client, sent = answering(DROPPED)
    with pytest.raises(GesConnectionLostError):
        await client.retrieve_callback("c")
    assert len(sent) == 3


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("trouble", AFTER_SENDING, ids=repr)
async def test_a_write_that_may_have_left_is_never_repeated(
    answering: Answering, write: str, trouble: Exception
) -> None:
    client, sent = answering(trouble)
    with pytest.raises(GesUnknownResultError) as caught:
        await WRITES[write](client)
    assert caught.value.may_have_taken_effect
    assert len(sent) == 1


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("status", [200, 400, 408, 429, 500, 502, 503, 504])
async def test_a_write_that_was_answered_is_never_repeated(
    answering: Answering, write: str, status: int
) -> None:
    client, sent = answering(httpx.Response(status, headers={"retry-after": "0"}))
    with pytest.raises(GesError):
        await WRITES[write](client)
    assert len(sent) == 1


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (REFUSED, GesConnectionError),
        (SLOW_CONNECT, GesConnectTimeoutError),
        (NO_FREE_CONNECTION, GesConnectTimeoutError),
        (httpx.ProxyError("no tunnel"), GesConnectionError),
        (httpx.UnsupportedProtocol("no"), GesConnectionError),
    ],
    ids=repr,
)
async def test_a_write_that_never_left_is_repeated(
    answering: Answering, write: str, trouble: Exception, kind: type[GesError]
) -> None:
    client, sent = answering(trouble)
    with pytest.raises(kind) as caught:
        await WRITES[write](client)
    assert not caught.value.may_have_taken_effect
    assert len(sent) == 3


async def test_nothing_is_sent_once_the_budget_is_spent(answering: Answering) -> None:
    client, sent = answering(STATUS)
    with pytest.raises(GesDeadlineExceededError):
        await client.queue_status("q", deadline=Deadline.after(0))
    with pytest.raises(GesDeadlineExceededError) as caught:
        await client.cancel_callback("c", deadline=Deadline.after(-5))
    assert not caught.value.may_have_taken_effect
    assert sent == []


async def test_a_pause_that_does_not_fit_the_budget_ends_the_call_with_what_happened(
    answering: Answering,
) -> None:
    pauses: list[float] = []
    client, sent = answering(httpx.Response(503), pauses=pauses)
    with pytest.raises(GesServerError):
        await client.queue_status("q", deadline=Deadline.after(0.1))
    assert (len(sent), pauses) == (1, [])


@pytest.mark.parametrize(
    ("budget", "on_read", "on_write"),
    [
        (60.0, GesReadTimeoutError, GesUnknownResultError),
        (1.0, GesDeadlineExceededError, GesUnknownResultError),
    ],
)
async def test_time_that_runs_out_after_sending_is_named_by_whose_time_it_was(
    answering: Answering, budget: float, on_read: type[GesError], on_write: type[GesError]
) -> None:
    client, _ = answering(SLOW_ANSWER)
    with pytest.raises(on_read):
        await client.queue_status("q", deadline=Deadline.after(budget))
    with pytest.raises(on_write):
        await client.cancel_callback("c", deadline=Deadline.after(budget))


@pytest.mark.parametrize(
    ("budget", "kind"), [(60.0, GesConnectTimeoutError), (1.0, GesDeadlineExceededError)]
)
async def test_time_that_runs_out_before_sending_leaves_nothing_open(
    answering: Answering, budget: float, kind: type[GesError]
) -> None:
    client, _ = answering(SLOW_CONNECT)
    with pytest.raises(kind) as caught:
        await client.cancel_callback("c", deadline=Deadline.after(budget))
    assert not caught.value.may_have_taken_effect


async def test_each_attempt_gets_only_what_the_one_before_left(answering: Answering) -> None:
    now = [100.0]
    deadline = Deadline.after(3.5, clock=lambda: now[0])
    client, sent = answering(httpx.Response(503), STATUS)

    async def pause(seconds: float) -> None:
        now[0] += seconds + 1.0

    client._pause = pause
    await client.queue_status("q", deadline=deadline)
    given_times = [request.extensions["timeout"] for request in sent]
    assert [times["read"] for times in given_times] == [3.5, pytest.approx(2.3)]
    assert [times["connect"] for times in given_times] == [2.0, 2.0]


async def test_a_write_waits_as_long_as_its_deadline_allows_and_a_read_only_its_share(
    answering: Answering,
) -> None:
    now = [0.0]
    client, sent = answering(httpx.Response(200, json={"data": {"id": "c"}}))
    deadline = Deadline.after(9.0, clock=lambda: now[0])
    await client.cancel_callback("c", deadline=deadline)
    with pytest.raises(GesUnexpectedAnswerError):
        await client.queue_status("q", deadline=deadline)
    assert [request.extensions["timeout"]["read"] for request in sent] == [9.0, 4.0]


# --- the decisions by themselves

errors = st.builds(
    lambda kind, operation, status, wish: kind(
        operation=operation,
        http_status=status,
        **({"retry_after_seconds": wish} if kind in {GesServerError, GesThrottledError} else {}),
    ),
    st.sampled_from(
        [
            GesConnectionError,
            GesConnectTimeoutError,
            GesConnectionLostError,
            GesReadTimeoutError,
            GesDeadlineExceededError,
            GesUnknownResultError,
            GesUnexpectedAnswerError,
            GesNotFoundError,
            GesServerError,
            GesThrottledError,
        ]
    ),
    st.sampled_from(list(Operation)),
    st.sampled_from([None, 200, 404, 408, 429, 500, 501, 502, 503, 504]),
    st.none() | st.floats(0, 1e6),
)


@given(errors)
def test_what_may_have_taken_effect_is_never_repeated(error: GesError) -> None:
    if error.may_have_taken_effect:
        assert not may_be_repeated(error)


@given(
    error=errors,
    attempt=st.integers(1, 5),
    remaining=st.floats(0, 100),
    jitter=st.floats(0, 1),
)
def test_a_pause_fits_the_budget_and_is_never_shorter_than_asked(
    error: GesError, attempt: int, remaining: float, jitter: float
) -> None:
    delay = delay_seconds(
        RetryPolicy(), error, attempt=attempt, remaining_seconds=remaining, jitter=jitter
    )
    if delay is None:
        return
    assert attempt < RetryPolicy().max_attempts
    assert 0 < delay < remaining
    assert delay >= (getattr(error, "retry_after_seconds", None) or 0)


@pytest.mark.parametrize(
    ("attempt", "lowest", "highest"), [(1, 0.1, 0.2), (2, 0.2, 0.4), (9, 1, 2)]
)
def test_pauses_double_are_spread_and_have_a_ceiling(
    attempt: int, lowest: float, highest: float
) -> None:
    policy = RetryPolicy(max_attempts=10)
    error = GesConnectionError(operation=Operation.QUEUE_STATUS)

    def pause(jitter: float) -> float | None:
        return delay_seconds(policy, error, attempt=attempt, remaining_seconds=60, jitter=jitter)

    assert (pause(0.0), pause(1.0)) == (lowest, highest)


@pytest.mark.parametrize("asked", [None, 0.0, 0.05])
def test_a_small_wish_does_not_shorten_the_pause(asked: float | None) -> None:
    error = GesThrottledError(operation=Operation.QUEUE_STATUS, retry_after_seconds=asked)
    pause = delay_seconds(RetryPolicy(), error, attempt=1, remaining_seconds=60, jitter=1.0)
    assert pause == 0.2


def test_one_attempt_means_no_repetition() -> None:
    error = GesConnectionError(operation=Operation.QUEUE_STATUS)
    once = RetryPolicy(max_attempts=1)
    assert delay_seconds(once, error, attempt=1, remaining_seconds=60, jitter=0.5) is None


def test_a_deadline_counts_down_and_stays_at_zero() -> None:
    now = [10.0]
    deadline = Deadline.after(2.0, clock=lambda: now[0])
    assert (deadline.remaining_seconds, deadline.is_spent) == (2.0, False)
    now[0] = 11.5
    assert deadline.remaining_seconds == 0.5
    now[0] = 13.0
    assert (deadline.remaining_seconds, deadline.is_spent) == (0.0, True)
