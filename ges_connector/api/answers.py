"""Reads what came back: GES's envelope, a gateway's fault, a web page, or nothing sensible at all.

Pure: bytes and a status in, data or exactly one error of the tree out. The codes that name a
business refusal decide first, whatever status they ride on (Q7, Q10, Q11); then the HTTP status;
unknown codes decide nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from ges_connector.api.errors import (
    GesAuthenticationError,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesServerError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownServiceError,
    Operation,
)
from ges_connector.api.models import ProposedSlot
from ges_connector.api.redaction import redact_id

Redact = Callable[[str], str]

# A missing status is tolerated (Q24): the HTTP status has said it already.
_SUCCESS_CODES = frozenset({None, 0})
_TOO_MANY_CODE = 7041
_OFFICE_CLOSED_CODE = 7042
_REFUSALS: dict[int, type[GesError]] = {
    503: GesAuthenticationError,
    1103: GesAuthenticationError,
    7030: GesNumberInvalidError,
    7036: GesNumberNotAllowedError,
    7037: GesNumberNotAllowedError,
    7040: GesUnknownServiceError,
}
# As RFC 9110 writes seconds, with room for fractions; `float` would take much more for a number.
_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came off the wire.

    Attributes:
        status: HTTP status.
        body: The whole body, decompressed.
        retry_after: The `Retry-After` header, if there was one.
    """

    status: int
    body: bytes = field(repr=False)
    retry_after: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the status is of the 2xx kind."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the bounds of the kind


@dataclass(frozen=True, slots=True)
class Envelope:
    """What can be told from a body, fitting or not.

    Attributes:
        fits: The body has the shape GES promises (GES rule 1.4), as far as it can vary.
        code: GES code; None if there is none that can be read.
        message: The far side's words, not yet masked.
        corr_id: Correlation id.
        data: The payload; None if absent.
        slots: Proposed slots, earliest first (Q4).
    """

    fits: bool = False
    code: int | None = None
    message: str | None = field(default=None, repr=False)
    corr_id: str | None = None
    data: Any = field(default=None, repr=False)
    slots: tuple[ProposedSlot, ...] = ()


def read_envelope(body: bytes, secrets: Callable[[], Iterable[str]] = tuple) -> Envelope:
    """Make out of a body what can be made out of it.

    Args:
        body: Any bytes.
        secrets: Walks the exact values that must not survive as a correlation id.

    Returns:
        The envelope; for a gateway's fault object, its words; for anything else, a remark on what
        it was.
    """
    document = _json_or_none(body)
    if not isinstance(document, dict):
        return Envelope(message=_remark_on(body))
    status = document.get("status")
    if isinstance(status, dict):
        code = status.get("code")
        return Envelope(
            # A code that cannot be read is not the code of a success.
            fits=code is None or _whole_number(code) is not None,
            code=_whole_number(code),
            message=_text(status.get("message")),
            corr_id=_corr_id(status.get("corrId"), secrets),
            data=document.get("data"),
            slots=_proposed_slots(document.get("data")),
        )
    # A fitting status is an object; any other value means that this is somebody else's JSON.
    fits = status is None
    return Envelope(
        fits=fits,
        message=_fault_words(document.get("fault")),
        data=document.get("data") if fits else None,
    )


def error_in(
    operation: Operation, received: Received, envelope: Envelope, redact: Redact
) -> GesError | None:
    """Name the error that an answer means.

    Args:
        operation: What was asked.
        received: The answer.
        envelope: What `read_envelope` made of its body.
        redact: Masks the far side's words.

    Returns:
        The error, or None if the answer is a success whose data still has to fit its model.
    """
    says_success = received.is_success and envelope.code in _SUCCESS_CODES
    if says_success and envelope.fits:
        return None
    context: dict[str, Any] = {
        "operation": operation,
        "http_status": received.status,
        "code": envelope.code,
        "message": None if envelope.message is None else redact(envelope.message),
        "corr_id": envelope.corr_id,
    }
    if says_success:
        return GesUnexpectedAnswerError(**context)
    if envelope.code in _REFUSALS:
        return _REFUSALS[envelope.code](**context)
    if envelope.code == _OFFICE_CLOSED_CODE:
        return GesOfficeClosedError(proposed_slots=envelope.slots, **context)
    if envelope.code == _TOO_MANY_CODE or received.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_many(received, envelope, context)
    return _by_status(received, context)


def misfit(
    operation: Operation, received: Received, envelope: Envelope, error: ValidationError
) -> GesUnexpectedAnswerError:
    """Say which fields of a success did not fit, without what they held.

    Args:
        operation: What was asked.
        received: The answer.
        envelope: Its envelope.
        error: The model's complaint.

    Returns:
        The error to raise.
    """
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    told = ", ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'data'}: {fault['type']}"
        for fault in faults[:5]
    )
    return GesUnexpectedAnswerError(
        operation=operation,
        http_status=received.status,
        code=envelope.code,
        message=told,
        corr_id=envelope.corr_id,
    )


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` header, as seconds or as a date.

    Args:
        value: The header; None if absent.
        now: The present instant, aware.

    Returns:
        Seconds to wait, never negative; None if there is no readable wish.
    """
    if value is None:
        return None
    text = value.strip()
    seconds = float(text) if _SECONDS.fullmatch(text) else _seconds_until(text, now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
        return (
            moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        ).timestamp() - now.timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return math.nan


def _too_many(received: Received, envelope: Envelope, context: dict[str, Any]) -> GesError:
    # With slots it is one slot that is full; without, everything is too much (GES rule 22).
    if envelope.slots:
        return GesSlotUnavailableError(proposed_slots=envelope.slots, **context)
    return GesThrottledError(retry_after_seconds=_wish(received), **context)


def _by_status(received: Received, context: dict[str, Any]) -> GesError:
    status = received.status
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return GesAuthenticationError(**context)
    if status == HTTPStatus.NOT_FOUND:
        return GesNotFoundError(**context)
    # A gateway may answer 408 for a far side that was slow, so it says nothing about the effect.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return GesServerError(retry_after_seconds=_wish(received), **context)
    if status >= HTTPStatus.BAD_REQUEST:
        return GesInvalidRequestError(**context)
    return GesUnexpectedAnswerError(**context)


def _wish(received: Received) -> float | None:
    return retry_after_seconds(received.retry_after, datetime.now(UTC))


def _json_or_none(body: bytes) -> Any:
    try:
        return from_json(body)
    except (ValueError, RecursionError):
        return None


def _remark_on(body: bytes) -> str:
    stripped = body.strip()
    if not stripped:
        return "empty body"
    # The text itself may quote the request, in any encoding: its kind and size tell enough.
    kind = "HTML" if stripped[:1] == b"<" else "other than the JSON object of GES"
    return f"{len(body)} bytes, {kind}"


def _fault_words(fault: Any) -> str | None:
    """Read the fault object of the API gateway (GES rule 1.5)."""
    if not isinstance(fault, dict):
        return None
    detail = fault.get("detail")
    words = (
        fault.get("faultstring"),
        detail.get("errorcode") if isinstance(detail, dict) else None,
    )
    return "; ".join(word for word in words if isinstance(word, str)) or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _corr_id(value: Any, secrets: Callable[[], Iterable[str]]) -> str | None:
    return redact_id(value, secrets()) if isinstance(value, str) else None


def _whole_number(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    try:
        return int(str(value))
    except ValueError:
        return None


def _proposed_slots(data: Any) -> tuple[ProposedSlot, ...]:
    """Read proposed slots: start time to remaining capacity, in whatever order and type (Q4).

    An entry that cannot be read is left out: the others are still worth offering.
    """
    slots = data.get("slots") if isinstance(data, dict) else None
    if not isinstance(slots, dict):
        return ()
    read = (_proposed_slot(start, capacity) for start, capacity in slots.items())
    return tuple(sorted((slot for slot in read if slot), key=lambda slot: slot.utc_time))


def _proposed_slot(start: str, capacity: Any) -> ProposedSlot | None:
    try:
        return ProposedSlot.model_validate({"utc_time": start, "capacity": str(capacity)})
    except ValidationError:
        return None
