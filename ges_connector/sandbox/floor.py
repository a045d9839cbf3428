"""The contact-centre floor: agents, virtual queues and dialling of one tenant.

A discrete-event simulation over virtual time. Nothing here reads a clock: `settle` is told the time
and makes everything due until then happen, in order. The same seed and the same operations at the
same instants give the same floor, however often `settle` is called in between. The floor knows
nothing of HTTP, capacity, limits or number rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from ges_connector.sandbox.agenda import Agenda, later
from ges_connector.sandbox.callback_case import CallbackCase, Desk
from ges_connector.sandbox.customers import Customers
from ges_connector.sandbox.ledger import ChangeListener, Ledger, PurgeListener
from ges_connector.sandbox.life_cycle import IllegalTransitionError
from ges_connector.sandbox.records import (
    Callback,
    DialOutcome,
    PlacedCall,
    PushMessage,
    QueueWait,
    Reason,
    State,
)
from ges_connector.sandbox.seed import CustomerBehaviour, Service
from ges_connector.sandbox.virtual_queue import Calendar, VirtualQueue, warm_up_start
from ges_connector.sandbox.wait_time import Mode

__all__ = ["Calendar", "Floor", "IllegalTransitionError"]


class Floor:
    """Everything that moves in one tenant's contact centre.

    Before `start` each queue has already moved for the warm-up its traffic asks for, so that waits
    have a history. Operations happen at the instant last settled; settle first.

    Args:
        services: The callback services by name; each has a virtual queue and agents of its own.
        calendars: The office hours of every service, by the service's name.
        customers: What customers do when they are rung.
        seed: Of every random choice.
        start: When the floor begins, aware UTC.
    """

    def __init__(
        self,
        services: Mapping[str, Service],
        calendars: Mapping[str, Calendar],
        customers: CustomerBehaviour,
        *,
        seed: int,
        start: datetime,
    ) -> None:
        begins = {
            name: warm_up_start(calendars[name], start, service.traffic.warm_up_minutes)
            for name, service in services.items()
        }
        self._agenda = Agenda(min(begins.values(), default=start))
        self._customers = Customers(customers, seed)
        self._ledger = Ledger()
        self._cases: dict[UUID, CallbackCase] = {}
        self._desks: dict[str, Desk] = {}
        for name, service in services.items():
            queue = VirtualQueue(service, calendars[name], self._agenda, seed)
            self._desks[name] = self._desk(service, queue, seed)
            self._agenda.at(begins[name], queue.begin)
        self._agenda.run_until(start)

    def _desk(self, service: Service, queue: VirtualQueue, seed: int) -> Desk:
        return Desk(service, queue, self._agenda, self._customers, self._ledger, seed, self._forget)

    def settle(self, now: datetime) -> None:
        """Makes everything due up to and including `now` happen; cheap if nothing is.

        An instant already settled changes nothing.
        """
        self._agenda.run_until(now)

    def accept(self, callback: Callback) -> Callback:
        """Takes in a new callback, SCHEDULED or QUEUED, and returns it as stored.

        A SCHEDULED one is QUEUED at once if its time is no further off than the service's
        execution buffer (rule 3).

        Raises:
            KeyError: The service is unknown.
            ValueError: The callback is in another state, or its id is taken.
        """
        if callback.state not in {State.SCHEDULED, State.QUEUED}:
            raise ValueError("a new callback is SCHEDULED or QUEUED")
        if callback.id in self._cases:
            raise ValueError("there is a callback with this id")
        case = CallbackCase(callback, self._desks[callback.service_name])
        self.settle(callback.created_at)
        self._cases[callback.id] = case
        case.begin()
        return case.callback

    def restore(self, callbacks: Iterable[Callback]) -> None:
        """Puts callbacks back in place after a restart; the next `settle` takes them on from there.

        Calls that were ringing count as not answered, customers on the line are still waiting.

        Raises:
            KeyError: The service of one is unknown.
        """
        for callback in callbacks:
            case = CallbackCase(callback, self._desks[callback.service_name])
            self._cases[callback.id] = case
            case.resume()

    def cancel(self, callback_id: UUID, reason: Reason) -> Callback:
        """Ends a SCHEDULED, QUEUED or ROUTING callback (rule 40) and returns it.

        Raises:
            KeyError: The callback is unknown or purged.
            IllegalTransitionError: It is PROCESSING or COMPLETED.
        """
        case = self._cases[callback_id]
        case.cancel(reason)
        return case.callback

    def finish_with(self, callback_id: UUID, reason: str) -> Callback:
        """Ends any callback that is not COMPLETED, for any reason, and returns it.

        Raises:
            KeyError: The callback is unknown or purged.
            IllegalTransitionError: It is COMPLETED.
        """
        case = self._cases[callback_id]
        case.finish(reason)
        return case.callback

    def get(self, callback_id: UUID) -> Callback | None:
        """Returns a callback; None if it never was or is purged (rule 33)."""
        case = self._cases.get(callback_id)
        return case.callback if case else None

    def callbacks(self) -> Sequence[Callback]:
        """Returns every callback that is not purged, in the order of booking."""
        return tuple(case.callback for case in self._cases.values())

    def position(self, callback_id: UUID) -> int | None:
        """Returns the place in the virtual queue, customers who rang by themselves included.

        1 is next, 0 talks to an agent; None when not in the queue, or unknown.
        """
        case = self._cases.get(callback_id)
        return case.position if case else None

    def wait_seconds(self, callback_id: UUID) -> float | None:
        """Returns the estimated seconds until a queued callback's customer talks to an agent.

        -1 if it cannot be told because nobody is logged in; None when not in the queue, or
        unknown.
        """
        case = self._cases.get(callback_id)
        return case.wait_seconds if case else None

    def queue_wait(
        self, queue: str, mode: Mode = "mode2", *, include_calls_on_hold: bool = False
    ) -> QueueWait:
        """Returns the estimated wait of a queue (section 2.7).

        Raises:
            KeyError: The queue is unknown.
        """
        return self._queue(queue).wait(mode, include_calls_on_hold=include_calls_on_hold)

    def forecast_done_at(self, queue: str) -> datetime | None:
        """Returns when an immediate callback booked now would be made, by mode2 (rule 17).

        None if the wait cannot be computed; `queue_wait` then says why.

        Raises:
            KeyError: The queue is unknown.
        """
        wait = self._queue(queue).wait("mode2")
        return None if wait.result_code else later(self._agenda.now, wait.wait_seconds)

    def queued_count(self, service: str) -> int:
        """Counts the callbacks of a service that are QUEUED (rule 21).

        Raises:
            KeyError: The service is unknown.
        """
        return self._queued(self._queue(service))

    def agents(self, queue: str) -> int:
        """Returns the agents of a queue, who are there while its office is open.

        Raises:
            KeyError: The queue is unknown.
        """
        return self._queue(queue).staff

    def set_agents(self, queue: str, n: int) -> None:
        """Changes the number of agents; who is on a call finishes it first.

        Raises:
            KeyError: The queue is unknown.
            ValueError: The number is negative or beyond 10,000.
        """
        self._queue(queue).set_staff(n)

    def set_traffic(self, queue: str, calls_per_hour: float) -> None:
        """Changes how many customers ring by themselves while the office is open.

        Raises:
            KeyError: The queue is unknown.
            ValueError: The rate is no number, negative or beyond 100,000.
        """
        self._queue(queue).set_calls_per_hour(calls_per_hour)

    def add_calls(self, queue: str, n: int) -> None:
        """Lets customers ring by themselves now.

        Raises:
            KeyError: The queue is unknown.
            ValueError: The number is negative or beyond 100,000.
        """
        self._queue(queue).add_calls(n)

    def script_customer(self, number: str, outcome: DialOutcome | None) -> None:
        """Makes a number always do the same when it is rung; None gives it back to chance."""
        self._customers.script(number, outcome)

    def statistics(self, queue: str) -> Mapping[str, float]:
        """Returns figures of a queue under the field's names; times in seconds, -1 if unknown.

        Raises:
            KeyError: The queue is unknown.
        """
        found = self._queue(queue)
        return {
            "CallsEntered": found.calls_entered,
            "CallsAnswered": found.calls_answered,
            "CallsAbandoned": found.calls_abandoned,
            "CallsWaiting": found.calls_waiting,
            "CallsOnHold": found.on_hold,
            "AgentsLoggedIn": found.logged_in,
            "AgentsBusy": found.busy,
            "CallbacksQueued": self._queued(found),
            "CallbacksScheduled": self._scheduled(found),
            "EstimatedWaitTime": found.wait("mode2").wait_seconds,
            "AverageWaitTime": found.wait("mode3").wait_seconds,
        }

    @property
    def calls_per_hour(self) -> float:
        """How many customers ring all queues together an hour while every office is open."""
        return sum(desk.queue.calls_per_hour for desk in self._desks.values())

    @property
    def placed_calls(self) -> Sequence[PlacedCall]:
        """Outbound calls, in the order in which they ended."""
        return tuple(self._ledger.placed_calls)

    @property
    def pushes(self) -> Sequence[PushMessage]:
        """The push outbox, in the order of sending."""
        return tuple(self._ledger.pushes)

    @property
    def on_change(self) -> ChangeListener | None:
        """Called with every callback that is new or has changed."""
        return self._ledger.on_change

    @on_change.setter
    def on_change(self, listener: ChangeListener | None) -> None:
        self._ledger.on_change = listener

    @property
    def on_purge(self) -> PurgeListener | None:
        """Called with the id of every callback that is purged."""
        return self._ledger.on_purge

    @on_purge.setter
    def on_purge(self, listener: PurgeListener | None) -> None:
        self._ledger.on_purge = listener

    def _queue(self, name: str) -> VirtualQueue:
        return self._desks[name].queue

    def _queued(self, queue: VirtualQueue) -> int:
        return sum(
            isinstance(entrant, CallbackCase) and entrant.callback.state is State.QUEUED
            for entrant in queue.line
        )

    def _scheduled(self, queue: VirtualQueue) -> int:
        return sum(
            case.callback.state is State.SCHEDULED and case.callback.service_name == queue.name
            for case in self._cases.values()
        )

    def _forget(self, callback_id: UUID) -> None:
        self._cases.pop(callback_id, None)
        self._ledger.purged(callback_id)
