"""Answers that leave each of several callbacks as it is: "neither", "both are fine".

Only a whole answer counts: "both on Friday" asks for something.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ges_connector.language.normalize import fold, normalize
from ges_connector.language.word_lists import word_list

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_TEXT: Final = 80


def leaves_all(text: str, language: str) -> bool:
    """Tell whether all that was told is to stay as it is.

    Args:
        text: The message.
        language: Language of the wording, as `de`.
    """
    said, beside = _lists(language)
    words = _folded(text) if len(text) <= _LONGEST_TEXT else ()
    while words and words not in said:
        ends = [each for each in beside if words[: len(each)] == each]
        tails = [each for each in beside if words[-len(each) :] == each]
        if not (ends or tails):
            return False
        words = words[len(ends[0]) :] if ends else words[: -len(tails[0])]
    return bool(words)


@cache
def _lists(language: str) -> tuple[frozenset[tuple[str, ...]], tuple[tuple[str, ...], ...]]:
    lists = word_list("leaving_all", language)
    said, beside = (lists.get(key, ()) for key in ("said", "beside"))
    return frozenset(map(_folded, said)), tuple(map(_folded, beside))


def _folded(phrase: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in _WORD.findall(normalize(phrase).chars))
