"""What the phrases of any language do: one small function per rule name of the grammar files.

A grammar file says *how* a language puts a thing ("half past {hour}"); here is *what* that thing
means, once for all languages. Every function answers None where its values do not fit together, and
the parser drops that reading.
"""

from ges_connector.language.bound_rules import (
    BOUND_BARE,
    BOUND_BUILT_IN,
    BOUND_DATES,
    BOUND_PHRASES,
)
from ges_connector.language.clock_rules import CLOCK_BUILT_IN, CLOCK_PHRASES
from ges_connector.language.day_rules import DAY_BARE, DAY_BUILT_IN, DAY_PHRASES
from ges_connector.language.duration_rules import (
    DURATION_BUILT_IN,
    DURATION_PHRASES,
    in_units,
    past_units,
)
from ges_connector.language.reply_rules import REPLY_PHRASES
from ges_connector.language.template import Phrase

PHRASES: dict[str, Phrase] = {
    **CLOCK_PHRASES,
    **DAY_PHRASES,
    **DURATION_PHRASES,
    **BOUND_PHRASES,
    **REPLY_PHRASES,
}
"""Every rule a grammar file may use, by its name."""

BUILT_IN: tuple[tuple[str, Phrase], ...] = (
    *CLOCK_BUILT_IN,
    *DAY_BUILT_IN,
    *DURATION_BUILT_IN,
    *BOUND_BUILT_IN,
)
"""Phrases put the same way everywhere."""

BARE_NUMBERS: tuple[tuple[str, Phrase], ...] = (
    *DAY_BARE,
    *BOUND_BARE,
)
"""A number without any word that says what it counts, beside a day or a part of the day."""

DATES_OF_MONTH = BOUND_DATES
"""What dates of one month are with an "and" or an "or" of the language between them."""

IN_UNITS = in_units
"""Makes the rule for one unit's "in {amount} ..." phrases of CLDR."""

PAST_UNITS = Phrase(("amount",), past_units)
"""CLDR's "{amount} ... ago" phrases."""
