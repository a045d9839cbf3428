"""The store on a real server: what lies in it, and what happens while it cannot be reached."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from ges_connector.store import (
    ClaimState,
    Found,
    Store,
    StoreSettings,
    StoreUnavailableError,
    open_store,
)
from ges_connector.store.redis_store import RedisStore

PASSWORD = "planted-store-password"
PATIENCE_SECONDS = 10.0
"""However busy the machine is."""
DAY_MILLISECONDS = 24 * 3600 * 1000
ANSWER = {"value": 1}


@pytest.fixture
async def raw(server: Any) -> AsyncIterator[Redis]:
    """The server, without us between."""
    client: Redis = Redis.from_url(server.url, decode_responses=True)
    yield client
    await client.aclose()


@pytest.fixture
async def store(server: Any) -> AsyncIterator[RedisStore]:
    made = RedisStore(server.url, prefix="test", timeout_seconds=PATIENCE_SECONDS)
    yield made
    await made.aclose()


async def the_key(raw: Redis, kind: str) -> str:
    (key,) = await raw.keys(f"test:{kind}:*")
    return str(key)


async def fill(store: Store) -> None:
    await store.claim("token", "a")
    await store.claim("settled", "a")
    await store.settle("settled", {"outcome": "booked"})
    await store.lease("Billing", "r", "", 60)
    await store.keep("Billing", "q", "", ANSWER, 60)
    await store.forget("Billing")
    await store.admit(20)


async def test_every_key_has_our_prefix_and_an_end(store: RedisStore, raw: Redis) -> None:
    await fill(store)
    keys = [str(key) for key in await raw.keys("*")]
    assert len(keys) == 6
    assert all(key.startswith(("test:", "{test:")) for key in keys), keys
    assert all([await raw.pttl(key) > 0 for key in keys])


async def test_values_are_json_of_a_version(store: RedisStore, raw: Redis) -> None:
    await fill(store)
    for kind in ("answer", "booking"):
        for key in await raw.keys(f"test:{kind}:*"):
            assert json.loads(str(await raw.get(key)))["v"] == 1


async def test_claims_and_results_are_kept_for_more_than_a_day(
    store: RedisStore, raw: Redis
) -> None:
    await store.claim("token", "a")
    key = await the_key(raw, "booking")
    assert await raw.pttl(key) > DAY_MILLISECONDS
    await store.settle("token", {"outcome": "booked"})
    assert await raw.pttl(key) > DAY_MILLISECONDS


async def test_the_age_of_a_claim_is_told_by_the_server(store: RedisStore, raw: Redis) -> None:
    await store.claim("token", "a")
    key = await the_key(raw, "booking")
    await raw.pexpire(key, int(await raw.pttl(key)) - 30_000)
    claim = await store.claim("token", "b")
    assert claim.state is ClaimState.PENDING
    assert 30 <= claim.age_seconds < 90


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", "null", '{"v":2,"answer":{},"mark":""}', '{"v":1,"answer":3}']
)
async def test_an_answer_that_cannot_be_read_is_none(
    store: RedisStore, raw: Redis, text: str
) -> None:
    await store.keep("Billing", "q", "", ANSWER, 60)
    await raw.set(await the_key(raw, "answer"), text)
    assert await store.find("Billing", "q") == Found("")


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"v":2,"result":{}}', '{"v":1}'])
async def test_nobody_sends_a_booking_whose_claim_cannot_be_read(
    store: RedisStore, raw: Redis, text: str
) -> None:
    await store.claim("token", "a")
    await raw.set(await the_key(raw, "booking"), text)
    claim = await store.claim("token", "a")
    assert (claim.state, claim.result) == (ClaimState.PENDING, None)
    assert await store.result("token") is None


async def test_a_server_that_is_gone_is_told_as_such_and_found_again(server: Any) -> None:
    now = 0.0
    store = RedisStore(
        server.url,
        prefix="test",
        timeout_seconds=PATIENCE_SECONDS,
        pause_seconds=3,
        clock=lambda: now,
    )
    await store.keep("Billing", "q", "", ANSWER, 60)
    server.kill()
    with pytest.raises(StoreUnavailableError):
        await store.find("Billing", "q")
    server.start()
    with pytest.raises(StoreUnavailableError):
        await store.find("Billing", "q")
    now = 3.0
    # Its memory is empty now.
    assert await store.find("Billing", "q") == Found("")
    await store.aclose()


async def test_a_restart_between_two_calls_is_not_noticed(server: Any, store: RedisStore) -> None:
    await asyncio.gather(*(store.find("Billing", "q") for _ in range(8)))
    server.kill()
    server.start()
    assert await store.admit(20)
    assert (await store.claim("token", "a")).state is ClaimState.OURS


class Silent:
    """A server that takes connections and says nothing.

    Attributes:
        connections: How many it has taken.
        taken: Released with each of them.
    """

    def __init__(self) -> None:
        self.connections = 0
        self.taken = asyncio.Semaphore(0)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.taken.release()
        while await reader.read(1024):
            pass
        writer.close()


@pytest.fixture
async def silent() -> AsyncIterator[tuple[Silent, str]]:
    hearer = Silent()
    listening = await asyncio.start_server(hearer.hear, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    yield hearer, f"redis://:{PASSWORD}@127.0.0.1:{port}"
    listening.close()
    await listening.wait_closed()


async def test_a_silent_server_costs_one_time_out_in_some_seconds_and_a_booking_tries_anyhow(
    silent: tuple[Silent, str], caplog: pytest.LogCaptureFixture
) -> None:
    hearer, url = silent
    now = 0.0
    store = RedisStore(url, prefix="test", timeout_seconds=0.05, clock=lambda: now)
    with caplog.at_level(logging.DEBUG, logger="ges_connector"):
        for _ in range(50):
            with pytest.raises(StoreUnavailableError):
                await store.find("Billing", "q")
        await hearer.taken.acquire()
        assert hearer.connections == 1
        with pytest.raises(StoreUnavailableError) as raised:
            await store.claim("token", "a")
    await hearer.taken.acquire()
    assert hearer.connections == 2
    assert len(caplog.records) == 1
    assert raised.value.__cause__ is None
    assert PASSWORD not in caplog.text + repr(raised.value) + repr(store)
    await store.aclose()


async def test_the_password_of_the_address_opens_the_server(
    make_server: Callable[..., Any], tmp_path: Path
) -> None:
    guarded = make_server("--requirepass", PASSWORD)
    address = tmp_path / "address"
    address.write_text(f"{guarded.url.replace('redis://', f'valkey://:{PASSWORD}@')}/0\n")
    store = open_store(StoreSettings(url_file=address, timeout_seconds=2))
    assert (await store.claim("token", "a")).state is ClaimState.OURS
    await store.aclose()
    locked_out = open_store(StoreSettings(url=SecretStr(guarded.url)))
    with pytest.raises(StoreUnavailableError):
        await locked_out.claim("token", "b")
    await locked_out.aclose()


async def test_a_socket_is_an_address_too(make_server: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "s"
    make_server("--unixsocket", str(path))
    store = open_store(StoreSettings(url=SecretStr(f"unix://{path}"), timeout_seconds=2))
    assert await store.admit(20)
    await store.aclose()
