"""The company of words: "so" is a Sunday in "am so" only, and a number before "minutes" no hour."""

import re

from ges_connector.language.lexicon import Company, Lexicon
from ges_connector.language.meaning import Month, Number, Point, UnitName, Weekday
from ges_connector.language.normalize import Text
from ges_connector.language.words import MAX_WORD, Hit

_WORD_HERE = re.compile(r"\d+|[^\W\d_]+")
_WORD_BEFORE = re.compile(r"([^\W_]+)[^\w]*$")
# "Mi so gegen halb drei".
_MOST_LINKS = 3
_NUMBER_BEHIND = re.compile(r"\.? ?\d")
_WORD_BEHIND = re.compile(r"[^\w]*([^\W_]+)")


class Neighbours:
    """What stands beside the words that were found.

    Attributes:
        articles: places of numbers that are an article there.
    """

    def __init__(self, text: Text, lexicon: Lexicon, hits: list[Hit]) -> None:
        self._text = text
        self._chars = text.chars
        self._lexicon = lexicon
        self._settings = lexicon.settings
        self._hits = hits
        self._by_start: dict[int, list[Hit]] = {}
        for hit in hits:
            self._by_start.setdefault(hit.start, []).append(hit)
        self.articles: set[int] = set()

    def kept(self) -> list[Hit]:
        """What was found, but no days of words that are one only in company: the "so" of "am so".

        Of a number that is an article too, "une", the reading as an hour is dropped: `articles`.
        """
        ambiguous = self._lexicon.ambiguous
        lone: set[tuple[int, int]] = set()
        named: set[int] = set()
        for hit in self._hits if ambiguous else ():
            company = ambiguous.get(self._text.folded[hit.start : hit.end])
            if company is None or not isinstance(hit.entry.value, Number | Point | Month):
                continue
            if not self._is_in_company(hit, company):
                if isinstance(hit.entry.value, Number):
                    self.articles.add(hit.start)
                else:
                    lone.add((hit.start, hit.end))
            elif company.is_day and self._is_named(hit, company):
                named.add(hit.start)
        return [
            hit
            for hit in self._hits
            if ((hit.start, hit.end) not in lone or hit.entry.value is None)
            # The "so" of "am so um drei" does not belong to "so um".
            and (hit.entry.value is not None or hit.start not in named)
        ]

    def _is_named(self, hit: Hit, company: Company) -> bool:
        """Whether the word before a day says that it is one."""
        before = self._word_before(hit.start)
        return before is not None and before[1] in company.after

    def _word_before(self, place: int) -> re.Match[str] | None:
        return _WORD_BEFORE.search(self._text.folded, max(0, place - MAX_WORD), place)

    def _is_in_company(self, hit: Hit, company: Company) -> bool:
        folded = self._text.folded
        before = self._word_before(hit.start)
        behind = _WORD_BEHIND.match(folded, hit.end)
        if not company.is_day and not company.after:
            # "Not that one" is no one o'clock.
            return before is None or before[1] not in company.unless
        if folded.startswith(company.starts, hit.start):
            return True
        if self._is_named(hit, company):
            if (
                before
                and behind
                and behind[1] in company.unless
                and self._is_weekday(before.start(1))
            ):
                # "Fr so gegen drei" names one day.
                return False
            return not company.before or (behind is not None and behind[1] in company.before)
        if behind is None:
            # "At five, Wed".
            is_behind_time = before is not None and self._is_time(before.start(1), or_day=False)
            return company.alone and (before is None or is_behind_time)
        return company.is_day and self._is_day_of(hit.end, behind, company)

    def _is_day_of(self, end: int, behind: re.Match[str], company: Company) -> bool:
        """Whether a time follows a day, directly or after words such as "at" and "half"."""
        linked = self._chars[end] in "-/" or end in self._text.hyphens
        if self._is_time(behind.start(1), or_day=linked) or self._is_dated_month(behind):
            return True
        if behind[1] in company.after and self._is_weekday(behind.start(1)):
            # A list of short days without commas: "mon wed or fri".
            return True
        if self._settings.writing == "free":
            return self._is_time_behind_link(end, company)
        further: re.Match[str] | None = behind
        for _ in range(_MOST_LINKS):
            if further is None or further[1] not in company.links:
                return False
            further = _WORD_BEHIND.match(self._text.folded, further.end())
            if further is not None and self._is_time(further.start(1), or_day=True):
                return True
        return False

    def _is_dated_month(self, word: re.Match[str]) -> bool:
        """Whether a word is a month that a number follows: "Sun, Nov 22"."""
        months = (
            isinstance(hit.entry.value, Month) for hit in self._by_start.get(word.start(1), ())
        )
        return any(months) and _NUMBER_BEHIND.match(self._chars, word.end(1)) is not None

    def _is_time_behind_link(self, end: int, company: Company) -> bool:
        """Whether a time follows behind one of the links, where words have no spaces."""
        links = [each for each in company.links if self._text.folded.startswith(each, end)]
        return any(self._is_time(end + len(each), or_day=True) for each in links)

    def _is_weekday(self, place: int) -> bool:
        values = [hit.entry.value for hit in self._by_start.get(place, ())]
        return any(isinstance(each, Point) and isinstance(each.day, Weekday) for each in values)

    def _is_time(self, place: int, *, or_day: bool) -> bool:
        """Whether a time of day begins at a place; a number that counts something is none."""
        if self._chars[place].isdigit():
            return not self.counts_length(place)
        values = [
            hit.entry.value for hit in self._by_start.get(place, ()) if not self._is_article(hit)
        ]
        return any(_is_time_of_day(each) or (or_day and isinstance(each, Point)) for each in values)

    def _is_article(self, hit: Hit) -> bool:
        company = self._lexicon.ambiguous.get(self._text.folded[hit.start : hit.end])
        return company is not None and not company.is_day and bool(company.after)

    def counts_length(self, place: int) -> bool:
        """Whether a number counts minutes, hours or days: "so 20 Minuten"."""
        if self._settings.writing == "free":
            # "11 month 25 day" is a date there.
            return False
        number = _WORD_HERE.match(self._chars, place)
        after = self._text.after_spaces(number.end()) if number else place
        if self._is_date_before_hour(place, after):
            return False
        behind = self._by_start.get(after, ())
        # The Russian "day" is a part of the day behind an hour.
        return any(isinstance(hit.entry.value, UnitName) for hit in behind) and not any(
            self._text.folded[hit.start : hit.end] in self._lexicon.after_hour
            or _is_time_of_day(hit.entry.value)
            for hit in behind
        )

    def _is_date_before_hour(self, place: int, after: int) -> bool:
        """Whether a weekday stands before a number, and another one behind the unit at a place.

        The Italian "venerdì 27 ore 15" is a date and an hour.
        """
        before = self._word_before(place)
        unit = _WORD_HERE.match(self._chars, after)
        return (
            before is not None
            and unit is not None
            and self._is_weekday(before.start(1))
            and _NUMBER_BEHIND.match(self._chars, unit.end()) is not None
        )


def _is_time_of_day(value: object) -> bool:
    return isinstance(value, Number) or (isinstance(value, Point) and value.day is None)
