"""Which name is meant by one that does not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR: Final = 0.8
"""How alike two names have to be; those of actions all begin alike."""


def near(name: str, known: Iterable[str]) -> str:
    """Ask whether another name is meant that comes near; empty if none does.

    Args:
        name: The name.
        known: Those that there are.
    """
    found = get_close_matches(name, sorted(set(known) - {name}), 1, _NEAR)
    return f"; is it {found[0]}?" if found else ""
