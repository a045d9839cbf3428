"""Times told from another one in the message: "my plane lands at 14:10, call an hour after".

What is counted from, or bounded by, is the one clock time the rest of the message names. It is
never now, and never the time that is wished itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ges_connector.language.chart import Found
from ges_connector.language.joining import merge_points
from ges_connector.language.meaning import (
    Clock,
    Duration,
    Excluding,
    Meaning,
    Offset,
    Part,
    Point,
    Window,
)
from ges_connector.language.normalize import Text, fold, is_unspaced, level
from ges_connector.language.reasons import Stretch, meet

# "On", "bitte am", "le" before a day.
_SMALL_WORDS = re.compile(r" (?:\w{1,6} ){0,2}")
_ENDS_CLAUSE = re.compile(r"[ ]*(?:$|[,.;!?)])")


@dataclass(frozen=True, slots=True)
class Relative:
    """The words of a language that point at another time; each a pattern over folded text.

    Attributes:
        after: "after that", alone or behind a length of time.
        before: "before that", alone or behind a length of time.
        later: "later", behind a length of time only.
        earlier: "earlier", behind a length of time only.
        trail: what may stand behind them to the end of the clause ("please").
        leaving: asks for a length of time that stands behind it ("give me").
        either: what tells, right before or behind a length of time, both "later" and "from now".
        next_week: the week behind the day that is named before it ("the following week").
    """

    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    later: re.Pattern[str] | None
    earlier: re.Pattern[str] | None
    trail: re.Pattern[str]
    leaving: re.Pattern[str] | None = None
    either: re.Pattern[str] | None = None
    next_week: re.Pattern[str] | None = None

    def may_point(self, text: Text) -> bool:
        """Tell whether any of the words is in a text."""
        patterns = (self.after, self.before, self.later, self.earlier)
        return any(each is not None and each.search(text.folded) for each in patterns)

    def points_both_ways(self, text: Text, clause: Stretch) -> bool:
        """Tell whether a clause points before another time and after it: "so before or after"."""
        both = (self.before, self.after)
        return all(x and x.search(text.folded, clause.start, clause.end) for x in both)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A word that points at another time.

    Attributes:
        start: where it begins, with its length of time.
        end: where it ends.
        is_later: whether what is meant lies behind that time.
        duration: how far from it; None where it only bounds.
    """

    start: int
    end: int
    is_later: bool
    duration: Duration | None

    def from_point(self, point: Point) -> Meaning:
        """What is meant, told from a time."""
        if self.duration is None:
            return Window(point, None) if self.is_later else Window(None, point)
        count = self.duration.count if self.is_later else -self.duration.count
        return Offset(replace(self.duration, count=count), base=point)


def compiled_relative(section: Mapping[str, Any]) -> Relative | None:
    """The pointing words of a grammar file; None if it has none.

    Args:
        section: its `[relative]`: lists `after`, `before`, `later`, `earlier`, `trail`, `leaving`,
            `either` and `next_week`.
    """
    if not section:
        return None
    after, before, later, earlier = (
        _pattern(section.get(key, ())) for key in ("after", "before", "later", "earlier")
    )
    trail = _alternatives(section.get("trail", ())) or "(?!)"
    behind = re.compile(rf"(?:[ ]+(?:{trail})(?!\w))*{_ENDS_CLAUSE.pattern}")
    leaving, either, next_week = (
        _pattern(section.get(key, ())) for key in ("leaving", "either", "next_week")
    )
    return Relative(after, before, later, earlier, behind, leaving, either, next_week)


def _alternatives(words: Sequence[str]) -> str:
    folded = sorted((fold(level(each)) for each in words), key=len, reverse=True)
    return "|".join(map(re.escape, folded))


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    if any(is_unspaced(char, hangul=False) for word in words for char in (word[0], word[-1])):
        return re.compile(_alternatives(words))
    return re.compile(rf"(?<!\w)(?:{_alternatives(words)})(?!\w)")


def pointers(text: Text, relative: Relative, found: Sequence[Found]) -> Iterator[Pointer]:
    """Every word of a text that points at another time, with the length of time before it."""
    lengths = {
        each.end: each
        for each in sorted(found, key=lambda each: -each.start)
        # "At 16:20, half an hour after" is no length of sixteen hours.
        if isinstance(each.value, Duration)
        and not each.value.is_calendar
        and "," not in text.chars[each.start : each.end]
    }
    patterns = (
        (relative.after, True, True),
        (relative.before, False, True),
        (relative.later, True, False),
        (relative.earlier, False, False),
    )
    for pattern, is_later, is_alone in patterns:
        for match in pattern.finditer(text.folded) if pattern else ():
            if not any(relative.trail.match(text.folded, each) for each in _ends(match, found)):
                continue
            length = lengths.get(match.start())
            if length is not None and isinstance(length.value, Duration):
                yield Pointer(length.start, match.end(), is_later, length.value)
            elif is_alone:
                yield Pointer(match.start(), match.end(), is_later, None)


def _ends(match: re.Match[str], found: Sequence[Found]) -> Iterator[int]:
    """Where a pointing word may end, alone or with the day behind it: "before that on Monday"."""
    yield match.end()
    for each in found:
        between = match.string[match.end() : each.start]
        if _is(each, type(None)) and _SMALL_WORDS.fullmatch(between):
            yield match.end() + len(match.string[match.end() : each.end].rstrip())


def on_day(point: Point, found: Sequence[Found]) -> Point | None:
    """A time on the day that is named beside its pointer; None where it has another."""
    merged: Point | None = point
    for each in _longest([each for each in found if _is(each, type(None), Part)]):
        if merged is not None and isinstance(each.value, Point):
            merged = merge_points(merged, each.value)
    return merged


def named_time(found: Sequence[Found]) -> Sequence[Point]:
    """The clock times a message names, each with the day that is named for it; at most two."""
    clocks = _longest([each for each in found if _is(each, Clock)])
    days = _longest([each for each in found if _is(each, type(None), Part)])
    days = [each for each in days if not any(meet(each, clock) for clock in clocks)]
    values = list(dict.fromkeys(each.value for each in clocks if isinstance(each.value, Point)))
    if len(values) != 1:
        return values[:2]
    point: Point | None = values[0]
    point = None if point is None else on_day(point, days)
    return () if point is None else (point,)


def ruled_out_days(found: Sequence[Found]) -> Sequence[Point] | None:
    """The days on which somebody is away, or until which: "we're away until the 6th".

    None where a day is named of which nothing like that is said.
    """
    whole = [each for each in found if isinstance(each.value, Point | Window | Excluding)]
    days: list[Point] = []
    for each in _longest(whole):
        inner = each.value.excluded if isinstance(each.value, Excluding) else (each.value,)
        if isinstance(each.value, Point):
            # "Away until Sunday, the 6th": a date beside a weekday.
            inner = inner if days else ()
        ends = [
            end
            for value in inner
            for end in ((value.start, value.end) if isinstance(value, Window) else (value,))
            if isinstance(end, Point) and end.day is not None
        ]
        if not ends and isinstance(each.value, Point):
            return None
        days += [Point(end.day) for end in ends]
    return list(dict.fromkeys(days))


def holds_window(found: Sequence[Found]) -> bool:
    """Whether a message tells of a stretch of time; the "past three" of "quarter past" is none."""
    values = [each for each in found if isinstance(each.value, (Point, Window))]
    return any(isinstance(each.value, Window) for each in _longest(values))


def told_window(found: Sequence[Found]) -> Found | None:
    """The one stretch of time that a message tells of: "lunch is from twelve to one"."""
    windows = [each for each in found if isinstance(each.value, Window)]
    # "From two until four in a meeting" is no "until four in a meeting".
    closed = [each for each in windows if _is_closed(each.value)]
    windows = _longest(closed or windows)
    return windows[0] if len({each.value for each in windows}) == 1 else None


def _is_closed(value: object) -> bool:
    return isinstance(value, Window) and value.start is not None and value.end is not None


def _is(each: Found, *times: type) -> bool:
    return isinstance(each.value, Point) and isinstance(each.value.time, times)


def _longest(found: list[Found]) -> list[Found]:
    """Those that are no part of a longer or surer one."""
    whole = [each for each in found if not any(_cuts(each, other) for other in found)]
    ranked = sorted(whole, key=lambda each: (each.start - each.end, each.cost))
    kept: list[Found] = []
    for each in ranked:
        rivals = [other for other in kept if meet(each, other)]
        same = any(
            (each.start, each.end, each.cost) == (other.start, other.end, other.cost)
            for other in rivals
        )
        if not rivals or same:
            kept.append(each)
    return kept


def _cuts(one: Found, other: Found) -> bool:
    """Whether one ends within another: the "alle 16" of "alle 16:30"."""
    return one.start < other.start < one.end < other.end and other.cost <= one.cost
