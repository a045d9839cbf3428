"""What each admin operation does, and under which path."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from ges_connector.sandbox.admin import asked, views
from ges_connector.sandbox.clock import VirtualClock
from ges_connector.sandbox.description import DESCRIPTION_PATH
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.floor import IllegalTransitionError
from ges_connector.sandbox.plain_words import fault_lines, place_text
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import RefusedError
from ges_connector.sandbox.seed import SeedError, parse_seed
from ges_connector.sandbox.surface.json_body import BadJsonError, read_json
from ges_connector.sandbox.wire import json_bytes
from ges_connector.sandbox.world import TenantRooms, World

_PHONE_NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{0,39}", re.ASCII)

Model = TypeVar("Model", bound=BaseModel)


class AdminError(Exception):
    """A request that cannot be served: which field is wrong, and why."""

    def __init__(self, field_name: str, message: str, status: int = 400) -> None:
        super().__init__(f"{field_name}: {message}")
        self.field = field_name
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class AdminCall:
    """One request: the tenant it is about, the parts of its path that vary, and its body."""

    world: World
    tenant: str | None
    parts: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def rooms(self) -> TenantRooms:
        """The tenant's engine, with everything done that is due by now."""
        try:
            rooms = self.world.rooms(self.tenant)
        except KeyError as error:
            raise AdminError("tenant", "is no tenant of this sandbox", 404) from error
        self.world.settle()
        return rooms

    def read(self, model: type[Model]) -> Model:
        """The body as what the operation asks for."""
        return _validated(model, self.json())

    def json(self) -> Any:
        """The body as plain data."""
        try:
            return read_json(self.body)
        except BadJsonError as error:
            raise AdminError("body", str(error)) from error

    def queue(self) -> str:
        """The queue in the path, which exists."""
        name = self.parts["name"]
        if name not in {service.name for service in self.rooms.tenant.services}:
            raise AdminError("name", "is no queue of this tenant", 404)
        return name

    def callback_id(self) -> UUID:
        """The id in the path, of a callback that exists."""
        try:
            callback_id = UUID(self.parts["id"])
        except ValueError as error:
            raise AdminError("id", "is no UUID") from error
        if self.rooms.centre.floor.get(callback_id) is None:
            raise AdminError("id", "is the id of no callback", 404)
        return callback_id


def _validated(model: type[Model], content: Any) -> Model:
    try:
        # Strict JSON: a flag is no number, and a number is no text.
        return model.model_validate_json(json_bytes(content), strict=True)
    except ValidationError as error:
        place, sentence = fault_lines(error, model)[0]
        raise AdminError(place_text(place) or "body", sentence) from error


# --- the whole sandbox --------------------------------------------------------------------------


def _health(call: AdminCall) -> Any:
    return {"status": "ok", "clock": views.clock(call.world)}


def _index(_: AdminCall) -> Any:
    return {
        "description": DESCRIPTION_PATH,
        "operations": [f"{route.method} {route.path}" for route in ADMIN_ROUTES],
    }


def _clock(call: AdminCall) -> Any:
    return views.clock(call.world)


async def _set_clock(call: AdminCall) -> Any:
    setting, clock = call.read(asked.ClockSetting), call.world.clock
    seconds = 0.0 if setting.at is None else (setting.at - clock.now()).total_seconds()
    if seconds > asked.MOST_SECONDS:
        raise AdminError("at", f"lies more than {asked.MOST_SECONDS} seconds ahead")
    try:
        await call.world.travel(seconds)
        call.world.set_clock(lambda clock: _set(clock, setting))
    except ValueError as error:
        raise AdminError("at", str(error)) from error
    return views.clock(call.world)


def _set(clock: VirtualClock, setting: asked.ClockSetting) -> None:
    # A running clock has run on while it was moved, and may be a little past the time asked for.
    at = None if setting.at is None else max(setting.at, clock.now())
    (clock.run if setting.mode == "real" else clock.freeze)(at)


async def _advance_clock(call: AdminCall) -> Any:
    try:
        await call.world.travel(call.read(asked.ClockStep).seconds)
    except ValueError as error:
        raise AdminError("seconds", str(error)) from error
    return views.clock(call.world)


def _seed(call: AdminCall) -> Any:
    return call.world.seed.model_dump(mode="json")


def _set_seed(call: AdminCall) -> Any:
    try:
        seed = parse_seed(call.body.decode("utf-8"), "the body")
    except UnicodeDecodeError as error:
        raise AdminError("body", "is not UTF-8") from error
    except SeedError as error:
        raise AdminError("body", "; ".join(error.faults)) from error
    shown = seed.model_dump(mode="json")
    json_bytes(shown)  # what cannot be shown must not replace what is there
    call.world.replace_seed(seed)
    return shown


def _profile(call: AdminCall) -> Any:
    return call.world.profile.model_dump(mode="json")


def _set_profile(call: AdminCall) -> Any:
    call.world.profile = call.read(Profile)
    return _profile(call)


def _merge_profile(call: AdminCall) -> Any:
    changes = call.json()
    if not isinstance(changes, dict):
        raise AdminError("body", "is no JSON object")
    call.world.profile = _validated(
        Profile, {**call.world.profile.model_dump(mode="json"), **changes}
    )
    return _profile(call)


def _faults(call: AdminCall) -> Any:
    return {"faults": views.faults(call.world)}


def _order_fault(call: AdminCall) -> Any:
    fault = call.read(Fault)
    if fault.kind == "refuse" and fault.operation != "*" and call.world.close_port is not None:
        raise AdminError(
            "operation",
            "cannot be chosen for refuse over HTTP: the port is closed for all; leave it out",
        )
    return {"id": call.world.order(fault), "faults": views.faults(call.world)}


def _remove_faults(call: AdminCall) -> Any:
    call.world.faults.clear()
    return _faults(call)


def _remove_fault(call: AdminCall) -> Any:
    text = call.parts["id"]
    if not re.fullmatch("[0-9]{1,9}", text) or not call.world.faults.remove(int(text)):
        raise AdminError("id", "is the id of no fault still to come", 404)
    return _faults(call)


# --- one contact centre -------------------------------------------------------------------------


def _state(call: AdminCall) -> Any:
    return views.state(call.world, call.rooms.tenant.name)


def _pushes(call: AdminCall) -> Any:
    return {"pushes": views.pushes(call.rooms.centre)}


def _set_agents(call: AdminCall) -> Any:
    name, setting = call.queue(), call.read(asked.Agents)
    call.rooms.centre.floor.set_agents(name, setting.agents)
    return views.queue(call.rooms.centre, name)


def _set_traffic(call: AdminCall) -> Any:
    name, setting = call.queue(), call.read(asked.TrafficRate)
    call.rooms.centre.floor.set_traffic(name, setting.calls_per_hour)
    return views.queue(call.rooms.centre, name)


def _add_calls(call: AdminCall) -> Any:
    name, arrivals = call.queue(), call.read(asked.Arrivals)
    call.rooms.centre.floor.add_calls(name, arrivals.calls)
    return views.queue(call.rooms.centre, name)


def _script_customer(call: AdminCall) -> Any:
    script, number = call.read(asked.CustomerScript), call.parts["number"]
    if not _PHONE_NUMBER.fullmatch(number):
        raise AdminError("number", "is no phone number such as +493023125011")
    call.rooms.centre.floor.script_customer(number, script.outcome)
    return {"outcome": script.outcome}


def _complete_callback(call: AdminCall) -> Any:
    callback_id, ending = call.callback_id(), call.read(asked.Ending)
    try:
        return views.callback(call.rooms.centre.complete(callback_id, ending.reason))
    except IllegalTransitionError as error:
        raise AdminError("id", "is completed already", 409) from error


def _cancel_callback(call: AdminCall) -> Any:
    try:
        return views.callback(call.rooms.centre.cancel(call.callback_id(), by_admin=True))
    except RefusedError as error:
        raise AdminError("id", error.message, 409) from error


def _match_call_in(call: AdminCall) -> Any:
    inbound = call.read(asked.InboundCall)
    try:
        grant = call.rooms.centre.match_call_in(inbound.to_phone_number, inbound.access_code)
    except RefusedError as error:
        raise AdminError("to_phone_number", error.message, 404) from error
    return views.call_in(grant)


@dataclass(frozen=True, slots=True)
class AdminRoute:
    """One method and path; parts in braces vary."""

    method: str
    path: str
    handle: Callable[[AdminCall], Any]

    def parts(self, raw_path: str) -> Mapping[str, str] | None:
        """The varying parts of a path, still percent-encoded; None when it is another one."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, raw_path)
        return None if found is None else found.groupdict()


ADMIN_ROUTES: tuple[AdminRoute, ...] = (
    AdminRoute("GET", "/health", _health),
    AdminRoute("GET", "/sandbox", _index),
    AdminRoute("GET", "/sandbox/clock", _clock),
    AdminRoute("PUT", "/sandbox/clock", _set_clock),
    AdminRoute("POST", "/sandbox/clock/advance", _advance_clock),
    AdminRoute("GET", "/sandbox/seed", _seed),
    AdminRoute("PUT", "/sandbox/seed", _set_seed),
    AdminRoute("GET", "/sandbox/profile", _profile),
    AdminRoute("PUT", "/sandbox/profile", _set_profile),
    AdminRoute("PATCH", "/sandbox/profile", _merge_profile),
    AdminRoute("GET", "/sandbox/faults", _faults),
    AdminRoute("POST", "/sandbox/faults", _order_fault),
    AdminRoute("DELETE", "/sandbox/faults", _remove_faults),
    AdminRoute("DELETE", "/sandbox/faults/{id}", _remove_fault),
    AdminRoute("GET", "/sandbox/state", _state),
    AdminRoute("GET", "/sandbox/pushes", _pushes),
    AdminRoute("PUT", "/sandbox/queues/{name}/agents", _set_agents),
    AdminRoute("PUT", "/sandbox/queues/{name}/traffic", _set_traffic),
    AdminRoute("POST", "/sandbox/queues/{name}/calls", _add_calls),
    AdminRoute("PUT", "/sandbox/customers/{number}", _script_customer),
    AdminRoute("POST", "/sandbox/callbacks/{id}/complete", _complete_callback),
    AdminRoute("POST", "/sandbox/callbacks/{id}/cancel", _cancel_callback),
    AdminRoute("POST", "/sandbox/call-ins/match", _match_call_in),
)
