"""What a flow says of itself besides its steps: which slots outlive it, which intents begin it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ges_connector.flows.engine import ENGINE_INTENTS, ENGINE_SLOTS
from ges_connector.flows.nearest import near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ges_connector.flows.model import Flow, Flows, Step


def persisted(flow: Flow, flows: Flows, domain: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Find what is wrong with the slots that are to be kept at the end of a flow.

    Args:
        flow: The flow.
        flows: All flows.
        domain: `slots`, `actions` and `responses`, of all its files together.
    """
    names = flow.options.get("persisted_slots") or []
    if not isinstance(names, list):
        yield "has persisted_slots that are no list of names"
        return
    steps = list(_with_called(flow, flows, set()))
    filled = {name for step in steps for name in _filled_by(step)}
    known = {*domain["slots"], *ENGINE_SLOTS}
    for name in map(str, names):
        if name not in known:
            yield f"keeps {name}, which is no slot{near(name, known)}"
        elif name not in filled:
            yield f"keeps {name}, which no step of it collects or sets{near(name, filled)}"
    if any("reset_after_flow_ends" in step.options for step in steps if names):
        yield "has persisted_slots beside reset_after_flow_ends, and the engine takes one of them"


def triggers(flow: Flow, domain: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Find intents that begin a flow and that there are not.

    Args:
        flow: The flow.
        domain: `intents` among its parts, where there are any.
    """
    known = {*domain.get("intents", ()), *ENGINE_INTENTS}
    for name in _intents(flow):
        if name not in known:
            yield f"is begun by the intent {name}, which there is not{near(name, known)}"


def triggers_twice(flows: Flows) -> Iterator[str]:
    """Find intents that begin two flows: the engine takes none such.

    Args:
        flows: All flows.
    """
    first: dict[str, str] = {}
    for flow in flows.values():
        for name in dict.fromkeys(_intents(flow)):
            if first.setdefault(name, flow.id) != flow.id:
                yield f"{flow.id}: is begun by the intent {name}, which begins {first[name]}"


def _intents(flow: Flow) -> Iterator[str]:
    listed = flow.options.get("nlu_trigger") or ()
    for each in listed if isinstance(listed, list) else ():
        told = each.get("intent") if isinstance(each, dict) else each
        yield str(told.get("name") if isinstance(told, dict) else told)


def _with_called(flow: Flow, flows: Flows, seen: set[str]) -> Iterator[Step]:
    """The steps of a flow and of those that it calls."""
    seen.add(flow.id)
    for step in flow.steps.values():
        yield step
        called = flows.get(step.name) if step.kind == "call" else None
        if called is not None and called.id not in seen:
            yield from _with_called(called, flows, seen)


def _filled_by(step: Step) -> Iterator[str]:
    if step.kind == "collect":
        yield step.name
    for pair in step.options.get("set_slots") or ():
        yield from pair
