"""What time zones and the cities they are named after are called in a language.

CLDR calls some zones by names the zone database has since replaced (`Asia/Calcutta`). Babel maps
the old names to the new ones but keeps its data under the old, so it finds no name for India,
Nepal or Ukraine; the look-up here tries both.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates
from babel.core import get_global

from ges_connector.language import locales
from ges_connector.language.phrases import Style, euphonic, phrases_for

Variant = Literal["generic", "standard", "daylight"]


def zone_name(zone: ZoneInfo, at: datetime, locale: str) -> str:
    """Name a time zone as people do: "Eastern Time", "Mitteleuropäische Zeit", "GMT-05:00".

    Args:
        zone: The zone.
        at: Aware instant it is named for; tells whether the zone changes its clocks that year.
        locale: BCP 47 tag.

    Returns:
        The name that holds all year: of a zone that never changes its clocks the standard one
        (Phoenix stays behind when "Mountain Time" moves on). Where CLDR has none, the name
        is made from the city; zones of no place go by their offset.
    """
    phrases = phrases_for(locale, Style.CHAT)
    for key in _cldr_keys(zone.key):
        if key in phrases.zone_names:
            return phrases.zone_names[key]
    babel_locale = locales.babel_locale(locale)
    local = at.astimezone(zone)
    variants: tuple[Variant, ...] = ("generic",)
    if not _changes_clocks(zone, local.year):
        variants = ("standard", "generic")
    for variant in variants:
        name = _name(zone, variant, babel_locale)
        if name is not None:
            return name
    city = city_of(zone, locale)
    if city is None:
        return offset_name(local, locale)
    return euphonic(phrases.city_time.format(city=city), phrases)


def clock_change_name(local: datetime, locale: str) -> str:
    """Say which of two equal clock times is meant: summer time, standard time, or the offset.

    Args:
        local: A local time that comes twice, its `fold` telling which one it is.
        locale: BCP 47 tag.
    """
    babel_locale = locales.babel_locale(locale)
    names = [_name_in_force(local.replace(fold=fold), babel_locale) for fold in (0, 1)]
    name = names[local.fold]
    if name is None or names[0] == names[1]:
        return offset_name(local, locale)
    return name


def offset_name(local: datetime, locale: str) -> str:
    """Name the offset of a local time: "GMT+05:45", in French "UTC+05:45".

    Babel's own formatting is an hour off for zones west of Greenwich with half hours.
    """
    minutes = round((local.utcoffset() or timedelta(0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    pattern: str = locales.babel_locale(locale).zone_formats["gmt"]
    return pattern % f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def city_of(zone: ZoneInfo, locale: str) -> str | None:
    """Name the city a zone is called after; None for zones that belong to no place."""
    keys = [key for key in _cldr_keys(zone.key) if "/" in key and not key.startswith("Etc/")]
    if not keys:
        return None
    known = locales.babel_locale(locale).time_zones
    for key in keys:
        city: str | None = known.get(key, {}).get("city")
        if city:
            return city
    present = get_global("zone_aliases").get(keys[0], keys[0])
    return str(present).rpartition("/")[2].replace("_", " ")


def _name_in_force(local: datetime, locale: Locale) -> str | None:
    zone = local.tzinfo
    if not isinstance(zone, ZoneInfo):
        return None
    return _name(zone, "daylight" if local.dst() else "standard", locale)


def _name(zone: ZoneInfo, variant: Variant, locale: Locale) -> str | None:
    """The long name CLDR has for a zone, its own or that of the zones it shares its clock with."""
    metazones = get_global("meta_zones")
    for key in _cldr_keys(zone.key):
        own = _long(locale.time_zones.get(key, {}), variant)
        shared = _long(locale.meta_zones.get(metazones.get(key), {}), variant)
        if own or shared:
            return own or shared
    return None


def _long(names: Mapping[str, Any], variant: Variant) -> str | None:
    name: str | None = names.get("long", {}).get(variant)
    return None if name == dates.NO_INHERITANCE_MARKER else name


@lru_cache(maxsize=1024)
def _cldr_keys(key: str) -> tuple[str, ...]:
    """The names a zone may have in CLDR: its own, its present one, its former ones."""
    return tuple(dict.fromkeys(_names_of(key)))


def _names_of(key: str) -> Iterator[str]:
    aliases = get_global("zone_aliases")
    present = aliases.get(key, key)
    yield key
    yield present
    yield from (former for former, now in aliases.items() if now == present)


def _changes_clocks(zone: ZoneInfo, year: int) -> bool:
    offsets = {datetime(year, month, 1, tzinfo=zone).utcoffset() for month in range(1, 13)}
    return len(offsets) > 1
