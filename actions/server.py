"""What the SDK's HTTP server gets besides the actions: a guard, a service per worker, readiness.

Nothing starts that anybody could call: without a secret (`actions.access`) the server ends at once,
but for the demo. `GET /ready` answers 200 once this worker can serve actions, and 503 with the
reason's kind while it cannot; it tells besides whether GES and the store answer, which changes
nothing: it is while GES is down that customers need to be told so, and given a number to ring.
`GET /health` of the SDK only says that the process answers.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, Any, Final

import pluggy
from sanic import response

from actions import log_lines, measuring, runtime, tracing
from actions.access import DEMO_VARIABLE, AccessSettings, AccessSettingsError
from actions.guard import Guard
from actions.reloading import ConfigWatch, ReloadSettingsError, seconds_between
from actions.stopping import make_stoppable
from ges_connector.api import Deadline
from ges_connector.callbacks import counting
from ges_connector.callbacks.config_file import config_file
from ges_connector.language import locales, warm_up
from ges_connector.language.formats import Style, tell_count
from ges_connector.store.settings import StoreSettings

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.response import HTTPResponse

    from ges_connector.callbacks.profile import TopicProfile

_PROBE_SECONDS: Final = 1.0
"""Who asks whether a server is ready waits no longer: an impatient probe gives up after one."""

logger = logging.getLogger(__name__)
hook = pluggy.HookimplMarker("rasa_sdk")


class CallbackServer:
    """The plugin that the SDK's plugin manager knows."""

    @hook
    def attach_sanic_app_extensions(self, app: Sanic[Any, Any]) -> None:
        """Guard the routes; open the service when a worker starts, close it when it stops.

        Raises:
            SystemExit: Anybody could call this server, or guess how to; or a setting is wrong.
        """
        try:
            seconds_between(os.environ)
            log_lines.check(os.environ)
        except (ReloadSettingsError, log_lines.LogSettingsError) as error:
            raise SystemExit(str(error)) from None
        log_lines.show()
        tracing.mend()
        measuring.prepare(app)
        make_stoppable(app)
        app.register_listener(_open, "before_server_start")
        app.register_listener(_close, "after_server_stop")
        guard().stand_before(app)
        app.add_route(_ready, "/ready", methods=["GET"])


def guard() -> Guard:
    """Make the guard that the environment asks for.

    Raises:
        SystemExit: It asks for none that would keep anybody out.
    """
    is_demo = os.environ.get(DEMO_VARIABLE) == "1"
    try:
        settings = AccessSettings()
        return Guard(settings, settings.secrets(is_demo=is_demo), settings.metrics_secrets())
    except AccessSettingsError as error:
        faults = "\n".join(f"  {fault}" for fault in error.faults)
        raise SystemExit(f"The action server is not opened:\n{faults}") from None


async def _open(app: Sanic[Any, Any]) -> None:
    log_lines.show()
    seconds = seconds_between(os.environ)
    if seconds:
        watch = ConfigWatch(config_file(os.environ))
        app.ctx.config_watch = asyncio.create_task(watch.look_every(seconds))
    try:
        opened = runtime.runtime()
    except Exception:  # noqa: BLE001 - a worker that cannot serve has said so, and is asked again
        return
    counting.begin(opened.config)
    for topic in opened.config.topics.values():
        _warm_up(topic)


def _warm_up(topic: TopicProfile) -> None:
    """Load what the first customers would wait for, and everybody else with them.

    A customer's locale has a region: the one most speakers live in, or that of their number, which
    is most often the topic's first country.
    """
    for language in topic.languages:
        for locale in {locales.regional(language), locales.regional(language, *topic.countries)}:
            warm_up([locale])
            for style in Style:
                tell_count(1, locale, style=style)


async def _close(app: Sanic[Any, Any]) -> None:
    watch = getattr(app.ctx, "config_watch", None)
    if watch is not None:
        watch.cancel()
    await runtime.close()


async def _ready(_request: Any) -> HTTPResponse:
    try:
        service = runtime.runtime().service
    except Exception as error:  # noqa: BLE001 - whatever it is, this worker is not ready
        return response.json({"status": "not ready", "reason": type(error).__name__}, status=503)
    reach = await service.reach(Deadline.after(_PROBE_SECONDS))
    store = "answers" if reach.is_store_there else "unreachable"
    if StoreSettings().place() is None:
        store = "none"
    return response.json({"status": "ready", "ges": reach.ges_trouble or "answers", "store": store})
