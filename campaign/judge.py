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

from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from campaign.customer import is_kept_after, shows
from campaign.doubts import Doubts
from campaign.plans import ABOUT_PATIENCE_SECONDS, Asked, Twice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from campaign.centre import Held
    from campaign.ledger import Attempt
    from campaign.story import Story, Turn


class Told(StrEnum):
    """What a turn told a customer about what they want."""

    BOOKED = "booked"
    ALREADY = "already booked"
    MOVED = "moved"
    MOVED_OLD_REMAINS = "moved, old remains"
    UNCONFIRMED = "unconfirmed"
    STILL = "still unconfirmed"
    NOT_BOOKED = "not booked"
    CANCELLED = "cancelled"
    CANCEL_UNCONFIRMED = "cancel unconfirmed"
    NOT_CANCELLED = "not cancelled"
    TROUBLE = "trouble"


_PREFIXES: Final = (
    ("utter_callback_cancel_unconfirmed", Told.CANCEL_UNCONFIRMED),
    ("utter_callback_cancel_unavailable", Told.NOT_CANCELLED),
    ("utter_callback_moved_old_remains", Told.MOVED_OLD_REMAINS),
    ("utter_callback_number_changed_old_remains", Told.MOVED_OLD_REMAINS),
    ("utter_callback_number_changed", Told.MOVED),
    ("utter_callback_moved", Told.MOVED),
    ("utter_callback_booked_", Told.BOOKED),
    ("utter_callback_already_booked", Told.ALREADY),
    ("utter_callback_move_unconfirmed", Told.UNCONFIRMED),
    ("utter_callback_unconfirmed_not_booked", Told.NOT_BOOKED),
    ("utter_callback_unconfirmed_", Told.STILL),
    ("utter_callback_unconfirmed", Told.UNCONFIRMED),
    ("utter_callback_not_moved", Told.NOT_BOOKED),
    ("utter_callback_unavailable", Told.NOT_BOOKED),
    ("utter_callback_slot_taken", Told.NOT_BOOKED),
    ("utter_callback_office_closed", Told.NOT_BOOKED),
    ("utter_callback_number_invalid", Told.NOT_BOOKED),
    ("utter_callback_number_not_allowed", Told.NOT_BOOKED),
    ("utter_callback_limit_reached", Told.NOT_BOOKED),
    ("utter_callback_conversation_limit", Told.NOT_BOOKED),
    ("utter_callback_cancelled", Told.CANCELLED),
    ("utter_callback_cancel_gone", Told.CANCELLED),
    ("utter_callback_technical_problem", Told.TROUBLE),
)
_STANDS: Final = (
    "utter_callback_show_scheduled",
    "utter_callback_open_exists",
    "utter_callback_kept",
    "utter_callback_other_stays",
    "utter_callback_not_moved",
    "utter_callback_move_unconfirmed",
    "utter_callback_cancel_unavailable",
    "utter_callback_already_booked",
)
"""Responses that tell the time of a callback that is there."""
_WARNINGS: Final = ("utter_ask_callback_unconfirmed", "utter_ask_callback_second")
_READ_BACK: Final = "utter_ask_callback_confirmed"
_NEAR: Final = frozenset({"today", "tomorrow", "on", "heute", "morgen", "am"})
"""What stands before a day that is spoken; it changes when the clock is moved."""
_IN_EFFECT: Final = frozenset({Told.BOOKED, Told.MOVED, Told.MOVED_OLD_REMAINS, Told.ALREADY})


def told_in(turn: Turn) -> set[Told]:
    """What a turn told."""
    return {told for name in turn.names if (told := _told_by(name)) is not None}


def _told_by(name: str) -> Told | None:
    return next((told for prefix, told in _PREFIXES if name.startswith(prefix)), None)


@dataclass
class _Account:
    """What a customer may rely on by now, and what they were told may be."""

    sure: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    doubts: list[Attempt] = field(default_factory=list)
    """Bookings of which nobody knows what came of them."""
    open_doubts: Doubts = field(default_factory=Doubts)
    """Those of which something may still come, as far as anybody can tell."""
    was_silenced: bool = False
    """Whether the assistant may not have heard in an earlier turn what came of it."""
    is_warned: bool = False
    """Whether the customer said yes to the risk of two calls."""
    is_kept: bool = False
    """Whether what they agreed to last could not be sent, and is kept with all they said of it."""


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
        self._account = _Account()
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
        if creates and not turn.is_yes and not turn.is_silenced and not self._account.doubts:
            self._wrong("something was sent without a yes to a read-back")
        self._hear_warning(turn)
        for create in creates:
            self._agrees(turn, create)
        if creates:
            self._told_of(turn, creates[-1], told)
        else:
            self._told_of_nothing(turn, told)
        self._told_of_cancel(turn, cancels, told)
        self._told_of_what_stands(turn)
        self._take_in(turn, creates, told)

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
        if self._account.open_doubts.are_there(turn.at) and not self._account.is_warned:
            self._wrong("a wish in doubt was sent again, and the customer was not told of the risk")

    def _hear_warning(self, turn: Turn) -> None:
        """Take note of a yes to "we may call you twice: all the same?"; good for one booking."""
        self._account.is_warned &= turn.is_arranging or turn.is_yes or self._account.is_kept
        if turn.is_yes:
            self._account.is_kept = is_kept_after(turn)
        place = self._story.turns.index(turn)
        before = self._story.turns[place - 1].names if place else []
        is_asked = any(name.startswith(_WARNINGS) for name in before)
        self._account.is_warned |= is_asked and turn.message.intent == "affirm"

    def _told_of(self, turn: Turn, create: Attempt, told: set[Told]) -> None:
        if turn.is_silenced:
            return
        told = self._without_others(turn, create, told)
        if turn.twice == Twice.AT_ONCE and not create.is_known_refused:
            # Of two at the same moment the first may have been refused, and told so too.
            told = told - {Told.NOT_BOOKED}
        if not create.is_unknown and self._is_unheard(turn, told):
            return
        if create.is_known_done:
            self._told_of_done(turn, create, told)
        elif create.is_known_refused:
            if told & (_IN_EFFECT | {Told.UNCONFIRMED}) or Told.NOT_BOOKED not in told:
                self._wrong(f"GES refused ({create.fault}), and was told: {_list(told)}")
        elif create.callback_id is not None and turn.holds == create.callback_id:
            # The answer came after all, later than the turn that asked would wait.
            self._told_of_done(turn, create, told - {Told.UNCONFIRMED})
        elif told & _IN_EFFECT or not self._is_doubt_told(turn, create, told):
            self._wrong(f"nobody can know ({create.fault}), and was told: {_list(told)}")

    def _is_doubt_told(self, turn: Turn, create: Attempt, told: set[Told]) -> bool:
        """Whether a booking is told as in doubt, or as refused where that was heard in the end."""
        if self._is_refusal_heard(turn, create, told):
            return True
        return Told.NOT_BOOKED not in told and Told.UNCONFIRMED in told

    def _is_refusal_heard(self, turn: Turn, create: Attempt, told: set[Told]) -> bool:
        """Whether a refusal came too late for the first yes, and in time for the second."""
        is_refused = create.callback_id is None and create.status == HTTPStatus.TOO_MANY_REQUESTS
        return turn.twice != Twice.NO and is_refused and Told.NOT_BOOKED in told

    def _told_of_done(self, turn: Turn, create: Attempt, told: set[Told]) -> None:
        if not told & _IN_EFFECT or told & {Told.UNCONFIRMED, Told.NOT_BOOKED}:
            self._wrong(f"GES confirmed, and was told: {_list(told)}")
        self._shows(turn, create)

    def _without_others(self, turn: Turn, create: Attempt, told: set[Told]) -> set[Told]:
        """What was told without what speaks of another callback of the customer's."""
        if Told.ALREADY in told and not self._is_already(turn, create):
            told = told - {Told.ALREADY}
        cleared = self._cleared(turn, create)
        if cleared is None:
            return told
        # "Moved" is said of it, and what was just sent is in doubt all the same.
        self._shows(turn, cleared)
        return told - _IN_EFFECT

    def _cleared(self, turn: Turn, create: Attempt) -> Attempt | None:
        """An earlier booking in doubt that the conversation has come to hold while this was sent.

        Its answer came at last, and the yes that was said again tells what came of it.
        """
        if not create.is_unknown or turn.holds in {None, create.callback_id}:
            return None
        found = (each for each in self._account.doubts if each.callback_id == turn.holds)
        return next(found, None)

    def _is_already(self, turn: Turn, create: Attempt) -> bool:
        """Whether "already booked" is said of what was just sent."""
        return any(self._said_already(turn, create))

    def _said_already(self, turn: Turn, create: Attempt) -> list[bool]:
        """Of each time that "already booked" is said, whether it is said of what was just sent."""
        moments = [
            each.values.get("moment") for each in turn.said if _told_by(each.name) is Told.ALREADY
        ]
        at, visit = create.desired_at, self._story.visit
        if at is None:
            return [each is None for each in moments]
        if visit.speaks:
            # What is spoken is all in words; but the same time is told in the same words.
            return [[_words(each)] == self._read_back_before(turn)[-1:] for each in moments]
        return [bool(each) and shows(str(each), at, visit) for each in moments]

    def _read_back_before(self, turn: Turn) -> list[list[str]]:
        """The words of the moments that were read back before a turn, the last one last."""
        before = self._story.turns[: self._story.turns.index(turn)]
        return [
            _words(said.values.get("moment"))
            for each in before
            for said in each.said
            if said.name.startswith(_READ_BACK)
        ]

    def _is_unheard(self, turn: Turn, told: set[Told]) -> bool:
        """Whether an answer came too late, or broke off with all connections."""
        is_slow = Told.UNCONFIRMED in told and turn.seconds >= ABOUT_PATIENCE_SECONDS
        self.slow_turns += is_slow
        return is_slow or (Told.UNCONFIRMED in told and turn.is_disturbed)

    def _shows(self, turn: Turn, create: Attempt) -> None:
        """The time and the number that are told are those that were sent, and that are held."""
        for said in turn.said:
            if _told_by(said.name) not in _IN_EFFECT - {Told.ALREADY}:
                continue
            moment, number = said.values.get("moment"), said.values.get("number")
            if moment is not None and not self._is_moment_of(turn, create, str(moment)):
                self._wrong(f"told as booked {moment!r}, booked is {create.desired_at}")
            if number is not None and not self._is_number(str(number)):
                self._wrong("another number was told than was agreed")
        held = self._held.get(str(create.callback_id))
        if held is not None and held.desired_at != create.desired_at:
            self._wrong(f"{create.desired_at} was told as booked, held is {held.desired_at}")
        if held is not None and held.phone != self._story.phone:
            self._wrong("what was told as booked is held for another number")

    def _is_moment_of(self, turn: Turn, create: Attempt, moment: str) -> bool:
        visit, at = self._story.visit, create.desired_at
        if visit.speaks and at is not None:
            # What is spoken is all in words; but they are those that were read back.
            read_back = self._read_back_before(turn)
            said = read_back[-1:] if create in turn.attempts else read_back
            return _words(moment) in said
        return at is not None and shows(moment, at, visit)

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
        if Told.ALREADY in told and not self._holds_something():
            self._wrong("already booked was said, and nothing is held")
        is_deaf = turn.is_silenced or self._account.was_silenced
        is_open = self._account.open_doubts.may_be_there(turn.at)
        may_doubt = is_deaf or is_open or self._is_unheard(turn, told)
        if told & {Told.UNCONFIRMED, Told.STILL} and not may_doubt:
            self._wrong("unconfirmed was said, and nothing was ever sent")

    def _is_heard_late(self, turn: Turn) -> bool:
        """Whether a booking of an earlier turn, whose answer got lost, is told of now."""
        return bool(self._account.doubts) or turn.twice != Twice.NO

    def _holds_something(self) -> bool:
        account = self._account
        return bool(account.sure or account.maybe) or any(
            each.callback_id is not None for each in account.doubts
        )

    # --- cancellations -------------------------------------------------------------------------

    def _told_of_cancel(self, turn: Turn, cancels: list[Attempt], told: set[Told]) -> None:
        if turn.is_silenced:
            return
        callback = self._held.get(str(turn.callback_id))
        is_done = any(each.is_known_done for each in cancels)
        if told & {Told.CANCELLED, Told.MOVED} and callback is not None and not callback.is_off:
            is_rung = callback.reason is not None
            if not is_rung:
                self._wrong("cancelled was said of a callback that is still to come")
        is_heard = not turn.is_disturbed and turn.seconds < ABOUT_PATIENCE_SECONDS
        if (
            is_done
            and is_heard
            and turn.twice == Twice.NO
            and told & {Told.CANCEL_UNCONFIRMED, Told.MOVED_OLD_REMAINS}
        ):
            self._wrong("GES confirmed a cancellation, and it was told as in doubt")
        is_refused = any(each.is_known_refused for each in cancels)
        if told & {Told.NOT_CANCELLED} and cancels and not is_refused:
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
        )
        if is_heard and told & {Told.CANCEL_UNCONFIRMED} and not may_doubt:
            self._wrong("no cancellation is in doubt, and one was told as in doubt")
        if cancels and all(each.is_known_refused for each in cancels):
            off = callback is None or callback.is_off
            if told & {Told.CANCELLED, Told.MOVED} and not off:
                self._wrong("GES refused a cancellation, and it was told as done")

    # --- what is there -------------------------------------------------------------------------

    def _told_of_what_stands(self, turn: Turn) -> None:
        """Whatever is told to stand is held for that time, and was not cancelled before."""
        if self._story.visit.speaks or turn.is_silenced or turn.twice == Twice.AT_ONCE:
            # Of two at the same moment the first may have been refused, and told so too.
            return
        stands = [each for each in self._held.values() if each.id not in self._cancelled_by(turn)]
        # It stood when the first yes was answered, and the second one hears what came of it.
        is_moved = turn.twice == Twice.AGAIN and Told.MOVED in told_in(turn)
        for said in turn.said:
            moment = said.values.get("old_moment", said.values.get("moment"))
            if not said.name.startswith(_STANDS) or moment is None:
                continue
            if is_moved and said.name.startswith("utter_callback_move_unconfirmed"):
                continue
            times = [each.desired_at for each in stands if each.desired_at is not None]
            if not any(shows(str(moment), at, self._story.visit) for at in times):
                self._wrong(f"{said.name}: nothing stands {moment!r}")

    def _cancelled_by(self, turn: Turn) -> set[str | None]:
        """What was cancelled in earlier turns, and in this one."""
        turns = self._story.turns[: self._story.turns.index(turn) + 1]
        return {
            attempt.callback_id
            for each in turns
            for attempt in each.attempts
            if attempt.operation is Asked.CANCEL
        }

    # --- the books -----------------------------------------------------------------------------

    def _take_in(self, turn: Turn, creates: list[Attempt], told: set[Told]) -> None:
        account, old = self._account, str(turn.callback_id)
        account.was_silenced |= turn.is_silenced
        cleared = self._cleared(turn, creates[-1]) if creates else None
        if cleared is not None:
            account.doubts.remove(cleared)
            account.sure.add(str(cleared.callback_id))
        is_told = cleared is None and bool(told & _IN_EFFECT)
        refused = [
            x for x in creates if x.is_known_refused or self._is_refusal_heard(turn, x, told)
        ]
        self._take_in_sent(turn, [x for x in creates if x not in refused], is_told=is_told)
        if Told.UNCONFIRMED in told and turn.twice == Twice.AT_ONCE and told & _IN_EFFECT:
            # One of the two waited too long for what the other one told.
            account.was_silenced = True
        elif self._leaves_in_doubt(turn, creates, told):
            # Where no connection lasts, even what never arrived may have been sent.
            account.open_doubts.add(None, turn.wanted_at or turn.at)
        if told & {Told.CANCELLED, Told.MOVED}:
            account.sure.discard(old)
            account.maybe.discard(old)
        if told & {Told.CANCEL_UNCONFIRMED, Told.MOVED_OLD_REMAINS} or (
            turn.is_silenced and any(each.operation is Asked.CANCEL for each in turn.attempts)
        ):
            account.sure.discard(old)
            account.maybe.add(old)
        if "utter_callback_unconfirmed_not_booked" in turn.names:
            self._take_in_not_booked(told)
        if account.doubts and cleared is None and self._clears(turn, creates, told):
            account.open_doubts.settle_one(turn.holds)
            known = [each.callback_id for each in account.doubts if each.callback_id is not None]
            account.sure |= {*known[-1:]} - self._cancelled_by(turn)
        elif creates and Told.ALREADY in told:
            # An earlier one at the same time is told of in the same words.
            account.open_doubts.blur_at(creates[-1].desired_at)

    def _leaves_in_doubt(self, turn: Turn, creates: list[Attempt], told: set[Told]) -> bool:
        """Whether "unconfirmed" is all that is told of something that GES did not leave unknown."""
        if Told.UNCONFIRMED not in told or any(each.is_unknown for each in creates):
            return False
        # On a slow machine the second yes hears what the first one did not wait for.
        is_heard = turn.twice != Twice.NO and creates
        return not (is_heard and self._without_others(turn, creates[-1], told) & _IN_EFFECT)

    def _take_in_not_booked(self, told: set[Told]) -> None:
        if Told.STILL in told:
            # Of two in doubt one is cleared, and the other one is told of beside it.
            self._account.open_doubts.blur(lambda _: True)
        else:
            self._account.open_doubts.settle()

    def _take_in_sent(self, turn: Turn, creates: list[Attempt], *, is_told: bool) -> None:
        account = self._account
        for create in creates:
            ids = set() if create.callback_id is None else {str(create.callback_id)}
            if is_told:
                account.sure |= ids
                continue
            account.maybe |= ids
            account.doubts.append(create)
            account.open_doubts.add(create.callback_id, create.desired_at or turn.at)

    def _clears(self, turn: Turn, creates: list[Attempt], told: set[Told]) -> bool:
        """Whether an earlier booking in doubt turns out to be there."""
        doubted = self._account.doubts[-1].callback_id
        if doubted is not None and turn.holds == doubted:
            # It is that of the conversation by now, as when it is shown.
            return True
        if not creates:
            return bool(told & _IN_EFFECT)
        # Besides what the turn booked itself: it may have arrived twice.
        return not all(self._said_already(turn, creates[-1]))

    def _compare_books(self) -> None:
        there = {each.id for each in self._held.values() if not each.is_off}
        untold = there - self._account.sure - self._account.maybe
        missing = self._account.sure - there
        if untold:
            self._wrong(f"{len(untold)} callbacks are held that nobody was told of")
        if missing:
            self._wrong(f"{len(missing)} callbacks were told as booked and are not held")


def _words(moment: object) -> list[str]:
    """The words of a spoken moment, but for how near its day is."""
    words = str(moment).replace(",", "").split()
    return words[1:] if words[:1] and words[0] in _NEAR else words


def _list(told: set[Told]) -> str:
    return ", ".join(sorted(told)) or "nothing"
