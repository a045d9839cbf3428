"""Counts what happens to callbacks: the subscriber of `events` behind the metrics."""

from __future__ import annotations

from functools import singledispatch
from itertools import product
from typing import TYPE_CHECKING, Final

from ges_connector.api import Operation
from ges_connector.api.telemetry import count_no_errors
from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.events import (
    Accepted,
    Booked,
    CallbackEvent,
    Cancelled,
    Clarified,
    Declined,
    Moved,
    NotOffered,
    NumberGiven,
    Offered,
    Refused,
    Unconfirmed,
    WaitAnswered,
)
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.callbacks.shelf import Source
from ges_connector.telemetry import instruments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.metrics import Counter

    from ges_connector.callbacks.profile import CallbackConfig


_CHANNELS: Final = ("chat", "voice")
_IN_DOUBT: Final = ("booking", "move", "cancellation")
_FOR_A_NUMBER, _FOR_NOTHING = "number", "nothing"
_CLEAR: Final = {*BookingOutcome} - {BookingOutcome.UNCONFIRMED}
_REFUSALS: Final = _CLEAR - {BookingOutcome.BOOKED, BookingOutcome.ALREADY_BOOKED}
_KEPT_FOR_OTHERS: Final = (
    Operation.QUEUE_STATUS,
    Operation.OPEN_FOR,
    Operation.ESTIMATED_WAIT_TIME,
    Operation.AVAILABILITY,
)
_POSSIBLE: Final[tuple[tuple[Counter, Mapping[str, Iterable[str]]], ...]] = (
    (instruments.OFFERS, {"situation": Situation}),
    (instruments.OFFERS_MISSED, {"situation": Situation}),
    (instruments.OFFERS_ACCEPTED, {"kind": CallbackKind}),
    (instruments.OFFERS_DECLINED, {"instead": (_FOR_A_NUMBER, _FOR_NOTHING)}),
    (instruments.BOOKINGS, {"kind": CallbackKind}),
    (instruments.REFUSALS, {"kind": CallbackKind, "outcome": _REFUSALS}),
    (instruments.UNCONFIRMED, {"what": _IN_DOUBT}),
    (instruments.CLARIFIED, {"outcome": _CLEAR}),
    (instruments.MOVES, {"outcome": MoveOutcome}),
    (instruments.CANCELLATIONS, {"outcome": CancelOutcome}),
    (instruments.NUMBERS_GIVEN, {"rung": (Rung.CALL_IN, Rung.STATIC_NUMBER)}),
)
"""What can happen in a conversation: each counter with the values of its own labels."""


def begin(config: CallbackConfig) -> None:
    """Count everything that can happen as not yet happened: to Prometheus a first one is none.

    What is counted already stays as it is.

    Args:
        config: Whose topics and languages there are.
    """
    for name, topic in config.topics.items():
        for language, channel in product(topic.languages, _CHANNELS):
            scene = {"topic": name, "language": language, "channel": channel}
            for counter, own in _POSSIBLE:
                for values in product(*own.values()):
                    counter.add(0, {**scene, **dict(zip(own, map(str, values), strict=True))})
    for operation, source in product(_KEPT_FOR_OTHERS, Source):
        instruments.CACHE_LOOKUPS.add(0, {"operation": operation.value, "result": source.value})
    count_no_errors()


def count(event: CallbackEvent) -> None:
    """Count an event."""
    _count(event)


def _one(counter: Counter, event: CallbackEvent, **labels: str) -> None:
    scene = event.scene
    about = {"topic": scene.profile, "language": scene.language, "channel": scene.channel}
    counter.add(1, {**about, **labels})


def _wait(event: Offered | NotOffered | WaitAnswered) -> None:
    if event.told_seconds is not None:
        instruments.WAIT_TOLD.record(event.told_seconds, {"topic": event.scene.profile})


@singledispatch
def _count(event: CallbackEvent) -> None:
    raise NotImplementedError(type(event).__name__)


@_count.register
def _(event: Offered) -> None:
    _one(instruments.OFFERS, event, situation=event.situation.value)
    _wait(event)


@_count.register
def _(event: NotOffered) -> None:
    _one(instruments.OFFERS_MISSED, event, situation=event.situation.value)
    _wait(event)


@_count.register
def _(event: WaitAnswered) -> None:
    _wait(event)


@_count.register
def _(event: Accepted) -> None:
    _one(instruments.OFFERS_ACCEPTED, event, kind=event.kind.value)


@_count.register
def _(event: Declined) -> None:
    instead = _FOR_A_NUMBER if event.for_number else _FOR_NOTHING
    _one(instruments.OFFERS_DECLINED, event, instead=instead)


@_count.register
def _(event: Booked) -> None:
    _one(instruments.BOOKINGS, event, kind=event.kind.value)


@_count.register
def _(event: Refused) -> None:
    _one(instruments.REFUSALS, event, kind=event.kind.value, outcome=event.outcome.value)


@_count.register
def _(event: Unconfirmed) -> None:
    _one(instruments.UNCONFIRMED, event, what="booking")


@_count.register
def _(event: Clarified) -> None:
    _one(instruments.CLARIFIED, event, outcome=event.outcome.value)


@_count.register
def _(event: Moved) -> None:
    _one(instruments.MOVES, event, outcome=event.outcome.value)
    if event.outcome is MoveOutcome.UNCONFIRMED:
        _one(instruments.UNCONFIRMED, event, what="move")


@_count.register
def _(event: Cancelled) -> None:
    _one(instruments.CANCELLATIONS, event, outcome=event.outcome.value)
    if event.outcome is CancelOutcome.UNCONFIRMED:
        _one(instruments.UNCONFIRMED, event, what="cancellation")


@_count.register
def _(event: NumberGiven) -> None:
    _one(instruments.NUMBERS_GIVEN, event, rung=event.rung.value)
