"""Whether to ask again, and after how long: pure decisions, no waiting.

Repeated are reads, and whatever provably never left. A create, a cancel or a call-in that may have
been sent is never repeated, whatever the answer: GES knows no idempotency key (GES rule 1.9).
"""

from __future__ import annotations

from dataclasses import dataclass

from ges_connector.api.errors import (
    GesCircuitOpenError,
    GesConnectionError,
    GesError,
    GesNoAnswerError,
    GesServerError,
    GesThrottledError,
)

# 501 and 505 are about the request, not the moment: asking again changes nothing.
_PASSING_STATUSES = frozenset({408, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how fast to repeat.

    Attributes:
        max_attempts: Attempts in all; 1 means never repeat.
        first_delay_seconds: Upper bound of the pause after the first attempt; doubles each time.
        max_delay_seconds: Upper bound of any pause we choose ourselves.
    """

    max_attempts: int = 3
    first_delay_seconds: float = 0.2
    max_delay_seconds: float = 2.0


def may_be_repeated(error: GesError) -> bool:
    """Tell whether asking again is safe and could help.

    Args:
        error: What the attempt ended in; it knows its operation.

    Returns:
        True for everything never sent, and for passing troubles of reads; not while the circuit
        is open, since waiting in vain is what it is there to spare.
    """
    if isinstance(error, GesCircuitOpenError):
        return False
    if isinstance(error, GesConnectionError):
        return True
    if error.operation is None or error.operation.is_write:
        return False
    if isinstance(error, GesServerError):
        return error.http_status in _PASSING_STATUSES
    return isinstance(error, GesNoAnswerError | GesThrottledError)


def delay_seconds(
    policy: RetryPolicy, error: GesError, *, attempt: int, remaining_seconds: float, jitter: float
) -> float | None:
    """Choose the pause before the next attempt.

    Args:
        policy: How often and how fast.
        error: What the attempt ended in.
        attempt: Number of the attempt that failed; the first is 1.
        remaining_seconds: What is left of the caller's budget.
        jitter: A random number from 0 to 1, so that many clients do not return in step.

    Returns:
        Seconds to wait, or None to give up: not repeatable, tried often enough, or no time left to
        wait as long as the far side asked (Q21).
    """
    if attempt >= policy.max_attempts or not may_be_repeated(error):
        return None
    # The exponent is bounded only to keep a generous policy from overflowing a float.
    ceiling = min(
        policy.max_delay_seconds, policy.first_delay_seconds * 2.0 ** min(attempt - 1, 64)
    )
    delay = ceiling * (0.5 + jitter / 2)
    asked = (
        error.retry_after_seconds if isinstance(error, GesServerError | GesThrottledError) else None
    )
    if asked is not None:
        delay = max(delay, asked)
    return delay if delay < remaining_seconds else None
