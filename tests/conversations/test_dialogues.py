"""Dialogues with the real engine: what is said, what is known, and what the sandbox holds after.

The dialogues are data, a file for each kind of thing that can happen. A dialogue has a `customer`
(what the channel says of them), steps, and what is left afterwards. A step is one of

* `user`: a message; `press`: a button by its choice, or by its place; `send`: a raw payload;
* `fill`: places of a slot, taken by others; `fault`, `faults: none`: what goes wrong at GES;
* `advance`: seconds of time; `callback`: it ends, with this reason; `admin`: any call of the
  sandbox's own API; `actions`: stop, start or restart the action server, `with` variables of its
  environment; `inject`: slots; `until`, beside `user`: the message is said until this is answered;

and expects `says` (responses by name), `matches` and `lacks` (patterns in the words), `slots`,
`attaches` (start of a link). `holds` is what the sandbox keeps of this customer in the end,
`requests` how often GES was asked to do something.
"""

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
