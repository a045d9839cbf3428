"""`ges-callback serve`: checked before it starts, and stopped without breaking off a booking."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped] # its stubs lag behind it
import httpx
import pytest
import trustme
from google.protobuf.json_format import (  # type: ignore[import-untyped] # as above
    MessageToDict,
    ParseDict,
)
from grpc_health.v1.health_pb2 import (  # type: ignore[import-untyped] # as above
    HealthCheckRequest,
    HealthCheckResponse,
)
from grpc_health.v1.health_pb2_grpc import HealthStub  # type: ignore[import-untyped] # as above
from rasa_sdk.grpc_py import action_webhook_pb2, action_webhook_pb2_grpc

from ges_connector.callbacks import time_id
from ges_connector.cli.judged_environment import WORKERS_VARIABLE
from ges_connector.cli.serve import warn_of_no_store
from ges_connector.testing import MONDAY

SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
SHOWN = [("authorization", f"Bearer {SECRET}")]
PATIENCE_SECONDS = 60.0
FRIDAY_NOON = MONDAY.replace(day=16, hour=11, minute=0)
YES = {"intent": {"name": "affirm"}, "entities": [], "text": "yes", "metadata": {}}
BOOKING: dict[str, Any] = {
    "next_action": "action_submit_callback_form",
    "sender_id": "conversation-1",
    "tracker": {
        "sender_id": "conversation-1",
        "slots": {
            "callback_process": "book",
            "callback_kind": "scheduled",
            "callback_slot": time_id(FRIDAY_NOON),
            "callback_phone": "+493023125011",
            "callback_read_back_at": MONDAY.isoformat(),
            "callback_confirmed": True,
        },
        "latest_message": YES,
        "events": [{"event": "user", "input_channel": "chat", **YES}],
        "active_loop": {},
    },
    "domain": {"slots": {}},
    "version": "3.21.1",
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(
    office: Any, log: Path, *options: object, **environment: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """The command in a process of its own, which it becomes the server of."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ges_connector.cli", "serve", *map(str, options)],
            env={
                **os.environ,
                **office.environment,
                "CALLBACK_ACTIONS_SECRET": SECRET,
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def book_over_http(port: int) -> str:
    answer = httpx.post(
        f"http://127.0.0.1:{port}/webhook",
        json=BOOKING,
        headers={"authorization": f"Bearer {SECRET}"},
        timeout=PATIENCE_SECONDS,
        trust_env=False,
    )
    return str(answer.json()["responses"][0]["response"])


def book_over_grpc(port: int) -> str:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        answer = MessageToDict(called_over(channel, metadata=SHOWN))
    return str(answer["responses"][0]["response"])


def called_over(channel: Any, method: str = "Webhook", **more: Any) -> Any:
    """What a call of the engine is answered, the first part of it where it is a stream."""
    make_stub: Any = action_webhook_pb2_grpc.ActionServiceStub
    request = ParseDict(BOOKING, action_webhook_pb2.WebhookRequest(), ignore_unknown_fields=True)
    asked = {
        "Actions": action_webhook_pb2.ActionsRequest(),
        "AckStreamChunks": action_webhook_pb2.StreamChunkAck(),
    }.get(method, request)
    answer = getattr(make_stub(channel), method)(asked, timeout=PATIENCE_SECONDS, **more)
    return next(iter(answer)) if method == "WebhookStream" else answer


def health(channel: Any) -> Any:
    return HealthStub(channel).Check(HealthCheckRequest(), timeout=PATIENCE_SECONDS)


def wait_for_http(port: int) -> None:
    while True:
        with suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False).is_success:
                return


def wait_for_grpc(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)


def tell(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    process.send_signal(number)


def tell_all_its_processes(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """As a terminal and some supervisors do."""
    os.killpg(process.pid, number)


@pytest.mark.parametrize(
    ("send", "number"),
    [
        (tell, signal.SIGTERM),
        (tell_all_its_processes, signal.SIGTERM),
        (tell_all_its_processes, signal.SIGINT),
    ],
    ids=["term", "term-to-all", "int-to-all"],
)
@pytest.mark.parametrize(
    ("options", "wait", "book"),
    [
        (["--workers", "1"], wait_for_http, book_over_http),
        (["--grpc"], wait_for_grpc, book_over_grpc),
    ],
    ids=["http", "grpc"],
)
def test_a_server_told_to_stop_lets_a_running_booking_finish(  # noqa: PLR0913, PLR0917 - a table
    office: Any,
    tmp_path: Path,
    options: list[str],
    wait: Callable[[int], None],
    book: Callable[[int], str],
    send: Callable[["subprocess.Popen[bytes]", signal.Signals], None],
    number: signal.Signals,
) -> None:
    port, log = free_port(), tmp_path / "log"
    with (
        serving(office, log, "--host", "127.0.0.1", "--port", port, *options) as process,
        ThreadPoolExecutor(1) as customer,
    ):
        wait(port)
        office.fault(kind="latency", operation="create", seconds=3, count=1)
        answer = customer.submit(book, port)
        office.wait_until_faults_have_come()
        send(process, number)
        assert answer.result() == "utter_callback_booked_scheduled", log.read_text()
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
    assert len(office.callbacks()) == 1
    told = log.read_text()
    assert "Traceback" not in told
    began, ended = (told.index(f"cancellations {word}: 1") for word in ("under way", "waited for"))
    assert told.index("Stopping within") < began < told.index("Stopped;") < ended


def test_told_twice_it_ends_at_once_without_killing_the_group_of_whoever_started_it(
    office: Any, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    with (
        serving(office, log, "--host", "127.0.0.1", "--port", port) as process,
        ThreadPoolExecutor(1) as customer,
    ):
        wait_for_http(port)
        office.fault(kind="latency", operation="create", seconds=3, count=1)
        answer = customer.submit(book_over_http, port)
        office.wait_until_faults_have_come()
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        # Killed with its group, it would end by a signal.
        assert process.wait(timeout=PATIENCE_SECONDS) == 1
        assert isinstance(answer.exception(), httpx.TransportError)
    assert "Traceback" not in log.read_text()


def test_over_grpc_callers_can_be_asked_for_a_certificate(office: Any, tmp_path: Path) -> None:
    authority, port = trustme.CA(), free_port()
    ours, theirs = authority.issue_cert("localhost"), authority.issue_cert("engine")
    files = {name: tmp_path / f"{name}.pem" for name in ("certificate", "key", "authority")}
    files["certificate"].write_bytes(ours.cert_chain_pems[0].bytes())
    files["key"].write_bytes(ours.private_key_pem.bytes())
    files["authority"].write_bytes(authority.cert_pem.bytes())
    known = grpc.ssl_channel_credentials(
        authority.cert_pem.bytes(),
        theirs.private_key_pem.bytes(),
        theirs.cert_chain_pems[0].bytes(),
    )
    stranger = grpc.ssl_channel_credentials(authority.cert_pem.bytes())
    options = ["--ssl-certificate", files["certificate"], "--ssl-keyfile", files["key"]]
    options += ["--ssl-ca-file", files["authority"], "--host", "localhost", "--port", port]
    with serving(office, tmp_path / "log", "--grpc", *options):
        with grpc.secure_channel(f"localhost:{port}", known) as channel:
            grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)
            assert health(channel).status == HealthCheckResponse.SERVING
        with grpc.secure_channel(f"localhost:{port}", stranger) as channel:
            with pytest.raises(grpc.RpcError) as refused:
                health(channel)
            assert refused.value.code() == grpc.StatusCode.UNAVAILABLE


def test_over_grpc_nothing_is_done_for_who_shows_no_secret(office: Any, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    strangers = [
        [],
        [("authorization", f"Bearer {SECRET[:-1]}")],
        [("authorization", SECRET)],
        [("authorization-bin", f"Bearer {SECRET}".encode())],
        [("token", SECRET)],
    ]
    with (
        serving(office, log, "--grpc", "--port", port),
        grpc.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)
        assert health(channel).status == HealthCheckResponse.SERVING
        for method in ("Webhook", "WebhookStream", "AckStreamChunks", "Actions"):
            for metadata in strangers:
                with pytest.raises(grpc.RpcError) as refused:
                    called_over(channel, method, metadata=metadata)
                assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED
                assert refused.value.details() == "Show the secret."
        assert office.callbacks() == []
        assert len(called_over(channel, "Actions", metadata=SHOWN).actions) > 5
    assert SECRET[:-1] not in log.read_text()
    assert f"listens on 127.0.0.1:{port} (gRPC)" in log.read_text()


def test_over_grpc_a_call_that_is_too_long_is_refused(office: Any, tmp_path: Path) -> None:
    port = free_port()
    limit = {"CALLBACK_ACTIONS_MAX_BYTES": "1024"}
    long = action_webhook_pb2.WebhookRequest(next_action="x" * 1100)
    with (
        serving(office, tmp_path / "log", "--grpc", "--port", port, **limit),
        grpc.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)
        assert len(called_over(channel, "Actions", metadata=SHOWN).actions) > 5
        make_stub: Any = action_webhook_pb2_grpc.ActionServiceStub
        with pytest.raises(grpc.RpcError) as refused:
            make_stub(channel).Webhook(long, timeout=PATIENCE_SECONDS, metadata=SHOWN)
        assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        ([], {"CALLBACK_ACTIONS_SECRET": ""}, "environment: CALLBACK_ACTIONS_SECRET: is missing"),
        ([], {"CALLBACK_ACTIONS_MAX_DEPTH": "x"}, "environment: CALLBACK_ACTIONS_MAX_DEPTH: "),
        ([], {"ACTION_SERVER_SANIC_WORKERS": "two"}, "ACTION_SERVER_SANIC_WORKERS: must be a"),
        ([], {"CALLBACK_WORDING": "/nowhere"}, "environment: CALLBACK_WORDING: there is no such"),
        ([], {"CALLBACK_RELOAD_SECONDS": "often"}, "environment: CALLBACK_RELOAD_SECONDS: "),
        ([], {"CALLBACK_VERIFY": "nowhere:none"}, "environment: CALLBACK_VERIFY: "),
        ([], {"GES_BASE_URL": "nonsense"}, "environment: GES_BASE_URL: "),
        (["--config", "/nowhere.yml"], {}, "/nowhere.yml: cannot be read"),
        (["--host", "not a host"], {}, "--host, --port: not a host:"),
        (["--ssl-certificate", "/nowhere.pem"], {}, "--ssl-certificate"),
        (
            ["--ssl-certificate", __file__, "--ssl-keyfile", __file__],
            {},
            "--ssl-certificate, --ssl-keyfile: hold no certificate",
        ),
        (["--ssl-ca-file", __file__], {}, "--ssl-ca-file: goes with --grpc"),
        (["--ssl-keyfile", __file__], {}, "give both or none"),
        (["--port", "0"], {}, "--port"),
        (["--actions", "actions"], {}, "--actions: actions: is the name of ours"),
        (
            [],
            {"CALLBACK_OTHER_ACTIONS": "nowhere.at_all"},
            "CALLBACK_OTHER_ACTIONS: nowhere.at_all: cannot be loaded",
        ),
        (["--grpc", "--workers", "2"], {}, "--workers: gRPC has one process"),
        (["--grpc"], {"CALLBACK_ACTIONS_SECRET": ""}, "CALLBACK_ACTIONS_SECRET: is missing"),
        (
            ["--grpc", "--host", "192.0.2.1"],
            {"CALLBACK_ACTIONS_SECRET": "", "CALLBACK_DEMO": "1"},
            "--host: without a secret gRPC is for this machine alone",
        ),
    ],
)
def test_whatever_is_wrong_is_told_in_one_line_before_anything_listens(
    office: Any, options: list[str], environment: dict[str, str], said: str
) -> None:
    result = office.run("serve", *options, **{"CALLBACK_ACTIONS_SECRET": SECRET, **environment})
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert said in line


OWN_ACTIONS = """
from rasa_sdk import Action


class Bake(Action):
    def name(self):
        return "action_bake"
"""


@pytest.mark.parametrize("is_grpc", [False, True], ids=["http", "grpc"])
def test_actions_of_others_are_served_beside_ours(
    office: Any,
    tmp_path: Path,
    is_grpc: bool,  # noqa: FBT001 - a row of a table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "own_actions").mkdir()
    (tmp_path / "own_actions" / "__init__.py").touch()
    (tmp_path / "own_actions" / "baking.py").write_text(OWN_ACTIONS)
    monkeypatch.chdir(tmp_path)
    port, over = free_port(), ["--grpc"] if is_grpc else []
    where = ("--host", "127.0.0.1", "--port", port, "--actions", "own_actions")
    with serving(office, tmp_path / "log", *where, *over):
        if is_grpc:
            wait_for_grpc(port)
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                told = MessageToDict(called_over(channel, "Actions", metadata=SHOWN))
        else:
            wait_for_http(port)
            shown = {"authorization": f"Bearer {SECRET}"}
            url = f"http://127.0.0.1:{port}/actions"
            told = {"actions": httpx.get(url, headers=shown, trust_env=False).json()}
    served = {each["name"] for each in told["actions"]}
    assert {"action_bake", "action_tell_wait"} <= served


def test_all_that_is_wrong_is_told_at_once_whatever_it_is_about(
    office: Any, tmp_path: Path
) -> None:
    config = tmp_path / "callback.yml"
    config.write_text("topics: {}\n")
    result = office.run(
        *("serve", "--config", config, "--actions", "nowhere_to_be_found"),
        *("--ssl-certificate", config, "--ssl-keyfile", config),
        GES_API_KEY="",
        CALLBACK_STORE_URL="ftp://store",
        CALLBACK_ACTIONS_SECRET="short",
        CALLBACK_ACTIONS_MAX_DEPTH="x",
        CALLBACK_LOG_FORMAT="yaml",
        CALLBACK_LOG_LEVEL="LOUD",
        CALLBACK_RELOAD_SECONDS="often",
    )
    assert result.exit_code == 2
    for about in (
        "--ssl-certificate, --ssl-keyfile: hold no certificate",
        "environment: CALLBACK_ACTIONS_MAX_DEPTH: must be a whole number at least 8",
        "environment: CALLBACK_LOG_FORMAT",
        "environment: CALLBACK_LOG_LEVEL",
        f"{config}:",
        "environment: GES_API_KEY",
        "environment: CALLBACK_STORE_URL",
        "environment: CALLBACK_ACTIONS_SECRET",
        "environment: CALLBACK_RELOAD_SECONDS",
        "--actions: nowhere_to_be_found: cannot be loaded",
    ):
        assert about in result.stderr


def test_a_port_that_is_taken_is_told_in_one_line(office: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = office.run(
            "serve", "--host", "127.0.0.1", "--port", port, CALLBACK_ACTIONS_SECRET=SECRET
        )
    assert result.exit_code == 2
    assert re.fullmatch(
        rf"--host, --port: 127\.0\.0\.1:{port}: .+in use \(end what .+\)\n", result.stderr
    )


def test_several_workers_without_a_store_are_warned_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CALLBACK_STORE_URL", "CALLBACK_STORE_URL_FILE", WORKERS_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    warn_of_no_store(1)
    assert capsys.readouterr().err == ""
    warn_of_no_store(2)
    assert capsys.readouterr().err.startswith("WARNING: 2 workers and no CALLBACK_STORE_URL")
    monkeypatch.setenv(WORKERS_VARIABLE, "3")
    warn_of_no_store(None)
    assert "3 workers" in capsys.readouterr().err
    monkeypatch.setenv("CALLBACK_STORE_URL", "redis://store")
    warn_of_no_store(2)
    assert capsys.readouterr().err == ""
