"""Plays the steps of flows against real actions, as the engine does, with a script for its model.

What the language model would decide comes with each message as commands: start this flow, this is
an answer, leave. Everything else is done as the engine does it, as far as flows here need it: the
stack, the pattern that collects a slot, flows that come between, corrections, slots that are reset.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ges_connector.flows.engine import ENGINE_ACTIONS, ENGINE_RESPONSES, ENGINE_SLOTS
from ges_connector.flows.model import END
from ges_connector.flows.slots import BY_MODEL, filled_by, run_every_turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from ges_connector.flows.model import Flow, Flows, Step

_MOST_STEPS: Final = 250
_PRESSED: Final = "/SetSlots("
_OWN: Final = frozenset({"regular", "interrupt"})
"""Kinds of frames that a flow of its own begins with; others were called or linked from one."""
_SILENCES: Final = "consecutive_silence_timeouts"
_TO_CONTINUE: Final = "interrupted_flow_to_continue"
COLLECTING: Final = "pattern_collect_information"
_PUSHED: Final[Mapping[str, str]] = {
    "cannot_handle": "pattern_cannot_handle",
    "chitchat": "pattern_chitchat",
    "clarify": "pattern_clarification",
    "handoff": "pattern_human_handoff",
    "internal_error": "pattern_internal_error",
    "search": "pattern_search",
    "silence": "pattern_user_silence",
    "skip": "pattern_skip_question",
}
"""What commands come to that name no flow and no slot."""


class WalkError(Exception):
    """The flows cannot be walked on: the engine would stop there as well."""


@dataclass(frozen=True, slots=True)
class Command:
    """What the model makes of a message, or of a part of it.

    Attributes:
        kind: `start`, `set`, `cancel`, `cannot_handle`, `chitchat`, `clarify`, `search`, `skip`, or
            `handoff`; what is no message of the customer's comes in the same way: `silence`, and
            `internal_error`.
        name: The flow, or the slot, or the kind of error.
        value: What the slot is set to; of `clarify`, the ids of the flows that may be meant.
    """

    kind: str
    name: str = ""
    value: Any = None

    def as_message(self) -> dict[str, Any]:
        """Write it as the engine tells actions."""
        kinds = {
            "cancel": "cancel flow",
            "search": "knowledge",
            "set": "set slot",
            "skip": "skip question",
            "start": "start flow",
        }
        command: dict[str, Any] = {"command": kinds.get(self.kind, self.kind.replace("_", " "))}
        if self.kind == "start":
            command["flow"] = self.name
        if self.kind == "set":
            command |= {"name": self.name, "value": self.value}
        return command


@dataclass(eq=False)
class _Frame:
    flow: str
    step: str
    type: str = "flow"
    collect: str = ""
    asks: str = ""
    frame_type: str = "regular"
    context: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        told = {"type": self.type, "flow_id": self.flow, "step_id": self.step}
        if self.collect:
            return {**told, "collect": self.collect}
        return {**told, "frame_type": self.frame_type, **self.context}


@dataclass
class Walker:
    """One conversation.

    Attributes:
        flows: All flows, patterns of the assistant among them.
        domain: Its `slots`, `actions` and `responses`, of all its files together.
        run: Runs a custom action: its name and the call, as the action server gets it; gives
            `events` and `responses`.
        metadata: What the channel says with each message.
        channel: Where the messages come from.
        sender: Id of the conversation.
    """

    flows: Flows
    domain: Mapping[str, Mapping[str, Any]]
    run: Callable[[str, dict[str, Any]], Awaitable[Mapping[str, Any]]]
    metadata: dict[str, str] = field(default_factory=dict)
    channel: str = "rest"
    sender: str = "conversation-1"
    slots: dict[str, Any] = field(default_factory=dict)
    visited: set[tuple[str, str]] = field(default_factory=set)
    ran: list[str] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _said: list[Mapping[str, Any]] = field(default_factory=list)
    _before: list[Mapping[str, Any]] = field(default_factory=list)
    _events: list[dict[str, Any]] = field(default_factory=list)
    _message: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        initial = {name: slot.get("initial_value") for name, slot in self.domain["slots"].items()}
        self.slots = {**initial, _SILENCES: 0.0, **self.slots}

    async def say(self, text: str, *commands: Command) -> list[str]:
        """Say something.

        Args:
            text: The customer's words; the payload of a button is understood without commands.
            commands: What the model makes of it.

        Returns:
            The names of the responses that are said.

        Raises:
            WalkError: The engine would stop.
        """
        chosen = _pressed(text) or list(commands)
        number = sum(1 for each in self._events if each["event"] == "user") + 1
        self._message = {
            "text": text,
            "intent": {"name": None},
            "entities": [],
            "commands": [each.as_message() for each in chosen],
            "message_id": f"message-{number}",
            "metadata": self.metadata,
        }
        told = {name: self._message[name] for name in ("text", "message_id", "metadata")}
        said = {"event": "user", "input_channel": self.channel, "parse_data": self._message}
        self._events.append({**said, **told})
        self._before, self._said = self._said, []
        if not any(command.kind == "silence" for command in chosen):
            self.slots[_SILENCES] = 0.0
        for action in run_every_turn(self.domain["slots"]):
            await self._act(action)
        for command in chosen:
            self._obey(command)
        if not self._stack:
            # None of it means anything here; the engine then asks for other words.
            self._push_pattern("pattern_cannot_handle")
        await self._advance()
        return [str(each["response"]) for each in self._said]

    @property
    def said(self) -> list[Mapping[str, Any]]:
        """What was said in the last turn, with all that fills it in."""
        return self._said

    @property
    def asks_for(self) -> str | None:
        """The slot that is being collected; None if nothing is."""
        return self._stack[-1].collect or None if self._stack else None

    @property
    def is_over(self) -> bool:
        """Whether no flow is open."""
        return not self._stack

    # --- what the model decides -------------------------------------------------------------------

    def _obey(self, command: Command) -> None:
        match command.kind:
            case "start":
                self._start(command.name)
            case "set":
                self._set(command)
            case "cancel" | "skip" if not self._stack:
                # There is nothing to leave, and nothing to skip.
                return
            case "cancel":
                self._cancel()
            case "clarify":
                self._push_pattern(_PUSHED["clarify"], names=self._names(command.value or ()))
            case kind if kind in _PUSHED:
                self._push_pattern(_PUSHED[kind], error_type=command.name)
            case other:
                raise WalkError(f"{other} is no command")

    def _names(self, flows: Iterable[str]) -> list[str]:
        """The names of flows in the language of the conversation."""
        bodies = [self.flows[name].options for name in flows]
        language = self.slots.get("language")
        translated = [(body.get("translation") or {}).get(language, {}) for body in bodies]
        return [
            str(own.get("name", body.get("name")))
            for own, body in zip(translated, bodies, strict=True)
        ]

    def _start(self, name: str) -> None:
        flow = self.flows.get(name)
        if flow is None or not flow.is_startable:
            raise WalkError(f"{name} cannot be started")
        open_flows = [frame.flow for frame in self._stack if frame.frame_type != "call"]
        if name in open_flows:
            # The engine takes it for the one that is open.
            return
        self._stack.append(_Frame(name, "", frame_type="interrupt" if open_flows else "regular"))

    def _set(self, command: Command) -> None:
        """Fill the slot that is asked for; go back to its question if another is asked for."""
        if command.name not in self.domain["slots"] and command.name not in ENGINE_SLOTS:
            raise WalkError(f"there is no slot {command.name}")
        if filled_by(self.domain["slots"].get(command.name, {})) != BY_MODEL:
            raise WalkError(f"the model may not set {command.name}")
        if self.asks_for == command.name:
            self.slots[command.name] = command.value
        elif self.slots.get(command.name) is not None:
            self._correct(command.name, command.value)

    def _correct(self, slot: str, value: Any) -> None:
        """Go back to where a slot was filled; one that is asked for first is asked for again."""
        for frame in reversed(self._stack):
            flow = self.flows.get(frame.flow)
            steps = [] if flow is None else list(flow.steps.values())
            asking = [each for each in steps if each.kind == "collect" and each.name == slot]
            if asking and frame.type == "flow":
                del self._stack[self._stack.index(frame) + 1 :]
                is_reset_only = bool(asking[0].options.get("ask_before_filling"))
                frame.step = f"before {asking[0].id}"
                self.slots[slot] = None if is_reset_only else value
                self._push_pattern("pattern_correction", is_reset_only=is_reset_only)
                return

    def _cancel(self) -> None:
        while self._stack:
            frame = self._stack.pop()
            if frame.type == "flow" and frame.frame_type != "call":
                self._reset(self.flows[frame.flow], frame)
                break
        self._push_pattern("pattern_cancel_flow")

    def _push_pattern(self, name: str, **context: Any) -> None:
        if name in self.flows:
            self._stack.append(_Frame(name, "", type=name, context=context))

    # --- what the engine does ---------------------------------------------------------------------

    async def _advance(self) -> None:
        """Go on until the customer has to say something, or everything is over."""
        for _ in range(_MOST_STEPS):
            if not self._stack:
                return
            frame = self._stack[-1]
            if frame.type == COLLECTING:
                if await self._collected(frame):
                    return
                continue
            await self._step_on(frame)
        at = self._stack[-1]
        raise WalkError(f"the flows go on for ever, at {at.flow}.{at.step}")

    async def _collected(self, frame: _Frame) -> bool:
        """Whether the slot has to be asked for; then it was."""
        await self._act(f"validate_{frame.collect}", optional=True)
        if self.slots.get(frame.collect) is not None:
            self._stack.pop()
            return False
        before = len(self._said)
        if frame.asks in {*self.domain["responses"], *ENGINE_RESPONSES}:
            self._said.append({"response": frame.asks})
        await self._act(f"action_ask_{frame.collect}", optional=True)
        if len(self._said) == before:
            raise WalkError(f"nothing asks for {frame.collect}")
        return True

    async def _step_on(self, frame: _Frame) -> None:
        flow = self.flows[frame.flow]
        step = self._next(flow, frame)
        if step is None:
            self._end(flow, frame)
            return
        frame.step = step.id
        self.visited.add((flow.id, step.id))
        match step.kind:
            case "collect":
                if step.options.get("ask_before_filling"):
                    self.slots[step.name] = None
                self._stack.append(_Frame(COLLECTING, "", COLLECTING, step.name, step.asks))
            case "action":
                await self._act(step.name)
            case "call":
                self._stack.append(_Frame(self._existing(step.name), "", frame_type="call"))
            case "link":
                below = self._stack.index(frame)
                linked = _Frame(self._existing(step.name), "", frame_type="link")
                self._stack.insert(below, linked)
            case "set_slots":
                for pair in step.options["set_slots"]:
                    self.slots |= pair

    def _existing(self, name: str) -> str:
        if name not in self.flows:
            raise WalkError(f"there is no flow {name}")
        return name

    def _next(self, flow: Flow, frame: _Frame) -> Step | None:
        if not frame.step:
            return flow.first
        if frame.step.startswith("before "):
            return flow.steps[frame.step.removeprefix("before ")]
        document = {"slots": self.slots, "context": frame.context}
        for branch in flow.steps[frame.step].branches:
            if branch.condition is None or branch.condition.holds(document):
                return None if branch.target == END else flow.steps[branch.target]
        raise WalkError(f"{flow.id}.{frame.step}: no branch fits")

    def _end(self, flow: Flow, frame: _Frame) -> None:
        if frame not in self._stack:
            return
        self._stack.remove(frame)
        self._reset(flow, frame)
        interrupted = self._interrupted()
        if frame.frame_type == "interrupt" and interrupted:
            are_several = len(interrupted) > 1
            self._push_pattern(
                "pattern_continue_interrupted", multiple_flows_interrupted=are_several
            )

    def _reset(self, flow: Flow, frame: _Frame) -> None:
        """Empty what the steps of a flow filled, and those of the flows that it calls."""
        if frame.frame_type == "call":
            return
        flows = self._with_called(flow)
        steps = [step for each in flows for step in each.steps.values()]
        kept = {str(name) for each in flows for name in each.options.get("persisted_slots") or ()}
        asked = [step for step in steps if step.kind == "collect"]
        kept |= {each.name for each in asked if not each.options.get("reset_after_flow_ends", True)}
        filled = {each.name for each in asked}
        for step in steps:
            filled |= {name for pair in step.options.get("set_slots") or () for name in pair}
        for name in filled - kept:
            self.slots[name] = self.domain["slots"].get(name, {}).get("initial_value")

    def _with_called(self, flow: Flow) -> list[Flow]:
        found = {flow.id: flow}
        waiting = [flow]
        while waiting:
            for step in waiting.pop().steps.values():
                called = self.flows.get(step.name) if step.kind == "call" else None
                if called is not None and called.id not in found:
                    found[called.id] = called
                    waiting.append(called)
        return list(found.values())

    def _interrupted(self) -> dict[str, list[_Frame]]:
        """The flows that are open, the lowest first, each with what stands on it."""
        found: dict[str, list[_Frame]] = {}
        flow = ""
        for frame in self._stack:
            if frame.type == "flow" and frame.frame_type in _OWN:
                flow = frame.flow
            if frame.type in {"flow", COLLECTING} and flow:
                found.setdefault(flow, []).append(frame)
        return found

    def _by_engine(self, name: str) -> None:
        """Do what the engine does, as far as flows here need it."""
        match name:
            case "action_repeat_bot_messages":
                # A question that is open is asked again by itself.
                is_asking = any(frame.collect for frame in self._stack)
                self._said += self._before[:-1] if is_asking else self._before
            case "action_hangup":
                self._stack.clear()
            case "action_continue_interrupted_flow":
                chosen = self._interrupted().get(str(self.slots.get(_TO_CONTINUE)), [])
                others = [frame for frame in self._stack[:-1] if frame not in chosen]
                self._stack[:-1] = [*others, *chosen]
                self.slots[_TO_CONTINUE] = None
            case "action_cancel_interrupted_flows":
                left = self._interrupted()
                del self._stack[:-1]
                for _ in left:
                    self._push_pattern("pattern_cancel_flow")
                self.slots[_TO_CONTINUE] = None

    async def _act(self, name: str, *, optional: bool = False) -> None:
        if name.startswith("utter_"):
            if name not in {*self.domain["responses"], *ENGINE_RESPONSES}:
                raise WalkError(f"there is no response {name}")
            self._said.append({"response": name})
            return
        if name not in self.domain["actions"]:
            if name in ENGINE_ACTIONS:
                self._by_engine(name)
            elif not optional:
                raise WalkError(f"there is no action {name}")
            return
        self.ran.append(name)
        done = await self.run(name, self._call(name))
        for event in done["events"]:
            if event["event"] != "slot":
                raise WalkError(f"{name}: {event['event']} means nothing to flows")
            self._fill(name, event["name"], event["value"])
        self._said += done["responses"]

    def _fill(self, action: str, slot: str, value: Any) -> None:
        known = self.domain["slots"].get(slot)
        if known is None:
            raise WalkError(f"{action}: there is no slot {slot}")
        if known["type"] == "categorical" and value is not None and value not in known["values"]:
            raise WalkError(f"{action}: {slot} cannot be {value}")
        self.slots[slot] = value

    def _call(self, name: str) -> dict[str, Any]:
        return {
            "next_action": name,
            "sender_id": self.sender,
            "tracker": {
                "sender_id": self.sender,
                "slots": dict(self.slots),
                "latest_message": self._message,
                "events": list(self._events),
                "stack": [frame.as_dict() for frame in self._stack],
                "paused": False,
                "followup_action": None,
                "active_loop": {},
                "latest_action_name": "action_listen",
            },
            "domain": {"slots": {}},
        }


def _pressed(text: str) -> list[Command]:
    if not text.startswith(_PRESSED) or not text.endswith(")"):
        return []
    name, _, value = text.removeprefix(_PRESSED)[:-1].partition("=")
    return [Command("set", name, value)]
