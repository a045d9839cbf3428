"""The customer's words in, a wish out, or the reason why not.

A text is read as a whole first; where reasons with times of their own are told beside the wish, it
is read without them too.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ges_connector.language.another_time import (
    leaves_time_after,
    may_count_from_another,
    told_from_another,
    week_behind,
)
from ges_connector.language.asides import without_asides
from ges_connector.language.beside_reasons import beside_reasons, beside_whole, read_surely
from ges_connector.language.chart import TooComplexError
from ges_connector.language.compiler import lexicon
from ges_connector.language.instants import Here, grouped
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.meaning import Point
from ges_connector.language.normalize import Text, normalize
from ges_connector.language.parsing import one_message
from ges_connector.language.places import placed
from ges_connector.language.reading import phrases_of, read, times_of
from ges_connector.language.reasons import (
    Reasons,
    Span,
    best_and_second_best,
    blanked,
    breaks_off,
    takes_all_back,
    without_greeting,
)
from ges_connector.language.relative import named_time
from ges_connector.language.told import all_found, found_clock, tells_when
from ges_connector.language.turned import unless_turned
from ges_connector.language.wish import Unclear, UnclearReason, Wish, WishKind

# Longer texts are stories; a wish has been said before that many letters.
MAX_LENGTH = 1500
# "Otherwise, on Thursday".
_SMALL_WORDS = re.compile(r"[ ,]*(?:[^\W\d_]{1,6} ){0,2}")


def understand(text: str, locale: str, now: datetime, timezone: str) -> Wish | Unclear:
    """Tell when a customer wants to be called.

    Args:
        text: what the customer wrote or said, in any length.
        locale: BCP 47 or CLDR tag of the language, such as `de-AT`; a territory decides how "3/12"
            is read.
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
    said = normalize(text)
    if len(said.chars) > MAX_LENGTH:
        # One sign may stand for eighteen letters.
        return Unclear(UnclearReason.TOO_LONG)
    if known.spellings is not None:
        said = known.spellings.put_right(said)
    levelled = without_asides(said, known.refusals, known.after_hour)
    if known.reasons is not None:
        levelled = without_greeting(levelled, known.reasons)
    answer = _by_every_clock(levelled, here, known)
    if isinstance(answer, Wish) and known.reasons is not None and breaks_off(said, known.reasons):
        return Unclear(UnclearReason.UNEXPLAINED_WORDS, answer.words, (answer,))
    return answer


def _by_every_clock(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    """What is meant, where a text may name the clock of another place."""
    clocks = placed(levelled, known.places, known.locale)
    answer = _understood(clocks.text, here, known)
    if clocks.text.zones and _names_two_clocks(answer, clocks.text, known):
        # "At noon, Nepal time (3:15 in Tokyo)": which of the two the zone is of is asked.
        return Unclear(UnclearReason.TWO_READINGS, answer.words)
    if clocks.there is None or not isinstance(answer, Wish) or not found_clock(levelled, known):
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
    return len(named_time(all_found(text, known))) > 1


def _understood(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    if leaves_time_after(levelled, known) or may_count_from_another(levelled, known):
        return Unclear(UnclearReason.TWO_READINGS)
    if known.reasons is not None:
        if takes_all_back(levelled, known.reasons, known.refusals):
            return Unclear(UnclearReason.UNEXPLAINED_WORDS)
        levelled = _with_last_day(levelled, known, known.reasons)
    told = week_behind(levelled, here, known) or told_from_another(levelled, here, known)
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
    values = [each.value for each in known.entries.of(word)]
    return any(isinstance(each, Point) and each.day and not each.time for each in values)


def _as_said(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    either = _either_of_two(levelled, here, known)
    if either is not None:
        return either
    whole = read(levelled, here, known)
    if known.reasons is None:
        return whole
    answer = beside_whole(whole, levelled, here, known, known.reasons)
    if answer is not whole or not isinstance(whole, Wish):
        return answer
    sure = unless_turned(whole, levelled, known)
    if isinstance(sure, Wish):
        return whole
    # "My shift ends at six, call me tomorrow".
    return beside_reasons(levelled, here, known, known.reasons) or sure


def _either_of_two(text: Text, here: Here, known: Lexicon) -> Wish | None:
    """A day and the second best of it: "tomorrow if you can, otherwise Thursday morning"."""
    if known.reasons is None:
        return None
    for best, second, start in best_and_second_best(text, known.reasons):
        phrases = phrases_of(second, known)
        if not any(_SMALL_WORDS.fullmatch(text.folded, start, each.start) for each in phrases):
            # "If not, I'm at work": what follows is no time.
            continue
        wishes = [read_surely(each, here, known) for each in (best, second)]
        is_loose = isinstance(wishes[1], Wish) and not _is_dated(wishes[1])
        if is_loose and isinstance(read_surely(text, here, known), Unclear):
            wishes[1] = read_surely(_on_same_day(text, best, start, known), here, known)
        found = tuple(each for each in wishes if isinstance(each, Wish) and _is_dated(each))
        if len(found) == len(wishes):
            return grouped(found, decided=True).with_words(sum((x.words for x in found), ()))
    return None


def _on_same_day(text: Text, best: Text, start: int, known: Lexicon) -> Text:
    """The second best with the one day of the best: "Monday before nine, otherwise after five"."""
    days = [
        each
        for each in all_found(best, known)
        if isinstance(each.value, Point) and each.value.day and not each.value.time
    ]
    day = max(days, key=lambda each: each.end - each.start, default=None)
    if day is None or not all(day.start <= each.start and each.end <= day.end for each in days):
        return blanked(text, [Span(0, len(text.chars))])
    others = (Span(0, day.start), Span(day.end, start))
    return blanked(text, [each for each in others if each.start < each.end])


def _is_dated(wish: Wish) -> bool:
    readings = wish.readings()
    is_open = any(each.excluded or each.kind is WishKind.ASAP for each in readings)
    return tells_when(wish) and not is_open and all(each.day_named for each in readings)


def warm_up(locales: Sequence[str]) -> None:
    """Compile the languages of these locales now, so that no customer waits for it."""
    for locale in locales:
        lexicon(locale)
