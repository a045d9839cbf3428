"""What is told of a callback that was moved, be it at once or as soon as that is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actions.base import Said

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.booked import Booked

MOVED: Final = "utter_callback_moved"
RENUMBERED: Final = "utter_callback_number_changed"


def moved_told(turn: Turn, old: Booked, new: Booked, callback_id: str, *, is_old_off: bool) -> Said:
    """Tell the time of a callback that was moved, or the number where that is another one.

    Args:
        turn: The turn.
        old: The callback as it was.
        new: The one that was booked in its place.
        callback_id: Id of the new one.
        is_old_off: Whether no call will come of the old one any more.
    """
    if is_renumbered(old, new):
        return _renumbered(turn, new, callback_id, is_old_off=is_old_off)
    told = _when(turn, new)
    if is_old_off:
        return Said(MOVED, told | {"reference": turn.teller.reference(callback_id)})
    if old.at is None:
        return Said("utter_callback_moved_old_remains_asap", told)
    old_moment = turn.teller.moment(old.at)
    return Said("utter_callback_moved_old_remains", told | {"old_moment": old_moment})


def is_renumbered(old: Booked, new: Booked) -> bool:
    """Whether the number is told that is called now; of one in turn no time can be told."""
    return new.at is None or (new.phone is not None and old.phone not in {None, new.phone})


def _renumbered(turn: Turn, new: Booked, callback_id: str, *, is_old_off: bool) -> Said:
    told = {"number": turn.teller.number(new.phone or "")}
    if not is_old_off:
        return Said("utter_callback_number_changed_old_remains", told)
    response = "utter_callback_number_changed_asap" if new.at is None else RENUMBERED
    return Said(
        response, told | _when(turn, new) | {"reference": turn.teller.reference(callback_id)}
    )


def _when(turn: Turn, new: Booked) -> dict[str, str]:
    return {} if new.at is None else {"moment": turn.teller.moment(new.at)}
