"""The client beside raw aiohttp and raw httpx, on the same server, alone and 32 at once."""

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from bench.measure import Call, Figure, race, server
from ges_connector.api import GesClient, GesSettings

AT_ONCE = 32
CALLS = {1: 400, AT_ONCE: 1600}


async def measure() -> dict[str, object]:
    with server("-m", "bench.plain_server") as (said, _):
        url = said["ges"] + "/callbacks/queue-status/Billing_DE"
        settings = GesSettings(base_url=said["ges"], api_key=SecretStr("bench-key"))
        headers = {"x-api-key": "bench-key"}
        async with (
            GesClient(settings) as ges,
            aiohttp.ClientSession(headers=headers) as raw_aiohttp,
            httpx.AsyncClient(headers=headers) as raw_httpx,
            httpx.AsyncClient(headers=headers, transport=AiohttpTransport()) as over_aiohttp,
        ):

            async def with_aiohttp() -> object:
                async with raw_aiohttp.get(url) as answer:
                    return await answer.json()

            async def with_httpx() -> object:
                return (await raw_httpx.get(url)).json()

            async def with_httpx_over_aiohttp() -> object:
                return (await over_aiohttp.get(url)).json()

            async def with_client() -> object:
                return await ges.queue_status("Billing_DE")

            contenders: dict[str, Call] = {
                "client": with_client,
                "raw aiohttp": with_aiohttp,
                "raw httpx": with_httpx,
                "raw httpx over aiohttp": with_httpx_over_aiohttp,
            }
            return {
                f"{at_once} at once": _told(await race(contenders, calls=calls, at_once=at_once))
                for at_once, calls in CALLS.items()
            }


def _told(figures: dict[str, Figure]) -> dict[str, object]:
    client = figures["client"]
    return {
        "calls per second": {name: round(f.calls_per_second) for name, f in figures.items()},
        "CPU ms per call": {name: round(f.cpu_ms_per_call, 3) for name, f in figures.items()},
        "client is so many times as fast as": {
            name: round(client.calls_per_second / figure.calls_per_second, 2)
            for name, figure in figures.items()
            if name != "client"
        },
        "client takes so many times the CPU of": {
            name: round(client.cpu_ms_per_call / figure.cpu_ms_per_call, 2)
            for name, figure in figures.items()
            if name != "client"
        },
    }
