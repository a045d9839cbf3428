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

_IN_DOUBT: Final = timedelta(days=1)
"""So long after its time something that nobody knows of may still be counted with."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    callback_id: str | None
    """Of what GES holds all the same; None if it never took effect."""
    at: datetime
    """When the call was to be, or when it was asked for."""
    may_be_known: bool = False


class Doubts:
    """All that is in doubt in one conversation."""

    def __init__(self) -> None:
        self._open: list[_Doubt] = []

    def add(self, callback_id: str | None, at: datetime | None) -> None:
        """Take one in.

        Args:
            callback_id: Of what GES holds; None if it holds nothing.
            at: When the call is to be, or when it was asked for; None if nobody can tell.
        """
        if at is not None:
            self._open.append(_Doubt(callback_id, at))

    def settle(self) -> None:
        """Forget all: it was told what came of them."""
        self._open = []

    def settle_one(self, held: str | None) -> None:
        """Forget one of which it was told that it is there; of the others it may have been.

        Args:
            held: Id of the callback that the conversation holds now.
        """
        there = [each for each in self._open if each.callback_id is not None]
        settled = next((each for each in there if each.callback_id == held), None)
        settled = settled or next(reversed(there), None)
        self._open = [each for each in self._open if each is not settled]
        self.blur(lambda _: True)

    def blur_at(self, at: datetime | None) -> None:
        """Take in that one that is there at this time may have been told of."""
        self.blur(lambda each: each.callback_id is not None and each.at == at)

    def blur(self, is_meant: Callable[[_Doubt], bool]) -> None:
        """Take in that some may be known by now."""
        self._open = [
            replace(each, may_be_known=True) if is_meant(each) else each for each in self._open
        ]

    def are_there(self, now: datetime | None) -> bool:
        """Whether one is in doubt for sure."""
        return any(_is_open(each, now) and not each.may_be_known for each in self._open)

    def may_be_there(self, now: datetime | None) -> bool:
        """Whether one may be in doubt."""
        return any(_is_open(each, now) for each in self._open)


def _is_open(doubt: _Doubt, now: datetime | None) -> bool:
    return now is not None and now <= doubt.at + _IN_DOUBT
