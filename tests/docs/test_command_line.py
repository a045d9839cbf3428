"""What the page about the command line tells its readers is so."""

import json
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from ges_connector.callbacks import BookingOutcome, CancelOutcome, MoveOutcome
from ges_connector.callbacks.facts import Trouble
from ges_connector.cli.app import app
from ges_connector.cli.desk import ExitCode
from ges_connector.testing.contact_centre import RunningServer

PAGE = "docs/command-line.md"
ADDRESS = "http://127.0.0.1:8080"
OF_TROUBLES = {"asked", "trouble", "corr_id"}
OF_ALTERNATIVES = {"id", "start_at", "book"}
SHELL = ("bash", "-euo", "pipefail", "-c")
FOUND = f"export PATH={Path(sys.executable).parent}:$PATH COLUMNS=100"


async def test_the_session_books_moves_and_cancels(
    server: RunningServer, documents: Any, run: Callable[..., Awaitable[str]]
) -> None:
    said = await run(*SHELL, f"{FOUND}\n{documents[PAGE].commands('sh', server)}")
    for told in (
        "Billing_DE",
        "Monday 05 January 2026, Europe/London",
        "office (America/New_York)",
        "│ standing    │ scheduled",
        "│ outcome  │ cancelled",
        "lent by GES",
    ):
        assert told in said
    assert "23125011" not in said
    state = await run("curl", "-sS", f"{server.admin_url}/state")
    assert state.replace(" ", "").count('"state":"COMPLETED","reason":"CANCELLED"') == 2


async def test_the_table_of_times_that_it_shows_is_the_one_of_the_session(
    server: RunningServer, documents: Any, run: Callable[..., Awaitable[str]]
) -> None:
    first = documents[PAGE].blocks("run", "sh")[0].replace(ADDRESS, _address(server))
    said = await run(*SHELL, f"{FOUND}\n{first}")
    shown = next(block for block in documents[PAGE].text.split("```\n") if "┏" in block)
    assert shown.rstrip() in re.sub(r" +\n", "\n", said)


async def test_every_key_that_programs_get_is_described(
    server: RunningServer, documents: Any, run: Callable[..., Awaitable[str]]
) -> None:
    first = documents[PAGE].blocks("run", "sh")[0].replace(ADDRESS, _address(server))
    environment = first.partition("\n\n")[0]

    async def told(command: str) -> Any:
        said = await run(*SHELL, f"{FOUND}\n{environment}\nges-callback {command} --json")
        # What profile is used, where no file is named, stands before it on standard error.
        return json.loads(said.splitlines()[-1])

    booked = await told("book +493023125011 --at 2026-01-05T14:00 --yes")
    moved = await told(f"move {booked['callback_id']} +493023125011 --at 2026-01-05T16:30 --yes")
    answers = {
        "book": booked,
        "move": moved,
        "show": await told(f"show {moved['callback_id']}"),
        "cancel": await told(f"cancel {moved['callback_id']} --yes"),
        "queue": await told("queue"),
        "wait": await told("wait"),
        "slots": await told("slots"),
        "call-in": await told("call-in"),
    }
    keys = documents[PAGE].text.partition("## For programs")[2]
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", keys, re.MULTILINE))
    rows["move"] += rows["book"]
    for command, answer in answers.items():
        described = set(re.findall(r"`(\w+)`", rows[command]))
        assert _keys(answer) - OF_TROUBLES - described == set(), command
        assert described - _keys(answer) - OF_ALTERNATIVES == set(), command


def test_every_command_is_described(documents: Any) -> None:
    described = set(re.findall(r"`([\w-]+)`", "\n".join(_rows(documents, "Command"))))
    commands: Any = get_command(app)
    assert set(commands.commands) <= described


def test_the_exit_codes_are_those_of_the_program(documents: Any) -> None:
    told = dict(re.findall(r"^\| (\d+) \| ([\w ]+?)[:,.]", documents[PAGE].text, re.MULTILINE))
    assert {code: told[str(code.value)] for code in ExitCode} == {
        code: code.name.lower().replace("_", " ") for code in ExitCode
    }


@pytest.mark.parametrize("outcomes", [BookingOutcome, MoveOutcome, CancelOutcome])
def test_every_outcome_is_named(documents: Any, outcomes: Any) -> None:
    text = documents[PAGE].text
    # Each command is a conversation of its own, with one booking.
    untold = {"already_booked", "conversation_limit", "open_already"}
    assert [each for each in outcomes if f"`{each}`" not in text and each not in untold] == []


def _address(server: RunningServer) -> str:
    return server.admin_url.removesuffix("/sandbox")


def _keys(answer: Any) -> set[str]:
    """The keys of an object and of all in it; those of `not_offered` are names of ways."""
    if isinstance(answer, list):
        return set().union(*map(_keys, answer))
    if not isinstance(answer, dict):
        return set()
    within = (value for key, value in answer.items() if key != "not_offered")
    return {*answer}.union(*map(_keys, within))


def _rows(documents: Any, heading: str) -> list[str]:
    """The first cells of the tables with a heading."""
    cells, inside = [], False
    for line in documents[PAGE].text.splitlines():
        inside = line.startswith(f"| {heading} |") or (inside and line.startswith("|"))
        if inside:
            cells.append(line.split("|")[1])
    return cells


@pytest.mark.parametrize("page", [PAGE, "docs/operating.md"])
def test_every_trouble_is_told(documents: Any, page: str) -> None:
    assert all(f"`{each.value}`" in documents[page].text for each in Trouble)
