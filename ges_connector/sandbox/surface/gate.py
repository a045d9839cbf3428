"""The way of one request through the surface: route, key, parameters, contact centre, answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import Code, RefusedError
from ges_connector.sandbox.seeded import draw_uuid
from ges_connector.sandbox.surface import call_ins, callbacks, offers, statistics, withdrawn
from ges_connector.sandbox.surface.access import GatewayError, KeyRing
from ges_connector.sandbox.surface.json_body import MAX_BODY_BYTES
from ges_connector.sandbox.surface.parameters import Query, refuse_field
from ges_connector.sandbox.surface.requests import Counter, Handler, Incoming
from ges_connector.sandbox.surface.routes import Match, Operation
from ges_connector.sandbox.wire import (
    WireAnswer,
    WireRequest,
    envelope,
    gateway_fault,
    instant_text,
)

HANDLERS: Mapping[Operation, Handler[Any]] = {
    Operation.CREATE: Handler(callbacks.read_booking, callbacks.create),
    Operation.CANCEL: Handler(callbacks.read_callback_id, callbacks.cancel),
    Operation.RETRIEVE: Handler(callbacks.read_callback_id, callbacks.retrieve),
    Operation.AVAILABILITY: Handler(offers.read_availability, offers.availability),
    Operation.OPEN_FOR: Handler(offers.read_open_for, offers.open_for),
    Operation.QUEUE_STATUS: Handler(offers.read_queue_name, offers.queue_status),
    Operation.ESTIMATED_WAIT_TIME: Handler(offers.read_waits, offers.waits),
    Operation.CALL_IN: Handler(call_ins.read_call_in, call_ins.request_call_in),
    Operation.STATISTICS: Handler(statistics.read_statistics, statistics.statistics),
    Operation.CAPTCHA_VERIFY: Handler(withdrawn.read_captcha, withdrawn.verify_captcha),
    Operation.NOTIFICATION_PUBLISH: Handler(withdrawn.read_notification, withdrawn.publish),
}


@dataclass(frozen=True, slots=True)
class Gate:
    """Answers GES requests whose route is known.

    Attributes:
        keys: Keys of all tenants.
        counter_of: Where the requests of a tenant are served.
        corr_ids: Source of correlation ids.
    """

    keys: KeyRing
    counter_of: Callable[[str], Counter]
    corr_ids: Random

    def answer(self, request: WireRequest, match: Match, profile: Profile) -> WireAnswer:
        """Serves a request; never raises for anything a caller can send."""
        corr_id = str(draw_uuid(self.corr_ids))
        if request.method != match.route.method:
            return _wrong_method(match, corr_id)
        try:
            _check_body(request)
            data = self._serve(request, match, profile)
        except RefusedError as refusal:
            return refused(refusal, corr_id, profile)
        except GatewayError as error:
            return error.answer
        return envelope(corr_id, data=data)

    def _serve(self, request: WireRequest, match: Match, profile: Profile) -> Any:
        handler = HANDLERS[match.route.operation]
        if _reads_before_key(match.route.operation, profile):
            asked = handler.read(_incoming(request, match, profile))
            counter = self._counter(request.headers, profile)
        else:
            counter = self._counter(request.headers, profile)
            asked = handler.read(_incoming(request, match, profile))
        return handler.serve(counter, asked)

    def _counter(self, headers: Mapping[str, str], profile: Profile) -> Counter:
        return self.counter_of(self.keys.admit(headers, profile).tenant)


def _wrong_method(match: Match, corr_id: str) -> WireAnswer:
    method = match.route.method
    return envelope(
        corr_id,
        http_status=405,
        code=Code.INVALID_PARAMETERS,
        message=f"the method has to be {method}",
    ).with_headers({"allow": f"{method}, OPTIONS"})


def _check_body(request: WireRequest) -> None:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise refuse_field("content-encoding", "is not understood; send the body as it is")
    if len(request.body) > MAX_BODY_BYTES:
        raise RefusedError(
            413, Code.INVALID_PARAMETERS, f"the body is longer than {MAX_BODY_BYTES} bytes"
        )


def _reads_before_key(operation: Operation, profile: Profile) -> bool:
    """Whether create looks at its parameters before the key (Q20); no other operation does."""
    gateway_has_keys = "gateway-fault" in (profile.missing_key, profile.unknown_key)
    if operation is not Operation.CREATE or gateway_has_keys:
        return False
    checks = profile.checks
    return "params" in checks and "key" in checks and checks.index("params") < checks.index("key")


def _incoming(request: WireRequest, match: Match, profile: Profile) -> Incoming:
    return Incoming(match.name, Query(request.query), request.headers, request.body, profile)


def refused(refusal: RefusedError, corr_id: str, profile: Profile) -> WireAnswer:
    """Renders a refusal; with proposals where it carries any (GES rule 10, Q4)."""
    data = None if refusal.slots is None else {"slots": _proposals(refusal, profile)}
    return envelope(
        corr_id,
        data=data,
        http_status=refusal.status,
        code=refusal.code,
        message=refusal.message,
    )


def _proposals(refusal: RefusedError, profile: Profile) -> dict[str, Any]:
    return {
        _proposal_key(instant_text(at), profile): places
        if profile.proposed_capacity == "number"
        else str(places)
        for at, places in (refusal.slots or {}).items()
    }


def _proposal_key(text: str, profile: Profile) -> str:
    seconds = text[: -len(".000Z")]
    match profile.proposed_key:
        case "ms-z":
            return text
        case "seconds-z":
            return f"{seconds}Z"
        case _:
            return f"{seconds}+00:00"


def no_such_path() -> WireAnswer:
    """What the gateway says to a path nobody serves: no envelope (GES rule 1.5)."""
    return gateway_fault(
        404, "messaging.adaptors.http.flow.ApplicationNotFound", "no service under this path"
    )
