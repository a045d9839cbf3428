"""`ges-callback flows check`: whether flows (CALM) hold, before anything is trained."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from ges_connector.cli.desk import ExitCode, JsonOption, wrong_input
from ges_connector.cli.others import faults_of_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ges_connector.flows import Facts, Project

group = typer.Typer(help="Check flows for Rasa's current engine (CALM).", no_args_is_help=True)
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
    told as well: what the engine does without, and customers or the model may miss.

    Example: ges-callback flows check config.yml data domain --actions repairs
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
        _tell_faults(error.faults, as_json=as_json)
    if not project.flows:
        wrong_input(["flows: there are none in " + ", ".join(map(str, paths or _usual()))])
    facts = _facts(actions or [], project)
    told = [_placed(project, each) for each in faults_of(project.flows, project.domain, facts)]
    remarks = [each for each in told if is_remark(each)]
    faults = [each for each in told if not is_remark(each)]
    counts = {
        "flows": len(project.flows),
        "steps": sum(len(flow.steps) for flow in project.flows.values()),
        **{part: len(names) for part, names in project.domain.items()},
    }
    if faults:
        _tell_faults(faults, remarks, as_json=as_json)
    if as_json:
        typer.echo(json.dumps({**counts, "faults": [], "remarks": remarks}, ensure_ascii=False))
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
        wrong_input(["ges-callback flows needs an extra: install it as 'ges-callback[cli,rasa]'"])
    if unloaded := faults_of_others(modules):
        wrong_input(f"--actions: {each}" for each in unloaded)
    known: Facts = flow_facts.facts_of_modules(modules, project.languages)
    return known


def _placed(project: Project, fault: str) -> str:
    """Put the file before a fault, and the line of the step where it is about one."""
    place, _, told = fault.partition(":")
    flow, _, step = place.partition(".")
    if flow in project.files:
        found = project.flows[flow].steps.get(step) if flow in project.flows else None
        line = "" if found is None or found.line is None else f":{found.line}"
        return f"{project.files[flow]}{line}: {fault}"
    named = [project.domain_files.get(word) for word in told.split() if place == "domain"]
    return next((f"{path}: {fault}" for path in named if path is not None), fault)


def _tell_remarks(remarks: Iterable[str]) -> None:
    for each in remarks:
        sys.stderr.write(f"remark: {each}\n")


def _tell_faults(faults: Iterable[str], remarks: Sequence[str] = (), *, as_json: bool) -> NoReturn:
    if as_json:
        told = {"faults": list(faults), "remarks": list(remarks)}
        typer.echo(json.dumps(told, ensure_ascii=False))
        raise typer.Exit(ExitCode.WRONG_INPUT)
    _tell_remarks(remarks)
    wrong_input(faults)
