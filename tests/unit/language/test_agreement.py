"""Which answers are a plain yes, in all languages, and which are anything else."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ges_connector.language.agreement import (
    Assent,
    Deed,
    agrees_in_part,
    assent_of,
    corrects,
    yes_and_one_more,
)
from ges_connector.language.answer_words import WORD, split
from ges_connector.language.normalize import normalize
from ges_connector.language.word_lists import variants

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


ONE_MORE: dict[str, dict[str, str]] = {
    "en": {
        "yes and also friday at 10": "friday at 10",
        "yes, and one on friday too": "on friday",
        "yes and friday at 10 too": "friday at 10",
        "Yes please, and another one on Friday at 10:30": "on Friday at 10:30",
        "yes, also friday at 10": "friday at 10",
        "yes book it, and one more on monday at 9": "on monday at 9",
        "yes and at 1 too please": "at 1",
        "yes plus friday at ten": "friday at ten",
        "yes that's right and also monday morning as well": "monday morning",
        "yes, and friday as well": "friday",
    },
    "de": {
        "ja und außerdem freitag um 10": "freitag um 10",
        "ja und auch Freitag um 10": "Freitag um 10",
        "ja, und freitag um 10 auch": "freitag um 10",
        "ja bitte, und noch einen am Freitag um 10:30": "am Freitag um 10:30",
        "ja auch am freitag": "am freitag",
        "ja passt und zusätzlich montag um 9": "montag um 9",
        "ja und am freitag auch noch einen": "am freitag",
        "ja, freitag auch bitte": "freitag",
    },
    "fr": {
        "oui et aussi vendredi à 10h": "vendredi à 10h",
        "oui, et vendredi à 10h aussi": "vendredi à 10h",
        "oui et un autre vendredi à 10h": "vendredi à 10h",
        "oui également lundi matin": "lundi matin",
        "oui c'est bon et en plus mardi à 9h30": "mardi à 9h30",
    },
    "es": {
        "sí y también el viernes a las 10": "el viernes a las 10",
        "sí, y el viernes a las 10 también": "el viernes a las 10",
        "sí y además el lunes": "el lunes",
        "si y otra el viernes a las 10:30": "el viernes a las 10:30",
        "sí, perfecto, y también el martes": "el martes",
    },
}
"""What stands behind a yes that asks for one more."""
NO_MORE = {
    "en": [
        "yes",
        "yes and friday at 10",
        "no and also friday",
        "yes but also friday",
        "also friday at 10",
        "yes that suits me too",
        "yes and also change the number",
        "yes and also not on friday",
        "yes, and also friday instead",
        "is it also friday?",
        "the number is right and also friday",
        "friday at 10 too",
        "yes and also if friday",
        "yes, thanks to you too",
    ],
    "de": [
        "ja",
        "ja und freitag um 10",
        "ja das passt mir auch",
        "ja auch gut",
        "nein, auch am freitag",
        "ja aber auch freitag",
        "die nummer stimmt und auch freitag",
        "auch freitag um 10",
        "ja und außerdem nicht freitag",
    ],
    "fr": [
        "oui",
        "oui et vendredi",
        "oui moi aussi",
        "non et aussi vendredi",
        "aussi vendredi",
        "oui mais aussi vendredi",
    ],
    "es": [
        "sí",
        "sí y el viernes",
        "sí a mí también",
        "no, también el viernes",
        "también el viernes",
        "sí pero también el viernes",
    ],
}


@pytest.mark.parametrize("language", ONE_MORE)
def test_a_yes_and_one_more_is_parted_from_what_else_is_wanted(language: str) -> None:
    table = ONE_MORE[language]
    assert {text: yes_and_one_more(text, language) for text in table} == table
    assert not [text for text in table if assent_of(text, language, Deed.BOOK) is Assent.PLAIN]


@given(text=st.text(LETTERS, max_size=20))
def test_what_stands_behind_such_a_yes_is_in_the_customers_own_words(text: str) -> None:
    rest = yes_and_one_more(f"Yes and also {text} friday", "en")
    assert rest is None or rest in normalize(text + " friday").source


@pytest.mark.parametrize("language", NO_MORE)
def test_without_a_yes_to_the_whole_or_a_word_for_also_nothing_more_is_wanted(
    language: str,
) -> None:
    found = {text: yes_and_one_more(text, language) for text in NO_MORE[language]}
    assert {text for text, rest in found.items() if rest is not None} == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("si", True), ("sí", True), ("bueno sí", True), ("bueno", False), ("bueno, gracias", False)],
)
def test_a_yes_without_its_accent_cancels_and_a_mere_well_does_not(
    text: str, *, expected: bool
) -> None:
    assert (assent_of(text, "es", Deed.CANCEL) is Assent.PLAIN) is expected


@pytest.mark.parametrize(
    ("language", "half", "whole"),
    [
        ("en", "yes the number is right", "yes, the number is right"),
        ("de", "die Nummer stimmt", "die Nummer und die Uhrzeit stimmen"),
        ("fr", "l'heure oui", "oui, l'heure me convient"),
        ("es", "el día sí", "el día y la hora sí"),
    ],
)
def test_a_yes_to_a_part_is_none_to_the_whole(language: str, half: str, whole: str) -> None:
    assert assent_of(half, language, Deed.BOOK) is Assent.OPEN
    assert assent_of(whole, language, Deed.BOOK) is Assent.PLAIN


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes, that number"),
        ("en", "that time works"),
        ("de", "ja diese nummer"),
        ("fr", "oui à ce numéro"),
        ("es", "sí a ese número"),
    ],
)
def test_a_yes_to_a_part_answers_what_is_asked_of_it(language: str, text: str) -> None:
    assert agrees_in_part(text, language)
    assert assent_of(text, language, Deed.BOOK) is Assent.OPEN


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes"),
        ("en", "not that number"),
        ("en", "change the number"),
        ("en", "yes the other number"),
        ("de", "die nummer ist falsch"),
        ("xx", "yes that number"),
    ],
)
def test_nothing_else_is_a_yes_to_a_part(language: str, text: str) -> None:
    assert not agrees_in_part(text, language)


def test_an_entry_stands_for_all_its_variants() -> None:
    assert variants("{a|b} c {d|}") == ["a c d", "a c", "b c d", "b c"]
