"""The book of one service: who has taken its places, what counts against its limits.

It only keeps count; whether a booking may be entered is decided in `admission`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from ges_connector.sandbox.capacity import Capacity
from ges_connector.sandbox.limits import BookingLimits
from ges_connector.sandbox.office_hours import OfficeCalendar
from ges_connector.sandbox.records import Callback, Reason, State
from ges_connector.sandbox.seed import CapacityRule, NumberRule, Service

_GAVE_THEIR_PLACE_BACK = frozenset({Reason.CANCELLED, Reason.CANCELLED_BY_ADMIN})
_SWEEP_AFTER = 1000

Lookup = Callable[[UUID], Callback | None]


class ServiceBook:
    """Places, limits and open callbacks of one service; mutable by design.

    Args:
        service: The service as seeded.
        calendar: Its office hours.
        capacity_rule: Its capacity rule, if it has one.
        number_rule: Its number rule, if it has one.
        start: When the sandbox started.

    Attributes:
        service: As given.
        calendar: As given.
        number_rule: As given.
        capacity: Its slots and who took them.
        limits: Its limits and what counts against them.
    """

    def __init__(
        self,
        service: Service,
        calendar: OfficeCalendar,
        capacity_rule: CapacityRule | None,
        number_rule: NumberRule | None,
        start: datetime,
    ) -> None:
        self.service = service
        self.calendar = calendar
        self.number_rule = number_rule
        self.limits = BookingLimits(service, calendar.zone)
        self._capacity_rule = capacity_rule
        self._started_on = start.astimezone(calendar.zone).date()
        self._rule_sets_length = True
        self.capacity = self._empty_capacity()
        self._open: dict[str, list[UUID]] = {}
        self._entered = 0

    def read_slots(
        self, callbacks: Callable[[], Iterable[Callback]], *, rule_sets_length: bool
    ) -> None:
        """Changes whether the rule's slot length or the service's bucket counts (Q14).

        Args:
            callbacks: Tells all callbacks there are; places are counted anew after a change.
            rule_sets_length: Whether the rule wins.
        """
        if rule_sets_length == self._rule_sets_length:
            return
        self._rule_sets_length = rule_sets_length
        self.capacity = self._empty_capacity()
        for callback in callbacks():
            if callback.service_name == self.service.name:
                self._retake(callback)

    def enter(self, callback: Callback) -> None:
        """Enters a callback that was just booked."""
        if callback.is_scheduled:
            self.capacity.take(callback.desired_at)
        self._count(callback)

    def restore(self, callback: Callback) -> None:
        """Enters a callback that was booked before a restart; the oldest first."""
        self._retake(callback)
        self._count(callback)

    def give_back(self, callback: Callback) -> None:
        """Gives back the place of a callback that was cancelled (rule 9), and of no other."""
        if callback.is_scheduled and callback.reason in _GAVE_THEIR_PLACE_BACK:
            self.capacity.release(callback.desired_at)

    def open_callbacks(self, number: str, lookup: Lookup) -> int:
        """Counts the callbacks of a number that are not completed (rule 19)."""
        still_open = [entry for entry in self._open.get(number, ()) if _is_open(lookup(entry))]
        if still_open:
            self._open[number] = still_open
        else:
            self._open.pop(number, None)
        return len(still_open)

    def sweep(self, lookup: Lookup) -> None:
        """Forgets completed callbacks, once in a thousand bookings."""
        if self._entered >= _SWEEP_AFTER:
            self._entered = 0
            for number in tuple(self._open):
                self.open_callbacks(number, lookup)

    def _count(self, callback: Callback) -> None:
        self.limits.count(
            callback.phone_number, callback.created_at, is_scheduled=callback.is_scheduled
        )
        if _is_open(callback):
            self._open.setdefault(callback.phone_number, []).append(callback.id)
        self._entered += 1

    def _retake(self, callback: Callback) -> None:
        if callback.is_scheduled and callback.reason not in _GAVE_THEIR_PLACE_BACK:
            self.capacity.retake(callback.desired_at)

    def _empty_capacity(self) -> Capacity:
        return Capacity(
            self.service,
            self._capacity_rule,
            self.calendar,
            self._started_on,
            rule_sets_length=self._rule_sets_length,
        )


def _is_open(callback: Callback | None) -> bool:
    return callback is not None and callback.state is not State.COMPLETED
