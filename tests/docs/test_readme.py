"""What the README tells its readers to type works."""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from ges_connector.api import CallbackRequest, GesUnknownResultError
from ges_connector.testing.contact_centre import RunningServer

Run = Callable[..., Awaitable[str]]
README = "README.md"
ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
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


async def test_what_is_typed_to_deploy_leaves_nothing_red_but_what_is_not_started(
    server_at_any_time: RunningServer, documents: Any, run: Run, tmp_path: Path
) -> None:
    (typed,) = documents[README].blocks("deploy", "sh")
    server = server_at_any_time
    typed = typed.replace("http://127.0.0.1:8080", server.admin_url.removesuffix("/sandbox"))
    before, serve, _ = typed.rpartition(".venv/bin/ges-callback serve")
    assert serve
    # Nothing listens where the action server would, and this is where the checkout is.
    before = before.replace("127.0.0.1:5055", "127.0.0.1:9").replace(".venv/bin", str(PROGRAMS))
    asked = (
        f"cd {ROOT}; export HOME={tmp_path}\n{before}{PROGRAMS}/ges-callback doctor --json || true"
    )
    said = await run(*SHELL, asked)
    checked, _, found = said.partition("\n{")
    assert "callback.yml: sound" in checked
    lights = {(each["check"], each["light"]) for each in json.loads("{" + found)["findings"]}
    assert {check for check, light in lights if light == "red"} - {"clock"} == {"action server"}
    assert ("engine", "green") in lights
    assert (tmp_path / "callbacks" / "environment").stat().st_mode & 0o077 == 0
