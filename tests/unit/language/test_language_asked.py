"""Who asks to go on in another language, and who only names one."""

from __future__ import annotations

import pytest

from ges_connector.language.language_asked import asks_language

ASKED = {
    "de": [
        "can we speak German?",
        "Deutsch bitte",
        "sprechen Sie Deutsch?",
        "German?",
        "deutsch",
        "in German please",
        "can you speak german please",
        "I don't speak English, German please",
        "hello can we speak german",
        "vous parlez allemand ?",
        "en allemand s'il vous plaît",
        "¿habla alemán?",
        "en alemán por favor",
        "auf deutsch bitte",
        "können wir deutsch sprechen",
        "I'd prefer German",
        "switch to German",
        "could we continue in German?",
        "ich spreche nur deutsch",
        "sorry my english is bad can we speak german",
        "geht das auch auf Deutsch?",
        "I would like to speak German",
        "Je préfère parler allemand",
        "prefiero alemán",
    ],
    "en": [
        "in English please",
        "English?",
        "english",
        "können wir Englisch sprechen",
        "sprechen Sie Englisch?",
        "auf englisch bitte",
        "Englisch bitte",
        "parlez-vous anglais ?",
        "en anglais svp",
        "on peut parler anglais ?",
        "¿habla inglés?",
        "¿podemos hablar en inglés?",
        "inglés por favor",
        "my German is bad, can we speak English?",
        "do you speak English",
        "Is it possible to speak English?",
        "I only speak English",
        "je parle seulement anglais",
        "solo hablo inglés",
        "can we do this in english",
        "est-ce que vous parlez anglais",
        "mein Deutsch ist schlecht, Englisch bitte",
    ],
    "fr": [
        "parlez-vous français ?",
        "en français svp",
        "français",
        "can we speak French?",
        "sprechen Sie Französisch?",
        "auf Französisch bitte",
        "in French please",
        "¿habla francés?",
        "en francés por favor",
        "je voudrais parler français",
        "on peut continuer en français ?",
        "franzoesisch bitte",
        "vous parlez français",
        "passez en français",
    ],
    "es": [
        "¿habla español?",
        "en español por favor",
        "español",
        "can we speak Spanish?",
        "Spanish please",
        "sprechen Sie Spanisch?",
        "Spanisch bitte",
        "vous parlez espagnol ?",
        "en espagnol s'il vous plaît",
        "castellano por favor",
        "¿podemos hablar en castellano?",
        "prefiero español",
        "se habla español?",
        "hablas español?",
        "quiero hablar en español",
    ],
}
NAMED = [
    "my English is bad",
    "I have a German number",
    "sorry for my bad English",
    "I am German",
    "mein Englisch ist schlecht",
    "ich habe eine deutsche Nummer",
    "mon anglais est mauvais",
    "j'ai un numéro allemand",
    "mi inglés es malo",
    "tengo un número español",
    "my contract is in German",
    "call me on my French number",
    "I don't speak German",
    "ich spreche kein Englisch",
    "je ne parle pas anglais",
    "no hablo inglés",
    "the letter was in English",
    "German or English?",
    "will the colleague speak German?",
    "spricht der Mitarbeiter Englisch?",
    "my wife is Spanish",
    "the French office",
    "thursday at 3",
    "yes please",
    "I live in the English quarter",
    "mein Vertrag ist auf Deutsch",
    "I learned Spanish",
]


@pytest.mark.parametrize("language", ASKED)
def test_a_language_that_is_asked_for_is_told_in_whichever_it_is_named(language: str) -> None:
    found = {text: asks_language(text) for text in ASKED[language]}
    assert {text for text, asked in found.items() if asked != language} == set()


def test_a_language_that_is_only_named_is_not_asked_for() -> None:
    found = {text: asks_language(text) for text in NAMED}
    assert {text for text, asked in found.items() if asked is not None} == set()


def test_a_long_text_asks_for_no_language() -> None:
    assert asks_language("can we speak German please " * 20) is None
