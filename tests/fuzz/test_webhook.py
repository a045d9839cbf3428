"""Whatever is sent to the action server's webhook, it answers, tells nothing, and stays up.

Calls begin as good ones of a booking, and are changed somewhere: in their values, in the text of
their JSON, or in their bytes.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import zlib
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa_sdk.executor import ActionExecutor

from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import built_in_seed, running_server, standing_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ges_connector.testing.contact_centre import RunningServer

# They share one server.
pytestmark = pytest.mark.xdist_group("fuzzed action server")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
SECRET = "fuzz-t7Vq2Zx9Lm4Rb8Wd3Kc6"
# Said and sent everywhere; no refusal and no log line may hold it. No action could be called so.
PLANTED = "planted zq7"
NUMBER = "+493023125011"
# What the guard and the SDK answer, 449 to a domain that is null; above all no 5xx.
STATUSES = {200, 400, 404, 413, 415, 422, 449}
MOST_BYTES = 256 * 1024
MOST_GROWTH_BYTES = 64 * 1024 * 1024

FEW = settings(
    max_examples=250,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MANY = settings(FEW, max_examples=10_000)


def registered() -> list[str]:
    executor = ActionExecutor()
    executor.register_package("actions")
    return sorted(executor.actions)


ACTIONS = registered()
SLOTS: dict[str, Any] = {
    "callback_process": "book",
    "callback_kind": "scheduled",
    "callback_slot": "smkf3nts0",
    "callback_phone": NUMBER,
    "callback_confirmed": True,
    "callback_cancel_confirmed": True,
    "callback_id": "0c6f1d3e-0000-4000-8000-000000000000",
    "callback_language": "en",
    "callback_locale": "en-GB",
    "callback_timezone": "Europe/Berlin",
    "callback_channel": "chat",
    "callback_menu": {"ids": ["smkf3nts0"]},
    "requested_slot": "callback_slot",
}


def good_call(action: str, words: str) -> dict[str, Any]:
    """What the engine sends in the middle of a booking."""
    message = {
        "intent": {"name": "inform", "confidence": 0.9},
        "entities": [{"entity": "callback_choice", "value": "asap"}],
        "text": words,
        "metadata": {"locale": "en-GB", "timezone": "Europe/Berlin", "caller_number": NUMBER},
        "message_id": "m1",
    }
    return {
        "next_action": action,
        "sender_id": PLANTED,
        "tracker": {
            "sender_id": PLANTED,
            "slots": dict(SLOTS),
            "latest_message": message,
            "events": [
                {"event": "action", "name": "action_session_start", "timestamp": 1.0},
                {"event": "slot", "name": "callback_kind", "value": "scheduled"},
                {"event": "user", "input_channel": "chat", **message},
            ],
            "paused": False,
            "followup_action": None,
            "active_loop": {"name": "callback_form"},
            "latest_action_name": "action_listen",
        },
        "domain": {"slots": {}},
        "version": "3.21.1",
    }


# --- calls ---------------------------------------------------------------------------------------

scalars = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        [
            *(PLANTED, "\ud800", "\0", "\r\nx: y", "{slot}", "/choose{}", "a" * 5000, "1 " * 5000),
            *("book", "move", "cancel", "asap", "scheduled", "callback_phone", "callback_slot"),
            *("friday at 12", "yes", NUMBER, "de-DE", "xx", "Mars/Base", "../../etc", "voice"),
            *(2**63, 10**400, -1, 1e308, float("nan"), float("inf"), "9999-12-31T23:59:59Z"),
        ]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["event", "name", "value", "text", "intent", "ids", "entity"])
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
words = st.sampled_from(["friday at 12", "yes", "no", "030 23125011", PLANTED, "help", ""])


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a call, the outermost first."""
    if not isinstance(data, dict | list):
        return [here]
    below = data.items() if isinstance(data, dict) else enumerate(data)
    return [here, *(place for key, value in below for place in paths(value, (*here, key)))]


PATHS = paths(good_call("action_listen", ""))[1:]


@st.composite
def calls(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """A good call, changed in some places."""
    call = deepcopy(good_call(draw(st.sampled_from(ACTIONS)), draw(words)))
    for path in draw(st.lists(st.sampled_from(PATHS), max_size=5)):
        change(draw, call, path)
    return call


def change(draw: Callable[[Any], Any], call: dict[str, Any], path: tuple[Any, ...]) -> None:
    holder: Any = call
    for key in path[:-1]:
        try:
            holder = holder[key]
        except (LookupError, TypeError):
            return  # an earlier change took the place away
    if not isinstance(holder, dict):
        return
    how = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
    if how == "replace":
        holder[path[-1]] = draw(values)
    elif how == "remove":
        holder.pop(path[-1], None)
    else:
        holder[draw(st.text(max_size=8) | st.sampled_from([*SLOTS, "events"]))] = draw(values)


@st.composite
def changed_texts(draw: Callable[[Any], Any]) -> bytes:
    """The JSON of a call with something put in, repeated or left out: doubled keys among others."""
    text = json.dumps(draw(calls()))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = f"{text[:start]}{draw(pieces)}{text[draw(st.sampled_from([start, end])) :]}"
    return text.encode("utf-8", "surrogatepass")


pieces = st.sampled_from(
    [
        *("NaN", "Infinity", "-0", "1e999", "null,", "[", "]", "{", "}", '"', "\\", "\\ud800", ","),
        *('"slots": {}, ', '"tracker": [], ', '"next_action": 5, ', '"text": "x", ', ":", "\ufeff"),
        *("[" * 2000, '{"a":' * 2000, "[" * 60 + "]" * 60, "9" * 5000, "\0", "\ud800", PLANTED),
    ]
)
bodies = st.one_of(
    calls().map(lambda call: json.dumps(call).encode()),
    calls().map(lambda call: json.dumps(call, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    changed_texts(),
    values.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=100),
    st.sampled_from(["utf-16", "utf-32", "utf-8-sig"]).map(
        lambda code: json.dumps(good_call("action_tell_wait", "")).encode(code)
    ),
)
giants = st.sampled_from([10_000, 200_000, 300_000, 2_000_000]).flatmap(
    lambda size: st.sampled_from(["a", "1 ", "\u6708", "friday or ", "\u0301", "0151 ", "("]).map(
        lambda piece: json.dumps(
            good_call("action_answer_callback", (piece * size)[:size])
        ).encode()
    )
)
# Sanic serves a route under its path with slashes behind it as well.
slashes = st.sampled_from(["", "", "/", "//"])
encodings = st.sampled_from([None, None, None, "deflate", "gzip", "identity", "br", "DEFLATE", ""])


# --- the server ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Actions:
    """A running action server.

    Attributes:
        url: Where it listens.
        process: Its first process; others of its session are its own.
        log: What it has written.
        http: Connections to it.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    http: httpx.Client

    def post(self, body: bytes, encoding: str | None = None, behind: str = "") -> httpx.Response:
        """Send a body to the webhook, or to its path with more behind; deflated if it says so."""
        headers = {"authorization": f"Bearer {SECRET}", "content-type": "application/json"}
        if encoding is not None:
            headers["content-encoding"] = encoding
        content = zlib.compress(body) if encoding == "deflate" else body
        return self.http.post(f"{self.url}/webhook{behind}", content=content, headers=headers)

    def is_well(self) -> bool:
        """Whether it answers, and carries out a good call."""
        healthy = self.http.get(f"{self.url}/health").is_success
        call = json.dumps(good_call("action_tell_wait", "how long is it?")).encode()
        return healthy and bool(self.post(call).json()["responses"])

    def resident_bytes(self) -> int:
        """Memory of all its processes, as the kernel counts it."""
        pages = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # a process that has just ended
            pages += int(fields[21]) if int(fields[3]) == self.process.pid else 0
        return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(scope="module")
def ges() -> Iterator[RunningServer]:
    with running_server(standing_sandbox(MONDAY, built_in_seed())) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ges: RunningServer) -> Iterator[Actions]:
    """An action server beside a contact centre, at the same moment, with no limit of rate."""
    folder = tmp_path_factory.mktemp("actions")
    clock, log = folder / "clock", folder / "log"
    clock.write_text(MONDAY.isoformat(), encoding="ascii")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port), "--debug"],
            cwd=ROOT,
            env={
                **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
                "SANIC_HOST": "127.0.0.1",
                "GES_BASE_URL": ges.base_url,
                "GES_API_KEY": ges.key,
                "CALLBACK_CLOCK_FILE": str(clock),
                "CALLBACK_LOG_LEVEL": "DEBUG",
                "CALLBACK_ACTIONS_SECRET": SECRET,
                "CALLBACK_ACTIONS_MAX_BYTES": str(MOST_BYTES),
                "CALLBACK_ACTIONS_CALLS_PER_PEER": "1000000/second",
                "CALLBACK_ACTIONS_CALLS_IN_ALL": "1000000/second",
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as http:
            running = Actions(f"http://127.0.0.1:{port}", process, log, http)
            wait_until_up(running)
            yield running
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_up(server: Actions) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert server.process.poll() is None, server.log.read_text(errors="replace")
        try:
            if server.http.get(f"{server.url}/ready").is_success:
                return
        except httpx.TransportError:
            continue
    pytest.fail(server.log.read_text(errors="replace"))


# --- what holds ----------------------------------------------------------------------------------


def check(server: Actions, body: bytes, encoding: str | None, behind: str = "") -> None:
    answer = server.post(body, encoding, behind)
    assert answer.status_code in STATUSES, answer.text
    content = answer.json()
    if answer.status_code == httpx.codes.OK:
        assert isinstance(content["events"], list)
        assert isinstance(content["responses"], list)
        return
    assert PLANTED not in answer.text
    assert content.keys() <= {"error", "action_name"}
    assert len(answer.content) < 200


def check_afterwards(server: Actions, before: int) -> None:
    assert server.is_well()
    assert server.resident_bytes() - before <= MOST_GROWTH_BYTES
    written = server.log.read_text(errors="replace")
    assert PLANTED not in written
    assert NUMBER not in written
    assert "Traceback" not in written


def warmed_up(server: Actions) -> int:
    """Have every action carried out once, and tell the memory taken then."""
    for action in ACTIONS:
        server.post(json.dumps(good_call(action, "friday at 12")).encode())
    return server.resident_bytes()


def test_any_call_is_answered_and_tells_nothing(server: Actions) -> None:
    @FEW
    @given(bodies | giants, encodings, slashes)
    def tried(body: bytes, encoding: str | None, behind: str) -> None:
        check(server, body, encoding, behind)

    before = warmed_up(server)
    tried()
    check_afterwards(server, before)


@pytest.mark.campaign
def test_any_call_is_answered_and_tells_nothing_for_thousands(server: Actions) -> None:
    @MANY
    @given(bodies | giants, encodings, slashes)
    def tried(body: bytes, encoding: str | None, behind: str) -> None:
        check(server, body, encoding, behind)

    before = warmed_up(server)
    tried()
    check_afterwards(server, before)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_answers_a_good_call(server: Actions, action: str) -> None:
    check(server, json.dumps(good_call(action, "friday at 12")).encode(), None)
