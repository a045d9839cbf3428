"""What a contact-centre floor has done that can be seen from outside."""

from collections.abc import Callable
from uuid import UUID

from ges_connector.sandbox.records import Callback, PlacedCall, PushMessage

ChangeListener = Callable[[Callback], None]
PurgeListener = Callable[[UUID], None]


class Ledger:
    """Outbound calls, pushes, and whoever wants to hear of every change.

    Attributes:
        placed_calls: Outbound calls in the order in which they ended.
        pushes: The push outbox (rules 38 and 45), in the order of sending.
        on_change: Called with every callback that is new or has changed.
        on_purge: Called with the id of every callback that is forgotten.
    """

    def __init__(self) -> None:
        self.placed_calls: list[PlacedCall] = []
        self.pushes: list[PushMessage] = []
        self.on_change: ChangeListener | None = None
        self.on_purge: PurgeListener | None = None

    def changed(self, callback: Callback) -> None:
        """Tells that a callback is new or has changed."""
        if self.on_change is not None:
            self.on_change(callback)

    def purged(self, callback_id: UUID) -> None:
        """Tells that a callback is forgotten."""
        if self.on_purge is not None:
            self.on_purge(callback_id)
