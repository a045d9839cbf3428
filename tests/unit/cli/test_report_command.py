"""`ges-callback report` as people, programs and spreadsheets see it."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.decision_log import DecisionLog, file_of
from ges_connector.callbacks.events import (
    Accepted,
    Booked,
    CallbackEvent,
    NotOffered,
    Offered,
    Refused,
    Scene,
)
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.cli import report
from ges_connector.cli.app import app
from ges_connector.extras import missing

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONFIG = """
defaults: {office_zone: Europe/Berlin, countries: [DE], static_number: "+493023125000"}
topics:
  support: {service_name: support}
  billing: {service_name: billing}
"""


def happenings() -> Iterator[CallbackEvent]:
    """Two days: three wishes for support on the first, one for billing on the second."""
    support = Scene(NOON, "support", "en", "chat", "conversation-1")
    billing = Scene(NOON + timedelta(days=1), "billing", "de", "voice", "conversation-2")
    ways = (Rung.ASAP, Rung.SCHEDULED)
    yield Offered(support, Situation.USUAL, ways, 240.0, 300.0)
    yield Accepted(support, CallbackKind.ASAP)
    yield Booked(support, CallbackKind.ASAP)
    yield Offered(support, Situation.WAIT_LONG, ways, 960.0)
    yield NotOffered(support, Situation.UNAVAILABLE)
    yield Offered(billing, Situation.USUAL, ways, 60.0)
    yield Accepted(billing, CallbackKind.SCHEDULED)
    yield Refused(billing, CallbackKind.SCHEDULED, BookingOutcome.SLOT_TAKEN)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    directory, instant = tmp_path / "decisions", NOON

    def now() -> datetime:
        return instant

    decision_log = DecisionLog(directory, 30, now)
    for each in happenings():
        instant = each.scene.at
        decision_log(each)
    decision_log.close()
    return directory


def run(log: Path | None, tmp_path: Path, *arguments: object) -> Result:
    config = tmp_path / "callback.yml"
    named = "" if log is None else f"decision_log: {{directory: {log}}}\n"
    config.write_text(CONFIG + named, encoding="utf-8")
    given = ["report", "--config", str(config), *map(str, arguments)]
    return CliRunner().invoke(app, given, env={"COLUMNS": "80"})


def test_people_read_rates_with_their_counts(log: Path, tmp_path: Path) -> None:
    result = run(log, tmp_path)
    assert result.exit_code == 0, result.output
    rows = [line.split("│")[1:-1] for line in result.stdout.splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert cells == [
        ["2026-11-23", "support", "2/3 67%", "1/2 50%", "1", "10 (15) min"],
        ["2026-11-24", "billing", "1/1 100%", "1/1 100%", "0", "1 (1) min"],
        ["all", "", "3/4 75%", "2/3 67%", "1", "4 (14) min"],
        ["booked", "booked", "1"],
        ["refused", "slot taken", "1"],
    ]
    by_topic = run(log, tmp_path, "--by", "topic").stdout
    assert "Day" not in by_topic
    assert "Topic" in by_topic
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_yes_after_midnight_is_one_to_the_offer_of_the_day_before(tmp_path: Path) -> None:
    before, after = (datetime(2026, 11, day, at, tzinfo=UTC) for day, at in ((23, 22), (24, 0)))
    offered = Scene(before, "support", "en", "chat", "conversation-1")
    agreed = Scene(after, "billing", "en", "chat", "conversation-1")
    directory, instant = tmp_path / "decisions", before
    decision_log = DecisionLog(directory, 30, lambda: instant)
    decision_log(Offered(offered, Situation.USUAL, (Rung.ASAP,), 240.0, 300.0))
    instant = after
    decision_log(Accepted(agreed, CallbackKind.ASAP))
    decision_log(Booked(agreed, CallbackKind.ASAP))
    decision_log.close()
    told = json.loads(run(directory, tmp_path, "--json").stdout)
    assert [
        (row["day"], row["topic"], row["accept_rate"], row["booked"]) for row in told["rows"]
    ] == [("2026-11-23", "support", 1.0, 0), ("2026-11-24", "billing", None, 1)]
    later = json.loads(run(directory, tmp_path, "--from", "2026-11-24", "--json").stdout)
    assert [(row["accepted"], row["booked"]) for row in later["rows"]] == [(0, 1)]


def test_days_in_which_nothing_came_of_an_offer_are_told_as_that(tmp_path: Path) -> None:
    decision_log = DecisionLog(tmp_path / "decisions", 30, lambda: NOON)
    scene = Scene(NOON, "support", "en", "chat", "conversation-1")
    decision_log(Offered(scene, Situation.USUAL, (Rung.ASAP,), 240.0, 300.0))
    decision_log.close()
    told = run(tmp_path / "decisions", tmp_path).stdout
    assert "Outcomes" not in told
    assert told.rstrip().endswith("Nothing was booked, moved or cancelled.")


def test_programs_read_one_object(log: Path, tmp_path: Path) -> None:
    told = json.loads(run(log, tmp_path, "--by", "topic", "--json").stdout)
    assert [each["topic"] for each in told["rows"]] == ["billing", "support"]
    assert told["rows"][1]["offer_rate"] == 0.6667
    assert told["rows"][0]["outcomes"] == {"refused": {"slot_taken": 1}}
    assert told["lost"] == 0


def test_days_and_topics_narrow_it(log: Path, tmp_path: Path) -> None:
    day = json.loads(run(log, tmp_path, "--from", "2026-11-24", "--json").stdout)
    assert [each["day"] for each in day["rows"]] == ["2026-11-24"]
    topic = json.loads(run(log, tmp_path, "--topic", "support", "--json").stdout)
    assert [each["topic"] for each in topic["rows"]] == ["support"]
    none = run(log, tmp_path, "--to", "2026-11-01")
    assert none.stdout == "Nothing was written down in these days.\n"


def test_a_spreadsheet_gets_rows_and_no_formula(log: Path, tmp_path: Path) -> None:
    line = {"v": 1, "event": "offered", "at": "2026-11-23T12:00:00Z", "profile": "=1+1"}
    with file_of(log, NOON.date()).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    result = run(log, tmp_path, "--csv", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["topic"] for row in rows] == ["'=1+1", "support", "billing"]
    assert [row["refused: slot_taken"] for row in rows] == ["0", "0", "1"]


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<?xml"), ("a.png", b"\x89PNG")])
def test_a_plot_is_drawn(log: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    result = run(log, tmp_path, "--plot", tmp_path / name)
    assert result.exit_code == 0, result.output
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_what_was_written_is_told_beside_the_result(log: Path, tmp_path: Path) -> None:
    table, plot = tmp_path / "table.csv", tmp_path / "days.svg"
    result = run(log, tmp_path, "--csv", table, "--plot", plot, "--json")
    assert result.stderr == f"{table}: 2 rows written\n{plot}: 2 days drawn\n"
    assert json.loads(result.stdout)["lost"] == 0


def test_where_there_is_nothing_to_draw_nothing_is_drawn(log: Path, tmp_path: Path) -> None:
    plot = tmp_path / "days.svg"
    result = run(log, tmp_path, "--to", "2026-11-01", "--plot", plot)
    assert (result.exit_code, plot.exists()) == (0, False)
    assert result.stderr == f"{plot}: not written, there is nothing to draw\n"


def test_lost_lines_are_told(log: Path, tmp_path: Path) -> None:
    with file_of(log, NOON.date()).open("a", encoding="utf-8") as file:
        file.write('{"v": 1, "eve')
    result = run(log, tmp_path)
    assert result.stderr == "1 line is not whole and left out\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--from", "2026-11-24", "--to", "2026-11-23"], "is before --from"),
        (["--from", "gestern"], "--from: 'gestern' is no day; write it as 2026-11-24"),
        (["--to", "2026-13-01"], "--to: '2026-13-01' is no day; write it as 2026-11-24"),
        (["--topic", "sales"], "'sales' is no topic; there are: support, billing"),
        (["--plot", "a.gif"], "a.gif: must end with .svg or .png"),
        (["--csv", "-"], "--csv: name a file"),
        (["--csv", "/nowhere/a.csv"], "/nowhere/a.csv: cannot be written"),
        (["--plot", "/nowhere/a.svg"], "/nowhere/a.svg: cannot be written"),
    ],
)
def test_wrong_input_gets_one_line(
    log: Path, tmp_path: Path, arguments: list[str], told: str
) -> None:
    result = run(log, tmp_path, *arguments)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert told in line


def test_a_log_that_is_off_or_missing_is_told(tmp_path: Path) -> None:
    off = run(None, tmp_path)
    assert (off.exit_code, off.stderr) == (
        2,
        "decision_log.directory: is not set (name a folder, and restart the server)\n",
    )
    missing = run(tmp_path / "none", tmp_path)
    assert missing.exit_code == 0
    assert missing.stderr.endswith("none: is not there yet\n")
    assert missing.stdout == "Nothing was written down in these days.\n"
    (tmp_path / "file").touch()
    file = run(tmp_path / "file", tmp_path)
    assert file.exit_code == 2
    assert file.stderr.endswith("cannot be read: Not a directory\n")


def test_a_table_that_could_not_be_written_whole_leaves_the_old_one(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_off(path: Path, _rows: object) -> None:
        path.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    table = tmp_path / "table.csv"
    assert run(log, tmp_path, "--csv", table).exit_code == 0
    whole = table.read_text(encoding="utf-8")
    monkeypatch.setattr(report, "_write_csv", breaks_off)
    assert run(log, tmp_path, "--csv", table).exit_code == 130
    assert table.read_text(encoding="utf-8") == whole
    assert {each.name for each in tmp_path.iterdir() if "part" in each.name} == set()


def test_a_table_goes_to_a_device_as_well(log: Path, tmp_path: Path) -> None:
    assert run(log, tmp_path, "--csv", "/dev/null").exit_code == 0
    assert not Path("/dev/null").is_file()


def test_a_plot_without_its_extra_is_told_before_anything_is_written(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "find_spec", lambda _: None)
    table = tmp_path / "table.csv"
    result = run(log, tmp_path, "--csv", table, "--plot", tmp_path / "days.svg")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{missing('--plot', 'report')}\n"
    assert not table.exists()
