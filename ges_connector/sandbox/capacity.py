"""Places per slot of one service, and who has taken them (rules 6 to 12).

A slot is a stretch of the office's wall clock: the hours :00 and :30 of a capacity rule, or the
service's own buckets without one. Where a clock change falls inside a slot, one slot ends and
another begins there; an hour that happens twice has its slots twice, an hour that is skipped has
none. Slots are told apart by the UTC instant at which they start.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from math import ceil
from typing import NamedTuple

from ges_connector.sandbox.office_hours import OfficeCalendar, day_of, offset_at, offset_runs
from ges_connector.sandbox.seed import MINUTES_A_DAY, CapacityRule, FilledDay, Service

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_EPOCH_DAY = _EPOCH.toordinal()
_EPOCH_WEEKDAY = _EPOCH.weekday()
_DAY_SECONDS = MINUTES_A_DAY * 60


class Slot(NamedTuple):
    """One slot as availability lists it.

    A named tuple, because a month of five-minute slots is built on each request.

    Attributes:
        start_at: UTC.
        capacity: Places still free (Q12).
        total: Places there are.
    """

    start_at: datetime
    capacity: int
    total: int


class Capacity:
    """The slots of one service and the places taken in them; mutable by design.

    Args:
        service: The service as seeded; its buckets count where there is no rule (rule 8).
        rule: Its capacity rule (rule 7).
        calendar: Its office hours, whose wall clock aligns the slots (rule 12).
        started_on: The office's date when the sandbox started, for days given as `in_days`.
        rule_sets_length: Whether the rule's slot length wins over the service's bucket (Q14); if
            not, the rule's numbers hold for each bucket.

    Attributes:
        slot_minutes: Length of a slot that no clock change cuts.
    """

    def __init__(
        self,
        service: Service,
        rule: CapacityRule | None,
        calendar: OfficeCalendar,
        started_on: date,
        *,
        rule_sets_length: bool = True,
    ) -> None:
        self.slot_minutes: int = (
            rule.slot_minutes if rule and rule_sets_length else service.bucket_minutes
        )
        self._slot_seconds = self.slot_minutes * 60
        self._calendar = calendar
        self._week = tuple(
            _places_of_weekday(service, rule, self.slot_minutes, weekday) for weekday in range(7)
        )
        self._filled = _filled_shares(service.filled_days, started_on)
        self._taken: dict[int, int] = {}

    def slot_of(self, at: datetime) -> tuple[datetime, datetime]:
        """Returns start and end, in UTC, of the slot an instant lies in."""
        zone = self._calendar.zone
        offset = offset_at(zone, at)
        wall_seconds = _seconds(at + offset)
        start = _EPOCH + timedelta(seconds=wall_seconds - wall_seconds % self._slot_seconds)
        start -= offset
        end = start + timedelta(minutes=self.slot_minutes)
        return next(
            (run_start, run_end)
            for run_start, run_end, _ in offset_runs(zone, start, end)
            if run_start <= at < run_end
        )

    def slots(self, start: datetime, end: datetime, *, with_full: bool = False) -> Iterator[Slot]:
        """Walks through the slots that start in [start, end) while the office is open, lazily.

        Args:
            start: From here; a slot that has begun before is not listed.
            end: Up to here.
            with_full: Also list slots whose places are all taken. Slots that never had a place
                are not listed either way.

        Yields:
            Slots in order of time.
        """
        for open_start, open_end in self._calendar.open_spans(start, end):
            for run in offset_runs(self._calendar.zone, open_start, open_end):
                yield from self._slots_of_run(*run, with_full=with_full)

    def slot_at(self, at: datetime) -> Slot:
        """Returns the slot an instant lies in, full or not, whether the office is open or not."""
        start, _ = self.slot_of(at)
        wall_seconds = _seconds(start + offset_at(self._calendar.zone, start))
        day, seconds = divmod(wall_seconds, _DAY_SECONDS)
        total = self._week[(day + _EPOCH_WEEKDAY) % 7][seconds // self._slot_seconds]
        taken = self._taken.get(_seconds(start), 0) + _share_of(total, self._filled.get(day, 0.0))
        return Slot(start, max(0, total - taken), total)

    def take(self, at: datetime) -> datetime:
        """Takes a place of the slot an instant lies in.

        Returns:
            The start of that slot.

        Raises:
            ValueError: All its places are taken.
        """
        slot = self.slot_at(at)
        if slot.capacity < 1:
            raise ValueError("the slot has no place left")
        self.retake(slot.start_at)
        return slot.start_at

    def retake(self, at: datetime) -> None:
        """Counts a place that was taken before a restart, without asking if it is free."""
        key = _seconds(self.slot_of(at)[0])
        self._taken[key] = self._taken.get(key, 0) + 1

    def release(self, at: datetime) -> None:
        """Gives back a taken place of the slot an instant lies in (rule 9).

        Raises:
            ValueError: Nobody holds a place of that slot.
        """
        key = _seconds(self.slot_of(at)[0])
        taken = self._taken.pop(key, 0) - 1
        if taken < 0:
            raise ValueError("nobody holds a place of that slot")
        if taken:
            self._taken[key] = taken

    def proposals(
        self, around: datetime, *, earliest: datetime, latest: datetime, count: int
    ) -> Mapping[datetime, int]:
        """Picks free slots around a wish that could not be met (rule 10).

        Up to half of them are the last free ones of the same civil day before the wish; the
        others follow it.

        Args:
            around: The wish.
            earliest: No slot before this is proposed.
            latest: No slot from here on is proposed.
            count: How many at most.

        Returns:
            Slot starts in UTC and their free places, in order of time.
        """
        wish, _ = self.slot_of(around)
        wall = wish.astimezone(self._calendar.zone)
        midnight = wall.replace(hour=0, minute=0, second=0, fold=0).astimezone(UTC)
        before = list(self.slots(max(earliest, midnight), wish))
        picked = before[max(0, len(before) - count // 2) :]
        after = self.slots(max(earliest, wish), latest)
        picked += islice(after, count - len(picked))
        return {slot.start_at: slot.capacity for slot in picked}

    def _slots_of_run(
        self, start: datetime, end: datetime, offset: timedelta, *, with_full: bool
    ) -> Iterator[Slot]:
        """Lists the slots that start inside a stretch of one offset."""
        step = self._slot_seconds
        offset_seconds = offset // _SECOND
        wall = _next_multiple(_seconds_up(start) + offset_seconds, step)
        if not start.microsecond and offset_at(self._calendar.zone, start - _SECOND) != offset:
            wall = _seconds(start) + offset_seconds  # the clock change begins a slot
        wall_end = _seconds_up(end) + offset_seconds
        while wall < wall_end:
            day, seconds = divmod(wall, _DAY_SECONDS)
            stop = min(wall_end, (day + 1) * _DAY_SECONDS)
            if seconds % step:
                stop = min(stop, _next_multiple(wall, step))
            totals = self._week[(day + _EPOCH_WEEKDAY) % 7][seconds // step :]
            starts = range(wall - offset_seconds, stop - offset_seconds, step)
            yield from self._slots_of_day(
                starts, totals, self._filled.get(day, 0.0), with_full=with_full
            )
            wall = stop if seconds % step else wall + len(starts) * step

    def _slots_of_day(
        self, starts: range, totals: tuple[int, ...], filled_share: float, *, with_full: bool
    ) -> Iterator[Slot]:
        """Lists the slots at these seconds after the epoch, which have these places in turn."""
        taken_of = self._taken.get
        at = _EPOCH + timedelta(seconds=starts.start)
        step = timedelta(seconds=starts.step)
        for key, total in zip(starts, totals, strict=False):
            free = total - taken_of(key, 0)
            if filled_share:
                free -= _share_of(total, filled_share)
            if free > 0:
                yield Slot(at, free, total)
            elif with_full and total:
                yield Slot(at, 0, total)
            at += step


def _places_of_weekday(
    service: Service, rule: CapacityRule | None, slot_minutes: int, weekday: int
) -> tuple[int, ...]:
    """Returns the places of each slot of a weekday, from midnight on."""
    minutes = range(0, MINUTES_A_DAY, slot_minutes)
    if rule is None:
        return (service.bucket_places,) * len(minutes)
    places = dict.fromkeys(minutes, rule.places)
    for cell in rule.cells:
        if weekday in cell.weekly.weekdays:
            hours = cell.weekly.hours
            places |= {m: cell.places for m in minutes if hours.start <= m < hours.end}
    return tuple(places.values())


def _filled_shares(filled_days: tuple[FilledDay, ...], started_on: date) -> dict[int, float]:
    """Returns the share others have taken, by days after the epoch."""
    return {day_of(day, started_on).toordinal() - _EPOCH_DAY: day.share for day in filled_days}


def _share_of(total: int, share: float) -> int:
    """Returns how many places a share is; rounded up, and 0.07 of 100 is 7."""
    return ceil(round(total * share, 6))


def _seconds(at: datetime) -> int:
    return (at - _EPOCH) // _SECOND


def _seconds_up(at: datetime) -> int:
    return -((_EPOCH - at) // _SECOND)


def _next_multiple(number: int, step: int) -> int:
    return -(-number // step) * step
