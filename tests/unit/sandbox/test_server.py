"""The sandbox over real HTTP on loopback, down to the ways in which connections end."""

import asyncio
import errno
import io
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import aiohttp
import pytest

from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.server import PortError, SandboxServer
from ges_connector.testing.contact_centre import RunningServer

HEADERS = {"x-api-key": "sandbox-key", "content-type": "application/json"}
STATUS = "/engagement/v3/callbacks/queue-status/Billing_DE"
CREATE = "/engagement/v3/callbacks/create"
COMPRESSED = (
    b"POST /engagement/v3/callbacks/create HTTP/1.1\r\nhost: x\r\n"
    b"content-encoding: gzip\r\ncontent-length: 2\r\nconnection: close\r\n\r\nxx"
)
BOOKING = {"serviceName": "Billing_DE", "phoneNumber": "+493023125011"}


@pytest.fixture
async def server(ges_sandbox: Sandbox) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(ges_sandbox, port=0) as running:
        yield running


@pytest.fixture
async def http(server: SandboxServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url, headers=HEADERS) as session:
        yield session


async def order(http: aiohttp.ClientSession, **fault: Any) -> Any:
    async with http.post("/sandbox/faults", json=fault) as answer:
        assert answer.status == 200
        return await answer.json()


async def exchange(server: SandboxServer, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - the sandbox has no event for a test to wait on
        await asyncio.sleep(0)


def booked(sandbox: Sandbox) -> int:
    return len(sandbox.centre().floor.callbacks())


async def test_answers_are_the_same_bytes_as_in_process(http: aiohttp.ClientSession) -> None:
    async with http.get(STATUS) as answer:
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        assert (await answer.json())["status"]["code"] == 0


async def test_answers_and_refusals_are_dated_by_the_clock_of_the_contact_centre(
    http: aiohttp.ClientSession, server: SandboxServer, ges_sandbox: Sandbox
) -> None:
    now = ges_sandbox.world.clock.now().replace(microsecond=0)
    async with http.get(STATUS) as answer:
        assert parsedate_to_datetime(answer.headers["date"]) == now
    refused = await exchange(server, b"no HTTP at all\r\n\r\n")
    assert format_datetime(now, usegmt=True).encode() in refused
    assert refused.lower().count(b"\r\ndate:") == 1


async def test_names_keep_their_percent_encoding_on_the_way(server: SandboxServer) -> None:
    request = (
        b"GET /engagement/v3/callbacks/queue-status/a%2Fb HTTP/1.1\r\nhost: x\r\n"
        b"x-api-key: sandbox-key\r\nconnection: close\r\n\r\n"
    )
    assert b'"code":7040' in await exchange(server, request)


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NONSENSE\r\n\r\n", b"501"),
        (b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"404"),
        (b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"404"),
        (b"GET http://h:1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"200"),
        (b"GET https://h HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"404"),
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", b"400"),
        (b"HEAD /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", b"405"),
        (
            b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
            b"400",
        ),
        (
            COMPRESSED,
            b"400",
        ),
    ],
)
async def test_whatever_arrives_is_answered_and_the_server_stays_up(
    server: SandboxServer, http: aiohttp.ClientSession, request_bytes: bytes, status: bytes
) -> None:
    answer = await exchange(server, request_bytes)
    assert answer.split(b" ")[1] == status
    async with http.get("/health") as health:
        assert health.status == 200


async def test_a_body_beyond_a_mebibyte_is_413(http: aiohttp.ClientSession) -> None:
    async with http.post(CREATE, data=io.BytesIO(b" " * 3_000_000)) as answer:
        assert answer.status == 413
        assert (await answer.json())["status"]["code"] == 501


@pytest.mark.parametrize(("kind", "count"), [("reset-before", 0), ("reset-after", 1)])
async def test_a_reset_is_a_reset_on_the_wire(
    http: aiohttp.ClientSession, ges_sandbox: Sandbox, kind: str, count: int
) -> None:
    await order(http, kind=kind, operation="create", count=1)
    with pytest.raises(aiohttp.ClientOSError) as caught:
        await http.post(CREATE, json=BOOKING)
    assert caught.value.errno == errno.ECONNRESET
    assert booked(ges_sandbox) == count


async def test_a_cut_off_body_ends_before_its_length(
    http: aiohttp.ClientSession, ges_sandbox: Sandbox
) -> None:
    await order(http, kind="cut-off", operation="create", count=1, effect=True)
    async with http.post(CREATE, json=BOOKING) as answer:
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    assert booked(ges_sandbox) == 1


async def test_a_slow_drip_arrives_whole_in_many_pieces(http: aiohttp.ClientSession) -> None:
    await order(http, kind="slow-drip", operation="queue-status", count=1, seconds=0.05)
    async with http.get(STATUS) as answer:
        pieces = [piece async for piece in answer.content.iter_any()]
    assert len(pieces) > 1
    assert json.loads(b"".join(pieces))["status"]["code"] == 0


async def test_who_hangs_up_during_latency_is_not_booked(
    http: aiohttp.ClientSession, ges_sandbox: Sandbox
) -> None:
    await order(http, kind="latency", operation="create", count=1, seconds=60)
    call = asyncio.ensure_future(http.post(CREATE, json=BOOKING))
    await until(lambda: not ges_sandbox.world.faults.planned)
    call.cancel()
    await until(lambda: bool(ges_sandbox.world.journal.entries))
    assert ges_sandbox.world.journal.entries[0].status is None
    assert booked(ges_sandbox) == 0


async def test_a_refusal_closes_the_port_and_idle_connections(
    http: aiohttp.ClientSession, server: SandboxServer
) -> None:
    idle_reader, idle_writer = await asyncio.open_connection("127.0.0.1", server.port)
    ordered = await order(http, kind="refuse", seconds=60)
    assert ordered == {"id": None, "faults": []}
    assert await idle_reader.read() == b""
    idle_writer.close()
    assert not await _reachable(server.port)


async def test_who_is_accepted_as_the_port_closes_is_not_left_waiting(
    server: SandboxServer, ges_sandbox: Sandbox
) -> None:
    loop = asyncio.get_running_loop()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setblocking(False)  # noqa: FBT003 - the name of its argument is not public
        await asyncio.sleep(0)  # it is accepted in this turn of the loop, and the port closes
        assert ges_sandbox.world.close_port is not None
        ges_sandbox.world.close_port(0.0)
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(loop.sock_recv(connection, 1), 5) == b""


async def test_a_refusal_is_over_when_whoever_was_being_answered_is_gone_too(
    http: aiohttp.ClientSession, server: SandboxServer, ges_sandbox: Sandbox
) -> None:
    await order(http, kind="latency", operation="create", count=1, seconds=60)
    async with asyncio.timeout(10), aiohttp.ClientSession(server.url, headers=HEADERS) as busy:
        asked = asyncio.ensure_future(busy.post(CREATE, json=BOOKING))
        await until(lambda: bool(server._busy))
        assert ges_sandbox.world.close_port is not None
        closing = ges_sandbox.world.close_port(0.0)
        await until(lambda: server._listening is None)
        await until(lambda: server._listening is not None)
        assert not closing.done()
        asked.cancel()
        await closing


async def test_a_refusal_ends(http: aiohttp.ClientSession, server: SandboxServer) -> None:
    await order(http, kind="refuse", seconds=0)
    while not await _reachable(server.port):
        pass
    async with http.get("/health") as answer:
        assert answer.status == 200


async def _reachable(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except (ConnectionRefusedError, ConnectionResetError):  # reset while the port closes
        return False
    writer.close()
    return True


async def test_over_http_a_refusal_cannot_choose_an_operation(
    http: aiohttp.ClientSession,
) -> None:
    async with http.post("/sandbox/faults", json={"kind": "refuse", "operation": "create"}) as no:
        assert no.status == 400
        assert (await no.json())["error"]["field"] == "operation"


async def test_parallel_creates_book_exactly_the_places_there_are(
    http: aiohttp.ClientSession, ges_sandbox: Sandbox
) -> None:
    async def book(number: int) -> int:
        booking = {
            "serviceName": "Support_US",
            "phoneNumber": f"+1202555{number:04}",
            "desiredTime": "2026-01-12T18:00:00.000Z",
        }
        async with http.post(CREATE, json=booking) as answer:
            return answer.status

    statuses = await asyncio.gather(*(book(number) for number in range(1000, 1200)))
    assert sorted(set(statuses)) == [200, 429]
    assert statuses.count(200) == 4
    assert booked(ges_sandbox) == 4


async def test_a_port_in_use_is_told_in_one_line(
    server: SandboxServer, ges_sandbox: Sandbox
) -> None:
    second = SandboxServer(ges_sandbox, port=server.port)
    with pytest.raises(PortError, match=rf"127.0.0.1 port {server.port} is in use"):
        await second.start()


async def test_an_address_of_another_machine_is_told_in_one_line(ges_sandbox: Sandbox) -> None:
    second = SandboxServer(ges_sandbox, host="192.0.2.1", port=0)
    with pytest.raises(PortError, match="is no address of this machine"):
        await second.start()


async def test_a_stopped_server_refuses(ges_sandbox: Sandbox) -> None:
    async with SandboxServer(ges_sandbox, port=0) as server:
        port = server.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()


async def test_a_server_can_stop_while_its_port_is_closed(ges_sandbox: Sandbox) -> None:
    async with (
        SandboxServer(ges_sandbox, port=0) as server,
        aiohttp.ClientSession(server.url) as http,
    ):
        await order(http, kind="refuse", seconds=60)
    assert not await _reachable(server.port)


async def test_a_failure_of_the_sandbox_itself_is_an_envelope(
    http: aiohttp.ClientSession, ges_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ges_sandbox, "respond", break_down)
    async with http.get("/health") as answer:
        assert answer.status == 500
        assert (await answer.json())["status"]["code"] == 7999


async def test_the_fixture_serves_from_its_own_thread(ges_server: RunningServer) -> None:
    async with ges_server.client() as ges:
        assert (await ges.queue_status("Billing_DE")).offer_scheduled_callback


def test_a_running_server_knows_its_key_and_does_not_show_it(ges_server: RunningServer) -> None:
    assert ges_server.key == "sandbox-key"
    assert "sandbox-key" not in repr(ges_server)


def request_bytes(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join((line, b"host: 127.0.0.1", b"connection: close", *headers, b"", body))


CHUNKED = b"transfer-encoding: chunked"
KEY = b"x-api-key: sandbox-key"


@pytest.mark.parametrize(
    ("malformed", "status"),
    [
        (request_bytes(b"GET /secret\xff\xfe HTTP/1.1"), 400),
        (request_bytes(b"GET /health?secret=\xff HTTP/1.1"), 400),
        (request_bytes(b"SECRET /engagement/v3/callbacks/create HTTP/1.1"), 501),
        (request_bytes(b"POST /engagement/v3/secret HTTP/1.1", CHUNKED, body=b"secret\r\n"), 400),
        (
            request_bytes(
                b"POST /engagement/v3/secret HTTP/1.1",
                CHUNKED,
                b"content-length: 3",
                body=b"0\r\n\r\n",
            ),
            400,
        ),
        (request_bytes(b"GET /health HTTP/1.1", b"origin: http://secret\x0bb"), 400),
        (b"secret\r\n\r\n", 501),
    ],
)
async def test_what_is_no_http_is_refused_in_an_envelope_that_repeats_nothing(
    server: SandboxServer, malformed: bytes, status: int
) -> None:
    head, _, body = (await exchange(server, malformed)).partition(b"\r\n\r\n")
    assert int(head.split(b" ")[1]) == status
    assert b"application/json" in head
    assert json.loads(body)["status"]["corrId"]
    assert b"secret" not in body.lower()


@pytest.mark.parametrize("header", [KEY, b"origin: https://shop.example"])
async def test_two_keys_or_two_origins_are_refused(server: SandboxServer, header: bytes) -> None:
    line = f"GET {STATUS} HTTP/1.1".encode()
    answer = await exchange(server, request_bytes(line, KEY, header, header))
    assert answer.split(b" ")[1] == b"400"
    assert b"more than once" in answer


async def test_a_page_may_read_that_the_sandbox_failed(
    http: aiohttp.ClientSession, ges_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ges_sandbox, "respond", break_down)
    async with http.get(STATUS, headers={"origin": "http://localhost:3000"}) as answer:
        assert answer.status == 500
        assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:1", 200),
        ("LOCALHOST", 200),
        ("127.8.9.1:80", 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example:80", 403),
        ("192.0.2.1", 403),
    ],
)
async def test_on_loopback_the_admin_api_answers_to_loopback_names_only(
    server: SandboxServer, host: str, status: int
) -> None:
    lines = ("GET /sandbox/state HTTP/1.1", f"host: {host}", "connection: close", "", "")
    answer = await exchange(server, "\r\n".join(lines).encode())
    assert int(answer.split(b" ")[1]) == status


async def test_in_process_any_host_may_ask_the_admin_api(ges_sandbox: Sandbox) -> None:
    for headers in ({}, {"host": "sandbox.invalid"}):
        assert (await ges_sandbox.answer("GET", "/sandbox/state", "", headers, b"")).status == 200


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("", "the host is empty"),
        ("a..b", "the host a..b cannot be found"),
        ("no host", "the host no host cannot be found"),
    ],
)
async def test_a_host_that_is_none_is_told_in_one_line(
    ges_sandbox: Sandbox, host: str, sentence: str
) -> None:
    with pytest.raises(PortError, match=sentence):
        await SandboxServer(ges_sandbox, host=host, port=0).start()
