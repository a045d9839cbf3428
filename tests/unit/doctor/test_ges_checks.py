"""What GES answered, judged, where the sandbox answers otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from ges_connector.api import (
    Availability,
    AvailabilitySlot,
    CallIn,
    GesAuthenticationError,
    GesConnectionError,
    GesConnectionLostError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesNotFoundError,
    GesReadTimeoutError,
    GesServerError,
    GesThrottledError,
    OpenFor,
    QueueStatus,
    VirtualQueueWait,
)
from ges_connector.callbacks.profile import Patience, TopicProfile
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
OPEN = OpenFor(open_for_seconds=3600)


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
    finding = ges_checks.check_queue("billing", PROFILE, answer, OPEN)
    assert (finding.light, word in finding.told) == (light, True)


@pytest.mark.parametrize(
    ("open_for", "word", "step"),
    [
        (OpenFor(open_for_seconds=3600), "while the office is open", "no call in turn is offered"),
        (OpenFor(open_for_seconds=0), "the office is closed", "nothing to do"),
        (GesConnectionError(), "so no wait is known", "outside office hours"),
    ],
)
def test_a_queue_without_agents_is_told_with_what_it_means_at_that_hour(
    open_for: OpenFor | GesError, word: str, step: str
) -> None:
    nobody = status(None, at_once=False, at_a_time=True)
    finding = ges_checks.check_queue("billing", PROFILE, nobody, open_for)
    assert (finding.light, word in finding.told) == (Light.AMBER, True)
    assert step in (finding.next_step or "")
    none = (wait("VQ_A", None, -2), wait("VQ_B", None, -2))
    finding = ges_checks.check_waits("billing", PROFILE, none, open_for)
    assert (finding.light, word in finding.told) == (Light.AMBER, True)


def test_slow_answers_are_amber_with_their_seconds_and_what_they_cost_a_turn() -> None:
    patience = Patience(chat_seconds=5.0, voice_seconds=2.5)
    seconds = {"queue": 0.4, "free times": 3.26, "wait": 1.1}
    finding = ges_checks.check_speed("billing", seconds, patience)
    assert finding is not None
    assert (finding.light, finding.topic) == (Light.AMBER, "billing")
    assert "free times 3.3 s, wait 1.1 s" in finding.told
    assert "queue" not in finding.told
    for word in ("network", "GES_PROXY_URL", "patience.voice_seconds (2.5)", "chat_seconds (5)"):
        assert word in (finding.next_step or "")


def test_no_finding_names_a_class_of_python() -> None:
    error = GesConnectionLostError(message="ServerDisconnectedError")
    assert "ServerDisconnected" not in ges_checks.refusal("queue", "billing", error, "").told
    told = ges_checks.refusal("queue", "billing", GesServerError(message="15 bytes, HTML"), "").told
    assert told.endswith(": 15 bytes, HTML")


def test_answers_within_a_second_are_not_slow() -> None:
    seconds = {"queue": 1.0, "wait": 0.0}
    assert ges_checks.check_speed("billing", seconds, Patience()) is None


@pytest.mark.parametrize(
    "error",
    [GesReadTimeoutError(), GesConnectTimeoutError(), GesDeadlineExceededError()],
)
def test_an_answer_that_does_not_come_in_time_names_the_settings_that_say_how_long(
    error: GesError,
) -> None:
    finding = ges_checks.refusal("queue", "billing", error, "look for the name")
    assert finding.light is Light.RED
    assert "GES_READ_TIMEOUT_SECONDS" in (finding.next_step or "")


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
    finding = ges_checks.check_waits("billing", PROFILE, answer, OPEN)
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
    assert ges_checks.check_key(answer, "ges:443").light is light


@pytest.mark.parametrize(
    ("error", "check", "word"),
    [
        (GesConnectionError(), "connection", "ges:443: no connection could be made"),
        (GesConnectionLostError(), "connection", "ges:443: the connection broke"),
        (GesReadTimeoutError(), "connection", "ges:443: no whole answer came in time"),
        (GesServerError(http_status=502), "connection", "a proxy or gateway answers, not GES"),
        (GesServerError(http_status=500, code=5, corr_id="c-1"), "answer", "HTTP 500, GES code 5"),
        (GesThrottledError(http_status=429), "answer", "too many requests"),
        (GesAuthenticationError(http_status=407), "key", "HTTP 407"),
    ],
)
def test_what_is_no_fault_of_the_key_is_not_told_as_one(
    error: GesError, check: str, word: str
) -> None:
    finding = ges_checks.check_key(error, "ges:443")
    assert (finding.check, finding.light, word in finding.told) == (check, Light.RED, True)
    assert ("key" in finding.told) is False


def test_numbers_that_are_all_lent_are_no_fault_of_the_settings() -> None:
    error = GesNotFoundError(http_status=404, code=7904, corr_id="c-1")
    finding = ges_checks.check_call_in("billing", PROFILE, error, is_tried=True)
    assert finding.light is Light.AMBER
    assert "try again in some minutes" in (finding.next_step or "")
