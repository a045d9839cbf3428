"""Carries requests to GES and answers back; the only module that knows HTTP libraries.

Two ways lead out. By default each process and event loop has one aiohttp pool, because httpx's own
pool spends most of its time on itself once calls run side by side, and because its aiohttp adapter
reports a connection dropped *after* a request was sent as a connect time-out, which would make a
create look repeatable. A caller who brings an `httpx.AsyncClient` or an httpx transport gets that
one instead, and keeps it to close.

Either way every failure ends as a `WireFailure` that says one thing reliably: whether bytes may
have left. This is watched, not guessed: a request that was still waiting for its connection was not
sent, nor was one whose kept connection was found closed before a byte was written. What an injected
way does is watched through httpcore's `trace` extension; whatever it does out of sight counts as
sent, as hooks, authentication and transports wrapped around others can raise anything at any
moment. aiohttp's own repetition of reads over dead connections is switched off: how often something
is asked is decided in `ges_connector.api.retry` alone.

No redirect is followed, no cookie kept, no proxy variable of the environment read.
"""

from __future__ import annotations

import asyncio
import errno
import functools
import os
import select
import ssl
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import aiohttp
import certifi
from typing_extensions import override
from yarl import URL

from ges_connector.api.answers import Received

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    import httpx
    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.client_reqrep import ConnectionKey
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

LARGEST_BODY_BYTES = 4 * 1024 * 1024
"""Room for 8,640 slots; anything beyond is not an answer of GES."""

InjectedHttp: TypeAlias = "httpx.AsyncClient | httpx.AsyncBaseTransport"
"""What a caller may bring instead of the pool; it stays the caller's to close."""


class FailureKind(Enum):
    """What became of a request that got no answer."""

    NEVER_SENT = auto()
    """No connection could be had; nothing left."""
    CONNECT_TIMED_OUT = auto()
    """No connection came about in time; nothing left."""
    BROKEN = auto()
    """It may have left, and the exchange broke."""
    TIMED_OUT = auto()
    """It may have left, and time ran out."""
    TOO_LARGE = auto()
    """An answer came, larger than any of GES."""


class WireFailure(Exception):  # noqa: N818 - never leaves the package; its user names the error
    """No answer, and whether the request may have left.

    Attributes:
        kind: What became of the request.
        reason: The lower layer's word for it; free of addresses, headers and content.
        status: HTTP status, if the answer had begun.
    """

    def __init__(self, kind: FailureKind, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request, ready for the wire.

    Attributes:
        method: HTTP method.
        target: Path below the base URL and query, percent-encoded.
        body: Body; empty for none.
        headers: Headers beside those of every call.
    """

    method: str
    target: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one attempt may take, already cut to what the deadline leaves.

    Attributes:
        connect_seconds: Until there is a connection.
        total_seconds: Until the whole answer is there.
    """

    connect_seconds: float
    total_seconds: float


class Wire(Protocol):
    """A way to GES."""

    async def exchange(self, outgoing: Outgoing, patience: Patience) -> Received:
        """Send a request and read the whole answer.

        Args:
            outgoing: The request.
            patience: How long it may take.

        Returns:
            The answer, whatever its status.

        Raises:
            WireFailure: There is no whole answer.
        """
        ...

    async def aclose(self) -> None:
        """Release what this way itself opened."""
        ...


# --- the pool -------------------------------------------------------------------------------------


class _Stage(Enum):
    BEFORE = auto()
    OUT_OF_SIGHT = auto()
    CONNECTING = auto()
    CONNECTED = auto()


class _Progress:
    """How far a request came; none of its bytes can be written before it is CONNECTED.

    Attributes:
        stage: How far; CONNECTED is taken back only where nothing was written after all.
        is_kept: Whether its connection served another one before; only the pool sets it.
        connect_failure: What the latest attempt to connect failed with; only an injected way sets
            it.
    """

    __slots__ = ("connect_failure", "is_kept", "stage")

    def __init__(self) -> None:
        self.stage = _Stage.BEFORE
        self.is_kept = False
        self.connect_failure: object = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Follow httpcore, which calls this at every step it takes for a request."""
        if self.stage is _Stage.CONNECTED:
            return
        failure = info.get("exception")
        request = info.get("request")
        if event.endswith(".send_request_headers.started"):
            # To ask a proxy for a tunnel is not yet to send the request.
            if getattr(request, "method", None) != b"CONNECT":
                self.stage = _Stage.CONNECTED
        elif isinstance(failure, Exception):
            # What follows may be out of sight, so only this very failure is evidence.
            self.stage, self.connect_failure = _Stage.OUT_OF_SIGHT, failure
        else:
            self.stage = _Stage.CONNECTING

    def proves_unsent(self, error: Exception) -> bool:
        """Whether an error of an injected way can only mean that nothing left."""
        if self.stage is _Stage.OUT_OF_SIGHT:
            return self.connect_failure is not None and error.__cause__ is self.connect_failure
        return self.stage is not _Stage.CONNECTED


_progress: ContextVar[_Progress] = ContextVar("ges_request_progress")


class _WatchedConnector(aiohttp.TCPConnector):
    """Notes when a request gets its connection, name look-up, TLS and proxy handshake behind it."""

    @override
    async def connect(
        self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> Connection:
        progress = _progress.get()
        progress.stage = _Stage.CONNECTING
        connection = await super().connect(req, traces, timeout)
        progress.stage = _Stage.CONNECTED
        return connection

    @override
    async def _get(self, key: ConnectionKey, traces: list[Trace]) -> Connection | None:
        # aiohttp looks for unread bytes when a connection comes back, not when it goes out again.
        # Bytes that came in between are no answer to a request that is yet to be written.
        while (connection := await super()._get(key, traces)) is not None:
            if _is_silent(connection.protocol):
                _progress.get().is_kept = True
                break
            connection.close()
        return connection


class _WatchedRequest(aiohttp.ClientRequest):
    """Writes nothing to a kept connection that was closed since it was taken out of the pool."""

    @override
    async def write_bytes(
        self,
        writer: AbstractStreamWriter,
        conn: Connection,
        content_length: int | None = None,
    ) -> None:
        progress = _progress.get()
        # After a handshake of TLS there may be something to read that closes nothing.
        if progress.is_kept and not _is_silent(conn.protocol):
            progress.stage = _Stage.CONNECTING
            if conn.protocol is not None:
                conn.protocol.abort()
            return
        await super().write_bytes(writer, conn, content_length)


def _is_silent(protocol: ResponseHandler | None) -> bool:
    """Whether nothing came over a connection without being asked for, its end included.

    A loop that was busy has not heard yet what came meanwhile, so the socket itself is asked.
    """
    if protocol is None or protocol.transport is None or protocol.should_close:
        return False
    peer = protocol.transport.get_extra_info("socket")
    if peer is None or not hasattr(select, "poll"):  # Windows has none
        return not protocol.transport.is_closing()
    asked = select.poll()
    asked.register(peer.fileno(), select.POLLIN)
    return not asked.poll(0)


async def _once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Keep aiohttp from repeating reads: it does so only for its own kinds of exceptions."""
    progress = _progress.get()
    try:
        return await handler(request)
    except (aiohttp.ClientError, OSError) as error:
        failure = _pool_failure(error, progress.stage)
    raise failure


@functools.cache
def _tls() -> ssl.SSLContext:
    # Takes tens of milliseconds, so once per process; slim images bring no certificates of their
    # own, which is why those of certifi are trusted where the environment names none.
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return ssl.create_default_context(cafile=file or None, capath=None if file else folder)
    return ssl.create_default_context(cafile=certifi.where())


def tls_context() -> ssl.SSLContext:
    """Give what every TLS connection to GES is made with: whose certificates are trusted."""
    return _tls()


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How a pool behaves.

    Attributes:
        max_connections: Connections per pool.
        keepalive_seconds: How long idle connections are kept.
        connect_timeout_seconds: How long to wait for a connection, a free one included.
        proxy_url: Proxy to go through; may hold credentials.
    """

    max_connections: int
    keepalive_seconds: float
    connect_timeout_seconds: float
    proxy_url: str | None = field(default=None, repr=False)


class PooledWire:
    """One aiohttp pool per process and event loop, opened by the first call."""

    def __init__(self, root_url: str, headers: Mapping[str, str], limits: PoolLimits) -> None:
        """Remember how to open a pool; nothing is opened yet, so this can be pickled and forked.

        Args:
            root_url: Base URL, without a slash at its end.
            headers: Headers of every call.
            limits: How its pools behave.
        """
        self._root_url = root_url
        self._headers = dict(headers)
        self._limits = limits
        self._pools: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}
        self._process_id = os.getpid()

    @override
    def __getstate__(self) -> dict[str, object]:
        """Leave the pools behind: sockets do not travel to another process."""
        return {**self.__dict__, "_pools": {}}

    async def exchange(self, outgoing: Outgoing, patience: Patience) -> Received:
        """Send a request through the pool of this loop; see `Wire`."""
        progress = _Progress()
        _progress.set(progress)
        try:
            async with asyncio.timeout(patience.total_seconds):
                return await self._exchange(outgoing)
        except (aiohttp.ClientError, OSError) as error:
            failure = _pool_failure(error, progress.stage)
        raise failure

    async def _exchange(self, outgoing: Outgoing) -> Received:
        pool = self._pools.get(asyncio.get_running_loop())
        if pool is None or pool.closed or self._process_id != os.getpid():
            pool = await self._open()
        async with pool.request(
            outgoing.method,
            URL(self._root_url + outgoing.target, encoded=True),
            data=outgoing.body or None,
            headers=outgoing.headers or None,
            allow_redirects=False,
        ) as response:
            status = response.status
            body = await _bounded(response.content.iter_any(), status)
            return Received(status, body, response.headers.get("Retry-After"))

    async def _open(self) -> aiohttp.ClientSession:
        await self._forget_unusable()
        loop = asyncio.get_running_loop()
        pool = aiohttp.ClientSession(
            connector=_WatchedConnector(
                limit=self._limits.max_connections,
                keepalive_timeout=self._limits.keepalive_seconds,
                ssl=_tls() if self._root_url.startswith("https") else True,
            ),
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect_timeout_seconds),
            proxy=self._limits.proxy_url,
            trust_env=False,
            middlewares=(_once,),
            request_class=_WatchedRequest,
        )
        self._pools[loop] = pool
        return pool

    async def _forget_unusable(self) -> None:
        if self._process_id != os.getpid():
            # The parent still uses these sockets: closing them here would break its conversations.
            _inherited.append(self._pools)
            self._pools = {}
            self._process_id = os.getpid()
        for loop in [loop for loop in list(self._pools) if loop.is_closed()]:
            # Of a dead loop nothing is awaited any more; closed, the pool goes without a complaint.
            await self._pools.pop(loop).close()

    async def aclose(self) -> None:
        """Close this loop's pool and forget those of dead loops; a later call opens a new one."""
        await self._forget_unusable()
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.close()


_inherited: list[Mapping[asyncio.AbstractEventLoop, aiohttp.ClientSession]] = []


def _pool_failure(error: Exception, stage: _Stage) -> WireFailure:
    reason = _reason(error)
    if isinstance(error, TimeoutError):
        timed_out_early = stage is _Stage.CONNECTING
        kind = FailureKind.CONNECT_TIMED_OUT if timed_out_early else FailureKind.TIMED_OUT
    elif stage is _Stage.CONNECTING or isinstance(error, aiohttp.InvalidURL):
        kind = FailureKind.NEVER_SENT
    else:
        kind = FailureKind.BROKEN
    return WireFailure(kind, reason)


def _reason(error: BaseException) -> str:
    """Name an exception without its text, which may quote addresses and headers."""
    name = type(error).__name__
    number = (error.errno or 0) if isinstance(error, OSError) else 0
    return f"{name} {errno.errorcode[number]}" if number in errno.errorcode else name


async def _bounded(chunks: AsyncIterator[bytes], status: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_BODY_BYTES:
            raise WireFailure(
                FailureKind.TOO_LARGE, f"more than {LARGEST_BODY_BYTES} bytes", status
            )
        parts.append(chunk)
    return b"".join(parts)


# --- in process -----------------------------------------------------------------------------------


class WireAnswer(Protocol):
    """An answer made in this process."""

    @property
    def status(self) -> int:
        """HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers."""
        ...

    @property
    def body(self) -> bytes:
        """Body, as far as it came."""
        ...

    @property
    def truncated(self) -> bool:
        """Whether the connection closed before all declared bytes came."""
        ...


class Answerer(Protocol):
    """Something in this process that answers like GES, the sandbox for one."""

    async def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> WireAnswer:
        """Answer a request.

        Args:
            method: HTTP method.
            path: Path, still percent-encoded.
            query: Query, still percent-encoded.
            headers: Headers, their names in lower case.
            body: Body.

        Returns:
            The answer.

        Raises:
            ConnectionRefusedError: As if nobody listened: nothing was sent.
            ConnectionResetError: As if the connection broke after sending.
        """
        ...


def in_process(answerer: Answerer) -> httpx.AsyncBaseTransport:
    """Reach something in this process as if it were far away; no socket is opened.

    Args:
        answerer: What answers.

    Returns:
        A transport to hand to `GesClient(http=…)`.
    """
    from ges_connector.api.injected import InProcessTransport  # noqa: PLC0415 - httpx is heavy

    return InProcessTransport(answerer)
