"""The client: one coroutine per operation of GES, and one private path that all of them take.

Every coroutine takes a `deadline`, the budget of the caller's whole turn; None means the default of
the settings. The errors are drawn in `ges_connector.api.errors`; any coroutine can raise

- `GesRequestError`, before anything is sent;
- `GesConnectionError`, `GesDeadlineExceededError`, `GesAuthenticationError`,
  `GesInvalidRequestError`, `GesThrottledError`, `GesServerError`, `GesUnexpectedAnswerError`;
- reads also `GesReadTimeoutError` and `GesConnectionLostError`; writes, in their place,
  `GesUnknownResultError`.

What a coroutine raises beyond these stands in its docstring.
"""

from __future__ import annotations

import asyncio
import functools
import random
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from typing_extensions import override

from ges_connector.api import requests, telemetry
from ges_connector.api.answers import Envelope, Received, error_in, misfit, read_envelope
from ges_connector.api.circuit import Circuit, CircuitPolicy
from ges_connector.api.deadline import Deadline
from ges_connector.api.errors import (
    GesConnectionError,
    GesConnectionLostError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesReadTimeoutError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    Operation,
)
from ges_connector.api.models import (
    Availability,
    Callback,
    CallIn,
    CancelledCallback,
    CreatedCallback,
    OpenFor,
    QueueStatus,
    Statistics,
    VirtualQueueWait,
)
from ges_connector.api.redaction import pseudonym, redact
from ges_connector.api.requests import (
    AvailabilityWindow,
    CallbackReference,
    CallbackRequest,
    CallInRequest,
    WaitTimeMode,
)
from ges_connector.api.retry import RetryPolicy, delay_seconds
from ges_connector.api.settings import GesSettings
from ges_connector.api.transport import (
    FailureKind,
    Outgoing,
    Patience,
    PooledWire,
    PoolLimits,
    Wire,
    WireFailure,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from datetime import datetime

    from ges_connector.api.transport import InjectedHttp

_Answer = TypeVar("_Answer")
_Model = TypeVar("_Model", bound=BaseModel)
_WAITS = TypeAdapter(tuple[VirtualQueueWait, ...])
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Call:
    """One operation with all it needs, however often it is attempted.

    Attributes:
        operation: What is asked.
        outgoing: The request.
        private_values: Walks what no error text may repeat; called only when there is such a text.
    """

    operation: Operation
    outgoing: Outgoing = field(repr=False)
    private_values: Callable[[], Iterable[str]] = tuple


class GesClient:
    """A typed client of the GES callback API.

    Opens nothing until its first call, so it may be made at import time, pickled, and used from
    several event loops, each of which gets its own pool. Use it as an async context manager, or
    call `aclose` at the end; a later call opens a new pool.

    Args:
        settings: Where GES is and how patient to be; None reads the environment.
        http: An `httpx.AsyncClient` or httpx transport to use instead of the built-in pool; stays
            open.
        retry: How often and how fast reads are repeated.
        circuit: What refuses calls while GES is down; None makes one by the settings.
        pause: Waits between attempts.
        jitter: Gives numbers from 0 to 1.

    Raises:
        GesConfigurationError: The environment holds no usable settings; lists every fault.
    """

    def __init__(  # noqa: PLR0913 - each is a seam of its own, and all have defaults
        self,
        settings: GesSettings | None = None,
        *,
        http: InjectedHttp | None = None,
        retry: RetryPolicy | None = None,
        circuit: Circuit | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings or GesSettings()
        self._retry = retry or RetryPolicy()
        self._circuit = circuit or _circuit(self._settings)
        self._pause = pause
        self._jitter = jitter
        self._key = self._settings.key()
        self._wire = _wire(self._settings, self._key, http)

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.root_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    @property
    def circuit(self) -> Circuit:
        """What refuses calls while GES is down."""
        return self._circuit

    def pseudonym(self, kind: str, value: str) -> str:
        """Name a personal value so that only holders of the same API key can tell which one it is.

        Args:
            kind: What the value is, in at most 16 letters; part of the name.
            value: The value.
        """
        return pseudonym(kind, value, self._key)

    async def aclose(self) -> None:
        """Close this event loop's pool; an injected client or transport stays open."""
        await self._wire.aclose()

    async def create_callback(
        self, request: CallbackRequest, *, deadline: Deadline | None = None
    ) -> CreatedCallback:
        """Book a callback. Never repeated once it may have been sent.

        After an error, `may_have_taken_effect` tells whether the callback may exist all the same.

        Args:
            request: What to book.
            deadline: Budget; see the module.

        Returns:
            The id of the callback. Only this means that it is booked.

        Raises:
            GesSlotUnavailableError: The slot is full; carries the slots GES proposes instead.
            GesOfficeClosedError: The desired time is outside office hours.
            GesNumberInvalidError: The number is not valid.
            GesNumberNotAllowedError: The number cannot or may not be called.
            GesUnknownServiceError: There is no such service.
            GesUnknownResultError: Sent, but no whole answer came.
        """
        call = _post(
            Operation.CREATE_CALLBACK,
            "/callbacks/create",
            request.wire_body(),
            private_values=request.private_values,
        )
        return await self._perform(call, deadline, functools.partial(_fitted, CreatedCallback))

    async def retrieve_callback(
        self, callback_id: str, *, deadline: Deadline | None = None
    ) -> Callback:
        """Ask how a callback stands.

        Args:
            callback_id: What `create_callback` answered.
            deadline: Budget; see the module.

        Returns:
            The callback.

        Raises:
            GesNotFoundError: No such callback, or it has been purged since it ended (Q19).
        """
        reference = CallbackReference(id=callback_id)
        call = _post(Operation.RETRIEVE_CALLBACK, "/callbacks/retrieve", reference.wire_body())
        return await self._perform(call, deadline, functools.partial(_fitted, Callback))

    async def cancel_callback(
        self, callback_id: str, *, deadline: Deadline | None = None
    ) -> CancelledCallback:
        """Cancel a callback. Never repeated once it may have been sent.

        Args:
            callback_id: What `create_callback` answered.
            deadline: Budget; see the module.

        Returns:
            The id of the cancelled callback.

        Raises:
            GesNotFoundError: No such callback: it never was, or is gone.
            GesInvalidRequestError: It can no longer be cancelled, as it is under way or over (Q8).
            GesUnknownResultError: Sent, but no whole answer came; `retrieve_callback` tells.
        """
        reference = CallbackReference(id=callback_id)
        call = _post(Operation.CANCEL_CALLBACK, "/callbacks/cancel", reference.wire_body())
        return await self._perform(call, deadline, functools.partial(_fitted, CancelledCallback))

    async def availability(
        self, service_name: str, window: AvailabilityWindow, *, deadline: Deadline | None = None
    ) -> Availability:
        """List the slots in which callbacks can be scheduled.

        Args:
            service_name: Callback service.
            window: The stretch of time to look at.
            deadline: Budget; see the module.

        Returns:
            The slots, earliest first; local times are in the window's zone.

        Raises:
            GesUnknownServiceError: There is no such service; some servers say `GesNotFoundError`
                (Q15).
        """
        path = f"/callbacks/availability/{requests.path_segment(service_name, 'service_name')}"
        call = _get(Operation.AVAILABILITY, path, window.wire_query())
        zone = {"zone": window.zone}
        return await self._perform(
            call, deadline, functools.partial(_fitted, Availability, context=zone)
        )

    async def open_for(
        self,
        service_name: str,
        start: datetime | None = None,
        timezone: str | None = None,
        *,
        deadline: Deadline | None = None,
    ) -> OpenFor:
        """Ask how long the office stays open.

        Args:
            service_name: Callback service, or business-hours service where GES wants that (Q28).
            start: From when on; None means now. May be naive if `timezone` is given.
            timezone: tz database name; zone of a naive `start`.
            deadline: Budget; see the module.

        Returns:
            Seconds until it closes.

        Raises:
            GesUnknownServiceError: There is no such service; some servers say `GesNotFoundError`
                (Q15).
        """
        path = f"/callbacks/open-for/{requests.path_segment(service_name, 'service_name')}"
        call = _get(Operation.OPEN_FOR, path, requests.open_for_query(start, timezone))
        return await self._perform(call, deadline, functools.partial(_fitted, OpenFor))

    async def queue_status(
        self, queue_name: str, *, deadline: Deadline | None = None
    ) -> QueueStatus:
        """Ask what a callback queue can offer now, and how long its wait is.

        Args:
            queue_name: Callback queue.
            deadline: Budget; see the module.

        Returns:
            What can be offered.

        Raises:
            GesUnknownServiceError: There is no such queue; some servers say `GesNotFoundError`
                (Q15).
        """
        path = f"/callbacks/queue-status/{requests.path_segment(queue_name, 'queue_name')}"
        call = _get(Operation.QUEUE_STATUS, path)
        return await self._perform(call, deadline, functools.partial(_fitted, QueueStatus))

    async def estimated_wait_time(
        self,
        virtual_queues: Iterable[str],
        mode: WaitTimeMode = WaitTimeMode.MODE2,
        include_calls_on_hold: bool | None = None,  # noqa: FBT001 - the wire's own word for it
        *,
        deadline: Deadline | None = None,
    ) -> tuple[VirtualQueueWait, ...]:
        """Estimate the wait in one or several virtual queues.

        Args:
            virtual_queues: Their names.
            mode: How to compute the wait.
            include_calls_on_hold: Count calls on hold too; None leaves it to GES.
            deadline: Budget; see the module.

        Returns:
            One estimate per queue; trouble with a queue is told in its estimate (Q16).
        """
        query = requests.wait_time_query(
            virtual_queues, mode, include_calls_on_hold=include_calls_on_hold
        )
        call = _get(Operation.ESTIMATED_WAIT_TIME, "/estimated-wait-time", query)
        return await self._perform(call, deadline, _fitted_waits)

    async def request_call_in(
        self, request: CallInRequest, *, deadline: Deadline | None = None
    ) -> CallIn:
        """Ask for a number the customer can ring. Never repeated once it may have been sent.

        Args:
            request: Which group, for whom.
            deadline: Budget; see the module.

        Returns:
            The number, with access code and expiry.

        Raises:
            GesUnknownResultError: Sent, but no whole answer came; a number may be reserved until it
                expires.
        """
        call = _post(
            Operation.REQUEST_CALL_IN,
            "/call-in/requests/create",
            request.wire_body(),
            private_values=request.private_values,
        )
        return await self._perform(call, deadline, functools.partial(_fitted, CallIn))

    async def statistics(
        self,
        body: object,
        max_age_seconds: int | None = None,
        *,
        deadline: Deadline | None = None,
    ) -> Statistics:
        """Ask the statistics service behind GES.

        Args:
            body: Its own request, handed on as JSON; None sends an empty body.
            max_age_seconds: How old a cached answer may be, at least 15; None leaves it to GES.
            deadline: Budget; see the module.

        Returns:
            Its answer, as it came.

        Raises:
            GesAuthenticationError: The key, or the tenant's credentials for the statistics service,
                are missing or refused.
        """
        call = _post(
            Operation.STATISTICS,
            "/statistics/operations/get-statistic-ex",
            requests.statistics_body(body),
            headers=requests.statistics_headers(max_age_seconds),
        )
        return await self._perform(call, deadline, _fitted_statistics)

    async def _perform(
        self,
        call: _Call,
        deadline: Deadline | None,
        fit: Callable[[Envelope], _Answer],
    ) -> _Answer:
        deadline = deadline or Deadline.after(self._settings.deadline_seconds)
        attempt = 1
        while True:
            try:
                return await self._attempt(call, deadline, fit, attempt)
            except GesError as error:
                delay = delay_seconds(
                    self._retry,
                    error,
                    attempt=attempt,
                    remaining_seconds=deadline.remaining_seconds,
                    jitter=self._jitter(),
                )
                if delay is None:
                    raise
            await self._pause(delay)
            attempt += 1

    async def _attempt(
        self,
        call: _Call,
        deadline: Deadline,
        fit: Callable[[Envelope], _Answer],
        attempt: int,
    ) -> _Answer:
        record = telemetry.AttemptRecord(call.operation, attempt)
        try:
            if deadline.is_spent:
                raise GesDeadlineExceededError(operation=call.operation)
            with self._circuit.attempt(call.operation):
                received = await self._exchange(call, deadline)
                envelope = read_envelope(received.body, lambda: self._secrets(call))
                answer = self._read(call, received, envelope, fit)
        except GesError as error:
            record.failed(error)
            raise
        else:
            record.succeeded(received.status, envelope.corr_id)
            return answer
        finally:
            record.close()

    async def _exchange(self, call: _Call, deadline: Deadline) -> Received:
        total = remaining = deadline.remaining_seconds
        if not call.operation.is_write:
            total = min(remaining, self._settings.read_timeout_seconds)
        patience = Patience(min(total, self._settings.connect_timeout_seconds), total)
        try:
            return await self._wire.exchange(call.outgoing, patience)
        except WireFailure as raised:
            failure = raised
        raise _no_answer(call.operation, failure, patience, remaining)

    def _secrets(self, call: _Call) -> list[str]:
        return [self._key, *call.private_values()]

    def _read(
        self,
        call: _Call,
        received: Received,
        envelope: Envelope,
        fit: Callable[[Envelope], _Answer],
    ) -> _Answer:
        def masked(text: str) -> str:
            return redact(text, self._secrets(call))

        error: GesError | None = error_in(call.operation, received, envelope, masked)
        if error is None:
            try:
                return fit(envelope)
            except ValidationError as unfit:
                error = misfit(call.operation, received, envelope, unfit)
        # Raised out here, so that what the model complained about is not chained to it.
        raise error


def _circuit(settings: GesSettings) -> Circuit:
    policy = CircuitPolicy(
        failures=settings.circuit_failures,
        first_pause_seconds=settings.circuit_first_pause_seconds,
        max_pause_seconds=settings.circuit_max_pause_seconds,
    )
    return Circuit(policy)


def _wire(settings: GesSettings, key: str, http: InjectedHttp | None) -> Wire:
    headers = {
        "x-api-key": key,
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": _user_agent(),
    }
    if http is not None:
        from ges_connector.api.injected import InjectedWire  # noqa: PLC0415 - httpx is heavy

        return InjectedWire(settings.root_url, headers, http)
    limits = PoolLimits(
        max_connections=settings.max_connections,
        keepalive_seconds=settings.keepalive_seconds,
        connect_timeout_seconds=settings.connect_timeout_seconds,
        proxy_url=settings.proxy_url.get_secret_value() if settings.proxy_url else None,
    )
    return PooledWire(settings.root_url, headers, limits)


def _user_agent() -> str:
    try:
        return f"ges-callback/{version('ges-callback')}"
    except PackageNotFoundError:
        return "ges-callback"


def _get(operation: Operation, path: str, query: str = "") -> _Call:
    target = f"{path}?{query}" if query else path
    return _Call(operation, Outgoing("GET", target, b"", _NO_HEADERS))


def _post(
    operation: Operation,
    path: str,
    body: bytes,
    *,
    headers: Mapping[str, str] = _NO_HEADERS,
    private_values: Callable[[], Iterable[str]] = tuple,
) -> _Call:
    return _Call(operation, Outgoing("POST", path, body, headers), private_values)


def _fitted(
    model: type[_Model], envelope: Envelope, context: dict[str, Any] | None = None
) -> _Model:
    return model.model_validate(_with_corr_id(envelope.data, envelope), context=context)


def _fitted_waits(envelope: Envelope) -> tuple[VirtualQueueWait, ...]:
    data = envelope.data
    if isinstance(data, list):
        data = [_with_corr_id(item, envelope) for item in data]
    return _WAITS.validate_python(data)


def _fitted_statistics(envelope: Envelope) -> Statistics:
    return Statistics.model_validate({"data": envelope.data, "corr_id": envelope.corr_id})


def _with_corr_id(data: Any, envelope: Envelope) -> Any:
    return {**data, "corr_id": envelope.corr_id} if isinstance(data, dict) else data


def _no_answer(
    operation: Operation, failure: WireFailure, patience: Patience, remaining_seconds: float
) -> GesError:
    """Name the error of an exchange without a whole answer.

    Args:
        operation: What was asked.
        failure: What became of it.
        patience: How long the attempt was allowed to take.
        remaining_seconds: What was left of the budget when it began.

    Returns:
        The error to raise.
    """
    kind = failure.kind
    if kind is FailureKind.NEVER_SENT:
        error: type[GesError] = GesConnectionError
    elif kind is FailureKind.CONNECT_TIMED_OUT:
        spent = patience.connect_seconds >= remaining_seconds
        error = GesDeadlineExceededError if spent else GesConnectTimeoutError
    elif kind is FailureKind.TOO_LARGE:
        error = GesUnexpectedAnswerError
    elif operation.is_write:
        error = GesUnknownResultError
    elif kind is FailureKind.TIMED_OUT:
        spent = patience.total_seconds >= remaining_seconds
        error = GesDeadlineExceededError if spent else GesReadTimeoutError
    else:
        error = GesConnectionLostError
    return error(operation=operation, http_status=failure.status, message=failure.reason)
