"""What a caller may bring instead of the pool: httpx client, transport, something in process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport
from typing_extensions import override

from ges_connector.api import (
    CallbackRequest,
    Deadline,
    GesClient,
    GesConnectionError,
    GesConnectionLostError,
    GesDeadlineExceededError,
    GesError,
    GesReadTimeoutError,
    GesSettings,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    RetryPolicy,
    in_process,
)
from ges_connector.api.transport import LARGEST_BODY_BYTES

Recorded = Callable[[str], bytes]

ONCE = RetryPolicy(max_attempts=1)
CREATE = CallbackRequest(service_name="Sales", phone_number="+4915112345678")
STATUS = {"data": {"ewt": 1, "offerImmediateCallback": True, "offerScheduledCallback": True}}


async def test_an_injected_client_is_used_and_not_closed(settings: GesSettings) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=STATUS))
    async with httpx.AsyncClient(transport=transport, headers={"x-trace": "t"}) as http:
        async with GesClient(settings, http=http) as client:
            assert (await client.queue_status("q")).wait_seconds == 1
        assert not http.is_closed


async def test_an_injected_transport_is_not_closed_and_keeps_no_cookies(
    settings: GesSettings,
) -> None:
    cookies: list[str | None] = []

    class Listening(httpx.MockTransport):
        closed = False

        @override
        async def aclose(self) -> None:
            self.closed = True

    def handle(request: httpx.Request) -> httpx.Response:
        cookies.append(request.headers.get("cookie"))
        return httpx.Response(200, json=STATUS, headers={"set-cookie": "track=you"})

    transport = Listening(handle)
    async with GesClient(settings, http=transport) as client:
        await client.queue_status("q")
        await client.queue_status("q")
    assert cookies == [None, None]
    assert not transport.closed


async def test_no_redirect_is_followed_even_if_the_client_would(settings: GesSettings) -> None:
    paths: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return httpx.Response(302, headers={"location": "http://ges.test/login"})

    transport = httpx.MockTransport(handle)
    async with httpx.AsyncClient(transport=transport, follow_redirects=True) as http:
        with pytest.raises(GesUnexpectedAnswerError):
            await GesClient(settings, http=http).queue_status("q")
    assert len(paths) == 1


async def test_the_body_is_bounded_here_too(settings: GesSettings) -> None:
    body = b" " * (LARGEST_BODY_BYTES + 1)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with pytest.raises(GesUnexpectedAnswerError):
        await GesClient(settings, http=transport).queue_status("q")


@pytest.mark.parametrize("abruptly", [False, True], ids=["closed", "reset"])
async def test_httpx_over_aiohttp_does_not_make_a_dropped_create_look_unsent(
    settings: GesSettings, *, abruptly: bool
) -> None:
    creates: list[bytes] = []

    async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        creates.append(await reader.readuntil(b"}"))
        if abruptly:
            writer.transport.abort()
        writer.close()

    async with await asyncio.start_server(drop, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        here = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
        async with AiohttpTransport() as transport:
            with pytest.raises(GesUnknownResultError):
                await GesClient(here, http=transport).create_callback(CREATE)
    assert len(creates) == 1


async def test_httpx_over_aiohttp_knows_a_refused_connection(settings: GesSettings) -> None:
    here = settings.model_copy(update={"base_url": "http://127.0.0.1:9"})
    async with AiohttpTransport() as transport:
        with pytest.raises(GesConnectionError) as caught:
            await GesClient(here, http=transport, retry=ONCE).create_callback(CREATE)
    assert not caught.value.may_have_taken_effect


# --- what is believed about an injected way


LOOKS_UNSENT = [
    httpx.ConnectError("x"),
    httpx.ConnectTimeout("x"),
    httpx.PoolTimeout("x"),
    httpx.ProxyError("x"),
    httpx.UnsupportedProtocol("x"),
    httpx.InvalidURL("x"),
]


class RaisingAuth(httpx.Auth):
    def __init__(self, error: Exception) -> None:
        self.error = error

    @override
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        yield request
        raise self.error


class RaisingAround(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, error: Exception) -> None:
        self.inner = inner
        self.error = error

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        await response.aread()
        await self.inner.aclose()
        raise self.error


def _through_hook(error: Exception) -> httpx.AsyncClient:
    async def complain(_: httpx.Response) -> None:
        raise error

    return httpx.AsyncClient(event_hooks={"response": [complain]})


def _through_auth(error: Exception) -> httpx.AsyncClient:
    return httpx.AsyncClient(auth=RaisingAuth(error))


def _through_transport(error: Exception) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=RaisingAround(httpx.AsyncHTTPTransport(), error))


@pytest.mark.parametrize("make", [_through_hook, _through_auth, _through_transport])
@pytest.mark.parametrize("error", LOOKS_UNSENT, ids=lambda error: type(error).__name__)
async def test_what_is_raised_around_a_sent_create_does_not_make_it_look_unsent(
    settings: GesSettings, make: Callable[[Exception], httpx.AsyncClient], error: Exception
) -> None:
    creates: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        creates.append(await reader.readuntil(b"}"))
        writer.write(b"HTTP/1.1 500 Broken\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, make(error) as http:
        port = server.sockets[0].getsockname()[1]
        here = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
        with pytest.raises(GesUnknownResultError):
            await GesClient(here, http=http).create_callback(CREATE)
    assert len(creates) == 1


@pytest.mark.parametrize("error", LOOKS_UNSENT, ids=lambda error: type(error).__name__)
async def test_an_unknown_transport_that_was_handed_a_create_is_not_believed_it_was_unsent(
    settings: GesSettings, error: Exception
) -> None:
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(500)

    around = RaisingAround(httpx.MockTransport(handle), error)
    with pytest.raises(GesUnknownResultError):
        await GesClient(settings, http=around).create_callback(CREATE)
    assert len(sent) == 1


@pytest.mark.parametrize("around", [False, True], ids=["plain", "wrapped"])
async def test_a_refused_connection_under_httpx_is_never_sent(
    settings: GesSettings, *, around: bool
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        here = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}/v3"})
        inner = httpx.AsyncHTTPTransport()
        transport = RaisingAround(inner, httpx.ReadError("x")) if around else inner
        async with httpx.AsyncClient(transport=transport) as http:
            with pytest.raises(GesConnectionError) as caught:
                await GesClient(here, http=http, retry=ONCE).create_callback(CREATE)
    assert not caught.value.may_have_taken_effect


async def test_a_tunnel_the_proxy_refuses_is_never_sent(settings: GesSettings) -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    there = settings.model_copy(update={"base_url": "https://ges.test/v3"})
    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with httpx.AsyncClient(proxy=proxy) as http:
            with pytest.raises(GesConnectionError):
                await GesClient(there, http=http, retry=ONCE).create_callback(CREATE)
    assert asked[0].startswith(b"CONNECT ges.test:443")


async def test_a_budget_spent_while_connecting_leaves_nothing_open_under_httpx(
    settings: GesSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", never)
    here = settings.model_copy(update={"base_url": "http://127.0.0.1:9/v3"})
    async with httpx.AsyncClient() as http:
        with pytest.raises(GesDeadlineExceededError) as caught:
            await GesClient(here, http=http).create_callback(CREATE, deadline=Deadline.after(0.03))
    assert not caught.value.may_have_taken_effect


async def test_a_closed_client_sends_nothing_and_says_so(settings: GesSettings) -> None:
    http = httpx.AsyncClient()
    await http.aclose()
    with pytest.raises(GesConnectionError) as caught:
        await GesClient(settings, http=http, retry=ONCE).create_callback(CREATE)
    assert not caught.value.may_have_taken_effect


# --- in process


@dataclass
class Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    truncated: bool = False


class Clerk:
    """Answers in process from what it was given."""

    def __init__(self, outcome: Answer | Exception | None) -> None:
        self.outcome = outcome
        self.asked: list[tuple[str, str, str, Mapping[str, str], bytes]] = []

    async def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        self.asked.append((method, path, query, headers, body))
        if self.outcome is None:
            await asyncio.Event().wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        assert self.outcome is not None
        return self.outcome


def _reaching(clerk: Clerk, settings: GesSettings) -> GesClient:
    return GesClient(settings, http=in_process(clerk), retry=ONCE)


async def test_the_answerer_gets_the_request_as_it_would_be_on_the_wire(
    settings: GesSettings, recorded: Recorded
) -> None:
    clerk = Clerk(Answer(body=recorded("estimated_wait_time.json")))
    await _reaching(clerk, settings).estimated_wait_time(["VQ Sales", "b/c"])
    method, path, query, headers, body = clerk.asked[0]
    assert (method, path) == ("GET", "/engagement/v3/estimated-wait-time")
    assert query == "virtual-queues=VQ%20Sales%2Cb%2Fc&mode=mode2"
    assert headers["x-api-key"] == "planted-key-4711"
    assert all(name == name.lower() for name in headers)
    assert body == b""


async def test_the_answerer_gets_the_body_and_an_encoded_path(settings: GesSettings) -> None:
    clerk = Clerk(Answer(body=b'{"data":{"id":"c-1"}}'))
    client = _reaching(clerk, settings)
    assert (await client.create_callback(CREATE)).id == "c-1"
    assert clerk.asked[0][4] == CREATE.wire_body()
    with pytest.raises(GesUnexpectedAnswerError):
        await client.queue_status("a/b")
    assert clerk.asked[1][1] == "/engagement/v3/callbacks/queue-status/a%2Fb"


@pytest.mark.parametrize(
    ("outcome", "on_read", "on_write"),
    [
        (ConnectionRefusedError(), GesConnectionError, GesConnectionError),
        (ConnectionResetError(), GesConnectionLostError, GesUnknownResultError),
        (Answer(body=b'{"da', truncated=True), GesConnectionLostError, GesUnknownResultError),
    ],
    ids=["refused", "reset", "truncated"],
)
async def test_breaks_in_process_are_told_like_breaks_on_the_wire(
    settings: GesSettings,
    outcome: Answer | Exception,
    on_read: type[GesError],
    on_write: type[GesError],
) -> None:
    client = _reaching(Clerk(outcome), settings)
    with pytest.raises(on_read):
        await client.queue_status("q")
    with pytest.raises(on_write):
        await client.create_callback(CREATE)


async def test_a_refusal_in_process_is_believed_under_a_client_of_the_callers(
    settings: GesSettings,
) -> None:
    async with httpx.AsyncClient(transport=in_process(Clerk(ConnectionRefusedError()))) as http:
        with pytest.raises(GesConnectionError):
            await GesClient(settings, http=http, retry=ONCE).create_callback(CREATE)


@pytest.mark.parametrize("first", [Answer(), ConnectionResetError()], ids=["answered", "reset"])
async def test_a_refusal_in_process_does_not_undo_what_was_sent_before(
    settings: GesSettings, first: Answer | Exception
) -> None:
    clerk = Clerk(first)

    class Insisting(httpx.AsyncBaseTransport):
        @override
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            transport = in_process(clerk)
            with contextlib.suppress(httpx.ReadError):
                await transport.handle_async_request(request)
            clerk.outcome = ConnectionRefusedError()
            return await transport.handle_async_request(request)

    with pytest.raises(GesUnknownResultError):
        await GesClient(settings, http=Insisting(), retry=ONCE).create_callback(CREATE)
    assert len(clerk.asked) == 2


async def test_time_runs_out_in_process_too(settings: GesSettings) -> None:
    hasty = settings.model_copy(update={"read_timeout_seconds": 0.03})
    client = _reaching(Clerk(None), hasty)
    with pytest.raises(GesReadTimeoutError):
        await client.queue_status("q")
    with pytest.raises(GesDeadlineExceededError):
        await client.queue_status("q", deadline=Deadline.after(0.02))
    with pytest.raises(GesUnknownResultError):
        await client.create_callback(CREATE, deadline=Deadline.after(0.03))


async def test_the_transport_alone_keeps_the_time_it_was_given() -> None:
    transport = in_process(Clerk(None))
    async with httpx.AsyncClient(transport=transport, timeout=0.02) as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.get("http://ges.test/v3")


async def test_a_fault_of_the_answerer_itself_is_not_hidden(settings: GesSettings) -> None:
    client = _reaching(Clerk(ZeroDivisionError("a bug")), settings)
    with pytest.raises(ZeroDivisionError):
        await client.queue_status("q")
