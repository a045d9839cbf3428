"""The commands of `ges-callback`, gathered from one module each."""

import logging
from importlib.metadata import version
from typing import Annotated

import typer

from ges_connector.cli import (
    changing,
    config,
    conversation,
    demo,
    doctor,
    flows,
    lending,
    looking,
    report,
    sandbox,
    serve,
    statistics,
    understand,
)
from ges_connector.cli.one_line import OneLineGroup

app = typer.Typer(
    name="ges-callback",
    cls=OneLineGroup,
    help="Callbacks on Genesys Engagement Services.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


_NOWHERE = logging.NullHandler()


def _tell_version(asked: bool) -> None:  # noqa: FBT001 - typer hands the option over like this
    if asked:
        typer.echo(f"ges-callback {version('ges-callback')}")
        raise typer.Exit


@app.callback()
def _commands(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Tell the version and exit."
        ),
    ] = False,
) -> None:
    """Callbacks on Genesys Engagement Services."""
    # Each command tells what failed in better words than the client's log has for it.
    logging.getLogger("ges_connector.api").addHandler(_NOWHERE)


for command in (
    config,
    conversation,
    doctor,
    looking,
    changing,
    lending,
    statistics,
    report,
    serve,
    sandbox,
    understand,
    flows,
    demo,
):
    command.register(app)
