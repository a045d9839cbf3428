"""The sandbox beside a bare route of the same web framework, and a month of slots end to end."""

import json
from datetime import UTC, datetime, timedelta

import aiohttp
from pydantic import SecretStr

from bench.measure import Call, cpu_seconds, race, server
from bench.plain_server import SLOTS
from ges_connector.api import AvailabilityWindow, GesClient, GesSettings

AT_ONCE = 32
CALLS = 1500
ALWAYS_OPEN = """
tenants:
  - name: bench
    keys: [{key: bench-key}]
    services:
      - {name: Billing_DE, furthest_days: 40, traffic: {calls_per_hour: 60, agents: 4}}
"""


async def measure(seed_path: str) -> dict[str, object]:
    with (
        server("-m", "bench.plain_server") as (plain, plain_pid),
        server(
            "-m", "ges_connector.cli", "sandbox", "--port", "0", "--json", "--seed", seed_path
        ) as (sandbox, sandbox_pid),
    ):
        return {
            "queue status": await _queue_status(
                (plain["ges"], plain_pid), (sandbox["ges"], sandbox_pid)
            ),
            f"availability of {SLOTS} slots": await _availability(plain["ges"], sandbox["ges"]),
        }


async def _queue_status(plain: tuple[str, int], sandbox: tuple[str, int]) -> dict[str, object]:
    async with aiohttp.ClientSession(headers={"x-api-key": "bench-key"}) as session:

        def asking(root: str) -> Call:
            async def call() -> None:
                async with session.get(f"{root}/callbacks/queue-status/Billing_DE") as answer:
                    await answer.read()

            return call

        used = {pid: cpu_seconds(pid) for _, pid in (plain, sandbox)}
        figures = await race(
            {"bare route": asking(plain[0]), "sandbox": asking(sandbox[0])},
            calls=CALLS,
            at_once=AT_ONCE,
        )
        used = {pid: cpu_seconds(pid) - before for pid, before in used.items()}
    return {
        "requests per second": {name: round(f.calls_per_second) for name, f in figures.items()},
        "sandbox's requests per second over the bare route's": round(
            figures["sandbox"].calls_per_second / figures["bare route"].calls_per_second, 2
        ),
        "server CPU over the bare route's": round(used[sandbox[1]] / used[plain[1]], 2),
    }


async def _availability(plain: str, sandbox: str) -> dict[str, object]:
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    window = AvailabilityWindow(start=start + timedelta(days=1), end=start + timedelta(days=31))
    async with (
        aiohttp.ClientSession() as session,
        GesClient(GesSettings(base_url=sandbox, api_key=SecretStr("bench-key"))) as ges,
        GesClient(GesSettings(base_url=plain, api_key=SecretStr("bench-key"))) as ges_on_plain,
    ):

        async def raw() -> None:
            async with session.get(f"{plain}/callbacks/availability/Billing_DE") as answer:
                json.loads(await answer.read())

        async def canned() -> None:
            await ges_on_plain.availability("Billing_DE", window)

        async def whole() -> None:
            answer = await ges.availability("Billing_DE", window)
            if len(answer.slots) != SLOTS:
                msg = f"{len(answer.slots)} slots came, not {SLOTS}"
                raise RuntimeError(msg)

        figures = await race(
            {
                "canned answer, raw aiohttp and json": raw,
                "canned answer, client": canned,
                "sandbox, client": whole,
            },
            calls=10,
            at_once=1,
        )
    least = figures["canned answer, raw aiohttp and json"].calls_per_second
    return {
        "ms": {name: round(1000 / f.calls_per_second, 1) for name, f in figures.items()},
        "times the time of a canned answer parsed by json": {
            name: round(least / figure.calls_per_second, 2) for name, figure in figures.items()
        },
    }
