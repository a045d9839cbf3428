"""`ges-callback stats`: figures of the statistics service behind GES."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ges_connector.api import GesClient, GesError, GesRequestError, GesSettings, Statistics
from ges_connector.cli import tables
from ges_connector.cli.desk import ExitCode, JsonOption, asking, read_settings, wrong_input

_LEAST_AGE_SECONDS: Final = 15
_LIST: Final = "statistics"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("stats")(stats)


def stats(
    body: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="The statistics service's own request, JSON; - reads standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    max_age: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS",
            min=_LEAST_AGE_SECONDS,
            help="How old the figures may be.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show figures of the contact centre; without a request, whatever is told unasked.

    Exits with 1 if GES refuses, or does not tell.

    Example: ges-callback stats request.json --max-age 60
    """
    settings = read_settings()
    asked = None if body is None else _read(body)
    try:
        told = asking(_ask(settings, asked, max_age))
    except GesRequestError as error:
        wrong_input([f"{body}: {error}"])
    except GesError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(ExitCode.REFUSED) from None
    if as_json:
        tables.show_json({"data": told.data})
    else:
        _show(told.data)


async def _ask(settings: GesSettings, body: object, max_age_seconds: int | None) -> Statistics:
    async with GesClient(settings) as client:
        return await client.statistics(body, max_age_seconds)


def _read(path: Path) -> object:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        return json.loads(text)
    except OSError as error:
        wrong_input([f"{path}: cannot be read: {error.strerror}"])
    except (ValueError, RecursionError):
        wrong_input([f"{path}: holds no JSON"])


def _show(data: Any) -> None:
    """Show a list of plain records as a table, and anything else as the JSON it is."""
    listed = data.get(_LIST) if isinstance(data, dict) else data
    if isinstance(listed, list) and listed and all(map(_is_plain, listed)):
        names = list(dict.fromkeys(name for each in listed for name in each))
        rows = [[str(each.get(name, "")) for name in names] for each in listed]
        tables.show(tables.columns(names, rows))
    else:
        tables.show(json.dumps(data, indent=2, ensure_ascii=False))


def _is_plain(record: object) -> bool:
    return isinstance(record, dict) and not any(
        isinstance(value, dict | list) for value in record.values()
    )
