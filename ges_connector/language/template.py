"""The little language that grammar files are written in, and how it is cut into steps.

A template is a phrase with typed holes: `half past {hour}`, `[on] the {ordinal}`, `(from|as of)
{x}`.

- `{hole}` stands for a value; which holes a template may have follows from its rule (see `rules`).
- `[words]` may be left out; `(one|other)` is one of several.
- A space before a hole or a word allows any number of spaces, or none. No space (`{hour}h`) wants
  the
  words joined in scripts that have spaces.
- Before a hole that is no number, small words (articles, prepositions: `glue`) may stand.

All templates of a language end up in one net (`ges_connector.language.net`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ges_connector.language.normalize import is_unspaced, level

NUMERIC_HOLES = frozenset(
    {"n", "hour", "minute", "dom", "month_number", "year", "amount", "second", "choice", "ordinal"}
)
WORD: Final = "w:"
"""How a step begins that is a word."""
JOINED: Final = f"{WORD}+"
"""How one begins that must follow a digit or letter without a space."""

_PIECE = re.compile(r"\{(\w+)\}|([^{}]+)")
_GROUP = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)")
_GROUPED = re.compile(r"[\[\](|)]|[^\[\](|)]+")
_SPACE = re.escape(" ")
_LEFT_OUT_FIRST = f"{_SPACE})?"


class TemplateError(ValueError):
    """A template cannot be read."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule of the grammar files.

    Attributes:
        holes: the values its templates must have, in the order `build` takes them.
        build: makes the meaning; None if the values do not fit.
        cost: how much less likely this reading is than others of the same words.
    """

    holes: tuple[str, ...]
    build: Callable[..., object]
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Symbol:
    """One step of a template: a word (`WORD` and the word) or a hole by its type.

    Attributes:
        key: what a token must be to take this step.
        hole: name of the hole; None for a word.
        loose: whether small words may stand before it.
    """

    key: str
    hole: str | None = None
    loose: bool = False


def variants(template: str) -> Iterator[str]:
    """All readings of a template's `[…]` and `(…|…)`."""
    match = _GROUP.search(template)
    if match is None:
        yield template
        return
    optional, choices = match.groups()
    inner = ["", *optional.split("|")] if optional is not None else choices.split("|")
    for each in inner:
        yield from variants(template[: match.start()] + each + template[match.end() :])


def pattern_of(template: str) -> str:
    """A regular expression for all readings of a template of words alone.

    It is a fraction of the length of all of them, where a template stands for thousands.
    """
    return _ways(iter(_GROUPED.findall(" ".join(template.split()))))


def spelling(words: str) -> str:
    """A regular expression for words; one that ends with "*" may go on."""
    return re.escape(words).replace(r"\*", r"\w*")


def _ways(parts: Iterator[str]) -> str:
    """What a group may stand for, read to its end."""
    ways = [""]
    for part in parts:
        if part in {"]", ")"}:
            break
        if part == "|":
            ways.append("")
        elif part in {"[", "("}:
            ways[-1] = _with_group(ways[-1], _ways(parts), is_optional=part == "[")
        else:
            is_at_start = ways[-1].endswith(_LEFT_OUT_FIRST)
            ways[-1] += spelling(part.lstrip() if is_at_start else part)
    return "|".join(ways)


def _with_group(before: str, group: str, *, is_optional: bool) -> str:
    """What stands before a group, and the group; with what may be left out goes a space."""
    if not is_optional:
        return f"{before}(?:{group})"
    if not before or before.endswith(_LEFT_OUT_FIRST):
        return f"{before}(?:(?:{group}){_LEFT_OUT_FIRST}"
    if before.endswith(_SPACE):
        return f"{before.removesuffix(_SPACE)}(?:{_SPACE}(?:{group}))?"
    return f"{before}(?:{group})?"


@lru_cache(maxsize=4096)
def _hole_kind(hole: str) -> str:
    """The type of a hole: its name without a trailing digit, so that `{x}` and `{x2}` differ."""
    return hole.rstrip("0123456789")


def symbols(template: str, writing: str) -> tuple[Symbol, ...]:
    """Cut one variant of a template into steps.

    Args:
        template: without groups.
        writing: "spaced", "glued" or "free"; where words are glued to what a hole stands for, each
            word is a step of its own, else the words between two holes are one.

    Raises:
        TemplateError: if nothing is left of it, or braces do not match.
    """
    if re.sub(r"\{\w+\}", "", template).count("{") or template.count("{") != template.count("}"):
        raise TemplateError(f"braces do not match in {template!r}")
    steps: list[Symbol] = []
    template = " ".join(template.split())
    for hole, words in _PIECE.findall(template):
        if hole:
            steps.append(_hole_symbol(hole, steps))
        elif words.strip():
            steps.extend(_word_symbols(words, first=not steps, writing=writing))
    if not steps:
        raise TemplateError(f"nothing left of template {template!r}")
    return tuple(steps)


def _hole_symbol(hole: str, steps: list[Symbol]) -> Symbol:
    kind = _hole_kind(hole)
    return Symbol(kind, hole, loose=bool(steps) and kind not in NUMERIC_HOLES)


def _word_symbols(words: str, *, first: bool, writing: str) -> Iterator[Symbol]:
    pieces = level(words).split() if writing == "glued" else [level(words)]
    for place, piece in enumerate(pieces):
        joined = not first and not place and not words[0].isspace() and piece[0].isalpha()
        if joined and not is_unspaced(piece[0], hangul=writing == "free"):
            yield Symbol(f"{JOINED}{piece}")
        else:
            yield Symbol(f"{WORD}{piece}")


def places(steps: tuple[Symbol, ...], holes: tuple[str, ...]) -> tuple[int, ...]:
    """Where the values for these holes are among the steps.

    `{ordinal}` may stand for a day of the month, a menu entry or an hour, where only "3rd" will do
    and "3" not.

    Raises:
        TemplateError: if a hole is missing, doubled or not asked for.
    """
    found = {step.hole: place for place, step in enumerate(steps) if step.hole is not None}
    if "ordinal" in found and "ordinal" not in holes:
        found |= {hole: found["ordinal"] for hole in ("dom", "choice", "hour") if hole in holes}
        del found["ordinal"]
    if set(found) != set(holes) or len(holes) != sum(step.hole is not None for step in steps):
        raise TemplateError(f"a template needs the holes {holes}, not {tuple(found)}")
    return tuple(found[hole] for hole in holes)
