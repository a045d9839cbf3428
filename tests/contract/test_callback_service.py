"""The callback service against a whole contact centre: what it says, and what was really booked."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ges_connector.api import Deadline, GesClient, RetryPolicy, in_process
from ges_connector.callbacks import (
    BookingOutcome,
    BookingResult,
    CallbackConfig,
    CallbackService,
    CancelOutcome,
    Draft,
    MenuView,
    MoveOutcome,
    Phone,
    Rung,
    Shown,
    Situation,
    StandingCode,
    Trouble,
    choose_by_id,
    find_number,
    open_menu,
)
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.records import Callback, State
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.sandbox.wire import WireAnswer
from ges_connector.testing.contact_centre import first_key, settings_for

BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = CallbackConfig.from_yaml("""
defaults:
  office_zone: Europe/Berlin
  countries: [DE, AT, CH, FR, ES, GB]
  static_number: "+493023125001"
topics:
  billing:
    service_name: Billing_DE
    virtual_queues: [Billing_DE]
    call_in_group: billing_direct
  support:
    service_name: Support_US
    call_in_group: technical_help
    office_zone: America/New_York
    countries: [US, CA]
    slots: {min_lead_minutes: 75}
  night:
    service_name: Night_Line
    offer: {quiet_hours: null}
  wrong:
    service_name: Nobody_Knows
    call_in_group: nobody_knows
""")


class Wire:
    """The way to the sandbox: counts what is asked, and can hold answers back until all have come.

    Attributes:
        asked: What was asked, by the last part of its path.
        somebody_asked: Set when the first request has come.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.asked = Counter[str]()
        self._waiting_for = 0
        self._come = 0
        self._all_here = asyncio.Event()
        self.somebody_asked = asyncio.Event()

    def hold_until(self, count: int) -> None:
        """Answers nothing before so many requests have come."""
        self._waiting_for, self._come = count, 0
        self._all_here, self.somebody_asked = asyncio.Event(), asyncio.Event()

    async def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> WireAnswer:
        parts = path.removeprefix("/engagement/v3/").split("/")
        self.asked[parts[1] if parts[0] == "callbacks" else parts[0]] += 1
        self._come += 1
        self.somebody_asked.set()
        if self._come >= self._waiting_for:
            self._all_here.set()
        await self._all_here.wait()
        return await self._sandbox.answer(method, path, query, headers, body)


@pytest.fixture
def wire(ges_sandbox: Sandbox) -> Wire:
    return Wire(ges_sandbox)


async def no_pause(_: float) -> None:
    """Between attempts nobody has to wait here."""


@pytest.fixture
async def service(ges_sandbox: Sandbox, wire: Wire) -> AsyncIterator[CallbackService]:
    settings = settings_for("http://ges.test/engagement/v3", first_key(ges_sandbox))
    made = CallbackService(
        lambda: GesClient(
            settings, http=in_process(wire), retry=RetryPolicy(max_attempts=1), pause=no_pause
        ),
        CONFIG,
        clock=ges_sandbox.clock.now,
    )
    yield made
    await made.aclose()


def booked_in(sandbox: Sandbox) -> list[Callback]:
    return list(sandbox.centre().floor.callbacks())


def open_in(sandbox: Sandbox) -> list[Callback]:
    return [each for each in booked_in(sandbox) if each.state is not State.COMPLETED]


def draft(service: CallbackService, at: datetime | None = None, **changes: Any) -> Draft:
    base = Draft(
        conversation_id="conversation-1",
        topic="billing",
        phone="+493023125011",
        desired_at=at,
        read_back_at=service.now(),
        locale="de",
        zone="Europe/Berlin",
        channel="chat",
    )
    return replace(base, **changes)


async def first_time(service: CallbackService, topic: str = "billing") -> datetime:
    return (await service.free_times(topic)).times[0].start_at


# --- looking and offering ---


async def test_an_open_office_offers_both_kinds(service: CallbackService) -> None:
    look = await service.look("billing")
    offer = service.offer(look, BERLIN)
    assert offer.rungs == (Rung.ASAP, Rung.SCHEDULED, Rung.CALL_IN, Rung.STATIC_NUMBER)
    assert (offer.is_open, offer.told_queue) == (True, "Billing_DE")
    assert offer.closes_at == service.now() + timedelta(hours=2)


async def test_a_closed_office_tells_its_opening_and_its_first_free_time(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.advance(5 * 3600)
    offer = service.offer(await service.look("billing"), BERLIN)
    assert offer.situation is Situation.CLOSED
    assert offer.best is Rung.SCHEDULED
    assert offer.opens_at == datetime(2026, 1, 13, 8, 0, tzinfo=BERLIN)
    # Tomorrow is full and the day after is closed.
    assert offer.first_free_at == datetime(2026, 1, 15, 8, 0, tzinfo=BERLIN)


async def test_a_turn_asks_for_all_its_facts_at_the_same_time(
    service: CallbackService, wire: Wire
) -> None:
    kept = await service.book(draft(service))
    wire.asked.clear()
    # Nothing is answered before all five have been asked: one after the other would find nothing.
    wire.hold_until(5)
    look = await service.look("billing", kept_id=kept.callback_id)
    assert look.facts.troubles == ()
    assert look.kept is not None
    assert look.kept.is_open
    assert set(wire.asked.values()) == {1}
    assert len(wire.asked) == 5


async def test_many_conversations_share_their_answers(service: CallbackService, wire: Wire) -> None:
    await asyncio.gather(*(service.look("billing") for _ in range(20)))
    assert set(wire.asked.values()) == {1}
    await service.look("billing")
    assert set(wire.asked.values()) == {1}


async def test_answers_grow_old(service: CallbackService, wire: Wire, ges_sandbox: Sandbox) -> None:
    await service.look("billing")
    ges_sandbox.advance(6)
    await service.look("billing")
    assert (wire.asked["queue-status"], wire.asked["availability"]) == (2, 1)
    ges_sandbox.advance(20)
    await service.look("billing")
    assert wire.asked["availability"] == 2


async def test_what_was_free_before_a_booking_is_asked_again_after_it(
    service: CallbackService, wire: Wire
) -> None:
    at = await first_time(service)
    await service.book(draft(service, at))
    await service.free_times("billing")
    assert wire.asked["availability"] == 2


async def test_a_service_nobody_knows_ends_at_the_static_number(service: CallbackService) -> None:
    look = await service.look("wrong")
    assert look.facts.troubles == (Trouble.MISCONFIGURED,)
    assert service.offer(look, BERLIN).rungs == (Rung.STATIC_NUMBER,)
    assert (await service.free_times("wrong")).trouble is Trouble.MISCONFIGURED


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="refuse"),
        Fault(kind="reset-before"),
        Fault(kind="status", status=500),
        Fault(kind="gateway-html", status=503),
        Fault(kind="malformed", effect=True),
        Fault(kind="cut-off", effect=True),
        Fault(kind="empty", effect=True),
        Fault(kind="throttle"),
    ],
    ids=lambda fault: str(fault.kind),
)
async def test_whatever_ges_does_there_is_an_offer_and_a_number(
    service: CallbackService, ges_sandbox: Sandbox, fault: Fault
) -> None:
    ges_sandbox.order(fault)
    offer = service.offer(await service.look("billing", kept_id="cb-1"), BERLIN)
    assert (offer.rungs, offer.situation) == ((Rung.STATIC_NUMBER,), Situation.UNAVAILABLE)
    assert not (await service.call_in("billing")).is_lent
    standing = await service.show("billing", "cb-1")
    assert standing.code is StandingCode.UNKNOWN


async def test_one_fact_that_is_missing_leaves_the_others(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.order(Fault(kind="status", status=500, operation=Operation.QUEUE_STATUS))
    offer = service.offer(await service.look("billing"), BERLIN)
    assert offer.rungs == (Rung.SCHEDULED, Rung.CALL_IN, Rung.STATIC_NUMBER)


# --- booking ---


async def test_a_booked_time_is_the_one_of_the_menu(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    free = await service.free_times("billing")
    profile = service.profile("billing")
    view = MenuView.of(profile, zone=BERLIN, now=free.at, speaks=False)
    button = open_menu(free.times, view).ids[2]
    chosen = choose_by_id(free.times, view, button).time
    assert chosen is not None
    number = find_number("030 23125011", countries=profile.countries)
    assert isinstance(number, Phone)
    result = await service.book(draft(service, chosen.start_at, phone=number.e164))
    (callback,) = booked_in(ges_sandbox)
    assert result.outcome is BookingOutcome.BOOKED
    assert (str(callback.id), callback.desired_at) == (result.callback_id, chosen.start_at)
    assert (result.desired_at, callback.phone_number) == (chosen.start_at, "+493023125011")
    assert callback.is_scheduled


async def test_a_booking_costs_one_request_and_says_the_truth_in_reports(
    service: CallbackService, ges_sandbox: Sandbox, wire: Wire
) -> None:
    offer = service.offer(await service.look("billing"), BERLIN)
    wire.asked.clear()
    await service.book(
        draft(
            service,
            wait_told=offer.wait,
            offer_type=offer.offer_type,
            offer_timing=offer.offer_timing,
            told_queue=offer.told_queue,
            reason="a wrong invoice",
        )
    )
    (callback,) = booked_in(ges_sandbox)
    assert dict(wire.asked) == {"create": 1}
    assert callback.state is State.QUEUED
    assert callback.reporting == {
        "cbOfferType": "COMBINED_SCHEDULED_AND_ASAP",
        "offerTiming": "ON-HOURS",
        "offerThreshold": 180,
        "channel": "chat",
        "inboundVQ": "Billing_DE",
        "cbOriginationIxnId": "conversation-1",
    }
    assert callback.user_data["reason"] == "a wrong invoice"
    assert callback.user_data["wait_told"] == offer.wait.code


async def test_the_same_yes_twice_at_once_and_later_is_one_callback(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    yes = draft(service)
    both = await asyncio.gather(service.book(yes), service.book(yes))
    later = await service.book(yes)
    assert len(booked_in(ges_sandbox)) == 1
    assert {each.callback_id for each in (*both, later)} == {both[0].callback_id}
    assert later.outcome is BookingOutcome.ALREADY_BOOKED


async def test_a_yes_after_a_restart_is_answered_from_what_the_conversation_kept(
    service: CallbackService, ges_sandbox: Sandbox, wire: Wire
) -> None:
    yes = draft(service)
    kept = BookingResult.from_record((await service.book(yes)).as_record())
    restarted = CallbackService(
        lambda: GesClient(
            settings_for("http://ges.test/engagement/v3", first_key(ges_sandbox)),
            http=in_process(wire),
        ),
        CONFIG,
        clock=ges_sandbox.clock.now,
    )
    assert (await restarted.book(yes, earlier=kept)).outcome is BookingOutcome.ALREADY_BOOKED
    await restarted.aclose()
    assert wire.asked["create"] == 1


async def test_a_time_taken_meanwhile_brings_the_nearest_from_the_refusal_itself(
    service: CallbackService, ges_sandbox: Sandbox, wire: Wire
) -> None:
    times = (await service.free_times("billing")).times
    at = times[5].start_at
    for digit in "1234":
        other = draft(service, at, phone=f"+49302312504{digit}", conversation_id=digit)
        await service.book(other)
    held = len(booked_in(ges_sandbox))
    wire.asked.clear()
    result = await service.book(draft(service, at))
    assert result.outcome is BookingOutcome.SLOT_TAKEN
    assert dict(wire.asked) == {"create": 1}
    assert len(booked_in(ges_sandbox)) == held
    assert at not in {time.start_at for time in result.alternatives}
    again = await service.book(draft(service, result.alternatives[0].start_at))
    assert again.outcome is BookingOutcome.BOOKED


async def test_many_who_want_the_last_place_get_one_place_and_alternatives(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    at = (await service.free_times("billing")).times[5].start_at
    drafts = [
        draft(service, at, phone=f"+4930231250{each}", conversation_id=str(each))
        for each in range(20, 40)
    ]
    results = Counter(
        [result.outcome for result in await asyncio.gather(*map(service.book, drafts))]
    )
    held = [callback for callback in booked_in(ges_sandbox) if callback.desired_at == at]
    assert results[BookingOutcome.BOOKED] == len(held)
    assert results[BookingOutcome.SLOT_TAKEN] == len(drafts) - len(held)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"phone": "+49123"}, BookingOutcome.NUMBER_INVALID),
        ({"phone": "+12025550101"}, BookingOutcome.NUMBER_NOT_ALLOWED),
        ({"phone": "+491805123456"}, BookingOutcome.NUMBER_NOT_ALLOWED),
        ({"topic": "wrong"}, BookingOutcome.UNAVAILABLE),
        ({"topic": "night"}, BookingOutcome.OFFICE_CLOSED),
    ],
    ids=str,
)
async def test_refusals_are_outcomes(
    service: CallbackService,
    ges_sandbox: Sandbox,
    changes: dict[str, Any],
    outcome: BookingOutcome,
) -> None:
    result = await service.book(draft(service, **changes))
    assert result.outcome is outcome
    assert booked_in(ges_sandbox) == []


async def test_a_time_outside_the_office_hours_is_refused_as_such(
    service: CallbackService,
) -> None:
    sunday = datetime(2026, 1, 18, 12, 0, tzinfo=BERLIN)
    assert (await service.book(draft(service, sunday))).outcome is BookingOutcome.OFFICE_CLOSED


async def test_a_number_with_two_callbacks_waiting_reaches_the_limit(
    service: CallbackService,
) -> None:
    outcomes = [
        (await service.book(draft(service, conversation_id=each))).outcome for each in "123"
    ]
    assert outcomes == ["booked", "booked", "limit_reached"]


@pytest.mark.parametrize("minutes_later", [26, 31, 24 * 60])
async def test_a_yes_that_comes_too_late_books_nothing_and_offers_other_times(
    service: CallbackService, ges_sandbox: Sandbox, wire: Wire, minutes_later: int
) -> None:
    at = await first_time(service)
    ges_sandbox.advance(minutes_later * 60 + (at - service.now()).total_seconds() - 30 * 60)
    result = await service.book(draft(service, at))
    assert result.outcome is BookingOutcome.SLOT_TAKEN
    assert wire.asked["create"] == 0
    assert result.alternatives
    assert at not in {time.start_at for time in result.alternatives}


LOST = [
    Fault(kind="reset-after", operation=Operation.CREATE),
    Fault(kind="status", status=500, effect=True, operation=Operation.CREATE),
    Fault(kind="gateway-html", status=502, effect=True, operation=Operation.CREATE),
    Fault(kind="malformed", effect=True, operation=Operation.CREATE),
    Fault(kind="empty", effect=True, operation=Operation.CREATE),
    Fault(kind="cut-off", effect=True, operation=Operation.CREATE),
]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: str(fault.kind))
async def test_a_booking_whose_answer_is_lost_is_told_as_unconfirmed_and_never_repeated(
    service: CallbackService, ges_sandbox: Sandbox, fault: Fault
) -> None:
    ges_sandbox.order(fault.model_copy(update={"count": 1}))
    yes = draft(service)
    results = [await service.book(yes) for _ in range(3)]
    assert {result.outcome for result in results} == {BookingOutcome.UNCONFIRMED}
    assert len(booked_in(ges_sandbox)) == 1


async def test_a_booking_that_never_left_may_be_tried_again(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    ges_sandbox.order(Fault(kind="refuse", operation=Operation.CREATE, count=1))
    yes = draft(service)
    assert (await service.book(yes)).outcome is BookingOutcome.UNAVAILABLE
    assert (await service.book(yes)).outcome is BookingOutcome.BOOKED
    assert len(booked_in(ges_sandbox)) == 1


async def test_a_turn_without_time_left_books_nothing(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    result = await service.book(draft(service), deadline=Deadline.after(0))
    assert result.outcome is BookingOutcome.UNAVAILABLE
    assert booked_in(ges_sandbox) == []


async def test_who_leaves_while_it_is_booked_has_booked(
    service: CallbackService, ges_sandbox: Sandbox, wire: Wire
) -> None:
    wire.hold_until(2)
    yes = draft(service)
    leaving = asyncio.create_task(service.book(yes))
    await wire.somebody_asked.wait()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    looking, again = asyncio.create_task(service.look("billing")), service.book(yes)
    assert (await again).outcome is BookingOutcome.ALREADY_BOOKED
    await looking
    assert len(booked_in(ges_sandbox)) == 1


# --- the other readings of what GES leaves open ---


@pytest.mark.parametrize(
    "reading",
    [
        {"local_time": "offset"},
        {"proposed_capacity": "number", "proposed_key": "offset"},
        {"full_slot_status": 400},
        {"slot_length": "bucket"},
        {"absent_fields": "null", "wait_number": "float", "wait_result_code": "absent"},
        {"unknown_virtual_queue": "400", "unknown_service_status": 404},
        {"dates": "ms-z-only"},
    ],
    ids=str,
)
async def test_a_menu_is_booked_and_a_full_time_replaced_by_every_reading(
    service: CallbackService, ges_sandbox: Sandbox, reading: dict[str, Any]
) -> None:
    ges_sandbox.profile = Profile.model_validate(reading)
    assert (await service.look("billing")).facts.troubles == ()
    at = (await service.free_times("billing")).times[5].start_at
    result = await service.book(draft(service, at))
    while result.is_booked:
        phone = f"+49302312{5010 + len(booked_in(ges_sandbox))}"
        result = await service.book(draft(service, at, phone=phone, conversation_id=phone))
    assert result.outcome is BookingOutcome.SLOT_TAKEN
    assert len(result.alternatives) == 5


@pytest.mark.parametrize("status", [429, 503, 400])
async def test_a_limit_is_a_limit_by_whatever_status(
    service: CallbackService, ges_sandbox: Sandbox, status: int
) -> None:
    ges_sandbox.profile = Profile.model_validate({"throttle_status": status})
    outcomes = [
        (await service.book(draft(service, conversation_id=each))).outcome for each in "123"
    ]
    assert outcomes[-1] is BookingOutcome.LIMIT_REACHED


@pytest.mark.parametrize("reading", ["400-slots", "429-slots"])
async def test_a_closed_office_that_proposes_times_has_them_offered(
    service: CallbackService, ges_sandbox: Sandbox, reading: str
) -> None:
    ges_sandbox.profile = Profile.model_validate({"office_closed": reading})
    sunday = datetime(2026, 1, 18, 12, 0, tzinfo=BERLIN)
    result = await service.book(draft(service, sunday))
    assert result.outcome is BookingOutcome.OFFICE_CLOSED
    assert result.alternatives


@pytest.mark.parametrize("reading", ["400", "404", "200"])
async def test_a_second_cancel_never_says_that_the_callback_stands(
    service: CallbackService, ges_sandbox: Sandbox, reading: str
) -> None:
    ges_sandbox.profile = Profile.model_validate({"cancel_finished": reading})
    booked = await service.book(draft(service))
    assert booked.callback_id is not None
    await service.cancel("billing", booked.callback_id)
    assert (await service.cancel("billing", booked.callback_id)).is_off


# --- showing, cancelling, moving ---


async def test_a_callback_is_shown_as_it_stands(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    at = await first_time(service)
    later = await service.book(draft(service, at))
    assert later.callback_id is not None
    scheduled = await service.show("billing", later.callback_id)
    assert (scheduled.code, scheduled.desired_at) == (StandingCode.SCHEDULED, at)
    now = await service.book(draft(service))
    assert now.callback_id is not None
    waiting = await service.show("billing", now.callback_id)
    assert waiting.code is StandingCode.WAITING
    assert waiting.position is not None
    ges_sandbox.advance(2 * 3600)
    assert (await service.show("billing", now.callback_id)).code is StandingCode.DONE
    gone = "00000000-0000-4000-8000-000000000000"
    assert (await service.show("billing", gone)).code is StandingCode.GONE


async def test_cancelling_twice_is_cancelled_both_times(
    service: CallbackService, ges_sandbox: Sandbox, wire: Wire
) -> None:
    booked = await service.book(draft(service))
    assert booked.callback_id is not None
    wire.asked.clear()
    first = await service.cancel("billing", booked.callback_id)
    assert dict(wire.asked) == {"cancel": 1}
    second = await service.cancel("billing", booked.callback_id)
    assert (first.outcome, second.outcome) == (CancelOutcome.CANCELLED, CancelOutcome.CANCELLED)
    assert open_in(ges_sandbox) == []


async def test_what_is_over_or_unknown_cannot_be_cancelled_and_is_told_as_what_it_is(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    booked = await service.book(draft(service))
    assert booked.callback_id is not None
    ges_sandbox.advance(2 * 3600)
    over = await service.cancel("billing", booked.callback_id)
    assert over.outcome is CancelOutcome.ALREADY_OVER
    gone = await service.cancel("billing", "00000000-0000-4000-8000-000000000000")
    assert gone.outcome is CancelOutcome.GONE
    odd = await service.cancel("billing", "no such id")
    assert odd.outcome is CancelOutcome.UNAVAILABLE


async def test_a_cancel_whose_answer_is_lost_is_looked_up(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    booked = await service.book(draft(service))
    assert booked.callback_id is not None
    ges_sandbox.order(Fault(kind="reset-after", operation=Operation.CANCEL, count=1))
    result = await service.cancel("billing", booked.callback_id)
    assert result.outcome is CancelOutcome.CANCELLED


async def test_a_cancel_nobody_can_confirm_is_told_as_such(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    booked = await service.book(draft(service))
    assert booked.callback_id is not None
    ges_sandbox.order(Fault(kind="reset-before"))
    result = await service.cancel("billing", booked.callback_id)
    assert result.outcome is CancelOutcome.UNCONFIRMED


async def test_moving_leaves_exactly_the_new_booking(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    times = (await service.free_times("billing")).times
    old = await service.book(draft(service, times[0].start_at))
    assert old.callback_id is not None
    move = await service.move(old.callback_id, draft(service, times[3].start_at))
    (left,) = open_in(ges_sandbox)
    assert move.outcome is MoveOutcome.MOVED
    assert (str(left.id), left.desired_at) == (move.booking.callback_id, times[3].start_at)


async def test_the_same_move_confirmed_twice_is_one_move(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    times = (await service.free_times("billing")).times
    old = await service.book(draft(service, times[0].start_at))
    assert old.callback_id is not None
    yes = draft(service, times[3].start_at)
    first = await service.move(old.callback_id, yes)
    assert first.booking.callback_id is not None
    again = await service.move(old.callback_id, yes)
    noted = await service.move(first.booking.callback_id, yes)
    assert {first.outcome, again.outcome, noted.outcome} == {MoveOutcome.MOVED}
    assert len(open_in(ges_sandbox)) == 1


@pytest.mark.parametrize(
    ("fault", "outcome", "left"),
    [
        (Fault(kind="refuse", operation=Operation.CREATE), MoveOutcome.NOT_MOVED, 1),
        (Fault(kind="reset-before", operation=Operation.CREATE), MoveOutcome.UNCONFIRMED, 1),
        (Fault(kind="reset-after", operation=Operation.CREATE), MoveOutcome.UNCONFIRMED, 2),
        (Fault(kind="refuse", operation=Operation.CANCEL), MoveOutcome.MOVED_OLD_REMAINS, 2),
        (Fault(kind="reset-before", operation=Operation.CANCEL), MoveOutcome.MOVED_OLD_REMAINS, 2),
        (Fault(kind="reset-after", operation=Operation.CANCEL), MoveOutcome.MOVED, 1),
    ],
    ids=lambda value: f"{value.kind}-{value.operation}" if isinstance(value, Fault) else str(value),
)
async def test_whatever_step_of_a_move_fails_a_booking_is_left_and_it_is_said_which_counts(
    service: CallbackService,
    ges_sandbox: Sandbox,
    fault: Fault,
    outcome: MoveOutcome,
    left: int,
) -> None:
    times = (await service.free_times("billing")).times
    old = await service.book(draft(service, times[0].start_at))
    assert old.callback_id is not None
    ges_sandbox.order(fault.model_copy(update={"count": 1}))
    move = await service.move(old.callback_id, draft(service, times[3].start_at))
    held = {str(callback.id) for callback in open_in(ges_sandbox)}
    assert (move.outcome, len(held)) == (outcome, left)
    counts = move.booking.callback_id or old.callback_id
    assert counts in held


# --- ringing in ---


async def test_a_lent_number_is_given_out_again_while_it_is_good(
    service: CallbackService, ges_sandbox: Sandbox, wire: Wire
) -> None:
    number = await service.call_in("support")
    assert number.is_lent
    assert number.access_code is not None
    assert await service.call_in("support", earlier=number) == number
    assert wire.asked["call-in"] == 1
    ges_sandbox.advance(290)
    fresh = await service.call_in("support", earlier=number)
    assert fresh.expires_at != number.expires_at
    assert wire.asked["call-in"] == 2


async def test_without_a_group_or_an_answer_the_static_number_is_given(
    service: CallbackService,
) -> None:
    for topic in ("night", "wrong"):
        assert (await service.call_in(topic)).number == CONFIG.profile(topic).static_number


# --- shown menus stay true ---


async def test_an_old_button_picks_its_own_time_or_none(
    service: CallbackService, ges_sandbox: Sandbox
) -> None:
    free = await service.free_times("billing")
    view = MenuView.of(service.profile("billing"), zone=BERLIN, now=free.at, speaks=False)
    menu = open_menu(free.times, view)
    ges_sandbox.advance(3600)
    later = await service.free_times("billing")
    for button, shown in zip(menu.ids, Shown.of_ids(menu.ids).on_offer, strict=True):
        picked = choose_by_id(later.times, view, button).time
        assert picked is None or picked.start_at == shown
