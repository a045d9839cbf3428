"""Modules with actions of others, which are served beside ours or looked at by the checks."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OTHERS_VARIABLE: Final = "CALLBACK_OTHER_ACTIONS"
"""Names them to the action server, parted by commas."""
_OURS: Final = "actions"


def named_others(environment: Mapping[str, str]) -> list[str]:
    """Give the modules that the environment names."""
    named = environment.get(OTHERS_VARIABLE, "").split(",")
    return [*filter(None, map(str.strip, named))]


def faults_of_others(names: Iterable[str]) -> list[str]:
    """Load modules, with all that is inside of them, and tell what cannot be loaded, and why.

    The SDK loads them in the same way, and ends the process at the first that fails.

    Args:
        names: As Python calls them, from the folder of this process or installed.
    """
    # A command is not started from the folder, as far as Python is concerned.
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    return [fault for name in names for fault in _faults(name)]


def _faults(name: str) -> Iterator[str]:
    if name == _OURS:
        yield f"{name}: is the name of ours, so give yours another"
        return
    try:
        loaded = import_module(name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a module of others may raise
        told = " ".join(str(error).split())
        yield f"{name}: cannot be loaded: {type(error).__name__}: {told}"
        return
    for inside in iter_modules(getattr(loaded, "__path__", ()), f"{name}."):
        yield from _faults(inside.name)
