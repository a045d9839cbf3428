"""What GES answers, as frozen models.

Python names carry the units; the wire's camelCase lives only in aliases. Words that GES may add to
one day (states, reasons) are open sets: an unknown word survives as it came. The models are lenient
where the wire is known to vary (Q1, Q2, Q3, Q4, Q16, Q17, Q18, Q24) and strict where a wrong guess
would be told to a customer.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.alias_generators import to_camel
from typing_extensions import override


def _in_zone(value: datetime, zone: tzinfo) -> datetime:
    try:
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone)
    except OverflowError as error:
        raise ValueError("is outside the calendar") from error


def _in_utc(value: datetime) -> datetime:
    return _in_zone(value, UTC)


def _known(seconds: float | None) -> float | None:
    return None if seconds is None or seconds < 0 else seconds


Instant = Annotated[datetime, AfterValidator(_in_utc)]
"""An instant in UTC; a value without offset is taken as UTC (GES rule 1.7)."""

Identifier = Annotated[
    str, StringConstraints(min_length=1, strip_whitespace=True), Field(coerce_numbers_to_str=True)
]
"""Any text but an empty one; need not be a UUID (Q6)."""

WaitSeconds = Annotated[float | None, AfterValidator(_known)]
"""Seconds, perhaps fractional (Q17); None where GES says -1, which means unknown and never zero."""


class _OpenWord(StrEnum):
    """An enumeration that keeps words it does not know."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_ = value
        word._value_ = value
        return word

    @override
    def __reduce_ex__(self, proto: object) -> tuple[type[Self], tuple[str]]:
        # Some Pythons look a member up by name when copying, where an unknown word is not.
        return type(self), (self.value,)

    @property
    def is_known(self) -> bool:
        """Whether this word was known when this was written."""
        return self.value in type(self).__members__


class CallbackState(_OpenWord):
    """Where a callback stands.

    Polls may skip states, and PROCESSING may never be seen (GES rule 40a).
    """

    SCHEDULED = "SCHEDULED"
    """Held for its desired time; nothing has started yet."""
    QUEUED = "QUEUED"
    """Waiting in the queue; no agent assigned."""
    ROUTING = "ROUTING"
    """The customer was reached and waits for an agent."""
    PROCESSING = "PROCESSING"
    """The customer talks with an agent; can no longer be cancelled."""
    COMPLETED = "COMPLETED"
    """Over, for the reason given beside it."""

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more."""
        return self == CallbackState.COMPLETED


class CompletionReason(_OpenWord):
    """Why a callback is over."""

    AGENT_CONNECTED = "AGENT_CONNECTED"
    """Customer and agent were connected: the normal success."""
    CANCELLED = "CANCELLED"
    """Cancelled through the API."""
    CANCELLED_BY_ADMIN = "CANCELLED_BY_ADMIN"
    """Cancelled by the contact centre."""
    NOT_AVAILABLE = "NOT_AVAILABLE"
    """Ended without a stated reason."""
    FAIL_CALL_TO_CUSTOMER = "FAIL_CALL_TO_CUSTOMER"
    """The customer could not be reached in all attempts."""
    FAIL_TIMEOUT_TTL = "FAIL_TIMEOUT_TTL"
    """Not handled within its time to live."""
    SUBMIT_FAILED = "SUBMIT_FAILED"
    """The session could not be started or kept."""
    FAIL_QUEUEING = "FAIL_QUEUEING"
    """Could not be queued."""
    FAIL_AGENT_CONNECT = "FAIL_AGENT_CONNECT"
    """Could not be connected to the agent."""
    FAIL_TARGET_NOT_FOUND = "FAIL_TARGET_NOT_FOUND"
    """The requested agent target could not be reserved."""
    FAIL_USER_NO_CONFIRM = "FAIL_USER_NO_CONFIRM"
    """A required confirmation never came."""
    FAIL_INTERACTION_DELETED = "FAIL_INTERACTION_DELETED"
    """The interaction vanished before routing."""
    FAIL_NO_CUSTOMER_NUMBER = "FAIL_NO_CUSTOMER_NUMBER"
    """The number was missing."""
    FAIL_IXN_UNKNOWN_MEDIA_TYPE = "FAIL_IXN_UNKNOWN_MEDIA_TYPE"
    """Neither voice nor chat."""
    FAIL_LOAD_MESSAGE_FILE = "FAIL_LOAD_MESSAGE_FILE"
    """Texts could not be loaded."""
    FAIL_ERROR = "FAIL_ERROR"
    """An error of no other kind."""

    @property
    def is_preview_rejected(self) -> bool:
        """Whether agents turned the preview down too often; the word itself carries how often."""
        return self.startswith("AGENT_PREVIEW_CANCEL_AFTER_")


class _Model(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=AliasGenerator(validation_alias=to_camel),
        validate_by_name=True,
        validate_by_alias=True,
        allow_inf_nan=False,
        # Numbers and user data would otherwise be quoted in pydantic's own error texts.
        hide_input_in_errors=True,
    )


class _Answer(_Model):
    """An answer of GES.

    Attributes:
        corr_id: GES's correlation id of the call, for the administrator; None if GES sent none.
    """

    corr_id: str | None = Field(default=None, validation_alias="corr_id")


class CreatedCallback(_Answer):
    """A callback that GES has confirmed.

    Attributes:
        id: Id under which it is retrieved and cancelled; the only one there is, so keep it.
    """

    id: Identifier


class CancelledCallback(_Answer):
    """A callback that GES has cancelled.

    Attributes:
        id: Its id, echoed.
    """

    id: Identifier


class Callback(_Answer):
    """A callback as it stands.

    Attributes:
        id: Its id.
        desired_time: When the customer wants to be called, UTC.
        state: Where it stands.
        reason: Why it is over; only once it is.
        phone_number: The number as GES keeps it, probably normalised to a leading plus (GES rule
            29).
        position_in_queue: Place in the queue; only while queued, routing or processing.
        wait_seconds: Estimated wait; only while queued, routing or processing; None if unknown.
    """

    id: Identifier
    desired_time: Instant
    state: CallbackState = Field(validation_alias="callbackState")
    reason: CompletionReason | None = Field(default=None, validation_alias="callbackReason")
    phone_number: str = Field(repr=False)
    position_in_queue: int | None = None
    wait_seconds: WaitSeconds = Field(default=None, validation_alias="estimatedWaitTime")


class ProposedSlot(_Model):
    """A slot that GES proposed in place of one that is full.

    Attributes:
        utc_time: Start of the slot, UTC.
        capacity: Bookings left in it when GES answered.
    """

    utc_time: Instant
    capacity: int


class AvailabilitySlot(_Model):
    """A slot in which a callback can be scheduled.

    Attributes:
        utc_time: Start of the slot, UTC.
        local_time: The same instant in the requested zone, aware. Derived from `utc_time` if a zone
            was requested, whatever form GES sent (Q1); else as GES sent it; None if it sent none.
        capacity: Bookings left (Q12). Zero for a full slot, and where GES names no number: what
            is not known to be free is not offered (Q13).
        total: Bookings the slot can hold.
    """

    utc_time: Instant
    local_time: datetime | None = Field(default=None, validate_default=True)
    capacity: int = 0
    total: int | None = None

    @field_validator("capacity", mode="before")
    @classmethod
    def _unknown_is_full(cls, value: object) -> object:
        return 0 if value is None else value

    @field_validator("local_time")
    @classmethod
    def _aware_local_time(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        zone: tzinfo | None = (info.context or {}).get("zone")
        utc_time: datetime | None = info.data.get("utc_time")
        if zone is not None and utc_time is not None:
            return _in_zone(utc_time, zone)
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Availability(_Answer):
    """Slots of a service within a window, earliest first.

    Attributes:
        slots: The slots; full ones among them only if busy slots were asked for.
        duration_minutes: Length of every slot.
        timezone: Zone of the local times, as GES names it.
    """

    slots: tuple[AvailabilitySlot, ...]
    duration_minutes: int = Field(validation_alias="durationMin", gt=0)
    timezone: str | None = None

    @field_validator("slots")
    @classmethod
    def _earliest_first(cls, slots: tuple[AvailabilitySlot, ...]) -> tuple[AvailabilitySlot, ...]:
        return tuple(sorted(slots, key=lambda slot: slot.utc_time))

    @property
    def open_slots(self) -> tuple[AvailabilitySlot, ...]:
        """The slots that still have room (Q13)."""
        return tuple(slot for slot in self.slots if slot.capacity > 0)


class OpenFor(_Answer):
    """How long the office stays open.

    Attributes:
        open_for_seconds: Seconds until it closes, 0 when it is closed already; very large or None
            for an office that never closes (Q9).
    """

    open_for_seconds: int | None = Field(default=None, validation_alias="openFor")

    @property
    def is_closed(self) -> bool:
        """Whether GES says that the office is closed."""
        return self.open_for_seconds is not None and self.open_for_seconds <= 0


class QueueStatus(_Answer):
    """What a queue can offer now.

    Attributes:
        wait_seconds: Estimated wait; None if GES cannot compute it.
        offer_immediate_callback: An immediate callback booked now is forecast to be made before
            closing.
        offer_scheduled_callback: Callbacks can be scheduled.
    """

    wait_seconds: WaitSeconds = Field(validation_alias="ewt")
    offer_immediate_callback: bool
    offer_scheduled_callback: bool

    @property
    def has_no_agent(self) -> bool:
        """No agent is logged in: no wait is known and no immediate callback offered."""
        return self.wait_seconds is None and not self.offer_immediate_callback


class VirtualQueueWait(_Answer):
    """The estimated wait of one virtual queue, or why there is none (Q16).

    Attributes:
        virtual_queue: Name of the queue.
        wait_seconds: Estimated wait; None if unknown.
        message: GES's remark on the queue; empty when all is well.
        result_code: 0 valid, -1 no interaction seen yet, -2 no agent logged in; None from older
            servers.
    """

    virtual_queue: str
    wait_seconds: WaitSeconds = Field(validation_alias="estimatedWaitTime")
    message: str | None = None
    result_code: int | None = None


def _expiry(raw: float) -> datetime:
    # 1e11 seconds is the year 5138, 1e11 milliseconds is 1973: neither is a plausible expiry (Q2).
    seconds = raw / 1000 if raw >= 1e11 else raw  # noqa: PLR2004 - explained above
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("is outside the calendar") from error


class CallIn(_Answer):
    """A number to ring within a short time (Click-To-Call-In).

    Attributes:
        id: Id of the request.
        to_phone_number: Number the customer rings.
        expiration_time: When the offer ends, as GES sent it: epoch seconds or milliseconds (Q2).
        access_code: Digits the customer keys in, leading zeros kept (Q3); None if the group uses
            none.
        group_name: Group that was asked, echoed.
        from_phone_number: The caller's own number, echoed if sent (Q18).
        callback_service_id: Callback the request belongs to, echoed if sent (Q18).
    """

    id: Identifier
    to_phone_number: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    expiration_time: float | None = None
    access_code: str | None = Field(default=None, coerce_numbers_to_str=True, repr=False)
    group_name: str | None = None
    from_phone_number: str | None = Field(default=None, coerce_numbers_to_str=True, repr=False)
    callback_service_id: str | None = None

    @field_validator("expiration_time")
    @classmethod
    def _within_the_calendar(cls, value: float | None) -> float | None:
        if value is not None:
            _expiry(value)
        return value

    @property
    def expires_at(self) -> datetime | None:
        """When the offer ends, UTC; None if GES did not say."""
        return None if self.expiration_time is None else _expiry(self.expiration_time)


class Statistics(_Answer):
    """An answer of the statistics service behind GES.

    Attributes:
        data: Whatever it answered; its shape is not GES's to promise.
    """

    data: Any = Field(repr=False)
