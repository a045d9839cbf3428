"""Answers are shared by all conversations, for a few seconds."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter
from typing_extensions import override

from ges_connector.api import Deadline, GesConnectionError, Operation
from ges_connector.callbacks import Fact, Trouble
from ges_connector.callbacks.shelf import Inquiry, Question, Shelf
from ges_connector.store import InProcessStore, StoreUnavailableError

QUESTION = Question(Operation.QUEUE_STATUS, "Billing")
OTHER = Question(Operation.QUEUE_STATUS, "Support")
START = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Source:
    """Stands for GES: counts the questions, answers with their number when told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.is_down = False

    async def ask(self) -> int:
        self.asked += 1
        number = self.asked
        await self.may_answer.wait()
        if self.is_down:
            raise GesConnectionError(operation=Operation.QUEUE_STATUS, corr_id="corr")
        return number


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(clock: Clock) -> Shelf:
    return Shelf(clock)


async def look(
    shelf: Shelf, source: Source, question: Question = QUESTION, *, within_seconds: float = 60
) -> Fact[int]:
    inquiry = Inquiry(source.ask, TypeAdapter(int), max_age_seconds=5)
    return await shelf.fact(question, inquiry, deadline=Deadline.after(within_seconds))


async def test_an_answer_is_used_again_until_it_is_too_old(shelf: Shelf, clock: Clock) -> None:
    source = Source()
    answers = [await look(shelf, source)]
    for seconds in (4.9, 0.1):
        clock.advance(seconds)
        answers.append(await look(shelf, source))
    assert [fact.value for fact in answers] == [1, 1, 2]
    assert answers[0].learned_at == START


async def test_many_who_ask_at_once_cost_one_request(shelf: Shelf) -> None:
    source = Source()
    answers = await asyncio.gather(*(look(shelf, source) for _ in range(50)))
    assert source.asked == 1
    assert {fact.value for fact in answers} == {1}


async def test_different_questions_are_different_requests(shelf: Shelf) -> None:
    source = Source()
    await asyncio.gather(look(shelf, source), look(shelf, source, OTHER))
    assert source.asked == 2


async def test_a_failure_is_told_and_not_kept(shelf: Shelf) -> None:
    source = Source()
    source.is_down = True
    failed = await look(shelf, source)
    assert (failed.value, failed.trouble, failed.corr_id) == (None, Trouble.UNREACHABLE, "corr")
    source.is_down = False
    assert (await look(shelf, source)).value == 2


async def test_who_has_no_time_left_does_not_wait_and_the_answer_still_comes(
    shelf: Shelf,
) -> None:
    source = Source()
    source.may_answer.clear()
    hasty = await look(shelf, source, within_seconds=0)
    assert hasty.trouble is Trouble.UNREACHABLE
    patient = asyncio.create_task(look(shelf, source))
    await asyncio.sleep(0)
    source.may_answer.set()
    assert (await patient).value == 1
    assert (await look(shelf, source, within_seconds=0)).value == 1


async def test_a_caller_that_gives_up_does_not_take_the_answer_from_the_others(
    shelf: Shelf,
) -> None:
    source = Source()
    source.may_answer.clear()
    first, second = (asyncio.create_task(look(shelf, source)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    source.may_answer.set()
    assert (await second).value == 1


async def test_what_was_said_before_a_booking_is_forgotten(shelf: Shelf) -> None:
    source = Source()
    await look(shelf, source)
    await look(shelf, source, OTHER)
    await shelf.forget("Billing")
    assert (await look(shelf, source)).value == 3
    assert (await look(shelf, source, OTHER)).value == 2


async def test_what_was_asked_before_a_booking_is_not_kept_when_it_comes_after_it(
    shelf: Shelf,
) -> None:
    source = Source()
    source.may_answer.clear()
    before = asyncio.create_task(look(shelf, source))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await shelf.forget("Billing")
    after = asyncio.create_task(look(shelf, source))
    await asyncio.sleep(0)
    source.may_answer.set()
    assert [(await each).value for each in (before, after)] == [1, 2]
    assert (await look(shelf, source)).value == 2


async def test_a_mistake_in_the_program_is_raised_to_all_who_wait(shelf: Shelf) -> None:
    async def break_down() -> int:
        raise RuntimeError("a mistake")

    inquiry = Inquiry(break_down, TypeAdapter(int), max_age_seconds=5)
    asked = (shelf.fact(QUESTION, inquiry, deadline=Deadline.after(60)) for _ in range(2))
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(result) for result in results] == [RuntimeError, RuntimeError]


async def test_closing_stops_what_is_being_asked(shelf: Shelf) -> None:
    source = Source()
    source.may_answer.clear()
    waiting = asyncio.create_task(look(shelf, source))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await shelf.aclose()
    assert (await waiting).trouble is Trouble.UNREACHABLE


async def test_who_waited_for_the_failing_question_of_another_asks_once_more(shelf: Shelf) -> None:
    slow, quick = Source(), Source()
    slow.is_down = True
    slow.may_answer.clear()
    first = asyncio.ensure_future(look(shelf, slow))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(look(shelf, quick))
    await asyncio.sleep(0)
    slow.may_answer.set()
    assert (await first).trouble is Trouble.UNREACHABLE
    assert (await second).value == 1
    assert (slow.asked, quick.asked) == (1, 1)


class Deaf(InProcessStore):
    """A store that cannot be told to forget."""

    @override
    async def forget(self, service: str) -> None:
        raise StoreUnavailableError


async def test_what_the_store_could_not_be_told_to_forget_is_not_taken_from_it(
    clock: Clock,
) -> None:
    shelf, source = Shelf(clock, Deaf()), Source()
    await look(shelf, source)
    clock.advance(1)
    await shelf.forget("Billing")
    assert (await look(shelf, source)).value == 2


async def test_an_answer_of_another_process_is_as_old_as_it_is_there(clock: Clock) -> None:
    store, source = InProcessStore(), Source()
    one, other = (Shelf(clock, store) for _ in range(2))
    first = await look(one, source)
    clock.advance(4)
    second = await look(other, source)
    clock.advance(1)
    third = await look(other, source)
    assert second == first
    assert (third.value, third.learned_at) == (2, clock.now)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"learned_at": "yesterday", "value": 1},
        {"learned_at": START.isoformat(), "value": "a word"},
        {"learned_at": 5, "value": 1},
        {"learned_at": START.isoformat()},
        {"learned_at": "2026-01-12T09:00:00", "value": 1},
    ],
    ids=str,
)
async def test_an_answer_of_another_process_that_makes_no_sense_is_none(
    clock: Clock, answer: dict[str, object]
) -> None:
    store = InProcessStore()
    await store.keep(QUESTION.service, QUESTION.key, "", answer, 60)
    assert (await look(Shelf(clock, store), Source())).learned_at == clock.now
    assert await store.lease(QUESTION.service, QUESTION.key, "", 60)


async def test_who_finds_another_asking_waits_for_its_answer_or_its_end(clock: Clock) -> None:
    store, source = InProcessStore(), Source()
    assert await store.lease(QUESTION.service, QUESTION.key, "", 60)
    waiting = asyncio.create_task(look(Shelf(clock, store), source))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert source.asked == 0
    await store.give_back(QUESTION.service, QUESTION.key, "")
    assert (await waiting).value == 1


@pytest.mark.parametrize("kept_for_seconds", [0, 5])
async def test_a_clock_that_is_put_back_makes_no_answer_fresh(
    shelf: Shelf, clock: Clock, kept_for_seconds: float
) -> None:
    source = Source()
    inquiry = Inquiry(source.ask, TypeAdapter(int), kept_for_seconds)
    await shelf.fact(QUESTION, inquiry, deadline=Deadline.after(60))
    clock.advance(-3600)
    fact = await shelf.fact(QUESTION, inquiry, deadline=Deadline.after(60))
    assert (fact.value, source.asked) == (2, 2)


async def test_a_copy_of_this_process_is_compared_with_the_store_after_a_second(
    clock: Clock,
) -> None:
    store, source = InProcessStore(), Source()
    ours, theirs = Shelf(clock, store), Shelf(clock, store)
    assert (await look(ours, source)).value == 1
    await theirs.forget("Billing")
    clock.advance(0.9)
    assert (await look(ours, source)).value == 1
    clock.advance(0.2)
    assert (await look(ours, source)).value == 2
