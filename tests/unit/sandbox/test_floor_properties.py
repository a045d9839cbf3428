"""What holds on the contact-centre floor whatever is booked, cancelled and changed, and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.floor import Floor, IllegalTransitionError
from ges_connector.sandbox.life_cycle import ORDER
from ges_connector.sandbox.office_hours import ALWAYS_OPEN, OfficeCalendar
from ges_connector.sandbox.records import Callback, DialOutcome, PushTarget, Reason, State
from ges_connector.sandbox.seed import CustomerBehaviour, OfficeHours, Service

START = datetime(2026, 3, 27, 15, tzinfo=UTC)
TTL_SECONDS = 6 * 3600
MOST_AGENTS = 3
CUSTOMERS = CustomerBehaviour(
    answered=0.5, no_answer=0.2, busy=0.1, declined=0.1, answering_machine=0.1
)
OFFICE = OfficeCalendar(
    OfficeHours.model_validate(
        {"name": "Office", "timezone": "Europe/Berlin", "regular": ["Mon-Sun 08:00-18:00"]}
    ),
    START,
)
CALENDARS = {"Day": OFFICE, "Night": ALWAYS_OPEN, "Push": ALWAYS_OPEN}
SETTINGS: dict[str, dict[str, Any]] = {
    "Day": {"retain_session": True, "traffic": {"agents": 2, "calls_per_hour": 25}},
    "Night": {"wait_for_agent": False, "purge_seconds": 1800},
    "Push": {"call_direction": "USERORIGINATED", "traffic": {"agents": 1}},
}
SERVICES = {
    name: Service.model_validate({"name": name, "ttl_seconds": TTL_SECONDS, **changes})
    for name, changes in SETTINGS.items()
}

Operation = Callable[["Watched"], object]


@dataclass
class Watched:
    """A floor, and everything it told."""

    floor: Floor
    told: list[Callback] = field(default_factory=list)
    cancelled: dict[UUID, int] = field(default_factory=dict)
    booked: list[UUID] = field(default_factory=list)
    now: datetime = START

    @classmethod
    def new(cls, seed: int) -> "Watched":
        watched = cls(Floor(SERVICES, CALENDARS, CUSTOMERS, seed=seed, start=START))
        watched.floor.on_change = watched.told.append
        return watched

    def everything(self) -> tuple[Any, ...]:
        floor = self.floor
        return (
            self.told,
            floor.callbacks(),
            floor.placed_calls,
            floor.pushes,
            [floor.statistics(name) for name in SERVICES],
            [(floor.position(each), floor.wait_seconds(each)) for each in self.booked],
        )


@dataclass(frozen=True)
class Plan:
    """What to do on a floor: how many seconds to let pass, then what."""

    seed: int
    steps: list[tuple[float, Operation]]


def book(service: str, ahead_seconds: int, priority: float) -> Operation:
    def run(watched: Watched) -> None:
        number = len(watched.booked) + 1
        desired_at = watched.now + timedelta(seconds=ahead_seconds)
        accepted = watched.floor.accept(
            Callback(
                id=UUID(int=number, version=4),
                service_name=service,
                phone_number=f"+1202555{number:04}",
                desired_at=desired_at,
                created_at=watched.now,
                is_scheduled=ahead_seconds > 0,
                state=State.SCHEDULED if ahead_seconds else State.QUEUED,
                priority=priority,
                push_targets=(PushTarget("FCM", "device"),),
            )
        )
        watched.booked.append(accepted.id)

    return run


def cancel(nth: int) -> Operation:
    def run(watched: Watched) -> None:
        if not watched.booked:
            return
        callback_id = watched.booked[nth % len(watched.booked)]
        try:
            watched.floor.cancel(callback_id, Reason.CANCELLED)
        except (IllegalTransitionError, KeyError):
            return
        watched.cancelled[callback_id] = len(calls_to(watched.floor, callback_id))

    return run


def calls_to(floor: Floor, callback_id: UUID) -> list[int]:
    return [call.attempt for call in floor.placed_calls if call.callback_id == callback_id]


def change_agents(queue: str, agents: int) -> Operation:
    return lambda watched: watched.floor.set_agents(queue, agents)


def change_traffic(queue: str, calls_per_hour: float) -> Operation:
    return lambda watched: watched.floor.set_traffic(queue, calls_per_hour)


def add_calls(queue: str, number: int) -> Operation:
    return lambda watched: watched.floor.add_calls(queue, number)


def script(nth: int, outcome: DialOutcome | None) -> Operation:
    return lambda watched: watched.floor.script_customer(f"1202555{nth:04}", outcome)


queues = st.sampled_from(sorted(SERVICES))
bookings = st.builds(
    book, queues, st.sampled_from([0, 0, 60, 600, 7200]), st.sampled_from([0.0, 5.0])
)
operations = st.one_of(
    bookings,
    bookings,
    bookings,
    st.builds(cancel, st.integers(0, 20)),
    st.builds(change_agents, queues, st.integers(0, MOST_AGENTS)),
    st.builds(change_traffic, queues, st.sampled_from([0.0, 10.0, 60.0])),
    st.builds(add_calls, queues, st.integers(0, 6)),
    st.builds(script, st.integers(1, 12), st.sampled_from([None, *DialOutcome])),
)
pauses = st.one_of(st.just(0.0), st.floats(0.001, 60), st.floats(60, 600), st.floats(600, 7200))
steps = st.lists(st.tuples(pauses, operations), min_size=5, max_size=25)
plans = st.builds(Plan, seed=st.integers(0, 1000), steps=steps)


def play(plan: Plan, cuts: Sequence[float] = (), *, then_seconds: float = 0) -> Watched:
    """Does the plan; each pause is settled in as many pieces as there are cuts, and one more."""
    watched = Watched.new(plan.seed)
    for pause, operation in plan.steps:
        begin = watched.now
        for share in sorted(cuts):
            watched.floor.settle(begin + timedelta(seconds=pause * share))
        watched.now = begin + timedelta(seconds=pause)
        watched.floor.settle(watched.now)
        operation(watched)
    watched.now += timedelta(seconds=then_seconds)
    watched.floor.settle(watched.now)
    return watched


@given(plan=plans, cuts=st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_it_makes_no_difference_how_often_the_floor_is_settled(
    plan: Plan, cuts: list[float]
) -> None:
    assert play(plan, cuts).everything() == play(plan).everything()


@given(plan=plans)
def test_states_only_go_forwards_and_a_completed_callback_never_changes(
    plan: Plan,
) -> None:
    last: dict[UUID, Callback] = {}
    for changed in play(plan, then_seconds=TTL_SECONDS).told:
        before = last.get(changed.id)
        if before is not None:
            assert before.state is not State.COMPLETED
            assert ORDER.index(before.state) <= ORDER.index(changed.state)
            assert before.dial_attempts <= changed.dial_attempts
        assert (changed.state is State.COMPLETED) == (changed.reason is not None)
        last[changed.id] = changed


@given(plan=plans)
def test_agents_are_never_more_than_logged_in_and_never_two_on_a_callback(
    plan: Plan,
) -> None:
    watched = Watched.new(plan.seed)
    for pause, operation in plan.steps:
        watched.now += timedelta(seconds=pause)
        watched.floor.settle(watched.now)
        operation(watched)
        for name, desk in watched.floor._desks.items():
            figures = watched.floor.statistics(name)
            reserved = sum(
                case.has_agent
                for case in watched.floor._cases.values()
                if case.callback.service_name == name
            )
            assert figures["AgentsBusy"] == reserved + len(desk.queue._talks)
            assert figures["AgentsBusy"] <= figures["AgentsLoggedIn"] <= MOST_AGENTS


@given(plan=plans)
def test_no_agent_is_idle_while_somebody_can_be_served(
    plan: Plan,
) -> None:
    watched = Watched.new(plan.seed)
    for pause, operation in plan.steps:
        watched.now += timedelta(seconds=pause)
        watched.floor.settle(watched.now)
        operation(watched)
        for desk in watched.floor._desks.values():
            is_agent_free = desk.queue.busy < desk.queue.present
            assert not (is_agent_free and desk.queue.line.next_wanting_agent())


@given(plan=plans)
def test_calls_are_placed_within_the_attempts_and_not_early_and_never_after_a_cancel(
    plan: Plan,
) -> None:
    watched = play(plan, then_seconds=3600)
    floor = watched.floor
    booked = {changed.id: changed for changed in watched.told}
    for callback_id, changed in booked.items():
        attempts = calls_to(floor, callback_id)
        limit = SERVICES[changed.service_name].max_dial_attempts
        assert attempts == list(range(1, len(attempts) + 1))
        assert len(attempts) <= changed.dial_attempts <= limit
    for call in floor.placed_calls:
        assert call.placed_at >= booked[call.callback_id].desired_at
        assert call.service_name != "Push"
    for callback_id, calls in watched.cancelled.items():
        assert len(calls_to(floor, callback_id)) == calls


@given(plan=plans)
def test_only_who_was_reached_is_connected(plan: Plan) -> None:
    watched = play(plan, then_seconds=3600)
    reached = {
        call.callback_id
        for call in watched.floor.placed_calls
        if call.outcome is DialOutcome.ANSWERED
    }
    for changed in watched.told:
        is_connected = (
            changed.state in {State.ROUTING, State.PROCESSING}
            or changed.reason == Reason.AGENT_CONNECTED
        )
        if is_connected and changed.service_name != "Push":
            assert changed.id in reached


@given(plan=plans)
def test_every_callback_is_completed_once_its_time_to_live_is_over(
    plan: Plan,
) -> None:
    watched = play(plan, then_seconds=7200 + TTL_SECONDS + 7200)
    last = {changed.id: changed for changed in watched.told}
    assert all(changed.state is State.COMPLETED for changed in last.values())
    assert set(last) == set(watched.booked)
    for desk in watched.floor._desks.values():
        assert len(desk.queue.line) == desk.queue.calls_waiting
        assert not desk.queue._watchers


@given(plan=plans)
def test_after_a_restart_every_callback_is_there_and_still_comes_to_an_end(
    plan: Plan,
) -> None:
    before = play(plan)
    after = Floor(SERVICES, CALENDARS, CUSTOMERS, seed=plan.seed, start=before.now)
    told: list[Callback] = []
    after.on_change = told.append
    after.restore(before.floor.callbacks())
    assert after.callbacks() == before.floor.callbacks()
    assert not told
    after.settle(before.now + timedelta(seconds=7200 + TTL_SECONDS))
    assert all(each.state is State.COMPLETED for each in after.callbacks())


@settings(max_examples=20)
@given(plan=plans)
def test_the_same_operations_on_the_same_seed_give_the_same_floor(
    plan: Plan,
) -> None:
    assert play(plan).everything() == play(plan).everything()
