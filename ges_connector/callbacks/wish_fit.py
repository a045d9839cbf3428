"""Which free times a wish can mean, and how far the others are from it.

A wish never becomes a time by itself; it only filters and ranks what is free. Where its words leave
two readings, the free times decide: a reading that none of them fits is dropped, and so is one that
all of them fit, since nobody says "after five" to mean the whole day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ges_connector.language import Grain, Wish, WishKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ges_connector.callbacks.free_times import FreeTime

_DAY = timedelta(days=1)
_ABOUT = timedelta(minutes=30)
_NOTHING = timedelta(0)


def names_time(wish: Wish) -> bool:
    """Whether a wish says anything about time, or only picks from a menu."""
    return any(
        reading.earliest_at or reading.latest_at or reading.excluded for reading in wish.readings()
    )


def is_open_wish(wish: Wish) -> bool:
    """Whether any time at all will do."""
    return wish.grain is Grain.ANY and wish.choice is None and not names_time(wish)


def time_part(wish: Wish, *, picks_too: bool = True) -> Wish | None:
    """What a wish says about time, without the readings that only pick from a menu.

    Args:
        wish: The wish.
        picks_too: Whether a reading that does both ("the last one on Tuesday") is kept.

    Returns:
        The rest of it; None if it says nothing about time.
    """
    if not wish.alternatives:
        is_timed = names_time(wish) and wish.kind is not WishKind.CHOICE
        return wish if is_timed and (picks_too or wish.choice is None) else None
    parts = (time_part(alternative, picks_too=picks_too) for alternative in wish.alternatives)
    kept = tuple(part for part in parts if part is not None)
    return replace(wish, alternatives=kept) if kept else None


def is_excluded(wish: Wish, at: datetime) -> bool:
    """Whether a wish rules an instant out ("not on Monday")."""
    ruled_out = (interval for each in (wish, *wish.readings()) for interval in each.excluded)
    return any(interval.contains(at) for interval in ruled_out)


def fitting(wish: Wish, times: Sequence[FreeTime]) -> tuple[FreeTime, ...]:
    """Choose the times that fit a wish.

    Args:
        wish: The wish.
        times: What is free.

    Returns:
        What fits every reading that is left, or any of them if no time fits all; in the given
        order. For "around three", the times at three, else those within half an hour.
    """
    allowed = [time for time in times if not is_excluded(wish, time.start_at)]
    kept = _agreed(_readings_left(wish, allowed))
    return tuple(time for time in allowed if time in kept)


_Fit = frozenset["FreeTime"]


def _agreed(readings: Sequence[_Fit]) -> _Fit:
    """What all readings have in common; if that is nothing, what any of them has."""
    if not readings:
        return frozenset()
    return frozenset.intersection(*readings) or frozenset.union(*readings)


def _readings_left(wish: Wish, times: Sequence[FreeTime]) -> list[_Fit]:
    """What each reading that the free times leave standing fits."""
    if not wish.alternatives:
        fit = _fitting_one(wish, times)
        return [fit] if fit else []
    parts = [_readings_left(alternative, times) for alternative in wish.alternatives]
    if not wish.undecided:
        either = frozenset().union(*(_agreed(part) for part in parts))
        return [either] if either else []
    left = [fit for part in parts for fit in part]
    return [fit for fit in left if len(fit) < len(times)] or left


def _fitting_one(reading: Wish, times: Sequence[FreeTime]) -> _Fit:
    sharp = frozenset(time for time in times if _distance(reading, time.start_at) == _NOTHING)
    if sharp or not reading.approximate:
        return sharp
    return frozenset(time for time in times if _distance(reading, time.start_at) <= _ABOUT)


def distance(wish: Wish, at: datetime) -> timedelta:
    """How far an instant lies from what a wish asks for; by the clock alone if it names no day."""
    return min(_distance(reading, at) for reading in wish.readings())


def clock_distance(wish: Wish, at: datetime) -> timedelta:
    """How far an instant lies from the time of day a wish asks for, on whatever day."""
    return min(_distance_by_clock(reading, at) for reading in wish.readings())


def _distance(reading: Wish, at: datetime) -> timedelta:
    start, end = reading.earliest_at, reading.latest_at
    if reading.kind in {WishKind.ASAP, WishKind.CHOICE} or (start is None and end is None):
        return _NOTHING
    if not reading.day_named:
        return _distance_by_clock(reading, at)
    if reading.kind is WishKind.EXACT and start is not None:
        return abs(at - start)
    if start is not None and at < start:
        return start - at
    # An end does not belong to the wish any more, so even the end itself is a little way off.
    return max(at - end, timedelta(seconds=1)) if end is not None and at >= end else _NOTHING


def _distance_by_clock(reading: Wish, at: datetime) -> timedelta:
    """How far the clock of any day is from a time of day that was named without a day."""
    zone = ZoneInfo(reading.zone)
    clock = _since_midnight(at, zone)
    start = None if reading.earliest_at is None else _since_midnight(reading.earliest_at, zone)
    end = None if reading.latest_at is None else _since_midnight(reading.latest_at, zone)
    if reading.kind is WishKind.EXACT and start is not None:
        return _around_the_clock(clock, start)
    start = start or _NOTHING
    end = end or _DAY
    is_within = start <= clock < end if start < end else clock >= start or clock < end
    if is_within:
        return _NOTHING
    return min(
        _around_the_clock(clock, start), max(_around_the_clock(clock, end), timedelta(seconds=1))
    )


def _since_midnight(at: datetime, zone: ZoneInfo) -> timedelta:
    local = at.astimezone(zone)
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _around_the_clock(one: timedelta, other: timedelta) -> timedelta:
    apart = abs(one - other)
    return min(apart, _DAY - apart)


def names_day(wish: Wish) -> bool:
    """Whether a wish names a day, not only a time of day."""
    return any(_has_day(reading) for reading in wish.readings())


def is_on_wished_day(wish: Wish, at: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant lies on a date that a wish names.

    Args:
        wish: The wish.
        at: The instant.
        zone: The customer's zone, in which days are counted.
    """
    return any(_is_on_day_of(reading, at, zone) for reading in wish.readings())


def _has_day(reading: Wish) -> bool:
    return reading.day_named and bool(reading.earliest_at or reading.latest_at)


def _is_on_day_of(reading: Wish, at: datetime, zone: ZoneInfo) -> bool:
    if not _has_day(reading):
        return False
    start, end, date = reading.earliest_at, reading.latest_at, at.astimezone(zone).date()
    if reading.kind is WishKind.EXACT and start is not None:
        return date == start.astimezone(zone).date()
    if start is not None and date < start.astimezone(zone).date():
        return False
    # The end does not belong to the wish: a day that ends at midnight is not the next day too.
    return end is None or date <= (end - timedelta(microseconds=1)).astimezone(zone).date()
