"""The example in the help of each command runs as it is printed."""

import re
import shlex
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from ges_connector.cli.app import app

ROOT = Path(__file__).resolve().parents[3]
DEMO = resources.files("ges_connector.demo").joinpath("callback.yml").read_text("utf-8")
# They serve until they are stopped, so only what they are called with is tried.
LASTING = {"serve", "sandbox", "demo"}
# Of a callback with the id of an example, GES knows nothing.
OF_ONE_CALLBACK = {"show", "cancel", "move"}
# Nobody sits at a terminal here.
ASKING = {"book", "cancel", "move"}


def leaves(command: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that is none of a group."""
    if not hasattr(command, "commands"):
        yield names, command
        return
    for name, below in command.commands.items():
        yield from leaves(below, *names, name)


COMMANDS = dict(leaves(get_command(app)))


def example(names: tuple[str, ...]) -> list[str]:
    """The words that are typed after the program's name."""
    told = re.findall(r"^\s*Example: ges-callback (.+)$", COMMANDS[names].help, re.MULTILINE)
    assert len(told) == 1
    return shlex.split(told[0])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that examples name."""
    written_down = f"{DEMO}\ndecision_log: {{directory: {tmp_path}}}\n"
    for name, content in (("callback.yml", written_down), ("callback-new.yml", DEMO)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    for name, place in (("config.yml", "engine/calm/config.yml"), ("data", "data/calm")):
        (tmp_path / name).symlink_to(ROOT / place)
    (tmp_path / "domain").symlink_to(ROOT / "domain" / "calm")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_an_example_runs_as_it_is_printed(
    office: Any, folder: Path, names: tuple[str, ...]
) -> None:
    words = example(names)
    assert tuple(words[: len(names)]) == names
    if names[0] in LASTING:
        context = COMMANDS[names].make_context(names[-1], words[len(names) :])
        assert context.params
        return
    words += ["--yes"] if names[0] in ASKING else []
    if names[0] == "doctor":
        words[words.index("--actions-url") + 1] = "http://127.0.0.1:9"
    environment = {**office.environment, "CALLBACK_CONFIG": str(folder / "callback.yml")}
    result = CliRunner().invoke(app, words, env=environment)
    codes = {1} if names[0] in OF_ONE_CALLBACK | {"doctor"} else {0}
    assert result.exit_code in codes, result.output


def test_every_group_lists_its_commands() -> None:
    for name in {names[0] for names in COMMANDS if len(names) > 1}:
        assert "Commands" in CliRunner().invoke(app, [name, "--help"]).output
