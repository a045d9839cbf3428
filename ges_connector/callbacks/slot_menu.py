"""A few good times out of all that are free: the first menu and its further pages.

All functions are pure. A conversation keeps nothing but ids: of the times now on offer and of those
shown so far; an id always means the same instant (`free_times`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from ges_connector.callbacks.free_times import FreeTime, day_part, time_of_id
from ges_connector.callbacks.wish_fit import (
    allowed,
    fitting,
    is_on_wished_day,
    measured,
    names_day,
    names_time,
)
from ges_connector.language import Grain, Wish, WishKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ges_connector.callbacks.profile import QuietHours, SlotPolicy, TopicProfile

_PARTS_A_DAY = 2
_WHOLE_DAYS = frozenset({Grain.DAY, Grain.WEEK, Grain.MONTH})
_CLOCK_GRAINS = frozenset({Grain.MINUTE, Grain.HOUR})
_DAY = timedelta(days=1)


class Page(StrEnum):
    """Where to look for other times than those on offer."""

    MORE = "more"
    EARLIER = "earlier"
    LATER = "later"
    OTHER_DAY = "other_day"


class Explanation(StrEnum):
    """Why a menu holds what it holds; the word that its first sentence is chosen by."""

    AS_WISHED = "as_wished"
    """The times are what was asked for."""
    NOT_THAT_TIME = "not_that_time"
    """Then nothing is free; these are near, on the wished day if one was named."""
    NOT_THAT_DAY = "not_that_day"
    """Nothing is free on that day; these are on others."""
    BETWEEN_TIMES = "between_times"
    """Calls begin at other minutes; these are the nearest."""
    TAKEN = "taken"
    """The time that was picked is free no more; these are the nearest."""
    TOO_SOON = "too_soon"
    """That is too near to be booked; these are the first."""
    TOO_FAR = "too_far"
    """That is further ahead than can be booked; these are the last."""
    NO_SUCH_ENTRY = "no_such_entry"
    """The menu has no entry of that number; these are still on offer."""
    WIDENED = "widened"
    """Nothing more fits the wish; these lie beyond it."""
    NOTHING_EARLIER = "nothing_earlier"
    """There is nothing earlier; these are still on offer."""
    NOTHING_LATER = "nothing_later"
    """There is nothing later; these are still on offer."""
    NOTHING_MORE = "nothing_more"
    """There is nothing else; these are still on offer."""
    NOTHING_FREE = "nothing_free"
    """No time within reach is free; the menu is empty."""


@dataclass(frozen=True, slots=True)
class MenuView:
    """For whom and when a menu is made.

    Attributes:
        zone: The customer's zone, in which days and their parts are counted.
        now: The instant, aware.
        count: Most entries at once.
        policy: Lead time and horizon, for the explanations.
        quiet_hours: Times of day that are not proposed unasked.
    """

    zone: ZoneInfo
    now: datetime
    count: int
    policy: SlotPolicy
    quiet_hours: QuietHours | None = None

    @classmethod
    def of(cls, profile: TopicProfile, *, zone: ZoneInfo, now: datetime, speaks: bool) -> Self:
        """Make the view of a topic on a channel."""
        return cls(
            zone=zone,
            now=now,
            count=profile.slots.count(speaks=speaks),
            policy=profile.slots,
            quiet_hours=profile.offer.quiet_hours,
        )

    def awake(self, times: Sequence[FreeTime], wish: Wish | None = None) -> Sequence[FreeTime]:
        """Choose the times at which nobody is woken.

        Args:
            times: Some free times.
            wish: What the customer asked for: whoever asks for the quiet hours is not asleep.

        Returns:
            Those outside the quiet hours; all, if that leaves none or they were asked for.
        """
        quiet = self.quiet_hours
        if quiet is None or (wish is not None and _asks_for_quiet_hours(wish, quiet)):
            return times
        named = fitting(wish, times) if wish is not None and _names_clock(wish) else ()
        clocks = ((time, time.start_at.astimezone(self.zone).time()) for time in times)
        return [
            time for time, clock in clocks if time in named or not quiet.contains(clock)
        ] or times

    def day(self, time: FreeTime) -> date:
        """The customer's date of a time."""
        return time.start_at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class SlotMenu:
    """Some times to choose from.

    Attributes:
        times: The entries, earliest first; empty only if nothing is free at all.
        explanation: Why these.
        has_more: Whether other times fit the wish that are not among them.
    """

    times: tuple[FreeTime, ...]
    explanation: Explanation
    has_more: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the entries."""
        return tuple(time.id for time in self.times)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a conversation has been shown.

    Attributes:
        on_offer: The times of the present menu, in its order.
        before: All times shown so far; those on offer need not be among them.
    """

    on_offer: tuple[datetime, ...]
    before: tuple[datetime, ...] = ()

    @classmethod
    def of_ids(cls, on_offer: Sequence[object], before: Sequence[object] = ()) -> Self:
        """Read ids that a conversation kept; whatever is no id is passed over."""
        return cls(_instants(on_offer), _instants(before))


def open_menu(times: Sequence[FreeTime], view: MenuView, wish: Wish | None = None) -> SlotMenu:
    """Make the first menu.

    Args:
        times: All that is free, earliest first.
        view: For whom and when.
        wish: What the customer asked for; None if nothing yet.

    Returns:
        Without a wish the earliest time and others spread over days and their parts. With one,
        times that fit it, spread in the same way; if none fits, the nearest. None is in the quiet
        hours, unless they were asked for or nothing else is left.
    """
    if not times:
        return SlotMenu((), Explanation.NOTHING_FREE)
    if wish is None:
        return menu_of(view.awake(times), view, Explanation.AS_WISHED)
    fit = fitting(wish, times)
    if fit:
        return menu_of(view.awake(fit, wish), view, Explanation.AS_WISHED)
    explanation = _explain(wish, times, view)
    return menu_of(_nearest(wish, times, view, explanation), view, explanation)


def turn_page(
    times: Sequence[FreeTime],
    view: MenuView,
    page: Page,
    shown: Shown,
    wish: Wish | None = None,
) -> SlotMenu:
    """Make another page.

    Args:
        times: All that is free, earliest first.
        view: For whom and when.
        page: In which direction.
        shown: What the conversation has been shown.
        wish: What the customer asked for before; it is kept as long as anything fits it.

    Returns:
        Other times; if there are none, those still free of the present menu.
    """
    if not times:
        return SlotMenu((), Explanation.NOTHING_FREE)
    turn = _PAGES[page]
    wished = times if wish is None or not names_time(wish) else fitting(wish, times)
    explanation, backwards = Explanation.AS_WISHED, page is Page.EARLIER
    found = turn(view.awake(wished, wish), view, shown) or turn(wished, view, shown)
    if not found and len(wished) < len(times):
        found = turn(view.awake(times), view, shown) or turn(times, view, shown)
        explanation = Explanation.WIDENED
    if found:
        return menu_of(found, view, explanation, backwards=backwards)
    still = tuple(time for time in times if time.start_at in shown.on_offer)
    return SlotMenu(still or tuple(times[: view.count]), _PAGE_ENDS[page])


def menu_of(
    times: Sequence[FreeTime],
    view: MenuView,
    explanation: Explanation,
    *,
    backwards: bool = False,
) -> SlotMenu:
    """Make a menu of some of the times.

    Args:
        times: What may be in it.
        view: For whom and when.
        explanation: Why these.
        backwards: Whether to begin with the last ones.
    """
    chosen = _spread(times, view, backwards=backwards)
    return SlotMenu(chosen, explanation, has_more=len(chosen) < len(times))


def _spread(times: Sequence[FreeTime], view: MenuView, *, backwards: bool) -> tuple[FreeTime, ...]:
    """Choose some times: the first of each part of a day, two parts a day, then those in between.

    Backwards, the last of each part, beginning with the last day.
    """
    ordered = sorted(times, reverse=backwards)
    firsts = [
        next(group)
        for _, group in groupby(ordered, key=lambda time: day_part(time.start_at, view.zone))
    ]
    by_day = (list(group)[:_PARTS_A_DAY] for _, group in groupby(firsts, key=view.day))
    chosen = [time for day in by_day for time in day][: view.count]
    while len(chosen) < min(view.count, len(ordered)):
        chosen.append(_loneliest(ordered, chosen))
    return tuple(sorted(chosen))


def _names_clock(wish: Wish) -> bool:
    return any(reading.kind is WishKind.EXACT for reading in wish.readings())


def _asks_for_quiet_hours(wish: Wish, quiet: QuietHours) -> bool:
    """Whether all that a wish can mean is a clock time, or a part of the day, in quiet hours."""
    return all(_is_quiet(reading, quiet) for reading in wish.readings())


def _is_quiet(reading: Wish, quiet: QuietHours) -> bool:
    start, end, zone = reading.earliest_at, reading.latest_at, ZoneInfo(reading.zone)
    if start is None or not quiet.contains(start.astimezone(zone).time()):
        return False
    if reading.kind is WishKind.EXACT or reading.grain in _CLOCK_GRAINS:
        return True
    last = None if end is None else (end - timedelta(microseconds=1)).astimezone(zone)
    return (
        last is not None and end is not None and end - start < _DAY and quiet.contains(last.time())
    )


def _loneliest(times: Sequence[FreeTime], chosen: Sequence[FreeTime]) -> FreeTime:
    """The time furthest from all that are chosen."""

    def distance(time: FreeTime) -> timedelta:
        return min(abs(time.start_at - other.start_at) for other in chosen)

    return max((time for time in times if time not in chosen), key=distance)


def _more(times: Sequence[FreeTime], _: MenuView, shown: Shown) -> Sequence[FreeTime]:
    seen = {*shown.on_offer, *shown.before}
    return [time for time in times if time.start_at not in seen]


def _earlier(times: Sequence[FreeTime], _: MenuView, shown: Shown) -> Sequence[FreeTime]:
    first = min(shown.on_offer, default=None)
    return [time for time in times if first is not None and time.start_at < first]


def _later(times: Sequence[FreeTime], _: MenuView, shown: Shown) -> Sequence[FreeTime]:
    last = max(shown.on_offer, default=None)
    return [time for time in times if last is None or time.start_at > last]


def _other_day(times: Sequence[FreeTime], view: MenuView, shown: Shown) -> Sequence[FreeTime]:
    days = {at.astimezone(view.zone).date() for at in (*shown.on_offer, *shown.before)}
    return [time for time in times if view.day(time) not in days]


_PAGES: dict[Page, Callable[[Sequence[FreeTime], MenuView, Shown], Sequence[FreeTime]]] = {
    Page.MORE: _more,
    Page.EARLIER: _earlier,
    Page.LATER: _later,
    Page.OTHER_DAY: _other_day,
}
_PAGE_ENDS = {
    Page.MORE: Explanation.NOTHING_MORE,
    Page.EARLIER: Explanation.NOTHING_EARLIER,
    Page.LATER: Explanation.NOTHING_LATER,
    Page.OTHER_DAY: Explanation.NOTHING_MORE,
}


def _explain(wish: Wish, times: Sequence[FreeTime], view: MenuView) -> Explanation:
    """Say why nothing fits a wish."""
    readings = wish.readings()
    earliest = view.now + timedelta(minutes=view.policy.min_lead_minutes)
    horizon = view.now + timedelta(days=view.policy.horizon_days)
    if all(_ends_before(reading, earliest) for reading in readings):
        return Explanation.TOO_SOON
    if names_day(wish) and all(_begins_after(reading, horizon) for reading in readings):
        return Explanation.TOO_FAR
    if any(_is_within(reading, time) for reading in readings for time in times):
        return Explanation.BETWEEN_TIMES
    if names_day(wish) and not _of_wished_day(wish, times, view):
        return Explanation.NOT_THAT_DAY
    return Explanation.NOT_THAT_TIME


def _of_wished_day(wish: Wish, times: Sequence[FreeTime], view: MenuView) -> list[FreeTime]:
    return [time for time in times if is_on_wished_day(wish, time.start_at, view.zone)]


def _nearest(
    wish: Wish, times: Sequence[FreeTime], view: MenuView, explanation: Explanation
) -> Sequence[FreeTime]:
    """Choose the times to show for a wish that none of them fits.

    On the wished day they are the nearest by the clock. Instead of a whole day they are those of
    the nearest free days; instead of a time of day, the same time on the nearest days. Nothing that
    the wish rules out is among them, unless nothing else is left.
    """
    free = view.awake(allowed(wish, times) or times, wish)
    if explanation is Explanation.NOT_THAT_DAY and wish.grain in _WHOLE_DAYS:
        return _of_days_around(wish, free, view)
    apart, by_clock = measured(wish), measured(wish, by_clock=True)

    def nearness(time: FreeTime) -> tuple[timedelta, timedelta]:
        clock = by_clock(time.start_at) if explanation is Explanation.NOT_THAT_DAY else timedelta(0)
        return clock, apart(time.start_at)

    return sorted(_of_wished_day(wish, free, view) or free, key=nearness)[: view.count]


def _of_days_around(wish: Wish, times: Sequence[FreeTime], view: MenuView) -> Sequence[FreeTime]:
    """The times of the last free day before the wish and of the first one after it."""
    begins = min(
        at for reading in wish.readings() if (at := reading.earliest_at or reading.latest_at)
    )
    before = [view.day(time) for time in times if time.start_at < begins]
    after = [view.day(time) for time in times if time.start_at >= begins]
    days = {*before[-1:], *after[:1]}
    return [time for time in times if view.day(time) in days]


def _ends_before(reading: Wish, at: datetime) -> bool:
    last = reading.earliest_at if reading.kind is WishKind.EXACT else reading.latest_at
    return reading.day_named and last is not None and last < at


def _begins_after(reading: Wish, at: datetime) -> bool:
    return reading.earliest_at is not None and reading.earliest_at > at


def _is_within(reading: Wish, time: FreeTime) -> bool:
    """Whether an exact time lies inside a free slot without being its start."""
    at = reading.earliest_at
    if reading.kind is not WishKind.EXACT or at is None or time.ends_at is None:
        return False
    return time.start_at < at < time.ends_at


def _instants(ids: Sequence[object]) -> tuple[datetime, ...]:
    instants = (time_of_id(each) for each in ids)
    return tuple(at for at in instants if at is not None)
