"""How the contact-centre floor treats callbacks, agents and the customers who ring."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from ges_connector.sandbox.floor import Floor, IllegalTransitionError
from ges_connector.sandbox.office_hours import ALWAYS_OPEN, OfficeCalendar
from ges_connector.sandbox.records import Callback, DialOutcome, PushTarget, Reason, State
from ges_connector.sandbox.seed import CustomerBehaviour, OfficeHours, Service, Traffic

MONDAY_NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OFFICE = OfficeCalendar(
    OfficeHours.model_validate(
        {"name": "Office", "timezone": "UTC", "regular": ["Mon-Fri 09:00-17:00"]}
    ),
    MONDAY_NINE,
)
NEVER_OPEN = OfficeCalendar(
    OfficeHours.model_validate({"name": "Shut", "timezone": "UTC", "regular": []}), MONDAY_NINE
)
PUSH = (PushTarget("FCM", "device"),)
QUIET = Traffic(agents=1, calls_per_hour=0, warm_up_minutes=0, hold_share=0)
ANSWER, NO_ANSWER = DialOutcome.ANSWERED, DialOutcome.NO_ANSWER


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def service(agents: int = 1, **settings: Any) -> Service:
    quiet = QUIET.model_copy(update={"agents": agents})
    return Service.model_validate({"name": "Support", "traffic": quiet, **settings})


def floor_of(
    settings: Service, calendar: OfficeCalendar = ALWAYS_OPEN, start: datetime = MONDAY_NINE
) -> Floor:
    everybody_answers = CustomerBehaviour(
        answered=1, no_answer=0, busy=0, declined=0, answering_machine=0
    )
    return Floor(
        {settings.name: settings}, {settings.name: calendar}, everybody_answers, seed=7, start=start
    )


def callback(number: int = 1, desired_at: datetime = MONDAY_NINE, **fields: Any) -> Callback:
    blank = Callback(
        id=UUID(int=number, version=4),
        service_name="Support",
        phone_number=f"+1202555{number:04}",
        desired_at=desired_at,
        created_at=MONDAY_NINE,
        is_scheduled=desired_at > MONDAY_NINE,
        state=State.SCHEDULED if desired_at > MONDAY_NINE else State.QUEUED,
    )
    return replace(blank, **fields)


def states_seen(floor: Floor) -> list[State]:
    seen: list[State] = []
    floor.on_change = lambda changed: seen.append(changed.state)
    return seen


def now_of(floor: Floor, booked: Callback) -> Callback:
    found = floor.get(booked.id)
    assert found is not None
    return found


def outcomes(floor: Floor) -> Sequence[DialOutcome]:
    return [call.outcome for call in floor.placed_calls]


# The way of a callback


def test_an_immediate_callback_is_queued_dialled_and_connected() -> None:
    floor = floor_of(service(ring_seconds=20))
    seen = states_seen(floor)
    booked = floor.accept(callback())
    assert booked.state is State.QUEUED
    floor.settle(MONDAY_NINE + seconds(20))
    assert now_of(floor, booked).state is State.ROUTING
    floor.settle(MONDAY_NINE + seconds(23))
    done = now_of(floor, booked)
    assert (done.state, done.reason, done.dial_attempts) == (State.COMPLETED, "AGENT_CONNECTED", 1)
    assert done.completed_at == MONDAY_NINE + seconds(23)
    assert seen == [State.QUEUED, State.QUEUED, State.ROUTING, State.COMPLETED]


def test_a_scheduled_callback_joins_the_queue_a_buffer_before_its_time_by_rule_3() -> None:
    floor = floor_of(service(execution_buffer_seconds=120))
    booked = floor.accept(callback(desired_at=MONDAY_NINE + HOUR))
    floor.settle(MONDAY_NINE + HOUR - seconds(121))
    assert now_of(floor, booked).state is State.SCHEDULED
    floor.settle(MONDAY_NINE + HOUR - seconds(120))
    assert now_of(floor, booked).state is State.QUEUED


def test_a_time_no_further_ahead_than_the_buffer_is_queued_at_once_by_rule_3() -> None:
    floor = floor_of(service(execution_buffer_seconds=120))
    near = floor.accept(callback(1, desired_at=MONDAY_NINE + seconds(120)))
    far = floor.accept(callback(2, desired_at=MONDAY_NINE + seconds(121)))
    assert (near.state, far.state) == (State.QUEUED, State.SCHEDULED)


def test_nobody_is_dialled_before_the_desired_time_though_the_queue_is_empty() -> None:
    floor = floor_of(service())
    desired_at = MONDAY_NINE + HOUR
    floor.accept(callback(desired_at=desired_at))
    floor.settle(MONDAY_NINE + 2 * HOUR)
    assert [call.placed_at for call in floor.placed_calls] == [desired_at]


def test_processing_is_seen_while_the_call_lasts_if_the_session_is_retained_by_rule_40a() -> None:
    floor = floor_of(service(retain_session=True))
    seen = states_seen(floor)
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + seconds(24))
    assert now_of(floor, booked).state is State.PROCESSING
    assert (floor.position(booked.id), floor.wait_seconds(booked.id)) == (0, 0.0)
    floor.settle(MONDAY_NINE + HOUR)
    assert now_of(floor, booked).reason == "AGENT_CONNECTED"
    assert list(dict.fromkeys(seen)) == [
        State.QUEUED,
        State.ROUTING,
        State.PROCESSING,
        State.COMPLETED,
    ]


def test_the_agent_talks_on_after_the_callback_is_completed() -> None:
    floor = floor_of(service())
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + seconds(24))
    assert now_of(floor, booked).state is State.COMPLETED
    assert floor.statistics("Support")["AgentsBusy"] == 1
    floor.settle(MONDAY_NINE + HOUR)
    assert floor.statistics("Support")["AgentsBusy"] == 0


@pytest.mark.parametrize(
    "outcome", [DialOutcome.NO_ANSWER, DialOutcome.BUSY, DialOutcome.ANSWERING_MACHINE]
)
def test_who_is_not_reached_is_dialled_again_until_the_attempts_are_used_up_by_rule_36(
    outcome: DialOutcome,
) -> None:
    floor = floor_of(service(max_dial_attempts=3, dial_retry_seconds=300, ring_seconds=20))
    booked = floor.accept(callback())
    floor.script_customer(booked.phone_number, outcome)
    floor.settle(MONDAY_NINE + HOUR)
    assert now_of(floor, booked).reason == "FAIL_CALL_TO_CUSTOMER"
    assert outcomes(floor) == [outcome] * 3
    assert [call.attempt for call in floor.placed_calls] == [1, 2, 3]
    assert [call.placed_at for call in floor.placed_calls] == [
        MONDAY_NINE + seconds(320 * attempt) for attempt in range(3)
    ]


def test_a_customer_can_answer_the_second_attempt() -> None:
    floor = floor_of(service())
    booked = floor.accept(callback())
    floor.script_customer(booked.phone_number, NO_ANSWER)
    floor.settle(MONDAY_NINE + seconds(60))
    floor.script_customer(booked.phone_number, None)
    floor.settle(MONDAY_NINE + HOUR)
    assert outcomes(floor) == [NO_ANSWER, ANSWER]
    assert now_of(floor, booked).reason == "AGENT_CONNECTED"


def test_a_customer_who_declines_is_not_rung_again() -> None:
    floor = floor_of(service())
    booked = floor.accept(callback())
    floor.script_customer(booked.phone_number, DialOutcome.DECLINED)
    floor.settle(MONDAY_NINE + HOUR)
    assert now_of(floor, booked).reason == "FAIL_USER_NO_CONFIRM"
    assert outcomes(floor) == [DialOutcome.DECLINED]
    assert floor.statistics("Support")["AgentsBusy"] == 0


def test_a_number_is_scripted_with_or_without_its_plus_sign() -> None:
    floor = floor_of(service())
    booked = floor.accept(callback())
    floor.script_customer(booked.phone_number.removeprefix("+"), DialOutcome.DECLINED)
    floor.settle(MONDAY_NINE + HOUR)
    assert outcomes(floor) == [DialOutcome.DECLINED]


def test_without_agents_a_callback_stays_queued_until_its_time_to_live_ends_by_rule_34() -> None:
    floor = floor_of(service(agents=0, ttl_seconds=3600))
    booked = floor.accept(callback(desired_at=MONDAY_NINE + HOUR))
    floor.settle(MONDAY_NINE + 2 * HOUR - seconds(1))
    assert now_of(floor, booked).state is State.QUEUED
    floor.settle(MONDAY_NINE + 2 * HOUR)
    assert now_of(floor, booked).reason == "FAIL_TIMEOUT_TTL"
    assert not floor.placed_calls


def test_the_time_to_live_does_not_cut_a_conversation_short() -> None:
    floor = floor_of(service(ttl_seconds=24, retain_session=True))
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + seconds(24))
    assert now_of(floor, booked).state is State.PROCESSING
    floor.settle(MONDAY_NINE + HOUR)
    assert now_of(floor, booked).reason == "AGENT_CONNECTED"


def test_a_completed_callback_is_forgotten_after_the_purge_time_by_rule_33() -> None:
    floor = floor_of(service(purge_seconds=600))
    purged: list[UUID] = []
    floor.on_purge = purged.append
    booked = floor.accept(callback())
    floor.cancel(booked.id, Reason.CANCELLED)
    floor.settle(MONDAY_NINE + seconds(599))
    assert floor.get(booked.id) is not None
    floor.settle(MONDAY_NINE + seconds(600))
    assert floor.get(booked.id) is None
    assert not floor.callbacks()
    assert purged == [booked.id]


def test_every_change_is_told_once_and_in_order() -> None:
    floor = floor_of(service(), calendar=OFFICE)
    told: list[Callback] = []
    floor.on_change = told.append
    for number in range(1, 5):
        floor.accept(callback(number, desired_at=MONDAY_NINE + number * HOUR))
    floor.settle(MONDAY_NINE + DAY)
    for booked in floor.callbacks():
        history = [changed for changed in told if changed.id == booked.id]
        assert history[-1] == booked
        assert all(before != after for before, after in pairwise(history))


# Cancel and finish


@pytest.mark.parametrize("reason", [Reason.CANCELLED, Reason.CANCELLED_BY_ADMIN])
@pytest.mark.parametrize(
    ("after_seconds", "state"),
    [(0, State.SCHEDULED), (3500, State.QUEUED), (3610, State.QUEUED), (3621, State.ROUTING)],
)
def test_a_callback_can_be_cancelled_until_it_is_connected_by_rule_40(
    after_seconds: int, state: State, reason: Reason
) -> None:
    floor = floor_of(service(ring_seconds=20))
    booked = floor.accept(callback(desired_at=MONDAY_NINE + HOUR))
    floor.settle(MONDAY_NINE + seconds(after_seconds))
    assert now_of(floor, booked).state is state
    cancelled = floor.cancel(booked.id, reason)
    assert (cancelled.state, cancelled.reason) == (State.COMPLETED, reason.value)
    assert floor.statistics("Support")["AgentsBusy"] == 0
    calls = len(floor.placed_calls)
    floor.settle(MONDAY_NINE + DAY - HOUR)
    assert now_of(floor, booked) == cancelled
    assert len(floor.placed_calls) == calls


def test_a_connected_callback_cannot_be_cancelled_by_rule_40() -> None:
    floor = floor_of(service(retain_session=True))
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + seconds(24))
    with pytest.raises(IllegalTransitionError) as refusal:
        floor.cancel(booked.id, Reason.CANCELLED)
    assert refusal.value.state is State.PROCESSING
    floor.settle(MONDAY_NINE + HOUR)
    with pytest.raises(IllegalTransitionError):
        floor.cancel(booked.id, Reason.CANCELLED)
    assert now_of(floor, booked).reason == "AGENT_CONNECTED"


def test_a_cancel_while_the_phone_rings_ends_the_call_and_frees_the_agent_for_the_next() -> None:
    floor = floor_of(service(ring_seconds=20))
    first, second = floor.accept(callback(1)), floor.accept(callback(2))
    floor.settle(MONDAY_NINE + seconds(5))
    floor.cancel(first.id, Reason.CANCELLED)
    assert now_of(floor, second).dial_attempts == 1
    floor.settle(MONDAY_NINE + HOUR)
    assert [(call.callback_id, call.outcome) for call in floor.placed_calls] == [
        (first.id, NO_ANSWER),
        (second.id, ANSWER),
    ]


def test_cancelling_an_unknown_callback_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        floor_of(service()).cancel(UUID(int=1), Reason.CANCELLED)


@pytest.mark.parametrize("reason", [*Reason, "AGENT_PREVIEW_CANCEL_AFTER_7REJECTS", "NEW_ONE"])
@pytest.mark.parametrize("after_seconds", [0, 3500, 3610, 3621, 3624])
def test_an_administrator_can_finish_an_open_callback_for_any_reason(
    after_seconds: int, reason: str
) -> None:
    floor = floor_of(service(retain_session=True))
    booked = floor.accept(callback(desired_at=MONDAY_NINE + HOUR))
    floor.settle(MONDAY_NINE + seconds(after_seconds))
    assert floor.finish_with(booked.id, reason).reason == str(reason)
    floor.settle(MONDAY_NINE + 5 * HOUR)
    assert now_of(floor, booked).reason == str(reason)
    assert floor.statistics("Support")["AgentsBusy"] == 0
    with pytest.raises(IllegalTransitionError):
        floor.finish_with(booked.id, reason)


# Places in line


def test_a_higher_priority_goes_first_and_then_whoever_joined_earlier() -> None:
    floor = floor_of(service(agents=0))
    plain, second = floor.accept(callback(1)), floor.accept(callback(2))
    urgent = floor.accept(callback(3, priority=10))
    assert [floor.position(each.id) for each in (urgent, plain, second)] == [1, 2, 3]
    floor.set_agents("Support", 1)
    floor.settle(MONDAY_NINE + 2 * HOUR)
    assert [call.callback_id for call in floor.placed_calls] == [urgent.id, plain.id, second.id]


def test_callbacks_wait_in_one_line_with_customers_who_rang() -> None:
    floor = floor_of(service(agents=1))
    floor.add_calls("Support", 4)
    booked = floor.accept(callback())
    assert floor.statistics("Support")["CallsWaiting"] == 3
    assert floor.position(booked.id) == 4


def test_a_callback_keeps_its_place_between_two_attempts() -> None:
    floor = floor_of(service(agents=1, dial_retry_seconds=1, ring_seconds=20))
    first = floor.accept(callback(1))
    floor.script_customer(first.phone_number, NO_ANSWER)
    second = floor.accept(callback(2))
    floor.settle(MONDAY_NINE + seconds(21))
    assert floor.position(first.id) == 1
    assert now_of(floor, second).dial_attempts == 1
    later_booking = floor.accept(callback(3))
    floor.settle(MONDAY_NINE + 2 * HOUR)
    calls = [call.callback_id for call in floor.placed_calls]
    assert calls.index(later_booking.id) > calls.index(first.id, 1)


def test_a_callback_outside_the_queue_has_neither_position_nor_wait() -> None:
    floor = floor_of(service())
    booked = floor.accept(callback(desired_at=MONDAY_NINE + HOUR))
    assert (floor.position(booked.id), floor.wait_seconds(booked.id)) == (None, None)
    floor.cancel(booked.id, Reason.CANCELLED)
    assert (floor.position(booked.id), floor.wait_seconds(booked.id)) == (None, None)
    assert (floor.position(UUID(int=9)), floor.wait_seconds(UUID(int=9))) == (None, None)


def test_whoever_is_behind_moves_up_when_a_queued_callback_is_cancelled() -> None:
    floor = floor_of(service(agents=0))
    first, second = floor.accept(callback(1)), floor.accept(callback(2))
    floor.cancel(first.id, Reason.CANCELLED)
    assert (floor.position(first.id), floor.position(second.id)) == (None, 1)


def test_only_callbacks_that_are_queued_count_towards_the_depth_of_rule_21() -> None:
    floor = floor_of(service(agents=0))
    floor.add_calls("Support", 2)
    floor.accept(callback(1))
    floor.accept(callback(2))
    floor.accept(callback(3, desired_at=MONDAY_NINE + HOUR))
    cancelled = floor.accept(callback(4))
    floor.cancel(cancelled.id, Reason.CANCELLED)
    assert floor.queued_count("Support") == 2


# Dialling before an agent is reserved


def test_with_wait_for_agent_off_the_customer_is_dialled_while_agents_are_busy() -> None:
    floor = floor_of(service(agents=1, wait_for_agent=False, ring_seconds=20))
    floor.add_calls("Support", 1)
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + seconds(20))
    assert now_of(floor, booked).state is State.ROUTING
    assert floor.position(booked.id) == 1
    floor.settle(MONDAY_NINE + HOUR)
    assert now_of(floor, booked).reason == "AGENT_CONNECTED"


def test_with_wait_for_agent_off_no_more_are_dialled_ahead_than_there_are_agents() -> None:
    floor = floor_of(service(agents=2, wait_for_agent=False, ring_seconds=20))
    floor.add_calls("Support", 2)
    booked = [floor.accept(callback(number)) for number in (1, 2, 3)]
    assert [now_of(floor, each).dial_attempts for each in booked] == [1, 1, 0]


def test_nobody_is_dialled_ahead_when_nobody_is_logged_in() -> None:
    floor = floor_of(service(agents=0, wait_for_agent=False))
    floor.accept(callback())
    floor.settle(MONDAY_NINE + HOUR)
    assert not floor.placed_calls


def test_a_customer_on_the_line_whom_no_agent_takes_within_an_hour_fails() -> None:
    floor = floor_of(service(agents=1, wait_for_agent=False, ring_seconds=20))
    floor.add_calls("Support", 1)
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + seconds(21))
    floor.set_agents("Support", 0)
    floor.settle(MONDAY_NINE + HOUR + seconds(20))
    done = now_of(floor, booked)
    assert (done.reason, done.completed_at) == (
        "FAIL_AGENT_CONNECT",
        MONDAY_NINE + HOUR + seconds(20),
    )


# Pushes


def test_a_user_originated_callback_is_offered_by_push_and_the_customer_rings_in() -> None:
    floor = floor_of(service(call_direction="USERORIGINATED"))
    seen = states_seen(floor)
    booked = floor.accept(callback(push_targets=PUSH))
    floor.settle(MONDAY_NINE + HOUR)
    assert [(push.event, push.target) for push in floor.pushes] == [("CALLBACK_OFFER", "device")]
    assert not floor.placed_calls
    assert now_of(floor, booked).reason == "AGENT_CONNECTED"
    assert seen == [State.QUEUED, State.ROUTING, State.COMPLETED]


def test_the_offer_waits_until_the_remaining_wait_falls_under_the_threshold_by_rule_38() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 20, "warm_up_minutes": 600})
    floor = floor_of(
        service(traffic=busy, call_direction="USERORIGINATED", push_threshold_seconds=300)
    )
    floor.add_calls("Support", 10)
    booked = floor.accept(callback(push_targets=PUSH))
    assert (floor.wait_seconds(booked.id) or 0) > 300
    at = MONDAY_NINE
    while not floor.pushes and at < MONDAY_NINE + 6 * HOUR:
        wait = floor.wait_seconds(booked.id)
        assert wait is None or wait > 300
        at += seconds(10)
        floor.settle(at)
    assert [push.event for push in floor.pushes] == ["CALLBACK_OFFER"]


def test_the_offer_is_made_when_callers_in_front_hang_up() -> None:
    hasty = QUIET.model_copy(
        update={"handle_seconds": 7200, "patience_seconds": 60, "warm_up_minutes": 20_000}
    )
    floor = floor_of(
        service(
            traffic=hasty.model_copy(update={"calls_per_hour": 1}),
            call_direction="USERORIGINATED",
            push_threshold_seconds=10_000,
        )
    )
    floor.set_traffic("Support", 0)
    floor.add_calls("Support", 4)
    booked = floor.accept(callback(push_targets=PUSH))
    answered = floor.statistics("Support")["CallsAnswered"]
    assert (floor.wait_seconds(booked.id) or 0) > 10_000
    floor.settle(MONDAY_NINE + HOUR / 4)
    assert floor.statistics("Support")["CallsAnswered"] == answered
    assert [push.event for push in floor.pushes] == ["CALLBACK_OFFER"]


def test_an_ignored_offer_is_snoozed_and_made_again_then_given_up_by_rule_37() -> None:
    floor = floor_of(service(call_direction="USERORIGINATED", pushed_expiry_seconds=600))
    booked = floor.accept(callback(push_targets=PUSH))
    floor.script_customer(booked.phone_number, NO_ANSWER)
    floor.settle(MONDAY_NINE + 2 * HOUR)
    assert [push.sent_at for push in floor.pushes] == [
        MONDAY_NINE + seconds(900 * offer) for offer in range(3)
    ]
    done = now_of(floor, booked)
    assert (done.reason, done.dial_attempts) == ("NOT_AVAILABLE", 0)
    assert done.completed_at == MONDAY_NINE + seconds(2400)


def test_a_declined_offer_ends_the_callback() -> None:
    floor = floor_of(service(call_direction="USERORIGINATED"))
    booked = floor.accept(callback(push_targets=PUSH))
    floor.script_customer(booked.phone_number, DialOutcome.DECLINED)
    floor.settle(MONDAY_NINE)
    floor.cancel(booked.id, Reason.CANCELLED)
    again = floor.accept(callback(2, phone_number=booked.phone_number, push_targets=PUSH))
    floor.settle(MONDAY_NINE + HOUR)
    assert now_of(floor, again).reason == "FAIL_USER_NO_CONFIRM"


def test_push_targets_of_a_dialled_callback_get_one_notice() -> None:
    floor = floor_of(service(push_threshold_seconds=60))
    desired_at = MONDAY_NINE + HOUR
    floor.accept(callback(desired_at=desired_at, push_targets=PUSH))
    floor.settle(MONDAY_NINE + 2 * HOUR)
    assert [(push.event, push.sent_at) for push in floor.pushes] == [
        ("CALLBACK_NOTICE", desired_at - seconds(60))
    ]
    assert outcomes(floor) == [ANSWER]


# Agents and office hours


def test_at_closing_time_callers_are_sent_away_and_callbacks_wait_for_the_opening() -> None:
    monday_five = MONDAY_NINE + 8 * HOUR
    floor = floor_of(service(agents=1), calendar=OFFICE, start=monday_five - seconds(1))
    floor.add_calls("Support", 3)
    booked = floor.accept(callback(desired_at=monday_five - seconds(1)))
    floor.settle(monday_five)
    assert floor.statistics("Support")["CallsAbandoned"] == 2
    floor.settle(monday_five + 2 * HOUR)
    assert floor.statistics("Support")["AgentsLoggedIn"] == 0
    assert now_of(floor, booked).state is State.QUEUED
    floor.settle(MONDAY_NINE + DAY + HOUR)
    assert [call.placed_at for call in floor.placed_calls] == [MONDAY_NINE + DAY]
    assert floor.agents("Support") == 1


def test_an_agent_on_a_call_at_closing_time_finishes_it() -> None:
    monday_five = MONDAY_NINE + 8 * HOUR
    floor = floor_of(service(agents=1), calendar=OFFICE, start=monday_five - seconds(1))
    floor.add_calls("Support", 1)
    floor.settle(monday_five + seconds(1))
    figures = floor.statistics("Support")
    assert (figures["AgentsLoggedIn"], figures["AgentsBusy"]) == (1, 1)


def test_a_queue_whose_office_never_opens_stands_still() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 60, "warm_up_minutes": 60})
    floor = floor_of(service(traffic=busy), calendar=NEVER_OPEN)
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + DAY - seconds(1))
    assert now_of(floor, booked).state is State.QUEUED
    assert floor.statistics("Support")["CallsEntered"] == 0


def test_customers_ring_only_while_the_office_is_open() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 60})
    floor = floor_of(service(traffic=busy), calendar=OFFICE)
    floor.settle(MONDAY_NINE + 8 * HOUR)
    at_closing = floor.statistics("Support")["CallsEntered"]
    floor.settle(MONDAY_NINE + DAY)
    assert floor.statistics("Support")["CallsEntered"] == at_closing
    floor.settle(MONDAY_NINE + DAY + HOUR)
    assert floor.statistics("Support")["CallsEntered"] > at_closing


def test_more_customers_ring_when_the_traffic_goes_up_and_none_when_it_stops() -> None:
    floor = floor_of(service(agents=5))
    floor.set_traffic("Support", 100)
    floor.settle(MONDAY_NINE + 10 * HOUR)
    entered = floor.statistics("Support")["CallsEntered"]
    assert 800 < entered < 1200
    floor.set_traffic("Support", 0)
    floor.settle(MONDAY_NINE + 2 * DAY)
    assert floor.statistics("Support")["CallsEntered"] == entered


def test_agents_who_leave_finish_their_call_and_take_no_other() -> None:
    floor = floor_of(service(agents=2))
    floor.add_calls("Support", 3)
    floor.set_agents("Support", 0)
    assert floor.statistics("Support")["AgentsBusy"] == 2
    floor.settle(MONDAY_NINE + 2 * HOUR)
    figures = floor.statistics("Support")
    assert (figures["AgentsBusy"], figures["CallsAnswered"]) == (0, 2)


def test_customers_who_rang_give_up_when_nobody_answers() -> None:
    floor = floor_of(service(agents=0))
    floor.add_calls("Support", 5)
    floor.settle(MONDAY_NINE + DAY)
    assert floor.statistics("Support")["CallsAbandoned"] == 5


def test_bookings_leave_the_customers_who_ring_untouched() -> None:
    busy = QUIET.model_copy(update={"agents": 3, "calls_per_hour": 30, "warm_up_minutes": 60})
    empty, booked = floor_of(service(traffic=busy)), floor_of(service(traffic=busy))
    for number in range(1, 20):
        at = MONDAY_NINE + timedelta(minutes=20 * number)
        empty.settle(at)
        booked.settle(at)
        booked.accept(callback(number, desired_at=at, created_at=at))
        entered = [each.statistics("Support")["CallsEntered"] for each in (empty, booked)]
        assert entered[0] == entered[1]


# Estimated wait


def test_a_queue_that_has_seen_nothing_says_so() -> None:
    floor = floor_of(service(agents=1))
    for mode in ("mode1", "mode2", "mode3"):
        wait = floor.queue_wait("Support", mode)
        assert (wait.wait_seconds, wait.result_code) == (-1, -1)
        assert "interaction" in wait.message
    assert floor.forecast_done_at("Support") is None


def test_mode2_knows_when_nobody_is_logged_in_and_mode1_does_not() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 30, "warm_up_minutes": 240})
    floor = floor_of(service(traffic=busy))
    floor.add_calls("Support", 5)
    floor.set_agents("Support", 0)
    assert floor.queue_wait("Support", "mode1").wait_seconds > 0
    blind = floor.queue_wait("Support", "mode2")
    assert (blind.wait_seconds, blind.result_code) == (-1, -2)
    assert floor.queue_wait("Support", "mode3").result_code == 0
    assert floor.forecast_done_at("Support") is None


def test_a_service_that_does_not_check_agents_tells_a_wait_without_any() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 30, "warm_up_minutes": 240})
    floor = floor_of(service(traffic=busy, logged_in_check=False))
    floor.add_calls("Support", 5)
    floor.set_agents("Support", 0)
    assert floor.queue_wait("Support", "mode2") == floor.queue_wait("Support", "mode1")


def test_the_wait_grows_with_callers_and_shrinks_with_agents() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 10, "warm_up_minutes": 480})
    floor = floor_of(service(traffic=busy))
    floor.add_calls("Support", 5)
    five = floor.queue_wait("Support").wait_seconds
    floor.add_calls("Support", 5)
    ten = floor.queue_wait("Support").wait_seconds
    floor.set_agents("Support", 3)
    with_help = floor.queue_wait("Support").wait_seconds
    assert five < ten
    assert with_help < ten / 2
    floor.set_traffic("Support", 0)
    floor.settle(MONDAY_NINE + 6 * HOUR)
    assert floor.queue_wait("Support").wait_seconds == 0


def test_mode1_goes_by_the_pace_of_all_agents_together() -> None:
    busy = QUIET.model_copy(update={"agents": 4, "calls_per_hour": 40, "warm_up_minutes": 600})
    floor = floor_of(service(traffic=busy))
    floor.settle(MONDAY_NINE + HOUR)
    floor.set_agents("Support", 0)
    floor.add_calls("Support", 20)
    waiting = floor.statistics("Support")["CallsWaiting"]
    wait_seconds = floor.queue_wait("Support", "mode1").wait_seconds
    assert wait_seconds / waiting == pytest.approx(busy.handle_seconds / 4, rel=0.3)


def test_calls_on_hold_lengthen_the_wait_only_on_request() -> None:
    held = QUIET.model_copy(update={"agents": 4, "hold_share": 1.0, "warm_up_minutes": 0})
    floor = floor_of(service(traffic=held))
    floor.add_calls("Support", 40)
    at = MONDAY_NINE + HOUR / 4
    floor.settle(at)
    while floor.statistics("Support")["CallsOnHold"] == 0:
        at += seconds(5)
        floor.settle(at)
    on_hold = floor.statistics("Support")["CallsOnHold"]
    for mode in ("mode1", "mode2"):
        plain = floor.queue_wait("Support", mode).wait_seconds
        assert floor.queue_wait("Support", mode, include_calls_on_hold=True).wait_seconds > plain
    assert 0 < on_hold <= 4
    assert floor.queue_wait("Support", "mode3") == floor.queue_wait(
        "Support", "mode3", include_calls_on_hold=True
    )


def test_the_wait_told_is_of_the_size_of_the_wait_that_follows() -> None:
    busy = Traffic(agents=3, calls_per_hour=20, patience_seconds=100_000, warm_up_minutes=600)
    floor = floor_of(service(traffic=busy))
    told = 0.0
    booked_at = {}
    for number in range(1, 60):
        at = MONDAY_NINE + 3 * number * HOUR
        floor.settle(at)
        floor.add_calls("Support", 4 + number % 9)
        booked = floor.accept(callback(number, desired_at=at, created_at=at))
        booked_at[booked.id] = at
        told += floor.wait_seconds(booked.id) or 0.0
    floor.settle(MONDAY_NINE + 300 * HOUR)
    waited = sum(
        (call.placed_at - booked_at[call.callback_id]).total_seconds()
        for call in floor.placed_calls
    )
    assert len(floor.placed_calls) == len(booked_at)
    assert 0.8 < told / waited < 1.25


def test_the_forecast_of_an_immediate_callback_is_now_plus_the_wait_by_rule_17() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 10, "warm_up_minutes": 480})
    floor = floor_of(service(traffic=busy))
    floor.add_calls("Support", 5)
    wait_seconds = floor.queue_wait("Support", "mode2").wait_seconds
    assert wait_seconds > 0
    assert floor.forecast_done_at("Support") == MONDAY_NINE + seconds(wait_seconds)


def test_a_queued_callback_waits_at_least_until_its_desired_time() -> None:
    floor = floor_of(service(execution_buffer_seconds=120))
    booked = floor.accept(callback(desired_at=MONDAY_NINE + seconds(90)))
    assert floor.wait_seconds(booked.id) == 90


def test_the_wait_of_a_queued_callback_is_unknown_while_nobody_is_logged_in() -> None:
    floor = floor_of(service(agents=0))
    assert floor.wait_seconds(floor.accept(callback()).id) == -1


def test_the_wait_of_a_callback_being_dialled_for_a_reserved_agent_is_nought() -> None:
    floor = floor_of(service(agents=1))
    assert floor.wait_seconds(floor.accept(callback()).id) == 0


def test_the_warm_up_gives_a_wait_to_a_sandbox_that_starts_as_the_office_opens() -> None:
    busy = QUIET.model_copy(update={"calls_per_hour": 20, "warm_up_minutes": 120})
    floor = floor_of(service(traffic=busy), calendar=OFFICE)
    assert floor.queue_wait("Support").result_code == 0
    assert floor.statistics("Support")["CallsEntered"] > 10


def test_the_wait_for_the_desired_time_is_no_wait_in_the_queue() -> None:
    floor = floor_of(service(execution_buffer_seconds=120, ring_seconds=20))
    floor.accept(callback(desired_at=MONDAY_NINE + HOUR))
    floor.settle(MONDAY_NINE + 2 * HOUR)
    assert floor.queue_wait("Support", "mode3").wait_seconds == 23


def test_figures_carry_the_names_of_the_field() -> None:
    floor = floor_of(service(agents=2))
    floor.add_calls("Support", 3)
    floor.accept(callback(1))
    floor.accept(callback(2, desired_at=MONDAY_NINE + HOUR))
    assert floor.statistics("Support") == {
        "CallsEntered": 3,
        "CallsAnswered": 2,
        "CallsAbandoned": 0,
        "CallsWaiting": 1,
        "CallsOnHold": 0,
        "AgentsLoggedIn": 2,
        "AgentsBusy": 2,
        "CallbacksQueued": 1,
        "CallbacksScheduled": 1,
        "EstimatedWaitTime": -1,
        "AverageWaitTime": 0,
    }


# After a restart


def test_scheduled_queued_and_completed_callbacks_go_on_after_a_restart() -> None:
    stopped = floor_of(service(agents=0))
    scheduled = stopped.accept(callback(1, desired_at=MONDAY_NINE + HOUR))
    queued = stopped.accept(callback(2))
    done = stopped.accept(callback(3))
    stopped.cancel(done.id, Reason.CANCELLED)
    floor = floor_of(service(agents=1), start=MONDAY_NINE + seconds(60))
    floor.restore(stopped.callbacks())
    assert floor.callbacks() == stopped.callbacks()
    floor.settle(MONDAY_NINE + 2 * HOUR)
    assert now_of(floor, scheduled).reason == "AGENT_CONNECTED"
    assert now_of(floor, queued).reason == "AGENT_CONNECTED"
    assert now_of(floor, done).reason == "CANCELLED"
    floor.settle(MONDAY_NINE + DAY)
    assert floor.get(done.id) is None


def test_queued_callbacks_keep_their_order_over_a_restart() -> None:
    first = callback(1, state_since_at=MONDAY_NINE)
    second = callback(2, state_since_at=MONDAY_NINE + seconds(1))
    floor = floor_of(service(agents=0), start=MONDAY_NINE + HOUR)
    floor.restore([second, first])
    assert [floor.position(first.id), floor.position(second.id)] == [1, 2]


def test_a_callback_queued_ahead_of_its_time_is_not_dialled_early_after_a_restart() -> None:
    desired_at = MONDAY_NINE + seconds(100)
    floor = floor_of(service())
    floor.restore([callback(1, desired_at=desired_at, state=State.QUEUED)])
    floor.settle(MONDAY_NINE + HOUR)
    assert [call.placed_at for call in floor.placed_calls] == [desired_at]


def test_a_call_that_rang_as_the_sandbox_stopped_counts_as_not_answered() -> None:
    again = callback(1, dial_attempts=1, state_since_at=MONDAY_NINE)
    spent = callback(2, dial_attempts=3, state_since_at=MONDAY_NINE)
    floor = floor_of(service(dial_retry_seconds=300, max_dial_attempts=3))
    floor.restore([again, spent])
    floor.settle(MONDAY_NINE)
    assert now_of(floor, spent).reason == "FAIL_CALL_TO_CUSTOMER"
    floor.settle(MONDAY_NINE + HOUR)
    assert [(call.placed_at, call.attempt) for call in floor.placed_calls] == [
        (MONDAY_NINE + seconds(300), 2)
    ]


def test_a_customer_on_the_line_is_still_there_after_a_restart() -> None:
    waiting = callback(1, state=State.ROUTING, dial_attempts=1, state_since_at=MONDAY_NINE)
    talking = callback(2, state=State.PROCESSING, dial_attempts=1, state_since_at=MONDAY_NINE)
    floor = floor_of(service(retain_session=True))
    floor.restore([waiting, talking])
    assert (floor.position(waiting.id), floor.position(talking.id)) == (1, 0)
    floor.settle(MONDAY_NINE + HOUR)
    assert now_of(floor, waiting).reason == "AGENT_CONNECTED"
    assert now_of(floor, talking).reason == "AGENT_CONNECTED"
    assert not floor.placed_calls


def test_a_callback_whose_time_to_live_ended_while_the_sandbox_was_down_is_not_dialled() -> None:
    floor = floor_of(service(ttl_seconds=3600), start=MONDAY_NINE + DAY)
    missed = callback(1, state=State.SCHEDULED, desired_at=MONDAY_NINE + HOUR)
    floor.restore([missed])
    floor.settle(MONDAY_NINE + DAY)
    assert now_of(floor, missed).reason == "FAIL_TIMEOUT_TTL"
    assert not floor.placed_calls


# What cannot be asked of a floor


def test_an_earlier_instant_changes_nothing() -> None:
    floor = floor_of(service())
    booked = floor.accept(callback())
    floor.settle(MONDAY_NINE + seconds(30))
    before = (floor.callbacks(), floor.placed_calls)
    floor.settle(MONDAY_NINE)
    assert (floor.callbacks(), floor.placed_calls) == before
    assert now_of(floor, booked).state is State.COMPLETED


def test_a_callback_is_taken_in_at_the_instant_it_was_booked() -> None:
    floor = floor_of(service())
    at = MONDAY_NINE + HOUR
    booked = floor.accept(callback(desired_at=at, created_at=at, state=State.QUEUED))
    assert now_of(floor, booked).state_since_at == at


def test_an_unknown_queue_is_a_key_error() -> None:
    floor = floor_of(service())
    with pytest.raises(KeyError):
        floor.queue_wait("Sales")
    with pytest.raises(KeyError):
        floor.accept(callback(service_name="Sales"))
    assert not floor.callbacks()


def test_an_id_is_taken_once() -> None:
    floor = floor_of(service())
    floor.accept(callback())
    with pytest.raises(ValueError, match="id"):
        floor.accept(callback())


def test_a_new_callback_is_scheduled_or_queued() -> None:
    with pytest.raises(ValueError, match="SCHEDULED or QUEUED"):
        floor_of(service()).accept(callback(state=State.ROUTING))


@pytest.mark.parametrize("number", [-1, 100_001])
def test_agents_and_calls_have_their_limits(number: int) -> None:
    floor = floor_of(service())
    with pytest.raises(ValueError, match="agents"):
        floor.set_agents("Support", number)
    with pytest.raises(ValueError, match="calls an hour"):
        floor.set_traffic("Support", number)
    with pytest.raises(ValueError, match="at once"):
        floor.add_calls("Support", number)
    with pytest.raises(ValueError, match="calls an hour"):
        floor.set_traffic("Support", float("nan"))
