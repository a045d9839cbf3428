"""The paths that flows can take: where they end, what was said by then, and what they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ges_connector.flows.branches import asks_only_for, compared, named_in
from ges_connector.flows.engine import ENGINE_ACTIONS, ENGINE_FOLLOWED, ENGINE_SPEAKS
from ges_connector.flows.model import END

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ges_connector.flows.facts import Facts
    from ges_connector.flows.model import Branch, Flow, Flows, Step


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of flows, as far as the code that they run is known.

    Attributes:
        flows: All flows.
        domain: `slots`, `actions` and `responses`, of all its files together.
        facts: What the code does.
    """

    flows: Flows
    domain: Mapping[str, Mapping[str, Any]]
    facts: Facts

    def left_to_caller(self, step: Step) -> Iterator[str]:
        """Find what a called flow leaves to the one that calls it, and that one does not take."""
        named = named_in(step)
        for slot, values in self.facts.passed_on.items():
            left = {
                each.value
                for _, branch in self._silent_ends(self.flows[step.name])
                for each in compared(branch)
                if each.slot == slot and each.value in values
            }
            for each in sorted(left - named.get(slot, set())):
                yield f"leaves {slot} {each} to chance, with which {step.name} ends without a word"

    def endless(self, flow: Flow) -> Iterator[str]:
        """Find what goes round without the customer saying anything."""
        for step in flow.steps.values():
            if step.kind not in {"collect", "call"} and step.id in reachable_silently(flow, step):
                yield f"{flow.id}.{step.id}: goes round without asking anything"

    def unbegun(self, flow: Flow) -> Iterator[str]:
        """Find calls of what has to be begun first, and is not on every way there.

        What is only called or linked to may have been begun by another flow.
        """
        seen: set[tuple[str, str]] = set()
        told: set[str] = set()
        waiting = [(flow.first.id, name) for name in self.facts.begun_by] * flow.is_startable
        while waiting:
            at, name = waiting.pop()
            if (at, name) in seen or at not in flow.steps:
                continue
            seen.add((at, name))
            step, beginning = flow.steps[at], self.facts.begun_by[name]
            if step.kind == "call" and step.name == name:
                told.add(at)
            elif not self._begins(step, beginning, frozenset({flow.id})):
                waiting += [(branch.target, name) for branch in step.branches]
        for at in sorted(told):
            name = flow.steps[at].name
            some = ", ".join(sorted(self.facts.begun_by[name]))
            yield f"{flow.id}.{at}: calls {name}, and nothing was begun: one of {some} comes first"

    def _begins(self, step: Step, beginning: frozenset[str], callers: frozenset[str]) -> bool:
        """Whether a step begins it, be it in a flow that it calls."""
        called = self.flows.get(step.name) if step.kind == "call" else None
        if called is None or called.id in callers:
            return step.kind == "action" and step.name in beginning
        inside = called.steps.values()
        return any(self._begins(each, beginning, callers | {called.id}) for each in inside)

    def wordless(self, flow: Flow) -> Iterator[str]:
        """Find ends at which nothing was said since the customer spoke last.

        Where `run_pattern_completed` stands, the engine asks what else there is.
        """
        is_left_to_engine = flow.options.get("run_pattern_completed") is not False
        if not self._is_to_speak(flow) if flow.is_pattern else is_left_to_engine:
            return
        is_called = any(
            step.kind == "call" and step.name == flow.id
            for other in self.flows.values()
            for step in other.steps.values()
        )
        for step, branch in self._silent_ends(flow):
            if not (is_called and not flow.is_startable and self._is_passed_on(branch)):
                yield f"{flow.id}.{step.id}: ends without a word"

    def _silent_ends(
        self, flow: Flow, callers: frozenset[str] = frozenset()
    ) -> Iterator[tuple[Step, Branch]]:
        """Find where a flow ends and has said nothing, nor does another one that is open."""
        seen: set[tuple[str, bool]] = set()
        waiting = [(flow.first.id, False)]
        while waiting:
            at, has_spoken = waiting.pop()
            if (at, has_spoken) in seen:
                continue
            seen.add((at, has_spoken))
            step = flow.steps[at]
            spoken = self._speaks(step, has_spoken=has_spoken)
            if step.kind == "call":
                spoken = has_spoken or self._speaks_when_called(step, callers | {flow.id})
            for branch in self._possible(flow, step):
                is_left = step.kind == "call" and self._is_passed_on(branch)
                now = has_spoken if is_left else spoken
                if branch.target not in {END, *flow.steps}:
                    continue
                if branch.target != END:
                    waiting.append((branch.target, now))
                elif not now and not self._is_elsewhere(branch):
                    yield step, branch

    def _speaks_when_called(self, step: Step, callers: frozenset[str]) -> bool:
        """Whether a called flow says something, unless it leaves that to the one that calls it."""
        called = self.flows.get(step.name)
        if called is None or called.id in callers:
            return True
        return all(self._is_passed_on(each) for _, each in self._silent_ends(called, callers))

    def _is_to_speak(self, flow: Flow) -> bool:
        """Whether a pattern says anything at all; those that only lead back do not."""
        return any(
            self._speaks(step, has_spoken=False) for step in flow.steps.values()
        ) and not any(
            step.name in {"action_correct_flow_slot", *ENGINE_FOLLOWED - {"action_hangup"}}
            for step in flow.steps.values()
        )

    def _possible(self, flow: Flow, step: Step) -> Iterator[Branch]:
        """Leave out an else that nothing is left for."""
        named = named_in(step)
        is_complete = any(
            values >= self._values(flow, step, slot) for slot, values in named.items()
        )
        for branch in step.branches:
            if branch.condition is None and len(step.branches) > 1 and is_complete:
                continue
            yield branch

    def _values(self, flow: Flow, step: Step, slot: str) -> frozenset[Any]:
        """What a slot can hold behind a step: what its action sets, or those that lead to it."""
        own = self.facts.outcomes.get(step.name, {}).get(slot)
        if own is not None:
            return own
        before = [
            self._outcome_of(each).get(slot)
            for each in flow.steps.values()
            if any(branch.target == step.id for branch in each.branches)
        ]
        known = [values for values in before if values is not None]
        if known and len(known) == len(before):
            return frozenset().union(*known)
        everything = self.domain["slots"].get(slot, {}).get("values", [])
        return frozenset(everything) or frozenset({object()})

    def _outcome_of(self, step: Step) -> Mapping[str, frozenset[Any]]:
        name = f"validate_{step.name}" if step.kind == "collect" else step.name
        return self.facts.outcomes.get(name, {})

    def _speaks(self, step: Step, *, has_spoken: bool) -> bool:
        match step.kind:
            case "collect":
                return False
            case "call" | "link":
                return True
            case "action" if step.name in ENGINE_ACTIONS:
                return has_spoken or step.name in ENGINE_SPEAKS
            case "action":
                return has_spoken or step.name not in self.facts.silent
        return has_spoken

    def _is_elsewhere(self, branch: Branch) -> bool:
        return asks_only_for(self.facts.elsewhere, branch)

    def _is_passed_on(self, branch: Branch) -> bool:
        both = {
            slot: values | self.facts.elsewhere.get(slot, frozenset())
            for slot, values in self.facts.passed_on.items()
        }
        return asks_only_for({**self.facts.elsewhere, **both}, branch)


def reachable(flow: Flow, start: str) -> set[str]:
    """Every step that can be reached from one, itself and the end among them."""
    return reached_from(flow, [start])


def reachable_silently(flow: Flow, step: Step) -> set[str]:
    """Every step that can be reached from behind one without the customer saying anything."""
    behind = (branch.target for branch in step.branches)
    return reached_from(flow, behind, not_past=of_kind(flow, "collect", "call"))


def of_kind(flow: Flow, *kinds: str) -> set[str]:
    """The ids of all steps of some kinds."""
    return {step.id for step in flow.steps.values() if step.kind in kinds}


def reached_from(
    flow: Flow, starts: Iterable[str], *, not_past: Collection[str] = frozenset()
) -> set[str]:
    """Every step that can be reached, the first ones and the end among them.

    Args:
        flow: The flow.
        starts: The first ones.
        not_past: Ids of steps at which a way ends.
    """
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            known = flow.steps.get(at)
            is_passed = known is not None and at not in not_past
            waiting += [branch.target for branch in known.branches] if known and is_passed else []
    return seen
