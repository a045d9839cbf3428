"""Books one real callback far ahead, looks it up and cancels it, on demand only.

Whatever happens once GES has confirmed it: it is cancelled, or its id is told so that somebody
can.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ges_connector.api import (
    AvailabilityWindow,
    CallbackRequest,
    CallbackState,
    CompletionReason,
    GesError,
)
from ges_connector.doctor.finding import Finding, Light
from ges_connector.doctor.ges_checks import refusal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ges_connector.api import AvailabilitySlot, Callback, CreatedCallback, GesClient
    from ges_connector.callbacks.phone import Phone
    from ges_connector.callbacks.profile import TopicProfile

_REASON: Final = "Test of ges-callback doctor; cancelled at once."
_WANTED: Final = "see that the service takes scheduled callbacks and this number in GES"


async def try_booking(
    client: GesClient, topic: str, profile: TopicProfile, phone: Phone
) -> AsyncGenerator[Finding, None]:
    """Book the last free time that is looked at, retrieve the callback, cancel it.

    Args:
        client: The client.
        topic: The topic.
        profile: Its profile.
        phone: Whom to call; nobody is called, as long as the cancellation succeeds.

    Yields:
        A finding for each step.
    """
    slot = await _last_free_time(client, profile)
    if isinstance(slot, GesError):
        yield refusal("booking", topic, slot, _WANTED)
        return
    if slot is None:
        told = f"no time is free in the next {profile.slots.horizon_days} days"
        yield Finding("booking", Light.RED, told, topic, "see the finding on free times")
        return
    creating = asyncio.ensure_future(client.create_callback(_request(profile, phone, slot)))
    try:
        # Whoever breaks off now does not know yet what there is to take back.
        created = await asyncio.shield(creating)
    except asyncio.CancelledError:
        await _take_back(client, creating)
        raise
    except GesError as error:
        yield _not_booked(topic, error, slot)
        return
    at = f"{slot.utc_time:%Y-%m-%d %H:%M} UTC"
    told = f"booked {created.id} for {at}, number {phone.masked}"
    is_cancelled = False
    try:
        yield Finding("booking", Light.GREEN, told, topic)
        yield await _retrieved(client, topic, created.id, slot)
    finally:
        cancelled = await _cancelled(client, topic, created.id)
        is_cancelled = cancelled.light is Light.GREEN
    yield cancelled
    if is_cancelled:
        yield await _gone(client, topic, created.id)


async def _take_back(client: GesClient, creating: asyncio.Future[CreatedCallback]) -> None:
    with suppress(GesError):
        await client.cancel_callback((await creating).id)


async def _last_free_time(
    client: GesClient, profile: TopicProfile
) -> AvailabilitySlot | GesError | None:
    window = AvailabilityWindow(number_of_days=profile.slots.horizon_days)
    try:
        found = await client.availability(profile.service_name, window)
    except GesError as error:
        return error
    return found.open_slots[-1] if found.open_slots else None


def _request(profile: TopicProfile, phone: Phone, slot: AvailabilitySlot) -> CallbackRequest:
    return CallbackRequest(
        service_name=profile.service_name,
        phone_number=phone.e164,
        desired_time=slot.utc_time,
        user_data={"reason": _REASON} if "reason" in profile.user_data.keys else None,
        always_check_capacity=True,
    )


def _not_booked(topic: str, error: GesError, slot: AvailabilitySlot) -> Finding:
    if not error.may_have_taken_effect:
        return refusal("booking", topic, error, _WANTED)
    step = f"look in GES for a callback at {slot.utc_time:%Y-%m-%d %H:%M} UTC and cancel it by hand"
    told = "no answer came: it may be booked, or not"
    return Finding("booking", Light.RED, told, topic, step, error.corr_id)


async def _retrieved(
    client: GesClient, topic: str, callback_id: str, slot: AvailabilitySlot
) -> Finding:
    found = await _looked_up(client, callback_id)
    if isinstance(found, GesError):
        return refusal("retrieval", topic, found, "let the administrator look the id up in GES")
    if found.desired_time != slot.utc_time:
        told = f"GES keeps it for {found.desired_time:%Y-%m-%d %H:%M} UTC, another time"
        step = "see how the service moves callbacks (GES rule 11)"
        return Finding("retrieval", Light.RED, told, topic, step, found.corr_id)
    if found.state != CallbackState.SCHEDULED:
        told = f"it is {found.state}, though its time is far ahead"
        return Finding("retrieval", Light.AMBER, told, topic, "look at it in GES", found.corr_id)
    return Finding("retrieval", Light.GREEN, f"it is {found.state}, for the time booked", topic)


async def _cancelled(client: GesClient, topic: str, callback_id: str) -> Finding:
    try:
        await client.cancel_callback(callback_id)
    except GesError as error:
        step = f"cancel {callback_id} by hand in GES: somebody will be called otherwise"
        return replace(refusal("cancellation", topic, error, step), next_step=step)
    return Finding("cancellation", Light.GREEN, f"cancelled {callback_id}", topic)


async def _gone(client: GesClient, topic: str, callback_id: str) -> Finding:
    found = await _looked_up(client, callback_id)
    check = "after it"
    if isinstance(found, GesError):
        told = f"it can no longer be looked up ({type(found).summary})"
        return Finding(check, Light.GREEN, told, topic)
    if found.state == CallbackState.COMPLETED and found.reason == CompletionReason.CANCELLED:
        return Finding(check, Light.GREEN, "it is over: CANCELLED", topic)
    step = f"look {callback_id} up in GES: somebody may be called"
    return Finding(check, Light.RED, f"it is {found.state}", topic, step, found.corr_id)


async def _looked_up(client: GesClient, callback_id: str) -> Callback | GesError:
    try:
        return await client.retrieve_callback(callback_id)
    except GesError as error:
        return error
