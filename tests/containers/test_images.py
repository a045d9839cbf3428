"""The Dockerfiles: linted, and carried out line by line, with a look at what comes of it."""

import json
import re
import socket
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from ges_connector.testing.contact_centre import RunningServer

if TYPE_CHECKING:
    from tests.containers.conftest import Stage

# One worker builds; the others do something else meanwhile.
pytestmark = pytest.mark.xdist_group("containers")

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILES = ("Dockerfile", "engine.Dockerfile")
SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(lock: str) -> dict[str, frozenset[str]]:
    """The versions and hashes that a lock file names, by package."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        name, equals, rest = line.partition("==")
        if equals and not line.lstrip().startswith("#"):
            words = rest.split()
            found.setdefault(name, set()).update(
                word for word in words if word == words[0] or word.startswith("--hash")
            )
    return {name: frozenset(words) for name, words in found.items()}


@contextmanager
def running(
    stage: "Stage", argv: list[str], environment: dict[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    """A program in the image, with nothing of this machine's environment."""
    with subprocess.Popen(
        argv,
        cwd=stage.place(""),
        env={**stage.variables, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.communicate()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def checked(stage: "Stage", port: int) -> int:
    """The exit code of the image's own health check."""
    argv: list[str] = stage.argv("HEALTHCHECK", port)
    return subprocess.run(argv, env=stage.variables, cwd=stage.place(""), check=False).returncode


def healthy(stage: "Stage", port: int, process: "subprocess.Popen[str]") -> bool:
    while process.poll() is None:
        if checked(stage, port) == 0:
            return True
    pytest.fail(process.communicate()[0][-4000:])


@pytest.mark.parametrize("name", DOCKERFILES)
def test_hadolint_finds_nothing(linters: Path, name: str) -> None:
    argv = [str(linters / "hadolint"), "--no-color", str(ROOT / "docker" / name)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_runs_without_rights_and_says_which_version_it_is(name: str) -> None:
    text = (ROOT / "docker" / name).read_text(encoding="utf-8")
    final = text[text.rindex("\nFROM ") :]
    assert "\nUSER 1001:0\n" in final
    assert "\nHEALTHCHECK " in final
    assert "\nRUN " not in final
    assert f"\nARG VERSION={PROJECT['version']}\n" in final


@pytest.mark.parametrize("lock", ["docker/requirements.lock", "docker/build.lock"])
def test_the_image_gets_the_versions_that_are_tested(lock: str) -> None:
    tested = pins("requirements.lock")
    image = pins(lock)
    differing = {name for name in image.keys() & tested.keys() if image[name] != tested[name]}
    assert not differing, "run `make lock`"


def test_the_image_gets_all_extras_but_that_of_plots_and_nothing_of_development() -> None:
    image = pins("docker/requirements.lock")
    asked = [*PROJECT["dependencies"]]
    for name, extra in PROJECT["optional-dependencies"].items():
        # Plots are drawn at a desk; the image would be half as large again.
        asked += extra if name != "report" else []
    names = {re.split(r"[^\w.-]", each)[0].replace(".", "-") for each in asked}
    assert names <= image.keys(), "run `make lock`"
    assert image.keys() <= pins("requirements.lock").keys(), "run `make lock`"
    assert not {"pytest", "mypy", "hypothesis"} & image.keys()


def test_the_image_serves_actions_and_writes_nothing(
    image: "Stage", ges_server: RunningServer
) -> None:
    before, port = image.files(), free_port()
    environment = {
        "SANIC_HOST": "127.0.0.1",
        "CALLBACK_ACTIONS_SECRET": SECRET,
        "GES_BASE_URL": ges_server.base_url,
        "GES_API_KEY": ges_server.key,
    }
    assert checked(image, port) == 1
    with running(image, image.argv("CMD", port), environment) as process:
        assert healthy(image, port, process)
        ready = httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False)
        listed = httpx.get(
            f"http://127.0.0.1:{port}/actions",
            headers={"authorization": f"Bearer {SECRET}"},
            trust_env=False,
        )
    assert ready.json()["status"] == "ready"
    assert {"name": "action_tell_wait"} in listed.json()
    assert image.files() == before


def test_the_user_of_the_image_can_read_all_of_it(image: "Stage") -> None:
    assert image.unreadable("/opt/callback") == []


def test_the_image_of_the_action_server_does_not_start_without_a_secret(
    image: "Stage", ges_server: RunningServer
) -> None:
    environment = {"GES_BASE_URL": ges_server.base_url, "GES_API_KEY": ges_server.key}
    with running(image, image.argv("CMD", free_port()), environment) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 2
    assert said.startswith("environment: CALLBACK_ACTIONS_SECRET: is missing")


def test_the_image_runs_the_sandbox_too(image: "Stage") -> None:
    command = [str(image.place("/opt/callback/bin/ges-callback")), "sandbox", "--json", "--port"]
    with running(image, [*command, "0"], {}) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["admin"].removesuffix("/sandbox")
        assert checked(image, int(url.rpartition(":")[2])) == 0


def test_the_image_names_all_that_is_in_it_and_holds_no_tools(image: "Stage") -> None:
    bill = json.loads(image.place("/opt/callback/sbom.json").read_text(encoding="utf-8"))
    listed = {each["name"]: each["version"] for each in bill["components"]}
    (packages,) = image.place("/opt/callback/lib").glob("python3.*/site-packages")
    installed = {
        re.sub(r"[-_.]+", "-", path.name.partition("-")[0]).lower()
        for path in packages.glob("*.dist-info")
    }
    named = {re.sub(r"[-_.]+", "-", name).lower() for name in listed}
    assert installed == named | {"ges-callback"}
    assert bill["metadata"]["component"]["name"] == "ges-callback"
    assert not installed & {"pip", "hatchling", "cyclonedx-bom", "pytest"}
    assert str(image.root) not in json.dumps(bill)


@pytest.mark.campaign
def test_the_image_of_the_engine_is_built_and_answers(build: Callable[[str], "Stage"]) -> None:
    engine, port = build("engine.Dockerfile"), free_port()
    assert engine.unreadable("/opt/engine", "/assistant") == []
    before = engine.files()
    environment = {
        "ACTIONS_URL": f"http://127.0.0.1:{free_port()}/webhook",
        "CALLBACK_ACTIONS_SECRET": SECRET,
    }
    argv = [*engine.argv("CMD", port), "--interface", "127.0.0.1"]
    with running(engine, argv, environment) as process:
        assert healthy(engine, port, process)
        said = httpx.post(
            f"http://127.0.0.1:{port}/webhooks/callback/webhook",
            json={"sender": "visitor-1", "message": "hello", "metadata": {"locale": "en-GB"}},
            trust_env=False,
            timeout=60,
        )
    assert said.status_code == 200
    assert said.json()[0]["text"]
    assert engine.files() == before
