"""Finds out about the way to GES and about the action server, without asking GES anything."""

from __future__ import annotations

import asyncio
import os
import ssl
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from socket import SOCK_STREAM
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PATIENCE_SECONDS: Final = 5.0
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_WEBHOOK: Final = "/webhook"
CALL_BYTES: Final = 64 * 1024
"""As long as a call of the engine may become in a long conversation."""
# The greeting of a client of HTTP/2, over which gRPC goes, with no settings of its own.
_HTTP_2: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04" + bytes(5)
_FRAME_HEAD_BYTES: Final = 9
_FRAME_TYPE, _SETTINGS_FRAME = 3, 4
_HTTPS: Final = "https://"


@dataclass(frozen=True, slots=True)
class Address:
    """Where something listens.

    Attributes:
        host: Its name or address.
        port: Its port.
        is_tls: Whether TLS is spoken there.
    """

    host: str
    port: int
    is_tls: bool

    @classmethod
    def of(cls, url: str) -> Self:
        """Read it from a URL of http or https."""
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        return cls(parts.hostname or "", port, parts.scheme == "https")

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, by its name or address."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that came about.

    Attributes:
        is_tls: Whether it is encrypted.
        tls_version: By which version of TLS.
        ends_at: When the far side's certificate ends, UTC.
    """

    is_tls: bool
    tls_version: str | None = None
    ends_at: datetime | None = None


class OtherProtocolError(OSError):
    """Something answers, and speaks another protocol than was spoken to it.

    Attributes:
        spoken: What it speaks.
        right_url: The URL that would be right; None if none would.
    """

    def __init__(self, spoken: str, right_url: str | None = None) -> None:
        super().__init__(f"{spoken} is spoken there")
        self.spoken = spoken
        self.right_url = right_url


@dataclass(frozen=True, slots=True)
class Preflight:
    """What a browser would be told that asks whether a page may call GES.

    Attributes:
        skew: How far our clock is ahead of the far side's; None if that told no time.
        allows_origin: Whether the page may.
        status: HTTP status of the answer.
    """

    skew: timedelta | None
    allows_origin: bool
    status: int = HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class ActionServer:
    """What an action server says of itself.

    Attributes:
        ready_status: HTTP status of `/ready`.
        list_status: HTTP status of `/actions`, which needs the secret.
        reason: Why it is not ready.
        actions: Names of its actions; None if it did not list them.
        takes_calls: Whether a call of `CALL_BYTES` is not too long for it, as far as it was asked.
    """

    ready_status: int
    list_status: int
    reason: str | None = None
    actions: frozenset[str] | None = field(default=None)
    takes_calls: bool = True


def reason_of(error: Exception) -> str:
    """Say in plain words why no connection came about."""
    code = getattr(error, "errno", None)
    # What asyncio says in its place tells the address once more.
    reason = os.strerror(code) if isinstance(error, ConnectionError) and code else None
    reason = reason or getattr(error, "strerror", None)
    return reason or ("no answer in time" if isinstance(error, TimeoutError) else "broken off")


async def resolve(address: Address) -> tuple[str, ...] | OSError:
    """Look a name up, as every call to GES does."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await loop.getaddrinfo(address.host, address.port, type=SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:
        return OSError("is no name")
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


async def connect(address: Address, trust: ssl.SSLContext | None) -> Connection | Exception:
    """Open a connection and close it again; nothing is sent.

    Args:
        address: Where.
        trust: Whose certificates are trusted; needed for TLS only.
    """
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(
                address.host, address.port, ssl=trust if address.is_tls else None
            )
    except (OSError, EOFError) as error:
        return error
    secured: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
    found = Connection(is_tls=False)
    if secured is not None:
        certificate = secured.getpeercert() or {}
        found = Connection(True, secured.version(), _end_of(certificate))  # noqa: FBT003 - named by its class
    writer.transport.abort()
    return found


def _end_of(certificate: Mapping[str, Any]) -> datetime | None:
    text = certificate.get("notAfter")
    if not isinstance(text, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)


async def ask_as_a_page(
    url: str,
    origin: str,
    *,
    clock: Callable[[], datetime],
    trust: ssl.SSLContext | None,
    proxy_url: str | None = None,
) -> Preflight | Exception:
    """Ask what a browser asks before a page calls GES; needs no key and does nothing.

    Args:
        url: Where a callback would be booked.
        origin: Origin of the page.
        clock: The clock that is compared, UTC.
        trust: Whose certificates are trusted; needed for TLS only.
        proxy_url: Proxy to go through.
    """
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-api-key, content-type",
    }
    limit = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
    before = clock()
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=False) as session,
            session.options(
                url, headers=headers, proxy=proxy_url, ssl=trust or True, allow_redirects=False
            ) as answer,
        ):
            here = before + (clock() - before) / 2
            allowed = answer.headers.get("access-control-allow-origin")
            skew = _skew(here, answer.headers.get("date"))
            return Preflight(skew, allowed in {origin, "*"}, answer.status)
    except (aiohttp.ClientError, OSError) as error:
        return error


def _skew(here: datetime, date: str | None) -> timedelta | None:
    try:
        there = None if date is None else parsedate_to_datetime(date)
    except ValueError:
        return None
    # The header tells whole seconds, so on average it lies half a second behind.
    return None if there is None else here - there - timedelta(seconds=0.5)


def base_of(url: str) -> str:
    """Give the address of an action server without `/webhook`."""
    return url.rstrip("/").removesuffix(_WEBHOOK).rstrip("/")


async def ask_action_server(url: str, secret: str | None) -> ActionServer | Exception:
    """Ask an action server whether it is ready, and which actions it has.

    Args:
        url: Its address, with or without `/webhook`.
        secret: What it wants to be shown.
    """
    base = base_of(url)
    limit = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
    shown = {} if secret is None else {"authorization": f"Bearer {secret}"}
    try:
        async with aiohttp.ClientSession(timeout=limit, trust_env=False) as session:
            async with session.get(f"{base}/ready") as answer:
                ready_status, said = answer.status, await _json(answer)
            async with session.get(f"{base}/actions", headers=shown) as answer:
                list_status, listed = answer.status, await _json(answer)
            is_open = list_status == HTTPStatus.OK
            takes_calls = not is_open or await _takes_calls(session, base, shown)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return await _explained(f"{base}{_WEBHOOK}", error)
    reason = said.get("reason") if isinstance(said, dict) else None
    return ActionServer(
        ready_status=ready_status,
        list_status=list_status,
        reason=reason if isinstance(reason, str) else None,
        actions=_names(listed) if is_open else None,
        takes_calls=takes_calls,
    )


async def _takes_calls(session: aiohttp.ClientSession, base: str, shown: dict[str, str]) -> bool:
    """Whether what is as long as a call is read; it names no action, so nothing is done."""
    body = {"next_action": None, "tracker": "x" * CALL_BYTES}
    async with session.post(f"{base}{_WEBHOOK}", headers=shown, json=body) as answer:
        return answer.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE


async def _explained(url: str, error: Exception) -> Exception:
    """Find out whether another protocol is spoken where a call broke off."""
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return OtherProtocolError("plain HTTP", f"http://{url.removeprefix(_HTTPS)}")
    if not isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientResponseError):
        return error
    address = Address.of(url)
    if await _speaks_grpc(address):
        return OtherProtocolError("gRPC")
    return await other_than_plain(url) or error


async def other_than_plain(url: str) -> OtherProtocolError | None:
    """Find out whether TLS is spoken where plain HTTP was; nothing is sent but its greeting.

    Args:
        url: Where plain HTTP was spoken.
    """
    address = Address.of(url)
    if address.is_tls:
        return None
    found = await connect(replace(address, is_tls=True), ssl.create_default_context())
    if isinstance(found, Connection | ssl.SSLCertVerificationError):
        return OtherProtocolError("TLS", f"{_HTTPS}{url.removeprefix('http://')}")
    return None


async def _speaks_grpc(address: Address) -> bool:
    writer = None
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection(address.host, address.port)
            writer.write(_HTTP_2)
            head = await reader.readexactly(_FRAME_HEAD_BYTES)
    except (OSError, EOFError):
        return False
    finally:
        if writer is not None:
            writer.transport.abort()
    return head[_FRAME_TYPE] == _SETTINGS_FRAME


async def _json(answer: aiohttp.ClientResponse) -> Any:
    try:
        return await answer.json(content_type=None)
    except ValueError:
        return None


def _names(listed: object) -> frozenset[str] | None:
    if not isinstance(listed, list):
        return None
    return frozenset(
        each["name"]
        for each in listed
        if isinstance(each, dict) and isinstance(each.get("name"), str)
    )
