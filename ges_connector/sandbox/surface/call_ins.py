"""Click-To-Call-In requests (GES section 2.8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ges_connector.sandbox.centre import CallInOrder
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import CallInGrant
from ges_connector.sandbox.surface.parameters import Fields
from ges_connector.sandbox.surface.requests import Counter, Incoming


def read_call_in(incoming: Incoming) -> CallInOrder:
    """Reads a call-in request."""
    fields = Fields.of_body(incoming.body)
    return CallInOrder(
        group_name=fields.required_text("groupName", "the name of a Click-To-Call-In group"),
        from_phone_number=fields.text("fromPhoneNumber"),
        callback_id=fields.uuid("callbackServiceId"),
        user_data=fields.user_data(incoming.profile),
    )


def request_call_in(counter: Counter, order: CallInOrder) -> Any:
    """Reserves a number to ring, and a code if the group makes codes."""
    grant = counter.centre.request_call_in(order)
    return {
        "id": str(grant.id),
        "toPhoneNumber": grant.to_phone_number,
        "groupName": grant.group_name,
        "expirationTime": _expiration(counter.profile, grant.expires_at),
        **_optional_fields(counter.profile, grant),
    }


def _expiration(profile: Profile, at: datetime) -> int:
    """Since 1970, in the unit the profile reads the example by (Q2)."""
    unit = timedelta(milliseconds=1) if profile.expiration_unit == "ms" else timedelta(seconds=1)
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // unit


def _optional_fields(profile: Profile, grant: CallInGrant) -> dict[str, Any]:
    """Fields without a value are left out, or null by the profile (Q18)."""
    code = grant.access_code
    fields = {
        # As a number a code loses its leading zeros, which is the trap of Q3.
        "accessCode": code if code is None or profile.access_code == "string" else int(code),
        "fromPhoneNumber": grant.from_phone_number,
        "callbackServiceId": None if grant.callback_id is None else str(grant.callback_id),
    }
    if profile.call_in_echo == "null":
        return fields
    return {name: value for name, value in fields.items() if value is not None}
