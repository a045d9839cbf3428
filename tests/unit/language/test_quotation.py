import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language.quotation import quotation


@pytest.mark.parametrize(
    ("message", "words", "quoted"),
    [
        (
            "Geht es am Samstag bitte um 20 Uhr?",
            ("am Samstag", "20 Uhr"),
            "am Samstag bitte um 20 Uhr",
        ),
        ("um 7 Uhr", ("um 7 Uhr",), "um 7 Uhr"),
        ("demain,\tà 22 h", ("demain", "22 h"), "demain, à 22 h"),
        ("Sunday at 3 a.m. please", ("Sunday at 3 a.m.",), "Sunday at 3 a.m"),
        ("on «Monday» at {moment} <b>9</b>", ("Monday", "9"), "Monday at moment b 9"),
        ("tomorrow\x1b[2J at 3", ("tomorrow", "at 3"), "tomorrow 2J at 3"),
        ("monday & tuesday at 3", ("monday & tuesday at 3",), "monday tuesday at 3"),
        ("Montag&Dienstag um 3", ("Montag", "Dienstag um 3"), "Montag Dienstag um 3"),
        ("lundi &amp; mardi", ("lundi", "mardi"), "lundi amp; mardi"),
        ("lunes y &#9;martes", ("lunes", "martes"), "lunes y 9;martes"),
        ("see https://example.org/x on monday", ("see", "monday"), "see on monday"),
        ("never mind", ("on monday",), "on monday"),
        ("", (), ""),
        ("{}", ("{}",), ""),
    ],
)
def test_a_quotation_is_the_customers_own_words_without_marks(
    message: str, words: tuple[str, ...], quoted: str
) -> None:
    assert quotation(message, words) == quoted


def test_words_far_apart_are_quoted_without_what_is_between() -> None:
    message = f"on monday, {'and so on ' * 20}at nine"
    assert quotation(message, ("on monday", "at nine")) == "on monday at nine"


def test_a_long_quotation_is_cut_between_words() -> None:
    assert quotation("every day " * 9, ("every day " * 9,), longest=20) == "every day every day…"
    assert quotation("x" * 99, ("x" * 99,), longest=10) == "x" * 9 + "…"


@given(st.text(), st.lists(st.text(), max_size=4), st.integers(min_value=2, max_value=80))
def test_no_quotation_is_long_or_holds_anything_that_is_obeyed(
    message: str, words: list[str], longest: int
) -> None:
    quoted = quotation(message, words, longest=longest)
    assert len(quoted) <= longest
    assert quoted.isprintable()
    assert not set('{}[]<>&|\\*_`"“”„«»') & set(quoted)
    assert quoted == " ".join(quoted.split())
