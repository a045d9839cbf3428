"""Calendar files (RFC 5545, RFC 5546) for a callback, as links that hold the file itself.

One entry stands for one callback through all its times: a move gives out the entry again with the
next sequence number, and a cancellation takes it out of the calendar.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ges_connector.language.formats import Style

if TYPE_CHECKING:
    from datetime import datetime

    from icalendar import Event

    from actions.telling import Teller

_PRODUCT: Final = "-//ges-callback//callback//EN"
_USUAL_MINUTES: Final = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar entry.

    Attributes:
        callback_id: Id of the callback it was made for first.
        changes: How often it was changed since.
        at: When the call comes, or would have come, UTC.
        reference: What the customer can quote, told.
        number: The number that is called, told.
    """

    callback_id: str
    changes: int
    at: datetime
    reference: str
    number: str


def calendar_link(teller: Teller, entry: Entry) -> str:
    """Make the file that puts an entry into a calendar, or changes it.

    Args:
        teller: Whose words and clock.
        entry: What it holds.

    Returns:
        A `data:` URL of type `text/calendar`.
    """
    return _link(_event(teller, entry, "CONFIRMED"), "PUBLISH")


def removal_link(teller: Teller, entry: Entry) -> str:
    """Make the file that takes an entry out of a calendar.

    Args:
        teller: Whose words and clock.
        entry: What it held; one change more than it was given out with.

    Returns:
        A `data:` URL of type `text/calendar`.
    """
    return _link(_event(teller, entry, "CANCELLED"), "CANCEL")


def _event(teller: Teller, entry: Entry, status: str) -> Event:
    from icalendar import Event  # noqa: PLC0415 - heavy, and the parent process never needs it

    event = Event.new(
        uid=f"{entry.callback_id}@ges-callback",
        sequence=entry.changes,
        stamp=teller.now,
        start=entry.at,
        end=entry.at + timedelta(minutes=_USUAL_MINUTES),
        summary=teller.catalogue.fragment("calendar_title", Style.CHAT),
        description=teller.catalogue.fragment(
            "calendar_description", Style.CHAT, number=entry.number, reference=entry.reference
        ),
    )
    event.add("status", status)
    return event


def _link(event: Event, method: str) -> str:
    from icalendar import Calendar  # noqa: PLC0415 - as above

    file = Calendar.new(prodid=_PRODUCT, method=method, subcomponents=[event])
    content = base64.b64encode(file.to_ical()).decode("ascii")
    return f"data:text/calendar;charset=utf-8;base64,{content}"
