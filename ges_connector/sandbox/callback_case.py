"""One callback on the floor, from its booking until it is forgotten.

USERTERMINATED (rules 2, 36): the virtual call joins the queue `execution_buffer_seconds` before the
desired time, or at once. Near the top and not before its desired time the customer is dialled:
once an agent is reserved, or with `wait_for_agent` off as soon as fewer wait in front than agents
are there. Who is not reached is dialled again after `dial_retry_seconds` and keeps the place in
line. A customer reached is ROUTING until the agent is on the line.

USERORIGINATED (rules 4, 37, 38): instead of being dialled, the customer gets a push when the
remaining wait falls under `push_threshold_seconds`, and rings in or declines `ring_seconds` later.
An offer that is ignored expires and is made again after a snooze. Push targets of a
USERTERMINATED callback get one push, as a notice.

GES documents that a callback is queued before its desired time, not whether it may be dialled then;
in the sandbox neither a call nor an offer comes early.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from functools import partial
from uuid import UUID

from ges_connector.sandbox import life_cycle
from ges_connector.sandbox.agenda import Action, Agenda, later
from ges_connector.sandbox.calls import Conversation, callback_conversation
from ges_connector.sandbox.customers import Customers
from ges_connector.sandbox.ledger import Ledger
from ges_connector.sandbox.records import (
    Callback,
    DialOutcome,
    PlacedCall,
    PushMessage,
    Reason,
    State,
)
from ges_connector.sandbox.seed import Service
from ges_connector.sandbox.virtual_queue import VirtualQueue

CONNECT_SECONDS = 3
"""From agent and customer both being there to their talking; ROUTING can be seen meanwhile."""
AGENT_WAIT_SECONDS = 3600
"""How long a customer who was reached waits for an agent (section 5, the ancestor's default)."""
SNOOZE_SECONDS = 300
"""Between an offer that expired and the next one (rule 37)."""
MOST_OFFERS = 3
"""Offers by push before a USERORIGINATED callback is given up (rule 37, connect limit)."""
OFFER_EVENT = "CALLBACK_OFFER"
"""Event of a push that asks the customer to ring in."""
NOTICE_EVENT = "CALLBACK_NOTICE"
"""Event of a push that tells the customer that the call is near."""


class _Phase(Enum):
    """Where a callback stands; finer than its state."""

    HELD = auto()  # not in the queue yet
    RESTING = auto()  # in line, but not to be reached before a certain time
    DUE = auto()  # to be reached as soon as its turn comes
    RINGING = auto()
    OFFERED = auto()  # the customer has a push and has not rung in
    ON_LINE = auto()  # the customer is on the phone and waits for an agent
    CONNECTING = auto()
    TALKING = auto()
    OVER = auto()


_NEEDING_AGENT = frozenset({_Phase.DUE, _Phase.RINGING, _Phase.OFFERED, _Phase.ON_LINE})


@dataclass(frozen=True, slots=True)
class Desk:
    """What the callbacks of one queue share."""

    service: Service
    queue: VirtualQueue
    agenda: Agenda
    customers: Customers
    ledger: Ledger
    seed: int
    forget: Callable[[UUID], None]


class CallbackCase:
    """Works on one callback; an entrant of the queue's line while it is QUEUED or ROUTING.

    Attributes:
        callback: The callback as it stands.
    """

    def __init__(self, callback: Callback, desk: Desk) -> None:
        self.callback = callback
        self._desk = desk
        self._phase = _Phase.HELD
        self._step = 0
        self._has_agent = False
        self._offers = 0
        self._is_pushed = False
        self._joined_at = callback.created_at
        self._rung_at = callback.created_at

    @property
    def wants_agent(self) -> bool:
        """Whether the next free agent may be given to this callback."""
        if self._phase is _Phase.DUE:
            return self._desk.service.wait_for_agent and not self._is_user_originated
        return self._phase is _Phase.ON_LINE

    @property
    def is_waiting(self) -> bool:
        """Whether an agent's time will be needed soon and none is reserved yet."""
        return self._phase in _NEEDING_AGENT and not self._has_agent

    @property
    def has_agent(self) -> bool:
        """Whether an agent is reserved for this callback."""
        return self._has_agent

    @property
    def position(self) -> int | None:
        """1 for the first in line, 0 while the customer talks, None when not in the queue."""
        if self._phase is _Phase.TALKING:
            return 0
        line = self._desk.queue.line
        return line.position(self) if self in line else None

    @property
    def wait_seconds(self) -> float | None:
        """Estimated seconds until the customer talks to an agent.

        0 with an agent reserved or on the line, -1 if it cannot be told, None when not in the
        queue. Never less than the time left to the desired time.
        """
        queue = self._desk.queue
        if self._phase is _Phase.TALKING:
            return 0.0
        if self not in queue.line:
            return None
        if self._has_agent:
            return 0.0
        wait = queue.wait_behind_seconds(queue.line.waiting_ahead(self))
        return -1.0 if wait is None else round(max(wait, self._seconds_to_desired), 1)

    def begin(self) -> None:
        """Puts a new callback in place: held until its time, or in the queue at once."""
        self._plan_timeout()
        seconds_to_submit = self._seconds_to_desired - self._desk.service.execution_buffer_seconds
        if self.callback.state is State.SCHEDULED and seconds_to_submit > 0:
            self._desk.ledger.changed(self.callback)
            self._plan_submit()
        else:
            self._submit()

    def resume(self) -> None:
        """Puts a callback in place that was on the floor before a restart.

        A call that was ringing counts as not answered. A customer who was on the line still is.
        Nothing changes before the agenda runs.
        """
        state = self.callback.state
        if state is State.COMPLETED:
            self._phase = _Phase.OVER
            self._plan_purge()
            return
        self._plan_timeout()
        if state is State.SCHEDULED:
            self._plan_submit()
        elif state is State.QUEUED:
            self._resume_queued()
        elif state is State.ROUTING:
            self._join(self._since)
            self._wait_on_line()
            self._desk.agenda.after(0, self._desk.queue.move_up)
        else:
            self._enter(_Phase.TALKING)
            self._at(later(self._since, self._conversation.length_seconds), self._talk_ended)

    def cancel(self, reason: Reason) -> None:
        """Ends the callback for its customer or an administrator.

        Raises:
            IllegalTransitionError: It is PROCESSING or COMPLETED (rule 40).
        """
        life_cycle.require_cancellable(self.callback)
        self._complete(reason)

    def finish(self, reason: str) -> None:
        """Ends the callback for any reason.

        An agent who is talking to the customer stays on that call.

        Raises:
            IllegalTransitionError: It is COMPLETED.
        """
        self._complete(reason)

    def take_agent(self) -> None:
        """Receives an agent: dials the customer, or connects one who is on the line."""
        self._has_agent = True
        if self._phase is _Phase.ON_LINE:
            self._connect_soon()
        else:
            self._dial()

    def look_ahead(self, waiting_ahead: int) -> None:
        """Dials, offers or gives notice once near enough to the top."""
        queue = self._desk.queue
        wait = 0.0 if self._has_agent else queue.wait_behind_seconds(waiting_ahead)
        is_near = wait is not None and wait <= self._desk.service.push_threshold_seconds
        if self._is_user_originated:
            if self._phase is _Phase.DUE and is_near:
                self._offer()
            return
        if is_near and self._seconds_to_desired <= self._desk.service.push_threshold_seconds:
            self._give_notice()
        is_dialled_ahead = self._phase is _Phase.DUE and not self._desk.service.wait_for_agent
        if is_dialled_ahead and waiting_ahead < queue.present:
            self._dial()

    @property
    def _now(self) -> datetime:
        return self._desk.agenda.now

    @property
    def _since(self) -> datetime:
        return self.callback.state_since_at or self.callback.created_at

    @property
    def _seconds_to_desired(self) -> float:
        return (self.callback.desired_at - self._now).total_seconds()

    @property
    def _is_user_originated(self) -> bool:
        return self._desk.service.call_direction == "USERORIGINATED"

    @property
    def _is_dialled_ahead(self) -> bool:
        return not self._desk.service.wait_for_agent and not self._is_user_originated

    @property
    def _conversation(self) -> Conversation:
        return callback_conversation(self._desk.seed, self.callback.id, self._desk.service.traffic)

    def _enter(self, phase: _Phase) -> None:
        """Goes to another phase, which voids whatever was planned for the one before."""
        self._phase = phase
        self._step += 1

    def _at(self, when: datetime | None, action: Action) -> None:
        self._desk.agenda.at(when, partial(self._unless_moved_on, self._step, action))

    def _after(self, seconds: float, action: Action) -> None:
        self._at(later(self._now, seconds), action)

    def _unless_moved_on(self, step: int, action: Action) -> None:
        if step == self._step:
            action()

    def _become(self, callback: Callback) -> None:
        self.callback = callback
        self._desk.ledger.changed(callback)

    # Into the queue

    def _plan_submit(self) -> None:
        buffer_seconds = self._desk.service.execution_buffer_seconds
        self._at(later(self.callback.desired_at, -buffer_seconds), self._submit)

    def _submit(self) -> None:
        if self.callback.state is State.SCHEDULED:
            self._become(life_cycle.move(self.callback, State.QUEUED, self._now))
        else:
            self._become(replace(self.callback, state_since_at=self._now))
        self._join(self._now)
        self._rest_until(self.callback.desired_at)

    def _join(self, joined_at: datetime) -> None:
        queue = self._desk.queue
        queue.line.join(self, priority=self.callback.priority, joined_at=joined_at)
        self._joined_at = joined_at
        if self._is_user_originated or self._is_dialled_ahead:
            queue.watch(self)
        elif self.callback.push_targets:
            queue.watch(self)
            threshold_seconds = self._desk.service.push_threshold_seconds
            self._desk.agenda.at(later(self.callback.desired_at, -threshold_seconds), queue.move_up)

    def _resume_queued(self) -> None:
        self._join(self._since)
        self._enter(_Phase.RESTING)
        attempts, service = self.callback.dial_attempts, self._desk.service
        if attempts >= service.max_dial_attempts:
            self._after(0, partial(self._complete, Reason.FAIL_CALL_TO_CUSTOMER))
            return
        pause_seconds = service.dial_retry_seconds if attempts else 0
        self._after(max(pause_seconds, self._seconds_to_desired), self._become_due)

    def _rest_until(self, when: datetime | None) -> None:
        self._enter(_Phase.RESTING)
        if when is not None and when <= self._now:
            self._become_due()
        else:
            self._at(when, self._become_due)
            self._desk.queue.move_up()

    def _become_due(self) -> None:
        self._enter(_Phase.DUE)
        self._desk.queue.move_up()

    # Reaching the customer

    def _dial(self) -> None:
        self._enter(_Phase.RINGING)
        self._rung_at = self._now
        self._become(replace(self.callback, dial_attempts=self.callback.dial_attempts + 1))
        self._after(self._desk.service.ring_seconds, self._ring_ended)

    def _ring_ended(self) -> None:
        callback = self.callback
        outcome = self._desk.customers.outcome(
            callback.id, callback.phone_number, callback.dial_attempts
        )
        self._record_call(outcome)
        self._enter(_Phase.RESTING)
        if outcome is DialOutcome.ANSWERED:
            self._reached()
        elif outcome is DialOutcome.DECLINED:
            self._complete(Reason.FAIL_USER_NO_CONFIRM)
        elif callback.dial_attempts >= self._desk.service.max_dial_attempts:
            self._complete(Reason.FAIL_CALL_TO_CUSTOMER)
        else:
            self._give_agent_back()
            self._rest_until(later(self._now, self._desk.service.dial_retry_seconds))

    def _record_call(self, outcome: DialOutcome) -> None:
        callback = self.callback
        call = PlacedCall(
            callback_id=callback.id,
            service_name=callback.service_name,
            phone_number=callback.phone_number,
            placed_at=self._rung_at,
            attempt=callback.dial_attempts,
            outcome=outcome,
        )
        self._desk.ledger.placed_calls.append(call)

    def _give_notice(self) -> None:
        if not self._is_pushed:
            self._is_pushed = True
            self._push(NOTICE_EVENT)

    def _offer(self) -> None:
        self._enter(_Phase.OFFERED)
        self._offers += 1
        self._push(OFFER_EVENT)
        self._after(self._desk.service.ring_seconds, self._answer_offer)

    def _answer_offer(self) -> None:
        callback, service = self.callback, self._desk.service
        outcome = self._desk.customers.outcome(callback.id, callback.phone_number, self._offers)
        if outcome is DialOutcome.ANSWERED:
            self._reached()
        elif outcome is DialOutcome.DECLINED:
            self._complete(Reason.FAIL_USER_NO_CONFIRM)
        else:
            left_seconds = service.pushed_expiry_seconds - service.ring_seconds
            self._after(max(0, left_seconds), self._offer_expired)

    def _offer_expired(self) -> None:
        if self._offers >= MOST_OFFERS:
            self._complete(Reason.NOT_AVAILABLE)
        else:
            self._rest_until(later(self._now, SNOOZE_SECONDS))

    def _push(self, event: str) -> None:
        self._desk.ledger.pushes.extend(
            PushMessage(self.callback.id, target.channel, target.target, event, self._now)
            for target in self.callback.push_targets
        )

    # Customer and agent

    def _reached(self) -> None:
        self._become(life_cycle.move(self.callback, State.ROUTING, self._now))
        if self._has_agent:
            self._connect_soon()
        else:
            self._wait_on_line()
            self._desk.queue.move_up()

    def _wait_on_line(self) -> None:
        self._enter(_Phase.ON_LINE)
        self._after(AGENT_WAIT_SECONDS, partial(self._complete, Reason.FAIL_AGENT_CONNECT))

    def _connect_soon(self) -> None:
        self._enter(_Phase.CONNECTING)
        self._after(CONNECT_SECONDS, self._connect)

    def _connect(self) -> None:
        queue = self._desk.queue
        waited_since = max(self._joined_at, self.callback.desired_at)
        queue.history.add_wait((self._now - waited_since).total_seconds())
        self._leave_line()
        self._has_agent = False
        self._enter(_Phase.TALKING)
        queue.talk(self._conversation, self._talk_ended)
        if self._desk.service.retain_session:
            self._become(life_cycle.move(self.callback, State.PROCESSING, self._now))
        else:
            self._complete(Reason.AGENT_CONNECTED)

    def _talk_ended(self) -> None:
        if self._phase is _Phase.TALKING:
            self._complete(Reason.AGENT_CONNECTED)

    def _give_agent_back(self) -> None:
        if self._has_agent:
            self._has_agent = False
            self._desk.queue.release()
        else:
            self._desk.queue.move_up()

    # The end

    def _plan_timeout(self) -> None:
        expires_at = later(self.callback.desired_at, self._desk.service.ttl_seconds)
        self._desk.agenda.at(expires_at, self._time_out)

    def _time_out(self) -> None:
        if self.callback.state in life_cycle.CANCELLABLE:
            self._complete(Reason.FAIL_TIMEOUT_TTL)

    def _complete(self, reason: str) -> None:
        done = life_cycle.complete(self.callback, reason, self._now)
        if self._phase is _Phase.RINGING:
            self._record_call(DialOutcome.NO_ANSWER)
        self._leave_line()
        self._enter(_Phase.OVER)
        self._become(done)
        self._plan_purge()
        self._give_agent_back()

    def _leave_line(self) -> None:
        self._desk.queue.line.leave(self)
        self._desk.queue.unwatch(self)

    def _plan_purge(self) -> None:
        completed_at = self.callback.completed_at or self._since
        purge_at = later(completed_at, self._desk.service.purge_seconds)
        self._desk.agenda.at(purge_at, partial(self._desk.forget, self.callback.id))
