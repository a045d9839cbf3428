"""Whatever message comes over gRPC, it is a call, or ends in a fixed sentence."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped] # stubs lag
from grpc import StatusCode  # type: ignore[import-untyped] # as above
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa_sdk.grpc_py.action_webhook_pb2 import WebhookRequest
from rasa_sdk.interfaces import Tracker
from typing_extensions import override

from actions.access import AccessSettings, Secrets
from actions.gate import Gate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

MAX_DEPTH = 12
PLANTED = "planted zq7"
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.just(PLANTED),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
structs = st.dictionaries(st.sampled_from(["text", "metadata", "intent", "name"]), values)
names = st.sampled_from(["action_tell_wait", "", "a b", "a\nb", PLANTED, "x" * 200])


class _EndedError(Exception):
    @override
    def __str__(self) -> str:
        return f"ended with {self.args}"


class _Context:
    """As much of a call as ends it."""

    async def abort(self, status: StatusCode, sentence: str) -> None:
        raise _EndedError(status, sentence)


class _Serving:
    """As much of what is served as reads a message."""

    request_deserializer = WebhookRequest.FromString


@st.composite
def messages(draw: Callable[[Any], Any]) -> bytes:
    """A call, changed in its values, and perhaps in its bytes."""
    call = WebhookRequest(next_action=draw(names), sender_id="s", version=draw(names))
    call.tracker.sender_id = draw(st.sampled_from(["s", "", "s" * 1000]))
    call.tracker.slots.update(draw(structs))
    call.tracker.latest_message.update(draw(structs))
    call.tracker.events.add().update(draw(structs))
    content = bytearray(call.SerializeToString())
    for _ in range(draw(st.sampled_from([0, 0, 1, 3]))):
        start = draw(st.integers(0, len(content)))
        end = start + draw(st.integers(0, 9))
        content[start:end] = draw(st.binary(max_size=9))
    return bytes(content)


async def read(message: bytes) -> Any:
    async def sent() -> AsyncIterator[bytes]:
        yield message

    gate = Gate(AccessSettings(max_depth=MAX_DEPTH), Secrets.of([]))
    return await gate.read(sent(), _Context(), _Serving())


@settings(max_examples=400, deadline=None)
@given(messages() | st.binary(max_size=200))
def test_any_message_is_a_call_or_ends_in_a_fixed_sentence(message: bytes) -> None:
    try:
        request = asyncio.run(read(message))
    except _EndedError as ended:
        assert ended.args == (StatusCode.INVALID_ARGUMENT, "This is not a call.")  # noqa: PT017 - either will do
    else:
        call = MessageToDict(request, preserving_proto_field_name=True)
        assert isinstance(Tracker.from_dict(call["tracker"]).slots, dict | None)
        assert " " not in call["next_action"]
