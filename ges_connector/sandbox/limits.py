"""How often one number and one service may be booked (rules 18 to 22).

Only accepted bookings count. A cancel gives none of the counted bookings back; it does free the
number's place in the in-queue check and the queue's depth, which look at callbacks as they are.
"""

from collections import Counter, deque
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ges_connector.sandbox.seed import Service

_OPEN_CALLBACKS_ALLOWED = {"two": 2, "strict": 1}


class BookingLimits:
    """The limits of one service and what has been counted against them; mutable by design.

    Args:
        service: The service as seeded.
        zone: The office's zone, whose midnight resets the daily limit (rule 18).
    """

    def __init__(self, service: Service, zone: ZoneInfo) -> None:
        self._service = service
        self._zone = zone
        self._today: date | None = None
        self._counted_today: Counter[str] = Counter()
        self._accepted = tuple((window, deque[datetime]()) for window in service.windows)

    def refusal(
        self, number: str, at: datetime, *, is_scheduled: bool, open_callbacks: int, queued: int
    ) -> str | None:
        """Says why a booking would be one too many, or None if it is not.

        Args:
            number: The number as stored, with its plus sign.
            at: Now.
            is_scheduled: Scheduled callbacks are outside the daily limit and the queue's depth.
            open_callbacks: Callbacks of this number that are not completed.
            queued: Callbacks of the service that are queued.
        """
        service = self._service
        if not is_scheduled and self._today_of(at)[number] >= service.per_number_daily_limit:
            return (
                f"this number has had its {service.per_number_daily_limit} immediate callbacks of "
                "today; schedule one, or try again tomorrow"
            )
        allowed = _OPEN_CALLBACKS_ALLOWED.get(service.in_queue_check)
        if allowed is not None and open_callbacks >= allowed:
            return (
                f"this number already has {allowed} open callback{'s' * (allowed > 1)}; cancel one "
                "or wait until it is done"
            )
        for window, accepted in self._accepted:
            if self._still_counted(accepted, at, window.seconds) >= window.limit:
                return (
                    f"this service takes {window.limit} callbacks in {window.seconds} seconds; "
                    "try again later"
                )
        if not is_scheduled and queued >= service.max_queued:
            return f"this service holds {service.max_queued} callbacks in its queue; try later"
        return None

    def count(self, number: str, at: datetime, *, is_scheduled: bool) -> None:
        """Counts an accepted booking; bookings must come in the order of their time."""
        if not is_scheduled:
            self._today_of(at)[number] += 1
        for window, accepted in self._accepted:
            self._still_counted(accepted, at, window.seconds)
            accepted.append(at)

    def _today_of(self, at: datetime) -> Counter[str]:
        today = at.astimezone(self._zone).date()
        if today != self._today:
            self._today = today
            self._counted_today = Counter()
        return self._counted_today

    @staticmethod
    def _still_counted(accepted: deque[datetime], at: datetime, seconds: int) -> int:
        horizon = at - timedelta(seconds=seconds)
        while accepted and accepted[0] <= horizon:
            accepted.popleft()
        return len(accepted)
