"""What the channel says of its customer, noted before anything is said.

Not done by `action_session_start`: when that fails, because this server is down at the very first
message, the engine never gets the conversation on its feet again. The engine runs the action of
a slot's mapping for every message instead, and goes on without it where it fails; so language and
channel are right also when they change, and after a restart of the conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rasa_sdk.events import SlotSet
from typing_extensions import override

from actions.base import CallbackAction, Reply, Turn
from actions.calm import LANGUAGE, NEXT, Next
from actions.submitting import after_lost_answer

if TYPE_CHECKING:
    from rasa_sdk.executor import CollectingDispatcher
    from rasa_sdk.interfaces import Tracker
    from rasa_sdk.types import DomainDict

    from actions.slots import Event

_OURS = "callback_language"
_PASSING = frozenset({Next.SUBMIT, Next.ARRANGE, Next.CANCEL})
"""What no turn ends with, unless a flow was lost or does not take it up."""


class NoteCustomer(CallbackAction):
    """Notes language, locale, zone, channel and caller number."""

    action_name = "action_note_customer"
    speaks = False

    @override
    async def act(self, turn: Turn) -> Reply:
        hearing = turn.hearing
        if hearing is None or hearing.is_asking or hearing.next not in _PASSING:
            return Reply(turn.conversation, outcome="noted")
        over = SlotSet(NEXT, Next.OVER.value)
        if hearing.next is not Next.SUBMIT:
            return Reply(turn.conversation, events=(over,), outcome="noted what nobody took up")
        return Reply(after_lost_answer(turn), events=(over,), outcome="noted a lost answer")

    @override
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Note it, and have the engine of flows speak the same language; never raises."""
        events = await super().run(dispatcher, tracker, domain)
        known = tracker.slots.get(_OURS)
        language = next((each["value"] for each in events if each["name"] == _OURS), known)
        # The engine stops at a language that the assistant has not.
        if language in _languages(domain) and tracker.slots.get(LANGUAGE) != language:
            events.append(SlotSet(LANGUAGE, language))
        return events


def _languages(domain: Any) -> list[str]:
    """The languages of the assistant, where the engine told them."""
    slots: Any = domain.get("slots") if isinstance(domain, dict) else None
    slot = slots.get(LANGUAGE) if isinstance(slots, dict) else None
    values = slot.get("values") if isinstance(slot, dict) else None
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []
