"""What no call tells: settings of the contact centre to look at before the first booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ges_connector.callbacks.profile import CallbackConfig


def to_check_by_hand(config: CallbackConfig) -> Iterator[str]:
    """List them for the services of a configuration, in the order in which they are set up.

    Args:
        config: What the contact centre offers.
    """
    for name, profile in config.topics.items():
        service = profile.service_name
        countries = ", ".join(profile.countries)
        yield (
            f"{name}: callback settings table: {service} is there and enabled, its queue is "
            f"{profile.queue}, and it takes "
            f"{_kinds(immediate=profile.offer.immediate, scheduled=profile.offer.scheduled)}"
        )
        if profile.virtual_queues:
            yield (
                f"{name}: virtual queues: {', '.join(profile.virtual_queues)} are there under "
                "exactly these names; GES tells one that is not from one without calls by nothing"
            )
        yield (
            f"{name}: office hours of {service}: in the zone {profile.office_zone}, with holidays "
            "and special days"
        )
        yield (
            f"{name}: capacity of {service}: places per slot, and a lead time below "
            f"{profile.slots.min_lead_minutes} minutes (slots.min_lead_minutes)"
        )
        yield (
            f"{name}: allowed countries of {service}: {countries}; blocked numbers; limits per "
            "number and day"
        )
        if profile.attempts is not None:
            yield (
                f"{name}: attempts of {service}: {profile.attempts.count}, "
                f"{profile.attempts.gap_minutes} minutes apart, as customers are told"
            )
        if profile.calling_number is not None:
            yield f"{name}: the number shown to customers is {profile.calling_number}"
    yield "all: CAPTCHA is off for this key, or the channel passes the token on"


def _kinds(*, immediate: bool, scheduled: bool) -> str:
    kinds = [word for word, is_on in (("at once", immediate), ("at a time", scheduled)) if is_on]
    return f"callbacks {' and '.join(kinds)}" if kinds else "no callbacks"
