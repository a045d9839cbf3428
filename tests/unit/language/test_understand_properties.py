"""Whatever is said: an instant that was written down is found again, and nothing is misread."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale, dates, localedata
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ges_connector.language import Unclear, Wish, understand
from ges_connector.language.grammar_files import grammar_languages
from ges_connector.language.normalize import normalize

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
ZONES = ("Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
LOCALES = sorted(name for name in localedata.locale_identifiers() if "POSIX" not in name)
STYLES = ("full", "long", "medium", "short")

# A language is compiled when it is first met, which takes longer than an example may.
unhurried = settings(deadline=None)

# Beyond nine months a date without a year would be another year's; within, any style will do.
minutes_ahead = st.integers(min_value=60 * 24, max_value=60 * 24 * 270)


def _written(wall: datetime, locale: str, date_style: Any, time_style: Any) -> str:
    babel = Locale.parse(locale)
    day = dates.format_date(wall.date(), date_style, locale=babel)
    return f"{day} {dates.format_time(wall.time(), time_style, locale=babel)}"


def _found(text: str, locale: str, zone: ZoneInfo) -> set[datetime | None]:
    outcome = understand(text, locale, NOW, zone.key)
    if isinstance(outcome, Unclear):
        return {each.earliest_at for one in outcome.alternatives for each in one.readings()}
    return {each.earliest_at for each in outcome.readings()}


@unhurried
@given(
    minutes=minutes_ahead,
    locale=st.sampled_from(LOCALES),
    date_style=st.sampled_from(STYLES),
    time_style=st.sampled_from(("short", "medium")),
)
@pytest.mark.parametrize("zone_name", ZONES)
def test_no_locale_misreads_a_date_that_cldr_wrote(
    zone_name: str, minutes: int, locale: str, date_style: str, time_style: str
) -> None:
    zone = ZoneInfo(zone_name)
    instant = _whole_minute(NOW + timedelta(minutes=minutes), zone)
    found = _found(_written(instant, locale, date_style, time_style), locale, zone)
    assert not found or instant in found


@unhurried
@given(
    minutes=minutes_ahead,
    locale=st.sampled_from(("en-GB", "en-US", "de-DE", "de-AT", "fr-FR", "es-ES", "es-MX")),
    date_style=st.sampled_from(STYLES),
)
def test_languages_with_a_grammar_file_find_what_cldr_wrote(
    minutes: int, locale: str, date_style: str
) -> None:
    instant = _whole_minute(NOW + timedelta(minutes=minutes), BERLIN)
    text = _written(instant, locale.replace("-", "_"), date_style, "short")
    assert instant in _found(text, locale, BERLIN)


def _whole_minute(moment: datetime, zone: ZoneInfo) -> datetime:
    """An instant by a clock of the zone; not in the hour that a clock passes twice."""
    local = moment.astimezone(zone).replace(second=0, microsecond=0)
    return local.replace(fold=0)


HOURS = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "une deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "una dos tres cuatro cinco seis siete ocho nueve diez once doce",
}


def _hour(language: str, hour: int) -> str:
    return HOURS[language].split()[(hour - 1) % 12]


SPOKEN: dict[str, dict[int, Callable[[int], str]]] = {
    "en": {
        0: lambda hour: f"tomorrow at {_hour('en', hour)} o'clock",
        15: lambda hour: f"tomorrow at quarter past {_hour('en', hour)}",
        30: lambda hour: f"tomorrow at half past {_hour('en', hour)}",
        45: lambda hour: f"tomorrow at a quarter to {_hour('en', hour + 1)}",
    },
    "de": {
        15: lambda hour: f"morgen um Viertel nach {_hour('de', hour)}",
        30: lambda hour: f"morgen um halb {_hour('de', hour + 1)}",
        45: lambda hour: f"morgen um Viertel vor {_hour('de', hour + 1)}",
    },
    "fr": {
        15: lambda hour: f"demain à {_hour('fr', hour)} heures et quart",
        30: lambda hour: f"demain à {_hour('fr', hour)} heures et demie",
        45: lambda hour: f"demain à {_hour('fr', hour + 1)} heures moins le quart",
    },
    "es": {
        15: lambda hour: f"mañana a las {_hour('es', hour)} y cuarto",
        30: lambda hour: f"mañana a las {_hour('es', hour)} y media",
        45: lambda hour: f"mañana a las {_hour('es', hour + 1)} menos cuarto",
    },
}


@unhurried
@given(hour=st.integers(0, 23), data=st.data())
@pytest.mark.parametrize("language", SPOKEN)
def test_a_spoken_quarter_hour_is_found_again(language: str, hour: int, data: Any) -> None:
    minute = data.draw(st.sampled_from(sorted(SPOKEN[language])))
    text = SPOKEN[language][minute](hour)
    instant = (NOW + timedelta(days=1)).replace(hour=hour, minute=minute)
    found = _found(text, language, BERLIN)
    assert instant in found
    assert len(found) == 2, "a spoken hour is of either half of the day"


@unhurried
@given(text=st.text(max_size=300), locale=st.sampled_from(LOCALES))
def test_random_text_is_answered(text: str, locale: str) -> None:
    assert isinstance(understand(text, locale, NOW, "UTC"), Wish | Unclear)


TIME_WORDS = """
tomorrow 3 not 12 or half between and to next morgen nach 15:30 pm friday 3.12. the second at noon
in hours - / . , : 31 02 0151 week end of
"""
words = st.sampled_from(TIME_WORDS.split())


@unhurried
@given(pieces=st.lists(words, max_size=40), locale=st.sampled_from(("en", "de", "fr", "es", "ja")))
def test_random_time_words_are_answered(pieces: list[str], locale: str) -> None:
    assert isinstance(understand(" ".join(pieces), locale, NOW, "UTC"), Wish | Unclear)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\u202e\ufeff",
        "3 " * 5000,
        "a" * 10_000,
        "9" * 10_000,
        "tomorrow " * 400,
        "not " * 900,
        "or " * 1000,
        "1:" * 1900,
        "1/" * 1900,
        "from 3 to 4 or " * 200,
        "月" * 4000,
        "\u0301" * 4000,
        "half past " * 300,
        "9999-99-99 99:99",
        "in 999999999999 hours",
        "in 9999 hours in 9999 days",
        "0000-00-00",
        "31/12/9999",
    ],
)
@pytest.mark.parametrize("language", sorted({*grammar_languages(), "fi", "ja", "ar"}))
def test_what_is_meant_to_break_it_is_answered(language: str, text: str) -> None:
    assert isinstance(understand(text, language, NOW, "UTC"), Wish | Unclear)


@unhurried
@given(text=st.text(max_size=200))
@example("İstanbul\u2019da ½ p. m. ①５")
def test_levelled_text_remembers_where_it_came_from(text: str) -> None:
    levelled = normalize(text)
    assert len(levelled.origin) == len(levelled.chars) + 1
    assert len(levelled.folded) == len(levelled.chars)
    assert all(first <= second for first, second in pairwise(levelled.origin))
