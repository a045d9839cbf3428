"""The request log: what was called and how it was answered, and nothing about anybody.

No path, header or value is kept, and of query and body only names that nobody reads: neither a
number nor a key nor user data can be in it.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ges_connector.sandbox.faults import FaultKind

KEPT_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One request.

    Attributes:
        at: When it was answered, by the sandbox's clock.
        tenant: Whose key it carried; None when nobody's.
        method: HTTP method.
        operation: Operation, by the names that faults use; None for an unknown path.
        status: HTTP status; None when the connection ended without an answer.
        ges_code: GES code in the envelope; None without one.
        corr_id: Correlation id in the envelope; None without one.
        duration_seconds: Real time the answer took.
        fault: What befell it on order.
        ignored: Names of query parameters and body fields that no operation reads.
    """

    at: datetime
    tenant: str | None
    method: str
    operation: str | None
    status: int | None
    ges_code: int | None
    corr_id: str | None
    duration_seconds: float
    fault: FaultKind | None
    ignored: tuple[str, ...] = ()


class Journal:
    """The last requests, oldest first."""

    def __init__(self, kept: int = KEPT_ENTRIES) -> None:
        self._entries: deque[JournalEntry] = deque(maxlen=kept)

    @property
    def entries(self) -> Sequence[JournalEntry]:
        """What was kept."""
        return tuple(self._entries)

    def add(self, entry: JournalEntry) -> None:
        """Keeps a request, and forgets the oldest one when there are too many."""
        self._entries.append(entry)

    def clear(self) -> None:
        """Forgets all of them."""
        self._entries.clear()
