"""Every operation of the client against the sandbox, in-process and over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from ges_connector.api import (
    AvailabilityWindow,
    CallbackRequest,
    CallbackState,
    CallInRequest,
    CompletionReason,
    GesClient,
    OfferTiming,
    OfferType,
    PushTarget,
    WaitTimeMode,
)
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import parse_seed

Line = Any
"""`Line` of conftest.py, which no test can import."""

AT_17 = datetime(2026, 1, 12, 17, 0, tzinfo=UTC)
IMMEDIATE = CallbackRequest(service_name="Billing_DE", phone_number="+493023125011")
SCHEDULED = CallbackRequest(
    service_name="Support_US", phone_number="+12025550101", desired_time=AT_17
)


async def test_a_callback_is_booked_followed_and_done(ges: GesClient, line: Line) -> None:
    created = await ges.create_callback(SCHEDULED)
    assert str(UUID(created.id)) == created.id
    assert str(UUID(created.corr_id)) == created.corr_id
    found = await ges.retrieve_callback(created.id)
    assert found.state is CallbackState.SCHEDULED
    assert found.desired_time == AT_17
    assert found.phone_number == "+12025550101"
    assert found.position_in_queue is None
    line.sandbox.advance(2 * 3600)
    seen = await ges.retrieve_callback(created.id)
    line.sandbox.advance(6 * 3600)
    done = await ges.retrieve_callback(created.id)
    assert seen.state is not CallbackState.SCHEDULED
    assert done.reason is CompletionReason.AGENT_CONNECTED


async def test_a_queued_callback_has_a_place_and_a_wait(ges: GesClient) -> None:
    created = await ges.create_callback(IMMEDIATE)
    found = await ges.retrieve_callback(created.id)
    assert found.state is CallbackState.QUEUED
    assert found.position_in_queue
    assert found.wait_seconds is not None


async def test_every_field_of_a_booking_arrives(ges: GesClient, line: Line) -> None:
    await ges.create_callback(
        CallbackRequest(
            service_name="Support_US",
            phone_number="+12025550101",
            desired_time=AT_17,
            offer_type=OfferType.SCHEDULED,
            language="de-DE",
            inbound_virtual_queue="Support_US",
            offer_threshold_seconds=30,
            channel="chat",
            offer_timing=OfferTiming.ON_HOURS,
            originating_interaction_id="ixn-1",
            survey_route_point="survey",
            priority=7,
            route_point="route",
            user_data={"topic": "bill", "nested": {"a": [1, None, "ä"]}},
            push_targets=(PushTarget(target="device-1"),),
            always_check_capacity=False,
        )
    )
    (kept,) = line.sandbox.centre().floor.callbacks()
    assert kept.user_data == {"topic": "bill", "nested": {"a": [1, None, "ä"]}}
    assert kept.priority == 7
    assert [target.target for target in kept.push_targets] == ["device-1"]
    assert kept.reporting == {
        "cbOfferType": "SCHEDULED",
        "inboundVQ": "Support_US",
        "offerThreshold": 30,
        "channel": "chat",
        "offerTiming": "ON-HOURS",
        "cbOriginationIxnId": "ixn-1",
        "surveyRP": "survey",
        "routePoint": "route",
    }


async def test_a_cancelled_callback_frees_its_place(ges: GesClient) -> None:
    window = AvailabilityWindow(start=AT_17, end=AT_17 + timedelta(hours=1))
    before = await ges.availability("Support_US", window)
    created = await ges.create_callback(SCHEDULED)
    booked = await ges.availability("Support_US", window)
    assert booked.slots[0].capacity == before.slots[0].capacity - 1
    assert (await ges.cancel_callback(created.id)).id == created.id
    assert (await ges.availability("Support_US", window)).slots == before.slots
    assert (await ges.retrieve_callback(created.id)).reason is CompletionReason.CANCELLED


async def test_availability_comes_with_local_times(ges: GesClient) -> None:
    window = AvailabilityWindow(
        start=datetime(2026, 1, 12, 9),  # noqa: DTZ001 - placed by the window's zone
        number_of_days=2,
        timezone="America/New_York",
        max_time_slots=5,
    )
    found = await ges.availability("Support_US", window)
    assert found.duration_minutes == 60
    assert found.timezone == "America/New_York"
    assert len(found.slots) == 5
    first = found.slots[0]
    assert first.local_time is not None
    assert first.local_time == first.utc_time
    assert first.local_time.utcoffset() == timedelta(hours=-5)


async def test_busy_slots_are_there_on_request(ges: GesClient) -> None:
    tomorrow = datetime(2026, 1, 13, tzinfo=UTC)
    window = AvailabilityWindow(start=tomorrow, number_of_days=1, report_busy=True)
    found = await ges.availability("Billing_DE", window)
    assert found.slots
    assert found.open_slots == ()


async def test_an_office_is_open_for_so_long(ges: GesClient) -> None:
    assert (await ges.open_for("Support_US")).open_for_seconds == 7 * 3600
    local = datetime(2026, 1, 12, 16, 30)  # noqa: DTZ001 - placed by the zone beside it
    assert (await ges.open_for("New_York_Day", local, "America/New_York")).open_for_seconds == 1800
    assert (await ges.open_for("Support_US", datetime(2026, 1, 17, tzinfo=UTC))).is_closed


async def test_a_queue_tells_its_wait_and_its_offers(ges: GesClient, line: Line) -> None:
    status = await ges.queue_status("Billing_DE")
    assert status.wait_seconds is not None
    assert status.offer_immediate_callback
    assert status.offer_scheduled_callback
    line.sandbox.centre().floor.set_agents("Billing_DE", 0)
    assert (await ges.queue_status("Billing_DE")).has_no_agent


@pytest.mark.parametrize("mode", WaitTimeMode)
async def test_waits_of_several_queues_come_in_every_mode(
    ges: GesClient, mode: WaitTimeMode
) -> None:
    names = ["Billing_DE", "Support_US", "Nobody"]
    waits = await ges.estimated_wait_time(names, mode, include_calls_on_hold=True)
    assert [wait.virtual_queue for wait in waits] == names
    assert waits[0].result_code == 0
    assert waits[0].wait_seconds is not None
    assert waits[2].wait_seconds is None
    assert waits[2].message


async def test_a_number_to_ring_comes_with_code_and_end(ges: GesClient, line: Line) -> None:
    created = await ges.create_callback(SCHEDULED)
    request = CallInRequest(
        group_name="technical_help",
        from_phone_number="+12025550101",
        callback_service_id=created.id,
        user_data={"topic": "bill"},
    )
    call_in = await ges.request_call_in(request)
    assert call_in.group_name == "technical_help"
    assert call_in.from_phone_number == "+12025550101"
    assert call_in.callback_service_id == created.id
    assert call_in.expires_at == line.sandbox.clock.now() + timedelta(seconds=300)
    assert call_in.access_code
    matched = line.sandbox.centre().match_call_in(call_in.to_phone_number, call_in.access_code)
    assert str(matched.id) == call_in.id


async def test_statistics_pass_body_and_age(ges: GesClient) -> None:
    body = {"statistics": [{"objectId": "Billing_DE", "name": "AgentsLoggedIn"}]}
    answer = await ges.statistics(body, max_age_seconds=15)
    assert answer.data["statistics"][0]["value"] == 3
    assert (await ges.statistics(None)).data["statistics"]


async def test_q26_names_with_slashes_and_spaces_arrive(line: Line) -> None:
    name = "a/b c%2Fd ä?#"
    text = f"""
    clock: {{mode: frozen, at: 2026-01-12T15:00:00Z}}
    tenants:
      - name: T
        keys: [{{key: sandbox-key}}]
        services: [{{name: "{name}"}}]
    """
    line.sandbox.world.replace_seed(parse_seed(text))
    async with line.client() as ges:
        assert (await ges.queue_status(name)).offer_scheduled_callback
        window = AvailabilityWindow(number_of_days=1, max_time_slots=1)
        assert (await ges.availability(name, window)).slots
        (wait,) = await ges.estimated_wait_time([name])
        assert wait.virtual_queue == name


async def test_the_fixtures_fit_together(ges_client: GesClient, ges_sandbox: Sandbox) -> None:
    ges_sandbox.advance(3 * 3600)
    request = CallbackRequest(service_name="Night_Line", phone_number="+493023125011")
    booked = await ges_client.create_callback(request)
    ges_sandbox.advance(2 * 3600)
    assert (await ges_client.retrieve_callback(booked.id)).state is CallbackState.COMPLETED
