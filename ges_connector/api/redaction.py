"""Keeps keys and personal data out of whatever is kept, shown or logged.

The first rule is never to pass a secret to anything that shows it. What is left is the far side's
own wording: a refusal may quote the number it refuses, in any spelling and encoding. Such text goes
through `redact`, and its correlation id through `redact_id`, before it is kept.
"""

from __future__ import annotations

import html
import re
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK = "***"
_SHOWN_DIGITS = 2
_NUMBER_DIGITS = 5
_WORD_LENGTH = 4
_TEXT_LENGTH = 200

# Dates have digits enough to be taken for a number; they are no secret and explain most refusals.
_DATE_OR_NUMBER = re.compile(
    r"(?<!\d)(?P<date>(?:19|20)\d{2}-\d{2}-\d{2})(?!\d|-\d)"
    r"(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?"
    r"|\+?\d(?:[\s().,_\-\u00ad\u2010-\u2015\u2212/]{0,2}\d)+"
)
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# Greedy: a password with odd signs in it is left out whole, and rather some of the path with it.
_CREDENTIALS = re.compile(r"(?<=://)\S*@")
_QUERY = re.compile(r"(://[^\s?]*\?)\S+?(?=[,;:.)'\"]*(?:\s|$))")
_NUMBER_IN_ID = re.compile(r"(?<![A-Za-z0-9])[0-9](?:[_.:-]?[0-9]){6,}(?![A-Za-z0-9])")


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


def without_credentials(text: str) -> str:
    """Mask what may let somebody in, in every address of a text: name and password, and the query.

    Args:
        text: An address, or sentences that name some.
    """
    return _QUERY.sub(rf"\1{MASK}", _CREDENTIALS.sub(f"{MASK}@", text))


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Make foreign text fit to be kept: one line, short, without secrets and telephone numbers.

    Args:
        text: What the far side said; percent signs and HTML entities are read as what they stand
            for.
        secrets: Values that must not survive, whatever their case and spacing.

    Returns:
        The text with every secret and every run of five or more digits masked, cut to 200
        characters.
    """
    text = _one_line(html.unescape(unquote(text)))
    for secret in sorted({_one_line(secret) for secret in secrets}, key=len, reverse=True):
        text = _without(text, secret)
    return _DATE_OR_NUMBER.sub(_mask_match, text)[:_TEXT_LENGTH]


def redact_id(text: str, secrets: Iterable[str] = ()) -> str | None:
    """Make a foreign id fit to be kept, which is shown and logged as it is.

    Args:
        text: What the far side called an id.
        secrets: Values that must not be in it, whatever their case.

    Returns:
        The id; the mask alone if it holds a secret or, unless it is a UUID, looks like a telephone
        number; None if it is no id: anything but 1 to 100 of `A-Z a-z 0-9 - _ . :`.
    """
    if not _ID.fullmatch(text):
        return None
    folded = text.casefold()
    if any(_gives_away(folded, secret.strip().casefold()) for secret in secrets):
        return MASK
    return MASK if not _UUID.fullmatch(text) and _NUMBER_IN_ID.search(text) else text


def _gives_away(text: str, secret: str) -> bool:
    digits = "".join(character for character in secret if character.isdigit())
    return text == secret or any(
        len(part) > _WORD_LENGTH and part in text for part in (secret, digits)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _without(text: str, secret: str) -> str:
    if not secret:
        return text
    pattern = re.escape(secret)
    if len(secret) < _WORD_LENGTH:
        # A two-letter value would otherwise eat into every word that contains it.
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.sub(pattern, MASK, text, flags=re.IGNORECASE)


def _mask_match(match: re.Match[str]) -> str:
    found = match.group()
    if _is_date(match["date"]) or sum(character.isdigit() for character in found) < _NUMBER_DIGITS:
        return found
    return mask_number(found)


def _is_date(text: str | None) -> bool:
    try:
        return text is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


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


def pseudonym(kind: str, value: str, key: str) -> str:
    """Name a personal value so that only holders of the same key can tell which one it is.

    Telephone numbers are few enough to try them all, so a plain hash would hide nothing.

    Args:
        kind: What the value is, in at most 16 letters; part of the name.
        value: The value.
        key: The key.
    """
    secret = blake2b(key.encode()).digest()
    told = value.encode("utf-8", "surrogatepass")
    digest = blake2b(told, key=secret, digest_size=16, person=kind.encode())
    return f"{kind}-{digest.hexdigest()}"
