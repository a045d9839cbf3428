"""Whatever is sent, the sandbox answers, in-process, and never with a 5xx."""

import asyncio
import json
import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.admin.operations import ADMIN_ROUTES
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import parse_seed
from ges_connector.sandbox.surface.routes import BASE_PATH, OPENFOR_ALIAS, ROUTES, WITHDRAWN_ROUTES
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import standing_sandbox

KEY = {"x-api-key": "sandbox-key"}
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

targets = st.text(string.printable, max_size=30)
paths = st.one_of(
    targets,
    st.sampled_from([*ROUTES, *WITHDRAWN_ROUTES, OPENFOR_ALIAS]).map(
        lambda route: f"{BASE_PATH}{route.path}"
    ),
    st.builds(
        lambda route, name: f"{BASE_PATH}{route.path}{name}", st.sampled_from(ROUTES), targets
    ),
    st.sampled_from(
        [route.path for route in ADMIN_ROUTES if route.path != "/sandbox/clock/advance"]
    ),
    st.builds("/sandbox/{}".format, targets),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(max_size=8), children),
    max_leaves=10,
)
fields = st.sampled_from(
    [
        *("serviceName", "phoneNumber", "desiredTime", "userData", "pushTargets", "id", "priority"),
        *("groupName", "fromPhoneNumber", "callbackServiceId", "captchaToken", "statistics"),
        *("mode", "at", "agents", "calls", "reason", "outcome", "tenants", "seed", "checks"),
    ]
)
known_values = st.sampled_from(
    [
        *("Billing_DE", "Support_US", "+493023125011", "2026-01-12T17:00:00Z", "frozen", "real"),
        *("technical_help", "2026-01-12T15:00:01Z", "9999-12-31T23:59:59.999Z", 10**30, -1, 1e308),
    ]
)
bodies = st.one_of(
    st.binary(),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(fields, known_values | json_values).map(
        lambda value: json.dumps(value).encode()
    ),
)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return standing_sandbox(MONDAY)


@pytest.fixture(scope="module")
def untouched() -> Sandbox:
    """One whose profile and seed nobody replaces by chance."""
    return standing_sandbox(MONDAY)


def answered(sandbox: Sandbox, method: str, path: str, query: str, body: bytes) -> Any:
    return asyncio.run(sandbox.answer(method, path, query, KEY, body))


@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW"]),
    paths,
    targets | st.just("start=2026-01-12T17:00:00Z&numberOfDays=366&timezone=Asia/Kolkata"),
    bodies,
)
@settings(RELAXED, max_examples=400)
def test_any_request_is_answered(
    sandbox: Sandbox, method: str, path: str, query: str, body: bytes
) -> None:
    answer = answered(sandbox, method, path, query, body)
    # Faults on order are the one source of a 5xx, and here they are ordered by chance.
    sandbox.world.faults.clear()
    assert 200 <= answer.status < 500
    if answer.status != 204:
        assert isinstance(json.loads(answer.body), dict)


@given(st.dictionaries(fields, known_values | json_values), st.sampled_from(ROUTES))
@settings(RELAXED, max_examples=400)
def test_any_fields_are_taken_or_refused(
    untouched: Sandbox, content: dict[str, Any], route: Any
) -> None:
    body = json.dumps(content).encode()
    path = f"{BASE_PATH}{route.path}{'Billing_DE' if route.takes_name else ''}"
    answer = answered(untouched, route.method, path, "", body)
    assert answer.status in (200, 400, 404, 429)
    assert answer.corr_id


@given(st.integers(0, 6), st.integers(1, 40))
@settings(RELAXED, max_examples=25)
def test_parallel_creates_book_exactly_the_places_there_are(places: int, callers: int) -> None:
    seed = parse_seed(
        f"""
        clock: {{mode: frozen, at: 2026-01-12T15:00:00Z}}
        tenants:
          - name: T
            keys: [{{key: sandbox-key}}]
            services: [{{name: S, bucket_places: {places}, traffic: {{calls_per_hour: 0}}}}]
        """
    )
    sandbox = Sandbox.from_seed(seed)

    async def book(number: int) -> int:
        booking = {
            "serviceName": "S",
            "phoneNumber": f"+120255501{number:02}",
            "desiredTime": "2026-01-12T18:00:00Z",
        }
        path = f"{BASE_PATH}callbacks/create"
        return (await sandbox.answer("POST", path, "", KEY, json.dumps(booking).encode())).status

    async def book_all() -> list[int]:
        return await asyncio.gather(*(book(number) for number in range(callers)))

    statuses = asyncio.run(book_all())
    assert statuses.count(200) == min(places, callers)
    assert statuses.count(429) == callers - min(places, callers)
