"""Every event that can be announced is counted under words of closed sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, get_args

import pytest

from ges_connector.callbacks import CallbackConfig, events
from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.counting import begin, count
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.telemetry.instruments import MEASURES, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

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


CONFIG = CallbackConfig.from_yaml(
    "topics:\n"
    "  first_of_all:\n"
    "    service_name: Billing_DE\n"
    '    static_number: "+493023125000"\n'
    "    office_zone: Europe/Berlin\n"
    "    countries: [DE]\n"
    "    languages: [en, de]\n"
)


def series(registry: CollectorRegistry) -> set[tuple[str, frozenset[tuple[str, str]]]]:
    return {
        (sample.name, frozenset(sample.labels.items()))
        for metric in registry.collect()
        for sample in metric.samples
    }


def test_what_happens_for_the_first_time_is_no_new_series(counting: CollectorRegistry) -> None:
    begin(CONFIG)
    before = series(counting)
    for language, channel in product(("en", "de"), ("chat", "voice")):
        scene = replace(SCENE, profile="first_of_all", language=language, channel=channel)
        for event, _, _ in COUNTED:
            count(replace(event, scene=scene))
    assert series(counting) == before


def test_no_counter_waits_for_its_first_event(counting: CollectorRegistry) -> None:
    begin(CONFIG)
    there = {name for name, _ in series(counting)}
    wanted = {each.exposed_name for each in MEASURES.values() if each.kind is Kind.COUNTER}
    assert wanted <= there


def test_what_was_counted_stays_when_a_configuration_is_taken_up(
    counted: Callable[..., float],
) -> None:
    begin(CONFIG)
    scene = replace(SCENE, profile="first_of_all")
    count(events.Booked(scene, ASAP))
    begin(CONFIG)
    labels = {**OF_SCENE, "topic": "first_of_all", "kind": "asap"}
    assert counted("ges_callback_bookings_total", **labels) == 1
