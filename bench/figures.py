"""Takes what the last runs came to into the table of figures in README.

```
python -m bench.figures
```

Each of `make bench`, `make load`, `make soak` and `make faults` notes the rows that it produced, in
`bench/results`. This puts them in the place of the rows of the same command; rows of other
commands stay as they are. So no figure of the table is written by hand.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parents[1]
NOTED: Final = ROOT / "bench" / "results"
_BEGIN: Final = "<!-- figures: only what a run of the named command printed -->\n"
_END: Final = "<!-- end of figures -->\n"
_WHOLE: Final = 10
_HEAD: Final = "| What | Figure | Repeat with |\n|---|---|---|\n"

Row: TypeAlias = tuple[str, str]
"""What was measured, and what it came to."""
Rows: TypeAlias = Sequence[Row]
_OVER_IDEAL: Final = "turns per second over the ideal action's"


class NoTableError(ValueError):
    """A document has no table of figures between its marks."""


def note(target: str, rows: Rows, folder: Path = NOTED) -> None:
    """Keep the rows of a run until they are put into the table.

    Args:
        target: The target of make that repeats the run.
        rows: What it came to.
        folder: Where rows are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{target}.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def noted(folder: Path = NOTED) -> dict[str, Rows]:
    """Give the rows of the last runs, by the target that repeats them."""
    return {
        path.stem: [(what, figure) for what, figure in json.loads(path.read_text("utf-8"))]
        for path in sorted(folder.glob("*.json"))
    }


def filled(document: str, runs: Mapping[str, Rows]) -> str:
    """Put rows into the table of a document.

    Args:
        document: It has a table between the marks.
        runs: Rows by target; in place of those of the same target, else after all others.

    Raises:
        NoTableError: There is none.
    """
    before, is_there, rest = document.partition(_BEGIN + _HEAD)
    table, is_ended, after = rest.partition(_END)
    if not is_there or not is_ended:
        raise NoTableError
    kept: dict[str, list[str]] = {}
    for line in table.splitlines(keepends=True):
        kept.setdefault(_target_of(line), []).append(line)
    kept |= {target: [_line(target, *row) for row in rows] for target, rows in runs.items()}
    lines = [line for lines in kept.values() for line in lines]
    return "".join([before, _BEGIN, _HEAD, *lines, _END, after])


def _line(target: str, what: str, figure: str) -> str:
    return f"| {what} | {figure} | `make {target}` |\n"


def _target_of(line: str) -> str:
    return line.rstrip().rstrip("|").rpartition("|")[2].strip().strip("`").removeprefix("make ")


# --- what a run tells of its figures --------------------------------------------------------------


def of_bench(figures: Mapping[str, Any]) -> Rows:
    """Tell what `make bench` came to."""
    assistant, wishes = figures["assistant"], figures["wishes"]
    trips = assistant["one turn of several facts"]["GES round trips that it lasts"]
    start = assistant["start-up and memory"]
    races = assistant["calls at once"]
    crowds = " / ".join(races)
    seconds, ours = start["seconds until /health answers"], wishes["ours"]
    needs = (
        f"naive {trips['naive action']:g}, ideal {trips['ideal action']:g}, ours "
        f"{trips['assistant, no answer kept']:g}, and {trips['assistant']:g} when the answers are "
        "a few seconds old"
    )
    worker, whole = (
        start[f"MiB above the bare server, {what}"] for what in ("largest process", "all processes")
    )
    one = "assistant, one language"
    costs = (
        f"{seconds['assistant']:.1f} s to {seconds['bare']:.1f} s; in four languages "
        f"{worker['assistant']:.0f} MiB more in the worker, {whole['assistant']:.0f} MiB over all "
        f"processes; in one {worker[one]:.0f} and {whole[one]:.0f} MiB"
    )
    takes = (
        f"median {ours['median_ms']:.1f} ms, 99th percentile {ours['p99_ms']:.1f} ms, slowest "
        f"{ours['max_ms']:.1f} ms, slowest hostile text {wishes['hostile_max_ms']:.0f} ms"
    )
    over_ideal, over_naive = (_over(races, each) for each in ("ideal action", "naive action"))
    return [
        ("A turn that needs four facts of GES, in round trips", needs),
        (f"Actions per second, {crowds} conversations at once, over the ideal action", over_ideal),
        ("The same over the naive action", over_naive),
        ("Start-up and memory over a bare action server", costs),
        (f"A wish, {ours['utterances']:,} utterances", takes),
    ]


def _over(races: Mapping[str, Any], other: str) -> str:
    def ratios(ours: str) -> str:
        paces = [race["calls per second"] for race in races.values()]
        return " / ".join(_in_two_digits(pace[ours] / pace[other]) for pace in paces)

    return f"{ratios('assistant')}; with no answer kept {ratios('assistant, no answer kept')}"


def _in_two_digits(ratio: float) -> str:
    """Tell a ratio by its first two digits; a large one as a whole number."""
    return f"{ratio:.0f}" if ratio >= _WHOLE else f"{ratio:.2g}"


def of_load(figures: Mapping[str, Any]) -> Rows:
    """Tell what `make load` came to at its middle latency, with answers kept and without."""
    ran = {name: told for name, told in figures.items() if name.endswith("workers")}
    latencies = [name for name in next(iter(ran.values())) if name.startswith("GES latency")]
    latency = latencies[len(latencies) // 2]
    races = [told[latency]["one question for facts"] for told in ran.values()]
    counts = " / ".join(name.removesuffix(" workers") for name in ran)
    memory = "resident MiB of all processes at the end"
    kept, unkept = (
        " / ".join(f"{race[_OVER_IDEAL][side]:g}" for race in races)
        for side in ("assistant", "assistant, no answer kept")
    )
    fewest, least = next(iter(ran.items()))
    crowds = least[latency]["whole conversations"]
    more = [told[memory]["assistant"] - told[memory]["bare server"] for told in ran.values()]
    memories = " / ".join(f"{each:.0f}" for each in more)
    return [
        (
            f"Turns per second over the ideal action's, {counts} workers, {latency}",
            f"{kept}; with no answer kept {unkept}",
        ),
        *(
            (f"Whole conversations, {crowd}, {fewest.removesuffix('s')}, {latency}", _held(sides))
            for crowd, sides in crowds.items()
        ),
        (f"Memory over a bare server after that, {counts} workers", f"{memories} MiB"),
    ]


def _held(sides: Mapping[str, Any]) -> str:
    def told(side: str) -> str:
        found = sides[side]
        return (
            f"{found['turns per second']:g} turns/s, own time p95 "
            f"{found['own ms per turn']['p95']:g} ms, {found['GES requests per 1000 turns']} GES "
            "requests per 1,000 turns"
        )

    return f"{told('assistant')}; with no answer kept {told('assistant, no answer kept')}"


def of_soak(shown: Mapping[str, Any], minutes: float) -> Rows:
    """Tell what `make soak` came to.

    Args:
        shown: Its first and last readings.
        minutes: How long it lasted.
    """
    start, end = shown["start"], shown["end"]
    growth = (
        f"memory {start['mib']:g} to {end['mib']:g} MiB, open files {start['files']} to "
        f"{end['files']}, tasks {start['tasks']} to {end['tasks']}"
    )
    return [(f"{minutes:g} minutes of conversations, {end['turns']:,} turns", growth)]


def main() -> int:
    """Fill the table of README; nothing is changed if no run was noted."""
    runs = noted()
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(filled(text, runs), encoding="utf-8")
    sys.stdout.write(f"figures of {', '.join(runs) or 'no run'} put into README.md\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
