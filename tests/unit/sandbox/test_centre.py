from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.admission import Application, admit
from ges_connector.sandbox.centre import (
    NEVER_CLOSES_SECONDS,
    AvailabilityQuery,
    CallInOrder,
    ContactCentre,
)
from ges_connector.sandbox.clock import VirtualClock
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import (
    Booking,
    Callback,
    Code,
    PushTarget,
    Reason,
    RefusedError,
    State,
)
from ges_connector.sandbox.seed import Tenant

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # Monday, 10:00 in Berlin
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 1, 11, 12, 0, tzinfo=UTC)
FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)
ADA, BEN = "+12025550101", "+12025550102"
QUIET = {"agents": 0, "calls_per_hour": 0, "warm_up_minutes": 0}


class Room:
    """A centre with one service, its clock, and a profile that can be changed."""

    def __init__(self, *, now: datetime = NOW, tenant: Any = None, **service: Any) -> None:
        self.profile = Profile()
        self.clock = VirtualClock("frozen", now)
        self.tenant = Tenant.model_validate(
            {
                "name": "Lakeside",
                "keys": [{"key": "key"}],
                "office_hours": [
                    {
                        "name": "Day",
                        "timezone": "Europe/Berlin",
                        "regular": ["Mon-Fri 09:00-17:00"],
                    }
                ],
                "capacity_rules": [{"name": "Rule", "slot_minutes": 30, "places": 2}],
                "services": [
                    {
                        "name": "Billing",
                        "office_hours": "Day",
                        "capacity_rule": "Rule",
                        "in_queue_check": "off",
                        "traffic": QUIET,
                        **service,
                    },
                    {"name": "Always", "traffic": QUIET},
                ],
                "call_in_groups": [{"name": "help", "numbers": ["+12025550180"]}],
                **(tenant or {}),
            }
        )
        self.centre = self.new_centre()

    def new_centre(self) -> ContactCentre:
        return ContactCentre(self.tenant, clock=self.clock, seed=7, profile=lambda: self.profile)

    def read(self, **answers: Any) -> None:
        self.profile = Profile.model_validate({**self.profile.model_dump(), **answers})

    def book(self, at: datetime | None = None, number: str = ADA, **more: Any) -> Callback:
        booking = {"service_name": "Billing", "phone_number": number, "desired_at": at}
        return self.centre.create(Booking(**{**booking, **more}))

    def refusal(self, at: datetime | None = None, **booking: Any) -> RefusedError:
        return refused(lambda: self.book(at, **booking))

    def free(self, at: datetime) -> int:
        """Free places of the slot that contains an instant, 0 if it is not listed."""
        view = self.centre.availability("Billing", AvailabilityQuery(start=at))
        return view.slots[0].capacity if view.slots else 0


def refused(operation: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        operation()
    return caught.value


# --- scenario selection (rules 1 to 5) ----------------------------------------------------------


def test_rule_1_without_a_desired_time_a_callback_is_immediate_and_queued_at_once() -> None:
    callback = Room().book()
    assert (callback.state, callback.is_scheduled) == (State.QUEUED, False)
    assert (callback.desired_at, callback.slot_start_at) == (NOW, None)


def test_rule_1_with_a_desired_time_it_is_scheduled_for_exactly_that_time() -> None:
    wish = NOON + timedelta(minutes=7, microseconds=5)
    callback = Room().book(wish)
    assert (callback.state, callback.is_scheduled) == (State.SCHEDULED, True)
    assert (callback.desired_at, callback.slot_start_at) == (wish, NOON)


@pytest.mark.parametrize(
    ("seconds", "is_scheduled"), [(-180, False), (0, False), (120, False), (121, True)]
)
def test_rule_3_a_time_up_to_the_buffer_ahead_is_immediate(
    seconds: int, *, is_scheduled: bool
) -> None:
    wish = NOW + timedelta(seconds=seconds)
    callback = Room().book(wish)
    assert callback.is_scheduled is is_scheduled
    assert callback.desired_at == max(wish, NOW)


def test_rule_3_always_check_capacity_makes_a_near_time_a_scheduled_one() -> None:
    room = Room()
    callback = room.book(NOW, always_check_capacity=True)
    assert callback.is_scheduled
    assert room.free(NOW) == 1


def test_rule_3_always_check_capacity_leaves_a_request_without_time_immediate_by_default() -> None:
    room = Room()
    assert not room.book(always_check_capacity=True).is_scheduled
    room.read(capacity_check_covers_immediate=True)
    assert room.book(always_check_capacity=True).is_scheduled


def test_rule_4_user_originated_services_need_somewhere_to_push_to() -> None:
    room = Room(call_direction="USERORIGINATED")
    assert room.refusal().code == Code.INVALID_PARAMETERS
    target = PushTarget("FCM", "token")
    assert room.book(push_targets=(target,)).push_targets == (target,)


def test_q23_a_time_longer_past_than_tolerated_is_refused() -> None:
    room = Room()
    past = NOW - timedelta(seconds=181)
    assert (room.refusal(past).status, room.refusal(past).code) == (400, Code.INVALID_PARAMETERS)
    room.read(past_tolerance_seconds=600)
    assert not room.book(past).is_scheduled


@pytest.mark.parametrize("wish", [FIRST_INSTANT, LAST_INSTANT])
@pytest.mark.parametrize("first", ["params", "hours", "capacity", "throttle"])
def test_times_at_the_ends_of_the_calendar_are_refused_whatever_is_checked_first(
    wish: datetime, first: str
) -> None:
    room = Room(reject_outside_office_hours=False)
    checks = Profile().checks
    room.read(checks=(first, *(check for check in checks if check != first)))
    assert room.refusal(wish).status == 400


def test_rule_35_a_time_beyond_the_furthest_day_is_refused() -> None:
    room = Room(furthest_days=3)
    assert room.book(NOW + timedelta(days=3)).is_scheduled
    assert room.refusal(NOW + timedelta(days=3, seconds=1)).code == Code.INVALID_PARAMETERS


def test_a_time_inside_the_lead_time_is_refused_but_not_an_immediate_callback() -> None:
    room = Room(min_lead_minutes=90)
    assert "90 minutes" in room.refusal(NOW + timedelta(minutes=89)).message
    assert room.book(NOW + timedelta(minutes=90)).is_scheduled
    assert not room.book().is_scheduled


def test_rule_44_a_tenant_with_captcha_takes_accepted_tokens_only() -> None:
    room = Room(tenant={"captcha": {"site_key": "site", "accepted_tokens": ["human"]}})
    assert room.refusal().code == Code.INVALID_PARAMETERS
    assert room.refusal(captcha_token="robot").status == 400
    assert room.book(captcha_token="human").state is State.QUEUED


# --- service, number, limits ----------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 404])
def test_q15_an_unknown_service_is_refused_on_every_operation(status: int) -> None:
    room = Room()
    room.read(unknown_service_status=status)
    operations: list[Callable[[], object]] = [
        lambda: room.book(service_name="Nobody"),
        lambda: room.centre.availability("Nobody", AvailabilityQuery()),
        lambda: room.centre.queue_status("Nobody"),
        lambda: room.centre.open_for("Nobody"),
    ]
    for operation in operations:
        error = refused(operation)
        assert (error.status, error.code) == (status, Code.UNKNOWN_SERVICE)


def test_switched_off_kinds_of_callbacks_are_refused_and_not_offered() -> None:
    immediate_only = Room(scheduled_enabled=False)
    assert immediate_only.refusal(NOON).code == Code.INVALID_PARAMETERS
    assert not immediate_only.book().is_scheduled
    assert not immediate_only.centre.queue_status("Billing").offer_scheduled
    assert (
        immediate_only.centre.availability("Billing", AvailabilityQuery(number_of_days=5)).slots
        == ()
    )
    scheduled_only = Room(immediate_enabled=False)
    assert scheduled_only.refusal().code == Code.INVALID_PARAMETERS
    assert scheduled_only.book(NOON).is_scheduled
    assert not scheduled_only.centre.queue_status("Billing").offer_immediate


def test_rules_26_and_29_the_number_is_kept_with_its_plus_sign() -> None:
    room = Room()
    booked = room.book(number="(202) 555-0101")
    assert room.centre.retrieve(booked.id).callback.phone_number == ADA


def test_rule_28_a_bad_number_is_refused_before_anything_is_counted() -> None:
    room = Room(per_number_daily_limit=1)
    assert room.refusal(number="hello").code == Code.NUMBER_INVALID
    assert room.book().state is State.QUEUED


def test_rule_18_with_and_without_plus_a_number_has_one_daily_limit() -> None:
    room = Room(per_number_daily_limit=3)
    for written in (ADA, ADA.lstrip("+"), "202 555 0101"):
        room.book(number=written)
    error = room.refusal(number=ADA)
    assert (error.status, error.code, error.slots) == (429, Code.TOO_MANY_REQUESTS, None)
    assert room.book(NOON).is_scheduled
    room.clock.advance(24 * 3600)
    assert room.book().state is State.QUEUED


@pytest.mark.parametrize("status", [429, 503, 400])
def test_q10_a_throttle_has_the_status_the_profile_reads(status: int) -> None:
    room = Room(per_number_daily_limit=1)
    room.read(throttle_status=status)
    room.book()
    assert room.refusal().status == status


def test_rule_19_a_number_has_two_open_callbacks_until_one_is_cancelled() -> None:
    room = Room(in_queue_check="two")
    first = room.book(NOON)
    room.book()
    assert room.refusal(NOON + timedelta(hours=1)).code == Code.TOO_MANY_REQUESTS
    assert room.book(number=BEN).state is State.QUEUED
    room.centre.cancel(first.id)
    assert room.book(NOON + timedelta(hours=1)).is_scheduled


def test_rule_20_a_service_takes_only_so_many_in_a_window() -> None:
    room = Room(windows=[{"limit": 2, "seconds": 300}])
    room.book()
    room.book(NOON)
    assert room.refusal(number=BEN).code == Code.TOO_MANY_REQUESTS
    assert room.book(service_name="Always").state is State.QUEUED
    room.clock.advance(300)
    assert room.book(number=BEN).state is State.QUEUED


def test_rule_21_a_cancel_makes_room_in_a_full_queue() -> None:
    room = Room(max_queued=1)
    first = room.book()
    assert room.refusal(number=BEN).code == Code.TOO_MANY_REQUESTS
    room.centre.cancel(first.id)
    assert room.book(number=BEN).state is State.QUEUED


# --- office hours ---------------------------------------------------------------------------------


def test_rule_15_a_time_outside_office_hours_is_refused_with_7042() -> None:
    error = Room().refusal(SUNDAY)
    assert (error.status, error.code, error.slots) == (400, Code.OFFICE_CLOSED, None)


@pytest.mark.parametrize(("reading", "status"), [("400-slots", 400), ("429-slots", 429)])
def test_q11_a_closed_office_can_propose_slots(reading: str, status: int) -> None:
    room = Room()
    room.read(office_closed=reading)
    error = room.refusal(SUNDAY)
    assert (error.status, error.code) == (status, Code.OFFICE_CLOSED)
    assert error.slots is not None
    monday = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
    assert list(error.slots) == [monday + timedelta(minutes=30 * slot) for slot in range(8)]


def test_rule_15_an_immediate_callback_is_refused_while_the_office_is_closed() -> None:
    assert Room(now=SUNDAY).refusal().code == Code.OFFICE_CLOSED


def test_rule_15_where_the_service_says_so_a_booking_moves_to_the_next_opening() -> None:
    room = Room(reject_outside_office_hours=False)
    moved = room.book(SUNDAY)
    assert moved.is_scheduled
    assert moved.desired_at == datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
    closed_now = Room(reject_outside_office_hours=False, now=SUNDAY).book()
    assert closed_now.desired_at == moved.desired_at
    assert closed_now.is_scheduled


def test_rule_15_a_booking_does_not_move_beyond_the_furthest_day() -> None:
    room = Room(reject_outside_office_hours=False, furthest_days=6)
    assert room.refusal(NOW + timedelta(days=5)).code == Code.OFFICE_CLOSED


def test_rule_16_a_service_without_office_hours_is_always_open() -> None:
    room = Room(now=SUNDAY)
    assert room.book(service_name="Always").state is State.QUEUED
    assert room.book(SUNDAY + timedelta(hours=9), service_name="Always").is_scheduled


def test_no_immediate_callback_is_taken_or_offered_shortly_before_closing() -> None:
    closing = datetime(2026, 1, 5, 16, 0, tzinfo=UTC)
    room = Room(
        now=closing - timedelta(minutes=16), immediate_blackout_minutes=15, logged_in_check=False
    )
    assert room.book().state is State.QUEUED
    assert room.centre.queue_status("Billing").offer_immediate
    room.clock.advance(60)
    assert room.refusal(number=BEN).code == Code.OFFICE_CLOSED
    assert not room.centre.queue_status("Billing").offer_immediate


# --- capacity -------------------------------------------------------------------------------------


def test_rules_6_and_9_only_scheduled_callbacks_take_a_place_and_a_cancel_gives_it_back() -> None:
    room = Room()
    room.book()
    assert room.free(NOON) == 2
    booked = room.book(NOON + timedelta(minutes=20))
    assert room.free(NOON) == 1
    room.centre.cancel(booked.id)
    assert room.free(NOON) == 2


def test_rule_10_a_full_slot_is_refused_with_proposals_around_it() -> None:
    room = Room(proposals=4)
    room.book(NOON)
    room.book(NOON, BEN)
    error = room.refusal(NOON)
    assert (error.status, error.code) == (429, Code.TOO_MANY_REQUESTS)
    half_hour = timedelta(minutes=30)
    assert error.slots == {
        NOON - 2 * half_hour: 2,
        NOON - half_hour: 2,
        NOON + half_hour: 2,
        NOON + 2 * half_hour: 2,
    }


def test_rule_10_every_proposal_can_be_booked() -> None:
    room = Room(min_lead_minutes=120, furthest_days=1)
    room.book(NOON)
    room.book(NOON, BEN)
    proposed = room.refusal(NOON).slots
    assert proposed
    for at, places in proposed.items():
        assert places == 2
        assert room.book(at).slot_start_at == at


def test_q11_a_full_slot_can_be_a_400() -> None:
    room = Room()
    room.read(full_slot_status=400)
    room.book(NOON)
    room.book(NOON)
    assert room.refusal(NOON).status == 400


def test_rule_11_with_always_check_capacity_a_slot_the_queue_will_miss_is_refused() -> None:
    room = Room(traffic={"agents": 1, "calls_per_hour": 30, "handle_seconds": 110})
    room.centre.floor.add_calls("Billing", 200)
    forecast_at = room.centre.floor.forecast_done_at("Billing")
    assert forecast_at is not None
    assert forecast_at > NOW + timedelta(hours=1)
    soon = NOW + timedelta(minutes=10)
    error = room.refusal(soon, always_check_capacity=True)
    assert error.code == Code.TOO_MANY_REQUESTS
    assert error.slots
    assert min(error.slots) >= forecast_at
    assert room.book(soon).desired_at == soon


@pytest.mark.parametrize(("seconds_before_the_end", "fits"), [(0, False), (1, True)])
def test_rule_11_a_slot_that_ends_when_the_queue_gets_there_is_missed(
    seconds_before_the_end: int, *, fits: bool
) -> None:
    room = Room()
    counter = room.centre._counter("Billing")
    assert counter is not None
    reached_at = NOON + timedelta(minutes=30, seconds=-seconds_before_the_end)
    counter = replace(counter, forecast_at=lambda: reached_at)
    booking = Booking(
        service_name="Billing", phone_number=ADA, desired_at=NOON, always_check_capacity=True
    )
    application = Application(booking, counter, None, NOW, Profile())
    if fits:
        assert admit(application).desired_at == NOON
    else:
        assert refused(lambda: admit(application)).code == Code.TOO_MANY_REQUESTS


def test_without_a_limit_every_slot_of_a_window_is_listed() -> None:
    window = AvailabilityQuery(start=NOON, end=NOON + timedelta(days=2))
    assert len(Room().centre.availability("Always", window).slots) == 2 * 24 * 12


def test_q14_when_the_bucket_sets_the_slot_length_the_places_are_counted_anew() -> None:
    room = Room(bucket_minutes=10)
    cancelled = room.book(NOON + timedelta(minutes=10))
    room.book(NOON + timedelta(minutes=10))
    room.book(NOON + timedelta(minutes=10), service_name="Always")
    room.centre.cancel(cancelled.id)
    room.read(slot_length="bucket")
    view = room.centre.availability(
        "Billing", AvailabilityQuery(start=NOON, end=NOON + timedelta(minutes=30))
    )
    assert view.duration_minutes == 10
    assert [slot.capacity for slot in view.slots] == [2, 1, 2]
    room.read(slot_length="rule")
    assert room.free(NOON) == 1


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["book", "cancel", "wait"]), st.integers(0, 400)), max_size=40
    )
)
def test_rule_9_places_taken_are_always_those_of_scheduled_callbacks_not_cancelled(
    moves: list[tuple[str, int]],
) -> None:
    room = Room(per_number_daily_limit=99, furthest_days=1)
    booked: list[UUID] = []
    for move, number in moves:
        if move == "wait":
            room.clock.advance(number)
        elif move == "cancel" and booked:
            room.centre.cancel(booked.pop(number % len(booked)))
        elif move == "book":
            try:
                booked.append(room.book(NOON + timedelta(minutes=number // 4)).id)
            except RefusedError as error:
                assert error.code == Code.TOO_MANY_REQUESTS  # noqa: PT017 - a refusal is one outcome
    held = Counter(
        callback.slot_start_at
        for callback in room.centre.floor.callbacks()
        if callback.is_scheduled and callback.reason != Reason.CANCELLED
    )
    window = AvailabilityQuery(start=NOON, end=NOON + timedelta(hours=2), report_busy=True)
    for slot in room.centre.availability("Billing", window).slots:
        assert slot.total - slot.capacity == held[slot.start_at]
        assert held[slot.start_at] <= slot.total


# --- the order of checks (Q20) --------------------------------------------------------------------


def test_q20_of_several_faults_the_first_check_in_the_profiles_order_tells_its_own() -> None:
    room = Room(windows=[{"limit": 2, "seconds": 3600}], furthest_days=40)
    room.book(NOON)
    room.book(NOON)
    full_and_throttled = NOON
    assert room.refusal(full_and_throttled).slots is None
    room.read(checks=("capacity", "params", "key", "service", "number", "hours", "throttle"))
    assert room.refusal(full_and_throttled).slots
    room.read(checks=("number", "hours", "params", "key", "service", "throttle", "capacity"))
    assert room.refusal(SUNDAY, number="hello").code == Code.NUMBER_INVALID
    room.read(checks=("hours", "number", "params", "key", "service", "throttle", "capacity"))
    assert room.refusal(SUNDAY, number="hello").code == Code.OFFICE_CLOSED
    room.read(checks=("throttle", "number", "hours", "params", "key", "service", "capacity"))
    assert room.refusal(number="hello").code == Code.NUMBER_INVALID


def test_q20_an_unknown_service_is_told_before_or_after_bad_parameters() -> None:
    room = Room()
    past = NOW - timedelta(days=1)
    assert room.refusal(past, service_name="Nobody").code == Code.INVALID_PARAMETERS
    room.read(checks=("key", "service", "params", "number", "hours", "throttle", "capacity"))
    assert room.refusal(past, service_name="Nobody").code == Code.UNKNOWN_SERVICE


def test_a_refusal_books_nothing() -> None:
    room = Room()
    room.refusal(SUNDAY)
    room.refusal(number="hello")
    assert room.centre.floor.callbacks() == ()


# --- cancel and retrieve --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_admin", "reason"), [(False, Reason.CANCELLED), (True, Reason.CANCELLED_BY_ADMIN)]
)
def test_rule_40_a_cancelled_callback_is_completed_with_the_reason(
    reason: Reason, *, by_admin: bool
) -> None:
    room = Room()
    booked = room.book(NOON)
    room.centre.cancel(booked.id, by_admin=by_admin)
    callback = room.centre.retrieve(booked.id).callback
    assert (callback.state, callback.reason) == (State.COMPLETED, reason)


@pytest.mark.parametrize(
    ("reading", "answer"),
    [("400", (400, Code.CALLBACK_NOT_CANCELLABLE)), ("404", (404, Code.CALLBACK_NOT_FOUND))],
)
def test_q8_what_is_over_cannot_be_cancelled_again(reading: str, answer: tuple[int, int]) -> None:
    room = Room()
    booked = room.book(NOON)
    room.centre.cancel(booked.id)
    room.read(cancel_finished=reading)
    error = refused(lambda: room.centre.cancel(booked.id))
    assert (error.status, error.code) == answer
    assert room.free(NOON) == 2


def test_q8_by_another_reading_cancelling_again_changes_nothing() -> None:
    room = Room()
    booked = room.book(NOON)
    first = room.centre.cancel(booked.id)
    room.read(cancel_finished="200")
    assert room.centre.cancel(booked.id, by_admin=True) == first
    assert room.free(NOON) == 2


def test_unknown_and_purged_callbacks_are_404() -> None:
    room = Room(purge_seconds=60)
    booked = room.book(NOON)
    room.centre.cancel(booked.id)
    room.clock.advance(3 * 86_400)
    for callback_id in (booked.id, UUID(int=1)):
        for operation in (room.centre.retrieve, room.centre.cancel):
            error = refused(lambda: operation(callback_id))  # noqa: B023 - called at once
            assert (error.status, error.code) == (404, Code.CALLBACK_NOT_FOUND)


def test_retrieve_tells_position_and_wait_only_in_the_queue() -> None:
    room = Room()
    scheduled, queued = room.book(NOON), room.book()
    view = room.centre.retrieve(scheduled.id)
    assert (view.position_in_queue, view.wait_seconds) == (None, None)
    view = room.centre.retrieve(queued.id)
    assert view.position_in_queue == 1
    assert view.wait_seconds == -1


def test_operations_let_everything_due_happen_first() -> None:
    room = Room()
    booked = room.book(NOON)
    room.clock.freeze(NOON)
    assert room.centre.retrieve(booked.id).callback.state is State.QUEUED


# --- availability (section 2.4) -------------------------------------------------------------------


def starts(room: Room, **query: Any) -> list[datetime]:
    view = room.centre.availability("Billing", AvailabilityQuery(**query))
    return [slot.start_at for slot in view.slots]


def test_a_window_lists_the_slots_that_start_in_it_and_in_office_hours() -> None:
    half_past_three = datetime(2026, 1, 5, 15, 30, tzinfo=UTC)
    listed = starts(Room(), start=NOON + timedelta(minutes=1), end=SUNDAY - timedelta(days=5))
    assert listed[0] == NOON + timedelta(minutes=30)
    assert listed[6] == half_past_three
    assert listed[7] == datetime(2026, 1, 6, 8, 0, tzinfo=UTC)


def test_without_an_end_the_window_is_the_slot_that_contains_its_start() -> None:
    room = Room(now=NOW + timedelta(minutes=10))
    assert starts(room) == [NOW]
    assert starts(room, start=NOON + timedelta(minutes=29)) == [NOON]
    assert starts(room, start=SUNDAY) == []
    assert starts(room, start=NOW - timedelta(hours=1)) == []


def test_slots_of_the_past_the_lead_time_and_beyond_the_furthest_day_are_left_out() -> None:
    room = Room(min_lead_minutes=45, furthest_days=1)
    listed = starts(room, start=NOW - timedelta(days=3), end=NOW + timedelta(days=30))
    assert listed[0] == NOW + timedelta(hours=1)
    assert listed[-1] == NOW + timedelta(minutes=30 * 47)


def test_days_are_civil_days_of_the_zone_asked_for() -> None:
    saturday = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # the clock changes in the night
    tenant = {
        "office_hours": [{"name": "Day", "timezone": "UTC", "regular": ["Mon-Sun 00:00-24:00"]}]
    }
    room = Room(now=saturday, tenant=tenant)
    assert len(starts(room, number_of_days=1)) == 48
    assert len(starts(room, number_of_days=1, zone=ZoneInfo("Europe/Berlin"))) == 46


def test_max_time_slots_counts_slots_with_a_free_place_only() -> None:
    room = Room()
    for number in (ADA, BEN):
        room.book(NOON, number)
    window = {"start": NOON, "number_of_days": 2, "max_time_slots": 2}
    later = [NOON + timedelta(minutes=30), NOON + timedelta(hours=1)]
    assert starts(room, **window) == later
    assert starts(room, **window, report_busy=True) == [NOON, *later]


def test_q13_full_slots_are_listed_with_capacity_0_on_request() -> None:
    room = Room()
    for number in (ADA, BEN):
        room.book(NOON, number)
    view = room.centre.availability("Billing", AvailabilityQuery(start=NOON, report_busy=True))
    assert view.slots == ((NOON, 0, 2),)
    assert starts(room, start=NOON) == []


@pytest.mark.parametrize(
    "query",
    [
        {
            "start": FIRST_INSTANT,
            "number_of_days": 3,
            "zone": ZoneInfo("America/New_York"),
        },
        {
            "start": LAST_INSTANT,
            "number_of_days": 3,
            "zone": ZoneInfo("Asia/Tokyo"),
        },
        {"start": FIRST_INSTANT},
        {"start": LAST_INSTANT},
    ],
)
def test_windows_at_the_ends_of_the_calendar_are_empty(query: dict[str, Any]) -> None:
    assert starts(Room(), **query) == []


def test_the_whole_calendar_lists_what_can_be_booked() -> None:
    whole = {"start": FIRST_INSTANT, "end": LAST_INSTANT}
    assert starts(Room(), **whole) == starts(Room(), start=NOW, number_of_days=31)
    assert starts(Room(), number_of_days=10**9) == starts(Room(), number_of_days=31)


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    error = refused(lambda: starts(Room(), start=NOON, end=NOW))
    assert (error.status, error.code) == (400, Code.INVALID_PARAMETERS)


def test_every_slot_listed_can_be_booked() -> None:
    room = Room(min_lead_minutes=30, furthest_days=2, per_number_daily_limit=999)
    for at in starts(room, number_of_days=10):
        assert room.book(at).slot_start_at == at


# --- open-for, queue status, waits ----------------------------------------------------------------


def test_open_for_counts_the_seconds_to_closing_and_is_0_when_closed() -> None:
    room = Room()
    assert room.centre.open_for("Billing") == 7 * 3600
    assert room.centre.open_for("Billing", NOON) == 4 * 3600
    assert room.centre.open_for("Billing", SUNDAY) == 0


@pytest.mark.parametrize(
    ("reading", "seconds"),
    [("large", NEVER_CLOSES_SECONDS), ("zero-seconds-left-today", 15 * 3600), ("absent", None)],
)
def test_q9_what_open_for_tells_of_an_office_that_never_closes(
    reading: str, seconds: float | None
) -> None:
    room = Room()
    room.read(open_for_always_open=reading)
    assert room.centre.open_for("Always") == seconds


@pytest.mark.parametrize(
    ("reading", "known", "unknown"),
    [("service", "Billing", "Day"), ("office-hours", "Day", "Billing")],
)
def test_q28_the_name_in_open_for_is_a_service_or_a_business_hours_object(
    reading: str, known: str, unknown: str
) -> None:
    room = Room()
    assert room.centre.open_for("Day") == room.centre.open_for("Billing")
    room.read(open_for_name=reading)
    assert room.centre.open_for(known) == 7 * 3600
    assert refused(lambda: room.centre.open_for(unknown)).code == Code.UNKNOWN_SERVICE


@pytest.mark.parametrize("at", [FIRST_INSTANT, LAST_INSTANT])
def test_open_for_refuses_instants_of_other_ages(at: datetime) -> None:
    error = refused(lambda: Room().centre.open_for("Billing", at))
    assert error.code == Code.INVALID_PARAMETERS


def test_queue_status_without_agents_offers_no_immediate_callback() -> None:
    view = Room().centre.queue_status("Billing")
    assert (view.wait_seconds, view.offer_immediate, view.offer_scheduled) == (-1, False, True)


def test_queue_status_of_a_queue_without_history_offers_one_all_the_same() -> None:
    room = Room(traffic={**QUIET, "agents": 2})
    view = room.centre.queue_status("Billing")
    assert (view.wait_seconds, view.offer_immediate) == (-1, True)


def test_queue_status_without_the_logged_in_check_offers_one_without_agents() -> None:
    assert Room(logged_in_check=False).centre.queue_status("Billing").offer_immediate


def test_rule_17_no_immediate_callback_is_offered_that_would_come_after_closing() -> None:
    closing = datetime(2026, 1, 5, 16, 0, tzinfo=UTC)
    busy = {"agents": 1, "calls_per_hour": 30, "handle_seconds": 110}
    room = Room(now=closing - timedelta(minutes=30), traffic=busy)
    assert room.centre.queue_status("Billing").offer_immediate
    room.centre.floor.add_calls("Billing", 100)
    view = room.centre.queue_status("Billing")
    assert view.wait_seconds > 30 * 60
    assert not view.offer_immediate


def test_a_closed_office_offers_no_immediate_callback() -> None:
    view = Room(now=SUNDAY, logged_in_check=False).centre.queue_status("Billing")
    assert not view.offer_immediate


def test_q16_an_unknown_virtual_queue_is_told_in_its_item_or_refuses_the_request() -> None:
    room = Room()
    waits = room.centre.waits(["Nobody", "Billing"])
    assert [wait.virtual_queue for wait in waits] == ["Nobody", "Billing"]
    assert (waits[0].wait_seconds, waits[0].result_code) == (-1, -1)
    assert waits[0].message
    assert waits[1].result_code == -2
    room.read(unknown_virtual_queue="400")
    assert refused(lambda: room.centre.waits(["Billing", "Nobody"])).status == 400


# --- call-ins and statistics ----------------------------------------------------------------------


def test_rule_5_a_call_in_is_no_callback_until_the_customer_rings() -> None:
    room = Room()
    grant = room.centre.request_call_in(CallInOrder("help"))
    assert room.centre.floor.callbacks() == ()
    assert room.centre.call_ins == (grant,)
    room.centre.match_call_in(grant.to_phone_number, grant.access_code)
    assert room.centre.call_ins[0].matched_at == NOW


def test_a_call_in_may_belong_to_a_callback_that_is_there() -> None:
    room = Room()
    booked = room.book(NOON)
    assert (
        room.centre.request_call_in(CallInOrder("help", callback_id=booked.id)).callback_id
        == booked.id
    )
    error = refused(
        lambda: room.centre.request_call_in(CallInOrder("help", callback_id=UUID(int=1)))
    )
    assert (error.status, error.code) == (400, Code.CALLBACK_NOT_FOUND)


def values(answer: Any) -> dict[tuple[str, str], float]:
    return {(item["objectId"], item["name"]): item["value"] for item in answer["statistics"]}


def test_statistics_without_a_body_tell_every_figure_of_every_queue() -> None:
    room = Room()
    room.book()
    told = values(room.centre.statistics(None))
    assert told["Billing", "CallbacksQueued"] == 1
    assert told["Always", "CallbacksQueued"] == 0


def test_statistics_asked_for_are_told_in_their_order_with_unknown_ones_marked() -> None:
    asked = [
        {"statisticId": "a", "objectId": "Billing", "name": "AgentsLoggedIn"},
        {"statisticId": "AgentsLoggedIn", "objectId": "Billing"},
        {"statisticId": "b", "objectId": "Billing", "name": ["x"]},
        {"statisticId": "c", "objectId": {}, "name": "AgentsLoggedIn"},
    ]
    answer: Any = Room().centre.statistics({"statistics": asked})
    assert [item.get("value") for item in answer["statistics"]] == [0, 0, None, None]
    assert [item["statisticId"] for item in answer["statistics"]] == [
        "a",
        "AgentsLoggedIn",
        "b",
        "c",
    ]
    assert "error" in answer["statistics"][2]


@pytest.mark.parametrize(
    "body", [{"statistics": 1}, {"statistics": [1]}, {"other": []}, [1], "text"]
)
def test_a_statistics_body_that_is_no_request_is_refused(body: object) -> None:
    assert refused(lambda: Room().centre.statistics(body)).code == Code.INVALID_PARAMETERS


def test_statistics_are_at_most_5_minutes_old_and_younger_on_request() -> None:
    room = Room()
    room.centre.statistics(None)
    room.book()
    room.clock.advance(60)
    queued = ("Billing", "CallbacksQueued")
    assert values(room.centre.statistics(None))[queued] == 0
    assert values(room.centre.statistics(None, 60))[queued] == 0
    assert values(room.centre.statistics(None, 59))[queued] == 1
    room.book(number=BEN)
    room.clock.advance(301)
    assert values(room.centre.statistics(None, 9999))[queued] == 2


def test_statistics_need_credentials() -> None:
    room = Room(tenant={"statistics_credentials": False})
    error = refused(lambda: room.centre.statistics(None))
    assert (error.status, error.code) == (401, Code.STATISTICS_CREDENTIALS)


# --- over a restart, and chance -------------------------------------------------------------------


def test_restored_callbacks_keep_their_states_places_and_limits() -> None:
    room = Room(per_number_daily_limit=1, in_queue_check="strict")
    kept = room.book(NOON)
    cancelled = room.book(NOON, BEN)
    room.centre.cancel(cancelled.id)
    room.book(number=BEN)
    grant = room.centre.request_call_in(CallInOrder("help"))
    stored = tuple(reversed(room.centre.floor.callbacks()))
    room.centre = room.new_centre()
    room.centre.restore(stored, [grant])
    assert room.centre.retrieve(kept.id).callback == kept
    assert room.free(NOON) == 1
    assert room.centre.call_ins == (grant,)
    assert "open callback" in room.refusal(NOON).message
    room.centre.cancel(kept.id)
    assert room.free(NOON) == 2
    assert "immediate callbacks of today" in room.refusal(number=BEN).message


def test_restored_bookings_leave_a_window_in_the_order_of_their_time() -> None:
    room = Room(windows=[{"limit": 2, "seconds": 300}])
    stored = [room.book(number=BEN)]
    room.clock.advance(200)
    stored.append(room.book())
    room.centre = room.new_centre()
    room.centre.restore(reversed(stored), [])
    assert room.refusal().code == Code.TOO_MANY_REQUESTS
    room.clock.advance(110)
    assert room.book().state is State.QUEUED


def test_a_restored_centre_gives_no_id_a_second_time() -> None:
    room = Room(per_number_daily_limit=99)
    stored = [room.book() for _ in range(5)]
    room.centre = room.new_centre()
    room.centre.restore(stored, [])
    assert room.book().id not in {callback.id for callback in stored}


def test_the_same_seed_and_bookings_give_the_same_ids() -> None:
    first, second = Room(), Room()
    assert [first.book(NOON).id for _ in range(2)] == [second.book(NOON).id for _ in range(2)]


def test_no_refusal_repeats_the_number_or_the_user_data() -> None:
    room = Room(per_number_daily_limit=1, in_queue_check="strict")
    room.book(user_data={"name": "secret"})
    for error in (
        room.refusal(user_data={"name": "secret"}),
        room.refusal(SUNDAY, user_data={"name": "secret"}),
        room.refusal(number="+1202555010", user_data={"name": "secret"}),
    ):
        assert "2025550101" not in str(error)
        assert "secret" not in str(error)
