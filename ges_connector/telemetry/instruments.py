"""Every metric there is: its name, its labels, its meaning. The dashboard and the alerts use these.

The values of every label come from a closed set: the words of an enumeration, or the names in the
configuration. No number, id or text of a customer is ever one; a test plants some and looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from opentelemetry import metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.metrics import Counter, Histogram, UpDownCounter

_METER: Final = metrics.get_meter("ges_callback")


class Kind(StrEnum):
    """How an instrument counts."""

    COUNTER = "counter"
    """Only ever up."""
    LEVEL = "level"
    """Up and down: what is so at this moment, in all processes that live."""
    HISTOGRAM = "histogram"
    """How many values up to which bound."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What there is to know of one metric.

    Attributes:
        name: As OpenTelemetry calls it.
        kind: How it counts.
        description: What it says.
        labels: Names of its labels.
        unit: `s`, or nothing for plain numbers.
        bounds: Upper bounds of a histogram's buckets, in its unit.
        from_start: Values of its labels that are shown before anything was counted: a first one
            that comes with its series is no increase to Prometheus.
    """

    name: str
    kind: Kind
    description: str
    labels: tuple[str, ...] = ()
    unit: str = ""
    bounds: tuple[float, ...] = ()
    from_start: tuple[tuple[str, ...], ...] = ()

    @property
    def exposed_name(self) -> str:
        """As Prometheus calls it."""
        name = self.name.replace(".", "_") + ("_seconds" if self.unit == "s" else "")
        return f"{name}_total" if self.kind is Kind.COUNTER else name

    @property
    def series(self) -> tuple[str, ...]:
        """The names under which Prometheus keeps it."""
        name = self.exposed_name
        if self.kind is not Kind.HISTOGRAM:
            return (name,)
        return (f"{name}_bucket", f"{name}_sum", f"{name}_count")


_measures: dict[str, Measure] = {}
MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(_measures)
"""All of them, by OpenTelemetry's name."""


def _counter(name: str, description: str, *labels: str) -> Counter:
    measure = Measure(f"ges_callback.{name}", Kind.COUNTER, description, labels)
    _measures[measure.name] = measure
    return _METER.create_counter(measure.name, description=description)


def _level(name: str, description: str) -> UpDownCounter:
    measure = Measure(f"ges_callback.{name}", Kind.LEVEL, description)
    _measures[measure.name] = measure
    return _METER.create_up_down_counter(measure.name, description=description)


def _seconds(
    name: str,
    description: str,
    bounds: tuple[float, ...],
    *labels: str,
    from_start: tuple[tuple[str, ...], ...] = (),
) -> Histogram:
    measure = Measure(
        f"ges_callback.{name}", Kind.HISTOGRAM, description, labels, "s", bounds, from_start
    )
    _measures[measure.name] = measure
    return _METER.create_histogram(
        measure.name,
        unit="s",
        description=description,
        explicit_bucket_boundaries_advisory=bounds,
    )


# A deadline is 4 s for a question and 10 s for a booking, unless it is configured otherwise.
_CALL_BOUNDS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
# The ends of the ranges in which waits are told.
_WAIT_BOUNDS: Final = (120.0, 300.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0, 5400.0, 7200.0)

# The words of `ges_connector.api`, which this module lies below; a test compares them.
_OPERATIONS: Final = (
    "create_callback",
    "retrieve_callback",
    "cancel_callback",
    "availability",
    "open_for",
    "queue_status",
    "estimated_wait_time",
    "request_call_in",
    "statistics",
)

SCENE: Final = ("topic", "language", "channel")
"""Labels of everything that happens in a conversation."""

OFFERS = _counter("offers", "Callbacks offered, once for each arrangement", *SCENE, "situation")
OFFERS_MISSED = _counter(
    "offers.missed", "Requests for which no callback could be offered", *SCENE, "situation"
)
OFFERS_ACCEPTED = _counter("offers.accepted", "Offers that were agreed to", *SCENE, "kind")
OFFERS_DECLINED = _counter(
    "offers.declined", "Offers left, for a number to ring or for nothing", *SCENE, "instead"
)
BOOKINGS = _counter("bookings", "Callbacks that GES confirmed", *SCENE, "kind")
REFUSALS = _counter(
    "refusals", "Callbacks that were certainly not booked", *SCENE, "kind", "outcome"
)
UNCONFIRMED = _counter(
    "unconfirmed", "Sent without an answer: a booking, a move or a cancellation", *SCENE, "what"
)
CLARIFIED = _counter("clarified", "Unconfirmed ones whose answer came late", *SCENE, "outcome")
MOVES = _counter("moves", "Moves of a callback, by what they came to", *SCENE, "outcome")
CANCELLATIONS = _counter("cancellations", "Cancellations, by what they came to", *SCENE, "outcome")
NUMBERS_GIVEN = _counter(
    "numbers.given", "Last rungs of the ladder: numbers to ring that were told", *SCENE, "rung"
)
WAIT_TOLD = _seconds(
    "wait.told", "Waits as they were told, by their far end", _WAIT_BOUNDS, "topic"
)

TURNS_IN_PROGRESS = _level("turns.in_progress", "Actions being worked on now")
TURN_SECONDS = _seconds(
    "turn.duration",
    "How long actions take",
    _CALL_BOUNDS,
    "result",
    from_start=(("done",), ("failed",)),
)

CALL_SECONDS = _seconds(
    "ges.call.duration",
    "How long attempts at GES take",
    _CALL_BOUNDS,
    "operation",
    "result",
    from_start=tuple(product(_OPERATIONS, ("ok", "refused", "failed"))),
)
CALL_ERRORS = _counter(
    "ges.call.errors", "Attempts at GES that failed, by the kind of error", "operation", "error"
)
CACHE_LOOKUPS = _counter(
    "cache.lookups", "Questions to GES, by where the answer came from", "operation", "result"
)
CIRCUITS_OPEN = _level("circuits.open", "Processes for which GES was down when last they asked")
