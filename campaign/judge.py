"""Compares what customers were told with what the contact centre holds. Pure.

The rules, each a sentence that a customer could hold us to:

- one yes is sent once, however often it arrives;
- "booked" is said of a callback that is there, for that number and that time, and of nothing else;
- what GES confirmed is told as booked, what it refused as not booked;
- "unconfirmed" is said where nobody can know, and nowhere else;
- one wish makes one callback, unless the customer was told of the risk and wanted it all the same;
- in the end nothing is there that was not told of, and nothing is missing that was;
- every turn ends in a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.account import Account, is_refusal_heard
from campaign.customer import shows
from campaign.moments import is_moment_of
from campaign.plans import ABOUT_PATIENCE_SECONDS, Asked, Twice
from campaign.told import IN_EFFECT, STANDS, Told, listed, told_by, told_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from campaign.centre import Held
    from campaign.ledger import Attempt
    from campaign.story import Story, Turn


class Judge:
    """Judges one conversation.

    Args:
        story: What was said, and what arrived.
        held: All that the contact centre holds of it in the end.
        responses: The responses that there are.
    """

    def __init__(self, story: Story, held: Sequence[Held], responses: Iterable[str]) -> None:
        self._story = story
        self._held = {each.id: each for each in held}
        self._responses = frozenset(responses)
        self._account = Account(story)
        self._faults: list[str] = []
        self.slow_turns = 0
        """Turns answered later than the assistant waits, on a slow machine: no fault."""

    def faults(self) -> list[str]:
        """All that was told and is not so, and all that is so and was not told."""
        for number, turn in enumerate(self._story.turns):
            before = len(self._faults)
            self._judge(turn)
            self._faults[before:] = [f"turn {number}: {each}" for each in self._faults[before:]]
        self._compare_books()
        return self._faults

    def _wrong(self, what: str) -> None:
        self._faults.append(what)

    def _judge(self, turn: Turn) -> None:
        self._faults.extend(turn.oddities)
        told = told_in(turn)
        self._is_spoken(turn, told)
        creates = [each for each in turn.attempts if each.operation is Asked.CREATE]
        cancels = [each for each in turn.attempts if each.operation is Asked.CANCEL]
        if any(not each.is_known_refused for each in creates[:-1]):
            self._wrong("one yes was sent twice")
        if creates and not turn.is_yes and not turn.is_silenced and not self._account.doubts.sent:
            self._wrong("something was sent without a yes to a read-back")
        self._account.hear_warning(turn)
        for create in creates:
            self._agrees(turn, create)
        if creates:
            self._told_of(turn, creates[-1], told)
        else:
            self._told_of_nothing(turn, told)
        self._told_of_cancel(turn, cancels, told)
        self._told_of_what_stands(turn)
        self._account.take_in(turn, creates, told)

    def _is_spoken(self, turn: Turn, told: set[Told]) -> None:
        if not turn.said and not turn.is_silenced:
            self._wrong("nothing was said")
        unknown = sorted({name for name in turn.names if name not in self._responses})
        if unknown:
            self._wrong(f"there is no response {', '.join(unknown)}")
        if Told.TROUBLE in told:
            self._wrong("an action failed")

    # --- bookings ----------------------------------------------------------------------------

    def _agrees(self, turn: Turn, create: Attempt) -> None:
        """What is sent is what was agreed: to the contact centre a number and an instant."""
        if create.phone is None or not create.phone.endswith(self._story.phone[-8:]):
            self._wrong("another number was sent than was agreed")
        if turn.is_yes and create.desired_at != turn.wanted_at:
            self._wrong(f"{create.desired_at} was sent, agreed was {turn.wanted_at}")
        if self._account.doubts.are_there(turn.at) and not self._account.is_warned:
            self._wrong("a wish in doubt was sent again, and the customer was not told of the risk")

    def _told_of(self, turn: Turn, create: Attempt, told: set[Told]) -> None:
        if turn.is_silenced:
            return
        told = self._account.without_others(turn, create, told)
        cleared = self._account.cleared(turn, create)
        if cleared is not None:
            self._shows(turn, cleared)
        if turn.twice == Twice.AT_ONCE and not create.is_known_refused:
            # Of two at the same moment the first may have been refused, and told so too.
            told = told - {Told.NOT_BOOKED}
        if not create.is_unknown and self._is_unheard(turn, told):
            return
        if create.is_known_done:
            self._told_of_done(turn, create, told)
        elif create.is_known_refused:
            if told & (IN_EFFECT | {Told.UNCONFIRMED}) or Told.NOT_BOOKED not in told:
                self._wrong(f"GES refused ({create.fault}), and was told: {listed(told)}")
        elif create.callback_id is not None and turn.holds == create.callback_id:
            # The answer came after all, later than the turn that asked would wait.
            self._told_of_done(turn, create, told - {Told.UNCONFIRMED})
        elif told & IN_EFFECT or not self._is_doubt_told(turn, create, told):
            self._wrong(f"nobody can know ({create.fault}), and was told: {listed(told)}")

    def _is_doubt_told(self, turn: Turn, create: Attempt, told: set[Told]) -> bool:
        """Whether a booking is told as in doubt, or as refused where that was heard in the end."""
        if is_refusal_heard(turn, create, told):
            return True
        return Told.NOT_BOOKED not in told and Told.UNCONFIRMED in told

    def _told_of_done(self, turn: Turn, create: Attempt, told: set[Told]) -> None:
        if not told & IN_EFFECT or told & {Told.UNCONFIRMED, Told.NOT_BOOKED}:
            self._wrong(f"GES confirmed, and was told: {listed(told)}")
        self._shows(turn, create)

    def _is_unheard(self, turn: Turn, told: set[Told]) -> bool:
        """Whether an answer came too late, or broke off with all connections."""
        is_slow = Told.UNCONFIRMED in told and turn.seconds >= ABOUT_PATIENCE_SECONDS
        self.slow_turns += is_slow
        return is_slow or (Told.UNCONFIRMED in told and turn.is_disturbed)

    def _shows(self, turn: Turn, create: Attempt) -> None:
        """The time and the number that are told are those that were sent, and that are held."""
        # Of two yeses the second may hear of an earlier one, too, that has come to be known.
        late = self._account.come_late(turn, create)
        booked = [create] if late is None else [create, late]
        for said in turn.said:
            if told_by(said.name) not in IN_EFFECT - {Told.ALREADY}:
                continue
            moment, number = said.values.get("moment"), said.values.get("number")
            if moment is not None and not any(
                is_moment_of(self._story, turn, each, str(moment)) for each in booked
            ):
                self._wrong(f"told as booked {moment!r}, booked is {create.desired_at}")
            if number is not None and not self._is_number(str(number)):
                self._wrong("another number was told than was agreed")
        held = self._held.get(str(create.callback_id))
        if held is not None and held.desired_at != create.desired_at:
            self._wrong(f"{create.desired_at} was told as booked, held is {held.desired_at}")
        if held is not None and held.phone != self._story.phone:
            self._wrong("what was told as booked is held for another number")

    def _is_number(self, number: str) -> bool:
        if self._story.visit.speaks:
            return True
        digits = "".join(each for each in number if each.isdigit())
        return digits.endswith(self._story.phone[-8:])

    def _told_of_nothing(self, turn: Turn, told: set[Told]) -> None:
        if told & {Told.BOOKED, Told.MOVED, Told.MOVED_OLD_REMAINS} and not self._is_heard_late(
            turn
        ):
            self._wrong("booked was said, and nothing was sent")
        if Told.ALREADY in told and not self._account.holds_something:
            self._wrong("already booked was said, and nothing is held")
        is_deaf = turn.is_silenced or self._account.was_silenced
        is_open = self._account.doubts.may_be_there(turn.at)
        may_doubt = is_deaf or is_open or self._is_unheard(turn, told)
        if told & {Told.UNCONFIRMED, Told.STILL} and not may_doubt:
            self._wrong("unconfirmed was said, and nothing was ever sent")

    def _is_heard_late(self, turn: Turn) -> bool:
        """Whether a booking of an earlier turn, whose answer got lost, is told of now."""
        return bool(self._account.doubts.sent) or turn.twice != Twice.NO

    # --- cancellations -------------------------------------------------------------------------

    def _told_of_cancel(self, turn: Turn, cancels: list[Attempt], told: set[Told]) -> None:
        if turn.is_silenced:
            return
        is_move = told & {Told.MOVED, Told.MOVED_OLD_REMAINS}
        about = self._story.moved_in(turn) if is_move else {str(turn.callback_id)}
        there = [each for each in map(self._held.get, about) if each is not None]
        is_off = all(each.is_off for each in there)
        is_done = any(each.is_known_done for each in cancels)
        if told & {Told.CANCELLED, Told.MOVED} and any(each.reason is None for each in there):
            self._wrong("cancelled was said of a callback that is still to come")
        is_heard = not turn.is_disturbed and turn.seconds < ABOUT_PATIENCE_SECONDS
        if (
            is_done
            and is_heard
            and turn.twice == Twice.NO
            and told & {Told.CANCEL_UNCONFIRMED, Told.MOVED_OLD_REMAINS}
        ):
            self._wrong("GES confirmed a cancellation, and it was told as in doubt")
        is_refused = all(each.is_known_refused for each in cancels)
        # Of two yeses the first may have been refused and told so before the second was sent.
        is_first = told & {Told.CANCELLED, Told.CANCEL_UNCONFIRMED} and cancels
        is_refused |= bool(is_first) and cancels[0].is_known_refused
        if told & {Told.NOT_CANCELLED} and not is_refused:
            self._wrong("a cancellation is done or in doubt, and it was told as not done")
        # Of one that GES itself refused, only the callback tells why; and that may not be had. Nor
        # can it be told then whether one before it was carried out, whoever refused this one.
        orders = self._story.visit.orders
        is_unseen = any(each.operation is Asked.RETRIEVE for each in orders)
        # Where nothing arrived of a yes, it was not asked either.
        yeses = 1 if turn.twice == Twice.NO else 2
        may_doubt = (
            is_unseen
            or len(cancels) < yeses
            or any(each.is_unknown or each.fault is None for each in cancels)
            or self._story.is_cancel_on_its_way(turn)
        )
        if is_heard and told & {Told.CANCEL_UNCONFIRMED} and not may_doubt:
            self._wrong("no cancellation is in doubt, and one was told as in doubt")
        is_none_done = bool(cancels) and all(each.is_known_refused for each in cancels)
        if is_none_done and told & {Told.CANCELLED, Told.MOVED} and not is_off:
            self._wrong("GES refused a cancellation, and it was told as done")

    # --- what is there -------------------------------------------------------------------------

    def _told_of_what_stands(self, turn: Turn) -> None:
        """Whatever is told to stand is held for that time, and was not cancelled before."""
        if self._story.visit.speaks or turn.is_silenced or turn.twice == Twice.AT_ONCE:
            # Of two at the same moment the first may have been refused, and told so too.
            return
        stands = [
            each for each in self._held.values() if each.id not in self._story.cancelled_by(turn)
        ]
        # It stood when the first yes was answered, and the second one hears what came of it.
        is_heard = told_in(turn) & {Told.MOVED, Told.MOVED_OLD_REMAINS}
        is_moved = turn.twice == Twice.AGAIN and is_heard
        for said in turn.said:
            moment = said.values.get("old_moment", said.values.get("moment"))
            if not said.name.startswith(STANDS) or moment is None:
                continue
            if is_moved and said.name.startswith("utter_callback_move_unconfirmed"):
                continue
            times = [each.desired_at for each in stands if each.desired_at is not None]
            if not any(shows(str(moment), at, self._story.visit) for at in times):
                self._wrong(f"{said.name}: nothing stands {moment!r}")

    # --- the books -----------------------------------------------------------------------------

    def _compare_books(self) -> None:
        there = {each.id for each in self._held.values() if not each.is_off}
        untold = there - self._account.sure - self._account.maybe
        missing = self._account.sure - there
        if untold:
            self._wrong(f"{len(untold)} callbacks are held that nobody was told of")
        if missing:
            self._wrong(f"{len(missing)} callbacks were told as booked and are not held")
