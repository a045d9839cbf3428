"""Every event that can be announced is counted under words of closed sets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import pytest

from ges_connector.callbacks import events
from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.counting import count
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
from ges_connector.callbacks.offer import Rung, Situation

if TYPE_CHECKING:
    from collections.abc import Callable

SCENE = events.Scene(
    datetime(2026, 1, 12, tzinfo=UTC), "billing", "en", "chat", "conversation-c0ffee"
)
OF_SCENE = {"topic": "billing", "language": "en", "channel": "chat"}
ASAP = CallbackKind.ASAP
COUNTED: list[tuple[events.CallbackEvent, str, dict[str, str]]] = [
    (events.Offered(SCENE, Situation.USUAL, (Rung.ASAP,)), "offers", {"situation": "usual"}),
    (events.NotOffered(SCENE, Situation.CLOSED), "offers_missed", {"situation": "closed"}),
    (events.Accepted(SCENE, ASAP), "offers_accepted", {"kind": "asap"}),
    (events.Declined(SCENE), "offers_declined", {"instead": "nothing"}),
    (events.Declined(SCENE, for_number=True), "offers_declined", {"instead": "number"}),
    (events.Booked(SCENE, ASAP), "bookings", {"kind": "asap"}),
    (
        events.Refused(SCENE, ASAP, BookingOutcome.SLOT_TAKEN),
        "refusals",
        {"kind": "asap", "outcome": "slot_taken"},
    ),
    (events.Unconfirmed(SCENE, ASAP), "unconfirmed", {"what": "booking"}),
    (events.Clarified(SCENE, ASAP, BookingOutcome.BOOKED), "clarified", {"outcome": "booked"}),
    (
        events.Moved(SCENE, ASAP, MoveOutcome.UNCONFIRMED, BookingOutcome.UNCONFIRMED),
        "moves",
        {"outcome": "unconfirmed"},
    ),
    (
        events.Moved(SCENE, ASAP, MoveOutcome.UNCONFIRMED, BookingOutcome.UNCONFIRMED),
        "unconfirmed",
        {"what": "move"},
    ),
    (events.Cancelled(SCENE, CancelOutcome.GONE), "cancellations", {"outcome": "gone"}),
    (
        events.Cancelled(SCENE, CancelOutcome.UNCONFIRMED),
        "unconfirmed",
        {"what": "cancellation"},
    ),
    (events.NumberGiven(SCENE, Rung.CALL_IN), "numbers_given", {"rung": "call_in"}),
]


@pytest.mark.parametrize(("event", "name", "labels"), COUNTED, ids=range(len(COUNTED)))
def test_an_event_counts_one(
    event: events.CallbackEvent, name: str, labels: dict[str, str], counted: Callable[..., float]
) -> None:
    count(event)
    assert counted(f"ges_callback_{name}_total", **OF_SCENE, **labels) == 1


@pytest.mark.parametrize(
    "kind",
    [events.Offered, events.NotOffered, events.WaitAnswered],
    ids=lambda kind: str(kind.name),
)
def test_a_wait_that_was_told_is_in_the_bucket_of_its_far_end(
    kind: Any, counted: Callable[..., float]
) -> None:
    more = {"rungs": (Rung.ASAP,)} if kind is events.Offered else {}
    told = kind(scene=SCENE, situation=Situation.USUAL, told_seconds=600.0, **more)
    untold = kind(scene=SCENE, situation=Situation.USUAL, wait_seconds=60.0, **more)
    for event in (told, untold):
        count(event)
    buckets = "ges_callback_wait_told_seconds_bucket"
    assert counted(buckets, topic="billing", le="300.0") == 0
    assert counted(buckets, topic="billing", le="600.0") == 1


def test_there_is_no_event_that_nobody_counts() -> None:
    tried = {type(event) for event, _, _ in COUNTED} | {events.WaitAnswered}
    assert tried == {*get_args(events.CallbackEvent)}
