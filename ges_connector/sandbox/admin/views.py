"""Records as the admin API shows them: snake case, UTC instants with `Z`, nothing hidden."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from ges_connector.sandbox.centre import ContactCentre
from ges_connector.sandbox.faults import PlannedFault
from ges_connector.sandbox.journal import JournalEntry
from ges_connector.sandbox.records import Callback, CallInGrant, PlacedCall, PushMessage
from ges_connector.sandbox.wire import instant_text
from ges_connector.sandbox.world import World

_CALLBACK = TypeAdapter(Callback)
_CALLBACKS = TypeAdapter(tuple[Callback, ...])
_CALL_IN = TypeAdapter(CallInGrant)
_CALL_INS = TypeAdapter(tuple[CallInGrant, ...])
_PLACED_CALLS = TypeAdapter(tuple[PlacedCall, ...])
_PUSHES = TypeAdapter(tuple[PushMessage, ...])
_REQUESTS = TypeAdapter(tuple[JournalEntry, ...])
_FAULTS = TypeAdapter(tuple[PlannedFault, ...])


def clock(world: World) -> Any:
    """How the clock stands."""
    return {"mode": world.clock.mode, "now": instant_text(world.clock.now())}


def callback(record: Callback) -> Any:
    """One callback with its number and desired time."""
    return _CALLBACK.dump_python(record, mode="json")


def call_in(record: CallInGrant) -> Any:
    """One call-in with its number and code."""
    return _CALL_IN.dump_python(record, mode="json")


def pushes(centre: ContactCentre) -> Any:
    """The push outbox, in the order of sending."""
    return _PUSHES.dump_python(tuple(centre.floor.pushes), mode="json")


def faults(world: World) -> Any:
    """The faults still to come, oldest first."""
    return _FAULTS.dump_python(tuple(world.faults.planned), mode="json")


def queue(centre: ContactCentre, name: str) -> Mapping[str, Any]:
    """The figures of one queue under the field's names."""
    return {"name": name, "statistics": dict(centre.floor.statistics(name))}


def state(world: World, tenant: str | None) -> Any:
    """What there is in a tenant's contact centre, and what was called."""
    rooms = world.rooms(tenant)
    centre = rooms.centre
    return {
        "tenant": rooms.tenant.name,
        "clock": clock(world),
        "callbacks": _CALLBACKS.dump_python(tuple(centre.floor.callbacks()), mode="json"),
        "call_ins": _CALL_INS.dump_python(tuple(centre.call_ins), mode="json"),
        "placed_calls": _PLACED_CALLS.dump_python(tuple(centre.floor.placed_calls), mode="json"),
        "pushes": pushes(centre),
        "queues": [queue(centre, service.name) for service in rooms.tenant.services],
        "faults": faults(world),
        "requests": _REQUESTS.dump_python(tuple(world.journal.entries), mode="json"),
    }
