"""A wish, unless something beside its time may make something else of it: "hardly Thursday"."""

import re
from collections.abc import Sequence

from ges_connector.language.chart import Found
from ges_connector.language.doubts import (
    Doubts,
    Said,
    are_side_by_side,
    is_taken,
    tells_of,
    turning,
)
from ges_connector.language.judging import turned_down
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.meaning import (
    Asap,
    CalendarSpan,
    Excluding,
    Point,
    RelativeDay,
    Reply,
    Window,
)
from ges_connector.language.normalize import Text
from ges_connector.language.reading import are_all, phrases_of, strange_words
from ges_connector.language.reasons import Reasons, Span, Stretch, clause_at
from ges_connector.language.told import all_found, has_clock
from ges_connector.language.wish import ChoiceKind, Unclear, UnclearReason, Wish, WishKind

# So many words that no list knows tell of something else; half of a language that is known less.
_STRANGE_WORDS = 2
_STRANGE_LETTERS = 3
_MORE_BEHIND_TIME = 1
# What may be a day in chat spelling.
_LONGEST_CHAT_DAY = 6
_WORD = re.compile(r"\w")
_LETTERS = re.compile(r"[^\W\d_]+")
# "Mñn a las tres".
_TO_HOUR = re.compile(r" +(?:[^\W\d_]{1,2} )?")


def unless_turned(wish: Wish | Unclear, text: Text, known: Lexicon) -> Wish | Unclear:
    """A wish, unless a word beside its time may make something else of it: "hardly Thursday"."""
    doubts, reasons = known.doubts, known.reasons
    if reasons is None or isinstance(wish, Unclear):
        return wish
    affair = _judged(text, known, reasons) or _may_be_day(wish, text, known)
    if affair is None and not are_all(wish, WishKind.ASAP, WishKind.CHOICE):
        affair = _told_in_strange_words(wish, text, known, reasons)
    if affair is not None:
        words = (text.words(affair.start, affair.end),)
        return Unclear(UnclearReason.UNEXPLAINED_WORDS, words, (wish,))
    is_entry = any(x.choice and x.excluded and x.kind is WishKind.EXACT for x in wish.readings())
    # "Not next Thursday, the one after, at ten": the one after is no entry of the offer.
    if (
        is_entry
        or _refuses_all_then(text, known, reasons)
        or (doubts is not None and _is_of_busy_day(wish, text, known, doubts, reasons))
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
        hours=[each for each in all_found(text, known) if has_clock(each.value)],
        is_hour=WishKind.EXACT in kinds,
        is_single=bool(kinds & {WishKind.EXACT, WishKind.DAY}) or _is_any_time(wish),
    )
    span = turning(text, doubts, reasons, said)
    if span is None:
        return wish
    return Unclear(UnclearReason.UNEXPLAINED_WORDS, (text.words(span.start, span.end),), (wish,))


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


def _is_whole_day(value: object) -> bool:
    return isinstance(value, Point) and value.day is not None and value.time is None


def _may_be_day(wish: Wish, text: Text, known: Lexicon) -> Stretch | None:
    """A short word that no list knows, first of all and right before an hour: "tmo 3pm".

    It may be a day in chat spelling, where nothing else names one. Right between two times that
    are read as one it may be anything: "3pm cpt Thursday".
    """
    words = [_LETTERS.match(text.folded, each) for each in strange_words(text, known)]
    phrases = phrases_of(text, known) if words else ()
    ends = {text.after_spaces(each.end) for each in phrases}
    hours = [each.start for each in phrases if has_clock(each.value)]
    is_hour_alone = are_all(wish, WishKind.EXACT) and not any(
        each.day_named for each in wish.readings()
    )
    for word in words:
        if word is None or text.chars[word.end() : word.end() + 1] != " ":
            continue
        behind = text.after_spaces(word.end())
        is_short = len(word.group()) <= _LONGEST_CHAT_DAY
        is_first = is_short and _WORD.search(text.chars, 0, word.start()) is None
        is_between = word.start() in ends and any(each.start == behind for each in phrases)
        is_before = any(_TO_HOUR.fullmatch(text.folded, word.end(), each) for each in hours)
        if is_between or (is_hour_alone and is_first and is_before):
            return Span(word.start(), word.end())
    return None


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
    phrases, found = phrases_of(text, known), all_found(text, known)
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


def _refuses_all_then(text: Text, known: Lexicon, reasons: Reasons) -> bool:
    """Whether a "none" may be of the time right beside it: "nothing before four"."""
    return any(
        isinstance(each.value, Reply)
        and each.value.kind is ChoiceKind.NONE
        and isinstance(each.value.base, Point | Window)
        and reasons.signs.search(text.folded, each.start, each.end) is None
        for each in phrases_of(text, known)
    )


def _is_hour_of_affair(phrase: Found, text: Text, reasons: Reasons) -> bool:
    """Whether an hour and a day that is ruled out are one phrase: "tomorrow hairdresser at ten"."""
    base = phrase.value.base if isinstance(phrase.value, Excluding) else None
    is_apart = reasons.signs.search(text.folded, phrase.start, phrase.end) is not None
    return has_clock(base) and not is_apart and _is_of_affair(phrase, text, reasons)


def _is_of_affair(day: Found, text: Text, reasons: Reasons) -> bool:
    """Whether a single day is ruled out by what the customer does then: "tomorrow hairdresser"."""
    excluded = day.value.excluded if isinstance(day.value, Excluding) else ()
    days = [each.day for each in excluded if isinstance(each, Point)]
    is_one = len(excluded) == len(days) == 1 and not isinstance(days[0], CalendarSpan)
    return is_one and reasons.affairs.search(text.folded, day.start, day.end) is not None


def _stands_beside_one(day: Stretch, others: Sequence[Stretch], text: Text) -> bool:
    return any(are_side_by_side(day, each, text) for each in others)
