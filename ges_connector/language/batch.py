"""Wishes as records of plain values, one a line, for other programs and for measuring."""

from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from ges_connector.language.wish import Interval, Unclear, Wish


class BatchInterval(TypedDict):
    """A stretch of time that was ruled out; null where it has no beginning or no end."""

    start: str | None
    end: str | None


class BatchAlternative(TypedDict):
    """One reading of a text, or one of the times of which any will do."""

    kind: str
    start: str | None
    end: str | None
    grain: str


# "Except" is a keyword, so the functional form.
_Exclusions = TypedDict("_Exclusions", {"except": list[BatchInterval]})


class BatchRecord(_Exclusions):
    """A wish, or the reason for none.

    Times are wall times of the customer's zone without an offset (ISO 8601); `end` is exclusive,
    and null for an instant or an open end. Where several readings or times are left, they are in
    `alternatives`, and `start` and `end` are null. `except` has what was ruled out ("not on
    Mondays"), for some weeks ahead where it comes again. `reason` is set for `unclear` only.
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
        return {
            "kind": "unclear",
            "start": None,
            "end": None,
            "grain": None,
            "reason": str(outcome.reason),
            "alternatives": alternatives,
            "except": [],
        }
    ruled_out = [each for wish in (outcome, *outcome.readings()) for each in wish.excluded]
    return {
        **_alternative(outcome, zone),
        "reason": None,
        "alternatives": alternatives,
        "except": [_interval(each, zone) for each in dict.fromkeys(ruled_out)],
    }


def _interval(interval: Interval, zone: ZoneInfo) -> BatchInterval:
    return BatchInterval(
        start=_wall(interval.earliest_at, zone), end=_wall(interval.latest_at, zone)
    )


def _alternative(wish: Wish, zone: ZoneInfo) -> BatchAlternative:
    return BatchAlternative(
        kind=str(wish.kind),
        start=_wall(wish.earliest_at, zone),
        end=_wall(wish.latest_at, zone),
        grain=str(wish.grain),
    )


def _wall(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).replace(tzinfo=None).isoformat()
