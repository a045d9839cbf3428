"""Which answers a web page in a browser may read (GES rule 43)."""

from collections.abc import Mapping

from ges_connector.sandbox.surface.access import KeyRing
from ges_connector.sandbox.surface.routes import Route
from ges_connector.sandbox.wire import WireAnswer

ALLOWED_HEADERS = "x-api-key, content-type, cache-control, accept"
_KEPT_SECONDS = "600"


def shared(answer: WireAnswer, headers: Mapping[str, str], keys: KeyRing) -> WireAnswer:
    """Marks an answer as readable by the page that asked, if the key's domains name it."""
    if "origin" not in headers:
        return answer
    allowed = keys.allows_origin_for(headers)
    origin = {"access-control-allow-origin": headers["origin"]} if allowed else {}
    return answer.with_headers({"vary": "Origin", **origin})


def preflight(route: Route, headers: Mapping[str, str], keys: KeyRing) -> WireAnswer:
    """What a browser asks before the call itself, without the key."""
    allow = f"{route.method}, OPTIONS"
    answer = shared(WireAnswer(204, {"allow": allow}, b""), headers, keys)
    if "access-control-allow-origin" not in answer.headers:
        return answer
    return answer.with_headers(
        {
            "access-control-allow-methods": allow,
            "access-control-allow-headers": ALLOWED_HEADERS,
            "access-control-max-age": _KEPT_SECONDS,
        }
    )
