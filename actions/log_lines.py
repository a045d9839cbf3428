"""The log of the action server: its levels, and one JSON object a line where that is asked for.

Our own lines hold no text and no number of a customer, and no conversation's id but its pseudonym.
Those of the libraries beneath are not ours to word: in JSON their numbers are masked, and of an
exception only its kind and place is left.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from ges_connector.api.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEVEL_VARIABLE: Final = "CALLBACK_LOG_LEVEL"
FORMAT_VARIABLE: Final = "CALLBACK_LOG_FORMAT"
_OURS: Final = ("actions", "ges_connector")
_FORMATS: Final = ("text", "json")
_TEXT: Final = "%(asctime)s %(levelname)-8s %(name)s  - %(message)s"
_USUAL: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"}
)
# What these tell is the address of the engine, and a request line whose query was taken out.
_OF_ACCESS: Final = ("request", "status", "duration")


class LogSettingsError(Exception):
    """A variable about the log holds something else than it may."""


def check(environment: Mapping[str, str]) -> None:
    """Check the variables about the log.

    Raises:
        LogSettingsError: One cannot be used; the text tells what may stand there.
    """
    form, level = environment.get(FORMAT_VARIABLE), environment.get(LEVEL_VARIABLE)
    if form and form not in _FORMATS:
        raise LogSettingsError(f"{FORMAT_VARIABLE}: must be text or json")
    if level and level.upper() not in logging.getLevelNamesMapping():
        raise LogSettingsError(f"{LEVEL_VARIABLE}: must be DEBUG, INFO, WARNING or ERROR")


def show() -> None:
    """Show our lines, in this process: what the SDK sets up does not reach its workers."""
    root = logging.getLogger()
    if not root.handlers:
        logging.basicConfig(format=_TEXT)
    level = logging.getLevelNamesMapping().get(os.environ.get(LEVEL_VARIABLE, "").upper())
    for name in _OURS:
        logging.getLogger(name).setLevel(level or logging.INFO)
    if os.environ.get(FORMAT_VARIABLE) == "json":
        for handler in _handlers():
            handler.setFormatter(JsonLines())


def _handlers() -> Iterator[logging.Handler]:
    """Every handler there is: a line between the objects would be no JSON."""
    yield from logging.getLogger().handlers
    for log in [*logging.getLogger().manager.loggerDict.values()]:
        if isinstance(log, logging.Logger):
            yield from log.handlers


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object on one line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        more = {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.name.partition(".")[0] in _OURS:
            line |= {"message": record.getMessage(), **more}
        else:
            line["message"] = redact(record.getMessage())
            line |= {name: redact(str(more[name])) for name in _OF_ACCESS if name in more}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = place_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def place_of(error: BaseException) -> str:
    """Where a mistake is, without its text: that may quote what the customer said."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
