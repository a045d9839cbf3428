"""The conversations in the documents are ones that the assistant really holds, word for word."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from ruamel.yaml import YAML

from ges_connector.demo.chat import show, to_send
from ges_connector.sandbox.seed import read_seed
from ges_connector.testing import MONDAY

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.xdist_group("engine")

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
TRANSCRIPT = re.compile(
    r"<!-- transcript (?P<customer>\{.*?\}) -->\n```\n(?P<lines>.*?)```", re.DOTALL
)


def _turns(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    """What the customer types, each with the lines of the answer."""
    turns: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("> "):
            turns.append((line.removeprefix("> "), []))
        else:
            turns[-1][1].append(line)
    return turns


def _begin(stack: Any, http: httpx.Client) -> None:
    """Let sandbox and assistant start over at a moment that is always the same."""
    seed = read_seed().model_dump(mode="json")
    seed["clock"] = {"mode": "frozen", "at": MONDAY.isoformat()}
    http.put(f"{stack.sandbox_url}/sandbox/seed", json=seed).raise_for_status()
    stack.stand_at(MONDAY.isoformat())


def _answer(stack: Any, http: httpx.Client, turn: dict[str, Any]) -> Any:
    url = f"{stack.rasa_url}/webhooks/callback/webhook"
    return http.post(url, json=turn).raise_for_status().json()


def test_the_conversation_in_the_readme_goes_as_it_says(stack: Any) -> None:
    written = TRANSCRIPT.search(README.read_text(encoding="utf-8"))
    assert written is not None
    customer = YAML(typ="safe", pure=True).load(written["customer"])
    expected = written["lines"].splitlines()
    sender = uuid.uuid4().hex
    payloads: tuple[str, ...] = ()
    said: list[str] = []
    with httpx.Client(timeout=60, trust_env=False) as http:
        _begin(stack, http)
        for typed, _ in _turns(expected):
            turn = {"sender": sender, "message": to_send(typed, payloads), "metadata": customer}
            shown = show(_answer(stack, http, turn))
            payloads = shown.payloads
            said += [f"> {typed}", *shown.lines]
    assert said == expected


def test_the_turn_that_deploying_shows_is_answered_as_it_says(stack: Any) -> None:
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    turn, answer = (
        json.loads(page.partition(f"<!-- {name} -->\n```json\n")[2].partition("```")[0])
        for name in ("turn", "answer")
    )
    with httpx.Client(timeout=60, trust_env=False) as http:
        _begin(stack, http)
        assert _answer(stack, http, turn) == answer
    posted = re.search(
        r"callback/webhook [^\n]*-d '(\{.*?\})'\n", README.read_text(encoding="utf-8"), re.DOTALL
    )
    assert posted is not None
    assert json.loads(posted[1]) == turn
