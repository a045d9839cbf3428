"""What an operation is given, what it is made of, and the few words all answers share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ges_connector.sandbox.centre import ContactCentre
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.seed import Tenant
from ges_connector.sandbox.surface.parameters import Query

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request whose operation is known.

    Attributes:
        name: Service or queue named in the path, decoded; empty for the other operations.
        query: Query parameters.
        headers: Header values by lower-case name.
        body: The whole body.
        profile: How open questions are read.
    """

    name: str
    query: Query
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    profile: Profile


@dataclass(frozen=True, slots=True)
class Counter:
    """Where an accepted request is served: the tenant of its key and the tenant's engine."""

    tenant: Tenant
    centre: ContactCentre
    profile: Profile


@dataclass(frozen=True, slots=True)
class Handler(Generic[Asked]):
    """One operation: reading the request, which needs no tenant, and serving it.

    Attributes:
        read: Makes a typed request or raises RefusedError.
        serve: Gives the envelope's data or raises RefusedError.
    """

    read: Callable[[Incoming], Asked]
    serve: Callable[[Counter, Asked], Any]


def optional(profile: Profile, **fields: Any) -> dict[str, Any]:
    """Output fields that may have no value: left out, or null by the profile (Q24)."""
    if profile.absent_fields == "null":
        return fields
    return {name: value for name, value in fields.items() if value is not None}


def wait_number(profile: Profile, wait_seconds: float) -> float:
    """A wait as the JSON number the profile wants (Q17)."""
    return float(wait_seconds) if profile.wait_number == "float" else round(wait_seconds)
