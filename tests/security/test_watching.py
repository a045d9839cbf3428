"""What watches an action server sees all its workers, and nothing of any customer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ges_connector.callbacks.booking import BookingOutcome, CallbackKind
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
from ges_connector.callbacks.offer import Rung, Situation
from ges_connector.telemetry.instruments import MEASURES

if TYPE_CHECKING:
    from ges_connector.testing.contact_centre import RunningServer

SECRET, OF_PROMETHEUS = "new-p5Hn1Yj8Gf4Sx7Qa2Ve9", "prom-t7Vq2Zx9Lm4Rb8Wd3Kc6"
CUSTOMER = "+493023125011"
WORKERS, CALLS = 2, 12
SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')
OUTCOMES = {each.value for kind in (BookingOutcome, CancelOutcome, MoveOutcome) for each in kind}
CLOSED: dict[str, set[str]] = {
    "topic": {"billing", "support", "night"},
    "language": {"en", "de", "fr", "es"},
    "channel": {"chat", "voice"},
    "situation": {each.value for each in Situation},
    "kind": {each.value for each in CallbackKind},
    "outcome": OUTCOMES,
    "rung": {each.value for each in Rung},
    "instead": {"number", "nothing"},
    "what": {"booking", "move", "cancellation"},
}


def sent(slots: dict[str, Any], sender: str, action: str = "action_tell_wait") -> dict[str, Any]:
    metadata = {"locale": CUSTOMER, "timezone": CUSTOMER, "caller_number": CUSTOMER}
    message = {"intent": {"name": "ask_wait"}, "text": CUSTOMER, "metadata": metadata}
    tracker = {
        "sender_id": sender,
        "slots": slots,
        "latest_message": message,
        "events": [{"event": "user", "input_channel": CUSTOMER}],
        "active_loop": {},
    }
    return {"next_action": action, "sender_id": sender, "tracker": tracker, "version": "3.21.1"}


def series_in(page: str) -> dict[tuple[str, str], float]:
    return {(name, labels): float(value) for name, labels, value in SERIES.findall(page)}


def test_any_worker_tells_what_all_have_counted_under_words_that_are_known_before(
    start: Any, ges: RunningServer
) -> None:
    server = start(
        ACTION_SERVER_SANIC_WORKERS=str(WORKERS),
        CALLBACK_LOG_FORMAT="json",
        CALLBACK_ACTIONS_METRICS_SECRET=OF_PROMETHEUS,
    )
    odd = {"callback_profile": CUSTOMER, "callback_language": CUSTOMER, "callback_id": CUSTOMER}
    for number in range(CALLS):
        assert server.ask("POST", "/webhook", json=sent(odd, f"{CUSTOMER}-{number}")).is_success
    pages = [server.ask("GET", "/metrics", secret=OF_PROMETHEUS) for _ in range(4)]
    assert {page.headers["content-type"] for page in pages} == {
        "text/plain; version=0.0.4; charset=utf-8"
    }
    for page in pages:
        found = series_in(page.text)
        assert found["ges_callback_turn_duration_seconds_count", 'result="done"'] == CALLS
        assert found["ges_callback_turns_in_progress", ""] == 0
        _check_words(page.text)
    _check_log(server.written, ges)


def _check_words(page: str) -> None:
    known = {name: measure for measure in MEASURES.values() for name in measure.series}
    for name, labels, _ in SERIES.findall(page):
        given = dict(LABEL.findall(labels))
        given.pop("le", None)
        assert {*given} == {*known[name].labels}
        for label, value in given.items():
            assert value in CLOSED.get(label, {value})
    assert not re.search(r"\d{5}", re.sub(r"(?<=[ \"])[\d.e+-]+$", "", page, flags=re.MULTILINE))


def _check_log(written: str, ges: RunningServer) -> None:
    """Every line of the workers is an object; those of a turn tell the conversation apart."""
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    turns = [line for line in lines if line["logger"] == "actions.base"]
    assert len(turns) == CALLS
    assert {line["action"] for line in turns} == {"action_tell_wait"}
    assert len({line["conversation"] for line in turns}) == CALLS
    assert all({"time", "level", "message", "duration_ms", "outcome"} <= {*line} for line in turns)
    assert [each for each in (CUSTOMER, CUSTOMER[1:], "2312501", ges.key) if each in written] == []


def test_the_metrics_have_a_secret_of_their_own_which_opens_nothing_else(start: Any) -> None:
    server = start(CALLBACK_ACTIONS_METRICS_SECRET=OF_PROMETHEUS)
    assert server.ask("GET", "/metrics", secret=None).status_code == 401
    assert server.ask("GET", "/metrics", secret=SECRET).status_code == 401
    assert server.ask("GET", "/metrics/", secret=SECRET).status_code == 401
    assert server.ask("GET", "/metrics", secret=OF_PROMETHEUS).status_code == 200
    refused = server.ask("POST", "/webhook", secret=OF_PROMETHEUS, json=sent({}, "c"))
    assert refused.status_code == 401


def test_without_one_they_take_that_of_callers(server: Any) -> None:
    assert server.ask("GET", "/metrics", secret=None).status_code in {401, 429}
    assert server.ask("GET", "/metrics").status_code == 200


def test_a_setting_of_the_watching_that_is_wrong_opens_nothing(refuse: Any) -> None:
    weak = refuse(CALLBACK_ACTIONS_SECRET=SECRET, CALLBACK_ACTIONS_METRICS_SECRET="short")
    form = refuse(CALLBACK_ACTIONS_SECRET=SECRET, CALLBACK_LOG_FORMAT="xml")
    assert "metrics_secret: is shorter than 24 characters" in weak
    assert "CALLBACK_LOG_FORMAT: must be text or json" in form
    assert "Traceback" not in weak + form


def test_a_refused_key_and_ges_being_down_are_a_line_each_in_the_log_of_the_worker(
    start: Any,
) -> None:
    wrong = start(GES_API_KEY="wrong-key-of-nobody")
    down = start(GES_BASE_URL="http://127.0.0.1:9/engagement/v3")
    for server in (wrong, down):
        server.ask("POST", "/webhook", json=sent({}, "c"))
    assert re.search(
        r"WARNING +ges_connector\.api +- GES, queue_status: not authenticated "
        r"\(HTTP status 40[13], GES code \d+, corr_id [\w-]+\)",
        wrong.written,
    )
    assert "queue_status: no connection could be made; nothing was sent" in down.written
