"""Who may call the action server: its settings, and the shared secret that callers show.

Pure but for reading the environment and the file of secrets. What the server does with it is in
`actions.guard`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import re
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self
from urllib.parse import parse_qsl

from limits import parse as parse_rate
from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LEAST_CHARACTERS: Final = 24
_LEAST_DIFFERENT: Final = 8
# Every way of showing a secret can carry these.
_SHOWABLE: Final = re.compile(r"[\x21-\x7e]+")
# What stands in examples and templates, is left of them unfilled, or runs along the keyboard; a
# random secret holds none of it.
_PLACEHOLDER: Final = re.compile(
    r"change.?me|secret|passw|default|example|placeholder|your[-_ ]|abcdefg|0?1234567|qwert"
    r"|^<.*>$|\$\{.*\}|\$\(.*\)|\{\{.*\}\}",
    re.IGNORECASE,
)
DEMO_VARIABLE: Final = "CALLBACK_DEMO"
"""Set to 1 by the demo: callers on this machine then need no secret."""
_TOKEN: Final = "token"  # noqa: S105 - Rasa's own name of the query parameter


class AccessSettingsError(Exception):
    """The action server cannot be opened to anyone as it is configured.

    Attributes:
        faults: All that is wrong, without any secret.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _known_rate(text: str) -> str:
    try:
        parse_rate(text)
    except ValueError as error:
        raise ValueError("is no rate; write for example 500/second") from error
    return text


Rate = Annotated[str, AfterValidator(_known_rate)]
"""How often something may happen, as `500/second`."""


class AccessSettings(BaseSettings):
    """How the action server is guarded, from variables that begin with `CALLBACK_ACTIONS_`.

    Attributes:
        secret: The secrets that callers may show, separated by white space: several while one is
            being replaced by another.
        secret_file: A file that holds them instead; read when the server starts.
        metrics_secret: The secrets that show the metrics, and nothing else; without any, those of
            callers do.
        metrics_secret_file: A file that holds them instead; read when the server starts.
        loopback_only: Whether callers from other machines are refused, and what a proxy passes on.
        max_bytes: Longest body that is read, uncompressed.
        max_depth: Deepest nesting of its JSON.
        read_seconds: How long a body may take to arrive.
        calls_per_peer: Most calls of one address, for each worker.
        calls_in_all: Most calls of all of them, for each worker.
        refusals_per_peer: From how many refused requests on an address hears 429 for each more.
    """

    model_config = SettingsConfigDict(
        env_prefix="CALLBACK_ACTIONS_",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    secret: SecretStr | None = None
    secret_file: Path | None = None
    metrics_secret: SecretStr | None = None
    metrics_secret_file: Path | None = None
    loopback_only: bool = False
    max_bytes: int = Field(default=4 * 1024 * 1024, ge=1024)
    max_depth: int = Field(default=64, ge=8, le=500)
    read_seconds: float = Field(default=10.0, gt=0)
    calls_per_peer: Rate = "500/second"
    calls_in_all: Rate = "1000/second"
    refusals_per_peer: Rate = "20/second"

    @model_validator(mode="wrap")
    @classmethod
    def _all_faults_at_once(cls, data: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return check(data)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False, include_context=False)
            raise AccessSettingsError(
                *(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in found)
            ) from None

    def secrets(self, *, is_demo: bool = False, is_certified: bool = False) -> Secrets:
        """Give the secrets, checked.

        Args:
            is_demo: Whether none at all will do, and a weak one.
            is_certified: Whether none at all will do, since callers show certificates.

        Raises:
            AccessSettingsError: There is none, they cannot be read, or one could be guessed.
        """
        given = _given("secret", self.secret, self.secret_file)
        is_none_right = is_certified and not given
        faults = [] if is_demo or is_none_right else _faults_of("secret", given)
        return _checked("secret", given, faults)

    def metrics_secrets(self) -> Secrets:
        """Give the secrets that show the metrics, checked; none if none are set.

        Raises:
            AccessSettingsError: They cannot be read, or one could be guessed.
        """
        given = _given("metrics_secret", self.metrics_secret, self.metrics_secret_file)
        is_set = self.metrics_secret is not None or self.metrics_secret_file is not None
        return _checked(
            "metrics_secret", given, _faults_of("metrics_secret", given) if is_set else []
        )

    def first(self) -> str | None:
        """Give the secret to show to a server with these settings; None if there is none.

        Raises:
            AccessSettingsError: The file cannot be read.
        """
        return next(iter(_given("secret", self.secret, self.secret_file)), None)


def _given(name: str, secret: SecretStr | None, file: Path | None) -> list[str]:
    if secret is not None and file is not None:
        raise AccessSettingsError(f"{name}, {name}_file: give only one of them")
    if file is None:
        return [] if secret is None else secret.get_secret_value().split()
    try:
        return file.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        raise AccessSettingsError(f"{name}_file: cannot be read") from None


def _checked(name: str, given: list[str], faults: list[str]) -> Secrets:
    if any(not _SHOWABLE.fullmatch(each) for each in given):
        faults = [*faults, f"{name}: holds characters that a header cannot carry"]
    if faults:
        raise AccessSettingsError(*faults)
    return Secrets.of(given)


def _faults_of(name: str, given: list[str]) -> list[str]:
    if not given:
        variable = f"CALLBACK_ACTIONS_{name.upper()}"
        return [f"{name}: is missing; give {variable} or {variable}_FILE"]
    if any(len(each) < _LEAST_CHARACTERS for each in given):
        return [f"{name}: is shorter than {_LEAST_CHARACTERS} characters"]
    if any(_PLACEHOLDER.search(each) or len(set(each)) < _LEAST_DIFFERENT for each in given):
        return [f"{name}: is no random one, but a placeholder or a repetition"]
    return []


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets a caller may show; only their digests are kept.

    Attributes:
        digests: One for each.
    """

    digests: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Self:
        """Take note of secrets."""
        return cls(tuple(map(_digest, secrets)))

    def hold(self, shown: str) -> bool:
        """Tell whether what was shown is one of them, in a time that tells nothing about them."""
        digest = _digest(shown)
        # All are compared: which one it is shows in the time otherwise.
        return sum(hmac.compare_digest(digest, each) for each in self.digests) > 0

    def __bool__(self) -> bool:
        return bool(self.digests)


def _digest(secret: str) -> bytes:
    return blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def shown_secret(headers: Mapping[str, str], query: str) -> str | None:
    """Find the secret that a request shows.

    Args:
        headers: By name; names in lower case.
        query: The query of its address, undecoded.

    Returns:
        The token of a bearer header, else the password of basic authentication, else the query
        parameter `token`; None if the request shows none, or several tokens.
    """
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        return _password(credentials.strip())
    tokens = [value for name, value in _parameters(query) if name == _TOKEN]
    return tokens[0] if len(tokens) == 1 else None


def _password(credentials: str) -> str | None:
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return pair.partition(":")[2] or None


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, max_num_fields=20)
    except ValueError:
        return []


def is_near(peer: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from this machine, and straight.

    Args:
        peer: Address of the far end of the connection; empty for a Unix socket.
        headers: By name; names in lower case. A proxy on this machine is near whoever speaks
            through it, so what names an earlier sender is not.
    """
    if "forwarded" in headers or "x-forwarded-for" in headers:
        return False
    if not peer:
        return True
    try:
        return _unmapped(ipaddress.ip_address(peer.partition("%")[0])).is_loopback
    except ValueError:
        return False


def _unmapped(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address inside an IPv6 one, as sockets that listen to both tell it."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
