"""What times a text tells, looked at without reading it as a wish."""

from collections.abc import Sequence

from ges_connector.language.chart import Found
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.meaning import Asap, Clock, Number, Offset, Point, RelativeDay, Window
from ges_connector.language.normalize import Text
from ges_connector.language.reading import found_in
from ges_connector.language.wish import Wish, WishKind
from ges_connector.language.words import TooManyTokensError


def all_found(text: Text, known: Lexicon) -> Sequence[Found]:
    """Every phrase of a text; nothing for a story."""
    try:
        return found_in(text, known)
    except TooManyTokensError:
        return ()


def has_clock(value: object) -> bool:
    """Tell whether a clock time is in it."""
    if isinstance(value, Window):
        return any(end is not None and end.time is not None for end in (value.start, value.end))
    return isinstance(value, Point) and isinstance(value.time, Clock)


def has_time(found: Sequence[Found]) -> bool:
    """Tell whether any is a clock time, or a number that may be one."""
    return any(has_clock(each.value) or isinstance(each.value, Number) for each in found)


def has_any_time(found: Sequence[Found]) -> bool:
    """Tell whether any is a time of whatever kind, or a number that may be one."""
    return any(isinstance(each.value, Point | Window | Offset | Asap | Number) for each in found)


def found_clock(text: Text, known: Lexicon) -> bool:
    """Tell whether a text holds a clock time; a story may."""
    try:
        found = found_in(text, known)
    except TooManyTokensError:
        return True
    return any(has_clock(each.value) for each in found)


def tells_when(wish: Wish) -> bool:
    """Whether a wish names a time, and does not only rule some out."""
    return wish.choice is None and all(
        each.kind is WishKind.ASAP or each.earliest_at or each.latest_at for each in wish.readings()
    )


def is_day_to_come(value: object) -> bool:
    """Whether it is a day, or a part of one; what has an hour holds the day it is on."""
    if not isinstance(value, Point) or value.day is None or isinstance(value.time, Clock):
        return False
    return not (isinstance(value.day, RelativeDay) and value.day.days < 0)
