"""Finds the number to call in what a customer wrote or said, and refuses what nobody may call.

The rules are those the contact centre applies itself (GES rules 24 to 28), so that a customer hears
of a wrong number before booking, not after. Numbers are personal: no repr here shows one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from ges_connector.api import mask_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_TEXT = 1000
_LONGEST_CALLER_ID = 128
_RUN_OF_DIGITS = re.compile(r"[+(]{0,2}\d(?:[\s().\-/]{0,3}\d)*")
# Shorter runs beside other words are hours, house numbers and the like.
_LEAST_DIGITS_AMONG_WORDS = 5
# National numbers this short exist nowhere a callback centre calls; shorter ones lack digits.
_LEAST_DIGITS_OF_A_NUMBER = 7
_SCHEME = re.compile(r"(?:tel|sips?):", re.IGNORECASE)


class NumberFault(StrEnum):
    """Why a text gives no number to call."""

    NONE_FOUND = "none_found"
    """There is no telephone number in it."""
    SEVERAL_FOUND = "several_found"
    """There are several; they are in `candidates`."""
    INVALID = "invalid"
    """No telephone has such a number."""
    TOO_SHORT = "too_short"
    """Digits are missing."""
    TOO_LONG = "too_long"
    """There are too many digits."""
    EMERGENCY = "emergency"
    """It is an emergency number."""
    SHORT_CODE = "short_code"
    """It is a short number of a service."""
    PREMIUM = "premium"
    """Calling it is charged extra."""
    SHARED_COST = "shared_cost"
    """Calling it is charged to both sides."""
    COUNTRY_NOT_ALLOWED = "country_not_allowed"
    """It belongs to a country that is not called back."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be called back.

    Attributes:
        e164: The number as it is sent, `+` and digits.
        country: Country it belongs to, ISO 3166.
        national: The number as people of that country write it.
    """

    e164: str = field(repr=False)
    country: str
    national: str = field(repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """The digits of the national form in the groups they are said in."""
        return tuple(re.findall(r"\d+", self.national))

    @property
    def masked(self) -> str:
        """The last digits only, for logs and for "the number ending in 42"."""
        return mask_number(self.e164)


@dataclass(frozen=True, slots=True)
class NumberRefused:
    """No number to call, and why.

    Attributes:
        fault: Why.
        country: The country that is not called back, if that is why and it is known.
        candidates: The numbers found, if they are several.
    """

    fault: NumberFault
    country: str | None = None
    candidates: tuple[Phone, ...] = ()


_IMPOSSIBLE = {
    phonenumbers.ValidationResult.TOO_SHORT: NumberFault.TOO_SHORT,
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: NumberFault.TOO_SHORT,
    phonenumbers.ValidationResult.TOO_LONG: NumberFault.TOO_LONG,
}
_UNREADABLE = {
    phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD: NumberFault.TOO_SHORT,
    phonenumbers.NumberParseException.TOO_SHORT_NSN: NumberFault.TOO_SHORT,
    phonenumbers.NumberParseException.TOO_LONG: NumberFault.TOO_LONG,
}


def find_number(
    text: str, *, countries: Sequence[str], regions: Iterable[str | None] = ()
) -> Phone | NumberRefused:
    """Find the one number to call in a text.

    Args:
        text: What the customer wrote, or said with its digits as digits.
        countries: Countries that are called back, the home country first.
        regions: Guesses where a number without country code belongs: the region of the caller's
            own number, of the locale. The home country is always one of them.

    Returns:
        The number, or why there is none. A number without country code that is a different one in
        several of the guessed regions counts as several numbers.
    """
    readable = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).strip(" #*\t\n")
    homes = _homes(countries, regions)
    found = _valid_numbers(readable, homes)
    if not found:
        return _near_miss(readable, homes, countries)
    if len(found) == 1:
        return _judged(found[0], countries)
    judged = (_judged(number, countries) for number in found)
    candidates = tuple(each for each in judged if isinstance(each, Phone))
    return NumberRefused(NumberFault.SEVERAL_FOUND, candidates=candidates)


def caller_number(
    value: object, *, countries: Sequence[str], regions: Iterable[str | None] = ()
) -> Phone | NumberRefused:
    """Read the caller's own number from what a channel said about its customer.

    Args:
        value: A number, a `tel:` or `sip:` address, or anything else: a channel is not trusted.
        countries: Countries that are called back, the home country first.
        regions: As in `find_number`.

    Returns:
        The number, or why there is none that can be called back.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_CALLER_ID:
        return NumberRefused(NumberFault.NONE_FOUND)
    bare = re.split(r"[@;?]", _SCHEME.sub("", value.strip(), count=1))[0]
    return find_number(bare, countries=countries, regions=regions)


def _homes(countries: Sequence[str], regions: Iterable[str | None]) -> tuple[str, ...]:
    """Regions in which a number without country code is read.

    Never all countries that are called back: a German number that lacks digits may well be a whole
    Austrian one.
    """
    guesses = [region for region in regions if region is not None and region in countries]
    return tuple(dict.fromkeys([*guesses, countries[0]]))


def _valid_numbers(text: str, homes: Sequence[str]) -> list[phonenumbers.PhoneNumber]:
    """Valid numbers in a text, each once."""
    found = {
        _e164(match.number): match.number
        for home in homes
        for match in PhoneNumberMatcher(text, home, leniency=Leniency.VALID)
    }
    whole = None if found else _without_plus(text)
    return list(found.values()) if whole is None else [whole]


def _without_plus(text: str) -> phonenumbers.PhoneNumber | None:
    """A number written with its country code and without a plus sign, as channels like to."""
    if not text.isdigit():
        return None
    number = _parsed(f"+{text}", None)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _judged(number: phonenumbers.PhoneNumber, countries: Sequence[str]) -> Phone | NumberRefused:
    country = phonenumbers.region_code_for_number(number)
    if country is None or country not in countries:
        is_land = country is not None and country.isalpha()
        return NumberRefused(NumberFault.COUNTRY_NOT_ALLOWED, country=country if is_land else None)
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.PREMIUM_RATE:
        return NumberRefused(NumberFault.PREMIUM)
    if kind == PhoneNumberType.SHARED_COST:
        return NumberRefused(NumberFault.SHARED_COST)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return Phone(_e164(number), country, national)


def _near_miss(text: str, homes: Sequence[str], countries: Sequence[str]) -> NumberRefused:
    """Say what is wrong with the digits of a text that holds no valid number."""
    has_words = any(character.isalpha() for character in text)
    runs = [match.group() for match in _RUN_OF_DIGITS.finditer(text)]
    telling = [
        run
        for run in runs
        if not has_words
        or _count_digits(run) >= _LEAST_DIGITS_AMONG_WORDS
        or _is_emergency(run, countries)
    ]
    if not telling:
        return NumberRefused(NumberFault.NONE_FOUND)
    run = max(telling, key=_count_digits)
    if _is_emergency(run, countries):
        return NumberRefused(NumberFault.EMERGENCY)
    if _is_short_code(run, countries):
        return NumberRefused(NumberFault.SHORT_CODE)
    if _count_digits(run) < _LEAST_DIGITS_OF_A_NUMBER:
        return NumberRefused(NumberFault.TOO_SHORT)
    return _invalid(run, homes[0], countries)


def _invalid(run: str, home: str, countries: Sequence[str]) -> NumberRefused:
    try:
        number = phonenumbers.parse(run, home)
    except phonenumbers.NumberParseException as error:
        return NumberRefused(_UNREADABLE.get(error.error_type, NumberFault.INVALID))
    homes_of_code = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    if homes_of_code and not {*homes_of_code} & {*countries}:
        return NumberRefused(NumberFault.COUNTRY_NOT_ALLOWED, country=homes_of_code[0])
    reason = phonenumbers.is_possible_number_with_reason(number)
    return NumberRefused(_IMPOSSIBLE.get(reason, NumberFault.INVALID))


def _count_digits(run: str) -> int:
    return sum(character.isdigit() for character in run)


def _is_emergency(run: str, countries: Sequence[str]) -> bool:
    return any(phonenumbers.is_emergency_number(run, country) for country in countries)


def _is_short_code(run: str, countries: Sequence[str]) -> bool:
    """Whether it is a short number in use somewhere it could be meant."""
    return any(
        (number := _parsed(run, country)) is not None
        and phonenumbers.is_valid_short_number_for_region(number, country)
        for country in countries
    )


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
