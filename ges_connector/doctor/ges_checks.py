"""Judges what GES answered, or the error in place of an answer, topic by topic. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from ges_connector.api import (
    GesAuthenticationError,
    GesConnectionError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesInvalidRequestError,
    GesNoAnswerError,
    GesNotFoundError,
    GesReadTimeoutError,
    GesResponseError,
    GesServerError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownServiceError,
)
from ges_connector.doctor.finding import Finding, Light

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ges_connector.api import (
        Availability,
        CallIn,
        OpenFor,
        QueueStatus,
        Statistics,
        VirtualQueueWait,
    )
    from ges_connector.callbacks.profile import Patience, TopicProfile

_Answer = TypeVar("_Answer")
Asked: TypeAlias = "_Answer | GesError"
"""What GES answered, or why it did not."""

DAYS_AHEAD: Final = 7
"""How many days of free times are looked at."""
_SLOW_SECONDS: Final = 1.0
_SECONDS_OF_AN_HOUR: Final = 3600
_HOURS_OF_A_DAY: Final = 24
# Hours at which few offices are open; times in them hint at the wrong zone.
_DEAD_OF_NIGHT: Final = range(1, 5)
_CLASS_NAME: Final = re.compile(r"[A-Za-z]+(Error|Exception)")
_NOBODY: Final = -2
_ALL_LENT: Final = 7904
_DAY: Final = timedelta(days=1)
_NO_SUCH_PATH: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})
_KEY_STEPS: Final = (
    "compare GES_API_KEY (or GES_API_KEY_FILE) with the key in the Developer tab, and GES_REGION "
    "with the region that came with it"
)

_TOO_SLOW_STEP: Final = (
    "look at network and proxy between this machine and GES; GES_CONNECT_TIMEOUT_SECONDS, "
    "GES_READ_TIMEOUT_SECONDS and GES_DEADLINE_SECONDS say how long is waited"
)
_TOO_SLOW: Final = GesReadTimeoutError | GesConnectTimeoutError | GesDeadlineExceededError
_NO_CONNECTION: Final = GesConnectionError | GesNoAnswerError | GesDeadlineExceededError
_FOREIGN_STEP: Final = (
    "; no word of the answer is GES's own, so look at host and port of GES_BASE_URL too"
)


def refusal(check: str, topic: str | None, error: GesError, next_step: str) -> Finding:
    """Judge a call that gave no answer.

    Args:
        check: The check that made it.
        topic: Its topic, if it has one.
        error: What was raised.
        next_step: What to do if GES knows no such thing or refuses what was asked.
    """
    if isinstance(error, GesAuthenticationError):
        step = f"{_KEY_STEPS}{_FOREIGN_STEP if _is_bare(error) else ''}"
    elif isinstance(error, GesThrottledError):
        step = "wait a minute and try again; GES was asked too much"
    elif isinstance(error, GesInvalidRequestError | GesNotFoundError):
        step = next_step
    elif isinstance(error, GesResponseError | GesUnexpectedAnswerError):
        named = "the corrId" if error.corr_id else "this line and the time (there is no corrId)"
        step = f"try again; if it stays, give {named} to the administrator of GES"
    elif isinstance(error, _TOO_SLOW):
        step = _TOO_SLOW_STEP
    else:
        step = "look whether GES can be reached from this machine: network, proxy, firewall"
    return Finding(check, Light.RED, _sentence(error), topic, step, error.corr_id)


def _sentence(error: GesError) -> str:
    """What an error says, without the corrId, which is told beside it."""
    seen = [
        f"{label} {value}"
        for label, value in (("HTTP", error.http_status), ("GES code", error.code))
        if value is not None
    ]
    where = f" ({', '.join(seen)})" if seen else ""
    # What kind of error Python raised is of use to who mends the program.
    is_telling = error.message and not _CLASS_NAME.fullmatch(error.message)
    said = f": {error.message}" if is_telling else ""
    return f"{error.summary}{where}{said}".rstrip(".")


def is_silent(answer: Asked[object]) -> bool:
    """Whether no answer came at all."""
    return isinstance(answer, _NO_CONNECTION)


def is_foreign(answer: Asked[object]) -> bool:
    """Whether an answer is none of GES's: nothing is known under this path, or it is a web page.

    GES wraps what it refuses, an unknown queue too, in an envelope with a code and a corrId (GES
    rule 1.4); a gateway or another program does not.
    """
    if not isinstance(answer, GesError) or not _is_bare(answer):
        return False
    return isinstance(answer, GesUnexpectedAnswerError) or answer.http_status in _NO_SUCH_PATH


def _is_bare(error: GesError) -> bool:
    return error.code is None and error.corr_id is None


def check_path(root_url: str, error: GesError) -> Finding:
    """Tell that GES is not where it was looked for.

    Args:
        root_url: Where that was.
        error: What came instead of an answer of GES.
    """
    told = f"there is no GES under {root_url}: {_sentence(error)}"
    step = (
        "look at host, port and path of GES_BASE_URL: it ends in /engagement/v3, as in "
        "https://gapi-REGION.genesyscloud.com/engagement/v3; or set GES_REGION instead"
    )
    return Finding("path", Light.RED, told, None, step, error.corr_id)


def check_key(answer: Asked[QueueStatus] | None, place: str) -> Finding:
    """Judge whether the key is accepted, by any call: an unknown queue is no fault of the key.

    Args:
        answer: What came of the call; None where another call has shown that the key is accepted.
        place: Host and port that were connected to, GES's own or those of the proxy.

    Returns:
        A finding on the key; on the connection, or on the answer, where these keep it from being
        looked at.
    """
    if isinstance(answer, GesAuthenticationError):
        return refusal("key", None, answer, _KEY_STEPS)
    if not isinstance(answer, GesError) or isinstance(
        answer, GesInvalidRequestError | GesNotFoundError
    ):
        return Finding("key", Light.GREEN, "GES accepts the key")
    if isinstance(answer, GesServerError) and _is_bare(answer):
        told = f"{place}: a proxy or gateway answers, not GES: {_sentence(answer)}"
        step = "look at the proxy (GES_PROXY_URL) or the gateway there, and whether it reaches GES"
        return Finding("connection", Light.RED, told, None, step)
    found = refusal("answer", None, answer, _KEY_STEPS)
    if isinstance(answer, _NO_CONNECTION):
        return replace(found, check="connection", told=f"{place}: {found.told}")
    return found


def check_queue(
    topic: str, profile: TopicProfile, answer: Asked[QueueStatus], open_for: Asked[OpenFor]
) -> Finding:
    """Judge what a callback queue can offer now.

    Args:
        topic: The topic.
        profile: Its profile.
        answer: The state of its queue.
        open_for: How long its office stays open.
    """
    check = "queue"
    if isinstance(answer, GesError):
        step = (
            f"look for {profile.queue!r} among the callback services in GES; set service_name, and "
            "queue_name if the queue is called otherwise"
        )
        return refusal(check, topic, answer, step)
    if answer.has_no_agent:
        return _without_agents(check, topic, f"{profile.queue}: no agent is logged in", open_for)
    offered = [
        word
        for word, is_offered in (
            ("at once", answer.offer_immediate_callback),
            ("at a time", answer.offer_scheduled_callback),
        )
        if is_offered
    ]
    wait = "unknown" if answer.wait_seconds is None else f"{answer.wait_seconds:.0f} s"
    if not offered:
        told = f"{profile.queue}: GES offers no callback now; wait {wait}"
        step = "expected while the office is closed; otherwise look at its office hours"
        return Finding(check, Light.AMBER, told, topic, step)
    told = f"{profile.queue}: callbacks {' and '.join(offered)}; wait {wait}"
    return Finding(check, Light.GREEN, told, topic)


def _without_agents(check: str, topic: str, told: str, open_for: Asked[OpenFor]) -> Finding:
    """Say what it means that nobody is logged in: by day another thing than by night."""
    means = "no call in turn is offered and no wait is told, only times to choose from"
    if isinstance(open_for, GesError):
        told = f"{told}, so no wait is known"
        step = f"expected outside office hours; otherwise log agents in: until then {means}"
    elif open_for.is_closed:
        told = f"{told}, and the office is closed"
        step = f"nothing to do, it is expected; {means}"
    else:
        told = f"{told} while the office is open"
        step = f"log agents in; until then {means}"
    return Finding(check, Light.AMBER, told, topic, step)


def check_waits(
    topic: str,
    profile: TopicProfile,
    answer: Asked[tuple[VirtualQueueWait, ...]] | None,
    open_for: Asked[OpenFor],
) -> Finding:
    """Judge the estimated waits of the virtual queues.

    Args:
        topic: The topic.
        profile: Its profile.
        answer: The waits; None where the profile names no virtual queues.
        open_for: How long its office stays open.
    """
    check = "wait"
    if answer is None:
        told = "no virtual queues are named; the wait told is that of the callback queue"
        return Finding(check, Light.GREEN, told, topic)
    if isinstance(answer, GesError):
        return refusal(check, topic, answer, "look at virtual_queues and wait_mode")
    waits = {each.virtual_queue: each for each in answer}
    unknown = [
        name
        for name in profile.virtual_queues
        if name not in waits
        or (waits[name].wait_seconds is None and waits[name].result_code != _NOBODY)
    ]
    if unknown:
        told = f"no wait is known of {', '.join(unknown)}"
        step = (
            f"correct topics.{topic}.virtual_queues, if GES has no virtual queue of that name; one "
            "that had no call yet tells no wait either (Q16). Without virtual_queues the wait told "
            "is that of the callback queue, which reports one itself"
        )
        return Finding(check, Light.AMBER, told, topic, step)
    if all(waits[name].wait_seconds is None for name in profile.virtual_queues):
        return _without_agents(check, topic, "no agent is logged in", open_for)
    known = [(name, waits[name].wait_seconds) for name in profile.virtual_queues]
    told = ", ".join(f"{name} {wait:.0f} s" for name, wait in known if wait is not None)
    return Finding(check, Light.GREEN, told, topic)


def check_open_for(topic: str, profile: TopicProfile, answer: Asked[OpenFor]) -> Finding:
    """Judge how long the office stays open; a closed one is closed, and no fault."""
    check = "office hours"
    if isinstance(answer, GesError):
        step = (
            f"GES knows no office hours under {profile.office_hours!r}: correct service_name, or "
            "set office_hours_name if theirs is another (Q28)"
        )
        return refusal(check, topic, answer, step)
    if answer.is_closed:
        return Finding(check, Light.GREEN, f"{profile.office_hours}: closed now", topic)
    seconds = answer.open_for_seconds
    left = "no end" if seconds is None else f"{seconds / _SECONDS_OF_AN_HOUR:.1f} hours"
    return Finding(check, Light.GREEN, f"{profile.office_hours}: open, {left} left", topic)


def check_availability(topic: str, profile: TopicProfile, answer: Asked[Availability]) -> Finding:
    """Judge the times of the next week, busy ones among them."""
    check = "free times"
    if isinstance(answer, GesError):
        step = (
            f"look for {profile.service_name!r} among the callback services in GES, and whether "
            "GES knows the zone in office_zone"
        )
        return refusal(check, topic, answer, step)
    total, free = len(answer.slots), len(answer.open_slots)
    if not profile.offer.scheduled:
        return Finding(check, Light.GREEN, "not offered (offer.scheduled: false)", topic)
    if not free:
        what = "are all full" if total else "do not exist"
        told = f"the {total or 'bookable'} times of the next {DAYS_AHEAD} days {what}"
        step = (
            "raise the capacity of the service, or wait until places become free"
            if total
            else "give the service office hours and a capacity in GES, or set offer.scheduled: "
            "false"
        )
        return Finding(check, Light.RED, told, topic, step)
    told = f"{free} of {total} times of the next {DAYS_AHEAD} days are free"
    night = _at_dead_of_night([slot.utc_time for slot in answer.slots], profile.office_zone)
    if night is not None:
        told = f"{told}; some begin at {night} by the clock of {profile.office_zone}"
        step = "right for an office that is open at night; otherwise office_zone is wrong"
        return Finding(check, Light.AMBER, told, topic, step)
    return Finding(check, Light.GREEN, told, topic)


def told_once(topic: str, asked: Iterable[tuple[str, Asked[object], Finding]]) -> Iterator[Finding]:
    """Leave a name that GES does not know to the first check that met it.

    Args:
        topic: The topic.
        asked: Of each check the name it asked by, the answer, and what was found.
    """
    unknown: dict[str, Finding] = {}
    for name, answer, found in asked:
        is_unknown = isinstance(answer, GesUnknownServiceError | GesNotFoundError)
        first = unknown.setdefault(name, found) if is_unknown else found
        if first is found:
            yield found
        else:
            told = f"skipped, as GES knows no {name!r}: see {first.check}"
            step = "correct that first, and run the doctor again"
            yield Finding(found.check, Light.AMBER, told, topic, step)


def check_days(answers: Iterable[Asked[Availability]], now: datetime) -> Finding | None:
    """Judge whether GES lives in the days of the action server, by the times that it lists.

    Args:
        answers: The times of each topic.
        now: The present instant by the clock of the action server, UTC.

    Returns:
        What is wrong; None if nothing is, as far as the times tell.
    """
    times = [
        slot.utc_time
        for answer in answers
        if not isinstance(answer, GesError)
        for slot in answer.slots
    ]
    if not times:
        return None
    first = min(times)
    if now - _DAY <= first <= now + (DAYS_AHEAD + 1) * _DAY:
        return None
    way = "behind" if first < now else "ahead"
    told = (
        f"GES is {abs(first - now).days} days {way}: the next week begins there with "
        f"{first:%Y-%m-%d %H:%M} UTC, and here it is {now:%Y-%m-%d %H:%M} UTC"
    )
    step = "start the sandbox without --at; a real GES: let its administrator look at its clock"
    return Finding("days", Light.AMBER, told, None, step)


def _at_dead_of_night(times: Sequence[datetime], zone: str) -> str | None:
    """A local time at which an office is hardly open, unless it is open round the clock."""
    local = [time.astimezone(ZoneInfo(zone)) for time in times]
    hours = {time.hour for time in local}
    if len(hours) == _HOURS_OF_A_DAY:
        return None
    return next((f"{time:%H:%M}" for time in local if time.hour in _DEAD_OF_NIGHT), None)


def check_call_in(
    topic: str, profile: TopicProfile, answer: Asked[CallIn] | None, *, is_tried: bool
) -> Finding:
    """Judge the call-in group.

    Args:
        topic: The topic.
        profile: Its profile.
        answer: The number that was lent, or why not; None if none was asked for.
        is_tried: Whether one could have been asked for.
    """
    check = "call-in"
    if profile.call_in_group is None:
        told = "no group is named; customers are given the static number"
        return Finding(check, Light.GREEN, told, topic)
    if not is_tried or answer is None:
        told = f"{profile.call_in_group}: not tried, as it lends a number for some minutes"
        return Finding(check, Light.AMBER, told, topic, "try it with --call-in")
    if isinstance(answer, GesError) and answer.code == _ALL_LENT:
        told = (
            f"{profile.call_in_group}: all its numbers are lent at present (GES code {_ALL_LENT})"
        )
        step = "try again in some minutes; if it stays, give the group more numbers in GES"
        return Finding(check, Light.AMBER, told, topic, step, answer.corr_id)
    if isinstance(answer, GesError):
        step = (
            f"look for {profile.call_in_group!r} among the Click-To-Call-In groups in GES, or set "
            "call_in_group: null"
        )
        return refusal(check, topic, answer, step)
    if answer.expires_at is None:
        told = f"{profile.call_in_group}: lends numbers, and does not say for how long"
        step = "numbers without an end are given out as they are (Q2); see that the group expires"
        return Finding(check, Light.AMBER, told, topic, step)
    code = "with" if answer.access_code else "without"
    told = f"{profile.call_in_group}: lends numbers, {code} access code"
    return Finding(check, Light.GREEN, told, topic)


def check_speed(topic: str, seconds: Mapping[str, float], patience: Patience) -> Finding | None:
    """Judge how fast GES answered.

    Args:
        topic: The topic.
        seconds: How long each call took, repeats included, by what was asked for.
        patience: How long a turn of the conversation may take.

    Returns:
        What was slow; None if nothing was.
    """
    slow = sorted(
        ((took, asked) for asked, took in seconds.items() if took > _SLOW_SECONDS), reverse=True
    )
    if not slow:
        return None
    told = f"GES answers slowly: {', '.join(f'{asked} {took:.1f} s' for took, asked in slow)}"
    step = (
        "try again; if it stays, look at the network and GES_PROXY_URL, and give these seconds to "
        "the administrator of GES. What takes longer than patience.voice_seconds "
        f"({patience.voice_seconds:g}) or patience.chat_seconds ({patience.chat_seconds:g}) counts "
        "as not answered: raise them in callback.yml as far as your channel waits"
    )
    return Finding("speed", Light.AMBER, told, topic, step)


def all_fast() -> Finding:
    """Say that no answer was slow."""
    return Finding("speed", Light.GREEN, f"GES gave each answer within {_SLOW_SECONDS:.0f} s")


def check_statistics(answer: Asked[Statistics]) -> Finding:
    """Judge whether statistics can be asked for; no callback needs them."""
    if isinstance(answer, GesError):
        step = (
            "callbacks do not need them; for `ges-callback stats`, let the statistics credentials "
            "of the tenant be set in GES"
        )
        return Finding("statistics", Light.AMBER, _sentence(answer), None, step, answer.corr_id)
    return Finding("statistics", Light.GREEN, "GES has credentials for statistics")


def check_namesakes(services: Sequence[tuple[str, TopicProfile]]) -> Finding:
    """Judge whether topics that share a service agree on its zone."""
    ordered = sorted(services, key=lambda each: each[1].service_name)
    for (one, first), (other, second) in pairwise(ordered):
        if first.service_name != second.service_name:
            continue
        if first.office_zone != second.office_zone:
            told = f"{one} and {other} share {first.service_name} but not its zone"
            step = "an office keeps one zone: give both the same office_zone"
            return Finding("topics", Light.AMBER, told, None, step)
    return Finding("topics", Light.GREEN, f"{len(services)}: {', '.join(t for t, _ in services)}")
