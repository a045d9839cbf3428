"""Plant secrets in all that goes in, turn every log up, and search all that comes out.

The client's errors, spans and reprs are searched in `tests/unit/api/test_secrets.py`; here it is
the processes of a deployment, with all libraries in them, while GES fails in every way it can.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx

from actions.access import AccessSettings, Secrets
from actions.customer import Customer
from actions.slots import Channel
from ges_connector.callbacks import Draft, find_number
from ges_connector.callbacks.allowance import Permits
from ges_connector.testing import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

    from ges_connector.testing.contact_centre import RunningServer

SECRET = "new-p5Hn1Yj8Gf4Sx7Qa2Ve9"
DIGITS = "15112345678"
TYPED = (
    "+4915112345678",
    "+49 151 12345678",
    "0151 1234 5678",
    "(0151) 12-34-56-78",
    "0049.151.12345678",
    "null eins fünf eins eins zwei drei vier fünf sechs sieben acht",
    "tel:+49-151-12345678",
)
NAME, REASON, CAPTCHA = "Xaver Plantedname", "invoice PLANT-4711", "planted-captcha-token"
LOUD = """
import logging
logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s")
for name in ("httpcore", "httpx", "aiohttp", "asyncio", "sanic", "sanic.root", "sanic.access",
             "sanic.error", "sanic.server", "rasa_sdk", "actions", "ges_connector", "limits"):
    logging.getLogger(name).setLevel(logging.DEBUG)
import importlib, pkgutil
import actions
for module in pkgutil.walk_packages(actions.__path__, "actions."):
    importlib.import_module(module.name)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from rasa_sdk.tracing import config
tracing = TracerProvider()  # what the SDK would make of an endpoints file
line = lambda span: f"SPAN {span.to_json(indent=None)}\\n"
tracing.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(formatter=line)))
config.get_tracer_provider = lambda _: tracing
from actions.noting import NoteCustomer
class Louder(NoteCustomer):  # of this package, so that each worker loads it
    action_name = "action_louder"
"""
FAULTS: list[dict[str, Any] | None] = [
    None,
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 401, "code": 503},
    {"kind": "malformed"},
    {"kind": "gateway-html"},
    {"kind": "reset-after"},
    {"kind": "refuse"},
]
CONFIRMED = {
    "callback_process": "book",
    "callback_kind": "asap",
    "callback_phone": TYPED[0],
    "callback_confirmed": True,
    "callback_read_back_at": "2026-01-05T08:00:00Z",
    "callback_reason": f"{REASON} of {NAME}",
}
IN_NO_LOG = (DIGITS, "12345678", *TYPED, NAME, REASON, CAPTCHA, SECRET)


def call(action: str, text: str, slots: dict[str, Any], number: int) -> dict[str, Any]:
    metadata = {"caller_number": TYPED[0], "captcha_token": CAPTCHA, "name": NAME}
    message = {
        "intent": {"name": "inform"},
        "entities": [],
        "text": f"{text}, {NAME}",
        "metadata": metadata,
    }
    asked = {"requested_slot": "callback_phone", **slots}
    sender = f"{TYPED[0]}-{number}"
    tracker = {
        "sender_id": sender,
        "slots": asked,
        "latest_message": message,
        "events": [{"event": "user", "input_channel": "chat", **message}],
        "active_loop": {"name": "callback_form"},
    }
    return {"next_action": action, "sender_id": sender, "tracker": tracker, "version": "3.21.1"}


def ordered(ges: RunningServer, fault: dict[str, Any] | None) -> None:
    httpx.delete(f"{ges.admin_url}/faults", trust_env=False).raise_for_status()
    if fault is not None:
        url = f"{ges.admin_url}/faults"
        httpx.post(url, json=fault, trust_env=False).raise_for_status()


def test_nothing_that_was_planted_is_in_any_log_answer_or_record(
    start: Any, ges: RunningServer, tmp_path: Path
) -> None:
    (tmp_path / "loud").mkdir()
    (tmp_path / "loud" / "__init__.py").write_text(LOUD)
    environment = {"PYTHONPATH": str(tmp_path), "GES_CIRCUIT_FAILURES": "0"}
    server = start("--actions", "loud", "--debug", **environment)
    names = [each["name"] for each in server.ask("GET", "/actions").json()]
    answers = []
    for number, fault in enumerate(FAULTS):
        ordered(ges, fault)
        answers += [
            _posted(server, call("validate_callback_form", text, {}, number)) for text in TYPED
        ]
        answers += [_posted(server, call(name, TYPED[1], CONFIRMED, number)) for name in names]
    ordered(ges, None)
    for bad in ({"next_action": TYPED[0]}, {**call("none_such", TYPED[1], {}, 0), "version": 5}):
        refused = server.ask("POST", "/webhook", json=bad)
        assert refused.is_client_error
        assert not [each for each in IN_NO_LOG if each in refused.text]
    metrics = server.ask("GET", "/metrics").text
    assert 'ges_callback_numbers_given_total{channel="chat"' in metrics
    assert [each for each in (*IN_NO_LOG, ges.key) if each in metrics] == []
    written = server.written
    assert _spans_hang_together(written)
    for logger in ("DEBUG rasa_sdk", "INFO actions.base", "DEBUG sanic", "ges_connector.api"):
        assert logger in written, f"{logger} has written nothing to look at"
    assert [each for each in (*IN_NO_LOG, ges.key) if each in written] == []
    told = "\n".join(answer.text for answer in answers)
    assert [each for each in (ges.key, CAPTCHA, SECRET, NAME) if each in told] == []
    state = httpx.get(f"{ges.admin_url}/state", trust_env=False).json()
    assert DIGITS in json.dumps(state["callbacks"]), "a callback has come about"
    assert [each for each in IN_NO_LOG if each in json.dumps(state["requests"])] == []
    assert [each for each in (CAPTCHA, SECRET) if each in json.dumps(state)] == []


def _spans_hang_together(written: str) -> bool:
    """Whether attempts at GES are told inside the SDK's own spans, which name no sender."""
    spans = [
        json.loads(line.removeprefix("SPAN "))
        for line in written.splitlines()
        if line.startswith("SPAN ")
    ]
    ids = {span["context"]["span_id"] for span in spans}
    ours = [span for span in spans if span["name"].startswith("ges ")]
    senders = {
        span["attributes"]["sender_id"] for span in spans if "sender_id" in span["attributes"]
    }
    assert {span["attributes"].get("ges.code") for span in ours} >= {None, 503}
    assert len(senders) == len(FAULTS)
    assert {sender.partition("-")[0] for sender in senders} == {"conversation"}
    return bool(ours) and all(span["parent_id"] in ids for span in ours)


def _posted(server: Any, content: dict[str, Any]) -> httpx.Response:
    answer: httpx.Response = server.ask("POST", "/webhook", json=content)
    assert answer.status_code == 200, answer.text
    return answer


def test_no_object_shows_what_it_holds_of_a_person() -> None:
    draft = Draft(
        conversation_id="c",
        topic="billing",
        phone=TYPED[0],
        desired_at=None,
        read_back_at=MONDAY,
        locale="de",
        zone="Europe/Berlin",
        channel="chat",
        reason=REASON,
        user_data={"name": NAME},
        captcha_token=CAPTCHA,
    )
    customer = Customer(
        language="de",
        locale="de-DE",
        zone=ZoneInfo("Europe/Berlin"),
        channel=Channel.CHAT,
        caller_number=TYPED[0],
        captcha_token=CAPTCHA,
    )
    settings = AccessSettings.model_validate({"secret": SECRET})
    holders = [
        draft,
        customer,
        settings,
        settings.secrets(),
        Secrets.of([SECRET]),
        Permits((), draft.token),
        find_number(TYPED[1], countries=("DE",)),
    ]
    shown = "\n".join(f"{holder!r} {holder!s}" for holder in holders)
    assert [each for each in IN_NO_LOG if each in shown] == []
