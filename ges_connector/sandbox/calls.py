"""Chance behind the customers who ring by themselves, and behind the length of every call.

Each queue draws from streams of its own. Bookings never touch them, so the same customers ring at
the same instants whatever is booked.
"""

from dataclasses import dataclass
from random import Random

from ges_connector.sandbox.seed import Traffic
from ges_connector.sandbox.seeded import stream

_SECONDS_AN_HOUR = 3600
# Calls of a length seldom far from the mean: the shape of a gamma distribution.
_LENGTH_SHAPE = 4.0


@dataclass(frozen=True, slots=True)
class Conversation:
    """How a call with an agent goes; all in seconds, the hold counted from the beginning.

    Attributes:
        length_seconds: How long the agent is busy.
        hold_from_seconds: When the customer is put on hold.
        hold_until_seconds: When the agent comes back; the same as `hold_from_seconds` in a call
            without a hold.
    """

    length_seconds: float
    hold_from_seconds: float = 0.0
    hold_until_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Call:
    """A customer who rings: how long they wait before hanging up, and how the call would go."""

    patience_seconds: float
    conversation: Conversation


def draw_conversation(source: Random, traffic: Traffic) -> Conversation:
    """Draws how one call goes."""
    length = source.gammavariate(_LENGTH_SHAPE, traffic.handle_seconds / _LENGTH_SHAPE)
    is_held = source.random() < traffic.hold_share
    first, second = sorted((source.random(), source.random()))
    if not is_held:
        return Conversation(length)
    return Conversation(length, first * length, second * length)


def draw_call(source: Random, traffic: Traffic) -> Call:
    """Draws one customer who rings."""
    patience = source.expovariate(1.0) * traffic.patience_seconds
    return Call(patience, draw_conversation(source, traffic))


def callback_conversation(seed: int, callback_id: object, traffic: Traffic) -> Conversation:
    """Draws how the call of one callback goes, the same whenever it is asked."""
    return draw_conversation(stream(seed, "conversation", str(callback_id)), traffic)


class Arrivals:
    """A Poisson process of customers who ring one queue."""

    def __init__(self, seed: int, queue: str, traffic: Traffic) -> None:
        self._gaps = stream(seed, "arrivals", queue)
        self._calls = stream(seed, "calls", queue)
        self._traffic = traffic

    def gap_seconds(self, calls_per_hour: float) -> float:
        """Draws the time to the next customer; the rate must be above 0."""
        return self._gaps.expovariate(1.0) * _SECONDS_AN_HOUR / calls_per_hour

    def next_call(self) -> Call:
        """Draws the next customer."""
        return draw_call(self._calls, self._traffic)
