"""Wishes for other programs: records, and the command that writes them."""

import io
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from typer.testing import CliRunner

from ges_connector.cli.understand import register
from ges_connector.language import understand
from ges_connector.language.batch import as_batch_record

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
MONDAY = ["--now", "2026-11-23T09:00", "--timezone", "Europe/Berlin", "--locale", "de-DE"]


def record(text: str, locale: str = "en-GB") -> Any:
    return as_batch_record(understand(text, locale, NOW, "Europe/Berlin"), BERLIN)


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    register(made)

    @made.callback()
    def _commands() -> None: ...

    return made


def test_an_instant_has_no_end() -> None:
    assert record("tomorrow at 3pm") == {
        "kind": "exact",
        "start": "2026-11-24T15:00:00",
        "end": None,
        "grain": "hour",
        "reason": None,
        "alternatives": [],
        "except": [],
    }


def test_what_is_ruled_out_is_written_in_local_time() -> None:
    found = record("any day but Monday")
    assert (found["kind"], found["start"], found["end"]) == ("window", None, None)
    assert found["except"][:2] == [
        {"start": "2026-11-23T00:00:00", "end": "2026-11-24T00:00:00"},
        {"start": "2026-11-30T00:00:00", "end": "2026-12-01T00:00:00"},
    ]


def test_what_all_alternatives_rule_out_is_written_once() -> None:
    found = record("Tuesday or Wednesday but not in the afternoon")
    assert len(found["except"]) == len({each["start"] for each in found["except"]}) > 0


def test_a_day_ends_where_the_next_begins() -> None:
    found = record("Friday")
    assert (found["kind"], found["start"], found["end"]) == (
        "day",
        "2026-11-27T00:00:00",
        "2026-11-28T00:00:00",
    )


def test_readings_are_alternatives_and_none_is_preferred() -> None:
    found = record("tomorrow at 3")
    assert (found["kind"], found["start"]) == ("exact", None)
    assert [each["start"] for each in found["alternatives"]] == [
        "2026-11-24T03:00:00",
        "2026-11-24T15:00:00",
    ]


def test_what_is_unclear_says_why() -> None:
    found = record("call 4711 tomorrow")
    assert (found["kind"], found["reason"]) == ("unclear", "unexplained_digits")


def test_the_command_gives_a_readable_account(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["understand", *MONDAY, "morgen um halb vier"])
    assert result.exit_code == 0
    assert "exact 11-24 03:30 ? exact 11-24 15:30" in result.output
    assert "morgen um halb vier" in result.output
    assert "one of them is meant" in result.output


def test_the_command_says_why_it_did_not_understand(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["understand", *MONDAY, "3. November"])
    assert "unclear in_the_past" in result.output
    assert "perhaps" in result.output


def test_the_command_prints_one_object(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["understand", *MONDAY, "--json", "morgen um 15 Uhr"])
    assert json.loads(result.output)["start"] == "2026-11-24T15:00:00"


def test_the_command_answers_every_line(
    app: typer.Typer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {"text": "morgen um 15 Uhr", "locale": "de-DE", "now": "2026-11-23T09:00:00"},
        {"text": "tomorrow at 3pm", "locale": "en-US", "timezone": "America/New_York"},
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, lines)) + "\n\n"))
    app(["understand", *MONDAY, "--batch"], standalone_mode=False)
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["start"] for each in answers] == ["2026-11-24T15:00:00"] * 2


def test_a_line_that_cannot_be_read_is_named(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["understand", "--batch"], input="{}\n")
    assert result.exit_code == 2
    assert "line 1" in result.output


@pytest.mark.parametrize("wrong", [["--timezone", "Europe/Atlantis"], ["--now", "soon"]])
def test_a_wrong_option_is_refused(app: typer.Typer, wrong: list[str]) -> None:
    result = CliRunner().invoke(app, ["understand", *MONDAY, *wrong, "morgen"])
    assert result.exit_code == 2


def test_saying_nothing_is_refused(app: typer.Typer) -> None:
    assert CliRunner().invoke(app, ["understand", *MONDAY]).exit_code == 2
