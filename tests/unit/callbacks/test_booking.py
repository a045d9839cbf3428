"""What is sent for a booking, and what the answers to it come to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ges_connector.api import (
    CreatedCallback,
    GesAuthenticationError,
    GesConnectionError,
    GesDeadlineExceededError,
    GesError,
    GesInvalidRequestError,
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesRequestError,
    GesServerError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    GesUnknownServiceError,
    OfferTiming,
    OfferType,
    Operation,
    ProposedSlot,
)
from ges_connector.callbacks import (
    BookingOutcome,
    BookingResult,
    CallbackKind,
    Draft,
    FreeTime,
    TopicProfile,
    Trouble,
    WaitTold,
)
from ges_connector.callbacks.booking import (
    booked,
    is_too_near,
    nearest_to,
    not_booked,
    request_for,
    taken,
    user_data_for,
)
from ges_connector.callbacks.profile import UserDataPolicy

NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
PROFILE = TopicProfile.model_validate(
    {
        "service_name": "Billing",
        "static_number": "+493023125001",
        "office_zone": "Europe/Berlin",
        "countries": ["DE"],
    }
)
DRAFT = Draft(
    conversation_id="c-1",
    topic="billing",
    phone="+4915112345678",
    desired_at=TOMORROW,
    read_back_at=NOW,
    locale="de",
    zone="Europe/Berlin",
    channel="chat",
    wait_told=WaitTold.from_code("5-10"),
    offer_type=OfferType.COMBINED,
    offer_timing=OfferTiming.ON_HOURS,
    told_queue="Front",
    reason="a wrong invoice",
)


def of_create(error: type[GesError], **context: Any) -> GesError:
    return error(operation=Operation.CREATE_CALLBACK, **context)


def proposals(*hours: float) -> tuple[ProposedSlot, ...]:
    return tuple(
        ProposedSlot(utc_time=TOMORROW + timedelta(hours=each), capacity=1) for each in hours
    )


# --- the request ---


def test_the_request_says_what_was_agreed_and_reports_the_truth() -> None:
    request = request_for(DRAFT, PROFILE)
    assert request.desired_time == TOMORROW
    assert request.always_check_capacity is True
    assert (request.offer_type, request.offer_timing) == (OfferType.COMBINED, "ON-HOURS")
    assert (request.language, request.channel) == ("de-DE", "chat")
    assert request.offer_threshold_seconds == PROFILE.offer.min_wait_seconds
    assert request.inbound_virtual_queue == "Front"
    assert request.originating_interaction_id == "c-1"
    assert request.user_data == {
        "reason": "a wrong invoice",
        "conversation_id": "c-1",
        "channel": "chat",
        "language": "de",
        "wait_told": "5-10",
    }


def test_a_callback_in_turn_is_sent_without_a_time() -> None:
    draft = replace(DRAFT, desired_at=None)
    request = request_for(draft, PROFILE)
    assert draft.kind is CallbackKind.ASAP
    assert (request.desired_time, request.always_check_capacity) == (None, None)


def test_what_cannot_be_sent_is_refused_here() -> None:
    with pytest.raises(GesRequestError):
        request_for(replace(DRAFT, phone=" "), PROFILE)


def test_only_allowed_keys_are_sent() -> None:
    policy = UserDataPolicy(keys=("reason", "tier"))
    draft = replace(DRAFT, user_data={"tier": "gold", "password": "x", "wait_told": "lie"})
    assert user_data_for(draft, policy) == {"reason": "a wrong invoice", "tier": "gold"}


def test_a_dialogue_cannot_pass_something_else_off_as_the_reason() -> None:
    draft = replace(DRAFT, reason=None, user_data={"reason": "never agreed"})
    assert "reason" not in user_data_for(draft, PROFILE.user_data)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("two\nlines\tand\x00more", "two lines and more"),
        ("a\u202eb", "a b"),
        ("card 4111 1111 1111 1111 please", "card *** please"),
        ("4111 1111 1111 1111 12/27 123", "*** 12/27 123"),
        ("5555555555554444 09/27", "*** 09/27"),
        ("code 123 4111-1111-1111-1111", "code 123 ***"),
        ("4111.1111.1111.1111", "***"),
        ("4111 1111 1111 1111 5555 5555 5555 4444", "*** ***"),
        ("order 4111 1111 1111 1112", "order 4111 1111 1111 1112"),
        ("0151 23456789 or 030 23125011", "0151 23456789 or 030 23125011"),
        ("x" * 60, "x" * 49 + "…"),
        (5, 5),
        (True, True),
    ],
)
def test_values_are_cleaned(value: object, sent: object) -> None:
    draft = replace(DRAFT, user_data={"note": value})
    policy = UserDataPolicy(keys=("note",), max_characters=50)
    assert user_data_for(draft, policy) == {"note": sent}


@pytest.mark.parametrize("value", ["", " \n ", None, ["a"], {"b": 1}])
def test_empty_and_nested_values_are_left_out(value: object) -> None:
    draft = replace(DRAFT, user_data={"note": value})
    assert user_data_for(draft, UserDataPolicy(keys=("note",))) == {}


# --- the token ---


def test_the_same_agreement_has_the_same_token_whatever_the_zone_it_is_written_in() -> None:
    elsewhere = TOMORROW.astimezone(tz=None)
    assert replace(DRAFT, desired_at=elsewhere).token == DRAFT.token


@pytest.mark.parametrize(
    "change",
    [
        {"conversation_id": "c-2"},
        {"topic": "support"},
        {"phone": "+493023125011"},
        {"desired_at": None},
        {"desired_at": TOMORROW + timedelta(minutes=30)},
        {"read_back_at": NOW + timedelta(seconds=1)},
    ],
    ids=lambda change: next(iter(change)) + str(len(str(change))),
)
def test_another_agreement_has_another_token(change: dict[str, Any]) -> None:
    assert replace(DRAFT, **change).token != DRAFT.token


def test_neither_token_nor_repr_show_the_number() -> None:
    assert "12345678" not in repr(DRAFT)
    assert "invoice" not in repr(DRAFT)
    assert "12345678" not in DRAFT.token


# --- the results ---

REFUSALS = [
    (GesNumberInvalidError, {"code": 7030}, BookingOutcome.NUMBER_INVALID),
    (GesNumberNotAllowedError, {"code": 7036}, BookingOutcome.NUMBER_NOT_ALLOWED),
    (GesOfficeClosedError, {"code": 7042}, BookingOutcome.OFFICE_CLOSED),
    (GesSlotUnavailableError, {"code": 7041}, BookingOutcome.SLOT_TAKEN),
    (GesThrottledError, {"code": 7041}, BookingOutcome.LIMIT_REACHED),
    (GesThrottledError, {}, BookingOutcome.UNAVAILABLE),
    (GesUnknownServiceError, {"code": 7040}, BookingOutcome.UNAVAILABLE),
    (GesInvalidRequestError, {"code": 501}, BookingOutcome.UNAVAILABLE),
    (GesAuthenticationError, {}, BookingOutcome.UNAVAILABLE),
    (GesConnectionError, {}, BookingOutcome.UNAVAILABLE),
    (GesDeadlineExceededError, {}, BookingOutcome.UNAVAILABLE),
    (GesUnknownResultError, {}, BookingOutcome.UNCONFIRMED),
    (GesServerError, {"http_status": 500}, BookingOutcome.UNCONFIRMED),
    (GesUnexpectedAnswerError, {}, BookingOutcome.UNCONFIRMED),
]


@pytest.mark.parametrize(
    ("error", "context", "outcome"),
    REFUSALS,
    ids=[f"{row[0].__name__}-{row[1]}" for row in REFUSALS],
)
def test_every_failure_of_create_is_an_outcome(
    error: type[GesError], context: dict[str, Any], outcome: BookingOutcome
) -> None:
    result = not_booked(DRAFT, PROFILE, of_create(error, corr_id="corr", **context), NOW)
    assert (result.outcome, result.corr_id) == (outcome, "corr")
    assert not result.is_booked
    assert (result.trouble is None) == (outcome not in {"unconfirmed", "unavailable"})


def test_an_outcome_in_doubt_or_in_effect_is_never_sent_again() -> None:
    again = {outcome for outcome in BookingOutcome if BookingResult(outcome, "t").may_be_in_effect}
    assert again == {"booked", "already_booked", "unconfirmed"}


def test_a_full_slot_brings_its_own_alternatives_nearest_first() -> None:
    # Asked for: 10:00 in Berlin. Two hours later is noon, another part of the day.
    slots = proposals(-24, 1, 2, 24, 0)
    error = of_create(GesSlotUnavailableError, proposed_slots=slots)
    result = not_booked(DRAFT, PROFILE, error, NOW)
    hours = [(time.start_at - TOMORROW) / timedelta(hours=1) for time in result.alternatives]
    assert hours == [1, 2, 24]


def test_a_closed_office_may_bring_alternatives_too() -> None:
    error = of_create(GesOfficeClosedError, proposed_slots=proposals(1))
    assert len(not_booked(DRAFT, PROFILE, error, NOW).alternatives) == 1


def test_the_same_part_of_the_day_comes_before_the_nearer_hour() -> None:
    draft = replace(DRAFT, desired_at=datetime(2026, 1, 13, 10, 30, tzinfo=UTC))  # 11:30 in Berlin
    at_eight, at_noon = (FreeTime(datetime(2026, 1, 13, hour, tzinfo=UTC)) for hour in (7, 11))
    day_before = FreeTime(datetime(2026, 1, 12, 22, 45, tzinfo=UTC))
    ranked = nearest_to(draft, [at_noon, day_before, at_eight], 5)
    assert ranked == (at_eight, at_noon, day_before)


def test_alternatives_to_a_call_in_turn_are_the_earliest() -> None:
    times = [FreeTime(TOMORROW), FreeTime(NOW)]
    assert nearest_to(replace(DRAFT, desired_at=None), times, 1) == (FreeTime(NOW),)


@pytest.mark.parametrize(
    ("minutes_ahead", "is_near"), [(-60, True), (0, True), (4.9, True), (5, False), (600, False)]
)
def test_a_time_that_has_come_too_near_is_not_sent(minutes_ahead: float, is_near: bool) -> None:  # noqa: FBT001 - a table's column
    draft = replace(DRAFT, desired_at=NOW + timedelta(minutes=minutes_ahead))
    assert is_too_near(draft, PROFILE, NOW) is is_near
    assert not is_too_near(replace(DRAFT, desired_at=None), PROFILE, NOW)


def test_a_refusal_of_a_time_within_the_lead_means_that_it_is_gone() -> None:
    near = replace(DRAFT, desired_at=NOW + timedelta(minutes=29))
    error = of_create(GesInvalidRequestError, code=501)
    assert not_booked(near, PROFILE, error, NOW).outcome is BookingOutcome.SLOT_TAKEN


def test_what_is_taken_offers_what_is_free() -> None:
    result = taken(DRAFT, [FreeTime(TOMORROW + timedelta(hours=each)) for each in (1, 2, 3)], 2)
    assert (result.outcome, len(result.alternatives)) == (BookingOutcome.SLOT_TAKEN, 2)


def test_booked_says_the_time_that_was_sent() -> None:
    result = booked(DRAFT, CreatedCallback(id="cb-1", corr_id="corr"))
    assert (result.outcome, result.callback_id) == (BookingOutcome.BOOKED, "cb-1")
    assert (result.desired_at, result.is_booked) == (TOMORROW, True)
    assert result.repeated.outcome is BookingOutcome.ALREADY_BOOKED
    assert result.repeated.callback_id == "cb-1"


def test_a_record_of_a_result_can_be_read_back() -> None:
    result = BookingResult(
        BookingOutcome.BOOKED, DRAFT.token, callback_id="cb-1", desired_at=TOMORROW
    )
    assert BookingResult.from_record(result.as_record()) == result
    doubtful = BookingResult(BookingOutcome.UNCONFIRMED, DRAFT.token, trouble=Trouble.UNREACHABLE)
    assert BookingResult.from_record(doubtful.as_record()) == replace(doubtful, trouble=None)


@pytest.mark.parametrize(
    "record",
    [
        None,
        "booked",
        {},
        {"outcome": "booked"},
        {"outcome": "great", "token": "t"},
        {"outcome": "booked", "token": 5},
        {"outcome": "booked", "token": "t", "callback_id": 5},
    ],
    ids=str,
)
def test_what_is_no_record_is_passed_over(record: object) -> None:
    assert BookingResult.from_record(record) is None
