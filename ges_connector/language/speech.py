"""Numbers and clock times as they are said aloud.

Speech has no second look: a digit that is missed is lost, and a sign may be read out or swallowed.
So numbers are dictated in short groups, digit by digit or in pairs as is the custom of the region,
clock times are written out in words, and nothing here holds a symbol that a voice would have to
interpret. Languages without a phrase file get digits, which every voice can read.
"""

import re
from collections.abc import Iterable
from datetime import time
from enum import StrEnum
from itertools import pairwise

import phonenumbers

from ges_connector.language import locales
from ges_connector.language.phrases import Phrases, Style, phrases_for
from ges_connector.language.typography import plain

_LONGEST_GROUP = 4
_PAIR = 2
_LONGEST_DICTATION = 64


class Pace(StrEnum):
    """How a number is dictated: in groups first, digit by digit after a "no"."""

    GROUPS = "groups"
    DIGITS = "digits"


class Pause(StrEnum):
    """What separates groups: a comma for any voice, or a break for one that reads SSML."""

    COMMA = ", "
    SSML = ' <break time="400ms"/> '


def spoken_clock(clock: time, locale: str) -> str:
    """Say a time of day so that it is one time only ("fünfzehn Uhr dreißig", "three thirty PM").

    Args:
        clock: Local time of day; seconds are not told.
        locale: BCP 47 tag.

    Returns:
        The time in words, or `15:30` in a language without words for it.
    """
    phrases = phrases_for(locale, Style.VOICE)
    if not phrases.spoken_hours:
        return f"{clock.hour}:{clock.minute:02}"
    if clock.minute == 0 and clock.hour in phrases.spoken_exact:
        return phrases.spoken_exact[clock.hour]
    minutes = phrases.spoken_minutes[clock.minute]
    return plain(phrases.spoken_hours[clock.hour].format(minutes=minutes))


def speak_phone(
    number: str,
    locale: str,
    *,
    office: str | None = None,
    pace: Pace = Pace.GROUPS,
    pause: Pause = Pause.COMMA,
) -> str:
    """Dictate a phone number.

    Args:
        number: The number, best in international form (`+…`).
        locale: BCP 47 tag.
        office: As in `phone_as_written`; decides with the locale whether the country code is said.
        pace: In the groups people write it in, none longer than four digits, or digit by digit.
        pause: What stands between groups.

    Returns:
        Digits as words ("zero one five one, …", in France "zéro six, douze, …"); of what is no
        phone number, its digits.
    """
    written = phone_as_written(number, locale, office=office)
    groups = re.findall(r"[0-9]+", written[:_LONGEST_DICTATION])
    sign = ["+"] if written.startswith("+") else []
    return _dictated([*sign, *groups], phrases_for(locale, Style.VOICE), pace, pause)


def spell_code(
    code: str, locale: str, *, pace: Pace = Pace.GROUPS, pause: Pause = Pause.COMMA
) -> str:
    """Dictate an access code or reference: digits as words, Latin letters one by one in capitals.

    Args:
        code: The code; anything but letters and digits only separates groups.
        locale: BCP 47 tag.
        pace: In groups of at most four characters, or one by one.
        pause: What stands between groups.
    """
    groups = re.findall(r"[0-9]+|[A-Za-z]+", code[:_LONGEST_DICTATION])
    return _dictated(groups, phrases_for(locale, Style.VOICE), pace, pause)


def ending(number: str, locale: str, *, style: Style = Style.VOICE, count: int = 2) -> str:
    """Point at a number by its last digits: "ending in four two", in chat "ending in 42".

    Args:
        number: Any text with digits.
        locale: BCP 47 tag.
        style: Spoken or written.
        count: How many digits are given away; more than four would give away too much.

    Returns:
        The phrase, or an empty text for a number with fewer digits than that.

    Raises:
        ValueError: `count` is not between 1 and 4.
    """
    if not 1 <= count <= _LONGEST_GROUP:
        raise ValueError(f"count must be 1 to {_LONGEST_GROUP}, not {count}")
    digits = "".join(re.findall(r"[0-9]", number))
    if len(digits) < count:
        return ""
    phrases = phrases_for(locale, style)
    last = digits[-count:]
    told = last if style is Style.CHAT else _words(last, phrases, " ")
    return phrases.ending.format(digits=told)


def phone_as_written(number: str, locale: str, *, office: str | None = None) -> str:
    """Write a phone number the way people in the locale's region write it.

    Args:
        number: The number in international form (`+…`); anything else is given back as it is.
        locale: BCP 47 tag; a bare language stands for the region most of its speakers live in.
        office: Country of whoever calls the number, ISO 3166; None if nobody does.

    Returns:
        The national form where locale and office are both in the number's own region, else the
        international form: a number of elsewhere is known by its country code.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    at_home = locales.babel_locale(locales.regional(locale)).territory
    region = phonenumbers.region_code_for_number(parsed)
    is_domestic = region == at_home and office in {None, region}
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if is_domestic else form.INTERNATIONAL)


def _dictated(groups: Iterable[str], phrases: Phrases, pace: Pace, pause: Pause) -> str:
    """Say groups of characters with a pause after each; a plus sign belongs to what follows it."""
    said: list[str] = []
    sign = ""
    for group in groups:
        if group == "+":
            sign = f"{phrases.plus} "
            continue
        longest = 1
        if pace is Pace.GROUPS:
            longest = _PAIR if _is_said_in_pairs(group, phrases) else _LONGEST_GROUP
        chunks = _chunks(group, longest)
        said.extend(_words(chunk, phrases, " ") for chunk in chunks)
        if sign and phrases.code_as_number and pace is Pace.GROUPS and len(group) == _PAIR:
            said[-1] = phrases.numbers[int(group)]
        said[-len(chunks)] = sign + said[-len(chunks)]
        sign = ""
    return str(pause).join(said)


def _is_said_in_pairs(group: str, phrases: Phrases) -> bool:
    return phrases.dictates_pairs and group.isdigit() and len(group) % _PAIR == 0


def _chunks(group: str, longest: int) -> list[str]:
    """Cut a long group into even parts, the longer ones last, as numbers are usually said."""
    count = -(-len(group) // longest)
    bounds = [len(group) * part // count for part in range(count + 1)]
    return [group[start:end] for start, end in pairwise(bounds)]


def _words(characters: str, phrases: Phrases, joint: str) -> str:
    """Say a few characters; a pair of digits as one number where that is the custom."""
    is_number = len(characters) == _PAIR and characters.isdigit() and characters[0] != "0"
    if phrases.dictates_pairs and is_number:
        return phrases.numbers[int(characters)]
    return joint.join(
        phrases.digits[int(character)] if character.isdigit() else character.upper()
        for character in characters
    )
