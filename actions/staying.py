"""The time and the number that are booked already, said once more: nothing is to be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from actions import several
from actions.agreeing import says_only
from actions.booked import Booked
from actions.message import Intent
from ges_connector.language import WishKind
from ges_connector.language.agreement import Assent, Deed, assent_of
from ges_connector.language.remarks import puts_elsewhere

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning
    from ges_connector.callbacks.booking import Draft


def is_as_booked(turn: Turn, draft: Draft) -> bool:
    """Whether a move would change neither the time nor the number.

    Args:
        turn: The turn.
        draft: What was read back.
    """
    booked = Booked.of(turn.conversation)
    is_same = booked.kind is draft.kind and booked.at == draft.desired_at
    return is_same and booked.phone == draft.phone


def says_what_is_booked(turn: Turn, meaning: Meaning) -> bool:
    """Whether a message names what is booked: "Thursday at 3", or "Thursday is fine".

    A day alone may still ask for another time of that day.

    Args:
        turn: The turn.
        meaning: The message.
    """
    wish = meaning.timed_wish
    if wish is None or not _names_booked(turn, meaning):
        return False
    if all(each.kind is WishKind.EXACT for each in wish.readings()):
        return True
    text, locale = meaning.text, turn.customer.locale
    return assent_of(text, locale, Deed.BOOK, wish.words, is_whole=False) is Assent.PLAIN


def says_day_and_time_booked(turn: Turn, meaning: Meaning) -> bool:
    """Whether a message names the time that is booked, with its day, while it is being moved.

    Args:
        turn: The turn.
        meaning: The message.
    """
    wish = meaning.timed_wish
    if wish is None or turn.conversation.phone != Booked.of(turn.conversation).phone:
        return False
    is_whole = all(each.kind is WishKind.EXACT and each.day_named for each in wish.readings())
    return is_whole and _names_booked(turn, meaning)


def only_renumbers(turn: Turn, meaning: Meaning) -> bool:
    """Whether another number is given, or wanted, for the very time that is booked.

    Args:
        turn: The turn.
        meaning: The message.
    """
    booked, wish = Booked.of(turn.conversation), meaning.timed_wish
    is_other = meaning.phone is not None and meaning.phone.e164 != booked.phone
    if wish is None or booked.at is None or not (is_other or meaning.wants_other_number):
        return False
    is_exact = all(each.kind is WishKind.EXACT and each.day_named for each in wish.readings())
    return is_exact and says_only(wish, booked.at)


def without_own_time(turn: Turn, meaning: Meaning) -> Meaning:
    """Leave out the time that only tells which callback is to be moved: "move the Thursday one".

    Args:
        turn: The turn.
        meaning: The message.
    """
    wish = meaning.timed_wish
    is_move = meaning.intent is Intent.MOVE_CALLBACK and _names_booked(turn, meaning)
    is_whereto = wish is not None and several.is_whereto(turn, meaning, wish)
    if not is_move or is_whereto or puts_elsewhere(meaning.text, turn.customer.language):
        return meaning
    return replace(meaning, wish=None)


def _names_booked(turn: Turn, meaning: Meaning) -> bool:
    """Whether the only time in a message is that of the callback, and no other number is in it."""
    booked, wish = Booked.of(turn.conversation), meaning.timed_wish
    is_other = meaning.phone is not None and meaning.phone.e164 != booked.phone
    if is_other or meaning.refused is not None or meaning.wants_other_number:
        return False
    return wish is not None and booked.at is not None and says_only(wish, booked.at)
