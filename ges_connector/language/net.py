"""The net of a language's templates, so that the parser follows all of them at once.

A prefix tree over words and holes. Most of its branches go on alike, so what they share is one
place, also between the regions of a language: thousands of templates come to some hundred places.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from ges_connector.language.template import Symbol

# Builds the meaning of a phrase from the values in its holes; None if they do not fit.
Build = Callable[..., object]

_Steps = tuple[str, ...]

# Before a step that small words may stand before.
_LOOSE = "~"
# To most places only one kind of steps leads on.
_NO_STEPS: Mapping[str, "Node"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do when a template has matched.

    Attributes:
        name: the rule's name in the grammar files.
        build: makes the meaning from the values in the holes, in the order of `places`.
        places: positions of those values among the matched steps.
        cost: how much less likely this reading is than others.
        is_atom: whether the result may still be joined to what stands before it.
    """

    name: str
    build: Build
    places: tuple[int, ...]
    cost: int = 0
    is_atom: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A place in the net. Each is equal to itself alone.

    Attributes:
        strict: the places that steps lead to, each right behind what was before.
        loose: the same, where small words may stand between.
        rules: those that are complete here.
    """

    strict: Mapping[str, "Node"]
    loose: Mapping[str, "Node"]
    rules: tuple[Rule, ...]


class SharedPlaces:
    """The places of nets of which there need be one each: from them the same ways lead on."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[object, ...], Node] = {}

    def of(
        self, strict: Mapping[str, Node], loose: Mapping[str, Node], rules: tuple[Rule, ...]
    ) -> Node:
        """Give the place from which these ways lead on."""
        alike = (*_ways_on(strict), None, *_ways_on(loose), None, *rules)
        known = self._nodes.get(alike)
        if known is None:
            made = Node(strict or _NO_STEPS, loose or _NO_STEPS, rules)
            known = self._nodes[alike] = made
        return known


def _ways_on(steps: Mapping[str, Node]) -> Iterator[str | Node]:
    for key in sorted(steps):
        yield key
        yield steps[key]


@lru_cache
def _loose(key: str) -> str:
    """Keep one of each: they are the few kinds of holes."""
    return f"{_LOOSE}{key}"


class Templates:
    """All templates of a language, of which a net is tied."""

    def __init__(self) -> None:
        self._rules: dict[_Steps, tuple[Rule, ...]] = {}

    def add(self, steps: tuple[Symbol, ...], rule: Rule) -> None:
        """Add one template's steps, at whose end the rule is complete."""
        keys = tuple(_loose(each.key) if each.loose else each.key for each in steps)
        rules = self._rules.get(keys, ())
        if rule not in rules:
            self._rules[keys] = (*rules, rule)

    def steps(self) -> Iterator[str]:
        """What tokens must be to take them, as often as they are in a template."""
        for keys in self._rules:
            yield from (key.removeprefix(_LOOSE) for key in keys)

    def net(self, shared: SharedPlaces) -> Node:
        """Tie the net, and give the place where every phrase begins."""
        return _tied(list(self._rules), 0, self._rules, shared)


def _tied(
    templates: list[_Steps],
    depth: int,
    rules: Mapping[_Steps, tuple[Rule, ...]],
    shared: SharedPlaces,
) -> Node:
    """The place that all these templates have reached after so many steps."""
    here: tuple[Rule, ...] = ()
    onward: dict[str, list[_Steps]] = {}
    for steps in templates:
        if len(steps) == depth:
            here = rules[steps]
        else:
            onward.setdefault(steps[depth], []).append(steps)
    sides: tuple[dict[str, Node], dict[str, Node]] = ({}, {})
    for key, those in onward.items():
        side = sides[key.startswith(_LOOSE)]
        side[key.removeprefix(_LOOSE)] = _tied(those, depth + 1, rules, shared)
    return shared.of(*sides, here)
