"""Repeats a few words of a customer's message, safely and no longer than a sentence can bear.

What a customer wrote is material, never markup: control characters, braces of templates, marks of
HTML, SSML and Markdown, and quotation marks of their own are left out. The quotation marks around
it are part of the sentence that quotes.
"""

import re
import unicodedata
from collections.abc import Sequence

_LONGEST = 60
_ELLIPSIS = "…"
# Braces fill templates, the others are markup of one channel or another, or quotation marks that
# would end the sentence's own.
_LEFT_OUT = re.compile(r"[{}\[\]<>&|\\*_~`#\"\u00ab\u00bb\u201c-\u201f\u2039\u203a]|https?://\S*")


def quotation(message: str, words: Sequence[str], *, longest: int = _LONGEST) -> str:
    """Quote what a wish rests on.

    Args:
        message: What the customer said.
        words: The parts of it that are meant, such as `Wish.words`, in their order.
        longest: The most characters of the quotation; it is cut between words.

    Returns:
        The stretch of the message from the first to the last of the parts, so that the small words
        between them are kept; the parts alone if they are not all in the message or lie far apart.
        On one line, without marks. Empty if nothing is left to quote.
    """
    stretch = _plain(_stretch(message, words))
    if len(stretch) > longest:
        stretch = _plain(" ".join(words))
    return _cut(stretch, longest)


def _stretch(message: str, words: Sequence[str]) -> str:
    """The message from the first to the last of some parts of it."""
    start, end = None, 0
    for part in words:
        found = message.find(part, end)
        if found < 0:
            return " ".join(words)
        start = found if start is None else start
        end = found + len(part)
    return message[start or 0 : end]


def _plain(text: str) -> str:
    """One line of words without control characters and marks."""
    spaced = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return _without_ends(" ".join(_LEFT_OUT.sub(" ", spaced).split()))


def _without_ends(text: str) -> str:
    """Drop punctuation and spaces at both ends: the sentence around a quotation has its own."""
    meant = [
        place for place, letter in enumerate(text) if unicodedata.category(letter)[0] not in "PZ"
    ]
    return text[meant[0] : meant[-1] + 1] if meant else ""


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    kept = text[:longest].rpartition(" ")[0] or text[: longest - 1]
    return _without_ends(kept) + _ELLIPSIS
