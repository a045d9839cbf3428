"""Reads what is the assistant's own: its domain, its catalogues, the engine's settings.

All of it is in the folder of the assistant, which need not be where the doctor runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ges_connector.wording import WordingError, read_wording
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CATALOGUES, stale

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ACTIONS: Final = "domain/classic/actions.yml"
_ENDPOINTS: Final = "engine/endpoints.yml"
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
    if (project / CATALOGUES).is_dir():
        try:
            languages = frozenset(read_wording(project / CATALOGUES).catalogues)
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


def _yaml(path: Path) -> dict[str, Any]:
    try:
        return _mapping(parse_yaml(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _filled(text: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda name: environment.get(name[1], ""), text)
