"""What a template of words stands for is the same, whether listed or as a pattern."""

import re
from itertools import chain, islice

import pytest

from ges_connector.language.grammar_files import grammar, grammar_languages
from ges_connector.language.normalize import level
from ges_connector.language.reasons import whole_words
from ges_connector.language.template import pattern_of, variants

_MOST_READINGS = 2000


def _spelt(reading: str) -> str:
    return " ".join(level(reading).replace("*", "x").split()).replace(" ,", ",")


@pytest.mark.parametrize("language", grammar_languages())
def test_the_readings_of_a_doubt_are_found(language: str) -> None:
    sections = (grammar(language, None).get(each, {}) for each in ("doubts", "judging"))
    for templates in (each for section in sections for each in section.values()):
        pattern = whole_words(templates)
        assert pattern is not None
        # Some stand for hundreds of thousands.
        listed = (islice(variants(template), _MOST_READINGS) for template in templates)
        readings = [_spelt(each) for each in chain.from_iterable(listed)]
        assert [each for each in readings if not pattern.search(each)] == []


@pytest.mark.parametrize(
    ("template", "right", "wrong"),
    [
        ("[my] boss is", ["my boss is", "boss is"], ["my  boss is", "myboss is", "my is"]),
        ("[oh] [my] boss", ["oh my boss", "my boss", "oh boss", "boss"], ["ohmy boss", " boss"]),
        ("boss [is] [not] in", ["boss is not in", "boss not in", "boss in"], ["boss  in"]),
        ("boss [is]", ["boss is", "boss"], ["boss ", "bossis"]),
        ("(his|her [own]) boss", ["his boss", "her boss", "her own boss"], ["his own boss"]),
        ("boss[es] sit*", ["boss sit", "bosses sitting"], ["boss es sit"]),
        ("is (a|an) x.y", ["is a x.y"], ["is a xzy", "is x.y"]),
    ],
)
def test_a_pattern_takes_what_the_template_stands_for_and_nothing_else(
    template: str, right: list[str], wrong: list[str]
) -> None:
    pattern = re.compile(pattern_of(template))
    assert [each for each in right if not pattern.fullmatch(each)] == []
    assert [each for each in wrong if pattern.fullmatch(each)] == []
