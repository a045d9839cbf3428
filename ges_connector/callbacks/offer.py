"""Which ways to an agent are true now, the best first, and why the others are not.

The decision is a pure function of facts, profile, instant and the customer's zone. It never comes
out empty: the number that can always be rung is the last rung, whatever GES says or does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ges_connector.api import OfferTiming, OfferType
from ges_connector.callbacks.free_times import FreeTime, first_bookable
from ges_connector.callbacks.wait import WaitTold, tell_as_range

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from ges_connector.callbacks.facts import Facts
    from ges_connector.callbacks.profile import TopicProfile


class Rung(StrEnum):
    """A way to an agent."""

    CONNECT_NOW = "connect_now"
    """Hand the conversation over at once."""
    ASAP = "asap"
    """Be called in turn."""
    SCHEDULED = "scheduled"
    """Be called at a time."""
    CALL_IN = "call_in"
    """Ring a number lent for the purpose, perhaps with an access code."""
    STATIC_NUMBER = "static_number"
    """Ring the number that is always there."""


class WhyNot(StrEnum):
    """Why a rung is missing."""

    NOT_CONFIGURED = "not_configured"
    """The profile has no such thing."""
    SWITCHED_OFF = "switched_off"
    """The profile takes none at present."""
    CLOSED = "closed"
    """The office is closed."""
    CLOSING_SOON = "closing_soon"
    """The call would not come before closing."""
    NIGHT = "night"
    """The call would come in the customer's quiet hours."""
    TOO_LONG = "too_long"
    """The wait is too long to be promised."""
    NO_AGENT = "no_agent"
    """No agent is logged in."""
    REFUSED = "refused"
    """The queue takes none at present."""
    NO_FREE_TIME = "no_free_time"
    """No time within reach is free."""
    UNAVAILABLE = "unavailable"
    """GES did not say."""


class Situation(StrEnum):
    """What stands out for the customer; the word that the first sentence is chosen by."""

    USUAL = "usual"
    """A callback in turn is worth it, and its wait is known."""
    WAIT_SHORT = "wait_short"
    """The wait is hardly worth a callback."""
    WAIT_UNKNOWN = "wait_unknown"
    """A callback in turn is offered, but nobody knows the wait."""
    WAIT_LONG = "wait_long"
    """The wait is too long to promise a callback in turn."""
    CLOSED = "closed"
    CLOSING_SOON = "closing_soon"
    NIGHT = "night"
    """A callback in turn would come at night for the customer."""
    NO_AGENT = "no_agent"
    REFUSED = "refused"
    """The queue, or the profile, takes no callback in turn."""
    UNAVAILABLE = "unavailable"
    """GES does not answer, or not what a callback could be offered by."""


_SITUATIONS: Mapping[WhyNot, Situation] = {
    WhyNot.SWITCHED_OFF: Situation.REFUSED,
    WhyNot.REFUSED: Situation.REFUSED,
    WhyNot.TOO_LONG: Situation.WAIT_LONG,
    WhyNot.CLOSED: Situation.CLOSED,
    WhyNot.CLOSING_SOON: Situation.CLOSING_SOON,
    WhyNot.NIGHT: Situation.NIGHT,
    WhyNot.NO_AGENT: Situation.NO_AGENT,
    WhyNot.UNAVAILABLE: Situation.UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered.

    Attributes:
        rungs: The ways that are open, the best first; never empty.
        missing: The others, each with the reason.
        situation: What stands out.
        wait: What is told about the wait.
        is_callback_proposed: Whether to propose a callback unasked; a customer who asks for one
            gets it all the same if it is among the rungs.
        is_open: Whether the office is open; None if unknown.
        closes_at: When it closes, UTC, if it is open and that is known.
        opens_at: When it opens, UTC, if it is closed and that is known.
        first_free_at: The first time that can be booked, UTC, if there is one.
        offer_type: What the offer is in GES's reports; None without any callback in it.
        offer_timing: Whether it was made in office hours, for the same; None if unknown.
        told_queue: Virtual queue whose wait is told, for the same; None if the wait is not a
            virtual queue's.
    """

    rungs: tuple[Rung, ...]
    missing: tuple[tuple[Rung, WhyNot], ...]
    situation: Situation
    wait: WaitTold
    is_callback_proposed: bool
    is_open: bool | None
    closes_at: datetime | None
    opens_at: datetime | None
    first_free_at: datetime | None
    offer_type: OfferType | None
    offer_timing: OfferTiming | None
    told_queue: str | None

    @property
    def best(self) -> Rung:
        """The way to propose."""
        return self.rungs[0]

    def why_not(self, rung: Rung) -> WhyNot | None:
        """Why a rung is missing; None if it is there."""
        return dict(self.missing).get(rung)


def decide_offer(
    facts: Facts, profile: TopicProfile, *, now: datetime, customer_zone: ZoneInfo
) -> Offer:
    """Decide what to offer.

    Args:
        facts: What GES said.
        profile: The topic's profile.
        now: The instant, aware.
        customer_zone: Where the customer's phone rings, for the quiet hours.

    Returns:
        The rungs that are true now. A short wait puts connecting first; else a callback in turn
        comes before one at a time, and numbers to ring come last.
    """
    first_free = _first_free(facts, profile, now)
    asap = _why_not_asap(facts, profile, now, customer_zone)
    scheduled = _why_not_scheduled(facts, profile, first_free)
    reasons: dict[Rung, WhyNot | None] = {
        Rung.CONNECT_NOW: _why_not_connect(facts, profile),
        Rung.ASAP: asap,
        Rung.SCHEDULED: scheduled,
        Rung.CALL_IN: _why_not_call_in(facts, profile),
        Rung.STATIC_NUMBER: None,
    }
    is_short = _is_wait_short(facts, profile)
    order = _order(can_connect_first=is_short)
    rungs = tuple(rung for rung in order if reasons[rung] is None)
    return Offer(
        rungs=rungs,
        missing=tuple((rung, why) for rung, why in reasons.items() if why is not None),
        situation=_situation(asap, scheduled, facts, is_short=is_short),
        # Whatever the queue computes by night, nobody waits in front of a closed office.
        wait=tell_as_range(None if facts.is_closed else facts.wait_seconds, profile.wait),
        is_callback_proposed=not is_short and bool({Rung.ASAP, Rung.SCHEDULED} & {*rungs}),
        is_open=None if facts.is_closed is None else not facts.is_closed,
        closes_at=facts.closes_at,
        opens_at=facts.opens_at(now),
        first_free_at=None if first_free is None else first_free.start_at,
        offer_type=_offer_type(rungs),
        offer_timing=_offer_timing(facts),
        told_queue=None if facts.told_queue is None else facts.told_queue.virtual_queue,
    )


def _order(*, can_connect_first: bool) -> tuple[Rung, ...]:
    callbacks = (Rung.ASAP, Rung.SCHEDULED)
    numbers = (Rung.CALL_IN, Rung.STATIC_NUMBER)
    if can_connect_first:
        return (Rung.CONNECT_NOW, *callbacks, *numbers)
    return (*callbacks, Rung.CONNECT_NOW, *numbers)


def _is_wait_short(facts: Facts, profile: TopicProfile) -> bool:
    wait_seconds = facts.wait_seconds
    return (
        wait_seconds is not None
        and wait_seconds < profile.offer.min_wait_seconds
        and not facts.is_closed
    )


def _why_not_connect(facts: Facts, profile: TopicProfile) -> WhyNot | None:
    if not profile.can_connect_now:
        return WhyNot.NOT_CONFIGURED
    if facts.is_closed:
        return WhyNot.CLOSED
    queue = facts.queue.value
    return WhyNot.NO_AGENT if queue is not None and queue.has_no_agent else None


def _why_not_asap(
    facts: Facts, profile: TopicProfile, now: datetime, customer_zone: ZoneInfo
) -> WhyNot | None:
    policy, queue = profile.offer, facts.queue.value
    if not policy.accept_new or not policy.immediate:
        return WhyNot.SWITCHED_OFF
    if facts.is_closed:
        return WhyNot.CLOSED
    if queue is None:
        return WhyNot.UNAVAILABLE
    if queue.has_no_agent:
        return WhyNot.NO_AGENT
    when = _why_not_then(facts, profile, now, customer_zone)
    # The flag is also false where GES expects not to call before closing, which `when` tells apart.
    return when if when or queue.offer_immediate_callback else WhyNot.REFUSED


def _why_not_then(
    facts: Facts, profile: TopicProfile, now: datetime, customer_zone: ZoneInfo
) -> WhyNot | None:
    """Judge the moment at which a call in turn would come."""
    policy, wait_seconds = profile.offer, facts.wait_seconds or 0.0
    if wait_seconds >= policy.max_wait_seconds:
        return WhyNot.TOO_LONG
    called_at = now + timedelta(seconds=wait_seconds)
    margin = timedelta(minutes=policy.closing_margin_minutes)
    if facts.closes_at is not None and called_at + margin > facts.closes_at:
        return WhyNot.CLOSING_SOON
    clock = called_at.astimezone(customer_zone).time()
    is_night = policy.quiet_hours is not None and policy.quiet_hours.contains(clock)
    return WhyNot.NIGHT if is_night else None


def _why_not_scheduled(
    facts: Facts, profile: TopicProfile, first_free: FreeTime | None
) -> WhyNot | None:
    policy, queue = profile.offer, facts.queue.value
    if not policy.accept_new or not policy.scheduled:
        return WhyNot.SWITCHED_OFF
    if queue is not None and not queue.offer_scheduled_callback:
        return WhyNot.REFUSED
    if facts.availability is None:
        return WhyNot.UNAVAILABLE if queue is None else None
    if facts.availability.value is None:
        return WhyNot.UNAVAILABLE
    return WhyNot.NO_FREE_TIME if first_free is None else None


def _why_not_call_in(facts: Facts, profile: TopicProfile) -> WhyNot | None:
    if profile.call_in_group is None:
        return WhyNot.NOT_CONFIGURED
    if facts.is_closed:
        return WhyNot.CLOSED
    return WhyNot.UNAVAILABLE if facts.is_nothing_known else None


def _first_free(facts: Facts, profile: TopicProfile, now: datetime) -> FreeTime | None:
    if facts.availability is None or facts.availability.value is None:
        return None
    return first_bookable(facts.availability.value, profile.slots, now)


def _situation(
    asap: WhyNot | None, scheduled: WhyNot | None, facts: Facts, *, is_short: bool
) -> Situation:
    # Times that could not be read may well be free: it is not the night that leaves no callback.
    is_left_by_silence = asap is not None and scheduled is WhyNot.UNAVAILABLE
    if facts.is_nothing_known or is_left_by_silence:
        return Situation.UNAVAILABLE
    if is_short:
        return Situation.WAIT_SHORT
    if asap is not None:
        return _SITUATIONS[asap]
    return Situation.WAIT_UNKNOWN if facts.wait_seconds is None else Situation.USUAL


def _offer_type(rungs: tuple[Rung, ...]) -> OfferType | None:
    if Rung.ASAP in rungs:
        return OfferType.COMBINED if Rung.SCHEDULED in rungs else OfferType.ASAP
    return OfferType.SCHEDULED if Rung.SCHEDULED in rungs else None


def _offer_timing(facts: Facts) -> OfferTiming | None:
    if facts.is_closed is None:
        return None
    return OfferTiming.OFF_HOURS if facts.is_closed else OfferTiming.ON_HOURS
