from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ges_connector.demo.errors import StepFailedError, UnusableInputError
from ges_connector.demo.plan import Announces, Service
from ges_connector.demo.programs import Programs
from ges_connector.demo.supervisor import Addresses, supervise, workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def _at_once(_addresses: Addresses) -> None:
    """The person at the terminal leaves immediately."""


async def _never(_addresses: Addresses) -> None:
    await asyncio.Event().wait()


def _entries(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_everything_is_started_and_its_addresses_are_handed_on(
    stand_ins: Any, say: Callable[[str], None], said: list[str]
) -> None:
    seen: list[Addresses] = []

    async def look(addresses: Addresses) -> None:
        seen.append(addresses)

    with workspace(None) as space:
        assert await supervise(stand_ins.plan(), space, say, look) == 0
    assert seen == [Addresses("http://127.0.0.1:3", "http://127.0.0.1:2", "http://127.0.0.1:1/v3")]
    for name in ("sandbox", "actions", "engine"):
        assert any(line.startswith(f"{name} ready after") for line in said)


async def test_no_process_and_no_directory_is_left_after_a_run(
    stand_ins: Any, say: Callable[[str], None], tmp_path: Path
) -> None:
    with workspace(None) as space:
        await supervise(stand_ins.plan(training=stand_ins.job()), space, say, _at_once)
        assert space.scratch.is_dir()
    assert len(stand_ins.started()) == 4
    assert stand_ins.survivors() == []
    assert not space.scratch.exists()
    assert not space.logs.exists()
    assert _entries(tmp_path / "temporary") == []


async def test_the_action_server_is_made_from_what_the_sandbox_announced(
    stand_ins: Any, say: Callable[[str], None]
) -> None:
    plan = stand_ins.plan()
    announced = []

    class Recording:
        sandbox, training, engine = plan.sandbox, plan.training, plan.engine
        actions_url, rasa_url = plan.actions_url, plan.rasa_url

        @staticmethod
        def actions(announcement: Any) -> Service:
            announced.append(dict(announcement))
            made: Service = plan.actions(announcement)
            return made

    with workspace(None) as space:
        await supervise(Recording, space, say, _at_once)  # type: ignore[arg-type] # same shape
    assert announced == [{"ges": "http://127.0.0.1:1/v3", "key": "planted-key"}]


async def test_a_program_that_dies_early_is_named_with_the_last_it_wrote(
    stand_ins: Any, say: Callable[[str], None]
) -> None:
    dying = stand_ins.announcer("print('line one'); print('no such seed: x.yml'); sys.exit(3)")
    with pytest.raises(StepFailedError) as caught, workspace(None) as space:
        await supervise(stand_ins.plan(sandbox=dying), space, say, _never)
    assert str(caught.value).startswith("sandbox ended with exit code 3; the last it wrote:")
    assert "  no such seed: x.yml" in str(caught.value)
    assert stand_ins.survivors() == []


async def test_logs_are_kept_and_named_after_a_failure(
    stand_ins: Any, say: Callable[[str], None], tmp_path: Path
) -> None:
    dying = stand_ins.announcer("print('gone'); sys.exit(3)")
    with pytest.raises(StepFailedError) as caught, workspace(None) as space:
        await supervise(stand_ins.plan(sandbox=dying), space, say, _never)
    (kept,) = _entries(tmp_path / "temporary")
    assert f"The logs are in {kept}." in str(caught.value)
    assert (kept / "sandbox.log").read_text() == "gone\n"
    assert not space.scratch.exists()


async def test_logs_go_to_the_directory_asked_for_and_stay_there(
    stand_ins: Any, say: Callable[[str], None], tmp_path: Path
) -> None:
    with workspace(tmp_path / "new" / "logs") as space:
        await supervise(stand_ins.plan(), space, say, _at_once)
    assert {path.name for path in (tmp_path / "new" / "logs").iterdir()} == {
        "sandbox.log",
        "actions.log",
        "engine.log",
    }


def test_a_log_directory_that_cannot_be_made_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableInputError, match="cannot be made"), workspace(tmp_path / "file"):
        pass


async def test_a_program_that_dies_later_ends_the_run(
    stand_ins: Any, say: Callable[[str], None]
) -> None:
    async def kill_one(_addresses: Addresses) -> None:
        os.kill(stand_ins.started()[0], signal.SIGKILL)
        await asyncio.Event().wait()

    with pytest.raises(StepFailedError, match="ended with exit code -9"), workspace(None) as space:
        await supervise(stand_ins.plan(), space, say, kill_one)
    assert stand_ins.survivors() == []


async def test_a_trained_model_is_moved_to_its_place(
    stand_ins: Any, say: Callable[[str], None]
) -> None:
    job = stand_ins.job()
    with workspace(None) as space:
        await supervise(stand_ins.plan(training=job), space, say, _at_once)
    assert job.target.read_text() == "a model"
    assert [path.name for path in job.target.parent.iterdir()] == ["m.tar.gz"]


@pytest.mark.parametrize("script", ["print('bad domain'); sys.exit(1)", "print('bad domain')"])
async def test_a_training_without_a_model_is_a_failed_step(
    stand_ins: Any, say: Callable[[str], None], script: str
) -> None:
    job = stand_ins.job(script)
    with (
        pytest.raises(StepFailedError, match="training failed") as caught,
        workspace(None) as space,
    ):
        await supervise(stand_ins.plan(training=job), space, say, _never)
    assert "  bad domain" in str(caught.value)
    assert not job.target.exists()
    assert stand_ins.survivors() == []


async def test_a_program_that_never_gets_ready_is_given_up(
    stand_ins: Any, say: Callable[[str], None]
) -> None:
    mute = Service(
        name="sandbox",
        argv=stand_ins.argv("import signal; signal.pause()"),
        directory=stand_ins.directory,
        patience_seconds=0.2,
        ready=Announces(frozenset({"ges"})),
    )
    with pytest.raises(StepFailedError, match=r"not ready after 0\.2 s"), workspace(None) as space:
        await supervise(stand_ins.plan(sandbox=mute), space, say, _never)
    assert stand_ins.survivors() == []


async def test_a_missing_tool_is_bad_input_and_named(
    stand_ins: Any, say: Callable[[str], None]
) -> None:
    missing = Service(
        name="engine",
        argv=("/nowhere/rasa", "run"),
        directory=stand_ins.directory,
        patience_seconds=5,
        ready=Announces(frozenset()),
    )
    with pytest.raises(UnusableInputError, match="/nowhere/rasa"), workspace(None) as space:
        await supervise(stand_ins.plan(engine=missing), space, say, _never)
    assert stand_ins.survivors() == []


async def test_programs_that_ignore_the_request_to_stop_are_killed_with_their_children(
    stand_ins: Any, say: Callable[[str], None], tmp_path: Path
) -> None:
    child = stand_ins.argv(
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        'print(\'{"ges": "x"}\', flush=True)\nsignal.pause()'
    )
    parent = stand_ins.argv(
        "import signal, subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"subprocess.run({list(child)!r})"
    )
    stubborn = Service(
        name="sandbox",
        argv=parent,
        directory=stand_ins.directory,
        patience_seconds=30,
        ready=Announces(frozenset({"ges"})),
    )
    async with Programs(tmp_path, tmp_path, say, grace_seconds=0.05) as programs:
        assert await programs.start(stubborn) == {"ges": "x"}
    assert len(stand_ins.started()) == 2
    assert stand_ins.survivors() == []


async def test_a_program_keeps_its_temporary_files_in_the_workspace(
    stand_ins: Any, say: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNWANTED", "x")
    script = (
        "import json, signal, tempfile\n"
        "print(json.dumps({'ges': tempfile.gettempdir(), "
        "'key': os.environ.get('UNWANTED', '') + os.environ['WANTED']}), flush=True)\n"
        "signal.pause()"
    )
    service = Service(
        name="sandbox",
        argv=stand_ins.argv(script),
        directory=stand_ins.directory,
        patience_seconds=30,
        ready=Announces(frozenset({"ges", "key"})),
        environment={"UNWANTED": None, "WANTED": "y"},
    )
    async with Programs(tmp_path, tmp_path / "scratch", say) as programs:
        (tmp_path / "scratch").mkdir()
        assert await programs.start(service) == {"ges": str(tmp_path / "scratch"), "key": "y"}


_RUN = """
import asyncio, importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("stand_in_programs", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["stand_in_programs"] = module
spec.loader.exec_module(module)
from ges_connector.demo.supervisor import supervise, workspace
stand_ins = module.StandIns(pathlib.Path(sys.argv[2]))
async def announce(addresses):
    print("READY", flush=True)
    await asyncio.Event().wait()
slow = stand_ins.announcer("import signal; signal.pause()")
def say(line):
    print(line, file=sys.stderr, flush=True)
plan = stand_ins.plan(sandbox=slow) if sys.argv[3] == "never" else stand_ins.plan()
with workspace(None) as space:
    print(space.scratch, flush=True)
    code = asyncio.run(supervise(plan, space, say, announce))
sys.exit(code)
"""


def _run(stand_ins: Any, readiness: str) -> subprocess.Popen[str]:
    programs = __file__.replace("test_supervisor.py", "conftest.py")
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, programs, str(stand_ins.directory), readiness],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_counts_as_a_good_end(
    stand_ins: Any, number: signal.Signals
) -> None:
    with _run(stand_ins, "ready") as run:
        assert run.stdout is not None
        scratch = run.stdout.readline().strip()
        assert run.stdout.readline() == "READY\n"
        run.send_signal(number)
        # Impatience changes nothing.
        run.send_signal(number)
        assert run.wait(timeout=30) == 0
    assert len(stand_ins.started()) == 3
    assert stand_ins.survivors() == []
    assert not os.path.exists(scratch)  # noqa: PTH110 - a string from a pipe


def test_a_signal_before_everything_is_ready_shows_in_the_exit_code(stand_ins: Any) -> None:
    with _run(stand_ins, "never") as run:
        assert run.stderr is not None
        assert run.stderr.readline().startswith("engine ready")
        run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=30) == 128 + signal.SIGTERM
    assert stand_ins.survivors() == []


def test_nothing_but_json_with_the_awaited_keys_counts_as_an_announcement(
    stand_ins: Any, say: Callable[[str], None], tmp_path: Path
) -> None:
    lines = ['{"ges": 5, "key": "k"}', "[1]", '{"ges"', "null", '{"ges": "a", "key": "b", "c": 1}']
    script = f"import signal\nprint({chr(10).join(lines)!r}, flush=True)\nsignal.pause()"

    async def start() -> dict[str, str]:
        async with Programs(tmp_path, tmp_path, say) as programs:
            return dict(await programs.start(stand_ins.announcer(script)))

    assert json.dumps(asyncio.run(start()), sort_keys=True) == '{"ges": "a", "key": "b"}'
