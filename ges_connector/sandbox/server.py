"""Serves a sandbox over real HTTP, including the ways in which real HTTP fails.

A thin adapter: it reads a request, hands it to the sandbox, and sends the answer the way the
answer says, whole, in drips, or cut off, down to resetting the connection.
"""

import asyncio
import errno
import logging
import socket
import struct
from collections.abc import Callable, Coroutine, Mapping
from email.utils import format_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod
from aiohttp.web_protocol import RequestHandler
from typing_extensions import override

from ges_connector.sandbox.loopback import is_loopback_address
from ges_connector.sandbox.records import Code
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.store import StoreError
from ges_connector.sandbox.surface.json_body import MAX_BODY_BYTES
from ges_connector.sandbox.wire import WireAnswer, WireRequest

logger = logging.getLogger(__name__)
_protocol_logger = logging.getLogger(f"{__name__}.protocol")
# What is no HTTP at all is answered with 400 by the protocol; a traceback would help nobody.
_protocol_logger.setLevel(logging.CRITICAL + 1)

TICK_SECONDS = 1.0
_DRIPS = 20
_STOP_SECONDS = 2.0
_ONCE_ONLY = ("x-api-key", "origin", "host")


class PortError(Exception):
    """The address cannot be listened on; the text is one line that says why."""


class SandboxServer:
    """A sandbox on a port of this machine.

    Use it as an async context manager, or call `start` and `stop`.

    Args:
        sandbox: What is served; the server moves its clock along every second.
        host: Address to listen on. The admin API has no key and shows phone numbers, so anything
            but loopback is for closed networks only.
        port: Port to listen on; 0 picks a free one.
    """

    def __init__(self, sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 8080) -> None:
        self._sandbox = sandbox
        self._host = host
        self._port = port
        self._runner: web.ServerRunner | None = None
        self._listening: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[RequestHandler] = set()

    @property
    def port(self) -> int:
        """The port listened on, once started."""
        return self._port

    @property
    def url(self) -> str:
        """Where the sandbox is reached, without a path."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Begins to listen.

        Raises:
            PortError: The address is empty, taken, forbidden or not of this machine.
        """
        if not self._host:
            raise PortError(
                "the host is empty; name an address to listen on, such as 127.0.0.1, or 0.0.0.0 "
                "for every address of this machine"
            )
        server = _Server(
            self._malformed,
            self._handle,
            # A caller who gives up during a latency fault must not be booked afterwards.
            handler_cancellation=True,
            auto_decompress=False,
            access_log=None,
            logger=_protocol_logger,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        try:
            await self._listen()
        except (OSError, UnicodeError) as error:
            await self._runner.cleanup()
            raise PortError(_port_trouble(self._host, self._port, error)) from error
        self._sandbox.world.close_port = self._refuse_for
        self._sandbox.world.loopback_only = is_loopback_address(self._host)
        self._begin(self._tick())

    async def _listen(self) -> None:
        if self._runner is None or self._runner.server is None:
            return
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._runner.server, self._host, self._port)
        self._port = self._listening.sockets[0].getsockname()[1]

    async def _close_port(self) -> None:
        if self._listening is None:
            return
        closing, self._listening = self._listening, None
        loop = asyncio.get_running_loop()
        for each in closing.sockets:
            loop.remove_reader(each.fileno())
        # A connection that is accepted already gets its transport in the next turn of the loop, and
        # its protocol is told in the one after. If the server is closed by then, asyncio drops it
        # without closing it, and its other side waits for ever (Python issue 109564).
        try:
            for _ in range(2):
                await asyncio.sleep(0)
        finally:
            closing.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop itself keeps no reference
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self) -> None:
        """Lets running requests finish for a moment, then closes every connection."""
        self._sandbox.world.close_port = None
        self._sandbox.world.loopback_only = False
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._close_port()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                self._sandbox.tick()
            except StoreError as error:
                logger.warning("%s", error)

    # --- one request ----------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self._busy.add(request.protocol)
        try:
            return await self._answer(request)
        finally:
            self._busy.discard(request.protocol)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        # The last value of a header would win here; what may be there once only is checked first.
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            _check_once(request)
            answer = await self._sandbox.respond(await _wire_request(request, headers))
        except ConnectionError:
            _reset(request)
            return web.Response()
        except _DoubledHeaderError as error:
            answer = self._failure({}, 400, Code.INVALID_PARAMETERS, str(error))
        except web.RequestPayloadError:
            answer = self._failure(headers, 400, Code.INVALID_PARAMETERS, "the body cannot be read")
        except Exception:
            logger.exception("a request could not be answered")
            answer = self._failure(headers, 500, Code.INTERNAL, "internal error")
        return await _send(request, self._dated(answer))

    def _dated(self, answer: WireAnswer) -> WireAnswer:
        """Tell the date by the clock that the contact centre lives by."""
        now = format_datetime(self._sandbox.world.clock.now(), usegmt=True)
        return answer.with_headers({"date": now})

    def _failure(
        self, headers: Mapping[str, str], status: int, code: int, message: str
    ) -> WireAnswer:
        return self._sandbox.failure(headers, status=status, code=code, message=message)

    def _malformed(self, status: int) -> WireAnswer:
        """The answer to what could not be read as HTTP; nothing of it is repeated."""
        if status == HTTPStatus.NOT_IMPLEMENTED:
            message = "the request has a method that HTTP does not know"
        else:
            message = "the request is no HTTP that can be read"
        code = (
            Code.INVALID_PARAMETERS if status < HTTPStatus.INTERNAL_SERVER_ERROR else Code.INTERNAL
        )
        return self._dated(self._failure({}, status, code, message))

    # --- refusing connections -------------------------------------------------------------------

    def _refuse_for(self, seconds: float) -> asyncio.Task[None]:
        return self._begin(self._close_port_for(seconds))

    async def _close_port_for(self, seconds: float) -> None:
        """Closes the port and whatever is idle on it, and opens it again after a while.

        It is over once the connections of before are gone as well, those that were busy included.
        """
        if self._runner is None or self._listening is None or self._runner.server is None:
            return
        await self._close_port()
        connections = self._runner.server.connections
        for connection in connections:
            if connection in self._busy:
                connection.close()  # once its answer is out
            else:
                connection.force_close()
        await asyncio.sleep(seconds)
        await self._listen()
        for connection in connections:
            if isinstance(connection, _Protocol):
                await connection.gone.wait()


class _DoubledHeaderError(Exception):
    """A header that may be there once only is there more often."""


def _check_once(request: web.BaseRequest) -> None:
    """Refuses two keys or two origins: which of them counts would be anybody's guess."""
    for name in _ONCE_ONLY:
        if len(request.headers.getall(name, ())) > 1:
            raise _DoubledHeaderError(f"the header {name} is there more than once; send it once")


async def _wire_request(request: web.BaseRequest, headers: Mapping[str, str]) -> WireRequest:
    path, _, query = request.raw_path.partition("?")
    return WireRequest(
        request.method,
        _without_authority(path),
        query.partition("#")[0],
        headers,
        await _body(request),
    )


def _without_authority(target: str) -> str:
    """The path of a request target, which a proxy's client may send as a whole URL."""
    if not target.startswith(("http://", "https://")):
        return target
    _, _, rest = target.partition("://")
    _, slash, path = rest.partition("/")
    return f"{slash}{path}" or "/"


async def _body(request: web.BaseRequest) -> bytes:
    """The body, or its first bytes if it is too long; the sandbox then says so."""
    pieces: list[bytes] = []
    length = 0
    while length <= MAX_BODY_BYTES and (piece := await request.content.readany()):
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


class _Protocol(RequestHandler):
    """HTTP/1.1 whose own refusals are envelopes like every other answer.

    Attributes:
        gone: Set once the connection is closed.
    """

    __slots__ = ("_malformed", "gone")

    def __init__(
        self, malformed: Callable[[int], WireAnswer], manager: "_Server", **settings: Any
    ) -> None:
        super().__init__(manager, **settings)
        self._malformed = malformed
        self.gone = asyncio.Event()

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self.gone.set()

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if request.writer.output_size > 0:
            raise ConnectionError("the answer is on its way already and cannot be replaced")
        if isinstance(exc, BadHttpMethod):
            status = HTTPStatus.NOT_IMPLEMENTED
        answer = self._malformed(status)
        response = web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        response.force_close()
        return response


class _Server(web.Server):
    """Makes a `_Protocol` of every connection."""

    def __init__(
        self, malformed: Callable[[int], WireAnswer], handler: Any, **settings: Any
    ) -> None:
        super().__init__(handler, **settings)
        self._malformed = malformed

    @override
    def __call__(self) -> RequestHandler:
        return _Protocol(self._malformed, self, loop=self._loop, **self._kwargs)


async def _send(request: web.BaseRequest, answer: WireAnswer) -> web.StreamResponse:
    if not answer.truncated and not answer.drip_seconds:
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    if not answer.truncated:
        response.content_length = len(answer.body)
    await response.prepare(request)
    await _drip(response, answer)
    if answer.truncated and request.transport is not None:
        # Closing sends what is buffered first; then the other side misses the rest.
        request.transport.close()
    return response


async def _drip(response: web.StreamResponse, answer: WireAnswer) -> None:
    step = max(1, -(-len(answer.body) // (_DRIPS if answer.drip_seconds else 1)))
    for start in range(0, len(answer.body), step):
        await response.write(answer.body[start : start + step])
        await asyncio.sleep(answer.drip_seconds / _DRIPS)


def _reset(request: web.BaseRequest) -> None:
    """Ends the connection with a reset instead of an orderly goodbye."""
    if request.transport is None:
        return
    peer = request.transport.get_extra_info("socket")
    if peer is not None:
        # Lingering for no time makes the kernel send RST.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


def _port_trouble(host: str, port: int, error: OSError | UnicodeError) -> str:
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return f"the host {host} cannot be found; name an address of this machine, as 127.0.0.1"
    reasons = {
        errno.EADDRINUSE: "is in use; choose another with --port, or --port 0 for any free one",
        errno.EACCES: "needs more rights; choose one above 1023",
        errno.EADDRNOTAVAIL: "is no address of this machine",
    }
    known = reasons.get(error.errno or 0)
    return f"{host} port {port} {known or f'cannot be listened on: {error.strerror or error}'}"
