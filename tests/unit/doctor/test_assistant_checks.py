"""What is the assistant's own, judged: each light for what was found."""

import ssl
from dataclasses import replace
from typing import Any

import pytest

from ges_connector.doctor import Finding, Light, assistant_checks
from ges_connector.doctor.assistant import Assistant, Endpoint, Misspelt, Unset
from ges_connector.doctor.probes import ActionServer, OtherProtocolError


def server(**changes: object) -> ActionServer:
    found = {
        "ready_status": 200,
        "list_status": 200,
        "reason": None,
        "actions": frozenset({"a", "b"}),
    }
    return ActionServer(**{**found, **changes})  # type: ignore[arg-type]  # the table below is typed loosely


@pytest.mark.parametrize(
    ("found", "wanted", "light", "word"),
    [
        (server(), {"a"}, Light.GREEN, "all 1 actions"),
        (server(), {"a", "c"}, Light.RED, "lacks actions of the domain: c"),
        (server(), None, Light.AMBER, "no domain"),
        (server(ready_status=503, reason="GesConfigurationError"), {"a"}, Light.RED, "not ready"),
        (server(list_status=401, actions=None), {"a"}, Light.RED, "refuses the secret"),
        (server(list_status=404, actions=None), {"a"}, Light.RED, "does not list"),
        (ConnectionRefusedError(111, "Connection refused"), {"a"}, Light.RED, "refused"),
        (None, {"a"}, Light.AMBER, "not looked at"),
        (server(ready_status=401), {"a"}, Light.RED, "no action server is found under http://act"),
        (server(ready_status=404), {"a"}, Light.RED, "(HTTP 404 at /ready)"),
    ],
)
def test_an_action_server_is_judged_by_what_it_says(
    found: ActionServer | Exception | None, wanted: set[str] | None, light: Light, word: str
) -> None:
    url = None if found is None else "http://actions:5055/webhook"
    finding = assistant_checks.check_action_server(url, found, wanted)
    assert finding.light is light
    assert word in finding.told


WEBHOOK = "http://actions:5055/webhook"
SOUND = Endpoint("endpoints.yml", WEBHOOK, "a-secret", is_selective=True)
REFUSED = ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(
    ("unset", "changes", "light", "told", "step"),
    [
        (
            Unset("ACTIONS_URL", 4, is_of_actions=True),
            {"url": ""},
            Light.AMBER,
            "endpoints.yml:4: ${ACTIONS_URL} is not set",
            "set ACTIONS_URL where the engine runs, or it does not start",
        ),
        (
            Unset("CALLBACK_ACTION_SECRET", 7, is_of_actions=True, meant="CALLBACK_ACTIONS_SECRET"),
            {"secret": ""},
            Light.RED,
            "endpoints.yml:7: ${CALLBACK_ACTION_SECRET} is not set",
            "is CALLBACK_ACTIONS_SECRET meant, which is set?",
        ),
        (
            Unset("DB_PASSWORD", 9),
            {},
            Light.AMBER,
            "endpoints.yml:9: ${DB_PASSWORD} is not set",
            "set DB_PASSWORD where the engine runs",
        ),
    ],
)
def test_a_variable_of_the_engine_that_is_not_set_is_named_with_its_line(
    unset: Unset, changes: dict[str, Any], light: Light, told: str, step: str
) -> None:
    endpoint = replace(SOUND, unset=(unset,), **changes)
    found = assistant_checks.check_engine(endpoint, None, None, is_held=True)
    assert (found.light, told in found.told) == (light, True)
    assert step in (found.next_step or "")


@pytest.mark.parametrize(
    ("variables", "told", "step"),
    [
        (
            (),
            "endpoints.yml:4: the secret written there is not",
            "write ${CALLBACK_ACTIONS_SECRET}",
        ),
        (("CALLBACK_ACTIONS_SECRET",), "the secret it shows is not", "same value for both"),
        (("OUR_SECRET",), "the secret it shows is not", "set OUR_SECRET where the engine runs"),
    ],
)
def test_a_wrong_secret_is_corrected_where_it_stands(
    variables: tuple[str, ...], told: str, step: str
) -> None:
    endpoint = replace(SOUND, secret_variables=variables, secret_line=4)
    found = assistant_checks.check_engine(endpoint, None, None, is_held=False)
    assert (found.light, told in found.told, step in (found.next_step or "")) == (
        Light.RED,
        True,
        True,
    )


def test_what_the_line_of_the_engine_tells_is_not_red_twice() -> None:
    url = "http://actions:5055/webhok"
    wrong = replace(SOUND, url=url)
    red = assistant_checks.check_action_server(url, server(ready_status=401), None)
    amber = assistant_checks.unless_told_by_engine(red, wrong, url)
    assert (red.light, amber.light) == (Light.RED, Light.AMBER)
    for endpoint, asked in ((SOUND, WEBHOOK), (wrong, WEBHOOK), (None, url)):
        assert assistant_checks.unless_told_by_engine(red, endpoint, asked) is red


def test_a_secret_that_does_not_fit_comes_before_a_variable_of_no_use_here() -> None:
    endpoint = replace(SOUND, unset=(Unset("DB_PASSWORD", 9),))
    found = assistant_checks.check_engine(endpoint, None, None, is_held=False)
    assert (found.light, "DB_PASSWORD" in found.told) == (Light.RED, False)


@pytest.mark.parametrize(
    ("endpoint", "is_held", "light", "words"),
    [
        (SOUND, True, Light.GREEN, WEBHOOK),
        (SOUND, False, Light.RED, "is not the action server's"),
        (replace(SOUND, secret=None), False, Light.RED, "shows no secret"),
        (replace(SOUND, secret=""), True, Light.RED, "shows no secret"),
        (replace(SOUND, url="http://actions:5055"), True, Light.RED, "asks http://actions:5055, "),
        (replace(SOUND, url="actions:5055/webhook"), True, Light.RED, "actions:5055/webhook"),
        (replace(SOUND, url=""), True, Light.AMBER, "no url under action_endpoint"),
        (replace(SOUND, is_bare=True), True, Light.RED, "shows the secret alone"),
        (replace(SOUND, is_selective=False), True, Light.AMBER, "enable_selective_domain"),
        (replace(SOUND, fault="line 3: x"), True, Light.RED, "endpoints.yml: line 3: x"),
        (
            replace(SOUND, url="", misspelt=Misspelt("action_endpoints", 2, "action_endpoint")),
            True,
            Light.RED,
            "endpoints.yml:2: action_endpoints is not read",
        ),
        (None, False, Light.AMBER, "no endpoints.yml"),
    ],
)
def test_the_engine_must_show_the_secret_to_the_action_server(
    endpoint: Endpoint | None,
    is_held: bool,  # noqa: FBT001 - a table's column
    light: Light,
    words: str,
) -> None:
    found = assistant_checks.check_engine(endpoint, None, None, is_held=is_held)
    assert found.light is light
    assert words in found.told


@pytest.mark.parametrize(
    ("there", "light", "words"),
    [
        (server(), Light.GREEN, ""),
        (REFUSED, Light.RED, "where nothing answers (Connection refused); the action server is at"),
        (server(list_status=401, actions=None), Light.RED, "its secret is refused"),
        (server(list_status=404, actions=None), Light.RED, "there is no action server"),
        (server(actions=frozenset({"b"})), Light.RED, "without the actions of the domain"),
    ],
)
def test_where_the_engine_asks_must_be_the_action_server(
    there: ActionServer | Exception, light: Light, words: str
) -> None:
    url = "http://127.0.0.1:5055"
    found = assistant_checks.check_engine(SOUND, url, there, is_held=True, wanted={"a"})
    assert found.light is light
    assert words in found.told
    assert light is Light.GREEN or found.told.startswith(f"endpoints.yml asks {WEBHOOK}, where ")


@pytest.mark.parametrize(
    ("finding", "light"),
    [
        (assistant_checks.check_secret(is_installed=True), Light.GREEN),
        (assistant_checks.check_secret(is_installed=False), Light.AMBER),
        (assistant_checks.check_domain(Assistant(stale=())), Light.GREEN),
        (assistant_checks.check_domain(Assistant(stale=("domain/responses.yml",))), Light.RED),
        (assistant_checks.check_domain(Assistant(fault="de.yml: missing")), Light.RED),
        (assistant_checks.check_domain(Assistant()), Light.AMBER),
        (assistant_checks.check_domain(Assistant(is_without_ours=True)), Light.RED),
        (
            assistant_checks.check_domain(Assistant(missing={"forms": ("callback_form",)})),
            Light.RED,
        ),
    ],
)
def test_secret_and_domain_have_each_light(finding: Finding, light: Light) -> None:
    assert finding.light is light
    assert (finding.next_step is None) is (light is Light.GREEN)


@pytest.mark.parametrize(
    ("found", "light", "word"),
    [
        (OtherProtocolError("TLS", "https://here:5055"), Light.RED, "write https://here:5055 in"),
        (OtherProtocolError("gRPC"), Light.AMBER, "start it without --grpc"),
        (ssl.SSLCertVerificationError("x"), Light.RED, "SSL_CERT_FILE"),
        (ConnectionRefusedError(111, "refused"), Light.RED, "ges-callback serve"),
        (ActionServer(200, 200, None, frozenset(), takes_calls=False), Light.RED, "MAX_BYTES"),
        (ActionServer(200, 401), Light.RED, "CALLBACK_ACTIONS_SECRET"),
    ],
)
def test_what_is_wrong_with_an_action_server_is_told_by_its_next_step(
    found: ActionServer | Exception, light: Light, word: str
) -> None:
    finding = assistant_checks.check_action_server("http://here:5055", found, {"action_a"})
    assert finding.light is light
    assert word in (finding.next_step or "")


def test_an_action_server_that_is_asked_by_grpc_is_not_looked_into() -> None:
    found = assistant_checks.check_action_server("grpc://actions:5055", None, None)
    assert found.light is Light.AMBER
    assert "not looked into" in found.told


def test_sessions_that_forget_what_was_booked_are_red() -> None:
    found = assistant_checks.check_domain(Assistant(stale=(), forgetful="domain/session.yml"))
    assert found.light is Light.RED
    assert "domain/session.yml" in found.told
    assert "forgotten" in found.told
