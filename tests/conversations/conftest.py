"""The whole assistant, running: sandbox, action server and the real engine, and a customer for it.

One set of programs serves all dialogues of a session; the sandbox starts over for each. The clocks
of sandbox and assistant stand still and are moved by the dialogues.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import re
import sys
import threading
import uuid
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ges_connector.demo.plan import Ports, Project, plan_demo
from ges_connector.demo.ports import settle_ports
from ges_connector.demo.programs import Programs
from ges_connector.sandbox.seed import read_seed
from ges_connector.testing import MONDAY

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping

    from ges_connector.demo.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
KEY = "sandbox-key"
# Numbers that only fill slots; none of the dialogues' customers has one of these.
FILLERS = [f"+4930231250{number}" for number in range(40, 99)]

# What one dialogue did to the contact centre must not be felt by the next one.
WITHOUT_CIRCUIT = {"GES_CIRCUIT_FAILURES": "0"}
MOST_TIMES_ASKED = 200

Dialogue = dict[str, Any]


class Stack:
    """The running programs.

    Attributes:
        rasa_url: Base URL of the engine.
        sandbox_url: Base URL of the sandbox.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._clock = directory / "clock"
        self._loop = asyncio.new_event_loop()
        self._everything = AsyncExitStack()
        self._actions = AsyncExitStack()
        self.rasa_url = ""
        self.sandbox_url = ""

    @contextmanager
    def running(self) -> Iterator[Stack]:
        thread = threading.Thread(target=self._loop.run_forever, name="assistant", daemon=True)
        thread.start()
        try:
            self._do(self._start())
            yield self
        finally:
            self._do(self._actions.aclose())
            self._do(self._everything.aclose())
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def restart_actions(self, **environment: str) -> None:
        """End the action server and start another one in its place, perhaps set up differently."""
        self._do(self._actions.aclose())
        self._do(self._start_actions(**environment))

    def stop_actions(self) -> None:
        self._do(self._actions.aclose())

    def start_actions(self) -> None:
        self._do(self._start_actions())

    def stand_at(self, now: str) -> None:
        """Tell the assistant what time it is."""
        self._clock.write_text(now.replace("Z", "+00:00"), encoding="ascii")

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _programs(self, **patience: float) -> Programs:
        return Programs(self._directory, self._directory, lambda _: None, **patience)

    async def _start(self) -> None:
        ports = settle_ports(Ports(rasa=0, actions=0, ges=0))
        project = Project(root=ROOT, python=Path(sys.executable))
        self._plan: Plan = plan_demo(project, ports, self._directory, seed=self._seed())
        self.rasa_url = self._plan.rasa_url
        programs = await self._everything.enter_async_context(self._programs())
        self._announcement = await programs.start(self._plan.sandbox)
        self.sandbox_url = self._announcement["ges"].removesuffix("/engagement/v3")
        await self._start_actions()
        await _train(project, self._plan, programs)
        await programs.start(self._plan.engine)

    async def _start_actions(self, **different: str) -> None:
        self._actions = AsyncExitStack()
        programs = await self._actions.enter_async_context(self._programs(grace_seconds=0.5))
        service = self._plan.actions(self._announcement)
        environment = {
            **service.environment,
            "CALLBACK_CONFIG": str(self._config()),
            "CALLBACK_CLOCK_FILE": str(self._clock),
            **WITHOUT_CIRCUIT,
            **different,
        }
        await programs.start(_with_environment(service, environment))

    def _seed(self) -> Path:
        self.stand_at(MONDAY.isoformat())
        path = self._directory / "seed.json"
        path.write_text(json.dumps(frozen_seed(MONDAY.isoformat())), encoding="utf-8")
        return path

    def _config(self) -> Path:
        """The demo's configuration, but nothing is kept, as nothing ages while the clock stands.

        Neither is anything limited: the same numbers come in dialogue after dialogue. A turn that
        only asks has time enough for a machine that is busy with other tests.
        """
        demo = (ROOT / "ges_connector" / "demo" / "callback.yml").read_text(encoding="utf-8")
        path = self._directory / "callback.yml"
        unlimited = "per_conversation: null, open_per_number: null, ask_before_second: false"
        limits = f"defaults:\n  limits: {{{unlimited}}}\n"
        freshness = "\nfreshness: {queue_seconds: 0, slots_seconds: 0}\n"
        patience = "\npatience: {chat_seconds: 30, voice_seconds: 30}\n"
        text = demo.replace("defaults:\n", limits, 1) + freshness + patience
        path.write_text(text, encoding="utf-8")
        return path


def _with_environment(service: Any, environment: Mapping[str, str | None]) -> Any:
    return type(service)(
        name=service.name,
        argv=service.argv,
        directory=service.directory,
        patience_seconds=service.patience_seconds,
        environment=environment,
        ready=service.ready,
    )


async def _train(project: Project, plan: Plan, programs: Programs) -> None:
    """Train if the model is stale; another worker of the test run may be at it already."""
    if plan.training is None:
        return
    project.home.mkdir(parents=True, exist_ok=True)
    with (project.home.parent / "training.lock").open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        if not plan.training.target.is_file():
            await programs.finish(plan.training)


def frozen_seed(at: str, name: str = "") -> dict[str, Any]:
    """The contact centre that ships, its clock standing at an instant.

    Args:
        at: The instant.
        name: Of its tenant. Two of different names give their callbacks different ids, as is right
            for assistants that remember what was done to each.
    """
    seed = read_seed().model_dump(mode="json")
    seed["clock"] = {"mode": "frozen", "at": at}
    seed["tenants"][0]["name"] += name
    return seed


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("assistant")).running() as running:
        yield running


@dataclass
class Performance:
    """One dialogue as it is played."""

    stack: Stack
    http: httpx.Client
    dialogue: Dialogue
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)
    messages: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    fillers: list[str] = field(default_factory=lambda: list(FILLERS))

    def play(self) -> None:
        at = self.dialogue.get("at", MONDAY)
        at = at.isoformat() if isinstance(at, datetime) else str(at)
        self._admin("PUT", "/sandbox/seed", frozen_seed(at, self.dialogue["dialogue"]))
        self.stack.stand_at(at)
        for step in [*self.dialogue.get("before", []), *self.dialogue["steps"]]:
            self._take(step)
            self._check(step)
        if "holds" in self.dialogue:
            self._check_callbacks(self.dialogue["holds"])
        if "requests" in self.dialogue:
            self._check_requests(self.dialogue["requests"])

    # What a step does.

    def _take(self, step: Mapping[str, Any]) -> None:
        if not self._take_of_customer(step) and not self._take_of_centre(step):
            assert step["actions"] in {"restart", "stop", "start"}, step
            getattr(self.stack, f"{step['actions']}_actions")(**step.get("with", {}))

    def _take_of_customer(self, step: Mapping[str, Any]) -> bool:
        match step:
            case {"user": str(text), "until": list(said)}:
                self._say_until(text, said)
            case {"user": str(text)}:
                self._say(text)
            case {"press": choice}:
                self._say(self._payload(choice))
            case {"send": str(payload)}:
                self._say(payload)
            case {"inject": dict(slots)}:
                events = [{"event": "slot", "name": each, "value": slots[each]} for each in slots]
                url = f"{self.stack.rasa_url}/conversations/{self.sender}/tracker/events"
                self.http.post(url, json=events).raise_for_status()
            case _:
                return False
        return True

    def _take_of_centre(self, step: Mapping[str, Any]) -> bool:
        match step:
            case {"advance": seconds}:
                moved = self._admin("POST", "/sandbox/clock/advance", {"seconds": seconds})
                self.stack.stand_at(moved["now"])
            case {"fill": at}:
                self._fill(at, step)
            case {"fault": fault}:
                self._admin("POST", "/sandbox/faults", fault)
            case {"faults": "none"}:
                self._admin("DELETE", "/sandbox/faults")
            case {"admin": [method, path, *body]}:
                self._admin(method, path, *body)
            case {"callback": reason}:
                path = f"/sandbox/callbacks/{self._callbacks()[-1]['id']}/complete"
                self._admin("POST", path, {"reason": reason})
            case _:
                return False
        return True

    def _say(self, text: str) -> None:
        customer = dict(self.dialogue.get("customer", {}))
        channel = customer.pop("channel", "chat")
        turn = {"sender": self.sender, "message": text, "channel": channel, "metadata": customer}
        url = f"{self.stack.rasa_url}/webhooks/callback/webhook"
        self.messages = self.http.post(url, json=turn).raise_for_status().json()
        self.transcript += [f"C: {text}", *(f"A: {each}" for each in self.texts)]

    def _say_until(self, text: str, said: list[str]) -> None:
        """Ask again and again, as long as it takes for something to come to pass at GES."""
        for _ in range(MOST_TIMES_ASKED):
            self._say(text)
            if self._said() == said:
                return
        pytest.fail(self._told(f"never says {said}"))

    def _payload(self, choice: Any) -> str:
        """What a button sends: found by its choice, or a time by its number in the menu."""
        payloads = [
            button["payload"] for message in self.messages for button in message.get("buttons", [])
        ]
        if isinstance(choice, int):
            return str(payloads[choice - 1])
        wanted = f'/choose{{"callback_choice": "{choice}"}}'
        assert wanted in payloads, self._told(f"no button {choice} in {payloads}")
        return wanted

    def _fill(self, at: str | None, step: Mapping[str, Any]) -> None:
        """Book as other customers do meanwhile, or as this one did elsewhere."""
        for _ in range(step.get("places", 3)):
            number = step.get("number") or self.fillers.pop()
            body = {"serviceName": step.get("service", "Billing_DE"), "phoneNumber": number}
            url = f"{self.stack.sandbox_url}/engagement/v3/callbacks/create"
            timed = body if at is None else {**body, "desiredTime": at}
            answer = self.http.post(url, json=timed, headers={"x-api-key": KEY})
            assert answer.is_success, answer.text

    def _admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{self.stack.sandbox_url}{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    # What is expected.

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages if "text" in message]

    def _check(self, step: Mapping[str, Any]) -> None:
        if "says" in step:
            assert self._said() == step["says"], self._told("says something else")
        text = "\n".join(self.texts)
        for pattern in _listed(step.get("matches")):
            assert re.search(pattern, text), self._told(f"does not match {pattern!r}")
        for pattern in _listed(step.get("lacks")):
            assert not re.search(pattern, text), self._told(f"should not match {pattern!r}")
        if "slots" in step:
            slots = self._tracker()["slots"]
            known = {name: slots.get(name) for name in step["slots"]}
            assert known == step["slots"], self._told("knows something else")
        if "attaches" in step:
            attached = [each["attachment"] for each in self.messages if "attachment" in each]
            assert any(each.startswith(step["attaches"]) for each in attached), self._told("")

    def _said(self) -> list[str]:
        """The responses of the last turn by name; those that the channel made up are its own."""
        said: list[str] = []
        for event in reversed(self._tracker()["events"]):
            if event["event"] == "user":
                break
            if event["event"] == "bot" and event["metadata"].get("utter_action"):
                said.insert(0, event["metadata"]["utter_action"])
        return said

    def _tracker(self) -> Any:
        url = f"{self.stack.rasa_url}/conversations/{self.sender}/tracker"
        return self.http.get(url).raise_for_status().json()

    def _callbacks(self) -> list[dict[str, Any]]:
        """The callbacks of this customer, oldest first."""
        state = self._admin("GET", "/sandbox/state")
        return [each for each in state["callbacks"] if each["phone_number"] not in FILLERS]

    def _check_callbacks(self, expected: list[dict[str, Any]]) -> None:
        held = [_seen(each) for each in self._callbacks()]
        assert len(held) == len(expected), self._told(f"holds {held}")
        for real, wanted in zip(held, expected, strict=True):
            for name, value in wanted.items():
                assert _fits(real.get(name), value), self._told(f"holds {real}")

    def _check_requests(self, expected: Mapping[str, int]) -> None:
        entries = self._admin("GET", "/sandbox/state")["requests"]
        counted = {
            operation: sum(1 for entry in entries if entry["operation"] == operation)
            for operation in expected
        }
        assert counted == expected, self._told("asked something else of GES")

    def _told(self, what: str) -> str:
        return "\n".join([self.dialogue["dialogue"], *self.transcript, str(self._said()), what])


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _fits(real: Any, wanted: Any) -> bool:
    """Whether a value is the wanted one; a mapping may hold more than is asked for."""
    if isinstance(wanted, dict) and isinstance(real, dict):
        return wanted.items() <= real.items()
    return bool(real == wanted)


def _seen(callback: Mapping[str, Any]) -> dict[str, Any]:
    """A callback of the sandbox in the words of the dialogues."""
    is_scheduled = callback["is_scheduled"]
    desired_at = datetime.fromisoformat(callback["desired_at"])
    return {
        "service": callback["service_name"],
        "number": callback["phone_number"],
        "state": callback["state"],
        "reason": callback["reason"],
        "at": desired_at.isoformat() if is_scheduled else None,
        "data": callback["user_data"],
        "reporting": callback["reporting"],
    }


@pytest.fixture
def play(stack: Stack) -> Iterator[Callable[[Dialogue], None]]:
    """Plays a dialogue and checks what it expects."""
    with httpx.Client(timeout=60, trust_env=False) as http:
        yield lambda dialogue: Performance(stack, http, dialogue).play()
