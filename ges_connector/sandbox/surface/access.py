"""Whose key a request carries, and which web pages may use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import Code, RefusedError
from ges_connector.sandbox.seed import ApiKey, Tenant
from ges_connector.sandbox.wire import WireAnswer, gateway_fault

KEY_HEADER = "x-api-key"


class GatewayError(Exception):
    """The gateway in front answers by itself, without an envelope (GES rule 1.5)."""

    def __init__(self, answer: WireAnswer) -> None:
        super().__init__(f"gateway answers {answer.status}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Pass:
    """A key that was accepted, and the tenant it belongs to (GES rule 1.2)."""

    tenant: str
    key: ApiKey


class KeyRing:
    """All keys of all tenants."""

    def __init__(self, tenants: Iterable[Tenant]) -> None:
        self._passes = {
            key.key: Pass(tenant.name, key) for tenant in tenants for key in tenant.keys
        }

    def admit(self, headers: Mapping[str, str], profile: Profile) -> Pass:
        """Finds out whose request it is.

        Raises:
            RefusedError: No key, or one nobody may use; status and code by the profile (Q7).
            GatewayError: The same, where the profile lets the gateway say so.
        """
        key = headers.get(KEY_HEADER)
        if not key:
            raise _refusal(profile.missing_key, _NO_KEY)
        found = self._passes.get(key)
        if found is None or not found.key.enabled:
            raise _refusal(profile.unknown_key, _UNKNOWN_KEY)
        return found

    def tenant_of(self, headers: Mapping[str, str]) -> str | None:
        """Whose key it is, even of one that may not be used; None when nobody's."""
        found = self._passes.get(headers.get(KEY_HEADER, ""))
        return None if found is None else found.tenant

    def allows_origin_for(self, headers: Mapping[str, str]) -> bool:
        """Whether the page that sent a request may read the answer (GES rule 43).

        A browser asks beforehand without the key; then a page that any key allows may go on.
        """
        origin = headers.get("origin")
        if not origin:
            return False
        found = self._passes.get(headers.get(KEY_HEADER, ""))
        keys = self._passes.values() if KEY_HEADER not in headers else filter(None, [found])
        return any(_covers(domain, origin) for each in keys for domain in each.key.domains)


@dataclass(frozen=True, slots=True)
class _KeyTrouble:
    message: str
    gateway_code: str
    gateway_text: str


_NO_KEY = _KeyTrouble(
    "the x-api-key header is missing",
    "steps.oauth.v2.FailedToResolveAPIKey",
    "no API key in request.header.x-api-key",
)
_UNKNOWN_KEY = _KeyTrouble(
    "the x-api-key header holds no key that may be used here",
    "oauth.v2.InvalidApiKey",
    "invalid API key",
)


def _refusal(reading: str, trouble: _KeyTrouble) -> Exception:
    match reading:
        case "401-503":
            return RefusedError(401, Code.KEY_MISSING, trouble.message)
        case "403-1103":
            return RefusedError(403, Code.KEY_UNKNOWN, trouble.message)
        case _:
            return GatewayError(gateway_fault(401, trouble.gateway_code, trouble.gateway_text))


def _covers(domain: str, origin: str) -> bool:
    """A domain is `*`, a whole origin such as https://shop.example, or a host name."""
    if domain in ("*", origin):
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return "://" not in domain and domain in (parts.hostname, parts.netloc)
