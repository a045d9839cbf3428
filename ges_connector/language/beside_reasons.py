"""What is meant, looking at the reasons and stories that are told beside a wish."""

import re
from collections.abc import Sequence

from ges_connector.language.chart import Found
from ges_connector.language.foreign import names_day_abroad
from ges_connector.language.instants import Here, by_daylight
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.meaning import (
    HALF_DAY,
    CalendarDay,
    Clock,
    DayRange,
    Part,
    Point,
    RelativeDay,
    Window,
)
from ges_connector.language.normalize import Text
from ges_connector.language.reading import are_all, read, times_of
from ges_connector.language.reasons import (
    Reasons,
    Span,
    asking_beside_stories,
    blanked,
    restored,
    without_reasons,
    without_stories,
)
from ges_connector.language.told import (
    all_found,
    found_clock,
    has_any_time,
    has_clock,
    is_day_to_come,
    tells_when,
)
from ges_connector.language.turned import unless_turned
from ges_connector.language.wish import Unclear, UnclearReason, Wish, WishKind

_DOUBTFUL_DAY_COST = 3
_LETTERS = re.compile(r"[^\W\d_]+")
# Where one of these is the answer, some of what was said may not have been about the call.
_TOO_MUCH_SAID = {
    UnclearReason.CONTRADICTION,
    UnclearReason.IN_THE_PAST,
    UnclearReason.TOO_LONG,
    UnclearReason.TOO_VAGUE,
    UnclearReason.TWO_READINGS,
    UnclearReason.UNEXPLAINED_DIGITS,
    UnclearReason.UNEXPLAINED_WORDS,
}


def beside_whole(
    whole: Wish | Unclear, levelled: Text, here: Here, known: Lexicon, reasons: Reasons
) -> Wish | Unclear:
    """What is meant, looking at the reasons and stories that are told as well."""
    if isinstance(whole, Wish):
        left = without_stories(levelled, reasons)
        if left is not None and not has_any_time(all_found(left, known)):
            # "The technician comes tomorrow at ten" asks for no call then.
            return Unclear(UnclearReason.UNEXPLAINED_WORDS, whole.words)
        asked = asking_beside_stories(levelled, reasons)
        wish = None if asked is None else read_surely(asked, here, known)
        if isinstance(wish, Wish) and tells_when(wish):
            # "Waiting for your call since Monday, call me now".
            return wish
        return _unless_of_a_reason(whole, levelled, here, known, reasons)
    if whole.reason not in _TOO_MUCH_SAID or whole.alternatives:
        # Where it is known what may be meant, leaving out half of it tells no more.
        return whole
    return beside_reasons(levelled, here, known, reasons) or whole


def read_surely(text: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    """What a text means, unless something beside its time may turn it."""
    return unless_turned(read(text, here, known), text, known)


def beside_reasons(text: Text, here: Here, known: Lexicon, reasons: Reasons) -> Wish | None:
    """The wish that is left without the reasons that were given for it."""
    conditions = known.doubts.conditions if known.doubts else None
    for left, told in without_reasons(text, reasons):
        if known.doubts is not None and known.doubts.is_torn(text, left):
            continue
        wish = read_surely(left, here, known)
        # "If I don't answer at ten, so try eleven": the ten is wished as well.
        is_second = conditions is not None and conditions.search(told.chars) is not None
        if is_second or not isinstance(wish, Wish) or not tells_when(wish):
            continue
        # "At noon, Eastern Time (2:00 in Tokyo)" is the same time by another clock.
        is_aside = _is_aside(left, known) and found_clock(told, known)
        if is_aside or (_names_day_alone(left, known) and _names_month(told, known)):
            # "I'm back on 1 March, call me on the 2nd": of which month is asked.
            return None
        if all(each.day_named for each in wish.readings()):
            # "Tuesday at three, no, Thursday": whether at three is asked.
            is_day = are_all(wish, WishKind.DAY) and reasons.corrects(text)
            return None if is_day and found_clock(told, known) else wish
        days = _days_of_reasons(told, known)
        if not days:
            # "I work on Freitag, call me at three": whether on that day is asked.
            by_day = by_daylight(wish, here) if _names_noon(told, known) else wish
            return None if _names_day_abroad(told, known) else by_day
        if len(days) == 1:
            # "I've got the dentist on Monday at ten, so eleven" is eleven on Monday.
            day = days[0]
            on_day = read(restored(left, told, day.start, day.end), here, known)
            if isinstance(on_day, Wish) and tells_when(on_day):
                return on_day
            # "You rang this morning, try at two" is today too.
            return wish if _is_today(day.value) else None
    return None


def _names_noon(told: Text, known: Lexicon) -> bool:
    """Whether a reason is of midday: "we nap at lunchtime, so after half past three"."""
    times = [each.value.time for each in all_found(told, known) if isinstance(each.value, Point)]
    noon = Clock((HALF_DAY,))
    return any(each == noon or (isinstance(each, Part) and each.half == "noon") for each in times)


def _names_day_alone(text: Text, known: Lexicon) -> bool:
    days = [each.value.day for each in all_found(text, known) if isinstance(each.value, Point)]
    return any(isinstance(day, CalendarDay) for day in days) and not _names_month(text, known)


def _names_month(text: Text, known: Lexicon) -> bool:
    return any(
        isinstance(each.value, Point)
        and isinstance(each.value.day, CalendarDay)
        and each.value.day.month is not None
        for each in all_found(text, known)
    )


def _is_aside(left: Text, known: Lexicon) -> bool:
    """Whether all the clock times that are left stand in brackets."""
    bracket = left.chars.find("(")
    if bracket < 0:
        return False
    return not found_clock(blanked(left, [Span(bracket, len(left.chars))]), known)


def _unless_of_a_reason(
    whole: Wish, text: Text, here: Here, known: Lexicon, reasons: Reasons
) -> Wish | Unclear:
    """A wish, unless its clock time may be of a reason: "the dentist at three, so tomorrow"."""
    for left, told in without_reasons(text, reasons):
        if not found_clock(told, known):
            return whole
        wish = read_surely(left, here, known)
        if not isinstance(wish, Wish) or not tells_when(wish) or times_of(wish) == times_of(whole):
            return whole
        since = read(told, here, known)
        if isinstance(since, Wish) and (
            are_all(since, WishKind.AFTER) or any(each.excluded for each in since.readings())
        ):
            # "At work until five" is a bound by itself, and so is "I can't at two". "My shift is
            # until eleven, so tomorrow" may be all day.
            return _whole_day_or(whole, wish, since)
        if all(each.day_named for each in wish.readings()) and are_all(
            wish, WishKind.EXACT, WishKind.AFTER, WishKind.BEFORE
        ):
            return wish
        return Unclear(UnclearReason.TWO_READINGS, whole.words, (wish, whole))
    return whole


def _whole_day_or(whole: Wish, wish: Wish, since: Wish) -> Wish | Unclear:
    """What a bound and a day say together, unless the bound may be of today alone."""
    is_apart = are_all(wish, WishKind.DAY) and are_all(since, WishKind.AFTER)
    if not is_apart or any(each.day_named for each in since.readings()):
        return whole
    return Unclear(UnclearReason.TWO_READINGS, whole.words, (wish, whole))


def _names_day_abroad(text: Text, known: Lexicon) -> bool:
    """Whether a word is a day in a language that is not the customer's."""
    return any(
        not known.entries.of(word.group()) and names_day_abroad(text, *word.span())
        for word in _LETTERS.finditer(text.folded)
    )


def _days_of_reasons(told: Text, known: Lexicon) -> Sequence[Found]:
    """The days to come that reasons name; several if it is not sure which a time is for."""
    values = [each for each in all_found(told, known) if isinstance(each.value, (Point, Window))]
    # "Thursday at two" is no Thursday the second.
    sure = [each for each in values if each.cost < _DOUBTFUL_DAY_COST]
    days = [each for each in sure if is_day_to_come(each.value)]
    longest = [each for each in days if not any(_is_within(each, other) for other in days)]
    timed = any(has_clock(each.value) for each in values)
    if timed:
        # "I work seven to three Monday to Friday" tells of every week.
        longest = [each for each in longest if not _is_habit(each.value)]
    # "I'm away tomorrow, so three" is no three o'clock tomorrow.
    return longest if timed else [*longest, *longest]


def _is_today(value: object) -> bool:
    return isinstance(value, Point) and value.day == RelativeDay(0)


def _is_habit(value: object) -> bool:
    return isinstance(value, Point) and isinstance(value.day, DayRange)


def _is_within(each: Found, other: Found) -> bool:
    is_longer = other.end - other.start > each.end - each.start
    return is_longer and other.start <= each.start and each.end <= other.end
