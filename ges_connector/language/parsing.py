"""What the texts of one message hold: each is looked at once, and all within one bound of steps.

A message is read as a whole, and without the reasons told beside it; what was found in one of these
texts is kept until the message has been answered.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from ges_connector.language.chart import Chart, Found, Steps, TooComplexError
from ges_connector.language.holes import keys_of
from ges_connector.language.lexicon import Lexicon
from ges_connector.language.normalize import Text
from ges_connector.language.tokens import Tokenizer, Tokens
from ges_connector.language.words import TooManyTokensError

# A message is read again without what it may tell beside the wish. No wish of the tables comes to
# 400 letters in all its readings; a thousand of "before, yes, before" came to a second of work.
_MOST_LETTERS = 3000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that was cut, and every phrase of it."""

    tokens: Tokens
    found: Sequence[Found]


@dataclass(slots=True)
class _Message:
    steps: Steps = field(default_factory=Steps)
    letters: int = 0
    cut: dict[object, Tokens | None] = field(default_factory=dict)
    parsed: dict[object, Parsed] = field(default_factory=dict)


_message: ContextVar[_Message | None] = ContextVar("message", default=None)


@contextmanager
def one_message() -> Iterator[Steps]:
    """Read texts of one message: what is found is kept, and the steps of all are counted."""
    message = _Message()
    token = _message.set(message)
    try:
        yield message.steps
    finally:
        _message.reset(token)


def cut(text: Text, known: Lexicon) -> Tokens:
    """The words, phrases and numbers of a text.

    Raises:
        TooManyTokensError: if it is no wish but a story.
        TooComplexError: if it is read in more ways than a wish can be.
    """
    message = _message.get() or _Message()
    key = _key(text, known)
    if key not in message.cut:
        message.letters += len(text.chars)
        if message.cut and message.letters > _MOST_LETTERS:
            raise TooComplexError
        try:
            message.cut[key] = Tokenizer(text, known).cut()
        except TooManyTokensError:
            message.cut[key] = None
    tokens = message.cut[key]
    if tokens is None:
        raise TooManyTokensError
    return tokens


def parsed(text: Text, known: Lexicon) -> Parsed:
    """A text with every phrase of it.

    Raises:
        TooManyTokensError: if it is no wish but a story.
        TooComplexError: if all that was read of the message is more than a wish can be.
    """
    message = _message.get() or _Message()
    key = _key(text, known)
    if key not in message.parsed:
        tokens = cut(text, known)
        chart = Chart(known.net, keys_of, tokens.reach, tokens.gap, message.steps)
        found = chart.parse(tokens.items) if tokens.items else ()
        message.parsed[key] = Parsed(tokens, found)
    return message.parsed[key]


def _key(text: Text, known: Lexicon) -> object:
    return (known.locale, text.chars, text.folded, text.hyphens, tuple(text.zones.items()))
