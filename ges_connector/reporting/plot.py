"""Draws the figures of a report: what became of the wishes, and the waits, day by day."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ges_connector.reporting.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from matplotlib.axes import Axes

# Told apart by brightness as well as by colour.
_BOOKED: Final = "#1b4f8a"
_ACCEPTED: Final = "#e08a00"
_OFFERED: Final = "#9fc3e8"
_MISSED: Final = "#c9c9c9"
_LINE: Final = "#333333"
_MOST_LABELS: Final = 12
_MINUTE: Final = 60
_HEAD_ROOM: Final = 1.1


def draw(days: Mapping[date, Figures], path: Path, title: str) -> None:
    """Draw a report into a file.

    Args:
        days: The figures of each day that has any, the earliest first; at least one.
        path: Where to; its ending is a format: `.svg` or `.png`.
        title: What it is about.

    Raises:
        OSError: The file cannot be written.
    """
    days = every_day(days)
    figure = Figure(figsize=(9, 6), layout="constrained")
    wishes, waits = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    figure.suptitle(title)
    draw_wishes(wishes, list(days.values()))
    draw_waits(waits, list(days.values()))
    step = max(1, -(-len(days) // _MOST_LABELS))
    places = range(0, len(days), step)
    labels = [f"{day:%a} {day.isoformat()[5:]}" for day in days]
    waits.set_xticks(list(places), [labels[each] for each in places], rotation=30, ha="right")
    # Without a date of its own the same figures make the same file.
    metadata = {"Date": None} if path.suffix == ".svg" else None
    figure.savefig(path, dpi=120, metadata=metadata)


def every_day(days: Mapping[date, Figures]) -> dict[date, Figures]:
    """Give the days between the first and the last that have no figures none, as a gap.

    Args:
        days: The figures of each day that has any, the earliest first; at least one.
    """
    first, last = min(days), max(days)
    between = (first + timedelta(days=count) for count in range((last - first).days + 1))
    nothing = Figures({}, {}, ())
    return {day: days.get(day, nothing) for day in between}


def draw_wishes(axes: Axes, days: list[Figures]) -> None:
    """Draw what became of the wishes of each day, one bar a day.

    Args:
        axes: Where.
        days: The figures of each day, the earliest first.
    """
    booked = [min(each.booked, each.offered) for each in days]
    accepted = [
        max(0, min(each.accepted, each.offered) - least)
        for each, least in zip(days, booked, strict=True)
    ]
    left = [each.offered - a - b for each, a, b in zip(days, booked, accepted, strict=True)]
    missed = [each.wanted - each.offered for each in days]
    under = [0] * len(days)
    for heights, colour, label in (
        (booked, _BOOKED, "booked"),
        (accepted, _ACCEPTED, "accepted, not booked"),
        (left, _OFFERED, "offered, not accepted"),
        (missed, _MISSED, "could not be offered"),
    ):
        axes.bar(range(len(days)), heights, bottom=under, color=colour, label=label)
        under = [each + more for each, more in zip(under, heights, strict=True)]
    # A bar of no height on top would have the plot end where it stands.
    axes.set_ylim(0, _HEAD_ROOM * max(1, *under))
    axes.set_ylabel("wishes for a callback")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=4, frameon=False)


def draw_waits(axes: Axes, days: list[Figures]) -> None:
    """Draw the waits of each day, with room above the longest for its mark.

    Args:
        axes: Where.
        days: The figures of each day, the earliest first.
    """
    places = range(len(days))
    middle = [_minutes(each.median_wait_seconds) for each in days]
    long = [_minutes(each.long_wait_seconds) for each in days]
    # A mark is larger than the point it stands for: at the edge it would be cut in half.
    axes.plot(places, middle, color=_LINE, marker="o", label="median", clip_on=False)
    more = "one in ten waits longer"
    axes.plot(places, long, color=_LINE, marker="^", linestyle=":", label=more, clip_on=False)
    axes.set_ylabel("wait at offer, minutes")
    known = [each for each in (*middle, *long) if not math.isnan(each)]
    axes.set_ylim(0, _HEAD_ROOM * max([1, *known]))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.18), ncols=2, frameon=False)


def _minutes(seconds: float | None) -> float:
    return float("nan") if seconds is None else seconds / _MINUTE
