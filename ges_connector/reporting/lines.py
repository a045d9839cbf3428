"""Reads the decision log back. What is no whole line of a known version is counted, not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)

from ges_connector.callbacks.decision_log import VERSION, files_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ONE_DAY: Final = timedelta(days=1)


def _known_in_every_zone(at: datetime) -> datetime:
    try:
        for day in (-_ONE_DAY, _ONE_DAY):
            at.astimezone(UTC) + day
    except OverflowError:
        raise ValueError("lies at the edge of the calendar") from None
    return at


class Line(BaseModel):
    """What the report needs of a line; see `ges_connector.callbacks.events` for the meaning.

    Attributes:
        v: Version of the line.
        at: When.
        event: Name of the event.
        profile: Name of the topic.
        wait_seconds: The estimated wait at an offer; None if it was unknown.
        outcome: What a booking, a move or a cancellation came to.
        rung: Which kind of number was given.
        conversation: Pseudonym of the conversation.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    v: Literal[1]
    at: Annotated[AwareDatetime, AfterValidator(_known_in_every_zone)]
    event: str
    profile: str
    wait_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    outcome: str | None = None
    rung: str | None = None
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionLines:
    """What was found in a decision log.

    Attributes:
        lines: Those that could be read, in the order of the files.
        torn: How many were not whole, as after a full disk or a crash.
        newer: How many a newer version of this program has written.
    """

    lines: tuple[Line, ...]
    torn: int = 0
    newer: int = 0


def read_decisions(
    directory: Path, first: date | None = None, last: date | None = None
) -> DecisionLines:
    """Read the files that can hold lines of some days.

    Args:
        directory: Where the files are.
        first: The first day, in whatever zone; None for the oldest there is.
        last: The last day; None for the newest there is.

    Raises:
        OSError: The directory or a file cannot be read.
    """
    found: list[Line] = []
    torn = newer = 0
    for text in _texts(directory, first, last):
        try:
            found.append(Line.model_validate_json(text))
        except ValidationError as error:
            is_newer = any(
                each["loc"] == ("v",) and _is_later(each["input"]) for each in error.errors()
            )
            newer += is_newer
            torn += not is_newer
    return DecisionLines(tuple(found), torn, newer)


def _texts(directory: Path, first: date | None, last: date | None) -> Iterator[str]:
    for day, path in files_in(directory).items():
        # The files' days are of UTC: the day of an office begins or ends up to 14 hours apart.
        is_late = first is None or first <= day or first - day <= _ONE_DAY
        is_early = last is None or day <= last or day - last <= _ONE_DAY
        if is_late and is_early:
            lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
            yield from (line for line in lines if line.strip())


def _is_later(version: object) -> bool:
    return isinstance(version, int) and version > VERSION
