"""`ges-callback conversation`: from a conversation's id to its lines in the log."""

import json

import pytest
from typer.testing import CliRunner, Result

from ges_connector.api import GesClient, GesSettings
from ges_connector.cli.app import app

ENVIRONMENT = {"GES_BASE_URL": "http://127.0.0.1:9/engagement/v3", "GES_API_KEY": " a-key\n"}


def run(*arguments: str, text: str | None = None, **changes: str) -> Result:
    return CliRunner().invoke(
        app, ["conversation", *arguments], input=text, env=ENVIRONMENT | changes
    )


async def logged(conversation_id: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    async with GesClient(GesSettings()) as client:
        return client.pseudonym("conversation", conversation_id)


async def test_it_prints_the_hash_that_the_log_names_the_conversation_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = run("visitor-1")
    assert result.exit_code == 0
    assert f"conversation-{result.stdout.strip()}" == await logged("visitor-1", monkeypatch)


def test_many_ids_are_read_from_standard_input_and_each_stands_beside_its_hash() -> None:
    lines = run("-", text="visitor-1\nvisitor-2\n").stdout.splitlines()
    assert lines == [f"{run(each).stdout.strip()}  {each}" for each in ("visitor-1", "visitor-2")]


def test_programs_get_an_object() -> None:
    told = json.loads(run("visitor-1", "--json").stdout)
    assert told == {"id": "visitor-1", "hash": run("visitor-1").stdout.strip()}


def test_another_key_gives_another_hash() -> None:
    assert run("visitor-1").stdout != run("visitor-1", GES_API_KEY="another").stdout


def test_without_a_key_it_says_so_and_exits_with_2() -> None:
    result = run("visitor-1", GES_API_KEY="")
    assert result.exit_code == 2
    assert "GES_API_KEY" in result.stderr
