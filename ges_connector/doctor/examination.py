"""Asks GES what every topic needs, and judges the answers; books nothing.

Only `--call-in` lends a number, which comes back by itself after some minutes.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

from ges_connector.api import AvailabilityWindow, CallInRequest, GesError
from ges_connector.doctor import ges_checks, local_checks, probes
from ges_connector.doctor.finding import Finding, Light

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
    from datetime import datetime

    from ges_connector.api import Availability, CallIn, GesClient, GesSettings, VirtualQueueWait
    from ges_connector.callbacks.profile import CallbackConfig, TopicProfile
    from ges_connector.doctor.ges_checks import Asked

_Answer = TypeVar("_Answer")

ANY_ORIGIN: Final = "https://example.com"
"""The page that is asked for where none is named; only the time of the answer matters then."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way to GES.

    Attributes:
        settings: Where GES is.
        clock: This machine's clock, UTC.
        assumed: The clock by which the action server tells times, UTC.
        clock_variable: The variable that names the file of that clock; None where it is this
            machine's.
        trust: Whose certificates are trusted; None where no TLS is spoken.
        origin: Origin of web pages that shall call GES themselves, if any.
        timer: Tells by its differences how many seconds something took.
    """

    settings: GesSettings
    clock: Callable[[], datetime]
    assumed: Callable[[], datetime]
    clock_variable: str | None = None
    trust: ssl.SSLContext | None = None
    origin: str | None = None
    timer: Callable[[], float] = time.monotonic

    @property
    def address(self) -> probes.Address:
        """What is connected to: the proxy if there is one, else GES."""
        return probes.Address.of(self.proxy_url or self.settings.root_url)

    @property
    def place(self) -> str:
        """Host and port of it, for people."""
        through = " (proxy)" if self.proxy_url else ""
        return f"{self.address.host}:{self.address.port}{through}"

    @property
    def proxy_url(self) -> str | None:
        """The proxy, with its password if it has one; hand it to nothing that shows it."""
        proxy = self.settings.proxy_url
        return None if proxy is None else proxy.get_secret_value()


async def examine_way(way: Way) -> AsyncGenerator[Finding, None]:
    """Look at the way to GES: name, connection, clock, web pages.

    Yields:
        The findings; after a red one for name or connection none follow, as nothing can be asked.
    """
    proxy_url, url = way.proxy_url, way.settings.root_url
    # Behind a proxy, names are looked up and certificates shown on its far side.
    address = way.address
    named = local_checks.check_name(address.host, await probes.resolve(address))
    yield named
    if named.light is Light.RED:
        return
    found = await probes.connect(address, way.trust)
    preflight: probes.Preflight | Exception = OSError()
    if not isinstance(found, Exception):
        preflight = await probes.ask_as_a_page(
            f"{url}/callbacks/create",
            way.origin or ANY_ORIGIN,
            clock=way.assumed,
            trust=way.trust,
            proxy_url=proxy_url,
        )
        if proxy_url is None and _is_odd(preflight):
            found = await probes.other_than_plain(url) or found
    is_local = address.is_local or proxy_url is not None
    connected = local_checks.check_connection(
        way.place, found, now=way.clock(), is_local=is_local, url=None if proxy_url else url
    )
    yield connected
    if connected.light is Light.RED and isinstance(found, Exception):
        return
    yield local_checks.check_clock(preflight, way.clock_variable)
    yield local_checks.check_origin(way.origin, preflight)


def _is_odd(preflight: probes.Preflight | Exception) -> bool:
    """Whether an answer is such as those get who speak plain HTTP where TLS is spoken."""
    return isinstance(preflight, Exception) or preflight.status == HTTPStatus.BAD_REQUEST


def not_tried(reason: str) -> Finding:
    """Say why nothing was asked about the topics.

    Args:
        reason: Why, as a clause.
    """
    return Finding("topics", Light.AMBER, f"not tried, as {reason}")


async def examine_topics(
    client: GesClient, way: Way, config: CallbackConfig, *, lends: bool
) -> AsyncGenerator[Finding, None]:
    """Look at the path and the key, and at what GES says of every topic.

    Args:
        client: The client.
        way: The way to GES.
        config: What the contact centre offers.
        lends: Whether a call-in number may be lent, to try the group.

    Yields:
        The findings; where GES is not there or does not accept the key, only that and what was not
        tried because of it.
    """
    began = way.timer()
    queue = await _asked(client.queue_status(config.profile().queue))
    took_seconds = way.timer() - began
    statistics = await _asked(client.statistics(None))
    # A name that nobody knows may be answered by a gateway too; a path without one may not.
    if isinstance(queue, GesError) and all(map(ges_checks.is_foreign, (queue, statistics))):
        yield ges_checks.check_path(way.settings.root_url, queue)
        yield not_tried("there is no GES under this address")
        return
    # One queue that does not answer is that topic's affair, as long as something else is answered.
    is_alone = ges_checks.is_silent(queue) and not isinstance(statistics, GesError)
    key = ges_checks.check_key(None if is_alone else queue, way.place)
    if ges_checks.is_silent(queue) and not is_alone:
        key = replace(key, told=f"{key.told}, after {took_seconds:.0f} s")
    yield key
    if key.light is Light.RED:
        is_refused = key.check == "key"
        yield not_tried("GES refuses the key" if is_refused else "GES gives no answer")
        return
    yield ges_checks.check_namesakes([*config.topics.items()])
    listed: list[Asked[Availability]] = []
    is_slow = False
    for topic, profile in config.topics.items():
        seen = await _examine_topic(client, way, topic, profile, lends=lends)
        for finding in seen.findings:
            yield finding
        if (slow := ges_checks.check_speed(topic, seen.seconds, config.patience)) is not None:
            is_slow = True
            yield slow
        listed.append(seen.times)
    if (days := ges_checks.check_days(listed, way.assumed())) is not None:
        yield days
    yield ges_checks.check_statistics(statistics)
    if not is_slow:
        yield ges_checks.all_fast()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of a topic: its findings, its times, and how long each answer took."""

    findings: tuple[Finding, ...]
    times: Asked[Availability]
    seconds: Mapping[str, float]


async def _examine_topic(
    client: GesClient, way: Way, topic: str, profile: TopicProfile, *, lends: bool
) -> _Seen:
    window = AvailabilityWindow(
        number_of_days=ges_checks.DAYS_AHEAD, timezone=profile.office_zone, report_busy=True
    )
    seconds: dict[str, float] = {}

    async def timed(asked: str, call: Awaitable[_Answer]) -> _Answer:
        began = way.timer()
        answer = await call
        seconds[asked] = way.timer() - began
        return answer

    queue, waits, open_for, times, lent = await asyncio.gather(
        timed("queue", _asked(client.queue_status(profile.queue))),
        timed("wait", _waits(client, profile)),
        timed("office hours", _asked(client.open_for(profile.office_hours))),
        timed("free times", _asked(client.availability(profile.service_name, window))),
        _lent(client, profile, lends=lends),
    )
    service, group = profile.service_name, profile.call_in_group or ""
    checked: list[tuple[str, Asked[object], Finding]] = [
        (profile.queue, queue, ges_checks.check_queue(topic, profile, queue, open_for)),
        ("", waits, ges_checks.check_waits(topic, profile, waits, open_for)),
        (profile.office_hours, open_for, ges_checks.check_open_for(topic, profile, open_for)),
        (service, times, ges_checks.check_availability(topic, profile, times)),
        (group, lent, ges_checks.check_call_in(topic, profile, lent, is_tried=lends)),
    ]
    return _Seen(tuple(ges_checks.told_once(topic, checked)), times, seconds)


async def _waits(
    client: GesClient, profile: TopicProfile
) -> Asked[tuple[VirtualQueueWait, ...]] | None:
    if not profile.virtual_queues:
        return None
    return await _asked(
        client.estimated_wait_time(
            profile.virtual_queues, profile.wait_mode, profile.include_calls_on_hold
        )
    )


async def _lent(client: GesClient, profile: TopicProfile, *, lends: bool) -> Asked[CallIn] | None:
    if not lends or profile.call_in_group is None:
        return None
    return await _asked(client.request_call_in(CallInRequest(group_name=profile.call_in_group)))


async def _asked(call: Awaitable[_Answer]) -> Asked[_Answer]:
    try:
        return await call
    except GesError as error:
        return error
