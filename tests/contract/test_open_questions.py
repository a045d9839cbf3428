"""The client copes with every reading of every open question (Q1 to Q29)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args, get_origin

import pytest

from ges_connector.api import (
    AvailabilityWindow,
    CallbackRequest,
    CallbackState,
    CallInRequest,
    GesAuthenticationError,
    GesClient,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesOfficeClosedError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnknownServiceError,
)
from ges_connector.sandbox.profile import Profile

Line = Any
"""`Line` of conftest.py, which no test can import."""

AT_17 = datetime(2026, 1, 12, 17, 0, tzinfo=UTC)
FULL_DAY = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 1, 18, 12, 0, tzinfo=UTC)


def readings() -> list[Mapping[str, Any]]:
    """Every single reading that a profile knows, one field at a time."""
    return [
        {name: value}
        for name, field in Profile.model_fields.items()
        if get_origin(field.annotation) is Literal or field.annotation is bool
        for value in (get_args(field.annotation) or (True, False))
    ]


def test_the_readings_cover_the_profile() -> None:
    flipped = {name for reading in readings() for name in reading}
    without_choice = {"checks", "rate_limit", "past_tolerance_seconds"}
    assert flipped == set(Profile.model_fields) - without_choice


@pytest.mark.parametrize("reading", readings(), ids=str)
async def test_a_whole_conversation_works_by_every_reading(
    ges: GesClient, line: Line, reading: Mapping[str, Any]
) -> None:
    line.sandbox.profile = Profile.model_validate(reading)
    window = AvailabilityWindow(
        start=AT_17, number_of_days=1, timezone="Europe/Berlin", report_busy=True
    )
    assert (await ges.queue_status("Billing_DE")).wait_seconds is not None
    office = "New_York_Day" if reading == {"open_for_name": "office-hours"} else "Support_US"
    assert (await ges.open_for(office)).open_for_seconds == 7 * 3600
    (wait, unknown) = await _waits(ges, reading)
    assert wait.wait_seconds is not None
    assert unknown is None or unknown.wait_seconds is None
    slots = (await ges.availability("Support_US", window)).open_slots
    assert slots[0].utc_time == AT_17
    assert slots[0].local_time == AT_17
    request = CallbackRequest(
        service_name="Support_US",
        phone_number="+12025550101",
        desired_time=AT_17,
        user_data=None if reading == {"user_data": "json-text"} else {"topic": "bill"},
    )
    created = await ges.create_callback(request)
    found = await ges.retrieve_callback(created.id)
    assert found.state is CallbackState.SCHEDULED
    assert found.reason is None
    call_in = await ges.request_call_in(CallInRequest(group_name="technical_help"))
    assert call_in.expires_at == line.sandbox.clock.now() + timedelta(seconds=300)
    assert call_in.access_code
    assert (await ges.cancel_callback(created.id)).id == created.id
    assert (await ges.statistics(None)).data


async def _waits(ges: GesClient, reading: Mapping[str, Any]) -> tuple[Any, Any]:
    if reading == {"unknown_virtual_queue": "400"}:
        with pytest.raises(GesInvalidRequestError):
            await ges.estimated_wait_time(["Billing_DE", "Nobody"])
        return (await ges.estimated_wait_time(["Billing_DE"]))[0], None
    known, unknown = await ges.estimated_wait_time(["Billing_DE", "Nobody"])
    return known, unknown


async def test_q3_a_number_for_a_code_loses_only_what_json_loses(
    ges: GesClient, line: Line
) -> None:
    line.sandbox.profile = Profile(access_code="number")
    call_in = await ges.request_call_in(CallInRequest(group_name="technical_help"))
    (kept,) = line.sandbox.centre().call_ins
    assert call_in.access_code == str(int(kept.access_code))


@pytest.mark.parametrize("capacity", ["string", "number"])
@pytest.mark.parametrize("key", ["ms-z", "seconds-z", "offset"])
async def test_q4_proposed_slots_are_understood_in_every_form(
    ges: GesClient, line: Line, capacity: Any, key: Any
) -> None:
    line.sandbox.profile = Profile(proposed_capacity=capacity, proposed_key=key)
    request = CallbackRequest(
        service_name="Billing_DE", phone_number="+493023125011", desired_time=FULL_DAY
    )
    with pytest.raises(GesSlotUnavailableError) as caught:
        await ges.create_callback(request)
    assert caught.value.proposed_slots
    assert all(slot.capacity > 0 for slot in caught.value.proposed_slots)


@pytest.mark.parametrize(
    ("status", "kind"), [(400, GesInvalidRequestError), (404, GesNotFoundError)]
)
async def test_q6_a_malformed_id_is_told(
    ges: GesClient, line: Line, status: Any, kind: type[GesError]
) -> None:
    line.sandbox.profile = Profile(malformed_id_status=status)
    for call in (ges.retrieve_callback("5"), ges.cancel_callback("5")):
        with pytest.raises(kind):
            await call


@pytest.mark.parametrize("reading", ["401-503", "403-1103", "gateway-fault"])
async def test_q7_a_bad_key_is_an_authentication_error(line: Line, reading: Any) -> None:
    line.sandbox.profile = Profile(unknown_key=reading)
    async with line.client("nobodys-key") as ges:
        with pytest.raises(GesAuthenticationError):
            await ges.queue_status("Billing_DE")


@pytest.mark.parametrize(
    ("reading", "kind"), [("400", GesInvalidRequestError), ("404", GesNotFoundError), ("200", None)]
)
async def test_q8_a_second_cancel_is_told(
    ges: GesClient, line: Line, reading: Any, kind: type[GesError] | None
) -> None:
    line.sandbox.profile = Profile(cancel_finished=reading)
    request = CallbackRequest(service_name="Billing_DE", phone_number="+493023125011")
    created = await ges.create_callback(request)
    await ges.cancel_callback(created.id)
    if kind is None:
        assert (await ges.cancel_callback(created.id)).id == created.id
        return
    with pytest.raises(kind):
        await ges.cancel_callback(created.id)


@pytest.mark.parametrize("reading", ["large", "zero-seconds-left-today", "absent"])
async def test_q9_an_office_that_never_closes_is_never_called_closed(
    line: Line, reading: Any
) -> None:
    line.sandbox.profile = Profile(open_for_always_open=reading)
    async with line.client("hillside-key") as ges:
        assert not (await ges.open_for("Reception")).is_closed


@pytest.mark.parametrize("status", [429, 503, 400])
async def test_q10_a_throttle_is_told_as_one_whatever_its_status(
    ges: GesClient, line: Line, status: Any
) -> None:
    line.sandbox.profile = Profile(throttle_status=status)
    request = CallbackRequest(service_name="Billing_DE", phone_number="+493023125011")
    await ges.create_callback(request)
    await ges.create_callback(request)
    with pytest.raises(GesThrottledError) as caught:
        await ges.create_callback(request)
    assert not caught.value.may_have_taken_effect


@pytest.mark.parametrize(
    ("reading", "has_slots"), [("400", False), ("400-slots", True), ("429-slots", True)]
)
async def test_q11_a_closed_office_is_told_with_its_proposals(
    ges: GesClient, line: Line, reading: Any, *, has_slots: bool
) -> None:
    line.sandbox.profile = Profile(office_closed=reading)
    request = CallbackRequest(
        service_name="Billing_DE", phone_number="+493023125011", desired_time=SUNDAY
    )
    with pytest.raises(GesOfficeClosedError) as caught:
        await ges.create_callback(request)
    assert bool(caught.value.proposed_slots) is has_slots


@pytest.mark.parametrize("status", [429, 400])
async def test_q11_a_full_slot_is_told_with_its_proposals_whatever_its_status(
    ges: GesClient, line: Line, status: Any
) -> None:
    line.sandbox.profile = Profile(full_slot_status=status)
    request = CallbackRequest(
        service_name="Billing_DE", phone_number="+493023125011", desired_time=FULL_DAY
    )
    with pytest.raises(GesSlotUnavailableError) as caught:
        await ges.create_callback(request)
    assert caught.value.proposed_slots


@pytest.mark.parametrize("reading", ["zero", "absent"])
async def test_q13_busy_slots_are_never_offered(ges: GesClient, line: Line, reading: Any) -> None:
    line.sandbox.profile = Profile(busy_capacity=reading)
    window = AvailabilityWindow(
        start=datetime(2026, 1, 13, tzinfo=UTC), number_of_days=1, report_busy=True
    )
    assert (await ges.availability("Billing_DE", window)).open_slots == ()


@pytest.mark.parametrize("status", [400, 404])
async def test_q15_an_unknown_name_is_told(ges: GesClient, line: Line, status: Any) -> None:
    line.sandbox.profile = Profile(unknown_service_status=status)
    window = AvailabilityWindow(number_of_days=1)
    for call in (
        ges.queue_status("Nobody"),
        ges.open_for("Nobody"),
        ges.availability("Nobody", window),
    ):
        with pytest.raises((GesUnknownServiceError, GesNotFoundError)):
            await call
