"""The distributions, built once from this tree, and environments they are installed into."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300
# Nothing of the checkout or of the test's own environment may help what was installed.
HIDDEN = ("PYTHONPATH", "VIRTUAL_ENV", "CALLBACK_", "GES_")


@dataclass(frozen=True)
class Installed:
    """An environment that the wheel was installed into, and a folder without any of our files."""

    environment: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def command(self) -> Path:
        return self.environment / "bin" / "ges-callback"

    def start(self, *argv: str | Path, **environment: str) -> "subprocess.Popen[str]":
        """Start a program in the empty folder; what it says is one stream."""
        return subprocess.Popen(
            argv,
            cwd=self.folder,
            env={**outside(), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *argv: str | Path) -> tuple[int, str]:
        """Run a program to its end: its exit code, and all it said."""
        with self.start(*argv) as process:
            said, _ = process.communicate(timeout=PATIENCE_SECONDS)
            return process.returncode, said


def outside() -> dict[str, str]:
    """The environment of somebody who has no checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}


def _uv(*arguments: str | Path) -> str:
    """Run uv as the scripts of this project do."""
    found = subprocess.run(
        ["bash", "scripts/uv"],  # noqa: S607 - found as the Makefile finds it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    done = subprocess.run(
        [found.stdout.strip(), *arguments],
        cwd=ROOT,
        env={**outside(), "UV_SYSTEM_CERTS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def uv() -> Callable[..., str]:
    """Runs uv and gives what it says; it fails the test where it fails."""
    return _uv


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution of this tree, and the wheel that is built from that, not from here."""
    target = tmp_path_factory.mktemp("distributions")
    _uv("build", "--quiet", "--out-dir", target, ".")
    return target


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    (path,) = distributions.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Installed]:
    """Installs the wheel with extras into an empty environment, at the versions that are locked."""

    def into_an_empty_environment(extras: str) -> Installed:
        place = tmp_path_factory.mktemp("installed")
        environment, folder = place / "environment", place / "folder"
        folder.mkdir()
        _uv("venv", "--quiet", "--python", sys.executable, environment)
        _uv(
            *("pip", "install", "--quiet", "--python", environment / "bin" / "python"),
            *("--constraint", "requirements.lock", f"ges-callback{extras} @ {wheel.as_uri()}"),
        )
        return Installed(environment, folder)

    return into_an_empty_environment


@pytest.fixture(scope="session")
def complete(install: Callable[[str], Installed]) -> Installed:
    return install("[rasa,cli,redis]")


@pytest.fixture(scope="session")
def bare(install: Callable[[str], Installed]) -> Installed:
    return install("")
