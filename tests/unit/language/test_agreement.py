"""Which answers are a plain yes, in all languages, and which are anything else."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ges_connector.language.agreement import Assent, Deed, assent_of, corrects
from ges_connector.language.answer_words import WORD, split
from ges_connector.language.normalize import normalize

TABLE = YAML(typ="safe").load(Path(__file__).parents[2] / "data" / "plain_yes.yml")
NO_YES = YAML(typ="safe").load(Path(__file__).parents[2] / "data" / "no_plain_yes.yml")
THURSDAY = {
    "en": ["thursday at 3pm", "thursday", "15th at three", "afternoon"],
    "de": ["donnerstag", "15 uhr", "15.1. um drei"],
    "fr": ["jeudi à 15h", "jeudi"],
    "es": ["jueves a las 15", "jueves", "las 3"],
}
"""The words about the time of the read-back that the understanding of times explains."""


LETTERS = "abcxyzABCXYZ059 ,;:!?'.-~`äöüßçñéÉÑÜ¿¡\u0301\u00ad\u2019\t"
"""Some that are levelled by writing them small, and some that are not."""


def limited(language: str) -> list[str]:
    """Yeses with something behind them."""
    table = TABLE[language]
    return [
        f"{opening}{sign} {end}"
        for opening, sign, end in itertools.product(table["openings"], ["", ","], table["ends"])
    ]


@pytest.mark.parametrize("language", TABLE)
def test_a_yes_in_many_words_is_plain(language: str) -> None:
    refused = [
        text
        for text in [*TABLE[language]["yes"], *TABLE[language]["unchanged"]]
        if assent_of(text, language, Deed.BOOK, THURSDAY[language]) is not Assent.PLAIN
    ]
    assert refused == []


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize("deed", Deed)
def test_a_yes_with_anything_behind_it_is_never_plain(language: str, deed: Deed) -> None:
    taken = [
        text
        for text in limited(language)
        if assent_of(text, language, deed, THURSDAY[language]) is Assent.PLAIN
    ]
    assert taken == []


@given(text=st.text(LETTERS, max_size=20))
def test_simple_letters_are_parted_like_any_others(text: str) -> None:
    assert split(text) == tuple(WORD.findall(normalize(text).chars))


@pytest.mark.parametrize("language", TABLE)
@given(word=st.text("bcdfghjklmnpqrstvwxz", min_size=4, max_size=9))
def test_an_unknown_word_beside_a_yes_leaves_it_open(language: str, word: str) -> None:
    yes = TABLE[language]["openings"][0]
    assert assent_of(f"{yes} {word}", language, Deed.BOOK) is Assent.OPEN


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "dont cancel it"),
        ("en", "don't cancel"),
        ("en", "please do not cancel it"),
        ("de", "ja nicht absagen"),
        ("de", "bitte nicht stornieren"),
        ("de", "sagen Sie nicht ab"),
        ("fr", "ne l'annulez pas"),
        ("fr", "annulez pas"),
        ("fr", "n'annulez surtout pas"),
        ("es", "no la canceles"),
        ("es", "no lo cancele"),
    ],
)
def test_not_to_cancel_is_a_refusal_to_cancel(language: str, text: str) -> None:
    assert assent_of(text, language, Deed.CANCEL) is Assent.REFUSED


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "yes cancel it"), ("de", "ja bitte absagen"), ("fr", "oui annulez"), ("es", "anúlala")],
)
def test_cancel_it_is_a_yes_to_cancelling_only(language: str, text: str) -> None:
    assert assent_of(text, language, Deed.CANCEL) is Assent.PLAIN
    assert assent_of(text, language, Deed.BOOK) is not Assent.PLAIN
    assert assent_of(text, language, Deed.MOVE) is not Assent.PLAIN


def test_who_cannot_come_and_cancels_does_not_refuse_to_cancel() -> None:
    assert assent_of("I can't make it, cancel it", "en", Deed.CANCEL) is Assent.PLAIN


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "actually make it thursday morning instead"),
        ("en", "can we do it wednesday at 3 instead?"),
        ("de", "lieber freitag um drei"),
        ("fr", "mercredi 11h plutôt"),
        ("es", "cámbialo para el viernes a las 12"),
    ],
)
def test_instead_and_its_like_correct_what_is_there(language: str, text: str) -> None:
    assert corrects(text, language)


@pytest.mark.parametrize(("language", "text"), [("en", "thursday at 3"), ("de", "freitag um drei")])
def test_a_mere_time_corrects_nothing(language: str, text: str) -> None:
    assert not corrects(text, language)


@pytest.mark.parametrize("deed", Deed)
def test_harmless_words_alone_make_no_yes(deed: Deed) -> None:
    taken = [
        text
        for language, texts in NO_YES[deed].items()
        for text in texts
        if assent_of(text, language, deed) is Assent.PLAIN
    ]
    assert taken == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("no", "en", Assent.REFUSED),
        ("no, keep it", "en", Assent.REFUSED),
        ("nein danke", "de", Assent.REFUSED),
        ("non merci", "fr", Assent.REFUSED),
        ("no gracias", "es", Assent.REFUSED),
        ("yes, i don't need it anymore", "en", Assent.PLAIN),
        ("ja, ich brauche ihn nicht mehr", "de", Assent.PLAIN),
        ("oui je n'en ai plus besoin", "fr", Assent.PLAIN),
        ("sí, ya no la necesito", "es", Assent.PLAIN),
    ],
)
def test_a_reason_beside_a_yes_to_cancelling_keeps_nothing(
    text: str, language: str, expected: Assent
) -> None:
    assert assent_of(text, language, Deed.CANCEL) is expected
