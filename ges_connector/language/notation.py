"""A wish in one line, for tables of utterances, reports and the command line.

`exact 11-24 15:00` · `day 11-24` · `window 11-24 14:00 - 11-24 16:00` (… = open) · `after 11-24
17:00 - …` · `asap` · `choice index 2` · `unclear in_the_past` · ` ~` = about · ` | ` = any of these
will do · ` ? ` = one of these is meant, unsaid which · ` without ` = ruled out. Times are those of
the customer's clock.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from ges_connector.language.wish import Interval, Unclear, Wish, WishKind

# "Not on Mondays" rules out several; the first two show that it comes again.
_EXCLUDED_SHOWN = 2


def in_short(outcome: Wish | Unclear, zone: ZoneInfo) -> str:
    """Write a wish, or the reason for none, in one line.

    Args:
        outcome: what `understand` answered.
        zone: the customer's zone, in which the times are written.
    """
    if isinstance(outcome, Unclear):
        return f"unclear {outcome.reason}"
    if outcome.alternatives:
        separator = " ? " if outcome.undecided else " | "
        return separator.join(_inner(each, zone) for each in outcome.alternatives)
    pieces = [_time(outcome, zone)]
    if outcome.choice is not None:
        pieces.append(str(outcome.choice.kind))
        if outcome.choice.index is not None:
            pieces.append(str(outcome.choice.index))
    if outcome.excluded:
        shown = outcome.excluded[:_EXCLUDED_SHOWN]
        pieces.append("without " + ", ".join(_interval(each, zone) for each in shown))
    if outcome.approximate:
        pieces.append("~")
    return " ".join(pieces)


def _inner(wish: Wish, zone: ZoneInfo) -> str:
    written = in_short(wish, zone)
    return f"({written})" if wish.alternatives else written


def _time(wish: Wish, zone: ZoneInfo) -> str:
    if wish.kind is WishKind.EXACT:
        return f"exact {_wall(wish.earliest_at, zone)}"
    if wish.kind is WishKind.DAY:
        return f"day {_wall(wish.earliest_at, zone)[:5]}"
    if wish.kind in {WishKind.ASAP, WishKind.CHOICE}:
        return str(wish.kind)
    return f"{wish.kind} {_interval(Interval(wish.earliest_at, wish.latest_at), zone)}"


def _interval(interval: Interval, zone: ZoneInfo) -> str:
    return f"{_wall(interval.earliest_at, zone)} - {_wall(interval.latest_at, zone)}"


def _wall(at: datetime | None, zone: ZoneInfo) -> str:
    return "…" if at is None else f"{at.astimezone(zone):%m-%d %H:%M}"
