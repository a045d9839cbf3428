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
    from collections.abc import Callable, Sequence

    from ges_connector.callbacks.free_times import FreeTime

_DAY = timedelta(days=1)
_ABOUT = timedelta(minutes=30)
_NAMED_MINUTES = 5
_NOTHING = timedelta(0)
_LEAST = timedelta(seconds=1)


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


def allowed(wish: Wish, times: Sequence[FreeTime]) -> list[FreeTime]:
    """The times that a wish does not rule out ("not on Monday")."""
    ruled_out = [interval for each in (wish, *wish.readings()) for interval in each.excluded]
    if not ruled_out:
        return [*times]
    return [
        time
        for time in times
        if not any(interval.contains(time.start_at) for interval in ruled_out)
    ]


def fitting(wish: Wish, times: Sequence[FreeTime]) -> tuple[FreeTime, ...]:
    """Choose the times that fit a wish.

    Args:
        wish: The wish.
        times: What is free.

    Returns:
        What fits every reading that is left, or any of them if no time fits all; in the given
        order. For "around three", the times at three, else those within half an hour; so for
        "in two hours", which is hardly ever the beginning of a free time.
    """
    candidates = allowed(wish, times)
    kept = _agreed(_readings_left(wish, candidates))
    return tuple(time for time in candidates if time in kept)


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
    measure = _measure(reading)
    apart = [(time, measure(time.start_at)) for time in times]
    sharp = frozenset(time for time, distance in apart if distance == _NOTHING)
    if sharp or not (reading.approximate or _is_counted(reading)):
        return sharp
    return frozenset(time for time, distance in apart if distance <= _ABOUT)


def _is_counted(reading: Wish) -> bool:
    """Whether it is an instant that nobody names: "in two hours", said at 12:32."""
    at = reading.earliest_at
    if reading.kind is not WishKind.EXACT or at is None:
        return False
    return bool(at.second or at.microsecond or at.minute % _NAMED_MINUTES)


def measured(wish: Wish, *, by_clock: bool = False) -> Callable[[datetime], timedelta]:
    """Make the measure of how far an instant lies from what a wish asks for.

    Args:
        wish: The wish.
        by_clock: Whether only the time of day counts; it does in any case if no day was named.

    Returns:
        A function from an aware instant to its distance.
    """
    make = _measure_by_clock if by_clock else _measure
    measures = [make(reading) for reading in wish.readings()]
    return lambda at: min(measure(at) for measure in measures)


def _measure(reading: Wish) -> Callable[[datetime], timedelta]:
    start, end = reading.earliest_at, reading.latest_at
    if reading.kind in {WishKind.ASAP, WishKind.CHOICE} or (start is None and end is None):
        return lambda _: _NOTHING
    if not reading.day_named:
        return _measure_by_clock(reading)
    if reading.kind is WishKind.EXACT and start is not None:
        exact = start
        return lambda at: abs(at - exact)

    def outside(at: datetime) -> timedelta:
        if start is not None and at < start:
            return start - at
        # An end does not belong to the wish any more, so even the end itself is a little way off.
        return max(at - end, _LEAST) if end is not None and at >= end else _NOTHING

    return outside


def _measure_by_clock(reading: Wish) -> Callable[[datetime], timedelta]:
    """Measure how far the clock of any day is from the time of day a reading names."""
    zone = ZoneInfo(reading.zone)
    begins = None if reading.earliest_at is None else _since_midnight(reading.earliest_at, zone)
    ends = None if reading.latest_at is None else _since_midnight(reading.latest_at, zone)
    if reading.kind is WishKind.EXACT and begins is not None:
        exact = begins
        return lambda at: _around_the_clock(_since_midnight(at, zone), exact)
    start, end = begins or _NOTHING, ends or _DAY

    def outside(at: datetime) -> timedelta:
        clock = _since_midnight(at, zone)
        if start <= clock < end or (start >= end and (clock >= start or clock < end)):
            return _NOTHING
        return min(_around_the_clock(clock, start), max(_around_the_clock(clock, end), _LEAST))

    return outside


def _since_midnight(at: datetime, zone: ZoneInfo) -> timedelta:
    local = at.astimezone(zone)
    return timedelta(seconds=local.hour * 3600 + local.minute * 60 + local.second)


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
