"""The sandbox as a whole, without a web framework: a request in, an answer out.

The same object answers in-process, as the transport of a client under test, and behind the HTTP
server. GES itself lives under `/engagement/v3`; what only a sandbox has, under `/sandbox`.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ges_connector.sandbox.admin.door import answer_admin, is_admin_path
from ges_connector.sandbox.centre import ContactCentre
from ges_connector.sandbox.clock import VirtualClock
from ges_connector.sandbox.faults import Fault, befall
from ges_connector.sandbox.journal import JournalEntry
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import Code
from ges_connector.sandbox.seed import SandboxSeed
from ges_connector.sandbox.seeded import draw_uuid
from ges_connector.sandbox.store import NOT_KEPT, Store, StoreError
from ges_connector.sandbox.surface.cors import preflight, shared
from ges_connector.sandbox.surface.gate import Gate, no_such_path
from ges_connector.sandbox.surface.ignored import ignored_names
from ges_connector.sandbox.surface.rate_limit import TokenBucket, too_many_calls
from ges_connector.sandbox.surface.requests import Counter
from ges_connector.sandbox.surface.routes import Match, find_route
from ges_connector.sandbox.wire import WireAnswer, WireRequest, envelope
from ges_connector.sandbox.world import World

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Call:
    """What the journal will say about a request; filled in as it becomes known."""

    match: Match | None
    fault: Fault | None = None
    answer: WireAnswer | None = None


class Sandbox:
    """A contact centre to talk to.

    Belongs to one event loop; nothing in it awaits between checking a request and booking it, so
    any number of parallel creates for the last places of a slot books exactly those places.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._bucket = TokenBucket()

    @classmethod
    def from_seed(cls, seed: SandboxSeed, *, store: Store | None = None) -> Self:
        """Opens a sandbox.

        Args:
            seed: The contact centre and its first settings.
            store: Where its state is kept over a restart; None keeps nothing.

        Raises:
            StoreError: The store was kept for another contact centre.
        """
        return cls(World(seed, store=store))

    @property
    def clock(self) -> VirtualClock:
        """The sandbox's clock; `advance` moves it and lets happen what is due."""
        return self.world.clock

    @property
    def profile(self) -> Profile:
        """How open questions are read."""
        return self.world.profile

    @profile.setter
    def profile(self, profile: Profile) -> None:
        self.world.profile = profile

    def centre(self, tenant: str | None = None) -> ContactCentre:
        """The engine of a tenant, by default of the first one.

        Raises:
            KeyError: There is no tenant of this name.
        """
        return self.world.rooms(tenant).centre

    def advance(self, seconds: float) -> None:
        """Moves the clock ahead and lets everything happen that is due by then.

        Raises:
            ValueError: `seconds` is negative or no number.
        """
        self.world.set_clock(lambda clock: clock.advance(seconds))

    def order(self, fault: Fault) -> None:
        """Lets a fault befall the next calls."""
        self.world.order(fault)

    async def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> WireAnswer:
        """Answers a request in-process.

        Args:
            method: HTTP method in capitals.
            path: Path as sent, still percent-encoded.
            query: Query as sent, still percent-encoded.
            headers: Header values by lower-case name.
            body: The whole body.

        Raises:
            ConnectionRefusedError: A fault on order: the request never arrived.
            ConnectionResetError: A fault on order: the connection broke.
        """
        answer = await self.respond(WireRequest(method, path, query, headers, body))
        if answer.drip_seconds:
            await asyncio.sleep(answer.drip_seconds)
        return answer

    async def respond(self, request: WireRequest) -> WireAnswer:
        """Answers a request; whoever carries the answer sees to its dripping and its truncation.

        Raises:
            ConnectionRefusedError: A fault on order: the request never arrived.
            ConnectionResetError: A fault on order: the connection broke.
        """
        if is_admin_path(request.path):
            return await answer_admin(self.world, request)
        begun = time.monotonic()
        call = _Call(find_route(request.path, self.world.profile))
        try:
            call.answer = await self._engagement(request, call)
            return call.answer
        finally:
            self._write_down(request, call, time.monotonic() - begun)

    async def _engagement(self, request: WireRequest, call: _Call) -> WireAnswer:
        match = call.match
        if match is None:
            return no_such_path()
        if request.method == "OPTIONS":
            return preflight(match.route, request.headers, self.world.keys)
        if (limited := self._rate_limited()) is not None:
            return shared(limited, request.headers, self.world.keys)
        call.fault = self.world.faults.take(match.route.operation)
        if call.fault is None:
            return self._serve(request, match)
        answer = await befall(
            call.fault, lambda: self._serve(request, match), str(draw_uuid(self.world.corr_ids))
        )
        return shared(answer, request.headers, self.world.keys)

    def _rate_limited(self) -> WireAnswer | None:
        limit = self.world.profile.rate_limit
        if limit is None:
            return None
        now = self.world.system()
        wait_seconds = self._bucket.wait_seconds(limit, now)
        return too_many_calls(limit, wait_seconds, now) if wait_seconds else None

    def _serve(self, request: WireRequest, match: Match) -> WireAnswer:
        world = self.world
        gate = Gate(world.keys, self._counter, world.corr_ids)
        answer = gate.answer(request, match, world.profile)
        try:
            world.commit()
        except StoreError as error:
            # Not kept means not acknowledged, whatever the contact centre has booked.
            logger.warning("%s", error)
            answer = envelope(
                answer.corr_id or str(draw_uuid(world.corr_ids)),
                http_status=500,
                code=Code.INTERNAL,
                message=NOT_KEPT,
            )
        return shared(answer, request.headers, world.keys)

    def failure(
        self, headers: Mapping[str, str], *, status: int, code: int, message: str
    ) -> WireAnswer:
        """An envelope for a request the sandbox could not serve, readable by the page that asked.

        Args:
            headers: Header values by lower-case name, as far as they could be read.
            status: HTTP status.
            code: GES code.
            message: Why, without repeating what was sent.
        """
        corr_id = str(draw_uuid(self.world.corr_ids))
        answer = envelope(corr_id, http_status=status, code=code, message=message)
        return shared(answer, headers, self.world.keys)

    def _counter(self, tenant: str) -> Counter:
        rooms = self.world.rooms(tenant)
        return Counter(rooms.tenant, rooms.centre, self.world.profile)

    def _write_down(self, request: WireRequest, call: _Call, duration_seconds: float) -> None:
        answer = call.answer
        self.world.journal.add(
            JournalEntry(
                at=self.world.clock.now(),
                tenant=self.world.keys.tenant_of(request.headers),
                method=request.method,
                operation=None if call.match is None else call.match.route.operation,
                status=None if answer is None else answer.status,
                ges_code=None if answer is None else answer.ges_code,
                corr_id=None if answer is None else answer.corr_id,
                duration_seconds=round(duration_seconds, 6),
                fault=None if call.fault is None else call.fault.kind,
                ignored=()
                if call.match is None
                else ignored_names(request, call.match, self.world.profile),
            )
        )

    def tick(self) -> None:
        """Lets everything happen that is due by now; a server calls it about every second.

        Raises:
            StoreError: The state file cannot be written.
        """
        self.world.settle()

    def close(self) -> None:
        """Lets go of the state file."""
        self.world.close()
