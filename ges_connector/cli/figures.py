"""Reads figures out of what the statistics service answered, for people and for programs.

The service is the contact centre's own and its answers are opaque to GES (GES contract, section
2.9). What looks like a list of figures is read as such: an object, a name in one word, a value, and
a timestamp in milliseconds. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ges_connector.cli import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIST: Final = "statistics"
_NAMES: Final = ("name", "statisticId")
_OF_A_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TIME: Final = "time"
_MILLISECONDS: Final = 1000
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        of: What it is of, a virtual queue for example; None if the service named nothing.
        name: Its name, as the service writes it.
        value: Its value, in seconds where it is a time; None where the service knows none, for
            which it writes -1 of times.
        is_seconds: Whether it is a time, by its name.
        as_of_at: When it held, UTC.
        error: Why there is none, in the service's words.
    """

    of: str | None
    name: str
    value: Any
    is_seconds: bool
    as_of_at: datetime | None = None
    error: str | None = None

    @property
    def words(self) -> str:
        """Its name in words: `CallsWaiting` is "calls waiting"."""
        return in_words(self.name)

    @property
    def told(self) -> str:
        """Its value with its unit, or why there is none."""
        if self.error is not None:
            return self.error
        if self.value is None:
            return _UNKNOWN
        return tables.span(self.value) if self.is_seconds else _plain(self.value)


def figures_in(data: object) -> tuple[Figure, ...] | None:
    """Read an answer.

    Args:
        data: The answer, as JSON has it.

    Returns:
        Its figures in the order they came; None if it is of another shape.
    """
    listed = data.get(_LIST) if isinstance(data, dict) else data
    if not isinstance(listed, list) or not listed:
        return None
    read = [_figure(each) for each in listed]
    found = tuple(each for each in read if each is not None)
    return found if len(found) == len(read) else None


def _figure(entry: object) -> Figure | None:
    if not isinstance(entry, dict):
        return None
    name = next((entry[key] for key in _NAMES if isinstance(entry.get(key), str)), None)
    value, error = entry.get("value"), entry.get("error")
    if name is None or isinstance(value, dict | list) or not {"value", "error"} & entry.keys():
        return None
    of = entry.get("objectId")
    is_seconds = _is_time(name) and (value is None or _is_number(value))
    return Figure(
        of=of if isinstance(of, str) else None,
        name=name,
        value=None if is_seconds and value is not None and value < 0 else value,
        is_seconds=is_seconds,
        as_of_at=_instant(entry.get("timestamp")),
        error=None if error is None else str(error),
    )


def _is_time(name: str) -> bool:
    return in_words(name).split()[-1:] == [_TIME]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _instant(milliseconds: object) -> datetime | None:
    if not isinstance(milliseconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / _MILLISECONDS, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def in_words(name: str) -> str:
    """Write a name that is one word as several; what is an abbreviation stays one."""
    return " ".join(_lowered(name)) or name


def _lowered(name: str) -> Iterator[str]:
    for word in _OF_A_WORD.findall(name):
        yield word if word.isupper() and len(word) > 1 else word.lower()


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
