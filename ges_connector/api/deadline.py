"""One budget of time for a whole piece of work, passed down and shared by all its calls."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment after which nobody waits for the answer any more.

    Make one at the start of a turn with `after` and hand it to every call of that turn: what one
    call uses up is missing from the next. It is a moment of this process's monotonic clock, so it
    does not move with the wall clock and must not travel to another process.

    Attributes:
        monotonic_seconds: The moment, in seconds of `clock`.
        clock: Where the present moment comes from, in seconds.
    """

    monotonic_seconds: float
    clock: Callable[[], float] = field(default=time.monotonic, repr=False, compare=False)

    @classmethod
    def after(cls, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> Self:
        """Begin a budget of so many seconds now."""
        return cls(clock() + seconds, clock)

    @property
    def remaining_seconds(self) -> float:
        """What is left of the budget; zero once it is spent."""
        return max(0.0, self.monotonic_seconds - self.clock())

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.remaining_seconds <= 0.0
