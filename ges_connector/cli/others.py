"""Modules with actions of others, which are served beside ours or looked at by the checks."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ges_connector.cli.desk import wrong_input

if TYPE_CHECKING:
    from collections.abc import Iterable

OTHERS_VARIABLE: Final = "CALLBACK_OTHER_ACTIONS"
"""Names them to the action server, parted by commas."""
_OURS: Final = "actions"


def check_others(names: Iterable[str], *, said_in: str = "--actions") -> None:
    """Load modules; tells all that cannot be loaded, and leaves.

    Args:
        names: As Python calls them, from the folder of this process or installed.
        said_in: Where they were named.
    """
    # A command is not started from the folder, as far as Python is concerned.
    sys.path.insert(0, str(Path.cwd()))
    if faults := [fault for name in names if (fault := _fault(name)) is not None]:
        wrong_input(f"{said_in}: {each}" for each in faults)


def _fault(name: str) -> str | None:
    if name == _OURS:
        return f"{name}: is the name of ours, so give yours another"
    try:
        import_module(name)
    except Exception as error:  # noqa: BLE001 - whatever a module of others may raise
        return f"{name}: cannot be loaded: {type(error).__name__}: {error}"
    return None
