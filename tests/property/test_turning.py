"""Words that turn a time: none of them may leave the reading of what stands beside it as it was.

"Hardly Thursday", "I land on Thursday" and "every Thursday" are no wish for a call on Thursday. A
word that is let pass because no list knows it would make one of it without anybody noticing.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from ges_connector.language import understand
from ges_connector.language.grammar_files import grammar
from ges_connector.language.notation import in_short
from ges_connector.language.template import variants

WORDS: Any = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "turning.yml")
LANGUAGES = sorted(WORDS)
WALL = datetime(2027, 3, 9, 11, 5)  # noqa: DTZ001 - a customer's wall clock


def _read(language: str, text: str) -> str:
    zone = ZoneInfo(WORDS[language]["timezone"])
    now = WALL.replace(tzinfo=zone)
    return in_short(understand(text, WORDS[language]["locale"], now, zone.key), zone)


def _unturned(language: str, pairs: Iterator[tuple[str, str]]) -> list[str]:
    """What is read as if the word were not there; of pairs of a time and a text that holds it."""
    read = {time: _read(language, time) for time in WORDS[language]["times"]}
    return [text for time, text in pairs if _read(language, text) == read[time]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_is_never_read_as_if_the_word_before_it_were_not_there(language: str) -> None:
    words = WORDS[language]
    pairs = (
        (time, f"{word} {time}")
        for listed in words["before"].values()
        for word in listed
        for time in words["times"]
    )
    assert _unturned(language, pairs) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_is_never_read_as_if_the_word_behind_it_were_not_there(language: str) -> None:
    words = WORDS[language]
    pairs = (
        (time, f"{time} {word}")
        for kind in words["behind"]
        for word in set(words["before"][kind]) - set(words["not_behind"])
        for time in words["times"]
    )
    assert _unturned(language, pairs) == []


def _listed(language: str) -> list[str]:
    doubts = grammar(language, None)["doubts"]
    kinds = ("limits", "habits", "tales", "conditions")
    words = (word for kind in kinds for each in doubts[kind] for word in variants(each))
    # What may be left out leaves two spaces, or one before a comma.
    return sorted({" ".join(word.split()).replace(" ,", ",") for word in words})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_grammar_that_turns_a_time_does(language: str) -> None:
    time = WORDS[language]["times"][0]
    pairs = ((time, f"{word.replace('*', '')} {time}") for word in _listed(language))
    assert _unturned(language, pairs) == []
