"""A number to ring: lent by GES with a code and an expiry, else the one that is always there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.base import Said, number_that_is_always_there
from actions.numbers import known_number
from actions.outlook import look
from ges_connector.callbacks.call_in import CallInNumber
from ges_connector.callbacks.events import NumberGiven
from ges_connector.callbacks.offer import Rung

if TYPE_CHECKING:
    from datetime import datetime

    from actions.base import Turn
    from actions.slots import Conversation


async def number_to_ring(turn: Turn) -> Said:
    """Get a number and the response that tells it; never empty-handed.

    A number is lent for minutes, so while nobody answers it is the one that is always there, and
    when somebody will. One that was lent is told again as long as it is good.
    """
    offer = (await look(turn)).offer
    if offer.is_open is False:
        turn.announce(NumberGiven(turn.scene, Rung.STATIC_NUMBER))
        return _number_for_later(turn, offer.opens_at)
    number = await turn.service.call_in(
        turn.topic,
        phone=known_number(turn),
        earlier=CallInNumber.from_record(turn.conversation.call_in),
        deadline=turn.deadline,
    )
    if not number.is_lent or number.expires_at is None:
        turn.announce(NumberGiven(turn.scene, Rung.STATIC_NUMBER))
        return number_that_is_always_there(turn)
    turn.announce(NumberGiven(turn.scene, Rung.CALL_IN))
    told = {
        "number": turn.teller.number(number.number),
        "expiry": turn.teller.until(number.expires_at),
    }
    link, lent = turn.dial_link(number.number), number.as_record()
    if number.access_code is None:
        return Said("utter_callback_call_in_without_code", told, link, lent)
    code = turn.teller.code(number.access_code)
    return Said("utter_callback_call_in", {**told, "code": code}, link, lent)


def _number_for_later(turn: Turn, opens_at: datetime | None) -> Said:
    number = number_that_is_always_there(turn)
    if opens_at is None:
        return number
    told = {**number.values, "opening": turn.teller.brief(opens_at)}
    return Said(f"{number.response}_closed", told, number.attachment)


async def noting_number(turn: Turn, response: str) -> Conversation:
    """Note a response, and a number to ring behind it."""
    number = await number_to_ring(turn)
    noted = turn.conversation.noting(response).noting(number.response, **number.values)
    return number.kept_in(noted)


async def noting_refusal(turn: Turn) -> Conversation:
    """Note that the callback cannot be changed from here, and a number to ring."""
    return await noting_number(turn, "utter_callback_not_yours")
