"""What the judge of a campaign holds to be in doubt, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from campaign.doubts import Doubts
from campaign.ledger import Attempt
from campaign.plans import Asked

AT: Final = datetime(2026, 3, 27, 16, tzinfo=UTC)
LATER: Final = AT + timedelta(days=7)
LONG_AFTER: Final = AT + timedelta(days=2)


def made(callback_id: str, at: datetime | None = AT) -> Attempt:
    """A booking that took effect, and that nobody knows of."""
    return Attempt("visit-1-7", Asked.CREATE, desired_at=at, callback_id=callback_id)


def test_each_is_in_doubt_until_a_day_after_its_own_time() -> None:
    doubts = Doubts()
    doubts.add(made("c-1"), LATER)
    doubts.add(None, AT)
    assert doubts.are_there(LONG_AFTER)
    assert not doubts.are_there(LATER + timedelta(days=1, minutes=1))


def test_what_was_told_to_be_there_is_in_doubt_no_more_and_another_may_be() -> None:
    doubts = Doubts()
    doubts.add(made("c-1"), AT)
    doubts.add(made("c-2"), AT)
    doubts.settle_one("c-1")
    assert not doubts.are_there(AT)
    assert doubts.may_be_there(AT)


def test_one_that_was_told_to_be_there_and_is_told_so_again_leaves_another_in_doubt() -> None:
    doubts = Doubts()
    doubts.add(made("c-1"), AT)
    doubts.add(made("c-2"), AT)
    doubts.settle_one("c-2")
    doubts.settle_one("c-2")
    assert doubts.may_be_there(AT)


def test_one_that_is_there_at_the_time_that_was_told_may_be_known() -> None:
    doubts = Doubts()
    doubts.add(made("c-1"), AT)
    doubts.blur_at(AT)
    assert not doubts.are_there(AT)
    assert doubts.may_be_there(AT)


def test_one_in_turn_may_be_known_where_one_in_turn_was_told_of() -> None:
    doubts = Doubts()
    doubts.add(made("c-1", None), AT)
    doubts.blur_at(None)
    assert not doubts.are_there(AT)


def test_one_that_is_not_there_or_at_another_time_stays_in_doubt() -> None:
    doubts = Doubts()
    doubts.add(None, AT)
    doubts.add(made("c-2", LATER), LATER)
    doubts.blur_at(AT)
    assert doubts.are_there(AT)
    assert doubts.are_there(LATER)


def test_nothing_is_left_of_what_was_told_as_not_booked() -> None:
    doubts = Doubts()
    doubts.add(None, AT)
    doubts.settle()
    assert not doubts.may_be_there(AT)


def test_what_was_sent_is_remembered_though_it_is_in_doubt_no_more() -> None:
    doubts, sent = Doubts(), made("c-1")
    doubts.add(None, AT)
    doubts.add(sent, AT)
    doubts.settle()
    assert doubts.sent == [sent]
    doubts.remove(sent)
    assert doubts.sent == []
