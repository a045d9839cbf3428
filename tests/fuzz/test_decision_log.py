"""Whatever lies in a decision log, the report reads what can be read and counts the rest."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.decision_log import DecisionLog, file_of, files_in, line_of
from ges_connector.callbacks.events import Booked, NumberGiven, Offered, Refused, Scene
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.cli.app import app
from ges_connector.reporting.lines import read_decisions

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCENE = Scene(NOON, "support", "en", "chat", "conversation-1")
GOOD = [
    json.dumps(line_of(event))
    for event in (
        Offered(SCENE, Situation.USUAL, (Rung.ASAP,), 240.0),
        Booked(SCENE, CallbackKind.ASAP),
        Refused(SCENE, CallbackKind.ASAP, BookingOutcome.SLOT_TAKEN),
        NumberGiven(SCENE, Rung.STATIC_NUMBER),
    )
]
CONFIG = """
defaults: {office_zone: Pacific/Kiritimati, countries: [DE], static_number: "+493023125000"}
topics: {support: {service_name: support}, billing: {service_name: billing}}
"""
PIECES = [
    *("NaN", "-1", "1e999", "null", "true", "2", "[", "]" * 500, "{", '"', "\\", "\n", "\r", "\0"),
    *("\\ud800", "\ufffd", "[/]", "[red]", '"v":2,', '"v":1e400,', '"at":"9999-12-31T23:59:59Z",'),
    *('"at":"0001-01-01T00:00:00Z",', '"at":"2026-11-23T12:00:00",', '"profile":"=1+1",'),
    *('"wait_seconds":NaN,', '"wait_seconds":-1,', '"wait_seconds":1e308,', "[" * 3000, "9" * 5000),
]


@st.composite
def damaged(draw: Callable[[Any], Any]) -> str:
    """A good line with something put in, repeated or left out."""
    line: str = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(0, 3))):
        # Often where a field begins: then what is left is whole.
        start = draw(st.just(1) | st.integers(0, len(line)))
        end = min(len(line), start + draw(st.just(0) | st.integers(0, 40)))
        line = f"{line[:start]}{draw(st.sampled_from(PIECES) | st.text(max_size=5))}{line[end:]}"
    return line


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
made = st.fixed_dictionaries(
    {"v": st.just(1) | values, "at": st.datetimes().map(lambda at: f"{at.isoformat()}Z") | values},
    optional={
        "event": st.sampled_from(["offered", "booked", "refused", "number_given"]) | values,
        "profile": st.sampled_from(["support", "billing", "gone"]) | values,
        "wait_seconds": values,
        "outcome": values,
        "rung": values,
    },
).map(json.dumps)
contents = st.lists(
    (damaged() | made).map(lambda line: line.encode("utf-8", "surrogatepass"))
    | st.binary(max_size=60),
    max_size=12,
).map(b"\n".join)
days = st.none() | st.dates().map(str)


@settings(max_examples=300, deadline=None)
@given(contents, days, days, st.sampled_from(["day", "topic", "both"]))
def test_any_log_is_reported_without_a_stack_trace(
    content: bytes, first: str | None, last: str | None, by: str
) -> None:
    with TemporaryDirectory() as folder:
        log, config, table = (Path(folder, name) for name in ("log", "callback.yml", "rows.csv"))
        log.mkdir()
        file_of(log, NOON.date()).write_bytes(content)
        config.write_text(f"{CONFIG}decision_log: {{directory: {log}}}\n", encoding="utf-8")
        given_days = [("--from", first), ("--to", last)]
        options = [each for pair in given_days if pair[1] is not None for each in pair]
        command = ["report", "--config", config, "--by", by, *options]
        read = CliRunner().invoke(app, [*map(str, command), "--json", "--csv", str(table)])
        shown = CliRunner().invoke(app, [*map(str, command)])
        assert read.exit_code in {0, 2}, read.exception
        assert shown.exit_code == read.exit_code, shown.exception
        if read.exit_code == 0:
            rows = json.loads(read.stdout, parse_constant=_no_number)["rows"]
            with table.open(encoding="utf-8", newline="") as file:
                assert len(list(csv.reader(file))) == len(rows) + 1


def _no_number(name: str) -> None:
    pytest.fail(f"{name} is no JSON")


@settings(max_examples=200)
@given(st.lists(damaged(), max_size=8))
def test_good_lines_survive_whatever_stands_between_them(between: list[str]) -> None:
    lines = [line for pair in zip(between, GOOD * 2, strict=False) for line in pair]
    with TemporaryDirectory() as folder:
        path = file_of(Path(folder), NOON.date())
        path.write_text("\n".join([*lines, ""]), encoding="utf-8", errors="surrogatepass")
        found = read_decisions(Path(folder))
    assert len(found.lines) >= len(between)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_like_others(day: date, tmp_path: Path) -> None:
    file_of(tmp_path, NOON.date()).write_text(GOOD[0], encoding="utf-8")
    assert read_decisions(tmp_path, first=date.max, last=day).lines == ()
    assert len(read_decisions(tmp_path, first=date.min, last=date.max).lines) == 1


@pytest.mark.parametrize("name", ["2026-02-30", "2026-13-01", "0000-00-00", "٢٠٢٦-01-01"])
def test_a_file_that_is_named_for_no_day_disturbs_neither_writing_nor_reading(
    name: str, tmp_path: Path
) -> None:
    odd = tmp_path / f"decisions-{name}.jsonl"
    odd.write_text(GOOD[0], encoding="utf-8")
    log = DecisionLog(tmp_path, 1, lambda: NOON + timedelta(days=9))
    log(Booked(SCENE, CallbackKind.ASAP))
    log.close()
    assert odd.exists()
    assert len(files_in(tmp_path)) == 1
    assert len(read_decisions(tmp_path).lines) == 1
