"""`ges-callback call-in`: a number that a customer can ring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ges_connector.callbacks.call_in import static_number
from ges_connector.callbacks.facts import Trouble
from ges_connector.cli import tables
from ges_connector.cli.asked import read_number
from ges_connector.cli.desk import ConfigOption, ExitCode, JsonOption, TopicOption, open_desk
from ges_connector.cli.outcomes import advice_on

if TYPE_CHECKING:
    from ges_connector.callbacks.call_in import CallInNumber
    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.callbacks.service import CallbackService


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("call-in")(call_in)


def call_in(
    *,
    topic: TopicOption = None,
    number: Annotated[
        str | None,
        typer.Option(
            help="The customer's own number, if known; - reads it from standard input.",
            show_default=False,
        ),
    ] = None,
    callback: Annotated[
        str | None,
        typer.Option(metavar="ID", help="A callback the call belongs to.", show_default=False),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have a number lent that the customer can ring; the topic's own where GES lends none.

    Example: ges-callback call-in --topic billing
    """
    desk = open_desk(config, changes=True)
    name, profile = desk.topic(topic), desk.profile(topic)
    phone = None if number is None else read_number(number, profile, hint="--number")

    async def lend(service: CallbackService) -> tuple[CallInNumber, ExitCode]:
        number = await service.call_in(name, phone=phone, callback_id=callback)
        return number, ExitCode.DONE if number.trouble is None else ExitCode.REFUSED

    lent, code = desk.change(lend, unknown=lambda: (static_number(profile), ExitCode.UNCONFIRMED))
    if as_json:
        tables.show_json(_record(name, lent))
    else:
        tables.show(tables.facts(_rows(name, profile, lent, code)))
    raise typer.Exit(code)


def _record(topic: str, lent: CallInNumber) -> dict[str, Any]:
    return {
        "topic": topic,
        "number": lent.number,
        "access_code": lent.access_code,
        "expires_at": tables.instant(lent.expires_at),
        "lent": lent.is_lent,
        "trouble": lent.trouble,
        "corr_id": lent.corr_id,
    }


def _rows(
    topic: str, profile: TopicProfile, lent: CallInNumber, code: ExitCode
) -> list[tuple[str, str | None]]:
    until = lent.expires_at
    own = "the topic's own number: nothing was lent"
    if code is ExitCode.UNCONFIRMED:
        own = "the topic's own number: whether one was lent is not known"
    return [
        ("topic", topic),
        ("ring", lent.number),
        ("access code", lent.access_code),
        ("until", None if until is None else tables.moment(until, ZoneInfo(profile.office_zone))),
        ("kind", "lent by GES" if lent.is_lent else own),
        ("trouble", _why_not(lent.trouble)),
        ("corrId", lent.corr_id),
        *advice_on([lent.trouble]),
    ]


def _why_not(trouble: Trouble | None) -> str | None:
    if trouble is Trouble.ALL_LENT:
        return "GES has lent all its numbers at present"
    return None if trouble is None else f"GES lent none ({trouble})"
