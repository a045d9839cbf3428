"""What stands beside a time: telephone numbers and a "no" to an offer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language import understand
from ges_connector.language.asides import telephone_numbers
from ges_connector.language.notation import in_short

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
COUNTRIES = ("DE", "AT", "CH", "FR", "ES", "IT", "PT", "BR", "NL", "GB", "US", "PL", "DK", "SE")


def said(text: str, locale: str) -> str:
    return in_short(understand(text, locale, NOW, BERLIN.key), BERLIN)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("vendredi à 9h au 01 99 00 12 34", "01 99 00 12 34"),
        ("el viernes a las 9 al +49 30 23125011", "+49 30 23125011"),
        ("al 910 12 34 56", "910 12 34 56"),
        ("meine nummer ist die 030/231250-11", "030/231250-11"),
        ("morgen um 10 unter 030 231250 11", "030 231250 11"),
        ("call me on 07700 900123 at 4pm", "07700 900123"),
        ("(212) 555-0134 tomorrow morning", "(212) 555-0134"),
        ("ring på 22 12 34 56 i morgen", "22 12 34 56"),
        ("24.11.2026 030 231250", "030 231250"),
        ("2026-11-24 15:00 030 1234567", "030 1234567"),
        ("0151 2345678 10:30", "0151 2345678"),
        ("0151 2345678 24.11. um 10", "0151 2345678"),
        ("um 10 0151 2345678", "0151 2345678"),
        ("+49 (0)30 231250-11, bitte", "+49 (0)30 231250-11"),
    ],
)
def test_a_telephone_number_is_found_beside_times(text: str, number: str) -> None:
    assert telephone_numbers(text) == (number,)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24 15:00",
        "2026-11-24T15:30:00",
        "24.11.2026 15 30",
        "11/24/2026 3 30",
        "10 30 or 11 30",
        "20261124 1530",
        "202611241530",
        "zwischen 10 30 und 11 30",
        "10 30 - 11 30",
        "0930 1030",
        "1530 1630",
        "24.11. 10:30-11:30",
        "montag 30.11. 14 00 16 00",
        "23/11/2026 - 24/11/2026",
        "2026 11 24 15 30",
        "order 123456",
    ],
)
def test_dates_and_clock_times_are_no_telephone_numbers(text: str) -> None:
    assert telephone_numbers(text) == ()


@pytest.mark.parametrize("text", ["at 3 212 555 0134", "at 8 (495) 123-45-67", "at 10 555 0134"])
def test_digits_that_may_be_an_hour_or_part_of_the_number_are_asked_about(text: str) -> None:
    assert telephone_numbers(text) == ()
    assert said(f"tomorrow {text}", "en-GB") == "unclear unexplained_digits"


def test_the_hour_behind_a_number_stays_an_hour() -> None:
    assert said("morgen 030 231250 10 uhr", "de-DE") == "exact 11-24 10:00 ? exact 11-24 22:00"
    assert said("020 7946 0958 10 am tomorrow", "en-GB") == "exact 11-24 10:00"


def example(country: str, form: int) -> str:
    number = phonenumbers.example_number(country)
    assert number is not None
    return phonenumbers.format_number(number, form)


@given(
    country=st.sampled_from(COUNTRIES),
    form=st.sampled_from(
        [phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164]
    ),
)
def test_the_time_beside_any_international_number_is_understood(country: str, form: int) -> None:
    assert said(f"tomorrow at 4pm on {example(country, form)}", "en-GB") == "exact 11-24 16:00"


@given(country=st.sampled_from(COUNTRIES))
def test_a_national_number_is_never_a_time(country: str) -> None:
    number = example(country, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert said(number, f"en-{country}").startswith("unclear")


@given(
    at=st.datetimes(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None) + timedelta(days=900)),
    form=st.sampled_from(
        ["%Y-%m-%d %H:%M", "%d.%m.%Y %H %M", "%Y%m%d %H%M", "%m/%d/%Y %H:%M", "%Y-%m-%dT%H:%M:%S"]
    ),
)
def test_no_date_is_taken_out(at: datetime, form: str) -> None:
    assert telephone_numbers(at.strftime(form)) == ()


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("no, a las 16:00", "es-ES"),
        ("non, à 16h", "fr-FR"),
        ("nein, um 16 Uhr", "de-DE"),
        ("No, at 4pm", "en-GB"),
        ("no no, alle 16", "it-IT"),
        ("não, às 16h", "pt-BR"),
        ("Nee. Om 16 uur", "nl-NL"),
    ],
)
def test_a_no_before_a_comma_refuses_the_offer_and_not_the_time(text: str, locale: str) -> None:
    assert said(text, locale) == "exact 11-23 16:00"


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("no a las 16", "es-ES"),
        ("pas à 16h", "fr-FR"),
        ("nicht um 16 Uhr", "de-DE"),
        ("no, not at 4pm", "en-GB"),
    ],
)
def test_a_not_rules_the_time_out(text: str, locale: str) -> None:
    assert (
        said(text, locale)
        == "window … - … without 11-23 16:00 - 11-23 17:00, 11-24 16:00 - 11-24 17:00"
    )
