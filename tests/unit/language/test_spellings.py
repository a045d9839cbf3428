"""Chat spellings: put right for reading, while the customer's own words are kept."""

import pytest

from ges_connector.language.normalize import normalize
from ges_connector.language.spellings import Spellings, compiled_spellings


@pytest.fixture
def spellings() -> Spellings:
    made = compiled_spellings({"non": ["nn"], "je suis": ["chui"], "明天": ["名天"]})
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Nn oltre le 11", "non oltre le 11"),
        ("mar nn, lun nn", "mar non, lun non"),
        ("nnn annna nn1", "nnn annna nn1"),
        ("l'nn", "l'nn"),
        ("chui là", "je suis là"),
        ("就名天下午", "就明天下午"),
    ],
)
def test_only_whole_words_are_put_right(spellings: Spellings, typed: str, read: str) -> None:
    text = spellings.put_right(normalize(typed))
    assert text.chars == read
    assert len(text.folded) == len(text.chars) == len(text.origin) - 1


def test_the_words_told_back_are_those_that_were_typed(spellings: Spellings) -> None:
    text = spellings.put_right(normalize("Ciao: NN oltre le 11, chui là"))
    start = text.chars.index("non")
    assert text.words(start, start + len("non oltre")) == "NN oltre"
    start = text.chars.index("je suis")
    assert text.words(start, start + len("je suis là")) == "chui là"


def test_a_hyphen_stays_where_it_was(spellings: Spellings) -> None:
    text = spellings.put_right(normalize("nn lun-ven nn sab-dom"))
    assert [text.chars[each - 3 : each + 4] for each in sorted(text.hyphens)] == [
        "lun ven",
        "sab dom",
    ]


def test_a_language_without_the_section_has_none() -> None:
    assert compiled_spellings({}) is None
