"""The pool against real sockets: what leaves, how often, and what is said about it afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import trustme
from pydantic import SecretStr

from ges_connector.api import (
    CallbackRequest,
    Deadline,
    GesClient,
    GesConnectionError,
    GesConnectionLostError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesReadTimeoutError,
    GesSettings,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    RetryPolicy,
    transport,
)
from ges_connector.api.transport import PooledWire

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[..., Awaitable[str]]

ONCE = RetryPolicy(max_attempts=1)
CREATE = CallbackRequest(service_name="Sales", phone_number="+4915112345678")
STATUS = b'{"data":{"ewt":1,"offerImmediateCallback":true,"offerScheduledCallback":true}}'
CREATED = b'{"data":{"id":"c-1"}}'


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = 0
    for line in head.splitlines():
        if line.lower().startswith("content-length:"):
            length = int(line.partition(":")[2])
    return head, await reader.readexactly(length)


def _answer(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body


class Desk:
    """Answers every request alike, and remembers what it was asked over how many connections."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.heads: list[str] = []
        self.connections = 0
        self.asked = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            head, _ = await _read_request(reader)
            self.heads.append(head)
            self.asked.set()
            writer.write(self.answer)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Hold conversations on a loopback port; gives the base URL."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(conversation: Conversation, tls: ssl.SSLContext | None = None) -> str:
            tasks: set[asyncio.Task[None]] = set()

            async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                task = asyncio.current_task()
                assert task is not None
                tasks.add(task)
                # The client hanging up, and the end of the test, are how conversations end.
                with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
                    await conversation(reader, writer)
                tasks.discard(task)
                writer.close()

            server = await asyncio.start_server(hold, "127.0.0.1", 0, ssl=tls)

            async def stop() -> None:
                server.close()
                for task in list(tasks):
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await server.wait_closed()

            stack.push_async_callback(stop)
            port = server.sockets[0].getsockname()[1]
            return f"http{'s' if tls else ''}://127.0.0.1:{port}/engagement/v3"

        yield start


def _client(base_url: str, *, retry: RetryPolicy = ONCE, **fields: Any) -> GesClient:
    settings = GesSettings(base_url=base_url, api_key=SecretStr("k"), **fields)
    return GesClient(settings, retry=retry)


def _pools(client: GesClient) -> dict[asyncio.AbstractEventLoop, Any]:
    assert isinstance(client._wire, PooledWire)
    return client._wire._pools


# --- one pool


async def test_many_calls_at_once_share_one_pool_opened_by_the_first(serve: Serve) -> None:
    desk = Desk(_answer(STATUS))
    async with _client(await serve(desk), max_connections=4) as client:
        assert not _pools(client)
        await asyncio.gather(*(client.queue_status("q") for _ in range(32)))
        assert len(_pools(client)) == 1
    assert len(desk.heads) == 32
    assert desk.connections <= 4


async def test_calls_after_each_other_reuse_one_connection(serve: Serve) -> None:
    desk = Desk(_answer(STATUS))
    async with _client(await serve(desk)) as client:
        for _ in range(3):
            await client.queue_status("q")
    assert (len(desk.heads), desk.connections) == (3, 1)


async def test_an_idle_connection_is_kept_no_longer_than_the_settings_say(serve: Serve) -> None:
    desk = Desk(_answer(STATUS))
    async with _client(await serve(desk), keepalive_seconds=1e-9) as client:
        for _ in range(3):
            await client.queue_status("q")
    assert (len(desk.heads), desk.connections) == (3, 3)


async def test_a_closed_client_opens_again_when_it_is_used(serve: Serve) -> None:
    desk = Desk(_answer(STATUS))
    client = _client(await serve(desk))
    await client.queue_status("q")
    await client.aclose()
    await client.aclose()
    assert not _pools(client)
    await client.queue_status("q")
    assert desk.connections == 2
    await client.aclose()


def test_each_event_loop_gets_its_own_pool_and_dead_loops_are_forgotten() -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    client = _client(f"http://127.0.0.1:{listening.getsockname()[1]}/v3")

    async def ask() -> None:
        loop = asyncio.get_running_loop()
        listening.settimeout(0)
        call = asyncio.ensure_future(client.queue_status("q"))
        accepted, _ = await loop.sock_accept(listening)
        with accepted:
            await loop.sock_recv(accepted, 65536)
            await loop.sock_sendall(accepted, _answer(STATUS, headers="connection: close\r\n"))
            await call

    for _ in range(3):
        asyncio.run(ask())
        assert len(_pools(client)) == 1
    asyncio.run(client.aclose())
    assert not _pools(client)
    listening.close()
    gc.collect()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # asyncio's word on a dead loop
def test_the_pools_of_dead_loops_go_without_a_complaint(caplog: pytest.LogCaptureFixture) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    client = _client(f"http://127.0.0.1:{listening.getsockname()[1]}/v3")

    async def ask(*, leaving: bool) -> None:
        listening.settimeout(0)
        call = asyncio.ensure_future(client.queue_status("q"))
        loop = asyncio.get_running_loop()
        accepted, _ = await loop.sock_accept(listening)
        with accepted:
            await loop.sock_recv(accepted, 65536)
            await loop.sock_sendall(accepted, _answer(STATUS))
            await call
        if leaving:
            await client.aclose()

    for leaving in (False, False, True):
        asyncio.run(ask(leaving=leaving))
    gc.collect()
    listening.close()
    assert caplog.records == []


async def test_a_forked_child_leaves_the_pool_of_its_parent_alone(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(_answer(STATUS))
    client = _client(await serve(desk))
    await client.queue_status("q")
    (parents,) = _pools(client).values()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    await client.queue_status("q")
    (own,) = _pools(client).values()
    assert own is not parents
    assert not parents.closed
    assert desk.connections == 2
    # Not merely left open: letting go of it would close its sockets.
    assert any(parents in pools.values() for pools in transport._inherited)
    await client.aclose()
    await parents.close()


# --- what was never sent


async def test_a_refused_connection_is_never_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{unused.getsockname()[1]}/v3"
        async with _client(base_url) as client:
            with pytest.raises(GesConnectionError) as caught:
                await client.create_callback(CREATE)
    assert not caught.value.may_have_taken_effect
    assert caught.value.message == "ClientConnectorError ECONNREFUSED"


async def test_a_name_without_address_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", no_such_name)
    async with _client("http://nowhere.invalid/v3") as client:
        with pytest.raises(GesConnectionError) as caught:
            await client.create_callback(CREATE)
    assert not caught.value.may_have_taken_effect


@pytest.fixture
def authority(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority; SSL_CERT_FILE names it, but only who asks anew will know."""
    made = trustme.CA()
    file = tmp_path / "authority.pem"
    made.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return made


def _tls_of(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


async def test_a_certificate_nobody_vouches_for_is_never_sent(
    serve: Serve, authority: trustme.CA
) -> None:
    transport._tls.cache_clear()
    desk = Desk(_answer(CREATED))
    stranger = trustme.CA()
    assert stranger is not authority
    async with _client(await serve(desk, _tls_of(stranger))) as client:
        with pytest.raises(GesConnectionError) as caught:
            await client.create_callback(CREATE)
    transport._tls.cache_clear()
    assert not caught.value.may_have_taken_effect
    assert desk.heads == []


async def test_certificates_of_ones_own_are_taken_from_ssl_cert_file(
    serve: Serve, authority: trustme.CA
) -> None:
    transport._tls.cache_clear()
    async with _client(await serve(Desk(_answer(CREATED)), _tls_of(authority))) as client:
        assert (await client.create_callback(CREATE)).id == "c-1"
    transport._tls.cache_clear()


async def test_waiting_in_vain_for_a_free_connection_is_never_sent(serve: Serve) -> None:
    desk = Desk(b"")
    base_url = await serve(desk)
    async with _client(base_url, max_connections=1, connect_timeout_seconds=0.05) as client:
        busy = asyncio.ensure_future(client.cancel_callback("c"))
        await desk.asked.wait()
        with pytest.raises(GesConnectTimeoutError) as timed_out:
            await client.create_callback(CREATE)
        with pytest.raises(GesDeadlineExceededError) as spent:
            await client.create_callback(CREATE, deadline=Deadline.after(0.02))
        busy.cancel()
        await asyncio.gather(busy, return_exceptions=True)
    assert not timed_out.value.may_have_taken_effect
    assert not spent.value.may_have_taken_effect
    assert len(desk.heads) == 1


# --- what may have left


@pytest.mark.parametrize("abruptly", [False, True], ids=["closed", "reset"])
async def test_a_create_whose_kept_alive_connection_drops_is_received_exactly_once(
    serve: Serve, *, abruptly: bool
) -> None:
    creates: list[bytes] = []

    async def drop_after_reading(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await _read_request(reader)
        writer.write(_answer(STATUS))
        creates.append((await _read_request(reader))[1])
        if abruptly:
            writer.transport.abort()

    async with _client(await serve(drop_after_reading), retry=RetryPolicy()) as client:
        await client.queue_status("q")
        with pytest.raises(GesUnknownResultError) as caught:
            await client.create_callback(CREATE)
    assert caught.value.may_have_taken_effect
    assert creates == [CREATE.wire_body()]


@pytest.mark.parametrize("late", [False, True], ids=["before it is taken", "before it is used"])
async def test_a_create_is_not_written_to_a_kept_connection_that_is_known_to_be_closed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    creates: list[bytes] = []
    kept: list[socket.socket] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, body = await _read_request(reader)
        if head.startswith("GET"):
            kept.append(writer.get_extra_info("socket"))
            writer.write(_answer(STATUS))
            _, body = await _read_request(reader)
        creates.append(body)
        writer.write(_answer(CREATED))

    def close() -> None:
        # Its end is there at once, and the loop of the client has not heard of it.
        while kept:
            kept.pop().shutdown(socket.SHUT_RDWR)

    connect = aiohttp.TCPConnector.connect

    async def closed_meanwhile(*args: Any) -> Any:
        connection = await connect(*args)
        close()
        return connection

    async with _client(await serve(answer), retry=RetryPolicy(first_delay_seconds=0.0)) as client:
        await client.queue_status("q")
        if late:
            monkeypatch.setattr(aiohttp.TCPConnector, "connect", closed_meanwhile)
        else:
            close()
        assert (await client.create_callback(CREATE)).id == "c-1"
    assert creates == [CREATE.wire_body()]


async def test_a_create_on_a_connection_that_died_unread_is_still_unknown(serve: Serve) -> None:
    requests: list[str] = []

    async def hang_up_at_the_first_byte(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        requests.append((await _read_request(reader))[0])
        writer.write(_answer(STATUS))
        await reader.readexactly(1)
        writer.transport.abort()

    async with _client(await serve(hang_up_at_the_first_byte), retry=RetryPolicy()) as client:
        await client.queue_status("q")
        with pytest.raises(GesUnknownResultError):
            await client.create_callback(CREATE)
    assert len(requests) == 1


@pytest.mark.parametrize("pause", [True, False], ids=["while idle", "at once"])
async def test_a_second_answer_nobody_asked_for_is_not_taken_for_the_next(
    serve: Serve, *, pause: bool
) -> None:
    unasked = asyncio.Event()

    async def say_more_than_asked(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await _read_request(reader)
        if pause:
            writer.write(_answer(CREATED))
            await unasked.wait()
            writer.write(_answer(b'{"data":{"id":"stale"}}'))
        else:
            writer.write(_answer(CREATED) + _answer(b'{"data":{"id":"stale"}}'))
        await _read_request(reader)
        writer.write(_answer(CREATED))

    async with _client(await serve(say_more_than_asked)) as client:
        assert (await client.create_callback(CREATE)).id == "c-1"
        unasked.set()
        if pause:
            (pool,) = _pools(client).values()
            ((protocol, _),) = next(iter(pool.connector._conns.values()))
            while not protocol.should_close:  # noqa: ASYNC110 - nobody is told of such bytes
                await asyncio.sleep(0)
        assert (await client.create_callback(CREATE)).id == "c-1"


async def test_a_read_is_sent_once_per_attempt(serve: Serve) -> None:
    heads: list[str] = []

    async def one_each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await _read_request(reader))[0])
        writer.write(_answer(STATUS))
        heads.append((await _read_request(reader))[0])

    async with _client(await serve(one_each), retry=ONCE) as client:
        await client.queue_status("q")
        with pytest.raises(GesConnectionLostError):
            await client.queue_status("q")
    assert len(heads) == 2


async def test_a_read_whose_kept_alive_connection_drops_is_asked_again(serve: Serve) -> None:
    heads: list[str] = []

    async def one_each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await _read_request(reader))[0])
        writer.write(_answer(STATUS))
        heads.append((await _read_request(reader))[0])

    async with _client(await serve(one_each), retry=RetryPolicy()) as client:
        await client.queue_status("q")
        assert (await client.queue_status("q")).wait_seconds == 1
    assert len(heads) == 3


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n" + CREATED,
        b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat',
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n",
        b"220 mail.test ready\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 100_000 + b"\r\n\r\n",
        _answer(b"no gzip at all", headers="content-encoding: gzip\r\n"),
    ],
    ids=[
        "nothing", "half a head", "short body", "half a chunk", "bad chunk", "mail server", "tls",
        "endless header", "no gzip",
    ],
)  # fmt: skip
async def test_half_an_answer_is_an_unknown_result_of_a_write_and_a_lost_read(
    serve: Serve, answer: bytes
) -> None:
    async def answer_and_hang_up(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await _read_request(reader)
        writer.write(answer)

    async with _client(await serve(answer_and_hang_up)) as client:
        with pytest.raises(GesUnknownResultError):
            await client.create_callback(CREATE)
        with pytest.raises(GesConnectionLostError):
            await client.queue_status("q")


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"])
async def test_an_answer_that_does_not_end_in_time_is_told_by_whose_time_it_was(
    serve: Serve, begun: bytes
) -> None:
    async with _client(await serve(Desk(begun)), read_timeout_seconds=0.05) as client:
        with pytest.raises(GesReadTimeoutError):
            await client.queue_status("q")
        with pytest.raises(GesDeadlineExceededError):
            await client.queue_status("q", deadline=Deadline.after(0.04))
        with pytest.raises(GesUnknownResultError) as caught:
            await client.create_callback(CREATE, deadline=Deadline.after(0.05))
    assert caught.value.may_have_taken_effect


async def test_an_answer_that_trickles_for_ever_ends_with_the_budget(serve: Serve) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.005)

    async with _client(await serve(trickle)) as client:
        with pytest.raises(GesUnknownResultError):
            await client.cancel_callback("c", deadline=Deadline.after(0.05))


async def test_a_cancelled_call_is_cancelled_and_the_pool_goes_on(serve: Serve) -> None:
    desk = Desk(b"")
    async with _client(await serve(desk), max_connections=1) as client:
        call = asyncio.ensure_future(client.create_callback(CREATE))
        await desk.asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        desk.answer = _answer(STATUS)
        assert (await client.queue_status("q")).wait_seconds == 1


# --- what is read, followed and remembered


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_an_answer_beyond_any_of_ges_is_not_read_to_its_end(
    serve: Serve, *, packed: bool
) -> None:
    body = b" " * (transport.LARGEST_BODY_BYTES + 1)
    if packed:
        body = gzip.compress(body)
    headers = "content-encoding: gzip\r\n" if packed else ""
    async with _client(await serve(Desk(_answer(body, headers=headers)))) as client:
        with pytest.raises(GesUnexpectedAnswerError) as caught:
            await client.create_callback(CREATE)
    assert caught.value.http_status == 200
    assert caught.value.may_have_taken_effect


async def test_a_packed_answer_is_unpacked(serve: Serve) -> None:
    desk = Desk(_answer(gzip.compress(STATUS), headers="content-encoding: gzip\r\n"))
    async with _client(await serve(desk)) as client:
        assert (await client.queue_status("q")).wait_seconds == 1


async def test_a_packed_answer_that_breaks_off_does_not_fit(serve: Serve) -> None:
    half = gzip.compress(CREATED)[:-12]
    desk = Desk(_answer(half, headers="content-encoding: gzip\r\n"))
    async with _client(await serve(desk)) as client:
        with pytest.raises(GesUnexpectedAnswerError) as caught:
            await client.create_callback(CREATE)
    assert caught.value.may_have_taken_effect


async def test_no_redirect_is_followed(serve: Serve) -> None:
    elsewhere = Desk(_answer(STATUS))
    to = f"location: {await serve(elsewhere)}/callbacks/queue-status/q\r\n"
    async with _client(await serve(Desk(_answer(b"", status="307 Moved", headers=to)))) as client:
        for call in (client.queue_status("q"), client.create_callback(CREATE)):
            with pytest.raises(GesUnexpectedAnswerError) as caught:
                await call
            assert caught.value.http_status == 307
    assert elsewhere.heads == []


async def test_no_cookie_is_kept(serve: Serve) -> None:
    desk = Desk(_answer(STATUS, headers="set-cookie: track=you; Path=/\r\n"))
    # By its name, as even a jar that keeps cookies takes none from a bare address.
    async with _client((await serve(desk)).replace("127.0.0.1", "localhost")) as client:
        await client.queue_status("q")
        await client.queue_status("q")
    assert not [head for head in desk.heads if "cookie" in head.lower()]


async def test_proxy_variables_are_ignored_and_a_configured_proxy_is_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    desk = Desk(_answer(STATUS))
    async with _client(await serve(desk)) as client:
        await client.queue_status("q")
    assert desk.heads[0].startswith("GET /engagement/v3/callbacks/queue-status/q HTTP/1.1")
    proxy = (await serve(desk)).removesuffix("/engagement/v3")
    proxy_url = SecretStr(proxy.replace("//", "//me:secret@"))
    async with _client("http://ges.test/v3", proxy_url=proxy_url) as client:
        await client.queue_status("q")
    assert desk.heads[1].startswith("GET http://ges.test/v3/callbacks/queue-status/q HTTP/1.1")
    assert "proxy-authorization: basic" in desk.heads[1].lower()


async def test_names_reach_the_wire_as_they_were_encoded(serve: Serve) -> None:
    desk = Desk(_answer(STATUS))
    async with _client(await serve(desk)) as client:
        await client.queue_status("a/b c%2F..;é")
    path = desk.heads[0].split(" ")[1]
    assert path == "/engagement/v3/callbacks/queue-status/a%2Fb%20c%252F..%3B%C3%A9"


async def test_every_failure_of_the_pool_is_an_error_of_the_tree_without_a_chain(
    serve: Serve,
) -> None:
    async with _client(await serve(Desk(b"garbage\r\n\r\n"))) as client:
        with pytest.raises(GesError) as caught:
            await client.queue_status("q")
    assert caught.value.__cause__ is caught.value.__context__ is None
