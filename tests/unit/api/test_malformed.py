"""Whatever a far side may send, it ends as an answer or as a GesError, never as anything else."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from ges_connector.api import (
    AvailabilityWindow,
    CallbackRequest,
    CallInRequest,
    GesClient,
    GesError,
    GesResponseError,
    GesSettings,
    GesUnexpectedAnswerError,
    RetryPolicy,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLS: dict[str, Callable[[GesClient], Awaitable[object]]] = {
    "create_callback": lambda ges: ges.create_callback(
        CallbackRequest(service_name="s", phone_number="+4915112345678")
    ),
    "retrieve_callback": lambda ges: ges.retrieve_callback("c"),
    "cancel_callback": lambda ges: ges.cancel_callback("c"),
    "availability": lambda ges: ges.availability(
        "s", AvailabilityWindow(number_of_days=1, timezone="Europe/Berlin")
    ),
    "open_for": lambda ges: ges.open_for("s"),
    "queue_status": lambda ges: ges.queue_status("q"),
    "estimated_wait_time": lambda ges: ges.estimated_wait_time(["v"]),
    "request_call_in": lambda ges: ges.request_call_in(CallInRequest(group_name="g")),
    "statistics": lambda ges: ges.statistics({}),
}
WRITES = {"create_callback", "cancel_callback", "request_call_in"}

numbers = st.integers() | st.floats() | st.sampled_from([-1, 0, 1e308, 10**400, -(10**30), True])
words = (
    st.text()
    | st.sampled_from(
        ["2026-01-05T15:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00+14:00"]
    )
    | st.sampled_from(["-1", "1e999", "NaN", "QUEUED", "\ud800", "\x00"])
)
leaves = st.none() | st.booleans() | numbers | words
json_values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4)
)
slots = st.fixed_dictionaries(
    {},
    optional={
        "utcTime": leaves,
        "localTime": leaves,
        "capacity": leaves,
        "total": leaves,
    },
)
waits = st.fixed_dictionaries(
    {},
    optional={
        "virtualQueue": leaves,
        "estimatedWaitTime": leaves,
        "message": leaves,
        "resultCode": leaves,
    },
)
FIELDS = (
    "id", "desiredTime", "callbackState", "callbackReason", "phoneNumber", "positionInQueue",
    "estimatedWaitTime", "durationMin", "timezone", "openFor", "ewt", "offerImmediateCallback",
    "offerScheduledCallback", "toPhoneNumber", "expirationTime", "accessCode", "corrId", "corr_id",
)  # fmt: skip
data_like = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(FIELDS, leaves),
        "slots": st.lists(slots, max_size=3) | st.dictionaries(words, leaves, max_size=3) | leaves,
    },
)
status_like = json_values | st.fixed_dictionaries(
    {},
    optional={
        "code": leaves | st.sampled_from([0, "0", 501, 503, 1103, 7030, 7036, 7040, 7041, 7042]),
        "message": leaves,
        "corrId": leaves,
    },
)
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "status": status_like,
        "data": json_values | data_like | st.lists(waits, max_size=3),
        "fault": json_values,
    },
)
documents = (json_values | envelopes).map(lambda document: json.dumps(document).encode())
cut_off = st.builds(lambda body, share: body[: int(len(body) * share)], documents, st.floats(0, 1))
pages = st.text().map(lambda text: f"<html><body>{text}</body></html>".encode("utf-8", "replace"))
bodies = documents | cut_off | pages | st.binary()
statuses = st.sampled_from([200, 201, 204, 301, 400, 401, 404, 408, 418, 429, 500, 502, 503, 599])


def _outcome(name: str, status: int, body: bytes) -> object:
    async def ask() -> object:
        transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
        given_settings = GesSettings(
            base_url="http://ges.test/v3", api_key=SecretStr("planted-key-4711")
        )
        once = RetryPolicy(max_attempts=1)
        try:
            return await CALLS[name](GesClient(given_settings, http=transport, retry=once))
        except GesError as error:
            return error

    return asyncio.run(ask())


@settings(deadline=None, max_examples=300)
@given(name=st.sampled_from(sorted(CALLS)), status=statuses, body=bodies)
@example(name="create_callback", status=200, body=b"[" * 100_000)
@example(name="create_callback", status=200, body=b'{"data":' * 5_000 + b"1" + b"}" * 5_000)
@example(
    name="create_callback", status=429, body=b'{"status":{"code":1e999},"data":{"slots":{"":1}}}'
)
@example(name="queue_status", status=200, body=b'{"data":{"ewt":1e999}}')
@example(name="open_for", status=200, body=b'{"data":{"openFor":' + b"9" * 5_000 + b"}}")
@example(
    name="request_call_in",
    status=200,
    body=b'{"data":{"id":1,"toPhoneNumber":"1","expirationTime":1e300}}',
)
@example(
    name="retrieve_callback",
    status=200,
    body=b'{"data":{"id":1,"desiredTime":"0001-01-01T00:00:00+14:00","callbackState":"","phoneNumber":""}}',
)
@example(
    name="availability",
    status=200,
    body=b'{"data":{"slots":[{"utcTime":"9999-12-31T23:59:59Z","capacity":1}],"durationMin":5}}',
)
def test_any_body_ends_as_an_answer_or_as_an_error_of_the_tree(
    name: str, status: int, body: bytes
) -> None:
    outcome = _outcome(name, status, body)
    if not isinstance(outcome, GesError):
        assert 200 <= status < 300
        return
    assert isinstance(outcome, GesResponseError | GesUnexpectedAnswerError)
    assert outcome.operation == name
    assert outcome.http_status == status
    assert outcome.__cause__ is outcome.__context__ is None
    assert str(outcome)
    if name not in WRITES:
        assert not outcome.may_have_taken_effect


@pytest.mark.campaign
@settings(deadline=None, max_examples=5_000)
@given(name=st.sampled_from(sorted(CALLS)), status=statuses, body=bodies)
def test_thousands_of_bodies_end_as_an_answer_or_as_an_error_of_the_tree(
    name: str, status: int, body: bytes
) -> None:
    outcome = _outcome(name, status, body)
    assert isinstance(outcome, GesResponseError | GesUnexpectedAnswerError) or status in {
        200,
        201,
        204,
    }


@settings(deadline=None, max_examples=100)
@given(status=st.sampled_from([200, 201, 202]), body=bodies)
def test_a_success_without_a_readable_id_never_looks_like_a_booking_that_failed(
    status: int, body: bytes
) -> None:
    outcome = _outcome("create_callback", status, body)
    if isinstance(outcome, GesUnexpectedAnswerError):
        assert outcome.may_have_taken_effect
    elif isinstance(outcome, GesError):
        # Only a refusal that GES itself names says for sure that there is no callback.
        assert outcome.code is not None


@settings(deadline=None, max_examples=100)
@given(
    data=st.fixed_dictionaries(
        {"id": st.text(min_size=1), "virtualQueue": words, "utcTime": leaves, "capacity": leaves}
    )
)
def test_an_answer_never_carries_a_naive_time(data: dict[str, Any]) -> None:
    body = json.dumps({"data": {"slots": [data], "durationMin": 5}}).encode()
    outcome = _outcome("availability", 200, body)
    for slot in getattr(outcome, "slots", ()):
        assert slot.utc_time.tzinfo is not None
        assert slot.local_time is None or slot.local_time.tzinfo is not None
