"""Which file holds the configuration, and whether it has changed since it was read."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ges_connector.callbacks.config_source import CallbackConfigError, ConfigFault

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG_VARIABLE: Final = "CALLBACK_CONFIG"
"""Names the file that says what the contact centre offers."""
USUAL_CONFIG: Final = Path("callback.yml")
"""What is read where no file is named, if it is there."""

Mark = tuple[int, int, int]
"""What tells one state of a file from another: its node, its size, when it was written."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The file that holds the configuration.

    Attributes:
        path: Where it is; None for the one of the sandbox, which ships.
    """

    path: Path | None

    @property
    def name(self) -> str:
        """What to call it."""
        return "the profile of the sandbox" if self.path is None else str(self.path)

    def text(self) -> str:
        """Read it.

        Raises:
            OSError: It cannot be read.
            CallbackConfigError: It is no text.
        """
        if self.path is None:
            demo = resources.files("ges_connector.demo").joinpath("callback.yml")
            return demo.read_text(encoding="utf-8")
        try:
            return self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            right = "save it as UTF-8, or look whether it is the file that is meant"
            raise CallbackConfigError(ConfigFault("", "the file is not UTF-8", right)) from None

    def mark(self) -> Mark | None:
        """Tell its present state; None if it is not there, or ships with the program."""
        try:
            found = None if self.path is None else self.path.stat()
        except OSError:
            return None
        return None if found is None else (found.st_ino, found.st_size, found.st_mtime_ns)


def config_file(environment: Mapping[str, str], named: Path | None = None) -> ConfigFile:
    """Find the file: the one that is named, else `callback.yml`, else the sandbox's.

    Args:
        environment: Variables by name.
        named: What was named otherwise; comes before the environment.
    """
    variable = environment.get(CONFIG_VARIABLE)
    if named is not None or variable:
        return ConfigFile(named or Path(variable or ""))
    return ConfigFile(USUAL_CONFIG if USUAL_CONFIG.is_file() else None)
