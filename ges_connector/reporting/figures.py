"""What the lines of a decision log come to: counts, rates and waits, by day and profile. Pure."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ges_connector.callbacks.events import (
    Accepted,
    Booked,
    Cancelled,
    Clarified,
    Declined,
    Moved,
    NotOffered,
    NumberGiven,
    Offered,
    Refused,
    Unconfirmed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from ges_connector.reporting.lines import Line

_OUTCOMES: Final = frozenset(
    each.name for each in (Booked, Refused, Unconfirmed, Clarified, Moved, Cancelled, NumberGiven)
)
_ANSWERS: Final = frozenset({Accepted.name, Declined.name})
_TENTHS: Final = 10


@dataclass(frozen=True, order=True, slots=True)
class Group:
    """What figures are told of.

    Attributes:
        day: The day by the office's clock; None for all days together.
        profile: Name of the topic; None for all together.
    """

    day: date | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a group of lines comes to.

    Attributes:
        events: How often each event was announced.
        outcomes: The outcomes by event and by what it came to: booked, moved, cancelled and so on.
        waits_seconds: The estimated waits at the offers that knew one, sorted.
    """

    events: Mapping[str, int]
    outcomes: Mapping[tuple[str, str], int]
    waits_seconds: tuple[float, ...]

    @property
    def offered(self) -> int:
        """Offers made."""
        return self.events.get(Offered.name, 0)

    @property
    def wanted(self) -> int:
        """How often a callback was wanted, or the wait asked for: offers made or impossible."""
        return self.offered + self.events.get(NotOffered.name, 0)

    @property
    def accepted(self) -> int:
        """Offers accepted."""
        return self.events.get(Accepted.name, 0)

    @property
    def declined(self) -> int:
        """Offers left."""
        return self.events.get(Declined.name, 0)

    @property
    def booked(self) -> int:
        """Callbacks booked, with those that GES confirmed late."""
        late = self.outcomes.get((Clarified.name, Booked.name), 0)
        return self.events.get(Booked.name, 0) + late

    @property
    def offer_rate(self) -> float | None:
        """Share of the wishes that could be offered a callback; None without a wish."""
        return self.offered / self.wanted if self.wanted else None

    @property
    def accept_rate(self) -> float | None:
        """Share of the offers that were accepted; None without an offer."""
        return self.accepted / self.offered if self.offered else None

    @property
    def median_wait_seconds(self) -> float | None:
        """The middle of the waits at the offers; None if no offer knew one."""
        return statistics.median(self.waits_seconds) if self.waits_seconds else None

    @property
    def long_wait_seconds(self) -> float | None:
        """The wait that one offer in ten exceeded; None if no offer knew one."""
        if len(self.waits_seconds) < 2:  # noqa: PLR2004 - there is nothing between one and itself
            return self.median_wait_seconds
        return statistics.quantiles(self.waits_seconds, n=_TENTHS, method="inclusive")[-1]


def with_their_offers(lines: Iterable[Line]) -> Iterator[Line]:
    """Put each answer to an offer to the day and the topic of that offer.

    A yes after midnight is one to an offer of the day before; counted on its own day, more offers
    could be accepted than were made. An answer whose offer is not among the lines stays.

    Args:
        lines: The lines of a decision log, of all topics, in any order.
    """
    offers: dict[str | None, Line] = {}
    for line in sorted(lines, key=lambda each: each.at):
        if line.event == Offered.name and line.conversation is not None:
            offers[line.conversation] = line
        offer = offers.get(line.conversation) if line.event in _ANSWERS else None
        belongs = {} if offer is None else {"at": offer.at, "profile": offer.profile}
        yield line.model_copy(update=belongs)


def count_lines(
    lines: Iterable[Line],
    group_of: Callable[[date, str], Group],
    zone_of: Callable[[str], ZoneInfo],
    within: Callable[[date], bool] = lambda _: True,
) -> dict[Group, Figures]:
    """Count the lines of a decision log.

    Args:
        lines: The lines, in any order.
        group_of: The group that a day and a profile belong to.
        zone_of: The zone of a profile's office, whose days are counted.
        within: Whether a day is asked for.

    Returns:
        The figures by group, the earliest first.
    """
    grouped: dict[Group, list[Line]] = defaultdict(list)
    for line in lines:
        day = line.at.astimezone(zone_of(line.profile)).date()
        if within(day):
            grouped[group_of(day, line.profile)].append(line)
    order = sorted(grouped, key=lambda each: (str(each.day), str(each.profile)))
    return {group: _figures(grouped[group]) for group in order}


def _figures(lines: Sequence[Line]) -> Figures:
    waits = (each.wait_seconds for each in lines if each.event == Offered.name)
    return Figures(
        events=Counter(each.event for each in lines),
        outcomes=Counter(
            (each.event, each.outcome or each.rung or each.event)
            for each in lines
            if each.event in _OUTCOMES
        ),
        waits_seconds=tuple(sorted(each for each in waits if each is not None)),
    )
