"""Every answer that is no success ends in one class, which says whether it may have worked."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

import ges_connector.api
from ges_connector.api import (
    CallbackRequest,
    GesAuthenticationError,
    GesClient,
    GesConfigurationError,
    GesConnectionError,
    GesConnectTimeoutError,
    GesDeadlineExceededError,
    GesError,
    GesInvalidRequestError,
    GesNotFoundError,
    GesNumberInvalidError,
    GesNumberNotAllowedError,
    GesOfficeClosedError,
    GesReadTimeoutError,
    GesRequestError,
    GesResponseError,
    GesServerError,
    GesSlotUnavailableError,
    GesThrottledError,
    GesUnexpectedAnswerError,
    GesUnknownResultError,
    GesUnknownServiceError,
    Operation,
    ProposedSlot,
)
from ges_connector.api import errors as errors_module
from ges_connector.api.answers import retry_after_seconds

Answering = Callable[..., tuple[GesClient, list[httpx.Request]]]
Recorded = Callable[[str], bytes]

REQUEST = CallbackRequest(service_name="Sales", phone_number="+19059683457")
CORR_ID = "0f7c0a4e-6a0e-4d1e-9a39-2f1f2f6c1c11"
NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("file", "status", "kind", "code", "may_be_booked"),
    [
        ("refused_parameters.json", 400, GesInvalidRequestError, 501, False),
        ("refused_no_key.json", 401, GesAuthenticationError, 503, False),
        ("refused_unknown_key.json", 403, GesAuthenticationError, 1103, False),
        ("refused_number_invalid.json", 400, GesNumberInvalidError, 7030, False),
        ("refused_number_impossible.json", 400, GesNumberNotAllowedError, 7036, False),
        ("refused_number_not_allowed.json", 400, GesNumberNotAllowedError, 7037, False),
        ("refused_unknown_service.json", 400, GesUnknownServiceError, 7040, False),
        ("refused_too_many.json", 429, GesThrottledError, 7041, False),
        ("refused_slot_full.json", 429, GesSlotUnavailableError, 7041, False),
        ("refused_office_closed.json", 400, GesOfficeClosedError, 7042, False),
        ("refused_office_closed_with_slots.json", 429, GesOfficeClosedError, 7042, False),
        ("refused_not_found.json", 404, GesNotFoundError, 7900, False),
        ("refused_internal.json", 500, GesServerError, 7999, True),
        # A named refusal is one, whatever status it rides on.
        ("refused_number_invalid.json", 500, GesNumberInvalidError, 7030, False),
        ("refused_number_invalid.json", 200, GesNumberInvalidError, 7030, False),
        ("refused_office_closed.json", 200, GesOfficeClosedError, 7042, False),
        # A success that carries a code nobody knows is no confirmation, and no refusal either.
        ("refused_internal.json", 200, GesUnexpectedAnswerError, 7999, True),
        ("gateway_bad_key.json", 401, GesAuthenticationError, None, False),
        ("gateway_timeout.json", 504, GesServerError, None, True),
        ("gateway_timeout.json", 200, GesUnexpectedAnswerError, None, True),
        ("gateway_page.html", 502, GesServerError, None, True),
        ("gateway_page.html", 503, GesServerError, None, True),
        ("gateway_page.html", 404, GesNotFoundError, None, False),
        ("gateway_page.html", 413, GesInvalidRequestError, None, False),
        ("gateway_page.html", 429, GesThrottledError, None, False),
        ("gateway_page.html", 408, GesServerError, None, True),
        ("gateway_page.html", 302, GesUnexpectedAnswerError, None, True),
        ("gateway_page.html", 200, GesUnexpectedAnswerError, None, True),
        ("gateway_page.html", 599, GesServerError, None, True),
    ],
)
async def test_a_refused_create_is_named_and_says_whether_a_callback_may_exist(  # noqa: PLR0913 - columns of a table
    *,
    answering: Answering,
    recorded: Recorded,
    file: str,
    status: int,
    kind: type[GesError],
    code: int | None,
    may_be_booked: bool,
) -> None:
    client, sent = answering(httpx.Response(status, content=recorded(file)))
    with pytest.raises(GesError) as caught:
        await client.create_callback(REQUEST)
    error = caught.value
    assert type(error) is kind
    assert (error.operation, error.http_status, error.code) == ("create_callback", status, code)
    assert error.corr_id == (CORR_ID if code else None)
    assert error.may_have_taken_effect is may_be_booked
    assert len(sent) == 1, "a create is never repeated"


async def test_the_words_of_a_refusal_are_kept(answering: Answering, recorded: Recorded) -> None:
    client, _ = answering(httpx.Response(400, content=recorded("refused_unknown_service.json")))
    with pytest.raises(GesUnknownServiceError) as caught:
        await client.queue_status("Nowhere")
    assert caught.value.message == "no such service"
    assert str(caught.value) == (
        f"queue_status: no such service (HTTP 400, GES code 7040, corr_id {CORR_ID})"
        ": no such service"
    )


async def test_the_words_of_the_gateway_are_kept(answering: Answering, recorded: Recorded) -> None:
    client, _ = answering(httpx.Response(401, content=recorded("gateway_bad_key.json")))
    with pytest.raises(GesAuthenticationError) as caught:
        await client.queue_status("Sales")
    assert caught.value.message == "Invalid ApiKey; oauth.v2.InvalidApiKey"


async def test_missing_credentials_of_the_tenant_are_told_as_authentication(
    answering: Answering,
) -> None:
    refused = {"status": {"code": 7901, "message": "no credentials", "corrId": "c"}}
    client, _ = answering(httpx.Response(401, json=refused))
    with pytest.raises(GesAuthenticationError) as caught:
        await client.statistics({"statistics": []})
    assert caught.value.operation is Operation.STATISTICS


@pytest.mark.parametrize(
    "content", [b"", b"   ", b"{", b"null", b"[]", b'"x"', b"7", b"\xff\xfe\x00"]
)
async def test_a_success_without_the_promised_object_does_not_fit(
    answering: Answering, content: bytes
) -> None:
    client, _ = answering(httpx.Response(200, content=content))
    with pytest.raises(GesUnexpectedAnswerError) as caught:
        await client.create_callback(REQUEST)
    assert caught.value.may_have_taken_effect
    with pytest.raises(GesUnexpectedAnswerError) as caught:
        await client.queue_status("Sales")
    assert not caught.value.may_have_taken_effect


@pytest.mark.parametrize("code", [0, "0", 0.0, None], ids=repr)
async def test_a_success_may_write_its_code_in_several_ways(
    answering: Answering, code: object
) -> None:
    client, _ = answering(httpx.Response(200, json={"status": {"code": code}, "data": {"id": "c"}}))
    assert (await client.create_callback(REQUEST)).id == "c"


@pytest.mark.parametrize("code", ["", "ok", True, 0.5, [], {"code": 0}, -1, 200], ids=repr)
async def test_an_id_beside_any_other_code_is_no_confirmation(
    answering: Answering, code: object
) -> None:
    client, _ = answering(httpx.Response(200, json={"status": {"code": code}, "data": {"id": "c"}}))
    with pytest.raises(GesUnexpectedAnswerError) as caught:
        await client.create_callback(REQUEST)
    assert caught.value.may_have_taken_effect


async def test_a_misfit_names_the_fields_and_not_their_values(answering: Answering) -> None:
    data = {"ewt": "call +4915112345678", "offerImmediateCallback": []}
    client, _ = answering(httpx.Response(200, json={"status": {"code": 0}, "data": data}))
    with pytest.raises(GesUnexpectedAnswerError) as caught:
        await client.queue_status("Sales")
    assert caught.value.message == (
        "ewt: float_parsing, offerImmediateCallback: bool_type, offerScheduledCallback: missing"
    )
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("operation", list(Operation))
def test_only_writes_can_have_an_effect(operation: Operation) -> None:
    uncertain = (GesServerError, GesUnexpectedAnswerError)
    certain = (
        GesConnectionError,
        GesConnectTimeoutError,
        GesDeadlineExceededError,
        GesReadTimeoutError,
        GesThrottledError,
        GesSlotUnavailableError,
        GesInvalidRequestError,
    )
    is_write = operation in {"create_callback", "cancel_callback", "request_call_in"}
    assert operation.is_write is is_write
    assert all(kind(operation=operation).may_have_taken_effect is is_write for kind in uncertain)
    assert not any(kind(operation=operation).may_have_taken_effect for kind in certain)


def test_an_unknown_result_always_may_have_taken_effect() -> None:
    assert GesUnknownResultError(operation=Operation.CREATE_CALLBACK).may_have_taken_effect


def test_the_tree_in_the_module_docstring_is_the_tree_of_the_classes() -> None:
    drawn: list[tuple[int, str]] = []
    for line in inspect.cleandoc(errors_module.__doc__ or "").splitlines():
        name = line.lstrip(" │├└─").split(" ")[0]
        if line.startswith("    ") and name.startswith("Ges"):
            drawn.append((line.index(name), name))
    parents: dict[str, str] = {}
    for place, (depth, name) in enumerate(drawn[1:], start=1):
        above = [n for d, n in drawn[:place] if d < depth]
        depths = [d for d, _ in drawn[:place] if d < depth]
        parents[name] = above[max(range(len(above)), key=lambda i: (depths[i], i))]
    public = {
        name: kind
        for name, kind in vars(errors_module).items()
        if inspect.isclass(kind) and issubclass(kind, GesError) and not name.startswith("_")
    }
    assert {name for _, name in drawn} == set(public)
    for name, parent in parents.items():
        assert issubclass(public[name], public[parent]), (name, parent)
        assert (
            len(set(public[name].__mro__) & {public[n] for n in public})
            == len(set(public[parent].__mro__) & {public[n] for n in public}) + 1
        ), name


def test_every_error_is_exported() -> None:
    public = {name for name in vars(errors_module) if name.startswith("Ges")}
    assert public <= set(ges_connector.api.__all__)


@pytest.mark.parametrize(
    "error",
    [
        GesConfigurationError("one", "two"),
        GesRequestError("phone_number", "is empty"),
        GesThrottledError(operation=Operation.CREATE_CALLBACK, retry_after_seconds=2, code=7041),
        GesSlotUnavailableError(
            operation=Operation.CREATE_CALLBACK,
            proposed_slots=(ProposedSlot(utc_time=NOW, capacity=1),),
        ),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_the_way_to_another_process(error: GesError) -> None:
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(back) is type(error)
    assert vars(back) == vars(error)
    assert str(back) == str(error)


def test_one_clause_catches_every_refusal() -> None:
    for kind in (GesNotFoundError, GesSlotUnavailableError, GesServerError, GesOfficeClosedError):
        assert issubclass(kind, GesResponseError)
    assert issubclass(GesOfficeClosedError, GesInvalidRequestError)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("5", 5.0),
        (" 2.5 ", 2.5),
        ("0", 0.0),
        ("-3", None),
        ("+1", None),
        ("1_0", None),
        ("\u0663", None),
        ("0x10", None),
        ("1e3", None),
        ("Mon, 05 Jan 2026 14:00:30 GMT", 30.0),
        ("Mon, 05 Jan 2026 13:00:00 GMT", 0.0),
        ("Mon, 05 Jan 2026 14:00:30", 30.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("Mon, 05 Jan 99999 14:00:30 GMT", None),
    ],
    ids=repr,
)
def test_a_wish_for_a_pause_is_read_as_seconds_or_as_a_date(
    header: str | None, seconds: float | None
) -> None:
    assert retry_after_seconds(header, NOW) == seconds


async def test_a_correlation_id_that_is_no_id_is_not_repeated(answering: Answering) -> None:
    strange_ids: tuple[object, ...] = (
        "two\nlines", "two words", "naïve", "a/b", "<b>", "+4915112345678", "x" * 101,
        7, {}, "", None,
    )  # fmt: skip
    for strange in strange_ids:
        body = {"status": {"code": 501, "message": "m", "corrId": strange}}
        client, _ = answering(httpx.Response(400, json=body))
        with pytest.raises(GesInvalidRequestError) as caught:
            await client.queue_status("Sales")
        assert caught.value.corr_id is None
