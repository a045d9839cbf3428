"""What is no call is refused before the SDK reads it."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.intake import CallRefusedError, read_call

TRACKER = {"sender_id": "s", "slots": {}, "latest_message": {"text": "hello"}, "events": []}
CALL = {"next_action": "action_tell_wait", "sender_id": "s", "tracker": TRACKER}
MAX_BYTES, MAX_DEPTH = 20_000, 16

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def read(body: bytes, encoding: str | None = None) -> dict[str, Any]:
    return read_call(body, encoding, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)


def refusal(body: bytes, encoding: str | None = None) -> HTTPStatus:
    with pytest.raises(CallRefusedError) as refused:
        read(body, encoding)
    return refused.value.status


def nested(depth: int) -> bytes:
    """A call as deep as this: two levels are its own, and one the slots'."""
    value: Any = 1
    for _ in range(depth - 3):
        value = [value]
    slots = {"any": value}
    return json.dumps({**CALL, "tracker": {**TRACKER, "slots": slots}}).encode()


def changed(**changes: Any) -> bytes:
    return json.dumps({**CALL, **changes}).encode()


def tracked(**changes: Any) -> bytes:
    return changed(tracker={**TRACKER, **changes})


def test_a_call_is_read_and_completed() -> None:
    call = read(json.dumps(CALL).encode())
    assert call["domain"] == {}
    assert call["tracker"]["active_loop"] == {}
    assert call["tracker"]["latest_message"] == {"text": "hello"}
    assert read(tracked(latest_message=None, slots=None))["tracker"]["latest_message"] == {}


def test_a_compressed_call_is_read_too() -> None:
    assert read(zlib.compress(json.dumps(CALL).encode()), "deflate")["next_action"]


def test_a_small_body_that_would_become_a_large_one_takes_no_more_memory_than_is_allowed() -> None:
    deflater, spaces = zlib.compressobj(), b" " * 1_000_000
    small = b"".join(deflater.compress(spaces) for _ in range(30)) + deflater.flush()
    tracemalloc.start()
    try:
        assert refusal(small, "deflate") is HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 20 * MAX_BYTES


def test_a_small_body_that_would_become_a_large_one_is_refused() -> None:
    bomb = zlib.compress(changed(more=" " * 50_000_000))
    assert len(bomb) < 100_000
    assert refusal(bomb, "deflate") is HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"not deflated", "deflate", 400),
        (zlib.compress(json.dumps(CALL).encode())[:-8], "deflate", 400),
        (json.dumps(CALL).encode(), "gzip", 415),
        (changed(more="x" * MAX_BYTES), None, 413),
        (b"", None, 400),
        (b"null, null", None, 400),
        (b"\xff\xfe\x00", None, 400),
        (b"{", None, 422),
        (b'"' + b"\\" * 1000, None, 400),
        (b"[" * 10_000 + b"]" * 10_000, None, 422),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, None, 422),
        (b"9" * 10_000, None, 400),
        (b"[]", None, 422),
        (b"17", None, 422),
        (b"{}", None, 422),
        (changed(next_action=None), None, 422),
        (changed(next_action=["action_tell_wait"]), None, 422),
        (changed(next_action="action\nERROR root - +493023125011"), None, 422),
        (changed(next_action="a" * 101), None, 422),
        (changed(version=3), None, 422),
        (changed(version="3.21.1\r\nfaked line"), None, 422),
        (changed(domain=[]), None, 422),
        (changed(tracker=None), None, 422),
        (changed(tracker="s"), None, 422),
        (tracked(sender_id=None), None, 422),
        (tracked(sender_id=["s"]), None, 422),
        (tracked(sender_id="s" * 1000), None, 422),
        (tracked(slots=[]), None, 422),
        (tracked(latest_message="hello"), None, 422),
        (tracked(events={}), None, 422),
        (tracked(active_loop="form"), None, 422),
    ],
)
def test_what_is_no_call_is_refused(body: bytes, encoding: str | None, status: int) -> None:
    assert refusal(body, encoding) == status


@pytest.mark.parametrize("part", [b'\\"', b'"\\', b'"', b"\\", b"[{", b'"[', b"1:"])
def test_a_large_body_of_one_thing_over_and_over_is_refused_and_keeps_nobody_waiting(
    part: bytes,
) -> None:
    """Gone through anew from each of its characters, this would take hours."""
    body = b'{"' + part * (3_000_000 // len(part))
    with pytest.raises(CallRefusedError):
        read_call(body, None, max_bytes=len(body), max_depth=MAX_DEPTH)


def test_nesting_is_counted_to_the_level() -> None:
    assert read(nested(MAX_DEPTH))["tracker"]["slots"]["any"]
    assert refusal(nested(MAX_DEPTH + 1)) is HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("text", ["[" * 500, '"]}' * 500, "\\" * 501, '\\"[{' * 300])
def test_brackets_in_texts_are_no_nesting(text: str) -> None:
    assert read(tracked(latest_message={"text": text}))["tracker"]["latest_message"]["text"] == text


@given(JSON, JSON, st.sampled_from(["slots", "latest_message", "events", "sender_id", "more"]))
def test_any_json_is_a_call_or_refused(whole: Any, part: Any, name: str) -> None:
    for content in (whole, {**CALL, name: part}, {**CALL, "tracker": {**TRACKER, name: part}}):
        try:
            call = read(json.dumps(content).encode())
        except CallRefusedError as error:
            assert error.status < 500  # noqa: PT017 - either will do, nothing else
        else:
            assert isinstance(call["tracker"]["latest_message"], dict)


@given(st.binary(), st.sampled_from([None, "deflate", "identity", "br"]))
def test_any_bytes_are_refused(body: bytes, encoding: str | None) -> None:
    assert refusal(body, encoding) < 500
