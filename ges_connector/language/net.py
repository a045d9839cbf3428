"""The nets of a language: its templates, so that the parser follows all at once, and its phrases.

A prefix tree over steps: words and holes, or words alone. Most of its branches go on alike, so what
they share is one place, also between the regions of a language: thousands of templates come to some
hundred places.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from typing_extensions import override

from ges_connector.language.template import WORD, Symbol

# Builds the meaning of a phrase from the values in its holes; None if they do not fit.
Build = Callable[..., object]

End = TypeVar("End", bound=Hashable)
"""What is complete at the end of a way: a rule of templates, an entry of the lexicon."""

_Steps = tuple[str, ...]

# Before a step that small words may stand before.
_LOOSE = "~"
# To most places only one kind of steps leads on.
_NO_STEPS: Mapping[str, Any] = MappingProxyType({})


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


@dataclass(frozen=True, slots=True)
class Node(Generic[End]):
    """A place in a net; from equal ones the same ways lead on.

    Attributes:
        strict: the places that steps lead to, each right behind what was before.
        loose: the same, where small words may stand between.
        ends: what is complete here.
    """

    strict: Mapping[str, "Node[End]"]
    loose: Mapping[str, "Node[End]"]
    ends: tuple[End, ...]

    @override
    def __hash__(self) -> int:
        # The places behind are one of each, and looking through all of them would take long.
        return hash((_ways_on(self.strict), _ways_on(self.loose), self.ends))


class SharedPlaces(Generic[End]):
    """The places of nets of which there need be one each: from them the same ways lead on."""

    def __init__(self) -> None:
        self._nodes: dict[Node[End], Node[End]] = {}

    def of(
        self,
        strict: Mapping[str, Node[End]],
        loose: Mapping[str, Node[End]],
        ends: tuple[End, ...],
    ) -> Node[End]:
        """Give the place from which these ways lead on."""
        node = Node(strict or _NO_STEPS, loose or _NO_STEPS, ends)
        return self._nodes.setdefault(node, node)

    def __iter__(self) -> Iterator[Node[End]]:
        return iter(self._nodes)


def _ways_on(steps: Mapping[str, Node[End]]) -> frozenset[tuple[str, int]]:
    return frozenset(zip(steps, map(id, steps.values()), strict=True))


@lru_cache
def _loose(key: str) -> str:
    """Keep one of each: they are the few kinds of holes."""
    return f"{_LOOSE}{key}"


class Ways(Generic[End]):
    """All ways in steps, of which a net is tied."""

    def __init__(self, ends: Mapping[_Steps, tuple[End, ...]] = MappingProxyType({})) -> None:
        self._ends = dict(ends)
        self._steps: dict[str, str] = {}

    def add(self, steps: _Steps, end: End) -> None:
        """Add a way, at whose end something is complete."""
        ends = self._ends.get(steps, ())
        if end not in ends:
            # Of steps there are few: one each is kept.
            one_each = tuple(self._steps.setdefault(step, step) for step in steps)
            self._ends[one_each] = (*ends, end)

    def ends(self, steps: _Steps) -> tuple[End, ...]:
        """What is complete at the end of a way."""
        return self._ends.get(steps, ())

    def __iter__(self) -> Iterator[_Steps]:
        return iter(self._ends)

    def net(self, shared: SharedPlaces[End]) -> Node[End]:
        """Tie the net, and give the place where every way begins."""
        return _tied(list(self._ends), 0, self._ends, shared)


class Templates(Ways[Rule]):
    """All templates of a language."""

    def add_template(self, template: tuple[Symbol, ...], rule: Rule) -> None:
        """Add one template's steps, at whose end the rule is complete."""
        self.add(tuple(_loose(each.key) if each.loose else each.key for each in template), rule)

    def tied(self, shared: SharedPlaces[Rule]) -> tuple[Node[Rule], Mapping[str, str]]:
        """Tie the net, in which words that lead on alike are one step: the first of them.

        Thousands of words lead some hundred ways.

        Args:
            shared: The places of the language.

        Returns:
            The net, and by the step of each word the one that it takes.
        """
        places = SharedPlaces[Rule]()
        net = self.net(places)
        words = _alike(places)
        made: dict[int, Node[Rule]] = {}
        # Each comes behind those that it leads to.
        for place in places:
            strict = {words.get(step, step): made[id(to)] for step, to in place.strict.items()}
            loose = {step: made[id(to)] for step, to in place.loose.items()}
            made[id(place)] = shared.of(strict, loose, place.ends)
        return made[id(net)], words


def _alike(places: Iterable[Node[Rule]]) -> Mapping[str, str]:
    """By the step of each word, the first of those that lead from and to the same places."""
    ways: dict[str, set[tuple[int, int]]] = {}
    for place in places:
        for step, onward in place.strict.items():
            if step.startswith(WORD):
                ways.setdefault(step, set()).add((id(place), id(onward)))
    first: dict[frozenset[tuple[int, int]], str] = {}
    return {step: first.setdefault(frozenset(ways[step]), step) for step in sorted(ways)}


def _tied(
    ways: list[_Steps],
    depth: int,
    ends: Mapping[_Steps, tuple[End, ...]],
    shared: SharedPlaces[End],
) -> Node[End]:
    """The place that all these ways have reached after so many steps."""
    here: tuple[End, ...] = ()
    onward: dict[str, list[_Steps]] = {}
    for steps in ways:
        if len(steps) == depth:
            here = ends[steps]
        else:
            onward.setdefault(steps[depth], []).append(steps)
    strict: dict[str, Node[End]] = {}
    loose: dict[str, Node[End]] = {}
    for key, those in onward.items():
        side = loose if key.startswith(_LOOSE) else strict
        side[key.removeprefix(_LOOSE)] = _tied(those, depth + 1, ends, shared)
    return shared.of(strict, loose, here)
