"""Who may cancel or move a callback. GES asks nobody: its id is all that it takes.

By default that is the conversation it was booked in (`only_where_it_was_booked`). An assistant that
knows its customers better, as one behind a log-in does, names a check of its own by its dotted name
in `CALLBACK_VERIFY`, `our_company.customers:may_change` for instance; why so: decision 011.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

VERIFY_VARIABLE: Final = "CALLBACK_VERIFY"
"""Names the check: `package.module:name`, a coroutine function."""


class Change(StrEnum):
    """What is to be done to a callback."""

    CANCEL = "cancel"
    """It shall not take place."""
    MOVE = "move"
    """It shall take place at another time."""


@dataclass(frozen=True, slots=True)
class ChangeWanted:
    """Somebody wants to change a callback.

    Attributes:
        change: What is to be done to it.
        callback_id: Its id.
        conversation_id: The conversation that asks.
        is_where_booked: Whether that is the conversation it was booked in.
        topic: Name of its profile; None for the default one.
        channel: Where the customer comes from.
    """

    change: Change
    callback_id: str = field(repr=False)
    conversation_id: str = field(repr=False)
    is_where_booked: bool
    topic: str | None
    channel: str


class Verify(Protocol):
    """A check of who may change a callback.

    It is called before the customer is asked to confirm a change, and again before the change is
    made. It has to answer within the turn; one that fails or takes longer counts as a no.
    """

    async def __call__(self, wanted: ChangeWanted) -> bool:
        """Tell whether the change may be made.

        Args:
            wanted: Who wants to change what.
        """
        ...


class VerificationConfigError(ValueError):
    """The check that is named cannot be used."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{VERIFY_VARIABLE}: {name!r} is no function that can be imported (package.module:name)"
        )


async def only_where_it_was_booked(wanted: ChangeWanted) -> bool:
    """Let nobody change a callback but the conversation it was booked in."""
    return wanted.is_where_booked


def verify_named_in(environment: Mapping[str, str]) -> Verify:
    """Give the check that the environment names, else the default.

    Args:
        environment: Variables by name.

    Raises:
        VerificationConfigError: What is named is not there, or cannot be called.
    """
    name = environment.get(VERIFY_VARIABLE)
    if not name:
        return only_where_it_was_booked
    try:
        found = pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError):
        raise VerificationConfigError(name) from None
    if not callable(found):
        raise VerificationConfigError(name)
    return cast("Verify", found)
