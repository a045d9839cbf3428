"""What a text says beside its time: telephone numbers, and a "no" to what was offered.

Both are taken out before times are read, since both look like something else there: "01 99 00 12
34" holds five hours, and "no, Friday" is not "not on Friday". What may be a time as well is left
alone; the reading of times then asks, because it cannot explain such digits.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from ges_connector.language.normalize import Text, normalize

_LEAST_DIGITS = 7
_MOST_DIGITS = 15
# A date, a clock time and a number in a row; what is longer is no message.
_MOST_DIGITS_OF_A_RUN = 32
# Without the code of a country numbers are shorter; what is longer holds something else too.
_MOST_NATIONAL_DIGITS = 12
_LONG_GROUP = 3
_TRUNK_GROUP = 3
_LATEST_DAY = 31
_LONGEST_HOUR = 2
# Danish and Norwegian numbers are four pairs.
_PAIR = 2
_PAIRS_OF_A_NUMBER = 4
_LAST_SIGN = "; "

_RUN = re.compile(r"(?<![\d:])(?:\+|\(\+?)?\d(?:[ ().\-/]{0,3}\d)*")
_GROUP = re.compile(r"\d+")
# Five pairs from 01 to 09 are a French number, though two of them could be a clock time; and what
# begins with an 8 and a code, with no space between, is a Russian one.
_NATIONAL = re.compile(
    r"0\d(?:[ .\-]?\d\d){4}"
    r"|8(?:\([3489]\d\d\) ?|-?[3489]\d\d-?)\d{3}(?:[ \-]?\d\d){2}"
)
_WORD = re.compile(r"[ ¡¿]*([^\W\d_]+) ?([,.;!:]*)")
_DATE = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = (
    rf"(?:(?:19|20)\d\d([-./ ]) ?[01]?\d\1 ?{_DATE}|{_DATE}([-./ ]) ?{_DATE}\2 ?(?:20)?\d\d"
    r"|20\d\d[01]\d[0-3]\d(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?|[0-3]\d[01]\d20\d\d"
    rf"|{_DATE}[./-] ?{_DATE}\.?)"
)
_CLOCK = r"(?:(?:[01]?\d|2[0-4])(?:[ .][0-5]\d)?|(?:[01]\d|2[0-4])[0-5]\d)"
_BETWEEN = r"[ ().\-/]{1,3}"


def _times() -> re.Pattern[str]:
    """A run that can be read as dates and clock times from end to end."""
    day = _DAY.replace(r"\1", "(?P=a{0})").replace(r"\2", "(?P=b{0})")
    day = day.replace("([-./ ])", "(?P<a{0}>[-./ ])", 1).replace("([-./ ])", "(?P<b{0}>[-./ ])", 1)
    pieces = (f"(?:{day.replace('{0}', str(place))}|{_CLOCK})" for place in range(4))
    first, *others = pieces
    return re.compile(first + "".join(f"(?:{_BETWEEN}{each})?" for each in others))


_TIMES = _times()
# A date written behind a number, "0151 2345678 24.11.", is none of its digits.
_DAY_BEHIND = re.compile(r" (?:[0-3]?\d[./][01]?\d[./]?(?:20\d\d)?|20\d\d-[01]\d-[0-3]\d)$")


def telephone_numbers(text: str) -> tuple[str, ...]:
    """The telephone numbers in a text, as they are written there, in their order.

    What could be a date or a clock time as well is none; nor is a number told from an order number
    of the same length. Whether somebody can be called at it is not asked.

    Args:
        text: what a customer wrote.
    """
    levelled = normalize(text)
    return tuple(levelled.words(start, end) for start, end in telephone_spans(levelled.chars, ()))


def without_asides(text: Text, refusals: Collection[str], after_hour: Collection[str]) -> Text:
    """The text with spaces in place of telephone numbers and of a refusal at its start.

    Args:
        text: levelled.
        refusals: words that are a "no" when a comma or the like follows; folded.
        after_hour: words that make an hour of the number before them ("Uhr", "pm").
    """
    spans = [*_leading_refusals(text.folded, refusals), *telephone_spans(text.chars, after_hour)]
    chars, folded = text.chars, text.folded
    for start, end in spans:
        # A sign keeps what stands on both sides apart.
        blank = _LAST_SIGN[: end - start].ljust(end - start)
        chars = chars[:start] + blank + chars[end:]
        folded = folded[:start] + blank + folded[end:]
    return replace(text, chars=chars, folded=folded) if spans else text


def _leading_refusals(folded: str, refusals: Collection[str]) -> Iterator[tuple[int, int]]:
    words: list[tuple[int, int]] = []
    place = 0
    while match := _WORD.match(folded, place):
        if match[1] not in refusals:
            return
        words.append(match.span(1))
        if match[2]:
            yield from words
            words = []
        place = match.end()


def telephone_spans(chars: str, after_hour: Collection[str]) -> list[tuple[int, int]]:
    """Where telephone numbers stand in levelled text, from the first to the last."""
    found = []
    for match in _RUN.finditer(chars):
        digits = sum(char.isdigit() for char in match.group())
        if not _LEAST_DIGITS <= digits <= _MOST_DIGITS_OF_A_RUN:
            continue
        span = _number_in(chars, match.start(), _end_of(chars, match, after_hour))
        if span is not None:
            found.append(span)
    return found


def _end_of(chars: str, run: re.Match[str], after_hour: Collection[str]) -> int:
    """Where a run ends if a clock time behind it is left out: "0151 2345678 10:30", "… 10 Uhr"."""
    *_, last = _GROUP.finditer(chars, run.start(), run.end())
    behind = re.compile(r":\d|[^\W\d_]| ([^\W\d_]+)").match(chars, run.end())
    is_time = behind is not None and (behind[1] is None or behind[1] in after_hour)
    is_hour = is_time and len(last.group()) <= _LONGEST_HOUR
    end = last.start() if is_hour else run.end()
    number = chars[run.start() : end].rstrip()
    day = _DAY_BEHIND.search(number)
    return run.start() + day.start() if day and _has_enough(number[: day.start()]) else end


def _number_in(chars: str, start: int, end: int) -> tuple[int, int] | None:
    """The telephone number in a run of digits and signs, if there surely is one."""
    run = chars[start:end].rstrip(" ().-/")
    end = start + len(run)
    if run.startswith(("+", "(+")):
        return (start, end) if _has_enough(run, _MOST_DIGITS) else None
    if _NATIONAL.fullmatch(run):
        return start, end
    if _TIMES.fullmatch(run):
        return None
    groups = [match.span() for match in _GROUP.finditer(run)]
    place = _first_group(run, groups)
    if place is None:
        return None
    begin = groups[place][0]
    begin -= begin > 0 and run[begin - 1] in "+("
    before = run[:begin].rstrip(" ().-/")
    if before and (not _TIMES.fullmatch(before) or (run[begin] == "(" and len(before) == 1)):
        # The digit of "8 (495) 123-45-67" is an hour, or the number's own.
        return None
    most = _MOST_DIGITS if run[begin] == "+" or run.startswith("00", begin) else None
    return (start + begin, end) if _has_enough(run[begin:], most or _MOST_NATIONAL_DIGITS) else None


def _has_enough(run: str, most: int = _MOST_NATIONAL_DIGITS) -> bool:
    return _LEAST_DIGITS <= sum(char.isdigit() for char in run) <= most


def _first_group(run: str, groups: list[tuple[int, int]]) -> int | None:
    """With which group of digits a number begins; None if that cannot be told from an hour."""
    words = [run[start:end] for start, end in groups]
    if not words:
        return None
    enough = [place for place in range(len(words)) if _has_enough("".join(words[place:]))]
    signed = [place for place, (start, _) in enumerate(groups) if run[start - 1 : start] in {*"+("}]
    trunk = [place for place in enough if words[place][0] == "0" and len(words[place]) > 1]
    long = [place for place in trunk if len(words[place]) >= _TRUNK_GROUP]
    if signed or long or trunk:
        return (signed or long or trunk)[0]
    if len(words) == _PAIRS_OF_A_NUMBER and all(len(each) == _PAIR for each in words):
        return 0 if any(int(each) > _LATEST_DAY for each in words) else None
    if len(words[0]) >= _LONG_GROUP or int(words[0]) > _LATEST_DAY:
        return 0 if any(len(each) >= _LONG_GROUP for each in words) else None
    return None
