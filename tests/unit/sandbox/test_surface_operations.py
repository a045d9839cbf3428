"""Every operation as bytes: requests read, answers rendered, by every reading of the profile."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from ges_connector.sandbox.profile import Profile, RateLimit
from ges_connector.sandbox.sandbox import Sandbox

BERLIN = "+493023125011"
US = "+12025550101"
MONDAY_18_UTC = "2026-01-12T18:00:00.000Z"
IMMEDIATE = {"serviceName": "Billing_DE", "phoneNumber": BERLIN}
SCHEDULED = {"serviceName": "Support_US", "phoneNumber": US, "desiredTime": MONDAY_18_UTC}


Raw = Any
"""`RawCalls` of tests/conftest.py, which no test can import."""


def flip(raw: Raw, **changes: Any) -> None:
    raw.sandbox.profile = Profile(**changes)


async def booked_id(raw: Raw, content: Any) -> str:
    answer = await raw.post("callbacks/create", content)
    assert answer.status == 200, answer.json
    return str(answer.data["id"])


# --- create, retrieve, cancel --------------------------------------------------------------------


async def test_create_answers_with_a_uuid(raw: Raw) -> None:
    answer = await raw.post("callbacks/create", IMMEDIATE)
    assert answer.status == 200
    assert answer.json["status"] == {
        "code": 0,
        "message": "Successful",
        "corrId": answer.json["status"]["corrId"],
    }
    assert UUID(answer.data["id"]).version == 4
    assert UUID(answer.json["status"]["corrId"]).version == 4


async def test_retrieve_tells_a_scheduled_callback(raw: Raw) -> None:
    callback_id = await booked_id(raw, SCHEDULED)
    answer = await raw.post("callbacks/retrieve", {"id": callback_id})
    assert answer.data == {
        "id": callback_id,
        "desiredTime": MONDAY_18_UTC,
        "callbackState": "SCHEDULED",
        "phoneNumber": US,
    }


async def test_retrieve_tells_place_and_wait_of_a_queued_callback(raw: Raw) -> None:
    callback_id = await booked_id(raw, IMMEDIATE)
    data = (await raw.post("callbacks/retrieve", {"id": callback_id})).data
    assert data["callbackState"] == "QUEUED"
    assert data["positionInQueue"] >= 1
    assert isinstance(data["estimatedWaitTime"], int)
    assert "callbackReason" not in data


async def test_cancel_repeats_the_id_and_leaves_the_reason(raw: Raw) -> None:
    callback_id = await booked_id(raw, SCHEDULED)
    assert (await raw.post("callbacks/cancel", {"id": callback_id})).data == {"id": callback_id}
    data = (await raw.post("callbacks/retrieve", {"id": callback_id})).data
    assert (data["callbackState"], data["callbackReason"]) == ("COMPLETED", "CANCELLED")


async def test_q24_flipped_fields_without_a_value_are_null(raw: Raw) -> None:
    flip(raw, absent_fields="null")
    callback_id = await booked_id(raw, SCHEDULED)
    data = (await raw.post("callbacks/retrieve", {"id": callback_id})).data
    assert data["callbackReason"] is None
    assert data["positionInQueue"] is None
    assert data["estimatedWaitTime"] is None


async def test_q17_flipped_waits_are_floats(raw: Raw) -> None:
    flip(raw, wait_number="float")
    answer = await raw.get("callbacks/queue-status/Billing_DE")
    assert isinstance(answer.data["ewt"], float)


@pytest.mark.parametrize("path", ["callbacks/cancel", "callbacks/retrieve"])
@pytest.mark.parametrize(
    ("status", "code"), [pytest.param(400, 501, id="400"), pytest.param(404, 7901, id="404")]
)
async def test_q6_a_malformed_id_is_400_or_404(raw: Raw, path: str, status: int, code: int) -> None:
    flip(raw, malformed_id_status=status)
    answer = await raw.post(path, {"id": "not-a-uuid"})
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("path", ["callbacks/cancel", "callbacks/retrieve"])
async def test_an_unknown_id_is_404_and_no_id_400(raw: Raw, path: str) -> None:
    unknown = await raw.post(path, {"id": "369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61"})
    assert (unknown.status, unknown.code) == (404, 7901)
    for content in ({}, {"id": None}, {"id": ""}, {"id": 5}):
        missing = await raw.post(path, content)
        assert (missing.status, missing.code) == (400, 501)


@pytest.mark.parametrize(
    "field",
    [
        {"serviceName": None},
        {"serviceName": 5},
        {"phoneNumber": ""},
        {"phoneNumber": 493023125011},
        {"desiredTime": "2026-01-12T18:00:00"},
        {"desiredTime": 1768240800000},
        {"cbOfferType": 1},
        {"language": []},
        {"offerThreshold": "30"},
        {"priority": True},
        {"userData": "text"},
        {"captchaToken": {}},
        {"pushTargets": {}},
        {"pushTargets": [{"channel": "FCM"}]},
        {"pushTargets": [{"channel": "SMS", "target": "x"}]},
        {"alwaysCheckCapacity": "true"},
    ],
)
async def test_a_field_of_the_wrong_type_is_named(raw: Raw, field: dict[str, object]) -> None:
    answer = await raw.post("callbacks/create", {**SCHEDULED, **field})
    assert (answer.status, answer.code) == (400, 501)
    assert next(iter(field)) in answer.message


async def test_no_refusal_repeats_what_was_sent(raw: Raw) -> None:
    for content in (
        {**SCHEDULED, "desiredTime": US},
        {**SCHEDULED, "userData": US},
        {**SCHEDULED, "serviceName": US},
        {**SCHEDULED, "phoneNumber": "+1202555"},
    ):
        answer = await raw.post("callbacks/create", content)
        assert answer.status == 400
        assert "202555" not in answer.body.decode()


async def test_rule_1_11_any_prose_is_an_offer_type(raw: Raw) -> None:
    prose = "ASAP if the desired time is not specified, SCHEDULED otherwise."
    assert (await raw.post("callbacks/create", {**IMMEDIATE, "cbOfferType": prose})).status == 200


async def test_unknown_fields_are_ignored(raw: Raw) -> None:
    assert (await raw.post("callbacks/create", {**IMMEDIATE, "x": {"y": 1}})).status == 200


async def test_a_full_slot_proposes_others(raw: Raw) -> None:
    full = {**IMMEDIATE, "desiredTime": "2026-01-13T09:00:00.000Z"}
    answer = await raw.post("callbacks/create", full)
    assert (answer.status, answer.code) == (429, 7041)
    slots = answer.data["slots"]
    assert slots
    for key, places in slots.items():
        assert key.endswith(":00.000Z")
        assert isinstance(places, str)
        assert int(places) > 0


@pytest.mark.parametrize(
    ("profile", "ending", "kind"),
    [
        ({"proposed_capacity": "number"}, ":00.000Z", int),
        ({"proposed_key": "seconds-z"}, ":00Z", str),
        ({"proposed_key": "offset"}, ":00+00:00", str),
    ],
)
async def test_q4_flipped_proposals_are_written_in_another_way(
    raw: Raw, profile: dict[str, str], ending: str, kind: type
) -> None:
    flip(raw, **profile)
    full = {**IMMEDIATE, "desiredTime": "2026-01-13T09:00:00.000Z"}
    slots = (await raw.post("callbacks/create", full)).data["slots"]
    assert slots
    assert all(key.endswith(ending) for key in slots)
    assert all(type(places) is kind for places in slots.values())


# --- availability, open-for, queue status, waits -------------------------------------------------


async def test_availability_without_timezone_has_no_local_time(raw: Raw) -> None:
    query = "start=2026-01-12T16:00:00.000Z&end=2026-01-12T18:00:00.000Z"
    assert (await raw.get("callbacks/availability/Support_US", query)).data == {
        "slots": [
            {"utcTime": "2026-01-12T16:00:00.000Z", "capacity": 4, "total": 4},
            {"utcTime": "2026-01-12T17:00:00.000Z", "capacity": 4, "total": 4},
        ],
        "durationMin": 60,
    }


@pytest.mark.parametrize(
    ("reading", "zoned", "unzoned"),
    [
        ("naive-on-request", "2026-01-12T11:00:00.000", None),
        ("always-utc", "2026-01-12T11:00:00.000", "2026-01-12T16:00:00.000Z"),
        ("offset", "2026-01-12T11:00:00.000-05:00", None),
    ],
)
async def test_q1_local_time_is_written_as_the_profile_says(
    raw: Raw, reading: str, zoned: str, unzoned: str | None
) -> None:
    flip(raw, local_time=reading)
    with_zone = "start=2026-01-12T11:00:00&timezone=America/New_York"
    data = (await raw.get("callbacks/availability/Support_US", with_zone)).data
    assert data["slots"][0]["localTime"] == zoned
    assert data["timezone"] == "America/New_York"
    without = "start=2026-01-12T16:00:00Z"
    data = (await raw.get("callbacks/availability/Support_US", without)).data
    assert data["slots"][0].get("localTime") == unzoned
    assert data.get("timezone") == ("UTC" if unzoned else None)


async def test_the_window_can_be_given_in_milliseconds_or_days(raw: Raw) -> None:
    start = datetime(2026, 1, 12, 16, tzinfo=UTC)
    start_ms = int(start.timestamp() * 1000)
    end_ms = int((start + timedelta(hours=2)).timestamp() * 1000)
    by_ms = await raw.get("callbacks/availability/Support_US", f"startMS={start_ms}&endMS={end_ms}")
    assert len(by_ms.data["slots"]) == 2
    by_days = await raw.get(
        "callbacks/availability/Support_US", f"startMS={start_ms}&numberOfDays=1&maxTimeSlots=3"
    )
    assert len(by_days.data["slots"]) == 3


async def test_busy_slots_are_listed_on_request_only(raw: Raw) -> None:
    full_day = "start=2026-01-13T08:00:00Z&end=2026-01-13T09:00:00Z"
    assert (await raw.get("callbacks/availability/Billing_DE", full_day)).data["slots"] == []
    busy = await raw.get("callbacks/availability/Billing_DE", f"{full_day}&reportBusy=true")
    assert [slot["capacity"] for slot in busy.data["slots"]] == [0, 0]


async def test_q13_flipped_a_busy_slot_has_no_capacity(raw: Raw) -> None:
    flip(raw, busy_capacity="absent")
    query = "start=2026-01-13T08:00:00Z&end=2026-01-13T09:00:00Z&reportBusy=true"
    slots = (await raw.get("callbacks/availability/Billing_DE", query)).data["slots"]
    assert slots
    assert not any("capacity" in slot for slot in slots)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start=2026-01-12T16:00:00.000", "start"),
        ("start=2026-01-12T16:00:00Z&startMS=5", "start and startMS"),
        ("end=2026-01-12T16:00:00Z&endMS=5", "end and endMS"),
        ("endMS=5&numberOfDays=1", "endMS and numberOfDays"),
        ("start=2026-01-13T16:00:00Z&end=2026-01-12T16:00:00Z", "end"),
        ("start=2026-01-12T16:00:00Z&end=2027-02-12T16:00:00Z", "end"),
        ("end=2026-01-01T00:00:00Z", "end"),
        ("numberOfDays=0", "numberOfDays"),
        ("maxTimeSlots=0", "maxTimeSlots"),
        ("reportBusy=maybe", "reportBusy"),
        ("timezone=Mars", "timezone"),
        ("start=2026-01-12T16:00:00%2B99:00", "start"),
    ],
)
async def test_a_window_that_cannot_be_read_is_refused(raw: Raw, query: str, field: str) -> None:
    answer = await raw.get("callbacks/availability/Support_US", query)
    assert (answer.status, answer.code) == (400, 501)
    assert field in answer.message


async def test_rule_1_10_kebab_names_are_ignored_unless_wanted(raw: Raw) -> None:
    query = "start=2026-01-12T16:00:00Z&number-of-days=1"
    assert len((await raw.get("callbacks/availability/Support_US", query)).data["slots"]) == 1
    flip(raw, kebab_aliases=True)
    assert len((await raw.get("callbacks/availability/Support_US", query)).data["slots"]) > 1


async def test_open_for_counts_to_the_closing(raw: Raw) -> None:
    assert (await raw.get("callbacks/open-for/Support_US")).data == {"openFor": 7 * 3600}
    closed = await raw.get("callbacks/open-for/Support_US", "start=2026-01-12T23:00:00Z")
    assert closed.data == {"openFor": 0}
    local = "start=2026-01-12T16:30:00&timezone=America/New_York"
    assert (await raw.get("callbacks/open-for/Support_US", local)).data == {"openFor": 1800}


async def test_q9_flipped_an_office_that_never_closes_has_no_number(raw: Raw) -> None:
    hillside = {"x-api-key": "hillside-key"}
    large = await raw.get("callbacks/open-for/Reception", headers=hillside)
    assert large.data["openFor"] > 10**9
    flip(raw, open_for_always_open="absent")
    assert (await raw.get("callbacks/open-for/Reception", headers=hillside)).data == {}


async def test_queue_status_says_what_may_be_offered(raw: Raw) -> None:
    data = (await raw.get("callbacks/queue-status/Billing_DE")).data
    assert set(data) == {"ewt", "offerImmediateCallback", "offerScheduledCallback"}
    assert data["offerScheduledCallback"] is True


async def test_waits_are_told_queue_by_queue(raw: Raw) -> None:
    answer = await raw.get(
        "estimated-wait-time", "virtual-queues=Billing_DE%2CNobody,Support_US&mode=mode1"
    )
    assert [entry["virtualQueue"] for entry in answer.data] == [
        "Billing_DE",
        "Nobody",
        "Support_US",
    ]
    assert answer.data[1]["estimatedWaitTime"] == -1
    assert answer.data[1]["resultCode"] == -1
    assert answer.data[1]["message"]


async def test_q17_flipped_older_servers_send_no_result_code(raw: Raw) -> None:
    flip(raw, wait_result_code="absent")
    answer = await raw.get("estimated-wait-time", "virtual-queues=Billing_DE")
    assert "resultCode" not in answer.data[0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "virtual-queues"),
        ("virtual-queues=", "virtual-queues"),
        ("virtual-queues=a,,b", "virtual-queues"),
        ("virtual-queues=" + ",".join(["a"] * 101), "virtual-queues"),
        ("virtual-queues=a&mode=mode4", "mode"),
        ("virtual-queues=a&include-calls-on-hold=1", "include-calls-on-hold"),
    ],
)
async def test_a_wait_request_that_cannot_be_read_is_refused(
    raw: Raw, query: str, field: str
) -> None:
    answer = await raw.get("estimated-wait-time", query)
    assert (answer.status, answer.code) == (400, 501)
    assert field in answer.message


@pytest.mark.parametrize("operation", ["availability", "open-for", "queue-status"])
@pytest.mark.parametrize("status", [400, 404])
async def test_q15_an_unknown_name_is_400_or_404(raw: Raw, operation: str, status: int) -> None:
    flip(raw, unknown_service_status=status)
    answer = await raw.get(f"callbacks/{operation}/Nobody")
    assert (answer.status, answer.code) == (status, 7040)


# --- call-in, statistics, withdrawn --------------------------------------------------------------


async def test_a_call_in_has_a_number_a_code_and_an_end(raw: Raw) -> None:
    data = (await raw.post("call-in/requests/create", {"groupName": "technical_help"})).data
    assert set(data) == {"id", "toPhoneNumber", "groupName", "expirationTime", "accessCode"}
    assert isinstance(data["accessCode"], str)
    assert len(data["accessCode"]) == 6
    expected = datetime(2026, 1, 12, 15, 5, tzinfo=UTC).timestamp() * 1000
    assert data["expirationTime"] == expected


async def test_a_call_in_repeats_what_was_sent(raw: Raw) -> None:
    callback_id = await booked_id(raw, SCHEDULED)
    data = (
        await raw.post(
            "call-in/requests/create",
            {
                "groupName": "billing_direct",
                "fromPhoneNumber": BERLIN,
                "callbackServiceId": callback_id,
            },
        )
    ).data
    assert data["fromPhoneNumber"] == BERLIN
    assert data["callbackServiceId"] == callback_id
    assert "accessCode" not in data


async def test_q2_q3_q18_flipped_a_call_in_is_written_in_another_way(raw: Raw) -> None:
    flip(raw, expiration_unit="s", access_code="number", call_in_echo="null")
    data = (await raw.post("call-in/requests/create", {"groupName": "technical_help"})).data
    assert data["expirationTime"] == datetime(2026, 1, 12, 15, 5, tzinfo=UTC).timestamp()
    assert isinstance(data["accessCode"], int)
    assert data["fromPhoneNumber"] is None
    assert data["callbackServiceId"] is None


async def test_a_call_in_request_that_cannot_be_read_is_refused(raw: Raw) -> None:
    for content in (
        {},
        {"groupName": "nobody"},
        {"groupName": "technical_help", "fromPhoneNumber": "word"},
        {"groupName": "technical_help", "callbackServiceId": "5"},
    ):
        assert (await raw.post("call-in/requests/create", content)).status == 400


async def test_statistics_take_no_body_or_an_object(raw: Raw) -> None:
    path = "/engagement/v3/statistics/operations/get-statistic-ex"
    assert (await raw.send("POST", path)).status == 200
    asked = {"statistics": [{"objectId": "Billing_DE", "name": "AgentsLoggedIn"}]}
    answer = await raw.post("statistics/operations/get-statistic-ex", asked)
    assert answer.data["statistics"][0]["value"] == 3
    assert (await raw.send("POST", path, body=b"[1]")).status == 400


async def test_statistics_without_credentials_are_401(raw: Raw) -> None:
    path = "/engagement/v3/statistics/operations/get-statistic-ex"
    answer = await raw.send("POST", path, headers={"x-api-key": "hillside-key"})
    assert (answer.status, answer.code) == (401, 7905)


@pytest.mark.parametrize("value", ["max-age=14", "max-age=-1", "max-age=x", "max-age="])
async def test_a_max_age_below_15_seconds_is_refused(raw: Raw, value: str) -> None:
    path = "/engagement/v3/statistics/operations/get-statistic-ex"
    answer = await raw.send("POST", path, headers={"cache-control": value})
    assert answer.status == 400
    assert "cache-control" in answer.message


@pytest.mark.parametrize("value", ["no-cache", "max-age=15", "Max-Age=60, no-transform"])
async def test_other_cache_headers_pass(raw: Raw, value: str) -> None:
    path = "/engagement/v3/statistics/operations/get-statistic-ex"
    assert (await raw.send("POST", path, headers={"cache-control": value})).status == 200


async def test_withdrawn_operations_answer_on_request(raw: Raw) -> None:
    raw.headers["x-api-key"] = "hillside-key"
    captcha = {"siteKey": "hillside-site", "captchaToken": "human"}
    note = {"channel": "FCM", "target": "t", "event": "{}", "validate_only": True}
    assert (await raw.post("captcha/verify", captcha)).status == 404
    flip(raw, withdrawn_operations=True)
    assert (await raw.post("captcha/verify", captcha)).data == {"success": True}
    robot = {**captcha, "captchaToken": "robot"}
    assert (await raw.post("captcha/verify", robot)).data == {"success": False}
    published = await raw.post("notification/publish", note)
    assert published.data["name"].startswith("projects/Hillside/messages/")
    wrong = await raw.post("notification/publish", {**note, "channel": "SMS"})
    assert wrong.status == 400


# --- keys, paths, methods, bodies ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "field"),
    [(None, "missing_key"), ("wrong", "unknown_key"), ("retired-key", "unknown_key")],
)
@pytest.mark.parametrize("reading", ["401-503", "403-1103"])
async def test_q7_a_request_nobody_may_make_is_refused(
    raw: Raw, key: str | None, field: str, reading: str
) -> None:
    flip(raw, **{field: reading})
    raw.headers.pop("x-api-key")
    headers = {} if key is None else {"x-api-key": key}
    answer = await raw.get("callbacks/queue-status/Billing_DE", headers=headers)
    assert f"{answer.status}-{answer.code}" == reading


@pytest.mark.parametrize("key", [None, "wrong"])
async def test_q7_flipped_the_gateway_refuses_in_its_own_words(raw: Raw, key: str | None) -> None:
    flip(raw, missing_key="gateway-fault", unknown_key="gateway-fault")
    raw.headers.pop("x-api-key")
    headers = {} if key is None else {"x-api-key": key}
    answer = await raw.send(
        "POST", "/engagement/v3/callbacks/create", body=b"no json", headers=headers
    )
    assert answer.status == 401
    assert answer.json["fault"]["detail"]["errorcode"]
    assert "status" not in answer.json


async def test_q20_create_looks_at_parameters_before_the_key(raw: Raw) -> None:
    raw.headers["x-api-key"] = "wrong"
    assert (await raw.post("callbacks/create", {})).code == 501
    assert (await raw.post("callbacks/cancel", {})).code == 1103
    checks = ("key", "params", "service", "number", "hours", "throttle", "capacity")
    flip(raw, checks=checks)
    assert (await raw.post("callbacks/create", {})).code == 1103


async def test_a_tenant_does_not_see_the_other_ones_callbacks(raw: Raw) -> None:
    callback_id = await booked_id(raw, IMMEDIATE)
    other = {"x-api-key": "hillside-key"}
    answer = await raw.post("callbacks/retrieve", {"id": callback_id}, other)
    assert answer.status == 404


async def test_an_unknown_path_is_answered_by_the_gateway(raw: Raw) -> None:
    answer = await raw.get("callbacks/reschedule")
    assert answer.status == 404
    assert "fault" in answer.json


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "callbacks/create", "POST, OPTIONS"),
        ("DELETE", "callbacks/cancel", "POST, OPTIONS"),
        ("POST", "callbacks/queue-status/Billing_DE", "GET, OPTIONS"),
    ],
)
async def test_another_method_is_405_and_says_which(
    raw: Raw, method: str, path: str, allowed: str
) -> None:
    answer = await raw.send(method, f"/engagement/v3/{path}")
    assert (answer.status, answer.code) == (405, 501)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"id": "\\ud800"}', b"[" * 9999])
async def test_a_body_that_is_no_json_object_is_refused(raw: Raw, body: bytes) -> None:
    for path in ("callbacks/create", "callbacks/cancel", "call-in/requests/create"):
        answer = await raw.send("POST", f"/engagement/v3/{path}", body=body)
        assert (answer.status, answer.code) == (400, 501)


async def test_a_body_beyond_a_mebibyte_is_413(raw: Raw) -> None:
    answer = await raw.send(
        "POST", "/engagement/v3/callbacks/create", body=b" " * (1024 * 1024 + 1)
    )
    assert (answer.status, answer.code) == (413, 501)


async def test_a_compressed_body_is_refused(raw: Raw) -> None:
    answer = await raw.post("callbacks/create", IMMEDIATE, {"content-encoding": "gzip"})
    assert (answer.status, answer.code) == (400, 501)


async def test_a_body_needs_no_content_type(raw: Raw) -> None:
    raw.headers.pop("content-type")
    assert (await raw.post("callbacks/create", IMMEDIATE)).status == 200


async def test_the_same_seed_gives_the_same_bytes(raw: Raw, ges_sandbox: Sandbox) -> None:
    twin = Sandbox.from_seed(ges_sandbox.world.seed)
    for _ in range(3):
        mine = await raw.post("callbacks/create", SCHEDULED)
        theirs = await twin.answer(
            "POST",
            "/engagement/v3/callbacks/create",
            "",
            raw.headers,
            json.dumps(SCHEDULED).encode(),
        )
        assert mine.body == theirs.body


# --- web pages -----------------------------------------------------------------------------------

SHOP = "https://shop.example"


async def test_rule_43_a_page_of_the_keys_domains_may_read(raw: Raw) -> None:
    answer = await raw.get("callbacks/queue-status/Billing_DE", headers={"origin": SHOP})
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    ("origin", "key"),
    [
        ("https://other.example", "sandbox-key"),
        ("http://shop.example", "sandbox-key"),
        ("https://shop.example:8443", "sandbox-key"),
        ("null", "sandbox-key"),
        ("http://[", "sandbox-key"),
        (SHOP, "hillside-key"),
        (SHOP, "wrong"),
    ],
)
async def test_rule_43_other_pages_may_not(raw: Raw, origin: str, key: str) -> None:
    answer = await raw.get(
        "callbacks/queue-status/Billing_DE", headers={"origin": origin, "x-api-key": key}
    )
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"] == "Origin"


async def test_a_caller_without_origin_gets_no_such_headers(raw: Raw) -> None:
    answer = await raw.get("callbacks/queue-status/Billing_DE")
    assert "vary" not in answer.headers


async def test_rule_43_a_browser_may_ask_beforehand_without_the_key(raw: Raw) -> None:
    raw.headers.clear()
    asked = {"origin": SHOP, "access-control-request-method": "POST"}
    answer = await raw.send("OPTIONS", "/engagement/v3/callbacks/create", headers=asked)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert "x-api-key" in answer.headers["access-control-allow-headers"]
    stranger = {**asked, "origin": "https://other.example"}
    answer = await raw.send("OPTIONS", "/engagement/v3/callbacks/create", headers=stranger)
    assert "access-control-allow-origin" not in answer.headers


async def test_even_a_refusal_may_be_read_by_the_page(raw: Raw) -> None:
    answer = await raw.post("callbacks/create", {}, {"origin": SHOP})
    assert answer.status == 400
    assert answer.headers["access-control-allow-origin"] == SHOP


# --- rate of calls -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "expected"), [("absent", None), ("seconds", "2"), ("http-date", "GMT")]
)
async def test_q21_flipped_the_gateway_limits_the_rate(
    raw: Raw, reading: str, expected: str | None
) -> None:
    limit = RateLimit.model_validate({"calls_per_second": 0.5, "burst": 2, "retry_after": reading})
    flip(raw, rate_limit=limit)
    now = datetime(2026, 1, 12, tzinfo=UTC)
    raw.sandbox.world.system = lambda: now
    for _ in range(2):
        assert (await raw.get("callbacks/queue-status/Billing_DE")).status == 200
    limited = await raw.get("callbacks/queue-status/Billing_DE")
    assert limited.status == 429
    assert "fault" in limited.json
    found = limited.headers.get("retry-after")
    assert found is None if expected is None else str(found).endswith(expected)
    now += timedelta(seconds=2)
    assert (await raw.get("callbacks/queue-status/Billing_DE")).status == 200
