"""What a turn told a customer about what they want, by the names of its responses. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from campaign.story import Turn


class Told(StrEnum):
    """What a turn told a customer about what they want."""

    BOOKED = "booked"
    ALREADY = "already booked"
    MOVED = "moved"
    MOVED_OLD_REMAINS = "moved, old remains"
    UNCONFIRMED = "unconfirmed"
    STILL = "still unconfirmed"
    NOT_BOOKED = "not booked"
    CANCELLED = "cancelled"
    CANCEL_UNCONFIRMED = "cancel unconfirmed"
    NOT_CANCELLED = "not cancelled"
    TROUBLE = "trouble"


_PREFIXES: Final = (
    ("utter_callback_cancel_unconfirmed", Told.CANCEL_UNCONFIRMED),
    ("utter_callback_cancel_unavailable", Told.NOT_CANCELLED),
    ("utter_callback_moved_old_remains", Told.MOVED_OLD_REMAINS),
    ("utter_callback_number_changed_old_remains", Told.MOVED_OLD_REMAINS),
    ("utter_callback_number_changed", Told.MOVED),
    ("utter_callback_moved", Told.MOVED),
    ("utter_callback_booked_", Told.BOOKED),
    ("utter_callback_already_booked", Told.ALREADY),
    ("utter_callback_move_unconfirmed", Told.UNCONFIRMED),
    ("utter_callback_unconfirmed_not_booked", Told.NOT_BOOKED),
    ("utter_callback_unconfirmed_", Told.STILL),
    ("utter_callback_unconfirmed", Told.UNCONFIRMED),
    ("utter_callback_not_moved", Told.NOT_BOOKED),
    ("utter_callback_unavailable", Told.NOT_BOOKED),
    ("utter_callback_slot_taken", Told.NOT_BOOKED),
    ("utter_callback_office_closed", Told.NOT_BOOKED),
    ("utter_callback_number_invalid", Told.NOT_BOOKED),
    ("utter_callback_number_not_allowed", Told.NOT_BOOKED),
    ("utter_callback_limit_reached", Told.NOT_BOOKED),
    ("utter_callback_conversation_limit", Told.NOT_BOOKED),
    ("utter_callback_cancelled", Told.CANCELLED),
    ("utter_callback_cancel_gone", Told.CANCELLED),
    ("utter_callback_technical_problem", Told.TROUBLE),
)
STANDS: Final = (
    "utter_callback_show_scheduled",
    "utter_callback_open_exists",
    "utter_callback_kept",
    "utter_callback_other_stays",
    "utter_callback_not_moved",
    "utter_callback_move_unconfirmed",
    "utter_callback_cancel_unavailable",
    "utter_callback_already_booked",
)
"""Responses that tell the time of a callback that is there."""
WARNINGS: Final = ("utter_ask_callback_unconfirmed", "utter_ask_callback_second")
READ_BACK: Final = "utter_ask_callback_confirmed"
IN_EFFECT: Final = frozenset({Told.BOOKED, Told.MOVED, Told.MOVED_OLD_REMAINS, Told.ALREADY})


def told_in(turn: Turn) -> set[Told]:
    """What a turn told."""
    return {told for name in turn.names if (told := told_by(name)) is not None}


def told_beside(turn: Turn, name: str) -> set[Told]:
    """What a turn told by other responses than this one."""
    told = (told_by(each) for each in turn.names if each != name)
    return {each for each in told if each is not None}


def told_by(name: str) -> Told | None:
    """What a response tells, if it tells anything of that."""
    return next((told for prefix, told in _PREFIXES if name.startswith(prefix)), None)


def listed(told: set[Told]) -> str:
    """Tell it in words."""
    return ", ".join(sorted(told)) or "nothing"
