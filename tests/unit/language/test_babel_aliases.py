"""What is known of one language does not depend on which others were spoken of before."""

import random
from datetime import date

import pytest
from babel import Locale, dates, localedata

from ges_connector.language.cldr import facts
from ges_connector.language.grammar_files import grammar_languages

EVERY_LOCALE = sorted(localedata.locale_identifiers())


def test_months_stay_in_their_own_language_after_another_was_spoken() -> None:
    for other in ("he", "ja", "zh"):
        dates.format_date(date(2026, 10, 5), "LLLL", locale=other)
    told = {
        locale: dates.format_date(date(2026, 10, 5), "LLLL", locale=locale)
        for locale in ("de", "fr", "da", "ar")
    }
    assert told == {"de": "Oktober", "fr": "octobre", "da": "oktober", "ar": "أكتوبر"}


def test_a_country_and_its_language_keep_their_own_names() -> None:
    told = [
        dates.format_date(date(2026, 1, 5), "LLLL", locale=locale)
        for locale in ("de", "de_AT", "de", "de_AT")
    ]
    assert told == ["Januar", "Jänner", "Januar", "Jänner"]


@pytest.mark.parametrize("language", grammar_languages())
def test_what_cldr_says_of_a_language_is_the_same_whoever_asked_before(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(localedata, "_cache", {})
    alone = facts(Locale.parse(language))
    monkeypatch.setattr(localedata, "_cache", {})
    for other in random.sample(EVERY_LOCALE, 12):
        facts(Locale.parse(other))
    assert facts(Locale.parse(language)) == alone
