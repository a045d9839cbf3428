"""A change that was made to a callback in this conversation is to be undone: "change it back"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from actions import numbers
from actions.booked import Booked
from actions.message import Intent
from ges_connector.language import Grain, Wish, WishKind
from ges_connector.language.remarks import means_first_number, orders_to_cancel, puts_back

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.meaning import Meaning


def changes_back(turn: Turn, meaning: Meaning) -> bool:
    """Whether what was changed last is to be as it was, while nothing is being arranged.

    Args:
        turn: The turn.
        meaning: The message.
    """
    is_free = turn.conversation.id is not None and turn.requested_slot is None
    is_typed = turn.message.is_typed
    is_named = meaning.timed_wish is not None or meaning.phone is not None
    if not is_free or not is_typed or is_named or meaning.refused is not None:
        return False
    said, language = turn.message.text, turn.customer.language
    if turn.message.intent is Intent.CANCEL_CALLBACK or orders_to_cancel(said, language):
        # "Cancel the old one" undoes no change.
        return False
    is_number = Booked.of(turn.conversation).former_phone is not None
    return puts_back(said, language) or (is_number and means_first_number(said, language))


def as_before(turn: Turn, meaning: Meaning) -> Meaning | None:
    """Read "change it back" as a change to the number, or the time, that it had before.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        What is meant; None if it is no such message, or if nobody can tell what is to be changed:
        nothing was, or the time and the number were.
    """
    if not changes_back(turn, meaning):
        return None
    booked, zone = Booked.of(turn.conversation), turn.customer.zone.key
    phone = numbers.of_e164(turn, booked.former_phone)
    move = replace(meaning.message, intent=Intent.MOVE_CALLBACK)
    meant = replace(meaning, message=move, unclear=None, others=frozenset(), corrects=True)
    if phone is not None and booked.former_at is None:
        return replace(meant, wish=None, phone=phone)
    if phone is None and booked.former_at is not None and booked.former_at > turn.now:
        at = Wish(WishKind.EXACT, booked.former_at, None, Grain.MINUTE, zone, words=(meaning.text,))
        return replace(meant, wish=at)
    return None
