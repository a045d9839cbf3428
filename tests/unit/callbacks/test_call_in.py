"""Numbers to ring, and the ladder down to them."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from ges_connector.api import CallIn
from ges_connector.callbacks import (
    BookingOutcome,
    CallInNumber,
    Rung,
    TopicProfile,
    rungs_after,
    static_number,
)
from ges_connector.callbacks.call_in import lent_number

NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


def profile(**changes: Any) -> TopicProfile:
    return TopicProfile.model_validate(
        {
            "service_name": "Billing",
            "static_number": "+493023125001",
            "static_hours": "billing_hours",
            "office_zone": "Europe/Berlin",
            "countries": ["DE"],
            "call_in_group": "direct",
        }
        | changes
    )


def test_a_lent_number_carries_its_code_and_its_end() -> None:
    lent = CallIn(
        id="r-1",
        to_phone_number="+493023125002",
        access_code="004711",
        expiration_time=(NOW + timedelta(minutes=2)).timestamp(),
    )
    number = lent_number(lent)
    assert (number.number, number.access_code, number.is_lent) == ("+493023125002", "004711", True)
    assert number.expires_at == NOW + timedelta(minutes=2)
    assert "004711" not in repr(number)


@pytest.mark.parametrize(
    ("seconds_left", "is_good"), [(61, True), (60, True), (59, False), (-1, False), (None, True)]
)
def test_a_number_about_to_end_is_not_given_out(
    seconds_left: float | None,
    is_good: bool,  # noqa: FBT001 - a table's column
) -> None:
    ends_at = None if seconds_left is None else NOW + timedelta(seconds=seconds_left)
    assert CallInNumber("+49", expires_at=ends_at, is_lent=True).is_good_at(NOW) is is_good


def test_the_static_number_always_works_and_knows_its_hours() -> None:
    number = static_number(profile())
    assert (number.number, number.hours, number.is_lent) == (
        "+493023125001",
        "billing_hours",
        False,
    )
    assert number.is_good_at(NOW + timedelta(days=9999))


BOTH = (Rung.ASAP, Rung.SCHEDULED)


@pytest.mark.parametrize(
    ("outcome", "rungs"),
    [
        (BookingOutcome.SLOT_TAKEN, (Rung.SCHEDULED, Rung.ASAP)),
        (BookingOutcome.OFFICE_CLOSED, (Rung.SCHEDULED,)),
        (BookingOutcome.LIMIT_REACHED, ()),
        (BookingOutcome.UNCONFIRMED, ()),
        (BookingOutcome.UNAVAILABLE, ()),
        (BookingOutcome.NUMBER_INVALID, ()),
        (BookingOutcome.NUMBER_NOT_ALLOWED, ()),
    ],
)
def test_what_comes_after_a_failed_booking(
    outcome: BookingOutcome, rungs: tuple[Rung, ...]
) -> None:
    assert rungs_after(outcome, profile(), BOTH) == (*rungs, Rung.CALL_IN, Rung.STATIC_NUMBER)


def test_the_ladder_never_ends_in_nothing_and_names_nothing_that_was_not_offered() -> None:
    for outcome, group, offered in product(
        BookingOutcome, (None, "direct"), ((), (Rung.ASAP,), (Rung.SCHEDULED,), BOTH)
    ):
        rungs = rungs_after(outcome, profile(call_in_group=group), offered)
        assert rungs[-1] is Rung.STATIC_NUMBER
        assert {*rungs} & {*BOTH} <= {*offered}
        assert (Rung.CALL_IN in rungs) == (group is not None)
