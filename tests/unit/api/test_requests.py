"""Requests that GES would refuse, or change without a word, never leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.api import (
    AvailabilityWindow,
    CallbackRequest,
    CallInRequest,
    GesClient,
    GesRequestError,
    OfferType,
    PushTarget,
)
from ges_connector.api.requests import wire_time

Answering = Callable[..., tuple[GesClient, list[httpx.Request]]]

NAIVE = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - what is tested
# hypothesis wants naive bounds.
EARLIEST = datetime(2, 1, 1)  # noqa: DTZ001 - see above
LATEST = datetime(9998, 1, 1)  # noqa: DTZ001 - see above
AWARE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _field_of(caught: pytest.ExceptionInfo[GesRequestError]) -> str:
    return caught.value.field


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"service_name": ""}, "service_name"),
        ({"service_name": None}, "service_name"),
        ({"phone_number": "   "}, "phone_number"),
        ({"phone_number": 4915112345678}, "phone_number"),
        ({"desired_time": NAIVE}, "desired_time"),
        ({"offer_type": "WHENEVER"}, "offer_type"),
        ({"offer_timing": "LUNCH"}, "offer_timing"),
        ({"offer_threshold_seconds": -1}, "offer_threshold_seconds"),
        ({"offer_threshold_seconds": float("nan")}, "offer_threshold_seconds"),
        ({"priority": "high"}, "priority"),
        ({"user_data": {"first-name": "x"}}, "user_data"),
        ({"user_data": {"1st": "x"}}, "user_data"),
        ({"user_data": {"": "x"}}, "user_data"),
        ({"user_data": {"name\n": "x"}}, "user_data"),
        ({"user_data": {"thing": object()}}, "user_data"),
        ({"user_data": {"n": float("nan")}}, "user_data"),
        ({"user_data": {"deep": [{"n": float("-inf")}]}}, "user_data"),
        (
            {"desired_time": datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))},
            "desired_time",
        ),
        (
            {"desired_time": datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))},
            "desired_time",
        ),
        ({"user_data": "a=1"}, "user_data"),
        ({"push_targets": [{"channel": "FCM"}]}, "target"),
        ({"captcha_token": ""}, "captcha_token"),
        ({"servicename": "typo"}, "servicename"),
        ({"phone_number": "\ud800"}, "phone_number"),
    ],
)
def test_a_callback_request_names_the_field_it_refuses(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(GesRequestError) as caught:
        CallbackRequest(**{"service_name": "s", "phone_number": "+4915112345678", **fields})
    assert _field_of(caught) == field
    assert not caught.value.may_have_taken_effect


def test_every_key_that_ges_would_drop_is_reported() -> None:
    data = {"good": 1, "first-name": 2, "with space": 3, "$ok": 4, "_ok": 5, "naïve": 6}
    with pytest.raises(GesRequestError) as caught:
        CallbackRequest(service_name="s", phone_number="+1", user_data=data)
    assert "'first-name', 'naïve', 'with space'" in caught.value.reason


def test_a_refused_key_of_user_data_is_told_without_its_digits() -> None:
    with pytest.raises(GesRequestError) as caught:
        CallInRequest(group_name="g", user_data={"call 0151": 1})
    assert "'call ****'" in caught.value.reason


async def test_names_of_virtual_queues_may_come_one_by_one(answering: Answering) -> None:
    client, sent = answering(httpx.Response(200, json={"data": []}))
    assert await client.estimated_wait_time(name for name in ("a", "b")) == ()
    assert sent[0].url.params["virtual-queues"] == "a,b"


@given(st.text())
def test_a_user_data_key_passes_only_if_it_is_a_safe_identifier(key: str) -> None:
    safe = key.isascii() and key.replace("$", "_").isidentifier()
    try:
        CallInRequest(group_name="g", user_data={key: 1})
    except GesRequestError:
        assert not safe
    else:
        assert safe


def test_offer_types_may_be_given_as_their_words() -> None:
    request = CallbackRequest.model_validate(
        {"service_name": "s", "phone_number": "+1", "offer_type": "ASAP"}
    )
    assert request.offer_type is OfferType.ASAP


def test_a_later_change_of_the_callers_dictionary_does_not_reach_the_request() -> None:
    data = {"topic": "invoice"}
    request = CallbackRequest(service_name="s", phone_number="+1", user_data=data)
    data["first-name"] = "smuggled"
    assert b"smuggled" not in request.wire_body()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "end"),
        ({"start": AWARE}, "end"),
        ({"end": AWARE, "number_of_days": 1}, "end"),
        ({"start": AWARE, "end": AWARE.replace(hour=8)}, "end"),
        ({"start": NAIVE, "number_of_days": 1}, "start"),
        ({"end": NAIVE}, "end"),
        ({"number_of_days": 0}, "number_of_days"),
        ({"number_of_days": 1, "max_time_slots": 0}, "max_time_slots"),
        ({"number_of_days": 1, "timezone": "Mars/Olympus"}, "timezone"),
        ({"number_of_days": 1, "timezone": "Europe"}, "timezone"),
        ({"number_of_days": 1, "timezone": "../../etc/passwd"}, "timezone"),
        ({"number_of_days": 1, "timezone": ""}, "timezone"),
        (
            {
                "start": datetime.max.replace(tzinfo=ZoneInfo("America/Toronto")),
                "number_of_days": 1,
            },
            "start",
        ),
    ],
)
def test_a_window_names_the_field_it_refuses(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(GesRequestError) as caught:
        AvailabilityWindow(**fields)
    assert _field_of(caught) == field


def test_a_window_may_mix_a_naive_start_and_an_aware_end() -> None:
    window = AvailabilityWindow(start=NAIVE, end=AWARE, timezone="Europe/Berlin")
    assert "start=2026-01-05T08%3A00%3A00.000Z" in window.wire_query()
    assert "end=2026-01-05T09%3A00%3A00.000Z" in window.wire_query()


@pytest.mark.parametrize("name", ["", "  ", ".", "..", "\ud800"])
async def test_a_name_that_cannot_be_one_path_segment_is_refused(
    answering: Answering, name: str
) -> None:
    client, sent = answering(httpx.Response(200))
    for call, field in (
        (client.queue_status(name), "queue_name"),
        (client.open_for(name), "service_name"),
        (client.availability(name, AvailabilityWindow(number_of_days=1)), "service_name"),
    ):
        with pytest.raises(GesRequestError) as caught:
            await call
        assert _field_of(caught) == field
    assert sent == []


@pytest.mark.parametrize("queues", [[], "VQ_Sales", ["a,b"], [""], ["ok", "  "]])
async def test_virtual_queues_are_a_sequence_of_names_without_commas(
    answering: Answering, queues: Any
) -> None:
    client, sent = answering(httpx.Response(200))
    with pytest.raises(GesRequestError) as caught:
        await client.estimated_wait_time(queues)
    assert _field_of(caught) == "virtual_queues"
    assert sent == []


async def test_other_arguments_are_checked_before_anything_is_sent(answering: Answering) -> None:
    client, sent = answering(httpx.Response(200))
    mode: Any = "mode4"
    text: Any = "2026-01-01"
    number: Any = float("nan")
    for call, field in (
        (client.estimated_wait_time(["x"], mode), "mode"),
        (client.open_for("s", NAIVE), "start"),
        (client.open_for("s", None, "Mars/Olympus"), "timezone"),
        (client.open_for("s", text), "start"),
        (client.open_for("s", None, number), "timezone"),
        (client.statistics({}, max_age_seconds=text), "max_age_seconds"),
        (client.statistics({}, max_age_seconds=number), "max_age_seconds"),
        (client.statistics({}, max_age_seconds=float("inf")), "max_age_seconds"),  # type: ignore[arg-type] # what is tested
        (client.estimated_wait_time(number), "virtual_queues"),
        (client.estimated_wait_time(iter(())), "virtual_queues"),
        (client.retrieve_callback(""), "id"),
        (client.cancel_callback(" "), "id"),
        (client.statistics({"x": object()}), "body"),
        (client.statistics(float("inf")), "body"),
        (client.statistics({}, max_age_seconds=14), "max_age_seconds"),
    ):
        with pytest.raises(GesRequestError) as caught:
            await call
        assert _field_of(caught) == field
    assert sent == []


@given(st.datetimes(EARLIEST, LATEST, timezones=st.timezones()))
def test_a_written_time_reads_back_as_the_same_millisecond(value: datetime) -> None:
    text = wire_time(value)
    assert len(text) == len("2026-01-05T14:30:00.000Z")
    read = datetime.fromisoformat(text)
    assert 0 <= (value.astimezone(UTC) - read).total_seconds() < 0.001


def test_a_push_target_may_name_another_channel() -> None:
    assert PushTarget(channel="HTTP", target="t").channel == "HTTP"
