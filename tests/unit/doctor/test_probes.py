"""What is found out about the way: names, certificates, action servers."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme
from aiohttp import web
from aiohttp.test_utils import TestServer
from grpc import aio  # type: ignore[import-untyped] # its stubs lag behind it

from ges_connector.doctor.assistant_checks import check_action_server
from ges_connector.doctor.distrust import distrust_of
from ges_connector.doctor.probes import (
    CALL_BYTES,
    ActionServer,
    Address,
    Connection,
    OtherProtocolError,
    ask_action_server,
    connect,
    resolve,
)

SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
LONG_AGO, FAR_AHEAD = datetime(2020, 1, 2, tzinfo=UTC), datetime(2990, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "address", "is_local"),
    [
        ("https://gapi-x.example/engagement/v3", Address("gapi-x.example", 443, True), False),  # noqa: FBT003 - a table
        ("http://127.0.0.1:8080/engagement/v3", Address("127.0.0.1", 8080, False), True),  # noqa: FBT003 - a table
        ("http://[::1]/", Address("::1", 80, False), True),  # noqa: FBT003 - a table
        ("http://localhost.example/", Address("localhost.example", 80, False), False),  # noqa: FBT003 - a table
    ],
)
def test_an_address_is_read_from_a_url(url: str, address: Address, is_local: bool) -> None:  # noqa: FBT001 - a table's column
    assert Address.of(url) == address
    assert Address.of(url).is_local is is_local


async def test_an_address_of_this_machine_resolves_to_itself() -> None:
    assert await resolve(Address("127.0.0.1", 80, is_tls=False)) == ("127.0.0.1",)


async def test_what_can_be_no_name_resolves_to_an_error() -> None:
    assert isinstance(await resolve(Address("a" * 70, 80, is_tls=False)), OSError)


@asynccontextmanager
async def secured(
    authority: trustme.CA, host: str = "127.0.0.1", **dates: Any
) -> AsyncIterator[Address]:
    """A server that speaks TLS and nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, **dates).configure_cert(context)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        yield Address("127.0.0.1", server.sockets[0].getsockname()[1], is_tls=True)


async def test_a_trusted_certificate_tells_when_it_ends() -> None:
    authority, trust = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trust)
    async with secured(authority) as address:
        found = await connect(address, trust)
    assert isinstance(found, Connection)
    assert found.is_tls
    assert found.tls_version
    assert found.ends_at is not None


async def test_a_certificate_of_an_unknown_authority_is_not_trusted() -> None:
    async with secured(trustme.CA()) as address:
        found = await connect(address, ssl.create_default_context())
    assert isinstance(found, ssl.SSLCertVerificationError)


@pytest.mark.parametrize(
    ("host", "dates", "is_known", "told", "step"),
    [
        ("127.0.0.1", {"not_after": LONG_AGO}, True, "has expired", "have it renewed"),
        ("127.0.0.1", {"not_before": FAR_AHEAD}, True, "is not valid yet", "the clock of this"),
        ("ges.example", {}, True, "is for another host", "in GES_BASE_URL, or have one made"),
        ("127.0.0.1", {}, False, "from an authority that is not known", "in SSL_CERT_FILE"),
    ],
)
async def test_each_thing_that_is_wrong_with_a_certificate_is_told_as_that(
    host: str,
    dates: dict[str, datetime],
    is_known: bool,  # noqa: FBT001 - a table's column
    told: str,
    step: str,
) -> None:
    authority, trust = trustme.CA(), ssl.create_default_context()
    if is_known:
        authority.configure_trust(trust)
    async with secured(authority, host, **dates) as address:
        error = await connect(address, trust)
    assert isinstance(error, ssl.SSLError)
    found = distrust_of(error, "ges:443", "GES_BASE_URL")
    assert told in found.told
    assert step in found.next_step


async def test_an_untrusted_action_server_is_told_by_what_is_wrong_with_its_certificate() -> None:
    async with secured(trustme.CA()) as address:
        url = f"https://{address.host}:{address.port}/webhook"
        found = check_action_server(url, await ask_action_server(url, SECRET), None)
    assert found.told == f"{url}: its certificate comes from an authority that is not known here"


@asynccontextmanager
async def action_server(ready: int, listed: object) -> AsyncIterator[str]:
    async def tell_ready(_: web.Request) -> web.Response:
        return web.json_response({"status": "x", "reason": "GesConfigurationError"}, status=ready)

    async def tell_actions(request: web.Request) -> web.Response:
        if request.headers.get("authorization") != f"Bearer {SECRET}":
            return web.json_response({"error": "Show the secret."}, status=401)
        return web.json_response(listed)

    app = web.Application()
    app.router.add_get("/ready", tell_ready)
    app.router.add_get("/actions", tell_actions)
    async with TestServer(app) as server:
        yield str(server.make_url("/webhook"))


async def test_an_action_server_lists_its_actions_to_whoever_shows_the_secret() -> None:
    async with action_server(200, [{"name": "a"}, {"name": "b"}, {}]) as url:
        found = await ask_action_server(url, SECRET)
        refused = await ask_action_server(url, "wrong")
    assert isinstance(found, ActionServer)
    assert (found.ready_status, found.actions) == (200, frozenset({"a", "b"}))
    assert isinstance(refused, ActionServer)
    assert (refused.list_status, refused.actions) == (401, None)


async def test_an_action_server_that_is_not_ready_tells_why() -> None:
    async with action_server(503, {"no": "list"}) as url:
        found = await ask_action_server(url, SECRET)
    assert isinstance(found, ActionServer)
    assert (found.ready_status, found.reason) == (503, "GesConfigurationError")
    assert found.actions is None


async def test_where_no_action_server_is_an_error_is_found(unused_tcp_port: int) -> None:
    found = await ask_action_server(f"http://127.0.0.1:{unused_tcp_port}", SECRET)
    assert isinstance(found, Exception)


@asynccontextmanager
async def answering(context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Something that answers with an empty page; gives its host and port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.read(1024)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_tls_where_plain_http_was_asked_is_told_with_the_right_url() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    async with answering(context) as place:
        found = await ask_action_server(f"http://{place}/webhook", SECRET)
    assert isinstance(found, OtherProtocolError)
    assert (found.spoken, found.right_url) == ("TLS", f"https://{place}/webhook")


async def test_plain_http_where_tls_was_asked_is_told_with_the_right_url() -> None:
    async with answering() as place:
        found = await ask_action_server(f"https://{place}", SECRET)
    assert isinstance(found, OtherProtocolError)
    assert (found.spoken, found.right_url) == ("plain HTTP", f"http://{place}/webhook")


async def test_grpc_is_known_by_its_greeting() -> None:
    server = aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    found = await ask_action_server(f"http://127.0.0.1:{port}", SECRET)
    await server.stop(None)
    assert isinstance(found, OtherProtocolError)
    assert (found.spoken, found.right_url) == ("gRPC", None)


@pytest.mark.parametrize(("most", "takes"), [(CALL_BYTES, False), (4 * CALL_BYTES, True)])
async def test_a_server_that_finds_calls_too_long_is_no_wrong_secret(
    most: int,
    takes: bool,  # noqa: FBT001 - a table's column
) -> None:
    async def hear(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"error": "This is not a call."}, status=422)

    async def ready(_: web.Request) -> web.Response:
        return web.json_response([])

    app = web.Application(client_max_size=most)
    app.router.add_get("/ready", ready)
    app.router.add_get("/actions", ready)
    app.router.add_post("/webhook", hear)
    async with TestServer(app) as server:
        found = await ask_action_server(str(server.make_url("/")), SECRET)
    assert isinstance(found, ActionServer)
    assert (found.list_status, found.takes_calls) == (200, takes)
