"""Which language and region a customer is told things in, and in which time zone.

What a channel says about its customer (a locale, a zone, a caller's number) is a hint from outside:
it may be missing, misspelt or of the wrong type. Everything here takes such a hint as it comes and
answers with something usable, never with an exception. Languages are named by BCP 47 tags
(`de-AT`, `zh-Hant-TW`), zones by their IANA names; the facts about both come from CLDR by way of
Babel.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global

LAST_RESORT = "en"

_LONGEST_HINT = 64
_LONGEST_LIST = 4 * _LONGEST_HINT
_UNDETERMINED = frozenset({"und", "mul", "mis", "zxx", "root"})
_SUBTAG = re.compile(r"[A-Za-z0-9]{1,8}")
_UTC_NAMES = {"z": "UTC", "utc": "UTC", "gmt": "UTC"}
# Names in the zone database that are no place: the machine's own zone, and "not set yet".
_NOT_ZONES = frozenset({"localtime", "Factory"})
# Two codes for one written language; CLDR keeps both.
_SAME_LANGUAGE = {"nb": "no"}


@dataclass(frozen=True, slots=True)
class CustomerLocale:
    """The outcome of a negotiation.

    Attributes:
        language: Whose wording to use: one of the offered tags, spelled as it was offered.
        tag: What to format dates, times and numbers by: the customer's own regional variety of
            that language where it is known, as a BCP 47 tag.
    """

    language: str
    tag: str


def negotiate(requested: object, offered: Sequence[str], default: str) -> CustomerLocale:
    """Choose among the offered languages the one a customer asked for.

    Args:
        requested: A BCP 47 tag, a POSIX locale (`de_DE.UTF-8`), or an `Accept-Language` list with
            or without weights. Anything else, also of another type, counts as not said.
        offered: The tags that wording exists for.
        default: What is taken when nothing requested is offered.

    Returns:
        The offered language and the tag to format by. A request for `de-AT` where `de` is offered
        keeps Austria for the formats; among several offered varieties the one nearest by CLDR's
        inheritance is taken (`en-AU` reads `en-GB` rather than `en-US`). Another script is
        another language: `zh-TW` is not served by `zh-CN`.
    """
    asked_for = tag_of(requested) if isinstance(requested, Locale) else requested
    text = asked_for[:_LONGEST_LIST] if isinstance(asked_for, str) else ""
    return _negotiated(text, tuple(offered), default)


# Every turn of a conversation asks the same again.
@lru_cache(maxsize=1024)
def _negotiated(requested: str, offered: tuple[str, ...], default: str) -> CustomerLocale:
    for wish in _wishes(requested):
        locale = _parsed(wish)
        if locale is None:
            continue
        nearest = _nearest(locale, offered)
        if nearest is not None:
            own_region = locale if locale.territory else babel_locale(nearest)
            return CustomerLocale(language=nearest, tag=tag_of(own_region))
    return CustomerLocale(language=default, tag=tag_of(babel_locale(default)))


def babel_locale(tag: object) -> Locale:
    """Give the Babel locale of a tag; of a bad one the nearest that exists, in the end English.

    Args:
        tag: A BCP 47 tag or POSIX locale. A region unknown for its language is dropped (`en-JP` is
            formatted as `en`).
    """
    found = _parsed(tag)
    return found if found is not None else Locale.parse(LAST_RESORT)


def tag_of(locale: Locale) -> str:
    """Write a Babel locale as a BCP 47 tag, without modifiers."""
    return str(locale).partition("@")[0].replace("_", "-")


def lineage(tag: object) -> tuple[str, ...]:
    """List a tag and what it inherits from by CLDR, nearest first: `es-MX`, `es-419`, `es`.

    CLDR lets some languages inherit from another one (Haitian Creole from French). That gives
    them date formats, not words, so the line ends where the language does.
    """
    locale = babel_locale(tag)
    identifier: str = str(locale).partition("@")[0]
    language = _written_language(locale.language)
    parents = get_global("parent_exceptions")
    line = []
    while identifier and _written_language(identifier.partition("_")[0]) == language:
        line.append(identifier.replace("_", "-"))
        identifier = parents.get(identifier) or identifier.rpartition("_")[0]
    return tuple(line)


def regional(tag: object, *territories: str | None) -> str:
    """Give a bare language a region, so that clock and calendar follow the customer's country.

    Args:
        tag: The language, with or without region. A region in it stands.
        territories: Guesses in order of trust, such as the regions of the caller's number and
            of the zone; `None` and regions where CLDR does not know the language are passed over.

    Returns:
        A BCP 47 tag. Without a usable guess it is the region most speakers live in (`de-DE`).
    """
    locale = babel_locale(tag)
    if locale.territory:
        return tag_of(locale)
    for territory in (*territories, _likely_territory(locale)):
        candidate = _exact(locale.language, locale.script, territory) if territory else None
        if candidate is not None:
            return tag_of(candidate)
    return tag_of(locale)


def territory_of_number(number: object) -> str | None:
    """Name the region an international (`+…`) phone number belongs to, if it belongs to one."""
    if not isinstance(number, str) or len(number) > _LONGEST_HINT:
        return None
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
    return region if region and region.isalpha() else None


def territory_of_zone(zone: ZoneInfo) -> str | None:
    """Name the region a time zone's city lies in; zones such as UTC lie in none."""
    name = get_global("zone_aliases").get(zone.key, zone.key)
    territory: str | None = get_global("zone_territories").get(name)
    return territory if territory and territory.isalpha() and territory != "ZZ" else None


def zone(name: object, default: ZoneInfo) -> ZoneInfo:
    """Find the time zone a channel named.

    Args:
        name: An IANA name in any case, or a Windows zone name (`W. Europe Standard Time`).
        default: What is taken for anything unknown, malformed or of another type.
    """
    if isinstance(name, ZoneInfo):
        return name if name.key else default
    if not isinstance(name, str) or len(name) > _LONGEST_HINT:
        return default
    key = _zone_keys().get(name.strip().casefold())
    return ZoneInfo(key) if key else default


@lru_cache(maxsize=1)
def _zone_keys() -> dict[str, str]:
    """Every name a zone goes by, lower case, to its IANA name."""
    iana = {name.casefold(): name for name in available_timezones() - _NOT_ZONES}
    windows = {
        name.casefold(): key
        for name, key in get_global("windows_zone_mapping").items()
        if key.casefold() in iana
    }
    return windows | iana | _UTC_NAMES


def _wishes(requested: str) -> list[str]:
    """Split a request into single tags, the most wanted first."""
    weighted = []
    for part in requested.split(","):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if weight > 0:
            weighted.append((tag.strip(), weight))
    # sorted() is stable: equal weights keep the order they were written in.
    return [tag for tag, _ in sorted(weighted, key=lambda wish: -wish[1])]


def _weight(parameter: str) -> float:
    written = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameter)
    return float(written[1]) if written else 1.0


def _parsed(tag: object) -> Locale | None:
    if isinstance(tag, Locale):
        return tag
    if not isinstance(tag, str) or len(tag) > _LONGEST_HINT:
        return None
    return _parsed_text(tag)


@lru_cache(maxsize=512)
def _parsed_text(text: str) -> Locale | None:
    """Parse a tag without POSIX encoding, extensions, or a region CLDR does not know for it."""
    subtags = re.split(r"[.@]", text.strip())[0].replace("_", "-").split("-")
    if not all(_SUBTAG.fullmatch(subtag) for subtag in subtags):
        return None
    # A single letter opens extensions (`-u-hc-h12`) or private use, which say nothing of language.
    meant = [subtag for subtag in subtags[: _first_singleton(subtags)] if subtag]
    if not meant or meant[0].lower() in _UNDETERMINED or meant[0].isdigit():
        return None
    for depth in range(len(meant), 0, -1):
        try:
            return Locale.parse("-".join(meant[:depth]), sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return None


def _first_singleton(subtags: Sequence[str]) -> int:
    return next((at for at, subtag in enumerate(subtags) if len(subtag) == 1), len(subtags))


def _exact(language: str, script: str | None, territory: str) -> Locale | None:
    try:
        return Locale(language, territory=territory.upper(), script=script)
    except (ValueError, UnknownLocaleError):
        return None


def _nearest(locale: Locale, offered: Sequence[str]) -> str | None:
    """Take the offered tag of the same language and script that shares the nearest ancestor."""
    line = lineage(locale)
    ranked = []
    for order, tag in enumerate(offered):
        candidate = _parsed(tag)
        if candidate is None or _tongue(candidate) != _tongue(locale):
            continue
        other = lineage(candidate)
        shared = next((step for step, name in enumerate(line) if name in other), len(line))
        ranked.append((shared, not _is_usual(candidate), order, tag))
    return min(ranked)[-1] if ranked else None


def _is_usual(locale: Locale) -> bool:
    """Whether this is the variety a bare language stands for (`pt` is `pt-BR`)."""
    return locale.territory in (None, _likely_territory(locale))


def _likely_territory(locale: Locale) -> str | None:
    return _likely(locale.language, locale.script)[1]


def _tongue(locale: Locale) -> tuple[str, str | None]:
    """Language and script, the script filled in where CLDR takes it as read."""
    language = _written_language(locale.language)
    region = f"{locale.language}_{locale.territory}"
    likely: str | None = get_global("likely_subtags").get(region)
    if locale.script is None and likely is not None:
        return language, likely.split("_")[1]
    return language, locale.script or _likely(locale.language, None)[0]


def _written_language(code: str) -> str:
    return _SAME_LANGUAGE.get(code, code)


def _likely(language: str, script: str | None) -> tuple[str | None, str | None]:
    """Script and territory most speakers of a language use."""
    likely_subtags = get_global("likely_subtags")
    likely = likely_subtags.get(f"{language}_{script}") or likely_subtags.get(language)
    if likely is None:
        return None, None
    _, found_script, territory = likely.split("_")
    return found_script, territory
