"""The times a callback can be booked for, and the ids they travel under.

An id stands for one instant and nothing else, so a button of an older menu can never pick another
time than the one it showed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from ges_connector.api import Availability, ProposedSlot
    from ges_connector.callbacks.profile import SlotPolicy

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID = re.compile(r"s([0-9a-z]{1,10})")
_NOON_HOUR = 12
_EVENING_HOUR = 17
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class FreeTime:
    """A time that can be booked.

    Attributes:
        start_at: Its start, UTC; what is booked.
        duration_minutes: Length of the slot in which the call comes; None if GES did not say.
    """

    start_at: datetime
    duration_minutes: int | None = None

    @property
    def id(self) -> str:
        """Its id: letters and digits only, fit for a button."""
        return time_id(self.start_at)

    @property
    def ends_at(self) -> datetime | None:
        """End of the slot, exclusive, UTC; None if its length is unknown."""
        if self.duration_minutes is None:
            return None
        return self.start_at + timedelta(minutes=self.duration_minutes)


def time_id(at: datetime) -> str:
    """Give the id of an instant.

    Args:
        at: Aware, to the millisecond, not before 1970.
    """
    number, digits = (at - _EPOCH) // _MILLISECOND, ""
    while number > 0:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"s{digits or '0'}"


def time_of_id(text: object) -> datetime | None:
    """Give the instant of an id, UTC; None for anything that is no id."""
    match = _ID.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    try:
        return _EPOCH + int(match[1], len(_DIGITS)) * _MILLISECOND
    except OverflowError:
        return None


def day_part(at: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """Tell the date and the part of the day of an instant.

    Args:
        at: Aware.
        zone: In which the customer counts days.

    Returns:
        The date, and 0 for the morning, 1 for the afternoon, 2 for the evening.
    """
    local = at.astimezone(zone)
    return local.date(), (local.hour >= _NOON_HOUR) + (local.hour >= _EVENING_HOUR)


def bookable(availability: Availability, policy: SlotPolicy, now: datetime) -> tuple[FreeTime, ...]:
    """Choose from what GES listed the times that may be shown.

    Args:
        availability: GES's answer.
        policy: Lead time and horizon.
        now: The instant, aware.

    Returns:
        Times with room, not nearer than the lead time and not beyond the horizon, earliest first.
    """
    starts = [slot.utc_time for slot in availability.open_slots]
    return _within(starts, policy, now, availability.duration_minutes)


def first_bookable(
    availability: Availability, policy: SlotPolicy, now: datetime
) -> FreeTime | None:
    """Choose the first of the times that `bookable` gives, without making all the others.

    Args:
        availability: GES's answer; its slots are in order.
        policy: Lead time and horizon.
        now: The instant, aware.
    """
    earliest, latest = _reach(policy, now)
    for slot in availability.slots:
        if slot.capacity > 0 and earliest <= slot.utc_time <= latest:
            return FreeTime(slot.utc_time, availability.duration_minutes)
    return None


def proposed(
    slots: Iterable[ProposedSlot], policy: SlotPolicy, now: datetime
) -> tuple[FreeTime, ...]:
    """Choose from what GES proposed in a refusal the times that may be shown, earliest first.

    Args:
        slots: The proposals of the refusal.
        policy: Lead time and horizon.
        now: The instant, aware.
    """
    return _within([slot.utc_time for slot in slots if slot.capacity > 0], policy, now, None)


def _within(
    starts: Iterable[datetime], policy: SlotPolicy, now: datetime, duration_minutes: int | None
) -> tuple[FreeTime, ...]:
    earliest, latest = _reach(policy, now)
    kept = sorted({start for start in starts if earliest <= start <= latest})
    return tuple(FreeTime(start, duration_minutes) for start in kept)


def _reach(policy: SlotPolicy, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last moment at which a time may be shown."""
    earliest = now + timedelta(minutes=policy.min_lead_minutes)
    return earliest, now + timedelta(days=policy.horizon_days)
