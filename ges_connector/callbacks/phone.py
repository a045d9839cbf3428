"""Finds the number to call in what a customer wrote or said, and refuses what nobody may call.

The rules are those the contact centre applies itself (GES rules 24 to 28), so that a customer hears
of a wrong number before booking, not after. Numbers are personal: no repr here shows one.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import (
    Leniency,
    PhoneMetadata,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
)

from ges_connector.api import mask_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_LONGEST_TEXT = 1000
# Digits in a text that turn out to be no number; each costs a search of its own in every country.
_MOST_TRIES = 50
_LONGEST_CALLER_ID = 128
_RUN_OF_DIGITS = re.compile(r"[+(]{0,2}\d(?:[\s().\-/]{0,3}\d)*")
# Shorter runs beside other words are hours, house numbers and the like.
_LEAST_DIGITS_AMONG_WORDS = 5
# National numbers this short exist nowhere a callback centre calls; shorter ones lack digits.
_LEAST_DIGITS_OF_A_NUMBER = 7
# Kinds of numbers that are given out where somebody lives, or with a telephone of theirs.
_AT_A_PLACE = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
)
# Where numbers have one of few lengths, the right length says which country is meant. In Germany
# they have any of twelve, and it says nothing.
_FEW_LENGTHS = 3
_E164_ALONE = re.compile(r"\+\d{7,15}")
_ANYWHERE = ""
_NOWHERE = "ZZ"
_SUBSCRIBERS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
# People at work have numbers of a whole company (UAN), in Switzerland most of them.
_CALLED = _SUBSCRIBERS | {PhoneNumberType.UAN}
_SCHEME = re.compile(r"(?:tel|sips?):", re.IGNORECASE)
# What the numbers of services begin with where numbers have almost any length: also those that are
# given out no more, or lack a digit, which could pass for somebody's number in another country.
_SERVICES = {
    "DE": ("137", "138", "180", "190", "700", "800", "900"),
    "AT": ("800", "810", "820", "821", "828", "900", "901", "930", "931", "939"),
}


class NumberFault(StrEnum):
    """Why a text gives no number to call."""

    NONE_FOUND = "none_found"
    """There is no telephone number in it."""
    SEVERAL_FOUND = "several_found"
    """There are several; they are in `candidates`."""
    COUNTRY_UNCLEAR = "country_unclear"
    """It lacks its country code, and is another number in each country of the `candidates`, or
    looks like one there: that is the `lookalike`."""
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
    """It is of a kind that is not called: it costs extra, as premium and personal numbers do, or
    whoever has it, as toll-free ones do; or nobody answers, as on pagers and voice mail."""
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
        candidates: The numbers found, if they are several, or the readings of one.
        lookalike: The number in a country where it only looks like one and nobody has it.
    """

    fault: NumberFault
    country: str | None = None
    candidates: tuple[Phone, ...] = ()
    lookalike: Phone | None = None


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


@dataclass(frozen=True, slots=True)
class Search:
    """What a text holds.

    Attributes:
        answer: The number, or why there is none.
        rest: The text without what was read as a number; a time may stand there.
    """

    answer: Phone | NumberRefused
    rest: str = field(repr=False)


def search(
    text: str,
    *,
    countries: Sequence[str],
    regions: Iterable[str | None] = (),
    caller_region: str | None = None,
) -> Search:
    """Find the one number to call in a text.

    A number without country code is read in the customer's own countries first, then in that of the
    caller's number, then in all that are called back. The first of these that knows it decides; if
    it is a number in several countries of the same rank, the customer has to be asked.

    Args:
        text: What the customer wrote, or said with its digits as digits.
        countries: Countries that are called back, the home country first.
        regions: Countries the customer is in or from, all of the same rank. Where nothing at all
            is known of the customer, it is the home country.
        caller_region: Country of the number that the channel knows.

    Returns:
        The number, or why there is none, and what else the text holds.
    """
    readable = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT])[:_LONGEST_TEXT].strip(" #*\t\n")
    known = [*regions]
    if not known and caller_region is None:
        known = [countries[0]]
    own = [region for region in known if region is not None and region in countries]
    called_from = [caller_region] if caller_region in countries and caller_region else []
    ranks = [frozenset(own), frozenset(called_from)]
    places = _places(readable, countries)
    at_home = own or called_from or [countries[0]]
    served = [*dict.fromkeys([*at_home, countries[0]])]
    found = [_meant(place, ranks, served, readable) for place in places]
    meant = [*dict.fromkeys(filter(None, found))]
    if not meant:
        run = _telling_run(readable, countries)
        refused = _near_miss(run, at_home, served, countries)
        return Search(refused, readable.replace(run, " ") if run else readable)
    rest = _without(readable, places)
    judged = [
        _judged(number, countries)
        for number in dict.fromkeys(number for numbers in meant for number in sorted(numbers))
    ]
    candidates = tuple(each for each in judged if isinstance(each, Phone))
    lookalike = _as_mobile_elsewhere(places, own, readable) if len(candidates) == 1 else None
    if lookalike is not None:
        unclear = NumberRefused(NumberFault.COUNTRY_UNCLEAR, None, candidates, lookalike)
        return Search(unclear, rest)
    if len(meant) > 1:
        return Search(NumberRefused(NumberFault.SEVERAL_FOUND, candidates=candidates), rest)
    if len(candidates) > 1:
        return Search(NumberRefused(NumberFault.COUNTRY_UNCLEAR, candidates=candidates), rest)
    return Search(candidates[0] if candidates else judged[0], rest)


def find_number(
    text: str,
    *,
    countries: Sequence[str],
    regions: Iterable[str | None] = (),
    caller_region: str | None = None,
) -> Phone | NumberRefused:
    """Find the one number to call in a text: the answer of `search`."""
    return search(text, countries=countries, regions=regions, caller_region=caller_region).answer


def country_of(e164: str) -> str | None:
    """Name the country of a number, ISO 3166; None if it is of none.

    A number that nobody has is of the country whose code it begins with.
    """
    number = _parsed(e164, None)
    if number is None or number.country_code is None:
        return None
    first = phonenumbers.region_code_for_country_code(number.country_code)
    is_land = first.isalpha() and first != _NOWHERE
    return phonenumbers.region_code_for_number(number) or (first if is_land else None)


def calling_code(e164: str) -> str | None:
    """Give the country code of a number, digits only: `49`; None if it is no number."""
    number = _parsed(e164, None)
    return None if number is None else str(number.country_code)


def with_own_number(text: str, caller: str | None) -> str:
    """Write the caller's own number with its country code where it stands without.

    It is their own number wherever else these digits would be a number as well.

    Args:
        text: What the customer wrote, or said with its digits as digits.
        caller: The number that the channel knows, E.164; anything else changes nothing.
    """
    number = _parsed(caller, None) if caller is not None and _E164_ALONE.fullmatch(caller) else None
    if number is None:
        return text
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    own = "".join(filter(str.isdigit, national))
    return _RUN_OF_DIGITS.sub(
        lambda run: _e164(number) if "".join(filter(str.isdigit, run[0])) == own else run[0], text
    )


def caller_number(
    value: object, *, countries: Sequence[str], regions: Iterable[str | None] = ()
) -> Phone | NumberRefused:
    """Read the caller's own number from what a channel said about its customer.

    Args:
        value: A number, a `tel:` or `sip:` address, or anything else: a channel is not trusted.
        countries: Countries that are called back, the home country first.
        regions: As in `search`.

    Returns:
        The number, or why there is none that can be called back.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_CALLER_ID:
        return NumberRefused(NumberFault.NONE_FOUND)
    bare = re.split(r"[@;?]", _SCHEME.sub("", value.strip(), count=1))[0]
    return find_number(bare, countries=countries, regions=regions)


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of a text that is a number somewhere.

    Attributes:
        start: Where it begins.
        end: Where it ends, exclusive.
        readings: What number it is, E.164, by the country it is read in.
    """

    start: int
    end: int
    readings: dict[str, str]


def _places(text: str, countries: Sequence[str]) -> list[_Place]:
    """Where numbers stand, in the order of the text; readings that overlap are of one place."""
    if _count_digits(text) < _LEAST_DIGITS_AMONG_WORDS:
        return []
    whole = _without_plus(text)
    found = [] if whole is None else [(0, len(text), _ANYWHERE, whole)]
    if _E164_ALONE.fullmatch(text):
        # It is the same number wherever it is read.
        home = _matches(text, countries[0])
        read = [(country, home) for country in countries]
    else:
        read = [(country, _matches(text, country)) for country in countries]
    found += [
        (start, end, country, number) for country, matches in read for start, end, number in matches
    ]
    places: list[_Place] = []
    for start, end, country, number in sorted(found):
        last = places[-1] if places else None
        if last is None or start >= last.end:
            places.append(_Place(start, end, {country: number}))
        else:
            readings = {country: number, **last.readings}
            places[-1] = _Place(last.start, max(end, last.end), readings)
    return places


def _matches(text: str, country: str) -> list[tuple[int, int, str]]:
    """The numbers of a text as read in one country: where each begins and ends, and its E.164."""
    found = PhoneNumberMatcher(text, country, leniency=Leniency.VALID, max_tries=_MOST_TRIES)
    return [(match.start, match.end, _e164(match.number)) for match in found]


def _without_plus(text: str) -> str | None:
    """A number written with its country code and without a plus sign, as channels like to."""
    number = _parsed(f"+{text}", None) if text.isdigit() else None
    return _e164(number) if number is not None and phonenumbers.is_valid_number(number) else None


def _meant(
    place: _Place, ranks: Sequence[frozenset[str]], served: Sequence[str], text: str
) -> tuple[str, ...]:
    """The numbers a place may mean: one, several to ask about, or none after all."""
    left: tuple[str, ...] = ()
    words = text[place.start : place.end]
    of_service = [each for each in served if _is_of_service(words, [each])]
    if of_service and not _is_at_a_place(place, next(filter(None, ranks), ())):
        return tuple(place.readings[each] for each in of_service if each in place.readings)[:1]
    for rank in ranks:
        if any(each not in place.readings and _begins_as_one_of(each, words) for each in rank):
            return ()
        known = _subscribers({place.readings[each] for each in rank if each in place.readings})
        # Two of one rank: the next rank may tell them apart.
        left = tuple(number for number in left if number in known) or left or known
        if len(left) == 1 or (not left and _is_shaped_like_one_of(rank, place, text)):
            return left
    return left or _meant_elsewhere(place, frozenset().union(*ranks), text)


def _is_at_a_place(place: _Place, regions: Collection[str]) -> bool:
    """Whether it is somebody's line or mobile in one of these countries."""
    return any(
        _kind(number) in _AT_A_PLACE
        for region, number in place.readings.items()
        if region in regions
    )


def _as_mobile_elsewhere(places: Sequence[_Place], own: Sequence[str], text: str) -> Phone | None:
    """A number as one of the other country of the customer, whose mobile ones it looks like."""
    for place, region in itertools.product(places, own):
        words = text[place.start : place.end]
        if region in place.readings or _ANYWHERE in place.readings:
            continue
        is_written_so = any(_is_as_written(words, each) for each in place.readings.values())
        number = _parsed(words, region)
        if number is not None and not is_written_so and _begins_as_mobile(words, region):
            national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
            return Phone(_e164(number), region, national)
    return None


def _is_as_written(words: str, e164: str) -> bool:
    """Whether digits stand in the groups that they are written in where the number is one."""
    national = phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.NATIONAL)
    return " " in words and words.strip() == national


def _begins_as_mobile(words: str, region: str) -> bool:
    """Whether it has the length of the numbers of a country, and begins as mobile ones do there."""
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    number = _parsed(words, region)
    if example is None or number is None or not _has_few_lengths(region):
        return False
    return _is_possible(words, region) and _first_digit(number) == _first_digit(example)


def _first_digit(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.national_significant_number(number))[:1]


def _is_shaped_like_one_of(regions: frozenset[str], place: _Place, text: str) -> bool:
    """Whether it can only be a number of one of these countries, though it is a wrong one."""
    words = text[place.start : place.end]
    return any(_has_few_lengths(region) and _is_possible(words, region) for region in regions)


def _begins_as_one_of(region: str, words: str) -> bool:
    """Whether it is written as a country writes its numbers, with digits too many behind it."""
    if not _has_few_lengths(region):
        return False
    digits = [at for at, character in enumerate(words) if character.isdigit()]
    for end in digits[:-1]:
        number = _parsed(words[: end + 1], region)
        if number is None or not phonenumbers.is_valid_number_for_region(number, region):
            continue
        written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        if " " in written and words.startswith(f"{written} "):
            return True
    return False


def _meant_elsewhere(place: _Place, known: frozenset[str], text: str) -> tuple[str, ...]:
    """The numbers a place may mean that is none in the countries known of the customer.

    Where almost anything can be a number, what could be one of theirs with a digit wrong is not
    taken for one of there by chance.
    """
    if _ANYWHERE in place.readings:
        return (place.readings[_ANYWHERE],)
    is_possible = any(_is_possible(text[place.start : place.end], region) for region in known)
    readings = place.readings.items()
    return _subscribers(
        {number for region, number in readings if not is_possible or _has_few_lengths(region)}
    )


def _subscribers(numbers: set[str]) -> tuple[str, ...]:
    """The numbers that ring at somebody's place, if there are any among them."""
    subscribers = {number for number in numbers if _kind(number) in _SUBSCRIBERS}
    return tuple(sorted(subscribers or numbers))


def _kind(number: str) -> int:
    return int(phonenumbers.number_type(phonenumbers.parse(number)))


def _is_possible(text: str, region: str) -> bool:
    """Whether a text has a length that numbers of a country have."""
    number = _parsed(text, region)
    if number is None or number.country_code != phonenumbers.country_code_for_region(region):
        return False
    reason = phonenumbers.is_possible_number_with_reason(number)
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)


def _has_few_lengths(region: str) -> bool:
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return False
    return len(metadata.general_desc.possible_length) <= _FEW_LENGTHS


def _without(text: str, places: Sequence[_Place]) -> str:
    for place in reversed(places):
        text = f"{text[: place.start]} {text[place.end :]}"
    return text


def _judged(e164: str, countries: Sequence[str]) -> Phone | NumberRefused:
    number = phonenumbers.parse(e164)
    country = phonenumbers.region_code_for_number(number)
    if country is None or country not in countries:
        is_land = country is not None and country.isalpha()
        return NumberRefused(NumberFault.COUNTRY_NOT_ALLOWED, country=country if is_land else None)
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.SHARED_COST:
        return NumberRefused(NumberFault.SHARED_COST)
    if kind not in _CALLED:
        return NumberRefused(NumberFault.PREMIUM)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return Phone(e164, country, national)


def _telling_run(text: str, countries: Sequence[str]) -> str | None:
    """The digits of a text without a valid number that must have been meant as one."""
    has_words = any(character.isalpha() for character in text)
    runs = [match.group() for match in _RUN_OF_DIGITS.finditer(text)]
    telling = [
        run
        for run in runs
        if not has_words
        or _count_digits(run) >= _LEAST_DIGITS_AMONG_WORDS
        or _is_emergency(run, countries)
    ]
    return max(telling, key=_count_digits, default=None)


def _near_miss(
    run: str | None, at_home: Sequence[str], served: Sequence[str], countries: Sequence[str]
) -> NumberRefused:
    """Say what is wrong with digits that are no valid number."""
    if run is None:
        return NumberRefused(NumberFault.NONE_FOUND)
    if _is_emergency(run, countries):
        return NumberRefused(NumberFault.EMERGENCY)
    if _is_short_code(run, at_home[0]):
        return NumberRefused(NumberFault.SHORT_CODE)
    if _count_digits(run) < _LEAST_DIGITS_OF_A_NUMBER:
        return NumberRefused(NumberFault.TOO_SHORT)
    if _is_of_service(run, served):
        return NumberRefused(NumberFault.PREMIUM)
    return _invalid(run, at_home[0], countries)


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


def _is_short_code(run: str, country: str) -> bool:
    """Whether it is a short number in use where the customer is: elsewhere it is a piece of one."""
    number = _parsed(run, country)
    return number is not None and phonenumbers.is_valid_short_number_for_region(number, country)


def _is_of_service(words: str, at_home: Sequence[str]) -> bool:
    """Whether digits begin as a service's do at home: "0900 12", but not "09 00 12"."""
    for country in at_home:
        number = _parsed(words, country)
        code = phonenumbers.country_code_for_region(country)
        if number is None or number.country_code != code:
            continue
        digits = phonenumbers.national_significant_number(number)
        services = _SERVICES.get(country, ())
        if any(digits.startswith(each) and each in words for each in services):
            return True
    return False


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
