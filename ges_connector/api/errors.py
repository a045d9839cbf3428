"""Everything that can go wrong with a call to GES, as one tree.

::

    GesError
    ├─ GesConfigurationError              unusable settings; lists every fault
    ├─ GesRequestError                    refused here, before leaving; names the field
    ├─ GesConnectionError                 provably never sent
    │  ├─ GesConnectTimeoutError          no connection in time
    │  └─ GesCircuitOpenError             not tried: GES has been down for some attempts
    ├─ GesDeadlineExceededError           the caller's budget is spent, and no write has left
    ├─ GesUnknownResultError              a write left, no whole answer came back
    ├─ GesNoAnswerError                   a read left, no whole answer came back
    │  ├─ GesReadTimeoutError             … because time ran out
    │  └─ GesConnectionLostError          … because the connection broke
    ├─ GesUnexpectedAnswerError           neither a fitting success nor a refusal
    └─ GesResponseError                   GES, or a gateway before it, refused
       ├─ GesAuthenticationError          401, 403, GES codes 503 and 1103
       ├─ GesNotFoundError                404
       ├─ GesInvalidRequestError          every other 4xx
       │  ├─ GesNumberInvalidError        GES code 7030
       │  ├─ GesNumberNotAllowedError     GES codes 7036 and 7037
       │  ├─ GesUnknownServiceError       GES code 7040
       │  └─ GesOfficeClosedError         GES code 7042, perhaps with alternatives
       ├─ GesSlotUnavailableError         429 with proposed slots: pick another time
       ├─ GesThrottledError               429 or GES code 7041 without slots: not now
       └─ GesServerError                  5xx and 408

**May it have happened all the same?** GES takes no idempotency key (GES rule 1.9), so after a
failed create the one question that counts is whether a callback may exist. Every error answers it
with `may_have_taken_effect`. Reads have no effect, so only the three writes (create, cancel,
call-in) ever say yes, and then only where this was seen:

===========================================================  =====
refused here, never sent, budget spent before sending        no
401, 403, 404 and other 4xx, from GES or a gateway           no
any status with a GES code that names a refusal (7030 …)     no
408, any 5xx, whether from GES or a gateway                  yes
sent, then a time-out, a broken connection, a cut-off body   yes
1xx, 3xx, or 2xx whose body does not say what was done       yes
===========================================================  =====

No error text carries the key, a whole telephone number, user data or a request: the far side's
words are masked before they are kept, and the exceptions of lower layers, which carry headers, are
not chained.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.api.models import ProposedSlot


class Operation(StrEnum):
    """The operations of GES, by the name of the client's coroutine."""

    CREATE_CALLBACK = "create_callback"
    RETRIEVE_CALLBACK = "retrieve_callback"
    CANCEL_CALLBACK = "cancel_callback"
    AVAILABILITY = "availability"
    OPEN_FOR = "open_for"
    QUEUE_STATUS = "queue_status"
    ESTIMATED_WAIT_TIME = "estimated_wait_time"
    REQUEST_CALL_IN = "request_call_in"
    STATISTICS = "statistics"

    @property
    def is_write(self) -> bool:
        """Whether the operation changes something in the contact centre."""
        return self in _WRITES


_WRITES = frozenset(
    {Operation.CREATE_CALLBACK, Operation.CANCEL_CALLBACK, Operation.REQUEST_CALL_IN}
)


class GesError(Exception):
    """A call to GES did not give what was asked for.

    Attributes:
        operation: The operation that failed; None for faults of the configuration.
        http_status: HTTP status of the answer, if one came.
        code: GES code of the answer's envelope; not an HTTP status (GES rule 1.4).
        message: The far side's words, masked and shortened.
        corr_id: Correlation id under which an administrator finds the call in the Developer tab.
    """

    summary: ClassVar[str] = "the call failed"

    def __init__(
        self,
        *,
        operation: Operation | None = None,
        http_status: int | None = None,
        code: int | None = None,
        message: str | None = None,
        corr_id: str | None = None,
    ) -> None:
        self.operation = operation
        self.http_status = http_status
        self.code = code
        self.message = message
        self.corr_id = corr_id
        super().__init__()

    @property
    def may_have_taken_effect(self) -> bool:
        """Whether the contact centre may have done what was asked in spite of the error."""
        return False

    @override
    def __str__(self) -> str:
        facts = [
            f"{label} {value}"
            for label, value in (
                ("HTTP", self.http_status),
                ("GES code", self.code),
                ("corr_id", self.corr_id),
            )
            if value is not None
        ]
        where = f"{self.operation}: " if self.operation else ""
        seen = f" ({', '.join(facts)})" if facts else ""
        said = f": {self.message}" if self.message else ""
        return f"{where}{self.summary}{seen}{said}"

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    @override
    def __reduce__(self) -> tuple[Callable[..., Self], tuple[type[Self], dict[str, Any]]]:
        # Keyword-only arguments are more than the default reduction of exceptions can restore.
        return _restore, (type(self), dict(self.__dict__))


_Error = TypeVar("_Error", bound="GesError")


def _restore(kind: type[_Error], state: dict[str, Any]) -> _Error:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    return error


class GesConfigurationError(GesError):
    """The settings cannot be used; `faults` holds all that is wrong with them."""

    summary = "the configuration is not usable"

    def __init__(self, *faults: str) -> None:
        super().__init__(message="; ".join(faults))
        self.faults = faults


class GesRequestError(GesError):
    """The request was refused here, before leaving.

    Attributes:
        field: Name of the offending argument or request field, in Python's spelling.
        reason: What is wrong with it, without its value.
    """

    summary = "the request was refused before leaving"

    def __init__(self, field: str, reason: str, *, operation: Operation | None = None) -> None:
        super().__init__(operation=operation, message=f"{field}: {reason}")
        self.field = field
        self.reason = reason


class GesConnectionError(GesError):
    """Provably not sent: no address, connection refused, TLS refused, or no free connection."""

    summary = "no connection could be made; nothing was sent"


class GesConnectTimeoutError(GesConnectionError):
    """No connection came about in time; nothing was sent."""

    summary = "no connection came about in time; nothing was sent"


class GesCircuitOpenError(GesConnectionError):
    """Not tried, since GES has been down for some attempts; see `ges_connector.api.circuit`."""

    summary = "the far side has been down; nothing was sent"


class GesDeadlineExceededError(GesError):
    """The budget of the call is spent.

    Raised for reads at any moment, and for writes only while nothing has been sent; a write whose
    budget ends later is a `GesUnknownResultError`.
    """

    summary = "the time allowed for the call is spent"


class GesUnknownResultError(GesError):
    """A write was sent and no whole answer came: it may have been carried out, or not.

    Never repeat it. Look the callback up if its id is known; otherwise say so honestly.
    """

    summary = "sent, but no whole answer came; whether it was carried out is not known"

    @property
    @override
    def may_have_taken_effect(self) -> bool:
        return True


class GesNoAnswerError(GesError):
    """A read was sent and no whole answer came; it may be repeated."""

    summary = "no whole answer came"


class GesReadTimeoutError(GesNoAnswerError):
    """A read was sent and no whole answer came in time."""

    summary = "no whole answer came in time"


class GesConnectionLostError(GesNoAnswerError):
    """A read was sent and the connection broke before the whole answer was there."""

    summary = "the connection broke before the whole answer was there"


class GesUnexpectedAnswerError(GesError):
    """An answer came that cannot be read: a 2xx that does not fit, a redirect, or one too large.

    After a create this is not a failure to book: the callback may exist, only its id is unknown.
    """

    summary = "the answer does not fit"

    @property
    @override
    def may_have_taken_effect(self) -> bool:
        return self.operation is not None and self.operation.is_write


class GesResponseError(GesError):
    """GES, or a gateway in front of it, refused the request."""

    summary = "refused"


class GesAuthenticationError(GesResponseError):
    """The API key is missing, unknown or not permitted (Q7).

    From `statistics` it can also mean that the tenant's own credentials for the statistics service
    are missing or refused.
    """

    summary = "not authenticated"


class GesNotFoundError(GesResponseError):
    """GES knows no such callback, service or queue; or the base URL is wrong.

    A callback is purged some time after it ended, so this says nothing about whether it took place
    (Q19).
    """

    summary = "not found"


class GesInvalidRequestError(GesResponseError):
    """GES understood the request and will not carry it out as it is."""

    summary = "not acceptable"


class GesNumberInvalidError(GesInvalidRequestError):
    """The number is not a telephone number (GES code 7030)."""

    summary = "the number is not valid"


class GesNumberNotAllowedError(GesInvalidRequestError):
    """The number is one, but cannot or may not be called back (GES codes 7036 and 7037)."""

    summary = "the number cannot be called back"


class GesUnknownServiceError(GesInvalidRequestError):
    """No callback service of that name is configured (GES code 7040)."""

    summary = "no such service"


class _ProposalsError(GesResponseError):
    """Carries the slots that GES proposed instead, earliest first."""

    def __init__(self, *, proposed_slots: tuple[ProposedSlot, ...] = (), **context: Any) -> None:
        super().__init__(**context)
        self.proposed_slots = proposed_slots


class GesOfficeClosedError(_ProposalsError, GesInvalidRequestError):
    """The desired time is outside office hours (GES code 7042).

    Attributes:
        proposed_slots: Slots GES proposed instead, earliest first; often none (Q11).
    """

    summary = "the office is closed then"


class GesSlotUnavailableError(_ProposalsError):
    """The desired slot is full, and GES proposed others (GES rule 10).

    Attributes:
        proposed_slots: Slots GES proposed instead, earliest first; at least one.
    """

    summary = "the slot is full"


class _RetryAfterError(GesResponseError):
    """Carries the far side's wish for a pause."""

    def __init__(self, *, retry_after_seconds: float | None = None, **context: Any) -> None:
        super().__init__(**context)
        self.retry_after_seconds = retry_after_seconds


class GesThrottledError(_RetryAfterError):
    """Too many requests: a business limit of GES (GES rule 22) or a gateway's.

    Attributes:
        retry_after_seconds: Pause the far side asked for, if it did.
    """

    summary = "too many requests"


class GesServerError(_RetryAfterError):
    """GES or a gateway failed (5xx, or 408). A write may have been carried out all the same.

    Attributes:
        retry_after_seconds: Pause the far side asked for, if it did.
    """

    summary = "the far side failed"

    @property
    @override
    def may_have_taken_effect(self) -> bool:
        return self.operation is not None and self.operation.is_write
