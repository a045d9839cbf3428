"""Faults on order, in-process: what befalls a call, and whether it took effect."""

import asyncio
import json
from typing import Any

import pytest

from ges_connector.sandbox.faults import Fault, FaultPlan
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.surface.routes import Operation

Raw = Any
"""`RawCalls` of tests/conftest.py, which no test can import."""

BOOKING = {"serviceName": "Billing_DE", "phoneNumber": "+493023125011"}


def booked(sandbox: Sandbox) -> int:
    return len(sandbox.centre().floor.callbacks())


# --- the plan -------------------------------------------------------------------------------------


def test_a_fault_befalls_as_many_calls_as_ordered() -> None:
    plan = FaultPlan()
    fault = Fault(kind="status", count=2)
    plan.add(fault)
    taken = [plan.take(Operation.CREATE) for _ in range(3)]
    assert taken == [fault, fault, None]


def test_a_fault_without_count_befalls_every_call() -> None:
    plan = FaultPlan()
    plan.add(Fault(kind="status"))
    assert all(plan.take(Operation.CREATE) for _ in range(10))
    plan.clear()
    assert plan.take(Operation.CREATE) is None


def test_a_fault_befalls_its_operation_only() -> None:
    plan = FaultPlan()
    planned = plan.add(Fault(kind="status", operation=Operation.CANCEL, count=1))
    assert plan.take(Operation.CREATE) is None
    assert plan.planned == (planned,)
    assert plan.take(Operation.CANCEL) is planned.fault
    assert not plan.planned


def test_the_oldest_fault_that_fits_comes_first() -> None:
    plan = FaultPlan()
    first = plan.add(Fault(kind="empty", operation=Operation.CANCEL, count=1))
    second = plan.add(Fault(kind="status", count=1))
    third = plan.add(Fault(kind="malformed", count=1))
    assert plan.take(Operation.CREATE) is second.fault
    assert plan.take(Operation.CANCEL) is first.fault
    assert plan.take(Operation.CANCEL) is third.fault


def test_a_fault_can_be_taken_back_once() -> None:
    plan = FaultPlan()
    planned = plan.add(Fault(kind="status"))
    assert plan.remove(planned.id)
    assert not plan.remove(planned.id)


# --- what befalls a create ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["refuse", "reset-before"])
async def test_a_connection_that_breaks_early_books_nothing(
    raw: Raw, ges_sandbox: Sandbox, kind: Any
) -> None:
    ges_sandbox.order(Fault(kind=kind, count=1))
    expected = ConnectionRefusedError if kind == "refuse" else ConnectionResetError
    with pytest.raises(expected):
        await raw.post("callbacks/create", BOOKING)
    assert booked(ges_sandbox) == 0
    assert (await raw.post("callbacks/create", BOOKING)).status == 200


async def test_a_connection_that_breaks_late_has_booked(raw: Raw, ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="reset-after", count=1))
    with pytest.raises(ConnectionResetError):
        await raw.post("callbacks/create", BOOKING)
    assert booked(ges_sandbox) == 1


@pytest.mark.parametrize("kind", ["status", "gateway-html", "cut-off", "malformed", "empty"])
@pytest.mark.parametrize("effect", [False, True])
async def test_a_lost_answer_has_booked_or_not_as_ordered(
    raw: Raw, ges_sandbox: Sandbox, kind: Any, *, effect: bool
) -> None:
    ges_sandbox.order(Fault(kind=kind, count=1, effect=effect))
    answer = await raw.post("callbacks/create", BOOKING)
    assert booked(ges_sandbox) == int(effect)
    with pytest.raises((ValueError, KeyError, TypeError)):
        assert answer.data["id"]


async def test_a_status_fault_answers_an_envelope(raw: Raw, ges_sandbox: Sandbox) -> None:
    fault = Fault(kind="status", status=503, code=42, message="down", retry_after_seconds=7)
    ges_sandbox.order(fault)
    answer = await raw.get("callbacks/queue-status/Billing_DE")
    assert (answer.status, answer.code, answer.message) == (503, 42, "down")
    assert answer.headers["retry-after"] == "7"


async def test_a_gateway_answers_a_page_of_html(raw: Raw, ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="gateway-html", status=504))
    answer = await raw.get("callbacks/queue-status/Billing_DE")
    assert (answer.status, answer.headers["content-type"]) == (504, "text/html")
    assert b"<h1>504</h1>" in answer.body


async def test_a_throttle_is_429_without_slots(raw: Raw, ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="throttle"))
    answer = await raw.post("callbacks/create", BOOKING)
    assert (answer.status, answer.code) == (429, 7041)
    assert "data" not in answer.json
    assert booked(ges_sandbox) == 0


async def test_a_cut_off_answer_says_it_was_longer(ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="cut-off"))
    answer = await ges_sandbox.answer(
        "GET",
        "/engagement/v3/callbacks/queue-status/Billing_DE",
        "",
        {"x-api-key": "sandbox-key"},
        b"",
    )
    assert answer.truncated
    assert int(answer.headers["content-length"]) > len(answer.body) > 0


async def test_a_slow_drip_is_the_honest_answer(raw: Raw, ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="slow-drip", seconds=0.01))
    assert (await raw.post("callbacks/create", BOOKING)).status == 200


@pytest.mark.parametrize("effect", [False, True])
async def test_who_gives_up_during_latency_has_booked_or_not_as_ordered(
    raw: Raw, ges_sandbox: Sandbox, *, effect: bool
) -> None:
    ges_sandbox.order(Fault(kind="latency", seconds=60, count=1, effect=effect))
    call = asyncio.create_task(raw.post("callbacks/create", BOOKING))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert booked(ges_sandbox) == int(effect)


async def test_a_short_latency_ends_in_the_honest_answer(raw: Raw, ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="latency", seconds=0, count=1))
    assert (await raw.post("callbacks/create", BOOKING)).status == 200
    assert booked(ges_sandbox) == 1


async def test_faults_are_noted_in_the_request_log(raw: Raw, ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="reset-after", count=1))
    ges_sandbox.order(Fault(kind="status", count=1))
    with pytest.raises(ConnectionResetError):
        await raw.post("callbacks/create", BOOKING)
    await raw.get("callbacks/queue-status/Billing_DE")
    entries = ges_sandbox.world.journal.entries
    assert [(entry.fault, entry.status) for entry in entries] == [
        ("reset-after", None),
        ("status", 502),
    ]


async def test_faults_are_ordered_listed_and_taken_back_over_the_admin_api(raw: Raw) -> None:
    ordered = await raw.admin("POST", "/faults", {"kind": "empty", "operation": "create"})
    assert ordered.json["id"] == 1
    await raw.admin("POST", "/faults", {"kind": "refuse", "operation": "cancel", "count": 3})
    listed = (await raw.admin("GET", "/faults")).json["faults"]
    assert [(entry["id"], entry["remaining"]) for entry in listed] == [(1, None), (2, 3)]
    assert len((await raw.admin("DELETE", "/faults/1")).json["faults"]) == 1
    assert (await raw.admin("DELETE", "/faults")).json == {"faults": []}


async def test_admin_calls_suffer_no_faults(raw: Raw, ges_sandbox: Sandbox) -> None:
    ges_sandbox.order(Fault(kind="refuse"))
    assert (await raw.admin("GET", "/clock")).status == 200
    assert json.loads((await raw.send("GET", "/health")).body)["status"] == "ok"
