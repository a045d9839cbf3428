"""The real action server, shut to strangers: with the SDK, Sanic and all workers in it."""

from __future__ import annotations

import logging
import socket
import ssl
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme
from sanic import Sanic

from actions.access import AccessSettings, Secrets
from actions.guard import Guard

if TYPE_CHECKING:
    from pathlib import Path

    from ges_connector.testing.contact_centre import RunningServer

OLD, NEW = "old-t7Vq2Zx9Lm4Rb8Wd3Kc6", "new-p5Hn1Yj8Gf4Sx7Qa2Ve9"
CUSTOMER, WORDS = "+493023125011", "planted words of a customer"
# What a confirmed booking looks like to the action that carries it out.
CONFIRMED = {
    "callback_process": "book",
    "callback_kind": "asap",
    "callback_phone": CUSTOMER,
    "callback_confirmed": True,
}


def body(action: str = "action_tell_wait", slots: dict[str, Any] | None = None) -> dict[str, Any]:
    message = {"intent": {"name": "ask_wait"}, "entities": [], "text": WORDS, "metadata": {}}
    tracker = {
        "sender_id": CUSTOMER,
        "slots": slots or {},
        "latest_message": message,
        "events": [],
        "active_loop": {},
    }
    return {"next_action": action, "sender_id": CUSTOMER, "tracker": tracker, "version": "3.21.1"}


def callbacks(ges: RunningServer) -> list[Any]:
    state = httpx.get(f"{ges.admin_url}/state", trust_env=False).raise_for_status().json()
    return list(state["callbacks"])


def is_fixed(answer: httpx.Response) -> bool:
    """Whether an answer is one of the fixed sentences and nothing else."""
    content = answer.json()
    return [*content] == ["error"] and len(answer.content) < 60


@pytest.mark.parametrize(
    ("secret", "more"),
    [
        (None, {}),
        ("wrong-p5Hn1Yj8Gf4Sx7Qa2Ve9", {}),
        (NEW[:-1], {}),
        (NEW + "x", {}),
        (f"{OLD} {NEW}", {}),
        (None, {"params": {"token": NEW[:-1]}}),
        (None, {"params": {"token": [NEW, NEW]}}),
        (None, {"auth": ("rasa", OLD[:-1])}),
        (None, {"auth": (NEW, "")}),
        (None, {"headers": {"x-token": NEW, "cookie": f"token={NEW}"}}),
    ],
)
def test_without_the_secret_nothing_is_done_and_nothing_told(
    server: Any, ges: RunningServer, secret: str | None, more: dict[str, Any]
) -> None:
    booking = body("action_submit_callback_form", CONFIRMED)
    answer = server.ask("POST", "/webhook", secret=secret, json=booking, **more)
    assert answer.status_code in {401, 429}
    assert is_fixed(answer)
    assert callbacks(ges) == []


@pytest.mark.parametrize(
    ("secret", "more"),
    [
        (OLD, {}),
        (NEW, {}),
        (None, {"params": {"token": OLD}}),
        (None, {"auth": ("rasa", NEW)}),
    ],
)
def test_the_secret_may_be_shown_in_each_way_the_engine_knows(
    server: Any, secret: str | None, more: dict[str, Any]
) -> None:
    answer = server.ask("POST", "/webhook", secret=secret, json=body(), **more)
    assert answer.status_code == 200
    assert answer.json()["responses"]


def test_only_what_watches_a_server_is_open(server: Any) -> None:
    assert server.ask("GET", "/health", secret=None).json() == {"status": "ok"}
    assert server.ask("GET", "/ready", secret=None).json()["status"] == "ready"
    for method, path in (
        ("GET", "/actions"),
        ("GET", "/nothing"),
        ("PUT", "/webhook"),
        ("OPTIONS", "/webhook"),
        ("OPTIONS", "/nothing"),
    ):
        refused = server.ask(method, path, secret=None, headers={"origin": "http://shop.example"})
        assert refused.status_code in {401, 429}
        assert is_fixed(refused)
    assert server.ask("GET", "/actions").json()


TOO_LARGE = b'{"next_action": "action_tell_wait", "more": "' + b"+493023125011 " * 400_000 + b'"}'
BAD: dict[str, dict[str, Any]] = {
    "no JSON": {"content": f"{{{WORDS}".encode()},
    "half of it": {"content": b'{"next_action": "action_tell_wait", "tracker": {"sender_id": "+49'},
    "empty": {"content": b""},
    "a list": {"json": [CUSTOMER, WORDS]},
    "nobody's": {"json": {**body(), "tracker": {"slots": {"phone": CUSTOMER}}}},
    "no tracker": {"json": {"next_action": "action_tell_wait", "sender_id": CUSTOMER}},
    "an action that is not there": {"json": body("action_nobody_has")},
    "no action": {"json": {**body(), "next_action": ""}},
    "a line of a log": {"json": body("x\n2026-11-22 ERROR root - +493023125011")},
    "types all wrong": {"json": {**body(), "version": {"a": CUSTOMER}}},
    "no message": {"json": {**body(), "tracker": {**body()["tracker"], "latest_message": WORDS}}},
    "deep": {"content": b'{"tracker":' * 5000 + b"{}" + b"}" * 5000},
    "large": {"content": TOO_LARGE},
    "not what it says": {"content": b"+493023125011", "headers": {"content-encoding": "deflate"}},
    "small but large": {
        "content": zlib.compress(TOO_LARGE * 5),
        "headers": {"content-encoding": "deflate"},
    },
    "compressed unknown": {"json": body(), "headers": {"content-encoding": "zstd"}},
}


@pytest.mark.parametrize("path", ["/webhook", "/webhook/", "/webhook//"])
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_call_is_answered_by_a_fixed_sentence_and_nothing_of_itself(
    server: Any, bad: str, path: str
) -> None:
    """Sanic serves a route under its path with slashes behind it as well."""
    before = len(server.written)
    answer = server.ask("POST", path, **BAD[bad])
    assert answer.is_client_error
    assert is_fixed(answer)
    written = server.written[before:]
    assert not [told for told in ("3023125011", WORDS, "Traceback") if told in written], written


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/webhook"), ("PUT", "/webhook"), ("GET", f"/{CUSTOMER}"), ("POST", "/health")],
)
def test_a_wrong_way_is_answered_by_a_fixed_sentence(server: Any, method: str, path: str) -> None:
    answer = server.ask(method, path, params={"who": WORDS})
    assert answer.status_code in {404, 405}
    assert is_fixed(answer)


def test_a_mistake_in_the_server_is_answered_by_a_fixed_sentence(
    start: Any, tmp_path: Path
) -> None:
    """An action of somebody else, which raises what the customer said."""
    package = tmp_path / "others"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import actions\n"
        "from rasa_sdk import Action\n"
        "from rasa_sdk.interfaces import ActionExecutionRejection\n"
        "class Raises(Action):\n"
        "    def name(self):\n        return 'action_raises'\n"
        "    async def run(self, dispatcher, tracker, domain):\n"
        "        raise RuntimeError(tracker.latest_message['text'] + tracker.sender_id)\n"
        "class Rejects(Raises):\n"
        "    def name(self):\n        return 'action_rejects'\n"
        "    async def run(self, dispatcher, tracker, domain):\n"
        "        raise ActionExecutionRejection('action_rejects', tracker.sender_id)\n"
    )
    server = start("--actions", "others", PYTHONPATH=str(tmp_path))
    raised = server.ask("POST", "/webhook", json=body("action_raises"))
    rejected = server.ask("POST", "/webhook", json=body("action_rejects"))
    assert (raised.status_code, is_fixed(raised)) == (500, True)
    assert rejected.status_code == 400
    # The engine learns from it that the action rejected its execution, and which one.
    assert rejected.json() == {"error": "This is not a call.", "action_name": "action_rejects"}
    assert "RuntimeError at run" in server.written
    assert not [told for told in ("3023125011", WORDS) if told in server.written]


GARBAGE = [
    b"GET\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"POST /webhook HTTP/9.9\r\nhost: +493023125011\r\n\r\n",
    b"POST /webhook HTTP/1.1\r\ncontent-length: many\r\n\r\n",
    b"POST /webhook HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /" + b"+493023125011" * 2000 + b" HTTP/1.1\r\n\r\n",
    b"POST /webhook\xff HTTP/1.1\r\nhost: x\r\n\r\n",
]
NO_ADDRESSES = [
    b"GET http://+493023125011:117/health HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET http://here:493023125011/health HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /+493023125011\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /+493023125011\x7f\x01 HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET +493023125011 HTTP/1.1\r\nhost: x\r\n\r\n",
    b"CONNECT +493023125011:1 HTTP/1.1\r\nhost: x\r\n\r\n",
]


@pytest.mark.parametrize("garbage", NO_ADDRESSES)
def test_what_is_no_address_is_answered_and_leaves_no_more_than_a_line(
    server: Any, garbage: bytes
) -> None:
    before = len(server.written)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(garbage)
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 400")
    assert said.endswith(b'{"error":"This is not a call."}')
    written = server.written[before:]
    own = [line for line in written.splitlines() if "KeepAlive" not in line]
    assert len(own) < 3, written
    assert not [told for told in ("3023125011", "Traceback") if told in written], written


def test_sanics_own_logs_tell_of_a_mistake_only_its_kind_and_place(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logging.getLogger("sanic.error")
    monkeypatch.setattr(log, "filters", [])
    Guard(AccessSettings(), Secrets.of([NEW])).stand_before(Sanic("guarded-mistaken"))
    try:
        int(CUSTOMER + WORDS)
    except ValueError:
        log.exception("protocol.connection_task uncaught")
    assert "ValueError at test_sanics_own_logs" in caplog.text
    assert not [told for told in (CUSTOMER, WORDS, "Traceback") if told in caplog.text]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_no_http_is_answered_by_a_fixed_sentence_or_not_at_all(
    server: Any, garbage: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, content = said.partition(b"\r\n\r\n")
    assert b"3023125011" not in said
    assert not head or head.startswith(b"HTTP/1.1 4")
    assert not content or content.startswith(b'{"error":')


def test_whoever_hangs_up_leaves_no_line_of_an_error(server: Any) -> None:
    before = len(server.written)
    for begun in (b"POST /webhook HTT", _request(body(), None)[:60], _request(body(), NEW)[:-20]):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(begun)
    assert server.ask("POST", "/webhook", json=body()).status_code == 200
    assert "ERROR" not in server.written[before:]


def test_a_flood_of_bad_requests_leaves_the_good_ones_served(server: Any) -> None:
    good = _request(body(), NEW)
    bad = [
        _request(body(), "wrong"),
        _request(body(), None),
        _request("no call", NEW),
        _request(body("action_nothing"), NEW),
    ]
    rounds = 60
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        reader = connection.makefile("rb")
        answers = []
        for _ in range(rounds):
            connection.sendall(b"".join([*bad, good]))
            answers += [_answer(reader) for _ in range(len(bad) + 1)]
    assert [status for status, _ in answers[4::5]] == [200] * rounds
    assert all(b'"responses":[{' in content for _, content in answers[4::5])
    assert {status for status, _ in answers[0::5]} <= {401, 429}
    assert {status for status, _ in answers[2::5]} == {422}
    assert {status for status, _ in answers[3::5]} == {404}


def _request(content: Any, secret: str | None) -> bytes:
    shown = {} if secret is None else {"authorization": f"Bearer {secret}"}
    request = httpx.Request("POST", "http://127.0.0.1/webhook", json=content, headers=shown)
    head = b"".join(b"%s: %s\r\n" % pair for pair in request.headers.raw)
    return b"POST /webhook HTTP/1.1\r\n" + head + b"\r\n" + request.read()


def _answer(reader: Any) -> tuple[int, bytes]:
    status = int(reader.readline().split()[1])
    length = 0
    while (line := reader.readline().strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, reader.read(length)


def test_no_log_holds_the_secret_however_it_was_shown(server: Any) -> None:
    server.ask("POST", "/webhook", secret=None, json=body(), params={"token": NEW})
    server.ask("POST", "/webhook", secret=None, json=body(), params={"token": "wrong-guess"})
    server.ask("POST", "/webhook", secret=None, json=body(), auth=("rasa", OLD))
    written = server.written
    assert "action_tell_wait" in written
    assert not [told for told in (OLD, NEW, "wrong-guess", CUSTOMER[1:]) if told in written]


def test_sanics_own_logs_hold_no_query_once_a_server_is_guarded(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sanic.access", "sanic.root", "sanic.error"):
        monkeypatch.setattr(logging.getLogger(name), "filters", [])
    for name in ("guarded", "guarded-as-well"):
        Guard(AccessSettings(), Secrets.of([NEW])).stand_before(Sanic(name))
    asked = f"POST http://127.0.0.1/webhook?token={NEW}"
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("sanic.access").info("", extra={"request": asked})
        logging.getLogger("sanic.root").info(f"Request: {asked} stopped.")  # noqa: G004 - as Sanic does
        logging.getLogger("sanic.error").error("while handling uri: %s", repr(asked))
    assert len(caplog.records) == 3
    assert vars(caplog.records[0])["request"] == "POST http://127.0.0.1/webhook?…"
    assert not [each for each in caplog.records if NEW in f"{vars(each)} {each.getMessage()}"]


def test_more_calls_than_are_allowed_hear_so(start: Any) -> None:
    server = start(CALLBACK_ACTIONS_CALLS_PER_PEER="3/hour")
    answers = [server.ask("POST", "/webhook", json=body()) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "1"
    assert is_fixed(answers[-1])
    assert server.ask("GET", "/health").is_success


def test_guesses_take_no_turn_from_who_knows_the_secret(start: Any) -> None:
    server = start(
        CALLBACK_ACTIONS_REFUSALS_PER_PEER="2/hour", CALLBACK_ACTIONS_CALLS_IN_ALL="2/hour"
    )
    guesses = [server.ask("GET", "/actions", secret="guess") for _ in range(4)]
    assert [guess.status_code for guess in guesses] == [401, 401, 429, 429]
    assert server.ask("POST", "/webhook", json=body()).status_code == 200
    assert server.ask("POST", "/webhook", json=body()).status_code == 200
    assert server.ask("POST", "/webhook", json=body()).status_code == 429


@pytest.mark.parametrize(
    "rest",
    [
        b"content-length: 4194305\r\n\r\n",
        b"transfer-encoding: chunked\r\n\r\n400001\r\n",
    ],
    ids=["announced", "in pieces"],
)
def test_a_body_that_is_too_long_is_refused_before_it_has_come(server: Any, rest: bytes) -> None:
    head = f"POST /webhook HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {NEW}\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head + rest)
        reader = connection.makefile("rb")
        status, content = _answer(reader)
    assert (status, content) == (413, b'{"error":"It is too large."}')


def test_a_body_that_does_not_come_is_not_waited_for(start: Any) -> None:
    server = start(CALLBACK_ACTIONS_READ_SECONDS="0.5")
    whole = _request(body(), NEW)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(whole[:-20])
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 408")
    assert said.endswith(b'{"error":"It took too long."}')


def test_two_workers_keep_strangers_out_alike(start: Any) -> None:
    server = start(ACTION_SERVER_SANIC_WORKERS="2")
    statuses = [
        server.ask("POST", "/webhook", secret=secret, json=body()).status_code
        for secret in [None, NEW] * 12
    ]
    assert statuses[1::2] == [200] * 12
    assert set(statuses[0::2]) <= {401, 429}


def test_only_this_machine_may_call_if_that_is_wanted(start: Any) -> None:
    server = start(CALLBACK_ACTIONS_LOOPBACK_ONLY="true")
    assert server.ask("POST", "/webhook", json=body()).status_code == 200
    passed_on = {"x-forwarded-for": "203.0.113.9"}
    assert server.ask("POST", "/webhook", json=body(), headers=passed_on).status_code == 403


def test_the_server_speaks_tls_as_the_sdk_offers_it(start: Any, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    key.write_bytes(issued.private_key_pem.bytes())
    certificate.write_bytes(b"".join(each.bytes() for each in issued.cert_chain_pems))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    options = ("--ssl-certificate", str(certificate), "--ssl-keyfile", str(key))
    server = start(*options, tls=trusting)
    assert server.ask("POST", "/webhook", json=body(), verify=trusting).status_code == 200
    refused = server.ask("POST", "/webhook", secret=None, json=body(), verify=trusting)
    assert refused.status_code == 401
    with pytest.raises(httpx.ConnectError):
        server.ask("GET", "/health", verify=ssl.create_default_context())


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "secret: is missing"),
        ({"CALLBACK_ACTIONS_SECRET": ""}, "secret: is missing"),
        ({"CALLBACK_ACTIONS_SECRET": "tooshort"}, "secret: is shorter"),
        ({"CALLBACK_ACTIONS_SECRET": "changeme-changeme-changeme"}, "no random one"),
        ({"CALLBACK_ACTIONS_SECRET": "tooshort", "CALLBACK_DEMO": "yes"}, "secret: is shorter"),
        ({"CALLBACK_ACTIONS_SECRET_FILE": "nowhere"}, "secret_file: cannot be read"),
        ({"CALLBACK_ACTIONS_SECRET": NEW, "CALLBACK_ACTIONS_MAX_BYTES": "x"}, "max_bytes"),
    ],
)
def test_a_server_that_anybody_could_call_does_not_start(
    refuse: Any, environment: dict[str, str], reason: str
) -> None:
    written = refuse(**environment)
    assert reason in written
    assert "Traceback" not in written
    given = environment.get("CALLBACK_ACTIONS_SECRET")
    assert not given or given not in written


def test_the_demo_needs_no_secret_but_serves_this_machine_only(start: Any) -> None:
    server = start(CALLBACK_DEMO="1", CALLBACK_ACTIONS_SECRET="")
    assert server.ask("POST", "/webhook", secret=None, json=body()).status_code == 200
    passed_on = {"forwarded": "for=203.0.113.9"}
    refused = server.ask("POST", "/webhook", secret=None, json=body(), headers=passed_on)
    assert refused.status_code == 403
