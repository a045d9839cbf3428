"""The words of one locale as they are looked up: entries, templates, how it writes and counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from ges_connector.language.cldr import DateOrder
from ges_connector.language.doubts import Doubts
from ges_connector.language.entries import WordIndex
from ges_connector.language.judging import Judging
from ges_connector.language.net import Node, Rule
from ges_connector.language.places import Places
from ges_connector.language.reasons import Reasons
from ges_connector.language.relative import Relative
from ges_connector.language.spellings import Spellings

LONG_NAME = 6
"""From how many letters on a time word is recognised as such with two slips."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a locale writes and counts, beside its words.

    Attributes:
        writing: "spaced"; "glued" if words and particles may be joined; "free" if there are no
            spaces.
        twelve_hour_digits: whether "3:20" may be in the afternoon.
        date_orders: orders of day and month in numbers with a year, the usual one first.
        short_date_orders: the same without a year.
        dotted_clock: whether "15.30" is a usual way to write a time.
        next_weekday: what "next Friday" means: the coming one, that of next week, or either.
        first_weekdays: with which weekdays a week may begin, Monday = 0, the usual one first.
        weekend: the weekdays of the weekend.
    """

    writing: str
    twelve_hour_digits: bool
    date_orders: tuple[DateOrder, ...]
    short_date_orders: tuple[DateOrder, ...]
    dotted_clock: bool
    next_weekday: str
    first_weekdays: tuple[int, ...]
    weekend: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """What must stand beside a word for it to be a time: "so" is a Sunday in "am so" only.

    Attributes:
        after: words of which one must stand before it.
        before: words of which one must follow too; empty if any may.
        starts: what it may begin without company ("une heure et" a quarter).
        is_day: whether it is a day, for which a time behind it is company enough.
        links: words that may stand between such a day and its time ("sat at 5").
        unless: words behind it that make it none after another day ("Fr so gegen drei"); of a
            number that needs no company, words before it that make it none ("that one").
        alone: whether it may be the whole message.
    """

    after: frozenset[str]
    before: frozenset[str]
    starts: tuple[str, ...]
    links: frozenset[str]
    unless: frozenset[str]
    is_day: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A compiled locale.

    Attributes:
        locale: the tag CLDR knows it by.
        has_file: whether there is a grammar file, or only CLDR.
        settings: see there.
        net: where every template begins.
        entries: its words and phrases.
        cut_names: by the beginning of the name of a weekday or month, the one name that begins so.
        names: for a first letter, the time words that begin with it and may be misspelt.
        after_hour: words that may follow the number of an hour ("Uhr", "pm").
        refusals: words that are a "no" to an offer when a comma or the like follows.
        contrasts: words between two days that are not one day: "Friday, sorry, the 27th".
        ambiguous: words that are a time only in some company.
        awaiting: words behind which an unknown word may be a time: the German "um"; two words at
            most.
        whereabouts: small words that tell where somebody is with an unknown one: "in Leeds".
        bounding: words before a time that bound it or rule it out: "until", "not".
        not_slips: real words one letter from one of these or from a time word.
        takes_day: words that only a day follows: the German "am".
        before_dates: words behind which a number is a date and no hour: the Spanish "día".
        before_hours: words behind which a number is an hour and no date: the Spanish "las".
        behind_bounds: words before an hour that make a bound of an unknown one: "apartir de las".
        short_weekdays: shortened names of weekdays that are no small words as well.
        reasons: what tells reasons from wishes; None where the file does not say.
        doubts: what turns a time that is named; None where the file does not say.
        judging: what is said of a time that is named; None where the file does not say.
        places: what tells by whose clock a time is meant; None where the file does not say.
        relative: what points at another time; None where the file does not say.
        spellings: how else common words are spelt; None where the file does not say.
    """

    locale: str
    has_file: bool
    settings: Settings
    net: Node[Rule]
    entries: WordIndex
    cut_names: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    after_hour: frozenset[str]
    refusals: frozenset[str]
    contrasts: frozenset[str]
    ambiguous: Mapping[str, Company]
    awaiting: frozenset[str]
    whereabouts: frozenset[str]
    bounding: frozenset[str]
    not_slips: frozenset[str]
    reasons: Reasons | None
    doubts: Doubts | None
    judging: Judging | None
    takes_day: frozenset[str]
    short_weekdays: frozenset[str]
    before_dates: frozenset[str]
    before_hours: frozenset[str]
    behind_bounds: frozenset[str]
    places: Places | None
    relative: Relative | None
    spellings: Spellings | None
