"""What GES answered, judged, where the sandbox answers otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from ges_connector.api import (
    Availability,
    AvailabilitySlot,
    CallIn,
    GesAuthenticationError,
    GesConnectionError,
    GesError,
    GesNotFoundError,
    GesServerError,
    GesThrottledError,
    OpenFor,
    QueueStatus,
    VirtualQueueWait,
)
from ges_connector.callbacks.profile import TopicProfile
from ges_connector.doctor import Light, ges_checks

PROFILE = TopicProfile(
    service_name="Billing",
    call_in_group="direct",
    virtual_queues=("VQ_A", "VQ_B"),
    static_number="+493023125001",
    office_zone="Europe/Berlin",
    countries=("DE",),
)
MONDAY = datetime(2026, 1, 12, tzinfo=UTC)


def status(wait: float | None, *, at_once: bool, at_a_time: bool) -> QueueStatus:
    return QueueStatus(
        wait_seconds=wait, offer_immediate_callback=at_once, offer_scheduled_callback=at_a_time
    )


@pytest.mark.parametrize(
    ("answer", "light", "word"),
    [
        (status(90, at_once=True, at_a_time=True), Light.GREEN, "at once and at a time; wait 90 s"),
        (status(None, at_once=True, at_a_time=False), Light.GREEN, "wait unknown"),
        (status(90, at_once=False, at_a_time=False), Light.AMBER, "no callback now"),
        (status(None, at_once=False, at_a_time=True), Light.AMBER, "no agent"),
    ],
)
def test_a_queue_is_judged_by_what_it_offers(answer: QueueStatus, light: Light, word: str) -> None:
    finding = ges_checks.check_queue("billing", PROFILE, answer)
    assert (finding.light, word in finding.told) == (light, True)


def wait(name: str, seconds: float | None, code: int | None) -> VirtualQueueWait:
    return VirtualQueueWait(virtual_queue=name, wait_seconds=seconds, result_code=code)


@pytest.mark.parametrize(
    ("answer", "light", "word"),
    [
        ((wait("VQ_A", 60, 0), wait("VQ_B", 0, 0)), Light.GREEN, "VQ_A 60 s, VQ_B 0 s"),
        ((wait("VQ_A", 60, 0), wait("VQ_B", None, -1)), Light.AMBER, "VQ_B"),
        ((wait("VQ_A", 60, 0),), Light.AMBER, "VQ_B"),
        ((wait("VQ_A", None, -2), wait("VQ_B", None, -2)), Light.AMBER, "no agent"),
        ((wait("VQ_A", 60, 0), wait("VQ_B", None, -2)), Light.GREEN, "VQ_A 60 s"),
    ],
)
def test_waits_are_judged_queue_by_queue(
    answer: tuple[VirtualQueueWait, ...], light: Light, word: str
) -> None:
    finding = ges_checks.check_waits("billing", PROFILE, answer)
    assert (finding.light, word in finding.told) == (light, True)


@pytest.mark.parametrize(
    ("seconds", "word"), [(None, "no end"), (5400, "1.5 hours"), (0, "closed now")]
)
def test_office_hours_are_told(seconds: int | None, word: str) -> None:
    finding = ges_checks.check_open_for("billing", PROFILE, OpenFor(open_for_seconds=seconds))
    assert (finding.light, word in finding.told) == (Light.GREEN, True)


def times(hours: range, *, places: int = 1) -> Availability:
    slots = [
        AvailabilitySlot(utc_time=MONDAY + timedelta(hours=hour), capacity=places) for hour in hours
    ]
    return Availability(slots=tuple(slots), duration_minutes=60)


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        (times(range(8, 17)), Light.GREEN),
        (times(range(24)), Light.GREEN),
        (times(range(20, 28)), Light.AMBER),
        (times(range(8, 17), places=0), Light.RED),
        (times(range(0)), Light.RED),
    ],
)
def test_a_week_is_judged_by_its_free_times(answer: Availability, light: Light) -> None:
    finding = ges_checks.check_availability("billing", PROFILE, answer)
    assert finding.light is light
    assert (finding.next_step is None) is (light is Light.GREEN)


def test_a_number_lent_without_an_end_is_amber() -> None:
    lent = CallIn(id="1", to_phone_number="+493023125001")
    finding = ges_checks.check_call_in("billing", PROFILE, lent, is_tried=True)
    assert finding.light is Light.AMBER


@pytest.mark.parametrize(
    ("zone", "service", "light"),
    [
        ("Europe/Berlin", "Billing", Light.GREEN),
        ("Europe/Paris", "Other", Light.GREEN),
        ("Europe/Paris", "Billing", Light.AMBER),
    ],
)
def test_topics_of_one_service_must_agree_on_its_zone(
    zone: str, service: str, light: Light
) -> None:
    other = PROFILE.model_copy(update={"office_zone": zone, "service_name": service})
    assert ges_checks.check_namesakes([("a", PROFILE), ("b", other)]).light is light


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (GesAuthenticationError(http_status=403, corr_id="c"), "GES_API_KEY"),
        (GesThrottledError(http_status=429, corr_id="c"), "wait a minute"),
        (GesNotFoundError(http_status=404, corr_id="c"), "look there"),
        (GesServerError(http_status=500, corr_id="c"), "corrId"),
        (GesConnectionError(corr_id="c"), "network"),
    ],
)
def test_each_kind_of_error_has_its_own_next_step(error: GesError, step: str) -> None:
    finding = ges_checks.refusal("queue", "billing", error, "look there")
    assert (finding.light, finding.corr_id) == (Light.RED, "c")
    assert step in (finding.next_step or "")
    assert "corr_id" not in finding.told


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        (status(90, at_once=True, at_a_time=True), Light.GREEN),
        (GesNotFoundError(http_status=404), Light.GREEN),
        (GesAuthenticationError(http_status=403), Light.RED),
        (GesServerError(http_status=500), Light.RED),
    ],
)
def test_an_unknown_queue_is_no_fault_of_the_key(
    answer: QueueStatus | GesError, light: Light
) -> None:
    assert ges_checks.check_key(answer).light is light


def test_numbers_that_are_all_lent_are_no_fault_of_the_settings() -> None:
    error = GesNotFoundError(http_status=404, code=7904, corr_id="c-1")
    finding = ges_checks.check_call_in("billing", PROFILE, error, is_tried=True)
    assert finding.light is Light.AMBER
    assert "try again in some minutes" in (finding.next_step or "")
