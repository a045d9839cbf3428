"""What really happened at the contact centre, request by request.

The contact centre writes it, in its own process if it has one: an event a line, written before the
thing it tells of can be seen by anybody, so that it outlives a kill.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from campaign.plans import Asked, Knowledge

if TYPE_CHECKING:
    from pathlib import Path

_OK = 200


@dataclass
class Attempt:
    """One write that arrived.

    Attributes:
        conversation: Whose.
        operation: Create or cancel.
        fault: What befell it, by name; None for nothing.
        phone: The number, for a create.
        desired_at: The time asked for, for a create at a time.
        knowledge: What the sender can know of it.
        callback_id: The callback that was made or cancelled, if it took effect.
        status: The status that was answered; None if no answer left.
    """

    conversation: str
    operation: Asked
    fault: str | None = None
    phone: str | None = field(default=None, repr=False)
    desired_at: datetime | None = None
    knowledge: Knowledge = Knowledge.UNKNOWN
    callback_id: str | None = None
    status: int | None = None

    @property
    def is_known_done(self) -> bool:
        """Whether the sender was told that it is done."""
        return self.knowledge is Knowledge.HONEST and self.status == _OK

    @property
    def is_unknown(self) -> bool:
        """Whether the sender cannot know what came of it."""
        return self.knowledge is Knowledge.UNKNOWN or self.status is None

    @property
    def is_known_refused(self) -> bool:
        """Whether the sender was told that it is not done."""
        return not self.is_unknown and not self.is_known_done


class Ledger:
    """All attempts, by conversation, in order of their arrival."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}
        self._of: dict[str, list[Attempt]] = {}
        self._read_bytes = 0

    def of(self, conversation: str) -> list[Attempt]:
        """The attempts of a conversation."""
        return self._of.setdefault(conversation, [])

    def note(self, event: dict[str, Any]) -> None:
        """Take in one event."""
        if event["event"] == "arrived":
            at = event["desired_at"]
            attempt = Attempt(
                event["conversation"],
                Asked(event["operation"]),
                event["fault"],
                event["phone"],
                None if at is None else datetime.fromisoformat(at),
            )
            self._attempts[event["id"]] = attempt
            self.of(attempt.conversation).append(attempt)
        elif event["event"] == "done":
            self._attempts[event["id"]].callback_id = event["callback_id"]
        else:
            self._attempts[event["id"]].status = event["status"]
            self._attempts[event["id"]].knowledge = Knowledge(event["knowledge"])

    def read(self, path: Path) -> None:
        """Take in what a file holds by now."""
        with path.open("rb") as lines:
            lines.seek(self._read_bytes)
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                self._read_bytes += len(line)
                self.note(json.loads(line))
