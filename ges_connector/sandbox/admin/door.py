"""The way in to the admin API: finds the operation, keeps strangers out, renders faults."""

import logging
from collections.abc import Mapping
from inspect import isawaitable
from urllib.parse import parse_qs, unquote, urlsplit

from ges_connector.sandbox.admin.operations import (
    ADMIN_ROUTES,
    AdminCall,
    AdminError,
    AdminRoute,
)
from ges_connector.sandbox.description import DESCRIPTION_PATH, description_answer
from ges_connector.sandbox.loopback import is_loopback_authority
from ges_connector.sandbox.store import NOT_KEPT, StoreError
from ges_connector.sandbox.surface.json_body import MAX_BODY_BYTES
from ges_connector.sandbox.wire import WireAnswer, WireRequest, json_answer
from ges_connector.sandbox.world import World

logger = logging.getLogger(__name__)


class _WrongMethodError(AdminError):
    def __init__(self, allowed: str) -> None:
        super().__init__("method", f"has to be one of {allowed}", 405)
        self.allowed = allowed


def is_admin_path(path: str) -> bool:
    """Whether a path belongs to the sandbox itself and not to GES."""
    return path in ("/health", "/sandbox") or path.startswith("/sandbox/")


async def answer_admin(world: World, request: WireRequest) -> WireAnswer:
    """Serves a request; never raises for anything a caller can send.

    Whatever is wrong with it is answered with a 4xx and
    `{"error": {"field": ..., "message": ...}}`.
    """
    try:
        _check_host(world, request)
        _check_origin(request.headers)
        if (request.method, request.path) == ("GET", DESCRIPTION_PATH):
            return description_answer()
        route, parts = _find(request)
        _check_length(request.body)
        content = route.handle(AdminCall(world, _tenant(request.query), parts, request.body))
        if isawaitable(content):
            content = await content
        world.commit()
    except _WrongMethodError as error:
        return _error(error.status, error.field, error.message).with_headers(
            {"allow": error.allowed}
        )
    except AdminError as error:
        return _error(error.status, error.field, error.message)
    except StoreError as error:
        logger.warning("%s", error)
        return _error(500, "state", NOT_KEPT)
    return json_answer(200, content)


def _error(status: int, field_name: str, message: str) -> WireAnswer:
    return json_answer(status, {"error": {"field": field_name, "message": message}})


def _check_host(world: World, request: WireRequest) -> None:
    """Keeps out web pages whose own name was made to resolve to this machine.

    Calls without a Host header come from no browser. Health checks tell nothing worth keeping.
    """
    host = request.headers.get("host")
    if not world.loopback_only or host is None or request.path == "/health":
        return
    if not is_loopback_authority(host):
        raise AdminError(
            "host", "has to be localhost, 127.0.0.1 or [::1]; the sandbox listens to no other", 403
        )


def _check_origin(headers: Mapping[str, str]) -> None:
    """Keeps out web pages that the sandbox did not serve itself."""
    origin = headers.get("origin")
    if origin is None:
        return
    try:
        authority = urlsplit(origin).netloc
    except ValueError:
        authority = ""
    if authority != headers.get("host"):
        raise AdminError("origin", "the admin API serves no web pages from elsewhere", 403)


def _check_length(body: bytes) -> None:
    if len(body) > MAX_BODY_BYTES:
        raise AdminError("body", f"is longer than {MAX_BODY_BYTES} bytes", 413)


def _find(request: WireRequest) -> tuple[AdminRoute, Mapping[str, str]]:
    fitting = [
        (route, parts) for route in ADMIN_ROUTES if (parts := route.parts(request.path)) is not None
    ]
    for route, parts in fitting:
        if route.method == request.method:
            return route, {name: unquote(part) for name, part in parts.items()}
    if fitting or request.path == DESCRIPTION_PATH:
        raise _WrongMethodError(", ".join(route.method for route, _ in fitting) or "GET")
    raise AdminError("path", f"is not known to the sandbox; {DESCRIPTION_PATH} lists what is", 404)


def _tenant(query: str) -> str | None:
    try:
        values = parse_qs(query, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise AdminError("tenant", "cannot be read from the query") from error
    return values.get("tenant", [None])[0]
