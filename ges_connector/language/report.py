"""`make wishes`: how often wishes are understood, asked about or misread, per language.

```
python -m ges_connector.language.report tests/data/utterances [--unseen tests/data/unseen] \
    [--development-set set.jsonl]
```

Beside `understand` it measures plain dateparser, where that is installed, with the language given
and future dates preferred. What answers are told apart stands in `cases`.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from ges_connector.language.cases import VERDICTS, Case, Verdict
from ges_connector.language.notation import in_short
from ges_connector.language.understand import understand
from ges_connector.language.unseen import unseen_cases
from ges_connector.language.wish import Unclear, Wish, WishKind

# A development set gives no zones; one without clock changes takes its times as they are.
_NO_CHANGES = ZoneInfo("Etc/UTC")
_LAST_MINUTE = timedelta(minutes=2)
# What dateparser calls a language otherwise.
_THEIR_NAMES = {"no": "nb"}

# Answers with a wall time, or None; from text, language and wall time of speaking.
DateParser = Callable[[str, str, datetime], datetime | None]


# --- tables of utterances ----------------------------------------------------------------------


def table_cases(folder: Path) -> Iterator[Case]:
    """The cases of all tables of utterances in a folder."""
    for file in sorted(folder.glob("*.yml")):
        table = YAML(typ="safe").load(file)
        zone = ZoneInfo(table["timezone"])
        said_at = datetime.fromisoformat(table["now"]).replace(tzinfo=zone)
        # What is said otherwise elsewhere counts as well: "pt-PT" beside "pt-BR".
        sections = {table["locale"]: table["utterances"], **table.get("elsewhere", {})}
        for locale, utterances in sections.items():
            for text, meant in utterances.items():
                yield Case(
                    language=file.stem,
                    locale=locale,
                    text=text,
                    said_at=said_at,
                    zone=zone,
                    judge=_judge_by_notation(meant, zone),
                    judge_instant=_judge_instant_by_notation(meant, said_at),
                )


def _judge_by_notation(meant: str, zone: ZoneInfo) -> Callable[[Wish | Unclear], Verdict]:
    def judge(outcome: Wish | Unclear) -> Verdict:
        if in_short(outcome, zone) == meant:
            return "open" if isinstance(outcome, Wish) and outcome.undecided else "right"
        return "asked" if isinstance(outcome, Unclear) else "wrong"

    return judge


def _judge_instant_by_notation(meant: str, said_at: datetime) -> Callable[[datetime], Verdict]:
    """A plain instant is right if it is the instant that was meant, or on the day that was."""

    def judge(found: datetime) -> Verdict:
        near = (found - said_at.replace(tzinfo=None)) < timedelta(days=300)
        written = {f"exact {found:%m-%d %H:%M}", f"day {found:%m-%d}"}
        if near and written & set(_readings_of(meant)):
            return "right"
        return "wrong"

    return judge


def _readings_of(meant: str) -> list[str]:
    plain = meant.replace("(", "").replace(")", "").replace(" ~", "").replace(" | ", " ? ")
    return plain.split(" ? ")


# --- the development set -----------------------------------------------------------------------


def development_cases(file: Path, key: str) -> Iterator[Case]:
    """The cases of a development set of JSON lines.

    Each line has `language`, `text` (a sentence), `span` (the words of it that name the time),
    `reference`, `kind` (instant, day or window), `start` and `end`; all times local.

    Args:
        file: the set.
        key: which text to take, `text` or `span`.
    """
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Case(
            language=row["language"],
            locale=row["language"],
            text=row[key],
            said_at=datetime.fromisoformat(row["reference"]).replace(tzinfo=_NO_CHANGES),
            zone=_NO_CHANGES,
            judge=_judge_by_row(row),
            judge_instant=_judge_instant_by_row(row),
        )


def _judge_by_row(row: dict[str, Any]) -> Callable[[Wish | Unclear], Verdict]:
    start = datetime.fromisoformat(row["start"]).replace(tzinfo=_NO_CHANGES)
    end = None if row["end"] is None else datetime.fromisoformat(row["end"])
    until = None if end is None else end.replace(tzinfo=_NO_CHANGES)

    def judge(outcome: Wish | Unclear) -> Verdict:
        if isinstance(outcome, Unclear):
            return "asked"
        met = [_meets(each, row["kind"], start, until) for each in outcome.readings()]
        if all(met):
            return "right"
        return "open" if any(met) else "wrong"

    return judge


def _meets(wish: Wish, kind: str, start: datetime, end: datetime | None) -> bool:
    if kind == "day":
        return wish.kind is WishKind.DAY and wish.earliest_at == start
    if end is None:
        return _meets_instant(wish, start)
    if wish.earliest_at is None or wish.latest_at is None:
        return False
    if (wish.earliest_at, wish.latest_at) == (start, end):
        return True
    # Nobody agrees when an evening begins; that both speak of the same evening is what counts.
    return wish.grain == "part" and wish.earliest_at < end and start < wish.latest_at


def _meets_instant(wish: Wish, start: datetime) -> bool:
    if wish.kind in {WishKind.EXACT, WishKind.ASAP}:
        return wish.earliest_at == start
    # "The end of the day" is its last second there, its last hours here.
    begun = wish.earliest_at is None or wish.earliest_at <= start
    is_last = wish.latest_at is not None and start < wish.latest_at <= start + _LAST_MINUTE
    return begun and is_last


def _judge_instant_by_row(row: dict[str, Any]) -> Callable[[datetime], Verdict]:
    start = datetime.fromisoformat(row["start"])

    def judge(found: datetime) -> Verdict:
        if row["kind"] == "day":
            return "right" if found.date() == start.date() else "wrong"
        if row["kind"] == "window":
            inside = start <= found < datetime.fromisoformat(row["end"])
            return "right" if inside else "wrong"
        return "right" if found == start else "wrong"

    return judge


# --- counting ----------------------------------------------------------------------------------


def dateparser_or_none() -> DateParser | None:
    """Plain dateparser with the language given; None if it is not installed."""
    try:
        import dateparser  # type: ignore[import-untyped]  # noqa: PLC0415 - only for comparing
    except ImportError:
        return None

    def parse(text: str, language: str, said_at: datetime) -> datetime | None:
        language = _THEIR_NAMES.get(language, language)
        settings: Any = {"RELATIVE_BASE": said_at, "PREFER_DATES_FROM": "future"}
        found = dateparser.parse(text, languages=[language], settings=settings)
        return None if found is None else found.replace(tzinfo=None)

    return parse


@dataclass(frozen=True, slots=True)
class Row:
    """What one language's cases were worth, for us and for dateparser."""

    language: str
    ours: Counter[Verdict]
    theirs: Counter[Verdict] | None


def count(cases: Iterator[Case], parser: DateParser | None, misread: list[str]) -> list[Row]:
    """Judge every case, per language.

    Args:
        cases: what was said.
        parser: dateparser, if it is to be compared.
        misread: takes one line for everything we got wrong.
    """
    ours: dict[str, Counter[Verdict]] = {}
    theirs: dict[str, Counter[Verdict]] = {}
    for case in cases:
        outcome = understand(case.text, case.locale, case.said_at, case.zone.key)
        verdict = case.judge(outcome)
        ours.setdefault(case.language, Counter())[verdict] += 1
        if verdict == "wrong":
            misread.append(f"{case.language}  {case.text}  ->  {in_short(outcome, case.zone)}")
        if parser is not None:
            found = parser(case.text, case.language, case.said_at.replace(tzinfo=None))
            judged: Verdict = "asked" if found is None else case.judge_instant(found)
            theirs.setdefault(case.language, Counter())[judged] += 1
    return [Row(language, ours[language], theirs.get(language)) for language in sorted(ours)]


def table(rows: list[Row]) -> str:
    """The counts as lines of text, percentages of each language's cases."""
    header = " ".join(f"{verdict:>7}" for verdict in VERDICTS)
    lines = [f"{'':8} {'cases':>6}  {header}   | dateparser: {header}"]
    for row in [*rows, _total(rows)]:
        cases = row.ours.total()
        line = f"{row.language:8} {cases:6}  {_shares(row.ours)}"
        lines.append(
            line if row.theirs is None else f"{line}   |             {_shares(row.theirs)}"
        )
    return "\n".join(lines)


def _shares(counts: Counter[Verdict]) -> str:
    total = max(1, counts.total())
    return " ".join(f"{100 * counts[verdict] / total:6.1f}%" for verdict in VERDICTS)


def _total(rows: list[Row]) -> Row:
    ours: Counter[Verdict] = Counter()
    theirs: Counter[Verdict] = Counter()
    for row in rows:
        ours += row.ours
        theirs += row.theirs or Counter()
    return Row("all", ours, theirs or None)


def main(arguments: list[str] | None = None) -> int:
    """Print the report; the exit code is 0 whatever it says."""
    parser = argparse.ArgumentParser(prog="ges_connector.language.report")
    parser.add_argument("tables", type=Path, help="folder of tables of utterances")
    parser.add_argument("--unseen", type=Path, help="folder of sets that nobody tuned to")
    parser.add_argument("--development-set", type=Path, help="JSON lines to measure as well")
    parser.add_argument("--misread", action="store_true", help="list what was misread")
    chosen = parser.parse_args(arguments)
    compared = dateparser_or_none()
    misread: list[str] = []
    pieces = ["Tables of utterances", table(count(table_cases(chosen.tables), compared, misread))]
    if chosen.unseen is not None:
        rows = count(unseen_cases(chosen.unseen), compared, misread)
        pieces += ["", "What nobody tuned to", table(rows)]
    if chosen.development_set is not None:
        for key, title in (("span", "phrases"), ("text", "whole sentences")):
            rows = count(development_cases(chosen.development_set, key), compared, misread)
            pieces += ["", f"Development set, {title}", table(rows)]
    if chosen.misread:
        pieces += ["", "Misread", *misread]
    sys.stdout.write("\n".join(pieces) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
