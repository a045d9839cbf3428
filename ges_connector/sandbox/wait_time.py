"""Estimated wait time from a queue that really moves (section 2.7, rule 17).

The pace of a queue is how often one of its agents gets free: for each of the last 32 calls handled,
its length over the number of agents then present. A wait is that pace times the calls to go before
it is one's turn:

- mode1 counts the waiting calls only and is blind to agents: it still gives a number when nobody is
  logged in.
- mode2 also knows the agents: it scales the pace by the agents present against those who made the
  history, counts calls being handled, and is 0 while an agent is free.
- mode3 is what a statistics server would say: the mean wait of the last 32 calls answered.

`include-calls-on-hold` adds calls on hold to those waiting, in mode1 and mode2.
"""

from collections import deque
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from ges_connector.sandbox.records import QueueWait

REMEMBERED = 32
"""Interactions a queue remembers (section 2.7, mode1)."""

Mode = Literal["mode1", "mode2", "mode3"]


class WaitHistory:
    """The last calls a queue handled and the last waits it ended."""

    def __init__(self) -> None:
        self._paces: deque[float] = deque(maxlen=REMEMBERED)
        self._agents: deque[int] = deque(maxlen=REMEMBERED)
        self._waits: deque[float] = deque(maxlen=REMEMBERED)

    def add_handled(self, handle_seconds: float, agents: int) -> None:
        """Remembers a call that ended, and how many agents were present when it began."""
        self._paces.append(handle_seconds / max(agents, 1))
        self._agents.append(max(agents, 1))

    def add_wait(self, wait_seconds: float) -> None:
        """Remembers how long a call waited that an agent has just taken."""
        self._waits.append(wait_seconds)

    def pace_seconds(self) -> float | None:
        """Returns the mean time from one free agent to the next; None without history."""
        return fmean(self._paces) if self._paces else None

    def mean_agents(self) -> float | None:
        """Returns the mean number of agents behind that pace; None without history."""
        return fmean(self._agents) if self._agents else None

    def mean_wait_seconds(self) -> float | None:
        """Returns the mean of the last waits; None without history."""
        return fmean(self._waits) if self._waits else None


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a queue is.

    Attributes:
        waiting: Calls and callbacks that wait for an agent.
        busy: Agents on a call or reserved for one.
        on_hold: Calls being handled that are on hold.
        agents: Agents who take calls now.
        needs_agents: Whether a wait without any agent is unknown; otherwise the wait is then told
            as if the agents of the history were there.
    """

    waiting: int
    busy: int
    on_hold: int
    agents: int
    needs_agents: bool = True


def pace_wait_seconds(history: WaitHistory, load: Load) -> float | None:
    """Returns the wait behind everything that waits, blind to agents; None without history."""
    pace = history.pace_seconds()
    return None if pace is None else pace * load.waiting


def staffed_wait_seconds(history: WaitHistory, load: Load) -> float | None:
    """Returns the wait behind everything that waits with the agents there are.

    None without history, or when nobody is there to answer.
    """
    pace, usual_agents = history.pace_seconds(), history.mean_agents()
    if pace is None or usual_agents is None:
        return None
    if load.agents == 0:
        return None if load.needs_agents else pace * load.waiting
    calls_to_go = max(0, load.waiting + load.busy - load.agents + 1)
    return pace * (usual_agents / load.agents) * calls_to_go


def queue_wait(
    queue: str, history: WaitHistory, load: Load, mode: Mode, *, include_calls_on_hold: bool
) -> QueueWait:
    """Returns the wait of one queue as an estimated-wait-time request tells it.

    The wait is in seconds, to a tenth. Result code -2 (no agent logged in) comes from mode2 only
    and goes before -1 (no interaction seen).
    """
    if include_calls_on_hold:
        load = replace(load, waiting=load.waiting + load.on_hold)
    if mode == "mode2" and load.agents == 0 and load.needs_agents:
        return QueueWait(queue, -1.0, -2, "No agent is logged in to this virtual queue.")
    seconds = _seconds(history, load, mode)
    if seconds is None:
        return QueueWait(queue, -1.0, -1, "No interaction has been seen in this virtual queue yet.")
    return QueueWait(queue, round(seconds, 1))


def _seconds(history: WaitHistory, load: Load, mode: Mode) -> float | None:
    if mode == "mode1":
        return pace_wait_seconds(history, load)
    if mode == "mode2":
        return staffed_wait_seconds(history, load)
    return history.mean_wait_seconds()
