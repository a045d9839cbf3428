"""Proves what can be known of flows without playing them.

Everything they name exists and can be reached; every outcome that an action may come to is handled;
every path ends, and has said something by then; nothing goes round without the customer; and a
question that was interrupted is asked again once, by one voice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ges_connector.flows.model import END
from ges_connector.flows.walking import ENGINE_ACTIONS, ENGINE_RESPONSES, ENGINE_SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ges_connector.flows.model import Branch, Flow, Flows, Step
    from ges_connector.flows.predicates import Comparison, Predicate

_RESUMING: Final = "pattern_continue_interrupted"
_CALLED_BY_NAME: Final = frozenset({"action_session_start"})
"""Actions that the engine runs although no flow names them, where an assistant has its own."""
_UNTOLD: Final = "tells the model nothing of the answer"
_UNTRANSLATED: Final = "is not translated"
_UNKNOWN: Final = "which the engine does not know"
_CONTROLLED: Final = "controlled"
_OF_ANY_STEP: Final = frozenset({"metadata"})
_OF_STEPS: Final[Mapping[str, frozenset[str]]] = {
    "call": frozenset({"description", "exit_if", "mapping", "mcp_server"}),
    "collect": frozenset(
        {
            "ask_before_filling",
            "collect-tool-binding",
            "description",
            "dtmf",
            "force_slot_filling",
            "rejections",
            "reset_after_flow_ends",
            "silence_timeout",
            "utter",
        }
    ),
}
"""What the engine knows of each kind of step, besides its id and where it leads."""
_OF_FLOWS: Final = frozenset(
    {
        "always_include_in_prompt",
        "description",
        "file_path",
        "if",
        "metadata",
        "name",
        "nlu_trigger",
        "on_activate",
        "persisted_slots",
        "run_pattern_completed",
        "translation",
    }
)
"""What the engine knows of a flow, besides its steps."""
_BY_MODEL: Final = "from_llm"
_EQUALS: Final = frozenset({"is", "is not", "=", "==", "!="})
_ENGINE_SPEAKS: Final = frozenset(
    {
        "action_clarify_flows",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_default_capabilities",
        "action_default_fallback",
        "action_repeat_bot_messages",
        "action_send_text",
        "action_trigger_chitchat",
        "action_trigger_search",
    }
)
_ENGINE_FOLLOWED: Final = frozenset(
    {"action_cancel_interrupted_flows", "action_continue_interrupted_flow", "action_hangup"}
)
"""What is followed by something that speaks, or by nothing at all."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What flows can rely on in the code.

    Attributes:
        actions: Names of the custom actions that the action server registers.
        silent: Those of them that say nothing by themselves.
        outcomes: What an action may set the slots to that flows branch on.
        elsewhere: Values of slots on which a flow may end without a word, because another flow, or
            one that is open besides, speaks.
        passed_on: Values of slots on which a called flow may end without a word, because the one
            that called it has to go on by them.
        guarded: Slots that only the code may set: no step of a flow, no model, and no mapping.
        filled_in: What the words of a response have to leave room for, by its name: an action fills
            it in, and customers are to hear it.
        languages: Into which names and responses are to be translated; None for any.
    """

    actions: frozenset[str]
    silent: frozenset[str] = frozenset()
    outcomes: Mapping[str, Mapping[str, frozenset[Any]]] = field(default_factory=dict)
    elsewhere: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    passed_on: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()
    filled_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    languages: frozenset[str] | None = None


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
    return _UNTOLD in fault or _UNTRANSLATED in fault


@dataclass(frozen=True, slots=True)
class _Check:
    flows: Flows
    domain: Mapping[str, Mapping[str, Any]]
    facts: Facts

    # --- all of it --------------------------------------------------------------------------------

    def whole(self) -> Iterator[str]:
        yield from self._slots()
        for name, variations in self.domain["responses"].items():
            yield from (f"domain: {name} {fault}" for fault in self._response(name, variations))
        used = self._used()
        for name in sorted(set(self.domain["actions"]) - self.facts.actions):
            yield f"domain: {name} is registered by no code"
        for name in sorted(set(self.domain["actions"]) - used - _CALLED_BY_NAME):
            yield f"domain: {name} is run by no flow"
        called = {
            step.name
            for flow in self.flows.values()
            for step in flow.steps.values()
            if step.kind in {"call", "link"}
        }
        for name, flow in self.flows.items():
            if not flow.is_startable and not flow.is_pattern and name not in called:
                yield f"{name}: is started by nobody"
        if _RESUMING not in self.flows and any(flow.is_startable for flow in self.flows.values()):
            yield f"{_RESUMING}: is missing, and the engine's own asks before it goes on"

    def _slots(self) -> Iterator[str]:
        collected = self._collected()
        for name in self.domain["slots"]:
            if self._mapping(name) == _BY_MODEL and name not in collected:
                yield f"domain: {name} is collected by no flow"
            if name in self.facts.guarded and self._mapping(name) != _CONTROLLED:
                yield f"domain: {name} is not set by actions alone"
        for name in sorted(self.facts.guarded - self.domain["slots"].keys()):
            yield f"domain: the slot {name} is missing, which actions set"
        for name in sorted(ENGINE_SLOTS & self.domain["slots"].keys()):
            yield f"domain: the slot {name} belongs to the engine"

    def _response(self, name: str, variations: Any) -> Iterator[str]:
        """Find the languages that a response is not in, and what its words leave out."""
        worded = [each for each in variations or () if isinstance(each, dict) and each.get("text")]
        for variation in worded:
            translated = variation.get("translation") or {}
            yield from self._untranslated(translated)
            for language, text in {"": variation["text"], **translated}.items():
                where = f" in {language}" if language else ""
                for each in sorted(self.facts.filled_in.get(name, frozenset())):
                    if f"{{{each}}}" not in str(text):
                        yield f"leaves out {{{each}}}{where}, which customers are to hear"

    def _untranslated(self, translated: Mapping[str, Any]) -> Iterator[str]:
        if self.facts.languages is None and not translated:
            yield _UNTRANSLATED
        for language in sorted((self.facts.languages or frozenset()) - translated.keys()):
            yield f"{_UNTRANSLATED} into {language}"

    def _mapping(self, slot: str) -> str:
        """What fills a slot; where a domain does not say, it is the model."""
        mappings = self.domain["slots"][slot].get("mappings") or [{}]
        return str(mappings[0].get("type", _BY_MODEL))

    def _used(self) -> set[str]:
        named = {
            step.name
            for flow in self.flows.values()
            for step in flow.steps.values()
            if step.kind == "action"
        }
        asked = {
            f"{stem}{slot}" for slot in self._collected() for stem in ("action_ask_", "validate_")
        }
        always = {
            mapping.get("run_action_every_turn")
            for slot in self.domain["slots"].values()
            for mapping in slot.get("mappings") or []
        }
        return {each for each in named | asked | always if each is not None}

    def _collected(self) -> set[str]:
        return {
            step.name
            for flow in self.flows.values()
            for step in flow.steps.values()
            if step.kind == "collect"
        }

    # --- one flow ---------------------------------------------------------------------------------

    def flow(self, flow: Flow) -> Iterator[str]:
        yield from self._head(flow)
        lost = [step for step in flow.steps.values() if self._leads_nowhere(flow, step)]
        for step in flow.steps.values():
            yield from (f"{flow.id}.{step.id}: {fault}" for fault in self._step(flow, step))
        if lost:
            return
        reached = _reachable(flow, flow.first.id)
        for step in flow.steps.values():
            if step.id not in reached:
                yield f"{flow.id}.{step.id}: cannot be reached"
            if END not in _reachable(flow, step.id):
                yield f"{flow.id}.{step.id}: no way leads to the end"
        yield from self._endless(flow)
        yield from self._wordless(flow)
        if flow.id in self._led_to(flow):
            yield f"{flow.id}: comes back to itself for ever, by calls and links"

    def _led_to(self, flow: Flow) -> set[str]:
        """Every flow that one leads to by calls and links before anything is asked."""
        seen: set[str] = set()
        todo = [flow]
        while todo:
            for step in _before_asking(todo.pop()):
                if step.kind in {"call", "link"} and step.name not in seen:
                    seen.add(step.name)
                    todo += [self.flows[step.name]] if step.name in self.flows else []
        return seen

    def _head(self, flow: Flow) -> Iterator[str]:
        if not flow.options.get("description"):
            yield f"{flow.id}: has no description"
        if not flow.is_pattern and "name" not in flow.options:
            yield f"{flow.id}: has no name"
        for word in sorted(flow.options.keys() - _OF_FLOWS):
            yield f"{flow.id}: has {word}, {_UNKNOWN}"
        if flow.is_pattern:
            return
        for fault in self._untranslated(flow.options.get("translation") or {}):
            yield f"{flow.id}: its name {fault}"

    def _leads_nowhere(self, flow: Flow, step: Step) -> bool:
        return any(branch.target not in {END, *flow.steps} for branch in step.branches)

    def _step(self, flow: Flow, step: Step) -> Iterator[str]:
        known = {step.kind, *_OF_ANY_STEP, *_OF_STEPS.get(step.kind, ())}
        for word in sorted(step.options.keys() - known):
            yield f"has {word}, {_UNKNOWN}"
        yield from _never_taken(step)
        for branch in step.branches:
            if branch.target not in {END, *flow.steps}:
                yield f"leads to {branch.target or 'nowhere'}, which is no step"
            yield from self._condition(branch)
        if all(branch.condition is not None for branch in step.branches):
            yield "has no else"
        match step.kind:
            case "collect":
                yield from self._collect(flow, step)
            case "action":
                yield from self._action(step)
            case "call" | "link":
                yield from self._other_flow(flow, step)
            case "set_slots":
                for pair in step.options["set_slots"]:
                    yield from (f"sets {name}" for name in pair if not self._may_be_set(name))

    def _may_be_set(self, slot: str) -> bool:
        """Whether a step may set a slot: there is one, and it is not for actions alone."""
        is_there = slot in ENGINE_SLOTS or slot in self.domain["slots"]
        return is_there and slot not in self.facts.guarded

    def _condition(self, branch: Branch) -> Iterator[str]:
        for each in () if branch.condition is None else branch.condition.comparisons():
            space, _, name = each.name.partition(".")
            if space not in {"slots", "context"}:
                yield f"asks for {each.name}, which is neither a slot nor of the context"
            if space != "slots" or name in ENGINE_SLOTS:
                continue
            slot = self.domain["slots"].get(name)
            if slot is None:
                yield f"asks for the slot {name}, which there is not"
            elif each.sign in _EQUALS and not _may_hold(slot, each.value):
                yield f"asks whether {name} is {each.value}, which it never is"

    def _collect(self, flow: Flow, step: Step) -> Iterator[str]:
        slot = self.domain["slots"].get(step.name)
        if step.name in ENGINE_SLOTS:
            return
        if slot is None:
            yield f"collects {step.name}, which is no slot"
            return
        if step.name in self.facts.guarded:
            yield f"collects {step.name}, which the model may not fill"
        elif self._mapping(step.name) == _CONTROLLED and not self._is_filled(step):
            yield f"collects {step.name}, which is controlled, and no button fills it"
        if not step.options.get("description"):
            yield _UNTOLD
        asks = [
            step.asks in self.domain["responses"],
            f"action_ask_{step.name}" in self.domain["actions"],
        ]
        if not any(asks):
            yield f"nothing asks for {step.name}"
        if all(asks):
            yield f"{step.name} is asked for twice"
        is_seen_again = step.id in {
            each for branch in step.branches for each in _reachable(flow, branch.target)
        }
        if is_seen_again and not step.options.get("ask_before_filling"):
            yield "comes round again, and would not ask again"
        if "length" in step.options.get("dtmf", {}) and "finish_on_key" in step.options["dtmf"]:
            yield "takes keys by length and by a last key"

    def _is_filled(self, step: Step) -> bool:
        """Whether anything but the customer's words fills a slot: an action, or a button."""
        asking = {f"{stem}{step.name}" for stem in ("action_ask_", "validate_")}
        asked = self.domain["responses"].get(step.asks)
        is_pressed = f"/SetSlots({step.name}=" in str(asked)
        return is_pressed or bool(asking & self.domain["actions"].keys())

    def _action(self, step: Step) -> Iterator[str]:
        if step.name.startswith("utter_"):
            if step.name not in self.domain["responses"] and step.name not in ENGINE_RESPONSES:
                yield f"says {step.name}, which there is not"
            return
        if step.name in ENGINE_ACTIONS:
            return
        if step.name not in self.domain["actions"]:
            yield f"runs {step.name}, which the domain does not know"
        elif step.name not in self.facts.actions:
            yield f"runs {step.name}, which no code registers"
        yield from self._outcomes(step)

    def _outcomes(self, step: Step) -> Iterator[str]:
        """Every outcome is named, none that cannot be; a flag needs one branch and an else."""
        named = _named(step)
        for slot, possible in self.facts.outcomes.get(step.name, {}).items():
            handled = named.get(slot)
            if handled is None:
                continue
            yield from (f"leaves {slot} {each} to chance" for each in sorted(possible - handled))
            yield from (
                f"waits for {slot} {each}, which never comes" for each in sorted(handled - possible)
            )

    def _other_flow(self, flow: Flow, step: Step) -> Iterator[str]:
        # A tool of a server is called by the same word.
        if step.name not in self.flows and "mcp_server" not in step.options:
            yield f"goes to {step.name}, which is no flow"
        if step.kind == "call" and flow.is_pattern:
            yield "a pattern may not call a flow"
        if step.kind == "link" and any(branch.target != END for branch in step.branches):
            yield "has steps behind a link"
        if step.kind == "call" and self._has_link(step.name):
            yield f"calls {step.name}, which has a link: only its caller may have one"
        if step.kind == "call" and step.name in self.flows:
            yield from self._passed_on(step)

    def _has_link(self, flow: str) -> bool:
        called = self.flows.get(flow)
        return called is not None and any(each.kind == "link" for each in called.steps.values())

    def _passed_on(self, step: Step) -> Iterator[str]:
        """Find what a called flow leaves to the one that calls it, and that one does not take."""
        named = _named(step)
        for slot, values in self.facts.passed_on.items():
            left = {
                each.value
                for _, branch in self._silent_ends(self.flows[step.name])
                for each in _compared(branch)
                if each.name.removeprefix("slots.") == slot and each.value in values
            }
            for each in sorted(left - named.get(slot, set())):
                yield f"leaves {slot} {each} to chance, with which {step.name} ends without a word"

    # --- its paths --------------------------------------------------------------------------------

    def _endless(self, flow: Flow) -> Iterator[str]:
        """Find what goes round without the customer saying anything."""
        for step in flow.steps.values():
            if step.kind not in {"collect", "call"} and step.id in _reachable_silently(flow, step):
                yield f"{flow.id}.{step.id}: goes round without asking anything"

    def _wordless(self, flow: Flow) -> Iterator[str]:
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
        todo = [(flow.first.id, False)]
        while todo:
            at, has_spoken = todo.pop()
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
                    todo.append((branch.target, now))
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
            step.name in {"action_correct_flow_slot", *_ENGINE_FOLLOWED - {"action_hangup"}}
            for step in flow.steps.values()
        )

    def _possible(self, flow: Flow, step: Step) -> Iterator[Branch]:
        """Leave out an else that nothing is left for."""
        named = _named(step)
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
                return has_spoken or step.name in _ENGINE_SPEAKS
            case "action":
                return has_spoken or step.name not in self.facts.silent
        return has_spoken

    def _is_elsewhere(self, branch: Branch) -> bool:
        return _asks_only_for(self.facts.elsewhere, branch)

    def _is_passed_on(self, branch: Branch) -> bool:
        both = {
            slot: values | self.facts.elsewhere.get(slot, frozenset())
            for slot, values in self.facts.passed_on.items()
        }
        return _asks_only_for({**self.facts.elsewhere, **both}, branch)


def _asks_only_for(known: Mapping[str, frozenset[Any]], branch: Branch) -> bool:
    """Whether a branch is taken for nothing but these values."""
    asked = [(each.name.removeprefix("slots."), each) for each in _compared(branch)]
    return bool(asked) and all(
        (each.value if each.sign else True) in known.get(name, frozenset()) for name, each in asked
    )


def _compared(branch: Branch) -> list[Comparison]:
    return [] if branch.condition is None else list(branch.condition.comparisons())


def _named(step: Step) -> dict[str, set[Any]]:
    """Tell the values that the branches of a step wait for, by slot."""
    named: dict[str, set[Any]] = {}
    for branch in step.branches:
        found = {} if branch.condition is None else branch.condition.named()
        for name, values in found.items():
            named.setdefault(name.removeprefix("slots."), set()).update(values)
    return named


def _never_taken(step: Step) -> Iterator[str]:
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


def _may_hold(slot: Mapping[str, Any], value: Any) -> bool:
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


def _reachable(flow: Flow, start: str) -> set[str]:
    """Every step that can be reached from one, itself and the end among them."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            known = flow.steps.get(at)
            todo += [] if known is None else [branch.target for branch in known.branches]
    return seen


def _before_asking(flow: Flow) -> Iterator[Step]:
    """Yield the steps that a flow takes before it asks, or hands over to another one."""
    seen: set[str] = set()
    todo = [flow.first.id]
    while todo:
        at = todo.pop()
        if at in seen or at not in flow.steps:
            continue
        seen.add(at)
        yield flow.steps[at]
        if flow.steps[at].kind not in {"collect", "call", "link"}:
            todo += [branch.target for branch in flow.steps[at].branches]


def _reachable_silently(flow: Flow, step: Step) -> set[str]:
    """Every step that can be reached from behind one without the customer saying anything."""
    seen: set[str] = set()
    todo = [branch.target for branch in step.branches]
    while todo:
        at = todo.pop()
        if at in seen or at == END:
            continue
        seen.add(at)
        if flow.steps[at].kind not in {"collect", "call"}:
            todo += [branch.target for branch in flow.steps[at].branches]
    return seen
