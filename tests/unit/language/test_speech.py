import re
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language import speech
from ges_connector.language.phrases import Style, phrases_for
from ges_connector.language.speech import Pace, Pause

LANGUAGES = ("en-US", "en-GB", "de-DE", "de-AT", "fr-FR", "fr-CA", "es-ES", "es-MX")
BERLIN_MOBILE = "+4915112345642"
PLUS = {"en": "plus ", "de": "plus ", "fr": "plus ", "es": "más "}
SPEAKABLE = re.compile(r"[^\W\d_]+(?:[ ,'-]+[^\W\d_]+)*")


@pytest.mark.parametrize(
    ("locale", "clock", "said"),
    [
        ("en-US", time(15, 30), "three thirty PM"),
        ("en-US", time(9, 0), "nine AM"),
        ("en-US", time(9, 5), "nine oh five AM"),
        ("en-US", time(12, 0), "twelve noon"),
        ("en-US", time(12, 30), "twelve thirty PM"),
        ("en-US", time(0, 15), "twelve fifteen AM"),
        ("en-GB", time(15, 30), "three thirty PM"),
        ("de-DE", time(3, 30), "drei Uhr dreißig"),
        ("de-DE", time(15, 30), "fünfzehn Uhr dreißig"),
        ("de-AT", time(1, 0), "ein Uhr"),
        ("de-DE", time(13, 1), "dreizehn Uhr eins"),
        ("de-DE", time(0, 5), "null Uhr fünf"),
        ("fr-FR", time(15, 30), "quinze heures trente"),
        ("fr-FR", time(1, 0), "une heure"),
        ("fr-FR", time(21, 21), "vingt et une heures vingt et une"),
        ("fr-CA", time(12, 0), "midi"),
        ("fr-FR", time(12, 30), "douze heures trente"),
        ("es-ES", time(15, 30), "las tres y media de la tarde"),
        ("es-ES", time(13, 0), "la una de la tarde"),
        ("es-ES", time(9, 15), "las nueve y cuarto de la mañana"),
        ("es-MX", time(20, 45), "las ocho cuarenta y cinco de la noche"),
        ("es-ES", time(0, 0), "las cero horas"),
        ("ja-JP", time(15, 30), "15:30"),
    ],
)
def test_a_clock_time_is_said_so_that_it_is_one_time_only(
    locale: str, clock: time, said: str
) -> None:
    assert speech.spoken_clock(clock, locale) == said


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_minute_of_the_day_sounds_different_and_is_words_only(locale: str) -> None:
    said = [speech.spoken_clock(time(h, m), locale) for h in range(24) for m in range(60)]
    assert len(set(said)) == 24 * 60
    assert not [text for text in said if not SPEAKABLE.fullmatch(text)]


@pytest.mark.parametrize(
    ("locale", "number", "said"),
    [
        ("de-DE", BERLIN_MOBILE, "null eins, fünf eins eins, zwei drei vier, fünf sechs vier zwei"),
        (
            "en-US",
            BERLIN_MOBILE,
            "plus four nine, one five one one, two three four, five six four two",
        ),
        ("en-US", "+12025550123", "two zero two, five five five, zero one two three"),
        ("en-GB", "+442079460958", "zero two zero, seven nine four six, zero nine five eight"),
        (
            "fr-FR",
            "+33612345678",
            "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
        ),
        ("fr-FR", "+33147111190", "zéro un, quarante-sept, onze, onze, quatre-vingt-dix"),
        ("fr-CA", "+15145550199", "cinq un quatre, cinq cinq cinq, zéro un neuf neuf"),
        ("fr-BE", "+32475909012", "zéro quatre, septante-cinq, nonante, nonante, douze"),
        ("es-ES", "+34612345678", "seis uno dos, tres cuatro, cinco seis, siete ocho"),
        (
            "es-MX",
            "+34612345678",
            "más treinta y cuatro, seis uno dos, tres cuatro, cinco seis, siete ocho",
        ),
        ("de", "+493012345678", "null drei null, eins zwei drei vier, fünf sechs sieben acht"),
        ("ja-JP", "+12025550123", "+ 1, 2 0 2, 5 5 5, 0 1 2 3"),
        ("en-US", "call me", ""),
        ("en-US", "4711", "four seven one one"),
    ],
)
def test_a_phone_number_is_dictated_in_the_groups_people_write(
    locale: str, number: str, said: str
) -> None:
    assert speech.speak_phone(number, locale) == said


def test_after_a_no_every_digit_stands_alone() -> None:
    said = speech.speak_phone(BERLIN_MOBILE, "fr-FR", pace=Pace.DIGITS)
    assert said == (
        "plus quatre, neuf, un, cinq, un, un, deux, trois, quatre, cinq, six, quatre, deux"
    )


def test_breaks_are_marked_up_only_when_asked_for() -> None:
    said = speech.speak_phone("+33612345678", "fr-FR", pause=Pause.SSML)
    assert said.count("<break ") == 4
    assert "," not in said
    assert "<" not in speech.speak_phone("+33612345678", "fr-FR")


@given(st.sampled_from(LANGUAGES), st.integers(min_value=10**6, max_value=10**15 - 1))
def test_no_digit_is_lost_or_added_when_a_number_is_dictated(locale: str, digits: int) -> None:
    number = f"+{digits}"
    written = re.findall(r"\d", speech.phone_as_written(number, locale))
    by_group = speech.speak_phone(number, locale)
    one_by_one = speech.speak_phone(number, locale, pace=Pace.DIGITS)
    words = {speech.spell_code(str(d), locale): str(d) for d in range(10)}
    in_one = phrases_for(locale, Style.VOICE).numbers
    pairs = {speech.spell_code(str(d), locale): str(d) for d in range(10, 100)}
    pairs |= {in_one[d]: str(d) for d in range(10, 100) if d in in_one}

    def undone(said: str) -> str:
        groups = said.removeprefix(PLUS[locale[:2]]).split(", ")
        return "".join(
            pairs.get(group) or "".join(words[word] for word in group.split()) for group in groups
        )

    assert undone(by_group) == undone(one_by_one) == "".join(written)
    assert max(len(group.split()) for group in by_group.split(",")) <= 5


@pytest.mark.parametrize(
    ("locale", "code", "said"),
    [
        ("en-US", "4217", "four two one seven"),
        ("en-US", "48213", "four eight, two one three"),
        ("de-DE", "482-AB17", "vier acht zwei, A B, eins sieben"),
        ("es-ES", "ab1", "A B, uno"),
        ("fr-FR", "4711", "quarante-sept, onze"),
        ("fr-FR", "7F3K", "sept, F, trois, K"),
        ("fr-FR", "", ""),
        ("fr-FR", "٣-—", ""),
    ],
)
def test_a_code_is_spelt_in_short_groups(locale: str, code: str, said: str) -> None:
    assert speech.spell_code(code, locale) == said


def test_a_code_can_be_spelt_one_by_one() -> None:
    assert speech.spell_code("4A", "en-US", pace=Pace.DIGITS) == "four, A"


def test_an_endless_code_is_not_read_out_for_ever() -> None:
    assert len(speech.spell_code("1" * 10_000, "en-US").split()) == 64


@pytest.mark.parametrize(
    ("locale", "style", "said"),
    [
        ("en-US", Style.VOICE, "ending in four two"),
        ("en-US", Style.CHAT, "ending in 42"),
        ("de-DE", Style.VOICE, "mit den Endziffern vier zwei"),
        ("fr-FR", Style.VOICE, "se terminant par quarante-deux"),
        ("fr-CA", Style.VOICE, "se terminant par quatre deux"),
        ("es-ES", Style.VOICE, "terminado en cuatro dos"),
        ("ja-JP", Style.CHAT, "…42"),
    ],
)
def test_a_number_is_pointed_at_by_its_last_digits(locale: str, style: Style, said: str) -> None:
    assert speech.ending(BERLIN_MOBILE, locale, style=style) == said


def test_a_number_too_short_to_point_at_gives_nothing() -> None:
    assert speech.ending("7", "en-US") == ""


@pytest.mark.parametrize("count", [0, 5, 12])
def test_an_ending_never_gives_the_number_away(count: int) -> None:
    with pytest.raises(ValueError, match="count must be 1 to 4"):
        speech.ending(BERLIN_MOBILE, "en-US", count=count)


@pytest.mark.parametrize(
    ("locale", "number", "written"),
    [
        ("de-AT", "+4366412345678", "0664 12345678"),
        ("de-DE", "+4366412345678", "+43 664 12345678"),
        ("en-US", "+12025550123", "(202) 555-0123"),
        ("en-CA", "+12025550123", "+1 202-555-0123"),
        ("fr", "+33612345678", "06 12 34 56 78"),
        ("xx", "+12025550123", "(202) 555-0123"),
        ("de-DE", "no number", "no number"),
    ],
)
def test_a_number_is_written_nationally_at_home_and_internationally_abroad(
    locale: str, number: str, written: str
) -> None:
    assert speech.phone_as_written(number, locale) == written


def test_a_number_of_another_country_than_the_offices_has_its_country_code() -> None:
    french = "+33612345678"
    assert speech.phone_as_written(french, "fr-FR", office="FR") == "06 12 34 56 78"
    assert speech.phone_as_written(french, "fr-FR", office="DE") == "+33 6 12 34 56 78"
    assert speech.speak_phone(french, "fr-FR", office="DE").startswith("plus trente-trois, six")
    assert speech.phone_as_written("+493023125011", "fr-FR", office="DE") == "+49 30 23125011"
