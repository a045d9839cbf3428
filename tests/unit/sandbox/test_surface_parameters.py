"""Reading query parameters and body fields (GES sections 2.1 to 2.8, Q5, Q6, Q26, Q29)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import RefusedError
from ges_connector.sandbox.surface.parameters import (
    EARLIEST_AT,
    LATEST_AT,
    Fields,
    Query,
    is_script_identifier,
    percent_decoded,
    read_instant,
    read_uuid,
)

PROFILE = Profile()
NAIVE_BOUNDS = (EARLIEST_AT.replace(tzinfo=None), LATEST_AT.replace(tzinfo=None))
AT = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T14:30:00.000Z",
        "2026-01-05T14:30:00Z",
        "2026-01-05T14:30Z",
        "2026-01-05T16:30:00+02:00",
        "2026-01-05T16:30:00+0200",
        "2026-01-05T09:30:00.000000000-05:00",
        "2026-01-05T14:30:00,000Z",
    ],
)
def test_q29_any_iso_time_that_says_its_zone_is_read(text: str) -> None:
    assert read_instant("start", text, PROFILE) == AT


@pytest.mark.parametrize("text", ["2026-01-05T14:30:00Z", "2026-01-05T16:30:00.000+02:00"])
def test_q29_flipped_only_milliseconds_with_z_are_read(text: str) -> None:
    strict = Profile(dates="ms-z-only")
    assert read_instant("start", "2026-01-05T14:30:00.000Z", strict) == AT
    with pytest.raises(RefusedError, match="start is no ISO-8601 time"):
        read_instant("start", text, strict)


def test_a_time_without_zone_is_placed_by_timezone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read_instant("start", "2026-01-05T15:30:00.000", PROFILE, berlin) == AT
    strict = Profile(dates="ms-z-only")
    assert read_instant("start", "2026-01-05T15:30:00.000", strict, berlin) == AT


def test_q29_z_wins_over_timezone() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    assert read_instant("start", "2026-01-05T14:30:00.000Z", PROFILE, tokyo) == AT


def test_a_time_without_zone_and_without_timezone_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"says no zone; .* such as \+01:00") as caught:
        read_instant("desiredTime", "2026-01-05T14:30:00.000", PROFILE)
    assert (caught.value.status, caught.value.code) == (400, 501)


async def test_in_a_query_it_is_told_how_a_plus_sign_is_written(raw: Any) -> None:
    path = "callbacks/availability/Billing_DE"
    answer = await raw.get(path, "start=2026-01-12T15:00:00%2B01:00&numberOfDays=1")
    assert answer.status == 200
    answer = await raw.get(path, "start=2026-01-12T15:00:00+01:00&numberOfDays=1")
    assert (answer.status, "%2B" in answer.message) == (400, True)
    answer = await raw.get(path, "start=2026-01-12T15:00:00&numberOfDays=1")
    assert (answer.status, "or send timezone" in answer.message) == (400, True)


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "2026-01-05",
        "2026-1-5T14:30:00Z",
        "2026-02-30T14:30:00Z",
        "2026-01-05T25:00:00Z",
        "2026-01-05T14:30:00+99:99",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1969-12-31T23:59:59Z",
        "9000-01-01T00:00:00Z",
        "٢٠٢٦-01-05T14:30:00Z",
        "2026-01-05 14:30:00Z",
        "2026-01-05T14:30:00Z\n",
    ],
)
def test_what_is_no_plausible_time_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match=": start "):
        read_instant("start", text, PROFILE)


@given(st.datetimes(*NAIVE_BOUNDS), st.timezones())
def test_every_time_written_with_its_offset_is_read_back(naive: datetime, zone: ZoneInfo) -> None:
    at = naive.replace(tzinfo=zone)
    offset = at.utcoffset()
    if offset is None or offset.total_seconds() % 60 or not EARLIEST_AT <= at < LATEST_AT:
        return
    text = at.isoformat(timespec="microseconds")
    assert read_instant("start", text, PROFILE) == at


@given(st.text())
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with suppress(RefusedError):
        assert read_instant("start", text, PROFILE).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "369e1b9f2c604e0e9c4f7d2b7d3d4b61",
        "{369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61}",
        "urn:uuid:369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61",
        "369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b6",
        "nonsense",
    ],
)
def test_q6_only_the_usual_form_of_a_uuid_is_one(text: str) -> None:
    with pytest.raises(RefusedError, match="id is no UUID"):
        read_uuid("id", text)


@given(st.text(st.characters(codec="utf-8")))
def test_q26_names_are_decoded_once(name: str) -> None:
    assert percent_decoded(quote(name, safe="")) == name
    assert percent_decoded(quote(quote(name, safe=""), safe="")) == quote(name, safe="")


def test_query_parameters_are_form_encoded() -> None:
    query = Query("virtual-queues=a%2Cb%20c+d&mode=mode1&&")
    assert query.text("virtual-queues") == "a,b c d"
    assert query.text("mode") == "mode1"
    assert query.text("absent") is None


def test_an_empty_parameter_is_refused() -> None:
    with pytest.raises(RefusedError, match="timezone is empty"):
        Query("timezone=").zone()


def test_a_parameter_sent_twice_is_refused() -> None:
    with pytest.raises(RefusedError, match="start is there twice"):
        Query("start=1&start=2")


def test_a_query_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(RefusedError, match="not UTF-8"):
        Query("start=%FF")


@pytest.mark.parametrize("text", ["1", "TRUE", "yes", "falsee"])
def test_a_flag_is_true_or_false_in_small_letters(text: str) -> None:
    with pytest.raises(RefusedError, match="reportBusy is neither true nor false"):
        Query(f"reportBusy={text}").flag("reportBusy")


@pytest.mark.parametrize("text", ["0", "367", "1.5", "1e1", "%D9%A3", "9" * 30, "-1", "abc"])
def test_a_number_outside_of_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="numberOfDays is no whole number from 1 to 366"):
        Query(f"numberOfDays={text}").integer("numberOfDays", least=1, most=366)


def test_milliseconds_since_1970_are_read_exactly() -> None:
    assert Query("startMS=1767623400000").instant_ms("startMS") == AT


def test_the_last_millisecond_is_still_a_time() -> None:
    last_ms = int(LATEST_AT.timestamp()) * 1000 - 1
    assert Query(f"endMS={last_ms}").instant_ms("endMS") is not None
    with pytest.raises(RefusedError, match="endMS"):
        Query(f"endMS={last_ms + 1}").instant_ms("endMS")


@pytest.mark.parametrize("name", ["Mars/Phobos", "../etc/passwd", "europe/berlin", "/UTC", "%00"])
def test_a_zone_has_to_be_in_the_tz_database(name: str) -> None:
    with pytest.raises(RefusedError, match="timezone is no tz database name"):
        Query(f"timezone={name}").zone()


def test_rule_1_10_kebab_names_are_taken_when_wanted() -> None:
    query = Query("start-ms=5")
    query.renamed({"start-ms": "startMS"})
    assert query.text("startMS") == "5"
    both = Query("start-ms=5&startMS=6")
    with pytest.raises(RefusedError, match="startMS is there twice"):
        both.renamed({"start-ms": "startMS"})


def test_null_counts_as_absent() -> None:
    fields = Fields({"a": None})
    assert fields.text("a") is None
    assert fields.number("a") is None
    assert fields.flag("a") is None
    assert fields.objects("a") == ()
    assert fields.user_data(PROFILE) == {}


@pytest.mark.parametrize("value", [1, True, [], {}])
def test_a_text_field_takes_nothing_else(value: object) -> None:
    with pytest.raises(RefusedError, match="phoneNumber is no text"):
        Fields({"phoneNumber": value}).required_text("phoneNumber", "a number")


@pytest.mark.parametrize("value", [None, ""])
def test_a_required_text_says_what_it_should_be(value: object) -> None:
    with pytest.raises(RefusedError, match="serviceName is missing; it is a service"):
        Fields({"serviceName": value}).required_text("serviceName", "a service")


@pytest.mark.parametrize("value", ["1", True, []])
def test_a_number_field_takes_only_numbers(value: object) -> None:
    with pytest.raises(RefusedError, match="priority is no number"):
        Fields({"priority": value}).number("priority")


def test_a_field_inside_of_a_list_is_named_with_its_place() -> None:
    _, second = Fields({"pushTargets": [{}, {"channel": 5}]}).objects("pushTargets")
    with pytest.raises(RefusedError, match=r"pushTargets\[1\]\.channel is no text"):
        second.text("channel")


def test_rule_30_keys_that_are_no_identifiers_are_dropped() -> None:
    sent = {"name": 1, "$x_1": 2, "größe": 3, "first name": 4, "1st": 5, "a-b": 6, "": 7}
    kept = Fields({"userData": sent}).user_data(PROFILE)
    assert set(kept) == {"name", "$x_1", "größe"}


@given(st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$]*", fullmatch=True))
def test_rule_30_every_plain_identifier_is_kept(key: str) -> None:
    assert is_script_identifier(key)


@pytest.mark.parametrize(
    ("reading", "value", "kept"),
    [
        ("object-or-json-text", {"a": 1}, {"a": 1}),
        ("object-or-json-text", '{"a": 1}', {"a": 1}),
        ("object", {"a": 1}, {"a": 1}),
        ("json-text", '{"a": 1}', {"a": 1}),
    ],
)
def test_q5_user_data_is_read_as_the_profile_says(
    reading: str, value: object, kept: object
) -> None:
    profile = Profile.model_validate({"user_data": reading})
    assert Fields({"userData": value}).user_data(profile) == kept


@pytest.mark.parametrize(
    ("reading", "value"),
    [
        ("object-or-json-text", "no json"),
        ("object-or-json-text", "[1]"),
        ("object-or-json-text", [1]),
        ("object", '{"a": 1}'),
        ("json-text", {"a": 1}),
    ],
)
def test_q5_user_data_of_another_kind_is_refused(reading: str, value: object) -> None:
    profile = Profile.model_validate({"user_data": reading})
    with pytest.raises(RefusedError, match="userData "):
        Fields({"userData": value}).user_data(profile)


def test_a_body_has_to_be_an_object() -> None:
    for body in (b"", b"[]", b"1", b"null", b'"x"', b"{"):
        with pytest.raises(RefusedError, match="the body "):
            Fields.of_body(body)
