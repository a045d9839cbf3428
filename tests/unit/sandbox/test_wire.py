"""Envelopes, gateway faults and times as they leave."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ges_connector.sandbox.wire import WireAnswer, envelope, gateway_fault, instant_text, json_bytes

CORR_ID = "0f7c0a4e-6a0e-4d1e-9a39-2f1f2f6c1c11"


def test_a_success_is_the_envelope_of_rule_1_4() -> None:
    answer = envelope(CORR_ID, data={"id": "x"})
    assert answer.status == 200
    assert answer.headers == {"content-type": "application/json"}
    assert json.loads(answer.body) == {
        "status": {"code": 0, "message": "Successful", "corrId": CORR_ID},
        "data": {"id": "x"},
    }


def test_an_error_has_no_data() -> None:
    answer = envelope(CORR_ID, http_status=400, code=501, message="no")
    assert "data" not in json.loads(answer.body)
    assert (answer.status, answer.ges_code, answer.corr_id) == (400, 501, CORR_ID)


def test_a_gateway_fault_is_no_envelope() -> None:
    answer = gateway_fault(401, "oauth.v2.InvalidApiKey", "invalid")
    assert json.loads(answer.body) == {
        "fault": {"faultstring": "invalid", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}
    }
    assert answer.ges_code is None


def test_times_leave_in_utc_with_milliseconds_and_z() -> None:
    at = datetime(2026, 1, 5, 16, 30, 0, 123999, timezone(timedelta(hours=2)))
    assert instant_text(at) == "2026-01-05T14:30:00.123Z"
    assert instant_text(datetime(2026, 1, 5, tzinfo=UTC)) == "2026-01-05T00:00:00.000Z"


def test_letters_beyond_ascii_stay_readable() -> None:
    assert json_bytes({"name": "Zürich"}) == '{"name":"Zürich"}\n'.encode()


def test_not_a_number_never_leaves() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        json_bytes({"wait": float("nan")})


def test_more_headers_leave_the_others_alone() -> None:
    answer = WireAnswer(200, {"content-type": "application/json"}, b"{}")
    assert answer.with_headers({"vary": "Origin"}).headers == {
        "content-type": "application/json",
        "vary": "Origin",
    }
    assert answer.headers == {"content-type": "application/json"}
