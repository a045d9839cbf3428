"""`GET /metrics` of the action server: what all its workers have counted, for Prometheus.

It needs the extra `telemetry`; without it the page says so, and counting costs nothing. It
asks for a secret, as all pages but `/health` and `/ready` do.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sanic import response

from actions.guard import METRICS, answer
from ges_connector.extras import missing
from ges_connector.telemetry import exposition

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)


def prepare(app: Sanic[Any, Any]) -> None:
    """Give a server that is being made the page, and its workers a place to count into."""
    if not exposition.is_installed():
        app.add_route(_absence, METRICS, methods=["GET"])
        return
    try:
        exposition.prepare_folder()
    except OSError as error:
        logger.warning("Nothing is measured: no folder for it: %s", error.strerror)
        return
    app.register_listener(_count, "before_server_start")
    app.add_route(_page, METRICS, methods=["GET"])


async def _count(_app: Sanic[Any, Any]) -> None:
    try:
        is_shown = exposition.count_here()
    except OSError as error:
        logger.warning("Nothing is measured: the folder for it: %s", error.strerror)
        return
    if not is_shown:
        logger.info("Measurements go where this process was told to send them; not to %s.", METRICS)


async def _absence(_request: Any) -> HTTPResponse:
    return answer(
        HTTPStatus.NOT_FOUND, error=f"Nothing is measured here: {missing(METRICS, 'telemetry')}"
    )


async def _page(_request: Any) -> HTTPResponse:
    try:
        # Many topics make a long page; those who talk meanwhile must not wait for it.
        shown = await asyncio.to_thread(exposition.page)
        return response.raw(shown, content_type=exposition.CONTENT_TYPE)
    except (OSError, ValueError) as error:
        logger.warning("There is nothing to show at %s: %s", METRICS, type(error).__name__)
        return answer(HTTPStatus.SERVICE_UNAVAILABLE)
