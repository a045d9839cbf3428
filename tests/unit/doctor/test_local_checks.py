"""What surrounds GES, judged: each light for what was found."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ges_connector.callbacks.profile import TopicProfile
from ges_connector.doctor import Finding, Light, local_checks, worst
from ges_connector.doctor.assistant import Assistant, Endpoint, Misspelt, Unset
from ges_connector.doctor.probes import ActionServer, Connection, OtherProtocolError, Preflight

NOW = datetime(2026, 1, 12, 15, 0, tzinfo=UTC)
PROFILE = TopicProfile(
    service_name="Billing",
    static_number="+493023125001",
    office_zone="Europe/Berlin",
    countries=("DE", "US"),
)


@pytest.mark.parametrize(
    ("found", "light"),
    [
        (("192.0.2.1",), Light.GREEN),
        ((), Light.RED),
        (OSError("Name or service not known"), Light.RED),
    ],
)
def test_a_name_without_an_address_is_red(found: tuple[str, ...] | OSError, light: Light) -> None:
    assert local_checks.check_name("gapi-x.example", found).light is light


def secured(days: int) -> Connection:
    """A connection whose certificate ends in some days."""
    return Connection(is_tls=True, tls_version="TLSv1.3", ends_at=NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("found", "is_local", "light", "word"),
    [
        (Connection(is_tls=False), True, Light.GREEN, "this machine"),
        (Connection(is_tls=False), False, Light.RED, "plain HTTP"),
        (
            Connection(is_tls=True, tls_version="TLSv1.3", ends_at=NOW + timedelta(days=90)),
            False,
            Light.GREEN,
            "TLSv1.3",
        ),
        (
            Connection(is_tls=True, tls_version="TLSv1.3", ends_at=NOW + timedelta(days=3)),
            False,
            Light.AMBER,
            "2026-01-15",
        ),
        (ssl.SSLCertVerificationError("x"), False, Light.RED, "no trusted TLS"),
        (ConnectionRefusedError(111, "Connection refused"), False, Light.RED, "refused"),
        (TimeoutError(), False, Light.RED, "no answer in time"),
    ],
)
def test_a_connection_is_judged_by_its_encryption_and_certificate(
    found: Connection | Exception,
    is_local: bool,  # noqa: FBT001 - a table's column
    light: Light,
    word: str,
) -> None:
    finding = local_checks.check_connection("ges:443", found, now=NOW, is_local=is_local)
    assert finding.light is light
    assert word in finding.told


@pytest.mark.parametrize(
    ("seconds", "light"),
    [
        (0, Light.GREEN),
        (-29, Light.GREEN),
        (31, Light.AMBER),
        (-299, Light.AMBER),
        (301, Light.RED),
        (-301, Light.RED),
        (None, Light.AMBER),
    ],
)
def test_a_clock_is_judged_by_how_far_it_is_off(seconds: int | None, light: Light) -> None:
    skew = None if seconds is None else timedelta(seconds=seconds)
    assert local_checks.check_clock(Preflight(skew, allows_origin=False)).light is light


def test_a_clock_that_comes_from_a_file_is_told_by_the_name_of_its_variable() -> None:
    found = Preflight(timedelta(seconds=301), allows_origin=False)
    clock = local_checks.check_clock(found, "CALLBACK_CLOCK_FILE")
    assert clock.told.startswith("the clock in CALLBACK_CLOCK_FILE is 5 minutes ahead of")
    assert (clock.next_step or "").startswith("correct the file")


@pytest.mark.parametrize(
    ("skew", "told"),
    [
        (timedelta(seconds=119), "119 s"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=-322, hours=3), "322 days"),
    ],
)
def test_how_far_a_clock_is_off_is_told_in_units_that_people_count_in(
    skew: timedelta, told: str
) -> None:
    clock = local_checks.check_clock(Preflight(skew, allows_origin=False))
    assert f"this machine is {told} " in clock.told


def test_a_clock_that_cannot_be_compared_is_amber() -> None:
    assert local_checks.check_clock(OSError()).light is Light.AMBER


def test_web_pages_matter_only_where_one_is_named() -> None:
    shut = Preflight(None, allows_origin=False)
    assert local_checks.check_origin(None, shut).light is Light.GREEN
    assert local_checks.check_origin("https://shop.example", shut).light is Light.AMBER
    may = Preflight(None, allows_origin=True)
    assert local_checks.check_origin("https://shop.example", may).light is Light.GREEN


def test_numbers_of_every_country_of_a_topic_are_read() -> None:
    assert local_checks.check_numbers("billing", PROFILE).light is Light.GREEN


def test_a_static_number_that_nobody_can_have_is_amber() -> None:
    doubtful = PROFILE.model_copy(update={"static_number": "+12005550180"})
    finding = local_checks.check_numbers("billing", doubtful)
    assert (finding.light, "static_number" in finding.told) == (Light.AMBER, True)


@pytest.mark.parametrize(
    ("said", "read", "light"),
    [
        ({"en", "de"}, {"en", "de"}, Light.GREEN),
        ({"en"}, {"en", "de"}, Light.AMBER),
        ({"en", "de"}, {"en"}, Light.AMBER),
        (None, {"en", "de"}, Light.AMBER),
    ],
)
def test_a_language_must_be_spoken_and_understood(
    said: set[str] | None, read: set[str], light: Light
) -> None:
    profile = PROFILE.model_copy(update={"languages": ("de-AT",)})
    assert local_checks.check_languages("billing", profile, said, read).light is light


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
    ],
)
def test_an_action_server_is_judged_by_what_it_says(
    found: ActionServer | Exception | None, wanted: set[str] | None, light: Light, word: str
) -> None:
    url = None if found is None else "http://actions:5055/webhook"
    finding = local_checks.check_action_server(url, found, wanted)
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
    found = local_checks.check_engine(endpoint, None, None, is_held=True)
    assert (found.light, told in found.told) == (light, True)
    assert step in (found.next_step or "")


def test_a_secret_that_does_not_fit_comes_before_a_variable_of_no_use_here() -> None:
    endpoint = replace(SOUND, unset=(Unset("DB_PASSWORD", 9),))
    found = local_checks.check_engine(endpoint, None, None, is_held=False)
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
    found = local_checks.check_engine(endpoint, None, None, is_held=is_held)
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
    found = local_checks.check_engine(SOUND, url, there, is_held=True, wanted={"a"})
    assert found.light is light
    assert words in found.told
    assert light is Light.GREEN or found.told.startswith(f"endpoints.yml asks {WEBHOOK}, where ")


@pytest.mark.parametrize(
    ("finding", "light"),
    [
        (local_checks.check_store("store:6379", None), Light.GREEN),
        (local_checks.check_store(None, None), Light.AMBER),
        (local_checks.check_store("store:6379", "the store cannot be reached"), Light.RED),
        (local_checks.check_decision_log(Path("/log"), None), Light.GREEN),
        (local_checks.check_decision_log(Path("log"), None), Light.AMBER),
        (local_checks.check_decision_log(Path("/log"), "/log is no directory"), Light.RED),
        (local_checks.check_secret(is_installed=True), Light.GREEN),
        (local_checks.check_secret(is_installed=False), Light.AMBER),
        (local_checks.check_domain(Assistant(stale=())), Light.GREEN),
        (local_checks.check_domain(Assistant(stale=("domain/responses.yml",))), Light.RED),
        (local_checks.check_domain(Assistant(fault="de.yml: missing")), Light.RED),
        (local_checks.check_domain(Assistant()), Light.AMBER),
        (local_checks.check_domain(Assistant(is_without_ours=True)), Light.RED),
        (local_checks.check_domain(Assistant(missing={"forms": ("callback_form",)})), Light.RED),
    ],
)
def test_store_secret_and_domain_have_each_light(finding: Finding, light: Light) -> None:
    assert finding.light is light
    assert (finding.next_step is None) is (light is Light.GREEN)


def test_the_worst_light_counts() -> None:
    lights = [Finding("x", light, "") for light in (Light.GREEN, Light.AMBER, Light.RED)]
    assert worst(lights) is Light.RED
    assert worst(lights[:2]) is Light.AMBER
    assert worst([]) is Light.GREEN


def test_a_store_is_told_with_its_place_and_a_wrong_password_as_one() -> None:
    away = local_checks.check_store("store:6379", "the store cannot be reached")
    assert away.told == "store:6379: the store cannot be reached"
    refused = local_checks.check_store("store:6379", "the store refuses", is_refusal=True)
    assert "password" in (refused.next_step or "")
    assert "password" not in (away.next_step or "")


def test_plain_http_where_tls_is_asked_for_is_told_as_that() -> None:
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    error.reason = "WRONG_VERSION_NUMBER"
    found = local_checks.check_connection("ges:8080", error, now=NOW, is_local=True)
    assert found.light is Light.RED
    assert "only plain HTTP" in found.told
    assert "http://" in (found.next_step or "")


def test_a_static_number_too_short_for_any_in_use_is_red() -> None:
    short = PROFILE.model_copy(update={"static_number": "+493023"})
    assert local_checks.check_numbers("billing", short).light is Light.RED


def test_the_languages_there_are_are_told_where_one_is_not() -> None:
    wanted = PROFILE.model_copy(update={"languages": ("it", "en")})
    told = local_checks.check_languages("billing", wanted, {"en", "de"}, {"en", "de", "it"}).told
    assert told == "no wording in it (there are: de, en)"


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
    finding = local_checks.check_action_server("http://here:5055", found, {"action_a"})
    assert finding.light is light
    assert word in (finding.next_step or "")


def test_tls_at_an_address_with_http_is_told_with_the_right_one() -> None:
    error = OtherProtocolError("TLS", "https://ges/engagement/v3")
    found = local_checks.check_connection("ges:443", error, now=NOW, is_local=False)
    assert (found.light, found.next_step) == (
        Light.RED,
        "write https://ges/engagement/v3 in GES_BASE_URL",
    )


def test_an_action_server_that_is_asked_by_grpc_is_not_looked_into() -> None:
    found = local_checks.check_action_server("grpc://actions:5055", None, None)
    assert found.light is Light.AMBER
    assert "not looked into" in found.told


def test_sessions_that_forget_what_was_booked_are_red() -> None:
    found = local_checks.check_domain(Assistant(stale=(), forgetful="domain/session.yml"))
    assert found.light is Light.RED
    assert "domain/session.yml" in found.told
    assert "forgotten" in found.told
