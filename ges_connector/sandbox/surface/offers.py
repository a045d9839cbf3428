"""Availability, open-for, queue status and estimated wait time (GES sections 2.4 to 2.7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from ges_connector.sandbox.centre import AvailabilityQuery, Slot
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.surface.parameters import Query, refuse_field
from ges_connector.sandbox.surface.requests import Counter, Incoming, optional, wait_number
from ges_connector.sandbox.wire import instant_text, wall_clock_text

MOST_DAYS = 366
"""Longest window of an availability request; GES documents none, the sandbox needs one."""

MOST_SLOTS = 1_000_000
MOST_QUEUES = 100

KEBAB_NAMES = {
    "start-ms": "startMS",
    "end-ms": "endMS",
    "number-of-days": "numberOfDays",
    "max-time-slots": "maxTimeSlots",
    "report-busy": "reportBusy",
}
"""What the ancestor called the availability parameters (GES rule 1.10)."""


@dataclass(frozen=True, slots=True)
class AvailabilityRequest:
    """An availability request, for one service."""

    service_name: str
    query: AvailabilityQuery


def read_availability(incoming: Incoming) -> AvailabilityRequest:
    """Reads an availability request (GES section 2.4)."""
    query, profile = incoming.query, incoming.profile
    if profile.kebab_aliases:
        query.renamed(KEBAB_NAMES)
    _refuse_together(query, "start", "startMS")
    _refuse_together(query, "end", "endMS", "numberOfDays")
    zone = query.zone()
    start = query.instant("start", profile, zone) or query.instant_ms("startMS")
    end = query.instant("end", profile, zone) or query.instant_ms("endMS")
    if start is not None and end is not None:
        _check_window(start, end)
    return AvailabilityRequest(
        incoming.name,
        AvailabilityQuery(
            start=start,
            end=end,
            number_of_days=query.integer("numberOfDays", least=1, most=MOST_DAYS),
            zone=zone,
            max_time_slots=query.integer("maxTimeSlots", least=1, most=MOST_SLOTS),
            report_busy=query.flag("reportBusy") or False,
        ),
    )


def _refuse_together(query: Query, *names: str) -> None:
    sent = [name for name in names if query.text(name) is not None]
    if len(sent) > 1:
        raise refuse_field(" and ".join(sent), "exclude each other; send one of them")


def _check_window(start: datetime, end: datetime) -> None:
    if end < start:
        raise refuse_field("end", "lies before start")
    if (end - start).days > MOST_DAYS:
        raise refuse_field("end", f"lies more than {MOST_DAYS} days after start")


def availability(counter: Counter, asked: AvailabilityRequest) -> Any:
    """Lists the slots of a window."""
    view = counter.centre.availability(asked.service_name, asked.query)
    zone = _local_zone(counter.profile, asked.query.zone)
    return {
        "slots": [_slot(counter.profile, slot, zone, asked.query.zone) for slot in view.slots],
        "durationMin": view.duration_minutes,
        **optional(counter.profile, timezone=zone.key if zone else None),
    }


def _local_zone(profile: Profile, asked: ZoneInfo | None) -> ZoneInfo | None:
    if asked is None and profile.local_time == "always-utc":
        return ZoneInfo("UTC")
    return asked


def _slot(
    profile: Profile, slot: Slot, zone: ZoneInfo | None, asked: ZoneInfo | None
) -> dict[str, Any]:
    nulls = profile.absent_fields == "null"
    rendered: dict[str, Any] = {"utcTime": instant_text(slot.start_at)}
    if zone is not None or nulls:
        rendered["localTime"] = _local_text(profile, slot.start_at, zone, asked)
    # Q13: what a full slot's capacity looks like is open, so it can be missing.
    if slot.capacity > 0 or profile.busy_capacity == "zero":
        rendered["capacity"] = slot.capacity
    elif nulls:
        rendered["capacity"] = None
    rendered["total"] = slot.total
    return rendered


def _local_text(
    profile: Profile, at: datetime, zone: ZoneInfo | None, asked: ZoneInfo | None
) -> str | None:
    """The local time of a slot as the profile writes it (Q1)."""
    if zone is None or asked is None:
        return None if zone is None else instant_text(at)
    local = at.astimezone(zone)
    if profile.local_time == "offset":
        return local.isoformat(timespec="milliseconds")
    return wall_clock_text(local)


@dataclass(frozen=True, slots=True)
class OpenForRequest:
    """Until when an office is open, asked for one service or office."""

    name: str
    at: datetime | None


def read_open_for(incoming: Incoming) -> OpenForRequest:
    """Reads an open-for request (GES section 2.5)."""
    zone = incoming.query.zone()
    return OpenForRequest(incoming.name, incoming.query.instant("start", incoming.profile, zone))


def open_for(counter: Counter, asked: OpenForRequest) -> Any:
    """Seconds until the office closes; 0 when it is closed."""
    seconds = counter.centre.open_for(asked.name, asked.at)
    return optional(counter.profile, openFor=None if seconds is None else int(seconds))


def read_queue_name(incoming: Incoming) -> str:
    """Reads a queue-status request, which has its name only (GES section 2.6)."""
    return incoming.name


def queue_status(counter: Counter, queue_name: str) -> Any:
    """The wait of a queue and what may be offered for it."""
    view = counter.centre.queue_status(queue_name)
    return {
        "ewt": wait_number(counter.profile, view.wait_seconds),
        "offerImmediateCallback": view.offer_immediate,
        "offerScheduledCallback": view.offer_scheduled,
    }


@dataclass(frozen=True, slots=True)
class WaitRequest:
    """An estimated-wait-time request."""

    virtual_queues: tuple[str, ...]
    mode: Literal["mode1", "mode2", "mode3"]
    include_calls_on_hold: bool


def read_waits(incoming: Incoming) -> WaitRequest:
    """Reads an estimated-wait-time request (GES section 2.7)."""
    joined = incoming.query.text("virtual-queues")
    names = tuple((joined or "").split(","))
    if not all(names):
        raise refuse_field("virtual-queues", "is missing or names nothing; join names by commas")
    if len(names) > MOST_QUEUES:
        raise refuse_field("virtual-queues", f"names more than {MOST_QUEUES} queues")
    return WaitRequest(
        names, _mode(incoming.query), incoming.query.flag("include-calls-on-hold") or False
    )


def _mode(query: Query) -> Literal["mode1", "mode2", "mode3"]:
    match query.text("mode"):
        case None:
            return "mode2"
        case "mode1" | "mode2" | "mode3" as mode:
            return mode
        case _:
            raise refuse_field("mode", "is none of mode1, mode2 and mode3")


def waits(counter: Counter, asked: WaitRequest) -> Any:
    """The estimated wait of each queue; trouble of one is told in its own entry."""
    profile = counter.profile
    return [
        {
            "virtualQueue": wait.virtual_queue,
            "estimatedWaitTime": wait_number(profile, wait.wait_seconds),
            "message": wait.message,
            **({"resultCode": wait.result_code} if profile.wait_result_code == "present" else {}),
        }
        for wait in counter.centre.waits(
            asked.virtual_queues, asked.mode, include_calls_on_hold=asked.include_calls_on_hold
        )
    ]
