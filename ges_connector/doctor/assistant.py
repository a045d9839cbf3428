"""Reads what is the assistant's own: its domain, its catalogues, the engine's settings.

All of it is in the folder of the assistant, which need not be where the doctor runs: a checkout of
this project, or a Rasa project that our files were copied into (docs/deploying.md). There the
domain is `domain.yml` or a folder `domain`, with slots, actions and responses of others in it too,
and `endpoints.yml` lies at the top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ges_connector.callbacks.config_schema import near
from ges_connector.callbacks.config_source import unreadable
from ges_connector.doctor.classic_domain import CLASSIC_DOMAIN
from ges_connector.wording import WordingError, read_wording
from ges_connector.wording.classic import render_responses
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CATALOGUES, stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CHECKOUT_DOMAIN: Final = "domain/classic"
_ENDPOINTS: Final = ("endpoints.yml", "engine/endpoints.yml")
_ACTION_ENDPOINT: Final = "action_endpoint"
# Names of responses, which older projects list among the actions; the engine utters them itself.
_UTTERED: Final = "utter_"
WORDING_VARIABLE: Final = "CALLBACK_WORDING"
"""Names the folder of the catalogues to the action server."""
# Looked for, never imported: the connector serves assistants without it too.
_ACTIONS_PACKAGE: Final = "actions"
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
_COMMENT: Final = re.compile(r"(^|\s)#.*")
# In lower case: the action server takes the word in any.
_BEARER: Final = "bearer "
# What an assistant of flows (CALM) has and one of rules has not; `flows check` looks at those.
_OF_FLOWS: Final = "callback_way"
_RESPONSES: Final = "responses"
# One of the responses; whether all of them are there and up to date is told by the catalogues.
_GREETING: Final = "utter_callback_greet"
# In the names that nobody has by chance; intents such as `affirm` are everybody's.
_OURS: Final = "callback"


@dataclass(frozen=True, slots=True)
class Unset:
    """A variable that `endpoints.yml` names and that is not set, or empty.

    Attributes:
        name: The variable.
        line: Where it is named first, from 1 on.
        is_of_actions: Whether the engine needs it to ask the action server.
        meant: A variable of a similar name that is set, if there is one.
    """

    name: str
    line: int
    is_of_actions: bool = False
    meant: str | None = None


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A key of `endpoints.yml` that stands where another one should.

    Attributes:
        name: As it is written.
        line: Where it stands, from 1 on.
        meant: The key that was meant.
    """

    name: str
    line: int
    meant: str


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
        unset: The variables in it that are not set here.
        misspelt: Why it names no URL, if only the key is spelt otherwise.
        secret_variables: The variables that the secret is put together from.
        secret_line: Where the secret stands, from 1 on.
    """

    name: str
    url: str = ""
    secret: str | None = None
    is_bare: bool = False
    is_selective: bool = False
    fault: str | None = None
    unset: tuple[Unset, ...] = ()
    misspelt: Misspelt | None = None
    secret_variables: tuple[str, ...] = ()
    secret_line: int = 1


@dataclass(frozen=True, slots=True)
class Assistant:
    """What the folder of the assistant holds.

    Attributes:
        languages: Languages there is a catalogue of; None if there are no catalogues.
        actions: The actions of the domain; None if there is no domain.
        stale: Rendered files that are out of date; None if there are none.
        fault: What is wrong with the catalogues; None if nothing is.
        endpoint: What the engine is told of the action server; None if it is not told here.
        missing: What a domain of rules lacks of ours: names by the key they would stand under.
        is_without_ours: Whether there is a domain, with nothing of ours in it.
        forgetful: The file whose sessions begin without what was booked in the last one.
    """

    languages: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    stale: tuple[str, ...] | None = None
    fault: str | None = None
    endpoint: Endpoint | None = None
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_without_ours: bool = False
    forgetful: str | None = None


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
    there = {key: _names_under(key, domain) for key in (*CLASSIC_DOMAIN, _RESPONSES)}
    has_ours = _is_ours(there)
    return Assistant(
        languages=languages,
        actions=frozenset(name for name in there["actions"] if not name.startswith(_UTTERED))
        or None,
        stale=out_of_date,
        fault=fault or next((each.fault for each in domain if each.fault), None),
        endpoint=_endpoint(project, environment),
        missing=_missing(there) if has_ours else {},
        is_without_ours=bool(domain) and not has_ours,
        forgetful=next((each.name for each in domain if _forgets(each.content)), None),
    )


def _forgets(content: Mapping[str, Any]) -> bool:
    """Whether a file of the domain has sessions begin with empty slots."""
    session = _mapping(content.get("session_config"))
    return session.get("carry_over_slots_to_new_session") is False


def _endpoint(project: Path, environment: Mapping[str, str]) -> Endpoint | None:
    name = next((each for each in _ENDPOINTS if (project / each).is_file()), None)
    if name is None:
        return None
    try:
        text = _text(project / name)
        content = _mapping(_parsed(text))
    except ValueError as error:
        return Endpoint(name, fault=str(error))
    told = _mapping(content.get(_ACTION_ENDPOINT))
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
        unset=tuple(_unset(text, f"{told.get('url')} {shown}", environment)),
        misspelt=_misspelt(text, content, told),
        secret_variables=tuple(_VARIABLE.findall(shown or "")),
        secret_line=_line_of(shown or "", text),
    )


def _line_of(written: str, text: str) -> int:
    """The first line that holds something, from 1 on; the first of all if none holds it whole."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if written in _COMMENT.sub("", line)), 1)


def _misspelt(text: str, content: Mapping[str, Any], told: Mapping[str, Any]) -> Misspelt | None:
    """Find the key that was meant to name the action server, or its URL, and does not."""
    if "url" in told:
        return None
    at_top = _ACTION_ENDPOINT not in content
    meant = _ACTION_ENDPOINT if at_top else "url"
    named = near(meant, [str(each) for each in (content if at_top else told)])
    if named is None:
        return None
    key = re.compile(rf"[\s{{,]*[\"']?{re.escape(named)}[\"']?\s*:")
    lines = enumerate(text.splitlines(), start=1)
    return Misspelt(named, next((number for number, each in lines if key.match(each)), 1), meant)


def _unset(text: str, of_actions: str, environment: Mapping[str, str]) -> Iterator[Unset]:
    """Find the variables that are not set; comments name none.

    Args:
        text: The file.
        of_actions: What of it the engine needs to ask the action server.
        environment: Variables that are set.
    """
    needed = set(_VARIABLE.findall(of_actions))
    told: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        for name in _VARIABLE.findall(_COMMENT.sub("", line)):
            if environment.get(name) or name in told:
                continue
            told.add(name)
            meant = near(name, [each for each, value in environment.items() if value])
            yield Unset(name, number, name in needed, meant)


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


def _names_under(key: str, domain: Iterable[_DomainFile]) -> frozenset[str]:
    """The names under a key of the domain, whether it holds a list or a mapping."""
    return frozenset(
        str(name)
        for file in domain
        for each in _listed(file.content.get(key))
        for name in (each if isinstance(each, dict) else [each])
    )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _is_ours(there: Mapping[str, frozenset[str]]) -> bool:
    """Whether a domain holds anything of ours, of rules or of flows."""
    names = {name for each in CLASSIC_DOMAIN.values() for name in each if _OURS in name}
    known = names | {_GREETING, _OF_FLOWS}
    return any(not known.isdisjoint(each) for each in there.values())


def _missing(there: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """What a domain of rules lacks; nothing is known of one of flows."""
    if _OF_FLOWS in there["slots"]:
        return {}
    needed = {**CLASSIC_DOMAIN, _RESPONSES: (_GREETING,)}
    lacking = {
        key: tuple(name for name in names if name not in there[key])
        for key, names in needed.items()
    }
    return {key: names for key, names in lacking.items() if names}


def _is_checkout(project: Path) -> bool:
    return (project / CATALOGUES).is_dir() and (project / _CHECKOUT_DOMAIN).is_dir()


def _domain_files(project: Path) -> list[Path]:
    if _is_checkout(project):
        return sorted((project / _CHECKOUT_DOMAIN).glob("*.yml"))
    files = [project / "domain.yml", *sorted((project / "domain").rglob("*.y*ml"))]
    return [path for path in files if path.is_file()]


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
    return _parsed(_text(path))


def _text(path: Path) -> str:
    """Read a file as it is.

    Raises:
        ValueError: It cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise ValueError("the file is not UTF-8") from error


def _parsed(text: str) -> Any:
    """Read YAML.

    Raises:
        ValueError: It is none; with the line, where there is one.
    """
    try:
        return parse_yaml(text)
    except ValueError as error:
        cause = error.__cause__
        slip = unreadable(cause if isinstance(cause, Exception) else error, text)
        raise ValueError(str(slip)) from error


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _filled(text: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda name: environment.get(name[1], ""), text)
