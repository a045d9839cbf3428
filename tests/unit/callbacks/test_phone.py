"""Which number a customer means, and which are refused."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.callbacks import NumberFault, NumberRefused, Phone, caller_number, find_number
from ges_connector.callbacks.phone import search, with_own_number

COUNTRIES = ("DE", "AT", "GB")


def found(text: str, *regions: str | None) -> Phone:
    answer = find_number(text, countries=COUNTRIES, regions=regions)
    assert isinstance(answer, Phone), answer
    return answer


def refused(text: str, *regions: str | None) -> NumberRefused:
    answer = find_number(text, countries=COUNTRIES, regions=regions)
    assert isinstance(answer, NumberRefused), answer
    return answer


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("my number is 0151 12345678 thanks", "+4915112345678"),
        ("0 1 5 1 1 2 3 4 5 6 7 8", "+4915112345678"),
        ("0151-1234 5678 #", "+4915112345678"),
        ("at 15:30 on 0151 12345678", "+4915112345678"),
        ("+49 (151) 12345678", "+4915112345678"),
        ("00 49 151 12345678", "+4915112345678"),
        ("4915112345678", "+4915112345678"),
        ("0151 12345678, so +4915112345678", "+4915112345678"),
        ("٠١٥١١٢٣٤٥٦٧٨", "+4915112345678"),
        ("０１５１ １２３４５６７８", "+4915112345678"),  # noqa: RUF001 - wide digits of East Asian keyboards
        ("+44 20 7946 0011", "+442079460011"),
        ("442079460011", "+442079460011"),
        ("030/23125011.", "+493023125011"),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, e164: str) -> None:
    assert found(text).e164 == e164


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", NumberFault.NONE_FOUND),
        ("I would rather not say", NumberFault.NONE_FOUND),
        ("call me at 3", NumberFault.NONE_FOUND),
        ("on 12.1. at 15:30", NumberFault.NONE_FOUND),
        ("0151 12345678 or 030 23125011", NumberFault.SEVERAL_FOUND),
        ("015112", NumberFault.TOO_SHORT),
        ("my number is 12345", NumberFault.TOO_SHORT),
        ("+49", NumberFault.TOO_SHORT),
        ("01511234567890123", NumberFault.TOO_LONG),
        ("0151123456789012345678901234", NumberFault.TOO_LONG),
        ("0151 1234567 8 9", NumberFault.INVALID),
        ("+999 12345678", NumberFault.INVALID),
        ("112", NumberFault.EMERGENCY),
        ("please ring 999", NumberFault.EMERGENCY),
        ("11833", NumberFault.SHORT_CODE),
        ("0900 1234567", NumberFault.PREMIUM),
        ("0180 5123456", NumberFault.SHARED_COST),
        ("+33 1 23 45 67 89", NumberFault.COUNTRY_NOT_ALLOWED),
        ("+33 1 23 45", NumberFault.COUNTRY_NOT_ALLOWED),
        ("+800 12345678", NumberFault.COUNTRY_NOT_ALLOWED),
    ],
)
def test_what_is_no_number_to_call_is_told_why(text: str, fault: NumberFault) -> None:
    assert refused(text).fault is fault


def test_the_country_that_is_not_called_is_named() -> None:
    assert refused("+33 1 23 45 67 89").country == "FR"
    assert refused("+800 12345678").country is None


def test_several_numbers_are_candidates_to_choose_from() -> None:
    numbers = {phone.e164 for phone in refused("0151 12345678 or 030 23125011").candidates}
    assert numbers == {"+4915112345678", "+493023125011"}


def test_a_number_that_lacks_digits_is_not_taken_for_one_of_another_country() -> None:
    # Read as an Austrian number it would be a whole one.
    assert refused("015112").fault is NumberFault.TOO_SHORT
    assert found("015112", "AT").country == "AT"


EUROPE = ("DE", "AT", "CH", "FR", "ES", "GB")


def read(text: str, *regions: str | None, caller: str | None = None) -> str:
    """The number, or why there is none, as one who deals with all of Europe reads it."""
    answer = find_number(text, countries=EUROPE, regions=regions, caller_region=caller)
    return answer.e164 if isinstance(answer, Phone) else answer.fault.value


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06 12 34 56 78", "DE", "+49612345678"),
        ("612 34 56 78", "ES", "+34612345678"),
        ("044 668 18 00", "CH", "+41446681800"),
    ],
)
def test_a_number_without_country_code_is_one_of_the_customers_own_country(
    text: str, region: str, e164: str
) -> None:
    # The number they call from may be of elsewhere, and the office is in Germany.
    assert read(text, region, caller="DE") == e164
    assert read(text, region) == e164


def test_the_country_of_the_callers_number_decides_where_their_own_does_not() -> None:
    assert read("06 12 34 56 78", None, caller="FR") == "+33612345678"
    assert read("06 12 34 56 78", "FR", "DE", caller="FR") == "+33612345678"


def test_a_number_of_only_one_country_that_is_called_is_of_that_country() -> None:
    assert read("020 7946 0011", "DE") == "+442079460011"
    assert read("030 23125011", "FR") == "+493023125011"


def test_a_number_with_a_wrong_digit_is_not_taken_for_one_of_another_country() -> None:
    # Read as German, each of these would be a whole number.
    assert read("06 39 98 12 34", "FR", caller="DE") == "invalid"
    assert read("07700 900123", "GB") == "invalid"


@pytest.mark.parametrize("regions", [("DE", "FR"), (None,), ("IT",)])
def test_a_number_that_is_another_one_in_two_countries_is_asked_about(
    regions: tuple[str | None, ...],
) -> None:
    answer = find_number("06 12 34 56 78", countries=EUROPE, regions=regions)
    assert isinstance(answer, NumberRefused)
    assert answer.fault is NumberFault.COUNTRY_UNCLEAR
    assert {"DE", "FR"} <= {phone.country for phone in answer.candidates}


def test_a_number_that_costs_extra_in_each_country_is_told_so() -> None:
    assert read("0900 1234567", "GB", "DE") == "premium"


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("0900 123456", "DE"),
        ("0900/123456", "DE"),
        ("my number is 0900123456", "DE"),
        ("0190 123456", "DE"),
        ("0190 1234567", "DE"),
        ("0137 123456", "DE"),
        ("0138 123456", "DE"),
        ("+49 900 12345", "DE"),
        ("0800 123456", "DE"),
        ("0900 12345", "AT"),
        ("0900 123456", "AT"),
        ("0 890 12 34 56", "FR"),
        ("0800 123 456", "FR"),
        ("803 123 456", "ES"),
        ("900 123 456", "ES"),
        ("0909 123 4567", "GB"),
        ("0800 123456", "GB"),
    ],
)
def test_a_number_of_a_service_at_home_is_none_of_somebody_elsewhere(
    text: str, region: str
) -> None:
    # With other digits behind it, "0900 123456" is somebody's number in France.
    assert read(text, region) == "premium"
    assert read(text, region, caller="FR") == "premium"


@pytest.mark.parametrize(
    ("text", "region"),
    [("0180 123456", "DE"), ("01803 12345", "DE"), ("901 123 456", "ES"), ("0810 123 456", "FR")],
)
def test_a_number_that_both_sides_pay_for_is_none_of_somebody_elsewhere(
    text: str, region: str
) -> None:
    assert read(text, region) == "shared_cost"


@pytest.mark.parametrize(
    ("text", "region"), [("11880", "DE"), ("118 218", "FR"), ("11818", "ES"), ("118 118", "GB")]
)
def test_directory_enquiries_are_a_short_number(text: str, region: str) -> None:
    assert read(text, region) == "short_code"


def test_a_number_written_as_those_of_another_country_are_is_of_that_country() -> None:
    assert read("01 37 12 34 56", "DE") == "+33137123456"
    assert read("09 00 12 34 56", "FR") == "+33900123456"


@pytest.mark.parametrize("regions", [("FR",), ("DE", "FR"), ("ES", "DE"), ("ES",), ("US",)])
@pytest.mark.parametrize("text", ["0900 123456", "0900123456", "0900 1234567"])
def test_a_number_of_a_service_at_the_office_is_none_of_somebody_elsewhere(
    regions: tuple[str, ...], text: str
) -> None:
    assert read(text, *regions) == "premium"


@pytest.mark.parametrize("text", ["0639980004", "06 39 98 00 04"])
@pytest.mark.parametrize("regions", [("FR", "DE"), ("DE", "FR")])
def test_what_looks_like_a_mobile_number_of_one_country_is_asked_about(
    text: str, regions: tuple[str, ...]
) -> None:
    # No such number is given out in France; read as German it is somebody's.
    answer = find_number(text, countries=EUROPE, regions=regions)
    assert isinstance(answer, NumberRefused)
    assert answer.fault is NumberFault.COUNTRY_UNCLEAR
    assert [phone.country for phone in answer.candidates] == ["DE"]
    assert answer.lookalike is not None
    assert answer.lookalike.country == "FR"


@pytest.mark.parametrize("text", ["06399 80004", "+49 6399 80004", "030 23125011"])
def test_a_number_in_the_groups_of_its_country_needs_no_question(text: str) -> None:
    assert read(text, "FR", "DE").startswith("+49")


def test_a_number_that_rings_at_somebodys_place_is_meant_rather_than_a_companys_service() -> None:
    assert read("030 23125011", "GB", "DE") == "+493023125011"


@pytest.mark.parametrize("digits", ["1234", "4711"])
def test_a_few_digits_are_too_few_and_no_short_number_of_some_country(digits: str) -> None:
    assert read(digits, "DE") == "too_short"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("friday at 9 on 01 99 00 12 34", "friday at 9 on"),
        ("030 23125011, friday at 9", ", friday at 9"),
        ("friday at 9 on 06 39 98 12 34", "friday at 9 on"),
        ("friday at 9", "friday at 9"),
    ],
)
def test_what_is_no_number_is_left_to_others(text: str, rest: str) -> None:
    assert search(text, countries=EUROPE, regions=["FR"]).rest.strip() == rest


def test_a_guess_that_is_not_called_back_is_no_guess() -> None:
    assert found("030 23125011", "US", None).country == "DE"


def test_a_number_is_shown_as_people_of_its_country_write_it() -> None:
    phone = found("+4915112345678")
    assert (phone.national, phone.groups) == ("01511 2345678", ("01511", "2345678"))


def test_no_repr_shows_a_number() -> None:
    shown = repr([found("0151 12345678"), refused("0151 12345678 or 030 23125011")])
    assert "5678" not in shown
    assert found("0151 12345678").masked == "***78"


@pytest.mark.parametrize(
    "value",
    [
        "+493023125011",
        "tel:+49-30-23125011",
        "sip:+493023125011@pbx.example;user=phone",
        "sips:00493023125011@pbx.example",
        " 4930 23125011 ",
    ],
)
def test_the_callers_own_number_is_read_from_what_channels_say(value: str) -> None:
    answer = caller_number(value, countries=COUNTRIES)
    assert isinstance(answer, Phone)
    assert answer.e164 == "+493023125011"


@pytest.mark.parametrize(
    "value",
    [None, 493023125011, True, [], {"number": 1}, "", "anonymous", "sip:me@host", "x" * 999],
)
def test_what_is_no_callers_number_is_none(value: object) -> None:
    answer = caller_number(value, countries=COUNTRIES)
    assert answer == NumberRefused(NumberFault.NONE_FOUND)


def test_a_callers_number_that_may_not_be_called_is_refused_like_any_other() -> None:
    answer = caller_number("+12025550101", countries=COUNTRIES)
    assert answer == NumberRefused(NumberFault.COUNTRY_NOT_ALLOWED, country="US")


@given(st.text(max_size=300) | st.text(alphabet="+0123456789 ()-./#", max_size=60))
def test_no_text_breaks_the_search_and_what_is_found_may_be_called(text: str) -> None:
    answer = find_number(text, countries=COUNTRIES, regions=["GB"])
    if isinstance(answer, Phone):
        number = phonenumbers.parse(answer.e164)
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.region_code_for_number(number) in COUNTRIES


@given(
    national=st.from_regex(r"30 ?231250[0-9]{2}", fullmatch=True),
    before=st.sampled_from(["", "it is ", "Nummer: ", "☎ ", "(", "tel. "]),
    after=st.sampled_from(["", ", thanks", " bitte", ".", ")", " !!"]),
)
def test_what_stands_around_a_number_does_not_change_it(
    national: str, before: str, after: str
) -> None:
    text = f"{before}+49 {national}{after}"
    assert found(text).e164 == f"+49{national.replace(' ', '')}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("call me on 030 23125011", "call me on +493023125011"),
        ("(030) 231-250 11, please", "+493023125011, please"),
        ("030 23125012", "030 23125012"),
        ("+49 30 23125011", "+49 30 23125011"),
    ],
)
def test_the_callers_own_digits_are_the_callers_number_wherever_they_are(
    text: str, written: str
) -> None:
    assert with_own_number(text, "+493023125011") == written


@pytest.mark.parametrize("caller", [None, "", "anonymous", "03023125011", "+4930"])
def test_without_a_known_caller_no_number_is_written_anew(caller: str | None) -> None:
    assert with_own_number("030 23125011", caller) == "030 23125011"
