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
        (120, 150, "en-US", "2 to 2½ hours"),
        (150, 180, "de-DE", "2½ bis 3 Stunden"),
        (120, 150, "fr-FR", "2 h à 2 h 30"),
        (150, 180, "fr-CA", "2 h 30 à 3 h"),
        (120, 150, "es-MX", "entre 2 horas y 2 horas y media"),
        (135, 150, "en-US", "2 hours and 15 minutes to 2½ hours"),
        (120, None, "en-US", "more than 2 hours"),
        (60, None, "en-US", "more than 1 hour"),
        (None, 2, "de-DE", "weniger als 2 Minuten"),
        (5, 10, "de-AT", "5 bis 10 Minuten"),
        (120, None, "de-DE", "mehr als 2 Stunden"),
        (60, 60, "de-DE", "etwa 1 Stunde"),
        (None, 2, "fr-FR", "moins de 2 minutes"),
        (5, 10, "fr-FR", "5 à 10 minutes"),
        (0, 90, "fr-CA", "moins de 1 h 30"),
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
        (5, 10, "es-ES", "entre cinco y diez minutos"),
        (21, 31, "es-MX", "entre veintiún y treinta y un minutos"),
        (60, 120, "es-ES", "entre una y dos horas"),
        (60, 120, "de-DE", "eine bis zwei Stunden"),
        (1440, 2880, "de-DE", "ein bis zwei Tage"),
        (1260, 1320, "de-DE", "einundzwanzig bis zweiundzwanzig Stunden"),
        (1260, 1260, "fr-FR", "environ vingt et une heures"),
        (60, 90, "en-GB", "sixty to ninety minutes"),
        (75, 80, "fr-BE", "septante-cinq à quatre-vingts minutes"),
        (75, 80, "fr-FR", "soixante-quinze à quatre-vingts minutes"),
        (90, 90, "es-MX", "aproximadamente una hora y media"),
        (120, 150, "es-ES", "entre dos horas y dos horas y media"),
        (120, 150, "fr-FR", "deux heures à deux heures et demie"),
        (120, 150, "de-DE", "zwei bis zweieinhalb Stunden"),
        (90, None, "de-CH", "mehr als eineinhalb Stunden"),
        (30, 45, "de-CH", "dreissig bis fünfundvierzig Minuten"),
        (150, 180, "en-US", "two and a half to three hours"),
        (90, None, "en-US", "more than an hour and a half"),
        (135, None, "de-DE", "mehr als zwei Stunden und fünfzehn Minuten"),
    ],
)
def test_a_voice_says_numbers_in_words_that_agree_with_their_unit(
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
        (90, "en-US", "1½ hours"),
        (1440, "en-US", "1 day"),
        (3000, "en-US", "2 days and 2 hours"),
        (1441, "en-US", "1 day"),
        (90, "de-DE", "1½ Stunden"),
        (95, "de-DE", "1 Stunde und 35 Minuten"),
        (90, "fr-FR", "1 h 30"),
        (65, "fr-FR", "1 h 05"),
        (60, "fr-FR", "1 heure"),
        (90, "es-ES", "1 hora y media"),
        (150, "es-ES", "2 horas y media"),
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


@pytest.mark.parametrize(
    ("count", "locale", "said"),
    [
        (3, "de-DE", "drei"),
        (5, "fr-FR", "cinq"),
        (2, "es-MX", "dos"),
        (12, "en-US", "twelve"),
        (1234, "en-US", "1,234"),
        (3, "ja-JP", "3"),
    ],
)
def test_a_voice_says_a_count_in_a_word(count: int, locale: str, said: str) -> None:
    assert tell_count(count, locale, style=Style.VOICE) == said


@given(
    st.sampled_from(["en-US", "en-GB", "de-DE", "de-CH", "fr-FR", "fr-BE", "es-ES", "es-MX"]),
    st.integers(min_value=0, max_value=19).map(lambda steps: 5 * steps),
    st.integers(min_value=1, max_value=4),
)
def test_a_voice_says_every_wait_that_is_told_without_digits(
    locale: str, low: int, steps: int
) -> None:
    wait = WaitRange(low, low + 5 * steps)
    assert not any(character.isdigit() for character in tell_wait(wait, locale, style=Style.VOICE))


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
