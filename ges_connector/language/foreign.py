"""Words that name a day in another language: a message may mix two.

"Lieber Freitag um 10" written to somebody whose language is said to be English names a day. Words
that no list knows are let pass; these must not be, or ten o'clock would be left without its day.
"""

import re
from functools import lru_cache

from babel import Locale

from ges_connector.language.cldr import full_names
from ges_connector.language.normalize import Text, fold, level

# The languages with the fullest grammars, which customers mix the most.
_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
# CLDR counts days ("in 1 day") and does not name them in what Babel carries.
_OTHER_WORDS = (
    "today", "tomorrow", "tonight", "heute", "morgen", "übermorgen", "aujourd'hui", "demain",
    "mañana", "hoje", "amanhã", "oggi", "domani", "dopodomani", "vandaag", "overmorgen",
    "o'clock", "heures", "horas",
)  # fmt: skip
# Shorter ones are small words of some language.
_SHORTEST = 4
# Other names as well; a month only beside the number of a day.
_OTHER_NAMES = frozenset(
    {
        "april",
        "avril",
        "abril",
        "august",
        "augustus",
        "juli",
        "julio",
        "june",
        "marco",
        "mars",
        "mayo",
    }
)
_DAY_BEFORE = re.compile(r"\d(?:\.|st|nd|rd|th)? ?(?:(?:de|di|of) )?$")
_DAY_BEHIND = re.compile(r"\.? ?\d")
_LONGEST_DAY = 8


def names_day_abroad(text: Text, start: int, end: int) -> bool:
    """Tell whether a word is the full name of a day or month, or the like, in some language.

    Args:
        text: levelled.
        start: where the word begins; none that the customer's own language knows.
        end: where it ends.
    """
    word = text.folded[start:end]
    if word not in _words():
        return False
    if word not in _OTHER_NAMES:
        return True
    before = text.folded[max(0, start - _LONGEST_DAY) : start]
    is_dated = _DAY_BEFORE.search(before) or _DAY_BEHIND.match(text.folded, end)
    return is_dated is not None


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Folded; made from CLDR once."""
    names = [name for each in _LANGUAGES for name in full_names(Locale.parse(each))]
    names += [piece for each in _OTHER_WORDS for piece in level(each).split("'")]
    # Of "segunda-feira", the piece that is of days alone.
    last = {fold(name).split()[-1] for name in names}
    return frozenset(each for each in last if len(each) >= _SHORTEST)
