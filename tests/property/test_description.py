"""Requests generated from the OpenAPI description: no 5xx, and only answers that are described.

`make test` runs some hundred of them; `make campaign` runs thousands.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ges_connector.sandbox.admin.asked import MOST_SECONDS
from ges_connector.sandbox.description import description
from ges_connector.sandbox.profile import Profile
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import RunningServer, running_server, standing_sandbox

KEY = {"x-api-key": "sandbox-key"}
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=600)
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)
QUEUE_STATUS = "/engagement/v3/callbacks/queue-status/{queue-name}"
NAMES = ["Billing_DE", "Support_US", "Night_Line"]
NUMBERS = ["+493023125011", "+12025550101", "+442079460011", "012"]
TIMES = ["2026-01-12T17:00:00Z", "2026-01-13T09:00:00.000Z", "2026-01-18T12:00:00+01:00"]


def leaning_on_what_exists() -> dict[str, Any]:
    """The description, with names and numbers that exist beside all those that do not."""
    found: dict[str, Any] = deepcopy(dict(description()))
    for item in found["paths"].values():
        for operation in item.values():
            # The key is always sent; what is said without one has tests of its own.
            operation.pop("security", None)
    components = found["components"]
    booking = components["schemas"]["Booking"]["properties"]
    for place, known in (
        (components["parameters"]["ServiceName"], NAMES),
        (components["parameters"]["QueueName"], NAMES),
        (found["paths"][QUEUE_STATUS]["get"]["parameters"][0], NAMES),
    ):
        place["schema"] = {"anyOf": [{"enum": known}, place["schema"]]}
    for field, known in (("serviceName", NAMES), ("phoneNumber", NUMBERS), ("desiredTime", TIMES)):
        booking[field] = {"anyOf": [{"enum": known}, booking[field]]}
    return found


schema = schemathesis.openapi.from_dict(leaning_on_what_exists())
ges = schema.include(path_regex="^/engagement/")
own = schema.exclude(path_regex="^/engagement/")


def _served() -> Iterator[RunningServer]:
    sandbox = standing_sandbox(MONDAY)
    sandbox.profile = Profile(withdrawn_operations=True)
    with running_server(sandbox) as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    yield from _served()


@pytest.fixture(scope="module")
def own_server() -> Iterator[RunningServer]:
    """One for the admin API alone: the faults it orders would befall the others' calls."""
    yield from _served()


def check(case: Case[Any], server: RunningServer) -> None:
    origin = server.admin_url.removesuffix("/sandbox")
    case.call_and_validate(base_url=origin, headers=KEY, checks=list(CHECKS))


def harmless(case: Case[Any]) -> Case[Any]:
    """Keeps single requests from closing the port or moving the clock by a year."""
    if isinstance(case.body, dict):
        assume(case.body.get("kind") != "refuse")
        seconds = case.body.get("seconds")
        assume(not isinstance(seconds, int | float) or not 600 < seconds <= MOST_SECONDS)
    return case


@ges.parametrize()
@FEW
def test_ges_answers_as_described(case: Case[Any], server: RunningServer) -> None:
    check(case, server)


@own.parametrize()
@FEW
def test_the_sandboxs_own_api_answers_as_described(
    case: Case[Any], own_server: RunningServer
) -> None:
    check(harmless(case), own_server)


@pytest.mark.campaign
@ges.parametrize()
@MANY
def test_ges_answers_as_described_for_thousands(case: Case[Any], server: RunningServer) -> None:
    check(case, server)


@pytest.mark.campaign
@own.parametrize()
@MANY
def test_the_sandboxs_own_api_answers_as_described_for_thousands(
    case: Case[Any], own_server: RunningServer
) -> None:
    check(harmless(case), own_server)
