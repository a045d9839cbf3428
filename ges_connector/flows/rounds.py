"""Flows that come back to themselves by calls and links, and would never ask anything again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ges_connector.flows.paths import of_kind, reached_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ges_connector.flows.model import Flow, Flows, Step


def rounds(flow: Flow, flows: Flows) -> Iterator[str]:
    """Find ways of a flow that lead back to it for ever; each with its place.

    Args:
        flow: The flow.
        flows: All flows.
    """
    if _comes_back(flow, flows, "call", "link"):
        yield f"{flow.id}: comes back to itself for ever, by calls and links"
        return
    for kind in ("call", "link"):
        if _comes_back(flow, flows, kind, is_filled=True):
            for step in _before_asking(flow, kind, is_filled=True):
                if step.kind == "collect":
                    yield f"{flow.id}.{step.id}: comes round by a {kind}, and would not ask again"


def _comes_back(flow: Flow, flows: Flows, *kinds: str, is_filled: bool = False) -> bool:
    """Whether a flow leads back to itself before anything is asked.

    Args:
        flow: The flow.
        flows: All flows.
        kinds: By which steps: calls, links.
        is_filled: Whether the slots hold what was answered the first time.
    """
    seen: set[str] = set()
    waiting = [flow]
    while waiting:
        for step in _before_asking(waiting.pop(), *kinds, is_filled=is_filled):
            if step.kind in kinds and step.name not in seen:
                seen.add(step.name)
                waiting += [flows[step.name]] if step.name in flows else []
    return flow.id in seen


def _before_asking(flow: Flow, *kinds: str, is_filled: bool) -> Iterator[Step]:
    """Yield the steps that a flow takes before it asks, or hands over to another one."""
    asking = of_kind(flow, "collect")
    if is_filled:
        asking = {each for each in asking if _asks_again(flow, flow.steps[each], kinds)}
    stops = asking | of_kind(flow, "call", "link")
    reached = reached_from(flow, [flow.first.id], not_past=stops)
    yield from (step for step in flow.steps.values() if step.id in reached - asking)


def _asks_again(flow: Flow, step: Step, kinds: Iterable[str]) -> bool:
    """Whether a slot is asked for that was filled before: a call leaves it as it is."""
    pairs = (each for one in flow.steps.values() for each in one.options.get("set_slots") or ())
    is_emptied = any(step.name in pair and pair[step.name] is None for pair in pairs)
    # A flow that links to another one ends, and empties what it does not keep.
    kept = map(str, flow.options.get("persisted_slots") or ())
    is_reset = step.options.get("reset_after_flow_ends", True) and step.name not in kept
    return bool(
        step.options.get("ask_before_filling") or is_emptied or ("link" in kinds and is_reset)
    )
