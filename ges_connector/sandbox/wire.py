"""What goes over the wire: requests as they came, answers as they leave, and the GES envelope.

Nothing here knows an operation or a web framework. Both the in-process transport and the HTTP
server carry these values, so that an answer is the same bytes on either way.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ges_connector.sandbox.records import Code

JSON_HEADERS: Mapping[str, str] = {"content-type": "application/json"}
"""Headers of every GES answer (GES rule 1.3)."""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One request as it came in.

    Attributes:
        method: HTTP method in capitals.
        path: Path as sent, still percent-encoded.
        query: Query as sent, still percent-encoded, without the question mark.
        headers: Header values by lower-case name.
        body: The whole body.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """One answer as it leaves.

    Attributes:
        status: HTTP status.
        headers: Header values by lower-case name.
        body: The bytes that arrive; fewer than the content-length header says when truncated.
        truncated: The connection ends before all announced bytes were sent.
        drip_seconds: The body is sent in small pieces over this time; 0 sends it at once.
        ges_code: GES code in the envelope; None when the answer is no envelope. For the journal.
        corr_id: Correlation id in the envelope (GES rule 1.4). For the journal.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool = False
    drip_seconds: float = 0.0
    ges_code: int | None = None
    corr_id: str | None = None

    def with_headers(self, extra: Mapping[str, str]) -> "WireAnswer":
        """Gives the same answer with more headers."""
        return replace(self, headers={**self.headers, **extra}) if extra else self

    def with_body(self, body: bytes) -> "WireAnswer":
        """Gives the same answer with another body."""
        return replace(self, body=body)


def json_bytes(value: Any) -> bytes:
    """Renders JSON the way every answer of the sandbox is rendered: a line of its own.

    Raises:
        ValueError: The value holds something JSON has no word for.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"{text}\n".encode()


def json_answer(status: int, value: Any) -> WireAnswer:
    """An answer of plain JSON without an envelope."""
    return WireAnswer(status, JSON_HEADERS, json_bytes(value))


def envelope(
    corr_id: str,
    *,
    data: Any = None,
    http_status: int = 200,
    code: int = Code.SUCCESS,
    message: str = "Successful",
) -> WireAnswer:
    """The GES envelope (GES rule 1.4); `data` None leaves the field out."""
    content: dict[str, Any] = {"status": {"code": code, "message": message, "corrId": corr_id}}
    if data is not None:
        content["data"] = data
    return WireAnswer(
        http_status, JSON_HEADERS, json_bytes(content), ges_code=code, corr_id=corr_id
    )


def gateway_fault(status: int, error_code: str, text: str) -> WireAnswer:
    """What the gateway in front of GES answers by itself (GES rule 1.5): no envelope."""
    return json_answer(
        status, {"fault": {"faultstring": text, "detail": {"errorcode": error_code}}}
    )


def instant_text(at: datetime) -> str:
    """An instant as GES writes it: ISO-8601 in UTC with milliseconds and `Z` (GES rule 1.6)."""
    return wall_clock_text(at.astimezone(UTC)) + "Z"


def wall_clock_text(at: datetime) -> str:
    """What a clock in the instant's own zone shows, with milliseconds and without an offset."""
    # Cutting the offset off is twice as fast as replacing the zone; a month has thousands of slots.
    return at.isoformat(timespec="milliseconds")[:23]
