"""The store that workers and replicas share: Redis or Valkey, through redis-py.

All keys begin with one prefix. Values are JSON under a version; a value that cannot be read, or is
of another version, counts as absent, except that nobody sends a booking on which such a claim
stands. Each step is atomic by a single command, a script or one transaction, so no clock but the
server's own matters.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from typing_extensions import override

from ges_connector.store.terms import (
    KEPT_SECONDS,
    NOTED_SECONDS,
    Claim,
    ClaimState,
    Found,
    Record,
    Store,
    StoreUnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

logger = logging.getLogger(__name__)

_VERSION: Final = 1
_MOST_CONNECTIONS: Final = 32
# A claim decides over a booking: it waits longer than a read, which goes on without the store.
_BOOKING_PATIENCE: Final = 4
_MARK_SECONDS: Final = 24 * 3600.0
_DELETE_IF: Final = """
if redis.call("get", KEYS[1]) == ARGV[1] then
    return redis.call("del", KEYS[1])
end
return 0
"""


class RedisStore(Store):
    """A store on a server that all share.

    Opens nothing before it is first used.

    Args:
        url: Address of the server, as redis-py takes it; may hold a password.
        prefix: What all keys begin with.
        timeout_seconds: How long a read may wait for the server; what concerns a booking may wait
            four times as long.
        pause_seconds: How long reads do without the server after it failed.
        clock: Seconds that only ever grow.

    Raises:
        ValueError: The address cannot be used.
        TypeError: The address has an option that redis-py does not know.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str,
        timeout_seconds: float = 0.25,
        pause_seconds: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._prefix = prefix
        self._timeout_seconds = timeout_seconds
        self._pause_seconds = pause_seconds
        self._clock = clock
        self._down_until: float | None = None
        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_MOST_CONNECTIONS,
            timeout=timeout_seconds * _BOOKING_PATIENCE,
            socket_connect_timeout=timeout_seconds * _BOOKING_PATIENCE,
            socket_timeout=timeout_seconds * _BOOKING_PATIENCE,
            decode_responses=True,
            # Once more on another connection: those that idle are dead after a restart.
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        )
        # A wrong option of the address shows only here.
        self._pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py types it in part
        self._redis: Redis = Redis(connection_pool=self._pool)
        self._delete_if = self._redis.register_script(_DELETE_IF)
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=prefix,
            connection_pool=self._pool,  # type: ignore[arg-type]  # documented, but not annotated
        )
        self._limiter = SlidingWindowCounterRateLimiter(storage)

    @override
    async def claim(self, token: str, claimant: str) -> Claim:
        key = self._key("booking", token)
        async with self._reaching(is_booking=True), self._redis.pipeline() as steps:
            steps.set(key, _written(claimant=claimant), nx=True, px=_milliseconds(KEPT_SECONDS))
            steps.get(key)
            steps.pttl(key)
            _, text, left_milliseconds = await steps.execute()
        record = _read(text)
        age_seconds = KEPT_SECONDS - left_milliseconds / 1000
        if isinstance(record.get("result"), dict):
            return Claim(ClaimState.SETTLED, record["result"], age_seconds)
        holder = str(record.get("claimant", ""))
        state = ClaimState.OURS if holder == claimant else ClaimState.PENDING
        return Claim(state, None, age_seconds, holder)

    @override
    async def settle(self, token: str, result: Record) -> None:
        async with self._reaching(is_booking=True):
            await self._redis.set(
                self._key("booking", token),
                _written(result=result),
                px=_milliseconds(KEPT_SECONDS),
            )

    @override
    async def release(self, token: str, claimant: str) -> None:
        async with self._reaching(is_booking=True):
            await self._delete_if(
                keys=[self._key("booking", token)], args=[_written(claimant=claimant)]
            )

    @override
    async def result(self, token: str) -> Record | None:
        async with self._reaching(is_booking=True):
            record = _read(await self._redis.get(self._key("booking", token)))
        result = record.get("result")
        return result if isinstance(result, dict) else None

    @override
    async def note(self, name: str, entry: str, record: Record) -> None:
        key = self._key("notes", name)
        async with self._reaching(is_booking=True), self._redis.pipeline() as steps:
            steps.hset(key, entry, _written(note=record))
            steps.pexpire(key, _milliseconds(NOTED_SECONDS))
            await steps.execute()

    @override
    async def notes(self, name: str) -> Mapping[str, Record]:
        async with self._reaching(is_booking=True):
            found = await self._redis.hgetall(self._key("notes", name))
        read = {entry: _read(text).get("note") for entry, text in found.items()}
        return {str(entry): note for entry, note in read.items() if isinstance(note, dict)}

    @override
    async def strike(self, name: str, entry: str) -> None:
        async with self._reaching(is_booking=True):
            await self._redis.hdel(self._key("notes", name), entry)

    @override
    async def find(self, service: str, question: str) -> Found:
        keys = [self._key("mark", service), self._key("answer", service, question)]
        async with self._reaching():
            found, text = await self._redis.mget(keys)
        mark, record = str(found or ""), _read(text)
        answer = record.get("answer")
        is_good = record.get("mark") == mark and isinstance(answer, dict)
        return Found(mark, answer if is_good else None)

    @override
    async def lease(self, service: str, question: str, mark: str, seconds: float) -> bool:
        key = self._key("lease", service, question, mark)
        async with self._reaching():
            return bool(await self._redis.set(key, "", nx=True, px=_milliseconds(seconds)))

    @override
    async def keep(
        self, service: str, question: str, mark: str, answer: Record, seconds: float
    ) -> None:
        async with self._reaching(), self._redis.pipeline() as steps:
            steps.set(
                self._key("answer", service, question),
                _written(mark=mark, answer=answer),
                px=_milliseconds(seconds),
            )
            steps.delete(self._key("lease", service, question, mark))
            await steps.execute()

    @override
    async def give_back(self, service: str, question: str, mark: str) -> None:
        async with self._reaching():
            await self._redis.delete(self._key("lease", service, question, mark))

    @override
    async def forget(self, service: str) -> None:
        # A new mark rather than a count: one that is lost can never come back as an old one.
        async with self._reaching():
            await self._redis.set(
                self._key("mark", service), secrets.token_hex(8), px=_milliseconds(_MARK_SECONDS)
            )

    @override
    async def admit(self, requests_per_second: int) -> bool:
        async with self._reaching():
            return await self._limiter.hit(RateLimitItemPerSecond(requests_per_second))

    @override
    async def aclose(self) -> None:
        await self._redis.aclose()
        await self._pool.aclose()

    def _key(self, kind: str, *parts: str) -> str:
        # Names may hold anything and be of any length; a hash is neither.
        hashed = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
        return f"{self._prefix}:{kind}:{hashed}"

    @asynccontextmanager
    async def _reaching(self, *, is_booking: bool = False) -> AsyncIterator[None]:
        """Bound the time, and remember for a while that the server cannot be reached.

        A booking is tried all the same: it is worth a moment, and would not be sent otherwise.
        """
        if not is_booking and self._down_until is not None and self._clock() < self._down_until:
            raise StoreUnavailableError
        patience = self._timeout_seconds * (_BOOKING_PATIENCE if is_booking else 1)
        try:
            async with asyncio.timeout(patience):
                yield
        except (RedisError, OSError, TimeoutError) as error:
            if self._down_until is None:
                logger.warning("The store cannot be reached: %s", type(error).__name__)
            self._down_until = self._clock() + self._pause_seconds
            # What redis-py says may name the address.
            is_refusal = isinstance(error, AuthenticationError | NoPermissionError)
            raise StoreUnavailableError(is_refusal=is_refusal) from None
        if self._down_until is not None:
            logger.info("The store can be reached again.")
            self._down_until = None


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _written(**record: Any) -> str:
    return json.dumps({"v": _VERSION, **record}, separators=(",", ":"))


def _read(text: object) -> Record:
    try:
        record = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        record = None
    return record if isinstance(record, dict) and record.get("v") == _VERSION else {}
