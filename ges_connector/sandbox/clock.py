"""The one clock of a sandbox: real time, or time that stands still until it is told to move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Literal

EARLIEST_AT = datetime(1971, 1, 1, tzinfo=UTC)
LATEST_AT = datetime(9000, 1, 1, tzinfo=UTC)


def _system_now() -> datetime:
    return datetime.now(UTC)


class VirtualClock:
    """Tells every part of a sandbox the time; mutable by design.

    In real mode it runs at the pace of the system clock, from wherever it was set; in frozen mode
    it stands still. In both it can be advanced, and in neither does it ever go backwards, not even
    when the system clock is corrected.

    Args:
        mode: Whether it runs or stands.
        at: Where it starts, any zone; the system's time when absent.
        system: Reads the system clock, aware UTC.

    Raises:
        ValueError: `at` is naive, or not between 1971 and 9000.
    """

    def __init__(
        self,
        mode: Literal["real", "frozen"] = "real",
        at: datetime | None = None,
        *,
        system: Callable[[], datetime] = _system_now,
    ) -> None:
        self._system = system
        self._mode: Literal["real", "frozen"] = mode
        self._set_at = _usable(at or system())
        self._system_at = system()

    @property
    def mode(self) -> Literal["real", "frozen"]:
        """Whether the clock runs ("real") or stands ("frozen")."""
        return self._mode

    def now(self) -> datetime:
        """Returns the current instant, aware UTC; never earlier than any returned before."""
        if self._mode == "real":
            system_at = self._system()
            if system_at > self._system_at:
                passed = system_at - self._system_at
                self._set_at = min(self._set_at + passed, LATEST_AT)
            self._system_at = system_at
        return self._set_at

    def freeze(self, at: datetime | None = None) -> None:
        """Stops the clock, now or at a later instant.

        Raises:
            ValueError: `at` is naive, already past, or beyond the year 9000.
        """
        self._move_to(at)
        self._mode = "frozen"

    def run(self, at: datetime | None = None) -> None:
        """Lets the clock run at real pace, from now or from a later instant.

        Raises:
            ValueError: `at` is naive, already past, or beyond the year 9000.
        """
        self._move_to(at)
        self._system_at = self._system()
        self._mode = "real"

    def advance(self, seconds: float) -> None:
        """Moves the clock ahead; a running clock keeps running from there.

        Raises:
            ValueError: `seconds` is negative, no finite number, or leads beyond the year 9000.
        """
        self._set_at = self.ahead(seconds)

    def ahead(self, seconds: float) -> datetime:
        """The instant so many seconds from now, which the clock could be moved to.

        Raises:
            ValueError: `seconds` is negative, no finite number, or leads beyond the year 9000.
        """
        if not isfinite(seconds) or seconds < 0:
            msg = "the clock only goes forwards; seed the sandbox anew to start earlier"
            raise ValueError(msg)
        try:
            return _usable(self.now() + timedelta(seconds=seconds))
        except OverflowError as error:
            raise ValueError("the clock cannot go beyond the year 9000") from error

    def _move_to(self, at: datetime | None) -> None:
        current = self.now()
        target = current if at is None else _usable(at)
        if target < current:
            msg = "the clock only goes forwards; seed the sandbox anew to start earlier"
            raise ValueError(msg)
        self._set_at = target


def _usable(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone, for example 2026-01-05T08:00:00Z")
    if not EARLIEST_AT <= at <= LATEST_AT:
        raise ValueError("the clock runs between the years 1971 and 9000")
    return at.astimezone(UTC)
