"""The contact centre behind the assistant bench: the sandbox, with a latency that can be set.

```
python -m bench.centre [--canned]
```

prints one line of JSON when it listens. `GET /bench/asked` counts requests by operation, `PUT
/bench/latency` takes seconds that every request of GES waits before it is served. With `--canned`
an answer to a GET is computed once and said again: the processors are shared with what is raced,
and computing answers is not what is raced.
"""

import asyncio
import json
import sys
from collections import Counter
from typing import Final

from typing_extensions import override

from bench.facts import SERVICE
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import parse_seed
from ges_connector.sandbox.server import SandboxServer
from ges_connector.sandbox.surface.routes import BASE_PATH, find_route
from ges_connector.sandbox.wire import JSON_HEADERS, WireAnswer, WireRequest

KEY: Final = "bench-key"
# Always open, so that the hour at which the bench runs makes no difference, and without limits.
SEED: Final = {
    "tenants": [
        {
            "name": "bench",
            "keys": [{"key": KEY}],
            "services": [
                {
                    "name": SERVICE,
                    "default_country": "DE",
                    "bucket_minutes": 30,
                    "bucket_places": 100_000,
                    "per_number_daily_limit": 1_000_000,
                    "windows": [],
                    "max_queued": 1_000_000,
                    "traffic": {"calls_per_hour": 60, "agents": 4},
                }
            ],
        }
    ]
}


class _Centre(Sandbox):
    _asked: Counter[str]
    _latency_seconds: float
    _canned: dict[tuple[str, str], WireAnswer] | None

    def begin(self, *, canned: bool) -> None:
        self._asked, self._latency_seconds = Counter(), 0.0
        self._canned = {} if canned else None

    @override
    async def respond(self, request: WireRequest) -> WireAnswer:
        if request.path.startswith("/bench/"):
            return self._own(request)
        if not request.path.startswith(BASE_PATH):
            return await super().respond(request)
        match = find_route(request.path, self.profile)
        asked = request.path if match is None else match.route.operation
        self._asked[f"{request.method} {asked}"] += 1
        if self._latency_seconds:
            await asyncio.sleep(self._latency_seconds)
        if self._canned is None or request.method != "GET":
            return await super().respond(request)
        key = (request.path, request.query)
        if key not in self._canned:
            self._canned[key] = await super().respond(request)
        return self._canned[key]

    def _own(self, request: WireRequest) -> WireAnswer:
        if request.method == "PUT":
            self._latency_seconds = float(request.body)
        return WireAnswer(200, JSON_HEADERS, json.dumps(self._asked).encode())


async def _main(*, canned: bool) -> None:
    centre = _Centre.from_seed(parse_seed(json.dumps(SEED)))
    centre.begin(canned=canned)
    async with SandboxServer(centre, port=0) as server:
        said = {"ges": server.url + BASE_PATH.rstrip("/"), "key": KEY, "url": server.url}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(canned="--canned" in sys.argv[1:]))
