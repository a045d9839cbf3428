"""One tenant's contact centre: what the operations mean (sections 2.1 to 2.9).

Everything a request can come to here is an answer or a `RefusedError`. Operations are synchronous
and do their checks and their booking in one go, so that no two bookings can share a place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from ges_connector.sandbox.admission import Application, ServiceCounter, admit, unknown_service
from ges_connector.sandbox.call_in import CallInDesk, CallInOrder
from ges_connector.sandbox.capacity import Slot
from ges_connector.sandbox.clock import EARLIEST_AT, LATEST_AT, VirtualClock
from ges_connector.sandbox.floor import Floor, IllegalTransitionError
from ges_connector.sandbox.office_hours import ALWAYS_OPEN, OfficeCalendar
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import (
    Booking,
    Callback,
    CallInGrant,
    Code,
    QueueWait,
    Reason,
    RefusedError,
    State,
)
from ges_connector.sandbox.seed import Service, Tenant
from ges_connector.sandbox.seeded import draw_uuid, stream
from ges_connector.sandbox.service_book import ServiceBook
from ges_connector.sandbox.statistics import StatisticsProxy

__all__ = [
    "NEVER_CLOSES_SECONDS",
    "AvailabilityQuery",
    "AvailabilityView",
    "CallInOrder",
    "CallbackView",
    "ContactCentre",
    "Listeners",
    "QueueStatusView",
    "Slot",
]

NEVER_CLOSES_SECONDS = float(2**31 - 1)
"""What open-for tells of an office that never closes, by the likeliest reading (Q9)."""

_BAD_REQUEST = 400
_UNAUTHORIZED = 401
_NOT_FOUND = 404
_NO_INTERACTION_SEEN = -1
_NO_AGENT_LOGGED_IN = -2


class _HasName(Protocol):
    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=_HasName)


@dataclass(frozen=True, slots=True)
class CallbackView:
    """What retrieve tells of a callback.

    Attributes:
        callback: The callback.
        position_in_queue: 1 is next, 0 is being served; None while or once it is not in a queue.
        wait_seconds: Estimated, -1 if it cannot be told; None like the position.
    """

    callback: Callback
    position_in_queue: int | None
    wait_seconds: float | None


@dataclass(frozen=True, slots=True)
class AvailabilityQuery:
    """A window of slots (section 2.4); types are checked, and that the ends exclude each other.

    Attributes:
        start: Beginning of the window; now if not given.
        end: End of the window, not part of it.
        number_of_days: Civil days from the start, in `zone`, instead of an end.
        zone: The zone asked for; UTC if none was.
        max_time_slots: Stop after this many slots with a free place.
        report_busy: Also list slots whose places are all taken.
    """

    start: datetime | None = None
    end: datetime | None = None
    number_of_days: int | None = None
    zone: ZoneInfo | None = None
    max_time_slots: int | None = None
    report_busy: bool = False


@dataclass(frozen=True, slots=True)
class AvailabilityView:
    """The slots of a window.

    Attributes:
        slots: In order of time.
        duration_minutes: Length of a slot.
        zone: As asked for.
    """

    slots: tuple[Slot, ...]
    duration_minutes: int
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class QueueStatusView:
    """A queue's wait and what may be offered for it (section 2.6).

    Attributes:
        wait_seconds: -1 if it cannot be computed.
        offer_immediate: An immediate callback booked now is expected before closing (rule 17). With
            a wait of -1, true says that the queue has had no interaction yet, false that no agent
            is logged in.
        offer_scheduled: Scheduled callbacks are enabled.
    """

    wait_seconds: float
    offer_immediate: bool
    offer_scheduled: bool


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told of changes that should outlive the process.

    Attributes:
        callback_changed: Told every callback that is new or has changed.
        callback_purged: Told the id of every callback that is forgotten.
        call_in_changed: Told every call-in that is new or was matched.
        call_in_forgotten: Told the id of every call-in that is forgotten.
    """

    callback_changed: Callable[[Callback], None]
    callback_purged: Callable[[UUID], None]
    call_in_changed: Callable[[CallInGrant], None]
    call_in_forgotten: Callable[[UUID], None]


class ContactCentre:
    """One tenant's engine; mutable by design.

    Args:
        tenant: The tenant as seeded.
        clock: The sandbox's clock.
        seed: Of every random choice.
        profile: Returns how open questions are read now; asked at every operation.

    Attributes:
        floor: The tenant's agents, queues and dialling.
    """

    def __init__(
        self,
        tenant: Tenant,
        *,
        clock: VirtualClock,
        seed: int,
        profile: Callable[[], Profile],
    ) -> None:
        start = clock.now()
        self._tenant = tenant
        self._clock = clock
        self._profile = profile
        self._offices = {hours.name: OfficeCalendar(hours, start) for hours in tenant.office_hours}
        self._books = {service.name: self._new_book(service, start) for service in tenant.services}
        self.floor = Floor(
            {service.name: service for service in tenant.services},
            {name: book.calendar for name, book in self._books.items()},
            tenant.customers,
            seed=seed,
            start=start,
        )
        self._ids = stream(seed, "callback ids", tenant.name)
        self._call_ins = CallInDesk(tenant.call_in_groups, seed=seed, tenant=tenant.name)
        self._statistics = StatisticsProxy(tuple(self._books), self.floor.statistics)

    def settle(self, now: datetime) -> None:
        """Lets everything happen that is due up to and including `now`; cheap if nothing is."""
        self.floor.settle(now)
        self._call_ins.forget(now)

    def listen(self, listeners: Listeners) -> None:
        """Tells somebody of every change from now on."""
        self.floor.on_change = listeners.callback_changed
        self.floor.on_purge = listeners.callback_purged
        self._call_ins.on_change = listeners.call_in_changed
        self._call_ins.on_forget = listeners.call_in_forgotten

    # --- callbacks (sections 2.1 to 2.3) ------------------------------------------------------

    def create(self, booking: Booking) -> Callback:
        """Checks a booking and books it.

        The checks run in the profile's order (Q20); `admission` says which they are, and what
        becomes of the desired time. Nothing is counted or taken unless all of them pass.

        Returns:
            The callback as stored, with its number in the form with a plus sign (rule 26).

        Raises:
            RefusedError: With the answer GES would give.
        """
        now = self._settled_now()
        counter = self._counter(booking.service_name)
        admission = admit(Application(booking, counter, self._tenant.captcha, now, self._profile()))
        book = self._books[booking.service_name]
        slot_start_at = None
        if admission.is_scheduled:
            slot_start_at, _ = book.capacity.slot_of(admission.desired_at)
        callback = self.floor.accept(
            Callback(
                id=self._new_id(),
                service_name=booking.service_name,
                phone_number=admission.phone_number,
                desired_at=admission.desired_at,
                created_at=now,
                is_scheduled=admission.is_scheduled,
                state=State.SCHEDULED if admission.is_scheduled else State.QUEUED,
                slot_start_at=slot_start_at,
                priority=booking.priority or 0.0,
                push_targets=booking.push_targets,
                user_data=booking.user_data,
                reporting=booking.reporting,
            )
        )
        book.enter(callback)
        book.sweep(self.floor.get)
        return callback

    def cancel(self, callback_id: UUID, *, by_admin: bool = False) -> Callback:
        """Cancels a callback; its place counts again (rules 9 and 40).

        Returns:
            The callback, COMPLETED; or as it was, where the profile reads Q8 so that cancelling
            what is under way or over is no fault.

        Raises:
            RefusedError: 404 with code 7901, unknown or purged; 400 with code 7902, PROCESSING or
                COMPLETED (Q8).
        """
        self._settled_now()
        before = self._known(callback_id)
        reason = Reason.CANCELLED_BY_ADMIN if by_admin else Reason.CANCELLED
        try:
            cancelled = self.floor.cancel(callback_id, reason)
        except IllegalTransitionError as error:
            return self._not_cancellable(before, error)
        self._books[cancelled.service_name].give_back(cancelled)
        return cancelled

    def complete(self, callback_id: UUID, reason: str) -> Callback:
        """Completes a callback by hand; its place counts again if the reason is a cancellation.

        Returns:
            The callback, COMPLETED.

        Raises:
            RefusedError: 404 with code 7901, unknown or purged.
            IllegalTransitionError: It is COMPLETED already.
        """
        self._settled_now()
        self._known(callback_id)
        completed = self.floor.finish_with(callback_id, reason)
        self._books[completed.service_name].give_back(completed)
        return completed

    def retrieve(self, callback_id: UUID) -> CallbackView:
        """Returns a callback and where it stands.

        Raises:
            RefusedError: 404 with code 7901, unknown or purged.
        """
        self._settled_now()
        return CallbackView(
            self._known(callback_id),
            self.floor.position(callback_id),
            self.floor.wait_seconds(callback_id),
        )

    # --- offers (sections 2.4 to 2.7) ---------------------------------------------------------

    def availability(self, service_name: str, query: AvailabilityQuery) -> AvailabilityView:
        """Lists the slots of a window in which a scheduled callback could be booked.

        A slot is listed if it starts inside the window and inside office hours. A window without
        an end is one instant, and means the slot that contains it. Slots that `create` would
        refuse are left out: past ones, ones inside the service's lead time, ones beyond its
        furthest day (rule 35), and all where the service takes no scheduled callbacks.

        Raises:
            RefusedError: The service is unknown (Q15), or 400 with code 501: the window ends
                before it starts.
        """
        now = self._settled_now()
        book = self._book(service_name)
        start = query.start or now
        if query.end is not None and query.end < start:
            raise _invalid("end lies before start")
        slots: Iterable[Slot] = ()
        if book.service.scheduled_enabled:
            slots = self._slots(book, start, query, now)
        return AvailabilityView(
            _first_free(slots, query.max_time_slots), book.capacity.slot_minutes, query.zone
        )

    def open_for(self, name: str, at: datetime | None = None) -> float | None:
        """Returns how long an office is still open.

        Args:
            name: A service or a business-hours object; which of them is open (Q28).
            at: At this instant; now if not given.

        Returns:
            Seconds to the next closing, 0 if closed. For an office that never closes, what the
            profile reads (Q9): a large constant, the rest of its day, or None.

        Raises:
            RefusedError: The name is unknown (Q15), or 400 with code 501: `at` is no instant of
                this age.
        """
        now = self._settled_now()
        calendar = self._calendar_named(name)
        at = now if at is None else at
        if not EARLIEST_AT <= at <= LATEST_AT:
            raise _invalid("start has to lie between the years 1971 and 9000")
        if not calendar.is_open(at):
            return 0.0
        closes_at = calendar.closes_at(at)
        if closes_at is None:
            return self._open_for_always(calendar, at)
        return (closes_at - at).total_seconds()

    def queue_status(self, queue_name: str) -> QueueStatusView:
        """Returns a queue's wait and what may be offered for it.

        An immediate callback is offered if it is enabled, the office is open and not about to
        close, and the callback is forecast to be made before closing (rule 17).

        Raises:
            RefusedError: The queue is unknown (Q15).
        """
        now = self._settled_now()
        book = self._book(queue_name)
        wait = self.floor.queue_wait(queue_name)
        return QueueStatusView(
            wait_seconds=wait.wait_seconds,
            offer_immediate=self._offers_immediate(book, wait, now),
            offer_scheduled=book.service.scheduled_enabled,
        )

    def waits(
        self,
        names: Sequence[str],
        mode: Literal["mode1", "mode2", "mode3"] = "mode2",
        *,
        include_calls_on_hold: bool = False,
    ) -> tuple[QueueWait, ...]:
        """Returns the estimated waits of virtual queues, in the order asked for.

        Raises:
            RefusedError: A queue is unknown, where the profile refuses the request for it (Q16).
        """
        self._settled_now()
        return tuple(
            self.floor.queue_wait(name, mode, include_calls_on_hold=include_calls_on_hold)
            if name in self._books
            else self._unknown_wait(name)
            for name in names
        )

    # --- call-ins and statistics (sections 2.8 and 2.9) ---------------------------------------

    @property
    def call_ins(self) -> Sequence[CallInGrant]:
        """The call-ins of the last day, oldest first: lent, matched and expired ones."""
        return self._call_ins.grants(self._clock.now())

    def request_call_in(self, request: CallInOrder) -> CallInGrant:
        """Lends a number for the customer to ring.

        Raises:
            RefusedError: 400: unknown group, a bad own number, an unknown callback to belong to,
                or nothing left to lend.
        """
        now = self._settled_now()
        if request.callback_id is not None and self.floor.get(request.callback_id) is None:
            raise RefusedError(
                _BAD_REQUEST,
                Code.CALLBACK_NOT_FOUND,
                "callbackServiceId is no callback of this contact centre",
            )
        return self._call_ins.request(request, now)

    def match_call_in(self, to_number: str, access_code: str | None) -> CallInGrant:
        """Lets a customer ring in; the number and its code can be lent again.

        Raises:
            RefusedError: 404 with code 7906; nobody is expected there under this code.
        """
        return self._call_ins.match(to_number, access_code, self._settled_now())

    def statistics(self, body: object, max_age_seconds: int | None = None) -> object:
        """Answers for the statistics server.

        Raises:
            RefusedError: 401 with code 7905, the tenant has no credentials there; 400 with code
                501, the body is no request it would understand.
        """
        now = self._settled_now()
        if not self._tenant.statistics_credentials:
            raise RefusedError(
                _UNAUTHORIZED,
                Code.STATISTICS_CREDENTIALS,
                "this tenant has registered no credentials for the statistics server",
            )
        return self._statistics.answer(body, max_age_seconds, now)

    # --- over a restart -----------------------------------------------------------------------

    def restore(self, callbacks: Iterable[Callback], call_ins: Iterable[CallInGrant]) -> None:
        """Puts back what was kept before a restart: states, places and what counts as a limit.

        Raises:
            KeyError: A callback belongs to a service that is not there.
        """
        kept = sorted(callbacks, key=lambda callback: callback.created_at)
        for callback in kept:
            self._books[callback.service_name].restore(callback)
        self.floor.restore(kept)
        self._call_ins.restore(call_ins)

    # --- parts ----------------------------------------------------------------------------------

    def _new_book(self, service: Service, start: datetime) -> ServiceBook:
        tenant = self._tenant
        return ServiceBook(
            service,
            self._offices[service.office_hours] if service.office_hours else ALWAYS_OPEN,
            _named(tenant.capacity_rules, service.capacity_rule),
            _named(tenant.number_rules, service.number_rule),
            start,
        )

    def _settled_now(self) -> datetime:
        now = self._clock.now()
        self.settle(now)
        return now

    def _new_id(self) -> UUID:
        new = draw_uuid(self._ids)
        while self.floor.get(new) is not None:
            new = draw_uuid(self._ids)
        return new

    def _known(self, callback_id: UUID) -> Callback:
        callback = self.floor.get(callback_id)
        if callback is None:
            raise _not_found()
        return callback

    def _not_cancellable(self, callback: Callback, error: Exception) -> Callback:
        match self._profile().cancel_finished:
            case "200":
                return callback
            case "404":
                raise _not_found() from error
            case _:
                raise RefusedError(
                    _BAD_REQUEST,
                    Code.CALLBACK_NOT_CANCELLABLE,
                    f"the callback is {callback.state} and cannot be cancelled any more",
                ) from error

    def _book(self, name: str) -> ServiceBook:
        book = self._books.get(name)
        if book is None:
            raise unknown_service(self._profile())
        return self._as_read(book)

    def _as_read(self, book: ServiceBook) -> ServiceBook:
        """Returns the book with slots of the length the profile reads now (Q14)."""
        rule_wins = self._profile().slot_length == "rule"
        book.read_slots(self.floor.callbacks, rule_sets_length=rule_wins)
        return book

    def _counter(self, name: str) -> ServiceCounter | None:
        if name not in self._books:
            return None
        book = self._book(name)
        return ServiceCounter(
            service=book.service,
            calendar=book.calendar,
            number_rule=book.number_rule,
            capacity=book.capacity,
            limits=book.limits,
            open_callbacks=lambda number: book.open_callbacks(number, self.floor.get),
            queued=lambda: self.floor.queued_count(name),
            forecast_at=lambda: self.floor.forecast_done_at(name),
        )

    def _slots(
        self, book: ServiceBook, start: datetime, query: AvailabilityQuery, now: datetime
    ) -> Iterable[Slot]:
        earliest = now + timedelta(minutes=book.service.min_lead_minutes)
        latest = now + timedelta(days=book.service.furthest_days)
        if start >= latest:
            return ()
        end = _end_of(query, max(start, EARLIEST_AT))
        if end <= start:
            return _slot_containing(book, start, earliest, with_full=query.report_busy)
        return book.capacity.slots(
            max(start, earliest), min(end, latest), with_full=query.report_busy
        )

    def _calendar_named(self, name: str) -> OfficeCalendar:
        reading = self._profile().open_for_name
        if reading != "office-hours" and name in self._books:
            return self._books[name].calendar
        if reading != "service" and name in self._offices:
            return self._offices[name]
        raise unknown_service(self._profile())

    def _open_for_always(self, calendar: OfficeCalendar, at: datetime) -> float | None:
        match self._profile().open_for_always_open:
            case "absent":
                return None
            case "large":
                return NEVER_CLOSES_SECONDS
            case _:
                wall = at.astimezone(calendar.zone)
                midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
                return ((midnight + timedelta(days=1)).astimezone(UTC) - at).total_seconds()

    def _offers_immediate(self, book: ServiceBook, wait: QueueWait, now: datetime) -> bool:
        service, calendar = book.service, book.calendar
        if not service.immediate_enabled or not calendar.is_open(now):
            return False
        if wait.result_code == _NO_AGENT_LOGGED_IN and service.logged_in_check:
            return False
        closes_at = calendar.closes_at(now)
        if closes_at is None:
            return True
        if closes_at - now <= timedelta(minutes=service.immediate_blackout_minutes):
            return False
        forecast_at = self.floor.forecast_done_at(service.name)
        return forecast_at is None or forecast_at < closes_at

    def _unknown_wait(self, name: str) -> QueueWait:
        message = "there is no virtual queue of this name"
        if self._profile().unknown_virtual_queue == "400":
            raise RefusedError(_BAD_REQUEST, Code.UNKNOWN_SERVICE, message)
        return QueueWait(name, -1, _NO_INTERACTION_SEEN, message)


def _named(entries: Iterable[Named], name: str | None) -> Named | None:
    return next((entry for entry in entries if entry.name == name), None)


def _end_of(query: AvailabilityQuery, start: datetime) -> datetime:
    """Returns where a window ends; where it starts if neither an end nor days were asked for."""
    if query.end is not None:
        return query.end
    wall = start.astimezone(query.zone or UTC)
    try:
        return (wall + timedelta(days=query.number_of_days or 0)).astimezone(UTC)
    except OverflowError:
        return LATEST_AT


def _slot_containing(
    book: ServiceBook, at: datetime, earliest: datetime, *, with_full: bool
) -> Iterable[Slot]:
    """Returns the slot an instant lies in, if it is open and not over by the earliest time."""
    _, ends_at = book.capacity.slot_of(at)
    slot = book.capacity.slot_at(at)
    listed = slot.capacity > 0 or (with_full and slot.total > 0)
    return (slot,) if listed and ends_at > earliest and book.calendar.is_open(at) else ()


def _first_free(slots: Iterable[Slot], most: int | None) -> tuple[Slot, ...]:
    """Takes slots until so many with a free place are there."""
    if most is None:
        return tuple(slots)
    taken: list[Slot] = []
    free = 0
    for slot in slots:
        if free >= most:
            break
        free += slot.capacity > 0
        taken.append(slot)
    return tuple(taken)


def _invalid(message: str) -> RefusedError:
    return RefusedError(_BAD_REQUEST, Code.INVALID_PARAMETERS, message)


def _not_found() -> RefusedError:
    return RefusedError(
        _NOT_FOUND, Code.CALLBACK_NOT_FOUND, "there is no callback of this id, or no longer"
    )
