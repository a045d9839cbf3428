"""Whether a contact centre takes a booking, and as what (rules 1 to 28, 35 and 44).

One pure decision: a booking, what is known of its service now, and the profile's reading of the
open questions make an `Admission` or a refusal. Nothing is booked here.

What happens to a desired time:

- none, or one not later than the service's execution buffer from now: the callback is immediate
  (rule 3), unless `alwaysCheckCapacity` asks for it to be scheduled;
- any later one: the callback is scheduled and takes a place of its slot (rule 6);
- outside office hours: refused (rule 15), or moved to the next opening where the service says so,
  and scheduled then.

Rule 11 in the sandbox: an accepted time is never moved to a later slot by booking it. When the
queue is slow, the callback simply waits there, as it would in the field. With
`alwaysCheckCapacity` a slot that is over before the queue is forecast to reach a callback booked
now is refused like a full one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ges_connector.sandbox.capacity import Capacity
from ges_connector.sandbox.limits import BookingLimits
from ges_connector.sandbox.numbers import accept_number
from ges_connector.sandbox.office_hours import OfficeCalendar
from ges_connector.sandbox.profile import Check, Profile
from ges_connector.sandbox.records import Booking, Code, RefusedError
from ges_connector.sandbox.seed import Captcha, NumberRule, Service

_BAD_REQUEST = 400
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class ServiceCounter:
    """What a booking of one service is checked against, as it stands now.

    Attributes:
        service: The service as seeded.
        calendar: Its office hours.
        number_rule: Which numbers it calls; None calls all.
        capacity: Its slots.
        limits: Its limits.
        open_callbacks: Counts the open callbacks of a number, given in its stored form.
        queued: Counts the callbacks of the service that are queued.
        forecast_at: Tells when a callback booked now would be made; None if that is unknown.
    """

    service: Service
    calendar: OfficeCalendar
    number_rule: NumberRule | None
    capacity: Capacity
    limits: BookingLimits
    open_callbacks: Callable[[str], int]
    queued: Callable[[], int]
    forecast_at: Callable[[], datetime | None]


@dataclass(frozen=True, slots=True)
class Admission:
    """A booking that may be booked.

    Attributes:
        phone_number: As stored, with its plus sign (rule 26).
        desired_at: When it is to be made; not before now.
        is_scheduled: Whether it takes a place of a slot, and is free of the daily limit.
    """

    phone_number: str = field(repr=False)
    desired_at: datetime
    is_scheduled: bool


@dataclass(frozen=True, slots=True)
class Application:
    """A booking before the checks.

    Attributes:
        booking: What was asked for.
        counter: The service asked for; None if there is none of this name.
        captcha: The tenant's CAPTCHA, if it asks for one (rule 44).
        now: The instant of the booking.
        profile: How open questions are read.
    """

    booking: Booking
    counter: ServiceCounter | None
    captcha: Captcha | None
    now: datetime
    profile: Profile


@dataclass(frozen=True, slots=True)
class _Case:
    """An application to a service that is there, with all that the checks have in common.

    Attributes:
        application: The application.
        counter: What it is checked against.
        desired_at: When the callback would be made, UTC; not before now.
        is_scheduled: Whether it would be a scheduled one.
        number: The number as it would be stored, or why it is refused.
    """

    application: Application
    counter: ServiceCounter
    desired_at: datetime
    is_scheduled: bool
    number: str | RefusedError = field(repr=False)


def admit(application: Application) -> Admission:
    """Runs the checks in the profile's order (Q20); the first that fails refuses.

    While the service is unknown nothing that depends on it is checked, so that an unknown service
    is always told as such unless the request is wrong in itself.

    Raises:
        RefusedError: With the status and code GES would give.
    """
    checks = application.profile.checks
    if application.counter is None:
        if checks.index("params") < checks.index("service"):
            _check_request(application)
        raise unknown_service(application.profile)
    case = _case_of(application, application.counter)
    for check in checks:
        _CHECKS[check](case)
    if isinstance(case.number, RefusedError):
        raise case.number
    return Admission(case.number, case.desired_at, case.is_scheduled)


def _case_of(application: Application, counter: ServiceCounter) -> _Case:
    desired_at, is_scheduled = _timing(application, counter)
    number: str | RefusedError
    try:
        number = accept_number(
            application.booking.phone_number, counter.service, counter.number_rule
        )
    except RefusedError as refusal:
        number = refusal
    return _Case(application, counter, desired_at, is_scheduled, number)


def _timing(application: Application, counter: ServiceCounter) -> tuple[datetime, bool]:
    """Returns when the callback is wanted, and whether it is a scheduled one."""
    booking, now, service = application.booking, application.now, counter.service
    if booking.desired_at is None:
        covered = application.profile.capacity_check_covers_immediate
        wish, is_scheduled = now, booking.always_check_capacity and covered
    else:
        # What is far out of reach is refused anyway; here it must only not break the calendar.
        beyond = _latest(application, counter) + timedelta(days=1)
        wish = min(max(booking.desired_at, now), beyond).astimezone(UTC)
        buffer = timedelta(seconds=service.execution_buffer_seconds)
        is_scheduled = booking.always_check_capacity or wish > now + buffer
    opening = _opening_instead(application, counter, wish)
    return (wish, is_scheduled) if opening is None else (opening, True)


def _opening_instead(
    application: Application, counter: ServiceCounter, wish: datetime
) -> datetime | None:
    """Returns the opening a time outside office hours moves to, where it does (rule 15)."""
    service = counter.service
    if service.reject_outside_office_hours or not service.scheduled_enabled:
        return None
    opens_at = counter.calendar.opens_at(wish)
    if opens_at is None or opens_at == wish or opens_at > _latest(application, counter):
        return None
    return opens_at


def _latest(application: Application, counter: ServiceCounter) -> datetime:
    return application.now + timedelta(days=counter.service.furthest_days)


def _check_request(application: Application) -> None:
    """Checks what can be told without the service."""
    booking, now, captcha = application.booking, application.now, application.captcha
    if captcha is not None and booking.captcha_token not in captcha.accepted_tokens:
        raise _invalid("captchaToken is missing or not accepted; this tenant asks for a CAPTCHA")
    tolerance = timedelta(seconds=application.profile.past_tolerance_seconds)
    if booking.desired_at is not None and booking.desired_at < now - tolerance:
        raise _invalid("desiredTime is past; send a time ahead, or none for as soon as possible")


def _check_params(case: _Case) -> None:
    _check_request(case.application)
    booking, now = case.application.booking, case.application.now
    service = case.counter.service
    if service.call_direction == "USERORIGINATED" and not booking.push_targets:
        raise _invalid("pushTargets is missing; customers of this service ring in after a push")
    latest = _latest(case.application, case.counter)
    if booking.desired_at is not None and booking.desired_at > latest:
        raise _invalid(f"desiredTime is more than {service.furthest_days} days ahead")
    if case.is_scheduled and case.desired_at < now + timedelta(minutes=service.min_lead_minutes):
        raise _invalid(f"desiredTime has to be {service.min_lead_minutes} minutes ahead or more")


def _check_service(case: _Case) -> None:
    service = case.counter.service
    if case.is_scheduled and not service.scheduled_enabled:
        raise _invalid("desiredTime is not taken; this service has immediate callbacks only")
    if not case.is_scheduled and not service.immediate_enabled:
        raise _invalid("desiredTime is missing or too near; this service has scheduled ones only")


def _check_number(case: _Case) -> None:
    if isinstance(case.number, RefusedError):
        raise case.number


def _check_hours(case: _Case) -> None:
    calendar, now = case.counter.calendar, case.application.now
    if not calendar.is_open(case.desired_at):
        raise _closed(case, f"the office is closed {'then' if case.is_scheduled else 'now'}")
    blackout = timedelta(minutes=case.counter.service.immediate_blackout_minutes)
    if case.is_scheduled or not blackout:
        return
    closes_at = calendar.closes_at(case.desired_at)
    if closes_at is not None and closes_at - now <= blackout:
        raise _closed(case, "the office closes too soon for an immediate callback")


def _check_throttle(case: _Case) -> None:
    if isinstance(case.number, RefusedError):
        return  # A number that is refused has no bookings to count.
    why = case.counter.limits.refusal(
        case.number,
        case.application.now,
        is_scheduled=case.is_scheduled,
        open_callbacks=case.counter.open_callbacks(case.number),
        queued=case.counter.queued(),
    )
    if why is not None:
        raise RefusedError(case.application.profile.throttle_status, Code.TOO_MANY_REQUESTS, why)


def _check_capacity(case: _Case) -> None:
    if not case.is_scheduled:
        return
    capacity = case.counter.capacity
    if capacity.slot_at(case.desired_at).capacity < 1:
        raise _full(case, "no place is left at the desired time", case.application.now)
    if not case.application.booking.always_check_capacity:
        return
    forecast_at = case.counter.forecast_at()
    _, slot_ends_at = capacity.slot_of(case.desired_at)
    if forecast_at is not None and slot_ends_at <= forecast_at:
        why = "the queue is not expected to reach the callback within the desired slot"
        raise _full(case, why, forecast_at)


def _passed_elsewhere(_: _Case) -> None:
    """The key is checked before a tenant's contact centre is asked at all."""


_CHECKS: Mapping[Check, Callable[[_Case], None]] = {
    "params": _check_params,
    "key": _passed_elsewhere,
    "service": _check_service,
    "number": _check_number,
    "hours": _check_hours,
    "throttle": _check_throttle,
    "capacity": _check_capacity,
}


def unknown_service(profile: Profile) -> RefusedError:
    """Returns the refusal of a name nobody serves (Q15)."""
    return RefusedError(
        profile.unknown_service_status,
        Code.UNKNOWN_SERVICE,
        "there is no service or queue of this name",
    )


def _invalid(message: str) -> RefusedError:
    return RefusedError(_BAD_REQUEST, Code.INVALID_PARAMETERS, message)


def _closed(case: _Case, why: str) -> RefusedError:
    reading = case.application.profile.office_closed
    slots = None if reading == "400" else _proposals(case, case.application.now)
    return RefusedError(
        _TOO_MANY_REQUESTS if reading == "429-slots" else _BAD_REQUEST,
        Code.OFFICE_CLOSED,
        f"{why}; pick a time within office hours",
        slots,
    )


def _full(case: _Case, why: str, from_at: datetime) -> RefusedError:
    return RefusedError(
        case.application.profile.full_slot_status,
        Code.TOO_MANY_REQUESTS,
        f"{why}; pick one of the proposed slots",
        _proposals(case, from_at),
    )


def _proposals(case: _Case, from_at: datetime) -> Mapping[datetime, int]:
    """Returns the slots proposed instead of the time that was asked for (rule 10)."""
    service = case.counter.service
    if not service.scheduled_enabled:
        return {}
    earliest = case.application.now + timedelta(minutes=service.min_lead_minutes)
    return case.counter.capacity.proposals(
        case.desired_at,
        earliest=max(earliest, from_at),
        latest=_latest(case.application, case.counter),
        count=service.proposals,
    )
