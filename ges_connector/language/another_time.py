"""A wish told from another time of the text: "my plane lands at two, call an hour after"."""

import re
from collections.abc import Sequence

from ges_connector.language.chart import Found
from ges_connector.language.instants import Here, UnresolvableError
from ges_connector.language.joining import merge_points
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    Duration,
    Excluding,
    Number,
    Part,
    Point,
    ShiftedDay,
    WeekOf,
    Window,
)
from ges_connector.language.normalize import Text
from ges_connector.language.reasons import Reasons, Span, Stretch, blanked, clause_at
from ges_connector.language.relative import (
    Pointer,
    holds_window,
    named_time,
    on_day,
    pointers,
    ruled_out_days,
    told_window,
)
from ges_connector.language.resolve import resolve
from ges_connector.language.told import all_found, has_any_time, has_clock, has_time, is_day_to_come
from ges_connector.language.windows import end_of
from ges_connector.language.wish import Unclear, UnclearReason, Wish

_WORD = re.compile(r"\w")


def week_behind(text: Text, here: Here, known: Lexicon) -> Wish | Unclear | None:
    """The week behind a day that is named before it: "away until the 6th, so the following week".

    None where no day is; where one is wished for itself, or an hour is named, that is asked.
    """
    reasons, pattern = known.reasons, known.relative.next_week if known.relative else None
    match = pattern.search(text.folded) if pattern is not None else None
    clause = clause_at(text, match.start(), reasons) if match and reasons else None
    if match is None or clause is None:
        return None
    outside = (Span(0, clause[0].start), Span(clause[0].end, len(text.chars)))
    own = blanked(text, [Span(*match.span()), *(x for x in outside if x.start < x.end)])
    before = all_found(blanked(text, [Span(clause[0].start, len(text.chars))]), known)
    before = [each for each in before if not isinstance(each.value, Number)]
    if not has_any_time(before) and not any(isinstance(x.value, Excluding) for x in before):
        return None
    days = ruled_out_days(before)
    behind = blanked(text, [Span(0, clause[0].end)]) if clause[0].end < len(text.chars) else None
    is_alone = not has_any_time(all_found(own, known))
    is_last = behind is None or not has_any_time(all_found(behind, known))
    base = days[0] if days else None
    for each in days[1:] if days else ():
        base = merge_points(base, each) if base is not None else None
    if base is None or base.day is None or not is_alone or not is_last:
        return Unclear(UnclearReason.TWO_READINGS)
    try:
        week = Point(WeekOf(ShiftedDay(base.day, DAYS_PER_WEEK, "day")))
        return resolve(week, here).with_words((text.words(*match.span()),))
    except UnresolvableError as error:
        return Unclear(error.reason, (), error.alternatives)


def told_from_another(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear | None:
    """The wish that is told from the one other time of a text: "at two I land, call an hour after".

    None where nothing points at another time; where it is not plain which, that is asked.
    """
    if known.relative is None or known.reasons is None or not known.relative.may_point(levelled):
        return None
    found = all_found(levelled, known)
    for pointer in pointers(levelled, known.relative, found):
        clause = clause_at(levelled, pointer.start, known.reasons)
        if clause is None:
            continue
        stretch, asks = clause
        beside = all_found(_only(levelled, stretch, pointer), known)
        is_own = has_time(beside)
        is_all = _WORD.search(_only(levelled, stretch, pointer).folded) is None
        if is_own or (pointer.duration is None and not asks and not is_all):
            continue
        rest = all_found(blanked(levelled, [stretch]), known)
        named = _counted_from(rest, pointer, levelled, known.reasons)
        if not named or _is_told_alone(rest, pointer, levelled):
            continue
        both_ways = pointer.duration is None and known.relative.points_both_ways(levelled, stretch)
        if both_ways or len(named) > 1 or _is_told_behind(rest, pointer, levelled, known.reasons):
            return Unclear(UnclearReason.TWO_READINGS)
        point = on_day(named[0], beside)
        if point is None:
            return Unclear(UnclearReason.TWO_READINGS)
        try:
            return resolve(pointer.from_point(point), here).with_words(
                (levelled.words(pointer.start, pointer.end),)
            )
        except UnresolvableError as error:
            return Unclear(error.reason, (), error.alternatives)
    return None


def _counted_from(
    rest: Sequence[Found], pointer: Pointer, text: Text, reasons: Reasons
) -> Sequence[Point]:
    """The times of a text that a pointer may be of; none where a bound has been told already."""
    if not holds_window(rest):
        return named_time(rest)
    told = told_window(rest) if pointer.is_later else None
    if told is not None and told.start < pointer.start and pointer.end < told.end:
        # "At work till five, any time after that, tonight": the bound and the part are one time.
        return ()
    if told is not None and pointer.duration is None and _names_part_behind(rest, pointer):
        # "Busy till noon, after that, this afternoon".
        return ()
    start = None if told is None else _open_start(told.value)
    if told is not None and (pointer.duration is not None or start is not None):
        # "I get off at six, half an hour later", or "ring after".
        return _dated_by(start, rest)
    clause = None if told is None else clause_at(text, told.start, reasons)
    if told is None or clause is None or clause[1] or not isinstance(told.value, Window):
        # "Until four, after that": the bound has been told.
        return ()
    end = end_of(told.value)
    beside = text.chars[clause[0].start : told.start] + text.chars[told.end : clause[0].end]
    if end is None and _WORD.search(beside):
        # "The builders are here till four, any time after that".
        end = told.value.end
    return _dated_by(end, rest)


def _is_told_alone(rest: Sequence[Found], pointer: Pointer, text: Text) -> bool:
    """Whether a pointer opens a text that tells a time and nothing more: "later, about twelve"."""
    if pointer.duration is not None or _WORD.search(text.chars[: pointer.start]):
        return False
    clocks = [each for each in rest if has_clock(each.value)]
    reach = [(min(x.start for x in clocks), max(x.end for x in clocks))] if clocks else []
    return any(
        not _WORD.search(text.chars[pointer.end : start]) and not _WORD.search(text.chars[end:])
        for start, end in reach
    )


def _names_part_behind(rest: Sequence[Found], pointer: Pointer) -> bool:
    behind = [each.value for each in rest if each.start >= pointer.end]
    return any(isinstance(each, Point) and isinstance(each.time, Part) for each in behind)


def _is_told_behind(rest: Sequence[Found], pointer: Pointer, text: Text, reasons: Reasons) -> bool:
    """Whether the time behind a pointer is what it comes to: "an hour later, so four o'clock"."""
    behind = [each for each in rest if each.start >= pointer.end and has_clock(each.value)]
    if pointer.duration is None or not behind:
        return False
    clause = clause_at(text, min(each.start for each in behind), reasons)
    return clause is not None and clause[1]


def _dated_by(bound: Point | None, rest: Sequence[Found]) -> Sequence[Point]:
    """A bound, on the day that is named beside it where it has none: "Wednesday I'm off at six"."""
    if bound is not None and bound.day is None:
        bound = on_day(bound, [each for each in rest if is_day_to_come(each.value)])
    return () if bound is None else (bound,)


def _open_start(value: object) -> Point | None:
    """Where a stretch begins that has no end."""
    return value.start if isinstance(value, Window) and value.end is None else None


def _only(text: Text, clause: Stretch, pointer: Pointer) -> Text:
    """A clause alone, without what points at another time."""
    outside = (Span(0, clause.start), Span(clause.end, len(text.chars)))
    return blanked(text, [*(each for each in outside if each.start < each.end), pointer])


def leaves_time_after(text: Text, known: Lexicon) -> bool:
    """Whether a length of time is asked for that may begin at a clock time of the text.

    "I land at two, give me an hour" is not in an hour from now.
    """
    if known.relative is None or known.relative.leaving is None:
        return False
    matches = list(known.relative.leaving.finditer(text.folded))
    if not matches:
        return False
    found = all_found(text, known)
    starts = {each.start for each in found if isinstance(each.value, Duration)}
    is_length = any(text.after_spaces(match.end()) in starts for match in matches)
    return is_length and any(has_clock(each.value) for each in found)


def may_count_from_another(text: Text, known: Lexicon) -> bool:
    """Whether a length of time may begin now as well as at a clock time that is told beside it.

    "I land at two, call an hour on", where the words for "later" and "from now" are the same.
    """
    reasons, either = known.reasons, known.relative.either if known.relative else None
    if reasons is None or either is None or either.search(text.folded) is None:
        return False
    found = all_found(text, known)
    # "In three days, at two" is one time.
    lengths = [x for x in found if isinstance(x.value, Duration) and not x.value.is_calendar]
    clocks = [each for each in found if has_clock(each.value)]
    for match in either.finditer(text.folded):
        start, end = match.start(), text.after_spaces(match.end())
        clause = clause_at(text, start, reasons)
        if clause is None or not any(start == each.end or end == each.start for each in lengths):
            continue
        if any(_is_of_another_affair(each, clause[0], text, reasons) for each in clocks):
            return True
    return False


def _is_of_another_affair(clock: Stretch, clause: Stretch, text: Text, reasons: Reasons) -> bool:
    """Whether a time is told in a clause of its own, which neither asks nor is of what has been."""
    own = clause_at(text, clock.start, reasons)
    if own is None or own[1] or own[0] == clause:
        return False
    stories = reasons.stories
    return stories is None or stories.search(text.folded, own[0].start, own[0].end) is None
