"""The checks against the sandbox: what is wrong with a contact centre turns red."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import trustme
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from ges_connector.api import GesClient
from ges_connector.callbacks import CallbackConfig
from ges_connector.callbacks.phone import Phone
from ges_connector.doctor import Finding, Light
from ges_connector.doctor.examination import Way, examine_topics, examine_way
from ges_connector.doctor.trial import try_booking
from ges_connector.sandbox.admin import views
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import (
    RunningServer,
    built_in_seed,
    client_of,
    settings_for,
    standing_sandbox,
)

PHONE = Phone("+493023125011", "DE", "030 23125011")
BILLING: dict[str, Any] = {
    "service_name": "Billing_DE",
    "call_in_group": "billing_direct",
    "static_number": "+493023125000",
    "office_zone": "Europe/Berlin",
    "countries": ["DE"],
}


def config(**changes: object) -> CallbackConfig:
    return CallbackConfig.from_mapping({"topics": {"billing": {**BILLING, **changes}}})


async def gathered(steps: AsyncIterator[Finding]) -> dict[str, Finding]:
    return {finding.check: finding async for finding in steps}


async def examined(
    client: GesClient, settings: CallbackConfig, *, lends: bool = False
) -> dict[str, Finding]:
    return await gathered(examine_topics(client, way_at(MONDAY), settings, lends=lends))


def way_at(at: datetime, base_url: str = "http://127.0.0.1/engagement/v3") -> Way:
    return Way(settings_for(base_url, "key"), now, lambda: at)


async def test_a_sound_contact_centre_is_green(ges_client: GesClient) -> None:
    found = await examined(ges_client, config(), lends=True)
    assert {finding.light for finding in found.values()} == {Light.GREEN}
    assert [*found] == [
        *("key", "topics", "queue", "wait", "office hours", "free times", "call-in", "statistics"),
        "speed",
    ]


def without_queue_status(
    status: int, body: dict[str, Any]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A GES whose queue status breaks off, and that gives one answer to all else."""

    async def asked(request: web.Request) -> web.Response:
        if "queue-status" in request.path and request.transport is not None:
            request.transport.abort()
        return web.json_response(body, status=status)

    return asked


@pytest.mark.parametrize(
    ("status", "body", "checks"),
    [
        (200, {"statistics": []}, ["key", "topics", "queue"]),
        (403, {"code": 501, "corrId": "c-1"}, ["connection", "topics"]),
    ],
)
async def test_a_queue_that_does_not_answer_keeps_the_rest_from_being_tried_only_if_all_is_silent(
    status: int, body: dict[str, Any], checks: list[str]
) -> None:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", without_queue_status(status, body))
    async with TestServer(app) as server:
        settings = settings_for(str(server.make_url("/engagement/v3")), "key")
        ticks = count(step=3)
        way = replace(Way(settings, now, now), timer=lambda: float(next(ticks)))
        async with GesClient(settings) as client:
            found = await gathered(examine_topics(client, way, config(), lends=False))
    assert [*found][: len(checks)] == checks
    silent = found["queue"] if "queue" in found else found["connection"]
    assert silent.light is Light.RED
    assert "queue" in found or silent.told.endswith(", after 3 s")


async def test_a_slow_ges_is_amber_and_says_so_for_each_topic(ges_client: GesClient) -> None:
    ticks = count(step=2)
    way = replace(way_at(MONDAY), timer=lambda: float(next(ticks)))
    found = await gathered(examine_topics(ges_client, way, config(), lends=False))
    assert (found["speed"].light, found["speed"].topic) == (Light.AMBER, "billing")
    for asked in ("queue", "office hours", "free times"):
        assert re.search(rf"{asked} \d+\.0 s", found["speed"].told), asked


async def test_nothing_is_lent_unasked(ges_sandbox: Sandbox, ges_client: GesClient) -> None:
    found = await examined(ges_client, config())
    assert found["call-in"].light is Light.AMBER
    asked = {each.operation for each in ges_sandbox.world.journal.entries}
    assert asked == {"queue-status", "open-for", "availability", "statistics"}


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"service_name": "Biling_DE"}, "queue"),
        ({"service_name": "Biling_DE", "queue_name": "Billing_DE"}, "office hours"),
        (
            {
                "service_name": "Biling_DE",
                "queue_name": "Billing_DE",
                "office_hours_name": "Billing_DE",
            },
            "free times",
        ),
        ({"queue_name": "Nobody"}, "queue"),
        ({"office_hours_name": "Never"}, "office hours"),
        ({"call_in_group": "nobody"}, "call-in"),
    ],
)
async def test_a_wrong_name_is_red_with_the_next_step_and_the_correlation(
    ges_client: GesClient, changes: dict[str, str], check: str
) -> None:
    finding = (await examined(ges_client, config(**changes), lends=True))[check]
    assert finding.light is Light.RED
    assert finding.corr_id
    assert finding.next_step
    assert finding.topic == "billing"


@pytest.mark.parametrize("key", ["wrong", "retired-key"])
async def test_a_key_that_is_not_accepted_is_red_and_ends_the_questions(
    ges_sandbox: Sandbox, key: str
) -> None:
    found = await examined(client_of(ges_sandbox, key), config())
    assert [*found] == ["key", "topics"]
    assert found["topics"].told.startswith("not tried")
    assert found["key"].light is Light.RED
    assert "GES_API_KEY" in (found["key"].next_step or "")
    assert key not in found["key"].told


@pytest.mark.parametrize("path", ["/engagement/v2", "/engagement/v3/callbacks", "", "/v3"])
async def test_a_wrong_path_is_one_red_and_the_rest_is_not_tried(
    ges_server: RunningServer, path: str
) -> None:
    base_url = ges_server.base_url.replace("/engagement/v3", path)
    settings = settings_for(base_url, ges_server.key)
    async with GesClient(settings) as client:
        found = await gathered(
            examine_topics(client, Way(settings, now, now), config(), lends=True)
        )
    assert [*found] == ["path", "topics"]
    assert found["path"].light is Light.RED
    assert f"no GES under {base_url}:" in found["path"].told
    assert "ends in /engagement/v3" in (found["path"].next_step or "")
    assert (found["topics"].light, found["topics"].told[:9]) == (Light.AMBER, "not tried")


@pytest.mark.parametrize(
    ("status", "body", "checks"),
    [
        (404, b"<html>not found</html>", ["path", "topics"]),
        (200, b"<html>welcome</html>", ["path", "topics"]),
        (302, b"", ["path", "topics"]),
        (405, b"", ["path", "topics"]),
        (401, b"", ["key", "topics"]),
        (502, b"<html>bad gateway</html>", ["connection", "topics"]),
    ],
)
async def test_whatever_is_not_ges_is_told_from_a_key_that_is_refused(
    status: int, body: bytes, checks: list[str]
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as server:
        settings = settings_for(str(server.make_url("/engagement/v3")), "key")
        async with GesClient(settings) as client:
            found = await gathered(
                examine_topics(client, Way(settings, now, now), config(), lends=False)
            )
    assert [*found] == checks
    assert found[checks[0]].light is Light.RED


async def test_a_connection_that_breaks_through_a_proxy_is_named_with_it(
    unused_tcp_port: int,
) -> None:
    settings = settings_for("http://ges.example/engagement/v3", "key").model_copy(
        update={"proxy_url": SecretStr(f"http://me:pw-4711@127.0.0.1:{unused_tcp_port}")}
    )
    async with GesClient(settings) as client:
        found = await gathered(
            examine_topics(client, Way(settings, now, now), config(), lends=False)
        )
    assert [*found] == ["connection", "topics"]
    assert f"127.0.0.1:{unused_tcp_port} (proxy)" in found["connection"].told
    assert "pw-4711" not in str(found)
    assert "key" not in found["topics"].told


@pytest.mark.parametrize(("days", "word"), [(300, "300 days behind"), (-300, "300 days ahead")])
async def test_a_contact_centre_that_lives_in_other_days_is_amber(
    ges_client: GesClient, days: int, word: str
) -> None:
    way = way_at(MONDAY + timedelta(days=days))
    found = await gathered(examine_topics(ges_client, way, config(), lends=False))
    assert found["days"].light is Light.AMBER
    assert word in found["days"].told


async def test_missing_credentials_for_statistics_are_amber(ges_sandbox: Sandbox) -> None:
    reception = config(service_name="Reception", call_in_group=None)
    found = await examined(client_of(ges_sandbox, "hillside-key"), reception)
    assert found["statistics"].light is Light.AMBER


def with_service(**changes: object) -> Sandbox:
    """The sandbox with another Billing_DE."""
    seed = built_in_seed()
    first = seed.tenants[0]
    services = [
        each.model_copy(update=changes) if each.name == "Billing_DE" else each
        for each in first.services
    ]
    tenant = first.model_copy(update={"services": tuple(services)})
    return standing_sandbox(
        MONDAY, seed.model_copy(update={"tenants": (tenant, *seed.tenants[1:])})
    )


async def test_a_full_week_is_red() -> None:
    filled = built_in_seed().tenants[0].services[0].filled_days[0]
    week = tuple(filled.model_copy(update={"in_days": day}) for day in range(9))
    finding = (await examined(client_of(with_service(filled_days=week)), config()))["free times"]
    assert (finding.light, "all full" in finding.told) == (Light.RED, True)


async def test_full_times_do_not_matter_where_none_are_offered(ges_client: GesClient) -> None:
    found = await examined(ges_client, config(offer={"scheduled": False}))
    assert "not offered" in found["free times"].told


async def test_a_zone_in_which_the_office_would_open_at_night_is_amber(
    ges_client: GesClient,
) -> None:
    finding = (await examined(ges_client, config(office_zone="Asia/Tokyo")))["free times"]
    assert (finding.light, "Asia/Tokyo" in finding.told) == (Light.AMBER, True)


async def test_a_virtual_queue_that_nobody_knows_is_amber(ges_client: GesClient) -> None:
    found = await examined(ges_client, config(virtual_queues=["Nobody"]))
    assert (found["wait"].light, "Nobody" in found["wait"].told) == (Light.AMBER, True)


async def test_an_office_without_agents_is_amber(
    ges_sandbox: Sandbox, ges_client: GesClient
) -> None:
    ges_sandbox.advance(12 * 3600)
    found = await examined(ges_client, config())
    assert found["queue"].light is Light.AMBER
    assert "closed now" in found["office hours"].told


# --- the way --------------------------------------------------------------------------------------


def now() -> datetime:
    return datetime.now(UTC)


def skewed(by: timedelta) -> Callable[[], datetime]:
    return lambda: now() + by


async def test_the_way_to_a_running_service_is_green(ges_server: RunningServer) -> None:
    way = Way(settings_for(ges_server.base_url, ges_server.key), now, now)
    found = await gathered(examine_way(way))
    assert [*found] == ["name", "connection", "clock", "web pages"]
    assert {finding.light for finding in found.values()} == {Light.GREEN}


async def test_a_closed_port_is_red_and_ends_the_way(unused_tcp_port: int) -> None:
    settings = settings_for(f"http://127.0.0.1:{unused_tcp_port}/engagement/v3", "key")
    found = await gathered(examine_way(Way(settings, now, now)))
    assert [*found] == ["name", "connection"]
    assert found["connection"].light is Light.RED


async def test_http_where_tls_is_spoken_is_red_and_ends_the_way() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server = TestServer(web.Application(), host="127.0.0.1")
    await server.start_server(ssl=context)
    place = f"127.0.0.1:{server.port}/engagement/v3"
    found = await gathered(examine_way(Way(settings_for(f"http://{place}", "key"), now, now)))
    await server.close()
    assert [*found] == ["name", "connection"]
    assert found["connection"].light is Light.RED
    assert found["connection"].next_step == f"write https://{place} in GES_BASE_URL"


@pytest.mark.parametrize(
    ("minutes", "light"), [(-10, Light.RED), (10, Light.RED), (2, Light.AMBER)]
)
async def test_a_clock_that_is_off_is_told(
    ges_server: RunningServer, minutes: int, light: Light
) -> None:
    settings = settings_for(ges_server.base_url, ges_server.key)
    found = await gathered(examine_way(Way(settings, now, skewed(timedelta(minutes=minutes)))))
    assert found["clock"].light is light
    assert ("ahead" if minutes > 0 else "behind") in found["clock"].told


async def test_a_contact_centre_of_another_day_is_told_by_its_own_date(
    ges_server: RunningServer,
) -> None:
    settings = settings_for(ges_server.base_url, ges_server.key)
    found = await gathered(examine_way(Way(settings, now, skewed(timedelta(days=300)))))
    assert "300 days ahead" in found["clock"].told
    assert "--at" in (found["clock"].next_step or "")


@pytest.mark.parametrize(
    ("origin", "light"),
    [("https://shop.example", Light.GREEN), ("https://other.example", Light.AMBER)],
)
async def test_a_page_may_call_only_where_the_key_names_it(
    ges_server: RunningServer, origin: str, light: Light
) -> None:
    settings = settings_for(ges_server.base_url, ges_server.key)
    found = await gathered(examine_way(Way(settings, now, now, origin=origin)))
    assert found["web pages"].light is light


# --- the booking ----------------------------------------------------------------------------------


async def tried(client: GesClient) -> dict[str, Finding]:
    return await gathered(try_booking(client, "billing", config().profile(), PHONE))


async def test_a_trial_books_looks_up_and_cancels(ges_client: GesClient) -> None:
    found = await tried(ges_client)
    assert [*found] == ["booking", "retrieval", "cancellation", "after it"]
    assert {finding.light for finding in found.values()} == {Light.GREEN}
    assert PHONE.e164 not in "".join(finding.told for finding in found.values())


@pytest.mark.parametrize(
    ("fault", "check", "word"),
    [
        (Fault(kind="status", operation=Operation.CREATE, status=500), "booking", "may be booked"),
        (Fault(kind="reset-after", operation=Operation.CREATE), "booking", "may be booked"),
        (Fault(kind="throttle", operation=Operation.CREATE), "booking", ""),
        (Fault(kind="status", operation=Operation.RETRIEVE, status=500), "retrieval", ""),
        (Fault(kind="reset-before", operation=Operation.CANCEL), "cancellation", ""),
        (Fault(kind="status", operation=Operation.AVAILABILITY, status=400), "booking", ""),
    ],
)
async def test_what_goes_wrong_on_trial_is_red_and_says_what_is_left_to_do(
    ges_sandbox: Sandbox, ges_client: GesClient, fault: Fault, check: str, word: str
) -> None:
    ges_sandbox.world.order(fault)
    found = await tried(ges_client)
    assert found[check].light is Light.RED
    assert found[check].next_step
    assert word in found[check].told


async def test_a_trial_that_is_broken_off_leaves_nothing_booked(ges_client: GesClient) -> None:
    steps = try_booking(ges_client, "billing", config().profile(), PHONE)
    booked = await anext(steps)
    await steps.aclose()
    callback_id = booked.told.split()[1]
    found = await ges_client.retrieve_callback(callback_id)
    assert (found.state, found.reason) == ("COMPLETED", "CANCELLED")


async def test_a_trial_that_is_broken_off_while_booking_takes_the_booking_back(
    ges_sandbox: Sandbox, ges_client: GesClient
) -> None:
    slow = Fault(kind="latency", operation=Operation.CREATE, count=1, seconds=0.2, effect=True)
    ges_sandbox.world.order(slow)
    trial = asyncio.create_task(tried(ges_client))
    while ges_sandbox.world.faults.planned:  # noqa: ASYNC110 - gone once the create has arrived
        await asyncio.sleep(0)
    trial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trial
    callbacks = views.state(ges_sandbox.world, "Lakeside")["callbacks"]
    assert [each["state"] for each in callbacks] == ["COMPLETED"]
