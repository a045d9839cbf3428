"""What a customer may rely on by now, and what they were told may be. Pure.

It is kept turn by turn from what was sent and what was told of it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from campaign.customer import is_kept_after
from campaign.doubts import Doubts
from campaign.moments import said_already
from campaign.plans import Asked, Twice
from campaign.told import IN_EFFECT, WARNINGS, Told, told_beside

if TYPE_CHECKING:
    from campaign.ledger import Attempt
    from campaign.story import Story, Turn

_REFUSALS: Final = {HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS}


class Account:
    """What one conversation comes to.

    Args:
        story: The conversation.

    Attributes:
        sure: Ids of the callbacks that were told to be there.
        maybe: Ids of those that were told to be there perhaps.
        doubts: Bookings of which nobody knows what came of them.
        was_silenced: Whether the assistant may not have heard in an earlier turn what came of it.
        is_warned: Whether the customer said yes to the risk of two calls.
    """

    def __init__(self, story: Story) -> None:
        self._story = story
        self.sure: set[str] = set()
        self.maybe: set[str] = set()
        self.doubts = Doubts()
        self.was_silenced = False
        self.is_warned = False
        self._is_kept = False
        """Whether what was arranged last could not be gone on with, and is kept as it was."""

    @property
    def holds_something(self) -> bool:
        """Whether anything was booked, for sure or perhaps."""
        is_there = any(each.callback_id is not None for each in self.doubts.sent)
        return bool(self.sure or self.maybe) or is_there

    def hear_warning(self, turn: Turn) -> None:
        """Take note of a yes to "we may call you twice: all the same?"; good for one booking."""
        self.is_warned &= turn.is_arranging or turn.is_yes or self._is_kept
        if turn.is_yes or (turn.is_arranging and is_kept_after(turn)):
            self._is_kept = is_kept_after(turn)
        before = self._story.before(turn)
        is_asked = any(name.startswith(WARNINGS) for each in before[-1:] for name in each.names)
        self.is_warned |= is_asked and turn.message.intent == "affirm"

    def without_others(self, turn: Turn, create: Attempt, told: set[Told]) -> set[Told]:
        """What was told without what speaks of another callback of the customer's."""
        if Told.ALREADY in told and not any(said_already(self._story, turn, create)):
            told = told - {Told.ALREADY}
        if told & IN_EFFECT and self.doubts.may_be_there(turn.at):
            # Of an earlier one in doubt it has come to be known that it was refused.
            told = told & told_beside(turn, "utter_callback_unconfirmed_not_booked")
        # "Moved" is said of the other one, and what was just sent is in doubt all the same.
        return told if self.cleared(turn, create) is None else told - IN_EFFECT

    def cleared(self, turn: Turn, create: Attempt) -> Attempt | None:
        """An earlier booking in doubt that the conversation has come to hold while this was sent.

        Its answer came at last, and the yes that was said again tells what came of it.
        """
        return self.come_late(turn, create) if create.is_unknown else None

    def come_late(self, turn: Turn, create: Attempt) -> Attempt | None:
        """An earlier booking in doubt that the conversation holds now, instead of what was sent."""
        if turn.holds in {None, create.callback_id}:
            return None
        return next((each for each in self.doubts.sent if each.callback_id == turn.holds), None)

    def take_in(self, turn: Turn, creates: list[Attempt], told: set[Told]) -> None:
        """Take in a turn.

        Args:
            turn: The turn.
            creates: The bookings that were sent in it.
            told: What it told.
        """
        self.was_silenced |= turn.is_silenced
        cleared = self.cleared(turn, creates[-1]) if creates else None
        if cleared is not None:
            self.doubts.remove(cleared)
            self.sure.add(str(cleared.callback_id))
        # Another one that was in doubt may be told of in the same words as what was just sent.
        of_sent = self.without_others(turn, creates[-1], told) if creates else told
        is_told = bool(of_sent & IN_EFFECT)
        refused = [x for x in creates if x.is_known_refused or is_refusal_heard(turn, x, told)]
        self._take_in_sent(turn, [x for x in creates if x not in refused], is_told=is_told)
        if Told.UNCONFIRMED in told and turn.twice == Twice.AT_ONCE and told & IN_EFFECT:
            # One of the two waited too long for what the other one told.
            self.was_silenced = True
        elif self._leaves_in_doubt(turn, creates, told):
            # Where no connection lasts, even what never arrived may have been sent.
            self.doubts.add(None, turn.wanted_at or turn.at)
        self._take_in_cancelled(turn, told)
        if "utter_callback_unconfirmed_not_booked" in turn.names:
            self._take_in_not_booked(told)
        if self.doubts.sent and cleared is None and self._clears(turn, creates, told):
            there = self.doubts.settle_one(turn.holds, self._told_of_already(turn))
            self.sure |= {*there} - self._story.cancelled_by(turn)
        elif creates and Told.ALREADY in told:
            # An earlier one at the same time is told of in the same words.
            self.doubts.blur_at(creates[-1].desired_at)

    def _take_in_sent(self, turn: Turn, creates: list[Attempt], *, is_told: bool) -> None:
        for create in creates:
            ids = set() if create.callback_id is None else {str(create.callback_id)}
            if is_told:
                self.sure |= ids
                continue
            self.maybe |= ids
            self.doubts.add(create, create.desired_at or turn.at)

    def _take_in_cancelled(self, turn: Turn, told: set[Told]) -> None:
        is_move = told & {Told.MOVED, Told.MOVED_OLD_REMAINS}
        old = self._story.moved_in(turn) if is_move else {str(turn.callback_id)}
        is_sent = any(each.operation is Asked.CANCEL for each in turn.attempts)
        if told & {Told.CANCELLED, Told.MOVED}:
            self.sure -= old
            self.maybe -= old
        if told & {Told.CANCEL_UNCONFIRMED, Told.MOVED_OLD_REMAINS} or (
            turn.is_silenced and is_sent
        ):
            self.sure -= old
            self.maybe |= old

    def _take_in_not_booked(self, told: set[Told]) -> None:
        if Told.STILL in told:
            # Of two in doubt one is cleared, and the other one is told of beside it.
            self.doubts.blur(lambda _: True)
        else:
            self.doubts.settle()

    def _leaves_in_doubt(self, turn: Turn, creates: list[Attempt], told: set[Told]) -> bool:
        """Whether "unconfirmed" is all that is told of something that GES did not leave unknown."""
        if Told.UNCONFIRMED not in told or any(each.is_unknown for each in creates):
            return False
        # On a slow machine the second yes hears what the first one did not wait for.
        is_heard = turn.twice != Twice.NO and creates
        return not (is_heard and self.without_others(turn, creates[-1], told) & IN_EFFECT)

    def _told_of_already(self, turn: Turn) -> Attempt | None:
        sent = self.doubts.sent
        return next((x for x in sent if any(said_already(self._story, turn, x))), None)

    def _clears(self, turn: Turn, creates: list[Attempt], told: set[Told]) -> bool:
        """Whether an earlier booking in doubt turns out to be there."""
        doubted = self.doubts.sent[-1].callback_id
        if doubted is not None and turn.holds == doubted:
            # It is that of the conversation by now, as when it is shown.
            return True
        if not creates:
            return bool(told & IN_EFFECT)
        # Besides what the turn booked itself: it may have arrived twice.
        return not all(said_already(self._story, turn, creates[-1]))


def is_refusal_heard(turn: Turn, create: Attempt, told: set[Told]) -> bool:
    """Whether a refusal came too late for the first yes, and in time for the second."""
    is_refused = create.callback_id is None and create.status in _REFUSALS
    return turn.twice != Twice.NO and is_refused and Told.NOT_BOOKED in told
