"""What the README tells its readers to type works."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ges_connector.api import CallbackRequest, GesUnknownResultError
from ges_connector.testing.contact_centre import RunningServer

Run = Callable[..., Awaitable[str]]
README = "README.md"
SHELL = ("bash", "-euo", "pipefail", "-c")


async def test_the_curl_session_books_looks_up_and_cancels(
    server_at_any_time: RunningServer, documents: Any, run: Run
) -> None:
    server = server_at_any_time
    # Without the last command: that one spoils the next booking, and is tried by itself.
    session = documents[README].commands("sh", server).rpartition("\ncurl")[0]
    said = await run(*SHELL, session)
    assert said.count('"code":0') == 5, said
    assert '"callbackState":"SCHEDULED"' in said
    assert '"phoneNumber":"+493023125011"' in said
    assert '"state":"COMPLETED","reason":"CANCELLED"' in said.replace(" ", "")


async def test_the_fault_it_shows_loses_the_answer_of_a_booking_that_took_effect(
    server: RunningServer, documents: Any, run: Run
) -> None:
    fault = "curl" + documents[README].commands("sh", server).rpartition("\ncurl")[2]
    await run(*SHELL, fault)
    async with server.client() as ges:
        with pytest.raises(GesUnknownResultError):
            await ges.create_callback(
                CallbackRequest(service_name="Billing_DE", phone_number="+493023125011")
            )
    said = await run("curl", "-sS", f"{server.admin_url}/state")
    assert '"phone_number":"+493023125011"' in said.replace(" ", "")


async def test_the_client_example_books_and_cancels(
    server_at_any_time: RunningServer, documents: Any, run: Run
) -> None:
    said = await run(sys.executable, "-c", documents[README].commands("python", server_at_any_time))
    assert "callbacks now: " in said
    assert "SCHEDULED" in said


async def test_what_the_lost_answer_leaves_is_one_more_callback_that_is_booked(
    server: RunningServer, documents: Any, run: Run
) -> None:
    everything = documents[README].commands("sh", server)
    await run(*SHELL, everything)
    example = documents[README].commands("python", server)
    with pytest.raises(AssertionError, match="GesUnknownResultError"):
        await run(sys.executable, "-c", example)
    said = (await run("curl", "-sS", f"{server.admin_url}/state")).replace(" ", "")
    callbacks = said.partition('"callbacks":[')[2].partition('"call_ins"')[0]
    assert callbacks.count('"state":') == 2
    assert callbacks.count('"state":"COMPLETED","reason":"CANCELLED"') == 1
