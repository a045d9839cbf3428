"""What is built from this tree holds what it needs, and works where there is no checkout."""

import json
import os
import re
import shlex
import signal
import socket
import sys
import tarfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import httpx
import pytest

from ges_connector.testing.contact_centre import RunningServer

if TYPE_CHECKING:
    from subprocess import Popen

    from tests.packaging.conftest import Installed

# One worker builds and installs; the others do something else meanwhile.
pytestmark = pytest.mark.xdist_group("packaging")

ROOT = Path(__file__).resolve().parents[2]
SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def shipped(folder: str) -> set[str]:
    """The files below a folder of the checkout, but for what Python leaves there."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@contextmanager
def started(process: "Popen[str]") -> Iterator["Popen[str]"]:
    """Leave no process behind, nor one that it has started."""
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def line_of(process: "Popen[str]", beginning: str) -> str:
    """The first line that begins like this; the program may end without one."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        if line.startswith(beginning):
            return line
        said.append(line)
    pytest.fail("".join(said))


def test_the_wheel_holds_the_packages_with_their_data_and_the_catalogues(wheel: Path) -> None:
    catalogues = {
        f"actions/wording/{path.name}" for path in (ROOT / "domain" / "wording").glob("*.yml")
    }
    assert catalogues >= {f"actions/wording/{each}.yml" for each in ("de", "en", "es", "fr")}
    assert names(wheel) == shipped("actions") | shipped("ges_connector") | catalogues


def test_the_source_distribution_holds_the_assistant_the_engine_and_the_tests(
    distributions: Path,
) -> None:
    (path,) = distributions.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"requirements.lock", "Makefile", "LICENSE", "scripts/bootstrap", "docker/Dockerfile"}
    for folder in ("domain", "data", "engine"):
        wanted |= shipped(folder)
    assert not wanted - held
    assert any(name.startswith("tests/") for name in held)


def test_secrets_of_a_deployment_that_lie_in_the_checkout_are_not_distributed() -> None:
    beside = {
        f"/{folder}{line}"
        for folder in ("docker", "deploy/k8s")
        for line in (ROOT / folder / ".gitignore").read_text(encoding="utf-8").split()
    }
    assert beside == set(PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["exclude"])


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        told = message_from_bytes(archive.read(name))
    assert (told["Name"], told["Version"]) == ("ges-callback", PROJECT["version"])
    assert set(told.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    assert told["License-Expression"] == "Apache-2.0"


def test_the_versions_that_are_locked_are_versions_that_are_asked_for(
    complete: "Installed", uv: Callable[..., str]
) -> None:
    # It fails, with what disagrees, if one does not fit another.
    assert uv("pip", "check", "--quiet", "--python", complete.python) == ""


def test_the_command_tells_its_version(complete: "Installed") -> None:
    assert complete.run(complete.command, "--version") == (
        0,
        f"ges-callback {PROJECT['version']}\n",
    )


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-GB", "tomorrow at 3 pm"), ("de-DE", "morgen um 15 Uhr"), ("fr-FR", "demain à 15 h")],
)
def test_installed_it_understands_when_to_call(
    complete: "Installed", locale: str, words: str
) -> None:
    now = ("--now", "2026-01-05T10:00:00+01:00", "--timezone", "Europe/Berlin")
    code, said = complete.run(
        complete.command, "understand", "--json", "--locale", locale, *now, words
    )
    assert code == 0, said
    assert json.loads(said)["start"] == "2026-01-06T15:00:00"


def test_installed_it_runs_a_contact_centre(complete: "Installed") -> None:
    command = (complete.command, "sandbox", "--json", "--port", "0")
    with started(complete.start(*command)) as process:
        ready: dict[str, Any] = json.loads(line_of(process, "{"))
        queue = f"{ready['ges']}/callbacks/queue-status/Billing_DE"
        answer = httpx.get(queue, headers={"x-api-key": ready["key"]}, trust_env=False)
    assert answer.json()["status"]["code"] == 0


def test_installed_the_action_server_is_ready_and_finds_its_words(
    complete: "Installed", ges_server: RunningServer
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = complete.start(
        *(complete.python, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)),
        SANIC_HOST="127.0.0.1",
        CALLBACK_ACTIONS_SECRET=SECRET,
        GES_BASE_URL=ges_server.base_url,
        GES_API_KEY=ges_server.key,
    )
    with started(server) as process:
        while process.poll() is None:
            try:
                ready = httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False)
                break
            except httpx.TransportError:
                continue
        else:
            pytest.fail(process.communicate()[0])
    assert ready.json()["status"] == "ready"


def test_a_named_folder_of_catalogues_comes_before_those_that_came_along(
    complete: "Installed", tmp_path: Path
) -> None:
    (tmp_path / "en.yml").write_text("language: en\n", encoding="utf-8")
    read = "from actions.runtime import wording; print(sorted(wording().catalogues))"
    assert complete.run(complete.python, "-c", read) == (0, "['de', 'en', 'es', 'fr']\n")
    with complete.start(complete.python, "-c", read, CALLBACK_WORDING=str(tmp_path)) as process:
        said, _ = process.communicate()
    assert process.returncode != 0
    assert "WordingError" in said


def test_without_extras_the_client_and_the_sandbox_work_and_the_command_says_what_is_missing(
    bare: "Installed",
) -> None:
    books = """
import asyncio
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import client_of, standing_sandbox

async def ask() -> None:
    async with client_of(standing_sandbox(MONDAY)) as ges:
        print((await ges.queue_status("Billing_DE")).__class__.__name__)

asyncio.run(ask())
"""
    assert bare.run(bare.python, "-c", books) == (0, "QueueStatus\n")
    code, said = bare.run(bare.command, "sandbox")
    assert (code, "the extra 'cli'" in said) == (2, True)


def test_what_is_told_to_be_installed_is_what_was_missing(
    install: "Callable[[str], Installed]", uv: Callable[..., str]
) -> None:
    empty = install("")
    for command in ("sandbox", "serve"):
        code, said = empty.run(empty.command, command, "--port", "1", "--config", "absent.yml")
        (told,) = re.findall(r"needs the extra '\w+': pip install (.+)", said)
        assert code == 2
        uv("pip", "install", "--quiet", "--python", empty.python, *shlex.split(told))
    _, said = empty.run(empty.command, "serve", "--config", "absent.yml")
    assert "absent.yml" in said
    assert "needs the extra" not in said


def test_the_package_is_checked_by_its_types_where_it_is_used(
    complete: "Installed", tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from actions.runtime import read_config\n"
        "from ges_connector.store import StoreSettings\n"
        'StoreSettings(prefix=1.5)\nread_config() + ""\n',
        encoding="utf-8",
    )
    code, said = complete.run(
        *(sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"),
        *("--config-file=", "--python-executable", complete.python, wrong),
    )
    assert code == 1, said
    assert 'wrong.py:3: error: Argument "prefix"' in said
    assert "wrong.py:4: error: Unsupported left operand type" in said
    assert "Found 2 errors in 1 file" in said
