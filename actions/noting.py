"""What the channel says of its customer, noted before anything is said.

Not done by `action_session_start`: when that fails, because this server is down at the very first
message, the engine never gets the conversation on its feet again. The engine runs the action of
a slot's mapping for every message instead, and goes on without it where it fails; so language and
channel are right also when they change, and after a restart of the conversation.
"""

from __future__ import annotations

from typing_extensions import override

from actions.base import CallbackAction, Reply, Turn


class NoteCustomer(CallbackAction):
    """Notes language, locale, zone, channel and caller number."""

    action_name = "action_note_customer"
    speaks = False

    @override
    async def act(self, turn: Turn) -> Reply:
        return Reply(turn.conversation, outcome="noted")
