"""More than one callback in a conversation: which of them is meant."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from actions.booked import Booked, spoken_of
from actions.slots import Question
from ges_connector.callbacks.free_times import FreeTime
from ges_connector.callbacks.wish_fit import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actions.base import Turn
    from actions.meaning import Meaning
    from actions.slots import Conversation


async def checked(turn: Turn) -> Turn:
    """Ask GES how the other callbacks stand, and leave out those that are over."""
    conversation, booked = turn.conversation, Booked.of(turn.conversation)
    if conversation.id is None or not booked.others:
        return turn
    standings = await asyncio.gather(
        *(turn.service.show(conversation.profile, each.id, turn.deadline) for each in booked.others)
    )
    kept = tuple(
        each
        for each, standing in zip(booked.others, standings, strict=True)
        if not standing.is_over
    )
    return turn.knowing(conversation.but(booking=replace(booked, others=kept).as_record()))


def each_of(conversation: Conversation) -> Sequence[Conversation]:
    """The conversation as it is when it speaks of each of its callbacks, by their times."""
    others = [spoken_of(conversation, each.id) for each in Booked.of(conversation).others]
    return sorted([*others, conversation], key=_at)


def one_meant(turn: Turn, meaning: Meaning) -> Conversation | None:
    """Find the callback that a message names by its time or its place; None if it names none.

    Args:
        turn: The turn.
        meaning: The message.

    Returns:
        The conversation, speaking of that callback.
    """
    all_of_them = each_of(turn.conversation)
    if len(all_of_them) == 1:
        return None
    if meaning.timed_wish is not None:
        wish = meaning.timed_wish
        named = [each for each in all_of_them if _at(each) and fitting(wish, _at(each))]
        return named[0] if len(named) == 1 else None
    if meaning.wants_asap:
        in_line = [each for each in all_of_them if not _at(each)]
        return in_line[0] if len(in_line) == 1 else None
    is_asked = turn.conversation.question is Question.WHICH_ONE
    if is_asked and meaning.entry is not None and 0 < meaning.entry <= len(all_of_them):
        return all_of_them[meaning.entry - 1]
    return None


def asked_which(turn: Turn) -> Conversation:
    """Tell all callbacks and ask which one is meant."""
    asking = turn.conversation.but(question=Question.WHICH_ONE)
    for each in each_of(turn.conversation):
        at = Booked.of(each).at
        if at is None:
            asking = asking.noting("utter_callback_one_of_asap")
        else:
            asking = asking.noting("utter_callback_one_of", moment=turn.teller.moment(at))
    return asking


def _at(conversation: Conversation) -> list[FreeTime]:
    at = Booked.of(conversation).at
    return [] if at is None else [FreeTime(at)]
