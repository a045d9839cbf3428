"""What GES said a few seconds ago, for all conversations at once.

A hundred customers who ask for the same queue within a second cost one request: whoever asks while
a request is under way waits for that one, and its answer is used again until it is too old. So it
is within this process, and through the store among all that share one: the answer is looked for on
this shelf, then in the store, and only whoever holds the lease of the question asks GES. Only
answers are kept, never failures.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from ges_connector.api import (
    Deadline,
    GesConnectionError,
    GesDeadlineExceededError,
    GesError,
)
from ges_connector.callbacks.facts import Fact, trouble_of
from ges_connector.callbacks.pauses import growing_pauses
from ges_connector.callbacks.request_budget import BudgetSpentError
from ges_connector.store import InProcessStore, StoreUnavailableError
from ges_connector.telemetry import instruments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

    from pydantic import TypeAdapter

    from ges_connector.api import Operation
    from ges_connector.store import Record, Store

# So long this process goes by its own copy without asking whether another made it out of date.
_UNCHECKED_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of GES.

    Attributes:
        operation: Which operation.
        service: Name of the service or queue; what a booking there makes out of date.
        details: What else tells one question from another; means the same in every process.
    """

    operation: Operation
    service: str
    details: Hashable = None

    @property
    def key(self) -> str:
        """What stands for this question in every process."""
        text = json.dumps([self.operation, self.details])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How an answer is got, shared and used.

    Attributes:
        ask: Asks GES; has a budget of time of its own, since others may wait for it too.
        shape: Writes the answer as JSON for other processes, and reads theirs.
        max_age_seconds: How old the answer may be.
    """

    ask: Callable[[], Awaitable[Any]]
    shape: TypeAdapter[Any]
    max_age_seconds: float


@dataclass(frozen=True, slots=True)
class _Kept:
    """A fact on the shelf, and when it was last known to be what all processes go by."""

    fact: Fact[Any]
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class _Glance:
    """What the store holds: its mark, the answer, and whether that will do."""

    mark: str = ""
    known: Fact[Any] | None = None
    will_do: bool = False


_NOTHING: Final = _Glance()


class Source(StrEnum):
    """Where an answer came from."""

    KEPT = "kept"
    """This process had it."""
    JOINED = "joined"
    """A request that was under way."""
    SHARED = "shared"
    """The store, where another process had put it."""
    ASKED = "asked"
    """GES."""


def _count(question: Question, source: Source) -> None:
    labels = {"operation": question.operation.value, "result": source.value}
    instruments.CACHE_LOOKUPS.add(1, labels)


class Shelf:
    """Answers by question, each no older than it may be. Belongs to one event loop.

    Args:
        clock: The present instant, aware.
        store: Where answers are shared; this process's own if absent.
        lease_seconds: How long others wait for an answer that somebody is asking for.
        last_known_seconds: How old an answer may be that is used when there is no budget to ask.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        store: Store | None = None,
        *,
        lease_seconds: float = 5.0,
        last_known_seconds: float = 60.0,
    ) -> None:
        self._clock = clock
        self._store = store or InProcessStore()
        self._lease_seconds = lease_seconds
        self._last_known_seconds = last_known_seconds
        self._kept: dict[Question, _Kept] = {}
        self._asked: dict[Question, asyncio.Task[Fact[Any]]] = {}
        self._forgotten: dict[str, datetime] = {}

    async def fact(self, question: Question, inquiry: Inquiry, *, deadline: Deadline) -> Fact[Any]:
        """Look an answer up, or get it.

        Args:
            question: What is asked.
            inquiry: How it is asked.
            deadline: Until when this caller waits; the request goes on without it.

        Returns:
            The answer, or what replaced it. No error of GES is raised.
        """
        kept = self._kept.get(question)
        if kept is not None and self._is_current(kept, inquiry):
            _count(question, Source.KEPT)
            return kept.fact
        is_joining = question in self._asked
        if is_joining:
            _count(question, Source.JOINED)
        found = await self._answer(question, inquiry, deadline)
        if is_joining and found.trouble is not None and not deadline.is_spent:
            # What others asked a while ago has failed; that says nothing about now.
            return await self._answer(question, inquiry, deadline)
        return found

    async def forget(self, service: str) -> None:
        """Forget all that was said of a service, here and in every process that shares the store.

        What is being asked of it is not kept either.
        """
        for question in [each for each in self._kept if each.service == service]:
            del self._kept[question]
        for question in [each for each in self._asked if each.service == service]:
            del self._asked[question]
        self._forgotten[service] = self._clock()
        with suppress(StoreUnavailableError):
            await self._store.forget(service)

    async def aclose(self) -> None:
        """Stop asking."""
        asked = [*self._asked.values()]
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    async def _answer(self, question: Question, inquiry: Inquiry, deadline: Deadline) -> Fact[Any]:
        """Wait for the answer that is asked for already, or ask."""
        asked = self._asked.get(question)
        if asked is None:
            asked = asyncio.ensure_future(self._find(question, inquiry))
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

    def _is_current(self, kept: _Kept, inquiry: Inquiry) -> bool:
        unchecked_seconds = abs((self._clock() - kept.checked_at).total_seconds())
        return (
            kept.fact.age_seconds(self._clock()) < inquiry.max_age_seconds
            and unchecked_seconds < _UNCHECKED_SECONDS
        )

    async def _find(self, question: Question, inquiry: Inquiry) -> Fact[Any]:
        """Take the answer of another process, or ask for all of them."""
        seen, lease = _NOTHING, None
        with suppress(StoreUnavailableError):
            seen, lease = await self._look_around(question, inquiry)
        if seen.known is not None and seen.will_do:
            _count(question, Source.SHARED)
            return seen.known
        _count(question, Source.ASKED)
        return await self._ask(question, inquiry, lease, seen.known or self._last(question))

    async def _look_around(
        self, question: Question, inquiry: Inquiry
    ) -> tuple[_Glance, str | None]:
        """Wait for an answer that will do, or for the lease.

        Returns:
            What was seen last, and the mark of the lease if that is ours.
        """
        began_at, place = self._clock(), (question.service, question.key)
        seen = _NOTHING
        for pause_seconds in growing_pauses():
            seen = await self._glance(question, inquiry, began_at)
            if seen.will_do:
                break
            if await self._store.lease(*place, seen.mark, self._lease_seconds):
                lease = seen.mark
                # The lease may be free because the answer has come since.
                seen = await self._glance(question, inquiry, began_at)
                if not seen.will_do:
                    return seen, lease
                await self._store.give_back(*place, lease)
                break
            await asyncio.sleep(pause_seconds)
        return seen, None

    async def _glance(self, question: Question, inquiry: Inquiry, began_at: datetime) -> _Glance:
        """Look what the store holds; what came after we began is as good as our own."""
        found = await self._store.find(question.service, question.key)
        known, now = self._read(question, found.answer, inquiry.shape), self._clock()
        will_do = known is not None and (
            known.age_seconds(now) < inquiry.max_age_seconds or began_at < known.learned_at <= now
        )
        return _Glance(found.mark, known, will_do)

    async def _ask(
        self, question: Question, inquiry: Inquiry, lease: str | None, last: Fact[Any] | None
    ) -> Fact[Any]:
        """Ask GES; share the answer if the lease is ours."""
        answer: Fact[Any] | None = None
        try:
            answer = Fact(await inquiry.ask(), self._clock())
        except BudgetSpentError as error:
            if last is not None and last.age_seconds(self._clock()) <= self._last_known_seconds:
                return last
            return self._missing(error)
        except GesError as error:
            return self._missing(error)
        finally:
            if lease is not None:
                await self._share(question, inquiry, lease, answer)
        return answer

    async def _share(
        self, question: Question, inquiry: Inquiry, mark: str, answer: Fact[Any] | None
    ) -> None:
        service, key = question.service, question.key
        with suppress(StoreUnavailableError):
            if answer is None:
                await self._store.give_back(service, key, mark)
                return
            record = {
                "learned_at": answer.learned_at.isoformat(),
                "value": inquiry.shape.dump_python(answer.value, mode="json"),
            }
            useful_seconds = max(inquiry.max_age_seconds, self._last_known_seconds)
            await self._store.keep(service, key, mark, record, useful_seconds)

    def _read(
        self, question: Question, record: Record | None, shape: TypeAdapter[Any]
    ) -> Fact[Any] | None:
        """Read what another process wrote; None for nothing, or nothing that makes sense."""
        if record is None:
            return None
        last = self._last(question)
        try:
            learned_at = datetime.fromisoformat(record["learned_at"])
            if last is not None and last.learned_at == learned_at:
                return last
            if learned_at.tzinfo is None or self._is_forgotten(question, learned_at):
                return None
            return Fact(shape.validate_python(record["value"], by_name=True), learned_at)
        except (KeyError, TypeError, ValueError):
            return None

    def _is_forgotten(self, question: Question, learned_at: datetime) -> bool:
        # Also when the store could not be told to forget it.
        forgotten_at = self._forgotten.get(question.service)
        return forgotten_at is not None and learned_at < forgotten_at

    def _last(self, question: Question) -> Fact[Any] | None:
        kept = self._kept.get(question)
        return None if kept is None else kept.fact

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
            self._kept[question] = _Kept(done.result(), self._clock())
