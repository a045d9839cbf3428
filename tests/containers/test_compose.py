"""The compose file: it is one by its schema, keeps its programs shut, and names what there is."""

import json
import os
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.testing.contact_centre import built_in_seed

pytestmark = pytest.mark.xdist_group("containers")

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
READ = """
import sys
from compose_spec import PyCompose
print(sorted(PyCompose.from_json(sys.stdin.read()).to_spec().services))
"""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file, its anchors and merges resolved as compose resolves them."""
    loaded = YAML(typ="safe", pure=True).load(DOCKER / "compose.yml")
    assert isinstance(loaded, dict)
    return loaded


def parsed(linters: Path, content: dict[str, Any]) -> tuple[int, str]:
    done = subprocess.run(
        [linters / "python", "-c", READ],
        input=json.dumps(content),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_it_is_a_compose_file(linters: Path, compose: dict[str, Any]) -> None:
    assert parsed(linters, compose) == (0, "['actions', 'engine', 'redis', 'sandbox']\n")


def test_a_misspelt_key_would_not_pass(linters: Path, compose: dict[str, Any]) -> None:
    misspelt = {**compose["services"]["actions"], "read_onyl": True}
    code, _ = parsed(linters, {**compose, "services": {"actions": misspelt}})
    assert code != 0


@pytest.mark.parametrize("name", ["actions", "engine", "redis", "sandbox"])
def test_every_program_is_shut_in(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - a folder of the container
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert "privileged" not in service
    # The images of our own bring theirs along; the engine's is enough.
    assert "healthcheck" in service or name == "engine"


def test_everything_waits_for_what_it_needs_to_be_healthy(compose: dict[str, Any]) -> None:
    needs = {
        name: {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
        for name, service in compose["services"].items()
    }
    assert needs == {
        "sandbox": {},
        "redis": {},
        "actions": {"redis": "service_healthy", "sandbox": "service_healthy"},
        "engine": {"actions": "service_healthy"},
    }


def test_only_the_engine_is_published_and_only_on_this_machine(compose: dict[str, Any]) -> None:
    services = compose["services"]
    published = {name: each["ports"] for name, each in services.items() if "ports" in each}
    assert published == {"engine": ["127.0.0.1:5005:5005"]}
    assert compose["networks"]["inside"]["internal"] is True
    outside = [name for name, each in services.items() if "outside" in each["networks"]]
    assert outside == ["engine"]


def test_every_address_names_a_service_and_the_port_it_listens_on(compose: dict[str, Any]) -> None:
    services = compose["services"]
    actions, engine = services["actions"]["environment"], services["engine"]["environment"]
    addresses = (actions["GES_BASE_URL"], actions["CALLBACK_STORE_URL"], engine["ACTIONS_URL"])
    found = {(urlsplit(each).hostname, urlsplit(each).port) for each in addresses}
    assert found == {("sandbox", 8080), ("redis", 6379), ("actions", 5055)}
    assert services["sandbox"]["command"][-1] == "8080"
    assert urlsplit(actions["GES_BASE_URL"]).path == "/engagement/v3"


def test_the_action_server_gets_a_key_that_the_sandbox_knows_and_a_sound_configuration(
    compose: dict[str, Any],
) -> None:
    (key, *_) = built_in_seed().tenants[0].keys
    actions = compose["services"]["actions"]
    assert actions["environment"]["GES_API_KEY"] == key.key
    (mounted,) = actions["configs"]
    assert mounted["target"] == actions["environment"]["CALLBACK_CONFIG"]
    source = DOCKER / compose["configs"][mounted["source"]]["file"]
    assert CallbackConfig.from_yaml(source.read_text(encoding="utf-8")).topics


def test_images_are_built_from_files_that_are_there_and_carry_this_version(
    compose: dict[str, Any],
) -> None:
    built = {name: each["build"] for name, each in compose["services"].items() if "build" in each}
    assert built.keys() == {"actions", "engine", "sandbox"}
    for name, build in built.items():
        context = (DOCKER / build["context"]).resolve()
        assert (context / build["dockerfile"]).is_file()
        assert compose["services"][name]["image"].endswith(f":{VERSION}")


def test_both_sides_of_the_secret_read_the_same_file_which_is_not_in_the_repository(
    compose: dict[str, Any],
) -> None:
    readers = [name for name, each in compose["services"].items() if "env_file" in each]
    assert readers == ["actions", "engine"]
    assert all(compose["services"][name]["env_file"] == ["callback.env"] for name in readers)
    assert "/callback.env" in (DOCKER / ".gitignore").read_text(encoding="utf-8").split()
    example = (DOCKER / "callback.env.example").read_text(encoding="utf-8")
    assert example.endswith("\nCALLBACK_ACTIONS_SECRET=\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of `docker/up`, and a `docker` that writes down how it was called."""
    (tmp_path / "docker").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "docker" / "up").write_bytes((DOCKER / "up").read_bytes())
    fake = tmp_path / "bin" / "docker"
    fake.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\n', encoding="utf-8")
    fake.chmod(0o755)
    return tmp_path


def up(folder: Path, path: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/bash", folder / "docker" / "up", *arguments],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_up_draws_a_secret_once_and_starts_everything(folder: Path) -> None:
    path = f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    assert up(folder, path, "--detach").returncode == 0
    drawn = folder / "docker" / "callback.env"
    first = drawn.read_text(encoding="utf-8")
    assert up(folder, path).returncode == 0
    name, _, secret = first.strip().partition("=")
    assert (name, len(secret)) == ("CALLBACK_ACTIONS_SECRET", 44)
    assert stat.S_IMODE(drawn.stat().st_mode) == 0o600
    assert drawn.read_text(encoding="utf-8") == first
    calls = (folder / "calls").read_text(encoding="utf-8").splitlines()
    assert calls == [
        "compose version",
        "compose --file compose.yml up --build --wait --detach",
        "compose version",
        "compose --file compose.yml up --build --wait",
    ]


def test_up_says_what_is_missing_and_leaves_nothing(folder: Path) -> None:
    (folder / "bin" / "docker").unlink()
    (folder / "bin" / "dirname").symlink_to("/usr/bin/dirname")
    done = up(folder, str(folder / "bin"))
    assert (done.returncode, done.stderr) == (2, "up: docker is not installed.\n")
    assert [path.name for path in (folder / "docker").iterdir()] == ["up"]
