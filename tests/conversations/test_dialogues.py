"""Dialogues with the real engine: what is said, what is known, and what the sandbox holds after.

The dialogues are data: one file for each kind of thing that can happen, see `README.md` there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

# One worker plays them all, where the test run allows it: the engine is large.
pytestmark = pytest.mark.xdist_group("engine")


def _dialogues() -> list[Any]:
    found = []
    for path in sorted((Path(__file__).parent / "dialogues").glob("*.yml")):
        for dialogue in YAML(typ="safe", pure=True).load(path):
            name = f"{path.stem}: {dialogue['dialogue']}"
            found.append(pytest.param(dialogue, id=name))
    return found


@pytest.mark.parametrize("dialogue", _dialogues())
def test_dialogue(play: Callable[[dict[str, Any]], None], dialogue: dict[str, Any]) -> None:
    play(dialogue)
