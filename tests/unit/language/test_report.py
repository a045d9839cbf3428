"""The report on right, open, asked and wrong answers."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from ges_connector.language.report import count, development_cases, main, table, table_cases

TABLE = """
locale: en-GB
now: "2026-11-23T09:00"
timezone: Europe/Berlin
utterances:
  "tomorrow at 3pm": "exact 11-24 15:00"
  "tomorrow at 3": "exact 11-24 03:00 ? exact 11-24 15:00"
  "call 0151 12345678": "exact 11-24 15:00"
  "today": "day 11-24"
"""
ROWS = (
    ("tomorrow at 3pm", "instant", "2026-11-24T15:00:00", None),
    ("tomorrow", "day", "2026-11-24T00:00:00", "2026-11-25T00:00:00"),
    ("tomorrow afternoon", "window", "2026-11-24T12:00:00", "2026-11-24T17:00:00"),
    ("end of the day", "instant", "2026-11-23T23:59:59", None),
    ("today", "day", "2026-11-24T00:00:00", "2026-11-25T00:00:00"),
)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    (tmp_path / "en.yml").write_text(TABLE, "utf-8")
    return tmp_path


@pytest.fixture
def development_set(tmp_path: Path) -> Path:
    file = tmp_path / "set.jsonl"
    rows = [
        {
            "language": "en",
            "text": f"call me {text}",
            "span": text,
            "reference": "2026-11-23T09:00:00",
            "kind": kind,
            "start": start,
            "end": end,
        }
        for text, kind, start, end in ROWS
    ]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return file


def test_each_kind_of_answer_is_counted(tables: Path) -> None:
    misread: list[str] = []
    (row,) = count(table_cases(tables), None, misread)
    assert row.ours == {"right": 1, "open": 1, "asked": 1, "wrong": 1}
    assert misread == ["en  today  ->  day 11-23"]


def test_what_other_locales_of_a_language_say_is_counted_too(tmp_path: Path) -> None:
    elsewhere = TABLE + 'elsewhere:\n  en-US:\n    "12/3": "day 12-03"\n'
    (tmp_path / "en.yml").write_text(elsewhere, "utf-8")
    cases = list(table_cases(tmp_path))
    assert [case.locale for case in cases] == ["en-GB"] * 4 + ["en-US"]
    (row,) = count(iter(cases), None, [])
    assert row.ours["right"] == 2


def test_a_development_set_is_judged_by_its_kinds(development_set: Path) -> None:
    (row,) = count(development_cases(development_set, "span"), None, [])
    assert row.ours == {"right": 4, "wrong": 1}


def test_another_parser_is_judged_beside(tables: Path) -> None:
    def always_at_three(_text: str, _language: str, said_at: datetime) -> datetime:
        return said_at.replace(day=24, hour=15)

    (row,) = count(table_cases(tables), always_at_three, [])
    assert row.theirs == {"right": 4}


def test_a_parser_that_says_nothing_asks(development_set: Path) -> None:
    (row,) = count(development_cases(development_set, "text"), lambda *_: None, [])
    assert row.theirs == {"asked": 5}


def test_shares_are_of_each_languages_cases(tables: Path) -> None:
    written = table(count(table_cases(tables), None, []))
    assert "  25.0%    25.0%    25.0%    25.0%".replace(" ", "") in written.replace(" ", "")


def test_the_report_is_printed(
    tables: Path,
    development_set: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ges_connector.language.report.dateparser_or_none", lambda: None)
    assert main([str(tables), "--development-set", str(development_set), "--misread"]) == 0
    printed = capsys.readouterr().out
    assert "Development set, whole sentences" in printed
    assert "today  ->  day 11-23" in printed
