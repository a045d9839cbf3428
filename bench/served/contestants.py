"""The same facts as `action_tell_wait`, asked for one after the other, and all at once.

Neither checks anything, keeps anything, or words anything: what is left is the least that such an
action can cost. `bench_naive` is what a first version tends to look like: a blocking library inside
of a coroutine.
"""

import asyncio
import json
import os
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
import requests
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict
from typing_extensions import override

from bench.bare import Echo
from bench.facts import FACTS
from bench.served import timing

__all__ = ["Echo", "Ideal", "Naive"]

_PATIENCE_SECONDS = 30
_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()


def _url(target: str) -> str:
    return os.environ["GES_BASE_URL"] + target


def _headers() -> dict[str, str]:
    return {"x-api-key": os.environ["GES_API_KEY"]}


class Naive(Action):
    """One after the other, and everybody else waits."""

    @override
    def name(self) -> str:
        return "bench_naive"

    @override
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, object]]:
        answers = []
        for target in FACTS:
            with timing.exchange():
                answer = requests.get(  # noqa: ASYNC210 - the mistake that is measured
                    _url(target), headers=_headers(), timeout=_PATIENCE_SECONDS
                )
            answers.append(answer.json())
        _tell(dispatcher, answers[0])
        return []


class Ideal(Action):
    """All at once, on one pool."""

    @override
    def name(self) -> str:
        return "bench_ideal"

    @override
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, object]]:
        answers = await asyncio.gather(*(_asked(_session(), target) for target in FACTS))
        _tell(dispatcher, answers[0])
        return []


def _session() -> aiohttp.ClientSession:
    loop = asyncio.get_running_loop()
    if loop not in _sessions:
        _sessions[loop] = aiohttp.ClientSession(headers=_headers())
    return _sessions[loop]


async def _asked(session: aiohttp.ClientSession, target: str) -> Any:
    with timing.exchange():
        async with session.get(_url(target)) as answer:
            body = await answer.read()
    # Parsed outside of the exchange: that is own time, as it is for the assistant.
    return json.loads(body)


def _tell(dispatcher: CollectingDispatcher, queue: Any) -> None:
    dispatcher.utter_message(response="utter_callback_wait", wait=str(queue["data"]["ewt"]))
