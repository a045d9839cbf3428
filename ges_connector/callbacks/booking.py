"""What is booked, what is sent for it, and what GES's answer comes to. Pure.

A booking is what was read back to the customer and agreed to: a `Draft`. Its token stands for that
agreement, so that the same yes, said or delivered twice, is the same booking (`booking_desk`).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from ges_connector.api import (
    CallbackRequest,
    CreatedCallback,
    GesError,
    GesInvalidRequestError,
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesSlotUnavailableError,
    GesThrottledError,
    OfferTiming,
    OfferType,
)
from ges_connector.callbacks.facts import Trouble, trouble_of
from ges_connector.callbacks.free_times import FreeTime, day_part, proposed, time_id, time_of_id
from ges_connector.callbacks.wait import WaitKind, WaitTold
from ges_connector.language.locales import regional

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ges_connector.callbacks.profile import TopicProfile, UserDataPolicy

# GES code of its own limits; a gateway's 429 carries none.
_TOO_MANY_REQUESTS = 7041
# What a spreadsheet would take for a formula, wide signs included; a number with its sign is none.
_FORMULA = re.compile(r"[=@\uff1d\uff20]|[+\uff0b\uff0d-](?![\d ()./-]*$)")
# Groups of digits with one sign between them at most.
_GROUPS = re.compile(r"\d+(?:[ ./_|\u2010-\u2015\u2212-]\d+)*")
_GROUP = re.compile(r"\d+")
_CARD_DIGITS = range(13, 20)
# What cards begin with: no telephone number at home does, nor what is dialled abroad with zeros.
_CARD_BEGINS = range(2, 7)
_UNKNOWN_WAIT = WaitTold(WaitKind.UNKNOWN)


class CallbackKind(StrEnum):
    """How a callback is made."""

    ASAP = "asap"
    """In turn."""
    SCHEDULED = "scheduled"
    """At a time."""


class BookingOutcome(StrEnum):
    """What a booking came to; flows branch on it."""

    BOOKED = "booked"
    """GES confirmed it."""
    ALREADY_BOOKED = "already_booked"
    """The same yes was carried out before; the result is that of the first time."""
    SLOT_TAKEN = "slot_taken"
    """The time cannot be had any more; nearest alternatives come with it if GES proposed any."""
    OFFICE_CLOSED = "office_closed"
    """The office is closed then."""
    NUMBER_INVALID = "number_invalid"
    """The number is no telephone number."""
    NUMBER_NOT_ALLOWED = "number_not_allowed"
    """The number cannot or may not be called back."""
    LIMIT_REACHED = "limit_reached"
    """A limit of the contact centre: of callbacks for this number, or of all of them."""
    OPEN_ALREADY = "open_already"
    """The number has a callback already, or is just getting one; nothing was sent."""
    CONVERSATION_LIMIT = "conversation_limit"
    """Our own limit of bookings for this conversation; another number changes nothing."""
    UNCONFIRMED = "unconfirmed"
    """It may have been sent and nobody knows if it was carried out; it must not be sent again."""
    UNAVAILABLE = "unavailable"
    """It was certainly not booked, and the fault is not the customer's."""


_IN_EFFECT = frozenset(
    {BookingOutcome.BOOKED, BookingOutcome.ALREADY_BOOKED, BookingOutcome.UNCONFIRMED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A callback as it was read back to the customer.

    Attributes:
        conversation_id: The conversation it was agreed in.
        topic: Name of the profile.
        phone: Number to call, E.164.
        desired_at: When, aware; None means in turn.
        read_back_at: When it was read back, aware. What is read back again, after a cancellation
            say, is another booking; what is only confirmed twice is not.
        locale: The customer's locale.
        zone: The customer's zone.
        channel: Where the customer came from.
        wait_told: What was told about the wait.
        offer_type: What was offered, for reports.
        offer_timing: Whether the office was open then, for reports; None if unknown.
        told_queue: Virtual queue whose wait was told, for reports.
        reason: What it is about, in the customer's words, if they agreed to hand it on.
        user_data: More for the agent, by key; only keys of the profile's list are sent.
        captcha_token: Proof that a person asks, as the channel got it; sent as it is (GES rule 44).
        is_only: Whether it is not to be booked beside another callback of its number.
        instead_of: Id of the callback that it follows: one that was cancelled before in this
            conversation, or that it is to take the place of. The same time, agreed on again in the
            same instant, is another booking then.
    """

    conversation_id: str
    topic: str
    phone: str = field(repr=False)
    desired_at: datetime | None
    read_back_at: datetime
    locale: str
    zone: str
    channel: str
    wait_told: WaitTold = _UNKNOWN_WAIT
    offer_type: OfferType | None = None
    offer_timing: OfferTiming | None = None
    told_queue: str | None = None
    reason: str | None = field(default=None, repr=False)
    user_data: Mapping[str, object] = field(default_factory=dict, repr=False)
    captcha_token: str | None = field(default=None, repr=False)
    is_only: bool = False
    instead_of: str | None = field(default=None, repr=False)

    @property
    def kind(self) -> CallbackKind:
        """Whether it is made in turn or at a time."""
        return CallbackKind.ASAP if self.desired_at is None else CallbackKind.SCHEDULED

    @property
    def token(self) -> str:
        """What stands for this very agreement: same draft, same token, in every process."""
        instants = [None if at is None else at.astimezone(UTC).isoformat() for at in self._instants]
        parts = [self.conversation_id, self.topic, self.phone, *instants]
        parts += [] if self.instead_of is None else [self.instead_of]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    @property
    def _instants(self) -> tuple[datetime | None, datetime]:
        return self.desired_at, self.read_back_at


@dataclass(frozen=True, slots=True)
class BookingResult:
    """What a booking came to.

    Attributes:
        outcome: In one word.
        token: Token of the draft.
        callback_id: Id of the callback, if GES confirmed it.
        desired_at: The time that was booked or asked for, UTC; None for one in turn.
        alternatives: Free times instead, the nearest to the one asked for first.
        trouble: What went wrong with GES, for unconfirmed and unavailable.
        corr_id: GES's correlation id, for the administrator.
        is_of_others: For unconfirmed: whether an earlier delivery of the same yes may have carried
            it out, and with it all that was to follow, as the old callback's end.
    """

    outcome: BookingOutcome
    token: str
    callback_id: str | None = None
    desired_at: datetime | None = None
    alternatives: tuple[FreeTime, ...] = ()
    trouble: Trouble | None = None
    corr_id: str | None = None
    is_of_others: bool = False

    @property
    def is_booked(self) -> bool:
        """Whether GES confirmed the callback."""
        return self.callback_id is not None

    @property
    def may_be_in_effect(self) -> bool:
        """Whether a callback exists or may exist; such a booking is never sent again."""
        return self.outcome in _IN_EFFECT

    @property
    def repeated(self) -> Self:
        """The result for whoever asks for the same booking again."""
        if self.outcome is not BookingOutcome.BOOKED:
            return self
        return replace(self, outcome=BookingOutcome.ALREADY_BOOKED)

    def as_record(self) -> dict[str, str]:
        """Write down what a conversation has to keep, as plain JSON without personal data."""
        record = {"outcome": self.outcome.value, "token": self.token}
        if self.callback_id is not None:
            record["callback_id"] = self.callback_id
        if self.desired_at is not None:
            record["time"] = time_id(self.desired_at)
        return record

    @classmethod
    def from_record(cls, record: object) -> Self | None:
        """Read such a record back; None for anything else."""
        if not isinstance(record, dict):
            return None
        token, callback_id = record.get("token"), record.get("callback_id")
        try:
            outcome = BookingOutcome(str(record.get("outcome")))
        except ValueError:
            return None
        if not isinstance(token, str) or not isinstance(callback_id, str | None):
            return None
        return cls(outcome, token, callback_id, time_of_id(record.get("time")))


def request_for(draft: Draft, profile: TopicProfile) -> CallbackRequest:
    """Write the request for a draft.

    A time is sent with `always_check_capacity`: without it GES takes a near time for "at once" and
    may move a booking to a later slot (GES rules 3 and 11), and neither is what was read back.

    Raises:
        GesRequestError: It cannot be right, for instance a number that is none.
    """
    return CallbackRequest(
        service_name=profile.service_name,
        phone_number=draft.phone,
        desired_time=draft.desired_at,
        always_check_capacity=None if draft.desired_at is None else True,
        offer_type=draft.offer_type,
        offer_timing=draft.offer_timing,
        offer_threshold_seconds=profile.offer.min_wait_seconds,
        inbound_virtual_queue=draft.told_queue,
        language=regional(draft.locale),
        channel=draft.channel or None,
        originating_interaction_id=draft.conversation_id or None,
        user_data=user_data_for(draft, profile.user_data) or None,
        captcha_token=draft.captcha_token,
    )


def user_data_for(draft: Draft, policy: UserDataPolicy) -> dict[str, str | int | float | bool]:
    """Choose and clean what goes to the agent.

    Args:
        draft: The booking.
        policy: Which keys may be sent, and how long a text may be.

    Returns:
        Plain values of allowed keys. Texts are one line, without control characters and card
        numbers, cut to length, and no formula where a report ends up in a spreadsheet; what is
        empty or not plain is left out. Markup stays: whoever shows it knows what to escape.
    """
    ours = {
        "reason": draft.reason,
        "conversation_id": draft.conversation_id,
        "channel": draft.channel,
        "language": draft.locale,
        "wait_told": draft.wait_told.code,
    }
    # Ours come last: a dialogue cannot pass something else off as the reason or the wait.
    given = {**draft.user_data, **ours}
    cleaned = {key: _plain(given.get(key), policy.max_characters) for key in policy.keys}
    return {key: value for key, value in cleaned.items() if value is not None}


def _plain(value: object, max_characters: int) -> str | int | float | bool | None:
    if isinstance(value, bool | int | float):
        return value
    return _one_line(value, max_characters) or None if isinstance(value, str) else None


def _one_line(text: str, max_characters: int) -> str:
    visible = "".join(
        " " if unicodedata.category(character).startswith("C") else character
        for character in unicodedata.normalize("NFC", text[: 4 * max_characters])
    )
    line = _GROUPS.sub(_without_card, " ".join(visible.split()))
    line = f"'{line}" if _FORMULA.match(line) else line
    return line if len(line) <= max_characters else line[: max_characters - 1].rstrip() + "…"


def _without_card(match: re.Match[str]) -> str:
    """Mask card numbers among groups of digits: date and code may stand right beside one."""
    text, groups = match.group(), [*_GROUP.finditer(match.group())]
    masked, end = "", 0
    for place, first in enumerate(groups):
        ends = (last.end() for last in groups[place : place + _CARD_DIGITS.stop])
        cards = (each for each in ends if _is_card_number(text[first.start() : each]))
        if first.start() >= end and (card_end := next(cards, None)) is not None:
            masked, end = f"{masked}{text[end : first.start()]}***", card_end
    return masked + text[end:]


def _is_card_number(text: str) -> bool:
    digits = [int(character) for character in text if character.isdigit()]
    if len(digits) not in _CARD_DIGITS or digits[0] not in _CARD_BEGINS:
        return False
    doubled = [
        digit if place % 2 == 0 else sum(divmod(2 * digit, 10))
        for place, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0


def is_too_near(draft: Draft, profile: TopicProfile, now: datetime) -> bool:
    """Whether the time has come too near, or gone by, since it was offered."""
    last_yes = timedelta(minutes=profile.slots.last_yes_minutes)
    return draft.desired_at is not None and draft.desired_at < now + last_yes


def booked(draft: Draft, created: CreatedCallback) -> BookingResult:
    """Make the result of a callback that GES confirmed."""
    return BookingResult(
        BookingOutcome.BOOKED,
        draft.token,
        callback_id=created.id,
        desired_at=asked_for(draft),
        corr_id=created.corr_id,
    )


def over_limit(draft: Draft, *, of_conversation: bool) -> BookingResult:
    """Make the result of a booking that our own limits do not allow.

    Args:
        draft: The booking.
        of_conversation: Whether it is the conversation that has had enough, and not the number.
    """
    outcome = BookingOutcome.CONVERSATION_LIMIT if of_conversation else BookingOutcome.LIMIT_REACHED
    return BookingResult(outcome, draft.token, desired_at=asked_for(draft))


def open_already(draft: Draft) -> BookingResult:
    """Make the result of a booking whose number has another callback already."""
    return BookingResult(BookingOutcome.OPEN_ALREADY, draft.token, desired_at=asked_for(draft))


def called_off(draft: Draft) -> BookingResult:
    """Make the result of a booking that was not sent in time, and is not sent any more."""
    return BookingResult(
        BookingOutcome.UNAVAILABLE,
        draft.token,
        desired_at=asked_for(draft),
        trouble=Trouble.UNREACHABLE,
    )


def taken(draft: Draft, alternatives: Iterable[FreeTime], count: int) -> BookingResult:
    """Make the result of a time that cannot be had any more.

    Args:
        draft: The booking.
        alternatives: What is free instead.
        count: How many of them to keep.
    """
    return BookingResult(
        BookingOutcome.SLOT_TAKEN,
        draft.token,
        desired_at=asked_for(draft),
        alternatives=nearest_to(draft, alternatives, count),
    )


def not_booked(
    draft: Draft, profile: TopicProfile, error: GesError, now: datetime
) -> BookingResult:
    """Make the result of a create that failed.

    Args:
        draft: The booking.
        profile: Its profile.
        error: What GES or the way to it answered.
        now: The instant, aware.

    Returns:
        The outcome, with the times that GES proposed in its refusal, if it did: no further request
        is needed to offer them.
    """
    outcome = outcome_of(error, draft, profile, now)
    slots = error.proposed_slots if isinstance(error, _Proposing) else ()
    is_trouble = outcome in {BookingOutcome.UNCONFIRMED, BookingOutcome.UNAVAILABLE}
    return BookingResult(
        outcome,
        draft.token,
        desired_at=asked_for(draft),
        alternatives=nearest_to(
            draft, proposed(slots, profile.slots, now), profile.slots.chat_count
        ),
        trouble=trouble_of(error) if is_trouble else None,
        corr_id=error.corr_id,
    )


_Proposing = GesSlotUnavailableError | GesOfficeClosedError
_OUTCOMES: tuple[tuple[type[GesError], BookingOutcome], ...] = (
    (GesSlotUnavailableError, BookingOutcome.SLOT_TAKEN),
    (GesOfficeClosedError, BookingOutcome.OFFICE_CLOSED),
    (GesNumberInvalidError, BookingOutcome.NUMBER_INVALID),
    (GesNumberNotAllowedError, BookingOutcome.NUMBER_NOT_ALLOWED),
)


def outcome_of(
    error: GesError, draft: Draft, profile: TopicProfile, now: datetime
) -> BookingOutcome:
    """Name what a failed create comes to.

    Args:
        error: What GES or the way to it answered.
        draft: The booking.
        profile: Its profile.
        now: The instant, aware.
    """
    if error.may_have_taken_effect:
        return BookingOutcome.UNCONFIRMED
    for kind, outcome in _OUTCOMES:
        if isinstance(error, kind):
            return outcome
    if isinstance(error, GesThrottledError) and error.code == _TOO_MANY_REQUESTS:
        return BookingOutcome.LIMIT_REACHED
    if type(error) is GesInvalidRequestError and _is_within_lead(draft, profile, now):
        # Offered in time, agreed to too late for the service's own lead time.
        return BookingOutcome.SLOT_TAKEN
    return BookingOutcome.UNAVAILABLE


def _is_within_lead(draft: Draft, profile: TopicProfile, now: datetime) -> bool:
    lead = timedelta(minutes=profile.slots.min_lead_minutes)
    return draft.desired_at is not None and draft.desired_at < now + lead


def nearest_to(draft: Draft, times: Iterable[FreeTime], count: int) -> tuple[FreeTime, ...]:
    """Rank free times by how near they are to the one that was agreed on.

    Args:
        draft: The booking; without a time the earliest come first.
        times: What is free.
        count: How many to keep.

    Returns:
        Times of the same part of the same day first, then of the same day, then by distance.
    """
    wanted, zone = draft.desired_at, ZoneInfo(draft.zone)
    if wanted is None:
        return tuple(sorted(times)[:count])

    def rank(time: FreeTime) -> tuple[Any, ...]:
        day, part = day_part(time.start_at, zone)
        wanted_day, wanted_part = day_part(wanted, zone)
        is_same_day = day == wanted_day
        return (
            not is_same_day,
            is_same_day and part != wanted_part,
            abs(time.start_at - wanted),
            time.start_at,
        )

    others = (time for time in times if time.start_at != wanted)
    return tuple(sorted(others, key=rank)[:count])


def asked_for(draft: Draft) -> datetime | None:
    """Tell the time that was agreed on, UTC; None for a callback in turn."""
    return None if draft.desired_at is None else draft.desired_at.astimezone(UTC)
