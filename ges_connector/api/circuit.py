"""A circuit in front of GES: while GES is down nobody waits for it.

After some failures in a row every call is refused at once, and so provably never sent. After a
pause one read is let through to see whether GES is back; a write never is, since a write that gets
no answer leaves something that nobody knows. Why this is our own: decision 010.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from typing_extensions import override

from ges_connector.api import telemetry
from ges_connector.api.errors import (
    GesCircuitOpenError,
    GesConnectionError,
    GesDeadlineExceededError,
    GesError,
    GesNoAnswerError,
    GesServerError,
    GesUnknownResultError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ges_connector.api.errors import Operation

# No connection, no answer, or none but "I cannot".
_IS_DOWN = (
    GesConnectionError,
    GesDeadlineExceededError,
    GesNoAnswerError,
    GesServerError,
    GesUnknownResultError,
)


class CircuitState(StrEnum):
    """How a circuit stands."""

    CLOSED = "closed"
    """Calls go through."""
    OPEN = "open"
    """Calls are refused at once."""
    HALF_OPEN = "half_open"
    """The pause is over: the next read goes through, everything else is refused."""


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    """When a circuit opens, and for how long.

    Attributes:
        failures: So many failed attempts in a row open it; 0 leaves it closed for ever.
        first_pause_seconds: How long it stays open at first; doubles with each failed probe.
        max_pause_seconds: The longest it stays open before GES is tried again.
    """

    failures: int = 5
    first_pause_seconds: float = 1.0
    max_pause_seconds: float = 30.0

    def pause_seconds(self, probes: int) -> float:
        """How long the circuit stays open after so many failed probes."""
        # The exponent is bounded only to keep it from overflowing a float.
        return min(self.max_pause_seconds, self.first_pause_seconds * 2.0 ** min(probes, 64))


class Circuit:
    """Counts what becomes of the attempts of one client, and refuses those that would be in vain.

    An answer of whatever kind closes it, refusals and nonsense included: what answers is not down.

    Args:
        policy: When it opens, and for how long.
        clock: Seconds that only ever grow.
    """

    def __init__(
        self, policy: CircuitPolicy | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._policy = policy or CircuitPolicy()
        self._clock = clock
        self._failures = 0
        self._probes = 0
        self._opened_at: float | None = None
        self._is_probed = False

    @override
    def __reduce__(self) -> tuple[type[Circuit], tuple[CircuitPolicy, Callable[[], float]]]:
        # Another process has other monotonic moments, and finds out for itself.
        return type(self), (self._policy, self._clock)

    @property
    def state(self) -> CircuitState:
        """How it stands at this moment."""
        if self._opened_at is None:
            return CircuitState.CLOSED
        is_over = self._clock() - self._opened_at >= self._policy.pause_seconds(self._probes)
        return CircuitState.HALF_OPEN if is_over and not self._is_probed else CircuitState.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether every call goes through."""
        return self._opened_at is None

    @contextmanager
    def attempt(self, operation: Operation) -> Iterator[None]:
        """Let an attempt through, or not, and take note of what becomes of it.

        Args:
            operation: What is asked.

        Raises:
            GesCircuitOpenError: GES is down; nothing was sent.
        """
        is_probe = self._admit(operation)
        try:
            yield
        except GesError as error:
            self._learn(is_down=isinstance(error, _IS_DOWN), is_probe=is_probe)
            raise
        except BaseException:
            # Cancelled: what GES would have answered is not known, so another may try.
            self._is_probed = self._is_probed and not is_probe
            raise
        else:
            self._learn(is_down=False, is_probe=is_probe)

    def _admit(self, operation: Operation) -> bool:
        """Let an attempt through; tells whether it is the one that finds out."""
        state = self.state
        if state is CircuitState.CLOSED:
            return False
        if state is CircuitState.OPEN or operation.is_write:
            raise GesCircuitOpenError(operation=operation)
        self._is_probed = True
        return True

    def _learn(self, *, is_down: bool, is_probe: bool) -> None:
        if not is_down:
            if self._opened_at is not None:
                telemetry.circuit_closed()
            self._failures, self._probes, self._opened_at = 0, 0, None
        elif is_probe:
            self._probes += 1
            self._opened_at = self._clock()
        else:
            self._failures += 1
            if self._opened_at is None and 0 < self._policy.failures <= self._failures:
                self._opened_at = self._clock()
                telemetry.circuit_opened()
        self._is_probed = self._is_probed and not is_probe
