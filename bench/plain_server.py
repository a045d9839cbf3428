"""A bare aiohttp route that always answers the same queue status, and one with many slots."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta

from aiohttp import web

QUEUE_STATUS = json.dumps(
    {
        "status": {"code": 0, "message": "Successful", "corrId": "7d6f5f4e-0000-4000-8000-0"},
        "data": {"ewt": 95, "offerImmediateCallback": True, "offerScheduledCallback": True},
    }
).encode()
SLOTS = 8640


def _many_slots() -> bytes:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    moments = (start + timedelta(minutes=5 * step) for step in range(SLOTS))
    slots = [
        {"utcTime": f"{at:%Y-%m-%dT%H:%M:%S}.000Z", "capacity": 100, "total": 100} for at in moments
    ]
    return json.dumps(
        {"status": {"code": 0, "message": "Successful"}, "data": {"slots": slots, "durationMin": 5}}
    ).encode()


def _application() -> web.Application:
    many = _many_slots()

    async def queue_status(_: web.Request) -> web.Response:
        return web.Response(body=QUEUE_STATUS, content_type="application/json")

    async def availability(_: web.Request) -> web.Response:
        return web.Response(body=many, content_type="application/json")

    application = web.Application()
    root = "/engagement/v3/callbacks"
    application.router.add_get(root + "/queue-status/{name}", queue_status)
    application.router.add_get(root + "/availability/{name}", availability)
    return application


async def _main() -> None:
    runner = web.AppRunner(_application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    sys.stdout.write(json.dumps({"ges": f"http://127.0.0.1:{port}/engagement/v3"}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
