"""The forms of the classic engine: what the customer's answers mean, in the engine's terms.

A form runs its validator for every message, for its first one too, and once more without a message
when it asks again after a digression; the validator always says which slot comes next. A message
that is no answer is rejected, so that the rules can serve it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from rasa_sdk.events import FollowupAction, SlotSet
from typing_extensions import override

from actions import cancelling, only_one
from actions.base import CallbackAction, Reply, Turn
from actions.slots import PREFIX, REQUESTED_SLOT

if TYPE_CHECKING:
    from rasa_sdk.interfaces import Tracker

    from actions.proceeding import Step
    from actions.slots import Conversation, Event


class _Validating(CallbackAction, ABC):
    """Turns a step into events."""

    @abstractmethod
    async def step(self, turn: Turn) -> Step | None:
        """Take one message; None if it is no answer."""

    @override
    async def act(self, turn: Turn) -> Reply:
        step = await self.step(turn)
        if step is None:
            still = SlotSet(REQUESTED_SLOT, turn.requested_slot)
            return Reply(turn.conversation, events=(still,), outcome="no answer")
        events = [SlotSet(REQUESTED_SLOT, step.requested)]
        if step.followup is not None:
            events.append(FollowupAction(step.followup))
        return Reply(step.conversation, events=tuple(events), outcome=f"next {step.requested}")

    @override
    def events(self, before: Conversation, reply: Reply) -> list[Event]:
        if reply.outcome == "no answer":
            return list(reply.events)
        # The form takes a message for answered only if some slot is set besides the requested one.
        question = SlotSet(f"{PREFIX}question", reply.conversation.question)
        return [question, *super().events(before, reply)]

    @override
    def events_of_failure(self, tracker: Tracker) -> list[Event]:
        requested = tracker.slots.get(REQUESTED_SLOT)
        question = tracker.slots.get(f"{PREFIX}question")
        return [SlotSet(f"{PREFIX}question", question), SlotSet(REQUESTED_SLOT, requested)]


class ValidateCallbackForm(_Validating):
    """Reads the answers while a callback is arranged."""

    action_name = "validate_callback_form"

    @override
    async def step(self, turn: Turn) -> Step | None:
        return await only_one.step(turn)


class ValidateCallbackCancelForm(_Validating):
    """Reads the answer to "really cancel?"."""

    action_name = "validate_callback_cancel_form"

    @override
    async def step(self, turn: Turn) -> Step | None:
        return await cancelling.step(turn)
