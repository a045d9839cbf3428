"""From seconds to what a customer is told about a wait: a rounded range, never the raw number.

An estimate is one moment's guess, so its range always holds it, leans to the late side, and is the
wider the longer the wait.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from ges_connector.language.quantities import WaitRange

if TYPE_CHECKING:
    from ges_connector.callbacks.profile import WaitPolicy

_SECONDS_A_MINUTE = 60
# Below so many minutes, waits are told in steps of so many.
_STEPS_MINUTES = ((5, 1), (30, 5), (60, 15))
_LONGEST_STEP_MINUTES = 30
_CODE = re.compile(r"<(\d{1,5})|>(\d{1,5})|(\d{1,5})-(\d{1,5})")


class WaitKind(StrEnum):
    """The form in which a wait is told."""

    UNKNOWN = "unknown"
    """Nobody can say; never told as no wait."""
    UNTOLD = "untold"
    """The contact centre does not want waits to be told."""
    LESS_THAN = "less_than"
    RANGE = "range"
    MORE_THAN = "more_than"


@dataclass(frozen=True, slots=True)
class WaitTold:
    """What a customer is told about a wait.

    Attributes:
        kind: Its form.
        minutes: The range, for `language.formats.tell_wait`; None if there is nothing to tell.
    """

    kind: WaitKind
    minutes: WaitRange | None = None

    @property
    def code(self) -> str:
        """A short form without language, for slots and user data: `5-10`, `<2`, `>120`, `unknown`.

        Minutes.
        """
        if self.minutes is None:
            return self.kind.value
        low, high = self.minutes.at_least_minutes, self.minutes.at_most_minutes
        if self.kind is WaitKind.LESS_THAN:
            return f"<{high}"
        return f">{low}" if self.kind is WaitKind.MORE_THAN else f"{low}-{high}"

    @property
    def seconds(self) -> float | None:
        """The far end of what is told, of "more than" the near one; None if nothing is told."""
        if self.minutes is None:
            return None
        low, high = self.minutes.at_least_minutes, self.minutes.at_most_minutes
        minutes = low if high is None else high
        return None if minutes is None else float(minutes * _SECONDS_A_MINUTE)

    def steadied(self, before: Self | None) -> Self:
        """Return what was told before as long as it holds.

        Ranges that begin alike hold the same estimates, and the end of one is only padded more than
        that of the other: to hear both within a minute means nothing, and unsettles.

        Args:
            before: What was told before; None if nothing was.
        """
        if before is None or before.minutes is None or self.minutes is None:
            return self
        is_alike = before.minutes.at_least_minutes == self.minutes.at_least_minutes
        is_range = self.kind is before.kind is WaitKind.RANGE
        return before if is_range and is_alike else self

    @classmethod
    def from_code(cls, code: object) -> Self:
        """Read a `code` back; anything else counts as unknown."""
        if code == WaitKind.UNTOLD:
            return cls(WaitKind.UNTOLD)
        match = _CODE.fullmatch(code) if isinstance(code, str) else None
        if match is None:
            return cls(WaitKind.UNKNOWN)
        below, above, low, high = (None if part is None else int(part) for part in match.groups())
        try:
            if below is not None:
                return cls(WaitKind.LESS_THAN, WaitRange(None, below))
            if above is not None:
                return cls(WaitKind.MORE_THAN, WaitRange(above, None))
            return cls(WaitKind.RANGE, WaitRange(low, high))
        except ValueError:
            return cls(WaitKind.UNKNOWN)


def tell_as_range(wait_seconds: float | None, policy: WaitPolicy) -> WaitTold:
    """Round an estimated wait to what is told.

    Args:
        wait_seconds: The estimate; None where GES says -1, which means unknown and never zero.
        policy: How waits are told.

    Returns:
        A range in steps of 1 minute below 5, of 5 below 30, of 15 below 60, of 30 beyond. Its lower
        end is not above the estimate, its upper end not below it.
    """
    if policy.told_as == "never":
        return WaitTold(WaitKind.UNTOLD)
    if wait_seconds is None:
        return WaitTold(WaitKind.UNKNOWN)
    minutes = wait_seconds / _SECONDS_A_MINUTE
    if minutes < policy.floor_minutes:
        return WaitTold(WaitKind.LESS_THAN, WaitRange(None, policy.floor_minutes))
    if minutes >= policy.cap_minutes:
        return WaitTold(WaitKind.MORE_THAN, WaitRange(policy.cap_minutes, None))
    low = max(_rounded(minutes, up=False), policy.floor_minutes)
    padded = minutes * (1 + policy.padding_percent / 100)
    high = min(max(_rounded(padded, up=True), low + _step(low)), policy.cap_minutes)
    if policy.told_as == "at_most":
        return WaitTold(WaitKind.LESS_THAN, WaitRange(None, high))
    return WaitTold(WaitKind.RANGE, WaitRange(low, high))


def _step(minutes: float) -> int:
    for below, step in _STEPS_MINUTES:
        if minutes < below:
            return step
    return _LONGEST_STEP_MINUTES


def _rounded(minutes: float, *, up: bool) -> int:
    step = _step(minutes)
    steps = minutes // step
    return int(steps + (1 if up and minutes > steps * step else 0)) * step
