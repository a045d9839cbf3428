"""A callback's states go forwards only."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from ges_connector.sandbox.life_cycle import (
    CANCELLABLE,
    ORDER,
    IllegalTransitionError,
    complete,
    move,
    require_cancellable,
)
from ges_connector.sandbox.records import Callback, Reason, State

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def callback(state: State) -> Callback:
    return Callback(
        UUID(int=1, version=4),
        "Support",
        "+12025550100",
        NOON,
        NOON,
        is_scheduled=False,
        state=state,
    )


@pytest.mark.parametrize("start", State)
@pytest.mark.parametrize("goal", State)
def test_a_state_can_only_be_followed_by_a_later_one(start: State, goal: State) -> None:
    if ORDER.index(goal) > ORDER.index(start):
        moved = move(callback(start), goal, NOON)
        assert (moved.state, moved.state_since_at) == (goal, NOON)
    else:
        with pytest.raises(IllegalTransitionError) as refusal:
            move(callback(start), goal, NOON)
        assert refusal.value.state is start


def test_completing_notes_when_and_why_as_plain_text() -> None:
    done = complete(callback(State.QUEUED), Reason.CANCELLED, NOON)
    assert (done.state, done.completed_at, done.reason) == (State.COMPLETED, NOON, "CANCELLED")
    assert type(done.reason) is str


@pytest.mark.parametrize("state", State)
def test_rule_40_says_which_states_can_be_cancelled(state: State) -> None:
    if state in CANCELLABLE:
        require_cancellable(callback(state))
    else:
        with pytest.raises(IllegalTransitionError, match=state.value):
            require_cancellable(callback(state))
    assert {State.SCHEDULED, State.QUEUED, State.ROUTING} == CANCELLABLE
