"""Messages that are nothing but polite: thanks, a farewell, a greeting.

An engine with intents knows them by those; the engine of flows has no word for them. Only a whole
message counts: "hello, when do you call?" asks something.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Final

from ges_connector.language.normalize import fold, normalize
from ges_connector.language.word_lists import language_of, word_list

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_TEXT: Final = 120
_BESIDE: Final = "beside"

_Words = tuple[str, ...]


class Courtesy(StrEnum):
    """What a polite message is; the keys of the file. Who thanks and leaves takes leave."""

    GOODBYE = "goodbye"
    """Leave is taken."""
    THANKS = "thanks"
    """Thanks are given."""
    GREET = "greet"
    """Somebody greets."""


def courtesy_in(text: str, locale: str) -> Courtesy | None:
    """Tell which courtesy a message is.

    Args:
        text: The message.
        locale: BCP 47 tag; a language that is not in the file knows none.

    Returns:
        The first of those that are in it, in the order of `Courtesy`; None where it says anything
        else, or nothing.
    """
    words = _folded(text) if len(text) <= _LONGEST_TEXT else ()
    phrases, found = _phrases(language_of(locale)), set()
    while words:
        # The longest come first: "good day" is no "good".
        phrase = next((each for each in phrases if words[: len(each)] == each), None)
        if phrase is None:
            return None
        found.add(phrases[phrase])
        words = words[len(phrase) :]
    return next((each for each in Courtesy if each in found), None)


@cache
def _phrases(language: str) -> dict[_Words, str]:
    """What each phrase is, the longest first."""
    listed = word_list("courtesy", language)
    kinds = (_BESIDE, *reversed(Courtesy))
    known = {_folded(phrase): str(kind) for kind in kinds for phrase in listed.get(kind, ())}
    return dict(sorted(known.items(), key=lambda each: -len(each[0])))


def _folded(phrase: str) -> _Words:
    return tuple(fold(word) for word in _WORD.findall(normalize(phrase).chars))
