"""Times told by another one: by those on offer, the one that is agreed on, or the one booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from actions.booked import Booked
from actions.message import Intent
from actions.slots import SLOT, Process, Question
from actions.understanding import behind_refusal, understood_at
from ges_connector.callbacks.free_times import time_of_id
from ges_connector.callbacks.manage import CancelOutcome
from ges_connector.callbacks.wish_fit import names_time
from ges_connector.language import Grain, Unclear, Wish, WishKind
from ges_connector.language.agreement import denies
from ges_connector.language.shifts import (
    DayTold,
    SpokenOf,
    day_at_the_same_time,
    day_told,
    is_later_that_day,
    says_same_time,
    shift_either_way,
    shift_of,
    without_moving,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actions.base import Turn
    from actions.slots import Conversation

_MENUS: Final = frozenset({Question.SLOT_ONE, Question.SLOT_MENU})
_ABOUT_BOOKED: Final = frozenset({Question.OPEN_CALLBACK, Question.CANCEL})


def day_by_another(said: str, turn: Turn) -> DayTold | None:
    """Tell the day that is told by the one that is spoken of: "the next day", "the same day".

    Args:
        said: What the customer said.
        turn: The turn.
    """
    conversation, customer = turn.conversation, turn.customer
    text, locale, zone = behind_refusal(said, turn), customer.locale, customer.zone
    shown, at, booked = times_shown(turn), _spoken_of(turn), Booked.of(conversation).at
    is_of_booked = conversation.process is Process.MOVE and says_same_time(text, locale)
    if (shown and is_of_booked and booked is not None) or _is_same_as_cancelled(turn):
        shown, at = [], booked or at
    if not shown and (at or booked) is None:
        return None
    days = [each.astimezone(zone).date() for each in shown]
    one = shown[0] if len(shown) == 1 else (at or booked)
    clock = None if one is None or len(shown) > 1 else one.astimezone(zone).time()
    latest = max(days) if days else (one or turn.now).astimezone(zone).date()
    told = day_told(text, locale, turn.now, zone.key, SpokenOf(latest, clock))
    if told is None or told.days > 0:
        return told
    earliest = min(days, default=latest)
    is_second = conversation.process is Process.BOOK and conversation.slot is None
    if told.days < 0:
        spoken_of = SpokenOf(earliest, clock)
    elif is_second and booked is not None:
        # One more callback on the day of the one that is booked, whatever is on offer.
        own = booked.astimezone(zone)
        spoken_of = SpokenOf(own.date(), own.time())
    else:
        return told if earliest == latest else None
    return day_told(text, locale, turn.now, zone.key, spoken_of)


def shifted(said: str, turn: Turn) -> Wish | Unclear | None:
    """Tell the time that is told by the one that is spoken of: later, or on another day.

    Args:
        said: What the customer said.
        turn: The turn.

    Returns:
        The time; why it is not clear, where it may be denied or doubted; None if none is told so.
    """
    shown, text = times_shown(turn), behind_refusal(said, turn)
    if shown and not _is_from_booked(shown, text, turn):
        return _shifted_from_menu(shown, text, turn)
    at, locale, zone = _spoken_of(turn), turn.customer.locale, turn.customer.zone
    if at is None:
        return None
    shift = shift_of(text, locale, turn.now, zone.key)
    clock = at.astimezone(zone).time()
    day = day_at_the_same_time(text, locale, turn.now, zone.key, clock)
    if isinstance(shift, Unclear):
        return shift
    if shift is not None:
        at += shift
    elif isinstance(day, Unclear):
        return day
    elif day is not None:
        at = datetime.combine(day, clock, zone).astimezone(UTC)
    else:
        later = _later_that_day([at], text, turn) if _is_to_be_moved(text, turn) else None
        return _either_way(at, text, turn) or later or _moved_to(text, turn)
    return Wish(WishKind.EXACT, at, None, Grain.MINUTE, zone.key, words=(text.strip(),))


def _is_to_be_moved(text: str, turn: Turn) -> bool:
    """Whether the callback that is booked is to be moved: "later that day" may tell of anything."""
    conversation = turn.conversation
    is_asked = conversation.process is Process.MOVE or conversation.question in _ABOUT_BOOKED
    is_meant = is_asked or turn.message.intent is Intent.MOVE_CALLBACK
    return is_meant and not denies(text, turn.customer.locale)


def _is_from_booked(shown: Sequence[datetime], text: str, turn: Turn) -> bool:
    """Whether it counts from the callback that is moved, or was cancelled, whatever is on offer."""
    conversation, zone = turn.conversation, turn.customer.zone.key
    at = _spoken_of(turn)
    if _is_same_as_cancelled(turn):
        return True
    if conversation.process is not Process.MOVE or len(shown) == 1 or at is None:
        return False
    # Nothing was said yet of where it is moved to, or which way: "an hour back".
    shift = shift_of(text, turn.customer.locale, turn.now, zone)
    is_offered = isinstance(shift, timedelta) and at + shift in shown
    return conversation.wish is None or is_offered


def _either_way(at: datetime, text: str, turn: Turn) -> Wish | Unclear | None:
    """The times on both sides of one where it is not told which is meant: "an hour back"."""
    locale, zone, words = turn.customer.locale, turn.customer.zone, (text.strip(),)
    distance = shift_either_way(text, locale, turn.now, zone.key)
    if distance is None or isinstance(distance, Unclear):
        return distance
    # The time of day stays over a change of the clocks where days are told.
    own = at.astimezone(zone) if distance % timedelta(days=1) == timedelta() else at
    both = [each.astimezone(UTC) for each in (own - distance, own + distance)]
    exact = [
        Wish(WishKind.EXACT, each, None, Grain.MINUTE, zone.key, words=words)
        for each in both
        if each > turn.now
    ]
    if len(exact) < len(both):
        return next(iter(exact), None)
    return replace(exact[0], earliest_at=None, alternatives=tuple(exact), undecided=True)


def _moved_to(text: str, turn: Turn) -> Wish | None:
    """The time that something is brought forward or put back to."""
    rest = without_moving(text, turn.customer.locale)
    found = None if rest is None else understood_at(rest, turn, turn.now)
    return found if isinstance(found, Wish) and names_time(found) else None


def _shifted_from_menu(shown: Sequence[datetime], text: str, turn: Turn) -> Wish | Unclear | None:
    """The times that are so much later or earlier than those just shown, or later on their day."""
    locale, zone, words = turn.customer.locale, turn.customer.zone, (text.strip(),)
    shift = shift_of(text, locale, turn.now, zone.key)
    if isinstance(shift, Unclear):
        return shift
    if shift is None:
        either = _either_way(shown[0], text, turn) if len(shown) == 1 else None
        return either or _later_that_day(shown, text, turn)
    if len(shown) == 1:
        return Wish(WishKind.EXACT, shown[0] + shift, None, Grain.MINUTE, zone.key, words=words)
    if shift > timedelta():
        begin = max(shown) + shift
        return Wish(WishKind.AFTER, begin, None, Grain.MINUTE, zone.key, words=words)
    return Wish(WishKind.BEFORE, None, min(shown) + shift, Grain.MINUTE, zone.key, words=words)


def _later_that_day(shown: Sequence[datetime], text: str, turn: Turn) -> Wish | None:
    """The rest of the day that all times on offer are on."""
    zone, words = turn.customer.zone, (text.strip(),)
    days = {at.astimezone(zone).date() for at in shown}
    if len(days) > 1 or not is_later_that_day(text, turn.customer.locale):
        return None
    midnight = datetime.combine(max(days) + timedelta(days=1), time(), zone).astimezone(UTC)
    begin = max(shown) + timedelta(minutes=1)
    return Wish(WishKind.WINDOW, begin, midnight, Grain.PART, zone.key, words=words)


def times_shown(turn: Turn) -> list[datetime]:
    """The times on offer that the customer has just read or heard, none of which is chosen.

    Args:
        turn: The turn.
    """
    conversation, menu = turn.conversation, turn.conversation.menu or {}
    is_asked = turn.requested_slot == SLOT and conversation.question in _MENUS
    ids = menu.get("ids")
    is_told = isinstance(ids, list) and menu.get("told", ids) == ids
    if not is_asked or not is_told or conversation.slot is not None:
        return []
    starts = [time_of_id(each) for each in ids or () if isinstance(each, str)]
    return [start for start in starts if start is not None]


def _spoken_of(turn: Turn) -> datetime | None:
    """The one time that is being spoken of: the one chosen, the one booked, or just cancelled."""
    conversation = turn.conversation
    if conversation.slot is not None:
        return time_of_id(conversation.slot)
    if conversation.id is None:
        is_meant = turn.requested_slot is None or _is_same_as_cancelled(turn)
        return _just_cancelled(conversation) if is_meant else None
    is_other = conversation.process is Process.BOOK and turn.requested_slot is not None
    if is_other and conversation.question not in _ABOUT_BOOKED:
        return None
    return Booked.of(conversation).at


def _just_cancelled(conversation: Conversation) -> datetime | None:
    """The time of the callback that was cancelled last, if nothing came of another one since."""
    cancelled = Booked.of(conversation).cancelled
    is_last = conversation.id is None and conversation.outcome == CancelOutcome.CANCELLED
    return cancelled.at if is_last and cancelled is not None else None


def _is_same_as_cancelled(turn: Turn) -> bool:
    """Whether "the same time" is that of the callback just cancelled; one on offer is nearer."""
    is_open = turn.conversation.slot is None and len(times_shown(turn)) != 1
    is_there = is_open and _just_cancelled(turn.conversation) is not None
    return is_there and says_same_time(turn.message.text, turn.customer.locale)
