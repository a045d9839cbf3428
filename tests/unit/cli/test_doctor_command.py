"""`ges-callback doctor` as it is called: exit codes, JSON, what is told and what is not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from typing_extensions import override

from ges_connector.cli.app import app
from ges_connector.cli.judged_environment import environment_faults
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import RunningServer, running_server, standing_sandbox

DEMO = resources.files("ges_connector.demo").joinpath("callback.yml").read_text("utf-8")
SECRET = "q7Hc-2wXz9-Lm4Rt8-vB1nK5"
NUMBER = "+493023125011"
REFUSED_BY_SERVE = (
    ("CALLBACK_WORDING", "/nowhere/wording"),
    ("CALLBACK_LOG_LEVEL", "LOUD"),
    ("CALLBACK_LOG_FORMAT", "yaml"),
    ("CALLBACK_RELOAD_SECONDS", "often"),
    ("CALLBACK_ACTIONS_MAX_DEPTH", "x"),
    ("CALLBACK_ACTIONS_CALLS_PER_PEER", "many"),
    ("CALLBACK_OTHER_ACTIONS", "nowhere.at_all"),
    ("CALLBACK_CLOCK_FILE", "/nowhere/clock"),
    ("ACTION_SERVER_SANIC_WORKERS", "two"),
)


@pytest.fixture(scope="module")
def ges() -> Iterator[RunningServer]:
    with running_server(standing_sandbox(MONDAY)) as server:
        yield server


@pytest.fixture
def environment(ges: RunningServer, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "callback.yml"
    path.write_text(DEMO, encoding="utf-8")
    clock = tmp_path / "clock"
    clock.write_text(MONDAY.isoformat(), encoding="ascii")
    return {
        "GES_BASE_URL": ges.base_url,
        "GES_API_KEY": ges.key,
        "CALLBACK_CONFIG": str(path),
        "CALLBACK_CLOCK_FILE": str(clock),
        "CALLBACK_ACTIONS_SECRET": SECRET,
    }


def run(environment: dict[str, str], *options: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *options], env=environment)


def judged(environment: dict[str, str], *options: str) -> tuple[int, dict[str, list[Any]]]:
    result = run(environment, "--json", *options)
    told: dict[str, list[Any]] = {}
    for finding in json.loads(result.stdout)["findings"]:
        told.setdefault(finding["check"], []).append(finding)
    return result.exit_code, told


def lights(findings: list[Any]) -> set[str]:
    return {finding["light"] for finding in findings}


def test_a_sound_deployment_exits_with_0_and_ends_with_what_to_check_by_hand(
    environment: dict[str, str],
) -> None:
    result = run(environment)
    assert result.exit_code == 0, result.stdout
    before, _, after = result.stdout.partition("by hand before the first booking")
    assert "green  key: GES accepts the key" in before
    for word in ("callback settings table", "office hours", "capacity", "allowed countries"):
        assert word in after
    ambers = result.stdout.count("\namber ")
    assert after.rstrip().endswith(f"{ambers} amber, 0 red: ready, with {ambers} things to look at")


def test_a_contact_centre_of_another_day_is_one_red_and_no_second_line(
    environment: dict[str, str],
) -> None:
    code, told = judged({**environment, "CALLBACK_CLOCK_FILE": ""})
    assert code == 1
    assert [name for name, found in told.items() if "red" in lights(found)] == ["clock"]
    assert "days" not in told
    assert "CALLBACK_CLOCK_FILE" in told["clock"][0]["next_step"]


def test_a_wrong_path_is_one_red_that_says_what_the_address_ends_in(
    environment: dict[str, str],
) -> None:
    wrong = environment["GES_BASE_URL"].replace("/v3", "/v2")
    code, told = judged(environment | {"GES_BASE_URL": wrong}, "--book", NUMBER)
    assert code == 1
    assert [name for name, found in told.items() if "red" in lights(found)] == ["path"]
    assert "key" not in told
    assert "/engagement/v3" in told["path"][0]["next_step"]
    assert told["topics"][0]["told"].startswith("not tried")


def test_the_findings_are_all_that_is_printed(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ges_connector.cli", "doctor"],
        env={**os.environ, **environment, "GES_API_KEY": "wrong"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    told, _, _ = done.stdout.partition("\n\n")
    assert all(
        line.startswith(("green  ", "amber  ", "red    ", "       -> "))
        for line in told.splitlines()
    )


class RefusingServer(BaseHTTPRequestHandler):
    """An action server with another secret."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ready" else 401)
        self.end_headers()

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_secret_that_the_action_server_refuses_is_not_the_right_one_of_the_engine(
    environment: dict[str, str],
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), RefusingServer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/webhook"
        code, told = judged(environment | {"ACTIONS_URL": url})
        server.shutdown()
    assert code == 1
    red = {name for name, found in told.items() if "red" in lights(found)}
    assert red == {"action server", "engine"}


def test_a_slip_in_the_path_of_the_action_server_is_one_red(environment: dict[str, str]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), RefusingServer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/webhok"
        code, told = judged(environment | {"ACTIONS_URL": url})
        server.shutdown()
    assert code == 1
    assert {name for name, found in told.items() if "red" in lights(found)} == {"engine"}
    assert url in told["engine"][0]["told"]


class TwoSecretsServer(BaseHTTPRequestHandler):
    """An action server that takes a secret which is not set here."""

    def do_GET(self) -> None:
        is_shown = self.headers["authorization"] == "Bearer the-one-of-the-file"
        self.send_response(200 if is_shown or self.path == "/ready" else 401)
        self.end_headers()
        self.wfile.write(b"[]")

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_secret_written_in_the_file_is_judged_by_the_server_and_not_by_what_is_set_here(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), TwoSecretsServer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/webhook"
        engine = f"action_endpoint: {{url: '{url}', token: the-one-of-the-file}}\n"
        (tmp_path / "endpoints.yml").write_text(engine)
        _, told = judged(environment | {"ACTIONS_URL": url}, "--project", str(tmp_path))
        server.shutdown()
    assert lights(told["action server"]) == {"red"}
    assert "red" not in lights(told["engine"])


def test_in_the_folder_of_a_rasa_project_that_one_is_looked_at(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endpoints.yml").write_text("action_endpoint: {url: 'http://here/webhook'}\n")
    monkeypatch.chdir(tmp_path)
    _, told = judged(environment)
    assert "no domain" in told["domain"][0]["told"]
    assert lights(told["engine"]) == {"red"}


def test_an_engine_that_asks_a_wrong_address_is_red_with_both_addresses(
    environment: dict[str, str], tmp_path: Path
) -> None:
    shown = f"headers: {{authorization: Bearer {SECRET}}}"
    asked = "http://127.0.0.1:9/webhook"
    engine = f"action_endpoint: {{url: '{asked}', {shown}, enable_selective_domain: true}}\n"
    (tmp_path / "endpoints.yml").write_text(engine)
    url = "http://127.0.0.1:10"
    code, told = judged(environment, "--project", str(tmp_path), "--actions-url", url)
    assert code == 1
    (finding,) = told["engine"]
    assert finding["light"] == "red"
    assert f"asks {asked}, where nothing answers" in finding["told"]
    assert finding["told"].endswith(f"the action server is at {url}")


def test_where_the_doctor_alone_is_told_the_address_the_engine_is_not(
    environment: dict[str, str], tmp_path: Path
) -> None:
    shown = f"headers: {{authorization: Bearer {SECRET}}}"
    engine = f"action_endpoint: {{url: '${{ACTIONS_URL}}', {shown}, enable_selective_domain: true}}"
    (tmp_path / "endpoints.yml").write_text(engine)
    url = "http://127.0.0.1:10"
    _, told = judged(environment, "--project", str(tmp_path), "--actions-url", url)
    (finding,) = told["engine"]
    assert finding["light"] == "amber"
    assert "ACTIONS_URL" in finding["next_step"]


def test_without_a_url_of_its_own_the_doctor_asks_where_the_engine_asks(
    environment: dict[str, str], tmp_path: Path
) -> None:
    engine = "action_endpoint: {url: 'http://127.0.0.1:9/webhook', token: abc}\n"
    (tmp_path / "endpoints.yml").write_text(engine)
    _, told = judged(environment, "--project", str(tmp_path))
    assert "no answer" in told["action server"][0]["told"]


def test_a_wrong_key_is_red_and_the_key_never_told(environment: dict[str, str]) -> None:
    wrong = "key-4Rt8vB1nK5q7Hc2wXz9Lm"
    environment["GES_API_KEY"] = wrong
    result = run(environment)
    assert result.exit_code == 1
    assert "red    key:" in result.stdout
    assert "corrId" in result.stdout
    assert wrong not in result.output
    assert SECRET not in result.output


def test_three_broken_settings_are_found_each_with_its_step(environment: dict[str, str]) -> None:
    path = Path(environment["CALLBACK_CONFIG"])
    path.write_text(DEMO.replace("service_name: Support_US", "service_name: Suport_US"))
    environment["CALLBACK_STORE_URL"] = "http://not-a-store"
    environment["CALLBACK_ACTIONS_SECRET"] = "changeme"
    code, told = judged(environment)
    assert code == 1
    red = {name for name, found in told.items() if "red" in lights(found)}
    assert red == {"queue", "store", "secret"}
    for check in ("office hours", "free times"):
        (follow_up,) = [each for each in told[check] if each["topic"] == "support"]
        assert follow_up["light"] == "amber"
        assert follow_up["told"] == "skipped, as GES knows no 'Suport_US': see queue"
    assert all(
        finding["next_step"]
        for found in told.values()
        for finding in found
        if finding["light"] == "red"
    )
    topics = {each["topic"] for each in told["queue"] if each["light"] == "red"}
    assert topics == {"support"}


def test_faults_of_the_file_are_red_with_their_lines(environment: dict[str, str]) -> None:
    path = Path(environment["CALLBACK_CONFIG"])
    path.write_text(DEMO.replace("Europe/Berlin", "Mars/Olympus"))
    code, told = judged(environment)
    assert code == 1
    assert len(told["configuration"]) == 2
    assert all(each["told"].startswith(f"{path}:") for each in told["configuration"])
    assert all("such as Europe/Berlin" in each["next_step"] for each in told["configuration"])
    assert lights(told["topics"]) == {"amber"}


@pytest.mark.parametrize(
    ("variable", "value", "check"),
    [
        ("GES_BASE_URL", "nonsense", "settings"),
        ("GES_BASE_URL", "http://127.0.0.1:9/engagement/v3", "connection"),
        ("GES_API_KEY", "", "settings"),
        ("CALLBACK_CONFIG", "/nowhere/callback.yml", "configuration"),
        ("CALLBACK_VERIFY", "nobody:nothing", "verification"),
        ("CALLBACK_STORE_TIMEOUT_SECONDS", "x", "store"),
        ("CALLBACK_STORE_URL", "redis://127.0.0.1:9", "store"),
        ("ACTIONS_URL", "http://127.0.0.1:9/webhook", "action server"),
        ("CALLBACK_ACTIONS_SECRET_FILE", "/nowhere/secret", "secret"),
        *((variable, value, "environment") for variable, value in REFUSED_BY_SERVE),
    ],
)
def test_each_broken_setting_turns_its_own_check_red(
    environment: dict[str, str], variable: str, value: str, check: str
) -> None:
    code, told = judged(environment | {variable: value})
    assert code == 1
    assert {name for name, found in told.items() if "red" in lights(found)} == {check}


@pytest.mark.parametrize(
    "options",
    [
        ["--config", "/nowhere/callback.yml"],
        ["--topic", "nobody"],
        ["--book", "12"],
        ["--book", "+12025550101"],
        ["--actions-url", "actions:5055"],
        ["--project", "/nowhere"],
        ["--origin", "shop.example"],
        ["--origin", "https://shop.example/page"],
        ["--nothing"],
    ],
)
def test_a_wrong_call_exits_with_2_and_asks_nothing(
    environment: dict[str, str], options: list[str]
) -> None:
    result = run(environment, *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert "key" not in result.stdout


def test_a_booking_on_demand_is_told_and_gone_again(environment: dict[str, str]) -> None:
    code, told = judged(environment, "--book", NUMBER)
    assert code == 0
    for check in ("booking", "retrieval", "cancellation", "after it"):
        assert lights(told[check]) == {"green"}
    assert lights(told["call-in"]) == {"green"}
    assert NUMBER not in json.dumps(told)
    booked_at = datetime.fromisoformat(
        told["booking"][0]["told"].split(" for ")[1].split(" UTC")[0]
    ).replace(tzinfo=UTC)
    assert (booked_at - MONDAY).days > 7


def test_hours_without_words_are_red(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "with-hours.yml"
    text = Path(environment["CALLBACK_CONFIG"]).read_text(encoding="utf-8")
    named = text.replace("static_hours: hours_lakeside", "static_hours: hours_of_mars")
    assert named != text
    path.write_text(named, encoding="utf-8")
    code, told = judged(environment | {"CALLBACK_CONFIG": str(path)})
    assert code == 1
    assert any("hours_of_mars" in each["told"] for each in told["configuration"])


def test_a_variable_whose_name_has_a_slip_is_amber(environment: dict[str, str]) -> None:
    code, told = judged(environment | {"CALLBACK_STORE_URI": "redis://store"})
    assert code == 0
    (finding,) = told["environment"]
    assert finding["light"] == "amber"
    assert "CALLBACK_STORE_URL" in finding["next_step"]


def test_an_action_server_by_grpc_is_passed_over_and_the_rest_is_looked_at(
    environment: dict[str, str],
) -> None:
    _, told = judged(environment | {"ACTIONS_URL": "grpc://127.0.0.1:5055"})
    assert lights(told["action server"]) == {"amber"}
    assert lights(told["key"]) == {"green"}


def test_a_wrong_address_in_a_variable_is_told_by_the_name_of_the_variable(
    environment: dict[str, str],
) -> None:
    result = run(environment | {"ACTIONS_URL": "actions:5055"})
    assert result.exit_code == 2
    assert "ACTIONS_URL" in result.output
    assert "--actions-url" not in result.output


@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_no_finding_tells_the_password_of_an_address(
    environment: dict[str, str], scheme: str
) -> None:
    address = f"{scheme}://rasa:planted-one@127.0.0.1:1/webhook?token=planted-two"
    for options in ([], ["--json"]):
        result = run(environment | {"ACTIONS_URL": address}, *options)
        assert f"{scheme}://***@127.0.0.1:1/webhook?***" in result.output
        assert "planted" not in result.output


def test_the_cure_of_a_missing_extra_is_no_other_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ges_connector.store.redis_store", None)
    monkeypatch.setenv("CALLBACK_STORE_URL", "redis://127.0.0.1:6379/0")
    (fault,) = [each for each in environment_faults() if each.check == "store"]
    assert "the extra 'redis'" in fault.plain
    assert fault.right is None
