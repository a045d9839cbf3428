"""The real actions in this process: two workers that share a store, and can be started anew."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self, cast

from pydantic import SecretStr
from rasa_sdk.executor import ActionExecutor

from actions import runtime
from campaign.centre import KEY, SERVICE
from campaign.plans import PATIENCE_SECONDS
from ges_connector.api import GesClient, GesSettings
from ges_connector.api.retry import RetryPolicy
from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.callbacks.service import CallbackService
from ges_connector.store import InProcessStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

WORKERS = 2
_worker: ContextVar[int] = ContextVar("campaign_worker", default=0)


def config(*, is_circuit_quick: bool) -> CallbackConfig:
    """What the contact centre of a campaign offers.

    Args:
        is_circuit_quick: Then the budget of requests is switched off as well: a campaign asks more
            in a second than customers do.
    """
    return CallbackConfig.from_mapping(
        {
            "patience": {"booking_seconds": PATIENCE_SECONDS, "chat_seconds": 2.0},
            "budget": {"requests_per_second": None if is_circuit_quick else 200},
            "topics": {
                "campaign": {
                    "service_name": SERVICE,
                    "static_number": "+493023125000",
                    "office_zone": "Europe/Berlin",
                    "countries": ["DE"],
                    "languages": ["en", "de"],
                    "offer": {"min_wait_seconds": 0, "quiet_hours": None},
                }
            },
        }
    )


def settings(base_url: str, *, is_circuit_quick: bool) -> GesSettings:
    """How the contact centre of a campaign is reached."""
    usual = GesSettings.model_fields
    first = usual["circuit_first_pause_seconds"].default
    longest = usual["circuit_max_pause_seconds"].default
    return GesSettings(
        base_url=base_url,
        api_key=SecretStr(KEY),
        region=None,
        api_key_file=None,
        proxy_url=None,
        circuit_first_pause_seconds=0.01 if is_circuit_quick else first,
        circuit_max_pause_seconds=0.1 if is_circuit_quick else longest,
    )


class _Workers:
    """Stands where the actions look for their runtime, and gives each worker its own."""

    def __init__(self) -> None:
        self.opened: list[runtime.Runtime] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.opened[_worker.get() % len(self.opened)], name)


def _service(
    client: Callable[[], GesClient],
    offered: CallbackConfig,
    clock: Callable[[], datetime],
    store: InProcessStore,
) -> CallbackService:
    return CallbackService(client, offered, clock=clock, store=store)


class Inside:
    """Runs the actions in this process. Use it as an async context manager.

    Args:
        base_url: Where the contact centre is; asked for each time a service is opened.
        now: Tells its time.
        is_circuit_quick: Whether the circuit's pauses are short.
        make_service: Makes the callback service; tests make one that is broken.
    """

    def __init__(
        self,
        base_url: Callable[[], str],
        now: Callable[[], datetime],
        *,
        is_circuit_quick: bool,
        make_service: Callable[..., CallbackService] = _service,
    ) -> None:
        self._base_url = base_url
        self._now = now
        self._is_circuit_quick = is_circuit_quick
        self._make_service = make_service
        self._store = InProcessStore()
        self._workers = _Workers()
        self._over: list[runtime.Runtime] = []
        self._using = runtime.using(cast("runtime.Runtime", self._workers))
        self._executor = _executor()

    async def __aenter__(self) -> Self:
        self._using.__enter__()
        await self.restart()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._using.__exit__(None, None, None)
        for worker in (*self._over, *self._workers.opened):
            await worker.service.aclose()

    async def restart(self) -> None:
        """Start the workers anew; they know nothing of before but what is stored."""
        self._over += self._workers.opened
        self._workers.opened = [self._opened() for _ in range(WORKERS)]

    async def run(self, call: dict[str, Any], worker: int) -> dict[str, Any]:
        """Run one action; see `campaign.engine.Assistant`."""
        task = asyncio.create_task(self._run(call, worker))
        return await task

    async def _run(self, call: dict[str, Any], worker: int) -> dict[str, Any]:
        _worker.set(worker)
        result = await self._executor.run(call)
        if result is None:
            raise LookupError(call["next_action"])
        return {"events": result.events, "responses": result.responses}

    def _opened(self) -> runtime.Runtime:
        chosen = settings(self._base_url(), is_circuit_quick=self._is_circuit_quick)
        quick = RetryPolicy(first_delay_seconds=0.01, max_delay_seconds=0.05)
        offered = config(is_circuit_quick=self._is_circuit_quick)
        service = self._make_service(
            lambda: GesClient(chosen, retry=quick), offered, self._now, self._store
        )
        return runtime.Runtime(offered, runtime.wording(), service, self._now)


def _executor() -> ActionExecutor:
    made = ActionExecutor()
    made.register_package("actions")
    return made
