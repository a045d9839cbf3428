"""What a store is asked to do, in the words of callbacks.

Four things are shared: who may send a booking and what came of it (claims), which callbacks a
number has and which cancels a callback (notes), what GES answered a few seconds ago and who is
asking it just now (answers and leases), and how many requests GES gets per second (the budget).
Nothing personal is ever handed to a store: tokens, names and questions are hashes, results hold
GES's own ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, TypeAlias

KEPT_SECONDS: Final = 36 * 3600.0
"""How long a claim and its result are kept: longer than any conversation repeats its yes."""
NOTED_SECONDS: Final = 32 * 24 * 3600.0
"""How long notes are kept after the last one: longer than anything is booked ahead."""

Record: TypeAlias = Mapping[str, Any]
"""Something written down as JSON."""


class StoreError(Exception):
    """Something is wrong with the store."""


class StoreConfigurationError(StoreError, ValueError):
    """The store cannot be used as it is configured.

    Attributes:
        faults: All that is wrong, without any secret.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class StoreUnavailableError(StoreError):
    """The store did not answer in time, or not at all; whether it did what was asked is unknown.

    Attributes:
        is_refusal: Whether it answered, and takes not the name or password it was shown.
    """

    def __init__(self, *, is_refusal: bool = False) -> None:
        super().__init__(
            "the store refuses the name or password of its address"
            if is_refusal
            else "the store cannot be reached"
        )
        self.is_refusal = is_refusal


class ClaimState(StrEnum):
    """How the claim on a booking stands."""

    OURS = "ours"
    """Whoever asked may send the booking, and nobody else may."""
    PENDING = "pending"
    """Somebody else may have sent it; what came of it is not written down, at least not yet."""
    SETTLED = "settled"
    """Somebody sent it, and this came of it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim on a booking, as the one who asked for it finds it.

    Attributes:
        state: Whose it is.
        result: What came of the booking, once it is settled.
        age_seconds: How long ago the booking was claimed, or settled.
        claimant: Who holds it, as long as it is not settled; empty if that cannot be read.
    """

    state: ClaimState
    result: Record | None = None
    age_seconds: float = 0.0
    claimant: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a store holds for a question.

    Attributes:
        mark: Stands for all that is known of the service up to now; another after each `forget`.
        answer: The answer; None if there is none, or none that is still good or can be read.
    """

    mark: str
    answer: Record | None = None


class Store(Protocol):
    """Shared by all who are given the same one.

    Every method raises `StoreUnavailableError` if the store cannot be reached. Belongs to one event
    loop.
    """

    async def claim(self, token: str, claimant: str) -> Claim:
        """Claim a booking, if nobody has; all or nothing, however many ask at the same moment.

        Args:
            token: Token of the booking.
            claimant: Stands for one attempt to send it; may ask again, and still holds its claim.
        """
        ...

    async def settle(self, token: str, result: Record) -> None:
        """Write down what came of a booking that was sent.

        Args:
            token: Token of the booking.
            result: What everybody else is to be told.
        """
        ...

    async def release(self, token: str, claimant: str) -> None:
        """Give up the claim on a booking that certainly did not come about.

        Args:
            token: Token of the booking.
            claimant: Who claimed it; the claim of anybody else stays.
        """
        ...

    async def result(self, token: str) -> Record | None:
        """Look up what came of a booking; None if that is not written down."""
        ...

    async def note(self, name: str, entry: str, record: Record) -> None:
        """Note something under a name, beside what others noted there.

        Args:
            name: What it is noted of; a hash, as tokens are.
            entry: Which note it is; a second one of this name takes the place of the first.
            record: The note.
        """
        ...

    async def notes(self, name: str) -> Mapping[str, Record]:
        """Look up all that is noted under a name, by entry."""
        ...

    async def strike(self, name: str, entry: str) -> None:
        """Strike a note out."""
        ...

    async def find(self, service: str, question: str) -> Found:
        """Look up what GES answered.

        Args:
            service: Name of the service the question is about.
            question: Stands for the question among all of its service.
        """
        ...

    async def lease(self, service: str, question: str, mark: str, seconds: float) -> bool:
        """Try to be the one who asks GES.

        Args:
            service: Name of the service the question is about.
            question: Stands for the question.
            mark: What `find` told.
            seconds: When the lease ends by itself, should its holder be gone.

        Returns:
            Whether it is ours; if not, somebody else is asking.
        """
        ...

    async def keep(
        self, service: str, question: str, mark: str, answer: Record, seconds: float
    ) -> None:
        """Share an answer, and end the lease.

        Args:
            service: Name of the service the question is about.
            question: Stands for the question.
            mark: What `find` told before GES was asked; the answer is void once it has changed.
            answer: The answer.
            seconds: How long it is of use to anybody.
        """
        ...

    async def give_back(self, service: str, question: str, mark: str) -> None:
        """End a lease that brought no answer."""
        ...

    async def forget(self, service: str) -> None:
        """Void all answers about a service, those still on their way among them."""
        ...

    async def admit(self, requests_per_second: int) -> bool:
        """Take one request out of the budget.

        Args:
            requests_per_second: How many all may send together.

        Returns:
            Whether there was one left.
        """
        ...

    async def aclose(self) -> None:
        """Close what was opened."""
        ...
