"""A number to ring: lent by GES with a code and an expiry, else the one that is always there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.base import Said, number_that_is_always_there
from actions.numbers import known_number

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.slots import Conversation


async def number_to_ring(turn: Turn) -> Said:
    """Get a number and the response that tells it; never empty-handed."""
    number = await turn.service.call_in(
        turn.conversation.profile, phone=known_number(turn), deadline=turn.deadline
    )
    if not number.is_lent or number.expires_at is None:
        return number_that_is_always_there(turn)
    told = {
        "number": turn.teller.number(number.number),
        "expiry": turn.teller.until(number.expires_at),
    }
    link = turn.teller.dial_link(number.number)
    if number.access_code is None:
        return Said("utter_callback_call_in_without_code", told, link)
    code = turn.teller.code(number.access_code)
    return Said("utter_callback_call_in", {**told, "code": code}, link)


async def noting_number(turn: Turn, response: str) -> Conversation:
    """Note a response, and a number to ring behind it."""
    number = await number_to_ring(turn)
    return turn.conversation.noting(response).noting(number.response, **number.values)


async def noting_refusal(turn: Turn) -> Conversation:
    """Note that the callback cannot be changed from here, and a number to ring."""
    return await noting_number(turn, "utter_callback_not_yours")
