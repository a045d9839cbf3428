"""`ges-callback demo`: the whole assistant on one machine, with a chat in the terminal."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from ges_connector.cli.desk import zone_named
from ges_connector.language.cldr import parse_locale

_CHECKOUT = Path(__file__).resolve().parents[2]
_NO_LOCALE = frozenset({"", "C", "POSIX"})
_NO_ZONE = ZoneInfo("Etc/UTC")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo)


def demo(
    *,
    headless: Annotated[
        bool,
        typer.Option("--headless", help="No chat: print one line of JSON when ready, and wait."),
    ] = False,
    project: Annotated[
        Path, typer.Option(help="The checkout that holds the assistant.", show_default=False)
    ] = _CHECKOUT,
    rasa_port: Annotated[int, typer.Option(help="Port of the engine; 0 for any.")] = 5005,
    actions_port: Annotated[int, typer.Option(help="Port of the action server; 0 for any.")] = 5055,
    ges_port: Annotated[int, typer.Option(help="Port of the sandbox; 0 for any.")] = 8080,
    seed: Annotated[
        Path | None, typer.Option(help="Contact centre for the sandbox instead of its own.")
    ] = None,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Train although nothing has changed.")
    ] = False,
    log_dir: Annotated[
        Path | None,
        typer.Option(help="Keep the programs' logs here; otherwise only when something fails."),
    ] = None,
    channel: Annotated[
        Literal["chat", "voice"], typer.Option(help="Wording for the screen or for the ear.")
    ] = "chat",
    locale: Annotated[
        str | None, typer.Option(help="The customer's locale, such as de-AT; else from LANG.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="The customer's time zone, such as Europe/Vienna.")
    ] = None,
    caller_number: Annotated[
        str | None, typer.Option(help="The number the customer writes or calls from.")
    ] = None,
) -> None:
    """Start sandbox, action server and Rasa engine, and chat with the assistant.

    Everything listens on this machine only, and stops when you leave (Ctrl-D, /quit, Ctrl-C).

    Example: ges-callback demo --locale en-GB --timezone Europe/Berlin
    """
    # Here, so that the other commands start without what only the demo needs.
    from ges_connector.demo.chat import Customer  # noqa: PLC0415 - when the command runs
    from ges_connector.demo.launch import Options, launch  # noqa: PLC0415 - when the command runs
    from ges_connector.demo.plan import Ports  # noqa: PLC0415 - when the command runs

    if locale is not None and parse_locale(locale) is None:
        message = f"{locale!r} is no locale; write for example de-AT"
        raise typer.BadParameter(message, param_hint="--locale")
    zone_named(timezone, _NO_ZONE, option="--timezone")
    known = {
        "locale": locale or _locale_of_terminal(),
        "timezone": timezone,
        "caller_number": caller_number,
    }
    metadata = {name: value for name, value in known.items() if value}
    options = Options(
        project=project,
        ports=Ports(rasa=rasa_port, actions=actions_port, ges=ges_port),
        customer=None if headless else Customer(channel, metadata),
        seed=seed,
        log_directory=log_dir,
        retrain=retrain,
    )
    raise typer.Exit(launch(options, _say, _write))


def _locale_of_terminal() -> str | None:
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    name = name.split(".", maxsplit=1)[0].split("@", maxsplit=1)[0]
    return None if name in _NO_LOCALE else name.replace("_", "-")


def _write(text: str) -> None:
    typer.echo(text, nl=False)
    sys.stdout.flush()


def _say(line: str) -> None:
    typer.echo(f"demo: {line}", err=True)
