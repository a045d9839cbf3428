"""Proves what can be known of flows without playing them.

Everything they name exists and can be reached; every outcome that an action may come to is handled;
every path ends, and has said something by then; nothing goes round without the customer; and a
question that was interrupted is asked again once, by one voice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ges_connector.flows.branches import ORDERED, compared, named_in, never_taken
from ges_connector.flows.engine import (
    ENGINE_ACTIONS,
    ENGINE_PATTERNS,
    ENGINE_RESPONSES,
    ENGINE_SLOTS,
    OF_ANY_STEP,
    OF_FLOWS,
    OF_STEPS,
)
from ges_connector.flows.heads import persisted, triggers, triggers_twice
from ges_connector.flows.model import END, Branch
from ges_connector.flows.nearest import near
from ges_connector.flows.paths import Paths, reachable, reachable_silently
from ges_connector.flows.predicates import Predicate, PredicateError
from ges_connector.flows.rounds import rounds
from ges_connector.flows.sentences import (
    UNKNOWN_CHANNEL,
    UNTRANSLATED,
    faults_in_response,
    untranslated,
)
from ges_connector.flows.slots import BY_MODEL, CONTROLLED, filled_by, may_hold, run_every_turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ges_connector.flows.facts import Facts
    from ges_connector.flows.model import Flow, Flows, Step

_RESUMING: Final = "pattern_continue_interrupted"
_CALLED_BY_NAME: Final = frozenset({"action_session_start"})
"""Actions that the engine runs although no flow names them, where an assistant has its own."""
_UNTOLD: Final = "tells the model nothing of the answer"
_UNKNOWN: Final = "which the engine does not know"
_COMPARED: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(ORDERED, frozenset({"any", "float"})),
    "matches": frozenset({"any", "categorical", "text"}),
    "contains": frozenset({"any", "categorical", "list", "text"}),
}
"""The types of slots that a comparison is for."""
_EQUALS: Final = frozenset({"is", "is not", "=", "==", "!="})
_TYPES: Final = frozenset({"any", "bool", "categorical", "float", "list", "text"})
"""The types of slots that the engine has; others are classes of the assistant, by module."""


def faults_of(flows: Flows, domain: Mapping[str, Mapping[str, Any]], facts: Facts) -> list[str]:
    """Check flows; gives every fault, with its place.

    Args:
        flows: All flows.
        domain: `slots`, `actions` and `responses`, of all its files together.
        facts: What the code does.
    """
    check = _Check(flows, domain, facts)
    return sorted({*check.whole(), *(each for flow in flows.values() for each in check.flow(flow))})


def is_remark(fault: str) -> bool:
    """Whether the engine does without what is missing: ours have it, those of others may not.

    Args:
        fault: What `faults_of` told.
    """
    return any(each in fault for each in (_UNTOLD, UNTRANSLATED, UNKNOWN_CHANNEL))


@dataclass(frozen=True, slots=True)
class _Check:
    flows: Flows
    domain: Mapping[str, Mapping[str, Any]]
    facts: Facts

    @property
    def paths(self) -> Paths:
        return Paths(self.flows, self.domain, self.facts)

    # --- all of it --------------------------------------------------------------------------------

    def whole(self) -> Iterator[str]:
        yield from self.facts.missing
        yield from self._slots()
        for name, variations in self.domain["responses"].items():
            found = faults_in_response(name, variations, self.domain, self.facts)
            yield from (f"domain: {name} {fault}" for fault in found)
        for name in sorted(self.facts.said - self.domain["responses"].keys()):
            yield f"domain: the response {name} is missing, which actions say"
        used = self._used()
        for name in sorted(set(self.domain["actions"]) - self.facts.actions):
            yield f"domain: {name} is registered by no code{near(name, self.facts.actions)}"
        for name in sorted(set(self.domain["actions"]) - used - _CALLED_BY_NAME):
            yield f"domain: {name} is run by no flow"
        called = self._named_by("call", "link")
        yield from self._alike()
        yield from triggers_twice(self.flows)
        for name, flow in self.flows.items():
            if not flow.is_startable and not flow.is_pattern and name not in called:
                yield f"{name}: is started by nobody"
        if _RESUMING not in self.flows and any(flow.is_startable for flow in self.flows.values()):
            yield f"{_RESUMING}: is missing, and the engine's own asks before it goes on"

    def _alike(self) -> Iterator[str]:
        """Find flows that the model could not tell from another; the engine takes none such."""
        for word in ("name", "description"):
            first: dict[str, str] = {}
            for flow in self.flows.values():
                told = "".join(filter(str.isalnum, str(flow.options.get(word) or "")))
                if told and told in first:
                    yield f"{flow.id}: has the {word} of {first[told]}"
                first.setdefault(told, flow.id)

    def _slots(self) -> Iterator[str]:
        collected = self._named_by("collect")
        for name, slot in self.domain["slots"].items():
            kind = str(slot.get("type") or "none")
            if kind not in _TYPES and "." not in kind:
                yield f"domain: the slot {name} is of type {kind}, {_UNKNOWN}"
            if filled_by(slot) == BY_MODEL and name not in collected:
                yield f"domain: {name} is collected by no flow"
            if name in self.facts.guarded and filled_by(slot) != CONTROLLED:
                yield f"domain: {name} is not set by actions alone"
        for name in sorted(self.facts.guarded - self.domain["slots"].keys()):
            yield f"domain: the slot {name} is missing, which actions set"
        for name in sorted(ENGINE_SLOTS & self.domain["slots"].keys()):
            yield f"domain: the slot {name} belongs to the engine"

    def _used(self) -> set[str]:
        collected = self._named_by("collect")
        asked = {f"{stem}{slot}" for slot in collected for stem in ("action_ask_", "validate_")}
        return self._named_by("action") | asked | {*run_every_turn(self.domain["slots"])}

    def _named_by(self, *kinds: str) -> set[str]:
        """What the steps of these kinds are about, in all flows."""
        steps = (step for flow in self.flows.values() for step in flow.steps.values())
        return {step.name for step in steps if step.kind in kinds}

    # --- one flow ---------------------------------------------------------------------------------

    def flow(self, flow: Flow) -> Iterator[str]:
        yield from self._head(flow)
        lost = [step for step in flow.steps.values() if self._leads_nowhere(flow, step)]
        for step in flow.steps.values():
            yield from (f"{flow.id}.{step.id}: {fault}" for fault in self._step(flow, step))
        if lost:
            return
        reached = reachable(flow, flow.first.id)
        for step in flow.steps.values():
            if step.id not in reached:
                yield f"{flow.id}.{step.id}: cannot be reached"
            if END not in reachable(flow, step.id):
                yield f"{flow.id}.{step.id}: no way leads to the end"
        yield from self.paths.endless(flow)
        yield from self.paths.unbegun(flow)
        yield from self.paths.wordless(flow)
        yield from rounds(flow, self.flows)

    def _head(self, flow: Flow) -> Iterator[str]:
        if not flow.options.get("description"):
            yield f"{flow.id}: has no description"
        if not flow.is_pattern and "name" not in flow.options:
            yield f"{flow.id}: has no name"
        for word in sorted(flow.options.keys() - OF_FLOWS):
            yield f"{flow.id}: has {word}, {_UNKNOWN}"
        yield from (f"{flow.id}: {fault}" for fault in self._guard(flow.options.get("if")))
        yield from (f"{flow.id}: {fault}" for fault in persisted(flow, self.flows, self.domain))
        yield from (f"{flow.id}: {fault}" for fault in triggers(flow, self.domain))
        if flow.is_pattern:
            yield from self._unknown_pattern(flow)
            return
        for fault in untranslated(flow.options.get("translation") or {}, self.facts):
            yield f"{flow.id}: its name {fault}"

    def _guard(self, guard: Any) -> Iterator[str]:
        """Find what is wrong with the condition on which a flow may begin."""
        if guard is None or isinstance(guard, bool):
            return
        try:
            yield from self._condition(Branch(END, Predicate.parse(str(guard))))
        except PredicateError as error:
            yield str(error)

    def _unknown_pattern(self, flow: Flow) -> Iterator[str]:
        steps = (step for other in self.flows.values() for step in other.steps.values())
        is_led_to = any(step.kind in {"call", "link"} and step.name == flow.id for step in steps)
        if flow.id not in ENGINE_PATTERNS and not is_led_to:
            meant = near(flow.id, ENGINE_PATTERNS)
            yield f"{flow.id}: is no pattern of the engine, which never runs it{meant}"

    def _leads_nowhere(self, flow: Flow, step: Step) -> bool:
        return any(branch.target not in {END, *flow.steps} for branch in step.branches)

    def _step(self, flow: Flow, step: Step) -> Iterator[str]:
        known = {step.kind, *OF_ANY_STEP, *OF_STEPS.get(step.kind, ())}
        for word in sorted(step.options.keys() - known):
            yield f"has {word}, {_UNKNOWN}"
        yield from never_taken(step, self.domain["slots"])
        for branch in step.branches:
            if branch.target not in {END, *flow.steps}:
                meant = near(branch.target, flow.steps)
                yield f"leads to {branch.target or 'nowhere'}, which is no step{meant}"
            yield from self._condition(branch)
        if all(branch.condition is not None for branch in step.branches):
            yield "has no else"
        yield from self._of_kind(flow, step)

    def _of_kind(self, flow: Flow, step: Step) -> Iterator[str]:
        match step.kind:
            case "collect":
                yield from self._collect(flow, step)
                yield from self._rejections(step)
            case "action":
                yield from self._action(step)
                yield from self._aside(flow, step)
            case "call" | "link":
                yield from self._other_flow(flow, step)
            case "set_slots":
                for pair in step.options["set_slots"]:
                    for name, value in pair.items():
                        yield from self._slot_set(name, value)
                        yield from self._of_another(flow, "sets", name)

    def _slot_set(self, name: str, value: Any) -> Iterator[str]:
        slot = self.domain["slots"].get(name)
        if slot is None:
            if name not in ENGINE_SLOTS:
                yield f"sets {name}, which is no slot{near(name, self.domain['slots'])}"
        elif name in self.facts.guarded:
            yield f"sets {name}, which actions alone may set"
        elif not may_hold(slot, value):
            yield f"sets {name} to {value}, which it cannot be"
        elif value is not None and value not in self.facts.taken.get(name, {value}):
            there_are = ", ".join(sorted(map(str, self.facts.taken[name])))
            yield f"sets {name} to {value}, which nothing takes; there are: {there_are}"

    def _of_another(self, flow: Flow, does: str, name: str) -> Iterator[str]:
        """Find a slot that is filled beside the question it is for."""
        asking = self.facts.asked_by.get(name, flow.id)
        if asking != flow.id:
            yield f"{does} {name}, which only {asking} asks for"

    def _condition(self, branch: Branch) -> Iterator[str]:
        for each in () if branch.condition is None else branch.condition.comparisons():
            space, _, name = each.name.partition(".")
            if space not in {"slots", "context"}:
                yield f"asks for {each.name}, which is neither a slot nor of the context"
            if space != "slots" or name in ENGINE_SLOTS:
                continue
            slot = self.domain["slots"].get(name)
            kind = None if slot is None else slot.get("type")
            if slot is None:
                meant = near(name, self.domain["slots"])
                yield f"asks for the slot {name}, which there is not{meant}"
            elif each.sign in _EQUALS and not may_hold(slot, each.value):
                yield f"asks whether {name} is {each.value}, which it never is"
            elif each.sign and kind not in _COMPARED.get(each.sign, {kind}):
                yield f"asks whether {name} {each.sign} {each.value}, and it is {kind}"
            elif each.sign in ORDERED and not isinstance(each.value, float):
                yield f"asks whether {name} {each.sign} {each.value}, which is no number"

    def _collect(self, flow: Flow, step: Step) -> Iterator[str]:
        slot = self.domain["slots"].get(step.name)
        if step.name in ENGINE_SLOTS:
            return
        if slot is None:
            yield f"collects {step.name}, which is no slot{near(step.name, self.domain['slots'])}"
            return
        if step.name in self.facts.guarded:
            yield f"collects {step.name}, which the model may not fill"
        elif filled_by(slot) == CONTROLLED and not self._is_filled(step):
            yield f"collects {step.name}, which is controlled, and no button fills it"
        yield from self._of_another(flow, "collects", step.name)
        if not step.options.get("description"):
            yield _UNTOLD
        yield from self._asking(step)
        is_seen_again = step.id in {
            each for branch in step.branches for each in reachable(flow, branch.target)
        }
        if is_seen_again and not step.options.get("ask_before_filling"):
            yield "comes round again, and would not ask again"
        if "length" in step.options.get("dtmf", {}) and "finish_on_key" in step.options["dtmf"]:
            yield "takes keys by length and by a last key"

    def _asking(self, step: Step) -> Iterator[str]:
        """Find what asks for a slot by nothing, by what there is not, or by two voices."""
        said = {*self.domain["responses"], *ENGINE_RESPONSES}
        if "utter" in step.options and step.asks not in said:
            yield f"asks by {step.asks}, which there is not{near(step.asks, said)}"
            return
        asks = [step.asks in said, f"action_ask_{step.name}" in self.domain["actions"]]
        if not any(asks):
            yield f"nothing asks for {step.name}"
        if all(asks):
            yield f"{step.name} is asked for twice"

    def _rejections(self, step: Step) -> Iterator[str]:
        """Find answers that the engine would not have looked at, or not as it is written."""
        validating = f"validate_{step.name}"
        if validating in self.facts.actions - self.domain["actions"].keys():
            yield f"collects {step.name}, and the domain does not know {validating}, which is there"
        for each in step.options.get("rejections") or ():
            if not isinstance(each, dict) or not {"if", "utter"} <= each.keys():
                yield "has a rejection without an if and an utter"
                continue
            if each["utter"] not in {*self.domain["responses"], *ENGINE_RESPONSES}:
                yield f"rejects with {each['utter']}, which there is not"
            try:
                yield from self._condition(Branch(END, Predicate.parse(str(each["if"]))))
            except PredicateError as error:
                yield f"rejects on {error}"

    def _is_filled(self, step: Step) -> bool:
        """Whether anything but the customer's words fills a slot: an action, or a button."""
        asking = {f"{stem}{step.name}" for stem in ("action_ask_", "validate_")}
        asked = self.domain["responses"].get(step.asks)
        is_pressed = f"/SetSlots({step.name}=" in str(asked)
        return is_pressed or bool(asking & self.domain["actions"].keys())

    def _action(self, step: Step) -> Iterator[str]:
        if step.name.startswith("utter_"):
            if step.name not in self.domain["responses"] and step.name not in ENGINE_RESPONSES:
                meant = near(step.name, self.domain["responses"])
                yield f"says {step.name}, which there is not{meant}"
            return
        if step.name in ENGINE_ACTIONS:
            return
        if step.name not in self.domain["actions"]:
            meant = near(step.name, self.domain["actions"])
            yield f"runs {step.name}, which the domain does not know{meant}"
        elif step.name not in self.facts.actions:
            yield f"runs {step.name}, which no code registers{near(step.name, self.facts.actions)}"
        yield from self._outcomes(step)

    def _outcomes(self, step: Step) -> Iterator[str]:
        """Every outcome is named, none that cannot be; a flag needs one branch and an else."""
        named = named_in(step)
        for slot, possible in self.facts.outcomes.get(step.name, {}).items():
            handled = named.get(slot, set())
            if slot not in named and step.name not in self.facts.followed:
                continue
            yield from (f"leaves {slot} {each} to chance" for each in sorted(possible - handled))
            yield from (
                f"waits for {slot} {each}, which never comes" for each in sorted(handled - possible)
            )

    def _aside(self, flow: Flow, step: Step) -> Iterator[str]:
        """Find where a flow goes on though the message belongs to one that is open below it."""
        slot = self.facts.aside.get(step.name)
        if slot is None or not flow.is_startable:
            return
        behind = (flow.steps.get(each) for each in reachable_silently(flow, step))
        judging = [step, *(each for each in behind if each is not None and each.kind == "noop")]
        asked = (each for one in judging for branch in one.branches for each in compared(branch))
        if not any(each.slot == slot for each in asked):
            yield f"does not branch on {slot}, which tells that another flow goes on by itself"

    def _other_flow(self, flow: Flow, step: Step) -> Iterator[str]:
        # A tool of a server is called by the same word.
        if step.name not in self.flows and "mcp_server" not in step.options:
            yield f"goes to {step.name}, which is no flow{near(step.name, self.flows)}"
        if step.kind == "call" and flow.is_pattern:
            yield "a pattern may not call a flow"
        is_last = all(branch.target == END for branch in step.branches)
        if step.kind == "link" and (not is_last or "next" in step.options):
            yield "has steps behind a link, or a next, which the engine takes neither of"
        if step.kind == "call" and self._has_link(step.name):
            yield f"calls {step.name}, which has a link: only its caller may have one"
        if step.kind == "link" and step.name in self.facts.begun_by:
            yield f"links to {step.name}, which is to be called: its caller has to go on behind it"
        if step.kind == "call" and step.name in self.flows:
            yield from self.paths.left_to_caller(step)

    def _has_link(self, flow: str) -> bool:
        called = self.flows.get(flow)
        return called is not None and any(each.kind == "link" for each in called.steps.values())
