"""What customers say beside the question: about their callback, or that they leave it open.

The intents of the engine are few and wide. These remarks are narrow, and each has a true answer of
its own, so they are known by their words: one file per language lists them, in a line of its own
each way of saying one.

A line is made of groups joined by `&`, all of which have to be there, in any order. A group is
made of phrases joined by `|`, one of which has to be there; with `!` before it, none may be. `=`
before a line asks for the whole message to be one of its phrases.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ges_connector.language.word_lists import word_list

_WORD = re.compile(r"[^\W_]+")
_SOMEBODY_ELSE = "somebody_else"
_PUT_ELSEWHERE = "put_elsewhere"
_ASKS_FOR_CALL = "asks_for_call"
_CANCEL = "cancel"
_ALL_OF_THEM = "all_of_them"
_ALL_BUT = "all_but"
_SPARES = "spares"
_CANCEL_IF = "cancel_if"
_IN_ITS_PLACE = "in_its_place"
_ONLY_THIS_ONE = "only_this_one"
_UNNEEDED = "unneeded"
_FIRST_NUMBER = "first_number"
_OLD_ONE = "old_one"
_NEW_ONE = "new_one"
_MATTER = "matter"
_REBOOK = "rebook"
_LEAVES_AS_IS = "leaves_as_is"
_WANTS_NOTHING = "wants_nothing"
_PUT_BACK = "put_back"
_TOO_LONG = "too_long"
_ASKS_TO_RING = "asks_to_ring"
_ANY_DAY = "any_day"
_MORE_KEYS = (
    _SOMEBODY_ELSE,
    _PUT_ELSEWHERE,
    _ASKS_FOR_CALL,
    _CANCEL,
    _ALL_OF_THEM,
    _ALL_BUT,
    _SPARES,
    _CANCEL_IF,
    _IN_ITS_PLACE,
    _ONLY_THIS_ONE,
    _UNNEEDED,
    _FIRST_NUMBER,
    _OLD_ONE,
    _NEW_ONE,
    _MATTER,
    _REBOOK,
    _LEAVES_AS_IS,
    _WANTS_NOTHING,
    _PUT_BACK,
    _TOO_LONG,
    _ASKS_TO_RING,
    _ANY_DAY,
)
_LONGEST = 200
"""Characters; whoever says more says more than a remark."""


class Remark(StrEnum):
    """What a remark is about; the keys of the files."""

    CALLED_NUMBER = "called_number"
    """Which number will you ring?"""
    WHY_NUMBER = "why_number"
    """What do you need my number for?"""
    WHY = "why"
    """Why? It tells what is meant only where one thing is asked for."""
    AUTOMATED = "automated"
    """Are you a robot, or a person?"""
    WHO_CALLS = "who_calls"
    """Who will ring, or from which number?"""
    MY_NUMBER = "my_number"
    """Which number of mine do you have?"""
    REFERENCE = "reference"
    """What is my reference?"""
    COST = "cost"
    """Does it cost anything?"""
    MISSED = "missed"
    """What if the call is missed?"""
    NOT_KNOWN = "not_known"
    """Is the call recorded? What becomes of my data?"""
    HUMAN = "human"
    """A person is wanted, now."""
    RINGS_US = "rings_us"
    """They would rather ring us themselves."""
    KEEP = "keep"
    """Everything is to stay as it is."""
    NOT_NEEDED = "not_needed"
    """The callback is needed no more."""
    FORGET = "forget"
    """All of it is to be forgotten: what was asked for, or what was just booked."""
    OPENING = "opening"
    """When is the office open?"""
    WAIT = "wait"
    """How long is the wait?"""
    THINKING = "thinking"
    """More time is needed to decide."""
    THIS_NUMBER = "this_number"
    """The number that they are calling from."""
    WHEN = "when"
    """When was, or is, that callback?"""
    NO_PREFERENCE = "no_preference"
    """Somebody else may decide."""


class SmallWord(StrEnum):
    """What the small words between the times of a message do.

    Attributes:
        EXCEPT: Behind them stands what is left out: "all except Friday".
        WHERETO: Behind them stands the time that something is moved to: "to Friday".
        OR: Between two times of which either will do.
        CONTRAST: Behind them something else is wanted: "but".
        AND: They join what is wanted to what is wanted besides.
    """

    EXCEPT = "except"
    WHERETO = "whereto"
    OR = "or"
    CONTRAST = "contrasts"
    AND = "and"


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of saying something."""

    needed: tuple[re.Pattern[str], ...]
    ruled_out: tuple[re.Pattern[str], ...]
    is_whole: bool

    @classmethod
    def of_line(cls, line: str) -> "_Way":
        is_whole = line.startswith("=")
        groups = [group.strip() for group in line.removeprefix("=").split("&")]
        return cls(
            needed=tuple(_phrases(group) for group in groups if not group.startswith("!")),
            ruled_out=tuple(_phrases(group[1:]) for group in groups if group.startswith("!")),
            is_whole=is_whole,
        )

    def fits(self, words: str) -> bool:
        if self.is_whole:
            found = self.needed[0].match(words)
            return found is not None and found.end() == len(words) - 1
        return all(each.search(words) for each in self.needed) and not any(
            each.search(words) for each in self.ruled_out
        )


def remark_in(text: str, language: str) -> Remark | None:
    """Tell which remark a message is.

    Args:
        text: The message.
        language: Language of the wording, as `de`; one without a file knows no remarks.

    Returns:
        The first that fits, in the order of `Remark`; None for any other message.
    """
    if len(text) > _LONGEST:
        return None
    words = _said(text, language)
    ways = _ways(language)
    return next((each for each in Remark if any(way.fits(words) for way in ways[each])), None)


def is_for_somebody_else(text: str, language: str) -> bool:
    """Tell whether somebody else is to be called as well: "my mother needs a call too".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_SOMEBODY_ELSE, text, language)


def puts_elsewhere(text: str, language: str) -> bool:
    """Tell whether something that is there is to be put elsewhere: "put it on Thursday".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_PUT_ELSEWHERE, text, language)


def takes_any_day(text: str, language: str) -> bool:
    """Tell whether a message leaves the day open, and not only the time: "any day".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_ANY_DAY, text, language)


def asks_for_call(text: str, language: str) -> bool:
    """Tell whether a call is asked for, and none that is there: "can I have a callback".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_ASKS_FOR_CALL, text, language)


def orders_to_cancel(text: str, language: str) -> bool:
    """Tell whether a callback is to be cancelled: "cancel the one at three".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_CANCEL, text, language)


def means_all(text: str, language: str) -> bool:
    """Tell whether all callbacks are meant: "both", "all of them".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_ALL_OF_THEM, text, language)


def means_all_but(text: str, language: str) -> bool:
    """Tell whether all callbacks but those that are named are meant: "all except Friday".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_ALL_BUT, text, language)


def means_in_its_place(text: str, language: str) -> bool:
    """Tell whether something is to take the place of what is named: "instead of Thursday".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_IN_ITS_PLACE, text, language)


def means_only_this_one(text: str, language: str) -> bool:
    """Tell whether nothing is wanted beside what is spoken of: "only this one".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_ONLY_THIS_ONE, text, language)


def behind_except(text: str, language: str) -> str:
    """Cut what is excepted out of a text: "Friday", of "all except Friday".

    Args:
        text: The message.
        language: Language of the wording, as `de`.

    Returns:
        What stands behind the first word for it; all of the text where there is none.
    """
    level = unicodedata.normalize("NFC", text)
    longest_first = sorted(small_words(SmallWord.EXCEPT, language), key=len, reverse=True)
    phrases = map(re.escape, longest_first)
    found = re.search(rf"\b(?:{'|'.join(phrases)})\b", level, re.IGNORECASE)
    return level if found is None else level[found.end() :]


def spares(text: str, language: str) -> bool:
    """Tell whether what is named is to stay as it is: "don't cancel Friday", "keep Friday".

    Args:
        text: A clause; behind "but" or a comma something else may be wanted.
        language: Language of the wording, as `de`.
    """
    return _is(_SPARES, text, language)


def cancels_if(text: str, language: str) -> bool:
    """Tell whether something is to be cancelled only if something else cannot be.

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_CANCEL_IF, text, language)


def calls_unneeded(text: str, language: str) -> bool:
    """Tell whether something is not needed, and nothing tells what: "not necessary".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_UNNEEDED, text, language)


def means_first_number(text: str, language: str) -> bool:
    """Tell whether the number before the present one is meant: "the first one was right".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_FIRST_NUMBER, text, language)


def means_old_one(text: str, language: str) -> bool:
    """Tell whether the callback is meant that another one took the place of: "the old one".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_OLD_ONE, text, language)


def means_new_one(text: str, language: str) -> bool:
    """Tell whether the callback is meant that took the place of another one: "the new one".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_NEW_ONE, text, language)


def tells_matter(text: str, language: str) -> bool:
    """Tell whether it is said what the call is to be about: "my bill is wrong".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_MATTER, text, language)


def rebooks(text: str, language: str) -> bool:
    """Tell whether what was cancelled is wanted after all: "book it again", "I want it back".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_REBOOK, text, language)


def calls_too_long(text: str, language: str) -> bool:
    """Tell whether a wait is complained of: "that's too long".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_TOO_LONG, text, language)


def asks_to_ring(text: str, language: str) -> bool:
    """Tell whether a call is asked for, whatever story it stands in, and none that is there.

    Args:
        text: The message, of any length.
        language: Language of the wording, as `de`.
    """
    words = _words(text)
    return any(way.fits(words) for way in _ways(language)[_ASKS_TO_RING])


def leaves_as_is(text: str, language: str) -> bool:
    """Tell whether nothing more is wanted than what is there: "no, that's all", "leave it".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_LEAVES_AS_IS, text, language)


def wants_nothing(text: str, language: str) -> bool:
    """Tell whether what is offered is declined as a whole: "I do not want anything".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_WANTS_NOTHING, text, language)


def puts_back(text: str, language: str) -> bool:
    """Tell whether a change is to be undone: "change it back".

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    return _is(_PUT_BACK, text, language)


@lru_cache
def small_words(kind: SmallWord, language: str) -> frozenset[str]:
    """List the small words of a kind.

    Args:
        kind: What they do.
        language: Language of the wording, as `de`.
    """
    return frozenset(word_list("remark", language).get(kind, ()))


def _is(key: str, text: str, language: str) -> bool:
    words = _said(text, language)
    return len(text) <= _LONGEST and any(way.fits(words) for way in _ways(language)[key])


@lru_cache
def _ways(language: str) -> dict[str, Sequence[_Way]]:
    listed = word_list("remark", language)
    keys = [*Remark, *_MORE_KEYS]
    return {key: [_Way.of_line(line) for line in listed.get(key, ())] for key in keys}


@lru_cache
def _spellings(language: str) -> dict[str, str]:
    """The words that stand for others: a line "nicht: nich|ned" names them."""
    listed = (line.partition(": ") for line in word_list("remark", language).get("spellings", ()))
    return {word: meant for meant, _, words in listed for word in words.split("|")}


def _said(text: str, language: str) -> str:
    """The words of a message, as they are spelt in the lists."""
    spelt = _spellings(language)
    return f" {' '.join(spelt.get(word, word) for word in _words(text).split())} "


def _phrases(group: str) -> re.Pattern[str]:
    # The longest first: of "why" and "why is that" the whole is meant where both fit.
    spelt = sorted((_words(phrase).strip() for phrase in group.split("|")), key=len, reverse=True)
    phrases = "|".join(map(re.escape, spelt))
    return re.compile(f" (?:{phrases})(?= )")


def _words(text: str) -> str:
    """The words without accents, capitals and signs, with a space before and after each."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return f" {' '.join(_WORD.findall(plain))} "
