"""`ges-callback queue`, `wait` and `slots`: what the contact centre offers now. Changes nothing."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ges_connector.callbacks.offer import Rung
from ges_connector.callbacks.wait import tell_as_range
from ges_connector.cli import tables
from ges_connector.cli.desk import (
    ConfigOption,
    ExitCode,
    JsonOption,
    TopicOption,
    ZoneOption,
    complete_topics,
    open_desk,
    zone_named,
)
from ges_connector.cli.outcomes import advice_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rich.table import Table

    from ges_connector.callbacks.facts import Fact
    from ges_connector.callbacks.free_times import FreeTime
    from ges_connector.callbacks.offer import Offer
    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.callbacks.service import CallbackService, FreeTimes, Look
    from ges_connector.callbacks.wait import WaitTold


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("queue")(queue)
    app.command("wait")(wait)
    app.command("slots")(slots)


def queue(
    *,
    topic: Annotated[
        str | None,
        typer.Option(
            help="Topic of the configuration; else all of them.",
            show_default=False,
            autocompletion=complete_topics,
        ),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what every queue offers now, or that of one topic.

    Example: ges-callback queue --topic billing
    """
    desk = open_desk(config)
    topics = [desk.topic(topic)] if topic is not None else list(desk.config.topics)

    async def look(service: CallbackService) -> list[tuple[Look, Offer]]:
        found = await asyncio.gather(*(service.look(each) for each in topics))
        zones = (service.profile(each.topic).fallback_zone for each in found)
        return [(each, service.offer(each, zone)) for each, zone in zip(found, zones, strict=True)]

    found = desk.ask(look)
    if as_json:
        records = [_queue_record(*each, desk.profile(each[0].topic)) for each in found]
        tables.show_json({"at": tables.instant(found[0][0].at), "topics": records})
    else:
        tables.show(*(_queue_table(*each, desk.profile(each[0].topic)) for each in found))
    _leave_if(any(look.facts.troubles for look, _ in found))


def wait(
    *, topic: TopicOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Show the estimated waits of a topic, and what a customer is told.

    Example: ges-callback wait --topic support
    """
    desk = open_desk(config)
    name, profile = desk.topic(topic), desk.profile(topic)
    look = desk.ask(lambda service: service.look(name, with_times=False))
    waits = list(_waits(look, profile))
    if as_json:
        records = [_wait_record(*each) for each in waits]
        troubles = [_trouble_record(each) for each in _troubled(look, waits_only=True)]
        record = {"at": tables.instant(look.at), "topic": name, "waits": records}
        tables.show_json({**record, "troubles": troubles})
    else:
        rows = [
            (
                each,
                tables.NOTHING if seconds is None else tables.span(seconds),
                told.code,
                remark or "",
            )
            for each, seconds, told, remark in waits
        ]
        shown = tables.columns(("queue", "estimate", "told (minutes)", "remark"), rows, name)
        troubled = _troubled(look, waits_only=True)
        advice = (words for _, words in advice_on(fact.trouble for _, fact in troubled))
        tables.show(shown, *_trouble_lines(troubled), *advice)
    _leave_if(bool(_troubled(look, waits_only=True)))


def slots(
    *,
    topic: TopicOption = None,
    zone: ZoneOption = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="Only the first days with free times.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the free times by day, by the office's clock and the customer's.

    Example: ges-callback slots --topic support --zone Europe/London --days 2
    """
    desk = open_desk(config)
    name, profile = desk.topic(topic), desk.profile(topic)
    office = ZoneInfo(profile.office_zone)
    customer = zone_named(zone, profile.fallback_zone)
    _check_days(days, profile)
    free = desk.ask(lambda service: service.free_times(name))
    by_day = [
        (day, list(times))
        for day, times in groupby(
            free.times, key=lambda each: each.start_at.astimezone(customer).date()
        )
    ][:days]
    if as_json:
        times = [each for _, group in by_day for each in group]
        tables.show_json(_slots_record(name, office, customer, free, times))
    elif free.trouble is not None:
        advice = (words for _, words in advice_on([free.trouble]))
        tables.show(f"free times: GES did not tell ({free.trouble})", *advice)
    elif not by_day:
        tables.show("no free time")
    else:
        tables.show(
            *(
                _day_table(f"{day:%A %d %B %Y}, {customer.key}", times, office, customer)
                for day, times in by_day
            )
        )
    _leave_if(free.trouble is not None)


def _check_days(days: int | None, profile: TopicProfile) -> None:
    ahead = profile.slots.horizon_days
    if days is not None and days > ahead:
        raise typer.BadParameter(
            f"times are looked for {ahead} days ahead at most (slots.horizon_days)",
            param_hint="--days",
        )


def _leave_if(has_trouble: bool) -> None:  # noqa: FBT001 - its name is the question
    if has_trouble:
        raise typer.Exit(ExitCode.REFUSED)


def _troubled(look: Look, *, waits_only: bool = False) -> list[tuple[str, Fact[Any]]]:
    """The answers that did not come."""
    found = look.facts
    asked: list[tuple[str, Fact[Any] | None]] = [
        ("queue status", found.queue if not waits_only or found.waits is None else None),
        ("waits", found.waits),
        ("office hours", None if waits_only else found.open_for),
        ("free times", None if waits_only else found.availability),
    ]
    return [(name, fact) for name, fact in asked if fact is not None and fact.trouble is not None]


def _trouble_record(troubled: tuple[str, Fact[Any]]) -> dict[str, str | None]:
    asked, fact = troubled
    return {"asked": asked, "trouble": fact.trouble, "corr_id": fact.corr_id}


def _trouble_lines(troubled: Iterable[tuple[str, Fact[Any]]]) -> Iterator[str]:
    for asked, fact in troubled:
        reference = f", corrId {fact.corr_id}" if fact.corr_id else ""
        yield f"{asked}: GES did not tell ({fact.trouble}{reference})"


def _queue_record(look: Look, offer: Offer, profile: TopicProfile) -> dict[str, Any]:
    status = look.facts.queue.value
    return {
        "topic": look.topic,
        "service": profile.service_name,
        "queue": profile.queue,
        "open": offer.is_open,
        "closes_at": tables.instant(_closing(offer)),
        "opens_at": tables.instant(offer.opens_at),
        "first_free_at": tables.instant(offer.first_free_at),
        "no_agent": None if status is None else status.has_no_agent,
        "wait_seconds": look.facts.wait_seconds,
        "wait_told_minutes": tables.range_told(offer.wait),
        "offered": [each.value for each in offer.rungs],
        "not_offered": {rung.value: why.value for rung, why in offer.missing},
        "troubles": [_trouble_record(each) for each in _troubled(look)],
    }


def _queue_table(look: Look, offer: Offer, profile: TopicProfile) -> Table:
    office = ZoneInfo(profile.office_zone)
    seconds = look.facts.wait_seconds
    instants = (
        ("closes", _closing(offer)),
        ("opens", offer.opens_at),
        ("first free time", offer.first_free_at),
    )
    not_offered = [
        f"{_words(rung)} ({_words(why)})"
        for rung, why in offer.missing
        if rung is not Rung.CONNECT_NOW or profile.can_connect_now
    ]
    rows: list[tuple[str, str | None]] = [
        ("queue", profile.queue),
        ("office", {True: "open", False: "closed", None: "unknown"}[offer.is_open]),
        *((name, None if at is None else tables.moment(at, office)) for name, at in instants),
        ("wait", "unknown" if seconds is None else tables.span(seconds)),
        ("told (minutes)", offer.wait.code),
        ("offered", ", ".join(map(_words, offer.rungs))),
        ("not offered", ", ".join(not_offered) or None),
        *(("trouble", line) for line in _trouble_lines(_troubled(look))),
        *advice_on(fact.trouble for _, fact in _troubled(look)),
    ]
    return tables.facts(rows, title=look.topic)


def _closing(offer: Offer) -> datetime | None:
    return None if offer.closes_at is None else tables.nearest_minute(offer.closes_at)


def _words(code: str) -> str:
    return str(code).replace("_", " ")


def _waits(
    look: Look, profile: TopicProfile
) -> Iterator[tuple[str, float | None, WaitTold, str | None]]:
    """Each wait: its queue, the estimate in seconds, what is told of it, GES's remark."""
    found = look.facts
    if found.waits is None:
        seconds = None if found.queue.value is None else found.queue.value.wait_seconds
        yield profile.queue, seconds, tell_as_range(seconds, profile.wait), None
        return
    for each in found.waits.value or ():
        told = tell_as_range(each.wait_seconds, profile.wait)
        yield each.virtual_queue, each.wait_seconds, told, each.message or None


def _wait_record(
    queue: str, seconds: float | None, told: WaitTold, remark: str | None
) -> dict[str, Any]:
    return {
        "queue": queue,
        "wait_seconds": seconds,
        "wait_told_minutes": tables.range_told(told),
        "remark": remark,
    }


def _slots_record(
    topic: str, office: ZoneInfo, customer: ZoneInfo, free: FreeTimes, times: Iterable[FreeTime]
) -> dict[str, Any]:
    return {
        "at": tables.instant(free.at),
        "topic": topic,
        "office_zone": office.key,
        "zone": customer.key,
        "trouble": free.trouble,
        "slots": [
            {
                "id": each.id,
                "start_at": tables.instant(each.start_at),
                "office_time": each.start_at.astimezone(office).isoformat(),
                "local_time": each.start_at.astimezone(customer).isoformat(),
                "duration_minutes": each.duration_minutes,
            }
            for each in times
        ],
    }


def _day_table(
    title: str, times: Iterable[FreeTime], office: ZoneInfo, customer: ZoneInfo
) -> Table:
    differs = customer.key != office.key
    names = [customer.key, *([f"office ({office.key})"] if differs else []), "minutes", "id"]
    rows = []
    for each in times:
        here, there = (each.start_at.astimezone(zone) for zone in (customer, office))
        other = f"{there:%H:%M}" if there.date() == here.date() else f"{there:%a %H:%M}"
        minutes = tables.NOTHING if each.duration_minutes is None else f"{each.duration_minutes}"
        rows.append([f"{here:%H:%M}", *([other] if differs else []), minutes, each.id])
    return tables.columns(names, rows, title)
