"""Keeps keys and personal data out of whatever is kept, shown or logged.

The first rule is never to pass a secret to anything that shows it. What is left is the far side's
own
wording: a refusal may quote the number it refuses. Such text goes through `redact` before it is
    kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK = "***"
_SHOWN_DIGITS = 2
_NUMBER_DIGITS = 5
_WORD_LENGTH = 4
_TEXT_LENGTH = 200

# Dates have digits enough to be taken for a number; they are no secret and explain most refusals.
_DATE_OR_NUMBER = re.compile(
    r"(?P<date>(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?)"
    r"|\+?\d(?:[\s().\-/]{0,2}\d)+"
)


def mask_number(number: str) -> str:
    """Show the last two digits of a telephone number and nothing else.

    Args:
        number: A telephone number in any notation.

    Returns:
        The mask and the last two digits; the mask alone if there are fewer than five digits.
    """
    digits = [character for character in number if character.isdigit()]
    if len(digits) < _NUMBER_DIGITS:
        return MASK
    return MASK + "".join(digits[-_SHOWN_DIGITS:])


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Make foreign text fit to be kept: one line, short, without secrets and telephone numbers.

    Args:
        text: What the far side said.
        secrets: Exact values that must not survive, whatever their case.

    Returns:
        The text with every secret and every run of five or more digits masked, cut to 200
        characters.
    """
    for secret in sorted(set(secrets), key=len, reverse=True):
        text = _without(text, secret)
    return _DATE_OR_NUMBER.sub(_mask_match, " ".join(text.split()))[:_TEXT_LENGTH]


def _without(text: str, secret: str) -> str:
    if not secret.strip():
        return text
    pattern = re.escape(secret)
    if len(secret) < _WORD_LENGTH:
        # A two-letter value would otherwise eat into every word that contains it.
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.sub(pattern, MASK, text, flags=re.IGNORECASE)


def _mask_match(match: re.Match[str]) -> str:
    found = match.group()
    if match["date"] or sum(character.isdigit() for character in found) < _NUMBER_DIGITS:
        return found
    return mask_number(found)


def texts_in(value: object) -> Iterator[str]:
    """Walk a JSON-like value and yield every text and number in it, keys left out.

    Args:
        value: User data of a request.

    Yields:
        Each leaf as text.
    """
    if isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from texts_in(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
