"""Who is before whom in a virtual queue."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.sandbox.line import Line

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(eq=False)
class Somebody:
    name: str = ""
    wants_agent: bool = True
    is_waiting: bool = True

    def take_agent(self) -> None:
        raise AssertionError("a line gives no agents")


def test_the_first_who_can_be_served_is_next_though_others_are_in_front() -> None:
    line, resting, ready = Line(), Somebody(wants_agent=False), Somebody()
    line.join(resting, priority=0, joined_at=NOON)
    line.join(ready, priority=0, joined_at=NOON)
    assert line.next_wanting_agent() is ready
    line.leave(ready)
    assert line.next_wanting_agent() is None


def test_only_those_in_front_who_need_an_agent_count_as_waiting_ahead() -> None:
    line, served, waiting, last = Line(), Somebody(is_waiting=False), Somebody(), Somebody()
    for each in (served, waiting, last):
        line.join(each, priority=0, joined_at=NOON)
    assert line.waiting_ahead(last) == 1
    assert line.position(last) == 3


def test_leaving_twice_is_the_same_as_leaving_once() -> None:
    line, somebody = Line(), Somebody()
    line.join(somebody, priority=0, joined_at=NOON)
    line.leave(somebody)
    line.leave(somebody)
    assert len(line) == 0
    with pytest.raises(KeyError):
        line.position(somebody)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 5), st.booleans()), max_size=30))
def test_the_line_is_ordered_by_priority_then_time_then_order_of_joining(
    joins: list[tuple[int, int, bool]],
) -> None:
    line = Line()
    expected = []
    for number, (priority, minutes, stays) in enumerate(joins):
        entrant = Somebody(str(number))
        line.join(entrant, priority=priority, joined_at=NOON + timedelta(minutes=minutes))
        if stays:
            expected.append((-priority, minutes, number, entrant))
        else:
            line.leave(entrant)
    in_order = [entrant for *_, entrant in sorted(expected, key=lambda place: place[:3])]
    assert list(line) == in_order
    assert [line.position(entrant) for entrant in in_order] == [*range(1, len(in_order) + 1)]
