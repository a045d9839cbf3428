"""What is asked of GES, checked before it leaves.

A request that GES would refuse, or worse, silently change, never gets on the wire: building it
raises `GesRequestError`, which names the field and never quotes its value. Times go out in one form
only, UTC with milliseconds and `Z` (GES rule 1.6, Q29); a time without offset is accepted only
beside its zone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from pydantic import (
    AliasGenerator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticSerializationError, to_json
from typing_extensions import override

from ges_connector.api.errors import GesRequestError
from ges_connector.api.redaction import texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MIN_MAX_AGE_SECONDS = 15
"""GES does not honour a younger age of cached statistics (GES operation 2.9)."""

# Keys that are not JavaScript identifiers are dropped without a word (GES rule 30).
_KEPT_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


class OfferType(StrEnum):
    """What the customer was offered; for reports only."""

    ASAP = "ASAP"
    """Only a callback in turn."""
    SCHEDULED = "SCHEDULED"
    """Only a callback at a time."""
    COMBINED = "COMBINED_SCHEDULED_AND_ASAP"
    """Both, to choose from."""


class OfferTiming(StrEnum):
    """Whether the office was open when the callback was offered; for reports only."""

    OFF_HOURS = "OFF-HOURS"
    ON_HOURS = "ON-HOURS"


class WaitTimeMode(StrEnum):
    """How an estimated wait time is computed."""

    MODE1 = "mode1"
    """Pace times backlog over the last interactions; does not look whether agents are there."""
    MODE2 = "mode2"
    """The same, with the agents who usually serve the queue; GES's default."""
    MODE3 = "mode3"
    """The value of the statistics server."""


def wire_time(value: datetime) -> str:
    """Write an instant as GES documents it: `2026-01-05T14:30:00.000Z` (GES rule 1.6, Q29).

    Args:
        value: An aware datetime in any zone.

    Returns:
        UTC, milliseconds (finer parts are cut off), a literal `Z`.
    """
    return value.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def zone_named(name: str, field: str = "timezone") -> ZoneInfo:
    """Find a zone of the tz database.

    Args:
        name: Its name, such as `Europe/Berlin`.
        field: Where the name came from, for the error.

    Returns:
        The zone.

    Raises:
        GesRequestError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise GesRequestError(field, "is not a zone of the tz database")


def instant(value: datetime, field: str, zone: ZoneInfo | None) -> datetime:
    """Make a time an instant.

    Args:
        value: An aware datetime, or a naive one that is meant in `zone`.
        field: Name of the argument, for the error.
        zone: The zone that came with it.

    Returns:
        The instant, UTC.

    Raises:
        GesRequestError: The value is naive and no zone came with it, or it leaves the calendar.
    """
    if not isinstance(value, datetime):
        raise GesRequestError(field, "must be a datetime")
    if value.tzinfo is None:
        if zone is None:
            raise GesRequestError(field, "has neither an offset nor a timezone beside it")
        value = value.replace(tzinfo=zone)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        pass
    raise GesRequestError(field, "is outside the calendar")


def _wire_instant(value: datetime | None, field: str, zone: ZoneInfo | None) -> str | None:
    return None if value is None else wire_time(instant(value, field, zone))


def checked_name(value: str, field: str) -> str:
    """Check a name that goes into a path or query.

    Args:
        value: Name of a service, queue or callback.
        field: Name of the argument, for the error.

    Returns:
        The name, unchanged.

    Raises:
        GesRequestError: It is no text, empty, not encodable, or would walk up the path.
    """
    if not isinstance(value, str):
        raise GesRequestError(field, "must be text")
    if not value.strip():
        raise GesRequestError(field, "must not be empty")
    if value in {".", ".."}:
        raise GesRequestError(field, "must not be a path of its own")
    if not _is_encodable(value):
        raise GesRequestError(field, "holds characters that cannot be sent")
    return value


def path_segment(value: str, field: str) -> str:
    """Encode a name as one path segment, slashes and spaces included (Q26)."""
    return quote(checked_name(value, field), safe="")


def wait_time_query(
    virtual_queues: Iterable[str], mode: WaitTimeMode, *, include_calls_on_hold: bool | None
) -> str:
    """Write the query for the estimated wait times of several virtual queues.

    Args:
        virtual_queues: Their names; they travel joined by commas, so no name may hold one.
        mode: How to compute the wait.
        include_calls_on_hold: Count calls on hold too; None leaves it to GES.

    Returns:
        The query, encoded.

    Raises:
        GesRequestError: There is no name, or one that cannot be sent.
    """
    # A text is a sequence of its letters, which would ask for one queue per letter.
    if isinstance(virtual_queues, str) or not isinstance(virtual_queues, Iterable):
        raise GesRequestError("virtual_queues", "must be a sequence of names")
    names = tuple(virtual_queues)
    if not names:
        raise GesRequestError("virtual_queues", "must hold at least one name")
    for name in names:
        if "," in checked_name(name, "virtual_queues"):
            raise GesRequestError("virtual_queues", "a name must not hold a comma")
    return _query(
        {
            "virtual-queues": ",".join(names),
            "mode": _mode(mode),
            "include-calls-on-hold": include_calls_on_hold,
        }
    )


def open_for_query(start: datetime | None, timezone: str | None) -> str:
    """Write the query for how long the office is open.

    Args:
        start: From when on; None means now.
        timezone: Zone in which a naive `start` is meant.

    Returns:
        The query, encoded; may be empty.

    Raises:
        GesRequestError: `start` is naive without a zone, or the zone is unknown.
    """
    zone = None if timezone is None else zone_named(timezone)
    return _query(
        {
            "start": _wire_instant(start, "start", zone),
            "timezone": timezone,
        }
    )


def statistics_body(body: object) -> bytes:
    """Write the caller's own body for the statistics service.

    Args:
        body: Anything JSON can hold; None sends no body at all.

    Returns:
        The JSON text.

    Raises:
        GesRequestError: It cannot be written as JSON.
    """
    if body is None:
        return b""
    try:
        return json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        pass
    raise GesRequestError("body", "cannot be written as JSON")


def statistics_headers(max_age_seconds: int | None) -> dict[str, str]:
    """Write how old cached statistics may be.

    Args:
        max_age_seconds: At least 15; None leaves it to GES, which caches for five minutes.

    Returns:
        The headers to add.

    Raises:
        GesRequestError: The age is below what GES honours.
    """
    if max_age_seconds is None:
        return {}
    if not isinstance(max_age_seconds, int):
        raise GesRequestError("max_age_seconds", "must be a whole number of seconds")
    if max_age_seconds < MIN_MAX_AGE_SECONDS:
        raise GesRequestError("max_age_seconds", f"must be at least {MIN_MAX_AGE_SECONDS}")
    return {"cache-control": f"max-age={max_age_seconds}"}


def _mode(mode: WaitTimeMode) -> str:
    try:
        return WaitTimeMode(mode).value
    except ValueError:
        pass
    raise GesRequestError("mode", "must be one of mode1, mode2, mode3")


def _query(parameters: Mapping[str, str | int | bool | None]) -> str:
    return urlencode(
        {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in parameters.items()
            if value is not None
        },
        quote_via=quote,
        safe="",
    )


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_SentTime = Annotated[AwareDatetime, PlainSerializer(wire_time, return_type=str)]


class _Request(BaseModel):
    """A checked request; building one that cannot be right raises `GesRequestError`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=AliasGenerator(serialization_alias=to_camel),
        validate_by_name=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )

    @model_validator(mode="wrap")
    @classmethod
    def _named_refusal(cls, data: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return check(data)
        except ValidationError as error:
            fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in fault["loc"]) or cls.__name__
        raise GesRequestError(field, fault["msg"].removeprefix("Value error, "))

    def wire_body(self) -> bytes:
        """Write the request as GES's JSON; what was left open is left out."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()

    def private_values(self) -> Iterator[str]:
        """Walk the values that no log, span or error text may repeat."""
        yield from ()


def _checked_user_data(value: dict[str, Any] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    dropped = sorted(key for key in value if not _KEPT_KEY.fullmatch(key))
    if dropped:
        raise ValueError(
            "GES would silently drop these keys, as they are no JavaScript identifiers: "
            + ", ".join(repr(re.sub(r"\d", "*", key)) for key in dropped)
        )
    try:
        # Only what is not a number in JSON is written in two ways.
        is_json = to_json(value) == to_json(value, inf_nan_mode="null")
    except (PydanticSerializationError, ValueError, RecursionError):
        is_json = False
    if not is_json:
        raise ValueError("cannot be written as JSON")
    return value


class PushTarget(_Request):
    """A device that is told when the turn comes near.

    Attributes:
        channel: Push service; GES admits only `FCM`, but contact centres may have configured others
            (GES rule 45), so the word is not checked.
        target: Registration token of the device.
    """

    channel: _Text = "FCM"
    target: _Text = Field(repr=False)


class CallbackRequest(_Request):
    """A callback to book.

    Attributes:
        service_name: Callback service to book with.
        phone_number: Number to call; E.164 is the safe form.
        desired_time: When to call, aware; None means as soon as possible.
        offer_type: What the customer was offered.
        language: Language tag for the prompts, such as `en-US`.
        inbound_virtual_queue: Virtual queue the customer would have waited in.
        offer_threshold_seconds: Wait from which on callbacks were offered.
        channel: Where the customer came from.
        offer_timing: Whether the office was open when the offer was made.
        originating_interaction_id: The call or chat in which the offer was accepted.
        survey_route_point: Overrides the service's survey.
        priority: Overrides the service's initial priority.
        route_point: Overrides the service's outbound route point.
        user_data: Data attached to the call; every key must be a JavaScript identifier (GES rule
            30).
        captcha_token: Proof that a person asks; where the tenant requires it.
        push_targets: Devices to tell; required by services that wait for the customer to ring (GES
            rule 4).
        always_check_capacity: Refuse rather than move the callback to a later slot (GES rule 11).
    """

    service_name: _Text
    phone_number: _Text = Field(repr=False)
    desired_time: _SentTime | None = None
    offer_type: OfferType | None = Field(default=None, serialization_alias="cbOfferType")
    language: _Text | None = None
    inbound_virtual_queue: _Text | None = Field(default=None, serialization_alias="inboundVQ")
    offer_threshold_seconds: float | None = Field(
        default=None, ge=0, serialization_alias="offerThreshold"
    )
    channel: _Text | None = None
    offer_timing: OfferTiming | None = None
    originating_interaction_id: _Text | None = Field(
        default=None, serialization_alias="cbOriginationIxnId"
    )
    survey_route_point: _Text | None = Field(default=None, serialization_alias="surveyRP")
    priority: int | None = None
    route_point: _Text | None = None
    user_data: dict[str, Any] | None = Field(default=None, repr=False)
    captcha_token: _Text | None = Field(default=None, repr=False)
    push_targets: tuple[PushTarget, ...] | None = None
    always_check_capacity: bool | None = None

    _user_data_survives = field_validator("user_data")(_checked_user_data)

    @field_validator("desired_time")
    @classmethod
    def _desired_time_is_an_instant(cls, value: datetime | None) -> datetime | None:
        if value is not None:
            instant(value, "desired_time", None)
        return value

    @override
    def private_values(self) -> Iterator[str]:
        """Walk the number, the user data and the tokens."""
        yield self.phone_number
        yield from texts_in(self.user_data)
        yield from (target.target for target in self.push_targets or ())
        if self.captcha_token:
            yield self.captcha_token


class CallInRequest(_Request):
    """A number to ring is asked for (Click-To-Call-In).

    Attributes:
        group_name: Group of numbers to take one from.
        from_phone_number: The caller's own number.
        user_data: Data attached to the call; every key must be a JavaScript identifier (GES rule
            30).
        callback_service_id: Id of an existing callback to associate.
    """

    group_name: _Text
    from_phone_number: _Text | None = Field(default=None, repr=False)
    user_data: dict[str, Any] | None = Field(default=None, repr=False)
    callback_service_id: _Text | None = None

    _user_data_survives = field_validator("user_data")(_checked_user_data)

    @override
    def private_values(self) -> Iterator[str]:
        """Walk the number and the user data."""
        if self.from_phone_number:
            yield self.from_phone_number
        yield from texts_in(self.user_data)


class CallbackReference(_Request):
    """The id of a callback; it travels in the body, never in an address.

    Attributes:
        id: What `create_callback` answered; any text but an empty one (Q6).
    """

    id: _Text


class AvailabilityWindow(_Request):
    """The stretch of time in which slots are looked for.

    Exactly one of `end` and `number_of_days` must be given: without either GES takes the window to
    be a single moment, and with both its answer is undefined.

    Attributes:
        start: Beginning; None means now. May be naive if `timezone` is given.
        end: End. May be naive if `timezone` is given.
        number_of_days: Length in days, instead of an end.
        timezone: tz database name; zone of naive times, and of the local times in the answer.
        max_time_slots: Stop after so many slots with room; None means all.
        report_busy: List full slots too.
    """

    start: datetime | None = None
    end: datetime | None = None
    number_of_days: int | None = Field(default=None, ge=1)
    timezone: str | None = None
    max_time_slots: int | None = Field(default=None, ge=1)
    report_busy: bool | None = None

    @model_validator(mode="after")
    def _one_sound_window(self) -> Self:
        if (self.end is None) == (self.number_of_days is None):
            raise GesRequestError("end", "give exactly one of end and number_of_days")
        zone = self.zone
        start = None if self.start is None else instant(self.start, "start", zone)
        end = None if self.end is None else instant(self.end, "end", zone)
        if start and end and end < start:
            raise GesRequestError("end", "is before start")
        return self

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of the local times, if one was asked for."""
        return None if self.timezone is None else zone_named(self.timezone)

    def wire_query(self) -> str:
        """Write the window as GES's query, encoded."""
        zone = self.zone
        return _query(
            {
                "start": _wire_instant(self.start, "start", zone),
                "end": _wire_instant(self.end, "end", zone),
                "numberOfDays": self.number_of_days,
                "timezone": self.timezone,
                "maxTimeSlots": self.max_time_slots,
                "reportBusy": self.report_busy,
            }
        )
