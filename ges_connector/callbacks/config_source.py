"""The configuration file as a text: read as YAML 1.2, with the line of everything in it.

Knows nothing of what may stand in the file (`profile` does), so every fault that is found later can
be told at the line where it stands.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from warnings import catch_warnings, simplefilter

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, SafeConstructor
from ruamel.yaml.error import YAMLError, YAMLWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import ScalarToken
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Path = tuple[str | int, ...]
"""Keys and positions that lead to a place in the file."""

KEY_ITSELF: Final = "[key]"
"""The last part of a path that means a key rather than what stands under it."""
_PLAIN_KEY: Final = re.compile(r"[\w-]+|\[key\]")
_POSITION: Final = re.compile(r"line (\d+), column (\d+)")
# What the reader of YAML names: a key, a character, an alias, a tag.
_NAMED: Final = re.compile(
    r"""duplicate key "([^"]*)"|character '(.)' that cannot|alias '([^']*)'|the tag '([^']*)'"""
)
_MERGE: Final = "<<"
_QUOTES: Final = frozenset("'\"")
_IN_A_LIST: Final = "while parsing a flow"
_COLON: Final = "mapping values are not allowed here"
_SAME_COLUMN: Final = "begin keys that belong together in the same column"
# What stands before a key, the key, and its value; or what stands before its colon.
_VALUED: Final = re.compile(r"([ -]*)[\w-]+:\s+[^\s#]")
_NAME: Final = re.compile(r"([ -]*)[\w-]+\s*")


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """One thing that is wrong with a configuration.

    Attributes:
        place: The keys that lead to it, joined by dots; empty for the file as a whole.
        wrong: What is wrong.
        right: What would be right; None if nothing more can be said than what is wrong.
        line: Where it stands, from 1 on; None where there is no file.
        column: Where in the line it begins, from 1 on; None where there is no file.
        path: The keys that lead to it, one by one.
    """

    place: str
    wrong: str
    right: str | None = None
    line: int | None = None
    column: int | None = None
    path: Path = ()

    @property
    def plain(self) -> str:
        """The fault without its line and without what would be right."""
        return f"{self.place}: {self.wrong}" if self.place else self.wrong

    def in_file(self, name: str) -> str:
        """The fault with its place in a file, as editors and terminals follow it.

        Args:
            name: What the file is called.
        """
        where = ":".join(str(part) for part in (name, self.line, self.column) if part)
        right = f" ({self.right})" if self.right else ""
        return f"{where}: {self.plain}{right}"

    @override
    def __str__(self) -> str:
        line = None if self.line is None else f"line {self.line}"
        if line and not self.place:
            return f"{line}: {self.wrong}{f' ({self.right})' if self.right else ''}"
        more = "; ".join(each for each in (line, self.right) if each)
        return f"{self.plain} ({more})" if more else self.plain


class CallbackConfigError(ValueError):
    """The configuration cannot be used.

    Attributes:
        located: All that is wrong with it, each with the line where it stands.
        faults: The same, each as one text with the keys that lead to it.
    """

    def __init__(self, *located: ConfigFault) -> None:
        super().__init__("; ".join(map(str, located)))
        self.located = located
        self.faults = tuple(fault.plain for fault in located)


def place_of(path: Path) -> str:
    """Join keys by dots; a key that is no plain word, such as an empty one, is quoted."""
    parts = map(str, path)
    return ".".join(part if _PLAIN_KEY.fullmatch(part) else repr(part) for part in parts)


def parse(text: str) -> dict[str, Any]:
    """Read the file's content as plain data.

    Args:
        text: The content.

    Raises:
        CallbackConfigError: It is no YAML, or no mapping.
        RecursionError: It is nested too deeply.
    """
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _PlacedConstructor
    try:
        with catch_warnings():
            simplefilter("error", YAMLWarning)
            data = reader.load(text)
    except (YAMLError, YAMLWarning) as error:
        raise CallbackConfigError(unreadable(error, text)) from None
    if not isinstance(data, dict):
        raise CallbackConfigError(
            ConfigFault("", "the file must hold a mapping with topics", line=1, column=1)
        )
    return data


def unreadable(error: Exception, text: str) -> ConfigFault:
    """Say what slip of the pen the reader of YAML stumbled over, and where.

    It names the place twice where something began elsewhere: the last one counts, but for a quote
    that is never closed.

    Args:
        error: What the reader raised.
        text: What it read.
    """
    if (known := _misquoted(error, text) or _indented(error, text)) is not None:
        return known
    words = " ".join(str(error).split())
    slip = next((each for each in _SLIPS if each.reader in words), None)
    places = [(int(line), int(column)) for line, column in _POSITION.findall(words)]
    places = places or _place_of_character(error, text)
    if slip is None:
        line, column = places[-1] if places else (None, None)
        problem = getattr(error, "problem", None)
        wrong = f"it is not YAML: {problem}" if problem else words
        return ConfigFault("", wrong, line=line, column=column)
    line, column = places[0 if slip.is_where_it_began else -1] if places else (None, None)
    named = _NAMED.search(words)
    wrong = slip.wrong.format(key="" if named is None else next(filter(None, named.groups())))
    return ConfigFault("", wrong, slip.right, line, column)


def _place_of_character(error: Exception, text: str) -> list[tuple[int, int]]:
    """Where a character stands that the reader of YAML refuses, and names by its position."""
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return []
    before = text[:position]
    return [(before.count("\n") + 1, position - before.rfind("\n"))]


def _misquoted(error: Exception, text: str) -> ConfigFault | None:
    """The quote because of which the reader stumbled where it ended; None if that is not why.

    A quote that is not closed ends at the next one in the file, maybe many lines further down, and
    what follows that one is what makes no sense.
    """
    mark = getattr(error, "problem_mark", None)
    before = None if mark is None else _quoted_before(text, mark.index)
    if mark is None or before is None or before.end_mark.line != mark.line:
        return None
    line, column = before.start_mark.line + 1, before.start_mark.column + 1
    if before.start_mark.line < before.end_mark.line:
        wrong = f"a quote is opened here and not closed before line {mark.line + 1}"
        return ConfigFault("", wrong, "close it at the end of the text", line, column)
    if _IN_A_LIST in str(error):
        return None
    wrong = "a quoted text ends in this line, and more stands behind its closing quote"
    return ConfigFault("", wrong, "put quotes of the other kind around the whole", line, column)


def _indented(error: Exception, text: str) -> ConfigFault | None:
    """The key that begins further right than one above it with a value; None if that is not why.

    The reader takes such a key for more of that value, and stumbles over its colon.
    """
    mark = getattr(error, "problem_mark", None)
    if mark is None or _COLON not in str(error):
        return None
    lines = text.split("\n")
    above = next((at for at in range(mark.line - 1, -1, -1) if lines[at].strip()), None)
    valued = None if above is None else _VALUED.match(lines[above])
    named = _NAME.fullmatch(lines[mark.line][: mark.column])
    if above is None or valued is None or named is None or valued.end(1) >= named.end(1):
        return None
    wrong = f"this line is indented deeper than line {above + 1}, which has its value already"
    return ConfigFault("", wrong, _SAME_COLUMN, mark.line + 1, named.end(1) + 1)


def _quoted_before(text: str, index: int) -> ScalarToken | None:
    """The quoted text that stands right before a place, with nothing in between."""
    before = None
    with suppress(YAMLError, ValueError):
        for token in YAML(typ="safe", pure=True).scan(text):
            if token.start_mark.index >= index:
                break
            before = token
    return before if isinstance(before, ScalarToken) and before.style in _QUOTES else None


@dataclass(frozen=True, slots=True)
class _Slip:
    """A slip of the pen: the reader's words for it, and those of who writes the file."""

    reader: str
    wrong: str
    right: str
    is_where_it_began: bool = False


_SHIFTED: Final = "this line is indented otherwise than those it belongs to"
_SLIPS: Final = (
    _Slip("'\\t' that cannot start", "a tab stands here", "indent with spaces"),
    _Slip(
        _COLON,
        "a colon stands where none may",
        "put a text that holds a colon in quotes; or the key in the line before lacks its colon, "
        "or the blank after it",
    ),
    _Slip(
        "expected <block end>",
        _SHIFTED,
        f"{_SAME_COLUMN}; or a key above lacks its colon, or the blank after it",
    ),
    _Slip("expected '<document start>'", _SHIFTED, _SAME_COLUMN),
    _Slip(
        "while scanning a quoted scalar",
        "a quote is opened here and never closed",
        "close it at the end of the text",
        is_where_it_began=True,
    ),
    _Slip(
        "while parsing a flow sequence",
        "a list is opened here and not closed, or lacks a comma",
        "write it as [a, b]",
        is_where_it_began=True,
    ),
    _Slip(
        "while parsing a flow mapping",
        "a brace is opened here and not closed, or lacks a comma",
        "write it as {a: 1, b: 2}",
        is_where_it_began=True,
    ),
    _Slip(
        "could not find expected ':'",
        "a key stands here without its colon",
        "write it as key: value",
        is_where_it_began=True,
    ),
    _Slip(
        "found duplicate key",
        "the key {key} stands here twice",
        "keep one of the two; or the line with which its own part begins is indented too deep",
    ),
    _Slip("that cannot start any token", "no text begins with {key}", "put the text in quotes"),
    _Slip("unhashable key", "braces within braces stand here", "put a text with braces in quotes"),
    _Slip(
        "found undefined alias",
        "*{key} refers to an &{key} that stands nowhere before",
        "put a text that begins with * in quotes",
    ),
    _Slip(
        "could not determine a constructor for the tag",
        "the tag {key} is not known here",
        "leave it out, or put a text that begins with ! in quotes",
    ),
    _Slip(
        "found a value that is not what its form or its tag says",
        "a value that is not what its form or its tag says",
        "put it in quotes if it is a text",
    ),
    _Slip(
        "but found another document",
        "a second document begins here",
        "keep one, and leave out the --- before the other",
    ),
    _Slip(
        "special characters are not allowed",
        "a character stands here that no file of text may hold",
        "take it out, or look whether this is the file that is meant",
    ),
)


class Lines:
    """Where everything stands in a file that could be parsed.

    Args:
        text: The file's content.
    """

    def __init__(self, text: str) -> None:
        self._root: Node | None = YAML(typ="safe", pure=True).compose(text)

    def of(self, path: Path) -> tuple[int, int]:
        """Find the line and column of a place, or of the innermost part of it that is there.

        Args:
            path: The keys that lead to it; the last may be missing in the file.

        Returns:
            Line and column of its key, both from 1 on.
        """
        node, mark = self._root, None if self._root is None else self._root.start_mark
        for part in path:
            found = None if part == KEY_ITSELF else _below(node, part)
            if found is None:
                break
            key, node = found
            mark = key.start_mark
        return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def in_order_of_lines(faults: Iterable[ConfigFault], text: str) -> Iterator[ConfigFault]:
    """Say where faults stand, in the order of the file.

    Args:
        faults: The faults, by the keys that lead to them.
        text: The file's content.
    """
    lines = Lines(text)
    placed = [(lines.of(fault.path), fault) for fault in faults]
    for (line, column), fault in sorted(placed, key=lambda each: each[0]):
        yield replace(fault, line=line, column=column)


def _below(node: Node | None, part: str | int) -> tuple[Node, Node] | None:
    """The node that bears a part's name, and the node it names."""
    if isinstance(node, SequenceNode):
        items = node.value
        return (items[part],) * 2 if isinstance(part, int) and part < len(items) else None
    if not isinstance(node, MappingNode):
        return None
    named = {_name(key): (key, value) for key, value in _pairs(node)}
    return named.get(str(part))


def _pairs(node: MappingNode, seen: frozenset[int] = frozenset()) -> Iterator[tuple[Node, Node]]:
    """The keys of a mapping with their values, its own after those it takes over by `<<`."""
    if id(node) in seen:
        return
    for key, value in node.value:
        if _name(key) == _MERGE:
            sources = value.value if isinstance(value, SequenceNode) else [value]
            for source in sources:
                if isinstance(source, MappingNode):
                    yield from _pairs(source, seen | {id(node)})
    yield from node.value


def _name(key: Node) -> str:
    return str(key.value) if isinstance(key, ScalarNode) else ""


def merged(defaults: Any, own: Any) -> Any:
    """Merge mappings key by key; anything else is replaced."""
    if not isinstance(defaults, dict) or not isinstance(own, dict):
        return own
    return defaults | {key: merged(defaults.get(key), value) for key, value in own.items()}


def standing(path: Path, topics: Mapping[str, Any]) -> Path:
    """Say where in the file a part of a topic stands: in the topic itself or in the defaults.

    Args:
        path: The keys that lead to the part, from `topics` on.
        topics: The topics as the file has them.
    """
    if len(path) > 2 and path[0] == "topics" and not _stands(topics, path[1:]):  # noqa: PLR2004 - topics, its name, and a key
        return ("defaults", *path[2:])
    return path


def _stands(value: Any, path: Path) -> bool:
    """Whether the place a path leads to, or what misses there, belongs to the topic itself."""
    if path[-1] == KEY_ITSELF:
        return True
    for part in path[:-1]:
        if not isinstance(value, dict):
            return True
        if part not in value:
            return False
        value = value[part]
    return not isinstance(value, dict) or path[-1] in value


class _PlacedConstructor(SafeConstructor):
    """Says where a value stands that is not what its form or its tag says, as 2026-13-45 is not."""

    @override
    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, LookupError, TypeError) as error:
            problem = "found a value that is not what its form or its tag says"
            raise ConstructorError(None, None, problem, node.start_mark) from error
