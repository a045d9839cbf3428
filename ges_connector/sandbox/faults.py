"""Faults on order: what a network, a gateway or GES itself may do to a call.

A fault is set up through `POST /sandbox/faults` for an operation and a number of calls. What
matters most to a caller is whether the call took effect before its answer was lost; every kind
says so, and where both can happen `effect` chooses.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ges_connector.sandbox.records import Code
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.sandbox.wire import WireAnswer, envelope

FaultKind = Literal[
    "latency",
    "refuse",
    "reset-before",
    "reset-after",
    "status",
    "gateway-html",
    "cut-off",
    "malformed",
    "empty",
    "slow-drip",
    "throttle",
]


class Fault(BaseModel):
    """What goes wrong, for which calls, and how often."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: FaultKind = Field(
        description="latency: waits `seconds`. refuse: the connection is refused; in-process for "
        "one operation, over HTTP the port is closed for `seconds`. reset-before, reset-after: "
        "the connection is reset before or after the call took effect. status: an envelope with "
        "`status` and `code`. gateway-html: a page of HTML with `status`. cut-off: the body ends "
        "before its announced length. malformed: broken JSON. empty: no body. slow-drip: the "
        "answer takes `seconds` to arrive. throttle: 429 with code 7041 and without slots."
    )
    operation: Operation | Literal["*"] = Field(default="*", description="* means every one")
    count: int | None = Field(
        default=None, ge=1, description="calls it befalls; until it is removed when absent"
    )
    effect: bool = Field(
        default=False,
        description="whether the call takes effect although its answer is lost: for latency "
        "(then the wait comes after), status, gateway-html, cut-off, malformed and empty",
    )
    seconds: float = Field(default=1.0, ge=0, le=600, description="real seconds")
    status: int = Field(default=502, ge=400, le=599, description="HTTP status")
    code: int = Field(default=Code.INTERNAL, description="GES code in an envelope")
    message: str = Field(default="internal error", description="message in an envelope")
    retry_after_seconds: int | None = Field(
        default=None,
        ge=0,
        le=86_400,
        description="Retry-After header of status, gateway-html and throttle",
    )

    @property
    def takes_effect(self) -> bool:
        """Whether the call does what it asked for."""
        match self.kind:
            case "reset-after" | "slow-drip":
                return True
            case "latency":
                # Both ways it happens in the end; only a caller that gives up sees the difference.
                return True
            case "refuse" | "reset-before" | "throttle":
                return False
            case _:
                return self.effect


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """A fault that waits for calls; `remaining` None means without end."""

    id: int
    fault: Fault
    remaining: int | None


class FaultPlan:
    """The faults on order, oldest first."""

    def __init__(self) -> None:
        self._planned: list[PlannedFault] = []
        self._last_id = 0

    @property
    def planned(self) -> Sequence[PlannedFault]:
        """What is still to come."""
        return tuple(self._planned)

    def add(self, fault: Fault) -> PlannedFault:
        """Orders a fault behind those that are there."""
        self._last_id += 1
        planned = PlannedFault(self._last_id, fault, fault.count)
        self._planned.append(planned)
        return planned

    def remove(self, fault_id: int) -> bool:
        """Takes a fault back; false when there is none of this id."""
        kept = [planned for planned in self._planned if planned.id != fault_id]
        was_there = len(kept) < len(self._planned)
        self._planned = kept
        return was_there

    def clear(self) -> None:
        """Takes all faults back."""
        self._planned.clear()

    def take(self, operation: Operation) -> Fault | None:
        """The fault that befalls a call now; counts it down."""
        for place, planned in enumerate(self._planned):
            if planned.fault.operation in ("*", operation):
                self._count_down(place, planned)
                return planned.fault
        return None

    def _count_down(self, place: int, planned: PlannedFault) -> None:
        if planned.remaining is None:
            return
        if planned.remaining == 1:
            del self._planned[place]
        else:
            self._planned[place] = replace(planned, remaining=planned.remaining - 1)


async def befall(fault: Fault, serve: Callable[[], WireAnswer], corr_id: str) -> WireAnswer:
    """Lets a fault befall a call.

    Args:
        fault: What goes wrong.
        serve: Does what the call asks for and gives the honest answer.
        corr_id: For an envelope the fault makes up.

    Raises:
        ConnectionRefusedError: The call never arrived.
        ConnectionResetError: The connection broke; by its kind, before or after the effect.
    """
    if fault.kind == "refuse":
        raise ConnectionRefusedError("refused as ordered")
    if fault.kind == "latency" and not fault.effect:
        await asyncio.sleep(fault.seconds)
    honest = serve() if fault.takes_effect else envelope(corr_id)
    if fault.kind in ("reset-before", "reset-after"):
        raise ConnectionResetError("reset as ordered")
    if fault.kind == "latency" and fault.effect:
        await asyncio.sleep(fault.seconds)
    return _spoiled(fault, honest, corr_id)


def _spoiled(fault: Fault, honest: WireAnswer, corr_id: str) -> WireAnswer:
    """The answer a fault leaves of the honest one."""
    match fault.kind:
        case "status" | "gateway-html" | "throttle":
            return _made_up(fault, corr_id).with_headers(_retry_after(fault))
        case "cut-off" | "malformed" | "empty":
            return _damaged(fault.kind, honest)
        case "slow-drip":
            return replace(honest, drip_seconds=fault.seconds)
        case _:
            return honest


def _made_up(fault: Fault, corr_id: str) -> WireAnswer:
    if fault.kind == "gateway-html":
        return _html(fault.status)
    if fault.kind == "throttle":
        return envelope(
            corr_id,
            http_status=429,
            code=Code.TOO_MANY_REQUESTS,
            message="too many requests at this time",
        )
    return envelope(corr_id, http_status=fault.status, code=fault.code, message=fault.message)


def _damaged(kind: Literal["cut-off", "malformed", "empty"], honest: WireAnswer) -> WireAnswer:
    half = honest.body[: len(honest.body) // 2]
    if kind == "cut-off":
        announced = {"content-length": str(len(honest.body))}
        return replace(honest.with_headers(announced), body=half, truncated=True)
    return honest.with_body(half + b'"}{' if kind == "malformed" else b"")


def _html(status: int) -> WireAnswer:
    page = f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n"
    return WireAnswer(status, {"content-type": "text/html"}, page.encode())


def _retry_after(fault: Fault) -> dict[str, str]:
    if fault.retry_after_seconds is None:
        return {}
    return {"retry-after": str(fault.retry_after_seconds)}
