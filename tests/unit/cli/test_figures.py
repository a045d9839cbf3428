"""What is read out of an answer of the statistics service."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ges_connector.cli.figures import figures_in, in_words


def only(**entry: Any) -> Any:
    (figure,) = figures_in({"statistics": [entry]}) or ()
    return figure


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CallsWaiting", "calls waiting"),
        ("AverageWaitTime", "average wait time"),
        ("EWT", "EWT"),
        ("EWTLast15Min", "EWT last 15 min"),
        ("calls_in_queue", "calls in queue"),
        ("…", "…"),
    ],
)
def test_a_name_is_told_in_words(name: str, words: str) -> None:
    assert in_words(name) == words


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CallsWaiting", 4, "4"),
        ("CallsWaiting", -1, "-1"),
        ("ServiceFactor", 0.8, "0.8"),
        ("AverageWaitTime", 8.4, "8 s"),
        ("AverageWaitTime", 312, "5 min 12 s"),
        ("AverageWaitTime", 4800, "1 h 20 min"),
        ("AverageWaitTime", 0, "0 s"),
        ("AverageWaitTime", -1, "unknown"),
        ("AverageWaitTime", None, "unknown"),
        ("LoginTime", "08:00", "08:00"),
        ("IsOpen", True, "True"),
    ],
)
def test_a_value_is_told_with_its_unit(name: str, value: object, told: str) -> None:
    assert only(name=name, value=value).told == told


def test_a_figure_that_the_service_refused_is_told_in_its_words() -> None:
    refused = only(name="Nothing", objectId="Billing_DE", error="no such statistic")
    assert (refused.told, refused.value, refused.of) == ("no such statistic", None, "Billing_DE")


def test_a_timestamp_counts_milliseconds_and_one_beyond_all_calendars_is_left_out() -> None:
    figure = only(statisticId="x", value=1, timestamp=1_768_230_000_000)
    assert figure.as_of_at == datetime(2026, 1, 12, 15, 0, tzinfo=UTC)
    assert only(name="x", value=1, timestamp=1e300).as_of_at is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"statistics": []},
        "text",
        [{"name": "x"}],
        [{"value": 1}],
        [{"name": "x", "value": {"low": 1}}],
        [{"name": "x", "value": 1}, 3],
    ],
)
def test_an_answer_of_another_shape_is_not_read_as_figures(answer: object) -> None:
    assert figures_in(answer) is None
