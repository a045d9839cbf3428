"""What answers to utterances that nobody tuned to are worth."""

import json
from pathlib import Path
from typing import Any

import pytest

from ges_connector.language.cases import Case, Verdict
from ges_connector.language.report import count, main
from ges_connector.language.understand import understand
from ges_connector.language.unseen import unseen_cases

SETS = Path(__file__).parents[2] / "data" / "unseen"
GOOD = frozenset({"ar", "da", "ja", "ko", "no", "pl", "ru", "sv", "tr", "zh"})
FULL = frozenset({"de", "en", "es", "fr", "it", "nl", "pt"})
# Of a hundred; what the languages with everything and those with the usual are to come to.
MOST_WRONG = {"full": 0.3, "good": 0.5}
LEAST_RIGHT = {"full": 95, "good": 80}


def _case(folder: Path, text: str, expect: dict[str, Any]) -> Case:
    row = {
        "text": text,
        "locale": "en-GB",
        "now": "2026-11-25T10:40",
        "timezone": "Europe/Berlin",
        "expect": expect,
    }
    (folder / "en.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    (case,) = unseen_cases(folder)
    return case


@pytest.mark.parametrize(
    ("text", "expect", "verdict"),
    [
        ("tomorrow at 3pm", {"at": ["2026-11-26T15:00"]}, "right"),
        ("tomorrow at 3", {"at": ["2026-11-26T15:00"]}, "open"),
        ("tomorrow at 3", {"at": ["2026-11-26T03:00", "2026-11-26T15:00"]}, "right"),
        ("tomorrow at 3pm", {"at": ["2026-11-26T16:00"]}, "wrong"),
        ("on the third of undecember", {"at": ["2026-11-26T16:00"]}, "asked"),
        ("tomorrow morning", {"in": ["2026-11-26T08:00", "2026-11-26T12:00"]}, "right"),
        ("tomorrow morning", {"in": ["2026-11-26T12:00", "2026-11-26T18:00"]}, "wrong"),
        ("before 11am tomorrow", {"in": [None, "2026-11-26T11:00"]}, "right"),
        ("after 3pm", {"in": ["2026-11-25T15:00", None]}, "right"),
        ("tomorrow at noon", {"in": ["2026-11-26T12:00", "2026-11-26T14:00"]}, "right"),
        ("any time", {"in": ["2026-11-26T12:00", None]}, "wrong"),
        ("tomorrow", {"day": ["2026-11-26"]}, "right"),
        ("tomorrow", {"day": ["2026-11-27"]}, "wrong"),
        ("tomorrow at 3pm", {"day": ["2026-11-26"]}, "wrong"),
        ("any time", {"day": ["2026-11-26"]}, "wrong"),
        ("next week", {"day": [f"2026-11-{day}" for day in (29, 30)]}, "wrong"),
        (
            "next week",
            {"day": ["2026-11-29", "2026-11-30", *(f"2026-12-0{day}" for day in range(1, 6))]},
            "right",
        ),
        ("as soon as possible", {"soon": True}, "right"),
        ("tomorrow", {"soon": True}, "wrong"),
        ("any time", {"any": True}, "right"),
        ("any day but Friday", {"any": True}, "wrong"),
        ("any day but Friday", {"not": ["2026-11-27T00:00", "2026-11-28T00:00"]}, "right"),
        ("any day but Friday", {"not": ["2026-11-26T00:00", "2026-11-27T00:00"]}, "wrong"),
        ("Thursday", {"either": [{"day": ["2026-11-26"]}, {"soon": True}]}, "right"),
        ("the twelfth of never", {"ask": True}, "right"),
        ("tomorrow", {"ask": True}, "wrong"),
    ],
)
def test_an_answer_is_worth_what_it_says_of_what_was_meant(
    tmp_path: Path, text: str, expect: dict[str, Any], verdict: Verdict
) -> None:
    case = _case(tmp_path, text, expect)
    answer = understand(case.text, case.locale, case.said_at, case.zone.key)
    assert case.judge(answer) == verdict


@pytest.mark.parametrize(
    ("expect", "will_do", "will_not"),
    [
        ({"at": ["2026-11-26T15:00"]}, "2026-11-26T15:00", "2026-11-26T03:00"),
        ({"in": ["2026-11-26T12:00", None]}, "2026-11-26T23:00", "2026-11-27T12:00"),
        ({"in": [None, "2026-11-26T12:00"]}, "2026-11-25T11:00", "2026-11-26T12:00"),
        ({"day": ["2026-11-26"]}, "2026-11-26T00:00", "2026-11-27T00:00"),
        ({"soon": True}, "2026-11-25T10:45", "2026-11-25T12:00"),
        ({"any": True}, "2026-11-30T09:00", "2026-11-25T09:00"),
        (
            {"not": ["2026-11-26T00:00", "2026-11-27T00:00"]},
            "2026-11-27T00:00",
            "2026-11-26T09:00",
        ),
    ],
)
def test_a_plain_instant_is_right_where_it_would_do(
    tmp_path: Path, expect: dict[str, Any], will_do: str, will_not: str
) -> None:
    case = _case(tmp_path, "whatever", expect)
    judged = [case.judge_instant(case.said_at.fromisoformat(each)) for each in (will_do, will_not)]
    assert judged == ["right", "wrong"]


def test_there_is_a_set_for_each_language_with_a_grammar() -> None:
    assert {file.stem for file in SETS.glob("*.jsonl")} == FULL | GOOD


@pytest.mark.parametrize("kind", ["full", "good"])
def test_what_nobody_tuned_to_is_seldom_asked_about_and_hardly_ever_misread(kind: str) -> None:
    rows = [
        row
        for row in count(unseen_cases(SETS), None, [])
        if (row.language in FULL) == (kind == "full")
    ]
    cases = sum(row.ours.total() for row in rows)
    told = {name: sum(row.ours[name] for row in rows) for name in ("right", "open", "wrong")}
    assert 100 * told["wrong"] / cases < MOST_WRONG[kind]
    assert 100 * (told["right"] + told["open"]) / cases > LEAST_RIGHT[kind]


def test_the_report_tells_of_what_nobody_tuned_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _case(tmp_path, "tomorrow at 3pm", {"at": ["2026-11-26T16:00"]})
    main([str(tmp_path), "--unseen", str(tmp_path), "--misread"])
    told = capsys.readouterr().out
    assert "What nobody tuned to" in told
    assert "tomorrow at 3pm  ->  exact 11-26 15:00" in told
