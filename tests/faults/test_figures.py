"""The table of figures in README is filled by runs: each its own rows, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.figures import NoTableError, filled, note, noted, of_bench, of_load, of_soak

README = Path(__file__).resolve().parents[2] / "README.md"
TABLE = """# Product

<!-- figures: only what a run of the named command printed -->
| What | Figure | Repeat with |
|---|---|---|
| old one | 1 | `make bench` |
| old two | 2 | `make bench` |
| soaked | 3 | `make soak` |
<!-- end of figures -->
After.
"""


def test_a_run_takes_the_place_of_its_own_rows_only() -> None:
    runs = {"bench": [("new", "9")], "faults": [("fails", "0")]}
    begin, table, after = filled(TABLE, runs).partition("| new | 9 | `make bench` |\n")
    assert begin == TABLE[: TABLE.index("| old one")]
    assert table
    assert after.splitlines() == [
        "| soaked | 3 | `make soak` |",
        "| fails | 0 | `make faults` |",
        "<!-- end of figures -->",
        "After.",
    ]
    assert filled(TABLE, {}) == TABLE


def test_a_document_without_a_table_is_refused() -> None:
    with pytest.raises(NoTableError):
        filled("# Product\n", {"bench": [("new", "9")]})


def test_readme_has_the_table_and_names_only_targets_of_make() -> None:
    text = README.read_text(encoding="utf-8")
    assert filled(text, {}) == text
    assert "| what | it came to | `make load` |" in filled(text, {"load": [("what", "it came to")]})
    targets = (README.parent / "Makefile").read_text(encoding="utf-8")
    for target in ("bench", "load", "soak", "faults", "figures"):
        assert f"\n{target}: " in targets


def test_what_is_noted_is_read_back(tmp_path: Path) -> None:
    assert noted(tmp_path) == {}
    note("soak", [("what", "it came to")], tmp_path / "deep")
    assert noted(tmp_path / "deep") == {"soak": [("what", "it came to")]}


def side(turns: float, own_ms: float, requests: int) -> dict[str, Any]:
    return {
        "turns per second": turns,
        "own ms per turn": {"p50": 1.0, "p95": own_ms, "p99": 99.0},
        "GES requests per 1000 turns": requests,
    }


def loaded(ratio: float) -> dict[str, Any]:
    over = {"ideal action": 1.0, "assistant": ratio, "assistant, no answer kept": ratio / 2}
    sides = {"assistant": side(80.5, 9.5, 40), "assistant, no answer kept": side(60, 12, 4000)}
    found = {
        "one question for facts": {"turns per second over the ideal action's": over},
        "whole conversations": {"1 at once": sides},
    }
    return {
        "GES latency 20 ms": {},
        "GES latency 50 ms": found,
        "GES latency 200 ms": {},
        "resident MiB of all processes at the end": {"bare server": 100.0, "assistant": 155.4},
    }


def test_a_load_is_told_with_answers_kept_and_without() -> None:
    figures = {
        "load average before and after": [],
        "1 workers": loaded(3.0),
        "2 workers": loaded(2.0),
    }
    asked = "GES requests per 1,000 turns"
    held = f"80.5 turns/s, own time p95 9.5 ms, 40 {asked}"
    forgetful = f"with no answer kept 60 turns/s, own time p95 12 ms, 4000 {asked}"
    assert of_load(figures) == [
        (
            "Turns per second over the ideal action's, 1 / 2 workers, GES latency 50 ms",
            "3 / 2; with no answer kept 1.5 / 1",
        ),
        (
            "Whole conversations, 1 at once, 1 worker, GES latency 50 ms",
            f"{held}; {forgetful}",
        ),
        ("Memory over a bare server after that, 1 / 2 workers", "55 / 55 MiB"),
    ]


def test_a_soak_is_told_by_its_ends() -> None:
    shown = {
        "start": {"turns": 1000, "mib": 150.0, "files": 30, "tasks": 5},
        "end": {"turns": 120000, "mib": 151.5, "files": 31, "tasks": 5},
    }
    assert of_soak(shown, 30.0) == [
        (
            "30 minutes of conversations, 120,000 turns",
            "memory 150 to 151.5 MiB, open files 30 to 31, tasks 5 to 5",
        )
    ]


def test_a_bench_is_told_in_five_rows() -> None:
    paces = {"ideal action": 2.0, "naive action": 0.05, "assistant": 8.0}
    race = {"calls per second": {**paces, "assistant, no answer kept": 1.8}}
    trips = {"naive action": 4.2, "ideal action": 1.1, "assistant": 0.06}
    figures = {
        "assistant": {
            "one turn of several facts": {
                "GES round trips that it lasts": {**trips, "assistant, no answer kept": 1.2}
            },
            "calls at once": {"1": race, "16": race},
            "start-up and memory": {
                "seconds until /health answers": {"assistant": 2.3, "bare": 0.7},
                "MiB above the bare server, largest process": {
                    "assistant": 52.1,
                    "assistant, one language": 41.2,
                },
                "MiB above the bare server, all processes": {
                    "assistant": 82.2,
                    "assistant, one language": 71.4,
                },
            },
        },
        "wishes": {
            "ours": {"utterances": 7456, "median_ms": 0.31, "p99_ms": 1.1, "max_ms": 3.8},
            "hostile_max_ms": 14.1,
        },
    }
    told = dict(of_bench(figures))
    assert len(told) == 5
    at_once = "Actions per second, 1 / 16 conversations at once, over the ideal action"
    assert told[at_once] == "4 / 4; with no answer kept 0.9 / 0.9"
    over_naive = told["The same over the naive action"]
    assert over_naive == "160 / 160; with no answer kept 36 / 36"
    assert told["Start-up and memory over a bare action server"] == (
        "2.3 s to 0.7 s; in four languages 52 MiB more in the worker, 82 MiB over all processes; "
        "in one 41 and 71 MiB"
    )
    assert told["A wish, 7,456 utterances"].startswith("median 0.3 ms, 99th percentile 1.1 ms")
