"""One virtual queue: its agents, its line, and the customers who ring it by themselves.

Agents are there while the office is open and belong to this queue alone. At closing time they
finish the call they are on; customers still waiting on the phone are sent away, callbacks stay. A
free agent goes to the first in line who can be served.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import isfinite
from typing import Protocol

from ges_connector.sandbox.agenda import Agenda
from ges_connector.sandbox.calls import Arrivals, Call, Conversation, draw_call
from ges_connector.sandbox.line import Entrant, Line
from ges_connector.sandbox.records import QueueWait
from ges_connector.sandbox.seed import Service
from ges_connector.sandbox.seeded import stream
from ges_connector.sandbox.wait_time import (
    Load,
    Mode,
    WaitHistory,
    queue_wait,
    staffed_wait_seconds,
)

MOST_AGENTS = 10_000
"""The most agents a queue can be given."""
MOST_CALLS = 100_000
"""The most customers an hour, or at once, that a queue can be told to expect."""
# How far back the warm-up looks for the office's last open hours.
_WARM_UP_LOOK_BACK = timedelta(days=14)


class Calendar(Protocol):
    """What a queue needs to know of office hours; every instant is aware UTC."""

    def is_open(self, at: datetime) -> bool:
        """Says whether the office is open at an instant."""
        ...

    def open_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Walks through the open times of a period, in order."""
        ...

    def closes_at(self, at: datetime) -> datetime | None:
        """Returns when the office, open at `at`, closes; None for never."""
        ...

    def opens_at(self, at: datetime) -> datetime | None:
        """Returns the next opening at or after `at`; None for never."""
        ...


class Watcher(Entrant, Protocol):
    """Somebody in line who acts on how near the top they are."""

    def look_ahead(self, waiting_ahead: int) -> None:
        """Hears how many in front still need an agent."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Talk:
    """A call an agent is on."""

    conversation: Conversation
    began_at: datetime
    agents: int

    def is_on_hold(self, at: datetime) -> bool:
        passed = (at - self.began_at).total_seconds()
        return self.conversation.hold_from_seconds <= passed < self.conversation.hold_until_seconds


class _WaitingCall:
    """A customer who rang and waits on the phone."""

    def __init__(
        self, call: Call, joined_at: datetime, answer: Callable[["_WaitingCall"], None]
    ) -> None:
        self.call = call
        self.joined_at = joined_at
        self.wants_agent = True
        self.is_waiting = True
        self._answer = answer

    def take_agent(self) -> None:
        """Is answered by an agent."""
        self._answer(self)


def warm_up_start(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Returns when a queue must begin to move to have moved so many open minutes at `start`.

    Closed time does not count, or a sandbox that starts on Monday at nine would know no wait. An
    office open for less than that within the last fortnight begins at its first opening there.
    """
    missing = timedelta(minutes=min(minutes, _WARM_UP_LOOK_BACK // timedelta(minutes=1)))
    begin = start
    for opened, closed in reversed([*calendar.open_spans(start - _WARM_UP_LOOK_BACK, start)]):
        if missing <= timedelta(0):
            break
        begin = max(opened, closed - missing)
        missing -= closed - begin
    return begin


class VirtualQueue:
    """The queue of one callback service; it moves as its agenda runs.

    Attributes:
        name: The virtual queue's name, which is the service's.
        line: Everybody who waits.
        history: What estimates of the wait are made of.
        calls_entered: Customers who rang by themselves since the queue began to move.
        calls_answered: How many of them an agent answered.
        calls_abandoned: How many gave up, or were sent away at closing time.
        staff: Agents on the rota; they are there while the office is open.
    """

    def __init__(self, service: Service, calendar: Calendar, agenda: Agenda, seed: int) -> None:
        self.name = service.name
        self.line = Line()
        self.history = WaitHistory()
        self.calls_entered = 0
        self.calls_answered = 0
        self.calls_abandoned = 0
        self.staff = service.traffic.agents
        self._needs_agents = service.logged_in_check
        self._traffic = service.traffic
        self._calls_per_hour = service.traffic.calls_per_hour
        self._calendar = calendar
        self._agenda = agenda
        self._arrivals = Arrivals(seed, service.name, service.traffic)
        self._added = stream(seed, "added-calls", service.name)
        self._is_open = False
        self._busy = 0
        self._talks: dict[_Talk, None] = {}
        self._watchers: dict[Entrant, Watcher] = {}
        self._expectation = 0

    def begin(self) -> None:
        """Starts the queue at the agenda's present time."""
        self._follow_office_hours()

    @property
    def present(self) -> int:
        """Agents who take calls now: the staff while the office is open, else nobody."""
        return self.staff if self._is_open else 0

    @property
    def logged_in(self) -> int:
        """Agents logged in, with those who only finish their last call."""
        return max(self.present, self._busy)

    @property
    def busy(self) -> int:
        """Agents on a call or reserved for one."""
        return self._busy

    @property
    def on_hold(self) -> int:
        """Calls with an agent that are on hold now."""
        return sum(talk.is_on_hold(self._agenda.now) for talk in self._talks)

    @property
    def calls_waiting(self) -> int:
        """Customers who rang by themselves and wait now."""
        return sum(isinstance(entrant, _WaitingCall) for entrant in self.line)

    def set_staff(self, agents: int) -> None:
        """Changes the number of agents; who is on a call finishes it first.

        Raises:
            ValueError: The number is negative or above `MOST_AGENTS`.
        """
        if not 0 <= agents <= MOST_AGENTS:
            raise ValueError(f"a queue has 0 to {MOST_AGENTS} agents")
        self.staff = agents
        self.move_up()

    @property
    def calls_per_hour(self) -> float:
        """How many customers ring an hour while the office is open."""
        return self._calls_per_hour

    def set_calls_per_hour(self, calls_per_hour: float) -> None:
        """Changes how many customers ring an hour while the office is open.

        Raises:
            ValueError: The rate is negative, above `MOST_CALLS`, or no number.
        """
        if not (isfinite(calls_per_hour) and 0 <= calls_per_hour <= MOST_CALLS):
            raise ValueError(f"a queue gets 0 to {MOST_CALLS} calls an hour")
        self._calls_per_hour = calls_per_hour
        self._expect_call()

    def add_calls(self, number: int) -> None:
        """Lets so many customers ring at once, even while the office is closed to new ones.

        Raises:
            ValueError: The number is negative or above `MOST_CALLS`.
        """
        if not 0 <= number <= MOST_CALLS:
            raise ValueError(f"0 to {MOST_CALLS} customers can ring at once")
        for _ in range(number):
            self._arrive(draw_call(self._added, self._traffic))

    def load(self) -> Load:
        """Returns how busy the queue is for somebody who joins it now."""
        return self._load(sum(entrant.is_waiting for entrant in self.line))

    def wait(self, mode: Mode, *, include_calls_on_hold: bool = False) -> QueueWait:
        """Returns the estimated wait of somebody who joins now, in seconds."""
        return queue_wait(
            self.name,
            self.history,
            self.load(),
            mode,
            include_calls_on_hold=include_calls_on_hold,
        )

    def wait_behind_seconds(self, waiting_ahead: int) -> float | None:
        """Returns the mode2 wait behind so many; None if nobody is there to answer.

        A queue without history is taken to have no wait.
        """
        load = self._load(waiting_ahead)
        if load.agents == 0 and load.needs_agents:
            return None
        return staffed_wait_seconds(self.history, load) or 0.0

    def _load(self, waiting: int) -> Load:
        return Load(waiting, self._busy, self.on_hold, self.present, self._needs_agents)

    def talk(self, conversation: Conversation, ended: Callable[[], None] | None = None) -> None:
        """Keeps the agent just taken busy with a call; `ended` hears when it is over."""
        talk = _Talk(conversation, self._agenda.now, max(self.present, self._busy))
        self._talks[talk] = None
        self._agenda.after(conversation.length_seconds, partial(self._hang_up, talk, ended))

    def release(self) -> None:
        """Takes back an agent who was reserved but had no call."""
        self._busy -= 1
        self.move_up()

    def watch(self, entrant: Watcher) -> None:
        """Tells an entrant from now on how near the top they are."""
        self._watchers[entrant] = entrant

    def unwatch(self, entrant: Watcher) -> None:
        """Stops telling; no effect on one who was not told."""
        self._watchers.pop(entrant, None)

    def move_up(self) -> None:
        """Gives every free agent to the first in line, then tells those who watch."""
        while self._busy < self.present:
            entrant = self.line.next_wanting_agent()
            if entrant is None:
                break
            self._busy += 1
            entrant.take_agent()
        if self._watchers:
            self._tell_watchers()

    def _tell_watchers(self) -> None:
        waiting_ahead = 0
        for entrant in self.line:
            watcher = self._watchers.get(entrant)
            if watcher is not None:
                watcher.look_ahead(waiting_ahead)
            waiting_ahead += entrant.is_waiting

    def _hang_up(self, talk: _Talk, ended: Callable[[], None] | None) -> None:
        del self._talks[talk]
        self.history.add_handled(talk.conversation.length_seconds, talk.agents)
        if ended is not None:
            ended()
        self.release()

    def _follow_office_hours(self) -> None:
        now = self._agenda.now
        self._is_open = self._calendar.is_open(now)
        if self._is_open:
            self._agenda.at(self._calendar.closes_at(now), self._follow_office_hours)
        else:
            self._send_callers_away()
            self._agenda.at(self._calendar.opens_at(now), self._follow_office_hours)
        self._expect_call()
        self.move_up()

    def _send_callers_away(self) -> None:
        for entrant in self.line:
            if isinstance(entrant, _WaitingCall):
                self._give_up(entrant)

    def _expect_call(self) -> None:
        """Plans the next customer; a pause or another rate voids the one planned before.

        Gaps of a Poisson process have no memory, so each opening may draw a new one.
        """
        self._expectation += 1
        if self._is_open and self._calls_per_hour > 0:
            gap = self._arrivals.gap_seconds(self._calls_per_hour)
            self._agenda.after(gap, partial(self._ring, self._expectation))

    def _ring(self, expectation: int) -> None:
        if expectation == self._expectation:
            self._expect_call()
            self._arrive(self._arrivals.next_call())

    def _arrive(self, call: Call) -> None:
        waiting = _WaitingCall(call, self._agenda.now, self._answer)
        self.calls_entered += 1
        self.line.join(waiting, priority=0.0, joined_at=waiting.joined_at)
        self.move_up()
        if waiting in self.line:
            self._agenda.after(call.patience_seconds, partial(self._give_up, waiting))

    def _answer(self, waiting: _WaitingCall) -> None:
        self.line.leave(waiting)
        self.calls_answered += 1
        self.history.add_wait((self._agenda.now - waiting.joined_at).total_seconds())
        self.talk(waiting.call.conversation)

    def _give_up(self, waiting: _WaitingCall) -> None:
        if waiting in self.line:
            self.line.leave(waiting)
            self.calls_abandoned += 1
            self.move_up()
