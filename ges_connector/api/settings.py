"""Where GES is, with which key, and how patient the client is.

Values come from arguments, else from the environment (`GES_REGION`, `GES_API_KEY` …), else from a
directory of secret files (`GesSettings(_secrets_dir="/run/secrets")` reads `ges_api_key`). All
faults are told at once.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, ModelWrapValidatorHandler, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ges_connector.api.errors import GesConfigurationError

_REGION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
# Labels of 1 to 63 characters, 253 in all; a dot at the end keeps resolvers from guessing.
_HOST = re.compile(r"(?=.{1,254}\Z)[^.]{1,63}(\.[^.]{1,63})*\.?")
# A key has no promised shape (GES rule 1.2); it only has to be a legal header value.
_HEADER_VALUE = re.compile(r"[\x21-\x7e]+")


class GesSettings(BaseSettings):
    """Settings of the client.

    Exactly one of `region` and `base_url`, and one of `api_key` and `api_key_file`, must be given.

    Attributes:
        region: Region label that came with the key; gives the public base URL (GES rule 1.1).
        base_url: Base URL of GES, up to and including `/engagement/v3`, without query.
        api_key: The key; never shown.
        api_key_file: A file that holds the key and nothing else; read when a client is made.
        deadline_seconds: Budget of a call that brings no deadline of its own.
        connect_timeout_seconds: How long to wait for a connection, waiting for a free one included.
        read_timeout_seconds: How long one attempt of a read may take. A write is not repeated, so
            it waits for as long as its deadline allows.
        circuit_failures: So many failed attempts in a row and GES counts as down: calls are refused
            at once until it answers again. Where one read alone fails, only that one is. 0 never
            does so.
        circuit_first_pause_seconds: How long GES counts as down before it is tried again; doubles
            each time it is still down.
        circuit_max_pause_seconds: The longest GES counts as down before it is tried again.
        max_connections: Connections per process and event loop.
        keepalive_seconds: How long an idle connection is kept. Below what the far side keeps it
            for, so that a create seldom meets a connection that is just being closed.
        proxy_url: Proxy to go through, if any; may hold credentials. Proxy variables of the
            environment are not looked at.
    """

    model_config = SettingsConfigDict(
        env_prefix="GES_",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        allow_inf_nan=False,
        env_ignore_empty=True,
    )

    region: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    api_key_file: Path | None = None
    deadline_seconds: float = Field(default=10.0, gt=0)
    connect_timeout_seconds: float = Field(default=2.0, gt=0)
    read_timeout_seconds: float = Field(default=4.0, gt=0)
    circuit_failures: int = Field(default=5, ge=0)
    circuit_first_pause_seconds: float = Field(default=1.0, gt=0)
    circuit_max_pause_seconds: float = Field(default=30.0, gt=0)
    max_connections: int = Field(default=100, ge=1)
    keepalive_seconds: float = Field(default=15.0, gt=0)
    proxy_url: SecretStr | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _all_faults_at_once(cls, data: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        faults: list[str] = []
        settings: Self | None = None
        try:
            settings = check(data)
        except ValidationError as error:
            faults = [
                f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
                for fault in error.errors(include_url=False, include_input=False)
            ]
        if isinstance(data, dict):
            faults += _faults_of(data)
        if faults or settings is None:
            raise GesConfigurationError(*faults)
        return settings

    @property
    def root_url(self) -> str:
        """The base URL, without a slash at its end."""
        if self.base_url is not None:
            return self.base_url.rstrip("/")
        return f"https://gapi-{self.region}.genesyscloud.com/engagement/v3"

    def key(self) -> str:
        """Uncover the key. Hand it to nothing that shows it.

        Raises:
            GesConfigurationError: The file of the key is gone since the settings were made.
        """
        if self.api_key is not None:
            return self.api_key.get_secret_value().strip()
        key = _read_key(self.api_key_file)
        if not key:
            raise GesConfigurationError("api_key_file: can no longer be read")
        return key


def in_variables(error: GesConfigurationError) -> tuple[str, ...]:
    """Tell what is wrong with settings by the names of the environment variables they come from.

    Args:
        error: What making them raised.
    """
    prefix = str(GesSettings.model_config.get("env_prefix", ""))
    told = []
    for fault in error.faults:
        names, _, wrong = fault.partition(": ")
        named = ", ".join(f"{prefix}{name}".upper() for name in names.split(", "))
        told.append(f"{named}: {wrong}")
    return tuple(told)


def _read_key(path: object) -> str:
    try:
        return Path(str(path)).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _faults_of(given: dict[str, Any]) -> list[str]:
    return [*_address_faults(given), *_key_faults(given), *_proxy_faults(given)]


def _address_faults(given: dict[str, Any]) -> list[str]:
    region, base_url = given.get("region"), given.get("base_url")
    if (region is None) == (base_url is None):
        return ["region, base_url: give exactly one of them (GES_REGION or GES_BASE_URL)"]
    if isinstance(region, str) and not _REGION.fullmatch(region):
        return ["region: is not a region label"]
    if isinstance(base_url, str) and not _is_plain_url(base_url):
        return [
            "base_url: must be http(s)://host[:port]/path without credentials, query or fragment"
        ]
    return []


def _key_faults(given: dict[str, Any]) -> list[str]:
    key, key_file = given.get("api_key"), given.get("api_key_file")
    if (key is None) == (key_file is None):
        return ["api_key, api_key_file: give exactly one of them (GES_API_KEY or GES_API_KEY_FILE)"]
    if key_file is not None:
        text = _read_key(key_file)
        is_there = Path(str(key_file)).is_file()
        wrong = "holds no key, or more than a key" if is_there else "there is no such file"
        source = f"api_key_file: {key_file}: {wrong}"
    else:
        text = key.get_secret_value() if isinstance(key, SecretStr) else str(key)
        source = "api_key: is empty or holds characters that no header may hold"
    return [] if _HEADER_VALUE.fullmatch(text.strip()) else [source]


def _proxy_faults(given: dict[str, Any]) -> list[str]:
    proxy = given.get("proxy_url")
    if proxy is None:
        return []
    text = proxy.get_secret_value() if isinstance(proxy, SecretStr) else str(proxy)
    return [] if _has_host(text) else ["proxy_url: must be http(s)://[user:password@]host[:port]"]


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        if parts.scheme not in {"http", "https"} or parts.port == 0:
            return False
        host = parts.hostname or ""
        return ":" in host or _HOST.fullmatch(host) is not None
    except ValueError:
        return False


def _is_plain_url(url: str) -> bool:
    if not _has_host(url) or not url.isascii() or any(mark in url for mark in "?#\\ \t\r\n"):
        return False
    return "@" not in urlsplit(url).netloc
