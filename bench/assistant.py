"""The assistant beside what the SDK itself costs, a naive action, and the least a good one costs.

```
python -m bench.assistant
```

All run on the SDK's action server and are called as the engine calls them. Machines are noisy and
the processors are shared with the caller and with GES, so contestants take turns, and what counts
is their ratio.
"""

import asyncio
import contextlib
import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from bench.action_server import LANGUAGES, Configured, RunningServer, action_server, posting
from bench.conversation import SCRIPTS, Conversation, Post, Says, Script, customers, domain_json
from bench.facts import FACTS
from bench.measure import server
from bench.processes import (
    family,
    family_cpu_seconds,
    family_mib,
    load_average,
    resident_mib,
)

LATENCY_SECONDS: Final = 0.05
AT_ONCE: Final = (1, 16, 64)
_CALLS: Final = {1: 30, 16: 480, 64: 960}
_ROUNDS: Final = 3
_DOMAIN_CALLS: Final = 100
_TURNS_ALONE: Final = 15
_STARTS: Final = 3
_ASKS_WAIT: Final = Says("how long is the wait", "ask_wait", "utter_callback_wait")
_KEPT, _UNKEPT = "assistant", "assistant, no answer kept"
_ECHO, _NAIVE, _IDEAL = "empty action", "naive action", "ideal action"
_ONE_LANGUAGE: Final = "assistant, one language"
_MS: Final = 1000

Asked = Callable[[], Awaitable[Counter[str]]]


@dataclass(frozen=True, slots=True)
class Contestant:
    """An action on a server.

    Attributes:
        action: Its name.
        post: Reaches its server.
        pid: Its server.
    """

    action: str
    post: Post
    pid: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One round of one contestant.

    Attributes:
        per_second: Answered calls per second.
        cpu_ms: Milliseconds of its server's CPU per call.
        requests: GES requests per call.
    """

    per_second: float
    cpu_ms: float
    requests: float


class UnlikeWorkError(Exception):
    """Contestants did not ask GES for the same."""


async def measure() -> dict[str, object]:
    """Run everything; gives what `python -m bench.assistant` prints."""
    before = load_average()
    with server("-m", "bench.centre", "--canned") as (ges, _):
        figures = {
            "start-up and memory": await asyncio.to_thread(_start_up, ges),
            **await _races(ges),
        }
    return {
        "load average before and after": [before, load_average()],
        "GES latency after start-up, ms": LATENCY_SECONDS * _MS,
        **figures,
    }


async def _races(ges: Mapping[str, str]) -> dict[str, object]:
    async with contextlib.AsyncExitStack() as stack:
        keeping = stack.enter_context(action_server("bench.served", ges))
        forgetting = stack.enter_context(
            action_server("bench.served", ges, configured=Configured(keeps=False))
        )
        on_keeping = await stack.enter_async_context(posting(keeping))
        on_forgetting = await stack.enter_async_context(posting(forgetting))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        field = {
            _ECHO: Contestant("bench_echo", on_keeping, keeping.pid),
            _NAIVE: Contestant("bench_naive", on_keeping, keeping.pid),
            _IDEAL: Contestant("bench_ideal", on_keeping, keeping.pid),
            _KEPT: Contestant("action_tell_wait", on_keeping, keeping.pid),
            _UNKEPT: Contestant("action_tell_wait", on_forgetting, forgetting.pid),
        }

        async def asked() -> Counter[str]:
            async with http.get(f"{ges['url']}/bench/asked") as answer:
                return Counter(await answer.json())

        for contestant in field.values():
            await _run(contestant, calls=3, at_once=1, asked=asked)
        await http.put(f"{ges['url']}/bench/latency", data=str(LATENCY_SECONDS))
        return {
            "one turn of several facts": await _critical_path(field, http, ges, asked),
            "whole domain in every call, or none": await _domain(field[_ECHO]),
            "calls at once": {
                str(at_once): await _race(field, at_once=at_once, asked=asked)
                for at_once in AT_ONCE
            },
        }


# --- one turn -------------------------------------------------------------------------------------


async def _critical_path(
    field: Mapping[str, Contestant],
    http: aiohttp.ClientSession,
    ges: Mapping[str, str],
    asked: Asked,
) -> dict[str, object]:
    """Tell how many round trips to GES a turn lasts, and check that all ask for the same."""

    async def round_trip() -> None:
        headers = {"x-api-key": ges["key"]}
        async with http.get(ges["ges"] + FACTS[-1], headers=headers, raise_for_status=True) as got:
            json.loads(await got.read())

    taken: dict[str, list[float]] = {"one GES request": [], **{name: [] for name in field}}
    requests: dict[str, Counter[str]] = {name: Counter() for name in field}
    for _ in range(_TURNS_ALONE):
        taken["one GES request"].append(await _seconds(round_trip()))
        for name, contestant in field.items():
            before, body = await asked(), wait_question(contestant.action)
            taken[name].append(await _seconds(contestant.post(body)))
            requests[name] += await asked() - before
    _check_same_work(requests)
    trip = statistics.median(taken["one GES request"])
    return {
        "ms": {name: round(_MS * statistics.median(each), 1) for name, each in taken.items()},
        "GES round trips that it lasts": {
            name: round(statistics.median(taken[name]) / trip, 2) for name in field
        },
        "GES requests per turn": {
            name: round(each.total() / _TURNS_ALONE, 2) for name, each in requests.items()
        },
    }


def _check_same_work(requests: Mapping[str, Counter[str]]) -> None:
    if not requests[_NAIVE] == requests[_IDEAL] == requests[_UNKEPT]:
        raise UnlikeWorkError(str(requests))


async def _seconds(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


# --- many at once ---------------------------------------------------------------------------------


async def _race(
    field: Mapping[str, Contestant], *, at_once: int, asked: Asked
) -> dict[str, object]:
    seen: dict[str, list[Figure]] = {name: [] for name in field}
    for turn in range(_ROUNDS):
        for name, contestant in field.items():
            # It serves one after the other, however many wait: one round tells its pace.
            if name == _NAIVE and turn:
                continue
            calls = max(at_once, 8) if name == _NAIVE else _CALLS[at_once]
            seen[name].append(await _run(contestant, calls=calls, at_once=at_once, asked=asked))
    middle = {
        name: Figure(
            statistics.median(each.per_second for each in figures),
            statistics.median(each.cpu_ms for each in figures),
            statistics.median(each.requests for each in figures),
        )
        for name, figures in seen.items()
    }
    return {
        "calls per second": {name: round(each.per_second, 1) for name, each in middle.items()},
        "server CPU, ms per call": {name: round(each.cpu_ms, 2) for name, each in middle.items()},
        "GES requests per call": {name: round(each.requests, 2) for name, each in middle.items()},
        "calls per second over those of": {
            f"{other}: {own}": round(middle[own].per_second / middle[other].per_second, 2)
            for own, other in itertools.product((_KEPT, _UNKEPT), (_ECHO, _NAIVE, _IDEAL))
        },
    }


async def _run(contestant: Contestant, *, calls: int, at_once: int, asked: Asked) -> Figure:
    left = calls

    async def customer(number: int) -> None:
        nonlocal left
        body = wait_question(contestant.action, number)
        while left > 0:
            left -= 1
            answer = await contestant.post(body)
            said = [each["response"] for each in answer.body["responses"]]
            if said not in ([None], [_ASKS_WAIT.said]):
                raise UnlikeWorkError(f"{contestant.action} said {said}")

    before = await asked()
    cpu, began = family_cpu_seconds(contestant.pid), time.perf_counter()
    await asyncio.gather(*(customer(number) for number in range(at_once)))
    wall = time.perf_counter() - began
    cpu = family_cpu_seconds(contestant.pid) - cpu
    requests = (await asked() - before).total()
    return Figure(calls / wall, _MS * cpu / calls, requests / calls)


def wait_question(action: str, number: int = 0, domain: bytes | None = None) -> bytes:
    """What the engine posts when a customer asks for the wait.

    Args:
        action: Which action is to run.
        number: Which customer.
        domain: The domain to send along; None for none, which a bare server refuses.
    """
    script = Script("en-GB", "chat", (_ASKS_WAIT,))
    conversation = Conversation(_unreachable, script, f"customer-{number}")
    return conversation.body(action, _ASKS_WAIT, domain)


async def _unreachable(_: bytes) -> Any:
    raise NotImplementedError


async def _domain(empty: Contestant) -> dict[str, object]:
    """What the engine's habit of sending its domain along costs: `engine/endpoints.yml` ends it."""
    bodies = {
        "whole domain": wait_question(empty.action, domain=domain_json()),
        "none": wait_question(empty.action),
    }
    spent = dict.fromkeys(bodies, 0.0)
    for _, (name, body) in itertools.product(range(_ROUNDS), bodies.items()):
        before = family_cpu_seconds(empty.pid)
        for _ in range(_DOMAIN_CALLS):
            await empty.post(body)
        spent[name] += family_cpu_seconds(empty.pid) - before
    return {
        "kB per call": {name: len(body) // 1000 for name, body in bodies.items()},
        "server CPU of an empty action, ms per call": {
            name: round(_MS * each / _ROUNDS / _DOMAIN_CALLS, 2) for name, each in spent.items()
        },
    }


# --- start-up and memory --------------------------------------------------------------------------


def _start_up(ges: Mapping[str, str]) -> dict[str, object]:
    """Start all in turn; memory is read after conversations in their languages."""
    kinds = {
        "bare": ("bench.bare", LANGUAGES),
        _ONE_LANGUAGE: ("actions", LANGUAGES[:1]),
        "assistant": ("actions", LANGUAGES),
    }
    seconds: dict[str, list[float]] = {name: [] for name in kinds}
    whole: dict[str, list[float]] = {name: [] for name in kinds}
    worker: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(_STARTS):
        for name, (package, languages) in kinds.items():
            with action_server(package, ges, configured=Configured(languages)) as running:
                asyncio.run(_use(running, languages if package == "actions" else ()))
                seconds[name].append(running.start_seconds)
                whole[name].append(family_mib(running.pid))
                worker[name].append(max(resident_mib(each) for each in family(running.pid)))
    medians = {
        what: {name: statistics.median(each) for name, each in figures.items()}
        for what, figures in (("seconds", seconds), ("all", whole), ("worker", worker))
    }
    more = {
        what: {name: figures[name] - figures["bare"] for name in ("assistant", _ONE_LANGUAGE)}
        for what, figures in medians.items()
    }
    return {
        "seconds until /health answers": _rounded(medians["seconds"]),
        "start-up over the bare server's": round(
            medians["seconds"]["assistant"] / medians["seconds"]["bare"], 2
        ),
        "resident MiB, all processes": _rounded(medians["all"]),
        "resident MiB, largest process": _rounded(medians["worker"]),
        "MiB above the bare server, all processes": _rounded(more["all"]),
        "MiB above the bare server, largest process": _rounded(more["worker"]),
    }


async def _use(running: RunningServer, languages: Collection[str]) -> None:
    async with posting(running) as post:
        if not languages:
            for _ in range(20):
                await post(wait_question("bench_echo", domain=b"{}"))
            return
        for conversation in itertools.islice(customers(post), 2 * len(SCRIPTS)):
            if conversation.script.locale.partition("-")[0] in languages:
                await conversation.play([])


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(each, 2) for name, each in figures.items()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure()), indent=2))
