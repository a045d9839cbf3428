"""Numbers the customer can ring, and the ladder down to them. Pure.

The ladder never ends in nothing: its last rung is a number of the configuration that needs no GES.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from ges_connector.callbacks.booking import BookingOutcome
from ges_connector.callbacks.free_times import time_id, time_of_id
from ges_connector.callbacks.offer import Rung

if TYPE_CHECKING:
    from collections.abc import Collection

    from ges_connector.api import CallIn
    from ges_connector.callbacks.facts import Trouble
    from ges_connector.callbacks.profile import TopicProfile

# A number must still be good while it is read, dialled and answered.
_LEAST_LEFT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class CallInNumber:
    """A number to ring.

    Attributes:
        number: What to dial.
        access_code: Digits to key in, leading zeros kept; None if none are asked for.
        expires_at: Until when it works, UTC; None if it always does, or GES did not say.
        is_lent: Whether GES lent it for this conversation; else it is the number that always works.
        hours: Key of the wording that tells when somebody answers; None if nothing is told.
        trouble: Why GES lent none, where one was asked for; None if that is not so.
        corr_id: GES's correlation id of the call that lent none, for the administrator.
    """

    number: str
    access_code: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    is_lent: bool = False
    hours: str | None = None
    trouble: Trouble | None = None
    corr_id: str | None = None

    def is_good_at(self, now: datetime) -> bool:
        """Whether it can still be given out: it is good for a minute at least."""
        return self.expires_at is None or self.expires_at >= now + _LEAST_LEFT

    def as_record(self) -> dict[str, str]:
        """Write down one that was lent, as plain JSON, to be given out again."""
        record = {"number": self.number}
        if self.access_code is not None:
            record["code"] = self.access_code
        if self.expires_at is not None:
            record["until"] = time_id(self.expires_at)
        return record

    @classmethod
    def from_record(cls, record: object) -> Self | None:
        """Read such a record back; None for anything else, and for one without an end."""
        if not isinstance(record, dict):
            return None
        number, code = record.get("number"), record.get("code")
        expires_at = time_of_id(record.get("until"))
        if not isinstance(number, str) or not isinstance(code, str | None) or expires_at is None:
            return None
        return cls(number, code, expires_at, is_lent=True)


def lent_number(call_in: CallIn) -> CallInNumber:
    """Make the number that GES lent."""
    return CallInNumber(
        call_in.to_phone_number,
        access_code=call_in.access_code or None,
        expires_at=call_in.expires_at,
        is_lent=True,
    )


def static_number(profile: TopicProfile) -> CallInNumber:
    """Make the number that always works."""
    return CallInNumber(profile.static_number, hours=profile.static_hours)


# Never a second booking beside one in doubt, and nothing that would be refused for the same reason.
_CALLBACKS_AFTER: dict[BookingOutcome, tuple[Rung, ...]] = {
    BookingOutcome.SLOT_TAKEN: (Rung.SCHEDULED, Rung.ASAP),
    BookingOutcome.OFFICE_CLOSED: (Rung.SCHEDULED,),
}


def rungs_after(
    outcome: BookingOutcome, profile: TopicProfile, offered: Collection[Rung]
) -> tuple[Rung, ...]:
    """Name what can be proposed after a booking did not come about.

    Args:
        outcome: What became of it.
        profile: The topic's profile.
        offered: The rungs of the offer it came from.

    Returns:
        The ways left, the best first; never empty. After a wrong number the customer may also give
        another one, which is no rung.
    """
    callbacks = (rung for rung in _CALLBACKS_AFTER.get(outcome, ()) if rung in offered)
    numbers = [Rung.CALL_IN] if profile.call_in_group is not None else []
    return (*callbacks, *numbers, Rung.STATIC_NUMBER)
