"""Actions of others that are served beside ours, wherever ours are: over HTTP, gRPC, or in-process.

The SDK loads one package and serves every action it then finds. So loading this one, which it does,
loads the modules that `CALLBACK_OTHER_ACTIONS` names, parted by commas.
"""

from __future__ import annotations

import os
import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHERS_VARIABLE: Final = "CALLBACK_OTHER_ACTIONS"


def load_others(environment: Mapping[str, str]) -> list[str]:
    """Load the modules that are named, and all of a package.

    Args:
        environment: Variables.

    Returns:
        The names of what was loaded.

    Raises:
        ImportError: There is none of a name.
    """
    named = [name.strip() for name in environment.get(OTHERS_VARIABLE, "").split(",")]
    loaded: list[str] = []
    for name in filter(None, named):
        package = import_module(name)
        inside = pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}.")
        loaded += [name, *(import_module(each.name).__name__ for each in inside)]
    return loaded


load_others(os.environ)
