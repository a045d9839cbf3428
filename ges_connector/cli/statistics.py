"""`ges-callback stats`: figures of the statistics service behind GES."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from ges_connector.api import GesClient, GesError, GesRequestError, GesSettings, Statistics
from ges_connector.cli import tables
from ges_connector.cli.desk import ExitCode, JsonOption, asking, read_settings, wrong_input
from ges_connector.cli.figures import Figure, figures_in

_LEAST_AGE_SECONDS: Final = 15


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

    A request: {"statistics": [{"objectId": "Billing_DE", "name": "CallsWaiting"}]}

    Example: ges-callback stats --max-age 60
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
        tables.show_json(_record(told.data))
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


def _record(data: Any) -> dict[str, Any]:
    """What the service answered as it came, and its figures as they were understood."""
    figures = None
    if (found := figures_in(data)) is not None:
        figures = [
            {
                "of": each.of,
                "name": each.name,
                "value": each.value,
                "unit": "seconds" if each.is_seconds else None,
                "as_of_at": tables.instant(each.as_of_at),
                "error": each.error,
            }
            for each in found
        ]
    return {"figures": figures, "data": data}


def _show(data: Any) -> None:
    """Show figures by what they are of, and anything else as the JSON it is."""
    found = figures_in(data)
    if found is None:
        tables.show(json.dumps(data, indent=2, ensure_ascii=False))
        return
    by_object: dict[str | None, list[Figure]] = {}
    for each in found:
        by_object.setdefault(each.of, []).append(each)
    tables.show(*(_table(of, figures) for of, figures in by_object.items()))


def _table(of: str | None, figures: Sequence[Figure]) -> Table:
    rows: list[tuple[str, str | None]] = [(each.words, each.told) for each in figures]
    if instants := [each.as_of_at for each in figures if each.as_of_at is not None]:
        rows.append(("as of", f"{max(instants):%Y-%m-%d %H:%M:%S} UTC"))
    return tables.facts(rows, title=of)
