"""`ges-callback call-in` and `stats`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest


def test_a_number_is_lent_with_its_end(office: Any) -> None:
    told = office.told("call-in")
    assert told["lent"] is True
    assert told["number"].startswith("+49")
    assert told["expires_at"] > "2026-01-12T15:00:00Z"
    assert "lent by GES" in office.run("call-in", "--number", "030 23125011").stdout


def test_where_none_is_lent_the_topics_own_is_told(office: Any) -> None:
    office.fault(kind="status", operation="call-in", status=503)
    told = office.told("call-in", exit_code=1)
    assert (told["lent"], told["number"]) == (False, "+493023125000")


def test_a_topic_without_a_group_has_its_own_number_and_lacks_nothing(office: Any) -> None:
    told = office.told("call-in", "--topic", "night")
    assert (told["lent"], told["trouble"]) == (False, None)
    assert "nothing was lent" in office.run("call-in", "--topic", "night").stdout


def test_why_none_is_lent_is_told_with_the_reference(office: Any) -> None:
    office.fault(kind="status", operation="call-in", status=400, code=7904, count=2)
    told = office.told("call-in", exit_code=1)
    assert (told["lent"], told["trouble"]) == (False, "all_lent")
    assert told["corr_id"]
    result = office.run("call-in")
    assert result.exit_code == 1
    assert "try again in some minutes" in " ".join(result.stdout.split())


def test_the_customers_number_is_never_told(office: Any) -> None:
    for number in ("+493023125011", "+4930"):
        result = office.run("call-in", "--number", number, "--json")
        assert number not in result.output


def test_figures_come_as_a_table_of_words_for_each_queue(office: Any) -> None:
    shown = office.run("stats").stdout
    assert re.search(r"agents logged in +│ \d+ ", shown)
    assert re.search(r"average wait time +│ \d+ (s|min)", shown)
    assert re.search(r"as of +│ 2026-01-12 15:00:00 UTC", shown)
    assert shown.count("Billing_DE") == 1
    assert "AgentsLoggedIn" not in shown
    assert not re.search(r"│ -1 ", shown)


def test_for_programs_figures_come_with_units_beside_what_was_answered(office: Any) -> None:
    told = office.told("stats")
    waits = {
        (each["of"], each["name"]): (each["value"], each["unit"], each["as_of_at"])
        for each in told["figures"]
    }
    assert waits["Night_Line", "EstimatedWaitTime"] == (None, "seconds", "2026-01-12T15:00:00Z")
    assert waits["Billing_DE", "CallsWaiting"][1] is None
    assert {"Billing_DE"} <= {each["objectId"] for each in told["data"]["statistics"]}


def test_a_request_of_ones_own_comes_from_a_file_or_standard_input(
    office: Any, tmp_path: Path
) -> None:
    request = {"statistics": [{"objectId": "Billing_DE", "name": "CallsWaiting"}]}
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request))
    from_file = office.run("stats", path, "--max-age", 60, "--json")
    from_input = office.run("stats", "-", "--max-age", 60, "--json", text=json.dumps(request))
    assert from_file.exit_code == 0
    assert from_file.stdout == from_input.stdout
    assert "CallsWaiting" in from_file.stdout
    assert "AgentsLoggedIn" not in from_file.stdout


def test_a_refusal_is_one_line_with_its_reference(office: Any) -> None:
    result = office.run("stats", GES_API_KEY="another-key")
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert "corr_id" in line
    assert "another-key" not in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["stats", "/nowhere.json"], "/nowhere.json: cannot be read"),
        (["stats", "-"], "-: holds no JSON"),
        (["stats", "--max-age", "3"], "--max-age"),
        (["call-in", "--number", "12"], "--number: too short"),
        (["call-in", "--topic", "nix"], "there are: billing"),
    ],
)
def test_whatever_is_wrong_is_told_in_one_line(
    office: Any, arguments: list[str], said: str
) -> None:
    result = office.run(*arguments, text="{")
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert said in line
