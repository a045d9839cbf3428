"""Find every phrase of a text that the grammar knows, at every place, in every reading.

A chart parser: what has been found at a place is never looked for twice, so ambiguous words
("second", "morgen") cost little, and work grows with what is found rather than with the length of
the text. The work is bounded: a text that would need more is refused instead of holding up
everybody else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ges_connector.language.net import Node, Rule

# What people say takes some thirty steps, a sentence with three days and hours a few hundred; all
# that is read of one message shares them. So many take less than a fiftieth of a second.
MAX_STEPS = 1200

Values = tuple[object, ...]


class TooComplexError(Exception):
    """A message holds more about time than can be taken in within bounds."""


@dataclass(slots=True)
class Steps:
    """How many steps may still be taken for a message."""

    left: int = MAX_STEPS

    def take(self) -> None:
        """Take one.

        Raises:
            TooComplexError: if there is none left.
        """
        if not self.left:
            raise TooComplexError
        self.left -= 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or phrase found in the text.

    Attributes:
        start: where it begins in the levelled text.
        end: where the next token may begin (spaces are skipped).
        keys: the steps of templates it can take.
        value: what it stands for; None for a mere word.
        cost: how doubtful it is that the customer meant this.
    """

    start: int
    end: int
    keys: tuple[str, ...]
    value: object
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase with a meaning.

    Attributes:
        start: where it begins in the levelled text.
        end: where the next token may begin.
        value: its meaning.
        cost: how doubtful this reading is.
    """

    start: int
    end: int
    value: object
    cost: int


@dataclass(frozen=True, slots=True)
class _Active:
    """A template that has matched up to a place."""

    node: Node[Rule]
    start: int
    values: Values
    cost: int


class Chart:
    """One parse.

    Args:
        net: where every template begins.
        keys_of: tells the types of hole a value fits into.
        reach: for a place, that place and those after the small words that stand there.
        gap: what it costs to skip from a word of a phrase to its value; None for never.
        steps: those that may be taken.
    """

    def __init__(
        self,
        net: Node[Rule],
        keys_of: Callable[[object], tuple[str, ...]],
        reach: Callable[[int], Sequence[int]],
        gap: Callable[[int, int], int | None],
        steps: Steps,
    ) -> None:
        self._net = net
        self._keys_of = keys_of
        self._reach = reach
        self._gap = gap
        self._found: dict[int, dict[str, list[tuple[int, object, int]]]] = {}
        self._strict: dict[int, list[_Active]] = {}
        self._loose: dict[int, list[_Active]] = {}
        self._best: dict[tuple[int, int, object, bool], int] = {}
        self._agenda: list[Token] = []
        self._steps = steps
        self.results: list[Found] = []

    def parse(self, tokens: Sequence[Token]) -> list[Found]:
        """Everything with a meaning that the tokens hold.

        Raises:
            TooComplexError: if it is more than one wish can be.
        """
        self._agenda = list(tokens)
        self._agenda.reverse()
        while self._agenda:
            self._add(self._agenda.pop())
        return self.results

    def _add(self, token: Token) -> None:
        value = token.value
        if value is not None:
            known = (token.start, token.end, value, "atom" in token.keys)
            if self._best.get(known, MAX_STEPS) <= token.cost:
                return
            self._best[known] = token.cost
            self.results.append(Found(token.start, token.end, value, token.cost))
        found = self._found.setdefault(token.start, {})
        step = (token.end, value, token.cost)
        for key in token.keys:
            found.setdefault(key, []).append(step)
            node = self._net.strict.get(key)
            if node is not None:
                self._advance(_Active(node, token.start, (value,), token.cost), token.end)
            for active in self._strict.get(token.start, ()):
                self._follow(active, active.node.strict.get(key), step)
            for active in self._loose.get(token.start, ()):
                self._follow(active, active.node.loose.get(key), step)

    def _follow(
        self, active: _Active, node: Node[Rule] | None, step: tuple[int, object, int]
    ) -> None:
        if node is not None:
            end, value, cost = step
            values = (*active.values, value)
            self._advance(_Active(node, active.start, values, active.cost + cost), end)

    def _advance(self, active: _Active, end: int) -> None:
        self._steps.take()
        node = active.node
        for rule in node.ends:
            value = rule.build(*[active.values[place] for place in rule.places])
            if value is not None:
                self._conclude(value, active, end, rule.cost, is_atom=rule.is_atom)
        if node.strict:
            self._strict.setdefault(end, []).append(active)
            self._resume(active, node.strict, end)
        if node.loose:
            for place in self._reach(end):
                # Small words that a template names are better explained than those it skips.
                # "No, Friday" is less likely one phrase than "tomorrow, Friday" is two of a row.
                extra = self._gap(end, place) if active.values[-1] is None else 1
                if extra is None:
                    continue
                cost = active.cost + extra
                skipping = active if place == end else replace(active, cost=cost)
                self._loose.setdefault(place, []).append(skipping)
                self._resume(skipping, node.loose, place)

    def _resume(self, active: _Active, side: Mapping[str, Node[Rule]], place: int) -> None:
        """Take the steps for which something has been found already."""
        found = self._found.get(place)
        if not found:
            return
        for key in [key for key in found if key in side]:
            for step in tuple(found[key]):
                self._follow(active, side[key], step)

    def _conclude(
        self, value: object, active: _Active, end: int, cost: int, *, is_atom: bool
    ) -> None:
        keys = self._keys_of(value)
        if is_atom and "m" in keys:
            keys = (*keys, "atom")
        self._agenda.append(Token(active.start, end, keys, value, active.cost + cost))
