"""Times of day whose half may be unknown: what an hour may be, what a part of the day leaves."""

from dataclasses import replace

from ges_connector.language.meaning import FULL_DAY, HALF_DAY, MINUTES_PER_HOUR, Clock, Half, Part

# A clock time may be said of an evening and fall on the next morning ("tonight at one").
_LAST_NIGHT_HOUR = 6
# What begins later than that is no afternoon; people call two hours before it evening already.
_LATEST_AFTERNOON_START = 15 * MINUTES_PER_HOUR
_EARLY_EVENING = 2 * MINUTES_PER_HOUR
# An hour so long after a part of the day has ended is none of it.
_LATE_AFTERNOON = 2 * MINUTES_PER_HOUR
# What "late" leaves of the morning or of the afternoon.
_LATE_MINUTES = 2 * MINUTES_PER_HOUR


def hour_options(hour: int, minute: int, *, said_openly: bool) -> Clock | None:
    """The clock time(s) an hour and a minute stand for; None if there is no such time.

    Args:
        hour: 0 to 24.
        minute: 0 to 59.
        said_openly: whether an hour up to twelve may be of either half of the day.
    """
    at = hour * MINUTES_PER_HOUR + minute
    if not 0 <= minute < MINUTES_PER_HOUR or not 0 <= at <= FULL_DAY:
        return None
    if not said_openly or hour == 0 or at >= HALF_DAY + MINUTES_PER_HOUR:
        return Clock((at,))
    morning = at % HALF_DAY
    both = (morning + HALF_DAY, morning) if hour == HALF_DAY // MINUTES_PER_HOUR else None
    return Clock(both or (morning, morning + HALF_DAY))


def late_part(part: Part) -> Part:
    """The later of a part of the day: its second half, of the day's long ones the last two hours.

    "Late morning" is from ten, "late afternoon" from four. Nights have no such end.
    """
    start = (part.start_minute + part.end_minute) // 2
    if part.half != "night":
        start = max(start, part.end_minute - _LATE_MINUTES)
    return replace(part, start_minute=start)


def other_half(clock: Clock) -> tuple[int, ...]:
    """The other half of the day, for "8:00 in the evening"."""
    said = (at for at in clock.options if at < HALF_DAY + MINUTES_PER_HOUR)
    other = ((at + HALF_DAY) % FULL_DAY for at in said)
    return tuple(at for at in other if at not in clock.options)


def shift_clock(clock: Clock, minutes: int) -> Clock:
    """The clock time so many minutes later, around the clock: "twenty to one"."""
    return Clock(tuple(dict.fromkeys((each + minutes) % FULL_DAY for each in clock.options)))


def refine(clock: Clock, half: Half) -> Clock | None:
    """Keep of a clock time what can be in a half of the day; None if nothing can."""
    for options in (clock.options, clock.spare):
        kept = dict.fromkeys(at for option in options for at in _in_half(option, half))
        if kept:
            return Clock(tuple(kept), clock.second)
    return None


def _in_half(at: int, half: Half) -> tuple[int, ...]:
    if half == "am":
        return (at,) if at < HALF_DAY else ()
    if half == "pm":
        return (at,) if at >= HALF_DAY else ()
    if half == "noon":
        return (at,) if HALF_DAY - MINUTES_PER_HOUR <= at <= HALF_DAY + 4 * MINUTES_PER_HOUR else ()
    if half == "night":
        return _by_night(at)
    return (at,)


def _by_night(at: int) -> tuple[int, ...]:
    if at >= 17 * MINUTES_PER_HOUR:
        return (at,)
    # The small hours are said of the evening before as well as of their own date.
    return (at + FULL_DAY, at) if at < _LAST_NIGHT_HOUR * MINUTES_PER_HOUR else ()


def within_part(clock: Clock, part: Part) -> Clock | None:
    """Keep of a clock time what can be in a part of the day; None if nothing can."""
    if part.half == "any":
        kept = tuple(at for at in clock.options if part.start_minute <= at <= part.end_minute)
        return Clock(kept, clock.second) if kept else None
    refined = refine(clock, part.half)
    if refined is None and part.half == "pm" and 0 in clock.options:
        # "Twelve in the evening" is the midnight that ends it.
        return Clock((FULL_DAY,), clock.second)
    if refined is None or _is_long_after(refined, part):
        return None
    if part.half == "am" and part.start_minute > 0 and {0, HALF_DAY} <= {*clock.options}:
        # "Ten to twelve in the morning" ends at noon.
        return Clock((HALF_DAY,), clock.second)
    if part.half == "pm" and part.start_minute > _LATEST_AFTERNOON_START:
        # "This evening at one" is no time at noon.
        near = tuple(at for at in refined.options if at >= part.start_minute - _EARLY_EVENING)
        return Clock(near, clock.second) if near else None
    return refined


def _is_long_after(clock: Clock, part: Part) -> bool:
    """Whether "at ten I can't, rather in the afternoon" would become ten in the evening."""
    if part.takes_late_hours:
        return False
    return part.half == "pm" and min(clock.options) >= part.end_minute + _LATE_AFTERNOON
