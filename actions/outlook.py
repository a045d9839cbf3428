"""What the contact centre offers at this turn: asked once, and taken as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from actions.booked import topic_of
from actions.slots import text_in
from ges_connector.api import OfferTiming, OfferType
from ges_connector.callbacks.free_times import FreeTime, bookable
from ges_connector.callbacks.offer import Offer, Rung
from ges_connector.callbacks.wait import WaitTold

if TYPE_CHECKING:
    from actions.base import Turn
    from actions.slots import Conversation
    from ges_connector.callbacks.manage import Standing
    from ges_connector.callbacks.profile import SlotPolicy
    from ges_connector.callbacks.service import Look

ANNOUNCED: Final = "announced"
"""Where what is kept of an offer says how much of it was announced."""


@dataclass(frozen=True)
class Outlook:
    """What is possible now.

    Attributes:
        offer: The ways to an agent.
        found: What it was decided on.
        policy: Which of the times may be shown.
    """

    offer: Offer
    found: Look
    policy: SlotPolicy

    @property
    def kept(self) -> Standing | None:
        """How the callback stands that the conversation knows of, if it knows of one."""
        return self.found.kept

    @cached_property
    def times(self) -> tuple[FreeTime, ...]:
        """All free times, the earliest first; made when asked for, as most turns need none."""
        listed = self.found.facts.availability
        if listed is None or listed.value is None:
            return ()
        return bookable(listed.value, self.policy, self.found.at)

    @property
    def are_times_unread(self) -> bool:
        """Whether GES did not say which times are free: then none is listed, and some may be."""
        listed = self.found.facts.availability
        return listed is None or listed.value is None

    @property
    def wait_seconds(self) -> float | None:
        """The estimated wait; None if it is unknown, or the office is closed."""
        facts = self.found.facts
        return None if facts.is_closed else facts.wait_seconds

    def has(self, rung: Rung) -> bool:
        """Whether a way is open."""
        return rung in self.offer.rungs


async def look(turn: Turn) -> Outlook:
    """Ask GES for everything that a decision of this turn may need, in one round trip."""
    found = await turn.service.look(
        turn.topic, kept_id=turn.conversation.id, deadline=turn.deadline
    )
    return Outlook(turn.service.offer(found, turn.customer.zone), found, turn.profile.slots)


@dataclass(frozen=True, slots=True)
class OfferTold:
    """What the conversation keeps of an offer, because the booking has to say it later.

    Attributes:
        wait: What was told about the wait.
        rungs: The ways that were open.
        offer_type: What it is in GES's reports.
        offer_timing: Whether the office was open.
        told_queue: Virtual queue whose wait was told.
        announced: What was announced of it already, by the names of the events.
        topic: The topic that it was made for; None for the default one.
    """

    wait: WaitTold
    rungs: frozenset[Rung] = frozenset()
    offer_type: OfferType | None = None
    offer_timing: OfferTiming | None = None
    told_queue: str | None = None
    announced: tuple[str, ...] = ()
    topic: str | None = None

    @classmethod
    def of(cls, conversation: Conversation) -> OfferTold:
        """Read it back; what is odd in it counts as unknown."""
        kept = conversation.offer or {}
        rungs = kept.get("rungs")
        announced = kept.get(ANNOUNCED)
        return cls(
            wait=WaitTold.from_code(kept.get("wait")),
            rungs=frozenset(rung for rung in Rung if isinstance(rungs, list) and rung in rungs),
            offer_type=next((each for each in OfferType if each == kept.get("type")), None),
            offer_timing=next((each for each in OfferTiming if each == kept.get("timing")), None),
            told_queue=text_in(kept, "queue"),
            announced=tuple(map(str, announced)) if isinstance(announced, list) else (),
            topic=text_in(kept, "topic"),
        )

    def is_for_topic_of(self, conversation: Conversation) -> bool:
        """Whether it is about the topic that the conversation is about by now."""
        return conversation.offer is None or self.topic == topic_of(conversation)


def wait_of(offer: Offer, conversation: Conversation) -> WaitTold:
    """The wait as it is told: as before, as long as that holds and is about the same topic."""
    before = OfferTold.of(conversation)
    return offer.wait.steadied(before.wait if before.is_for_topic_of(conversation) else None)


def kept_of(offer: Offer, conversation: Conversation) -> dict[str, Any]:
    """Write down what `OfferTold` reads.

    Args:
        offer: What is offered now.
        conversation: What was told before.
    """
    before = OfferTold.of(conversation)
    announced = before.announced if before.is_for_topic_of(conversation) else ()
    return {
        "wait": wait_of(offer, conversation).code,
        "rungs": [rung.value for rung in offer.rungs],
        "type": offer.offer_type,
        "timing": offer.offer_timing,
        "queue": offer.told_queue,
        "topic": topic_of(conversation),
        **({ANNOUNCED: [*announced]} if announced else {}),
    }
