"""The token bucket a gateway may put in front of every operation (Q21)."""

import math
from datetime import datetime, timedelta
from email.utils import format_datetime

from ges_connector.sandbox.profile import RateLimit
from ges_connector.sandbox.wire import WireAnswer, gateway_fault


class TokenBucket:
    """Lets `burst` calls through at once and refills at `calls_per_second`."""

    def __init__(self) -> None:
        self._limit: RateLimit | None = None
        self._tokens = 0.0
        self._filled_at: datetime | None = None

    def wait_seconds(self, limit: RateLimit, now: datetime) -> float:
        """Takes a token if there is one.

        Args:
            limit: The size of the bucket; another one than before starts with a full bucket.
            now: Real time, not the sandbox's: callers wait in real time.

        Returns:
            0 when the call may pass, else how long until the next one may.
        """
        if limit != self._limit or self._filled_at is None:
            self._limit, self._tokens = limit, float(limit.burst)
        else:
            passed = max(0.0, (now - self._filled_at).total_seconds())
            self._tokens = min(limit.burst, self._tokens + passed * limit.calls_per_second)
        self._filled_at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / limit.calls_per_second


def too_many_calls(limit: RateLimit, wait_seconds: float, now: datetime) -> WireAnswer:
    """The gateway's own 429, with or without Retry-After in either of its two forms."""
    answer = gateway_fault(429, "policies.ratelimit.SpikeArrestViolation", "too many calls")
    seconds = max(1, math.ceil(wait_seconds))
    match limit.retry_after:
        case "seconds":
            return answer.with_headers({"retry-after": str(seconds)})
        case "http-date":
            until = now + timedelta(seconds=seconds)
            return answer.with_headers({"retry-after": format_datetime(until, usegmt=True)})
        case _:
            return answer
