"""Whether this conversation may cancel or move the callback it knows of."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from actions.base import hashed
from actions.booked import Booked, topic_of_booked
from ges_connector.callbacks.verification import Change, ChangeWanted

if TYPE_CHECKING:
    from actions.base import Turn

logger = logging.getLogger(__name__)


async def may_change(turn: Turn, change: Change) -> bool:
    """Ask the check of the deployment; one that fails, or takes longer than the turn, says no.

    Args:
        turn: The turn; its conversation knows of a callback.
        change: What is to be done to it.
    """
    wanted = _wanted(turn, change)
    try:
        async with asyncio.timeout(turn.deadline.remaining_seconds):
            return await turn.verify(wanted) is True
    except Exception as error:  # noqa: BLE001 - the check is the deployment's own, and no is safe
        logger.warning(
            "The check of who may %s a callback failed: %s", change, type(error).__name__
        )
        return False


def _wanted(turn: Turn, change: Change) -> ChangeWanted:
    conversation = turn.conversation
    booked, callback_id = Booked.of(conversation), conversation.id or ""
    is_this_one = booked.result is not None and booked.result.callback_id == callback_id
    return ChangeWanted(
        change=change,
        callback_id=callback_id,
        conversation_id=turn.sender,
        is_where_booked=is_this_one and booked.made_in == hashed(turn.sender),
        topic=topic_of_booked(conversation),
        channel=turn.customer.channel.value,
    )
