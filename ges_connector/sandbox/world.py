"""Everything a sandbox consists of: its contact centres, its clock, and what may go wrong.

The surface and the admin API are two ways into it. It is mutable by design and belongs to one
thread; nothing in it waits, so that whatever one request does is done before the next one starts.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

from ges_connector.sandbox.centre import ContactCentre, Listeners
from ges_connector.sandbox.clock import VirtualClock
from ges_connector.sandbox.faults import Fault, FaultPlan
from ges_connector.sandbox.first_day import pinned
from ges_connector.sandbox.journal import Journal
from ges_connector.sandbox.seed import SandboxSeed, Tenant
from ges_connector.sandbox.seeded import stream
from ges_connector.sandbox.store import ClockRecord, KeptState, Store
from ges_connector.sandbox.surface.access import KeyRing

MOST_CALLS_AT_ONCE = 2_000_000
"""Customers who may ring during one move of the clock; they take about a minute to live through."""

_CALLS_A_SLICE = 200
_HOUR = timedelta(hours=1)


def system_now() -> datetime:
    """The real time, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TenantRooms:
    """One tenant: how it was set up, and its engine."""

    tenant: Tenant
    centre: ContactCentre


class World:
    """A running sandbox without its doors.

    Args:
        seed: What it starts with.
        store: Where state is kept over a restart; None keeps nothing.
        system: Reads the real time.

    Attributes:
        clock: The one clock; set it through `set_clock` so that it is kept.
        profile: How open questions are read; may be replaced at any time.
        faults: What is ordered to go wrong.
        journal: What was called.
        loopback_only: Whether it is served to this machine alone; then the admin API answers to
            loopback names only.
        close_port: How the HTTP server refuses connections for some seconds; None in-process,
            where single calls are refused.
    """

    def __init__(
        self,
        seed: SandboxSeed,
        *,
        store: Store | None = None,
        system: Callable[[], datetime] = system_now,
    ) -> None:
        self.system = system
        self.journal = Journal()
        self.faults = FaultPlan()
        self.loopback_only = False
        self.close_port: Callable[[float], asyncio.Task[None]] | None = None
        self._store = store
        self._furnish(seed, store.resume(seed) if store else _NOTHING_KEPT)

    def _furnish(self, seed: SandboxSeed, kept: KeptState) -> None:
        clock = _resumed_clock(seed, kept.clock, self.system)
        started_at = kept.started_at or clock.now()
        number = _run_number(seed.seed, kept.run)
        rooms = {
            tenant.name: TenantRooms(
                tenant,
                ContactCentre(
                    pinned(tenant, started_at),
                    clock=clock,
                    seed=number,
                    profile=lambda: self.profile,
                ),
            )
            for tenant in seed.tenants
        }
        self.seed = seed
        self.profile = seed.profile
        self.clock = clock
        self.keys = KeyRing(seed.tenants)
        self.corr_ids = stream(number, "correlation ids")
        self._rooms: Mapping[str, TenantRooms] = rooms
        for name, room in rooms.items():
            room.centre.restore(kept.callbacks.get(name, ()), kept.call_ins.get(name, ()))
            self._listen(name, room.centre)
        self._keep_clock(started_at)

    def _listen(self, tenant: str, centre: ContactCentre) -> None:
        if self._store is None:
            return
        centre.listen(
            Listeners(
                callback_changed=partial(self._store.keep_callback, tenant),
                callback_purged=partial(self._store.forget_callback, tenant),
                call_in_changed=partial(self._store.keep_call_in, tenant),
                call_in_forgotten=partial(self._store.forget_call_in, tenant),
            )
        )

    def rooms(self, tenant: str | None = None) -> TenantRooms:
        """One tenant by name; the first one without a name.

        Raises:
            KeyError: There is none of this name.
        """
        return self._rooms[self.seed.tenants[0].name if tenant is None else tenant]

    def replace_seed(self, seed: SandboxSeed) -> None:
        """Tears everything down and starts over with another contact centre.

        Raises:
            StoreError: The state file cannot be written.
        """
        self._furnish(seed, self._store.restart(seed) if self._store else _NOTHING_KEPT)
        self.faults.clear()
        self.journal.clear()
        self.commit()

    def set_clock(self, move: Callable[[VirtualClock], None]) -> None:
        """Moves the clock, lets everything happen that is due by then, and keeps both.

        Raises:
            ValueError: The clock cannot be moved so.
        """
        move(self.clock)
        self._keep_clock()
        self.settle()

    async def travel(self, seconds: float) -> None:
        """Moves the clock ahead in slices, between which other requests are answered.

        What happens is the same as with one move. Each slice is done and kept as a whole; whoever
        looks meanwhile sees the clock on its way, and a caller who gives up leaves it there.

        Raises:
            ValueError: The clock cannot be moved so, more calls than `MOST_CALLS_AT_ONCE` are to
                be expected on the way, or the contact centre was replaced meanwhile.
        """
        clock = self.clock
        clock.ahead(seconds)
        self._check_calls_on_the_way(seconds)
        left = timedelta(seconds=seconds)
        while True:
            step = min(left, self._slice())
            self.set_clock(partial(_advance, seconds=step.total_seconds()))
            left -= step
            if not left:
                return
            await asyncio.sleep(0)
            if self.clock is not clock:
                raise ValueError("the contact centre was replaced on the way")

    @property
    def _calls_per_hour(self) -> float:
        return sum(room.centre.floor.calls_per_hour for room in self._rooms.values())

    def _slice(self) -> timedelta:
        """As much time as takes a few milliseconds to live through."""
        return _HOUR * min(1.0, _CALLS_A_SLICE / max(self._calls_per_hour, 1.0))

    def _check_calls_on_the_way(self, seconds: float) -> None:
        calls = self._calls_per_hour * seconds / _HOUR.total_seconds()
        if calls > MOST_CALLS_AT_ONCE:
            most_seconds = int(seconds * MOST_CALLS_AT_ONCE / calls)
            raise ValueError(
                f"up to {calls:.0f} customers would ring on the way; lower calls_per_hour, or go "
                f"{most_seconds} seconds at most at once"
            )

    def _keep_clock(self, started_at: datetime | None = None) -> None:
        if self._store is None:
            return
        self._store.keep_clock(ClockRecord(self.clock.mode, self.clock.now(), self.system()))
        if started_at is not None:
            self._store.keep_start(started_at)

    def settle(self) -> None:
        """Lets everything happen that is due by now, in every contact centre, and keeps it."""
        now = self.clock.now()
        for room in self._rooms.values():
            room.centre.settle(now)
        self.commit()

    def commit(self) -> None:
        """Keeps what has changed; call it before an answer leaves.

        Raises:
            StoreError: The state file cannot be written.
        """
        if self._store is not None:
            self._store.commit()

    def order(self, fault: Fault) -> int | None:
        """Orders a fault; None instead of its id when it began at once and cannot be taken back."""
        if fault.kind == "refuse" and self.close_port is not None:
            self.close_port(fault.seconds)
            return None
        return self.faults.add(fault).id

    def close(self) -> None:
        """Lets go of the state file."""
        if self._store is not None:
            self._store.close()


def _advance(clock: VirtualClock, seconds: float) -> None:
    clock.advance(seconds)


_NOTHING_KEPT = KeptState(0, None, None, {}, {})


def _resumed_clock(
    seed: SandboxSeed, kept: ClockRecord | None, system: Callable[[], datetime]
) -> VirtualClock:
    if kept is None:
        return VirtualClock(seed.clock.mode, seed.clock.at, system=system)
    return VirtualClock(kept.mode, kept.resumed_at(system()), system=system)


def _run_number(seed: int, run: int) -> int:
    """The seed number of a run; a later run over kept state must not draw the same ids again."""
    if run == 0:
        return seed
    return int.from_bytes(sha256(f"{seed}/{run}".encode()).digest()[:8])
