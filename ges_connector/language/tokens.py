"""Cut a text into what can be part of a time: words, phrases and numbers, in every reading.

Whatever is not in the lexicon is left out here; only digits are always noticed, because a number
that no reading explains makes the whole text unclear.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ges_connector.language.chart import Token
from ges_connector.language.cldr import DateOrder
from ges_connector.language.clocks import hour_options
from ges_connector.language.day_rules import full_year
from ges_connector.language.holes import keys_of
from ges_connector.language.lexicon import (
    LONG_NAME,
    Company,
    Entry,
    Lexicon,
    Settings,
    deletions,
)
from ges_connector.language.meaning import (
    FULL_DAY,
    HALF_DAY,
    MINUTES_PER_HOUR,
    Amount,
    CalendarDay,
    Clock,
    DashedDate,
    Month,
    Number,
    Ordinal,
    Point,
    Reply,
    UnitName,
    Weekday,
)
from ges_connector.language.normalize import Text, is_unspaced
from ges_connector.language.wish import ChoiceKind

# More than these within one message is no wish but a story.
MAX_TOKENS = 160
_MAX_WORD = 40
# Nobody puts more small words and signs between two words of one time.
_MAX_SKIPPED = 6
_MAX_NUMBER_DIGITS = 4
_FOLDED_COST = 1
_SLIP_COST = 3
_COMMA_COST = 3
_RIVAL_COST = 3
_SHORTEST_SLIP = 5
# "3.12" may be twelve minutes past three or the third of December, and neither is likelier.
_DOTTED_DATE_COST = 2
# "so" in "sobald" is no Sunday.
_SHORTEST_PIECE = 3
_SLIPS = 2
_DIFFERENT_LETTERS = 3

_CLOCK = re.compile(r"(\d{1,2})(\.|: ?)(\d{2})(?:[:.](\d{2}))?(?![\d:]|\.\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([./-]) ?(\d{1,2})\2 ?(\d{1,2})(?!\d|[./-]\d)\.?")
_DATE = re.compile(r"(\d{1,2})([./-]) ?(\d{1,2})\2 ?'?(\d{4}|\d{2})(?!\d|[./-]\d)")
_SHORT_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?!\d|[./:-]\d)(\.?)")
_SPACED_DATE = re.compile(r"(\d{1,2})\. (\d{1,2})\.(?: ?(\d{4}|\d{2}))?(?!\d)")
_AMOUNT = re.compile(r"(\d{0,3})[.,](\d{1,2})(?![\d.,:]\d|\d)")
# Percentages, money and degrees are no times.
_COUNTED = re.compile(r" ?[%\u20ac$\u00a3\u00a5\u00b0]|[.,]\d+ ?[%\u20ac$\u00a3\u00a5]")
_JOINS_NUMBERS = re.compile(r" ?([-/:+]) ?(?=\d)")
# Hours that only a clock of 24 hours shows: "09:30", "14:00".
_WHOLE_DAY_CLOCK = re.compile(r"(?<![\d:])(?:0\d|1[3-9]|2[0-3]):[0-5]\d(?! ?[ap]\.?m)")
_ISO_DATE_BEFORE = re.compile(r"\d{4}-\d{2}-\d{2}[ t]$")
_DIGITS = re.compile(r"\d+")
_ENDS_SENTENCE = ",.;!?()"
_WORD_HERE = re.compile(r"\d+|[^\W\d_]+")
# What a number may be that a unit follows: "20 minutes", "10 minutes past four".
_COUNTING = ("n", "amount", "minute")
_WORD_BEFORE = re.compile(r"([^\W_]+)[^\w]*$")
_WORD_BEHIND = re.compile(r"[^\w]*([^\W_]+)")
_SKIPPED_SIGNS = frozenset(" ,.;!?()\"'@\u2026\u201c\u201d\u00ab\u00bb\u00bf\u00a1\u060c\u061f")


class TooManyTokensError(Exception):
    """The text holds more words about time than one wish can."""


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
    unknown: int = 0
    """How many words are in no list at all."""

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

    def gap(self, start: int, end: int) -> int:
        """What it costs to skip from one place to another; a comma parts more than a word."""
        return _COMMA_COST if "," in self.text.chars[start:end] else 1


@dataclass(frozen=True, slots=True)
class _Hit:
    """An entry of the lexicon in the text."""

    start: int
    end: int
    entry: Entry
    cost: int


class Tokenizer:
    """Cuts one text."""

    def __init__(self, text: Text, lexicon: Lexicon) -> None:
        self._text = text
        self._chars = text.chars
        self._lexicon = lexicon
        self._settings: Settings = lexicon.settings
        self._hangul = lexicon.settings.writing == "free"
        self._result = Tokens(text)
        self._hits: list[_Hit] = []
        self._starts: set[int] = set()
        self._ends: set[int] = set()
        self._stopped: set[int] = set()
        self._articles: set[int] = set()
        self._by_start: dict[int, list[_Hit]] = {}
        self._unknown: list[tuple[int, int]] = []
        self._strange: set[int] = set()

    def cut(self) -> Tokens:
        """Cut the text.

        Raises:
            TooManyTokensError: if it is no wish but a story.
        """
        self._find_words()
        self._drop_pieces()
        self._drop_lone()
        for hit in self._hits:
            if self._chars[hit.end - 1].isalnum():
                self._starts.add(hit.start)
                self._ends.add(hit.end)
        self._count_unknown()
        for hit in self._hits:
            self._take(hit)
        for hit in self._hits:
            self._weigh_words(hit)
        for match in _DIGITS.finditer(self._chars):
            self._take_digits(match)
        for place, char in enumerate(self._chars):
            if char in _SKIPPED_SIGNS:
                self._skip(place, place + 1)
        for place in self._text.hyphens:
            self._take_hyphen(place)
        if len(self._result.items) > MAX_TOKENS:
            raise TooManyTokensError
        self._result.items.sort(key=lambda token: (token.start, token.end))
        return self._result

    # --- words ---------------------------------------------------------------------------------

    def _find_words(self) -> None:
        place, size = 0, len(self._chars)
        while place < size:
            char = self._chars[place]
            if char == " ":
                place += 1
                continue
            if not char.isalpha():
                self._hits.extend(self._whole(place))
                place += 1
                continue
            end = self._word_end(place)
            self._find_word(place, end)
            place = end
            if len(self._hits) > MAX_TOKENS * 8:
                raise TooManyTokensError

    def _count_unknown(self) -> None:
        """Count the words that no phrase covers; where only CLDR helps, each may be a "not"."""
        for start, end in self._unknown:
            if any(hit.start <= start and end <= hit.end for hit in self._hits):
                continue
            self._result.unknown += 1
            self._strange.add(start)
            if not self._lexicon.has_file:
                self._result.weights[start] = ("sure", self._after(end))

    def _drop_pieces(self) -> None:
        """Take a set phrase for what it is: in "por la mañana" there is no "mañana", tomorrow."""
        wholes = [
            (hit.start, hit.end)
            for hit in self._hits
            if (not hit.cost or self._is_plainly_typed(hit))
            and (hit.entry.value is not None or hit.entry.keys[0] in {"filler", "never_skip"})
            and self._is_whole(hit)
            # "Passt nicht" refuses the menu alone and a day behind one.
            and hit.entry.value != Reply(ChoiceKind.NONE)
        ]
        if wholes:
            self._hits = [hit for hit in self._hits if not _is_piece(hit, wholes)]

    def _is_plainly_typed(self, hit: _Hit) -> bool:
        """Whether a phrase of several words differs from what was typed in accents left out."""
        typed = self._chars[hit.start : hit.end]
        is_folded = hit.cost == _FOLDED_COST and " " in hit.entry.spelling
        return is_folded and typed == self._text.folded[hit.start : hit.end]

    def _drop_lone(self) -> None:
        """Drop the reading as a day of words that are one only in company: the "so" of "am so".

        Of a number that is an article too, "une", the reading as an hour is dropped.
        """
        ambiguous = self._lexicon.ambiguous
        self._by_start = {}
        for hit in self._hits:
            self._by_start.setdefault(hit.start, []).append(hit)
        lone: set[tuple[int, int]] = set()
        named: set[int] = set()
        self._articles = set()
        for hit in self._hits if ambiguous else ():
            company = ambiguous.get(self._text.folded[hit.start : hit.end])
            if company is None or not isinstance(hit.entry.value, Number | Point | Month):
                continue
            if not self._is_in_company(hit, company):
                if isinstance(hit.entry.value, Number):
                    self._articles.add(hit.start)
                else:
                    lone.add((hit.start, hit.end))
            elif company.is_day and self._is_named(hit, company):
                named.add(hit.start)
        self._hits = [
            hit
            for hit in self._hits
            if ((hit.start, hit.end) not in lone or hit.entry.value is None)
            # The "so" of "am so um drei" does not belong to "so um".
            and (hit.entry.value is not None or hit.start not in named)
        ]

    def _is_named(self, hit: _Hit, company: Company) -> bool:
        """Whether the word before a day says that it is one."""
        before = self._word_before(hit.start)
        return before is not None and before[1] in company.after

    def _word_before(self, place: int) -> re.Match[str] | None:
        return _WORD_BEFORE.search(self._text.folded, max(0, place - _MAX_WORD), place)

    def _is_in_company(self, hit: _Hit, company: Company) -> bool:
        folded = self._text.folded
        before = self._word_before(hit.start)
        behind = _WORD_BEHIND.match(folded, hit.end)
        if folded.startswith(company.starts, hit.start):
            return True
        if self._is_named(hit, company):
            return not company.before or (behind is not None and behind[1] in company.before)
        if behind is None:
            return company.alone and before is None
        return company.is_day and self._is_day_of(hit.end, behind, company)

    def _is_day_of(self, end: int, behind: re.Match[str], company: Company) -> bool:
        """Whether a time follows a day, directly or after a word such as "at"."""
        linked = self._chars[end] in "-/" or end in self._text.hyphens
        if self._is_time(behind.start(1), or_day=linked):
            return True
        if behind[1] in company.after and self._is_weekday(behind.start(1)):
            # A list of short days without commas: "mon wed or fri".
            return True
        if behind[1] not in company.links:
            return False
        further = _WORD_BEHIND.match(self._text.folded, behind.end())
        return further is not None and self._is_time(further.start(1), or_day=True)

    def _is_weekday(self, place: int) -> bool:
        values = [hit.entry.value for hit in self._by_start.get(place, ())]
        return any(isinstance(each, Point) and isinstance(each.day, Weekday) for each in values)

    def _is_time(self, place: int, *, or_day: bool) -> bool:
        """Whether a time of day begins at a place; a number that counts something is none."""
        if self._chars[place].isdigit():
            return not self._counts_length(place)
        values = [
            hit.entry.value for hit in self._by_start.get(place, ()) if not self._is_article(hit)
        ]
        return any(_is_time_of_day(each) or (or_day and isinstance(each, Point)) for each in values)

    def _is_article(self, hit: _Hit) -> bool:
        company = self._lexicon.ambiguous.get(self._text.folded[hit.start : hit.end])
        return company is not None and not company.is_day

    def _counts_length(self, place: int) -> bool:
        """Whether a number counts minutes, hours or days: "so 20 Minuten"."""
        if self._settings.writing == "free":
            # "11 month 25 day" is a date there.
            return False
        number = _WORD_HERE.match(self._chars, place)
        after = self._after(number.end()) if number else place
        behind = self._by_start.get(after, ())
        # The Russian "day" is a part of the day behind an hour.
        return any(isinstance(hit.entry.value, UnitName) for hit in behind) and not any(
            self._text.folded[hit.start : hit.end] in self._lexicon.after_hour
            or _is_time_of_day(hit.entry.value)
            for hit in behind
        )

    def _counts_things(self, end: int) -> bool:
        """Whether a number is followed by a word that nobody knows: "at 4 stars" is no hour.

        Of numbers in words this is not asked: behind a spoken hour the sentence goes on.
        """
        return self._after(end) > end and self._after(end) in self._strange

    def _is_whole(self, hit: _Hit) -> bool:
        """Whether a hit is a phrase of words; without spaces, anything of several letters is."""
        if " " in hit.entry.spelling:
            return True
        return hit.end - hit.start > 1 and is_unspaced(self._chars[hit.start], hangul=self._hangul)

    def _find_word(self, start: int, end: int) -> None:
        hits = self._whole(start)
        if self._settings.writing == "glued":
            hits += self._with_ending(start)
        self._hits.extend(hits)
        if any(hit.end >= end for hit in hits):
            return
        if self._settings.writing == "glued" and end - start <= _MAX_WORD:
            glued = self._glued(start, end)
            self._hits.extend(glued)
            if glued:
                return
        if self._find_slip(start, end) or hits:
            return
        self._unknown.append((start, end))

    def _word_end(self, start: int) -> int:
        """Where the word ends; in scripts without spaces every letter is a word."""
        if is_unspaced(self._chars[start], hangul=self._hangul):
            return start + 1
        end, size = start + 1, len(self._chars)
        while end < size and self._goes_on(end):
            end += 1
        return end

    def _goes_on(self, place: int) -> bool:
        char = self._chars[place]
        return (
            char.isalpha() or not (char.isalnum() or char.isspace() or char.isascii())
        ) and not (is_unspaced(char, hangul=self._hangul) or char in _SKIPPED_SIGNS)

    def _is_boundary(self, place: int) -> bool:
        """Whether a word may end here."""
        if place >= len(self._chars) or place == 0:
            return True
        before, after = self._chars[place - 1], self._chars[place]
        if before.isdigit() and after.isdigit():
            return False
        if not before.isalpha() or not self._goes_on(place):
            return True
        return is_unspaced(before, hangul=self._hangul)

    def _whole(self, start: int) -> list[_Hit]:
        """Entries that begin here and end where a word ends."""
        return [hit for hit in self._matches(start) if self._is_boundary(hit.end)]

    def _matches(self, start: int) -> Iterator[_Hit]:
        folded = self._text.folded
        for length in self._lexicon.lengths.get(folded[start], ()):
            entries = self._lexicon.entries.get(folded[start : start + length])
            if not entries or start + length > len(folded):
                continue
            exact = self._chars[start : start + length]
            same = [entry for entry in entries if entry.spelling == exact]
            for entry in same or entries:
                if not entry.joined or (start and self._chars[start - 1].isalnum()):
                    cost = 0 if same else _FOLDED_COST
                    if isinstance(entry.value, Month) and _has_weekday(same):
                        # "Mar 10" in Italian is March the tenth or Tuesday at ten.
                        cost += _RIVAL_COST
                    yield _Hit(start, start + length, entry, cost)

    def _with_ending(self, start: int) -> list[_Hit]:
        """Numbers of several words with an ending at the last: Turkish "on beşte", at fifteen.

        In Korean all phrases take such endings.
        """
        return [
            hit
            for hit in self._matches(start)
            if " " in hit.entry.spelling
            and (
                isinstance(hit.entry.value, Number)
                or (hit.entry.value is not None and is_unspaced(self._chars[start], hangul=True))
            )
            and not self._is_boundary(hit.end)
            and self._is_ending(hit.end)
        ]

    def _is_ending(self, start: int) -> bool:
        """Whether the rest of a word is an ending or a word of a template."""
        entries = self._lexicon.entries.get(self._text.folded[start : self._word_end(start)], ())
        return any(entry.keys[0].startswith(("suffix", "w:")) for entry in entries)

    def _glued(self, start: int, end: int) -> list[_Hit]:
        """The fewest entries that make a whole word ("dienstag|nachmittag"), or none."""
        pieces: dict[int, list[_Hit]] = {}
        places = [start]
        for place in places:
            hits = [hit for hit in self._matches(place) if hit.end <= end]
            pieces[place] = [hit for hit in hits if _may_stand(hit, end, is_first=place == start)]
            places.extend({hit.end for hit in pieces[place]} - {*places, end})
        fewest = {end: 0}
        for place in sorted(pieces, reverse=True):
            counts = [fewest[hit.end] + 1 for hit in pieces[place] if hit.end in fewest]
            if counts:
                fewest[place] = min(counts)
        kept: list[_Hit] = []
        reached = {start}
        for place in sorted(pieces):
            if place not in reached or place not in fewest:
                continue
            best = [hit for hit in pieces[place] if fewest.get(hit.end, end) + 1 == fewest[place]]
            kept.extend(best)
            reached.update(hit.end for hit in best)
        return kept

    def _find_slip(self, start: int, end: int) -> bool:
        """Take a word for the time word that is one letter away, if only one meaning is."""
        word = self._text.folded[start:end]
        if not _SHORTEST_SLIP <= len(word) <= _MAX_WORD:
            return False
        slips = self._lexicon.slips
        near = {each for piece in deletions(word) for each in slips.get(piece, ())}
        suspicious = bool(near) or self._is_like_a_name(word)
        near = {each for each in near if _is_one_letter_away(word, each)}
        entries = {
            (entry.keys, entry.value): entry
            for each in near
            for entry in self._lexicon.entries[each]
            if entry.value is not None
        }
        if len(entries) == 1:
            entry = next(iter(entries.values()))
            self._hits.append(_Hit(start, end, entry, _SLIP_COST))
            return True
        if suspicious and len(word) >= LONG_NAME:
            # Two letters away from a time word, or one from two of them: better asked than dropped.
            self._result.weights[start] = ("sure", self._after(end))
            return True
        return False

    def _is_like_a_name(self, word: str) -> bool:
        """Whether a long word is two slips away from a time word."""
        names = self._lexicon.long_names.get(word[0], ()) if len(word) > LONG_NAME else ()
        letters = set(word)
        return any(
            len(letters ^ set(name)) <= _DIFFERENT_LETTERS and _distance(word, name) <= _SLIPS
            for name in names
        )

    def _take(self, hit: _Hit) -> None:
        entry, after = hit.entry, self._after_word(hit)
        self._weigh(hit)
        if entry.keys == ("glue",) or entry.keys[0] in {"suffix", "prefix"}:
            self._skip(hit.start, after)
            return
        if entry.keys == ("filler",):
            self._result.fillers.setdefault(hit.start, set()).add(after)
            return
        if entry.keys == ("number_noun",):
            self._stopped.add(self._after_signs(hit.end))
            return
        value, keys = entry.value, entry.keys
        if isinstance(value, Number) and not (
            entry.weight == "sure"
            # Without spaces a numeral is a letter of many other words, never an hour alone.
            and not is_unspaced(self._chars[hit.start], hangul=True)
            and self._is_alone(hit.start, hit.end)
        ):
            value = replace(value, alone=False)
            keys = keys_of(value)
        if isinstance(value, Number) and hit.start in self._articles:
            keys = ("n", "amount")
        elif isinstance(value, Number) and self._counts_length(hit.start):
            value, keys = replace(value, alone=False), _COUNTING
        self._result.items.append(Token(hit.start, after, keys, value, hit.cost))

    def _take_hyphen(self, place: int) -> None:
        """A hyphen between words joins them, or says "to": "half-past", "Mo-Mi"."""
        self._skip(place, place + 1)
        joined = [token for token in self._result.items if token.end == place]
        self._result.items.extend(replace(token, end=place + 1) for token in joined)
        if "-" in self._lexicon.entries:
            self._result.items.append(Token(place, place + 1, ("w:-",), None))

    def _weigh(self, hit: _Hit) -> None:
        weight = hit.entry.weight
        if weight != "free" and not self._lexicon.has_file:
            weight = "sure"
        end = min(self._word_end(hit.start), hit.end) if weight != "sure" else hit.end
        if hit.entry.keys == ("glue",):
            end = hit.end
        known = self._result.weights.get(hit.start)
        order = ("sure", "weak", "doubtful", "free")
        if known is None or order.index(weight) > order.index(known[0]):
            self._result.weights[hit.start] = (weight, self._after(end))

    def _weigh_words(self, hit: _Hit) -> None:
        """Let a phrase be missed that begins with a small word: the "viene" of "que viene"."""
        if hit.entry.weight != "sure" or " " not in hit.entry.spelling:
            return
        weights = self._result.weights
        for place in range(hit.start + 1, hit.end):
            if self._chars[place - 1] == " " and place not in weights:
                weights[place] = ("sure", self._after(self._word_end(place)))

    def _after(self, place: int) -> int:
        hyphens = self._text.hyphens
        while place < len(self._chars) and self._chars[place] == " " and place not in hyphens:
            place += 1
        return place

    def _after_word(self, hit: _Hit) -> int:
        """Where the next token may begin; the dot of an abbreviation belongs to it."""
        end = hit.end
        if hit.entry.value is not None and self._chars[end : end + 1] == ".":
            end += self._chars[end - 1].isalpha()
        return self._after(end)

    def _after_signs(self, place: int) -> int:
        while place < len(self._chars) and self._chars[place] in " .:#'":
            place += 1
        return place

    def _skip(self, start: int, end: int) -> None:
        self._result.skips.setdefault(start, set()).add(self._after(end))

    def _is_alone(self, start: int, end: int) -> bool:
        """Whether the words beside a number are known, so that it may be an hour by itself."""
        before = start
        while before > 0 and self._chars[before - 1] == " ":
            before -= 1
        after = self._after(end)
        known_before = (
            before == 0 or before in self._ends or self._chars[before - 1] in _ENDS_SENTENCE
        )
        known_before = known_before or self._chars[before - 1].isdigit() or before < start == 0
        return (known_before or self._chars[before - 1] in "-+") and self._is_known_after(after)

    def _is_known_after(self, after: int) -> bool:
        if after >= len(self._chars) or after in self._starts:
            return True
        if self._chars[after] == "'" and after + 1 in self._starts:
            return True
        return self._chars[after] in _ENDS_SENTENCE or self._chars[after] in "-0123456789"

    # --- numbers -------------------------------------------------------------------------------

    def _take_digits(self, match: re.Match[str]) -> None:
        start, end = match.span()
        self._result.weights[start] = ("sure", self._after(end))
        sign = _JOINS_NUMBERS.match(self._chars, end)
        if sign:
            # A sign between two numbers means something: "11-4" is not eleven and four.
            self._result.weights[sign.start(1)] = ("sure", self._after(sign.end(1)))
        if start in self._stopped or _COUNTED.match(self._chars, end):
            return
        self._take_written(start)
        digits = match.group()
        if len(digits) > _MAX_NUMBER_DIGITS:
            return
        alone = self._is_alone(start, end)
        number = Number(int(digits), len(digits), digits[0] == "0" and len(digits) > 1, alone)
        if self._counts_things(end):
            return
        if self._counts_length(start):
            counting = replace(number, alone=False)
            self._result.items.append(Token(start, self._after(end), _COUNTING, counting))
            return
        if self._take_ordinal(start, end, number):
            return
        self._emit(start, end, number, 0)
        self._take_military(start, end, number)

    def _take_written(self, start: int) -> None:
        """Times and dates written in digits and signs."""
        before = self._chars[start - 1] if start else " "
        if before in ":/" or (before in ".-," and start > 1 and self._chars[start - 2].isdigit()):
            if before == "-":
                self._take_clock(start)
            return
        self._take_clock(start)
        self._take_date(start)
        self._take_short_date(start)
        match = _AMOUNT.match(self._chars, start)
        if match:
            amount = Amount(float(f"{match[1] or 0}.{match[2]}"))
            self._emit(start, match.end(), amount, 0)

    def _emit(self, start: int, end: int, value: object, cost: int) -> None:
        keys = keys_of(value)
        if "m" in keys:
            keys = (*keys, "atom")
        self._result.items.append(Token(start, self._after(end), keys, value, cost))

    def _take_ordinal(self, start: int, end: int, number: Number) -> bool:
        """Take "3rd", and tell whether it can be nothing else; "3." may end a sentence."""
        hits = self._matches(end) if end < len(self._chars) else ()
        found = [
            hit
            for hit in hits
            if hit.entry.keys == ("ordinal_suffix",) and self._is_boundary(hit.end)
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

    def _take_clock(self, start: int) -> None:
        match = _CLOCK.match(self._chars, start)
        if match is None:
            return
        hour, sign, minute, second = match.groups()
        # Seconds are written by machines, which write the hours of the whole day.
        openly = not (hour.startswith("0") or second or self._counts_whole_day(start)) and (
            self._settings.twelve_hour_digits or int(hour) < 7  # noqa: PLR2004 - nobody calls at 3:20
        )
        clock = hour_options(int(hour), int(minute), said_openly=openly)
        if clock is None or int(second or 0) >= MINUTES_PER_HOUR:
            return
        clock = Clock(clock.options, int(second or 0), _spare(clock))
        unusual = sign == "." and not self._settings.dotted_clock
        cost = 1 if unusual else 0
        if sign == "." and _reads_as_date(int(hour), int(minute)):
            cost = _DOTTED_DATE_COST
        self._emit(start, match.end(), Point(time=clock), cost)

    def _counts_whole_day(self, start: int) -> bool:
        """Whether a clock time is written as of 24 hours, by the date or the times beside it."""
        if _ISO_DATE_BEFORE.search(self._chars, max(0, start - len("2026-11-25 ")), start):
            return True
        return _WHOLE_DAY_CLOCK.search(self._chars) is not None

    def _take_date(self, start: int) -> None:
        match = _YEAR_FIRST.match(self._chars, start)
        if match is not None:
            self._emit_date(match.end(), start, (match[4], match[3], match[1]), 0)
            return
        match = _DATE.match(self._chars, start)
        if match is None:
            return
        first, _, second, third = match.groups()
        orders = self._settings.date_orders
        for cost, order in _by_likelihood(orders):
            parts = {"dmy": (first, second, third), "mdy": (second, first, third)}
            self._emit_date(match.end(), start, parts.get(order, (third, second, first)), cost)

    def _emit_date(
        self, end: int, start: int, parts: tuple[str, str, str | None], cost: int
    ) -> None:
        day, month, year = parts
        if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:  # noqa: PLR2004 - calendar
            return
        full = None if year is None else full_year(Number(int(year), len(year)))
        self._emit(start, end, Point(CalendarDay(int(day), int(month), full)), cost)

    def _take_short_date(self, start: int) -> None:
        spaced = _SPACED_DATE.match(self._chars, start)
        if spaced:
            cost = 0 if "dmy" in self._settings.short_date_orders else 4
            self._emit_date(spaced.end(), start, (spaced[1], spaced[2], spaced[3]), cost)
        match = _SHORT_DATE.match(self._chars, start)
        if match is None:
            return
        first, sign, second, dot = match.groups()
        doubt = 0 if sign == "/" or (sign == "." and dot) else _DOTTED_DATE_COST
        for cost, order in _by_likelihood(self._settings.short_date_orders):
            day, month = (first, second) if order == "dmy" else (second, first)
            if sign == "." and dot and order != "dmy":
                day, month = first, second
            if sign == "-":
                self._emit_dashed(match.end(), start, (int(day), int(month)), cost)
            else:
                self._emit_date(match.end(), start, (day, month, None), cost + doubt)

    def _emit_dashed(self, end: int, start: int, parts: tuple[int, int], cost: int) -> None:
        day, month = parts
        if 1 <= month <= 12 and 1 <= day <= 31:  # noqa: PLR2004 - calendar
            self._emit(start, end, DashedDate(CalendarDay(day, month)), cost)


def _reads_as_date(first: int, second: int) -> bool:
    """Whether "1.12" is as likely a day; nobody wants a call at so odd a minute."""
    return 1 <= first <= 31 and 1 <= second <= 12 and second % 5 != 0  # noqa: PLR2004 - calendar


def _spare(clock: Clock) -> tuple[int, ...]:
    """The other half of the day, for "8:00 in the evening"."""
    said = (at for at in clock.options if at < HALF_DAY + MINUTES_PER_HOUR)
    other = ((at + HALF_DAY) % FULL_DAY for at in said)
    return tuple(at for at in other if at not in clock.options)


def _has_weekday(entries: Sequence[Entry]) -> bool:
    return any(isinstance(each.value, Point) for each in entries)


def _is_time_of_day(value: object) -> bool:
    return isinstance(value, Number) or (isinstance(value, Point) and value.day is None)


def _is_piece(hit: _Hit, wholes: list[tuple[int, int]]) -> bool:
    size = hit.end - hit.start
    return any(
        start <= hit.start
        and hit.end <= end
        and size < end - start
        and not _is_cut(start, hit.start, wholes)
        for start, end in wholes
    )


def _is_cut(start: int, place: int, wholes: list[tuple[int, int]]) -> bool:
    """Whether another phrase reaches into the one that begins at `start`, up to a place in it.

    Without spaces "Wednesday, ten" may look like "thirty": neither may hide the other's letters.
    """
    return any(first < start < end <= place for first, end in wholes)


def _may_stand(hit: _Hit, word_end: int, *, is_first: bool) -> bool:
    """Whether an entry may be this piece of a longer word."""
    kind = hit.entry.keys[0]
    if kind == "prefix":
        return is_first and hit.end < word_end
    if kind == "suffix":
        return not is_first and hit.end == word_end
    if is_unspaced(hit.entry.spelling[0], hangul=True):
        # A syllable of Korean is a word often enough ("세시", three o'clock).
        return True
    if hit.entry.value is not None and hit.end - hit.start < _SHORTEST_PIECE:
        # Short numbers take endings too: "üçte", at three.
        return is_first and isinstance(hit.entry.value, Number) and hit.entry.weight == "sure"
    return kind not in {"glue", "filler", "number_noun"} or hit.end - hit.start > 1


def _by_likelihood(orders: tuple[DateOrder, ...]) -> Iterator[tuple[int, DateOrder]]:
    """The orders of a locale, and at a cost the others, for dates that fit no other way."""
    for order in orders:
        yield 0, order
    others: tuple[DateOrder, ...] = ("dmy", "mdy")
    for order in others:
        if order not in orders:
            yield 4, order


def _distance(word: str, other: str) -> int:
    """How many letters have to be put in, left out or changed."""
    if abs(len(word) - len(other)) > _SLIPS:
        return _SLIPS + 1
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word, start=1):
        diagonal, row[0] = row[0], place
        for column, counterpart in enumerate(other, start=1):
            change = diagonal + (letter != counterpart)
            diagonal = row[column]
            row[column] = min(change, row[column] + 1, row[column - 1] + 1)
    return row[-1]


def _is_one_letter_away(word: str, other: str) -> bool:
    """Whether one letter is missing, too much, another, or swapped with its neighbour."""
    if word == other:
        return False
    short, long = sorted((word, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    swapped = short[start : start + 2] == long[start : start + 2][::-1]
    return swapped and short[start + 2 :] == long[start + 2 :]
