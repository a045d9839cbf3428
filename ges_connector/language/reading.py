"""The ways to read a text, and the best of them.

The best way is the one that explains most of the text with the fewest separate phrases. Every digit
and every word about time must be explained by it; whatever else the text says is let pass. Two
equally good ways that mean different times are both kept.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from zoneinfo import ZoneInfo

from ges_connector.language.chart import Found
from ges_connector.language.clock_rules import as_point
from ges_connector.language.day_rules import as_meaning
from ges_connector.language.holes import keys_of
from ges_connector.language.instants import Here, UnresolvableError, undecided
from ges_connector.language.joining import merge_phrases
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.meaning import (
    AllOf,
    AnyTime,
    Asap,
    Aside,
    Either,
    Excluding,
    Joined,
    Meaning,
    Number,
    Offset,
    OneOf,
    Part,
    Point,
    RelativeDay,
    Reply,
    ShiftedDay,
    Vague,
    Window,
    Zone,
)
from ges_connector.language.normalize import Text
from ges_connector.language.parsing import cut, parsed
from ges_connector.language.resolve import resolve
from ges_connector.language.tokens import Tokens
from ges_connector.language.windows import names_day
from ges_connector.language.wish import ChoiceKind, Unclear, UnclearReason, Wish, WishKind
from ges_connector.language.words import TooManyTokensError

_PHRASE_COST = 10
_UNEXPLAINED = 1000
# A free word is better explained than not; a doubtful one costs as much either way.
_SKIP_COSTS = {"sure": _UNEXPLAINED, "weak": 15, "doubtful": 1, "free": 1}
_BARE_NUMBER_COST = 6
_MAX_PATHS = 6
_WORD = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[,.;!?]")
_ENDS_CLAUSE = re.compile(r"[,.;!?]")
_STANDS_ALONE = (Point, Window, Offset, Either, Excluding, AnyTime, Asap, Reply, OneOf, Vague, Zone)
_OTHERS = {ChoiceKind.EARLIER, ChoiceKind.LATER, ChoiceKind.MORE}
# A reading that fails for one of these makes room for the next best; the others are the answer.
_TRY_ANOTHER = {UnclearReason.CONTRADICTION, UnclearReason.DOES_NOT_EXIST}


@dataclass(frozen=True, slots=True)
class _Path:
    """A way to read the text up to some place."""

    cost: int
    phrases: tuple[Found, ...]
    unexplained: tuple[tuple[int, int], ...]


def read(levelled: Text, here: Here, known: Lexicon) -> Wish | Unclear:
    """What a text means that has been levelled."""
    try:
        tokens = cut(levelled, known)
        paths = _paths(tokens, found_in(levelled, known))
    except TooManyTokensError:
        return Unclear(UnclearReason.TOO_LONG)
    wish = _best(paths, here, levelled, known)
    if isinstance(wish, Unclear) and wish.reason is UnclearReason.UNEXPLAINED_WORDS:
        wish = _whatever_else_happens(paths, here, levelled, known) or wish
    if (
        isinstance(wish, Wish)
        and tokens.strange
        and (_is_mere_reply(wish) or _is_mere_now(wish, paths, levelled, known))
    ):
        # "Later" is a reply, "I moved later that year" is not; nor asks "now I'm shopping".
        return Unclear(UnclearReason.UNEXPLAINED_WORDS, wish.words, (wish,))
    return wish


def _whatever_else_happens(
    paths: list[_Path], here: Here, text: Text, known: Lexicon
) -> Wish | None:
    """A day and hour that what happens before or after cannot change: "at nine, before school"."""
    for path in paths if known.reasons is not None else ():
        missed = [text.folded[start:end].strip(" ,.") for start, end in path.unexplained]
        if (
            path.phrases
            and known.reasons
            and known.reasons.happenings.issuperset(missed)
            and all(_WORD.match(text.folded, end) for _, end in path.unexplained)
            and not any(_may_bound(end, path.phrases, text) for _, end in path.unexplained)
            and not any(map(_is_of_part, path.phrases))
        ):
            outcome = _outcome(path, here, text, known)
            if isinstance(outcome, Wish) and are_all(outcome, WishKind.EXACT, WishKind.WINDOW):
                named = all(each.day_named for each in outcome.readings())
                return outcome if named and outcome.choice is None else None
    return None


def _is_of_part(phrase: Found) -> bool:
    """Whether a part of the day is all the time that is told: "tonight" may be cut short."""
    return _is_part_of_day(phrase.value)


def _is_part_of_day(value: object) -> bool:
    return isinstance(value, Point) and isinstance(value.time, Part)


def _may_bound(end: int, phrases: Sequence[Found], text: Text) -> bool:
    """Whether a time follows the word that ends at a place, with no sign between."""
    behind = [each.start for each in phrases if each.start >= end]
    return bool(behind) and _SIGN.search(text.chars, end, min(behind)) is None


def _is_mere_reply(wish: Wish) -> bool:
    return any(each.kind is WishKind.CHOICE for each in (wish, *wish.readings()))


def _is_mere_now(wish: Wish, paths: list[_Path], text: Text, known: Lexicon) -> bool:
    """Whether nothing but a "now" asks for a call at once, and no word says that one is asked."""
    if wish.kind is not WishKind.ASAP or known.reasons is None or known.reasons.asks(text):
        return False
    meant = {tuple(each.value for each in path.phrases) for path in paths if path.phrases}
    return bool(meant) and all(
        isinstance(each, Asap) and each.is_now and each.base is None
        for values in meant
        for each in values
    )


def found_in(text: Text, known: Lexicon) -> Sequence[Found]:
    """Every phrase of a text.

    Raises:
        TooManyTokensError: if it is no wish but a story.
        TooComplexError: if all that was read of the message is more than a wish can be.
    """
    return parsed(text, known).found


def phrases_of(text: Text, known: Lexicon) -> Sequence[Found]:
    """The phrases that the cheapest ways to explain a text are made of."""
    try:
        paths = _paths(cut(text, known), found_in(text, known))
    except TooManyTokensError:
        return ()
    # What happens before or after may be left over: see `_whatever_else_happens`.
    telling = [path for path in paths if path.phrases]
    explained = [path for path in telling if not path.unexplained] or telling
    cheapest = min((path.cost for path in explained), default=0)
    return [each for path in explained if path.cost == cheapest for each in path.phrases]


def strange_words(text: Text, known: Lexicon) -> Sequence[int]:
    """Where words of a text begin that no list of its language knows."""
    try:
        return cut(text, known).strange
    except TooManyTokensError:
        return ()


# --- ways to read the text ---------------------------------------------------------------------


def _paths(tokens: Tokens, found: Sequence[Found]) -> list[_Path]:
    """The cheapest ways to read the whole text, the cheapest first."""
    starting: dict[int, list[Found]] = {}
    for each in found:
        if isinstance(each.value, Aside):
            tokens.fillers.setdefault(each.start, set()).add(each.end)
        elif isinstance(each.value, _STANDS_ALONE) or (
            isinstance(each.value, Number) and each.value.alone and "bare" in keys_of(each.value)
        ):
            starting.setdefault(each.start, []).append(each)
    places = sorted({0, *tokens.weights, *tokens.fillers, *starting})
    reached: dict[int, list[_Path]] = {places[0]: [_Path(0, (), ())]}
    final: list[_Path] = []
    for place in places:
        paths = reached.pop(place, None)
        if not paths:
            continue
        paths = _cheapest(paths)
        for cost, end, phrase in _steps(place, tokens, starting):
            index = bisect_left(places, end)
            target = reached.setdefault(places[index], []) if index < len(places) else final
            target.extend(_extend(path, cost, phrase, place, end) for path in paths)
    ways = _cheapest(final)
    if any(isinstance(each.value, Aside) for each in found) and _says_nothing(ways[0]):
        # "I am 83 years old" explains its number, and says no time.
        return ways[:1]
    return ways


def _says_nothing(path: _Path) -> bool:
    return not path.phrases and not path.unexplained


def _cheapest(paths: list[_Path]) -> list[_Path]:
    """The cheapest ways, each once: passing over small words singly or together is one way."""
    kept: dict[object, _Path] = {}
    for path in sorted(paths, key=lambda path: path.cost):
        kept.setdefault((tuple(map(id, path.phrases)), path.unexplained), path)
        if len(kept) == _MAX_PATHS:
            break
    return list(kept.values())


def _extend(path: _Path, cost: int, phrase: Found | None, place: int, end: int) -> _Path:
    phrases = path.phrases if phrase is None else (*path.phrases, phrase)
    missed = path.unexplained
    if phrase is None and cost >= _UNEXPLAINED:
        missed = (*missed, (place, end))
    return _Path(path.cost + cost, phrases, missed)


def _steps(
    place: int, tokens: Tokens, starting: dict[int, list[Found]]
) -> Iterator[tuple[int, int, Found | None]]:
    """What may be read at a place: a phrase, or nothing."""
    for each in starting.get(place, ()):
        extra = _BARE_NUMBER_COST if isinstance(each.value, Number) else 0
        yield _PHRASE_COST + each.cost + extra, each.end, each
    for end in tokens.fillers.get(place, ()):
        yield _SKIP_COSTS["free"], end, None
    weight, end = tokens.weights.get(place, (None, place + 1))
    yield _SKIP_COSTS[weight] if weight else 0, end, None


# --- the best of them --------------------------------------------------------------------------


def _best(paths: list[_Path], here: Here, text: Text, known: Lexicon) -> Wish | Unclear:
    failure: Unclear | None = None
    explained = [path for path in paths if not path.unexplained and path.phrases]
    read = 0
    for cost in sorted({path.cost for path in explained}):
        alike = [path for path in explained if path.cost == cost and _letters(path) >= read]
        outcomes = [_outcome(path, here, text, known) for path in alike]
        wishes = [each for each in outcomes if isinstance(each, Wish)]
        if wishes:
            return _checked(_combined(wishes))
        if not read and known.settings.writing != "free":
            # What contradicts the rest is not read as nothing instead.
            read = max(map(_letters, alike))
        failures = [each for each in outcomes if isinstance(each, Unclear)]
        failure = failure or next(iter(failures), None)
        final = [each for each in failures if each.reason not in _TRY_ANOTHER]
        if final:
            return final[0]
    return failure or _unexplained(paths, text)


def _letters(path: _Path) -> int:
    """How much of the text is a time in this reading."""
    return sum(each.end - each.start for each in path.phrases)


def _combined(wishes: list[Wish]) -> Wish:
    """One wish of the equally good ways to read the text."""
    words = wishes[0].words
    readings: list[Wish] = []
    for wish in wishes:
        bare = wish.with_words(())
        readings.extend(bare.alternatives if bare.undecided else (bare,))
    said = [frozenset(each.excluded) for each in readings if each.excluded and _has_bound(each)]
    # "Next week except Monday" says when; "except Monday of next week" alone does not.
    readings = [each for each in readings if _has_bound(each) or set(each.excluded) not in said]
    distinct = {times_of(each): each for each in reversed(readings)}
    return undecided(reversed(distinct.values())).with_words(words)


def _has_bound(wish: Wish) -> bool:
    return (wish.earliest_at, wish.latest_at) != (None, None) or wish.kind is not WishKind.WINDOW


def times_of(wish: Wish) -> object:
    """What makes two readings different times, however they were put."""
    inner = tuple(times_of(each) for each in wish.alternatives)
    return wish.kind, wish.earliest_at, wish.latest_at, wish.choice, inner


def _outcome(path: _Path, here: Here, text: Text, known: Lexicon) -> Wish | Unclear:
    phrases = _without_past(path.phrases, text, known)
    if _is_cut_short(phrases, text, known):
        return Unclear(UnclearReason.UNEXPLAINED_WORDS)
    phrases = _without_happenings(phrases, text, known)
    words = tuple(text.words(each.start, each.end) for each in phrases)
    is_number_only = text.chars.strip(" .,!?").isdigit()
    meanings = [_meaning(each.value) for each in phrases]
    if meanings[0] == Reply(ChoiceKind.NONE) and _are_apart(phrases[:2], text):
        # "None of those, what about Friday?"
        meanings = meanings[1:] if _stands_in(meanings[1]) else meanings
    meaning = _assemble(meanings, is_number_only=is_number_only)
    if meaning is not None and _takes_back(phrases, text, known):
        return Unclear(UnclearReason.TWO_READINGS, words)
    if meaning is None and _looks_elsewhere_than(meanings):
        # "From two to four, earlier": it is not the first of the month for want of better.
        return Unclear(UnclearReason.TWO_READINGS, words)
    if meaning is None:
        only = len(phrases) == 1
        reason = UnclearReason.DOES_NOT_EXIST if only else UnclearReason.CONTRADICTION
        return Unclear(reason, words)
    try:
        return resolve(meaning, here).with_words(words)
    except UnresolvableError as error:
        return Unclear(error.reason, words, error.alternatives)


def _stands_in(meaning: Joined) -> bool:
    """Whether something is wanted in place of what was refused: another time, or a later one."""
    is_other = isinstance(meaning, Reply) and meaning.kind in _OTHERS
    return is_other or isinstance(meaning, (Point, Window, Either))


def _looks_elsewhere_than(meanings: Sequence[Joined]) -> bool:
    """Whether other times are asked for beside a stretch of time: "from two to four, earlier"."""
    elsewhere = {ChoiceKind.EARLIER, ChoiceKind.LATER}
    asks = any(isinstance(each, Reply) and each.kind in elsewhere for each in meanings)
    return asks and any(
        isinstance(each, Window) and each.start is not None and each.end is not None
        for each in meanings
    )


def _without_happenings(
    phrases: tuple[Found, ...], text: Text, known: Lexicon
) -> tuple[Found, ...]:
    """The phrases without a "before" that a clause of its own follows: "at two, before I leave"."""
    kept = tuple(each for each in phrases if not _opens_happening(each, phrases, text, known))
    is_told = len(kept) == 1 and isinstance(kept[0].value, (Point, Window))
    return kept if is_told else phrases


def _opens_happening(phrase: Found, phrases: Sequence[Found], text: Text, known: Lexicon) -> bool:
    """Whether a phrase is a "before" or "after" with words behind it, and no time."""
    if not isinstance(phrase.value, Reply) or known.reasons is None:
        return False
    words = text.folded[phrase.start : phrase.end].strip(" ,.")
    return words in known.reasons.happenings and _is_followed(phrase, phrases, text)


def _is_followed(phrase: Found, phrases: Sequence[Found], text: Text) -> bool:
    """Whether more words stand right behind a phrase, and no other phrase does."""
    is_last = phrase is phrases[-1]
    return is_last and _WORD.match(text.folded, text.after_spaces(phrase.end)) is not None


def _is_cut_short(phrases: Sequence[Found], text: Text, known: Lexicon) -> bool:
    """Whether what happens before or after cuts a part of the day short: "tonight before the news".

    Of an hour it tells nothing: "at two, before I leave".
    """
    last = phrases[-1]
    words = _WORD.findall(text.folded, last.start, last.end)
    if not isinstance(last.value, Reply) or known.reasons is None or not words:
        return False
    opens = words[-1] in known.reasons.happenings and _is_followed(last, phrases, text)
    return opens and (_is_part_of_day(last.value.base) or any(map(_is_of_part, phrases)))


def _without_past(phrases: tuple[Found, ...], text: Text, known: Lexicon) -> tuple[Found, ...]:
    """The phrases without those of what is over, if others in clauses of their own say when.

    "You rang yesterday at five, try again on Thursday" is about Thursday. Within one clause the
    two may belong together: "on Tuesday last week".
    """
    over = [_is_over(each.value) for each in phrases]
    kept = tuple(each for each, past in zip(phrases, over, strict=True) if not past)
    at_once = all(isinstance(each.value, Asap) for each in kept)
    if not any(over) or not kept or not (at_once or any(_is_dated(each.value) for each in kept)):
        return phrases
    for index, (one, other) in enumerate(pairwise(phrases)):
        if over[index] == over[index + 1] or at_once:
            continue
        words = _WORD.findall(text.folded, one.end, other.start)
        # A phrase ends where the next may begin: the sign that ends a clause may be its last.
        between = text.chars[max(0, one.end - 2) : other.start]
        if not _ENDS_CLAUSE.search(between) and not known.contrasts.intersection(words):
            return phrases
    return kept


def _is_over(value: object) -> bool:
    """Whether a phrase speaks of the past: "yesterday at five", "since Monday"."""
    day = value.day if isinstance(value, Point) else None
    days = day.days if isinstance(day, AllOf) else (day,)
    return RelativeDay(-1) in days


def _are_apart(phrases: Sequence[Found], text: Text) -> bool:
    """Whether a sign stands between two phrases; false for one."""
    return any(
        _SIGN.search(text.chars, max(one.start, one.end - 2), other.start)
        for one, other in pairwise(phrases)
    )


def _takes_back(phrases: Sequence[Found], text: Text, known: Lexicon) -> bool:
    """Whether one day is taken back for another: "on Thursday, sorry, the third".

    So is a Thursday spoken of at the other end of a sentence that ends with "in two weeks".
    """
    dated = [each for each in phrases if _is_dated(each.value)]
    for one, other in pairwise(dated):
        words = _WORD.findall(text.folded, one.end, other.start)
        if known.contrasts.intersection(words) or (words and _is_counted(one, other)):
            return True
    return False


def _is_counted(one: Found, other: Found) -> bool:
    """Whether exactly one of two days is so many days from today."""
    kinds = [isinstance(getattr(each.value, "day", None), ShiftedDay) for each in (one, other)]
    return kinds.count(True) == 1


def _is_dated(value: object) -> bool:
    if isinstance(value, Window):
        return names_day(value)
    return isinstance(value, Point) and value.day is not None


def _meaning(value: object) -> Joined:
    if isinstance(value, (*_STANDS_ALONE, Number)):
        return value
    raise TypeError(value)


def _assemble(meanings: list[Joined], *, is_number_only: bool) -> Meaning | None:
    """Join everything the text says; None if it does not go together.

    Days and times may be said in any order and far apart, so what does not fit its neighbour may
    fit the next one.
    """
    joined: Joined = meanings[0]
    waiting = meanings[1:]
    while waiting:
        for place, each in enumerate(waiting):
            merged = merge_phrases(joined, each)
            if merged is not None:
                joined = merged
                del waiting[place]
                break
        else:
            return None
    if isinstance(joined, Number):
        return as_meaning(joined) if is_number_only else as_point(joined)
    return joined


def _checked(wish: Wish) -> Wish | Unclear:
    """Tell where the only doubt is which of two equal clock times is meant."""
    readings = wish.readings()
    if not wish.undecided:
        return wish
    plain = [each for each in readings if each.choice is None and each.earliest_at is not None]
    if plain and {replace(each, choice=None) for each in readings} == {plain[0]}:
        # "Heute geht's nicht mehr. Morgen um acht": the "more" beside the time is no reply.
        return plain[0]
    if any(each.kind is not WishKind.EXACT for each in readings):
        return wish
    walls = {
        each.earliest_at.astimezone(ZoneInfo(each.zone)).replace(tzinfo=None, fold=0)
        for each in readings
        if each.earliest_at is not None
    }
    if len(walls) == 1:
        return Unclear(UnclearReason.TIME_EXISTS_TWICE, wish.words, readings)
    return wish


def _unexplained(paths: list[_Path], text: Text) -> Unclear:
    """Why no way to read the text holds."""
    if not paths:
        return Unclear(UnclearReason.NO_TIME_FOUND)
    path = paths[0]
    words = tuple(text.words(start, end) for start, end in path.unexplained)
    if any(any(char.isdigit() for char in word) for word in words):
        return Unclear(UnclearReason.UNEXPLAINED_DIGITS, words)
    if any(each.phrases for each in paths):
        return Unclear(UnclearReason.UNEXPLAINED_WORDS, words)
    return Unclear(UnclearReason.NO_TIME_FOUND, words)


def are_all(wish: Wish, *kinds: WishKind) -> bool:
    """Tell whether every reading of a wish is of one of these kinds."""
    return all(each.kind in kinds for each in wish.readings())
