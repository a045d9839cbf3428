"""The line of a virtual queue: who is before whom.

Higher priority goes first, and at the same priority whoever joined earlier. Calls that ring in have
priority 0. A callback keeps its place while its customer is being dialled and between attempts.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Protocol


class Entrant(Protocol):
    """Somebody in line: a customer who rang, or the virtual call of a callback (rule 2)."""

    @property
    def wants_agent(self) -> bool:
        """Whether the next free agent may be given to this entrant."""
        ...

    @property
    def is_waiting(self) -> bool:
        """Whether an agent's time will be needed for this entrant and none is reserved yet."""
        ...

    def take_agent(self) -> None:
        """Receives an agent, who is busy from now on."""
        ...


_Place = tuple[float, datetime, int]


class Line:
    """Entrants in their order; each is in line once."""

    def __init__(self) -> None:
        self._places: list[tuple[_Place, Entrant]] = []
        self._place_of: dict[Entrant, _Place] = {}
        self._order = count()

    def join(self, entrant: Entrant, *, priority: float, joined_at: datetime) -> None:
        """Puts an entrant behind everyone of its priority who joined up to then."""
        place = (-priority, joined_at, next(self._order))
        self._place_of[entrant] = place
        insort(self._places, (place, entrant), key=_place)

    def leave(self, entrant: Entrant) -> None:
        """Takes an entrant out of the line; no effect on one who is not in it."""
        place = self._place_of.pop(entrant, None)
        if place is not None:
            del self._places[bisect_left(self._places, place, key=_place)]

    def position(self, entrant: Entrant) -> int:
        """Returns 1 for the first in line.

        Raises:
            KeyError: The entrant is not in line.
        """
        return bisect_left(self._places, self._place_of[entrant], key=_place) + 1

    def waiting_ahead(self, entrant: Entrant) -> int:
        """Counts those in front of an entrant who still need an agent."""
        ahead = self._places[: self.position(entrant) - 1]
        return sum(other.is_waiting for _, other in ahead)

    def next_wanting_agent(self) -> Entrant | None:
        """Returns the first in line who can be given an agent now."""
        return next((entrant for _, entrant in self._places if entrant.wants_agent), None)

    def __contains__(self, entrant: Entrant) -> bool:
        return entrant in self._place_of

    def __iter__(self) -> Iterator[Entrant]:
        return iter([entrant for _, entrant in self._places])

    def __len__(self) -> int:
        return len(self._places)


def _place(placed: tuple[_Place, Entrant]) -> _Place:
    return placed[0]
