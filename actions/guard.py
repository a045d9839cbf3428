"""Stands before the routes of the action server: who calls, how much, and what is answered.

`/health` and `/ready` are open. Everything else needs the secret, `/metrics` one of its own where
there is one, and is refused before its body is read. No answer holds anything of the request: what
the SDK and Sanic would say about a mistake is replaced by one of a few fixed sentences.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from sanic import response
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.request import Request
from typing_extensions import override

from actions.access import is_near, shown_secret
from actions.intake import CallRefusedError, read_call
from actions.log_lines import place_of
from actions.turnstile import Turnstile

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.response import HTTPResponse

    from actions.access import AccessSettings, Secrets

logger = logging.getLogger(__name__)

WEBHOOK: Final = "/webhook"
METRICS: Final = "/metrics"
_OPEN: Final = frozenset({"/health", "/ready"})
_DOMAIN_MISSING: Final = 449
_FIRST: Final = 100
"""Of what looks at requests, before what the SDK has look at them."""
_MADE_UP: Final = "NONE"
"""The method of requests that nobody sent."""
_UNCAUGHT: Final = "connection_task"
"""In the line about a mistake that ended a connection."""
_QUERY: Final = re.compile(r"\?[^\s'\">]*")
_ERRORS: Final = {
    HTTPStatus.BAD_REQUEST: "This is not a call.",
    HTTPStatus.UNAUTHORIZED: "Show the secret.",
    HTTPStatus.FORBIDDEN: "Not from there.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Not this way.",
    HTTPStatus.REQUEST_TIMEOUT: "It took too long.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "It is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "It cannot be read.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "This is not a call.",
    HTTPStatus.TOO_MANY_REQUESTS: "Not so fast.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not now.",
    _DOMAIN_MISSING: "The domain is missing.",
}


class Guard:
    """What one worker lets in.

    Args:
        settings: How much, and from where.
        secrets: What callers show; with none, callers on this machine need none.
        metrics_secrets: What shows the metrics; with none, what callers show does.
    """

    def __init__(
        self, settings: AccessSettings, secrets: Secrets, metrics_secrets: Secrets | None = None
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._metrics_secrets = metrics_secrets or secrets
        self._turnstile = Turnstile(settings)

    def stand_before(self, app: Sanic[Any, Any]) -> None:
        """Take the place before the routes of a server that is being made."""
        app.config.REQUEST_MAX_SIZE = self._settings.max_bytes
        app.config.REQUEST_TIMEOUT = max(1, round(self._settings.read_seconds))
        app.error_handler = DiscreetErrors()
        app.request_class = NamelessRequest
        app.add_signal(self._admit, "http.routing.before")
        app.register_middleware(self._read, "request", priority=_FIRST)
        app.register_middleware(_closed_answer, "response")
        keep_queries_out_of_logs()

    async def _admit(self, request: Request[Any, Any]) -> None:
        """Let a request in, with its body, or refuse it before the body is read."""
        request.ctx.is_admitted, request.ctx.refused_with = False, None
        if _path(request) not in _OPEN:
            await self._check(request)
        try:
            async with asyncio.timeout(self._settings.read_seconds):
                await request.receive_body()
        except TimeoutError:
            # Sanic would go on waiting for the rest before it closes the connection.
            request.stream.request_body = None
            request.stream.keep_alive = False
            raise _refusal(request, HTTPStatus.REQUEST_TIMEOUT) from None
        request.ctx.is_admitted = True

    async def _check(self, request: Request[Any, Any]) -> None:
        refused = self._refused(request)
        if refused is not None:
            is_told = await self._turnstile.explains_to(request.ip)
            raise _refusal(request, refused if is_told else HTTPStatus.TOO_MANY_REQUESTS)
        if not await self._turnstile.lets_in(request.ip):
            raise _refusal(request, HTTPStatus.TOO_MANY_REQUESTS)

    def _refused(self, request: Request[Any, Any]) -> HTTPStatus | None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        near = is_near(request.ip, headers)
        if self._settings.loopback_only and not near:
            return HTTPStatus.FORBIDDEN
        secrets = self._metrics_secrets if _path(request) == METRICS else self._secrets
        if not secrets:
            return None if near else HTTPStatus.FORBIDDEN
        shown = shown_secret(headers, request.query_string)
        is_shown = shown is not None and secrets.hold(shown)
        return None if is_shown else HTTPStatus.UNAUTHORIZED

    async def _read(self, request: Request[Any, Any]) -> HTTPResponse | None:
        """Read a call in place of the SDK, which takes what it finds read."""
        if not getattr(request.ctx, "is_admitted", False):
            # Answered here, since the SDK would tell whoever asks for OPTIONS that all is well.
            refused = getattr(request.ctx, "refused_with", None)
            return None if refused is None else answer(refused)
        if _path(request) != WEBHOOK or request.method != "POST":
            return None
        try:
            request.parsed_json = read_call(
                request.body,
                request.headers.get("content-encoding"),
                max_bytes=self._settings.max_bytes,
                max_depth=self._settings.max_depth,
            )
        except CallRefusedError as refusal:
            return answer(refusal.status)
        # The SDK would uncompress the body again, whatever comes of it.
        request.headers.popall("content-encoding", None)
        return None


class NamelessRequest(Request[Any, Any]):
    """A request that has no address where none could be read from it.

    Sanic answers what it cannot read through a request that it makes up, of the method `NONE` and
    with the address as it came: one that is no address would end the connection with a traceback.
    """

    @override
    def __init__(
        self, url_bytes: bytes, headers: Any, version: str, method: str, *more: Any, **named: Any
    ) -> None:
        known = b"*" if method == _MADE_UP else url_bytes
        super().__init__(known, headers, version, method, *more, **named)


class DiscreetErrors(ErrorHandler):
    """Answers every exception with a fixed sentence; the log learns its kind and place."""

    @override
    def response(self, request: Request[Any, Any], exception: BaseException) -> HTTPResponse:
        status = getattr(exception, "status_code", None) or HTTPStatus.INTERNAL_SERVER_ERROR
        # Whoever hangs up is no failure of ours, and strangers could fill the log with it.
        is_ours = not isinstance(exception, asyncio.CancelledError)
        if is_ours and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.error("A request failed: %s", place_of(exception))
        return answer(status)


def _path(request: Request[Any, Any]) -> str:
    """The path of the route that serves a request: Sanic heeds no slashes behind it."""
    path: str = request.path
    return path.rstrip("/")


def _refusal(request: Request[Any, Any], status: HTTPStatus) -> Exception:
    """Make what ends a request that is not let in."""
    request.ctx.refused_with = status
    refusal: Exception = SanicException(status.phrase, status_code=int(status), quiet=True)
    return refusal


def answer(status: int, **more: str) -> HTTPResponse:
    """Make an answer that says no more than its status.

    Args:
        status: HTTP status of an error.
        more: What the engine has to know besides; `error` tells more than the usual sentence.
    """
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["retry-after"] = "1"
    body = {"error": _ERRORS.get(status, "It failed."), **more}
    return response.json(body, status=int(status), headers=headers)


async def _closed_answer(request: Request[Any, Any], given: HTTPResponse) -> HTTPResponse | None:
    """Replace what the SDK says about a call that failed: it quotes the call."""
    if _path(request) != WEBHOOK or given.status < HTTPStatus.BAD_REQUEST:
        return None
    return answer(given.status, **_rejecting(given))


def _rejecting(given: HTTPResponse) -> dict[str, str]:
    """The action that rejected its own execution: the engine reads its name from the answer."""
    if given.status != HTTPStatus.BAD_REQUEST:
        return {}
    said = json.loads(given.body or b"{}")
    name = said.get("action_name") if isinstance(said, dict) else None
    if isinstance(name, str) and name.isascii() and name.isidentifier():
        return {"action_name": name}
    return {}


class _WithoutQueries(logging.Filter):
    """Takes out the query of addresses, where the secret may be, and the text of mistakes."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and _UNCAUGHT in str(record.msg):
            # A traceback quotes what a stranger sent, in dozens of lines.
            record.msg = f"{record.msg}: {place_of(error)}"
            record.exc_info = None
        record.msg = _QUERY.sub("?…", str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(
                _QUERY.sub("?…", each) if isinstance(each, str) else each for each in record.args
            )
        if isinstance(getattr(record, "request", None), str):
            record.request = _QUERY.sub("?…", vars(record)["request"])
        return True


def keep_queries_out_of_logs() -> None:
    """See to it that Sanic writes no query to its logs, from now on."""
    for name in ("sanic.root", "sanic.access", "sanic.error", "sanic.server"):
        log = logging.getLogger(name)
        if not any(isinstance(each, _WithoutQueries) for each in log.filters):
            log.addFilter(_WithoutQueries())
