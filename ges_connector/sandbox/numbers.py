"""Which phone numbers a contact centre calls back (rules 24 to 29).

How a number is read: a leading plus sign, or the international prefix of the default country,
makes it international. Without either, it is a number of the default country if it is written the
way that country writes its own numbers; else, if a plus sign in front makes it a valid number, that
one (so "91…" is India, and the same number with and without plus sign is one number); else whatever
the default country makes of it.

In which order it is judged:

1. it cannot be read as a phone number: 7030;
2. it is an emergency or short number: 7036;
3. it is no valid number, and the service wants possible ones only: 7030;
4. its country is not on the number rule's list: 7037;
5. it is a premium number, and the service wants none: 7036;
6. it matches a blocked pattern: 7037.
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from ges_connector.sandbox.records import Code, RefusedError
from ges_connector.sandbox.seed import BlockedPattern, NumberRule, Service

_LONGEST_INPUT = 250
_BAD_REQUEST = 400


def accept_number(raw: str, service: Service, rule: NumberRule | None) -> str:
    """Returns a number the service may call back, as it is stored: digits behind a plus sign.

    Args:
        raw: The number as sent.
        service: Its default country, and whether it wants possible numbers and no premium ones.
        rule: The service's number rule; without one every country is called.

    Raises:
        RefusedError: 400 with code 7030, 7036 or 7037; see the module's order.
    """
    number = read_number(raw, service.default_country)
    if _is_short(raw, number, service.default_country):
        raise _refused(Code.NUMBER_NOT_POSSIBLE, "emergency and short numbers are not called back")
    if service.disallow_impossible_numbers and not phonenumbers.is_valid_number(number):
        raise _not_a_number()
    country = country_of(number)
    if rule is not None and country not in rule.countries:
        raise _refused(
            Code.NUMBER_NOT_ALLOWED,
            f"this service calls numbers of {', '.join(rule.countries)} only, "
            + (f"not of {country}" if country else "and the number's country is not known"),
        )
    if service.disallow_premium_numbers and _is_premium(number):
        raise _refused(Code.NUMBER_NOT_POSSIBLE, "premium numbers are not called back")
    stored = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if rule is not None and any(_matches(stored, country, blocked) for blocked in rule.blocked):
        raise _refused(Code.NUMBER_NOT_ALLOWED, "the number is blocked by the service's rule")
    return stored


def read_number(raw: str, default_country: str) -> PhoneNumber:
    """Reads a number the way the module's text says.

    Raises:
        RefusedError: 400 with code 7030; it cannot be read as a phone number.
    """
    if len(raw) > _LONGEST_INPUT:
        raise _not_a_number()
    national = _parse(raw, default_country)
    digits = phonenumbers.normalize_digits_only(raw)
    international = None if "+" in raw or "＋" in raw else _parse(f"+{digits}", None)  # noqa: RUF001 - the wide plus sign of East Asian keyboards
    if (
        international is not None
        and phonenumbers.is_valid_number(international)
        and not (national is not None and _written_nationally(national, digits))
    ):
        return international
    if national is None:
        raise _not_a_number()
    return national


def country_of(number: PhoneNumber) -> str | None:
    """Returns the ISO country a number belongs to, as far as it can be told.

    Numbers that no country of a shared calling code claims count for its main country.
    """
    country = phonenumbers.region_code_for_number(number)
    if country is None and phonenumbers.is_possible_number(number):
        country = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return country


def _parse(raw: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(raw, country)
    except NumberParseException:
        return None


def _written_nationally(number: PhoneNumber, digits: str) -> bool:
    written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return (
        phonenumbers.is_valid_number(number)
        and phonenumbers.normalize_digits_only(written) == digits
    )


def _is_short(raw: str, number: PhoneNumber, country: str) -> bool:
    return phonenumbers.is_emergency_number(raw, country) or (
        not phonenumbers.is_valid_number(number)
        and phonenumbers.is_valid_short_number_for_region(number, country)
    )


def _is_premium(number: PhoneNumber) -> bool:
    return bool(phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE)


def _matches(stored: str, country: str | None, blocked: BlockedPattern) -> bool:
    if blocked.country not in {None, country}:
        return False
    return _compiled(blocked.pattern, blocked.kind).fullmatch(stored) is not None


@lru_cache
def _compiled(pattern: str, kind: str) -> re.Pattern[str]:
    """Compiles a pattern; in a simple one `*` stands for any digits and `?` for one."""
    if kind == "regex":
        return re.compile(pattern)
    plain = re.sub(r"[^\d*?]", "", pattern)
    return re.compile(r"\+" + plain.replace("*", r"\d*").replace("?", r"\d"))


def _not_a_number() -> RefusedError:
    return _refused(
        Code.NUMBER_INVALID,
        "this is no valid phone number; send it with a plus sign and its country code in front",
    )


def _refused(code: int, message: str) -> RefusedError:
    return RefusedError(_BAD_REQUEST, code, message)
