"""Words about time as a turn understands them: by the clock they name, behind a refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ges_connector.callbacks.wish_fit import names_time
from ges_connector.language import Unclear, UnclearReason, Wish, WishKind, understand
from ges_connector.language.agreement import denies, names_our_clock
from ges_connector.language.remarks import calls_too_long

if TYPE_CHECKING:
    from datetime import datetime

    from actions.base import Turn

_CLAUSE: Final = re.compile(r"[^\d,.;!:]+[,.;!:]+\s*")


def understood(text: str, turn: Turn) -> Wish | Unclear:
    """Understand words about time that were said now, but for what they refuse first.

    Args:
        text: The words.
        turn: The turn.
    """
    return understood_at(behind_refusal(text, turn), turn, turn.now)


def understood_at(said: str, turn: Turn, at: datetime) -> Wish | Unclear:
    """Understand words about time by the clock that they name: theirs, or that of the office.

    Args:
        said: The words.
        turn: The turn.
        at: When they were said, UTC.
    """
    locale, office = turn.customer.locale, turn.profile.office_zone
    found = _read_once(said, turn, at, turn.customer.zone.key)
    if not isinstance(found, Wish) or not names_our_clock(said, locale, found.words):
        return found
    return _read_once(said, turn, at, office)


def _read_once(said: str, turn: Turn, at: datetime, zone: str) -> Wish | Unclear:
    read = (said, turn.customer.locale, at, zone)
    if read not in turn.understood:
        turn.understood[read] = understand(*read)
    return turn.understood[read]


def behind_refusal(text: str, turn: Turn) -> str:
    """What is said behind a refusal, or a complaint of the wait, that stands first.

    "That does not suit me. Saturday" wants Saturday; "Not on Saturday, please" is left as it is.

    Args:
        text: What was said.
        turn: The turn.
    """
    clause = _CLAUSE.match(text)
    if clause is None or not any(character.isalnum() for character in text[clause.end() :]):
        return text
    locale, zone = turn.customer.locale, turn.customer.zone.key
    is_refusal = denies(clause[0], locale) or calls_too_long(clause[0], turn.customer.language)
    if not is_refusal or _names_any(_read_once(clause[0], turn, turn.now, zone)):
        return text
    return behind_refusal(text[clause.end() :], turn)


def _names_any(found: Wish | Unclear) -> bool:
    if isinstance(found, Wish):
        return names_time(found) or found.kind is WishKind.ASAP
    return found.reason not in {UnclearReason.NO_TIME_FOUND, UnclearReason.UNEXPLAINED_WORDS}
