"""`ges-callback report`: what the decision log comes to, for people, programs and spreadsheets."""

from __future__ import annotations

import csv
import sys
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from ges_connector.cli import tables
from ges_connector.cli.desk import ConfigOption, JsonOption, read_config, wrong_input
from ges_connector.extras import missing
from ges_connector.reporting.figures import Figures, Group, count_lines, with_their_offers
from ges_connector.reporting.lines import DecisionLines, read_decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from rich.table import Table

    from ges_connector.callbacks.profile import CallbackConfig

_MINUTE: Final = 60
# Of the extra `report`; it takes a second to load, so not before it is needed.
_PLOTTING: Final = "matplotlib"
_FORMATS: Final = (".svg", ".png")
# What spreadsheet programs take for the beginning of a formula.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


class By(StrEnum):
    """What the figures are told of."""

    DAY = "day"
    TOPIC = "topic"
    BOTH = "both"


_GROUPS: Final[Mapping[By, Callable[[date, str], Group]]] = {
    By.DAY: lambda day, _: Group(day=day),
    By.TOPIC: lambda _, profile: Group(profile=profile),
    By.BOTH: lambda day, profile: Group(day=day, profile=profile),
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("report")(report)


def report(
    *,
    first: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DAY", help="First day; else the oldest.", show_default=False
        ),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="DAY", help="Last day; else the newest.", show_default=False),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option(help="Only this topic of the configuration.", show_default=False),
    ] = None,
    by: Annotated[By, typer.Option(help="A row for each of these.")] = By.BOTH,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write the rows here.", show_default=False),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the days here: .svg or .png.", show_default=False),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show offers, acceptances, waits and outcomes from the decision log.

    Days are those of each topic's office.

    Example: ges-callback report --from 2026-11-01 --by day --csv november.csv
    """
    read = read_config(config)
    days = _days(_day("--from", first), _day("--to", last))
    if csv_file is not None and csv_file.name in {"", "-"}:
        raise typer.BadParameter("name a file; for programs there is --json", param_hint="--csv")
    if plot is not None and plot.suffix not in _FORMATS:
        raise typer.BadParameter(f"{plot.name}: must end with .svg or .png", param_hint="--plot")
    if plot is not None and find_spec(_PLOTTING) is None:
        wrong_input([missing("--plot", "report")])
    if topic is not None and topic not in read.topics:
        known = ", ".join(read.topics)
        raise typer.BadParameter(f"{topic!r} is no topic; there are: {known}", param_hint="--topic")
    found = _read(read, *days)
    count = _counter(read, found, days, topic)
    rows = count(_GROUPS[by])
    _tell_lost(found)
    if csv_file is not None:
        _writing(csv_file, lambda part: _write_csv(part, rows))
        _tell_written(csv_file, len(rows), "row", "written")
    if plot is not None:
        _draw(plot, count(_GROUPS[By.DAY]), topic)
    total = count(lambda *_: Group()).get(Group())
    if as_json:
        tables.show_json({"rows": [_record(*each) for each in rows.items()], "lost": found.torn})
    elif total is None:
        tables.show("Nothing was written down in these days.")
    else:
        came_to = _outcomes(total) if total.outcomes else "Nothing was booked, moved or cancelled."
        tables.show(_rates(rows, total), came_to)


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    with suppress(ValueError):
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    raise typer.BadParameter(f"{text!r} is no day; write it as 2026-11-24", param_hint=option)


def _days(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    if first is not None and last is not None and last < first:
        raise typer.BadParameter("is before --from", param_hint="--to")
    return first, last


def _read(config: CallbackConfig, first: date | None, last: date | None) -> DecisionLines:
    directory = config.decision_log.directory
    if directory is None:
        wrong_input(["decision_log.directory: is not set (name a folder, and restart the server)"])
    try:
        return read_decisions(Path(directory), first, last)
    except FileNotFoundError:
        sys.stderr.write(f"decision_log.directory: {directory}: is not there yet\n")
        return DecisionLines(())
    except OSError as error:
        wrong_input([f"decision_log.directory: {directory}: cannot be read: {error.strerror}"])


def _counter(
    config: CallbackConfig,
    found: DecisionLines,
    days: tuple[date | None, date | None],
    topic: str | None,
) -> Callable[[Callable[[date, str], Group]], dict[Group, Figures]]:
    first, last = days
    lines = [each for each in with_their_offers(found.lines) if topic in {None, each.profile}]

    def zone_of(profile: str) -> ZoneInfo:
        return ZoneInfo(config.profile(profile).office_zone)

    def within(day: date) -> bool:
        return (first is None or day >= first) and (last is None or day <= last)

    return lambda group_of: count_lines(lines, group_of, zone_of, within)


def _tell_lost(found: DecisionLines) -> None:
    if found.torn:
        sys.stderr.write(f"{_lines(found.torn)} not whole and left out\n")
    if found.newer:
        sys.stderr.write(f"{_lines(found.newer)} of a newer version and left out\n")


def _rates(rows: Mapping[Group, Figures], total: Figures) -> Table:
    heads = [name for name, is_told in _told(next(iter(rows))) if is_told]
    names = (*heads, "Offered", "Accepted", "Booked", "Wait (1 in 10)")
    shown = [(*_named(each), *_cells(figures)) for each, figures in rows.items()]
    if len(rows) > 1:
        shown.append(("all", *("" for _ in heads[1:]), *_cells(total)))
    return tables.columns(names, shown, title="Callbacks")


def _told(group: Group) -> tuple[tuple[str, str | None], ...]:
    day = None if group.day is None else group.day.isoformat()
    return ("Day", day), ("Topic", group.profile)


def _named(group: Group) -> list[str]:
    return [each for _, each in _told(group) if each is not None]


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        _share(figures.offered, figures.wanted),
        _share(figures.accepted, figures.offered),
        str(figures.booked),
        _waits(figures),
    )


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {part / whole:.0%}" if whole else tables.NOTHING


def _waits(figures: Figures) -> str:
    middle, long = figures.median_wait_seconds, figures.long_wait_seconds
    if middle is None or long is None:
        return tables.NOTHING
    return f"{middle / _MINUTE:.0f} ({long / _MINUTE:.0f}) min"


def _outcomes(total: Figures) -> Table:
    rows = sorted(total.outcomes.items(), key=lambda each: (each[0][0], -each[1]))
    shown = [(event.replace("_", " "), what.replace("_", " "), str(n)) for (event, what), n in rows]
    return tables.columns(("What", "Outcome", "Times"), shown, title="Outcomes")


def _record(group: Group, figures: Figures) -> dict[str, Any]:
    outcomes: dict[str, dict[str, int]] = {}
    for (event, what), times in sorted(figures.outcomes.items()):
        outcomes.setdefault(event, {})[what] = times
    return {**_plain(group, figures), "outcomes": outcomes}


def _plain(group: Group, figures: Figures) -> dict[str, Any]:
    return {
        "day": None if group.day is None else group.day.isoformat(),
        "topic": group.profile,
        "wanted": figures.wanted,
        "offered": figures.offered,
        "offer_rate": _rounded(figures.offer_rate, 4),
        "accepted": figures.accepted,
        "accept_rate": _rounded(figures.accept_rate, 4),
        "declined": figures.declined,
        "booked": figures.booked,
        "wait_median_seconds": _rounded(figures.median_wait_seconds, 0),
        "wait_p90_seconds": _rounded(figures.long_wait_seconds, 0),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _write_csv(path: Path, rows: Mapping[Group, Figures]) -> None:
    outcomes = sorted({each for figures in rows.values() for each in figures.outcomes})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_heading(outcomes))
        for group, figures in rows.items():
            counted = [figures.outcomes.get(each, 0) for each in outcomes]
            writer.writerow(map(_cell, [*_plain(group, figures).values(), *counted]))


def _heading(outcomes: Iterable[tuple[str, str]]) -> list[str]:
    return [
        *_plain(Group(), Figures({}, {}, ())),
        *(f"{event}: {what}" for event, what in outcomes),
    ]


def _cell(value: object) -> object:
    """Keep a word that somebody chose from being a formula."""
    is_formula = isinstance(value, str) and value.startswith(_FORMULA_SIGNS)
    return f"'{value}" if is_formula else value


def _draw(path: Path, rows: Mapping[Group, Figures], topic: str | None) -> None:
    from ges_connector.reporting.plot import draw  # noqa: PLC0415 - needs the extra

    days = {group.day: figures for group, figures in rows.items() if group.day is not None}
    if not days:
        sys.stderr.write(f"{path}: not written, there is nothing to draw\n")
        return
    title = "Callbacks" if topic is None else f"Callbacks: {topic}"
    _writing(path, lambda part: draw(days, part, title))
    _tell_written(path, len(days), "day", "drawn")


def _tell_written(path: Path, count: int, what: str, how: str) -> None:
    sys.stderr.write(f"{path}: {count} {what}{'' if count == 1 else 's'} {how}\n")


def _writing(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file whole or not at all; a pipe or a device is written to as it is."""
    is_plain = path.is_file() or not path.exists()
    part = path.with_name(f".{path.stem}.part{path.suffix}") if is_plain else path
    try:
        write(part)
        if is_plain:
            part.replace(path)
    except OSError as error:
        wrong_input([f"{path}: cannot be written: {error.strerror}"])
    finally:
        if is_plain:
            with suppress(OSError):
                part.unlink()


def _lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count} lines are"
