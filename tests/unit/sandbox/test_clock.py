from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.clock import LATEST_AT, VirtualClock

MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class _System:
    """A system clock under the test's hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def test_a_frozen_clock_stands_while_the_system_runs() -> None:
    system = _System()
    clock = VirtualClock("frozen", MONDAY, system=system)
    system.at += timedelta(hours=3)
    assert clock.now() == MONDAY
    assert clock.mode == "frozen"


def test_a_running_clock_keeps_the_pace_of_the_system_from_where_it_was_set() -> None:
    system = _System()
    clock = VirtualClock("real", MONDAY, system=system)
    system.at += timedelta(seconds=90)
    assert clock.now() == MONDAY + timedelta(seconds=90)


def test_without_a_start_the_clock_shows_the_system_time() -> None:
    system = _System()
    assert VirtualClock(system=system).now() == system.at


def test_the_real_system_clock_is_read_in_utc() -> None:
    assert VirtualClock().now().tzinfo is UTC


def test_time_that_passes_while_frozen_is_not_made_up_for() -> None:
    system = _System()
    clock = VirtualClock("real", MONDAY, system=system)
    clock.freeze()
    system.at += timedelta(hours=1)
    clock.run()
    system.at += timedelta(seconds=5)
    assert clock.now() == MONDAY + timedelta(seconds=5)


def test_a_correction_of_the_system_clock_never_turns_time_back() -> None:
    system = _System()
    clock = VirtualClock("real", MONDAY, system=system)
    system.at += timedelta(seconds=10)
    before = clock.now()
    system.at -= timedelta(hours=2)
    assert clock.now() == before
    system.at += timedelta(seconds=1)
    assert clock.now() == before + timedelta(seconds=1)


@pytest.mark.parametrize("mode", ["real", "frozen"])
def test_freeze_and_run_can_jump_ahead(mode: str) -> None:
    clock = VirtualClock("frozen", MONDAY, system=_System())
    later = MONDAY + timedelta(days=3)
    (clock.run if mode == "real" else clock.freeze)(later)
    assert clock.now() == later
    assert clock.mode == mode


@pytest.mark.parametrize("seconds", [-0.001, float("nan"), float("inf"), 1e300, 1e12])
def test_advance_refuses_what_is_no_way_forward(seconds: float) -> None:
    clock = VirtualClock("frozen", MONDAY, system=_System())
    with pytest.raises(ValueError, match="clock"):
        clock.advance(seconds)
    assert clock.now() == MONDAY


@pytest.mark.parametrize(
    "at",
    [
        MONDAY - timedelta(seconds=1),
        LATEST_AT + timedelta(days=1),
        MONDAY.replace(tzinfo=None),
    ],
)
def test_the_clock_is_not_set_to_the_past_the_far_future_or_a_time_without_zone(
    at: datetime,
) -> None:
    clock = VirtualClock("frozen", MONDAY, system=_System())
    with pytest.raises(ValueError, match=r"clock|zone"):
        clock.freeze(at)
    with pytest.raises(ValueError, match=r"clock|zone"):
        clock.run(at)
    assert clock.now() == MONDAY


def test_a_running_clock_stops_at_its_last_instant_instead_of_failing() -> None:
    system = _System()
    clock = VirtualClock("real", LATEST_AT, system=system)
    system.at += timedelta(days=1)
    assert clock.now() == LATEST_AT


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["tick", "advance", "freeze", "run"]), st.floats(0, 1e6)))
)
def test_no_sequence_of_moves_ever_takes_time_back(moves: list[tuple[str, float]]) -> None:
    system = _System()
    clock = VirtualClock("real", MONDAY, system=system)
    seen = clock.now()
    for move, seconds in moves:
        if move == "tick":
            system.at += timedelta(seconds=seconds - 500)
        elif move == "advance":
            clock.advance(seconds)
        else:
            getattr(clock, move)(clock.now() + timedelta(seconds=seconds))
        assert clock.now() >= seen
        seen = clock.now()
