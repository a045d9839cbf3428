"""One page for all processes of a server, whoever is asked, and nothing left of those that died."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ges_connector.telemetry import exposition, instruments

ROOT = Path(__file__).resolve().parents[3]
COUNT_AND_END = """
from ges_connector.telemetry import exposition, instruments
assert exposition.count_here()
instruments.CALL_ERRORS.add(2, {"operation": "queue_status", "error": "GesServerError"})
instruments.CALL_SECONDS.record(0.2, {"operation": "queue_status", "result": "ok"})
instruments.TURNS_IN_PROGRESS.add(1)
"""
SERVE = """
import os, subprocess, sys
from ges_connector.telemetry import exposition, instruments
exposition.prepare_folder()
folder = os.environ[exposition.FOLDER_VARIABLE]
for _ in range(2):
    subprocess.run([sys.executable, "-c", os.environ["COUNT"]], check=True)
exposition.count_here()
instruments.TURNS_IN_PROGRESS.add(1)
print(exposition.page().decode())
print("left", len(os.listdir(folder)))
print("folder", folder)
"""


def run(code: str, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_adds_up_all_processes_and_drops_the_levels_of_dead_ones(tmp_path: Path) -> None:
    said = run(SERVE, COUNT=COUNT_AND_END, TMPDIR=str(tmp_path))
    lines = said.splitlines()
    errors = 'ges_callback_ges_call_errors_total{error="GesServerError",operation="queue_status"}'
    seconds = 'ges_callback_ges_call_duration_seconds_count{operation="queue_status",result="ok"}'
    assert f"{errors} 4.0" in lines
    assert f"{seconds} 2.0" in lines
    assert "ges_callback_turns_in_progress 1.0" in lines


def test_the_folder_is_gone_when_the_server_has_ended(tmp_path: Path) -> None:
    said = run(SERVE, COUNT=COUNT_AND_END, TMPDIR=str(tmp_path))
    (folder,) = [line.split()[1] for line in said.splitlines() if line.startswith("folder ")]
    assert Path(folder).parent == tmp_path
    assert [*tmp_path.iterdir()] == []


def test_what_an_earlier_run_left_in_a_folder_that_was_named_is_not_counted(
    tmp_path: Path,
) -> None:
    old = {exposition.FOLDER_VARIABLE: str(tmp_path)}
    run(COUNT_AND_END, **old)
    before = {*tmp_path.iterdir()}
    said = run(SERVE, COUNT=COUNT_AND_END, **old)
    assert before
    errors = [line for line in said.splitlines() if line.startswith("ges_callback_ges_call_errors")]
    assert [line.rpartition(" ")[2] for line in errors] == ["4.0"]
    assert {*tmp_path.iterdir()} == before


def test_a_folder_that_was_cleaned_away_costs_counts_and_nothing_else(tmp_path: Path) -> None:
    said = run(
        "import os, shutil\n"
        "from ges_connector.telemetry import exposition, instruments\n"
        "exposition.prepare_folder()\n"
        "exposition.count_here()\n"
        "shutil.rmtree(os.environ[exposition.FOLDER_VARIABLE])\n"
        "error = {'operation': 'queue_status', 'error': 'GesServerError'}\n"
        "instruments.CALL_ERRORS.add(1, error)\n"
        "instruments.CALL_SECONDS.record(1.0, {'operation': 'queue_status', 'result': 'ok'})\n"
        "print('goes on')\n",
        TMPDIR=str(tmp_path),
    )
    assert said == "goes on\n"


def test_without_the_extra_everything_counts_for_nothing_and_nothing_breaks() -> None:
    said = run(
        "import sys; sys.modules['prometheus_client'] = None\n"
        "from ges_connector.telemetry import exposition, instruments\n"
        "instruments.CALL_ERRORS.add(1, {})\n"
        "instruments.TURN_SECONDS.record(1.0)\n"
        "instruments.TURNS_IN_PROGRESS.add(1)\n"
        "print('prometheus_client.metrics' in sys.modules, 'opentelemetry.sdk' in sys.modules)"
    )
    assert said.split() == ["False", "False"]


def test_a_meter_provider_of_the_program_stays() -> None:
    said = run(
        "from opentelemetry import metrics\n"
        "from opentelemetry.sdk.metrics import MeterProvider\n"
        "metrics.set_meter_provider(MeterProvider())\n"
        "from ges_connector.telemetry import exposition\n"
        "print(exposition.count_here())"
    )
    assert said.split() == ["False"]


@pytest.mark.parametrize("measure", instruments.MEASURES.values(), ids=lambda each: each.name)
def test_a_metric_is_named_as_prometheus_wants_it(measure: Any) -> None:
    name = measure.exposed_name
    assert name.startswith("ges_callback_")
    assert name.endswith("_total") is (measure.kind == "counter")
    assert name.endswith("_seconds") is (measure.unit == "s")
    assert measure.description
    assert bool(measure.bounds) is (measure.kind == "histogram")
