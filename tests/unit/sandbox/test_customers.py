"""What customers do when they are rung, and how calls are drawn."""

from collections import Counter
from uuid import UUID

import pytest

from ges_connector.sandbox.calls import Arrivals, callback_conversation
from ges_connector.sandbox.customers import Customers
from ges_connector.sandbox.records import DialOutcome
from ges_connector.sandbox.seed import CustomerBehaviour, Traffic

NUMBER = "+12025550100"


def ids(count: int) -> list[UUID]:
    return [UUID(int=number, version=4) for number in range(count)]


def test_outcomes_come_in_the_seeded_shares() -> None:
    shares = CustomerBehaviour(answered=5, no_answer=2, busy=1, declined=1, answering_machine=1)
    customers = Customers(shares, seed=1)
    drawn = Counter(customers.outcome(each, NUMBER, 1) for each in ids(2000))
    assert 900 < drawn[DialOutcome.ANSWERED] < 1100
    assert 300 < drawn[DialOutcome.NO_ANSWER] < 500
    for rare in (DialOutcome.BUSY, DialOutcome.DECLINED, DialOutcome.ANSWERING_MACHINE):
        assert 130 < drawn[rare] < 270


def test_an_attempt_ends_the_same_whenever_it_is_asked_and_attempts_differ() -> None:
    even = CustomerBehaviour(answered=1, no_answer=1, busy=0, declined=0)
    customers, others = Customers(even, seed=1), Customers(even, seed=2)
    first = [customers.outcome(each, NUMBER, 1) for each in ids(50)]
    assert first == [customers.outcome(each, NUMBER, 1) for each in ids(50)]
    assert first != [customers.outcome(each, NUMBER, 2) for each in ids(50)]
    assert first != [others.outcome(each, NUMBER, 1) for each in ids(50)]


def test_a_seeded_script_goes_before_chance_until_it_is_lifted() -> None:
    scripted = CustomerBehaviour(answered=1, no_answer=0, busy=0, declined=0).model_copy(
        update={"scripted": {NUMBER: "busy"}}
    )
    customers = Customers(scripted, seed=1)
    (callback_id,) = ids(1)
    assert customers.outcome(callback_id, "1 202 555 0100", 1) is DialOutcome.BUSY
    customers.script("12025550100", DialOutcome.DECLINED)
    assert customers.outcome(callback_id, NUMBER, 1) is DialOutcome.DECLINED
    customers.script(NUMBER, None)
    customers.script(NUMBER, None)
    assert customers.outcome(callback_id, NUMBER, 1) is DialOutcome.ANSWERED


def test_customers_without_any_share_answer() -> None:
    nothing = CustomerBehaviour(answered=0, no_answer=0, busy=0, declined=0)
    (callback_id,) = ids(1)
    assert Customers(nothing, seed=1).outcome(callback_id, NUMBER, 1) is DialOutcome.ANSWERED


def test_calls_have_the_seeded_means_and_share_of_holds() -> None:
    traffic = Traffic(handle_seconds=200, patience_seconds=600, hold_share=0.25)
    arrivals = Arrivals(1, "VQ", traffic)
    calls = [arrivals.next_call() for _ in range(4000)]
    lengths = [call.conversation.length_seconds for call in calls]
    assert sum(lengths) / len(calls) == pytest.approx(200, rel=0.05)
    assert sum(call.patience_seconds for call in calls) / len(calls) == pytest.approx(600, rel=0.1)
    held = [
        call.conversation
        for call in calls
        if call.conversation.hold_from_seconds < call.conversation.hold_until_seconds
    ]
    assert len(held) / len(calls) == pytest.approx(0.25, rel=0.15)
    assert all(talk.hold_until_seconds <= talk.length_seconds for talk in held)


@pytest.mark.parametrize("calls_per_hour", [0.5, 30, 5000])
def test_customers_ring_at_the_seeded_rate(calls_per_hour: float) -> None:
    arrivals = Arrivals(1, "VQ", Traffic())
    gaps = [arrivals.gap_seconds(calls_per_hour) for _ in range(4000)]
    assert sum(gaps) / len(gaps) == pytest.approx(3600 / calls_per_hour, rel=0.06)


def test_a_callback_takes_the_same_time_whenever_it_is_asked() -> None:
    first, second = ids(2)
    traffic = Traffic()
    assert callback_conversation(1, first, traffic) == callback_conversation(1, first, traffic)
    assert callback_conversation(1, first, traffic) != callback_conversation(1, second, traffic)
