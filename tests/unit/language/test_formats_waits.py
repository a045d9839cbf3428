# ruff: noqa: RUF001 - the dash between numbers is part of what is tested
import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language import locales
from ges_connector.language.formats import (
    ListKind,
    Style,
    WaitRange,
    plural_form,
    tell_count,
    tell_duration,
    tell_list,
    tell_wait,
)


def _spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("low", "high", "locale", "told"),
    [
        (None, 2, "en-US", "less than 2 minutes"),
        (0, 1, "en-US", "less than 1 minute"),
        (5, 10, "en-US", "5 to 10 minutes"),
        (10, 10, "en-US", "about 10 minutes"),
        (45, 60, "en-US", "45 to 60 minutes"),
        (60, 90, "en-US", "60 to 90 minutes"),
        (60, 120, "en-US", "1 to 2 hours"),
        (120, 150, "en-US", "2 hours to 2 hours and 30 minutes"),
        (120, None, "en-US", "more than 2 hours"),
        (60, None, "en-US", "more than 1 hour"),
        (None, 2, "de-DE", "weniger als 2 Minuten"),
        (5, 10, "de-AT", "5 bis 10 Minuten"),
        (120, None, "de-DE", "mehr als 2 Stunden"),
        (60, 60, "de-DE", "etwa 1 Stunde"),
        (None, 2, "fr-FR", "moins de 2 minutes"),
        (5, 10, "fr-FR", "5 à 10 minutes"),
        (0, 90, "fr-CA", "moins de 1 heure et 30 minutes"),
        (30, 30, "fr-FR", "environ 30 minutes"),
        (None, 2, "es-ES", "menos de 2 minutos"),
        (5, 10, "es-MX", "entre 5 y 10 minutos"),
        (120, None, "es-ES", "más de 2 horas"),
        (5, 10, "nl-NL", "5 minuten – 10 minuten"),
        (5, 10, "ja-JP", "5 分 – 10 分"),
        (60, None, "nl-NL", "> 1 uur"),
    ],
)
def test_a_wait_is_told_as_a_range(
    low: int | None, high: int | None, locale: str, told: str
) -> None:
    assert _spaced(tell_wait(WaitRange(low, high), locale)) == told


@pytest.mark.parametrize(
    ("low", "high", "locale", "told"),
    [
        (None, 1, "en-US", "less than one minute"),
        (None, 1, "de-DE", "weniger als eine Minute"),
        (None, 1, "fr-FR", "moins d'une minute"),
        (60, None, "fr-CA", "plus d'une heure"),
        (60, None, "es-MX", "más de una hora"),
        (5, 10, "es-ES", "entre 5 y 10 minutos"),
    ],
)
def test_a_voice_says_one_in_the_gender_of_its_unit(
    low: int | None, high: int | None, locale: str, told: str
) -> None:
    assert tell_wait(WaitRange(low, high), locale, style=Style.VOICE) == told


@pytest.mark.parametrize(
    ("low", "high"), [(None, None), (0, None), (0, 0), (None, 0), (10, 5), (-5, 10), (None, -1)]
)
def test_what_is_no_range_is_refused(low: int | None, high: int | None) -> None:
    with pytest.raises(ValueError, match="no range of minutes"):
        WaitRange(low, high)


@pytest.mark.parametrize(
    ("minutes", "locale", "told"),
    [
        (0, "en-US", "0 minutes"),
        (1, "en-US", "1 minute"),
        (45, "en-US", "45 minutes"),
        (60, "en-US", "1 hour"),
        (90, "en-US", "1 hour and 30 minutes"),
        (1440, "en-US", "1 day"),
        (3000, "en-US", "2 days and 2 hours"),
        (1441, "en-US", "1 day"),
        (90, "de-DE", "1 Stunde und 30 Minuten"),
        (90, "fr-FR", "1 heure et 30 minutes"),
        (90, "es-ES", "1 hora y 30 minutos"),
        (2, "pl-PL", "2 minuty"),
        (5, "pl-PL", "5 minut"),
        (22, "ru-RU", "22 минуты"),
        (11, "ar-EG", "11 دقيقة"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(minutes: int, locale: str, told: str) -> None:
    assert _spaced(tell_duration(minutes, locale)) == told


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        tell_duration(-1, "en-US")


@pytest.mark.parametrize(
    ("items", "locale", "kind", "told"),
    [
        (["9:00", "10:30", "14:00"], "en-US", ListKind.OR, "9:00, 10:30, or 14:00"),
        (["9:00", "10:30", "14:00"], "en-GB", ListKind.OR, "9:00, 10:30 or 14:00"),
        (["9:00", "10:30", "14:00"], "de-DE", ListKind.OR, "9:00, 10:30 oder 14:00"),
        (["lundi", "mardi"], "fr-FR", ListKind.OR, "lundi ou mardi"),
        (["lundi", "mardi"], "fr-FR", ListKind.AND, "lundi et mardi"),
        (["7:00", "8:00"], "es-ES", ListKind.OR, "7:00 u 8:00"),
        (["10:30", "11:00"], "es-MX", ListKind.OR, "10:30 u 11:00"),
        (["10:30", "18:00"], "es-ES", ListKind.OR, "10:30 o 18:00"),
        (["109", "110"], "es-ES", ListKind.OR, "109 o 110"),
        (["siete", "ocho"], "es-ES", ListKind.OR, "siete u ocho"),
        (["ventas", "información"], "es-ES", ListKind.AND, "ventas e información"),
        (["agua", "hielo"], "es-ES", ListKind.AND, "agua y hielo"),
        (["9:00"], "de-DE", ListKind.OR, "9:00"),
        ([], "de-DE", ListKind.OR, ""),
    ],
)
def test_a_list_is_joined_as_the_language_does(
    items: list[str], locale: str, kind: ListKind, told: str
) -> None:
    assert tell_list(items, locale, kind=kind) == told


@pytest.mark.parametrize(
    ("count", "locale", "told", "plural"),
    [
        (1, "en-US", "1", "one"),
        (0, "en-US", "0", "other"),
        (0, "fr-FR", "0", "one"),
        (1234567, "en-US", "1,234,567", "other"),
        (1234567, "de-DE", "1.234.567", "other"),
        (1234567, "fr-FR", "1 234 567", "other"),
        (3, "pl-PL", "3", "few"),
        (5, "not a locale", "5", "other"),
    ],
)
def test_a_count_has_the_digit_groups_and_the_plural_of_the_language(
    count: int, locale: str, told: str, plural: str
) -> None:
    assert _spaced(tell_count(count, locale)) == told
    assert plural_form(count, locale) == plural


@given(
    st.sampled_from(sorted(locale_identifiers())),
    st.sampled_from(Style),
    st.integers(min_value=0, max_value=5000),
    st.integers(min_value=1, max_value=5000),
)
def test_every_locale_can_tell_every_wait(
    identifier: str, style: Style, low: int, width: int
) -> None:
    tag = locales.tag_of(Locale.parse(identifier))
    for wait in (WaitRange(low, low + width), WaitRange(None, width), WaitRange(width, None)):
        told = tell_wait(wait, tag, style=style)
        assert told
        assert told == told.strip()
        assert "  " not in told
        assert not {"{", "}"} & set(told)
        assert "duration" not in told
