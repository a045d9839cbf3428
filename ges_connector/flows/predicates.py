"""The conditions of flows: the part of the engine's predicate language that flows here use.

`slots.a is "x" or not (slots.b is null and context.c)`: names, texts in quotes, numbers, `is`,
`is not`, `=`, `!=`, `<`, `<=`, `>`, `>=`, `matches`, `contains`, `and`, `or`, `not`, and brackets.
Anything else is a fault. As for the engine, `and` binds no closer than `or`: what stands behind
either belongs together.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|"""
    r"(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<sign><=|>=|!=|==|=|<|>|\(|\)))"
)
_WORDS: Final = {"and", "or", "not", "is", "matches", "contains", "null", "true", "false"}
_CONSTANTS: Final = {"null": None, "true": True, "false": False}


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Compare numbers; anything else is in no order."""

    def compared(one: Any, other: Any) -> bool:
        are_numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return are_numbers and compare(one, other)

    return compared


def _matches(one: Any, pattern: Any) -> bool:
    return isinstance(one, str) and re.search(str(pattern), one) is not None


def _contains(one: Any, part: Any) -> bool:
    return isinstance(one, str | list | dict) and part in one


_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "is": operator.eq,
    "is not": operator.ne,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "matches": _matches,
    "contains": _contains,
}


class PredicateError(ValueError):
    """A condition cannot be read."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One name, compared with a constant; by itself, whether it holds anything.

    Attributes:
        name: What is looked up: `slots.callback_next`.
        sign: How it is compared; empty for a name by itself.
        value: With what.
    """

    name: str
    sign: str = ""
    value: Any = None

    @property
    def slot(self) -> str:
        """The slot that is looked up; what is none keeps its whole name."""
        return self.name.removeprefix("slots.")

    def holds(self, document: Mapping[str, Any]) -> bool:
        """Whether it is so."""
        found: Any = document
        for part in self.name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return _COMPARISONS[self.sign](found, self.value) if self.sign else bool(found)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition.

    Attributes:
        kind: `and`, `or`, `not`, or `is` for a comparison.
        parts: What it is made of.
        comparison: The comparison, where it is one.
    """

    kind: str
    parts: tuple[Predicate, ...] = ()
    comparison: Comparison | None = None

    @classmethod
    def parse(cls, text: str) -> Predicate:
        """Read a condition.

        Raises:
            PredicateError: It is none, or uses what is not known here.
        """
        reader = _Reader(text)
        found = reader.either()
        reader.expect_end()
        return found

    def holds(self, document: Mapping[str, Any]) -> bool:
        """Whether it is so.

        Args:
            document: What names are looked up in: `slots` and `context`, each a mapping.
        """
        return self.judged(lambda each: each.holds(document))

    def judged(self, judge: Callable[[Comparison], bool]) -> bool:
        """Whether it is so if each comparison in it is as it is judged.

        Args:
            judge: Tells whether a comparison holds.
        """
        if self.comparison is not None:
            return judge(self.comparison)
        held = (part.judged(judge) for part in self.parts)
        if self.kind == "not":
            return not next(held)
        return all(held) if self.kind == "and" else any(held)

    def comparisons(self) -> Iterator[Comparison]:
        """Yield every comparison in it."""
        if self.comparison is not None:
            yield self.comparison
        for part in self.parts:
            yield from part.comparisons()

    def named(self) -> dict[str, set[Any]]:
        """The values it waits for, by slot: of one comparison, or of several joined by `or`."""
        if self.comparison is not None:
            is_named = self.comparison.sign in {"is", "=", "=="}
            return {self.comparison.slot: {self.comparison.value}} if is_named else {}
        found: dict[str, set[Any]] = {}
        if self.kind == "or":
            for part in self.parts:
                for name, values in part.named().items():
                    found.setdefault(name, set()).update(values)
        return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._next()
        if wanted and token not in wanted:
            raise PredicateError(f"{self._text!r}: {' or '.join(wanted)} is missing")
        if not token:
            raise PredicateError(f"{self._text!r}: something is missing at the end")
        self._at += 1
        return token

    def expect_end(self) -> None:
        if self._next():
            raise PredicateError(f"{self._text!r}: {self._next()} cannot be read")

    def either(self) -> Predicate:
        one, word = self._one(), self._next()
        if word not in {"and", "or"}:
            return one
        self._take(word)
        other = self.either()
        # `a or b or c` is one list, so that all it waits for is found in it.
        others = other.parts if other.kind == word else (other,)
        return Predicate(word, (one, *others))

    def _one(self) -> Predicate:
        if self._next() == "not":
            self._take("not")
            return Predicate("not", (self._one(),))
        if self._next() == "(":
            self._take("(")
            inner = self.either()
            self._take(")")
            return inner
        return Predicate("is", comparison=self._comparison())

    def _comparison(self) -> Comparison:
        name = self._take()
        if not name[0].isalpha() or name in _WORDS:
            raise PredicateError(f"{self._text!r}: {name} is no name")
        sign = self._next()
        if sign not in _COMPARISONS:
            return Comparison(name)
        self._take()
        if sign == "is" and self._next() == "not":
            sign = f"{sign} {self._take()}"
        value = self._constant()
        if sign == "matches":
            self._check_pattern(value)
        return Comparison(name, sign, value)

    def _check_pattern(self, value: Any) -> None:
        try:
            re.compile(value)
        except (re.error, TypeError):
            raise PredicateError(f"{self._text!r}: {value!r} is no pattern") from None

    def _constant(self) -> Any:
        token = self._take()
        if token[0] in "\"'":
            return token[1:-1]
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        try:
            return float(token)
        except ValueError:
            raise PredicateError(f"{self._text!r}: {token} is no constant") from None


def _tokens(text: str) -> Iterator[str]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise PredicateError(f"{text!r}: cannot be read from {text[at:].strip()!r} on")
        yield found[0].strip()
        at = found.end()
