"""Which kinds of number are called back at the company's cost: all that the library knows."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from ges_connector.callbacks import NumberRefused, Phone, find_number

COUNTRIES = ("DE", "AT", "CH", "GB", "FR", "ES", "IT", "NL", "BE", "PL", "US", "SE", "LI")
KINDS = {
    PhoneNumberType.FIXED_LINE: "called",
    PhoneNumberType.MOBILE: "called",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "called",
    PhoneNumberType.VOIP: "called",
    PhoneNumberType.UAN: "called",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.PERSONAL_NUMBER: "premium",
    PhoneNumberType.TOLL_FREE: "premium",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.PAGER: "premium",
    PhoneNumberType.VOICEMAIL: "premium",
}
EXAMPLES = {
    phonenumbers.format_number(example, PhoneNumberFormat.E164): verdict
    for country in COUNTRIES
    for kind, verdict in KINDS.items()
    if (example := phonenumbers.example_number_for_type(country, kind)) is not None
}
# Satellites, networks of no country, and numbers of services of the whole world.
WORLD = [
    phonenumbers.format_number(example, PhoneNumberFormat.E164)
    for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    if (example := phonenumbers.example_number_for_non_geo_entity(code)) is not None
]


def judged(text: str) -> str:
    answer = find_number(text, countries=COUNTRIES)
    return "called" if isinstance(answer, Phone) else answer.fault.value


def test_every_kind_of_number_is_decided_on() -> None:
    known = {kind for kind in PhoneNumberType.values() if kind != PhoneNumberType.UNKNOWN}
    assert known == set(KINDS)
    assert set(EXAMPLES.values()) == set(KINDS.values())


@pytest.mark.parametrize(("number", "verdict"), EXAMPLES.items())
def test_a_number_is_called_or_refused_by_its_kind(number: str, verdict: str) -> None:
    assert judged(number) == verdict


@pytest.mark.parametrize("number", WORLD)
def test_no_number_of_no_country_is_called(number: str) -> None:
    assert judged(number) == "country_not_allowed"


@pytest.mark.parametrize("region", sorted(set(phonenumbers.SUPPORTED_REGIONS) - {"DE"}))
def test_no_country_but_those_allowed_is_called(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    if example is None:
        example = phonenumbers.example_number(region)
    assert example is not None
    number = phonenumbers.format_number(example, PhoneNumberFormat.E164)
    answer = find_number(number, countries=("DE",))
    assert isinstance(answer, NumberRefused)
    assert answer.fault.value == "country_not_allowed"
