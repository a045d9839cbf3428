"""Stands before what the action server serves over gRPC: who calls, how much, and what is answered.

As `actions.guard` does over HTTP, with the same settings. Health checks are open. Everything else
needs the secret, and is refused before its message is read. No answer holds anything of a call but
the name of an action that there is not: whatever else goes wrong is answered by a fixed sentence.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import unquote

import grpc  # type: ignore[import-untyped] # its stubs lag behind it
from google.protobuf.json_format import (  # type: ignore[import-untyped] # as above
    Error as JsonError,
)
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError  # type: ignore[import-untyped] # as above
from grpc import StatusCode, aio
from rasa_sdk.grpc_py.action_webhook_pb2 import WebhookRequest
from typing_extensions import override

from actions.access import is_near, shown_secret
from actions.intake import CallRefusedError, check_call
from actions.log_lines import place_of
from actions.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable

    from actions.access import AccessSettings, Secrets

logger = logging.getLogger(__name__)
_HEALTH: Final = "/grpc.health.v1.Health/"
_SENTENCES: Final = {
    StatusCode.UNAUTHENTICATED: "Show the secret.",
    StatusCode.PERMISSION_DENIED: "Not from there.",
    StatusCode.RESOURCE_EXHAUSTED: "Not so fast.",
    StatusCode.UNIMPLEMENTED: "There is no such thing.",
    StatusCode.DEADLINE_EXCEEDED: "It took too long.",
    StatusCode.INVALID_ARGUMENT: "This is not a call.",
    StatusCode.INTERNAL: "It failed.",
}


class Gate(aio.ServerInterceptor):  # type: ignore[misc] # its stubs lag behind it
    """Lets calls through that show the secret in their metadata, as `authorization`, one by one.

    The engine sends the `headers` of its endpoints file as metadata, so it is told the secret there
    as it is for HTTP.

    Args:
        settings: How much, and from where.
        secrets: What callers show; with none, callers on this machine need none.
        is_certified: Whether callers elsewhere need none then, since they show certificates.
    """

    def __init__(
        self, settings: AccessSettings, secrets: Secrets, *, is_certified: bool = False
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._is_certified = is_certified
        self._turnstile = Turnstile(settings)

    @override
    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any
    ) -> Any:
        """Put what admits a call, and then reads it, in the place of what would serve it."""
        serving = await continuation(handler_call_details)
        if handler_call_details.method.startswith(_HEALTH):
            return serving
        # To the caller it is all the same; but only of a stream nothing is read before it is asked
        # for.
        if serving is not None and serving.response_streaming:
            return grpc.stream_stream_rpc_method_handler(
                _Stream(self, serving).serve, None, serving.response_serializer
            )
        return grpc.stream_unary_rpc_method_handler(
            _Single(self, serving).serve, None, serving and serving.response_serializer
        )

    async def admit(self, context: Any) -> None:
        """End a call here that is not to be served."""
        sent = {
            key: text for key, text in context.invocation_metadata() or () if isinstance(text, str)
        }
        peer = _address(context.peer())
        refused = self._refused(peer, sent)
        if refused is not None:
            is_told = await self._turnstile.explains_to(peer)
            await _end(context, refused if is_told else StatusCode.RESOURCE_EXHAUSTED)
        if not await self._turnstile.lets_in(peer):
            await _end(context, StatusCode.RESOURCE_EXHAUSTED)

    def _refused(self, peer: str, sent: dict[str, str]) -> StatusCode | None:
        near = is_near(peer, sent)
        if self._settings.loopback_only and not near:
            return StatusCode.PERMISSION_DENIED
        if not self._secrets:
            return None if near or self._is_certified else StatusCode.PERMISSION_DENIED
        shown = shown_secret(sent, "")
        is_shown = shown is not None and self._secrets.hold(shown)
        return None if is_shown else StatusCode.UNAUTHENTICATED

    async def read(self, messages: AsyncIterable[bytes], context: Any, serving: Any) -> Any:
        """Read the one message of a call; a call that makes no sense ends here."""
        try:
            async with asyncio.timeout(self._settings.read_seconds):
                message = await anext(aiter(messages), b"")
        except TimeoutError:
            await _end(context, StatusCode.DEADLINE_EXCEEDED)
        if len(message) > self._settings.max_bytes:
            await _end(context, StatusCode.INVALID_ARGUMENT)
        try:
            request = serving.request_deserializer(message)
            if isinstance(request, WebhookRequest):
                call = MessageToDict(request, preserving_proto_field_name=True)
                check_call(call, max_depth=self._settings.max_depth)
        except (DecodeError, JsonError, CallRefusedError):
            await _end(context, StatusCode.INVALID_ARGUMENT)
        return request


@dataclass(frozen=True, slots=True)
class _Single:
    """A call that is answered once."""

    gate: Gate
    serving: Any

    async def serve(self, messages: AsyncIterable[bytes], context: Any) -> Any:
        await self.gate.admit(context)
        if self.serving is None:
            await _end(context, StatusCode.UNIMPLEMENTED)
        request = await self.gate.read(messages, context, self.serving)
        try:
            return await self.serving.unary_unary(request, context)
        except Exception as error:  # noqa: BLE001 - whatever it is, the SDK would tell it the caller
            logger.error("A call failed: %s", place_of(error))  # noqa: TRY400 - kind and place are all that may be told
            return await _end(context, StatusCode.INTERNAL)


@dataclass(frozen=True, slots=True)
class _Stream:
    """A call that is answered bit by bit."""

    gate: Gate
    serving: Any

    async def serve(self, messages: AsyncIterable[bytes], context: Any) -> AsyncIterator[Any]:
        await self.gate.admit(context)
        request = await self.gate.read(messages, context, self.serving)
        try:
            async for event in self.serving.unary_stream(request, context):
                yield event
        except Exception as error:  # noqa: BLE001 - whatever it is, the SDK would tell it the caller
            logger.error("A call failed: %s", place_of(error))  # noqa: TRY400 - kind and place are all that may be told
            await _end(context, StatusCode.INTERNAL)


async def _end(context: Any, status: StatusCode) -> NoReturn:
    await context.abort(status, _SENTENCES[status])
    raise AssertionError  # `abort` raises; its stubs do not say so


def _address(peer: str) -> str:
    """The address in what gRPC calls a caller: `ipv4:127.0.0.1:5055`, `ipv6:%5B::1%5D:5055`.

    Empty for a Unix socket, which only this machine has; of any other kind no address.
    """
    kind, _, rest = unquote(peer).partition(":")
    if kind in {"ipv4", "ipv6"}:
        return rest.rpartition(":")[0].strip("[]")
    return "" if kind == "unix" else "unknown"
