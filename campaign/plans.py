"""What happens in a campaign, drawn from a seed: who wishes what, and what goes wrong when.

A plan is plain frozen data: the same seed gives the same plan, and a plan that fails can be written
down, cut shorter and played again.
"""

from __future__ import annotations

from enum import StrEnum
from random import Random
from typing import Final

from pydantic import BaseModel, ConfigDict

from ges_connector.sandbox.faults import Fault

PATIENCE_SECONDS: Final = 1.5
"""How long the assistant of a campaign waits for a booking; real seconds."""
ABOUT_PATIENCE_SECONDS: Final = 0.9 * PATIENCE_SECONDS
"""Whoever was answered after that may have been answered without waiting any longer."""
_TOO_LONG_SECONDS: Final = PATIENCE_SECONDS + 1.0
_MOST_TASKS: Final = 5
_REFUSED: Final = 399
_SERVER_ERROR: Final = 500
_REQUEST_TIMEOUT: Final = 408


class _Plan(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Knowledge(StrEnum):
    """What somebody can know who sent a request and got what a fault left of its answer."""

    HONEST = "honest"
    """What GES answered."""
    REFUSED = "refused"
    """That it was not carried out."""
    UNKNOWN = "unknown"
    """Nothing."""


FAULTS: Final = {
    "reset-before": Fault(kind="reset-before"),
    "reset-after": Fault(kind="reset-after"),
    "error-500": Fault(kind="status", status=500),
    "error-500-done": Fault(kind="status", status=500, effect=True),
    "error-408-done": Fault(kind="status", status=408, effect=True),
    "error-503": Fault(kind="status", status=503),
    "html-502": Fault(kind="gateway-html", status=502),
    "html-504-done": Fault(kind="gateway-html", status=504, effect=True),
    "html-403": Fault(kind="gateway-html", status=403),
    "html-429": Fault(kind="gateway-html", status=429),
    "throttled": Fault(kind="throttle"),
    "cut-off": Fault(kind="cut-off"),
    "cut-off-done": Fault(kind="cut-off", effect=True),
    "malformed": Fault(kind="malformed"),
    "malformed-done": Fault(kind="malformed", effect=True),
    "empty": Fault(kind="empty"),
    "empty-done": Fault(kind="empty", effect=True),
    "late": Fault(kind="latency", seconds=0.05),
    "late-after": Fault(kind="latency", seconds=0.05, effect=True),
    "dripping": Fault(kind="slow-drip", seconds=0.05),
    "too-late": Fault(kind="latency", seconds=_TOO_LONG_SECONDS),
    "too-late-done": Fault(kind="latency", seconds=_TOO_LONG_SECONDS, effect=True),
    "dripping-too-long": Fault(kind="slow-drip", seconds=_TOO_LONG_SECONDS),
}
"""What befalls single requests; those that end in `done` take effect all the same."""
FULL: Final = "full"
"""Others take the last places of the slot just before; GES then proposes other times by itself."""
PORT_CLOSED: Final = "port-closed"
"""The contact centre refuses all connections for a moment, from before the turn on."""
KILLED_BEFORE: Final = "centre-killed-before"
KILLED_AFTER: Final = "centre-killed-after"
"""The contact centre is killed before or after it has booked, and restarted with its state."""
SERVER_KILLED_BEFORE: Final = "assistant-killed-before"
SERVER_KILLED_AFTER: Final = "assistant-killed-after"
"""The action server is killed while its request is with GES, and restarted."""
_SLOW: Final = frozenset({"too-late", "too-late-done", "dripping-too-long"})


def knowledge_after(fault: Fault | None, status: int | None = None) -> Knowledge:
    """Tell what the sender of a write can know by the time its patience ends.

    Args:
        fault: What befell the request.
        status: The status that was answered, if one was.
    """
    if fault is None:
        return Knowledge.HONEST
    match fault.kind:
        case "latency" | "slow-drip":
            is_in_time = fault.seconds < PATIENCE_SECONDS
            return Knowledge.HONEST if is_in_time else Knowledge.UNKNOWN
        case "status" | "gateway-html":
            is_clear = fault.status < _SERVER_ERROR and fault.status != _REQUEST_TIMEOUT
            return Knowledge.REFUSED if is_clear else Knowledge.UNKNOWN
        case "throttle":
            return Knowledge.REFUSED
        case "malformed" | "empty" if status is not None and status > _REFUSED:
            # Of a refusal the status alone says enough.
            return Knowledge.REFUSED
        case _:
            return Knowledge.UNKNOWN


class Asked(StrEnum):
    """The requests that a plan can let something befall."""

    CREATE = "create"
    CANCEL = "cancel"
    RETRIEVE = "retrieve"


class Order(_Plan):
    """Something that goes wrong.

    Attributes:
        operation: With which request of the conversation.
        nth: With which of them; the first is 0.
        fault: What, by name.
    """

    operation: Asked
    nth: int
    fault: str


class TaskKind(StrEnum):
    """What a customer wants."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    SHOW = "show"


_KINDS: Final = [*TaskKind, TaskKind.MOVE, TaskKind.CANCEL, TaskKind.BOOK]
"""What is asked for; a question changes nothing, and so is asked less often."""


class Twice(StrEnum):
    """How a confirmation reaches the assistant more than once."""

    NO = "no"
    AGAIN = "again"
    """The customer says it again."""
    AT_ONCE = "at once"
    """It is delivered twice, and two workers serve it at the same moment."""
    LOST = "lost"
    """The engine never heard what came of it, and the customer says it again."""


class Task(_Plan):
    """One thing a customer wants.

    Attributes:
        kind: What.
        is_asap: As soon as possible instead of at a time.
        says_time: Names the time in the first message instead of picking it from the menu.
        says_number: Names the number there as well.
        pick: Which of the times on offer, counted around.
        twice: How often the yes arrives.
        insists: Whether the customer asks again when nobody knows whether it worked.
    """

    kind: TaskKind
    is_asap: bool = False
    says_time: bool = False
    says_number: bool = False
    pick: int = 0
    twice: Twice = Twice.NO
    insists: bool = False


class Visit(_Plan):
    """One conversation.

    Attributes:
        number: Which of its round; gives the customer's telephone number.
        locale: Language of the customer.
        speaks: On the telephone instead of in a chat.
        is_number_known: Whether the channel knows the number.
        tasks: What the customer wants, one after the other.
        orders: What goes wrong.
        restarts: Turns before which the assistant is started anew.
        jumps: Turns before which the clock jumps to the Monday after the clocks were changed.
    """

    number: int
    locale: str = "en-GB"
    speaks: bool = False
    is_number_known: bool = True
    tasks: tuple[Task, ...]
    orders: tuple[Order, ...] = ()
    restarts: tuple[int, ...] = ()
    jumps: tuple[int, ...] = ()


class Season(StrEnum):
    """Which change of the clocks lies just ahead."""

    SPRING = "2026-03-27T15:00:00+00:00"
    AUTUMN = "2026-10-23T14:00:00+00:00"


class Setting(StrEnum):
    """What is real in a round."""

    INSIDE = "inside"
    """Two assistants in this process share a store; the contact centre answers over HTTP."""
    KILLED = "killed"
    """The same, and the contact centre is a process that is killed and restarted."""
    SERVED = "served"
    """The action server is a process with one worker and no store, restarted between turns."""
    SERVED_TWICE = "served-twice"
    """It has two workers, which share a Redis, and is killed at any moment."""


class Round(_Plan):
    """Conversations with one contact centre.

    Attributes:
        seed: What all of it was drawn from.
        setting: What is real.
        season: Where the clock starts.
        is_circuit_quick: Whether the circuit's pauses are short, so that it hides fewer faults.
        read_faults: Share of reads that something befalls.
        at_once: How many customers talk at the same time.
        visits: The conversations.
    """

    seed: int
    setting: Setting
    season: Season
    is_circuit_quick: bool
    read_faults: float
    at_once: int
    visits: tuple[Visit, ...]


_AT_ONCE: Final = {
    Setting.INSIDE: [4, 12, 24],
    Setting.KILLED: [12],
    # Without a store that outlives it, nobody may be booking when the server is stopped.
    Setting.SERVED: [1],
    Setting.SERVED_TWICE: [12],
}


def draw_round(seed: int, setting: Setting, conversations: int) -> Round:
    """Draw a round.

    Args:
        seed: Of everything in it.
        setting: What is real.
        conversations: How many.
    """
    draw = Random(f"{seed}/{setting}")  # noqa: S311 - repeatable, not secret
    jumps_at = draw.randrange(conversations) if draw.random() < 1 / 2 else None
    visits = tuple(
        _visit(draw, number, setting, jumps=number == jumps_at) for number in range(conversations)
    )
    return Round(
        seed=seed,
        setting=setting,
        season=draw.choice([*Season]),
        # A contact centre that dies all the time would be left alone for most of the round.
        is_circuit_quick=setting is Setting.KILLED or draw.random() < 3 / 4,
        read_faults=draw.choice([0.0, 0.02, 0.1]),
        at_once=draw.choice(_AT_ONCE[setting]),
        visits=visits,
    )


def _visit(draw: Random, number: int, setting: Setting, *, jumps: bool) -> Visit:
    tasks = [_task(draw, TaskKind.BOOK, setting)]
    while len(tasks) < _MOST_TASKS and draw.random() < 3 / 4:
        tasks.append(_task(draw, draw.choice(_KINDS), setting))
    return Visit(
        number=number,
        locale=draw.choice(["en-GB", "de-DE"]),
        speaks=draw.random() < 1 / 5,
        is_number_known=draw.random() < 2 / 3,
        tasks=tuple(tasks),
        orders=tuple(_orders(draw, setting)),
        restarts=_moments(draw, _RESTARTS[setting]),
        jumps=(draw.randrange(1, 8),) if jumps else (),
    )


_RESTARTS: Final = {
    Setting.INSIDE: 0.1,
    Setting.KILLED: 0.1,
    Setting.SERVED: 0.02,
    Setting.SERVED_TWICE: 0.01,
}
"""Share of visits before one of whose turns the assistant is started anew; a process takes long."""


def _moments(draw: Random, share: float) -> tuple[int, ...]:
    return (draw.randrange(1, 10),) if draw.random() < share else ()


def _task(draw: Random, kind: TaskKind, setting: Setting) -> Task:
    is_doubled = kind is not TaskKind.SHOW and draw.random() < 1 / 4
    ways = [Twice.AGAIN, Twice.LOST]
    if setting is not Setting.SERVED:
        ways.append(Twice.AT_ONCE)
    return Task(
        kind=kind,
        is_asap=kind is TaskKind.BOOK and draw.random() < 1 / 6,
        says_time=draw.random() < 1 / 2,
        says_number=draw.random() < 1 / 2,
        pick=draw.randrange(5),
        twice=draw.choice(ways) if is_doubled else Twice.NO,
        insists=draw.random() < 1 / 2,
    )


def _orders(draw: Random, setting: Setting) -> list[Order]:
    orders = []
    for operation, most in ((Asked.CREATE, 4), (Asked.CANCEL, 2), (Asked.RETRIEVE, 2)):
        for nth in range(most):
            if draw.random() < 1 / 4:
                fault = _fault(draw, operation, setting)
                orders.append(Order(operation=operation, nth=nth, fault=fault))
    return orders


def _fault(draw: Random, operation: Asked, setting: Setting) -> str:
    # Each slow answer costs real seconds, so there are fewer of them.
    names = [name for name in FAULTS if name not in _SLOW or draw.random() < 1 / 4]
    if operation is Asked.CREATE:
        names += [FULL, FULL, PORT_CLOSED]
    is_write = operation is not Asked.RETRIEVE
    if setting is Setting.KILLED and is_write and draw.random() < 1 / 10:
        return draw.choice([KILLED_BEFORE, KILLED_AFTER])
    is_killed = setting is Setting.SERVED_TWICE and operation is Asked.CREATE
    if is_killed and draw.random() < 1 / 20:
        return draw.choice([SERVER_KILLED_BEFORE, SERVER_KILLED_AFTER])
    return draw.choice(names)
