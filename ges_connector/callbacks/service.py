"""The callback service: asks GES for what a turn of the conversation needs, and lets decide on it.

Everything is asked at the same time, under one deadline, and a few seconds' old answers are shared
by all conversations (`shelf`), of all workers and replicas if they share a store. Errors of GES
never escape: each becomes a fact, an outcome or the next rung of the ladder. What is raised is a
mistake in the program.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import TypeAdapter

from ges_connector.api import (
    Availability,
    AvailabilityWindow,
    CallInRequest,
    Deadline,
    GesError,
    GesResponseError,
    OpenFor,
    Operation,
    QueueStatus,
    VirtualQueueWait,
)
from ges_connector.callbacks import booking, manage
from ges_connector.callbacks.allowance import Allowance, Exhausted
from ges_connector.callbacks.booking_desk import Begin, BookingDesk
from ges_connector.callbacks.call_in import CallInNumber, lent_number, static_number
from ges_connector.callbacks.cancels import Cancels
from ges_connector.callbacks.config_view import kept_until_restart
from ges_connector.callbacks.facts import Fact, Facts, Trouble, trouble_of
from ges_connector.callbacks.free_times import FreeTime, bookable
from ges_connector.callbacks.offer import Offer, decide_offer
from ges_connector.callbacks.open_calls import OpenCall, OpenCalls
from ges_connector.callbacks.request_budget import BudgetSpentError, RequestBudget
from ges_connector.callbacks.shelf import Inquiry, Question, Shelf
from ges_connector.store import InProcessStore, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from zoneinfo import ZoneInfo

    from ges_connector.api import GesClient
    from ges_connector.callbacks.booking import BookingResult, Draft
    from ges_connector.callbacks.manage import Cancellation, Move, Standing
    from ges_connector.callbacks.phone import Phone
    from ges_connector.callbacks.profile import CallbackConfig, TopicProfile
    from ges_connector.store import Store

_T = TypeVar("_T")
_NO_BOOKING: Final = "none"
"""The token of a booking that nobody makes: to look it up shows that the store answers."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """What a turn found out.

    Attributes:
        topic: Name of the profile it is about.
        at: The instant, UTC.
        facts: What GES said.
        kept: How the callback stands that the conversation knows of, if it knows of one.
    """

    topic: str
    at: datetime
    facts: Facts
    kept: Standing | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be reached.

    Attributes:
        ges_trouble: What keeps GES from answering; None if it answers.
        is_store_there: Whether the store answers.
    """

    ges_trouble: Trouble | None = None
    is_store_there: bool = True


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """The times that can be booked.

    Attributes:
        times: The times, earliest first.
        at: The instant, UTC.
        trouble: Why GES did not say; None if it did, be there times or none.
    """

    times: tuple[FreeTime, ...]
    at: datetime
    trouble: Trouble | None = None


_QUEUE_STATUS: Final = TypeAdapter(QueueStatus)
_OPEN_FOR: Final = TypeAdapter(OpenFor)
_WAITS: Final = TypeAdapter(tuple[VirtualQueueWait, ...])
_AVAILABILITY: Final = TypeAdapter(Availability)


class CallbackService:
    """All that an assistant asks about callbacks.

    Opens nothing before its first call. Belongs to one event loop; use one per worker and close it
    with `aclose`.

    Args:
        client_factory: Makes the client of GES when it is first needed.
        config: Profiles, patience, freshness, budget.
        clock: The present instant, aware.
        store: What is shared with other workers and replicas; closed with the service. Without one
            nothing is shared.
    """

    def __init__(
        self,
        client_factory: Callable[[], GesClient],
        config: CallbackConfig,
        *,
        clock: Callable[[], datetime] = _utc_now,
        store: Store | None = None,
    ) -> None:
        self._client_factory = client_factory
        self._client: GesClient | None = None
        self._config = config
        self._clock = clock
        self._store = store or InProcessStore()
        self._shelf = Shelf(
            clock,
            self._store,
            lease_seconds=config.patience.chat_seconds,
            last_known_seconds=config.budget.last_known_seconds,
        )
        # Twice what a booking is given: the claimant's turn may have begun with more.
        patience = config.patience
        longest_seconds = 2 * patience.booking_seconds + patience.late_answer_seconds
        self._desk = BookingDesk(self._store, longest_seconds=longest_seconds)
        self._budget = RequestBudget(self._store, config.budget)
        self._allowance = Allowance(self._store, self.pseudonym)
        self._open_calls = OpenCalls(
            self._store, self.pseudonym, self._clock, longest_seconds=longest_seconds
        )
        self._cancels = Cancels(
            self._store, self.pseudonym, self._clock, longest_seconds=longest_seconds
        )

    @property
    def config(self) -> CallbackConfig:
        """The configuration."""
        return self._config

    def adopt(self, config: CallbackConfig) -> tuple[str, ...]:
        """Work with another configuration from now on, without losing what is under way.

        Args:
            config: The other configuration.

        Returns:
            The parts of it that wait for a restart, as they are built into this service.
        """
        self._config, waiting = kept_until_restart(self._config, config)
        return waiting

    def profile(self, topic: str | None = None) -> TopicProfile:
        """Find the profile of a topic; an unknown one means the default topic."""
        return self._config.profile(topic)

    def now(self) -> datetime:
        """The present instant, as this service sees it."""
        return self._clock()

    def pseudonym(self, kind: str, value: str) -> str:
        """Name a personal value so that only holders of the same API key can tell which one it is.

        Args:
            kind: What the value is, in at most 16 letters; part of the name.
            value: The value.
        """
        return self._ges.pseudonym(kind, value)

    async def aclose(self) -> None:
        """Wait for the bookings under way, stop asking, and close the client and the store."""
        await self._desk.aclose()
        await self._shelf.aclose()
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
        await self._store.aclose()

    async def look(
        self,
        topic: str | None = None,
        *,
        kept_id: str | None = None,
        with_times: bool = True,
        deadline: Deadline | None = None,
    ) -> Look:
        """Find out all that an offer rests on, in one round trip.

        Args:
            topic: Name of the profile.
            kept_id: Id of the callback that the conversation knows of.
            with_times: Whether the free times are looked at too; needed to offer a time, and to
                tell when a closed office opens.
            deadline: Budget of the turn.

        Returns:
            What was found out, and what was not.
        """
        profile, deadline = self.profile(topic), deadline or self._asking()
        standing = self._nothing() if kept_id is None else self.show(topic, kept_id, deadline)
        queue, open_for, waits, availability, kept = await asyncio.gather(
            self._queue(profile, deadline),
            self._open_for(profile, deadline),
            self._waits(profile, deadline),
            self._availability(profile, deadline) if with_times else self._nothing(),
            standing,
        )
        facts = Facts(queue=queue, open_for=open_for, waits=waits, availability=availability)
        return Look(topic or self._config.default_topic, self._clock(), facts, kept)

    async def reach(self, deadline: Deadline | None = None) -> Reach:
        """Find out whether GES and the store answer.

        Asks GES no more often than the conversations do: what any of them was told a few seconds
        ago counts.

        Args:
            deadline: How long to wait for an answer.
        """
        look = await self.look(with_times=False, deadline=deadline)
        trouble = next(iter(look.facts.troubles), None) if look.facts.is_nothing_known else None
        try:
            await self._store.result(_NO_BOOKING)
        except StoreUnavailableError:
            return Reach(trouble, is_store_there=False)
        return Reach(trouble)

    def offer(self, look: Look, customer_zone: ZoneInfo) -> Offer:
        """Decide what to offer, from what was found out.

        Args:
            look: What was found out.
            customer_zone: Where the customer's phone rings.
        """
        profile = self.profile(look.topic)
        return decide_offer(look.facts, profile, now=look.at, customer_zone=customer_zone)

    async def free_times(
        self, topic: str | None = None, *, deadline: Deadline | None = None
    ) -> FreeTimes:
        """Find out which times can be booked.

        Args:
            topic: Name of the profile.
            deadline: Budget of the turn.
        """
        profile = self.profile(topic)
        fact = await self._availability(profile, deadline or self._asking())
        now = self._clock()
        if fact.value is None:
            return FreeTimes((), now, fact.trouble)
        return FreeTimes(bookable(fact.value, profile.slots, now), now)

    async def book(
        self,
        draft: Draft,
        *,
        earlier: BookingResult | None = None,
        deadline: Deadline | None = None,
    ) -> BookingResult:
        """Book what was read back and agreed to, once.

        Args:
            draft: The booking.
            earlier: The last result that the conversation kept.
            deadline: Budget of the turn.

        Returns:
            What it came to. A draft whose time has come too near is not sent at all, nor one beyond
            our own limits, nor one that cannot be claimed because the store is out of reach.
            Unconfirmed if there is no answer in time; it is still waited for, and `booked_by_now`
            knows it then. Unconfirmed also where the store does not tell whether an earlier
            delivery of the same yes was sent.
        """
        return await self._book(draft, earlier, deadline or self._booking())

    async def booked_by_now(self, token: str) -> BookingResult | None:
        """Look what has become of a booking that was told as unconfirmed.

        GES finds no callback by its number, and takes no key of ours (wire rule 1.9): all
        there can be is an answer that came late, to this process or one that shares its store.

        Args:
            token: Token of the draft.

        Returns:
            What it came to, a late refusal included; None if nobody knows.
        """
        return await self._desk.by_now(token)

    async def open_calls(
        self,
        phone: str,
        *,
        besides: Collection[str | None] = (),
        deadline: Deadline | None = None,
    ) -> tuple[OpenCall, ...]:
        """Find out which callbacks a number has, as far as they were booked here.

        Args:
            phone: The number, E.164.
            besides: Ids of callbacks and tokens of drafts that are known already.
            deadline: Budget of the turn.

        Returns:
            Those that are still to come, or may be; GES is asked about each that it confirmed. None
            where the store cannot be reached.
        """
        budget = deadline or self._asking()
        noted = [
            call
            for call in await self._open_calls.of(phone)
            if call.token not in besides and call.callback_id not in {*besides} - {None}
        ]
        found = await asyncio.gather(*(self._stands(phone, call, budget) for call in noted))
        return tuple(call for call in found if call is not None)

    async def _stands(self, phone: str, call: OpenCall, deadline: Deadline) -> OpenCall | None:
        """Look how a callback stands; None, and forgotten, if nothing will come of it any more."""
        if call.callback_id is None:
            return call
        standing = await self.show(call.topic, call.callback_id, deadline)
        if not standing.is_over:
            return replace(call, standing=standing)
        await self._open_calls.over(phone, call.token)
        return None

    async def show(
        self, topic: str | None, callback_id: str, deadline: Deadline | None = None
    ) -> Standing:
        """Find out how a callback stands.

        Args:
            topic: Name of its profile.
            callback_id: Its id.
            deadline: Budget of the turn.
        """
        budget = deadline or self._asking()
        try:
            await self._budget.wait(Operation.RETRIEVE_CALLBACK, budget)
        except BudgetSpentError as error:
            return manage.standing_without(callback_id, error)
        return await self._standing(topic, callback_id, budget)

    async def is_being_cancelled(
        self, callback_id: str, earlier_at: datetime | None = None
    ) -> bool:
        """Find out whether a cancel is on its way, so that it cannot be told that it stands.

        Args:
            callback_id: Id of the callback, which GES says is still to come.
            earlier_at: When a cancel was sent that the conversation knows of, aware.

        Returns:
            Whether one is; where the store cannot be reached, what the conversation knows counts.
        """
        return self._cancels.is_recent(earlier_at) or await self._cancels.is_any_of(callback_id)

    async def cancel(
        self,
        topic: str | None,
        callback_id: str,
        deadline: Deadline | None = None,
        *,
        earlier_at: datetime | None = None,
    ) -> Cancellation:
        """Cancel a callback.

        Only where that fails the callback is looked up as well: what has become of it cannot be
        told otherwise. That it stands is not said while another cancel of it is on its way.

        Args:
            topic: Name of its profile.
            callback_id: Its id.
            deadline: Budget of the turn.
            earlier_at: When a cancel was sent that the conversation knows of, and of which nobody
                knew what came, aware.
        """
        budget = deadline or self._booking()
        sent = await self._cancels.sending(callback_id)
        done = await self._cancel(topic, callback_id, budget, sent.at)
        return await self._cancels.beside_others(sent, done, earlier_at, budget)

    async def move(
        self,
        callback_id: str,
        draft: Draft,
        *,
        earlier: BookingResult | None = None,
        deadline: Deadline | None = None,
    ) -> Move:
        """Move a callback: book the new one first, then cancel the old one.

        In this order the customer never stands without any booking; if the second step fails, the
        result says which one counts.

        Args:
            callback_id: Id of the old one.
            draft: The new one.
            earlier: The last result that the conversation kept.
            deadline: Budget of the turn.
        """
        budget = deadline or self._booking()
        result = await self._book(draft, earlier, budget, is_move=True)
        if not result.is_booked:
            return manage.moved(result, None)
        if result.callback_id == callback_id:
            # The same yes again, after the conversation has taken note of the new booking.
            return manage.Move(manage.MoveOutcome.MOVED, result)
        return manage.moved(result, await self.cancel(draft.topic, callback_id, budget))

    async def call_in(
        self,
        topic: str | None = None,
        *,
        phone: Phone | None = None,
        callback_id: str | None = None,
        earlier: CallInNumber | None = None,
        deadline: Deadline | None = None,
    ) -> CallInNumber:
        """Get a number the customer can ring; there always is one.

        Args:
            topic: Name of the profile.
            phone: The customer's own number, if it is known.
            callback_id: A callback that the call belongs to.
            earlier: The number given out before; given out again as long as it is good.
            deadline: Budget of the turn.

        Returns:
            A number lent by GES, else the one of the profile.
        """
        profile = self.profile(topic)
        if earlier is not None and earlier.is_lent and earlier.is_good_at(self._clock()):
            return earlier
        if profile.call_in_group is None:
            return static_number(profile)
        try:
            request = CallInRequest(
                group_name=profile.call_in_group,
                from_phone_number=None if phone is None else phone.e164,
                callback_service_id=callback_id,
            )
            await self._budget.count()
            lent = await self._ges.request_call_in(request, deadline=deadline or self._asking())
        except GesError as error:
            trouble = trouble_of(error)
            return replace(static_number(profile), trouble=trouble, corr_id=error.corr_id)
        number = lent_number(lent)
        return number if number.is_good_at(self._clock()) else static_number(profile)

    async def _book(
        self,
        draft: Draft,
        earlier: BookingResult | None,
        deadline: Deadline,
        *,
        is_move: bool = False,
    ) -> BookingResult:
        result = await self._desk.book_once(
            draft.token,
            lambda begin: self._send_if_allowed(draft, deadline, begin, is_move=is_move),
            earlier=earlier,
            deadline=deadline,
        )
        return replace(result, desired_at=booking.asked_for(draft))

    async def _send_if_allowed(
        self, draft: Draft, deadline: Deadline, begin: Begin, *, is_move: bool
    ) -> BookingResult:
        profile, now = self.profile(draft.topic), self._clock()
        if booking.is_too_near(draft, profile, now):
            free = await self.free_times(draft.topic, deadline=deadline)
            return booking.taken(draft, free.times, profile.slots.chat_count)
        permits = await self._allowance.take(draft, profile.limits, now, is_move=is_move)
        if isinstance(permits, Exhausted):
            is_of_conversation = permits is Exhausted.CONVERSATION
            return booking.over_limit(draft, of_conversation=is_of_conversation)
        result = await self._send_as_only_one(draft, deadline, begin)
        if result.callback_id is not None:
            await self._allowance.note(result.callback_id, permits)
        elif not result.may_be_in_effect:
            await self._allowance.give_back(permits)
        return result

    async def _send_as_only_one(
        self, draft: Draft, deadline: Deadline, begin: Begin
    ) -> BookingResult:
        """Send a booking, unless its number has a callback already and is to have only one."""
        async with self._open_calls.booking(draft, deadline) as is_alone:
            if draft.is_only and (not is_alone or await self._has_another(draft, deadline)):
                return booking.open_already(draft)
            await self._open_calls.note(draft, None)
            result = await self._send(draft, deadline, begin)
            if result.callback_id is not None:
                await self._open_calls.note(draft, result.callback_id)
            elif not result.may_be_in_effect:
                await self._open_calls.over(draft.phone, draft.token)
            return result

    async def _has_another(self, draft: Draft, deadline: Deadline) -> bool:
        return bool(await self.open_calls(draft.phone, besides=[draft.token], deadline=deadline))

    async def _send(self, draft: Draft, deadline: Deadline, begin: Begin) -> BookingResult:
        profile, now = self.profile(draft.topic), self._clock()
        try:
            request = booking.request_for(draft, profile)
            await self._before_a_write(profile, deadline)
            if not begin():
                return booking.called_off(draft)
            created = await self._ges.create_callback(request, deadline=self._late(deadline))
        except GesError as error:
            return booking.not_booked(draft, profile, error, now)
        finally:
            await self._shelf.forget(profile.service_name)
        return booking.booked(draft, created)

    async def _cancel(
        self, topic: str | None, callback_id: str, deadline: Deadline, sent_at: datetime
    ) -> Cancellation:
        try:
            await self._before_a_write(self.profile(topic), deadline)
            await self._ges.cancel_callback(callback_id, deadline=deadline)
        except GesError as error:
            failed = error
        else:
            await self._allowance.cancelled(callback_id)
            await self._open_calls.cancelled(callback_id)
            return manage.Cancellation(manage.CancelOutcome.CANCELLED, callback_id)
        finally:
            await self._shelf.forget(self.profile(topic).service_name)
        standing = None
        if manage.has_to_be_looked_up(failed):
            await self._budget.count()
            standing = await self._standing(topic, callback_id, deadline)
        return manage.not_cancelled(callback_id, failed, standing, sent_at)

    async def _standing(self, topic: str | None, callback_id: str, deadline: Deadline) -> Standing:
        try:
            callback = await self._ges.retrieve_callback(callback_id, deadline=deadline)
        except GesError as error:
            return manage.standing_without(callback_id, error)
        return manage.standing_of(callback, self.profile(topic).wait)

    async def _before_a_write(self, profile: TopicProfile, deadline: Deadline) -> None:
        await self._budget.count()
        # No write finds out whether GES is back (decision 010).
        if not self._ges.circuit.is_closed:
            with suppress(GesResponseError):
                await self._ges.queue_status(profile.queue, deadline=deadline)

    @property
    def _ges(self) -> GesClient:
        if self._client is None:
            self._client = self._client_factory()
        return self._client

    def _asking(self) -> Deadline:
        return Deadline.after(self._config.patience.chat_seconds)

    def _late(self, deadline: Deadline) -> Deadline:
        """Go on listening behind a deadline; but nothing is begun behind it."""
        if deadline.is_spent:
            return deadline
        late_seconds = self._config.patience.late_answer_seconds
        return replace(deadline, monotonic_seconds=deadline.monotonic_seconds + late_seconds)

    def _booking(self) -> Deadline:
        return Deadline.after(self._config.patience.booking_seconds)

    async def _nothing(self) -> None:
        return None

    async def _queue(self, profile: TopicProfile, deadline: Deadline) -> Fact[QueueStatus]:
        return await self._fact(
            Question(Operation.QUEUE_STATUS, profile.service_name, profile.queue),
            lambda own: self._ges.queue_status(profile.queue, deadline=own),
            _QUEUE_STATUS,
            self._config.freshness.queue_seconds,
            deadline,
        )

    async def _open_for(self, profile: TopicProfile, deadline: Deadline) -> Fact[OpenFor]:
        return await self._fact(
            Question(Operation.OPEN_FOR, profile.service_name, profile.office_hours),
            lambda own: self._ges.open_for(profile.office_hours, deadline=own),
            _OPEN_FOR,
            self._config.freshness.queue_seconds,
            deadline,
        )

    async def _waits(
        self, profile: TopicProfile, deadline: Deadline
    ) -> Fact[tuple[VirtualQueueWait, ...]] | None:
        if not profile.virtual_queues:
            return None
        asked = (profile.virtual_queues, profile.wait_mode, profile.include_calls_on_hold)
        return await self._fact(
            Question(Operation.ESTIMATED_WAIT_TIME, profile.service_name, asked),
            lambda own: self._ges.estimated_wait_time(*asked, deadline=own),
            _WAITS,
            self._config.freshness.queue_seconds,
            deadline,
        )

    async def _availability(self, profile: TopicProfile, deadline: Deadline) -> Fact[Availability]:
        # Full times are listed too: the first of all tells when a closed office opens.
        window = AvailabilityWindow(number_of_days=profile.slots.horizon_days, report_busy=True)
        return await self._fact(
            Question(Operation.AVAILABILITY, profile.service_name, window.number_of_days),
            lambda own: self._ges.availability(profile.service_name, window, deadline=own),
            _AVAILABILITY,
            self._config.freshness.slots_seconds,
            deadline,
        )

    async def _fact(
        self,
        question: Question,
        ask: Callable[[Deadline], Awaitable[_T]],
        shape: TypeAdapter[_T],
        max_age_seconds: float,
        deadline: Deadline,
    ) -> Fact[_T]:
        async def ask_within_its_own_time() -> _T:
            own = self._asking()
            await self._budget.wait(question.operation, own)
            return await ask(own)

        inquiry = Inquiry(ask_within_its_own_time, shape, max_age_seconds)
        return await self._shelf.fact(question, inquiry, deadline=deadline)
