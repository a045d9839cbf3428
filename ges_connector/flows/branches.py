"""The branches of a step: what they ask for, and whether each of them can be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ges_connector.flows.model import Branch, Step
    from ges_connector.flows.predicates import Comparison, Predicate


def compared(branch: Branch) -> list[Comparison]:
    """List the comparisons of its condition; none for an else."""
    return [] if branch.condition is None else list(branch.condition.comparisons())


def named_in(step: Step) -> dict[str, set[Any]]:
    """Tell the values that the branches of a step wait for, by slot."""
    named: dict[str, set[Any]] = {}
    for branch in step.branches:
        found = {} if branch.condition is None else branch.condition.named()
        for name, values in found.items():
            named.setdefault(name.removeprefix("slots."), set()).update(values)
    return named


def asks_only_for(known: Mapping[str, frozenset[Any]], branch: Branch) -> bool:
    """Whether a branch is taken for nothing but these values."""
    asked = [(each.name.removeprefix("slots."), each) for each in compared(branch)]
    return bool(asked) and all(
        (each.value if each.sign else True) in known.get(name, frozenset()) for name, each in asked
    )


def never_taken(step: Step) -> Iterator[str]:
    """Find branches that another one stands in front of."""
    asked: list[Predicate | None] = []
    named: dict[str, set[Any]] = {}
    for number, branch in enumerate(step.branches, 1):
        if None in asked:
            yield "has an else before an if, which is never asked then"
            return
        waits = {} if branch.condition is None else branch.condition.named()
        is_named = any(values <= named.get(name, set()) for name, values in waits.items())
        if branch.condition in asked or (len(waits) == 1 and is_named):
            yield f"its branch {number} asks what was asked before"
        asked.append(branch.condition)
        for name, values in waits.items():
            named.setdefault(name, set()).update(values)


def may_hold(slot: Mapping[str, Any], value: Any) -> bool:
    """Whether a slot of a domain can have a value."""
    if value is None:
        return True
    match slot["type"]:
        case "categorical":
            return value in slot["values"]
        case "bool":
            return isinstance(value, bool)
        case "float":
            return isinstance(value, float)
        case "text":
            return isinstance(value, str)
    return False
