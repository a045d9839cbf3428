"""Who may change a callback: by default its own conversation, else whom a named check lets."""

import pytest

from ges_connector.callbacks.verification import (
    VERIFY_VARIABLE,
    Change,
    ChangeWanted,
    VerificationConfigError,
    only_where_it_was_booked,
    verify_named_in,
)


def wanted(*, is_where_booked: bool) -> ChangeWanted:
    return ChangeWanted(
        change=Change.CANCEL,
        callback_id="cb-1",
        conversation_id="+493023125011",
        is_where_booked=is_where_booked,
        topic=None,
        channel="chat",
    )


@pytest.mark.parametrize("environment", [{}, {VERIFY_VARIABLE: ""}])
@pytest.mark.parametrize("is_where_booked", [True, False])
async def test_without_a_check_only_its_own_conversation_may_change_a_callback(
    environment: dict[str, str], *, is_where_booked: bool
) -> None:
    verify = verify_named_in(environment)
    assert await verify(wanted(is_where_booked=is_where_booked)) is is_where_booked


def test_a_check_is_found_by_its_dotted_name() -> None:
    name = "ges_connector.callbacks.verification:only_where_it_was_booked"
    assert verify_named_in({VERIFY_VARIABLE: name}) is only_where_it_was_booked


@pytest.mark.parametrize(
    "name",
    [
        "no_such_package.checks:may_change",
        "ges_connector.callbacks.verification:no_such_name",
        "ges_connector.callbacks.verification:VERIFY_VARIABLE",
        "not a name",
        ":",
    ],
)
def test_a_check_that_cannot_be_used_is_told_by_its_name(name: str) -> None:
    with pytest.raises(VerificationConfigError, match=VERIFY_VARIABLE):
        verify_named_in({VERIFY_VARIABLE: name})


def test_neither_callback_nor_conversation_is_in_the_repr() -> None:
    told = repr(wanted(is_where_booked=True))
    assert "cb-1" not in told
    assert "+49" not in told
