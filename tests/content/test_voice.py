"""What holds for words that are only heard: no signs, no lists that nobody keeps in mind."""

import re
from typing import TYPE_CHECKING

import pytest

from ges_connector.language.formats import Style
from ges_connector.wording.catalogue import without_placeholders

if TYPE_CHECKING:
    from ges_connector.wording import Wording
    from tests.content.conftest import Said

MOST_OPTIONS = 3
MOST_WORDS = 55
MOST_WORDS_IN_A_SENTENCE = 30

OR = {"en": "or", "de": "oder", "fr": "ou", "es": "[ou]"}

# What can only be seen or touched.
UNHEARD = {
    "en": r"press|click|tap|buttons?|link|below|above|screen|type|message",
    "de": r"drück\w*|klick\w*|button\w*|schaltfläche\w*|link|unten|oben|bildschirm|nachricht\w*",
    "fr": r"appuy\w*|cliqu\w*|boutons?|lien|ci-dessous|ci-dessus|écran|messages?",
    "es": r"puls\w*|presion\w*|clic|bot(?:ón|ones)|enlace|abajo|arriba|pantalla|mensajes?",
}


@pytest.fixture(scope="session")
def spoken(said: "list[Said]") -> "list[Said]":
    return [one for one in said if one.style is Style.VOICE]


def test_voice_has_letters_and_plain_punctuation_only(spoken: "list[Said]") -> None:
    odd = [
        str(one)
        for one in spoken
        if not re.fullmatch(r"(?:[^\W\d_]|[ .,?!¿¡'\u2019-])*", without_placeholders(one.text))
    ]
    assert not odd


def test_voice_stays_free_of_signs_and_digits_when_it_is_filled(filled: "list[Said]") -> None:
    odd = [
        str(one)
        for one in filled
        if one.style is Style.VOICE
        and not re.fullmatch(r"(?:[^\W\d_]|[ .,?!¿¡'\u2019-])*", one.text)
    ]
    assert not odd


def test_hyphens_stand_within_words_only(spoken: "list[Said]") -> None:
    assert not [str(one) for one in spoken if re.search(r"(?<!\w)-|-(?!\w)", one.text)]


def test_nothing_is_asked_that_needs_eyes_or_a_mouse(spoken: "list[Said]") -> None:
    found = [
        str(one)
        for one in spoken
        # Said on a telephone with keys only.
        if "keyed_number" not in str(one)
        and re.search(rf"\b(?:{UNHEARD[one.language]})\b", one.text, re.IGNORECASE)
    ]
    assert not found


def test_a_spoken_menu_has_three_options_at_most(wording: "Wording") -> None:
    assert wording.menus
    for catalogue in wording.catalogues.values():
        for name in wording.menus:
            assert 1 < len(catalogue.responses[name].options) <= MOST_OPTIONS


def test_a_spoken_question_has_three_alternatives_at_most(spoken: "list[Said]") -> None:
    def alternatives(one: "Said", question: str) -> int:
        before, *rest = re.split(rf",?\s+{OR[one.language]}\s+", question)
        # "keep it, move it or cancel it": short pieces between commas are alternatives too.
        enumerated = re.search(r"(?:,\s*\S+(?:\s\S+){0,2})*$", before)
        return 1 + len(rest) + (enumerated[0].count(",") if enumerated and rest else 0)

    crowded = [
        str(one)
        for one in spoken
        for question in re.findall(r"[^.?!]*\?", one.text)
        if alternatives(one, question) > MOST_OPTIONS
    ]
    assert not crowded


def test_what_is_spoken_is_short(spoken: "list[Said]") -> None:
    long = [str(one) for one in spoken if len(one.text.split()) > MOST_WORDS]
    assert not long


def test_no_spoken_sentence_takes_two_breaths(spoken: "list[Said]") -> None:
    long = [
        str(one)
        for one in spoken
        for sentence in re.split(r"(?<=[.?!])\s", one.text)
        if len(sentence.split()) > MOST_WORDS_IN_A_SENTENCE
    ]
    assert not long
