"""Reads what is the assistant's own: its domain, its catalogues, the engine's settings.

All of it is in the folder of the assistant, which need not be where the doctor runs: a checkout of
this project, or a Rasa project that our files were copied into (docs/deploying.md). There the
domain is `domain.yml` or a folder `domain`, with slots, actions and responses of others in it too,
and `endpoints.yml` lies at the top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ges_connector.wording import WordingError, read_wording
from ges_connector.wording.classic import render_responses
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CATALOGUES, CLASSIC_RESPONSES, stale

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHECKOUT_DOMAIN: Final = "domain/classic"
_ENDPOINTS: Final = ("endpoints.yml", "engine/endpoints.yml")
# Names of responses, which older projects list among the actions; the engine utters them itself.
_UTTERED: Final = "utter_"
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
        out_of_date = _out_of_date(project, folder)
    except (WordingError, OSError) as error:
        fault = "; ".join(str(error).splitlines())
    endpoint = _mapping(_yaml(_endpoints(project)).get("action_endpoint"))
    url = endpoint.get("url")
    shown = _mapping(endpoint.get("headers")).get("authorization")
    return Assistant(
        languages=languages,
        actions=_actions(project),
        stale=out_of_date,
        fault=fault,
        actions_url=None if url is None else _filled(str(url), environment),
        shown_secret=None
        if shown is None
        else _filled(str(shown), environment).removeprefix(_BEARER),
    )


def _endpoints(project: Path) -> Path:
    there = (project / name for name in _ENDPOINTS)
    return next((path for path in there if path.is_file()), project / _ENDPOINTS[0])


def _is_checkout(project: Path) -> bool:
    return (project / CATALOGUES).is_dir() and (project / CLASSIC_RESPONSES).is_file()


def _domain_files(project: Path) -> list[Path]:
    if _is_checkout(project):
        return sorted((project / _CHECKOUT_DOMAIN).glob("*.yml"))
    files = [project / "domain.yml", *sorted((project / "domain").rglob("*.y*ml"))]
    return [path for path in files if path.is_file()]


def _actions(project: Path) -> frozenset[str] | None:
    lists = [_yaml(path).get("actions") for path in _domain_files(project)]
    names = {str(name) for listed in lists if isinstance(listed, list) for name in listed}
    return frozenset(name for name in names if not name.startswith(_UTTERED)) or None


def _out_of_date(project: Path, catalogues: Path) -> tuple[str, ...] | None:
    """The files of the domain that say something else than the catalogues; None if none is ours.

    Raises:
        WordingError: The catalogues cannot be used.
        OSError: A file cannot be read.
    """
    if _is_checkout(project):
        return tuple(str(path.relative_to(project)) for path in stale(project))
    if not catalogues.is_dir():
        return None
    ours = _mapping(_mapping(parse_yaml(render_responses(read_wording(catalogues))))["responses"])
    copies = [
        (path, said)
        for path in _domain_files(project)
        if ours.keys() & (said := _mapping(_yaml(path).get("responses"))).keys()
    ]
    if not copies:
        return None
    there = {name: text for _, said in copies for name, text in said.items()}
    if all(there.get(name) == text for name, text in ours.items()):
        return ()
    return tuple(str(path.relative_to(project)) for path, _ in copies)


def _catalogues(project: Path, environment: Mapping[str, str]) -> Path:
    """The catalogues that the action server would use: named, in the checkout, or installed."""
    if named := environment.get(_WORDING_VARIABLE):
        return Path(named)
    if (project / CATALOGUES).is_dir():
        return project / CATALOGUES
    found = find_spec(_ACTIONS_PACKAGE)
    if not found or not found.origin:
        return project / CATALOGUES
    package = Path(found.origin).parent
    # Built in where it is installed; where it runs from a checkout, they are in that.
    return next(
        (each for each in (package / "wording", package.parent / CATALOGUES) if each.is_dir()),
        project / CATALOGUES,
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
