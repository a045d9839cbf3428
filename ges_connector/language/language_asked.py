"""Whether somebody asks to go on in another language: "can we speak German?", "Deutsch bitte".

A language is named for other reasons too ("my English is bad", "I have a German number"). So it
counts only where the whole clause is made of words that ask for it, or where a question for it
stands right before its name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ges_connector.language.normalize import fold, normalize
from ges_connector.language.word_lists import word_lists

_LONGEST = 200
"""Characters; whoever says more says more than that."""
_CLAUSE = re.compile(r"[^.,;:!?¿¡()\n]+")
_WORD = re.compile(r"[^\W_]+")
_PREPOSITIONS = frozenset({"in", "auf", "en"})


@dataclass(frozen=True, slots=True)
class _Asking:
    """The words of all languages, without accents."""

    names: Mapping[str, str]
    beside: frozenset[str]
    asking: frozenset[str]
    verbs: frozenset[str]
    openings: re.Pattern[str]


def asks_language(text: str) -> str | None:
    """Tell which language somebody asks for by its name, in any of those we speak.

    Args:
        text: The message.

    Returns:
        The language, as `de`; None if none is asked for, or more than one.
    """
    if len(text) > _LONGEST:
        return None
    clauses = [_WORD.findall(each) for each in _CLAUSE.findall(normalize(text).folded)]
    said = [clause for clause in clauses if clause]
    known = _asking()
    asked = {
        known.names[name]
        for clause in said
        if (name := _named(clause, is_all=len(said) == 1)) is not None
    }
    return asked.pop() if len(asked) == 1 else None


def _named(clause: Sequence[str], *, is_all: bool) -> str | None:
    """The name of the language that a clause asks for."""
    known = _asking()
    places = [place for place, word in enumerate(clause) if word in known.names]
    for place in places:
        before = (word for word in clause[:place] if word not in _PREPOSITIONS)
        if known.openings.search(f" {' '.join(before)} "):
            return clause[place]
    if len({known.names[clause[place]] for place in places}) != 1:
        return None
    rest = {word for word in clause if word not in known.names}
    is_courtesy = rest <= known.beside and (is_all or bool(rest))
    is_asked = rest <= known.beside | known.asking and not rest.isdisjoint(known.verbs)
    return clause[places[0]] if is_courtesy or is_asked else None


@lru_cache(maxsize=1)
def _asking() -> _Asking:
    lists = word_lists("language_asked")
    words = lists["words"]
    openings = "|".join(fold(each) for each in words["openings"])
    return _Asking(
        names={fold(name): code for code, each in lists["names"].items() for name in each},
        beside=frozenset(map(fold, words["beside"])),
        asking=frozenset(map(fold, words["asking"])),
        verbs=frozenset(map(fold, words["verbs"])),
        openings=re.compile(rf" (?:{openings}) \Z"),
    )
