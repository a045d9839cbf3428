"""What surrounds GES, judged: each light for what was found."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ges_connector.callbacks.profile import TopicProfile
from ges_connector.doctor import Finding, Light, local_checks, worst
from ges_connector.doctor.probes import Connection, OtherProtocolError, Preflight

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
        (ConnectionRefusedError(111, "Connect call failed"), False, Light.RED, "refused"),
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


@pytest.mark.parametrize(
    ("finding", "light"),
    [
        (local_checks.check_store("store:6379", None), Light.GREEN),
        (local_checks.check_store(None, None), Light.AMBER),
        (local_checks.check_store("store:6379", "the store cannot be reached"), Light.RED),
        (local_checks.check_decision_log(Path("/log"), None), Light.GREEN),
        (local_checks.check_decision_log(Path("log"), None), Light.AMBER),
        (local_checks.check_decision_log(Path("/log"), "/log is no directory"), Light.RED),
    ],
)
def test_store_and_decision_log_have_each_light(finding: Finding, light: Light) -> None:
    assert finding.light is light
    assert (finding.next_step is None) is (light is Light.GREEN)


def test_a_decision_log_that_depends_on_the_folder_is_told_with_the_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = local_checks.check_decision_log(Path("log"), None)
    assert found.told.endswith(f"so here {tmp_path / 'log'}")
    assert f"decision_log.directory: {tmp_path / 'log'}" in (found.next_step or "")


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


def test_tls_at_an_address_with_http_is_told_with_the_right_one() -> None:
    error = OtherProtocolError("TLS", "https://ges/engagement/v3")
    found = local_checks.check_connection("ges:443", error, now=NOW, is_local=False)
    assert (found.light, found.next_step) == (
        Light.RED,
        "write https://ges/engagement/v3 in GES_BASE_URL",
    )
