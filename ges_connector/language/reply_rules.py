"""What replies to a menu mean, and phrases that are whole by themselves: "as soon as possible"."""

from collections.abc import Callable
from dataclasses import replace

from ges_connector.language.clock_rules import as_point
from ges_connector.language.day_rules import day_of_month
from ges_connector.language.meaning import (
    AnyTime,
    Asap,
    CalendarSpan,
    Excluding,
    Meaning,
    Number,
    OneOf,
    Ordinal,
    Point,
    RelativeDay,
    Reply,
    Vague,
)
from ges_connector.language.template import Phrase
from ges_connector.language.wish import ChoiceKind

_LONGEST_MENU = 12
_MOST_OFFERED = 3


def _reply(kind: ChoiceKind) -> Callable[[], Reply]:
    def build() -> Reply:
        return Reply(kind)

    return build


def _index(choice: Number | Ordinal) -> Meaning | None:
    is_of_menu = 1 <= choice.value <= _LONGEST_MENU
    return Reply(ChoiceKind.INDEX, choice.value) if is_of_menu else None


def _index_taken(choice: Number | Ordinal) -> Meaning | None:
    """An entry that is taken by its number alone: beside an hour it may be a day of the month."""
    reply = _index(choice)
    return replace(reply, may_be_day=True) if isinstance(reply, Reply) else None


def _index_or_day(choice: Number | Ordinal) -> Meaning | None:
    """The third of the month, or of the menu; only a small number may be of a menu."""
    if isinstance(choice, Number) and not choice.digits and choice.value == 1:
        # "The one at four" is no first.
        return None
    day = day_of_month(choice)
    if choice.value > 9 or day is None:  # noqa: PLR2004 - no menu is that long
        return day
    return OneOf((Reply(ChoiceKind.INDEX, choice.value), day))


def _index_or_day_named(choice: Number | Ordinal) -> Meaning | None:
    """The same behind an article: "the third", beside an hour, may be either still."""
    meant = _index_or_day(choice)
    if not isinstance(meant, OneOf) or not isinstance(choice, Ordinal) or not choice.spelled:
        return meant
    entry, day = meant.readings
    return OneOf((replace(entry, may_be_day=True) if isinstance(entry, Reply) else entry, day))


def _index_or_hour(hour: Number | Point) -> Meaning | None:
    """A word that names an entry of the menu and an hour alike: Polish "druga", second or two."""
    if not isinstance(hour, Number) or hour.digits or not hour.alone:
        return None
    point, index = as_point(hour), _index(hour)
    return OneOf((index, point)) if index is not None and point is not None else None


def _any_or_hour(hour: Number | Point) -> Meaning | None:
    """All of two or three, or an hour: Spanish "las tres me van bien", Portuguese "as três"."""
    point = as_point(hour)
    is_few = isinstance(hour, Number) and not hour.digits and 1 < hour.value <= _MOST_OFFERED
    return OneOf((AnyTime(), point)) if is_few and point is not None else None


def _constant(value: Meaning) -> Callable[[], Meaning]:
    def build() -> Meaning:
        return value

    return build


REPLY_PHRASES: dict[str, Phrase] = {
    "index": Phrase(("choice",), _index),
    "index_taken": Phrase(("choice",), _index_taken),
    "index_ordinal": Phrase(("ordinal",), _index_or_day, cost=3),
    "index_or_day": Phrase(("choice",), _index_or_day_named, cost=1),
    # In languages that count hours as they do the entries of a list.
    "index_or_hour": Phrase(("hour",), _index_or_hour, cost=3),
    "any_or_hour": Phrase(("hour",), _any_or_hour),
    # Where days of a month are no ordinals, but weekdays are: Portuguese "sexta", Friday or sixth.
    "index_word": Phrase(("choice",), _index, cost=3),
    # Spoken of a menu and of days alike: French "le 2".
    "entry_or_day": Phrase(("choice",), _index_or_day_named),
    "last": Phrase((), _reply(ChoiceKind.LAST)),
    "earlier_one": Phrase((), _reply(ChoiceKind.EARLIER_ONE)),
    "later_one": Phrase((), _reply(ChoiceKind.LATER_ONE)),
    "earlier": Phrase((), _reply(ChoiceKind.EARLIER)),
    "later": Phrase((), _reply(ChoiceKind.LATER)),
    "more": Phrase((), _reply(ChoiceKind.MORE)),
    "none": Phrase((), _reply(ChoiceKind.NONE)),
    "first_available": Phrase((), _constant(Asap(at_once=False))),
    "asap": Phrase((), _constant(Asap())),
    "now": Phrase((), _constant(Asap(is_now=True))),
    "any_time": Phrase((), _constant(AnyTime())),
    "workdays": Phrase((), _constant(Excluding(None, (Point(CalendarSpan("weekend", 0)),)))),
    "vague": Phrase((), _constant(Vague())),
    "past": Phrase((), _constant(Point(RelativeDay(-1)))),
}
