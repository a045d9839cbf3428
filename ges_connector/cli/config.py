"""`ges-callback config`: what the configuration holds, whether it is sound, and what changes."""

from pathlib import Path
from typing import Annotated

import typer

group = typer.Typer(help="Check, show and compare the configuration.", no_args_is_help=True)

_File = Annotated[
    Path | None,
    typer.Argument(
        help="The file; else CALLBACK_CONFIG, callback.yml, or the sandbox's.", show_default=False
    ),
]
_Config = Annotated[
    Path | None,
    typer.Option("--config", help="The same as FILE, as other commands have it.", hidden=True),
]
_FileToCheck = Annotated[
    Path | None,
    typer.Argument(help="The file; else CALLBACK_CONFIG, or callback.yml.", show_default=False),
]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(group, name="config")


@group.command("check")
def check(file: _FileToCheck = None, *, config: _Config = None, as_json: _AsJson = False) -> None:
    """Tell every fault at once, with its line and what would be right; exits with 2 if any.

    Example: ges-callback config check callback.yml
    """
    # Here, so that the other commands start without what only these need.
    from ges_connector.cli import config_output  # noqa: PLC0415 - when the command runs

    config_output.check(_once(file, config), as_json=as_json)


@group.command("show")
def show(
    file: _File = None,
    *,
    config: _Config = None,
    topic: Annotated[str | None, typer.Option(help="Only this topic.", show_default=False)] = None,
    as_json: _AsJson = False,
) -> None:
    """Show every value that holds and where it comes from; no secret is shown.

    Example: ges-callback config show --topic billing
    """
    from ges_connector.cli import config_output  # noqa: PLC0415 - when the command runs

    config_output.show(_once(file, config), topic, as_json=as_json)


def _once(file: Path | None, config: Path | None) -> Path | None:
    """The file, by whichever way it was named."""
    if file is not None and config is not None:
        raise typer.BadParameter("name the file once", param_hint="--config")
    return file or config


@group.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(help="The file before.")],
    new: Annotated[Path, typer.Argument(help="The file after.")],
    *,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if anything changes.")
    ] = False,
    as_json: _AsJson = False,
) -> None:
    """Show which values that hold would change, wherever in the file they are written.

    Exits with 0, changes or none; with 1 if --exit-code is given and something changes; with 2 if a
    file cannot be read or holds faults.

    Example: ges-callback config diff callback.yml callback-new.yml
    """
    from ges_connector.cli import config_output  # noqa: PLC0415 - when the command runs

    changes = config_output.diff(old, new, as_json=as_json)
    if changes and exit_code:
        raise typer.Exit(1)


@group.command("schema")
def schema() -> None:
    """Print the JSON Schema of the file, for editors.

    It also ships, as ges_connector/callbacks/callback.schema.json.

    Example: ges-callback config schema
    """
    from ges_connector.cli import config_output  # noqa: PLC0415 - when the command runs

    typer.echo(config_output.schema_text(), nl=False)
