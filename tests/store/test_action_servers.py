"""Two real action servers on one store: the same yes reaches both, or one of them dies on it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from ges_connector.callbacks import time_id
from ges_connector.sandbox.faults import Fault
from ges_connector.sandbox.surface.routes import Operation
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import RunningServer, running_server, standing_sandbox

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "ges_connector" / "demo" / "callback.yml"
PATIENCE_SECONDS = 60.0
SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
FRIDAY_NOON = MONDAY.replace(day=16, hour=11, minute=0)
DRAFT = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": time_id(FRIDAY_NOON),
    "callback_phone": "+493023125011",
    "callback_read_back_at": MONDAY.isoformat(),
    "callback_confirmed": True,
}


@dataclass(frozen=True)
class ActionServer:
    """An action server in a process of its own."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    async def is_ready(self, http: httpx.AsyncClient) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                assert self.process.poll() is None, self.log.read_text(errors="replace")
                with suppress(httpx.TransportError):
                    if (await http.get(f"{self.url}/ready")).is_success:
                        return

    async def confirm(self, http: httpx.AsyncClient) -> dict[str, Any]:
        """Deliver the yes, as the engine does."""
        answer = await http.post(f"{self.url}/webhook", json=_yes(), timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200
        return dict(answer.json())

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _yes() -> dict[str, Any]:
    message = {"intent": {"name": "affirm"}, "entities": [], "text": "yes", "metadata": {}}
    return {
        "next_action": "action_submit_callback_form",
        "sender_id": "conversation-1",
        "tracker": {
            "sender_id": "conversation-1",
            "slots": DRAFT,
            "latest_message": message,
            "events": [{"event": "user", "input_channel": "chat", **message}],
            "active_loop": {},
        },
        "domain": {"slots": {}},
        "version": "3.21.1",
    }


def said(answer: dict[str, Any]) -> str:
    return str(answer["responses"][0]["response"])


def slots(answer: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in answer["events"] if each["event"] == "slot"}


@pytest.fixture
def ges() -> Iterator[RunningServer]:
    with running_server(standing_sandbox(MONDAY)) as running:
        yield running


@pytest.fixture
def servers(
    server: Any, ges: RunningServer, tmp_path: Path, free_port: Any
) -> Iterator[list[ActionServer]]:
    clock, config = tmp_path / "clock", tmp_path / "callback.yml"
    clock.write_text(MONDAY.isoformat())
    config.write_text(f"{DEMO.read_text()}\npatience: {{booking_seconds: 4}}\n")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "SANIC_HOST": "127.0.0.1",
        "ACTION_SERVER_SANIC_WORKERS": "1",
        "CALLBACK_ACTIONS_SECRET": SECRET,
        "CALLBACK_CLOCK_FILE": str(clock),
        "CALLBACK_CONFIG": str(config),
        "CALLBACK_STORE_URL": server.url,
        "CALLBACK_STORE_TIMEOUT_SECONDS": "2",
        "GES_BASE_URL": ges.base_url,
        "GES_API_KEY": ges.key,
    }
    started: list[ActionServer] = []
    for name in ("one", "other"):
        port, log = free_port(), tmp_path / name
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(ActionServer(process, f"http://127.0.0.1:{port}", log))
    yield started
    for each in started:
        each.kill()


async def order(http: httpx.AsyncClient, ges: RunningServer, fault: Fault) -> None:
    answer = await http.post(f"{ges.admin_url}/faults", json=fault.model_dump(mode="json"))
    assert answer.is_success, answer.text


async def booked(http: httpx.AsyncClient, ges: RunningServer) -> list[str]:
    """The ids of the callbacks in the sandbox's books."""
    state = (await http.get(f"{ges.admin_url}/state")).json()
    return [str(each["id"]) for each in state["callbacks"]]


async def test_the_same_yes_on_two_servers_at_once_books_once_and_both_tell_the_truth(
    servers: list[ActionServer], ges: RunningServer
) -> None:
    shown = {"authorization": f"Bearer {SECRET}"}
    async with httpx.AsyncClient(trust_env=False, headers=shown) as http:
        await asyncio.gather(*(each.is_ready(http) for each in servers))
        # So long that both are at it.
        await order(http, ges, Fault(kind="latency", operation=Operation.CREATE, seconds=1))
        answers = await asyncio.gather(*(each.confirm(http) for each in servers))
        (callback_id,) = await booked(http, ges)
    assert sorted(map(said, answers)) == [
        "utter_callback_already_booked",
        "utter_callback_booked_scheduled",
    ]
    assert [slots(answer)["callback_id"] for answer in answers] == [callback_id] * 2


async def test_a_server_killed_while_it_books_leaves_a_booking_nobody_sends_again(
    servers: list[ActionServer], ges: RunningServer, server: Any
) -> None:
    dying, other = servers
    shown = {"authorization": f"Bearer {SECRET}"}
    raw: Redis = Redis.from_url(server.url)
    async with httpx.AsyncClient(trust_env=False, headers=shown) as http:
        await asyncio.gather(*(each.is_ready(http) for each in servers))
        await order(
            http, ges, Fault(kind="latency", operation=Operation.CREATE, seconds=2, count=1)
        )
        under_way = asyncio.create_task(dying.confirm(http))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await raw.keys("ges-callback:booking:*"):
                pass
        dying.kill()
        with pytest.raises(httpx.TransportError):
            await under_way
        answer = await other.confirm(http)
        assert said(answer) == "utter_callback_unconfirmed"
        assert slots(answer)["callback_outcome"] == "unconfirmed"
        assert len(await booked(http, ges)) <= 1
    await raw.aclose()
