"""Which of two numbers is meant is told only where the words between them decide it."""

import pytest

from ges_connector.language.two_numbers import Meant, ruling_between


@pytest.mark.parametrize(
    ("locale", "before", "between", "meant"),
    [
        ("en-GB", "call me on", ", no, ", Meant.SECOND),
        ("en-GB", "call me on", " not on ", Meant.FIRST),
        ("en-GB", "call me on", " or ", Meant.UNTOLD),
        ("en-GB", "call me on", ", no, not on ", Meant.UNTOLD),
        ("en-GB", "not on", " but on ", Meant.SECOND),
        ("en-GB", "I am not in today, please call me on", " and ", Meant.UNTOLD),
        ("de-DE", "nicht unter", " sondern unter ", Meant.SECOND),
        ("es-ES", "al", ", no al ", Meant.FIRST),
        ("es-ES", "al", " no al ", Meant.UNTOLD),
        ("es-ES", "al", ", no, al ", Meant.SECOND),
        ("xx", "on", " no ", Meant.UNTOLD),
    ],
)
def test_the_words_around_two_numbers_tell_which_is_meant(
    locale: str, before: str, between: str, meant: Meant
) -> None:
    assert ruling_between(before, between, locale).meant is meant


def test_a_whole_story_between_two_numbers_tells_nothing() -> None:
    story = " no, that was the number of the office where I worked before, so "
    assert ruling_between("call me on", story, "en").meant is Meant.UNTOLD


def test_what_rules_out_the_first_begins_where_its_denial_does() -> None:
    before = "call me friday at 10 not on "
    begin = ruling_between(before, " but on ", "en").begin
    assert before[:begin] == "call me friday at 10 "
