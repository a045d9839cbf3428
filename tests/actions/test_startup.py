"""The real action server: it starts with one and with two workers, is ready, and stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from ruamel.yaml import YAML

from ges_connector.testing.contact_centre import RunningServer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
SHOWN = {"authorization": f"Bearer {SECRET}"}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def starting(
    log: Path, environment: dict[str, str], workers: int
) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """Start it as a deployment does, and leave no process of it behind."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)],
            cwd=ROOT,
            env={
                **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
                "SANIC_HOST": "127.0.0.1",
                "ACTION_SERVER_SANIC_WORKERS": str(workers),
                "CALLBACK_ACTIONS_SECRET": SECRET,
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def action_server(log: Path, environment: dict[str, str], workers: int) -> Iterator[str]:
    """A server that is up."""
    with starting(log, environment, workers) as (process, port):
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(url, process, log)
        yield url


def _wait_until_up(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            if httpx.get(f"{url}/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            process_is_up = process.poll() is None
            assert process_is_up, log.read_text(errors="replace")
    pytest.fail(log.read_text(errors="replace"))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_server_starts_is_ready_and_lists_the_actions_of_the_domain(
    tmp_path: Path, ges_server: RunningServer, workers: int
) -> None:
    environment = {"GES_BASE_URL": ges_server.base_url, "GES_API_KEY": ges_server.key}
    with action_server(tmp_path / "log", environment, workers) as url:
        ready = httpx.get(f"{url}/ready", trust_env=False)
        listed = httpx.get(f"{url}/actions", trust_env=False, headers=SHOWN).json()
        answer = httpx.post(
            f"{url}/webhook", json=_call("action_tell_wait"), trust_env=False, headers=SHOWN
        )
        without_domain = {**_call("action_tell_wait")}
        del without_domain["domain"]
        same = httpx.post(f"{url}/webhook", json=without_domain, trust_env=False, headers=SHOWN)
        no_json = httpx.post(f"{url}/webhook", content=b"{", trust_env=False, headers=SHOWN)
    known = {name for engine in ("classic", "calm") for name in _actions_of(engine)}
    assert ready.json() == {"status": "ready", "ges": "answers", "store": "none"}
    assert {each["name"] for each in listed} == known
    assert answer.status_code == 200
    assert answer.json()["responses"][0]["response"].startswith("utter_callback_wait")
    assert (same.status_code, same.json()) == (200, answer.json())
    assert no_json.is_error
    log = (tmp_path / "log").read_text(errors="replace")
    assert re.search(r"action_tell_wait: \w+, \d+ ms, conversation [0-9a-f]{12}", log)


def test_a_server_that_cannot_serve_says_so_and_answers_all_the_same(tmp_path: Path) -> None:
    with action_server(tmp_path / "log", {"GES_BASE_URL": "nonsense"}, 1) as url:
        ready = httpx.get(f"{url}/ready", trust_env=False)
        answer = httpx.post(
            f"{url}/webhook", json=_call("action_tell_wait"), trust_env=False, headers=SHOWN
        )
    assert ready.status_code == 503
    assert ready.json()["status"] == "not ready"
    assert answer.status_code == 200
    said = [each["response"] for each in answer.json()["responses"]]
    assert said[0] == "utter_callback_technical_problem"
    assert "GES_BASE_URL" in (tmp_path / "log").read_text(errors="replace")


def test_a_server_whose_ges_is_down_is_ready_to_say_so(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/engagement/v3"
    environment = {"GES_BASE_URL": nobody, "GES_API_KEY": "a-key"}
    with action_server(tmp_path / "log", environment, 1) as url:
        ready = httpx.get(f"{url}/ready", trust_env=False)
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "ges": "unreachable", "store": "none"}


def test_a_server_told_to_stop_while_it_starts_stops(tmp_path: Path) -> None:
    with starting(tmp_path / "log", {}, workers=2) as (process, _):
        # Two of Sanic's own and the workers, which take seconds to come up.
        while process.poll() is None and len(_children(process.pid)) < 4:
            pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0, (tmp_path / "log").read_text()


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def _actions_of(engine: str) -> list[str]:
    files = (ROOT / "domain" / engine).glob("*.yml")
    read = YAML(typ="safe", pure=True)
    # A flow engine's domain may say of an action how it is called.
    found = [each for file in files for each in read.load(file).get("actions", ())]
    return [name for each in found for name in ([each] if isinstance(each, str) else each)]


def _call(action: str) -> dict[str, object]:
    message = {"intent": {"name": "ask_wait"}, "entities": [], "text": "how long", "metadata": {}}
    return {
        "next_action": action,
        "sender_id": "+493023125011",
        "tracker": {
            "sender_id": "+493023125011",
            "slots": {},
            "latest_message": message,
            "events": [],
            "active_loop": {},
        },
        "domain": {"slots": {}},
        "version": "3.21.1",
    }
