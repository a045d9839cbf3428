"""What GES said a few seconds ago, for all conversations of the process at once.

A hundred customers who ask for the same queue within a second cost one request: whoever asks while
a request is under way waits for that one, and its answer is used again until it is too old. Only
answers are kept, never failures.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ges_connector.api import (
    Deadline,
    GesConnectionError,
    GesDeadlineExceededError,
    GesError,
)
from ges_connector.callbacks.facts import Fact, trouble_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable
    from datetime import datetime

    from ges_connector.api import Operation

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of GES.

    Attributes:
        operation: Which operation.
        service: Name of the service or queue; what a booking there makes out of date.
        details: What else tells one question from another.
    """

    operation: Operation
    service: str
    details: Hashable = None


class Shelf:
    """Answers by question, each no older than it may be. Belongs to one event loop.

    Args:
        clock: The present instant, aware.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: dict[Question, Fact[Any]] = {}
        self._asked: dict[Question, asyncio.Task[Fact[Any]]] = {}

    async def fact(
        self,
        question: Question,
        ask: Callable[[], Awaitable[_T]],
        *,
        max_age_seconds: float,
        deadline: Deadline,
    ) -> Fact[_T]:
        """Look an answer up, or get it.

        Args:
            question: What is asked.
            ask: Asks GES; has a budget of its own, since others may wait for it too.
            max_age_seconds: How old the answer may be.
            deadline: Until when this caller waits; the request goes on without it.

        Returns:
            The answer, or what replaced it. No error of GES is raised.
        """
        kept = self._kept.get(question)
        if kept is not None and kept.age_seconds(self._clock()) < max_age_seconds:
            return kept
        is_joining = question in self._asked
        found = await self._answer(question, ask, deadline)
        if is_joining and found.trouble is not None and not deadline.is_spent:
            # What others asked a while ago has failed; that says nothing about now.
            return await self._answer(question, ask, deadline)
        return found

    async def _answer(
        self, question: Question, ask: Callable[[], Awaitable[_T]], deadline: Deadline
    ) -> Fact[_T]:
        """Wait for the answer that is asked for already, or ask."""
        asked = self._asked.get(question)
        if asked is None:
            asked = asyncio.ensure_future(self._ask(ask))
            self._asked[question] = asked
            asked.add_done_callback(lambda done: self._put_away(question, done))
        try:
            async with asyncio.timeout(deadline.remaining_seconds):
                await asyncio.wait([asked])
        except TimeoutError:
            return self._missing(GesDeadlineExceededError(operation=question.operation))
        if asked.cancelled():
            # The shelf was closed while it asked.
            return self._missing(GesConnectionError(operation=question.operation))
        return asked.result()

    def forget(self, service: str) -> None:
        """Forget all that was said of a service; what is being asked of it is not kept either."""
        for question in [each for each in self._kept if each.service == service]:
            del self._kept[question]
        for question in [each for each in self._asked if each.service == service]:
            del self._asked[question]

    async def aclose(self) -> None:
        """Stop asking."""
        asked = [*self._asked.values()]
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    async def _ask(self, ask: Callable[[], Awaitable[_T]]) -> Fact[_T]:
        try:
            return Fact(await ask(), self._clock())
        except GesError as error:
            return self._missing(error)

    def _missing(self, error: GesError) -> Fact[Any]:
        return Fact(None, self._clock(), trouble_of(error), error.corr_id)

    def _put_away(self, question: Question, done: asyncio.Task[Fact[Any]]) -> None:
        # After `forget` another task may ask the same question, or none.
        is_current = self._asked.get(question) is done
        if is_current:
            del self._asked[question]
        if done.cancelled() or done.exception() is not None:
            return
        if is_current and done.result().trouble is None:
            self._kept[question] = done.result()
