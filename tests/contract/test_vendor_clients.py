"""What the vendor's generated JavaScript and Java clients send, byte by byte (GES rule 1.11).

Both work from the published description: the JavaScript one was measured on the wire, the Java one
read from its code. The requests here are written as those clients write them; the answers are read
as strictly as those clients read them.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.server import SandboxServer

PROSE = (
    "ASAP if desiredTime is not given, SCHEDULED otherwise. Used to tell in reports what the "
    "customer was offered."
)
"""Both clients put the sentence that describes the default into the field."""

JS_HEADERS = {
    "x-api-key": "sandbox-key",
    "content-type": "application/json",
    "accept": "application/json",
    "accept-encoding": "gzip, deflate",
    "user-agent": "node-superagent/3.7.0",
}
JAVA_HEADERS = {
    "x-api-key": "sandbox-key",
    "Content-Type": "application/json",
    "Accept": "application/json",
    "User-Agent": "Swagger-Codegen/1.0.0/java",
    "Accept-Encoding": "gzip",
    "Connection": "Keep-Alive",
}
BASE = "/engagement/v3"
JAVA_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    headers: Mapping[str, str]
    content: Any


@dataclass(frozen=True)
class VendorClient:
    """Writes requests to a socket as they are, and reads answers by their length."""

    port: int
    headers: Mapping[str, str]

    async def send(self, method: str, target: str, body: bytes | None = None) -> HttpAnswer:
        lines = [f"{method} {BASE}{target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([*lines, "", ""]).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(head + (body or b""))
        answer = await self._read(reader)
        writer.close()
        await writer.wait_closed()
        return answer

    async def post(self, target: str, content: Mapping[str, Any]) -> HttpAnswer:
        return await self.send("POST", target, json.dumps(content).encode())

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> HttpAnswer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers["content-length"]))
        return HttpAnswer(int(head[0].split()[1]), headers, json.loads(body))


@pytest.fixture
async def port(ges_sandbox: Sandbox) -> AsyncIterator[int]:
    async with SandboxServer(ges_sandbox, port=0) as server:
        yield server.port


@pytest.fixture(params=[JS_HEADERS, JAVA_HEADERS], ids=["js", "java"])
def vendor(port: int, request: pytest.FixtureRequest) -> VendorClient:
    return VendorClient(port, request.param)


def read_envelope(answer: HttpAnswer) -> Any:
    """Reads an envelope as both generated clients type it."""
    assert answer.headers["content-type"].startswith("application/json")
    status = answer.content["status"]
    assert isinstance(status["code"], int)
    assert isinstance(status["message"], str)
    assert str(UUID(status["corrId"])) == status["corrId"]
    return answer.content.get("data")


def read_date(text: str) -> str:
    """A date the Java client can parse: it insists on Z or an offset."""
    assert JAVA_DATE.fullmatch(text)
    return text


@pytest.mark.parametrize(
    "desired_time",
    [
        None,
        "2026-01-12T17:00:00.000Z",
        "2026-01-12T17:00:00Z",
        "2026-01-12T19:00:00+02:00",
        "2026-01-12T19:00:00.5+02:00",
    ],
)
async def test_create_with_prose_and_language_is_booked(
    vendor: VendorClient, desired_time: str | None
) -> None:
    body = {
        "serviceName": "Support_US",
        "phoneNumber": "+12025550101",
        "cbOfferType": PROSE,
        "language": "en-US",
        "userData": {"first_name": "A", "last name": "dropped"},
    }
    if desired_time is not None:
        body["desiredTime"] = desired_time
    answer = await vendor.post("/callbacks/create", body)
    assert answer.status == 200, answer.content
    callback_id = read_envelope(answer)["id"]
    assert str(UUID(callback_id)) == callback_id
    found = read_envelope(await vendor.post("/callbacks/retrieve", {"id": callback_id}))
    read_date(found["desiredTime"])
    assert found["callbackState"] == ("SCHEDULED" if desired_time else "QUEUED")
    cancelled = read_envelope(await vendor.post("/callbacks/cancel", {"id": callback_id}))
    assert cancelled == {"id": callback_id}


async def test_user_data_as_text_is_still_taken(vendor: VendorClient) -> None:
    # Until autumn 2021 both clients typed it as a string.
    body = {
        "serviceName": "Billing_DE",
        "phoneNumber": "493023125011",
        "cbOfferType": PROSE,
        "language": "en-US",
        "userData": '{"topic": "bill"}',
    }
    assert (await vendor.post("/callbacks/create", body)).status == 200


async def test_availability_by_a_date_with_milliseconds(vendor: VendorClient) -> None:
    answer = await vendor.send(
        "GET",
        "/callbacks/availability/Support_US?start=2026-01-12T16%3A00%3A00.000Z"
        "&end=2026-01-12T22%3A00%3A00.000Z&maxTimeSlots=3&reportBusy=false",
    )
    data = read_envelope(answer)
    assert len(data["slots"]) == 3
    for slot in data["slots"]:
        read_date(slot["utcTime"])
        assert isinstance(slot["capacity"], int)
        assert isinstance(slot["total"], int)
        # The Java client raises an error for a local time without an offset.
        assert "localTime" not in slot
    assert isinstance(data["durationMin"], int)


async def test_availability_by_an_offset_and_milliseconds_since_1970(
    vendor: VendorClient,
) -> None:
    for query in (
        "start=2026-01-12T18%3A00%3A00%2B02%3A00&numberOfDays=1",
        "startMS=1768233600000&endMS=1768255200000",
    ):
        answer = await vendor.send("GET", f"/callbacks/availability/Support_US?{query}")
        assert answer.status == 200
        assert read_envelope(answer)["slots"]


async def test_a_date_with_z_and_a_timezone_is_placed_by_its_z(vendor: VendorClient) -> None:
    answer = await vendor.send(
        "GET",
        "/callbacks/availability/Support_US?start=2026-01-12T16%3A00%3A00.000Z"
        "&numberOfDays=1&timezone=America%2FNew_York&maxTimeSlots=1",
    )
    (slot,) = read_envelope(answer)["slots"]
    assert slot["utcTime"] == "2026-01-12T16:00:00.000Z"
    # Naive, as the likeliest reading of Q1 has it: readable by JavaScript, not by Java.
    assert slot["localTime"] == "2026-01-12T11:00:00.000"


async def test_q1_flipped_local_times_can_be_read_by_java(
    vendor: VendorClient, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.profile = Profile(local_time="offset")
    answer = await vendor.send(
        "GET",
        "/callbacks/availability/Support_US?start=2026-01-12T16%3A00%3A00.000Z"
        "&numberOfDays=1&timezone=America%2FNew_York&maxTimeSlots=1",
    )
    (slot,) = read_envelope(answer)["slots"]
    assert read_date(slot["localTime"]) == "2026-01-12T11:00:00.000-05:00"


async def test_names_in_paths_are_percent_encoded(vendor: VendorClient) -> None:
    for path in ("availability", "open-for", "queue-status"):
        answer = await vendor.send("GET", f"/callbacks/{path}/no%20such%2Fqueue")
        assert (answer.status, answer.content["status"]["code"]) == (400, 7040)


async def test_open_for_and_queue_status(vendor: VendorClient) -> None:
    open_for = read_envelope(await vendor.send("GET", "/callbacks/open-for/Support_US"))
    assert isinstance(open_for["openFor"], int)
    status = read_envelope(await vendor.send("GET", "/callbacks/queue-status/Support_US"))
    assert isinstance(status["ewt"], int)
    assert isinstance(status["offerImmediateCallback"], bool)
    assert isinstance(status["offerScheduledCallback"], bool)


async def test_virtual_queues_are_joined_by_an_encoded_comma(vendor: VendorClient) -> None:
    answer = await vendor.send(
        "GET",
        "/estimated-wait-time?virtual-queues=Billing_DE%2CSupport_US&mode=mode2"
        "&include-calls-on-hold=true",
    )
    data = read_envelope(answer)
    assert [entry["virtualQueue"] for entry in data] == ["Billing_DE", "Support_US"]
    for entry in data:
        assert set(entry) == {"virtualQueue", "estimatedWaitTime", "message", "resultCode"}


async def test_a_call_in_is_an_object_with_ids_and_an_end(vendor: VendorClient) -> None:
    answer = await vendor.post("/call-in/requests/create", {"groupName": "technical_help"})
    data = read_envelope(answer)
    assert str(UUID(data["id"])) == data["id"]
    assert isinstance(data["expirationTime"], int)
    # JSON null or an absent field both read as null; an empty string would not be a UUID.
    assert "callbackServiceId" not in data


async def test_statistics_are_posted_without_a_body(vendor: VendorClient) -> None:
    answer = await vendor.send("POST", "/statistics/operations/get-statistic-ex", b"")
    assert answer.status == 200
    assert isinstance(read_envelope(answer), dict)


async def test_a_full_slot_comes_as_a_map_of_texts(vendor: VendorClient) -> None:
    body = {
        "serviceName": "Billing_DE",
        "phoneNumber": "+493023125011",
        "desiredTime": "2026-01-13T09:00:00.000Z",
        "cbOfferType": PROSE,
        "language": "en-US",
    }
    answer = await vendor.post("/callbacks/create", body)
    assert answer.status == 429
    slots = read_envelope(answer)["slots"]
    assert slots
    for start, places in slots.items():
        read_date(start)
        assert isinstance(places, str)


async def test_errors_are_envelopes_too(vendor: VendorClient) -> None:
    for answer in (
        await vendor.post("/callbacks/retrieve", {"id": "369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61"}),
        await vendor.post("/callbacks/create", {}),
        await vendor.send("GET", "/callbacks/availability/Support_US?start=2026-01-12"),
    ):
        assert answer.status in (400, 404)
        assert read_envelope(answer) is None
