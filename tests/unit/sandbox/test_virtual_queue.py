"""How far back a queue begins to move, so that a sandbox starts with a wait."""

from datetime import UTC, datetime, timedelta

import pytest

from ges_connector.sandbox.office_hours import ALWAYS_OPEN, OfficeCalendar
from ges_connector.sandbox.seed import OfficeHours
from ges_connector.sandbox.virtual_queue import warm_up_start

MONDAY_NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def office(*regular: str) -> OfficeCalendar:
    hours = {"name": "Office", "timezone": "UTC", "regular": regular}
    return OfficeCalendar(OfficeHours.model_validate(hours), MONDAY_NINE)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, MONDAY_NINE),
        (60, datetime(2026, 1, 2, 16, tzinfo=UTC)),
        (480, datetime(2026, 1, 2, 9, tzinfo=UTC)),
        (500, datetime(2026, 1, 1, 16, 40, tzinfo=UTC)),
    ],
)
def test_a_warm_up_counts_open_minutes_only(minutes: int, expected: datetime) -> None:
    assert warm_up_start(office("Mon-Fri 09:00-17:00"), MONDAY_NINE, minutes) == expected


def test_a_queue_that_never_closes_warms_up_right_before_the_start() -> None:
    began_at = warm_up_start(ALWAYS_OPEN, MONDAY_NINE, 90)
    assert began_at == MONDAY_NINE - timedelta(minutes=90)


def test_a_warm_up_goes_back_a_fortnight_at_most() -> None:
    fortnight_ago = MONDAY_NINE - timedelta(days=14)
    assert warm_up_start(ALWAYS_OPEN, MONDAY_NINE, 10**15) == fortnight_ago
    assert warm_up_start(office("Wed 10:00-11:00"), MONDAY_NINE, 10**6) == datetime(
        2025, 12, 24, 10, tzinfo=UTC
    )


def test_an_office_that_never_opens_has_no_warm_up() -> None:
    assert warm_up_start(office(), MONDAY_NINE, 60) == MONDAY_NINE
