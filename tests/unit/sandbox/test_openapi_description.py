"""The description served at /sandbox/openapi.json agrees with what is routed."""

from typing import Any, get_args

from openapi_spec_validator import validate

from ges_connector.sandbox.admin.operations import ADMIN_ROUTES
from ges_connector.sandbox.description import DESCRIPTION_PATH, description
from ges_connector.sandbox.faults import Fault, FaultKind
from ges_connector.sandbox.surface.ignored import BODY_NAMES, QUERY_NAMES
from ges_connector.sandbox.surface.offers import MOST_DAYS, MOST_SLOTS
from ges_connector.sandbox.surface.routes import BASE_PATH, ROUTES, WITHDRAWN_ROUTES, Operation

Raw = Any
"""`RawCalls` of tests/conftest.py, which no test can import."""

METHODS = {"get", "put", "post", "patch", "delete"}


def described() -> set[tuple[str, str]]:
    return {
        (method.upper(), path.partition("{")[0] if path.startswith(BASE_PATH) else path)
        for path, item in description()["paths"].items()
        for method in item
        if method in METHODS
    }


def routed() -> set[tuple[str, str]]:
    ges = {(route.method, f"{BASE_PATH}{route.path}") for route in (*ROUTES, *WITHDRAWN_ROUTES)}
    admin = {(route.method, route.path) for route in ADMIN_ROUTES}
    return ges | admin | {("GET", DESCRIPTION_PATH)}


def test_it_is_a_valid_openapi_document() -> None:
    validate(description())


def test_every_route_is_described_and_the_other_way_round() -> None:
    assert described() == routed()


def test_operations_have_the_names_that_faults_use() -> None:
    ids = {
        item[method]["operationId"]
        for path, item in description()["paths"].items()
        for method in item
        if path.startswith(BASE_PATH) and method in METHODS
    }
    assert ids == set(Operation)


def test_every_operation_says_what_it_does() -> None:
    for item in description()["paths"].values():
        for method in METHODS & set(item):
            assert item[method]["summary"]
            assert item[method]["tags"]


def test_faults_are_described_as_they_are_read() -> None:
    schema = description()["components"]["schemas"]["Fault"]
    assert set(schema["properties"]) == set(Fault.model_fields)
    assert set(schema["properties"]["kind"]["enum"]) == set(get_args(FaultKind))
    assert set(schema["properties"]["operation"]["enum"]) == {"*", *Operation}


def test_bounds_are_described_as_they_are_checked() -> None:
    availability = description()["paths"]["/engagement/v3/callbacks/availability/{service-name}"]
    bounds = {
        parameter["name"]: parameter["schema"].get("maximum")
        for parameter in availability["get"]["parameters"]
        if "name" in parameter
    }
    assert bounds["numberOfDays"] == MOST_DAYS
    assert bounds["maxTimeSlots"] == MOST_SLOTS


async def test_it_is_served(raw: Raw) -> None:
    assert (await raw.admin("GET", "/openapi.json")).json == description()


def resolved(node: Any) -> Any:
    """What a reference leads to; anything else is itself."""
    found = node
    if "$ref" in node:
        found = description()
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
    return found


def test_names_that_are_described_are_the_names_that_are_not_ignored() -> None:
    for path, item in description()["paths"].items():
        if not path.startswith(BASE_PATH):
            continue
        (method,) = METHODS & set(item)
        operation = Operation(item[method]["operationId"])
        parameters = map(resolved, item[method].get("parameters", ()))
        query = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
        assert query == QUERY_NAMES.get(operation, frozenset())
        if operation in BODY_NAMES:
            content = resolved(item[method]["requestBody"])["content"]["application/json"]
            assert set(resolved(content["schema"])["properties"]) == BODY_NAMES[operation]
