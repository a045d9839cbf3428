"""Reads the files of an assistant as they lie about: its flows, domain and configuration.

What a file is follows from what stands in it, as for the engine. What is neither of the three
(training data, test cases) is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ges_connector.flows.languages import is_language
from ges_connector.flows.model import FlowsError, by_name, line_of, take_flows
from ges_connector.flows.nearest import near
from ges_connector.wording.reading import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ges_connector.flows.model import Flows

_DOMAIN: Final = ("slots", "actions", "responses")
_PARTS: Final = (*_DOMAIN, "intents")
_HEADINGS: Final = ("flows", *_PARTS)
_IN_ONE_FILE: Final = frozenset({"slots", "responses"})
"""What the engine refuses to load from two files."""
_HEADING: Final = re.compile(r"(\w+):")
_ENTRY: Final = re.compile(r"""([ ]*)(?:-[ ]+)?["']?([A-Za-z_]\w*)["']?\s*(?::|#|$)""")
_MOST_NAMED: Final = 5
_SUFFIXES: Final = frozenset({".yml", ".yaml"})


@dataclass(frozen=True, slots=True)
class Project:
    """What was found.

    Attributes:
        flows: All flows.
        domain: Slots, actions and responses, by name; intents as well, where there are any.
        languages: Into which names are to be translated; None if no configuration was found.
        files: Where each flow stands.
        domain_files: Where each slot, action and response stands, by its name.
        domain_lines: In which line of that, from 1.
    """

    flows: Flows
    domain: dict[str, dict[str, Any]]
    languages: frozenset[str] | None
    files: dict[str, Path]
    domain_files: dict[str, Path]
    domain_lines: dict[str, int]

    def place_of(self, fault: str) -> tuple[Path, int | None] | None:
        """Tell where the mending of a fault begins: a file, and a line of it if one is known.

        Args:
            fault: What `faults_of` told.
        """
        place, _, told = fault.partition(": ")
        flow, _, step = place.partition(".")
        if flow in self.files:
            known = self.flows.get(flow)
            at = known and known.steps.get(step)
            return self.files[flow], (at or known).line if known else None
        named = (word for word in told.split() if place == "domain" and word in self.domain_files)
        name = next(named, None)
        return None if name is None else (self.domain_files[name], self.domain_lines.get(name))


def read_project(*paths: Path) -> Project:
    """Read the files of an assistant.

    Args:
        paths: Files, and folders, which are searched to the bottom.

    Raises:
        FlowsError: Something is not there, or cannot be read, or stands in two files; all faults
            are listed.
    """
    reader = _Reader()
    faults = [fault for path in _files(paths, reader) for fault in reader.take(path)]
    if reader.missing or faults:
        raise FlowsError(*reader.missing, *faults)
    return Project(
        reader.flows,
        reader.domain,
        reader.languages,
        reader.files,
        reader.domain_files,
        reader.domain_lines,
    )


def _files(paths: Iterable[Path], reader: _Reader) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (each for each in path.rglob("*") if each.suffix in _SUFFIXES)
            found |= dict.fromkeys(sorted(inside))
        elif path.exists():
            found[path] = None
        else:
            reader.missing.append(f"{path}: is not there")
    return list(found)


def _misspelt(content: Mapping[Any, Any]) -> Iterator[str]:
    """Find headings that come near those of flows and domain; the engine passes over such."""
    for key, body in content.items():
        meant = near(str(key), _HEADINGS) if isinstance(body, dict | list) else ""
        if key not in _HEADINGS and meant:
            yield f"has {key}, which nothing reads{meant}"


def _lines_of_names(text: str) -> dict[str, int]:
    """In which line each slot, action and response of a file stands, from 1.

    Read from the text: a reader of YAML that keeps places takes seconds for thousands of lines.
    """
    found: dict[str, int] = {}
    part, indent = "", None
    for number, line in enumerate(text.splitlines(), 1):
        heading, entry = _HEADING.match(line), _ENTRY.match(line)
        if heading is not None:
            part, indent = heading[1], None
        elif entry is not None and part in _DOMAIN:
            indent = len(entry[1]) if indent is None else indent
            if len(entry[1]) == indent:
                found.setdefault(entry[2], number)
    return found


@dataclass
class _Reader:
    flows: Flows = field(default_factory=dict)
    domain: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {part: {} for part in _DOMAIN}
    )
    languages: frozenset[str] | None = None
    files: dict[str, Path] = field(default_factory=dict)
    domain_files: dict[str, Path] = field(default_factory=dict)
    domain_lines: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def take(self, path: Path) -> Iterator[str]:
        """Take one file; yields what is wrong with it."""
        try:
            text = path.read_text(encoding="utf-8")
            content = parse_yaml(text)
            if isinstance(content, dict) and "flows" in content:
                content = parse_yaml(text, with_lines=True)
        except (OSError, ValueError) as error:
            yield f"{path}: cannot be read: {' '.join(str(error).split())}"
            return
        if not isinstance(content, dict):
            return
        if "language" in content and ("pipeline" in content or "policies" in content):
            codes = [content["language"], *(content.get("additional_languages") or ())]
            self.languages = frozenset(map(str, codes[1:]))
            odd = [each for each in codes if not is_language(each)]
            yield from (f"{path}: the language {each} is none the engine takes" for each in odd)
        self.domain_lines = {**_lines_of_names(text), **self.domain_lines}
        yield from (f"{path}: {fault}" for fault in _misspelt(content))
        for part in _HEADINGS:
            if part in content:
                for fault in self._part(path, part, content[part]):
                    name = fault.partition(":")[0].partition(".")[0]
                    line = line_of(content[part], name) if part == "flows" else None
                    yield f"{path}: {fault}" if line is None else f"{path}:{line}: {fault}"

    def _part(self, path: Path, part: str, bodies: Any) -> Iterator[str]:
        try:
            named = by_name(bodies or {})
        except (TypeError, ValueError):
            yield f"{part} holds no names"
            return
        if part == "flows":
            yield from take_flows(named, self.flows, self.files, path)
            return
        known = self.domain.setdefault(part, {}) if named else {}
        if part in _IN_ONE_FILE:
            yield from self._twice(part, known.keys() & named.keys())
        if named:
            self.domain[part] = {**named, **known}
        self.domain_files = {**dict.fromkeys(named, path), **self.domain_files}

    def _twice(self, part: str, names: set[str]) -> Iterator[str]:
        for other in sorted({self.domain_files[name] for name in names}):
            twice = sorted(name for name in names if self.domain_files[name] == other)
            listed = ", ".join([*twice[:_MOST_NAMED], *(["…"] if twice[_MOST_NAMED:] else [])])
            those = f"{part.removesuffix('s')} stands" if len(twice) == 1 else f"{part} stand"
            yield f"{len(twice)} {those} in {other} already: {listed}"
