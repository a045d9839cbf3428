"""Whether an answer agrees to what was read back: the only thing that books, moves or cancels.

The engine's guess alone never does. An answer agrees if its words are a plain yes, and if all that
it says of a time or a number is what was read back. Everything else is at most a question.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from actions.booked import Booked
from actions.meaning import QUESTIONS
from actions.message import Choice, Intent
from actions.slots import Process
from ges_connector.callbacks.booking import CallbackKind
from ges_connector.callbacks.free_times import FreeTime, time_of_id
from ges_connector.callbacks.wish_fit import fitting, names_time
from ges_connector.language import Grain, Wish, WishKind, understand
from ges_connector.language.agreement import (
    Assent,
    Deed,
    assent_of,
    begins_with_yes,
    is_content,
    is_cut_off,
    is_ruled_out,
    is_within_yes,
    until_as_farewell,
    wants_both,
    without_deed,
)
from ges_connector.language.answer_words import Other

if TYPE_CHECKING:
    from datetime import date, datetime

    from actions.base import Turn
    from actions.meaning import Meaning

_ASKING: Final = QUESTIONS | {Intent.OTHER_NUMBER}
"""Intents that few answers are taken for without a reason: a veto, unless a yes stands first."""
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
    said, locale = turn.message.text, turn.customer.locale
    is_less = is_cut_off(said, locale) or is_ruled_out(said, locale, deed)
    if meaning.intent is None or meaning.refused or meaning.names_end or is_less:
        return False
    if meaning.intent in _ASKING and not begins_with_yes(meaning.text, locale):
        return False
    if meaning.phone is not None and meaning.phone.e164 != turn.conversation.phone:
        return False
    meaning = _taking_leave(turn, meaning)
    if meaning.wish is None and meaning.unclear is not None:
        meaning = _beside_deed(turn, meaning)
    wish = meaning.wish
    if wish is not None and is_within_yes(meaning.text, locale, wish.words):
        wish = None
    rules_out = deed is Deed.CANCEL and wish is not None and not _names_positively(wish)
    if wish is not None and (meaning.timed_wish or meaning.wants_asap) and not rules_out:
        assent = assent_of(meaning.text, locale, deed, wish.words, is_whole=False)
        return assent is Assent.PLAIN and _repeats(turn, wish, deed)
    # "Aucun problème" holds what is a reply to a menu elsewhere; no word of it is unexplained here.
    return assent_of(meaning.text, locale, deed, is_whole=False) is Assent.PLAIN


def refuses_in_words(turn: Turn, meaning: Meaning, deed: Deed) -> bool:
    """Whether the words of a message, not only the engine, say no to what was read back."""
    is_typed = not meaning.message.is_button
    return is_typed and assent_of(meaning.text, turn.customer.locale, deed) is Assent.REFUSED


def wants_one_more(turn: Turn, meaning: Meaning) -> bool:
    """Whether an answer to "shall I book another one all the same?" is a yes.

    Nothing is booked by it: what it leads to is read back first.
    """
    said, locale = turn.message.text, turn.customer.locale
    is_typed = not meaning.message.is_button
    if is_typed and (wants_both(said, locale) or is_content(said, locale)):
        return wants_both(said, locale)
    if meaning.says_yes and agrees(turn, meaning, Deed.BOOK):
        return True
    is_open = assent_of(meaning.text, locale, Deed.BOOK) is not Assent.REFUSED
    # "A second one" is no entry here, and no day of the month.
    has_time = meaning.timed_wish is not None and meaning.entry is None
    has_more = has_time or meaning.phone is not None or meaning.refused is not None
    return Other.CALLBACK in meaning.others and is_open and not has_more


def refuses(turn: Turn, meaning: Meaning, deed: Deed) -> bool:
    """Whether a message is a no to what was read back, whatever the engine took it for."""
    if meaning.message.is_button:
        return meaning.says_no
    assent = assent_of(meaning.text, turn.customer.locale, deed)
    return assent is Assent.REFUSED or (meaning.says_no and assent is not Assent.MIXED)


def is_mixed(turn: Turn, meaning: Meaning, deed: Deed) -> bool:
    """Whether nobody can tell a yes from a no in a message: "no, that's fine"."""
    is_typed = not meaning.message.is_button
    return is_typed and assent_of(meaning.text, turn.customer.locale, deed) is Assent.MIXED


def _taking_leave(turn: Turn, meaning: Meaning) -> Meaning:
    """Take "yes, until Thursday" for a yes and a farewell."""
    if meaning.wish is None or meaning.wish.kind is not WishKind.BEFORE:
        return meaning
    locale, zone = turn.customer.locale, turn.customer.zone.key
    said = until_as_farewell(meaning.text, locale)
    day = understand(said or "", locale, turn.now, zone)
    if said is None or not isinstance(day, Wish) or day.kind is not WishKind.DAY:
        return meaning
    return replace(meaning, text=said, wish=day)


def _beside_deed(turn: Turn, meaning: Meaning) -> Meaning:
    """Read the time of "cancel the callback of Wednesday" by itself."""
    locale, zone = turn.customer.locale, turn.customer.zone.key
    found = understand(without_deed(meaning.text, locale), locale, turn.now, zone)
    return replace(meaning, wish=found) if isinstance(found, Wish) else meaning


def _names_positively(wish: Wish) -> bool:
    """Whether a wish says when, and not only "now", or when not: "I can't" rules all out."""
    if wish.kind is WishKind.ASAP:
        return False
    return any(each.earliest_at or each.latest_at for each in wish.readings())


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
    if reading.kind in _OPEN_ENDED or reading.choice is not None or reading.approximate:
        return True
    is_between = reading.kind is WishKind.WINDOW and reading.grain in {Grain.MINUTE, Grain.HOUR}
    return is_between or reading.grain in {Grain.WEEK, Grain.MONTH}


def _is_one(wish: Wish) -> bool:
    """Whether a wish leaves no choice to us: "Tuesday or Wednesday" names two times."""
    if not wish.alternatives:
        return True
    is_one_day = len(_days(wish)) <= 1
    return wish.undecided and is_one_day and all(_is_one(each) for each in wish.alternatives)


def _days(wish: Wish) -> set[date]:
    """The days that are named; "next Thursday" may be one of two."""
    zone = ZoneInfo(wish.zone)
    return {
        reading.earliest_at.astimezone(zone).date()
        for reading in wish.readings()
        if reading.day_named and reading.earliest_at is not None
    }
