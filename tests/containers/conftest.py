"""What the files of deployment are judged with: real linters, and Dockerfiles carried out.

No container engine is needed. A Dockerfile is read instruction by instruction; its stages get a
folder each in place of a root file system, and its own RUN lines are carried out there with an
environment that holds only what the Dockerfile sets. The base image is stood in for by an empty
environment of the Python that runs the tests, at `/usr/local` as in the image.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 1200
# Where packages come from is the machine's affair, and it may keep what it has fetched.
SOURCES = re.compile(r"PIP_(?!NO_CACHE_DIR)\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|\w+_(proxy|PROXY)")


def _uv(*arguments: str | Path) -> None:
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
        env={**os.environ, "UV_SYSTEM_CERTS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def instructions_of(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    found = [line.split(maxsplit=1) for line in joined.splitlines()]
    return [(word, rest) for word, rest in found]


@dataclass
class Stage:
    """A stage while it is built, and what an image made of it would say of itself."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    shell: list[str] = field(default_factory=lambda: ["/bin/sh", "-c"])
    said: dict[str, str] = field(default_factory=dict)

    def place(self, path: str) -> Path:
        """Where a path of the container is on this machine."""
        return self.root / (Path(self.directory) / path).relative_to("/")

    def moved(self, text: str) -> str:
        """A text whose paths of the container are paths of this machine."""
        return re.sub(
            r"(?<![\w./*-])/(?=(opt|src|etc|tmp|assistant|usr/local)\b)", f"{self.root}/", text
        )

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a program in it."""
        path = f"{self.root}/usr/local/bin:/usr/bin:/bin"
        own = {name: self.moved(value) for name, value in self.environment.items()}
        own = {name: value.replace("$PATH", path) for name, value in own.items()}
        return {"PATH": path, "HOME": str(self.root / "tmp"), **own}

    def argv(self, instruction: str, port: int) -> list[str]:
        """The program of CMD or HEALTHCHECK, on another port than the image's."""
        words = json.loads(self.said[instruction].rpartition("CMD ")[2] or self.said[instruction])
        return [self.moved(word).replace(self.said["EXPOSE"], str(port)) for word in words]

    def unreadable(self, *folders: str) -> list[Path]:
        """What a process of the image's user could not read, of what was put in."""
        return [
            path
            for folder in folders
            for path in [self.place(folder), *self.place(folder).rglob("*")]
            if not path.is_symlink()
            and path.stat().st_mode & (0o050 if path.is_dir() else 0o040)
            != (0o050 if path.is_dir() else 0o040)
        ]

    def files(self) -> set[tuple[str, int]]:
        """All files outside of /tmp, with the time they were last written."""
        return {
            (str(path), path.lstat().st_mtime_ns)
            for path in self.root.rglob("*")
            if not path.is_relative_to(self.root / "tmp")
        }


@dataclass
class Build:
    """Carries a Dockerfile out, in folders below `base`."""

    base: Path
    context: Path
    arguments: dict[str, str] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    stage: Stage | None = None

    def carry_out(self, text: str) -> Stage:
        for word, rest in instructions_of(text):
            self._do(word, rest)
        assert self.stage is not None
        # What is shipped must not lean on the stages that it was made in.
        for other in self.stages.values():
            if other is not self.stage:
                shutil.rmtree(other.root)
        return self.stage

    def _do(self, word: str, rest: str) -> None:
        if word == "ARG":
            name, _, value = rest.partition("=")
            self.arguments[name] = value
        elif word == "FROM":
            self._begin(*rest.partition(" AS ")[::2])
        else:
            assert self.stage is not None
            self._do_in(self.stage, word, rest)

    def _do_in(self, stage: Stage, word: str, rest: str) -> None:
        if word == "ENV":
            stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        elif word == "WORKDIR":
            stage.directory = rest
            stage.place(rest).mkdir(parents=True, exist_ok=True)
        elif word == "SHELL":
            stage.shell = json.loads(rest)
        elif word == "COPY":
            self._copy(stage, rest.split())
        elif word == "RUN":
            self._run(stage, rest)
        else:
            assert word in ("LABEL", "USER", "EXPOSE", "HEALTHCHECK", "CMD"), word
            stage.said[word] = rest

    def _begin(self, image: str, name: str) -> None:
        for argument, value in self.arguments.items():
            image = image.replace(f"${{{argument}}}", value)
        assert image.startswith("python:3.11-slim"), image
        root = self.base / (name or "final")
        (root / "tmp").mkdir(parents=True)
        _uv("venv", "--quiet", "--seed", "--python", sys.executable, root / "usr" / "local")
        self.stage = self.stages[name or "final"] = Stage(root)

    def _copy(self, stage: Stage, words: list[str]) -> None:
        source_of: Callable[[str], Path] = lambda path: self.context / path  # noqa: E731 - one or the other
        origin = mode = None
        while words[0].startswith("--"):
            flag, _, value = words.pop(0).partition("=")
            if flag == "--from":
                origin = self.stages[value]
                source_of = origin.place
            else:
                assert flag == "--chmod", flag
                mode = int(value, 8)
        *sources, target = words
        for each in sources:
            source, place = source_of(each), stage.place(target)
            if origin is not None and source.is_dir() and not place.exists():
                # Moved, not copied: the other stage is removed in any case, and they can be large.
                place.parent.mkdir(parents=True, exist_ok=True)
                source.rename(place)
            elif source.is_dir():
                shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
            else:
                place = place / source.name if target.endswith("/") else place
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, place)
            if mode is not None:
                place.chmod(mode)
            if origin is not None:
                _readdress(place, origin.root, stage.root)

    def _run(self, stage: Stage, rest: str) -> None:
        command = stage.moved(re.sub(r"--mount=\S+\s+", "", rest))
        sources = {name: value for name, value in os.environ.items() if SOURCES.fullmatch(name)}
        variables = {**sources, **stage.variables}
        variables.pop("PIP_NO_CACHE_DIR", None)
        done = subprocess.run(
            [*stage.shell, command],
            cwd=stage.place(""),
            env={**variables, "PIP_CACHE_DIR": str(Path.home() / ".cache" / "pip")},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


def _readdress(place: Path, old: Path, new: Path) -> None:
    """Give scripts the address they would have kept, had both stages been at `/`."""
    for path in [*place.glob("bin/*"), place / "pyvenv.cfg"]:
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        path.write_bytes(content.replace(str(old).encode(), str(new).encode()))


def context_of(ignore: Path, target: Path) -> Path:
    """What a build gets to see of the checkout: only what its ignore file lets through."""
    lines = ignore.read_text(encoding="utf-8").split()
    assert lines[0] == "*", "the context is a list of what is needed, not of what is not"
    assert lines[-1] == "**/__pycache__"
    for line in lines[1:-1]:
        source, place = ROOT / line.removeprefix("!"), target / line.removeprefix("!")
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, place)
    # As a checkout is whose owner keeps it to himself.
    for path in target.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return target


@pytest.fixture(scope="session")
def build() -> Iterator[Callable[[str], Stage]]:
    """Builds `docker/<name>`, and gives what would become the image."""
    bases: list[Path] = []

    def built(name: str) -> Stage:
        base = Path(tempfile.mkdtemp(prefix="built-"))
        bases.append(base)
        context = context_of(ROOT / "docker" / f"{name}.dockerignore", base / "context")
        text = (ROOT / "docker" / name).read_text(encoding="utf-8")
        return Build(base, context).carry_out(text)

    yield built
    for base in bases:
        shutil.rmtree(base)


@pytest.fixture(scope="session")
def image(build: Callable[[str], Stage]) -> Stage:
    """The image of the action server."""
    return build("Dockerfile")


@pytest.fixture(scope="session")
def linters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the linters' commands, at the versions that are locked."""
    environment = tmp_path_factory.mktemp("linters")
    _uv("venv", "--quiet", "--clear", "--python", sys.executable, environment)
    python = environment / "bin" / "python"
    _uv("pip", "sync", "--quiet", "--require-hashes", "--python", python, "docker/linters.lock")
    return environment / "bin"
