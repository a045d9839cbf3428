"""Whatever is written where a number belongs, it is a number to call or told why not, in bounds."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import phonenumbers
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ges_connector.callbacks import NumberRefused, Phone, caller_number
from ges_connector.callbacks.phone import calling_code, country_of, search

COUNTRIES = ("DE", "AT", "CH", "FR", "ES", "GB", "US", "CA", "IT", "BR", "TR", "RU")
FEW = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=20_000)
CALLED = {
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.VOIP,
    phonenumbers.PhoneNumberType.UAN,
}
# Calls of Python functions for one text in six countries; counted, since machines differ.
MOST_CALLS = 500_000

pieces = st.one_of(
    st.sampled_from(
        [
            *(
                "+",
                "(",
                ")",
                "-",
                "/",
                ".",
                " ",
                ",",
                ";",
                "@",
                "#",
                "*",
                "x",
                "~",
                "\n",
                "\t",
                "\0",
            ),
            *("0", "1", "2", "4", "9", "00", "30", "030", "0151", "2345678", "+49", "+1", "+999"),
            *("112", "911", "0900", "+4990012345", "+442079460011", "4915112345678", "2026-01-01"),
            *(
                "tel:",
                "sip:",
                "sips:",
                ";ext=5",
                "ext.",
                "phone-context=",
                " or ",
                "call me",
                "Uhr",
            ),
            *(
                "\u200b",
                "\ud800",
                "\u0663",
                "\u00b2",
                "\u2460",
                "\u0966",
                "\uff0b",
                "\u00bd",
                "\ufdfa",
            ),
            *(
                "\u3220",
                "\u2163",
                "\U00010107",
                "\U0001d7ce",
                "\u202e",
                "\u2010",
                "\u30fc",
                "\u00ad",
            ),
        ]
    ),
    st.characters(),
)
texts = st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(pieces, max_size=40),
    st.sampled_from([1, 1, 1, 1, 20, 2000]),
)
regions = st.lists(st.sampled_from([*COUNTRIES, "ZZ", "", "001", "xx", None]), max_size=3)
called_back = st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=6, unique=True)


def check(text: str, countries: list[str], known: list[Any], caller_region: str | None) -> None:
    found = search(text, countries=countries, regions=known, caller_region=caller_region)
    for answer in (found.answer, caller_number(text, countries=countries, regions=known)):
        numbers = [answer] if isinstance(answer, Phone) else [*answer.candidates]
        for phone in numbers:
            # GES takes a number in this form only, and only these may be dialled.
            number = phonenumbers.parse(phone.e164)
            assert phonenumbers.is_valid_number(number)
            assert phonenumbers.format_number(number, 0) == phone.e164
            assert phone.country in countries
            assert phonenumbers.number_type(number) in CALLED
            assert phone.e164 not in repr(answer)
    assert isinstance(found.rest, str)
    assert country_of(text) is None or calling_code(text)


written = given(texts, called_back, regions, st.sampled_from([*COUNTRIES, "ZZ", "", None]))


@FEW
@written
def test_any_text_is_a_number_to_call_or_told_why_not(
    text: str, countries: list[str], known: list[Any], caller_region: str | None
) -> None:
    check(text, countries, known, caller_region)


@pytest.mark.campaign
@MANY
@written
def test_any_text_is_a_number_to_call_or_told_why_not_for_thousands(
    text: str, countries: list[str], known: list[Any], caller_region: str | None
) -> None:
    check(text, countries, known, caller_region)


@given(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(min_value=10**15)
    | st.binary()
    | st.lists(st.text())
    | st.dictionaries(st.text(), st.text())
)
def test_what_is_no_text_is_no_callers_number(value: object) -> None:
    assert isinstance(caller_number(value, countries=COUNTRIES), NumberRefused)


def calls_made(work: Callable[[], object]) -> int:
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@settings(FEW, max_examples=60)
@given(st.lists(pieces, min_size=1, max_size=4).map("".join))
@example("\u00bd")
@example("1/")
@example("12 ")
@example("0151 2345678,")
@example("+49 30 23125011 ")
@example("\ufdfa")
def test_the_same_said_over_and_over_takes_bounded_work(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    search("030 23125011", countries=COUNTRIES[:6])  # loads what is known of the countries
    assert calls_made(lambda: search(text, countries=COUNTRIES[:6])) <= MOST_CALLS
