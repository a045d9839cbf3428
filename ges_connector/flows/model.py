"""Flows as a graph of steps, read from the engine's files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from ges_connector.flows.predicates import Predicate, PredicateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

END: Final = "END"
PATTERN: Final = "pattern_"
KINDS: Final = ("collect", "action", "call", "link", "set_slots", "noop")


class FlowsError(ValueError):
    """The files are no flows.

    Attributes:
        faults: Everything that is wrong, each with its place.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a step leads.

    Attributes:
        target: Id of a step, or END.
        condition: When; None for always, or for otherwise.
    """

    target: str
    condition: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow.

    Attributes:
        id: Its id; made up where the file gives none.
        kind: One of `KINDS`.
        name: The slot, action or flow that it is about; empty for `set_slots` and `noop`.
        branches: Where it leads, in the order in which conditions are asked.
        options: Everything else of it.
        line: Where it stands in its file, from 1; None where that is not known.
    """

    id: str
    kind: str
    name: str
    branches: tuple[Branch, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None

    @property
    def asks(self) -> str:
        """The response that asks for the slot that it collects."""
        return str(self.options.get("utter") or f"utter_ask_{self.name}")


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow.

    Attributes:
        id: Its id.
        steps: By id, in the order of the file.
        options: Everything else of it: `name`, `description`, `if`, …
        line: Where it stands in its file, from 1; None where that is not known.
    """

    id: str
    steps: Mapping[str, Step]
    options: Mapping[str, Any]
    line: int | None = None

    @property
    def first(self) -> Step:
        """The step it begins with."""
        return next(iter(self.steps.values()))

    @property
    def is_pattern(self) -> bool:
        """Whether the engine starts it by itself."""
        return self.id.startswith(PATTERN)

    @property
    def is_startable(self) -> bool:
        """Whether customers can start it."""
        return not self.is_pattern and self.options.get("if") is not False


Flows = dict[str, Flow]


def take_flows(
    bodies: Mapping[str, Any], found: Flows, files: dict[str, Path], path: Path
) -> Iterator[str]:
    """Take the flows of one file; yields what is wrong with them.

    Args:
        bodies: What the file holds, by the flow's id.
        found: The flows of the files before, to which they are added.
        files: Where each of them stands; these are added as well.
        path: The file.
    """
    for name, body in bodies.items():
        if name in files:
            yield f"{name}: is in {files[name]} already"
            continue
        files[name] = path
        try:
            found[name] = replace(flow_of(name, body), line=line_of(bodies, name))
        except FlowsError as error:
            yield from error.faults


def line_of(bodies: Mapping[str, Any], name: str) -> int | None:
    """Tell in which line of its file something stands, from 1; None where that is not known.

    Args:
        bodies: What the file holds by name, read with lines.
        name: The name.
    """
    places = getattr(bodies, "lc", None)
    return None if places is None or name not in bodies else int(places.key(name)[0]) + 1


def by_name(part: Any) -> dict[str, Any]:
    """Give what a domain lists by name: actions stand there as a name, or with what is said of it.

    Args:
        part: The slots, actions or responses of a domain.
    """
    if isinstance(part, dict):
        return part
    named: dict[str, Any] = {}
    for each in part:
        named |= each if isinstance(each, dict) else {each: {}}
    return named


def flow_of(name: str, body: Any) -> Flow:
    """Make a flow of what its file says.

    Args:
        name: Its id.
        body: What stands under it.

    Raises:
        FlowsError: It is not made as flows are.
    """
    if not isinstance(body, dict) or not isinstance(body.get("steps"), list) or not body["steps"]:
        raise FlowsError(f"{name}: has no steps")
    reader = _Steps(name)
    reader.take(body["steps"], END)
    twice = [each for each, count in Counter(step.id for step in reader.steps).items() if count > 1]
    faults = [*reader.faults, *(f"{name}.{each}: is the id of two steps" for each in twice)]
    if faults:
        raise FlowsError(*faults)
    options = {key: value for key, value in body.items() if key != "steps"}
    return Flow(name, {step.id: step for step in reader.steps}, options)


class _Steps:
    """Gives every step an id, also those that stand inside a branch."""

    def __init__(self, flow: str) -> None:
        self._flow = flow
        self._count = 0
        self.steps: list[Step] = []
        self.faults: list[str] = []

    def take(self, bodies: Iterable[Any], behind: str) -> str:
        """Read a list of steps; gives the id of the first.

        Args:
            bodies: The steps.
            behind: Where the last of them leads, if it does not say.
        """
        listed = [body if isinstance(body, dict) else {} for body in bodies]
        ids = [str(body.get("id") or self._made_up(body)) for body in listed]
        for body, own, following in zip(listed, ids, [*ids[1:], behind], strict=True):
            # A step stands before what is inside of it, so that the first stays the first.
            at = len(self.steps)
            branches = tuple(self._branches(body, own, following))
            self.steps.insert(at, self._step(body, own, branches))
        return ids[0] if ids else behind

    def _made_up(self, body: Mapping[str, Any]) -> str:
        self._count += 1
        kind = self._kind(body)
        name = body.get(kind)
        return f"{self._count}_{kind}_{name}" if isinstance(name, str) else f"{self._count}_{kind}"

    @staticmethod
    def _kind(body: Mapping[str, Any]) -> str:
        return next((kind for kind in KINDS if kind in body), "")

    def _step(self, body: Mapping[str, Any], own: str, branches: tuple[Branch, ...]) -> Step:
        kind = self._kind(body)
        if not kind:
            self.faults.append(f"{self._flow}.{own}: is no step")
        name = body.get(kind)
        if own == END:
            self.faults.append(f"{self._flow}.{own}: is an id that stands for the end of a flow")
        # Behind a link nothing may stand, not even the end.
        told = {"id"} if kind == "link" else {"id", "next"}
        options = {key: value for key, value in body.items() if key not in told}
        place = getattr(body, "lc", None)
        line = None if place is None else place.line + 1
        return Step(own, kind, name if isinstance(name, str) else "", branches, options, line)

    def _branches(self, body: Mapping[str, Any], own: str, behind: str) -> Iterator[Branch]:
        if self._kind(body) == "link" and body.get("next") is None:
            # What stands behind it in the file belongs to other ways.
            yield Branch(END)
            return
        given = behind if body.get("next") is None else body["next"]
        if isinstance(given, str):
            yield Branch(given)
            return
        if not isinstance(given, list) or not given:
            self.faults.append(f"{self._flow}.{own}: next is neither a step nor a list")
            return
        for each in given:
            yield from self._branch(each, own)

    def _branch(self, each: Any, own: str) -> Iterator[Branch]:
        if not isinstance(each, dict) or ("else" in each) == ("if" in each):
            self.faults.append(f"{self._flow}.{own}: a branch is neither if nor else")
            return
        if "if" in each and "then" not in each:
            self.faults.append(f"{self._flow}.{own}: a branch has an if and no then")
            return
        for word in sorted(each.keys() - {"if", "then", "else"}):
            unknown = f"a branch has {word}, which the engine does not know"
            self.faults.append(f"{self._flow}.{own}: {unknown}")
        leads = each["else"] if "else" in each else each.get("then")
        # A list of steps in a branch has to say itself where it ends.
        target = self.take(leads, "") if isinstance(leads, list) else str(leads)
        if "else" in each:
            yield Branch(target)
            return
        try:
            yield Branch(target, Predicate.parse(str(each["if"])))
        except PredicateError as error:
            self.faults.append(f"{self._flow}.{own}: {error}")
