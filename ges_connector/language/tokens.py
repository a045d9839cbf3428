"""Cut a text into what can be part of a time: words, phrases and numbers, in every reading.

Whatever is not in the lexicon is left out here; only digits are always noticed, because a number
that no reading explains makes the whole text unclear.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ges_connector.language.chart import Token
from ges_connector.language.clocks import hour_options
from ges_connector.language.company import Neighbours
from ges_connector.language.foreign import names_day_abroad
from ges_connector.language.holes import keys_of
from ges_connector.language.lexicon import (
    Lexicon,
)
from ges_connector.language.meaning import (
    Month,
    Number,
    Ordinal,
    Part,
    Point,
    Whereabouts,
    Zone,
)
from ges_connector.language.normalize import Text, is_unspaced
from ges_connector.language.places import MARK
from ges_connector.language.slips import is_one_letter_away
from ges_connector.language.template import WORD
from ges_connector.language.words import (
    MAX_TOKENS,
    MAX_WORD,
    SKIPPED_SIGNS,
    Hit,
    TooManyTokensError,
    WordFinder,
)
from ges_connector.language.written import written

# Nobody puts more small words and signs between two words of one time.
_MAX_SKIPPED = 6
_MAX_NUMBER_DIGITS = 4
_CENTURIES = ("19", "20")
# "241126", "24112026", and both with a clock time behind.
_SHORT_DATE_LENGTH = 6
_DATE_LENGTHS = {6, 8, 10, 12, 14}

# Percentages, money and degrees are no times.
_COUNTED = re.compile(r" ?[%\u20ac$\u00a3\u00a5\u00b0]|[.,]\d+ ?[%\u20ac$\u00a3\u00a5]")
_AMOUNT = re.compile(r"(?<![\d.,:/-])\d{1,6}(?:[.,]\d{1,3})? ?[%\u20ac$\u00a3\u00a5](?!\w)")
_JOINS_NUMBERS = re.compile(r" ?([-/:+]) ?(?=\d)")
_DASH_BEFORE = re.compile(r"\d[-/]$")
_DOT_BEFORE = re.compile(r"\d\.$")
_DOT_BEHIND = re.compile(r"\.\d")
# Between "order" and its digits: "order no. 4711", "my customer number is 88213".
_NUMBERED = re.compile(r"[ .:#'№]*(?:[^\W\d_]{1,8}[ .:#'°º№]*){0,2}(?=\d)")
# At the beginning or the end of a text, with two small words between at most: "Tu. at around 5".
_BEFORE_DIGITS = re.compile(r"^([^\W\d_]+)\.?,? ?(?:[^\W\d_]{1,6} ){0,2}\d")
_BEHIND_DIGITS = re.compile(r"\d[^ ]*,? (?:[^\W\d_]{1,6},? )?([^\W\d_]+)\W*$")
_DIGITS = re.compile(r"\d+")
_ENDS_SENTENCE = ",.;!?()"
# "Monday ❌".
_CROSSES = re.compile("[\u00d7\u274c\u274e\u2715-\u2718\u26d4\U0001f6ab\U0001f645\U0001f44e]")
_WORD = re.compile(r"[^\W\d_]+")
# "At my daughter's school play".
_MOST_WHEREABOUTS = 6
# Shorter words are near to too many others.
_SHORTEST_BOUND = 3
_SHORTEST_BOUND_SLIP = 4
_BOUND_SLIP = 3
_HAN = re.compile("[\u3400-\u9fff]")
_LONGEST_NOT = 4
# "Later than", "più tardi".
_MOST_BOUNDS = 2
_MOST_BETWEEN = 2
_ENDS_PHRASE = re.compile(r"[,!?]")
# What a number may be that a unit follows: "20 minutes", "10 minutes past four".
_COUNTING = ("n", "amount", "minute")


@dataclass(slots=True)
class Tokens:
    """What a text was cut into.

    Attributes:
        text: the levelled text.
        items: for the parser, in the order of the text.
        skips: places where small words begin, with the places after them.
        weights: for a place, how badly the word there wants to be explained, and where it ends.
    """

    text: Text
    items: list[Token] = field(default_factory=list)
    skips: dict[int, set[int]] = field(default_factory=dict)
    fillers: dict[int, set[int]] = field(default_factory=dict)
    weights: dict[int, tuple[str, int]] = field(default_factory=dict)
    refusals: set[int] = field(default_factory=set)
    """Where a "not" and the like end."""
    strange: list[int] = field(default_factory=list)
    """Where words begin that are in no list at all."""

    def reach(self, place: int) -> Sequence[int]:
        """A place, and those after the small words and signs that stand there."""
        places = [place]
        for each in places:
            if len(places) > _MAX_SKIPPED:
                break
            for after in self.skips.get(each, ()):
                if after not in places:
                    places.append(after)
        return places

    def gap(self, start: int, end: int) -> int | None:
        """What it costs to skip from a word of a phrase to its value; None over a comma.

        "I can't, tomorrow at ten" does not rule tomorrow out. A dot may be of an abbreviation; not
        behind a "not".
        """
        skipped = self.text.chars[start:end]
        if _ENDS_PHRASE.search(skipped) or ("." in skipped and start in self.refusals):
            return None
        return 1


class Tokenizer:
    """Cuts one text."""

    def __init__(self, text: Text, lexicon: Lexicon) -> None:
        self._text = text
        self._chars = text.chars
        self._lexicon = lexicon
        self._finder = WordFinder(text, lexicon)
        self._neighbours = Neighbours(text, lexicon, [])
        self._result = Tokens(text)
        self._hits: list[Hit] = []
        self._starts: set[int] = set()
        self._ends: set[int] = set()
        self._stopped: set[int] = set()
        self._named: set[int] = set()
        self._strange: set[int] = set()

    def cut(self) -> Tokens:
        """Cut the text.

        Raises:
            TooManyTokensError: if it is no wish but a story.
        """
        self._find()
        self._count_unknown()
        for hit in self._hits:
            self._take(hit)
        for hit in self._hits:
            self._weigh_words(hit)
        self._weigh_elided()
        self._weigh_short_weekdays()
        for match in _DIGITS.finditer(self._chars):
            # "Order 55120" is told by its word, and could be nothing else.
            if match.start() not in self._named or not _is_no_time(match.group()):
                self._take_digits(match)
        self._let_amounts_pass()
        self._take_signs()
        for place in self._text.hyphens:
            self._take_hyphen(place)
        for place, zone in self._text.zones.items():
            self._take_zone(place, zone)
        if len(self._result.items) > MAX_TOKENS:
            raise TooManyTokensError
        self._result.items.sort(key=lambda token: (token.start, token.end))
        return self._result

    def _take_signs(self) -> None:
        """Pass over what may stand between words, but not over what crosses out."""
        for place, char in enumerate(self._chars):
            if char in SKIPPED_SIGNS:
                self._skip(place, place + 1)
        for match in _CROSSES.finditer(self._chars):
            self._result.weights[match.start()] = ("sure", self._text.after_spaces(match.end()))

    def _let_amounts_pass(self) -> None:
        """Percentages and money are told by their sign: "3% battery", "84,50 €"."""
        for match in _AMOUNT.finditer(self._chars):
            after = self._text.after_spaces(match.end())
            self._result.fillers.setdefault(match.start(), set()).add(after)

    # --- words ---------------------------------------------------------------------------------

    def _find(self) -> None:
        self._neighbours = Neighbours(self._text, self._lexicon, self._finder.find())
        self._hits = self._neighbours.kept()
        for start, end in self._finder.suspected:
            self._result.weights[start] = ("sure", self._text.after_spaces(end))
        for hit in self._hits:
            if self._chars[hit.end - 1].isalnum():
                self._starts.add(hit.start)
                self._ends.add(hit.end)

    def _count_unknown(self) -> None:
        """Count the words that no phrase covers; where only CLDR helps, each may be a "not".

        Nor may a day be missed that another language names: "lieber Freitag um 10" in English.
        """
        for start, end in self._finder.unknown:
            if any(hit.start <= start and end <= hit.end for hit in self._hits):
                continue
            self._result.strange.append(start)
            self._strange.add(start)
            is_day = names_day_abroad(self._text, start, end)
            if self._take_bound(start, end):
                continue
            is_awaited = self._is_awaited(start) or self._bounds_hour(end)
            is_awaited = is_awaited or self._may_turn_bound(start, end)
            is_awaited = is_awaited or self._may_be_day(start, end)
            if is_day or is_awaited or not self._lexicon.has_file:
                self._result.weights[start] = ("sure", self._text.after_spaces(end))
        if self._lexicon.whereabouts and self._strange:
            self._take_whereabouts()

    def _take_bound(self, start: int, end: int) -> bool:
        """Take an unknown word before a time for the bound that is one letter away: "befor five".

        Where it is short, near to several, or has another letter in place of one (the French
        "pause" is no "passé"), the customer is asked.
        """
        word = self._text.folded[start:end]
        near = [each for each in self._lexicon.bounding if _is_slip_of(word, each)]
        if not near or word in self._lexicon.not_slips or not self._is_before_time(end):
            return False
        after = self._text.after_spaces(end)
        self._result.weights[start] = ("sure", after)
        is_sure = len(near) == 1 and _has_the_letters(word, near[0])
        if is_sure and len(word) >= _SHORTEST_BOUND_SLIP:
            entries = self._lexicon.entries.of(near[0])
            keys = {each.keys for each in entries if each.keys[0].startswith(WORD)}
            self._result.items += [Token(start, after, each, None, _BOUND_SLIP) for each in keys]
        return True

    def _may_turn_bound(self, start: int, end: int) -> bool:
        """Whether a word that may be a "not" stands right before a bound: "nn oltre le 11"."""
        place = end + 1
        if end - start > _LONGEST_NOT or self._chars[end:place] != " ":
            return False
        last = end
        for _ in range(_MOST_BOUNDS):
            word = _WORD.match(self._text.folded, place)
            if word is None or word.group() not in self._lexicon.bounding:
                break
            last = word.end()
            place = self._text.after_spaces(last)
        return last > end and self._is_before_time(last)

    def _may_be_day(self, start: int, end: int) -> bool:
        """Whether a sign that no list knows may be a day misspelt: the first of "名天下午"."""
        return _HAN.fullmatch(self._chars, start, end) is not None and any(
            isinstance(each, Point) and each.day is None and isinstance(each.time, Part)
            for _, values in self._values_behind(end)
            for each in values
        )

    def _is_before_time(self, end: int) -> bool:
        """Whether a time stands behind a word, with two small words between at most."""
        return any(
            self._chars[place : place + 1].isdigit()
            or any(isinstance(each, (Point, Number)) for each in values)
            for place, values in self._values_behind(end)
        )

    def _values_behind(self, end: int) -> Iterator[tuple[int, list[object]]]:
        """The places behind a word, over two small ones at most, and what is surely meant there."""
        place = self._text.after_spaces(end)
        for _ in range(_MOST_BETWEEN + 1):
            behind = [hit for hit in self._hits if hit.start == place]
            # "Un coup de fil" is no hour.
            yield place, [hit.entry.value for hit in behind if hit.entry.weight == "sure"]
            ends = [hit.end for hit in behind if hit.entry.keys == ("glue",)]
            if not ends:
                return
            place = self._text.after_spaces(max(ends))
            place += self._chars[place : place + 1] == "'"

    def _take_whereabouts(self) -> None:
        """Take unknown words, with the small ones before them, for where somebody is."""
        starts: list[int] = []
        end = 0
        for match in _WORD.finditer(self._text.folded):
            if starts and self._chars[end : match.start()].strip(" '"):
                starts = []
            end = match.end()
            is_strange = match.start() in self._strange
            if not is_strange and match.group() not in self._lexicon.whereabouts:
                starts = []
                continue
            starts = [*starts[1 - _MOST_WHEREABOUTS :], match.start()]
            after = self._text.after_spaces(end)
            for start in starts if is_strange else ():
                keys = ("whereabouts",)
                self._result.items.append(Token(start, after, keys, Whereabouts(), 0))

    def _is_awaited(self, start: int) -> bool:
        """Whether a time is to be expected at a place: an hour in dialect behind "um".

        Or a place whose clock is meant: "hora de Xalapa", "Wakanda time".
        """
        if self._lexicon.awaiting & {self._word_before(start), self._words_before(start, 2)}:
            return True
        places = self._lexicon.places
        return places is not None and places.awaits(self._text, start)

    def _bounds_hour(self, end: int) -> bool:
        """Whether only a bound may stand before what follows: "apartir de las 5"."""
        place = self._text.after_spaces(end)
        for small in self._lexicon.behind_bounds:
            if place > end and self._text.folded.startswith(f"{small} ", place):
                hour = place + len(small) + 1
                values = (hit.entry.value for hit in self._hits if hit.start == hour)
                if self._chars[hour : hour + 1].isdigit() or any(
                    isinstance(each, Number) for each in values
                ):
                    return True
        return False

    def _word_before(self, start: int) -> str:
        return self._words_before(start, 1)

    def _words_before(self, start: int, count: int) -> str:
        before = self._text.folded[max(0, start - count * MAX_WORD) : start].rstrip(" ")
        return " ".join(before.split(" ")[-count:])

    def _counts_things(self, end: int) -> bool:
        """Whether a number is followed by a word that nobody knows: "at 4 stars" is no hour.

        Of numbers in words this is not asked: behind a spoken hour the sentence goes on.
        """
        return self._text.after_spaces(end) > end and self._text.after_spaces(end) in self._strange

    def _take(self, hit: Hit) -> None:
        entry, after = hit.entry, self._after_word(hit)
        self._weigh(hit)
        if entry.keys == ("glue",) or entry.keys[0] in {"suffix", "prefix"}:
            self._skip(hit.start, after)
            return
        if entry.keys == ("never_skip",):
            self._result.refusals.add(after)
        if entry.keys == ("filler",):
            self._result.fillers.setdefault(hit.start, set()).add(after)
            return
        if entry.keys == ("number_noun",):
            self._stopped.add(self._after_signs(hit.end))
            named = _NUMBERED.match(self._chars, hit.end)
            if named:
                self._named.add(named.end())
            return
        if entry.keys == ("part_after_day",) and self._is_set_apart(hit.start):
            # "Not on Saturday, tomorrow" is no morning of that Saturday.
            return
        self._take_value(hit, after)

    def _take_value(self, hit: Hit, after: int) -> None:
        entry = hit.entry
        value, keys = entry.value, entry.keys
        if isinstance(value, Number) and not (
            entry.weight == "sure"
            # Without spaces a numeral is a letter of many other words, never an hour alone.
            and not is_unspaced(self._chars[hit.start], hangul=True)
            and self._is_alone(hit.start, hit.end)
        ):
            value = replace(value, alone=False)
            keys = keys_of(value)
            if entry.weight != "sure" and self._is_behind_month(hit.start):
                # "Tragen Sie mich am 3. Dezember ein" is no first of December.
                keys = tuple(key for key in keys if key != "dom")
        value, keys = self._dated(value, keys, hit.start)
        if isinstance(value, Number) and hit.start in self._neighbours.articles:
            keys = ("n", "amount")
        elif isinstance(value, Number) and self._neighbours.counts_length(hit.start):
            value, keys = replace(value, alone=False), _COUNTING
        self._result.items.append(Token(hit.start, after, keys, value, hit.cost))

    def _is_behind_month(self, start: int) -> bool:
        months = (hit for hit in self._hits if isinstance(hit.entry.value, Month))
        return any(self._text.after_spaces(hit.end) == start for hit in months)

    def _is_set_apart(self, start: int) -> bool:
        """Whether a comma or a word such as "but" stands before a place."""
        before = self._text.folded[max(0, start - MAX_WORD) : start].rstrip()
        last = before.split(" ")[-1]
        return before.endswith(",") or last in self._lexicon.contrasts

    def _take_hyphen(self, place: int) -> None:
        """A hyphen between words joins them, or says "to": "half-past", "Mo-Mi"."""
        self._skip(place, place + 1)
        joined = [token for token in self._result.items if token.end == place]
        self._result.items.extend(replace(token, end=place + 1) for token in joined)
        for entry in self._lexicon.entries.of("-"):
            if entry.keys[0].startswith(WORD):
                self._result.items.append(Token(place, place + 1, entry.keys, None))

    def _take_zone(self, start: int, zone: str | None) -> None:
        """A clock of another place; of one that is not known the customer is asked."""
        end = start
        while self._chars[end : end + 1] == MARK:
            end += 1
        if end == start:
            # It belonged to what has been cut out.
            return
        after = self._text.after_spaces(end)
        self._result.weights[start] = ("sure", after)
        if zone is not None:
            self._result.items.append(Token(start, after, ("m", "atom"), Zone(zone), 0))

    def _weigh(self, hit: Hit) -> None:
        weight = hit.entry.weight
        if weight != "free" and not self._lexicon.has_file:
            weight = "sure"
        end = min(self._finder.word_end(hit.start), hit.end) if weight != "sure" else hit.end
        if hit.entry.keys == ("glue",):
            end = hit.end
        known = self._result.weights.get(hit.start)
        order = ("sure", "weak", "doubtful", "free")
        if known is None or order.index(weight) > order.index(known[0]):
            self._result.weights[hit.start] = (weight, self._text.after_spaces(end))

    def _weigh_words(self, hit: Hit) -> None:
        """Let a phrase be missed that begins with a small word: the "viene" of "que viene"."""
        if hit.entry.weight != "sure" or " " not in hit.entry.spelling:
            return
        weights = self._result.weights
        for place in range(hit.start + 1, hit.end):
            if self._chars[place - 1] == " " and place not in weights:
                weights[place] = ("sure", self._text.after_spaces(self._finder.word_end(place)))

    def _weigh_elided(self) -> None:
        """Let no "can't" be passed over as a "can"."""
        for hit in self._hits:
            free = self._result.fillers.get(hit.start, set())
            shorter = {end for end in free if self._chars[end : end + 1] == "'" and end < hit.end}
            if hit.entry.keys == ("never_skip",) and shorter:
                free -= shorter
                self._result.weights[hit.start] = ("sure", self._text.after_spaces(hit.end))

    def _weigh_short_weekdays(self) -> None:
        """Let no shortened weekday beside a time be missed: the "Tu." of "Tu. at 5"."""
        for pattern in (_BEFORE_DIGITS, _BEHIND_DIGITS):
            found = pattern.search(self._text.folded)
            if found is not None and found[1] in self._lexicon.short_weekdays:
                end = found.end(1) + (self._chars[found.end(1) :][:1] == ".")
                self._result.weights[found.start(1)] = ("sure", self._text.after_spaces(end))

    def _after_word(self, hit: Hit) -> int:
        """Where the next token may begin; the dot of an abbreviation belongs to it."""
        end = hit.end
        if hit.entry.value is not None and self._chars[end : end + 1] == ".":
            end += self._chars[end - 1].isalpha()
        return self._text.after_spaces(end)

    def _after_signs(self, place: int) -> int:
        while place < len(self._chars) and self._chars[place] in " .:#'":
            place += 1
        return place

    def _skip(self, start: int, end: int) -> None:
        self._result.skips.setdefault(start, set()).add(self._text.after_spaces(end))

    def _is_alone(self, start: int, end: int) -> bool:
        """Whether the words beside a number are known, so that it may be an hour by itself."""
        before = start
        while before > 0 and self._chars[before - 1] == " ":
            before -= 1
        after = self._text.after_spaces(end)
        known_before = (
            before == 0 or before in self._ends or self._chars[before - 1] in _ENDS_SENTENCE
        )
        known_before = known_before or self._chars[before - 1].isdigit() or before < start == 0
        return (known_before or self._chars[before - 1] in "-+@") and self._is_known_after(after)

    def _is_known_after(self, after: int) -> bool:
        if after >= len(self._chars) or after in self._starts:
            return True
        if self._chars[after] == "'" and after + 1 in self._starts:
            return True
        return self._chars[after] in _ENDS_SENTENCE or self._chars[after] in f"-0123456789{MARK}"

    # --- numbers -------------------------------------------------------------------------------

    def _take_digits(self, match: re.Match[str]) -> None:
        start, end = match.span()
        self._result.weights[start] = ("sure", self._text.after_spaces(end))
        sign = _JOINS_NUMBERS.match(self._chars, end)
        if sign:
            # A sign between two numbers means something: "11-4" is not eleven and four.
            self._result.weights[sign.start(1)] = ("sure", self._text.after_spaces(sign.end(1)))
        if self._is_dotted(start, end):
            for after, value, cost in written(self._chars, start, self._lexicon.settings):
                self._emit(start, after, value, cost)
            return
        if start in self._stopped or _COUNTED.match(self._chars, end):
            return
        for after, value, cost in written(self._chars, start, self._lexicon.settings):
            self._emit(start, after, value, cost)
        digits = match.group()
        if len(digits) > _MAX_NUMBER_DIGITS:
            return
        alone = self._is_alone(start, end)
        number = Number(int(digits), len(digits), digits[0] == "0" and len(digits) > 1, alone)
        if self._counts_things(end):
            return
        if self._neighbours.counts_length(start):
            # "0900 hours" are no nine hundred hours.
            self._take_military(start, end, number)
            counting = replace(number, alone=False)
            self._result.items.append(
                Token(start, self._text.after_spaces(end), _COUNTING, counting)
            )
            return
        if self._take_ordinal(start, end, number):
            return
        self._emit(
            start,
            end,
            number,
            0,
            minute=not _DASH_BEFORE.search(self._chars, max(0, start - 2), start)
            and self._word_before(start) not in self._lexicon.takes_day,
        )
        self._take_military(start, end, number)

    def _dated(
        self, value: object, keys: tuple[str, ...], start: int
    ) -> tuple[object, tuple[str, ...]]:
        """No hour and no minutes where the word before says "date": "el día 7 por la mañana".

        And no date where it says "hour": "el jueves a las 10".
        """
        if not isinstance(value, Number):
            return value, keys
        word = self._word_before(start)
        is_end = self._words_before(start, 2)[:1].isdigit()
        if word in self._lexicon.before_hours and not is_end:
            # In "de 24 à 26 novembre" the word stands between two dates.
            return value, tuple(key for key in keys if key not in {"bare_dom", "dom"})
        if word not in self._lexicon.before_dates:
            return value, keys
        kept = tuple(key for key in keys if key not in {"bare", "bare_dom", "hour", "minute", "x"})
        return replace(value, alone=False), kept

    def _is_dotted(self, start: int, end: int) -> bool:
        """Whether a dot joins a number to another: "3.12" holds no twelve of its own."""
        return _DOT_BEFORE.search(self._chars, max(0, start - 2), start) is not None or (
            _DOT_BEHIND.match(self._chars, end) is not None
        )

    def _emit(self, start: int, end: int, value: object, cost: int, *, minute: bool = True) -> None:
        value, keys = self._dated(value, keys_of(value), start)
        if not minute:
            # The second number of "2-12 na 16 uur" is no minutes past four.
            keys = tuple(key for key in keys if key != "minute")
        if "m" in keys:
            keys = (*keys, "atom")
        self._result.items.append(Token(start, self._text.after_spaces(end), keys, value, cost))

    def _take_ordinal(self, start: int, end: int, number: Number) -> bool:
        """Take "3rd", and tell whether it can be nothing else; "3." may end a sentence."""
        hits = self._finder.matches(end) if end < len(self._chars) else ()
        found = [
            hit
            for hit in hits
            if hit.entry.keys == ("ordinal_suffix",) and self._finder.is_boundary(hit.end)
        ]
        for hit in found:
            self._emit(start, hit.end, Ordinal(number.value), 0)
        return any(len(hit.entry.spelling) > 1 for hit in found)

    def _take_military(self, start: int, end: int, number: Number) -> None:
        """Four digits may be a time of day: "at 1530"."""
        if number.digits == _MAX_NUMBER_DIGITS:
            clock = hour_options(number.value // 100, number.value % 100, said_openly=False)
            if clock is not None and number.value % 5 == 0:
                self._emit(start, end, Point(time=clock), 2)


def _is_slip_of(word: str, bound: str) -> bool:
    """Whether a word may be a bound misspelt; few miss the first letter, or all of a short word."""
    if len(bound) < _SHORTEST_BOUND or word[0] != bound[0] or not is_one_letter_away(word, bound):
        return False
    return len(word) > _SHORTEST_BOUND or _has_the_letters(word, bound)


def _has_the_letters(word: str, bound: str) -> bool:
    """Whether no letter stands in place of another one."""
    return len(word) != len(bound) or sorted(word) == sorted(bound)


def _is_no_time(digits: str) -> bool:
    """Whether digits in a row can be no clock time, no date and no year."""
    if len(digits) == _MAX_NUMBER_DIGITS:
        year = digits.startswith(_CENTURIES)
        return not year and hour_options(int(digits[:2]), int(digits[2:]), said_openly=True) is None
    if len(digits) == _SHORT_DATE_LENGTH:
        return not _may_be_date(digits)
    return len(digits) > _MAX_NUMBER_DIGITS and len(digits) not in _DATE_LENGTHS


def _may_be_date(digits: str) -> bool:
    """Whether six digits may be a day, month and year in any order, or a time with seconds."""
    first, second, third = (int(digits[place : place + 2]) for place in (0, 2, 4))
    pairs = ((first, second), (second, first), (third, second))
    is_date = any(1 <= day <= 31 and 1 <= month <= 12 for day, month in pairs)  # noqa: PLR2004 - calendar
    is_clock = first <= 24 and max(second, third) < 60  # noqa: PLR2004 - a day's hours, minutes
    return is_date or is_clock
