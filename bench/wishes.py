"""What understanding a wish costs, beside plain dateparser with the language given.

```
python -m bench.wishes tests/data/utterances
```
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ges_connector.language.cases import Case
from ges_connector.language.report import dateparser_or_none, table_cases
from ges_connector.language.understand import understand, warm_up

_MS = 1000
_ROUNDS = 3
# Each of these once took long, or would in a grammar without bounds.
_HOSTILE = (
    "3 or 4 or " * 16,
    "monday or tuesday or " * 15,
    "from 3 to 4 or " * 90,
    "before, yes, " * 75,
    "after, " * 140,
    "1:" * 700,
    "half past " * 140,
    "not " * 370,
    "9" * 1500,
    "tomorrow at 3 pm please " * 60,
    "a" * 10_000,
)
_COLD_START = """
import time
from pathlib import Path

def resident_pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

begun = time.perf_counter()
from ges_connector.language import understand
imported = time.perf_counter()
before = resident_pages()
from datetime import datetime, UTC
understand("hello", "{locale}", datetime.now(UTC), "UTC")
ready = time.perf_counter()
pages = resident_pages() - before
print((imported - begun) * 1000, (ready - imported) * 1000, pages * 4096 / 2**20)
"""


def measure(tables: Path) -> dict[str, Any]:
    """Time every utterance of the tables, hostile texts, and the first use of some languages."""
    cases = list(table_cases(tables))
    warm_up(sorted({case.locale for case in cases}))
    figures: dict[str, Any] = {"ours": _timed(cases, _ask_us)}
    parser = dateparser_or_none()
    if parser is not None:
        figures["dateparser"] = _timed(
            cases,
            lambda case: parser(case.text, case.language, case.said_at.replace(tzinfo=None)),
        )
    figures["hostile_max_ms"] = _hostile(cases[0])
    figures["first_use"] = {locale: _first_use(locale) for locale in ("en", "de", "ja", "fi")}
    return figures


def _ask_us(case: Case) -> object:
    return understand(case.text, case.locale, case.said_at, case.zone.key)


def _timed(cases: list[Case], ask: Callable[[Case], object]) -> dict[str, float]:
    taken: list[float] = []
    for _ in range(_ROUNDS):
        for case in cases:
            begun = time.perf_counter()
            ask(case)
            taken.append((time.perf_counter() - begun) * _MS)
    cuts = statistics.quantiles(taken, n=100)
    return {
        "utterances": len(cases),
        "median_ms": round(statistics.median(taken), 3),
        "p99_ms": round(cuts[-1], 3),
        "max_ms": round(max(taken), 3),
    }


def _hostile(case: Case) -> float:
    worst = 0.0
    for text in _HOSTILE:
        begun = time.perf_counter()
        understand(text, "en-GB", case.said_at, case.zone.key)
        worst = max(worst, (time.perf_counter() - begun) * _MS)
    return round(worst, 1)


def _first_use(locale: str) -> dict[str, float]:
    """Import, first answer and memory of one language, in a process of its own."""
    program = _COLD_START.replace("{locale}", locale)
    done = subprocess.run(  # noqa: S603 - this interpreter, and the program above
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    imported, first, memory = (float(each) for each in done.stdout.split())
    return {
        "import_ms": round(imported),
        "first_answer_ms": round(first),
        "memory_mib": round(memory, 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1])), indent=2))
