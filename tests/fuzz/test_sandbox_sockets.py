"""Whatever bytes reach the sandbox's port, it answers without a 5xx or hangs up, and stays."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.admin.operations import ADMIN_ROUTES
from ges_connector.sandbox.surface.routes import BASE_PATH, ROUTES
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import RunningServer, running_server, standing_sandbox

PATIENCE_SECONDS = 30.0
FEW = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=5_000)

# Ordered faults may end in a 5xx, and moving the clock by years takes its time: not these two.
targets = st.sampled_from(
    [
        *(f"{BASE_PATH}{route.path}" for route in ROUTES),
        *(
            route.path
            for route in ADMIN_ROUTES
            if not any(word in route.path for word in ("fault", "clock", "profile", "reset"))
        ),
        *(
            "/",
            "*",
            "http://elsewhere.invalid/x",
            "//",
            "/%",
            "/%00",
            "/\u00e9",
            "/../../etc/passwd",
        ),
        *("/sandbox", "/sandbox/state?a=%ff", "/" + "a" * 9000, "/a b", "?", "#", ""),
    ]
)
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT", "get", ""])
versions = st.sampled_from(["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP", ""])
headers = st.lists(
    st.sampled_from(
        [
            *("x-api-key: sandbox-key", "x-api-key: a", "X-Api-Key: sandbox-key", "x-api-key:"),
            *(
                "host: 127.0.0.1",
                "host: a\r\nhost: b",
                "content-type: application/json",
                "accept: */*",
            ),
            *("content-length: 2", "content-length: 9", "content-length: -1", "content-length: x"),
            *("content-length: 99999999999999999999", "transfer-encoding: chunked", "expect: x"),
            *("transfer-encoding: chunked, x", "content-encoding: gzip", "expect: 100-continue"),
            *("connection: close", "connection: upgrade\r\nupgrade: websocket", "origin: null"),
            *(" folded", "no colon", ": nameless", "a\0b: c", "x: \xff", "x: " + "y" * 9000),
            *("x-correlation-id: \r", "accept-language: " + "de," * 500, "range: bytes=0-"),
        ]
    ),
    max_size=6,
)
usual = st.sampled_from([["host: 127.0.0.1", "x-api-key: sandbox-key"], ["host: localhost"], []])
bodies = st.one_of(
    st.sampled_from(
        [b"", b"{}", b"[]", b"{", b"2\r\n{}\r\n0\r\n\r\n", b"fffffffff\r\n", b"-1\r\n"]
    ),
    st.binary(max_size=60),
    st.dictionaries(st.text(max_size=6), st.integers() | st.text(max_size=6), max_size=3).map(
        lambda content: json.dumps(content).encode()
    ),
)


@st.composite
def requests(draw: Callable[[Any], Any]) -> bytes:
    """A request as bytes, somewhere between good and none at all."""
    line = f"{draw(methods)} {draw(targets)} {draw(versions)}"
    text = "\r\n".join([line, *draw(usual), *draw(headers), "", ""])
    raw: bytes = text.encode("utf-8") + draw(bodies)
    for _ in range(draw(st.sampled_from([0, 0, 1, 3]))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 8)))
        raw = raw[:start] + draw(st.binary(max_size=4) | st.just(b"\r\n")) + raw[end:]
    return raw


messages = st.one_of(
    requests(),
    st.lists(requests(), min_size=2, max_size=4).map(b"".join),
    st.binary(max_size=200),
    st.sampled_from(
        [b"\x16\x03\x01\x02\x00\x01\x00", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n" * 50]
    ),
)


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running_server(standing_sandbox(MONDAY)) as running:
        yield running


def connected(server: RunningServer) -> socket.socket:
    address = urlsplit(server.admin_url)
    return socket.create_connection((address.hostname or "", address.port or 0), PATIENCE_SECONDS)


def received(connection: socket.socket) -> bytes:
    """All that comes until the other side has hung up."""
    pieces = []
    with suppress(ConnectionError):  # hanging up is an answer to what is no HTTP
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def check(server: RunningServer, message: bytes) -> None:
    with connected(server) as connection:
        with suppress(ConnectionError):
            connection.sendall(message)
        # While this is answered, the bytes above are read: an end of them would stop the answer.
        check_health(server)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        answer = received(connection)
    # aiohttp answers in the version it was asked in, whatever that is.
    assert not answer or re.match(rb"HTTP/\d\.\d \d{3} ", answer), answer[:200]
    # 501 is for a method that HTTP does not have, 505 for a version of it.
    statuses = {int(status) for status in re.findall(rb"HTTP/\d\.\d (\d{3}) ", answer)}
    assert {each for each in statuses if each >= 500} <= {501, 505}, answer[:200]
    assert b"Traceback" not in answer


def check_health(server: RunningServer) -> None:
    asked = b"GET /sandbox/state HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
    with connected(server) as connection:
        connection.sendall(asked)
        assert received(connection).startswith(b"HTTP/1.1 200 ")


@FEW
@given(messages)
def test_any_bytes_are_answered_or_hung_up_on(server: RunningServer, message: bytes) -> None:
    check(server, message)


@pytest.mark.campaign
@MANY
@given(messages)
def test_any_bytes_are_answered_or_hung_up_on_for_thousands(
    server: RunningServer, message: bytes
) -> None:
    check(server, message)
