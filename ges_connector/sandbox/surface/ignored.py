"""Which names of a request no operation reads: GES ignores them in silence, the journal does not.

A slip such as `desiredtime` books an immediate callback, as it would in the field. Whoever looks
for the reason finds the name in the request log.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import RefusedError
from ges_connector.sandbox.surface.json_body import MAX_BODY_BYTES
from ges_connector.sandbox.surface.offers import KEBAB_NAMES
from ges_connector.sandbox.surface.parameters import percent_decoded, read_object
from ges_connector.sandbox.surface.routes import Match, Operation
from ges_connector.sandbox.wire import WireRequest

MOST_NAMES = 10
# A phone number in the wrong place must not get into the log as a name.
_NAME = re.compile(r"(?!.*[0-9]{4})[A-Za-z_][A-Za-z0-9_-]{0,39}")

QUERY_NAMES: Mapping[Operation, frozenset[str]] = {
    Operation.AVAILABILITY: frozenset(
        {
            "start",
            "startMS",
            "end",
            "endMS",
            "numberOfDays",
            "timezone",
            "maxTimeSlots",
            "reportBusy",
        }
    ),
    Operation.OPEN_FOR: frozenset({"start", "timezone"}),
    Operation.ESTIMATED_WAIT_TIME: frozenset({"virtual-queues", "mode", "include-calls-on-hold"}),
}
"""Query parameters by operation; the others read none."""

BODY_NAMES: Mapping[Operation, frozenset[str]] = {
    Operation.CREATE: frozenset(
        {
            "serviceName",
            "phoneNumber",
            "desiredTime",
            "cbOfferType",
            "language",
            "inboundVQ",
            "offerThreshold",
            "channel",
            "offerTiming",
            "cbOriginationIxnId",
            "surveyRP",
            "routePoint",
            "priority",
            "captchaToken",
            "userData",
            "pushTargets",
            "alwaysCheckCapacity",
        }
    ),
    Operation.CANCEL: frozenset({"id"}),
    Operation.RETRIEVE: frozenset({"id"}),
    Operation.CALL_IN: frozenset({"groupName", "fromPhoneNumber", "callbackServiceId", "userData"}),
    Operation.CAPTCHA_VERIFY: frozenset({"siteKey", "captchaToken"}),
    Operation.NOTIFICATION_PUBLISH: frozenset({"channel", "target", "event", "validate_only"}),
}
"""Fields of the body by operation; the statistics server's body is its own affair."""


def ignored_names(request: WireRequest, match: Match, profile: Profile) -> tuple[str, ...]:
    """The names that were sent and are read by nobody, in the order of sending.

    Only what looks like a name is told, at most ten, and never a value.
    """
    operation = match.route.operation
    if request.method != match.route.method:
        return ()
    known = QUERY_NAMES.get(operation, frozenset())
    if operation is Operation.AVAILABILITY and profile.kebab_aliases:
        known |= KEBAB_NAMES.keys()
    unread = [name for name in _query_names(request.query) if name not in known]
    if operation in BODY_NAMES:
        unread += [name for name in _body_names(request.body) if name not in BODY_NAMES[operation]]
    told = dict.fromkeys(name for name in unread if _NAME.fullmatch(name))
    return tuple(islice(told, MOST_NAMES))


def _query_names(query: str) -> Iterable[str]:
    for part in filter(None, query.split("&")):
        try:
            yield percent_decoded(part.partition("=")[0].replace("+", " "))
        except UnicodeDecodeError:
            continue


def _body_names(body: bytes) -> Iterable[str]:
    if len(body) > MAX_BODY_BYTES:
        return ()
    try:
        return read_object(body)
    except RefusedError:
        return ()
