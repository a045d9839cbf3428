"""Whether an answer agrees to what was read back: the only thing that books, moves or cancels.

The engine's guess alone never does. An answer agrees if its words are a plain yes, and if all that
it says of a time or a number is what was read back. Everything else is at most a question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actions.booked import Booked
from actions.message import Choice, Intent
from actions.slots import Process
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import FreeTime, time_of_id
from ges_connector.callbacks.wish_fit import fitting, names_time
from ges_connector.language import Grain, WishKind
from ges_connector.language.agreement import Assent, Deed, assent_of

if TYPE_CHECKING:
    from datetime import datetime

    from actions.base import Turn
    from actions.meaning import Meaning
    from ges_connector.language import Wish

_MAY_AGREE: Final = frozenset({Intent.AFFIRM, Intent.INFORM, Intent.REQUEST_CALLBACK})
"""What a plain yes may be taken for; "yes, call me at three" asks for a callback as well."""
_MAY_AGREE_TO: Final = {
    Deed.BOOK: _MAY_AGREE,
    Deed.MOVE: _MAY_AGREE | {Intent.MOVE_CALLBACK},
    Deed.CANCEL: frozenset({Intent.AFFIRM, Intent.INFORM, Intent.CANCEL_CALLBACK}),
}
_OPEN_ENDED: Final = frozenset({WishKind.AFTER, WishKind.BEFORE, WishKind.ASAP, WishKind.CHOICE})


def deed_of(turn: Turn) -> Deed:
    """What a yes to the read-back does."""
    return Deed.MOVE if turn.conversation.process is Process.MOVE else Deed.BOOK


def agrees(turn: Turn, meaning: Meaning, deed: Deed) -> bool:
    """Whether a message is a plain yes to booking, moving or cancelling.

    Args:
        turn: The turn; its conversation holds what was read back.
        meaning: The message.
        deed: What a yes does.
    """
    if meaning.message.is_button:
        return meaning.choice is Choice.YES
    if meaning.intent not in _MAY_AGREE_TO[deed] or meaning.refused:
        return False
    if meaning.phone is not None and meaning.phone.e164 != turn.conversation.phone:
        return False
    wish, locale = meaning.wish, turn.customer.locale
    if wish is not None and (meaning.timed_wish or meaning.wants_asap):
        is_plain = assent_of(meaning.text, locale, deed, wish.words) is Assent.PLAIN
        return is_plain and _repeats(turn, wish, deed)
    # "Aucun problème" holds what is a reply to a menu elsewhere; no word of it is unexplained here.
    return assent_of(meaning.text, locale, deed) is Assent.PLAIN


def refuses(turn: Turn, meaning: Meaning, deed: Deed) -> bool:
    """Whether a message is a no to what was read back, whatever the engine took it for."""
    if meaning.says_no or meaning.message.is_button:
        return meaning.says_no
    return assent_of(meaning.text, turn.customer.locale, deed) is Assent.REFUSED


def _repeats(turn: Turn, wish: Wish, deed: Deed) -> bool:
    """Whether a wish says nothing but the time that was read back, or part of it."""
    conversation = turn.conversation
    if deed is Deed.CANCEL:
        at = Booked.of(conversation).at
    elif conversation.kind is CallbackKind.ASAP:
        return wish.kind is WishKind.ASAP and not names_time(wish)
    else:
        at = time_of_id(conversation.slot)
    return at is not None and says_only(wish, at)


def says_only(wish: Wish, at: datetime) -> bool:
    """Whether a wish names a time, or part of it, and nothing besides.

    Args:
        wish: The wish.
        at: The time, UTC.
    """
    readings = wish.readings()
    if any(each.excluded for each in (wish, *readings)) or not _is_one(wish):
        return False
    is_open = any(_leaves_open(each) for each in readings)
    return not is_open and bool(fitting(wish, [FreeTime(at)]))


def _leaves_open(reading: Wish) -> bool:
    """Whether a reading names more than one time or day: "between 3 and 4", "this month"."""
    if reading.kind in _OPEN_ENDED or reading.choice is not None:
        return True
    is_between = reading.kind is WishKind.WINDOW and reading.grain in {Grain.MINUTE, Grain.HOUR}
    return is_between or reading.grain in {Grain.WEEK, Grain.MONTH}


def _is_one(wish: Wish) -> bool:
    """Whether a wish leaves no choice to us: "Tuesday or Wednesday" names two times."""
    if not wish.alternatives:
        return True
    return wish.undecided and all(_is_one(each) for each in wish.alternatives)
