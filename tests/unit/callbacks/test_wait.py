"""How waits are rounded to what is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.callbacks import WaitKind, WaitTold, tell_as_range
from ges_connector.callbacks.profile import WaitPolicy

POLICY = WaitPolicy()
SECONDS = st.floats(min_value=0, max_value=1e6)
POLICIES = st.builds(
    WaitPolicy,
    told_as=st.sampled_from(["range", "at_most"]),
    floor_minutes=st.integers(1, 10),
    cap_minutes=st.integers(11, 300),
    padding_percent=st.integers(0, 200),
)


@pytest.mark.parametrize(
    ("wait_seconds", "code"),
    [
        (None, "unknown"),
        (0, "<2"),
        (119, "<2"),
        (120, "2-3"),
        (150, "2-4"),
        (240, "4-5"),
        (310, "5-10"),
        (7 * 60, "5-10"),
        (12 * 60, "10-15"),
        (23 * 60, "20-30"),
        (40 * 60, "30-60"),
        (70 * 60, "60-90"),
        (100 * 60, "90-120"),
        (119 * 60 + 59, "90-120"),
        (120 * 60, ">120"),
        (1e9, ">120"),
    ],
)
def test_a_wait_is_told_in_steps(wait_seconds: float | None, code: str) -> None:
    assert tell_as_range(wait_seconds, POLICY).code == code


def test_only_the_upper_end_can_be_told() -> None:
    policy = WaitPolicy(told_as="at_most")
    codes = [tell_as_range(60.0 * minutes, policy).code for minutes in (1, 7, 23, 119, 200)]
    assert codes == ["<2", "<10", "<30", "<120", ">120"]


def test_a_centre_may_tell_no_waits_at_all() -> None:
    assert tell_as_range(300, WaitPolicy(told_as="never")).kind is WaitKind.UNTOLD


@given(seconds=SECONDS, policy=POLICIES)
def test_what_is_told_holds_the_estimate(seconds: float, policy: WaitPolicy) -> None:
    told = tell_as_range(seconds, policy)
    assert told.minutes is not None
    assert (told.minutes.at_least_minutes or 0) * 60 <= seconds
    high = told.minutes.at_most_minutes
    assert high is None or seconds <= high * 60


@given(one=SECONDS, other=SECONDS, policy=POLICIES)
def test_a_longer_wait_is_never_told_as_a_shorter_one(
    one: float, other: float, policy: WaitPolicy
) -> None:
    told = [tell_as_range(each, policy).minutes for each in sorted([one, other])]
    lows = [0 if each is None else each.at_least_minutes or 0 for each in told]
    highs = [
        float("inf") if each is None or each.at_most_minutes is None else each.at_most_minutes
        for each in told
    ]
    assert lows == sorted(lows)
    assert highs == sorted(highs)


@given(seconds=st.none() | SECONDS, policy=POLICIES)
def test_a_code_can_be_read_back(seconds: float | None, policy: WaitPolicy) -> None:
    told = tell_as_range(seconds, policy)
    assert WaitTold.from_code(told.code) == told


@pytest.mark.parametrize("code", [None, 7, "", "5", "<", "10-5", ">0", "<0", "a-b", "5-10-15"])
def test_what_is_no_code_counts_as_unknown(code: object) -> None:
    assert WaitTold.from_code(code).kind is WaitKind.UNKNOWN


def test_untold_is_a_code_too() -> None:
    assert WaitTold.from_code("untold").kind is WaitKind.UNTOLD
