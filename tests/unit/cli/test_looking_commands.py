"""`ges-callback queue`, `wait` and `slots`."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from ges_connector.cli.tables import nearest_minute

DEMO = resources.files("ges_connector.demo").joinpath("callback.yml")


def test_every_queue_is_told_with_what_it_offers(office: Any) -> None:
    result = office.run("queue")
    assert (result.exit_code, result.stderr) == (0, "")
    for each in ("billing", "support", "night", "Billing_DE", "asap (closed)"):
        assert each in result.stdout
    told = office.told("queue")
    assert told["at"] == "2026-01-12T15:00:00Z"
    assert [each["topic"] for each in told["topics"]] == ["billing", "support", "night"]
    assert told["topics"][2]["not_offered"]["asap"] == "closed"
    assert told["topics"][2]["opens_at"] == "2026-01-12T17:00:00Z"


def test_one_queue_is_told_alone(office: Any) -> None:
    (only,) = office.told("queue", "--topic", "support")["topics"]
    assert only["queue"] == "Support_US"
    assert only["troubles"] == []


def test_what_ges_did_not_tell_is_told_as_such_and_fails(office: Any) -> None:
    office.fault(kind="status", operation="open-for", status=403, code=501)
    result = office.run("queue", "--topic", "billing")
    assert result.exit_code == 1
    assert "office hours: GES did not tell (misconfigured, corrId " in result.stdout
    assert "`ges-callback doctor` tells which" in result.stdout
    told = office.told("queue", "--topic", "billing", exit_code=1)
    assert [each["asked"] for each in told["topics"][0]["troubles"]] == ["office hours"]


def test_a_wait_is_told_raw_and_as_customers_hear_it(office: Any) -> None:
    (only,) = office.told("wait")["waits"]
    assert only["queue"] == "Billing_DE"
    assert only["wait_seconds"] > 0
    assert "-" in only["wait_told_minutes"]
    assert only["wait_told_minutes"] in office.run("wait").stdout


def test_closing_times_have_no_odd_seconds_for_programs_either(office: Any) -> None:
    (only,) = office.told("queue", "--topic", "billing")["topics"]
    assert only["closes_at"] == "2026-01-12T17:00:00Z"


def test_an_unknown_wait_is_never_zero(office: Any) -> None:
    (only,) = office.told("wait", "--topic", "night")["waits"]
    assert (only["wait_seconds"], only["wait_told_minutes"]) == (None, None)


def test_a_wait_that_nobody_knows_is_null_in_the_record_of_a_queue(office: Any) -> None:
    (only,) = office.told("queue", "--topic", "night")["topics"]
    assert (only["wait_seconds"], only["wait_told_minutes"]) == (None, None)


def test_a_closing_time_some_moments_before_the_minute_is_told_as_the_minute() -> None:
    counted = datetime(2026, 1, 12, 6, 59, 59, 670_000, tzinfo=UTC)
    assert nearest_minute(counted) == datetime(2026, 1, 12, 7, 0, tzinfo=UTC)
    assert nearest_minute(counted + timedelta(seconds=1)) == datetime(2026, 1, 12, 7, 0, tzinfo=UTC)


def test_free_times_stand_by_day_in_the_zones_of_office_and_customer(office: Any) -> None:
    result = office.run("slots", "--topic", "support", "--zone", "Europe/London", "--days", 2)
    assert result.exit_code == 0
    assert "Monday 12 January 2026, Europe/London" in result.stdout
    assert "Tuesday 13 January 2026, Europe/London" in result.stdout
    assert "Wednesday" not in result.stdout
    assert "office (America/New_York)" in result.stdout
    first = office.told("slots", "--topic", "support", "--zone", "Europe/London")["slots"][0]
    assert first["start_at"] == "2026-01-12T17:00:00Z"
    assert first["local_time"] == "2026-01-12T17:00:00+00:00"
    assert first["office_time"] == "2026-01-12T12:00:00-05:00"
    assert first["id"] in result.stdout


def test_free_times_that_ges_did_not_tell_are_not_told_as_none(office: Any) -> None:
    office.fault(kind="status", operation="availability", status=403, code=501)
    assert office.run("slots").exit_code == 1
    told = office.told("slots", exit_code=1)
    assert (told["trouble"], told["slots"]) == ("misconfigured", [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["slots", "--topic", "nix"], "there are: billing, support, night"),
        (["slots", "--zone", "Berlin"], "--zone: 'Berlin' is no zone"),
        (["slots", "--days", "0"], "'--days': must be at least 1"),
        (["slots", "--days", "x"], "'--days': must be a whole number"),
        (["slots", "--days", "99"], "--days: times are looked for 14 days ahead at most"),
        (["slots", "--nix"], "ges-callback slots: No such option: --nix"),
        (["slot"], "No such command 'slot'"),
        (["wait", "--config", "/nowhere.yml"], "/nowhere.yml: cannot be read"),
    ],
)
def test_whatever_is_wrong_is_told_in_one_line(
    office: Any, arguments: list[str], said: str
) -> None:
    result = office.run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert said in line


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("GES_API_KEY", "", "environment: GES_API_KEY, GES_API_KEY_FILE: "),
        ("GES_BASE_URL", "nonsense", "environment: GES_BASE_URL: "),
        ("CALLBACK_STORE_URL", "http://store", "environment: CALLBACK_STORE_URL: "),
        ("CALLBACK_CLOCK_FILE", "/nowhere", "environment: CALLBACK_CLOCK_FILE: "),
    ],
)
def test_a_wrong_setting_is_told_in_one_line_with_its_variable(
    office: Any, variable: str, value: str, said: str
) -> None:
    result = office.run("queue", **{variable: value})
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(said)


def test_every_fault_of_the_configuration_has_its_line(office: Any, tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text("topics:\n  a: {service_name: A}\n")
    result = office.run("queue", "--config", path)
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{path}:2:") for line in lines)


@pytest.mark.parametrize(
    "command",
    [
        ["queue"],
        ["wait"],
        ["slots"],
        ["book", "+493023125011", "--asap", "--yes"],
        ["show", "0c9a7d7c-3d63-4c35-9f0a-2f1d6a4f9b11"],
        ["cancel", "0c9a7d7c-3d63-4c35-9f0a-2f1d6a4f9b11", "--yes"],
        ["call-in"],
    ],
    ids=lambda command: command[0],
)
def test_in_an_outage_no_line_of_the_log_stands_beside_what_is_told(
    unused_tcp_port: int, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "callback.yml").write_text(DEMO.read_text(encoding="utf-8"), encoding="utf-8")
    away = f"http://127.0.0.1:{unused_tcp_port}/engagement/v3"
    done = subprocess.run(
        [sys.executable, "-m", "ges_connector.cli", *command],
        env={**os.environ, "GES_BASE_URL": away, "GES_API_KEY": "key", "CALLBACK_CONFIG": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert not re.search("^GES", done.stderr, re.MULTILINE)
    assert "unreachable" in done.stdout + done.stderr
    assert "`ges-callback doctor`" in done.stdout + done.stderr
