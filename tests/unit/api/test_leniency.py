"""The open questions of the contract, each as the client answers it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from ges_connector.api import (
    Availability,
    AvailabilityWindow,
    Callback,
    CallbackRequest,
    CallbackState,
    CallIn,
    CompletionReason,
    CreatedCallback,
    GesAuthenticationError,
    GesClient,
    GesInvalidRequestError,
    GesNotFoundError,
    GesOfficeClosedError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownServiceError,
    OpenFor,
    QueueStatus,
    VirtualQueueWait,
)

Answering = Callable[..., tuple[GesClient, list[httpx.Request]]]
Recorded = Callable[[str], bytes]

REQUEST = CallbackRequest(service_name="Sales", phone_number="+19059683457")
TWO_DAYS = AvailabilityWindow(number_of_days=2)
CALLBACK = {
    "id": "c-1",
    "desiredTime": "2026-01-05T15:00:00.000Z",
    "callbackState": "QUEUED",
    "phoneNumber": "+19059683457",
}


def _ok(data: Any) -> httpx.Response:
    return httpx.Response(
        200, json={"status": {"code": 0, "message": "", "corrId": "c"}, "data": data}
    )


def _refused(http_status: int, code: int | None, data: Any = None) -> httpx.Response:
    body: dict[str, Any] = {"status": {"code": code, "message": "cause", "corrId": "c"}}
    return httpx.Response(http_status, json=body if data is None else {**body, "data": data})


def _slots(*slots: dict[str, Any]) -> httpx.Response:
    return _ok({"slots": list(slots), "durationMin": 30})


# --- Q1: the local time of a slot


@pytest.mark.parametrize(
    "local_time",
    ["2026-01-05T09:00:00.000", "2026-01-05T09:00:00", "2026-01-05T09:00:00.000-05:00", None],
)
async def test_q1_local_time_is_in_the_requested_zone_whatever_form_it_has(
    answering: Answering, local_time: str | None
) -> None:
    slot = {"utcTime": "2026-01-05T14:00:00.000Z", "localTime": local_time, "capacity": 1}
    client, _ = answering(_slots(slot))
    window = AvailabilityWindow(number_of_days=1, timezone="America/Toronto")
    found = (await client.availability("Sales", window)).slots[0].local_time
    assert found is not None
    assert found.isoformat() == "2026-01-05T09:00:00-05:00"


async def test_q1_local_time_that_contradicts_utc_time_is_overruled(answering: Answering) -> None:
    slot = {"utcTime": "2026-10-25T01:30:00Z", "localTime": "2026-10-25T09:00:00", "capacity": 1}
    client, _ = answering(_slots(slot))
    window = AvailabilityWindow(number_of_days=1, timezone="Europe/Berlin")
    found = (await client.availability("Sales", window)).slots[0].local_time
    # The second 02:30 of the night: after the clocks went back.
    assert found is not None
    assert found.isoformat() == "2026-10-25T02:30:00+01:00"
    assert found.tzinfo == ZoneInfo("Europe/Berlin")


async def test_q1_local_time_is_absent_when_no_zone_was_asked_for(answering: Answering) -> None:
    client, _ = answering(_slots({"utcTime": "2026-01-05T14:00:00Z", "capacity": 1, "total": 2}))
    assert (await client.availability("Sales", TWO_DAYS)).slots[0].local_time is None


async def test_q1_local_time_sent_unasked_keeps_its_offset(answering: Answering) -> None:
    slot = {"utcTime": "2026-01-05T14:00Z", "localTime": "2026-01-05T09:00-05:00", "capacity": 1}
    client, _ = answering(_slots(slot))
    found = (await client.availability("Sales", TWO_DAYS)).slots[0].local_time
    assert found is not None
    assert found.utcoffset() == timedelta(hours=-5)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T14:00:00.000Z",
        "2026-01-05T14:00:00Z",
        "2026-01-05T14:00:00+00:00",
        "2026-01-05T14:00:00+0000",
        "2026-01-05T15:00:00.000+01:00",
        "2026-01-05T14:00:00",
    ],
)
async def test_dates_are_read_in_every_form_of_rule_1_7(answering: Answering, text: str) -> None:
    client, _ = answering(_ok({**CALLBACK, "desiredTime": text}))
    callback = await client.retrieve_callback("c-1")
    assert callback.desired_time == datetime(2026, 1, 5, 14, tzinfo=UTC)
    assert callback.desired_time.tzinfo is UTC


# --- Q2, Q3, Q18: call-in


def _call_in(**fields: Any) -> CallIn:
    return CallIn.model_validate({"id": "r-1", "toPhoneNumber": "+19059680004", **fields})


@pytest.mark.parametrize("raw", [1537819928210, 1537819928.21, "1537819928210"], ids=repr)
def test_q2_expiry_is_read_from_seconds_and_from_milliseconds(raw: float | str) -> None:
    assert _call_in(expirationTime=raw).expires_at == datetime(2018, 9, 24, 20, 12, 8, 210000, UTC)


def test_q2_an_expiry_is_taken_for_milliseconds_from_a_hundred_thousand_million_on() -> None:
    assert _call_in(expirationTime=1e11).expires_at == datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)
    below = _call_in(expirationTime=1e11 - 1).expires_at
    assert below == datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)


def test_q2_the_raw_expiry_stays_visible() -> None:
    assert _call_in(expirationTime=153781992821).expiration_time == 153781992821


def test_q2_a_call_in_without_expiry_is_still_usable() -> None:
    assert _call_in().expires_at is None


@pytest.mark.parametrize(("raw", "code"), [("0042", "0042"), (4211, "4211"), (None, None)])
def test_q3_an_access_code_is_text_and_keeps_its_zeros(
    raw: str | int | None, code: str | None
) -> None:
    assert _call_in(accessCode=raw).access_code == code


def test_q18_fields_that_were_not_sent_may_be_missing_from_the_echo() -> None:
    call_in = _call_in()
    assert (call_in.from_phone_number, call_in.callback_service_id) == (None, None)
    assert call_in.group_name is None


# --- Q4, Q10, Q11: refusals with and without slots


@pytest.mark.parametrize("status", [429, 503, 400])
async def test_q4_proposed_slots_are_sorted_and_parsed(answering: Answering, status: int) -> None:
    slots = {
        "2026-01-05T16:00:00+01:00": 5,
        "2026-01-05T14:30:00Z": "2",
        "2026-01-05T14:00:00.000Z": 1.0,
        "not a time": "3",
        "2026-01-05T17:00:00Z": "many",
    }
    client, _ = answering(_refused(status, 7041, {"slots": slots}))
    with pytest.raises(GesSlotUnavailableError) as caught:
        await client.create_callback(REQUEST)
    assert [(slot.utc_time, slot.capacity) for slot in caught.value.proposed_slots] == [
        (datetime(2026, 1, 5, 14, tzinfo=UTC), 1),
        (datetime(2026, 1, 5, 14, 30, tzinfo=UTC), 2),
        (datetime(2026, 1, 5, 15, tzinfo=UTC), 5),
    ]


@pytest.mark.parametrize("data", [None, {}, {"slots": {}}, {"slots": None}, {"slots": []}])
@pytest.mark.parametrize(("status", "code"), [(429, 7041), (429, None), (503, 7041)])
async def test_q10_a_limit_without_slots_is_a_throttle(
    answering: Answering, status: int, code: int | None, data: Any
) -> None:
    client, sent = answering(_refused(status, code, data))
    with pytest.raises(GesThrottledError) as caught:
        await client.create_callback(REQUEST)
    assert not caught.value.may_have_taken_effect
    assert len(sent) == 1


async def test_q10_a_429_with_slots_is_a_full_slot_even_without_a_code(
    answering: Answering,
) -> None:
    client, _ = answering(_refused(429, None, {"slots": {"2026-01-05T14:00:00Z": "1"}}))
    with pytest.raises(GesSlotUnavailableError):
        await client.create_callback(REQUEST)


@pytest.mark.parametrize("status", [400, 429])
@pytest.mark.parametrize("data", [None, {"slots": {"2026-01-06T08:00:00.000Z": "5"}}])
async def test_q11_office_closed_is_known_by_its_code_and_brings_slots_if_there_are_any(
    answering: Answering, status: int, data: Any
) -> None:
    client, _ = answering(_refused(status, 7042, data))
    with pytest.raises(GesOfficeClosedError) as caught:
        await client.create_callback(REQUEST)
    assert len(caught.value.proposed_slots) == (0 if data is None else 1)


# --- the others in turn


async def test_q5_user_data_goes_out_as_an_object(answering: Answering) -> None:
    client, sent = answering(_ok({"id": "c-1"}))
    request = CallbackRequest(service_name="s", phone_number="+1", user_data={"a": 1})
    await client.create_callback(request)
    assert json.loads(sent[0].content)["userData"] == {"a": 1}


@pytest.mark.parametrize(("raw", "id_"), [("not-a-uuid", "not-a-uuid"), (42, "42")])
async def test_q6_any_id_but_an_empty_one_is_taken(
    answering: Answering, raw: str | int, id_: str
) -> None:
    client, sent = answering(_ok({"id": raw}))
    assert (await client.create_callback(REQUEST)).id == id_
    await client.cancel_callback("also not a uuid")
    assert json.loads(sent[1].content) == {"id": "also not a uuid"}


@pytest.mark.parametrize("raw", ["", "   ", None, {}, []])
async def test_q6_an_empty_id_is_no_confirmation(answering: Answering, raw: Any) -> None:
    client, _ = answering(_ok({"id": raw}))
    with pytest.raises(GesUnexpectedAnswerError) as caught:
        await client.create_callback(REQUEST)
    assert caught.value.may_have_taken_effect


@pytest.mark.parametrize(
    ("status", "code"), [(401, None), (403, None), (401, 503), (403, 1103), (400, 503), (500, 1103)]
)
async def test_q7_a_missing_or_unknown_key_is_known_by_status_or_code(
    answering: Answering, status: int, code: int | None
) -> None:
    client, sent = answering(_refused(status, code))
    with pytest.raises(GesAuthenticationError):
        await client.queue_status("Sales")
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(400, GesInvalidRequestError), (404, GesNotFoundError)]
)
async def test_q8_a_callback_that_cannot_be_cancelled_is_told_by_400_or_404(
    answering: Answering, status: int, kind: type[Exception]
) -> None:
    client, _ = answering(_refused(status, 7900))
    with pytest.raises(kind):
        await client.cancel_callback("c-1")


@pytest.mark.parametrize(
    ("data", "seconds"),
    [({"openFor": 10**12}, 10**12), ({}, None), ({"openFor": None}, None), ({"openFor": 0}, 0)],
)
async def test_q9_an_office_that_never_closes_may_say_anything_large_or_nothing(
    answering: Answering, data: Any, seconds: int | None
) -> None:
    client, _ = answering(_ok(data))
    answer = await client.open_for("Sales")
    assert answer.open_for_seconds == seconds
    assert answer.is_closed == (seconds == 0)


def test_q12_q13_capacity_is_what_is_left_and_full_slots_are_told_apart() -> None:
    availability = Availability.model_validate(
        {
            "slots": [
                {"utcTime": "2026-01-05T14:00:00Z", "capacity": 0, "total": 10},
                {"utcTime": "2026-01-05T14:30:00Z", "capacity": 4, "total": 10},
            ],
            "durationMin": 30,
        }
    )
    assert [slot.capacity for slot in availability.slots] == [0, 4]
    assert [(slot.capacity, slot.total) for slot in availability.open_slots] == [(4, 10)]


@pytest.mark.parametrize("slot", [{}, {"capacity": None}])
def test_q13_a_slot_without_a_capacity_is_not_free(slot: dict[str, Any]) -> None:
    availability = Availability.model_validate(
        {"slots": [{"utcTime": "2026-01-05T14:00:00Z", **slot}], "durationMin": 30}
    )
    assert [listed.capacity for listed in availability.slots] == [0]
    assert availability.open_slots == ()


@pytest.mark.parametrize("minutes", [5, 30, 60, 120])
def test_q14_the_slot_length_is_read_and_not_assumed(minutes: int) -> None:
    assert (
        Availability.model_validate({"slots": [], "durationMin": minutes}).duration_minutes
        == minutes
    )


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 7040, GesUnknownServiceError),
        (404, 7040, GesUnknownServiceError),
        (404, None, GesNotFoundError),
    ],
)
async def test_q15_an_unknown_service_is_known_by_its_code_and_by_404(
    answering: Answering, status: int, code: int | None, kind: type[Exception]
) -> None:
    client, _ = answering(_refused(status, code))
    with pytest.raises(kind):
        await client.availability("Nowhere", TWO_DAYS)


async def test_q16_trouble_with_one_queue_is_told_in_its_own_item(answering: Answering) -> None:
    item = {"virtualQueue": "x", "estimatedWaitTime": -1, "message": "unknown", "resultCode": -1}
    client, _ = answering(_ok([item, {"virtualQueue": "y", "estimatedWaitTime": 3}]))
    x, y = await client.estimated_wait_time(["x", "y"])
    assert (x.wait_seconds, x.message, x.result_code) == (None, "unknown", -1)
    assert (y.wait_seconds, y.message, y.result_code) == (3, None, None)


@pytest.mark.parametrize(
    ("raw", "seconds"), [(42, 42.0), (42.5, 42.5), ("42", 42.0), (0, 0.0)], ids=repr
)
def test_q17_waits_may_have_fractions(raw: Any, seconds: float) -> None:
    wait = VirtualQueueWait.model_validate({"virtualQueue": "x", "estimatedWaitTime": raw})
    assert wait.wait_seconds == seconds


@pytest.mark.parametrize("raw", [-1, -1.0, "-1", -2, None], ids=repr)
def test_minus_one_is_unknown_and_never_zero(raw: Any) -> None:
    status = QueueStatus.model_validate(
        {"ewt": raw, "offerImmediateCallback": False, "offerScheduledCallback": True}
    )
    assert status.wait_seconds is None
    assert status.has_no_agent


def test_an_unknown_wait_with_an_offer_means_a_queue_that_was_never_used() -> None:
    status = QueueStatus.model_validate(
        {"ewt": -1, "offerImmediateCallback": True, "offerScheduledCallback": True}
    )
    assert not status.has_no_agent


async def test_q19_not_found_on_retrieve_is_an_error_of_its_own(answering: Answering) -> None:
    client, sent = answering(_refused(404, 7900))
    with pytest.raises(GesNotFoundError):
        await client.retrieve_callback("long-gone")
    assert len(sent) == 1


async def test_q21_a_throttled_read_waits_as_long_as_it_was_asked_to(answering: Answering) -> None:
    pauses: list[float] = []
    status = {"ewt": 1, "offerImmediateCallback": True, "offerScheduledCallback": True}
    throttled = httpx.Response(429, headers={"retry-after": "3"})
    client, _ = answering(throttled, _ok(status), pauses=pauses)
    assert (await client.queue_status("Sales")).wait_seconds == 1
    assert pauses == [3.0]


async def test_q21_a_wish_beyond_the_deadline_ends_the_call(answering: Answering) -> None:
    pauses: list[float] = []
    throttled = httpx.Response(429, headers={"retry-after": "3600"})
    client, sent = answering(throttled, pauses=pauses)
    with pytest.raises(GesThrottledError) as caught:
        await client.queue_status("Sales")
    assert caught.value.retry_after_seconds == 3600
    assert (len(sent), pauses) == (1, [])


@pytest.mark.parametrize("absent", [{}, {"callbackReason": None, "positionInQueue": None}])
def test_q24_null_and_absent_mean_the_same(absent: dict[str, None]) -> None:
    callback = Callback.model_validate({**CALLBACK, **absent})
    assert (callback.reason, callback.position_in_queue) == (None, None)
    assert callback.wait_seconds is None


async def test_q24_a_success_without_status_object_is_a_success(answering: Answering) -> None:
    client, _ = answering(httpx.Response(200, json={"status": None, "data": {"id": "c-1"}}))
    created = await client.create_callback(REQUEST)
    assert (created.id, created.corr_id) == ("c-1", None)


async def test_q25_q27_paths_are_sent_exactly_as_documented(answering: Answering) -> None:
    client, sent = answering(_ok({"openFor": 1}))
    await client.open_for("MiXeD")
    assert sent[0].url.raw_path == b"/engagement/v3/callbacks/open-for/MiXeD"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("UTC", "12:00:00.000Z"),
        ("Asia/Kathmandu", "06:15:00.000Z"),
        ("America/Toronto", "17:00:00.000Z"),
    ],
)
async def test_q29_times_go_out_as_utc_milliseconds_and_z(
    answering: Answering, zone: str, written: str
) -> None:
    client, sent = answering(_ok({"id": "c-1"}))
    noon = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo(zone))
    await client.create_callback(
        CallbackRequest(service_name="s", phone_number="+1", desired_time=noon)
    )
    assert json.loads(sent[0].content)["desiredTime"] == f"2026-01-05T{written}"


# --- open sets and frozen answers


def test_unknown_states_and_reasons_survive() -> None:
    callback = Callback.model_validate(
        {**CALLBACK, "callbackState": "PAUSED", "callbackReason": "MOON_PHASE"}
    )
    assert callback.state == "PAUSED"
    assert isinstance(callback.state, CallbackState)
    assert not callback.state.is_known
    assert not callback.state.is_final
    assert callback.reason == "MOON_PHASE"
    assert pickle.loads(pickle.dumps(callback)) == callback  # noqa: S301 - our own bytes


def test_known_words_are_known_and_the_same_object() -> None:
    assert CallbackState("QUEUED") is CallbackState.QUEUED
    assert CallbackState.QUEUED.is_known
    assert hash(CallbackState("PAUSED")) == hash("PAUSED")


def test_a_preview_that_agents_rejected_is_known_by_its_prefix() -> None:
    assert CompletionReason("AGENT_PREVIEW_CANCEL_AFTER_3REJECTS").is_preview_rejected
    assert not CompletionReason.CANCELLED.is_preview_rejected


def test_unknown_fields_are_ignored_and_answers_cannot_be_changed() -> None:
    created = CreatedCallback.model_validate({"id": "c-1", "novelty": 1})
    with pytest.raises(ValueError, match="frozen"):
        created.id = "c-2"  # type: ignore[misc]  # that it is refused is the point
    assert created == CreatedCallback(id="c-1")


def test_an_answer_can_be_made_by_its_python_names() -> None:
    assert OpenFor(open_for_seconds=5) == OpenFor.model_validate({"openFor": 5})


def test_8640_slots_fit() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    slots = [
        {"utcTime": (start + timedelta(minutes=5 * n)).isoformat(), "capacity": n, "total": n}
        for n in range(8640)
    ]
    read = Availability.model_validate({"slots": slots, "durationMin": 5})
    assert len(read.open_slots) == 8639
