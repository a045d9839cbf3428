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

from ruamel.yaml.error import MarkedYAMLError

from ges_connector.wording import WordingError, read_wording
from ges_connector.wording.classic import render_responses
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CATALOGUES, CLASSIC_RESPONSES, stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CHECKOUT_DOMAIN: Final = "domain/classic"
_ENDPOINTS: Final = ("endpoints.yml", "engine/endpoints.yml")
# Names of responses, which older projects list among the actions; the engine utters them itself.
_UTTERED: Final = "utter_"
WORDING_VARIABLE: Final = "CALLBACK_WORDING"
"""Names the folder of the catalogues to the action server."""
# Looked for, never imported: the connector serves assistants without it too.
_ACTIONS_PACKAGE: Final = "actions"
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
# In lower case: the action server takes the word in any.
_BEARER: Final = "bearer "
_FORMS: Final = ("callback_form", "callback_cancel_form")
# An assistant of flows has neither; one of rules has both, or asks nothing.
_OF_FORMS: Final = frozenset({"validate_callback_form", "action_submit_callback_form"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What `endpoints.yml` tells the engine of the action server.

    Attributes:
        name: The file, within the folder of the assistant.
        url: Where the engine will look for the actions, variables filled in.
        secret: The secret it will show; None if it shows none.
        is_bare: Whether the secret stands in its header without `Bearer` before it.
        is_selective: Whether only those actions get the domain that ask for it.
        fault: Why the file cannot be read; None if it can.
    """

    name: str
    url: str = ""
    secret: str | None = None
    is_bare: bool = False
    is_selective: bool = False
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Assistant:
    """What the folder of the assistant holds.

    Attributes:
        languages: Languages there is a catalogue of; None if there are no catalogues.
        actions: The actions of the domain; None if there is no domain.
        stale: Rendered files that are out of date; None if there are none.
        fault: What is wrong with the catalogues; None if nothing is.
        endpoint: What the engine is told of the action server; None if it is not told here.
        missing_forms: Forms that the domain lacks, though its actions need them.
    """

    languages: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    stale: tuple[str, ...] | None = None
    fault: str | None = None
    endpoint: Endpoint | None = None
    missing_forms: tuple[str, ...] = ()


def read_assistant(project: Path, environment: Mapping[str, str]) -> Assistant:
    """Read the folder of an assistant; what is not there is left out.

    Args:
        project: The folder.
        environment: Variables that the engine would fill in.
    """
    languages, out_of_date, fault = None, None, None
    domain = _domain(project)
    folder = catalogues(project, environment)
    try:
        if folder.is_dir():
            languages = frozenset(read_wording(folder).catalogues)
        out_of_date = _out_of_date(project, folder, domain)
    except (WordingError, OSError) as error:
        # Catalogues that a variable names are told as that variable's fault.
        fault = None if environment.get(WORDING_VARIABLE) else "; ".join(str(error).splitlines())
    actions = _actions(domain)
    return Assistant(
        languages=languages,
        actions=actions,
        stale=out_of_date,
        fault=fault or next((each.fault for each in domain if each.fault), None),
        endpoint=_endpoint(project, environment),
        missing_forms=_missing_forms(domain) if _OF_FORMS & (actions or set()) else (),
    )


def _endpoint(project: Path, environment: Mapping[str, str]) -> Endpoint | None:
    name = next((each for each in _ENDPOINTS if (project / each).is_file()), None)
    if name is None:
        return None
    try:
        content = _mapping(_read(project / name))
    except ValueError as error:
        return Endpoint(name, fault=str(error))
    told = _mapping(content.get("action_endpoint"))
    shown = _shown(told)
    in_header = _mapping(told.get("headers")).get("authorization") is not None
    filled = None if shown is None else _filled(shown, environment)
    is_bearer = in_header and filled is not None and filled.lower().startswith(_BEARER)
    return Endpoint(
        name,
        url=_filled(str(told.get("url") or ""), environment),
        secret=filled[len(_BEARER) :].strip() if filled and is_bearer else filled,
        is_bare=in_header and not is_bearer,
        is_selective=told.get("enable_selective_domain") is True,
    )


def _shown(told: Mapping[str, Any]) -> str | None:
    """The secret as it is written: of a header, of basic authentication, or `token`."""
    ways = (
        _mapping(told.get("headers")).get("authorization"),
        _mapping(told.get("basic_auth")).get("password"),
        told.get("token"),
    )
    return next((str(each) for each in ways if each is not None), None)


@dataclass(frozen=True, slots=True)
class _DomainFile:
    """A file of the domain: what it holds, or why it cannot be read."""

    name: str
    content: Mapping[str, Any]
    fault: str | None = None


def _domain(project: Path) -> list[_DomainFile]:
    """Read the domain; once, as that takes seconds."""
    return [_domain_file(project, path) for path in _domain_files(project)]


def _domain_file(project: Path, path: Path) -> _DomainFile:
    name = str(path.relative_to(project))
    try:
        return _DomainFile(name, _mapping(_read(path)))
    except ValueError as error:
        return _DomainFile(name, {}, fault=f"{name}: {error}")


def _missing_forms(domain: Iterable[_DomainFile]) -> tuple[str, ...]:
    there = {name for file in domain for name in _mapping(file.content.get("forms"))}
    return tuple(name for name in _FORMS if name not in there)


def _is_checkout(project: Path) -> bool:
    return (project / CATALOGUES).is_dir() and (project / CLASSIC_RESPONSES).is_file()


def _domain_files(project: Path) -> list[Path]:
    if _is_checkout(project):
        return sorted((project / _CHECKOUT_DOMAIN).glob("*.yml"))
    files = [project / "domain.yml", *sorted((project / "domain").rglob("*.y*ml"))]
    return [path for path in files if path.is_file()]


def _actions(domain: Iterable[_DomainFile]) -> frozenset[str] | None:
    lists = [file.content.get("actions") for file in domain]
    names = {str(name) for listed in lists if isinstance(listed, list) for name in listed}
    return frozenset(name for name in names if not name.startswith(_UTTERED)) or None


def _out_of_date(
    project: Path, catalogues: Path, domain: Iterable[_DomainFile]
) -> tuple[str, ...] | None:
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
        (file.name, said)
        for file in domain
        if ours.keys() & (said := _mapping(file.content.get("responses"))).keys()
    ]
    if not copies:
        return None
    there = {name: text for _, said in copies for name, text in said.items()}
    if all(there.get(name) == text for name, text in ours.items()):
        return ()
    return tuple(name for name, _ in copies)


def catalogues(project: Path, environment: Mapping[str, str]) -> Path:
    """Find the catalogues that the action server would use: named, in the checkout, or installed.

    Args:
        project: The folder of the assistant.
        environment: Variables, of which one may name them.
    """
    if not environment.get(WORDING_VARIABLE) and (project / CATALOGUES).is_dir():
        return project / CATALOGUES
    return served_catalogues(environment) or project / CATALOGUES


def served_catalogues(environment: Mapping[str, str]) -> Path | None:
    """Find the catalogues that an action server here uses: named, or those that came along.

    Args:
        environment: Variables, of which one may name them.

    Returns:
        The folder; None where none is named and no action server is installed.
    """
    if named := environment.get(WORDING_VARIABLE):
        return Path(named)
    found = find_spec(_ACTIONS_PACKAGE)
    if not found or not found.origin:
        return None
    package = Path(found.origin).parent
    # Built in where it is installed; where it runs from a checkout, they are in that.
    built_in, of_checkout = package / "wording", package.parent / CATALOGUES
    return next((each for each in (built_in, of_checkout) if each.is_dir()), None)


def _read(path: Path) -> Any:
    """Read a file.

    Raises:
        ValueError: It cannot be read, or is no YAML; with the line, where there is one.
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(error.strerror or "cannot be read") from error
    except ValueError as error:
        slip = error.__cause__
        if isinstance(slip, MarkedYAMLError) and slip.problem_mark is not None:
            told = slip.problem or slip.context or "cannot be understood"
            raise ValueError(f"line {slip.problem_mark.line + 1}: {told}") from error
        raise


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _filled(text: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda name: environment.get(name[1], ""), text)
