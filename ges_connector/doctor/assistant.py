"""Reads what is the assistant's own: its domain, its catalogues, the engine's settings.

All of it is in the folder of the assistant, which need not be where the doctor runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ges_connector.wording import WordingError, read_wording
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CATALOGUES, CLASSIC_RESPONSES, stale

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACTIONS: Final = "domain/classic/actions.yml"
_ENDPOINTS: Final = "engine/endpoints.yml"
_WORDING_VARIABLE: Final = "CALLBACK_WORDING"
# Looked for, never imported: the connector serves assistants without it too.
_ACTIONS_PACKAGE: Final = "actions"
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
_BEARER: Final = "Bearer "


@dataclass(frozen=True, slots=True)
class Assistant:
    """What the folder of the assistant holds.

    Attributes:
        languages: Languages there is a catalogue of; None if there are no catalogues.
        actions: The actions of the domain; None if there is no domain.
        stale: Rendered files that are out of date; None if there are none.
        fault: What is wrong with the catalogues; None if nothing is.
        actions_url: Where the engine will look for the actions; None if it is not told here.
        shown_secret: The secret the engine will show; None if it is not told here.
    """

    languages: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    stale: tuple[str, ...] | None = None
    fault: str | None = None
    actions_url: str | None = None
    shown_secret: str | None = None


def read_assistant(project: Path, environment: Mapping[str, str]) -> Assistant:
    """Read the folder of an assistant; what is not there is left out.

    Args:
        project: The folder.
        environment: Variables that the engine would fill in.
    """
    languages, out_of_date, fault = None, None, None
    folder = _catalogues(project, environment)
    try:
        if folder.is_dir():
            languages = frozenset(read_wording(folder).catalogues)
        if (project / CLASSIC_RESPONSES).is_file():
            out_of_date = tuple(str(path.relative_to(project)) for path in stale(project))
    except (WordingError, OSError) as error:
        fault = "; ".join(str(error).splitlines())
    endpoint = _mapping(_yaml(project / _ENDPOINTS).get("action_endpoint"))
    url = endpoint.get("url")
    shown = _mapping(endpoint.get("headers")).get("authorization")
    listed = _yaml(project / _ACTIONS).get("actions")
    return Assistant(
        languages=languages,
        actions=frozenset(map(str, listed)) if isinstance(listed, list) else None,
        stale=out_of_date,
        fault=fault,
        actions_url=None if url is None else _filled(str(url), environment),
        shown_secret=None
        if shown is None
        else _filled(str(shown), environment).removeprefix(_BEARER),
    )


def _catalogues(project: Path, environment: Mapping[str, str]) -> Path:
    """The catalogues that the action server would use: named, in the checkout, or installed."""
    if named := environment.get(_WORDING_VARIABLE):
        return Path(named)
    if (project / CATALOGUES).is_dir():
        return project / CATALOGUES
    found = find_spec(_ACTIONS_PACKAGE)
    return Path(found.origin).parent / "wording" if found and found.origin else project / CATALOGUES


def _yaml(path: Path) -> dict[str, Any]:
    try:
        return _mapping(parse_yaml(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _filled(text: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda name: environment.get(name[1], ""), text)
