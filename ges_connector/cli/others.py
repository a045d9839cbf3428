"""Modules with actions of others, which are served beside ours or looked at by the checks."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OTHERS_VARIABLE: Final = "CALLBACK_OTHER_ACTIONS"
"""Names them to the action server, parted by commas."""
_OURS: Final = "actions"


def named_others(environment: Mapping[str, str]) -> list[str]:
    """Give the modules that the environment names."""
    named = environment.get(OTHERS_VARIABLE, "").split(",")
    return [*filter(None, map(str.strip, named))]


def faults_of_others(names: Iterable[str]) -> list[str]:
    """Load modules, and tell which of them cannot be loaded, and why.

    Args:
        names: As Python calls them, from the folder of this process or installed.
    """
    # A command is not started from the folder, as far as Python is concerned.
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    return [fault for name in names if (fault := _fault(name)) is not None]


def _fault(name: str) -> str | None:
    if name == _OURS:
        return f"{name}: is the name of ours, so give yours another"
    try:
        import_module(name)
    except Exception as error:  # noqa: BLE001 - whatever a module of others may raise
        return f"{name}: cannot be loaded: {type(error).__name__}: {error}"
    return None
