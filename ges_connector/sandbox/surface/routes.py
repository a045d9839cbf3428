"""Which operation a method and path mean."""

from dataclasses import dataclass
from enum import StrEnum

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.surface.parameters import percent_decoded, refuse_field

BASE_PATH = "/engagement/v3/"
"""Start of every GES path (GES rule 1.1)."""


class Operation(StrEnum):
    """The operations of the API (GES section 2), by the names that faults and the journal use."""

    CREATE = "create"
    CANCEL = "cancel"
    RETRIEVE = "retrieve"
    AVAILABILITY = "availability"
    OPEN_FOR = "open-for"
    QUEUE_STATUS = "queue-status"
    ESTIMATED_WAIT_TIME = "estimated-wait-time"
    CALL_IN = "call-in"
    STATISTICS = "statistics"
    CAPTCHA_VERIFY = "captcha-verify"
    NOTIFICATION_PUBLISH = "notification-publish"


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path; a path that ends in a slash is followed by one name."""

    operation: Operation
    method: str
    path: str

    @property
    def takes_name(self) -> bool:
        """Whether the path goes on with the name of a service or queue."""
        return self.path.endswith("/")


ROUTES: tuple[Route, ...] = (
    Route(Operation.CREATE, "POST", "callbacks/create"),
    Route(Operation.CANCEL, "POST", "callbacks/cancel"),
    Route(Operation.RETRIEVE, "POST", "callbacks/retrieve"),
    Route(Operation.AVAILABILITY, "GET", "callbacks/availability/"),
    Route(Operation.OPEN_FOR, "GET", "callbacks/open-for/"),
    Route(Operation.QUEUE_STATUS, "GET", "callbacks/queue-status/"),
    Route(Operation.ESTIMATED_WAIT_TIME, "GET", "estimated-wait-time"),
    Route(Operation.CALL_IN, "POST", "call-in/requests/create"),
    Route(Operation.STATISTICS, "POST", "statistics/operations/get-statistic-ex"),
)
WITHDRAWN_ROUTES: tuple[Route, ...] = (
    Route(Operation.CAPTCHA_VERIFY, "POST", "captcha/verify"),
    Route(Operation.NOTIFICATION_PUBLISH, "POST", "notification/publish"),
)
OPENFOR_ALIAS = Route(Operation.OPEN_FOR, "GET", "callbacks/openfor/")
"""How open-for was spelt in 2018 (GES Q27)."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a path leads to; `raw_name` is still percent-encoded."""

    route: Route
    raw_name: str = ""

    @property
    def name(self) -> str:
        """The service or queue named in the path, decoded once (GES Q26).

        Raises:
            RefusedError: The bytes under the percent-encoding are not UTF-8.
        """
        try:
            return percent_decoded(self.raw_name)
        except UnicodeDecodeError as error:
            raise refuse_field("the name in the path", "is not UTF-8") from error


def find_route(raw_path: str, profile: Profile) -> Match | None:
    """Finds the route of a path, whatever the method; None when there is nothing.

    Paths are exact in case and slashes unless the profile says otherwise (GES Q25).
    """
    lenient = profile.paths == "lenient"
    path = raw_path.rstrip("/") if lenient else raw_path
    prefix, rest = path[: len(BASE_PATH)], path[len(BASE_PATH) :]
    if not _same(prefix, BASE_PATH, lenient=lenient):
        return None
    for route in _active_routes(profile):
        head, tail = rest[: len(route.path)], rest[len(route.path) :]
        fits = bool(tail) and "/" not in tail if route.takes_name else not tail
        if fits and _same(head, route.path, lenient=lenient):
            return Match(route, tail)
    return None


def _active_routes(profile: Profile) -> tuple[Route, ...]:
    return (
        *ROUTES,
        *(WITHDRAWN_ROUTES if profile.withdrawn_operations else ()),
        *((OPENFOR_ALIAS,) if profile.openfor_alias else ()),
    )


def _same(sent: str, expected: str, *, lenient: bool) -> bool:
    return sent.lower() == expected if lenient else sent == expected
