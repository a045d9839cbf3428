"""The branches of a step: what they ask for, and whether each of them can be taken."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ges_connector.flows.model import Branch, Step
    from ges_connector.flows.predicates import Comparison, Predicate

Slots: TypeAlias = "Mapping[str, Mapping[str, Any]]"
"""Slots of a domain by name."""

ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_SEARCHED: Final = frozenset({"matches", "contains"})
"""What is known of such a comparison is only that it holds or does not."""
_MOST_CASES: Final = 5_000
"""Of a step that branches on more, nothing is told."""
_HALF: Final = 0.5
_OTHER: Final = "something else"


def compared(branch: Branch) -> list[Comparison]:
    """List the comparisons of its condition; none for an else."""
    return [] if branch.condition is None else list(branch.condition.comparisons())


def named_in(step: Step) -> dict[str, set[Any]]:
    """Tell the values that the branches of a step wait for, by slot."""
    named: dict[str, set[Any]] = {}
    for branch in step.branches:
        found = {} if branch.condition is None else branch.condition.named()
        for name, values in found.items():
            named.setdefault(name, set()).update(values)
    return named


def asks_only_for(known: Mapping[str, frozenset[Any]], branch: Branch) -> bool:
    """Whether a branch is taken for nothing but these values."""
    asked = compared(branch)
    return bool(asked) and all(
        (each.value if each.sign else True) in known.get(each.slot, frozenset()) for each in asked
    )


def never_taken(step: Step, slots: Slots) -> Iterator[str]:
    """Find branches that cannot be, or that another one stands in front of, wholly or in part.

    Args:
        step: The step.
        slots: The slots of the domain.
    """
    conditions = [branch.condition for branch in step.branches]
    if None in conditions[:-1]:
        yield "has an else before an if, which is never asked then"
        return
    asked = [each for each in conditions if each is not None]
    cases = _cases(asked, slots)
    can_be: set[int] = set()
    is_first: set[int] = set()
    for case in cases:
        judge = partial(_holds, case=case)
        held = [number for number, each in enumerate(asked, 1) if each.judged(judge)]
        can_be.update(held)
        is_first.update(held[:1])
    for number in range(1, len(asked) + 1) if cases else ():
        if number not in can_be:
            yield f"its branch {number} asks what can never be"
        elif number not in is_first:
            yield f"its branch {number} asks what was asked before"
    yield from _taken_in_part(asked, is_first)


def _taken_in_part(asked: Sequence[Predicate], is_first: Iterable[int]) -> Iterator[str]:
    """Find values that one branch waits for among others, and one before it takes."""
    named: dict[str, set[Any]] = {}
    for number, condition in enumerate(asked, 1):
        waits = condition.named()
        for name, values in waits.items():
            for each in sorted(map(str, values & named.get(name, set()))):
                if number in is_first:
                    yield f"its branch {number} asks for {name} {each}, which one before it takes"
            named.setdefault(name, set()).update(values)


def _cases(asked: Sequence[Predicate], slots: Slots) -> Sequence[Mapping[Any, Any]]:
    """All that can be the case, as far as these conditions tell it apart; none if it is too much.

    A case holds the value of each name, and the truth of each comparison that is a search.
    """
    comparisons = [each for condition in asked for each in condition.comparisons()]
    possible: dict[Any, Sequence[Any]] = {}
    for each in comparisons:
        if each.sign in _SEARCHED:
            possible[each] = (True, False)
        else:
            possible[each.name] = _values(each.name, comparisons, slots)
    if prod(map(len, possible.values())) > _MOST_CASES:
        return ()
    return [dict(zip(possible, case, strict=True)) for case in product(*possible.values())]


def _values(name: str, comparisons: Iterable[Comparison], slots: Slots) -> Sequence[Any]:
    """The values of a name that conditions can tell apart."""
    constants = {each.value for each in comparisons if each.name == name and each.sign} - {None}
    slot = slots.get(name.removeprefix("slots."), {}) if name.startswith("slots.") else {}
    match slot.get("type"):
        case "categorical":
            return (None, *slot["values"])
        case "bool":
            return (None, True, False)
        case "float":
            near = {each + by for each in _numbers(constants) for by in (-_HALF, 0.0, _HALF)}
            return (None, *sorted(near or {0.0, 1.0}))
    numbers = {each + by for each in _numbers(constants) for by in (-_HALF, _HALF)}
    return (None, _OTHER, *{*constants, *numbers})


def _numbers(constants: Iterable[Any]) -> list[float]:
    return [each for each in constants if isinstance(each, float)]


def _holds(each: Comparison, case: Mapping[Any, Any]) -> bool:
    if each.sign in _SEARCHED:
        return bool(case[each])
    return replace(each, name="value").holds({"value": case[each.name]})
