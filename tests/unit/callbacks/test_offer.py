"""What is offered, by table and over every combination of facts."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ges_connector.api import (
    Availability,
    AvailabilitySlot,
    OfferTiming,
    OfferType,
    OpenFor,
    QueueStatus,
    VirtualQueueWait,
)
from ges_connector.callbacks import (
    Fact,
    Facts,
    Offer,
    Rung,
    Situation,
    TopicProfile,
    Trouble,
    WhyNot,
    decide_offer,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 1, 12, 11, 0, tzinfo=UTC)
LATE = datetime(2026, 1, 12, 19, 55, tzinfo=UTC)  # 20:55 in Berlin

PROFILE: dict[str, Any] = {
    "service_name": "Billing",
    "static_number": "+493023125001",
    "office_zone": "Europe/Berlin",
    "countries": ("DE",),
    "call_in_group": "billing_direct",
}


def profile(**changes: Any) -> TopicProfile:
    return TopicProfile.model_validate(PROFILE | changes)


def fact(value: Any, at: datetime = NOON) -> Fact[Any]:
    if value is None:
        return Fact(None, at, Trouble.UNREACHABLE)
    return Fact(value, at)


def queue(
    wait: float | None = 600, *, immediate: bool = True, scheduled: bool = True
) -> QueueStatus:
    return QueueStatus(
        wait_seconds=wait, offer_immediate_callback=immediate, offer_scheduled_callback=scheduled
    )


def slots(*hours_ahead: float, now: datetime = NOON, capacity: int = 1) -> Availability:
    starts = [now + timedelta(hours=hours) for hours in hours_ahead]
    listed = tuple(AvailabilitySlot(utc_time=start, capacity=capacity) for start in starts)
    return Availability(slots=listed, duration_minutes=30)


OPEN, CLOSED = OpenFor(open_for_seconds=5 * 3600), OpenFor(open_for_seconds=0)
NEVER_CLOSES = OpenFor(open_for_seconds=None)


def facts(
    status: QueueStatus | None = None,
    office: OpenFor | None = OPEN,
    free: Availability | None = None,
    *,
    waits: tuple[VirtualQueueWait, ...] | None = None,
    now: datetime = NOON,
) -> Facts:
    return Facts(
        queue=fact(status, now),
        open_for=fact(office, now),
        waits=None if waits is None else Fact(waits, now),
        availability=fact(free, now),
    )


def offered(known: Facts, now: datetime = NOON, **changes: Any) -> Offer:
    return decide_offer(known, profile(**changes), now=now, customer_zone=BERLIN)


FREE = slots(1, 2, 24)
BOTH = (Rung.ASAP, Rung.SCHEDULED, Rung.CALL_IN, Rung.STATIC_NUMBER)
AT_A_TIME = (Rung.SCHEDULED, Rung.CALL_IN, Rung.STATIC_NUMBER)
IN_TURN = (Rung.ASAP, Rung.CALL_IN, Rung.STATIC_NUMBER)
NUMBERS = (Rung.CALL_IN, Rung.STATIC_NUMBER)
NIGHT, UNREAD = (Rung.STATIC_NUMBER,), Situation.UNAVAILABLE

TABLE = [
    ("usual", facts(queue(), OPEN, FREE), BOTH, Situation.USUAL),
    ("wait unknown, taken all the same", facts(queue(None), OPEN, FREE), BOTH, "wait_unknown"),
    ("short wait", facts(queue(100), OPEN, FREE), BOTH, Situation.WAIT_SHORT),
    ("long wait", facts(queue(7200), OPEN, FREE), AT_A_TIME, Situation.WAIT_LONG),
    ("nobody there", facts(queue(None, immediate=False), OPEN, FREE), AT_A_TIME, "no_agent"),
    ("in turn refused", facts(queue(immediate=False), OPEN, FREE), AT_A_TIME, "refused"),
    ("at a time refused", facts(queue(scheduled=False), OPEN, FREE), IN_TURN, "usual"),
    (
        "both refused",
        facts(queue(immediate=False, scheduled=False), OPEN, FREE),
        NUMBERS,
        Situation.REFUSED,
    ),
    ("closed", facts(queue(), CLOSED, FREE), (Rung.SCHEDULED, Rung.STATIC_NUMBER), "closed"),
    ("closed and full", facts(queue(), CLOSED, slots()), (Rung.STATIC_NUMBER,), "closed"),
    (
        "closes before the call",
        facts(queue(900), OpenFor(open_for_seconds=1199), FREE),
        AT_A_TIME,
        Situation.CLOSING_SOON,
    ),
    ("closes after it", facts(queue(900), OpenFor(open_for_seconds=1200), FREE), BOTH, "usual"),
    (
        "closes so soon that the queue refuses too",
        facts(queue(900, immediate=False), OpenFor(open_for_seconds=60), FREE),
        AT_A_TIME,
        Situation.CLOSING_SOON,
    ),
    ("never closes", facts(queue(), NEVER_CLOSES, FREE), BOTH, Situation.USUAL),
    ("all times full", facts(queue(), OPEN, slots(1, capacity=0)), IN_TURN, Situation.USUAL),
    ("times within the lead only", facts(queue(), OPEN, slots(0.4)), IN_TURN, Situation.USUAL),
    ("times beyond the horizon only", facts(queue(), OPEN, slots(15 * 24)), IN_TURN, "usual"),
    ("queue does not answer", facts(None, OPEN, FREE), AT_A_TIME, Situation.UNAVAILABLE),
    ("office hours do not answer", facts(queue(), None, FREE), BOTH, Situation.USUAL),
    ("times do not answer", facts(queue(), OPEN, None), IN_TURN, Situation.USUAL),
    ("only the hours answer", facts(None, OPEN, None), NUMBERS, Situation.UNAVAILABLE),
    ("by night times do not answer", facts(queue(), CLOSED, None), NIGHT, UNREAD),
    ("only cached hours, by night", facts(None, CLOSED, None), NIGHT, UNREAD),
    ("refused, times do not answer", facts(queue(immediate=False), OPEN, None), NUMBERS, UNREAD),
    ("too long, times do not answer", facts(queue(7200), OPEN, None), NUMBERS, UNREAD),
    ("by night none refused", facts(queue(scheduled=False), CLOSED, None), NIGHT, "closed"),
    ("nothing answers", facts(None, None, None), (Rung.STATIC_NUMBER,), Situation.UNAVAILABLE),
]


@pytest.mark.parametrize(
    ("known", "rungs", "situation"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_rungs_of_a_situation(
    known: Facts, rungs: tuple[Rung, ...], situation: Situation | str
) -> None:
    offer = offered(known)
    assert offer.rungs == rungs
    assert offer.situation == situation


STATUSES = [
    None,
    *(
        queue(wait, immediate=immediate, scheduled=scheduled)
        for wait in (None, 0, 100, 600, 7200)
        for immediate in (True, False)
        for scheduled in (True, False)
    ),
]
OFFICES = [None, CLOSED, NEVER_CLOSES, OPEN, OpenFor(open_for_seconds=300)]
TIMES = [None, slots(), slots(1, capacity=0), FREE]
SETTINGS: list[dict[str, Any]] = [
    {},
    {"call_in_group": None},
    {"can_connect_now": True},
    {"offer": {"accept_new": False}},
    {"offer": {"immediate": False}},
    {"offer": {"scheduled": False}},
    {"offer": {"quiet_hours": None}},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_every_combination_of_facts_ends_in_a_true_offer(settings: dict[str, Any]) -> None:
    for now, status, office, free in product((NOON, LATE), STATUSES, OFFICES, TIMES):
        known = facts(status, office, free, now=now)
        offer = offered(known, now, **settings)
        missing = [rung for rung, _ in offer.missing]
        assert offer.rungs[-1] is Rung.STATIC_NUMBER
        assert sorted([*offer.rungs, *missing]) == sorted(Rung)
        if Rung.ASAP in offer.rungs:
            assert status is not None
            assert status.offer_immediate_callback
            assert office is not CLOSED
            assert (status.wait_seconds or 0) < 7200
            assert not (now is LATE and status.wait_seconds == 600 and "offer" not in settings)
        if Rung.SCHEDULED in offer.rungs:
            assert free is FREE or now is LATE
            assert offer.first_free_at is not None
            assert status is None or status.offer_scheduled_callback
        assert (offer.offer_type is None) == (not {Rung.ASAP, Rung.SCHEDULED} & {*offer.rungs})
        assert offer.is_callback_proposed <= bool(offer.offer_type)


def test_a_call_that_would_come_at_night_is_not_offered_in_turn() -> None:
    known = facts(queue(600), OPEN, slots(13, now=LATE), now=LATE)
    offer = offered(known, LATE)
    assert (offer.best, offer.why_not(Rung.ASAP)) == (Rung.SCHEDULED, WhyNot.NIGHT)
    assert offer.situation is Situation.NIGHT


def test_night_is_the_customers_not_the_offices() -> None:
    known = facts(queue(600), OPEN, FREE)
    tokyo = ZoneInfo("Asia/Tokyo")  # 20:00 there
    here = decide_offer(known, profile(), now=NOON, customer_zone=BERLIN)
    there = decide_offer(facts(queue(3600), OPEN, FREE), profile(), now=NOON, customer_zone=tokyo)
    assert here.best is Rung.ASAP
    assert there.why_not(Rung.ASAP) is WhyNot.NIGHT


def test_without_quiet_hours_a_call_may_come_at_night() -> None:
    known = facts(queue(600), OPEN, FREE, now=LATE)
    assert offered(known, LATE, offer={"quiet_hours": None}).best is Rung.ASAP


def test_a_short_wait_puts_connecting_first_and_proposes_no_callback() -> None:
    offer = offered(facts(queue(100), OPEN, FREE), can_connect_now=True)
    assert offer.rungs == (Rung.CONNECT_NOW, *BOTH)
    assert not offer.is_callback_proposed


def test_a_wait_worth_a_callback_puts_connecting_behind_it() -> None:
    offer = offered(facts(queue(180), OPEN, FREE), can_connect_now=True)
    assert offer.rungs == (
        Rung.ASAP,
        Rung.SCHEDULED,
        Rung.CONNECT_NOW,
        Rung.CALL_IN,
        Rung.STATIC_NUMBER,
    )
    assert offer.is_callback_proposed


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (facts(queue(), CLOSED, FREE), WhyNot.CLOSED),
        (facts(queue(None, immediate=False), OPEN, FREE), WhyNot.NO_AGENT),
    ],
    ids=["closed", "nobody there"],
)
def test_nobody_is_connected_to_nobody(known: Facts, why: WhyNot) -> None:
    assert offered(known, can_connect_now=True).why_not(Rung.CONNECT_NOW) is why


@pytest.mark.parametrize(
    ("rung", "known", "why"),
    [
        (Rung.SCHEDULED, facts(queue(scheduled=False), OPEN, FREE), WhyNot.REFUSED),
        (Rung.SCHEDULED, facts(queue(), OPEN, slots()), WhyNot.NO_FREE_TIME),
        (Rung.SCHEDULED, facts(queue(), OPEN, None), WhyNot.UNAVAILABLE),
        (Rung.CALL_IN, facts(queue(), CLOSED, FREE), WhyNot.CLOSED),
        (Rung.CALL_IN, facts(None, None, None), WhyNot.UNAVAILABLE),
        (Rung.ASAP, facts(None, OPEN, FREE), WhyNot.UNAVAILABLE),
        (Rung.ASAP, facts(queue(), OPEN, FREE), None),
    ],
    ids=str,
)
def test_a_missing_rung_has_its_reason(rung: Rung, known: Facts, why: WhyNot | None) -> None:
    assert offered(known).why_not(rung) is why


def test_new_callbacks_can_be_switched_off() -> None:
    offer = offered(facts(queue(), OPEN, FREE), offer={"accept_new": False})
    assert offer.rungs == NUMBERS
    assert offer.why_not(Rung.SCHEDULED) is WhyNot.SWITCHED_OFF


def test_times_that_nobody_asked_for_do_not_stand_in_the_way() -> None:
    known = Facts(queue=fact(queue()), open_for=fact(OPEN))
    assert Rung.SCHEDULED in offered(known).rungs
    blind = Facts(queue=fact(None), open_for=fact(OPEN))
    assert offered(blind).why_not(Rung.SCHEDULED) is WhyNot.UNAVAILABLE


@pytest.mark.parametrize(
    ("known", "kind", "timing"),
    [
        (facts(queue(), OPEN, FREE), OfferType.COMBINED, OfferTiming.ON_HOURS),
        (facts(queue(), OPEN, None), OfferType.ASAP, OfferTiming.ON_HOURS),
        (facts(queue(), CLOSED, FREE), OfferType.SCHEDULED, OfferTiming.OFF_HOURS),
        (facts(queue(), None, FREE), OfferType.COMBINED, None),
        (facts(None, None, None), None, None),
    ],
    ids=["both", "in turn", "at a time", "hours unknown", "none"],
)
def test_reports_say_what_was_offered(
    known: Facts, kind: OfferType | None, timing: OfferTiming | None
) -> None:
    offer = offered(known)
    assert (offer.offer_type, offer.offer_timing) == (kind, timing)


def wait_of(name: str, seconds: float | None) -> VirtualQueueWait:
    return VirtualQueueWait(virtual_queue=name, wait_seconds=seconds)


def test_the_wait_told_is_that_of_the_first_queue_that_knows_one() -> None:
    waits = (wait_of("Front", None), wait_of("Back", 420), wait_of("Far", 60))
    offer = offered(facts(queue(3000), OPEN, FREE, waits=waits))
    assert (offer.told_queue, offer.wait.code) == ("Back", "5-10")


def test_without_a_virtual_queue_that_knows_it_is_the_callback_queues_own() -> None:
    offer = offered(facts(queue(3000), OPEN, FREE, waits=(wait_of("Front", None),)))
    assert (offer.told_queue, offer.wait.code) == (None, "45-90")


def test_no_wait_is_told_of_a_closed_office() -> None:
    assert offered(facts(queue(600), CLOSED, FREE)).wait.code == "unknown"


def test_opening_is_the_first_time_listed_even_if_it_is_full() -> None:
    listed = (
        AvailabilitySlot(utc_time=NOON + timedelta(hours=20), capacity=0),
        AvailabilitySlot(utc_time=NOON + timedelta(hours=44), capacity=2),
    )
    free = Availability(slots=listed, duration_minutes=30)
    offer = offered(facts(queue(), CLOSED, free))
    assert offer.opens_at == NOON + timedelta(hours=20)
    assert offer.first_free_at == NOON + timedelta(hours=44)
    assert (offer.is_open, offer.closes_at) == (False, None)


def test_an_open_office_tells_when_it_closes_and_not_when_it_opens() -> None:
    offer = offered(facts(queue(), OPEN, FREE))
    assert (offer.closes_at, offer.opens_at) == (NOON + timedelta(hours=5), None)
    assert offered(facts(queue(), NEVER_CLOSES, FREE)).closes_at is None


def test_closing_is_counted_from_when_it_was_said() -> None:
    said_at = NOON - timedelta(seconds=4)
    known = Facts(queue=fact(queue()), open_for=Fact(OPEN, said_at), availability=fact(FREE))
    assert offered(known).closes_at == said_at + timedelta(hours=5)
    assert known.open_for.age_seconds(NOON) == 4


def test_each_trouble_is_known_once() -> None:
    assert facts(None, None, FREE).troubles == (Trouble.UNREACHABLE,)
    assert facts(queue(), OPEN, FREE).troubles == ()
