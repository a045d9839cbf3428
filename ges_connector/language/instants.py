"""Wall times, instants and the wishes made of them, here and now.

Clock times that the clocks skip or pass twice are told, never moved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ges_connector.language.lexicon import Settings
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    HALF_DAY,
    MINUTES_PER_HOUR,
    Clock,
    Part,
)
from ges_connector.language.wish import Grain, UnclearReason, Wish, WishKind

LONGEST_RANGE_DAYS = 31
LATE_HOUR = 21
"""From here on nobody expects a call who does not say that it is late."""
_FIRST_BUSINESS_MINUTE = 7 * MINUTES_PER_HOUR
_MORNING_HOUR = 6


class UnresolvableError(Exception):
    """A meaning has no place in the future or in the calendar.

    Attributes:
        reason: why.
        alternatives: what may have been meant.
    """

    def __init__(self, reason: UnclearReason, alternatives: tuple[Wish, ...] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.alternatives = alternatives


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when something is said.

    Attributes:
        now: aware, in the customer's zone.
        zone: the customer's zone.
        settings: of the customer's locale.
    """

    now: datetime
    zone: ZoneInfo
    settings: Settings

    @property
    def today(self) -> date:
        """The customer's date."""
        return self.now.date()

    @property
    def week_start(self) -> date:
        """The first day of the customer's week."""
        return self.week_starts[0]

    @property
    def week_starts(self) -> tuple[date, ...]:
        """The days the customer's week may have begun with, the likeliest first."""
        back = (
            (self.today.weekday() - first) % DAYS_PER_WEEK for first in self.settings.first_weekdays
        )
        return tuple(self.today - timedelta(days=each) for each in back)


@dataclass(frozen=True, slots=True)
class Dates:
    """Some days in a row: the first, and the one after the last."""

    first: date
    end: date
    grain: Grain = Grain.DAY
    part: Part | None = None

    @property
    def count(self) -> int:
        """How many days."""
        return (self.end - self.first).days

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end


def told_abroad(clock: Clock, zone: str | None, here: Here) -> tuple[int, ...]:
    """What an hour of the morning is by a clock that is not the customer's: "ten, Tokyo time".

    Who counts by another clock counts its business day. Our hours would choose ten at night there,
    since at ten in the morning it is night here.
    """
    first, *others = clock.options
    is_abroad = here.now.astimezone(zone_of(zone, here)).utcoffset() != here.now.utcoffset()
    is_morning = _FIRST_BUSINESS_MINUTE <= first < HALF_DAY
    return (first,) if is_abroad and is_morning and others == [first + HALF_DAY] else ()


def undecided(readings: Iterable[Wish]) -> Wish:
    """One wish of several readings, of which the customer means one."""
    distinct = tuple(dict.fromkeys(readings))
    if not distinct:
        raise UnresolvableError(UnclearReason.IN_THE_PAST)
    if len(distinct) == 1:
        return distinct[0]
    return grouped(distinct, decided=False)


def grouped(wishes: tuple[Wish, ...], *, decided: bool) -> Wish:
    """One wish that stands for several, with what they have in common."""
    first = wishes[0]
    kinds = {each.kind for each in wishes}
    kind = WishKind.CHOICE if WishKind.CHOICE in kinds else first.kind
    return Wish(
        kind=kind,
        earliest_at=None,
        latest_at=None,
        grain=first.grain,
        zone=first.zone,
        alternatives=wishes,
        undecided=not decided,
        approximate=first.approximate,
        zone_named=first.zone_named,
        day_named=first.day_named,
    )


def wall_time(day: date, minute: int, second: int = 0) -> datetime:
    """The wall time so many minutes after a day's midnight, without a zone."""
    return datetime.combine(day, time()) + timedelta(minutes=minute, seconds=second)


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    back = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return back.replace(tzinfo=None) == wall


def _instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants at which clocks of a zone show a wall time: none, one or two."""
    if not _exists(wall, zone):
        return ()
    both = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(dict.fromkeys(both))


def boundary(wall: datetime, zone: ZoneInfo, *, end: bool = False) -> datetime:
    """The instant a window begins or ends at; a skipped wall time moves to when clocks resume."""
    fold = 1 if end else 0
    return wall.replace(tzinfo=zone, fold=fold if _exists(wall, zone) else 0).astimezone(UTC)


def zone_of(name: str | None, here: Here) -> ZoneInfo:
    """The zone of a name; the customer's if none was named."""
    return here.zone if name is None else ZoneInfo(name)


def single_day(day: date) -> Dates:
    """One day as dates."""
    return Dates(day, day + timedelta(days=1))


def next_days(here: Here) -> list[Dates]:
    """Yesterday, whose night may not be over, today and tomorrow."""
    return [single_day(here.today + timedelta(days=each)) for each in (-1, 0, 1)]


def is_ahead(wish: Wish, here: Here) -> bool:
    """Tell whether anything of a wish is still to come."""
    if wish.alternatives:
        return any(is_ahead(each, here) for each in wish.alternatives)
    if wish.kind is WishKind.EXACT:
        return wish.earliest_at is not None and wish.earliest_at >= here.now
    return wish.latest_at is None or wish.latest_at > here.now


def by_daylight(wish: Wish, here: Here) -> Wish:
    """A wish without those of its readings that begin in the small hours, if any is left."""
    if not wish.undecided:
        return wish
    kept = [
        each
        for each in wish.alternatives
        if each.earliest_at is None or each.earliest_at.astimezone(here.zone).hour >= _MORNING_HOUR
    ]
    return undecided(kept).with_words(wish.words) if kept else wish


def dates_wish(dates: Dates, zone: str | None, here: Here) -> Wish:
    """The wish for some whole days, or for the part of a day that they hold."""
    if dates.part is not None:
        return part_wish(dates.part, dates.first, zone, here)
    kind = WishKind.DAY if dates.count == 1 else WishKind.WINDOW
    return window_wish(
        kind, wall_time(dates.first, 0), wall_time(dates.end, 0), dates.grain, zone=zone, here=here
    )


def whole_day(day: date, here: Here) -> Wish:
    """The wish for one day, in the customer's zone."""
    return dates_wish(single_day(day), None, here)


def part_wish(part: Part, day: date, zone: str | None, here: Here) -> Wish:
    """The wish for a part of a day."""
    start, end = wall_time(day, part.start_minute), wall_time(day, part.end_minute)
    return window_wish(WishKind.WINDOW, start, end, Grain.PART, zone=zone, here=here)


def window_wish(  # noqa: PLR0913 - a window is that many things
    kind: WishKind,
    start: datetime | None,
    end: datetime | None,
    grain: Grain,
    *,
    zone: str | None,
    here: Here,
) -> Wish:
    """The wish for what lies between two wall times; None = open."""
    there = zone_of(zone, here)
    return Wish(
        kind=kind,
        earliest_at=None if start is None else boundary(start, there),
        latest_at=None if end is None else boundary(end, there, end=True),
        grain=grain,
        zone=there.key,
        zone_named=zone is not None,
    )


def exact_wishes(
    day: date, minute: int, second: int, zone: str | None, here: Here
) -> Iterator[Wish]:
    """The wishes for a clock time: none if the clocks skip it, two if they pass it twice."""
    there = zone_of(zone, here)
    wall = wall_time(day, minute, second)
    grain = Grain.MINUTE if minute % MINUTES_PER_HOUR or second else Grain.HOUR
    for at in _instants(wall, there):
        yield Wish(WishKind.EXACT, at, None, grain, there.key, zone_named=zone is not None)
