"""Whether what a customer was told is the time that was sent. Pure.

What is spoken is all in words; but a time is told in the words in which it was read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from campaign.customer import shows
from campaign.told import READ_BACK, Told, told_by

if TYPE_CHECKING:
    from campaign.ledger import Attempt
    from campaign.story import Story, Turn

_NEAR: Final = frozenset({"today", "tomorrow", "on", "heute", "morgen", "am"})
"""What stands before a day that is spoken; it changes when the clock is moved."""


def is_moment_of(story: Story, turn: Turn, create: Attempt, moment: str) -> bool:
    """Whether a moment that was told in a turn is that of a booking, of that turn or before."""
    visit, at = story.visit, create.desired_at
    if visit.speaks and at is not None:
        read_back = _read_back_before(story, turn)
        said = read_back[-1:] if create in turn.attempts else read_back
        return _words(moment) in said
    return at is not None and shows(moment, at, visit)


def said_already(story: Story, turn: Turn, create: Attempt) -> list[bool]:
    """Of each time that "already booked" is said, whether it is said of what was just sent."""
    moments = [
        each.values.get("moment") for each in turn.said if told_by(each.name) is Told.ALREADY
    ]
    at, visit = create.desired_at, story.visit
    if at is None:
        return [each is None for each in moments]
    if visit.speaks:
        return [[_words(each)] == _read_back_before(story, turn)[-1:] for each in moments]
    return [bool(each) and shows(str(each), at, visit) for each in moments]


def _read_back_before(story: Story, turn: Turn) -> list[list[str]]:
    """The words of the moments that were read back before a turn, the last one last."""
    return [
        _words(said.values.get("moment"))
        for each in story.before(turn)
        for said in each.said
        if said.name.startswith(READ_BACK)
    ]


def _words(moment: object) -> list[str]:
    """The words of a spoken moment, but for how near its day is."""
    words = str(moment).replace(",", "").split()
    return words[1:] if words[:1] and words[0] in _NEAR else words
