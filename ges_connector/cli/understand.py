"""`ges-callback understand`: what a customer's words about time are taken for."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

_DEFAULT_LOCALE = "en-GB"
_DEFAULT_ZONE = "UTC"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("understand")(understand_words)


def understand_words(
    words: Annotated[
        list[str] | None, typer.Argument(help="What the customer said.", show_default=False)
    ] = None,
    *,
    locale: Annotated[str, typer.Option(help="The customer's locale.")] = _DEFAULT_LOCALE,
    timezone: Annotated[str, typer.Option(help="The customer's time zone.")] = _DEFAULT_ZONE,
    now: Annotated[
        str | None, typer.Option(help="When it was said (ISO 8601); else now.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[
        bool, typer.Option("--batch", help="Read JSON lines and write one for each.")
    ] = False,
) -> None:
    """Tell when a customer wants to be called.

    With --batch, lines of {"text", "locale", "now", "timezone"} come on standard input.

    Example: ges-callback understand --locale de-DE --timezone Europe/Berlin "morgen ab drei"
    """
    if batch:
        _answer_lines(locale, timezone, now)
        return
    if not words:
        raise typer.BadParameter("say something, or use --batch")
    record = {"text": " ".join(words), "locale": locale, "now": now, "timezone": timezone}
    try:
        answer = _answer(record, readable=not as_json)
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from fault
    typer.echo(answer)


def _answer_lines(locale: str, timezone: str, now: str | None) -> None:
    """Answer every line of standard input; a line that cannot be read is told as such."""
    defaults = {"locale": locale, "timezone": timezone, "now": now}
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            answer = _answer(defaults | json.loads(line), readable=False)
        except (ValueError, TypeError, KeyError) as fault:
            typer.echo(f"line {number}: {fault}", err=True)
            raise typer.Exit(code=2) from fault
        sys.stdout.write(answer + "\n")


def _answer(record: Mapping[str, str | None], *, readable: bool) -> str:
    # Here, so that the other commands start without the languages.
    from ges_connector.language import understand  # noqa: PLC0415 - when the command runs
    from ges_connector.language.batch import as_batch_record  # noqa: PLC0415 - when the command runs

    zone = _zone(str(record["timezone"]))
    text = str(record["text"])
    outcome = understand(text, str(record["locale"]), _moment(record["now"], zone), zone.key)
    if readable:
        return _account(outcome, zone)
    return json.dumps(as_batch_record(outcome, zone), ensure_ascii=False)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise ValueError(f"{name!r} is no zone; write for example Europe/Berlin") from None


def _moment(now: str | None, zone: ZoneInfo) -> datetime:
    """The moment of speaking; without an offset it is the customer's own clock."""
    if now is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(now)
    except ValueError:
        raise ValueError(f"{now!r} is no point in time; write it as 2026-11-24T15:00") from None
    return moment.replace(tzinfo=zone) if moment.utcoffset() is None else moment


def _account(outcome: object, zone: ZoneInfo) -> str:
    from ges_connector.language import Unclear, Wish  # noqa: PLC0415 - when the command runs
    from ges_connector.language.notation import in_short  # noqa: PLC0415 - when the command runs

    if not isinstance(outcome, Wish | Unclear):
        raise TypeError(outcome)
    lines = [f"taken for  {in_short(outcome, zone)}"]
    if outcome.words:
        lines.append(f"words      {' · '.join(outcome.words)}")
    if isinstance(outcome, Unclear):
        lines.extend(f"perhaps    {in_short(each, zone)}" for each in outcome.alternatives)
        return "\n".join(lines)
    lines.append(f"grain      {outcome.grain}")
    lines.append(f"zone       {outcome.zone}{' (named)' if outcome.zone_named else ''}")
    if outcome.alternatives:
        meaning = "one of them is meant" if outcome.undecided else "any of them will do"
        lines.append(f"several    {meaning}")
    return "\n".join(lines)
