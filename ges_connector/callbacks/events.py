"""What happens to callbacks, told to whoever counts or writes it down. No personal data.

The actions announce an event where the thing has just happened; metrics and the decision log
subscribe. An event holds words of closed sets, instants and seconds, and a pseudonym of the
conversation: a keyed hash, which nobody can turn back and nobody without the key can try out.
No number, no id of GES and no word of the customer has a place here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
    from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
    from ges_connector.callbacks.offer import Rung, Situation

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when something happens; every event has one.

    Attributes:
        at: When, UTC.
        profile: Name of the topic in the configuration.
        language: Language of the wording, as the catalogues name it.
        channel: `chat` or `voice`.
        conversation: Pseudonym of the conversation, the same in all processes with the same key.
    """

    at: datetime
    profile: str
    language: str
    channel: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A callback was offered, on a request for one or on the question how long the wait is.

    Once for each arrangement, however often its questions are asked.

    Attributes:
        scene: Where and when.
        situation: What stood out.
        rungs: The ways that were open, the best first.
        wait_seconds: The estimated wait; None if unknown, or the office is closed.
        told_seconds: What the customer was told of it, by its far end, or "more than" by its near
            one; None if nothing was told.
    """

    name: ClassVar = "offered"
    scene: Scene
    situation: Situation
    rungs: tuple[Rung, ...]
    wait_seconds: float | None = None
    told_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A callback was wanted, or the wait asked for, and none could be offered.

    Attributes:
        scene: Where and when.
        situation: What stood out.
        wait_seconds: As in `Offered`.
        told_seconds: As in `Offered`.
    """

    name: ClassVar = "not_offered"
    scene: Scene
    situation: Situation
    wait_seconds: float | None = None
    told_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class WaitAnswered:
    """The customer asked how long the wait is, and was told.

    Attributes:
        scene: Where and when.
        situation: What stood out.
        wait_seconds: As in `Offered`.
        told_seconds: As in `Offered`.
    """

    name: ClassVar = "wait_answered"
    scene: Scene
    situation: Situation
    wait_seconds: float | None = None
    told_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The customer agreed to what was read back; once for each offer, before anything is sent.

    Attributes:
        scene: Where and when.
        kind: In turn or at a time.
    """

    name: ClassVar = "accepted"
    scene: Scene
    kind: CallbackKind


@dataclass(frozen=True, slots=True)
class Declined:
    """The customer left an offer.

    Attributes:
        scene: Where and when.
        for_number: Whether they rather ring themselves.
    """

    name: ClassVar = "declined"
    scene: Scene
    for_number: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """GES confirmed a new callback.

    Attributes:
        scene: Where and when.
        kind: In turn or at a time.
    """

    name: ClassVar = "booked"
    scene: Scene
    kind: CallbackKind


@dataclass(frozen=True, slots=True)
class Refused:
    """A new callback was certainly not booked.

    Attributes:
        scene: Where and when.
        kind: In turn or at a time.
        outcome: Why.
    """

    name: ClassVar = "refused"
    scene: Scene
    kind: CallbackKind
    outcome: BookingOutcome


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A new callback was sent, and nobody knows whether it was booked.

    Attributes:
        scene: Where and when.
        kind: In turn or at a time.
    """

    name: ClassVar = "unconfirmed"
    scene: Scene
    kind: CallbackKind


@dataclass(frozen=True, slots=True)
class Clarified:
    """What nobody knew is known by now: the answer came late.

    Attributes:
        scene: Where and when.
        kind: In turn or at a time.
        outcome: `booked`, or why not.
    """

    name: ClassVar = "clarified"
    scene: Scene
    kind: CallbackKind
    outcome: BookingOutcome


@dataclass(frozen=True, slots=True)
class Moved:
    """The customer agreed to move a callback, or to have it ring another number.

    Attributes:
        scene: Where and when.
        kind: Of the new one.
        outcome: What it came to.
        booking: What booking the new one came to.
    """

    name: ClassVar = "moved"
    scene: Scene
    kind: CallbackKind
    outcome: MoveOutcome
    booking: BookingOutcome


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The customer agreed to cancel a callback.

    Attributes:
        scene: Where and when.
        outcome: What it came to.
    """

    name: ClassVar = "cancelled"
    scene: Scene
    outcome: CancelOutcome


@dataclass(frozen=True, slots=True)
class NumberGiven:
    """The conversation came down the ladder to a number to ring.

    Attributes:
        scene: Where and when.
        rung: `call_in` for one that GES lent, `static_number` for the one that is always there.
    """

    name: ClassVar = "number_given"
    scene: Scene
    rung: Rung


CallbackEvent: TypeAlias = (
    Offered
    | NotOffered
    | WaitAnswered
    | Accepted
    | Declined
    | Booked
    | Refused
    | Unconfirmed
    | Clarified
    | Moved
    | Cancelled
    | NumberGiven
)
"""All that can be announced."""


class Subscriber(Protocol):
    """Hears of every event, in the order in which they happen."""

    def __call__(self, event: CallbackEvent, /) -> None:
        """Take note of an event, at once: all conversations of the process wait meanwhile."""


class Announcer:
    """Tells the subscribers of one event loop what happens.

    No subscriber can disturb a conversation: what one raises is logged, by its kind alone and once
    for each subscriber and kind, and the others hear of the event all the same.
    """

    def __init__(self, *subscribers: Subscriber) -> None:
        self._subscribers = [*subscribers]
        self._complained: set[tuple[int, type[Exception]]] = set()

    def subscribe(self, subscriber: Subscriber) -> None:
        """Tell a subscriber too, from now on."""
        self._subscribers.append(subscriber)

    def announce(self, event: CallbackEvent) -> None:
        """Tell everyone of an event; never raises."""
        for place, subscriber in enumerate(self._subscribers):
            try:
                subscriber(event)
            except Exception as error:  # noqa: BLE001 - whatever counts must not disturb who talks
                self._complain(place, type(error))

    def _complain(self, place: int, kind: type[Exception]) -> None:
        if (place, kind) not in self._complained:
            self._complained.add((place, kind))
            logger.warning("Events are not taken note of: %s", kind.__name__)
