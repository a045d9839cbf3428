"""Which store is used: none to share, or a server named by `CALLBACK_STORE_URL`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ges_connector.extras import missing
from ges_connector.store.in_process import InProcessStore
from ges_connector.store.terms import StoreConfigurationError

if TYPE_CHECKING:
    from ges_connector.store.terms import Store

_USUAL_PORT: Final = 6379
_SCHEMES: Final = {
    "redis": "redis",
    "rediss": "rediss",
    "unix": "unix",
    "valkey": "redis",
    "valkeys": "rediss",
}


class StoreSettings(BaseSettings):
    """Where the shared store is; from arguments, else from the environment.

    At most one of `url` and `url_file` may be given; without either nothing is shared between
    processes.

    Attributes:
        url: `redis://`, `rediss://`, `valkey://`, `valkeys://` or `unix://` address; never shown,
            as it may hold a password (`CALLBACK_STORE_URL`).
        url_file: A file that holds the address and nothing else (`CALLBACK_STORE_URL_FILE`).
        prefix: What all keys begin with; assistants that ask another GES, or with another key, need
            another one (`CALLBACK_STORE_PREFIX`).
        timeout_seconds: How long a read may wait for the store before it goes on without it; what
            concerns a booking may wait four times as long (`CALLBACK_STORE_TIMEOUT_SECONDS`).
    """

    model_config = SettingsConfigDict(
        env_prefix="CALLBACK_STORE_",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        allow_inf_nan=False,
        env_ignore_empty=True,
    )

    url: SecretStr | None = None
    url_file: Path | None = None
    prefix: str = Field(default="ges-callback", min_length=1)
    timeout_seconds: float = Field(default=0.25, gt=0, le=2)

    def place(self) -> str | None:
        """Host and port of the store, or its socket, without a password; None if none is named."""
        named = "" if self.url is None else self.url.get_secret_value()
        if self.url_file is not None:
            with suppress(OSError, ValueError):
                named = self.url_file.read_text(encoding="utf-8").strip()
        if not named:
            return None
        try:
            parts = urlsplit(named)
            port = parts.port or _USUAL_PORT
        except ValueError:
            # Anything of it may be part of the password.
            return "its address"
        return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{port}"


def open_store(settings: StoreSettings | None = None) -> Store:
    """Make the store that is configured; nothing is connected before it is used.

    Args:
        settings: Where it is; from the environment if absent.

    Raises:
        StoreConfigurationError: The settings cannot be used, or the extra `redis` is missing.
    """
    chosen = settings or _from_environment()
    address = _address(chosen)
    if address is None:
        return InProcessStore()
    try:
        from ges_connector.store.redis_store import RedisStore  # noqa: PLC0415 - an extra
    except ImportError:
        raise StoreConfigurationError(
            f"CALLBACK_STORE_URL: {missing('a shared store', 'redis')}"
        ) from None
    try:
        return RedisStore(address, prefix=chosen.prefix, timeout_seconds=chosen.timeout_seconds)
    except (ValueError, TypeError):
        # Their words may quote the address.
        raise StoreConfigurationError("CALLBACK_STORE_URL: is no address of a store") from None


def _from_environment() -> StoreSettings:
    try:
        return StoreSettings()
    except ValidationError as error:
        raise StoreConfigurationError(
            *(
                f"CALLBACK_STORE_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
                for fault in error.errors(include_url=False, include_input=False)
            )
        ) from None


def _address(settings: StoreSettings) -> str | None:
    if settings.url is None and settings.url_file is None:
        return None
    if settings.url is not None and settings.url_file is not None:
        raise StoreConfigurationError(
            "CALLBACK_STORE_URL, CALLBACK_STORE_URL_FILE: give at most one of them"
        )
    url = _read(settings.url_file) if settings.url is None else settings.url.get_secret_value()
    scheme, colon, rest = url.strip().partition("://")
    if not colon or scheme not in _SCHEMES or not _names_something(rest, scheme):
        raise StoreConfigurationError(
            f"CALLBACK_STORE_URL: must begin with {', '.join(f'{each}://' for each in _SCHEMES)} "
            "and name a server or a socket"
        )
    return f"{_SCHEMES[scheme]}://{rest}"


def _read(path: Path | None) -> str:
    try:
        return "" if path is None else path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise StoreConfigurationError("CALLBACK_STORE_URL_FILE: cannot be read") from None


def _names_something(rest: str, scheme: str) -> bool:
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        return bool(parts.path if scheme == "unix" else parts.hostname and parts.port != 0)
    except ValueError:
        return False
