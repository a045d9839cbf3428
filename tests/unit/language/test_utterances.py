"""What people say, language by language, and what it is taken for."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from ges_connector.language import understand
from ges_connector.language.grammar_files import grammar_languages
from ges_connector.language.notation import in_short

TABLES = Path(__file__).parents[2] / "data" / "utterances"
FULL = {"en", "de", "fr", "es", "it", "pt", "nl"}


def _table(language: str) -> Any:
    return YAML(typ="safe").load(TABLES / f"{language}.yml")


@pytest.mark.parametrize("language", grammar_languages())
def test_every_utterance_is_taken_for_what_was_meant(language: str) -> None:
    table = _table(language)
    zone = ZoneInfo(table["timezone"])
    now = datetime.fromisoformat(table["now"]).replace(tzinfo=zone)
    # What is said otherwise, or means something else, in other countries.
    for locale, meant in {
        table["locale"]: table["utterances"],
        **table.get("elsewhere", {}),
    }.items():
        answers = {text: in_short(understand(text, locale, now, zone.key), zone) for text in meant}
        assert answers == meant, locale


@pytest.mark.parametrize("language", grammar_languages())
def test_every_language_with_a_grammar_file_has_a_table_of_utterances(language: str) -> None:
    assert len(_table(language)["utterances"]) >= (150 if language in FULL else 60)
