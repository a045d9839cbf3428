"""An answer that comes with a question: "how about Friday at 3, or is the wait short?", for one.

The model of the flows takes such a message for the question alone. What answers ours is then read
from the words around it: a time, a number, or "as soon as possible". A yes or a no is never taken
from there, nor is a time that is only asked about.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actions.meaning import meaning_of
from actions.message import Intent
from ges_connector.language.agreement import denies
from ges_connector.language.answer_words import words_of
from ges_connector.language.remarks import Remark, SmallWord, remark_in, small_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from actions.base import Turn

_PAUSE: Final = re.compile(r"[;!?\n]+|[.,:](?!\d)")
"""What parts a message; a sign between digits belongs to a time or a number."""
WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
"""A word of an answer, as those are counted that stand beside it."""
_LEAST_OF_A_QUESTION: Final = 2
"""Words; what is shorter and no answer is a greeting."""
_AROUND_ASAP: Final = 2
"""Words that may stand around "as soon as possible" where it is no question."""


def with_answer_beside(turn: Turn) -> Turn | None:
    """Take the part that answers our open question for the message, if there is such a part.

    Args:
        turn: The turn.
    """
    asked = None if turn.hearing is None else turn.hearing.asked_beside or _asked(turn)
    if asked is None or turn.requested_slot is None or turn.message.is_too_long:
        return None
    parts = list(_parts(turn))
    answers = [_answers(turn, turn.message.text[part], asked) for part in parts]
    rest = [part for part, is_one in zip(parts, answers, strict=True) if not is_one]
    is_beside = any(_has_words(turn.message.text[part], _LEAST_OF_A_QUESTION) for part in rest)
    if not any(answers) or not is_beside:
        return None
    # What belongs together stays together: "on Friday, at 3".
    behind = itertools.dropwhile(lambda each: not each[1], zip(parts, answers, strict=True))
    run = [part for part, _ in itertools.takewhile(lambda each: each[1], behind)]
    said = turn.message.text[run[0].start : run[-1].stop].strip()
    return replace(turn, message=replace(turn.message, text=said, intent=Intent.INFORM))


def asks_wait(turn: Turn) -> bool:
    """Whether a part of a message asks how long the wait is, whatever the rest is about.

    Args:
        turn: The turn.
    """
    if not turn.message.is_typed or turn.message.is_too_long:
        return False
    text, joining = turn.message.text, _joining(turn)
    ends = {found.end() for found in _PAUSE.finditer(text)}
    ends |= {word.start() for word in WORD.finditer(text) if (word[0].casefold(),) in joining}
    parts = itertools.pairwise([0, *sorted(ends), len(text)])
    found = (remark_in(text[begin:end], turn.customer.language) for begin, end in parts)
    return Remark.WAIT in found


def _asked(turn: Turn) -> Intent | None:
    """What is asked in words that the model took for an answer: how long the wait is."""
    is_answer = turn.hearing is not None and turn.hearing.is_answer
    is_wait = remark_in(turn.message.text, turn.customer.language) is Remark.WAIT
    return Intent.ASK_WAIT if is_answer and is_wait else None


def _parts(turn: Turn) -> Iterator[slice]:
    """Where the parts of a message stand, each with the sign that ends it."""
    text, at = turn.message.text, 0
    ends = {found.end() for found in _PAUSE.finditer(text)}
    between = small_words(SmallWord.OR, turn.customer.language)
    ends |= {word.start() for word in WORD.finditer(text) if word[0].casefold() in between}
    ends |= set(_joints(turn, [*sorted(ends), len(text)]))
    for end in [*sorted(ends), len(text)]:
        if _has_words(text[at:end], 1):
            yield slice(at, end)
            at = end


def _joints(turn: Turn, ends: Sequence[int]) -> Iterator[int]:
    """Where an "and" parts what answers from what asks: "Friday at 3 and how long is the wait"."""
    text, joining = turn.message.text, _joining(turn)
    for begin, end in itertools.pairwise([0, *ends]):
        for word in WORD.finditer(text, begin, end):
            before, behind = text[begin : word.start()], text[word.end() : end]
            is_joint = (word[0].casefold(),) in joining and not _asks(turn, before)
            if (
                is_joint
                and _has_words(before, 1)
                and (_asks(turn, behind) or _is_else(turn, behind))
            ):
                yield word.start()


def _joining(turn: Turn) -> Collection[tuple[str, ...]]:
    """The words for "and"."""
    own = words_of(turn.customer.locale)
    return frozenset() if own is None else own.bare_and


def _asks(turn: Turn, part: str) -> bool:
    return remark_in(part, turn.customer.language) is not None


def _is_else(turn: Turn, part: str) -> bool:
    """Whether a part names no time and no number, in a message that is said to ask something."""
    if turn.hearing is None or turn.hearing.asked_beside is None:
        return False
    meaning = meaning_of(replace(turn, message=replace(turn.message, text=part)))
    return meaning.wish is None and meaning.phone is None


def _has_words(text: str, least: int) -> bool:
    return len(WORD.findall(text)) >= least


def _answers(turn: Turn, part: str, asked: Intent) -> bool:
    """Whether a part of a message answers a question of ours, and asks none."""
    is_asking = part.rstrip().endswith("?")
    is_remark = remark_in(part, turn.customer.language) is not None
    # Beside the wait, "or Friday at 3?" proposes a time; elsewhere it may be asked about.
    is_about_other = is_asking and asked is not Intent.ASK_WAIT
    if is_about_other or is_remark or denies(part, turn.customer.locale):
        return False
    here = replace(turn, message=replace(turn.message, text=part, intent=Intent.INFORM))
    meaning = meaning_of(here)
    if meaning.timed_wish is not None or meaning.phone is not None:
        return True
    named = "" if meaning.wish is None else " ".join(meaning.wish.words)
    around = len(WORD.findall(part)) - len(WORD.findall(named))
    return meaning.wants_asap and not is_asking and around <= _AROUND_ASAP
