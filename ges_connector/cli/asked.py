"""What somebody at a desk asked to have booked: read, checked, and held against what is offered."""

from __future__ import annotations

import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from ges_connector.callbacks import clock
from ges_connector.callbacks.booking import Draft, nearest_to
from ges_connector.callbacks.free_times import FreeTime, bookable, time_of_id
from ges_connector.callbacks.offer import Rung, WhyNot
from ges_connector.callbacks.phone import NumberRefused, Phone, find_number
from ges_connector.cli.desk import zone_named

if TYPE_CHECKING:
    from ges_connector.callbacks.facts import Trouble
    from ges_connector.callbacks.offer import Offer
    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.callbacks.service import Look

CHANNEL: Final = "desk"
TIME_NOT_FREE: Final = "time_not_free"
"""Why a time is not offered that is none of the free ones."""
_FROM_INPUT: Final = "-"

NumberArgument = Annotated[
    str, typer.Argument(metavar="NUMBER", help="Number to call; - reads it from standard input.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="When: an id of `slots`, or 2026-11-24T15:00 by the customer's clock.",
        show_default=False,
    ),
]
AsapOption = Annotated[bool, typer.Option("--asap", help="In turn, as soon as possible.")]
LanguageOption = Annotated[
    str | None,
    typer.Option(help="One of the topic's languages; else its usual locale.", show_default=False),
]
ReasonOption = Annotated[
    str | None,
    typer.Option(help="What it is about, for the agent; ask the customer.", show_default=False),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A callback as it was asked for.

    Attributes:
        topic: Name of the profile.
        profile: The profile.
        phone: Number to call.
        desired_at: When, UTC; None means in turn.
        zone: The customer's zone.
        locale: The customer's locale.
        reason: What it is about; None if that was not said.
    """

    topic: str
    profile: TopicProfile
    phone: Phone
    desired_at: datetime | None
    zone: ZoneInfo
    locale: str
    reason: str | None = field(default=None, repr=False)

    @property
    def office_zone(self) -> ZoneInfo:
        """The zone the office keeps."""
        return ZoneInfo(self.profile.office_zone)

    def draft(self, offer: Offer) -> Draft:
        """Write down what is read back now.

        Args:
            offer: What is offered, for GES's reports.
        """
        return Draft(
            # Each is an agreement of its own; the telephone number would name the customer.
            conversation_id=f"{CHANNEL}-{uuid.uuid4().hex}",
            topic=self.topic,
            phone=self.phone.e164,
            desired_at=self.desired_at,
            read_back_at=clock.now(),
            locale=self.locale,
            zone=self.zone.key,
            channel=CHANNEL,
            wait_told=offer.wait,
            offer_type=offer.offer_type,
            offer_timing=offer.offer_timing,
            told_queue=offer.told_queue,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class NotOffered:
    """Why something is not sent at all.

    Attributes:
        why: The reason in one word, of `offer.WhyNot`, of a callback's standing, or
            `TIME_NOT_FREE`.
        alternatives: Free times instead, the nearest first.
        trouble: Why GES did not tell, where that is the reason.
    """

    why: str
    alternatives: tuple[FreeTime, ...] = ()
    trouble: Trouble | None = None


def read_asked(
    topic: str,
    profile: TopicProfile,
    number: str,
    *,
    at: str | None,
    asap: bool,
    zone: str | None,
    language: str | None,
    reason: str | None,
) -> Asked:
    """Read what was asked for.

    Raises:
        typer.BadParameter: Something of it is wrong.
    """
    if (at is None) is not asap:
        raise typer.BadParameter("give exactly one of them", param_hint="--at, --asap")
    customer = zone_named(zone, profile.fallback_zone)
    if language is not None and language not in profile.languages:
        spoken = ", ".join(profile.languages)
        raise typer.BadParameter(f"the agents speak {spoken}", param_hint="--language")
    return Asked(
        topic=topic,
        profile=profile,
        phone=read_number(number, profile),
        desired_at=None if at is None else read_time(at, customer),
        zone=customer,
        locale=language or profile.default_locale,
        reason=reason,
    )


def read_number(text: str, profile: TopicProfile, *, hint: str = "NUMBER") -> Phone:
    """Read a number that may be called back.

    Args:
        text: What was typed; `-` reads a line of standard input.
        profile: Says which countries are called back.
        hint: Where it was typed.

    Raises:
        typer.BadParameter: It may not, or is none; the number itself is not repeated.
    """
    given = sys.stdin.readline() if text == _FROM_INPUT else text
    found = find_number(given, countries=profile.countries)
    if isinstance(found, NumberRefused):
        why = found.fault.value.replace("_", " ")
        called = ", ".join(profile.countries)
        raise typer.BadParameter(f"{why} (called back: {called})", param_hint=hint)
    return found


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """Read a time, UTC.

    Args:
        text: An id of a free time, or ISO 8601, by the customer's clock if it has no offset.
        zone: The customer's.

    Raises:
        typer.BadParameter: It is no time, or not one alone.
    """
    known = time_of_id(text)
    # Words can look like ids ("soon"); the times they would stand for have gone by.
    if known is not None and known >= clock.now():
        return known
    if (day := _day_alone(text)) is not None:
        wrong = f"{text!r} names no hour; write {day.isoformat()}T15:00"
        raise typer.BadParameter(wrong, param_hint="--at")
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone)
            _check_comes_once(at, zone)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        wrong = f"{text!r} is no time to come; write 2026-11-24T15:00, or an id that `slots` told"
    raise typer.BadParameter(wrong, param_hint="--at")


def _day_alone(text: str) -> date | None:
    """The day that is named without a time, which would be read as its midnight."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _check_comes_once(at: datetime, zone: ZoneInfo) -> None:
    if at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset():
        wrong = f"the clocks of {zone.key} change then; write the time with its offset"
        raise typer.BadParameter(wrong, param_hint="--at")


def not_offered(asked: Asked, look: Look, offer: Offer, draft: Draft) -> NotOffered | None:
    """Tell why something is not offered at present; None if it is.

    Args:
        asked: What was asked for.
        look: What GES said.
        offer: What follows from it.
        draft: The booking it would be.
    """
    why = offer.why_not(Rung.ASAP if asked.desired_at is None else Rung.SCHEDULED)
    if why is WhyNot.UNAVAILABLE:
        return NotOffered(why.value, trouble=next(iter(look.facts.troubles), None))
    if why is not None:
        return NotOffered(why.value)
    listed = look.facts.availability
    if asked.desired_at is None or listed is None or listed.value is None:
        return None
    free = bookable(listed.value, asked.profile.slots, look.at)
    if any(each.start_at == asked.desired_at for each in free):
        return None
    return NotOffered(TIME_NOT_FREE, nearest_to(draft, free, asked.profile.slots.chat_count))
