"""Plant secrets everywhere, let everything go wrong, and search all that anyone could read."""

from __future__ import annotations

import copy
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr

from ges_connector.api import (
    Callback,
    CallbackRequest,
    CallIn,
    CallInRequest,
    GesClient,
    GesError,
    GesRequestError,
    GesSettings,
    PushTarget,
    mask_number,
    telemetry,
)
from ges_connector.api.answers import Envelope, Received
from ges_connector.api.redaction import redact, redact_id
from ges_connector.api.transport import Outgoing

Answering = Callable[..., tuple[GesClient, list[httpx.Request]]]

KEY = "planted-key-4711"
NUMBER = "+4915112345678"
NAME = "Xaver Planted"
PIN = "92741830562947"  # too long to turn up in a random id
TOKEN = "planted-captcha"
DEVICE = "planted-device"
CALLBACK_ID = "369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61"
SECRETS = (KEY, NUMBER, NUMBER[1:], "15112345678", NAME, PIN, TOKEN, DEVICE)

CREATE = CallbackRequest(
    service_name="Sales",
    phone_number=NUMBER,
    desired_time=datetime(2026, 1, 5, 15, tzinfo=UTC),
    user_data={"name": NAME, "more": {"pin": [int(PIN), True, None]}},
    captcha_token=TOKEN,
    push_targets=(PushTarget(target=DEVICE),),
)
CALL_IN = CallInRequest(
    group_name="g", from_phone_number=NUMBER, user_data={"name": NAME, "pin": PIN}
)
CALLS: dict[str, Callable[[GesClient], Awaitable[object]]] = {
    "create": lambda ges: ges.create_callback(CREATE),
    "call-in": lambda ges: ges.request_call_in(CALL_IN),
    "retrieve": lambda ges: ges.retrieve_callback(CALLBACK_ID),
    "cancel": lambda ges: ges.cancel_callback(CALLBACK_ID),
}
# A far side that quotes everything it was told, in every shape an answer can have.
GOSSIP = f"key={KEY} number={NUMBER} / 0151 1234-5678 for {NAME.upper()} pin {PIN} {TOKEN} {DEVICE}"
FAILURES: dict[str, httpx.Response | Exception] = {
    "envelope": httpx.Response(400, json={"status": {"code": 7030, "message": GOSSIP}}),
    "success that does not fit": httpx.Response(
        200, json={"status": {"code": 0, "message": GOSSIP}, "data": {"desiredTime": GOSSIP}}
    ),
    "gateway fault": httpx.Response(
        401, json={"fault": {"faultstring": GOSSIP, "detail": {"errorcode": GOSSIP}}}
    ),
    "page": httpx.Response(502, text=f"<title>{GOSSIP}</title>"),
    "text": httpx.Response(500, text=GOSSIP),
    "header": httpx.Response(429, headers={"retry-after": GOSSIP}),
    "never sent": httpx.ConnectError(GOSSIP),
    "dropped": httpx.ReadError(GOSSIP),
    "slow": httpx.ReadTimeout(GOSSIP),
    "broken protocol": httpx.RemoteProtocolError(GOSSIP),
}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_TRACER", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def _everything_about(error: BaseException) -> str:
    seen: list[str] = []
    link: BaseException | None = error
    while link is not None:
        seen += [str(link), repr(link), repr(link.args), repr(vars(link))]
        link = link.__cause__ or link.__context__
    return "\n".join([*seen, *traceback.format_exception(error)])


def _everything_logged(records: list[logging.LogRecord]) -> str:
    return "\n".join(f"{record.getMessage()} {vars(record)!r}" for record in records)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("call", CALLS)
async def test_no_secret_reaches_error_log_or_span(
    answering: Answering,
    caplog: pytest.LogCaptureFixture,
    spans: InMemorySpanExporter,
    call: str,
    failure: str,
) -> None:
    caplog.set_level(logging.DEBUG, "ges_connector")
    client, _ = answering(FAILURES[failure])
    with pytest.raises(GesError) as caught:
        await CALLS[call](client)
    traced = [f"{span.name} {span.to_json()}" for span in spans.get_finished_spans()]
    assert traced
    written = "\n".join(
        [_everything_about(caught.value), _everything_logged(caplog.records), *traced]
    )
    told = [secret for secret in (*SECRETS, CALLBACK_ID) if secret.lower() in written.lower()]
    # What was not sent with this call cannot be known to be secret, but looks of numbers are.
    unknown = {
        "create": set(),
        "call-in": {TOKEN, DEVICE},
        "retrieve": {NAME, PIN, TOKEN, DEVICE},
        "cancel": {NAME, PIN, TOKEN, DEVICE},
    }[call]
    assert set(told) <= unknown


def test_no_request_or_answer_shows_what_it_holds_of_a_person() -> None:
    holders = [
        CREATE,
        CALL_IN,
        PushTarget(target=DEVICE),
        Callback.model_validate(
            {
                "id": "c",
                "desiredTime": "2026-01-05T15:00:00Z",
                "callbackState": "QUEUED",
                "phoneNumber": NUMBER,
            }
        ),
        CallIn.model_validate(
            {"id": "c", "toPhoneNumber": "+1", "fromPhoneNumber": NUMBER, "accessCode": PIN}
        ),
    ]
    for holder in holders:
        shown = f"{holder!r} {holder!s} {copy.copy(holder)!r}"
        assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize(
    "fields",
    [
        {"phone_number": int(NUMBER)},
        {"phone_number": NUMBER, "user_data": {"a b": NAME}},
        {"phone_number": NUMBER, "user_data": [NAME]},
        {"phone_number": NUMBER, "captcha_token": [TOKEN]},
        {"phone_number": NUMBER, "desired_time": NAME},
    ],
    ids=["number", "key", "data", "token", "time"],
)
def test_a_refused_request_does_not_quote_its_values(fields: dict[str, object]) -> None:
    with pytest.raises(GesRequestError) as caught:
        CallbackRequest.model_validate({"service_name": "s", **fields})
    written = _everything_about(caught.value)
    assert not [secret for secret in SECRETS if secret in written]


async def test_one_span_and_one_record_per_attempt_with_the_agreed_facts(
    answering: Answering, caplog: pytest.LogCaptureFixture, spans: InMemorySpanExporter
) -> None:
    caplog.set_level(logging.DEBUG, "ges_connector")
    status = {"ewt": 1, "offerImmediateCallback": True, "offerScheduledCallback": True}
    busy = {"status": {"code": 7999, "message": "busy", "corrId": "first"}}
    fine = {"status": {"code": 0, "corrId": "second"}, "data": status}
    client, _ = answering(httpx.Response(503, json=busy), httpx.Response(200, json=fine))
    await client.queue_status("Sales")
    failed, succeeded = spans.get_finished_spans()
    assert failed.name == succeeded.name == "ges queue_status"
    assert dict(failed.attributes or {}) == {
        "ges.operation": "queue_status",
        "ges.attempt": 1,
        "ges.outcome": "GesServerError",
        "ges.http_status": 503,
        "ges.code": 7999,
        "ges.corr_id": "first",
    }
    assert failed.status.status_code is trace.StatusCode.ERROR
    assert dict(succeeded.attributes or {}) == {
        "ges.operation": "queue_status",
        "ges.attempt": 2,
        "ges.outcome": "ok",
        "ges.http_status": 200,
        "ges.corr_id": "second",
    }
    ours = [record for record in caplog.records if record.name == "ges_connector.api"]
    ours = [record for record in ours if record.levelno == logging.DEBUG]
    assert [record.getMessage() for record in ours] == [
        (
            "ges operation=queue_status attempt=1 outcome=GesServerError http_status=503 code=7999"
            " corr_id=first"
        ),
        "ges operation=queue_status attempt=2 outcome=ok http_status=200 corr_id=second",
    ]
    assert vars(ours[0])["ges_corr_id"] == "first"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+49 151 12345678", "***78"),
        ("0800-1234", "***34"),
        ("112", "***"),
        ("", "***"),
        ("+\u0664\u0669\u0661\u0665\u0661", "***\u0665\u0661"),
    ],
)
def test_a_masked_number_shows_at_most_its_last_two_digits(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call +49 (151) 123-45678 now", "call ***78 now"),
        ("limit 6 per day", "limit 6 per day"),
        ("2026-01-05T15:00:00.000Z is past", "2026-01-05T15:00:00.000Z is past"),
        ("on 2026-01-05 at 9", "on 2026-01-05 at 9"),
        ("two\n  lines", "two lines"),
        ("x" * 500, "x" * 200),
        ("code 7041", "code 7041"),
        ("20260105", "***05"),
    ],
)
def test_foreign_text_keeps_what_explains_and_loses_what_identifies(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "no +49\u2013151\u2013123\u201345678",
        "no +49\u2011151\u2011123\u201145678",
        "no 0151_123_45678",
        "no 0151,123,45678",
        "no %2B49%20151%2012345678",
        "no 0302-31-25",
        "no 2026-13-45",
        "no 2026-01-05-1234",
    ],
)
def test_a_number_is_masked_in_whatever_spelling(text: str) -> None:
    assert redact(text) == f"no ***{text[-2:]}"


@pytest.mark.parametrize(
    "text",
    [
        "Xaver  Planted",
        "XAVER\n\tplanted",
        "xaver%20planted",
        "Xaver&nbsp;Planted",
        "Xaver&#32;Planted",
    ],
)
def test_a_name_is_masked_in_whatever_spacing_and_encoding(text: str) -> None:
    assert redact(f"for {text}.", ["Xaver Planted"]) == "for ***."


def test_a_secret_with_spaces_of_its_own_is_found_among_single_ones() -> None:
    assert redact("for Xaver Planted.", ["Xaver \n Planted "]) == "for ***."


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "corr_id",
    [
        KEY,
        f"req-{KEY.upper()}",
        NUMBER[1:],
        f"x{NUMBER[1:]}y",
        "0151-1234567",
        "tel:0151.123.4567",
        PIN,
    ],
)
async def test_a_correlation_id_that_holds_a_secret_is_masked(
    answering: Answering,
    caplog: pytest.LogCaptureFixture,
    spans: InMemorySpanExporter,
    corr_id: str,
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG, "ges_connector")
    body = {"status": {"code": 0, "corrId": corr_id}, "data": {"id": "c-1"}}
    client, _ = answering(httpx.Response(status, json=body))
    shown: str | None
    try:
        shown = (await client.create_callback(CREATE)).corr_id
    except GesError as error:
        shown = error.corr_id
    assert shown == "***"
    (span,) = spans.get_finished_spans()
    assert corr_id not in f"{_everything_logged(caplog.records)}{span.to_json()}"


@pytest.mark.parametrize(
    "corr_id",
    ["369e1b9f-2c60-4e0e-9c4f-7d2b7d3d4b61", "0" * 8 + "-1111-2222-3333-" + "4" * 12, "a:b_c.1"],
)
def test_a_correlation_id_that_tells_nothing_is_kept(corr_id: str) -> None:
    assert redact_id(corr_id, [KEY, "", "7"]) == corr_id


async def test_a_traceback_with_its_local_variables_shows_nothing_of_a_person(
    answering: Answering,
) -> None:
    client, _ = answering(FAILURES["envelope"])
    with pytest.raises(GesError) as caught:
        await client.create_callback(CREATE)
    # The frames of this test and its far side hold what was planted; those of the client may not.
    whole = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    seen = [frame.locals for frame in whole.stack if "ges_connector" in frame.filename]
    assert len(seen) >= 3
    told = [secret for secret in SECRETS if secret.lower() in repr(seen).lower()]
    assert told == []


def test_what_travels_does_not_show_its_content() -> None:
    held = f"{Outgoing('POST', '/x', KEY.encode(), {})} {Received(200, KEY.encode())}"
    assert KEY not in f"{held} {Envelope(message=KEY, data=KEY)}"


def test_a_short_secret_is_masked_as_a_word_and_a_long_one_anywhere() -> None:
    assert redact("de facto model", ["de"]) == "*** facto model"
    assert redact("xSECRETx secret", ["secret"]) == "x***x ***"
    assert redact("untouched", ["", "  "]) == "untouched"


def test_the_longer_of_two_secrets_goes_first() -> None:
    assert redact("Ann-Marie came", ["Ann", "Ann-Marie"]) == "*** came"


def test_the_client_is_not_a_way_to_the_key() -> None:
    client = GesClient(GesSettings(base_url="http://ges.test/v3", api_key=SecretStr(KEY)))
    assert KEY not in f"{client} {client!r} {client._settings!r} {client._wire!r}"
