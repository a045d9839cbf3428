"""Two workers, or replicas, of one assistant: two services that share nothing but a store."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from redis.asyncio import Redis
from typing_extensions import override

from ges_connector.api import Deadline, GesClient, RetryPolicy, in_process
from ges_connector.callbacks import (
    BookingOutcome,
    CallbackConfig,
    CallbackService,
    CancelOutcome,
    Draft,
    MoveOutcome,
    StandingCode,
    Trouble,
)
from ges_connector.callbacks.open_calls import OpenCalls
from ges_connector.callbacks.profile import Budget
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.records import Callback, State
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.sandbox.wire import WireAnswer
from ges_connector.store import InProcessStore, Store
from ges_connector.store.redis_store import RedisStore
from ges_connector.testing.contact_centre import first_key, settings_for

CONFIG = CallbackConfig.from_yaml("""
patience: {chat_seconds: 60}
defaults:
  office_zone: Europe/Berlin
  countries: [DE]
  static_number: "+493023125001"
topics:
  billing: {service_name: Billing_DE, virtual_queues: [Billing_DE]}
  support: {service_name: Support_US, office_zone: America/New_York}
""")
NOBODY = "somebody who died"
REASON = "a planted reason"


class Wire:
    """The way to the sandbox: counts what is asked, and can hold creates back.

    Attributes:
        asked: What was asked, by the last part of its path.
        is_asked: Set when a create has come.
        may_answer: Creates are answered only while it is set.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.asked = Counter[str]()
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> WireAnswer:
        parts = path.removeprefix("/engagement/v3/").split("/")
        name = parts[1] if parts[0] == "callbacks" else parts[0]
        self.asked[name] += 1
        if name == "create":
            self.is_asked.set()
            await self.may_answer.wait()
        return await self._sandbox.answer(method, path, query, headers, body)


@dataclass(frozen=True)
class Replicas:
    """Two services, and the contact centre behind both."""

    one: CallbackService
    other: CallbackService
    wire: Wire
    sandbox: Sandbox
    stores: tuple[Store, Store]

    @property
    def booked(self) -> list[Callback]:
        return list(self.sandbox.centre().floor.callbacks())

    @property
    def open(self) -> list[Callback]:
        return [each for each in self.booked if each.state is not State.COMPLETED]

    def draft(self, at: datetime | None = None) -> Draft:
        return replace(yes_to(self.one), desired_at=at)


def yes_to(service: CallbackService) -> Draft:
    return Draft(
        conversation_id="conversation-1",
        topic="billing",
        phone="+493023125011",
        desired_at=None,
        read_back_at=service.now(),
        locale="de",
        zone="Europe/Berlin",
        channel="chat",
        reason=REASON,
    )


def claim_on(draft: Draft, service: CallbackService) -> str:
    """Name the claim on the number of a draft."""
    return f"{service.pseudonym('open calls', draft.phone)}-booking"


def service(
    sandbox: Sandbox, wire: Wire, store: Store, config: CallbackConfig = CONFIG
) -> CallbackService:
    settings = settings_for("http://ges.test/engagement/v3", first_key(sandbox))
    return CallbackService(
        lambda: GesClient(settings, http=in_process(wire), retry=RetryPolicy(max_attempts=1)),
        config,
        clock=sandbox.clock.now,
        store=store,
    )


@pytest.fixture
def wire(ges_sandbox: Sandbox) -> Wire:
    return Wire(ges_sandbox)


@pytest.fixture
async def replicas(
    stores: tuple[Store, Store], ges_sandbox: Sandbox, wire: Wire
) -> AsyncIterator[Replicas]:
    one, other = (service(ges_sandbox, wire, store) for store in stores)
    yield Replicas(one, other, wire, ges_sandbox, stores)
    await one.aclose()
    await other.aclose()


# --- bookings ---


async def test_the_same_yes_on_two_workers_at_once_is_one_callback(replicas: Replicas) -> None:
    yes = replicas.draft()
    replicas.wire.may_answer.clear()
    both = [
        asyncio.create_task(each.book(yes))
        for each in (replicas.one, replicas.other)
        for _ in range(3)
    ]
    await replicas.wire.is_asked.wait()
    replicas.wire.may_answer.set()
    results = await asyncio.gather(*both)
    (callback,) = replicas.booked
    assert replicas.wire.asked["create"] == 1
    assert {result.callback_id for result in results} == {str(callback.id)}
    assert Counter(result.outcome for result in results) == {
        BookingOutcome.BOOKED: 1,
        BookingOutcome.ALREADY_BOOKED: 5,
    }


async def test_a_yes_said_again_to_another_worker_is_told_what_was_booked(
    replicas: Replicas,
) -> None:
    at = (await replicas.one.free_times("billing")).times[0].start_at
    yes = replicas.draft(at)
    first = await replicas.one.book(yes)
    again = await replicas.other.book(yes)
    assert again.outcome is BookingOutcome.ALREADY_BOOKED
    assert (again.callback_id, again.desired_at) == (first.callback_id, at)
    assert replicas.wire.asked["create"] == 1


async def test_what_one_worker_does_not_know_the_other_does_not_send_again(
    replicas: Replicas,
) -> None:
    replicas.sandbox.order(Fault(kind="reset-after", operation=Operation.CREATE, count=1))
    yes = replicas.draft()
    outcomes = [(await each.book(yes)).outcome for each in (replicas.one, replicas.other)]
    assert outcomes == [BookingOutcome.UNCONFIRMED] * 2
    assert replicas.wire.asked["create"] == 1


async def test_what_certainly_was_not_booked_another_worker_may_try_again(
    replicas: Replicas,
) -> None:
    replicas.sandbox.order(Fault(kind="refuse", operation=Operation.CREATE, count=1))
    yes = replicas.draft()
    outcomes = [(await each.book(yes)).outcome for each in (replicas.one, replicas.other)]
    assert outcomes == [BookingOutcome.UNAVAILABLE, BookingOutcome.BOOKED]
    assert len(replicas.booked) == 1


async def test_a_claim_whose_holder_died_is_not_sent_again_and_told_as_unknown(
    replicas: Replicas,
) -> None:
    yes = replicas.draft()
    await replicas.stores[0].claim(yes.token, NOBODY)
    results = [
        await replicas.one.book(yes, deadline=Deadline.after(0.05)),
        await replicas.other.book(yes, deadline=Deadline.after(0.05)),
    ]
    assert [result.outcome for result in results] == [BookingOutcome.UNCONFIRMED] * 2
    assert replicas.wire.asked["create"] == 0


async def test_what_was_unknown_is_told_when_it_is_known_by_the_next_yes(
    replicas: Replicas,
) -> None:
    yes = replicas.draft()
    replicas.wire.may_answer.clear()
    slow = asyncio.create_task(replicas.one.book(yes))
    await replicas.wire.is_asked.wait()
    unknown = await replicas.other.book(yes, deadline=Deadline.after(0.05))
    replicas.wire.may_answer.set()
    booked = await slow
    again = await replicas.other.book(yes, earlier=unknown)
    without_memory = await replicas.other.book(yes)
    assert unknown.outcome is BookingOutcome.UNCONFIRMED
    assert {again.outcome, without_memory.outcome} == {BookingOutcome.ALREADY_BOOKED}
    assert {again.callback_id, without_memory.callback_id} == {booked.callback_id}
    assert replicas.wire.asked["create"] == 1


async def test_the_same_move_on_two_workers_is_one_move_told_alike(replicas: Replicas) -> None:
    times = (await replicas.one.free_times("billing")).times
    old = await replicas.one.book(replicas.draft(times[0].start_at))
    assert old.callback_id is not None
    yes = replicas.draft(times[3].start_at)
    at_once = await asyncio.gather(
        *(each.move(old.callback_id, yes) for each in (replicas.one, replicas.other))
    )
    again = await replicas.other.move(old.callback_id, yes)
    (left,) = replicas.open
    moves = [*at_once, again]
    assert {move.outcome for move in moves} == {MoveOutcome.MOVED}
    assert {move.booking.callback_id for move in moves} == {str(left.id)}
    assert left.desired_at == times[3].start_at


# --- cancels ---


def refuses_cancels(replicas: Replicas) -> None:
    replicas.sandbox.order(Fault(kind="throttle", operation=Operation.CANCEL, count=1))


async def booked_by(replicas: Replicas) -> str:
    booked = await replicas.one.book(replicas.draft())
    assert booked.callback_id is not None
    return booked.callback_id


async def test_a_cancel_refused_while_that_of_another_worker_is_in_doubt_is_in_doubt_too(
    replicas: Replicas,
) -> None:
    callback_id = await booked_by(replicas)
    replicas.sandbox.order(Fault(kind="reset-before", operation=Operation.CANCEL, count=1))
    outcomes = [(await replicas.one.cancel("billing", callback_id)).outcome]
    refuses_cancels(replicas)
    outcomes.append((await replicas.other.cancel("billing", callback_id)).outcome)
    assert await replicas.other.is_being_cancelled(callback_id)
    replicas.sandbox.advance(26)
    refuses_cancels(replicas)
    outcomes.append((await replicas.other.cancel("billing", callback_id)).outcome)
    assert outcomes == [*[CancelOutcome.UNCONFIRMED] * 2, CancelOutcome.UNAVAILABLE]
    assert not await replicas.other.is_being_cancelled(callback_id)


async def test_a_cancel_is_sent_again_while_another_one_is_in_doubt(replicas: Replicas) -> None:
    callback_id = await booked_by(replicas)
    replicas.sandbox.order(Fault(kind="reset-before", operation=Operation.CANCEL, count=1))
    await replicas.one.cancel("billing", callback_id)
    assert (await replicas.other.cancel("billing", callback_id)).is_off
    assert not replicas.open


async def test_two_workers_whose_cancels_are_both_refused_both_tell_that_it_stands(
    replicas: Replicas,
) -> None:
    callback_id = await booked_by(replicas)
    for _ in range(2):
        refuses_cancels(replicas)
    both = await asyncio.gather(
        *(each.cancel("billing", callback_id) for each in (replicas.one, replicas.other))
    )
    assert {each.outcome for each in both} == {CancelOutcome.UNAVAILABLE}
    assert replicas.wire.asked["cancel"] == 2


# --- the claim on a number ---


def open_calls(replicas: Replicas, place: int, longest_seconds: float) -> OpenCalls:
    """What a worker uses that takes a claim so old for one whose holder is gone."""
    clock, pseudonym = replicas.sandbox.clock.now, replicas.one.pseudonym
    store = replicas.stores[place]
    return OpenCalls(store, pseudonym, clock, longest_seconds=longest_seconds)


async def test_the_number_of_a_worker_that_died_is_taken_over_by_one_and_free_behind_them(
    replicas: Replicas,
) -> None:
    yes, another = (
        replace(replicas.draft(), conversation_id=name, is_only=True) for name in ("a", "b")
    )
    patient, impatient = (open_calls(replicas, *each) for each in ((0, 3600), (1, 0)))
    soon, late = Deadline.after(0.05), Deadline.after(60)
    await replicas.stores[0].claim(claim_on(yes, replicas.one), NOBODY)
    async with patient.booking(yes, soon) as is_alone:
        # It may be on its way still.
        assert not is_alone
    async with impatient.booking(another, late) as is_alone:
        assert is_alone
        async with patient.booking(yes, soon) as is_alone_beside:
            assert not is_alone_beside
    async with patient.booking(yes, soon) as is_alone:
        assert is_alone


async def test_a_yes_to_a_second_callback_does_not_wait_for_a_worker_that_died(
    replicas: Replicas,
) -> None:
    yes = replicas.draft()
    await replicas.stores[0].claim(claim_on(yes, replicas.one), NOBODY)
    assert not yes.is_only
    booked = await replicas.other.book(yes, deadline=Deadline.after(5))
    assert booked.outcome is BookingOutcome.BOOKED


async def test_the_only_callback_of_a_number_is_not_sent_while_its_claim_may_be_in_use(
    replicas: Replicas,
) -> None:
    yes = replace(replicas.draft(), is_only=True)
    await replicas.stores[0].claim(claim_on(yes, replicas.one), NOBODY)
    asked = await replicas.other.book(yes, deadline=Deadline.after(0.05))
    assert asked.outcome is BookingOutcome.OPEN_ALREADY
    assert replicas.wire.asked["create"] == 0


# --- answers ---


async def test_thousands_of_looks_cost_a_handful_of_requests(replicas: Replicas) -> None:
    topics = ("billing", "support")
    for _ in range(20):
        looks = await asyncio.gather(
            *(
                each.look(topic)
                for each in (replicas.one, replicas.other)
                for topic in topics
                for _ in range(25)
            )
        )
        assert {look.facts.troubles for look in looks} == {()}
        replicas.sandbox.advance(1)
    # 2,000 looks in 20 seconds: waits and hours every 5 seconds, free times every 20.
    assert replicas.wire.asked == {
        "queue-status": 8,
        "open-for": 8,
        "estimated-wait-time": 4,
        "availability": 2,
    }


async def test_another_worker_tells_the_same_facts(replicas: Replicas) -> None:
    one = await replicas.one.look("billing")
    replicas.sandbox.advance(1)
    other = await replicas.other.look("billing")
    assert other.facts == one.facts
    assert other.facts.availability is not None
    assert other.facts.availability.value is not None
    assert set(replicas.wire.asked.values()) == {1}


async def test_what_one_worker_books_is_not_free_for_the_other(replicas: Replicas) -> None:
    for each in (replicas.one, replicas.other):
        await each.free_times("billing")
    assert replicas.wire.asked["availability"] == 1
    await replicas.one.book(replicas.draft())
    replicas.sandbox.advance(1)
    await replicas.other.free_times("billing")
    await replicas.one.free_times("billing")
    assert replicas.wire.asked["availability"] == 2


async def test_a_failure_is_not_shared(replicas: Replicas) -> None:
    replicas.sandbox.order(
        Fault(kind="status", status=500, operation=Operation.AVAILABILITY, count=1)
    )
    failed = await replicas.one.free_times("billing")
    assert failed.trouble is Trouble.UNREACHABLE
    assert (await replicas.other.free_times("billing")).trouble is None


# --- the budget ---


class Spent(InProcessStore):
    """A store whose budget can be spent."""

    has_room = True

    @override
    async def admit(self, requests_per_second: int) -> bool:
        assert requests_per_second == 7
        return self.has_room


@pytest.fixture
async def hurried(ges_sandbox: Sandbox, wire: Wire) -> AsyncIterator[tuple[CallbackService, Spent]]:
    store = Spent()
    budget = Budget(requests_per_second=7, wait_seconds=0.01, last_known_seconds=60)
    config = CONFIG.model_copy(update={"budget": budget})
    made = service(ges_sandbox, wire, store, config)
    yield made, store
    await made.aclose()


async def test_without_budget_the_last_known_answer_serves_until_it_is_too_old(
    hurried: tuple[CallbackService, Spent], ges_sandbox: Sandbox, wire: Wire
) -> None:
    service, store = hurried
    first = await service.look("billing")
    asked = wire.asked.total()
    store.has_room = False
    ges_sandbox.advance(59)
    old = await service.look("billing")
    ges_sandbox.advance(2)
    none = await service.look("billing")
    assert (old.facts, old.facts.troubles) == (first.facts, ())
    assert none.facts.is_nothing_known
    assert none.facts.troubles == (Trouble.BUSY,)
    assert wire.asked.total() == asked


async def test_without_budget_a_callback_is_not_looked_up_but_booked_and_cancelled_all_the_same(
    hurried: tuple[CallbackService, Spent], wire: Wire
) -> None:
    service, store = hurried
    store.has_room = False
    booked = await service.book(yes_to(service))
    assert booked.callback_id is not None
    standing = await service.show("billing", booked.callback_id)
    assert (standing.code, standing.trouble) == (StandingCode.UNKNOWN, Trouble.BUSY)
    assert (await service.cancel("billing", booked.callback_id)).is_off
    assert wire.asked == {"create": 1, "cancel": 1}


# --- a store that goes away ---

Pair: TypeAlias = tuple[CallbackService, CallbackService]


@pytest.fixture
async def pair(server: Any, ges_sandbox: Sandbox, wire: Wire) -> AsyncIterator[Pair]:
    one, other = (
        service(ges_sandbox, wire, RedisStore(server.url, prefix="test", timeout_seconds=10))
        for _ in range(2)
    )
    yield one, other
    await one.aclose()
    await other.aclose()


async def test_without_the_store_nothing_is_booked_but_customers_hear_the_facts(
    pair: Pair, server: Any, wire: Wire
) -> None:
    one, other = pair
    await one.look("billing")
    server.kill()
    before = yes_to(one)
    in_doubt = await one.book(before)
    # Whether another one has sent it, only the store could tell.
    assert (in_doubt.outcome, in_doubt.trouble) == ("unconfirmed", Trouble.UNREACHABLE)
    assert wire.asked["create"] == 0
    for each in pair:
        assert (await each.look("billing")).facts.troubles == ()
        assert not (await each.reach()).is_store_there
    server.start()
    # Reads may do without the store for a while; a booking tries it at once.
    yes = replace(before, read_back_at=before.read_back_at + timedelta(minutes=1))
    assert (await one.book(yes)).outcome is BookingOutcome.BOOKED
    assert (await other.book(yes)).outcome is BookingOutcome.ALREADY_BOOKED
    assert wire.asked["create"] == 1
    await asyncio.gather(*one._desk._late_notes)
    known = await other.booked_by_now(before.token)
    assert known is not None
    assert known.outcome is BookingOutcome.UNAVAILABLE


async def test_without_the_store_a_move_that_was_carried_out_is_not_told_as_undone(
    pair: Pair, server: Any, wire: Wire
) -> None:
    one, other = pair
    times = (await one.free_times("billing")).times
    yes = yes_to(one)
    old = await one.book(replace(yes, desired_at=times[0].start_at))
    new = replace(yes, desired_at=times[3].start_at)
    moved = await one.move(str(old.callback_id), new)
    server.kill()
    again = await other.move(str(old.callback_id), new)
    assert (moved.outcome, again.outcome) == (MoveOutcome.MOVED, MoveOutcome.UNCONFIRMED)
    assert again.booking.is_of_others
    assert wire.asked["create"] == 2


async def test_without_the_store_a_cancel_that_was_refused_is_in_doubt_and_one_confirmed_is_done(
    pair: Pair, server: Any, ges_sandbox: Sandbox
) -> None:
    one, _ = pair
    booked = await one.book(yes_to(one))
    server.kill()
    ges_sandbox.order(Fault(kind="throttle", operation=Operation.CANCEL, count=1))
    outcomes = [(await one.cancel("billing", str(booked.callback_id))).outcome for _ in range(2)]
    assert outcomes == [CancelOutcome.UNCONFIRMED, CancelOutcome.CANCELLED]


async def test_a_result_the_store_missed_is_written_down_when_it_is_back(
    pair: Pair, server: Any, wire: Wire
) -> None:
    one, other = pair
    wire.may_answer.clear()
    under_way = asyncio.create_task(one.book(yes_to(one)))
    await wire.is_asked.wait()
    server.kill()
    wire.may_answer.set()
    booked = await under_way
    assert booked.outcome is BookingOutcome.BOOKED
    assert (await one.book(yes_to(one))).outcome is BookingOutcome.ALREADY_BOOKED
    # Empty after its start, as it keeps nothing on disk.
    server.start()
    await asyncio.gather(*one._desk._late_notes)
    again = await other.book(yes_to(other))
    assert (again.outcome, again.callback_id) == ("already_booked", booked.callback_id)
    assert wire.asked["create"] == 1


async def test_a_store_that_keeps_its_log_remembers_claims_over_a_restart(
    make_server: Any, ges_sandbox: Sandbox, wire: Wire
) -> None:
    server = make_server("--appendonly", "yes", "--appendfsync", "always")
    store = RedisStore(server.url, prefix="test", timeout_seconds=10)
    other = service(ges_sandbox, wire, store)
    yes = yes_to(other)
    await store.claim(yes.token, NOBODY)
    server.kill()
    server.start()
    result = await other.book(yes, deadline=Deadline.after(0.05))
    assert result.outcome is BookingOutcome.UNCONFIRMED
    assert wire.asked["create"] == 0
    await other.aclose()


async def test_nothing_personal_lies_in_the_store(
    pair: Pair, server: Any, ges_sandbox: Sandbox
) -> None:
    one, _ = pair
    booked = await one.book(yes_to(one))
    assert booked.callback_id is not None
    await one.look("billing", kept_id=booked.callback_id)
    raw: Redis = Redis.from_url(server.url, decode_responses=True)
    kept = await raw.keys("*")
    plain = [key for key in kept if not str(key).startswith("{") and ":notes:" not in str(key)]
    values = [await raw.get(key) for key in plain]
    notes: list[Any] = [raw.hgetall(key) for key in kept if ":notes:" in str(key)]
    values += [await each for each in notes]
    assert len(values) > len(plain)
    lying_there = " ".join(map(str, [*kept, *values]))
    await raw.aclose()
    assert booked.callback_id in lying_there
    for personal in ("3125011", "conversation-1", REASON, first_key(ges_sandbox)):
        assert personal not in lying_there
