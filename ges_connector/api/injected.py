"""Goes to GES by an httpx client or transport that the caller brings, or by none: in process.

Loaded only where somebody brings one: the pool of `transport` does without httpx, which would take
some megabytes of every process of an action server.
"""

from __future__ import annotations

import asyncio
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
from typing_extensions import override

from ges_connector.api.answers import Received
from ges_connector.api.transport import (
    FailureKind,
    WireFailure,
    _bounded,
    _Progress,
    _reason,
    _Stage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ges_connector.api.transport import Answerer, InjectedHttp, Outgoing, Patience

# The last of them slips through the aiohttp adapter of httpx now and then.
_HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError)
# Raised by transports only before a request is written; by anything around them at any moment.
_HTTPX_NEVER_SENT = (
    httpx.ConnectError,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
    httpx.InvalidURL,
)
_HTTPX_CONNECT_TIMEOUT = (httpx.ConnectTimeout, httpx.PoolTimeout)
# What is left of "not sent" when nothing proves it.
_OPEN_INSTEAD = {
    FailureKind.NEVER_SENT: FailureKind.BROKEN,
    FailureKind.CONNECT_TIMED_OUT: FailureKind.TIMED_OUT,
}
# Transports that hand a request over once and tell honestly how that went.
_CANDID_TRANSPORTS = frozenset(
    {
        ("httpx", "AsyncHTTPTransport"),
        ("httpx", "MockTransport"),
        ("httpx_aiohttp.transport", "AiohttpTransport"),
    }
)


class InjectedWire:
    """Goes through the caller's httpx client or transport and never closes it.

    A client keeps its own cookies, proxies and hooks; a bare transport gets none of these.

    A request counts as never sent if httpcore was seen failing to connect for it, or if one of the
    well-known transports, brought bare, says so. Anything else leaves the result of a write open.
    """

    def __init__(self, root_url: str, headers: Mapping[str, str], http: InjectedHttp) -> None:
        """Use what the caller brings.

        Args:
            root_url: Base URL, without a slash at its end.
            headers: Headers of every call.
            http: The caller's client or transport.
        """
        self._root_url = root_url
        self._headers = dict(headers)
        self._client = http if isinstance(http, httpx.AsyncClient) else _client_over(http)
        # The exact kind: a class derived from one of these may do anything.
        self._is_candid = (type(http).__module__, type(http).__qualname__) in _CANDID_TRANSPORTS

    async def exchange(self, outgoing: Outgoing, patience: Patience) -> Received:
        """Send a request the caller's way; see `Wire`."""
        progress = _Progress()
        if self._client.is_closed:
            raise WireFailure(FailureKind.NEVER_SENT, "the httpx client is closed")
        try:
            async with asyncio.timeout(patience.total_seconds):
                return await self._exchange(outgoing, patience, progress)
        except (*_HTTPX_ERRORS, OSError) as error:
            failure = _httpx_failure(error, progress, is_candid=self._is_candid)
        raise failure

    async def _exchange(
        self, outgoing: Outgoing, patience: Patience, progress: _Progress
    ) -> Received:
        request = self._client.build_request(
            outgoing.method,
            self._root_url + outgoing.target,
            content=outgoing.body or None,
            headers={**self._headers, **outgoing.headers},
            timeout=httpx.Timeout(
                patience.total_seconds,
                connect=patience.connect_seconds,
                pool=patience.connect_seconds,
            ),
            extensions={"trace": progress.trace},
        )
        progress.stage = _Stage.OUT_OF_SIGHT
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            status = response.status_code
            body = await _bounded(response.aiter_bytes(), status)
            return Received(status, body, response.headers.get("retry-after"))
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Leave the caller's client alone."""


def _client_over(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(transport=transport, trust_env=False, cookies=no_cookies)


def _httpx_failure(error: Exception, progress: _Progress, *, is_candid: bool) -> WireFailure:
    # The aiohttp adapter of httpx calls a connection dropped after sending a connect time-out, so
    # what it says is read off the exception underneath.
    behind = error.__cause__ if isinstance(error, httpx.HTTPError) else error
    adapted = behind if isinstance(behind, aiohttp.ClientError) else None
    kind = _httpx_kind(error, progress) if adapted is None else _kind_behind_adapter(adapted)
    believed = progress.proves_unsent(error) or (
        is_candid and progress.stage is not _Stage.CONNECTED
    )
    if not believed:
        kind = _OPEN_INSTEAD.get(kind, kind)
    return WireFailure(kind, _reason(adapted or error))


def _httpx_kind(error: Exception, progress: _Progress) -> FailureKind:
    if isinstance(error, _HTTPX_NEVER_SENT):
        return FailureKind.NEVER_SENT
    if isinstance(error, _HTTPX_CONNECT_TIMEOUT):
        return FailureKind.CONNECT_TIMED_OUT
    if isinstance(error, httpx.TimeoutException):
        return FailureKind.TIMED_OUT
    if isinstance(error, TimeoutError):
        # Our own clock, which may strike just before the one httpx keeps for connecting.
        early = progress.stage is _Stage.CONNECTING
        return FailureKind.CONNECT_TIMED_OUT if early else FailureKind.TIMED_OUT
    return FailureKind.BROKEN


def _kind_behind_adapter(cause: aiohttp.ClientError) -> FailureKind:
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return FailureKind.CONNECT_TIMED_OUT
    if isinstance(cause, aiohttp.ClientConnectorError):
        return FailureKind.NEVER_SENT
    return FailureKind.TIMED_OUT if isinstance(cause, TimeoutError) else FailureKind.BROKEN


async def _untraced(_event: str, _info: Mapping[str, Any]) -> None:
    """Whoever is not asked to tell how far a request came does not."""


class InProcessTransport(httpx.AsyncBaseTransport):
    """Reaches something in this process; see `transport.in_process`.

    Args:
        answerer: What answers.
    """

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.aread()
        patience = request.extensions.get("timeout", {}).get("read")
        trace = request.extensions.get("trace", _untraced)
        sent = "in_process.send_request_headers.started"
        try:
            async with asyncio.timeout(patience):
                answer = await self._answerer.answer(request.method, path, query, headers, body)
            await trace(sent, {})
        except ConnectionRefusedError as error:
            await trace("in_process.connect.failed", {"exception": error})
            raise httpx.ConnectError(_reason(error), request=request) from error
        except TimeoutError as error:
            await trace(sent, {})
            raise httpx.ReadTimeout(_reason(error), request=request) from error
        except OSError as error:
            await trace(sent, {})
            raise httpx.ReadError(_reason(error), request=request) from error
        if answer.truncated:
            raise httpx.RemoteProtocolError("the body was cut off", request=request)
        return httpx.Response(
            answer.status, headers=dict(answer.headers), content=answer.body, request=request
        )
