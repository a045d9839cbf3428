"""What the demo starts, in which order and with which environment. Nothing here starts anything.

Sandbox and training begin at once. The action server follows the sandbox, whose address and key
it needs; the engine follows the training.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ges_connector.demo.model import model_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

HOST = "127.0.0.1"

Announcement: TypeAlias = "Mapping[str, str]"


@dataclass(frozen=True, slots=True)
class Answers:
    """Ready once `GET url` answers with status 200."""

    url: str


@dataclass(frozen=True, slots=True)
class Announces:
    """Ready once a line of the output is a JSON object that has these keys, each with text."""

    keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program to start.

    Attributes:
        name: How messages and the log file call it.
        argv: The command.
        directory: Its working directory.
        environment: Changes to the environment of the demo; None removes a variable. Not shown,
            because the key of the sandbox and the secret of the action server are in it.
        patience_seconds: How long it may take to be ready, or to finish.
    """

    name: str
    argv: tuple[str, ...]
    directory: Path
    patience_seconds: float
    environment: Mapping[str, str | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Program):
    """A program that goes on until it is stopped.

    Attributes:
        ready: When what comes next may begin.
    """

    ready: Answers | Announces


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Program):
    """A program that ends by itself.

    Attributes:
        leaves: The file it makes.
        target: Where that file belongs.
    """

    leaves: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to start.

    Attributes:
        sandbox: Announces `ges` (base URL) and `key`.
        actions: Makes the action server from the announcement of the sandbox.
        training: None when the model is fresh.
        engine: The Rasa server.
        actions_url: Base URL of the action server.
        rasa_url: Base URL of the engine.
    """

    sandbox: Service
    actions: Callable[[Announcement], Service]
    training: Job | None
    engine: Service
    actions_url: str
    rasa_url: str


@dataclass(frozen=True, slots=True)
class Project:
    """Where things are in a checkout.

    Attributes:
        root: The top of the checkout.
        python: The interpreter that has this package and rasa-sdk.
    """

    root: Path
    python: Path

    @property
    def console(self) -> Path:
        """The `ges-callback` command of the same environment."""
        return self.python.with_name("ges-callback")

    @property
    def rasa(self) -> Path:
        """The engine's command, in the environment `make engine` builds."""
        return self.root / ".engine" / "bin" / "rasa"

    @property
    def home(self) -> Path:
        """The home directory of the engine's programs."""
        return self.root / ".engine" / "home"

    @property
    def domain(self) -> Path:
        """The domain of the classic engine."""
        return self.root / "domain" / "classic"

    @property
    def data(self) -> Path:
        """The training data of the classic engine."""
        return self.root / "data" / "classic"

    @property
    def settings(self) -> Path:
        """Configuration, endpoints and channel of the engine."""
        return self.root / "engine"

    @property
    def model(self) -> Path:
        """The model that belongs to the files as they are now; it may not exist yet."""
        lock, config = self.settings / "requirements.lock", self.settings / "config.yml"
        return model_file(
            self.root / ".engine" / "models", self.root, [self.domain, self.data, config, lock]
        )


@dataclass(frozen=True, slots=True)
class Ports:
    """Where to listen on the loopback address."""

    rasa: int
    actions: int
    ges: int


def faults(project: Project, *, rasa_sdk_installed: bool) -> list[str]:
    """List what is missing for the demo, one sentence each, with what to do about it."""
    found = []
    if not project.rasa.exists():
        found.append(f"The Rasa engine is not installed ({project.rasa}); run `make engine`.")
    if not rasa_sdk_installed:
        found.append("rasa-sdk is not installed; run `make setup`, or install the extra `rasa`.")
    if not project.console.exists():
        found.append(f"The command {project.console} is missing; run `make setup`.")
    needed = (project.domain, project.data, project.settings, project.root / "actions")
    found.extend(
        f"{path} is missing; run this in a checkout, or name one with --project."
        for path in needed
        if not path.is_dir()
    )
    return found


def plan_demo(
    project: Project,
    ports: Ports,
    scratch: Path,
    *,
    seed: Path | None = None,
    retrain: bool = False,
) -> Plan:
    """Plan a whole run.

    Args:
        project: The checkout.
        ports: `ges` may be 0: the sandbox then takes any free port and says which.
        scratch: A directory for temporary files, removed after the run.
        seed: The contact centre the sandbox starts from; None for its built-in one.
        retrain: Train although the model is fresh.
    """
    model = project.model
    fresh = model.is_file() and not retrain
    actions_url = f"http://{HOST}:{ports.actions}"
    rasa_url = f"http://{HOST}:{ports.rasa}"
    # One for each run: what the engine shows and the action server asks for.
    secret = secrets.token_urlsafe(32)
    return Plan(
        sandbox=_sandbox(project, ports.ges, seed),
        actions=lambda announcement: _actions(project, ports.actions, announcement, secret),
        training=None if fresh else _training(project, model, scratch),
        engine=_engine(project, model, ports, scratch, secret),
        actions_url=actions_url,
        rasa_url=rasa_url,
    )


def _sandbox(project: Project, port: int, seed: Path | None) -> Service:
    from_seed = () if seed is None else ("--seed", str(seed))
    return Service(
        name="sandbox",
        argv=(str(project.console), "sandbox", "--port", str(port), "--json", *from_seed),
        directory=project.root,
        ready=Announces(frozenset({"ges", "key"})),
        patience_seconds=30,
    )


def _actions(project: Project, port: int, announcement: Announcement, secret: str) -> Service:
    return Service(
        name="actions",
        argv=(str(project.python), "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)),
        directory=project.root,
        # The SDK would listen on every address.
        environment={
            "SANIC_HOST": HOST,
            "GES_BASE_URL": announcement["ges"],
            "GES_API_KEY": announcement["key"],
            "CALLBACK_DEMO": "1",
            "CALLBACK_ACTIONS_SECRET": secret,
            "CALLBACK_ACTIONS_SECRET_FILE": None,
        },
        ready=Answers(f"http://{HOST}:{port}/health"),
        patience_seconds=60,
    )


def _training(project: Project, model: Path, scratch: Path) -> Job:
    name = model.name.removesuffix(".tar.gz")
    return Job(
        name="training",
        argv=(
            # What ships is validated by the tests; doing it again would double the training time.
            *(str(project.rasa), "train", "--quiet", "--skip-validation"),
            *("--config", str(project.settings / "config.yml")),
            *("--domain", str(project.domain)),
            *("--data", str(project.data)),
            *("--out", str(scratch / "trained")),
            *("--fixed-model-name", name),
        ),
        directory=project.root,
        environment=_engine_environment(project, scratch),
        leaves=scratch / "trained" / model.name,
        target=model,
        patience_seconds=900,
    )


def _engine(project: Project, model: Path, ports: Ports, scratch: Path, secret: str) -> Service:
    return Service(
        name="engine",
        argv=(
            # The API is how a test reads the slots of a conversation; it listens on loopback only.
            *(str(project.rasa), "run", "--enable-api"),
            *("--model", str(model)),
            *("--interface", HOST, "--port", str(ports.rasa)),
            *("--endpoints", str(project.settings / "endpoints.yml")),
            *("--credentials", str(project.settings / "credentials.yml")),
        ),
        directory=project.root,
        environment={
            **_engine_environment(project, scratch),
            "ACTIONS_URL": f"http://{HOST}:{ports.actions}/webhook",
            "CALLBACK_ACTIONS_SECRET": secret,
        },
        ready=Answers(f"http://{HOST}:{ports.rasa}/status"),
        patience_seconds=180,
    )


def _engine_environment(project: Project, scratch: Path) -> dict[str, str | None]:
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        # A cache shared by two runs could mix their models.
        "RASA_CACHE_DIRECTORY": str(scratch / "cache"),
        # Rasa, Keras and matplotlib leave files in the home directory; the user's is not for that.
        "HOME": str(project.home),
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        # Meant for the environment of the demo, and wrong in the engine's.
        "PYTHONPATH": None,
        "PYTHONHOME": None,
        "VIRTUAL_ENV": None,
    }
