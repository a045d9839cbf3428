"""The names of days and months that a message in another language may hold, as CLDR has them."""

import pytest
from babel import Locale

from ges_connector.language.foreign import NAMES, SHORTEST
from ges_connector.language.normalize import fold, level


@pytest.mark.parametrize("language", NAMES)
def test_the_names_kept_are_those_of_cldr(language: str) -> None:
    known = Locale.parse(language)
    names = {
        fold(level(name)).split()[-1]
        for table in (known.days, known.months)
        for context in ("format", "stand-alone")
        for name in table[context]["wide"].values()
    }
    assert set(NAMES[language].split()) == {name for name in names if len(name) >= SHORTEST}
