"""How long a turn waited for GES, and how long everything else took, told in response headers.

While an action runs, every exchange with GES notes when it began and ended. A turn that waits for
a request of another turn waits for that request's exchange, as far as it lies within its own wait;
an answer that was kept costs no wait. The time of GES is the union of these spans, so that four
requests side by side count once; own time is what is left of the turn. A turn counts from the
parsed request to the answer that is ready to be sent.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Final

import pluggy
from rasa_sdk.plugin import plugin_manager
from sanic import Sanic, response

from ges_connector.api.transport import PooledWire
from ges_connector.callbacks.shelf import Shelf

VARIABLE: Final = "BENCH_TIMING"
"""Set to have turns timed; without it nothing here is in the way of what is raced."""
OWN_MS: Final = "x-bench-own-ms"
GES_MS: Final = "x-bench-ges-ms"
_NAME: Final = "bench-timing"
_MOST_REMEMBERED: Final = 10_000

hook = pluggy.HookimplMarker("rasa_sdk")
Span = tuple[float, float]
_spans: ContextVar[list[Span] | None] = ContextVar("bench_spans", default=None)


@contextlib.contextmanager
def exchange() -> Iterator[None]:
    """Note that GES is being waited for."""
    began = time.perf_counter()
    try:
        yield
    finally:
        spans = _spans.get()
        if spans is not None:
            spans.append((began, time.perf_counter()))


def union_seconds(spans: list[Span]) -> float:
    """How long at least one of some spans lasted."""
    covered, reached = 0.0, 0.0
    for began, ended in sorted(spans):
        covered += max(0.0, ended - max(began, reached))
        reached = max(reached, ended)
    return covered


def register() -> None:
    """Time every turn of this process."""
    if plugin_manager().has_plugin(_NAME):
        return
    plugin_manager().register(_Timing(), name=_NAME)
    _watch_exchanges()
    _watch_shelf()


class _Timing:
    @hook
    def attach_sanic_app_extensions(self, app: Sanic[Any, Any]) -> None:
        app.register_middleware(_begin, "request")
        app.register_middleware(_end, "response")
        app.add_route(_process, "/bench/process", name="bench_process")


async def _begin(request: Any) -> None:
    request.ctx.began = time.perf_counter()
    request.ctx.spans = []
    _spans.set(request.ctx.spans)


async def _end(request: Any, answer: Any) -> None:
    taken = time.perf_counter() - request.ctx.began
    waited = union_seconds(request.ctx.spans)
    answer.headers[OWN_MS] = f"{1000 * (taken - waited):.3f}"
    answer.headers[GES_MS] = f"{1000 * waited:.3f}"


async def _process(_request: Any) -> Any:
    """Count the tasks of this worker's loop."""
    return response.json({"pid": os.getpid(), "tasks": len(asyncio.all_tasks())})


def _watch_exchanges() -> None:
    real = PooledWire.exchange

    async def watched(self: PooledWire, *args: Any) -> Any:
        with exchange():
            return await real(self, *args)

    # By name, because they are watched from outside, and no type checker likes that.
    setattr(PooledWire, real.__name__, watched)


def _watch_shelf() -> None:
    """Tell each turn the exchanges behind the facts it waited for, whoever asked for them."""
    real_fact, real_find = Shelf.fact, Shelf._find  # noqa: SLF001 - where requests are shared
    behind: dict[int, list[Span]] = {}

    async def find(self: Shelf, *args: Any) -> Any:
        # Runs in a task of its own, so this does not touch the turn's own list.
        spans: list[Span] = []
        _spans.set(spans)
        fact = await real_find(self, *args)
        behind[id(fact)] = spans
        if len(behind) > _MOST_REMEMBERED:
            del behind[next(iter(behind))]
        return fact

    async def fact(self: Shelf, *args: Any, **named: Any) -> Any:
        began = time.perf_counter()
        found: Any = await real_fact(self, *args, **named)
        ended = time.perf_counter()
        turn = _spans.get()
        if turn is not None:
            for sent, answered in behind.get(id(found), ()):
                if answered > began:
                    turn.append((max(sent, began), min(answered, ended)))
        return found

    setattr(Shelf, real_find.__name__, find)
    setattr(Shelf, real_fact.__name__, fact)
