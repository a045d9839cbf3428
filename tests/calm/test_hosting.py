"""The three ways to host the actions for the engine of flows: HTTP, gRPC, and inside the engine."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped] # its stubs lag behind it
import httpx
import pytest
from google.protobuf.json_format import (  # type: ignore[import-untyped] # as above
    MessageToDict,
    ParseDict,
)
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.grpc_py import action_webhook_pb2, action_webhook_pb2_grpc

from actions import runtime
from ges_connector.callbacks import time_id
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import running_server, standing_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ges_connector.testing.contact_centre import RunningServer

SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
PATIENCE_SECONDS = 60.0


def call(action: str, sender: str, slots: dict[str, Any], text: str = "") -> dict[str, Any]:
    """A call as the engine of flows makes it."""
    answers = {"command": "set slot", "name": "callback_agreement", "value": text}
    message = {
        "text": text,
        "intent": {"name": None},
        "entities": [],
        "commands": [answers],
        "message_id": f"message {text}",
        "metadata": {"locale": "en-GB", "timezone": "Europe/Berlin"},
    }
    asking = {"type": "pattern_collect_information", "collect": "callback_agreement"}
    return {
        "next_action": action,
        "sender_id": sender,
        "tracker": {
            "sender_id": sender,
            "slots": slots,
            "latest_message": message,
            "events": [{"event": "user", "input_channel": "rest", **message}],
            "stack": [{"type": "flow", "flow_id": "request_callback"}, asking],
            "active_loop": {},
        },
        "domain": {"slots": {}},
        "version": "3.21.1",
    }


READ_BACK: dict[str, Any] = {
    "callback_next": "agreement",
    "callback_question": "read_back",
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": time_id(MONDAY.replace(day=16, hour=11, minute=0)),
    "callback_phone": "+493023125011",
    "callback_read_back_at": MONDAY.isoformat(),
}
"""What a conversation knows in which everything was read back."""


def slots_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in events if each["event"] == "slot"}


@pytest.fixture
def ges() -> Iterator[RunningServer]:
    with running_server(standing_sandbox(MONDAY)) as server:
        yield server


@pytest.fixture
def environment(
    ges: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, str]:
    """What tells the actions where GES is, set for this process as well."""
    clock = tmp_path / "clock"
    clock.write_text(MONDAY.isoformat())
    told = {
        "CALLBACK_CLOCK_FILE": str(clock),
        "GES_BASE_URL": ges.base_url,
        "GES_API_KEY": ges.key,
        "CALLBACK_ACTIONS_SECRET": SECRET,
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


def callbacks(ges: RunningServer) -> list[Any]:
    state = httpx.get(f"{ges.admin_url}/state", trust_env=False).raise_for_status().json()
    return list(state["callbacks"])


# --- a server -------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(environment: dict[str, str], log: Path, *options: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "ges_connector.cli", "serve", "--port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def over_http(port: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    while True:
        with suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False).is_success:
                break

    def run(called: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(
            f"http://127.0.0.1:{port}/webhook",
            json=called,
            headers={"authorization": f"Bearer {SECRET}"},
            timeout=PATIENCE_SECONDS,
            trust_env=False,
        )
        return dict(answer.raise_for_status().json())

    return run


def over_grpc(port: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def run(called: dict[str, Any]) -> dict[str, Any]:
        request = ParseDict(called, action_webhook_pb2.WebhookRequest(), ignore_unknown_fields=True)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)
            make_stub: Any = action_webhook_pb2_grpc.ActionServiceStub
            shown = [("authorization", f"Bearer {SECRET}")]
            stub = make_stub(channel)
            answer = stub.Webhook(request, timeout=PATIENCE_SECONDS, metadata=shown)
        return dict(MessageToDict(answer))

    return run


@pytest.mark.parametrize(
    ("options", "reach"),
    [(["--workers", "1"], over_http), (["--grpc"], over_grpc)],
    ids=["http", "grpc"],
)
def test_a_flow_books_through_a_server(
    ges: RunningServer,
    environment: dict[str, str],
    tmp_path: Path,
    options: list[str],
    reach: Callable[[int], Callable[[dict[str, Any]], dict[str, Any]]],
) -> None:
    slots = dict(READ_BACK)
    with serving(environment, tmp_path / "log", *options) as port:
        run = reach(port)
        heard = run(call("validate_callback_agreement", "conversation-1", slots, "yes"))
        slots |= slots_of(heard["events"])
        assert (slots["callback_next"], slots.get("callback_confirmed")) == ("submit", True), heard
        booked = run(call("action_submit_callback_form", "conversation-1", slots, "yes"))
    slots |= slots_of(booked["events"])
    assert (slots["callback_next"], slots["callback_outcome"]) == ("over", "booked")
    said = {each["response"] for each in booked["responses"]}
    assert "utter_callback_booked_scheduled" in said
    assert len(callbacks(ges)) == 1


# --- inside the engine ----------------------------------------------------------------------------


async def in_this_process(called: dict[str, Any]) -> dict[str, Any]:
    """What the engine does with `actions_module`: an executor, and no server with its hooks."""
    executor = ActionExecutor()
    executor.register_package("actions")
    result = await executor.run(called)
    assert result is not None
    return dict(result.model_dump())


async def test_a_flow_books_inside_the_engine_without_any_hook(
    ges: RunningServer, environment: dict[str, str]
) -> None:
    assert environment
    assert callbacks(ges) == []
    slots = dict(READ_BACK)
    heard = await in_this_process(call("validate_callback_agreement", "inside-1", slots, "yes"))
    slots |= slots_of(heard["events"])
    booked = await in_this_process(call("action_submit_callback_form", "inside-1", slots, "yes"))
    assert slots_of(booked["events"]).get("callback_outcome") == "booked", booked
    await runtime.close()


async def test_what_is_missing_inside_the_engine_is_logged_once_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runtime, "_told", set())
    for name in ("GES_BASE_URL", "GES_REGION", "GES_API_KEY", "GES_API_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    said = [await in_this_process(call("action_tell_wait", "inside-4", {})) for _ in range(2)]
    assert said[0]["responses"][0]["response"] == "utter_callback_technical_problem"
    logged = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert len(logged) == len({*logged}) == 2
    assert logged[0].startswith("Callbacks cannot be served: GES_REGION, GES_BASE_URL: ")
    assert logged[1].startswith("Callbacks cannot be served: GES_API_KEY, GES_API_KEY_FILE: ")


@pytest.fixture
def loops() -> Iterator[list[asyncio.AbstractEventLoop]]:
    """Two event loops, as the engine may have them; what was opened in them is closed."""
    made = [asyncio.new_event_loop() for _ in range(2)]
    yield made
    for loop in made:
        loop.run_until_complete(runtime.close())
        loop.close()


def test_two_event_loops_serve_at_once_and_one_yes_books_once(
    ges: RunningServer, environment: dict[str, str], loops: list[asyncio.AbstractEventLoop]
) -> None:
    assert environment
    outcomes = sorted(_outcomes(loops, "inside-2", ThreadPoolExecutor(2)))
    assert outcomes == ["already_booked", "booked"]
    assert len(callbacks(ges)) == 1


def test_one_event_loop_after_the_other_knows_what_was_booked(
    ges: RunningServer, environment: dict[str, str], loops: list[asyncio.AbstractEventLoop]
) -> None:
    assert environment
    assert _outcomes(loops, "inside-3", ThreadPoolExecutor(1)) == ["booked", "already_booked"]
    assert len(callbacks(ges)) == 1


def _outcomes(
    loops: list[asyncio.AbstractEventLoop], sender: str, threads: ThreadPoolExecutor
) -> list[str]:
    """What the same yes comes to in each loop."""
    slots = {**READ_BACK, "callback_next": "submit", "callback_confirmed": True}
    called = call("action_submit_callback_form", sender, slots, "yes")

    def in_loop(loop: asyncio.AbstractEventLoop) -> str:
        result = loop.run_until_complete(in_this_process(called))
        return str(slots_of(result["events"])["callback_outcome"])

    with threads:
        return list(threads.map(in_loop, loops))
