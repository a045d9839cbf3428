from importlib import resources
from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from ges_connector.language import phrases
from ges_connector.language.phrases import Phrases, Style, languages, phrases_for


def _file(language: str) -> dict[str, Any]:
    source = resources.files(phrases) / f"{language}.yml"
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(source.read_text("utf-8"))
    return content


def test_four_languages_have_phrases() -> None:
    assert languages() >= {"en", "de", "fr", "es"}
    assert "root" not in languages()


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("style", Style)
def test_every_phrase_file_is_complete_in_both_styles(language: str, style: Style) -> None:
    spoken = phrases_for(language, style)
    assert bool(spoken.spoken_hours) is (style is Style.VOICE)
    assert bool(spoken.spoken_days) is (style is Style.VOICE)


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_region_of_a_file_is_one_of_cldr_and_is_read(language: str) -> None:
    for region in _file(language).get("regions", {}):
        regional = [phrases_for(region, style) for style in Style]
        assert regional != [phrases_for(language, style) for style in Style], region


def test_a_narrower_region_inherits_from_the_wider_one() -> None:
    assert phrases_for("es-MX", Style.VOICE).spoken_days[0] == "primero"
    assert phrases_for("es-ES", Style.VOICE).spoken_days[0] == "uno"
    assert phrases_for("en-AU", Style.VOICE) == phrases_for("en-GB", Style.VOICE)


def test_a_region_respells_what_it_inherits() -> None:
    swiss, german = (phrases_for(tag, Style.VOICE) for tag in ("de-CH", "de-DE"))
    assert "ß" not in swiss.model_dump_json()
    assert swiss.numbers[30] == "dreissig"
    assert german.numbers[30] == "dreißig"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_every_number_has_a_word_of_its_own(language: str) -> None:
    numbers = phrases_for(language, Style.VOICE).numbers
    assert numbers.keys() >= set(range(100))
    assert len(set(numbers.values())) == len(numbers)


def test_languages_without_a_file_get_signs() -> None:
    assert phrases_for("ja", Style.CHAT).less_than == "< {duration}"
    assert phrases_for("ht", Style.VOICE).digits[0] == "0"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"at": "at {tme}"}, "it may use {time}"),
        ({"plus": 1}, "valid string"),
        ({"digits": ["0"]}, "digits needs the words for 0 to 9"),
        ({"spoken_days": ["first"]}, "spoken_days needs 31 entries"),
        ({"spoken_hours": ["{minutes}"] * 24}, "only work together"),
        ({"the_time": {"one": "la {time}"}}, "the_time needs 'other'"),
        ({"half_hours": {"one": "1½"}}, "half_hours needs 'other'"),
        ({"dictates_pairs": True}, "dictates_pairs needs the numbers from 10 to 99"),
        ({"tomorow": "tomorrow"}, "Extra inputs are not permitted"),
    ],
)
def test_a_slip_in_a_phrase_file_is_named(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Phrases.model_validate(_file("root") | change)
    assert complaint in str(caught.value)
