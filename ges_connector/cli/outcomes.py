"""What booking, showing, cancelling and moving came to: for people, for programs, as exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.facts import Trouble
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome, StandingCode
from ges_connector.cli import tables
from ges_connector.cli.desk import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from ges_connector.callbacks.booking import BookingResult
    from ges_connector.callbacks.free_times import FreeTime
    from ges_connector.callbacks.manage import Cancellation, Move, Standing
    from ges_connector.cli.asked import Asked, NotOffered

Rows = list[tuple[str, str | None]]

_TROUBLE_ADVICE: Final = {
    Trouble.UNREACHABLE: "look at the way to GES with `ges-callback doctor`",
    Trouble.MISCONFIGURED: "the key, a name or the request is not accepted: `ges-callback doctor` "
    "tells which",
    Trouble.ALL_LENT: "try again in some minutes",
    Trouble.BUSY: "try again in a minute",
    Trouble.UNREADABLE: "look what answers there with `ges-callback doctor`",
}
NOT_OFFERED: Final = "not_offered"
DECLINED: Final = "declined"
_BOOKING_ADVICE: Final = {
    BookingOutcome.UNCONFIRMED: "it may be booked: do not send it again; look for the number in "
    "the contact centre first",
}
_CANCEL_ADVICE: Final = {
    CancelOutcome.UNCONFIRMED: "the call may come all the same: look again with `show`",
}
_MOVE_ADVICE: Final = {
    MoveOutcome.UNCONFIRMED: "the old callback counts, the new one may be booked too: do not send "
    "it again; look for the number in the contact centre first",
    MoveOutcome.MOVED_OLD_REMAINS: "the new callback counts, but the old call may come all the "
    "same: cancel it, or tell the agents",
}


def exit_code_of_booking(result: BookingResult) -> ExitCode:
    """Tell how booking ended."""
    if result.is_booked:
        return ExitCode.DONE
    is_unknown = result.outcome is BookingOutcome.UNCONFIRMED
    return ExitCode.UNCONFIRMED if is_unknown else ExitCode.REFUSED


def exit_code_of_cancellation(cancellation: Cancellation) -> ExitCode:
    """Tell how cancelling ended."""
    codes = {
        CancelOutcome.CANCELLED: ExitCode.DONE,
        CancelOutcome.UNCONFIRMED: ExitCode.UNCONFIRMED,
    }
    return codes.get(cancellation.outcome, ExitCode.REFUSED)


def exit_code_of_move(move: Move) -> ExitCode:
    """Tell how moving ended."""
    codes = {MoveOutcome.MOVED: ExitCode.DONE, MoveOutcome.NOT_MOVED: ExitCode.REFUSED}
    return codes.get(move.outcome, ExitCode.UNCONFIRMED)


def exit_code_of_standing(standing: Standing) -> ExitCode:
    """Tell whether GES told how a callback stands."""
    untold = {StandingCode.GONE, StandingCode.UNKNOWN}
    return ExitCode.REFUSED if standing.code in untold else ExitCode.DONE


def advice_on(troubles: Iterable[Trouble | None]) -> Iterator[tuple[str, str]]:
    """Say what to do about each kind of trouble, for people."""
    for each in dict.fromkeys(troubles):
        if each is not None:
            yield "advice", _TROUBLE_ADVICE[each]


def asked_record(asked: Asked, *, numbers: bool) -> dict[str, Any]:
    """Write what was asked for, for programs."""
    kind = CallbackKind.ASAP if asked.desired_at is None else CallbackKind.SCHEDULED
    return {
        "topic": asked.topic,
        "number": tables.number(asked.phone.e164, whole=numbers),
        "kind": kind.value,
        "desired_at": tables.instant(asked.desired_at),
        "office_zone": asked.office_zone.key,
        "zone": asked.zone.key,
    }


def asked_rows(asked: Asked, *, numbers: bool) -> Rows:
    """Write what was asked for, to be read back."""
    when: Iterable[tuple[str, str]] = (("when", "in turn"),)
    if asked.desired_at is not None:
        when = tables.in_both(asked.desired_at, asked.office_zone, asked.zone)
    return [
        ("topic", asked.topic),
        ("number", tables.number(asked.phone.e164, whole=numbers)),
        *when,
    ]


def booking_record(result: BookingResult) -> dict[str, Any]:
    """Write what booking came to, for programs."""
    return {
        "outcome": result.outcome.value,
        "why": None,
        "callback_id": result.callback_id,
        "alternatives": [_time_record(each) for each in result.alternatives],
        "trouble": result.trouble,
        "corr_id": result.corr_id,
    }


def unsent_record(outcome: str, refused: NotOffered | None = None) -> dict[str, Any]:
    """Write that nothing was sent, for programs, in the shape of `booking_record`."""
    times = () if refused is None else refused.alternatives
    return {
        "outcome": outcome,
        "why": None if refused is None else refused.why,
        "callback_id": None,
        "alternatives": [_time_record(each) for each in times],
        "trouble": None if refused is None else refused.trouble,
        "corr_id": None,
    }


def booking_rows(result: BookingResult, zone: ZoneInfo) -> Rows:
    """Write what booking came to, for people."""
    return [
        ("outcome", _words(result.outcome)),
        ("callback", result.callback_id),
        # Before all else: whoever reads "unreachable" first tries again, and books twice.
        ("advice", _BOOKING_ADVICE.get(result.outcome)),
        *_alternatives(result.alternatives, zone),
        *_trouble(result.trouble, None if result.is_booked else result.corr_id),
    ]


def unsent_rows(outcome: str, refused: NotOffered | None, zone: ZoneInfo) -> Rows:
    """Write that nothing was sent, for people."""
    why, times = (None, ()) if refused is None else (refused.why, refused.alternatives)
    return [
        ("outcome", _words(outcome)),
        ("why", why and _words(why)),
        *_alternatives(times, zone),
        *_trouble(None if refused is None else refused.trouble, None),
    ]


def standing_record(standing: Standing) -> dict[str, Any]:
    """Write how a callback stands, for programs."""
    return {
        "callback_id": standing.callback_id,
        "standing": _known(standing.code),
        "desired_at": tables.instant(standing.desired_at),
        "position": standing.position,
        "wait_told_minutes": tables.range_told(standing.wait),
        "can_change": standing.can_change,
        "trouble": standing.trouble,
        "corr_id": standing.corr_id,
    }


def standing_rows(standing: Standing, office: ZoneInfo, customer: ZoneInfo) -> Rows:
    """Write how a callback stands, for people."""
    at = standing.desired_at
    return [
        ("callback", standing.callback_id),
        ("standing", _words(standing.code)),
        *(() if at is None else tables.in_both(at, office, customer)),
        ("position", None if standing.position is None else str(standing.position)),
        ("told (minutes)", None if standing.wait is None else standing.wait.code),
        *_trouble(standing.trouble, standing.corr_id),
    ]


def cancellation_record(cancellation: Cancellation) -> dict[str, Any]:
    """Write what cancelling came to, for programs."""
    standing = cancellation.standing
    return {
        "outcome": cancellation.outcome.value,
        "callback_id": cancellation.callback_id,
        "standing": None if standing is None else _known(standing.code),
        "trouble": None if standing is None else standing.trouble,
        "corr_id": cancellation.corr_id,
    }


def cancellation_rows(cancellation: Cancellation) -> Rows:
    """Write what cancelling came to, for people."""
    standing = cancellation.standing
    return [
        ("outcome", _words(cancellation.outcome)),
        ("callback", cancellation.callback_id),
        ("standing", None if standing is None else _words(standing.code)),
        ("advice", _CANCEL_ADVICE.get(cancellation.outcome)),
        *_trouble(None if standing is None else standing.trouble, cancellation.corr_id),
    ]


def move_record(move: Move) -> dict[str, Any]:
    """Write what moving came to, for programs, its new booking first."""
    cancelled = move.cancellation
    return {
        **booking_record(move.booking),
        "outcome": move.outcome.value,
        "booking": move.booking.outcome.value,
        "cancellation": None if cancelled is None else cancelled.outcome.value,
    }


def move_rows(move: Move, zone: ZoneInfo) -> Rows:
    """Write what moving came to, for people."""
    booked = [
        row for row in booking_rows(move.booking, zone) if row[0] not in {"outcome", "advice"}
    ]
    cancelled = move.cancellation
    return [
        ("outcome", _words(move.outcome)),
        ("advice", _MOVE_ADVICE.get(move.outcome)),
        ("new booking", _words(move.booking.outcome)),
        *booked,
        ("old callback", None if cancelled is None else _words(cancelled.outcome)),
    ]


def _words(code: str) -> str:
    return str(code).replace("_", " ")


def _known(code: StandingCode) -> str | None:
    """A word for programs; None where GES did not say."""
    return None if code is StandingCode.UNKNOWN else code.value


def _time_record(time: FreeTime) -> dict[str, str | None]:
    return {"id": time.id, "start_at": tables.instant(time.start_at)}


def _alternatives(times: Iterable[FreeTime], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    for each in times:
        yield "free instead", f"{tables.moment(each.start_at, zone)}  {each.id}"


def _trouble(trouble: Trouble | None, corr_id: str | None) -> Rows:
    told: Rows = [("trouble", trouble and trouble.value), ("corrId", corr_id)]
    return [*told, *advice_on([trouble])]
