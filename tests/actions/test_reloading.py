"""A configuration that changes while the server runs."""

from __future__ import annotations

import asyncio
import logging
from importlib import resources
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from actions import reloading, runtime, server
from actions.runtime import Runtime
from ges_connector.callbacks import CallbackConfig, CallbackService
from ges_connector.callbacks.config_file import ConfigFile
from ges_connector.testing import MONDAY
from ges_connector.wording import Wording

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ges_connector.api import GesClient

DEMO = resources.files("ges_connector.demo").joinpath("callback.yml").read_text("utf-8")


@pytest.fixture
def file(tmp_path: Path) -> ConfigFile:
    path = tmp_path / "callback.yml"
    path.write_text(DEMO, encoding="utf-8")
    return ConfigFile(path)


@pytest.fixture
async def watch(file: ConfigFile, ges_client: GesClient) -> AsyncIterator[reloading.ConfigWatch]:
    config = CallbackConfig.from_yaml(file.text())
    service = CallbackService(lambda: ges_client, config, clock=lambda: MONDAY)
    opened = Runtime(config, Wording({}), service, now=lambda: MONDAY)
    with runtime.using(opened):
        yield reloading.ConfigWatch(file)


def write(file: ConfigFile, text: str) -> None:
    assert file.path is not None
    file.path.write_text(text, encoding="utf-8")


async def test_a_sound_change_holds_for_the_next_turn(
    watch: reloading.ConfigWatch, file: ConfigFile
) -> None:
    before = runtime.runtime()
    write(file, DEMO.replace("min_lead_minutes: 75", "min_lead_minutes: 180"))
    await watch.look()
    after = runtime.runtime()
    assert after.config.topics["support"].slots.min_lead_minutes == 180
    assert after.service.profile("support").slots.min_lead_minutes == 180
    assert after.service is before.service


async def test_a_faulty_change_is_told_with_its_lines_and_the_old_one_stays(
    watch: reloading.ConfigWatch, file: ConfigFile, caplog: pytest.LogCaptureFixture
) -> None:
    before = runtime.runtime().config
    write(file, DEMO.replace("Europe/Berlin", "Mars/Olympus").replace("count: 3", "count: 0"))
    await watch.look()
    assert runtime.runtime().config is before
    assert "topics.night.office_zone" in caplog.text
    assert "defaults.attempts.count" in caplog.text
    assert "line 9" in caplog.text
    assert "the old one stays" in caplog.text


async def test_hours_without_words_are_told_and_the_old_file_stays(
    file: ConfigFile, ges_client: GesClient, caplog: pytest.LogCaptureFixture
) -> None:
    config = CallbackConfig.from_yaml(file.text())
    service = CallbackService(lambda: ges_client, config, clock=lambda: MONDAY)
    with runtime.using(Runtime(config, runtime.wording(), service, now=lambda: MONDAY)):
        watch = reloading.ConfigWatch(file)
        unworded = "    service_name: Night_Line\n    static_hours: hours_of_mars"
        text = DEMO.replace("    service_name: Night_Line", unworded)
        assert text != DEMO
        write(file, text)
        await watch.look()
        assert runtime.runtime().config is config
    assert "static_hours: 'hours_of_mars' has no wording" in caplog.text
    assert "the old one stays" in caplog.text


async def test_a_file_that_did_not_change_is_not_read_again(
    watch: reloading.ConfigWatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = runtime.runtime()
    await watch.look()
    assert runtime.runtime() is before
    assert caplog.text == ""


async def test_a_fault_is_told_once_and_its_correction_taken_up(
    watch: reloading.ConfigWatch, file: ConfigFile, caplog: pytest.LogCaptureFixture
) -> None:
    write(file, "topics: [")
    await watch.look()
    told = len(caplog.records)
    await watch.look()
    assert len(caplog.records) == told
    write(file, DEMO.replace("count: 3", "count: 4"))
    await watch.look()
    attempts = runtime.runtime().config.profile().attempts
    assert attempts is not None
    assert attempts.count == 4


async def test_a_file_that_goes_away_leaves_the_old_one(
    watch: reloading.ConfigWatch, file: ConfigFile
) -> None:
    before = runtime.runtime()
    assert file.path is not None
    file.path.unlink()
    await watch.look()
    assert runtime.runtime() is before


async def test_what_needs_a_restart_is_named_and_stays(
    watch: reloading.ConfigWatch, file: ConfigFile, caplog: pytest.LogCaptureFixture
) -> None:
    before = runtime.runtime().config
    write(file, f"{DEMO}\npatience: {{chat_seconds: 9}}\nfreshness: {{queue_seconds: 9}}\n")
    await watch.look()
    after = runtime.runtime().config
    assert after.patience == before.patience
    assert after.freshness.queue_seconds == 9
    assert "patience: changes need a restart" in caplog.text


async def test_nothing_is_taken_up_where_nothing_was_opened(file: ConfigFile) -> None:
    assert runtime.adopt(CallbackConfig.from_yaml(file.text())) == ()


@pytest.mark.parametrize(("text", "seconds"), [("", 5), (" 2.5 ", 2.5), ("0", 0)])
def test_how_often_to_look_is_read_from_the_environment(text: str, seconds: float) -> None:
    assert reloading.seconds_between({"CALLBACK_RELOAD_SECONDS": text}) == seconds


@pytest.mark.parametrize("text", ["x", "-1", "nan", "inf", "4000"])
def test_a_wrong_number_of_seconds_is_told(text: str) -> None:
    with pytest.raises(reloading.ReloadSettingsError, match="CALLBACK_RELOAD_SECONDS"):
        reloading.seconds_between({"CALLBACK_RELOAD_SECONDS": text})


def _attempts() -> int | None:
    attempts = runtime.runtime().config.profile().attempts
    return None if attempts is None else attempts.count


async def test_a_worker_looks_by_itself_until_it_stops(
    file: ConfigFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {
        "CALLBACK_CONFIG": str(file.path),
        "CALLBACK_RELOAD_SECONDS": "0.01",
        "GES_BASE_URL": "http://127.0.0.1:9/engagement/v3",
        "GES_API_KEY": "key",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    worker = SimpleNamespace(ctx=SimpleNamespace())
    await server._open(worker)
    try:
        write(file, DEMO.replace("count: 3", "count: 4"))
        async with asyncio.timeout(30):
            while _attempts() != 4:  # noqa: ASYNC110 - a worker tells nobody
                await asyncio.sleep(0.01)
    finally:
        await server._close(worker)
    await asyncio.gather(worker.ctx.config_watch, return_exceptions=True)
    assert worker.ctx.config_watch.cancelled()


async def test_a_worker_that_shall_not_look_does_not(
    file: ConfigFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLBACK_RELOAD_SECONDS", "0")
    monkeypatch.setenv("CALLBACK_CONFIG", str(file.path))
    worker = SimpleNamespace(ctx=SimpleNamespace())
    await server._open(worker)
    await server._close(worker)
    assert not hasattr(worker.ctx, "config_watch")


async def test_a_worker_that_starts_with_a_faulty_file_tells_each_fault_with_file_and_line(
    file: ConfigFile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CALLBACK_RELOAD_SECONDS", "0")
    monkeypatch.setenv("CALLBACK_CONFIG", str(file.path))
    write(file, DEMO.replace("Europe/Berlin", "Mars/Olympus"))
    worker = SimpleNamespace(ctx=SimpleNamespace())
    await server._open(worker)
    await server._close(worker)
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(told) == 2
    assert all(f"{file.path}: topics." in each and "(line " in each for each in told)


def test_a_server_told_nonsense_about_looking_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALLBACK_RELOAD_SECONDS", "often")
    with pytest.raises(SystemExit, match="'often' is no number of seconds"):
        server.CallbackServer().attach_sanic_app_extensions(SimpleNamespace())


async def test_a_file_that_vanishes_is_told_once_and_the_old_one_stays(
    watch: reloading.ConfigWatch, file: ConfigFile, caplog: pytest.LogCaptureFixture
) -> None:
    before = runtime.runtime().config
    assert file.path is not None
    file.path.unlink()
    await watch.look()
    await watch.look()
    assert runtime.runtime().config is before
    (line,) = [each for each in caplog.records if "no longer there" in each.getMessage()]
    assert line.levelname == "WARNING"
