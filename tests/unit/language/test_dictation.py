"""Telephone numbers said in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language.dictation import with_digits


@pytest.mark.parametrize(
    ("locale", "said", "written"),
    [
        (
            "fr-FR",
            "zéro un quatre-vingt-dix-neuf zéro zéro douze trente-quatre",
            "0199001234",
        ),
        ("fr-FR", "zero six soixante douze quatre vingt un quatre vingts dix", "06728190"),
        ("fr-FR", "zéro six, soixante et onze, double zéro, vingt et un", "067100" + "21"),
        ("fr-CH", "zéro septante-huit nonante-neuf huitante douze", "078998012"),
        ("fr-FR", "plus trois trois un quatre-vingt-dix-neuf zéro zéro", "+3319900"),
        ("es-ES", "nueve diez doce treinta y cuatro cincuenta y seis", "910123456"),
        ("es-ES", "más tres cuatro novecientos doce setenta y cuatro", "+3491274"),
        ("es-ES", "seis doble cero cien ciento veintidós ochenta", "60010012280"),
        ("de-DE", "null dreißig dreiundzwanzig zwölf fünfzig elf", "03023125011"),
        ("de-DE", "plus vier neun dreißig zwo drei eins zwei", "+49302312"),
        ("de-AT", "null fünf, sieben und siebzig, doppel acht neun", "0577889"),
        ("en-GB", "oh two oh seven nine double four triple one", "02079" + "44111"),
        ("en-GB", "plus four four twenty seventy-nine forty-six", "+4420" + "7946"),
        ("en-US", "two one two five five five eight hundred", "212555800"),
        ("de-DE", "null eins fünf eins 1234567", "01511234567"),
    ],
)
def test_a_number_is_understood_however_it_is_said(locale: str, said: str, written: str) -> None:
    assert with_digits(said, locale) == written


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de-DE", "am zwölften um halb vier oder um zehn"),
        ("fr-FR", "plus tard, vers neuf heures trente"),
        ("es-ES", "a las diez y media o a las once"),
        ("en-GB", "at twenty past three on friday"),
        ("en-GB", "030 23125011"),
        ("ja-JP", "zero one five one one two three four"),
        ("xx", "zero one five one one two three four"),
    ],
)
def test_what_is_no_dictated_number_stays_as_it_is(locale: str, said: str) -> None:
    assert with_digits(said, locale) == (said if locale != "xx" else "01511234")


def test_a_time_beside_the_number_stays() -> None:
    said = "freitag um neun unter null dreißig zwei drei eins zwei fünf"
    assert with_digits(said, "de-DE") == "freitag um neun unter 03023125"


@given(st.text(max_size=80), st.sampled_from(["de-DE", "en-US", "es-ES", "fr-FR", "ar", ""]))
def test_any_text_can_be_looked_through(text: str, locale: str) -> None:
    assert isinstance(with_digits(text, locale), str)
