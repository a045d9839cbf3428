"""`ges-callback book`, `show`, `cancel` and `move`: one callback, at the desk.

What is asked for is read back as a table and agreed to before it is sent. What it came to is told
as GES answered, and as unconfirmed where nobody knows; nothing is ever sent twice.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ges_connector.api import Deadline
from ges_connector.callbacks import manage
from ges_connector.callbacks.booking import BookingOutcome, BookingResult
from ges_connector.callbacks.manage import Cancellation, CancelOutcome, Move, MoveOutcome
from ges_connector.callbacks.pauses import growing_pauses
from ges_connector.cli import outcomes, tables
from ges_connector.cli.asked import (
    AsapOption,
    Asked,
    AtOption,
    LanguageOption,
    NotOffered,
    NumberArgument,
    ReasonOption,
    not_offered,
    read_asked,
)
from ges_connector.cli.desk import (
    ConfigOption,
    Desk,
    ExitCode,
    JsonOption,
    NumbersOption,
    TopicOption,
    YesOption,
    ZoneOption,
    agreed,
    check_terminal,
    open_desk,
    zone_named,
)

if TYPE_CHECKING:
    from ges_connector.callbacks.booking import Draft
    from ges_connector.callbacks.offer import Offer
    from ges_connector.callbacks.service import CallbackService, Look


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_EXAMPLE = "0c9a7d7c-3d63-4c35-9f0a-2f1d6a4f9b11"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("book")(book)
    app.command("show")(show)
    app.command("cancel")(cancel)
    app.command("move")(move)


def _id(text: str) -> str:
    # GES takes no other ids (Q6); what is none of them would be a typing error found late.
    if _ID.fullmatch(text.strip()) is None:
        raise typer.BadParameter(f"is no id of a callback; one looks like {_EXAMPLE}")
    return text.strip()


IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id that `book` told.", callback=_id)]


def book(
    number: NumberArgument,
    *,
    at: AtOption = None,
    asap: AsapOption = False,
    topic: TopicOption = None,
    zone: ZoneOption = None,
    language: LanguageOption = None,
    reason: ReasonOption = None,
    yes: YesOption = False,
    show_numbers: NumbersOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Book a callback, after reading it back.

    Exits with 0 if it is booked, 1 if it certainly is not, 2 on wrong input, 3 if nobody knows.

    --at takes an id that `slots` shows, or a date and time such as 2026-11-24T15:00.

    Example: ges-callback book +493023125011 --asap --topic billing
    """
    check_terminal(yes=yes)
    desk = open_desk(config, changes=True)
    name, profile = desk.topic(topic), desk.profile(topic)
    asked = read_asked(
        name, profile, number, at=at, asap=asap, zone=zone, language=language, reason=reason
    )
    teller = _Teller(asked, as_json=as_json, numbers=show_numbers)
    look, offer = desk.ask(lambda service: _look(service, asked))
    draft = asked.draft(offer)
    teller.leave_if_refused(not_offered(asked, look, offer, draft))
    teller.read_back(offer, "Book it?", yes=yes)
    result = desk.change(lambda service: _booked(service, draft), unknown=lambda: _unknown(draft))
    rows = outcomes.booking_rows(result, asked.zone)
    teller.tell(outcomes.booking_record(result), rows)
    raise typer.Exit(outcomes.exit_code_of_booking(result))


def show(
    callback_id: IdArgument,
    *,
    topic: TopicOption = None,
    zone: ZoneOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how a callback stands.

    Exits with 1 if GES does not know it, or did not tell.

    Example: ges-callback show 0c9a7d7c-3d63-4c35-9f0a-2f1d6a4f9b11
    """
    desk = open_desk(config)
    name, profile = desk.topic(topic), desk.profile(topic)
    customer = zone_named(zone, profile.fallback_zone)
    standing = desk.ask(lambda service: service.show(name, callback_id))
    if as_json:
        tables.show_json(outcomes.standing_record(standing))
    else:
        rows = outcomes.standing_rows(standing, ZoneInfo(profile.office_zone), customer)
        tables.show(tables.facts(rows))
    raise typer.Exit(outcomes.exit_code_of_standing(standing))


def cancel(
    callback_id: IdArgument,
    *,
    topic: TopicOption = None,
    yes: YesOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cancel a callback, after showing it.

    Exits with 0 if it is cancelled, 1 if it certainly is not, 2 on wrong input, 3 if nobody knows.

    Example: ges-callback cancel 0c9a7d7c-3d63-4c35-9f0a-2f1d6a4f9b11
    """
    check_terminal(yes=yes)
    desk = open_desk(config, changes=True)
    name = desk.topic(topic)
    if not yes:
        _show_before(desk, name, callback_id)
    if not agreed("Cancel it?", yes=yes):
        unsent = {"outcome": outcomes.DECLINED, "callback_id": callback_id}
        _tell(
            {**unsent, "standing": None, "corr_id": None},
            [("outcome", outcomes.DECLINED)],
            as_json=as_json,
        )
        raise typer.Exit(ExitCode.REFUSED)
    cancellation = desk.change(
        lambda service: service.cancel(name, callback_id),
        unknown=lambda: Cancellation(CancelOutcome.UNCONFIRMED, callback_id),
    )
    rows = outcomes.cancellation_rows(cancellation)
    _tell(outcomes.cancellation_record(cancellation), rows, as_json=as_json)
    raise typer.Exit(outcomes.exit_code_of_cancellation(cancellation))


def move(
    callback_id: IdArgument,
    number: NumberArgument,
    *,
    at: AtOption = None,
    asap: AsapOption = False,
    topic: TopicOption = None,
    zone: ZoneOption = None,
    language: LanguageOption = None,
    reason: ReasonOption = None,
    yes: YesOption = False,
    show_numbers: NumbersOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move a callback: book the new one, then cancel the old one.

    Exits with 0 if it is moved, 1 if the old one counts as before, 2 on wrong input.

    Exits with 3 if nobody knows, and both may stand.

    Example: ges-callback move 0c9a7d7c-3d63-4c35-9f0a-2f1d6a4f9b11 +493023125011 --asap
    """
    check_terminal(yes=yes)
    desk = open_desk(config, changes=True)
    name, profile = desk.topic(topic), desk.profile(topic)
    asked = read_asked(
        name, profile, number, at=at, asap=asap, zone=zone, language=language, reason=reason
    )
    teller = _Teller(asked, as_json=as_json, numbers=show_numbers, moved_id=callback_id)
    look, offer = desk.ask(lambda service: _look(service, asked, callback_id))
    draft = asked.draft(offer)
    teller.leave_if_refused(_cannot_move(look) or not_offered(asked, look, offer, draft))
    teller.read_back(offer, "Move it?", yes=yes)
    result = desk.change(
        lambda service: _moved(service, callback_id, draft),
        unknown=lambda: Move(MoveOutcome.UNCONFIRMED, _unknown(draft)),
    )
    teller.tell(outcomes.move_record(result), outcomes.move_rows(result, asked.zone))
    raise typer.Exit(outcomes.exit_code_of_move(result))


class _Teller:
    """Tells what was asked for and what it came to."""

    def __init__(
        self, asked: Asked, *, as_json: bool, numbers: bool, moved_id: str | None = None
    ) -> None:
        self._asked = asked
        self._as_json = as_json
        self._numbers = numbers
        self._moved_id = moved_id

    def leave_if_refused(self, refused: NotOffered | None) -> None:
        if refused is not None:
            self._leave(outcomes.NOT_OFFERED, refused)

    def read_back(self, offer: Offer, question: str, *, yes: bool) -> None:
        """Read back and ask; leaves unless it is agreed to."""
        if not yes:
            is_asap = self._asked.desired_at is None
            wait = [("told (minutes)", offer.wait.code if is_asap else None)]
            tables.show(tables.facts([*self._asked_rows, *wait]), to_error=True)
        if not agreed(question, yes=yes):
            self._leave(outcomes.DECLINED)

    @property
    def _asked_rows(self) -> outcomes.Rows:
        rows = outcomes.asked_rows(self._asked, numbers=self._numbers)
        return [*rows, ("instead of", self._moved_id)]

    def tell(self, record: dict[str, Any], rows: outcomes.Rows) -> None:
        asked = outcomes.asked_record(self._asked, numbers=self._numbers)
        old = {} if self._moved_id is None else {"old_callback_id": self._moved_id}
        _tell({**record, **old, **asked}, [*self._asked_rows, *rows], as_json=self._as_json)

    def _leave(self, outcome: str, refused: NotOffered | None = None) -> None:
        record = outcomes.unsent_record(outcome, refused)
        if self._moved_id is not None:
            record |= {"booking": None, "cancellation": None}
        self.tell(record, outcomes.unsent_rows(outcome, refused, self._asked.zone))
        raise typer.Exit(ExitCode.REFUSED)


def _tell(record: dict[str, Any], rows: outcomes.Rows, *, as_json: bool) -> None:
    if as_json:
        tables.show_json(record)
    else:
        tables.show(tables.facts(rows))


def _show_before(desk: Desk, topic: str, callback_id: str) -> None:
    profile = desk.profile(topic)
    office = ZoneInfo(profile.office_zone)
    standing = desk.ask(lambda service: service.show(topic, callback_id))
    rows = outcomes.standing_rows(standing, office, profile.fallback_zone)
    tables.show(tables.facts(rows), to_error=True)


async def _look(
    service: CallbackService, asked: Asked, kept_id: str | None = None
) -> tuple[Look, Offer]:
    look = await service.look(asked.topic, kept_id=kept_id, with_times=asked.desired_at is not None)
    return look, service.offer(look, asked.zone)


def _cannot_move(look: Look) -> NotOffered | None:
    """A second callback beside one that is gone or being made is none in its place."""
    if look.kept is None or look.kept.can_change:
        return None
    return NotOffered(f"old_callback_{look.kept.code.value}")


async def _booked(service: CallbackService, draft: Draft) -> BookingResult:
    result = await service.book(draft)
    if result.outcome is not BookingOutcome.UNCONFIRMED:
        return result
    late = await _late_answer(service, draft.token)
    return result if late is None else late


async def _moved(service: CallbackService, callback_id: str, draft: Draft) -> Move:
    moved = await service.move(callback_id, draft)
    if moved.outcome is not MoveOutcome.UNCONFIRMED:
        return moved
    late = await _late_answer(service, draft.token)
    if late is None:
        return moved
    if not late.is_booked:
        return manage.moved(late, None)
    # The booking is not sent again: its result is known now. What is left is the old one.
    return await service.move(callback_id, draft, earlier=late)


async def _late_answer(service: CallbackService, token: str) -> BookingResult | None:
    """Wait for an answer that comes late; nobody at a desk has to be told half of it before."""
    patience = Deadline.after(service.config.patience.late_answer_seconds)
    for pause_seconds in growing_pauses():
        known = await service.booked_by_now(token)
        if known is not None:
            return None if known.outcome is BookingOutcome.UNCONFIRMED else known
        if patience.is_spent:
            break
        await asyncio.sleep(pause_seconds)
    return None


def _unknown(draft: Draft) -> BookingResult:
    return BookingResult(BookingOutcome.UNCONFIRMED, draft.token, desired_at=draft.desired_at)
