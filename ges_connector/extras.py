"""Says what to install where an extra is missing, however this program was installed.

An extra is nothing but more packages, and their names are known to every installation. So these are
told: they can be added to one that came from a checkout, from a wheel or from an index, by the same
words.
"""

from __future__ import annotations

import re
import shlex
from importlib import metadata
from typing import Final

_PROJECT: Final = "ges-callback"
_OF_AN_EXTRA: Final = re.compile(
    r"""^(?P<asked>[^;]+?)\s*;.*\bextra\s*==\s*['"](?P<extra>[^'"]+)"""
)


def installing(extra: str) -> str:
    """Tell the command that adds what an extra needs: `pip install …`, quoted for a shell.

    Args:
        extra: Its name in this project's metadata.
    """
    wanted = _packages(extra)
    if not wanted:
        # Run from a tree that was never installed; there is no command that would surely do.
        return f"install {_PROJECT} with its extra {extra!r}"
    return f"pip install {shlex.join(wanted)}"


def missing(what: str, extra: str) -> str:
    """Say that something needs an extra, and how to add it, in one sentence without a full stop.

    Args:
        what: What needs it: a command, an option or a variable.
        extra: Its name in this project's metadata.
    """
    return f"{what} needs the extra {extra!r}: {installing(extra)}"


def _packages(extra: str) -> list[str]:
    """The packages of an extra with their versions; none where nothing is known of it."""
    try:
        told = metadata.requires(_PROJECT) or []
    except metadata.PackageNotFoundError:
        return []
    found = filter(None, map(_OF_AN_EXTRA.match, told))
    return [each["asked"].replace(" ", "") for each in found if each["extra"] == extra]
