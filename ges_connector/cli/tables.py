"""How results are shown: tables for people, one JSON object for programs, times in their zones."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from ges_connector.api import mask_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from rich.console import RenderableType

    from ges_connector.callbacks.wait import WaitTold

NOTHING = "-"
_MINUTE_SECONDS, _HOUR_SECONDS = 60, 3600


def show(*parts: RenderableType, to_error: bool = False) -> None:
    """Print for people, without colour where the output is no terminal."""
    # Made now: standard output may have been replaced since the start.
    console = Console(
        file=sys.stderr if to_error else sys.stdout, highlight=False, markup=False, emoji=False
    )
    for each in parts:
        console.print(each)


def show_json(record: Mapping[str, Any]) -> None:
    """Print one object for programs, in one line."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def facts(rows: Iterable[tuple[str, str | None]], title: str | None = None) -> Table:
    """Make a table of names and values; what has no value is left out."""
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value is not None:
            table.add_row(name, value)
    return table


def columns(names: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> Table:
    """Make a table with a heading."""
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def instant(at: datetime | None) -> str | None:
    """Write an instant for programs: ISO 8601, UTC."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def span(seconds: float) -> str:
    """Write a length of time for people: `8 s`, `5 min 12 s`, `1 h 20 min`."""
    whole = round(seconds)
    if whole < _MINUTE_SECONDS:
        return f"{whole} s"
    if whole < _HOUR_SECONDS:
        return f"{whole // _MINUTE_SECONDS} min {whole % _MINUTE_SECONDS} s"
    return f"{whole // _HOUR_SECONDS} h {whole % _HOUR_SECONDS // _MINUTE_SECONDS} min"


def nearest_minute(at: datetime) -> datetime:
    """Round an instant that is counted on from an answer, which came some moments later."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant for people, with its zone: `Tue 24 Nov 2026 15:00 Europe/Berlin`."""
    return f"{at.astimezone(zone):%a %d %b %Y %H:%M} {zone.key}"


def in_both(at: datetime, office: ZoneInfo, customer: ZoneInfo) -> Iterable[tuple[str, str]]:
    """Write an instant by the office's clock, and by the customer's if that is another zone."""
    yield "office time", moment(at, office)
    if customer.key != office.key:
        yield "customer's time", moment(at, customer)


def range_told(wait: WaitTold | None) -> str | None:
    """Write for programs how many minutes of wait are told: `5-10`, `<2`; None if none are."""
    return None if wait is None or wait.minutes is None else wait.code


def number(e164: str, *, whole: bool) -> str:
    """Write a telephone number: whole, or its last digits only."""
    return e164 if whole else mask_number(e164)
