"""Wishes as records of plain values, one a line, for other programs and for measuring."""

from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from ges_connector.language.wish import Unclear, Wish


class BatchAlternative(TypedDict):
    """One reading of a text, or one of the times of which any will do."""

    kind: str
    start: str | None
    end: str | None
    grain: str


class BatchRecord(TypedDict):
    """A wish, or the reason for none.

    Times are wall times of the customer's zone without an offset (ISO 8601); `end` is exclusive,
    and null for an instant or an open end. Where several readings or times are left, they are in
    `alternatives`, and `start` and `end` are null. `reason` is set for `unclear` only.
    """

    kind: str
    start: str | None
    end: str | None
    grain: str | None
    reason: str | None
    alternatives: list[BatchAlternative]


def as_batch_record(outcome: Wish | Unclear, zone: ZoneInfo) -> BatchRecord:
    """Write what `understand` answered as a record.

    Args:
        outcome: the wish, or the reason for none.
        zone: the customer's zone, in which the times are written.
    """
    readings = [each for one in outcome.alternatives for each in one.readings()]
    alternatives = [_alternative(each, zone) for each in readings]
    if isinstance(outcome, Unclear):
        return BatchRecord(
            kind="unclear",
            start=None,
            end=None,
            grain=None,
            reason=str(outcome.reason),
            alternatives=alternatives,
        )
    own = _alternative(outcome, zone)
    return BatchRecord(**own, reason=None, alternatives=alternatives)


def _alternative(wish: Wish, zone: ZoneInfo) -> BatchAlternative:
    return BatchAlternative(
        kind=str(wish.kind),
        start=_wall(wish.earliest_at, zone),
        end=_wall(wish.latest_at, zone),
        grain=str(wish.grain),
    )


def _wall(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).replace(tzinfo=None).isoformat()
