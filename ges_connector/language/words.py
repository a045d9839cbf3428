"""Find the words and phrases of a lexicon in a text: whole, glued together, or with a slip."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ges_connector.language.entries import Entry
from ges_connector.language.lexicon import LONG_NAME, Lexicon
from ges_connector.language.meaning import Month, Number, Point, Reply
from ges_connector.language.normalize import Text, fold, is_unspaced
from ges_connector.language.slips import SLIPS, distance, is_near, is_one_letter_away
from ges_connector.language.template import WORD
from ges_connector.language.wish import ChoiceKind

# More than these within one message is no wish but a story.
MAX_TOKENS = 160
MAX_WORD = 40
"""Longer words are no words."""
FOLDED_COST = 1
"""What it costs to take a word for one that differs in accents."""
SKIPPED_SIGNS = frozenset(" ,.;!?()\"'@\u2026\u201c\u201d\u00ab\u00bb\u00bf\u00a1\u060c\u061f")
"""Signs that may stand between the words of one time."""
_SLIP_COST = 3
_RIVAL_COST = 3
_SHORTEST_SLIP = 5
# "so" in "sobald" is no Sunday.
_SHORTEST_PIECE = 3
_DIFFERENT_LETTERS = 3


class TooManyTokensError(Exception):
    """The text holds more words about time than one wish can."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry of the lexicon in the text.

    Attributes:
        start: where it begins.
        end: where it ends.
        entry: the entry.
        cost: how doubtful it is that the customer meant it.
    """

    start: int
    end: int
    entry: Entry
    cost: int


class WordFinder:
    """Looks through one text.

    Attributes:
        hits: what has been found.
        unknown: words that no entry is the whole of.
        suspected: words that may be a time word misspelt, but which is not sure.
    """

    def __init__(self, text: Text, lexicon: Lexicon) -> None:
        self._text = text
        self._chars = text.chars
        self._lexicon = lexicon
        self._settings = lexicon.settings
        self._hangul = lexicon.settings.writing == "free"
        self.hits: list[Hit] = []
        self.unknown: list[tuple[int, int]] = []
        self.suspected: list[tuple[int, int]] = []

    def find(self) -> list[Hit]:
        """Everything that the lexicon knows, set phrases taken for what they are.

        Raises:
            TooManyTokensError: if it is no wish but a story.
        """
        self._find_words()
        self._drop_pieces()
        return self.hits

    def _find_words(self) -> None:
        place, size = 0, len(self._chars)
        while place < size:
            char = self._chars[place]
            if char == " ":
                place += 1
                continue
            if not char.isalpha():
                self.hits.extend(self._whole(place))
                place += 1
                continue
            end = self.word_end(place)
            self._find_word(place, end)
            place = end
            if len(self.hits) > MAX_TOKENS * 8:
                raise TooManyTokensError

    def _drop_pieces(self) -> None:
        """Take a set phrase for what it is: in "por la mañana" there is no "mañana", tomorrow."""
        wholes = [
            (hit.start, hit.end)
            for hit in self.hits
            if (not hit.cost or self._is_plainly_typed(hit))
            and (hit.entry.value is not None or hit.entry.keys[0] in {"filler", "never_skip"})
            and self._is_whole(hit)
            # "Passt nicht" refuses the menu alone and a day behind one.
            and hit.entry.value != Reply(ChoiceKind.NONE)
        ]
        if wholes:
            phrases = _Phrases(wholes)
            self.hits = [hit for hit in self.hits if not phrases.hide(hit)]

    def _is_plainly_typed(self, hit: Hit) -> bool:
        """Whether a phrase of several words differs from what was typed in accents alone."""
        typed = self._chars[hit.start : hit.end]
        is_folded = hit.cost == FOLDED_COST and " " in hit.entry.spelling
        if not is_folded or typed == self._text.folded[hit.start : hit.end]:
            return is_folded
        pairs = zip(typed.split(" "), hit.entry.spelling.split(" "), strict=False)
        return all(word == meant or not self._is_a_word(word) for word, meant in pairs)

    def _is_a_word(self, word: str) -> bool:
        """Whether some entry is spelt so; an accent that none has is a slip: "aprés demain"."""
        known = self._lexicon.entries.of(fold(word))
        return any(each.spelling == word for each in known)

    def _is_whole(self, hit: Hit) -> bool:
        """Whether a hit is a phrase of words; without spaces, anything of several letters is."""
        if " " in hit.entry.spelling:
            return True
        return hit.end - hit.start > 1 and is_unspaced(self._chars[hit.start], hangul=self._hangul)

    def _find_word(self, start: int, end: int) -> None:
        hits = self._whole(start)
        if self._settings.writing == "glued":
            hits += self._with_ending(start)
        self.hits.extend(hits)
        if any(hit.end >= end for hit in hits):
            return
        if self._settings.writing == "glued" and end - start <= MAX_WORD:
            glued = self._glued(start, end)
            if glued and not (_begins_with_word(glued, start) and self._take_slip(start, end)):
                self.hits.extend(glued)
            if glued:
                return
        if self._find_slip(start, end) or hits:
            return
        self.unknown.append((start, end))

    def word_end(self, start: int) -> int:
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
        ) and not (is_unspaced(char, hangul=self._hangul) or char in SKIPPED_SIGNS)

    def is_boundary(self, place: int) -> bool:
        """Whether a word may end here."""
        if place >= len(self._chars) or place == 0:
            return True
        before, after = self._chars[place - 1], self._chars[place]
        if before.isdigit() and after.isdigit():
            return False
        if not before.isalpha() or not self._goes_on(place):
            return True
        return is_unspaced(before, hangul=self._hangul)

    def _whole(self, start: int) -> list[Hit]:
        """Entries that begin here and end where a word ends."""
        return [hit for hit in self.matches(start) if self.is_boundary(hit.end)]

    def matches(self, start: int) -> Iterator[Hit]:
        """Entries that begin here, wherever they end."""
        folded = self._text.folded
        for length, entries in self._lexicon.entries.beginning(folded, start):
            exact = self._chars[start : start + length]
            same = [entry for entry in entries if entry.spelling == exact]
            for entry in same or entries:
                if not entry.joined or (start and self._chars[start - 1].isalnum()):
                    cost = 0 if same else FOLDED_COST
                    if isinstance(entry.value, Month) and _has_rival(same):
                        # "Mar 10" in Italian is March the tenth or Tuesday at ten; "às dez" in
                        # Portuguese is ten o'clock before it is December.
                        cost += _RIVAL_COST
                    yield Hit(start, start + length, entry, cost)

    def _with_ending(self, start: int) -> list[Hit]:
        """Numbers of several words with an ending at the last: Turkish "on beşte", at fifteen.

        In Korean all phrases take such endings.
        """
        return [
            hit
            for hit in self.matches(start)
            if " " in hit.entry.spelling
            and (
                isinstance(hit.entry.value, Number)
                or (hit.entry.value is not None and is_unspaced(self._chars[start], hangul=True))
            )
            and not self.is_boundary(hit.end)
            and self._is_ending(hit.end)
        ]

    def _is_ending(self, start: int) -> bool:
        """Whether the rest of a word is an ending or a word of a template."""
        entries = self._lexicon.entries.of(self._text.folded[start : self.word_end(start)])
        return any(entry.keys[0].startswith(("suffix", WORD)) for entry in entries)

    def _glued(self, start: int, end: int) -> list[Hit]:
        """The fewest entries that make a whole word ("dienstag|nachmittag"), or none."""
        pieces: dict[int, list[Hit]] = {}
        places = [start]
        for place in places:
            hits = [hit for hit in self.matches(place) if hit.end <= end]
            pieces[place] = [hit for hit in hits if _may_stand(hit, end, is_first=place == start)]
            places.extend({hit.end for hit in pieces[place]} - {*places, end})
        fewest = {end: 0}
        for place in sorted(pieces, reverse=True):
            counts = [fewest[hit.end] + 1 for hit in pieces[place] if hit.end in fewest]
            if counts:
                fewest[place] = min(counts)
        kept: list[Hit] = []
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
        if self._take_cut(start, end):
            return True
        if not _SHORTEST_SLIP <= len(word) <= MAX_WORD:
            return False
        if self._take_slip(start, end):
            return True
        suspicious = bool(self._near(word)) or self._is_like_a_name(word)
        if suspicious and len(word) >= LONG_NAME:
            # Two letters away from a time word, or one from two of them: better asked than dropped.
            self.suspected.append((start, end))
            return True
        return False

    def _take_cut(self, start: int, end: int) -> bool:
        """Take the beginning of a name for it: "Donnerst. um drei"."""
        name = self._lexicon.cut_names.get(self._text.folded[start:end])
        named = () if name is None else self._lexicon.entries.of(name)
        hits = [Hit(start, end, each, _SLIP_COST) for each in named if each.value is not None]
        self.hits.extend(hits)
        return bool(hits)

    def _near(self, word: str) -> set[str]:
        """The time words that may have been meant by a word."""
        names = self._lexicon.names.get(word[0], ())
        return {each for each in names if is_near(word, each)}

    def _take_slip(self, start: int, end: int) -> bool:
        """Take a word for the one time word that is one letter away."""
        word = self._text.folded[start:end]
        near = {each for each in self._near(word) if is_one_letter_away(word, each)}
        entries = {
            (entry.keys, entry.value): entry
            for each in near
            for entry in self._lexicon.entries.of(each)
            if entry.value is not None
        }
        if len(entries) == 1:
            entry = next(iter(entries.values()))
            self.hits.append(Hit(start, end, entry, _SLIP_COST))
        return len(entries) == 1

    def _is_like_a_name(self, word: str) -> bool:
        """Whether a long word is two slips away from a time word."""
        names = self._lexicon.names.get(word[0], ()) if len(word) > LONG_NAME else ()
        letters = set(word)
        return any(
            len(name) >= LONG_NAME
            and len(letters ^ set(name)) <= _DIFFERENT_LETTERS
            and distance(word, name) <= SLIPS
            for name in names
        )


def _has_rival(entries: Sequence[Entry]) -> bool:
    return any(isinstance(each.value, Point | Number) for each in entries)


def _begins_with_word(pieces: Sequence[Hit], start: int) -> bool:
    """Whether a whole word begins with a small one: a misspelt "overmorgen" is no "morgen"."""
    kinds = {hit.entry.keys[0].partition(":")[0] for hit in pieces if hit.start == start}
    return bool(kinds) and kinds <= {"w", "glue"}


class _Phrases:
    """Where set phrases stand in a text, looked up by their beginning."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._longest = max(end - start for start, end in spans)

    def hide(self, hit: Hit) -> bool:
        """Whether a hit is a piece of a longer phrase."""
        size = hit.end - hit.start
        return any(
            hit.end <= end and size < end - start and not self._is_cut(start, hit.start)
            for start, end in self._beginning(hit.start + 1)
        )

    def _is_cut(self, start: int, place: int) -> bool:
        """Whether another phrase reaches into the one that begins at `start`, up to a place in it.

        Without spaces "Wednesday, ten" may look like "thirty": neither may hide the other's
        letters.
        """
        return any(start < end <= place for _, end in self._beginning(start))

    def _beginning(self, before: int) -> Sequence[tuple[int, int]]:
        """The phrases that begin before a place, and may reach it."""
        first = bisect_left(self._spans, (before - self._longest - 1, 0))
        return self._spans[first : bisect_left(self._spans, (before, 0))]


def _may_stand(hit: Hit, word_end: int, *, is_first: bool) -> bool:
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
    if kind == "filler":
        # Many words are made of harmless ones: a day of which nobody knows would be, too.
        return False
    return kind not in {"glue", "number_noun"} or hit.end - hit.start > 1
