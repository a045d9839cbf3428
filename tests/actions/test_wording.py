"""Every response that the actions name exists, and every one that exists is said somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ges_connector.flows.engine import ENGINE_RESPONSES

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r'"(utter_[a-z_]+)"')


@pytest.fixture(scope="module")
def responses() -> dict[str, Any]:
    path = ROOT / "domain" / "classic" / "responses.yml"
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(path)["responses"]
    return content


def named() -> set[str]:
    """Names in the code and in the rules; some are stems to which a variant's ending is added."""
    code = "".join(path.read_text() for path in sorted((ROOT / "actions").glob("*.py")))
    rules = (ROOT / "data" / "classic" / "rules.yml").read_text()
    flows = "".join(path.read_text() for path in sorted((ROOT / "data" / "calm").glob("*.yml")))
    return {*NAME.findall(code), *re.findall(r"action: (utter_callback_[a-z_]+)", rules + flows)}


def test_every_response_that_is_named_exists(responses: dict[str, Any]) -> None:
    known = {*responses, *ENGINE_RESPONSES}
    missing = [name for name in named() if not any(each.startswith(name) for each in known)]
    assert missing == []


def test_every_response_that_exists_is_said_somewhere(responses: dict[str, Any]) -> None:
    stems = named() | {"utter_ask_callback_slot"}
    silent = [
        name
        for name in responses
        if name not in stems
        and re.sub(r"(_wait_unknown|_asap|_closed|_[1-5])$", "", name) not in stems
        and re.sub(r"(_position|_wait_unknown)?_aside$", "", name) not in stems
        and re.sub(r"_asap_wait_unknown$", "_asap", name) not in stems
    ]
    assert silent == []
