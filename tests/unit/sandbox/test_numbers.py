from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ges_connector.sandbox.numbers import accept_number, country_of, read_number
from ges_connector.sandbox.records import Code, RefusedError
from ges_connector.sandbox.seed import NumberRule, Service

NORTH_AMERICA = NumberRule(name="NorthAmerica", countries=("US", "CA"))


def service(**settings_of_service: Any) -> Service:
    return Service.model_validate({"name": "Billing", **settings_of_service})


def rule(countries: tuple[str, ...] = ("US", "DE", "GB"), **blocked: Any) -> NumberRule:
    return NumberRule.model_validate(
        {"name": "Rule", "countries": countries, "blocked": [blocked] if blocked else []}
    )


def refusal(raw: str, number_rule: NumberRule | None = None, **settings_of_service: Any) -> int:
    with pytest.raises(RefusedError) as caught:
        accept_number(raw, service(**settings_of_service), number_rule)
    assert caught.value.status == 400
    digits = "".join(filter(str.isdigit, raw))
    assert not digits or digits not in caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "country", "stored"),
    [
        ("+12025550142", "US", "+12025550142"),
        ("12025550142", "US", "+12025550142"),
        ("(202) 555-0142", "US", "+12025550142"),
        ("202.555.0142", "US", "+12025550142"),
        ("tel:+1-202-555-0142", "DE", "+12025550142"),
        ("011 49 30 23125 011", "US", "+493023125011"),
        ("00 1 202 555 0142", "DE", "+12025550142"),
        ("030 23125-011", "DE", "+493023125011"),
        ("493023125011", "DE", "+493023125011"),
        ("020 7946 0011", "GB", "+442079460011"),
        ("+44 20 7946 0011 ext. 5", "GB", "+442079460011"),
        ("٠٣٠٢٣١٢٥٠١١", "DE", "+493023125011"),
    ],
)
def test_rules_26_and_29_numbers_are_stored_with_a_plus_sign(
    raw: str, country: str, stored: str
) -> None:
    assert accept_number(raw, service(default_country=country), None) == stored


@pytest.mark.parametrize("country", ["US", "DE", "GB"])
def test_rule_26_a_number_without_plus_that_begins_with_a_country_code_is_resolved(
    country: str,
) -> None:
    number = read_number("919876543210", country)
    assert country_of(number) == "IN"


def test_rule_26_a_number_written_as_its_own_country_writes_it_is_national() -> None:
    assert accept_number("4755550143", service(default_country="US"), None) == "+14755550143"
    assert accept_number("4755550143", service(default_country="FR"), None) == "+4755550143"


COUNTRIES_WITH_TRUNK_ZERO = ("DE", "FR", "GB", "AT", "CH")


@settings(deadline=None)
@given(
    st.sampled_from(["US", "DE", "GB", "FR", "ES", "AT", "CH", "IN", "AU", "JP"]),
    st.sampled_from(COUNTRIES_WITH_TRUNK_ZERO),
)
def test_rule_18_with_and_without_plus_it_is_the_same_number(country: str, default: str) -> None:
    example = phonenumbers.example_number(country)
    assert example is not None
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    lenient = service(default_country=default, disallow_premium_numbers=False)
    assert accept_number(written, lenient, None) == written
    assert accept_number(written.removeprefix("+"), lenient, None) == written


@pytest.mark.parametrize(
    "raw", ["", "hello", "+", "12", "+999123456789", "1" * 300, "+1 111", "++1"]
)
def test_rule_28_7030_is_for_what_is_no_phone_number(raw: str) -> None:
    assert refusal(raw) == Code.NUMBER_INVALID


@pytest.mark.parametrize(("raw", "country"), [("911", "US"), ("112", "DE"), ("116117", "DE")])
def test_rule_28_7036_is_for_emergency_and_short_numbers(raw: str, country: str) -> None:
    assert refusal(raw, default_country=country) == Code.NUMBER_NOT_POSSIBLE


def test_rule_27_impossible_numbers_pass_only_where_they_are_allowed() -> None:
    assert refusal("+1 202 555 01", default_country="US") == Code.NUMBER_INVALID
    allowing = service(disallow_impossible_numbers=False)
    assert accept_number("+1 202 555 01", allowing, None) == "+120255501"


def test_rules_25_and_27_a_premium_number_passes_its_country_but_is_refused_by_default() -> None:
    assert refusal("+1 900 555 0123", NORTH_AMERICA) == Code.NUMBER_NOT_POSSIBLE
    allowing = service(disallow_premium_numbers=False)
    assert accept_number("+1 900 555 0123", allowing, NORTH_AMERICA) == "+19005550123"


def test_rule_24_countries_that_are_not_listed_are_blocked() -> None:
    assert accept_number("+1 416 555 0123", service(), NORTH_AMERICA) == "+14165550123"
    assert refusal("+493023125011", NORTH_AMERICA) == Code.NUMBER_NOT_ALLOWED


def test_rule_24_without_a_rule_every_country_is_called() -> None:
    assert accept_number("+61491570156", service(), None) == "+61491570156"


def test_rule_25_a_number_whose_country_cannot_be_told_is_not_allowed() -> None:
    code = refusal("+1 202 555 0142 00000", NORTH_AMERICA, disallow_impossible_numbers=False)
    assert code == Code.NUMBER_NOT_ALLOWED


def test_a_number_no_country_of_a_shared_code_claims_counts_for_the_main_one() -> None:
    lenient = service(disallow_impossible_numbers=False)
    assert accept_number("+44 7700 900111", lenient, rule(("GB",))) == "+447700900111"


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("+1202555019*", "simple"),
        ("+1 202 555 01??", "simple"),
        ("12025550191", "simple"),
        (r"\+1202.*", "regex"),
        (r"\+\d{11}", "regex"),
    ],
)
def test_rules_24_and_26_blocked_patterns_see_the_whole_number_with_its_plus_sign(
    pattern: str, kind: str
) -> None:
    blocking = rule(pattern=pattern, kind=kind)
    assert refusal("(202) 555-0191", blocking) == Code.NUMBER_NOT_ALLOWED


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("+120255501", "simple"),
        ("2025550191", "simple"),
        (r"1202.*", "regex"),
        ("+1202555019??", "simple"),
    ],
)
def test_rule_26_a_pattern_that_does_not_match_the_whole_form_blocks_nothing(
    pattern: str, kind: str
) -> None:
    assert accept_number("+12025550191", service(), rule(pattern=pattern, kind=kind))


def test_rule_24_a_pattern_of_one_country_leaves_the_others_alone() -> None:
    blocking = rule(pattern="*", country="DE")
    assert accept_number("+12025550191", service(), blocking) == "+12025550191"
    assert refusal("+493023125011", blocking) == Code.NUMBER_NOT_ALLOWED


def test_the_country_is_judged_before_premium_and_premium_before_patterns() -> None:
    everything_blocked = rule(("US",), pattern="*")
    assert refusal("+499001234567", everything_blocked) == Code.NUMBER_NOT_ALLOWED
    assert refusal("+19005550123", everything_blocked) == Code.NUMBER_NOT_POSSIBLE


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_accepted_with_a_plus_sign_or_refused(text: str) -> None:
    try:
        stored = accept_number(text, service(), None)
    except RefusedError:
        return
    assert stored.startswith("+")
    assert stored[1:].isdecimal()
    assert accept_number(stored, service(), None) == stored
