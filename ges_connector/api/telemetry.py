"""What is written down about each attempt: a span, its duration, and a line where it matters.

A line at level `WARNING` is for whoever runs the deployment: the key is refused, a name is wrong,
GES is down or cannot be made sense of. What a customer can mend, such as a number that is none, is
no news to them, and is told like every success at level `DEBUG`.

Numbers, callback ids, keys, addresses and queries are not here because they are never handed to
this module, and of the far side's own words none is written down.
"""

from __future__ import annotations

import logging
import time
from itertools import product
from typing import TYPE_CHECKING, Final

from opentelemetry import trace

from ges_connector.api.errors import (
    GesAuthenticationError,
    GesCircuitOpenError,
    GesConnectionError,
    GesDeadlineExceededError,
    GesNoAnswerError,
    GesNotFoundError,
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesServerError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    GesUnknownServiceError,
    Operation,
)
from ges_connector.telemetry import instruments

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.api.errors import GesError

_LOG: Final = logging.getLogger("ges_connector.api")
_TRACER: Final = trace.get_tracer("ges_connector.api")
_FOR_OPERATORS: Final = (
    GesAuthenticationError,
    GesConnectionError,
    GesDeadlineExceededError,
    GesNoAnswerError,
    GesServerError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    GesUnknownServiceError,
)
# In order, though they say no: nothing is wrong with GES, with the settings or with the request.
_SAYING_NO: Final = (
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesSlotUnavailableError,
)
_INTERRUPTED: Final = "interrupted"
# What ends an attempt, but for what is refused before there is one.
_FAILURES: Final = (
    *(each.__name__ for each in _FOR_OPERATORS),
    "GesCircuitOpenError",
    "GesConnectTimeoutError",
    "GesConnectionLostError",
    "GesInvalidRequestError",
    "GesNotFoundError",
    "GesReadTimeoutError",
    "GesResponseError",
)
_ALL_LENT: Final = 7904
_OF_ONE_CALLBACK: Final = frozenset({Operation.RETRIEVE_CALLBACK, Operation.CANCEL_CALLBACK})
_QUIET_SECONDS: Final = 60.0


class Complaints:
    """Keeps a trouble that goes on from filling the log: once a minute each, with how often.

    Args:
        clock: Seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[tuple[object, ...], float] = {}
        self._kept_back: dict[tuple[object, ...], int] = {}

    def about(self, trouble: tuple[object, ...]) -> int | None:
        """Tell whether to speak of a trouble now.

        Args:
            trouble: What tells one from another; of few different values.

        Returns:
            How often it came since it was spoken of last; None if it is not to be spoken of.
        """
        last, now = self._last.get(trouble), self._clock()
        if last is not None and now - last < _QUIET_SECONDS:
            self._kept_back[trouble] = self._kept_back.get(trouble, 0) + 1
            return None
        self._last[trouble] = now
        return self._kept_back.pop(trouble, 0)


_complaints: Final = Complaints()


class AttemptRecord:
    """What is written down about one attempt; costs next to nothing while nobody listens.

    Args:
        operation: What is called.
        attempt: Number of the attempt; the first is 1.
    """

    def __init__(self, operation: Operation, attempt: int) -> None:
        self._span = _TRACER.start_span(f"ges {operation.value}", kind=trace.SpanKind.CLIENT)
        self._began = time.perf_counter()
        self._operation = operation
        self._attempt = attempt
        # Stays if the task is cancelled before anything else happens.
        self._outcome = _INTERRUPTED
        self._error: GesError | None = None
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
        self._error = error
        self._outcome = type(error).__name__
        self._http_status = error.http_status
        self._code = error.code
        self._corr_id = error.corr_id

    def close(self) -> None:
        """Write the record and end the span."""
        self._measure()
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
        self._complain()
        self._span.end()

    def _measure(self) -> None:
        operation = self._operation.value
        result = "ok" if self._outcome == "ok" else "failed"
        if self._error is not None and _says_no(self._error):
            result = "refused"
        if result == "failed":
            error = {"operation": operation, "error": self._outcome}
            instruments.CALL_ERRORS.add(1, error)
        if not isinstance(self._error, GesCircuitOpenError):
            seconds = time.perf_counter() - self._began
            instruments.CALL_SECONDS.record(seconds, {"operation": operation, "result": result})

    def _complain(self) -> None:
        """Tell whoever runs the deployment, unless the circuit has told them already."""
        error = self._error
        if error is None or not _is_for_operators(error):
            return
        trouble = (self._operation, self._outcome, error.http_status, error.code)
        kept_back = _complaints.about(trouble)
        if kept_back is None:
            return
        facts = self._facts()
        told = {"HTTP status": "http_status", "GES code": "code", "corr_id": "corr_id"}
        seen = [f"{label} {facts[name]}" for label, name in told.items() if name in facts]
        _LOG.warning(
            "GES, %s: %s%s%s",
            self._operation.value,
            error.summary,
            f" ({', '.join(seen)})" if seen else "",
            f"; {kept_back} more like it since" if kept_back else "",
            extra={f"ges_{name}": fact for name, fact in facts.items()},
        )

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


def _is_for_operators(error: GesError) -> bool:
    """Whether somebody other than the customer has to mend it, and has not been told of it yet."""
    if isinstance(error, GesCircuitOpenError) or _says_no(error):
        return False
    if isinstance(error, GesNotFoundError):
        # No such callback is an answer; no such service or queue is a name that is wrong.
        return error.operation not in _OF_ONE_CALLBACK
    return isinstance(error, _FOR_OPERATORS)


def _says_no(error: GesError) -> bool:
    """Whether GES answered as it should, and the answer is no."""
    if error.operation is Operation.REQUEST_CALL_IN and error.code == _ALL_LENT:
        return True
    if isinstance(error, GesNotFoundError):
        # What is not there any more is told by GES; a path that is none, by something else.
        return error.operation in _OF_ONE_CALLBACK and error.code is not None
    return isinstance(error, _SAYING_NO)


def count_no_errors() -> None:
    """Count every way in which an attempt can fail as not yet seen, to show a first one rise."""
    for operation, error in product(Operation, (*_FAILURES, _INTERRUPTED)):
        instruments.CALL_ERRORS.add(0, {"operation": operation.value, "error": error})


def circuit_opened() -> None:
    """Note that GES is down: nothing more is sent for a while."""
    instruments.CIRCUITS_OPEN.add(1)
    _LOG.warning("GES is down: it is left alone, and asked again after a pause")


def operation_left_alone(operation: Operation) -> None:
    """Note that one operation fails by itself: it is not asked for a while, all others are.

    Args:
        operation: Which.
    """
    _LOG.warning("GES, %s: left alone, and asked again after a pause", operation.value)


def circuit_closed() -> None:
    """Note that GES answers again."""
    instruments.CIRCUITS_OPEN.add(-1)
    _LOG.warning("GES answers again")
