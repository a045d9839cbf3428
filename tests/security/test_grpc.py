"""Before the action server over gRPC stand the same limits as over HTTP; answers tell nothing."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped] # its stubs lag behind it
import pytest
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped] # as above
from grpc import StatusCode, aio
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.grpc_py import action_webhook_pb2_grpc
from rasa_sdk.grpc_py.action_webhook_pb2 import (
    ActionsRequest,
    StreamChunkAck,
    WebhookRequest,
    WebhookResponse,
)
from rasa_sdk.grpc_server import GRPCActionServerWebhook
from typing_extensions import override

from actions.access import AccessSettings, Secrets
from actions.gate import Gate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
SHOWN = (("authorization", f"Bearer {SECRET}"),)
SERVICE = "/action_server_webhook.ActionService"
MAX_BYTES = 64 * 1024
NUMBER = "+493023125011"
PATIENCE_SECONDS = 60.0


def request(**slots: Any) -> WebhookRequest:
    call = WebhookRequest(next_action="echo", sender_id="s", version="3.21.1")
    call.tracker.sender_id = "s"
    call.tracker.slots.update(slots)
    call.domain.session_config.update({"any": 1})
    return call


def nested(depth: int) -> WebhookRequest:
    """A call as deep as this: two levels are its own, and one the slots'."""
    value: Any = 1
    for _ in range(depth - 3):
        value = [value]
    return request(any=value)


async def echo(_dispatcher: Any, tracker: Any, _domain: Any) -> list[dict[str, Any]]:
    if "fail" in tracker.slots:
        raise ValueError(f"failed over {tracker.slots}")
    return []


@dataclass(frozen=True)
class Door:
    """A server with a gate, and the way to it."""

    channel: aio.Channel

    async def call(self, what: Any, method: str = "Webhook", **more: Any) -> Any:
        """Make a call of one message, bytes or a message."""
        content = what if isinstance(what, bytes) else what.SerializeToString()
        ask = self.channel.unary_unary(f"{SERVICE}/{method}")
        return await ask(content, timeout=PATIENCE_SECONDS, **{"metadata": SHOWN, **more})

    async def refusal(
        self, what: Any, method: str = "Webhook", **more: Any
    ) -> tuple[StatusCode, str]:
        """What is answered to a call that is not served."""
        with pytest.raises(aio.AioRpcError) as refused:
            await self.call(what, method, **more)
        return refused.value.code(), str(refused.value.details())


@asynccontextmanager
async def door(*, secrets: Secrets | None = None, **limits: Any) -> AsyncIterator[Door]:
    settings = AccessSettings(**{"max_bytes": MAX_BYTES, **limits})
    executor = ActionExecutor()
    executor.register_function("echo", echo)
    held = Secrets.of([SECRET]) if secrets is None else secrets
    server = aio.server(
        interceptors=[Gate(settings, held)],
        options=[("grpc.max_receive_message_length", settings.max_bytes)],
    )
    add: Any = action_webhook_pb2_grpc.add_ActionServiceServicer_to_server
    add(GRPCActionServerWebhook(executor), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield Door(channel)
    finally:
        await server.stop(None)


TOO_FAST = (StatusCode.RESOURCE_EXHAUSTED, "Not so fast.")
NO_CALL = (StatusCode.INVALID_ARGUMENT, "This is not a call.")


async def test_a_good_call_is_served_whole_and_bit_by_bit() -> None:
    async with door() as opened:
        assert WebhookResponse.FromString(await opened.call(request())) == WebhookResponse()
        assert await opened.call(ActionsRequest(), "Actions")
        assert Empty.FromString(await opened.call(StreamChunkAck(), "AckStreamChunks")) == Empty()
        assert await opened.call(request(), "WebhookStream")


@pytest.mark.parametrize("limits", [{"calls_per_peer": "3/hour"}, {"calls_in_all": "3/hour"}])
async def test_calls_are_counted(limits: dict[str, Any]) -> None:
    async with door(**limits) as opened:
        for method in ("Webhook", "WebhookStream", "Webhook"):
            await opened.call(request(), method)
        for method in ("Webhook", "WebhookStream"):
            assert await opened.refusal(request(), method) == TOO_FAST
        assert await opened.refusal(ActionsRequest(), "Actions") == TOO_FAST


async def test_who_shows_no_secret_takes_no_turn_away_and_is_told_so_a_few_times() -> None:
    async with door(calls_in_all="1/hour", refusals_per_peer="3/hour") as opened:
        for _ in range(3):
            refused = await opened.refusal(request(), metadata=())
            assert refused == (StatusCode.UNAUTHENTICATED, "Show the secret.")
        assert await opened.refusal(request(), metadata=()) == TOO_FAST
        await opened.call(request())


async def test_of_who_shows_no_secret_nothing_is_read() -> None:
    async with door(read_seconds=3600) as opened:

        async def never() -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

        ask = opened.channel.stream_unary(f"{SERVICE}/Webhook")
        with pytest.raises(aio.AioRpcError) as refused:
            await ask(never(), timeout=PATIENCE_SECONDS)
        assert refused.value.code() == StatusCode.UNAUTHENTICATED
        long = b" " * (2 * MAX_BYTES)
        assert (await opened.refusal(long, metadata=()))[0] == StatusCode.UNAUTHENTICATED


async def test_what_there_is_not_is_told_to_who_shows_the_secret() -> None:
    async with door() as opened:
        assert (await opened.refusal(b"", "Nothing", metadata=()))[0] == StatusCode.UNAUTHENTICATED
        assert (await opened.refusal(b"", "Nothing"))[0] == StatusCode.UNIMPLEMENTED


async def test_a_message_that_does_not_come_is_given_up() -> None:
    async with door(read_seconds=0.01) as opened:

        async def never() -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

        ask = opened.channel.stream_unary(f"{SERVICE}/Webhook")
        with pytest.raises(aio.AioRpcError) as refused:
            await ask(never(), timeout=PATIENCE_SECONDS, metadata=SHOWN)
        assert refused.value.details() == "It took too long."


async def test_nesting_is_counted_to_the_level() -> None:
    async with door(max_depth=10) as opened:
        await opened.call(nested(10))
        for method in ("Webhook", "WebhookStream"):
            assert await opened.refusal(nested(11), method) == NO_CALL


def lasting(value: bytes) -> bytes:
    """A call with a value in a slot, written down by hand."""
    entry = part(1, b"any") + part(2, value)
    return bytes(request().SerializeToString()) + part(3, part(2, part(1, entry)))


def part(field: int, content: bytes) -> bytes:
    length, size = len(content), b""
    while True:
        length, rest = length >> 7, length & 127
        size += bytes([rest | 128 if length else rest])
        if not length:
            return bytes([field << 3 | 2]) + size + content


def deep(levels: int) -> bytes:
    value = b"\x20\x01"
    for _ in range(levels):
        value = part(6, part(1, value))
    return value


def changed(**changes: str) -> WebhookRequest:
    call = request()
    for name, value in changes.items():
        setattr(call, name, value)
    return call


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(what, id=name)
        for name, what in {
            "nothing": b"",
            "bytes": b"\xff\xff\xff",
            "JSON": b"{}",
            "deep": lasting(deep(60)),
            "deepest": lasting(deep(4000)),
            "no number": request(any=float("nan")),
            "infinite": request(any=float("inf")),
            "no tracker": WebhookRequest(next_action="echo"),
            "no action": changed(next_action="", sender_id=NUMBER),
            "no name": changed(next_action=f"no such thing {NUMBER}"),
            "a line for the log": changed(next_action="echo\nERROR root - faked"),
            "no version": changed(version=f"3.21.1\r\n{NUMBER}"),
        }.items()
    ],
)
async def test_what_is_no_call_is_refused_with_a_fixed_sentence(
    what: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with door() as opened:
        for method in ("Webhook", "WebhookStream"):
            assert await opened.refusal(what, method) == NO_CALL
        await opened.call(request())
    assert NUMBER not in caplog.text
    assert "faked" not in caplog.text


async def test_what_fails_is_told_without_a_word_of_the_call(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with door() as opened:
        refused = await opened.refusal(request(fail=NUMBER))
    assert refused == (StatusCode.INTERNAL, "It failed.")
    assert NUMBER not in caplog.text
    assert "A call failed: ValueError" in caplog.text


async def test_a_small_message_that_would_become_a_large_one_is_refused(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    bomb = changed(sender_id=" " * 20_000_000)
    async with door() as opened:
        status, _ = await opened.refusal(bomb, compression=grpc.Compression.Gzip)
        assert status == StatusCode.RESOURCE_EXHAUSTED
        await opened.call(request(), compression=grpc.Compression.Gzip)


async def test_what_a_proxy_passes_on_does_not_come_from_this_machine() -> None:
    passed_on = (*SHOWN, ("x-forwarded-for", "192.0.2.7"))
    async with door(loopback_only=True) as opened:
        await opened.call(request())
        refused = await opened.refusal(request(), metadata=passed_on)
    assert refused == (StatusCode.PERMISSION_DENIED, "Not from there.")


async def test_without_secrets_only_this_machine_is_served() -> None:
    async with door(secrets=Secrets.of([])) as opened:
        await opened.call(request(), metadata=())
        refused = await opened.refusal(request(), metadata=(("forwarded", "for=192.0.2.7"),))
    assert refused[0] == StatusCode.PERMISSION_DENIED


class _Caller:
    """As much of a call as tells who makes it."""

    def __init__(self, peer: str) -> None:
        self._peer = peer

    def peer(self) -> str:
        return self._peer

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return ()

    async def abort(self, status: StatusCode, _sentence: str) -> None:
        raise _EndedError(status)


class _EndedError(Exception):
    @override
    def __str__(self) -> str:
        return f"ended with {self.args}"


@pytest.mark.parametrize(
    ("peer", "is_near"),
    [
        ("ipv4:127.0.0.1:5055", True),
        ("ipv4:192.0.2.7:5055", False),
        ("ipv6:%5B::1%5D:5055", True),
        ("ipv6:[::1]:5055", True),
        ("ipv6:%5B::ffff:127.0.0.1%5D:5055", True),
        ("ipv6:%5B2001:db8::1%5D:5055", False),
        ("unix:/run/actions", True),
        ("unknown", False),
        ("", False),
    ],
)
async def test_the_address_of_a_caller_is_told_from_its_name(peer: str, is_near: bool) -> None:  # noqa: FBT001 - a table
    gate = Gate(AccessSettings(), Secrets.of([]))
    if is_near:
        await gate.admit(_Caller(peer))
        return
    with pytest.raises(_EndedError, match="PERMISSION_DENIED"):
        await gate.admit(_Caller(peer))


async def test_callers_with_certificates_need_no_secret_elsewhere_either() -> None:
    gate = Gate(AccessSettings(), Secrets.of([]), is_certified=True)
    await gate.admit(_Caller("ipv4:192.0.2.7:5055"))
