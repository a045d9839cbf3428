"""What is said of the last digits of a number, and what only sounds like it."""

from __future__ import annotations

import pytest

from ges_connector.language.agreement import without_number_end
from ges_connector.language.dictation import digit_said, with_digits
from ges_connector.language.normalize import level
from ges_connector.language.number_ends import number_end_in
from ges_connector.language.two_numbers import ruled_out_within, ruling_between

ENDS: dict[str, list[tuple[str, str | None]]] = {
    "en": [
        ("no, 74 at the end", "74"),
        ("should be 09 at the end not 08", "09"),
        ("last two digits are 57", "57"),
        ("nah not quite, last digit is 6", "6"),
        ("no, it ends in 0 9", "09"),
        ("the last 2 digits are not 12 but 13", "13"),
        ("the last two digits are wrong", None),
        ("the last digits are 12 or 13", "12"),
        ("no it ends in eight six", "86"),
        ("ends in double eight", "88"),
        ("no, ends in eighty-six", "86"),
        ("it ends in oh nine not oh eight", "09"),
        ("it's eight six at the end", "86"),
        ("the last two are eight six", "86"),
        ("the last digit is six", "6"),
    ],
    "de": [
        ("ne, hinten 42", "42"),
        ("am Ende 58", "58"),
        ("nein, die letzten zwei Ziffern sind 60", "60"),
        ("nein, 58 am Ende", "58"),
        ("hinten nicht 41 sondern 42", "42"),
        ("die letzte Ziffer ist falsch", None),
        ("endet auf 17", "17"),
        ("endet auf acht sechs", "86"),
        ("nein, endet auf sechsundachtzig", "86"),
        ("sie endet auf doppel acht", "88"),
        ("die letzten zwei Ziffern sind null neun", "09"),
    ],
    "fr": [
        ("non, le dernier chiffre c'est 3", "3"),
        ("finit par 02", "02"),
        ("non, ça finit par 02", "02"),
        ("non, 02 à la fin", "02"),
        ("les deux derniers chiffres sont 57", "57"),
        ("à la fin c'est 03 pas 04", "03"),
        ("elle finit par 86", "86"),
        ("elle finit par huit six", "86"),
        ("ça se termine par quatre-vingt-six", "86"),
        ("les deux derniers chiffres sont zéro neuf", "09"),
    ],
    "es": [
        ("no, al final es 79", "79"),
        ("acaba en 79", "79"),
        ("los dos últimos dígitos son 57", "57"),
        ("termina en 79 no en 78", "79"),
        ("79 al final", "79"),
        ("acaba en ochenta y seis", "86"),
        ("no, termina en ocho seis", "86"),
        ("los dos últimos dígitos son cero nueve", "09"),
    ],
}
NONE = {
    "en": [
        "at the end of the week, 10 is fine",
        "my shift ends at 5",
        "it ends in 20 minutes",
        "it ends in one hour",
        "it ends in twenty minutes",
        "the one at the end",
    ],
    "de": [
        "am Ende der Woche um 10",
        "endet mit 15 Uhr",
        "hinten um 10",
        "am Ende um 10",
        "am Ende um zehn",
        "endet mit zwanzig Uhr",
        "die eine am Ende",
    ],
    "fr": [
        "à la fin de la semaine à 10 h",
        "je finis à 17 h",
        "finit par 10 heures",
        "je finis à dix-sept heures",
    ],
    "es": [
        "al final de la semana a las 10",
        "al final a las 10",
        "termina en 20 minutos",
        "termina en veinte minutos",
        "acaba en una hora",
    ],
}


@pytest.mark.parametrize("language", ENDS)
def test_the_digits_a_number_ends_in_are_told(language: str) -> None:
    for text, digits in ENDS[language]:
        found = number_end_in(text, language)
        assert found is not None, text
        assert found.digits == (None if " or " in text else digits), text


@pytest.mark.parametrize("language", NONE)
def test_times_are_no_ends_of_numbers(language: str) -> None:
    for text in NONE[language]:
        assert number_end_in(text, language) is None, text


@pytest.mark.parametrize(
    ("language", "text", "rest"),
    [
        ("en", "yes it ends in eight six, at ten", "yes , at 10"),
        ("en", "yes it ends in 86", "yes"),
        ("de", "ja sie endet auf acht sechs", "ja"),
        ("fr", "oui il finit par huit six", "oui"),
        ("es", "sí termina en ochenta y seis", "sí"),
    ],
)
def test_the_end_of_the_known_number_is_left_out_in_words_as_well(
    language: str, text: str, rest: str
) -> None:
    assert without_number_end(text, language, "+493023125086") == rest


def test_an_end_that_the_known_number_has_not_leaves_the_words_before_it() -> None:
    text = "yes it ends in eight six"
    assert without_number_end(text, "en", "+493023125012") == "yes it ends in"


def read(name: str) -> None:
    """Read a text with a name in it in all ways in which numbers are read."""
    number_end_in(f"{name} ends in eight six", "en")
    ruling_between(f"not {name}'s", f"but {name}'s", "en")
    ruled_out_within(f"{name}'s number used to be", "", "en")
    with_digits(f"{name} eight six", "en")
    digit_said(name, "en")


def test_what_a_customer_says_of_numbers_is_not_kept() -> None:
    read("anna")
    kept = level.cache_info().misses
    read("berta")
    assert level.cache_info().misses == kept
