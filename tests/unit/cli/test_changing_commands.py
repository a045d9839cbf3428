"""`ges-callback book`, `show`, `cancel` and `move`."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NUMBER = "+493023125011"
SOME_ID = "0c9a7d7c-3d63-4c35-9f0a-2f1d6a4f9b11"
AT = "2026-01-12T16:30"
CONFIG = """
patience: {booking_seconds: 0.2, late_answer_seconds: 20}
topics:
  billing:
    service_name: Billing_DE
    static_number: "+493023125000"
    office_zone: Europe/Berlin
    countries: [DE]
    languages: [en, de]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """One topic, and a turn so short that answers come late."""
    path = tmp_path / "callback.yml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def dead_address() -> Iterator[str]:
    """Where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/engagement/v3"


def booked(office: Any, *options: object) -> str:
    told = office.told("book", NUMBER, "--at", AT, "--yes", *options)
    return str(told["callback_id"])


def states(office: Any) -> list[str]:
    return [each["state"] for each in office.callbacks()]


def test_a_callback_is_booked_shown_and_cancelled(office: Any) -> None:
    told = office.told("book", NUMBER, "--at", AT, "--yes", "--language", "de", "--reason", "bill")
    assert told["outcome"] == "booked"
    assert (told["kind"], told["desired_at"]) == ("scheduled", "2026-01-12T15:30:00Z")
    shown = office.run("show", told["callback_id"])
    assert shown.exit_code == 0
    assert "scheduled" in shown.stdout
    assert "Mon 12 Jan 2026 16:30 Europe/Berlin" in shown.stdout
    assert office.told("show", told["callback_id"])["can_change"] is True
    assert office.told("cancel", told["callback_id"], "--yes")["outcome"] == "cancelled"
    assert office.told("show", told["callback_id"])["standing"] == "cancelled"
    assert states(office) == ["COMPLETED"]


def test_numbers_are_masked_unless_they_are_asked_for(office: Any) -> None:
    result = office.run("book", NUMBER, "--at", AT, "--yes")
    assert result.exit_code == 0
    assert "***11" in result.stdout
    assert "23125" not in result.output
    told = office.told("book", "030 23125012", "--asap", "--yes", "--show-numbers")
    assert told["number"] == "+493023125012"


def test_a_time_may_be_an_id_of_the_menu_and_the_number_come_on_standard_input(office: Any) -> None:
    slot = office.told("slots")["slots"][0]
    result = office.run("book", "-", "--at", slot["id"], "--yes", "--json", text=f"{NUMBER}\n")
    assert json.loads(result.stdout)["desired_at"] == slot["start_at"]


def test_a_time_is_the_customers_own(office: Any) -> None:
    told = office.told("book", NUMBER, "--at", "2026-01-12T15:30", "--zone", "Europe/London", "-y")
    assert told["desired_at"] == "2026-01-12T15:30:00Z"
    assert (told["office_zone"], told["zone"]) == ("Europe/Berlin", "Europe/London")


def test_a_time_that_is_not_offered_is_not_sent_and_the_nearest_are_told(office: Any) -> None:
    told = office.told("book", NUMBER, "--at", "2026-01-12T16:40", "--yes", exit_code=1)
    assert (told["outcome"], told["why"]) == ("not_offered", "time_not_free")
    assert told["alternatives"][0]["start_at"] == "2026-01-12T15:30:00Z"
    assert office.callbacks() == []


def test_what_is_not_offered_is_refused_with_its_reason(office: Any) -> None:
    told = office.told("book", NUMBER, "--asap", "--topic", "night", "--yes", exit_code=1)
    assert (told["outcome"], told["why"]) == ("not_offered", "closed")
    assert office.callbacks() == []


def test_a_service_that_cannot_be_reached_is_told_as_such_and_nothing_is_sent(
    office: Any, dead_address: str
) -> None:
    told = office.told("book", NUMBER, "--asap", "--yes", exit_code=1, GES_BASE_URL=dead_address)
    assert (told["outcome"], told["why"]) == ("not_offered", "unavailable")
    assert told["trouble"] == "unreachable"
    for command in (["show", SOME_ID], ["cancel", SOME_ID, "--yes"]):
        result = office.run(*command, GES_BASE_URL=dead_address)
        assert result.exit_code == 1
        assert "unreachable" in result.stdout or "unavailable" in result.stdout


def test_a_refusal_of_ges_is_told_with_its_reference(office: Any) -> None:
    office.fault(kind="throttle", operation="create", count=1)
    told = office.told("book", NUMBER, "--asap", "--yes", exit_code=1)
    assert told["outcome"] == "limit_reached"
    assert told["callback_id"] is None
    assert told["corr_id"]


def test_a_lost_answer_is_unconfirmed_with_a_code_of_its_own(office: Any) -> None:
    office.fault(kind="reset-after", operation="create", count=1)
    result = office.run("book", NUMBER, "--asap", "--yes")
    assert result.exit_code == 3
    assert "unconfirmed" in result.stdout
    assert "do not send it again" in result.stdout
    assert len(office.callbacks()) == 1


def test_a_late_answer_is_waited_for(office: Any, config: Path) -> None:
    office.fault(kind="latency", operation="create", seconds=1, count=1)
    told = office.told("book", NUMBER, "--asap", "--yes", "--config", config)
    assert told["outcome"] == "booked"


def test_a_cancel_without_answer_is_looked_up(office: Any) -> None:
    found = booked(office)
    office.fault(kind="reset-after", operation="cancel", count=1)
    assert office.told("cancel", found, "--yes")["outcome"] == "cancelled"


def test_a_cancel_that_nobody_knows_of_is_unconfirmed(office: Any) -> None:
    found = booked(office)
    office.fault(kind="reset-before", operation="cancel", count=1)
    result = office.run("cancel", found, "--yes")
    assert result.exit_code == 3
    assert "the call may come all the same" in result.stdout


def test_a_move_books_the_new_one_and_cancels_the_old_one(office: Any) -> None:
    old = booked(office)
    told = office.told("move", old, NUMBER, "--at", "2026-01-12T17:00", "--yes")
    assert (told["outcome"], told["booking"], told["cancellation"]) == (
        "moved",
        "booked",
        "cancelled",
    )
    assert told["old_callback_id"] == old != told["callback_id"]
    assert sorted(states(office)) == ["COMPLETED", "SCHEDULED"]


def test_a_move_of_what_is_over_books_nothing(office: Any) -> None:
    old = booked(office)
    office.told("cancel", old, "--yes")
    told = office.told("move", old, NUMBER, "--at", "2026-01-12T17:00", "--yes", exit_code=1)
    assert (told["outcome"], told["why"]) == ("not_offered", "old_callback_cancelled")
    assert len(office.callbacks()) == 1


def test_a_move_whose_new_booking_is_unknown_keeps_the_old_one(office: Any) -> None:
    old = booked(office)
    office.fault(kind="reset-after", operation="create", count=1)
    result = office.run("move", old, NUMBER, "--at", "2026-01-12T17:00", "--yes")
    assert result.exit_code == 3
    assert "the old callback counts" in result.stdout
    assert states(office) == ["SCHEDULED", "SCHEDULED"]


def test_a_move_whose_answer_comes_late_is_finished(office: Any, config: Path) -> None:
    old = booked(office, "--config", config)
    office.fault(kind="latency", operation="create", seconds=1, count=1)
    told = office.told("move", old, NUMBER, "--at", "2026-01-12T17:00", "--yes", "--config", config)
    assert (told["outcome"], told["cancellation"]) == ("moved", "cancelled")


def test_a_move_whose_old_one_remains_says_so(office: Any) -> None:
    old = booked(office)
    office.fault(kind="status", operation="cancel", status=403, code=501)
    result = office.run("move", old, NUMBER, "--at", "2026-01-12T17:00", "--yes")
    assert result.exit_code == 3
    assert "moved old remains" in result.stdout
    assert "the new callback counts" in result.stdout


def test_how_a_callback_stands_that_ges_did_not_tell_of_is_null(office: Any) -> None:
    held = booked(office)
    office.fault(kind="status", operation="retrieve", status=403, code=501)
    told = office.told("show", held, exit_code=1)
    assert (told["standing"], told["trouble"]) == (None, "misconfigured")


def test_what_ges_does_not_know_is_told_as_gone(office: Any) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    assert office.told("show", unknown, exit_code=1)["standing"] == "gone"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["book", NUMBER, "--yes"], "--at, --asap: give exactly one of them"),
        (["book", NUMBER, "--asap", "--at", AT, "--yes"], "--at, --asap: give exactly one"),
        (
            ["book", NUMBER, "--at", "soon", "--yes"],
            "'soon' is no time to come; write 2026-11-24T15:00",
        ),
        (
            ["book", NUMBER, "--topic", "night", "--at", "2026-01-14", "--yes"],
            "--at: '2026-01-14' names no hour; write 2026-01-14T15:00",
        ),
        (["book", NUMBER, "--at", "9999-12-31T23:59", "--zone", "America/New_York", "-y"], "--at"),
        (["book", NUMBER, "--at", "2026-03-29T02:30", "--yes"], "the clocks of Europe/Berlin"),
        (["book", NUMBER, "--asap", "--language", "xx", "--yes"], "the agents speak en, de"),
        (["book", "12345", "--asap", "--yes"], "NUMBER: "),
        (["book", "+81312345678", "--asap", "--yes"], "NUMBER: country not allowed"),
        (["book", NUMBER, "--asap"], "--yes: is needed where there is no terminal"),
        (["cancel", " ", "--yes"], "is no id of a callback"),
        (["show", "x"], "is no id of a callback"),
        (["move", "x", NUMBER, "--asap", "--yes"], "is no id of a callback"),
        (["book", NUMBER, "--at", "0711 1234567", "--yes"], "'***67' is no time to come"),
        (["book", NUMBER, "--asap", "--topic", "07111234567", "-y"], "'***67' is no topic"),
        (["book", NUMBER, "--asap", "--zone", "+49 711 123 45 67", "-y"], "'***67' is no zone"),
        (["book", "0711", "1234567", "--asap"], "(***67)"),
        (["move", SOME_ID, "--asap"], "Missing argument 'NUMBER'"),
    ],
)
def test_whatever_is_wrong_is_told_in_one_line_without_the_number_and_nothing_is_sent(
    office: Any, arguments: list[str], said: str
) -> None:
    result = office.run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert said in line
    assert "12345" not in line
    assert office.callbacks() == []


def typed(office: Any, answer: bytes, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command of its own at a terminal, where somebody answers its question."""
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "ges_connector.cli", *arguments],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **office.environment},
        ) as process:
            os.write(ours, answer)
            out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)
    finally:
        os.close(ours)
        os.close(theirs)


def test_at_a_terminal_it_is_read_back_and_booked_only_after_a_yes(office: Any) -> None:
    done = typed(office, b"n\n", "book", NUMBER, "--at", AT, "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["outcome"] == "declined"
    assert "***11" in done.stderr
    assert "Mon 12 Jan 2026 16:30 Europe/Berlin" in done.stderr
    assert office.callbacks() == []
    done = typed(office, b"y\n", "book", NUMBER, "--at", AT, "--json")
    assert done.returncode == 0, done.stderr
    assert len(office.callbacks()) == 1


def test_before_a_cancel_the_callback_is_shown(office: Any) -> None:
    found = booked(office)
    done = typed(office, b"n\n", "cancel", found, "--json")
    assert done.returncode == 1, done.stderr
    assert "scheduled" in done.stderr
    assert json.loads(done.stdout)["outcome"] == "declined"
    assert states(office) == ["SCHEDULED"]


@pytest.mark.parametrize(
    ("presses", "seconds", "code", "outcome"),
    [(1, 2.0, 0, "booked"), (2, 30.0, 3, "unconfirmed")],
)
def test_ctrl_c_in_a_booking_waits_for_its_answer_or_says_unconfirmed(
    office: Any, presses: int, seconds: float, code: int, outcome: str
) -> None:
    office.fault(kind="latency", operation="create", seconds=seconds, count=1)
    with subprocess.Popen(
        [sys.executable, "-m", "ges_connector.cli", "book", NUMBER, "--asap", "--yes", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **office.environment},
    ) as process:
        office.wait_until_faults_have_come()
        for _ in range(presses):
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            assert "waiting for the answer" in process.stderr.readline()
        out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err
    assert json.loads(out)["outcome"] == outcome


CHANGES = {
    "book": [NUMBER, "--asap", "--yes"],
    "move": [SOME_ID, NUMBER, "--asap", "--yes"],
    "cancel": [SOME_ID, "--yes"],
    "call-in": [],
}


@pytest.mark.parametrize(("command", "options"), CHANGES.items())
def test_without_a_file_nothing_is_sent_to_a_ges_that_is_not_on_this_machine(
    office: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    options: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = "https://ges.invalid/engagement/v3"
    result = office.run(command, *options, GES_BASE_URL=elsewhere, CALLBACK_CONFIG="")
    assert result.exit_code == 2
    assert "no callback.yml is here" in result.stderr
    assert elsewhere in result.stderr


def test_at_the_sandbox_the_profile_that_stands_in_for_the_file_is_told(
    office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = office.run("call-in", CALLBACK_CONFIG="")
    assert result.exit_code == 0
    assert "the profile of the sandbox is used" in result.stderr
