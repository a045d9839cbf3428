"""The command line as a whole."""

import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from ges_connector.cli.app import app
from ges_connector.extras import missing

WITHOUT_EXTRA = """
import sys
sys.modules["typer"] = None
from ges_connector.cli import main
main()
"""


def test_without_its_extra_it_says_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRA], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == f"{missing('ges-callback', 'cli')}\n"


@pytest.mark.parametrize("name", [each.name for each in app.registered_commands])
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert f"Example: ges-callback {name}" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["understand", "--now", "gestern", "x"],
            "'gestern' is no point in time; write it as 2",
        ),
        (["understand", "--timezone", "Berlin", "x"], "'Berlin' is no zone; write for example"),
        (["demo", "--timezone", "Mars/Phobos"], "'Mars/Phobos' is no zone; write for example"),
        (["demo", "--locale", "xx-YY"], "'xx-YY' is no locale; write for example de-AT"),
        (["understand", "--timezone", "../x", "x"], "'../x' is no zone; write for example"),
        (["demo", "--channel", "fax"], "'--channel': 'fax' is not one of 'chat', 'voice'"),
        (["nothing"], "No such command 'nothing' (`ges-callback --help` lists those there are)"),
        (["config", "nothing"], "(`ges-callback config --help` lists those there are)"),
        (["sandbox", "--seed", "/nowhere.yml"], "/nowhere.yml: cannot be read: No such file"),
        (["sandbox", "--at", "soon"], "--at: 'soon' is no point in time; write date, time"),
        (["sandbox", "--port", "70000"], "'--port': must be at most 65535"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_without_words_of_python(
    arguments: list[str], said: str
) -> None:
    result = CliRunner().invoke(app, arguments)
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, said in line) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["book", "030", "23125011"],
        ["book", "030", "231", "250", "11"],
        ["03023125011"],
        ["show", "030 23125011"],
        ["book", "x", "--language", "de", "--nothing", "+49 30 23125011"],
        ["understand", "--now", "+493023125011", "x"],
        ["understand", "--timezone", "030/23125011", "x"],
        ["demo", "--channel", "(030) 23125011"],
    ],
)
def test_a_number_in_the_wrong_place_is_not_told(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    told = "".join(filter(str.isdigit, result.stderr.replace("2026", "")))
    assert (result.exit_code, "23125" in told) == (2, False)


def test_a_date_in_the_wrong_place_is_told() -> None:
    result = CliRunner().invoke(app, ["demo", "--channel", "2026-11-24"])
    assert "'2026-11-24' is not one of" in result.stderr


def test_without_a_command_it_lists_them() -> None:
    result = CliRunner().invoke(app, [])
    assert "sandbox" in result.output


@pytest.mark.parametrize("options", [["--port", "70000"], ["--port", "x"], ["--nothing"]])
def test_a_wrong_option_exits_with_2(options: list[str]) -> None:
    assert CliRunner().invoke(app, ["sandbox", *options]).exit_code == 2


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"ges-callback {version('ges-callback')}\n")


def test_the_shell_completes_the_topics_of_the_configuration() -> None:
    asked = {
        "_GES_CALLBACK_COMPLETE": "complete_bash",
        "COMP_WORDS": "ges-callback slots --topic b",
        "COMP_CWORD": "3",
    }
    result = CliRunner().invoke(app, [], env=asked, prog_name="ges-callback")
    assert result.stdout.split() == ["billing"]
