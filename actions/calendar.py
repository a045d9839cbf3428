"""A calendar file (RFC 5545) for a booked callback, as a link that holds the file itself."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from icalendar import Calendar, Event

from ges_connector.language.formats import Style

if TYPE_CHECKING:
    from datetime import datetime

    from actions.telling import Teller

_PRODUCT: Final = "-//ges-callback//callback//EN"
_USUAL_MINUTES: Final = 30


def calendar_link(teller: Teller, callback_id: str, at: datetime, number: str) -> str:
    """Make the file.

    Args:
        teller: Whose words and clock.
        callback_id: Makes the entry's id: a later file for the same callback replaces it.
        at: When the call comes, UTC.
        number: The number that is called, told.

    Returns:
        A `data:` URL of type `text/calendar`.
    """
    reference = teller.reference(callback_id)
    entry = Event.new(
        uid=f"{callback_id}@ges-callback",
        stamp=teller.now,
        start=at,
        end=at + timedelta(minutes=_USUAL_MINUTES),
        summary=teller.catalogue.fragment("calendar_title", Style.CHAT),
        description=teller.catalogue.fragment(
            "calendar_description", Style.CHAT, number=number, reference=reference
        ),
    )
    file = Calendar.new(prodid=_PRODUCT, method="PUBLISH", subcomponents=[entry])
    content = base64.b64encode(file.to_ical()).decode("ascii")
    return f"data:text/calendar;charset=utf-8;base64,{content}"
