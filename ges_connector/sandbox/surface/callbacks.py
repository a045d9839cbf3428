"""Create, cancel and retrieve (GES sections 2.1 to 2.3)."""

from typing import Any
from uuid import UUID

from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import Booking, Code, PushTarget, RefusedError
from ges_connector.sandbox.surface.parameters import Fields, read_uuid, refuse_field
from ges_connector.sandbox.surface.requests import Counter, Incoming, optional, wait_number
from ges_connector.sandbox.wire import instant_text

_TEXT_REPORTING_FIELDS = (
    # Any text will do as an offer type: the vendor's clients send a whole sentence (rule 1.11).
    "cbOfferType",
    "inboundVQ",
    "channel",
    "offerTiming",
    "cbOriginationIxnId",
    "surveyRP",
    "routePoint",
)


def read_booking(incoming: Incoming) -> Booking:
    """Reads a create request; what its values mean is the contact centre's business."""
    fields = Fields.of_body(incoming.body)
    reporting: dict[str, Any] = {
        name: value for name in _TEXT_REPORTING_FIELDS if (value := fields.text(name)) is not None
    }
    if (threshold := fields.number("offerThreshold")) is not None:
        reporting["offerThreshold"] = threshold
    return Booking(
        service_name=fields.required_text("serviceName", "the name of a callback service"),
        phone_number=fields.required_text("phoneNumber", "the number to call back"),
        desired_at=fields.instant("desiredTime", incoming.profile),
        always_check_capacity=fields.flag("alwaysCheckCapacity") or False,
        priority=fields.number("priority"),
        language=fields.text("language") or "en-US",
        push_targets=tuple(_push_target(entry) for entry in fields.objects("pushTargets")),
        captcha_token=fields.text("captchaToken"),
        user_data=fields.user_data(incoming.profile),
        reporting=reporting,
    )


def _push_target(fields: Fields) -> PushTarget:
    channel = fields.required_text("channel", "FCM")
    if channel != "FCM":
        raise refuse_field("pushTargets", "has a channel other than FCM, the only one there is")
    return PushTarget(channel, fields.required_text("target", "an FCM registration token"))


def create(counter: Counter, booking: Booking) -> Any:
    """Books a callback."""
    return {"id": str(counter.centre.create(booking).id)}


def read_callback_id(incoming: Incoming) -> UUID:
    """Reads the body of cancel and retrieve, which is an id only."""
    text = Fields.of_body(incoming.body).required_text("id", "the id that create returned")
    try:
        return read_uuid("id", text)
    except RefusedError as error:
        if incoming.profile.malformed_id_status == 400:  # noqa: PLR2004 - an HTTP status
            raise
        raise RefusedError(404, Code.CALLBACK_NOT_FOUND, error.message) from error


def cancel(counter: Counter, callback_id: UUID) -> Any:
    """Cancels a callback; the answer repeats its id."""
    return {"id": str(counter.centre.cancel(callback_id).id)}


def retrieve(counter: Counter, callback_id: UUID) -> Any:
    """Tells where a callback stands."""
    view = counter.centre.retrieve(callback_id)
    return {
        "id": str(view.callback.id),
        "desiredTime": instant_text(view.callback.desired_at),
        "callbackState": str(view.callback.state),
        "phoneNumber": view.callback.phone_number,
        **optional(
            counter.profile,
            callbackReason=view.callback.reason,
            positionInQueue=view.position_in_queue,
            estimatedWaitTime=_wait_or_none(counter.profile, view.wait_seconds),
        ),
    }


def _wait_or_none(profile: Profile, wait_seconds: float | None) -> float | None:
    return None if wait_seconds is None else wait_number(profile, wait_seconds)
