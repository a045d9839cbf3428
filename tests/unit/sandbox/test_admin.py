"""The sandbox's own API: the clock, the seed, the profile, people, and what happened."""

import asyncio
import json
from typing import Any

import pytest

from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.world import World

Raw = Any
"""`RawCalls` of tests/conftest.py, which no test can import."""

BERLIN = "+493023125011"
IMMEDIATE = {"serviceName": "Billing_DE", "phoneNumber": BERLIN}
SCHEDULED = {**IMMEDIATE, "desiredTime": "2026-01-12T16:00:00.000Z"}
TINY = """
{}
tenants:
  - name: Tiny
    keys: [{{key: tiny-key}}]
    services: [{{name: Only}}]
"""
NO_ID = "369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61"


async def booked_id(raw: Raw, content: Any) -> str:
    return str((await raw.post("callbacks/create", content)).data["id"])


async def test_health_needs_nothing(raw: Raw) -> None:
    raw.headers.clear()
    answer = await raw.send("GET", "/health")
    assert answer.status == 200
    assert answer.json["status"] == "ok"


# --- the clock ----------------------------------------------------------------------------------


async def test_the_clock_stands_runs_and_is_advanced(raw: Raw) -> None:
    standing = {"mode": "frozen", "now": "2026-01-12T15:00:00.000Z"}
    assert (await raw.admin("GET", "/clock")).json == standing
    advanced = await raw.admin("POST", "/clock/advance", {"seconds": 90.5})
    assert advanced.json["now"] == "2026-01-12T15:01:30.500Z"
    moved = await raw.admin("PUT", "/clock", {"mode": "frozen", "at": "2026-01-13T00:00:00+01:00"})
    assert moved.json["now"] == "2026-01-12T23:00:00.000Z"
    assert (await raw.admin("PUT", "/clock", {"mode": "real"})).json["mode"] == "real"


async def test_advancing_lets_happen_what_is_due(raw: Raw) -> None:
    callback_id = await booked_id(raw, IMMEDIATE)
    await raw.admin("POST", "/clock/advance", {"seconds": 2 * 3600})
    found = (await raw.post("callbacks/retrieve", {"id": callback_id})).data
    assert (found["callbackState"], found["callbackReason"]) == ("COMPLETED", "AGENT_CONNECTED")
    state = (await raw.admin("GET", "/state")).json
    assert [call["callback_id"] for call in state["placed_calls"]] == [callback_id]


@pytest.mark.parametrize(
    ("method", "path", "content", "field"),
    [
        ("PUT", "/clock", {"mode": "frozen", "at": "2026-01-12T14:59:59Z"}, "at"),
        ("PUT", "/clock", {"mode": "frozen", "at": "2026-01-12T16:00:00"}, "at"),
        ("PUT", "/clock", {"mode": "frozen", "at": "2030-01-12T16:00:00Z"}, "at"),
        ("PUT", "/clock", {"mode": "fast"}, "mode"),
        ("PUT", "/clock", {}, "mode"),
        ("POST", "/clock/advance", {"seconds": -1}, "seconds"),
        ("POST", "/clock/advance", {"seconds": 401 * 86_400}, "seconds"),
        ("POST", "/clock/advance", {"seconds": 1, "minutes": 1}, "minutes"),
        ("POST", "/clock/advance", [1], "body"),
        ("PUT", "/queues/Billing_DE/agents", {"agents": -1}, "agents"),
        ("PUT", "/queues/Billing_DE/agents", {"agents": 10_001}, "agents"),
        ("PUT", "/queues/Billing_DE/traffic", {"calls_per_hour": -1}, "calls_per_hour"),
        ("POST", "/queues/Billing_DE/calls", {"calls": 0}, "calls"),
        ("PUT", "/customers/%2B1", {"outcome": "sings"}, "outcome"),
        ("PUT", "/customers/abc", {"outcome": "busy"}, "number"),
        ("PUT", "/customers/%FF", {"outcome": "busy"}, "number"),
        ("POST", "/faults", {"kind": "flood"}, "kind"),
        ("POST", "/faults", {"kind": "status", "status": 200}, "status"),
        ("POST", "/faults", {"kind": "latency", "seconds": 601}, "seconds"),
        ("POST", "/faults", {"kind": "status", "operation": "reschedule"}, "operation"),
        ("PUT", "/profile", {"access_code": "letters"}, "access_code"),
        ("PATCH", "/profile", {"colour": "red"}, "colour"),
        ("PATCH", "/profile", [], "body"),
        ("PUT", "/profile", {"checks": ["params"]}, "checks"),
        ("PATCH", "/profile", {"past_tolerance_seconds": 10**11}, "past_tolerance_seconds"),
        (
            "PATCH",
            "/profile",
            {"rate_limit": {"calls_per_second": 5e-324, "burst": 1}},
            "rate_limit",
        ),
        (
            "PATCH",
            "/profile",
            {"rate_limit": {"calls_per_second": 1, "burst": 10**9}},
            "rate_limit",
        ),
        ("POST", "/callbacks/5/cancel", None, "id"),
        ("POST", "/call-ins/match", {}, "to_phone_number"),
    ],
)
async def test_what_cannot_be_done_names_the_field(
    raw: Raw, method: str, path: str, content: Any, field: str
) -> None:
    answer = await raw.admin(method, path, content)
    assert answer.status == 400
    assert (
        answer.json["error"]["field"].startswith(field) or field in answer.json["error"]["message"]
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("PUT", "/queues/Nobody/agents"),
        ("POST", f"/callbacks/{NO_ID}/cancel"),
        ("POST", f"/callbacks/{NO_ID}/complete"),
        ("DELETE", "/faults/5"),
        ("DELETE", "/faults/" + "9" * 50),
    ],
)
async def test_what_is_not_there_is_404(raw: Raw, method: str, path: str) -> None:
    answer = await raw.admin(
        method, path, {"agents": 1, "reason": "X"} if method != "GET" else None
    )
    assert answer.status == 404


async def test_an_unknown_tenant_is_404(raw: Raw) -> None:
    assert (await raw.admin("GET", "/state", query="tenant=Nobody")).status == 404
    assert (await raw.admin("GET", "/state", query="tenant=%FF")).status == 400


async def test_another_method_is_405_and_says_which(raw: Raw) -> None:
    answer = await raw.admin("PATCH", "/faults")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, POST, DELETE"
    assert (await raw.admin("POST", "/openapi.json")).headers["allow"] == "GET"


async def test_a_body_beyond_a_mebibyte_is_413(raw: Raw) -> None:
    body = b" " * (1024 * 1024 + 1)
    assert (await raw.send("PUT", "/sandbox/seed", body=body)).status == 413


async def test_web_pages_from_elsewhere_are_kept_out(raw: Raw) -> None:
    for origin in ("https://evil.example", "null", "http://["):
        raw.headers |= {"origin": origin, "host": "127.0.0.1:8080"}
        assert (await raw.admin("DELETE", "/faults")).status == 403
        assert (await raw.admin("GET", "/openapi.json")).status == 403
    raw.headers |= {"origin": "http://127.0.0.1:8080"}
    assert (await raw.admin("DELETE", "/faults")).status == 200


async def test_a_long_way_of_the_clock_lets_others_be_answered(raw: Raw) -> None:
    way = asyncio.ensure_future(raw.admin("POST", "/clock/advance", {"seconds": 30 * 86_400}))
    seen = set()
    while not way.done():
        await asyncio.sleep(0)
        seen.add((await raw.send("GET", "/health")).json["clock"]["now"])
    assert (await way).json["now"] == "2026-02-11T15:00:00.000Z"
    assert len(seen) > 100


async def test_the_clock_set_to_a_far_day_lets_others_be_answered(raw: Raw) -> None:
    far = {"mode": "frozen", "at": "2026-01-14T15:00:00Z"}
    way = asyncio.ensure_future(raw.admin("PUT", "/clock", far))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (await raw.admin("GET", "/clock")).json["now"] < "2026-01-14T15:00:00.000Z"
    assert (await way).json == {"mode": "frozen", "now": "2026-01-14T15:00:00.000Z"}


async def test_it_makes_no_difference_whether_the_clock_goes_in_slices(raw: Raw) -> None:
    whole = Sandbox(World(raw.sandbox.world.seed))
    whole.advance(3 * 86_400)
    await raw.admin("POST", "/clock/advance", {"seconds": 3 * 86_400})
    await raw.admin("GET", "/state")
    for name in ("Billing_DE", "Support_US", "Night_Line"):
        sliced = raw.sandbox.centre().floor.statistics(name)
        assert sliced == whole.centre().floor.statistics(name)


async def test_more_calls_than_can_be_lived_through_are_refused_before_any_is(raw: Raw) -> None:
    before = (await raw.admin("GET", "/clock")).json
    await raw.admin("PUT", "/queues/Billing_DE/traffic", {"calls_per_hour": 10_000})
    answer = await raw.admin("POST", "/clock/advance", {"seconds": 400 * 86_400})
    assert answer.status == 400
    assert "lower calls_per_hour" in answer.json["error"]["message"]
    assert (await raw.admin("GET", "/clock")).json == before


async def test_a_seed_replaced_on_the_way_ends_it(raw: Raw) -> None:
    way = asyncio.ensure_future(raw.admin("POST", "/clock/advance", {"seconds": 30 * 86_400}))
    await asyncio.sleep(0)
    await raw.send("PUT", "/sandbox/seed", body=TINY.format("").encode())
    answer = await way
    assert answer.status == 400
    assert "replaced" in answer.json["error"]["message"]


# --- seed and profile ---------------------------------------------------------------------------


async def test_the_seed_can_be_read_and_put_back(raw: Raw) -> None:
    seed = (await raw.admin("GET", "/seed")).json
    await booked_id(raw, IMMEDIATE)
    assert (await raw.admin("PUT", "/seed", seed)).json == seed
    state = (await raw.admin("GET", "/state")).json
    assert state["callbacks"] == []
    assert state["requests"] == []


async def test_a_seed_may_be_yaml(raw: Raw) -> None:
    text = """
    clock: {mode: frozen, at: 2026-06-01T08:00:00Z}
    tenants:
      - name: Tiny
        keys: [{key: tiny-key}]
        services: [{name: Only, traffic: {calls_per_hour: 0}}]
    """
    answer = await raw.send("PUT", "/sandbox/seed", body=text.encode())
    assert answer.status == 200
    assert (await raw.admin("GET", "/clock")).json["now"] == "2026-06-01T08:00:00.000Z"
    old_key = await raw.get("callbacks/queue-status/Only")
    assert old_key.status == 403
    new_key = await raw.get("callbacks/queue-status/Only", headers={"x-api-key": "tiny-key"})
    assert new_key.status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff",
        b"a: [",
        b"tenants: []",
        b"a: b: c",
        b"&a [*a]",
        b"? [1]\n: 2",
        b"2026-99-99",
        b"{" * 2000,
        b"[" * 5000,
        b"!!python/object:x.y {}",
        TINY.format("seed: true").encode(),
        TINY.format(f"seed: {'9' * 5000}").encode(),
        TINY.format("profile: {rate_limit: {calls_per_second: .inf, burst: 1}}").encode(),
        (TINY.format("") + "    customers: {answered: .inf}").encode(),
        (TINY.format("") + "    customers: {answered: true}").encode(),
        TINY.format("")
        .replace("Only", "Only, traffic: {calls_per_hour: 1e5, warm_up_minutes: 200}")
        .encode(),
    ],
)
async def test_a_seed_that_cannot_be_used_changes_nothing(raw: Raw, body: bytes) -> None:
    before = (await raw.admin("GET", "/seed")).json
    answer = await raw.send("PUT", "/sandbox/seed", body=body)
    assert answer.status == 400
    assert answer.json["error"]["message"]
    assert (await raw.admin("GET", "/seed")).json == before


async def test_the_profile_is_replaced_or_merged(raw: Raw) -> None:
    assert (await raw.admin("GET", "/profile")).json["access_code"] == "string"
    await raw.admin("PATCH", "/profile", {"access_code": "number"})
    merged = (await raw.admin("PATCH", "/profile", {"expiration_unit": "s"})).json
    assert (merged["access_code"], merged["expiration_unit"]) == ("number", "s")
    replaced = (await raw.admin("PUT", "/profile", {"expiration_unit": "s"})).json
    assert (replaced["access_code"], replaced["expiration_unit"]) == ("string", "s")


async def test_a_time_ten_years_past_is_taken_where_the_profile_tolerates_it(raw: Raw) -> None:
    most = 3660 * 86_400
    assert (await raw.admin("PATCH", "/profile", {"past_tolerance_seconds": most})).status == 200
    past = {**IMMEDIATE, "desiredTime": "2017-01-12T16:00:00.000Z"}
    assert (await raw.post("callbacks/create", past)).status == 200


@pytest.mark.parametrize("form", ["seconds", "http-date"])
async def test_q21_the_slowest_rate_can_be_told(raw: Raw, form: str) -> None:
    limit = {"calls_per_second": 0.001, "burst": 1, "retry_after": form}
    await raw.admin("PATCH", "/profile", {"rate_limit": limit})
    await raw.get("callbacks/queue-status/Billing_DE")
    answer = await raw.get("callbacks/queue-status/Billing_DE")
    assert answer.status == 429
    assert answer.headers["retry-after"]


# --- people -------------------------------------------------------------------------------------


async def test_agents_log_out_and_the_wait_is_unknown(raw: Raw) -> None:
    answer = await raw.admin("PUT", "/queues/Billing_DE/agents", {"agents": 0})
    assert answer.status == 200
    await raw.admin("POST", "/clock/advance", {"seconds": 1800})
    status = (await raw.get("callbacks/queue-status/Billing_DE")).data
    assert (status["ewt"], status["offerImmediateCallback"]) == (-1, False)


async def test_callers_who_arrive_now_make_the_wait_longer(raw: Raw) -> None:
    before = (await raw.get("callbacks/queue-status/Billing_DE")).data["ewt"]
    added = await raw.admin("POST", "/queues/Billing_DE/calls", {"calls": 50})
    assert added.json["statistics"]["CallsWaiting"] >= 47
    assert (await raw.get("callbacks/queue-status/Billing_DE")).data["ewt"] > before


async def test_traffic_can_be_stopped(raw: Raw) -> None:
    await raw.admin("PUT", "/queues/Billing_DE/traffic", {"calls_per_hour": 0})
    before = await raw.admin("POST", "/queues/Billing_DE/calls", {"calls": 1})
    await raw.admin("POST", "/clock/advance", {"seconds": 3600})
    after = (await raw.admin("GET", "/state")).json["queues"][0]["statistics"]
    # One arrival may have been on its way already.
    assert after["CallsEntered"] - before.json["statistics"]["CallsEntered"] <= 1


async def test_a_customer_does_as_the_script_says(raw: Raw) -> None:
    await raw.admin("PUT", "/customers/%2B493023125011", {"outcome": "no-answer"})
    callback_id = await booked_id(raw, IMMEDIATE)
    await raw.admin("POST", "/clock/advance", {"seconds": 7200})
    found = (await raw.post("callbacks/retrieve", {"id": callback_id})).data
    assert found["callbackReason"] == "FAIL_CALL_TO_CUSTOMER"


async def test_an_administrator_completes_or_cancels_a_callback(raw: Raw) -> None:
    first, second = await booked_id(raw, SCHEDULED), await booked_id(raw, SCHEDULED)
    done = await raw.admin("POST", f"/callbacks/{first}/complete", {"reason": "SUBMIT_FAILED"})
    assert (done.json["state"], done.json["reason"]) == ("COMPLETED", "SUBMIT_FAILED")
    gone = await raw.admin("POST", f"/callbacks/{second}/cancel")
    assert gone.json["reason"] == "CANCELLED_BY_ADMIN"
    assert (await raw.admin("POST", f"/callbacks/{second}/cancel")).status == 409
    again = await raw.admin("POST", f"/callbacks/{first}/complete", {"reason": "X"})
    assert again.status == 409


@pytest.mark.parametrize(("reason", "freed"), [("CANCELLED_BY_ADMIN", 1), ("AGENT_CONNECTED", 0)])
async def test_rule_9_a_cancellation_by_hand_gives_the_place_back(
    raw: Raw, reason: str, freed: int
) -> None:
    async def places() -> int:
        query = "startMS=1768233600000"
        data = (await raw.get("callbacks/availability/Billing_DE", query)).data
        return int(data["slots"][0]["capacity"])

    callback_id = await booked_id(raw, SCHEDULED)
    taken = await places()
    await raw.admin("POST", f"/callbacks/{callback_id}/complete", {"reason": reason})
    assert await places() == taken + freed


async def test_a_customer_rings_a_lent_number_once(raw: Raw) -> None:
    grant = (await raw.post("call-in/requests/create", {"groupName": "technical_help"})).data
    inbound = {"to_phone_number": grant["toPhoneNumber"], "access_code": grant["accessCode"]}
    matched = await raw.admin("POST", "/call-ins/match", inbound)
    assert matched.json["id"] == grant["id"]
    assert (await raw.admin("POST", "/call-ins/match", inbound)).status == 404


async def test_pushes_are_shown_by_tenant(raw: Raw) -> None:
    booking = {
        "serviceName": "Reception",
        "phoneNumber": "+442079460011",
        "captchaToken": "human",
        "pushTargets": [{"channel": "FCM", "target": "device-1"}],
    }
    answer = await raw.post("callbacks/create", booking, {"x-api-key": "hillside-key"})
    assert answer.status == 200, answer.json
    await raw.admin("POST", "/clock/advance", {"seconds": 3600})
    assert (await raw.admin("GET", "/pushes")).json == {"pushes": []}
    pushes = (await raw.admin("GET", "/pushes", query="tenant=Hillside")).json["pushes"]
    assert pushes[0]["target"] == "device-1"


# --- what happened ------------------------------------------------------------------------------


async def test_the_state_shows_callbacks_with_number_and_desired_time(raw: Raw) -> None:
    await raw.post("callbacks/create", {**SCHEDULED, "userData": {"topic": "bill"}})
    state = (await raw.admin("GET", "/state")).json
    (callback,) = state["callbacks"]
    assert callback["phone_number"] == BERLIN
    assert callback["desired_at"] == "2026-01-12T16:00:00Z"
    assert callback["user_data"] == {"topic": "bill"}


async def test_the_request_log_has_no_personal_data(raw: Raw) -> None:
    secrets = ("493023125011", "12025550101", "sandbox-key", "top-secret", "device-9")
    callback_id = await booked_id(raw, {**IMMEDIATE, "userData": {"note": "top-secret"}})
    await raw.post("callbacks/retrieve", {"id": callback_id})
    await raw.get("callbacks/queue-status/%2B493023125011", "note=top-secret")
    await raw.post("call-in/requests/create", {"groupName": "+12025550101"})
    await raw.send("GET", "/engagement/v3/+12025550101?x=top-secret")
    requests = (await raw.admin("GET", "/state")).json["requests"]
    assert [entry["status"] for entry in requests] == [200, 200, 400, 400, 404]
    assert [entry["operation"] for entry in requests][-1] is None
    assert requests[0]["tenant"] == "Lakeside"
    assert requests[0]["corr_id"]
    assert (requests[2]["ges_code"], requests[2]["operation"]) == (7040, "queue-status")
    text = json.dumps(requests)
    assert not any(secret in text for secret in (*secrets, callback_id))


async def test_the_request_log_forgets_the_oldest(raw: Raw, ges_sandbox: Sandbox) -> None:
    for _ in range(1005):
        await raw.get("nothing")
    await raw.get("callbacks/queue-status/Billing_DE")
    entries = ges_sandbox.world.journal.entries
    assert len(entries) == 1000
    assert entries[-1].operation == "queue-status"


async def test_admin_calls_are_not_logged(raw: Raw, ges_sandbox: Sandbox) -> None:
    await raw.admin("GET", "/state")
    assert ges_sandbox.world.journal.entries == ()


async def test_the_index_lists_every_operation(raw: Raw) -> None:
    answer = await raw.admin("GET", "")
    assert answer.status == 200
    assert "POST /sandbox/clock/advance" in answer.json["operations"]
    assert (await raw.send("GET", answer.json["description"])).status == 200


@pytest.mark.parametrize(
    ("body", "query", "ignored"),
    [
        ({**IMMEDIATE, "desiredtime": "2026-01-12T16:00:00.000Z"}, "", ["desiredtime"]),
        (IMMEDIATE, "", []),
        (IMMEDIATE, "verbose=1&verbose=2&%FF=1", ["verbose"]),
        ({**IMMEDIATE, "no name": 1, "n49302312": 1, "a" * 41: 1, "a" * 40: 1}, "", ["a" * 40]),
        ({f"field_{n}": n for n in range(12)}, "", [f"field_{n}" for n in range(10)]),
        ([1], "", []),
    ],
)
async def test_the_request_log_names_what_was_ignored(
    raw: Raw, body: Any, query: str, ignored: list[str]
) -> None:
    text = json.dumps(body).encode()
    await raw.send("POST", "/engagement/v3/callbacks/create", query, text)
    (entry,) = (await raw.admin("GET", "/state")).json["requests"]
    assert entry["ignored"] == ignored


async def test_parameters_under_older_names_are_ignored_unless_the_profile_reads_them(
    raw: Raw,
) -> None:
    for aliases in (False, True):
        await raw.admin("PATCH", "/profile", {"kebab_aliases": aliases})
        await raw.get("callbacks/availability/Billing_DE", "number-of-days=1")
    entries = (await raw.admin("GET", "/state")).json["requests"]
    assert [entry["ignored"] for entry in entries] == [["number-of-days"], []]
