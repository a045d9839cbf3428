"""What is said of a time that is named: "tomorrow at three is a pain", "at three, nope".

Who says something of a time either takes it or turns it down, in more words than any list knows.
So the words that approve are listed, and the few that turn down; whatever else is said of a time,
the customer is asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ges_connector.language.chart import Found
from ges_connector.language.meaning import (
    Asap,
    CalendarDay,
    Clock,
    Excluding,
    Number,
    Point,
    RelativeDay,
    Reply,
    Weekday,
)
from ges_connector.language.normalize import Text
from ges_connector.language.reasons import (
    Reasons,
    Span,
    Stretch,
    clause_at,
    meet,
    spans_of,
    whole_words,
)

_SINGLE_DAYS = (RelativeDay, Weekday, CalendarDay)
_WORD = re.compile(r"\w")
# "Three I think is difficult", "three's a pain".
_TO_VERB = re.compile(r"[ ']*(?:[^\W\d_]{1,6} ){0,2}")
# "The day is at three".
_TO_TIME = re.compile(r" *(?:[^\W\d_]{1,3} ){0,2}")
# "At three, hmm, no".
_BEFORE_NO = re.compile(r"[ ,.?!-]*(?:[^\W\d_]{1,3}[ ,.-]+)?")
_BEHIND_NO = re.compile(r" *(?:[.!;]|$)")
_BETWEEN_TIMES = re.compile(r"[ ,.?!;-]*")
# "<3pm", "3pm+".
_SIGN = re.compile(r"[<>\u2264\u2265+]")
# The sign of "<b>three" is the end of a tag.
_SIGN_BEFORE = re.compile(r"(?<![\w/])[<>\u2264\u2265]=? ?$")
_SIGN_BEHIND = re.compile(r" ?\+(?! ?\d)")
_STOP = re.compile(r"[.?!;]")
# "No, at four".
_SMALL_WORDS = re.compile(r" +(?:[^\W\d_]{1,3} ){0,2}")


@dataclass(frozen=True, slots=True)
class Judging:
    """The words of a language that judge a time; each a pattern over levelled text.

    Attributes:
        verbs: what says something of the time before it ("is", "sounds").
        approving: what takes the time of which something is said ("fine").
        against: what turns down the time of its clause, wherever it stands ("clashes").
        nays: what refuses the time before it, with nothing behind it ("nope").
        harmless: phrases that hold such a word and mean no such thing.
    """

    verbs: re.Pattern[str] | None
    approving: re.Pattern[str] | None
    against: re.Pattern[str] | None
    nays: re.Pattern[str] | None
    harmless: re.Pattern[str] | None

    def may_judge(self, text: Text) -> bool:
        """Tell whether any word that judges a time is in a text."""
        patterns = (self.verbs, self.against, self.nays)
        is_said = any(each is not None and each.search(text.chars) for each in patterns)
        return is_said or _SIGN.search(text.chars) is not None


def compiled_judging(section: Mapping[str, Any]) -> Judging | None:
    """The judging words of a grammar file; None if it has none.

    Args:
        section: its `[judging]`: lists `verbs`, `approving`, `against`, `nays` and `harmless`,
            which may be templates; a word that ends with "*" may go on.
    """
    # The Italian "è" is no "e": verbs count as they are written.
    lists = (
        whole_words(section.get(each.name, ()), folds=each.name != "verbs")
        for each in fields(Judging)
    )
    return Judging(*lists) if section else None


def turned_down(
    text: Text, words: Judging, reasons: Reasons, phrases: Sequence[Found], found: Sequence[Found]
) -> Span | None:
    """The words of a text that may turn down a time of it; None if there are none.

    Args:
        text: levelled.
        words: of its language.
        reasons: of its language.
        phrases: what was read in it.
        found: whatever could be read in it.
    """
    excluding = [each for each in phrases if isinstance(each.value, Excluding)]
    wished = [each for each in phrases if each not in excluding]
    return (
        _not_approved(text, words, reasons, wished)
        or _against(text, words, reasons, phrases)
        or _bounded_by_sign(text, wished)
        or _refused(text, words, found)
        or _taken_back(text, words, reasons, excluding, found)
    )


def _not_approved(
    text: Text, words: Judging, reasons: Reasons, wished: Sequence[Found]
) -> Span | None:
    """What is said of a time in words that do not approve: "tomorrow at three is a pain"."""
    for verb in _unexplained(words.verbs, text, spans_of(words.harmless, text)):
        clause = clause_at(text, verb.start, reasons)
        start = _judged_behind(text, verb, clause[0], wished) if clause is not None else None
        if clause is None or start is None:
            continue
        said = text.chars[start : clause[0].end]
        approves = words.approving is not None and words.approving.search(said) is not None
        if _WORD.search(said) is not None and not approves:
            return Span(verb.start, start + len(said.rstrip(" ,.;!?")))
    return None


def _judged_behind(text: Text, verb: Span, clause: Stretch, wished: Sequence[Found]) -> int | None:
    """From where on a clause says something of a time; None if its verb is of no time."""
    times = [each for each in wished if not isinstance(each.value, Asap | Reply)]
    ends = [each.end for each in times if _is_between(_TO_TIME, text, verb.end, each.start)]
    if ends:
        # "Is three tomorrow a problem?", but "the day after tomorrow is Thursday".
        is_first = _WORD.search(text.chars, clause.start, verb.start) is None
        is_question = "?" in text.chars[clause.end - 1 : clause.end + 1]
        return max(ends) if is_first and is_question else None
    is_said = any(_is_between(_TO_VERB, text, each.end, verb.start) for each in wished)
    return verb.end if is_said else None


def _against(text: Text, words: Judging, reasons: Reasons, phrases: Sequence[Found]) -> Span | None:
    """What turns down the time of its clause wherever it stands: "three clashes"."""
    times = [each for each in phrases if not isinstance(each.value, Reply)]
    explained: list[Stretch] = [*spans_of(words.harmless, text), *times]
    for span in _unexplained(words.against, text, explained):
        clause = clause_at(text, span.start, reasons)
        if clause is not None and any(meet(each, clause[0]) for each in times):
            return span
    return None


def _bounded_by_sign(text: Text, wished: Sequence[Stretch]) -> Span | None:
    """A time with a sign that makes a bound of it: "<3pm", "3pm+"."""
    for each in wished:
        before = _SIGN_BEFORE.search(text.chars[: each.start])
        behind = _SIGN_BEHIND.match(text.chars, each.end)
        if before is not None or behind is not None:
            return Span(each.start, each.end)
    return None


def _refused(text: Text, words: Judging, found: Sequence[Found]) -> Span | None:
    """A "no" behind a time, with nothing behind it: "at three, nope"."""
    excluding = [each for each in found if isinstance(each.value, Excluding)]
    for span in spans_of(words.nays, text):
        is_last = _BEHIND_NO.match(text.chars, span.end) is not None
        if not is_last or any(x.start <= span.start and x.end == span.end for x in excluding):
            continue
        if any(
            isinstance(each.value, Point) and _is_between(_BEFORE_NO, text, each.end, span.start)
            for each in found
        ):
            return span
    return None


def _taken_back(
    text: Text,
    words: Judging,
    reasons: Reasons,
    excluding: Sequence[Found],
    found: Sequence[Found],
) -> Span | None:
    """A "no" between two times that may rule out the second as well as take back the first.

    "Three tomorrow, no four". Where the "no" of a language is its "not", a comma alone tells that
    the second is ruled out.
    """
    pattern = reasons.retracting
    retracting = [Span(*each.span()) for each in pattern.finditer(text.folded)] if pattern else []
    for span in spans_of(words.nays, text):
        starts = [each.start for each in retracting if each.end == span.end]
        start = min((*starts, span.start))
        before = [
            each
            for each in found
            if each.end <= start
            and _is_between(_BETWEEN_TIMES, text, each.end, start)
            and (starts or reasons.bare_no or _STOP.search(text.chars, each.end - 1, start))
        ]
        behind = [each for each in found if _is_between(_SMALL_WORDS, text, span.end, each.start)]
        for each in behind:
            is_ruled_out = any(
                one.start <= span.start
                and each.end <= one.end
                # "Tomorrow at three, no, four" corrects the three.
                and not (isinstance(each.value, Number) and _corrects(one.value))
                for one in excluding
            )
            are_times = bool(starts) and isinstance(each.value, Point) and bool(before)
            if is_ruled_out and (are_times or any(_is_alike(each.value, x.value) for x in before)):
                return Span(span.start, each.end)
    return None


def _corrects(value: object) -> bool:
    return isinstance(value, Excluding) and not value.excluded


def _is_alike(one: object, other: object) -> bool:
    """Whether both are a clock time, or both a single day."""
    if isinstance(one, Number) and isinstance(other, Point):
        # "At three, no four".
        return one.alone and isinstance(other.time, Clock)
    if not isinstance(one, Point) or not isinstance(other, Point):
        return False
    if isinstance(one.time, Clock):
        return isinstance(other.time, Clock)
    return all(isinstance(each.day, _SINGLE_DAYS) for each in (one, other))


def _is_between(pattern: re.Pattern[str], text: Text, start: int, end: int) -> bool:
    return start <= end and pattern.fullmatch(text.chars, start, end) is not None


def _unexplained(
    pattern: re.Pattern[str] | None, text: Text, explained: Sequence[Stretch]
) -> list[Span]:
    """What a pattern finds in a text that is no part of what is explained."""
    return [
        each for each in spans_of(pattern, text) if not any(meet(each, one) for one in explained)
    ]
