"""`ges-callback doctor`: whether callbacks can be served, checked against the configured GES."""

from pathlib import Path
from typing import Annotated

import typer

_CHECKOUT = Path(__file__).resolve().parents[2]
_OF_A_PROJECT = ("domain", "domain.yml", "endpoints.yml")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("doctor")(doctor)


def doctor(
    file: Annotated[
        Path | None,
        typer.Option("--config", help="The file instead of CALLBACK_CONFIG.", show_default=False),
    ] = None,
    actions_url: Annotated[
        str | None,
        typer.Option(help="The running action server; else ACTIONS_URL.", show_default=False),
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(
            help="The folder of your Rasa project; else this folder, if it is one.",
            show_default=False,
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(help="A web page's origin that shall call GES itself.", show_default=False),
    ] = None,
    *,
    call_in: Annotated[
        bool, typer.Option("--call-in", help="Have numbers lent, to try the call-in groups.")
    ] = False,
    book: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Really book a callback for this number far ahead, and cancel it.",
            show_default=False,
        ),
    ] = None,
    topic: Annotated[
        str | None, typer.Option(help="The topic of --book; else the first.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a deployment step by step; changes nothing in GES unless --book is given.

    Exits with 0 if nothing is red, 1 if something is, 2 if it was called wrongly.

    Example: ges-callback doctor --actions-url http://127.0.0.1:5055
    """
    # Here, so that the other commands start without what only this one needs.
    from ges_connector.cli.doctor_steps import Options, run  # noqa: PLC0415 - when the command runs

    options = Options(
        file=file,
        actions_url=actions_url,
        project=project or _project(Path.cwd()),
        origin=origin,
        lends=call_in,
        number=book,
        topic=topic,
    )
    raise typer.Exit(run(options, as_json=as_json))


def _project(here: Path) -> Path:
    """The folder that the command runs in, if it is a Rasa project, else the checkout."""
    return here if any((here / name).exists() for name in _OF_A_PROJECT) else _CHECKOUT
