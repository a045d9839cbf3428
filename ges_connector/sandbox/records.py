"""What the contact centre remembers: callbacks, calls placed, call-ins, and how it refuses.

Plain frozen data shared by the engine's parts. Every instant is an aware UTC datetime.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class State(StrEnum):
    """Life cycle of a callback (rule section 6)."""

    SCHEDULED = "SCHEDULED"
    QUEUED = "QUEUED"
    ROUTING = "ROUTING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"


class Reason(StrEnum):
    """Why a callback is completed (section 6). The live set is open; these the sandbox produces."""

    AGENT_CONNECTED = "AGENT_CONNECTED"
    CANCELLED = "CANCELLED"
    CANCELLED_BY_ADMIN = "CANCELLED_BY_ADMIN"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    FAIL_CALL_TO_CUSTOMER = "FAIL_CALL_TO_CUSTOMER"
    FAIL_TIMEOUT_TTL = "FAIL_TIMEOUT_TTL"
    SUBMIT_FAILED = "SUBMIT_FAILED"
    FAIL_QUEUEING = "FAIL_QUEUEING"
    FAIL_AGENT_CONNECT = "FAIL_AGENT_CONNECT"
    FAIL_TARGET_NOT_FOUND = "FAIL_TARGET_NOT_FOUND"
    FAIL_USER_NO_CONFIRM = "FAIL_USER_NO_CONFIRM"
    FAIL_INTERACTION_DELETED = "FAIL_INTERACTION_DELETED"
    FAIL_NO_CUSTOMER_NUMBER = "FAIL_NO_CUSTOMER_NUMBER"
    FAIL_IXN_UNKNOWN_MEDIA_TYPE = "FAIL_IXN_UNKNOWN_MEDIA_TYPE"
    FAIL_LOAD_MESSAGE_FILE = "FAIL_LOAD_MESSAGE_FILE"
    FAIL_ERROR = "FAIL_ERROR"
    AGENT_PREVIEW_CANCEL = "AGENT_PREVIEW_CANCEL_AFTER_3REJECTS"


@dataclass(frozen=True, slots=True)
class PushTarget:
    """Where a push goes instead of a call (rule 4)."""

    channel: str
    target: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Booking:
    """A create request whose fields have the right types; meaning is not checked yet.

    `reporting` holds cbOfferType, language, inboundVQ, offerThreshold, channel, offerTiming and
    cbOriginationIxnId as sent (rule 32: they influence reports only).
    """

    service_name: str
    phone_number: str = field(repr=False)
    desired_at: datetime | None = None
    always_check_capacity: bool = False
    priority: float | None = None
    language: str = "en-US"
    push_targets: tuple[PushTarget, ...] = ()
    captcha_token: str | None = field(default=None, repr=False)
    user_data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    reporting: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback as the contact centre keeps it.

    `is_scheduled` says whether it was accepted as scheduled (rules 1 to 3), which decides if it
    takes a place of a slot (rule 6) and if it counts against the daily limit (rule 18).
    `reason` is a plain string because an administrator may complete a callback with any reason.
    """

    id: UUID
    service_name: str
    phone_number: str = field(repr=False)
    desired_at: datetime
    created_at: datetime
    is_scheduled: bool
    state: State
    reason: str | None = None
    slot_start_at: datetime | None = None
    priority: float = 0.0
    dial_attempts: int = 0
    state_since_at: datetime | None = None
    completed_at: datetime | None = None
    push_targets: tuple[PushTarget, ...] = ()
    user_data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    reporting: Mapping[str, Any] = field(default_factory=dict)


class DialOutcome(StrEnum):
    """How one outbound call ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    DECLINED = "declined"
    ANSWERING_MACHINE = "answering-machine"


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """One outbound call the contact centre placed."""

    callback_id: UUID
    service_name: str
    phone_number: str = field(repr=False)
    placed_at: datetime
    attempt: int
    outcome: DialOutcome


@dataclass(frozen=True, slots=True)
class PushMessage:
    """One message in the push outbox, which stands in for Firebase (rules 38 and 45)."""

    callback_id: UUID
    channel: str
    target: str = field(repr=False)
    event: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class CallInGrant:
    """A number reserved for one customer to ring (section 2.8).

    The number and its code are free again from `matched_at`, when the customer rang, or else from
    `expires_at`.
    """

    id: UUID
    group_name: str
    to_phone_number: str
    access_code: str | None
    requested_at: datetime
    expires_at: datetime
    from_phone_number: str | None = field(default=None, repr=False)
    callback_id: UUID | None = None
    user_data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    matched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueWait:
    """Estimated wait of one virtual queue (section 2.7).

    `wait_seconds` is -1 when it cannot be computed; then `result_code` is -1 (no interaction seen)
    or -2 (no agent logged in), and `message` says so.
    """

    virtual_queue: str
    wait_seconds: float
    result_code: int = 0
    message: str = ""


class Code:
    """GES status codes (section 7.1), and the sandbox's own from 7900 where none is public."""

    SUCCESS = 0
    INVALID_PARAMETERS = 501
    KEY_MISSING = 503
    KEY_UNKNOWN = 1103
    NUMBER_INVALID = 7030
    NUMBER_NOT_POSSIBLE = 7036
    NUMBER_NOT_ALLOWED = 7037
    UNKNOWN_SERVICE = 7040
    TOO_MANY_REQUESTS = 7041
    OFFICE_CLOSED = 7042
    CALLBACK_NOT_FOUND = 7901
    CALLBACK_NOT_CANCELLABLE = 7902
    UNKNOWN_CALL_IN_GROUP = 7903
    CALL_IN_EXHAUSTED = 7904
    STATISTICS_CREDENTIALS = 7905
    CALL_IN_NOT_MATCHED = 7906
    INTERNAL = 7999


class RefusedError(Exception):
    """The contact centre says no, with the answer GES would give.

    Attributes:
        status: HTTP status.
        code: GES code (see `Code`).
        message: What is wrong and what would be right; never holds a phone number or user data.
        slots: Proposed slot starts and their remaining places, where GES sends them.
    """

    def __init__(
        self, status: int, code: int, message: str, slots: Mapping[datetime, int] | None = None
    ) -> None:
        super().__init__(f"{status}/{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.slots = slots
