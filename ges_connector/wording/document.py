"""Writes the little YAML that rendered files need, byte for byte the same every time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def written(content: Mapping[str, Any], *, preface: str = "") -> str:
    """Write mappings, lists and texts as a YAML document.

    Every value is quoted, so that none is taken for a number, a date or a truth value.

    Args:
        content: Mappings with plain words as keys, lists, and texts.
        preface: Comment lines to begin with.
    """
    return preface + "".join(f"{line}\n" for line in _mapping(content))


def _mapping(content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        if isinstance(value, str):
            yield f"{key}: {_quoted(value)}"
            continue
        yield f"{key}:"
        lines = _mapping(value) if isinstance(value, dict) else _list(value)
        yield from (f"  {line}" for line in lines)


def _list(content: list[Any]) -> Iterator[str]:
    for item in content:
        first, *rest = [_quoted(item)] if isinstance(item, str) else _mapping(item)
        yield f"- {first}"
        yield from (f"  {line}" for line in rest)


def _quoted(text: str) -> str:
    """Quote in the way of JSON, which is YAML too."""
    return json.dumps(text, ensure_ascii=False)
