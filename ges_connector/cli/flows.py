"""`ges-callback flows check`: whether flows (CALM) hold, before anything is trained."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from typing_extensions import override

from ges_connector.callbacks.config_file import config_file
from ges_connector.callbacks.config_source import CallbackConfigError
from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.cli.desk import ExitCode, JsonOption, wrong_input
from ges_connector.cli.others import faults_of_others
from ges_connector.extras import missing
from ges_connector.flows.cures import cure_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ges_connector.flows import Facts, Project

group = typer.Typer(help="Check flows for Rasa's current engine (CALM).", no_args_is_help=True)
_PLACED: Final = re.compile(r"(?P<file>.+?\.ya?ml)(?::(?P<line>\d+))?: (?P<what>.+)")
_LINE: Final = re.compile(r"\bline (\d+)")
_USUAL: Final = ("config.yml", "data", "domain", "domain.yml")
"""Where an assistant has its files, if nothing else is said."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(group, name="flows")


@group.command("check")
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Files and folders; else config.yml, data and domain of this folder.",
            show_default=False,
        ),
    ] = None,
    *,
    actions: Annotated[
        list[str] | None,
        typer.Option(metavar="MODULE", help="A module with actions of yours.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell every fault of flows and domain at once; exits with 2 if there are any.

    What they name exists and can be reached, every outcome is handled, every path ends. Remarks are
    told as well: what the engine does without, and customers or the model may miss. Topics that
    flows choose are looked for in callback.yml, if there is one here or CALLBACK_CONFIG names it.

    Example: ges-callback flows check config.yml data domain
    """
    # Here, so that the other commands start without what only this one needs.
    from ges_connector.flows import (  # noqa: PLC0415 - when the command runs
        FlowsError,
        faults_of,
        is_remark,
        read_project,
    )

    try:
        project = read_project(*(paths or _usual()))
    except FlowsError as error:
        _tell_faults([_Told.of_line(each) for each in error.faults], as_json=as_json)
    if not project.flows:
        wrong_input(["flows: there are none in " + ", ".join(map(str, paths or _usual()))])
    facts = _facts(actions or [], project)
    told = [_Told.of(each, project) for each in faults_of(project.flows, project.domain, facts)]
    remarks = [each for each in told if is_remark(each.what)]
    faults = [each for each in told if not is_remark(each.what)]
    counts = {
        "flows": len(project.flows),
        "steps": sum(len(flow.steps) for flow in project.flows.values()),
        **{part: len(names) for part, names in project.domain.items()},
    }
    if faults:
        _tell_faults(faults, remarks, as_json=as_json)
    if as_json:
        as_fields = [asdict(each) for each in remarks]
        typer.echo(json.dumps({**counts, "faults": [], "remarks": as_fields}, ensure_ascii=False))
        return
    _tell_remarks(remarks)
    typer.echo(f"sound: {', '.join(f'{count} {name}' for name, count in counts.items())}")


def _usual() -> list[Path]:
    found = [Path(name) for name in _USUAL if Path(name).exists()]
    if not found:
        wrong_input([f"PATH: none is given, and here is neither of {', '.join(_USUAL)}"])
    return found


def _facts(modules: Sequence[str], project: Project) -> Facts:
    """Find out what the code does: our actions, and those of the modules that are named."""
    try:
        # The extra `rasa`; by name, because the connector itself knows nothing of an SDK.
        flow_facts = import_module("actions.flow_facts")
    except ImportError:
        wrong_input([missing("ges-callback flows", "rasa")])
    if unloaded := faults_of_others(modules):
        wrong_input(f"--actions: {each}" for each in unloaded)
    known: Facts = flow_facts.facts_of_modules(modules, project.languages, _topics())
    return known


def _topics() -> list[str] | None:
    """Give the topics of the configuration; None where there is none but that of the sandbox."""
    file = config_file(os.environ)
    if file.path is None:
        return None
    try:
        return [*CallbackConfig.from_yaml(file.text()).topics]
    except CallbackConfigError as error:
        wrong_input(f"{file.name}: {each}" for each in error.located)
    except OSError as error:
        wrong_input([f"{file.name}: cannot be read: {error.strerror}"])


@dataclass(frozen=True, slots=True)
class _Told:
    """A fault, or a remark, as it is told; as fields for programs.

    Attributes:
        file: Where the mending begins; None if that is in no file.
        line: In which line of it, from 1; None if that is not known.
        what: What is wrong.
        cure: What would mend it; empty if that is said already.
    """

    file: str | None
    line: int | None
    what: str
    cure: str

    @classmethod
    def of(cls, fault: str, project: Project) -> _Told:
        path, line = project.place_of(fault) or (None, None)
        return cls(None if path is None else str(path), line, fault, cure_of(fault))

    @classmethod
    def of_line(cls, fault: str) -> _Told:
        """Take a fault of reading, which begins with its file."""
        found = _PLACED.fullmatch(fault)
        if found is None:
            return cls(None, None, fault, cure_of(fault))
        # A reader of YAML tells the line in its own words.
        line = found["line"] or next(iter(_LINE.findall(found["what"])), None)
        return cls(found["file"], line and int(line), found["what"], cure_of(fault))

    @override
    def __str__(self) -> str:
        place = (self.file, self.line, f" {self.what}")
        cure = f" ({self.cure})" if self.cure else ""
        return ":".join(str(each) for each in place if each is not None).strip() + cure


def _tell_remarks(remarks: Iterable[_Told]) -> None:
    for each in remarks:
        sys.stderr.write(f"remark: {each}\n")


def _tell_faults(
    faults: Sequence[_Told], remarks: Sequence[_Told] = (), *, as_json: bool
) -> NoReturn:
    if as_json:
        told = {"faults": [*map(asdict, faults)], "remarks": [*map(asdict, remarks)]}
        typer.echo(json.dumps(told, ensure_ascii=False))
        raise typer.Exit(ExitCode.WRONG_INPUT)
    _tell_remarks(remarks)
    wrong_input(map(str, faults))
