"""Estimated wait times in their three modes (section 2.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.sandbox.wait_time import Load, Mode, WaitHistory, queue_wait

MODES: tuple[Mode, ...] = ("mode1", "mode2", "mode3")


def history(
    handle_seconds: float = 240, agents: int = 2, waits: tuple[float, ...] = ()
) -> WaitHistory:
    filled = WaitHistory()
    for _ in range(5):
        filled.add_handled(handle_seconds, agents)
    for wait in waits:
        filled.add_wait(wait)
    return filled


def wait_seconds(load: Load, mode: Mode, *, held: bool = False, agents: int = 2) -> float:
    past = history(agents=agents, waits=(30, 60))
    return queue_wait("VQ", past, load, mode, include_calls_on_hold=held).wait_seconds


@pytest.mark.parametrize(
    ("load", "mode", "expected"),
    [
        # 240 s a call with two agents: one gets free every 120 s.
        (Load(waiting=4, busy=2, on_hold=0, agents=2), "mode1", 480),
        (Load(waiting=4, busy=0, on_hold=0, agents=0), "mode1", 480),
        (Load(waiting=0, busy=2, on_hold=0, agents=2), "mode1", 0),
        (Load(waiting=4, busy=2, on_hold=0, agents=2), "mode2", 600),
        (Load(waiting=4, busy=4, on_hold=0, agents=4), "mode2", 300),
        (Load(waiting=0, busy=1, on_hold=0, agents=2), "mode2", 0),
        (Load(waiting=0, busy=2, on_hold=0, agents=2), "mode2", 120),
        # Agents who only finish their last call have to be out-waited too.
        (Load(waiting=0, busy=3, on_hold=0, agents=1), "mode2", 720),
        (Load(waiting=9, busy=2, on_hold=0, agents=2), "mode3", 45),
    ],
)
def test_each_mode_tells_its_own_wait(load: Load, mode: Mode, expected: float) -> None:
    assert wait_seconds(load, mode) == expected


@pytest.mark.parametrize(("mode", "more"), [("mode1", 240), ("mode2", 240), ("mode3", 0)])
def test_calls_on_hold_count_as_waiting_on_request(mode: Mode, more: float) -> None:
    load = Load(waiting=3, busy=2, on_hold=2, agents=2)
    assert wait_seconds(load, mode, held=True) == wait_seconds(load, mode) + more


@pytest.mark.parametrize("mode", MODES)
def test_without_any_interaction_no_wait_is_told(mode: Mode) -> None:
    load = Load(waiting=1, busy=1, on_hold=0, agents=1)
    wait = queue_wait("VQ", WaitHistory(), load, mode, include_calls_on_hold=False)
    assert (wait.virtual_queue, wait.wait_seconds, wait.result_code) == ("VQ", -1, -1)


def test_nobody_logged_in_matters_to_mode2_alone() -> None:
    nobody = Load(waiting=1, busy=0, on_hold=0, agents=0)
    codes = [
        queue_wait("VQ", history(waits=(5,)), nobody, mode, include_calls_on_hold=False).result_code
        for mode in MODES
    ]
    assert codes == [0, -2, 0]


def test_nobody_logged_in_goes_before_no_interaction() -> None:
    nobody = Load(waiting=0, busy=0, on_hold=0, agents=0)
    wait = queue_wait("VQ", WaitHistory(), nobody, "mode2", include_calls_on_hold=False)
    assert wait.result_code == -2


def test_a_service_that_needs_no_agents_is_told_the_wait_of_mode1() -> None:
    nobody = Load(waiting=3, busy=0, on_hold=0, agents=0, needs_agents=False)
    assert wait_seconds(nobody, "mode2") == wait_seconds(nobody, "mode1") == 360


def test_only_the_last_interactions_count() -> None:
    past = history(handle_seconds=10_000)
    for _ in range(31):
        past.add_handled(60, 1)
    assert past.pace_seconds() == pytest.approx((5000 + 31 * 60) / 32)
    past.add_handled(60, 1)
    assert past.pace_seconds() == 60


@given(
    waiting=st.integers(0, 100),
    busy=st.integers(0, 20),
    agents=st.integers(1, 20),
    usual=st.integers(1, 20),
)
def test_mode2_falls_with_every_agent_and_grows_with_every_call(
    waiting: int, busy: int, agents: int, usual: int
) -> None:
    here = wait_seconds(Load(waiting, busy, 0, agents), "mode2", agents=usual)
    assert here >= wait_seconds(Load(waiting, busy, 0, agents + 1), "mode2", agents=usual) >= 0
    assert here <= wait_seconds(Load(waiting + 1, busy, 0, agents), "mode2", agents=usual)
