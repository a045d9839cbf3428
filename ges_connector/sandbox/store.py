"""Keeps callbacks, call-ins and the clock in a file, so that they outlive the process.

Everything a request changed is committed before its answer leaves; a process killed at any moment
loses nothing it has acknowledged. The file is SQLite with a write-ahead log, which a kill cannot
tear; power loss may take the last moments with it.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from ges_connector.sandbox.records import Callback, CallInGrant
from ges_connector.sandbox.seed import SandboxSeed

_APPLICATION_ID = 0x47455343
_LAYOUT = 1
_CALLBACK = TypeAdapter(Callback)
_CALL_IN = TypeAdapter(CallInGrant)

Kind = Literal["callback", "call-in"]


NOT_KEPT = "the state file cannot be written; the sandbox's own log says why"
"""What a caller is told of a `StoreError`."""


class StoreError(Exception):
    """The state file cannot be used or written; the text is one line that says why.

    It names the file, so it is for whoever runs the sandbox; callers are told `NOT_KEPT`.
    """


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """How the virtual clock stood at a moment of real time."""

    mode: Literal["real", "frozen"]
    shown_at: datetime
    system_at: datetime

    def resumed_at(self, system_now: datetime) -> datetime:
        """What the clock shows after a pause: a running one ran on meanwhile."""
        if self.mode == "frozen":
            return self.shown_at
        return self.shown_at + max(system_now - self.system_at, timedelta())


_CLOCK = TypeAdapter(ClockRecord)
_INSTANT = TypeAdapter(datetime)


@dataclass(frozen=True, slots=True)
class KeptState:
    """What a state file held.

    Attributes:
        run: How many times the file was opened before; 0 for a new one. Random ids are drawn
            anew for every run, so that no id of an earlier one comes up again.
        started_at: When the contact centre started for the first time; None for a new file.
        clock: How the clock stood; None for a new file.
        callbacks: Callbacks by tenant.
        call_ins: Call-ins by tenant.
    """

    run: int
    started_at: datetime | None
    clock: ClockRecord | None
    callbacks: Mapping[str, tuple[Callback, ...]]
    call_ins: Mapping[str, tuple[CallInGrant, ...]]


class Store:
    """A state file, open for one process only.

    Args:
        path: The file; it is made when it is not there.

    Raises:
        StoreError: It cannot be opened, is in use, or is no state file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pending: dict[tuple[str, Kind, UUID], Callback | CallInGrant | None] = {}
        self._pending_facts: dict[str, str] = {}
        self._connection = self._guarded(lambda: _open(path))
        try:
            self._guarded(self._prepare)
        except StoreError:
            self._connection.close()
            raise

    def _guarded(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"the state file {self._path} {_trouble(error)}") from error
        except OSError as error:
            raise StoreError(
                f"the state file {self._path} cannot be used: {error.strerror}"
            ) from error
        except ValidationError as error:
            raise StoreError(
                f"the state file {self._path} holds records that this version cannot read"
            ) from error

    def _prepare(self) -> None:
        found_id = self._pragma("application_id")
        if found_id == 0 and not self._connection.execute("SELECT 1 FROM sqlite_master").fetchall():
            self._connection.executescript(_LAYOUT_SQL)
        elif found_id != _APPLICATION_ID:
            raise StoreError(f"the file {self._path} is a database of something else")
        if self._pragma("user_version") != _LAYOUT:
            raise StoreError(f"the state file {self._path} was written by another version")

    def _pragma(self, name: str) -> Any:
        return self._connection.execute(f"PRAGMA {name}").fetchone()[0]

    @property
    def has_clock(self) -> bool:
        """Whether the file already holds how a clock stood, which a start goes on from.

        Raises:
            StoreError: The file cannot be read.
        """
        sql = "SELECT 1 FROM fact WHERE name = 'clock'"
        return self._guarded(lambda: self._connection.execute(sql).fetchone()) is not None

    def resume(self, seed: SandboxSeed) -> KeptState:
        """Reads what was kept, and counts the run.

        Raises:
            StoreError: The file was kept for another contact centre.
        """
        return self._guarded(lambda: self._resume(seed))  # type: ignore[no-any-return] # gives what it is given

    def _resume(self, seed: SandboxSeed) -> KeptState:
        facts = dict(self._connection.execute("SELECT name, value FROM fact"))
        identity = facts.setdefault("identity", _identity(seed))
        if identity != _identity(seed):
            raise StoreError(
                f"the state file {self._path} was kept for another contact centre (seed number, "
                "tenants, services and call-in groups have to be the same); name another file"
            )
        run = int(facts.get("run", 0))
        self._keep_fact("identity", identity)
        self._keep_fact("run", str(run + 1))
        self.commit()
        return KeptState(
            run=run,
            started_at=_INSTANT.validate_json(text) if (text := facts.get("started")) else None,
            clock=_CLOCK.validate_json(text) if (text := facts.get("clock")) else None,
            callbacks=self._records("callback", _CALLBACK),
            call_ins=self._records("call-in", _CALL_IN),
        )

    def _records(self, kind: Kind, adapter: TypeAdapter[Any]) -> Mapping[str, tuple[Any, ...]]:
        found: dict[str, list[Any]] = {}
        rows = self._connection.execute(
            "SELECT tenant, body FROM record WHERE kind = ? ORDER BY rowid", (kind,)
        )
        for tenant, body in rows:
            found.setdefault(tenant, []).append(adapter.validate_json(body))
        return {tenant: tuple(records) for tenant, records in found.items()}

    def restart(self, seed: SandboxSeed) -> KeptState:
        """Forgets everything and starts over for another contact centre.

        Raises:
            StoreError: The file cannot be written.
        """
        self._pending.clear()
        self._pending_facts.clear()
        self._guarded(
            lambda: self._connection.executescript("DELETE FROM record; DELETE FROM fact;")
        )
        return self.resume(seed)

    def keep_callback(self, tenant: str, callback: Callback) -> None:
        """Keeps a callback as it now is, from the next commit on."""
        self._pending[tenant, "callback", callback.id] = callback

    def forget_callback(self, tenant: str, callback_id: UUID) -> None:
        """Drops a callback, from the next commit on."""
        self._pending[tenant, "callback", callback_id] = None

    def keep_call_in(self, tenant: str, grant: CallInGrant) -> None:
        """Keeps a call-in as it now is, from the next commit on."""
        self._pending[tenant, "call-in", grant.id] = grant

    def forget_call_in(self, tenant: str, grant_id: UUID) -> None:
        """Drops a call-in, from the next commit on."""
        self._pending[tenant, "call-in", grant_id] = None

    def keep_clock(self, clock: ClockRecord) -> None:
        """Keeps how the clock stands, from the next commit on."""
        self._keep_fact("clock", _CLOCK.dump_json(clock).decode())

    def keep_start(self, started_at: datetime) -> None:
        """Keeps when the contact centre started, from the next commit on."""
        self._keep_fact("started", _INSTANT.dump_json(started_at).decode())

    def _keep_fact(self, name: str, value: str) -> None:
        self._pending_facts[name] = value

    def commit(self) -> None:
        """Writes everything kept since the last commit; returns once it would survive a kill.

        Raises:
            StoreError: The file cannot be written; nothing is lost from memory, and the next
                commit tries again.
        """
        if not self._pending and not self._pending_facts:
            return
        self._guarded(self._write)
        self._pending.clear()
        self._pending_facts.clear()

    def _write(self) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
                self._pending_facts.items(),
            )
            for (tenant, kind, record_id), record in self._pending.items():
                self._write_record(tenant, kind, record_id, record)

    def _write_record(
        self, tenant: str, kind: Kind, record_id: UUID, record: Callback | CallInGrant | None
    ) -> None:
        where = (tenant, kind, str(record_id))
        if record is None:
            self._connection.execute(
                "DELETE FROM record WHERE tenant = ? AND kind = ? AND id = ?", where
            )
            return
        body = (_CALLBACK if kind == "callback" else _CALL_IN).dump_json(record)  # type: ignore[arg-type]  # the kind says which
        self._connection.execute(
            "INSERT INTO record (tenant, kind, id, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (tenant, kind, id) DO UPDATE SET body = excluded.body",
            (*where, body.decode()),
        )

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


_LAYOUT_SQL = f"""
BEGIN;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE record (
    tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (tenant, kind, id)
);
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_LAYOUT};
COMMIT;
"""


def _make_private(path: Path) -> None:
    """Makes the file readable by its owner only; SQLite gives its log the rights of the file.

    It holds phone numbers in clear. The rights of a file that is there are its owner's business.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _open(path: Path) -> sqlite3.Connection:
    _make_private(path)
    # The server may run in another thread than the one that made it; never in two at once.
    connection = sqlite3.connect(path, timeout=0.2, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # Reading the catalogue shows whether it is a database; the write lock, whether it is free.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _trouble(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "locked" in text:
        return "is in use by another process"
    if "not a database" in text:
        return "is no state file of a sandbox"
    return f"cannot be used: {text}"


def _identity(seed: SandboxSeed) -> str:
    """What kept records refer to: the seed number and the names of what there is.

    Other settings may change between two runs; a callback of a service that is gone may not.
    """
    named = [
        seed.seed,
        [
            [
                tenant.name,
                sorted(service.name for service in tenant.services),
                sorted(group.name for group in tenant.call_in_groups),
            ]
            for tenant in seed.tenants
        ],
    ]
    return sha256(json.dumps(named).encode()).hexdigest()
