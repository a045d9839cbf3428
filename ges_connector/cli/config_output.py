"""What `ges-callback config` prints."""

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer

from ges_connector.callbacks.config_file import (
    CONFIG_VARIABLE,
    USUAL_CONFIG,
    ConfigFile,
    config_file,
)
from ges_connector.callbacks.config_schema import file_schema
from ges_connector.callbacks.config_source import CallbackConfigError, ConfigFault, place_of
from ges_connector.callbacks.config_view import Change, Effective, differences, effective
from ges_connector.callbacks.profile import CallbackConfig, TopicProfile
from ges_connector.cli.environment import Variable, variables
from ges_connector.cli.hours import unworded_hours
from ges_connector.cli.judged_environment import (
    EnvironmentFault,
    doubtful_ways,
    environment_faults,
    misspelt_variables,
)

_Found = TypeVar("_Found")


def check(file: Path | None, *, as_json: bool) -> None:
    """Tell every fault of a file and of the variables that are set, or that it is sound.

    Variables that are not set are no fault here: the file may be checked elsewhere.

    Raises:
        typer.Exit: There are faults, or the file cannot be read.
    """
    faults = environment_faults()
    wrong = [each for each in faults if not each.is_absence]
    chosen = config_file(os.environ, file)
    if chosen.path is None:
        # What holds without a file is the sandbox's, and of no use to look at.
        told = f"is not here, and {CONFIG_VARIABLE} names no file"
        fault = ConfigFault("", told, right="name the file, or run this in its folder")
        _leave(str(USUAL_CONFIG), [fault], wrong, as_json=as_json)
    config, text = _or_exit(
        chosen, lambda text: (CallbackConfig.from_yaml(text), text), wrong, as_json=as_json
    )
    unworded = [*unworded_hours(config, text, Path.cwd(), os.environ)]
    if unworded or wrong:
        _leave(chosen.name, unworded, wrong, as_json=as_json)
    topics = list(config.topics)
    unset = [each.names for each in faults]
    if as_json:
        found = {"file": chosen.name, "faults": [], "environment": [], "unset": unset}
        typer.echo(json.dumps({**found, "topics": topics}))
        return
    typer.echo(f"{chosen.name}: sound; topics: {', '.join(topics)}")
    if unset:
        either = "; ".join(" or ".join(names.split(", ")) for names in unset)
        typer.echo(f"environment: not set here, and needed to serve: {either}")
    for each in (*misspelt_variables(), *doubtful_ways()):
        typer.echo(str(each))


def show(file: Path | None, topic: str | None, *, as_json: bool) -> None:
    """Show every value that holds.

    Raises:
        typer.Exit: The file holds faults, or cannot be read.
        typer.BadParameter: There is no such topic.
    """
    chosen = config_file(os.environ, file)
    found = _or_exit(chosen, effective, as_json=as_json)
    if topic is not None:
        known = [str(each.path[1]) for each in found if each.path[0] == "topics"]
        if topic not in known:
            names = ", ".join(dict.fromkeys(known))
            raise typer.BadParameter(f"{topic!r} is no topic; there are: {names}")
        found = tuple(each for each in found if each.path[:2] == ("topics", topic))
    known_variables = () if topic is not None else variables()
    if as_json:
        typer.echo(json.dumps(_as_json(chosen, found, known_variables), ensure_ascii=False))
        return
    rows = [(each.place, _text(each.value), each.origin.value) for each in found]
    _print_columns([*rows, *_variable_rows(known_variables)])


def diff(old: Path, new: Path, *, as_json: bool) -> bool:
    """Show which values change, and tell whether any does.

    Raises:
        typer.Exit: A file holds faults, or cannot be read; those of both are told.
    """
    read = [_checked(ConfigFile(path), as_json=as_json) for path in (old, new)]
    before, after = (text or "" for text in read)
    if None in read:
        raise typer.Exit(2)
    changes = differences(before, after)
    if as_json:
        typer.echo(json.dumps([_change_as_json(each) for each in changes], ensure_ascii=False))
    elif not changes:
        typer.echo("Nothing changes.")
    else:
        _print_columns(_change_rows(changes, new))
    return bool(changes)


def schema_text() -> str:
    """Write the JSON Schema as it ships."""
    described = file_schema(CallbackConfig, TopicProfile)
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _checked(file: ConfigFile, *, as_json: bool) -> str | None:
    """The content of a file; None if it cannot be used, which has been told then."""

    def read(text: str) -> str:
        CallbackConfig.from_yaml(text)
        return text

    try:
        return _or_exit(file, read, as_json=as_json)
    except typer.Exit:
        return None


def _or_exit(
    file: ConfigFile,
    read: Callable[[str], _Found],
    wrong: Sequence[EnvironmentFault] = (),
    *,
    as_json: bool = False,
) -> _Found:
    """Read a file, or tell all that is wrong with it, and with the environment, and leave."""
    try:
        return read(file.text())
    except CallbackConfigError as error:
        located = error.located
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        told = f"cannot be read: {reason or 'no file has such a name'}"
        located = (ConfigFault("", told),)
    return _leave(file.name, located, wrong, as_json=as_json)


def _leave(
    name: str,
    located: Iterable[ConfigFault],
    wrong: Iterable[EnvironmentFault],
    *,
    as_json: bool,
) -> NoReturn:
    """Tell what is wrong with a file and with the environment, and leave."""
    if as_json:
        faults = [
            {
                "line": each.line,
                "column": each.column,
                "place": each.place or None,
                "wrong": each.wrong,
                "right": each.right,
            }
            for each in located
        ]
        variables_told = [
            {"variable": each.names, "wrong": each.wrong, "right": each.right} for each in wrong
        ]
        told = {"file": name, "faults": faults, "environment": variables_told}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for each in located:
            sys.stderr.write(f"{each.in_file(name)}\n")
        for fault in wrong:
            sys.stderr.write(f"{fault}\n")
    raise typer.Exit(2)


def _as_json(
    file: ConfigFile, found: Iterable[Effective], known: Iterable[Variable]
) -> dict[str, Any]:
    return {
        "file": file.name,
        "values": [
            {"place": each.place, "value": each.value, "origin": each.origin.value}
            for each in found
        ],
        "environment": [
            {"variable": each.name, "value": shown, "default": each.default}
            for each in known
            for shown in (each.shown(os.environ),)
        ],
    }


def _variable_rows(known: Iterable[Variable]) -> list[tuple[str, str, str]]:
    """Variables that are set, or hold something all the same."""
    rows = []
    for each in known:
        shown = each.shown(os.environ)
        if shown is not None:
            rows.append((each.name, shown, "environment"))
        elif each.default is not None:
            rows.append((each.name, each.default, "program"))
    return rows


def _change_as_json(change: Change) -> dict[str, Any]:
    return {
        "place": change.place,
        "old": change.old,
        "new": change.new,
        "added": change.is_added,
        "removed": change.is_removed,
        "needs_restart": change.needs_restart,
    }


def _change_rows(changes: Sequence[Change], new: Path) -> list[tuple[str, str, str]]:
    """A row for each change; of a topic that comes or goes one row for all it holds."""
    rows: dict[str, tuple[str, str, str]] = {}
    for each in changes:
        place, what = each.place, f"{_value(each.old)} -> {_value(each.new)}"
        if each.is_added or each.is_removed:
            place = place_of(each.path[:2])
            shown = shlex.join(map(str, (new, "--topic", each.path[1])))
            what = "removed" if each.is_removed else f"added: ges-callback config show {shown}"
        when = "needs a restart" if each.needs_restart else "taken up while running"
        rows.setdefault(place, (place, what, when))
    return [*rows.values()]


def _value(value: Any) -> str:
    """A value in a line for people: lists without brackets, parts with their keys."""
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(each)}" for key, each in value.items())
    return _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print_columns(rows: Sequence[tuple[str, str, str]]) -> None:
    widths = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
    for first, second, third in rows:
        typer.echo(f"{first:{widths[0]}}  {second:{widths[1]}}  {third}".rstrip())
