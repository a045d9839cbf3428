"""The customer's words in, a wish out, or the reason why not.

A text is read as a whole first; where reasons with times of their own are told beside the wish, it
is read without them too.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ges_connector.language.asides import without_asides
from ges_connector.language.chart import Found, TooComplexError
from ges_connector.language.compiler import lexicon
from ges_connector.language.doubts import (
    Doubts,
    Said,
    are_side_by_side,
    is_taken,
    tells_of,
    turning,
)
from ges_connector.language.foreign import names_day_abroad
from ges_connector.language.instants import Here, UnresolvableError, by_daylight, grouped
from ges_connector.language.joining import merge_points
from ges_connector.language.judging import turned_down
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.meaning import (
    DAYS_PER_WEEK,
    HALF_DAY,
    Asap,
    CalendarDay,
    CalendarSpan,
    Clock,
    DayRange,
    Duration,
    Excluding,
    Number,
    Offset,
    Part,
    Point,
    RelativeDay,
    Reply,
    ShiftedDay,
    WeekOf,
    Window,
)
from ges_connector.language.normalize import Text, normalize
from ges_connector.language.parsing import one_message
from ges_connector.language.places import placed
from ges_connector.language.reading import (
    are_all,
    found_in,
    phrases_of,
    read,
    strange_words,
    times_of,
)
from ges_connector.language.reasons import (
    Reasons,
    Span,
    Stretch,
    asking_beside_stories,
    best_and_second_best,
    blanked,
    clause_at,
    restored,
    takes_all_back,
    without_greeting,
    without_reasons,
    without_stories,
)
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
from ges_connector.language.windows import end_of
from ges_connector.language.wish import ChoiceKind, Unclear, UnclearReason, Wish, WishKind
from ges_connector.language.words import TooManyTokensError

# Longer texts are stories; a wish has been said before that many letters.
MAX_LENGTH = 1500
_DOUBTFUL_DAY_COST = 3
# So many words that no list knows tell of something else; half of a language that is known less.
_STRANGE_WORDS = 2
_STRANGE_LETTERS = 3
_MORE_BEHIND_TIME = 1
_WORD = re.compile(r"\w")
_LETTERS = re.compile(r"[^\W\d_]+")
# "Otherwise, on Thursday".
_SMALL_WORDS = re.compile(r"[ ,]*(?:[^\W\d_]{1,6} ){0,2}")
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


def understand(text: str, locale: str, now: datetime, timezone: str) -> Wish | Unclear:
    """Tell when a customer wants to be called.

    Args:
        text: what the customer wrote or said, in any length.
        locale: BCP 47 or CLDR tag of the language, such as `de-AT`; a territory decides how "3/12"
            is
            read.
        now: aware; the moment at which it was said.
        timezone: IANA name of the customer's zone; "tomorrow" is meant there.

    Returns:
        A wish, or the reason why no wish can be told from the words without guessing.

    Raises:
        ValueError: if `now` has no zone.
        zoneinfo.ZoneInfoNotFoundError: if there is no such zone.
    """
    if now.utcoffset() is None:
        raise ValueError("now must be an aware datetime")
    known = lexicon(locale)
    if known is None:
        return Unclear(UnclearReason.LANGUAGE_UNKNOWN)
    if len(text) > MAX_LENGTH:
        return Unclear(UnclearReason.TOO_LONG)
    zone = ZoneInfo(timezone)
    here = Here(now.astimezone(zone), zone, known.settings)
    with one_message():
        try:
            return _answer(text, here, known)
        except TooComplexError:
            return Unclear(UnclearReason.TOO_LONG)


def _answer(text: str, here: Here, known: Lexicon) -> Wish | Unclear:
    levelled = without_asides(normalize(text), known.refusals, known.after_hour)
    if known.reasons is not None:
        levelled = without_greeting(levelled, known.reasons)
    clocks = placed(levelled, known.places, known.locale)
    answer = _understood(clocks.text, here, known)
    if clocks.text.zones and _names_two_clocks(answer, clocks.text, known):
        # "At noon, Nepal time (3:15 in Tokyo)": which of the two the zone is of is asked.
        return Unclear(UnclearReason.TWO_READINGS, answer.words)
    if clocks.there is None or not isinstance(answer, Wish) or not _found_clock(levelled, known):
        return answer
    there = _understood(clocks.there, here, known)
    if isinstance(there, Wish) and times_of(there) != times_of(answer):
        # "I'm in Tokyo, call me at nine": by which clock is asked.
        return Unclear(UnclearReason.TWO_READINGS, answer.words, (answer, there))
    return answer


def _names_two_clocks(answer: Wish | Unclear, text: Text, known: Lexicon) -> bool:
    """Whether one instant is the answer to a text that names two clock times."""
    if not isinstance(answer, Wish) or answer.alternatives or answer.kind is not WishKind.EXACT:
        return False
    return len(named_time(_found(text, known))) > 1


def _understood(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    if _leaves_time_after(levelled, known) or _may_count_from_another(levelled, known):
        return Unclear(UnclearReason.TWO_READINGS)
    if known.reasons is not None:
        if takes_all_back(levelled, known.reasons, known.refusals):
            return Unclear(UnclearReason.UNEXPLAINED_WORDS)
        levelled = _with_last_day(levelled, known, known.reasons)
    told = _week_behind(levelled, here, known) or _told_from_another(levelled, here, known)
    return told or _as_said(levelled, here, known)


def _with_last_day(text: Text, known: Lexicon, reasons: Reasons) -> Text:
    """The text without a day that the next word takes back: "Friday no Thursday"."""
    taken_back = [
        Span(match.start(1), match.start(2))
        for match in (reasons.corrected.finditer(text.folded) if reasons.corrected else ())
        if _is_name_of_day(match[1], known) and _is_name_of_day(match[2], known)
    ]
    return blanked(text, taken_back) if taken_back else text


def _is_name_of_day(word: str, known: Lexicon) -> bool:
    values = [each.value for each in known.entries.get(word, ())]
    return any(isinstance(each, Point) and each.day and not each.time for each in values)


def _week_behind(text: Text, here: Here, known: Lexicon) -> Wish | Unclear | None:
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
    before = _found(blanked(text, [Span(clause[0].start, len(text.chars))]), known)
    before = [each for each in before if not isinstance(each.value, Number)]
    if not _has_any_time(before) and not any(isinstance(x.value, Excluding) for x in before):
        return None
    days = ruled_out_days(before)
    behind = blanked(text, [Span(0, clause[0].end)]) if clause[0].end < len(text.chars) else None
    is_alone = not _has_any_time(_found(own, known))
    is_last = behind is None or not _has_any_time(_found(behind, known))
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


def _told_from_another(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear | None:
    """The wish that is told from the one other time of a text: "at two I land, call an hour after".

    None where nothing points at another time; where it is not plain which, that is asked.
    """
    if known.relative is None or known.reasons is None or not known.relative.may_point(levelled):
        return None
    found = _found(levelled, known)
    for pointer in pointers(levelled, known.relative, found):
        clause = clause_at(levelled, pointer.start, known.reasons)
        if clause is None:
            continue
        stretch, asks = clause
        beside = _found(_only(levelled, stretch, pointer), known)
        is_own = _has_time(beside)
        is_all = _WORD.search(_only(levelled, stretch, pointer).folded) is None
        if is_own or (pointer.duration is None and not asks and not is_all):
            continue
        rest = _found(blanked(levelled, [stretch]), known)
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
    clocks = [each for each in rest if _has_clock(each.value)]
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
    behind = [each for each in rest if each.start >= pointer.end and _has_clock(each.value)]
    if pointer.duration is None or not behind:
        return False
    clause = clause_at(text, min(each.start for each in behind), reasons)
    return clause is not None and clause[1]


def _dated_by(bound: Point | None, rest: Sequence[Found]) -> Sequence[Point]:
    """A bound, on the day that is named beside it where it has none: "Wednesday I'm off at six"."""
    if bound is not None and bound.day is None:
        bound = on_day(bound, [each for each in rest if _is_day_to_come(each.value)])
    return () if bound is None else (bound,)


def _open_start(value: object) -> Point | None:
    """Where a stretch begins that has no end."""
    return value.start if isinstance(value, Window) and value.end is None else None


def _only(text: Text, clause: Stretch, pointer: Pointer) -> Text:
    """A clause alone, without what points at another time."""
    outside = (Span(0, clause.start), Span(clause.end, len(text.chars)))
    return blanked(text, [*(each for each in outside if each.start < each.end), pointer])


def _has_time(found: Sequence[Found]) -> bool:
    return any(_has_clock(each.value) or isinstance(each.value, Number) for each in found)


def _has_any_time(found: Sequence[Found]) -> bool:
    return any(isinstance(each.value, Point | Window | Offset | Asap | Number) for each in found)


def _found(text: Text, known: Lexicon) -> Sequence[Found]:
    try:
        return found_in(text, known)
    except TooManyTokensError:
        return ()


def _leaves_time_after(text: Text, known: Lexicon) -> bool:
    """Whether a length of time is asked for that may begin at a clock time of the text.

    "I land at two, give me an hour" is not in an hour from now.
    """
    if known.relative is None or known.relative.leaving is None:
        return False
    matches = list(known.relative.leaving.finditer(text.folded))
    if not matches:
        return False
    found = _found(text, known)
    starts = {each.start for each in found if isinstance(each.value, Duration)}
    is_length = any(text.after_spaces(match.end()) in starts for match in matches)
    return is_length and any(_has_clock(each.value) for each in found)


def _may_count_from_another(text: Text, known: Lexicon) -> bool:
    """Whether a length of time may begin now as well as at a clock time that is told beside it.

    "I land at two, call an hour on", where the words for "later" and "from now" are the same.
    """
    reasons, either = known.reasons, known.relative.either if known.relative else None
    if reasons is None or either is None or either.search(text.folded) is None:
        return False
    found = _found(text, known)
    # "In three days, at two" is one time.
    lengths = [x for x in found if isinstance(x.value, Duration) and not x.value.is_calendar]
    clocks = [each for each in found if _has_clock(each.value)]
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


def _as_said(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    either = _either_of_two(levelled, here, known)
    if either is not None:
        return either
    whole = read(levelled, here, known)
    if known.reasons is None:
        return whole
    answer = _beside_whole(whole, levelled, here, known, known.reasons)
    if answer is not whole or not isinstance(whole, Wish):
        return answer
    sure = _unless_turned(whole, levelled, known)
    if isinstance(sure, Wish):
        return whole
    # "My shift ends at six, call me tomorrow".
    return _beside_reasons(levelled, here, known, known.reasons) or sure


def _either_of_two(text: Text, here: Here, known: Lexicon) -> Wish | None:
    """A day and the second best of it: "tomorrow if you can, otherwise Thursday morning"."""
    if known.reasons is None:
        return None
    for best, second, start in best_and_second_best(text, known.reasons):
        phrases = phrases_of(second, known)
        if not any(_SMALL_WORDS.fullmatch(text.folded, start, each.start) for each in phrases):
            # "If not, I'm at work": what follows is no time.
            continue
        wishes = tuple(_read_surely(each, here, known) for each in (best, second))
        found = tuple(each for each in wishes if isinstance(each, Wish) and _is_dated(each))
        if len(found) == len(wishes):
            return grouped(found, decided=True).with_words(sum((x.words for x in found), ()))
    return None


def _is_dated(wish: Wish) -> bool:
    readings = wish.readings()
    is_open = any(each.excluded or each.kind is WishKind.ASAP for each in readings)
    return _tells_when(wish) and not is_open and all(each.day_named for each in readings)


def _unless_turned(wish: Wish | Unclear, text: Text, known: Lexicon) -> Wish | Unclear:
    """A wish, unless a word beside its time may make something else of it: "hardly Thursday"."""
    doubts, reasons = known.doubts, known.reasons
    if reasons is None or isinstance(wish, Unclear):
        return wish
    affair = _judged(text, known, reasons)
    if affair is None and not are_all(wish, WishKind.ASAP, WishKind.CHOICE):
        affair = _told_in_strange_words(wish, text, known, reasons)
    if affair is not None:
        words = (text.words(affair.start, affair.end),)
        return Unclear(UnclearReason.UNEXPLAINED_WORDS, words, (wish,))
    if _refuses_all_then(text, known, reasons) or (
        doubts is not None and _is_of_busy_day(wish, text, known, doubts, reasons)
    ):
        return Unclear(UnclearReason.TWO_READINGS, wish.words, (wish,))
    may_turn = doubts is not None and doubts.may_turn(text)
    if doubts is None or not (may_turn or reasons.affairs.search(text.folded)):
        return wish
    kinds = {each.kind for each in wish.readings()}
    phrases = [each for each in phrases_of(text, known) if not isinstance(each.value, Reply | Asap)]
    ruled_out = [each for each in phrases if isinstance(each.value, Excluding)]
    said = Said(
        times=[each for each in phrases if not _rules_out_alone(each.value)],
        ruled_out=ruled_out,
        is_hour=WishKind.EXACT in kinds,
        is_single=bool(kinds & {WishKind.EXACT, WishKind.DAY}) or _is_any_time(wish),
    )
    span = turning(text, doubts, reasons, said)
    if span is None:
        return wish
    return Unclear(UnclearReason.UNEXPLAINED_WORDS, (text.words(span.start, span.end),), (wish,))


def _refuses_all_then(text: Text, known: Lexicon, reasons: Reasons) -> bool:
    """Whether a "none" may be of the time right beside it: "nothing before four"."""
    return any(
        isinstance(each.value, Reply)
        and each.value.kind is ChoiceKind.NONE
        and isinstance(each.value.base, Point | Window)
        and reasons.signs.search(text.folded, each.start, each.end) is None
        for each in phrases_of(text, known)
    )


def _is_of_busy_day(
    wish: Wish, text: Text, known: Lexicon, doubts: Doubts, reasons: Reasons
) -> bool:
    """Whether an hour without a day stands beside a day on which the customer is busy.

    "I'm busy on Wednesday, after five" may be after five on that very day. So may an hour right
    beside a day that is ruled out: "tomorrow hairdresser 3pm".
    """
    phrases = phrases_of(text, known)
    excluding = [each for each in phrases if isinstance(each.value, Excluding)]
    if any(_is_hour_of_affair(each, text, reasons) for each in excluding):
        return True
    loose = [each for each in wish.readings() if each.excluded and not each.day_named]
    if not any(each.earliest_at or each.latest_at for each in loose):
        return False
    others = [each for each in phrases if not _rules_out_alone(each.value)]
    return any(
        is_taken(text, day, doubts)
        or (_is_of_affair(day, text, reasons) and _stands_beside_one(day, others, text))
        for day in excluding
        if isinstance(day.value, Excluding) and all(map(_is_whole_day, day.value.excluded))
    )


def _is_hour_of_affair(phrase: Found, text: Text, reasons: Reasons) -> bool:
    """Whether an hour and a day that is ruled out are one phrase: "tomorrow hairdresser at ten"."""
    base = phrase.value.base if isinstance(phrase.value, Excluding) else None
    is_apart = reasons.signs.search(text.folded, phrase.start, phrase.end) is not None
    return _has_clock(base) and not is_apart and _is_of_affair(phrase, text, reasons)


def _is_of_affair(day: Found, text: Text, reasons: Reasons) -> bool:
    """Whether a single day is ruled out by what the customer does then: "tomorrow hairdresser"."""
    excluded = day.value.excluded if isinstance(day.value, Excluding) else ()
    days = [each.day for each in excluded if isinstance(each, Point)]
    is_one = len(excluded) == len(days) == 1 and not isinstance(days[0], CalendarSpan)
    return is_one and reasons.affairs.search(text.folded, day.start, day.end) is not None


def _stands_beside_one(day: Stretch, others: Sequence[Stretch], text: Text) -> bool:
    return any(are_side_by_side(day, each, text) for each in others)


def _is_whole_day(value: object) -> bool:
    return isinstance(value, Point) and value.day is not None and value.time is None


def _told_in_strange_words(
    wish: Wish, text: Text, known: Lexicon, reasons: Reasons
) -> Stretch | None:
    """A clause with a time that asks for no call, in words that no list knows.

    "My mum visits on Saturday" tells of Saturday, and wants no call then. One such word will do
    where a verb behind it says something of it: "supper is at seven", and beside the end of a
    stretch: "I abseil until four".
    """
    strange = strange_words(text, known)
    subjects = [
        each for each in strange if known.doubts is not None and tells_of(text, each, known.doubts)
    ]
    is_known_well = known.doubts is not None and known.doubts.limits is not None
    enough = _STRANGE_WORDS if is_known_well else _STRANGE_WORDS - 1
    if known.settings.writing == "free":
        enough = _STRANGE_LETTERS
    if not strange:
        return None
    phrases = phrases_of(text, known)
    if len(strange) < enough and not subjects and not any(_has_end(x.value) for x in phrases):
        return None
    is_clock = any(each.kind is WishKind.EXACT for each in wish.readings())
    inside = [
        each
        for each in strange
        if not any(phrase.start <= each < phrase.end for phrase in phrases)
        and reasons.openings.match(text.folded, each) is None
    ]
    for phrase in phrases:
        found = clause_at(text, phrase.start, reasons)
        if found is None or found[1] or _is_past(phrase.value):
            continue
        clause = found[0]
        # Who begins with a clock time mostly answers with it: "Tuesday at four, if poss, ta".
        is_first = is_clock and not _WORD.search(text.chars[clause.start : phrase.start])
        told = sum(clause.start <= each < clause.end for each in inside)
        if any(clause.start <= each < clause.end for each in subjects):
            return clause
        if _lasts_with(phrase, inside, clause, text, known):
            return clause
        if told >= enough + (_MORE_BEHIND_TIME if is_first else 0):
            return clause
    return None


def _lasts_with(
    phrase: Found, strange: Sequence[int], clause: Stretch, text: Text, known: Lexicon
) -> bool:
    """Whether a word that no list knows may tell what somebody does up to the end of a stretch.

    What happens before or after tells nothing of that: "between four and five before I leave".
    """
    if known.settings.writing == "free" or known.reasons is None or not _has_end(phrase.value):
        return False
    behind = [
        match.end()
        for match in _LETTERS.finditer(text.folded, phrase.end, clause.end)
        if match.group() in known.reasons.happenings
    ]
    end = min(behind, default=clause.end)
    return any(clause.start <= each < end for each in strange)


def _has_end(value: object) -> bool:
    """Whether it is a stretch with an end, which what lasts until then has too."""
    if not isinstance(value, Window) or value.end is None:
        return False
    return value.start is not None or value.deadline


def _judged(text: Text, known: Lexicon, reasons: Reasons) -> Stretch | None:
    """What is said against a time of a text, or may be: "at three is a pain"."""
    if known.judging is None or not known.judging.may_judge(text):
        return None
    phrases, found = phrases_of(text, known), _found(text, known)
    return turned_down(text, known.judging, reasons, phrases, found)


def _is_past(value: object) -> bool:
    """Whether it is a day that is over, which no call can be wished for."""
    day = value.day if isinstance(value, Point) else None
    return isinstance(day, RelativeDay) and day.days < 0


def _is_any_time(wish: Wish) -> bool:
    """Whether nothing is named, nor ruled out: "every day"."""
    bounds = {(each.earliest_at, each.latest_at, each.excluded) for each in wish.readings()}
    return bounds == {(None, None, ())} and wish.choice is None


def _rules_out_alone(value: object) -> bool:
    return isinstance(value, Excluding) and value.base is None


def _beside_whole(
    whole: Wish | Unclear, levelled: Text, here: Here, known: Lexicon, reasons: Reasons
) -> Wish | Unclear:
    """What is meant, looking at the reasons and stories that are told as well."""
    if isinstance(whole, Wish):
        left = without_stories(levelled, reasons)
        if left is not None and not _has_any_time(_found(left, known)):
            # "The technician comes tomorrow at ten" asks for no call then.
            return Unclear(UnclearReason.UNEXPLAINED_WORDS, whole.words)
        asked = asking_beside_stories(levelled, reasons)
        wish = None if asked is None else _read_surely(asked, here, known)
        if isinstance(wish, Wish) and _tells_when(wish):
            # "Waiting for your call since Monday, call me now".
            return wish
        return _unless_of_a_reason(whole, levelled, here, known, reasons)
    if whole.reason not in _TOO_MUCH_SAID or whole.alternatives:
        # Where it is known what may be meant, leaving out half of it tells no more.
        return whole
    return _beside_reasons(levelled, here, known, reasons) or whole


def _read_surely(text: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    return _unless_turned(read(text, here, known), text, known)


def _beside_reasons(text: Text, here: Here, known: Lexicon, reasons: Reasons) -> Wish | None:
    """The wish that is left without the reasons that were given for it."""
    conditions = known.doubts.conditions if known.doubts else None
    for left, told in without_reasons(text, reasons):
        if known.doubts is not None and known.doubts.is_torn(text, left):
            continue
        wish = _read_surely(left, here, known)
        # "If I don't answer at ten, so try eleven": the ten is wished as well.
        is_second = conditions is not None and conditions.search(told.chars) is not None
        if is_second or not isinstance(wish, Wish) or not _tells_when(wish):
            continue
        # "At noon, Eastern Time (2:00 in Tokyo)" is the same time by another clock.
        is_aside = _is_aside(left, known) and _found_clock(told, known)
        if is_aside or (_names_day_alone(left, known) and _names_month(told, known)):
            # "I'm back on 1 March, call me on the 2nd": of which month is asked.
            return None
        if all(each.day_named for each in wish.readings()):
            # "Tuesday at three, no, Thursday": whether at three is asked.
            is_day = are_all(wish, WishKind.DAY) and reasons.corrects(text)
            return None if is_day and _found_clock(told, known) else wish
        days = _days_of_reasons(told, known)
        if not days:
            # "I work on Freitag, call me at three": whether on that day is asked.
            by_day = by_daylight(wish, here) if _names_noon(told, known) else wish
            return None if _names_day_abroad(told, known) else by_day
        if len(days) == 1:
            # "I've got the dentist on Monday at ten, so eleven" is eleven on Monday.
            day = days[0]
            on_day = read(restored(left, told, day.start, day.end), here, known)
            if isinstance(on_day, Wish) and _tells_when(on_day):
                return on_day
            # "You rang this morning, try at two" is today too.
            return wish if _is_today(day.value) else None
    return None


def _names_noon(told: Text, known: Lexicon) -> bool:
    """Whether a reason is of midday: "we nap at lunchtime, so after half past three"."""
    times = [each.value.time for each in _found(told, known) if isinstance(each.value, Point)]
    noon = Clock((HALF_DAY,))
    return any(each == noon or (isinstance(each, Part) and each.half == "noon") for each in times)


def _names_day_alone(text: Text, known: Lexicon) -> bool:
    days = [each.value.day for each in _found(text, known) if isinstance(each.value, Point)]
    return any(isinstance(day, CalendarDay) for day in days) and not _names_month(text, known)


def _names_month(text: Text, known: Lexicon) -> bool:
    return any(
        isinstance(each.value, Point)
        and isinstance(each.value.day, CalendarDay)
        and each.value.day.month is not None
        for each in _found(text, known)
    )


def _is_aside(left: Text, known: Lexicon) -> bool:
    """Whether all the clock times that are left stand in brackets."""
    bracket = left.chars.find("(")
    if bracket < 0:
        return False
    return not _found_clock(blanked(left, [Span(bracket, len(left.chars))]), known)


def _unless_of_a_reason(
    whole: Wish, text: Text, here: Here, known: Lexicon, reasons: Reasons
) -> Wish | Unclear:
    """A wish, unless its clock time may be of a reason: "the dentist at three, so tomorrow"."""
    for left, told in without_reasons(text, reasons):
        if not _found_clock(told, known):
            return whole
        wish = _read_surely(left, here, known)
        if not isinstance(wish, Wish) or not _tells_when(wish) or times_of(wish) == times_of(whole):
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


def _found_clock(text: Text, known: Lexicon) -> bool:
    try:
        found = found_in(text, known)
    except TooManyTokensError:
        return True
    return any(_has_clock(each.value) for each in found)


def _has_clock(value: object) -> bool:
    if isinstance(value, Window):
        return any(end is not None and end.time is not None for end in (value.start, value.end))
    return isinstance(value, Point) and isinstance(value.time, Clock)


def _tells_when(wish: Wish) -> bool:
    """Whether a wish names a time, and does not only rule some out."""
    return wish.choice is None and all(
        each.kind is WishKind.ASAP or each.earliest_at or each.latest_at for each in wish.readings()
    )


def _names_day_abroad(text: Text, known: Lexicon) -> bool:
    """Whether a word is a day in a language that is not the customer's."""
    return any(
        word.group() not in known.entries and names_day_abroad(text, *word.span())
        for word in _LETTERS.finditer(text.folded)
    )


def _days_of_reasons(told: Text, known: Lexicon) -> Sequence[Found]:
    """The days to come that reasons name; several if it is not sure which a time is for."""
    values = [each for each in _found(told, known) if isinstance(each.value, (Point, Window))]
    # "Thursday at two" is no Thursday the second.
    sure = [each for each in values if each.cost < _DOUBTFUL_DAY_COST]
    days = [each for each in sure if _is_day_to_come(each.value)]
    longest = [each for each in days if not any(_is_within(each, other) for other in days)]
    timed = any(_has_clock(each.value) for each in values)
    if timed:
        # "I work seven to three Monday to Friday" tells of every week.
        longest = [each for each in longest if not _is_habit(each.value)]
    # "I'm away tomorrow, so three" is no three o'clock tomorrow.
    return longest if timed else [*longest, *longest]


def _is_today(value: object) -> bool:
    return isinstance(value, Point) and value.day == RelativeDay(0)


def _is_habit(value: object) -> bool:
    return isinstance(value, Point) and isinstance(value.day, DayRange)


def _is_day_to_come(value: object) -> bool:
    """Whether it is a day, or a part of one; what has an hour holds the day it is on."""
    if not isinstance(value, Point) or value.day is None or isinstance(value.time, Clock):
        return False
    return not (isinstance(value.day, RelativeDay) and value.day.days < 0)


def _is_within(each: Found, other: Found) -> bool:
    is_longer = other.end - other.start > each.end - each.start
    return is_longer and other.start <= each.start and each.end <= other.end


def warm_up(locales: Sequence[str]) -> None:
    """Compile the languages of these locales now, so that no customer waits for it."""
    for locale in locales:
        lexicon(locale)
    names_day_abroad(normalize("-"), 0, 1)
