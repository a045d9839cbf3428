"""A wish against the times that are free: which fit, which come nearest, and why nothing fits.

Pure. Slots are what GES offered: aware starts, all of one length. A wish that could be read in
several ways ("at three") is decided here where only one reading is on offer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from ges_connector.language.wish import Wish, WishKind

# "Around three" is anything within half an hour of it.
_ABOUT = timedelta(minutes=30)


class Explanation(StrEnum):
    """What the offer looks like beside the wish."""

    FITS = "fits"
    """Slots fit the wish."""
    FITS_ANOTHER_DAY = "fits_another_day"
    """No day was named; the time of day is free, but only on a later day."""
    UNDECIDED = "undecided"
    """Slots fit more than one reading of the wish: the customer has to say which."""
    NOTHING_THEN = "nothing_then"
    """There are slots on that day, but not at that time."""
    NOTHING_THAT_DAY = "nothing_that_day"
    """There are slots, but none on that day."""
    BEFORE_THE_FIRST = "before_the_first"
    """All slots are later than the wish."""
    AFTER_THE_LAST = "after_the_last"
    """All slots are earlier than the wish."""
    ALL_EXCLUDED = "all_excluded"
    """Slots would fit, but the customer ruled them out."""
    NO_SLOTS = "no_slots"
    """There are no slots at all."""


@dataclass(frozen=True, slots=True)
class SlotMatch:
    """How slots meet a wish.

    Attributes:
        explanation: see there.
        fitting: starts of the slots that fit, the best first; empty if none does.
        nearest: starts of the other slots, the nearest to the wish first.
        readings: the readings of the wish that have fitting slots; one if that decides it.
    """

    explanation: Explanation
    fitting: tuple[datetime, ...]
    nearest: tuple[datetime, ...]
    readings: tuple[Wish, ...]


def match(wish: Wish, slots: Sequence[datetime], duration_minutes: int) -> SlotMatch:
    """Filter and rank slots by a wish.

    Args:
        wish: a wish that holds a time; one without (a mere reply) is met by every slot.
        slots: aware starts, in any order.
        duration_minutes: how long a slot lasts; a wish within a slot is met by it.

    Returns:
        The fitting slots, the nearest others, and the explanation for the customer.

    Raises:
        ValueError: if a slot has no zone.
    """
    starts = sorted({_aware(each) for each in slots})
    if not starts:
        return SlotMatch(Explanation.NO_SLOTS, (), (), ())
    length = timedelta(minutes=duration_minutes)
    met = [each for each in wish.readings() if _fitting(each, starts, length)]
    fitting = _ranked(met, starts, length)
    nearest = _by_distance(wish, [each for each in starts if each not in fitting])
    if fitting:
        undecided = wish.undecided and len(met) > 1
        explanation = Explanation.UNDECIDED if undecided else Explanation.FITS
        return SlotMatch(explanation, fitting, nearest, tuple(met))
    return _otherwise(wish, starts, length)


def _aware(start: datetime) -> datetime:
    if start.utcoffset() is None:
        raise ValueError("slots must be aware datetimes")
    return start.astimezone(UTC)


def _otherwise(wish: Wish, starts: list[datetime], length: timedelta) -> SlotMatch:
    """Nothing fits as it was said: another day, or the reason why not."""
    readings = wish.readings()
    repeated = [each for each in readings if not each.day_named]
    later = [
        start for start in starts if any(_fits_daily(each, start, length) for each in repeated)
    ]
    if later:
        others = [each for each in starts if each not in later]
        nearest = _by_distance(wish, others)
        return SlotMatch(Explanation.FITS_ANOTHER_DAY, tuple(later), nearest, tuple(repeated))
    explanation = _why_not(readings, starts, length)
    return SlotMatch(explanation, (), _by_distance(wish, starts), ())


def _why_not(readings: Sequence[Wish], starts: list[datetime], length: timedelta) -> Explanation:
    if any(_within(each, start, length) for each in readings for start in starts):
        return Explanation.ALL_EXCLUDED
    if any(_day_of_wish(each) == _day_of(start, each) for each in readings for start in starts):
        return Explanation.NOTHING_THEN
    anchors = [at for each in readings if (at := each.earliest_at or each.latest_at)]
    if all(at < starts[0] for at in anchors):
        return Explanation.BEFORE_THE_FIRST
    if all(at > starts[-1] for at in anchors):
        return Explanation.AFTER_THE_LAST
    return Explanation.NOTHING_THAT_DAY


def _ranked(
    readings: Iterable[Wish], starts: list[datetime], length: timedelta
) -> tuple[datetime, ...]:
    """Every fitting slot once: those of the first reading first, exact wishes by nearness."""
    found: dict[datetime, None] = {}
    for reading in readings:
        fitting = _fitting(reading, starts, length)
        target = reading.earliest_at
        if reading.kind is WishKind.EXACT and target is not None:
            fitting.sort(key=partial(_apart, target))
        found.update(dict.fromkeys(fitting))
    return tuple(found)


def _apart(at: datetime, start: datetime) -> timedelta:
    return abs(start - at)


def _fitting(wish: Wish, starts: list[datetime], length: timedelta) -> list[datetime]:
    return [start for start in starts if _fits(wish, start, length)]


def _fits(wish: Wish, start: datetime, length: timedelta) -> bool:
    if any(each.contains(start) for each in wish.excluded):
        return False
    return _within(wish, start, length)


def _within(wish: Wish, start: datetime, length: timedelta) -> bool:
    """Whether a slot lies within what was wished, whatever was ruled out."""
    at, end = wish.earliest_at, wish.latest_at
    if wish.kind is WishKind.EXACT and at is not None:
        if wish.approximate and abs(start - at) <= _ABOUT:
            return True
        return start <= at < start + length
    return (at is None or start >= at) and (end is None or start < end)


def _fits_daily(wish: Wish, start: datetime, length: timedelta) -> bool:
    """Whether a slot fits the time of day of a wish that named no day."""
    anchor = wish.earliest_at or wish.latest_at
    if anchor is None:
        return False
    days = (_day_of(start, wish) - anchor.astimezone(ZoneInfo(wish.zone)).date()).days
    shifted = _on_another_day(wish, days)
    return days >= 0 and _fits(shifted, start, length)


def _on_another_day(wish: Wish, days: int) -> Wish:
    zone = ZoneInfo(wish.zone)
    moved = [
        None if at is None else _same_wall(at.astimezone(zone), days)
        for at in (wish.earliest_at, wish.latest_at)
    ]
    return replace(wish, earliest_at=moved[0], latest_at=moved[1])


def _same_wall(local: datetime, days: int) -> datetime:
    """The same time by the clock on the wall, some days later."""
    return (local + timedelta(days=days)).astimezone(UTC)


def _day_of(start: datetime, wish: Wish) -> date:
    return start.astimezone(ZoneInfo(wish.zone)).date()


def _day_of_wish(wish: Wish) -> date | None:
    anchor = wish.earliest_at or wish.latest_at
    return None if anchor is None else _day_of(anchor, wish)


def _by_distance(wish: Wish, starts: Iterable[datetime]) -> tuple[datetime, ...]:
    readings = wish.readings()
    return tuple(
        sorted(
            starts, key=lambda start: (min(abs(_distance(each, start)) for each in readings), start)
        )
    )


def _distance(wish: Wish, start: datetime) -> timedelta:
    """How far a slot is from a wish: negative if it is earlier."""
    at, end = wish.earliest_at, wish.latest_at
    if at is not None and start < at:
        return start - at
    if wish.kind is WishKind.EXACT and at is not None:
        return start - at
    return start - end if end is not None and start >= end else timedelta(0)
