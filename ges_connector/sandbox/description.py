"""The OpenAPI description of both surfaces, kept readable in `openapi.yml`."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from ges_connector.sandbox.wire import WireAnswer, json_answer

DESCRIPTION_PATH = "/sandbox/openapi.json"


@cache
def description() -> Mapping[str, Any]:
    """The description as plain data; do not change it."""
    text = resources.files("ges_connector.sandbox").joinpath("openapi.yml").read_text("utf-8")
    content: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return content


@cache
def description_answer() -> WireAnswer:
    """The description as it is served."""
    return json_answer(200, description())
