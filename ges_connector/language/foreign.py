"""Words that name a day in another language: a message may mix two.

"Lieber Freitag um 10" written to somebody whose language is said to be English names a day. Words
that no list knows are let pass; these must not be, or ten o'clock would be left without its day.
"""

import re
from typing import Final

from ges_connector.language.normalize import Text, fold, level

SHORTEST: Final = 4
# Days and months of the languages with the fullest grammars, which customers mix the most: as CLDR
# has them, folded; of "segunda-feira" the piece that is of days alone, and of all but the short
# ones, which are small words of some language. To ask Babel would cost a megabyte a language.
NAMES: Final = {
    "en": (
        "monday tuesday wednesday thursday friday saturday sunday january february march "
        "april june july august september october november december"
    ),
    "de": (
        "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz "
        "april juni juli august september oktober november dezember"
    ),
    "fr": (
        "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril juin "
        "juillet aout septembre octobre novembre decembre"
    ),
    "es": (
        "lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo "
        "junio julio agosto septiembre octubre noviembre diciembre"
    ),
    "it": (
        "lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio marzo "
        "aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
    ),
    "pt": (
        "feira sabado domingo janeiro fevereiro marco abril maio junho julho agosto setembro "
        "outubro novembro dezembro"
    ),
    "nl": (
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart "
        "april juni juli augustus september oktober november december"
    ),
}
# CLDR counts days ("in 1 day") and does not name them in what Babel carries.
_OTHER_WORDS = (
    "today", "tomorrow", "tonight", "heute", "morgen", "übermorgen", "aujourd'hui", "demain",
    "mañana", "hoje", "amanhã", "oggi", "domani", "dopodomani", "vandaag", "overmorgen",
    "o'clock", "heures", "horas",
)  # fmt: skip
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
    if word not in _WORDS:
        return False
    if word not in _OTHER_NAMES:
        return True
    before = text.folded[max(0, start - _LONGEST_DAY) : start]
    is_dated = _DAY_BEFORE.search(before) or _DAY_BEHIND.match(text.folded, end)
    return is_dated is not None


_WORDS = frozenset(
    word
    for words in (*NAMES.values(), *map(level, _OTHER_WORDS))
    for word in fold(words).replace("'", " ").split()
    if len(word) >= SHORTEST
)
