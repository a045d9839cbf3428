"""A circuit in front of GES: while GES is down nobody waits for it.

After some failures in a row every call is refused at once, and so provably never sent. After a
pause one read is let through to see whether GES is back; a write never is, since a write that gets
no answer leaves something that nobody knows.

A read that fails alone says nothing of GES: only that operation is refused then, by a circuit of
its own. GES counts as down when the failures in a row are not all one operation's own answers.
Why so, and why this is our own: decision 010.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from typing_extensions import override

from ges_connector.api import telemetry
from ges_connector.api.errors import (
    GesCircuitOpenError,
    GesConnectionError,
    GesConnectionLostError,
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
# Nothing of these has to do with what was asked.
_OF_THE_CONNECTION = (GesConnectionError, GesConnectionLostError)


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
        failures: So many failed attempts in a row open it, be it that of GES or of one operation;
            0 leaves it closed for ever.
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


class _Breaker:
    """What is left alone for a while, and then tried again: GES, or one operation."""

    def __init__(self, policy: CircuitPolicy, clock: Callable[[], float]) -> None:
        self._policy = policy
        self._clock = clock
        self._probes = 0
        self._opened_at: float | None = None
        self._is_probed = False
        self.failures = 0

    @property
    def is_closed(self) -> bool:
        return self._opened_at is None

    @property
    def state(self) -> CircuitState:
        if self._opened_at is None:
            return CircuitState.CLOSED
        is_over = self._clock() - self._opened_at >= self._policy.pause_seconds(self._probes)
        return CircuitState.HALF_OPEN if is_over and not self._is_probed else CircuitState.OPEN

    def open(self) -> None:
        self._opened_at = self._clock()

    def close(self) -> None:
        self.failures, self._probes, self._opened_at = 0, 0, None

    def begin_probe(self) -> None:
        self._is_probed = True

    def end_probe(self) -> None:
        self._is_probed = False

    def stay_open(self) -> None:
        """A probe failed: the next pause is longer."""
        self._probes += 1
        self._opened_at = self._clock()


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
        self._ges = _Breaker(self._policy, clock)
        self._alone: dict[Operation, _Breaker] = {}
        # By operation, and None for the connection, since GES last answered anything.
        self._in_a_row: Counter[Operation | None] = Counter()

    @override
    def __reduce__(self) -> tuple[type[Circuit], tuple[CircuitPolicy, Callable[[], float]]]:
        # Another process has other monotonic moments, and finds out for itself.
        return type(self), (self._policy, self._clock)

    @property
    def state(self) -> CircuitState:
        """How it stands with GES as a whole at this moment."""
        return self._ges.state

    @property
    def is_closed(self) -> bool:
        """Whether GES as a whole counts as being there."""
        return self._ges.is_closed

    def state_of(self, operation: Operation) -> CircuitState:
        """How it stands with one operation by itself at this moment.

        Args:
            operation: Which; writes have no circuit of their own, so theirs is always closed.
        """
        alone = self._alone.get(operation)
        return CircuitState.CLOSED if alone is None else alone.state

    @contextmanager
    def attempt(self, operation: Operation) -> Iterator[None]:
        """Let an attempt through, or not, and take note of what becomes of it.

        Args:
            operation: What is asked.

        Raises:
            GesCircuitOpenError: GES, or this operation of it, is down; nothing was sent.
        """
        probed = self._admit(operation)
        try:
            yield
        except GesError as error:
            if isinstance(error, _IS_DOWN):
                self._failed(operation, error, probed)
            else:
                self._answered(operation)
            raise
        else:
            self._answered(operation)
        finally:
            # Also where it was cancelled: what GES would have said is not known, another may try.
            if probed is not None:
                probed.end_probe()

    def _admit(self, operation: Operation) -> _Breaker | None:
        """Let an attempt through; gives what it is to find out about, if anything."""
        of_ges, of_operation = self.state, self.state_of(operation)
        is_refused = CircuitState.OPEN in {of_ges, of_operation}
        if is_refused or (operation.is_write and of_ges is not CircuitState.CLOSED):
            raise GesCircuitOpenError(operation=operation)
        probed: _Breaker | None = None
        # What fails by itself does not find out about GES: another read does.
        if of_operation is CircuitState.HALF_OPEN:
            probed = self._alone[operation]
        elif of_ges is CircuitState.HALF_OPEN:
            probed = self._ges
        if probed is not None:
            probed.begin_probe()
        return probed

    def _answered(self, operation: Operation) -> None:
        self._in_a_row.clear()
        if not self._ges.is_closed:
            telemetry.circuit_closed()
            self._ges.close()
        if operation in self._alone:
            self._alone[operation].close()

    def _failed(self, operation: Operation, error: GesError, probed: _Breaker | None) -> None:
        if probed is not None:
            probed.stay_open()
        elif self._ges.is_closed and self.state_of(operation) is CircuitState.CLOSED:
            self._count(operation, is_of_connection=isinstance(error, _OF_THE_CONNECTION))

    def _count(self, operation: Operation, *, is_of_connection: bool) -> None:
        self._in_a_row[None if is_of_connection else operation] += 1
        if self._is_enough(self._in_a_row.total()) and self._is_of_ges():
            self._in_a_row.clear()
            self._ges.open()
            telemetry.circuit_opened()
        elif not is_of_connection and not operation.is_write:
            self._count_alone(operation)

    def _count_alone(self, operation: Operation) -> None:
        alone = self._alone.setdefault(operation, _Breaker(self._policy, self._clock))
        alone.failures += 1
        if self._is_enough(alone.failures):
            # What is left alone by itself is no sign that GES is down.
            self._in_a_row.pop(operation, None)
            alone.open()
            telemetry.operation_left_alone(operation)

    def _is_enough(self, failures: int) -> bool:
        return 0 < self._policy.failures <= failures

    def _is_of_ges(self) -> bool:
        """Whether failures in a row are of the connection, or of several operations."""
        left_alone = {each for each, alone in self._alone.items() if not alone.is_closed}
        return None in self._in_a_row or len(self._in_a_row.keys() | left_alone) > 1
