"""One span and one debug record per attempt: what was called, and how it ended.

Numbers, callback ids, keys, addresses and queries are not here because they are never handed to
this module.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry import trace

if TYPE_CHECKING:
    from ges_connector.api.errors import GesError, Operation

_LOG = logging.getLogger("ges_connector.api")
_TRACER = trace.get_tracer("ges_connector.api")


class AttemptRecord:
    """What is written down about one attempt; costs next to nothing while nobody listens.

    Args:
        operation: What is called.
        attempt: Number of the attempt; the first is 1.
    """

    def __init__(self, operation: Operation, attempt: int) -> None:
        self._span = _TRACER.start_span(f"ges {operation.value}", kind=trace.SpanKind.CLIENT)
        self._operation = operation
        self._attempt = attempt
        # Stays if the task is cancelled before anything else happens.
        self._outcome = "interrupted"
        self._http_status: int | None = None
        self._code: int | None = None
        self._corr_id: str | None = None

    def succeeded(self, http_status: int, corr_id: str | None) -> None:
        """Note a success.

        Args:
            http_status: HTTP status of the answer.
            corr_id: Its correlation id.
        """
        self._outcome = "ok"
        self._http_status = http_status
        self._corr_id = corr_id

    def failed(self, error: GesError) -> None:
        """Note a failure.

        Args:
            error: What the attempt ended in; its text is not written down.
        """
        self._outcome = type(error).__name__
        self._http_status = error.http_status
        self._code = error.code
        self._corr_id = error.corr_id

    def close(self) -> None:
        """Write the record and end the span."""
        recording, logging_wanted = self._span.is_recording(), _LOG.isEnabledFor(logging.DEBUG)
        if recording or logging_wanted:
            facts = self._facts()
            if recording:
                self._span.set_attributes({f"ges.{name}": fact for name, fact in facts.items()})
                if self._outcome != "ok":
                    self._span.set_status(trace.StatusCode.ERROR, self._outcome)
            if logging_wanted:
                _LOG.debug(
                    "ges %s",
                    " ".join(f"{name}={fact}" for name, fact in facts.items()),
                    extra={f"ges_{name}": fact for name, fact in facts.items()},
                )
        self._span.end()

    def _facts(self) -> dict[str, str | int]:
        facts = {
            "operation": self._operation.value,
            "attempt": self._attempt,
            "outcome": self._outcome,
            "http_status": self._http_status,
            "code": self._code,
            "corr_id": self._corr_id,
        }
        return {name: fact for name, fact in facts.items() if fact is not None}
