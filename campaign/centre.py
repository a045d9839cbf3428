"""The contact centre of a campaign: the sandbox, which does to each request what its plan says.

```
python -m campaign.centre ROUND.json LEDGER.jsonl STATE.db PORT
```

serves it as a process of its own, which kills itself where the plan says so.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from typing_extensions import override

from campaign.plans import (
    FAULTS,
    FULL,
    KILLED_AFTER,
    KILLED_BEFORE,
    SERVER_KILLED_AFTER,
    SERVER_KILLED_BEFORE,
    Asked,
    Knowledge,
    Round,
    knowledge_after,
)
from ges_connector.sandbox.faults import Fault, FaultPlan
from ges_connector.sandbox.records import Booking, RefusedError
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import SandboxSeed
from ges_connector.sandbox.server import SandboxServer
from ges_connector.sandbox.store import Store
from ges_connector.sandbox.surface.routes import Match, Operation, find_route
from ges_connector.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from ges_connector.sandbox.wire import WireAnswer, WireRequest

KEY: Final = "campaign-key"
SERVICE: Final = "Campaign"
_OK: Final = 200
_ASKED: Final = {
    Operation.CREATE: Asked.CREATE,
    Operation.CANCEL: Asked.CANCEL,
    Operation.RETRIEVE: Asked.RETRIEVE,
}
_KILLS: Final = frozenset({KILLED_BEFORE, KILLED_AFTER, SERVER_KILLED_BEFORE, SERVER_KILLED_AFTER})
_READ_FAULTS: Final = (
    "reset-before",
    "error-500",
    "html-502",
    "cut-off",
    "malformed",
    "empty",
    "throttled",
    "late",
)
_YEARS_SECONDS: Final = 10 * 365 * 86_400


def seed_of(played: Round) -> SandboxSeed:
    """The contact centre: open day and night, three places each half hour, nothing forgotten."""
    return SandboxSeed.model_validate(
        {
            "seed": played.seed % 1_000_000_007,
            "clock": {"mode": "real", "at": played.season.value},
            # The clock may jump over the time of a request that is on its way; taken as meant for
            # now (Q23), it would be held for some seconds after what was agreed.
            "profile": {"past_tolerance_seconds": 0},
            "tenants": [
                {
                    "name": "campaign",
                    "keys": [{"key": KEY}],
                    "services": [
                        {
                            "name": SERVICE,
                            "default_country": "DE",
                            "bucket_minutes": 30,
                            "bucket_places": 3,
                            "per_number_daily_limit": 1_000_000,
                            "in_queue_check": "off",
                            "windows": [],
                            "max_queued": 1_000_000,
                            "ttl_seconds": _YEARS_SECONDS,
                            "purge_seconds": _YEARS_SECONDS,
                            "logged_in_check": False,
                            "traffic": {"calls_per_hour": 0, "agents": 0},
                        }
                    ],
                }
            ],
        }
    )


@dataclass
class _Request:
    """A request on its way through: whose it is, and what befalls it."""

    id: str
    conversation: str | None
    operation: Asked | None
    order: str | None
    desired_at: datetime | None = None

    @property
    def is_write(self) -> bool:
        return self.operation in {Asked.CREATE, Asked.CANCEL}

    @property
    def fault(self) -> Fault | None:
        return FAULTS.get(self.order or "")

    def knowledge(self, status: int) -> Knowledge:
        """What its sender can know after an answer of this status has left."""
        is_killed = self.order in _KILLS
        return Knowledge.UNKNOWN if is_killed else knowledge_after(self.fault, status)


_current: ContextVar[_Request | None] = ContextVar("campaign_request", default=None)


class _Plan(FaultPlan):
    """Gives each request the fault of its own order."""

    @override
    def take(self, operation: Operation) -> Fault | None:
        request = _current.get()
        return None if request is None else request.fault


class Centre(Sandbox):
    """The sandbox with a plan.

    Args:
        played: The round.
        note: Takes the events of the ledger.
        store: Where its state is kept over a restart.

    Attributes:
        kill_assistant: What is done where the plan has the action server killed.
    """

    def __init__(
        self, played: Round, note: Callable[[dict[str, Any]], None], store: Store | None = None
    ) -> None:
        super().__init__(World(seed_of(played), store=store))
        self.world.faults = _Plan()
        self._orders = {
            (conversation_of(played.seed, visit.number), order.operation, order.nth): order.fault
            for visit in played.visits
            for order in visit.orders
        }
        self._asked: dict[tuple[str, Asked], int] = {}
        self._note = note
        self._read_faults = played.read_faults
        self._reads = Random(played.seed)  # noqa: S311 - repeatable, not secret
        self._count = 0
        self.kill_assistant: Callable[[], None] = lambda: None

    def recall(self, asked: dict[tuple[str, Asked], int]) -> None:
        """Go on counting requests where an earlier process of this round stopped."""
        self._asked = asked

    @override
    async def respond(self, request: WireRequest) -> WireAnswer:
        match = find_route(request.path, self.profile)
        if match is None or request.path.startswith("/sandbox"):
            return await super().respond(request)
        mine = self._arriving(match.route.operation, request)
        self._arrive(mine, request)
        token = _current.set(mine)
        try:
            answer = await super().respond(request)
        finally:
            _current.reset(token)
        if mine.is_write:
            self._note(
                {
                    "event": "answered",
                    "id": mine.id,
                    "status": answer.status,
                    "knowledge": mine.knowledge(answer.status),
                }
            )
        return answer

    @override
    def _serve(self, request: WireRequest, match: Match) -> WireAnswer:
        mine = _current.get()
        if mine is not None and mine.order == FULL and mine.desired_at is not None:
            self._fill(mine.desired_at)
        answer = super()._serve(request, match)
        if mine is None or not mine.is_write:
            return answer
        if answer.status == _OK:
            callback_id = json.loads(answer.body)["data"]["id"]
            self._note({"event": "done", "id": mine.id, "callback_id": callback_id})
        if mine.order == KILLED_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)
        if mine.order == SERVER_KILLED_AFTER:
            self.kill_assistant()
        return answer

    def _arriving(self, operation: Operation, request: WireRequest) -> _Request:
        self._count += 1
        marked = f"{os.getpid()}-{self._count}"
        asked = _ASKED.get(operation)
        if asked is None:
            is_hit = self._reads.random() < self._read_faults
            return _Request(
                marked, None, None, self._reads.choice(_READ_FAULTS) if is_hit else None
            )
        body = json.loads(request.body)
        conversation = self._conversation(asked, body)
        nth = self._asked.get((conversation, asked), 0)
        self._asked[conversation, asked] = nth + 1
        order = self._orders.get((conversation, asked, nth))
        at = body.get("desiredTime")
        desired_at = None if at is None else datetime.fromisoformat(at)
        return _Request(marked, conversation, asked, order, desired_at)

    def _conversation(self, asked: Asked, body: dict[str, Any]) -> str:
        if asked is Asked.CREATE:
            return str(body.get("cbOriginationIxnId"))
        callback = self.centre().floor.get(UUID(body["id"]))
        return "" if callback is None else str(callback.reporting.get("cbOriginationIxnId"))

    def _arrive(self, mine: _Request, request: WireRequest) -> None:
        if not mine.is_write:
            return
        body = json.loads(request.body)
        self._note(
            {
                "event": "arrived",
                "id": mine.id,
                "conversation": mine.conversation,
                "operation": mine.operation,
                "fault": mine.order,
                "phone": body.get("phoneNumber"),
                "desired_at": None if mine.desired_at is None else mine.desired_at.isoformat(),
            }
        )
        if mine.order == KILLED_BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        if mine.order == SERVER_KILLED_BEFORE:
            self.kill_assistant()

    def _fill(self, at: datetime) -> None:
        """Let others take what is left of a slot."""
        try:
            while True:
                self._count += 1
                self.centre().create(
                    Booking(SERVICE, f"+4989{2_000_000 + self._count}", at, True)  # noqa: FBT003 - always check capacity
                )
        except RefusedError:
            return

    def held(self) -> list[Held]:
        """What it holds for the customers of the campaign."""
        return [
            Held(
                str(each.id),
                str(each.reporting["cbOriginationIxnId"]),
                each.phone_number,
                each.desired_at if each.is_scheduled else None,
                each.reason,
            )
            for each in self.centre().floor.callbacks()
            if "cbOriginationIxnId" in each.reporting
        ]


@dataclass(frozen=True, slots=True)
class Held:
    """A callback at the contact centre.

    Attributes:
        id: Its id.
        conversation: Where it was agreed.
        phone: The number, E.164.
        desired_at: Its time; None for one in turn.
        reason: Why it is over; None while it is not.
    """

    id: str
    conversation: str
    phone: str
    desired_at: datetime | None
    reason: str | None

    @property
    def is_off(self) -> bool:
        """Whether it was cancelled; one that was rung at its time was not."""
        return self.reason is not None and self.reason.startswith("CANCELLED")


def held_in(state: dict[str, Any]) -> list[Held]:
    """Read the same from what the admin API shows."""
    return [
        Held(
            each["id"],
            each["reporting"]["cbOriginationIxnId"],
            each["phone_number"],
            datetime.fromisoformat(each["desired_at"]) if each["is_scheduled"] else None,
            each["reason"],
        )
        for each in state["callbacks"]
        if "cbOriginationIxnId" in each["reporting"]
    ]


def conversation_of(seed: int, number: int) -> str:
    """The id of a conversation."""
    return f"visit-{seed}-{number}"


def next_monday(at: datetime) -> timedelta:
    """How far it is to the same time of the Monday after."""
    return timedelta(days=7 - at.astimezone(UTC).weekday())


async def _serve_alone(played: Round, ledger: Path, state: Path, port: int) -> None:
    written = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(event: dict[str, Any]) -> None:
        os.write(written, json.dumps(event).encode() + b"\n")

    centre = Centre(played, note, Store(state))
    centre.recall(_counted(ledger))
    async with SandboxServer(centre, port=port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def _counted(ledger: Path) -> dict[tuple[str, Asked], int]:
    counted: dict[tuple[str, Asked], int] = {}
    for line in ledger.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "arrived":
            key = (event["conversation"], Asked(event["operation"]))
            counted[key] = counted.get(key, 0) + 1
    return counted


if __name__ == "__main__":
    _round, _ledger, _state, _port = sys.argv[1:]
    asyncio.run(
        _serve_alone(
            Round.model_validate_json(Path(_round).read_text(encoding="utf-8")),
            Path(_ledger),
            Path(_state),
            int(_port),
        )
    )
