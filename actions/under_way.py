"""What is being booked, moved or cancelled in this process, told when it is to stop.

Whoever stops a server sees in the log what it waits for, and that nothing was broken off.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

# One for each; a set takes and gives them up from several event loops at once.
_changing: Final[set[object]] = set()
_WHAT: Final = "bookings, moves and cancellations"


@contextmanager
def noted(*, books: bool) -> Iterator[None]:
    """Take note of an action while it is done.

    Args:
        books: Whether it changes something at GES; of others nothing is noted.
    """
    token = object()
    if books:
        _changing.add(token)
    try:
        yield
    finally:
        _changing.discard(token)


def tell_stopping(grace_seconds: float) -> int:
    """Say that the process stops.

    Args:
        grace_seconds: How long what is under way may take.

    Returns:
        How much is under way.
    """
    logger.info("Stopping within %g s; %s under way: %d", grace_seconds, _WHAT, len(_changing))
    return len(_changing)


def tell_stopped(there_were: int) -> None:
    """Say that the process has stopped, and what became of what was under way.

    Args:
        there_were: How much that was.
    """
    left = len(_changing)
    if left:
        logger.warning("Stopped; %s broken off: %d", _WHAT, left)
        return
    logger.info("Stopped; %s waited for: %d", _WHAT, there_were)
