"""Words for how a callback stands, and whether that can be told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions.base import Said
from actions.booked import Booked
from ges_connector.callbacks.manage import Standing, StandingCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from actions.base import Turn

_RESPONSES: Final = {
    StandingCode.CONNECTING: "utter_callback_show_dialling",
    StandingCode.TALKING: "utter_callback_show_dialling",
    StandingCode.DONE: "utter_callback_show_reached",
    StandingCode.CANCELLED: "utter_callback_show_cancelled",
    StandingCode.NOT_REACHED: "utter_callback_show_missed",
    StandingCode.EXPIRED: "utter_callback_show_expired",
    StandingCode.FAILED: "utter_callback_show_failed",
    # GES forgets callbacks some time after they end, and does not say how they ended (Q19).
    StandingCode.GONE: "utter_callback_show_none",
}


async def is_being_cancelled(turn: Turn) -> bool:
    """Whether a cancel of the callback that is spoken of is on its way.

    What GES says of it may be so no longer a moment later.
    """
    conversation = turn.conversation
    earlier_at = Booked.of(conversation).cancel_sent_at
    return await turn.service.is_being_cancelled(conversation.id or "", earlier_at)


async def as_it_stands(turn: Turn, standing: Standing) -> Booked:
    """Bring what is kept of the callback that is spoken of up to date with what GES says."""
    known = Booked.of(turn.conversation).standing_as(standing)
    return replace(known, may_be_off=known.may_be_off or await is_being_cancelled(turn))


def response_for(turn: Turn, standing: Standing) -> tuple[str, dict[str, str]]:
    """Name the response that tells how a callback stands, with its values."""
    if standing.code is StandingCode.SCHEDULED and standing.desired_at is not None:
        return _scheduled(turn, standing)
    if standing.code is StandingCode.WAITING:
        return _waiting(turn, standing)
    return _RESPONSES.get(standing.code, "utter_callback_show_unknown"), {}


_ASKING: Final = ("utter_callback_show_scheduled", "utter_callback_show_queued")
"""What these tell can be changed, and they ask whether it should be."""


def aside_for(turn: Turn, standing: Standing) -> tuple[str, dict[str, str]]:
    """Name the response that tells the same in the middle of something, without asking anything."""
    response, values = response_for(turn, standing)
    return f"{response}_aside" if response.startswith(_ASKING) else response, values


def _scheduled(turn: Turn, standing: Standing) -> tuple[str, dict[str, str]]:
    phone, at = Booked.of(turn.conversation).phone, standing.desired_at
    return "utter_callback_show_scheduled", {
        "moment": "" if at is None else turn.teller.moment(at),
        "number": "" if phone is None else turn.teller.number(phone),
        "reference": turn.teller.reference(standing.callback_id),
    }


def _waiting(turn: Turn, standing: Standing) -> tuple[str, dict[str, str]]:
    told = Booked.of(turn.conversation).standing_as(standing).wait
    wait = None if standing.wait is None or told is None else turn.teller.wait(told)
    if wait is None:
        return "utter_callback_show_queued_wait_unknown", {}
    if standing.position is None:
        return "utter_callback_show_queued", {"wait": wait}
    position = turn.teller.count(standing.position)
    return "utter_callback_show_queued_position", {"position": position, "wait": wait}


def told_when(turn: Turn, response: str, at: datetime | None) -> Said:
    """Put a response about a callback together, in the variant for its kind.

    Args:
        turn: The turn.
        response: Its name, as it is for a callback at a time.
        at: When the callback is to come; None for one in turn.
    """
    if at is None:
        return Said(f"{response}_asap")
    return Said(response, {"moment": turn.teller.moment(at)})


def others_told(turn: Turn, others: Sequence[Booked]) -> Iterator[Said]:
    """Tell that other callbacks stay, or may stay where they were to be cancelled.

    Args:
        turn: The turn.
        others: What is kept of them.
    """
    sure = [each for each in others if not each.may_be_off]
    response = "utter_callback_other_stays"
    if len(sure) > 1:
        yield Said("utter_callback_others_stay")
        response = "utter_callback_one_of"
    for each in sure:
        yield told_when(turn, response, each.at)
    for each in others:
        if each.may_be_off:
            yield told_when(turn, "utter_callback_other_may_stay", each.at)
