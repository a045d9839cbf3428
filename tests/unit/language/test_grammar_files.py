"""The grammar files: every key is one that the engine knows, in every region."""

import tomllib
from datetime import date
from importlib import resources
from typing import Any
from zoneinfo import available_timezones

import pytest
from babel import localedata

from ges_connector.language.compiler import lexicon
from ges_connector.language.grammar_files import (
    MONTHS,
    TEMPLATE_SECTIONS,
    WEEKDAYS,
    grammar,
    grammar_languages,
)
from ges_connector.language.rules import PHRASES
from ges_connector.language.template import TemplateError, places, symbols, variants

KEYS: dict[str, set[str] | None] = {
    "language": {
        "writing",
        "twelve_hour_digits",
        "dotted_clock",
        "date_order",
        "date_order_without_territory",
        "next_weekday",
        "week_from_monday",
    },
    "words": {
        "glue",
        "filler",
        "refusals",
        "contrasts",
        "weak",
        "awaiting",
        "busy",
        "doubtful",
        "sure",
        "number_nouns",
        "never_skip",
        "whereabouts",
        "before_dates",
        "before_hours",
        "behind_bounds",
        "not_slips",
        "not_names",
        "suffixes",
        "prefixes",
    },
    "ambiguous": None,
    "dictation": None,
    "numbers": {"joined", "words", "ones", "tens"},
    "ordinals": {"suffixes", "words"},
    "weekdays": set(WEEKDAYS),
    "months": set(MONTHS),
    "units": {"minute", "hour", "day", "week", "weekend", "month", "year"},
    "markers": {"am", "pm"},
    "days": None,
    "holidays": None,
    "judging": {"verbs", "approving", "against", "nays", "harmless"},
    "doubts": {
        "limits",
        "nots",
        "bounds",
        "habits",
        "repeated",
        "tales",
        "conditions",
        "harmless",
        "verbs",
        "having",
        "doings",
        "busy",
        "appointments",
        "meals",
        "degrees",
        "no_doings",
    },
    "reasons": {
        "so",
        "because",
        "but",
        "instead",
        "please",
        "affairs",
        "requests",
        "happenings",
        "stories",
        "greetings",
        "otherwise",
        "both",
        "unfinished",
        "corrections",
    },
    "spellings": None,
    "durations": None,
    "spans": None,
    "parts": None,
    "today_parts": None,
    "tomorrow_parts": None,
    "clock_words": None,
    "zones": None,
    "places": {"before", "behind", "at", "in", "mine", "endings", "articles"},
    "relative": {"after", "before", "later", "earlier", "leaving", "either", "trail", "next_week"},
    **{section: set(PHRASES) for section in TEMPLATE_SECTIONS},
}


def _raw(language: str) -> Any:
    file = resources.files("ges_connector.language") / "grammar" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _editions(language: str) -> list[Any]:
    """The file as it is without a region, and each region by itself."""
    data = _raw(language)
    regions = data.pop("regions", {})
    return [data, *regions.values()]


@pytest.mark.parametrize("language", grammar_languages())
def test_feasts_are_of_a_date_that_every_leap_year_has(language: str) -> None:
    for edition in _editions(language):
        for key in edition.get("holidays", {}).keys() - {"movable"}:
            month, day = map(int, key.split("-"))
            assert key == f"{date(2028, month, day):%m-%d}"


@pytest.mark.parametrize("language", grammar_languages())
def test_the_company_of_ambiguous_words_is_told_in_known_terms(language: str) -> None:
    for group in _raw(language).get("ambiguous", {}).values():
        assert {"words"} < set(group) <= {"words", "after", "before", "starts", "links", "unless"}


@pytest.mark.parametrize("language", grammar_languages())
def test_every_key_is_known_to_the_engine(language: str) -> None:
    for edition in _editions(language):
        assert set(edition) <= set(KEYS)
        for section, table in edition.items():
            known = KEYS[section]
            assert known is None or set(table) <= known, section


@pytest.mark.parametrize("language", grammar_languages())
def test_parts_said_of_today_and_tomorrow_have_bounds(language: str) -> None:
    data = _raw(language)
    for section in ("today_parts", "tomorrow_parts"):
        assert set(data.get(section, {})) <= set(data["parts"])


@pytest.mark.parametrize("language", grammar_languages())
def test_every_zone_exists(language: str) -> None:
    assert set(_raw(language).get("zones", {})) <= available_timezones()


@pytest.mark.parametrize("language", grammar_languages())
def test_every_region_compiles(language: str) -> None:
    territories = [None, *_raw(language).get("regions", {})]
    for territory in territories:
        assert grammar(language, territory)
        known = lexicon(language if territory is None else f"{language}-{territory}")
        assert known is not None
        assert known.has_file


def test_every_cldr_language_compiles() -> None:
    languages = {name.split("_")[0] for name in localedata.locale_identifiers()}
    for name in sorted(languages):
        assert lexicon(name) is not None, name


def test_a_locale_is_compiled_once() -> None:
    assert lexicon("de-DE") is lexicon("de-DE")


def test_a_region_adds_to_lists_and_replaces_settings() -> None:
    common, canada = grammar("fr", None), grammar("fr", "CA")
    assert set(common["spans"]["weekend 0"]) < set(canada["spans"]["weekend 0"])
    assert "date_order" not in common["language"]
    assert canada["language"]["date_order"] == "both"


def test_optional_words_and_choices_are_written_out() -> None:
    assert list(variants("[a] quarter (to|of) {hour}")) == [
        " quarter to {hour}",
        " quarter of {hour}",
        "a quarter to {hour}",
        "a quarter of {hour}",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"doubts": {"limits": ["tuskin"]}}, r"needs \[reasons\] with affairs and one of"),
        ({"doubts": {"limits": ["tuskin"]}, "reasons": {"affairs": ["kurssi"]}}, "and one of"),
        ({"clock": {"half_past_seven": ["puoli {hour}"]}}, "no rule 'half_past_seven'"),
    ],
)
def test_a_file_that_would_do_nothing_or_names_no_rule_is_refused(
    data: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ges_connector.language.compiler.grammar", lambda *_: data)
    with pytest.raises(TemplateError, match=told):
        lexicon.__wrapped__("fi")


def test_a_template_without_its_hole_is_refused() -> None:
    steps = symbols("half past", "spaced")
    with pytest.raises(TemplateError, match="needs the holes"):
        places(steps, ("hour",))


@pytest.mark.parametrize("template", ["half past {hour", "half past {hour}}", "   "])
def test_a_template_that_cannot_be_read_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        symbols(template, "spaced")


def test_a_word_written_against_a_hole_must_stand_there_joined() -> None:
    joined = symbols("{hour}h", "spaced")[1]
    apart = symbols("{hour} h", "spaced")[1]
    unspaced = symbols("{hour}時", "spaced")[1]
    assert (joined.key, apart.key, unspaced.key) == ("w:+h", "w:h", "w:時")
