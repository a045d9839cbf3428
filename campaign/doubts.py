"""What a customer was told that nobody knows, each by itself, until it is known or long past. Pure.

What the assistant comes to know it tells, but not always of which: of two at the same time either
may be meant. Of what may be known by then nothing is demanded any more; that it is still called in
doubt is no fault.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from campaign.ledger import Attempt

_IN_DOUBT: Final = timedelta(days=1)
"""So long after its time something that nobody knows of may still be counted with."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    attempt: Attempt | None
    """The booking, as far as it arrived; None if nothing did."""
    at: datetime | None
    """When the call was to be, or when it was asked for; None if nobody can tell."""
    is_open: bool = True
    """Whether something may still come of it, as far as anybody was told."""
    may_be_known: bool = False

    @property
    def callback_id(self) -> str | None:
        """Of what GES holds all the same; None if it never took effect."""
        return None if self.attempt is None else self.attempt.callback_id

    def is_there(self, now: datetime | None) -> bool:
        """Whether it is in doubt, or may be."""
        if now is None or self.at is None:
            return False
        return self.is_open and now <= self.at + _IN_DOUBT


class Doubts:
    """All that is or was in doubt in one conversation."""

    def __init__(self) -> None:
        self._all: list[_Doubt] = []

    @property
    def sent(self) -> list[Attempt]:
        """The bookings that arrived of which nobody knew, the last one last."""
        return [each.attempt for each in self._all if each.attempt is not None]

    def add(self, attempt: Attempt | None, at: datetime | None) -> None:
        """Take one in.

        Args:
            attempt: The booking; None if it never arrived.
            at: When the call is to be, or when it was asked for; None if nobody can tell.
        """
        self._all.append(_Doubt(attempt, at))

    def remove(self, attempt: Attempt) -> None:
        """Forget one that came to be known beside others."""
        self._all = [each for each in self._all if each.attempt is not attempt]

    def settle(self) -> None:
        """Take in that it was told what came of all."""
        self._all = [replace(each, is_open=False) for each in self._all]

    def settle_one(self, held: str | None, told: Attempt | None = None) -> set[str]:
        """Take in that one was told to be there; of the others it may have been.

        Args:
            held: Id of the callback that the conversation holds now.
            told: The booking at the time that was told, if a time was.

        Returns:
            Its id, if there is one.
        """
        there = [each for each in self._all if each.callback_id is not None]
        settled = next((each for each in there if each.callback_id == held), None)
        settled = settled or next((each for each in there if each.attempt is told), None)
        settled = settled or next((each for each in reversed(there) if each.is_open), None)
        self._all = [
            replace(each, is_open=False) if each is settled else each for each in self._all
        ]
        self.blur(lambda _: True)
        return set() if settled is None else {str(settled.callback_id)}

    def blur_at(self, at: datetime | None) -> None:
        """Take in that one that is there at this time, or in turn, may have been told of."""
        meant = [x for x in self.sent if x.callback_id is not None and x.desired_at == at]
        self.blur(lambda each: each.attempt in meant)

    def blur(self, is_meant: Callable[[_Doubt], bool]) -> None:
        """Take in that some may be known by now."""
        self._all = [
            replace(each, may_be_known=True) if is_meant(each) else each for each in self._all
        ]

    def are_there(self, now: datetime | None) -> bool:
        """Whether one is in doubt for sure."""
        return any(each.is_there(now) and not each.may_be_known for each in self._all)

    def may_be_there(self, now: datetime | None) -> bool:
        """Whether one may be in doubt."""
        return any(each.is_there(now) for each in self._all)
