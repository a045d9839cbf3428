"""The decision log: every event as a line of JSON, one file a day, for `ges-callback report`.

Off unless a directory is configured. A line holds what an event holds, so nothing personal: see
`events`. Several workers and replicas may write into the same directory, as each line is appended
by a single write. What cannot be written is told once and never disturbs a conversation.
"""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ges_connector.callbacks.events import CallbackEvent

logger = logging.getLogger(__name__)

VERSION: Final = 1
"""Of the lines: a reader passes over lines of a version it does not know."""
_NAME: Final = re.compile(r"decisions-([0-9]{4}-[0-9]{2}-[0-9]{2})\.jsonl")
_MODE: Final = 0o640


def line_of(event: CallbackEvent) -> dict[str, Any]:
    """Write an event as a record of plain values.

    Args:
        event: What happened.

    Returns:
        `v`, `event`, the fields of its scene (`at`: ISO 8601, UTC), and its own fields.
    """
    scene = {each.name: getattr(event.scene, each.name) for each in fields(event.scene)}
    own = {each.name: getattr(event, each.name) for each in fields(event) if each.name != "scene"}
    plain = {name: _plain(value) for name, value in {**scene, **own}.items()}
    return {"v": VERSION, "event": event.name, **plain}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def fault_of(directory: Path) -> str | None:
    """Tell why nothing could be written into a directory; nothing is made to find out.

    Args:
        directory: Where the files are to be; it may not be there yet.

    Returns:
        The reason in words; None if there is none to be seen.
    """
    there = next((each for each in (directory, *directory.parents) if each.exists()), directory)
    if not there.is_dir():
        return f"{there} is no directory"
    return None if os.access(there, os.W_OK | os.X_OK) else f"{there} cannot be written to"


def file_of(directory: Path, day: date) -> Path:
    """Name the file of a day, UTC."""
    return directory / f"decisions-{day.isoformat()}.jsonl"


def files_in(directory: Path) -> dict[date, Path]:
    """Find the files of a decision log by their day, UTC, the oldest first.

    Raises:
        OSError: The directory cannot be read.
    """
    named = ((_day_of(each.name), each) for each in directory.iterdir())
    return dict(sorted((day, path) for day, path in named if day is not None))


def _day_of(name: str) -> date | None:
    """The day of a file; None for one that is named for none, such as the 30th of February."""
    match = _NAME.fullmatch(name)
    try:
        return None if match is None else date.fromisoformat(match[1])
    except ValueError:
        return None


class DecisionLog:
    """Writes down what it is told; a subscriber of `events`.

    Args:
        directory: Where the files are; made if it is missing.
        keep_days: How many days before today's stay; older files are removed when a day begins.
        now: Tells the present instant, UTC.
    """

    def __init__(self, directory: Path, keep_days: int, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._keep_days = keep_days
        self._now = now
        self._day: date | None = None
        self._file: int | None = None
        self._is_torn = False
        self._is_failing = False

    def __call__(self, event: CallbackEvent) -> None:
        """Append an event; what cannot be written is told once and then left out."""
        line = json.dumps(line_of(event), separators=(",", ":")).encode() + b"\n"
        try:
            self._append(line)
        except OSError as error:
            self._complain(error)
        else:
            self._is_failing = False

    def close(self) -> None:
        """Close the file of the day."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _append(self, line: bytes) -> None:
        file = self._file_of_the_day()
        # What another write left unfinished on a full disk must not swallow this line.
        whole = b"\n" + line if self._is_torn else line
        written = os.write(file, whole)
        self._is_torn = written < len(whole)
        if self._is_torn:
            raise OSError(0, "the disk is full")

    def _file_of_the_day(self) -> int:
        today = self._now().date()
        if self._file is not None and today == self._day:
            return self._file
        self.close()
        self._directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._file = file = os.open(file_of(self._directory, today), how, _MODE)
        self._day = today
        first = today - timedelta(days=self._keep_days)
        for day, path in files_in(self._directory).items():
            if day < first:
                path.unlink(missing_ok=True)
        return file

    def _complain(self, error: OSError) -> None:
        if not self._is_failing:
            self._is_failing = True
            where, why = self._directory.absolute(), error.strerror
            logger.warning("Decisions are not written down in %s: %s", where, why)
