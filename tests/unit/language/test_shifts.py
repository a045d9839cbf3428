"""Times told by one that is spoken of: on another day, at the same clock time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ges_connector.language.shifts import day_at_the_same_time

NOW = datetime(2026, 1, 12, 12, tzinfo=UTC)
"""A Monday."""


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "can we do thursday instead, same time"),
        ("en-US", "thursday at the same time please"),
        ("de-DE", "lieber Donnerstag, selbe Uhrzeit"),
        ("de-AT", "am donnerstag zur gleichen zeit"),
        ("fr-FR", "plutôt jeudi, même heure"),
        ("fr-FR", "jeudi a la meme heure"),
        ("es-ES", "mejor el jueves a la misma hora"),
    ],
)
def test_the_day_is_told_that_goes_with_the_same_time(locale: str, text: str) -> None:
    assert day_at_the_same_time(text, locale, NOW, "Europe/Berlin") == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "thursday but not at the same time"),
        ("en-GB", "same time thursday or 4pm"),
        ("en-GB", "the same time please"),
        ("en-GB", "same time next week"),
        ("en-GB", "thursday at three"),
        ("de-DE", "donnerstag aber nicht zur gleichen zeit"),
        ("fr-FR", "jeudi mais pas à la même heure"),
        ("es-ES", "el jueves o el viernes a la misma hora"),
        ("it-IT", "giovedì alla stessa ora"),
    ],
)
def test_no_day_is_told_where_it_is_not_one_at_the_same_time(locale: str, text: str) -> None:
    assert day_at_the_same_time(text, locale, NOW, "Europe/Berlin") is None


def test_the_day_is_that_of_the_customer() -> None:
    late = datetime(2026, 1, 12, 23, 30, tzinfo=UTC)
    assert day_at_the_same_time("tomorrow same time", "en-GB", late, "UTC") == date(2026, 1, 13)
    assert day_at_the_same_time("tomorrow same time", "en-GB", late, "Asia/Tokyo") == date(
        2026, 1, 14
    )
