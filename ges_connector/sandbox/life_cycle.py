"""Which states a callback goes through, and why it ends (section 6 of docs/ges-contract.md).

The order is SCHEDULED, QUEUED, ROUTING, PROCESSING, COMPLETED. States may be skipped, none is ever
entered twice or left backwards. How the sandbox comes to each reason:

| Reason | How it comes about |
|---|---|
| AGENT_CONNECTED | The customer was reached and an agent took the call (rule 40a). |
| CANCELLED | `callbacks/cancel` while SCHEDULED, QUEUED or ROUTING (rule 40). |
| CANCELLED_BY_ADMIN | The same from the admin side. |
| FAIL_CALL_TO_CUSTOMER | Every dial attempt met no answer, a busy line or a machine (rule 36). |
| FAIL_USER_NO_CONFIRM | The customer declined, on the phone or in answer to a push. |
| NOT_AVAILABLE | The last push offer of a USERORIGINATED callback expired (rules 37 and 38). |
| FAIL_AGENT_CONNECT | The customer waited an hour on the line and no agent became free. |
| FAIL_TIMEOUT_TTL | Not connected within `ttl_seconds` after the desired time (rule 34). |
| every other, and any text | Only by an administrator's `finish_with`. |

That a declined call ends the callback at once, and that unanswered offers end as NOT_AVAILABLE, is
the sandbox's reading; GES does not document either.
"""

from dataclasses import replace
from datetime import datetime

from ges_connector.sandbox.records import Callback, State

ORDER = (State.SCHEDULED, State.QUEUED, State.ROUTING, State.PROCESSING, State.COMPLETED)
CANCELLABLE = frozenset({State.SCHEDULED, State.QUEUED, State.ROUTING})
"""The states in which a cancel is accepted (rule 40)."""


class IllegalTransitionError(Exception):
    """A callback cannot go from the state it is in to the one asked for.

    Attributes:
        state: The state it is in.
    """

    def __init__(self, state: State, wanted: str) -> None:
        super().__init__(f"a callback that is {state.value} cannot be {wanted}")
        self.state = state


def move(callback: Callback, state: State, at: datetime) -> Callback:
    """Returns the callback one or more states further on.

    Raises:
        IllegalTransitionError: The state is the present one or lies behind it.
    """
    if ORDER.index(state) <= ORDER.index(callback.state):
        raise IllegalTransitionError(callback.state, state.value)
    return replace(callback, state=state, state_since_at=at)


def complete(callback: Callback, reason: str, at: datetime) -> Callback:
    """Returns the callback completed for a reason.

    Raises:
        IllegalTransitionError: It is completed already.
    """
    done = move(callback, State.COMPLETED, at)
    return replace(done, reason=str(reason), completed_at=at)


def require_cancellable(callback: Callback) -> None:
    """Passes only callbacks that a cancel may still end.

    Raises:
        IllegalTransitionError: The callback is PROCESSING or COMPLETED (rule 40).
    """
    if callback.state not in CANCELLABLE:
        raise IllegalTransitionError(callback.state, "cancelled")
