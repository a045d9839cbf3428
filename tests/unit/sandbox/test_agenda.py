"""Actions happen at their time and in their order."""

from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from ges_connector.sandbox.agenda import Agenda, later

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_actions_happen_in_the_order_of_time_and_then_of_planning() -> None:
    agenda, done = Agenda(NOON), []
    agenda.after(2, lambda: done.append("third"))
    agenda.after(1, lambda: done.append("first"))
    agenda.after(1, lambda: done.append("second"))
    agenda.run_until(NOON + timedelta(seconds=2))
    assert done == ["first", "second", "third"]


def test_an_action_sees_the_time_it_was_planned_for() -> None:
    agenda = Agenda(NOON)
    seen: list[datetime] = []
    agenda.after(5, lambda: seen.append(agenda.now))
    agenda.run_until(NOON + timedelta(hours=1))
    assert seen == [NOON + timedelta(seconds=5)]
    assert agenda.now == NOON + timedelta(hours=1)


def test_what_is_planned_for_the_past_is_due_at_once() -> None:
    agenda = Agenda(NOON)
    seen: list[datetime] = []
    agenda.at(NOON - timedelta(days=1), lambda: seen.append(agenda.now))
    agenda.run_until(NOON)
    assert seen == [NOON]


def test_time_never_goes_back() -> None:
    agenda = Agenda(NOON)
    agenda.run_until(NOON - timedelta(hours=1))
    assert agenda.now == NOON


def test_what_is_due_never_or_beyond_the_calendar_does_not_happen() -> None:
    agenda, done = Agenda(NOON), []
    agenda.at(None, lambda: done.append("never"))
    agenda.after(float("inf"), lambda: done.append("at the end of time"))
    agenda.run_until(datetime.max.replace(tzinfo=UTC))
    assert not done


def test_later_is_none_beyond_the_calendar() -> None:
    assert later(NOON, 60) == NOON + timedelta(minutes=1)
    assert later(NOON, 1e12) is None
    assert later(NOON, -1e12) is None


@given(
    delays=st.lists(st.integers(0, 50), max_size=20),
    cuts=st.lists(st.integers(0, 60), max_size=10),
)
def test_running_in_pieces_does_the_same_in_the_same_order(
    delays: list[int], cuts: list[int]
) -> None:
    def run(stops: list[int]) -> list[tuple[int, datetime]]:
        agenda = Agenda(NOON)
        done: list[tuple[int, datetime]] = []

        def act(name: int, again_seconds: int) -> None:
            done.append((name, agenda.now))
            if again_seconds:
                agenda.after(again_seconds, partial(act, name, again_seconds // 2))

        for name, delay in enumerate(delays):
            agenda.after(delay, partial(act, name, delay))
        for stop in stops:
            agenda.run_until(NOON + timedelta(seconds=stop))
        return done

    assert run([*cuts, 60]) == run([60])
