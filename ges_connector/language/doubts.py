"""Words that make a time one that nobody should be called at: "hardly Thursday", "I land at seven".

A text is read word by word, and words that no list knows are let pass. Those that would turn what
is read into something else must not be: they rule out, bound, tell of a habit, of what has been, of
what the customer has to do then, or of what is so only if. Where one of them stands beside a time
and no phrase explains it, the customer is asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ges_connector.language.normalize import Text
from ges_connector.language.reasons import (
    Reasons,
    Span,
    Stretch,
    blanked,
    clauses_of,
    meet,
    spans_of,
    whole_words,
)

_WORD = re.compile(r"[^\W\d_]+")
# What is no article and no "at".
_LONG_WORD = re.compile(r"[^\W\d_]{3}")
# "Beyond the coming Thursday".
_SPACE = re.compile(r" *")
_BETWEEN = re.compile(r"[ ]*(?:[^\W\d_]{1,6} ){0,2}")
# "Tomorrow hairdresser at about three".
_BESIDE = re.compile(r"[ ]*(?:[^\W\d_]{1,4} ){0,2}")


@dataclass(frozen=True, slots=True)
class Doubts:
    """The words of a language that turn a time; each a pattern over levelled text.

    Attributes:
        limits: what rules out, or nearly, anywhere in the clause of a time ("hardly"); a language
            without them counts as one known less.
        nots: what rules out the time that follows directly ("not").
        bounds: what bounds or rules out the time right behind it ("beyond").
        habits: what tells of more than one day ("always"), which no single call can be.
        repeated: weekdays that come again and again ("Thursdays"); with an hour, no single call.
        tales: what tells of what has been or what else happens then ("was", "I land"), where the
            clause asks for no call.
        conditions: what makes the time behind it one among others ("if I don't answer").
        harmless: phrases that hold such a word and mean no such thing ("I was wondering").
        verbs: what tells, behind a word that no list knows, of something else than a call: "the
            builders are here", "supper's at seven".
        having: what tells, before such a word, of an affair of the customer's: "I've got karate".
        doings: what somebody does or has to do, which is a tale as well: "I teach", "I have to".
        busy: what says that somebody is; a time of which it is a part explains the doings beside
            it, and a day that it rules out may be the one of an hour behind it.
        appointments: what a time right beside it is of: "Wednesday 3pm dentist". So are the affairs
            that tell a reason.
        meals: what is a part of the day and an affair alike ("lunch"); an hour beside it is that of
            the affair: "lunch 12 to 1".
        degrees: how early or late it should not be, which bounds no day: "not too early tomorrow".
        no_doings: phrases that hold any of these and mean no such thing: "I have to speak to you".
    """

    limits: re.Pattern[str] | None
    nots: re.Pattern[str] | None
    bounds: re.Pattern[str] | None
    habits: re.Pattern[str] | None
    repeated: re.Pattern[str] | None
    tales: re.Pattern[str] | None
    conditions: re.Pattern[str] | None
    harmless: re.Pattern[str] | None
    verbs: re.Pattern[str] | None
    having: re.Pattern[str] | None
    doings: re.Pattern[str] | None
    busy: re.Pattern[str] | None
    appointments: re.Pattern[str] | None
    meals: re.Pattern[str] | None
    degrees: re.Pattern[str] | None
    no_doings: re.Pattern[str] | None

    def may_turn(self, text: Text) -> bool:
        """Tell whether any of the words is in a text."""
        turning_once = (self.limits, self.nots, self.bounds, self.tales, self.conditions)
        habits = (self.habits, self.repeated)
        affairs = (self.doings, self.appointments, self.meals)
        patterns = (*turning_once, *habits, *affairs, self.degrees)
        return any(each is not None and each.search(text.chars) for each in patterns)

    def is_torn(self, text: Text, left: Text) -> bool:
        """Tell whether what is left of a text holds a part of a limit and lacks the rest.

        "They wanted to" is no reason beside "call back on Thursday": both are of one limit.
        """
        pieces = (
            (text.chars[each.start : each.end], left.chars[each.start : each.end])
            for each in (*spans_of(self.limits, text), *spans_of(self.degrees, text))
        )
        return any(whole != part and _WORD.search(part) is not None for whole, part in pieces)


def compiled_doubts(section: Mapping[str, Any]) -> Doubts | None:
    """The doubts of a grammar file; None if it has none.

    Args:
        section: its `[doubts]`: lists `limits`, `nots`, `bounds`, `habits`, `repeated`,
            `tales`, `conditions`, `harmless`, `verbs`, `having`, `doings`, `busy`, `appointments`,
            `meals`, `degrees` and `no_doings`, which may be templates; a word that ends with "*"
            may go on.
    """
    keys = (field.name for field in fields(Doubts))
    return Doubts(*(whole_words(section.get(key, ())) for key in keys)) if section else None


def tells_of(text: Text, place: int, doubts: Doubts) -> bool:
    """Tell whether the word at a place is what a clause is about: "supper is at seven".

    Or what somebody has then: "I've got karate at six".

    Args:
        text: levelled.
        place: where the word begins.
        doubts: of its language.
    """
    word = _WORD.match(text.chars, place)
    if _is_had(text, place, doubts):
        return True
    if word is None or doubts.verbs is None:
        return False
    is_short = text.chars.startswith("'s", word.end())
    behind = word.end() + len("'") if is_short else text.after_spaces(word.end())
    if doubts.harmless is not None and doubts.harmless.match(text.chars, behind):
        # "My colleague is in on Friday".
        return False
    return doubts.verbs.match(text.chars, behind) is not None


def _is_had(text: Text, place: int, doubts: Doubts) -> bool:
    """Whether the word at a place is something that somebody has."""
    return any(
        text.chars[each.end : place].strip(" '") == "" and each.end <= place
        for each in spans_of(doubts.having, text)
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What was read in a text.

    Attributes:
        times: where the times stand that are wished.
        ruled_out: where those stand that are not.
        hours: where clock times stand, alone or as a bound.
        is_hour: whether an hour is what was read.
        is_single: whether an hour or a day is, and not any within a stretch.
    """

    times: Sequence[Stretch]
    ruled_out: Sequence[Stretch]
    hours: Sequence[Stretch]
    is_hour: bool
    is_single: bool


def turning(text: Text, doubts: Doubts, reasons: Reasons, said: Said) -> Span | None:
    """The first stretch of a text that may turn a time of it; None if there is none.

    Args:
        text: levelled.
        doubts: of its language.
        reasons: of its language.
        said: what was read in it.
    """
    harmless = [*spans_of(doubts.harmless, text), *said.ruled_out]
    explained = [*harmless, *said.times]
    limits, bounds, tales, conditions = (
        _unexplained(each, text, explained)
        for each in (doubts.limits, doubts.bounds, doubts.tales, doubts.conditions)
    )
    tales += _doings(text, doubts, reasons, said, explained)
    habits = _unexplained(doubts.habits if said.is_single else None, text, harmless)
    habits += _unexplained(doubts.repeated if said.is_hour else None, text, harmless)
    bounds = [each for each in bounds if _is_before_one(each, said.times, text, _BETWEEN)]
    nots = _unexplained(doubts.nots, text, explained)
    wished = [each for each in said.times if each not in said.ruled_out]
    bounds += [each for each in nots if _is_before_one(each, wished, text, _SPACE)]
    degrees = _unexplained(doubts.degrees, text, spans_of(doubts.harmless, text))
    meals = [
        each
        for each in _outside(spans_of(doubts.meals, text), harmless)
        if any(are_side_by_side(each, hour, text) for hour in said.hours)
    ]
    found: list[Span] = []
    for span, asks in clauses_of(text, reasons, tales):
        found += [each for each in meals if not asks and meet(each, span)]
        if any(meet(each, span) for each in said.times):
            beside = [*limits, *bounds, *habits, *conditions, *(() if asks else tales)]
            found += [each for each in beside if meet(each, span)]
        if any(meet(each, span) for each in (*said.times, *said.ruled_out)):
            found += [each for each in degrees if meet(each, span)]
    last = max((each.start for each in (*said.times, *said.ruled_out)), default=0)
    found += [each for each in conditions if each.start < last]
    return min(found, key=lambda each: each.start, default=None)


def is_taken(text: Text, day: Stretch, doubts: Doubts) -> bool:
    """Tell whether somebody is busy on a day that is ruled out, rather than against it.

    Who is busy "all day" is so at every hour of it.
    """
    busy, free = (
        each is not None and each.search(text.chars, day.start, day.end) is not None
        for each in (doubts.busy, doubts.no_doings)
    )
    return busy and not free


def _doings(
    text: Text, doubts: Doubts, reasons: Reasons, said: Said, explained: Sequence[Stretch]
) -> list[Span]:
    """What somebody does at a time, or has then, and no word of a time says so already."""
    explained = [*explained, *spans_of(doubts.no_doings, text)]
    beside = [
        each
        for each in _unexplained(doubts.appointments, text, explained)
        if any(_touch(each, time, text) for time in said.times)
    ]
    # What is read of an affair tells of it already: "at work until five".
    loose = [
        each
        for each in said.times
        if each not in said.ruled_out
        and not reasons.affairs.search(text.folded, each.start, each.end)
    ]
    alone = _outside(_told_alone(text, reasons, [*said.times, *said.ruled_out]), explained)
    beside += [x for x in alone if any(are_side_by_side(x, time, text) for time in loose)]
    if any(is_taken(text, each, doubts) for each in said.times):
        # Of "ich muss", the "bis fünf arbeiten" tells all.
        return beside
    return beside + _unexplained(doubts.doings, text, explained)


def _told_alone(text: Text, reasons: Reasons, times: Sequence[Stretch]) -> list[Span]:
    """The affairs of clauses that hold a time and no word more: "tomorrow meeting 10-12"."""
    affairs = [Span(*each.span()) for each in reasons.affairs.finditer(text.folded)]
    found: list[Span] = []
    for clause, asks in clauses_of(text, reasons, ()):
        own = [each for each in affairs if meet(each, clause)]
        rest = blanked(text, [*own, *times]).folded
        if not asks and _LONG_WORD.search(rest, clause.start, clause.end) is None:
            found += own
    return found


def _touch(word: Stretch, time: Stretch, text: Text) -> bool:
    before, behind = sorted((word, time), key=lambda each: each.start)
    return not text.chars[before.end : behind.start].strip()


def are_side_by_side(word: Stretch, time: Stretch, text: Text) -> bool:
    """Tell whether nothing but small words stands between two stretches of a text."""
    if meet(word, time):
        return True
    before, behind = sorted((word, time), key=lambda each: each.start)
    return _BESIDE.fullmatch(text.chars, before.end, behind.start) is not None


def _unexplained(
    pattern: re.Pattern[str] | None, text: Text, explained: Sequence[Stretch]
) -> list[Span]:
    """What a pattern finds in a text that is no part of what is explained."""
    return _outside(spans_of(pattern, text), explained)


def _outside(spans: Sequence[Span], explained: Sequence[Stretch]) -> list[Span]:
    return [
        span
        for span in spans
        if not any(each.start <= span.start and span.end <= each.end for each in explained)
    ]


def _is_before_one(
    word: Stretch, times: Sequence[Stretch], text: Text, between: re.Pattern[str]
) -> bool:
    """Whether a time stands right behind a word."""
    return any(
        word.end <= each.start and between.fullmatch(text.folded, word.end, each.start)
        for each in times
    )
