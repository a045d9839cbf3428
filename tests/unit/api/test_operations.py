"""Every operation: what goes out, and what a fitting answer becomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
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

Answering = Callable[..., tuple[GesClient, list[httpx.Request]]]
Recorded = Callable[[str], bytes]

CORR_ID = "0f7c0a4e-6a0e-4d1e-9a39-2f1f2f6c1c11"
CALLBACK_ID = "369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61"


async def test_create_sends_only_what_was_given_and_returns_the_id(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("created.json")))
    created = await client.create_callback(
        CallbackRequest(service_name="Sales", phone_number="+19059683457")
    )
    assert (created.id, created.corr_id) == (CALLBACK_ID, CORR_ID)
    assert sent[0].method == "POST"
    assert sent[0].url.raw_path == b"/engagement/v3/callbacks/create"
    assert json.loads(sent[0].content) == {
        "serviceName": "Sales",
        "phoneNumber": "+19059683457",
    }


async def test_create_writes_every_field_under_its_wire_name(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("created.json")))
    await client.create_callback(
        CallbackRequest(
            service_name="Sales",
            phone_number="+19059683457",
            desired_time=datetime(2026, 1, 5, 16, 0, 0, 123456, ZoneInfo("Europe/Berlin")),
            offer_type=OfferType.COMBINED,
            language="en-US",
            inbound_virtual_queue="VQ_In",
            offer_threshold_seconds=120,
            channel="chat",
            offer_timing=OfferTiming.ON_HOURS,
            originating_interaction_id="ixn",
            survey_route_point="9001",
            priority=5,
            route_point="9002",
            user_data={"topic": "invoice", "$n": {"deep": [1, None]}},
            captcha_token="proof",
            push_targets=(PushTarget(target="token"),),
            always_check_capacity=True,
        )
    )
    assert json.loads(sent[0].content) == {
        "serviceName": "Sales",
        "phoneNumber": "+19059683457",
        "desiredTime": "2026-01-05T15:00:00.123Z",
        "cbOfferType": "COMBINED_SCHEDULED_AND_ASAP",
        "language": "en-US",
        "inboundVQ": "VQ_In",
        "offerThreshold": 120.0,
        "channel": "chat",
        "offerTiming": "ON-HOURS",
        "cbOriginationIxnId": "ixn",
        "surveyRP": "9001",
        "priority": 5,
        "routePoint": "9002",
        "userData": {"topic": "invoice", "$n": {"deep": [1, None]}},
        "captchaToken": "proof",
        "pushTargets": [{"channel": "FCM", "target": "token"}],
        "alwaysCheckCapacity": True,
    }


async def test_retrieve_keeps_the_id_out_of_the_address(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("callback_queued.json")))
    callback = await client.retrieve_callback(CALLBACK_ID)
    assert CALLBACK_ID not in str(sent[0].url)
    assert sent[0].url.raw_path == b"/engagement/v3/callbacks/retrieve"
    assert json.loads(sent[0].content) == {"id": CALLBACK_ID}
    assert callback.state is CallbackState.QUEUED
    assert callback.desired_time == datetime(2026, 1, 5, 15, tzinfo=UTC)
    assert (callback.position_in_queue, callback.wait_seconds) == (4, 310)
    assert callback.reason is None


async def test_a_finished_callback_tells_why(answering: Answering, recorded: Recorded) -> None:
    client, _ = answering(httpx.Response(200, content=recorded("callback_completed.json")))
    callback = await client.retrieve_callback(CALLBACK_ID)
    assert callback.state.is_final
    assert callback.reason is CompletionReason.AGENT_CONNECTED
    assert (callback.position_in_queue, callback.wait_seconds) == (None, None)


async def test_cancel_names_the_callback_in_the_body(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("cancelled.json")))
    cancelled = await client.cancel_callback(CALLBACK_ID)
    assert cancelled.id == CALLBACK_ID
    assert sent[0].url.raw_path == b"/engagement/v3/callbacks/cancel"
    assert json.loads(sent[0].content) == {"id": CALLBACK_ID}


async def test_availability_asks_in_camel_case_and_sorts_the_slots(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("availability.json")))
    toronto = ZoneInfo("America/Toronto")
    answer = await client.availability(
        "Sales",
        AvailabilityWindow(
            start=datetime(2026, 1, 5, 9),  # noqa: DTZ001 - naive beside its zone
            number_of_days=2,
            timezone="America/Toronto",
            max_time_slots=5,
            report_busy=True,
        ),
    )
    assert sent[0].method == "GET"
    assert dict(sent[0].url.params) == {
        "start": "2026-01-05T14:00:00.000Z",
        "numberOfDays": "2",
        "timezone": "America/Toronto",
        "maxTimeSlots": "5",
        "reportBusy": "true",
    }
    assert answer.duration_minutes == 30
    assert [slot.utc_time for slot in answer.slots] == [
        datetime(2026, 1, 5, 14, tzinfo=UTC),
        datetime(2026, 1, 5, 14, 30, tzinfo=UTC),
    ]
    assert answer.slots[0].local_time == datetime(2026, 1, 5, 9, tzinfo=toronto)


async def test_open_for_sends_no_query_when_nothing_was_given(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("open_for.json")))
    answer = await client.open_for("Sales")
    assert sent[0].url.raw_path == b"/engagement/v3/callbacks/open-for/Sales"
    assert answer.open_for_seconds == 7200
    assert not answer.is_closed


async def test_open_for_takes_a_naive_start_beside_its_zone(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("open_for.json")))
    naive = datetime(2026, 7, 1, 9)  # noqa: DTZ001 - naive beside its zone
    await client.open_for("Sales", naive, "Europe/Berlin")
    assert dict(sent[0].url.params) == {
        "start": "2026-07-01T07:00:00.000Z",
        "timezone": "Europe/Berlin",
    }


async def test_queue_status_tells_what_can_be_offered(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("queue_status.json")))
    status = await client.queue_status("Sales")
    assert sent[0].url.raw_path == b"/engagement/v3/callbacks/queue-status/Sales"
    assert status.wait_seconds == 95
    assert status.offer_immediate_callback
    assert status.offer_scheduled_callback
    assert not status.has_no_agent
    assert status.corr_id == CORR_ID


@pytest.mark.parametrize("mode", list(WaitTimeMode))
async def test_wait_times_of_several_queues_come_in_one_call(
    answering: Answering, recorded: Recorded, mode: WaitTimeMode
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("estimated_wait_time.json")))
    sales, night = await client.estimated_wait_time(
        ["VQ_Sales", "VQ_Night"], mode, include_calls_on_hold=True
    )
    assert dict(sent[0].url.params) == {
        "virtual-queues": "VQ_Sales,VQ_Night",
        "mode": mode.value,
        "include-calls-on-hold": "true",
    }
    assert (sales.virtual_queue, sales.wait_seconds, sales.result_code) == ("VQ_Sales", 42.5, 0)
    assert (night.wait_seconds, night.result_code) == (None, -2)
    assert sales.corr_id == night.corr_id == CORR_ID


async def test_wait_times_default_to_mode_2_and_leave_calls_on_hold_to_ges(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("estimated_wait_time.json")))
    await client.estimated_wait_time(["VQ_Sales"])
    assert dict(sent[0].url.params) == {"virtual-queues": "VQ_Sales", "mode": "mode2"}


async def test_a_call_in_brings_number_code_and_expiry(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("call_in.json")))
    call_in = await client.request_call_in(
        CallInRequest(
            group_name="technical_help",
            from_phone_number="9059683457",
            user_data={"topic": "router"},
            callback_service_id=CALLBACK_ID,
        )
    )
    assert sent[0].url.raw_path == b"/engagement/v3/call-in/requests/create"
    assert json.loads(sent[0].content) == {
        "groupName": "technical_help",
        "fromPhoneNumber": "9059683457",
        "userData": {"topic": "router"},
        "callbackServiceId": CALLBACK_ID,
    }
    assert (call_in.to_phone_number, call_in.access_code) == ("+19059680004", "012345")
    assert call_in.expires_at == datetime(2018, 9, 24, 20, 12, 8, 210000, UTC)


async def test_statistics_hand_the_callers_body_and_age_on(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("statistics.json")))
    body = {"statistics": [{"statisticId": "1", "objectId": "Sales"}]}
    answer = await client.statistics(body, max_age_seconds=15)
    assert sent[0].url.raw_path == b"/engagement/v3/statistics/operations/get-statistic-ex"
    assert sent[0].headers["cache-control"] == "max-age=15"
    assert json.loads(sent[0].content) == body
    assert answer.data == {"statistics": [{"statisticId": "1", "value": 7}]}


async def test_statistics_without_body_and_age_send_neither(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("statistics.json")))
    await client.statistics(None)
    assert sent[0].content == b""
    assert "cache-control" not in sent[0].headers


async def test_every_call_carries_the_key_and_the_media_types(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("queue_status.json")))
    await client.queue_status("Sales")
    headers = sent[0].headers
    assert headers["x-api-key"] == "planted-key-4711"
    assert headers["content-type"] == headers["accept"] == "application/json"


async def test_q26_names_with_spaces_and_slashes_stay_one_path_segment(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("queue_status.json")))
    await client.queue_status("Sales & more/Köln")
    path = b"/engagement/v3/callbacks/queue-status/Sales%20%26%20more%2FK%C3%B6ln"
    assert sent[0].url.raw_path == path


async def test_q28_open_for_passes_any_service_name_through(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("open_for.json")))
    await client.open_for("BusinessHours_1")
    assert sent[0].url.path.endswith("/callbacks/open-for/BusinessHours_1")


async def test_times_in_any_zone_leave_as_utc_with_milliseconds(
    answering: Answering, recorded: Recorded
) -> None:
    client, sent = answering(httpx.Response(200, content=recorded("availability.json")))
    start = datetime(2026, 3, 29, 1, 59, 59, 999999, ZoneInfo("Europe/Berlin"))
    await client.availability(
        "Sales", AvailabilityWindow(start=start, end=start + timedelta(hours=2))
    )
    assert dict(sent[0].url.params) == {
        "start": "2026-03-29T00:59:59.999Z",
        "end": "2026-03-29T01:59:59.999Z",
    }
