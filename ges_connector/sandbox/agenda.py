"""What is due next on the contact-centre floor, and in which order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

Action = Callable[[], None]


def later(at: datetime, seconds: float) -> datetime | None:
    """Returns the instant so many seconds after another; None beyond the calendar's end."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return None


class Agenda:
    """Runs planned actions in the order of their time, and of their planning at the same time.

    What happens depends on the plan alone, never on how often somebody looks at it: running to
    noon and then to one o'clock does the same as running to one o'clock.

    Attributes:
        now: The instant everything up to which has happened; aware UTC.
    """

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._planned: list[tuple[datetime, int, Action]] = []
        self._order = count()

    def at(self, when: datetime | None, action: Action) -> None:
        """Plans an action; for a time already past it is due at once, for None it never is."""
        if when is not None:
            heappush(self._planned, (max(when, self.now), next(self._order), action))

    def after(self, seconds: float, action: Action) -> None:
        """Plans an action some seconds from now."""
        self.at(later(self.now, seconds), action)

    def run_until(self, end: datetime) -> None:
        """Does everything due up to and including `end`; an earlier `end` changes nothing."""
        while self._planned and self._planned[0][0] <= end:
            self.now, _, action = heappop(self._planned)
            action()
        self.now = max(self.now, end)
