from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language import locales
from ges_connector.language.locales import CustomerLocale, negotiate

OFFERED = ("en", "de", "fr", "es")
BERLIN = ZoneInfo("Europe/Berlin")
# Whatever a channel may put where a tag or a zone name belongs.
HINTS = st.one_of(
    st.text(max_size=80),
    st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}", fullmatch=True),
    st.none(),
    st.integers(),
    st.binary(max_size=8),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@pytest.mark.parametrize(
    ("requested", "language", "tag"),
    [
        ("de-AT", "de", "de-AT"),
        ("de_DE.UTF-8", "de", "de-DE"),
        ("de_AT@euro", "de", "de-AT"),
        ("DE-at", "de", "de-AT"),
        (" fr ", "fr", "fr"),
        ("es-MX", "es", "es-MX"),
        ("en-UK", "en", "en-GB"),
        ("en-JP", "en", "en"),
        ("de-DE-u-hc-h12", "de", "de-DE"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr", "fr-CH"),
        ("en;q=0.2, de;q=0.9", "de", "de"),
        ("es;q=0, de", "de", "de"),
        ("it, pt, de;q=0.1", "de", "de"),
    ],
)
def test_an_offered_language_is_taken_and_the_region_kept(
    requested: str, language: str, tag: str
) -> None:
    assert negotiate(requested, OFFERED, "en") == CustomerLocale(language, tag)


@pytest.mark.parametrize(
    "requested",
    [
        None,
        7,
        b"de",
        ["de"],
        {"locale": "de"},
        "",
        "*",
        "und",
        "xx-YY",
        "zh-TW",
        "\0",
        "d e",
        "de" * 50,
        "C",
        "POSIX",
        "🇩🇪",
    ],
)
def test_anything_else_is_the_default(requested: Any) -> None:
    assert negotiate(requested, OFFERED, "fr") == CustomerLocale("fr", "fr")


@pytest.mark.parametrize(
    ("requested", "offered", "language", "tag"),
    [
        ("en-AU", ("en-US", "en-GB"), "en-GB", "en-AU"),
        ("en-US", ("en-GB", "en"), "en", "en-US"),
        ("en-IN", ("en-US", "en-GB"), "en-GB", "en-IN"),
        ("es-AR", ("es-ES", "es-MX"), "es-MX", "es-AR"),
        ("pt", ("pt-PT", "pt-BR"), "pt-BR", "pt-BR"),
        ("pt-PT", ("pt-BR", "pt-PT"), "pt-PT", "pt-PT"),
        ("zh-TW", ("zh-CN", "zh-HK"), "zh-HK", "zh-Hant-TW"),
        ("nb-NO", ("no",), "no", "nb-NO"),
        ("fr", ("fr-CA",), "fr-CA", "fr-CA"),
    ],
)
def test_among_varieties_the_nearest_is_taken(
    requested: str, offered: tuple[str, ...], language: str, tag: str
) -> None:
    assert negotiate(requested, offered, "en") == CustomerLocale(language, tag)


def test_another_script_is_another_language() -> None:
    assert negotiate("zh-TW", ("zh-CN",), "en").language == "en"
    assert negotiate("sr-Latn-RS", ("sr",), "en").language == "en"


def test_what_is_spoken_in_haiti_is_not_taken_for_french() -> None:
    assert negotiate("ht", ("fr",), "en").language == "en"
    assert locales.lineage("ht") == ("ht",)


@given(HINTS)
def test_no_hint_raises_and_every_outcome_is_usable(requested: Any) -> None:
    chosen = negotiate(requested, OFFERED, "en")
    assert chosen.language in OFFERED
    assert Locale.parse(chosen.tag, sep="-").language == chosen.language


@given(HINTS)
def test_no_hint_of_a_zone_raises(name: Any) -> None:
    assert locales.zone(name, BERLIN).key in available_timezones() | {"UTC"}


def test_every_locale_of_cldr_is_its_own_tag() -> None:
    for identifier in locale_identifiers():
        tag = locales.tag_of(Locale.parse(identifier))
        assert locales.babel_locale(tag) == Locale.parse(identifier)


@pytest.mark.parametrize(
    ("tag", "line"),
    [
        ("es-MX", ("es-MX", "es-419", "es")),
        ("en-GB", ("en-GB", "en-001", "en")),
        ("de-AT", ("de-AT", "de")),
        ("nb-NO", ("nb-NO", "nb", "no")),
        ("fr", ("fr",)),
    ],
)
def test_the_lineage_follows_cldr(tag: str, line: tuple[str, ...]) -> None:
    assert locales.lineage(tag) == line


@pytest.mark.parametrize(
    ("tag", "territories", "expected"),
    [
        ("de", (), "de-DE"),
        ("de", ("CH",), "de-CH"),
        ("de", (None, "at"), "de-AT"),
        ("de", ("US", "AT"), "de-AT"),  # CLDR knows no German of the United States
        ("de-CH", ("AT",), "de-CH"),
        ("en", ("DE",), "en-DE"),
        ("en", ("JP",), "en-US"),
        ("es", ("MX",), "es-MX"),
        ("zh-Hant", (), "zh-Hant-TW"),
        ("de", ("", "??", "D"), "de-DE"),
    ],
)
def test_a_bare_language_gets_the_region_of_the_customer(
    tag: str, territories: tuple[str | None, ...], expected: str
) -> None:
    assert locales.regional(tag, *territories) == expected


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+4366412345678", "AT"),
        ("+14165550123", "CA"),
        ("+442079460958", "GB"),
        ("+80012345678", None),  # belongs to no country
        ("0664 12345678", None),
        ("", None),
        (4366412345678, None),
        ("+" + "4" * 100, None),
    ],
)
def test_a_number_names_its_region_if_it_has_one(number: Any, region: str | None) -> None:
    assert locales.territory_of_number(number) == region


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Europe/Zurich", "CH"),
        ("US/Eastern", "US"),
        ("Asia/Calcutta", "IN"),
        ("UTC", None),
        ("Etc/GMT+5", None),
    ],
)
def test_a_zone_names_its_region_if_it_has_one(name: str, region: str | None) -> None:
    assert locales.territory_of_zone(ZoneInfo(name)) == region


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Vienna", "Europe/Vienna"),
        ("europe/vienna", "Europe/Vienna"),
        (" America/New_York ", "America/New_York"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("utc", "UTC"),
        ("Z", "UTC"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("../../etc/passwd", "Europe/Berlin"),
        ("Europe", "Europe/Berlin"),
        ("localtime", "Europe/Berlin"),
        ("Factory", "Europe/Berlin"),
        ("\0", "Europe/Berlin"),
        ("", "Europe/Berlin"),
        ("x" * 1000, "Europe/Berlin"),
        (None, "Europe/Berlin"),
        (60, "Europe/Berlin"),
        (ZoneInfo("Asia/Tokyo"), "Asia/Tokyo"),
    ],
)
def test_a_zone_is_found_by_any_of_its_names_else_the_default(name: Any, key: str) -> None:
    assert locales.zone(name, BERLIN).key == key
