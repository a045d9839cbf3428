"""Writes the little YAML that rendered files need, byte for byte the same every time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Named:
    """A value that others of the document refer to.

    Attributes:
        name: What they call it.
        value: A text, or a mapping.
    """

    name: str
    value: str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Same:
    """The value that has a name earlier in the document.

    Attributes:
        name: Its name.
    """

    name: str


def written(content: Mapping[str, Any], *, preface: str = "") -> str:
    """Write mappings, lists, texts and truth values as a YAML document.

    Every text is quoted, so that none is taken for a number, a date or a truth value.

    Args:
        content: Mappings with plain words as keys, lists, texts, truth values, and references.
        preface: Comment lines to begin with.
    """
    return preface + "".join(f"{line}\n" for line in _mapping(content))


def _mapping(content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        if isinstance(value, Named):
            yield from _entry(f"{key}: &{value.name}", value.value)
        else:
            yield from _entry(f"{key}:", value)


def _entry(head: str, value: Any) -> Iterator[str]:
    scalar = _scalar(value)
    if scalar is not None:
        yield f"{head} {scalar}"
        return
    yield head
    lines = _mapping(value) if isinstance(value, dict) else _list(value)
    yield from (f"  {line}" for line in lines)


def _list(content: list[Any]) -> Iterator[str]:
    for item in content:
        scalar = _scalar(item)
        first, *rest = _mapping(item) if scalar is None else [scalar]
        yield f"- {first}"
        yield from (f"  {line}" for line in rest)


def _scalar(value: Any) -> str | None:
    """Quote a text in the way of JSON, which is YAML too; None for what takes several lines."""
    if isinstance(value, Same):
        return f"*{value.name}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else None
