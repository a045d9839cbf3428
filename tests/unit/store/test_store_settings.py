"""Which store is used, what is refused, and that no password is ever shown."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from ges_connector.store import (
    InProcessStore,
    Store,
    StoreConfigurationError,
    StoreSettings,
    StoreUnavailableError,
    open_store,
)
from ges_connector.store.redis_store import RedisStore

PASSWORD = "planted-store-password"


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "URL_FILE", "PREFIX", "TIMEOUT_SECONDS"):
        monkeypatch.delenv(f"CALLBACK_STORE_{name}", raising=False)


def told_by(error: BaseException) -> Iterator[str]:
    chained: BaseException | None = error
    while chained is not None:
        yield str(chained)
        yield repr(chained)
        chained = chained.__cause__


def test_without_an_address_nothing_is_shared() -> None:
    assert isinstance(open_store(), InProcessStore)


@pytest.mark.parametrize(
    "url",
    [
        "redis://h",
        "rediss://:pw@h:6380/2",
        "valkey://user:pw@h:6379",
        "valkeys://h",
        "unix:///run/redis.sock?db=1",
    ],
)
async def test_every_usual_address_opens_a_shared_store_without_connecting(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CALLBACK_STORE_URL", url)
    store: Store = open_store()
    assert isinstance(store, RedisStore)
    await store.aclose()


@pytest.mark.parametrize(
    "url",
    [
        f"http://:{PASSWORD}@h",
        f"redis:{PASSWORD}",
        "redis://",
        "unix://",
        f"redis://:{PASSWORD}@h:port",
        f"redis://:{PASSWORD}@h:0",
        f"redis://:{PASSWORD}@h?colour=red",
        f"redis://:{PASSWORD}@h?socket_timeout={PASSWORD}",
        PASSWORD,
    ],
)
def test_what_is_no_address_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CALLBACK_STORE_URL", url)
    with pytest.raises(StoreConfigurationError, match="CALLBACK_STORE_URL") as raised:
        open_store()
    assert not any(PASSWORD in text for text in told_by(raised.value))


def test_the_address_is_never_shown() -> None:
    settings = StoreSettings(url=SecretStr(f"redis://:{PASSWORD}@h"))
    assert PASSWORD not in f"{settings!r} {settings} {settings.model_dump()}"
    assert PASSWORD not in settings.model_dump_json()
    assert PASSWORD not in repr(open_store(settings))


def test_a_file_can_hold_the_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "address"
    monkeypatch.setenv("CALLBACK_STORE_URL_FILE", str(file))
    with pytest.raises(StoreConfigurationError, match="URL_FILE: cannot be read"):
        open_store()
    file.write_text(f"redis://:{PASSWORD}@h\n")
    assert isinstance(open_store(), RedisStore)
    monkeypatch.setenv("CALLBACK_STORE_URL", "redis://h")
    with pytest.raises(StoreConfigurationError, match="at most one"):
        open_store()


def test_all_that_is_wrong_is_told_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALLBACK_STORE_TIMEOUT_SECONDS", "soon")
    with pytest.raises(StoreConfigurationError) as raised:
        open_store()
    assert raised.value.faults[0].startswith("CALLBACK_STORE_TIMEOUT_SECONDS: ")
    assert len(raised.value.faults) == 1


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ges_connector.store.redis_store")
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(StoreConfigurationError, match=r"the extra 'redis'.*redis"):
        open_store(StoreSettings(url=SecretStr("redis://h")))


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://store", "store:6379"),
        ("rediss://me:hidden@store.test:6400/2", "store.test:6400"),
        ("unix:///run/store.sock", "/run/store.sock"),
        ("redis://me:hid/den@store", "its address"),
    ],
)
def test_a_store_is_named_without_its_password(url: str, place: str) -> None:
    assert StoreSettings(url=SecretStr(url)).place() == place


async def test_a_password_that_is_refused_is_told_from_a_store_that_is_not_there() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(b"-WRONGPASS invalid username-password pair\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        store = open_store(StoreSettings(url=SecretStr(f"redis://me:wrong@127.0.0.1:{port}")))
        with pytest.raises(StoreUnavailableError, match="refuses the name or password"):
            await store.result("token")
        await store.aclose()
    away = open_store(StoreSettings(url=SecretStr(f"redis://127.0.0.1:{port}")))
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        await away.result("token")
    await away.aclose()
