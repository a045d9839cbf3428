"""Which operation a path means (GES section 2, Q25 to Q27)."""

import pytest

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import RefusedError
from ges_connector.sandbox.surface.routes import (
    OPENFOR_ALIAS,
    ROUTES,
    WITHDRAWN_ROUTES,
    Route,
    find_route,
)

PROFILE = Profile()


def _path(route: Route) -> str:
    return f"/engagement/v3/{route.path}{'Sales' if route.takes_name else ''}"


@pytest.mark.parametrize("route", ROUTES)
def test_every_operation_has_its_documented_path(route: Route) -> None:
    match = find_route(_path(route), PROFILE)
    assert match is not None
    assert match.route is route
    assert match.name == ("Sales" if route.takes_name else "")


@pytest.mark.parametrize("route", ROUTES)
def test_q25_paths_are_exact_in_case_and_slashes(route: Route) -> None:
    assert find_route(_path(route) + "/", PROFILE) is None
    assert find_route(_path(route).replace("/engagement", "/Engagement"), PROFILE) is None


@pytest.mark.parametrize("route", ROUTES)
def test_q25_flipped_case_and_a_last_slash_do_not_matter(route: Route) -> None:
    path = "/Engagement/V3/" + _path(route).removeprefix("/engagement/v3/") + "/"
    match = find_route(path, Profile(paths="lenient"))
    assert match is not None
    assert match.route is route


def test_q26_a_name_is_decoded_once_and_may_hold_a_slash() -> None:
    match = find_route("/engagement/v3/callbacks/availability/a%20b%2Fc%252F", PROFILE)
    assert match is not None
    assert match.name == "a b/c%2F"


def test_q26_a_bare_slash_ends_the_name() -> None:
    assert find_route("/engagement/v3/callbacks/availability/a/b", PROFILE) is None


def test_a_name_that_is_not_utf8_is_refused() -> None:
    match = find_route("/engagement/v3/callbacks/queue-status/%FF", PROFILE)
    assert match is not None
    with pytest.raises(RefusedError, match="not UTF-8"):
        _ = match.name


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/engagement/v3",
        "/engagement/v3/",
        "/engagement/v4/callbacks/create",
        "/engagement/v3/callbacks/availability/",
        "/engagement%2Fv3/callbacks/create",
        "//engagement/v3/callbacks/create",
    ],
)
def test_other_paths_lead_nowhere(path: str) -> None:
    assert find_route(path, PROFILE) is None


def test_q27_the_old_spelling_of_open_for_is_an_alias_on_request() -> None:
    path = _path(OPENFOR_ALIAS)
    assert find_route(path, PROFILE) is None
    match = find_route(path, Profile(openfor_alias=True))
    assert match is not None
    assert match.route is OPENFOR_ALIAS


@pytest.mark.parametrize("route", WITHDRAWN_ROUTES)
def test_withdrawn_operations_are_there_on_request(route: Route) -> None:
    assert find_route(_path(route), PROFILE) is None
    assert find_route(_path(route), Profile(withdrawn_operations=True)) is not None
