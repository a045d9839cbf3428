"""The wire: a typed async client for the GES callback API. No Rasa, no language.

```python
from ges_connector.api import CallbackRequest, GesClient, GesError

async with GesClient() as ges:  # GES_REGION and GES_API_KEY from the environment
    status = await ges.queue_status("Sales")
    try:
        booked = await ges.create_callback(
            CallbackRequest(service_name="Sales", phone_number="+4915112345678")
        )
    except GesError as error:
        print(error.may_have_taken_effect, error.corr_id)
```

Answers are frozen models, errors one tree (`ges_connector.api.errors`), times aware, waits in
seconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ges_connector.api.circuit import Circuit, CircuitPolicy, CircuitState
from ges_connector.api.deadline import Deadline
from ges_connector.api.errors import (
    GesAuthenticationError,
    GesCircuitOpenError,
    GesConfigurationError,
    GesConnectionError,
    GesConnectionLostError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesInvalidRequestError,
    GesNoAnswerError,
    GesNotFoundError,
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesReadTimeoutError,
    GesRequestError,
    GesResponseError,
    GesServerError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    GesUnknownServiceError,
    Operation,
)
from ges_connector.api.models import (
    Availability,
    AvailabilitySlot,
    Callback,
    CallbackState,
    CallIn,
    CancelledCallback,
    CompletionReason,
    CreatedCallback,
    OpenFor,
    ProposedSlot,
    QueueStatus,
    Statistics,
    VirtualQueueWait,
)
from ges_connector.api.redaction import mask_number
from ges_connector.api.requests import (
    AvailabilityWindow,
    CallbackRequest,
    CallInRequest,
    OfferTiming,
    OfferType,
    PushTarget,
    WaitTimeMode,
)
from ges_connector.api.retry import RetryPolicy
from ges_connector.api.settings import GesSettings

if TYPE_CHECKING:
    from ges_connector.api.client import GesClient
    from ges_connector.api.transport import Answerer, WireAnswer, in_process

__all__ = [
    "Answerer",
    "Availability",
    "AvailabilitySlot",
    "AvailabilityWindow",
    "CallIn",
    "CallInRequest",
    "Callback",
    "CallbackRequest",
    "CallbackState",
    "CancelledCallback",
    "Circuit",
    "CircuitPolicy",
    "CircuitState",
    "CompletionReason",
    "CreatedCallback",
    "Deadline",
    "GesAuthenticationError",
    "GesCircuitOpenError",
    "GesClient",
    "GesConfigurationError",
    "GesConnectTimeoutError",
    "GesConnectionError",
    "GesConnectionLostError",
    "GesDeadlineExceededError",
    "GesError",
    "GesInvalidRequestError",
    "GesNoAnswerError",
    "GesNotFoundError",
    "GesNumberInvalidError",
    "GesNumberNotAllowedError",
    "GesOfficeClosedError",
    "GesReadTimeoutError",
    "GesRequestError",
    "GesResponseError",
    "GesServerError",
    "GesSettings",
    "GesSlotUnavailableError",
    "GesThrottledError",
    "GesUnexpectedAnswerError",
    "GesUnknownResultError",
    "GesUnknownServiceError",
    "OfferTiming",
    "OfferType",
    "OpenFor",
    "Operation",
    "ProposedSlot",
    "PushTarget",
    "QueueStatus",
    "RetryPolicy",
    "Statistics",
    "VirtualQueueWait",
    "WaitTimeMode",
    "WireAnswer",
    "in_process",
    "mask_number",
]

# Whoever only names errors and answers does without what speaks HTTP, and the megabytes of it.
_ON_DEMAND: Final = {
    "Answerer": "ges_connector.api.transport",
    "GesClient": "ges_connector.api.client",
    "WireAnswer": "ges_connector.api.transport",
    "in_process": "ges_connector.api.transport",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ON_DEMAND[name]), name)
